//! Address books and applications into what their names stand for in a zone.

use std::collections::HashMap;

use super::Junos;
use super::filter::block;
use super::terms::{port, protocol};
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member, Unresolved};
use crate::reckon::access_list::{Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// What names stand for together.
pub(super) struct Meaning<'a, T> {
    /// What is known of it.
    pub parts: T,
    /// A name that is not defined, or is a member of itself.
    pub unresolved: Option<&'a str>,
    /// A name of which only the network or the device's application database knows what it is: less than everything.
    pub elsewhere: Option<&'a str>,
    /// Where the names are defined.
    pub heads: Vec<Node<'a>>,
}

/// Named objects with the places where they are defined.
struct Named<'a, T> {
    groups: Groups<'a, Option<T>>,
    heads: HashMap<&'a str, Node<'a>>,
}

impl<T> Default for Named<'_, T> {
    fn default() -> Self {
        Named { groups: Groups::default(), heads: HashMap::new() }
    }
}

impl<'a, T: Clone> Named<'a, T> {
    /// Defines a name, unless a nearer book did.
    fn define(&mut self, node: Node<'a>, members: impl IntoIterator<Item = Member<'a, Option<T>>>) {
        if let std::collections::hash_map::Entry::Vacant(entry) = self.heads.entry(node.text()) {
            entry.insert(node);
            self.groups.define(node.text(), members);
        }
    }
}

/// The objects that security policies name.
pub(super) struct Books<'a> {
    root: Node<'a>,
    zones: HashMap<&'a str, Named<'a, Addresses>>,
    applications: Named<'a, Service>,
}

