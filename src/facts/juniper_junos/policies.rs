//! `security policies` into the rows of `junos-policies`, address books and applications resolved.

use std::collections::HashSet;

use super::Junos;
use super::filter::block;
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::juniper::JUNOS_POLICIES;

static UNRESOLVED: Phrase =
    Phrase { zh: "对象 {} 没有定义或无法展开", en: "the object {} is not defined or cannot be expanded" };

/// The most names that one policy's side is followed through.
const NAMES_MOST: usize = 10_000;

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_policies(&self, tables: &mut Tables<'a>) {
        if !tables.wants(&JUNOS_POLICIES) {
            return;
        }
        for (from, zone) in self.values("security policies from-zone") {
            for to in zone.at("to-zone").into_iter().flat_map(Node::values) {
                for policy in to.at("policy").into_iter().flat_map(Node::values) {
                    let name = format!("{from} {} {}", to.text(), policy.text());
                    self.push_policy_row(tables, self.text(&name), policy, [from, to.text()]);
                }
            }
        }
        for (name, policy) in self.values("security policies global policy") {
            self.push_policy_row(tables, self.text(&format!("global {name}")), policy, ["global", "global"]);
        }
    }

    fn push_policy_row(&self, tables: &mut Tables<'a>, name: &'a str, policy: Node<'a>, zones: [&'a str; 2]) {
        let device = &self.shown.device;
        let action = ["permit", "deny", "reject"].iter().find_map(|word| Some((*word, policy.at("then")?.at(word)?)));
        let action = match action {
            Some((word, node)) => device.decided(Value::Word(word), node),
            None => Cell::unknown(Why::not_understood("then"), device.decided(Value::Text(""), policy).evidence),
        };
        let log = policy.at("then").and_then(|then| then.at("log"));
        let logged = log.filter(|log| log.at("session-close").is_some() || log.at("session-init").is_some());
        let logged = match logged {
            Some(node) => device.decided(Value::Boolean(true), node),
            None => device.unless_cut(device.decided(Value::Boolean(false), policy)),
        };
        let cells = [
            ("policy", device.decided(Value::Text(name), policy)),
            ("action", action),
            ("any-source", self.any_address(policy, ["source-address", "source-address-excluded"], zones[0])),
            ("any-destination", self.any_address(policy, ["destination-address", "destination-address-excluded"], zones[1])),
            ("any-application", self.any_application(policy)),
            ("logged", logged),
        ];
        self.shown.push(tables, &JUNOS_POLICIES, "", &cells);
    }

    /// Whether every IPv4 address is meant by one side of a policy.
    fn any_address(&self, policy: Node<'a>, [side, excluded]: [&str; 2], zone: &'a str) -> Cell<'a> {
        let device = &self.shown.device;
        let matched = policy.at("match");
        let named: Vec<Node<'a>> = matched.and_then(|node| node.at(side)).into_iter().flat_map(Node::values).collect();
        let everybody = Addresses::any_four();
        let mut addresses = Addresses::none();
        let mut missing = None;
        let mut names: Vec<&'a str> = named.iter().map(|node| node.text()).collect();
        let mut seen: HashSet<&'a str> = HashSet::new();
        while let Some(name) = names.pop() {
            if !seen.insert(name) {
                continue;
            }
            match self.object(name, zone) {
                _ if seen.len() > NAMES_MOST => missing = Some(name),
                Object::Addresses(found) => addresses = addresses.union(&found),
                Object::Members(members) => names.extend(members),
                Object::Elsewhere => {}
                Object::Missing => missing = missing.or(Some(name)),
            }
        }
        let negated = matched.and_then(|node| node.at(excluded));
        let meant = if negated.is_some() { everybody.subtract(&addresses) } else { addresses };
        let any = meant.covers(&everybody);
        let nodes: Vec<Node<'a>> = if named.is_empty() { vec![policy] } else { named };
        match missing.filter(|_| !any || negated.is_some()) {
            Some(name) => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), device.decided_by(Value::Text(""), &nodes).evidence),
            None => device.unless_cut(device.decided_by(Value::Boolean(any), &nodes)),
        }
    }

    /// What a name of an address stands for in a zone: its own book, a book attached to it, then the global one.
    fn object(&self, name: &'a str, zone: &'a str) -> Object<'a> {
        match name {
            "any" => return Object::Addresses(Addresses::any()),
            "any-ipv4" => return Object::Addresses(Addresses::any_four()),
            "any-ipv6" => return Object::Addresses(Addresses::any_six()),
            _ => {}
        }
        let own = self.root.at("security zones security-zone").and_then(|zones| zones.at(zone)?.at("address-book"));
        let books: Vec<Node<'a>> = self.root.at("security address-book").into_iter().flat_map(Node::values).collect();
        let attached = books.iter().filter(|book| book.at("attach zone").is_some_and(|list| list.at(zone).is_some()));
        let global = books.iter().filter(|book| book.text() == "global");
        for book in own.iter().chain(attached).chain(global) {
            if let Some(set) = book.at("address-set").and_then(|sets| sets.at(name)) {
                let members = ["address", "address-set"].iter().flat_map(|kind| set.at(kind)).flat_map(Node::values);
                return Object::Members(members.map(Node::text).collect());
            }
            if let Some(address) = book.at("address").and_then(|addresses| addresses.at(name)) {
                return address_of(address);
            }
        }
        Object::Missing
    }

    /// Whether every application is meant.
    fn any_application(&self, policy: Node<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let named: Vec<Node<'a>> = policy.at("match application").into_iter().flat_map(Node::values).collect();
        let any = named.iter().find(|node| ["any", "junos-any"].contains(&node.text()));
        match (any, named.first()) {
            (Some(node), _) => device.decided(Value::Boolean(true), *node),
            (None, Some(node)) => device.unless_cut(device.decided(Value::Boolean(false), *node)),
            (None, None) => device.unless_cut(device.decided(Value::Boolean(false), policy)),
        }
    }
}

/// What a name stands for.
enum Object<'a> {
    Addresses(Addresses),
    Members(Vec<&'a str>),
    /// A host name: only the network knows.
    Elsewhere,
    Missing,
}

/// Reads an address of a book.
fn address_of<'a>(address: Node<'a>) -> Object<'a> {
    if let Some(found) = address.values().find_map(|node| block(node.text())) {
        return Object::Addresses(Addresses::of([found]));
    }
    if let Some(range) = address.at("range-address") {
        let ends = range
            .values()
            .next()
            .and_then(|first| Some((first.text().parse().ok()?, first.at("to")?.values().next()?.text().parse().ok()?)));
        return ends.map_or(Object::Missing, |(first, last)| Object::Addresses(Addresses::between(first, last)));
    }
    if address.at("dns-name").is_some() { Object::Elsewhere } else { Object::Missing }
}
