//! A Junos configuration, in braces or as `set` commands, into a tree with its groups applied.
//!
//! Each word is a node, so that both forms give the same tree. What comes from a group is marked and keeps its place in the group.
//! Statements themselves come before those of the innermost `apply-groups`, these before outer ones; of several groups the first
//! listed comes first (Junos CLI User Guide, "Apply Configuration Groups"). Conditional groups (`when`) and names such as `${node}`
//! cannot be decided from the text and are issues.

use std::collections::HashSet;

use bumpalo::Bump;

use super::lines;
use super::tree::{Cut, DEPTH_MOST, INACTIVE, INHERITED, IssueKind, NODES_MOST, Split, Tree};
use super::word_tree::statements::{self, Form};
use super::word_tree::{TOP, WordTree};
use crate::source::capture::Clean;

/// The most steps that applying groups may cost.
const STEPS_MOST: usize = 10_000_000;

/// Reads a configuration.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
    let mut tree = WordTree::new(Split::Whole);
    statements::read(clean, Form { multiline_strings: false }, &mut tree);
    if lines::is_broken_off(clean) {
        tree.notes.cut(Cut::NoEnd);
    }
    if clean.wrapped {
        tree.notes.cut(Cut::Wrapped);
    }
    apply_groups(&mut tree);
    tree.finish(arena, clean)
}

/// Subtrees of groups that hold for a node, the nearest first, each with the number of its group.
type Overlays = Vec<(u32, u32)>;

/// A node whose inheritance is to be worked out.
struct Visit {
    number: u32,
    overlays: Overlays,
    depth: usize,
}

struct Groups<'t, 'a> {
    tree: &'t mut WordTree<'a>,
    groups: u32,
    steps_left: usize,
}

/// Adds to every node what its groups say.
fn apply_groups(tree: &mut WordTree<'_>) {
    let Some(groups) = tree.get(TOP, "groups") else {
        return;
    };
    let mut work = Groups { tree, groups, steps_left: STEPS_MOST };
    let mut open = vec![Visit { number: TOP, overlays: Vec::new(), depth: 0 }];
    while let Some(visit) = open.pop() {
        work.visit(visit, &mut open);
        if work.steps_left == 0 || work.tree.words.len() >= NODES_MOST {
            work.tree.notes.issue(IssueKind::Expansion, "");
            work.tree.notes.cut(Cut::Limit);
            return;
        }
    }
}

