//! Rule outcomes of one asset into its settled answer, and the answers of a run into counts and an exit code.
//!
//! Everything that is shown is decided here, once: order, finding ids, evidence numbers. Formats only write it down.

mod baseline;
mod counts;
mod given;
mod reason;
mod settled;
mod shown;

use foldhash::HashMap;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::evaluate::{Finding, Outcome, Reason};
use crate::facts::{Evidence, Why};
use crate::names::{Platform, Verdict};
use crate::policy::Library;
use crate::source::visible::{Whitespace, visible};
use crate::source::{Digest, Source, Sources, redact};

pub use baseline::{Baseline, Unreadable};
pub use counts::Counts;
pub use given::{Given, Use};
pub use reason::{reason_code, reason_key, reason_text};
pub use shown::{Shown, place, shown};

/// Version of the stored results.
pub const RESULTS_SCHEMA: u32 = 1;

/// The rule id under which an asset that could not be read is reported.
pub const ASSET_COLLECTED: &str = "asset-collected";

/// The rule id under which the roles of a site are reported whose assets prove nothing.
pub const SITE_ROLE_UNPROVEN: &str = "site-role-unproven";

/// What is the same for a whole run.
#[derive(Debug)]
pub struct Run<'r> {
    /// The compiled library.
    pub library: &'r Library,
    /// What the site gives besides.
    pub given: &'r Given,
    /// Numbers of the rules that were selected, in the order of their ids.
    pub rules: Vec<usize>,
    /// The day that dates are compared with.
    pub date: Date,
    /// Digest of the program, where it could be read.
    pub binary: Option<Digest>,
    /// How many assets were found or expected.
    pub expected: usize,
}

/// What is known of an asset besides the verdicts.
#[derive(Debug)]
pub struct AssetRecord {
    /// Its id, control characters visible.
    pub id: String,
    /// Platform, where it is known.
    pub platform: Option<&'static Platform>,
    /// Why it is taken for that platform.
    pub platform_because: String,
    /// Version of the operating system.
    pub version: Option<String>,
    /// Address at which it was reached.
    pub address: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Who is responsible.
    pub owner: Option<String>,
    /// When it was collected.
    pub collected_at: Option<jiff::Timestamp>,
    /// How its artefacts were kept: `tree`, `snapshot`, `archive`, `root`, `file`.
    pub layout: &'static str,
    /// How many artefacts were read as text.
    pub artefacts: usize,
    /// Whether everything that was asked for was read.
    pub complete: bool,
    /// Whether the inventory lists it; none without an inventory.
    pub listed: Option<bool>,
    /// Digest over path and digest of every artefact that was read, sorted by path.
    pub digest: Digest,
}

/// A finding with its identity.
#[derive(Debug)]
pub struct SettledFinding {
    /// `jx1:` and twelve hexadecimal digits, the same in every format and run.
    pub id: String,
    /// The product whose row it is; none for a finding about a whole table.
    pub product: Option<&'static str>,
    /// The row's keys.
    pub instance: String,
    /// What is there.
    pub observed: String,
    /// What was expected.
    pub expected: String,
    /// Numbers of evidence of the asset.
    pub evidence: Vec<u32>,
    /// Over what it rests on: a waiver can be bound to it.
    pub digest: Digest,
    /// Number of the waiver that covers it.
    pub waiver: Option<usize>,
    /// Number of a waiver that covered it and has ended.
    pub ended: Option<usize>,
    /// Whether an older result does not have it; none without an older result.
    pub new: Option<bool>,
}

/// One rule on one asset, settled.
#[derive(Debug)]
pub struct RuleResult<'a> {
    /// Number of the rule in the library; none for what is no rule of it.
    pub rule: Option<usize>,
    /// The id where it is no rule of the library.
    pub outside: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// How many rows were judged.
    pub examined: usize,
    /// Why it was not decided, or does not apply.
    pub reason: Option<Reason<'a>>,
    /// The violations that are listed.
    pub findings: Vec<SettledFinding>,
    /// Violations beyond those.
    pub further: usize,
    /// Numbers of evidence that prove a pass, or show what is not known.
    pub proof: Vec<u32>,
    /// Number of the acceptance that covers it, where it is not decided.
    pub accepted: Option<usize>,
    /// Whether more findings are not listed than in an older result.
    pub further_new: bool,
}

impl<'a> RuleResult<'a> {
    /// An undecided result that is of no rule.
    pub fn outside(id: &'static str, why: Why<'a>) -> RuleResult<'a> {
        RuleResult {
            rule: None,
            outside: id,
            verdict: Verdict::Unknown,
            examined: 0,
            reason: Some(Reason::Fact(why)),
            findings: Vec::new(),
            further: 0,
            proof: Vec::new(),
            accepted: None,
            further_new: false,
        }
    }

    /// The id of its rule, or what stands for it.
    pub fn id<'l>(&self, library: &'l Library) -> &'l str {
        self.rule.map_or(self.outside, |rule| &library.rules[rule].id)
    }

    /// Whether it says that an asset could not be read.
    pub fn is_of_collection(&self) -> bool {
        self.rule.is_none() && self.outside == ASSET_COLLECTED
    }

    /// Whether it has a violation that an older result does not have; none without an older result.
    pub fn is_new(&self) -> Option<bool> {
        let mut known = self.findings.iter().filter(|finding| finding.waiver.is_none()).filter_map(|finding| finding.new).peekable();
        known.peek()?;
        Some(known.any(|new| new) || self.further_new)
    }
}

