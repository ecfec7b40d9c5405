//! `[[record]]` tables into rows of `records`: when what was done, and whether that is proven.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::{Date, date};

use super::PRODUCT;
use super::entry::Entry;
use super::fault::{self, Fault, Standing};
use crate::facts::{Cell, Evidence, Host, Tables, Value, Why};
use crate::reckon::calendar;
use crate::schema::records::{KINDS, RECORDS};

/// The fields of records besides those that incidents have too.
const FIELDS: &[&str] = &["kind", "date", "level", "cii", "period", "launch", "disposed", "method", "oldest", "live-since", "filing"];

/// One record as far as it was read.
struct Record<'n, 'a> {
    entry: Entry<'n, 'a>,
    kind: &'static str,
    subject: &'a str,
    date: Option<(Date, &'a str)>,
    standing: Standing<'a>,
}

/// The newest record of one kind and subject.
#[derive(Clone, Copy, Default)]
struct Newest<'a> {
    /// Of those that are valid.
    valid: Option<Date>,
    /// Of those whose file could not be read, and why.
    doubtful: Option<(Date, Why<'a>)>,
}

/// Adds the rows of all records.
pub(super) fn fill<'a>(host: &Host<'a>, entries: &[Entry<'_, 'a>], tables: &mut Tables<'a>) {
    let records: Vec<Record<'_, 'a>> = entries.iter().map(|entry| record(host, *entry)).collect();
    let mut quarters: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    let mut newest: BTreeMap<(&str, &str), Newest<'a>> = BTreeMap::new();
    for record in &records {
        let Some((date, _)) = record.date else { continue };
        let newest = newest.entry((record.kind, record.subject)).or_default();
        match &record.standing {
            Standing::Valid => {
                quarters.entry(record.kind).or_default().insert(calendar::quarter(date));
                newest.valid = newest.valid.max(Some(date));
            }
            Standing::Doubtful(why) if newest.doubtful.is_none_or(|(other, _)| other < date) => newest.doubtful = Some((date, *why)),
            Standing::Doubtful(_) | Standing::Faulty(_) => {}
        }
    }
    for record in &records {
        if !host.spend(1) {
            super::gap(host, tables, Why::budget_spent(record.entry.source.path));
            return;
        }
        let in_a_row = record.date.map_or(0, |(date, _)| quarters.get(record.kind).map_or(0, |known| in_a_row(known, date)));
        let newest = newest.get(&(record.kind, record.subject)).copied().unwrap_or_default();
        row(host, record, in_a_row, newest, tables);
    }
}

/// How many quarters without a gap end with that of a day.
fn in_a_row(known: &BTreeSet<i32>, date: Date) -> i64 {
    let mut quarter = calendar::quarter(date);
    let mut count = 0;
    while known.contains(&quarter) {
        quarter -= 1;
        count += 1;
    }
    count
}

/// Reads one record.
fn record<'n, 'a>(host: &Host<'a>, entry: Entry<'n, 'a>) -> Record<'n, 'a> {
    let mut standing = fault::check(host, &entry, FIELDS);
    let mut faulty = |problem, part| {
        if !matches!(standing, Standing::Faulty(_)) {
            standing = Standing::Faulty(Fault { problem, part });
        }
    };
    let written = entry.text("kind");
    let kind = written.and_then(|(name, _)| KINDS.iter().copied().find(|kind| *kind == name && !matches!(name, "other" | "incident")));
    if kind.is_none() {
        faulty("unknown-kind", written.map_or(entry.node.text, |(_, part)| part));
    }
    let date = match entry.day("date") {
        None => {
            faulty("no-date", entry.node.text);
            None
        }
        Some(Err(part)) => {
            faulty("bad-date", part);
            None
        }
        Some(Ok(date)) => Some(date),
    };
    for field in ["launch", "disposed", "oldest", "live-since"] {
        if let Some(Err(part)) = entry.day(field) {
            faulty("bad-date", part);
        }
    }
    for field in ["level", "period"] {
        if let Some(node) = entry.field(field).filter(|_| entry.integer(field).is_none()) {
            faulty("bad-value", node.text);
        }
    }
    Record { entry, kind: kind.unwrap_or("other"), subject: entry.text("subject").map_or("-", |(subject, _)| subject), date, standing }
}

