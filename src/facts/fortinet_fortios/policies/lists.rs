//! Firewall and local-in policies of a VDOM into rows of `access-rules`, in the order in which they stand.
//!
//! Policies of one section are one list: interfaces and zones are conditions, so that only policies that can see the same packet shadow
//! each other. They are asked from the first to the last (Administration Guide, Firewall policy), and what
//! none matches is denied by a policy that is not shown. What only the network or a database of the vendor knows (host names, countries,
//! internet services, mapped addresses) leaves a side as wide as it can be, and the entry is not exact.

use super::super::settings::LOCAL_IN_ACTION;
use super::objects::{Meaning, Objects};
use super::{Entry, Forti, Section, UNRESOLVED};
use crate::facts::joined::access_rules::{Line, List, Part};
use crate::facts::{Cell, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry as Rule, Matching, Service};
use crate::reckon::network::Addresses;
use crate::reckon::week::WEEK_SECONDS;

static ELSEWHERE: Phrase = Phrase {
    zh: "{} 在静态配置中无法解析（域名、地区、互联网服务库、映射地址或例外成员）",
    en: "{} cannot be resolved at rest: a host name, a country, an internet service, a mapped address or an exception",
};

/// Settings that are conditions of their own, and are none where they have one of the values of [`NO_CONDITION`].
const CONDITIONS: &[&str] = &[
    "app-category",
    "app-group",
    "devices",
    "ha-mgmt-intf-only",
    "network-service-dynamic",
    "network-service-src-dynamic",
    "reputation-minimum",
    "reputation-minimum6",
    "sgt-check",
    "src-vendor-mac",
    "tos-mask",
    "url-category",
    "ztna-device-ownership",
    "ztna-ems-tag",
    "ztna-geo-tag",
    "ztna-status",
];
const NO_CONDITION: &[&str] = &["", "0", "0x00", "disable"];

/// A policy that is being read.
struct Draft<'a> {
    matching: Matching<'a>,
    unclear: Vec<(Part, Why<'a>)>,
    references: Vec<Node<'a>>,
}

