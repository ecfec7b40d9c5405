//! `jixian policy …`: policies into problems, case outcomes, lists, a JSON Schema or files.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::{EXIT_UNWRITTEN, EXIT_USAGE, PolicyArguments, cases, load, print, say, tell};
use crate::error::{Problem, Weight, fatal};
use crate::names::Language;
use crate::policy::{builtin, case, json_schema};

/// The verbs about policies.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Check policies and say everything that is wrong with them.
    Check {
        /// Folder or file of policies; the built-in library by default.
        #[arg(value_name = "DIR|FILE")]
        policies: Vec<PathBuf>,
        /// How problems are written.
        #[arg(long, default_value = "text", value_parser = ["text", "json"])]
        format: String,
    },
    /// Run rule cases and compare with what they expect.
    Test {
        #[command(flatten)]
        policies: PolicyArguments,
        /// Folder of cases: `<rule-id>/<verdict>-<why>.txtar`.
        #[arg(long, value_name = "DIR", default_value = "fixtures/rules")]
        cases: PathBuf,
        /// Rewrite the expected lines; the verdict in a file's name never changes.
        #[arg(long)]
        update: bool,
    },
    /// List rules: id, severity, clauses, title.
    List {
        #[command(flatten)]
        policies: PolicyArguments,
    },
    /// Print the JSON Schema of the policy language.
    Schema,
    /// Write the built-in library into a folder.
    Export {
        /// The folder; it must not hold policies yet.
        folder: PathBuf,
    },
}

/// Runs a verb.
pub(super) fn run(verb: &Verb, language: Language) -> u8 {
    match verb {
        Verb::Check { policies, format } => check(policies, format, language),
        Verb::Test { policies, cases, update } => test(policies, cases, *update, language),
        Verb::List { policies } => list(policies, language),
        Verb::Schema => written(print(&format!("{:#}\n", json_schema::schema()))),
        Verb::Export { folder } => export(folder, language),
    }
}

/// The exit code of a verb that only prints.
fn written(ok: bool) -> u8 {
    if ok { 0 } else { EXIT_UNWRITTEN }
}

/// Says everything that is wrong with policies.
fn check(policies: &[PathBuf], format: &str, language: Language) -> u8 {
    let (library, problems) = load(&PolicyArguments { policies: policies.to_vec() });
    if format == "json" {
        let list: Vec<_> = problems.iter().map(problem_object).collect();
        print(&format!("{:#}\n", json!({ "problems": list, "rules": library.rules.len() })));
    } else {
        tell(&problems, language);
        let errors = problems.iter().filter(|problem| problem.weight == Weight::Error).count();
        let (policies, rules) = (library.policies.len(), library.rules.len());
        say(&match language {
            Language::Zh => format!("{policies} 个策略，{rules} 条规则，{errors} 个错误"),
            Language::En => format!("{policies} policies, {rules} rules, {errors} errors"),
        });
    }
    if fatal(&problems) { EXIT_USAGE } else { 0 }
}

/// A problem as an object.
fn problem_object(problem: &Problem) -> serde_json::Value {
    let place = problem.place.as_ref().map(|place| {
        let (line, column) = place.line_column();
        json!({ "file": place.file, "line": line, "column": column })
    });
    json!({
        "code": problem.code,
        "level": if problem.weight == Weight::Error { "error" } else { "warning" },
        "message": { "zh": problem.message.zh, "en": problem.message.en },
        "help": problem.help.as_ref().map(|help| json!({ "zh": help.zh, "en": help.en })),
        "place": place,
    })
}

/// Runs the cases of rules.
fn test(policies: &PolicyArguments, folder: &Path, update: bool, language: Language) -> u8 {
    let (library, problems) = load(policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let outcomes = cases::run(&library, folder);
    let mut wrong = 0;
    for outcome in &outcomes {
        let Some(message) = &outcome.wrong else { continue };
        let verdict = outcome.actual.split_whitespace().next().unwrap_or("?");
        let name = outcome.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if update && name.split('-').next() == Some(verdict) && rewrite(&outcome.path, &outcome.actual) {
            continue;
        }
        wrong += 1;
        say(&format!("{}: {}", outcome.path.display(), message.text(language)));
    }
    let passed = outcomes.len() - wrong;
    say(&format!("{passed} passed, {wrong} failed"));
    match (outcomes.is_empty(), wrong) {
        (true, _) => EXIT_USAGE,
        (false, 0) => 0,
        (false, _) => 1,
    }
}

/// Writes a case's expectation anew.
fn rewrite(path: &Path, expect: &str) -> bool {
    fs::read_to_string(path).and_then(|text| fs::write(path, case::with_expectation(&text, expect))).is_ok()
}

/// Lists rules.
fn list(policies: &PolicyArguments, language: Language) -> u8 {
    let (library, problems) = load(policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let lines = library.rules.iter().map(|rule| {
        let clauses = rule.clauses.join(" ");
        format!("{:<40} {:<8} {:<28} {}\n", rule.id, rule.severity.name(), clauses, rule.title.text(language))
    });
    written(print(&lines.collect::<String>()))
}

/// Writes the built-in library out.
fn export(folder: &Path, language: Language) -> u8 {
    for input in builtin::inputs() {
        let path = folder.join(&input.path);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let result = made
            .and_then(|()| fs::File::create_new(&path))
            .and_then(|mut file| std::io::Write::write_all(&mut file, input.text.as_bytes()));
        if let Err(error) = result {
            say(&format!("{}: {error}", path.display()));
            return EXIT_UNWRITTEN;
        }
    }
    say(match language {
        Language::Zh => "已写出；用 --policy 指向该文件夹",
        Language::En => "written; point --policy at that folder",
    });
    0
}
