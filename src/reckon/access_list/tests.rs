//! Random lists, and what every packet of a small world says of them, against what is judged.

mod bdd;
mod cases;
mod grids;

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::reckon::network::Addresses;

/// Numbers that look random and are the same each time (xorshift64*).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    /// A run within `0..size`.
    fn run(&mut self, size: u64) -> (u64, u64) {
        if self.roll(3) == 0 {
            return (0, size - 1);
        }
        let (one, other) = (self.roll(size), self.roll(size));
        (one.min(other), one.max(other))
    }
}

/// The small world: sizes of source, destination, protocol, source port, destination port, zone. Its last value of each stands for all
/// higher ones; of the zones, the first for those that nobody names.
const SIZES: [u64; 6] = [8, 8, 4, 4, 4, 3];

const ZONES: [&str; 2] = ["trust", "untrust"];

const CONDITIONS: [&str; 2] = ["dscp ef", "ttl 1"];

/// An entry of the small world: boxes of it, each as runs.
#[derive(Clone, Debug)]
struct Small {
    entry: Entry<'static>,
    boxes: Vec<[(u64, u64); 6]>,
}

type Point = [u64; 6];

impl Small {
    fn holds(&self, point: &Point) -> bool {
        let inside = |runs: &[(u64, u64); 6]| runs.iter().zip(point).all(|(run, at)| (run.0..=run.1).contains(at));
        self.entry.enabled && self.boxes.iter().any(inside)
    }

    /// Whether it surely decides a packet of the other that it holds, as the module's table says.
    fn takes_from(&self, other: &Small) -> bool {
        let entry = &self.entry;
        entry.matching.exact && self.may_take_from(other)
    }

    fn may_take_from(&self, other: &Small) -> bool {
        let also = &other.entry.matching.also;
        let matching = &self.entry.matching;
        self.entry.action != Action::Other && !matching.timed && matching.also.iter().all(|word| also.contains(word))
    }
}

/// A run of the small world as one of the real one.
fn real(run: (u64, u64), at: usize, last: u128) -> (u128, u128) {
    (run.0.into(), if run.1 == SIZES[at] - 1 { last } else { run.1.into() })
}

fn port(run: (u64, u64), at: usize) -> Ports {
    let (low, high) = real(run, at, u16::MAX.into());
    Ports::between(low as u16, high as u16)
}

/// A random entry: one or two sources and services, sometimes with conditions.
fn small(dice: &mut Dice, plain: bool) -> Small {
    let sources: Vec<_> = (0..=dice.roll(2)).map(|_| dice.run(SIZES[0])).collect();
    let destination = dice.run(SIZES[1]);
    let services: Vec<_> = (0..=dice.roll(2)).map(|_| [dice.run(SIZES[2]), dice.run(SIZES[3]), dice.run(SIZES[4])]).collect();
    let zone = [None, None, Some(1), Some(2)][dice.roll(4) as usize];
    let mut boxes = Vec::new();
    for source in &sources {
        for [protocol, from, to] in &services {
            boxes.push([*source, destination, *protocol, *from, *to, zone.map_or((0, SIZES[5] - 1), |zone| (zone, zone))]);
        }
    }
    let last = u128::from(u32::MAX);
    let services = services.iter().map(|[protocol, from, to]| {
        let (low, high) = real(*protocol, 2, u8::MAX.into());
        Service { protocols: (low as u8, high as u8), source_ports: port(*from, 3), destination_ports: port(*to, 4) }
    });
    let matching = Matching {
        sources: Addresses::of_runs(sources.iter().map(|run| real(*run, 0, last)).collect(), Vec::new()),
        destinations: Addresses::of_runs(vec![real(destination, 1, last)], Vec::new()),
        services: services.collect(),
        restrictions: zone.map(|zone| (Aspect::ZoneFrom, vec![ZONES[zone as usize - 1]])).into_iter().collect(),
        also: if plain || dice.roll(5) > 0 { Vec::new() } else { vec![CONDITIONS[dice.roll(2) as usize]] },
        timed: !plain && dice.roll(8) == 0,
        exact: plain || dice.roll(8) > 0,
    };
    let action = match dice.roll(if plain { 2 } else { 9 }) {
        8 => Action::Other,
        odd if odd % 2 == 1 => Action::Permit,
        _ => Action::Deny,
    };
    Small { entry: Entry { action, matching, enabled: plain || dice.roll(10) > 0 }, boxes }
}

