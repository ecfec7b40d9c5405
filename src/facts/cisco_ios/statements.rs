//! The statements of an IOS configuration into what was said last: an index by first word, with `no` and `default` told apart.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::lists::Lists;
use super::uses::{self, Use};
use crate::facts::device::cells::Device;
use crate::facts::{Cell, Evidence, Value};
use crate::parse::tree::{Node, Words};

/// What the last statement of a kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// It is set.
    Yes(Node<'a>),
    /// It is taken back with `no`.
    No(Node<'a>),
    /// Nothing is written, or `default`.
    Nothing,
}

impl<'a> Said<'a> {
    /// The statement that sets it.
    pub(super) fn yes(self) -> Option<Node<'a>> {
        match self {
            Said::Yes(node) => Some(node),
            Said::No(_) | Said::Nothing => None,
        }
    }
}

/// A configuration with an index of its top statements.
pub(super) struct Ios<'h, 'a> {
    /// The device.
    pub(super) device: Device<'h, 'a>,
    index: HashMap<&'a str, Vec<Node<'a>>>,
    lists: OnceCell<Lists<'a>>,
    uses: OnceCell<Vec<Use<'a>>>,
    ranges: OnceCell<HashMap<&'a str, Node<'a>>>,
    six: OnceCell<bool>,
}

impl<'h, 'a> Ios<'h, 'a> {
    /// Reads the top statements once.
    pub(super) fn new(device: Device<'h, 'a>) -> Ios<'h, 'a> {
        let mut index: HashMap<&'a str, Vec<Node<'a>>> = HashMap::new();
        for node in device.root().children() {
            let mut words = node.words();
            let first = words.next().unwrap_or_default();
            let key = if matches!(first, "no" | "default") { words.next().unwrap_or_default() } else { first };
            index.entry(key).or_default().push(node);
        }
        Ios { device, index, lists: OnceCell::new(), uses: OnceCell::new(), ranges: OnceCell::new(), six: OnceCell::new() }
    }

    /// Major and minor number of its release, where it is shown: 15 and 9 of `15.9`.
    pub(super) fn release(&self) -> Option<(u32, u32)> {
        let mut numbers = self.device.config.identity.version?.split('.');
        let mut next = || numbers.next()?.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok();
        Some((next()?, next().unwrap_or(0)))
    }

    /// Its access lists, read once.
    pub(super) fn lists(&self) -> &Lists<'a> {
        self.lists.get_or_init(|| Lists::read(self))
    }

    /// Where they are used, read once.
    pub(super) fn uses(&self) -> &[Use<'a>] {
        self.uses.get_or_init(|| uses::read(self))
    }

    /// Where a time range is defined, the last time.
    pub(super) fn time_range(&self, name: &str) -> Option<Node<'a>> {
        let named = || self.all("time-range").into_iter().filter_map(|node| Some((node.word(1)?, node))).collect();
        self.ranges.get_or_init(named).get(name).copied()
    }

    /// Whether IPv6 is reachable on some interface.
    pub(super) fn has_six(&self) -> bool {
        *self.six.get_or_init(|| {
            let six = |child: Node<'a>| child.starts("ipv6 address") || child.starts("ipv6 enable");
            self.every("interface").iter().any(|node| node.children().any(six))
        })
    }

    /// The top statements whose first word is this, `no` and `default` not counted, in the order of the file.
    pub(super) fn every(&self, first: &str) -> &[Node<'a>] {
        self.index.get(first).map_or(&[], Vec::as_slice)
    }

    fn bucket(&self, pattern: &str) -> &[Node<'a>] {
        self.every(pattern.split(' ').next().unwrap_or_default())
    }

    /// The top statements that set something, in the order of the file.
    pub(super) fn all(&self, pattern: &str) -> Vec<Node<'a>> {
        self.bucket(pattern).iter().copied().filter(|node| node.starts(pattern)).collect()
    }

    /// What the last top statement of a kind says.
    pub(super) fn said(&self, pattern: &str) -> Said<'a> {
        last(self.bucket(pattern).iter().copied(), pattern)
    }

    /// Whether the configuration shows something, as a cell; what is not written holds not.
    pub(super) fn known(&self, value: Value<'a>, evidence: &[Evidence<'a>]) -> Cell<'a> {
        Cell::known(value, self.device.host.evidence(evidence))
    }
}

/// What the last statement of a kind says inside of blocks.
pub(super) fn said_in<'a>(blocks: &[Node<'a>], pattern: &str) -> Said<'a> {
    last(blocks.iter().flat_map(|block| block.children()), pattern)
}

/// What the last of statements says.
fn last<'a>(nodes: impl Iterator<Item = Node<'a>>, pattern: &str) -> Said<'a> {
    let mut said = Said::Nothing;
    let begin = pattern.as_bytes().first();
    for node in nodes {
        // Of most statements the first letter already tells that they are others.
        let first = node.text().as_bytes().first();
        if first == begin && node.starts(pattern) {
            said = Said::Yes(node);
        } else if matches!(first, Some(b'n' | b'd')) {
            let mut words = node.words();
            let first = words.next();
            if matches!(first, Some("no" | "default")) && begins(words, pattern) {
                said = if first == Some("no") { Said::No(node) } else { Said::Nothing };
            }
        }
    }
    said
}

/// Whether words begin with those of a pattern.
fn begins(mut words: Words<'_>, pattern: &str) -> bool {
    pattern.split(' ').all(|wanted| words.next().is_some_and(|word| wanted == "*" || word == wanted))
}
