//! Blocks of addresses into sets of them: union, intersection, difference, and whether one lies in, meets or covers another.
//!
//! An address is a number; IPv4 and IPv6 are two lines of numbers that never meet. A set is what it holds, however it was written, so
//! that 0.0.0.0/1 and 128.0.0.0/1 together are the whole of IPv4.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// First and last address of a run, as numbers.
pub type Run = (u128, u128);

/// A set of IPv4 and IPv6 addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Invariant of both: sorted, and neither overlapping nor adjacent.
    four: Vec<Run>,
    six: Vec<Run>,
}

impl Addresses {
    /// Nobody.
    pub fn none() -> Addresses {
        Addresses::default()
    }

    /// Every address of both families.
    pub fn any() -> Addresses {
        Addresses { four: vec![(0, u128::from(u32::MAX))], six: vec![(0, u128::MAX)] }
    }

    /// Every IPv4 address.
    pub fn any_four() -> Addresses {
        Addresses { four: vec![(0, u128::from(u32::MAX))], six: Vec::new() }
    }

    /// Every IPv6 address.
    pub fn any_six() -> Addresses {
        Addresses { four: Vec::new(), six: vec![(0, u128::MAX)] }
    }

    /// The union of blocks.
    pub fn of(blocks: impl IntoIterator<Item = IpNet>) -> Addresses {
        let mut set = Addresses::none();
        for block in blocks {
            match block {
                IpNet::V4(block) => set.four.push((u32::from(block.network()).into(), u32::from(block.broadcast()).into())),
                IpNet::V6(block) => set.six.push((block.network().into(), block.broadcast().into())),
            }
        }
        set.four = merged(set.four);
        set.six = merged(set.six);
        set
    }

    /// The union of runs of numbers, IPv4 and IPv6 apart; a run that ends before it starts, or beyond its family, is left out.
    pub fn of_runs(four: Vec<Run>, six: Vec<Run>) -> Addresses {
        let four = four.into_iter().filter(|(start, end)| start <= end && *end <= u128::from(u32::MAX)).collect();
        let six = six.into_iter().filter(|(start, end)| start <= end).collect();
        Addresses { four: merged(four), six: merged(six) }
    }

    /// Every address from the first to the last; nobody where these are of two families or in the wrong order.
    pub fn between(first: IpAddr, last: IpAddr) -> Addresses {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                Addresses::of_runs(vec![(u32::from(first).into(), u32::from(last).into())], Vec::new())
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => Addresses::of_runs(Vec::new(), vec![(first.into(), last.into())]),
            _ => Addresses::none(),
        }
    }

    /// Its IPv4 addresses as runs: sorted, neither overlapping nor adjacent.
    pub fn runs_four(&self) -> &[Run] {
        &self.four
    }

    /// Its IPv6 addresses as runs: sorted, neither overlapping nor adjacent.
    pub fn runs_six(&self) -> &[Run] {
        &self.six
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.four.is_empty() && self.six.is_empty()
    }

    /// Whether it holds an address.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.covers(&Addresses::of([IpNet::from(address)]))
    }

    /// What is in either.
    pub fn union(&self, other: &Addresses) -> Addresses {
        Addresses { four: merged([&*self.four, &*other.four].concat()), six: merged([&*self.six, &*other.six].concat()) }
    }

    /// What is in both.
    pub fn intersection(&self, other: &Addresses) -> Addresses {
        self.subtract(&self.subtract(other))
    }

    /// What is in this and not in the other.
    pub fn subtract(&self, other: &Addresses) -> Addresses {
        Addresses { four: difference(&self.four, &other.four), six: difference(&self.six, &other.six) }
    }

    /// Whether all of the other is in this; so of nobody.
    pub fn covers(&self, other: &Addresses) -> bool {
        other.subtract(self).is_empty()
    }

    /// Whether all of this is in the other; so for nobody.
    pub fn within(&self, other: &Addresses) -> bool {
        other.covers(self)
    }

    /// Whether some address is in both.
    pub fn overlaps(&self, other: &Addresses) -> bool {
        !self.intersection(other).is_empty()
    }

    /// The fewest blocks whose union it is, IPv4 first, in order.
    pub fn blocks(&self) -> Vec<IpNet> {
        let four = self.four.iter().flat_map(|run| cut(*run, 32)).filter_map(|(start, length)| {
            let address = Ipv4Addr::from(u32::try_from(start).ok()?);
            Some(IpNet::V4(Ipv4Net::new(address, length).ok()?))
        });
        let six = self.six.iter().flat_map(|run| cut(*run, 128));
        let six = six.filter_map(|(start, length)| Some(IpNet::V6(Ipv6Net::new(Ipv6Addr::from(start), length).ok()?)));
        four.chain(six).collect()
    }

    /// How wide it is: its IPv4 addresses and its IPv6 networks of 64 bits, begun ones counted whole.
    pub fn breadth(&self) -> u128 {
        let four: u128 = self.four.iter().map(|(start, end)| end - start + 1).sum();
        let six: u128 = self.six.iter().map(|(start, end)| (end >> 64) - (start >> 64) + 1).sum();
        four + six
    }
}

