//! sshd's setting and the accounts of passwd(5) into the key files that sshd would read.

use bumpalo::collections::String as BumpString;

use crate::facts::{Artefact, Cell, Evidence, Host, Value, Why};
use crate::names::Phrase;
use crate::parse::authorized_keys as syntax;
use crate::parse::colon;
use crate::parse::key_value::{self, Dialect, Quotes, Separator};
use crate::reckon::glob;
use crate::snapshot::Lack;
use crate::source::Source;

/// sshd_config(5), as far as it takes to find one keyword.
const SSHD_CONFIG: Dialect =
    Dialect { separator: Separator::Either, comments: &['#'], comments_after_values: true, quotes: Quotes::Kept, bare_keys: true };

/// What distributions include in sshd's configuration.
const SSHD_DROP_INS: &str = "etc/ssh/sshd_config.d/*.conf";

/// sshd's own files, where AuthorizedKeysFile is not set.
const DEFAULT_FILES: &[&str] = &[".ssh/authorized_keys", ".ssh/authorized_keys2"];

static BY_COMMAND: Phrase = Phrase { zh: "公钥由命令提供：{}", en: "keys are given by a command: {}" };

/// Where keys are looked for.
#[derive(Debug, Default)]
pub(in crate::facts) struct Patterns<'a> {
    /// As AuthorizedKeysFile writes them, in any section of the configuration.
    files: Vec<&'a str>,
    /// Whether there are any, and all lie in the account's home.
    in_home: bool,
    /// Why keys could stand elsewhere, if they could.
    gap: Option<Why<'a>>,
}

/// One file of one account.
#[derive(Debug)]
pub(super) struct KeyFile<'a> {
    /// The account, if it is known.
    pub(super) account: Option<&'a str>,
    /// What became of it.
    pub(super) outcome: Outcome<'a>,
}

/// What became of reading a key file that may be there.
#[derive(Debug)]
pub(super) enum Outcome<'a> {
    /// It was read.
    Read(&'a Source<'a>),
    /// It is proven absent from this path.
    Absent(&'a str),
    /// Whether it holds keys is not known.
    Unknown(Why<'a>),
}

/// sshd's patterns, looked for once per host.
fn patterns<'h, 'a>(host: &'h Host<'a>) -> &'h Patterns<'a> {
    host.shared.key_patterns.get_or_init(|| {
        let mut patterns = Patterns::default();
        let includes = host.matching(SSHD_DROP_INS);
        // Whether sshd's own files are read, or may be.
        let mut default = true;
        for path in ["etc/ssh/sshd_config"].iter().chain(includes.paths) {
            match host.file(path) {
                Artefact::Text(source) => default &= !add(host, source, &mut patterns),
                Artefact::Lacking(Lack::Absent) => {}
                Artefact::Lacking(lack) => {
                    default = true;
                    patterns.gap = patterns.gap.or(Some(Why::lacking(path, lack)));
                }
            }
        }
        if default {
            patterns.files.extend(DEFAULT_FILES);
        }
        patterns.files.sort_unstable();
        patterns.files.dedup();
        patterns.in_home = !patterns.files.is_empty() && patterns.files.iter().all(|pattern| is_in_home(pattern));
        patterns
    })
}

/// Whether a pattern leads to somewhere below the home directory, whatever the account.
fn is_in_home(pattern: &str) -> bool {
    let below = pattern.strip_prefix("%h/").unwrap_or(pattern);
    !below.starts_with('/') && !below.contains('%') && !below.contains("..")
}

/// Adds what one file says; whether it sets the files for everybody (outside `Match`).
fn add<'a>(host: &Host<'a>, source: &'a Source<'a>, patterns: &mut Patterns<'a>) -> bool {
    let (mut global, mut matched) = (false, false);
    for setting in key_value::read(source.text, &SSHD_CONFIG).settings {
        let is = |name: &str| setting.key.eq_ignore_ascii_case(name);
        if is("Match") {
            matched = true;
        } else if is("AuthorizedKeysFile") {
            let files = setting.value.split([' ', '\t', '"']).filter(|file| !file.is_empty() && !file.eq_ignore_ascii_case("none"));
            patterns.files.extend(files);
            global |= !matched;
        } else if is("Include") {
            let glob = setting.value.trim_matches('"').trim_start_matches('/');
            if let (SSHD_DROP_INS, Some((path, lack))) = (glob, host.matching(SSHD_DROP_INS).gap) {
                patterns.gap = patterns.gap.or(Some(Why::lacking(path, lack)));
            }
        } else if is("AuthorizedKeysCommand") && !setting.value.eq_ignore_ascii_case("none") {
            patterns.gap = patterns.gap.or(Some(Why::new("not-in-files", &BY_COMMAND, setting.value)));
        }
    }
    if !source.complete {
        patterns.gap = patterns.gap.or(Some(Why::truncated(source.path)));
    }
    global
}

