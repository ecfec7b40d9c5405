//! `security policies` into the rows of `junos-policies`, address books and applications resolved.

use super::Junos;
use super::books::{Books, is_everything};
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::juniper::JUNOS_POLICIES;

static UNRESOLVED: Phrase =
    Phrase { zh: "对象 {} 没有定义或无法展开", en: "the object {} is not defined or cannot be expanded" };

/// A security policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy<'a> {
    /// Zones and name: `trust untrust web`, `global web`.
    pub name: &'a str,
    /// Its statements.
    pub node: Node<'a>,
    /// The zones that its addresses are looked for in; `global` for a global policy.
    pub zones: [&'a str; 2],
}

impl<'a> Junos<'_, 'a> {
    /// The policies in the order in which they are asked: between zones, then global ones.
    pub(super) fn policies(&self) -> Vec<Policy<'a>> {
        let mut found = Vec::new();
        for (from, zone) in self.values("security policies from-zone") {
            for to in zone.at("to-zone").into_iter().flat_map(Node::values) {
                for node in to.at("policy").into_iter().flat_map(Node::values) {
                    let name = self.text(&format!("{from} {} {}", to.text(), node.text()));
                    found.push(Policy { name, node, zones: [from, to.text()] });
                }
            }
        }
        for (name, node) in self.values("security policies global policy") {
            found.push(Policy { name: self.text(&format!("global {name}")), node, zones: ["global", "global"] });
        }
        found
    }

    /// Adds the rows.
    pub(super) fn push_policies(&self, tables: &mut Tables<'a>, policies: &[Policy<'a>], books: &mut Books<'a>) {
        if !tables.wants(&JUNOS_POLICIES) {
            return;
        }
        for policy in policies {
            self.push_policy_row(tables, policy, books);
        }
    }

    fn push_policy_row(&self, tables: &mut Tables<'a>, &Policy { name, node: policy, zones }: &Policy<'a>, books: &mut Books<'a>) {
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
            ("any-source", self.any_address(policy, ["source-address", "source-address-excluded"], zones[0], books)),
            ("any-destination", self.any_address(policy, ["destination-address", "destination-address-excluded"], zones[1], books)),
            ("any-application", self.any_application(policy, books)),
            ("logged", logged),
        ];
        self.shown.push(tables, &JUNOS_POLICIES, "", &cells);
    }

    /// Whether every IPv4 address is meant by one side of a policy.
    fn any_address(&self, policy: Node<'a>, [side, excluded]: [&str; 2], zone: &'a str, books: &mut Books<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let matched = policy.at("match");
        let named: Vec<Node<'a>> = matched.and_then(|node| node.at(side)).into_iter().flat_map(Node::values).collect();
        let everybody = Addresses::any_four();
        let meaning = books.addresses(zone, &named);
        let negated = matched.and_then(|node| node.at(excluded));
        let meant = if negated.is_some() { everybody.subtract(&meaning.parts) } else { meaning.parts };
        // All but what only the network knows is not all.
        let any = meant.covers(&everybody) && (negated.is_none() || meaning.elsewhere.is_none());
        let nodes: Vec<Node<'a>> = if named.is_empty() { vec![policy] } else { named };
        match meaning.unresolved.filter(|_| !any || negated.is_some()) {
            Some(name) => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), device.decided_by(Value::Text(""), &nodes).evidence),
            None => device.unless_cut(device.decided_by(Value::Boolean(any), &nodes)),
        }
    }

    /// Whether every application is meant.
    fn any_application(&self, policy: Node<'a>, books: &mut Books<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let named: Vec<Node<'a>> = policy.at("match application").into_iter().flat_map(Node::values).collect();
        let meaning = books.applications(&named);
        let any = is_everything(&meaning.parts);
        let nodes: Vec<Node<'a>> = if named.is_empty() { vec![policy] } else { named };
        let cell = device.decided_by(Value::Boolean(any), &nodes);
        match meaning.unresolved.filter(|_| !any) {
            Some(name) => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), cell.evidence),
            None if any => cell,
            None => device.unless_cut(cell),
        }
    }
}
