//! Nodes of `TCP.INVITED_NODES` into the addresses that they admit.
//!
//! Net Services Reference, TCP.INVITED_NODES: addresses, CIDR blocks, wildcards that end in `.*`, and host names.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::reckon::network::Addresses;

/// The addresses of a node; none for a host name.
pub(super) fn addresses(node: &str) -> Option<Addresses> {
    let node = node.trim();
    if node == "*" {
        return Some(Addresses::any());
    }
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    if let Ok(block) = node.parse::<IpNet>() {
        return Some(Addresses::of([block.trunc()]));
    }
    let start = node.trim_end_matches(".*");
    let mut octets = [0; 4];
    let mut count: u8 = 0;
    for part in start.split('.').filter(|_| start.len() < node.len()) {
        *octets.get_mut(usize::from(count))? = part.parse().ok()?;
        count += 1;
    }
    (count > 0).then_some(())?;
    Some(Addresses::of([IpNet::V4(Ipv4Net::new(octets.into(), count * 8).ok()?)]))
}

/// This host alone: no other one reaches a listener there.
pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether addresses are of this host alone.
pub(super) fn loopback() -> Addresses {
    Addresses::of([IpNet::V4(Ipv4Net::new_assert([127, 0, 0, 0].into(), 8)), IpNet::from(IpAddr::from(std::net::Ipv6Addr::LOCALHOST))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &str) -> Option<Vec<String>> {
        addresses(node).map(|set| set.blocks().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn nodes_are_addresses_blocks_wildcards_and_names() {
        // The forms of Net Services Reference 19c, TCP.INVITED_NODES.
        assert_eq!(shown("192.168.1.7"), Some(vec!["192.168.1.7/32".to_owned()]));
        assert_eq!(shown("192.168.2.0/24"), Some(vec!["192.168.2.0/24".to_owned()]));
        assert_eq!(shown("172.30.*"), Some(vec!["172.30.0.0/16".to_owned()]));
        assert_eq!(shown("10.*.*.*"), Some(vec!["10.0.0.0/8".to_owned()]));
        assert_eq!(shown("2001:DB8:200C:433B/32"), None);
        assert_eq!(shown("*"), Some(vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()]));
        for name in ["sales.us.example.com", "10.1", "10.*.1", "300.*", ".*", ""] {
            assert_eq!(shown(name), None, "{name}");
        }
    }
}
