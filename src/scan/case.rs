//! A rule case into an asset, and what a rule says of it into the lines that the case expects.

use std::collections::BTreeMap;

use bumpalo::Bump;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Options, Plan};
use crate::error::{Message, Weight};
use crate::names::{LINUX, Language, Severity, platform};
use crate::policy::case::Case;
use crate::policy::{Library, Profile};
use crate::results::{Answer, Given, RuleResult, Run, Shown, reason_text, shown};
use crate::snapshot::memory::{Memory, Node, Ownership};
use crate::snapshot::{Asset, Description, Kind, Lack};
use crate::source::Sources;

/// The day on which cases are judged, unless their `asset.toml` names another.
const CASE_DATE: Date = jiff::civil::date(2026, 11, 22);

/// The `asset.toml` of a case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Inventory {
    platform: Option<String>,
    vendor: Option<String>,
    model: Option<String>,
    version: Option<String>,
    address: Option<String>,
    tags: Vec<String>,
    zone: Option<String>,
    owner: Option<String>,
    collected_at: Option<String>,
    products: Vec<String>,
    date: Option<String>,
    mode: BTreeMap<String, String>,
}

/// The asset of a case.
pub fn asset(case: &Case) -> Result<(Asset, Date), Message> {
    let wrong = |why: String| Message::new(format!("用例的 asset.toml：{why}"), format!("asset.toml of the case: {why}"));
    let inventory: Inventory =
        toml::from_str(case.asset.as_deref().unwrap_or_default()).map_err(|error| wrong(error.message().to_owned()))?;
    let platform = match &inventory.platform {
        None => LINUX,
        Some(name) => platform(name).ok_or_else(|| wrong(format!("no platform {name}")))?,
    };
    let collected_at = inventory.collected_at.as_deref().map(str::parse).transpose().map_err(|_| wrong("collected-at".to_owned()))?;
    let date = inventory.date.as_deref().map(str::parse).transpose().map_err(|_| wrong("date".to_owned()))?;
    let description = Description {
        platform: Some(platform),
        vendor: inventory.vendor,
        model: inventory.model,
        version: inventory.version,
        address: inventory.address,
        tags: inventory.tags,
        zone: inventory.zone,
        owner: inventory.owner,
        collected_at,
        collector: None,
        products: inventory.products,
    };
    let memory = memory(case, &inventory.mode).map_err(wrong)?;
    Ok((Asset::in_memory("case".to_owned(), description, memory), date.unwrap_or(CASE_DATE)))
}

/// The artefacts of a case. A file whose section begins with `link:` is a link; `mode` gives `0640 root root` by path.
fn memory(case: &Case, modes: &BTreeMap<String, String>) -> Result<Memory, String> {
    let mut memory = Memory::default();
    let ownership = |path: &str| {
        let mut ownership = Ownership::default();
        if let Some(text) = modes.get(path) {
            let mut words = text.split_whitespace();
            ownership.mode = words.next().and_then(|mode| u32::from_str_radix(mode, 8).ok());
            ownership.owner = words.next().map(str::to_owned);
            ownership.group = words.next().map(str::to_owned);
        }
        ownership
    };
    let mut truncated = Vec::new();
    for (status, path) in &case.manifest {
        let lack = match status.as_str() {
            "absent" => Lack::Absent,
            "denied" => Lack::Denied,
            "timeout" => Lack::Timeout,
            "too-big" => Lack::TooBig,
            "not-collected" => Lack::NotCollected,
            "directory" => {
                memory.insert(path, Node::Directory { complete: true }, ownership(path));
                continue;
            }
            // A socket or device, which is looked at and never read.
            "other" => {
                let ownership = Ownership { kind: Some(Kind::Other), ..ownership(path) };
                memory.insert(path, Node::Lacking(Lack::OtherKind), ownership);
                continue;
            }
            "truncated" => {
                truncated.push(path.as_str());
                continue;
            }
            _ => return Err(format!("unknown status {status}")),
        };
        memory.insert(path, Node::Lacking(lack), ownership(path));
    }
    for (path, content) in &case.files {
        let node = match content.strip_prefix("link: ") {
            Some(target) => Node::Link(target.trim().to_owned()),
            None if truncated.contains(&path.as_str()) => Node::Truncated(content.clone().into_bytes()),
            None => Node::File(content.clone().into_bytes()),
        };
        if !memory.insert(path, node, ownership(path)) {
            return Err(format!("{path} stands twice"));
        }
    }
    Ok(memory)
}

