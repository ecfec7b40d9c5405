//! A text in JSON, YAML, TOML or XML into one kind of tree, in which every value knows where it stands.

use bumpalo::Bump;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{xml, yaml};

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its key, element or attribute (with `@`); of an item nothing.
    pub key: &'a str,
    /// What it holds.
    pub held: Held<'a>,
    /// Its part of the text; of a list or map, where it begins.
    pub text: &'a str,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held<'a> {
    /// A value, with the nodes in it where it is an element of XML.
    Value(&'a str, Vec<Node<'a>>),
    /// Keys and their values.
    Map(Vec<Node<'a>>),
    /// Items.
    List(Vec<Node<'a>>),
    /// What is not read: an alias, or more than is read.
    Opaque,
}

impl<'a> Node<'a> {
    /// The nodes in it.
    pub fn children(&self) -> &[Node<'a>] {
        match &self.held {
            Held::Map(children) | Held::List(children) | Held::Value(_, children) => children,
            Held::Opaque => &[],
        }
    }
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The root of each document in it.
    pub roots: Vec<Node<'a>>,
    /// What was not understood.
    pub broken: Option<&'a str>,
}

/// Reads JSON; what only YAML allows is not understood.
pub fn json<'a>(arena: &'a Bump, text: &'a str) -> Document<'a> {
    if yaml::is_json(text) { self::yaml(arena, text) } else { Document { roots: Vec::new(), broken: Some(first_line(text)) } }
}

/// Reads YAML.
pub fn yaml<'a>(arena: &'a Bump, text: &'a str) -> Document<'a> {
    let document = yaml::read(arena, text);
    Document { roots: document.roots.iter().map(|root| of_yaml("", root)).collect(), broken: document.broken }
}

/// A node of YAML; its depth is bounded by its reader.
fn of_yaml<'a>(key: &'a str, node: &yaml::Node<'a>) -> Node<'a> {
    let held = match node.kind {
        yaml::Kind::Scalar(..) if node.is_null() => Held::Value("", Vec::new()),
        yaml::Kind::Scalar(text, _) => Held::Value(text, Vec::new()),
        yaml::Kind::List(items) => Held::List(items.iter().map(|item| of_yaml("", item)).collect()),
        // A key that is no scalar has no name by which a policy could ask for it.
        yaml::Kind::Map(entries) => {
            Held::Map(entries.iter().map(|(key, value)| of_yaml(key.scalar().unwrap_or_default(), value)).collect())
        }
        yaml::Kind::Opaque => Held::Opaque,
    };
    Node { key, held, text: node.text }
}

/// Reads TOML.
pub fn toml<'a>(arena: &'a Bump, text: &'a str) -> Document<'a> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let broken = errors.first().map(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).map_or(0, |before| before.rfind('\n').map_or(0, |end| end + 1));
        first_line(text.get(line..).unwrap_or(text))
    });
    Document { roots: vec![of_table(arena, text, "", root.get_ref(), root.span(), 0)], broken }
}

/// How deep values of TOML are followed.
const DEPTH_MOST: usize = 64;

/// A table of TOML.
fn of_table<'a>(arena: &'a Bump, text: &'a str, key: &'a str, table: &DeTable<'_>, span: std::ops::Range<usize>, depth: usize) -> Node<'a> {
    let entries = table.iter().map(|(key, value)| of_toml(arena, text, arena.alloc_str(key.get_ref()), value, depth + 1));
    Node { key, held: Held::Map(entries.collect()), text: first_line(text.get(span).unwrap_or_default()) }
}

/// A value of TOML.
fn of_toml<'a>(arena: &'a Bump, text: &'a str, key: &'a str, value: &Spanned<DeValue<'_>>, depth: usize) -> Node<'a> {
    let written = text.get(value.span()).unwrap_or_default();
    let held = match value.get_ref() {
        _ if depth > DEPTH_MOST => Held::Opaque,
        DeValue::Table(table) => return of_table(arena, text, key, table, value.span(), depth),
        DeValue::Array(items) => Held::List(items.iter().map(|item| of_toml(arena, text, "", item, depth + 1)).collect()),
        DeValue::String(string) => Held::Value(arena.alloc_str(string), Vec::new()),
        DeValue::Integer(number) => Held::Value(arena.alloc_str(&number.to_string()), Vec::new()),
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => Held::Value(written, Vec::new()),
    };
    Node { key, held, text: written }
}

/// Reads XML.
pub fn xml<'a>(arena: &'a Bump, text: &'a str) -> Document<'a> {
    let document = xml::read(text);
    // Above the outermost element, so that a path begins with its name.
    let root = document.root.as_ref().map(|root| Node { key: "", held: Held::Map(vec![of_element(arena, root)]), text: root.text });
    Document { roots: root.into_iter().collect(), broken: document.issue }
}

/// An element; its depth is bounded by its reader.
fn of_element<'a>(arena: &'a Bump, element: &xml::Element<'a>) -> Node<'a> {
    let attributes = element.attributes.iter().map(|attribute| Node {
        key: arena.alloc_str(&format!("@{}", attribute.name)),
        held: Held::Value(arena.alloc_str(&attribute.value), Vec::new()),
        text: attribute.text,
    });
    let children = attributes.chain(element.children.iter().map(|child| of_element(arena, child)));
    Node { key: element.name, held: Held::Value(element.content, children.collect()), text: element.text }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
