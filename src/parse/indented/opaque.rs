//! Texts within a configuration that are no configuration: banners, menus, certificates, keys, macros, scripts.

use super::{Banners, Reader, levels};
use crate::parse::lines::Lines;
use crate::parse::tree::{Cut, IssueKind};

/// The most lines of a banner; one that is longer is taken to lack its end.
const BANNER_LINES_MOST: usize = 500;

/// What follows a line.
enum Opens<'a> {
    /// A text up to this delimiter; the text behind the first one on the line.
    Delimited(&'a str, &'a str),
    /// Lines up to a line with this word alone.
    UpTo(&'static str),
    /// Lines of hexadecimal digits, then `quit`.
    Digits,
}

impl<'a> Reader<'a> {
    /// Takes what a line opens as its body; whether there was something.
    pub(super) fn opaque(&mut self, number: u32, text: &'a str) -> bool {
        match self.opens(text) {
            Some(Opens::Delimited(delimiter, rest)) => self.delimited(number, text, delimiter, rest),
            Some(Opens::UpTo(end)) => self.up_to(number, text, end),
            Some(Opens::Digits) => return self.digits(number, text),
            None => return false,
        }
        true
    }

    fn opens(&self, text: &'a str) -> Option<Opens<'a>> {
        let mut words = text.split_ascii_whitespace();
        let first = words.next()?;
        let banners = self.dialect.banners;
        match first {
            "banner" if banners == Banners::Eof && words.clone().count() <= 1 => Some(Opens::UpTo("EOF")),
            "action" | "code" if banners == Banners::Eof && (text == "action bash" || text == "code" || text.starts_with("code unit ")) => {
                Some(Opens::UpTo("EOF"))
            }
            "banner" | "vacant-message" | "refuse-message" | "menu" if banners == Banners::Delimited => delimited(text),
            "macro" if words.next() == Some("name") => Some(Opens::UpTo("@")),
            "key-string" if words.next().is_none() => Some(Opens::UpTo("quit")),
            "certificate" => Some(Opens::Digits),
            _ => None,
        }
    }

    /// A text between delimiters, over one or many lines. What stands behind the second on its line is not read by devices either.
    fn delimited(&mut self, number: u32, text: &'a str, delimiter: &'a str, rest: &'a str) {
        if let Some(end) = rest.find(delimiter) {
            self.builder.set_body(number, &rest[..end]);
            return;
        }
        let from = self.lines.at;
        let mut ahead = self.lines;
        for _ in 0..BANNER_LINES_MOST {
            let Some(line) = ahead.next() else { break };
            if let Some(end) = line.find(delimiter) {
                let whole = ahead.since(from);
                let body = &whole[..whole.len() - (line.len() - end).min(whole.len())];
                self.builder.set_body(number, body);
                self.lines = ahead;
                return;
            }
        }
        self.unterminated(number, text);
    }

    /// Lines up to one word.
    fn up_to(&mut self, number: u32, text: &'a str, end: &str) {
        let from = self.lines.at;
        let mut ahead = self.lines;
        for _ in 0..BANNER_LINES_MOST {
            let before = ahead;
            let Some(line) = ahead.next() else { break };
            if line.trim() == end {
                self.builder.set_body(number, before.since(from));
                self.lines = ahead;
                return;
            }
        }
        self.unterminated(number, text);
    }

    /// A text whose end is missing lasts to a line that surely is configuration.
    fn unterminated(&mut self, number: u32, text: &'a str) {
        self.builder.issue(IssueKind::Unterminated, text);
        let from = self.lines.at;
        while !self.lines.rest().is_empty() {
            let before: Lines<'a> = self.lines;
            let line = self.lines.next().unwrap_or_default();
            if levels::is_top(line) {
                self.lines = before;
                break;
            }
        }
        // What the text may have held besides, nobody can say.
        self.builder.cut(Cut::Open);
        self.builder.set_body(number, self.lines.since(from));
    }

    /// The digits of a certificate; whether there are any. A certificate may be kept in a file, and then there are none.
    fn digits(&mut self, number: u32, text: &'a str) -> bool {
        let from = self.lines.at;
        let mut any = false;
        loop {
            let before = self.lines;
            let line = self.lines.next().map(str::trim);
            let is_hexadecimal = |line: &str| line.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ' || byte == b'\t');
            match line {
                Some("quit") => {
                    self.builder.set_body(number, before.since(from));
                    return true;
                }
                Some(line) if !line.is_empty() && is_hexadecimal(line) => any = true,
                _ => {
                    self.lines = before;
                    if any {
                        self.builder.issue(IssueKind::Unterminated, text);
                        self.builder.set_body(number, before.since(from));
                    }
                    return any;
                }
            }
        }
    }
}

/// The delimiter of a banner and what follows it: the first character behind the command, or two where the first is `^`.
fn delimited(text: &str) -> Option<Opens<'_>> {
    const KINDS: &[&str] = &["config-save", "exec", "incoming", "lcd", "login", "motd", "prompt-timeout", "slip-ppp"];
    let (command, rest) = text.split_once([' ', '\t'])?;
    let rest = rest.trim_start();
    let (kind, behind) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let rest = match command {
        "banner" if KINDS.contains(&kind) => behind.trim_start(),
        "menu" => behind.trim_start().strip_prefix("title")?.trim_start(),
        _ => rest,
    };
    let length = match rest.chars().next()? {
        '^' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        other => other.len_utf8(),
    };
    Some(Opens::Delimited(&rest[..length], &rest[length..]))
}
