//! Files with one setting per line (`KEY value`, `key = value`, `KEY="value"`) into settings, in a dialect that the reader names.

use crate::source::lines;

/// What stands between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// Spaces and tabs: login.defs(5).
    Blank,
    /// An equals sign, spaces and tabs around it allowed: sysctl.d(5), os-release(5), auditd.conf(5).
    Equals,
    /// Whichever comes first; spaces and one equals sign among them count as one separator.
    Either,
}

/// What becomes of quotes around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// They are part of it.
    Kept,
    /// One pair of `"` or `'` around the whole value is dropped; a value that opens a pair and does not close it is opaque.
    Around,
    /// Leading `"` are dropped, and the value ends at the next one: login.defs(5) as shadow-utils reads it.
    Cut,
}

/// How a family of files writes its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between key and value.
    pub separator: Separator,
    /// Characters that make a line a comment where they come first.
    pub comments: &'static [char],
    /// Whether such a character also begins a comment after a space within an unquoted value.
    pub comments_after_values: bool,
    /// What becomes of quotes.
    pub quotes: Quotes,
    /// Whether a key alone is a setting (with an empty value) and not opaque.
    pub bare_keys: bool,
}

/// `KEY value`, comments on lines of their own: a `#` behind a value is part of it.
pub const BLANK_SEPARATED: Dialect =
    Dialect { separator: Separator::Blank, comments: &['#'], comments_after_values: false, quotes: Quotes::Cut, bare_keys: false };

/// `KEY=value`, `KEY="value"` as a shell would read it, without expansions: os-release(5), files of /etc/default.
pub const ASSIGNMENTS: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#'], comments_after_values: true, quotes: Quotes::Around, bare_keys: false };

/// `key = value`, comments with `#` or `;` on lines of their own: sysctl.d(5).
pub const EQUALS_SEPARATED: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#', ';'], comments_after_values: false, quotes: Quotes::Kept, bare_keys: false };

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting<'a> {
    /// The key as written.
    pub key: &'a str,
    /// The value without what the dialect drops around it.
    pub value: &'a str,
    /// The line, without the space around it.
    pub line: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The settings in the order of the file, repeated ones too: which of them wins is the product's to say.
    pub settings: Vec<Setting<'a>>,
    /// Lines that are neither a setting nor a comment in this dialect.
    pub opaque: Vec<&'a str>,
}

impl<'a> Document<'a> {
    /// The last setting of a key, spelt exactly so.
    pub fn last(&self, key: &str) -> Option<&Setting<'a>> {
        self.settings.iter().rev().find(|setting| setting.key == key)
    }

    /// Every setting of a key, spelt exactly so, in the order of the file.
    pub fn all<'d>(&'d self, key: &'d str) -> impl DoubleEndedIterator<Item = &'d Setting<'a>> {
        self.settings.iter().filter(move |setting| setting.key == key)
    }
}

/// Reads a text in a dialect.
pub fn read<'a>(text: &'a str, dialect: &Dialect) -> Document<'a> {
    let mut document = Document::default();
    for line in lines(text).map(str::trim) {
        if line.is_empty() || line.starts_with(dialect.comments) {
            continue;
        }
        match setting(line, dialect) {
            Some(setting) => document.settings.push(setting),
            None => document.opaque.push(line),
        }
    }
    document
}

/// One line that is not a comment as a setting.
fn setting<'a>(line: &'a str, dialect: &Dialect) -> Option<Setting<'a>> {
    let (key, rest) = match divide(line, dialect.separator) {
        Some(parts) => parts,
        None if dialect.bare_keys => (without_comment(line, dialect), &line[line.len()..]),
        None => return None,
    };
    let value = value(rest, dialect)?;
    (!key.is_empty()).then_some(Setting { key, value, line })
}

/// A line parted at its separator, no space around the parts.
fn divide(line: &str, separator: Separator) -> Option<(&str, &str)> {
    let at = match separator {
        Separator::Blank => line.find([' ', '\t'])?,
        Separator::Equals => line.find('=')?,
        Separator::Either => line.find([' ', '\t', '='])?,
    };
    let (key, rest) = (line[..at].trim_end(), line[at..].trim_start());
    let rest = match separator {
        Separator::Blank => rest,
        Separator::Equals | Separator::Either => rest.strip_prefix('=').unwrap_or(rest),
    };
    Some((key, rest.trim_start()))
}

