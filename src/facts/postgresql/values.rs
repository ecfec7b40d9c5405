//! The text of a parameter into what the server makes of it: canonical text, number, switch, time, size, items.
//!
//! The truth is `parse_bool`, `parse_int`, `convert_to_base_unit` (guc.c) and `SplitIdentifierString` (varlena.c) of PostgreSQL.

use super::super::settings::{Read, Readings};
use super::super::{Host, Value};
use super::parameters::{Kind, Parameter};

/// Units of a time, in microseconds.
const TIMES: [(&str, u64); 6] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

/// Units of a size, in bytes; `8kB` is how pg_settings names a block.
const SIZES: [(&str, u64); 6] = [("B", 1), ("kB", 1 << 10), ("8kB", 8 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];

/// A switch: any unique beginning of a word, or a digit.
pub(super) fn boolean(text: &str) -> Option<bool> {
    let begins = |word: &str, least: usize| text.len() >= least && word.get(..text.len()).is_some_and(|it| it.eq_ignore_ascii_case(text));
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if begins("true", 1) || begins("yes", 1) || begins("on", 2) => Some(true),
        _ if begins("false", 1) || begins("no", 1) || begins("off", 2) => Some(false),
        _ => None,
    }
}

/// A whole number: decimal, octal with a leading zero, or hexadecimal.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok()?,
        None if digits.len() > 1 && digits.starts_with('0') && !digits.contains('.') => i64::from_str_radix(digits, 8).ok()?,
        None if digits.contains('.') => rounded(digits)?,
        None => digits.parse().ok()?,
    };
    Some(if negative { -number } else { number })
}

/// A decimal number as the nearest whole one.
fn rounded(digits: &str) -> Option<i64> {
    let number: f64 = digits.parse().ok()?;
    // Beyond this a double no longer holds every whole number.
    (number.abs() < 9e15).then(|| number.round_ties_even() as i64)
}

/// A number with a unit, in the smallest of the units; `bare` is what a number without one stands for.
fn with_unit(text: &str, units: &[(&str, u64)], bare: u64) -> Option<i128> {
    let text = text.trim();
    let sign = usize::from(text.starts_with(['-', '+']));
    let end = text[sign..].find(|it: char| !(it.is_ascii_digit() || it == '.')).map_or(text.len(), |at| sign + at);
    let (number, unit) = (&text[..end], text[end..].trim());
    let factor = if unit.is_empty() { bare } else { units.iter().find(|(name, _)| *name == unit)?.1 };
    if number.contains('.') {
        let number: f64 = number.parse().ok()?;
        return (number.abs() < 9e9).then(|| (number * factor as f64).round() as i128);
    }
    Some(i128::from(integer(number)?) * i128::from(factor))
}

/// A time in microseconds or a size in bytes, and what one unit of the server's own is; none for other values. `unit` is that of
/// pg_settings, for a value without one.
pub(super) fn smallest(parameter: &Parameter, text: &str, unit: &str) -> Option<(i128, i128)> {
    let (units, bare) = match parameter.kind {
        Kind::Time(milliseconds) => (&TIMES, milliseconds * 1_000),
        Kind::Size(bytes) => (&SIZES, bytes),
        _ => return None,
    };
    let given = units.iter().find(|(name, _)| *name == unit).map_or(bare, |(_, size)| *size);
    Some((with_unit(text, units, given)?, i128::from(bare)))
}

/// Reads a value; none where the server would refuse it. `unit` is that of pg_settings, for a value without one.
pub(super) fn read<'a>(host: &Host<'a>, parameter: &Parameter, text: &'a str, unit: &str) -> Option<Read<'a>> {
    let mut readings = Readings::default();
    let mut items = None;
    let mut shown = text;
    match parameter.kind {
        Kind::Boolean => {
            let on = boolean(text)?;
            readings.on = Some(on);
            shown = if on { "on" } else { "off" };
        }
        Kind::Integer => {
            let number = integer(text)?;
            let limit = parameter.unlimited && number <= 0;
            readings.number = Some(if limit { Value::Unlimited } else { Value::Integer(number) });
            readings.on = boolean(text);
        }
        Kind::Mode => {
            // A number as any other: octal by its leading zero alone. The running server shows octal digits with one.
            let bits = integer(text).filter(|bits| (0..=0o777).contains(bits))?;
            readings.number = Some(Value::Integer(bits));
            shown = host.text(&format!("{bits:04o}"));
        }
        Kind::Time(bare) => {
            let bare = TIMES.iter().find(|(name, _)| *name == unit).map_or(bare * 1_000, |(_, unit)| *unit);
            readings.duration = Some(time(with_unit(text, &TIMES, bare)?, parameter.unlimited)?);
        }
        Kind::Size(bare) => {
            let bare = SIZES.iter().find(|(name, _)| *name == unit).map_or(bare, |(_, unit)| *unit);
            let bytes = u64::try_from(with_unit(text, &SIZES, bare)?).ok()?;
            readings.size = Some(if parameter.unlimited && bytes == 0 { Value::Unlimited } else { Value::Size(bytes) });
        }
        Kind::Word(words) => shown = words.iter().find(|word| word.eq_ignore_ascii_case(text))?,
        Kind::Text => {}
        Kind::List => items = Some(list(host, text)),
        Kind::AuditClasses => items = Some(host.arena().alloc_slice_copy(&audit_classes(list(host, text))?)),
        Kind::Connections => return connections(host, text),
        Kind::Encryption => shown = encryption(text)?,
    }
    Some(Read { text: shown, readings, items })
}

