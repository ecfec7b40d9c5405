//! A text into a row for each of its lines.

use super::{Viewing, secrets};
use crate::facts::{Cell, Evidence, Value};
use crate::schema::generic::LINES;
use crate::source::{self, Source};

/// Adds the rows of a text.
pub(super) fn rows<'a>(viewing: &mut Viewing<'_, 'a>, source: &'a Source<'a>, comments: &[String]) {
    for (number, line) in source::lines(source.text).enumerate() {
        let line = line.trim();
        if line.is_empty() || comments.iter().any(|comment| line.starts_with(comment.as_str())) {
            continue;
        }
        let cells = viewing.cells(source.path);
        let evidence = viewing.host.evidence(&[Evidence::Decides(source.span(line))]);
        let number = i64::try_from(number + 1).unwrap_or(i64::MAX);
        cells[const { LINES.column("line") }] = Cell::known(Value::Integer(number), &[]);
        cells[const { LINES.column("text") }] = Cell::known(Value::Text(secrets::line(viewing.host, source, line)), evidence);
        if !viewing.push(source.path, cells) {
            return;
        }
    }
}
