//! Objects and object groups into the addresses, ports and services that they stand for.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::super::device::cells::Device;
use super::endpoint;
use super::{Dialect, words};
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member};
use crate::reckon::access_list::{Ports, Service};
use crate::reckon::network::Addresses;

/// A member of a group of services or ports.
#[derive(Clone, Debug)]
enum Offer {
    Ports(Ports),
    Services(Vec<Service>),
    /// Not understood.
    Unclear,
}

/// Everything that has a name.
#[derive(Debug, Default)]
pub(super) struct Objects<'a> {
    addresses: Groups<'a, Option<Addresses>>,
    offers: Groups<'a, Offer>,
    definitions: HashMap<&'a str, Node<'a>>,
    /// Groups whose members are ports of a protocol that the entry names.
    of_ports: HashMap<&'a str, ()>,
    names: HashMap<&'a str, IpAddr>,
}

impl<'a> Objects<'a> {
    /// Reads every object and group; one that stands twice is one.
    pub(super) fn read(device: &Device<'_, 'a>, dialect: Dialect) -> Objects<'a> {
        let mut objects = Objects::default();
        for node in device.root().children() {
            match (node.word(0), node.word(1)) {
                (Some("name"), Some(address)) => {
                    objects.names.extend(address.parse().ok().and_then(|address| Some((node.word(2)?, address))));
                }
                (Some("object"), Some("network")) => objects.network(node, 2, dialect),
                (Some("object"), Some("service")) => objects.service(node, 2),
                (Some("object-group"), Some("network")) => objects.network(node, 2, dialect),
                (Some("object-group"), Some("service" | "protocol")) => objects.service(node, 2),
                (Some("object-group"), Some("ip" | "ipv6")) if node.word(2) == Some("address") => objects.network(node, 3, dialect),
                (Some("object-group"), Some("ip" | "ipv6")) => objects.port_group(node),
                _ => {}
            }
        }
        objects
    }

    /// The block of an address or of a name of one.
    pub(super) fn host(&self, word: &str) -> Option<IpNet> {
        let address = word.parse().ok().or_else(|| self.names.get(word).copied())?;
        Some(IpNet::from(address))
    }

    /// Where a name is defined.
    pub(super) fn definition(&self, name: &str) -> Option<Node<'a>> {
        self.definitions.get(name).copied()
    }

    /// Whether a group holds ports of a protocol that the entry names.
    pub(super) fn holds_ports(&self, name: &str) -> bool {
        self.of_ports.contains_key(name)
    }

    /// The addresses of an object or group; none where they are not all known.
    pub(super) fn addresses(&mut self, name: &'a str) -> Option<Addresses> {
        let expansion = self.addresses.expand(name);
        if expansion.unresolved.is_some() {
            return None;
        }
        expansion.leaves.iter().try_fold(Addresses::none(), |all, one| Some(all.union(one.as_ref()?)))
    }

    /// The ports of a group; none where they are not all known.
    pub(super) fn ports(&mut self, name: &'a str) -> Option<Ports> {
        let expansion = self.offers.expand(name);
        if expansion.unresolved.is_some() {
            return None;
        }
        expansion
            .leaves
            .iter()
            .try_fold(Ports::none(), |all, one| if let Offer::Ports(ports) = one { Some(all.union(ports)) } else { None })
    }

    /// The services of an object or group; none where they are not all known.
    pub(super) fn services(&mut self, name: &'a str) -> Option<Vec<Service>> {
        let expansion = self.offers.expand(name);
        if expansion.unresolved.is_some() {
            return None;
        }
        let mut all = Vec::new();
        for one in &expansion.leaves {
            let Offer::Services(services) = one else { return None };
            all.extend_from_slice(services);
        }
        Some(all)
    }

    fn network(&mut self, node: Node<'a>, at: usize, dialect: Dialect) {
        let Some(name) = node.word(at) else { return };
        self.definitions.entry(name).or_insert(node);
        let mut members = Vec::new();
        for line in node.children() {
            let all: Vec<&'a str> = line.words().collect();
            let numbered = dialect == Dialect::Nxos && all.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            let all = &all[usize::from(numbered)..];
            match *all {
                ["description" | "nat" | "no", ..] | [] => {}
                ["group-object", name] | ["network-object", "object", name] => members.push(Member::Named(name)),
                ["network-object", "host", one] | ["host", one] => {
                    members.push(Member::Leaf(self.host(one).map(|block| Addresses::of([block]))));
                }
                ["network-object", ref rest @ ..] => members.push(Member::Leaf(self.masked(rest, dialect))),
                ref rest => members.push(Member::Leaf(self.masked(rest, dialect))),
            }
        }
        self.addresses.define(name, members);
    }

    /// Addresses whose first word may be a name.
    fn masked(&self, words: &[&str], dialect: Dialect) -> Option<Addresses> {
        let named = words.first().and_then(|word| self.names.get(word)).map(ToString::to_string);
        match (&named, words.get(1)) {
            (Some(address), Some(mask)) => endpoint::addresses(&[address, mask], dialect),
            _ => endpoint::addresses(words, dialect),
        }
    }

    fn service(&mut self, node: Node<'a>, at: usize) {
        let Some(name) = node.word(at) else { return };
        self.definitions.entry(name).or_insert(node);
        if node.word(1) == Some("service") && node.word(0) == Some("object-group") && node.word(at + 1).is_some() {
            self.of_ports.insert(name, ());
        }
        let mut members = Vec::new();
        for line in node.children() {
            let all: Vec<&'a str> = line.words().collect();
            let offer = match *all {
                ["description" | "no", ..] | [] => continue,
                ["group-object", name] | ["service-object", "object", name] => {
                    members.push(Member::Named(name));
                    continue;
                }
                ["port-object", ref rest @ ..] => match words::ports(rest) {
                    Some((Ok(ports), _)) => Offer::Ports(ports),
                    _ => Offer::Unclear,
                },
                ["service" | "service-object" | "protocol-object", ref rest @ ..] => {
                    endpoint::service(rest).map_or(Offer::Unclear, Offer::Services)
                }
                _ => Offer::Unclear,
            };
            members.push(Member::Leaf(offer));
        }
        self.offers.define(name, members);
    }

    fn port_group(&mut self, node: Node<'a>) {
        let Some(name) = node.word(3) else { return };
        self.definitions.entry(name).or_insert(node);
        self.of_ports.insert(name, ());
        let of = |line: Node<'a>| {
            let all: Vec<&'a str> = line.words().collect();
            let numbered = all.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            match words::ports(&all[usize::from(numbered)..]) {
                Some((Ok(ports), _)) => Member::Leaf(Offer::Ports(ports)),
                _ => Member::Leaf(Offer::Unclear),
            }
        };
        let members: Vec<Member<'a, Offer>> = node.children().map(of).collect();
        self.offers.define(name, members);
    }
}
