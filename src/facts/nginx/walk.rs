//! A server's locations into views: each with the blocks that hold for it, the innermost first.

use super::headers;
use super::listen::Server;
use super::load::{Block, Entry};
use super::scope::Chain;
use crate::facts::Host;

/// The most locations inside one another.
const DEPTH_MOST: usize = 24;

/// What a request may be handled by.
#[derive(Debug)]
pub(super) struct View<'t, 'a> {
    /// The blocks that hold.
    pub chain: Chain<'t, 'a>,
    /// The cell `location`.
    pub name: &'a str,
    /// The word of the column `match`.
    pub matching: &'static str,
    /// What is answered at once, and the line that says so.
    pub answer: Option<(&'static str, &'t Entry<'a>)>,
    /// A condition on the way that turns requests away.
    pub condition: Option<&'a str>,
    /// The line that begins the block.
    pub entry: &'t Entry<'a>,
}

/// The views of a server. Where the server itself answers every request, no location is ever looked at.
pub(super) fn views<'t, 'a>(host: &Host<'a>, server: &Server<'t, 'a>) -> Vec<View<'t, 'a>> {
    let mut views = Vec::new();
    let answer = headers::answer(server.block);
    let condition = super::admission::refusing_condition(server.block);
    let root = server.block.all("location").any(|it| matches!(it.words.as_slice(), ["/"] | ["^~", "/"] | ["^~/"]));
    if answer.is_some() || !root {
        let chain = server.chain.clone();
        views.push(View { chain, name: "server", matching: "server", answer, condition, entry: server.entry });
    }
    if answer.is_none() {
        inside(host, (server.block, &server.chain), "", condition, 0, &mut views);
    }
    views
}

/// Adds the views of the locations of a block.
fn inside<'t, 'a>(
    host: &Host<'a>,
    (block, chain): (&'t Block<'a>, &Chain<'t, 'a>),
    outer: &'a str,
    condition: Option<&'a str>,
    depth: usize,
    views: &mut Vec<View<'t, 'a>>,
) {
    for entry in &block.entries {
        let Some(inner) = entry.block.as_ref().filter(|_| depth < DEPTH_MOST && host.spend(1)) else { continue };
        let inner_chain = chain.inside(inner);
        let written = entry.joined(host);
        let name = match (entry.name, outer) {
            ("if", _) => host.text(&format!("{outer} if {written}")),
            (_, "") => written,
            _ => host.text(&format!("{outer} {written}")),
        };
        match entry.name {
            "location" => {
                let condition = super::admission::refusing_condition(inner).or(condition);
                let answer = headers::answer(inner);
                let matching = if inner.all("internal").next().is_some() { "internal" } else { matching(entry) };
                inside(host, (inner, &inner_chain), name, condition, depth + 1, views);
                views.push(View { chain: inner_chain, name, matching, answer, condition, entry });
            }
            // What a condition in a location sets holds for those requests only; those that it answers itself are not content.
            "if" if depth > 0 && headers::answer(inner).is_none() && sets_something(inner) => {
                views.push(View { chain: inner_chain, name, matching: "if", answer: None, condition, entry });
            }
            _ => {}
        }
    }
}

/// Whether a block of a condition sets something that a table shows.
fn sets_something(block: &Block<'_>) -> bool {
    block.entries.iter().any(|entry| matches!(entry.name, "access_log" | "add_header" | "autoindex"))
}

/// How a location is matched.
fn matching(entry: &Entry<'_>) -> &'static str {
    match entry.word(0).as_bytes() {
        [b'=', ..] => "exact",
        [b'^', b'~', ..] => "prefix-final",
        [b'~', ..] => "regex",
        [b'@', ..] => "internal",
        _ => "prefix",
    }
}

/// The path of a location without what says how it is matched.
pub(super) fn path<'a>(entry: &Entry<'a>) -> &'a str {
    match entry.words.as_slice() {
        [_, path] => path,
        [one] => one.trim_start_matches(['=', '~', '^', '*']),
        _ => "",
    }
}
