//! Results into JUnit XML: a suite per asset, a case per rule, nothing in an identity that changes between runs.
//!
//! The `junit-report` crate makes the bytes of every case; it escapes attributes, but neither refuses characters that XML forbids
//! nor splits `]]>`, so every text passes [`body`] or [`attribute`] first. What the crate's suite lacks (properties, the skipped
//! count, a time stamp without zone) is written here.

mod suite;

use std::borrow::Cow;

use junit_report::{Duration, Report, TestCase, TestResult, TestSuite};
use memchr::memmem;

use super::{Format, Head, Made, Remembered, Setting, site};
use crate::names::{Language, Verdict};
use crate::policy::Rule;
use crate::results::{Answer, RuleResult, SettledFinding, Shown, place, reason_code, reason_text, shown};
use crate::source::visible::{Whitespace, is_plain, visible};

/// A suite per asset, in one file or one file per asset.
pub(super) static FORMAT: Format = Format {
    name: "junit",
    per_asset: Some(("TEST-jixian-", ".xml")),
    separator: "",
    joints: &[],
    prepare,
    head: Head::First(head),
    asset,
    tail: suite::tail,
};

/// The most characters of an attribute.
const ATTRIBUTE_CHARACTERS_MOST: usize = 300;

/// The most bytes of a body.
const BODY_BYTES_MOST: usize = 8 << 10;

/// The bytes that most bodies fit in.
const BODY_BYTES_LIKELY: usize = 2 << 10;

/// As many blanks as fill the column of roles.
const ROLE_WIDTH: &str = "         ";

/// What stands for the asset in a case that is made once.
const ASSET_PLACE: &str = "JIXIAN-ASSET-PLACE";

/// What stands for the rest of a violation in a case that is made once.
const FILE_PLACE: &str = "JIXIAN-FILE-PLACE";
const LINE_PLACE: &str = "JIXIAN-LINE-PLACE";
const MESSAGE_PLACE: &str = "JIXIAN-MESSAGE-PLACE";
const BODY_PLACE: &str = "JIXIAN-BODY-PLACE";

/// The passing case of every rule of the run, before and after the asset's id, by the number of the rule.
fn prepare(setting: &Setting<'_>) -> Vec<Made> {
    let mut cases = vec![Made::default(); setting.run.library.rules.len()];
    for number in &setting.run.rules {
        let rule = &setting.run.library.rules[*number];
        cases[*number] = around_asset(case(setting, Some(rule), "", ASSET_PLACE, TestResult::Success));
    }
    cases
}

/// The bytes of a case whose asset is [`ASSET_PLACE`], before and after the asset's id.
fn around_asset(case: TestCase) -> Made {
    let mut before = case_bytes(case, None);
    let Some(at) = memmem::find(&before, ASSET_PLACE.as_bytes()) else { return [before, Vec::new()] };
    let after = before.split_off(at + ASSET_PLACE.len());
    before.truncate(at);
    [before, after]
}

fn head(_: &Setting<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jixian\">\n");
}

fn asset(setting: &Setting<'_>, answer: &Answer<'_>, sections: &mut [Vec<u8>]) {
    let Some(out) = sections.first_mut() else { return };
    suite::start(setting, answer, out);
    let id = attribute(&answer.asset.id);
    let id = escaped(&id);
    let mut remembered = setting.remembered();
    for result in &answer.results {
        match (result.verdict, result.rule.and_then(|rule| setting.prepared.get(rule))) {
            (Verdict::Pass, Some(made)) => splice(made, &id, out),
            (Verdict::NotApplicable | Verdict::Unknown, _) => {
                splice(remembered.of(result, || undecided_case(setting, result)), &id, out);
            }
            _ => failed_case(setting, answer, result, &id, &mut remembered, out),
        }
        out.push(b'\n');
    }
    remembered.keep();
    out.extend_from_slice(b"</testsuite>\n");
}