/// Everything that was decided about one asset.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The asset.
    pub asset: AssetRecord,
    /// The results, in the order of the rules' ids.
    pub results: Vec<RuleResult<'a>>,
    /// The evidence that results name by number, from one.
    pub evidence: Vec<Evidence<'a>>,
    /// The texts that evidence points into.
    pub sources: &'a Sources<'a>,
}

impl<'a> Answer<'a> {
    /// The evidence of a number.
    pub fn evidence(&self, number: u32) -> Option<&Evidence<'a>> {
        self.evidence.get((number as usize).checked_sub(1)?)
    }
}

/// Settles the outcomes of one asset, which come in the order of the run's rules.
pub fn settle<'a>(run: &Run<'_>, asset: AssetRecord, outcomes: Vec<(usize, Outcome<'a>)>, sources: &'a Sources<'a>) -> Answer<'a> {
    let mut numbering = Numbering::default();
    let results = outcomes
        .into_iter()
        .map(|(number, outcome)| {
            let rule = &run.library.rules[number];
            let policy = &run.library.policies[rule.policy].id;
            let findings = outcome.findings.into_iter().map(|finding| {
                let id = finding_id(&asset.id, policy, &rule.id, &finding.instance);
                settled_finding(id, finding, &mut numbering, sources)
            });
            let mut result = RuleResult {
                rule: Some(number),
                outside: "",
                verdict: outcome.verdict,
                examined: outcome.examined,
                reason: outcome.reason,
                findings: findings.collect(),
                further: outcome.further,
                proof: numbering.all(&outcome.proof),
                accepted: None,
                further_new: false,
            };
            settled::apply(run, &asset.id, rule, &mut result);
            result
        })
        .collect();
    Answer { asset, results, evidence: numbering.list, sources }
}

/// The answer about an asset that could not be read at all.
pub fn failed<'a>(asset: AssetRecord, why: Why<'a>, sources: &'a Sources<'a>) -> Answer<'a> {
    Answer { asset, results: vec![RuleResult::outside(ASSET_COLLECTED, why)], evidence: Vec::new(), sources }
}

/// The answer about the roles of a site whose assets prove nothing: the asset's id, what became of it, and where the role is given.
pub fn unproven<'a>(asset: AssetRecord, roles: &[(String, &str, String)], why: Why<'a>, sources: &'a Sources<'a>) -> Answer<'a> {
    let mut result = RuleResult::outside(SITE_ROLE_UNPROVEN, why);
    result.findings = roles
        .iter()
        .map(|(id, became, place)| SettledFinding {
            id: finding_id(&asset.id, "", SITE_ROLE_UNPROVEN, &format!("{place}\0{id}")),
            product: None,
            instance: settled::clean(id),
            observed: format!("{became} ({place})"),
            expected: "judged".to_owned(),
            evidence: Vec::new(),
            digest: Digest::of(id.as_bytes()),
            waiver: None,
            ended: None,
            new: None,
        })
        .collect();
    Answer { asset, results: vec![result], evidence: Vec::new(), sources }
}

/// A finding with its evidence numbered.
fn settled_finding<'a>(id: String, finding: Finding<'a>, numbering: &mut Numbering<'a>, sources: &Sources<'_>) -> SettledFinding {
    let evidence = numbering.all(&finding.evidence);
    let clean = |text: &str| visible(&redact::masked(text, 0, &[]), Whitespace::Shown).into_owned();
    let (instance, observed) = (clean(&finding.instance), clean(&finding.observed));
    let digest = settled::evidence_digest(&finding.evidence, sources);
    SettledFinding {
        id,
        product: finding.product,
        instance,
        observed,
        expected: finding.expected,
        evidence,
        digest,
        waiver: None,
        ended: None,
        new: None,
    }
}

/// Evidence of one asset, each piece once, in the order of first use.
#[derive(Default)]
struct Numbering<'a> {
    list: Vec<Evidence<'a>>,
    numbers: HashMap<Evidence<'a>, u32>,
}

impl<'a> Numbering<'a> {
    /// The numbers of some pieces.
    fn all(&mut self, pieces: &[Evidence<'a>]) -> Vec<u32> {
        pieces.iter().map(|piece| self.number(piece)).collect()
    }

    /// The number of one piece.
    fn number(&mut self, piece: &Evidence<'a>) -> u32 {
        let next = self.list.len() as u32 + 1;
        let number = *self.numbers.entry(*piece).or_insert(next);
        if number == next {
            self.list.push(*piece);
        }
        number
    }
}

/// The identity of a finding: over asset, policy, rule and instance, and nothing that changes with a value, line or version.
pub fn finding_id(asset: &str, policy: &str, rule: &str, instance: &str) -> String {
    let digest = Digest::of([asset, policy, rule, instance].join("\0").as_bytes()).hex();
    format!("jx1:{}", &digest[..12])
}

/// The digest over everything that was read of an asset.
pub fn asset_digest(sources: &[&Source<'_>]) -> Digest {
    let mut sorted: Vec<&&Source<'_>> = sources.iter().collect();
    sorted.sort_unstable_by_key(|source| source.path);
    let mut hasher = Sha256::new();
    for source in sorted {
        hasher.update(source.path.as_bytes());
        hasher.update([0]);
        hasher.update(source.digest.0);
    }
    Digest(hasher.finalize().into())
}
