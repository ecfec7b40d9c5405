//! User specifications and lists of sudoers(5).

use std::net::Ipv6Addr;

use super::cursor::Cursor;
use super::{Command, Kind, List, Member, Part, Runas, is_alias};

/// Tags that may stand before a command.
const TAGS: &[&str] = &[
    "EXEC",
    "FOLLOW",
    "INTERCEPT",
    "LOG_INPUT",
    "LOG_OUTPUT",
    "MAIL",
    "NOEXEC",
    "NOFOLLOW",
    "NOINTERCEPT",
    "NOLOG_INPUT",
    "NOLOG_OUTPUT",
    "NOMAIL",
    "NOPASSWD",
    "NOSETENV",
    "PASSWD",
    "SETENV",
];

/// Options that may stand before a command.
const OPTIONS: &[&str] = &["APPARMOR_PROFILE", "CHROOT", "CWD", "LIMITPRIVS", "NOTAFTER", "NOTBEFORE", "PRIVS", "ROLE", "TIMEOUT", "TYPE"];

/// Kinds of digest that may stand before a command.
const DIGESTS: &[&str] = &["sha224", "sha256", "sha384", "sha512"];

/// A user specification: `users hosts = commands : hosts = commands`.
pub(super) fn read(line: &str) -> Option<Kind<'_>> {
    let mut cursor = Cursor::new(line);
    let users = members(&mut cursor, List::Users)?;
    let mut parts = Vec::new();
    loop {
        let hosts = members(&mut cursor, List::Hosts)?;
        if !cursor.take('=') {
            return None;
        }
        let mut commands = vec![command(&mut cursor)?];
        while cursor.take(',') {
            commands.push(command(&mut cursor)?);
        }
        parts.push(Part { hosts, commands });
        if !cursor.take(':') {
            break;
        }
    }
    cursor.is_done().then_some(Kind::Grants { users, parts })
}

/// The list behind the sign of a `Defaults` scope: commands stand there without arguments.
pub(super) fn scope<'a>(cursor: &mut Cursor<'a>, list: List) -> Option<Vec<Member<'a>>> {
    if list != List::Commands {
        return members(cursor, list);
    }
    let mut members = Vec::new();
    loop {
        let negated = cursor.take_negations();
        let start = cursor.at;
        cursor.take_escaped(|character| ", \t\r\n:=\"".contains(character));
        let text = cursor.since(start);
        if !(is_alias(text) || text.starts_with(['/', '^', '~']) || is_built_in(text)) {
            return None;
        }
        members.push(Member { negated, text });
        if !cursor.take(',') {
            return Some(members);
        }
    }
}

/// A list with commas.
pub(super) fn members<'a>(cursor: &mut Cursor<'a>, list: List) -> Option<Vec<Member<'a>>> {
    let mut members = vec![member(cursor, list)?];
    while cursor.take(',') {
        members.push(member(cursor, list)?);
    }
    Some(members)
}

/// One member of a list.
fn member<'a>(cursor: &mut Cursor<'a>, list: List) -> Option<Member<'a>> {
    if list == List::Commands {
        return command_member(cursor);
    }
    let negated = cursor.take_negations();
    let text = match (cursor.rest().starts_with('"'), address(cursor.rest())) {
        (true, _) => cursor.take_quoted()?,
        (false, Some(length)) if list == List::Hosts => {
            let text = &cursor.rest()[..length];
            cursor.advance(length);
            text
        }
        _ => {
            let start = cursor.at;
            // The colon of a non-Unix group belongs to its name.
            let prefix = if cursor.rest().starts_with("%:") { 2 } else { 0 };
            cursor.advance(prefix);
            cursor.take_escaped(|character| ", \t\r\n:=()!\"".contains(character));
            cursor.since(start)
        }
    };
    (!text.is_empty()).then_some(Member { negated, text })
}

/// The length of an IPv6 address or network at the start of a text.
fn address(text: &str) -> Option<usize> {
    let end = text.find(|character: char| !(character.is_ascii_hexdigit() || [':', '.', '/'].contains(&character))).unwrap_or(text.len());
    let word = &text[..end];
    let address = word.split('/').next().unwrap_or_default();
    (address.contains("::") || address.matches(':').count() == 7).then(|| address.parse::<Ipv6Addr>().ok())?.map(|_| end)
}

