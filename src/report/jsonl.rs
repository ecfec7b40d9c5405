//! Results into one JSON object per line: the stored results, version 1.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::site::{self, EntryObject};
use super::{Format, Head, Made, Setting, Summary, nothing};
use crate::error::Message;
use crate::names::{Language, Verdict};
use crate::policy::Origin;
use crate::results::{Answer, RESULTS_SCHEMA, RuleResult, Run, SettledFinding, Shown, reason_code, reason_text, shown};

/// One object per line.
pub(super) static FORMAT: Format = Format {
    name: "jsonl",
    per_asset: Some(("", ".jsonl")),
    separator: "",
    joints: &[],
    prepare: nothing,
    head: Head::Last(head),
    asset,
    tail,
};

fn head(setting: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    line(out, &run(setting.run, summary, true));
    for rule in rules(setting.run, true) {
        line(out, &rule);
    }
}

fn asset(setting: &Setting<'_>, answer: &Answer<'_>, sections: &mut [Vec<u8>]) {
    let Some(out) = sections.first_mut() else { return };
    line(out, &asset_object(answer, true));
    each_evidence(answer, true, |object| line(out, object));
    let mut asset = Vec::new();
    write(&mut asset, &answer.asset.id);
    let mut remembered = setting.remembered();
    for result in &answer.results {
        if !result.findings.is_empty() || result.further > 0 {
            line(out, &result_object(setting.run, answer, result, true));
            continue;
        }
        let [rule, reason] = remembered.of(result, || around_numbers(setting.run, result));
        [RESULT_START, &asset, rule].into_iter().for_each(|part| out.extend_from_slice(part));
        write(out, &result.examined);
        out.extend_from_slice(reason);
        if !result.proof.is_empty() {
            out.extend_from_slice(b",\"evidence\":");
            write(out, &result.proof);
        }
        out.extend_from_slice(b"}\n");
    }
    remembered.keep();
}

/// What every result begins with, up to the id of its asset.
const RESULT_START: &[u8] = b"{\"kind\":\"result\",\"asset\":";

/// What stands before and after the number of examined rows in a result without findings, which is the same for every asset.
fn around_numbers(run: &Run<'_>, result: &RuleResult<'_>) -> Made {
    let reason = result.reason.map(|reason| reason_text(&reason, run, Language::En));
    let (mut before, mut after) = (b",\"rule\":".to_vec(), b",\"reason\":".to_vec());
    write(&mut before, result.id(run.library));
    before.extend_from_slice(b",\"verdict\":");
    write(&mut before, result.verdict.name());
    before.extend_from_slice(b",\"examined\":");
    write(&mut after, &reason);
    if let Some(reason) = &result.reason {
        after.extend_from_slice(b",\"reason_code\":");
        write(&mut after, reason_code(reason));
    }
    if let Some(number) = result.accepted {
        after.extend_from_slice(b",\"accepted\":");
        write(&mut after, &number);
    }
    [before, after]
}

fn tail(_: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    line(out, &summary_object(summary, true));
}

/// Writes one object and a line end.
fn line(out: &mut Vec<u8>, object: &impl Serialize) {
    write(out, object);
    out.push(b'\n');
}

/// Writes one object.
pub(super) fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, object: &T) {
    serde_json::to_writer(out, object).expect("plain structs and strings become JSON, and a buffer takes every byte");
}

/// The `kind` of an object, where objects of several kinds stand together.
fn kind(name: &'static str, mixed: bool) -> Option<&'static str> {
    mixed.then_some(name)
}

/// What is the same for the run.
#[derive(Serialize)]
pub(super) struct RunObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    schema: u32,
    tool: String,
    binary: Option<String>,
    policies: Vec<PolicyObject>,
    params: Map<String, Json>,
    profile: Json,
    waivers: Vec<EntryObject>,
    accepted: Vec<EntryObject>,
    date: String,
    assets: AssetsObject,
}

#[derive(Serialize)]
struct PolicyObject {
    id: String,
    version: String,
    sha256: String,
    origin: &'static str,
}

