//! The listener.ora of a home into the rows of `oracle-listeners`.
//!
//! A parameter of a listener carries its name behind an underscore (Net Services Reference, "Oracle Net Listener Parameters in the
//! listener.ora File"): `ADMIN_RESTRICTIONS_LISTENER`.

use super::super::{Cell, Documented, Evidence, Host, State, Tables, Value, Why, effective};
use super::network::{self, Home, Read};
use super::{NAME, nodes};
use crate::names::Phrase;
use crate::parse::net_services::{Entry, Value as NetValue};
use crate::schema::oracle::ORACLE_LISTENERS;
use crate::source::Source;

/// One listener.
#[derive(Debug)]
pub(super) struct Listener<'a> {
    /// Its home, as rows name it.
    pub instance: &'a str,
    /// The path of its home.
    pub home: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Where it listens.
    pub endpoints: Vec<Endpoint<'a>>,
    /// Its own line.
    pub evidence: &'a [Evidence<'a>],
    read: std::rc::Rc<Read<'a>>,
}

/// An address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    /// `tcp 10.1.1.5:1521`.
    pub text: &'a str,
    /// Whether it is TCPS.
    pub encrypted: bool,
    /// Whether another host reaches it.
    pub network: bool,
}

/// Names that begin a parameter of a listener and are no listener themselves.
const PARAMETERS: [&str; 3] = ["sid_list_", "save_config_on_stop", "connection_rate"];

/// The listeners of a home. A file without any still has the gap that it may have.
pub(super) fn read<'a>(host: &Host<'a>, home: &Home<'a>) -> Vec<Listener<'a>> {
    let path = host.text(&format!("{}/network/admin/listener.ora", home.path));
    let read = std::rc::Rc::new(network::entries(host, path));
    let mut found: Vec<Listener<'a>> = Vec::new();
    for (entry, source) in &read.entries {
        let lower = entry.name.to_ascii_lowercase();
        let addresses = entry.value.all("ADDRESS");
        if addresses.is_empty() || PARAMETERS.iter().any(|start| lower.starts_with(start)) {
            continue;
        }
        let endpoints = addresses.iter().map(|block| endpoint(host, &block.value)).collect();
        let evidence = host.evidence(&[Evidence::Decides(source.span(entry.text))]);
        let (instance, name) = (home.instance, entry.name);
        found.push(Listener { instance, home: home.path, name, endpoints, evidence, read: read.clone() });
    }
    if read.gap.is_some() {
        // What could not be read may hold one more.
        found.push(Listener { instance: home.instance, home: home.path, name: "", endpoints: Vec::new(), evidence: &[], read });
    }
    found
}

/// One address.
fn endpoint<'a>(host: &Host<'a>, value: &NetValue<'a>) -> Endpoint<'a> {
    let atom = |name: &str| value.atom(name).unwrap_or_default();
    let protocol = atom("PROTOCOL").to_ascii_lowercase();
    if protocol == "ipc" {
        return Endpoint { text: host.text(&format!("ipc {}", atom("KEY"))), encrypted: true, network: false };
    }
    let name = atom("HOST");
    let text = host.text(&format!("{protocol} {name}:{}", atom("PORT")));
    Endpoint { text, encrypted: protocol == "tcps", network: !nodes::is_loopback(name) }
}

