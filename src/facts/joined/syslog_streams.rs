//! Facilities that carry a stream into where rsyslog and the journal keep its messages, and to whom they are sent.

use super::holdings::Holding;
use crate::facts::journald::Forwarding;
use crate::facts::rsyslog::messages::{FACILITY_NAMES, severity_name};
use crate::facts::rsyslog::routes::{Certainty, Delivery, Destination, Flow, Origin, Receiver, Routes};
use crate::facts::systemd_units::{self, Starts};
use crate::facts::{Cell, Evidence, Host, Seen, Value, Why, journald, logrotate, rsyslog};
use crate::names::Phrase;
use crate::reckon::retention::{Bound, Kept};

static WRITTEN: Phrase = Phrase { zh: "{}.{} 写入 {}", en: "{}.{} is written to {}" };
static NOT_WRITTEN: Phrase = Phrase { zh: "{}.{} 未写入任何文件", en: "{}.{} is written to no file" };
static NOT_CERTAIN: Phrase = Phrase {
    zh: "{} 是否写入 {} 取决于程序、内容或未采集的配置",
    en: "whether {} reaches {} depends on program, text or what was not read",
};
static NOT_STARTED: Phrase =
    Phrase { zh: "rsyslog 不自动启动，其配置不生效", en: "rsyslog does not start, so that its configuration does nothing" };

static UNFORWARDED: Phrase = Phrase {
    zh: "journald 不向 rsyslog 的套接字转发，程序的消息到不了 rsyslog",
    en: "journald forwards nothing to the socket of rsyslog, so that messages of programs do not reach it",
};

/// The journal in memory, and on disk.
const JOURNALS: [&str; 2] = ["/run/log/journal", "/var/log/journal"];
/// What stands for journald where nothing of it was collected.
const CONF: &str = "etc/systemd/journald.conf";

/// A receiver that a stream's messages are sent to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent<'a> {
    /// Who receives them.
    pub receiver: Receiver<'a>,
    /// Whether all of them are sent.
    pub certain: bool,
    /// The action and what it stands under.
    pub evidence: &'a [Evidence<'a>],
}

/// What becomes of the messages of some facilities.
#[derive(Debug)]
pub(super) struct Fate<'a> {
    /// What is guaranteed of them on the asset.
    pub holding: Holding<'a>,
    /// Whether they are written anywhere (boolean).
    pub enabled: Cell<'a>,
    /// To whom they are sent.
    pub sent: Vec<Sent<'a>>,
    /// Why further receivers could be there.
    pub sent_gap: Option<Why<'a>>,
    /// What keeps messages from rsyslog, and so from every receiver.
    pub kept_back: &'a [Evidence<'a>],
    /// The least severe level that rsyslog writes of each of them.
    pub level: Option<&'static str>,
    /// What was not read.
    pub gaps: Vec<Why<'a>>,
}

