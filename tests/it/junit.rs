//! JUnit reports with hostile texts, read back by two other XML parsers.

use std::process::{Command, Stdio};

use crate::support::{Scanned, scan};

/// A banner with everything that breaks XML or deceives a reader.
const HOSTILE: &str = "]]></failure></testcase><testcase name=\"forged\"/>\u{0}\u{1b}[31m\u{fffe}\u{202e}evil\u{2066} <!-- & \"quoted\" 'single' \u{7f}\u{85}";

/// A host whose every text is hostile.
fn hostile() -> Vec<(String, String)> {
    vec![
        ("etc/os-release".to_owned(), "ID=debian\nVERSION_ID=\"12\"\n".to_owned()),
        (
            "etc/ssh/sshd_config".to_owned(),
            format!("Port 22\nPermitRootLogin yes {HOSTILE}\nBanner /etc/{HOSTILE}\nMatch User a{HOSTILE}\n PermitRootLogin yes\n"),
        ),
        ("etc/passwd".to_owned(), format!("root:x:0:0::/root:/bin/sh\n{HOSTILE}:x:0:0:{HOSTILE}:/:/bin/sh\n")),
        ("etc/sudoers".to_owned(), format!("{HOSTILE} ALL=(ALL) NOPASSWD: ALL\n%x ALL=(ALL) NOPASSWD: /bin/{HOSTILE}\n")),
    ]
}

/// The cases that a reader sees: name and verdict.
type Cases = Vec<(String, &'static str)>;

/// Reads a report with `quick-junit`.
fn read_by_quick_junit(xml: &str) -> Cases {
    use quick_junit::{NonSuccessKind, TestCaseStatus};
    // quick-junit wants a zone, which the JUnit schema that Jenkins and Ant check forbids.
    let zoned = xml.replace("timestamp=\"1970-01-01T00:00:00\"", "timestamp=\"1970-01-01T00:00:00Z\"");
    let report = quick_junit::Report::deserialize_from_str(&zoned).expect("quick-junit reads it");
    let cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
    cases
        .map(|case| {
            let verdict = match &case.status {
                TestCaseStatus::Success { .. } => "pass",
                TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "fail",
                TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "unknown",
                TestCaseStatus::Skipped { .. } => "not-applicable",
            };
            (case.name.as_str().to_owned(), verdict)
        })
        .collect()
}

/// Reads a report with libxml2, which refuses what is not well-formed, and counts its elements.
fn count_by_xmllint(xml: &str, path: &str) -> usize {
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noent", "--xpath", &format!("count({path})"), "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint is installed by tests/run");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), xml.as_bytes()).expect("xmllint takes the report");
    let output = child.wait_with_output().expect("xmllint ends");
    assert!(output.status.success(), "not well-formed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

#[test]
fn hostile_text_forges_nothing() {
    for asset in ["host".to_owned(), format!("h{}", HOSTILE.replace(['/', '\0'], "-"))] {
        let Scanned { results, junit, .. } = scan(&asset, &hostile());
        let cases = read_by_quick_junit(&junit);
        let expected: Cases = results.iter().map(|(rule, asset, verdict)| (format!("{rule} @{asset}"), *verdict)).collect();
        assert_eq!(cases.len(), expected.len());
        for (seen, put_in) in cases.iter().zip(&expected) {
            assert_eq!(seen.1, put_in.1, "{}", put_in.0);
            assert!(seen.0.starts_with(put_in.0.split(" @").next().unwrap_or_default()), "{seen:?} for {put_in:?}");
        }
        assert_eq!(count_by_xmllint(&junit, "//testcase"), expected.len());
        assert_eq!(count_by_xmllint(&junit, "//testcase[@name='forged']"), 0);
        assert_eq!(count_by_xmllint(&junit, "//failure"), expected.iter().filter(|case| case.1 == "fail").count());
        for forbidden in ['\u{0}', '\u{1b}', '\u{fffe}', '\u{202e}', '\u{2066}', '\u{7f}', '\u{85}'] {
            assert!(!junit.contains(forbidden), "{forbidden:?} reached the report");
        }
        assert!(expected.iter().any(|case| case.1 == "fail"), "the host violates something, or this shows nothing");
    }
}

#[test]
fn identities_are_unique_and_say_nothing_that_changes() {
    let first = scan("host", &hostile()).junit;
    let mut changed = hostile();
    changed[1].1 =
        changed[1].1.replace("Port 22", "Port 2222\n# moved\n#").replace("PermitRootLogin yes", "PermitRootLogin forced-commands-only");
    let second = scan("host", &changed).junit;
    let names = |xml: &str| read_by_quick_junit(xml).into_iter().map(|case| case.0).collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    let mut unique = names(&first);
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names(&first).len());
}
