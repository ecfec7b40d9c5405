//! Text in nginx's syntax into directives with their words, blocks inside blocks.
//!
//! Words are parted as nginx does it: quotes and `#` count only where a word begins, a backslash keeps the next character, `${` opens no
//! block. What stands in a block of Lua (`content_by_lua_block { … }`) is code and is kept as one opaque text.

use std::borrow::Cow;

/// The most blocks inside one another; nginx itself has no limit, and its own contexts end far below.
const DEPTH_MOST: usize = 48;

/// One directive.
#[derive(Debug, Default)]
pub struct Directive<'a> {
    /// Its name and what follows it, without quotes and escapes.
    pub words: Vec<Cow<'a, str>>,
    /// It as it is written, up to its `;` or `{`.
    pub text: &'a str,
    /// What stands in its block.
    pub block: Option<Vec<Directive<'a>>>,
    /// Whether its block was never closed, so that more could stand in it.
    pub unclosed: bool,
}

/// A text of directives.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The directives, in order.
    pub directives: Vec<Directive<'a>>,
    /// What was not understood, with everything that follows it.
    pub issues: Vec<&'a str>,
}

/// What ends a directive.
enum End {
    Semicolon,
    Open,
    Close,
    Text,
    Wrong,
}

/// Reads a text. nginx refuses a text with an error as a whole; here what stands before the error is kept, and the rest is an issue.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut reader = Reader { text, at: 0 };
    // Directives whose blocks are open, with what these hold so far.
    let mut open: Vec<Directive<'_>> = Vec::new();
    loop {
        let (mut directive, end) = reader.directive();
        match end {
            End::Semicolon => place(&mut document, &mut open, directive),
            End::Open if directive.words[0].ends_with("_by_lua_block") => {
                directive.block = Some(Vec::new());
                let closed = reader.skip_lua();
                place(&mut document, &mut open, directive);
                if !closed {
                    document.issues.push(last_line(text));
                }
            }
            End::Open if open.len() < DEPTH_MOST => {
                directive.block = Some(Vec::new());
                open.push(directive);
            }
            End::Close if !open.is_empty() => {
                if let Some(closed) = open.pop() {
                    place(&mut document, &mut open, closed);
                }
            }
            End::Text if directive.words.is_empty() && open.is_empty() => break,
            End::Open | End::Close | End::Text | End::Wrong => {
                let last = if directive.text.is_empty() { last_line(text) } else { directive.text };
                document.issues.push(last);
                break;
            }
        }
    }
    while let Some(mut directive) = open.pop() {
        directive.unclosed = true;
        place(&mut document, &mut open, directive);
    }
    document
}

/// The last line with something on it.
fn last_line(text: &str) -> &str {
    text.trim_end().rsplit('\n').next().unwrap_or_default()
}

/// Puts a directive into the block that is open.
fn place<'a>(document: &mut Document<'a>, open: &mut [Directive<'a>], directive: Directive<'a>) {
    match open.last_mut() {
        Some(Directive { block: Some(block), .. }) => block.push(directive),
        _ => document.directives.push(directive),
    }
}

