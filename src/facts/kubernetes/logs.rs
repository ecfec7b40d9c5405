//! The API server's audit flags, and the kubelet's rotation of what containers write, into rows of `logs`.
//!
//! Old files go by age, by number or by neither (reference, kube-apiserver, Options); a number of files of a size guarantees no time.

use super::super::{Cell, Host, State, Tables, Value, Why};
use super::NAME;
use super::options::Settings;
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

/// Seconds of a day.
const DAY: u64 = 86_400;

static OUTPUT: Phrase = Phrase {
    zh: "{} 为 -，写到标准输出，由容器运行时决定去向",
    en: "{} is -: records go to standard output, and the container runtime decides what becomes of them",
};
static AGENT: Phrase = Phrase {
    zh: "{} 只轮转容器日志，是否有采集代理把它们送走，这里看不到",
    en: "the {} only rotates what containers write; whether an agent sends it elsewhere is not seen here",
};
static RECEIVER: Phrase = Phrase { zh: "{} 中的接收方未读取", en: "the receiver in {} was not read" };

/// Pushes the row.
pub(super) fn push<'a>(host: &Host<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let path = settings.cell("audit-log-path", |read| Some(Value::Text(read.text)));
    let policy = settings.cell("audit-policy-file", |read| Some(Value::Text(read.text)));
    let webhook = settings.cell("audit-webhook-config-file", |read| Some(Value::Text(read.text)));
    let written = |cell: Cell<'a>| match cell.state {
        State::Known(Value::Text("")) | State::Unset => Some(false),
        State::Known(_) => Some(true),
        State::Unknown(..) => None,
    };
    let evidence = host.evidence(&[path.evidence, policy.evidence, webhook.evidence].concat());
    // Without a policy nothing is recorded, and without a file or a receiver it goes nowhere.
    let enabled = match (written(policy), written(path), written(webhook)) {
        (Some(false), ..) | (_, Some(false), Some(false)) => Cell::known(Value::Boolean(false), evidence),
        (Some(true), Some(true), _) | (Some(true), _, Some(true)) => Cell::known(Value::Boolean(true), evidence),
        _ => [policy, path, webhook].into_iter().find(|cell| written(*cell).is_none()).unwrap_or(policy),
    };
    let (retention, bounded) = kept(host, settings, (path, written(path)));
    let receiver = if let Some(Value::Text(file)) = webhook.value() { file } else { "" };
    let forwarded = match written(webhook) {
        Some(true) => Cell::known(Value::List(host.arena().alloc_slice_copy(&[Value::Opaque(receiver)])), webhook.evidence),
        Some(false) => Cell::known(Value::List(&[]), webhook.evidence),
        None => webhook,
    };
    let unread = match written(webhook) {
        Some(true) => Cell::unknown(Why::new("receiver-not-read", &RECEIVER, receiver), webhook.evidence),
        _ => Cell::unset(webhook.evidence),
    };
    let covers = host.arena().alloc_slice_copy(&["access", "auth", "command", "config-change", "privilege"].map(Value::Word));
    let covers: &[Value<'a>] = if enabled.value() == Some(Value::Boolean(true)) { covers } else { &[] };
    let unset = Cell::unset(evidence);
    let mut row = host.row(&LOGS, NAME);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("api-audit"), &[]))
        .set(const { LOGS.column("path") }, if written(path) == Some(false) { Cell::unset(path.evidence) } else { path })
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, Cell::known(Value::List(covers), evidence))
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text("audit-log-maxage, audit-log-maxbackup"), retention.evidence))
        .set(const { LOGS.column("forwarded") }, forwarded)
        .set(const { LOGS.column("forwarding-encrypted") }, unread)
        .set(const { LOGS.column("forwarding-reliable") }, unread)
        .set(const { LOGS.column("level") }, unset)
        .set(const { LOGS.column("tamper-protection") }, unset);
    tables.push(row);
}

/// Pushes the row of what containers write: so many files of such a size, which guarantees no time, and gone with their container.
pub(super) fn push_containers<'a>(host: &Host<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let size = settings.cell("containerLogMaxSize", |read| Some(Value::Text(read.text)));
    let files = settings.cell("containerLogMaxFiles", |read| read.readings.number);
    let stream = Cell::known(Value::Word("container"), &[]);
    for cell in [size, files] {
        if let State::Unknown(why, _) = cell.state {
            let mut row = host.gap(&LOGS, NAME, why);
            row.set(const { LOGS.column("stream") }, stream);
            return tables.push(row);
        }
    }
    let evidence = host.evidence(&[size.evidence, files.evidence].concat());
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let unseen = Cell::unknown(Why::new("collected-elsewhere", &AGENT, "kubelet"), evidence);
    let mut row = host.row(&LOGS, NAME);
    row.set(const { LOGS.column("stream") }, stream)
        .set(const { LOGS.column("path") }, known(Value::Text("/var/log/pods")))
        .set(const { LOGS.column("enabled") }, known(Value::Boolean(true)))
        .set(const { LOGS.column("covers") }, known(Value::List(&[])))
        .set(const { LOGS.column("retention") }, known(Value::Duration(0)))
        .set(const { LOGS.column("bounded-by") }, known(Value::Word("size")))
        .set(const { LOGS.column("retention-why") }, known(Value::Text("containerLogMaxSize, containerLogMaxFiles")))
        .set(const { LOGS.column("forwarded") }, unseen)
        .set(const { LOGS.column("forwarding-encrypted") }, unseen)
        .set(const { LOGS.column("forwarding-reliable") }, unseen)
        .set(const { LOGS.column("level") }, Cell::unset(evidence))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(evidence));
    tables.push(row);
}

/// How long files are kept, and what ends their life.
fn kept<'a>(host: &Host<'a>, settings: &Settings<'a>, (path, written): (Cell<'a>, Option<bool>)) -> (Cell<'a>, Cell<'a>) {
    let unknown = |why: Why<'a>, cell: Cell<'a>| (Cell::unknown(why, cell.evidence), Cell::unknown(why, cell.evidence));
    match (written, path.value(), path.state) {
        (Some(false), ..) => return (Cell::known(Value::Duration(0), path.evidence), Cell::unset(path.evidence)),
        (_, Some(Value::Text("-")), _) => return unknown(Why::new("logged-to-stdout", &OUTPUT, "audit-log-path"), path),
        (_, _, State::Unknown(why, _)) => return unknown(why, path),
        _ => {}
    }
    let [age, number] = ["audit-log-maxage", "audit-log-maxbackup"].map(|name| settings.cell(name, |read| read.readings.number));
    let evidence = host.evidence(&[age.evidence, number.evidence].concat());
    let known = |value: Value<'a>, word: &'static str| (Cell::known(value, evidence), Cell::known(Value::Word(word), evidence));
    match (age.value(), number.value()) {
        (_, Some(Value::Integer(_))) => known(Value::Duration(0), if age.value() == Some(Value::Unlimited) { "size" } else { "both" }),
        (Some(Value::Integer(days)), Some(_)) => {
            known(Value::Duration(u64::try_from(days).unwrap_or_default().saturating_mul(DAY)), "time")
        }
        (Some(_), Some(_)) => known(Value::Unlimited, "nothing"),
        _ => {
            let open = if age.value().is_none() { age } else { number };
            let why = if let State::Unknown(why, _) = open.state { why } else { Why::not_understood("audit-log-maxage") };
            unknown(why, open)
        }
    }
}
