//! `--inventory`: the flags of a run over many hosts into that run, with a line for each host.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::collect::Undone;
use super::{EXIT_INCOMPLETE, EXIT_USAGE, Language, say, tell};
use crate::collect::engine::{Trust, Ways};
use crate::collect::inventory;
use crate::collect::key::Key;
use crate::collect::store::Run;
use crate::error::Message;
use crate::policy::Library;
use crate::scan::fleet::{self, Selection, Told};

/// Exit code where the run was interrupted.
const EXIT_INTERRUPTED: u8 = 130;

/// Flags of a run over many hosts.
#[derive(Debug, clap::Args)]
pub(super) struct Fleet {
    /// Read the hosts and devices of this inventory over SSH. It is code: it may name programs that are run here.
    #[arg(id = "remote", long = "inventory", value_name = "FILE")]
    pub(super) inventory: Option<PathBuf>,
    /// The most connections at a time; by default what the inventory says.
    #[arg(long, value_name = "N", requires = "remote")]
    connections: Option<usize>,
    /// Trust hosts that no file of known hosts names, and note their keys in `known_hosts.jixian` beside the inventory. The evidence
    /// says so.
    #[arg(long, requires = "remote")]
    accept_new: bool,
}

/// Which hosts, and whether a run goes on.
#[derive(Debug, clap::Args)]
pub(super) struct Choice {
    /// Only hosts whose id matches; repeatable.
    #[arg(long = "target", value_name = "GLOB", requires = "remote")]
    targets: Vec<String>,
    /// Only this part of the hosts, such as 2/8; always the same part.
    #[arg(long, value_name = "I/N", requires = "remote", value_parser = parse_shard)]
    shard: Option<(u64, u64)>,
    /// Go on with the snapshot in the folder: hosts that are done by the same plan are left as they are.
    #[arg(long, requires = "remote")]
    pub(super) resume: bool,
}

impl Choice {
    /// The hosts that are meant.
    pub(super) fn selection(&self) -> Selection {
        Selection { globs: self.targets.clone(), shard: self.shard }
    }
}

/// Reads `I/N`.
fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    parts.filter(|(index, count)| (1..=*count).contains(index)).ok_or_else(|| "1/N to N/N".to_owned())
}

/// A flag that an interrupt sets; a second one ends the program at once.
pub(super) fn interruptible() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    // Without a handler an interrupt still ends the run, only less tidily.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(EXIT_INTERRUPTED));
        }
    });
    interrupted
}

/// Collects the hosts of an inventory into a run that has begun. The exit code that the hosts deserve.
pub(super) fn into_run(
    arguments: &Fleet,
    library: (&Library, &[usize]),
    (key, selection): (Option<Key>, &Selection),
    interrupted: &Arc<AtomicBool>,
    run: &mut Run,
    language: Language,
) -> Result<u8, Undone> {
    let path = arguments.inventory.as_deref().unwrap_or(Path::new(""));
    let (mut inventory, problems) = inventory::read(path).map_err(|problems| {
        tell(&problems, language);
        (Message::new("清单有错，没有连接任何主机", "the inventory is wrong; no host was connected"), EXIT_USAGE)
    })?;
    tell(&problems, language);
    if let Some(connections) = arguments.connections {
        inventory.limits.connections = connections.clamp(1, 1000);
    }
    let accepted = path.parent().unwrap_or(Path::new("")).join("known_hosts.jixian");
    let (ways, problems) = Ways::new(inventory, accepted, arguments.accept_new, Arc::clone(interrupted));
    tell(&problems, language);
    if selection.of(&ways.inventory().targets).is_empty() && selection.shard.is_none() {
        return Err((Message::new("没有选中任何主机", "no host is selected"), EXIT_USAGE));
    }
    let mut told = |told: &Told<'_>| {
        if let Some(line) = line(told, language) {
            say(&line);
        }
    };
    let failed = fleet::collect(library, &ways, key, selection, interrupted, run, &mut told)
        .map_err(|error| super::collect::unwritten(Path::new("snapshot.toml"), &error))?;
    Ok(match failed {
        _ if interrupted.load(Ordering::Relaxed) => EXIT_INTERRUPTED,
        0 => 0,
        _ => EXIT_INCOMPLETE,
    })
}

/// What is said of a host: why it failed, or that its key was taken on first sight.
fn line(told: &Told<'_>, language: Language) -> Option<String> {
    let id = told.id;
    if let Some(failure) = told.failure {
        let stage = failure.stage.code();
        return Some(format!("{id}: {stage}: {}", failure.message.text(language)));
    }
    let reached = told.reached.filter(|reached| reached.trust == Trust::FirstSight)?;
    let (kind, print) = (&reached.host_key_kind, &reached.host_key);
    Some(match language {
        Language::Zh => format!("{id}: 首次见到的主机密钥，未经核实：{kind} {print}"),
        Language::En => format!("{id}: host key taken on first sight, not checked: {kind} {print}"),
    })
}
