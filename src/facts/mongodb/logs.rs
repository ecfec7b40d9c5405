//! Where MongoDB's audit records go into a row of `logs`.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why, logrotate};
use super::files::Configuration;
use super::settings::Settings;
use super::{NAME, audit_filter};
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

static ELSEWHERE: Phrase = Phrase {
    zh: "审计写到 {}，由接收它的系统决定保存",
    en: "audit records go to {}, and what takes them decides how long they are kept",
};

/// Pushes the row of a server.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    (configuration, settings): (&Configuration<'a>, &Settings<'a>),
    tables: &mut Tables<'a>,
) {
    if !tables.wants(&LOGS) {
        return;
    }
    let destination = settings.cell("auditLog.destination", |read| Some(Value::Text(read.text)));
    let filter = settings.cell("auditLog.filter", |read| Some(Value::Text(read.text)));
    let written = if let Some(Value::Text(text)) = destination.value() { text } else { "" };
    let lost = lost_to(written, configuration);
    let evidence = match lost {
        Some(fork) => host.evidence(&[destination.evidence, &[fork]].concat()),
        None => destination.evidence,
    };
    let to = if lost.is_some() { "" } else { written };
    let stream = Cell::known(Value::Word("database-audit"), &[]);
    if let State::Unknown(why, _) = destination.state {
        let mut row = host.gap(&LOGS, NAME, why);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, stream);
        for column in [const { LOGS.column("enabled") }, const { LOGS.column("covers") }] {
            row.set(column, Cell::unknown(why, evidence));
        }
        return tables.push(row);
    }
    let given = configuration.options.iter().rev().find(|it| it.path == "auditLog.path").map(|it| it.value);
    let file = given.filter(|path| to == "file" && path.starts_with('/'));
    let kept = file.map(|path| logrotate::retention_of(host, path));
    let elsewhere = Cell::unknown(Why::new("kept-elsewhere", &ELSEWHERE, to), evidence);
    let never = Cell::known(Value::Duration(0), evidence);
    let covers = if to.is_empty() { Cell::known(Value::List(&[]), evidence) } else { covers(host, evidence, filter) };
    let local = to == "file" || to.is_empty();
    let of_file = |cell: Option<Cell<'a>>, none: Cell<'a>| if to.is_empty() { none } else { cell.unwrap_or(elsewhere) };
    let mut row = host.row(&LOGS, NAME);
    row.instance(instance);
    row.set(const { LOGS.column("stream") }, stream)
        .set(const { LOGS.column("path") }, file.map_or(Cell::unset(evidence), |path| Cell::known(Value::Text(path), evidence)))
        .set(const { LOGS.column("enabled") }, Cell::known(Value::Boolean(!to.is_empty()), evidence))
        .set(const { LOGS.column("covers") }, covers)
        .set(const { LOGS.column("retention") }, of_file(kept.map(|it| it.kept), never))
        .set(const { LOGS.column("bounded-by") }, of_file(kept.map(|it| it.bounded_by), Cell::unset(evidence)))
        .set(
            const { LOGS.column("retention-why") },
            of_file(kept.map(|it| it.why), Cell::known(Value::Text("auditLog.destination"), evidence)),
        )
        .set(const { LOGS.column("forwarded") }, if local { Cell::known(Value::List(&[]), evidence) } else { elsewhere })
        .set(const { LOGS.column("forwarding-encrypted") }, if local { Cell::unset(evidence) } else { elsewhere })
        .set(const { LOGS.column("forwarding-reliable") }, if local { Cell::unset(evidence) } else { elsewhere })
        .set(const { LOGS.column("level") }, Cell::unset(evidence))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(evidence));
    tables.push(row);
}

/// The line by which records on standard output are lost: a server in the background has it on `/dev/null` (MongoDB source,
/// `initialize_server_global_state.cpp`, `forkServer`).
fn lost_to<'a>(destination: &str, configuration: &Configuration<'a>) -> Option<Evidence<'a>> {
    let fork = configuration.options.iter().rev().find(|it| it.path == "processManagement.fork");
    fork.filter(|fork| destination == "console" && fork.value != "false").map(|fork| fork.evidence)
}

/// What the records tell. Without a filter every event is recorded (MongoDB Manual, "Configure Audit Filters").
fn covers<'a>(host: &Host<'a>, unfiltered: &'a [Evidence<'a>], filter: Cell<'a>) -> Cell<'a> {
    let all: &[Value<'a>] = &[Value::Word("auth"), Value::Word("config-change"), Value::Word("privilege")];
    match filter.state {
        State::Unset | State::Known(Value::Text("")) => Cell::known(Value::List(all), unfiltered),
        State::Unknown(why, _) => Cell::unknown(why, filter.evidence),
        State::Known(Value::Text(text)) => match audit_filter::covers(host.arena(), text) {
            Some(words) => {
                Cell::known(Value::List(host.arena().alloc_slice_fill_iter(words.into_iter().map(Value::Word))), filter.evidence)
            }
            None => Cell::unknown(Why::not_understood(text), filter.evidence),
        },
        State::Known(_) => Cell::unknown(Why::not_understood("auditLog.filter"), filter.evidence),
    }
}
