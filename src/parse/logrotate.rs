//! logrotate's configuration into directives and blocks, in the order in which logrotate reads them.
//!
//! The reader's states are those of logrotate 3.21: a word may stand behind a word on one line, an argument takes the rest of its
//! line (a `#` there is part of it), scripts are opaque up to a line that begins with `endscript`.

use std::borrow::Cow;

/// One directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The keyword as written.
    pub name: &'a str,
    /// What follows it on the line, for keywords that take an argument; otherwise empty.
    pub argument: &'a str,
    /// Keyword and argument.
    pub text: &'a str,
}

/// A name that a block is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// The path or glob, without quotes.
    pub path: Cow<'a, str>,
    /// As it stands in the file.
    pub text: &'a str,
}

/// A block: names of logs and what holds for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// The names as written, up to the brace.
    pub head: &'a str,
    /// The names.
    pub patterns: Vec<Pattern<'a>>,
    /// What stands in the braces.
    pub directives: Vec<Directive<'a>>,
    /// The text for which logrotate gives up this block.
    pub fault: Option<&'a str>,
}

/// One statement of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A directive outside blocks.
    Directive(Directive<'a>),
    /// A block.
    Block(Block<'a>),
    /// A text for which logrotate gives up the rest of the file.
    Fault(&'a str),
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Directives and blocks in order.
    pub items: Vec<Item<'a>>,
    /// Texts that logrotate skips, with a message, and reads on.
    pub opaque: Vec<&'a str>,
}

/// Keywords that stand alone.
const FLAGS: &[&str] = &[
    "allowhardlink",
    "compress",
    "copy",
    "copytruncate",
    "daily",
    "dateext",
    "datehourago",
    "dateyesterday",
    "delaycompress",
    "errors",
    "hourly",
    "ifempty",
    "ignoreduplicates",
    "maillast",
    "mailfirst",
    "missingok",
    "monthly",
    "noallowhardlink",
    "nocompress",
    "nocopy",
    "nocopytruncate",
    "nocreate",
    "nocreateolddir",
    "nodateext",
    "nodelaycompress",
    "nomail",
    "nomissingok",
    "noolddir",
    "norenamecopy",
    "nosharedscripts",
    "noshred",
    "notifempty",
    "renamecopy",
    "sharedscripts",
    "shred",
    "yearly",
];

/// Keywords that take the rest of the line as their argument.
const WITH_ARGUMENT: &[&str] = &[
    "addextension",
    "compresscmd",
    "compressext",
    "compressoptions",
    "create",
    "createolddir",
    "dateformat",
    "extension",
    "include",
    "mail",
    "maxage",
    "maxsize",
    "minage",
    "minsize",
    "olddir",
    "rotate",
    "shredcycles",
    "size",
    "start",
    "su",
    "tabooext",
    "taboopat",
    "uncompresscmd",
    "uncompressext",
    "weekly",
];

/// Keywords that begin a script.
const SCRIPTS: &[&str] = &["firstaction", "lastaction", "postrotate", "preremove", "prerotate"];

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut reader = Reader { rest: text, document: Document::default(), block: None };
    while reader.step() {}
    // A block that is never closed holds, as logrotate has it.
    if let Some(block) = reader.block.take() {
        reader.document.items.push(Item::Block(block));
    }
    reader.document
}

/// Where the reader is.
struct Reader<'a> {
    rest: &'a str,
    document: Document<'a>,
    block: Option<Block<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads one word with what belongs to it; false at the end.
    fn step(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '}' => self.close(),
            '/' | '"' | '\'' | '~' => self.open(),
            'a'..='z' | 'A'..='Z' => self.keyword(),
            _ => {
                let line = self.skip_line();
                if first != '#' {
                    self.document.opaque.push(line);
                }
                true
            }
        }
    }

    /// Takes the rest of the line.
    fn skip_line(&mut self) -> &'a str {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        line.trim_end()
    }

    /// Ends a block.
    fn close(&mut self) -> bool {
        let Some(block) = self.block.take() else { return self.give_up_file() };
        self.document.items.push(Item::Block(block));
        self.rest = &self.rest[1..];
        let behind = self.skip_line().trim_start();
        if !behind.is_empty() {
            self.document.opaque.push(behind);
        }
        true
    }

    /// Begins a block with its names.
    fn open(&mut self) -> bool {
        if self.block.is_some() {
            let line = self.rest.lines().next().unwrap_or_default();
            return self.give_up_block(line);
        }
        let Some(end) = self.rest.find('{') else { return self.give_up_file() };
        let head = self.rest[..end].trim_end();
        let Some(patterns) = words(head) else { return self.give_up_file() };
        self.rest = &self.rest[end + 1..];
        self.block = Some(Block { head, patterns, directives: Vec::new(), fault: None });
        true
    }

    /// Reads a keyword and what it takes.
    fn keyword(&mut self) -> bool {
        let start = self.rest;
        let end = start.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(start.len());
        let (name, rest) = start.split_at(end);
        if !rest.is_empty() && !rest.starts_with(|next: char| next.is_ascii_whitespace() || next == '=') {
            let line = start.lines().next().unwrap_or_default();
            return if self.block.is_some() { self.give_up_block(line) } else { self.give_up_file() };
        }
        if SCRIPTS.contains(&name) {
            return self.script();
        }
        if FLAGS.contains(&name) {
            self.rest = rest;
            self.keep(Directive { name, argument: "", text: name });
        } else if WITH_ARGUMENT.contains(&name) {
            let text = self.skip_line();
            let argument = text[name.len()..].trim_start();
            let argument = argument.strip_prefix('=').unwrap_or(argument).trim_start();
            self.keep(Directive { name, argument, text });
        } else {
            let line = self.skip_line();
            self.document.opaque.push(line);
        }
        true
    }

    /// Adds a directive to the open block or to the file.
    fn keep(&mut self, directive: Directive<'a>) {
        match &mut self.block {
            Some(block) => block.directives.push(directive),
            None => self.document.items.push(Item::Directive(directive)),
        }
    }

    /// Passes over a script; without its end, logrotate gives up file and block.
    fn script(&mut self) -> bool {
        let start = self.rest;
        self.skip_line();
        while !self.rest.is_empty() {
            self.rest = self.rest.trim_start();
            let end = self.rest.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(self.rest.len());
            if &self.rest[..end] == "endscript" {
                self.rest = &self.rest[end..];
                return true;
            }
            self.skip_line();
        }
        self.rest = start;
        self.give_up_file()
    }

    /// Gives up the open block: what follows, up to a line that begins with its brace, is skipped.
    fn give_up_block(&mut self, text: &'a str) -> bool {
        if let Some(block) = &mut self.block {
            block.fault = Some(text);
        }
        loop {
            self.skip_line();
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with('}') {
                return true;
            }
            if SCRIPTS.iter().any(|keyword| self.rest.starts_with(keyword)) && !self.script() {
                return false;
            }
        }
    }

    /// Gives up the file, and the open block with it.
    fn give_up_file(&mut self) -> bool {
        let line = self.rest.lines().next().unwrap_or_default().trim_end();
        if let Some(mut block) = self.block.take() {
            block.fault = Some(line);
            self.document.items.push(Item::Block(block));
        }
        self.document.items.push(Item::Fault(line));
        self.rest = "";
        false
    }
}

