//! What rsyslog, journald, the audit and sudo write into the neutral table `logs`: for how long, and to whom it is sent.
//!
//! The streams are always there: authentication (facilities auth and authpriv, at info), system (kern, daemon and cron, at info), audit
//! (the kernel's, by auditd) and command (what the audit or sudo records of commands).

use super::audit_stream::{self, Remote, Trail};
use super::holdings::Holding;
use super::syslog_streams::{self, Fate, Sent};
use crate::facts::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, RowBuilder, Seen, State, Tables, Value, Why, logrotate};
use crate::names::{LINUX, Phrase};
use crate::parse::sudoers::{self, Kind, Operation, Scope};
use crate::schema::neutral::LOGS;
use crate::snapshot::Lack;

/// The log streams of a Linux host.
pub(in crate::facts) static PRODUCT: Product = Product {
    name: "linux-logs",
    title: Phrase { zh: "Linux 日志流", en: "log streams of a Linux host" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::Shared(crate::facts::rsyslog::READS),
        Reading::File("etc/syslog-ng/syslog-ng.conf"),
        Reading::File(SUDOERS),
        Reading::Glob("etc/sudoers.d/*"),
        Reading::Shared(crate::facts::auditd::READS),
        Reading::Shared(crate::facts::journald::READS),
        Reading::Shared(crate::facts::logrotate::READS),
    ],
    fills: &[&LOGS],
    derive,
};

const SUDOERS: &str = "etc/sudoers";

/// Severities of RFC 5424: `info` is what ordinary events are logged at, `notice` what sudo logs a command at.
const INFO: u8 = 6;
const NOTICE: u8 = 5;
const KERN: u8 = 0;
const DAEMON: u8 = 3;
const AUTH: u8 = 4;
const CRON: u8 = 9;
const AUTHPRIV: u8 = 10;

static LOGGED_BY_SUDO: Phrase = Phrase {
    zh: "sudo 默认把每条命令记入 syslog 设施 authpriv",
    en: "sudo logs every command to facility authpriv unless it is told otherwise",
};

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    for (stream, facilities, covers) in
        [("authentication", &[AUTH, AUTHPRIV][..], &["auth", "privilege"][..]), ("system", &[KERN, DAEMON, CRON], &[])]
    {
        match syslog_streams::fate(host, facilities, INFO) {
            Ok(fate) => push_fate(host, stream, covers, &fate, tables),
            Err(why) => push_gaps(host, stream, &[why], tables),
        }
    }
    let trail = audit_stream::trail(host);
    match &trail {
        Ok(trail) => push_trail(host, trail, tables),
        Err(why) => push_gaps(host, "audit", &[*why], tables),
    }
    push_commands(host, &trail, tables);
    Seen::Present
}

/// The row of a stream of syslog messages.
fn push_fate<'a>(host: &Host<'a>, stream: &'static str, covers: &[&'static str], fate: &Fate<'a>, tables: &mut Tables<'a>) {
    let sent: Vec<Remote<'a>> = fate.sent.iter().map(remote).collect();
    let mut row = row(host, stream, &fate.holding, fate.enabled, covers);
    set_forwarding(host, &mut row, (&sent, fate.kept_back), fate.sent_gap);
    if let Some(level) = fate.level {
        row.set(const { LOGS.column("level") }, Cell::known(Value::Text(level), host.evidence(&fate.holding.evidence)));
    }
    tables.push(row);
    push_gaps(host, stream, &fate.gaps, tables);
}

/// A receiver of syslog messages.
fn remote<'a>(sent: &Sent<'a>) -> Remote<'a> {
    let Sent { receiver, certain, evidence } = *sent;
    Remote { host: receiver.host, certain, encrypted: receiver.encrypted, reliable: receiver.reliable, evidence }
}

/// The row of the audit.
fn push_trail<'a>(host: &Host<'a>, trail: &Trail<'a>, tables: &mut Tables<'a>) {
    let mut row = row(host, "audit", &trail.holding, trail.enabled, &trail.covers);
    set_forwarding(host, &mut row, (&trail.sent, &[]), trail.sent_gap);
    row.set(const { LOGS.column("tamper-protection") }, trail.locked);
    tables.push(row);
    push_gaps(host, "audit", &trail.gaps, tables);
}