/// A time in whole seconds, a part of one counted whole, so that a short limit is not taken for none.
fn time<'a>(microseconds: i128, unlimited: bool) -> Option<Value<'a>> {
    if microseconds <= 0 && unlimited {
        return Some(Value::Unlimited);
    }
    Some(Value::Duration(u64::try_from(microseconds).ok()?.div_ceil(1_000_000)))
}

/// The classes that are left of a list of pgaudit: each name adds its own, one behind a `-` takes them away (`check_pgaudit_log` of
/// pgaudit.c). None where the module would refuse the list.
fn audit_classes<'a>(names: &[Value<'a>]) -> Option<Vec<Value<'a>>> {
    const ALL: [&str; 7] = ["ddl", "function", "misc", "misc_set", "read", "role", "write"];
    let mut recorded = [false; ALL.len()];
    for name in names {
        let Value::Text(name) = name else { return None };
        let (class, add) = name.strip_prefix('-').map_or((*name, true), |class| (class, false));
        let is_meant = |known: &str| match class {
            "all" => true,
            "misc" => known.starts_with("misc"),
            _ => known == class,
        };
        if class != "none" && !ALL.iter().any(|known| is_meant(known)) {
            return None;
        }
        ALL.iter().zip(&mut recorded).filter(|(known, _)| is_meant(known)).for_each(|(_, recorded)| *recorded = add);
    }
    Some(ALL.iter().zip(recorded).filter(|(_, recorded)| *recorded).map(|(class, _)| Value::Text(class)).collect())
}

/// The names of a list: blanks around them dropped, quotes taken off, bare ones in lower case.
fn list<'a>(host: &Host<'a>, text: &str) -> &'a [Value<'a>] {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let name = |name: &str| match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => host.text(&quoted.replace("\"\"", "\"")),
        None => host.text(&name.to_lowercase()),
    };
    let names: Vec<Value<'a>> = names.map(|it| Value::Text(name(it))).collect();
    host.arena().alloc_slice_copy(&names)
}

/// What `log_connections` says: whether logins are logged with the account that they were admitted to.
fn connections<'a>(host: &Host<'a>, text: &'a str) -> Option<Read<'a>> {
    let switch = |on| Readings { on: Some(on), ..Readings::default() };
    if let Some(on) = boolean(text.trim()) {
        return Some(Read { text: if on { "on" } else { "off" }, readings: switch(on), items: None });
    }
    let items = list(host, text);
    let holds = |name| items.contains(&Value::Text(name));
    let known = ["receipt", "authentication", "authorization", "setup_durations", "all"];
    let understood = items.iter().all(|item| known.iter().any(|name| *item == Value::Text(name)));
    understood.then(|| Read { text, readings: switch(holds("all") || holds("authorization")), items: Some(items) })
}

/// How passwords are stored.
fn encryption(text: &str) -> Option<&'static str> {
    let words = ["md5", "scram-sha-256", "scram-sm3", "sm4", "sm3"];
    // Before 14 every spelling of "on" stands for md5.
    words.into_iter().find(|word| word.eq_ignore_ascii_case(text)).or_else(|| boolean(text).filter(|on| *on).map(|_| "md5"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_what_parse_bool_takes() {
        let on: Vec<&str> =
            ["on", "tr", "TRUE", "y", "1", "o", "ye", "onn", ""].into_iter().filter(|it| boolean(it) == Some(true)).collect();
        assert_eq!(on, ["on", "tr", "TRUE", "y", "1", "ye"]);
        let off: Vec<&str> = ["of", "f", "N", "0", "o", "offf"].into_iter().filter(|it| boolean(it) == Some(false)).collect();
        assert_eq!(off, ["of", "f", "N", "0"]);
    }

    #[test]
    fn units_are_those_of_the_manual() {
        assert_eq!(with_unit("5min", &TIMES, 1_000), Some(300_000_000));
        assert_eq!(with_unit("1.5 h", &TIMES, 1_000), Some(5_400_000_000));
        assert_eq!(with_unit("250", &TIMES, 1_000), Some(250_000));
        assert_eq!(with_unit("10MB", &SIZES, 1024), Some(10 << 20));
        assert_eq!(with_unit("10mb", &SIZES, 1024), None);
        assert_eq!((integer("010"), integer("0x1F"), integer("-1")), (Some(8), Some(31), Some(-1)));
    }
}
