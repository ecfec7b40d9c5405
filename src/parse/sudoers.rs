//! sudoers(5) into includes, defaults, aliases and grants; every text is as written, escapes included.
//!
//! A line that breaks the grammar is kept whole as opaque, because sudo refuses or passes over it whole.

mod cursor;
mod grant;
mod lines;

use std::borrow::Cow;

use cursor::Cursor;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its entries in order.
    pub entries: Vec<Entry<'a>>,
    /// Lines that are not understood.
    pub opaque: Vec<&'a str>,
}

/// One logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The line, continuations included, comment excluded.
    pub line: &'a str,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// `@include`, `@includedir` and the older spelling with `#`.
    Include {
        /// The path without quotes.
        path: &'a str,
        /// Whether it is a directory.
        directory: bool,
    },
    /// `Defaults`.
    Defaults {
        /// Whom it is limited to.
        scope: Scope<'a>,
        /// What it sets.
        parameters: Vec<Parameter<'a>>,
    },
    /// Definitions of aliases of one kind.
    Aliases {
        /// The kind.
        list: List,
        /// Names and members.
        definitions: Vec<(&'a str, Vec<Member<'a>>)>,
    },
    /// A user specification.
    Grants {
        /// Who.
        users: Vec<Member<'a>>,
        /// Where and what.
        parts: Vec<Part<'a>>,
    },
}

/// A kind of list, and of the aliases that may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// Users, groups, netgroups.
    Users,
    /// Hosts and networks.
    Hosts,
    /// Users as whom, or groups as which, commands run.
    Runas,
    /// Commands.
    Commands,
}

/// Whom `Defaults` are limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Nobody in particular.
    All,
    /// The members of a list.
    Only(List, Vec<Member<'a>>),
}

/// A member of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Whether an odd number of `!` stands before it.
    pub negated: bool,
    /// Its text without those and without quotes; a command with its digests and arguments.
    pub text: &'a str,
}

/// What a parameter of `Defaults` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation<'a> {
    /// Named alone.
    On,
    /// Named behind an odd number of `!`.
    Off,
    /// `=`
    Set(&'a str),
    /// `+=`
    Add(&'a str),
    /// `-=`
    Remove(&'a str),
}

/// A parameter of `Defaults`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What is done to it; values are without quotes.
    pub operation: Operation<'a>,
}

/// Hosts and what is granted on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Where.
    pub hosts: Vec<Member<'a>>,
    /// What.
    pub commands: Vec<Command<'a>>,
}

/// One command with what stands before it; what is not repeated carries over from the command before (sudoers(5)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// As whom, where it is said here.
    pub runas: Option<Runas<'a>>,
    /// Options (`NOTAFTER`, `ROLE`, …) that are said here.
    pub options: Vec<(&'a str, &'a str)>,
    /// Tags (`NOPASSWD`, …) that are said here.
    pub tags: Vec<&'a str>,
    /// The command.
    pub command: Member<'a>,
}

/// As whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runas<'a> {
    /// Users.
    pub users: Vec<Member<'a>>,
    /// Groups.
    pub groups: Vec<Member<'a>>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    for line in lines::logical(text) {
        match kind(line) {
            Some(kind) => document.entries.push(Entry { line, kind }),
            None => document.opaque.push(line),
        }
    }
    document
}

/// A text without the backslashes that take the meaning from the character behind them, and without continuations.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '\n']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('\r' | '\n') | None => {}
                Some(escaped @ ('*' | '?' | '[' | ']' | '\\')) => out.extend(['\\', escaped]),
                Some(escaped) => out.push(escaped),
            },
            '\r' | '\n' => {}
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// What a logical line is; nothing where it breaks the grammar.
fn kind(line: &str) -> Option<Kind<'_>> {
    if line.starts_with(['@', '#']) && line[1..].starts_with("include") {
        return include(line);
    }
    if let Some(rest) = line.strip_prefix("Defaults").filter(|rest| rest.starts_with([' ', '\t', ':', '@', '>', '!', '\\'])) {
        return defaults(rest);
    }
    const ALIASES: &[(&str, List)] = &[
        ("User_Alias", List::Users),
        ("Host_Alias", List::Hosts),
        ("Runas_Alias", List::Runas),
        ("Cmnd_Alias", List::Commands),
        ("Cmd_Alias", List::Commands),
    ];
    for (word, list) in ALIASES {
        if let Some(rest) = line.strip_prefix(word).filter(|rest| rest.starts_with([' ', '\t', '\\'])) {
            return aliases(rest, *list);
        }
    }
    grant::read(line)
}

/// `@include path`, `@includedir path`.
fn include(line: &str) -> Option<Kind<'_>> {
    let rest = &line["@include".len()..];
    let (directory, rest) = match rest.strip_prefix("dir") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let path = rest.strip_prefix([' ', '\t'])?.trim();
    let path = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')).unwrap_or(path);
    (!path.is_empty()).then_some(Kind::Include { path, directory })
}

/// What follows `Defaults`.
fn defaults(rest: &str) -> Option<Kind<'_>> {
    let mut cursor = Cursor::new(rest);
    let list = match rest.chars().next() {
        Some(':') => Some(List::Users),
        Some('@') => Some(List::Hosts),
        Some('>') => Some(List::Runas),
        Some('!') => Some(List::Commands),
        _ => None,
    };
    let scope = match list {
        None => Scope::All,
        Some(list) => {
            cursor.advance(1);
            Scope::Only(list, grant::scope(&mut cursor, list)?)
        }
    };
    let mut parameters = vec![parameter(&mut cursor)?];
    while cursor.take(',') {
        parameters.push(parameter(&mut cursor)?);
    }
    cursor.is_done().then_some(Kind::Defaults { scope, parameters })
}

/// One parameter.
fn parameter<'a>(cursor: &mut Cursor<'a>) -> Option<Parameter<'a>> {
    cursor.skip_blank();
    let start = cursor.at;
    let negated = cursor.take_negations();
    let name = cursor.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
    let operation = match (negated, cursor.take_operator()) {
        (true, None) => Operation::Off,
        (false, None) => Operation::On,
        (true, Some(_)) => return None,
        (false, Some(operator)) => {
            let value = cursor.take_value()?;
            match operator {
                "+=" => Operation::Add(value),
                "-=" => Operation::Remove(value),
                _ => Operation::Set(value),
            }
        }
    };
    (!name.is_empty()).then(|| Parameter { text: cursor.since(start), name, operation })
}

/// What follows the word of an alias definition.
fn aliases(rest: &str, list: List) -> Option<Kind<'_>> {
    let mut cursor = Cursor::new(rest);
    let mut definitions = Vec::new();
    loop {
        cursor.skip_blank();
        let name = cursor.take_while(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_');
        if !is_alias(name) || name == "ALL" || !cursor.take('=') {
            return None;
        }
        definitions.push((name, grant::members(&mut cursor, list)?));
        if !cursor.take(':') {
            break;
        }
    }
    cursor.is_done().then_some(Kind::Aliases { list, definitions })
}

/// Whether a word is of the form that names of aliases have.
pub fn is_alias(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests;
