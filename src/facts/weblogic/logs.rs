//! The log and the access log of each server of a domain into rows `web-error` and `web-access` of `logs`.
//!
//! MBean Reference, LogFileMBean: a log rotates bySize unless it says byTime or none; as many files stay as FileCount says where
//! NumberOfFilesLimited is true, which it is by default; FileTimeSpan is hours, 24 by default.

use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::{Domain, NAME};
use crate::names::Phrase;
use crate::parse::xml::Element;
use crate::schema::neutral::LOGS;

static BY_SIZE: Phrase =
    Phrase { zh: "{}：按大小轮转，只保证容量", en: "{}: rotated by size, which guarantees a volume and no time" };
static BY_TIME: Phrase = Phrase { zh: "{} 个文件 × {} 小时", en: "{} files of {} hours" };

static COUNT: Phrase = Phrase { zh: "{} 未写，默认值随模式不同", en: "{} is not written, and its default depends on the mode" };

/// Pushes the rows of a domain's servers.
pub(super) fn push<'a>(host: &Host<'a>, domain: &Domain<'a>, tables: &mut Tables<'a>) {
    for server in domain.root.all("server") {
        let name = server.child("name").map_or("", |name| name.content);
        if !host.spend(2) {
            break;
        }
        row(host, domain, ("web-error", host.text(&format!("{name} log")), server.child("log"), true), tables);
        let web = server.child("web-server").and_then(|web| web.child("web-server-log"));
        let enabled = web.and_then(|log| log.child("logging-enabled")).is_none_or(|element| element.content != "false");
        row(host, domain, ("web-access", host.text(&format!("{name} access log")), web, enabled), tables);
    }
    if let Some(why) = domain.gap {
        let mut row = host.gap(&LOGS, NAME, why);
        row.instance(domain.instance);
        let either = host.arena().alloc_slice_copy(&[Value::Word("web-access"), Value::Word("web-error")]);
        row.set(const { LOGS.column("stream") }, Cell::one_of(why, either, &[]));
        tables.push(row);
    }
}

/// How long records stay.
fn kept<'a>(host: &Host<'a>, domain: &Domain<'a>, label: &'a str, log: Option<&Element<'a>>) -> (Cell<'a>, Cell<'a>) {
    static LIMITED: Documented = Documented {
        setting: "NumberOfFilesLimited = true",
        versions: "WebLogic Server 12.2.1 and later",
        source: "MBean Reference, LogFileMBean",
    };
    static SIZE: Documented = Documented {
        setting: "RotationType = bySize",
        versions: "WebLogic Server 12.2.1 and later",
        source: "MBean Reference, LogFileMBean",
    };
    static SPAN: Documented = Documented {
        setting: "FileTimeSpan = 24",
        versions: "WebLogic Server 12.2.1 and later",
        source: "Domain Configuration Schema Reference 10.0, file-time-span; RESTful Management Interface Reference 15.1.1, \"Web Server Log\"",
    };
    let of = |name: &str| log.and_then(|log| log.child(name));
    let piece = |element: Option<&Element<'a>>, default: &'static Documented| {
        element.map_or(Evidence::Default(default), |element| Evidence::Decides(domain.source.span(element.text)))
    };
    let known = |value: Value<'a>, word: &'static str, evidence: &'a [Evidence<'a>]| {
        (Cell::known(value, evidence), Cell::known(Value::Word(word), evidence))
    };
    let (limited, rotation) = (of("number-of-files-limited"), of("rotation-type"));
    let kind = rotation.map_or("bySize", |element| element.content);
    if limited.is_some_and(|element| element.content == "false") || kind == "none" {
        let decides = if kind == "none" { piece(rotation, &SIZE) } else { piece(limited, &LIMITED) };
        return known(Value::Unlimited, "nothing", host.evidence(&[decides]));
    }
    if kind != "byTime" {
        let step = Evidence::Step(&BY_SIZE, host.arena().alloc_slice_copy(&[label]), None);
        return known(Value::Duration(0), "size", host.evidence(&[piece(rotation, &SIZE), piece(limited, &LIMITED), step]));
    }
    let hours = of("file-time-span").map_or("24", |element| element.content);
    let Some((count, hours_number)) = of("file-count").and_then(|it| it.content.parse::<u64>().ok()).zip(hours.parse::<u64>().ok()) else {
        let why = Why::new("default-by-mode", &COUNT, "FileCount");
        let unknown = Cell::unknown(why, host.evidence(&[piece(rotation, &SIZE)]));
        return (unknown, unknown);
    };
    let pieces = [piece(of("file-count"), &LIMITED), piece(rotation, &SIZE), piece(of("file-time-span"), &SPAN)];
    let step = Evidence::Step(&BY_TIME, host.arena().alloc_slice_copy(&[host.text(&count.to_string()), hours]), None);
    let evidence = host.evidence(&[&pieces[..], &[step]].concat());
    known(Value::Duration(count.saturating_mul(hours_number).saturating_mul(3_600)), "time", evidence)
}

/// The row of one log.
fn row<'a>(
    host: &Host<'a>,
    domain: &Domain<'a>,
    (stream, label, log, enabled): (&'static str, &'a str, Option<&Element<'a>>, bool),
    tables: &mut Tables<'a>,
) {
    let (retention, bounded) = kept(host, domain, label, log);
    let evidence = log.map_or(&[][..], |log| host.evidence(&[Evidence::Decides(domain.source.span(log.text))]));
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let (retention, bounded) = match domain.gap.filter(|_| log.is_none()) {
        Some(why) => (Cell::unknown(why, &[]), Cell::unknown(why, &[])),
        None => (retention, bounded),
    };
    let mut row = host.row(&LOGS, NAME);
    row.instance(domain.instance);
    row.set(const { LOGS.column("stream") }, known(Value::Word(stream)))
        .set(const { LOGS.column("path") }, known(Value::Text(label)))
        .set(const { LOGS.column("enabled") }, known(Value::Boolean(enabled)))
        .set(const { LOGS.column("covers") }, known(Value::List(&[Value::Word("access")])))
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded)
        .set(const { LOGS.column("retention-why") }, known(Value::Text("RotationType, FileCount, FileTimeSpan")))
        .set(const { LOGS.column("forwarded") }, known(Value::List(&[])))
        .set_rest(Cell::unset(evidence));
    tables.push(row);
}