/// Runs, sorted, with those that overlap or touch made one.
fn merged(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for (start, end) in runs {
        match out.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => out.push((start, end)),
        }
    }
    out
}

/// What is in the left runs and in none of the right ones.
fn difference(left: &[Run], right: &[Run]) -> Vec<Run> {
    let mut out = Vec::new();
    for &(start, end) in left {
        let mut from = Some(start);
        for &(cut_start, cut_end) in right.iter().filter(|(_, cut_end)| *cut_end >= start).take_while(|(cut_start, _)| *cut_start <= end) {
            let Some(at) = from else { break };
            if cut_start > at {
                out.push((at, cut_start - 1));
            }
            from = cut_end.checked_add(1).filter(|next| *next <= end);
        }
        out.extend(from.map(|from| (from, end)));
    }
    out
}

/// The fewest aligned blocks that make a run: first address and prefix length.
fn cut((mut start, end): Run, bits: u8) -> Vec<(u128, u8)> {
    let mut out = Vec::new();
    loop {
        let left = end - start;
        let aligned = start.trailing_zeros().min(u32::from(bits));
        // A block of `size` bits fits where it ends no later than the run.
        let size = (0..=aligned).rev().find(|size| ones(*size) <= left).unwrap_or(0);
        // `size` is at most `bits`, which is at most 128.
        out.push((start, bits - size as u8));
        match start.checked_add(ones(size)).and_then(|last| last.checked_add(1)) {
            Some(next) if next <= end => start = next,
            _ => return out,
        }
    }
}

/// A number whose lowest bits are set.
fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1 << bits) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(blocks: &str) -> Addresses {
        Addresses::of(blocks.split_whitespace().map(|block| block.parse().expect("a block")))
    }

    fn text(set: &Addresses) -> String {
        set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn halves_make_the_whole() {
        assert_eq!(set("0.0.0.0/1 128.0.0.0/1 ::/1 8000::/1"), Addresses::any());
        assert_eq!(text(&Addresses::any()), "0.0.0.0/0 ::/0");
        assert_eq!(text(&set("10.0.0.0/9 10.128.0.0/9 10.1.0.0/16")), "10.0.0.0/8");
    }

    #[test]
    fn differences_are_cut_into_blocks() {
        assert_eq!(text(&set("10.0.0.0/30").subtract(&set("10.0.0.1/32"))), "10.0.0.0/32 10.0.0.2/31");
        assert_eq!(text(&set("0.0.0.0/0").subtract(&set("128.0.0.0/1"))), "0.0.0.0/1");
        assert_eq!(text(&set("::/0").subtract(&set("8000::/1"))), "::/1");
        assert_eq!(text(&set("10.0.0.0/8").subtract(&set("0.0.0.0/0"))), "");
        assert_eq!(text(&set("10.0.0.0/24 10.0.2.0/24").subtract(&set("10.0.0.128/25 10.0.2.0/25"))), "10.0.0.0/25 10.0.2.128/25");
        assert_eq!(text(&set("255.255.255.255/32 0.0.0.0/32")), "0.0.0.0/32 255.255.255.255/32");
    }

    #[test]
    fn relations_hold_for_sets_and_not_for_spellings() {
        assert!(set("10.1.0.0/16").within(&set("10.0.0.0/9 10.128.0.0/9")));
        assert!(!set("10.0.0.0/8").within(&set("10.0.0.0/9")));
        assert!(Addresses::none().within(&Addresses::none()) && Addresses::none().within(&set("10.0.0.0/8")));
        assert!(set("10.0.0.0/8").covers(&set("10.2.0.0/16")));
        assert!(!Addresses::none().overlaps(&Addresses::any()) && !Addresses::none().covers(&set("10.0.0.1/32")));
        assert!(set("10.0.0.0/8").overlaps(&set("10.9.9.9/32")) && !set("10.0.0.0/8").overlaps(&set("11.0.0.0/8")));
        assert!(!set("0.0.0.0/0").covers(&set("::/128")), "the families never meet");
        assert_eq!(text(&set("10.0.0.0/8 fd00::/8").intersection(&set("10.3.0.0/16 ::/0"))), "10.3.0.0/16 fd00::/8");
        assert!(set("10.0.0.0/8").holds("10.255.255.255".parse().expect("an address")));
    }

    #[test]
    fn breadth_counts_addresses_and_networks_of_64_bits() {
        assert_eq!(set("10.0.0.0/24 10.0.1.0/24").breadth(), 512);
        assert_eq!(set("fd00::/64").breadth(), 1);
        assert_eq!(set("fd00::1/128").breadth(), 1);
        assert_eq!(set("fd00::/48").breadth(), 65_536);
        assert_eq!(Addresses::any().breadth(), (1 << 32) + (1 << 64));
    }
}
