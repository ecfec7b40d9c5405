//! Files of records, one a line or quoted over several, into their fields: with separators as RFC 4180 quotes them, or with blanks.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::source::lines;

/// The most records of a file that are read.
pub const RECORDS_MOST: usize = 200_000;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its part of the text.
    pub text: &'a str,
    /// Its fields.
    pub fields: Vec<Cow<'a, str>>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The records in order; empty lines and comments are none.
    pub records: Vec<Record<'a>>,
    /// Where reading ended before the end of the text.
    pub unread: Option<&'a str>,
}

/// Reads a text whose fields stand apart by a separator, or by blanks where none is given.
pub fn read<'a>(text: &'a str, separator: Option<char>, comments: &[String]) -> Document<'a> {
    let is_comment = |line: &str| comments.iter().any(|comment| line.trim_start().starts_with(comment.as_str()));
    match separator.and_then(|separator| u8::try_from(separator).ok()) {
        Some(separator) => separated(text, separator, &is_comment),
        None => blanks(text, &is_comment),
    }
}

/// Fields between blanks.
fn blanks<'a>(text: &'a str, is_comment: &dyn Fn(&str) -> bool) -> Document<'a> {
    let mut document = Document::default();
    for line in lines(text).filter(|line| !line.trim().is_empty() && !is_comment(line)) {
        if document.records.len() == RECORDS_MOST {
            document.unread = Some(line);
            break;
        }
        document.records.push(Record { text: line.trim(), fields: line.split_whitespace().map(Cow::Borrowed).collect() });
    }
    document
}

/// Fields between separators, quotes around them dropped; a colon separates as in passwd(5), without quotes.
fn separated<'a>(text: &'a str, separator: u8, is_comment: &dyn Fn(&str) -> bool) -> Document<'a> {
    let mut document = Document::default();
    let end = each(text, separator, separator != b':', |part, _, record| {
        if is_comment(part) || part.trim().is_empty() {
            return ControlFlow::Continue(());
        }
        if document.records.len() == RECORDS_MOST {
            document.unread = Some(part);
            return ControlFlow::Break(());
        }
        document.records.push(Record { text: part, fields: record.iter().map(|field| Cow::Owned(field.to_owned())).collect() });
        ControlFlow::Continue(())
    });
    let rest = || text.get(end..).map(str::trim).filter(|rest| !rest.is_empty());
    document.unread = document.unread.or_else(rest);
    document
}

/// Hands each record over, with its part of the text and where it ends there, until told to stop; returns where reading ended.
pub(super) fn each<'a>(
    text: &'a str,
    separator: u8,
    quoting: bool,
    mut take: impl FnMut(&'a str, usize, &csv::StringRecord) -> ControlFlow<()>,
) -> usize {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).delimiter(separator).quoting(quoting).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut from = 0;
    while matches!(reader.read_record(&mut record), Ok(true)) {
        let to = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let part = text.get(from..to).unwrap_or_default().trim_matches(['\n', '\r']);
        from = to;
        if take(part, to, &record).is_break() {
            break;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, separator: Option<char>) -> Vec<String> {
        read(text, separator, &["#".to_owned()]).records.iter().map(|record| record.fields.join("|")).collect()
    }

    #[test]
    fn records_have_their_fields() {
        assert_eq!(fields("a,\"b,\"\"c\"\"\"\n\n# no\n1,2\n", Some(',')), ["a|b,\"c\"", "1|2"]);
        assert_eq!(fields("root:x:0:\"\n", Some(':')), ["root|x|0|\""]);
        assert_eq!(fields("  /dev/sda1   /  ext4\n#x\n\ttmpfs /tmp", None), ["/dev/sda1|/|ext4", "tmpfs|/tmp"]);
    }
}
