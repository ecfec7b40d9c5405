//! A few files into the fact tables of one asset, and cells into short texts that tests compare.

use bumpalo::Bump;
use jixian::facts::{self, Cell, Evidence, Host, State};
use jixian::names::LINUX;
use jixian::schema;
use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description, Lack};
use jixian::source::Sources;

/// Files of one asset: a text, or with `!absent`, `!denied`, `!truncated …`, `-> target`, `!directory` what else is at the path.
pub(crate) fn asset(files: &[(&str, &str)]) -> Asset {
    let mut memory = Memory::default();
    for (path, content) in files {
        let node = match *content {
            "!absent" => Node::Lacking(Lack::Absent),
            "!denied" => Node::Lacking(Lack::Denied),
            "!directory" => Node::Directory { complete: true },
            text if text.starts_with("!truncated ") => Node::Truncated(text["!truncated ".len()..].into()),
            text if text.starts_with("-> ") => Node::Link(text[3..].to_owned()),
            text => Node::File(text.as_bytes().to_vec()),
        };
        memory.insert(path, node, Ownership::default());
    }
    Asset::in_memory("host".to_owned(), Description::default(), memory)
}

/// The rows of one table of these files, one line per row: `column=value` for each column that is asked for.
///
/// A cell shows as its value, `-` where it is unset, `?code` where it is unknown; with `column@` the deciding `path:line` (or
/// `default`) follows after `@`.
pub(crate) fn rows(files: &[(&str, &str)], table: &str, columns: &[&str]) -> Vec<String> {
    let asset = asset(files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let number = schema::number(table).expect("the table is in the schema");
    let wanted: Vec<bool> = (0..schema::TABLES.len()).map(|it| it == number).collect();
    let facts = facts::derive(&host, &wanted);
    let mut lines = Vec::new();
    for row in facts.rows(number) {
        let cells = columns.iter().map(|column| {
            let (name, place) = column.strip_suffix('@').map_or((*column, false), |name| (name, true));
            let cell = &row.cells[schema::TABLES[number].find(name).expect("the column is in the schema")];
            let place = if place { format!("@{}", decided_at(cell, &sources)) } else { String::new() };
            format!("{name}={}{place}", shown(cell))
        });
        let gap = if row.gap { "gap " } else { "" };
        lines.push(format!("{gap}{}", cells.collect::<Vec<_>>().join(" ")));
    }
    lines
}

/// A cell in short.
pub(crate) fn shown(cell: &Cell<'_>) -> String {
    match cell.state {
        State::Known(value) => value.to_string(),
        State::Unset => "-".to_owned(),
        State::Unknown(why, []) => format!("?{}", why.code),
        State::Unknown(why, candidates) => {
            format!("?{}({})", why.code, candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        }
    }
}

/// Where the first piece of evidence stands.
fn decided_at(cell: &Cell<'_>, sources: &Sources<'_>) -> String {
    match cell.evidence.first() {
        None => "nothing".to_owned(),
        Some(Evidence::Default(_)) => "default".to_owned(),
        Some(Evidence::Searched(path) | Evidence::Lacks(path, _)) => (*path).to_owned(),
        Some(Evidence::Step(..)) => "step".to_owned(),
        Some(Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span)) => {
            let source = sources.source(span.source).expect("a span names a source of the asset");
            format!("{}:{}", source.path, source.line(*span))
        }
    }
}
