//! Filters on the loopback interface into the sources that get through to the routing engine, and the rows of `junos-filters`.
//!
//! Terms are asked in order, those of an input list one filter after the other, and what no term matches is discarded (Junos Routing
//! Policy Guide, Understanding How Firewall Filters Are Evaluated); a term without an action accepts. Conditions of different kinds
//! must all hold, of one kind any; `except` takes addresses away from less specific ones.

use ipnet::IpNet;

use super::Junos;
use crate::facts::joined::access_rules::through;
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service};
use crate::reckon::network::Addresses;
use crate::schema::juniper::JUNOS_FILTERS;

static UNREADABLE: Phrase = Phrase {
    zh: "过滤器 {} 中有无法从配置确定的条件",
    en: "the filter {} has conditions that the configuration does not decide",
};
static UNDEFINED: Phrase = Phrase { zh: "过滤器 {} 没有定义", en: "the filter {} is not defined" };

/// The filter of one address family.
pub(super) struct Filter<'a> {
    six: bool,
    /// Whether an interface has an address of the family.
    spoken: bool,
    /// Its names and where they are applied.
    names: Vec<(&'a str, Node<'a>)>,
    /// Its terms, or what is not defined.
    entries: Result<Vec<Entry<'a>>, Why<'a>>,
}

