//! An inventory into a snapshot: every target is read by the plan of its platform and kept as it comes, failed ones too.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::reading;
use crate::collect::conceal::Concealer;
use crate::collect::device::{self, Profile};
use crate::collect::engine::{Reached, Session, Ways};
use crate::collect::fleet::{self, Outcome};
use crate::collect::inventory::Target;
use crate::collect::key::Key;
use crate::collect::posix;
use crate::collect::privilege::Elevated;
use crate::collect::script::Script;
use crate::collect::store::{Run, in_shard};
use crate::collect::transport::{Failure, Stage};
use crate::error::Message;
use crate::names::{LINUX, Platform};
use crate::policy::Library;
use crate::reckon::glob;
use crate::snapshot::manifest::{Line, Sort, Status};
use crate::snapshot::store::Kept;
use crate::snapshot::{Asset, Description};
use crate::source::Digest;

/// Which targets of an inventory are meant.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only targets whose id matches one of these; none means all.
    pub globs: Vec<String>,
    /// Only this part of them, counted from one.
    pub shard: Option<(u64, u64)>,
}

impl Selection {
    /// The targets that are collected.
    pub fn of<'i>(&self, targets: &'i [Target]) -> Vec<&'i Target> {
        let named = |id: &str| self.globs.is_empty() || self.globs.iter().any(|pattern| glob::wildcard(pattern, id));
        let here = |id: &str| self.shard.is_none_or(|(index, count)| in_shard(id, index, count));
        targets.iter().filter(|target| !target.jump_only && named(&target.id) && here(&target.id)).collect()
    }
}

/// What is told of one target when it is done.
#[derive(Debug)]
pub struct Told<'t> {
    /// Its id.
    pub id: &'t str,
    /// Why it failed, where it did.
    pub failure: Option<&'t Failure>,
    /// How it was reached, where it was.
    pub reached: Option<&'t Reached>,
}

/// How the targets of a platform are read.
enum Way {
    /// By one program.
    Posix(Script),
    /// By single commands.
    Device(&'static Profile, Vec<(String, String)>, Digest),
    /// Not at all.
    None(Message),
}

impl Way {
    /// The way in which a platform is read.
    fn of(library: &Library, rules: &[usize], platform: &'static Platform) -> Way {
        let plan = reading::plan(library, rules, platform);
        if platform == LINUX || platform.kind.starts_with("db.") {
            return Script::new(&plan).map_or_else(Way::None, Way::Posix);
        }
        match device::profile(platform.name) {
            Some(profile) => {
                let commands: Vec<(String, String)> = plan.commands().map(|(name, line)| (name.to_owned(), line.to_owned())).collect();
                let digest = Digest::of(plan.lines().collect::<Vec<_>>().join("\n").as_bytes());
                Way::Device(profile, commands, digest)
            }
            None => {
                let name = platform.name;
                let zh = format!("平台 {name} 不能通过 SSH 采集；请导入它导出的配置");
                Way::None(Message::new(zh, format!("{name} is not collected over SSH: import the configuration that it exports")))
            }
        }
    }

    /// The digest of what is asked, by which a collection is known again.
    fn digest(&self) -> String {
        match self {
            Way::Posix(script) => script.digest.hex(),
            Way::Device(_, _, digest) => digest.hex(),
            Way::None(_) => String::new(),
        }
    }
}

/// Collects targets into a run; each is told when it is done. Counts those that failed.
///
/// # Errors
///
/// The snapshot could not be written.
pub fn collect(
    (library, rules): (&Library, &[usize]),
    ways: &Ways,
    key: Option<Key>,
    selection: &Selection,
    interrupted: &AtomicBool,
    run: &mut Run,
    tell: &mut dyn FnMut(&Told<'_>),
) -> io::Result<usize> {
    let targets = selection.of(&ways.inventory().targets);
    let platforms: BTreeMap<&str, Way> = targets
        .iter()
        .map(|target| (target.platform.name, target.platform))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(name, platform)| (name, Way::of(library, rules, platform)))
        .collect();
    let way = |target: &Target| &platforms[target.platform.name];
    let find = |asset: &Asset| reading::hidden(library, asset);
    let concealer = Concealer::new(key, &find);
    let todo: Vec<&Target> = targets.into_iter().filter(|target| !run.is_done(&target.id, &way(target).digest())).collect();
    let mut left: BTreeSet<&str> = todo.iter().map(|target| target.id.as_str()).collect();
    let mut failed = 0;
    let mut done = |target: &Target, outcome: (Result<Kept, Failure>, Option<Reached>, u32)| {
        let (result, reached, attempts) = outcome;
        let failure = result.as_ref().err().cloned();
        let failure = keep(run, target, &way(target).digest(), result, reached.as_ref(), attempts, failure)?;
        failed += usize::from(failure.is_some());
        tell(&Told { id: &target.id, failure: failure.as_ref(), reached: reached.as_ref() });
        Ok::<(), io::Error>(())
    };
    for target in &todo {
        if let Way::None(why) = way(target) {
            left.remove(target.id.as_str());
            done(target, (Err(Failure { stage: Stage::Execute, deadline: false, message: why.clone() }), None, 0))?;
        }
    }
    let visit = |target: &Target, session: &mut dyn Session, deadline: Instant| read(way(target), target, session, &concealer, deadline);
    let reachable = todo.iter().copied().filter(|target| left.contains(target.id.as_str())).collect();
    fleet::visit(ways, reachable, interrupted, &visit, &mut |outcome: Outcome<'_, Kept>| {
        left.remove(outcome.target.id.as_str());
        done(outcome.target, (outcome.result, outcome.reached, outcome.attempts))
    })?;
    // Whoever was not reached because the run was interrupted is in the snapshot too, as one that was not.
    for target in todo.iter().filter(|target| left.contains(target.id.as_str())) {
        done(target, (Err(fleet::stopped(Stage::Connect)), None, 0))?;
    }
    debug_assert!(left.is_empty() || interrupted.load(Ordering::Relaxed), "every target has an outcome");
    Ok(failed)
}

