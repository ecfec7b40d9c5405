//! Text from a scanned asset into text whose control and bidirectional characters can be seen.
//!
//! Everything that an asset had a hand in passes here before any writer: ids, paths, observed values, lines shown as evidence.

use std::borrow::Cow;

/// What becomes of tabs and line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whitespace {
    /// They are made visible like every other control character: the text must stay on one line.
    Shown,
    /// Tab, line feed and carriage return stay as they are.
    Kept,
}

/// The text with control characters as `\x1b` and bidirectional ones as `\u{202e}`.
///
/// Seen are C0, DEL and C1, the bidirectional marks, embeddings, overrides and isolates (Unicode UAX #9), the line and paragraph
/// separators, the byte order mark's mirror U+FFFE and U+FFFF. A backslash stays a backslash: the form is for eyes, not for reading back.
pub fn visible(text: &str, whitespace: Whitespace) -> Cow<'_, str> {
    // Nearly every text is clean; this is one pass over it without a copy.
    if is_plain(text) || !text.chars().any(|character| hidden(character, whitespace)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if !hidden(character, whitespace) {
            out.push(character);
        } else if u32::from(character) < 0x100 {
            out.push_str(&format!("\\x{:02x}", u32::from(character)));
        } else {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
    }
    Cow::Owned(out)
}

/// Whether a text is nothing but printable ASCII; in pieces, so that each is looked at without a branch per byte.
pub fn is_plain(text: &str) -> bool {
    text.as_bytes().chunks(32).all(|piece| piece.iter().fold(true, |plain, byte| plain & (b' '..=b'~').contains(byte)))
}

/// Whether a character must not reach a reader as it is.
fn hidden(character: char, whitespace: Whitespace) -> bool {
    match character {
        '\t' | '\n' | '\r' => whitespace == Whitespace::Shown,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_shown() {
        for (text, expected) in [
            ("web01", "web01"),
            ("核心交换机-3", "核心交换机-3"),
            ("a\x1b[31mb", "a\\x1b[31mb"),
            ("a\0\x07\x7f\u{85}\u{9b}", "a\\x00\\x07\\x7f\\x85\\x9b"),
            ("pass\u{202e}liaf\u{2066}x\u{2069}", "pass\\u{202e}liaf\\u{2066}x\\u{2069}"),
            ("\u{200e}\u{200f}\u{61c}\u{2028}\u{fffe}\u{ffff}", "\\u{200e}\\u{200f}\\u{61c}\\u{2028}\\u{fffe}\\u{ffff}"),
            ("a\tb\r\n", "a\\x09b\\x0d\\x0a"),
            ("a\u{a0}é\\", "a\u{a0}é\\"),
        ] {
            assert_eq!(visible(text, Whitespace::Shown), expected);
        }
        assert_eq!(visible("a\tb\r\n\x1b", Whitespace::Kept), "a\tb\r\n\\x1b");
    }

    #[test]
    fn a_clean_text_is_not_copied() {
        assert!(matches!(visible("clean 文本", Whitespace::Shown), Cow::Borrowed(_)));
    }
}
