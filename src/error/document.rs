//! A TOML text into tables whose fields are taken one by one, so that every problem is found and every leftover named.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Message, Place, Problem, Problems};

/// A value with its place.
pub(crate) type Item<'t> = Spanned<DeValue<'t>>;

/// One file that is being read, and the problems found so far.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file as the user named it.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: Arc<str>,
    /// What is wrong with it.
    pub(crate) problems: Problems,
}

impl Document {
    /// A document without problems yet.
    pub(crate) fn new(file: &str, text: &str) -> Document {
        Document { file: file.to_owned(), text: Arc::from(text), problems: Vec::new() }
    }

    /// A document and what of its TOML could be read; syntax errors become its first problems.
    pub(crate) fn parse<'t>(file: &str, text: &'t str) -> (Document, toml::Spanned<DeTable<'t>>) {
        let mut document = Document::new(file, text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let why = error.message().to_owned();
            let span = error.span().unwrap_or(0..0);
            document.problem(span, "bad-toml", Message::new(format!("TOML 语法错误：{why}"), format!("not valid TOML: {why}")));
        }
        (document, table)
    }

    /// Notes a problem at a place.
    pub(crate) fn problem(&mut self, span: Range<usize>, code: &'static str, message: Message) -> &mut Problem {
        let place = Place { file: self.file.clone(), text: self.text.clone(), start: span.start, end: span.end };
        self.problems.push(Problem::new(code, message).at(place));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// Notes a problem with a way out.
    pub(crate) fn problem_help(&mut self, span: Range<usize>, code: &'static str, message: Message, help: Message) {
        self.problem(span, code, message).help = Some(help);
    }

    /// Notes that a value is of the wrong type.
    pub(crate) fn wrong_type(&mut self, item: &Item<'_>, wanted_zh: &str, wanted_en: &str) {
        let found = item.get_ref().type_str();
        self.problem(
            item.span(),
            "wrong-type",
            Message::new(format!("这里需要{wanted_zh}，却写了 {found}"), format!("{wanted_en} is needed here, not {found}")),
        );
    }

    /// The text of a value that must be a string.
    pub(crate) fn string<'t>(&mut self, item: &'t Item<'_>) -> Option<&'t str> {
        let text = item.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(item, "字符串", "a string");
        }
        text
    }

    /// The strings of a value that must be a list of strings, or one string.
    pub(crate) fn strings<'t>(&mut self, item: &'t Item<'_>) -> Vec<(&'t str, Range<usize>)> {
        if let Some(text) = item.get_ref().as_str() {
            return vec![(text, item.span())];
        }
        let Some(array) = item.get_ref().as_array() else {
            self.wrong_type(item, "字符串列表", "a list of strings");
            return Vec::new();
        };
        array.iter().filter_map(|element| Some((self.string(element)?, element.span()))).collect()
    }
}

/// The fields of one TOML table.
#[derive(Debug)]
pub(crate) struct Fields<'t> {
    table: &'t DeTable<'t>,
    /// The place of the table itself.
    pub(crate) span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// The fields of a table at a place.
    pub(crate) fn new(table: &'t DeTable<'t>, span: Range<usize>) -> Fields<'t> {
        Fields { table, span, asked: Vec::new() }
    }

    /// The fields of a value that must be a table.
    pub(crate) fn of(item: &'t Item<'t>, document: &mut Document) -> Option<Fields<'t>> {
        match item.get_ref().as_table() {
            Some(table) => Some(Fields::new(table, item.span())),
            None => {
                document.wrong_type(item, "表", "a table");
                None
            }
        }
    }

    /// The value of a key that may be missing.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<&'t Item<'t>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&mut self, key: &'static str, document: &mut Document) -> Option<&'t Item<'t>> {
        let found = self.optional(key);
        if found.is_none() {
            document.problem(self.span.clone(), "missing-key", Message::new(format!("缺少 `{key}`"), format!("`{key}` is missing")));
        }
        found
    }

    /// The string of a key that must be there.
    pub(crate) fn text(&mut self, key: &'static str, document: &mut Document) -> Option<&'t str> {
        let item = self.required(key, document)?;
        document.string(item)
    }

    /// The string of a key that must be there and say something.
    pub(crate) fn filled(&mut self, key: &'static str, document: &mut Document) -> Option<String> {
        let item = self.required(key, document)?;
        let text = document.string(item)?.trim();
        if text.is_empty() {
            document.problem(item.span(), "empty-text", Message::new(format!("`{key}` 是空的"), format!("`{key}` is empty")));
            return None;
        }
        Some(text.to_owned())
    }

    /// The Chinese and English text of a key that must be there.
    pub(crate) fn message(&mut self, key: &'static str, document: &mut Document) -> Message {
        let Some(item) = self.required(key, document) else { return Message::new("", "") };
        message(item, document, &mut |_, _, _| false)
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self, document: &mut Document) {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !self.asked.contains(&name) {
                unknown_name(document, key.span(), "unknown-key", ("键", "key"), name, &self.asked);
            }
        }
    }

    /// All fields, for tables whose keys are not fixed.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Item<'t>)> + use<'t> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
    }
}

/// The Chinese and English text of a table with `zh` and `en`; `other` says whether it takes a further key.
pub(crate) fn message<'t>(
    item: &'t Item<'t>,
    document: &mut Document,
    other: &mut dyn FnMut(&str, &'t Item<'t>, &mut Document) -> bool,
) -> Message {
    let mut message = Message::new("", "");
    let Some(fields) = Fields::of(item, document) else { return message };
    for (key, span, value) in fields.all() {
        match key {
            "zh" => message.zh = document.string(value).unwrap_or_default().trim().to_owned(),
            "en" => message.en = document.string(value).unwrap_or_default().trim().to_owned(),
            _ if other(key, value, document) => {}
            _ => unknown_name(document, span, "unknown-key", ("键", "key"), key, &["zh", "en"]),
        }
    }
    for (language, text) in [("zh", &message.zh), ("en", &message.en)] {
        if text.is_empty() {
            document.problem(
                fields.span.clone(),
                "missing-text",
                Message::new(format!("缺少 {language} 文本"), format!("the {language} text is missing")),
            );
        }
    }
    message
}

/// Reports a name that does not exist, with the nearest one that does.
pub(crate) fn unknown_name(
    document: &mut Document,
    span: Range<usize>,
    code: &'static str,
    (what_zh, what_en): (&str, &str),
    name: &str,
    known: &[&str],
) {
    let problem = document.problem(
        span,
        code,
        Message::new(format!("没有名为 `{name}` 的{what_zh}"), format!("there is no {what_en} called `{name}`")),
    );
    problem.help = suggestion(name, known);
}

/// The name that was meant, or all names where they are few.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> Option<Message> {
    match nearest(name, known) {
        Some(near) => Some(Message::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?"))),
        None if known.len() <= 30 => {
            let list = known.join(", ");
            Some(Message::new(format!("可用的有：{list}"), format!("known are: {list}")))
        }
        None => None,
    }
}

/// The known name that needs the fewest edits, if it is near enough to be meant.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .min()
        .filter(|(edits, candidate)| *edits <= (candidate.chars().count().max(name.chars().count()) / 2).clamp(1, 4))
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace) between two short names.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, character) in left.chars().take(80).enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