/// Writes a case that was made once, with the asset's id in its place.
fn splice([before, after]: &Made, id: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(before);
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(after);
}

/// The case of a result that was not decided or does not apply: the same for every asset with the same reason.
fn undecided_case(setting: &Setting<'_>, result: &RuleResult<'_>) -> Made {
    let rule = result.rule.map(|rule| &setting.run.library.rules[rule]);
    let message = attribute(&reason_message(setting, result));
    let code = result.reason.as_ref().map_or("none", reason_code).replace('-', "_");
    // No body: readers that show one in place of the message would show the same again.
    let outcome = match result.verdict {
        Verdict::NotApplicable => TestResult::SkippedWithCause { type_: format!("na.{code}"), message, cause: None },
        _ => TestResult::Error { type_: format!("scanner.{code}"), message, cause: None },
    };
    around_asset(case(setting, rule, result.outside, ASSET_PLACE, outcome))
}

/// Writes the case of a violation on the asset of this escaped id.
fn failed_case(
    setting: &Setting<'_>,
    answer: &Answer<'_>,
    result: &RuleResult<'_>,
    id: &str,
    remembered: &mut Remembered<'_>,
    out: &mut Vec<u8>,
) {
    let rule = result.rule.map(|rule| &setting.run.library.rules[rule]);
    let (message, place) = failure_message(setting, answer, rule, result);
    let message = attribute(&message);
    let text = body(case_body(setting, answer, rule, result, &message));
    let [with_place, without] = remembered.of(result, || failing_case(setting, rule, result));
    let (case, file, line) = match place {
        Some((file, line)) => (with_place, attribute(&file), line.to_string()),
        None => (without, String::new(), String::new()),
    };
    let texts = [
        (ASSET_PLACE, id),
        (FILE_PLACE, &escaped(&file)),
        (LINE_PLACE, &line),
        (MESSAGE_PLACE, &escaped(&message)),
        // What would end the section was split.
        (BODY_PLACE, &text),
    ];
    let mut rest = &case[..];
    for (place, text) in texts {
        let Some(at) = memmem::find(rest, place.as_bytes()) else { continue };
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(text.as_bytes());
        rest = &rest[at + place.len()..];
    }
    out.extend_from_slice(rest);
}

/// The case of a rule's violation with a file and line, and without, all that differs between assets being a place to fill.
fn failing_case(setting: &Setting<'_>, rule: Option<&Rule>, result: &RuleResult<'_>) -> Made {
    let (message, cause) = (MESSAGE_PLACE.to_owned(), Some(BODY_PLACE.to_owned()));
    let outcome = match result.verdict {
        Verdict::Pass => TestResult::Success,
        Verdict::Waived => TestResult::SkippedWithCause { type_: "waived.risk_accepted".to_owned(), message, cause },
        _ => {
            let severity = rule.map_or("critical", |rule| rule.severity.name());
            TestResult::Failure { type_: format!("violation.{severity}"), message, cause }
        }
    };
    let without = case(setting, rule, result.outside, ASSET_PLACE, outcome);
    let with_place = TestCase { filepath: Some(FILE_PLACE.to_owned()), ..without.clone() };
    [case_bytes(with_place, Some(LINE_PLACE)), case_bytes(without, None)]
}

/// A case with its identity.
fn case(setting: &Setting<'_>, rule: Option<&Rule>, outside: &str, asset: &str, result: TestResult) -> TestCase {
    let (family, policy, id) = match rule {
        Some(rule) => {
            let policy = &setting.run.library.policies[rule.policy];
            (policy.family.as_str(), policy.id.as_str(), rule.id.as_str())
        }
        None => ("jixian", "collection", outside),
    };
    TestCase {
        name: attribute(&format!("{id} @{asset}")),
        time: Duration::ZERO,
        result,
        classname: Some(attribute(&format!("{family}.{policy}"))),
        filepath: None,
        system_out: None,
        system_err: None,
    }
}

