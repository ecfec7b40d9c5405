//! The results of a product's queries, as a DBA or the collector saved them, into records by instance.
//!
//! # For authors of products
//!
//! A product lists its queries as [`super::Reading::Query`]. A result lies at `commands/<product>.<name>.csv` (or `.tsv`); where one
//! host has several instances, at `commands/<product>@<instance>.<name>.csv`. [`Host::query`] gives them all. A result that is denied,
//! truncated, without the columns that the query selects (the client wrote an error) or broken in the middle is never an empty one: see
//! [`Answered::gap`].

use super::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::delimited::{self, Record, Sheet};
use crate::snapshot::Lack;
use crate::source::Source;

/// The suffixes that results have.
const SUFFIXES: [&str; 2] = ["csv", "tsv"];

static NO_COLUMNS: Phrase =
    Phrase { zh: "{} 中没有该查询的列，可能是错误信息", en: "{} lacks the columns of its query and may be an error" };
static BROKEN: Phrase = Phrase { zh: "{} 有不完整的行", en: "{} has a record that is not whole" };

/// The results of one query.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// One for each instance that was asked.
    pub answered: &'a [Answered<'a>],
    /// Why there is none, or why one of them is missing, and its path.
    pub lacking: Option<(&'a str, Lack)>,
}

/// The result of one query on one instance.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The instance; empty where the host has one.
    pub instance: &'a str,
    /// The text.
    pub source: &'a Source<'a>,
    /// Its records; none where it has no header.
    sheet: Option<Sheet<'a>>,
}

impl<'a> Answered<'a> {
    /// The records, each with the values of these columns; none where the result lacks one of them.
    pub fn records<const N: usize>(&self, columns: [&str; N]) -> Option<impl Iterator<Item = (Record<'a>, [&'a str; N])> + use<'a, N>> {
        let sheet = self.sheet?;
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(columns) {
            *place = sheet.columns.iter().position(|column| *column == name)?;
        }
        Some(sheet.records.iter().map(move |record| (*record, places.map(|place| record.fields[place]))))
    }

    /// Why a record that is not there may still exist: the result has not these columns, or is not whole.
    pub fn gap(&self, host: &Host<'a>, columns: &[&str]) -> Option<Why<'a>> {
        let path = host.text(self.source.path);
        match self.sheet {
            Some(sheet) if columns.iter().all(|name| sheet.columns.contains(name)) => {
                sheet.broken.map(|_| Why::new("query-result-broken", &BROKEN, path))
            }
            _ => Some(Why::new("query-result-unreadable", &NO_COLUMNS, path)),
        }
    }

    /// That a record decides.
    pub fn decides(&self, record: Record<'a>) -> Evidence<'a> {
        Evidence::Decides(self.source.span(record.text))
    }
}

/// What one instance of a product answered, by the names of the queries.
#[derive(Debug)]
pub struct Asked<'a> {
    product: &'static str,
    /// The instance; empty where the host has one.
    pub instance: &'a str,
    answers: Vec<(&'static str, Answered<'a>)>,
}

impl<'a> Asked<'a> {
    /// An instance of which nothing was asked.
    pub fn nothing(product: &'static str, instance: &'a str) -> Asked<'a> {
        Asked { product, instance, answers: Vec::new() }
    }

    /// The answer to a query.
    pub fn answer(&self, query: &str) -> Option<Answered<'a>> {
        self.answers(&[query]).next()
    }

    /// The answers to any of some queries, in the order in which they were asked for.
    pub fn answers(&self, queries: &[&str]) -> impl Iterator<Item = Answered<'a>> + Clone {
        self.answers.iter().filter(|(name, _)| queries.contains(name)).map(|(_, answered)| *answered)
    }

    /// Why a record of a query's answer may be missing.
    pub fn gap(&self, host: &Host<'a>, query: &str, columns: &[&str]) -> Option<Why<'a>> {
        match self.answer(query) {
            Some(answered) => answered.gap(host, columns),
            None => Some(self.not_asked(host, query)),
        }
    }

    /// That a query was not asked.
    pub fn not_asked(&self, host: &Host<'a>, query: &str) -> Why<'a> {
        Why::not_collected(host.text(&format!("commands/{}.{query}.csv", self.product)))
    }
}

impl<'a> Host<'a> {
    /// What every instance of a product answered to some queries, and an answer that is there and could not be read.
    pub fn asked(&self, product: &'static str, queries: &[&'static str]) -> (Vec<Asked<'a>>, Option<(&'a str, Lack)>) {
        let mut all: Vec<Asked<'a>> = Vec::new();
        let mut lacking = None;
        if self.kept_no_answers() {
            return (all, lacking);
        }
        for name in queries {
            let answers = self.query(product, name);
            lacking = lacking.or(answers.lacking.filter(|(_, lack)| *lack != Lack::NotCollected));
            for answered in answers.answered {
                let place = all.iter().position(|asked| asked.instance == answered.instance).unwrap_or_else(|| {
                    all.push(Asked::nothing(product, answered.instance));
                    all.len() - 1
                });
                all[place].answers.push((name, *answered));
            }
        }
        (all, lacking)
    }

    /// Whether nothing at all was asked of the asset, as far as that takes no effort to tell.
    fn kept_no_answers(&self) -> bool {
        matches!(self.asset().lacks("commands"), Some(Lack::Absent | Lack::NotCollected))
    }

    /// The results of a product's query on every instance that was asked.
    pub fn query(&self, product: &str, name: &str) -> Answers<'a> {
        if self.kept_no_answers() {
            let path = self.text(&format!("commands/{product}.{name}.{}", SUFFIXES[0]));
            return Answers { answered: &[], lacking: Some((path, Lack::NotCollected)) };
        }
        let mut answered = Vec::new();
        let mut lacking = None;
        let single = SUFFIXES.map(|suffix| format!("commands/{product}.{name}.{suffix}"));
        let mut paths: Vec<&'a str> = single.iter().map(|path| self.text(path)).collect();
        for suffix in SUFFIXES {
            let matches = self.matching(&format!("commands/{product}@*.{name}.{suffix}"));
            paths.extend(matches.paths);
            lacking = lacking.or(matches.gap.filter(|(_, lack)| *lack != Lack::NotCollected));
        }
        for path in paths {
            match self.file(path) {
                Artefact::Text(source) => {
                    let sheet = delimited::read(self.arena(), source);
                    answered.push(Answered { instance: instance_of(source.path, product, name), source, sheet });
                }
                Artefact::Lacking(Lack::Absent | Lack::NotCollected) => {}
                Artefact::Lacking(lack) => lacking = lacking.or(Some((path, lack))),
            }
        }
        if answered.is_empty() {
            lacking = lacking.or(Some((self.text(&single[0]), Lack::NotCollected)));
        }
        Answers { answered: self.arena().alloc_slice_copy(&answered), lacking }
    }
}

/// The instance in a path `commands/<product>@<instance>.<name>.csv`.
fn instance_of<'a>(path: &'a str, product: &str, name: &str) -> &'a str {
    let inner = path.strip_prefix("commands/").and_then(|rest| rest.strip_prefix(product)).and_then(|rest| rest.strip_prefix('@'));
    let stem = |rest: &'a str| {
        SUFFIXES.iter().find_map(|suffix| rest.strip_suffix(suffix)?.strip_suffix('.')?.strip_suffix(name)?.strip_suffix('.'))
    };
    inner.and_then(stem).unwrap_or_default()
}
