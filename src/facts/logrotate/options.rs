//! Directives into the options in force, each with the text that set it and the one that it overrode.

use crate::parse::logrotate::Directive;
use crate::reckon::retention::{Count, Period};
use crate::source::{Source, Span};

/// One option in force.
#[derive(Clone, Copy, Debug)]
pub struct Setting<T> {
    /// Its value.
    pub value: T,
    /// The text that set it; none where it is logrotate's default.
    pub set_by: Option<Span>,
    /// The text that would hold otherwise.
    pub overrode: Option<Span>,
}

impl<T> Setting<T> {
    const fn default(value: T) -> Setting<T> {
        Setting { value, set_by: None, overrode: None }
    }

    fn put(&mut self, value: T, span: Span) {
        *self = Setting { value, set_by: Some(span), overrode: self.set_by };
    }
}

/// What rotation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// A period.
    Time(Period),
    /// A size in bytes.
    Size(u64),
}

/// The options that decide how long records are kept.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The last of `hourly` to `yearly` and `size`.
    pub criterion: Setting<Criterion>,
    /// `rotate`.
    pub count: Setting<Count>,
    /// `maxsize` in bytes.
    pub max_size: Setting<Option<u64>>,
    /// `maxage` in days.
    pub max_age: Setting<Option<u64>>,
    /// Whether rotated files are named by date.
    pub dated: Setting<bool>,
    /// `dateformat`.
    pub date_format: Setting<Option<&'a str>>,
}

/// What a directive does that logrotate cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// Its block is given up; outside of blocks, its file.
    Block,
    /// Its file is given up.
    File,
}

impl<'a> Options<'a> {
    /// The options before the first line is read: no file is kept, and a size of 1 MiB makes a log rotate.
    pub const DEFAULT: Options<'a> = Options {
        criterion: Setting::default(Criterion::Size(1 << 20)),
        count: Setting::default(Count::Files(0)),
        max_size: Setting::default(None),
        max_age: Setting::default(None),
        dated: Setting::default(false),
        date_format: Setting::default(None),
    };

    /// Takes one directive in.
    pub fn apply(&mut self, source: &Source<'a>, directive: &Directive<'a>) -> Result<(), Harm> {
        let span = source.span(directive.text);
        let argument = directive.argument;
        let mut every = |period| self.criterion.put(Criterion::Time(period), span);
        match directive.name {
            "hourly" => every(Period::Hour),
            "daily" => every(Period::Day),
            "weekly" if weekday(argument) => every(Period::Week),
            "weekly" => return Err(Harm::File),
            "monthly" => every(Period::Month),
            "yearly" => every(Period::Year),
            "size" => self.criterion.put(Criterion::Size(size_bytes(argument).ok_or(Harm::Block)?), span),
            "minsize" => drop(size_bytes(argument).ok_or(Harm::Block)?),
            "maxsize" => self.max_size.put(Some(size_bytes(argument).ok_or(Harm::Block)?).filter(|size| *size > 0), span),
            "rotate" => self.count.put(count(argument).ok_or(Harm::Block)?, span),
            "maxage" => self.max_age.put(Some(whole(argument).ok_or(Harm::Block)?).filter(|days| *days > 0), span),
            "minage" | "start" => drop(whole(argument).ok_or(Harm::Block)?),
            "dateext" => self.dated.put(true, span),
            "nodateext" => self.dated.put(false, span),
            "dateformat" => self.date_format.put(Some(argument), span),
            _ => {}
        }
        Ok(())
    }

    /// Whether the names of rotated files sort by date: logrotate(8) asks for it, because deletion goes by the sorted names.
    pub fn sorts_by_time(&self) -> bool {
        !self.dated.value || self.date_format.value.is_none_or(sorts)
    }
}

/// Whether dates in a format sort as they follow each other: year, month, day, hour … or year, week …, or seconds, with none left out.
fn sorts(format: &str) -> bool {
    let mut fields = format.split('%').skip(1).filter_map(|field| field.chars().next());
    let orders: [&[char]; 3] = [&['Y', 'm', 'd', 'H', 'M', 'S'], &['Y', 'V'], &['s']];
    let fields: Vec<char> = fields.by_ref().collect();
    orders.iter().any(|order| fields.first() == order.first() && fields.iter().zip(*order).all(|(field, due)| field == due))
}

/// The argument of `weekly`: none, or a day of the week; 7 is any day.
fn weekday(argument: &str) -> bool {
    argument.is_empty() || whole(argument).is_some_and(|day| day <= 7)
}

/// The argument of `rotate`.
fn count(argument: &str) -> Option<Count> {
    match argument {
        "-1" => Some(Count::All),
        _ => whole(argument).map(Count::Files),
    }
}

/// A number as strtoul(3) reads it, up to the greatest that logrotate can hold: octal after `0`, hexadecimal after `0x`.
fn whole(text: &str) -> Option<u64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16),
        _ if text.starts_with('0') => u64::from_str_radix(text, 8),
        _ => text.parse(),
    };
    number.ok().filter(|number| *number <= i32::MAX as u64)
}

/// A size with perhaps `k`, `M` or `G` behind it, in bytes.
fn size_bytes(text: &str) -> Option<u64> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 'k') => (&text[..at], 1 << 10),
        (at, 'M') => (&text[..at], 1 << 20),
        (at, 'G') => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    Some(whole(number)? * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_logrotate_reads_them() {
        // `rotate 010` makes logrotate 3.21 print `8 rotations`; `maxsize 0x10`: `log files >= 16 are rotated earlier`.
        for (text, number) in [("010", Some(8)), ("0x10", Some(16)), ("+5", Some(5)), ("0", Some(0)), ("08", None), ("3 # c", None)] {
            assert_eq!(whole(text), number, "{text}");
        }
        for text in ["", "-1", "x", "0x", "0x+1", "99999999999", "\"3\"", "5 }"] {
            assert_eq!(whole(text), None, "{text}");
        }
        for (text, size) in [("100k", Some(102_400)), ("1M", Some(1 << 20)), ("2G", Some(2 << 30)), ("7", Some(7)), ("100kb", None)] {
            assert_eq!(size_bytes(text), size, "{text}");
        }
        assert_eq!(size_bytes("k"), None);
    }

    #[test]
    fn formats_sort_where_the_greater_field_comes_first() {
        for format in ["-%Y%m%d", "-%Y%m%d-%H%M%S", ".%s", "-%Y", "-%Y-W%V", "-%Y/%m/%d"] {
            assert!(sorts(format), "{format}");
        }
        for format in ["-%d%m%Y", "-%m%d", "-%Y%d", "-%Y%m%H", "-%H%Y%m%d", "-fixed"] {
            assert!(!sorts(format), "{format}");
        }
    }
}