/// Where reading is.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes white space and comments.
    fn skip_blank(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'#' => self.at += memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len()),
                _ => return,
            }
        }
    }

    /// The next directive up to what ends it.
    fn directive(&mut self) -> (Directive<'a>, End) {
        self.skip_blank();
        let start = self.at;
        let mut written = start;
        let mut words = Vec::new();
        let end = loop {
            self.skip_blank();
            let Some(byte) = self.byte() else { break End::Text };
            match byte {
                b';' | b'{' => {
                    self.at += 1;
                    let end = if byte == b';' { End::Semicolon } else { End::Open };
                    break if words.is_empty() { End::Wrong } else { end };
                }
                b'}' => {
                    self.at += 1;
                    break if words.is_empty() { End::Close } else { End::Wrong };
                }
                _ => match self.word(byte) {
                    Some(word) => words.push(word),
                    None => break End::Wrong,
                },
            }
            written = self.at;
        };
        (Directive { words, text: self.text.get(start..written).unwrap_or_default(), block: None, unclosed: false }, end)
    }

    /// The next word, which begins with this byte; none where a quote is not closed or is followed by more of a word.
    fn word(&mut self, first: u8) -> Option<Cow<'a, str>> {
        let quote = matches!(first, b'"' | b'\'').then_some(first);
        let start = self.at + usize::from(quote.is_some());
        self.at = start;
        let (mut variable, mut escaped) = (false, false);
        while let Some(byte) = self.byte() {
            let ends = match quote {
                Some(quote) => byte == quote,
                None => matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';') || byte == b'{' && !variable,
            };
            if ends {
                break;
            }
            variable = byte == b'$';
            self.at += 1;
            if byte == b'\\' && self.at < self.text.len() {
                escaped = true;
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            }
        }
        let written = self.text.get(start..self.at)?;
        if quote.is_some() {
            self.byte()?;
            self.at += 1;
            if !matches!(self.byte(), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' | b')')) {
                return None;
            }
        }
        Some(if escaped { Cow::Owned(unescaped(written)) } else { Cow::Borrowed(written) })
    }

    /// Passes the code of a block of Lua up to the brace that closes it; false where there is none.
    fn skip_lua(&mut self) -> bool {
        let mut depth = 1;
        while let Some(byte) = self.byte() {
            self.at += 1;
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => return true,
                b'}' => depth -= 1,
                b'"' | b'\'' => self.skip_lua_text(byte),
                b'[' if self.rest().starts_with(['[', '=']) => self.skip_lua_long(),
                b'-' if self.rest().starts_with("-[[") => {
                    self.at += 2;
                    self.skip_lua_long();
                }
                b'-' if self.rest().starts_with('-') => {
                    self.at += memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
                }
                _ => {}
            }
        }
        false
    }

    /// Passes a quoted text of Lua.
    fn skip_lua_text(&mut self, quote: u8) {
        while let Some(byte) = self.byte() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                byte if byte == quote || byte == b'\n' => return,
                _ => {}
            }
        }
    }

    /// Passes a long text or comment of Lua (`[[ … ]]`, `[==[ … ]==]`), whose first bracket was taken.
    fn skip_lua_long(&mut self) {
        let equals = self.rest().bytes().take_while(|byte| *byte == b'=').count();
        if self.rest().as_bytes().get(equals) != Some(&b'[') {
            return;
        }
        let close = format!("]{}]", "=".repeat(equals));
        let length = self.rest().find(&close).map_or(self.rest().len(), |at| at + close.len());
        self.at += length;
    }
}

/// A word without its escapes: `\"`, `\'` and `\\` are the character, `\t`, `\r` and `\n` control characters; others keep the backslash.
fn unescaped(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().filter(|_| character == '\\');
        let meant = match next {
            Some(same @ ('"' | '\'' | '\\')) => same,
            Some('t') => '\t',
            Some('r') => '\r',
            Some('n') => '\n',
            _ => {
                plain.push(character);
                if let Some(next) = next {
                    plain.push(next);
                    characters.next();
                }
                continue;
            }
        };
        plain.push(meant);
        characters.next();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directives in short: words in brackets, blocks in braces.
    fn shown(directives: &[Directive<'_>]) -> String {
        let one = |it: &Directive<'_>| {
            let block = it.block.as_ref().map_or(String::new(), |block| format!("{{{}}}", shown(block)));
            format!("[{}]{block}", it.words.join("|"))
        };
        directives.iter().map(one).collect()
    }

    /// What nginx 1.22 takes these texts for: `nginx -T` accepts the first ones and names an error in the last.
    #[test]
    fn words_are_parted_as_nginx_does() {
        let of = |text| shown(&read(text).directives);
        assert_eq!(of("a b;c{d e;}#x;\nf 'g h' \"i;\" j#k;"), "[a|b][c]{[d|e]}[f|g h|i;|j#k]");
        assert_eq!(of("log_format x '$a \"${b}\"' ${c}d{e}"), "[log_format|x|$a \"${b}\"|${c}d]{}");
        assert_eq!(of(r#"a "\"\\\d\t" \ b;"#), "[a|\"\\\\d\t|\\ b]");
        assert_eq!(of("if ($a = \"b\") { return 403; }"), "[if|($a|=|b|)]{[return|403]}");
        assert_eq!(of("location ~ \\.(a|b)$ { }"), "[location|~|\\.(a|b)$]{}");
    }

    #[test]
    fn lua_is_opaque() {
        let text = "a { content_by_lua_block { local x = \"}\" -- }\n if x then y = {1} end --[[ } ]] z = [=[ }} ]] ]=] } b c; }";
        assert_eq!(shown(&read(text).directives), "[a]{[content_by_lua_block]{}[b|c]}");
    }

    #[test]
    fn what_follows_an_error_is_not_understood() {
        for text in ["a b; c", "a b; c { d", "a b; }", "a b; 'c'd e;", "a b; {", "a b; \"c", "a b; x_by_lua_block { }} '"] {
            let document = read(text);
            assert!(shown(&document.directives).starts_with("[a|b]"), "{text}");
            assert_eq!(document.issues.len(), 1, "{text}: {document:?}");
        }
        assert!(!read(&"a{".repeat(100)).issues.is_empty());
        assert!(read(" \n# c").issues.is_empty());
    }
}
