//! `jixian facts`: the fact tables, one table's columns, or its rows with their evidence.

use std::path::PathBuf;
use std::slice;
use std::sync::Arc;

use bumpalo::Bump;
use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::{EXIT_USAGE, print, tell};
use crate::error::{Message, Problem};
use crate::facts::{self, Cell, Host, Needed, Row, State, Value, generic};
use crate::names::Language;
use crate::policy;
use crate::results::{Shown, shown};
use crate::schema::generic::View;
use crate::schema::{Column, Kind, TABLES, Table};
use crate::snapshot::find;
use crate::source::Sources;

/// Arguments of `jixian facts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The table; without one, all tables are listed.
    table: Option<String>,
    /// What was collected; without it, the table's columns are listed.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A mounted root of one whole system.
    #[arg(long, value_name = "PATH")]
    root: Option<PathBuf>,
    /// The one row that holds for a connection: `user=alice,addr=10.0.0.5,host=pc1`; `group=` repeats.
    #[arg(long = "for", value_name = "KEY=VALUE,…")]
    connection: Option<String>,
    /// Which files a generic table reads, as in a policy: `{ path = "/etc/app.conf", format = "ini" }`.
    #[arg(long = "in", value_name = "TOML")]
    described: Option<String>,
    /// How rows are written.
    #[arg(long, value_enum, default_value = "text")]
    format: RowFormat,
    /// How many lines of these device configurations are understood, folder by folder.
    #[arg(long, value_name = "PATH", num_args = 1.., exclusive = true)]
    coverage: Vec<PathBuf>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RowFormat {
    /// For people.
    Text,
    /// One object per row.
    Jsonl,
}

/// Lists tables, columns or rows.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    if !arguments.coverage.is_empty() {
        return super::coverage::run(&arguments.coverage, language);
    }
    let Some(name) = &arguments.table else {
        let lines = TABLES.iter().map(|table| format!("{:<24} {}\n", table.name, table.title.text(language)));
        print(&lines.collect::<String>());
        return 0;
    };
    let Some(number) = crate::schema::number(name) else {
        let problem =
            Problem::new("unknown-table", Message::new(format!("没有名为 `{name}` 的表"), format!("there is no table called `{name}`")))
                .help("`jixian facts` 列出所有表", "`jixian facts` lists all tables");
        tell(&[problem], language);
        return EXIT_USAGE;
    };
    if arguments.paths.is_empty() && arguments.root.is_none() {
        print(&columns(TABLES[number]));
        return 0;
    }
    let view = match &arguments.described {
        Some(text) => match policy::described(TABLES[number], text) {
            Ok(view) => Some(Arc::new(view)),
            Err(problems) => {
                tell(&problems, language);
                return EXIT_USAGE;
            }
        },
        None if policy::is_described(TABLES[number]) => {
            let message = Message::new(format!("表 `{name}` 需要 --in"), format!("the table `{name}` needs --in"));
            let example = "--in '{ path = \"/etc/app.conf\" }'";
            tell(&[Problem::new("missing-key", message).help(example, example)], language);
            return EXIT_USAGE;
        }
        None => None,
    };
    rows(arguments, number, view.as_ref(), language)
}

/// The columns of a table.
fn columns(table: &Table) -> String {
    let mut text = String::new();
    for column in table.columns {
        let key = if column.key { "*" } else { " " };
        text.push_str(&format!("{key} {:<28} {:<12} {}\n", column.name, kind_name(column), column.doc));
        if let Some(meaning) = column.unset {
            text.push_str(&format!("  {:<41} unset: {meaning}\n", ""));
        }
    }
    for setting in table.settings {
        text.push_str(&format!("  {:<41} name `{}`: {}\n", "", setting.name, setting.doc));
    }
    text
}

/// The name of a column's type.
fn kind_name(column: &Column) -> String {
    match column.kind {
        Kind::Word(words) | Kind::Words(words) if words.len() <= 6 => words.join("|"),
        Kind::Word(_) => "word".to_owned(),
        Kind::Words(_) => "words".to_owned(),
        kind => format!("{kind:?}").split('(').next().unwrap_or_default().to_lowercase(),
    }
}

