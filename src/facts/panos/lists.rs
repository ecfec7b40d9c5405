//! Security rules, merged in the order in which a packet meets them, into rows of `access-rules`.
//!
//! A service `application-default` is the ports of the rule's applications, which the configuration does not hold: a condition of its
//! own, never any service. Regions, external lists, host names and dynamic groups are not resolvable here: the side stays as wide as it
//! can be, and the entry is not exact.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::joined::access_rules::{Line, List, Part, push_rows};
use super::super::{Cell, Tables, Why};
use super::layout::Panos;
use super::rules::{Rule, merged};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member};
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service};
use crate::reckon::network::Addresses;

static UNRESOLVED: Phrase = Phrase {
    zh: "{} 在静态配置中无法解析（域名、地区、外部列表、动态组或未定义）",
    en: "{} cannot be resolved at rest: a host name, region, external list, dynamic group, or not defined",
};
static HIERARCHY: Phrase = Phrase {
    zh: "设备组 {} 的上级不在配置中，其规则的顺序未知",
    en: "what stands above the device group {} is not in the configuration, so that the order of its rules is not known",
};

/// Objects of a place and of all places above it.
pub(super) struct Objects<'a> {
    addresses: Groups<'a, Option<Addresses>>,
    services: Groups<'a, Option<Service>>,
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let places: &[(&'a str, Node<'a>)] = if panos.is_panorama { &panos.groups } else { &panos.systems };
    let mut lists = Vec::new();
    for (name, place) in places {
        let mut objects = objects(panos, Some(*place), &super::rules::inherited(panos, Some(*place)));
        let lines = merged(panos, name, *place).iter().filter_map(|rule| line(panos, rule, &mut objects)).collect();
        let mut list = List::new(name, lines);
        list.tells_applications = true;
        list.uses = Ok(vec![("firewall", panos.device.span(*place))]);
        if panos.is_panorama && places.len() > 1 && !has_hierarchy(panos) {
            list.order_unknown = Some(Why::new("hierarchy-not-shown", &HIERARCHY, name));
        }
        lists.push(list);
    }
    push_rows(panos.device.host, tables, super::PRODUCT.name, &lists);
}

/// Whether the part that names the parents of device groups was captured.
fn has_hierarchy(panos: &Panos<'_, '_>) -> bool {
    panos.tops.iter().any(|top| top.at("readonly devices").is_some())
}

