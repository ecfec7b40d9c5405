//! Files of colon-separated records (passwd(5), shadow(5), group(5)) into records.

use crate::source::lines;

/// One line; the fields that it lacks are empty, and the last one keeps the colons that are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a, const FIELDS: usize> {
    /// The line without the space before it.
    pub line: &'a str,
    /// Its fields; those behind [`Record::count`] are empty and lie at the end of the line.
    pub fields: [&'a str; FIELDS],
    /// How many fields it has, at most `FIELDS`.
    pub count: usize,
}

/// Reads a text: empty lines and lines that begin with `#` are passed over, as the C library does.
pub fn read<const FIELDS: usize>(text: &str) -> Vec<Record<'_, FIELDS>> {
    lines(text).map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')).map(record).collect()
}

/// One line.
fn record<const FIELDS: usize>(line: &str) -> Record<'_, FIELDS> {
    let mut fields = [&line[line.len()..]; FIELDS];
    let mut start = 0;
    let colons = memchr::memchr_iter(b':', line.as_bytes()).take(FIELDS - 1);
    let mut count = 0;
    for (place, end) in fields.iter_mut().zip(colons.chain([line.len()])) {
        *place = &line[start..end];
        start = end + 1;
        count += 1;
    }
    Record { line, fields, count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_their_fields() {
        let records = read::<4>("# comment\n\n  docker:x:999:a,b\r\nwheel:x\nodd:x:1:a:b\n");
        let fields: Vec<_> = records.iter().map(|record| (record.fields, record.count)).collect();
        assert_eq!(fields, [(["docker", "x", "999", "a,b"], 4), (["wheel", "x", "", ""], 2), (["odd", "x", "1", "a:b"], 4)]);
    }
}