/// The rows of a table, asset by asset.
fn rows(arguments: &Arguments, table: usize, view: Option<&Arc<View>>, language: Language) -> u8 {
    let mut found = find::find(&arguments.paths);
    if let Some(root) = &arguments.root {
        found.add_root(root);
    }
    if tell(&found.problems, language) {
        return EXIT_USAGE;
    }
    let columns: Vec<Column<'_>> = match view {
        Some(view) => (0..view.columns()).filter_map(|place| view.column(place)).collect(),
        None => TABLES[table].columns.to_vec(),
    };
    let number = if view.is_some() { TABLES.len() } else { table };
    let needed = Needed::only(number);
    for found in &found.found {
        let asset = found.open();
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        let Some(platform) = asset.description.platform else {
            super::say(&format!("{}: {}", asset.id, asset.platform_because.text(language)));
            continue;
        };
        let host = Host::new(&asset, platform, &sources);
        let facts = match &arguments.connection {
            None => {
                let mut facts = facts::derive(&host, &needed);
                generic::fill(&host, view.map_or(&[], slice::from_ref), &needed, &mut facts);
                facts
            }
            Some(connection) => match facts::for_connection(&host, TABLES[table], connection) {
                Ok(facts) => facts,
                Err(message) => {
                    tell(&[Problem::new("bad-connection", message)], language);
                    return EXIT_USAGE;
                }
            },
        };
        for row in facts.rows(number) {
            let text = match arguments.format {
                RowFormat::Jsonl => format!("{}\n", row_object(TABLES[table].name, &columns, &asset.id, row, &sources)),
                RowFormat::Text => row_text(&columns, &asset.id, row, &sources, language),
            };
            if !print(&text) {
                return super::EXIT_UNWRITTEN;
            }
        }
    }
    0
}

/// A row for people: keys first, then each cell with its evidence.
fn row_text<'a>(columns: &[Column<'_>], asset: &str, row: &Row<'a>, sources: &Sources<'a>, language: Language) -> String {
    let gap = if row.gap { "  (gap)" } else { "" };
    let mut text = format!("{asset}  {}  {}{gap}\n", row.product, row.instance);
    for (column, cell) in columns.iter().zip(row.cells) {
        let value = match cell.state {
            State::Known(_) if column.secret => "<secret>".to_owned(),
            State::Known(value) => value.to_string(),
            State::Unset => "-".to_owned(),
            State::Unknown(why, candidates) => {
                let candidates: Vec<String> = candidates.iter().map(ToString::to_string).collect();
                let either = if candidates.is_empty() { String::new() } else { format!(" [{}]", candidates.join(" | ")) };
                format!("? {}{either}", why.text(language))
            }
        };
        text.push_str(&format!("  {:<28} {value}\n", column.name));
        for piece in cell.evidence {
            let Shown { role, file, line, text: shown_text, .. } = shown(piece, sources, language);
            let place = match (file, line) {
                (Some(file), Some(line)) => format!("{file}:{line} "),
                (Some(file), None) => format!("{file} "),
                (None, _) => String::new(),
            };
            text.push_str(&format!("  {:<28}   {role} {place}{shown_text}\n", ""));
        }
    }
    crate::source::visible::visible(&text, crate::source::visible::Whitespace::Kept).into_owned()
}

/// A row as an object: each cell is its value with evidence, or says why it has none.
fn row_object<'a>(table: &str, columns: &[Column<'_>], asset: &str, row: &Row<'a>, sources: &Sources<'a>) -> Json {
    let mut cells = Map::new();
    for (column, cell) in columns.iter().zip(row.cells) {
        cells.insert(column.name.to_owned(), cell_object(column, cell, sources));
    }
    json!({ "table": table, "asset": asset, "product": row.product, "instance": row.instance, "gap": row.gap, "row": cells })
}

/// A cell as an object.
fn cell_object<'a>(column: &Column, cell: &Cell<'a>, sources: &Sources<'a>) -> Json {
    let evidence: Vec<Json> = cell
        .evidence
        .iter()
        .map(|piece| {
            let Shown { role, file, line, text, .. } = shown(piece, sources, Language::En);
            json!({ "role": role, "file": file, "line": line, "text": text })
        })
        .collect();
    match cell.state {
        State::Known(_) if column.secret => json!({ "secret": true, "evidence": evidence }),
        State::Known(value) => json!({ "value": value_object(value), "evidence": evidence }),
        State::Unset => json!({ "unset": true, "evidence": evidence }),
        State::Unknown(why, candidates) => json!({
            "unknown": why.text(Language::En),
            "candidates": candidates.iter().map(|value| value_object(*value)).collect::<Vec<_>>(),
            "evidence": evidence,
        }),
    }
}

/// A value: durations in seconds, sizes in bytes, dates as ISO, networks as CIDR.
fn value_object(value: Value<'_>) -> Json {
    match value {
        Value::Boolean(on) => Json::from(on),
        Value::Integer(number) => Json::from(number),
        Value::Size(number) | Value::Duration(number) => Json::from(number),
        Value::List(items) => items.iter().map(|item| value_object(*item)).collect(),
        other => Json::from(other.to_string()),
    }
}
