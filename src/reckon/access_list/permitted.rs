//! A list and a question into the sources that it lets through: for the addresses that may reach an administration service.

use super::cover::{Bounds, Steps};
use super::lower::{Lowered, Words};
use super::region::Region;
use super::{Action, Entry, Matching};
use crate::reckon::network::{Addresses, Run};

/// The sources that a list lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// Those that get through, whatever the entries mean that are not exact.
    pub surely: Addresses,
    /// Those that may.
    pub possibly: Addresses,
}

/// The sources from which some packet of `towards` gets through, entries being asked in order and `unmatched` deciding about the rest.
///
/// A permit that is in force at some times, or under further conditions, lets its sources through; a denial that is, keeps nobody out.
/// `unmatched` is deny for lists of IOS, EOS, NX-OS and ASA and for those that VRP applies to its terminals; permit for `packet-filter`
/// of Comware unless `packet-filter default deny` is set. None where a bound is hit.
///
/// For a service on TCP, restrict `towards` to new connections (`Aspect::TcpFlags`, `["syn"]`) where a permit of established ones
/// should not count.
pub fn permitted_sources(entries: &[Entry<'_>], towards: &Matching<'_>, unmatched: Action, bounds: Bounds) -> Option<Sources> {
    let mut words = Words::default();
    let asked = Lowered::of(towards, &mut words);
    let lowered: Vec<Lowered> = entries.iter().map(|entry| Lowered::of(&entry.matching, &mut words)).collect();
    if asked.too_many {
        return None;
    }
    let mut steps = Steps::new(bounds);
    let mut walk = |sure: bool| {
        let four = walk(&asked.spaces[0], entries, &lowered, 0, unmatched, sure, &mut steps)?;
        let six = walk(&asked.spaces[1], entries, &lowered, 1, unmatched, sure, &mut steps)?;
        Some(Addresses::of_runs(four, six))
    };
    Some(Sources { surely: walk(true)?, possibly: walk(false)? })
}

/// What an entry does to the packets that it matches.
struct Effect {
    admits: bool,
    /// Later entries do not see them.
    takes: bool,
}

/// What an entry does, as seen by who wants to be sure that a source gets through, or by who wants to be sure that it does not.
fn effect(entry: &Entry<'_>, exact: bool, sure: bool) -> Effect {
    let always = !entry.matching.timed && entry.matching.also.is_empty();
    match (entry.action, exact) {
        (Action::Other, _) => Effect { admits: false, takes: false },
        (Action::Permit, true) => Effect { admits: true, takes: always },
        (Action::Permit, false) => Effect { admits: !sure, takes: false },
        (Action::Deny, true) => Effect { admits: false, takes: always },
        (Action::Deny, false) => Effect { admits: false, takes: sure },
    }
}

/// The source runs that get through in one space; none where a bound is hit.
fn walk(
    asked: &[Region],
    entries: &[Entry<'_>],
    lowered: &[Lowered],
    space: usize,
    unmatched: Action,
    sure: bool,
    steps: &mut Steps,
) -> Option<Vec<Run>> {
    let mut left = asked.to_vec();
    let mut admitted = Vec::new();
    for (entry, lowered) in entries.iter().zip(lowered).filter(|(entry, _)| entry.enabled) {
        steps.next_entry();
        let effect = effect(entry, entry.matching.exact && !lowered.too_many, sure);
        for region in &lowered.spaces[space] {
            if !steps.take(left.len()) {
                return None;
            }
            if effect.admits {
                admitted.extend(left.iter().filter_map(|left| left.overlap(region)).map(|both| both.addresses[0]));
            }
            if effect.takes {
                let mut rest = Vec::with_capacity(left.len());
                left.iter().for_each(|left| left.cut(region, &mut rest));
                left = rest;
            }
        }
    }
    if unmatched == Action::Permit {
        admitted.extend(left.iter().map(|left| left.addresses[0]));
    }
    Some(admitted)
}
