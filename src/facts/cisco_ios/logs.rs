//! Logging, time and banner statements of IOS into the rows of `logs`, `time-sources` and `banner`.

use super::super::cisco_words::withheld;
use super::aaa;
use super::documented as doc;
use super::statements::{Ios, Said, said_in};
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::{BANNER, LOGS, TIME_SOURCES};

static TCP: Phrase = Phrase {
    zh: "TCP 不保证日志主机中断时不丢失：{}",
    en: "TCP alone does not show that an outage of the host loses nothing: {}",
};

/// Words behind `logging` that are no address of a host in the old form `logging 10.0.0.9`.
fn is_address(word: &str) -> bool {
    word.parse::<std::net::IpAddr>().is_ok()
}

/// Log hosts, in both forms.
fn hosts<'a>(ios: &Ios<'_, 'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut found = Vec::new();
    for node in ios.all("logging") {
        let host = match (node.word(1), node.word(2)) {
            (Some("host"), Some("ipv6")) => node.word(3),
            (Some("host"), host) => host,
            (Some(word), _) if is_address(word) => Some(word),
            _ => None,
        };
        found.extend(host.map(|host| (host, node)));
    }
    found
}

/// Adds the rows of the three tables.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let hosts = hosts(ios);
    let silent = match ios.said("logging on") {
        Said::No(node) => Some(node),
        Said::Yes(_) | Said::Nothing => None,
    };
    let stopped = silent.or(match ios.said("logging trap") {
        Said::No(node) => Some(node),
        Said::Yes(node) => withheld(Some(node)),
        Said::Nothing => None,
    });
    let system = match silent {
        Some(node) => ios.device.decided(Value::Boolean(false), node),
        None => ios.device.defaulted(Value::Boolean(true), &doc::LOGGING_ON),
    };
    let both: Vec<Said<'a>> = ["login on-failure log", "login on-success log"].iter().map(|name| ios.said(name)).collect();
    let authentication = match &both[..] {
        [Said::Yes(one), Said::Yes(other)] => ios.device.decided_by(Value::Boolean(silent.is_none()), &[*one, *other]),
        [Said::No(node), _] | [_, Said::No(node)] => ios.device.decided(Value::Boolean(false), *node),
        _ => ios.device.undocumented("login on-failure log, login on-success log"),
    };
    let (recorded, nodes) = aaa::at_servers(ios, "accounting", "commands 15");
    let archive = ios.device.root().find(&["archive", "log config"]);
    let changes: Vec<Node<'a>> = ["logging enable", "notify syslog"].iter().filter_map(|it| said_in(&archive, it).yes()).collect();
    let command = match (recorded, changes.len()) {
        (true, _) => ios.device.decided_by(Value::Boolean(true), &nodes),
        (false, 2) => ios.device.decided_by(Value::Boolean(silent.is_none()), &changes),
        _ => ios.device.known_absence(Value::Boolean(false)),
    };
    for (stream, enabled, covers) in
        [("system", system, "privilege"), ("authentication", authentication, "auth"), ("command", command, "command")]
    {
        stream_row(ios, tables, (stream, enabled, covers), &hosts, stopped);
    }
    times(ios, tables);
    banners(ios, tables);
}

/// One stream.
fn stream_row<'a>(
    ios: &Ios<'_, 'a>,
    tables: &mut Tables<'a>,
    (stream, enabled, covers): (&'static str, Cell<'a>, &'static str),
    hosts: &[(&'a str, Node<'a>)],
    stopped: Option<Node<'a>>,
) {
    let host = ios.device.host;
    let forwarded = stopped.map_or_else(|| forwarded_to(ios, hosts), |node| ios.device.decided(host.texts(&[]), node));
    let transport = |word: &str| !hosts.is_empty() && hosts.iter().all(|(_, node)| node.words().any(|it| it == word));
    let nodes: Vec<Node<'a>> = hosts.iter().map(|(_, node)| *node).collect();
    let (encrypted, reliable) = if hosts.is_empty() || stopped.is_some() {
        (ios.device.absent(), ios.device.absent())
    } else {
        let pieces: Vec<Evidence<'a>> = nodes.iter().map(|node| ios.device.decides(*node)).collect();
        let reliable = if transport("tcp") || transport("tls") {
            Cell::unknown(Why::new("not-shown", &TCP, "logging host"), host.evidence(&pieces))
        } else {
            ios.device.decided_by(Value::Boolean(false), &nodes)
        };
        (ios.device.decided_by(Value::Boolean(transport("tls")), &nodes), reliable)
    };
    let buffer = match ios.said("logging buffered") {
        Said::Yes(node) => Some(node),
        Said::No(_) | Said::Nothing => None,
    };
    let level = match ios.said("logging trap") {
        Said::Yes(node) => ios.device.decided(Value::Text(node.word(2).unwrap_or("informational")), node),
        Said::No(node) => ios.device.decided(Value::Text("off"), node),
        Said::Nothing => ios.device.undocumented("logging trap"),
    };
    let kept = |value| Cell::known(value, enabled.evidence);
    let list = host.arena().alloc_slice_copy(&[Value::Word(covers)]);
    let mut row = host.row(&LOGS, super::PRODUCT.name);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]))
        .set(const { LOGS.column("path") }, buffer.map_or(ios.device.absent(), |node| ios.device.decided(Value::Text("buffer"), node)))
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, kept(Value::List(list)))
        .set(const { LOGS.column("retention") }, kept(Value::Duration(0)))
        .set(const { LOGS.column("bounded-by") }, kept(Value::Word("size")))
        .set(const { LOGS.column("retention-why") }, kept(Value::Text("a buffer in memory is lost on restart")))
        .set(const { LOGS.column("forwarded") }, forwarded)
        .set(const { LOGS.column("forwarding-encrypted") }, encrypted)
        .set(const { LOGS.column("forwarding-reliable") }, reliable)
        .set(const { LOGS.column("level") }, level);
    tables.push(row);
}

