//! `jixian explain`: a rule, a clause or a table into what it means and what to do.

use super::{EXIT_USAGE, PolicyArguments, load, print, tell};
use crate::error::{Message, Problem};
use crate::names::Language;
use crate::policy::{Library, Rule};
use crate::schema::TABLES;

/// Arguments of `jixian explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Id of a rule, a clause (`nfra:28.1`) or a table.
    id: String,
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
    let text = library
        .rules
        .iter()
        .find(|rule| rule.id == id)
        .map(|rule| rule_text(rule, &library, language))
        .or_else(|| clause_text(id, &library, language))
        .or_else(|| table_text(id, &library, language));
    match text {
        Some(text) => {
            print(&text);
            0
        }
        None => {
            let problem = Problem::new(
                "unknown-id",
                Message::new(format!("没有名为 `{id}` 的规则、条款或表"), format!("there is no rule, clause or table called `{id}`")),
            )
            .help("`jixian policy list` 列出规则", "`jixian policy list` lists the rules");
            tell(&[problem], language);
            EXIT_USAGE
        }
    }
}

/// A rule: title, why, fix, where it applies, and its text.
fn rule_text(rule: &Rule, library: &Library, language: Language) -> String {
    let policy = &library.policies[rule.policy];
    let headings: Vec<String> = rule.clauses.iter().map(|clause| format!("  {clause}  {}", heading(clause, library, language))).collect();
    let mut text = format!(
        "{}  [{}]\n{}\n\n{}\n\n{}\n\n{}\n",
        rule.id,
        rule.severity.text(language),
        rule.title.text(language),
        headings.join("\n"),
        rule.why.text(language),
        rule.fix.text(language)
    );
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

/// The heading of a clause, and the standing of its catalogue.
fn heading<'l>(citation: &str, library: &'l Library, language: Language) -> &'l str {
    library
        .catalogues
        .iter()
        .flat_map(|catalogue| &catalogue.clauses)
        .find(|clause| clause.citation == citation)
        .map_or("", |clause| clause.heading.text(language))
}

/// A clause: heading, standing, and the rules that cite it or a fragment of it.
fn clause_text(id: &str, library: &Library, language: Language) -> Option<String> {
    let catalogue = library.catalogues.iter().find(|catalogue| id.starts_with(&format!("{}:", catalogue.id)))?;
    let part_of = format!("{id}.");
    let clauses: Vec<_> =
        catalogue.clauses.iter().filter(|clause| clause.citation == id || clause.citation.starts_with(&part_of)).collect();
    if clauses.is_empty() {
        return None;
    }
    let mut text = format!("{}\n{}\n", catalogue.title.text(language), catalogue.status.text(language));
    for clause in clauses {
        text.push_str(&format!("\n{}  {}\n", clause.citation, clause.heading.text(language)));
        for rule in library.rules.iter().filter(|rule| rule.clauses.contains(&clause.citation)) {
            text.push_str(&format!("  {:<40} [{}] {}\n", rule.id, rule.severity.text(language), rule.title.text(language)));
        }
    }
    Some(text)
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
