//! A text into its lines, one by one, with the texts between two of them.

use crate::source::capture::{Clean, TERMINAL_COLUMNS};

/// Lines that are taken one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where the next line starts.
    pub(super) at: usize,
    /// Whether the last line of the text was perhaps cut in its middle.
    ends_broken: bool,
    /// Whether lines seem to be broken at the width of a terminal.
    wrapped: bool,
    /// Whether the line that was taken last is as wide as a terminal, and whether it is broken.
    full: bool,
    broken: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(clean: &Clean<'a>) -> Lines<'a> {
        let Clean { text, wrapped, .. } = *clean;
        Lines { text, at: 0, ends_broken: is_broken_off(clean), wrapped, full: false, broken: false }
    }

    /// Whether the line that was taken last is perhaps not a whole one, so that nothing can be concluded from it.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The text from a byte up to the last line that was taken, without its end.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// What was not taken yet.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        let line = rest[..end].trim_end_matches('\r');
        self.broken = self.ends_broken && self.at == self.text.len();
        if self.wrapped {
            let full = line.chars().count() == TERMINAL_COLUMNS;
            self.broken |= full || self.full;
            self.full = full;
        }
        Some(line)
    }
}

/// Whether the last line of a capture was perhaps cut in its middle: neither a line end nor a prompt follows it.
pub(super) fn is_broken_off(clean: &Clean<'_>) -> bool {
    !clean.followed_by_prompt && !clean.text.ends_with('\n')
}
