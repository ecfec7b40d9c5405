//! A text and a place in it: blanks, comments, continuations and words of rsyslog's two lexical styles.

/// A place in a text.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    /// The place, in bytes; always between two characters.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// What is left.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over this byte if it is the next one.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Steps over `length` bytes and returns them.
    pub(super) fn take(&mut self, length: usize) -> &'a str {
        let taken = self.rest().get(..length).unwrap_or(self.rest());
        self.at += taken.len();
        taken
    }

    /// The text from a place up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// Steps over the longest run of such bytes and returns it. All of them must be ASCII.
    pub(super) fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let length = self.rest().bytes().take_while(|byte| wanted(*byte)).count();
        self.take(length)
    }

    /// The length of the continuation that stands here: a backslash that ends its line, and the blanks that begin the next.
    pub(super) fn continuation(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix('\\')?;
        let line = rest.find('\n')?;
        rest[..line].trim_end().is_empty().then(|| {
            let next = &rest[line + 1..];
            let blanks = next.len() - next.trim_start_matches([' ', '\t']).len();
            1 + line + 1 + blanks
        })
    }

    /// Where the line that this place is on ends: before the first line end that no backslash continues.
    pub(super) fn line_end(&self) -> usize {
        let mut from = self.at;
        loop {
            let Some(found) = self.text[from..].find('\n') else { return self.text.len() };
            let line = &self.text[from..from + found];
            if !line.trim_end().ends_with('\\') {
                return from + found;
            }
            from += found + 1;
        }
    }

    /// Steps over the rest of the line and returns it, trimmed.
    pub(super) fn rest_of_line(&mut self) -> &'a str {
        let end = self.line_end();
        let line = &self.text[self.at..end];
        self.at = end;
        line.trim_end()
    }

    /// Whether only blanks stand between the start of the line and this place. A continued line has no start of its own.
    pub(super) fn at_line_start(&self) -> bool {
        let before = self.text[..self.at].trim_end_matches([' ', '\t']);
        match before.strip_suffix('\n') {
            Some(line) => !line.trim_end().ends_with('\\'),
            None => before.is_empty(),
        }
    }

    /// Steps over blanks, continuations and comments; `hashes` says whether `#` begins one here.
    pub(super) fn skip(&mut self, hashes: bool) {
        loop {
            match self.peek() {
                Some(byte) if byte.is_ascii_whitespace() => self.at += 1,
                Some(b'#') if hashes => self.at = self.line_end(),
                Some(b'/') if self.rest().starts_with("/*") => {
                    let body = &self.text[self.at + 2..];
                    self.at += body.find("*/").map_or(body.len() + 2, |end| end + 4);
                }
                Some(b'\\') => match self.continuation() {
                    Some(length) => self.at += length,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// The text between quotes that begin here, escapes as written; none where they are not closed, and then nothing is taken.
    pub(super) fn quoted(&mut self, quote: u8) -> Option<&'a str> {
        let start = self.at;
        if !self.eat(quote) {
            return None;
        }
        let inner = self.at;
        while let Some(byte) = self.peek() {
            if byte == quote {
                let text = self.since(inner);
                self.at += 1;
                return Some(text);
            }
            let escaped = byte == b'\\' && self.text.as_bytes().get(self.at + 1).is_some_and(u8::is_ascii);
            self.at += if escaped { 2 } else { 1 };
        }
        self.at = start;
        None
    }
}
