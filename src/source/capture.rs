//! What a terminal session or a collector left of a device's configuration into the text that the device wrote.
//!
//! Most files are clean or have something before and behind the configuration: then the clean text is a part of the source and every
//! part of it has its own place there. Where a line had to be rewritten (a pager was erased) or left out (a log message in between),
//! the text is put together in the arena, and [`Clean::place`] leads from a part of it back to the source: exactly where the line is
//! as it was, to the whole line where it is not.

mod frame;
mod noise;
mod terminal;

use bumpalo::Bump;

use super::Source;

pub use noise::is_metadata;

/// The most lines in front of a configuration in which the command that shows it is looked for.
pub const PREAMBLE_LINES_MOST: usize = 5000;

/// The width to which terminals wrap.
pub(crate) const TERMINAL_COLUMNS: usize = 80;

/// A configuration without what the way of collection added.
#[derive(Debug)]
pub struct Clean<'a> {
    /// The text.
    pub text: &'a str,
    /// False where the source is known to go on beyond what was read.
    pub complete: bool,
    /// Whether a prompt follows the text, so that the device had said all.
    pub followed_by_prompt: bool,
    /// Whether lines seem to be broken at the width of a terminal.
    pub wrapped: bool,
    /// Bytes that the device announced (IOS: `Current configuration : 4711 bytes`).
    pub announced_bytes: Option<u64>,
    /// How many lines were left out or rewritten.
    pub changed_lines: usize,
    source: &'a Source<'a>,
    /// The text that was put together, of which the clean text is a part.
    base: &'a str,
    /// Where its lines come from, by their start in it; empty where it is the source's own text.
    pieces: &'a [Piece],
}

/// Where one line of a text that was put together comes from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// First byte in the text that was put together.
    start: u32,
    /// Byte range in the source.
    from: u32,
    to: u32,
    /// Whether nothing in it was changed.
    same: bool,
}

impl<'a> Clean<'a> {
    /// The source that it was cleaned from.
    pub fn source(&self) -> &'a Source<'a> {
        self.source
    }

    /// The part of the source that shows a part of the clean text; none where the part is not of this text.
    pub fn place(&self, part: &str) -> Option<&'a str> {
        let source = self.source.text;
        if let Some((start, end)) = within(source, part) {
            return source.get(start..end);
        }
        let (start, end) = within(self.base, part)?;
        let first = self.piece(start)?;
        let last = self.piece(end.max(start + 1) - 1)?;
        if std::ptr::eq(first, last) && first.same {
            let from = first.from as usize + (start - first.start as usize);
            return source.get(from..(from + part.len()).min(first.to as usize));
        }
        source.get(first.from as usize..(last.to as usize).max(first.from as usize))
    }

    /// The line that holds a byte of the text.
    fn piece(&self, at: usize) -> Option<&'a Piece> {
        let after = self.pieces.partition_point(|piece| piece.start as usize <= at);
        self.pieces.get(after.checked_sub(1)?)
    }

    /// The line number in the source, counted from one.
    pub fn line(&self, part: &str) -> u32 {
        self.source.line(self.source.span(self.place(part).unwrap_or_default()))
    }
}

/// The byte range of a part in a text, if it lies there.
fn within(text: &str, part: &str) -> Option<(usize, usize)> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (start + part.len() <= text.len()).then_some((start, start + part.len()))
}

/// Cleans a text.
pub fn clean<'a>(arena: &'a Bump, source: &'a Source<'a>) -> &'a Clean<'a> {
    let whole = Clean {
        text: source.text,
        complete: source.complete,
        followed_by_prompt: false,
        wrapped: false,
        announced_bytes: None,
        changed_lines: 0,
        source,
        base: source.text,
        pieces: &[],
    };
    let rendered = if lines(source.text).any(noise::is_changed) { put_together(arena, whole) } else { whole };
    let framed = frame::framed(rendered.text);
    let (text, announced_bytes) = noise::without_head(framed.text);
    // Old transfer programs fill the last block with end-of-file characters.
    let text = text.trim_end_matches(['\x1a', '\0']);
    arena.alloc(Clean {
        text,
        followed_by_prompt: framed.followed_by_prompt,
        wrapped: framed.is_session && is_wrapped(text),
        announced_bytes,
        ..rendered
    })
}

/// The text with every line as a terminal showed it in the end, without those that no configuration holds.
fn put_together<'a>(arena: &'a Bump, whole: Clean<'a>) -> Clean<'a> {
    let source = whole.source.text;
    let mut text = String::with_capacity(source.len());
    let mut pieces = Vec::new();
    let mut changed_lines = 0;
    let mut from = 0;
    for line in lines(source) {
        let to = from + line.len();
        let mut push = |shown: &str, same: bool| {
            // Sources are bounded far below 4 GiB.
            pieces.push(Piece { start: text.len() as u32, from: from as u32, to: to as u32, same });
            text.push_str(shown);
            text.push('\n');
        };
        if noise::is_changed(line) {
            changed_lines += 1;
            for shown in terminal::shown(line) {
                if let Some(kept) = noise::kept(&shown) {
                    push(kept, false);
                }
            }
        } else {
            push(line, true);
        }
        from = to + 1;
    }
    // Nothing was behind the last line end either.
    text.pop();
    let text: &'a str = arena.alloc_str(&text);
    Clean { text, base: text, changed_lines, pieces: arena.alloc_slice_copy(&pieces), ..whole }
}

/// The lines of a text without their ends.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

/// Whether the longest lines are exactly as long as a terminal is wide.
fn is_wrapped(text: &str) -> bool {
    let columns = |line: &str| line.trim_end_matches('\r').chars().count();
    lines(text).map(columns).max() == Some(TERMINAL_COLUMNS)
}
