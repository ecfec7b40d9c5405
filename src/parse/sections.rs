//! Files of `key = value` lines, with or without `[section]` lines, into settings with their section.
//!
//! No program defines this format; read is what most of them agree on. What is in neither form is opaque.

use super::key_value::{self, Dialect, Quotes, Separator, Setting};
use crate::source::lines;

/// `key = value`, a key alone too, comments with `#` or `;` on lines of their own, one pair of quotes around a value dropped.
const DIALECT: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#', ';'], comments_after_values: false, quotes: Quotes::Around, bare_keys: true };

/// One setting and the section that it stands in; empty before any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The section's name without brackets.
    pub section: &'a str,
    /// The setting.
    pub setting: Setting<'a>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The settings in the order of the file, repeated ones too.
    pub entries: Vec<Entry<'a>>,
    /// Lines that were not understood.
    pub opaque: Vec<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut section = "";
    for line in lines(text) {
        let line = line.trim();
        if let Some(opened) = line.strip_prefix('[') {
            match opened.strip_suffix(']') {
                Some(name) => section = name.trim(),
                // Whatever follows stands in a section that is not known.
                None => document.opaque.push(line),
            }
            continue;
        }
        let read = key_value::read(line, &DIALECT);
        document.entries.extend(read.settings.into_iter().map(|setting| Entry { section, setting }));
        document.opaque.extend(read.opaque);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_their_sections() {
        let document = read("; c\ntop = 1\n[ tls ]\nmin=\"1.2\" \n# no\nverify\n[broken\nx = 'a\n");
        let found: Vec<_> = document.entries.iter().map(|entry| (entry.section, entry.setting.key, entry.setting.value)).collect();
        assert_eq!(found, [("", "top", "1"), ("tls", "min", "1.2"), ("tls", "verify", "")]);
        assert_eq!(document.opaque, ["[broken", "x = 'a"]);
    }
}
