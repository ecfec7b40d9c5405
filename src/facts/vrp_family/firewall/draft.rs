//! What the statements of one firewall rule say, piece by piece, into a line of its list.

use super::super::Family;
use super::super::lists::objects::Objects;
use crate::facts::joined::access_rules::{Line, Part};
use crate::facts::{Cell, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Service};
use crate::reckon::network::Addresses;
use crate::source::Span;

/// One side of a rule: the addresses that were named, of which a packet may have any.
#[derive(Debug, Default)]
pub(super) struct Side<'a> {
    /// None where nothing was named.
    set: Option<Addresses>,
    /// A name that says less than it holds, or nothing.
    inexact: Option<&'a str>,
    /// Whether what it may hold at most is not known, either.
    open: bool,
}

impl<'a> Side<'a> {
    /// Adds addresses that are written into the rule; none where they are not understood.
    pub(super) fn add(&mut self, addresses: Option<Addresses>, text: &'a str) {
        match addresses {
            Some(addresses) => self.set = Some(self.set.take().unwrap_or_default().union(&addresses)),
            None => self.not_known(text),
        }
    }

    /// Notes that something only the network knows is named.
    pub(super) fn not_known(&mut self, text: &'a str) {
        self.inexact = self.inexact.or(Some(text));
        self.open = true;
    }

    /// Notes that something is taken away.
    pub(super) fn less(&mut self, text: &'a str) {
        self.inexact = self.inexact.or(Some(text));
    }

    /// What it matches at most.
    fn addresses(&self, family: &Addresses) -> Addresses {
        match &self.set {
            Some(set) if !self.open => set.intersection(family),
            _ => family.clone(),
        }
    }
}

/// A rule that is being read.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    /// The line that opens it.
    pub(super) node: Node<'a>,
    pub(super) action: Action,
    pub(super) enabled: bool,
    pub(super) sources: Side<'a>,
    pub(super) destinations: Side<'a>,
    /// Protocols and ports; none for every one.
    services: Option<Vec<Service>>,
    services_inexact: Option<&'a str>,
    restrictions: Vec<(Aspect, Vec<&'a str>)>,
    /// Further limits in the rule's own words.
    pub(super) also: Vec<&'a str>,
    /// A limit that is not understood.
    spoiled: Option<&'a str>,
    /// Whether something that changes decides whether it is in force.
    pub(super) depends: bool,
    pub(super) time_range: Option<&'a str>,
    /// Whether sessions are logged, and the line that says so.
    pub(super) logged: Option<(bool, Node<'a>)>,
    pub(super) comment: Option<(&'a str, Node<'a>)>,
    references: Vec<Span>,
}

impl<'a> Draft<'a> {
    /// A rule of which only the name and what it does unless it says otherwise is known.
    pub(super) fn new(name: &'a str, node: Node<'a>, action: Action) -> Draft<'a> {
        Draft {
            name,
            node,
            action,
            enabled: true,
            sources: Side::default(),
            destinations: Side::default(),
            services: None,
            services_inexact: None,
            restrictions: Vec::new(),
            also: Vec::new(),
            spoiled: None,
            depends: false,
            time_range: None,
            logged: None,
            comment: None,
            references: Vec::new(),
        }
    }

    /// Adds a set of addresses by its name.
    pub(super) fn add_set(&mut self, source: bool, name: &'a str, objects: &mut Objects<'_, 'a>) {
        let found = objects.addresses(name);
        self.references.extend(&found.spans);
        let side = if source { &mut self.sources } else { &mut self.destinations };
        side.add(found.value.clone(), name);
        if !found.exact {
            side.less(name);
        }
    }

    /// Adds a service by its name.
    pub(super) fn add_named_service(&mut self, name: &'a str, objects: &mut Objects<'_, 'a>) {
        let found = objects.services(name);
        self.references.extend(&found.spans);
        match &found.value {
            Some(services) => self.services.get_or_insert_default().extend(services.iter().cloned()),
            None => self.services_inexact = self.services_inexact.or(Some(name)),
        }
    }

    /// Adds a service that is written into the rule; none where it is not understood.
    pub(super) fn add_service(&mut self, service: Option<Service>, text: &'a str) {
        match service {
            Some(service) => self.services.get_or_insert_default().push(service),
            None => self.services_inexact = self.services_inexact.or(Some(text)),
        }
    }

    /// Notes a limit that is not understood.
    pub(super) fn spoil(&mut self, text: &'a str) {
        self.spoiled = self.spoiled.or(Some(text));
    }

    /// Adds words to what an aspect is limited to; `any` is no limit.
    pub(super) fn limit(&mut self, aspect: Aspect, words: impl Iterator<Item = &'a str>) {
        let words: Vec<&'a str> = words.filter(|word| !word.eq_ignore_ascii_case("any")).collect();
        if words.is_empty() {
            return;
        }
        match self.restrictions.iter_mut().find(|(known, _)| *known == aspect) {
            Some((_, known)) => known.extend(words),
            None => self.restrictions.push((aspect, words)),
        }
    }

    /// The line of the list. `family` is which addresses the policy sees.
    pub(super) fn line(self, device: &Family<'_, 'a>, family: &Addresses) -> Line<'a> {
        let device = &device.device;
        let mut unclear: Vec<(Part, Why<'a>)> = Vec::new();
        for (part, name) in [
            (Part::Sources, self.sources.inexact),
            (Part::Destinations, self.destinations.inexact),
            (Part::Services, self.services_inexact),
        ] {
            unclear.extend(name.map(|name| (part, Objects::unresolved(name))));
        }
        unclear.extend(self.spoiled.map(|text| (Part::Everything, Why::not_understood(text))));
        if self.action == Action::Unknown {
            unclear.push((Part::Everything, Why::not_understood(self.name)));
        }
        let every = || vec![Service::any()];
        let matching = Matching {
            sources: self.sources.addresses(family),
            destinations: self.destinations.addresses(family),
            services: if self.services_inexact.is_some() { every() } else { self.services.unwrap_or_else(every) },
            restrictions: self.restrictions,
            also: self.also,
            timed: self.time_range.is_some() || self.depends,
            exact: unclear.is_empty(),
        };
        let mut entry = Entry::new(self.action, matching);
        entry.enabled = self.enabled;
        let logged = match self.logged {
            Some((on, node)) => device.decided(Value::Boolean(on), node),
            None => device.unless_cut(device.decided(Value::Boolean(false), self.node)),
        };
        Line {
            unclear,
            references: self.references,
            logged,
            time_window: self.time_range,
            comment: self.comment.map(|(text, node)| (text, device.span(node))),
            expires: Cell::NONE,
            ..Line::new(self.name, device.span(self.node), entry)
        }
    }
}
