//! `logging …` into the tables `hillstone-logs` and `logs`.
//!
//! A type of log reaches the syslog servers only with a line of its own: `logging event to syslog`. A server line may name the types
//! that it takes; without any it takes all. Newer releases write a block for each server.

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
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 日志, 开启和关闭日志功能",
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

/// A syslog server that takes a type of log.
#[derive(Clone, Copy, Debug)]
struct Server<'a> {
    /// Its address; opaque where nothing shows which types it takes.
    address: Value<'a>,
    node: Node<'a>,
    secure: bool,
    reliable: bool,
}

/// The syslog servers that take a type: those of lines, and those of blocks, which newer releases write.
fn servers<'a>(device: &Device<'_, 'a>, kind: &str) -> Vec<Server<'a>> {
    let mut all: Vec<(&'a str, Server<'a>)> = Vec::new();
    for node in device.root().children() {
        let address = |pattern: &str| node.after(pattern).and_then(|mut words| words.next());
        if let Some(server) = address("logging syslog").filter(|it| it.contains(['.', ':']) || node.words().count() > 3) {
            all.extend(of_line(node, server, kind).map(|found| (server, found)));
        } else if let Some(server) = address("no logging syslog") {
            all.retain(|(known, _)| *known != server);
        } else if let Some(name) = address("logging syslog-server") {
            all.retain(|(known, _)| *known != name);
            all.extend(of_block(node, kind).map(|found| (name, found)));
        } else if let Some(name) = address("no logging syslog-server") {
            all.retain(|(known, _)| *known != name);
        }
    }
    all.into_iter().map(|(_, server)| server).collect()
}

/// `logging syslog 10.0.0.1 vrouter "trust-vr" tcp 514 type event`.
fn of_line<'a>(node: Node<'a>, address: &'a str, kind: &str) -> Option<Server<'a>> {
    let types: Vec<&str> = node.words().skip_while(|word| *word != "type").skip(1).collect();
    let first = kind.split(' ').next().unwrap_or(kind);
    let has = |wanted: &str| node.words().any(|word| word == wanted);
    let server = Server { address: Value::Text(address), node, secure: has("secure-tcp"), reliable: has("tcp") || has("secure-tcp") };
    (types.is_empty() || types.contains(&first)).then_some(server)
}

/// `logging syslog-server NAME` with an address, a protocol and the types that it takes; what it takes without any is not documented.
fn of_block<'a>(block: Node<'a>, kind: &str) -> Option<Server<'a>> {
    let line = block.last("server ip").or_else(|| block.last("server hostname"))?;
    let types: Vec<&str> = block.all("log-enable").filter_map(|line| line.rest("log-enable")).collect();
    let first = kind.split(' ').next().unwrap_or(kind);
    let takes = |named: &&str| *named == kind || *named == first || first.starts_with(*named) && *named == "config";
    if !types.is_empty() && !types.iter().any(takes) {
        return None;
    }
    let address = line.word(2)?;
    let address = if types.is_empty() { Value::Opaque(address) } else { Value::Text(address) };
    let protocol = block.last("protocol").and_then(|line| line.word(1));
    Some(Server { address, node: line, secure: protocol == Some("secure-tcp"), reliable: matches!(protocol, Some("tcp" | "secure-tcp")) })
}

/// Their addresses as a list.
fn addresses<'a>(device: &Device<'_, 'a>, servers: &[Server<'a>]) -> Cell<'a> {
    if servers.is_empty() {
        return device.known_absence(device.host.texts(&[]));
    }
    let mut values: Vec<Value<'a>> = servers.iter().map(|server| server.address).collect();
    if device.cut().is_some() {
        values.push(Value::Opaque("…"));
    }
    let nodes: Vec<Node<'a>> = servers.iter().map(|server| server.node).collect();
    device.decided_by(Value::List(device.host.arena().alloc_slice_copy(&values)), &nodes)
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
            .set(const { TABLE.column("servers") }, addresses(device, &servers(device, kind)));
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
        Some(_) => addresses(device, &receivers),
        None => device.known_absence(host.texts(&[])),
    };
    let by = |carries: fn(&Server<'a>) -> bool| match (sent, receivers.is_empty()) {
        (Some(_), false) => {
            let nodes: Vec<Node<'a>> = receivers.iter().map(|server| server.node).collect();
            device.decided_by(Value::Boolean(receivers.iter().all(carries)), &nodes)
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
        .set(const { LOGS.column("forwarding-encrypted") }, by(|server| server.secure))
        .set(const { LOGS.column("forwarding-reliable") }, by(|server| server.reliable))
        .set(const { LOGS.column("level") }, Cell::unset(here))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(here));
    tables.push(row);
}
