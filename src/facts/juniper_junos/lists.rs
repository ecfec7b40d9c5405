//! Firewall filters and security policies into rows of `access-rules`, with where interfaces use them.
//!
//! Each filter is a list. All security policies are one: those between two zones are asked first, in their order, then the global ones
//! (Junos Security Policies Guide, Global Security Policies), and zones are conditions, so that only policies that can see the same
//! packet shadow each other. `default-policy permit-all` is its last entry; otherwise what no policy matches is denied.

use std::collections::HashMap;

use super::Junos;
use super::books::Books;
use super::policies::Policy;
use crate::facts::joined::access_rules::{Line, List, Part, push_rows};
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Service};
use crate::reckon::network::Addresses;
use crate::schema::neutral::ACCESS_RULES;
use crate::source::Span;

static UNDEFINED: Phrase = Phrase { zh: "对象 {} 没有定义或无法展开", en: "the object {} is not defined or cannot be expanded" };
static ELSEWHERE: Phrase = Phrase {
    zh: "{} 在静态配置中无法解析（域名，或此处不知其端口的预定义应用）",
    en: "{} cannot be resolved at rest: a host name, or a predefined application whose ports are not known here",
};

/// Where filters stand, and their family.
const FILTERS: [(&str, &str); 3] =
    [("firewall filter", "inet"), ("firewall family inet filter", "inet"), ("firewall family inet6 filter", "inet6")];

/// Statements that apply a filter, and the words of `applied-to`.
const APPLIED: [(&str, &str); 4] =
    [("input", "interface-in"), ("input-list", "interface-in"), ("output", "interface-out"), ("output-list", "interface-out")];

