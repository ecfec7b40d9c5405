//! The answers of a run into bytes: one file per format, one asset at a time.
//!
//! A format decides nothing: verdicts, order, ids and evidence numbers come settled from `results`.

mod json;
mod jsonl;
mod junit;
mod site;
mod text;

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::names::Language;
use crate::results::{Answer, Counts, RuleResult, Run, reason_key};

/// Bytes that were made once: what stands before and after what differs between assets.
pub type Made = [Vec<u8>; 2];

/// What was made for the results of each rule, and last of what is outside of all, with what it depends on besides.
pub type MadeByRule = Vec<Vec<(Vec<u8>, Made)>>;

/// What every format is given.
#[derive(Debug)]
pub struct Setting<'r> {
    /// What is the same for the whole run.
    pub run: &'r Run<'r>,
    /// The language of texts.
    pub language: Language,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether everything is shown, passes included.
    pub verbose: bool,
    /// What the format made once for the run.
    pub prepared: Vec<Made>,
    /// What the format made for one asset and is the same for others.
    pub remembered: RwLock<MadeByRule>,
}

/// The most pieces that a format remembers for other assets of one rule: a verdict has few reasons, unless they name the asset.
const REMEMBERED_MOST: usize = 32;

impl Setting<'_> {
    /// What was made for other assets, to be looked at for one.
    fn remembered(&self) -> Remembered<'_> {
        let known = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        Remembered { setting: self, known, fresh: Vec::new(), key: Vec::new() }
    }
}

/// What a format made for other assets, while it writes one: locked once for all of its results.
struct Remembered<'s> {
    setting: &'s Setting<'s>,
    known: RwLockReadGuard<'s, MadeByRule>,
    /// What was made for this asset.
    fresh: Vec<(usize, Vec<u8>, Made)>,
    key: Vec<u8>,
}

impl Remembered<'_> {
    /// What a format makes of a result's rule, verdict and reason, made once.
    fn of(&mut self, result: &RuleResult<'_>, make: impl FnOnce() -> Made) -> &Made {
        let rule = result.rule.unwrap_or(self.setting.run.library.rules.len());
        self.key.clear();
        self.key.extend_from_slice(result.outside.as_bytes());
        self.key.push(result.verdict as u8);
        self.key.extend_from_slice(&result.accepted.unwrap_or(usize::MAX).to_ne_bytes());
        if let Some(reason) = &result.reason {
            reason_key(reason, &mut self.key);
        }
        if let Some((_, made)) = self.known[rule].iter().find(|(key, _)| *key == self.key) {
            return made;
        }
        let at = self.fresh.len();
        self.fresh.push((rule, self.key.clone(), make()));
        &self.fresh[at].2
    }

    /// Keeps what was made for this asset for others.
    fn keep(self) {
        let Remembered { setting, known, fresh, .. } = self;
        drop(known);
        if fresh.is_empty() {
            return;
        }
        let mut remembered = setting.remembered.write().unwrap_or_else(PoisonError::into_inner);
        for (rule, key, made) in fresh {
            let of_rule = &mut remembered[rule];
            if of_rule.len() < REMEMBERED_MOST && !of_rule.iter().any(|(known, _)| *known == key) {
                of_rule.push((key, made));
            }
        }
    }
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How often each verdict occurred.
    pub counts: Counts,
    /// The exit code.
    pub exit: u8,
}

/// When the beginning of a document can be written.
#[derive(Clone, Copy, Debug)]
pub enum Head {
    /// Before the first asset.
    First(fn(&Setting<'_>, &mut Vec<u8>)),
    /// Once all counts are known. A file begins with what they will likely be and is put right at its end; on the way to a pipe, assets
    /// wait on disk.
    Last(fn(&Setting<'_>, &Summary, &mut Vec<u8>)),
}

/// A way of writing results down.
#[derive(Debug)]
pub struct Format {
    /// Name on the command line.
    pub name: &'static str,
    /// Whether the format can be one file per asset, and what its file's name begins and ends with.
    pub per_asset: Option<(&'static str, &'static str)>,
    /// What stands between two assets of a section.
    pub separator: &'static str,
    /// What stands between the sections of a document; a document has one section more.
    pub joints: &'static [&'static str],
    /// Makes what is the same for every asset.
    pub prepare: fn(&Setting<'_>) -> Vec<Made>,
    /// Writes the beginning.
    pub head: Head,
    /// Writes one asset into the sections.
    pub asset: fn(&Setting<'_>, &Answer<'_>, &mut [Vec<u8>]),
    /// Writes the end.
    pub tail: fn(&Setting<'_>, &Summary, &mut Vec<u8>),
}

/// Every format, sorted by name.
pub static FORMATS: &[&Format] = &[&json::FORMAT, &jsonl::FORMAT, &junit::FORMAT, &text::FORMAT];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// Nothing to prepare.
fn nothing(_: &Setting<'_>) -> Vec<Made> {
    Vec::new()
}
