//! Where MongoDB's audit records go into a row of `logs`.

use super::super::{Cell, Host, State, Tables, Value, Why, logrotate};
use super::NAME;
use super::files::Configuration;
use super::settings::Settings;
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
    let evidence = destination.evidence;
    let to = if let Some(Value::Text(text)) = destination.value() { text } else { "" };
    let stream = Cell::known(Value::Word("database-audit"), &[]);
    if let State::Unknown(why, _) = destination.state {
        let mut row = host.gap(&LOGS, NAME, why);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, stream);
        return tables.push(row);
    }
    let given = configuration.options.iter().rev().find(|it| it.path == "auditLog.path").map(|it| it.value);
    let file = given.filter(|path| to == "file" && path.starts_with('/'));
    let kept = file.map(|path| logrotate::retention_of(host, path));
    let elsewhere = Cell::unknown(Why::new("kept-elsewhere", &ELSEWHERE, to), evidence);
    let never = Cell::known(Value::Duration(0), evidence);
    // Without a filter every event is recorded (manual, "Configure Audit Filters"); what one leaves out is not reckoned here.
    let all: &[Value<'a>] = &[Value::Word("auth"), Value::Word("config-change"), Value::Word("privilege")];
    let covers = match filter.state {
        _ if to.is_empty() => Cell::known(Value::List(&[]), evidence),
        State::Unset | State::Known(Value::Text("")) => Cell::known(Value::List(all), evidence),
        State::Unknown(why, _) => Cell::unknown(why, filter.evidence),
        State::Known(_) => Cell::unknown(Why::not_understood("auditLog.filter"), filter.evidence),
    };
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
