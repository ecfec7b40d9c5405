//! The two written forms of a word tree, braces and `set` commands, into paths.

use super::{TOP, WordTree};
use crate::parse::lines;
use crate::parse::tree::{Cut, DEPTH_MOST, INACTIVE, IssueKind, OPAQUE};
use crate::source::capture::Clean;

/// What differs between the systems that write such texts.
#[derive(Clone, Copy, Debug)]
pub(in crate::parse) struct Form {
    /// Whether a string may hold line ends.
    pub multiline_strings: bool,
}

/// The most bytes of a string.
const STRING_BYTES_MOST: usize = 1 << 20;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A word, or the inside of a string.
    Word(&'a str),
    /// `{` `}` `[` `]` `;`, or a line end.
    Sign(u8),
    /// `/* … */` with `OMITTED` in it.
    Omitted,
}

/// A text that is being read.
struct Reader<'a, 't> {
    text: &'a str,
    at: usize,
    form: Form,
    /// Whether the last line was perhaps cut in its middle.
    broken_off: bool,
    tree: &'t mut WordTree<'a>,
    /// Open blocks: their node.
    blocks: Vec<u32>,
    /// Words of the statement that is being read.
    path: Vec<&'a str>,
    /// Flags of that statement's last word.
    flags: u8,
}

/// Words that begin a command.
const COMMANDS: &[&str] =
    &["activate", "annotate", "copy", "deactivate", "delete", "insert", "move", "protect", "rename", "set", "unprotect"];

/// Reads a text in either form, or both, into a tree.
pub(in crate::parse) fn read<'a>(clean: &Clean<'a>, form: Form, tree: &mut WordTree<'a>) {
    let broken_off = lines::is_broken_off(clean);
    let mut reader = Reader { text: clean.text, at: 0, form, broken_off, tree, blocks: Vec::new(), path: Vec::new(), flags: 0 };
    while let Some(token) = reader.next() {
        reader.take(token);
    }
    if !reader.blocks.is_empty() || !reader.path.is_empty() {
        reader.tree.notes.cut(Cut::Open);
    }
}

