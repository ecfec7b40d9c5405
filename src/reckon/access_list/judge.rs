//! A list's entries into what becomes of each: a packet that reaches it, the earlier entries that take all of its packets, or why it is open.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cover::{Bounds, Cover, Steps, cover};
use super::lower::{Lowered, Words};
use super::region::{DESTINATION_PORT, PROTOCOL, Region, SOURCE_PORT, place};
use super::tree::{Item, Tree};
use super::{Action, Aspect, Entry};

/// The most entries that are named as conflicting with one.
const CONFLICTS_MOST: usize = 16;

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Protocol number.
    pub protocol: u8,
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes to.
    pub destination: IpAddr,
    /// Source port, if the protocol has ports.
    pub source_port: u16,
    /// Destination port, or type and code of ICMP as [`super::Service`] says.
    pub destination_port: u16,
    /// Its words; of an aspect that is not listed it has one that no entry names.
    pub words: Vec<(Aspect, &'a str)>,
}

impl fmt::Display for Packet<'_> {
    /// The packet in one line: `protocol 6, 10.0.0.1:0 > 10.2.0.1:22`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |address: IpAddr, port: u16| match address {
            IpAddr::V4(address) => format!("{address}:{port}"),
            IpAddr::V6(address) => format!("[{address}]:{port}"),
        };
        let (from, to) = (end(self.source, self.source_port), end(self.destination, self.destination_port));
        write!(out, "protocol {}, {from} > {to}", self.protocol)?;
        self.words.iter().try_for_each(|(_, word)| write!(out, ", {word}"))
    }
}

/// Why it is not known what becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Deciding it would take more steps or boxes than are allowed.
    Bound,
    /// This earlier entry, whose matching is not exact, may take what is left of it.
    Entry(usize),
    /// Its own matching is not exact.
    Itself,
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach<'a> {
    /// Some packet reaches it.
    Reached {
        /// Such a packet.
        witness: Packet<'a>,
        /// Earlier entries take others of its packets, as far as was looked at.
        partly: bool,
    },
    /// Earlier entries take every packet of it.
    Shadowed {
        /// Entries that together do, by place; widest overlaps were preferred.
        by: Vec<usize>,
        /// Earlier entries of a different action that are the first to match some of its packets, at most 16.
        ///
        /// None and `conflicts_known`: every one of its packets gets its own action anyhow, so it is redundant.
        conflicts: Vec<usize>,
        /// Whether `conflicts` is all of them (or 16).
        conflicts_known: bool,
    },
    /// It is not known.
    Undetermined(Because),
    /// It matches no packet, or is not in force.
    Never,
}

/// What becomes of each entry of a list.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// By place in the list.
    pub reaches: Vec<Reach<'a>>,
    /// How many steps it took.
    pub steps: u64,
}

/// What becomes of each entry of a list whose entries are asked in this order.
pub fn judge<'a>(entries: &[Entry<'a>], bounds: Bounds) -> Judged<'a> {
    let mut words = Words::default();
    let lowered: Vec<Lowered> = entries.iter().map(|entry| Lowered::of(&entry.matching, &mut words)).collect();
    let trees = [0, 1].map(|space| {
        let blockers = entries.iter().zip(&lowered).enumerate().filter(|(_, (entry, _))| entry.is_firm() || entry.is_vague());
        let items = blockers
            .flat_map(|(at, (_, lowered))| lowered.spaces[space].iter().map(move |region| Item { region: *region, order: at as u32 }));
        Tree::new(items.collect())
    });
    let mut steps = Steps::new(bounds);
    let mut list = List { entries, lowered: &lowered, trees: &trees, words: &words };
    let reaches = (0..entries.len()).map(|at| list.reach(at, &mut steps)).collect();
    Judged { reaches, steps: steps.used() }
}