/// What becomes of messages of these facilities at a severity and the more severe ones; or why nothing can be said.
pub(super) fn fate<'a>(host: &Host<'a>, facilities: &[u8], severity: u8) -> Result<Fate<'a>, Why<'a>> {
    let mut gaps = Vec::new();
    let routes = running(host, &mut gaps)?;
    let journal = journal(host, routes.is_none(), &mut gaps);
    let forwarding = journald::forwarding(host);
    let mut by_socket_alone = false;
    let mut parts = Vec::new();
    let mut sent: Vec<Sent<'a>> = Vec::new();
    let mut written = Certainty::Certain;
    for (at, facility) in facilities.iter().enumerate() {
        let entered = |open| routes.map(|routes| entered(routes, (*facility, severity), open)).unwrap_or_default();
        let flows: Vec<&'a Flow<'a>> = entered(!matches!(forwarding, Forwarding::Closed(_)));
        by_socket_alone |= entered(false).is_empty() && !entered(true).is_empty();
        merge(&mut sent, flows.iter().flat_map(|flow| receivers(flow, *facility, severity)).collect(), at == 0);
        let reached = |flow: &&Flow<'a>| flow.kept.of(*facility, severity).max(flow.forwarded.of(*facility, severity));
        written = written.min(flows.iter().map(reached).min().unwrap_or(Certainty::No));
        let mut files: Vec<Vec<Holding<'a>>> = flows.iter().map(|flow| files(host, flow, *facility, severity)).collect();
        if files.is_empty() {
            files.push(Vec::new());
        }
        for mut places in files {
            places.extend(journal.as_ref().map(|(holding, _)| holding.clone()));
            let missing = || Holding::nothing(vec![step(host, &NOT_WRITTEN, &[name(*facility), severity_name(severity)])]);
            parts.push(Holding::longest(host, places).unwrap_or_else(missing));
        }
    }
    let mut holding = Holding::shortest(host, parts).unwrap_or_else(|| Holding::nothing(Vec::new()));
    holding.evidence.extend(not_started(host));
    let mut kept_back: &[Evidence<'a>] = &[];
    match forwarding {
        Forwarding::Closed(evidence) if by_socket_alone => {
            kept_back = evidence;
            holding.evidence.splice(0..0, evidence.iter().copied());
            holding.evidence.push(Evidence::Step(&UNFORWARDED, &[], None));
        }
        Forwarding::Unknown(why) if by_socket_alone => gaps.push(why),
        Forwarding::Open | Forwarding::Closed(_) | Forwarding::Unknown(_) => {}
    }
    let evidence = host.evidence(&holding.evidence);
    let journaled = journal.is_some_and(|(_, certain)| certain);
    let enabled = match (written, gaps.first()) {
        (Certainty::Certain, _) => Cell::known(Value::Boolean(true), evidence),
        _ if journaled => Cell::known(Value::Boolean(true), evidence),
        (_, Some(why)) => Cell::unknown(*why, evidence),
        (Certainty::Possible, None) => Cell::unknown(Why::new("depends-on-content", &DEPENDS, holding.path.unwrap_or_default()), evidence),
        (Certainty::No, None) => Cell::known(Value::Boolean(false), evidence),
    };
    let level = routes.and_then(|routes| facilities.iter().map(|facility| level(routes, *facility)).min().flatten());
    let sent_gap = routes.and_then(|routes| routes.gaps.first()).map(|gap| gap.why);
    Ok(Fate { holding, enabled, sent, sent_gap, kept_back, level: level.map(severity_name), gaps })
}

/// rsyslog's routes where it runs, as far as that is known; none where it is not there or does not start.
fn running<'a>(host: &Host<'a>, gaps: &mut Vec<Why<'a>>) -> Result<Option<&'a Routes<'a>>, Why<'a>> {
    const OTHER: &str = "etc/syslog-ng/syslog-ng.conf";
    if host.look(OTHER).lack.is_none() {
        return Err(Why::not_understood(OTHER));
    }
    let routes = match rsyslog::routes(host) {
        Ok(routes) => routes,
        Err(Seen::Absent) => return Ok(None),
        Err(Seen::Lacking(path, lack)) => return Err(Why::lacking(path, lack)),
        Err(Seen::Nothing | Seen::Present) => return Err(Why::not_collected("etc/rsyslog.conf")),
    };
    match starts(host) {
        Starts::No(_) => return Ok(None),
        Starts::Unknown(why) => gaps.push(why),
        Starts::Yes(_) => {}
    }
    gaps.extend(routes.gaps.iter().map(|gap| gap.why));
    Ok(Some(routes))
}

/// Whether rsyslog starts by itself.
fn starts<'a>(host: &Host<'a>) -> Starts<'a> {
    systemd_units::starts(host, &["rsyslog.service", "syslog.service", "rsyslog"])
}

/// What shows that rsyslog is there and does not start, where that is certain.
fn not_started<'a>(host: &Host<'a>) -> Option<Evidence<'a>> {
    let off = rsyslog::routes(host).is_ok() && matches!(starts(host), Starts::No(_));
    off.then_some(Evidence::Step(&NOT_STARTED, &[], None))
}

/// The journal as one more place, and whether it certainly stores anything.
fn journal<'a>(host: &Host<'a>, alone: bool, gaps: &mut Vec<Why<'a>>) -> Option<(Holding<'a>, bool)> {
    let settings = match journald::effective(host) {
        Ok(settings) => settings,
        Err(Seen::Absent) => return None,
        // The journal guarantees no time, so that beside rsyslog it does not matter what is not known of it.
        Err(seen) => {
            let why = if let Seen::Lacking(path, lack) = seen { Why::lacking(path, lack) } else { Why::not_collected(CONF) };
            gaps.extend(alone.then_some(why));
            return None;
        }
    };
    let journal = journald::journal(host, settings);
    if journal.stored.value() == Some(Value::Boolean(false)) {
        return None;
    }
    if alone {
        gaps.extend(settings.gaps);
    }
    let persistent = journal.persistent.value() == Some(Value::Boolean(true));
    let bound = if journal.aged { Bound::Both } else { Bound::Size };
    let evidence = [journal.limits, journal.persistent.evidence].concat();
    let formula = if persistent { "SystemMaxUse" } else { "RuntimeMaxUse" };
    let holding = Holding::known(JOURNALS[usize::from(persistent)], Kept::Seconds(0), bound, formula, evidence);
    let certain = journal.stored.value() == Some(Value::Boolean(true)) && settings.gaps.is_empty();
    Some((holding, certain))
}

/// The flows that this host's own messages of a facility take; nothing comes by the system's socket where the journal forwards nothing.
fn entered<'a>(routes: &'a Routes<'a>, (facility, severity): (u8, u8), forwarded: bool) -> Vec<&'a Flow<'a>> {
    let inputs = routes.local_through(|input| forwarded || !input.module.eq_ignore_ascii_case("imuxsock"));
    inputs.filter(|(_, messages)| messages.holds(facility, severity)).map(|(flow, _)| flow).collect()
}