/// The row of commands: the better of what the audit and what sudo records of them.
fn push_commands<'a>(host: &Host<'a>, trail: &Result<Trail<'a>, Why<'a>>, tables: &mut Tables<'a>) {
    let by_audit = trail.as_ref().ok().filter(|trail| trail.commands.is_some());
    let mut gaps: Vec<Why<'a>> = trail.as_ref().map_or_else(|why| vec![*why], |trail| trail.gaps.clone());
    let by_sudo = by_sudo(host, &mut gaps);
    let audit_is_better = match (&by_audit, &by_sudo) {
        (Some(trail), Some(sudo)) => trail.commands == Some(true) || trail.holding.low >= sudo.holding.low,
        (Some(_), None) => true,
        (None, _) => false,
    };
    match (by_audit, by_sudo) {
        (Some(trail), _) if audit_is_better => {
            let covers: &[&'static str] = if trail.commands == Some(true) { &["command", "privilege"] } else { &["privilege"] };
            let mut holding = trail.holding.clone();
            holding.evidence.extend(&trail.commands_by);
            let mut row = row(host, "command", &holding, trail.enabled, covers);
            set_forwarding(host, &mut row, (&trail.sent, &[]), trail.sent_gap);
            row.set(const { LOGS.column("tamper-protection") }, trail.locked);
            tables.push(row);
            push_gaps(host, "command", &trail.gaps, tables);
        }
        (_, Some(fate)) => push_fate(host, "command", &["privilege"], &fate, tables),
        (_, None) => {
            let evidence = vec![Evidence::Searched("etc/audit/rules.d"), Evidence::Searched(SUDOERS)];
            let off = Cell::known(Value::Boolean(false), host.evidence(&evidence));
            let mut row = row(host, "command", &Holding::nothing(evidence), off, &[]);
            set_forwarding(host, &mut row, (&[], &[]), None);
            tables.push(row);
            push_gaps(host, "command", &gaps, tables);
        }
    }
}

/// What becomes of what sudo logs; none where sudo is not there or logs nothing.
fn by_sudo<'a>(host: &Host<'a>, gaps: &mut Vec<Why<'a>>) -> Option<Fate<'a>> {
    let main = match host.file(SUDOERS) {
        Artefact::Text(source) => source,
        Artefact::Lacking(Lack::Absent) => return None,
        Artefact::Lacking(lack) => {
            gaps.push(Why::lacking(SUDOERS, lack));
            return None;
        }
    };
    let more = host.matching("etc/sudoers.d/*");
    let mut facility = Some(AUTHPRIV);
    let mut file: Option<(&'a str, Evidence<'a>)> = None;
    for source in std::iter::once(main).chain(more.paths.iter().filter_map(|path| host.file(path).text())) {
        for entry in sudoers::read(source.text).entries {
            let Kind::Defaults { scope: Scope::All, parameters } = entry.kind else { continue };
            for parameter in parameters {
                match (parameter.name, parameter.operation) {
                    ("syslog", Operation::Off) => facility = None,
                    ("syslog", Operation::Set(name)) => facility = crate::facts::rsyslog::messages::facility(name),
                    ("logfile", Operation::Off) => file = None,
                    ("logfile", Operation::Set(path)) => file = Some((path, Evidence::Decides(source.span(parameter.text)))),
                    _ => {}
                }
            }
        }
    }
    let syslog = facility.map(|facility| syslog_streams::fate(host, &[facility], NOTICE));
    let own = file.map(|(path, by)| Holding::rotated(path, &logrotate::retention_of(host, path), &[by]));
    let mut fate = match (syslog, &own) {
        (Some(Ok(fate)), _) => fate,
        (Some(Err(why)), None) => {
            gaps.push(why);
            return None;
        }
        (None, None) => return None,
        (Some(Err(_)) | None, Some(_)) => {
            let on = Cell::known(Value::Boolean(true), &[]);
            let holding = Holding::nothing(Vec::new());
            Fate { holding, enabled: on, sent: Vec::new(), sent_gap: None, kept_back: &[], level: None, gaps: Vec::new() }
        }
    };
    let places: Vec<Holding<'a>> = own.into_iter().chain(Some(fate.holding.clone()).filter(|holding| holding.path.is_some())).collect();
    let written = !places.is_empty();
    fate.holding = Holding::longest(host, places).unwrap_or(fate.holding);
    fate.holding.evidence.push(Evidence::Step(&LOGGED_BY_SUDO, &[], None));
    if file.is_some() && written {
        fate.enabled = Cell::known(Value::Boolean(true), host.evidence(&fate.holding.evidence));
    }
    if let Some((path, lack)) = more.gap {
        fate.gaps.push(Why::lacking(path, lack));
    }
    Some(fate)
}

