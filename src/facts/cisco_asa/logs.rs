//! `logging …` and `aaa accounting command` into the streams of `logs`.

use super::super::cisco_words::{push, severity, toggled, words};
use super::{Asa, NAME};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;

/// `logging enable`.
pub(super) static LOGGING_OFF: Documented = Documented {
    setting: "no logging enable",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA 5500 Series CLI Configuration Guide 8.3, Configuring Logging",
};

static VOLATILE: Phrase = Phrase {
    zh: "本地只有大小有限的缓冲区，不保证留存时长",
    en: "locally there is a buffer of limited size only, which guarantees no time",
};

/// Levels at which messages of one kind are sent, and their numbers (Cisco ASA Series Syslog Messages).
struct Stream {
    name: &'static str,
    covers: &'static [&'static str],
    /// The severity of its messages.
    level: i64,
    /// Messages without which it does not tell enough.
    messages: &'static [&'static str],
}

const STREAMS: [Stream; 3] = [
    Stream { name: "authentication", covers: &["auth"], level: 6, messages: &["605004", "605005", "113015"] },
    Stream { name: "system", covers: &["config-change", "access"], level: 5, messages: &[] },
    Stream { name: "command", covers: &["command"], level: 5, messages: &["111008", "111010"] },
];

/// What is known of one destination's level.
#[derive(Clone, Copy)]
enum Level<'a> {
    Off,
    Set(i64, Node<'a>),
    /// A list of messages decides.
    List(Node<'a>),
}

impl Level<'_> {
    /// Whether messages of a severity get there; none where a list decides.
    fn carries(self, level: i64) -> Option<bool> {
        match self {
            Level::Off => Some(false),
            Level::Set(set, _) => Some(set >= level),
            Level::List(_) => None,
        }
    }
}

/// A log host.
struct LogHost<'a> {
    address: &'a str,
    node: Node<'a>,
    tcp: bool,
    secure: bool,
}

impl<'a> Asa<'_, 'a> {
    /// Whether anything is logged.
    pub(super) fn logging(&self) -> Cell<'a> {
        let found = toggled(self.root().children(), "logging enable").or_else(|| toggled(self.root().children(), "logging on"));
        match found {
            Some((on, node)) => self.device.decided(Value::Boolean(on), node),
            None => self.device.defaulted(Value::Boolean(false), &LOGGING_OFF),
        }
    }

    fn level(&self, pattern: &str) -> Level<'a> {
        match self.written(pattern) {
            None => Level::Off,
            Some(node) => match node.rest(pattern).and_then(|text| severity(text.trim())) {
                Some(level) => Level::Set(level, node),
                None => Level::List(node),
            },
        }
    }

    fn log_hosts(&self) -> Vec<LogHost<'a>> {
        let of = |node: Node<'a>| {
            let words: Vec<&'a str> = node.words().collect();
            let address = words.get(3).copied()?;
            let tcp = words.iter().any(|word| word.starts_with("tcp") || word.starts_with("6/"));
            Some(LogHost { address, node, tcp, secure: tcp && words.contains(&"secure") })
        };
        self.live("logging host").into_iter().filter_map(of).collect()
    }
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    for stream in &STREAMS {
        asa.push_stream(tables, stream);
    }
}

