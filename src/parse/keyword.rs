//! Files of one keyword and its arguments per line, as OpenSSH reads them, into lines and the arguments of each.
//!
//! The truth is `load_server_config` in servconf.c, and `strdelim` and `argv_split` in misc.c. Nothing here knows a keyword.

use std::borrow::Cow;

/// One line that sets something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The keyword, as written.
    pub keyword: &'a str,
    /// What follows it, not yet split; empty where nothing does.
    pub rest: &'a str,
    /// The whole line without the white space around it.
    pub text: &'a str,
}

/// What one line of the file is; blank lines and comments are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// It sets something.
    Line(Line<'a>),
    /// It is not understood: a quote in the middle of the keyword, or a NUL byte.
    Opaque(&'a str),
}

const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The lines of a file that mean something, in order.
pub fn lines(text: &str) -> impl Iterator<Item = Item<'_>> {
    text.split('\n').filter_map(|line| {
        // A form feed counts as white space at the end of a line only.
        let line = line.trim_start_matches(WHITE).trim_end_matches([' ', '\t', '\r', '\n', '\u{c}']);
        if line.is_empty() || line.starts_with('#') { None } else { item(line) }
    })
}

/// What one trimmed line is.
fn item(line: &str) -> Option<Item<'_>> {
    if line.contains('\0') {
        return Some(Item::Opaque(line));
    }
    // OpenSSH takes a keyword with an unclosed quote for a blank line.
    let (mut keyword, mut rest) = delimited(line, true)?;
    if keyword.is_empty() {
        (keyword, rest) = delimited(rest?, true)?;
    }
    match keyword {
        Cow::Borrowed("") => None,
        Cow::Borrowed(keyword) if keyword.starts_with('#') => None,
        Cow::Borrowed(keyword) => Some(Item::Line(Line { keyword, rest: rest.unwrap_or_default(), text: line })),
        Cow::Owned(_) => Some(Item::Opaque(line)),
    }
}

/// The first token of a text and what follows it: tokens end at white space, at a quoted piece, and where `equals` is set at one `=`.
///
/// None where a double quote is not closed. Nothing follows (none, not the empty text) where no delimiter ends the token.
pub fn delimited(text: &str, equals: bool) -> Option<(Cow<'_, str>, Option<&str>)> {
    let ends = |it: char| WHITE.contains(&it) || it == '"' || (equals && it == '=');
    let Some(at) = text.find(ends) else { return Some((Cow::Borrowed(text), None)) };
    let (head, tail) = (&text[..at], &text[at + 1..]);
    if text[at..].starts_with('"') {
        let (quoted, rest) = tail.split_once('"')?;
        let token = if head.is_empty() { Cow::Borrowed(quoted) } else { Cow::Owned(format!("{head}{quoted}")) };
        return Some((token, Some(rest.trim_start_matches(WHITE))));
    }
    let rest = tail.trim_start_matches(WHITE);
    let one_more = equals && !text[at..].starts_with('=');
    let rest = if one_more { rest.strip_prefix('=').map_or(rest, |rest| rest.trim_start_matches(WHITE)) } else { rest };
    Some((Cow::Borrowed(head), Some(rest)))
}

/// The arguments as OpenSSH before 8.5 splits them, and as `Match` splits its criteria before 10.0: no comments, no single quotes, no
/// escapes; one `=` between arguments is white space where `equals` is set. The first empty argument ends the list.
pub fn delimited_arguments(rest: &str, equals: bool) -> Vec<Cow<'_, str>> {
    let mut arguments = Vec::new();
    let mut left = Some(rest);
    while let Some((token, rest)) = left.and_then(|left| delimited(left, equals)) {
        if token.is_empty() {
            break;
        }
        arguments.push(token);
        left = rest;
    }
    arguments
}

