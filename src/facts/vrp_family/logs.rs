//! The information center (`info-center …`) into the rows of `logs`.
//!
//! What the device keeps itself is a buffer and files that a size limits: they guarantee no time. A log host gets what the channel to
//! it lets through.

use super::Family;
use super::keywords::keywords;
use super::logic::joined;
use super::servers::Chain;
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;

/// The information center runs unless it is turned off.
pub(in crate::facts) static RUNS: Documented = Documented {
    setting: "info-center enable",
    versions: "VRP and Comware",
    source: "CloudEngine 6800 V300R023 Command Reference, info-center enable; 3Com 4200G and 4210 Configuration Guides, Information Center",
};

/// Statements that keep logs of all modules from log hosts, and those that let them through.
const CLOSED: &[&str] = &[
    "info-center source default loghost deny",
    "info-center source default channel loghost log state off",
    "info-center source default channel 2 log state off",
];
const OPENED: &[&str] =
    &["info-center source default loghost level", "info-center source default channel loghost", "info-center source default channel 2"];

/// Severities above `notification`, as VRP and Comware write them.
const TOO_SEVERE: [&str; 9] = ["alert", "alerts", "critical", "emergencies", "emergency", "error", "errors", "warning", "warnings"];

impl<'a> Family<'_, 'a> {
    /// Whether the information center writes logs.
    pub(in crate::facts) fn info_center(&self) -> Cell<'a> {
        self.switch(&["info-center enable"], &["undo info-center enable", "info-center disable"], super::Absent::Is(true, &RUNS))
    }

    /// Whether logs of all modules get through to log hosts: the line that says so, if one does.
    pub(in crate::facts) fn loghost_state(&self) -> Option<(bool, Node<'a>)> {
        let (place, node) = self.last(&[CLOSED, OPENED].concat())?;
        // `… log level warning state off` closes, too.
        let words: Vec<&str> = keywords(node).collect();
        let off = words.windows(2).any(|pair| pair == ["state", "off"]) && !words.contains(&"trap") && !words.contains(&"debug");
        // Logins and changes are notifications: they stay behind where more severe messages alone get through.
        let of_logs = |three: &&[&str]| three[1] == "level" && !matches!(three[0], "trap" | "debug");
        let off = off || words.windows(3).find(of_logs).is_some_and(|three| TOO_SEVERE.contains(&three[2]));
        Some((place >= CLOSED.len() && !off, node))
    }

    /// The log hosts, each with its line.
    pub(in crate::facts) fn log_hosts(&self) -> Vec<(&'a str, Node<'a>)> {
        let hosts = self.device.root().all("info-center loghost").filter_map(|node| {
            let mut words = keywords(node).skip(2);
            let mut word = words.next()?;
            while matches!(word, "ipv6" | "vpn-instance" | "domain") {
                if word == "vpn-instance" {
                    words.next()?;
                }
                word = words.next()?;
            }
            (!matches!(word, "source" | "local-time")).then_some((word, node))
        });
        hosts.collect()
    }

    /// Adds the rows: the device's own stream, that of logins, and that of commands, which servers record.
    pub(in crate::facts) fn push_logs(&self, tables: &mut Tables<'a>, chain: Option<&Chain<'a>>) {
        let enabled = self.info_center();
        let hosts = if enabled.value() == Some(Value::Boolean(false)) { Vec::new() } else { self.log_hosts() };
        let closed = self.loghost_state().filter(|(open, _)| !open);
        let forwarded = match (closed, hosts.is_empty()) {
            (Some((_, node)), false) => self.device.decided(self.list([]), node),
            _ if enabled.value() == Some(Value::Boolean(false)) => Cell::known(self.list([]), enabled.evidence),
            _ => self.device.texts(&hosts),
        };
        let encrypted = |node: &Node<'a>| keywords(*node).any(|word| word == "ssl-policy");
        let ways = |all: bool| {
            let nodes: Vec<Node<'a>> = hosts.iter().map(|(_, node)| *node).collect();
            if nodes.is_empty() || closed.is_some() {
                Cell::unset(forwarded.evidence)
            } else {
                self.device.decided_by(Value::Boolean(all), &nodes)
            }
        };
        let streams = [("authentication", &["auth"][..]), ("system", &[])];
        for (stream, covers) in streams {
            let mut row = self.device.host.row(&LOGS, self.product);
            let known = |value| Cell::known(value, enabled.evidence);
            row.set(const { LOGS.column("stream") }, known(Value::Word(stream)))
                .set(const { LOGS.column("path") }, known(Value::Text("logbuffer")))
                .set(const { LOGS.column("enabled") }, enabled)
                .set(const { LOGS.column("covers") }, known(self.words(covers)))
                .set(const { LOGS.column("retention") }, known(Value::Duration(0)))
                .set(const { LOGS.column("bounded-by") }, known(Value::Word("size")))
                .set(const { LOGS.column("retention-why") }, known(Value::Text("info-center logbuffer")))
                .set(const { LOGS.column("forwarded") }, forwarded)
                .set(const { LOGS.column("forwarding-encrypted") }, ways(hosts.iter().all(|(_, node)| encrypted(node))))
                .set(const { LOGS.column("forwarding-reliable") }, ways(false));
            tables.push(row);
        }
        self.push_commands(tables, chain);
    }

    /// Adds the row of the commands that are given.
    fn push_commands(&self, tables: &mut Tables<'a>, chain: Option<&Chain<'a>>) {
        let enabled = chain.map_or(self.device.known_absence(Value::Boolean(false)), |chain| chain.accounting);
        let servers = chain.filter(|_| enabled.value() == Some(Value::Boolean(true))).map_or(&[][..], |chain| &chain.servers);
        let forwarded = self.device.texts(servers);
        let forwarded = Cell { evidence: joined(self.device.host, &[enabled, forwarded]), ..forwarded };
        let known = |value| Cell::known(value, enabled.evidence);
        let way = if servers.is_empty() { Cell::unset(enabled.evidence) } else { known(Value::Boolean(false)) };
        let mut row = self.device.host.row(&LOGS, self.product);
        row.set(const { LOGS.column("stream") }, known(Value::Word("command")))
            .set(const { LOGS.column("enabled") }, enabled)
            .set(const { LOGS.column("covers") }, known(self.words(&["command", "config-change"])))
            .set(const { LOGS.column("retention") }, known(Value::Duration(0)))
            .set(const { LOGS.column("retention-why") }, known(Value::Text("accounting")))
            .set(const { LOGS.column("forwarded") }, forwarded)
            .set(const { LOGS.column("forwarding-encrypted") }, way)
            .set(const { LOGS.column("forwarding-reliable") }, way);
        tables.push(row);
    }
}
