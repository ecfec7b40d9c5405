//! xinetd.conf and files of xinetd.d (xinetd.conf(5)) into sections of attributes.

/// One `service` or `defaults` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The service's name; none for `defaults`.
    pub service: Option<&'a str>,
    /// The line that begins it.
    pub line: &'a str,
    /// Attributes with their values and lines, `=`, `+=` and `-=` alike.
    pub attributes: Vec<(&'a str, &'a str, &'a str)>,
}

impl<'a> Section<'a> {
    /// The last value of an attribute, and its line.
    pub fn last(&self, name: &str) -> Option<(&'a str, &'a str)> {
        self.attributes.iter().rev().find(|(known, ..)| *known == name).map(|(_, value, line)| (*value, *line))
    }
}

/// Reads a text; lines outside of sections are directives for other files and are skipped.
pub fn read(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.trim_end_matches('{').split_ascii_whitespace();
        match (words.next(), inside) {
            (Some("service"), false) => sections.push(Section { service: words.next(), line, attributes: Vec::new() }),
            (Some("defaults"), false) => sections.push(Section { service: None, line, attributes: Vec::new() }),
            (Some("}"), _) => inside = false,
            (Some(_), true) => {
                if let (Some(section), Some((name, value))) = (sections.last_mut(), line.split_once('=')) {
                    section.attributes.push((name.trim_end_matches(['+', '-', ' ', '\t']), value.trim(), line));
                }
            }
            _ => {}
        }
        inside |= line.ends_with('{');
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_attributes_are_read() {
        let text = "# c\nincludedir /etc/xinetd.d\ndefaults\n{\n disabled += tftp\n}\nservice telnet\n{\n\tdisable = yes\n\tflags\t= REUSE\n}\nservice x {\n}\n";
        let shown: Vec<_> =
            read(text).iter().map(|it| (it.service, it.last("disable").map(|(value, _)| value), it.attributes.len())).collect();
        assert_eq!(shown, [(None, None, 1), (Some("telnet"), Some("yes"), 2), (Some("x"), None, 0)]);
    }
}
