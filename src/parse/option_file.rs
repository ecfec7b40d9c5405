//! Option files of MySQL and MariaDB into their options by group and their include directives.
//!
//! As `my_default.c` of both reads them (manual "Using Option Files"): `#` and `;` begin a comment line, `#` also ends a line outside of
//! quotes, one pair of quotes around a value is dropped, and `\b \t \n \r \s \" \' \\` are escapes in values.

use std::borrow::Cow;

/// The most bytes of a line that the servers read as one.
const LINE_BYTES_MOST: usize = 4_000;

/// One option or directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The group that it stands in, without brackets; empty before the first.
    pub group: &'a str,
    /// What it says.
    pub kind: Kind<'a>,
    /// Its line without the space around it.
    pub text: &'a str,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An option, and its value where it has an equals sign.
    Option(&'a str, Option<Cow<'a, str>>),
    /// `!include`: another file.
    Include(&'a str),
    /// `!includedir`: the `*.cnf` files of a directory.
    IncludeDirectory(&'a str),
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Options and directives, in order.
    pub entries: Vec<Entry<'a>>,
    /// Lines that say nothing: unknown directives, and lines longer than the servers read.
    pub opaque: Vec<&'a str>,
    /// The line at which the servers give up and do not start: an option without a group, or a bracket that is not closed.
    pub fatal: Option<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut group = None;
    for line in text.lines() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.len() > LINE_BYTES_MOST {
            document.opaque.push(line);
        } else if let Some(directive) = line.strip_prefix('!') {
            match directive_of(directive.trim_ascii_start()) {
                Some(kind) => document.entries.push(Entry { group: group.unwrap_or_default(), kind, text: line }),
                None => document.opaque.push(line),
            }
        } else if let Some(rest) = line.strip_prefix('[') {
            let Some((name, _)) = rest.split_once(']') else {
                document.fatal = Some(line);
                return document;
            };
            group = Some(name.trim_ascii_end());
        } else if let Some(group) = group {
            document.entries.push(Entry { group, kind: option(line), text: line });
        } else {
            document.fatal = Some(line);
            return document;
        }
    }
    document
}

/// The directive behind an exclamation mark; none where it is no directive or names nothing.
fn directive_of(text: &str) -> Option<Kind<'_>> {
    let (keyword, argument) = text.split_once(|it: char| it.is_ascii_whitespace())?;
    let argument = argument.trim_ascii();
    match keyword {
        _ if argument.is_empty() => None,
        "include" => Some(Kind::Include(argument)),
        "includedir" => Some(Kind::IncludeDirectory(argument)),
        _ => None,
    }
}

/// The option of a line.
fn option(line: &str) -> Kind<'_> {
    let line = without_comment(line);
    match line.split_once('=') {
        None => Kind::Option(line.trim_ascii_end(), None),
        Some((name, value)) => Kind::Option(name.trim_ascii_end(), Some(unescaped(unquoted(value.trim_ascii())))),
    }
}

/// A line up to a `#` outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut escape = false;
    for (at, byte) in line.bytes().enumerate() {
        match (byte, quote) {
            (b'\'' | b'"', None) if !escape => quote = Some(byte),
            (_, Some(open)) if byte == open && !escape => quote = None,
            (b'#', None) => return &line[..at],
            _ => {}
        }
        escape = quote.is_some() && byte == b'\\' && !escape;
    }
    line
}

/// A value without the one pair of quotes around it.
fn unquoted(value: &str) -> &str {
    let quote = value.chars().next().filter(|it| matches!(it, '\'' | '"'));
    quote.and_then(|it| value.strip_prefix(it)?.strip_suffix(it)).unwrap_or(value)
}

/// A value with its escapes read.
fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('b') => plain.push('\u{8}'),
            Some('s') => plain.push(' '),
            Some(it @ ('"' | '\'' | '\\')) => plain.push(it),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_escapes_are_those_of_the_servers() {
        // Each value is what `my_print_defaults` of MariaDB 10.11 prints for the line.
        let text = "[mysqld]\na = 1 # c\nb='x # y'\nc=\"it\\'s\"\nd = \\s x\\q ; no\n skip-name-resolve \ne==f\ng='h\n[x ] rest\ni=\r\n";
        let options: Vec<String> = read(text)
            .entries
            .iter()
            .map(|entry| match &entry.kind {
                Kind::Option(name, value) => format!("{}:{name}={}", entry.group, value.as_deref().unwrap_or("(none)")),
                _ => String::new(),
            })
            .collect();
        let expected = [
            "mysqld:a=1",
            "mysqld:b=x # y",
            "mysqld:c=it's",
            "mysqld:d=  x\\q ; no",
            "mysqld:skip-name-resolve=(none)",
            "mysqld:e==f",
            "mysqld:g='h",
            "x:i=",
        ];
        assert_eq!(options, expected);
    }

    #[test]
    fn what_stops_the_server_is_said() {
        assert_eq!(read("port=1\n[mysqld]\nport=2\n").fatal, Some("port=1"));
        assert_eq!(read("[mysqld\nport=2\n").fatal, Some("[mysqld"));
        let document = read("!includedir /etc/mysql/conf.d/\n!include x\n!other y\n!include\n");
        assert_eq!(document.opaque, ["!other y", "!include"]);
        assert_eq!(document.entries[0].kind, Kind::IncludeDirectory("/etc/mysql/conf.d/"));
        assert_eq!(document.entries[1].kind, Kind::Include("x"));
    }
}
