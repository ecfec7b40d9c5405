//! A rule case in txtar form into its sections, and its expectation back into text.
//!
//! txtar is the text archive format of the Go project: a comment, then sections that begin with a line `-- name --`.

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Why the case exists.
    pub comment: String,
    /// The inventory's description (`asset.toml`), if the case gives one.
    pub asset: Option<String>,
    /// What a believed manifest says: lines of a status and a path.
    pub manifest: Vec<(String, String)>,
    /// The profile (`profile/profile.toml`) and what stands beside it, by their names in `profile/`.
    pub profile: Vec<(String, String)>,
    /// Waivers (`waivers.toml`).
    pub waivers: Option<String>,
    /// Files by their path.
    pub files: Vec<(String, String)>,
    /// The expected lines.
    pub expect: String,
}

/// Reads a case.
pub fn read(text: &str) -> Case {
    let mut case = Case {
        comment: String::new(),
        asset: None,
        manifest: Vec::new(),
        profile: Vec::new(),
        waivers: None,
        files: Vec::new(),
        expect: String::new(),
    };
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (section_name(line), sections.last_mut()) {
            (Some(name), _) => sections.push((name, String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => case.comment.push_str(line),
        }
    }
    for (name, content) in sections {
        match name {
            "asset.toml" => case.asset = Some(content),
            "manifest" => case.manifest = content.lines().filter_map(manifest_line).collect(),
            "expect" => case.expect = content,
            "waivers.toml" => case.waivers = Some(content),
            path => match path.strip_prefix("profile/") {
                Some(beside) => case.profile.push((beside.to_owned(), content)),
                None => case.files.push((path.to_owned(), content)),
            },
        }
    }
    case
}

/// The name of the section that a line begins.
fn section_name(line: &str) -> Option<&str> {
    line.trim_end().strip_prefix("-- ")?.strip_suffix(" --").map(str::trim).filter(|name| !name.is_empty())
}

/// A status and a path.
fn manifest_line(line: &str) -> Option<(String, String)> {
    let (status, path) = line.trim().split_once(' ')?;
    Some((status.to_owned(), path.trim().to_owned()))
}

/// The text of a case with other expected lines; everything else stays as it was written.
pub fn with_expectation(text: &str, expect: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        if section_name(line) == Some("expect") {
            break;
        }
        out.push_str(line);
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    format!("{out}-- expect --\n{expect}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read_and_only_its_expectation_rewritten() {
        let text = "Why.\n-- asset.toml --\nplatform = \"linux\"\n-- manifest --\nabsent etc/x\n-- etc/a --\n-- not a section\nb\n-- expect --\npass\n";
        let case = read(text);
        assert_eq!(case.comment, "Why.\n");
        assert_eq!(case.manifest, [("absent".to_owned(), "etc/x".to_owned())]);
        assert_eq!(case.files, [("etc/a".to_owned(), "-- not a section\nb\n".to_owned())]);
        assert_eq!(case.expect, "pass\n");
        assert_eq!(with_expectation(text, "fail\n"), text.replace("pass\n", "fail\n"));
    }
}
