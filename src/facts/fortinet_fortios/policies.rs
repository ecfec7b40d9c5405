//! `config firewall policy` and what its objects stand for into the rows of `fortios-policies`, `access-rules` and `references`.
//!
//! What a policy means is worked out from its objects: a group that holds everything is everything, whatever it is called. A policy
//! without `set status` is in force: `show` leaves that out. One for the device itself that names no action denies; of the others no page
//! was found.

mod lists;
mod local_in;
mod objects;
mod used;

use super::interfaces::Interface;
use super::{Entry, Forti};
use crate::facts::joined::access_rules::push_rows;
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::fortinet::FORTIOS_POLICIES;
use crate::schema::neutral::{ACCESS_RULES, REFERENCES};
pub(super) use local_in::LocalIn;
use objects::Objects;

static UNRESOLVED: Phrase =
    Phrase { zh: "对象 {} 没有定义或无法展开", en: "the object {} is not defined or cannot be expanded" };

/// A section of policies.
struct Section {
    /// Its line.
    config: &'static str,
    /// The name of the list that its policies are.
    list: &'static str,
    /// Where the list is used.
    used: &'static str,
    /// What follows `srcaddr` and `dstaddr`, and whether the addresses are of IPv6.
    families: &'static [(&'static str, bool)],
}

const FOUR: &[(&str, bool)] = &[("", false)];
const SIX: &[(&str, bool)] = &[("", true)];

/// Sections of policies.
const SECTIONS: [Section; 6] = [
    Section { config: "config firewall policy", list: "policy", used: "firewall", families: &[("", false), ("6", true)] },
    Section { config: "config firewall policy6", list: "policy6", used: "firewall", families: SIX },
    Section {
        config: "config firewall consolidated policy",
        list: "consolidated policy",
        used: "firewall",
        families: &[("4", false), ("6", true)],
    },
    Section {
        config: "config firewall security-policy",
        list: "security-policy",
        used: "firewall",
        families: &[("", false), ("4", false), ("6", true)],
    },
    Section { config: "config firewall local-in-policy", list: "local-in-policy", used: "local-in", families: FOUR },
    Section { config: "config firewall local-in-policy6", list: "local-in-policy6", used: "local-in", families: SIX },
];

