//! sys.configurations, the registry's values and mssql.conf into the rows of `mssql-settings`.

use super::super::drift::Drift;
use super::super::effective::{self, Effective};
use super::super::settings::{self as views, Readings};
use super::super::{Artefact, Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::{NAME, Server};
use crate::parse::ini;
use crate::schema::neutral::DRIFT;
use crate::schema::sqlserver::MSSQL_SETTINGS;

/// The settings file of SQL Server on Linux.
pub(super) const CONF: &str = "var/opt/mssql/mssql.conf";

/// The columns of the queries.
const COLUMNS: [&str; 3] = ["name", "value", "value_in_use"];
const LOGIN_CONFIG: [&str; 2] = ["name", "config_value"];

/// The settings of an instance.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    /// Name, what is in use, and what is configured. Each name has its own row, so that what was not asked for leaves no gap beside them.
    rows: Vec<(&'static str, Effective<'a>, Cell<'a>)>,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> Settings<'a> {
    let rows = MSSQL_SETTINGS.settings.iter().map(|setting| match setting.name {
        "login-audit" => (setting.name, login_audit(host, server), Cell::NONE),
        "force-encryption" | "certificate" if server.on_linux => (setting.name, of_file(host, setting.name), Cell::NONE),
        name => {
            let (effective, configured) = one(host, server, name);
            (name, effective, configured)
        }
    });
    Settings { rows: rows.collect() }
}

/// One option: what is in use, and what is configured.
fn one<'a>(host: &Host<'a>, server: &Server<'a>, name: &'static str) -> (Effective<'a>, Cell<'a>) {
    let Some(answered) = server.answers.answer("settings") else {
        let why = Why::not_collected("commands/sqlserver.settings.csv");
        return (Effective::Unknown(why, &[]), Cell::unknown(why, &[]));
    };
    let said = answered.records(COLUMNS).and_then(|mut records| records.find(|(_, [said, ..])| said.eq_ignore_ascii_case(name)));
    match said {
        Some((record, [_, configured, in_use])) => {
            let evidence = host.evidence(&[answered.decides(record)]);
            let configured = if configured.is_empty() { Cell::unset(evidence) } else { Cell::known(Value::Text(configured), evidence) };
            (Effective::Known(in_use, evidence, true), configured)
        }
        None => {
            let searched = host.evidence(&[Evidence::Searched(answered.source.path)]);
            match answered.gap(host, &COLUMNS) {
                Some(why) => (Effective::Unknown(why, searched), Cell::unknown(why, searched)),
                None => (Effective::Lacking(searched), Cell::unset(searched)),
            }
        }
    }
}

/// Which logins go to the error log: xp_loginconfig, `audit level`.
fn login_audit<'a>(host: &Host<'a>, server: &Server<'a>) -> Effective<'a> {
    let gap = server.answers.gap(host, "login-config", &LOGIN_CONFIG);
    let Some(answered) = server.answers.answer("login-config") else {
        return Effective::Unknown(gap.unwrap_or(Why::not_understood("audit level")), &[]);
    };
    let said = answered.records(LOGIN_CONFIG).and_then(|mut records| records.find(|(_, [name, _])| name.trim() == "audit level"));
    match (said, gap) {
        (Some((record, [_, value])), _) => Effective::Known(value.trim(), host.evidence(&[answered.decides(record)]), true),
        (None, gap) => Effective::Unknown(gap.unwrap_or(Why::not_understood("audit level")), &[]),
    }
}

/// What mssql.conf says of the network: Microsoft Learn, "Configure SQL Server on Linux with the mssql-conf tool".
fn of_file<'a>(host: &Host<'a>, name: &'static str) -> Effective<'a> {
    static PLAIN: Documented = Documented {
        setting: "network.forceencryption = 0",
        versions: "SQL Server on Linux",
        source: "Configure SQL Server on Linux with the mssql-conf tool, \"Specify TLS settings\"",
    };
    let source = match host.file(CONF) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Effective::Unknown(Why::lacking(CONF, lack), &[]),
    };
    let key = if name == "certificate" { "tlscert" } else { "forceencryption" };
    let document = ini::read(source.text);
    let line = document.entries.iter().rev().find(|entry| entry.section == "network" && entry.key.eq_ignore_ascii_case(key));
    match line {
        Some(entry) => {
            let evidence = host.evidence(&[Evidence::Decides(source.span(entry.text))]);
            let text = host.text(entry.value.trim());
            let text = if name == "certificate" { if text.is_empty() { "empty" } else { "set" } } else { text };
            Effective::Known(text, evidence, false)
        }
        None if !source.complete => Effective::Unknown(Why::truncated(source.path), &[]),
        None if name == "certificate" => Effective::Known("empty", host.evidence(&[Evidence::Searched(source.path)]), false),
        None => Effective::Known("0", host.evidence(&[Evidence::Default(&PLAIN)]), false),
    }
}

/// The typed readings of a value.
fn readings<'a>(_: &Host<'a>, _: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let number: Option<i64> = text.parse().ok();
    let on = number.filter(|number| matches!(number, 0 | 1)).map(|number| number == 1).or_else(|| effective::switch(text));
    (Readings { number: number.map(Value::Integer), on, ..Readings::default() }, None)
}

impl<'a> Settings<'a> {
    /// An option of the vocabulary as a switch.
    pub(super) fn switch(&self, host: &Host<'a>, name: &str) -> Cell<'a> {
        let found = self.rows.iter().find(|(known, ..)| *known == name).map(|(_, effective, _)| *effective);
        found.map_or(Cell::NONE, |effective| effective.cell(host, |text| readings(host, name, text).0.on.map(Value::Boolean)))
    }

    /// Pushes what RECONFIGURE or a restart would put in force, where that is not what is in use (sys.configurations).
    pub(super) fn push_drift(&self, host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
        let Some(answered) = server.answers.answer("settings").filter(|_| tables.wants(&DRIFT)) else { return };
        let mut drift = Drift::new(host, (NAME, server.instance), [answered.source.path; 2]);
        if let Some(why) = answered.gap(host, &COLUMNS) {
            drift.gap(why);
        }
        for (name, effective, configured) in &self.rows {
            let written = configured.value().map_or(Cell::NONE, |value| Cell::known(value, configured.evidence));
            drift.compare(name, written, effective.cell(host, |text| Some(Value::Text(text))));
        }
        drift.push(tables);
    }

    /// Pushes the rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (name, effective, configured) in &self.rows {
            let Some(mut row) = effective::row(host, (&MSSQL_SETTINGS, NAME, instance), name, effective, readings) else { continue };
            views::set(&mut row, "configured", *configured);
            tables.push(row);
        }
    }
}
