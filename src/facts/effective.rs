//! A setting as it takes effect, known or not, into cells and the row of a settings table.

use super::settings::{self, Readings};
use super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use crate::schema::Table;

/// What is known of a setting.
#[derive(Clone, Copy, Debug)]
pub enum Effective<'a> {
    /// Its value as text, what it rests on, and whether the running server said so.
    Known(&'a str, &'a [Evidence<'a>], bool),
    /// One of several documented values.
    OneOf(Why<'a>, &'a [&'a str], &'a [Evidence<'a>]),
    /// Not known.
    Unknown(Why<'a>, &'a [Evidence<'a>]),
    /// The version has no such setting.
    Lacking(&'a [Evidence<'a>]),
}

/// How a product reads the text of a setting: its typed readings, and its items where it is a list.
pub type Reader = for<'a> fn(&Host<'a>, &str, &'a str) -> (Readings<'a>, Option<Value<'a>>);

impl<'a> Effective<'a> {
    /// One reading as a cell; unset where the text cannot be read so.
    pub fn cell(&self, host: &Host<'a>, reading: impl Fn(&'a str) -> Option<Value<'a>>) -> Cell<'a> {
        match *self {
            Effective::Known(text, evidence, _) => reading(text).map_or(Cell::unset(evidence), |value| Cell::known(value, evidence)),
            Effective::OneOf(why, texts, evidence) => {
                let candidates: Vec<Value<'a>> = texts.iter().filter_map(|text| reading(text)).collect();
                Cell::one_of(why, host.arena().alloc_slice_copy(&candidates), evidence)
            }
            Effective::Unknown(why, evidence) => Cell::unknown(why, evidence),
            Effective::Lacking(evidence) => Cell::unset(evidence),
        }
    }

    /// The value, where it is known.
    pub fn text(&self) -> Option<&'a str> {
        match *self {
            Effective::Known(text, ..) => Some(text),
            _ => None,
        }
    }

    /// What it rests on.
    pub fn evidence(&self) -> &'a [Evidence<'a>] {
        match *self {
            Effective::Known(_, evidence, _)
            | Effective::OneOf(_, _, evidence)
            | Effective::Unknown(_, evidence)
            | Effective::Lacking(evidence) => evidence,
        }
    }

    /// Why it is not known.
    pub fn why(&self) -> Option<Why<'a>> {
        match *self {
            Effective::OneOf(why, ..) | Effective::Unknown(why, _) => Some(why),
            Effective::Known(..) | Effective::Lacking(_) => None,
        }
    }
}

/// Pushes the row of one setting; none where the version has no such setting.
pub fn push<'a>(
    host: &Host<'a>,
    place: (&'static Table, &'static str, &'a str),
    name: &'static str,
    effective: &Effective<'a>,
    (read, tables): (Reader, &mut Tables<'a>),
) {
    if let Some(row) = row(host, place, name, effective, read) {
        tables.push(row);
    }
}

/// The row of one setting in a table, of a product and its instance; none where the version has no such setting.
pub fn row<'a>(
    host: &Host<'a>,
    (table, product, instance): (&'static Table, &'static str, &'a str),
    name: &'static str,
    effective: &Effective<'a>,
    read: Reader,
) -> Option<RowBuilder<'a>> {
    let mut row = match *effective {
        Effective::Known(text, evidence, live) => {
            let (readings, items) = read(host, name, text);
            let mut row = settings::row(host, table, product, name, (text, readings, evidence));
            let list = items.map_or(Cell::unset(evidence), |items| Cell::known(items, evidence));
            settings::set(&mut row, "items", list);
            if live {
                settings::set(&mut row, "origin", Cell::known(Value::Word("runtime"), evidence));
            }
            row
        }
        Effective::OneOf(why, _, evidence) => {
            let mut row = settings::unknown_row(host, table, product, name, Cell::unknown(why, evidence));
            for (column, pick) in READINGS {
                let cell =
                    effective.cell(host, |text| pick(&read(host, name, text).0).or((column == "value").then_some(Value::Text(text))));
                settings::set(&mut row, column, cell);
            }
            row
        }
        Effective::Unknown(why, evidence) => settings::unknown_row(host, table, product, name, Cell::unknown(why, evidence)),
        Effective::Lacking(_) => return None,
    };
    row.instance(instance);
    Some(row)
}

/// A typed reading by the name of its column.
type Pick = for<'a> fn(&Readings<'a>) -> Option<Value<'a>>;

/// The columns whose candidates are shown.
const READINGS: [(&str, Pick); 5] = [
    ("value", |_| None),
    ("number", |it| it.number),
    ("on", |it| it.on.map(Value::Boolean)),
    ("duration", |it| it.duration),
    ("size", |it| it.size),
];

/// A switch as database parameters write it.
pub fn switch(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "on"]) { Some(true) } else { is(&["false", "no", "off"]).then_some(false) }
}