/// The bytes that the crate makes of one case; a line number is put into its start tag.
fn case_bytes(case: TestCase, line: Option<&str>) -> Vec<u8> {
    let mut suite = TestSuite::new("");
    suite.testcases.push(case);
    let mut report = Report::new();
    report.add_testsuite(suite);
    let mut document = Vec::new();
    report.write_xml(&mut document).expect("a buffer takes every byte");
    // Attributes of the tags before it are escaped, so the first match is the case; the last end tags are the case's and its suite's.
    let start = memmem::find(&document, b"<testcase").unwrap_or_default();
    let end = memmem::rfind(&document, b"</testsuite>").unwrap_or(document.len());
    document.truncate(end);
    document.drain(..start);
    if let Some(line) = line {
        let at = tag_end(&document);
        document.splice(at..at, format!(" line=\"{line}\"").into_bytes());
    }
    document
}

/// Where the attributes of the first tag end.
fn tag_end(case: &[u8]) -> usize {
    let close = memchr::memchr(b'>', case).unwrap_or(case.len());
    if case[..close].ends_with(b"/") { close - 1 } else { close }
}

/// What is wrong, in one line, and where.
fn failure_message(
    setting: &Setting<'_>,
    answer: &Answer<'_>,
    rule: Option<&Rule>,
    result: &RuleResult<'_>,
) -> (String, Option<(String, u32)>) {
    let severity = rule.map_or("", |rule| rule.severity.name()).to_uppercase();
    let title = rule.map_or("", |rule| rule.title.text(setting.language));
    let Some(first) = result.findings.first() else { return (format!("[{severity}] {title}"), None) };
    let more = result.findings.len() + result.further - 1;
    let more = match (more, setting.language) {
        (0, _) => String::new(),
        (more, Language::Zh) => format!("（另有 {more} 处）"),
        (more, Language::En) => format!(" (and {more} more)"),
    };
    let (colon, expected) = match setting.language {
        Language::Zh => ("：", "，要求 "),
        Language::En => (": ", ", expected "),
    };
    let clauses = rule.map_or(String::new(), |rule| rule.clauses.join(" "));
    let waiver = result.findings.iter().find_map(|finding| site::waiver_line(setting.run.given, finding, setting.language));
    let violation = format!("[{severity}] {title}{colon}{}{expected}{}{more} ({clauses})", first.observed, first.expected);
    let message = match (result.verdict, waiver) {
        (Verdict::Waived, Some(waiver)) => format!("WAIVED {waiver}"),
        (_, Some(waiver)) => format!("{violation}; {waiver}"),
        (_, None) => violation,
    };
    (message, first_place(answer, &first.evidence))
}

/// Why it was not decided or does not apply, in one line.
fn reason_message(setting: &Setting<'_>, result: &RuleResult<'_>) -> String {
    let reason = result.reason.map(|reason| reason_text(&reason, setting.run, setting.language)).unwrap_or_default();
    let accepted = result.accepted.and_then(|number| setting.run.given.accepted.get(number));
    let accepted = accepted.map(|accepted| format!(" [accepted: {}]", site::terms_text(&accepted.terms, setting.language)));
    format!("{} {reason}{}", result.verdict.text(setting.language), accepted.unwrap_or_default())
}

/// File and line of the first evidence that has both.
fn first_place(answer: &Answer<'_>, numbers: &[u32]) -> Option<(String, u32)> {
    numbers.iter().filter_map(|number| answer.evidence(*number)).find_map(|evidence| place(evidence, answer.sources))
}

