//! The statements of an IOS configuration into what was said last: an index by first word, with `no` and `default` told apart.

use std::collections::HashMap;

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
        Ios { device, index }
    }

    fn bucket(&self, pattern: &str) -> &[Node<'a>] {
        let first = pattern.split(' ').next().unwrap_or_default();
        self.index.get(first).map_or(&[], Vec::as_slice)
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
    for node in nodes {
        if node.starts(pattern) {
            said = Said::Yes(node);
            continue;
        }
        let mut words = node.words();
        let first = words.next();
        let negated = matches!(first, Some("no" | "default")) && begins(words, pattern);
        if negated {
            said = if first == Some("no") { Said::No(node) } else { Said::Nothing };
        }
    }
    said
}

/// Whether words begin with those of a pattern.
fn begins(mut words: Words<'_>, pattern: &str) -> bool {
    pattern.split(' ').all(|wanted| words.next().is_some_and(|word| wanted == "*" || word == wanted))
}
