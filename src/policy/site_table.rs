//! A `[tables.<name>]` of a policy into the columns of a site's own table, and the file that a profile names into its rows.

mod records;

use std::path::{Component, Path, PathBuf};

use super::document::{Document, Fields, Item, unknown_name};
use super::literal::{Wanted, literals};
use super::rule::is_kebab;
use super::{Literal, Scalar};
use crate::error::{Message, Problem, Problems};
use crate::source::Digest;

/// What the cells of a site table's column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// The id of an asset that plays a role: it must be in the run, readable and not stale.
    Asset,
    /// `true` or `false`.
    Boolean,
    /// A calendar date, or `never`.
    Date,
    /// A pattern of `*`, `?` and `[…]` for texts.
    Glob,
    /// Whole number.
    Integer,
    /// Block of addresses, or one address.
    Network,
    /// Text.
    Text,
}

/// Names of the kinds, sorted.
const KINDS: &[(&str, SiteKind)] = &[
    ("asset", SiteKind::Asset),
    ("boolean", SiteKind::Boolean),
    ("date", SiteKind::Date),
    ("glob", SiteKind::Glob),
    ("integer", SiteKind::Integer),
    ("network", SiteKind::Network),
    ("text", SiteKind::Text),
];

impl SiteKind {
    /// The type of its cells.
    pub(super) fn scalar(self) -> Scalar {
        match self {
            SiteKind::Asset | SiteKind::Glob | SiteKind::Text => Scalar::Text,
            SiteKind::Boolean => Scalar::Boolean,
            SiteKind::Date => Scalar::Date,
            SiteKind::Integer => Scalar::Integer,
            SiteKind::Network => Scalar::Network,
        }
    }

