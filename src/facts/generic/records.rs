//! A text into a row for each of its records.

use super::{Viewing, readings, secrets};
use crate::facts::{Cell, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::records;
use crate::schema::generic::{From, ROWS};
use crate::source::Source;

static NO_HEADER: Phrase = Phrase { zh: "表头中没有列 {}", en: "the header has no column {}" };
static NOT_OF_TYPE: Phrase = Phrase { zh: "`{}` 不是该列的类型", en: "`{}` is not of the type of its column" };

/// Adds the rows of a text.
pub(super) fn rows<'a>(
    viewing: &mut Viewing<'_, 'a>,
    source: &'a Source<'a>,
    (separator, header): (Option<char>, bool),
    comments: &[String],
) {
    let document = records::read(source.text, separator, comments);
    let mut records = document.records.into_iter();
    let names = if header { records.next().map(|record| record.fields) } else { None };
    if header && names.is_none() {
        // Without a header nothing says what the columns are; an empty file is not an empty table.
        viewing.gap(source.path, Why::new("not-understood", &NO_HEADER, first_header(viewing)));
        return;
    }
    let place = |from: &From| match from {
        From::Place(place) => Some(*place),
        From::Header(wanted) => {
            let names = names.as_deref().unwrap_or_default();
            names.iter().position(|name| name.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(wanted))
        }
        From::Template(_) => None,
    };
    let places: Vec<Option<usize>> = viewing.view.declared.iter().map(|declared| place(&declared.from)).collect();
    for (number, record) in records.enumerate() {
        let cells = viewing.cells(source.path);
        let number = i64::try_from(number + 1).unwrap_or(i64::MAX);
        cells[const { ROWS.column("row") }] = Cell::known(Value::Integer(number), &[]);
        let evidence = viewing.host.evidence(&[Evidence::Decides(source.span(record.text))]);
        for ((cell, declared), place) in cells[ROWS.columns.len()..].iter_mut().zip(&viewing.view.declared).zip(&places) {
            let field = place.map(|place| record.fields.get(place));
            *cell = match field {
                None => Cell::unknown(Why::new("not-understood", &NO_HEADER, viewing.host.text(&declared.name)), evidence),
                Some(field) => match field.map_or("", |field| field.trim()) {
                    "" => Cell::unset(evidence),
                    text => {
                        let from = match &declared.from {
                            From::Header(header) => header,
                            From::Place(_) | From::Template(_) => &declared.name,
                        };
                        let text = secret_or(viewing, source, from, record.text, text);
                        let value = readings::read(viewing.host, text, declared.kind);
                        let unknown = || Cell::unknown(Why::new("not-understood", &NOT_OF_TYPE, text), evidence);
                        value.map_or_else(unknown, |value| Cell::known(value, evidence))
                    }
                },
            };
        }
        if !viewing.push(source.path, cells) {
            return;
        }
    }
    if let Some(part) = document.unread {
        viewing.not_understood(source, part);
    }
}

/// A field as it may be shown, hidden in its source where its column names a secret.
fn secret_or<'a>(viewing: &Viewing<'_, 'a>, source: &Source<'a>, column: &str, record: &'a str, field: &str) -> &'a str {
    // A field with doubled quotes does not stand in the text as it reads: then all of the record is hidden.
    let written = record.find(field).map_or(record, |at| &record[at..at + field.len()]);
    let shown = secrets::value(viewing.host, source, column, written);
    if std::ptr::eq(shown, written) { viewing.host.text(field) } else { shown }
}

/// The first header that is asked for.
fn first_header<'a>(viewing: &Viewing<'_, 'a>) -> &'a str {
    viewing.host.text(viewing.view.declared.first().map_or("", |declared| &declared.name))
}
