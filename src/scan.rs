//! Found assets, a library and outputs into judged, written results: the one place that sees the whole line.
//!
//! Judging is one ordered pass over assets in windows: memory follows the number of threads, never the number of assets.
//! A writer thread takes finished windows and restores nothing, because they come in order; no task of the pool waits for it.

pub mod case;
pub mod fleet;
pub mod output;
pub mod reading;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use bumpalo::Bump;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::error::{Message, Problem, Problems};
use crate::evaluate::{self, Context, Outcome, Reason};
use crate::facts::{self, Host, Why, generic};
use crate::names::{Language, PLATFORMS, Phrase, Platform, Severity, Verdict};
use crate::policy::{Library, Rule};
use crate::reckon::glob;
use crate::report::{Setting, Summary};
use crate::results::{self, Answer, AssetRecord, Counts, Run};
use crate::schema::TABLES;
use crate::snapshot::Asset;
use crate::snapshot::find::Found;
use crate::source::visible::{Whitespace, visible};
use crate::source::{Digest, Sources};

use output::{Output, Outputs};

/// Assets that are judged between two hand-overs to the writer, per thread.
const WINDOW_ASSETS_PER_THREAD: usize = 8;

/// An arena larger than this is given back after its asset.
const ARENA_BYTES_KEPT: usize = 8 << 20;

/// A section larger than this is given back after its asset.
const SECTION_BYTES_KEPT: usize = 1 << 20;

/// What a scan is told.
#[derive(Debug)]
pub struct Options {
    /// The day that dates are compared with.
    pub date: Date,
    /// Days after which a collection is stale: nothing passes on it.
    pub max_age_days: u32,
    /// Severity from which a violation or an undecided rule shows in the exit code.
    pub fail_on: Severity,
    /// Language of texts.
    pub language: Language,
    /// Whether colours may be used on standard output.
    pub color: bool,
    /// Whether everything is shown.
    pub verbose: bool,
    /// Threads that judge.
    pub threads: usize,
    /// Globs of asset ids and the platform that they are of, the last that matches wins.
    pub platforms: Vec<(String, &'static Platform)>,
    /// Digest of the program.
    pub binary: Option<Digest>,
}

/// How a scan ended.
#[derive(Debug)]
pub struct Ended {
    /// Counts and exit code.
    pub summary: Summary,
    /// Outputs that could not be written.
    pub problems: Problems,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

/// What every worker sees.
struct Job<'j> {
    run: &'j Run<'j>,
    options: &'j Options,
    plan: Plan,
    settings: Vec<(Setting<'j>, &'j Output)>,
}

/// One asset as bytes, ready to be written.
struct Done {
    id: String,
    counts: Counts,
    /// For each output, its sections.
    parts: Vec<Vec<Vec<u8>>>,
}

/// Judges every asset by the rules of these numbers and writes the outputs.
///
/// `interrupted` is looked at between windows.
pub fn scan(
    library: &Library,
    rules: Vec<usize>,
    found: &[Found],
    outputs: &[Output],
    options: &Options,
    interrupted: &AtomicBool,
) -> std::io::Result<Ended> {
    let run = Run { library, rules, date: options.date, binary: options.binary, expected: found.len() };
    let settings = outputs.iter().map(|output| (output.setting(&run, options), output)).collect();
    let job = Job { run: &run, options, plan: Plan::of(&run), settings };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().map_err(std::io::Error::other)?;
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<Done>>(1);
        let job = &job;
        let writer = scope.spawn(move || write_all(job, receiver, found.is_empty()));
        for window in found.chunks(options.threads * WINDOW_ASSETS_PER_THREAD) {
            if interrupted.load(Ordering::Relaxed) {
                break;
            }
            let done = pool.install(|| window.par_iter().map(|found| in_arena(|arena| job.asset(found, arena))).collect());
            if sender.send(done).is_err() {
                break;
            }
        }
        drop(sender);
        let (mut summary, problems) = writer.join().map_err(|_| std::io::Error::other("the writer thread ended abnormally"))?;
        let interrupted = interrupted.load(Ordering::Relaxed);
        if interrupted {
            summary.exit = 130;
        }
        Ok(Ended { summary, problems, interrupted })
    })
}

/// Takes windows in order and writes them; the end is written once all are there.
fn write_all(job: &Job<'_>, receiver: mpsc::Receiver<Vec<Done>>, nothing: bool) -> (Summary, Problems) {
    let mut outputs = Outputs::open(&job.settings);
    let mut counts = Counts::default();
    for done in receiver.into_iter().flatten() {
        counts.add(&done.counts);
        outputs.asset(&done.id, &done.parts);
    }
    if nothing {
        let done = in_arena(|arena| job.nothing_to_judge(arena));
        counts.add(&Counts { assets: 0, ..done.counts });
        outputs.asset(&done.id, &done.parts);
    }
    let exit = counts.exit(job.options.fail_on);
    let summary = Summary { counts, exit };
    let problems = outputs.finish(&summary);
    (summary, problems)
}

/// What the rules of a run need, found out once for all assets.
#[derive(Debug)]
pub struct Plan {
    /// Whether a rule looks at the table of that number.
    wanted: Vec<bool>,
    /// By platform, the numbers of the rules that may be about an asset of it, in the order of the run.
    rules: Vec<(&'static Platform, Vec<usize>)>,
}

impl Plan {
    /// The plan of a run.
    pub fn of(run: &Run<'_>) -> Plan {
        let mut wanted = vec![false; TABLES.len() + run.library.views.len()];
        for check in run.rules.iter().flat_map(|number| run.library.rules[*number].check.tables()) {
            wanted[check.table] = true;
        }
        let rules = PLATFORMS.iter().map(|platform| {
            let may_concern = |number: &usize| evaluate::may_concern(&run.library.rules[*number], platform);
            (*platform, run.rules.iter().copied().filter(may_concern).collect())
        });
        Plan { wanted, rules: rules.collect() }
    }