/// The files that messages of a facility reach.
fn files<'a>(host: &Host<'a>, flow: &'a Flow<'a>, facility: u8, severity: u8) -> Vec<Holding<'a>> {
    let to_files = flow.deliveries.iter().filter_map(|delivery| match delivery.to {
        Destination::File(file) if !file.path.starts_with("/dev/") => Some((delivery, file)),
        _ => None,
    });
    to_files.filter_map(|(delivery, file)| kept_in(host, delivery, file.path, facility, severity)).collect()
}

/// One file as a place, if messages of the facility may reach it.
fn kept_in<'a>(host: &Host<'a>, delivery: &Delivery<'a>, path: &'a str, facility: u8, severity: u8) -> Option<Holding<'a>> {
    let certainty = delivery.reach.of(facility, severity);
    if certainty == Certainty::No {
        return None;
    }
    let retention = logrotate::retention_of(host, path);
    let mut brought = vec![step(host, &WRITTEN, &[name(facility), severity_name(severity), path])];
    brought.extend(delivery.evidence.iter().map(|piece| match piece {
        Evidence::Decides(span) => Evidence::Reference(*span),
        other => *other,
    }));
    let mut holding = Holding::rotated(path, &retention, &brought);
    if certainty == Certainty::Possible {
        holding.low = Kept::Seconds(0);
        holding.why = Some(Why::new("depends-on-content", &DEPENDS, path));
        holding.evidence.push(step(host, &NOT_CERTAIN, &[name(facility), path]));
    }
    Some(holding)
}

static DEPENDS: Phrase = Phrase {
    zh: "是否写入 {} 取决于程序、内容或未采集的配置",
    en: "what reaches {} depends on program, text or what was not read",
};

/// The hosts that messages of a facility are sent to; this host itself is none.
fn receivers<'a>(flow: &'a Flow<'a>, facility: u8, severity: u8) -> Vec<Sent<'a>> {
    let to_hosts = flow.deliveries.iter().filter_map(|delivery| match delivery.to {
        Destination::Host(receiver) if !is_this_host(receiver.host) => Some((delivery, receiver)),
        _ => None,
    });
    let sent = |(delivery, receiver): (&'a Delivery<'a>, Receiver<'a>)| match delivery.reach.of(facility, severity) {
        Certainty::No => None,
        certainty => Some(Sent { receiver, certain: certainty == Certainty::Certain, evidence: delivery.evidence }),
    };
    to_hosts.filter_map(sent).collect()
}

/// Whether a name or address is this host's own.
fn is_this_host(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Keeps the receivers that get the messages of every facility; one that gets only some is not certain.
fn merge<'a>(all: &mut Vec<Sent<'a>>, more: Vec<Sent<'a>>, first: bool) {
    let same = |left: &Sent<'a>, right: &Sent<'a>| left.receiver.host == right.receiver.host;
    for known in all.iter_mut() {
        known.certain &= first || more.iter().any(|sent| sent.certain && same(sent, known));
    }
    for sent in more {
        match all.iter_mut().find(|known| same(known, &sent)) {
            Some(known) => known.certain |= first && sent.certain,
            None => all.push(Sent { certain: sent.certain && first, ..sent }),
        }
    }
}

/// To whom the lines of a file that rsyslog follows are sent.
pub(super) fn followed<'a>(host: &Host<'a>, path: &str) -> Vec<Sent<'a>> {
    let Ok(routes) = rsyslog::routes(host) else { return Vec::new() };
    let follows = |origin: Origin<'a>| matches!(origin, Origin::Followed(followed) if logrotate::same_path(followed, path));
    let mut sent = Vec::new();
    for input in routes.inputs.iter().filter(|input| follows(input.origin)) {
        let Some(flow) = routes.flows.iter().find(|flow| flow.ruleset == input.ruleset) else { continue };
        for delivery in flow.deliveries {
            let Destination::Host(receiver) = delivery.to else { continue };
            let all = delivery.reach.certain.and(input.messages) == input.messages;
            if !is_this_host(receiver.host) && !delivery.reach.possible.and(input.messages).is_empty() {
                sent.push(Sent { receiver, certain: all, evidence: delivery.evidence });
            }
        }
    }
    sent
}

/// The least severe level of a facility that is written to some file or sent to some host.
fn level(routes: &Routes<'_>, facility: u8) -> Option<u8> {
    routes.local().filter_map(|(flow, _)| flow.kept.certain.or(flow.forwarded.certain).level(facility)).max()
}

/// The name of a facility.
fn name(facility: u8) -> &'static str {
    FACILITY_NAMES.get(usize::from(facility)).copied().unwrap_or_default()
}

fn step<'a>(host: &Host<'a>, phrase: &'static Phrase, arguments: &[&'a str]) -> Evidence<'a> {
    Evidence::Step(phrase, host.arena().alloc_slice_copy(arguments), None)
}
