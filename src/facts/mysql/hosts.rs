//! The host part of an account into the addresses that it admits: manual, "Specifying Account Names".

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::reckon::network::Addresses;

/// The addresses that a host part admits; none where it is a name, or a pattern that may admit names.
pub(super) fn admitted(host: &str) -> Option<Addresses> {
    if host.is_empty() || host.bytes().all(|byte| byte == b'%') {
        return Some(Addresses::any());
    }
    if host.eq_ignore_ascii_case("localhost") {
        return Some(loopback());
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    if let Some((address, mask)) = host.split_once('/') {
        let address: Ipv4Addr = address.parse().ok()?;
        let length = match mask.parse::<Ipv4Addr>() {
            Ok(mask) => ipnet::ipv4_mask_to_prefix(mask).ok()?,
            Err(_) => mask.parse().ok()?,
        };
        return Some(Addresses::of([IpNet::V4(Ipv4Net::new(address, length).ok()?.trunc())]));
    }
    begins(host.strip_suffix('%')?)
}

/// The loopback of both families.
pub(super) fn loopback() -> Addresses {
    Addresses::of([IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)), IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST))])
}

/// The IPv4 addresses whose text begins so: `10.`, `192.168.1.`; none for `192.168.1`, which also begins 192.168.100.
///
/// No host name begins with digits and a dot there (manual). `10.%.%` is the same as `10.%`.
fn begins(start: &str) -> Option<Addresses> {
    let start = start.trim_end_matches("%.").strip_suffix('.')?;
    whole_octets(start.trim_end_matches(".%"))
}

/// The block of whole octets.
fn whole_octets(start: &str) -> Option<Addresses> {
    let octets: Vec<u8> = start.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let mut bytes = [0; 4];
    bytes.get_mut(..octets.len())?.copy_from_slice(&octets);
    let length = u8::try_from(octets.len() * 8).ok()?;
    Some(Addresses::of([IpNet::V4(Ipv4Net::new(Ipv4Addr::from(bytes), length).ok()?)]))
}

/// Whether a pattern with `%`, `_` and `\` matches a text, without regard to case.
pub(super) fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        let (literal, width) = match pattern.get(at) {
            Some(b'\\') if at + 1 < pattern.len() => (Some(pattern[at + 1]), 2),
            Some(b'%') => {
                star = Some((at + 1, from));
                at += 1;
                continue;
            }
            Some(b'_') => (None, 1),
            Some(byte) => (Some(*byte), 1),
            None => (Some(0), 0),
        };
        if width > 0 && literal.is_none_or(|byte| byte.eq_ignore_ascii_case(&text[from])) {
            at += width;
            from += 1;
        } else if let Some((after, matched)) = star {
            star = Some((after, matched + 1));
            at = after;
            from = matched + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_parts_are_blocks() {
        let shown = |host: &str| admitted(host).map(|set| set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(shown(""), is("0.0.0.0/0 ::/0"));
        assert_eq!(shown("%"), is("0.0.0.0/0 ::/0"));
        assert_eq!(shown("10.%"), is("10.0.0.0/8"));
        assert_eq!(shown("192.168.%.%"), is("192.168.0.0/16"));
        assert_eq!(shown("192.168.1.%"), is("192.168.1.0/24"));
        assert_eq!(shown("10.1.0.0/255.255.0.0"), is("10.1.0.0/16"));
        assert_eq!(shown("10.1.0.0/16"), is("10.1.0.0/16"));
        assert_eq!(shown("::1"), is("::1/128"));
        assert_eq!(shown("localhost"), is("127.0.0.0/8 ::1/128"));
        for unclear in ["192.168.1%", "%.example.com", "app-01", "10.%.5", "10.1.1._", "10.0.0.0/255.0.255.0"] {
            assert_eq!(shown(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn patterns_of_databases_match() {
        assert!(like(b"mysql", b"mysql") && like(b"my%", b"MySQL") && like(b"%", b"mysql") && like(b"m_sql", b"mysql"));
        assert!(!like(b"test\\_%", b"testing") && like(b"test\\_%", b"test_a") && !like(b"mysq", b"mysql") && !like(b"mysqlx", b"mysql"));
    }
}
