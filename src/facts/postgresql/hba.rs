//! pg_hba.conf with its includes, or the server's view of it, into rules in the order in which they are tried.

use std::net::IpAddr;

use super::super::{Artefact, Evidence, Host, Why};
use super::files::resolved;
use super::installations::{Flavour, Installation};
use super::settings;
use crate::names::Phrase;
use crate::parse::pg_hba::{self, Entry, Word};
use crate::reckon::network::Addresses;
use crate::schema::postgresql::{METHODS, TYPES};
use crate::snapshot::Lack;
use crate::source::Source;

/// The most rules of an installation.
const RULES_MOST: usize = 20_000;

/// How deep includes may nest: CONF_FILE_MAX_DEPTH of the server.
const DEPTH_MOST: u32 = 10;

/// The query of the server's view.
pub(super) const QUERY: &str = "hba";

const COLUMNS: [&str; 8] = ["line_number", "type", "databases", "users", "address", "netmask", "method", "options"];

static REFUSED: Phrase = Phrase {
    zh: "{} 有服务器不接受的行：服务器沿用更早的规则或无法启动",
    en: "the server refuses a line of {} and keeps earlier rules or does not start",
};

/// A database, user or keyword of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The text without quotes.
    pub text: &'a str,
    /// Whether it was quoted, and is so no keyword.
    pub quoted: bool,
}

impl Name<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }
}

/// Which clients a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Those of these addresses.
    Addresses(Addresses),
    /// Those of this host's own addresses.
    ThisHost,
    /// Those of networks or names that are not known at rest.
    Unresolved,
}

/// One rule.
#[derive(Clone, Debug)]
pub(super) struct Rule<'a> {
    /// Its fields without options, single blanks between them.
    pub key: &'a str,
    /// Its line, where it is shown.
    pub line: Option<u32>,
    /// Where it stands.
    pub evidence: Evidence<'a>,
    /// A word of [`TYPES`].
    pub kind: &'static str,
    /// Databases.
    pub databases: &'a [Name<'a>],
    /// Users.
    pub users: &'a [Name<'a>],
    /// Clients; none for a Unix socket.
    pub from: Option<From>,
    /// A word of [`METHODS`].
    pub method: &'static str,
    /// Which certificate is asked for beside the method, as written.
    pub clientcert: Option<&'a str>,
    /// Servers that decide: those of RADIUS or LDAP.
    pub servers: &'a [&'a str],
}

/// The rules of an installation.
#[derive(Debug, Default)]
pub(super) struct Rules<'a> {
    /// In order.
    pub list: Vec<Rule<'a>>,
    /// Why a rule may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the rules of an installation: of its file, else of the server's view of it.
pub(super) fn read<'a>(host: &Host<'a>, installation: &Installation<'a>, all: &[Installation<'a>]) -> Rules<'a> {
    let mut rules = Rules::default();
    let path = path(host, installation);
    let collected = path.is_some_and(|path| !matches!(host.file(path), Artefact::Lacking(Lack::NotCollected)));
    match (path, installation.answer(host, all, QUERY)) {
        (Some(path), _) if collected => Reader { host, installation, rules: &mut rules }.file(path, 0),
        (_, Ok(answered)) => {
            rules.gap = answered.gap(host, &COLUMNS);
            for (record, fields) in answered.records(COLUMNS).into_iter().flatten().take(RULES_MOST) {
                match of_view(host, fields, answered.decides(record)) {
                    Some(rule) => rules.list.push(rule),
                    None => rules.gap = rules.gap.or(Some(Why::new("not-understood", &REFUSED, host.text(answered.source.path)))),
                }
            }
        }
        (Some(path), Err(_)) => rules.gap = Some(Why::not_collected(path)),
        (None, Err(why)) => rules.gap = Some(why),
    }
    rules
}

/// The file of client authentication: what `hba_file` says, else the one beside the main file.
fn path<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Option<&'a str> {
    let folder = installation.folder?;
    let name = if installation.flavour == Flavour::Kingbase { "sys_hba.conf" } else { "pg_hba.conf" };
    let set = settings::named(host, installation, "hba_file");
    let set = set.as_ref().and_then(|it| it.known()).map(|read| read.text).filter(|text| !text.is_empty());
    Some(match set {
        Some(set) if set.starts_with('/') => host.text(set.trim_start_matches('/')),
        Some(set) => host.text(&format!("{}/{set}", installation.data)),
        None => host.text(&format!("{folder}/{name}")),
    })
}

/// A file and its includes on the way into rules.
struct Reader<'r, 'a> {
    host: &'r Host<'a>,
    installation: &'r Installation<'a>,
    rules: &'r mut Rules<'a>,
}

