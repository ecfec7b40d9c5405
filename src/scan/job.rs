//! One asset, found or missing, into its answer and the bytes of every format; whatever goes wrong with it ends here.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bumpalo::Bump;
use jiff::civil::Date;

use super::expected::{self, Item};
use super::output::Output;
use super::roles::State;
use super::{Options, Plan};
use crate::error::Message;
use crate::evaluate::{self, AssetContext, Context, Outcome, Reason};
use crate::facts::{self, Host, Why, generic};
use crate::names::{Phrase, Verdict};
use crate::policy::inventory::Expected;
use crate::reckon::glob;
use crate::report::Setting;
use crate::results::{self, ASSET_COLLECTED, Answer, AssetRecord, Counts, RuleResult, Run};
use crate::snapshot::find::Found;
use crate::snapshot::{Asset, Description};
use crate::source::Sources;
use crate::source::visible::{Whitespace, visible};

/// The size of an arena in one piece: what is not used of it takes no memory, while one that grows holds several pieces at a time. One
/// that grew beyond it is given back after its asset.
const ARENA_BYTES: usize = 8 << 20;

/// A section larger than this is given back after its asset.
const SECTION_BYTES_KEPT: usize = 1 << 20;

/// Sections that wait to be written have room for a multiple of this.
const SECTION_BYTES_STEP: usize = 128 << 10;

/// The most roles that one reason names; all are findings.
const ROLES_NAMED_MOST: usize = 10;

/// What every worker sees.
pub(super) struct Job<'j> {
    pub(super) run: &'j Run<'j>,
    pub(super) options: &'j Options,
    pub(super) plan: Plan,
    pub(super) settings: Vec<(Setting<'j>, &'j Output)>,
}

/// One asset as bytes, ready to be written.
pub(super) struct Done {
    pub(super) id: String,
    pub(super) counts: Counts,
    /// For each output, its sections.
    pub(super) parts: Vec<Vec<Vec<u8>>>,
    /// Whether it can prove a role.
    pub(super) state: State,
}

thread_local! {
    /// The one buffer of this thread, emptied between assets.
    static ARENA: RefCell<Bump> = RefCell::new(Bump::with_capacity(ARENA_BYTES));
}

