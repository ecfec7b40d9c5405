//! The answers of a run into counts and an exit code.

use super::given::means;
use super::{Answer, RuleResult, Run, Use};
use crate::evaluate::Reason;
use crate::names::{Severity, Verdict};

/// How often each verdict occurred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Assets that were judged or failed.
    pub assets: usize,
    /// Assets that could not be read, or were expected and are not there.
    pub failed: usize,
    /// Results by verdict, in the order of [`Verdict::ALL`].
    pub verdicts: [usize; 5],
    /// Of the not applicable ones, those where nothing proves the absence.
    pub not_seen: usize,
    /// Of the not applicable ones, those that the profile drops.
    pub dropped: usize,
    /// Of the undecided ones, those that are accepted.
    pub accepted: usize,
    /// Violations with a finding that an older result does not have; none where there is no older result.
    pub new: usize,
    /// Violations that count for the exit code by severity, in the order of [`Severity::ALL`].
    pub fail_by_severity: [usize; 4],
    /// Undecided results that count for the exit code by severity.
    pub unknown_by_severity: [usize; 4],
    /// What became of each waiver.
    pub waivers: Vec<Use>,
    /// What became of each acceptance.
    pub acceptances: Vec<Use>,
}

impl Counts {
    /// The counts of one answer.
    pub fn of(answer: &Answer<'_>, run: &Run<'_>) -> Counts {
        let mut counts = Counts {
            assets: 1,
            waivers: vec![Use::default(); run.given.waivers.list.len()],
            acceptances: vec![Use::default(); run.given.accepted.len()],
            ..Counts::default()
        };
        for result in &answer.results {
            counts.result(&answer.asset.id, result, run);
        }
        counts
    }

    /// Counts one result.
    fn result(&mut self, asset: &str, result: &RuleResult<'_>, run: &Run<'_>) {
        self.verdicts[result.verdict as usize] += 1;
        self.not_seen +=
            usize::from(matches!(result.reason, Some(Reason::ProductNotSeen(_) | Reason::TableNotSeen(_) | Reason::OneSided(_))));
        self.dropped += usize::from(matches!(result.reason, Some(Reason::Dropped(_))));
        self.accepted += usize::from(result.accepted.is_some());
        self.failed += usize::from(result.is_of_collection());
        let is_new = result.is_new();
        let severity = result.rule.map_or(Severity::Critical, |rule| run.library.rules[rule].severity) as usize;
        match result.verdict {
            Verdict::Fail => {
                self.new += usize::from(is_new == Some(true));
                self.fail_by_severity[severity] += usize::from(!run.given.fail_on_new || is_new != Some(false));
            }
            Verdict::Unknown => self.unknown_by_severity[severity] += usize::from(result.accepted.is_none()),
            Verdict::Pass | Verdict::Waived | Verdict::NotApplicable => {}
        }
        self.uses(asset, result, run);
    }

    /// Counts what became of waivers and acceptances.
    fn uses(&mut self, asset: &str, result: &RuleResult<'_>, run: &Run<'_>) {
        if let Some(rule) = result.rule {
            let waivers = &run.given.waivers;
            for number in waivers.of(rule).iter().copied().filter(|number| means(&waivers.list[*number].asset, asset)) {
                let of = |found: fn(&super::SettledFinding) -> Option<usize>| {
                    result.findings.iter().filter(|finding| found(finding) == Some(number)).count()
                };
                let used = Use { met: 1, covered: of(|finding| finding.waiver), ended: of(|finding| finding.ended) };
                self.waivers[number].add(&used);
            }
        }
        let id = result.id(run.library);
        for (number, acceptance) in run.given.accepted.iter().enumerate() {
            if means(&acceptance.asset, asset) && means(&acceptance.rule, id) {
                let covered = usize::from(result.accepted == Some(number));
                let ended = usize::from(result.verdict == Verdict::Unknown && !acceptance.terms.holds_on(run.date));
                self.acceptances[number].add(&Use { met: 1, covered, ended });
            }
        }
    }

    /// Adds the counts of another answer.
    pub fn add(&mut self, other: &Counts) {
        self.assets += other.assets;
        self.failed += other.failed;
        self.not_seen += other.not_seen;
        self.dropped += other.dropped;
        self.accepted += other.accepted;
        self.new += other.new;
        add(&mut self.verdicts, &other.verdicts);
        add(&mut self.fail_by_severity, &other.fail_by_severity);
        add(&mut self.unknown_by_severity, &other.unknown_by_severity);
        add_uses(&mut self.waivers, &other.waivers);
        add_uses(&mut self.acceptances, &other.acceptances);
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

/// Adds numbers to numbers.
fn add<const N: usize>(sums: &mut [usize; N], more: &[usize; N]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Adds uses to uses; before the first answer there are none.
fn add_uses(sums: &mut Vec<Use>, more: &[Use]) {
    sums.resize(sums.len().max(more.len()), Use::default());
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.add(more);
    }
}
