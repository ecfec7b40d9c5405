//! System variables and parameters of a tenant into the rows of `oceanbase-settings`.
//!
//! `SHOW PARAMETERS` has a row for each server of the cluster: where servers differ, the value is one of theirs.

use super::super::effective::{self, Effective, switch};
use super::super::settings::Readings;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::{NAME, Tenant};
use crate::names::Phrase;
use crate::schema::oceanbase::OCEANBASE_SETTINGS;

/// The columns of `SHOW GLOBAL VARIABLES`.
const VARIABLES: [&str; 2] = ["variable_name", "value"];

/// The columns of `SHOW PARAMETERS` that are read.
const PARAMETERS: [&str; 2] = ["name", "value"];

/// Settings of the vocabulary that are parameters; the others are system variables.
const ARE_PARAMETERS: [&str; 4] = ["audit_log_enable", "audit_log_path", "audit_trail", "ssl_client_authentication"];

static DIFFERS: Phrase = Phrase { zh: "{} 在各节点上取值不同", en: "{} differs between servers" };

/// The settings of a tenant.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    rows: Vec<(&'static str, Effective<'a>)>,
    gap: Option<Why<'a>>,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>, tenant: &Tenant<'a>) -> Settings<'a> {
    let one = |name: &'static str| {
        let parameter = ARE_PARAMETERS.contains(&name);
        let (query, columns) = if parameter { ("parameters", PARAMETERS) } else { ("variables", VARIABLES) };
        (name, effective(host, tenant, name, (query, columns)))
    };
    let rows = OCEANBASE_SETTINGS.settings.iter().map(|setting| one(setting.name)).collect();
    let gap = tenant.answers.gap(host, "variables", &VARIABLES).or_else(|| tenant.answers.gap(host, "parameters", &PARAMETERS));
    Settings { rows, gap }
}

/// One setting as an answer shows it.
fn effective<'a>(
    host: &Host<'a>,
    tenant: &Tenant<'a>,
    name: &'static str,
    (query, columns): (&'static str, [&'static str; 2]),
) -> Effective<'a> {
    let gap = tenant.answers.gap(host, query, &columns);
    let Some(answered) = tenant.answers.answer(query) else {
        return Effective::Unknown(gap.unwrap_or(Why::not_collected(query)), &[]);
    };
    let records = answered.records(columns).into_iter().flatten().filter(|(_, [said, _])| said.eq_ignore_ascii_case(name));
    let mut values: Vec<&'a str> = Vec::new();
    let mut pieces: Vec<Evidence<'a>> = Vec::new();
    for (record, [_, value]) in records {
        if !values.contains(&value.trim()) {
            values.push(value.trim());
            pieces.push(answered.decides(record));
        }
    }
    let evidence = host.evidence(&pieces);
    match (&values[..], gap) {
        ([], Some(why)) => Effective::Unknown(why, host.evidence(&[Evidence::Searched(answered.source.path)])),
        ([], None) => Effective::Lacking(host.evidence(&[Evidence::Searched(answered.source.path)])),
        // Another server's row may be in the part that is missing.
        ([_], Some(why)) if query == "parameters" => Effective::Unknown(why, evidence),
        ([value], _) => Effective::Known(value, evidence, true),
        (several, _) => Effective::OneOf(Why::new("servers-differ", &DIFFERS, name), host.arena().alloc_slice_copy(several), evidence),
    }
}

/// The typed readings of a value.
fn readings<'a>(host: &Host<'a>, name: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let number: Option<u64> = text.parse().ok();
    let duration = match name {
        "connection_control_min_connection_delay" => number.map(|it| Value::Duration(it / 1000)),
        "interactive_timeout" | "wait_timeout" => number.map(Value::Duration),
        _ => None,
    };
    let list = matches!(name, "ob_tcp_invited_nodes" | "sql_mode");
    let items: Vec<&'a str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    let number = number.and_then(|it| i64::try_from(it).ok()).map(Value::Integer);
    (Readings { number, on: switch(text), duration, ..Readings::default() }, list.then(|| host.texts(&items)))
}

impl<'a> Settings<'a> {
    /// A setting of the vocabulary.
    pub(super) fn of(&self, name: &str) -> Effective<'a> {
        self.rows.iter().find(|(known, _)| *known == name).map_or(Effective::Lacking(&[]), |(_, effective)| *effective)
    }

    /// A setting read as a number.
    pub(super) fn number(&self, host: &Host<'a>, name: &str) -> Cell<'a> {
        self.of(name).cell(host, |text| text.parse().ok().map(Value::Integer))
    }

    /// A setting read as seconds.
    pub(super) fn seconds(&self, host: &Host<'a>, name: &'static str) -> Cell<'a> {
        self.of(name).cell(host, |text| readings(host, name, text).0.duration)
    }

    /// Pushes the rows.
    pub(super) fn push(&self, host: &Host<'a>, tenant: &Tenant<'a>, tables: &mut Tables<'a>) {
        for (name, effective) in &self.rows {
            effective::push(host, (&OCEANBASE_SETTINGS, NAME, tenant.answers.instance), name, effective, (readings, tables));
        }
        if let Some(why) = self.gap {
            let mut row = host.gap(&OCEANBASE_SETTINGS, NAME, why);
            row.instance(tenant.answers.instance);
            tables.push(row);
        }
    }
}
