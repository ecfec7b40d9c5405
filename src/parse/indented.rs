//! Configurations whose blocks are shown by indentation (Cisco IOS, NX-OS and ASA, Arista EOS, Ruijie RGOS, Hillstone StoneOS) into a tree.
//!
//! Depth comes from a stack of widths, not from a number of blanks per level: IOS indents by one, NX-OS by two, EOS by three, and
//! pasted blocks differ. Comments never open or close a block. Where a text has lost all indentation, depth is concluded from
//! keywords, and the tree says so.

mod levels;
mod opaque;

use bumpalo::Bump;

use super::lines::{self, Lines};
use super::tree::builder::{Builder, ROOT};
use super::tree::{Cut, IssueKind, Split, Tree};
use crate::source::capture::{Clean, is_metadata};

/// How a banner's text is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banners {
    /// Between two equal delimiters; `^C` is one, whether written as byte 3 or as two characters.
    Delimited,
    /// From the next line to a line `EOF`.
    Eof,
    /// One command for each line.
    PerLine,
}

/// What ends a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A line `end`, in whatever case.
    End,
    /// `: end`, or the checksum before it.
    Checksum,
    /// Nothing: only a text that breaks off within a line is known to be cut.
    Nothing,
}

/// What tells one platform from another.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// How lines are split into words.
    pub split: Split,
    /// How banners are written.
    pub banners: Banners,
    /// What ends it.
    pub ending: Ending,
}

/// IOS, IOS-XE and Ruijie RGOS.
pub const IOS: Dialect = Dialect { split: Split::Blanks, banners: Banners::Delimited, ending: Ending::End };
/// NX-OS.
pub const NXOS: Dialect = Dialect { split: Split::Quotes, banners: Banners::Delimited, ending: Ending::Nothing };
/// ASA.
pub const ASA: Dialect = Dialect { split: Split::Blanks, banners: Banners::PerLine, ending: Ending::Checksum };
/// EOS.
pub const EOS: Dialect = Dialect { split: Split::Blanks, banners: Banners::Eof, ending: Ending::End };
/// StoneOS.
pub const STONEOS: Dialect = Dialect { split: Split::Quotes, banners: Banners::PerLine, ending: Ending::End };

/// Columns to which a tab reaches.
const TAB_COLUMNS: usize = 8;

/// By how much less than announced a text may be, in percent: collectors mask secrets and change line ends.
const BYTES_MISSING_PERCENT_MOST: u64 = 10;

/// A text that is being read.
struct Reader<'a> {
    lines: Lines<'a>,
    builder: Builder<'a>,
    dialect: Dialect,
    /// Open blocks: the width of their line and their number.
    stack: Vec<(usize, u32)>,
    /// Set where indentation was lost.
    lost: bool,
    /// Whether the last line that is no comment ends the configuration.
    ended: bool,
}

/// Reads a configuration.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>, dialect: Dialect) -> &'a Tree<'a> {
    let lost = levels::are_lost(clean.text);
    let mut reader =
        Reader { lines: Lines::new(clean), builder: Builder::new(dialect.split), dialect, stack: Vec::new(), lost, ended: false };
    if lost {
        reader.builder.issue(IssueKind::LostIndentation, clean.text.lines().next().unwrap_or_default());
        reader.builder.cut(Cut::Levels);
    }
    while let Some(line) = reader.lines.next() {
        reader.line(line);
    }
    if let Some(cut) = reader.cut(clean) {
        reader.builder.cut(cut);
    }
    reader.builder.finish(arena, clean)
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) {
        let text = line.trim_matches([' ', '\t']);
        if self.is_comment(line, text) {
            return;
        }
        let is_end = match self.dialect.ending {
            Ending::End => text.eq_ignore_ascii_case("end") && width(line) == 0,
            Ending::Checksum => is_checksum(text),
            Ending::Nothing => false,
        };
        if is_end || is_metadata(text) {
            self.ended |= is_end;
            self.stack.clear();
            return;
        }
        if self.ended {
            // Something follows the end: what it is, nobody can say, but it is read.
            self.ended = false;
            self.builder.issue(IssueKind::StrayEnd, text);
        }
        if is_exit(text) {
            if self.lost {
                self.stack.pop();
            }
            return;
        }
        if self.lines.is_broken() {
            self.builder.issue(IssueKind::Unterminated, text);
            return;
        }
        let width = if self.lost { self.concluded_width(text) } else { width(line) };
        while self.stack.last().is_some_and(|(open, _)| *open >= width) {
            self.stack.pop();
        }
        let above = self.stack.last().map_or(ROOT, |(_, number)| *number);
        let number = self.builder.add(above, text, 0);
        if number != above && !self.opaque(number, text) && self.builder.may_open(self.stack.len(), text) {
            self.stack.push((width, number));
        }
    }

    /// Whether a line is empty or a comment; one at the left edge ends a block where indentation was lost.
    fn is_comment(&mut self, line: &str, text: &'a str) -> bool {
        if text.is_empty() {
            return true;
        }
        if text.starts_with('!') {
            if self.lost && text.len() == 1 {
                self.stack.clear();
            }
            return true;
        }
        if self.dialect.ending == Ending::Checksum && line.starts_with(':') {
            self.ended |= text.trim_start_matches(':').trim() == "end";
            return true;
        }
        // RANCID and Oxidized write inventories in front, some with this sign.
        line.starts_with('#')
    }

    /// The width that a line would have had.
    fn concluded_width(&self, text: &str) -> usize {
        let above = self.stack.iter().map(|(_, number)| self.builder.nodes[*number as usize].text);
        levels::depth(text, &above.collect::<Vec<_>>())
    }

    /// Why more may have stood there.
    fn cut(&self, clean: &Clean<'a>) -> Option<Cut> {
        let announced = clean.announced_bytes.unwrap_or(0);
        let received = clean.text.len() as u64;
        if received.saturating_mul(100) < announced.saturating_mul(100 - BYTES_MISSING_PERCENT_MOST) {
            return Some(Cut::FewerBytes);
        }
        if clean.wrapped {
            return Some(Cut::Wrapped);
        }
        match self.dialect.ending {
            Ending::Nothing => lines::is_broken_off(clean).then_some(Cut::NoEnd),
            _ => (!self.ended).then_some(Cut::NoEnd),
        }
    }
}

/// Whether a line is the whole checksum (MD5) behind an ASA's configuration.
fn is_checksum(text: &str) -> bool {
    let digits = text.strip_prefix("Cryptochecksum:").map(str::trim_start);
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The width of the space in front of a line, in columns.
fn width(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns = (columns / TAB_COLUMNS + 1) * TAB_COLUMNS,
            _ => break,
        }
    }
    columns
}

/// Whether a line only leaves a block.
fn is_exit(text: &str) -> bool {
    const EXITS: &[&str] = &[
        "exit",
        "exit-address-family",
        "exit-af-interface",
        "exit-af-topology",
        "exit-peer-policy",
        "exit-peer-session",
        "exit-service-family",
        "exit-vrf",
    ];
    EXITS.contains(&text)
}
