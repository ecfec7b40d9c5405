//! Found assets, a library and outputs into judged, written results: the one place that sees the whole line.
//!
//! Judging is one ordered pass over assets in windows: memory follows the number of threads, never the number of assets.
//! A writer thread takes finished windows and restores nothing, because they come in order; no task of the pool waits for it.

pub mod answers;
pub mod case;
mod expected;
pub mod fleet;
mod job;
pub mod mutate;
pub mod output;
mod plan;
pub mod reading;
mod roles;
mod sink;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::error::{Message, Problem, Problems};
use crate::names::{Language, Platform, Severity};
use crate::policy::inventory::Expected;
use crate::policy::{Library, Rule, falls_under};
use crate::reckon::glob;
use crate::report::Summary;
use crate::results::{Counts, Given, Run};
use crate::snapshot::find::Found;
use crate::source::Digest;

use job::{Done, Job, in_arena};
use output::{Output, Outputs};
use roles::Roles;

pub use job::judge;
pub use plan::Plan;

/// Assets that are judged between two hand-overs to the writer, per thread.
const WINDOW_ASSETS_PER_THREAD: usize = 4;

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
    /// The assets that the inventory lists, sorted by id; none without an inventory.
    pub expected: Option<Vec<Expected>>,
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

/// Judges every asset by the rules of these numbers and writes the outputs.
///
/// `interrupted` is looked at between windows.
pub fn scan(
    (library, given): (&Library, &Given),
    rules: Vec<usize>,
    found: &[Found],
    outputs: &[Output],
    options: &Options,
    interrupted: &AtomicBool,
) -> std::io::Result<Ended> {
    let items = expected::items(found, options.expected.as_deref());
    let run = Run { library, given, rules, date: options.date, binary: options.binary, expected: items.len() };
    let settings = outputs.iter().map(|output| (output.setting(&run, options), output)).collect();
    let job = Job { run: &run, options, plan: Plan::of(&run), settings };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().map_err(std::io::Error::other)?;
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<Done>>(0);
        let job = &job;
        let items = &items;
        let writer = scope.spawn(move || write_all(job, receiver, items.is_empty(), interrupted));
        for window in items.chunks(options.threads * WINDOW_ASSETS_PER_THREAD) {
            if interrupted.load(Ordering::Relaxed) {
                break;
            }
            let done = pool.install(|| window.par_iter().map(|item| in_arena(|arena| job.item(item, arena))).collect());
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
fn write_all(job: &Job<'_>, receiver: mpsc::Receiver<Vec<Done>>, nothing: bool, interrupted: &AtomicBool) -> (Summary, Problems) {
    let mut outputs = Outputs::open(&job.settings);
    let mut counts = Counts::default();
    let mut roles = Roles::of(job.run);
    for done in receiver.into_iter().flatten() {
        counts.add(&done.counts);
        roles.met(&done.id, done.state);
        outputs.asset(&done.id, &done.parts);
    }
    let mut about_run = |done: Done| {
        counts.add(&Counts { assets: 0, ..done.counts });
        outputs.asset(&done.id, &done.parts);
    };
    if nothing {
        about_run(in_arena(|arena| job.nothing_to_judge(arena)));
    } else if !interrupted.load(Ordering::Relaxed) {
        // What was not reached yet has not failed.
        let unproven = roles.unproven();
        if !unproven.is_empty() {
            about_run(in_arena(|arena| job.roles_unproven(&unproven, arena)));
        }
    }
    let exit = counts.exit(job.options.fail_on);
    let summary = Summary { counts, exit };
    let problems = outputs.finish(&summary);
    (summary, problems)
}

/// Those of some rules that match one of the globs and cite one of the clauses; no globs or clauses: all.
pub fn select_rules(library: &Library, of: &[usize], globs: &[String], clauses: &[String]) -> Result<Vec<usize>, Problem> {
    let cites =
        |rule: &Rule| clauses.is_empty() || rule.clauses.iter().any(|cited| clauses.iter().any(|clause| falls_under(cited, clause)));
    let named = |rule: &Rule| globs.is_empty() || globs.iter().any(|pattern| glob::wildcard(pattern, &rule.id));
    let rules: Vec<usize> = of.iter().copied().filter(|number| named(&library.rules[*number]) && cites(&library.rules[*number])).collect();
    if rules.is_empty() {
        return Err(Problem::new("no-rule", Message::new("没有选中任何规则", "no rule is selected"))
            .help("用 `jixian policy list` 查看规则和条款", "`jixian policy list` shows rules and clauses"));
    }
    Ok(rules)
}
