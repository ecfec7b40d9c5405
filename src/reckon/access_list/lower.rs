//! What entries match into boxes: one per combination of source run, destination run, service and words.

use std::collections::HashMap;

use super::region::{DESTINATION_PORT, PROTOCOL, Region, SMALL, SOURCE_PORT, place};
use super::{Aspect, Matching, Service};
use crate::reckon::network::Run;

/// The most boxes that one entry may make; beyond it the entry is taken as one whose matching is not exact.
pub const REGIONS_MOST: usize = 50_000;

/// A small number's every value.
const EVERY: (u16, u16) = (0, u16::MAX);

/// Numbers for the words of each aspect; 0 is for values that nobody names.
#[derive(Debug, Default)]
pub(super) struct Words<'a> {
    numbers: HashMap<(Aspect, &'a str), u16>,
    /// By aspect, the word of number one first.
    known: [Vec<&'a str>; Aspect::ALL.len()],
}

impl<'a> Words<'a> {
    /// The number of a word; none where there are too many.
    fn number(&mut self, aspect: Aspect, word: &'a str) -> Option<u16> {
        if let Some(number) = self.numbers.get(&(aspect, word)) {
            return Some(*number);
        }
        let known = &mut self.known[aspect as usize];
        known.push(word);
        // The highest number stays free, so that no set of words is ever the same as no restriction.
        let number = u16::try_from(known.len()).ok().filter(|number| *number < u16::MAX)?;
        self.numbers.insert((aspect, word), number);
        Some(number)
    }

    /// The word of a number.
    pub(super) fn word(&self, aspect: Aspect, number: u16) -> Option<&'a str> {
        self.known[aspect as usize].get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The runs of numbers of some words.
    fn runs(&mut self, aspect: Aspect, words: &[&'a str]) -> Option<Vec<(u16, u16)>> {
        let mut numbers = words.iter().map(|word| self.number(aspect, word)).collect::<Option<Vec<u16>>>()?;
        numbers.sort_unstable();
        let mut runs: Vec<(u16, u16)> = Vec::new();
        for number in numbers {
            match runs.last_mut() {
                Some((_, last)) if number <= *last + 1 => *last = number,
                _ => runs.push((number, number)),
            }
        }
        Some(runs)
    }
}

/// The boxes of an entry in each of the two spaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Lowered {
    /// IPv4, then IPv6.
    pub spaces: [Vec<Region>; 2],
    /// There would be too many: the boxes are every packet instead.
    pub too_many: bool,
}

impl Lowered {
    /// The boxes of a matching.
    pub(super) fn of<'a>(matching: &Matching<'a>, words: &mut Words<'a>) -> Lowered {
        let everything = || Lowered { spaces: [vec![everything(0)], vec![everything(1)]], too_many: true };
        let Some(kinds) = kinds(matching, words) else { return everything() };
        let (from, to) = (&matching.sources, &matching.destinations);
        let sides = [(from.runs_four(), to.runs_four()), (from.runs_six(), to.runs_six())];
        let count = |(from, to): &(&[Run], &[Run])| from.len().saturating_mul(to.len()).saturating_mul(kinds.len());
        if sides.iter().map(count).any(|count| count > REGIONS_MOST) {
            return everything();
        }
        let spaces = sides.map(|(from, to)| {
            let pairs = from.iter().flat_map(|source| to.iter().map(move |destination| [*source, *destination]));
            pairs.flat_map(|addresses| kinds.iter().map(move |small| Region { addresses, small: *small })).collect()
        });
        Lowered { spaces, too_many: false }
    }

    /// Whether it matches no packet.
    pub(super) fn is_empty(&self) -> bool {
        self.spaces.iter().all(Vec::is_empty)
    }

    /// Whether some packet is matched by both.
    pub(super) fn meets(&self, other: &Lowered) -> bool {
        let any = |(mine, theirs): (&Vec<Region>, &Vec<Region>)| mine.iter().any(|one| theirs.iter().any(|other| one.meets(other)));
        self.spaces.iter().zip(&other.spaces).any(any)
    }
}

/// Every packet of a space.
pub(super) fn everything(space: usize) -> Region {
    let last = if space == 0 { u128::from(u32::MAX) } else { u128::MAX };
    let mut small = [EVERY; SMALL];
    small[PROTOCOL] = (0, u16::from(u8::MAX));
    Region { addresses: [(0, last); 2], small }
}

/// The combinations of services and words; none where there are too many.
fn kinds<'a>(matching: &Matching<'a>, words: &mut Words<'a>) -> Option<Vec<[(u16, u16); SMALL]>> {
    let mut kinds = Vec::new();
    for service in joined(&matching.services) {
        for from in service.source_ports.runs() {
            for to in service.destination_ports.runs() {
                let mut small = [EVERY; SMALL];
                small[PROTOCOL] = (service.protocols.0.into(), service.protocols.1.into());
                (small[SOURCE_PORT], small[DESTINATION_PORT]) = (*from, *to);
                kinds.push(small);
            }
        }
        if kinds.len() > REGIONS_MOST {
            return None;
        }
    }
    for (aspect, allowed) in &matching.restrictions {
        let runs = words.runs(*aspect, allowed)?;
        if kinds.len().saturating_mul(runs.len()) > REGIONS_MOST {
            return None;
        }
        let each = |small: [(u16, u16); SMALL]| {
            runs.iter().filter_map(move |(low, high)| {
                let mut small = small;
                let (before_low, before_high) = small[place(*aspect)];
                small[place(*aspect)] = (before_low.max(*low), before_high.min(*high));
                (small[place(*aspect)].0 <= small[place(*aspect)].1).then_some(small)
            })
        };
        kinds = kinds.into_iter().flat_map(each).collect();
    }
    Some(kinds)
}

/// The services with the destination ports of those that are otherwise the same put together.
fn joined(services: &[Service]) -> Vec<Service> {
    let mut sorted: Vec<&Service> = services.iter().collect();
    sorted.sort_by(|one, other| (one.protocols, one.source_ports.runs()).cmp(&(other.protocols, other.source_ports.runs())));
    let mut out: Vec<Service> = Vec::new();
    let mut runs = Vec::new();
    for group in sorted.chunk_by(|one, other| one.protocols == other.protocols && one.source_ports == other.source_ports) {
        runs.clear();
        runs.extend(group.iter().flat_map(|service| service.destination_ports.runs()));
        out.push(Service { destination_ports: super::Ports::of(&runs), ..group[0].clone() });
    }
    out
}
