//! `system syslog` and `security log` into the rows of `logs`.
//!
//! What stays on the device is bounded by the size and number of files, so that no time is guaranteed.

use super::Junos;
use crate::facts::{Cell, State, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;

/// Severities at which ordinary events are still written (RFC 5424: `info` and below).
const ENOUGH: [&str; 3] = ["any", "debug", "info"];

/// A stream, what it covers, and the facilities of which all must be written; `any` is every one.
const STREAMS: [(&str, &[&str], &[&str]); 3] = [
    ("authentication", &["auth", "privilege"], &["authorization"]),
    ("command", &["command", "config-change"], &["interactive-commands"]),
    ("system", &[], &["daemon", "kernel"]),
];

/// The expression that a message must match to be written (Junos OS System Log Explorer, "Using Strings and Regular Expressions to Refine
/// the Set of Logged Messages").
fn filter(place: Node<'_>) -> Option<Node<'_>> {
    place.at("match").or_else(|| place.at("match-strings"))
}

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_logs(&self, tables: &mut Tables<'a>) {
        for (stream, covers, facilities) in STREAMS {
            let hosts = self.receiving("system syslog host", facilities);
            let mut files = self.receiving("system syslog file", facilities);
            files.retain(|(_, file)| filter(*file).is_none());
            self.push_stream(tables, stream, covers, &hosts, &files);
        }
        let sent = self.values("security log stream");
        let mode = self.value("security log mode");
        if self.root.at("security policies").is_some() {
            let hosts: Vec<(&'a str, Node<'a>)> = sent
                .iter()
                .filter_map(|(_, stream)| stream.at("host")?.values().next())
                .filter(|_| mode.is_none_or(|(text, _)| text == "stream"))
                .map(|node| (node.text(), node))
                .collect();
            self.push_stream(tables, "firewall", &["access"], &hosts, &[]);
        }
    }

    /// The hosts or files that receive all of some facilities, each with the nodes that say so.
    fn receiving(&self, path: &str, facilities: &[&str]) -> Vec<(&'a str, Node<'a>)> {
        let receives = |place: &Node<'a>| {
            let enough = |facility: &str| place.value(facility).is_some_and(|severity| ENOUGH.contains(&severity.text()));
            // A facility that is named is written by its own severity, whatever `any` says.
            facilities.iter().all(|facility| if place.at(facility).is_some() { enough(facility) } else { enough("any") })
        };
        self.values(path).into_iter().filter(|(_, place)| receives(place)).collect()
    }

    fn push_stream(
        &self,
        tables: &mut Tables<'a>,
        stream: &'static str,
        covers: &[&'static str],
        hosts: &[(&'a str, Node<'a>)],
        files: &[(&'a str, Node<'a>)],
    ) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let filters: Vec<Option<Node<'a>>> = hosts.iter().map(|(_, node)| filter(*node)).collect();
        let away = device.log_hosts(shown.texts(hosts), &filters);
        let whole = hosts.iter().zip(&filters).filter(|(_, filter)| filter.is_none()).map(|(host, _)| host);
        let nodes: Vec<Node<'a>> = whole.chain(files).map(|(_, node)| *node).collect();
        let enabled = match away.state {
            State::Unknown(..) if nodes.is_empty() => away,
            _ if nodes.is_empty() => shown.known_absence(Value::Boolean(false)),
            _ => device.decided_by(Value::Boolean(true), &nodes),
        };
        let transports: Vec<Option<Node<'a>>> = hosts.iter().map(|(_, node)| node.value("transport")).collect();
        let carried = |wanted: &[&str]| {
            let weak = transports.iter().flatten().find(|node| !wanted.contains(&node.text()));
            match (hosts.is_empty(), weak, transports.iter().copied().collect::<Option<Vec<Node<'a>>>>()) {
                (true, ..) => Cell::unset(away.evidence),
                (false, Some(node), _) => device.decided(Value::Boolean(false), *node),
                (false, None, Some(nodes)) => device.decided_by(Value::Boolean(true), &nodes),
                (false, None, None) => device.undocumented("transport"),
            }
        };
        let path = match files.first() {
            Some((name, node)) => device.decided(Value::Text(self.text(&format!("/var/log/{name}"))), *node),
            None => shown.absent(),
        };
        let bounded = match files.first() {
            Some((_, node)) => device.decided(Value::Word("size"), *node),
            None => shown.absent(),
        };
        let cells = [
            ("stream", Cell::known(Value::Word(stream), &[])),
            ("path", path),
            ("enabled", enabled),
            ("covers", Cell::known(shown.words(covers), &[])),
            ("retention", Cell::known(Value::Duration(0), enabled.evidence)),
            ("bounded-by", bounded),
            ("retention-why", Cell::known(Value::Text("files are archived by size and number, the oldest is deleted"), enabled.evidence)),
            ("forwarded", away),
            ("forwarding-encrypted", carried(&["tls"])),
            ("forwarding-reliable", carried(&["tcp", "tls"])),
            ("level", Cell::unset(enabled.evidence)),
        ];
        shown.push(tables, &LOGS, "", &cells);
    }
}
