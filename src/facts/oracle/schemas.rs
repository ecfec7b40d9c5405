//! Grants of objects to PUBLIC and logon triggers into rows of `oracle-public` and `oracle-triggers`.

use super::super::{Cell, Host, Tables, Value, Why};
use super::{Database, NAME};
use crate::schema::oracle::{ORACLE_PUBLIC, ORACLE_TRIGGERS};

const PUBLIC: [&str; 3] = ["owner", "object", "privilege"];
const TRIGGERS: [&str; 4] = ["owner", "trigger_name", "status", "base_object_type"];

/// Pushes what everybody may do.
pub(super) fn push_public<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) {
    let answered = database.answer(&["public-grants"], PUBLIC);
    for (record, [owner, object, privilege]) in answered.iter().filter_map(|it| it.records(PUBLIC)).flatten() {
        let evidence = host.evidence(&answered.iter().map(|it| it.decides(record)).collect::<Vec<_>>());
        let known = |text: &'a str| Cell::known(Value::Text(text), evidence);
        let mut row = host.row(&ORACLE_PUBLIC, NAME);
        row.instance(database.instance);
        row.set(const { ORACLE_PUBLIC.column("owner") }, known(owner))
            .set(const { ORACLE_PUBLIC.column("object") }, known(object))
            .set(const { ORACLE_PUBLIC.column("privilege") }, known(privilege));
        tables.push(row);
    }
    match (database.gap(host, &["public-grants"], PUBLIC), answered) {
        (Some(why), _) => {
            let mut row = host.gap(&ORACLE_PUBLIC, NAME, why);
            row.instance(database.instance);
            tables.push(row);
        }
        (None, Some(answered)) => tables.searched(&ORACLE_PUBLIC, super::super::Evidence::Searched(answered.source.path)),
        (None, None) => {}
    }
}

/// Pushes the triggers. The first value says whether one is enabled, the second why it is not known.
pub(super) fn push_triggers<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) -> (Option<&'a str>, Option<Why<'a>>) {
    let answered = database.answer(&["logon-triggers"], TRIGGERS);
    let mut enabled = None;
    for (record, [owner, name, status, base]) in answered.iter().filter_map(|it| it.records(TRIGGERS)).flatten() {
        let evidence = host.evidence(&answered.iter().map(|it| it.decides(record)).collect::<Vec<_>>());
        let name = host.text(&format!("{owner}.{name}"));
        let runs = status == "ENABLED";
        enabled = enabled.or(runs.then_some(name));
        let mut row = host.row(&ORACLE_TRIGGERS, NAME);
        row.instance(database.instance);
        row.set(const { ORACLE_TRIGGERS.column("trigger") }, Cell::known(Value::Text(name), evidence))
            .set(const { ORACLE_TRIGGERS.column("enabled") }, Cell::known(Value::Boolean(runs), evidence))
            .set(const { ORACLE_TRIGGERS.column("everybody") }, Cell::known(Value::Boolean(base.trim() == "DATABASE"), evidence));
        tables.push(row);
    }
    let gap = database.gap(host, &["logon-triggers"], TRIGGERS);
    if let Some(why) = gap {
        let mut row = host.gap(&ORACLE_TRIGGERS, NAME, why);
        row.instance(database.instance);
        tables.push(row);
    }
    (enabled, gap)
}
