//! `jixian scan`: what was collected into verdicts.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Zoned;
use jiff::civil::Date;
use tempfile::TempDir;

use super::collect::Limits;
use super::site::SiteArguments;
use super::{ColorChoice, EXIT_UNWRITTEN, EXIT_USAGE, PolicyArguments, color_allowed, fleet, load, say, tell};
use crate::collect::store::Run;
use crate::error::{Message, Problem, fatal};
use crate::names::{LINUX, Language, Platform, Severity, Verdict, platform};
use crate::policy::Library;
use crate::reckon::glob;
use crate::report;
use crate::results::Given;
use crate::scan::fleet::Selection;
use crate::scan::output::{Output, Target};
use crate::scan::{self, Ended, Options};
use crate::snapshot::find::{self, Discovery, Found};
use crate::snapshot::store::private_folder;
use crate::source::Digest;

/// Arguments of `jixian scan`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Asset folders, snapshots, archives, single files, or folders of these.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A mounted root of one whole system (`/` is this machine): what is not there is absent.
    #[arg(long, value_name = "PATH")]
    root: Option<PathBuf>,
    /// This machine, read as `collect --local` reads it: running values too.
    #[arg(long)]
    local: bool,
    #[command(flatten)]
    fleet: fleet::Fleet,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    policies: PolicyArguments,
    /// text, junit, json or jsonl, and where to; repeatable. A path that ends in `/` is a folder with one file per asset.
    #[arg(long = "format", value_name = "NAME[:PATH]", value_parser = parse_output, default_value = "text")]
    formats: Vec<Output>,
    /// Least severity that shows in the exit code.
    #[arg(long, value_name = "SEVERITY", value_parser = parse_severity, default_value = "low")]
    fail_on: Severity,
    /// The day that dates are compared with; today by default.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// Days after which nothing passes on a collection any more (`30` or `30d`).
    #[arg(long, value_name = "DAYS", value_parser = parse_days, default_value = "30")]
    max_age: u32,
    #[command(flatten)]
    site: SiteArguments,
    /// Only assets whose id matches; repeatable.
    #[arg(long = "asset", value_name = "GLOB")]
    assets: Vec<String>,
    /// Only rules whose id matches; repeatable.
    #[arg(long = "rule", value_name = "GLOB")]
    rules: Vec<String>,
    /// Only rules that cite this clause (`nfra:28`, `nfra:28.1`); repeatable.
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// The platform of the assets whose id matches; repeatable, the last that matches wins.
    #[arg(long = "platform", value_name = "GLOB=NAME", value_parser = parse_platform)]
    platforms: Vec<(String, &'static Platform)>,
    /// Threads that judge; as many as there are cores by default.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Say nothing on standard error but problems.
    #[arg(long, short)]
    quiet: bool,
    /// Show every result, passes included.
    #[arg(long, short)]
    verbose: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorChoice,
}

/// Reads `NAME[:PATH]`.
fn parse_output(text: &str) -> Result<Output, String> {
    let (name, path) = text.split_once(':').map_or((text, None), |(name, path)| (name, Some(path)));
    let format = report::format(name).ok_or_else(|| {
        let known: Vec<&str> = report::FORMATS.iter().map(|format| format.name).collect();
        format!("there is no format called `{name}`; known are {}", known.join(", "))
    })?;
    let target = match path {
        None | Some("" | "-") => Target::Stdout,
        Some(path) if path.ends_with('/') || Path::new(path).is_dir() => {
            if format.per_asset.is_none() {
                return Err(format!("{name} is one document; name a file, not a folder"));
            }
            Target::Folder(PathBuf::from(path))
        }
        Some(path) => Target::File(PathBuf::from(path)),
    };
    Ok(Output { format, target })
}

/// Reads a severity.
fn parse_severity(text: &str) -> Result<Severity, String> {
    Severity::parse(text).ok_or_else(|| "critical, high, medium or low".to_owned())
}

/// Reads `GLOB=NAME`.
fn parse_platform(text: &str) -> Result<(String, &'static Platform), String> {
    let (pattern, name) = text.split_once('=').ok_or("GLOB=NAME is needed")?;
    let platform = platform(name).ok_or_else(|| {
        let known: Vec<&str> = crate::names::PLATFORMS.iter().map(|platform| platform.name).collect();
        format!("there is no platform called `{name}`; known are {}", known.join(", "))
    })?;
    Ok((pattern.to_owned(), platform))
}

