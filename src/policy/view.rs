//! The `in` of a check into the view that it describes: which files, how they are read, and the columns that it adds.

use std::ops::Range;

use super::document::{Document, Fields, Item, unknown_name};
use super::rule::is_kebab;
use super::select;
use crate::error::{Message, Problems};
use crate::schema::generic::{BLOCKS, Declared, Format, From, LINES, NODES, ROWS, Reader, SETTINGS, Step, Style, Tree, View, Wins};
use crate::schema::neutral::FILES;
use crate::schema::{Clock, Kind, Table};

/// The tables that say nothing without `in`.
const DESCRIBED: [&Table; 5] = [&BLOCKS, &LINES, &NODES, &ROWS, &SETTINGS];

/// The most columns that one `in` declares.
const DECLARED_MOST: usize = 64;

/// The types that a column of records may have.
const TYPES: [(&str, Kind); 8] = [
    ("boolean", Kind::Boolean),
    ("date", Kind::Date(Clock::Scan)),
    ("duration", Kind::Duration),
    ("integer", Kind::Integer),
    ("size", Kind::Size),
    ("text", Kind::Text),
    ("text-list", Kind::Texts),
    ("version", Kind::Version),
];

/// Whether a table says nothing without `in`.
pub fn is_described(table: &Table) -> bool {
    DESCRIBED.iter().any(|known| std::ptr::eq(*known, table))
}

/// Reports that a table needs `in`.
pub(super) fn missing(table: &Table, span: Range<usize>, document: &mut Document) {
    let name = table.name;
    document.problem_help(
        span,
        "missing-key",
        Message::new(format!("表 `{name}` 需要 `in`：读取哪些文件"), format!("the table `{name}` needs `in`: which files are read")),
        Message::new("例如 `in = { path = \"/etc/app.conf\", … }`", "for example `in = { path = \"/etc/app.conf\", … }`"),
    );
}

/// Reads an `in` that stands alone, such as `{ path = "/etc/app.conf", format = "ini" }`.
pub fn described(table: &'static Table, text: &str) -> Result<View, Problems> {
    let whole = format!("in = {text}");
    let (mut document, root) = Document::parse("--in", &whole);
    if !document.problems.is_empty() {
        return Err(document.problems);
    }
    match root.get_ref().get("in").and_then(|item| read(table, item, item, &mut document)) {
        Some(view) if document.problems.is_empty() => Ok(view),
        _ => Err(document.problems),
    }
}

/// Reads an `in`; none where it is too wrong to go on with.
pub(super) fn read(table: &'static Table, name: &Item<'_>, item: &Item<'_>, document: &mut Document) -> Option<View> {
    if !is_described(table) && !std::ptr::eq(table, &FILES) {
        let name = table.name;
        document.problem(
            item.span(),
            "unknown-key",
            Message::new(format!("表 `{name}` 不接受 `in`"), format!("the table `{name}` takes no `in`")),
        );
        return None;
    }
    let mut fields = Fields::of(item, document)?;
    let paths = fields.required("path", document).map(|paths| self::paths(paths, document));
    let read = match table.name {
        "files" => Some((Reader::Files, Vec::new())),
        "lines" => Some((Reader::Lines(comments(&mut fields, document)), Vec::new())),
        "nodes" => nodes(&mut fields, document),
        "rows" => rows(&mut fields, document),
        "settings" => settings(&mut fields, document),
        _ => blocks(&mut fields, document),
    };
    fields.finish(document);
    let (reader, declared) = read?;
    let view = View { table, paths: paths?, reader, declared };
    (unambiguous(&view, name.span(), document) && !view.paths.is_empty()).then_some(view)
}

/// Whether every name stands for one column.
fn unambiguous(view: &View, span: Range<usize>, document: &mut Document) -> bool {
    let mut names: Vec<&str> = view.table.columns.iter().map(|column| column.name).collect();
    for declared in &view.declared {
        let name = declared.name.as_str();
        if !is_kebab(name) {
            let message = (
                format!("列名 `{name}` 只能用小写字母、数字和连字符"),
                format!("the column name `{name}` has only lower-case letters, digits and hyphens"),
            );
            document.problem(span, "bad-id", Message::new(message.0, message.1));
            return false;
        }
        if names.contains(&name) {
            document.problem(span, "duplicate-id", Message::new(format!("列 `{name}` 重复"), format!("the column `{name}` stands twice")));
            return false;
        }
        names.push(name);
    }
    true
}

