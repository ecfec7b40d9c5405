//! Names of filters, prefix lists, client lists, classes and objects of policies into the rows of `references`: each name once, where it
//! is used first.

use std::collections::HashSet;

use super::Junos;
use super::books::Books;
use super::policies::Policy;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::REFERENCES;

/// Login classes that every device has.
const CLASSES: [&str; 4] = ["operator", "read-only", "super-user", "unauthorized"];

/// A name and where it is used.
struct Use<'a> {
    kind: &'static str,
    node: Node<'a>,
    place: String,
}

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_used(&self, tables: &mut Tables<'a>, policies: &[Policy<'a>], books: &mut Books<'a>) {
        if !tables.wants(&REFERENCES) {
            return;
        }
        self.push_filters_used(tables);
        self.push_prefix_lists_used(tables);
        // A community itself is a secret.
        for (_, community) in self.values("snmp community") {
            if let Some(node) = community.value("client-list-name") {
                let defined = self.root.at("snmp client-list").and_then(|lists| lists.at(node.text()));
                self.push_use(tables, &Use { kind: "list", node, place: "snmp community".to_owned() }, defined.map(Some));
            }
        }
        for (user, node) in self.values("system login user") {
            if let Some(class) = node.value("class") {
                let own = self.root.at("system login class").and_then(|classes| classes.at(class.text()));
                let defined = own.map(Some).or(CLASSES.contains(&class.text()).then_some(None));
                self.push_use(tables, &Use { kind: "profile", node: class, place: format!("user {user}") }, defined);
            }
        }
        self.push_objects_used(tables, policies, books);
    }

    fn push_filters_used(&self, tables: &mut Tables<'a>) {
        let mut seen = HashSet::new();
        for (interface, node) in self.values("interfaces") {
            for unit in node.at("unit").into_iter().flat_map(Node::values) {
                for family in ["inet", "inet6"] {
                    let Some(filter) = unit.at("family").and_then(|families| families.at(family)?.at("filter")) else { continue };
                    let statements = ["input", "input-list", "output", "output-list"].iter().filter_map(|name| filter.at(name));
                    for named in statements.flat_map(Node::values).filter(|named| seen.insert((family, named.text()))) {
                        let place = format!("{interface}.{} {family}", unit.text());
                        let own = self.root.at(&format!("firewall family {family} filter")).and_then(|filters| filters.at(named.text()));
                        let plain = || self.root.at("firewall filter").and_then(|filters| filters.at(named.text()));
                        let defined = own.or_else(|| plain().filter(|_| family == "inet"));
                        self.push_use(tables, &Use { kind: "list", node: named, place }, defined.map(Some));
                    }
                }
            }
        }
    }

    fn push_prefix_lists_used(&self, tables: &mut Tables<'a>) {
        let mut seen = HashSet::new();
        for path in ["firewall filter", "firewall family inet filter", "firewall family inet6 filter"] {
            for (filter, node) in self.values(path) {
                for term in node.at("term").into_iter().flat_map(Node::values) {
                    let conditions = term.at("from").into_iter().flat_map(Node::values);
                    let lists = conditions.filter(|node| node.text().ends_with("prefix-list")).flat_map(Node::values);
                    for named in lists.filter(|named| seen.insert(named.text())) {
                        let place = format!("filter {filter} term {}", term.text());
                        self.push_use(tables, &Use { kind: "list", node: named, place }, self.prefix_list(named.text()).map(Some));
                    }
                }
            }
        }
    }

    fn push_objects_used(&self, tables: &mut Tables<'a>, policies: &[Policy<'a>], books: &mut Books<'a>) {
        let mut seen = HashSet::new();
        for policy in policies {
            let Some(matched) = policy.node.at("match") else { continue };
            let named = |name: &str| matched.at(name).into_iter().flat_map(Node::values).collect::<Vec<_>>();
            let place = || format!("policy {}", policy.name);
            for (path, zone) in [("source-address", policy.zones[0]), ("destination-address", policy.zones[1])] {
                for node in named(path).into_iter().filter(|node| seen.insert((zone, node.text()))) {
                    let defined = books.address(zone, node.text());
                    self.push_use(tables, &Use { kind: "object", node, place: place() }, defined);
                }
            }
            for node in named("application").into_iter().filter(|node| seen.insert(("", node.text()))) {
                self.push_use(tables, &Use { kind: "object", node, place: place() }, books.application(node.text()));
            }
            if let Some(node) = policy.node.value("scheduler-name") {
                let defined = self.root.at("schedulers scheduler").and_then(|all| all.at(node.text()));
                self.push_use(tables, &Use { kind: "profile", node, place: place() }, defined.map(Some));
            }
        }
    }

    fn push_use(&self, tables: &mut Tables<'a>, used: &Use<'a>, defined: Option<Option<Node<'a>>>) {
        let device = &self.shown.device;
        let here = |value: Value<'a>| device.decided(value, used.node);
        let exists = match defined {
            Some(Some(place)) => {
                Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(used.node), device.reference(place)]))
            }
            Some(None) => here(Value::Boolean(true)),
            None => self.shown.unless_gap(here(Value::Boolean(false))),
        };
        let cells = [
            ("kind", here(Value::Word(used.kind))),
            ("name", here(Value::Text(used.node.text()))),
            ("used-at", here(Value::Text(self.text(&used.place)))),
            ("defined", exists),
        ];
        self.shown.push(tables, &REFERENCES, "", &cells);
    }
}