impl<'a> Listener<'a> {
    /// Why it may be another than it seems, or why this stands for one that may be missing.
    pub(super) fn gap(&self) -> Option<Why<'a>> {
        self.read.gap
    }

    /// Whether it stands for listeners that could be missing.
    pub(super) fn is_gap(&self) -> bool {
        self.name.is_empty()
    }

    /// The entries of a parameter of this listener.
    fn parameter(&self, start: &str) -> Vec<&(Entry<'a>, &'a Source<'a>)> {
        let wanted = format!("{start}_{}", self.name);
        self.read.entries.iter().filter(|(entry, _)| entry.name.eq_ignore_ascii_case(&wanted)).collect()
    }

    /// A parameter's one value as a cell; `default` where it is not written.
    fn cell(&self, host: &Host<'a>, start: &str, read: impl Fn(&str) -> Option<Value<'a>>, default: impl Fn() -> Cell<'a>) -> Cell<'a> {
        let lines = self.parameter(start);
        let pieces: Vec<Evidence<'a>> = lines.iter().take(8).map(|(entry, source)| Evidence::Decides(source.span(entry.text))).collect();
        let evidence = host.evidence(&pieces);
        let values: Vec<Option<Value<'a>>> = lines.iter().map(|(entry, _)| read(entry.value.atoms().first().unwrap_or(&""))).collect();
        match (values.split_first(), self.gap()) {
            (Some((Some(first), rest)), _) if rest.iter().all(|value| *value == Some(*first)) => Cell::known(*first, evidence),
            (Some(_), _) => Cell::unknown(Why::not_understood(host.text(&format!("{start}_{}", self.name))), evidence),
            (None, Some(why)) => Cell::unknown(why, &[]),
            (None, None) => default(),
        }
    }

    /// Whether `lsnrctl set` cannot change it.
    fn restricted(&self, host: &Host<'a>) -> Cell<'a> {
        static OFF: Documented = Documented {
            setting: "ADMIN_RESTRICTIONS_listener_name = off",
            versions: "Oracle 11.2 and later",
            source: "Net Services Reference, ADMIN_RESTRICTIONS_listener_name",
        };
        self.cell(
            host,
            "admin_restrictions",
            |text| effective::switch(text).map(Value::Boolean),
            || host.defaulted(Value::Boolean(false), &OFF),
        )
    }

    /// Whether its services hold the agent of external procedures.
    fn external(&self, host: &Host<'a>) -> Cell<'a> {
        for (entry, source) in self.parameter("sid_list") {
            for service in entry.value.all("SID_DESC") {
                let program = service.value.atom("PROGRAM").unwrap_or_default();
                if program.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().starts_with("extproc")) {
                    return Cell::known(Value::Boolean(true), host.evidence(&[Evidence::Decides(source.span(program))]));
                }
            }
        }
        match self.gap() {
            Some(why) => Cell::unknown(why, &[]),
            None => Cell::known(Value::Boolean(false), self.evidence),
        }
    }

    /// Who may register services.
    fn registration(&self, host: &Host<'a>, home: &Home<'a>) -> Cell<'a> {
        let decided =
            |start: &str| self.parameter(start).first().map(|(entry, source)| (entry, Evidence::Decides(source.span(entry.text))));
        let known = |word: &'static str, piece: Evidence<'a>| Cell::known(Value::Word(word), host.evidence(&[piece]));
        if let Some((entry, piece)) = decided("dynamic_registration")
            && entry.value.atoms().first().and_then(|text| effective::switch(text)) == Some(false)
        {
            return known("none", piece);
        }
        if let Some((entry, piece)) = decided("secure_register")
            && entry.value.atoms().iter().all(|transport| ["ipc", "tcps"].iter().any(|it| transport.eq_ignore_ascii_case(it)))
            && !entry.value.atoms().is_empty()
        {
            return known("secured", piece);
        }
        let listed = decided("registration_invited_nodes");
        let read = |text: &str| {
            Some(Value::Word(match text.to_ascii_lowercase().as_str() {
                "off" | "0" => "anyone",
                "on" | "1" | "local" if listed.is_some() => "listed",
                "on" | "1" | "local" => "local",
                "subnet" | "2" => "subnet",
                _ => return None,
            }))
        };
        self.cell(host, "valid_node_checking_registration", read, || registration_default(host, home, (self.name, listed.is_some())))
    }
}

static UNDOCUMENTED: Phrase = Phrase {
    zh: "{} 未写，该版本或该类监听器的默认值没有可依据的文档，请明确写出",
    en: "{} is not written, and no page at hand documents its default for this version or kind of listener: write it",
};

