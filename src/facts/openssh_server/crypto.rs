//! The algorithm keywords, and Red Hat's crypto policy, into what is offered: cells of `sshd` and rows of `crypto`.

use super::super::{Artefact, Cell, Evidence, Host, Tables, Value, Why};
use super::algorithms::{self, Edit, Kind};
use super::config::{Config, Reach};
use super::defaults;
use super::version::Builder;
use super::view::{View, unsure};
use crate::names::Phrase;
use crate::schema::neutral::CRYPTO;
use crate::snapshot::Lack;
use crate::source::Source;

/// What Red Hat's crypto policy gives to sshd: a file to include from 9 on, options for the command line in 8.
const POLICY: &str = "etc/crypto-policies/back-ends/opensshserver.config";
/// Where the service of Red Hat 8 takes variables from that win over the policy's.
const SERVICE: &str = "etc/sysconfig/sshd";

static BY_POLICY: Phrase = Phrase {
    zh: "算法取决于系统加密策略或厂商编译的默认值，{} 未给出",
    en: "the algorithms depend on the system's crypto policy or on the vendor's build, which {} does not show",
};

/// What is offered of one kind.
#[derive(Debug)]
pub(super) struct Offered<'a> {
    kind: Kind,
    word: &'static str,
    /// The cell of the table `sshd`.
    pub(super) cell: Cell<'a>,
    names: Vec<&'a str>,
    /// Set where others may be offered too.
    gap: Option<Why<'a>>,
}

/// A list as it is written somewhere, and what shows it.
type Written<'a> = (&'a str, &'a [Evidence<'a>]);

/// What is offered of each kind, in the order of [`Kind::ALL`].
pub(super) fn offered<'a>(host: &Host<'a>, config: &Config<'a>) -> [Offered<'a>; 4] {
    let options = command_line(host, config);
    Kind::ALL.map(|(kind, keyword, word)| {
        let written = match &options {
            Err(why) => return unknown(kind, word, *why, &[]),
            Ok(options) => options.iter().find(|(name, ..)| name.eq_ignore_ascii_case(keyword)).map(|(_, list, shown)| (*list, *shown)),
        };
        match written.or_else(|| first_line(host, config, keyword)) {
            Some(written) => listed(host, config, (kind, word), written),
            // What was not read could set the list, whatever it is about.
            None => match config.issues.first().map(|issue| issue.why) {
                Some(why) => unknown(kind, word, why, &[]),
                None => listed(host, config, (kind, word), ("+", evidence_of_default(host, config))),
            },
        }
    })
}

/// The rows of the table `crypto`.
pub(super) fn rows<'a>(host: &Host<'a>, offered: &[Offered<'a>; 4], tables: &mut Tables<'a>) {
    for of in offered {
        let kind = Cell::known(Value::Word(of.word), &[]);
        let context = Cell::known(Value::Text("sshd"), &[]);
        for name in &of.names {
            let mut row = host.row(&CRYPTO, super::NAME);
            row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
            row.set(const { CRYPTO.column("name") }, Cell::known(Value::Text(name), of.cell.evidence));
            let strength = match algorithms::strength(of.kind, name) {
                Some(strength) => Cell::known(Value::Word(strength), of.cell.evidence),
                None => Cell::unknown(Why::not_understood(name), of.cell.evidence),
            };
            row.set(const { CRYPTO.column("strength") }, strength);
            tables.push(row);
        }
        if let Some(why) = of.gap {
            let mut row = host.gap(&CRYPTO, super::NAME, why);
            row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
            tables.push(row);
        }
    }
}

/// The first global line of a keyword, unless something before it is not known.
fn first_line<'a>(host: &Host<'a>, config: &Config<'a>, keyword: &'static str) -> Option<Written<'a>> {
    let at = config.directives.iter().position(|it| it.keyword.means == keyword)?;
    if open(config, at).is_some() {
        return None;
    }
    let found = View::of_condition(config, 0).first(host, &[keyword]);
    found.word().map(|list| (list, found.evidence))
}

/// Why a list may have been set before the directive of a number: an included policy that is not there to be read.
fn open<'a>(config: &Config<'a>, directive: usize) -> Option<Why<'a>> {
    let unread = config.issues.iter().find(|issue| issue.reach == Reach::Algorithms && issue.directives_before <= directive);
    unread.map(|issue| issue.why)
}