/// A list that is being judged.
struct List<'l, 'a> {
    entries: &'l [Entry<'a>],
    lowered: &'l [Lowered],
    trees: &'l [Tree; 2],
    words: &'l Words<'a>,
}

/// Earlier boxes that meet a box.
struct Candidates {
    /// Those that surely take what they match, widest overlap first.
    firm: Vec<Item>,
    /// Those that may.
    vague: Vec<Item>,
}

impl<'a> List<'_, 'a> {
    /// What becomes of one entry.
    fn reach(&mut self, at: usize, steps: &mut Steps) -> Reach<'a> {
        let (entry, lowered) = (&self.entries[at], &self.lowered[at]);
        if !entry.enabled || lowered.is_empty() {
            return Reach::Never;
        }
        steps.next_entry();
        let mut by = BTreeSet::new();
        let mut open = None;
        for (space, region) in boxes(lowered) {
            let Some(earlier) = self.earlier(at, space, region, steps) else { return Reach::Undetermined(Because::Bound) };
            match cover(region, earlier.firm.iter().map(|item| &item.region), steps) {
                Cover::Bound => return Reach::Undetermined(Because::Bound),
                Cover::Whole(needed) => by.extend(needed.into_iter().map(|place| earlier.firm[place as usize].order as usize)),
                Cover::Open(_) if lowered.too_many => return Reach::Undetermined(Because::Bound),
                Cover::Open(_) if !entry.matching.exact => return Reach::Undetermined(Because::Itself),
                Cover::Open(piece) => match around(region, piece, &earlier, steps) {
                    Ok(piece) => {
                        let partly = !earlier.firm.is_empty() || !by.is_empty() || self.is_touched(at, steps);
                        return Reach::Reached { witness: self.packet(space, &piece), partly };
                    }
                    Err(because) => open = open.or(Some(because)),
                },
            }
        }
        match open {
            Some(because) => Reach::Undetermined(because),
            None => self.shadowed(at, by.into_iter().collect(), steps),
        }
    }

    /// The boxes of earlier entries that meet a box of an entry and whose further conditions it meets; none if a bound is hit.
    fn earlier(&self, at: usize, space: usize, region: &Region, steps: &mut Steps) -> Option<Candidates> {
        let mut found = Vec::new();
        let comparisons = self.trees[space].meeting(region, at as u32, &mut found);
        let also = &self.entries[at].matching.also;
        found.retain(|item| self.entries[item.order as usize].matching.also.iter().all(|word| also.contains(word)));
        let (mut firm, vague): (Vec<Item>, Vec<Item>) = found.into_iter().partition(|item| self.is_firm(item.order));
        // Sorting is counted too: it costs about as much as looking for them.
        if !steps.take(comparisons + firm.len() * 8) {
            return None;
        }
        firm.sort_by_cached_key(|item| (std::cmp::Reverse(Volume(region.overlap_volume(&item.region))), item.order));
        Some(Candidates { firm, vague })
    }

    /// Whether an entry surely takes what its boxes hold.
    fn is_firm(&self, order: u32) -> bool {
        self.entries[order as usize].is_firm() && !self.lowered[order as usize].too_many
    }

    /// Whether any earlier entry surely takes some of an entry's packets.
    fn is_touched(&self, at: usize, steps: &mut Steps) -> bool {
        boxes(&self.lowered[at])
            .any(|(space, region)| self.earlier(at, space, region, steps).is_some_and(|earlier| !earlier.firm.is_empty()))
    }

    /// An entry all of whose packets earlier entries take, with those that do something else to them.
    fn shadowed(&self, at: usize, by: Vec<usize>, steps: &mut Steps) -> Reach<'a> {
        let mut conflicts = BTreeSet::new();
        let mut conflicts_known = true;
        if self.entries[at].action == Action::Other {
            return Reach::Shadowed { by, conflicts: Vec::new(), conflicts_known };
        }
        for (space, region) in boxes(&self.lowered[at]) {
            let Some(earlier) = self.earlier(at, space, region, steps) else {
                conflicts_known = false;
                break;
            };
            let mut others: Vec<&Item> =
                earlier.firm.iter().filter(|item| self.entries[item.order as usize].action != self.entries[at].action).collect();
            others.sort_by_key(|item| item.order);
            for item in others {
                if conflicts.len() == CONFLICTS_MOST || conflicts.contains(&(item.order as usize)) {
                    continue;
                }
                match is_first(region, item, &earlier, steps) {
                    Some(true) => _ = conflicts.insert(item.order as usize),
                    Some(false) => {}
                    None => conflicts_known = false,
                }
            }
        }
        Reach::Shadowed { by, conflicts: conflicts.into_iter().collect(), conflicts_known }
    }

    /// The lowest packet of a box.
    fn packet(&self, space: usize, region: &Region) -> Packet<'a> {
        let address = |number: u128| match space {
            // The space of IPv4 has no higher numbers.
            0 => IpAddr::V4(Ipv4Addr::from(number as u32)),
            _ => IpAddr::V6(Ipv6Addr::from(number)),
        };
        let words = Aspect::ALL.into_iter().filter_map(|aspect| Some((aspect, self.words.word(aspect, region.small[place(aspect)].0)?)));
        Packet {
            // A box of the space holds no higher protocol.
            protocol: region.small[PROTOCOL].0 as u8,
            source: address(region.addresses[0].0),
            destination: address(region.addresses[1].0),
            source_port: region.small[SOURCE_PORT].0,
            destination_port: region.small[DESTINATION_PORT].0,
            words: words.collect(),
        }
    }
}

