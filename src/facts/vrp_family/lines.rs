//! Blocks of terminal lines (`user-interface vty 0 4`, `line vty 5 63`, `line class vty`) into ranges with the same settings.
//!
//! Blocks may overlap and may leave lines uncovered. Lines are therefore looked at one by one and put together where the same blocks
//! hold; of several blocks the later statement wins. Lines that no block covers are ranges of their own: they have the defaults.

use super::keywords::{keyword, keyword_at};
use crate::parse::tree::Node;

/// The highest number of a line that is looked at; devices have at most 64 of a kind.
const NUMBER_MOST: u16 = 255;

/// A range of lines with the same settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct Line<'a> {
    /// `vty`, `console`, `aux` or `tty`.
    pub kind: &'static str,
    /// First and last number.
    pub numbers: (u16, u16),
    /// The blocks that set them, in order; none for lines that no block covers.
    pub blocks: Vec<Node<'a>>,
    /// The blocks of their class.
    pub class: Vec<Node<'a>>,
}

impl<'a> Line<'a> {
    /// `vty 0-4`, `console 0`.
    pub(in crate::facts) fn name(&self) -> String {
        let (first, last) = self.numbers;
        if first == last { format!("{} {first}", self.kind) } else { format!("{} {first}-{last}", self.kind) }
    }

    /// The last statement of the lines' own blocks that begins with one of the patterns.
    pub(in crate::facts) fn own(&self, patterns: &[&str]) -> Option<(usize, Node<'a>)> {
        super::last_of(self.blocks.iter().flat_map(|block| block.children()), patterns)
    }

    /// The same of the class.
    pub(in crate::facts) fn of_class(&self, patterns: &[&str]) -> Option<(usize, Node<'a>)> {
        super::last_of(self.class.iter().flat_map(|block| block.children()), patterns)
    }

    /// Its own statement, or the one of the class. One that only restores a default (`undo …`) gives way to the class.
    pub(in crate::facts) fn own_or_class(&self, patterns: &[&str]) -> Option<(usize, Node<'a>)> {
        let real = |found: &(usize, Node<'a>)| !found.1.starts("undo");
        self.own(patterns).filter(real).or_else(|| self.of_class(patterns).filter(real))
    }
}

/// The lines of a configuration. `wanted` says how many lines of a kind the device has, so far as it is known: those that no block
/// covers are added.
pub(in crate::facts) fn lines<'a>(root: Node<'a>, wanted: &[(&'static str, u16)]) -> Vec<Line<'a>> {
    let blocks: Vec<Node<'a>> = root.children().filter(|node| node.starts("user-interface") || node.starts("line")).collect();
    let mut found = Vec::new();
    for kind in ["vty", "console", "aux", "tty"] {
        let count = wanted.iter().find(|(name, _)| *name == kind).map_or(0, |(_, count)| *count);
        found.extend(of_kind(kind, &blocks, count));
    }
    found
}

/// The ranges of one kind.
fn of_kind<'a>(kind: &'static str, blocks: &[Node<'a>], count: u16) -> Vec<Line<'a>> {
    let class: Vec<Node<'a>> = blocks.iter().copied().filter(|block| is_class_of(*block, kind)).collect();
    let ranged: Vec<(Node<'a>, (u16, u16))> = blocks.iter().filter_map(|block| Some((*block, range(*block, kind)?))).collect();
    let last = ranged.iter().map(|(_, (_, last))| *last).max().map_or(0, |last| last + 1).max(count);
    let mut found: Vec<Line<'a>> = Vec::new();
    for number in 0..last {
        let holding: Vec<Node<'a>> =
            ranged.iter().filter(|(_, (first, last))| (*first..=*last).contains(&number)).map(|(block, _)| *block).collect();
        if holding.is_empty() && number >= count {
            continue;
        }
        match found.last_mut() {
            Some(line) if line.blocks == holding && line.numbers.1 + 1 == number => line.numbers.1 = number,
            _ => found.push(Line { kind, numbers: (number, number), blocks: holding, class: class.clone() }),
        }
    }
    found
}

/// The kind of lines that a word names.
fn kind_of(word: &str) -> Option<&'static str> {
    Some(match keyword(word) {
        "vty" => "vty",
        "con" | "console" => "console",
        "aux" => "aux",
        "tty" => "tty",
        _ => return None,
    })
}

/// Whether a block is that of the class of a kind: `line class vty`, `user-interface class vty`.
fn is_class_of(block: Node<'_>, kind: &str) -> bool {
    keyword_at(block, 1) == Some("class") && block.word(2).and_then(kind_of) == Some(kind)
}

/// The numbers of a block of a kind.
fn range(block: Node<'_>, kind: &str) -> Option<(u16, u16)> {
    if block.word(1).and_then(kind_of) != Some(kind) {
        return None;
    }
    // Console lines may be written without a number, or with slots: `aux 0/1`.
    let number = |word: Option<&str>| word.and_then(|word| word.rsplit('/').next()?.parse::<u16>().ok());
    let first = number(block.word(2)).unwrap_or(0);
    let last = number(block.word(3)).unwrap_or(first);
    (first <= last && last <= NUMBER_MOST).then_some((first, last))
}