/// Who may register where nothing is written: from 12.1 on nodes are checked, but for a listener of a cluster pages disagree.
fn registration_default<'a>(host: &Host<'a>, home: &Home<'a>, (name, listed): (&str, bool)) -> Cell<'a> {
    static ON: Documented = Documented {
        setting: "VALID_NODE_CHECKING_REGISTRATION_listener_name = on",
        versions: "Oracle 12.1",
        source: "Real Application Clusters Administration and Deployment Guide 12.1, \"Restricted Service Registration in Oracle RAC\"",
    };
    static OFF: Documented = Documented {
        setting: "VALID_NODE_CHECKING_REGISTRATION_listener_name = off",
        versions: "Oracle 11.2.0.4",
        source: "My Oracle Support 1914282.1",
    };
    let cluster = home.path.contains("/grid") || name.to_ascii_uppercase().contains("SCAN");
    match home.version.map(|version| version.numbers) {
        Some([12, 1, ..]) if !cluster => host.defaulted(Value::Word(if listed { "listed" } else { "local" }), &ON),
        Some([..12, ..]) => host.defaulted(Value::Word("anyone"), &OFF),
        Some(_) => Cell::unknown(Why::new("undocumented", &UNDOCUMENTED, "VALID_NODE_CHECKING_REGISTRATION"), &[]),
        None => Cell::unknown(Why::version_not_known("Oracle"), &[]),
    }
}

/// Whether what comes in from another host is encrypted.
pub(super) fn encrypted<'a>(host: &Host<'a>, home: &Home<'a>, listener: &Listener<'a>) -> Cell<'a> {
    let required = home.of(host, "sqlnet.encryption_server").cell(host, |text| Some(Value::Boolean(text.eq_ignore_ascii_case("required"))));
    let plain = listener.endpoints.iter().any(|endpoint| endpoint.network && !endpoint.encrypted);
    if plain { required } else { Cell::known(Value::Boolean(true), listener.evidence) }
}

static NO_LISTENER: Phrase = Phrase {
    zh: "未采集到监听器配置 {}；没有它监听器也会以默认值运行",
    en: "no listener was found in {}, and without it one may run by defaults",
};

/// Why nothing is known of a listener.
pub(super) const fn unknown<'a>() -> Why<'a> {
    Why { code: "not-collected", phrase: &NO_LISTENER, subject: "listener.ora" }
}

/// Pushes the row that stands for a listener of which no file tells.
pub(super) fn push_gap<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    tables.push(host.gap(&ORACLE_LISTENERS, NAME, unknown()));
}

/// Pushes the rows of a home.
pub(super) fn push<'a>(host: &Host<'a>, home: &Home<'a>, listeners: &[Listener<'a>], tables: &mut Tables<'a>) {
    let admitted = home.admitted(host);
    for listener in listeners.iter().filter(|listener| listener.home == home.path) {
        if let Some(why) = listener.gap().filter(|_| listener.is_gap()) {
            let mut row = host.gap(&ORACLE_LISTENERS, NAME, why);
            row.instance(listener.instance);
            tables.push(row);
            continue;
        }
        let known = |value: Value<'a>| Cell::known(value, listener.evidence);
        let endpoints: Vec<&'a str> = listener.endpoints.iter().map(|endpoint| endpoint.text).collect();
        let network = listener.endpoints.iter().any(|endpoint| endpoint.network);
        let beside = |cell: Cell<'a>| match cell.state {
            State::Unknown(..) => cell,
            _ => Cell { evidence: host.evidence(&[cell.evidence, listener.evidence].concat()), ..cell },
        };
        let mut row = host.row(&ORACLE_LISTENERS, NAME);
        row.instance(listener.instance);
        row.set(const { ORACLE_LISTENERS.column("listener") }, known(Value::Text(listener.name)))
            .set(const { ORACLE_LISTENERS.column("endpoints") }, known(host.texts(&endpoints)))
            .set(const { ORACLE_LISTENERS.column("network") }, known(Value::Boolean(network)))
            .set(const { ORACLE_LISTENERS.column("encrypted") }, encrypted(host, home, listener))
            .set(const { ORACLE_LISTENERS.column("whitelisted") }, beside(admitted.whitelisted))
            .set(const { ORACLE_LISTENERS.column("sources") }, beside(admitted.sources))
            .set(const { ORACLE_LISTENERS.column("breadth") }, beside(admitted.breadth))
            .set(const { ORACLE_LISTENERS.column("admin-restrictions") }, listener.restricted(host))
            .set(const { ORACLE_LISTENERS.column("external-procedures") }, listener.external(host))
            .set(const { ORACLE_LISTENERS.column("registration") }, listener.registration(host, home));
        tables.push(row);
    }
}