/// The names in a block's head, by the shell's quoting; nothing where a quote stays open.
fn words(head: &str) -> Option<Vec<Pattern<'_>>> {
    let mut patterns = Vec::new();
    let mut rest = head.trim_start();
    while !rest.is_empty() {
        let end = word_end(rest)?;
        let (text, after) = rest.split_at(end);
        patterns.push(Pattern { path: unquoted(text), text });
        rest = after.trim_start();
    }
    Some(patterns)
}

/// Where the word at the start of a text ends; nothing where a quote stays open.
fn word_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character.is_whitespace() => return Some(at),
            (None, _) => {}
        }
    }
    quote.is_none().then_some(text.len())
}

/// A word without its quotes.
fn unquoted(word: &str) -> Cow<'_, str> {
    if !word.contains(['"', '\'', '\\']) {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    let mut quote = None;
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None | Some('"'), '\\') => out.extend(characters.next()),
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document in short: `name=argument` for directives, `[paths](directives)` for blocks, `!text` for what is given up.
    fn shown(text: &str) -> Vec<String> {
        let directive = |directive: &Directive<'_>| match directive.argument {
            "" => directive.name.to_owned(),
            argument => format!("{}={argument}", directive.name),
        };
        let item = |item: &Item<'_>| match item {
            Item::Directive(it) => directive(it),
            Item::Fault(text) => format!("!{text}"),
            Item::Block(block) => {
                let paths: Vec<&str> = block.patterns.iter().map(|pattern| &*pattern.path).collect();
                let inside: Vec<String> = block.directives.iter().map(directive).collect();
                let fault = block.fault.map(|text| format!("!{text}")).unwrap_or_default();
                format!("[{}]({}){fault}", paths.join(" "), inside.join(" "))
            }
        };
        read(text).items.iter().map(item).collect()
    }

    // Each expectation is what `logrotate -d` of 3.21.0 reports for the text, the paths replaced by short ones.

    #[test]
    fn arguments_take_the_line_and_flags_do_not() {
        assert_eq!(
            shown("/a {\n compress delaycompress rotate = 4 \n rotate=5 # c\n missingok weekly\n daily # c\n}\n"),
            ["[/a](compress delaycompress rotate=4 rotate=5 # c missingok weekly daily)"]
        );
        assert_eq!(shown("/a{weekly\n}\n/b {\n hourly\n"), ["[/a](weekly)", "[/b](hourly)"]);
    }

    #[test]
    fn names_may_be_quoted_and_stand_on_several_lines() {
        assert_eq!(shown("\"/a b\" '/c'\n /d\\ e\n~/f\n{\n}\n"), ["[/a b /c /d e ~/f]()"]);
        assert_eq!(shown("\"/a {\n}\n/b {\n}\n"), ["!\"/a {"]);
        assert_eq!(shown("/a\n/b\nrotate 3\n"), ["!/a"]);
    }

    #[test]
    fn scripts_are_opaque() {
        let text = "/a {\n daily\n postrotate echo\n  rotate 9\n  } daily\n  # endscript\n  echo endscript\n endscript\n shred\n}\n";
        assert_eq!(shown(text), ["[/a](daily shred)"]);
        assert_eq!(shown("/a {\n weekly\n postrotate\n x\n}\n/b {\n}\n"), ["[/a](weekly)!postrotate", "!postrotate"]);
    }

    #[test]
    fn unknown_words_are_skipped_with_their_line() {
        let document = read("/a {\n bogus 5\n Rotate 3\n ;x\n weekly\n} daily\n");
        assert_eq!(document.opaque, ["bogus 5", "Rotate 3", ";x", "daily"]);
        assert_eq!(document.items.len(), 1);
    }

    #[test]
    fn what_logrotate_gives_up_is_given_up() {
        // The first brace stands behind a word, so that the block ends at the next one.
        assert_eq!(shown("/a {\n rotate 3\n yearly}\n/b {\n daily\n}\n/c {\n}\n"), ["[/a](rotate=3)!yearly}", "[/c]()"]);
        assert_eq!(shown("/a {\n weekly\n /b\n daily\n}\n/c {\n}\n"), ["[/a](weekly)!/b", "[/c]()"]);
        assert_eq!(shown("}\n/c {\n}\n"), ["!}"]);
        assert_eq!(shown("relative.log {\n}\n/c {\n}\n"), ["!relative.log {"]);
    }
}
