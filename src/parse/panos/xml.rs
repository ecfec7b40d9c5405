//! XML elements into paths of words.

use crate::parse::tree::{Cut, DEPTH_MOST, IssueKind};
use crate::parse::word_tree::{TOP, WordTree};

/// An open element.
struct Open<'a> {
    tag: &'a str,
    node: u32,
}

/// A text that is being read.
struct Reader<'a, 't> {
    rest: &'a str,
    tree: &'t mut WordTree<'a>,
    open: Vec<Open<'a>>,
    /// Whether the outermost element was closed.
    closed: bool,
}

/// Reads a document; the outermost element is no part of any path.
pub(super) fn read<'a>(text: &'a str, tree: &mut WordTree<'a>) {
    let mut reader = Reader { rest: text, tree, open: Vec::new(), closed: false };
    while !reader.rest.is_empty() {
        reader.step();
    }
    if !reader.open.is_empty() || !reader.closed {
        reader.tree.notes.cut(Cut::Open);
    }
}

impl<'a> Reader<'a, '_> {
    /// Takes a text, an element's start or end, or something that is passed over.
    fn step(&mut self) {
        let rest = self.rest;
        if !rest.starts_with('<') {
            let end = rest.find('<').unwrap_or(rest.len());
            self.rest = &rest[end..];
            self.text(rest[..end].trim());
        } else if rest.starts_with("<!--") {
            self.pass("-->");
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            if let Some(end) = data.find("]]>") {
                self.text(&data[..end]);
            }
            self.pass("]]>");
        } else if rest.starts_with("<?") {
            self.pass("?>");
        } else if rest.starts_with("<!") {
            self.tree.notes.issue(IssueKind::NotUnderstood, first_line(rest));
            self.pass(">");
        } else {
            self.tag();
        }
    }

    /// Passes over something that ends with a mark.
    fn pass(&mut self, mark: &str) {
        match self.rest.find(mark) {
            Some(at) => self.rest = &self.rest[at + mark.len()..],
            None => self.unterminated(),
        }
    }

    fn unterminated(&mut self) {
        self.tree.notes.issue(IssueKind::Unterminated, first_line(self.rest));
        self.tree.notes.cut(Cut::Open);
        self.rest = "";
    }

    /// A value, unless the text is only the space between elements.
    fn text(&mut self, text: &'a str) {
        let Some(open) = self.open.last() else {
            if !text.is_empty() {
                self.tree.notes.issue(IssueKind::NotUnderstood, first_line(text));
            }
            return;
        };
        if !text.is_empty() {
            self.tree.child(open.node, text, 0);
        }
    }

    fn tag(&mut self) {
        let Some(end) = tag_length(self.rest) else { return self.unterminated() };
        let inner = &self.rest[1..end - 1];
        self.rest = &self.rest[end..];
        if let Some(name) = inner.strip_prefix('/') {
            return self.close(name.trim());
        }
        let is_empty = inner.ends_with('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let name = inner.split_ascii_whitespace().next().unwrap_or_default();
        if name.is_empty() || self.open.len() >= DEPTH_MOST {
            let kind = if name.is_empty() { IssueKind::NotUnderstood } else { IssueKind::TooDeep };
            self.tree.notes.issue(kind, inner);
            self.tree.notes.cut(Cut::Limit);
        }
        let above = self.open.last().map_or(TOP, |open| open.node);
        let node = match name {
            _ if self.open.is_empty() || self.open.len() >= DEPTH_MOST => above,
            "member" => above,
            "entry" => self.tree.child(above, attribute(&inner[name.len()..], "name").unwrap_or("entry"), 0),
            _ => self.tree.child(above, name, 0),
        };
        if is_empty {
            self.closed |= self.open.is_empty();
        } else {
            self.open.push(Open { tag: name, node });
        }
    }

    fn close(&mut self, name: &'a str) {
        match self.open.iter().rposition(|open| open.tag == name) {
            Some(at) => {
                if at + 1 != self.open.len() {
                    self.tree.notes.issue(IssueKind::Unterminated, name);
                    self.tree.notes.cut(Cut::Open);
                }
                self.open.truncate(at);
                self.closed |= self.open.is_empty();
            }
            None => self.tree.notes.issue(IssueKind::StrayEnd, name),
        }
    }
}

/// The bytes of a tag, whose attributes may hold `>`.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            // The next tag begins before this one ends.
            (None, b'<') if at > 0 => return None,
            (None, _) => {}
        }
    }
    None
}

/// The value of an attribute.
fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<&'a str> {
    let mut rest = attributes.trim_start();
    while let Some((name, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = behind[1..].split_once(quote)?;
        if name.trim() == wanted {
            return Some(value);
        }
        rest = after.trim_start();
    }
    None
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