thread_local! {
    /// The sections that this thread writes: they grow once, not for every asset.
    static SECTIONS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Runs a function with this thread's empty arena.
pub(super) fn in_arena<T>(work: impl FnOnce(&Bump) -> T) -> T {
    ARENA.with_borrow_mut(|arena| {
        if arena.allocated_bytes() > 2 * ARENA_BYTES {
            *arena = Bump::with_capacity(ARENA_BYTES);
        }
        arena.reset();
        work(arena)
    })
}

static INTERNAL: Phrase = Phrase { zh: "内部错误：{}", en: "internal error: {}" };
static NOTHING: Phrase = Phrase { zh: "没有可判定的资产{}", en: "there is nothing to judge{}" };
static MISSING: Phrase = Phrase {
    zh: "资产清单列出了它，但没有它的采集内容{}",
    en: "the inventory lists it, and nothing of it was collected{}",
};
static ROLES: Phrase = Phrase { zh: "承担角色的资产没有可用的证据：{}", en: "assets that play a role prove nothing: {}" };
static FAILED: Phrase = Phrase { zh: "{}", en: "{}" };

impl Job<'_> {
    /// Opens, judges and renders one asset; whatever goes wrong ends here.
    fn asset(&self, found: &Found, expected: Option<&Expected>, arena: &Bump) -> Done {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let mut asset = found.open();
            self.describe(&mut asset, expected);
            let sources = Sources::new(arena);
            let mut answer = judge(&asset, &sources, &self.plan, self.run, self.options);
            answer.asset.listed = self.options.expected.as_ref().map(|_| expected.is_some());
            self.render(&answer)
        }));
        judged.unwrap_or_else(|_| {
            let sources = Sources::new(arena);
            let why = Why::new("internal-error", &INTERNAL, "a product failed on this asset; please report it");
            let answer = undecided(record(&found.id, None, &sources), self.run, self.run.rules.clone(), why, &sources);
            Done { state: State::Failed, ..self.render(&answer) }
        })
    }

    /// Judges and renders what stands in the place of one asset.
    pub(super) fn item(&self, item: &Item<'_>, arena: &Bump) -> Done {
        match item {
            Item::Found(found, expected) => self.asset(found, *expected, arena),
            Item::Missing(expected) => self.missing(expected, arena),
        }
    }

    /// The answer about an asset that is expected and not there: undecided by every rule that is about it.
    fn missing(&self, expected: &Expected, arena: &Bump) -> Done {
        let sources = Sources::new(arena);
        let description = expected::description(expected, Description::default());
        let platform = expected.platform.map_or("", |platform| platform.name);
        let context = AssetContext { id: &expected.id, platform, description: &description };
        let rules = expected.platform.map(|platform| self.plan.rules_about(self.run, platform, &context).collect()).unwrap_or_default();
        let why = Why::new("missing", &MISSING, "");
        let mut record = record(&expected.id, None, &sources);
        record.platform = expected.platform;
        record.tags = expected.tags.iter().map(|tag| visible(tag, Whitespace::Shown).into_owned()).collect();
        record.owner = expected.owner.as_deref().map(|owner| visible(owner, Whitespace::Shown).into_owned());
        record.listed = Some(true);
        let mut answer = undecided(record, self.run, rules, why, &sources);
        answer.results.insert(0, RuleResult::outside(ASSET_COLLECTED, why));
        self.render(&answer)
    }

    /// The answer about the roles of the site whose assets prove nothing.
    pub(super) fn roles_unproven(&self, roles: &[(String, &str, String)], arena: &Bump) -> Done {
        let sources = Sources::new(arena);
        let listed: Vec<String> =
            roles.iter().take(ROLES_NAMED_MOST).map(|(id, became, place)| format!("{id} {became} ({place})")).collect();
        let why = Why::new("role-unproven", &ROLES, arena.alloc_str(&listed.join(", ")));
        self.render(&results::unproven(record("jixian", None, &sources), roles, why, &sources))
    }

    /// Applies the inventory and `--platform`.
    fn describe(&self, asset: &mut Asset, expected: Option<&Expected>) {
        if let Some(expected) = expected {
            asset.description = expected::description(expected, std::mem::take(&mut asset.description));
            if let Some(platform) = expected.platform {
                asset.set_platform(platform, Message::new("由资产清单指定", "said by the inventory"));
            }
        }
        let matching = self.options.platforms.iter().rev().find(|(pattern, _)| glob::wildcard(pattern, &asset.id));
        if let Some((pattern, platform)) = matching {
            asset.set_platform(platform, Message::new(format!("由 --platform {pattern} 指定"), format!("said by --platform {pattern}")));
        }
    }

    /// The answer about a run without any asset: one undecided case, so that no reader takes silence for success.
    pub(super) fn nothing_to_judge(&self, arena: &Bump) -> Done {
        let sources = Sources::new(arena);
        let why = Why::new("nothing-to-judge", &NOTHING, "");
        self.render(&results::failed(record("jixian", None, &sources), why, &sources))
    }

    /// The bytes of an answer in every format.
    fn render(&self, answer: &Answer<'_>) -> Done {
        let parts = self.settings.iter().map(|(setting, output)| {
            SECTIONS.with_borrow_mut(|sections| {
                sections.iter_mut().for_each(Vec::clear);
                sections.resize(output.format.joints.len() + 1, Vec::new());
                (output.format.asset)(setting, answer, sections);
                let made = sections.iter().map(|section| in_steps(section)).collect();
                sections.retain(|section| section.capacity() <= SECTION_BYTES_KEPT);
                made
            })
        });
        let state = match answer.results.iter().any(RuleResult::is_of_collection) {
            true => State::Failed,
            false if stale(&answer.asset, self.options).is_some() => State::Stale,
            false => State::Judged,
        };
        Done { id: answer.asset.id.clone(), counts: Counts::of(answer, self.run), parts: parts.collect(), state }
    }
}

/// A copy whose room is one of few sizes, so that what is freed behind one asset fits the next; what is not filled takes no memory.
fn in_steps(section: &[u8]) -> Vec<u8> {
    let mut copy = Vec::with_capacity(section.len().next_multiple_of(SECTION_BYTES_STEP));
    copy.extend_from_slice(section);
    copy
}

