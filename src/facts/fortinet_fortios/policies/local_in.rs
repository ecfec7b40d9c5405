//! Policies for what is sent to the device itself into the sources from which a way of administration is reached over an interface.
//!
//! They are asked in order, before what the system itself lets in where an interface's `allowaccess` names a service (Technical Tips
//! 302262 and 222620): what none of them matches is let in there. The trusted hosts of administrators hold beside them (Technical Tips
//! 248943 and 369617). A policy that accepts may open more than `allowaccess` names (FortiOS 5.0 Handbook, Local-In Policies).

use super::super::interfaces::Interface;
use super::super::{Entry, Forti};
use super::objects::Objects;
use super::{SECTIONS, Section};
use crate::facts::joined::access_rules::{List, through};
use crate::facts::{Evidence, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry as Rule, Matching, Ports, Service, Sources};
use crate::reckon::network::Addresses;

/// The most policies that are shown beside one way in.
const SHOWN_MOST: usize = 8;

/// The policies of one family in one VDOM.
pub(in super::super) struct LocalIn<'a> {
    vdom: &'a str,
    six: bool,
    list: List<'a>,
    first: Node<'a>,
    /// Names of interfaces and zones; another name may stand for any interface.
    known: Vec<&'a str>,
}

/// What policies leave of the sources that may reach a service on an interface.
pub(in super::super) struct Passage<'a> {
    /// The sources, or why they are not known.
    pub sources: Result<Sources, Why<'a>>,
    /// The policies that are asked.
    pub evidence: Vec<Evidence<'a>>,
    /// The first of them.
    pub first: Node<'a>,
    /// Name of their list.
    pub list: &'a str,
}

impl<'a> Forti<'_, 'a> {
    /// The policies of every VDOM that has any.
    pub(in super::super) fn local_in(&self, interfaces: &[Interface<'a>]) -> Vec<LocalIn<'a>> {
        let zones = self.entries("config system zone");
        let known: Vec<&'a str> = interfaces.iter().map(|it| it.entry.name).chain(zones.iter().map(|zone| zone.name)).collect();
        let mut found = Vec::new();
        for vdom in self.vdoms() {
            let sections = SECTIONS.iter().filter(|section| section.used == "local-in");
            let policies: Vec<(&Section, Vec<Entry<'a>>)> = sections
                .map(|section| (section, self.entries_in(section.config, vdom)))
                .filter(|(_, policies)| !policies.is_empty())
                .collect();
            if policies.is_empty() {
                continue;
            }
            let mut objects = Objects::of(self, vdom);
            for (section, policies) in policies {
                let six = section.families.iter().all(|(_, six)| *six);
                let first = policies[0].head();
                let list = self.list(section, vdom, &policies, &mut objects);
                found.extend(list.map(|list| LocalIn { vdom, six, list, first, known: known.clone() }));
            }
        }
        found
    }

    /// The VDOM that an interface is in.
    fn home(&self, interface: &Interface<'a>) -> &'a str {
        let vdoms = self.vdoms();
        let said = interface.entry.value("vdom").map(|(name, _)| name).filter(|name| vdoms.contains(name));
        said.or_else(|| vdoms.first().copied()).unwrap_or_default()
    }

    /// What the policies of a family let through to a TCP port over an interface, `unmatched` deciding about the rest; none where there
    /// are no policies.
    pub(in super::super) fn passage(
        &self,
        all: &[LocalIn<'a>],
        (interface, six, port): (&Interface<'a>, bool, Option<u16>),
        unmatched: Action,
    ) -> Option<Passage<'a>> {
        let home = self.home(interface);
        let policies = all.iter().find(|it| it.six == six && it.vdom == home)?;
        let names = self.names(interface);
        let lines = policies.list.lines.iter().zip(policies.list.lines.iter().map(|line| policies.over(&line.entry, &names)));
        let (lines, entries): (Vec<_>, Vec<Rule<'a>>) = lines.filter_map(|(line, entry)| Some((line, entry?))).unzip();
        let shown = lines.iter().filter(|line| line.entry.enabled).take(SHOWN_MOST);
        let evidence: Vec<Evidence<'a>> = shown.map(|line| Evidence::Reference(line.span)).collect();
        let everybody = if six { Addresses::any_six() } else { Addresses::any_four() };
        let reached = |port, destinations: &Addresses| {
            let services = vec![Service::tcp(Ports::only(port))];
            let towards = Matching { sources: everybody.clone(), destinations: destinations.clone(), services, ..Matching::any() };
            through(self.shown.device.host, &entries, &towards, unmatched).ok_or_else(|| Why::budget_spent(policies.list.name))
        };
        let sources = match (policies.list.order_unknown, port) {
            (Some(why), _) => Err(why),
            (None, None) => Err(Why::not_understood("admin-port")),
            (None, Some(port)) => reached(port, &everybody).and_then(|all| match interface.addresses(six) {
                // Policies may tell the interface's own addresses from those of others, of which it is not known what is answered there.
                own if own.is_empty() => Ok(all),
                own => reached(port, &own)
                    .map(|here| Sources { surely: all.surely.intersection(&here.surely), possibly: all.possibly.union(&here.possibly) }),
            }),
        };
        Some(Passage { sources, evidence, first: policies.first, list: policies.list.name })
    }

    /// The names by which policies mean an interface: its own, and those of zones that it is in.
    fn names(&self, interface: &Interface<'a>) -> Vec<&'a str> {
        let zones = self.entries("config system zone");
        let holding = zones.iter().filter(|zone| zone.values("interface").values.contains(&interface.entry.name));
        std::iter::once(interface.entry.name).chain(holding.map(|zone| zone.name)).collect()
    }
}

impl<'a> LocalIn<'a> {
    /// A policy as it holds on one interface; none where it holds on others. One that names what is neither an interface nor a zone that
    /// is shown may hold on any.
    fn over(&self, entry: &Rule<'a>, names: &[&'a str]) -> Option<Rule<'a>> {
        let Some(words) = entry.matching.words(Aspect::ZoneFrom) else { return Some(entry.clone()) };
        let here = words.iter().any(|word| names.contains(word));
        let unclear = words.iter().any(|word| !self.known.contains(word));
        if !here && !unclear {
            return None;
        }
        let mut entry = entry.clone();
        entry.matching.restrictions.retain(|(aspect, _)| *aspect != Aspect::ZoneFrom);
        entry.matching.exact &= here;
        Some(entry)
    }
}
