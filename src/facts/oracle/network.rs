//! The sqlnet.ora of a home into the rows of `oracle-network` and the addresses that valid node checking admits.
//!
//! Defaults are those of Net Services Reference, "Parameters for the sqlnet.ora File". What becomes of a parameter that stands twice with
//! different values is not documented, so either may hold.

use super::super::effective::{self, Effective};
use super::super::settings::Readings;
use super::super::{Artefact, Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::version::{self, Version};
use super::{NAME, nodes};
use crate::names::Phrase;
use crate::parse::net_services::{self, Entry};
use crate::reckon::network::Addresses;
use crate::schema::neutral::CRYPTO;
use crate::schema::oracle::ORACLE_NETWORK;
use crate::snapshot::Lack;
use crate::source::Source;

static TWICE: Phrase = Phrase {
    zh: "{} 出现多次且取值不同，哪一个生效没有文档",
    en: "{} stands several times with different values, and no page says which holds",
};
static UNDOCUMENTED: Phrase = Phrase {
    zh: "{} 未设置，该版本的默认值没有一致的文档",
    en: "{} is not set, and pages disagree on or lack its default in this version",
};
static ALL_CIPHERS: Phrase = Phrase {
    zh: "{} 未设置，提供的是该版本安装的全部算法",
    en: "{} is not set, so all ciphers that the version installs are offered",
};

/// The deepest IFILE that is read: Net Services Reference, "Overview of Profile Configuration File".
const NESTED_MOST: usize = 3;

/// A file of Oracle Net with those that it names.
#[derive(Debug, Default)]
pub(super) struct Read<'a> {
    /// Its entries in order.
    pub entries: Vec<(Entry<'a>, &'a Source<'a>)>,
    /// Why an entry may be missing.
    pub gap: Option<Why<'a>>,
    /// Whether it is proven not to be there.
    pub absent: bool,
}

/// What is known of one home.
#[derive(Debug)]
pub(super) struct Home<'a> {
    /// Its path.
    pub path: &'a str,
    /// As rows name it; empty where it is the only one.
    pub instance: &'a str,
    /// The release that its path shows.
    pub version: Option<Version<'a>>,
    sqlnet: Read<'a>,
    sqlnet_path: &'a str,
}

/// Reads the files of a home.
pub(super) fn read<'a>(host: &Host<'a>, path: &'a str, several: bool) -> Home<'a> {
    let sqlnet_path = host.text(&format!("{path}/network/admin/sqlnet.ora"));
    let sqlnet = entries(host, sqlnet_path);
    Home { path, instance: if several { path } else { "" }, version: version::of_path(host, path), sqlnet, sqlnet_path }
}

/// The entries of a file of Oracle Net.
pub(super) fn entries<'a>(host: &Host<'a>, path: &'a str) -> Read<'a> {
    let mut read = Read::default();
    collect(host, path, 0, &mut read);
    read
}

fn collect<'a>(host: &Host<'a>, path: &'a str, depth: usize, read: &mut Read<'a>) {
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(Lack::Absent) if depth == 0 => {
            read.absent = true;
            return;
        }
        Artefact::Lacking(lack) => {
            read.gap = read.gap.or(Some(Why::lacking(path, lack)));
            return;
        }
    };
    if !source.complete {
        read.gap = read.gap.or(Some(Why::truncated(source.path)));
    }
    let document = net_services::read(source.text);
    if !document.opaque.is_empty() {
        read.gap = read.gap.or(Some(Why::not_understood(source.path)));
    }
    for entry in document.entries {
        if !host.spend(1) {
            read.gap = read.gap.or(Some(Why::budget_spent(source.path)));
            return;
        }
        let nested = entry.name.eq_ignore_ascii_case("ifile").then(|| entry.value.atoms().first().copied()).flatten();
        match nested {
            Some(file) if depth < NESTED_MOST => collect(host, host.text(file.trim_start_matches('/')), depth + 1, read),
            Some(_) => read.gap = read.gap.or(Some(Why::not_understood(source.path))),
            None => read.entries.push((entry, source)),
        }
    }
}

