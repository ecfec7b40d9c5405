//! authorized_keys files of sshd(8) into keys with their options.

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The line, without the space around it.
    pub line: &'a str,
    /// Options as written, without the commas between them.
    pub options: Vec<&'a str>,
    /// Type of the key.
    pub kind: &'a str,
    /// The key in base 64.
    pub blob: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Keys in the order of the file.
    pub entries: Vec<Entry<'a>>,
    /// Lines that are neither a key nor a comment.
    pub opaque: Vec<&'a str>,
}

/// Beginnings of key types; no option begins so.
const KINDS: &[&str] = &["ecdsa-sha2-", "rsa-sha2-", "sk-ecdsa-", "sk-ssh-", "ssh-", "webauthn-sk-"];

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match entry(line) {
            Some(entry) => document.entries.push(entry),
            None => document.opaque.push(line),
        }
    }
    document
}

/// One line: `[options] type key [comment]`.
fn entry(line: &str) -> Option<Entry<'_>> {
    let (options, rest) = if is_kind(line) { (Vec::new(), line) } else { options(line)? };
    let mut words = rest.split([' ', '\t']).filter(|word| !word.is_empty());
    let kind = words.next().filter(|kind| is_kind(kind))?;
    Some(Entry { line, options, kind, blob: words.next()? })
}

/// Whether a text begins with a type of key.
fn is_kind(text: &str) -> bool {
    KINDS.iter().any(|kind| text.starts_with(kind))
}

/// The options at the start of a line, and what follows them: commas and spaces within double quotes belong to an option, and `\"`
/// is no end of a quote.
fn options(line: &str) -> Option<(Vec<&str>, &str)> {
    let (mut options, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b',' if !quoted => {
                options.push(&line[start..at]);
                start = at + 1;
            }
            b' ' | b'\t' if !quoted => {
                options.push(&line[start..at]);
                return Some((options, &line[at..]));
            }
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    None
}

/// An option's value without its quotes, if it is this option (names are compared without case, as sshd does).
pub fn value<'a>(option: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = option.split_once('=')?;
    key.eq_ignore_ascii_case(name).then(|| value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_may_hold_commas_and_quotes() {
        let text = "# c\n\nssh-ed25519 AAAA me\nrestrict,from=\"10.0.0.0/8,!10.1.1.1\",command=\"echo \\\"a, b\\\"\" ssh-rsa BBBB\n1024 35 123 old\nfrom=\"x ssh-rsa C\n";
        let document = read(text);
        assert_eq!(document.entries.len(), 2);
        assert_eq!((document.entries[0].kind, document.entries[0].blob), ("ssh-ed25519", "AAAA"));
        let second = &document.entries[1];
        assert_eq!(second.options, ["restrict", "from=\"10.0.0.0/8,!10.1.1.1\"", "command=\"echo \\\"a, b\\\"\""]);
        assert_eq!((second.kind, second.blob), ("ssh-rsa", "BBBB"));
        assert_eq!(value(second.options[1], "FROM"), Some("10.0.0.0/8,!10.1.1.1"));
        assert_eq!(document.opaque, ["1024 35 123 old", "from=\"x ssh-rsa C"]);
    }
}