/// The body: the message again, then fixed keys.
fn case_body(setting: &Setting<'_>, answer: &Answer<'_>, rule: Option<&Rule>, result: &RuleResult<'_>, message: &str) -> String {
    let language = setting.language;
    let mut text = String::with_capacity(BODY_BYTES_LIKELY);
    push(&mut text, &[message, "\nasset    : ", &answer.asset.id, "\n"]);
    if result.verdict == Verdict::Waived {
        push(&mut text, &["would-be : FAIL ", rule.map_or("", |rule| rule.title.text(language)), "\n"]);
    }
    for finding in &result.findings {
        finding_lines(setting, answer, finding, &mut text);
    }
    if result.further > 0 {
        push(&mut text, &["further  : ", &result.further.to_string(), "\n"]);
    }
    let Some(rule) = rule else { return text };
    push(&mut text, &["clauses  : ", &rule.clauses.join(" "), "\n"]);
    for (catalogue, clause) in setting.run.library.described_clauses(rule) {
        push(&mut text, &["article  : ", &clause.described(catalogue, language), "\n"]);
    }
    push(&mut text, &["why      : ", rule.why.text(language)]);
    push(&mut text, &["\nfix      : ", rule.fix.text(language), "\n"]);
    let products: Vec<Option<&str>> = result.findings.iter().map(|finding| finding.product).collect();
    for line in rule.commands_on(answer.asset.platform, &products).flat_map(str::lines) {
        push(&mut text, &["           ", line, "\n"]);
    }
    text
}

/// Adds texts to a text.
fn push(text: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| text.push_str(part));
}

/// The lines about one finding.
fn finding_lines(setting: &Setting<'_>, answer: &Answer<'_>, finding: &SettledFinding, text: &mut String) {
    let SettledFinding { id, instance, observed, expected, evidence, .. } = finding;
    push(text, &["finding  : ", id, "\nwhere    : ", instance, "\nobserved : ", observed, "\nexpected : ", expected, "\n"]);
    if let Some(line) = site::waiver_line(setting.run.given, finding, setting.language) {
        push(text, &["waiver   : ", &line, "\n"]);
    }
    for number in evidence {
        evidence_line(setting, answer, *number, text);
    }
}

/// One line about a piece of evidence.
fn evidence_line(setting: &Setting<'_>, answer: &Answer<'_>, number: u32, out: &mut String) {
    let Some(evidence) = answer.evidence(number) else { return };
    let Shown { role, file, line, text, .. } = shown(evidence, answer.sources, setting.language);
    // Names of roles are plain words.
    push(out, &[role, ROLE_WIDTH.get(role.len()..).unwrap_or_default(), ": "]);
    match (file, line) {
        (Some(file), Some(line)) => push(out, &[&file, ":", &line.to_string(), ": "]),
        (Some(file), None) => push(out, &[&file, ": "]),
        (None, _) => {}
    }
    push(out, &[&text, "\n"]);
}

/// A text as it may stand in an attribute: on one line, nothing hidden, of bounded length.
fn attribute(text: &str) -> String {
    let is_joined = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if text.len() <= ATTRIBUTE_CHARACTERS_MOST && is_joined && is_plain(text) {
        return text.to_owned();
    }
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = visible(&joined, Whitespace::Shown);
    if shown.chars().count() <= ATTRIBUTE_CHARACTERS_MOST {
        return shown.into_owned();
    }
    shown.chars().take(ATTRIBUTE_CHARACTERS_MOST).collect::<String>() + "…"
}

/// A text as it may stand in CDATA: nothing that XML forbids, no end of the section, of bounded length.
fn body(text: String) -> String {
    let mut text = match visible(&text, Whitespace::Kept) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
    };
    let mut end = text.len().min(BODY_BYTES_MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = if end < text.len() { "\n… [truncated, see the stored results]\n" } else { "" };
    // A carriage return would be normalised away by readers.
    text.truncate(end);
    if text.contains('\r') {
        text = text.replace('\r', "\\x0d");
    }
    if text.contains("]]>") {
        text = text.replace("]]>", "]]]]><![CDATA[>");
    }
    text + cut
}

/// A text with the characters replaced that mean something in an attribute.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(text.replace('"', "&quot;").replace('\'', "&apos;"))
}
