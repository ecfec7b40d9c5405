//! Interface and routing blocks of IOS into the rows of `ios-interfaces` and `ios-neighbours`.

use super::documented as doc;
use super::statements::{Ios, Said, said_in};
use crate::facts::{Cell, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::schema::cisco::{IOS_INTERFACES, IOS_NEIGHBOURS};

/// What the names of interfaces begin with that are no ports.
const NO_PORTS: &[&str] =
    &["vlan", "loopback", "tunnel", "port-channel", "bvi", "bdi", "nve", "virtual", "dialer", "appgigabit", "multilink"];

/// Adds the rows of both tables.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    for node in ios.all("interface") {
        interface(ios, tables, node);
    }
    for node in ios.all("router") {
        routing(ios, tables, node);
    }
}

/// One interface.
fn interface<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, node: Node<'a>) {
    let Some(name) = node.rest("interface") else { return };
    let blocks = [node];
    let here = |pattern: &str| said_in(&blocks, pattern).yes();
    let flag = |found: Option<Node<'a>>| match found {
        Some(line) => ios.device.decided_by(Value::Boolean(true), &[line, node]),
        None => ios.device.unless_cut(ios.device.decided(Value::Boolean(false), node)),
    };
    let lower = name.to_ascii_lowercase();
    let physical = !NO_PORTS.iter().any(|start| lower.starts_with(start)) && !lower.contains('.');
    let routed = here("ip address").is_some() || matches!(said_in(&blocks, "switchport"), Said::No(_));
    let mode = match here("switchport mode").and_then(|line| Some((line.word(2)?, line))) {
        Some(("access", line)) => ios.device.decided(Value::Word("access"), line),
        Some(("trunk", line)) => ios.device.decided(Value::Word("trunk"), line),
        _ => ios.device.unless_cut(ios.device.decided(Value::Word(if routed { "routed" } else { "undecided" }), node)),
    };
    let used = [
        "description",
        "channel-group",
        "ip address",
        "ipv6 address",
        "switchport access vlan",
        "switchport mode trunk",
        "switchport voice vlan",
    ]
    .iter()
    .find_map(|pattern| here(pattern));
    let guarded = [
        "switchport port-security",
        "dot1x pae authenticator",
        "authentication port-control auto",
        "access-session port-control auto",
        "mab",
    ]
    .iter()
    .find_map(|pattern| node.all(pattern).find(|line| *pattern != "switchport port-security" || line.is("switchport port-security")));
    let templated = here("source template");
    let guarded = match (guarded, templated) {
        (None, Some(line)) => Cell::unknown(Why::not_understood(line.text()), ios.device.host.evidence(&[ios.device.decides(line)])),
        (found, _) => flag(found),
    };
    let cdp = match (ios.said("cdp run"), said_in(&blocks, "cdp enable")) {
        (Said::No(line), _) | (_, Said::No(line)) => ios.device.decided_by(Value::Boolean(false), &[line, node]),
        _ => ios.device.defaulted(Value::Boolean(true), &doc::CDP),
    };
    let list = |way: &str| {
        let line = node.all("ip access-group").filter(|line| line.word(3) == Some(way)).last();
        line.and_then(|line| Some(ios.device.decided(Value::Text(line.word(2)?), line))).unwrap_or(ios.device.absent())
    };
    let enabled = match said_in(&blocks, "shutdown") {
        Said::Yes(line) => ios.device.decided_by(Value::Boolean(false), &[line, node]),
        Said::No(line) => ios.device.decided_by(Value::Boolean(true), &[line, node]),
        Said::Nothing => ios.device.unless_cut(ios.device.decided(Value::Boolean(true), node)),
    };
    let known = |value| ios.device.decided(value, node);
    let mut row = ios.device.host.row(&IOS_INTERFACES, super::PRODUCT.name);
    row.set(const { IOS_INTERFACES.column("interface") }, known(Value::Text(name)))
        .set(const { IOS_INTERFACES.column("enabled") }, enabled)
        .set(const { IOS_INTERFACES.column("physical") }, known(Value::Boolean(physical)))
        .set(const { IOS_INTERFACES.column("mode") }, mode)
        .set(const { IOS_INTERFACES.column("in-use") }, flag(used))
        .set(const { IOS_INTERFACES.column("guarded") }, guarded)
        .set(const { IOS_INTERFACES.column("outside") }, flag(here("ip nat outside")))
        .set(const { IOS_INTERFACES.column("cdp") }, cdp)
        .set(const { IOS_INTERFACES.column("acl-in") }, list("in"))
        .set(const { IOS_INTERFACES.column("acl-out") }, list("out"));
    tables.push(row);
}

/// One routing process. Neighbours of BGP are looked at one by one; of the others, whether they are authenticated is not read yet.
fn routing<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, node: Node<'a>) {
    let process = node.rest("router").unwrap_or_default();
    if !process.starts_with("bgp") {
        let unknown = Cell::unknown(Why::not_understood(process), ios.device.host.evidence(&[ios.device.decides(node)]));
        neighbour(ios, tables, (process, "*", node), unknown);
        return;
    }
    let lines: Vec<Node<'a>> = node.children().chain(node.all("address-family").flat_map(Node::children)).collect();
    let of = |peer: &str, what: &str| {
        lines.iter().copied().rfind(|line| line.starts("neighbor") && line.word(1) == Some(peer) && line.word(2) == Some(what))
    };
    let mut seen: Vec<&'a str> = Vec::new();
    for line in lines.iter().filter(|line| line.starts("neighbor")) {
        let Some(peer) = line.word(1).filter(|peer| !seen.contains(peer) && peer.parse::<std::net::IpAddr>().is_ok()) else { continue };
        seen.push(peer);
        let group = of(peer, "peer-group").and_then(|line| line.word(3));
        let proof = ["password", "ao"].iter().find_map(|what| of(peer, what).or_else(|| of(group?, what)));
        let inherited = of(peer, "inherit");
        let cell = match (proof, inherited) {
            (Some(line), _) => ios.device.decided(Value::Boolean(true), line),
            (None, Some(line)) => Cell::unknown(Why::not_understood("inherit"), ios.device.host.evidence(&[ios.device.decides(line)])),
            (None, None) => ios.device.unless_cut(ios.device.decided(Value::Boolean(false), *line)),
        };
        neighbour(ios, tables, (process, peer, *line), cell);
    }
}

/// Adds the row of one neighbour.
fn neighbour<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, (process, peer, node): (&'a str, &'a str, Node<'a>), authenticated: Cell<'a>) {
    let mut row = ios.device.host.row(&IOS_NEIGHBOURS, super::PRODUCT.name);
    row.set(const { IOS_NEIGHBOURS.column("protocol") }, ios.device.decided(Value::Text(process), node))
        .set(const { IOS_NEIGHBOURS.column("neighbour") }, ios.device.decided(Value::Text(peer), node))
        .set(const { IOS_NEIGHBOURS.column("authenticated") }, authenticated);
    tables.push(row);
}