/// Named objects: those of the place itself win over those of the groups above it, and these over shared ones of the same name.
pub(super) fn objects<'a>(panos: &Panos<'_, 'a>, place: Option<Node<'a>>, above: &[Node<'a>]) -> Objects<'a> {
    let mut objects = Objects { addresses: Groups::default(), services: Groups::default() };
    let mut known: Vec<&'a str> = Vec::new();
    let shared = ["shared", "panorama"].iter().flat_map(|name| panos.tops.iter().filter_map(move |top| top.at(name)));
    for at in place.into_iter().chain(above.iter().copied()).chain(shared) {
        let mut own: Vec<&'a str> = Vec::new();
        let mut each = |list: &str, add: &mut dyn FnMut(&'a str, Node<'a>)| {
            for entry in at.at(list).into_iter().flat_map(Node::values) {
                let name = panos.text(entry);
                if known.binary_search(&name).is_err() {
                    add(name, entry);
                    own.push(name);
                }
            }
        };
        each("address", &mut |name, entry| objects.addresses.define(name, [Member::Leaf(address(entry))]));
        each("address-group", &mut |name, entry| match entry.at("static") {
            Some(members) => objects.addresses.define(name, members.values().map(|it| Member::Named(panos.text(it)))),
            None => objects.addresses.define(name, [Member::Leaf(None)]),
        });
        each("service", &mut |name, entry| objects.services.define(name, services(entry).into_iter().map(Member::Leaf)));
        each("service-group", &mut |name, entry| {
            let members = entry.at("members").into_iter().flat_map(Node::values);
            objects.services.define(name, members.map(|it| Member::Named(panos.text(it))));
        });
        known.extend(own);
        known.sort_unstable();
    }
    objects
}

/// The addresses of an object; none where it is a host name or a mask of scattered bits.
fn address(entry: Node<'_>) -> Option<Addresses> {
    if let Some(value) = entry.value("ip-netmask") {
        return literal(value.text());
    }
    let (first, last) = entry.value("ip-range")?.text().split_once('-')?;
    Some(Addresses::between(first.trim().parse().ok()?, last.trim().parse().ok()?))
}

/// An address, a network or a range as it may stand in a rule.
fn literal(text: &str) -> Option<Addresses> {
    if let Some((first, last)) = text.split_once('-') {
        return Some(Addresses::between(first.parse().ok()?, last.parse().ok()?));
    }
    let block = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(Addresses::of([block]))
}

/// The protocols and ports of an object.
fn services(entry: Node<'_>) -> Vec<Option<Service>> {
    let protocols = entry.at("protocol").into_iter().flat_map(Node::values);
    protocols
        .map(|protocol| {
            let ports = ports(protocol.value("port")?.text())?;
            let from = protocol.value("source-port").map_or(Some(Ports::any()), |it| self::ports(it.text()))?;
            match protocol.text() {
                "tcp" => Some(Service::tcp(ports).from(from)),
                "udp" => Some(Service::udp(ports).from(from)),
                _ => None,
            }
        })
        .collect()
}

/// Ports and ranges with commas.
fn ports(text: &str) -> Option<Ports> {
    text.split(',').try_fold(Ports::none(), |sum, piece| {
        let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
        Some(sum.union(&Ports::between(first.trim().parse().ok()?, last.trim().parse().ok()?)))
    })
}

/// One rule as an entry; none for a predefined rule, whose zones are those that no other rule names.
fn line<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, objects: &mut Objects<'a>) -> Option<Line<'a>> {
    let node = rule.node.filter(|_| !rule.predefined)?;
    let mut unclear: Vec<(Part, Why<'a>)> = Vec::new();
    let mut side = |path: &str, negation: &str, part: Part| {
        let (set, open) = addresses(panos, node, path, objects);
        let negated = node.value(negation).is_some_and(|it| it.text() == "yes");
        if let Some(name) = open {
            unclear.push((part, Why::new("unresolved", &UNRESOLVED, name)));
            return Addresses::any();
        }
        if negated { Addresses::any().subtract(&set) } else { set }
    };
    let sources = side("source", "negate-source", Part::Sources);
    let destinations = side("destination", "negate-destination", Part::Destinations);
    let mut matching = Matching { sources, destinations, ..Matching::any() };
    service(panos, node, objects, &mut matching, &mut unclear);
    restrict(panos, node, &mut matching);
    matching.timed = node.at("schedule").is_some();
    matching.exact = unclear.is_empty();
    let action = match node.value("action").map(Node::text) {
        Some("allow") => Action::Permit,
        Some("deny" | "drop" | "reset-both" | "reset-client" | "reset-server") => Action::Deny,
        _ => return Some(unreadable(panos, rule, node)),
    };
    let mut entry = Entry::new(action, matching);
    entry.enabled = node.value("disabled").is_none_or(|it| it.text() != "yes");
    let mut line = Line::new(rule.name, panos.device.span(node), entry);
    line.unclear = unclear;
    line.logged = super::rules::logs(panos, rule, "log-end");
    line.time_window = node.value("schedule").map(|it| panos.text(it));
    line.comment = node.value("description").map(|it| (panos.text(it), panos.device.span(it)));
    Some(line)
}

fn unreadable<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, node: Node<'a>) -> Line<'a> {
    let mut line = Line::new(rule.name, panos.device.span(node), Entry::new(Action::Unknown, Matching::unreadable()));
    line.unclear = vec![(Part::Everything, Why::not_understood(rule.name))];
    line.logged = Cell::NONE;
    line
}

/// The addresses of one side, and the first name that is not resolvable.
pub(super) fn addresses<'a>(panos: &Panos<'_, 'a>, rule: Node<'a>, path: &str, objects: &mut Objects<'a>) -> (Addresses, Option<&'a str>) {
    let mut set = Addresses::none();
    let mut open = None;
    for member in rule.at(path).into_iter().flat_map(Node::values) {
        let name = panos.text(member);
        if name == "any" {
            return (Addresses::any(), None);
        }
        let expansion = objects.addresses.expand(name);
        match (expansion.unresolved, literal(name)) {
            (Some(_), Some(own)) => set = set.union(&own),
            (None, _) if expansion.leaves.iter().all(Option::is_some) => {
                set = expansion.leaves.iter().flatten().fold(set, |sum, it| sum.union(it));
            }
            _ => open = open.or(Some(name)),
        }
    }
    (set, open)
}

/// Protocols and ports.
fn service<'a>(
    panos: &Panos<'_, 'a>,
    rule: Node<'a>,
    objects: &mut Objects<'a>,
    matching: &mut Matching<'a>,
    unclear: &mut Vec<(Part, Why<'a>)>,
) {
    let mut all: Vec<Service> = Vec::new();
    for member in rule.at("service").into_iter().flat_map(Node::values) {
        let name = panos.text(member);
        let expansion = objects.services.expand(name);
        match name {
            "any" => return,
            "application-default" => {
                matching.also.push("application-default");
                return;
            }
            // Two services are predefined.
            "service-http" if expansion.unresolved.is_some() => all.push(Service::tcp(Ports::only(80).union(&Ports::only(8080)))),
            "service-https" if expansion.unresolved.is_some() => all.push(Service::tcp(Ports::only(443))),
            _ if expansion.unresolved.is_none() && expansion.leaves.iter().all(Option::is_some) => {
                all.extend(expansion.leaves.iter().flatten().cloned());
            }
            _ => {
                unclear.push((Part::Services, Why::new("unresolved", &UNRESOLVED, name)));
                return;
            }
        }
    }
    matching.services = all;
}

/// Zones, applications, users and what else limits a rule.
fn restrict<'a>(panos: &Panos<'_, 'a>, rule: Node<'a>, matching: &mut Matching<'a>) {
    let kind = rule.value("rule-type").map_or("universal", Node::text);
    const ASPECTS: [(&str, Aspect); 4] =
        [("from", Aspect::ZoneFrom), ("to", Aspect::ZoneTo), ("application", Aspect::Application), ("source-user", Aspect::User)];
    for (path, aspect) in ASPECTS {
        let words: Vec<&'a str> = rule.at(path).into_iter().flat_map(Node::values).map(|it| panos.text(it)).collect();
        if !words.is_empty() && !words.contains(&"any") {
            matching.restrictions.push((aspect, words));
        }
    }
    // Within or between zones: a property of the pair, which no zone alone has.
    match kind {
        "intrazone" => matching.also.push("intrazone"),
        "interzone" => matching.also.push("interzone"),
        _ => {}
    }
    for path in ["category", "hip-profiles", "source-hip", "destination-hip", "source-imsi", "source-imei", "target"] {
        let limits = rule.at(path).into_iter().flat_map(Node::values).any(|it| !matches!(it.text(), "any" | "negate"));
        if limits {
            matching.also.push(path);
        }
    }
}
