//! Address and service objects of a VDOM, and groups of them, into what they stand for.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use super::super::{Entry, Forti, admins::network};
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member, Unresolved};
use crate::reckon::access_list::{Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// Objects of one kind by name, and where each is defined.
struct Named<'a, T> {
    groups: Groups<'a, T>,
    heads: HashMap<&'a str, Node<'a>>,
}

impl<T> Default for Named<'_, T> {
    fn default() -> Self {
        Named { groups: Groups::default(), heads: HashMap::new() }
    }
}

impl<'a, T: Clone> Named<'a, T> {
    fn define(&mut self, entry: &Entry<'a>, members: impl IntoIterator<Item = Member<'a, T>>) {
        self.heads.insert(entry.name, entry.head());
        self.groups.define(entry.name, members);
    }

    /// Defines what is there even where the configuration does not show it.
    fn define_built_in(&mut self, name: &'a str, members: impl IntoIterator<Item = Member<'a, T>>) {
        if !self.heads.contains_key(name) {
            self.groups.define(name, members);
        }
    }
}

/// The objects of one VDOM.
pub(super) struct Objects<'a> {
    four: Named<'a, Part<Addresses>>,
    six: Named<'a, Part<Addresses>>,
    services: Named<'a, Part<Service>>,
}

/// What one object is: a part of all traffic, or something that only the network or the vendor's database knows.
#[derive(Clone, Debug)]
enum Part<T> {
    /// Exactly this.
    Is(T),
    /// A host name, a country, a mapped address, ports of one host: less than everything.
    Elsewhere,
}

/// What names stand for together.
pub(super) struct Meaning<'a, T> {
    /// What is known of it.
    pub parts: T,
    /// A name that is not defined, or is a member of itself.
    pub unresolved: Option<&'a str>,
    /// A name of which only the network or the vendor's database knows what it is.
    pub elsewhere: Option<&'a str>,
    /// Where the names are defined.
    pub heads: Vec<Node<'a>>,
}

/// Sections of objects that stand where addresses do and are none of this configuration's addresses.
const ELSEWHERE_FOUR: [&str; 6] = [
    "config firewall vip",
    "config firewall vipgrp",
    "config firewall vip64",
    "config firewall vipgrp64",
    "config firewall multicast-address",
    "config system external-resource",
];
const ELSEWHERE_SIX: [&str; 6] = [
    "config firewall vip6",
    "config firewall vipgrp6",
    "config firewall vip46",
    "config firewall vipgrp46",
    "config firewall multicast-address6",
    "config system external-resource",
];

