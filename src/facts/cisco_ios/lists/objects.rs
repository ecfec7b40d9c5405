//! Object groups into the addresses and services that they stand for; a group in itself or one that is not defined is not known.

use std::collections::HashMap;

use ipnet::IpNet;

use super::super::statements::Ios;
use super::words::{self, Protocol};
use crate::facts::Host;
use crate::facts::cisco_words::{host_block, masked_block};
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member};
use crate::reckon::access_list::{Ports, Service};
use crate::reckon::network::Addresses;

/// Every object group of a configuration, with what was expanded before.
///
/// What a name stands for is charged to the asset each time that an entry takes it over.
pub(super) struct Objects<'h, 'a> {
    host: &'h Host<'a>,
    addresses: Groups<'a, Option<Addresses>>,
    services: Groups<'a, Option<Vec<Service>>>,
    definitions: HashMap<&'a str, Node<'a>>,
    known: HashMap<&'a str, Option<Addresses>>,
    offered: HashMap<&'a str, Option<Vec<Service>>>,
}

impl<'h, 'a> Objects<'h, 'a> {
    /// Reads them; one that stands twice is one.
    pub(super) fn read(ios: &Ios<'h, 'a>) -> Objects<'h, 'a> {
        let mut objects = Objects {
            host: ios.device.host,
            addresses: Groups::default(),
            services: Groups::default(),
            definitions: HashMap::new(),
            known: HashMap::new(),
            offered: HashMap::new(),
        };
        for node in ios.all("object-group") {
            let (name, of_addresses) = match (node.word(1), node.word(2)) {
                (Some("network" | "v6-network"), Some(name)) => (name, true),
                (Some("service" | "v6-service"), Some(name)) => (name, false),
                (Some("ip" | "ipv6"), Some("address")) => (node.word(3).unwrap_or_default(), true),
                (Some(_), Some(name)) => {
                    // Groups of ports, tags or names are defined, and not known.
                    objects.definitions.entry(node.word(3).unwrap_or(name)).or_insert(node);
                    continue;
                }
                _ => continue,
            };
            objects.definitions.entry(name).or_insert(node);
            if of_addresses {
                objects.addresses.define(name, node.children().filter_map(network));
            } else {
                objects.services.define(name, node.children().filter_map(offer));
            }
        }
        objects
    }

    /// Where a name is defined.
    pub(super) fn definition(&self, name: &str) -> Option<Node<'a>> {
        self.definitions.get(name).copied()
    }

    /// The addresses of a group; none where they are not all known.
    pub(super) fn addresses(&mut self, name: &'a str) -> Option<Addresses> {
        if !self.known.contains_key(name) {
            let expansion = self.addresses.expand(name);
            let paid = self.host.spend(expansion.leaves.len() as u64) && expansion.unresolved.is_none();
            let leaves = expansion.leaves.iter().cloned().collect::<Option<Vec<_>>>();
            self.known.insert(name, leaves.filter(|_| paid).map(united));
        }
        let all = self.known.get(name)?.as_ref()?;
        let size = all.runs_four().len() + all.runs_six().len();
        self.host.spend(size as u64).then(|| all.clone())
    }

    /// The services of a group; none where they are not all known.
    pub(super) fn services(&mut self, name: &'a str) -> Option<Vec<Service>> {
        if !self.offered.contains_key(name) {
            let expansion = self.services.expand(name);
            let paid = self.host.spend(expansion.leaves.len() as u64) && expansion.unresolved.is_none();
            let leaves = expansion.leaves.iter().cloned().collect::<Option<Vec<_>>>();
            self.offered.insert(name, leaves.filter(|_| paid).map(|leaves| leaves.concat()));
        }
        let all = self.offered.get(name)?.as_ref()?;
        self.host.spend(all.len() as u64).then(|| all.clone())
    }
}

/// The union of sets, in pairs: each address is copied a few times, not once for each set.
fn united(mut sets: Vec<Addresses>) -> Addresses {
    while sets.len() > 1 {
        sets = sets.chunks(2).map(|pair| if let [one, other] = pair { one.union(other) } else { pair[0].clone() }).collect();
    }
    sets.pop().unwrap_or_else(Addresses::none)
}

/// A member of a group of addresses.
fn network(line: Node<'_>) -> Option<Member<'_, Option<Addresses>>> {
    let all: Vec<&str> = line.words().collect();
    let block = |block: Option<IpNet>| Some(Member::Leaf(block.map(|block| Addresses::of([block]))));
    match all[..] {
        [] | ["description" | "no", ..] => None,
        ["group-object", name] => Some(Member::Named(name)),
        ["host", one] => block(host_block(one)),
        ["any"] => Some(Member::Leaf(Some(Addresses::any()))),
        ["range", first, last] => {
            let ends = first.parse().ok().zip(last.parse().ok());
            Some(Member::Leaf(ends.map(|(first, last)| Addresses::between(first, last))))
        }
        [one] if one.contains('/') => block(one.parse::<IpNet>().ok().map(|it| it.trunc())),
        [one] => block(host_block(one)),
        [address, mask] => block(masked_block(address, mask)),
        _ => Some(Member::Leaf(None)),
    }
}

/// A member of a group of services: `tcp eq 22`, `udp source gt 1023 range 20 21`, `icmp echo`, `ospf`.
fn offer(line: Node<'_>) -> Option<Member<'_, Option<Vec<Service>>>> {
    let all: Vec<&str> = line.words().collect();
    match all[..] {
        [] | ["description" | "no", ..] => None,
        ["group-object", name] => Some(Member::Named(name)),
        [protocol, ref rest @ ..] => Some(Member::Leaf(service(protocol, rest))),
    }
}

fn service(protocol: &str, rest: &[&str]) -> Option<Vec<Service>> {
    let protocol = words::protocol(protocol)?;
    if matches!(protocol, Protocol::Icmp) {
        let (service, count) = words::messages(rest, false)?;
        return (count == rest.len()).then(|| vec![service]);
    }
    let (from, rest) = match rest {
        ["source", rest @ ..] => {
            let (ports, count) = words::ports(rest)?;
            (ports, &rest[count..])
        }
        rest => (Ports::any(), rest),
    };
    let rest = if let ["destination", rest @ ..] = rest { rest } else { rest };
    let (to, count) = words::ports(rest)?;
    (count == rest.len()).then_some(())?;
    protocol.services(&from, &to)
}
