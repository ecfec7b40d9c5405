//! Names of objects, schedules and groups of users in policies into the rows of `references`: each name once, where it is used first.

use std::collections::HashSet;

use super::objects::{Kind, Objects};
use super::{Entry, Forti, Section};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::REFERENCES;

/// Schedules that are there even where the configuration does not show them.
const SCHEDULES: [&str; 3] = ["always", "default-darrp-optimize", "none"];

/// Sections of schedules.
const SCHEDULE_SECTIONS: [&str; 3] =
    ["config firewall schedule recurring", "config firewall schedule onetime", "config firewall schedule group"];

impl<'a> Forti<'_, 'a> {
    /// Adds the rows of one section's policies.
    pub(super) fn push_used(&self, tables: &mut Tables<'a>, section: &Section, policies: &[Entry<'a>], objects: &mut Objects<'a>) {
        if !tables.wants(&REFERENCES) || policies.is_empty() {
            return;
        }
        let vdom = policies[0].vdom;
        let mut seen: HashSet<(&str, &'a str)> = HashSet::new();
        let schedules: Vec<Entry<'a>> = SCHEDULE_SECTIONS.iter().flat_map(|section| self.entries_in(section, vdom)).collect();
        let groups = self.entries_in("config user group", vdom);
        let defined_in =
            |entries: &[Entry<'a>], name: &str| entries.iter().find(|entry| entry.name == name).map(|entry| Some(entry.head()));
        for policy in policies {
            for (side, six) in section.families {
                for which in ["src", "dst"] {
                    let kind = if *six { Kind::Six } else { Kind::Four };
                    for (name, node) in named(policy, &format!("{which}addr{side}")) {
                        if seen.insert((if *six { "six" } else { "four" }, name)) {
                            self.push_one(tables, (section, policy), ("object", name, node), objects.definition(name, kind));
                        }
                    }
                }
            }
            for (name, node) in named(policy, "service").into_iter().filter(|(name, _)| seen.insert(("service", name))) {
                self.push_one(tables, (section, policy), ("object", name, node), objects.definition(name, Kind::Service));
            }
            for (name, node) in named(policy, "schedule").into_iter().filter(|(name, _)| seen.insert(("schedule", name))) {
                let defined = defined_in(&schedules, name).or(SCHEDULES.contains(&name).then_some(None));
                self.push_one(tables, (section, policy), ("profile", name, node), defined);
            }
            for (name, node) in named(policy, "groups").into_iter().filter(|(name, _)| seen.insert(("groups", name))) {
                self.push_one(tables, (section, policy), ("group", name, node), defined_in(&groups, name));
            }
        }
    }

    fn push_one(
        &self,
        tables: &mut Tables<'a>,
        (section, policy): (&Section, &Entry<'a>),
        (kind, name, node): (&'static str, &'a str, Node<'a>),
        defined: Option<Option<Node<'a>>>,
    ) {
        let device = &self.shown.device;
        let here = |value: Value<'a>| device.decided(value, node);
        let exists = match defined {
            Some(Some(place)) => Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(node), device.reference(place)])),
            Some(None) => here(Value::Boolean(true)),
            None => self.shown.unless_gap(here(Value::Boolean(false))),
        };
        let place = self.text(&format!("{} {}", section.list, policy.name));
        let cells = [
            ("kind", here(Value::Word(kind))),
            ("name", here(Value::Text(name))),
            ("used-at", here(Value::Text(place))),
            ("defined", exists),
        ];
        self.shown.push(tables, &REFERENCES, policy.vdom, &cells);
    }
}

/// The names in a setting of a policy, and the statement that holds them.
fn named<'a>(policy: &Entry<'a>, setting: &str) -> Vec<(&'a str, Node<'a>)> {
    let values = policy.values(setting);
    let Some(node) = values.statements.last().copied() else { return Vec::new() };
    values.values.into_iter().map(|name| (name, node)).collect()
}