/// Every key file that was read or could hold keys.
pub(super) fn all<'a>(host: &Host<'a>) -> Vec<KeyFile<'a>> {
    let mut found = Vec::new();
    match host.file("etc/passwd") {
        Artefact::Text(source) => {
            for record in colon::read::<7>(source.text) {
                let [name, .., home, shell] = record.fields;
                if may_hold_keys(home, shell) && host.spend(1) {
                    of_account(host, name, home, &mut found);
                }
            }
            if !source.complete {
                found.push(KeyFile { account: None, outcome: Outcome::Unknown(Why::truncated("etc/passwd")) });
            }
        }
        Artefact::Lacking(lack) => {
            of_homes(host, &mut found);
            found.push(KeyFile { account: None, outcome: Outcome::Unknown(Why::lacking("etc/passwd", lack)) });
        }
    }
    if let Some(why) = patterns(host).gap {
        found.push(KeyFile { account: None, outcome: Outcome::Unknown(why) });
    }
    found
}

/// Whether an account's key files are looked for: people's, root's, and those of services whose shell lets them in.
fn may_hold_keys(home: &str, shell: &str) -> bool {
    home == "/root" || home.starts_with("/home/") || crate::facts::accounts::is_interactive(shell)
}

/// Adds the files of one account.
fn of_account<'a>(host: &Host<'a>, name: &'a str, home: &'a str, found: &mut Vec<KeyFile<'a>>) {
    for pattern in &patterns(host).files {
        let path = expand(host, pattern, name, home);
        let outcome = match host.file(path) {
            Artefact::Text(source) => Outcome::Read(source),
            Artefact::Lacking(Lack::Absent) => Outcome::Absent(path),
            // Its directory was collected, and it is not there.
            Artefact::Lacking(Lack::NotCollected) if is_listed_whole(host, path) => Outcome::Absent(path),
            Artefact::Lacking(lack) => Outcome::Unknown(Why::lacking(path, lack)),
        };
        found.push(KeyFile { account: Some(name), outcome });
    }
}

/// Whether nothing more can lie beside a path than what was collected.
fn is_listed_whole(host: &Host<'_>, path: &str) -> bool {
    let (directory, _) = path.rsplit_once('/').unwrap_or(("", path));
    if glob::is_pattern(path) {
        return host.matching(&format!("{path}*")).gap.is_none();
    }
    match host.names(directory) {
        Ok((_, complete)) => complete,
        Err(lack) => lack == Lack::Absent,
    }
}

/// Adds what lies in the customary homes, where the accounts are not known.
fn of_homes<'a>(host: &Host<'a>, found: &mut Vec<KeyFile<'a>>) {
    for glob in ["root/.ssh/authorized_keys*", "home/*/.ssh/authorized_keys*"] {
        for path in host.matching(glob).paths {
            let account = path.split('/').rev().nth(2);
            if let Artefact::Text(source) = host.file(path) {
                found.push(KeyFile { account, outcome: Outcome::Read(source) });
            }
        }
    }
}

/// The path that a pattern stands for: `%u`, `%h` and `%%`, relative ones below the home directory.
fn expand<'a>(host: &Host<'a>, pattern: &str, name: &str, home: &str) -> &'a str {
    let mut path = BumpString::with_capacity_in(home.len() + 1 + pattern.len() + name.len(), host.arena());
    if !pattern.starts_with(['/', '%']) {
        path.push_str(home);
        path.push('/');
    }
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        path.push_str(&rest[..at]);
        match rest[at + 1..].chars().next() {
            Some('u') => path.push_str(name),
            Some('h') => path.push_str(home),
            Some('%') => path.push('%'),
            _ => path.push_str(rest.get(at..at + 2).unwrap_or_default()),
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    path.push_str(rest);
    path.into_bump_str().trim_start_matches('/')
}

/// How many keys an account accepts; unset where none of its files was collected, unknown where only some were.
pub(in crate::facts) fn count<'a>(host: &Host<'a>, name: &'a str, home: &'a str, shell: &str) -> Cell<'a> {
    if !may_hold_keys(home, shell) {
        return Cell::NONE;
    }
    // Nothing was collected of the home, and so none of its files.
    if patterns(host).in_home && host.asset().lacks(home.trim_start_matches('/')) == Some(Lack::NotCollected) {
        return Cell::NONE;
    }
    let mut found = Vec::new();
    of_account(host, name, home, &mut found);
    let (mut keys, mut pieces, mut missing) = (0, Vec::new(), patterns(host).gap);
    for file in &found {
        match file.outcome {
            Outcome::Read(source) => {
                keys += syntax::read(source.text).entries.len();
                pieces.push(Evidence::Reference(source.whole()));
                missing = missing.or((!source.complete).then(|| Why::truncated(source.path)));
            }
            Outcome::Absent(path) => pieces.push(Evidence::Lacks(path, Lack::Absent)),
            Outcome::Unknown(why) => missing = missing.or(Some(why)),
        }
    }
    match missing {
        None => Cell::known(Value::Integer(i64::try_from(keys).unwrap_or(i64::MAX)), host.evidence(&pieces)),
        Some(_) if pieces.is_empty() => Cell::NONE,
        Some(why) => Cell::unknown(why, host.evidence(&pieces)),
    }
}