impl<'a> Reader<'a, '_> {
    /// The next piece, comments passed over.
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text[self.at..];
            let first = *rest.as_bytes().first()?;
            let at_line_start = self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n';
            match first {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.at += line_length(rest),
                b'!' if at_line_start => self.at += line_length(rest),
                b'/' if rest.starts_with("/*") => {
                    if self.comment(rest) {
                        return Some(Token::Omitted);
                    }
                }
                b'\n' | b'{' | b'}' | b'[' | b']' | b';' => {
                    self.at += 1;
                    return Some(Token::Sign(first));
                }
                b'"' => return Some(Token::Word(self.string(rest))),
                _ => {
                    let end = rest.find([' ', '\t', '\r', '\n', '{', '}', '[', ']', ';', '"']).unwrap_or(rest.len());
                    self.at += end;
                    return Some(Token::Word(&rest[..end]));
                }
            }
        }
    }

    /// Passes over a comment; whether it stands for something that was left out.
    fn comment(&mut self, rest: &'a str) -> bool {
        match rest.find("*/") {
            Some(end) => {
                self.at += end + 2;
                rest[..end].contains("OMITTED")
            }
            None => {
                self.tree.notes.issue(IssueKind::Unterminated, &rest[..line_length(rest)]);
                self.tree.notes.cut(Cut::Open);
                self.at += line_length(rest);
                false
            }
        }
    }

    /// Takes a string; without its end it lasts to the end of the line.
    fn string(&mut self, rest: &'a str) -> &'a str {
        let mut escaped = false;
        for (at, byte) in rest.bytes().enumerate().skip(1).take(STRING_BYTES_MOST) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at += at + 1;
                    return &rest[1..at];
                }
                b'\n' if !self.form.multiline_strings => break,
                _ => {}
            }
        }
        let length = line_length(rest);
        self.tree.notes.issue(IssueKind::Unterminated, &rest[..length]);
        self.tree.notes.cut(Cut::Open);
        self.at += length;
        rest[1..length].trim_end_matches('\r')
    }

    fn take(&mut self, token: Token<'a>) {
        match token {
            Token::Word(word) if self.path.is_empty() && self.flag(word) => {}
            Token::Word(word) if self.path.is_empty() && self.blocks.is_empty() && COMMANDS.contains(&word) => self.command(word),
            Token::Word(word) => self.path.push(word),
            Token::Sign(b'{') => self.open(),
            Token::Sign(b'}') => self.close(),
            Token::Sign(b'[') => self.list(),
            Token::Sign(b';') => {
                self.statement();
            }
            Token::Sign(b']') => self.tree.notes.issue(IssueKind::StrayEnd, &self.text[self.at - 1..self.at]),
            Token::Sign(_) => {}
            Token::Omitted => {
                let node = self.block();
                self.tree.words[node as usize].flags |= OPAQUE;
            }
        }
    }

    /// The node of the innermost block.
    fn block(&self) -> u32 {
        self.blocks.last().copied().unwrap_or(TOP)
    }

    /// Takes a word that says something of the statement behind it.
    fn flag(&mut self, word: &str) -> bool {
        match word {
            "inactive:" | "delete:" => self.flags |= INACTIVE,
            "active:" | "protect:" | "replace:" => {}
            _ => return false,
        }
        true
    }

    /// Puts the words of the statement into the tree; the last one's node.
    fn statement(&mut self) -> u32 {
        let node = self.tree.path(self.block(), &self.path);
        if !self.path.is_empty() {
            self.tree.words[node as usize].flags |= self.flags;
        }
        self.path.clear();
        self.flags = 0;
        node
    }

    fn open(&mut self) {
        let part = self.path.first().copied().unwrap_or_default();
        let node = self.statement();
        if self.blocks.len() >= DEPTH_MOST {
            self.tree.notes.issue(IssueKind::TooDeep, part);
            self.tree.notes.cut(Cut::Limit);
        }
        self.blocks.push(node);
    }

    fn close(&mut self) {
        if !self.path.is_empty() {
            // A statement without its semicolon.
            self.statement();
        }
        if self.blocks.pop().is_none() {
            self.tree.notes.issue(IssueKind::StrayEnd, &self.text[self.at - 1..self.at]);
        }
    }

    /// Takes `[ a b ]`: each is a value of the statement.
    fn list(&mut self) {
        let flags = self.flags;
        let node = self.statement();
        let mut any = false;
        while let Some(token) = self.next() {
            match token {
                Token::Word(word) => {
                    let value = self.tree.child(node, word, 0);
                    self.tree.words[value as usize].flags |= flags;
                    any = true;
                }
                Token::Sign(b']') => break,
                Token::Sign(b'\n') if any || !self.blocks.is_empty() => {}
                Token::Sign(b';' | b'{' | b'}') => {
                    self.at -= 1;
                    self.tree.notes.issue(IssueKind::Unterminated, self.tree.words[node as usize].text);
                    break;
                }
                Token::Sign(_) | Token::Omitted => {}
            }
        }
    }

    /// Takes a command, which lasts to the end of its line.
    fn command(&mut self, verb: &'a str) {
        let from = self.at - verb.len();
        let mut words = Vec::new();
        let mut list: Option<Vec<&'a str>> = None;
        let mut in_list = false;
        while let Some(token) = self.next() {
            match token {
                Token::Sign(b'\n') => break,
                Token::Sign(b'[') => (in_list, list) = (true, Some(list.unwrap_or_default())),
                Token::Sign(b']') => in_list = false,
                Token::Word(word) if in_list => list.get_or_insert_default().push(word),
                Token::Word(word) => words.push(word),
                Token::Sign(_) | Token::Omitted => {}
            }
        }
        let line = self.text[from..self.at].trim_end();
        if self.broken_off && self.at == self.text.len() {
            self.tree.notes.issue(IssueKind::Unterminated, line);
        } else if self.apply(verb, &words, list.as_deref()).is_none() {
            self.tree.notes.issue(IssueKind::NotUnderstood, line);
        }
    }

    /// Does what a command says; nothing where that is not understood.
    fn apply(&mut self, verb: &str, words: &[&'a str], list: Option<&[&'a str]>) -> Option<()> {
        let position = |keys: &[&str]| words.iter().rposition(|word| keys.contains(word));
        match verb {
            "set" if !words.is_empty() => {
                let node = self.tree.path(TOP, words);
                for value in list.unwrap_or_default() {
                    self.tree.child(node, value, 0);
                }
            }
            "delete" => match list {
                None => self.tree.remove(words),
                Some(list) => list.iter().for_each(|value| self.tree.remove(&[words, &[*value]].concat())),
            },
            "deactivate" => self.tree.set_inactive(words, true),
            "activate" => self.tree.set_inactive(words, false),
            "annotate" | "protect" | "unprotect" => {}
            "insert" | "move" => {
                let at = position(&["before", "after", "top", "bottom"])?;
                let behind = matches!(words[at], "after" | "bottom");
                // The sibling may be named with its kind: `before policy B`.
                self.tree.arrange(&words[..at], behind, words[at + 1..].last().copied())?;
            }
            "rename" => {
                let at = position(&["to"])?;
                self.tree.rename(&words[..at], words.last()?)?;
            }
            _ => return None,
        }
        Some(())
    }
}

/// The bytes of the first line of a text, without its end.
fn line_length(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())
}
