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
    /// Its terms with what they say of sources, or what is not defined.
    terms: Result<Vec<(Entry<'a>, Vec<Node<'a>>)>, Why<'a>>,
}

impl Filter<'_> {
    /// Whether the loopback interface has one.
    pub(super) fn is_applied(&self) -> bool {
        !self.names.is_empty()
    }
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
        let terms = filter.terms.as_ref().map_err(|why| unknown(*why))?;
        let entries: Vec<Entry<'a>> = terms.iter().map(|(entry, _)| entry.clone()).collect();
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
        match through(device.host, &entries, &towards, Action::Deny) {
            Some(sources) if sources.surely == sources.possibly => {
                let permits = terms.iter().filter(|(entry, _)| entry.action == Action::Permit && concerns(entry, port));
                let shown = permits.flat_map(|(_, sources)| sources).take(SHOWN_MOST).map(|node| device.reference(*node));
                let evidence = evidence.iter().copied().chain(shown).collect();
                Ok((sources.surely, evidence))
            }
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
        let mut read = Ok(Vec::new());
        for (name, _) in &names {
            let of_family = self.root.at(&format!("firewall family {family} filter")).and_then(|filters| filters.at(name));
            let plain = self.root.at("firewall filter").and_then(|filters| filters.at(name)).filter(|_| !six);
            match (of_family.or(plain), &mut read) {
                (Some(node), Ok(read)) => {
                    let terms = node.at("term").into_iter().flat_map(Node::values);
                    read.extend(terms.map(|term| (self.term(term, six).entry, sources_of(term))));
                }
                (None, _) => read = Err(Why::new("not-defined", &UNDEFINED, name)),
                (_, Err(_)) => {}
            }
        }
        Filter { six, spoken, names, terms: read }
    }
}

/// The most lines about sources that are shown of one filter.
const SHOWN_MOST: usize = 16;

/// What a term says of the sources that it matches; the term itself where it says nothing.
fn sources_of<'a>(term: Node<'a>) -> Vec<Node<'a>> {
    let conditions = ["source-address", "source-prefix-list"].into_iter().filter_map(|name| term.at("from")?.at(name));
    let named: Vec<Node<'a>> = conditions.flat_map(Node::values).take(SHOWN_MOST).collect();
    if named.is_empty() { vec![term] } else { named }
}

/// Whether an entry is about connections to a TCP port.
fn concerns(entry: &Entry<'_>, port: u16) -> bool {
    const TCP: u8 = 6;
    entry.matching.services.iter().any(|service| {
        let (first, last) = service.protocols;
        (first..=last).contains(&TCP) && service.destination_ports.runs().iter().any(|(first, last)| (*first..=*last).contains(&port))
    })
}

/// A block of addresses; one address is a block of its own.
pub(super) fn block(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().map(|block| block.trunc()).or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}