#[derive(Serialize)]
struct AssetsObject {
    expected: usize,
    scanned: usize,
    failed: usize,
}

/// The run as an object.
pub(super) fn run(run: &Run<'_>, summary: &Summary, mixed: bool) -> RunObject {
    let policies = run.library.policies.iter().map(|policy| PolicyObject {
        id: policy.id.clone(),
        version: policy.version.clone(),
        sha256: policy.digest.hex(),
        origin: match policy.origin {
            Origin::BuiltIn => "built-in",
            Origin::File => "file",
        },
    });
    RunObject {
        kind: kind("run", mixed),
        schema: RESULTS_SCHEMA,
        tool: format!("jixian {}", env!("CARGO_PKG_VERSION")),
        binary: run.binary.map(|digest| format!("sha256:{}", digest.hex())),
        policies: policies.collect(),
        params: site::parameters(run),
        profile: site::profile(run),
        waivers: site::waivers(run, summary),
        accepted: site::acceptances(run, summary),
        date: run.date.to_string(),
        assets: AssetsObject { expected: run.expected, scanned: summary.counts.assets, failed: summary.counts.failed },
    }
}

/// A text in both languages.
#[derive(Serialize)]
struct BothLanguages<'m> {
    zh: &'m str,
    en: &'m str,
}

impl<'m> BothLanguages<'m> {
    fn of(message: &'m Message) -> BothLanguages<'m> {
        BothLanguages { zh: &message.zh, en: &message.en }
    }
}

/// A rule as an object.
#[derive(Serialize)]
pub(super) struct RuleObject<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    rule: &'r str,
    policy: &'r str,
    family: &'r str,
    severity: &'static str,
    clauses: &'r [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    articles: BTreeMap<&'r str, BTreeMap<&'static str, String>>,
    title: BothLanguages<'r>,
    why: BothLanguages<'r>,
    fix: BothLanguages<'r>,
    #[serde(rename = "fix-commands", skip_serializing_if = "BTreeMap::is_empty")]
    fix_commands: BTreeMap<&'r str, &'r str>,
}

/// The rules of a run as objects.
pub(super) fn rules<'r>(run: &'r Run<'_>, mixed: bool) -> impl Iterator<Item = RuleObject<'r>> {
    run.rules.iter().map(move |number| {
        let rule = &run.library.rules[*number];
        let policy = &run.library.policies[rule.policy];
        RuleObject {
            kind: kind("rule", mixed),
            rule: &rule.id,
            policy: &policy.id,
            family: &policy.family,
            severity: rule.severity.name(),
            clauses: &rule.clauses,
            articles: run
                .library
                .described_clauses(rule)
                .map(|(catalogue, clause)| (clause.citation.as_str(), BTreeMap::from(clause.in_both_languages(catalogue))))
                .collect(),
            title: BothLanguages::of(&rule.title),
            why: BothLanguages::of(&rule.why),
            fix: BothLanguages::of(&rule.fix),
            fix_commands: rule.fix_commands.iter().map(|(key, commands)| (key.as_str(), commands.as_str())).collect(),
        }
    })
}

/// An asset as an object.
#[derive(Serialize)]
pub(super) struct AssetObject<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    asset: &'r str,
    platform: Option<&'static str>,
    platform_because: &'r str,
    version: Option<&'r str>,
    address: Option<&'r str>,
    tags: &'r [String],
    owner: Option<&'r str>,
    collected_at: Option<String>,
    layout: &'static str,
    artefacts: usize,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<bool>,
    sha256: String,
}

/// The asset of an answer as an object.
pub(super) fn asset_object<'r>(answer: &'r Answer<'_>, mixed: bool) -> AssetObject<'r> {
    let asset = &answer.asset;
    AssetObject {
        kind: kind("asset", mixed),
        asset: &asset.id,
        platform: asset.platform.map(|platform| platform.name),
        platform_because: &asset.platform_because,
        version: asset.version.as_deref(),
        address: asset.address.as_deref(),
        tags: &asset.tags,
        owner: asset.owner.as_deref(),
        collected_at: asset.collected_at.map(|at| at.to_string()),
        layout: asset.layout,
        artefacts: asset.artefacts,
        complete: asset.complete,
        listed: asset.listed,
        sha256: asset.digest.hex(),
    }
}

