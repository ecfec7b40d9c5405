//! pam.d(5) and pam.conf(5) text into lines with type, control, module and arguments, as libpam assembles and splits them.
//!
//! A comment begins at any `#`; a line goes on after a `\` that only blanks follow; words are parted by spaces, tabs and line ends
//! alone, so that a carriage return belongs to the word before it; a word that begins with `[` goes to the next `]` that no `\`
//! precedes. Type, control keyword and (in pam.conf) service are read without regard to case.

/// The management group that a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Who somebody is.
    Auth,
    /// Whether the account may be used, here and now.
    Account,
    /// Changing the password.
    Password,
    /// What happens around a session.
    Session,
}

impl Group {
    /// All four, in the order in which a login runs them, password last.
    pub const ALL: [Group; 4] = [Group::Auth, Group::Account, Group::Session, Group::Password];

    /// The word in the file, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Group::Auth => "auth",
            Group::Account => "account",
            Group::Password => "password",
            Group::Session => "session",
        }
    }

    /// The group of a word.
    fn parse(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.name().eq_ignore_ascii_case(word))
    }
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A line of one group.
    Of(Group),
    /// Debian's `@include`: every line of another file.
    IncludeAll,
    /// No type, or an unknown one: libpam makes it a line that fails, of whichever group is being read (auth at top level).
    Illegal,
}

/// One line that is no comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The whole line without comment and surrounding blanks; with its continuation lines.
    pub text: &'a str,
    /// The service, in pam.conf only.
    pub service: Option<&'a str>,
    /// Whether a module that is missing is not even logged (`-auth`).
    pub silent: bool,
    /// Whether a blank or a comment line follows a `\`: up to Linux-PAM 1.5 the line then goes on after it, later it ends there.
    pub doubtful: bool,
    /// What the line is for.
    pub purpose: Purpose,
    /// The control field without brackets: a keyword, or `value=action` pairs.
    pub control: Option<&'a str>,
    /// The module's path, or the file that is included.
    pub module: Option<&'a str>,
    /// What follows.
    rest: &'a str,
}

impl<'a> Line<'a> {
    /// A line that says nothing.
    pub const fn nothing() -> Line<'static> {
        Line { text: "", service: None, silent: false, doubtful: false, purpose: Purpose::Illegal, control: None, module: None, rest: "" }
    }

    /// The module's arguments, without the brackets around one that holds spaces.
    pub fn arguments(&self) -> Words<'a> {
        Words { rest: self.rest }
    }

    /// Whether the control field is this keyword.
    pub fn is(&self, keyword: &str) -> bool {
        self.control.is_some_and(|control| control.eq_ignore_ascii_case(keyword))
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its lines.
    pub lines: Vec<Line<'a>>,
    /// The last line, where it goes on beyond the end of the file: libpam then takes the whole file for unreadable.
    pub cut: Option<&'a str>,
}

/// How the lines of a file begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A file of /etc/pam.d: the type comes first.
    PerService,
    /// /etc/pam.conf: the service comes first.
    AllServices,
}

/// Reads a file.
pub fn read(text: &str, layout: Layout) -> Document<'_> {
    let mut document = Document::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, next, end) = assemble(rest);
        rest = next;
        if end == End::Missing {
            document.cut = Some(line);
        } else if !line.is_empty() {
            document.lines.push(Line { doubtful: end == End::Doubtful, ..split(line, layout) });
        }
    }
    document
}

/// How a logical line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With its line or a comment.
    Whole,
    /// With the file, though it goes on.
    Missing,
    /// With a blank or comment line, though it goes on.
    Doubtful,
}

/// The logical line at the start of a text, the text after it, and how it ends.
fn assemble(text: &str) -> (&str, &str, End) {
    let mut end = 0;
    loop {
        let physical = &text[end..];
        let length = memchr::memchr(b'\n', physical.as_bytes()).map_or(physical.len(), |at| at + 1);
        let (physical, next) = (&physical[..length], &text[end + length..]);
        let trimmed = physical.trim_matches(BLANK);
        if end > 0 && (trimmed.is_empty() || trimmed.starts_with('#')) {
            return (text[..end].trim_matches(BLANK), next, End::Doubtful);
        }
        if let Some(comment) = memchr::memchr(b'#', physical.as_bytes()) {
            return (text[..end + comment].trim_matches(BLANK), next, End::Whole);
        }
        end += length;
        if !trimmed.ends_with('\\') {
            return (text[..end].trim_matches(BLANK), next, End::Whole);
        }
        if next.is_empty() {
            return (text[..end].trim_matches(BLANK), next, End::Missing);
        }
    }
}

