//! A term of a firewall filter into an entry of an access list.
//!
//! Conditions of different kinds must all hold, of one kind any; `except` takes addresses away from less specific ones. A term without
//! conditions matches everything, one without an action accepts, and a packet that no term matches is discarded (Junos Routing Policy
//! Guide, How Standard Firewall Filters Evaluate Packets). A prefix list that the device fills itself (`apply-path`) is not known here.

use ipnet::IpNet;

use super::Junos;
use super::filter::block;
use crate::facts::Why;
use crate::facts::joined::access_rules::Part;
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service};
use crate::reckon::network::Addresses;

static LIST: Phrase = Phrase {
    zh: "前缀列表或地址 {} 没有定义，或由设备填充（apply-path）",
    en: "the prefix list or address {} is not defined, or the device fills it (apply-path)",
};

/// A term and what is not exactly known of it.
#[derive(Clone, Debug)]
pub(super) struct Term<'a> {
    /// What it does to which packets.
    pub entry: Entry<'a>,
    /// Parts that are not exactly known, and why.
    pub unclear: Vec<(Part, Why<'a>)>,
}

impl<'a> Junos<'_, 'a> {
    /// Reads a term of a filter of IPv4 or IPv6.
    pub(super) fn term(&self, term: Node<'a>, six: bool) -> Term<'a> {
        let nested = term.at("filter").filter(|filter| filter.values().next().is_some());
        if let Some(filter) = nested {
            let unclear = vec![(Part::Everything, Why::not_understood(filter.text()))];
            return Term { entry: Entry::new(Action::Unknown, Matching::unreadable()), unclear };
        }
        let everybody = || if six { Addresses::any_six() } else { Addresses::any_four() };
        let mut matching = Matching { sources: everybody(), destinations: everybody(), ..Matching::any() };
        let mut unclear = Vec::new();
        let conditions: Vec<Node<'a>> = term.at("from").into_iter().flat_map(Node::values).collect();
        for (address, list, part) in [
            ("source-address", "source-prefix-list", Part::Sources),
            ("destination-address", "destination-prefix-list", Part::Destinations),
        ] {
            match self.side(&conditions, [address, list]) {
                Side::Any => {}
                Side::Named(addresses) if part == Part::Sources => matching.sources = matching.sources.intersection(&addresses),
                Side::Named(addresses) => matching.destinations = matching.destinations.intersection(&addresses),
                Side::Unclear(name) => unclear.push((part, Why::new("unresolved", &LIST, name))),
            }
        }
        unclear.extend(services(&conditions, &mut matching).map(|name| (Part::Services, Why::not_understood(name))));
        for condition in &conditions {
            self.restrict(*condition, &mut matching, &mut unclear);
        }
        matching.exact = unclear.is_empty();
        Term { entry: Entry::new(action(term), matching), unclear }
    }

    /// Narrows to a condition that is neither a side nor a service.
    fn restrict(&self, condition: Node<'a>, matching: &mut Matching<'a>, unclear: &mut Vec<(Part, Why<'a>)>) {
        let name = condition.text();
        match name {
            "source-address" | "source-prefix-list" | "destination-address" | "destination-prefix-list" => {}
            "protocol" | "next-header" | "payload-protocol" => {}
            "destination-port" | "source-port" | "destination-port-except" | "source-port-except" => {}
            "tcp-established" => matching.restrictions.push((Aspect::TcpFlags, vec!["ack", "rst"])),
            "tcp-initial" => matching.restrictions.push((Aspect::TcpFlags, vec!["syn"])),
            "is-fragment" => matching.restrictions.push((Aspect::Fragments, vec!["fragment"])),
            // Either address: no condition where one of them is everything.
            "address" if condition.values().any(|node| block(node.text()).is_some_and(|block| block.prefix_len() == 0)) => {}
            // Either side, or flags in their own arithmetic: not one side of a box, and less than everything.
            "address" | "prefix-list" | "port" | "tcp-flags" | "fragment-flags" => {
                matching.also.push(self.condition(condition));
                unclear.push((Part::Everything, Why::not_understood(name)));
            }
            _ => matching.also.push(self.condition(condition)),
        }
    }

    /// A condition with its values: two terms with the same name and other values match other packets.
    fn condition(&self, condition: Node<'a>) -> &'a str {
        let values: Vec<&str> = condition.descendants().map(Node::text).collect();
        if values.is_empty() { condition.text() } else { self.text(&format!("{} {}", condition.text(), values.join(" "))) }
    }

    /// One side: addresses and prefix lists, of which any may hold.
    fn side(&self, conditions: &[Node<'a>], names: [&str; 2]) -> Side<'a> {
        let of = |name: &str| conditions.iter().find(|node| node.text() == name).copied();
        let (own, lists) = (of(names[0]), of(names[1]));
        if own.is_none() && lists.is_none() {
            return Side::Any;
        }
        let mut blocks: Vec<(IpNet, bool)> = Vec::new();
        let excepted = |node: Node<'a>| node.at("except").is_some();
        for node in own.into_iter().flat_map(Node::values) {
            match block(node.text()) {
                Some(found) => blocks.push((found, !excepted(node))),
                None => return Side::Unclear(node.text()),
            }
        }
        for node in lists.into_iter().flat_map(Node::values) {
            let Some(list) = self.prefix_list(node.text()) else { return Side::Unclear(node.text()) };
            for entry in list.values() {
                match block(entry.text()) {
                    Some(found) => blocks.push((found, !excepted(node))),
                    None => return Side::Unclear(node.text()),
                }
            }
        }
        // What only excepted addresses stand for is not documented.
        if !blocks.iter().any(|(_, included)| *included) {
            return Side::Unclear(own.or(lists).map_or("", Node::text));
        }
        // The most specific entry decides about an address.
        blocks.sort_by_key(|(block, _)| block.prefix_len());
        let mut addresses = Addresses::none();
        // Runs of the same kind at once: a list of thousands is one union.
        for run in blocks.chunk_by(|one, other| one.1 == other.1) {
            let those = Addresses::of(run.iter().map(|(block, _)| *block));
            addresses = if run[0].1 { addresses.union(&those) } else { addresses.subtract(&those) };
        }
        Side::Named(addresses)
    }

    /// A prefix list.
    pub(super) fn prefix_list(&self, name: &str) -> Option<Node<'a>> {
        self.root.at("policy-options prefix-list").and_then(|lists| lists.at(name))
    }
}

/// One side of a term.
enum Side<'a> {
    Any,
    Named(Addresses),
    Unclear(&'a str),
}

/// What a term does: a modifier alone accepts.
fn action(term: Node<'_>) -> Action {
    let Some(then) = term.at("then") else { return Action::Permit };
    let has = |name: &str| then.at(name).is_some();
    match () {
        () if has("next") => Action::Other,
        () if has("discard") || has("reject") => Action::Deny,
        () => Action::Permit,
    }
}

/// Narrows to protocols, ports and messages; a value that is not understood, if one is.
fn services<'a>(conditions: &[Node<'a>], matching: &mut Matching<'a>) -> Option<&'a str> {
    let of = |name: &str| conditions.iter().find(|node| node.text() == name).copied();
    let mut protocols: Vec<u8> = Vec::new();
    let named = ["protocol", "next-header", "payload-protocol"].iter().filter_map(|name| of(name));
    let named: Vec<Node<'a>> = named.flat_map(Node::values).collect();
    for node in &named {
        match protocol(node.text()) {
            Some(number) => protocols.push(number),
            None => return Some(node.text()),
        }
    }
    let mut bad = None;
    let mut ports = |name: &str| {
        let listed = of(name).into_iter().flat_map(Node::values);
        let excepted = of(&format!("{name}-except")).into_iter().flat_map(Node::values);
        let mut sum = |nodes: &mut dyn Iterator<Item = Node<'a>>| {
            nodes.fold(None, |sum: Option<Ports>, node| {
                let found = port(node.text());
                bad = bad.or(if found.is_none() { Some(node.text()) } else { None });
                Some(sum.unwrap_or_else(Ports::none).union(&found.unwrap_or_else(Ports::none)))
            })
        };
        let (mut listed, mut excepted) = (listed, excepted);
        sum(&mut listed).or(sum(&mut excepted).map(|ports| inverse(&ports)))
    };
    let (to, from) = (ports("destination-port"), ports("source-port"));
    if bad.is_some() {
        return bad;
    }
    let bases: Vec<Service> = match (named.is_empty(), to.is_some() || from.is_some()) {
        (false, _) => protocols.into_iter().map(Service::protocol).collect(),
        // Ports without a protocol are looked for in every packet; only these two have them here.
        (true, true) => vec![Service::tcp(Ports::any()), Service::udp(Ports::any())],
        (true, false) => vec![Service::any()],
    };
    let (to, from) = (to.unwrap_or_else(Ports::any), from.unwrap_or_else(Ports::any));
    let narrowed = bases.into_iter().map(|base| Service { destination_ports: to.clone(), source_ports: from.clone(), ..base });
    matching.services = narrowed.collect();
    None
}

/// Every port but these.
fn inverse(ports: &Ports) -> Ports {
    let mut runs = Vec::new();
    let mut next: Option<u16> = Some(0);
    for (low, high) in ports.runs() {
        if let Some(start) = next.filter(|start| start < low) {
            runs.push((start, low - 1));
        }
        next = high.checked_add(1);
    }
    runs.extend(next.map(|start| (start, u16::MAX)));
    Ports::of(&runs)
}

/// The number of a protocol.
pub(super) fn protocol(name: &str) -> Option<u8> {
    Some(match name {
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmp6" | "icmpv6" => 58,
        "igmp" => 2,
        "ospf" => 89,
        "pim" => 103,
        "rsvp" => 46,
        "vrrp" => 112,
        "gre" => 47,
        "esp" => 50,
        "ah" => 51,
        "sctp" => 132,
        "ipip" => 4,
        "egp" => 8,
        number => return number.parse().ok(),
    })
}

/// Ports by name, number or range, as Junos names them (Junos Routing Policy Guide, Firewall Filter Match Conditions).
pub(super) fn port(text: &str) -> Option<Ports> {
    let number = |text: &str| -> Option<u16> {
        Some(match text {
            "bgp" => 179,
            "bootpc" => 68,
            "bootps" | "dhcp" => 67,
            "domain" => 53,
            "finger" => 79,
            "ftp" => 21,
            "ftp-data" => 20,
            "http" => 80,
            "https" => 443,
            "ldp" => 646,
            "msdp" => 639,
            "ntp" => 123,
            "radius" => 1812,
            "radacct" => 1813,
            "smtp" => 25,
            "snmp" => 161,
            "snmptrap" => 162,
            "ssh" => 22,
            "syslog" => 514,
            "tacacs" => 49,
            "tacacs-ds" => 65,
            "telnet" => 23,
            "tftp" => 69,
            number => return number.parse().ok(),
        })
    };
    match text.split_once('-').filter(|(low, _)| low.bytes().all(|byte| byte.is_ascii_digit())) {
        Some((low, high)) => Some(Ports::between(number(low)?, number(high)?)),
        None => number(text).map(Ports::only),
    }
}
