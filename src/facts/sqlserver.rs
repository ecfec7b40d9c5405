//! Exports of catalogue views, and mssql.conf on Linux, into settings, logins, permissions, audit and the way in of SQL Server.
//!
//! Knows SQL Server 2012 to 2022. All is said by the running instance; what it keeps in the registry of Windows comes by
//! sys.dm_server_registry, SERVERPROPERTY and xp_loginconfig.

mod access;
mod audit;
mod logins;
mod queries;
mod settings;

use super::queries::Answered;
use super::{Cell, Expectation, Host, Product, Seen, Tables, Value, Why};
use crate::names::database::SQLSERVER;
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::schema::sqlserver::{MSSQL_AUDIT, MSSQL_DATABASES, MSSQL_LOGINS, MSSQL_SERVICES, MSSQL_SETTINGS};
use crate::snapshot::Lack;

/// The product's name.
const NAME: &str = "sqlserver";

/// SQL Server.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "SQL Server 数据库", en: "Microsoft SQL Server" },
    platforms: &[LINUX, SQLSERVER],
    expectation: Expectation::Optional,
    reads: queries::READS,
    fills: &[
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &LOGS,
        &MSSQL_AUDIT,
        &MSSQL_DATABASES,
        &MSSQL_LOGINS,
        &MSSQL_SERVICES,
        &MSSQL_SETTINGS,
        &PRIVILEGES,
        &REMOTE_ACCESS,
    ],
    derive,
};

/// One instance: what was asked of it.
#[derive(Debug)]
struct Server<'a> {
    instance: &'a str,
    answers: Vec<(&'static str, Answered<'a>)>,
    /// Whether mssql.conf is its own.
    on_linux: bool,
}

impl<'a> Server<'a> {
    /// The answer to a query.
    fn answer(&self, name: &str) -> Option<Answered<'a>> {
        self.answers.iter().find(|(known, _)| *known == name).map(|(_, answered)| *answered)
    }

    /// Why a record of a query's answer may be missing.
    fn gap(&self, host: &Host<'a>, name: &str, columns: &[&str]) -> Option<Why<'a>> {
        match self.answer(name) {
            Some(answered) => answered.gap(host, columns),
            None => Some(Why::not_collected(host.text(&format!("commands/{NAME}.{name}.csv")))),
        }
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let mut servers: Vec<Server<'a>> = Vec::new();
    let mut lacking = None;
    for name in queries::NAMES {
        let answers = host.query(NAME, name);
        lacking = lacking.or(answers.lacking.filter(|(_, lack)| *lack != Lack::NotCollected));
        for answered in answers.answered {
            let place = servers.iter().position(|server| server.instance == answered.instance).unwrap_or_else(|| {
                servers.push(Server { instance: answered.instance, answers: Vec::new(), on_linux: false });
                servers.len() - 1
            });
            servers[place].answers.push((name, *answered));
        }
    }
    let configured = host.file(settings::CONF).text().is_some();
    if servers.is_empty() && configured {
        servers.push(Server { instance: "", answers: Vec::new(), on_linux: true });
    }
    if servers.is_empty() && lacking.is_none() {
        return Seen::Nothing;
    }
    let alone = servers.len() == 1;
    for server in &mut servers {
        server.on_linux = configured && alone;
    }
    for server in &servers {
        let settings = settings::read(host, server);
        settings.push(host, server.instance, tables);
        let grants = logins::grants(host, server);
        let people = logins::read(host, server);
        logins::push(host, server.instance, &people, &grants, tables);
        audit::read(host, server).push(host, server.instance, tables);
        access::push(host, server, (&settings, &people, &grants), tables);
    }
    if let Some((path, lack)) = lacking {
        gaps(host, path, Why::lacking(path, lack), tables);
    }
    Seen::Present
}

/// Gap rows of every table.
fn gaps<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, &[]);
    for table in PRODUCT.fills {
        if std::ptr::eq(*table, &PRIVILEGES) {
            super::role_grants::push_gap(host, (NAME, instance), why, tables);
            continue;
        }
        let mut row = host.gap(table, NAME, why);
        row.instance(instance);
        if std::ptr::eq(*table, &LOGS) {
            row.set(const { LOGS.column("stream") }, known(Value::Word("database-audit")));
        } else if std::ptr::eq(*table, &REMOTE_ACCESS) {
            row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word("database")));
        } else if std::ptr::eq(*table, &AUTHENTICATION_POLICY) {
            row.set(const { AUTHENTICATION_POLICY.column("path") }, known(Value::Text(NAME)));
        }
        tables.push(row);
    }
}
