//! access.conf(5) of pam_access into entries of permission, users and origins.

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The whole line.
    pub text: &'a str,
    /// Whether it admits.
    pub admits: bool,
    /// Whom it is about.
    pub users: &'a str,
    /// Where from.
    pub origins: &'a str,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its entries.
    pub entries: Vec<Entry<'a>>,
    /// Lines that pam_access logs and skips: with too few fields, with another first character than `+` or `-` (a blank, for one),
    /// and a last line without its line end.
    pub opaque: Vec<&'a str>,
}

/// Reads a file whose fields are parted by any of the characters `separators`, `:` by default.
pub fn read<'a>(text: &'a str, separators: &str) -> Document<'a> {
    let mut document = Document::default();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match entry(line, separators).filter(|_| whole.ends_with('\n')) {
            Some(entry) => document.entries.push(entry),
            None => document.opaque.push(line),
        }
    }
    document
}

/// A line as an entry: separators before the first and the second field are dropped, however many; the third goes to the end.
fn entry<'a>(line: &'a str, separators: &str) -> Option<Entry<'a>> {
    let separates = |it: char| separators.contains(it);
    let rest = line.trim_start_matches(separates);
    let (permission, rest) = rest.split_at(rest.find(separates)?);
    let rest = rest.trim_start_matches(separates);
    let (users, rest) = rest.split_at(rest.find(separates)?);
    let mut origins = rest.chars();
    origins.next();
    let origins = origins.as_str();
    let admits = match permission.as_bytes().first() {
        Some(b'+') => true,
        Some(b'-') => false,
        _ => return None,
    };
    (!origins.is_empty()).then_some(Entry { text: line, admits, users, origins })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Linux-PAM 1.5.2's pam_access took these lines when they were tried.
    #[test]
    fn entries_and_what_is_none() {
        let document = read("# c\n+:root:fe80::/10 10.1.\r\n - : ALL : ALL\n- : ALL : ALL\n+::ALL\n-:ALL:ALL", ":");
        let found: Vec<_> = document.entries.iter().map(|it| (it.admits, it.users.trim(), it.origins.trim())).collect();
        assert_eq!(found, [(true, "root", "fe80::/10 10.1."), (false, "ALL", "ALL")]);
        assert_eq!(document.opaque, [" - : ALL : ALL", "+::ALL", "-:ALL:ALL"]);
    }
}
