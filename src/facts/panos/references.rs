//! Names that are used and must be defined into `references`: objects and profiles of rules, profiles of administrators, servers and
//! interfaces.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::super::{Cell, Tables, Value};
use super::layout::Panos;
use super::rules;
use crate::parse::tree::Node;
use crate::schema::neutral::REFERENCES;

/// What the system defines itself, whatever the list: security profiles that come with it, services and every address.
const PREDEFINED: &[&str] = &["any", "application-default", "default", "none", "service-http", "service-https", "strict"];

/// Statements of a security rule that name something: the word of `references` and the lists that may define it.
const OF_RULES: &[(&str, &str, &[&str])] = &[
    ("source", "list", &["address", "address-group", "external-list", "region"]),
    ("destination", "list", &["address", "address-group", "external-list", "region"]),
    ("service", "list", &["service", "service-group"]),
    ("log-setting", "profile", &["log-settings profiles"]),
    ("schedule", "profile", &["schedule"]),
    ("profile-setting group", "profile", &["profile-group"]),
    ("profile-setting profiles spyware", "profile", &["profiles spyware"]),
    ("profile-setting profiles url-filtering", "profile", &["profiles url-filtering"]),
    ("profile-setting profiles virus", "profile", &["profiles virus"]),
    ("profile-setting profiles vulnerability", "profile", &["profiles vulnerability"]),
];

/// One name, what uses it and what defines it.
struct Use<'a> {
    kind: &'static str,
    name: &'a str,
    node: Node<'a>,
    by: Option<Node<'a>>,
}

/// Definitions by list and name.
type Definitions<'a> = HashMap<(&'static str, &'a str), Node<'a>>;

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let places: &[(&'a str, Node<'a>)] = if panos.is_panorama { &panos.groups } else { &panos.systems };
    for (name, place) in places {
        let definitions = definitions(panos, *place);
        let mut seen: HashSet<(&'static str, &'a str)> = HashSet::new();
        for rule in rules::merged(panos, name, *place) {
            for found in of_rule(panos, rule.node, &definitions, &mut seen) {
                let at = panos.device.host.text(&format!("{name} rule {}", rule.name));
                push(panos, tables, &found, at);
            }
        }
    }
    for (at, found) in of_administrators(panos).into_iter().chain(of_profiles(panos)).chain(of_interfaces(panos)) {
        push(panos, tables, &found, panos.device.host.text(&at));
    }
}

/// What the rules of a place can name: its own objects, those that it inherits and shared ones.
fn definitions<'a>(panos: &Panos<'_, 'a>, place: Node<'a>) -> Definitions<'a> {
    let shared = ["shared", "panorama"].iter().flat_map(|name| panos.tops.iter().filter_map(move |top| top.at(name)));
    let mut found = HashMap::new();
    for at in std::iter::once(place).chain(rules::inherited(panos, Some(place))).chain(shared) {
        for list in OF_RULES.iter().flat_map(|(.., lists)| lists.iter().copied()) {
            for entry in at.at(list).into_iter().flat_map(Node::values) {
                found.entry((list, panos.text(entry))).or_insert(entry);
            }
        }
    }
    found
}

/// Names of one rule that no earlier rule of the place used.
fn of_rule<'a>(
    panos: &Panos<'_, 'a>,
    rule: Option<Node<'a>>,
    definitions: &Definitions<'a>,
    seen: &mut HashSet<(&'static str, &'a str)>,
) -> Vec<Use<'a>> {
    let mut found = Vec::new();
    for (statement, kind, lists) in OF_RULES {
        for node in rule.and_then(|rule| rule.at(statement)).into_iter().flat_map(Node::values) {
            let name = panos.text(node);
            if is_literal(name) || PREDEFINED.contains(&name) || name.starts_with("panw-") || !seen.insert((lists[0], name)) {
                continue;
            }
            let by = lists.iter().find_map(|list| definitions.get(&(*list, name)).copied());
            // Countries are regions that the system defines.
            let is_country = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
            if by.is_some() || !is_country {
                found.push(Use { kind, name, node, by });
            }
        }
    }
    found
}

