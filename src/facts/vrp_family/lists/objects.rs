//! Named sets of addresses, services and ports into what a rule that names them matches.
//!
//! Huawei writes `ip address-set NAME type object` and `ip service-set …` (USG6000 Command Reference, "address" and "service"), H3C
//! `object-group {ip|ipv6} address NAME`, `object-group service NAME` and `object-group port NAME` (SecPath Firewall Series Command
//! Reference, Object group commands). Sets may hold other sets. What an exclusion takes away, and members that only the network knows
//! (host names, users, hardware addresses), are not in the configuration: a set with them is this or less, or not known at all.

use std::collections::HashMap;
use std::rc::Rc;

use super::compared;
use super::rule::{addresses, port, ports, protocol};
use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::{Host, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member};
use crate::reckon::access_list::{Ports, Service, wildcard};
use crate::reckon::network::Addresses;
use crate::source::Span;

/// Services that both vendors predefine, by the ports that IANA assigned to them.
const PREDEFINED: &[(&str, u8, u16)] = &[
    ("bgp", 6, 179),
    ("ftp", 6, 21),
    ("http", 6, 80),
    ("https", 6, 443),
    ("imap", 6, 143),
    ("ntp", 17, 123),
    ("pop3", 6, 110),
    ("smtp", 6, 25),
    ("snmp", 17, 161),
    ("ssh", 6, 22),
    ("syslog", 17, 514),
    ("telnet", 6, 23),
    ("tftp", 17, 69),
];

/// Predefined services that are protocols as a whole.
const PREDEFINED_PROTOCOLS: &[(&str, u8)] = &[("icmp", 1), ("tcp", 6), ("udp", 17), ("gre", 47), ("esp", 50), ("ah", 51), ("ospf", 89)];

/// One member of a set.
#[derive(Clone, Debug)]
struct Leaf<T> {
    /// What it holds; none where only the network knows.
    value: Option<T>,
    /// Whether it holds all of that.
    exact: bool,
    span: Span,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Found<T> {
    /// What it holds, or more; none where that is not known.
    pub value: Option<T>,
    /// Whether it holds all of that.
    pub exact: bool,
    /// The lines of its members.
    pub spans: Vec<Span>,
}

/// Sets of one kind.
#[derive(Debug)]
struct Sets<'a, T> {
    groups: Groups<'a, Leaf<T>>,
    found: HashMap<&'a str, Rc<Found<T>>>,
}

impl<'a, T: Clone> Sets<'a, T> {
    fn new() -> Sets<'a, T> {
        Sets { groups: Groups::default(), found: HashMap::new() }
    }

    /// What a name stands for, its members put together.
    fn find(&mut self, host: &Host<'a>, name: &'a str, sum: fn(&[T]) -> T) -> Rc<Found<T>> {
        if let Some(known) = self.found.get(name) {
            // Every use copies the set.
            let spent = host.spend(known.spans.len() as u64);
            return if spent { Rc::clone(known) } else { Rc::new(Found { value: None, exact: false, spans: Vec::new() }) };
        }
        let expansion = self.groups.expand(name);
        // What an empty set matches, no page says.
        let whole = expansion.unresolved.is_none() && !expansion.leaves.is_empty() && host.spend(expansion.leaves.len() as u64);
        let values: Vec<T> = expansion.leaves.iter().filter_map(|leaf| leaf.value.clone()).collect();
        let known = whole && values.len() == expansion.leaves.len();
        let found = Rc::new(Found {
            value: known.then(|| sum(&values)),
            exact: known && expansion.leaves.iter().all(|leaf| leaf.exact),
            spans: expansion.leaves.iter().map(|leaf| leaf.span).collect(),
        });
        self.found.insert(name, Rc::clone(&found));
        found
    }
}

/// The named sets of a system.
#[derive(Debug)]
pub(in crate::facts) struct Objects<'h, 'a> {
    family: Family<'h, 'a>,
    addresses: Sets<'a, Addresses>,
    services: Sets<'a, Vec<Service>>,
    ports: Sets<'a, Ports>,
}

impl<'h, 'a> Objects<'h, 'a> {
    /// The sets below a node.
    pub(in crate::facts) fn of(family: &Family<'h, 'a>, system: Node<'a>) -> Objects<'h, 'a> {
        let mut objects = Objects { family: *family, addresses: Sets::new(), services: Sets::new(), ports: Sets::new() };
        let blocks: &[(&str, Kind)] = if family.is_huawei() {
            &[("ip address-set *", Kind::Addresses), ("ip service-set *", Kind::Services)]
        } else {
            &[
                ("object-group ip address *", Kind::Addresses),
                ("object-group ipv6 address *", Kind::Addresses),
                ("object-group service *", Kind::Services),
                ("object-group port *", Kind::Ports),
            ]
        };
        for (pattern, kind) in blocks {
            let place = pattern.split(' ').count() - 1;
            for block in system.all(pattern) {
                let Some(name) = block.word(place) else { continue };
                objects.define(*kind, compared(family, name), block);
            }
        }
        objects
    }