impl<'a> Asa<'_, 'a> {
    fn push_stream(&self, tables: &mut Tables<'a>, stream: &Stream) {
        let device = &self.device;
        let host = device.host;
        let logging = self.logging();
        let (trap, buffered) = (self.level("logging trap"), self.level("logging buffered"));
        let hosts = self.log_hosts();
        let accounting = self.written("aaa accounting command").filter(|_| stream.name == "command");
        let hole = self
            .root()
            .children()
            .filter(|node| node.starts("no logging message"))
            .find(|node| node.word(3).is_some_and(|number| stream.messages.contains(&number)));
        let carried = |level: Level<'a>| if hole.is_some() { Some(false) } else { level.carries(stream.level) };
        let evidence = self.log_evidence(logging, trap, &hosts, hole);
        let on = logging.value() == Some(Value::Boolean(true));
        let unclear = |text: &'a str| Cell::unknown(Why::not_understood(text), evidence);
        let sent = carried(trap).map(|carried| carried && on && !hosts.is_empty());
        let kept = carried(buffered).map(|kept| kept && on);
        let enabled = match (accounting, sent, kept) {
            (Some(node), ..) => device.decided(Value::Boolean(true), node),
            (None, Some(true), _) | (None, _, Some(true)) => Cell::known(Value::Boolean(true), evidence),
            (None, None, _) | (None, _, None) => unclear("logging list"),
            _ => device.unless_cut(Cell::known(Value::Boolean(false), evidence)),
        };
        let enabled = if logging.value().is_none() && accounting.is_none() { Cell { evidence, ..logging } } else { enabled };
        let forwarded = self.forwarded(sent, &hosts, accounting, evidence);
        let reached = matches!(forwarded.value(), Some(Value::List(list)) if !list.is_empty());
        let flag =
            |is: bool| if reached { Cell::known(Value::Boolean(is), evidence) } else { Cell { state: not_sent(forwarded), evidence } };
        let local = Cell::known(Value::Text("buffer"), evidence);
        let why = host.evidence(&[Evidence::Step(&VOLATILE, &[], None)]);
        let cells = [
            (const { LOGS.column("stream") }, Cell::known(Value::Word(stream.name), evidence)),
            (const { LOGS.column("path") }, if kept == Some(true) { local } else { Cell::unset(evidence) }),
            (const { LOGS.column("enabled") }, enabled),
            (const { LOGS.column("covers") }, Cell::known(words(host, stream.covers), evidence)),
            (const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why)),
            (
                const { LOGS.column("bounded-by") },
                if kept == Some(true) { Cell::known(Value::Word("size"), evidence) } else { Cell::unset(evidence) },
            ),
            (const { LOGS.column("retention-why") }, Cell::known(Value::Text("volatile buffer"), why)),
            (const { LOGS.column("forwarded") }, forwarded),
            (const { LOGS.column("forwarding-encrypted") }, flag(hosts.iter().all(|it| it.secure) && accounting.is_none())),
            (const { LOGS.column("forwarding-reliable") }, flag(self.is_reliable(&hosts))),
            (const { LOGS.column("level") }, self.level_cell(trap, evidence)),
            (const { LOGS.column("tamper-protection") }, Cell::unset(evidence)),
        ];
        push(device, tables, (&LOGS, NAME), &cells);
    }

    /// Whether the firewall stops new connections rather than lose logs: syslog over TCP without `logging permit-hostdown`.
    fn is_reliable(&self, hosts: &[LogHost<'a>]) -> bool {
        hosts.iter().all(|it| it.tcp) && !hosts.is_empty() && self.written("logging permit-hostdown").is_none()
    }

    fn level_cell(&self, trap: Level<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        match trap {
            Level::Off => self.device.absent(),
            Level::Set(level, node) => self.device.decided(Value::Text(self.device.host.text(&level.to_string())), node),
            Level::List(_) => Cell::unknown(Why::not_understood("logging list"), evidence),
        }
    }

    fn forwarded(&self, sent: Option<bool>, hosts: &[LogHost<'a>], accounting: Option<Node<'a>>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        let host = self.device.host;
        let mut to: Vec<&'a str> = Vec::new();
        let servers = accounting.and_then(|node| node.words().last()).and_then(|name| self.group(name));
        to.extend(servers.iter().flat_map(|group| group.hosts.iter().map(|(address, _)| *address)));
        match sent {
            Some(true) => to.extend(hosts.iter().map(|it| it.address)),
            Some(false) => {}
            None => return Cell::unknown(Why::not_understood("logging list"), evidence),
        }
        let cell = Cell::known(host.texts(&to), evidence);
        if to.is_empty() { self.device.unless_cut(cell) } else { cell }
    }

    fn log_evidence(&self, logging: Cell<'a>, trap: Level<'a>, hosts: &[LogHost<'a>], hole: Option<Node<'a>>) -> &'a [Evidence<'a>] {
        let mut pieces: Vec<Evidence<'a>> = hosts.iter().map(|it| self.device.decides(it.node)).collect();
        pieces.extend(hole.map(|node| self.device.decides(node)));
        if let Level::Set(_, node) | Level::List(node) = trap {
            pieces.push(self.device.decides(node));
        }
        pieces.extend_from_slice(logging.evidence);
        if !matches!(pieces.first(), Some(Evidence::Decides(_))) {
            pieces.push(self.device.searched());
        }
        self.device.host.evidence(&pieces)
    }
}

/// What is known of a way out that is not there, or not known.
fn not_sent(forwarded: Cell<'_>) -> crate::facts::State<'_> {
    match forwarded.state {
        crate::facts::State::Known(_) => crate::facts::State::Unset,
        other => other,
    }
}
