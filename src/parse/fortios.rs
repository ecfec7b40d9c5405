//! A FortiOS configuration of `config`, `edit` and `set` into a tree, and statements of one path into their values.
//!
//! Words keep their verb: `config system global` is a node, its children are `set admintimeout 10`. Strings go over several lines, so
//! that `end` within a certificate ends nothing.

use bumpalo::Bump;

use super::lines;
use super::tree::builder::{Builder, ROOT};
use super::tree::{Cut, IssueKind, Node, OPAQUE, Split, Tree};
use crate::source::capture::Clean;

/// The most bytes of one statement, its strings included.
const STATEMENT_BYTES_MOST: usize = 1 << 20;

/// Verbs of statements that hold no others.
const STATEMENTS: &[&str] = &["append", "clear", "clone", "delete", "move", "purge", "rename", "select", "set", "unselect", "unset"];

/// Reads a configuration.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
    let mut builder = Builder::new(Split::Fortios);
    let mut rest = clean.text;
    // Open blocks: their number, and whether they are entries.
    let mut open: Vec<(u32, bool)> = Vec::new();
    while !rest.is_empty() {
        let (text, behind) = statement(rest, &mut builder);
        rest = behind;
        let text = text.trim();
        if rest.is_empty() && lines::is_broken_off(clean) && !matches!(text, "end" | "next") {
            builder.issue(IssueKind::Unterminated, text);
        } else if !text.is_empty() && !text.starts_with('#') {
            take(&mut builder, &mut open, text);
        }
    }
    if !open.is_empty() {
        builder.cut(Cut::Open);
    }
    if lines::is_broken_off(clean) && builder.nodes.len() > 1 && !clean.text.ends_with("end") {
        builder.cut(Cut::NoEnd);
    }
    if clean.wrapped {
        builder.cut(Cut::Wrapped);
    }
    builder.finish(arena, clean)
}

/// The first statement of a text and what follows it. A comment is a line.
fn statement<'a>(text: &'a str, builder: &mut Builder<'a>) -> (&'a str, &'a str) {
    let line = memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1);
    if text.trim_start().starts_with('#') {
        return text.split_at(line);
    }
    let mut quote = None;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().take(STATEMENT_BYTES_MOST) {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (None | Some(b'"'), b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'\n') => return text.split_at(at + 1),
            (None, _) => {}
        }
    }
    if quote.is_none() && text.len() <= STATEMENT_BYTES_MOST {
        return (text, "");
    }
    // The string has no end: its first line is taken, and what may have stood in it is not known.
    builder.issue(IssueKind::Unterminated, text[..line].trim());
    builder.cut(Cut::Open);
    text.split_at(line)
}

/// Puts a statement into the tree.
fn take<'a>(builder: &mut Builder<'a>, open: &mut Vec<(u32, bool)>, text: &'a str) {
    let above = open.last().map_or(ROOT, |(number, _)| *number);
    let verb = text.split_ascii_whitespace().next().unwrap_or_default();
    match verb {
        "config" | "edit" => {
            let number = builder.add(above, text, 0);
            if builder.may_open(open.len(), text) {
                open.push((number, verb == "edit"));
            } else {
                // Without it the ends that follow would close others.
                builder.cut(Cut::Limit);
            }
        }
        "next" => match open.last() {
            Some((_, true)) => drop(open.pop()),
            _ => builder.issue(IssueKind::StrayEnd, text),
        },
        "end" => {
            if let Some((_, true)) = open.last() {
                open.pop();
            }
            if open.pop().is_none() {
                builder.issue(IssueKind::StrayEnd, text);
            }
        }
        _ if STATEMENTS.contains(&verb) => {
            let flags = if text.contains('\n') { OPAQUE } else { 0 };
            builder.add(above, text, flags);
        }
        _ => {
            builder.issue(IssueKind::NotUnderstood, text);
            builder.add(above, text, OPAQUE);
        }
    }
}

/// A part of a configuration that has settings of its own.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `global` or the name of a VDOM; empty where the device has none.
    pub name: &'a str,
    /// The node whose children are its `config` sections.
    pub node: Node<'a>,
}

/// The scopes of a configuration: the whole where there are no VDOMs.
pub fn scopes<'a>(tree: &'a Tree<'a>) -> Vec<Scope<'a>> {
    let root = tree.root();
    let is_scope = |node: &Node<'a>| node.is("config global") || node.is("config vdom");
    if !root.children().any(|node| is_scope(&node)) {
        return vec![Scope { name: "", node: root }];
    }
    let globals = root.children().filter(|node| node.is("config global")).map(|node| Scope { name: "global", node });
    let vdoms = root.children().filter(|node| node.is("config vdom")).flat_map(|node| node.all("edit"));
    // A list of all VDOMs stands in front, each empty.
    let vdoms = vdoms.filter(|edit| edit.children().next().is_some());
    globals.chain(vdoms.map(|node| Scope { name: node.word(1).unwrap_or_default(), node })).collect()
}

/// What the statements about one setting leave of it.
#[derive(Clone, Debug, Default)]
pub struct Values<'a> {
    /// The values, in order, as written (see [`Node::unescaped`]).
    pub values: Vec<&'a str>,
    /// The statements, the last one that counts last. Empty: nothing is said and the default holds.
    pub statements: Vec<Node<'a>>,
    /// Whether the last statement takes the setting away (`unset`), which leaves the default, or nothing.
    pub is_unset: bool,
}

/// What `set`, `unset`, `append`, `select` and `unselect` leave of a setting, in all these blocks.
pub fn values<'a>(blocks: &[Node<'a>], setting: &str) -> Values<'a> {
    let mut result = Values::default();
    for node in blocks.iter().flat_map(|block| block.children()) {
        let mut words = node.words();
        let (verb, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if name != setting {
            continue;
        }
        match verb {
            "set" | "select" => result.values = words.collect(),
            "append" => result.values.extend(words),
            "unset" => result.values.clear(),
            "unselect" => {
                let gone: Vec<&str> = words.collect();
                result.values.retain(|value| !gone.contains(value));
            }
            _ => continue,
        }
        result.is_unset = verb == "unset";
        result.statements.push(node);
    }
    result
}
