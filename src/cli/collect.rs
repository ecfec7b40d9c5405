//! `jixian collect`: assets into a snapshot, or what would be read of them into something to look at first.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{EXIT_UNWRITTEN, EXIT_USAGE, Language, PolicyArguments, fleet, load, print, say, tell};
use crate::collect::conceal::Concealer;
use crate::collect::key::Key;
use crate::collect::local::Local;
use crate::collect::posix;
use crate::collect::script::Script;
use crate::collect::store::Run;
use crate::error::Message;
use crate::names::{LINUX, PLATFORMS, Platform, platform};
use crate::policy::Library;
use crate::scan::reading;
use crate::snapshot::Asset;
use crate::snapshot::reading::Plan;

/// Arguments of `jixian collect`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["remote", "local", "plan", "script"])))]
pub(super) struct Arguments {
    /// Print what is read of an asset, and nothing else: every file, command and query, all read-only.
    #[arg(long)]
    plan: bool,
    /// Read this machine.
    #[arg(long, requires = "output")]
    local: bool,
    /// Print the collector of this platform, for something else to run (Ansible, Salt, a bastion, a forced command); `import` takes
    /// back what it prints.
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform)]
    script: Option<&'static Platform>,
    /// The folder of the snapshot; with `--script` the file of the collector.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// With `--plan`: only for assets of this platform.
    #[arg(long, value_name = "NAME", value_parser = parse_platform)]
    platform: Option<&'static Platform>,
    /// The id of the asset; the name that this machine has by default.
    #[arg(long, value_name = "ID")]
    asset: Option<String>,
    #[command(flatten)]
    fleet: fleet::Fleet,
    #[command(flatten)]
    choice: fleet::Choice,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    secrets: Secrets,
    /// Only what the rules of these policies need.
    #[command(flatten)]
    policies: PolicyArguments,
}

/// How long it may take.
#[derive(Debug, clap::Args)]
pub(super) struct Limits {
    /// Seconds after which a host that has not finished is stopped and counts as failed.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    deadline: u64,
}

/// What replaces secrets.
#[derive(Debug, clap::Args)]
pub(super) struct Secrets {
    /// The file of the key with which ids of secrets are made, so that equal secrets can be told; made (0600) where there is none.
    /// By default `jixian/redaction.key` in the configuration folder of the user.
    #[arg(long, value_name = "FILE")]
    redaction_key: Option<PathBuf>,
}

impl Secrets {
    /// The key; none where no place for it is known.
    pub(super) fn key(&self) -> Result<Option<Key>, Message> {
        let path = self.redaction_key.clone().or_else(|| {
            let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
            let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
            Some(folder.join("jixian/redaction.key"))
        });
        let Some(path) = path else { return Ok(None) };
        Key::open(&path).map(Some).map_err(|error| {
            let shown = path.display();
            Message::new(format!("脱敏密钥 {shown} 不可用：{error}"), format!("the redaction key {shown} cannot be used: {error}"))
        })
    }
}

impl Limits {
    /// The deadline of one host.
    pub(super) fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline.clamp(1, 24 * 3600))
    }
}

/// Reads the name of a platform.
pub(super) fn parse_platform(name: &str) -> Result<&'static Platform, String> {
    platform(name).ok_or_else(|| {
        let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
        format!("there is no platform called `{name}`; known are {}", known.join(", "))
    })
}

/// Prints the plan or the collector, or reads this machine.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let (library, problems) = load(&arguments.policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let done = match (arguments.script, &arguments.output) {
        (Some(platform), output) => print_script(&plan(&library, platform), output.as_deref()),
        (None, Some(output)) if arguments.fleet.inventory.is_some() => remote(arguments, output, &library, language),
        (None, None) if arguments.fleet.inventory.is_some() => {
            Err((Message::new("请用 --output 指定快照的文件夹", "name the folder of the snapshot with --output"), EXIT_USAGE))
        }
        (None, Some(output)) if arguments.local => local(arguments, output, &library, language),
        (None, _) => print_plans(&library, arguments.platform),
    };
    done.unwrap_or_else(|(message, exit)| {
        say(message.text(language));
        exit
    })
}

/// Why it was not done, and the exit code.
pub(super) type Undone = (Message, u8);

/// The plan of a platform for every rule of a library.
pub(super) fn plan(library: &Library, platform: &'static Platform) -> Plan {
    let all: Vec<usize> = (0..library.rules.len()).collect();
    reading::plan(library, &all, platform)
}

fn print_plans(library: &Library, only: Option<&'static Platform>) -> Result<u8, Undone> {
    let mut text = String::new();
    for platform in PLATFORMS.iter().copied().filter(|platform| only.is_none_or(|only| only == *platform)) {
        let lines: Vec<String> = plan(library, platform).lines().collect();
        if !lines.is_empty() {
            text.push_str(&format!("# {}\n{}\n\n", platform.name, lines.join("\n")));
        }
    }
    Ok(if print(&text) { 0 } else { EXIT_UNWRITTEN })
}

