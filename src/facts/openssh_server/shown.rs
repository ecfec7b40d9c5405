//! What the configuration points to into rows of `banner` and `references`.

use super::super::os_release;
use super::super::{Artefact, Cell, Evidence, Host, Tables, Value, Why};
use super::config::Config;
use super::keywords;
use super::view::{Reading, View, cell};
use crate::schema::neutral::{BANNER, REFERENCES};
use crate::snapshot::Lack;

/// Keywords that name a file or command, the keyword as people write it, and the kind of reference.
const NAMING: &[(&str, &str, &str)] = &[
    ("authorizedkeyscommand", "AuthorizedKeysCommand", "command"),
    ("banner", "Banner", "file"),
    ("trustedusercakeys", "TrustedUserCAKeys", "file"),
];

/// The rows of both tables, for the scopes of the configuration.
pub(super) fn rows<'a>(host: &Host<'a>, config: &Config<'a>, scopes: &[(usize, &'a str)], tables: &mut Tables<'a>) {
    let mut shown: Option<Cell<'a>> = None;
    for (number, scope) in scopes {
        let view = View::of_condition(config, *number);
        for (keyword, written, kind) in NAMING {
            let found = view.first(host, &[keyword]);
            // What a block takes over from the global section is named there.
            let own = found.evidence.iter().any(|it| matches!(it, Evidence::Scope(_)));
            let arguments = keywords::arguments_of(keyword);
            let reading = if *kind == "command" { Reading::RestOrNone } else { Reading::TextOrNone };
            let value = cell(host, &found, arguments, reading);
            if *keyword == "banner" && (own || *number == 0) && shown.map(|it| it.state) != Some(value.state) {
                banner(host, config, scope, &value, tables);
                shown = shown.or(Some(value));
            }
            if let Some(Value::Text(name)) = value.value()
                && (own || *number == 0)
            {
                let used_at = host.text(&format!("{written} ({scope})"));
                reference(host, (kind, name, used_at), exists(host, name, value.evidence), tables);
            }
        }
    }
    for inclusion in &config.inclusions {
        let evidence = host.evidence(&[Evidence::Decides(inclusion.span)]);
        let defined = match inclusion.found {
            Some(found) => Cell::known(Value::Boolean(found), evidence),
            None => Cell::unknown(Why::not_collected(inclusion.pattern), evidence),
        };
        reference(host, ("include", inclusion.pattern, "Include"), defined, tables);
    }
}

/// One row of `references`.
fn reference<'a>(host: &Host<'a>, (kind, name, used_at): (&'static str, &'a str, &'a str), defined: Cell<'a>, tables: &mut Tables<'a>) {
    let mut row = host.row(&REFERENCES, super::NAME);
    row.set(const { REFERENCES.column("kind") }, Cell::known(Value::Word(kind), &[]));
    row.set(const { REFERENCES.column("name") }, Cell::known(Value::Text(name), &[]));
    row.set(const { REFERENCES.column("used-at") }, Cell::known(Value::Text(used_at), &[]));
    row.set(const { REFERENCES.column("defined") }, defined);
    tables.push(row);
}

/// Whether the file that a text begins with is there; what follows it are arguments of a command.
fn exists<'a>(host: &Host<'a>, name: &'a str, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let path = name.split_ascii_whitespace().next().unwrap_or_default().trim_start_matches('/');
    match host.asset().look(path).lack {
        None => Cell::known(Value::Boolean(true), evidence),
        Some(lack @ (Lack::Absent | Lack::Dangling)) => {
            Cell::known(Value::Boolean(false), host.evidence(&[evidence, &[Evidence::Lacks(path, lack)]].concat()))
        }
        Some(lack) => Cell::unknown(Why::lacking(path, lack), evidence),
    }
}

/// Names of systems that a banner gives away, in lower case.
const SYSTEMS: &[&str] = &[
    "linux",
    "ubuntu",
    "debian",
    "red hat",
    "redhat",
    "rhel",
    "centos",
    "rocky",
    "almalinux",
    "openeuler",
    "kylin",
    "anolis",
    "suse",
    "uos",
    "uniontech",
    "unix",
    "openssh",
    "麒麟",
    "统信",
    "欧拉",
    "龙蜥",
];

/// The row of a banner that a scope shows.
fn banner<'a>(host: &Host<'a>, config: &Config<'a>, scope: &'a str, path: &Cell<'a>, tables: &mut Tables<'a>) {
    let mut row = host.row(&BANNER, super::NAME);
    let scope = if scope == "global" { "ssh" } else { host.text(&format!("ssh {scope}")) };
    row.set(const { BANNER.column("scope") }, Cell::known(Value::Text(scope), &[]));
    let (present, mentions) = match path.value() {
        Some(Value::Text(name)) => content(host, name, path.evidence),
        _ => (Cell::known(Value::Boolean(false), path.evidence), Cell::known(Value::Boolean(false), path.evidence)),
    };
    row.set(const { BANNER.column("present") }, present).set(const { BANNER.column("mentions-product") }, mentions);
    tables.push(super::doubted(config, row));
}

/// Whether a banner file shows something, and whether that names the system.
fn content<'a>(host: &Host<'a>, path: &'a str, evidence: &'a [Evidence<'a>]) -> (Cell<'a>, Cell<'a>) {
    let path = path.trim_start_matches('/');
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack @ (Lack::Absent | Lack::Dangling)) => {
            let evidence = host.evidence(&[evidence, &[Evidence::Lacks(path, lack)]].concat());
            return (Cell::known(Value::Boolean(false), evidence), Cell::known(Value::Boolean(false), evidence));
        }
        Artefact::Lacking(lack) => {
            let unknown = Cell::unknown(Why::lacking(path, lack), evidence);
            return (unknown, unknown);
        }
    };
    let shown = source.text.lines().map(str::trim).find(|line| !line.is_empty());
    let text = source.text.to_lowercase();
    let own = os_release::release(host).map(|release| release.name.to_lowercase()).filter(|name| !name.is_empty());
    // sshd sends the file as it is: the escapes of agetty(8) are shown as they stand, and say that they are meant for another reader.
    let escapes = ["\\m", "\\r", "\\s", "\\v"].iter().copied();
    let names = SYSTEMS.iter().copied().filter(|name| stands_alone(&text, name));
    let named = escapes.filter(|it| text.contains(*it)).chain(names).next().map(str::to_owned);
    let named = named.or_else(|| own.filter(|name| stands_alone(&text, name)));
    let read = host.evidence(&[evidence, &[Evidence::Reference(source.span(shown.unwrap_or(source.text)))]].concat());
    let unless_cut = |value: bool| match value || source.complete {
        true => Cell::known(Value::Boolean(value), read),
        false => Cell::unknown(Why::not_collected(path), read),
    };
    (unless_cut(shown.is_some()), unless_cut(named.is_some()))
}

/// Whether a word stands in a text with no letter or digit of its own script beside it.
fn stands_alone(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let beside = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
        !word.is_ascii() || !(beside(text[..at].chars().next_back()) || beside(text[at + word.len()..].chars().next()))
    })
}
