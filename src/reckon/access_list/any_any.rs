//! A list's entries into those that, alone or with the permits before them, let everything through from everywhere to everywhere.

use super::cover::{Bounds, Cover, Steps, cover};
use super::lower::{Lowered, Words, everything};
use super::region::{PROTOCOL, Region, place};
use super::service::{TCP, UDP};
use super::{Action, Aspect, Entry};

/// Whether an entry lets everything through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wide {
    /// It does not.
    No,
    /// It does, alone.
    Alone,
    /// It is the one with which the permits so far do; the places of those that are needed, itself among them.
    Together(Vec<usize>),
    /// Not known: its matching is not exact, or a bound was hit.
    Undetermined,
}

/// For each entry whether it permits everything: every source and destination of a family with every port of TCP or of UDP, whoever
/// the user and whatever the application.
///
/// Zones and times are left out: between two zones, or in some hours, everything is everything too. `0.0.0.0/1` and `128.0.0.0/1` in two entries
/// are everything together; the entry that completes it is named. Earlier denials are not looked at: what is permitted after ten
/// denied hosts is still everything but ten hosts.
pub fn any_any(entries: &[Entry<'_>], bounds: Bounds) -> Vec<Wide> {
    let mut words = Words::default();
    let lowered: Vec<Lowered> = entries.iter().map(|entry| Lowered::of(&entry.matching, &mut words)).collect();
    let mut wide: Vec<Wide> = entries.iter().zip(&lowered).map(|(entry, lowered)| alone(entry, lowered)).collect();
    let mut steps = Steps::new(bounds);
    for space in [0, 1] {
        let mut permits: Vec<(usize, &Region)> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if is_open(entry) && wide[at] != Wide::Alone {
                permits.extend(lowered[at].spaces[space].iter().map(|region| (at, region)));
            }
        }
        for question in questions(&permits, space) {
            let asked: Vec<(usize, &Region)> = permits.iter().filter(|(_, region)| region.meets(&question)).copied().collect();
            if asked.len() > 1 {
                together(&question, &asked, entries, &mut wide, &mut steps);
            }
        }
    }
    wide
}

/// Whether an entry permits all that its boxes hold.
fn is_open(entry: &Entry<'_>) -> bool {
    entry.enabled && entry.action == Action::Permit && entry.matching.also.is_empty()
}

/// What an entry is by itself.
fn alone(entry: &Entry<'_>, lowered: &Lowered) -> Wide {
    let wide = |(space, region): (usize, &Region)| [TCP, UDP].iter().any(|protocol| region.covers(&question(region, space, *protocol)));
    let regions = lowered.spaces.iter().enumerate().flat_map(|(space, regions)| regions.iter().map(move |region| (space, region)));
    match is_open(entry) && regions.into_iter().any(wide) {
        false => Wide::No,
        true if entry.matching.exact && !lowered.too_many => Wide::Alone,
        true => Wide::Undetermined,
    }
}

/// Everything of a protocol between the zones of a box.
fn question(region: &Region, space: usize, protocol: u8) -> Region {
    let mut question = everything(space);
    question.small[PROTOCOL] = (protocol.into(), protocol.into());
    for zone in [place(Aspect::ZoneFrom), place(Aspect::ZoneTo)] {
        question.small[zone] = region.small[zone];
    }
    question
}

/// What to ask of some permits: everything of each protocol between the zones of each.
fn questions(permits: &[(usize, &Region)], space: usize) -> Vec<Region> {
    let mut zones: Vec<&Region> = permits.iter().map(|(_, region)| *region).collect();
    let key = |region: &Region| (region.small[place(Aspect::ZoneFrom)], region.small[place(Aspect::ZoneTo)]);
    zones.sort_by_key(|region| key(region));
    zones.dedup_by_key(|region| key(region));
    zones.iter().flat_map(|region| [TCP, UDP].map(|protocol| question(region, space, protocol))).collect()
}

/// Notes the entry with which permits cover what is asked, if any does.
fn together(question: &Region, asked: &[(usize, &Region)], entries: &[Entry<'_>], wide: &mut [Wide], steps: &mut Steps) {
    steps.next_entry();
    let mut by_volume = asked.to_vec();
    by_volume.sort_by(|(_, one), (_, other)| question.overlap_volume(other).total_cmp(&question.overlap_volume(one)));
    let exact: Vec<(usize, &Region)> = by_volume.iter().filter(|(at, _)| entries[*at].matching.exact).copied().collect();
    let (Some(sure), Some(perhaps)) = (completing(question, &exact, steps), completing(question, &by_volume, steps)) else {
        for (at, _) in asked {
            if wide[*at] == Wide::No {
                wide[*at] = Wide::Undetermined;
            }
        }
        return;
    };
    match (sure, perhaps) {
        (Some((at, needed)), _) if wide[at] == Wide::No => wide[at] = Wide::Together(needed),
        (None, Some((at, _))) if wide[at] == Wide::No => wide[at] = Wide::Undetermined,
        _ => {}
    }
}

/// The first entry with which permits cover what is asked, and those that do; the outer none where a bound is hit.
fn completing(question: &Region, permits: &[(usize, &Region)], steps: &mut Steps) -> Option<Option<(usize, Vec<usize>)>> {
    let (mut low, mut high) = (0, permits.iter().map(|(at, _)| *at).max().unwrap_or(0));
    let mut complete = covered_by(question, permits, high, steps)?;
    // Invariant where it is complete: the entries up to `high` cover it, those before `low` do not.
    while complete.is_some() && low < high {
        let middle = low + (high - low) / 2;
        match covered_by(question, permits, middle, steps)? {
            Some(needed) => (high, complete) = (middle, Some(needed)),
            None => low = middle + 1,
        }
    }
    Some(complete.map(|needed| (high, needed)))
}

/// Those of the permits up to an entry that cover what is asked; the outer none where a bound is hit.
fn covered_by(question: &Region, permits: &[(usize, &Region)], last: usize, steps: &mut Steps) -> Option<Option<Vec<usize>>> {
    let until: Vec<(usize, &Region)> = permits.iter().filter(|(at, _)| *at <= last).copied().collect();
    if !steps.take(permits.len()) {
        return None;
    }
    match cover(question, until.iter().map(|(_, region)| *region), steps) {
        Cover::Bound => None,
        Cover::Open(_) => Some(None),
        Cover::Whole(needed) => {
            let mut places: Vec<usize> = needed.into_iter().map(|at| until[at as usize].0).collect();
            places.sort_unstable();
            places.dedup();
            Some(Some(places))
        }
    }
}