/// What parts words.
const BLANK: [char; 3] = [' ', '\t', '\n'];

/// A logical line into its fields.
fn split(text: &str, layout: Layout) -> Line<'_> {
    let mut words = Words { rest: text };
    let service = if layout == Layout::AllServices { words.next() } else { None };
    let mut line = Line { text, service, ..Line::nothing() };
    if let Some(word) = words.next() {
        let bare = word.strip_prefix('-').unwrap_or(word);
        line.silent = bare.len() < word.len();
        if bare.eq_ignore_ascii_case("@include") {
            line.purpose = Purpose::IncludeAll;
        } else {
            line.purpose = Group::parse(bare).map_or(Purpose::Illegal, Purpose::Of);
            line.control = words.next();
        }
    }
    line.module = words.next();
    line.rest = words.rest;
    line
}

/// The words of a line.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = skip_blank(self.rest);
        if let Some(inside) = text.strip_prefix('[') {
            let end = closing(inside);
            self.rest = inside.get(end + 1..).unwrap_or_default();
            return Some(&inside[..end]);
        }
        let end = text.find(BLANK).unwrap_or(text.len());
        let end = if continues(&text[..end], &text[end..]) { end - 1 } else { end };
        self.rest = &text[end..];
        (end > 0).then(|| &text[..end])
    }
}

/// Whether a word's last character is the `\` of a continued line.
fn continues(word: &str, after: &str) -> bool {
    word.ends_with('\\') && after.trim_start_matches([' ', '\t']).starts_with('\n')
}

/// A text without the blanks, and the `\` of continued lines, at its start.
fn skip_blank(text: &str) -> &str {
    let mut text = text.trim_start_matches(BLANK);
    while let Some(after) = text.strip_prefix('\\').filter(|after| continues("\\", after)) {
        text = after.trim_start_matches(BLANK);
    }
    text
}

/// Where the `]` stands that ends a bracketed word; the end where there is none.
fn closing(inside: &str) -> usize {
    let bytes = inside.as_bytes();
    memchr::memchr_iter(b']', bytes).find(|at| *at == 0 || bytes[at - 1] != b'\\').unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let shown = |line: &Line<'_>| {
            let arguments: Vec<&str> = line.arguments().collect();
            let purpose = match line.purpose {
                Purpose::Of(group) => group.name(),
                Purpose::IncludeAll => "@include",
                Purpose::Illegal => "?",
            };
            let silent = if line.silent { "-" } else { "" };
            format!("{silent}{purpose} {} {} {arguments:?}", line.control.unwrap_or("none"), line.module.unwrap_or("none"))
        };
        read(text, Layout::PerService).lines.iter().map(shown).collect()
    }

    #[test]
    fn fields_are_split_as_pam_conf_5_says() {
        let text =
            "#%PAM-1.0\n\n -AUTH\tRequired pam_x.so a=1 [b=two words \\] c] d # comment\nauth [success=1 default=ignore]pam_unix.so\n";
        assert_eq!(
            lines(text),
            ["-auth Required pam_x.so [\"a=1\", \"b=two words \\\\] c\", \"d\"]", "auth success=1 default=ignore pam_unix.so []"]
        );
    }

    #[test]
    fn lines_go_on_after_a_backslash_and_end_at_a_comment() {
        assert_eq!(
            lines("auth required \\ \n  pam_x.so\\\n a \\\n b\nauth required pam_y.so # c \\\nauth required pam_z.so"),
            ["auth required pam_x.so [\"a\", \"b\"]", "auth required pam_y.so []", "auth required pam_z.so []"]
        );
        assert_eq!(read("auth required pam_x.so \\\n", Layout::PerService).cut, Some("auth required pam_x.so \\"));
        let document = read("auth required pam_x.so \\\n\nauth required pam_y.so\n", Layout::PerService);
        assert_eq!(document.lines.iter().map(|line| line.doubtful).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn odd_lines_are_kept() {
        assert_eq!(
            lines("@include common-auth\nautth required pam_x.so\nauth\nauth required pam_x.so\r\n"),
            ["@include none common-auth []", "? required pam_x.so []", "auth none none []", "auth required pam_x.so\r []"]
        );
        let document = read("SSHD auth required pam_x.so\n", Layout::AllServices);
        assert_eq!((document.lines[0].service, document.lines[0].module), (Some("SSHD"), Some("pam_x.so")));
    }
}