    /// The word of policies.
    fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// A table that a site fills and rules name.
#[derive(Clone, Debug)]
pub struct SiteSchema {
    /// Kebab-case name, declared once in the whole library.
    pub name: String,
    /// What one row is.
    pub title: Message,
    /// The columns, in written order.
    pub columns: Vec<(String, SiteKind)>,
}

/// The rows that a site gave.
#[derive(Clone, Debug)]
pub struct SiteTable {
    /// The file as the profile names it.
    pub file: String,
    /// Digest of the file.
    pub digest: Digest,
    /// What the cells of each column hold.
    pub kinds: Vec<SiteKind>,
    /// The rows, in order.
    pub rows: Vec<SiteRow>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct SiteRow {
    /// Its line in the file, counted from one.
    pub line: usize,
    /// A cell for each column of the schema.
    pub cells: Vec<Literal>,
}

/// The most bytes of one site table.
const TABLE_BYTES_MOST: u64 = 16 << 20;

/// Reads what a policy declares of one site table.
pub(super) fn declared(name: &str, span: std::ops::Range<usize>, item: &Item<'_>, document: &mut Document) -> Option<SiteSchema> {
    let mut fields = Fields::of(item, document)?;
    fields.span = span.clone();
    let title = fields.message("title", document);
    let columns = fields.required("columns", document).map(|item| columns(item, document)).unwrap_or_default();
    fields.finish(document);
    if !is_kebab(name) || columns.is_empty() {
        let message = Message::new("站点表需要小写连字符的名字和至少一列", "a site table needs a kebab-case name and at least one column");
        document.problem(span, "bad-site-table", message);
        return None;
    }
    Some(SiteSchema { name: name.to_owned(), title, columns })
}

/// Reads names of columns and their kinds.
fn columns(item: &Item<'_>, document: &mut Document) -> Vec<(String, SiteKind)> {
    let Some(fields) = Fields::of(item, document) else { return Vec::new() };
    let mut columns: Vec<(usize, (String, SiteKind))> = Vec::new();
    for (name, span, item) in fields.all() {
        let Some(word) = document.string(item) else { continue };
        match KINDS.iter().find(|(known, _)| *known == word) {
            Some((_, kind)) => columns.push((span.start, (name.to_owned(), *kind))),
            None => {
                let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                unknown_name(document, item.span(), "unknown-type", ("列类型", "type of column"), word, &known);
            }
        }
    }
    // The table is read by name; the order of the columns is the written one.
    columns.sort_by_key(|(place, _)| *place);
    columns.into_iter().map(|(_, column)| column).collect()
}

/// Reads the rows that a profile gives for a table: a file under the profile's folder.
pub(super) fn given(
    schema: &SiteSchema,
    item: &Item<'_>,
    beside: &Beside,
    document: &mut Document,
    problems: &mut Problems,
) -> Option<SiteTable> {
    let mut fields = Fields::of(item, document)?;
    let file_item = fields.required("file", document);
    if let Some(said) = fields.optional("columns") {
        let mut said_columns = columns(said, document);
        let mut declared_columns = schema.columns.clone();
        said_columns.sort_by(|one, other| one.0.cmp(&other.0));
        declared_columns.sort_by(|one, other| one.0.cmp(&other.0));
        if said_columns != declared_columns {
            let list = schema.columns.iter().map(|(name, kind)| format!("{name} = {}", kind.name())).collect::<Vec<_>>().join(", ");
            document.problem(
                said.span(),
                "other-columns",
                Message::new(format!("策略声明的列是：{list}"), format!("the policy declares these columns: {list}")),
            );
        }
    }
    fields.finish(document);
    let file_item = file_item?;
    let name = document.string(file_item)?;
    match beside.read(name) {
        Ok(bytes) => records::table(schema, name, &bytes, problems),
        Err(message) => {
            document.problem(file_item.span(), "unreadable", message);
            None
        }
    }
}

/// What stands beside a profile.
pub(super) enum Beside {
    /// Nothing: it is built in.
    Nothing,
    /// Files of a folder.
    Folder(PathBuf),
    /// Texts, by their names.
    Texts(Vec<(String, String)>),
}

impl Beside {
    /// The bytes of what has that name.
    fn read(&self, name: &str) -> Result<Vec<u8>, Message> {
        match self {
            Beside::Nothing => Err(Message::new("内置基线档不能带站点表", "a built-in profile has no site tables")),
            Beside::Folder(folder) => read(folder, name),
            Beside::Texts(texts) => {
                let found = texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone().into_bytes());
                found.ok_or_else(|| Message::new(format!("没有 {name}"), format!("there is no {name}")))
            }
        }
    }
}

/// The bytes of a regular file under a folder, reached without any link.
fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Message> {
    let outside = || {
        Message::new(
            "站点表必须是基线档目录下的普通文件，路径中没有链接和 `..`",
            "a site table is a regular file under the profile's folder, its path without links and `..`",
        )
    };
    let mut path = PathBuf::from(folder);
    for component in Path::new(name).components() {
        let Component::Normal(part) = component else { return Err(outside()) };
        path.push(part);
        let metadata = std::fs::symlink_metadata(&path)
            .map_err(|error| Message::new(format!("无法读取 {name}：{error}"), format!("{name} cannot be read: {error}")))?;
        if metadata.is_symlink() {
            return Err(outside());
        }
    }
    let metadata = std::fs::metadata(&path).map_err(|_| outside())?;
    if !metadata.is_file() {
        return Err(outside());
    }
    if metadata.len() > TABLE_BYTES_MOST {
        let bytes = metadata.len();
        return Err(Message::new(format!("{name} 过大（{bytes} 字节）"), format!("{name} is too large ({bytes} bytes)")));
    }
    std::fs::read(&path).map_err(|error| Message::new(format!("无法读取 {name}：{error}"), format!("{name} cannot be read: {error}")))
}

/// A cell of a TOML row.
fn toml_cell(item: &Item<'_>, kind: SiteKind, document: &mut Document) -> Option<Literal> {
    let mut found = literals(item, Wanted { scalar: kind.scalar(), words: None }, document);
    if found.len() != 1 {
        document.wrong_type(item, "单个值", "a single value");
        return None;
    }
    found.pop()
}

/// A text whose line structure is that of another and that says nothing: problems with it show a place and quote no line.
fn blanked(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { '\n' } else { ' ' }).collect()
}

/// A problem at a character of a file that must not be quoted.
fn unquoted(file: &str, text: &str, characters: std::ops::Range<usize>, code: &'static str, message: Message) -> Problem {
    let place = crate::error::Place { file: file.to_owned(), text: blanked(text).into(), start: characters.start, end: characters.end };
    let (line, column) = place.line_column();
    let told = Message::new(format!("{file}:{line}:{column}：{}", message.zh), format!("{file}:{line}:{column}: {}", message.en));
    Problem::new(code, told).at(place)
}
