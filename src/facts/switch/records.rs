//! Streams of logs and time servers into rows of `logs` and `time-sources`.

use super::{Switch, behind};
use crate::facts::cisco_words::{push, words};
use crate::facts::{Cell, Evidence, State, Tables, Value};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::{LOGS, TIME_SOURCES};

static SIZED: Phrase =
    Phrase { zh: "本地日志只受大小限制，不保证留存时长", en: "the local log is limited by size and guarantees no time" };

/// A stream of records as the product decided it.
pub(in crate::facts) struct Stream<'a> {
    /// Word of the column `stream`.
    pub(in crate::facts) stream: &'static str,
    /// Whether it is written anywhere.
    pub(in crate::facts) enabled: Cell<'a>,
    /// What its records tell.
    pub(in crate::facts) covers: &'static [&'static str],
    /// Hosts that it is sent to.
    pub(in crate::facts) forwarded: Cell<'a>,
    /// Whether every way out is encrypted, and whether none loses records.
    pub(in crate::facts) encrypted: bool,
    pub(in crate::facts) reliable: bool,
    /// The least severe level that is sent or kept; none where the stream has no levels.
    pub(in crate::facts) level: Option<Cell<'a>>,
}

impl<'a> Switch<'_, 'a> {
    /// Adds the row of a stream, which is kept in memory or a file of limited size.
    pub(in crate::facts) fn push_stream(&self, tables: &mut Tables<'a>, stream: &Stream<'a>) {
        let host = self.device.host;
        let forwarded = stream.forwarded;
        let nowhere = forwarded.value() == Some(host.texts(&[]));
        let flag = |is: bool| match forwarded.state {
            State::Known(_) if nowhere => Cell::unset(forwarded.evidence),
            State::Known(_) => Cell::known(Value::Boolean(is), forwarded.evidence),
            _ => forwarded,
        };
        let here = |value| Cell::known(value, stream.enabled.evidence);
        let why = host.evidence(&[Evidence::Step(&SIZED, &[], None)]);
        let cells = [
            (const { LOGS.column("stream") }, here(Value::Word(stream.stream))),
            (const { LOGS.column("path") }, here(Value::Text("buffer"))),
            (const { LOGS.column("enabled") }, stream.enabled),
            (const { LOGS.column("covers") }, here(words(host, stream.covers))),
            (const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why)),
            (const { LOGS.column("bounded-by") }, here(Value::Word("size"))),
            (const { LOGS.column("retention-why") }, Cell::known(Value::Text("limited by size"), why)),
            (const { LOGS.column("forwarded") }, forwarded),
            (const { LOGS.column("forwarding-encrypted") }, flag(stream.encrypted)),
            (const { LOGS.column("forwarding-reliable") }, flag(stream.reliable)),
            (const { LOGS.column("level") }, stream.level.unwrap_or(Cell::unset(stream.enabled.evidence))),
            (const { LOGS.column("tamper-protection") }, Cell::unset(stream.enabled.evidence)),
        ];
        push(&self.device, tables, (&LOGS, self.product), &cells);
    }

    /// Adds the rows of time servers; an answer is authenticated where the server has a key, the key exists and is trusted, and
    /// authentication is on.
    pub(in crate::facts) fn push_time_sources(&self, tables: &mut Tables<'a>, pattern: &str, protocol: &'static str) {
        let mut servers: Vec<(&'a str, Option<&'a str>, Node<'a>)> = Vec::new();
        for node in self.live(pattern) {
            let Some(server) = server(node) else { continue };
            // The last statement about a server of a VRF counts.
            let vrf = behind(node, "vrf");
            servers.retain(|(name, other, _)| *name != server || *other != vrf);
            servers.push((server, vrf, node));
        }
        for (server, _, node) in servers {
            let authenticated = match behind(node, "key") {
                None => self.device.decided(Value::Boolean(false), node),
                Some(key) => self.time_key(node, key),
            };
            let own = |value| self.device.decided(value, node);
            let cells = [
                (const { TIME_SOURCES.column("server") }, own(Value::Text(server))),
                (const { TIME_SOURCES.column("protocol") }, own(Value::Word(protocol))),
                (const { TIME_SOURCES.column("authenticated") }, authenticated),
                (const { TIME_SOURCES.column("enabled") }, own(Value::Boolean(true))),
            ];
            push(&self.device, tables, (&TIME_SOURCES, self.product), &cells);
        }
    }

    fn time_key(&self, node: Node<'a>, key: &str) -> Cell<'a> {
        let trusted = self.live("ntp trusted-key").into_iter().find(|line| line.words().skip(2).any(|word| holds(word, key)));
        let defined = self.live("ntp authentication-key").into_iter().find(|line| line.word(2) == Some(key));
        let lines = [self.written("ntp authenticate"), defined, trusted];
        let there: Vec<Node<'a>> = std::iter::once(Some(node)).chain(lines).flatten().collect();
        let whole = lines.iter().all(Option::is_some);
        let cell = self.device.decided_by(Value::Boolean(whole), &there);
        if whole { cell } else { self.device.unless_cut(cell) }
    }
}

/// The name or address of `ntp server [vrf V] A …`, `ntp server [oob] A …`.
fn server(node: Node<'_>) -> Option<&str> {
    let mut words = node.words().skip(2);
    loop {
        match words.next()? {
            "vrf" | "mgmt" => words.next(),
            "oob" | "ip" | "ipv6" => None,
            name => return Some(name),
        };
    }
}

/// Whether `1,3-5` holds a number.
fn holds(text: &str, key: &str) -> bool {
    let Ok(key) = key.parse::<u32>() else { return false };
    text.split(',').any(|part| match part.split_once('-') {
        Some((first, last)) => first.parse().is_ok_and(|first| key >= first) && last.parse().is_ok_and(|last| key <= last),
        None => part.parse() == Ok(key),
    })
}
