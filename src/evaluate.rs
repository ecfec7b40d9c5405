//! A policy and the fact tables of one asset into rule results: pure, total, and without any knowledge of products.

mod listed;
mod rows;
pub mod truth;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::facts::{Evidence, Facts, Presence, Row, Why};
use crate::names::{Platform, Verdict};
use crate::policy::{AssetFilter, Attribute, Check, Profile, Rule, SiteTable, TableCheck, Values};
use crate::reckon::glob;
use crate::snapshot::Description;

/// What is known of the asset, for what narrows rules and groups.
#[derive(Clone, Copy, Debug)]
pub struct AssetContext<'c> {
    /// The asset's id.
    pub id: &'c str,
    /// The platform's name; empty where it is not known.
    pub platform: &'c str,
    /// What the inventory says of it.
    pub description: &'c Description,
}

/// What is known of the asset and the day, for parameters and dates.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The asset's id.
    pub asset: &'c str,
    /// The day of the scan.
    pub today: Date,
    /// The day of collection.
    pub collected: Option<Date>,
    /// The values of parameters that hold for the asset.
    pub values: &'c Values,
    /// The site's own tables, by their numbers in the library.
    pub tables: &'c [Option<SiteTable>],
}

/// Why a check was not decided, or does not apply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason<'a> {
    /// A fact is not known.
    Fact(Why<'a>),
    /// The parameter of this number has no value.
    Parameter(usize),
    /// The profile gives no site table of this number.
    SiteTable(usize),
    /// The profile drops the rule of this number among its drops.
    Dropped(usize),
    /// The asset was collected longer ago, on this day, than a pass may rest on.
    Stale(Date),
    /// The asset has no collection date, and the rule compares with it.
    Undated,
    /// A list has an element that is not known.
    Element,
    /// No row is selected.
    NothingSelected,
    /// The table has no row, although it promises one.
    NothingExamined,
    /// The product that fills the table is proven absent.
    ProductAbsent(&'static str),
    /// Nothing was seen of the product that fills the table.
    ProductNotSeen(&'static str),
    /// Nothing was seen of any of the products that fill this table.
    TableNotSeen(&'static str),
    /// Of what this table compares only one side was collected.
    OneSided(&'static str),
    /// No product of the platform fills the table.
    NoSuchSubject,
}

/// One row, or one table, that makes a rule fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<'a> {
    /// The product whose row it is; none for a finding about a whole table.
    pub product: Option<&'static str>,
    /// The row's keys; `-` for a finding about a whole table.
    pub instance: String,
    /// What is there.
    pub observed: String,
    /// What was expected.
    pub expected: String,
    /// What it rests on, the deciding piece first.
    pub evidence: Vec<Evidence<'a>>,
}

/// What was decided about one rule on one asset.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'a> {
    /// Never [`Verdict::Waived`]: waivers are settled with the results.
    pub verdict: Verdict,
    /// How many rows were judged.
    pub examined: usize,
    /// Why it was not decided, or does not apply.
    pub reason: Option<Reason<'a>>,
    /// The violations; at most [`FINDINGS_MOST`].
    pub findings: Vec<Finding<'a>>,
    /// Violations beyond those listed.
    pub further: usize,
    /// For a pass, or what is not known: up to three pieces of evidence.
    pub proof: Vec<Evidence<'a>>,
}

/// The most findings that are listed per rule and asset; the rest is counted.
pub const FINDINGS_MOST: usize = 100;

/// The most pieces of evidence that are listed for a pass.
pub const PROOF_MOST: usize = 3;

impl<'a> Outcome<'a> {
    /// A verdict without rows.
    fn without_rows(verdict: Verdict, reason: Option<Reason<'a>>) -> Outcome<'a> {
        Outcome { verdict, examined: 0, reason, findings: Vec::new(), further: 0, proof: Vec::new() }
    }
}

/// Judges one rule that is about this asset.
pub fn judge<'a>(rule: &Rule, facts: &Facts<'a>, context: &Context<'_>) -> Outcome<'a> {
    check(&rule.check, facts, context)
}

/// Whether a glob means an id.
pub fn is_named(pattern: &str, id: &str) -> bool {
    glob::wildcard(pattern, id)
}

/// The values of parameters that hold for an asset: those of the profile, and over them those of each group that it is in.
pub fn values_for<'p>(profile: &'p Profile, asset: &AssetContext<'_>) -> Cow<'p, Values> {
    let mut values = Cow::Borrowed(&profile.values);
    for group in profile.groups.iter().filter(|group| concerns(&group.assets, asset)) {
        for (parameter, value) in &group.values {
            values.to_mut().set(*parameter, value.clone());
        }
    }
    values
}

/// The number of the first drop of a profile that is of this rule on this asset.
pub fn dropped(profile: &Profile, rule: usize, asset: &AssetContext<'_>) -> Option<usize> {
    profile.drops.iter().position(|drop| drop.rule == rule && concerns(&drop.assets, asset))
}

/// The outcome of a rule that the profile drops.
pub fn drop_outcome(drop: usize) -> Outcome<'static> {
    Outcome::without_rows(Verdict::NotApplicable, Some(Reason::Dropped(drop)))
}

/// Whether a rule is about an asset at all.
pub fn is_about(rule: &Rule, asset: &AssetContext<'_>) -> bool {
    concerns(&rule.assets, asset)
}

/// Whether a rule may be about an asset of a platform; what else it asks of the asset is not looked at.
pub fn may_concern(rule: &Rule, platform: &Platform) -> bool {
    rule.assets.admits_platform(platform)
}

/// Whether a rule asks anything of an asset besides its platform.
pub fn asks_beyond_platform(rule: &Rule) -> bool {
    rule.assets.attributes.iter().any(|(attribute, _)| *attribute != Attribute::Platform)
}

/// Whether a filter admits an asset.
fn concerns(filter: &AssetFilter, asset: &AssetContext<'_>) -> bool {
    let described = asset.description;
    filter.attributes.iter().all(|(attribute, values)| {
        let equals = |found: Option<&str>| found.is_some_and(|found| values.iter().any(|value| value == found));
        match attribute {
            Attribute::Id => values.iter().any(|value| glob::wildcard(value, asset.id)),
            Attribute::Platform => equals(Some(asset.platform)),
            Attribute::Tags => described.tags.iter().any(|tag| equals(Some(tag))),
            Attribute::Vendor => equals(described.vendor.as_deref()),
            Attribute::Model => equals(described.model.as_deref()),
            Attribute::Version => equals(described.version.as_deref()),
            Attribute::Zone => equals(described.zone.as_deref()),
            Attribute::Owner => equals(described.owner.as_deref()),
        }
    })
}

/// Judges a check.
fn check<'a>(check: &Check, facts: &Facts<'a>, context: &Context<'_>) -> Outcome<'a> {
    match check {
        Check::Table(table) => table_check(table, facts, context),
        Check::All(checks) => {
            let order = [Verdict::Fail, Verdict::Unknown, Verdict::Pass];
            combine(checks.iter().map(|part| self::check(part, facts, context)).collect(), order)
        }
        Check::Any(checks) => {
            let order = [Verdict::Pass, Verdict::Unknown, Verdict::Fail];
            combine(checks.iter().map(|part| self::check(part, facts, context)).collect(), order)
        }
    }
}

/// The strongest verdict of several checks, with what led to it; not applicable where all are.
fn combine<'a>(parts: Vec<Outcome<'a>>, order: [Verdict; 3]) -> Outcome<'a> {
    let verdict = order.into_iter().find(|verdict| parts.iter().any(|part| part.verdict == *verdict)).unwrap_or(Verdict::NotApplicable);
    let mut whole = Outcome::without_rows(verdict, None);
    for part in parts {
        whole.examined += part.examined;
        if part.verdict != verdict {
            continue;
        }
        whole.reason = whole.reason.or(part.reason);
        whole.further += part.further;
        whole.findings.extend(part.findings);
        whole.proof.extend(part.proof);
    }
    whole.proof.truncate(PROOF_MOST);
    whole.further += whole.findings.len().saturating_sub(FINDINGS_MOST);
    whole.findings.truncate(FINDINGS_MOST);
    whole
}

