//! A module's configuration files and arguments into settings in the order in which the module reads them, the last one winning.

use super::super::cell::{Documented, Evidence, Why};
use super::super::host::{Artefact, Host};
use super::stack::Flat;
use crate::parse::key_value::{Dialect, Quotes, Separator, read};
use crate::snapshot::Lack;
use crate::source::Span;

/// `name = value` and bare names, `#` begins a comment anywhere: faillock.conf(5), pwquality.conf(5), pwhistory.conf(5).
const DIALECT: Dialect =
    Dialect { separator: Separator::Either, comments: &['#'], comments_after_values: true, quotes: Quotes::Kept, bare_keys: true };

/// What a setting stands in, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A file of a drop-in directory that the main file wins over.
    DropIn,
    /// The module's own file.
    File,
    /// An argument of the module.
    Argument,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    /// Its name.
    pub(super) key: &'a str,
    /// Its value; empty for a bare name.
    pub(super) value: &'a str,
    /// Where it stands.
    pub(super) span: Span,
    /// What it stands in; later ones win.
    rank: Rank,
}

/// Every setting that a module reads.
#[derive(Debug, Default)]
pub(super) struct Settings<'a> {
    /// In the order in which they are read.
    pub(super) list: Vec<Setting<'a>>,
    /// Why there could be others of this rank, where there could.
    gaps: Vec<(Rank, Why<'a>)>,
    /// Where others were looked for.
    searched: Vec<Evidence<'a>>,
}

/// What holds of one setting.
#[derive(Debug)]
pub(super) struct Chosen<'a, T> {
    /// Its value.
    pub(super) value: T,
    /// What it rests on.
    pub(super) evidence: Vec<Evidence<'a>>,
}

impl<'a> Settings<'a> {
    /// Adds what a file says; a file that is absent says nothing, any other lack is a gap.
    ///
    /// Where there is no file in /etc, SUSE's and later releases' vendor file counts; elsewhere its absence need not be proven.
    pub(super) fn file(&mut self, host: &Host<'a>, path: &'a str, rank: Rank) {
        let artefact = match host.file(path) {
            Artefact::Lacking(Lack::Absent) => {
                let vendor = format!("usr/{path}");
                host.file(&vendor).text().map_or(Artefact::Lacking(Lack::Absent), Artefact::Text)
            }
            other => other,
        };
        match artefact {
            Artefact::Text(source) => {
                self.gaps.extend((!source.complete).then(|| (rank, Why::truncated(source.path))));
                self.searched.push(Evidence::Searched(source.path));
                let found = read(source.text, &DIALECT).settings.into_iter().map(|setting| Setting {
                    key: setting.key,
                    // The modules cut at any `#`, also at one that no space precedes.
                    value: setting.value.split('#').next().unwrap_or_default().trim_end(),
                    span: source.span(setting.line),
                    rank,
                });
                self.list.extend(found);
            }
            Artefact::Lacking(lack) => {
                self.gaps.extend((lack != Lack::Absent).then(|| (rank, Why::lacking(path, lack))));
                self.searched.push(Evidence::Lacks(path, lack));
            }
        }
    }

    /// Adds what the files of a drop-in directory say, in byte order.
    pub(super) fn drop_ins(&mut self, host: &Host<'a>, pattern: &str) {
        let found = host.matching(pattern);
        found.paths.iter().for_each(|path| self.file(host, path, Rank::DropIn));
        self.gaps.extend(found.gap.map(|(path, lack)| (Rank::DropIn, Why::lacking(path, lack))));
    }

    /// Adds the arguments of a module.
    pub(super) fn arguments(&mut self, line: &Flat<'a>) {
        for argument in line.arguments() {
            let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
            self.list.push(Setting { key, value, span: line.source.span(argument), rank: Rank::Argument });
        }
    }

    /// The last value of a setting that `parse` accepts, or the default; unknown where a file that was not read could say otherwise.
    pub(super) fn choose<T>(
        &self,
        key: &str,
        parse: impl Fn(&'a str) -> Option<T>,
        default: (T, Option<&'static Documented>),
    ) -> Result<Chosen<'a, T>, Why<'a>> {
        let accepted = self.list.iter().rev().filter(|setting| setting.key.eq_ignore_ascii_case(key));
        let mut accepted = accepted.filter_map(|setting| Some((setting, parse(setting.value)?)));
        let last = accepted.next();
        let open = |rank: Rank| last.as_ref().is_none_or(|(setting, _)| setting.rank <= rank);
        if let Some((_, why)) = self.gaps.iter().find(|(rank, _)| open(*rank)) {
            return Err(*why);
        }
        Ok(match last {
            Some((setting, value)) => {
                let lost = accepted.map(|(setting, _)| Evidence::Shadowed(setting.span));
                Chosen { value, evidence: std::iter::once(Evidence::Decides(setting.span)).chain(lost.take(4)).collect() }
            }
            None => {
                let documented = default.1.map(Evidence::Default);
                Chosen { value: default.0, evidence: documented.into_iter().chain(self.searched.iter().copied()).collect() }
            }
        })
    }

    /// Whether a bare name is there.
    pub(super) fn flag(&self, key: &str) -> Result<Chosen<'a, bool>, Why<'a>> {
        self.choose(key, |_| Some(true), (false, None))
    }
}

/// The number at the start of a text, as sscanf's `%u` reads it.
pub(super) fn leading_number(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}
