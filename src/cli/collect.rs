//! The products' own lists of what they read into a plan that an operator can put into a change ticket.

use std::collections::BTreeSet;

use super::{EXIT_UNWRITTEN, EXIT_USAGE, Language, PolicyArguments, load, print, say, tell};
use crate::error::Message;
use crate::facts::{PRODUCTS, Product, Reading};
use crate::names::{PLATFORMS, Platform};
use crate::policy::Library;
use crate::schema::generic::Reader;

/// Arguments of `jixian collect`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print what is read of an asset, and nothing else: every file, command and query, all read-only.
    #[arg(long, required = true)]
    plan: bool,
    /// Only for assets of this platform.
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    /// Also what the `in` of these policies names.
    #[command(flatten)]
    policies: PolicyArguments,
}

/// Prints the plan.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    debug_assert!(arguments.plan, "the only thing that it does yet");
    let known = |platform: &&&Platform| arguments.platform.as_ref().is_none_or(|name| *name == platform.name);
    let platforms: Vec<&Platform> = PLATFORMS.iter().filter(known).copied().collect();
    if let (Some(name), []) = (&arguments.platform, platforms.as_slice()) {
        let names = PLATFORMS.iter().map(|platform| platform.name).collect::<Vec<_>>().join(", ");
        let message = Message::new(format!("没有平台 {name}；可用：{names}"), format!("no platform {name}; known are {names}"));
        say(message.text(language));
        return EXIT_USAGE;
    }
    let (library, problems) = load(&arguments.policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    let printed = print(&platforms.iter().map(|platform| plan(platform, &library)).collect::<String>());
    if printed { 0 } else { EXIT_UNWRITTEN }
}

/// What is read of an asset of a platform: each line once, by kind.
fn plan(platform: &Platform, library: &Library) -> String {
    let products: Vec<&Product> =
        PRODUCTS.iter().copied().filter(|product| product.platforms.iter().any(|it| it.name == platform.name)).collect();
    let mut files = BTreeSet::new();
    let mut looks = BTreeSet::new();
    let mut commands = BTreeSet::new();
    let mut queries = BTreeSet::new();
    for (product, reading) in products.iter().flat_map(|product| product.reads.iter().map(move |reading| (product, reading))) {
        match reading {
            Reading::File(path) | Reading::Glob(path) => drop(files.insert(format!("file     {path}"))),
            Reading::Look(path) => drop(looks.insert(format!("look     {path}"))),
            Reading::Command { name, line } => drop(commands.insert(format!("command  commands/{name}  <-  {line}"))),
            Reading::Query { name, sql } => drop(queries.insert(format!("query    commands/{}.{name}.csv  <-  {sql}", product.name))),
        }
    }
    for view in &library.views {
        let (kind, lines) = if view.reader == Reader::Files { ("look", &mut looks) } else { ("file", &mut files) };
        lines.extend(view.paths.iter().map(|path| format!("{kind:<8} {path}")));
    }
    let lines: Vec<String> = files.into_iter().chain(looks).chain(commands).chain(queries).collect();
    if lines.is_empty() { String::new() } else { format!("# {}\n{}\n\n", platform.name, lines.join("\n")) }
}