/// One command of a user specification with what stands before it.
fn command<'a>(cursor: &mut Cursor<'a>) -> Option<Command<'a>> {
    let runas = if cursor.take('(') { Some(runas(cursor)?) } else { None };
    let (mut options, mut tags) = (Vec::new(), Vec::new());
    while let Some(name) = prefix(cursor, OPTIONS, '=') {
        options.push((name, cursor.take_value()?));
    }
    while let Some(tag) = prefix(cursor, TAGS, ':') {
        tags.push(tag);
    }
    let command = command_member(cursor)?;
    Some(Command { runas, options, tags, command })
}

/// Takes one of some words and what must stand behind it; nothing is taken where that is not so.
fn prefix<'a>(cursor: &mut Cursor<'a>, words: &[&str], behind: char) -> Option<&'a str> {
    cursor.skip_blank();
    let start = cursor.at;
    let word = cursor.take_while(|character| character.is_ascii_uppercase() || character == '_');
    if words.contains(&word) && cursor.take(behind) {
        return Some(word);
    }
    cursor.at = start;
    None
}

/// What stands between the parentheses: `users`, `users : groups`, `: groups`, or nothing.
fn runas<'a>(cursor: &mut Cursor<'a>) -> Option<Runas<'a>> {
    let mut runas = Runas::default();
    if !cursor.sees(':') && !cursor.sees(')') {
        runas.users = members(cursor, List::Runas)?;
    }
    if cursor.take(':') && (!runas.users.is_empty() || !cursor.sees(')')) {
        runas.groups = members(cursor, List::Runas)?;
    }
    cursor.take(')').then_some(runas)
}

/// A command, with digests, negations and arguments.
fn command_member<'a>(cursor: &mut Cursor<'a>) -> Option<Member<'a>> {
    cursor.skip_blank();
    let start = cursor.at;
    digests(cursor)?;
    let digested = cursor.at > start;
    let negated = cursor.take_negations();
    let start = if digested && !negated { start } else { cursor.at };
    let rest = cursor.rest();
    if rest.starts_with(['/', '^', '~']) || is_built_in(rest) {
        word(cursor, ", \t\r\n:=#")?;
        arguments(cursor)?;
    } else {
        let name = cursor.take_while(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_');
        if !is_alias(name) {
            return None;
        }
    }
    let text = cursor.since(start);
    Some(Member { negated, text: text.strip_suffix('\\').map_or(text, str::trim_end) })
}

/// Whether `sudoedit` or `list`, which have no path, stand at the start of a text.
fn is_built_in(text: &str) -> bool {
    ["sudoedit", "list"].iter().any(|name| {
        text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || "_-/.".contains(next)))
    })
}

/// Takes digests, with commas between them.
fn digests(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        cursor.skip_blank();
        let start = cursor.at;
        let kind = cursor.take_while(|character| character.is_ascii_alphanumeric());
        if !DIGESTS.contains(&kind) || !cursor.take(':') {
            cursor.at = start;
            return Some(());
        }
        cursor.skip_blank();
        let digest = cursor.take_while(|character| character.is_ascii_alphanumeric() || "+/=".contains(character));
        if digest.is_empty() {
            return None;
        }
        if !cursor.take(',') {
            return Some(());
        }
    }
}

/// Takes arguments up to what ends a command.
fn arguments(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        cursor.skip_blank();
        if cursor.rest().is_empty() || cursor.rest().starts_with([',', ':', '=']) {
            return Some(());
        }
        word(cursor, ", \t\r\n:#")?;
    }
}

/// Takes one word of a command: a regular expression from `^` to `$`, or anything up to what must be escaped.
fn word(cursor: &mut Cursor<'_>, ends: &str) -> Option<()> {
    if cursor.rest().starts_with('^') {
        let rest = cursor.rest();
        let end = rest.match_indices('$').find(|(at, _)| {
            let behind = &rest[at + 1..];
            behind.is_empty() || behind.starts_with([' ', '\t', ',', ':', '\r', '\n', '\\'])
        })?;
        cursor.advance(end.0 + 1);
        return Some(());
    }
    // An unescaped `#` before a number is an id, which cannot stand here.
    (!cursor.take_escaped(|character| ends.contains(character)).is_empty()).then_some(())
}