/// Where filters are used: family, name, and what uses them.
type Uses<'a> = HashMap<(&'static str, &'a str), Vec<(&'static str, Span)>>;

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_lists(&self, tables: &mut Tables<'a>, policies: &[Policy<'a>], books: &mut Books<'a>) {
        if !tables.wants(&ACCESS_RULES) {
            return;
        }
        let mut lists = Vec::new();
        let uses = self.uses();
        for (path, family) in FILTERS {
            for (name, node) in self.values(path) {
                lists.push(self.filter_list((family, name), node, &uses));
            }
        }
        lists.extend(self.policy_list(policies, books));
        if let Some(why) = self.shown.device.cut() {
            // Statements that change what the last entry does could stand behind the cut.
            for last in lists.iter_mut().filter_map(|list| list.lines.last_mut()) {
                last.entry = Entry::new(Action::Unknown, Matching::unreadable());
                last.unclear = vec![(Part::Everything, why)];
            }
        }
        push_rows(self.shown.device.host, tables, self.shown.product, &lists);
    }

    fn filter_list(&self, (family, name): (&'static str, &'a str), node: Node<'a>, uses: &Uses<'a>) -> List<'a> {
        let device = &self.shown.device;
        let terms = node.at("term").into_iter().flat_map(Node::values);
        let lines = terms.map(|term| {
            let read = self.term(term, family == "inet6");
            let mut line = Line::new(term.text(), device.span(term), read.entry);
            line.unclear = read.unclear;
            let log = term.at("then").and_then(|then| ["log", "syslog"].iter().find_map(|word| then.at(word)));
            line.logged = self.logged(log, term);
            line
        });
        let named = if family == "inet" { name } else { self.text(&format!("{family} {name}")) };
        let mut list = List::new(named, lines.collect());
        list.header = Some(device.span(node));
        list.uses = match (uses.get(&(family, name)), self.shown.gap()) {
            (Some(used), _) => Ok(used.clone()),
            (None, Some(why)) => Err(why),
            (None, None) => Ok(Vec::new()),
        };
        list
    }

    /// Where filters are applied: to units of interfaces, ranges of interfaces, and all that is forwarded.
    fn uses(&self) -> Uses<'a> {
        let mut uses = Uses::new();
        for (interface, node) in self.values("interfaces") {
            let ranges = if interface == "interface-range" { node.values().collect() } else { vec![node] };
            let units = ranges.into_iter().filter_map(|node| node.at("unit")).flat_map(Node::values);
            for families in units.filter_map(|unit| unit.at("family")) {
                self.note_uses(families, interface, &mut uses);
            }
        }
        if let Some(families) = self.root.at("forwarding-options family") {
            self.note_uses(families, "", &mut uses);
        }
        uses
    }

    fn note_uses(&self, families: Node<'a>, interface: &str, uses: &mut Uses<'a>) {
        for family in ["inet", "inet6"] {
            let Some(filter) = families.at(family).and_then(|node| node.at("filter")) else { continue };
            for (statement, word) in APPLIED {
                let word = if interface == "lo0" && word == "interface-in" { "control-plane" } else { word };
                for named in filter.at(statement).into_iter().flat_map(Node::values) {
                    uses.entry((family, named.text())).or_default().push((word, self.shown.device.span(named)));
                }
            }
        }
    }

    /// Whether matches are logged.
    fn logged(&self, log: Option<Node<'a>>, entry: Node<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        match log {
            Some(node) => device.decided(Value::Boolean(true), node),
            None => self.shown.unless_gap(device.decided(Value::Boolean(false), entry)),
        }
    }

    /// The security policies as one list.
    fn policy_list(&self, policies: &[Policy<'a>], books: &mut Books<'a>) -> Option<List<'a>> {
        let device = &self.shown.device;
        let mut lines: Vec<Line<'a>> = policies.iter().map(|policy| self.policy_line(policy, books)).collect();
        if let Some(node) = self.root.at("security policies default-policy permit-all") {
            lines.push(Line::new("default-policy", device.span(node), Entry::new(Action::Permit, Matching::any())));
        }
        let header = self.root.at("security policies").filter(|_| !lines.is_empty())?;
        let mut list = List::new("security policies", lines);
        list.header = Some(device.span(header));
        list.uses = Ok(vec![("firewall", device.span(header))]);
        list.tells_applications = true;
        Some(list)
    }

    fn policy_line(&self, policy: &Policy<'a>, books: &mut Books<'a>) -> Line<'a> {
        let device = &self.shown.device;
        let node = policy.node;
        let then = node.at("then");
        let says = |word: &str| then.is_some_and(|then| then.at(word).is_some());
        let action = match () {
            () if says("deny") || says("reject") => Action::Deny,
            () if says("permit") => Action::Permit,
            () => Action::Unknown,
        };
        let mut line = Line::new(policy.name, device.span(node), Entry::new(action, Matching::any()));
        if action == Action::Unknown {
            line.entry.matching = Matching::unreadable();
            line.unclear = vec![(Part::Everything, Why::not_understood("then"))];
        } else {
            self.narrow(policy, books, &mut line);
        }
        let log = then.and_then(|then| then.at("log")).filter(|log| log.at("session-close").is_some() || log.at("session-init").is_some());
        line.logged = self.logged(log, node);
        if let Some(scheduler) = node.value("scheduler-name") {
            line.time_window = Some(scheduler.text());
            line.entry.matching.timed = true;
        }
        line.comment = node.value("description").map(|text| (text.text(), device.span(text)));
        line
    }

    /// Narrows a line to what a policy says that it matches.
    fn narrow(&self, policy: &Policy<'a>, books: &mut Books<'a>, line: &mut Line<'a>) {
        let matched = policy.node.at("match");
        let named = |name: &str| matched.and_then(|node| node.at(name)).into_iter().flat_map(Node::values).collect::<Vec<_>>();
        let mut matching = Matching::any();
        for (which, part, zone) in [("source", Part::Sources, policy.zones[0]), ("destination", Part::Destinations, policy.zones[1])] {
            let names = named(&format!("{which}-address"));
            let excluded = matched.is_some_and(|node| node.at(&format!("{which}-address-excluded")).is_some());
            let meaning = books.addresses(zone, &names);
            line.references.extend(meaning.heads.iter().map(|node| self.shown.device.span(*node)));
            let known = !excluded && meaning.parts.covers(&Addresses::any_four());
            let set = match (meaning.unresolved, meaning.elsewhere) {
                (None, None) if excluded => Addresses::any().subtract(&meaning.parts),
                // A policy cannot be committed without both sides.
                (None, None) if names.is_empty() => {
                    line.unclear.push((part, Why::not_understood(self.text(&format!("{which}-address")))));
                    Addresses::any()
                }
                (None, None) => meaning.parts,
                _ if known => meaning.parts,
                (Some(name), _) => {
                    line.unclear.push((part, Why::new("unresolved", &UNDEFINED, name)));
                    Addresses::any()
                }
                (None, Some(name)) => {
                    line.unclear.push((part, Why::new("unresolved", &ELSEWHERE, name)));
                    matching.also.extend((!excluded).then_some("unresolved"));
                    Addresses::any()
                }
            };
            if part == Part::Sources { matching.sources = set } else { matching.destinations = set }
        }
        let meaning = books.applications(&named("application"));
        line.references.extend(meaning.heads.iter().map(|node| self.shown.device.span(*node)));
        match (meaning.unresolved, meaning.elsewhere) {
            _ if meaning.parts.iter().any(Service::is_any) => {}
            (Some(name), _) => line.unclear.push((Part::Services, Why::new("unresolved", &UNDEFINED, name))),
            (None, Some(name)) => {
                line.unclear.push((Part::Services, Why::new("unresolved", &ELSEWHERE, name)));
                matching.also.push("unresolved");
            }
            (None, None) if meaning.parts.is_empty() => line.unclear.push((Part::Services, Why::not_understood("application"))),
            (None, None) => matching.services = meaning.parts,
        }
        self.restrict_policy(policy, matched, &mut matching);
        matching.exact = line.unclear.is_empty();
        line.entry.matching = matching;
    }

    /// Zones, users, applications that the device recognises, and what else limits a policy.
    fn restrict_policy(&self, policy: &Policy<'a>, matched: Option<Node<'a>>, matching: &mut Matching<'a>) {
        let listed = |name: &str| matched.and_then(|node| node.at(name)).into_iter().flat_map(Node::values).map(Node::text);
        let global = policy.zones[0] == "global";
        for (index, path, aspect) in [(0, "from-zone", Aspect::ZoneFrom), (1, "to-zone", Aspect::ZoneTo)] {
            let zones: Vec<&'a str> = if global { listed(path).collect() } else { vec![policy.zones[index]] };
            if !zones.is_empty() && !zones.contains(&"any") {
                matching.restrictions.push((aspect, zones));
            }
        }
        for (path, aspect) in [("dynamic-application", Aspect::Application), ("source-identity", Aspect::User)] {
            let words: Vec<&'a str> = listed(path).collect();
            if !words.is_empty() && !words.iter().any(|word| ["any", "none"].contains(word)) {
                matching.restrictions.push((aspect, words));
            }
        }
        for path in ["url-category", "source-end-user-profile", "destination-l4-port"] {
            let words: Vec<&str> = listed(path).collect();
            if !words.is_empty() && words != ["none"] {
                matching.also.push(self.text(&format!("{path} {}", words.join(" "))));
            }
        }
    }
}
