//! The bytes of a file name into text that can be shown, and that text back into the bytes.
//!
//! A name is UTF-8, or GB18030 as older Chinese systems write it, or else shown with `\xNN` for each byte that is neither.

use std::borrow::Cow;

use encoding_rs::GB18030;

/// The text of a name.
pub fn text(name: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(name) {
        return Cow::Borrowed(text);
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(name) {
        // Only a text that leads back to the same bytes names the file.
        if gb18030(&text).as_deref() == Some(name) {
            return Cow::Owned(text.into_owned());
        }
    }
    Cow::Owned(escaped(name))
}

/// The text of a GB18030 name whose plain text is taken by another name.
pub(super) fn escaped_gb18030(text: &str) -> String {
    gb18030(text).map_or_else(|| text.to_owned(), |bytes| escaped(&bytes))
}

/// Every byte that is not ASCII as `\xNN`.
fn escaped(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    for byte in name {
        if byte.is_ascii() {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

/// The other bytes that [`text`] may have made a text from, tried where the text's own bytes name nothing.
pub(super) fn other_spellings(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let encoded = if text.is_ascii() { None } else { gb18030(text) };
    encoded.into_iter().chain(unescaped(text))
}

/// The GB18030 bytes of a text, where it has them.
fn gb18030(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = GB18030.encode(text);
    (!unmappable).then(|| bytes.into_owned())
}

/// The bytes of an escaped name; none where nothing is escaped.
///
/// Only bytes beyond ASCII are ever escaped, so that no `\x2e\x2e` or `\x2f` becomes a way out of a directory.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    memchr::memchr(b'\\', text.as_bytes())?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut any = false;
    while let Some(at) = rest.find("\\x") {
        let byte = rest.get(at + 2..at + 4).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|byte| !byte.is_ascii());
        let length = if byte.is_some() { 4 } else { 2 };
        out.extend_from_slice(&rest.as_bytes()[..at]);
        match byte {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(b"\\x"),
        }
        any |= byte.is_some();
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest.as_bytes());
    any.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_bytes() {
        for (name, expected) in [
            (&b"sshd_config"[..], "sshd_config"),
            ("安全.conf".as_bytes(), "安全.conf"),
            (b"\xb0\xb2\xc8\xab.conf", "安全.conf"),
            (b"a\xff\xfe", "a\\xff\\xfe"),
            (b"caf\xe9", "caf\\xe9"),
        ] {
            let text = text(name);
            assert_eq!(text, expected);
            let reached = text.as_bytes() == name || other_spellings(&text).any(|bytes| bytes == name);
            assert!(reached, "{expected} leads back");
        }
    }

    #[test]
    fn an_escape_is_no_way_out() {
        assert_eq!(unescaped("\\x2e\\x2e"), None);
        assert_eq!(unescaped("\\x2f\\xe9").as_deref(), Some(&b"\\x2f\xe9"[..]));
        assert_eq!(unescaped("\\x"), None);
        assert_eq!(unescaped("\\x\u{e9}"), None);
    }
}
