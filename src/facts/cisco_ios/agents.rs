//! Machines that may change the device (SNMP with write access, NETCONF, RESTCONF, gNMI) into rows of `remote-access`.
//!
//! NETCONF and RESTCONF ask the method list `default` for logins (Cisco IOS XE Programmability Configuration Guide, NETCONF Protocol,
//! "AAA"); the lists of the terminals do not guard them, those of `netconf-yang ssh` and `restconf` do.

use super::aaa::{self, Login, Method};
use super::access::{Way, row};
use super::lines::Range;
use super::lists::Applied;
use super::snmp;
use super::statements::{Ios, Said};
use crate::facts::{Cell, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};

/// Adds a row for each of them.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let range = Range { scope: String::new(), terminal: false, blocks: Vec::new() };
    for (number, node) in ios.all("snmp-server community").into_iter().enumerate() {
        if snmp::of_community(node).write {
            let login = Login { methods: Ok(vec![Method::Password]), evidence: vec![ios.device.decides(node)] };
            let scope = format!("community {}", number + 1);
            row(ios, tables, &of_snmp(ios, node, &scope, (false, snmp::lists_of(node))), &login, &range);
        }
    }
    for node in ios.all("snmp-server group").into_iter().filter(|node| node.words().any(|word| word == "write")) {
        let level = if node.word(3) == Some("v3") { node.word(4).unwrap_or_default() } else { "noauth" };
        let method = if level == "noauth" { Method::None } else { Method::Local };
        let login = Login { methods: Ok(vec![method]), evidence: vec![ios.device.decides(node)] };
        let scope = node.word(2).unwrap_or_default();
        row(ios, tables, &of_snmp(ios, node, scope, (level == "priv", snmp::lists_of_group(node))), &login, &range);
    }
    for (scope, encrypted, port) in APIS {
        if let Some((enabled, node)) = enabled(ios, scope) {
            let lists = (applied(ios, scope), Service::tcp(Ports::only(*port)));
            let way = Way { service: "api", scope, enabled, encrypted: *encrypted, lists: Some(lists) };
            row(ios, tables, &way, &login(ios, node), &range);
        }
    }
}

/// Interfaces for machines: how they are turned on, whether they are encrypted, and their ports.
const APIS: &[(&str, bool, u16)] = &[
    ("gnmi-yang server", false, 9339),
    ("gnmi-yang secure-server", true, 9339),
    ("gnxi server", false, 50052),
    ("gnxi secure-server", true, 9339),
    ("netconf ssh", true, 22),
    ("netconf-yang", true, 830),
    ("restconf", true, 443),
];

fn of_snmp<'s, 'a>(ios: &Ios<'_, 'a>, node: Node<'a>, scope: &'s str, (encrypted, lists): (bool, Vec<Applied<'a>>)) -> Way<'s, 'a> {
    let enabled = ios.device.decided(Value::Boolean(true), node);
    Way { service: "snmp", scope, enabled, encrypted, lists: Some((lists, Service::udp(Ports::only(161)))) }
}

/// Whether an interface is on, and the line; nothing where it is not written: all of them are off until somebody sets them.
fn enabled<'a>(ios: &Ios<'_, 'a>, scope: &str) -> Option<(Cell<'a>, Node<'a>)> {
    let exact = ios.all(scope).into_iter().rfind(|node| node.is(scope) || scope == "netconf ssh");
    let node = match (ios.said(scope), exact) {
        (Said::No(node), _) if node.words().count() == scope.split(' ').count() + 1 => {
            return Some((ios.device.decided(Value::Boolean(false), node), node));
        }
        (_, Some(node)) => node,
        _ => return None,
    };
    let carrier = match scope {
        "restconf" => ios.said("ip http secure-server"),
        "netconf-yang" | "netconf ssh" => Said::Yes(node),
        _ => ios.said(scope.split(' ').next().unwrap_or_default()),
    };
    let cell = match carrier {
        Said::Yes(other) => ios.device.decided_by(Value::Boolean(true), &[node, other]),
        Said::No(other) => ios.device.decided_by(Value::Boolean(false), &[other, node]),
        Said::Nothing => ios.device.undocumented("ip http secure-server"),
    };
    Some((cell, node))
}

/// The lists that guard an interface.
fn applied<'a>(ios: &Ios<'_, 'a>, scope: &str) -> Vec<Applied<'a>> {
    let first = scope.split(' ').next().unwrap_or_default();
    ios.uses()
        .iter()
        .filter(|used| matches!(used.word, "ssh" | "http") && used.node.word(0) == Some(first))
        .map(|used| (used.name, used.six, used.node))
        .collect()
}

/// How a login is decided.
fn login<'a>(ios: &Ios<'_, 'a>, node: Node<'a>) -> Login<'a> {
    match aaa::new_model(ios) {
        Some(true) => aaa::of_list(ios, "default", Some(node)),
        _ => Login { methods: Err(Why::not_understood("aaa new-model")), evidence: vec![ios.device.decides(node)] },
    }
}
