//! The result of a query, as a database's own client writes it with separators, into its columns and records.
//!
//! Read are comma-separated values as RFC 4180 quotes them (`psql --csv`, SQL*Plus with `SET MARKUP CSV ON`, `sqlcmd -s","`) and
//! tab-separated values as `mysql --batch` escapes them (mysql client manual, "batch": `\t`, `\n`, `\\` and `\0` within a value). What
//! clients write around a result (a line of dashes under the header, how many rows there were) is passed over.

use std::ops::ControlFlow;

use bumpalo::Bump;

use super::records::{self, RECORDS_MOST};
use crate::source::Source;

/// The result of a query.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// Names of the columns in lower case, as the header has them.
    pub columns: &'a [&'a str],
    /// The records, in order; each has as many fields as there are columns.
    pub records: &'a [Record<'a>],
    /// The first part that was not understood, or behind which more may have stood.
    pub broken: Option<&'a str>,
}

/// One row of a result.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Its part of the source.
    pub text: &'a str,
    /// Its values.
    pub fields: &'a [&'a str],
}

/// Reads a result; none where there is not even a header.
pub fn read<'a>(arena: &'a Bump, source: &Source<'a>) -> Option<Sheet<'a>> {
    let text = source.text;
    let header_at = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\u{feff}']).len();
    let tabs = text[header_at..].lines().next()?.contains('\t');
    let separator = if tabs { b'\t' } else { b',' };
    let mut columns: Option<&'a [&'a str]> = None;
    let mut records = Vec::new();
    let mut broken = None;
    let end = records::each(text, separator, !tabs, |part, to, record| {
        let Some(columns) = columns else {
            let names = record.iter().map(|name| &*arena.alloc_str(name.trim().to_lowercase().as_str()));
            columns = Some(arena.alloc_slice_fill_iter(names.collect::<Vec<_>>()));
            return ControlFlow::Continue(());
        };
        let whole = source.complete && text[..to].ends_with(['\n', '\r']);
        if is_noise(record, records.is_empty()) {
            return ControlFlow::Continue(());
        }
        if record.len() != columns.len() || !whole || records.len() >= RECORDS_MOST {
            broken = broken.or(Some(part));
            return ControlFlow::Continue(());
        }
        let fields = record.iter().map(|field| value(arena, field, tabs));
        records.push(Record { text: part, fields: arena.alloc_slice_fill_iter(fields.collect::<Vec<_>>()) });
        ControlFlow::Continue(())
    });
    if !source.complete || end < text.trim_end().len() {
        broken = broken.or(Some(text[end..].trim()));
    }
    Some(Sheet { columns: columns?, records: arena.alloc_slice_copy(&records), broken })
}

/// A value without the client's escapes.
fn value<'a>(arena: &'a Bump, field: &str, escaped: bool) -> &'a str {
    if !escaped || !field.contains('\\') {
        return arena.alloc_str(field);
    }
    let mut plain = String::with_capacity(field.len());
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        plain.push(match (character, character == '\\') {
            (_, false) => character,
            _ => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            },
        });
    }
    arena.alloc_str(&plain)
}

/// Whether a record is what a client writes around a result: dashes below the header, or how many rows there were.
fn is_noise(record: &csv::StringRecord, first: bool) -> bool {
    let is_rule = |field: &str| !field.is_empty() && field.bytes().all(|byte| byte == b'-');
    if first && record.iter().all(is_rule) {
        return true;
    }
    let Some(text) = record.get(0).filter(|_| record.len() == 1).map(|text| text.trim().trim_matches(['(', ')', '.', '。'])) else {
        return false;
    };
    let count = text.trim_start_matches("已选择").trim_start();
    let rest = count.trim_start_matches(|it: char| it.is_ascii_digit());
    const ENDS: &[&str] = &["row affected", "row selected", "rows", "rows affected", "rows selected", "行", "行受影响"];
    rest.len() < count.len() && ENDS.contains(&rest.trim()) || text == "no rows selected" || text == "未选定行"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// Columns, records as lists, and what is broken.
    fn sheet(text: &str) -> Option<(String, Vec<String>, Option<String>)> {
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        let sheet = read(&arena, sources.add("x.csv", text.as_bytes(), true))?;
        let records = sheet.records.iter().map(|record| record.fields.join("|")).collect();
        Some((sheet.columns.join("|"), records, sheet.broken.map(str::to_owned)))
    }

    fn good(columns: &str, records: &[&str]) -> Option<(String, Vec<String>, Option<String>)> {
        Some((columns.to_owned(), records.iter().map(|&record| record.to_owned()).collect(), None))
    }

    #[test]
    fn each_client_is_read() {
        assert_eq!(sheet("name,setting\nssl,on\n\"a\"\"b\",\"1,2\n3\"\n"), good("name|setting", &["ssl|on", "a\"b|1,2\n3"]));
        assert_eq!(
            sheet("Variable_name\tValue\nlog_error\ta\\tb\\\\c\ninit\t\n"),
            good("variable_name|value", &["log_error|a\tb\\c", "init|"])
        );
        assert_eq!(sheet("\n\"NAME\",\"VALUE\"\n\"audit_trail\",\"DB\"\n\n1 row selected.\n"), good("name|value", &["audit_trail|DB"]));
        assert_eq!(sheet("name,value\n----,-----\nclr,0\n\n(1 rows affected)\n"), good("name|value", &["clr|0"]));
        assert_eq!(sheet("name\r\nsa\r\n"), good("name", &["sa"]));
        assert_eq!(sheet("name,value\n\nno rows selected\n"), good("name|value", &[]));
    }

    #[test]
    fn what_is_not_whole_is_said() {
        assert_eq!(sheet(""), None);
        assert_eq!(sheet("a,b\n1,2\n3,"), Some(("a|b".to_owned(), vec!["1|2".to_owned()], Some("3,".to_owned()))));
        assert_eq!(sheet("a,b\n1\n2,3\n"), Some(("a|b".to_owned(), vec!["2|3".to_owned()], Some("1".to_owned()))));
    }
}