    /// The numbers of the rules that may be about an asset of a platform.
    fn rules(&self, platform: &Platform) -> &[usize] {
        self.rules.iter().find(|(known, _)| known.name == platform.name).map_or(&[], |(_, rules)| rules)
    }
}

thread_local! {
    /// The one buffer of this thread, emptied between assets.
    static ARENA: RefCell<Bump> = RefCell::new(Bump::new());
}

thread_local! {
    /// The sections that this thread writes: they grow once, not for every asset.
    static SECTIONS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Runs a function with this thread's empty arena.
fn in_arena<T>(work: impl FnOnce(&Bump) -> T) -> T {
    ARENA.with_borrow_mut(|arena| {
        if arena.allocated_bytes() > ARENA_BYTES_KEPT {
            *arena = Bump::new();
        }
        arena.reset();
        work(arena)
    })
}

static INTERNAL: Phrase = Phrase { zh: "内部错误：{}", en: "internal error: {}" };
static NOTHING: Phrase = Phrase { zh: "没有可判定的资产{}", en: "there is nothing to judge{}" };
static FAILED: Phrase = Phrase { zh: "{}", en: "{}" };

impl Job<'_> {
    /// Opens, judges and renders one asset; whatever goes wrong ends here.
    fn asset(&self, found: &Found, arena: &Bump) -> Done {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let mut asset = found.open();
            self.override_platform(&mut asset);
            let sources = Sources::new(arena);
            self.render(&judge(&asset, &sources, &self.plan, self.run, self.options))
        }));
        judged.unwrap_or_else(|_| {
            let sources = Sources::new(arena);
            let why = Why::new("internal-error", &INTERNAL, "a product failed on this asset; please report it");
            self.render(&undecided(record(&found.id, None, &sources), self.run, why, &sources))
        })
    }

    /// Applies `--platform`.
    fn override_platform(&self, asset: &mut Asset) {
        let matching = self.options.platforms.iter().rev().find(|(pattern, _)| glob::wildcard(pattern, &asset.id));
        if let Some((pattern, platform)) = matching {
            asset.set_platform(platform, Message::new(format!("由 --platform {pattern} 指定"), format!("said by --platform {pattern}")));
        }
    }

    /// The answer about a run without any asset: one undecided case, so that no reader takes silence for success.
    fn nothing_to_judge(&self, arena: &Bump) -> Done {
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
                let made = sections.clone();
                sections.retain(|section| section.capacity() <= SECTION_BYTES_KEPT);
                made
            })
        });
        Done { id: answer.asset.id.clone(), counts: Counts::of(answer, self.run.library), parts: parts.collect() }
    }
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
    let mut facts = facts::derive(&host, &plan.wanted);
    generic::fill(&host, &run.library.views, &plan.wanted, &mut facts);
    let collected = asset.description.collected_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let context = Context { asset: &asset.id, platform: platform.name, description: &asset.description, today: options.date, collected };
    let stale = collected
        .filter(|collected| collected.until(options.date).is_ok_and(|age| i64::from(age.get_days()) > i64::from(options.max_age_days)));
    let outcomes = plan.rules(platform).iter().filter_map(|number| {
        let mut outcome = evaluate::judge(&run.library.rules[*number], &facts, &context)?;
        if let (Some(collected), Verdict::Pass) = (stale, outcome.verdict) {
            outcome.verdict = Verdict::Unknown;
            outcome.reason = Some(Reason::Stale(collected));
        }
        Some((*number, outcome))
    });
    let outcomes = outcomes.collect();
    let mut record = record(&asset.id, Some(asset), sources);
    record.version = record.version.or_else(|| version(&host));
    results::settle(run, record, outcomes, sources)
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
fn undecided<'a>(record: AssetRecord, run: &Run<'_>, why: Why<'a>, sources: &'a Sources<'a>) -> Answer<'a> {
    let outcome = || Outcome {
        verdict: Verdict::Unknown,
        examined: 0,
        reason: Some(Reason::Fact(why)),
        findings: Vec::new(),
        further: 0,
        proof: Vec::new(),
    };
    results::settle(run, record, run.rules.iter().map(|number| (*number, outcome())).collect(), sources)
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
    }
}

/// The numbers of the rules that match one of the globs and cite one of the clauses; no globs or clauses: all.
pub fn select_rules(library: &Library, globs: &[String], clauses: &[String]) -> Result<Vec<usize>, Problem> {
    let cites = |rule: &Rule| {
        clauses.is_empty()
            || rule.clauses.iter().any(|cited| clauses.iter().any(|clause| cited == clause || cited.starts_with(&format!("{clause}."))))
    };
    let named = |rule: &Rule| globs.is_empty() || globs.iter().any(|pattern| glob::wildcard(pattern, &rule.id));
    let rules: Vec<usize> =
        (0..library.rules.len()).filter(|number| named(&library.rules[*number]) && cites(&library.rules[*number])).collect();
    if rules.is_empty() {
        return Err(Problem::new("no-rule", Message::new("没有选中任何规则", "no rule is selected"))
            .help("用 `jixian policy list` 查看规则和条款", "`jixian policy list` shows rules and clauses"));
    }
    Ok(rules)
}