/// Reads days.
fn parse_days(text: &str) -> Result<u32, String> {
    text.strip_suffix('d').unwrap_or(text).parse().map_err(|_| "a number of days, such as 30 or 30d".to_owned())
}

/// Runs the scan.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let (library, mut problems) = load(&arguments.policies);
    problems.extend(outputs_problem(&arguments.formats));
    let date = arguments.date.unwrap_or_else(|| Zoned::now().date());
    let given = arguments.site.given(&library, date, &mut problems);
    let rules = match scan::select_rules(&library, &given.profile.rules, &arguments.rules, &arguments.clauses) {
        Ok(rules) => rules,
        // What is wrong with the policies or the profile is told already.
        Err(_) if fatal(&problems) => Vec::new(),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let interrupted = fleet::interruptible();
    let reads = (arguments.local || arguments.fleet.inventory.is_some()) && !fatal(&problems);
    let read = reads.then(|| read_now(arguments, &library, &rules, &interrupted, language));
    let local = read.and_then(|read| read.map_err(|problem| problems.push(problem)).ok());
    let found = find_assets(arguments, local.as_ref().map(TempDir::path), &mut problems, language);
    let mut expected = arguments.site.expected(&mut problems);
    if let Some(expected) = &mut expected {
        expected.retain(|expected| is_asked_for(arguments, &expected.id));
    }
    if tell(&problems, language) {
        say(match language {
            Language::Zh => "没有判定任何内容（退出码 2）",
            Language::En => "nothing was judged (exit code 2)",
        });
        return EXIT_USAGE;
    }
    let options = Options { expected, ..options(arguments, date, language) };
    match scan::scan((&library, &given), rules, &found, &arguments.formats, &options, &interrupted) {
        Ok(ended) => finish(&ended, (&library, &given), arguments, language),
        Err(error) => {
            say(&format!("{error}"));
            EXIT_UNWRITTEN
        }
    }
}

/// The options of the run.
fn options(arguments: &Arguments, date: Date, language: Language) -> Options {
    Options {
        date,
        max_age_days: arguments.max_age,
        fail_on: arguments.fail_on,
        language,
        color: color_allowed(arguments.color),
        verbose: arguments.verbose,
        threads: arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1),
        platforms: arguments.platforms.clone(),
        binary: std::env::current_exe().and_then(File::open).and_then(Digest::of_all).ok(),
        expected: None,
    }
}

/// Two formats cannot share one target.
fn outputs_problem(outputs: &[Output]) -> Option<Problem> {
    let stdout = outputs.iter().filter(|output| output.target == Target::Stdout).count();
    (stdout > 1).then(|| {
        Problem::new("one-standard-output", Message::new("只有一种格式可以写到标准输出", "only one format can go to standard output"))
            .help("例如 --format text --format junit:report.xml", "for example --format text --format junit:report.xml")
    })
}

/// This machine and the hosts of an inventory as a snapshot that lasts as long as the run.
fn read_now(
    arguments: &Arguments,
    library: &Library,
    rules: &[usize],
    interrupted: &Arc<AtomicBool>,
    language: Language,
) -> Result<TempDir, Problem> {
    let wrong = |message: Message| Problem::new("not-collected", message);
    let of_io = |error: std::io::Error| wrong(Message::new(error.to_string(), error.to_string()));
    let folder = private_folder().tempdir().map_err(of_io)?;
    let mut run = Run::begin(folder.path(), false).map_err(of_io)?;
    // Nothing of it stays, so that no ids of secrets are needed that can be compared with another run's.
    if arguments.local {
        let plan = scan::reading::plan(library, rules, LINUX);
        let limits = (None, None, arguments.limits.deadline());
        super::collect::into_run(library, &plan, limits, &mut run).map_err(|(message, _)| wrong(message))?;
    }
    if arguments.fleet.inventory.is_some() {
        let selection = Selection { globs: arguments.assets.clone(), shard: None };
        fleet::into_run(&arguments.fleet, (library, rules), (None, &selection), interrupted, &mut run, language)
            .map_err(|(message, _)| wrong(message))?;
    }
    run.finish().map_err(of_io)?;
    Ok(folder)
}

