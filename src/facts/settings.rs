//! One effective setting into the row of a settings table: the value as text and as each type that it can be read as.

use super::{Cell, Evidence, Host, RowBuilder, Value, Why};
use crate::schema::Table;

/// The readings of a value beside its text; what it cannot be read as is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readings<'a> {
    /// A whole number.
    pub number: Option<Value<'a>>,
    /// A switch.
    pub on: Option<bool>,
    /// A time: a duration, or unlimited.
    pub duration: Option<Value<'a>>,
    /// A size, or unlimited.
    pub size: Option<Value<'a>>,
}

/// A value as text and in every type that it can be read as.
#[derive(Clone, Copy, Debug, Default)]
pub struct Read<'a> {
    /// As the program itself shows it.
    pub text: &'a str,
    /// The typed readings.
    pub readings: Readings<'a>,
    /// The items of a list.
    pub items: Option<&'a [Value<'a>]>,
}

/// What is known of one setting, and what that rests on.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Its value, or why it is not known.
    pub state: Result<Read<'a>, Why<'a>>,
    /// The evidence.
    pub evidence: &'a [Evidence<'a>],
}

impl<'a> Setting<'a> {
    /// A cell for what a reading says; unset where the value cannot be read so.
    pub fn cell(&self, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        match self.state {
            Ok(read) => reading(&read).map_or(Cell::unset(self.evidence), |value| Cell::known(value, self.evidence)),
            Err(why) => Cell::unknown(why, self.evidence),
        }
    }

    /// Its row in a settings table.
    pub fn row(&self, host: &Host<'a>, table: &'static Table, product: &'static str, name: &'static str) -> RowBuilder<'a> {
        let read = match self.state {
            Ok(read) => read,
            Err(why) => return unknown_row(host, table, product, name, Cell::unknown(why, self.evidence)),
        };
        let mut row = row(host, table, product, name, (read.text, read.readings, self.evidence));
        if let Some(items) = read.items {
            set(&mut row, "items", Cell::known(Value::List(items), self.evidence));
        }
        row
    }
}

/// The row of one setting whose value is known.
pub fn row<'a>(
    host: &Host<'a>,
    table: &'static Table,
    product: &'static str,
    name: &'static str,
    setting: (&'a str, Readings<'a>, &'a [Evidence<'a>]),
) -> RowBuilder<'a> {
    let (text, readings, evidence) = setting;
    let cell = |value: Option<Value<'a>>| value.map_or(Cell::unset(evidence), |value| Cell::known(value, evidence));
    let row = host.row(table, product);
    for (place, column) in row.cells.iter_mut().zip(table.columns) {
        *place = cell(match column.name {
            "name" => Some(Value::Text(name)),
            "value" => (!text.is_empty()).then_some(Value::Text(text)),
            "number" => readings.number,
            "on" => readings.on.map(Value::Boolean),
            "duration" => readings.duration,
            "size" => readings.size,
            "origin" => Some(Value::Word(origin(evidence))),
            _ => continue,
        });
    }
    row
}

/// The row of one setting whose value is not known: `unknown` for its value and every reading.
pub fn unknown_row<'a>(
    host: &Host<'a>,
    table: &'static Table,
    product: &'static str,
    name: &'static str,
    unknown: Cell<'a>,
) -> RowBuilder<'a> {
    let row = host.row(table, product);
    for (place, column) in row.cells.iter_mut().zip(table.columns) {
        *place = match column.name {
            "value" | "number" | "on" | "duration" | "size" | "items" | "origin" => unknown,
            "name" => Cell::known(Value::Text(name), unknown.evidence),
            _ => continue,
        };
    }
    row
}

/// Sets a cell of a column that every settings table has.
pub fn set<'a>(row: &mut RowBuilder<'a>, column: &str, cell: Cell<'a>) {
    let place = row.table.find(column).unwrap_or(usize::MAX);
    row.set(place, cell);
}

/// Where a value with this evidence comes from.
fn origin(evidence: &[Evidence<'_>]) -> &'static str {
    if matches!(evidence.first(), Some(Evidence::Decides(_))) { "file" } else { "default" }
}