impl<'a> Groups<'_, 'a> {
    fn visit(&mut self, visit: Visit, open: &mut Vec<Visit>) {
        let Visit { number, mut overlays, depth } = visit;
        let excepted: HashSet<u32> = self.named(number, "apply-groups-except", false).into_iter().collect();
        overlays.retain(|(_, group)| !excepted.contains(group));
        // Groups applied here are nearer than those from above.
        let mut nearer: Overlays = Vec::new();
        for group in self.named(number, "apply-groups", true) {
            nearer.extend(self.walked(group, number).into_iter().map(|node| (node, group)));
        }
        nearer.append(&mut overlays);
        self.inherit(number, &nearer);
        if depth >= DEPTH_MOST {
            return;
        }
        let children: Vec<u32> = self.tree.children(number).collect();
        for child in children {
            let text = self.tree.words[child as usize].text;
            let is_group = number == TOP && child == self.groups;
            if is_group || matches!(text, "apply-groups" | "apply-groups-except") || self.is_inactive(child) {
                continue;
            }
            let below: Overlays =
                nearer.iter().flat_map(|(node, group)| self.matching(*node, text).into_iter().map(|found| (found, *group))).collect();
            self.steps_left = self.steps_left.saturating_sub(1 + nearer.len());
            if self.tree.words[child as usize].children.is_empty() && below.is_empty() {
                continue;
            }
            open.push(Visit { number: child, overlays: below, depth: depth + 1 });
        }
    }

    fn is_inactive(&self, number: u32) -> bool {
        self.tree.words[number as usize].flags & INACTIVE != 0
    }

    /// The groups that a statement of a node lists; issues where one cannot be told.
    fn named(&mut self, number: u32, statement: &str, tell: bool) -> Vec<u32> {
        let Some(list) = self.tree.get(number, statement).filter(|list| !self.is_inactive(*list)) else { return Vec::new() };
        let names: Vec<u32> = self.tree.children(list).filter(|name| !self.is_inactive(*name)).collect();
        let mut groups = Vec::new();
        for name in names {
            let text = self.tree.words[name as usize].text;
            match self.tree.get(self.groups, text).filter(|group| !self.is_inactive(*group)) {
                Some(group) => {
                    let conditional = self.tree.get(group, "when").is_some();
                    if conditional && tell {
                        self.tree.notes.issue(IssueKind::Expansion, text);
                    }
                    groups.push(group);
                }
                None if tell => self.tree.notes.issue(IssueKind::Expansion, text),
                None => {}
            }
        }
        groups
    }

    /// The nodes of a group that stand for a node of the configuration.
    fn walked(&mut self, group: u32, number: u32) -> Vec<u32> {
        let path = self.path(number);
        let mut found = vec![group];
        for word in path {
            found = found.iter().flat_map(|node| self.matching(*node, word)).collect();
            self.steps_left = self.steps_left.saturating_sub(1 + found.len());
        }
        found
    }

    /// The words that lead to a node.
    fn path(&self, number: u32) -> Vec<&'a str> {
        let mut words: Vec<&'a str> = Vec::new();
        let mut at = number;
        while at != TOP {
            words.push(self.tree.words[at as usize].text);
            at = self.tree.words[at as usize].above;
        }
        words.reverse();
        words
    }

    /// The children of a group's node that stand for a word: that word itself, then wildcards.
    fn matching(&self, node: u32, word: &str) -> Vec<u32> {
        let exact = self.tree.get(node, word).filter(|child| !self.is_inactive(*child));
        let wildcards = self.tree.wildcards(node).filter(|child| {
            let text = self.tree.words[*child as usize].text;
            !self.is_inactive(*child) && text.len() > 2 && matches(&text[1..text.len() - 1], word)
        });
        exact.into_iter().chain(wildcards).collect()
    }

    /// Adds the children of overlays that the node lacks.
    fn inherit(&mut self, number: u32, overlays: &[(u32, u32)]) {
        for (node, group) in overlays {
            let children: Vec<u32> = self.tree.children(*node).collect();
            self.steps_left = self.steps_left.saturating_sub(children.len());
            for child in children {
                let text = self.tree.words[child as usize].text;
                let is_condition = node == group && text == "when";
                if !self.is_inactive(child) && !is_wildcard(text) && !is_condition && self.steps_left > 0 {
                    self.tree.child(number, text, INHERITED);
                }
            }
        }
    }
}

/// Whether a word of a group stands for others.
pub(super) fn is_wildcard(word: &str) -> bool {
    word.len() > 2 && word.starts_with('<') && word.ends_with('>')
}

/// Whether a wildcard (`*`, `?`, `[a-z]`, `[!a-z]`) stands for a word.
fn matches(pattern: &str, word: &str) -> bool {
    let (pattern, word): (Vec<char>, Vec<char>) = (pattern.chars().collect(), word.chars().collect());
    let (mut p, mut w) = (0, 0);
    // Where the last star is, and up to where it reaches.
    let mut star: Option<(usize, usize)> = None;
    while w < word.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, w));
                p += 1;
                continue;
            }
            Some('[') => {
                if let Some(length) = in_class(&pattern[p..], word[w]) {
                    p += length;
                    w += 1;
                    continue;
                }
            }
            Some(wanted) if *wanted == '?' || *wanted == word[w] => {
                p += 1;
                w += 1;
                continue;
            }
            _ => {}
        }
        let Some((at, reach)) = star else { return false };
        star = Some((at, reach + 1));
        (p, w) = (at + 1, reach + 1);
    }
    pattern[p..].iter().all(|rest| *rest == '*')
}

/// The length of a class in a pattern, if the character is in it.
fn in_class(pattern: &[char], character: char) -> Option<usize> {
    let end = pattern.iter().skip(2).position(|it| *it == ']')? + 2;
    let negated = matches!(pattern[1], '!' | '^');
    let mut class = &pattern[if negated { 2 } else { 1 }..end];
    let mut found = false;
    while let [first, rest @ ..] = class {
        if let ['-', last, rest @ ..] = rest {
            found |= (*first..=*last).contains(&character);
            class = rest;
        } else {
            found |= *first == character;
            class = rest;
        }
    }
    (found != negated).then_some(end + 1)
}
