//! `logging …` and `aaa accounting` into the streams of `logs` and into `nxos-log-servers`.

use super::super::cisco_words::{live, push, severity, words};
use super::{NAME, Nexus};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;
use crate::schema::nxos::NXOS_LOG_SERVERS;

static LOG_FILE: Documented = Documented {
    setting: "logging logfile messages 5",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS System Management Configuration Guide 10.5, Configuring System Message Logging",
};
static ACCOUNTING_LOG: Documented = Documented {
    setting: "aaa accounting default local: commands are kept in a log of limited size",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS Security Configuration Guide 9.x, Configuring AAA, Default Settings for AAA",
};
static SIZED: Phrase =
    Phrase { zh: "本地日志只受大小限制，不保证留存时长", en: "the local log is limited by size and guarantees no time" };

/// A log host.
struct Server<'a> {
    address: &'a str,
    node: Node<'a>,
    level: Option<i64>,
    secure: bool,
    vrf: Option<&'a str>,
}

impl<'a> Nexus<'_, 'a> {
    fn log_servers(&self) -> Vec<Server<'a>> {
        let mut servers: Vec<Server<'a>> = Vec::new();
        for node in live(self.root().children(), "logging server") {
            let all: Vec<&'a str> = node.words().collect();
            let Some(address) = all.get(2).copied() else { continue };
            let vrf = all.iter().position(|word| *word == "use-vrf").and_then(|at| all.get(at + 1)).copied();
            servers.retain(|known| known.address != address || known.vrf != vrf);
            let level = all.get(3).and_then(|word| severity(word));
            servers.push(Server { address, node, level, secure: all.contains(&"secure"), vrf });
        }
        servers
    }
}

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    let servers = nexus.log_servers();
    for server in &servers {
        nexus.push_server(tables, server);
    }
    nexus.push_messages(tables, "system", &servers);
    nexus.push_messages(tables, "authentication", &servers);
    nexus.push_commands(tables);
}

