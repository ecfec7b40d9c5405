//! Secrets into a documented marker, and the marker and the well-known masks back into what they tell.
//!
//! The marker is `<jixian-secret/SCHEME/CLASS>` or `<jixian-secret/SCHEME/CLASS/ID>`. It has no space, colon, comma or quote, so that
//! it can stand wherever the secret stood: in a field of `/etc/shadow`, in a directive, in a quoted string.
//! SCHEME is the way in which the secret is stored (`sha512`, `yescrypt`, `plaintext`, `unknown`), CLASS is `vendor-default`, `short`
//! or `ordinary`, ID is a digest keyed with the site's key.

use std::borrow::Cow;

/// What begins every marker.
const MARKER: &str = "<jixian-secret/";

/// Masks that other collectors leave where a secret was: RANCID, Cisco's own display, Junos `SECRET-DATA`, Oxidized.
const MASKS: &[&str] = &["<removed>", "<secret hidden>", "SECRET-DATA", "<redacted>", "<hidden>", "********"];

/// The scheme that a marker or mask in place of a secret tells: `Some("")` where it is masked and nothing is known of it,
/// `None` where the text is no marker.
pub fn masked_scheme(text: &str) -> Option<&str> {
    if let Some(scheme) = field(text, 0) {
        return Some(scheme);
    }
    // Every mask has one of these.
    memchr::memchr3(b'<', b'*', b'-', text.as_bytes())?;
    MASKS.iter().any(|mask| text.contains(mask)).then_some("")
}

/// The class that a marker tells: `Some("")` where a mask tells none, `None` where the text is no marker.
pub fn masked_class(text: &str) -> Option<&str> {
    field(text, 1).or_else(|| masked_scheme(text).map(|_| ""))
}

/// The id that a marker tells: equal ones, keyed with one site's key, are of one secret. `None` for markers without one, and for masks.
pub fn masked_id(text: &str) -> Option<&str> {
    field(text, 2).filter(|id| !id.is_empty())
}

/// What stands at a place in a marker, empty where it has no such place; `None` where the text is no marker.
fn field(text: &str, place: usize) -> Option<&str> {
    Some(text.strip_prefix(MARKER)?.trim_end_matches('>').split('/').nth(place).unwrap_or_default())
}

/// The marker for a secret whose scheme may be known.
pub fn marker(scheme: &str, class: &str) -> String {
    format!("{MARKER}{scheme}/{class}>")
}

/// The same with the id of the secret, which is a digest keyed with the site's key.
pub fn keyed_marker(scheme: &str, class: &str, id: &str) -> String {
    format!("{MARKER}{scheme}/{class}/{id}>")
}

/// `part`, which starts at byte `offset` of its source, with the secret byte ranges and whatever looks like a stored
/// secret replaced by a marker.
pub fn masked<'p>(part: &'p str, offset: u32, secrets: &[(u32, u32)]) -> Cow<'p, str> {
    if secrets.is_empty() && !part.contains('$') {
        return Cow::Borrowed(part);
    }
    let mut ranges: Vec<(usize, usize)> = secrets
        .iter()
        .filter_map(|(start, end)| {
            let start = start.saturating_sub(offset) as usize;
            let end = (end.checked_sub(offset)? as usize).min(part.len());
            (start < end).then_some((start, end))
        })
        .chain(stored_hashes(part))
        .collect();
    if ranges.is_empty() {
        return Cow::Borrowed(part);
    }
    ranges.sort_unstable();
    let mut out = String::with_capacity(part.len());
    let mut at = 0;
    for (start, end) in ranges {
        if end <= at {
            continue;
        }
        let start = start.max(at);
        out.push_str(part.get(at..start).unwrap_or_default());
        out.push_str(&marker(crypt_scheme(&part[start..end]).unwrap_or("unknown"), "ordinary"));
        at = end;
    }
    out.push_str(part.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// The hashing scheme that a crypt(5) string names by its prefix.
pub fn crypt_scheme(text: &str) -> Option<&'static str> {
    const PREFIXES: &[(&str, &str)] = &[
        ("$1$", "md5"),
        ("$2a$", "bcrypt"),
        ("$2b$", "bcrypt"),
        ("$2y$", "bcrypt"),
        ("$3$", "nt"),
        ("$5$", "sha256"),
        ("$6$", "sha512"),
        ("$7$", "scrypt"),
        ("$gy$", "gost-yescrypt"),
        ("$md5", "sun-md5"),
        ("$sha1$", "sha1"),
        ("$sm3$", "sm3"),
        ("$y$", "yescrypt"),
    ];
    PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, scheme)| *scheme)
}

/// Byte ranges that look like a crypt(5) hash, wherever they stand.
fn stored_hashes(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices('$').filter_map(|(start, _)| {
        crypt_scheme(&text[start..])?;
        let rest = &text[start..];
        let end = rest.find([':', ' ', '\t', '"', '\'', ',', '\n']).unwrap_or(rest.len());
        (end > 8).then_some((start, start + end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_never_survives() {
        let line = "alice:$6$abcdefgh$0123456789:19800:0:99999:7:::";
        assert_eq!(masked(line, 0, &[]), "alice:<jixian-secret/sha512/ordinary>:19800:0:99999:7:::");
        assert_eq!(masked("key hunter2 end", 100, &[(104, 111)]), "key <jixian-secret/unknown/ordinary> end");
        assert_eq!(masked("tail", 100, &[(90, 95), (103, 200)]), "tai<jixian-secret/unknown/ordinary>");
    }

    #[test]
    fn markers_and_masks_are_read_back() {
        assert_eq!(masked_scheme(&marker("md5", "short")), Some("md5"));
        assert_eq!(masked_class(&keyed_marker("md5", "short", "5bdcc146bf60")), Some("short"));
        assert_eq!(masked_id(&keyed_marker("md5", "short", "5bdcc146bf60")), Some("5bdcc146bf60"));
        assert_eq!((masked_id(&marker("md5", "short")), masked_id("<removed>")), (None, None));
        assert_eq!((masked_class("<removed>"), masked_class("short")), (Some(""), None));
        assert_eq!(masked_scheme("<removed>"), Some(""));
        assert_eq!(masked_scheme("/* SECRET-DATA */"), Some(""));
        assert_eq!(masked_scheme("$6$a$b"), None);
    }
}
