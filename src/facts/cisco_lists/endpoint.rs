//! The words of an entry into its protocol and its two sides.

use ipnet::IpNet;

use super::super::cisco_words::{host_block, masked_block};
use super::Dialect;
use super::objects::Objects;
use super::words::{self, Protocol};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// One side of an entry.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub addresses: Addresses,
    pub ports: Ports,
    /// Whether the addresses are exactly those.
    pub exact: bool,
    /// Whether the ports are exactly those.
    pub services_exact: bool,
}

/// The words of an entry, taken one by one.
pub(super) struct Cursor<'w, 'a> {
    pub words: &'w [&'a str],
    pub at: usize,
    pub dialect: Dialect,
    /// A list of IPv6 alone.
    pub six: bool,
    pub references: Vec<Node<'a>>,
}

impl<'a> Cursor<'_, 'a> {
    pub(super) fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    /// The protocol; none where it is not understood.
    pub(super) fn protocol(&mut self, objects: &mut Objects<'a>) -> Option<Protocol> {
        let word = self.next()?;
        if word != "object" && word != "object-group" {
            return words::protocol(word);
        }
        let name = self.next()?;
        self.references.extend(objects.definition(name));
        objects.services(name).map(Protocol::Services)
    }

    /// Every address that the list sees.
    pub(super) fn any(&self) -> Side {
        let addresses = match self.dialect {
            Dialect::Asa => Addresses::any(),
            Dialect::Nxos if self.six => Addresses::any_six(),
            Dialect::Nxos => Addresses::any_four(),
        };
        Side { addresses, ports: Ports::any(), exact: true, services_exact: true }
    }

    /// Addresses, and ports where they may follow.
    pub(super) fn side(&mut self, objects: &mut Objects<'a>, with_ports: bool) -> Side {
        let mut side = self.any();
        match self.addresses(objects) {
            Some(addresses) => side.addresses = addresses,
            None => side.exact = false,
        }
        if with_ports {
            self.ports(objects, &mut side);
        }
        side
    }

    fn addresses(&mut self, objects: &mut Objects<'a>) -> Option<Addresses> {
        let word = self.next()?;
        match word {
            "any" => Some(self.any().addresses),
            "any4" => Some(Addresses::any_four()),
            "any6" => Some(Addresses::any_six()),
            "host" => Some(Addresses::of([objects.host(self.next()?)?])),
            "object" | "object-group" | "addrgroup" => {
                let name = self.next()?;
                self.references.extend(objects.definition(name));
                objects.addresses(name)
            }
            "interface" => {
                self.next();
                None
            }
            // Users and security groups come before the addresses and narrow them.
            "user" | "user-group" | "object-group-user" | "security-group" | "object-group-security" => {
                self.next();
                self.addresses(objects);
                None
            }
            word => self.block(word, objects),
        }
    }

    /// `10.0.0.0/8`, or an address and the mask of the dialect.
    fn block(&mut self, word: &str, objects: &Objects<'a>) -> Option<Addresses> {
        if word.contains('/') {
            return word.parse::<IpNet>().ok().map(|block| Addresses::of([block.trunc()]));
        }
        let mask = self.peek().filter(|mask| mask.contains('.') && mask.parse::<std::net::Ipv4Addr>().is_ok());
        let address = objects.host(word)?;
        let Some(mask) = mask else { return Some(Addresses::of([address])) };
        self.at += 1;
        let address = address.addr().to_string();
        match self.dialect {
            Dialect::Asa => masked_block(&address, mask).map(|block| Addresses::of([block])),
            Dialect::Nxos => wildcard(address.parse().ok()?, mask.parse().ok()?),
        }
    }

    fn ports(&mut self, objects: &mut Objects<'a>, side: &mut Side) {
        if let Some((ports, count)) = words::ports(&self.words[self.at.min(self.words.len())..]) {
            self.at += count;
            match ports {
                Ok(ports) => side.ports = ports,
                Err(()) => side.services_exact = false,
            }
            return;
        }
        let group = match (self.peek(), self.words.get(self.at + 1).copied()) {
            (Some("portgroup"), Some(name)) => name,
            // Behind a source an `object-group` is the destination unless it holds ports.
            (Some("object-group"), Some(name)) if objects.holds_ports(name) => name,
            _ => return,
        };
        self.at += 2;
        self.references.extend(objects.definition(group));
        match objects.ports(group) {
            Some(ports) => side.ports = ports,
            None => side.services_exact = false,
        }
    }
}

/// The service of `service tcp destination eq 443`, `service-object udp`, `service-object icmp`.
pub(super) fn service(words: &[&str]) -> Option<Vec<Service>> {
    let protocol = words::protocol(words.first()?)?;
    let (mut from, mut to) = (Ports::any(), Ports::any());
    let mut at = 1;
    while at < words.len() {
        let side = match words[at] {
            "source" => &mut from,
            "destination" => &mut to,
            "eq" | "gt" | "lt" | "neq" | "range" => {
                let (ports, count) = words::ports(&words[at..])?;
                to = ports.ok()?;
                at += count;
                continue;
            }
            // A type of ICMP.
            _ => return None,
        };
        let (ports, count) = words::ports(&words[at + 1..])?;
        *side = ports.ok()?;
        at += 1 + count;
    }
    let to = Side { addresses: Addresses::none(), ports: to, exact: true, services_exact: true };
    protocol.services(&from, &to)
}

/// The block of `host 10.0.0.1`, `subnet 10.0.0.0 255.0.0.0`, `10.0.0.0 0.255.255.255`, `10.0.0.0/8`, `range A B`.
pub(super) fn addresses(words: &[&str], dialect: Dialect) -> Option<Addresses> {
    let words = if words.first() == Some(&"subnet") { &words[1..] } else { words };
    match *words {
        ["host", address] => host_block(address).map(|block| Addresses::of([block])),
        ["range", first, last] => Some(Addresses::between(first.parse().ok()?, last.parse().ok()?)),
        [block] if block.contains('/') => block.parse::<IpNet>().ok().map(|block| Addresses::of([block.trunc()])),
        [address, mask] if dialect == Dialect::Asa => masked_block(address, mask).map(|block| Addresses::of([block])),
        [address, mask] => wildcard(address.parse().ok()?, mask.parse().ok()?),
        _ => None,
    }
}
