//! `logging`, accounting, `ntp`, `sntp` and `snmp-server` into `logs`, `time-sources` and `snmp`.

use super::super::cisco_words::withheld;
use super::super::switch::{Stream, Switch};
use super::access::server;
use super::has_six;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{LOGS, REMOTE_ACCESS, SNMP};

/// Log hosts: `logging server [oob] [vrf V] A`, `logging host A`, `logging A`.
fn hosts<'a>(rgos: &Switch<'_, 'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut found = Vec::new();
    for node in rgos.live("logging") {
        let address = match node.word(1) {
            Some("server" | "host") => {
                let mut words = node.words().skip(2);
                loop {
                    match words.next() {
                        Some("vrf") => drop(words.next()),
                        Some("oob" | "ipv6") => {}
                        other => break other,
                    }
                }
            }
            Some(word) if word.parse::<std::net::IpAddr>().is_ok() => Some(word),
            _ => None,
        };
        found.extend(address.map(|address| (address, node)));
    }
    found
}

pub(super) fn fill<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if tables.wants(&LOGS) {
        push_logs(rgos, tables);
    }
    rgos.push_time_sources(tables, "ntp server", "ntp");
    if let Some((true, _)) = rgos.toggled("sntp enable") {
        rgos.push_time_sources(tables, "sntp server", "sntp");
    }
    let off = matches!(server(rgos, "snmp-agent"), Some((false, _)));
    if !off && (tables.wants(&SNMP) || tables.wants(&REMOTE_ACCESS)) {
        let versions = ["v1", "v2c", "v3"];
        let is_off = |version: &&str| matches!(rgos.toggled(&format!("snmp-server enable version {version}")), Some((false, _)));
        let gone: Vec<&str> = versions.into_iter().filter(is_off).collect();
        rgos.push_snmp(tables, &gone, &[], has_six(rgos));
    }
}

/// Whether logins are logged; `logging userinfo command-log` is another statement.
pub(super) fn logins<'a>(rgos: &Switch<'_, 'a>) -> Option<(bool, Node<'a>)> {
    let read = |node: Node<'a>| {
        let on = node.is("logging userinfo");
        (on || node.is("no logging userinfo")).then_some((on, node))
    };
    rgos.device.root().children().filter_map(read).last()
}

fn push_logs<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let hosts = hosts(rgos);
    let withheld = withheld(rgos.written("logging trap"));
    let forwarded = withheld.map_or_else(|| rgos.device.texts(&hosts), |node| rgos.device.decided(rgos.device.host.texts(&[]), node));
    let level = rgos.written("logging trap").and_then(|node| Some((node.word(2)?, node)));
    let level = level.map_or_else(|| rgos.device.undocumented("logging trap"), |(text, node)| rgos.device.decided(Value::Text(text), node));
    let stopped = rgos.toggled("logging on").filter(|(on, _)| !on).map(|(_, node)| rgos.device.decided(Value::Boolean(false), node));
    let system = match hosts.first().map(|(_, node)| *node).or_else(|| rgos.written("logging buffered")) {
        Some(node) => rgos.device.decided(Value::Boolean(true), node),
        None => rgos.device.undocumented("logging on"),
    };
    let users = rgos.flag(logins(rgos), "logging userinfo");
    let stream = |stream, enabled: Cell<'a>, covers| Stream {
        stream,
        enabled: stopped.unwrap_or(enabled),
        covers,
        forwarded,
        encrypted: false,
        reliable: false,
        level: Some(level),
    };
    rgos.push_stream(tables, &stream("system", system, &["config-change"]));
    rgos.push_stream(tables, &stream("authentication", users, &["auth"]));
    push_commands(rgos, tables, &hosts, stopped);
}

/// Commands are recorded by servers, or as messages with `logging userinfo command-log`.
fn push_commands<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>, hosts: &[(&'a str, Node<'a>)], stopped: Option<Cell<'a>>) {
    let found = rgos.recording("aaa accounting commands");
    let logged = rgos.written("logging userinfo command-log").filter(|_| stopped.is_none());
    let by_servers = found.as_ref().filter(|found| found.whole).map(|found| found.node);
    let enabled = match by_servers.or(logged).or(found.as_ref().map(|found| found.node)) {
        Some(node) => rgos.device.decided(Value::Boolean(by_servers.is_some() || logged.is_some()), node),
        None => rgos.device.known_absence(Value::Boolean(false)),
    };
    let mut to: Vec<(&'a str, Node<'a>)> = found.iter().flat_map(|found| found.servers.clone()).collect();
    to.extend(hosts.iter().filter(|_| logged.is_some()));
    let stream = Stream {
        stream: "command",
        enabled,
        covers: &["command", "config-change"],
        forwarded: rgos.device.texts(&to),
        encrypted: false,
        reliable: false,
        level: None,
    };
    rgos.push_stream(tables, &stream);
}
