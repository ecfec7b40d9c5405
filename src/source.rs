//! Bytes of one artefact into a text with its digest, and parts of that text into spans.
//!
//! A text lives in the asset's arena: everything that facts say about it borrows from there.

pub mod capture;
pub mod decode;
pub mod redact;
pub mod visible;

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Read};

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use sha2::{Digest as _, Sha256};

pub use decode::Encoding;

/// A SHA-256 digest of the bytes as they were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of all that a reader gives, without holding it.
    pub fn of_all(mut reader: impl Read) -> io::Result<Digest> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Digest(hasher.finalize().into())),
                Ok(read) => hasher.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The digest that 64 hexadecimal digits of either case write.
    pub fn parse(hex: &str) -> Option<Digest> {
        let mut bytes = [0; 32];
        let digits = hex.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Digest(bytes))
    }

    /// `sha256:` is not part of it: 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
    }
}

/// The lines of a text, as [`str::lines`] parts it.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.filter_map(move |end| {
        let from = std::mem::replace(&mut start, end + 1);
        // What follows the last line end is a line only where there is something.
        let line = &text[from..end];
        (from < text.len()).then(|| if end < text.len() { line.strip_suffix('\r').unwrap_or(line) } else { line })
    })
}

/// A byte range in one source of one asset.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// Number of the source in its [`Sources`].
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
}

/// The text of one artefact.
#[derive(Debug)]
pub struct Source<'a> {
    /// Its number in its [`Sources`].
    pub number: u32,
    /// Path inside the asset, `/`-separated, without a leading slash.
    pub path: &'a str,
    /// The decoded text: no byte order mark, no trailing NUL; line ends as they were.
    pub text: &'a str,
    /// Digest of the bytes before decoding.
    pub digest: Digest,
    /// How the bytes were read.
    pub encoding: Encoding,
    /// False where the artefact is known to go on beyond what was read: what is not in the text may still be there.
    pub complete: bool,
    /// Byte ranges that are secrets; never printed.
    secrets: RefCell<BumpVec<'a, (u32, u32)>>,
}

impl<'a> Source<'a> {
    /// The span of a part of this text; `part` must be a slice of [`Source::text`].
    ///
    /// A part that lies elsewhere (computed text) gives the empty span at the start.
    pub fn span(&self, part: &str) -> Span {
        let base = self.text.as_ptr().addr();
        let start = part.as_ptr().addr().wrapping_sub(base);
        let end = start.wrapping_add(part.len());
        let inside = start <= self.text.len() && end <= self.text.len();
        let (start, end) = if inside { (start, end) } else { (0, 0) };
        // Texts are bounded far below 4 GiB where they are read.
        Span { source: self.number, start: start as u32, end: end as u32 }
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        self.span(self.text)
    }

    /// The text of a span of this source.
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The line number, counted from one, on which a span starts.
    pub fn line(&self, span: Span) -> u32 {
        let before = &self.text.as_bytes()[..(span.start as usize).min(self.text.len())];
        memchr::memchr_iter(b'\n', before).count() as u32 + 1
    }

    /// The whole line (without its end) on which a span starts, and the span's offset in it, in bytes.
    pub fn line_text(&self, span: Span) -> (&'a str, usize) {
        let start = (span.start as usize).min(self.text.len());
        let bytes = self.text.as_bytes();
        let from = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
        let to = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
        (self.text[from..to].trim_end_matches('\r'), start - from)
    }

    /// Marks a part of the text as a secret: whatever is printed of this source shows a marker in its place.
    pub fn hide(&self, part: &str) {
        let start = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        let end = start.wrapping_add(part.len());
        // A text that was put together from several places is not in the source, and so not shown from it either.
        if start < end && end <= self.text.len() {
            self.secrets.borrow_mut().push((start as u32, end as u32));
        }
    }

    /// The parts that are secrets, as byte ranges of the text.
    pub fn hidden(&self) -> Vec<(u32, u32)> {
        self.secrets.borrow().to_vec()
    }

    /// A part of the text as it may be printed: secrets replaced by their marker.
    pub fn printable<'p>(&self, part: &'p str) -> Cow<'p, str> {
        redact::masked(part, self.span(part).start, &self.secrets.borrow())
    }
}

/// The sources of one asset, in the order in which they were read.
#[derive(Debug)]
pub struct Sources<'a> {
    arena: &'a Bump,
    list: RefCell<Vec<&'a Source<'a>>>,
}

/// The most bytes of one artefact that are read as text.
pub const SOURCE_BYTES_MOST: usize = 16 << 20;

impl<'a> Sources<'a> {
    /// An empty list whose texts will live in `arena`.
    pub fn new(arena: &'a Bump) -> Sources<'a> {
        Sources { arena, list: RefCell::new(Vec::new()) }
    }

    /// The arena that the texts, and all that is concluded from them, live in.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// Decodes and keeps the bytes of an artefact.
    pub fn add(&self, path: &str, bytes: &[u8], complete: bool) -> &'a Source<'a> {
        let digest = Digest::of(bytes);
        let (text, encoding) = decode::decode(self.arena, bytes);
        let mut list = self.list.borrow_mut();
        let source = self.arena.alloc(Source {
            number: list.len() as u32,
            path: self.arena.alloc_str(path),
            text,
            digest,
            encoding,
            complete,
            secrets: RefCell::new(BumpVec::new_in(self.arena)),
        });
        list.push(source);
        source
    }

    /// The source of that number.
    pub fn source(&self, number: u32) -> Option<&'a Source<'a>> {
        self.list.borrow().get(number as usize).copied()
    }

    /// How many sources were read.
    pub fn count(&self) -> usize {
        self.list.borrow().len()
    }

    /// All sources, in the order in which they were read.
    pub fn all(&self) -> Vec<&'a Source<'a>> {
        self.list.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "\n", "a", "a\n", "a\r\nb\r", "\r\n\r\n", "a\n\nb\n\n", "中\n文", "a\rb\n\r"] {
            assert!(lines(text).eq(text.lines()), "{text:?}");
        }
    }

    #[test]
    fn a_stream_has_the_digest_of_its_bytes() {
        let bytes = vec![7; 200_000];
        assert_eq!(Digest::of_all(&bytes[..]).ok(), Some(Digest::of(&bytes)));
    }
}
