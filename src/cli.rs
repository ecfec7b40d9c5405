//! Command-line arguments into a run of one verb, its messages and its exit code.

mod cases;
mod clause_coverage;
mod collect;
mod coverage;
mod explain;
mod facts;
mod fleet;
mod import;
mod inventory;
mod policies;
mod scan;
mod site;
mod verify;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::{Problem, fatal};
use crate::names::Language;
use crate::policy::{self, Library, builtin};
use crate::source::visible::{Whitespace, visible};

/// Judges collected configurations against policies, clause by clause, and shows the line that decides.
#[derive(Debug, Parser)]
#[command(name = "jixian", version, max_term_width = 100)]
struct Arguments {
    /// Language of texts; from the locale by default.
    #[arg(long, global = true, value_enum)]
    lang: Option<LanguageName>,
    /// What to do.
    #[command(subcommand)]
    verb: Verb,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LanguageName {
    /// 简体中文
    Zh,
    /// English
    En,
}

/// The verbs.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Judge what was collected: folders of assets, snapshots, archives, single files.
    Scan(Box<scan::Arguments>),
    /// Show the fact tables, or one table's rows with their evidence.
    Facts(facts::Arguments),
    /// Show by clause and platform which rules prove what, and what nothing proves and why.
    Coverage(clause_coverage::Arguments),
    /// Explain a rule, a clause or a table.
    Explain(explain::Arguments),
    /// Read assets into a snapshot, or print what would be read of them.
    Collect(Box<collect::Arguments>),
    /// Take in what the collector printed elsewhere (Ansible, Salt, a bastion).
    Import(Box<import::Arguments>),
    /// Prove or disprove that a snapshot is as it was taken.
    Verify(verify::Arguments),
    /// Check an inventory, or make one of what other tools know.
    #[command(subcommand)]
    Inventory(inventory::Verb),
    /// Check, test, list and export policies.
    #[command(subcommand)]
    Policy(policies::Verb),
}

/// Where policies come from.
#[derive(Debug, clap::Args)]
struct PolicyArguments {
    /// Folder or file of policies; repeatable. The built-in library by default.
    #[arg(long = "policy", value_name = "DIR|FILE")]
    policies: Vec<PathBuf>,
}

/// Exit code where nothing was judged because of what the user wrote.
const EXIT_USAGE: u8 = 2;
/// Exit code where the answer is incomplete: an asset could not be collected.
const EXIT_INCOMPLETE: u8 = 3;
/// Exit code where an output could not be written.
const EXIT_UNWRITTEN: u8 = 4;

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = language(arguments.lang);
    quiet_panics();
    ExitCode::from(match arguments.verb {
        Verb::Scan(arguments) => scan::run(&arguments, language),
        Verb::Facts(arguments) => facts::run(&arguments, language),
        Verb::Coverage(arguments) => clause_coverage::run(&arguments, language),
        Verb::Explain(arguments) => explain::run(&arguments, language),
        Verb::Collect(arguments) => collect::run(&arguments, language),
        Verb::Import(arguments) => import::run(&arguments, language),
        Verb::Verify(arguments) => verify::run(&arguments, language),
        Verb::Inventory(verb) => inventory::run(&verb, language),
        Verb::Policy(verb) => policies::run(&verb, language),
    })
}

/// The language that was asked for, or that of the locale.
fn language(asked: Option<LanguageName>) -> Language {
    match asked {
        Some(LanguageName::Zh) => Language::Zh,
        Some(LanguageName::En) => Language::En,
        None => {
            let locale =
                ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
            if locale.is_some_and(|locale| locale.starts_with("zh")) { Language::Zh } else { Language::En }
        }
    }
}

/// A panic's message may quote a scanned text, so only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        say(&format!("internal error{place}"));
    }));
}

/// Prints a line on standard error; controls are made visible. A closed stream is nobody's fault.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(line, Whitespace::Kept));
}

/// Prints text on standard output; false where it could not be written.
fn print(text: &str) -> bool {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// Prints problems; whether any of them stops the run.
fn tell(problems: &[Problem], language: Language) -> bool {
    for problem in problems {
        say(&problem.render(language));
    }
    fatal(problems)
}

/// Loads the policies that were asked for, with the built-in catalogues of clauses where none are given.
fn load(arguments: &PolicyArguments) -> (Library, Vec<Problem>) {
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for path in &arguments.policies {
        let (mut found, mut wrong) = policy::read_inputs(path);
        inputs.append(&mut found);
        problems.append(&mut wrong);
    }
    if arguments.policies.is_empty() {
        inputs = builtin::inputs();
    } else if !inputs.iter().any(policy::is_catalogue) {
        inputs.extend(builtin::inputs().into_iter().filter(policy::is_catalogue));
    }
    // On a thread that ends with it: what it needs on the way (the syntax trees of all policies) then goes back to the threads that judge,
    // and would otherwise stay with this one.
    let loaded = std::thread::spawn(move || policy::load(&inputs)).join();
    let (library, mut wrong) = loaded.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    problems.append(&mut wrong);
    (library, problems)
}

/// Whether colours may be used on a stream that is or is not a terminal.
fn color_allowed(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            !refused && io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