/// The assets that were asked for, sorted by id.
fn find_assets(arguments: &Arguments, local: Option<&Path>, problems: &mut Vec<Problem>, language: Language) -> Vec<Found> {
    let paths: Vec<PathBuf> = arguments.paths.iter().cloned().chain(local.map(Path::to_owned)).collect();
    let mut discovery = find::find(&paths);
    if let Some(root) = &arguments.root {
        discovery.add_root(root);
    }
    let Discovery { mut found, skipped, skipped_more, problems: mut wrong } = discovery;
    if arguments.paths.is_empty() && arguments.root.is_none() && local.is_none() && !arguments.local && arguments.fleet.inventory.is_none()
    {
        problems.push(Problem::new("no-path", Message::new("没有给出要判定的路径", "no path to judge was given")).help(
            "例如 `jixian scan collected/`，或用 `--local` 判定本机",
            "for example `jixian scan collected/`, or `--local` for this machine",
        ));
    }
    problems.append(&mut wrong);
    if !arguments.quiet {
        for skipped in &skipped {
            let path = skipped.path.display().to_string();
            say(&format!("{}: {}", path, skipped.reason.fill(language, &[&path])));
        }
        if skipped_more > 0 {
            say(&format!("… +{skipped_more}"));
        }
    }
    found.retain(|asset| is_asked_for(arguments, &asset.id));
    found
}

/// Whether `--asset` admits an asset.
fn is_asked_for(arguments: &Arguments, id: &str) -> bool {
    arguments.assets.is_empty() || arguments.assets.iter().any(|pattern| glob::wildcard(pattern, id))
}

/// Tells how the run ended; the last line says why the exit code is what it is.
fn finish(ended: &Ended, (library, given): (&Library, &Given), arguments: &Arguments, language: Language) -> u8 {
    tell(&ended.problems, language);
    let counts = &ended.summary.counts;
    let exit = if ended.problems.is_empty() { ended.summary.exit } else { EXIT_UNWRITTEN };
    let (fails, unknowns) = (counts.verdict(Verdict::Fail), counts.verdict(Verdict::Unknown) - counts.accepted);
    let missing: Vec<&str> = library
        .parameters
        .iter()
        .enumerate()
        .filter(|(number, _)| given.profile.values.get(*number).is_none())
        .map(|(_, parameter)| parameter.name.as_str())
        .collect();
    if !missing.is_empty() && !arguments.quiet {
        let list = missing.join(", ");
        say(&match language {
            Language::Zh => format!("这些参数没有值，用到它们的规则无法判定：{list}"),
            Language::En => format!("these parameters have no value, so rules that need them are undecided: {list}"),
        });
    }
    if !arguments.quiet {
        let why = match (exit, language) {
            (0, Language::Zh) if fails > 0 => format!("{} 个资产全部判定，{fails} 项不符合均已知或低于 --fail-on", counts.assets),
            (0, Language::En) if fails > 0 => {
                format!("{} assets judged, {fails} violations, all of them known or below --fail-on", counts.assets)
            }
            (0, Language::Zh) => format!("{} 个资产全部判定，没有不符合项", counts.assets),
            (0, Language::En) => format!("{} assets judged, no violation", counts.assets),
            (1, Language::Zh) => format!("{fails} 项不符合"),
            (1, Language::En) => format!("{fails} violations"),
            (3, Language::Zh) => format!("没有不符合项，但 {unknowns} 项无法判定，{} 个资产未能读取", counts.failed),
            (3, Language::En) => format!("no violation, but {unknowns} undecided, {} assets could not be read", counts.failed),
            (130, Language::Zh) => "被中断，已完成的部分已写入".to_owned(),
            (130, Language::En) => "interrupted; what was finished is written".to_owned(),
            (_, Language::Zh) => "有输出未能写入".to_owned(),
            (_, Language::En) => "an output could not be written".to_owned(),
        };
        let code = match language {
            Language::Zh => format!("（退出码 {exit}）"),
            Language::En => format!(" (exit code {exit})"),
        };
        say(&format!("{why}{code}"));
    }
    exit
}
