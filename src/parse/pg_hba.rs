//! The text of pg_hba.conf (and sys_hba.conf) into entries of fields, each a list of words that know whether they were quoted.
//!
//! The truth is `next_token` and `tokenize_auth_file` in hba.c of PostgreSQL: fields end at blanks, the words of a field at commas,
//! `"` quotes a part of a word and takes keywords their meaning, `#` begins a comment, a backslash at the end joins lines (14 and later).

use std::borrow::Cow;

/// One word of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word without quotes.
    pub text: Cow<'a, str>,
    /// Whether it begins with a quote: it is then never a keyword.
    pub quoted: bool,
}

impl Word<'_> {
    /// Whether it is this keyword.
    pub fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }
}

/// One entry: its fields, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The fields, each of at least one word.
    pub fields: Vec<Vec<Word<'a>>>,
    /// The text, over several lines where these are joined.
    pub text: &'a str,
}

/// The entries of a text, in order; with `joins`, a backslash at the end of a line joins the next to it.
pub fn read(text: &str, joins: bool) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = logical_end(rest, joins);
        let line = &rest[..end];
        rest = rest[end..].strip_prefix('\n').unwrap_or_default();
        Some(line)
    })
    .filter_map(|line| {
        let fields = fields(line);
        (!fields.is_empty()).then(|| Entry { fields, text: line.trim() })
    })
}

/// Where a line that may be continued ends.
fn logical_end(text: &str, joins: bool) -> usize {
    let mut from = 0;
    loop {
        let Some(at) = text[from..].find('\n') else { return text.len() };
        let line = &text[from..from + at];
        let end = from + at;
        if !(joins && line.strip_suffix('\r').unwrap_or(line).ends_with('\\')) {
            return end;
        }
        from = end + 1;
    }
}

/// The fields of a line.
fn fields(line: &str) -> Vec<Vec<Word<'_>>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let mut words = Vec::new();
        loop {
            let (word, behind, more) = word(rest);
            rest = behind;
            words.extend(word);
            if !more {
                break;
            }
        }
        if words.is_empty() {
            return fields;
        }
        fields.push(words);
    }
}

/// Whether a character separates fields; a backslash before the end of a line joins lines and is none of a word.
fn is_blank(text: &str) -> bool {
    text.starts_with([' ', '\t', '\r', '\n']) || text.starts_with("\\\n") || text.starts_with("\\\r\n")
}

/// The next word of a line, what follows it, and whether a comma says that the field goes on.
fn word(line: &str) -> (Option<Word<'_>>, &str, bool) {
    let mut rest = line;
    while rest.starts_with(',') || is_blank(rest) {
        rest = &rest[1..];
    }
    if rest.is_empty() || rest.starts_with('#') {
        return (None, "", false);
    }
    let quoted = rest.starts_with('"');
    let mut plain = String::new();
    let (mut inside, mut after_quote, mut bare) = (false, false, true);
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        if !inside && (character == ',' || is_blank(&rest[at..]) || character == '#') {
            end = at;
            break;
        }
        if character == '"' {
            // A doubled quote inside quotes stands for one.
            if inside || !after_quote {
                after_quote = inside;
            } else {
                plain.push('"');
                after_quote = false;
            }
            inside = !inside;
            bare = false;
        } else {
            after_quote = false;
            plain.push(character);
        }
    }
    let text = if bare { Cow::Borrowed(&rest[..end]) } else { Cow::Owned(plain) };
    let behind = &rest[end..];
    (Some(Word { text, quoted }), behind.strip_prefix(',').unwrap_or(behind), behind.starts_with(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let word = |word: &Word<'_>| if word.quoted { format!("<{}>", word.text) } else { word.text.to_string() };
        let field = |field: &Vec<Word<'_>>| field.iter().map(word).collect::<Vec<_>>().join("+");
        read(text, true).map(|entry| entry.fields.iter().map(field).collect::<Vec<_>>().join(" ")).collect()
    }

    // Expected values: pg_hba_file_rules of PostgreSQL 15 shows these fields so.
    #[test]
    fn fields_words_and_quotes() {
        assert_eq!(shown("# c\nlocal all all trust\n\n"), ["local all all trust"]);
        assert_eq!(shown("host a,b,\"C D\" all 10.0.0.0/8 md5 # x"), ["host a+b+<C D> all 10.0.0.0/8 md5"]);
        assert_eq!(shown("host \"all\" \"x\"\"y\" samenet reject"), ["host <all> <x\"y> samenet reject"]);
        assert_eq!(shown("host a, b all md5"), ["host a+b all md5"]);
        assert_eq!(
            shown("host all all \\\n 10.0.0.0/8 \\\r\n md5\nlocal all all peer"),
            ["host all all 10.0.0.0/8 md5", "local all all peer"]
        );
    }
}