impl<'a> Nexus<'_, 'a> {
    fn push_server(&self, tables: &mut Tables<'a>, server: &Server<'a>) {
        let own = |value| self.device.decided(value, server.node);
        let level = match server.level {
            Some(level) => own(Value::Integer(level)),
            None => Cell { evidence: own(Value::Never).evidence, ..self.device.undocumented("logging server: severity") },
        };
        let cells = [
            (const { NXOS_LOG_SERVERS.column("server") }, own(Value::Text(server.address))),
            (const { NXOS_LOG_SERVERS.column("level") }, level),
            (const { NXOS_LOG_SERVERS.column("encrypted") }, own(Value::Boolean(server.secure))),
            (const { NXOS_LOG_SERVERS.column("vrf") }, server.vrf.map_or(Cell::unset(level.evidence), |vrf| own(Value::Text(vrf)))),
        ];
        push(&self.device, tables, (&NXOS_LOG_SERVERS, NAME), &cells);
    }

    /// Whether a stream is written: the log file is there unless it is turned off; logins need the level of `authpri`.
    fn is_written(&self, stream: &str, servers: &[Server<'a>], file: Option<bool>) -> Cell<'a> {
        let device = &self.device;
        let authpri = self.written("logging level authpri");
        let here: Vec<Evidence<'a>> =
            servers.iter().map(|server| device.decides(server.node)).chain(authpri.map(|node| device.decides(node))).collect();
        let evidence = device.host.evidence(&here);
        let anywhere = !servers.is_empty() || file != Some(false);
        match (stream, authpri.and_then(|node| severity(node.word(3)?))) {
            ("authentication", Some(level)) => Cell::known(Value::Boolean(anywhere && level >= 6), evidence),
            ("authentication", None) => device.undocumented("logging level authpri"),
            _ if !servers.is_empty() => Cell::known(Value::Boolean(true), evidence),
            _ if anywhere => device.defaulted(Value::Boolean(true), &LOG_FILE),
            _ => device.known_absence(Value::Boolean(false)),
        }
    }

    fn push_messages(&self, tables: &mut Tables<'a>, stream: &'static str, servers: &[Server<'a>]) {
        let device = &self.device;
        let host = device.host;
        let file = super::super::cisco_words::toggled(self.root().children(), "logging logfile").map(|(on, _)| on);
        let kept = file != Some(false);
        // Changes are notifications, good logins informational; a server with a more severe level gets neither.
        let least = if stream == "system" { 5 } else { 6 };
        let gets = |server: &&Server<'a>| server.level.is_none_or(|level| level >= least);
        let to: Vec<(&'a str, Node<'a>)> = servers.iter().filter(gets).map(|server| (server.address, server.node)).collect();
        let forwarded = match servers.first().filter(|_| to.is_empty()) {
            Some(server) => device.decided(host.texts(&[]), server.node),
            None => device.texts(&to),
        };
        let flag = |is: bool| {
            if to.is_empty() { Cell { state: unsent(forwarded), ..forwarded } } else { Cell::known(Value::Boolean(is), forwarded.evidence) }
        };
        let why = host.evidence(&[Evidence::Step(&SIZED, &[], None)]);
        let local = device.host.defaulted(Value::Text("log:messages"), &LOG_FILE);
        let level = self.written("logging logfile").and_then(|node| Some((node.word(3)?, node)));
        let level =
            level.map_or_else(|| device.defaulted(Value::Text("5"), &LOG_FILE), |(level, node)| device.decided(Value::Text(level), node));
        let covers = if stream == "system" { "config-change" } else { "auth" };
        let cells = [
            (const { LOGS.column("stream") }, Cell::known(Value::Word(stream), forwarded.evidence)),
            (const { LOGS.column("path") }, if kept { local } else { Cell::unset(forwarded.evidence) }),
            (const { LOGS.column("enabled") }, self.is_written(stream, servers, file)),
            (const { LOGS.column("covers") }, Cell::known(words(host, &[covers]), forwarded.evidence)),
            (const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why)),
            (
                const { LOGS.column("bounded-by") },
                if kept { Cell::known(Value::Word("size"), local.evidence) } else { Cell::unset(local.evidence) },
            ),
            (const { LOGS.column("retention-why") }, Cell::known(Value::Text("limited by size"), why)),
            (const { LOGS.column("forwarded") }, forwarded),
            (const { LOGS.column("forwarding-encrypted") }, flag(servers.iter().filter(gets).all(|server| server.secure))),
            // TLS runs over TCP; plain syslog of NX-OS is UDP. Neither waits for the server.
            (const { LOGS.column("forwarding-reliable") }, flag(false)),
            (const { LOGS.column("level") }, level),
            (const { LOGS.column("tamper-protection") }, Cell::unset(local.evidence)),
        ];
        push(device, tables, (&LOGS, NAME), &cells);
    }

    /// Commands are always recorded locally, and at servers where accounting names a group.
    fn push_commands(&self, tables: &mut Tables<'a>) {
        let device = &self.device;
        let host = device.host;
        let here = host.defaulted(Value::Boolean(true), &ACCOUNTING_LOG);
        let line = self.written("aaa accounting default group");
        let groups: Vec<&'a str> = line.map(|node| node.words().skip(4).filter(|word| *word != "local").collect()).unwrap_or_default();
        let servers: Option<Vec<(&'a str, Node<'a>)>> =
            groups.iter().map(|group| self.servers_of(group)).collect::<Option<Vec<_>>>().map(|all| all.concat());
        let forwarded = match (&servers, line) {
            (Some(servers), _) => device.texts(servers),
            (None, Some(node)) => {
                device.unless_cut(Cell::unknown(Why::not_understood(node.text()), host.evidence(&[device.decides(node)])))
            }
            (None, None) => device.texts(&[]),
        };
        let none = forwarded.value().is_none_or(|value| value == host.texts(&[]));
        let flag =
            if none { Cell { state: unsent(forwarded), ..forwarded } } else { Cell::known(Value::Boolean(false), forwarded.evidence) };
        let why = host.evidence(&[Evidence::Step(&SIZED, &[], None)]);
        let cells = [
            (const { LOGS.column("stream") }, Cell::known(Value::Word("command"), here.evidence)),
            (const { LOGS.column("path") }, Cell::known(Value::Text("accounting log"), here.evidence)),
            (const { LOGS.column("enabled") }, here),
            (const { LOGS.column("covers") }, Cell::known(words(host, &["command", "config-change"]), here.evidence)),
            (const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why)),
            (const { LOGS.column("bounded-by") }, Cell::known(Value::Word("size"), here.evidence)),
            (const { LOGS.column("retention-why") }, Cell::known(Value::Text("limited by size"), why)),
            (const { LOGS.column("forwarded") }, forwarded),
            (const { LOGS.column("forwarding-encrypted") }, flag),
            (const { LOGS.column("forwarding-reliable") }, flag),
            (const { LOGS.column("level") }, Cell::unset(here.evidence)),
            (const { LOGS.column("tamper-protection") }, Cell::unset(here.evidence)),
        ];
        push(device, tables, (&LOGS, NAME), &cells);
    }
}

/// What is known of a way out that is not there, or not known.
fn unsent(forwarded: Cell<'_>) -> crate::facts::State<'_> {
    match forwarded.state {
        crate::facts::State::Known(_) => crate::facts::State::Unset,
        other => other,
    }
}