/// A row with what every stream has.
fn row<'a>(host: &Host<'a>, stream: &'static str, holding: &Holding<'a>, enabled: Cell<'a>, covers: &[&'static str]) -> RowBuilder<'a> {
    let evidence = host.evidence(&holding.evidence);
    let covers = host.arena().alloc_slice_fill_iter(covers.iter().map(|word| Value::Word(word)));
    let mut row = host.row(&LOGS, PRODUCT.name);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]))
        .set(const { LOGS.column("path") }, holding.path.map_or(Cell::unset(evidence), |path| Cell::known(Value::Text(path), evidence)))
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, Cell::known(Value::List(covers), evidence))
        .set(const { LOGS.column("retention") }, holding.retention(host))
        .set(const { LOGS.column("bounded-by") }, Cell { evidence, ..holding.bounded_by })
        .set(const { LOGS.column("retention-why") }, holding.explanation(host));
    row
}

/// The cells about receivers, or about what keeps messages from all of them.
fn set_forwarding<'a>(
    host: &Host<'a>,
    row: &mut RowBuilder<'a>,
    (sent, kept_back): (&[Remote<'a>], &[Evidence<'a>]),
    gap: Option<Why<'a>>,
) {
    let item = |remote: &Remote<'a>| if remote.certain { Value::Text(remote.host) } else { Value::Opaque(remote.host) };
    let items: Vec<Value<'a>> = sent.iter().map(item).chain(gap.map(|why| Value::Opaque(why.subject))).collect();
    let pieces: Vec<Evidence<'a>> = sent.iter().flat_map(|remote| remote.evidence).chain(kept_back).copied().collect();
    let searched = [Evidence::Searched("etc/rsyslog.conf")];
    let evidence = host.evidence(if pieces.is_empty() { &searched } else { &pieces });
    row.set(const { LOGS.column("forwarded") }, Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), evidence));
    let certain = || sent.iter().filter(|remote| remote.certain);
    let encrypted: Vec<Cell<'a>> = sent.iter().map(|remote| remote.encrypted).collect();
    let reliable: Vec<Cell<'a>> = certain().map(|remote| remote.reliable).collect();
    row.set(const { LOGS.column("forwarding-encrypted") }, combined(host, &encrypted, gap, false))
        .set(const { LOGS.column("forwarding-reliable") }, combined(host, &reliable, gap, true));
}

/// Several switches as one: whether one is on, or whether all are; unset where there is none.
fn combined<'a>(host: &Host<'a>, cells: &[Cell<'a>], gap: Option<Why<'a>>, one_is_enough: bool) -> Cell<'a> {
    let decides = Value::Boolean(one_is_enough);
    if let Some(cell) = cells.iter().find(|cell| cell.value() == Some(decides)) {
        return *cell;
    }
    let unknown = cells.iter().find_map(|cell| match cell.state {
        State::Unknown(why, _) => Some(why),
        State::Known(_) | State::Unset => None,
    });
    match (unknown.or(gap), cells) {
        (Some(why), _) => Cell::unknown(why, &[]),
        (None, []) => Cell::NONE,
        (None, cells) => {
            let pieces: Vec<Evidence<'a>> = cells.iter().flat_map(|cell| cell.evidence).copied().collect();
            Cell::known(Value::Boolean(!one_is_enough), host.evidence(&pieces))
        }
    }
}

/// The row that stands for what could not be read of a stream; one is enough.
fn push_gaps<'a>(host: &Host<'a>, stream: &'static str, gaps: &[Why<'a>], tables: &mut Tables<'a>) {
    let Some(why) = gaps.first() else { return };
    let mut row = host.gap(&LOGS, PRODUCT.name, *why);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]));
    // Its key differs from that of the row beside it.
    row.instance(why.subject);
    tables.push(row);
}