impl<'a> Objects<'a> {
    /// Reads them.
    pub(super) fn of(forti: &Forti<'_, 'a>, vdom: &'a str) -> Objects<'a> {
        let of = |section: &str| forti.entries_in(section, vdom);
        let mut objects = Objects { four: Named::default(), six: Named::default(), services: Named::default() };
        let kinds = [
            ("config firewall address", "config firewall addrgrp", ELSEWHERE_FOUR, false),
            ("config firewall address6", "config firewall addrgrp6", ELSEWHERE_SIX, true),
        ];
        for (section, group, elsewhere, six) in kinds {
            let named = if six { &mut objects.six } else { &mut objects.four };
            for entry in elsewhere.iter().flat_map(|section| of(section)) {
                named.define(&entry, [Member::Leaf(Part::Elsewhere)]);
            }
            for entry in of(section) {
                named.define(&entry, [Member::Leaf(address(&entry, six))]);
            }
            for entry in of(group) {
                // What a group excludes is not worked out: it is less than everything.
                let excluding = entry.says("exclude", "enable");
                let members = entry.values("member").values.into_iter().filter(|_| !excluding).map(Member::Named);
                named.define(&entry, members.chain(excluding.then_some(Member::Leaf(Part::Elsewhere))));
            }
            let everybody = if six { Addresses::any_six() } else { Addresses::any_four() };
            named.define_built_in("all", [Member::Leaf(Part::Is(everybody))]);
            named.define_built_in("none", [Member::Leaf(Part::Is(Addresses::none()))]);
        }
        for entry in of("config firewall service custom") {
            objects.services.define(&entry, services(&entry).into_iter().map(Member::Leaf));
        }
        for entry in of("config firewall service group") {
            objects.services.define(&entry, entry.values("member").values.into_iter().map(Member::Named));
        }
        for (name, parts) in PREDEFINED {
            objects.services.define_built_in(name, parts().into_iter().map(|part| Member::Leaf(Part::Is(part))));
        }
        objects
    }

    /// What names of addresses stand for. `all` and `none` are built in.
    pub(super) fn addresses(&mut self, names: &[&'a str], six: bool) -> Meaning<'a, Addresses> {
        let named = if six { &mut self.six } else { &mut self.four };
        let mut meaning = Meaning { parts: Addresses::none(), unresolved: None, elsewhere: None, heads: Vec::new() };
        for name in names {
            let expansion = named.groups.expand(name);
            for leaf in &expansion.leaves {
                match leaf {
                    Part::Is(addresses) => meaning.parts = meaning.parts.union(addresses),
                    Part::Elsewhere => meaning.elsewhere = meaning.elsewhere.or(Some(name)),
                }
            }
            meaning.unresolved = meaning.unresolved.or(expansion.unresolved.map(missing));
            meaning.heads.extend(named.heads.get(name));
        }
        meaning
    }

    /// What names of services stand for. A predefined service that is not shown and not known here is one protocol or some ports.
    pub(super) fn services(&mut self, names: &[&'a str]) -> Meaning<'a, Vec<Service>> {
        let mut meaning = Meaning { parts: Vec::new(), unresolved: None, elsewhere: None, heads: Vec::new() };
        for name in names {
            let expansion = self.services.groups.expand(name);
            for leaf in &expansion.leaves {
                match leaf {
                    Part::Is(service) => meaning.parts.push(service.clone()),
                    Part::Elsewhere => meaning.elsewhere = meaning.elsewhere.or(Some(name)),
                }
            }
            match expansion.unresolved {
                Some(Unresolved::Undefined(missing)) if missing.bytes().all(|byte| !byte.is_ascii_lowercase()) => {
                    meaning.elsewhere = meaning.elsewhere.or(Some(missing));
                }
                unresolved => meaning.unresolved = meaning.unresolved.or(unresolved.map(missing)),
            }
            meaning.heads.extend(self.services.heads.get(name));
        }
        meaning
    }

    /// Whether names of services mean everything, and a name that is not defined.
    pub(super) fn any_service(&mut self, names: &[&'a str]) -> (bool, Option<&'a str>) {
        let meaning = self.services(names);
        let whole = |protocol: u8| {
            let of = meaning.parts.iter().filter(|part| part.protocols == (protocol, protocol) && part.source_ports.is_any());
            of.fold(Ports::none(), |sum, part| sum.union(&part.destination_ports)).is_any()
        };
        (meaning.parts.iter().any(Service::is_any) || whole(6) && whole(17), meaning.unresolved)
    }

    /// Where a name of an address or service is defined; the outer none where it is not.
    pub(super) fn definition(&mut self, name: &'a str, kind: Kind) -> Option<Option<Node<'a>>> {
        let (heads, known) = match kind {
            Kind::Four => (&self.four.heads, ["all", "none"].contains(&name)),
            Kind::Six => (&self.six.heads, ["all", "none"].contains(&name)),
            Kind::Service => (&self.services.heads, name.bytes().all(|byte| !byte.is_ascii_lowercase())),
        };
        heads.get(name).map(|node| Some(*node)).or(known.then_some(None))
    }
}

/// Which objects a name is looked for among.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Addresses of IPv4.
    Four,
    /// Addresses of IPv6.
    Six,
    /// Services.
    Service,
}

/// The name at which an expansion ends.
fn missing(unresolved: Unresolved<'_>) -> &str {
    match unresolved {
        Unresolved::Undefined(name) | Unresolved::Cycle(name) | Unresolved::TooMany(name) => name,
    }
}

/// The addresses of an object. An object without an address is every address, as `all` is written.
fn address(entry: &Entry<'_>, six: bool) -> Part<Addresses> {
    let kind = entry.value("type").map_or("ipmask", |(text, _)| text);
    let (block, everybody) = if six { ("ip6", Addresses::any_six()) } else { ("subnet", Addresses::any_four()) };
    let found = match kind {
        "ipmask" | "ipprefix" | "interface-subnet" => {
            let values = entry.values(block).values;
            match (values.is_empty(), kind) {
                (true, "interface-subnet") => None,
                (true, _) => Some(everybody),
                (false, _) => network(&values).map(|block| Addresses::of([block])),
            }
        }
        "iprange" => {
            let end = |setting: &str| entry.value(setting).and_then(|(text, _)| text.parse::<IpAddr>().ok());
            end("start-ip").zip(end("end-ip")).map(|(first, last)| Addresses::between(first, last))
        }
        "wildcard" => scattered(&entry.values("wildcard").values),
        _ => None,
    };
    found.map_or(Part::Elsewhere, Part::Is)
}

/// An address with a mask of which each set bit must agree.
fn scattered(words: &[&str]) -> Option<Addresses> {
    let [address, mask] = words else { return None };
    let (address, mask): (Ipv4Addr, Ipv4Addr) = (address.parse().ok()?, mask.parse().ok()?);
    wildcard(address, Ipv4Addr::from_bits(!mask.to_bits()))
}

/// What a service object is.
fn services(entry: &Entry<'_>) -> Vec<Part<Service>> {
    let limited = entry.value("iprange").is_some_and(|(text, _)| text != "0.0.0.0")
        || entry.value("fqdn").is_some_and(|(text, _)| !text.is_empty())
        || entry.value("app-service-type").is_some_and(|(text, _)| text != "disable");
    if limited {
        return vec![Part::Elsewhere];
    }
    let number = |setting: &str| entry.value(setting).map(|(text, _)| text.parse::<u8>().ok());
    let found = match entry.value("protocol").map_or("TCP/UDP/SCTP", |(text, _)| text) {
        "IP" => vec![match number("protocol-number") {
            None | Some(Some(0)) => Some(Service::any()),
            Some(number) => number.map(Service::protocol),
        }],
        "ALL" => vec![Some(Service::any())],
        protocol @ ("ICMP" | "ICMP6") => {
            let message = if protocol == "ICMP" { Service::icmp } else { Service::icmp_six };
            vec![match (number("icmptype"), number("icmpcode")) {
                (None, _) => Some(Service::protocol(if protocol == "ICMP" { 1 } else { 58 })),
                (Some(kind), None) => kind.map(|kind| message(kind, None)),
                (Some(kind), Some(code)) => kind.zip(code).map(|(kind, code)| message(kind, Some(code))),
            }]
        }
        _ => [("tcp-portrange", 6), ("udp-portrange", 17), ("sctp-portrange", 132)]
            .iter()
            .flat_map(|(setting, protocol)| entry.values(setting).values.into_iter().map(|text| ports(text, *protocol)))
            .collect(),
    };
    if found.is_empty() {
        return vec![Part::Elsewhere];
    }
    found.into_iter().map(|service| service.map_or(Part::Elsewhere, Part::Is)).collect()
}

/// `443`, `8000-8080`, `1-65535:1024-65535` (source ports behind the colon). Nothing is sent to port 0, so that 1 to 65535 is every port.
fn ports(text: &str, protocol: u8) -> Option<Service> {
    let run = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
        Some(if first <= 1 && last == u16::MAX { Ports::any() } else { Ports::between(first, last) })
    };
    let (to, from) = text.split_once(':').map_or((text, None), |(to, from)| (to, Some(from)));
    let from = from.map_or(Some(Ports::any()), run)?;
    Some(Service { destination_ports: run(to)?, source_ports: from, ..Service::protocol(protocol) })
}

/// A name and what makes the services that it stands for.
type Predefined = (&'static str, fn() -> Vec<Service>);

/// Predefined services that are there even where the configuration does not show them.
const PREDEFINED: &[Predefined] = &[
    ("ALL", || vec![Service::any()]),
    ("ALL_ICMP", || vec![Service::protocol(1)]),
    ("ALL_ICMP6", || vec![Service::protocol(58)]),
    ("ALL_TCP", || vec![Service::tcp(Ports::any())]),
    ("ALL_UDP", || vec![Service::udp(Ports::any())]),
    ("DNS", || vec![Service::tcp(Ports::only(53)), Service::udp(Ports::only(53))]),
    ("FTP", || vec![Service::tcp(Ports::only(21))]),
    ("HTTP", || vec![Service::tcp(Ports::only(80))]),
    ("HTTPS", || vec![Service::tcp(Ports::only(443))]),
    ("PING", || vec![Service::icmp(8, None)]),
    ("RDP", || vec![Service::tcp(Ports::only(3389))]),
    ("SMTP", || vec![Service::tcp(Ports::only(25))]),
    ("SSH", || vec![Service::tcp(Ports::only(22))]),
    ("SYSLOG", || vec![Service::udp(Ports::only(514))]),
    ("TELNET", || vec![Service::tcp(Ports::only(23))]),
];