impl<'a> Forti<'_, 'a> {
    /// The list that the policies of a section are, if there are any.
    pub(super) fn list(&self, section: &Section, vdom: &'a str, policies: &[Entry<'a>], objects: &mut Objects<'a>) -> Option<List<'a>> {
        let device = &self.shown.device;
        let header = policies.first()?.head().parent()?;
        let mut lines: Vec<Line<'a>> = policies.iter().map(|policy| self.line(section, policy, objects)).collect();
        if let (Some(why), Some(last)) = (device.cut(), lines.last_mut()) {
            // Statements that change what it does could stand behind the cut.
            last.entry = Rule::new(Action::Unknown, Matching::unreadable());
            last.unclear = vec![(Part::Everything, why)];
        }
        let name = if vdom.is_empty() { section.list } else { self.text(&format!("{vdom} {}", section.list)) };
        let mut list = List::new(name, lines);
        list.header = Some(device.span(header));
        list.uses = Ok(vec![(section.used, device.span(header))]);
        list.tells_applications = section.list == "security-policy";
        let sections = self.scopes.iter().filter(|scope| scope.name == vdom).flat_map(|scope| scope.node.children());
        let mut statements = sections.filter(|node| node.is(section.config)).flat_map(Node::children);
        let moved = statements.find(|node| ["move", "clone", "delete", "purge"].iter().any(|verb| node.starts(verb)));
        list.order_unknown = moved.map(|node| Why::not_understood(node.text()));
        Some(list)
    }

    fn line(&self, section: &Section, policy: &Entry<'a>, objects: &mut Objects<'a>) -> Line<'a> {
        let device = &self.shown.device;
        let head = policy.head();
        let default = (section.used == "local-in" && self.states(&LOCAL_IN_ACTION)).then_some(&LOCAL_IN_ACTION.documented);
        let (action, action_default) = match (policy.value("action").map(|(text, _)| text), default) {
            (Some("accept" | "ipsec" | "ssl-vpn"), _) => (Action::Permit, None),
            (Some("deny"), _) => (Action::Deny, None),
            (None, Some(_)) => (Action::Deny, default),
            _ => (Action::Unknown, None),
        };
        let mut draft = Draft { matching: Matching::any(), unclear: Vec::new(), references: Vec::new() };
        if action == Action::Unknown {
            draft.matching = Matching::unreadable();
            draft.unclear.push((Part::Everything, Why::not_understood(policy.value("action").map_or("action", |(text, _)| text))));
        } else {
            self.narrow(section, policy, objects, &mut draft);
        }
        let mut line = Line::new(policy.name, device.span(head), Rule::new(action, draft.matching));
        line.entry.enabled = !policy.says("status", "disable");
        line.action_default = action_default;
        line.unclear = draft.unclear;
        line.references = draft.references.iter().map(|node| device.span(*node)).collect();
        line.logged = self.logged(section, policy);
        line.comment = policy.value("comments").filter(|(text, _)| !text.is_empty()).map(|(text, node)| (text, device.span(node)));
        let schedule = policy.value("schedule").filter(|(name, _)| !["", "always"].contains(name));
        if let Some((name, _)) = schedule {
            line.time_window = Some(name);
            line.entry.matching.timed = self.week(name, policy.vdom).is_none_or(|(week, _)| week.seconds() != WEEK_SECONDS);
            line.expires = self.end_of(name, policy.vdom);
        }
        line
    }

    /// Narrows a draft to what a policy says that it matches.
    fn narrow(&self, section: &Section, policy: &Entry<'a>, objects: &mut Objects<'a>, draft: &mut Draft<'a>) {
        draft.matching.sources = self.side(section, policy, "src", objects, draft);
        draft.matching.destinations = self.side(section, policy, "dst", objects, draft);
        self.services(policy, objects, draft);
        let ends: &[(&str, Aspect)] = match section.used {
            "local-in" => &[("intf", Aspect::ZoneFrom)],
            _ => &[("srcintf", Aspect::ZoneFrom), ("dstintf", Aspect::ZoneTo)],
        };
        for (setting, aspect) in ends {
            let words = policy.values(setting).values;
            let negated = policy.says(&format!("{setting}-negate"), "enable");
            match (words.is_empty() || negated, words.contains(&"any")) {
                (true, _) => draft.unclear.push((Part::Everything, Why::not_understood(self.text(setting)))),
                (false, true) => {}
                (false, false) => draft.matching.restrictions.push((*aspect, words)),
            }
        }
        let people: Vec<&'a str> = ["users", "groups", "fsso-groups"].iter().flat_map(|setting| policy.values(setting).values).collect();
        if !people.is_empty() {
            draft.matching.restrictions.push((Aspect::User, people));
        }
        let applications = policy.values("application").values;
        if !applications.is_empty() {
            draft.matching.restrictions.push((Aspect::Application, applications));
        }
        for setting in CONDITIONS {
            let values = policy.values(setting).values;
            if values.first().is_some_and(|text| !NO_CONDITION.contains(text)) {
                draft.matching.also.push(self.text(&format!("{setting} {}", values.join(" "))));
            }
        }
        draft.matching.exact = draft.unclear.is_empty();
    }

    /// The addresses of one side, of both families.
    fn side(
        &self,
        section: &Section,
        policy: &Entry<'a>,
        which: &'static str,
        objects: &mut Objects<'a>,
        draft: &mut Draft<'a>,
    ) -> Addresses {
        let part = if which == "src" { Part::Sources } else { Part::Destinations };
        let mut set: Option<Addresses> = None;
        let mut add = |found: Addresses| set = Some(set.take().map_or(found.clone(), |sum| sum.union(&found)));
        for (suffix, six) in section.families {
            let everybody = if *six { Addresses::any_six() } else { Addresses::any_four() };
            let database = database(which, *six);
            if policy.says(database, "enable") {
                draft.matching.also.push(database);
                draft.unclear.push((part, Why::new("unresolved", &ELSEWHERE, database)));
                add(everybody);
                continue;
            }
            let values = policy.values(&format!("{which}addr{suffix}")).values;
            if values.is_empty() {
                continue;
            }
            let meaning = objects.addresses(&values, *six);
            let negated = policy.says(&format!("{which}addr{}-negate", suffix.trim_end_matches('4')), "enable");
            draft.references.extend(&meaning.heads);
            let known = !negated && meaning.parts.covers(&everybody);
            add(match clear(&meaning).filter(|_| !known) {
                Some((why, narrower)) => {
                    draft.unclear.push((part, why));
                    // Less than everything, so that with it nothing is let through to everywhere.
                    draft.matching.also.extend((narrower && !negated).then_some("unresolved"));
                    everybody
                }
                None if negated => everybody.subtract(&meaning.parts),
                None => meaning.parts,
            });
        }
        set.unwrap_or_else(|| {
            draft.unclear.push((part, Why::not_understood(self.text(&format!("{which}addr")))));
            Addresses::any()
        })
    }

    /// Protocols and ports.
    fn services(&self, policy: &Entry<'a>, objects: &mut Objects<'a>, draft: &mut Draft<'a>) {
        let values = policy.values("service").values;
        if values.is_empty() {
            let database = policy.says("internet-service", "enable") || policy.says("internet-service6", "enable");
            let why = if database { Why::new("unresolved", &ELSEWHERE, "internet-service") } else { Why::not_understood("service") };
            draft.unclear.push((Part::Services, why));
            return;
        }
        let meaning = objects.services(&values);
        draft.references.extend(&meaning.heads);
        if policy.says("service-negate", "enable") {
            draft.unclear.push((Part::Services, Why::not_understood("service-negate")));
            draft.matching.also.push("service-negate");
        } else if !meaning.parts.iter().any(Service::is_any) {
            match clear(&meaning) {
                Some((why, narrower)) => {
                    draft.unclear.push((Part::Services, why));
                    draft.matching.also.extend(narrower.then_some("unresolved"));
                }
                None => draft.matching.services = meaning.parts,
            }
        }
    }

    /// Whether all that a policy matches is logged.
    fn logged(&self, section: &Section, policy: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        match policy.value("logtraffic") {
            None if section.used == "local-in" => device.undocumented("logtraffic"),
            None => self.logs(policy),
            Some((text, node)) => device.decided(Value::Boolean(["all", "enable"].contains(&text)), node),
        }
    }

    /// The last day of a schedule that is in force once.
    fn end_of(&self, name: &str, vdom: &'a str) -> Cell<'a> {
        let entries = self.entries_in("config firewall schedule onetime", vdom);
        let Some(entry) = entries.iter().find(|entry| entry.name == name) else { return Cell::NONE };
        let end = entry.values("end");
        let date = end.values.iter().find_map(|word| word.replace('/', "-").parse().ok());
        match (date, end.statements.last()) {
            (Some(date), Some(node)) => self.shown.device.decided(Value::Date(date), *node),
            _ => self.shown.device.undocumented("schedule onetime end"),
        }
    }
}

/// The setting that takes one side from the vendor's database.
fn database(which: &str, six: bool) -> &'static str {
    match (which, six) {
        ("src", false) => "internet-service-src",
        ("src", true) => "internet-service6-src",
        (_, false) => "internet-service",
        (_, true) => "internet-service6",
    }
}

/// Why names do not stand for something exact, if they do not, and whether it is surely less than everything.
fn clear<'a, T>(meaning: &Meaning<'a, T>) -> Option<(Why<'a>, bool)> {
    let unresolved = meaning.unresolved.map(|name| (Why::new("unresolved", &UNRESOLVED, name), false));
    unresolved.or(meaning.elsewhere.map(|name| (Why::new("unresolved", &ELSEWHERE, name), true)))
}