impl<'a> Books<'a> {
    /// Reads the applications; books are read when a zone is first asked for.
    pub(super) fn of(junos: &Junos<'_, 'a>) -> Books<'a> {
        let mut applications = Named::default();
        for (_, node) in junos.values("applications application") {
            applications.define(node, application(node).into_iter().map(Member::Leaf));
        }
        for (_, node) in junos.values("applications application-set") {
            let members = ["application", "application-set"].iter().flat_map(|kind| node.at(kind)).flat_map(Node::values);
            applications.define(node, members.map(|member| Member::Named(member.text())));
        }
        for (name, service) in PREDEFINED {
            if !applications.heads.contains_key(name) {
                applications.groups.define(name, [Member::Leaf(Some(service()))]);
            }
        }
        Books { root: junos.root, zones: HashMap::new(), applications }
    }

    /// The books of a zone: its own, those attached to it, then the global one. A zone without books of its own has the global one.
    fn zone(&mut self, zone: &'a str) -> &mut Named<'a, Addresses> {
        let own = self.root.at("security zones security-zone").and_then(|zones| zones.at(zone)?.at("address-book"));
        let books: Vec<Node<'a>> = self.root.at("security address-book").into_iter().flat_map(Node::values).collect();
        let attached = books.iter().filter(|book| book.at("attach zone").is_some_and(|list| list.at(zone).is_some())).copied();
        let nearer: Vec<Node<'a>> = own.into_iter().chain(attached).collect();
        let key = if nearer.is_empty() { "global" } else { zone };
        self.zones.entry(key).or_insert_with(|| {
            let mut named = Named::default();
            for book in nearer.into_iter().chain(books.into_iter().filter(|book| book.text() == "global")) {
                for set in book.at("address-set").into_iter().flat_map(Node::values) {
                    let members = ["address", "address-set"].iter().flat_map(|kind| set.at(kind)).flat_map(Node::values);
                    named.define(set, members.map(|member| Member::Named(member.text())));
                }
                for node in book.at("address").into_iter().flat_map(Node::values) {
                    named.define(node, [Member::Leaf(address(node))]);
                }
            }
            named
        })
    }

    /// What names of addresses stand for in a zone.
    pub(super) fn addresses(&mut self, zone: &'a str, names: &[Node<'a>]) -> Meaning<'a, Addresses> {
        let mut meaning = Meaning { parts: Addresses::none(), unresolved: None, elsewhere: None, heads: Vec::new() };
        let named = self.zone(zone);
        for name in names.iter().map(|node| node.text()) {
            if let Some(built_in) = built_in(name) {
                meaning.parts = meaning.parts.union(&built_in);
                continue;
            }
            let expansion = named.groups.expand(name);
            for leaf in &expansion.leaves {
                match leaf {
                    Some(addresses) => meaning.parts = meaning.parts.union(addresses),
                    None => meaning.elsewhere = meaning.elsewhere.or(Some(name)),
                }
            }
            meaning.unresolved = meaning.unresolved.or(expansion.unresolved.map(missing));
            meaning.heads.extend(named.heads.get(name));
        }
        meaning
    }

    /// What names of applications stand for. A predefined one that is not known here is less than everything.
    pub(super) fn applications(&mut self, names: &[Node<'a>]) -> Meaning<'a, Vec<Service>> {
        let mut meaning = Meaning { parts: Vec::new(), unresolved: None, elsewhere: None, heads: Vec::new() };
        for name in names.iter().map(|node| node.text()) {
            let expansion = self.applications.groups.expand(name);
            for leaf in &expansion.leaves {
                match leaf {
                    Some(service) => meaning.parts.push(service.clone()),
                    None => meaning.elsewhere = meaning.elsewhere.or(Some(name)),
                }
            }
            match expansion.unresolved {
                Some(Unresolved::Undefined(missing)) if missing.starts_with("junos-") => {
                    meaning.elsewhere = meaning.elsewhere.or(Some(missing));
                }
                unresolved => meaning.unresolved = meaning.unresolved.or(unresolved.map(missing)),
            }
            meaning.heads.extend(self.applications.heads.get(name));
        }
        meaning
    }

    /// Where an address of a zone is defined; the outer none where it is not.
    pub(super) fn address(&mut self, zone: &'a str, name: &str) -> Option<Option<Node<'a>>> {
        let found = self.zone(zone).heads.get(name).copied();
        found.map(Some).or(built_in(name).map(|_| None))
    }

    /// Where an application is defined; the outer none where it is not.
    pub(super) fn application(&self, name: &str) -> Option<Option<Node<'a>>> {
        let found = self.applications.heads.get(name).copied();
        found.map(Some).or((name == "any" || name.starts_with("junos-")).then_some(None))
    }
}

/// Whether applications are everything: every protocol, or every port of both TCP and UDP.
pub(super) fn is_everything(services: &[Service]) -> bool {
    let whole = |protocol: u8| {
        let of = services.iter().filter(|part| part.protocols == (protocol, protocol) && part.source_ports.is_any());
        of.fold(Ports::none(), |sum, part| sum.union(&part.destination_ports)).is_any()
    };
    services.iter().any(Service::is_any) || whole(6) && whole(17)
}

/// Names that no book defines.
fn built_in(name: &str) -> Option<Addresses> {
    match name {
        "any" => Some(Addresses::any()),
        "any-ipv4" => Some(Addresses::any_four()),
        "any-ipv6" => Some(Addresses::any_six()),
        _ => None,
    }
}

/// The name at which an expansion ends.
fn missing(unresolved: Unresolved<'_>) -> &str {
    match unresolved {
        Unresolved::Undefined(name) | Unresolved::Cycle(name) | Unresolved::TooMany(name) => name,
    }
}

/// Reads an address of a book; none for a host name.
fn address(address: Node<'_>) -> Option<Addresses> {
    if let Some(found) = address.values().find_map(|node| block(node.text())) {
        return Some(Addresses::of([found]));
    }
    if let Some(range) = address.at("range-address").and_then(|range| range.values().next()) {
        let last = range.at("to").and_then(|to| to.values().next())?;
        return Some(Addresses::between(range.text().parse().ok()?, last.text().parse().ok()?));
    }
    let (address, mask) = address.value("wildcard-address")?.text().split_once('/')?;
    let mask: std::net::Ipv4Addr = mask.parse().ok()?;
    // Bits that are set must agree.
    wildcard(address.parse().ok()?, std::net::Ipv4Addr::from_bits(!mask.to_bits()))
}

/// The services of an application: its own statements, or those of its terms.
fn application(node: Node<'_>) -> Vec<Option<Service>> {
    let terms: Vec<Node<'_>> = node.at("term").into_iter().flat_map(Node::values).collect();
    if terms.is_empty() { vec![service(node)] } else { terms.into_iter().map(service).collect() }
}

/// A service of statements, each on its own or one behind the other in one line; none where ports are not what it is known by.
fn service(node: Node<'_>) -> Option<Service> {
    let find = |name: &str| node.descendants().find(|found| found.text() == name && !found.is_inactive());
    let value = |name: &str| find(name).and_then(|found| found.values().last()).map(Node::text);
    if ["uuid", "rpc-program-number", "ether-type", "icmp-code", "icmp6-type", "icmp6-code"].iter().any(|name| find(name).is_some()) {
        return None;
    }
    let protocol = protocol(value("protocol")?)?;
    if let Some(kind) = value("icmp-type") {
        let kind = if kind == "echo-request" { 8 } else { kind.parse().ok()? };
        return (protocol == 1).then(|| Service::icmp(kind, None));
    }
    let ports = |name: &str| value(name).map_or(Some(Ports::any()), port).map(whole);
    Some(Service { destination_ports: ports("destination-port")?, source_ports: ports("source-port")?, ..Service::protocol(protocol) })
}

/// Nothing is sent to port 0, so that 1 to 65535 is every port.
fn whole(ports: Ports) -> Ports {
    if ports.runs() == [(1, u16::MAX)] { Ports::any() } else { ports }
}

/// A name and what makes the service that it stands for.
type Predefined = (&'static str, fn() -> Service);

/// Predefined applications that are ports and nothing else (Junos Security Configuration Guide 10.2, Understanding Internet-Related
/// Predefined Policy Applications; names of ports: Junos CLI Reference, statement destination-port). `junos-http` is none of them: the
/// guide gives it port 8080.
const PREDEFINED: &[Predefined] = &[
    ("any", Service::any),
    ("junos-any", Service::any),
    ("junos-bgp", || Service::tcp(Ports::only(179))),
    ("junos-dns-tcp", || Service::tcp(Ports::only(53))),
    ("junos-dns-udp", || Service::udp(Ports::only(53))),
    ("junos-ftp", || Service::tcp(Ports::only(21))),
    ("junos-https", || Service::tcp(Ports::only(443))),
    ("junos-icmp-all", || Service::protocol(1)),
    ("junos-icmp-ping", || Service::icmp(8, None)),
    ("junos-smtp", || Service::tcp(Ports::only(25))),
    ("junos-ssh", || Service::tcp(Ports::only(22))),
    ("junos-syslog", || Service::udp(Ports::only(514))),
    ("junos-tcp-any", || Service::tcp(Ports::any())),
    ("junos-telnet", || Service::tcp(Ports::only(23))),
    ("junos-udp-any", || Service::udp(Ports::any())),
];
