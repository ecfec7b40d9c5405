//! YAML and JSON texts into trees of nodes that know where they stand.
//!
//! The grammar is saphyr-parser's; JSON is read as the subset of YAML that it is, and [`is_json`] says whether a stricter reader takes
//! it. Aliases are not followed: a node that is one is opaque, and so is what lies too deep.

use bumpalo::Bump;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// How deep nodes may lie in each other.
const DEPTH_MOST: usize = 64;

/// The most nodes of a text.
const NODES_MOST: usize = 500_000;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'a> {
    /// A scalar, and whether it stands without quotes.
    Scalar(&'a str, bool),
    /// A list.
    List(&'a [Node<'a>]),
    /// Keys and values in order, repeated keys too.
    Map(&'a [(Node<'a>, Node<'a>)]),
    /// An alias, or more than is read.
    Opaque,
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its part of the text; of a list or map, where it begins.
    pub text: &'a str,
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The root of each document in it.
    pub roots: Vec<Node<'a>>,
    /// Where it could not be read further.
    pub broken: Option<&'a str>,
}

impl<'a> Node<'a> {
    /// The value of a key, the last where it is repeated, and the key itself.
    pub fn get(&self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        let Kind::Map(entries) = self.kind else { return None };
        entries.iter().rev().find(|(name, _)| name.scalar() == Some(key)).copied()
    }

    /// The value at a path of keys, with its key.
    pub fn at(&self, path: &[&str]) -> Option<(Node<'a>, Node<'a>)> {
        let (first, rest) = path.split_first()?;
        let found = self.get(first)?;
        if rest.is_empty() { Some(found) } else { found.1.at(rest) }
    }

    /// The items of a list.
    pub fn items(&self) -> &'a [Node<'a>] {
        if let Kind::List(items) = self.kind { items } else { &[] }
    }

    /// The entries of a map.
    pub fn entries(&self) -> &'a [(Node<'a>, Node<'a>)] {
        if let Kind::Map(entries) = self.kind { entries } else { &[] }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&'a str> {
        if let Kind::Scalar(text, _) = self.kind { Some(text) } else { None }
    }

    /// The switch that a plain scalar is; YAML 1.1 knew more words for it, which Go's and MongoDB's readers still take.
    pub fn switch(&self) -> Option<bool> {
        match self.kind {
            Kind::Scalar(text, true) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is nothing: `null`, `~` or empty.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar("" | "~" | "null" | "Null" | "NULL", true))
    }
}

/// Whether a strict reader of JSON takes a text.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Reads a text.
pub fn read<'a>(arena: &'a Bump, text: &'a str) -> Document<'a> {
    let mut document = Document::default();
    let places = Places::new(text);
    let mut events = Parser::new_from_str(text);
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut count = 0;
    for event in events.by_ref() {
        let Ok((event, span)) = event else {
            document.broken = Some(places.rest(text, &open));
            break;
        };
        count += 1;
        if count > NODES_MOST || open.len() > DEPTH_MOST {
            document.broken = Some(places.part(text, &span));
            break;
        }
        let part = places.part(text, &span);
        let node = match event {
            Event::Scalar(value, style, ..) => {
                let value = match value {
                    std::borrow::Cow::Borrowed(value) => value,
                    std::borrow::Cow::Owned(value) => arena.alloc_str(&value),
                };
                Node { kind: Kind::Scalar(value, style == ScalarStyle::Plain), text: part }
            }
            Event::Alias(_) => Node { kind: Kind::Opaque, text: part },
            Event::SequenceStart(..) => {
                open.push(Open { map: false, nodes: Vec::new(), text: part });
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open { map: true, nodes: Vec::new(), text: part });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed.node(arena),
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(outer) => outer.nodes.push(node),
            None => document.roots.push(node),
        }
    }
    // What was read of a text that breaks off is kept.
    while let Some(closed) = open.pop() {
        let node = closed.node(arena);
        match open.last_mut() {
            Some(outer) => outer.nodes.push(node),
            None => document.roots.push(node),
        }
    }
    document
}

/// A list or map that has begun.
struct Open<'a> {
    map: bool,
    nodes: Vec<Node<'a>>,
    text: &'a str,
}

impl<'a> Open<'a> {
    /// The finished node.
    fn node(self, arena: &'a Bump) -> Node<'a> {
        let kind = if self.map {
            let pairs = self.nodes.chunks_exact(2).map(|pair| (pair[0], pair[1]));
            Kind::Map(arena.alloc_slice_fill_iter(pairs.collect::<Vec<_>>()))
        } else {
            Kind::List(arena.alloc_slice_copy(&self.nodes))
        };
        Node { kind, text: self.text }
    }
}

/// From places counted in characters, as the parser gives them, to bytes.
struct Places {
    /// Byte offset of each character; none where every character is one byte.
    offsets: Option<Vec<usize>>,
}

impl Places {
    fn new(text: &str) -> Places {
        Places { offsets: (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect()) }
    }

    fn byte(&self, text: &str, index: usize) -> usize {
        match &self.offsets {
            None => index.min(text.len()),
            Some(offsets) => offsets.get(index).copied().unwrap_or(text.len()),
        }
    }

    /// The part of the text that a span is, to the end of its first line.
    fn part<'a>(&self, text: &'a str, span: &Span) -> &'a str {
        let start = self.byte(text, span.start.index());
        let end = self.byte(text, span.end.index()).max(start);
        let part = text.get(start..end).unwrap_or_default();
        part.lines().next().unwrap_or(&part[..0]).trim_end()
    }

    /// Where reading stopped: the last thing that was read.
    fn rest<'a>(&self, text: &'a str, open: &[Open<'a>]) -> &'a str {
        open.last().and_then(|open| open.nodes.last()).map_or(text.lines().next().unwrap_or_default(), |node| node.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_yaml_are_trees_with_places() {
        let arena = Bump::new();
        let text = "{\n\t\"icc\": false,\n\t\"hosts\": [\"tcp://甲\", \"fd://\"],\n\t\"icc\": true\n}\n";
        let document = read(&arena, text);
        assert_eq!(document.broken, None);
        let (key, value) = document.roots[0].get("icc").expect("it is there");
        assert_eq!((key.text, value.switch()), ("\"icc\"", Some(true)));
        assert_eq!(key.text.as_ptr().addr() - text.as_ptr().addr(), text.rfind("\"icc\"").expect("it is there"));
        let hosts: Vec<_> = document.roots[0].at(&["hosts"]).expect("there").1.items().iter().filter_map(Node::scalar).collect();
        assert_eq!(hosts, ["tcp://甲", "fd://"]);
        assert!(is_json(text) && !is_json("{\"a\": 1,}") && !is_json("a: 1"));
    }

    #[test]
    fn what_breaks_off_is_said() {
        let arena = Bump::new();
        let document = read(&arena, "a:\n  b: yes\n  c: [1\nd: \"x");
        assert!(document.broken.is_some());
        assert_eq!(read(&arena, "a: &x 1\nb: *x\n---\nc: 2\n").roots.len(), 2);
        assert_eq!(read(&arena, "a: &x 1\nb: *x\n").roots[0].get("b").expect("there").1.kind, Kind::Opaque);
    }
}
