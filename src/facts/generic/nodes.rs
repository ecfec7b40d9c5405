//! A tree into a row for each node that a view selects.

use super::{Viewing, readings, secrets};
use crate::facts::{Cell, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::data::{self, Document, Held, Node};
use crate::schema::Kind;
use crate::schema::generic::{Declared, From, NODES, Step, To, Tree};
use crate::source::Source;

static SEVERAL: Phrase = Phrase { zh: "节点中有多个 {}", en: "the node has more than one {}" };
static NOT_OF_TYPE: Phrase = Phrase { zh: "`{}` 不是该列的类型", en: "`{}` is not of the type of its column" };
static NOT_FOLLOWED: Phrase =
    Phrase { zh: "{} 中的别名或过深的部分没有展开", en: "an alias in {}, or what lies too deep, is not followed" };

/// A node and where it stands.
#[derive(Clone)]
struct Found<'d, 'a> {
    node: &'d Node<'a>,
    pointer: String,
}

/// Adds the rows of a text.
pub(super) fn rows<'a>(viewing: &mut Viewing<'_, 'a>, source: &'a Source<'a>, format: Tree, steps: &[Step]) {
    let arena = viewing.host.arena();
    let document: Document<'a> = match format {
        Tree::Json => data::json(arena, source.text),
        Tree::Toml => data::toml(arena, source.text),
        Tree::Xml => data::xml(arena, source.text),
        Tree::Yaml => data::yaml(arena, source.text),
    };
    let mut opaque = false;
    for root in &document.roots {
        for found in followed(viewing, Found { node: root, pointer: String::new() }, steps, &mut opaque) {
            let cells = cells(viewing, source, &found);
            if !viewing.push(source.path, cells) {
                return;
            }
        }
    }
    if opaque {
        viewing.gap(source.path, Why::new("not-understood", &NOT_FOLLOWED, source.path));
    }
    if let Some(part) = document.broken {
        viewing.not_understood(source, part);
    }
}

/// The nodes that steps lead to; `opaque` where one of them met what is not followed.
fn followed<'d, 'a>(viewing: &Viewing<'_, 'a>, from: Found<'d, 'a>, steps: &[Step], opaque: &mut bool) -> Vec<Found<'d, 'a>> {
    let mut current = vec![from];
    for step in steps {
        let mut next = Vec::new();
        for found in &current {
            let starts = if step.deep { descendants(viewing, found.clone()) } else { vec![found.clone()] };
            for start in starts {
                *opaque |= start.node.held == Held::Opaque;
                if !viewing.host.spend(1 + start.node.children().len() as u64) {
                    *opaque = true;
                    return Vec::new();
                }
                next.extend(
                    inside(&start)
                        .into_iter()
                        .enumerate()
                        .filter(|(place, child)| fits(&step.to, &start, *place, child))
                        .map(|(_, child)| child),
                );
            }
        }
        current = next;
    }
    current
}

/// A node and all within it, in the order of the text.
fn descendants<'d, 'a>(viewing: &Viewing<'_, 'a>, from: Found<'d, 'a>) -> Vec<Found<'d, 'a>> {
    let mut all = Vec::new();
    let mut open = vec![from];
    while let Some(found) = open.pop() {
        if !viewing.host.spend(1) {
            break;
        }
        open.extend(inside(&found).into_iter().rev());
        all.push(found);
    }
    all
}

/// The nodes in a node, with their places.
fn inside<'d, 'a>(found: &Found<'d, 'a>) -> Vec<Found<'d, 'a>> {
    let children = found.node.children();
    let is_list = matches!(found.node.held, Held::List(_));
    let pointer = |place: usize, node: &Node<'a>| {
        let same = |others: &[Node<'a>]| others.iter().filter(|other| other.key == node.key).count();
        match (is_list, same(children)) {
            (true, _) => format!("{}/{place}", found.pointer),
            (false, 1) => format!("{}/{}", found.pointer, node.key),
            (false, _) => format!("{}/{}[{}]", found.pointer, node.key, same(&children[..=place])),
        }
    };
    children.iter().enumerate().map(|(place, node)| Found { node, pointer: pointer(place, node) }).collect()
}

