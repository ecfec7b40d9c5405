//! Shell-like `KEY=value` lines (os-release(5), files in /etc/default) into assignments.
//!
//! Nothing is expanded: a value with a dollar sign, a backquote or an escape is kept as it is written and marked.

/// One assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The variable's name.
    pub key: &'a str,
    /// Its value without quotes, as written.
    pub value: &'a str,
    /// Whether a shell would read the value as it stands.
    pub literal: bool,
    /// The whole line.
    pub line: &'a str,
}

/// Assignments of a text, and the lines that are none.
#[derive(Debug, Default)]
pub struct Assignments<'a> {
    /// In file order.
    pub entries: Vec<Assignment<'a>>,
    /// Lines that were not understood.
    pub issues: Vec<&'a str>,
}

impl<'a> Assignments<'a> {
    /// The last assignment of a key, which is the one that a shell keeps.
    pub fn last(&self, key: &str) -> Option<Assignment<'a>> {
        self.entries.iter().rev().find(|entry| entry.key == key).copied()
    }
}

/// Reads a text.
pub fn parse(text: &str) -> Assignments<'_> {
    let mut found = Assignments::default();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match assignment(line) {
            Some(entry) => found.entries.push(entry),
            None => found.issues.push(line),
        }
    }
    found
}

/// One line as an assignment.
fn assignment(line: &str) -> Option<Assignment<'_>> {
    let (name, rest) = line.split_once('=')?;
    let key = name.strip_prefix("export ").unwrap_or(name).trim_start();
    let named = key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) && !key.is_empty();
    let (value, literal) = unquoted(rest)?;
    named.then_some(Assignment { key, value, literal, line })
}

/// A value without its quotes, and whether nothing in it would be expanded; none where a quote is not closed.
fn unquoted(rest: &str) -> Option<(&str, bool)> {
    if let Some(inner) = rest.strip_prefix('\'') {
        let (value, after) = inner.split_once('\'')?;
        return ends(after).then_some((value, true));
    }
    if let Some(inner) = rest.strip_prefix('"') {
        let close = closing(inner)?;
        return ends(&inner[close + 1..]).then_some((&inner[..close], !inner[..close].contains(['$', '`', '\\'])));
    }
    let end = rest.find([' ', '\t']).unwrap_or(rest.len());
    let (value, after) = rest.split_at(end);
    ends(after).then_some((value, !value.contains(['$', '`', '\\', '"', '\''])))
}

/// Where a double-quoted text ends.
fn closing(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// Whether only a comment follows a value.
fn ends(after: &str) -> bool {
    let rest = after.trim_start();
    rest.is_empty() || (rest.starts_with('#') && rest.len() < after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_a_shell_reads_them() {
        let found =
            parse("# c\nID=debian\nNAME=\"Debian GNU/Linux\"\nA='x # y' # z\nexport B=1\nC=\"a\\\"b\"\nD=a b\nE=\"open\nA=last\nF=$(id)\n");
        let shown: Vec<_> = found.entries.iter().map(|it| (it.key, it.value, it.literal)).collect();
        // sh -c '. file': D=a b runs the command b, E never ends; both are refused here.
        assert_eq!(
            shown,
            [
                ("ID", "debian", true),
                ("NAME", "Debian GNU/Linux", true),
                ("A", "x # y", true),
                ("B", "1", true),
                ("C", "a\\\"b", false),
                ("A", "last", true),
                ("F", "$(id)", false),
            ]
        );
        assert_eq!(found.issues, ["D=a b", "E=\"open"]);
        assert_eq!(found.last("A").map(|it| it.value), Some("last"));
    }
}