/// The documented default of a parameter.
fn default(name: &str, version: Option<Version<'_>>) -> Option<(&'static str, &'static Documented)> {
    const REFERENCE: &str = "Net Services Reference, \"Parameters for the sqlnet.ora File\"";
    const ALL: &str = "Oracle 11.2 and later";
    static CHECKSUM: Documented = Documented { setting: "SQLNET.CRYPTO_CHECKSUM_SERVER = accepted", versions: ALL, source: REFERENCE };
    static ENCRYPTION: Documented = Documented { setting: "SQLNET.ENCRYPTION_SERVER = accepted", versions: ALL, source: REFERENCE };
    static EXPIRE: Documented = Documented { setting: "SQLNET.EXPIRE_TIME = 0", versions: ALL, source: REFERENCE };
    static CHECKING: Documented = Documented { setting: "TCP.VALIDNODE_CHECKING = no", versions: ALL, source: REFERENCE };
    static LOGON: Documented = Documented {
        setting: "SQLNET.ALLOWED_LOGON_VERSION_SERVER = 12",
        versions: "Oracle 18c to 21c",
        source: "Upgrade Guide 19c and 21c, \"Understanding Password Case Sensitivity and Upgrades\"",
    };
    Some(match name {
        "sqlnet.crypto_checksum_server" => ("accepted", &CHECKSUM),
        "sqlnet.encryption_server" => ("accepted", &ENCRYPTION),
        "sqlnet.expire_time" => ("0", &EXPIRE),
        "tcp.validnode_checking" => ("no", &CHECKING),
        "sqlnet.allowed_logon_version_server" if version.is_some_and(|it| (18..23).contains(&it.numbers[0])) => ("12", &LOGON),
        _ => return None,
    })
}

