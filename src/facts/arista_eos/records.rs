//! `logging`, accounting, `ntp` and `snmp-server` into `logs`, `time-sources` and `snmp`.

use super::super::cisco_words::withheld;
use super::super::switch::{Applied, Stream, Switch, behind};
use super::access::has_six;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{LOGS, REMOTE_ACCESS, SNMP};

/// A log host and whether the way there is encrypted.
struct Target<'a> {
    address: &'a str,
    node: Node<'a>,
    encrypted: bool,
}

/// `logging [vrf V] host A [PORT] [protocol tls ssl-profile P]`.
fn targets<'a>(eos: &Switch<'_, 'a>) -> Vec<Target<'a>> {
    let mut found: Vec<Target<'a>> = Vec::new();
    for node in eos.live("logging") {
        if node.word(1) != Some("host") && !(node.word(1) == Some("vrf") && node.word(3) == Some("host")) {
            continue;
        }
        let Some(address) = behind(node, "host") else { continue };
        found.push(Target { address, node, encrypted: behind(node, "protocol") == Some("tls") });
    }
    found
}

pub(super) fn fill<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if tables.wants(&LOGS) {
        push_logs(eos, tables);
    }
    eos.push_time_sources(tables, "ntp server", "ntp");
    if tables.wants(&SNMP) || tables.wants(&REMOTE_ACCESS) {
        let mut all: Vec<Applied<'a>> = Vec::new();
        for (pattern, six) in [("snmp-server ipv4 access-list", false), ("snmp-server ipv6 access-list", true)] {
            let own = eos.live(pattern).into_iter().filter(|node| behind(*node, "vrf").is_none());
            all.extend(own.filter_map(|node| Some(Applied { name: node.word(3)?, six, used: "snmp", node })));
        }
        eos.push_snmp(tables, &[], &all, has_six(eos, None));
    }
}

fn push_logs<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let targets = targets(eos);
    let hosts: Vec<(&'a str, Node<'a>)> = targets.iter().map(|target| (target.address, target.node)).collect();
    let withheld = withheld(eos.written("logging trap"));
    let forwarded = withheld.map_or_else(|| eos.device.texts(&hosts), |node| eos.device.decided(eos.device.host.texts(&[]), node));
    let encrypted = targets.iter().all(|target| target.encrypted);
    let level = eos.written("logging trap").and_then(|node| Some((node.words().last().filter(|word| *word != "trap")?, node)));
    let level = level.map_or_else(|| eos.device.undocumented("logging trap"), |(text, node)| eos.device.decided(Value::Text(text), node));
    let stream = |stream, enabled, covers| Stream { stream, enabled, covers, forwarded, encrypted, reliable: false, level: Some(level) };
    eos.push_stream(tables, &stream("system", is_written(eos, &targets), &["config-change"]));
    eos.push_stream(tables, &stream("authentication", logins(eos), &["auth"]));
    push_commands(eos, tables, &hosts, encrypted);
}

/// Whether messages go anywhere.
fn is_written<'a>(eos: &Switch<'_, 'a>, targets: &[Target<'a>]) -> Cell<'a> {
    match eos.toggled("logging on") {
        Some((false, node)) => eos.device.decided(Value::Boolean(false), node),
        _ => match targets.first().map(|target| target.node).or_else(|| eos.written("logging buffered")) {
            Some(node) => eos.device.decided(Value::Boolean(true), node),
            None => eos.device.undocumented("logging on"),
        },
    }
}

/// Whether both good and bad logins are logged.
fn logins<'a>(eos: &Switch<'_, 'a>) -> Cell<'a> {
    let off = eos.toggled("logging on").filter(|(on, _)| !on);
    let pair = (eos.toggled("aaa authentication policy on-success log"), eos.toggled("aaa authentication policy on-failure log"));
    match (off, pair) {
        (Some((_, node)), _) | (_, (Some((false, node)), _) | (_, Some((false, node)))) => eos.device.decided(Value::Boolean(false), node),
        (None, (Some((true, good)), Some((true, bad)))) => eos.device.decided_by(Value::Boolean(true), &[good, bad]),
        _ => eos.device.undocumented("aaa authentication policy on-success log, on-failure log"),
    }
}

/// Commands are recorded where accounting says so: at servers, and as messages with `logging`.
fn push_commands<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, hosts: &[(&'a str, Node<'a>)], encrypted: bool) {
    let found = eos.recording("aaa accounting commands");
    let enabled = match &found {
        None => eos.device.known_absence(Value::Boolean(false)),
        Some(found) => eos.device.decided(Value::Boolean(found.whole || found.logged), found.node),
    };
    let mut to: Vec<(&'a str, Node<'a>)> = found.iter().flat_map(|found| found.servers.clone()).collect();
    let logged = found.as_ref().is_some_and(|found| found.logged);
    let only_log = logged && to.is_empty();
    to.extend(hosts.iter().filter(|_| logged));
    let stream = Stream {
        stream: "command",
        enabled,
        covers: &["command", "config-change"],
        forwarded: eos.device.texts(&to),
        encrypted: only_log && encrypted,
        reliable: false,
        level: None,
    };
    eos.push_stream(tables, &stream);
}
