//! Paths of words into a tree in which equal paths are one node: what Junos and PAN-OS mean, whichever form shows it.

pub(super) mod statements;

use std::collections::HashMap;

use bumpalo::Bump;

use super::junos::is_wildcard;
use super::tree::builder::{Builder, ROOT};
use super::tree::{Cut, DEPTH_MOST, INACTIVE, IssueKind, NODES_MOST, Split, Tree};
use crate::source::capture::Clean;

/// The most steps that moving entries may cost.
const STEPS_MOST: usize = 20_000_000;

/// One word of a path.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) flags: u8,
    pub(super) children: Vec<u32>,
    pub(super) above: u32,
    depth: usize,
    removed: bool,
}

/// A tree of words that grows.
#[derive(Debug)]
pub(super) struct WordTree<'a> {
    pub(super) words: Vec<Word<'a>>,
    by_path: HashMap<(u32, &'a str), u32>,
    /// Issues and the reason to expect more.
    pub(super) notes: Builder<'a>,
    /// Children that are wildcards of groups, by their parent.
    wildcards: HashMap<u32, Vec<u32>>,
    steps_left: usize,
}

/// The number of the root.
pub(super) const TOP: u32 = 0;

impl<'a> WordTree<'a> {
    pub(super) fn new(split: Split) -> WordTree<'a> {
        let root = Word { text: "", flags: 0, children: Vec::new(), above: TOP, depth: 0, removed: false };
        WordTree {
            words: vec![root],
            by_path: HashMap::new(),
            wildcards: HashMap::new(),
            notes: Builder::new(split),
            steps_left: STEPS_MOST,
        }
    }

    /// The child of that word.
    pub(super) fn get(&self, above: u32, text: &str) -> Option<u32> {
        // The key's lifetime is that of the texts in the map; a shorter one compares as well.
        self.by_path.get(&(above, text)).copied()
    }

    /// The child of that word, made if it is not there; the node itself where the tree is full.
    pub(super) fn child(&mut self, above: u32, text: &'a str, flags: u8) -> u32 {
        if let Some(known) = self.get(above, text) {
            return known;
        }
        if self.words.len() >= NODES_MOST {
            if self.notes.cut != Some(Cut::Limit) {
                self.notes.issue(IssueKind::TooMany, text);
                self.notes.cut = Some(Cut::Limit);
            }
            return above;
        }
        let depth = self.words[above as usize].depth + 1;
        if depth > DEPTH_MOST {
            self.notes.issue(IssueKind::TooDeep, text);
            self.notes.cut(Cut::Limit);
            return above;
        }
        let number = self.words.len() as u32;
        self.words.push(Word { text, flags, children: Vec::new(), above, depth, removed: false });
        self.words[above as usize].children.push(number);
        self.by_path.insert((above, text), number);
        if is_wildcard(text) {
            self.wildcards.entry(above).or_default().push(number);
        }
        number
    }

    /// The children of a node that are wildcards.
    pub(super) fn wildcards(&self, above: u32) -> impl Iterator<Item = u32> + '_ {
        self.wildcards.get(&above).into_iter().flatten().copied().filter(|child| !self.words[*child as usize].removed)
    }

    /// The node at a path, made if it is not there.
    pub(super) fn path(&mut self, from: u32, words: &[&'a str]) -> u32 {
        words.iter().fold(from, |above, word| self.child(above, word, 0))
    }

    /// The node at a path, if it is there.
    fn find(&self, words: &[&str]) -> Option<u32> {
        words.iter().try_fold(TOP, |above, word| self.get(above, word))
    }

    /// Takes a path and all below it away.
    pub(super) fn remove(&mut self, words: &[&str]) {
        let Some((last, above)) = words.split_last() else { return };
        let Some(above) = self.find(above) else { return };
        if let Some(number) = self.get(above, last) {
            let text = self.words[number as usize].text;
            self.by_path.remove(&(above, text));
            self.words[number as usize].removed = true;
        }
    }

    /// Marks a path as inactive, or active again.
    pub(super) fn set_inactive(&mut self, words: &[&'a str], inactive: bool) {
        let number = if inactive { Some(self.path(TOP, words)) } else { self.find(words) };
        if let Some(number) = number {
            let flags = &mut self.words[number as usize].flags;
            *flags = if inactive { *flags | INACTIVE } else { *flags & !INACTIVE };
        }
    }

    /// Moves the node at a path in front of or behind one of its siblings, or to an end where none is named.
    pub(super) fn arrange(&mut self, words: &[&'a str], behind: bool, sibling: Option<&str>) -> Option<()> {
        let (_, above) = words.split_last()?;
        let (above, number) = (self.find(above)?, self.find(words)?);
        let other = sibling.map(|sibling| self.get(above, sibling)).map_or(Some(None), |found| found.map(Some))?;
        let children = &mut self.words[above as usize].children;
        self.steps_left = self.steps_left.checked_sub(children.len())?;
        children.retain(|child| *child != number);
        let at = match other.and_then(|other| children.iter().position(|child| *child == other)) {
            Some(at) => at + usize::from(behind),
            None if behind => children.len(),
            None => 0,
        };
        children.insert(at, number);
        Some(())
    }

    /// Gives the node at a path another word.
    pub(super) fn rename(&mut self, words: &[&'a str], to: &'a str) -> Option<()> {
        let (last, above) = words.split_last()?;
        let above = self.find(above)?;
        let number = self.get(above, last)?;
        let old = self.words[number as usize].text;
        self.by_path.remove(&(above, old));
        self.by_path.insert((above, to), number);
        self.words[number as usize].text = to;
        Some(())
    }

    /// The children of a node that were not taken away.
    pub(super) fn children(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        self.words[number as usize].children.iter().copied().filter(|child| !self.words[*child as usize].removed)
    }

    /// The tree, in the arena. What is below an inactive node is inactive.
    pub(super) fn finish(self, arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
        let mut builder = self.notes;
        let mut open: Vec<(u32, u32, u8)> = vec![(TOP, ROOT, 0)];
        while let Some((word, number, inherited)) = open.pop() {
            let children = self.words[word as usize].children.iter().copied().filter(|child| !self.words[*child as usize].removed);
            for child in children {
                let Word { text, flags, .. } = self.words[child as usize];
                let flags = flags | inherited;
                let added = builder.add(number, text, flags);
                if added != number {
                    open.push((child, added, flags & INACTIVE));
                }
            }
        }
        builder.finish(arena, clean)
    }
}