fn print_script(plan: &Plan, output: Option<&Path>) -> Result<u8, Undone> {
    if !is_posix(plan.platform) {
        let name = plan.platform.name;
        let message = Message::new(
            format!("平台 {name} 没有可运行脚本的 sh；用 --plan 查看要执行的命令"),
            format!("there is no sh on {name}: `--plan` shows its commands"),
        );
        return Err((message, EXIT_USAGE));
    }
    let text = Script::new(plan).map_err(|message| (message, EXIT_USAGE))?.file();
    match output {
        None => Ok(if print(&text) { 0 } else { EXIT_UNWRITTEN }),
        Some(path) => std::fs::write(path, text).map(|()| 0).map_err(|error| unwritten(path, &error)),
    }
}

/// Whether assets of a platform have a shell: hosts, and databases on hosts.
pub(super) fn is_posix(platform: &Platform) -> bool {
    platform == LINUX || platform.kind.starts_with("db.")
}

/// Reads the hosts of an inventory into a snapshot.
fn remote(arguments: &Arguments, output: &Path, library: &Library, language: Language) -> Result<u8, Undone> {
    let key = arguments.secrets.key().map_err(|message| (message, EXIT_USAGE))?;
    let interrupted = fleet::interruptible();
    let mut run = Run::begin(output, arguments.choice.resume).map_err(|error| unwritten(output, &error))?;
    let rules: Vec<usize> = (0..library.rules.len()).collect();
    let selection = arguments.choice.selection();
    let collected = fleet::into_run(&arguments.fleet, (library, &rules), (key, &selection), &interrupted, &mut run, language);
    if matches!(&collected, Err((_, EXIT_USAGE))) {
        return collected;
    }
    // What is done is vouched for, whatever became of the rest.
    let (count, failed) = run.finish().map_err(|error| unwritten(output, &error))?;
    let shown = output.display();
    let (zh, en) = (
        format!("{count} 个资产，{failed} 个未能读取；快照在 {shown}"),
        format!("{count} assets, {failed} of them not read; the snapshot is in {shown}"),
    );
    say(Message::new(zh, en).text(language));
    collected
}

/// Reads this machine into a snapshot.
fn local(arguments: &Arguments, output: &Path, library: &Library, language: Language) -> Result<u8, Undone> {
    let mut run = Run::begin(output, false).map_err(|error| unwritten(output, &error))?;
    let failed = collect_local(library, &plan(library, LINUX), arguments, &mut run)?;
    run.finish().map_err(|error| unwritten(output, &error))?;
    let shown = output.display();
    match &failed {
        None => say(Message::new(format!("已写入快照 {shown}"), format!("the snapshot is in {shown}")).text(language)),
        Some(why) => say(why.text(language)),
    }
    Ok(if failed.is_none() { 0 } else { super::EXIT_INCOMPLETE })
}

/// Reads this machine by a plan into a run; why it failed, where it did.
fn collect_local(library: &Library, plan: &Plan, arguments: &Arguments, run: &mut Run) -> Result<Option<Message>, Undone> {
    let key = arguments.secrets.key().map_err(|message| (message, EXIT_USAGE))?;
    into_run(library, plan, (key, arguments.asset.as_deref(), arguments.limits.deadline()), run)
}

/// Reads this machine by a plan into a run; why it failed, where it did.
pub(super) fn into_run(
    library: &Library,
    plan: &Plan,
    (key, id, deadline): (Option<Key>, Option<&str>, Duration),
    run: &mut Run,
) -> Result<Option<Message>, Undone> {
    let script = Script::new(plan).map_err(|message| (message, EXIT_USAGE))?;
    let find = |asset: &Asset| reading::hidden(library, asset);
    let concealer = Concealer::new(key, &find);
    let collected = posix::collect(&mut Local, &script, &concealer, Instant::now() + deadline);
    let (mut kept, failed) = match collected {
        Ok(kept) => (kept, None),
        Err(failure) => (posix::failed(&failure), Some(failure.message)),
    };
    kept.description.platform = Some(plan.platform);
    kept.collection.insert("engine".to_owned(), "local".to_owned());
    let node = kept.collection.get("node").cloned();
    let id = id.map(str::to_owned).or(node).unwrap_or_else(|| "localhost".to_owned());
    run.keep(&id, &script.digest.hex(), kept).map_err(|error| (Message::new(error.to_string(), error.to_string()), EXIT_UNWRITTEN))?;
    Ok(failed)
}

/// That something could not be written.
pub(super) fn unwritten(path: &Path, error: &std::io::Error) -> Undone {
    let shown = path.display();
    (Message::new(format!("无法写入 {shown}：{error}"), format!("{shown} could not be written: {error}")), EXIT_UNWRITTEN)
}