fn list(dice: &mut Dice, plain: bool) -> Vec<Small> {
    (0..2 + dice.roll(7)).map(|_| small(dice, plain)).collect()
}

fn points() -> Vec<Point> {
    let mut points = vec![[0; 6]];
    for (at, size) in SIZES.iter().enumerate() {
        let longer = |point: &Point| {
            let mut point = *point;
            (0..*size).map(move |value| {
                point[at] = value;
                point
            })
        };
        points = points.iter().flat_map(longer).collect();
    }
    points
}

/// The place of a packet in the small world.
fn point(packet: &Packet<'_>) -> Point {
    let address = |address: IpAddr| match address {
        IpAddr::V4(address) => u64::from(u32::from(address)),
        IpAddr::V6(_) => panic!("the small world is IPv4"),
    };
    let zone = packet.words.iter().find(|(aspect, _)| *aspect == Aspect::ZoneFrom);
    let zone = zone.map_or(0, |(_, word)| 1 + ZONES.iter().position(|zone| zone == word).expect("a zone") as u64);
    let ports = [packet.source_port.into(), packet.destination_port.into()];
    let all = [address(packet.source), address(packet.destination), packet.protocol.into(), ports[0], ports[1], zone];
    std::array::from_fn(|at| all[at].min(SIZES[at] - 1))
}

/// Judges one entry by looking at every packet.
fn check(at: usize, small: &[Small], points: &[Point], reach: &Reach<'_>) {
    let this = &small[at];
    let own: Vec<&Point> = points.iter().filter(|point| this.holds(point)).collect();
    let first = |point: &Point, with_vague: bool| {
        let takes = |other: &Small| if with_vague { other.may_take_from(this) } else { other.takes_from(this) };
        small[..at].iter().position(|other| takes(other) && other.holds(point))
    };
    let free = own.iter().filter(|point| first(point, false).is_none()).count();
    match reach {
        Reach::Never => assert!(own.is_empty()),
        Reach::Reached { witness, partly } => {
            let point = point(witness);
            assert!(this.entry.matching.exact && this.holds(&point) && first(&point, true).is_none(), "{witness}");
            assert_eq!(*partly, free < own.len(), "partly");
        }
        Reach::Undetermined(because) => {
            assert!(free > 0);
            let certain = this.entry.matching.exact && own.iter().any(|point| first(point, true).is_none());
            assert!(!certain, "it can be reached");
            assert_eq!(*because == Because::Itself, !this.entry.matching.exact);
        }
        Reach::Shadowed { by, conflicts, conflicts_known } => {
            assert!(!own.is_empty() && free == 0);
            let covered = |point: &&Point| by.iter().any(|by| *by < at && small[*by].takes_from(this) && small[*by].holds(point));
            assert!(own.iter().all(covered), "{by:?} cover it");
            let different = |other: usize| this.entry.action != Action::Other && small[other].entry.action != this.entry.action;
            let firsts = |with_vague: bool| -> Vec<usize> {
                let mut firsts: Vec<usize> = own.iter().filter_map(|point| first(point, with_vague)).collect();
                firsts.sort_unstable();
                firsts.dedup();
                firsts.retain(|first| different(*first) && small[*first].takes_from(this));
                firsts
            };
            assert_eq!(*conflicts, firsts(true));
            assert_eq!(*conflicts_known, firsts(true) == firsts(false));
        }
    }
}