/// The paths: inside the asset, none of them leading out of it.
fn paths(item: &Item<'_>, document: &mut Document) -> Vec<String> {
    let mut paths = Vec::new();
    for (path, span) in document.strings(item).into_iter().map(|(path, span)| (path.to_owned(), span)).collect::<Vec<_>>() {
        let plain = path.trim_start_matches('/').to_owned();
        if plain.is_empty() || plain.split('/').any(|name| matches!(name, "" | "." | "..")) {
            document.problem(
                span,
                "bad-path",
                Message::new(
                    format!("`{path}` 不是资产内的路径：不能为空，也不能有 `.`、`..` 或空的一级"),
                    format!("`{path}` is no path inside an asset: it is not empty, and has no `.`, `..` or empty name"),
                ),
            );
            continue;
        }
        paths.push(plain);
    }
    paths
}

/// What comments begin with: `#` unless said otherwise.
fn comments(fields: &mut Fields<'_>, document: &mut Document) -> Vec<String> {
    match fields.optional("comments") {
        None => vec!["#".to_owned()],
        // An empty list is meant: nothing is a comment.
        Some(item) => document.strings(item).into_iter().map(|(text, _)| text.to_owned()).filter(|text| !text.is_empty()).collect(),
    }
}

/// A word of a vocabulary.
fn word<T: Copy>(item: &Item<'_>, what: (&str, &str), known: &[(&'static str, T)], document: &mut Document) -> Option<T> {
    let text = document.string(item)?;
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        unknown_name(document, item.span(), "unknown-word", what, text, &names);
    }
    found
}

/// How settings are read.
fn settings(fields: &mut Fields<'_>, document: &mut Document) -> Option<(Reader, Vec<Declared>)> {
    const FORMATS: [(&str, Format); 3] = [("ini", Format::Ini), ("shell", Format::Shell), ("words", Format::Words)];
    const WINS: [(&str, Wins); 2] = [("first", Wins::First), ("last", Wins::Last)];
    let wins = fields.optional("wins").map(|item| word(item, ("取值", "word"), &WINS, document));
    let format = fields.required("format", document).and_then(|item| word(item, ("格式", "format"), &FORMATS, document))?;
    // A wrong word was reported; what it stood for is not known.
    Some((Reader::Settings { format, wins: wins.flatten() }, Vec::new()))
}

/// How records are read.
fn rows(fields: &mut Fields<'_>, document: &mut Document) -> Option<(Reader, Vec<Declared>)> {
    const SEPARATORS: [(&str, Option<char>); 6] =
        [("blank", None), ("comma", Some(',')), ("colon", Some(':')), ("pipe", Some('|')), ("semicolon", Some(';')), ("tab", Some('\t'))];
    let separator = match fields.optional("separator") {
        None => Some(Some(',')),
        Some(item) => word(item, ("分隔符", "separator"), &SEPARATORS, document),
    };
    let header = match fields.optional("header") {
        None => true,
        Some(item) => item.get_ref().as_bool().unwrap_or_else(|| {
            document.wrong_type(item, "true 或 false", "true or false");
            true
        }),
    };
    let comments = comments(fields, document);
    let item = fields.required("columns", document)?;
    let Some(array) = item.get_ref().as_array().filter(|array| (1..=DECLARED_MOST).contains(&array.len())) else {
        document.wrong_type(item, "1 到 64 列的列表", "a list of 1 to 64 columns");
        return None;
    };
    let declared = array.iter().enumerate().filter_map(|(place, item)| declared(item, place, header, document)).collect();
    Some((Reader::Rows { separator: separator?, header, comments }, declared))
}

/// What every declared column says: its name and its type, text unless said otherwise.
fn column<'t>(item: &'t Item<'t>, document: &mut Document) -> Option<(Fields<'t>, Option<String>, Option<Kind>)> {
    let mut fields = Fields::of(item, document)?;
    let name = fields.text("name", document).map(str::to_owned);
    let kind = match fields.optional("type") {
        None => Some(Kind::Text),
        Some(item) => word(item, ("类型", "type"), &TYPES, document),
    };
    Some((fields, name, kind))
}