    /// Adds the members of a block.
    fn define(&mut self, kind: Kind, name: &'a str, block: Node<'a>) {
        let family = self.family;
        let members = || block.children().filter_map(move |line| Some((line, member(line)?)));
        let span = |line: Node<'a>| family.device.span(line);
        match kind {
            Kind::Addresses => self.addresses.groups.define(
                name,
                members().filter_map(|(line, words)| match address_member(&words)? {
                    Part::Set(set) => Some(Member::Named(compared(&family, set))),
                    Part::Value(value, exact) => Some(Member::Leaf(Leaf { value, exact, span: span(line) })),
                }),
            ),
            Kind::Services => self.services.groups.define(
                name,
                members().filter_map(|(line, words)| match service_member(&words)? {
                    Part::Set(set) => Some(Member::Named(compared(&family, set))),
                    Part::Value(value, exact) => Some(Member::Leaf(Leaf { value: value.map(|one| vec![one]), exact, span: span(line) })),
                }),
            ),
            Kind::Ports => self.ports.groups.define(
                name,
                members().filter_map(|(line, words)| match port_member(&words)? {
                    Part::Set(set) => Some(Member::Named(compared(&family, set))),
                    Part::Value(value, exact) => Some(Member::Leaf(Leaf { value, exact, span: span(line) })),
                }),
            ),
        }
    }

    /// The addresses of a set.
    pub(in crate::facts) fn addresses(&mut self, name: &'a str) -> Rc<Found<Addresses>> {
        let all = |sets: &[Addresses]| {
            let four = sets.iter().flat_map(Addresses::runs_four).copied().collect();
            Addresses::of_runs(four, sets.iter().flat_map(Addresses::runs_six).copied().collect())
        };
        self.addresses.find(self.family.device.host, compared(&self.family, name), all)
    }

    /// The services of a set, or of one that is predefined.
    pub(in crate::facts) fn services(&mut self, name: &'a str) -> Rc<Found<Vec<Service>>> {
        let found = self.services.find(self.family.device.host, compared(&self.family, name), |sets| sets.concat());
        match predefined(name) {
            Some(service) if found.value.is_none() && found.spans.is_empty() => {
                Rc::new(Found { value: Some(vec![service]), exact: true, spans: Vec::new() })
            }
            _ => found,
        }
    }

    /// The ports of a set.
    pub(in crate::facts) fn ports(&mut self, name: &'a str) -> Rc<Found<Ports>> {
        let all = |sets: &[Ports]| Ports::of(&sets.iter().flat_map(Ports::runs).copied().collect::<Vec<_>>());
        self.ports.find(self.family.device.host, compared(&self.family, name), all)
    }

    /// Why a name does not say what it matches.
    pub(in crate::facts) fn unresolved(name: &'a str) -> Why<'a> {
        Why::new("unresolved", &super::UNRESOLVED, name)
    }
}

/// What the members of a set are.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Addresses,
    Services,
    Ports,
}

/// A member: another set, or a value (none where it is not known) that is this, or this or less.
#[derive(Debug)]
enum Part<'a, T> {
    Set(&'a str),
    Value(Option<T>, bool),
}

/// The words of a member without its number; none where the line is no member.
fn member<'a>(line: Node<'a>) -> Option<Vec<&'a str>> {
    let mut words: Vec<&'a str> = keywords(line).collect();
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    // H3C puts the number first, Huawei behind the keyword.
    if words.first().is_some_and(is_number) {
        words.remove(0);
    } else if words.len() > 2 && words.get(1).is_some_and(is_number) {
        words.remove(1);
    }
    matches!(words.first(), Some(&("address" | "network" | "port" | "service"))).then_some(words)
}

/// `address 10.1.1.0 mask 24`, `network range 10.1.1.1 10.1.1.9`; none where it only takes away.
fn address_member<'a>(words: &[&'a str]) -> Option<Part<'a, Addresses>> {
    let is = |value| Some(Part::Value(value, true));
    match words {
        ["address", "address-set", name, ..] | ["network", "group-object", name, ..] => Some(Part::Set(name)),
        ["network", "exclude", ..] => Some(Part::Value(Some(Addresses::none()), false)),
        ["address" | "network", "range", first, last, ..] => {
            is(first.parse().ok().zip(last.parse().ok()).map(|(first, last)| Addresses::between(first, last)))
        }
        ["network", "host", "address", rest @ ..] => is(block(&rest[..rest.len().min(1)], false)),
        ["network", "subnet", rest @ ..] => is(block(rest, false)),
        ["address", rest @ ..] => is(block(rest, true)),
        _ => is(None),
    }
}