impl<'a> Home<'a> {
    /// A parameter as it takes effect.
    pub(super) fn of(&self, host: &Host<'a>, name: &'static str) -> Effective<'a> {
        let named = |wanted: &str| -> Vec<&(Entry<'a>, &'a Source<'a>)> {
            self.sqlnet.entries.iter().filter(|(entry, _)| entry.name.eq_ignore_ascii_case(wanted)).collect()
        };
        let mut lines = named(name);
        if lines.is_empty() && name == "sqlnet.allowed_logon_version_server" {
            // The name before 12.1, which is for both sides.
            lines = named("sqlnet.allowed_logon_version");
        }
        if let Some(((first, _), rest)) = lines.split_first().map(|(first, rest)| ((&first.0, first.1), rest)) {
            let pieces: Vec<Evidence<'a>> =
                lines.iter().take(8).map(|(entry, source)| Evidence::Decides(source.span(entry.text))).collect();
            let evidence = host.evidence(&pieces);
            let text = |entry: &Entry<'a>| host.text(&entry.value.atoms().join(","));
            if rest.iter().all(|(entry, _)| entry.value == first.value) {
                return Effective::Known(text(first), evidence, false);
            }
            let texts: Vec<&'a str> = lines.iter().map(|(entry, _)| text(entry)).collect();
            return Effective::OneOf(Why::new("set-twice", &TWICE, name), host.arena().alloc_slice_copy(&texts), evidence);
        }
        let searched = host.evidence(&[Evidence::Searched(self.sqlnet_path)]);
        if let Some(why) = self.sqlnet.gap {
            return Effective::Unknown(why, searched);
        }
        match default(name, self.version) {
            Some((value, documented)) => Effective::Known(value, host.evidence(&[Evidence::Default(documented)]), false),
            None if matches!(name, "tcp.invited_nodes" | "tcp.excluded_nodes") => Effective::Known("", searched, false),
            None => Effective::Unknown(Why::new("undocumented", &UNDOCUMENTED, name), searched),
        }
    }

    /// The addresses that valid node checking admits: their list, and the set unless a name is among them.
    pub(super) fn admitted(&self, host: &Host<'a>) -> Admitted<'a> {
        let checking = self.of(host, "tcp.validnode_checking");
        let invited = self.of(host, "tcp.invited_nodes");
        let excluded = self.of(host, "tcp.excluded_nodes");
        let Some(on) = checking.text().and_then(effective::switch) else {
            return Admitted::unknown(checking.why().unwrap_or(Why::not_understood("tcp.validnode_checking")), checking.evidence());
        };
        if !on {
            return Admitted::anybody(host, checking.evidence());
        }
        let (Some(invited_text), Some(excluded_text)) = (invited.text(), excluded.text()) else {
            let why = invited.why().or(excluded.why()).unwrap_or(Why::not_understood("tcp.invited_nodes"));
            return Admitted::unknown(why, checking.evidence());
        };
        let evidence = host.evidence(&[invited.evidence(), checking.evidence()].concat());
        let nodes = |text: &'a str| text.split(',').map(str::trim).filter(|node| !node.is_empty());
        // Invited nodes go before excluded ones where both lists are there.
        if invited_text.is_empty() {
            let known = nodes(excluded_text).filter_map(nodes::addresses);
            let set = known.fold(Addresses::any(), |set, node| set.subtract(&node));
            return Admitted::of(host, &set, &[], (false, host.evidence(&[excluded.evidence(), checking.evidence()].concat())));
        }
        let set = nodes(invited_text).filter_map(nodes::addresses).fold(Addresses::none(), |set, node| set.union(&node));
        let names: Vec<&'a str> = nodes(invited_text).filter(|node| nodes::addresses(node).is_none()).take(64).collect();
        Admitted::of(host, &set, &names, (true, evidence))
    }

    /// Why nothing can be said about the file.
    pub(super) fn gap(&self) -> Option<Why<'a>> {
        self.sqlnet.gap
    }
}

/// Who is admitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admitted<'a> {
    /// Whether a list of invited nodes holds.
    pub whitelisted: Cell<'a>,
    /// The addresses.
    pub sources: Cell<'a>,
    /// How many.
    pub breadth: Cell<'a>,
}

static NAMES: Phrase = Phrase { zh: "{} 是主机名", en: "{} is a host name" };

impl<'a> Admitted<'a> {
    fn unknown(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Admitted<'a> {
        let cell = Cell::unknown(why, evidence);
        Admitted { whitelisted: cell, sources: cell, breadth: cell }
    }

    fn anybody(host: &Host<'a>, evidence: &'a [Evidence<'a>]) -> Admitted<'a> {
        Admitted::of(host, &Addresses::any(), &[], (false, evidence))
    }

    fn of(host: &Host<'a>, set: &Addresses, names: &[&'a str], (whitelisted, evidence): (bool, &'a [Evidence<'a>])) -> Admitted<'a> {
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let whole = set.covers(&Addresses::any_four()) || set.covers(&Addresses::any_six());
        let breadth = if whole {
            Value::Unlimited
        } else {
            i64::try_from(set.subtract(&nodes::loopback()).breadth()).map_or(Value::Unlimited, Value::Integer)
        };
        let values: Vec<Value<'a>> = set
            .subtract(&nodes::loopback())
            .blocks()
            .into_iter()
            .map(Value::Network)
            .chain(names.iter().map(|name| Value::Opaque(name)))
            .collect();
        let all: Vec<Value<'a>> = Addresses::any().blocks().into_iter().map(Value::Network).collect();
        let list = if set.covers(&Addresses::any()) { &all } else { &values };
        Admitted {
            whitelisted: known(Value::Boolean(whitelisted)),
            sources: known(Value::List(host.arena().alloc_slice_copy(list))),
            breadth: match names.first() {
                // A name is one host, or a few: too many addresses stay too many.
                Some(name) if !whole => Cell::unknown(Why::new("host-name", &NAMES, name), evidence),
                _ => known(breadth),
            },
        }
    }
}

