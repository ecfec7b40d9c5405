//! The bytes of a CSV or TOML file into the typed rows of a site table; problems name line and column and quote nothing.

use std::borrow::Cow;
use std::ops::Range;

use super::{SiteKind, SiteRow, SiteSchema, SiteTable, toml_cell, unquoted};
use crate::error::{Message, Problem, Problems};
use crate::policy::Literal;
use crate::policy::document::{Document, Fields};
use crate::policy::literal::from_text;
use crate::source::Digest;

/// The most rows of one table.
const ROWS_MOST: usize = 200_000;

/// The most problems of one table that are told.
const PROBLEMS_MOST: usize = 50;

/// Reads a table; none where something is wrong with it.
pub(super) fn table(schema: &SiteSchema, file: &str, bytes: &[u8], problems: &mut Problems) -> Option<SiteTable> {
    let text = decoded(bytes);
    let mut wrong = Vec::new();
    let rows = if file.ends_with(".toml") { toml_rows(schema, file, &text, &mut wrong) } else { csv_rows(schema, file, &text, &mut wrong) };
    if rows.len() > ROWS_MOST {
        let message = Message::new(format!("{file} 超过 {ROWS_MOST} 行"), format!("{file} has more than {ROWS_MOST} rows"));
        wrong.push(Problem::new("too-many-rows", message));
    }
    let more = wrong.len().saturating_sub(PROBLEMS_MOST);
    wrong.truncate(PROBLEMS_MOST);
    if more > 0 {
        let message = Message::new(format!("{file} 还有 {more} 处错误"), format!("{file} has {more} more mistakes"));
        wrong.push(Problem::new("more-problems", message));
    }
    let sound = wrong.is_empty();
    problems.append(&mut wrong);
    sound.then(|| SiteTable {
        file: file.to_owned(),
        digest: Digest::of(bytes),
        kinds: schema.columns.iter().map(|(_, kind)| *kind).collect(),
        rows,
    })
}

/// The text of a file: UTF-8, or else GB18030, in which spreadsheets of Chinese systems write.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// One field of a CSV record.
struct Field {
    value: String,
    /// Where it stands, in characters.
    place: Range<usize>,
    /// Its line, counted from one.
    line: usize,
    /// Whether a quote of it is not closed, or something stands behind one that is.
    broken: bool,
}

/// Reads CSV as RFC 4180 writes it: a header with the names of the columns, then a record per row.
fn csv_rows(schema: &SiteSchema, file: &str, text: &str, problems: &mut Problems) -> Vec<SiteRow> {
    let mut records = records(text).into_iter();
    let names = schema.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",");
    let header = records.next().unwrap_or_default();
    let place = |field: Option<&Field>| field.map_or(0..0, |field| field.place.clone());
    let mut order = Vec::new();
    for field in &header {
        match schema.columns.iter().position(|(name, _)| *name == field.value.trim()) {
            Some(column) if !order.contains(&column) => order.push(column),
            _ => {
                let message = Message::new(
                    format!("首行的这一格不是列名，或重复；列名是 {names}"),
                    format!("this cell of the first line is no name of a column, or stands twice; the columns are {names}"),
                );
                problems.push(unquoted(file, text, field.place.clone(), "unknown-column", message));
            }
        }
    }
    if !problems.is_empty() {
        return Vec::new();
    }
    if order.len() < schema.columns.len() {
        let message = Message::new(format!("首行缺少列；列名是 {names}"), format!("the first line lacks columns; they are {names}"));
        problems.push(unquoted(file, text, place(header.first()), "missing-column", message));
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in records {
        if record.len() != order.len() {
            let (found, wanted) = (record.len(), order.len());
            let message =
                Message::new(format!("这一行有 {found} 格，应有 {wanted} 格"), format!("{found} cells stand here, {wanted} are needed"));
            problems.push(unquoted(file, text, place(record.first()), "wrong-number-of-cells", message));
            continue;
        }
        let line = record.first().map_or(0, |field| field.line);
        let mut cells = vec![Literal::Never; order.len()];
        for (field, column) in record.iter().zip(&order) {
            match csv_cell(field, schema.columns[*column].1) {
                Some(literal) => cells[*column] = literal,
                None => {
                    let (name, kind) = &schema.columns[*column];
                    problems.push(unquoted(file, text, field.place.clone(), "bad-cell", cell_message(name, *kind)));
                }
            }
        }
        rows.push(SiteRow { line, cells });
    }
    rows
}

/// What a cell of a kind should be.
fn cell_message(column: &str, kind: SiteKind) -> Message {
    let (zh, en) = match kind {
        SiteKind::Asset => ("资产 id", "the id of an asset"),
        SiteKind::Boolean => ("true 或 false", "true or false"),
        SiteKind::Date => ("2026-12-31 这样的日期，或 never", "a date such as 2026-12-31, or never"),
        SiteKind::Glob => ("名称或含 * ? [ ] 的模式", "a name or a pattern with * ? [ ]"),
        SiteKind::Integer => ("整数", "a whole number"),
        SiteKind::Network => ("地址或网段", "an address or a block of addresses"),
        SiteKind::Text => ("文本", "a text"),
    };
    Message::new(format!("列 {column} 需要{zh}，不能为空"), format!("the column {column} needs {en}, and it is never empty"))
}