/// Reads one target.
fn read(way: &Way, target: &Target, session: &mut dyn Session, concealer: &Concealer<'_>, deadline: Instant) -> Result<Kept, Failure> {
    match way {
        Way::Posix(script) => {
            let mut elevated = Elevated::new(session, &target.privilege, target.bytes_most);
            posix::collect(&mut elevated, script, concealer, deadline)
        }
        Way::Device(profile, commands, _) => {
            let commands: Vec<(&str, &str)> = commands.iter().map(|(name, line)| (name.as_str(), line.as_str())).collect();
            let answers = device::read(session, profile, &commands, target.bytes_most, deadline)?;
            let mut kept =
                Kept { description: Description { platform: Some(target.platform), ..Description::default() }, ..Kept::default() };
            for answer in answers {
                let path = format!("commands/{}", answer.name);
                let size = Some(answer.output.len() as u64);
                let line = Line { size, ..Line::new(&path, Sort::Command, Status::Ok) };
                kept.artefacts.insert(path, (line, Some(answer.output)));
            }
            concealer.conceal(&mut kept).map_err(|message| Failure { stage: Stage::Store, deadline: false, message })?;
            kept.description.collected_at = Some(jiff::Timestamp::now());
            Ok(kept)
        }
        Way::None(why) => Err(Failure { stage: Stage::Execute, deadline: false, message: why.clone() }),
    }
}

/// Writes what came of a target; the failure that stays, which may be that of writing it.
fn keep(
    run: &mut Run,
    target: &Target,
    script: &str,
    result: Result<Kept, Failure>,
    reached: Option<&Reached>,
    attempts: u32,
    failure: Option<Failure>,
) -> io::Result<Option<Failure>> {
    let kept = result.unwrap_or_else(|failure| posix::failed(&failure));
    match run.keep(&target.id, script, described(kept, target, reached, attempts)) {
        Ok(()) => Ok(failure),
        Err(error) => {
            // A full disk may still have room for saying so.
            let message = Message::new(format!("无法写入快照：{error}"), format!("the snapshot could not be written: {error}"));
            let failure = Failure { stage: Stage::Store, deadline: false, message };
            run.keep(&target.id, script, described(posix::failed(&failure), target, reached, attempts))?;
            Ok(Some(failure))
        }
    }
}

/// What is kept, with what the inventory says of the target and how it was reached.
fn described(mut kept: Kept, target: &Target, reached: Option<&Reached>, attempts: u32) -> Kept {
    let of_host = std::mem::take(&mut kept.description);
    kept.description = Description { collected_at: of_host.collected_at, collector: of_host.collector, ..target.description.clone() };
    kept.description.collector.get_or_insert_with(|| format!("jixian {}", env!("CARGO_PKG_VERSION")));
    let mut note = |name: &str, value: &str| {
        if !value.is_empty() {
            kept.collection.insert(name.to_owned(), value.to_owned());
        }
    };
    note("login", &target.user);
    note("port", &target.port.to_string());
    note("attempts", &attempts.to_string());
    note("jump", target.jump.as_deref().unwrap_or_default());
    note("legacy", &target.legacy.join(" "));
    if let Some(reached) = reached {
        note("engine", &reached.engine);
        note("host-key", format!("{} {}", reached.host_key_kind, reached.host_key).trim());
        note("host-key-trust", reached.trust.name());
        note("host-key-known-at", reached.known_at.as_deref().unwrap_or_default());
        note("key-exchange", &reached.key_exchange);
        note("cipher", &reached.cipher);
    }
    kept
}
