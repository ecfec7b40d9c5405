//! The list `ob_tcp_invited_nodes` into the addresses that it invites.
//!
//! Documentation, "Tenant allowlist": addresses, address and mask length, and addresses with `%` for any characters and `_` for one,
//! with commas between them; `%` alone is everybody.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::reckon::network::Addresses;

/// The addresses, and the first part that was not understood.
pub(super) fn read(list: &str) -> (Addresses, Option<&str>) {
    let mut set = Addresses::none();
    let mut opaque = None;
    for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match addresses(part) {
            Some(block) => set = set.union(&block),
            None => opaque = opaque.or(Some(part)),
        }
    }
    (set, opaque)
}

/// The addresses of one part.
pub(super) fn addresses(part: &str) -> Option<Addresses> {
    if part.bytes().all(|byte| byte == b'%') {
        return Some(Addresses::any());
    }
    if part.eq_ignore_ascii_case("localhost") {
        return Some(loopback());
    }
    if let Ok(block) = part.parse::<IpNet>() {
        return Some(Addresses::of([block.trunc()]));
    }
    if let Ok(address) = part.parse::<IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    if let Some((address, mask)) = part.split_once('/') {
        let length = ipnet::ipv4_mask_to_prefix(mask.parse().ok()?).ok()?;
        return Some(Addresses::of([IpNet::V4(Ipv4Net::new(address.parse().ok()?, length).ok()?.trunc())]));
    }
    octets(part)
}

/// The loopback of both families.
pub(super) fn loopback() -> Addresses {
    Addresses::of([IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)), IpNet::from(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16]))])
}

/// An IPv4 address of which the last octets are `%`, or the very last is as many `_` as it has digits.
fn octets(part: &str) -> Option<Addresses> {
    let parts: Vec<&str> = part.split('.').collect();
    let fixed = parts.iter().take_while(|octet| octet.bytes().all(|byte| byte.is_ascii_digit())).count();
    let rest = parts.get(fixed..).filter(|rest| !rest.is_empty())?;
    let mut bytes = [0_u8; 4];
    for (place, octet) in bytes.iter_mut().zip(parts.get(..fixed)?) {
        *place = octet.parse().ok()?;
    }
    let first = u32::from_be_bytes(bytes);
    if fixed > 0 && fixed < 4 && rest.iter().all(|octet| *octet == "%") {
        let length = u8::try_from(fixed * 8).ok()?;
        return Some(Addresses::of([IpNet::V4(Ipv4Net::new(Ipv4Addr::from(first), length).ok()?)]));
    }
    let digits = rest.first().filter(|octet| fixed == 3 && rest.len() == 1 && octet.bytes().all(|byte| byte == b'_'))?.len();
    let (least, most) = match digits {
        1 => (0, 9),
        2 => (10, 99),
        3 => (100, 255),
        _ => return None,
    };
    Some(Addresses::between(Ipv4Addr::from(first + least).into(), Ipv4Addr::from(first + most).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_blocks() {
        let shown = |part: &str| addresses(part).map(|set| set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        let is = |text: &str| Some(text.to_owned());
        // The forms of the page "View and set the tenant allowlist".
        assert_eq!(shown("%"), is("0.0.0.0/0 ::/0"));
        assert_eq!(shown("10.10.10.10"), is("10.10.10.10/32"));
        assert_eq!(shown("10.10.10.0/24"), is("10.10.10.0/24"));
        assert_eq!(shown("10.10.10.%"), is("10.10.10.0/24"));
        assert_eq!(shown("10.10.10._"), is("10.10.10.0/29 10.10.10.8/31"));
        assert_eq!(shown("10.10.10.__"), is("10.10.10.10/31 10.10.10.12/30 10.10.10.16/28 10.10.10.32/27 10.10.10.64/27 10.10.10.96/30"));
        assert_eq!(shown("10.%.%.%"), is("10.0.0.0/8"));
        assert_eq!(shown("10.10.0.0/255.255.0.0"), is("10.10.0.0/16"));
        assert_eq!(shown("::1"), is("::1/128"));
        for unclear in ["10.10.1%", "10._.1.1", "10.10.10.____", "app-01", "10.%.1.1", "10.0.0.0/255.0.255.0", "10.300.%.%"] {
            assert_eq!(shown(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn a_part_that_is_not_understood_is_told() {
        let (set, opaque) = read("10.1.1.1, 10.1._.3 ,%x");
        assert_eq!((set.breadth(), opaque), (1, Some("10.1._.3")));
    }
}
