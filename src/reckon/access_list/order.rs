//! Entries of a list that sorts itself ("depth first", `match-order auto`) into the order in which they are asked.
//!
//! Comware documents this order: a rule with a VPN instance first, then one with a particular protocol, then the narrower source
//! (more zeros in its wildcard mask), the narrower destination, the narrower port range, and at last the smaller rule number or the earlier configuration
//! (H3C SecPath F1000-E, SecBlade and WX configuration guides, "Sorting ACL rules in depth-first order"; the guides differ in the
//! last step). Huawei's older guides (Quidway S3000-EI) compare source, destination and ports, without the step for protocols. So an
//! order is given only where it does not depend on what the guides leave open.

use std::cmp::Ordering;

use super::Entry;
use super::lower::{Lowered, Words};
use crate::reckon::network::Addresses;

/// The most entries of a list that is sorted; for more the order is not known.
const ENTRIES_MOST: usize = 2_000;

/// Which documentation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepthFirst {
    /// Comware's, as above.
    Comware,
    /// Not known: the order must be the same with and without the step for protocols.
    Unsure,
}

/// What a rule is sorted by, the smaller first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    without_vpn_instance: bool,
    any_protocol: bool,
    source_breadth: u128,
    destination_breadth: u128,
    /// The product of both, which never contradicts that one rule has both narrower.
    port_breadth: u64,
}

/// The places of the entries, in the order in which they are asked; none where two of them meet whose order is not known.
///
/// `has_vpn_instance` says it of the entry at a place; such an entry should have the instance among its further conditions, too.
pub fn depth_first(entries: &[Entry<'_>], has_vpn_instance: impl Fn(usize) -> bool, documented: DepthFirst) -> Option<Vec<usize>> {
    if entries.len() > ENTRIES_MOST || entries.iter().any(|entry| !entry.matching.exact) {
        return None;
    }
    let mut words = Words::default();
    let lowered: Vec<Lowered> = entries.iter().map(|entry| Lowered::of(&entry.matching, &mut words)).collect();
    let ranks: Vec<Rank> = entries.iter().enumerate().map(|(at, entry)| rank(entry, has_vpn_instance(at))).collect();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|one, other| ranks[*one].cmp(&ranks[*other]).then(one.cmp(other)));
    for (at, one) in order.iter().enumerate() {
        for other in &order[at + 1..] {
            let known =
                precedes(&ranks[*one], &ranks[*other], documented) && ports_agree(&entries[*one], &entries[*other], &ranks, *one, *other);
            if !known && lowered[*one].meets(&lowered[*other]) {
                return None;
            }
        }
    }
    Some(order)
}

/// What an entry is sorted by.
fn rank(entry: &Entry<'_>, has_vpn_instance: bool) -> Rank {
    let (from, to) = ports(entry);
    Rank {
        without_vpn_instance: !has_vpn_instance,
        any_protocol: entry.matching.services.iter().any(|service| service.protocols == (0, u8::MAX)),
        source_breadth: breadth(&entry.matching.sources),
        destination_breadth: breadth(&entry.matching.destinations),
        port_breadth: from.saturating_mul(to),
    }
}

/// How many addresses a set holds.
fn breadth(addresses: &Addresses) -> u128 {
    let runs = addresses.runs_four().iter().chain(addresses.runs_six());
    runs.fold(0_u128, |sum, (low, high)| sum.saturating_add(high - low).saturating_add(1))
}

/// How many source and destination ports an entry names.
fn ports(entry: &Entry<'_>) -> (u64, u64) {
    let services = &entry.matching.services;
    let from = services.iter().map(|service| service.source_ports.count()).max().unwrap_or(0);
    (from, services.iter().map(|service| service.destination_ports.count()).max().unwrap_or(0))
}

/// Whether the first rank surely comes before the second.
fn precedes(one: &Rank, other: &Rank, documented: DepthFirst) -> bool {
    let without_protocol = |rank: &Rank| (rank.without_vpn_instance, rank.source_breadth, rank.destination_breadth, rank.port_breadth);
    match documented {
        DepthFirst::Comware => one < other,
        DepthFirst::Unsure => one < other && without_protocol(one) < without_protocol(other),
    }
}

/// Whether two entries that differ in their ports alone are ordered alike by either of them: which ports count is not documented.
fn ports_agree(one: &Entry<'_>, other: &Entry<'_>, ranks: &[Rank], at: usize, other_at: usize) -> bool {
    let (first, second) = (&ranks[at], &ranks[other_at]);
    let before_ports = |rank: &Rank| (rank.without_vpn_instance, rank.any_protocol, rank.source_breadth, rank.destination_breadth);
    if before_ports(first).cmp(&before_ports(second)) != Ordering::Equal {
        return true;
    }
    let (from, to) = ports(one);
    let (other_from, other_to) = ports(other);
    from <= other_from && to <= other_to && (from, to) != (other_from, other_to)
}
