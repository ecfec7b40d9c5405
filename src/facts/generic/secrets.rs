//! Parts of a text that are secrets by the word before them, into what may be shown of the text.
//!
//! Nothing says which values of an unknown program are secrets. What stands behind a word such as `password` is taken for one, unless
//! it is only a switch; a policy sees the marker and can tell that something is set, not what.

use super::readings;
use crate::facts::Host;
use crate::source::Source;

/// How words end that name a secret, letters and digits only.
const ENDINGS: &[&str] = &[
    "accesskey",
    "apikey",
    "community",
    "credential",
    "credentials",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "token",
];

/// Whether a key names a secret.
fn names_secret(key: &str) -> bool {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect();
    ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// A value as it may be shown, hidden in its source where its key names a secret.
pub(super) fn value<'a>(host: &Host<'a>, source: &Source<'a>, key: &str, value: &'a str) -> &'a str {
    if value.is_empty() || readings::switch(value).is_some() || !names_secret(key) {
        return value;
    }
    source.hide(value);
    host.text(&crate::source::redact::marker("unknown", "ordinary"))
}

/// A line as it may be shown: what follows a word that names a secret is hidden in its source, to the end of the line.
pub(super) fn line<'a>(host: &Host<'a>, source: &Source<'a>, line: &'a str) -> &'a str {
    let is_part = |character: char| !(character.is_whitespace() || matches!(character, '=' | ':' | ','));
    let mut at = 0;
    while let Some(start) = line[at..].find(is_part).map(|offset| at + offset) {
        let end = line[start..].find(|character| !is_part(character)).map_or(line.len(), |offset| start + offset);
        let rest = line[end..].trim_start_matches(|character| !is_part(character));
        if !rest.is_empty() && names_secret(&line[start..end]) && readings::switch(rest.trim_end_matches(';')).is_none() {
            source.hide(rest);
            break;
        }
        at = end;
    }
    match source.printable(line) {
        std::borrow::Cow::Borrowed(_) => line,
        std::borrow::Cow::Owned(shown) => host.text(&shown),
    }
}
