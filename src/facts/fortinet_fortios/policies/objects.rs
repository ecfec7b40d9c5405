//! Address and service objects of a VDOM, and groups of them, into what they stand for.

use std::net::IpAddr;

use super::super::{Entry, Forti, admins::network};
use crate::reckon::access_list::groups::{Groups, Member, Unresolved};
use crate::reckon::network::Addresses;

/// The objects of one VDOM.
pub(super) struct Objects<'a> {
    four: Groups<'a, Addresses>,
    six: Groups<'a, Addresses>,
    services: Groups<'a, Service>,
}

/// What names stand for.
pub(super) struct Named<'a> {
    /// Their union, without what only the network knows (host names, countries).
    pub addresses: Addresses,
    /// A name that is not defined, or is a member of itself.
    pub unresolved: Option<&'a str>,
}

/// The part of all traffic that a service object may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    /// Every protocol.
    All,
    /// Every port of TCP.
    AllTcp,
    /// Every port of UDP.
    AllUdp,
    /// Less than that.
    Some,
}

impl<'a> Objects<'a> {
    /// Reads them.
    pub(super) fn of(forti: &Forti<'_, 'a>, vdom: &str) -> Objects<'a> {
        let of = |section: &str| forti.entries(section).into_iter().filter(|entry| entry.vdom == vdom).collect::<Vec<_>>();
        let mut objects = Objects { four: Groups::default(), six: Groups::default(), services: Groups::default() };
        let kinds =
            [("config firewall address", "config firewall addrgrp", false), ("config firewall address6", "config firewall addrgrp6", true)];
        for (section, group, six) in kinds {
            let groups = if six { &mut objects.six } else { &mut objects.four };
            for entry in of(section) {
                groups.define(entry.name, [Member::Leaf(address(&entry, six))]);
            }
            for entry in of(group) {
                groups.define(entry.name, entry.values("member").values.into_iter().map(Member::Named));
            }
        }
        for entry in of("config firewall service custom") {
            objects.services.define(entry.name, services(&entry).into_iter().map(Member::Leaf));
        }
        for entry in of("config firewall service group") {
            objects.services.define(entry.name, entry.values("member").values.into_iter().map(Member::Named));
        }
        objects
    }

    /// What names of addresses stand for. `all` and `none` are built in.
    pub(super) fn addresses(&mut self, names: &[&'a str], six: bool) -> Named<'a> {
        let groups = if six { &mut self.six } else { &mut self.four };
        let mut named = Named { addresses: Addresses::none(), unresolved: None };
        for name in names {
            if *name == "all" {
                named.addresses = named.addresses.union(&if six { Addresses::any_six() } else { Addresses::any_four() });
                continue;
            }
            let expansion = groups.expand(name);
            for leaf in &expansion.leaves {
                named.addresses = named.addresses.union(leaf);
            }
            // `all` and `none` are there even where the configuration does not show them.
            match expansion.unresolved {
                Some(Unresolved::Undefined("all")) => {
                    named.addresses = named.addresses.union(&if six { Addresses::any_six() } else { Addresses::any_four() });
                }
                Some(Unresolved::Undefined("none")) | None => {}
                Some(Unresolved::Undefined(missing) | Unresolved::Cycle(missing) | Unresolved::TooMany(missing)) => {
                    named.unresolved = named.unresolved.or(Some(missing));
                }
            }
        }
        named
    }

    /// Whether names of services mean everything, and a name that is not defined. `ALL` is built in.
    pub(super) fn any_service(&mut self, names: &[&'a str]) -> (bool, Option<&'a str>) {
        let mut parts = Vec::new();
        let mut unresolved = None;
        for name in names {
            let expansion = self.services.expand(name);
            parts.extend(expansion.leaves.iter().copied());
            match expansion.unresolved {
                Some(Unresolved::Undefined("ALL")) => parts.push(Service::All),
                Some(Unresolved::Undefined("ALL_TCP")) => parts.push(Service::AllTcp),
                Some(Unresolved::Undefined("ALL_UDP")) => parts.push(Service::AllUdp),
                // Other built-in services are one protocol or one port.
                Some(Unresolved::Undefined(missing)) if missing.bytes().all(|byte| !byte.is_ascii_lowercase()) => {}
                Some(Unresolved::Undefined(missing) | Unresolved::Cycle(missing) | Unresolved::TooMany(missing)) => {
                    unresolved = unresolved.or(Some(missing));
                }
                None => {}
            }
        }
        let any = parts.contains(&Service::All) || (parts.contains(&Service::AllTcp) && parts.contains(&Service::AllUdp));
        (any, unresolved)
    }
}

/// The addresses of an object; nobody where only the network knows them. An object without an address is every address.
fn address(entry: &Entry<'_>, six: bool) -> Addresses {
    let kind = entry.value("type").map_or("ipmask", |(text, _)| text);
    let (block, everybody) = if six { ("ip6", Addresses::any_six()) } else { ("subnet", Addresses::any_four()) };
    match kind {
        "ipmask" | "ipprefix" | "interface-subnet" => {
            let values = entry.values(block).values;
            if values.is_empty() { everybody } else { network(&values).map_or(Addresses::none(), |block| Addresses::of([block])) }
        }
        "iprange" => {
            let end = |setting: &str| entry.value(setting).and_then(|(text, _)| text.parse::<IpAddr>().ok());
            match (end("start-ip"), end("end-ip")) {
                (Some(first), Some(last)) => Addresses::between(first, last),
                _ => Addresses::none(),
            }
        }
        "wildcard" if entry.value("wildcard").is_some_and(|_| entry.values("wildcard").values.last() == Some(&"0.0.0.0")) => everybody,
        _ => Addresses::none(),
    }
}

/// What a service object is part of.
fn services(entry: &Entry<'_>) -> Vec<Service> {
    let protocol = entry.value("protocol").map_or("TCP/UDP/SCTP", |(text, _)| text);
    if protocol == "IP" {
        let number = entry.value("protocol-number").map_or("0", |(text, _)| text);
        return vec![if number == "0" { Service::All } else { Service::Some }];
    }
    // `1-65535:1024-65535` names source ports behind the colon.
    let every = |setting: &str| {
        let range = |value: &&str| value.split(':').next().is_some_and(|ports| ["0-65535", "1-65535"].contains(&ports));
        entry.values(setting).values.iter().any(range)
    };
    let limited = entry.value("iprange").is_some_and(|(text, _)| text != "0.0.0.0") || entry.value("fqdn").is_some();
    let parts = [(every("tcp-portrange"), Service::AllTcp), (every("udp-portrange"), Service::AllUdp)];
    let mut found: Vec<Service> = parts.into_iter().filter(|(here, _)| *here && !limited).map(|(_, part)| part).collect();
    if found.is_empty() {
        found.push(Service::Some);
    }
    found
}