/// Whether a step leads to a node.
fn fits(to: &To, start: &Found<'_, '_>, place: usize, child: &Found<'_, '_>) -> bool {
    let is_list = matches!(start.node.held, Held::List(_));
    match to {
        To::Any => true,
        To::Item(wanted) => is_list && place == *wanted,
        To::Key(key) => !is_list && child.node.key == key,
    }
}

/// The cells of one node.
fn cells<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, found: &Found<'_, 'a>) -> &'a [Cell<'a>] {
    let host = viewing.host;
    let cells = viewing.cells(source.path);
    let evidence = host.evidence(&[Evidence::Decides(source.span(found.node.text))]);
    cells[const { NODES.column("pointer") }] = Cell::known(Value::Text(host.text(&found.pointer)), &[]);
    let value = const { NODES.column("value") };
    match &found.node.held {
        Held::Value(text, _) => {
            let text = shown(viewing, source, found.node, text);
            readings::set(host, cells, value, text, evidence);
        }
        Held::List(_) | Held::Map(_) => {
            let items: Vec<&'a str> = found.node.children().iter().filter_map(|child| scalar(viewing, source, child)).collect();
            readings::set_unknown(cells, value, Cell::unset(evidence));
            if matches!(found.node.held, Held::List(_)) {
                cells[const { NODES.column("items") }] = Cell::known(host.texts(&items), evidence);
            }
        }
        Held::Opaque => {
            readings::set_unknown(cells, value, Cell::unknown(Why::new("not-understood", &NOT_FOLLOWED, source.path), evidence));
        }
    }
    for (place, declared) in viewing.view.declared.iter().enumerate() {
        cells[NODES.columns.len() + place] = inner(viewing, source, found, declared);
    }
    cells
}

/// The text of a scalar as it may be shown.
fn scalar<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, node: &Node<'a>) -> Option<&'a str> {
    if let Held::Value(text, _) = node.held { Some(shown(viewing, source, node, text)) } else { None }
}

/// A value as it may be shown: hidden where its key names a secret, with all of its text.
fn shown<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, node: &Node<'a>, text: &'a str) -> &'a str {
    let shown = secrets::value(viewing.host, source, node.key, text);
    if !std::ptr::eq(shown, text) {
        source.hide(node.text);
    }
    shown
}

/// A declared column: what its steps lead to from the node.
fn inner<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, found: &Found<'_, 'a>, declared: &Declared) -> Cell<'a> {
    let host = viewing.host;
    let From::Steps(steps) = &declared.from else { return Cell::NONE };
    let mut opaque = false;
    let nodes = followed(viewing, found.clone(), steps, &mut opaque);
    let mut pieces: Vec<Evidence<'a>> = nodes.iter().take(16).map(|found| Evidence::Decides(source.span(found.node.text))).collect();
    pieces.push(Evidence::Scope(source.span(found.node.text)));
    let evidence = host.evidence(&pieces);
    let texts: Vec<&'a str> = nodes.iter().flat_map(|found| flat(viewing, source, found.node)).collect();
    let unknown = |phrase, text| Cell::unknown(Why::new("not-understood", phrase, text), evidence);
    match (opaque, declared.kind, texts.as_slice()) {
        (true, ..) => unknown(&NOT_FOLLOWED, source.path),
        (_, _, []) if nodes.is_empty() => Cell::unset(evidence),
        (_, Kind::Texts, texts) => Cell::known(host.texts(texts), evidence),
        (_, _, [""] | []) => Cell::unset(evidence),
        (_, kind, [text]) => {
            readings::read(host, text, kind).map_or_else(|| unknown(&NOT_OF_TYPE, text), |value| Cell::known(value, evidence))
        }
        _ => unknown(&SEVERAL, host.text(&declared.name)),
    }
}

/// A scalar, or the scalars of a list.
fn flat<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, node: &Node<'a>) -> Vec<&'a str> {
    match &node.held {
        Held::Value(..) => scalar(viewing, source, node).into_iter().collect(),
        Held::List(items) => items.iter().filter_map(|item| scalar(viewing, source, item)).collect(),
        Held::Map(_) | Held::Opaque => Vec::new(),
    }
}
