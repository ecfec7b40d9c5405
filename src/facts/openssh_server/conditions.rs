//! The criteria of `Match` lines into conditions that are compared, named and held against a connection.
//!
//! The truth is `match_cfg_line` in servconf.c. All criteria of a line must hold; a block in a file that is included inside another
//! block has the criteria of both.

use std::borrow::Cow;

use super::super::Host;
use super::connection::{Connection, Membership};
use super::patterns::{self, Verdict};
use super::values;
use super::version::Versions;
use crate::parse::keyword;

/// What a criterion is about, in alphabetical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Attribute {
    /// The peer's address.
    Address,
    /// A group of the user.
    Group,
    /// The peer's name.
    Host,
    /// That the user does not exist; from 9.9.
    InvalidUser,
    /// The address that was connected to.
    LocalAddress,
    /// The port that was connected to.
    LocalPort,
    /// The routing domain of the connection.
    RoutingDomain,
    /// The user.
    User,
    /// The version of sshd; from 10.0.
    Version,
}

const NAMES: &[(&str, Attribute)] = &[
    ("address", Attribute::Address),
    ("group", Attribute::Group),
    ("host", Attribute::Host),
    ("invalid-user", Attribute::InvalidUser),
    ("localaddress", Attribute::LocalAddress),
    ("localport", Attribute::LocalPort),
    ("rdomain", Attribute::RoutingDomain),
    ("user", Attribute::User),
    ("version", Attribute::Version),
];

/// One criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Criterion<'a> {
    /// What it is about.
    pub(super) attribute: Attribute,
    /// The pattern list that must match; empty for `invalid-user`.
    pub(super) pattern: &'a str,
}

/// Criteria that must all hold: sorted, each once. None at all hold for every connection.
pub(super) type Criteria<'a> = &'a [Criterion<'a>];

/// The criteria of one `Match` line; none where sshd refuses it. `all` has none.
pub(super) fn criteria<'a>(host: &Host<'a>, rest: &'a str, versions: &Versions<'_>) -> Option<Vec<Criterion<'a>>> {
    // From 10.0 the line is split like any other, and `user=alice` is one argument.
    let words = if versions.from((10, 0)) { keyword::arguments(rest)? } else { keyword::delimited_arguments(rest, true) };
    let words: Vec<&'a str> = words.into_iter().map(|it| kept(host, it)).take_while(|it| !it.starts_with('#')).collect();
    let mut words = words.into_iter().peekable();
    if words.peek().is_some_and(|word| word.eq_ignore_ascii_case("all")) {
        words.next();
        return if words.next().is_none() { Some(Vec::new()) } else { None };
    }
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let (name, given) = match word.split_once('=') {
            Some((name, pattern)) => (name, Some(pattern)),
            None => (word, None),
        };
        let attribute = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, attribute)| *attribute)?;
        let pattern = if attribute == Attribute::InvalidUser { "" } else { given.or_else(|| words.next())? };
        if !acceptable(attribute, pattern, versions) {
            return None;
        }
        found.push(Criterion { attribute, pattern });
    }
    if found.is_empty() { None } else { Some(found) }
}

/// A text as a slice of the source where it is one, else as a computed text.
pub(super) fn kept<'a>(host: &Host<'a>, text: Cow<'a, str>) -> &'a str {
    match text {
        Cow::Borrowed(slice) => slice,
        Cow::Owned(computed) => host.text(&computed),
    }
}

/// Whether sshd takes a pattern for an attribute.
fn acceptable(attribute: Attribute, pattern: &str, versions: &Versions<'_>) -> bool {
    match attribute {
        Attribute::Address | Attribute::LocalAddress => patterns::is_address_list(pattern),
        Attribute::LocalPort => pattern == "0" || values::port(pattern).is_some(),
        Attribute::InvalidUser => !versions.before((9, 9)),
        Attribute::Version => !versions.before((10, 0)),
        Attribute::RoutingDomain => !versions.before((7, 7)) && !pattern.is_empty(),
        Attribute::Group | Attribute::Host | Attribute::User => !pattern.is_empty(),
    }
}

/// Sorted, each once.
pub(super) fn canonical<'a>(host: &Host<'a>, mut found: Vec<Criterion<'a>>) -> Criteria<'a> {
    found.sort_unstable();
    found.dedup();
    host.arena().alloc_slice_copy(&found)
}

/// The scope that the criteria name: `global`, or `match address 10.0.0.0/8 user backup`.
pub(super) fn scope<'a>(host: &Host<'a>, criteria: Criteria<'a>) -> &'a str {
    if criteria.is_empty() {
        return "global";
    }
    let mut text = String::from("match");
    for criterion in criteria {
        let name = NAMES.iter().find(|(_, attribute)| *attribute == criterion.attribute).map_or("", |(name, _)| name);
        text.push(' ');
        text.push_str(name);
        if !criterion.pattern.is_empty() {
            text.push(' ');
            let quote = if criterion.pattern.contains([' ', '\t']) { "\"" } else { "" };
            text.extend([quote, criterion.pattern, quote]);
        }
    }
    host.text(&text)
}

/// Whether every connection that fulfils the one fulfils the other too, by the criteria that are written.
pub(super) fn implies(one: Criteria<'_>, other: Criteria<'_>) -> bool {
    other.iter().all(|criterion| one.contains(criterion))
}

/// Whether a connection fulfils the criteria; none where the asset's files do not say.
pub(super) fn fulfils(connection: &Connection<'_>, membership: &Membership<'_>, criteria: Criteria<'_>) -> Option<bool> {
    let mut all = Some(true);
    for criterion in criteria {
        match (holds(connection, membership, criterion), all) {
            (Some(false), _) => return Some(false),
            (None, _) => all = None,
            (Some(true), _) => {}
        }
    }
    all
}

/// Whether one criterion holds; an attribute that the connection does not name fulfils nothing, as in `sshd -T -C`.
fn holds(connection: &Connection<'_>, membership: &Membership<'_>, criterion: &Criterion<'_>) -> Option<bool> {
    let pattern = criterion.pattern;
    let with = |value: Option<&str>, verdict: fn(&str, &str) -> Verdict| {
        Some(value.is_some_and(|value| verdict(pattern, value) == Verdict::Matches))
    };
    match criterion.attribute {
        Attribute::Address => with(connection.address, patterns::addresses_match),
        Attribute::LocalAddress => with(connection.local_address, patterns::addresses_match),
        Attribute::Host => with(connection.host, patterns::host_matches),
        Attribute::User => with(connection.user, patterns::list_matches),
        Attribute::RoutingDomain => with(connection.routing_domain, patterns::list_matches),
        Attribute::LocalPort => Some(connection.local_port.is_some() && values::port(pattern) == connection.local_port),
        Attribute::InvalidUser => match membership {
            Membership::NoSuchUser => Some(true),
            Membership::Groups(_) => Some(false),
            Membership::Unknown => None,
        },
        Attribute::Group => match membership {
            Membership::NoSuchUser => Some(false),
            Membership::Groups(groups) => {
                let verdicts: Vec<Verdict> = groups.iter().map(|group| patterns::list_matches(pattern, group)).collect();
                Some(!verdicts.contains(&Verdict::Refused) && verdicts.contains(&Verdict::Matches))
            }
            Membership::Unknown => connection.user.is_none().then_some(false),
        },
        Attribute::Version => None,
    }
}
