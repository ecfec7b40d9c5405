//! An address with a wildcard mask into the addresses that it matches.

use std::net::Ipv4Addr;

use crate::reckon::network::Addresses;

/// The most bits above the lowest run that a mask may leave open: 256 pieces.
pub const WILDCARD_BITS_MOST: u32 = 8;

/// The addresses that agree with `address` in every bit that is clear in `mask` (IOS, EOS, VRP and Comware write masks this way).
///
/// None where the mask leaves scattered bits open and would make more than 2⁸ runs: then take every address and clear
/// [`super::Matching::exact`].
pub fn wildcard(address: Ipv4Addr, mask: Ipv4Addr) -> Option<Addresses> {
    let (address, mask) = (u32::from(address), u32::from(mask));
    let low_bits = mask.trailing_ones();
    let low = if low_bits == 32 { u32::MAX } else { (1 << low_bits) - 1 };
    let scattered = mask & !low;
    if scattered.count_ones() > WILDCARD_BITS_MOST {
        return None;
    }
    let base = address & !mask;
    let mut runs = Vec::with_capacity(1 << scattered.count_ones());
    let mut piece: u32 = 0;
    loop {
        let start = base | piece;
        runs.push((u128::from(start), u128::from(start | low)));
        // Counts through the open bits alone: the carry runs over the closed ones.
        piece = (piece | !scattered).wrapping_add(1) & scattered;
        if piece == 0 {
            return Some(Addresses::of_runs(runs, Vec::new()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(address: &str, mask: &str) -> Option<Addresses> {
        wildcard(address.parse().expect("an address"), mask.parse().expect("a mask"))
    }

    fn text(set: &Addresses) -> String {
        set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn masks_are_read_bit_by_bit() {
        assert_eq!(text(&matched("10.1.2.3", "0.0.0.255").expect("a set")), "10.1.2.0/24");
        assert_eq!(text(&matched("10.1.2.3", "0.0.0.0").expect("a set")), "10.1.2.3/32");
        assert_eq!(text(&matched("10.1.2.3", "255.255.255.255").expect("a set")), "0.0.0.0/0");
        assert_eq!(text(&matched("10.0.0.1", "0.0.2.0").expect("a set")), "10.0.0.1/32 10.0.2.1/32");
        assert_eq!(matched("10.0.0.7", "0.255.0.255").map(|set| set.blocks().len()), Some(256));
        assert_eq!(matched("10.0.0.7", "1.255.0.255"), None, "512 pieces are too many");
    }

    #[test]
    fn every_bit_counts() {
        for mask in [0x0000_0005_u32, 0x0000_00a3, 0x8000_0001, 0x0000_fe00] {
            let set = wildcard(Ipv4Addr::from(0x0a00_0010), Ipv4Addr::from(mask)).expect("few pieces");
            for low in 0..=0xffff_u32 {
                for high in [0x0a00_0000_u32, 0x8a00_0000] {
                    let address = high | low;
                    let wanted = (address ^ 0x0a00_0010) & !mask == 0;
                    assert_eq!(set.holds(Ipv4Addr::from(address).into()), wanted, "{address:08x} under {mask:08x}");
                }
            }
        }
    }
}