/// The hosts that get the messages, or those that pass a discriminator or a filter script (IOS Embedded Syslog Manager Command Reference,
/// logging host).
fn forwarded_to<'a>(ios: &Ios<'_, 'a>, hosts: &[(&'a str, Node<'a>)]) -> Cell<'a> {
    let is_filtered = |node: &Node<'a>| node.words().any(|word| matches!(word, "discriminator" | "filtered"));
    let filters: Vec<Option<Node<'a>>> = hosts.iter().map(|(_, node)| Some(*node).filter(is_filtered)).collect();
    ios.device.log_hosts(ios.device.texts(hosts), &filters)
}

/// Time servers: an answer is authenticated where the key of the server is defined and trusted, and authentication is on.
fn times<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let on = ios.said("ntp authenticate").yes();
    for pattern in ["ntp server", "ntp peer", "sntp server"] {
        for node in ios.all(pattern) {
            let words: Vec<&'a str> = node.words().skip(2).collect();
            let at = match words.first() {
                Some(&"vrf") => 2,
                Some(&"ip" | &"ipv6") => 1,
                _ => 0,
            };
            let Some(server) = words.get(at).copied() else { continue };
            let number = words.iter().position(|word| *word == "key").and_then(|at| words.get(at + 1)).copied();
            let key = number.and_then(|number| ios.all("ntp authentication-key").into_iter().find(|it| it.word(2) == Some(number)));
            let trusted = number.and_then(|number| ios.all("ntp trusted-key").into_iter().find(|it| trusts(*it, number)));
            let authenticated = match (on, key, trusted) {
                (Some(on), Some(key), Some(trusted)) => ios.device.decided_by(Value::Boolean(true), &[node, on, key, trusted]),
                _ if number.is_some() => ios.device.unless_cut(ios.device.decided(Value::Boolean(false), node)),
                _ => ios.device.decided(Value::Boolean(false), node),
            };
            let mut row = ios.device.host.row(&TIME_SOURCES, super::PRODUCT.name);
            row.set(const { TIME_SOURCES.column("server") }, ios.device.decided(Value::Text(server), node))
                .set(
                    const { TIME_SOURCES.column("protocol") },
                    ios.device.decided(Value::Word(if pattern == "sntp server" { "sntp" } else { "ntp" }), node),
                )
                .set(const { TIME_SOURCES.column("authenticated") }, authenticated)
                .set(const { TIME_SOURCES.column("enabled") }, ios.device.decided(Value::Boolean(true), node));
            tables.push(row);
        }
    }
}

/// Whether `ntp trusted-key` names a number, alone or in a range `1 - 3`.
fn trusts(node: Node<'_>, number: &str) -> bool {
    let words: Vec<&str> = node.words().skip(2).collect();
    let Ok(wanted) = number.parse::<u32>() else { return false };
    match words[..] {
        [low, "-", high] => low.parse().is_ok_and(|low: u32| low <= wanted) && high.parse().is_ok_and(|high: u32| wanted <= high),
        _ => words.contains(&number),
    }
}

/// The banners that are shown before a login.
fn banners<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    for scope in ["login", "motd"] {
        let node = ios.said(&format!("banner {scope}")).yes();
        let text = node.map(|node| format!("{} {}", node.rest("banner *").unwrap_or_default(), node.body()).to_ascii_lowercase());
        let text = text.map(|text| text.replace("^c", "").replace('\u{3}', ""));
        let present = text.as_ref().is_some_and(|text| text.trim().len() > 1);
        let cell = |value: bool| match node {
            Some(node) => ios.device.decided(Value::Boolean(value), node),
            None => ios.device.known_absence(Value::Boolean(false)),
        };
        let named = text.as_ref().is_some_and(|text| ["cisco", " ios", "catalyst"].iter().any(|word| text.contains(word)));
        let mut row = ios.device.host.row(&BANNER, super::PRODUCT.name);
        row.set(const { BANNER.column("scope") }, Cell::known(Value::Text(scope), &[]))
            .set(const { BANNER.column("present") }, cell(present))
            .set(const { BANNER.column("mentions-product") }, cell(named));
        tables.push(row);
    }
}
