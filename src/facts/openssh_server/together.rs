//! Pairs of conditions that one connection may fulfil at once into what then holds, as far as that bears on the factors.

use super::super::Host;
use super::conditions::{self, Attribute, Criteria, Criterion};
use super::config::{Config, Within};
use super::patterns;
use super::view::View;

/// Keywords that decide which factors are demanded.
const FACTORS: [&str; 9] = [
    "authenticationmethods",
    "challengeresponseauthentication",
    "gssapiauthentication",
    "hostbasedauthentication",
    "kbdinteractiveauthentication",
    "passwordauthentication",
    "permitemptypasswords",
    "pubkeyauthentication",
    "skeyauthentication",
];

/// The most conditions whose pairs are looked at: those after them are looked at alone.
const CONDITIONS_MOST: usize = 24;

/// Two conditions that hold at once.
#[derive(Debug)]
pub(super) struct Pair<'c, 'a> {
    /// Their numbers.
    pub(super) of: [usize; 2],
    /// The criteria of both.
    pub(super) criteria: Criteria<'a>,
    /// What holds.
    pub(super) view: View<'c, 'a>,
}

/// The pairs of conditions that both decide something about factors and that do not shut each other out.
pub(super) fn pairs<'c, 'a>(host: &Host<'a>, config: &'c Config<'a>) -> Vec<Pair<'c, 'a>> {
    let decides = |number: &usize| {
        let within = |it: Within| matches!(it, Within::Block(condition, _) if condition == *number);
        config.directives.iter().any(|it| within(it.within) && FACTORS.contains(&it.keyword.means))
    };
    let deciding: Vec<usize> = (1..config.conditions.len()).filter(decides).take(CONDITIONS_MOST).collect();
    let mut found = Vec::new();
    for (at, one) in deciding.iter().copied().enumerate() {
        for other in deciding[at + 1..].iter().copied() {
            let (left, right) = (config.conditions[one], config.conditions[other]);
            let merged = conditions::canonical(host, [left, right].concat());
            if disjoint(left, right) || config.conditions.contains(&merged) {
                continue;
            }
            let active = config.conditions.iter().map(|it| conditions::implies(merged, it)).collect();
            found.push(Pair { of: [one, other], criteria: merged, view: View::of(config, active) });
        }
    }
    found
}

/// Whether no connection can fulfil both, as far as names and blocks of addresses tell.
fn disjoint(left: Criteria<'_>, right: Criteria<'_>) -> bool {
    left.iter().any(|one| right.iter().any(|other| one.attribute == other.attribute && apart(one, other)))
}

/// Whether two criteria about the same attribute shut each other out.
fn apart(one: &Criterion<'_>, other: &Criterion<'_>) -> bool {
    match one.attribute {
        Attribute::User | Attribute::LocalPort => {
            let literal = |pattern: &str| !pattern.contains(['*', '?', '!']);
            let common = one.pattern.split(',').any(|name| other.pattern.split(',').any(|it| it == name));
            literal(one.pattern) && literal(other.pattern) && !common
        }
        Attribute::Address | Attribute::LocalAddress => {
            let (one, other) = (patterns::admitted(one.pattern), patterns::admitted(other.pattern));
            one.names.is_empty() && other.names.is_empty() && !one.addresses.overlaps(&other.addresses)
        }
        _ => false,
    }
}
