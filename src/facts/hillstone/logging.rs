//! `logging …` into the tables `hillstone-logs` and `logs`.
//!
//! A type of log reaches the syslog servers only with a line of its own: `logging event to syslog`. A server line may name the types
//! that it takes; without any it takes all.

use super::super::device::cells::Device;
use super::super::{Cell, Documented, Evidence, Tables, Value};
use super::last_said;
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::hillstone::HILLSTONE_LOGS as TABLE;
use crate::schema::neutral::LOGS;

/// Types of logs that an auditor asks for.
const TYPES: &[&str] = &["configuration", "event", "network", "threat", "traffic session"];

/// Sessions are not logged where nothing is set.
static TRAFFIC: Documented = Documented {
    setting: "no logging traffic session on",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册, 日志, 开启和关闭日志功能",
};

static BUFFER: Phrase = Phrase {
    zh: "本地日志只有有限的缓存，写满后覆盖，配置不保证保存时间",
    en: "local records lie in a limited buffer and are overwritten; the configuration guarantees no time",
};

/// The line that sends a type to the syslog servers, if it holds.
pub(super) fn to_syslog<'a>(device: &Device<'_, 'a>, kind: &str) -> Option<Node<'a>> {
    let (rest, node) = last_said(device, &format!("logging {kind} to syslog"))?;
    rest.map(|_| node)
}

/// The syslog servers that take a type.
fn servers<'a>(device: &Device<'_, 'a>, kind: &str) -> Vec<(&'a str, Node<'a>)> {
    let mut all: Vec<(&'a str, Node<'a>)> = Vec::new();
    for node in device.root().children() {
        let address = |pattern: &str| node.after(pattern).and_then(|mut words| words.next());
        if let Some(server) = address("logging syslog").filter(|it| it.contains(['.', ':']) || node.words().count() > 3) {
            let types: Vec<&str> = node.words().skip_while(|word| *word != "type").skip(1).collect();
            let first = kind.split(' ').next().unwrap_or(kind);
            if types.is_empty() || types.contains(&first) {
                all.push((server, node));
            }
        } else if let Some(server) = address("no logging syslog") {
            all.retain(|(known, _)| *known != server);
        }
    }
    all
}

/// Whether records of a type are made: only for sessions the default is documented.
fn enabled<'a>(device: &Device<'_, 'a>, kind: &'static str) -> Cell<'a> {
    match last_said(device, &format!("logging {kind} on")) {
        Some((rest, node)) => device.decided(Value::Boolean(rest.is_some()), node),
        None if kind == "traffic session" => device.defaulted(Value::Boolean(false), &TRAFFIC),
        None => device.unless_cut(device.undocumented("logging … on")),
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let here = device.host.evidence(&[device.searched()]);
    for kind in TYPES {
        let to = match last_said(device, &format!("logging {kind} to syslog")) {
            Some((rest, node)) => device.decided(Value::Boolean(rest.is_some()), node),
            None => device.known_absence(Value::Boolean(false)),
        };
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("type") }, Cell::known(Value::Text(kind), here))
            .set(const { TABLE.column("enabled") }, enabled(device, kind))
            .set(const { TABLE.column("to-syslog") }, to)
            .set(const { TABLE.column("servers") }, device.texts(&servers(device, kind)));
        tables.push(row);
    }
    for (stream, kind) in [("system", "event"), ("authentication", "event"), ("command", "configuration"), ("firewall", "traffic session")]
    {
        fill_stream(device, stream, kind, tables);
    }
}

fn fill_stream<'a>(device: &Device<'_, 'a>, stream: &'static str, kind: &'static str, tables: &mut Tables<'a>) {
    let host = device.host;
    let here = host.evidence(&[device.searched()]);
    let known = |value| Cell::known(value, here);
    let why = host.evidence(&[Evidence::Step(&BUFFER, &[], None)]);
    let receivers = servers(device, kind);
    let sent = to_syslog(device, kind);
    let forwarded = match sent {
        Some(_) => device.texts(&receivers),
        None => device.known_absence(host.texts(&[])),
    };
    let by = |words: &[&str]| match (sent, receivers.is_empty()) {
        (Some(_), false) => {
            let all = receivers.iter().all(|(_, node)| node.words().any(|word| words.contains(&word)));
            let nodes: Vec<Node<'a>> = receivers.iter().map(|(_, node)| *node).collect();
            device.decided_by(Value::Boolean(all), &nodes)
        }
        _ => device.absent(),
    };
    let covers: &[Value<'a>] = match stream {
        "authentication" => &[Value::Word("auth")],
        "command" => &[Value::Word("config-change")],
        "firewall" => &[Value::Word("access")],
        _ => &[],
    };
    let mut row = host.row(&LOGS, super::PRODUCT.name);
    row.set(const { LOGS.column("stream") }, known(Value::Word(stream)))
        .set(const { LOGS.column("path") }, known(Value::Text(kind)))
        .set(const { LOGS.column("enabled") }, enabled(device, kind))
        .set(const { LOGS.column("covers") }, known(Value::List(covers)))
        .set(const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why))
        .set(const { LOGS.column("bounded-by") }, Cell::known(Value::Word("size"), why))
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(BUFFER.en), why))
        .set(const { LOGS.column("forwarded") }, forwarded)
        .set(const { LOGS.column("forwarding-encrypted") }, by(&["secure-tcp"]))
        .set(const { LOGS.column("forwarding-reliable") }, by(&["tcp", "secure-tcp"]))
        .set(const { LOGS.column("level") }, Cell::unset(here))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(here));
    tables.push(row);
}
