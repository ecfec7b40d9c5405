//! Configuration lines of Redis, and replies as `redis-cli --csv` prints them, into words.
//!
//! Words are parted as the server's own `sdssplitargs` does it: blanks part them, single and double quotes may begin anywhere in a word
//! and must end it, and in double quotes `\n`, `\xFF` and their like stand for one byte. There is no comment but a whole line.

use std::borrow::Cow;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// What it stands for.
    pub value: Cow<'a, str>,
    /// How it stands in the text, with its quotes.
    pub text: &'a str,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its words; the first is the directive.
    pub words: Vec<Word<'a>>,
    /// The line without the space around it.
    pub text: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The lines in order.
    pub lines: Vec<Line<'a>>,
    /// Lines whose quotes are not balanced; the server does not start with one.
    pub unbalanced: Vec<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    for line in crate::source::lines(text) {
        let line = line.trim_matches([' ', '\t', '\r', '\n']);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match words(line) {
            Some(words) if words.is_empty() => {}
            Some(words) => document.lines.push(Line { words, text: line }),
            None => document.unbalanced.push(line),
        }
    }
    document
}

/// The words of a line; none where its quotes are not balanced.
pub fn words(line: &str) -> Option<Vec<Word<'_>>> {
    let mut words = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '\x0b', '\x0c']);
        if rest.is_empty() {
            return Some(words);
        }
        let (word, after) = word(rest, &[' ', '\t', '\r', '\n'])?;
        words.push(word);
        rest = after;
    }
}

/// The values of a reply in order, arrays flattened; none where it is not whole.
pub fn reply(text: &str) -> Option<Vec<Word<'_>>> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
        if rest.is_empty() {
            return Some(words);
        }
        let (word, after) = word(rest, &[',', '\r', '\n'])?;
        words.push(word);
        rest = after;
    }
}

/// The first word of a text that begins with one, and what follows it.
fn word<'a>(text: &'a str, ends: &[char]) -> Option<(Word<'a>, &'a str)> {
    let plain_end = text.find(|it| it == '"' || it == '\'' || ends.contains(&it)).unwrap_or(text.len());
    if !text[plain_end..].starts_with(['"', '\'']) {
        return Some((Word { value: Cow::Borrowed(&text[..plain_end]), text: &text[..plain_end] }, &text[plain_end..]));
    }
    let quote = text[plain_end..].chars().next()?;
    let inner = &text[plain_end + 1..];
    let (value, length) = quoted(inner, quote)?;
    let end = plain_end + 1 + length + 1;
    if text[end..].chars().next().is_some_and(|next| !ends.contains(&next) && !next.is_ascii_whitespace()) {
        return None;
    }
    let value = if plain_end == 0 { value } else { Cow::Owned(format!("{}{value}", &text[..plain_end])) };
    Some((Word { value, text: &text[..end] }, &text[end..]))
}

/// What stands up to the closing quote, and its length as it is written; none where there is none.
fn quoted(text: &str, quote: char) -> Option<(Cow<'_, str>, usize)> {
    let first = text.find(['\\', quote])?;
    if text[first..].starts_with(quote) {
        return Some((Cow::Borrowed(&text[..first]), first));
    }
    let mut bytes: Vec<u8> = Vec::new();
    let raw = text.as_bytes();
    let mut at = 0;
    loop {
        match (*raw.get(at)?, raw.get(at + 1)) {
            (byte, _) if char::from(byte) == quote => return Some((Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()), at)),
            (b'\\', Some(b'x')) if quote == '"' && hexadecimal(text, at + 2).is_some() => {
                bytes.extend(hexadecimal(text, at + 2));
                at += 4;
            }
            (b'\\', Some(byte)) if quote == '"' => {
                bytes.push(escaped(*byte));
                at += 2;
            }
            (b'\\', Some(b'\'')) => {
                bytes.push(b'\'');
                at += 2;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
}

/// The byte that two hexadecimal digits write.
fn hexadecimal(text: &str, at: usize) -> Option<u8> {
    let digits = text.get(at..at + 2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// The byte that one letter behind a backslash stands for.
fn escaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'a' => 7,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<Vec<String>> {
        words(line).map(|words| words.iter().map(|word| word.value.to_string()).collect())
    }

    #[test]
    fn words_are_parted_as_the_server_parts_them() {
        // redis-server 7.0.15 takes or refuses these lines so.
        assert_eq!(shown("a  b\tc"), Some(vec!["a".into(), "b".into(), "c".into()]));
        assert_eq!(shown(r#"requirepass "a b\x21\"c""#), Some(vec!["requirepass".into(), "a b!\"c".into()]));
        assert_eq!(shown(r"x 'it\'s \n' y"), Some(vec!["x".into(), r"it's \n".into(), "y".into()]));
        assert_eq!(shown(r#"x ab"cd""#), Some(vec!["x".into(), "abcd".into()]));
        assert_eq!(shown(r#"x """#), Some(vec!["x".into(), String::new()]));
        assert_eq!(shown(r#"x "a"b"#), None);
        assert_eq!(shown(r#"x "a"#), None);
        assert_eq!(shown("x 'a"), None);
    }

    #[test]
    fn lines_and_replies() {
        let document = read("# c\n\n  bind 1.2.3.4 # no comment\r\nx \"\n");
        assert_eq!(document.lines.len(), 1);
        assert_eq!(document.lines[0].words.len(), 5);
        assert_eq!(document.unbalanced, ["x \""]);
        let values = reply("\"bind\",\"* -::*\",\"port\",\"6379\"\n").expect("whole");
        assert_eq!(values.iter().map(|word| &*word.value).collect::<Vec<_>>(), ["bind", "* -::*", "port", "6379"]);
        assert_eq!(reply("\"bind\",\"* -"), None);
    }
}
