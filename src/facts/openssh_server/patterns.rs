//! Patterns of names, users and addresses into whether they match, and into the sets of addresses that they admit.
//!
//! The truth is match.c, addrmatch.c and addr.c of OpenSSH.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use crate::reckon::network::Addresses;

/// What a list of patterns says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A negated pattern matches, which weighs more than all others.
    Refused,
    /// Some pattern matches.
    Matches,
    /// None does.
    Silent,
}

/// Whether a text matches one pattern of `*` and `?`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((star_at, star_from)) = star else { return false };
                star = Some((star_at, star_from + 1));
                at = star_at + 1;
                from = star_from + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

/// What a comma list of patterns, each perhaps negated with `!`, says of a text.
pub(super) fn list_matches(list: &str, text: &str) -> Verdict {
    let mut found = Verdict::Silent;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(negated) if matches(negated, text) => return Verdict::Refused,
            None if matches(pattern, text) => found = Verdict::Matches,
            _ => {}
        }
    }
    found
}

/// The same for host names, which have no case.
pub(super) fn host_matches(list: &str, host: &str) -> Verdict {
    list_matches(&list.to_ascii_lowercase(), &host.to_ascii_lowercase())
}

/// One piece of a list of addresses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    /// A block.
    Block(IpNet),
    /// A pattern over the text of an address, or a host name.
    Pattern(&'a str),
}

/// One piece and whether it is negated; none where sshd refuses it: it is empty, or has bits set beyond its mask.
fn piece(text: &str) -> Option<(bool, Piece<'_>)> {
    let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    if text.is_empty() {
        return None;
    }
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let plain = |length: &str| length.bytes().all(|it| it.is_ascii_digit());
    let length = match length.map(|it| it.parse::<u8>().ok().filter(|bits| *bits <= 128 && plain(it))) {
        Some(None) => return Some((negated, Piece::Pattern(text))),
        Some(Some(bits)) => Some(bits),
        None => None,
    };
    let Some(address) = numeric(address) else { return Some((negated, Piece::Pattern(text))) };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    let block = IpNet::new(address, length.unwrap_or(whole)).ok()?;
    (block.network() == address).then_some((negated, Piece::Block(block)))
}

/// An address as getaddrinfo(3) reads numeric ones: `10.1` is 10.0.0.1, and a leading 0 or 0x sets the base.
pub(super) fn numeric(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.split('%').next()?.parse().ok();
    }
    let parts: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let (last, front) = parts.split_last()?;
    if front.len() > 3 || front.iter().any(|part| *part > 255) {
        return None;
    }
    let free_bits = 8 * (4 - front.len() as u32);
    if free_bits < 32 && *last >> free_bits != 0 {
        return None;
    }
    let high = front.iter().enumerate().map(|(at, part)| part << (24 - 8 * at as u32)).sum::<u32>();
    Some(IpAddr::V4(Ipv4Addr::from(high | last)))
}

/// A number in base 10, 8 (leading 0) or 16 (leading 0x).
fn number(text: &str) -> Option<u32> {
    let (digits, base) = match text {
        _ if text.starts_with("0x") || text.starts_with("0X") => (&text[2..], 16),
        _ if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        _ => (text, 10),
    };
    if digits.starts_with('+') { None } else { u32::from_str_radix(digits, base).ok() }
}

/// Whether sshd takes a text for a list of addresses.
pub(super) fn is_address_list(list: &str) -> bool {
    list.split(',').all(|it| piece(it).is_some())
}

/// What a list of blocks and patterns says of an address.
pub(super) fn addresses_match(list: &str, address: &str) -> Verdict {
    let Some(parsed) = numeric(address) else { return Verdict::Silent };
    let mut found = Verdict::Silent;
    for (negated, piece) in list.split(',').map_while(piece) {
        let hit = match piece {
            Piece::Block(block) => block.contains(&parsed),
            Piece::Pattern(pattern) => matches(pattern, address),
        };
        match (hit, negated) {
            (true, true) => return Verdict::Refused,
            (true, false) => found = Verdict::Matches,
            (false, _) => {}
        }
    }
    found
}

/// Whether sshd takes a text for `USER` or `USER@HOSTS`.
pub(super) fn is_user_pattern(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.split_once('@').is_none_or(|(_, hosts)| is_address_list(hosts))
}

/// The addresses that a list of addresses and host patterns admits.
#[derive(Clone, Debug, Default)]
pub(super) struct Admitted<'a> {
    /// Those that are certain.
    pub(super) addresses: Addresses,
    /// Pieces that may admit others: host names, and patterns that are no block.
    pub(super) names: Vec<&'a str>,
}

