//! What products and policies ask for into the plan of a collection: each file, look and command once, in order.

use std::collections::BTreeSet;

use crate::names::Platform;

/// What must be read so that a product can be judged: the one list, from which `collect` takes its plan.
#[derive(Debug)]
pub enum Reading {
    /// A file at this path.
    File(&'static str),
    /// Every file that matches this glob.
    Glob(&'static str),
    /// What is at every path that matches this glob: kind, owner and mode, never the content.
    Look(&'static str),
    /// The output of this command, kept under `commands/<name>`.
    Command {
        /// Name under `commands/`.
        name: &'static str,
        /// The command line.
        line: &'static str,
    },
    /// The result of this query, kept under `commands/` as `facts::queries` says.
    Query {
        /// Name of the query.
        name: &'static str,
        /// One statement that only reads.
        sql: &'static str,
    },
    /// What another product reads, on which this one builds.
    Shared(&'static [Reading]),
}

/// One thing that is read of an asset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Every file at a path, which may be a glob: content, owner and mode.
    File(String),
    /// What is at a path, which may be a glob: kind, owner and mode, never the content.
    Look(String),
    /// The output of a command.
    Command {
        /// Name under `commands/`.
        name: String,
        /// The command line, for `sh -c` on a host and as it is on a device.
        line: String,
    },
    /// A query that no client of ours asks: its result is taken where somebody saved it.
    Unasked {
        /// Name under `commands/`.
        name: String,
        /// The statement.
        sql: String,
    },
}

/// What is read of every asset of a platform.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The platform.
    pub platform: &'static Platform,
    /// The items, sorted, each once.
    pub items: Vec<Item>,
}

impl Plan {
    /// The plan of some items.
    pub fn new(platform: &'static Platform, items: impl IntoIterator<Item = Item>) -> Plan {
        let mut items: BTreeSet<Item> = items.into_iter().collect();
        // Whoever reads a file looks at it too.
        let files: Vec<String> =
            items.iter().filter_map(|item| if let Item::File(path) = item { Some(path.clone()) } else { None }).collect();
        for path in files {
            items.remove(&Item::Look(path));
        }
        Plan { platform, items: items.into_iter().collect() }
    }

    /// The commands: name under `commands/` and line.
    pub fn commands(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().filter_map(|item| match item {
            Item::Command { name, line } => Some((name.as_str(), line.as_str())),
            Item::File(_) | Item::Look(_) | Item::Unasked { .. } => None,
        })
    }

    /// One line for each item, for a change ticket.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.items.iter().map(|item| match item {
            Item::File(path) => format!("file     {path}"),
            Item::Look(path) => format!("look     {path}"),
            Item::Command { name, line } => format!("command  commands/{name}  <-  {line}"),
            Item::Unasked { name, sql } => format!("query    commands/{name}  <-  {sql}"),
        })
    }
}