impl<'a> Junos<'_, 'a> {
    /// Adds the rows, and gives the filters of both families.
    pub(super) fn push_filters(&self, tables: &mut Tables<'a>) -> Vec<Filter<'a>> {
        let filters = vec![self.filter("inet"), self.filter("inet6")];
        for filter in &filters {
            self.push_filter(tables, filter);
        }
        filters
    }

    fn push_filter(&self, tables: &mut Tables<'a>, filter: &Filter<'a>) {
        let shown = &self.shown;
        let sources = self.through(filter, 22);
        let everybody = if filter.six { Addresses::any_six() } else { Addresses::any_four() };
        let limits = match (filter.names.is_empty(), &sources) {
            (true, _) => shown.known_absence(Value::Boolean(false)),
            (false, Ok((addresses, evidence))) => {
                Cell::known(Value::Boolean(!addresses.covers(&everybody)), shown.device.host.evidence(evidence))
            }
            (false, Err(unknown)) => *unknown,
        };
        let sources = match sources {
            Ok((addresses, evidence)) => {
                let cell = Cell::known(shown.networks(&addresses), shown.device.host.evidence(&evidence));
                if filter.names.is_empty() { shown.unless_gap(cell) } else { cell }
            }
            Err(unknown) => unknown,
        };
        let cells = [
            ("family", Cell::known(Value::Word(if filter.six { "inet6" } else { "inet" }), &[])),
            ("spoken", if filter.spoken { Cell::known(Value::Boolean(true), &[]) } else { shown.known_absence(Value::Boolean(false)) }),
            ("filter", shown.texts(&filter.names)),
            ("ssh-sources", sources),
            ("limits-ssh", limits),
        ];
        shown.push(tables, &JUNOS_FILTERS, "", &cells);
    }

    /// Addresses from which new connections to a TCP port get through, over the families that are spoken.
    pub(super) fn reaching(&self, filters: &[Filter<'a>], port: u16) -> Cell<'a> {
        let mut addresses = Addresses::none();
        let mut evidence: Vec<Evidence<'a>> = Vec::new();
        let mut open = false;
        // Where no address is shown at all, both may be spoken.
        let none = filters.iter().all(|filter| !filter.spoken);
        for filter in filters.iter().filter(|filter| filter.spoken || none && !filter.six) {
            open |= filter.names.is_empty();
            match self.through(filter, port) {
                Ok((found, pieces)) => {
                    addresses = addresses.union(&found);
                    evidence.extend(pieces);
                }
                Err(unknown) => return unknown,
            }
        }
        let cell = Cell::known(self.shown.networks(&addresses), self.shown.device.host.evidence(&evidence));
        if open { self.shown.unless_gap(cell) } else { self.shown.device.unless_cut(cell) }
    }

    /// Names of the filters that limit who comes in; none where a family is open.
    pub(super) fn limits(&self, filters: &[Filter<'a>]) -> Cell<'a> {
        let spoken: Vec<&Filter<'a>> = filters.iter().filter(|filter| filter.spoken).collect();
        let open = spoken.is_empty() || spoken.iter().any(|filter| filter.names.is_empty());
        let names: Vec<(&'a str, Node<'a>)> = spoken.iter().flat_map(|filter| filter.names.clone()).collect();
        if open { self.shown.known_absence(self.shown.device.host.texts(&[])) } else { self.shown.texts(&names) }
    }

    /// What gets through one filter to a TCP port, with evidence.
    fn through(&self, filter: &Filter<'a>, port: u16) -> Result<(Addresses, Vec<Evidence<'a>>), Cell<'a>> {
        let device = &self.shown.device;
        let everybody = if filter.six { Addresses::any_six() } else { Addresses::any_four() };
        let evidence: Vec<Evidence<'a>> = match filter.names.is_empty() {
            true => vec![device.searched()],
            false => filter.names.iter().map(|(_, node)| device.decides(*node)).collect(),
        };
        if filter.names.is_empty() {
            return Ok((everybody, evidence));
        }
        let unknown = |why: Why<'a>| Cell::unknown(why, device.host.evidence(&evidence));
        let entries = filter.entries.as_ref().map_err(|why| unknown(*why))?;
        let towards = Matching {
            sources: everybody,
            destinations: if filter.six { Addresses::any_six() } else { Addresses::any_four() },
            services: vec![Service::tcp(Ports::only(port))],
            restrictions: vec![(Aspect::TcpFlags, vec!["syn"])],
            ..Matching::any()
        };
        let name = filter.names[0].0;
        if !device.host.spend(entries.len() as u64) {
            return Err(unknown(Why::budget_spent(name)));
        }
        match through(device.host, entries, &towards, Action::Deny) {
            Some(sources) if sources.surely == sources.possibly => Ok((sources.surely, evidence)),
            Some(_) => Err(unknown(Why::new("filter-not-decided", &UNREADABLE, name))),
            None => Err(unknown(Why::budget_spent(name))),
        }
    }

    /// The filter of a family.
    fn filter(&self, family: &str) -> Filter<'a> {
        let six = family == "inet6";
        let units =
            self.values("interfaces").into_iter().flat_map(|(_, interface)| interface.at("unit").into_iter().flat_map(Node::values));
        let spoken = units.filter_map(|unit| unit.at("family")?.at(family)).any(|node| {
            let addressed = node.at("address").is_some() || node.at("dhcp").is_some() || node.at("unnumbered-address").is_some();
            addressed || node.at("dhcp-client").is_some()
        });
        let applied = self.root.at(&format!("interfaces lo0 unit 0 family {family} filter"));
        let list = applied.and_then(|node| node.at("input-list")).into_iter().flat_map(Node::values);
        let single = applied.and_then(|node| node.value("input"));
        let names: Vec<(&'a str, Node<'a>)> = single.into_iter().chain(list).map(|node| (node.text(), node)).collect();
        let mut entries = Ok(Vec::new());
        for (name, _) in &names {
            let of_family = self.root.at(&format!("firewall family {family} filter")).and_then(|filters| filters.at(name));
            let plain = self.root.at("firewall filter").and_then(|filters| filters.at(name)).filter(|_| !six);
            match (of_family.or(plain), &mut entries) {
                (Some(node), Ok(entries)) => {
                    let terms = node.at("term").into_iter().flat_map(Node::values);
                    entries.extend(terms.map(|term| self.entry(term, six)));
                }
                (None, _) => entries = Err(Why::new("not-defined", &UNDEFINED, name)),
                (_, Err(_)) => {}
            }
        }
        Filter { six, spoken, names, entries }
    }

    /// A term.
    fn entry(&self, term: Node<'a>, six: bool) -> Entry<'a> {
        let everybody = || if six { Addresses::any_six() } else { Addresses::any_four() };
        let mut matching = Matching { sources: everybody(), destinations: everybody(), ..Matching::any() };
        let conditions: Vec<Node<'a>> = term.at("from").into_iter().flat_map(Node::values).collect();
        let has = |name: &str| conditions.iter().any(|node| node.text() == name);
        if has("source-address") || has("source-prefix-list") {
            self.narrow(&conditions, ["source-address", "source-prefix-list"], &mut matching, true);
        }
        if has("destination-address") || has("destination-prefix-list") {
            self.narrow(&conditions, ["destination-address", "destination-prefix-list"], &mut matching, false);
        }
        services(&conditions, &mut matching);
        for condition in &conditions {
            match condition.text() {
                "source-address" | "source-prefix-list" | "destination-address" | "destination-prefix-list" => {}
                "protocol" | "next-header" | "payload-protocol" | "destination-port" | "source-port" => {}
                "tcp-established" => matching.restrictions.push((Aspect::TcpFlags, vec!["ack", "rst"])),
                "tcp-initial" => matching.restrictions.push((Aspect::TcpFlags, vec!["syn"])),
                // Either address or either port: not one side of a box.
                "address" | "prefix-list" | "port" | "tcp-flags" | "fragment-flags" => matching.exact = false,
                other => matching.also.push(other),
            }
        }
        Entry::new(action(term), matching)
    }

    /// Narrows one side to addresses and prefix lists, of which any may hold.
    fn narrow(&self, conditions: &[Node<'a>], names: [&str; 2], matching: &mut Matching<'a>, sources: bool) {
        let mut blocks: Vec<(IpNet, bool)> = Vec::new();
        let of = |name: &str| conditions.iter().find(|node| node.text() == name).into_iter().flat_map(|node| node.values());
        let excepted = |node: Node<'a>| node.at("except").is_some();
        let mut clear = true;
        for node in of(names[0]) {
            match block(node.text()) {
                Some(found) => blocks.push((found, !excepted(node))),
                None => clear = false,
            }
        }
        for node in of(names[1]) {
            let list = self.root.at("policy-options prefix-list").and_then(|lists| lists.at(node.text()));
            let entries: Vec<Node<'a>> = list.into_iter().flat_map(Node::values).collect();
            clear &= list.is_some() && entries.iter().all(|entry| block(entry.text()).is_some());
            blocks.extend(entries.iter().filter_map(|entry| Some((block(entry.text())?, !excepted(node)))));
        }
        // The most specific entry decides about an address.
        blocks.sort_by_key(|(block, _)| block.prefix_len());
        let mut addresses = Addresses::none();
        for (block, included) in &blocks {
            let one = Addresses::of([*block]);
            addresses = if *included { addresses.union(&one) } else { addresses.subtract(&one) };
        }
        let side = if sources { &mut matching.sources } else { &mut matching.destinations };
        if clear && blocks.iter().any(|(_, included)| *included) {
            *side = side.intersection(&addresses);
        } else {
            matching.exact = false;
        }
    }
}

/// What a term does: a modifier alone accepts.
fn action(term: Node<'_>) -> Action {
    let Some(then) = term.at("then") else { return Action::Permit };
    let has = |name: &str| then.at(name).is_some();
    match () {
        () if has("next term") || then.at("next").is_some() => Action::Other,
        () if has("discard") || has("reject") => Action::Deny,
        () => Action::Permit,
    }
}

/// Narrows to protocols and ports.
fn services(conditions: &[Node<'_>], matching: &mut Matching<'_>) {
    let of = |name: &str| conditions.iter().find(|node| node.text() == name);
    let mut protocols: Vec<u8> = Vec::new();
    let mut named = false;
    for condition in ["protocol", "next-header", "payload-protocol"].iter().filter_map(|name| of(name)) {
        named = true;
        for node in condition.values() {
            match protocol(node.text()) {
                Some(number) => protocols.push(number),
                None => matching.exact = false,
            }
        }
    }
    let mut ports = |name: &str| {
        let nodes: Vec<Node<'_>> = of(name)?.values().collect();
        let runs: Vec<Option<Ports>> = nodes.iter().map(|node| port(node.text())).collect();
        matching.exact &= runs.iter().all(Option::is_some);
        Some(runs.into_iter().flatten().collect::<Vec<Ports>>())
    };
    let (to, from) = (ports("destination-port"), ports("source-port"));
    let every = || vec![Ports::any()];
    let (to_all, from_all) = (to.clone().unwrap_or_else(every), from.clone().unwrap_or_else(every));
    let bases: Vec<Service> = match (named, to.is_some() || from.is_some()) {
        (true, _) => protocols.into_iter().map(Service::protocol).collect(),
        // Ports without a protocol are looked for in every packet; only these two have them here.
        (false, true) => vec![Service::tcp(Ports::any()), Service::udp(Ports::any())],
        (false, false) => vec![Service::any()],
    };
    matching.services = bases
        .iter()
        .flat_map(|base| to_all.iter().map(move |to| Service { destination_ports: to.clone(), ..base.clone() }))
        .flat_map(|base| from_all.iter().map(move |from| base.clone().from(from.clone())).collect::<Vec<_>>())
        .collect();
}

/// The number of a protocol.
fn protocol(name: &str) -> Option<u8> {
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
fn port(text: &str) -> Option<Ports> {
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

/// A block of addresses; one address is a block of its own.
pub(super) fn block(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().map(|block| block.trunc()).or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}