/// Judges a check on one table: presence of the products that fill it first, or of the one that the selection demands, then rows.
fn table_check<'a>(check: &TableCheck, facts: &Facts<'a>, context: &Context<'_>) -> Outcome<'a> {
    let demanded = check.selects.demanded_product();
    let products = facts.products(check.table).iter().filter(|(name, _)| demanded.is_none_or(|demanded| *name == demanded));
    let product = |presence| products.clone().find(|(_, found)| *found == presence).map(|(name, _)| *name);
    // The strongest presence counts; none at all is proven absence, because no product of the platform can fill the table.
    match products.clone().map(|(_, presence)| *presence).max().unwrap_or(Presence::Absent) {
        Presence::Rows => {
            let all = facts.rows(check.table);
            // What other products put into a shared table says nothing of this one.
            let own: Option<Vec<Row<'a>>> = demanded
                .filter(|demanded| all.iter().any(|row| row.product != *demanded))
                .map(|demanded| all.iter().filter(|row| row.product == demanded).copied().collect());
            let mut outcome = rows::judge(check, own.as_deref().unwrap_or(all), context);
            rows::show_searched(check, &mut outcome, facts.searched(check.table, demanded));
            outcome
        }
        Presence::OneSided => Outcome::without_rows(Verdict::NotApplicable, Some(Reason::OneSided(check.schema().name))),
        Presence::NotSeen => {
            let several = products.clone().filter(|(_, found)| *found == Presence::NotSeen).count() > 1;
            let reason = if several {
                Some(Reason::TableNotSeen(check.schema().name))
            } else {
                product(Presence::NotSeen).map(Reason::ProductNotSeen)
            };
            Outcome::without_rows(Verdict::NotApplicable, reason)
        }
        Presence::Absent if check.view.is_some() => {
            let lacks = facts.searched(check.table, None).find_map(|piece| match piece {
                Evidence::Lacks(path, lack) => Some(Reason::Fact(Why::lacking(path, lack))),
                _ => None,
            });
            Outcome::without_rows(Verdict::NotApplicable, lacks.or(Some(Reason::NoSuchSubject)))
        }
        Presence::Absent => {
            let reason = product(Presence::Absent).map_or(Reason::NoSuchSubject, Reason::ProductAbsent);
            Outcome::without_rows(Verdict::NotApplicable, Some(reason))
        }
    }
}
