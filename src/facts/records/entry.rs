//! One table of a records file into typed fields, each with the part of the text that writes it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::facts::{Cell, Evidence, Host, Value};
use crate::parse::data::{Held, Node};
use crate::source::Source;

/// What a field says, and the part that says it.
pub(super) type Field<'a, T> = Option<Result<(T, &'a str), &'a str>>;

/// One table: a record, an incident, a calendar.
#[derive(Clone, Copy)]
pub(super) struct Entry<'n, 'a> {
    pub(super) node: &'n Node<'a>,
    pub(super) source: &'a Source<'a>,
}

impl<'n, 'a> Entry<'n, 'a> {
    /// The field of a name.
    pub(super) fn field(&self, name: &str) -> Option<&'n Node<'a>> {
        self.node.children().iter().find(|node| node.key == name)
    }

    /// A text that is not blank.
    pub(super) fn text(&self, name: &str) -> Option<(&'a str, &'a str)> {
        string(self.field(name)?)
    }

    /// The texts of a list, or one text.
    pub(super) fn texts(&self, name: &str) -> Vec<(&'a str, &'a str)> {
        self.items(name).into_iter().filter_map(string).collect()
    }

    /// The items of a list, or one value.
    fn items(&self, name: &str) -> Vec<&'n Node<'a>> {
        match self.field(name) {
            Some(Node { held: Held::List(items), .. }) => items.iter().collect(),
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Option<(i64, &'a str)> {
        let node = self.field(name)?;
        Some((value(node)?.parse().ok()?, node.text))
    }

    /// Whether a switch is on; one that is not there is off.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.field(name).and_then(value) == Some("true")
    }

    /// A day, or the day in China of a moment.
    pub(super) fn day(&self, name: &str) -> Field<'a, Date> {
        self.field(name).map(|node| day(node).map(|day| (day, node.text)).ok_or(node.text))
    }

    /// The days of a list; none where one of them is no day.
    pub(super) fn days(&self, name: &str) -> Option<Vec<Date>> {
        self.items(name).into_iter().map(day).collect()
    }

    /// A moment: a date and time with its offset.
    pub(super) fn moment(&self, name: &str) -> Field<'a, Timestamp> {
        self.field(name).map(|node| moment(node).map(|moment| (moment, node.text)).ok_or(node.text))
    }

    /// The moments of a list; the first that is none, where one is none.
    pub(super) fn moments(&self, name: &str) -> Result<Vec<Timestamp>, &'a str> {
        self.items(name).into_iter().map(|node| moment(node).ok_or(node.text)).collect()
    }

    /// A value that a part of the text decides.
    pub(super) fn cell(&self, host: &Host<'a>, value: Value<'a>, part: &str) -> Cell<'a> {
        host.decided(value, self.source, part)
    }

    /// No value, and the table in which it was looked for.
    pub(super) fn unset(&self, host: &Host<'a>) -> Cell<'a> {
        Cell::unset(host.evidence(&[Evidence::Searched(self.source.path), Evidence::Scope(self.source.span(self.node.text))]))
    }

    /// Where a part of the text stands: `records/2026.toml:12:8`, lines and columns counted from one.
    pub(super) fn place(&self, host: &Host<'a>, part: &str) -> &'a str {
        let span = self.source.span(part);
        let (line, offset) = self.source.line_text(span);
        let column = line.get(..offset).map_or(1, |before| before.chars().count() + 1);
        host.text(&format!("{}:{}:{column}", self.source.path, self.source.line(span)))
    }
}

/// The day in China on which a moment lies: the clock of the supervisor, eight hours ahead of UTC all year.
pub(super) fn day_in_china(moment: Timestamp) -> Date {
    moment.to_zoned(Offset::constant(8).to_time_zone()).date()
}

/// The path of a file that a record or the register names, below `records/`; none where it leads out of it.
pub(super) fn inside<'a>(host: &Host<'a>, name: &str) -> Option<&'a str> {
    let plain = !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | "..")) && !name.contains('\\');
    plain.then(|| host.text(&format!("records/{name}")))
}

/// The text of a value, whatever its type.
fn value<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node.held {
        Held::Value(text, _) => Some(text.trim()),
        _ => None,
    }
}

/// The text of a string that is not blank, and the part that writes it.
fn string<'a>(node: &Node<'a>) -> Option<(&'a str, &'a str)> {
    let text = value(node).filter(|text| !text.is_empty() && node.text.starts_with(['"', '\'']))?;
    Some((text, node.text))
}

/// The day that a value writes: `2026-03-12`, or that of a moment.
fn day(node: &Node<'_>) -> Option<Date> {
    let text = value(node)?;
    if text.len() == "2026-03-12".len() { text.parse().ok() } else { moment(node).map(day_in_china) }
}

/// The moment that a value writes. Without an offset nobody knows which moment it is.
fn moment(node: &Node<'_>) -> Option<Timestamp> {
    value(node)?.parse().ok()
}
