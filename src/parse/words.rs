//! Lines of blank-separated words (modprobe.d, chrony.conf, ntp.conf, auto.master) into directives.

/// How a family of files writes its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Characters that make a line a comment where they come first.
    pub comments: &'static [char],
    /// A character from which on the rest of a line is a comment, wherever it stands before a word.
    pub rest: Option<char>,
    /// Whether a backslash at the end of a line continues it on the next.
    pub continued: bool,
}

/// One directive: a line that is neither empty nor a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The line without the space around it and without a comment behind it; of a continued line, all of its parts.
    pub line: &'a str,
}

impl<'a> Directive<'a> {
    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        // A backslash that stands alone only continues the line.
        self.line.split_ascii_whitespace().filter(|word| *word != "\\")
    }

    /// Its first word.
    pub fn name(&self) -> &'a str {
        self.words().next().unwrap_or_default()
    }

    /// What follows its first `count` words, without the space before it.
    pub fn after(&self, count: usize) -> &'a str {
        let mut rest = self.line;
        for _ in 0..count {
            let end = rest.find(|it: char| it.is_ascii_whitespace()).unwrap_or(rest.len());
            rest = rest[end..].trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '\\');
        }
        rest
    }
}

/// Reads a text in a dialect.
pub fn read<'a>(text: &'a str, dialect: &Dialect) -> Vec<Directive<'a>> {
    let mut directives = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, next) = logical_line(rest, dialect.continued);
        rest = next;
        let line = line.trim();
        if line.is_empty() || line.starts_with(dialect.comments) {
            continue;
        }
        let line = dialect.rest.map_or(line, |mark| before_comment(line, mark));
        if !line.is_empty() {
            directives.push(Directive { line });
        }
    }
    directives
}

/// The first line of a text, with those that continue it, and what follows.
fn logical_line(text: &str, continued: bool) -> (&str, &str) {
    let mut from = 0;
    loop {
        let Some(end) = text[from..].find('\n').map(|at| from + at) else { return (text, "") };
        let line = text[from..end].trim_end_matches('\r');
        if !continued || !line.ends_with('\\') {
            return (&text[..end], &text[end + 1..]);
        }
        from = end + 1;
    }
}

/// A line up to a comment that begins at a word.
fn before_comment(line: &str, mark: char) -> &str {
    let starts = |at: usize| at == 0 || line[..at].ends_with(|it: char| it.is_ascii_whitespace());
    let end = line.match_indices(mark).map(|(at, _)| at).find(|at| starts(*at)).unwrap_or(line.len());
    line[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODPROBE: Dialect = Dialect { comments: &['#'], rest: None, continued: true };
    const NTP: Dialect = Dialect { comments: &['#'], rest: Some('#'), continued: false };

    fn shown(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
        read(text, dialect).iter().map(|it| it.words().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn lines_continue_and_comments_end_where_the_dialect_says() {
        let text = "# c \\\ninstall usb-storage \\\n  /bin/false\nblacklist uas # no comment";
        // modprobe.d(5): only a line that starts with # is a comment, and kmod joins continued lines before it looks for one.
        assert_eq!(shown(text, &MODPROBE), [vec!["blacklist", "uas", "#", "no", "comment"]]);
        assert_eq!(shown(&text[6..], &MODPROBE)[0], ["install", "usb-storage", "/bin/false"]);
        assert_eq!(read(&text[6..], &MODPROBE)[0].after(2), "/bin/false");
        assert_eq!(shown("server a # b\r\n\n#x\nkeys /etc/a#b", &NTP), [vec!["server", "a"], vec!["keys", "/etc/a#b"]]);
        assert_eq!(shown("open \\", &MODPROBE), [["open"]]);
    }
}
