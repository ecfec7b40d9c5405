//! `jixian explain`: a rule, a clause or a table into what it means, what to do, and how the assets of a snapshot stand.

mod clause;
mod states;

use std::path::PathBuf;

use jiff::civil::Date;

use super::{EXIT_USAGE, PolicyArguments, load, print, tell};
use crate::error::{Message, Problem};
use crate::names::Language;
use crate::policy::{Library, Profile, Rule};
use crate::results::Given;
use crate::schema::TABLES;

/// Arguments of `jixian explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Id of a rule, a clause (`nfra:28.1`) or a table.
    id: String,
    /// Assets whose state is shown, for a rule or clause: folders, snapshots, archives, single files.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The day that dates are compared with; today by default.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// A built-in profile or the file of one, for the state of the assets; the whole library by default.
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    #[command(flatten)]
    policies: PolicyArguments,
}

/// Explains one thing.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let (library, problems) = load(&arguments.policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let id = arguments.id.as_str();
    let rule = library.rules.iter().position(|rule| rule.id == id);
    let explained = match rule {
        Some(number) => Some((rule_text(&library.rules[number], &library, language), vec![number])),
        None => clause::text(id, &library, language),
    };
    let Some((mut text, rules)) = explained.or_else(|| Some((table_text(id, &library, language)?, Vec::new()))) else {
        let problem = Problem::new(
            "unknown-id",
            Message::new(format!("没有名为 `{id}` 的规则、条款或表"), format!("there is no rule, clause or table called `{id}`")),
        )
        .help("`jixian policy list` 列出规则", "`jixian policy list` lists the rules");
        tell(&[problem], language);
        return EXIT_USAGE;
    };
    let mut given = Given::nothing(&library);
    if let Some(name) = &arguments.profile {
        let (profile, problems) = Profile::load(name, &library);
        if tell(&problems, language) {
            return EXIT_USAGE;
        }
        given.profile = profile;
    }
    let rules: Vec<usize> = rules.into_iter().filter(|rule| given.profile.rules.contains(rule)).collect();
    if !arguments.paths.is_empty() && !rules.is_empty() {
        match states::text(&library, &given, &rules, &arguments.paths, arguments.date, language) {
            Ok(states) => text.push_str(&states),
            Err(problems) => {
                tell(&problems, language);
                return EXIT_USAGE;
            }
        }
    }
    print(&text);
    0
}

/// A rule: title, why, fix, where it applies, and its text.
fn rule_text(rule: &Rule, library: &Library, language: Language) -> String {
    let policy = &library.policies[rule.policy];
    let mut text = format!("{}  [{}]\n{}\n\n", rule.id, rule.severity.text(language), rule.title.text(language));
    for citation in &rule.clauses {
        let described = library.clause(citation).map(|(catalogue, clause)| clause.described(catalogue, language));
        text.push_str(&format!("  {citation}  {}\n", described.unwrap_or_default()));
    }
    text.push_str(&format!("\n{}\n\n{}\n", rule.why.text(language), rule.fix.text(language)));
    for (product, commands) in &rule.fix_commands {
        text.push_str(&format!("\n# {product}\n{commands}\n"));
    }
    let tables: Vec<&str> = rule.check.tables().iter().map(|check| check.schema().name).collect();
    text.push_str(&format!(
        "\n{}  ({} {})  {}\n\n{}\n",
        policy.id,
        policy.file,
        policy.version,
        tables.join(", "),
        rule.source_text.trim()
    ));
    text
}

/// A table: what a row is, its columns, and the rules that look at it.
fn table_text(id: &str, library: &Library, language: Language) -> Option<String> {
    let number = crate::schema::number(id)?;
    let table = TABLES[number];
    let mut text = format!("{}  {}\n\n", table.name, table.title.text(language));
    for column in table.columns {
        text.push_str(&format!("  {:<28} {}\n", column.name, column.doc));
    }
    text.push('\n');
    for rule in library.rules.iter().filter(|rule| rule.check.tables().iter().any(|check| std::ptr::eq(check.schema(), table))) {
        text.push_str(&format!("  {:<40} {}\n", rule.id, rule.title.text(language)));
    }
    Some(text)
}
