//! The cases of a rule and its mutants into those mutants that no case notices.

use bumpalo::Bump;

use super::case::{asset, given};
use crate::error::Message;
use crate::evaluate::{self, AssetContext, Context, Outcome};
use crate::facts::{self, Host, Needed, generic};
use crate::policy::case::Case;
use crate::policy::mutant::{Mutant, mutants};
use crate::policy::{Library, Rule};
use crate::results::reason_code;
use crate::source::Sources;

/// How the mutants of a rule fared.
#[derive(Debug)]
pub struct Fared {
    /// How many there are.
    pub mutants: usize,
    /// What differs in those that every case judges as it judges the rule.
    pub survivors: Vec<String>,
}

/// Judges every case of a rule by each of its mutants; the facts of a case are derived once.
pub fn survivors(library: &Library, number: usize, cases: &[Case]) -> Result<Fared, Message> {
    let rule = &library.rules[number];
    let mut left: Vec<Mutant> = mutants(rule);
    let count = left.len();
    for case in cases {
        judge_all(library, number, case, |judge| {
            let expected = judge(rule);
            left.retain(|mutant| judge(&mutant.rule) == expected);
        })?;
    }
    Ok(Fared { mutants: count, survivors: left.into_iter().map(|mutant| mutant.change).collect() })
}

/// Hands on what judges a rule on a case.
fn judge_all(library: &Library, number: usize, case: &Case, work: impl FnOnce(&dyn Fn(&Rule) -> String)) -> Result<(), Message> {
    let (asset, date) = asset(case)?;
    let given = given(case, library, date)?;
    let Some(platform) = asset.description.platform else { return Ok(()) };
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    // A change may be in what names the product.
    let mut needed = Needed::default();
    library.rules[number].check.tables().iter().for_each(|check| needed.table(check.table));
    let host = Host::new(&asset, platform, &sources);
    let mut facts = facts::derive(&host, &needed);
    generic::fill(&host, &library.views, &needed, &mut facts);
    let about = AssetContext { id: &asset.id, platform: platform.name, description: &asset.description };
    let values = evaluate::values_for(&given.profile, &about);
    let collected = asset.description.collected_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let context = Context { asset: &asset.id, today: date, collected, values: &values, tables: &given.profile.tables };
    work(&|rule| match evaluate::is_about(rule, &about) {
        true => told(&evaluate::judge(rule, &facts, &context)),
        false => "excluded".to_owned(),
    });
    Ok(())
}

/// What a case notices of an outcome: verdict, instances, values and the reason.
fn told(outcome: &Outcome<'_>) -> String {
    let findings = outcome.findings.iter().map(|finding| format!("{}\t{}", finding.instance, finding.observed));
    let reason = outcome.reason.as_ref().map(reason_code).unwrap_or_default();
    format!("{} {reason}\n{}", outcome.verdict, findings.collect::<Vec<_>>().join("\n"))
}
