//! The lists of users and groups, `Match` criteria and listening addresses of one view into where a peer may come from, and who may log in.

use super::super::pam;
use super::super::{Cell, Evidence, Host, Value};
use super::access::unless_known;
use super::conditions::{Attribute, Criteria, Criterion};
use super::factors;
use super::patterns::{self, Admitted};
use super::view::View;
use crate::reckon::network::Addresses;

use ipnet::IpNet;

/// Where a peer may come from.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    /// The cell `sources`.
    pub(super) cell: Cell<'a>,
    /// What limits them.
    pub(super) by: Vec<&'a str>,
    /// What that rests on.
    pub(super) evidence: &'a [Evidence<'a>],
    /// Whether nobody is left.
    pub(super) nobody: bool,
}

/// The sources while they are being limited.
struct Limits<'a> {
    left: Addresses,
    /// Host names and patterns that admit addresses that are not known; empty where none do.
    names: Vec<&'a str>,
    by: Vec<&'a str>,
    evidence: Vec<Evidence<'a>>,
}

impl<'a> Limits<'a> {
    /// Keeps what is admitted; notes what limits if that takes anything away.
    fn keep(&mut self, admitted: Admitted<'a>, by: &'a str, evidence: &[Evidence<'a>]) {
        let left = self.left.intersection(&admitted.addresses);
        if left != self.left {
            self.left = left;
            self.names.extend(admitted.names);
            self.note(by, evidence);
        }
    }

    /// Takes away what is refused.
    fn refuse(&mut self, refused: &Addresses, by: &'a str, evidence: &[Evidence<'a>]) {
        let left = self.left.subtract(refused);
        if left != self.left {
            self.left = left;
            self.note(by, evidence);
        }
    }

    fn note(&mut self, by: &'a str, evidence: &[Evidence<'a>]) {
        if !self.by.contains(&by) {
            self.by.push(by);
        }
        self.evidence.extend(evidence);
    }
}

/// Where a peer may come from that fulfils the criteria.
pub(super) fn of<'a>(host: &Host<'a>, view: &View<'_, 'a>, about: Criteria<'a>) -> Sources<'a> {
    let mut limits = Limits { left: Addresses::any(), names: Vec::new(), by: Vec::new(), evidence: Vec::new() };
    criteria(view, about, &mut limits);
    users(host, view, &mut limits);
    listening(host, view, &mut limits);
    let mut why = None;
    if factors::uses_pam(host, view) {
        let account = pam::account_limits(host, factors::service(host, view));
        why = unless_known(&account.sources);
        if let (Some(Value::List(items)), Some(by)) = (account.sources.value(), account.sources_restricted_by) {
            let mut admitted = Admitted::default();
            for item in items {
                match item {
                    Value::Network(block) => admitted.addresses = admitted.addresses.union(&Addresses::of([*block])),
                    Value::Opaque(name) => admitted.names.push(name),
                    _ => {}
                }
            }
            limits.keep(admitted, by, account.sources.evidence);
        }
    }
    let nobody = limits.left.is_empty() && limits.names.is_empty();
    if limits.evidence.is_empty() {
        limits.evidence.extend(view.sum(host, "allowusers").evidence);
    }
    let evidence = host.evidence(&limits.evidence);
    let blocks = limits.left.blocks().into_iter().map(Value::Network);
    let items: Vec<Value<'a>> = blocks.chain(limits.names.iter().map(|name| Value::Opaque(name))).collect();
    let cell = match why {
        Some(why) if !nobody => Cell::unknown(why, evidence),
        _ => Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), evidence),
    };
    Sources { cell, by: limits.by, evidence, nobody }
}

/// What the criteria of the condition admit, less what is for other blocks that are about addresses alone.
fn criteria<'a>(view: &View<'_, 'a>, about: Criteria<'a>, limits: &mut Limits<'a>) {
    for criterion in about {
        match criterion.attribute {
            Attribute::Address => limits.keep(patterns::admitted(criterion.pattern), "Match Address", &[]),
            Attribute::Host => limits.keep(patterns::admitted(criterion.pattern), "Match Host", &[]),
            _ => {}
        }
    }
    for (other, criteria) in view.config.conditions.iter().enumerate() {
        if let [Criterion { attribute: Attribute::Address, pattern }] = criteria
            && !view.is_active(other)
        {
            let elsewhere = patterns::admitted(pattern);
            if elsewhere.names.is_empty() {
                limits.left = limits.left.subtract(&elsewhere.addresses);
            }
        }
    }
}

