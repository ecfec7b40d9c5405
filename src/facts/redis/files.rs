//! Configuration files of Redis, with what they include and what units add, into the lines of each server.
//!
//! redis.conf, INCLUDES: an included file is read where it is named, so that what stands behind it wins; from 7.0 on the name may be a
//! pattern. Arguments of the command line come after the file.

use std::borrow::Cow;

use super::super::service_unit::{self, Unit};
use super::super::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::redis_conf::{self, Word};
use crate::reckon::glob;
use crate::snapshot::Lack;
use crate::source::Source;

/// How deep includes may go: the server has no limit of its own.
const DEPTH_MOST: usize = 16;

/// Where distributions and administrators have the files.
pub(super) const GLOBS: [&str; 4] = ["etc/redis*.conf", "etc/redis/*.conf", "opt/redis/*.conf", "usr/local/etc/redis*.conf"];

/// Where their units are.
pub(super) const UNITS: [&str; 3] =
    ["etc/systemd/system/redis*.service", "usr/lib/systemd/system/redis*.service", "lib/systemd/system/redis*.service"];

/// Directives whose values are secrets, and the number of the word that is.
const SECRETS: [(&str, usize); 4] = [("requirepass", 1), ("masterauth", 1), ("tls-key-file-pass", 1), ("tls-client-key-file-pass", 1)];

/// ACL rules that are words.
const RULES: [&str; 14] = [
    "allchannels",
    "allcommands",
    "allkeys",
    "clearselectors",
    "nocommands",
    "nopass",
    "off",
    "on",
    "reset",
    "resetchannels",
    "resetkeys",
    "resetpass",
    "sanitize-payload",
    "skip-sanitize-payload",
];

static REFUSED: Phrase = Phrase { zh: "服务器会因 {} 拒绝启动", en: "the server refuses to start because of {}" };
static TOO_DEEP: Phrase = Phrase { zh: "包含层次过深：{}", en: "includes go too deep at {}" };

/// A line that the server would not start with.
pub(super) fn refused(line: &str) -> Why<'_> {
    Why::new("refused", &REFUSED, line)
}

/// One directive.
#[derive(Clone, Debug)]
pub(super) struct Directive<'a> {
    /// Its name in lower case.
    pub name: &'a str,
    pub arguments: &'a [&'a str],
    pub evidence: Evidence<'a>,
    /// Whether it stands behind an `include` of its file: a `save` there forgets those before it, unlike others (7.0).
    pub after_include: bool,
}

/// One server's configuration.
#[derive(Debug, Default)]
pub(super) struct Configuration<'a> {
    pub path: &'a str,
    pub directives: Vec<Directive<'a>>,
    /// Why a directive could be missing.
    pub gap: Option<Why<'a>>,
    /// Files that it includes.
    included: Vec<&'a str>,
    /// Whether it is a sentinel's.
    sentinel: bool,
    /// The account that its unit names, and whether a unit was found.
    pub user: Option<(Option<&'a str>, Evidence<'a>)>,
}

impl<'a> Configuration<'a> {
    /// The last of a directive's lines.
    pub(super) fn last(&self, name: &str) -> Option<&Directive<'a>> {
        self.directives.iter().rev().find(|directive| directive.name == name)
    }

    /// All of a directive's lines.
    pub(super) fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Directive<'a>> {
        self.directives.iter().filter(move |directive| directive.name == name)
    }
}

/// What the host's files show.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub servers: Vec<Configuration<'a>>,
    /// A main file that could not be read.
    pub lacking: Option<(&'a str, Lack)>,
    /// Whether every place where a main file could be is proven empty.
    pub absent: bool,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>) -> Found<'a> {
    let mut found = Found { absent: true, ..Found::default() };
    for pattern in GLOBS {
        let matches = host.matching(pattern);
        found.absent &= matches.gap.is_none() && matches.paths.is_empty();
        found.lacking = found.lacking.or(matches.gap.filter(|(_, lack)| *lack != Lack::NotCollected));
        for path in matches.paths.iter().copied().filter(|path| !name(path).contains("sentinel")) {
            match host.file(path) {
                Artefact::Text(source) => {
                    let mut server = Configuration { path, ..Configuration::default() };
                    load(host, source, 0, &mut server);
                    found.servers.push(server);
                }
                Artefact::Lacking(Lack::Absent) => {}
                Artefact::Lacking(lack) => found.lacking = found.lacking.or(Some((path, lack))),
            }
        }
    }
    let included: Vec<&str> = found.servers.iter().flat_map(|server| server.included.iter().copied()).collect();
    found.servers.retain(|server| !server.sentinel && !included.contains(&server.path));
    add_units(host, &mut found.servers);
    found
}

/// The last name of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Adds the directives of one file and of what it includes.
fn load<'a>(host: &Host<'a>, source: &'a Source<'a>, depth: usize, server: &mut Configuration<'a>) {
    let document = redis_conf::read(source.text);
    let truncated = (!source.complete).then(|| Why::truncated(source.path));
    // What follows the name of a directive may be a password.
    let name_of = |line: &'a str| line.split_ascii_whitespace().next().unwrap_or_default();
    document.unbalanced.iter().for_each(|line| source.hide(line[name_of(line).len()..].trim()));
    server.gap = server.gap.or(truncated).or(document.unbalanced.first().map(|line| refused(name_of(line))));
    if !host.spend(document.lines.len() as u64) {
        server.gap = server.gap.or(Some(Why::budget_spent(source.path)));
        return;
    }
    let mut after_include = false;
    for line in &document.lines {
        let Some(first) = line.words.first() else { continue };
        let name = host.text(&first.value.to_ascii_lowercase());
        server.sentinel |= name == "sentinel";
        if name == "include" {
            for word in &line.words[1..] {
                include(host, value(host, word), depth, server);
            }
            after_include = true;
            continue;
        }
        hide(source, name, &line.words);
        let values: Vec<&'a str> = line.words[1..].iter().map(|word| value(host, word)).collect();
        let arguments = host.arena().alloc_slice_copy(&values);
        let evidence = Evidence::Decides(source.span(line.text));
        server.directives.push(Directive { name, arguments, evidence, after_include });
    }
}