/// The arguments as OpenSSH 8.5 and later splits them: a `#` at the beginning of an argument ends the list, both kinds of quote,
/// backslash escapes for quotes, backslashes and spaces. None where a quote is not closed.
pub fn arguments(rest: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut arguments = Vec::new();
    let mut left = rest.trim_start_matches([' ', '\t']);
    while !left.is_empty() && !left.starts_with('#') {
        let (argument, rest) = argument(left)?;
        arguments.push(argument);
        left = rest.trim_start_matches([' ', '\t']);
    }
    Some(arguments)
}

/// The first argument of a text that does not begin with white space, and what follows it.
fn argument(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    if !text[..end].contains(['"', '\'', '\\']) {
        return Some((Cow::Borrowed(&text[..end]), &text[end..]));
    }
    // The common quoted form is a slice of the source too.
    if let Some((quoted, rest)) = text.strip_prefix('"').and_then(|rest| rest.split_once('"'))
        && !quoted.contains('\\')
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
    {
        return Some((Cow::Borrowed(quoted), rest));
    }
    let mut out = String::new();
    let mut quote = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, quote) {
            ('\\', _) if matches!(next, Some('\'' | '"' | '\\')) || (quote.is_none() && next == Some(' ')) => {
                out.extend(next);
                characters.next();
            }
            (' ' | '\t', None) => return Some((Cow::Owned(out), &text[at..])),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => out.push(character),
        }
    }
    if quote.is_some() { None } else { Some((Cow::Owned(out), "")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let found: Vec<(&str, &str)> = lines(text)
            .map(|item| match item {
                Item::Line(line) => (line.keyword, line.rest),
                Item::Opaque(text) => ("opaque", text),
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    // Expected values: `sshd -T` of OpenSSH 9.2 reads each of these lines so.
    #[test]
    fn keywords_end_at_white_space_quote_or_one_equals_sign() {
        check("Port 22\n", &[("Port", "22")]);
        check("  \tPort\t 22 \r\n", &[("Port", "22")]);
        check("Port=22", &[("Port", "22")]);
        check("Port = 22", &[("Port", "22")]);
        check("Port ==22", &[("Port", "=22")]);
        check("Port==22", &[("Port", "=22")]);
        check("\"Port\" 22", &[("Port", "22")]);
        check("=Port 22", &[("Port", "22")]);
        check("Port", &[("Port", "")]);
        check("# Port 22\n\n  #x\n", &[]);
        check("Banner\"/etc/issue", &[]);
        check("Po\"rt\" 22", &[("opaque", "Po\"rt\" 22")]);
        check("a\0b\nPort 22\u{c}", &[("opaque", "a\0b"), ("Port", "22")]);
    }

    #[test]
    fn arguments_are_split_with_quotes_escapes_and_comments() {
        let split = |rest| arguments(rest).map(|found| found.iter().map(|it| it.to_string()).collect::<Vec<_>>());
        let some = |expected: &[&str]| Some(expected.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(split("a b\tc"), some(&["a", "b", "c"]));
        assert_eq!(split("a # b"), some(&["a"]));
        assert_eq!(split("a#b"), some(&["a#b"]));
        assert_eq!(split("\"a b\" 'c d'"), some(&["a b", "c d"]));
        assert_eq!(split("a\\ b \"c\\\"d\" x\\y"), some(&["a b", "c\"d", "x\\y"]));
        assert_eq!(split("x\"y z\"w"), some(&["xy zw"]));
        assert_eq!(split("\"a\"\"b\""), some(&["ab"]));
        assert_eq!(split("\"a"), None);
        assert_eq!(split("\"\""), some(&[""]));
    }

    #[test]
    fn older_releases_split_without_comments() {
        let split = |rest| delimited_arguments(rest, true).iter().map(|it| it.to_string()).collect::<Vec<_>>();
        assert_eq!(split("no # why"), ["no", "#", "why"]);
        assert_eq!(split("user=alice address 10.0.0.0/8"), ["user", "alice", "address", "10.0.0.0/8"]);
        assert_eq!(split("\"a b\" c"), ["a b", "c"]);
        assert_eq!(split("a \"\" c"), ["a"]);
    }
}
