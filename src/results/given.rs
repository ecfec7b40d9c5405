//! What a site gives besides policies (a profile, waivers, acceptances, an older result) into what a run is held against.

use super::baseline::Baseline;
use crate::evaluate;
use crate::policy::{Acceptance, Library, Profile, Waivers};

/// What a site gives besides policies.
#[derive(Debug, Default)]
pub struct Given {
    /// Rules, values and site tables.
    pub profile: Profile,
    /// Violations that somebody accepted.
    pub waivers: Waivers,
    /// Undecided results that somebody accepted.
    pub accepted: Vec<Acceptance>,
    /// What an earlier run found.
    pub baseline: Option<Baseline>,
    /// Whether violations that the earlier run found too leave the exit code alone.
    pub fail_on_new: bool,
}

impl Given {
    /// Nothing: the whole library with its defaults.
    pub fn nothing(library: &Library) -> Given {
        Given { profile: Profile::whole(library), ..Given::default() }
    }
}

/// What became of a waiver or an acceptance in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Results of its rules on its assets, whatever their verdict.
    pub met: usize,
    /// Findings, or undecided results, that it covers.
    pub covered: usize,
    /// Findings that it would cover, had it not ended.
    pub ended: usize,
}

impl Use {
    /// Adds what became of it on other assets.
    pub fn add(&mut self, other: &Use) {
        self.met += other.met;
        self.covered += other.covered;
        self.ended += other.ended;
    }

    /// The state in one word: `used`, `expired`, `unmatched` (its rule has no such finding on its assets), `unused` (no result of
    /// its rule on its assets), `unknown-rule`.
    pub fn state(&self, rule_known: bool, holds: bool) -> &'static str {
        match (rule_known, holds) {
            (false, _) => "unknown-rule",
            (true, false) => "expired",
            (true, true) if self.covered > 0 => "used",
            (true, true) if self.met > 0 => "unmatched",
            (true, true) => "unused",
        }
    }
}

/// Whether a pattern of asset ids or rule ids means one.
pub(super) fn means(pattern: &str, id: &str) -> bool {
    evaluate::is_named(pattern, id)
}
