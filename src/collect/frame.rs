//! What a collector printed into its records; it never fails on any bytes, and without a last record nothing is taken.
//!
//! The records are those of [`super::script`]. Bytes before the first one are a login's banner and are passed over.

use memchr::memmem;

use super::script::{ALL_BYTES_MOST, VERSION, is_nonce};
use crate::error::Message;

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// Its letter.
    pub kind: u8,
    /// What stands behind the letter.
    pub words: &'b [u8],
    /// Everything up to the next record, without the line end that belongs to it.
    pub payload: &'b [u8],
}

/// A whole stream.
#[derive(Debug)]
pub struct Stream<'b> {
    /// The nonce that its records bear.
    pub nonce: &'b str,
    /// The records between the first and the last.
    pub records: Vec<Record<'b>>,
    /// The values that the first record tells, by name.
    pub about: Vec<(&'b str, &'b str)>,
}

impl<'b> Stream<'b> {
    /// A value that the first record tells.
    pub fn about(&self, name: &str) -> Option<&'b str> {
        self.about.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }
}

/// The most records of a stream.
const RECORDS_MOST: usize = 300_000;

/// Takes a stream apart. With a nonce only records that bear it count; without, the first record says which.
///
/// # Errors
///
/// There is no first or no last record, more than is taken, or fewer records than the last one says.
pub fn parse<'b>(bytes: &'b [u8], nonce: Option<&str>) -> Result<Stream<'b>, Message> {
    if bytes.len() >= ALL_BYTES_MOST {
        return Err(too_big());
    }
    let start = first(bytes, nonce).ok_or_else(no_first)?;
    let nonce = std::str::from_utf8(&bytes[start + 3..start + 35]).map_err(|_| no_first())?;
    let mark = format!("\n--{nonce} ");
    let starts: Vec<usize> = memmem::find_iter(&bytes[start..], mark.as_bytes()).map(|at| start + at).take(RECORDS_MOST + 1).collect();
    if starts.len() > RECORDS_MOST {
        return Err(too_big());
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let mut records: Vec<Record<'b>> = starts.iter().zip(ends).map(|(from, to)| record(&bytes[from + mark.len()..to])).collect();
    let last = records.pop().filter(|last| last.kind == b'Z' && last.payload.iter().all(u8::is_ascii_whitespace));
    let last = last.ok_or_else(no_last)?;
    let first = if records.is_empty() { return Err(no_first()) } else { records.remove(0) };
    let counted = 1 + records.iter().filter(|record| record.kind != b'E').count();
    let said = std::str::from_utf8(last.words).ok().and_then(|words| words.parse::<usize>().ok());
    if said != Some(counted) {
        return Err(Message::new("采集输出中间缺了记录", "records are missing from the middle of what was printed"));
    }
    let about = std::str::from_utf8(first.payload).unwrap_or_default();
    Ok(Stream { nonce, about: about.lines().filter_map(|line| line.split_once('=')).collect(), records })
}

/// Where the first record begins: the line end before it, or one byte before the stream where it is the first line.
fn first(bytes: &[u8], nonce: Option<&str>) -> Option<usize> {
    let version = format!(" B {VERSION}");
    memmem::find_iter(bytes, b"\n--").find(|at| {
        let Some(found) = bytes.get(at + 3..at + 35).and_then(|found| std::str::from_utf8(found).ok()) else { return false };
        let wanted = nonce.map_or_else(|| is_nonce(found), |nonce| nonce == found);
        let rest = &bytes[at + 35..];
        wanted && rest.starts_with(version.as_bytes()) && matches!(rest.get(version.len()), Some(b'\n' | b'\r'))
    })
}

/// One record behind its mark.
fn record(bytes: &[u8]) -> Record<'_> {
    let line_end = memchr::memchr(b'\n', bytes);
    let (line, payload) = line_end.map_or((bytes, &b""[..]), |end| (&bytes[..end], &bytes[end + 1..]));
    let kind = line.first().copied().unwrap_or_default();
    let words = line.get(2..).unwrap_or_default();
    Record { kind, words, payload }
}

fn no_first() -> Message {
    Message::new(
        "没有采集器的起始记录：登录后没有运行 sh，或被拒绝执行",
        "there is no first record of the collector: no sh was run after the login, or running it was refused",
    )
}

fn no_last() -> Message {
    Message::new(
        "没有采集器的结束记录：中途中断，未采用任何内容",
        "there is no last record of the collector: it was cut off, and nothing of it is taken",
    )
}

fn too_big() -> Message {
    let most = ALL_BYTES_MOST >> 20;
    Message::new(format!("采集输出超过 {most} MiB"), format!("more than {most} MiB were printed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    fn stream(parts: &[&str]) -> String {
        parts.iter().map(|part| format!("\n--{NONCE} {part}")).collect()
    }

    #[test]
    fn records_end_where_the_next_begins() {
        let text = format!("Welcome\n{}\n", stream(&["B 1\nnode=web01\nuser=0\n", "F /a\nx\n--no frame F\n", "E 0\n", "Z 2"]));
        let parsed = parse(text.as_bytes(), Some(NONCE)).expect("a stream");
        assert_eq!(parsed.about("node"), Some("web01"));
        assert_eq!(parsed.records.len(), 2);
        assert_eq!(parsed.records[0], Record { kind: b'F', words: b"/a", payload: b"x\n--no frame F\n" });
        assert_eq!(parse(text.as_bytes(), None).expect("a stream").nonce, NONCE);
        assert!(parse(text.as_bytes(), Some(&NONCE.replace('0', "1"))).is_err(), "another nonce");
    }

    #[test]
    fn half_a_stream_is_none() {
        let text = stream(&["B 1\n", "F /a\nxyz", "E 0\n", "C b\n", "E 1\n", "Z 3\n"]);
        assert!(parse(text.as_bytes(), None).is_ok());
        for cut in 0..text.trim_end().len() {
            assert!(parse(&text.as_bytes()[..cut], None).is_err(), "cut at {cut}");
        }
        let without = stream(&["B 1\n", "C b\n", "E 1\n", "Z 3\n"]);
        assert!(parse(without.as_bytes(), None).is_err(), "a record is missing");
    }
}
