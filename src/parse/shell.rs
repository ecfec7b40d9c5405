//! Start files of POSIX shells and bash into words and operators; nothing is expanded or run.

/// A piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A word as written, quotes and expansions included.
    Word(&'a str),
    /// `;` `;;` `&&` `||` `|` `&` `(` `)`, or a line end, which is `\n`.
    Operator(&'a str),
}

/// Operators, longest first; redirections are dropped with their targets.
const OPERATORS: &[&str] = &[";;&", ";;", ";&", "&&", "||", "|&", ";", "|", "(", ")"];

/// Redirections, longest first; `<<` and `<<-` begin a text that lasts to a line with their word.
const REDIRECTIONS: &[&str] = &["<<<", "<<-", "&>>", "<<", ">>", ">&", "<&", "<>", ">|", "&>", "<", ">"];

/// Reads a script.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), test: false, here: Vec::new() };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.tokens
}

/// A script that is being read.
struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    /// Within `[[ … ]]`, where operators are words.
    test: bool,
    /// Words that end the texts which begin on the next line, and whether tabs before them count.
    here: Vec<(&'a str, bool)>,
}

impl<'a> Lexer<'a> {
    /// Takes one token, or a blank, a comment, a redirection.
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let first = rest.as_bytes()[0];
        match first {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\\' if rest[1..].starts_with('\n') => self.at += 2,
            b'\\' if rest[1..].starts_with("\r\n") => self.at += 3,
            b'#' => self.at += memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()),
            b'\n' => self.line_end(),
            _ if !self.test && self.redirection(rest) => {}
            _ => self.operator_or_word(rest),
        }
    }

    /// Takes an operator or a word.
    fn operator_or_word(&mut self, rest: &'a str) {
        let operator = OPERATORS.iter().chain(&["&"]).find(|operator| rest.starts_with(**operator));
        let length = operator.map_or_else(|| word(rest), |operator| operator.len());
        let piece = &rest[..length];
        self.at += length;
        if operator.is_some() && !self.test {
            self.tokens.push(Token::Operator(piece));
            return;
        }
        self.test = (self.test || piece == "[[") && piece != "]]";
        self.tokens.push(Token::Word(piece));
    }

    /// Takes a redirection with its target, if there is one.
    fn redirection(&mut self, rest: &'a str) -> bool {
        let Some(sign) = REDIRECTIONS.iter().find(|sign| rest.starts_with(**sign)) else { return false };
        let behind = rest[sign.len()..].trim_start_matches([' ', '\t']);
        self.at = self.text.len() - behind.len();
        let target = &behind[..word(behind).min(behind.len())];
        self.at += target.len();
        if sign.starts_with("<<") && *sign != "<<<" {
            self.here.push((target, *sign == "<<-"));
        }
        true
    }

    /// Takes a line end, and the texts that begin behind it.
    fn line_end(&mut self) {
        self.tokens.push(Token::Operator(&self.text[self.at..=self.at]));
        self.at += 1;
        self.test = false;
        for (end, tabs) in std::mem::take(&mut self.here) {
            let end = end.trim_matches(['\'', '"', '\\']);
            while self.at < self.text.len() {
                let line = self.text[self.at..].lines().next().unwrap_or_default();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
                if (if tabs { line.trim_start_matches('\t') } else { line }) == end {
                    break;
                }
            }
        }
    }
}

/// The length of the word at the start of a text: at least one character of it.
fn word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
            b'\\' => at += 1,
            b'\'' => at += memchr::memchr(b'\'', &bytes[at + 1..]).map_or(bytes.len(), |end| end + 1),
            b'"' | b'`' => at = quoted(bytes, at),
            b'$' if bytes.get(at + 1) == Some(&b'(') => at = balanced(bytes, at + 1, b'(', b')'),
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = balanced(bytes, at + 1, b'{', b'}'),
            _ => {}
        }
        at += 1;
    }
    let mut end = at.clamp(usize::from(!bytes.is_empty()), bytes.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// The place of the quote that ends the one at `from`.
fn quoted(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != bytes[from] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// The place of the bracket that ends the one at `from`; quotes within are passed over.
fn balanced(bytes: &[u8], from: usize, open: u8, close: u8) -> usize {
    let (mut at, mut depth) = (from, 0_u32);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\'' if open == b'(' => at += memchr::memchr(b'\'', &bytes[at + 1..]).map_or(0, |end| end + 1),
            b'"' => at = quoted(bytes, at),
            byte if byte == open => depth += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// A word without its quotes, if it says what it is without being expanded.
pub fn literal(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let (mut single, mut double) = (false, false);
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '$' | '`' if !single => return None,
            '\\' if !single => out.extend(characters.next()),
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words as they are, operators in angle brackets.
    fn read(text: &str) -> String {
        let shown = tokens(text).into_iter().map(|token| match token {
            Token::Word(word) => word.to_owned(),
            Token::Operator("\n") => "<nl>".to_owned(),
            Token::Operator(operator) => format!("<{operator}>"),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    /// POSIX.1, Shell Command Language, Token Recognition.
    #[test]
    fn words_operators_and_what_is_dropped() {
        assert_eq!(read("a b;c&&d||e|f # g\n"), "a b <;> c <&&> d <||> e <|> f <nl>");
        assert_eq!(read("x=\"a b\" 'c d' $(e f; g) ${h:-i j} `k l` m\\ n"), "x=\"a b\" 'c d' $(e f; g) ${h:-i j} `k l` m\\ n");
        assert_eq!(read("a >/dev/null 2>&1 b <<EOF c\numask 0\nEOF\nd\n"), "a 2 b c <nl> d <nl>");
        assert_eq!(read("a \\\n b#c"), "a b#c");
        assert_eq!(read("[[ $- == *i* && -n x ]] && y"), "[[ $- == *i* && -n x ]] <&&> y");
        assert_eq!(read("f() { a; }\ncase x in y) z;; esac"), "f <(> <)> { a <;> } <nl> case x in y <)> z <;;> esac");
        assert_eq!(read("\"unclosed é"), "\"unclosed é");
        assert_eq!(read("a<<X\né"), "a <nl>");
    }

    #[test]
    fn literals() {
        assert_eq!(literal("'a b'\"c\"\\d"), Some("a bcd".to_owned()));
        assert_eq!([literal("$a"), literal("\"`b`\""), literal("'$a'")], [None, None, Some("$a".to_owned())]);
    }
}
