//! A library into the clauses by platforms that its rules judge.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::facts::PRODUCTS;
use crate::names::{LINUX, Language, PLATFORMS, Phrase, Platform};
use crate::policy::clause::{Catalogue, Clause, ProvenBy};
use crate::policy::{Attribute, Library, Rule};

/// What was asked for.
pub(super) struct Wanted<'w> {
    /// Catalogues, articles and fragments; none: all.
    pub(super) clauses: &'w [String],
    /// Platforms; none: all.
    pub(super) platforms: &'w [&'static Platform],
    /// Where the cases are.
    pub(super) cases: &'w Path,
}

/// Clauses by platforms.
pub(super) struct Matrix<'l> {
    pub(super) library: &'l Library,
    pub(super) rows: Vec<Row<'l>>,
    /// The number of cases by rule.
    cases: BTreeMap<String, usize>,
}

/// One clause.
pub(super) struct Row<'l> {
    pub(super) catalogue: &'l Catalogue,
    pub(super) clause: &'l Clause,
    /// The rules that cite it.
    pub(super) rules: Vec<&'l Rule>,
    /// Of each platform with any, the rules that judge it.
    pub(super) platforms: Vec<(&'static Platform, Vec<&'l Rule>)>,
    /// Whether a fragment of it has rules, so that it is not bare although no rule cites it itself.
    pub(super) has_fragments: bool,
}

/// How a clause stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Rules judge it.
    Judged,
    /// Rules judge fragments of it.
    InFragments,
    /// Its catalogue says that nothing proves it.
    Unprovable,
    /// It could be proven and no rule does.
    Open,
}

impl Standing {
    /// The word for machines.
    pub(super) fn name(self) -> &'static str {
        match self {
            Standing::Judged => "judged",
            Standing::InFragments => "in-fragments",
            Standing::Unprovable => "unprovable",
            Standing::Open => "open",
        }
    }

    /// The word for a reader.
    pub(super) fn text(self, language: Language) -> &'static str {
        let phrase = match self {
            Standing::Judged => &Phrase { zh: "有规则", en: "judged" },
            Standing::InFragments => &Phrase { zh: "由下列各款的规则判定", en: "judged in its parts" },
            Standing::Unprovable => &Phrase { zh: "机器无法证明", en: "nothing proves it" },
            Standing::Open => &Phrase { zh: "没有规则", en: "no rule" },
        };
        phrase.text(language)
    }
}

impl Row<'_> {
    /// How it stands.
    pub(super) fn standing(&self) -> Standing {
        match self.clause.proven_by {
            _ if !self.rules.is_empty() => Standing::Judged,
            _ if self.has_fragments => Standing::InFragments,
            Some(ProvenBy::Nothing) => Standing::Unprovable,
            _ => Standing::Open,
        }
    }
}

impl<'l> Matrix<'l> {
    /// The matrix of a library.
    pub(super) fn of(library: &'l Library, wanted: &Wanted<'_>) -> Matrix<'l> {
        let clauses = library.catalogues.iter().flat_map(|catalogue| catalogue.clauses.iter().map(move |clause| (catalogue, clause)));
        let rows = clauses.filter(|(_, clause)| is_asked_for(&clause.citation, wanted.clauses)).map(|(catalogue, clause)| {
            let rules: Vec<&Rule> = library.rules.iter().filter(|rule| rule.clauses.contains(&clause.citation)).collect();
            let fragment = format!("{}.", clause.citation);
            let has_fragments = library.rules.iter().any(|rule| rule.clauses.iter().any(|cited| cited.starts_with(&fragment)));
            let platforms = PLATFORMS.iter().copied().filter(|it| wanted.platforms.is_empty() || wanted.platforms.contains(it));
            let platforms = platforms.map(|platform| (platform, rules.iter().copied().filter(|rule| judges(rule, platform)).collect()));
            let platforms = platforms.filter(|(_, rules): &(_, Vec<_>)| !rules.is_empty()).collect();
            Row { catalogue, clause, rules, platforms, has_fragments }
        });
        Matrix { library, rows: rows.collect(), cases: cases(wanted.cases) }
    }

    /// How many cases a rule has.
    pub(super) fn cases_of(&self, rule: &Rule) -> usize {
        self.cases.get(&rule.id).copied().unwrap_or(0)
    }

    /// How many cases some rules have.
    pub(super) fn cases(&self, rules: &[&Rule]) -> usize {
        rules.iter().map(|rule| self.cases_of(rule)).sum()
    }

    /// How many clauses stand each way.
    pub(super) fn count(&self, standing: Standing) -> usize {
        self.rows.iter().filter(|row| row.standing() == standing).count()
    }

    /// The rows of each catalogue.
    pub(super) fn catalogues(&self) -> impl Iterator<Item = (&'l Catalogue, Vec<&Row<'l>>)> {
        self.library.catalogues.iter().filter_map(|catalogue| {
            let rows: Vec<&Row<'l>> = self.rows.iter().filter(|row| std::ptr::eq(row.catalogue, catalogue)).collect();
            (!rows.is_empty()).then_some((catalogue, rows))
        })
    }
}

/// Whether a clause is one of those asked for, or in one of them.
fn is_asked_for(citation: &str, asked: &[String]) -> bool {
    let within =
        |asked: &String| citation.strip_prefix(asked.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.', '-']));
    asked.is_empty() || asked.iter().any(within)
}

/// Whether a rule can judge an asset of a platform: it admits the platform, and a product of it, the one that the selection demands,
/// fills a table that the rule looks at. A described file is one of a host, unless the rule names other platforms.
fn judges(rule: &Rule, platform: &'static Platform) -> bool {
    let names_platforms = rule.assets.attributes.iter().any(|(attribute, _)| *attribute == Attribute::Platform);
    let looks = rule.check.tables().into_iter().any(|check| match &check.view {
        Some(_) => names_platforms || platform == LINUX,
        None => PRODUCTS.iter().any(|product| {
            let demanded = check.selects.demanded_product();
            product.platforms.contains(&platform)
                && product.fills.iter().any(|table| std::ptr::eq(*table, check.schema()))
                && demanded.is_none_or(|demanded| demanded == product.name)
        }),
    });
    looks && rule.assets.admits_platform(platform)
}

/// The number of case files in each folder of cases; nothing where the folder is not there.
fn cases(folder: &Path) -> BTreeMap<String, usize> {
    let rules = fs::read_dir(folder).into_iter().flatten().flatten();
    rules
        .map(|rule| {
            let files = fs::read_dir(rule.path()).into_iter().flatten().flatten();
            let cases = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "txtar")).count();
            (rule.file_name().to_string_lossy().into_owned(), cases)
        })
        .collect()
}