impl<'a> Reader<'_, 'a> {
    /// Notes why a rule may be missing.
    fn lacks(&mut self, why: Why<'a>) {
        self.rules.gap = self.rules.gap.or(Some(why));
    }

    /// Reads a file that must be there.
    fn file(&mut self, path: &'a str, depth: u32) {
        let source = match self.host.file(path) {
            Artefact::Text(source) => source,
            Artefact::Lacking(lack) => return self.lacks(Why::lacking(path, lack)),
        };
        if depth > DEPTH_MOST {
            return self.lacks(Why::budget_spent(path));
        }
        if !source.complete {
            self.lacks(Why::truncated(source.path));
        }
        // Versions before 14 end an entry with its line; where the version is not known the newer reading is taken.
        let joins = self.installation.version.is_none_or(|version| version >= 14);
        let mut line = LineCounter::default();
        for entry in pg_hba::read(source.text, joins) {
            if !self.host.spend(1) || self.rules.list.len() >= RULES_MOST {
                return self.lacks(Why::budget_spent(path));
            }
            if self.includes(source, &entry, depth) {
                continue;
            }
            hide_secrets(source, entry.text);
            let number = line.of(source, entry.text);
            match self.rule(source, &entry, number) {
                Some(rule) => self.rules.list.push(rule),
                None => self.lacks(Why::new("not-understood", &REFUSED, source.path)),
            }
        }
    }

    /// Follows an include (16 and later); whether the entry is one.
    fn includes(&mut self, source: &'a Source<'a>, entry: &Entry<'a>, depth: u32) -> bool {
        let [directive, path] = entry.fields.as_slice() else { return false };
        let (directive, path) = (directive[0].text.as_ref(), resolved(source.path, &path[0].text));
        match directive {
            "include" => self.file(self.host.text(&path), depth + 1),
            "include_if_exists" => match self.host.file(&path) {
                Artefact::Lacking(Lack::Absent) => {}
                _ => self.file(self.host.text(&path), depth + 1),
            },
            "include_dir" => {
                let found = self.host.matching(&format!("{path}/*.conf"));
                if let Some((path, lack)) = found.gap {
                    self.lacks(Why::lacking(path, lack));
                }
                found.paths.iter().for_each(|path| self.file(path, depth + 1));
            }
            _ => return false,
        }
        true
    }

    /// An entry as a rule.
    fn rule(&mut self, source: &'a Source<'a>, entry: &Entry<'a>, line: u32) -> Option<Rule<'a>> {
        let fields: Vec<&[Word<'a>]> = entry.fields.iter().map(Vec::as_slice).collect();
        let kind = word(TYPES, single(fields.first()?)?)?;
        let databases = self.names(source, fields.get(1)?)?;
        let users = self.names(source, fields.get(2)?)?;
        let (from, next) = if kind == "local" { (None, 3) } else { address(&fields[3..]).map(|(from, used)| (Some(from), 3 + used))? };
        let method = single(fields.get(next)?)?;
        let options: Vec<&str> = fields[next + 1..].iter().flat_map(|field| field.iter()).map(|word| word.text.as_ref()).collect();
        let key: Vec<String> = fields[..=next].iter().map(|field| written(field)).collect();
        finished(
            self.host,
            Draft { key: &key.join(" "), line: Some(line), kind, databases, users, from, method, options: &options },
            Evidence::Decides(source.span(entry.text)),
        )
    }

    /// The names of a field; those of an `@file` in its place.
    fn names(&mut self, source: &'a Source<'a>, field: &[Word<'a>]) -> Option<&'a [Name<'a>]> {
        let mut names = Vec::with_capacity(field.len());
        for word in field {
            let text = self.host.text(&word.text);
            match text.strip_prefix('@').filter(|name| !word.quoted && !name.is_empty()) {
                Some(name) => {
                    let path = self.host.text(&resolved(source.path, name));
                    let Some(listed) = self.host.file(path).text() else {
                        self.lacks(Why::not_collected(path));
                        continue;
                    };
                    let words = pg_hba::read(listed.text, true).flat_map(|entry| entry.fields).flatten();
                    names.extend(words.take(RULES_MOST).map(|word| Name { text: self.host.text(&word.text), quoted: word.quoted }));
                }
                None => names.push(Name { text, quoted: word.quoted }),
            }
        }
        Some(self.host.arena().alloc_slice_copy(&names))
    }
}

/// Counts lines along a text, once.
#[derive(Default)]
struct LineCounter {
    at: u32,
    lines: u32,
}

impl LineCounter {
    /// The line on which a part begins; parts come in order.
    fn of(&mut self, source: &Source<'_>, part: &str) -> u32 {
        let start = source.span(part).start;
        let between = source.text.get(self.at as usize..start as usize).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', between.as_bytes()).count() as u32;
        self.at = start;
        self.lines + 1
    }
}

/// Options that hold secrets.
const SECRETS: [&str; 4] = ["ldapbindpasswd", "radiussecret", "radiussecrets", "oauth_validator"];

/// Hides what follows the name of a secret option, to the end of the entry: values may hold blanks.
fn hide_secrets(source: &Source<'_>, text: &str) {
    let first = SECRETS.iter().filter_map(|name| text.find(name).map(|at| at + name.len())).min();
    if let Some(at) = first {
        source.hide(&text[at..]);
    }
}

/// The only word of a field.
fn single<'w>(field: &'w [Word<'_>]) -> Option<&'w str> {
    match field {
        [word] => Some(word.text.as_ref()),
        _ => None,
    }
}

/// The word of a vocabulary that a text is.
fn word(words: &'static [&'static str], text: &str) -> Option<&'static str> {
    words.iter().find(|word| **word == text && text != "other").copied()
}

/// A field as it was written, quotes only where they were.
fn written(field: &[Word<'_>]) -> String {
    let word = |word: &Word<'_>| if word.quoted { format!("\"{}\"", word.text) } else { word.text.to_string() };
    field.iter().map(word).collect::<Vec<_>>().join(",")
}

/// The clients in the fields from the address on, and how many of them say so.
fn address(fields: &[&[Word<'_>]]) -> Option<(From, usize)> {
    let [word] = fields.first()? else { return None };
    if word.is("all") {
        return Some((From::Addresses(Addresses::any()), 1));
    }
    if word.is("samehost") {
        return Some((From::ThisHost, 1));
    }
    if word.is("samenet") {
        return Some((From::Unresolved, 1));
    }
    let text = word.text.as_ref();
    if let Some((address, length)) = text.split_once('/') {
        let address: IpAddr = address.parse().ok()?;
        return Some((From::Addresses(block(address, length.parse().ok()?)?), 1));
    }
    let Ok(address) = text.parse::<IpAddr>() else { return Some((From::Unresolved, 1)) };
    let mask: IpAddr = single(fields.get(1)?)?.parse().ok()?;
    Some((masked(address, mask)?, 2))
}

/// A block of addresses; bits beyond its length do not matter.
fn block(address: IpAddr, length: u8) -> Option<Addresses> {
    Some(Addresses::of([ipnet::IpNet::new(address, length).ok()?.trunc()]))
}

/// The addresses of an address and a mask; a mask with holes leaves them unresolved.
fn masked(address: IpAddr, mask: IpAddr) -> Option<From> {
    if address.is_ipv4() != mask.is_ipv4() {
        return None;
    }
    match ipnet::ip_mask_to_prefix(mask) {
        Ok(length) => block(address, length).map(From::Addresses),
        Err(_) => Some(From::Unresolved),
    }
}

/// What a rule is made of.
struct Draft<'d, 'a> {
    key: &'d str,
    line: Option<u32>,
    kind: &'static str,
    databases: &'a [Name<'a>],
    users: &'a [Name<'a>],
    from: Option<From>,
    method: &'d str,
    options: &'d [&'d str],
}

/// A rule with what its options say.
fn finished<'a>(host: &Host<'a>, draft: Draft<'_, 'a>, evidence: Evidence<'a>) -> Option<Rule<'a>> {
    let Draft { key, line, kind, databases, users, from, method, options } = draft;
    let option = |name: &str| options.iter().find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
    // A method that is not known here may admit anybody: it is kept as one that nothing is known of.
    let method = word(METHODS, method).unwrap_or("other");
    let servers = ["radiusservers", "radiusserver", "ldapserver", "ldapurl"].iter().find_map(|name| option(name));
    let servers: Vec<&'a str> = servers.iter().flat_map(|list| list.split([',', ' '])).map(|it| host.text(it.trim_matches('"'))).collect();
    let servers = host.arena().alloc_slice_copy(&servers);
    let clientcert = option("clientcert").map(|value| host.text(value));
    Some(Rule { key: host.text(key), line, evidence, kind, databases, users, from, method, clientcert, servers })
}

/// A record of the server's view as a rule.
fn of_view<'a>(host: &Host<'a>, fields: [&'a str; 8], evidence: Evidence<'a>) -> Option<Rule<'a>> {
    let [line, kind, databases, users, address_text, netmask, method, options] = fields;
    let kind = word(TYPES, kind)?;
    let plain = |text: &'a str| vec![Word { text: text.into(), quoted: false }];
    let names = |list: &'a str| {
        let names: Vec<Name<'a>> = list.split(',').map(|text| Name { text, quoted: false }).collect();
        &*host.arena().alloc_slice_copy(&names)
    };
    let (address_field, mask_field) = (plain(address_text), plain(netmask));
    let from = match kind {
        "local" => None,
        _ if netmask.is_empty() => Some(address(&[&address_field])?.0),
        _ => Some(address(&[&address_field, &mask_field])?.0),
    };
    let place = match &from {
        Some(From::Addresses(set)) if !netmask.is_empty() => set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        _ => address_text.to_owned(),
    };
    let parts = [kind, databases, users, &place, method];
    let key = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let options: Vec<&str> = options.split(' ').collect();
    let draft = Draft {
        key: &key,
        line: line.parse().ok(),
        kind,
        databases: names(databases),
        users: names(users),
        from,
        method,
        options: &options,
    };
    finished(host, draft, evidence)
}
