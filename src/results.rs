//! Rule outcomes of one asset into its settled answer, and the answers of a run into counts and an exit code.
//!
//! Everything that is shown is decided here, once: order, finding ids, evidence numbers. Formats only write it down.

mod reason;
mod shown;

use foldhash::HashMap;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::evaluate::{Finding, Outcome, Reason};
use crate::facts::{Evidence, Why};
use crate::names::{Platform, Severity, Verdict};
use crate::policy::Library;
use crate::source::visible::{Whitespace, visible};
use crate::source::{Digest, Source, Sources, redact};

pub use reason::{reason_code, reason_key, reason_text};
pub use shown::{Shown, place, shown};

/// Version of the stored results.
pub const RESULTS_SCHEMA: u32 = 1;

/// The rule id under which an asset that could not be read is reported.
pub const ASSET_COLLECTED: &str = "asset-collected";

/// What is the same for a whole run.
#[derive(Debug)]
pub struct Run<'r> {
    /// The compiled library.
    pub library: &'r Library,
    /// Numbers of the rules that were selected, in the order of their ids.
    pub rules: Vec<usize>,
    /// The day that dates are compared with.
    pub date: Date,
    /// Digest of the program, where it could be read.
    pub binary: Option<Digest>,
    /// How many assets were found.
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
}

/// One rule on one asset, settled.
#[derive(Debug)]
pub struct RuleResult<'a> {
    /// Number of the rule in the library; none for [`ASSET_COLLECTED`].
    pub rule: Option<usize>,
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
                settled_finding(id, finding, &mut numbering)
            });
            RuleResult {
                rule: Some(number),
                verdict: outcome.verdict,
                examined: outcome.examined,
                reason: outcome.reason,
                findings: findings.collect(),
                further: outcome.further,
                proof: numbering.all(&outcome.proof),
            }
        })
        .collect();
    Answer { asset, results, evidence: numbering.list, sources }
}

/// The answer about an asset that could not be read at all.
pub fn failed<'a>(asset: AssetRecord, why: Why<'a>, sources: &'a Sources<'a>) -> Answer<'a> {
    let result = RuleResult {
        rule: None,
        verdict: Verdict::Unknown,
        examined: 0,
        reason: Some(Reason::Fact(why)),
        findings: Vec::new(),
        further: 0,
        proof: Vec::new(),
    };
    Answer { asset, results: vec![result], evidence: Vec::new(), sources }
}

/// A finding with its evidence numbered.
fn settled_finding<'a>(id: String, finding: Finding<'a>, numbering: &mut Numbering<'a>) -> SettledFinding {
    let evidence = numbering.all(&finding.evidence);
    let clean = |text: &str| visible(&redact::masked(text, 0, &[]), Whitespace::Shown).into_owned();
    let (instance, observed) = (clean(&finding.instance), clean(&finding.observed));
    SettledFinding { id, product: finding.product, instance, observed, expected: finding.expected, evidence }
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

/// How often each verdict occurred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Assets that were judged or failed.
    pub assets: usize,
    /// Assets that could not be read.
    pub failed: usize,
    /// Results by verdict, in the order of [`Verdict::ALL`].
    pub verdicts: [usize; 5],
    /// Of the not applicable ones, those where nothing proves the absence.
    pub not_seen: usize,
    /// Violations by severity, in the order of [`Severity::ALL`].
    pub fail_by_severity: [usize; 4],
    /// Undecided by severity.
    pub unknown_by_severity: [usize; 4],
}

impl Counts {
    /// The counts of one answer.
    pub fn of(answer: &Answer<'_>, library: &Library) -> Counts {
        let mut counts = Counts { assets: 1, ..Counts::default() };
        for result in &answer.results {
            counts.verdicts[result.verdict as usize] += 1;
            counts.not_seen += usize::from(matches!(result.reason, Some(Reason::ProductNotSeen(_) | Reason::TableNotSeen(_))));
            let severity = result.rule.map_or(Severity::Critical, |rule| library.rules[rule].severity) as usize;
            match result.verdict {
                Verdict::Fail => counts.fail_by_severity[severity] += 1,
                Verdict::Unknown => counts.unknown_by_severity[severity] += 1,
                Verdict::Pass | Verdict::Waived | Verdict::NotApplicable => {}
            }
            counts.failed += usize::from(result.rule.is_none());
        }
        counts
    }

    /// Adds the counts of another answer.
    pub fn add(&mut self, other: &Counts) {
        self.assets += other.assets;
        self.failed += other.failed;
        self.not_seen += other.not_seen;
        for (sum, more) in self.verdicts.iter_mut().zip(other.verdicts) {
            *sum += more;
        }
        for (sum, more) in self.fail_by_severity.iter_mut().zip(other.fail_by_severity) {
            *sum += more;
        }
        for (sum, more) in self.unknown_by_severity.iter_mut().zip(other.unknown_by_severity) {
            *sum += more;
        }
    }

    /// How often one verdict occurred.
    pub fn verdict(&self, verdict: Verdict) -> usize {
        self.verdicts[verdict as usize]
    }

    /// The exit code: 1 for a violation at or above `fail_on`, else 3 where the answer is incomplete, else 0.
    pub fn exit(&self, fail_on: Severity) -> u8 {
        let at_or_above = |by_severity: &[usize; 4]| by_severity[fail_on as usize..].iter().sum::<usize>();
        let judged: usize = self.verdicts.iter().sum();
        if at_or_above(&self.fail_by_severity) > 0 {
            1
        } else if at_or_above(&self.unknown_by_severity) > 0 || self.failed > 0 || judged == 0 {
            3
        } else {
            0
        }
    }
}
