//! A row and the rows of a site's own table into whether the site lists it.

use super::Context;
use super::truth::{self, Truth};
use crate::facts::{Cell, State, Value};
use crate::names::composed;
use crate::policy::{ColumnReference, Listed, Literal, SiteKind, SiteRow, SiteTable};
use crate::reckon::glob;
use crate::reckon::network::Addresses;
use crate::schema::Clock;

/// Whether the site lists a row, given its cells for [`Listed::on`]; unknown where the site gave no such table.
///
/// Like any test it answers no, negated or not, where a cell is unset or an empty list: nothing is there that could be listed.
/// Of a list every element must be listed.
pub(super) fn truth(listed: &Listed, cells: &[Cell<'_>], context: &Context<'_>) -> Truth {
    let Some(table) = table(listed, context) else { return Truth::Unknown };
    let is_nothing = |cell: &Cell<'_>| matches!(cell.state, State::Unset | State::Known(Value::List([])));
    if cells.iter().any(is_nothing) {
        return Truth::False;
    }
    let found = match cells.iter().enumerate().find_map(|(at, cell)| elements(cell).map(|items| (at, items))) {
        None => in_any(listed, table, cells, context),
        Some((at, items)) => items.iter().fold(Truth::True, |truth, item| {
            let mut cells = cells.to_vec();
            cells[at].state = State::Known(*item);
            truth.and(in_any(listed, table, &cells, context))
        }),
    };
    if listed.negated { found.not() } else { found }
}

/// The line of the first row of the site table that lists a row.
pub(super) fn line(listed: &Listed, cells: &[Cell<'_>], context: &Context<'_>) -> Option<(String, usize)> {
    let table = table(listed, context)?;
    let row = table.rows.iter().find(|row| matches(listed, table, row, cells, context) == Truth::True)?;
    Some((table.file.clone(), row.line))
}

/// The table that the site gave.
pub(super) fn table<'c>(listed: &Listed, context: &Context<'c>) -> Option<&'c SiteTable> {
    context.tables.get(listed.table)?.as_ref()
}

/// The elements of a list.
fn elements<'a>(cell: &Cell<'a>) -> Option<&'a [Value<'a>]> {
    match cell.state {
        State::Known(Value::List(items)) => Some(items),
        _ => None,
    }
}

/// Whether any row of the site table lists a row.
fn in_any(listed: &Listed, table: &SiteTable, cells: &[Cell<'_>], context: &Context<'_>) -> Truth {
    let mut truth = Truth::False;
    for row in &table.rows {
        match matches(listed, table, row, cells, context) {
            Truth::True => return Truth::True,
            Truth::False => {}
            Truth::Unknown => truth = Truth::Unknown,
        }
    }
    truth
}

/// Whether a row of the site table counts and matches.
fn matches(listed: &Listed, table: &SiteTable, row: &SiteRow, cells: &[Cell<'_>], context: &Context<'_>) -> Truth {
    let mut truth = Truth::True;
    for ((column, site), cell) in listed.on.iter().zip(cells) {
        let (Some(wanted), Some(kind)) = (row.cells.get(*site), table.kinds.get(*site)) else { return Truth::False };
        let found = match column {
            ColumnReference::Asset => equal(Value::Text(context.asset), wanted, kind),
            _ => cell_equal(cell, wanted, kind),
        };
        truth = truth.and(found);
        if truth == Truth::False {
            return truth;
        }
    }
    for (site, tests) in &listed.selects {
        let Some(value) = row.cells.get(*site).and_then(value) else { return Truth::False };
        truth = truth.and(truth::tests(tests, value, Some(Clock::Collected), context));
    }
    truth
}

/// Whether a cell matches what a site wrote; of several candidates all must agree.
fn cell_equal(cell: &Cell<'_>, wanted: &Literal, kind: &SiteKind) -> Truth {
    match cell.state {
        State::Known(value) => equal(value, wanted, kind),
        State::Unset => Truth::False,
        State::Unknown(_, candidates) => {
            let mut answers = candidates.iter().map(|candidate| equal(*candidate, wanted, kind));
            match answers.next() {
                Some(first) if answers.all(|answer| answer == first) => first,
                _ => Truth::Unknown,
            }
        }
    }
}

/// Whether a value matches what a site wrote: a text the pattern of a glob column, addresses the block that they lie in.
fn equal(value: Value<'_>, wanted: &Literal, kind: &SiteKind) -> Truth {
    let holds = match (value, wanted) {
        (Value::Opaque(_), _) => return Truth::Unknown,
        (Value::Text(text) | Value::Version(text) | Value::Word(text), Literal::Text(pattern)) if *kind == SiteKind::Glob => {
            glob::wildcard(pattern, &composed(text))
        }
        (Value::Text(text) | Value::Version(text) | Value::Word(text), Literal::Text(wanted)) => truth::is_text(text, wanted),
        (Value::Network(block), Literal::Network(wanted)) => Addresses::of([block]).within(&Addresses::of([*wanted])),
        (Value::Boolean(on), Literal::Boolean(wanted)) => on == *wanted,
        (Value::Integer(number), Literal::Integer(wanted)) => number == *wanted,
        (Value::Date(date), Literal::Date(wanted)) => date == *wanted,
        (Value::Never, Literal::Never) => true,
        _ => false,
    };
    if holds { Truth::True } else { Truth::False }
}

/// What a site wrote as a value that tests can see.
fn value(literal: &Literal) -> Option<Value<'_>> {
    Some(match literal {
        Literal::Text(text) | Literal::Version(text) => Value::Text(text),
        Literal::Boolean(on) => Value::Boolean(*on),
        Literal::Integer(number) => Value::Integer(*number),
        Literal::Date(date) => Value::Date(*date),
        Literal::Never => Value::Never,
        Literal::Network(block) => Value::Network(*block),
        Literal::Size(_) | Literal::Duration(_) | Literal::Mode(_) | Literal::Unlimited | Literal::Asset => return None,
    })
}
