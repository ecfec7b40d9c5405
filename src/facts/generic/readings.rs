//! A value as text into every type that it can be read as.

use crate::facts::{Cell, Evidence, Host, Value};
use crate::names::unit;
use crate::schema::Kind;

/// How many columns a value and its readings take: value, number, on, duration, size, items.
const READINGS: usize = 6;

/// Sets the value and its readings, beginning with the column of the value.
pub(super) fn set<'a>(host: &Host<'a>, cells: &mut [Cell<'a>], first: usize, text: &'a str, evidence: &'a [Evidence<'a>]) {
    let cell = |value: Option<Value<'a>>| value.map_or(Cell::unset(evidence), |value| Cell::known(value, evidence));
    let read = |kind| cell(read(host, text, kind));
    let readings = [
        Cell::known(Value::Text(text), evidence),
        read(Kind::Integer),
        read(Kind::Boolean),
        read(Kind::Duration),
        read(Kind::Size),
        read(Kind::Texts),
    ];
    cells.iter_mut().skip(first).zip(readings).for_each(|(place, reading)| *place = reading);
}

/// Sets all of them to unknown.
pub(super) fn set_unknown<'a>(cells: &mut [Cell<'a>], first: usize, unknown: Cell<'a>) {
    cells.iter_mut().skip(first).take(READINGS).for_each(|place| *place = unknown);
}

/// A text read as a type; none where it is not of it. Sizes and durations are read where their unit leaves no doubt: `64MiB`, not `64M`
/// (of which some programs make 64,000,000).
pub(super) fn read<'a>(host: &Host<'a>, text: &'a str, kind: Kind) -> Option<Value<'a>> {
    let trimmed = text.trim();
    match kind {
        Kind::Text => Some(Value::Text(text)),
        Kind::Integer => trimmed.parse().ok().map(Value::Integer),
        Kind::Boolean => switch(trimmed).map(Value::Boolean),
        Kind::Duration => unit::read(trimmed, unit::DURATION).map(Value::Duration),
        Kind::Size => unit::read(trimmed, unit::SIZE).map(Value::Size),
        Kind::Date(_) => trimmed.parse().ok().map(Value::Date),
        Kind::Version => trimmed.starts_with(|first: char| first.is_ascii_digit()).then_some(Value::Version(trimmed)),
        Kind::Texts => {
            let items: Vec<&'a str> = trimmed.split([',', ' ', '\t']).filter(|item| !item.is_empty()).collect();
            Some(host.texts(&items))
        }
        _ => None,
    }
}

/// A word that is a switch in most programs.
pub(super) fn switch(text: &str) -> Option<bool> {
    const ON: [&str; 6] = ["1", "enable", "enabled", "on", "true", "yes"];
    const OFF: [&str; 6] = ["0", "disable", "disabled", "off", "false", "no"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&ON) { Some(true) } else { is(&OFF).then_some(false) }
}
