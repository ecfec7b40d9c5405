//! One rule's outcome, the site's waivers and an older result into what is settled: waived, accepted, new.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::given::means;
use super::{RuleResult, Run, SettledFinding};
use crate::facts::Evidence;
use crate::names::Verdict;
use crate::policy::{Rule, Waiver};
use crate::source::visible::{Whitespace, visible};
use crate::source::{Digest, Sources};

/// Applies waivers, acceptances and the older result to a rule's result on an asset.
pub(super) fn apply(run: &Run<'_>, asset: &str, rule: &Rule, result: &mut RuleResult<'_>) {
    match result.verdict {
        Verdict::Fail => {
            mark_new(run, asset, rule, result);
            waive(run, asset, result);
        }
        Verdict::Unknown => accept(run, asset, &rule.id, result),
        Verdict::Pass | Verdict::Waived | Verdict::NotApplicable => {}
    }
}

/// Notes which acceptance covers an undecided result.
pub(super) fn accept(run: &Run<'_>, asset: &str, rule: &str, result: &mut RuleResult<'_>) {
    let covers = |number: &usize| {
        let acceptance = &run.given.accepted[*number];
        acceptance.terms.holds_on(run.date) && means(&acceptance.asset, asset) && means(&acceptance.rule, rule)
    };
    result.accepted = (0..run.given.accepted.len()).find(covers);
}

/// Covers findings by waivers. The result is waived only where a live waiver covers every finding, those that are not listed included.
fn waive(run: &Run<'_>, asset: &str, result: &mut RuleResult<'_>) {
    let Some(rule) = result.rule else { return };
    let waivers = &run.given.waivers;
    let named: Vec<usize> = waivers.of(rule).iter().copied().filter(|number| means(&waivers.list[*number].asset, asset)).collect();
    if named.is_empty() {
        return;
    }
    for finding in &mut result.findings {
        let matching: Vec<usize> = named.iter().copied().filter(|number| covers(&waivers.list[*number], finding)).collect();
        let holds = |number: &usize| waivers.list[*number].terms.holds_on(run.date);
        finding.waiver = matching.iter().copied().find(holds);
        finding.ended = matching.first().copied().filter(|_| finding.waiver.is_none());
    }
    let covers_all = |number: &usize| {
        let waiver = &waivers.list[*number];
        waiver.terms.holds_on(run.date) && waiver.instance.is_none() && waiver.evidence.is_none()
    };
    let rest_covered = result.further == 0 || named.iter().any(covers_all);
    if rest_covered && !result.findings.is_empty() && result.findings.iter().all(|finding| finding.waiver.is_some()) {
        result.verdict = Verdict::Waived;
    }
}

/// Whether a waiver is about a finding.
fn covers(waiver: &Waiver, finding: &SettledFinding) -> bool {
    waiver.instance.as_ref().is_none_or(|instance| *instance == finding.instance)
        && waiver.evidence.is_none_or(|digest| digest == finding.digest)
}

/// Marks the findings that the older result does not have, by number where several have one id.
fn mark_new(run: &Run<'_>, asset: &str, rule: &Rule, result: &mut RuleResult<'_>) {
    let Some(baseline) = &run.given.baseline else { return };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in &mut result.findings {
        let seen = seen.entry(finding.id.clone()).or_default();
        *seen += 1;
        finding.new = Some(*seen > baseline.count(&finding.id));
    }
    result.further_new = result.further > baseline.further(asset, &rule.id);
}

/// A digest over what a finding rests on: what decides it, without line numbers and secrets, so that it changes when that changes.
pub(super) fn evidence_digest(evidence: &[Evidence<'_>], sources: &Sources<'_>) -> Digest {
    let decides = |piece: &&Evidence<'_>| {
        let about = matches!(piece, Evidence::Shadowed(_) | Evidence::Scope(_) | Evidence::Reference(_) | Evidence::Step(..));
        !about
    };
    let mut hasher = Sha256::new();
    let mut add = |parts: &[&str]| {
        for part in parts {
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
    };
    let deciding: Vec<&Evidence<'_>> = evidence.iter().filter(decides).collect();
    let all: Vec<&Evidence<'_>> = evidence.iter().collect();
    for piece in if deciding.is_empty() { all } else { deciding } {
        match piece {
            Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span) => {
                let Some(source) = sources.source(span.source) else { continue };
                add(&["text", source.path, &source.printable(source.slice(*span))]);
            }
            Evidence::Default(default) => add(&["default", default.setting]),
            Evidence::Recorded(path, record) => add(&["recorded", path, record]),
            Evidence::Searched(path) => add(&["searched", path]),
            Evidence::Lacks(path, lack) => add(&["lacks", path, lack.code()]),
            Evidence::Step(_, arguments, _) => {
                add(&["step"]);
                add(arguments);
            }
        }
    }
    Digest(hasher.finalize().into())
}

/// A text of the site as it may be shown.
pub(super) fn clean(text: &str) -> String {
    visible(text, Whitespace::Shown).into_owned()
}