/// The value of a CSV cell.
fn csv_cell(field: &Field, kind: SiteKind) -> Option<Literal> {
    let text = field.value.trim();
    if text.is_empty() || field.broken {
        return None;
    }
    match kind {
        SiteKind::Boolean => text.parse().ok().map(Literal::Boolean),
        SiteKind::Integer => text.parse().ok().map(Literal::Integer),
        // A time of day would be dropped silently.
        SiteKind::Date if text.len() > 10 => None,
        // Only policies double a leading dollar.
        SiteKind::Asset | SiteKind::Glob | SiteKind::Text => Some(Literal::Text(crate::names::composed(text).into_owned())),
        SiteKind::Date | SiteKind::Network => {
            let mut found = from_text(text, kind.scalar());
            (found.len() == 1).then(|| found.remove(0))
        }
    }
}

/// The records of a text; blank lines are none.
fn records(text: &str) -> Vec<Vec<Field>> {
    let mut reader = Reader { characters: text.chars().collect(), at: 0, line: 1 };
    let mut records = Vec::new();
    while reader.at < reader.characters.len() {
        let mut record = Vec::new();
        loop {
            record.push(reader.field());
            match reader.characters.get(reader.at) {
                Some(',') => reader.at += 1,
                _ => break,
            }
        }
        reader.line_end();
        let blank = record.len() == 1 && record[0].value.trim().is_empty() && !record[0].broken;
        if !blank {
            records.push(record);
        }
    }
    records
}

/// The characters of a CSV text while it is read.
struct Reader {
    characters: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    /// Reads one field up to a comma, a line end or the end.
    fn field(&mut self) -> Field {
        let (start, line) = (self.at, self.line);
        if self.characters.get(self.at) != Some(&'"') {
            while self.characters.get(self.at).is_some_and(|character| !matches!(character, ',' | '\n')) {
                self.at += 1;
            }
            let value: String = self.characters[start..self.at].iter().collect();
            // A bare carriage return would hide what stands before it.
            let broken = value.trim_end_matches('\r').contains('\r');
            return Field { value, place: start..self.at, line, broken };
        }
        let mut value = String::new();
        let mut closed = false;
        self.at += 1;
        while let Some(character) = self.characters.get(self.at).copied() {
            self.at += 1;
            self.line += usize::from(character == '\n');
            if character != '"' {
                value.push(character);
            } else if self.characters.get(self.at) == Some(&'"') {
                value.push('"');
                self.at += 1;
            } else {
                closed = true;
                break;
            }
        }
        let behind = self.at;
        while self.characters.get(self.at).is_some_and(|character| !matches!(character, ',' | '\n')) {
            self.at += 1;
        }
        let blank = self.characters[behind..self.at].iter().all(|character| character.is_whitespace());
        Field { value, place: start..self.at, line, broken: !closed || !blank }
    }

    /// Steps over a line end.
    fn line_end(&mut self) {
        if self.characters.get(self.at) == Some(&'\n') {
            self.at += 1;
            self.line += 1;
        }
    }
}

/// Reads TOML: a `[[row]]` per row.
fn toml_rows(schema: &SiteSchema, file: &str, text: &str, problems: &mut Problems) -> Vec<SiteRow> {
    let (mut document, table) = Document::parse(file, text);
    let mut rows = Vec::new();
    let mut fields = Fields::new(table.get_ref(), table.span());
    let list = fields.required("row", &mut document).and_then(|item| item.get_ref().as_array());
    for item in list.into_iter().flatten() {
        let Some(row) = Fields::of(item, &mut document) else { continue };
        let line = text.get(..item.span().start).unwrap_or_default().matches('\n').count() + 1;
        let mut cells = Vec::new();
        for (name, kind) in &schema.columns {
            match row.all().find(|(key, ..)| key == name) {
                Some((_, _, value)) => cells.extend(toml_cell(value, *kind, &mut document)),
                None => drop(document.problem(item.span(), "missing-key", cell_message(name, *kind))),
            }
        }
        for (_, span, _) in row.all().filter(|(key, ..)| !schema.columns.iter().any(|(name, _)| name == key)) {
            document.problem(span, "unknown-column", Message::new("表中没有这一列", "the table has no such column"));
        }
        if cells.len() == schema.columns.len() {
            rows.push(SiteRow { line, cells });
        }
    }
    fields.finish(&mut document);
    for problem in document.problems {
        let characters = |byte: usize| text.get(..byte).unwrap_or(text).chars().count();
        let place = problem.place.map_or(0..0, |place| characters(place.start)..characters(place.end));
        problems.push(unquoted(file, text, place, problem.code, problem.message));
    }
    rows
}