/// The typed readings of a value.
fn readings<'a>(host: &Host<'a>, name: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let digits = text.strip_suffix(['a', 'A']).filter(|_| name.ends_with("version_server")).unwrap_or(text);
    let number: Option<i64> = digits.parse().ok();
    let seconds = |unit: u64| {
        number
            .and_then(|it| u64::try_from(it).ok())
            .map(|it| if it == 0 { Value::Unlimited } else { Value::Duration(it.saturating_mul(unit)) })
    };
    let duration = match name {
        "sqlnet.expire_time" => seconds(60),
        "sqlnet.inbound_connect_timeout" => seconds(1),
        _ => None,
    };
    let items: Vec<&'a str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    let list = name.ends_with("_nodes") || name.ends_with("types_server");
    let readings = Readings { number: number.map(Value::Integer), on: effective::switch(text), duration, ..Readings::default() };
    (readings, list.then(|| host.texts(&items)))
}

/// Pushes the row that stands for parameters of which no file tells.
pub(super) fn push_gap<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    tables.push(host.gap(&ORACLE_NETWORK, NAME, Why::not_collected("network/admin/sqlnet.ora")));
}

/// Pushes the rows of a home.
pub(super) fn push<'a>(host: &Host<'a>, home: &Home<'a>, tables: &mut Tables<'a>) {
    for setting in ORACLE_NETWORK.settings {
        let effective = match home.of(host, setting.name) {
            // Words are written in any case.
            Effective::Known(text, evidence, live) if setting.name.ends_with("_server") => {
                Effective::Known(host.text(&text.to_ascii_lowercase()), evidence, live)
            }
            other => other,
        };
        effective::push(host, (&ORACLE_NETWORK, NAME, home.instance), setting.name, &effective, (readings, tables));
    }
    if let Some(why) = home.gap() {
        let mut row = host.gap(&ORACLE_NETWORK, NAME, why);
        row.instance(home.instance);
        tables.push(row);
    }
    push_ciphers(host, home, tables);
}

/// Pushes a row of `crypto` for each cipher that is offered.
fn push_ciphers<'a>(host: &Host<'a>, home: &Home<'a>, tables: &mut Tables<'a>) {
    let offered = home.of(host, "sqlnet.encryption_types_server");
    let context = Cell::known(Value::Text("oracle"), &[]);
    let kind = Cell::known(Value::Word("cipher"), &[]);
    let evidence = offered.evidence();
    let unset = Cell::unset(evidence);
    let Some(text) = offered.text() else {
        let why = home.gap().unwrap_or(Why::new("default-list", &ALL_CIPHERS, "SQLNET.ENCRYPTION_TYPES_SERVER"));
        let mut row = host.gap(&CRYPTO, NAME, why);
        row.instance(home.instance);
        row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
        tables.push(row);
        return;
    };
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let upper = name.to_ascii_uppercase();
        // Security Guide, "Advanced Encryption Standard", and what it deprecates from 21c on: DES, 3DES112, 3DES168 and RC4.
        let strength = match upper.as_str() {
            "AES256" => "strong",
            "AES128" | "AES192" => "acceptable",
            _ => "weak",
        };
        let mut row = host.row(&CRYPTO, NAME);
        row.instance(home.instance);
        row.set(const { CRYPTO.column("context") }, context)
            .set(const { CRYPTO.column("kind") }, kind)
            .set(const { CRYPTO.column("name") }, Cell::known(Value::Text(host.text(&upper)), evidence))
            .set(const { CRYPTO.column("strength") }, Cell::known(Value::Word(strength), evidence))
            .set(const { CRYPTO.column("bits") }, unset)
            .set(const { CRYPTO.column("expires") }, unset);
        tables.push(row);
    }
}