/// Adds the row of one record.
fn row<'a>(host: &Host<'a>, record: &Record<'_, 'a>, in_a_row: i64, newest: Newest<'a>, tables: &mut Tables<'a>) {
    let Record { entry, kind, subject, date, standing } = record;
    let whole = host.evidence(&[Evidence::Decides(entry.source.span(entry.node.text))]);
    let unset = entry.unset(host);
    let text = |field: &str| entry.text(field).map_or(unset, |(text, part)| entry.cell(host, Value::Text(text), part));
    let dated = |value: Option<Value<'a>>| match (value, date) {
        (Some(value), Some((_, part))) => entry.cell(host, value, part),
        _ => unset,
    };
    let scope: Vec<&str> = entry.texts("scope").into_iter().map(|(text, _)| text).collect();
    let scope_part = entry.field("scope").map_or(entry.node.text, |node| node.text);
    let next_quarter = date.and_then(|(date, _)| calendar::next_quarter_end(date));
    let [valid, problem, place] = fault::cells(host, entry, standing);
    let mut row = host.row(&RECORDS, PRODUCT.name);
    row.set(const { RECORDS.column("kind") }, Cell::known(Value::Word(kind), whole))
        .set(const { RECORDS.column("subject") }, Cell::known(Value::Text(subject), whole))
        .set(const { RECORDS.column("file") }, Cell::known(Value::Text(entry.text("file").map_or("-", |(file, _)| file)), whole))
        .set(const { RECORDS.column("date") }, dated(date.map(|(date, _)| Value::Date(date))))
        .set(const { RECORDS.column("by") }, text("by"))
        .set(const { RECORDS.column("covers") }, entry.cell(host, host.texts(&scope), scope_part))
        .set(
            const { RECORDS.column("level") },
            entry.integer("level").map_or(unset, |(level, part)| entry.cell(host, Value::Integer(level), part)),
        )
        .set(const { RECORDS.column("critical") }, Cell::known(Value::Boolean(entry.is_on("cii")), whole))
        .set(const { RECORDS.column("valid") }, valid)
        .set(const { RECORDS.column("problem") }, problem)
        .set(const { RECORDS.column("place") }, place)
        .set(const { RECORDS.column("latest") }, latest(record, newest, whole))
        .set(const { RECORDS.column("quarters-in-a-row") }, Cell::known(Value::Integer(in_a_row), whole))
        .set(const { RECORDS.column("next-quarter-end") }, dated(next_quarter.map(Value::Date)))
        .set(const { RECORDS.column("in-time") }, in_time(host, record))
        .set(const { RECORDS.column("next-due") }, next_due(host, record))
        .set(const { RECORDS.column("reaches-back-months") }, reaches_back(host, record))
        .set(const { RECORDS.column("since-start") }, since_start(host, record))
        .set(const { RECORDS.column("method") }, text("method"))
        .set(const { RECORDS.column("filing") }, text("filing"));
    tables.push(row);
}

/// Whether it is the newest valid record of its kind and subject, or there is none; not known where its own file could not be read
/// and it may be.
fn latest<'a>(record: &Record<'_, 'a>, newest: Newest<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let date = record.date.map(|(date, _)| date);
    match &record.standing {
        _ if newest.valid.is_none() => Cell::known(Value::Boolean(true), evidence),
        Standing::Doubtful(why) if date > newest.valid => Cell::unknown(*why, evidence),
        Standing::Valid if date == newest.valid => match newest.doubtful.filter(|(newer, _)| Some(*newer) > date) {
            Some((_, why)) => Cell::unknown(why, evidence),
            None => Cell::known(Value::Boolean(true), evidence),
        },
        Standing::Valid => Cell::known(Value::Boolean(false), evidence),
        Standing::Doubtful(_) | Standing::Faulty(_) => Cell::known(Value::Boolean(false), evidence),
    }
}

/// The day by which a record of its kind must be dated, and the part that says so.
fn deadline<'a>(record: &Record<'_, 'a>) -> Option<(Date, &'a str)> {
    match record.kind {
        "annual-report" => {
            let (period, part) = record.entry.integer("period")?;
            // Article 65: by 15 January of the year after.
            Some((january(period.checked_add(1)?)?, part))
        }
        "change-test" => record.entry.day("launch")?.ok(),
        "media-disposal" => record.entry.day("disposed")?.ok(),
        _ => None,
    }
}

/// The fifteenth of January of a year.
fn january(year: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, 1, 15).ok()
}

/// Whether the record keeps its own deadline.
fn in_time<'a>(host: &Host<'a>, record: &Record<'_, 'a>) -> Cell<'a> {
    match (record.date, deadline(record)) {
        (Some((date, part)), Some((deadline, because))) => {
            let source = record.entry.source;
            let evidence = [Evidence::Decides(source.span(part)), Evidence::Reference(source.span(because))];
            Cell::known(Value::Boolean(date <= deadline), host.evidence(&evidence))
        }
        _ => record.entry.unset(host),
    }
}

/// When the yearly report of the next period is due.
fn next_due<'a>(host: &Host<'a>, record: &Record<'_, 'a>) -> Cell<'a> {
    let period = record.entry.integer("period").filter(|_| record.kind == "annual-report");
    match period.and_then(|(period, part)| Some((january(period.checked_add(2)?)?, part))) {
        Some((due, part)) => record.entry.cell(host, Value::Date(due), part),
        None => record.entry.unset(host),
    }
}

/// The day of the oldest log in a sample, and the part that says so.
fn oldest<'a>(record: &Record<'_, 'a>) -> Option<(Date, &'a str)> {
    record.entry.day("oldest")?.ok().filter(|_| record.kind == "retention-sample")
}

/// How many whole months the sample reaches back from its date.
fn reaches_back<'a>(host: &Host<'a>, record: &Record<'_, 'a>) -> Cell<'a> {
    match (record.date, oldest(record)) {
        (Some((date, _)), Some((oldest, part))) => record.entry.cell(host, Value::Integer(calendar::months_between(oldest, date)), part),
        _ => record.entry.unset(host),
    }
}

/// Whether the sample reaches back to the day on which the system went live: its first log may be from the day after.
fn since_start<'a>(host: &Host<'a>, record: &Record<'_, 'a>) -> Cell<'a> {
    let live = record.entry.day("live-since").and_then(Result::ok);
    match (live, oldest(record)) {
        (Some((live, _)), Some((oldest, part))) => {
            let next_day = live.checked_add(Span::new().days(1)).unwrap_or(date(9999, 12, 31));
            record.entry.cell(host, Value::Boolean(oldest <= next_day), part)
        }
        _ => record.entry.unset(host),
    }
}
