//! Text in the syntax of Apache httpd into directives with their words, sections inside sections.
//!
//! A backslash at the end of a line joins the next one to it, in comments too. `#` is a comment only where a line begins. Names are
//! compared without case by whoever reads the document; `${…}` is left as it is written.

use std::borrow::Cow;

/// The most sections inside one another.
const DEPTH_MOST: usize = 48;

/// One directive, or one section.
#[derive(Debug, Default)]
pub struct Directive<'a> {
    /// Its name as it is written; of a section without `<`.
    pub name: Cow<'a, str>,
    /// The words after the name, without quotes and escapes.
    pub words: Vec<Cow<'a, str>>,
    /// The line, or the lines that are joined to one.
    pub text: &'a str,
    /// What stands in the section.
    pub section: Option<Vec<Directive<'a>>>,
    /// Whether the section was never closed, so that more could stand in it.
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

/// Reads a text. httpd refuses a text with an error as a whole; here what stands before the error is kept, and the rest is an issue.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut open: Vec<Directive<'_>> = Vec::new();
    let mut at = 0;
    while let Some((written, end)) = logical_line(text, at) {
        at = end;
        let line = joined(written);
        let shown = line.trim_matches(BLANK);
        if shown.is_empty() || shown.starts_with('#') {
            continue;
        }
        let understood = if let Some(rest) = shown.strip_prefix("</") {
            let name = rest.split(['>', ' ', '\t']).next().unwrap_or_default();
            match open.pop_if(|section| section.name.eq_ignore_ascii_case(name)) {
                Some(closed) => {
                    place(&mut document, &mut open, closed);
                    true
                }
                None => false,
            }
        } else if shown.starts_with('<') {
            let section = section(&line, written).filter(|_| open.len() < DEPTH_MOST);
            section.map(|section| open.push(section)).is_some()
        } else {
            let mut words = words(&line);
            let name = if words.is_empty() { Cow::Borrowed("") } else { words.remove(0) };
            place(&mut document, &mut open, Directive { name, words, text: written.trim_matches(BLANK), section: None, unclosed: false });
            true
        };
        if !understood {
            document.issues.push(written.trim_matches(BLANK));
            break;
        }
    }
    while let Some(mut section) = open.pop() {
        section.unclosed = true;
        if document.issues.is_empty() {
            document.issues.push(section.text);
        }
        place(&mut document, &mut open, section);
    }
    document
}

/// What parts words.
const BLANK: [char; 6] = [' ', '\t', '\r', '\n', '\u{b}', '\u{c}'];

/// Puts a directive into the section that is open.
fn place<'a>(document: &mut Document<'a>, open: &mut [Directive<'a>], directive: Directive<'a>) {
    match open.last_mut() {
        Some(Directive { section: Some(section), .. }) => section.push(directive),
        _ => document.directives.push(directive),
    }
}

/// The line that starts at a byte with those that are joined to it, and where the next one starts.
fn logical_line(text: &str, start: usize) -> Option<(&str, usize)> {
    let mut at = start;
    if at >= text.len() {
        return None;
    }
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = &rest[..length];
        at = (at + length + 1).min(text.len());
        let continues = line.strip_suffix('\r').unwrap_or(line).ends_with('\\');
        if !continues || at >= text.len() {
            return Some((&text[start..at], at));
        }
    }
}

/// A logical line as one: without the backslashes that join its lines.
fn joined(written: &str) -> Cow<'_, str> {
    if written.contains("\\\n") || written.contains("\\\r\n") {
        return Cow::Owned(written.replace("\\\r\n", "").replace("\\\n", ""));
    }
    Cow::Borrowed(written)
}

/// The section that a line opens: its words end at the last `>`.
fn section<'a>(line: &Cow<'a, str>, written: &'a str) -> Option<Directive<'a>> {
    let start = line.find('<')? + 1;
    let end = line.rfind('>')?;
    let inner = match line {
        Cow::Borrowed(line) => Cow::Borrowed(line.get(start..end)?),
        Cow::Owned(line) => Cow::Owned(line.get(start..end)?.to_owned()),
    };
    let mut words = words(&inner);
    if words.is_empty() {
        return None;
    }
    let name = words.remove(0);
    Some(Directive { name, words, text: written.trim_matches(BLANK), section: Some(Vec::new()), unclosed: false })
}

