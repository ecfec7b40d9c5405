//! Assets and a few rules into how each asset stands: the verdict of each rule, and what led to it.

use std::path::PathBuf;

use jiff::Zoned;
use jiff::civil::Date;

use crate::error::{Problems, fatal};
use crate::names::{Language, Severity, Verdict};
use crate::policy::Library;
use crate::results::{Answer, Given, RuleResult, Run, reason_text, shown};
use crate::scan::{Options, answers};
use crate::snapshot::find;

/// Days after which nothing passes on a collection any more; the default of `scan`.
const AGE_DAYS_MOST: u32 = 30;

/// The state of every asset at some paths.
pub(super) fn text(
    library: &Library,
    given: &Given,
    rules: &[usize],
    paths: &[PathBuf],
    date: Option<Date>,
    language: Language,
) -> Result<String, Problems> {
    let discovery = find::find(paths);
    if fatal(&discovery.problems) {
        return Err(discovery.problems);
    }
    let options = Options {
        date: date.unwrap_or_else(|| Zoned::now().date()),
        max_age_days: AGE_DAYS_MOST,
        fail_on: Severity::Low,
        language,
        color: false,
        verbose: false,
        threads: 1,
        platforms: Vec::new(),
        binary: None,
        expected: None,
    };
    let mut text = String::new();
    let failed =
        answers::each(library, given, rules, &discovery.found, &options, &mut |run, answer| asset(run, answer, language, &mut text));
    for id in failed {
        text.push_str(&format!("\n== {id}  {}\n", Verdict::Unknown.text(language)));
    }
    Ok(text)
}

/// Adds one asset.
fn asset(run: &Run<'_>, answer: &Answer<'_>, language: Language, text: &mut String) {
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter_map(|verdict| {
            let number = answer.results.iter().filter(|result| result.verdict == verdict).count();
            (number > 0).then(|| format!("{} {number}", verdict.text(language)))
        })
        .collect();
    let platform = answer.asset.platform.map_or("?", |platform| platform.name);
    text.push_str(&format!("\n== {}  {platform}  {}\n", answer.asset.id, counts.join("  ")));
    for result in answer.results.iter().filter(|result| result.verdict != Verdict::NotApplicable) {
        let rule = result.rule.map_or("", |number| &run.library.rules[number].id);
        text.push_str(&format!("  {:<40} {}\n", rule, result.verdict.text(language)));
        if let Some(line) = because(run, answer, result, language) {
            text.push_str(&format!("    {line}\n"));
        }
    }
}

/// What led to a verdict, in one line.
fn because(run: &Run<'_>, answer: &Answer<'_>, result: &RuleResult<'_>, language: Language) -> Option<String> {
    if let Some(finding) = result.findings.first() {
        let more = result.findings.len() + result.further - 1;
        let more = if more > 0 { format!(" (+{more})") } else { String::new() };
        return Some(format!("{}: {}{more}{}", finding.instance, finding.observed, place(answer, &finding.evidence, language)));
    }
    if let Some(reason) = &result.reason {
        return Some(format!("{}{}", reason_text(reason, run, language), place(answer, &result.proof, language)));
    }
    let place = place(answer, &result.proof, language);
    (!place.is_empty()).then(|| place.trim_start().to_owned())
}

/// File and line of the first piece of evidence that has both.
fn place(answer: &Answer<'_>, numbers: &[u32], language: Language) -> String {
    let shown = numbers.iter().filter_map(|number| answer.evidence(*number)).map(|piece| shown(piece, answer.sources, language));
    shown.filter_map(|shown| Some(format!("  ({}:{})", shown.file?, shown.line?))).next().unwrap_or_default()
}