/// One column of records: `{ name, type, from }`; `from` is a header, or without headers a place counted from one.
fn declared(item: &Item<'_>, place: usize, header: bool, document: &mut Document) -> Option<Declared> {
    let (mut fields, name, kind) = column(item, document)?;
    let from = match fields.optional("from") {
        None if header => name.clone().map(From::Header),
        None => Some(From::Place(place)),
        Some(item) if header => document.string(item).map(|text| From::Header(text.to_owned())),
        Some(item) => place_from_one(item, document).map(From::Place),
    };
    fields.finish(document);
    Some(Declared { name: name?, kind: kind?, from: from? })
}

/// How nodes are read: `select` leads to them, `columns` to what stands in each.
fn nodes(fields: &mut Fields<'_>, document: &mut Document) -> Option<(Reader, Vec<Declared>)> {
    const FORMATS: [(&str, Tree); 4] = [("json", Tree::Json), ("toml", Tree::Toml), ("xml", Tree::Xml), ("yaml", Tree::Yaml)];
    let format = fields.required("format", document).and_then(|item| word(item, ("格式", "format"), &FORMATS, document));
    let steps = fields.required("select", document).and_then(|item| steps(item, document));
    let mut declared = Vec::new();
    if let Some(item) = fields.optional("columns") {
        match item.get_ref().as_array().filter(|array| array.len() <= DECLARED_MOST) {
            Some(array) => declared.extend(array.iter().filter_map(|item| inner(item, document))),
            None => document.wrong_type(item, "最多 64 列的列表", "a list of at most 64 columns"),
        }
    }
    Some((Reader::Nodes { format: format?, steps: steps? }, declared))
}

/// One column of nodes: `{ name, type, from }`; `from` leads from the node to the value.
fn inner(item: &Item<'_>, document: &mut Document) -> Option<Declared> {
    let (mut fields, name, kind) = column(item, document)?;
    let from = match fields.optional("from") {
        None => name.as_deref().and_then(select::steps),
        Some(item) => steps(item, document),
    };
    fields.finish(document);
    Some(Declared { name: name?, kind: kind?, from: From::Steps(from?) })
}

/// The steps of a path.
fn steps(item: &Item<'_>, document: &mut Document) -> Option<Vec<Step>> {
    let found = select::steps(document.string(item)?);
    if found.is_none() {
        document.problem_help(
            item.span(),
            "bad-select",
            Message::new("不是到节点的路径", "this is no path to nodes"),
            Message::new(
                "例如 `$.servers[*].tls`、`$..port`、`$.Server.Service.Connector`",
                "for example `$.servers[*].tls`, `$..port`, `$.Server.Service.Connector`",
            ),
        );
    }
    found
}

/// A place counted from one, as one counted from zero.
fn place_from_one(item: &Item<'_>, document: &mut Document) -> Option<usize> {
    let number = item.get_ref().as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
    let place = number.and_then(|number| usize::try_from(number).ok()).and_then(|number| number.checked_sub(1));
    if place.is_none() {
        document.wrong_type(item, "从 1 数起的位置", "a place counted from one");
    }
    place
}

/// How blocks are read: `lines` has a template for each column.
fn blocks(fields: &mut Fields<'_>, document: &mut Document) -> Option<(Reader, Vec<Declared>)> {
    const STYLES: [(&str, Style); 2] = [("braces", Style::Braces), ("indent", Style::Indent)];
    let comments = comments(fields, document);
    let style = fields.required("style", document).and_then(|item| word(item, ("样式", "style"), &STYLES, document));
    let mut declared = Vec::new();
    if let Some(lines) = fields.optional("lines").and_then(|item| Fields::of(item, document)) {
        for (name, span, item) in lines.all().take(DECLARED_MOST) {
            let template: Vec<String> = document.string(item).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
            let rest = template.iter().position(|word| word == "{*}");
            if template.is_empty() || rest.is_some_and(|place| place + 1 < template.len()) {
                document.problem(
                    span,
                    "bad-template",
                    Message::new(
                        "行模板不能为空，`{*}` 只能在最后",
                        "the template of a line is not empty, and `{*}` stands only at its end",
                    ),
                );
                continue;
            }
            declared.push(Declared { name: name.to_owned(), kind: Kind::Texts, from: From::Template(template) });
        }
    }
    Some((Reader::Blocks { style: style?, comments }, declared))
}
