//! `add_header` and `return` into the headers that answers carry and into what is answered.

use super::load::{Block, Entry};
use super::scope::Chain;
use crate::facts::{Cell, Evidence, Host, Value};

/// The headers of answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Headers<'a> {
    /// The cell `headers`.
    pub headers: Cell<'a>,
    /// The cell `hsts`.
    pub hsts: Cell<'a>,
}

/// The headers that are added: those of the innermost block that adds any, and with `add_header_inherit merge` (1.29.3) the outer ones.
pub(super) fn of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Headers<'a> {
    let mut lines: Vec<&Entry<'a>> = Vec::new();
    let mut doubt = None;
    let mut rest = chain.clone();
    loop {
        let found = rest.several(&["add_header"]);
        doubt = doubt.or(found.doubt);
        let inherit = rest.single("add_header_inherit");
        let word = inherit.first().map_or("on", |line| line.word(0));
        if word == "off" && found.level > 0 {
            break;
        }
        lines.extend(&found.entries);
        let next = found.level + 1;
        if word != "merge" || next >= rest.blocks.len() {
            break;
        }
        rest.blocks.drain(..next);
    }
    let evidence: Vec<Evidence<'a>> = match lines.as_slice() {
        [] => vec![Evidence::Searched(chain.main)],
        lines => lines.iter().take(32).map(|line| line.decides()).collect(),
    };
    let evidence = host.evidence(&evidence);
    if let Some(why) = doubt {
        let unknown = Cell::unknown(why, evidence);
        return Headers { headers: unknown, hsts: unknown };
    }
    let items: Vec<&'a str> =
        lines.iter().map(|line| host.text(&format!("{}: {}", line.word(0).to_ascii_lowercase(), line.word(1)))).collect();
    let strict = lines.iter().find(|line| line.word(0).eq_ignore_ascii_case("strict-transport-security"));
    let always = |line: &&&Entry<'a>| line.word(2) == "always";
    let hsts = match strict.filter(always).and_then(|line| max_age(line.word(1))) {
        Some(seconds) => Cell::known(Value::Duration(seconds), evidence),
        None => Cell::unset(strict.map_or(evidence, |line| host.evidence(&[line.decides()]))),
    };
    Headers { headers: Cell::known(host.texts(&items), evidence), hsts }
}

/// `max-age` of Strict-Transport-Security.
pub(in crate::facts) fn max_age(value: &str) -> Option<u64> {
    let parts = value.split(';').map(str::trim);
    let mut ages = parts.filter_map(|part| part.get(..8).filter(|name| name.eq_ignore_ascii_case("max-age=")).map(|_| &part[8..]));
    ages.next()?.trim_matches('"').parse().ok()
}

/// What a block answers to every request by itself, and the line that says so; none where it goes on.
pub(super) fn answer<'t, 'a>(block: &'t Block<'a>) -> Option<(&'static str, &'t Entry<'a>)> {
    block.entries.iter().find_map(|line| match line.name {
        "return" => Some((returned(line), line)),
        "rewrite" if matches!(line.word(0), "^" | "^(.*)$" | "^(.*)" | "(.*)" | "^/(.*)$" | "^/(.*)" | "^.*$" | ".*") => {
            let away = line.word(1).starts_with("https://") || line.word(1).starts_with("http://");
            let ends = away || matches!(line.word(2), "redirect" | "permanent");
            ends.then(|| (if line.word(1).starts_with("https://") { "redirect-https" } else { "redirect" }, line))
        }
        _ => None,
    })
}

/// What a `return` answers.
fn returned(line: &Entry<'_>) -> &'static str {
    let (code, target) = (line.word(0), line.word(1));
    let to = if code.contains("://") { code } else { target };
    match code {
        "301" | "302" | "303" | "307" | "308" if to.starts_with("https://") => "redirect-https",
        "301" | "302" | "303" | "307" | "308" => "redirect",
        _ if code.starts_with("https://") => "redirect-https",
        _ if code.starts_with("http://") || code.starts_with('$') => "redirect",
        _ if code.starts_with('4') || code.starts_with('5') => "refusal",
        _ => "text",
    }
}