impl<'a> Forti<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_policies(&self, tables: &mut Tables<'a>, interfaces: &[Interface<'a>]) {
        if ![&FORTIOS_POLICIES, &ACCESS_RULES, &REFERENCES].iter().any(|table| tables.wants(table)) {
            return;
        }
        let outside = self.outside(interfaces);
        for vdom in self.vdoms() {
            let mut objects = Objects::of(self, vdom);
            let mut lists = Vec::new();
            for section in &SECTIONS {
                let policies = self.entries_in(section.config, vdom);
                if tables.wants(&FORTIOS_POLICIES) && ["policy", "policy6"].contains(&section.list) {
                    for policy in &policies {
                        self.push_policy_row(tables, policy, section.list, &mut objects, &outside);
                    }
                }
                if tables.wants(&ACCESS_RULES) {
                    lists.extend(self.list(section, vdom, &policies, &mut objects));
                }
                self.push_used(tables, section, &policies, &mut objects);
            }
            push_rows(self.shown.device.host, tables, self.shown.product, &lists);
        }
    }

    /// Names of interfaces and zones that lead outside.
    fn outside(&self, interfaces: &[Interface<'a>]) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = interfaces.iter().filter(|it| it.is_outside()).map(|it| it.entry.name).collect();
        names.extend(["any", "virtual-wan-link"]);
        for zone in self.entries("config system zone") {
            if zone.values("interface").values.iter().any(|member| names.contains(member)) {
                names.push(zone.name);
            }
        }
        names
    }

    fn push_policy_row(
        &self,
        tables: &mut Tables<'a>,
        policy: &Entry<'a>,
        family: &'static str,
        objects: &mut Objects<'a>,
        outside: &[&'a str],
    ) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let head = policy.head();
        let enabled = match policy.value("status") {
            Some((text, node)) => device.decided(Value::Boolean(text != "disable"), node),
            None => device.unless_cut(device.decided(Value::Boolean(true), head)),
        };
        let action = match policy.value("action") {
            Some((text, node)) => device.decided(Value::Text(text), node),
            // The default differs: a container's FortiOS accepts (Container FortiOS 7.2 CLI Reference), of FortiGate no page was found.
            None => Cell { evidence: device.decided(Value::Boolean(true), head).evidence, ..device.undocumented("action") },
        };
        let list = |setting: &str| {
            let values = policy.values(setting);
            let node = values.statements.last().copied().unwrap_or(head);
            device.unless_cut(device.decided(device.host.texts(&values.values), node))
        };
        let ends: Vec<&'a str> = [policy.values("srcintf").values, policy.values("dstintf").values].concat();
        let faces = ends.iter().any(|name| outside.contains(name));
        let cells = [
            ("policy", device.decided(Value::Text(policy.name), head)),
            ("family", device.decided(Value::Word(family), head)),
            ("enabled", enabled),
            ("action", action),
            ("from", list("srcintf")),
            ("to", list("dstintf")),
            ("any-source", self.any_address(policy, ("srcaddr", family), objects)),
            ("any-destination", self.any_address(policy, ("dstaddr", family), objects)),
            ("any-service", self.any_service(policy, objects)),
            ("faces-internet", device.unless_cut(device.decided(Value::Boolean(faces), head))),
            ("logs", self.logs(policy)),
            ("intrusion-prevention", self.intrusion_prevention(policy)),
        ];
        shown.push(tables, &FORTIOS_POLICIES, policy.vdom, &cells);
    }

    /// Which sessions are logged.
    fn logs(&self, policy: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        match policy.value("logtraffic") {
            Some(("all" | "enable", node)) => device.decided(Value::Word("all"), node),
            Some(("disable", node)) => device.decided(Value::Word("disable"), node),
            Some((_, node)) => device.decided(Value::Word("utm"), node),
            None => Cell { evidence: device.decided(Value::Boolean(true), policy.head()).evidence, ..device.undocumented("logtraffic") },
        }
    }

    /// Whether every address of a family is meant by one side of a policy.
    fn any_address(&self, policy: &Entry<'a>, (side, family): (&str, &str), objects: &mut Objects<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let database = if side == "srcaddr" { "internet-service-src" } else { "internet-service" };
        if let Some((_, node)) = policy.value(database).filter(|(text, _)| *text == "enable") {
            return device.decided(Value::Boolean(false), node);
        }
        let mut answers = Vec::new();
        for (suffix, everybody) in [("", Addresses::any_four()), ("6", Addresses::any_six())] {
            let values = policy.values(&format!("{side}{suffix}"));
            let Some(node) = values.statements.last().copied() else { continue };
            let six = suffix == "6" || family == "policy6";
            let everybody = if six { Addresses::any_six() } else { everybody };
            let named = objects.addresses(&values.values, six);
            let negated = policy.value(&format!("{side}{suffix}-negate")).filter(|(text, _)| *text == "enable");
            let meant = if negated.is_some() { everybody.subtract(&named.parts) } else { named.parts.clone() };
            let nodes: Vec<Node<'a>> = std::iter::once(node).chain(negated.map(|(_, node)| node)).collect();
            // All but what only the network knows is not all.
            let any = meant.covers(&everybody) && (negated.is_none() || named.elsewhere.is_none());
            answers.push(match named.unresolved.filter(|_| !any || negated.is_some()) {
                Some(name) => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), device.host.evidence(&self.decides(&nodes))),
                None => device.decided_by(Value::Boolean(any), &nodes),
            });
        }
        self.any_of(&answers, policy)
    }

    /// Whether every service is meant by a policy.
    fn any_service(&self, policy: &Entry<'a>, objects: &mut Objects<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        if let Some((_, node)) = policy.value("internet-service").filter(|(text, _)| *text == "enable") {
            return device.decided(Value::Boolean(false), node);
        }
        let values = policy.values("service");
        let Some(node) = values.statements.last().copied() else { return self.any_of(&[], policy) };
        let (any, unresolved) = objects.any_service(&values.values);
        match (policy.value("service-negate").filter(|(text, _)| *text == "enable"), unresolved) {
            (Some((_, negated)), None) => device.decided_by(Value::Boolean(false), &[node, negated]),
            (None, _) if any => device.decided(Value::Boolean(true), node),
            (None, None) => device.decided(Value::Boolean(false), node),
            (_, Some(name)) => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), device.host.evidence(&[device.decides(node)])),
        }
    }

    /// True where one answer is, else unknown where one is.
    fn any_of(&self, answers: &[Cell<'a>], policy: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let with = |value: Option<Value<'a>>| answers.iter().find(|cell| cell.value() == value).copied();
        let none = || device.unless_cut(device.decided(Value::Boolean(false), policy.head()));
        with(Some(Value::Boolean(true))).or_else(|| with(None)).or_else(|| answers.first().copied()).unwrap_or_else(none)
    }

    /// Whether an IPS sensor, of its own or of its profile group, inspects what a policy admits.
    fn intrusion_prevention(&self, policy: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let head = policy.head();
        if let Some((_, node)) = policy.value("utm-status").filter(|(text, _)| *text == "disable") {
            return device.decided(Value::Boolean(false), node);
        }
        let grouped = policy.says("profile-type", "group");
        let group = policy.value("profile-group").filter(|(name, _)| grouped && !name.is_empty());
        if let Some((name, node)) = group {
            let groups = self.entries("config firewall profile-group");
            let found = groups.iter().find(|entry| entry.name == name && entry.vdom == policy.vdom);
            return match found.map(|entry| entry.value("ips-sensor")) {
                Some(Some((_, sensor))) => device.decided_by(Value::Boolean(true), &[node, sensor]),
                Some(None) => device.decided(Value::Boolean(false), node),
                None => Cell::unknown(Why::new("unresolved", &UNRESOLVED, name), device.host.evidence(&[device.decides(node)])),
            };
        }
        let on = policy.value("utm-status");
        match (policy.value("ips-sensor").filter(|(name, _)| !name.is_empty()), on) {
            (Some((_, sensor)), Some((_, node))) => device.decided_by(Value::Boolean(true), &[sensor, node]),
            (Some((_, sensor)), None) => {
                Cell { evidence: device.decided(Value::Boolean(true), sensor).evidence, ..device.undocumented("utm-status") }
            }
            (None, _) => device.unless_cut(device.decided(Value::Boolean(false), head)),
        }
    }
}
