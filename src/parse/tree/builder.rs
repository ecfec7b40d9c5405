//! Lines and their depths into a tree, within its limits.

use bumpalo::Bump;

use super::{Cut, DEPTH_MOST, ISSUES_MOST, Issue, IssueKind, LINE_BYTES_MOST, NODES_MOST, NONE, OPAQUE, Record, Split, Tree, index};
use crate::source::capture::Clean;

/// A tree that grows.
#[derive(Debug)]
pub(in crate::parse) struct Builder<'a> {
    pub(in crate::parse) nodes: Vec<Record<'a>>,
    issues: Vec<Issue<'a>>,
    /// Set where more may have stood in the text.
    pub(in crate::parse) cut: Option<Cut>,
    split: Split,
}

/// The number of the root.
pub(in crate::parse) const ROOT: u32 = 0;

/// A node that is not in a tree yet.
const LONE: Record<'static> =
    Record { text: "", body: "", parent: NONE, first: NONE, last: NONE, next: NONE, word: 0, alike: NONE, table: NONE, flags: 0 };

impl<'a> Builder<'a> {
    pub(in crate::parse) fn new(split: Split) -> Builder<'a> {
        Builder { nodes: vec![LONE], issues: Vec::new(), cut: None, split }
    }

    /// Adds a node below another; its number. Once the tree is full, that of the parent.
    pub(in crate::parse) fn add(&mut self, parent: u32, text: &'a str, flags: u8) -> u32 {
        if self.nodes.len() >= NODES_MOST {
            if self.cut != Some(Cut::Limit) {
                self.issue(IssueKind::TooMany, text);
            }
            self.cut = Some(Cut::Limit);
            return parent;
        }
        let long = text.len() > LINE_BYTES_MOST && !matches!(self.split, Split::Whole | Split::Xml);
        if long {
            self.issue(IssueKind::LongLine, text);
        }
        let number = self.nodes.len() as u32;
        let flags = if long { flags | OPAQUE } else { flags };
        self.nodes.push(Record { text, parent, flags, ..LONE });
        let above = &mut self.nodes[parent as usize];
        let before = std::mem::replace(&mut above.last, number);
        if before == NONE {
            above.first = number;
        } else {
            self.nodes[before as usize].next = number;
        }
        number
    }

    /// Gives a node its opaque text.
    pub(in crate::parse) fn set_body(&mut self, number: u32, body: &'a str) {
        if number != ROOT {
            let node = &mut self.nodes[number as usize];
            node.body = body;
            node.flags |= OPAQUE;
        }
    }

    /// Notes an issue about a part of the text.
    pub(in crate::parse) fn issue(&mut self, kind: IssueKind, part: &'a str) {
        if self.issues.len() < ISSUES_MOST {
            self.issues.push(Issue { kind, part });
        }
    }

    /// Whether a block may be opened at this depth; says so where it may not.
    pub(in crate::parse) fn may_open(&mut self, depth: usize, part: &'a str) -> bool {
        if depth < DEPTH_MOST {
            return true;
        }
        self.issue(IssueKind::TooDeep, part);
        false
    }

    /// Notes that more may have stood in the text; the first reason stays.
    pub(in crate::parse) fn cut(&mut self, cut: Cut) {
        self.cut = self.cut.or(Some(cut));
    }

    /// The tree, in the arena.
    pub(in crate::parse) fn finish(mut self, arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
        // A text without a statement proves nothing absent.
        let missing = if self.nodes.len() == 1 { Some(Cut::NoEnd) } else { None };
        let cut = self.cut.or(if clean.complete { missing } else { Some(Cut::Source) });
        let tables = index::chain(&mut self.nodes, self.split);
        arena.alloc(Tree {
            clean,
            issues: arena.alloc_slice_copy(&self.issues),
            cut,
            split: self.split,
            nodes: arena.alloc_slice_copy(&self.nodes),
            tables: arena.alloc_slice_copy(&tables),
        })
    }
}