/// The value in what stands behind the separator; nothing where a quote stays open.
fn value<'a>(rest: &'a str, dialect: &Dialect) -> Option<&'a str> {
    match dialect.quotes {
        Quotes::Kept => Some(without_comment(rest, dialect)),
        Quotes::Cut => rest.trim_start_matches(['"', ' ', '\t']).split('"').next(),
        Quotes::Around => match rest.chars().next().filter(|first| ['"', '\''].contains(first)) {
            None => Some(without_comment(rest, dialect)),
            Some(quote) => between(rest, quote, dialect),
        },
    }
}

/// What stands between a quote at the start and its partner, behind which nothing but a comment may follow.
fn between<'a>(rest: &'a str, quote: char, dialect: &Dialect) -> Option<&'a str> {
    let inside = &rest[1..];
    let mut escaped = false;
    let end = inside.char_indices().find_map(|(at, character)| {
        let closes = character == quote && !escaped;
        escaped = character == '\\' && !escaped && quote == '"';
        closes.then_some(at)
    })?;
    let behind = inside[end + 1..].trim_start();
    let comment = dialect.comments_after_values && behind.starts_with(dialect.comments);
    (behind.is_empty() || comment).then(|| &inside[..end])
}

/// A text up to a comment within it, where the dialect has such comments.
fn without_comment<'a>(text: &'a str, dialect: &Dialect) -> &'a str {
    if !dialect.comments_after_values {
        return text;
    }
    let comment = text.match_indices(dialect.comments).find(|(at, _)| text[..*at].is_empty() || text[..*at].ends_with([' ', '\t']));
    text[..comment.map_or(text.len(), |(at, _)| at)].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<'a>(text: &'a str, dialect: &Dialect) -> Vec<(&'a str, &'a str)> {
        read(text, dialect).settings.iter().map(|setting| (setting.key, setting.value)).collect()
    }

    #[test]
    fn login_defs_keeps_what_follows_a_value() {
        let text = "# UMASK 077\n  UMASK\t\t022  \r\nPASS_MAX_DAYS 90 # ninety\nENV_PATH \"/bin:/usr/bin\" x\nALONE\n";
        let expected = [("UMASK", "022"), ("PASS_MAX_DAYS", "90 # ninety"), ("ENV_PATH", "/bin:/usr/bin")];
        assert_eq!(pairs(text, &BLANK_SEPARATED), expected);
        assert_eq!(read(text, &BLANK_SEPARATED).opaque, ["ALONE"]);
    }

    #[test]
    fn assignments_lose_quotes_and_comments() {
        let text = "ID=debian\nNAME=\"A \\\" B\" # name\nX='a#b'\nY=a#b #c\nZ=\nOPEN=\"x\nW=\"a\"b\nexport\n";
        let expected = [("ID", "debian"), ("NAME", "A \\\" B"), ("X", "a#b"), ("Y", "a#b"), ("Z", "")];
        assert_eq!(pairs(text, &ASSIGNMENTS), expected);
        assert_eq!(read(text, &ASSIGNMENTS).opaque, ["OPEN=\"x", "W=\"a\"b", "export"]);
    }

    #[test]
    fn equals_may_have_space_around() {
        let text = "; c\n-net.ipv4.ip_forward = 0\nkernel.core_pattern=|/bin/x %p = #\n-net.ipv4.conf.eth0\n";
        assert_eq!(pairs(text, &EQUALS_SEPARATED), [("-net.ipv4.ip_forward", "0"), ("kernel.core_pattern", "|/bin/x %p = #")]);
        assert_eq!(read(text, &EQUALS_SEPARATED).opaque, ["-net.ipv4.conf.eth0"]);
    }

    #[test]
    fn either_separator_and_bare_keys() {
        let dialect = Dialect { separator: Separator::Either, bare_keys: true, comments_after_values: true, ..EQUALS_SEPARATED };
        let text = "deny = 5 # five\naudit\nunlock_time 600\nsilent # quiet\n=x\n";
        assert_eq!(pairs(text, &dialect), [("deny", "5"), ("audit", ""), ("unlock_time", "600"), ("silent", "")]);
    }

    #[test]
    fn the_last_and_all_of_a_key() {
        let document = read("A 1\nB 2\nA 3\n", &BLANK_SEPARATED);
        assert_eq!(document.last("A").map(|setting| setting.value), Some("3"));
        assert_eq!(document.all("A").map(|setting| setting.value).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(document.last("a"), None);
    }
}