/// A piece of evidence as an object.
#[derive(Serialize)]
pub(super) struct EvidenceObject<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    asset: &'r str,
    n: u32,
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    text: &'r str,
    /// The Chinese sentence, where the text is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_zh: Option<&'r str>,
}

/// Hands on the evidence of an answer, piece by piece.
pub(super) fn each_evidence(answer: &Answer<'_>, mixed: bool, mut write: impl FnMut(&EvidenceObject<'_>)) {
    for (at, evidence) in answer.evidence.iter().enumerate() {
        let Shown { role, file, line, text, .. } = shown(evidence, answer.sources, Language::En);
        let sentence = role == "step";
        let text_zh = sentence.then(|| shown(evidence, answer.sources, Language::Zh).text);
        write(&EvidenceObject {
            kind: kind("evidence", mixed),
            asset: &answer.asset.id,
            n: at as u32 + 1,
            role,
            file: file.as_deref(),
            line,
            text: &text,
            text_zh: text_zh.as_deref(),
        });
    }
}

/// A result as an object.
#[derive(Serialize)]
pub(super) struct ResultObject<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    asset: &'r str,
    rule: &'r str,
    verdict: &'static str,
    examined: usize,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<usize>,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    evidence: &'r [u32],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingObject<'r>>,
    #[serde(skip_serializing_if = "is_zero")]
    further_findings: usize,
}

/// A finding as an object.
#[derive(Serialize)]
struct FindingObject<'r> {
    id: &'r str,
    instance: &'r str,
    observed: &'r str,
    expected: &'r str,
    evidence: &'r [u32],
    evidence_digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_waiver: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<bool>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Hands on the results of an answer, one by one.
pub(super) fn each_result(run: &Run<'_>, answer: &Answer<'_>, mixed: bool, mut write: impl FnMut(&ResultObject<'_>)) {
    for result in &answer.results {
        write(&result_object(run, answer, result, mixed));
    }
}

/// A result of an answer as an object.
fn result_object<'r>(run: &'r Run<'_>, answer: &'r Answer<'_>, result: &'r RuleResult<'_>, mixed: bool) -> ResultObject<'r> {
    ResultObject {
        kind: kind("result", mixed),
        asset: &answer.asset.id,
        rule: result.id(run.library),
        verdict: result.verdict.name(),
        examined: result.examined,
        reason: result.reason.map(|reason| reason_text(&reason, run, Language::En)),
        reason_code: result.reason.as_ref().map(reason_code),
        accepted: result.accepted,
        evidence: &result.proof,
        findings: result.findings.iter().map(finding).collect(),
        further_findings: result.further,
    }
}

/// A finding as an object.
fn finding(finding: &SettledFinding) -> FindingObject<'_> {
    let SettledFinding { id, instance, observed, expected, evidence, digest, waiver, ended, new, .. } = finding;
    let evidence_digest = format!("sha256:{}", digest.hex());
    FindingObject { id, instance, observed, expected, evidence, evidence_digest, waiver: *waiver, expired_waiver: *ended, new: *new }
}

/// The end of a run as an object.
#[derive(Serialize)]
pub(super) struct SummaryObject {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    assets: usize,
    failed: usize,
    results: Map<String, Json>,
    exit: u8,
}

/// The summary as an object.
pub(super) fn summary_object(summary: &Summary, mixed: bool) -> SummaryObject {
    let counts = &summary.counts;
    let mut results: Map<String, Json> = Map::new();
    for verdict in Verdict::ALL {
        results.insert(verdict.name().to_owned(), Json::from(counts.verdict(verdict)));
    }
    for (name, number) in [("not-seen", counts.not_seen), ("dropped", counts.dropped), ("accepted", counts.accepted), ("new", counts.new)] {
        results.insert(name.to_owned(), Json::from(number));
    }
    SummaryObject { kind: kind("summary", mixed), assets: counts.assets, failed: counts.failed, results, exit: summary.exit }
}