/// What shows that a list is not set.
fn evidence_of_default<'a>(host: &Host<'a>, config: &Config<'a>) -> &'a [Evidence<'a>] {
    let mut evidence = vec![Evidence::Default(defaults::algorithms(config.versions.builder))];
    evidence.extend(config.files.iter().take(4).map(|it| Evidence::Searched(it.path)));
    evidence.extend(config.versions.shown);
    host.evidence(&evidence)
}

/// What a list offers.
fn listed<'a>(host: &Host<'a>, config: &Config<'a>, (kind, word): (Kind, &'static str), written: Written<'a>) -> Offered<'a> {
    let (list, evidence) = written;
    let versions = &config.versions;
    let (edit, names) = algorithms::edit(list);
    let value = |names: &[&'a str]| host.texts(names);
    if edit == Edit::Replaces {
        let names = algorithms::assembled(kind, list, &[]);
        return Offered { kind, word, cell: Cell::known(value(&names), evidence), names, gap: None };
    }
    if !algorithms::known_defaults(versions.builder) {
        let why = Why::new("crypto-policy", &BY_POLICY, config.main);
        if edit == Edit::Removes || names.is_empty() {
            return unknown(kind, word, why, evidence);
        }
        let added = algorithms::assembled(kind, names, &[]);
        let items: Vec<Value<'a>> = added.iter().map(|it| Value::Text(it)).chain([Value::Opaque("?")]).collect();
        let cell = Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), evidence);
        return Offered { kind, word, cell, names: added, gap: Some(why) };
    }
    let mut possible: Vec<Vec<&'a str>> = Vec::new();
    for release in versions.releases() {
        let names = algorithms::assembled(kind, list, &algorithms::by_default(kind, release, versions.builder));
        if !possible.contains(&names) {
            possible.push(names);
        }
    }
    match &possible[..] {
        [only] => Offered { kind, word, cell: Cell::known(value(only), evidence), names: only.clone(), gap: None },
        several => {
            let certain = several.first().into_iter().flatten().filter(|name| several.iter().all(|names| names.contains(name)));
            let names = certain.copied().collect();
            let cell = unsure(host, several.iter().map(|names| value(names)), evidence);
            Offered { kind, word, cell, names, gap: Some(Why::version_not_known("OpenSSH")) }
        }
    }
}

/// A kind of which nothing is known.
fn unknown<'a>(kind: Kind, word: &'static str, why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Offered<'a> {
    Offered { kind, word, cell: Cell::unknown(why, evidence), names: Vec::new(), gap: Some(why) }
}

/// Keyword, value and evidence of an option.
type Choice<'a> = (&'a str, &'a str, &'a [Evidence<'a>]);

/// The options that the service of Red Hat 8 puts on the command line, which win over the file: `-oCiphers=… -oMACs=…` in the variable
/// CRYPTO_POLICY, of the service's own file if it stands there (an empty one opts out), else of the policy.
fn command_line<'a>(host: &Host<'a>, config: &Config<'a>) -> Result<Vec<Choice<'a>>, Why<'a>> {
    if config.versions.builder != Builder::RedHat8 {
        return Ok(Vec::new());
    }
    for path in [SERVICE, POLICY] {
        match host.file(path) {
            Artefact::Text(source) => {
                if let Some(variable) = variable(source) {
                    return Ok(choices(host, source, variable));
                }
                if !source.complete {
                    return Err(Why::not_collected(path));
                }
            }
            // Both are read if they are there (systemd's `EnvironmentFile=-`).
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(lack) => return Err(Why::lacking(path, lack)),
        }
    }
    Ok(Vec::new())
}

/// The last value of the variable that is not commented out.
fn variable<'a>(source: &Source<'a>) -> Option<&'a str> {
    source.text.lines().rev().find_map(|line| line.trim().strip_prefix("CRYPTO_POLICY=")).map(|value| value.trim_matches(['\'', '"']))
}

/// The `-oKEYWORD=VALUE` of a variable.
fn choices<'a>(host: &Host<'a>, source: &Source<'a>, variable: &'a str) -> Vec<Choice<'a>> {
    let options = variable.split_ascii_whitespace().filter_map(|word| word.strip_prefix("-o")?.split_once('='));
    options.map(|(name, value)| (name, value, host.evidence(&[Evidence::Decides(source.span(value))]))).collect()
}
