//! Files with sections and assignments, as systemd reads them, into entries: systemd.syntax(7).

use std::borrow::Cow;

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The section's name, without brackets.
    pub section: &'a str,
    /// The key.
    pub key: &'a str,
    /// The value, continued lines joined by a space.
    pub value: Cow<'a, str>,
    /// The assignment as it stands in the file.
    pub text: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The assignments in the order of the file, repeated and emptied ones too.
    pub entries: Vec<Entry<'a>>,
    /// Lines that are no assignment, or stand outside of a section; systemd skips them.
    pub opaque: Vec<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut section = None;
    let mut rest = text;
    while !rest.is_empty() {
        let (logical, after) = logical_line(rest);
        rest = after;
        let line = logical.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = Some(name);
            continue;
        }
        match (section, line.split_once('=')) {
            (Some(section), Some((key, value))) => {
                document.entries.push(Entry { section, key: key.trim_end(), value: joined(value.trim_start()), text: line });
            }
            _ => document.opaque.push(line),
        }
    }
    document
}

/// A line with those that a backslash at its end continues it with, and the rest of the text.
fn logical_line(text: &str) -> (&str, &str) {
    let comment = text.trim_start().starts_with(['#', ';']);
    let mut end = 0;
    loop {
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
        let line = text[end..line_end].trim_end_matches('\r');
        let next = (line_end + 1).min(text.len());
        // Comments do not end a continuation, and are not continued themselves.
        let inner_comment = end > 0 && line.trim_start().starts_with(['#', ';']);
        if line_end == text.len() || comment || !(line.ends_with('\\') || inner_comment) {
            return (&text[..line_end], &text[next..]);
        }
        end = next;
    }
}

/// A value without its continuations.
fn joined(value: &str) -> Cow<'_, str> {
    if !value.contains('\n') {
        return Cow::Borrowed(value);
    }
    let lines = value.lines().enumerate().filter(|(at, line)| *at == 0 || !line.trim_start().starts_with(['#', ';']));
    let pieces: Vec<&str> =
        lines.map(|(_, line)| line.strip_suffix('\\').unwrap_or(line).trim()).filter(|piece| !piece.is_empty()).collect();
    Cow::Owned(pieces.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_carry_their_section() {
        let text = "Early=1\n# [Journal]\n[Journal]\n; c\nStorage = persistent \r\nEmpty=\nA=b=c\n[Other]\nx\nStorage=none\n";
        let document = read(text);
        let entries: Vec<(&str, &str, &str)> = document.entries.iter().map(|it| (it.section, it.key, &*it.value)).collect();
        let expected =
            [("Journal", "Storage", "persistent"), ("Journal", "Empty", ""), ("Journal", "A", "b=c"), ("Other", "Storage", "none")];
        assert_eq!(entries, expected);
        assert_eq!(document.opaque, ["Early=1", "x"]);
    }

    #[test]
    fn a_backslash_continues_a_line() {
        // The example of systemd.syntax(7), shortened.
        let document = read("[S]\nKeyTwo=value 2 \\\n       # comment\n; another\n       continued\nKeyThree=3\\\n");
        let entries: Vec<(&str, &str)> = document.entries.iter().map(|it| (it.key, &*it.value)).collect();
        assert_eq!(entries, [("KeyTwo", "value 2 continued"), ("KeyThree", "3\\")]);
    }
}
