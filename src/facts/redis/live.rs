//! Replies of a running server (`CONFIG GET *`, `ACL LIST`, `INFO server`), as `redis-cli --csv` prints them, into values.

use std::borrow::Cow;

use super::super::queries::Answered;
use super::super::{Evidence, Host, Why};
use super::files;
use crate::names::Phrase;
use crate::parse::redis_conf::{self, Word};
use crate::source::Source;

/// The names of the queries.
pub(super) const QUERIES: [&str; 3] = ["acl", "config", "info"];

/// Values of directives that are secrets.
const SECRETS: [&str; 4] = ["masterauth", "requirepass", "tls-client-key-file-pass", "tls-key-file-pass"];

static NO_REPLY: Phrase =
    Phrase { zh: "{} 不是 redis-cli --csv 的完整结果", en: "{} is no whole reply as redis-cli --csv prints it" };

/// What one running server answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers<'a> {
    pub instance: &'a str,
    /// Names and values of its configuration.
    pub config: Vec<(&'a str, &'a str, Evidence<'a>)>,
    /// Its users, as lines of a file of users; none where it was not asked.
    pub users: Option<Vec<(&'a str, &'a Source<'a>, &'a str)>>,
    /// Its version.
    pub version: Option<(&'a str, Evidence<'a>)>,
    /// The file that it read when it started.
    pub file: Option<(&'a str, Evidence<'a>)>,
    /// The path of what it answered about its configuration.
    pub path: &'a str,
    /// An answer that is not whole.
    pub gap: Option<Why<'a>>,
    /// Whether it is a sentinel, which is another product.
    pub sentinel: bool,
}

impl<'a> Answers<'a> {
    /// What it says of one directive.
    pub(super) fn config(&self, name: &str) -> Option<(&'a str, Evidence<'a>)> {
        self.config.iter().find(|(known, ..)| *known == name).map(|(_, value, evidence)| (*value, *evidence))
    }

    /// Takes in one reply.
    pub(super) fn add(&mut self, host: &Host<'a>, query: &str, answered: &Answered<'a>) {
        let source = answered.source;
        let words = redis_conf::reply(source.text).filter(|words| {
            let error = words.first().is_none_or(|word| word.value == "ERROR" || word.text.starts_with("NOAUTH"));
            source.complete && !error
        });
        let Some(words) = words else {
            self.gap = self.gap.or(Some(Why::new("query-result-unreadable", &NO_REPLY, source.path)));
            return;
        };
        match query {
            "config" => {
                self.path = source.path;
                self.add_config(host, source, &words);
            }
            "acl" => self.users = Some(words.iter().map(|word| (value(host, word), source, word.text)).collect()),
            _ => self.add_info(host, source, &words),
        }
    }

    /// Pairs of names and values; a client may have written a header.
    fn add_config(&mut self, host: &Host<'a>, source: &'a Source<'a>, words: &[Word<'a>]) {
        let header = matches!(words, [name, value, ..] if name.value == "name" && value.value == "value");
        let words = if header { &words[2..] } else { words };
        if !words.len().is_multiple_of(2) {
            self.gap = self.gap.or(Some(Why::new("query-result-unreadable", &NO_REPLY, source.path)));
            return;
        }
        for pair in words.chunks_exact(2) {
            let name = value(host, &pair[0]);
            if SECRETS.contains(&name) && !pair[1].value.is_empty() {
                source.hide(pair[1].text);
            }
            self.config.push((name, value(host, &pair[1]), Evidence::Decides(source.span(pair[0].text))));
        }
    }

    /// The version among the lines about the server.
    fn add_info(&mut self, host: &Host<'a>, source: &'a Source<'a>, words: &[Word<'a>]) {
        let lines = words.iter().flat_map(|word| value(host, word).lines());
        for line in lines {
            if let Some(version) = line.strip_prefix("redis_version:") {
                self.version = Some((version.trim(), Evidence::Decides(source.whole())));
            }
            if let Some(path) = line.strip_prefix("config_file:") {
                // Started without a file, it shows none.
                let path = if path.trim().is_empty() { "-" } else { path.trim() };
                self.file = Some((path, Evidence::Decides(source.whole())));
            }
            self.sentinel |= line.trim() == "redis_mode:sentinel";
        }
    }
}

/// The value of a word, for as long as the asset lives.
fn value<'a>(host: &Host<'a>, word: &Word<'a>) -> &'a str {
    match &word.value {
        Cow::Borrowed(value) => value,
        Cow::Owned(value) => host.text(value),
    }
}

/// The answers by instance, and an answer that is there and could not be read.
pub(super) fn ask<'a>(host: &Host<'a>) -> (Vec<Answers<'a>>, Option<(&'a str, crate::snapshot::Lack)>) {
    let mut all: Vec<Answers<'a>> = Vec::new();
    let mut lacking = None;
    for query in QUERIES {
        let answers = host.query(super::NAME, query);
        lacking = lacking.or(answers.lacking.filter(|(_, lack)| *lack != crate::snapshot::Lack::NotCollected));
        for answered in answers.answered {
            let place = all.iter().position(|known| known.instance == answered.instance).unwrap_or_else(|| {
                all.push(Answers { instance: answered.instance, ..Answers::default() });
                all.len() - 1
            });
            all[place].add(host, query, answered);
        }
    }
    for (_, source, text) in all.iter().flat_map(|answers| answers.users.iter().flatten()) {
        for rule in text.split([' ', '"']).filter(|rule| !rule.is_empty()).skip(2) {
            files::hide_rule(source, rule);
        }
    }
    all.retain(|answers| !answers.sentinel);
    (all, lacking)
}
