//! dm.ini, dmarch.ini and exports of the dictionary into settings, accounts, privileges, audit and the ways in of Dameng DM8.
//!
//! No default is taken for granted: the manuals (DM8 系统管理员手册, DM8 安全管理) were at hand in part only, so a parameter that neither
//! V$DM_INI nor dm.ini shows is unknown. Some parameters (PWD_POLICY, ENABLE_LOCAL_OSAUTH) never stand in dm.ini.

mod access;
mod privileges;
mod settings;
mod users;

use super::queries::Asked;
use super::{Expectation, Host, Product, Reading, Seen, Tables, Why};
use crate::names::database::DAMENG;
use crate::names::{LINUX, Phrase};
use crate::schema::dameng::{DAMENG_ARCHIVES, DAMENG_SETTINGS, DAMENG_USERS};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, DRIFT, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::snapshot::Lack;

/// The product's name.
const NAME: &str = "dameng";

/// Dameng DM8.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "达梦数据库", en: "Dameng DM8" },
    platforms: &[LINUX, DAMENG],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob("opt/dmdbms/data/*/*.ini"),
        Reading::Glob("dm8/data/*/*.ini"),
        Reading::Glob("dmdata/*/*.ini"),
        Reading::Glob("dmdata/data/*/*.ini"),
        Reading::Glob("home/dmdba/dmdbms/data/*/*.ini"),
        Reading::Glob("home/dmdba/dmdata/*/*.ini"),
        Reading::Query { name: "parameters", sql: settings::SQL },
        Reading::Query { name: "users", sql: users::SQL },
        Reading::Query {
            name: "system-privileges",
            sql: "SELECT GRANTEE AS grantee, PRIVILEGE AS privilege, ADMIN_OPTION AS admin_option FROM DBA_SYS_PRIVS",
        },
        Reading::Query {
            name: "role-privileges",
            sql: "SELECT GRANTEE AS grantee, GRANTED_ROLE AS granted_role, ADMIN_OPTION AS admin_option FROM DBA_ROLE_PRIVS",
        },
        Reading::Query { name: "audit-rules", sql: "SELECT COUNT(*) AS rules FROM SYSAUDITOR.SYSAUDIT" },
        Reading::Query { name: "archives", sql: settings::ARCHIVES_SQL },
    ],
    fills: &[
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &DAMENG_ARCHIVES,
        &DAMENG_SETTINGS,
        &DAMENG_USERS,
        &DRIFT,
        &LOGS,
        &PRIVILEGES,
        &REMOTE_ACCESS,
    ],
    derive,
};

/// Every query's name.
const QUERIES: [&str; 6] = ["parameters", "users", "system-privileges", "role-privileges", "audit-rules", "archives"];

/// One server: what was asked of it, and its folder.
#[derive(Debug)]
struct Server<'a> {
    instance: &'a str,
    answers: Asked<'a>,
    /// The folder of its dm.ini.
    folder: Option<&'a str>,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (servers, lacking) = servers(host);
    if servers.is_empty() && lacking.is_none() {
        return Seen::Nothing;
    }
    for server in &servers {
        let settings = settings::read(host, server);
        settings.push(host, server, tables);
        settings::push_drift(host, server, tables);
        let grants = privileges::read(host, server);
        let people = users::read(host, server);
        users::push(host, server.instance, &people, &grants, tables);
        privileges::push(host, server.instance, &people, &grants, tables);
        access::push(host, server, (&settings, &people, &grants), tables);
    }
    if let Some((path, lack)) = lacking {
        super::database_gaps::push(host, (NAME, path), PRODUCT.fills, Why::lacking(path, lack), tables);
    }
    Seen::Present
}

/// The servers that were asked or whose dm.ini was collected, and an answer that is there and could not be read.
fn servers<'a>(host: &Host<'a>) -> (Vec<Server<'a>>, Option<(&'a str, Lack)>) {
    let (asked, lacking) = host.asked(NAME, &QUERIES);
    let mut servers: Vec<Server<'a>> =
        asked.into_iter().map(|answers| Server { instance: answers.instance, answers, folder: None }).collect();
    let mut folders: Vec<&'a str> = Vec::new();
    for reading in PRODUCT.reads {
        let Reading::Glob(pattern) = reading else { continue };
        let found = host.matching(&pattern.replace("*.ini", "dm.ini")).paths.iter();
        folders.extend(found.filter_map(|path| path.strip_suffix("/dm.ini")));
    }
    if let ([server], [folder]) = (&mut servers[..], &folders[..])
        && server.instance.is_empty()
    {
        server.folder = Some(folder);
        folders.clear();
    }
    for folder in folders {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        match servers.iter_mut().find(|server| server.folder.is_none() && server.instance.eq_ignore_ascii_case(name)) {
            Some(server) => server.folder = Some(folder),
            None => servers.push(Server { instance: name, answers: Asked::nothing(NAME, name), folder: Some(folder) }),
        }
    }
    (servers, lacking)
}