/// An address, a network or a range as it may stand in a rule.
fn is_literal(name: &str) -> bool {
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    is_address(name)
        || name.parse::<IpNet>().is_ok()
        || name.split_once('-').is_some_and(|(first, last)| is_address(first) && is_address(last))
}

/// Authentication profiles of administrators.
fn of_administrators<'a>(panos: &Panos<'_, 'a>) -> Vec<(String, Use<'a>)> {
    let users = panos.tops.iter().filter_map(|top| top.at("mgt-config users")).flat_map(Node::values);
    let lists = ["authentication-profile", "authentication-sequence"];
    let named = users.filter_map(|user| Some((user, user.value("authentication-profile")?)));
    named.map(|(user, node)| (format!("mgt-config users {}", panos.text(user)), shared(panos, node, &lists))).collect()
}

/// Servers of authentication profiles and of log settings, and profiles of the device itself.
fn of_profiles<'a>(panos: &Panos<'_, 'a>) -> Vec<(String, Use<'a>)> {
    let mut found = Vec::new();
    for profile in panos.shared_entries("authentication-profile") {
        for method in profile.at("method").into_iter().flat_map(Node::values) {
            let list = format!("server-profile {}", method.text());
            let named = method.value("server-profile").map(|node| shared(panos, node, &[&list]));
            found.extend(named.map(|it| (format!("authentication-profile {}", panos.text(profile)), it)));
        }
    }
    for kind in ["system", "config"] {
        for entry in panos.shared_entries(&format!("log-settings {kind} match-list")) {
            for node in entry.at("send-syslog").into_iter().flat_map(Node::values) {
                found.push((format!("log-settings {kind} {}", panos.text(entry)), shared(panos, node, &["log-settings syslog"])));
            }
        }
    }
    for list in ["ssl-tls-service-profile", "certificate-profile"] {
        let named = panos.value(&format!("deviceconfig system {list}"));
        found.extend(named.map(|node| ("deviceconfig system".to_owned(), shared(panos, node, &[list]))));
    }
    found
}

/// Management profiles of interfaces.
fn of_interfaces<'a>(panos: &Panos<'_, 'a>) -> Vec<(String, Use<'a>)> {
    const LIST: &str = "network profiles interface-management-profile";
    let profiles: Vec<Node<'a>> = panos.devices.iter().filter_map(|node| node.at(LIST)).flat_map(Node::values).collect();
    let interfaces = panos.devices.iter().filter_map(|node| node.at("network interface")).flat_map(Node::descendants);
    let named = interfaces.filter(|node| node.text() == "interface-management-profile").flat_map(Node::values);
    let of = |node: Node<'a>| {
        let name = panos.text(node);
        let by = profiles.iter().copied().find(|profile| panos.text(*profile) == name);
        ("network interface".to_owned(), Use { kind: "profile", name, node, by })
    };
    named.map(of).collect()
}

/// A name that a shared list, Panorama's own or one of a virtual system must define.
fn shared<'a>(panos: &Panos<'_, 'a>, node: Node<'a>, lists: &[&str]) -> Use<'a> {
    let name = panos.text(node);
    let by = lists.iter().flat_map(|list| panos.shared_entries(list)).find(|entry| panos.text(*entry) == name);
    Use { kind: "profile", name, node, by }
}

fn push<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>, it: &Use<'a>, at: &'a str) {
    let device = panos.device;
    if it.kind == "profile" && matches!(it.name, "None" | "none") {
        return;
    }
    let defined = match it.by {
        Some(by) => Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(it.node), device.reference(by)])),
        None => panos.unwritten("references", device.unless_cut(device.decided(Value::Boolean(false), it.node))),
    };
    let mut row = device.host.row(&REFERENCES, super::PRODUCT.name);
    row.set(const { REFERENCES.column("kind") }, device.decided(Value::Word(it.kind), it.node))
        .set(const { REFERENCES.column("name") }, device.decided(Value::Text(it.name), it.node))
        .set(const { REFERENCES.column("used-at") }, device.decided(Value::Text(at), it.node))
        .set(const { REFERENCES.column("defined") }, defined);
    tables.push(row);
}
