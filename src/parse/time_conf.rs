//! time.conf(5) of pam_time into rules, and their fields into logic lists.

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<'a> {
    /// The whole rule without comment.
    pub text: &'a str,
    /// Services, terminals, users and times, as logic lists.
    pub fields: [&'a str; 4],
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its rules.
    pub rules: Vec<Rule<'a>>,
    /// Lines without exactly four fields; pam_time logs them and goes on.
    pub opaque: Vec<&'a str>,
}

/// Reads a file: a rule ends with its line, unless a `\` ends that, and a `#` begins a comment.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rule_end(rest);
        let rule = rest[..end].split('#').next().unwrap_or_default().trim();
        rest = rest[end..].strip_prefix('\n').unwrap_or_default();
        if rule.is_empty() {
            continue;
        }
        let mut fields = [""; 4];
        let mut found = rule.split(';');
        let count = fields.iter_mut().zip(&mut found).map(|(field, text)| *field = text).count();
        match count == 4 && found.next().is_none() {
            true => document.rules.push(Rule { text: rule, fields }),
            false => document.opaque.push(rule),
        }
    }
    document
}

/// Where the rule at the start of a text ends.
fn rule_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let comment = memchr::memchr(b'#', bytes).unwrap_or(bytes.len());
    memchr::memchr_iter(b'\n', bytes).find(|at| *at > comment || *at == 0 || bytes[at - 1] != b'\\').unwrap_or(bytes.len())
}

/// A piece of a logic list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// `!`
    Not,
    /// `&`
    And,
    /// `|`
    Or,
    /// A name, or a time.
    Word(&'a str),
}

/// The pieces of a logic list; characters that stand in no word part words, and are dropped.
pub fn pieces(field: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = field;
    std::iter::from_fn(move || {
        let start = rest.find(|it: char| is_word(it) || matches!(it, '!' | '&' | '|'))?;
        rest = &rest[start..];
        let length = rest.find(|it: char| !is_word(it)).unwrap_or(rest.len()).max(1);
        let piece = match &rest[..length] {
            "!" => Piece::Not,
            "&" => Piece::And,
            "|" => Piece::Or,
            word => Piece::Word(word),
        };
        rest = &rest[length..];
        Some(piece)
    })
}

/// Whether a character is part of a word.
fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "*_-./:".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_what_is_none() {
        let document =
            read("# c\n\nsshd;*;ops*&!root;Wk0900-1800 # hours\nlogin ; tty* ; \\\n !root ; !Al0000-2400\nsshd;*;x\na;b;c;d;e\n");
        assert_eq!(document.rules.len(), 2);
        assert_eq!(document.rules[0].fields, ["sshd", "*", "ops*&!root", "Wk0900-1800"]);
        assert_eq!(document.rules[1].fields[2].trim_start_matches([' ', '\\', '\n']), "!root ");
        assert_eq!(document.opaque, ["sshd;*;x", "a;b;c;d;e"]);
        let found: Vec<Piece<'_>> = pieces("!Wk0900-1800 |\\\n al*").collect();
        assert_eq!(found, [Piece::Not, Piece::Word("Wk0900-1800"), Piece::Or, Piece::Word("al*")]);
    }
}