#[test]
fn what_is_judged_is_what_every_packet_says() {
    let points = points();
    let mut dice = Dice(0x5eed);
    let mut seen = [0; 4];
    for round in 0..1_500 {
        let small = list(&mut dice, round % 3 == 0);
        let entries: Vec<Entry<'_>> = small.iter().map(|small| small.entry.clone()).collect();
        let judged = judge(&entries, Bounds::default());
        for (at, reach) in judged.reaches.iter().enumerate() {
            check(at, &small, &points, reach);
            seen[match reach {
                Reach::Never => 0,
                Reach::Reached { .. } => 1,
                Reach::Undetermined(_) => 2,
                Reach::Shadowed { .. } => 3,
            }] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 200), "every answer was tried: {seen:?}");
}

/// The sources from which a packet of the small world gets through: the first entry that holds it decides.
fn admitted(small: &[Small], points: &[Point], towards: &Small, unmatched: Action) -> Addresses {
    let mut sources = vec![false; SIZES[0] as usize];
    for point in points.iter().filter(|point| towards.holds(point)) {
        let decides = small.iter().find(|entry| entry.entry.action != Action::Other && entry.holds(point));
        if decides.map_or(unmatched, |entry| entry.entry.action) == Action::Permit {
            sources[point[0] as usize] = true;
        }
    }
    let runs = (0..SIZES[0]).filter(|at| sources[*at as usize]).map(|at| real((at, at), 0, u32::MAX.into()));
    Addresses::of_runs(runs.collect(), Vec::new())
}

#[test]
fn sources_that_get_through_are_those_of_every_packet() {
    let points = points();
    let mut dice = Dice(0xbeef);
    for round in 0..1_500 {
        let small_list = list(&mut dice, true);
        let towards = small(&mut dice, true);
        let unmatched = if round % 2 == 0 { Action::Deny } else { Action::Permit };
        let entries: Vec<Entry<'_>> = small_list.iter().map(|small| small.entry.clone()).collect();
        let sources = permitted_sources(&entries, &towards.entry.matching, unmatched, Bounds::default()).expect("small enough");
        let wanted = admitted(&small_list, &points, &towards, unmatched);
        assert_eq!((&sources.surely, &sources.possibly), (&wanted, &wanted));
    }
}

#[test]
fn whatever_a_vague_entry_means_the_sources_lie_between() {
    let points = points();
    let mut dice = Dice(0xfade);
    let mut differ = 0;
    for _ in 0..1_000 {
        let mut small_list = list(&mut dice, true);
        let towards = small(&mut dice, true);
        for entry in &mut small_list {
            entry.entry.matching.exact = dice.roll(3) > 0;
        }
        let entries: Vec<Entry<'_>> = small_list.iter().map(|small| small.entry.clone()).collect();
        let sources = permitted_sources(&entries, &towards.entry.matching, Action::Deny, Bounds::default()).expect("small enough");
        for entry in small_list.iter_mut().filter(|entry| !entry.entry.matching.exact) {
            // Any part of what it could match at most is what it may really match.
            for runs in &mut entry.boxes {
                let at = dice.roll(5) as usize;
                let cut = dice.run(SIZES[at]);
                runs[at] = (runs[at].0.max(cut.0), runs[at].1.min(cut.1));
            }
        }
        let really = admitted(&small_list, &points, &towards, Action::Deny);
        assert!(sources.surely.within(&really) && really.within(&sources.possibly));
        differ += u32::from(sources.surely != sources.possibly);
    }
    assert!(differ > 100, "vague entries mattered: {differ}");
}

/// An IPv4 network as a set.
pub(super) fn network(block: &str) -> Addresses {
    Addresses::of([block.parse().expect("a block")])
}

/// A matching of IPv4 networks and services; `any` is every address.
pub(super) fn matching(sources: &str, destinations: &str, services: Vec<Service>) -> Matching<'static> {
    let side = |text: &str| if text == "any" { Addresses::any_four() } else { network(text) };
    Matching { sources: side(sources), destinations: side(destinations), services, ..Matching::any() }
}

/// A host as a set.
pub(super) fn host(number: u32) -> Addresses {
    Addresses::between(Ipv4Addr::from(number).into(), Ipv4Addr::from(number).into())
}