/// Boxes of both spaces.
fn boxes(lowered: &Lowered) -> impl Iterator<Item = (usize, &Region)> {
    lowered.spaces.iter().enumerate().flat_map(|(space, regions)| regions.iter().map(move |region| (space, region)))
}

/// A piece of a box that also no vague entry may take, given one that no firm entry takes; or why there is none.
fn around(region: &Region, piece: Region, earlier: &Candidates, steps: &mut Steps) -> Result<Region, Because> {
    let Some(in_the_way) = earlier.vague.iter().find(|item| item.region.meets(&piece)) else { return Ok(piece) };
    let all: Vec<&Region> = earlier.firm.iter().chain(&earlier.vague).map(|item| &item.region).collect();
    match cover(region, all.into_iter(), steps) {
        Cover::Open(piece) => Ok(piece),
        Cover::Whole(_) => Err(Because::Entry(in_the_way.order as usize)),
        Cover::Bound => Err(Because::Bound),
    }
}

/// Whether one of the earlier boxes is the first to match some packet of a box; none if that is not known.
fn is_first(region: &Region, item: &Item, earlier: &Candidates, steps: &mut Steps) -> Option<bool> {
    let Some(both) = region.overlap(&item.region) else { return Some(false) };
    let before = |other: &&Item| other.order < item.order && other.region.meets(&both);
    let firm: Vec<&Region> = earlier.firm.iter().filter(before).map(|other| &other.region).collect();
    let vague: Vec<&Region> = earlier.vague.iter().filter(before).map(|other| &other.region).collect();
    let open = match cover(&both, firm.iter().copied(), steps) {
        Cover::Whole(_) => return Some(false),
        Cover::Open(piece) => piece,
        Cover::Bound => return None,
    };
    if vague.iter().all(|other| !other.meets(&open)) {
        return Some(true);
    }
    let all: Vec<&Region> = firm.into_iter().chain(vague).collect();
    matches!(cover(&both, all.into_iter(), steps), Cover::Open(_)).then_some(true)
}

/// A volume, so that volumes can be sorted.
#[derive(PartialEq)]
struct Volume(f64);

impl Eq for Volume {}

impl Ord for Volume {
    fn cmp(&self, other: &Volume) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Volume {
    fn partial_cmp(&self, other: &Volume) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