/// What AllowUsers admits and DenyUsers refuses whoever the user is.
fn users<'a>(host: &Host<'a>, view: &View<'_, 'a>, limits: &mut Limits<'a>) {
    let denied = view.sum(host, "denyusers");
    for pattern in denied.known().unwrap_or_default() {
        let (user, hosts) = pattern.split_once('@').unwrap_or((pattern, "*"));
        if everybody(user) {
            limits.refuse(&patterns::admitted(hosts).addresses, "DenyUsers", denied.evidence);
        }
    }
    let allowed = view.sum(host, "allowusers");
    let patterns = allowed.known().unwrap_or_default();
    if patterns.is_empty() {
        return;
    }
    let mut admitted = Admitted::default();
    for pattern in patterns {
        let more = patterns::admitted(pattern.split_once('@').map_or("*", |(_, hosts)| hosts));
        admitted.addresses = admitted.addresses.union(&more.addresses);
        admitted.names.extend(more.names);
    }
    limits.keep(admitted, "AllowUsers", allowed.evidence);
}

/// Where sshd listens on this host's own addresses only, so do peers come from there.
fn listening<'a>(host: &Host<'a>, view: &View<'_, 'a>, limits: &mut Limits<'a>) {
    let own = Addresses::of(["127.0.0.0/8", "::1/128"].iter().filter_map(|block| block.parse::<IpNet>().ok()));
    let listen = view.sum(host, "listenaddress");
    let addresses: Vec<_> = listen.known().unwrap_or_default().iter().filter_map(|text| super::values::listen(text)).collect();
    let loopback = |address: &str| patterns::numeric(address).is_some_and(|address| own.holds(address)) || address == "localhost";
    if !addresses.is_empty() && addresses.iter().all(|(address, _)| loopback(address)) {
        limits.keep(Admitted { addresses: own, names: Vec::new() }, "ListenAddress", listen.evidence);
    }
    let family = view.first(host, &["addressfamily"]);
    let only = match family.word() {
        Some(word) if word.eq_ignore_ascii_case("inet") => Addresses::any_four(),
        Some(word) if word.eq_ignore_ascii_case("inet6") => Addresses::any_six(),
        _ => return,
    };
    // It leaves out a whole family, which is not meant as a limit: it is not named.
    limits.left = limits.left.intersection(&only);
}

/// Whether a pattern matches every name.
fn everybody(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|it| it == b'*')
}

/// What limits who may log in to those who are named: AllowUsers and AllowGroups where no pattern of theirs is everybody, and the users
/// or groups that a block is about. DenyUsers and DenyGroups name those who may not: they limit to nobody in particular.
pub(super) fn accounts<'a>(host: &Host<'a>, view: &View<'_, 'a>, about: Criteria<'a>) -> Cell<'a> {
    let (mut by, mut evidence) = (Vec::new(), Vec::new());
    for (keyword, name) in [("allowusers", "AllowUsers"), ("allowgroups", "AllowGroups")] {
        let found = view.sum(host, keyword);
        let patterns = found.known().unwrap_or_default();
        let anybody = patterns.iter().any(|pattern| everybody(pattern.split_once('@').map_or(*pattern, |(user, _)| user)));
        if !patterns.is_empty() && !anybody {
            by.push(name);
        }
        evidence.extend(found.evidence);
    }
    for criterion in about {
        let name = match criterion.attribute {
            Attribute::User => "Match User",
            Attribute::Group => "Match Group",
            _ => continue,
        };
        let positive = || criterion.pattern.split(',').filter(|pattern| !pattern.starts_with('!'));
        if positive().next().is_some() && !positive().any(everybody) {
            by.push(name);
        }
    }
    Cell::known(host.texts(&by), host.evidence(&evidence))
}
