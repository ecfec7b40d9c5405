//! What an instance says of itself, or the path of its home, into its version.

use super::super::{Evidence, Host};
use super::Database;

/// A version, and what shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version<'a> {
    /// Its first four numbers.
    pub numbers: [u32; 4],
    /// What shows it.
    pub shown_by: Option<Evidence<'a>>,
}

/// The numbers of `19.0.0.0.0`; missing ones are 0.
fn numbers(text: &str) -> Option<[u32; 4]> {
    let mut numbers = [0; 4];
    let mut parts = text.trim().split('.');
    numbers[0] = parts.next()?.parse().ok()?;
    for (place, part) in numbers.iter_mut().skip(1).zip(parts) {
        *place = part.parse().ok()?;
    }
    (numbers[0] >= 8).then_some(numbers)
}

/// The version in the answer about parameters.
pub(super) fn of_answer<'a>(database: &Database<'a>) -> Option<Version<'a>> {
    let answered = database.answer(&["parameters"], super::parameters::COLUMNS)?;
    let mut records = answered.records(super::parameters::COLUMNS)?;
    let (record, [_, value]) = records.find(|(_, [name, _])| *name == "version")?;
    Some(Version { numbers: numbers(value)?, shown_by: Some(answered.decides(record)) })
}

/// The version in the path of a home: `…/product/19.0.0/dbhome_1` (Installation Guide, Optimal Flexible Architecture).
pub(super) fn of_path<'a>(host: &Host<'a>, home: &str) -> Option<Version<'a>> {
    let (_, rest) = home.split_once("/product/")?;
    let numbers = numbers(rest.split('/').next()?.trim_end_matches('c'))?;
    // The folder is named once, and a patch set may be newer: only the release is taken from it.
    Some(Version { numbers: [numbers[0], numbers[1], numbers[2], numbers[3]], shown_by: Some(Evidence::Searched(host.text(home))) })
}