/// The words of a line. A quote counts where a word begins; inside, a backslash keeps a quote or another backslash.
fn words<'a>(line: &Cow<'a, str>) -> Vec<Cow<'a, str>> {
    match line {
        Cow::Borrowed(line) => parted(line),
        Cow::Owned(line) => parted(line).into_iter().map(|word| Cow::Owned(word.into_owned())).collect(),
    }
}

fn parted(line: &str) -> Vec<Cow<'_, str>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start_matches(BLANK);
    while let Some(first) = rest.chars().next() {
        let quote = matches!(first, '"' | '\'').then_some(first);
        let inner = &rest[usize::from(quote.is_some())..];
        let mut escaped = false;
        let mut skip = false;
        let end = inner.char_indices().find(|(at, character)| {
            if std::mem::take(&mut skip) {
                return false;
            }
            let next = inner[at + character.len_utf8()..].chars().next();
            if *character == '\\' && (next == Some('\\') || quote.is_some() && next == quote) {
                (skip, escaped) = (true, true);
                return false;
            }
            quote.map_or(BLANK.contains(character), |quote| *character == quote)
        });
        let length = end.map_or(inner.len(), |(at, _)| at);
        let written = &inner[..length];
        words.push(if escaped { Cow::Owned(unescaped(written, quote)) } else { Cow::Borrowed(written) });
        let after = &inner[length..];
        rest = (if quote.is_some() { after.get(1..).unwrap_or_default() } else { after }).trim_start_matches(BLANK);
    }
    words
}

/// A word whose escapes are taken away.
fn unescaped(written: &str, quote: Option<char>) -> String {
    let mut plain = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    while let Some(character) = characters.next() {
        let kept = characters.next_if(|next| character == '\\' && (*next == '\\' || Some(*next) == quote));
        plain.push(kept.unwrap_or(character));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directives in short: words in brackets, sections in braces.
    fn shown(directives: &[Directive<'_>]) -> String {
        let one = |it: &Directive<'_>| {
            let section = it.section.as_ref().map_or(String::new(), |section| format!("{{{}}}", shown(section)));
            let words: String = it.words.iter().map(|word| format!("|{word}")).collect();
            format!("[{}{words}]{section}", it.name)
        };
        directives.iter().map(one).collect()
    }

    /// What the source of httpd 2.4 does (ap_cfg_getline, ap_getword_conf in server/util.c).
    #[test]
    fn lines_and_words_are_parted_as_httpd_does() {
        let of = |text| shown(&read(text).directives);
        assert_eq!(of("# a \\\n b c\nServerName x # y\n"), "[ServerName|x|#|y]");
        assert_eq!(of("Options \\\r\n -Indexes \\\n +FollowSymLinks\n"), "[Options|-Indexes|+FollowSymLinks]");
        assert_eq!(of(r#"LogFormat "%h \"%r\" \\ \n" x'y z"#), "[LogFormat|%h \"%r\" \\ \\n|x'y|z]");
        assert_eq!(of("Header set A 'b \"c\" d'e\n"), "[Header|set|A|b \"c\" d|e]");
        assert_eq!(
            of("<VirtualHost *:443>\n <Location \"/a b\">\nRequire all denied\n</location>\n</VirtualHost>\nX"),
            "[VirtualHost|*:443]{[Location|/a b]{[Require|all|denied]}}[X]"
        );
        assert_eq!(of("<If \"%{HTTP_HOST} > 'a'\">\n</If>"), "[If|%{HTTP_HOST} > 'a']{}");
        assert_eq!(of("Define a ${b}/c"), "[Define|a|${b}/c]");
    }

    #[test]
    fn what_follows_an_error_is_not_understood() {
        for text in ["A b\n</Directory>\nC", "A b\n<Directory /\nC", "A b\n<Directory />\nC", "A b\n<D />\n</E>\n", "A b\n<>\n"] {
            let document = read(text);
            assert!(shown(&document.directives).starts_with("[A|b]"), "{text}");
            assert_eq!(document.issues.len(), 1, "{text}: {document:?}");
        }
        assert_eq!(read(&"<A>\n".repeat(100)).issues.len(), 1);
        assert!(read("\n\n# c").issues.is_empty());
    }
}