/// The addresses that a list admits; more rather than fewer where it cannot be said.
pub(super) fn admitted(list: &str) -> Admitted<'_> {
    let mut out = Admitted::default();
    let mut refused = Addresses::none();
    for (negated, piece) in list.split(',').filter_map(piece) {
        match (negated, set(piece)) {
            (false, Some(set)) => out.addresses = out.addresses.union(&set),
            (true, Some(set)) => refused = refused.union(&set),
            (false, None) => {
                if let Piece::Pattern(name) = piece {
                    out.names.push(name);
                }
            }
            // A negated name may exclude addresses; leaving them in errs on the side of more.
            (true, None) => {}
        }
    }
    out.addresses = out.addresses.subtract(&refused);
    out
}

/// The addresses of one piece; none where it is a name.
fn set(piece: Piece<'_>) -> Option<Addresses> {
    let pattern = match piece {
        Piece::Block(block) => return Some(Addresses::of([block])),
        Piece::Pattern(pattern) => pattern,
    };
    if pattern.bytes().all(|it| it == b'*') {
        return Some(Addresses::any());
    }
    // `10.1.*` and `10.1.*.*` are the text of every address in 10.1.0.0/16.
    let parts: Vec<&str> = pattern.split('.').collect();
    let known = parts.iter().take_while(|part| **part != "*").count();
    let octets: Vec<u8> = parts[..known].iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let stars = parts.len() - known;
    let canonical = octets.iter().zip(&parts).all(|(octet, part)| octet.to_string() == **part);
    if !canonical || known == 0 || stars == 0 || parts.len() > 4 || parts[known..].iter().any(|part| *part != "*") {
        return None;
    }
    let mut address = [0; 4];
    address[..known].copy_from_slice(&octets);
    IpNet::new(IpAddr::from(address), 8 * known as u8).ok().map(|block| Addresses::of([block]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_know_negation_and_wildcards() {
        assert_eq!(list_matches("a*,!ab", "ac"), Verdict::Matches);
        assert_eq!(list_matches("a*,!ab", "ab"), Verdict::Refused);
        assert_eq!(list_matches("!ab", "ac"), Verdict::Silent);
        assert_eq!(host_matches("*.Bank.cn", "OPS.bank.CN"), Verdict::Matches);
        assert!(matches("*a*b", "xxaxxb") && !matches("?", "") && matches("**", ""));
    }

    // Expected values: `sshd -T -C addr=…` of OpenSSH 9.2.
    #[test]
    fn addresses_are_blocks_or_texts() {
        assert_eq!(addresses_match("10.0.0.0/8,!10.1.0.0/16", "10.2.0.1"), Verdict::Matches);
        assert_eq!(addresses_match("10.0.0.0/8,!10.1.0.0/16", "10.1.0.1"), Verdict::Refused);
        assert_eq!(addresses_match("10.1.*", "10.1.255.1"), Verdict::Matches);
        assert_eq!(addresses_match("10.1", "10.0.0.1"), Verdict::Matches);
        assert_eq!(addresses_match("fd00::/8", "fd00::1"), Verdict::Matches);
        assert!(!is_address_list("10.0.0.1/8") && !is_address_list("10.0.0.0/8,") && !is_address_list("10.0.0.0/33"));
        assert!(is_address_list("10.0.0.0/255.0.0.0"), "a mask in dots is taken for a pattern");
        assert!(!is_user_pattern("a@10.0.0.1/8") && is_user_pattern("a@*.bank.cn"));
    }

    #[test]
    fn lists_of_addresses_become_sets() {
        let text = |list| {
            let found = admitted(list);
            let blocks = found.addresses.blocks().iter().map(ToString::to_string).collect::<Vec<_>>();
            (blocks.join(" "), found.names.join(" "))
        };
        assert_eq!(text("10.0.0.0/8,!10.0.0.0/9"), ("10.128.0.0/9".into(), String::new()));
        assert_eq!(text("*"), ("0.0.0.0/0 ::/0".into(), String::new()));
        assert_eq!(text("10.1.*,192.168.3.*"), ("10.1.0.0/16 192.168.3.0/24".into(), String::new()));
        assert_eq!(text("ops.bank.cn,10.0.0.1"), ("10.0.0.1/32".into(), "ops.bank.cn".into()));
        assert_eq!(text("10.?.0.1"), (String::new(), "10.?.0.1".into()));
        assert_eq!(text("010.1.*"), (String::new(), "010.1.*".into()));
    }
}