/// The value of a word, for as long as the asset lives.
fn value<'a>(host: &Host<'a>, word: &Word<'a>) -> &'a str {
    match &word.value {
        Cow::Borrowed(value) => value,
        Cow::Owned(value) => host.text(value),
    }
}

/// Hides the passwords of a line.
fn hide(source: &Source<'_>, name: &str, words: &[Word<'_>]) {
    // A password without its quotes is several words.
    if let Some((_, place)) = SECRETS.iter().find(|(known, _)| *known == name) {
        words.iter().skip(*place).for_each(|word| source.hide(word.text));
    }
    if name == "user" {
        words.iter().skip(2).for_each(|word| hide_rule(source, word.text));
    }
}

/// Hides what an ACL rule sets as a password.
pub(super) fn hide_rule(source: &Source<'_>, rule: &str) {
    let rule = rule.trim_matches(['"', '\'']);
    match rule.chars().next() {
        Some('>' | '<' | '#' | '!') => source.hide(&rule[1..]),
        Some('+' | '-' | '~' | '&' | '%' | '(' | ')') => {}
        // A password whose sign was forgotten.
        _ if !RULES.contains(&rule.to_ascii_lowercase().trim_end_matches(')')) => source.hide(rule),
        _ => {}
    }
}

/// Adds what an `include` names.
fn include<'a>(host: &Host<'a>, path: &'a str, depth: usize, server: &mut Configuration<'a>) {
    if depth >= DEPTH_MOST {
        server.gap = server.gap.or(Some(Why::new("too-deep", &TOO_DEEP, path)));
        return;
    }
    if !path.starts_with('/') {
        // Relative to wherever the server is started.
        server.gap = server.gap.or(Some(Why::not_understood(path)));
        return;
    }
    let paths: Vec<&'a str> = if glob::is_pattern(path) {
        let matches = host.matching(path);
        server.gap = server.gap.or(matches.gap.map(|(path, lack)| Why::lacking(path, lack)));
        matches.paths.to_vec()
    } else {
        vec![path.trim_start_matches('/')]
    };
    for path in paths {
        server.included.push(path);
        match host.file(path) {
            Artefact::Text(source) => load(host, source, depth + 1, server),
            Artefact::Lacking(lack) => server.gap = server.gap.or(Some(Why::lacking(path, lack))),
        }
    }
}

/// Adds the account and the arguments of each server's unit.
fn add_units<'a>(host: &Host<'a>, servers: &mut [Configuration<'a>]) {
    if servers.is_empty() {
        return;
    }
    let mut names: Vec<&'a str> = UNITS.iter().flat_map(|pattern| host.matching(pattern).paths).map(|path| name(path)).collect();
    names.sort_unstable();
    names.dedup();
    for unit_name in names.into_iter().filter(|name| !name.contains("sentinel")) {
        let unit = service_unit::read(host, unit_name);
        let Some(main) = unit.main else {
            servers.iter_mut().for_each(|server| server.gap = server.gap.or(unit.gap));
            continue;
        };
        let (words, gap) = unit.arguments(host);
        // What it starts could stand in what was not read.
        let started = servers.iter().any(|server| words.iter().any(|word| starts(word.value, server.path)));
        if let (Some(why), false) = (gap, started) {
            servers.iter_mut().for_each(|server| server.gap = server.gap.or(Some(why)));
        }
        for server in servers.iter_mut() {
            let started = words.iter().position(|word| starts(word.value, server.path));
            let Some(at) = started.filter(|_| server.user.is_none() || !unit_name.contains('@')) else { continue };
            server.gap = server.gap.or(gap);
            server.user = Some(account(&unit, main));
            add_arguments(host, &words[at + 1..], server);
        }
    }
}

/// Whether a word of a command line names this file; `%i` of a template stands for any text.
fn starts(word: &str, path: &str) -> bool {
    let Some(word) = word.strip_prefix('/') else { return false };
    word == path || word.contains("%i") && glob::matches(&word.replace("%i", "*"), path)
}

/// The account of a unit, and what shows it.
fn account<'a>(unit: &Unit<'a>, main: &'a Source<'a>) -> (Option<&'a str>, Evidence<'a>) {
    match unit.user {
        Some(user) => (Some(user.value), user.evidence),
        None => (None, Evidence::Reference(main.whole())),
    }
}

/// Adds `--port 6380 --bind …` of a command line.
fn add_arguments<'a>(host: &Host<'a>, words: &[service_unit::Assigned<'a>], server: &mut Configuration<'a>) {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let Some(name) = word.value.strip_prefix("--") else { continue };
        let values: Vec<&'a str> = words[at..].iter().map(|word| word.value).take_while(|value| !value.starts_with("--")).collect();
        at += values.len();
        let name = host.text(&name.to_ascii_lowercase());
        if let (Evidence::Decides(span), Some((_, place))) = (word.evidence, SECRETS.iter().find(|(known, _)| *known == name))
            && let (Some(source), Some(value)) = (host.sources().source(span.source), values.get(place - 1))
        {
            source.hide(value);
        }
        let arguments = host.arena().alloc_slice_copy(&values);
        server.directives.push(Directive { name, arguments, evidence: word.evidence, after_include: true });
    }
}
