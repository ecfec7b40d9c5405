//! Exports of catalogue views, and mssql.conf on Linux, into settings, logins, permissions, audit and the way in of SQL Server.
//!
//! Knows SQL Server 2012 to 2022. All is said by the running instance; what it keeps in the registry of Windows comes by
//! sys.dm_server_registry, SERVERPROPERTY and xp_loginconfig.

mod access;
mod audit;
mod logins;
mod queries;
mod settings;

use super::queries::Asked;
use super::{Expectation, Host, Product, Seen, Tables, Why};
use crate::names::database::SQLSERVER;
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, DRIFT, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::schema::sqlserver::{MSSQL_AUDIT, MSSQL_DATABASES, MSSQL_LOGINS, MSSQL_SERVICES, MSSQL_SETTINGS};

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
        &DRIFT,
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
    answers: Asked<'a>,
    /// Whether mssql.conf is its own.
    on_linux: bool,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (asked, lacking) = host.asked(NAME, &queries::NAMES);
    let mut servers: Vec<Server<'a>> =
        asked.into_iter().map(|answers| Server { instance: answers.instance, answers, on_linux: false }).collect();
    let configured = host.file(settings::CONF).text().is_some();
    if servers.is_empty() && configured {
        servers.push(Server { instance: "", answers: Asked::nothing(NAME, ""), on_linux: true });
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
        settings.push_drift(host, server, tables);
        let grants = logins::grants(host, server);
        let people = logins::read(host, server);
        logins::push(host, server.instance, &people, &grants, tables);
        audit::read(host, server).push(host, server.instance, tables);
        access::push(host, server, (&settings, &people, &grants), tables);
    }
    if let Some((path, lack)) = lacking {
        super::database_gaps::push(host, (NAME, path), PRODUCT.fills, Why::lacking(path, lack), tables);
    }
    Seen::Present
}