/// What the site of a case gives besides policies.
pub fn given(case: &Case, library: &Library, date: Date) -> Result<Given, Message> {
    let mut given = Given::nothing(library);
    let mut problems = Vec::new();
    if let Some((_, text)) = case.profile.iter().find(|(name, _)| name == "profile.toml") {
        (given.profile, problems) = Profile::read("profile.toml", text, &case.profile, library);
    }
    if let Some(text) = &case.waivers {
        problems.extend(given.waivers.read("waivers.toml", text, library, &given.profile, date));
    }
    match problems.into_iter().find(|problem| problem.weight == Weight::Error) {
        None => Ok(given),
        Some(problem) => {
            let place = problem.place.as_ref().map_or(0, |place| place.line_column().0);
            let Message { zh, en } = problem.message;
            Err(Message::new(
                format!("用例的基线档或豁免，第 {place} 行：{zh}"),
                format!("profile or waivers of the case, line {place}: {en}"),
            ))
        }
    }
}

/// What a rule says of a case, one line per finding: verdict, instance, observed, and where.
pub fn judge_case(library: &Library, rule: usize, case: &Case) -> Result<String, Message> {
    let (asset, date) = asset(case)?;
    Ok(judged((library, &given(case, library, date)?), rule, (&asset, date)))
}

/// What a rule says of an asset of a site that gives nothing besides policies.
pub fn judge(library: &Library, rule: usize, asset: &Asset, date: Date) -> String {
    judged((library, &Given::nothing(library)), rule, (asset, date))
}

/// What a rule says of an asset, one line per finding.
fn judged(held: (&Library, &Given), rule: usize, asset: (&Asset, Date)) -> String {
    answered(held, rule, asset, |run, answer| {
        let place = |numbers: &[u32]| place(answer, numbers);
        answer.results.first().map_or_else(|| "excluded\n".to_owned(), |result| lines(run, result, &place))
    })
}

/// Paths of the artefacts that the shown evidence of a verdict on a case points into.
pub fn evidence_paths(library: &Library, rule: usize, case: &Case) -> Result<Vec<String>, Message> {
    let (asset, date) = asset(case)?;
    let given = given(case, library, date)?;
    Ok(answered((library, &given), rule, (&asset, date), |_, answer| {
        let shown = answer.evidence.iter().map(|evidence| shown(evidence, answer.sources, Language::En));
        shown.filter_map(|shown| Some(shown.file?.into_owned())).collect()
    }))
}

/// File and line of the first piece of evidence, or what it says.
fn place(answer: &Answer<'_>, numbers: &[u32]) -> String {
    let shown = numbers.first().and_then(|number| answer.evidence(*number)).map(|evidence| shown(evidence, answer.sources, Language::En));
    match shown {
        Some(Shown { file: Some(file), line: Some(line), .. }) => format!("  ({file}:{line})"),
        Some(Shown { file: Some(file), role, .. }) => format!("  ({role} {file})"),
        Some(Shown { text, .. }) => format!("  ({text})"),
        None => String::new(),
    }
}

/// Judges one rule and hands the answer on.
fn answered<T>(
    (library, given): (&Library, &Given),
    rule: usize,
    (asset, date): (&Asset, Date),
    work: impl FnOnce(&Run<'_>, &Answer<'_>) -> T,
) -> T {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let run = Run { library, given, rules: vec![rule], date, binary: None, expected: 1 };
    let options = Options {
        date,
        max_age_days: u32::MAX,
        fail_on: Severity::Low,
        language: Language::En,
        color: false,
        verbose: false,
        threads: 1,
        platforms: Vec::new(),
        binary: None,
        expected: None,
    };
    work(&run, &super::judge(asset, &sources, &Plan::of(&run), &run, &options))
}

/// The expectation lines of a result.
fn lines(run: &Run<'_>, result: &RuleResult<'_>, place: &dyn Fn(&[u32]) -> String) -> String {
    let word = match result.verdict.name() {
        "not-applicable" => "na",
        name => name,
    };
    if result.findings.is_empty() {
        let reason = result.reason.map(|reason| format!("  {}", reason_text(&reason, run, Language::En))).unwrap_or_default();
        return format!("{word}{reason}{}\n", place(&result.proof));
    }
    result
        .findings
        .iter()
        .map(|finding| format!("{word}  {}  {}{}\n", finding.instance, finding.observed, place(&finding.evidence)))
        .collect()
}
