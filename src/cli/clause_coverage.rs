//! `jixian coverage`: clauses and platforms into which rules prove what, and what nothing proves and why.

mod html;
mod json;
mod markdown;
mod matrix;
mod text;

use std::path::PathBuf;

use super::{EXIT_UNWRITTEN, EXIT_USAGE, PolicyArguments, load, print, tell};
use crate::error::{Message, Problem};
use crate::names::{Language, Platform, platform};
use matrix::{Matrix, Wanted};

/// Arguments of `jixian coverage`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    policies: PolicyArguments,
    /// How it is written.
    #[arg(long, default_value = "text", value_parser = ["text", "markdown", "json", "html"])]
    format: String,
    /// Only this catalogue, clause or article with its fragments (`nfra`, `nfra:28`); repeatable.
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// Only this platform; repeatable.
    #[arg(long = "platform", value_name = "NAME", value_parser = parse_platform)]
    platforms: Vec<&'static Platform>,
    /// Folder of cases, to count those of each rule.
    #[arg(long, value_name = "DIR", default_value = "fixtures/rules")]
    cases: PathBuf,
    /// Name every rule in text and Markdown, too.
    #[arg(long)]
    rules: bool,
}

/// Reads the name of a platform.
fn parse_platform(name: &str) -> Result<&'static Platform, String> {
    platform(name).ok_or_else(|| {
        let known: Vec<&str> = crate::names::PLATFORMS.iter().map(|platform| platform.name).collect();
        format!("there is no platform called `{name}`; known are {}", known.join(", "))
    })
}

/// Prints the coverage.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let (library, problems) = load(&arguments.policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let wanted = Wanted { clauses: &arguments.clauses, platforms: &arguments.platforms, cases: &arguments.cases };
    let matrix = Matrix::of(&library, &wanted);
    if matrix.rows.is_empty() {
        let asked = arguments.clauses.join(", ");
        let message = Message::new(format!("没有条款 {asked}"), format!("there is no clause {asked}"));
        tell(
            &[Problem::new("unknown-clause", message).help("例如 nfra、nfra:28、nfra:28.1", "for example nfra, nfra:28, nfra:28.1")],
            language,
        );
        return EXIT_USAGE;
    }
    let text = match arguments.format.as_str() {
        "json" => json::written(&matrix),
        "markdown" => markdown::written(&matrix, language, arguments.rules),
        "html" => html::written(&matrix, language),
        _ => text::written(&matrix, language, arguments.rules),
    };
    if print(&text) { 0 } else { EXIT_UNWRITTEN }
}