/// An address with a mask, a prefix length, a wildcard mask, or alone: `10.1.1.0 mask 24`, `10.1.1.0 255.255.255.0`, `10.1.1.0 24`,
/// `10.1.1.0 wildcard 0.0.0.255`, `10.1.1.1 0`, `2001:db8:: 32`.
///
/// Of two dotted numbers Huawei's second is a wildcard mask, of which the ones stand behind, and H3C's a netmask, of which they stand in
/// front; only where there are no zeros or no ones does it matter whose it is. Huawei's `0` is one host; `0.0.0.0 0` is not read, because
/// it might be meant as everything.
pub(in crate::facts) fn block(words: &[&str], wildcards: bool) -> Option<Addresses> {
    match words {
        ["0.0.0.0", "0", ..] if wildcards => None,
        [address, "mask", mask, ..] => prefix(address, mask),
        [address, "wildcard", mask, ..] => wildcard(address.parse().ok()?, mask.parse().ok()?),
        [address, "0", ..] if wildcards => addresses(&[address, "0"], false).1,
        [address, mask @ ("0.0.0.0" | "255.255.255.255"), ..] if wildcards => wildcard(address.parse().ok()?, mask.parse().ok()?),
        [address, mask, ..] if *mask != "description" => {
            prefix(address, mask).or_else(|| wildcard(address.parse().ok()?, mask.parse().ok()?))
        }
        [address, ..] if address.contains('/') => addresses(&[address], false).1,
        [address, ..] => Some(Addresses::of([ipnet::IpNet::from(address.parse::<std::net::IpAddr>().ok()?)])),
        [] => None,
    }
}

/// An address with a netmask or a length.
fn prefix(address: &str, mask: &str) -> Option<Addresses> {
    let address: std::net::IpAddr = address.parse().ok()?;
    let length = match (address, mask.parse::<std::net::Ipv4Addr>()) {
        (std::net::IpAddr::V4(_), Ok(mask)) => ipnet::ipv4_mask_to_prefix(mask).ok()?,
        _ => mask.parse().ok()?,
    };
    Some(Addresses::of([ipnet::IpNet::new(address, length).ok()?.trunc()]))
}

/// `service protocol tcp source-port 0 to 65535 destination-port 80 443`, `service tcp destination eq 80`.
fn service_member<'a>(words: &[&'a str]) -> Option<Part<'a, Service>> {
    match words {
        ["service", "service-set" | "group-object", name, ..] => Some(Part::Set(name)),
        ["service", "protocol", rest @ ..] => Some(Part::Value(huawei_service(rest), true)),
        ["service", rest @ ..] => Some(Part::Value(h3c_service(rest), true)),
        _ => None,
    }
}

/// `tcp source-port 0 to 65535 destination-port 80 8000 to 8010`, `icmp`, `88`; none where it is not understood.
pub(in crate::facts) fn huawei_service(words: &[&str]) -> Option<Service> {
    let protocol = protocol(&words.first()?.to_ascii_lowercase())?;
    let mut service = protocol;
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let end = words[at + 1..].iter().position(|word| matches!(*word, "source-port" | "destination-port" | "description"));
        let end = end.map_or(words.len(), |end| at + 1 + end);
        let run = &words[at + 1..end];
        match *word {
            "source-port" => service.source_ports = port_runs(run)?,
            "destination-port" => service.destination_ports = port_runs(run)?,
            "description" => break,
            _ => return None,
        }
        at = end;
    }
    Some(service)
}

/// `80 443 8000 to 8010`.
fn port_runs(words: &[&str]) -> Option<Ports> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    let mut words = words.iter().copied().peekable();
    while let Some(word) = words.next() {
        let first = port(word)?;
        let last = if words.next_if_eq(&"to").is_some() { port(words.next()?)? } else { first };
        runs.push((first, last));
    }
    (!runs.is_empty()).then(|| Ports::of(&runs))
}

/// `tcp source range 1024 65535 destination eq 80`, `icmp 8 0`, `88`; none where it is not understood.
pub(in crate::facts) fn h3c_service(words: &[&str]) -> Option<Service> {
    let mut service = protocol(&words.first()?.to_ascii_lowercase())?;
    let is_icmp = matches!(service.protocols, (1, 1) | (58, 58));
    if is_icmp && words.len() > 1 {
        let kind = words.get(1)?.parse().ok()?;
        let code = words.get(2).map(|code| code.parse()).transpose().ok()?;
        return Some(if service.protocols.0 == 1 { Service::icmp(kind, code) } else { Service::icmp_six(kind, code) });
    }
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let (read, found) = ports(&words[at + 1..]);
        match *word {
            "source" => service.source_ports = found?,
            "destination" => service.destination_ports = found?,
            _ => return None,
        }
        at += 1 + read;
    }
    Some(service)
}

/// `port eq 20`, `port range 20 30`, `port group-object WEB`.
fn port_member<'a>(words: &[&'a str]) -> Option<Part<'a, Ports>> {
    match words {
        ["port", "group-object", name, ..] => Some(Part::Set(name)),
        ["port", rest @ ..] => Some(Part::Value(ports(rest).1, true)),
        _ => None,
    }
}

/// A predefined service.
fn predefined(name: &str) -> Option<Service> {
    let with_port = PREDEFINED.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    let whole = PREDEFINED_PROTOCOLS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match (with_port, whole) {
        (Some((_, protocol, port)), _) => Some(Service { destination_ports: Ports::only(*port), ..Service::protocol(*protocol) }),
        (None, Some((_, protocol))) => Some(Service::protocol(*protocol)),
        (None, None) => None,
    }
}
