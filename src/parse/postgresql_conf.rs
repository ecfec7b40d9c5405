//! The text of postgresql.conf (and of files in its syntax: kingbase.conf, postgresql.auto.conf) into settings and includes, in order.
//!
//! The truth is the scanner `guc-file.l` of PostgreSQL: one name and one value per line, an equals sign between them or not, names
//! without regard to case, values bare or in single quotes with doubled quotes and backslash escapes inside, comments with `#`. A line
//! that it does not read keeps the server from starting; it is kept as opaque. Which value of a repeated name wins is the product's to say.

use std::borrow::Cow;

use crate::source::lines;

/// What a line asks for beside settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Include {
    /// A file that must be there.
    File,
    /// A file that may be missing.
    IfExists,
    /// Every `*.conf` of a directory.
    Directory,
}

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A setting: name as written, value without quotes and escapes, the line.
    Setting(&'a str, Cow<'a, str>, &'a str),
    /// An include: which kind, the path as written, the line.
    Include(Include, Cow<'a, str>, &'a str),
    /// A line that the scanner refuses.
    Opaque(&'a str),
}

/// The lines of a text that mean something, in order.
pub fn read(text: &str) -> impl Iterator<Item = Item<'_>> {
    lines(text).filter_map(|line| {
        let line = trimmed(line);
        (!line.is_empty() && !line.starts_with('#')).then(|| item(line))
    })
}

/// A text without the white space of the scanner around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r'])
}

/// What one line that is no comment says.
fn item(line: &str) -> Item<'_> {
    let Some((name, rest)) = name(line) else { return Item::Opaque(line) };
    let rest = rest.trim_start_matches([' ', '\t', '\r']);
    let rest = rest.strip_prefix('=').map_or(rest, |rest| rest.trim_start_matches([' ', '\t', '\r']));
    let Some((value, behind)) = value(rest) else { return Item::Opaque(line) };
    let behind = trimmed(behind);
    if !(behind.is_empty() || behind.starts_with('#')) {
        return Item::Opaque(line);
    }
    let kinds = [("include", Include::File), ("include_if_exists", Include::IfExists), ("include_dir", Include::Directory)];
    match kinds.iter().find(|(keyword, _)| name.eq_ignore_ascii_case(keyword)) {
        Some((_, kind)) => Item::Include(*kind, value, line),
        None => Item::Setting(name, value, line),
    }
}

/// Whether a character may begin a name: letters, `_` and every byte beyond ASCII.
fn begins_name(it: char) -> bool {
    it.is_ascii_alphabetic() || it == '_' || !it.is_ascii()
}

/// A name, qualified at most once, and what follows it.
fn name(line: &str) -> Option<(&str, &str)> {
    let inside = |it: char| begins_name(it) || it.is_ascii_digit();
    let part = |text: &str| text.starts_with(begins_name).then(|| text.find(|it| !inside(it)).unwrap_or(text.len()));
    let first = part(line)?;
    let second = line[first..].strip_prefix('.').and_then(part);
    let end = second.map_or(first, |length| first + 1 + length);
    Some(line.split_at(end))
}

/// A value and what follows it.
fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if let Some(inside) = text.strip_prefix('\'') {
        return quoted(inside);
    }
    let end = if text.starts_with(begins_name) { word(text) } else { number(text)? };
    Some((Cow::Borrowed(&text[..end]), &text[end..]))
}

/// The length of a bare word.
fn word(text: &str) -> usize {
    let inside = |it: char| begins_name(it) || it.is_ascii_digit() || ['-', '.', '_', ':', '/'].contains(&it);
    text.find(|it| !inside(it)).unwrap_or(text.len())
}

/// The length of a number: an integer with letters of a unit, or a decimal without.
fn number(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let run = |from: usize, of: fn(&u8) -> bool| from + bytes[from.min(bytes.len())..].iter().take_while(|it| of(it)).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    if bytes[sign..].starts_with(b"0x") && bytes.get(sign + 2).is_some_and(u8::is_ascii_hexdigit) {
        return Some(run(run(sign + 2, u8::is_ascii_hexdigit), u8::is_ascii_alphabetic));
    }
    let digits = run(sign, u8::is_ascii_digit);
    if bytes.get(digits) != Some(&b'.') {
        return (digits > sign).then(|| run(digits, u8::is_ascii_alphabetic));
    }
    let end = run(digits + 1, u8::is_ascii_digit);
    let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
    let last = run(exponent, u8::is_ascii_digit);
    Some(if matches!(bytes.get(end), Some(b'e' | b'E')) && last > exponent { last } else { end })
}

/// What stands before the closing quote, without escapes, and what follows it.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['\'', '\\'])?;
    if text[end..].starts_with('\'') && !text[end + 1..].starts_with('\'') {
        return Some((Cow::Borrowed(&text[..end]), &text[end + 1..]));
    }
    let mut plain = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match (*bytes.get(at)?, bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => (plain.push(b'\''), at += 2),
            (b'\'', _) => break,
            (b'\\', Some(next)) => {
                let (byte, length) = escaped(&bytes[at + 1..], *next);
                (plain.push(byte), at += 1 + length)
            }
            (byte, _) => (plain.push(byte), at += 1),
        };
    }
    Some((Cow::Owned(String::from_utf8_lossy(&plain).into_owned()), &text[at + 1..]))
}

/// What a backslash makes of what follows it, and how much of that it takes.
fn escaped(text: &[u8], first: u8) -> (u8, usize) {
    let plain = match first {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'0'..=b'7' => {
            let digits = text.iter().take(3).take_while(|it| (b'0'..=b'7').contains(it)).count();
            let number = text[..digits].iter().fold(0_u32, |number, digit| number * 8 + u32::from(digit - b'0'));
            // Three octal digits may be more than a byte: the server keeps the low eight bits.
            return ((number & 0xff) as u8, digits);
        }
        other => other,
    };
    (plain, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let item = |item| match item {
            Item::Setting(name, value, _) => format!("{name}={value}"),
            Item::Include(kind, path, _) => format!("{kind:?} {path}"),
            Item::Opaque(line) => format!("opaque {line}"),
        };
        read(text).map(item).collect()
    }

    // Expected values: guc-file.l, and `postgres -C` of PostgreSQL 15 (tests/it/postgresql_truth.rs compares many more).
    #[test]
    fn names_values_and_comments() {
        assert_eq!(shown("ssl = on # why\n#ssl=off\n  port\t5433\r\n"), ["ssl=on", "port=5433"]);
        assert_eq!(shown("log_line_prefix '%m [%p] '\npgaudit.log='ddl, role'"), ["log_line_prefix=%m [%p] ", "pgaudit.log=ddl, role"]);
        assert_eq!(shown("a = 'it''s' \nb = 'x\\'y\\101'\nc = ''"), ["a=it's", "b=x'yA", "c="]);
        assert_eq!(shown("work_mem = 1.5GB\nwork_mem=64MB\nx=0.5\ny=-1"), ["opaque work_mem = 1.5GB", "work_mem=64MB", "x=0.5", "y=-1"]);
        assert_eq!(
            shown("ssl\nssl = on off\nssl = 'on\n1 = 2\na.b.c = 1"),
            ["opaque ssl", "opaque ssl = on off", "opaque ssl = 'on", "opaque 1 = 2", "opaque a.b.c = 1"]
        );
    }

    #[test]
    fn includes_are_told_apart() {
        let text = "include 'a.conf'\ninclude_if_exists = b.conf\nInclude_Dir 'conf.d'";
        assert_eq!(shown(text), ["File a.conf", "IfExists b.conf", "Directory conf.d"]);
    }
}
