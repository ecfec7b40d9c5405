//! Sets of addresses as sorted ranges: union, containment and overlap, for IPv4 and IPv6 at once.

use std::net::IpAddr;

use ipnet::IpNet;

/// A range of addresses of one family, both ends included, as numbers.
type Range = (bool, u128, u128);

/// The sorted, disjoint ranges that blocks cover together; neighbours are joined.
fn ranges(blocks: &[IpNet]) -> Vec<Range> {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let mut all: Vec<Range> =
        blocks.iter().map(|block| (block.addr().is_ipv6(), number(block.network()), number(block.broadcast()))).collect();
    all.sort_unstable();
    let mut joined: Vec<Range> = Vec::new();
    for (family, start, end) in all {
        match joined.last_mut() {
            Some(last) if last.0 == family && start <= last.2.saturating_add(1) => last.2 = last.2.max(end),
            _ => joined.push((family, start, end)),
        }
    }
    joined
}

/// Whether every address of `inner` is in `outer`; of an empty `inner` it is.
pub fn within(inner: &[IpNet], outer: &[IpNet]) -> bool {
    let outer = ranges(outer);
    ranges(inner).iter().all(|inner| outer.iter().any(|outer| outer.0 == inner.0 && outer.1 <= inner.1 && inner.2 <= outer.2))
}

/// Whether some address is in both.
pub fn overlaps(left: &[IpNet], right: &[IpNet]) -> bool {
    let right = ranges(right);
    ranges(left).iter().any(|left| right.iter().any(|right| left.0 == right.0 && left.1 <= right.2 && right.1 <= left.2))
}

/// Whether `blocks` is not empty and every address of `wanted` is in it.
pub fn covers(blocks: &[IpNet], wanted: &[IpNet]) -> bool {
    !blocks.is_empty() && within(wanted, blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Vec<IpNet> {
        text.split_whitespace().map(|block| block.parse().expect("a block")).collect()
    }

    #[test]
    fn halves_make_a_whole() {
        let any = set("0.0.0.0/0 ::/0");
        assert!(covers(&set("0.0.0.0/1 128.0.0.0/1 ::/0"), &any));
        assert!(!covers(&set("0.0.0.0/1 128.0.0.0/2 ::/0"), &any));
        assert!(!covers(&[], &any));
        assert!(within(&[], &set("10.0.0.0/8")));
        assert!(within(&set("10.1.0.0/16 10.2.0.0/16"), &set("10.0.0.0/8")));
        assert!(!within(&set("10.1.0.0/16 ::1/128"), &set("10.0.0.0/8")));
        assert!(within(&set("10.0.0.0/7"), &set("10.0.0.0/8 11.0.0.0/8")));
        assert!(overlaps(&set("10.0.0.0/8"), &set("10.255.255.255/32")));
        assert!(!overlaps(&set("10.0.0.0/8"), &set("::/0")));
    }
}