/// Judges one asset by the rules of a run.
pub fn judge<'a>(asset: &'a Asset, sources: &'a Sources<'a>, plan: &Plan, run: &Run<'_>, options: &Options) -> Answer<'a> {
    if let Some(failure) = &asset.failure {
        let why = Why::new("not-collected", &FAILED, sources.arena().alloc_str(failure.text(options.language)));
        return results::failed(record(&asset.id, Some(asset), sources), why, sources);
    }
    let Some(platform) = asset.description.platform else {
        let why = Why::new("platform-not-known", &FAILED, sources.arena().alloc_str(asset.platform_because.text(options.language)));
        return results::failed(record(&asset.id, Some(asset), sources), why, sources);
    };
    let host = Host::new(asset, platform, sources);
    let needed = plan.needed(platform);
    let mut facts = facts::derive(&host, needed);
    generic::fill(&host, &run.library.views, needed, &mut facts);
    let mut record = record(&asset.id, Some(asset), sources);
    record.version = record.version.or_else(|| version(&host));
    let about = AssetContext { id: &asset.id, platform: platform.name, description: &asset.description };
    let profile = &run.given.profile;
    let values = evaluate::values_for(profile, &about);
    let context =
        Context { asset: &asset.id, today: options.date, collected: collected_on(&record), values: &values, tables: &profile.tables };
    let stale = stale(&record, options);
    let outcomes = plan.rules_about(run, platform, &about).map(|number| {
        let rule = &run.library.rules[number];
        if let Some(drop) = evaluate::dropped(profile, number, &about) {
            return (number, evaluate::drop_outcome(drop));
        }
        let mut outcome = evaluate::judge(rule, &facts, &context);
        if let (Some(collected), Verdict::Pass) = (stale, outcome.verdict) {
            outcome.verdict = Verdict::Unknown;
            outcome.reason = Some(Reason::Stale(collected));
        }
        (number, outcome)
    });
    let outcomes = outcomes.collect();
    results::settle(run, record, outcomes, sources)
}

/// The day of collection, in Coordinated Universal Time: the same on every machine.
fn collected_on(record: &AssetRecord) -> Option<Date> {
    record.collected_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// The day of collection, where it is longer ago than a pass may rest on.
fn stale(record: &AssetRecord, options: &Options) -> Option<Date> {
    let is_stale =
        |collected: &Date| collected.until(options.date).is_ok_and(|age| i64::from(age.get_days()) > i64::from(options.max_age_days));
    collected_on(record).filter(is_stale)
}

/// The version of the operating system that the asset itself shows.
fn version(host: &Host<'_>) -> Option<String> {
    if host.platform().is_network() {
        let version = host.device_config().ok()?.identity.version?;
        return Some(visible(version, Whitespace::Shown).into_owned());
    }
    let release = facts::os_release::release(host)?;
    let number = release.version_id.unwrap_or_default();
    Some(visible(format!("{} {number}", release.id).trim_end(), Whitespace::Shown).into_owned())
}

/// An answer in which nothing is decided, for one reason.
fn undecided<'a>(record: AssetRecord, run: &Run<'_>, rules: Vec<usize>, why: Why<'a>, sources: &'a Sources<'a>) -> Answer<'a> {
    let outcome = || Outcome {
        verdict: Verdict::Unknown,
        examined: 0,
        reason: Some(Reason::Fact(why)),
        findings: Vec::new(),
        further: 0,
        proof: Vec::new(),
    };
    results::settle(run, record, rules.into_iter().map(|number| (number, outcome())).collect(), sources)
}

/// What results say of an asset.
fn record(id: &str, asset: Option<&Asset>, sources: &Sources<'_>) -> AssetRecord {
    let described = asset.map(|asset| asset.description.clone()).unwrap_or_default();
    let clean = |text: String| visible(&text, Whitespace::Shown).into_owned();
    AssetRecord {
        id: visible(id, Whitespace::Shown).into_owned(),
        platform: described.platform,
        platform_because: asset.map_or_else(String::new, |asset| asset.platform_because.en.clone()),
        version: described.version.map(clean),
        address: described.address.map(clean),
        tags: described.tags.into_iter().map(clean).collect(),
        owner: described.owner.map(clean),
        collected_at: described.collected_at,
        layout: asset.map_or("none", |asset| asset.layout.name()),
        artefacts: sources.count(),
        complete: asset.is_some_and(|asset| asset.failure.is_none() && asset.complete.unwrap_or(true)),
        digest: results::asset_digest(&sources.all()),
        listed: None,
    }
}
