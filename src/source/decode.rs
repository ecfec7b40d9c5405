//! Bytes into text: the encoding of an artefact is decided once, here.

use bumpalo::Bump;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

/// How the bytes of an artefact were read as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030 (and so GBK and GB 2312): valid in it, and not valid UTF-8.
    Gb18030,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// None of these: every byte that is not ASCII became U+FFFD.
    Unrecognised,
}

impl Encoding {
    /// The name that results show.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Gb18030 => "gb18030",
            Encoding::Utf16 => "utf-16",
            Encoding::Unrecognised => "unrecognised",
        }
    }
}

/// Decodes bytes into the arena. A byte order mark, trailing NUL bytes and the carriage return of a
/// line's end are not part of the text.
pub fn decode<'a>(arena: &'a Bump, bytes: &[u8]) -> (&'a str, Encoding) {
    if let Some(text) = utf16(bytes) {
        return (kept(arena, text.trim_end_matches('\0')), Encoding::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = &bytes[..end];
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (kept(arena, text), Encoding::Utf8);
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return (kept(arena, &text), Encoding::Gb18030);
    }
    let text: String = bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER }).collect();
    (kept(arena, &text), Encoding::Unrecognised)
}

/// A text in the arena, with the carriage returns before a line feed dropped: they come from the way of collection, not from the asset.
/// A text that has carriage returns only, as old terminals store it, has line feeds in their place.
fn kept<'a>(arena: &'a Bump, text: &str) -> &'a str {
    let returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
    if returns && text.contains("\r\n") {
        // A terminal server adds its own to each line end.
        arena.alloc_str(&text.replace("\r\r\n", "\n").replace("\r\n", "\n"))
    } else if returns && !text.contains('\n') {
        arena.alloc_str(&text.replace('\r', "\n"))
    } else {
        arena.alloc_str(text)
    }
}

/// The text, where the bytes begin with a UTF-16 byte order mark and are valid.
fn utf16(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ => return None,
    };
    encoding.decode_without_bom_handling_and_without_replacement(&bytes[2..]).map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Encoding) {
        let arena = Bump::new();
        assert_eq!(decode(&arena, bytes), (text, encoding));
    }

    #[test]
    fn encodings_are_told_apart() {
        check(b"Port 22\r\nA\rB\n", "Port 22\nA\rB\n", Encoding::Utf8);
        check(b"Port 22\rA\r", "Port 22\nA\n", Encoding::Utf8);
        check(b"Port 22\r\r\nA\r\n", "Port 22\nA\n", Encoding::Utf8);
        check("\u{feff}端口".as_bytes(), "端口", Encoding::Utf8);
        check(b"\xb0\xb2\xc8\xab", "安全", Encoding::Gb18030);
        check(b"\xff\xfea\0b\0", "ab", Encoding::Utf16);
        check(b"\xfe\xff\0a\0b", "ab", Encoding::Utf16);
        check(b"Port 22\n\0\0\0", "Port 22\n", Encoding::Utf8);
        check(b"a\xff", "a\u{fffd}", Encoding::Unrecognised);
        check(b"", "", Encoding::Utf8);
    }
}
