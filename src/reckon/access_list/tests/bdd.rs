//! Random lists of real addresses, judged a second way: with binary decision diagrams over the bits of packets.

use std::collections::HashMap;

use super::*;

/// Diagrams: node 0 is false, node 1 is true; equal nodes are one.
#[derive(Default)]
struct Diagrams {
    nodes: Vec<(u8, u32, u32)>,
    known: HashMap<(u8, u32, u32), u32>,
    joined: HashMap<(bool, u32, u32), u32>,
}

impl Diagrams {
    fn new() -> Diagrams {
        Diagrams { nodes: vec![(u8::MAX, 0, 0), (u8::MAX, 1, 1)], ..Diagrams::default() }
    }

    fn node(&mut self, bit: u8, zero: u32, one: u32) -> u32 {
        if zero == one {
            return zero;
        }
        let nodes = &mut self.nodes;
        *self.known.entry((bit, zero, one)).or_insert_with(|| {
            nodes.push((bit, zero, one));
            nodes.len() as u32 - 1
        })
    }

    /// Both (`and`), or either.
    fn join(&mut self, and: bool, left: u32, right: u32) -> u32 {
        let (low, high) = (left.min(right), left.max(right));
        match (and, low, high) {
            (true, 0, _) => return 0,
            (true, 1, other) | (false, 0, other) => return other,
            (false, 1, _) => return 1,
            _ if low == high => return low,
            _ => {}
        }
        if let Some(known) = self.joined.get(&(and, low, high)) {
            return *known;
        }
        let (left, right) = (self.nodes[low as usize], self.nodes[high as usize]);
        let bit = left.0.min(right.0);
        let halves = |node: (u8, u32, u32), at: u32| if node.0 == bit { (node.1, node.2) } else { (at, at) };
        let ((left_zero, left_one), (right_zero, right_one)) = (halves(left, low), halves(right, high));
        let (zero, one) = (self.join(and, left_zero, right_zero), self.join(and, left_one, right_one));
        let node = self.node(bit, zero, one);
        self.joined.insert((and, low, high), node);
        node
    }

    /// A number of `bits` bits, the first of which is bit `first`, that is at least (or at most) a bound.
    fn bound(&mut self, first: u8, bits: u8, bound: u128, at_least: bool) -> u32 {
        (0..bits).rev().fold(1, |rest, at| {
            let set = bound >> (bits - 1 - at) & 1 == 1;
            match (set, at_least) {
                (true, true) => self.node(first + at, 0, rest),
                (false, true) => self.node(first + at, rest, 1),
                (true, false) => self.node(first + at, 1, rest),
                (false, false) => self.node(first + at, rest, 0),
            }
        })
    }

    fn run(&mut self, first: u8, bits: u8, (low, high): (u128, u128)) -> u32 {
        let (low, high) = (self.bound(first, bits, low, true), self.bound(first, bits, high, false));
        self.join(true, low, high)
    }

    fn runs(&mut self, first: u8, bits: u8, runs: impl IntoIterator<Item = (u128, u128)>) -> u32 {
        runs.into_iter().fold(0, |all, run| {
            let run = self.run(first, bits, run);
            self.join(false, all, run)
        })
    }

    fn matching(&mut self, matching: &Matching<'_>) -> u32 {
        let wide = |runs: &[(u16, u16)]| runs.iter().map(|(low, high)| (u128::from(*low), u128::from(*high))).collect::<Vec<_>>();
        let mut services = 0;
        for service in &matching.services {
            let mut all = self.run(0, 8, (service.protocols.0.into(), service.protocols.1.into()));
            let from = self.runs(72, 16, wide(service.source_ports.runs()));
            let to = self.runs(88, 16, wide(service.destination_ports.runs()));
            all = self.join(true, all, from);
            all = self.join(true, all, to);
            services = self.join(false, services, all);
        }
        let to = self.runs(8, 32, matching.destinations.runs_four().to_vec());
        let from = self.runs(40, 32, matching.sources.runs_four().to_vec());
        let addresses = self.join(true, to, from);
        self.join(true, services, addresses)
    }
}

#[test]
fn diagrams_judge_alike() {
    let mut shadowed = 0;
    for seed in 1..=25 {
        let mut entries = grids::realistic(40 + 2 * seed as usize, seed * 7_919);
        // Entries with several sides and services, and narrowed copies of earlier ones, so that unions matter.
        let mut dice = Dice(seed);
        for at in 0..entries.len() {
            let other = entries[dice.roll(entries.len() as u64) as usize].matching.clone();
            let mine = &mut entries[at].matching;
            match dice.roll(4) {
                0 => mine.sources = mine.sources.union(&other.sources),
                1 => mine.services.extend(other.services),
                2 => mine.destinations = other.destinations,
                _ => {}
            }
        }
        let mut diagrams = Diagrams::new();
        let mut taken = 0;
        for (entry, reach) in entries.iter().zip(judge(&entries, Bounds::default()).reaches) {
            let own = diagrams.matching(&entry.matching);
            let with = diagrams.join(false, taken, own);
            assert_eq!(matches!(reach, Reach::Shadowed { .. }), with == taken, "{reach:?} {entry:?}");
            shadowed += u32::from(with == taken);
            taken = with;
        }
    }
    assert!(shadowed > 200, "shadows were there to be found: {shadowed}");
}
