//! `jixian policy …`: policies into problems, case outcomes, lists, a JSON Schema or files.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::{EXIT_UNWRITTEN, EXIT_USAGE, PolicyArguments, cases, load, print, say, tell};
use crate::error::{Problem, Weight, fatal};
use crate::names::Language;
use crate::policy::{self, Library, Profile, builtin, case, json_schema};

/// The verbs about policies.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Check policies and say everything that is wrong with them.
    Check {
        /// Folder or file of policies; the built-in library by default.
        #[arg(value_name = "DIR|FILE")]
        policies: Vec<PathBuf>,
        /// A profile that is checked too; repeatable. Without policies and profiles, the built-in ones are.
        #[arg(long = "profile", value_name = "NAME|FILE")]
        profiles: Vec<String>,
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
        /// Change every operator, value, quantifier and `empty`, one at a time, and list what no case notices.
        #[arg(long, conflicts_with = "update")]
        mutate: bool,
    },
    /// List rules: id, severity, clauses, title.
    List {
        #[command(flatten)]
        policies: PolicyArguments,
        /// Only the rules of this profile.
        #[arg(long, value_name = "NAME|FILE")]
        profile: Option<String>,
    },
    /// Print the JSON Schema of the policy language.
    Schema {
        /// What is described: policies or profiles.
        #[arg(value_name = "WHAT", default_value = "policy", value_parser = ["policy", "profile"])]
        what: String,
    },
    /// Write the built-in library into a folder.
    Export {
        /// The folder; it must not hold policies yet.
        folder: PathBuf,
    },
}

/// Runs a verb.
pub(super) fn run(verb: &Verb, language: Language) -> u8 {
    match verb {
        Verb::Check { policies, profiles, format } => check(policies, profiles, format, language),
        Verb::Test { policies, cases, mutate: true, .. } => mutate(policies, cases, language),
        Verb::Test { policies, cases, update, .. } => test(policies, cases, *update, language),
        Verb::List { policies, profile } => list(policies, profile.as_deref(), language),
        Verb::Schema { what } => {
            let schema = if what == "profile" { json_schema::profile() } else { json_schema::schema() };
            written(print(&format!("{schema:#}\n")))
        }
        Verb::Export { folder } => export(folder, language),
    }
}

/// The exit code of a verb that only prints.
fn written(ok: bool) -> u8 {
    if ok { 0 } else { EXIT_UNWRITTEN }
}

/// Says everything that is wrong with policies.
fn check(policies: &[PathBuf], profiles: &[String], format: &str, language: Language) -> u8 {
    let (library, mut problems) = load(&PolicyArguments { policies: policies.to_vec() });
    problems.extend(profile_problems(policies, profiles, &library));
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

/// What is wrong with the profiles that were named, those in folders of policies, or the built-in ones.
fn profile_problems(policies: &[PathBuf], profiles: &[String], library: &Library) -> Vec<Problem> {
    let mut names: Vec<String> = profiles.to_vec();
    names.extend(policies.iter().flat_map(|path| policy::profile_files(path)));
    if policies.is_empty() && profiles.is_empty() {
        let of_path = |path: &str| path.trim_start_matches("profiles/").trim_end_matches(".toml").to_owned();
        names.extend(builtin::profiles().iter().map(|input| of_path(&input.path)));
    }
    names.iter().flat_map(|name| Profile::load(name, library).1).collect()
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

/// Lists the mutants of rules that no case notices.
fn mutate(policies: &PolicyArguments, folder: &Path, language: Language) -> u8 {
    let (library, problems) = load(policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let (mut mutants, mut survivors) = (0, 0);
    for (rule, fared) in cases::mutate(&library, folder) {
        match fared {
            Err(message) => say(&format!("{rule}: {}", message.text(language))),
            Ok(fared) => {
                mutants += fared.mutants;
                survivors += fared.survivors.len();
                fared.survivors.iter().for_each(|change| {
                    print(&format!("{rule}: {change}\n"));
                });
            }
        }
    }
    say(&format!("{mutants} mutants, {survivors} survive"));
    match (mutants, survivors) {
        (0, _) => EXIT_USAGE,
        (_, 0) => 0,
        _ => 1,
    }
}

/// Writes a case's expectation anew.
fn rewrite(path: &Path, expect: &str) -> bool {
    fs::read_to_string(path).and_then(|text| fs::write(path, case::with_expectation(&text, expect))).is_ok()
}

/// Lists rules.
fn list(policies: &PolicyArguments, profile: Option<&str>, language: Language) -> u8 {
    let (library, mut problems) = load(policies);
    let profile = profile.map(|name| Profile::load(name, &library));
    let rules = match profile {
        None => (0..library.rules.len()).collect(),
        Some((profile, mut wrong)) => {
            problems.append(&mut wrong);
            profile.rules
        }
    };
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let lines = rules.into_iter().map(|number| {
        let rule = &library.rules[number];
        let clauses = rule.clauses.join(" ");
        format!("{:<40} {:<8} {:<28} {}\n", rule.id, rule.severity.name(), clauses, rule.title.text(language))
    });
    written(print(&lines.collect::<String>()))
}

/// Writes the built-in library out.
fn export(folder: &Path, language: Language) -> u8 {
    for input in builtin::inputs().into_iter().chain(builtin::profiles()) {
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
