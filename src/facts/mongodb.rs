//! Configuration files, flags and users of MongoDB into options, users and the way in.
//!
//! Knows MongoDB 4.2 to 8.0 (mongod and mongos). Defaults are those of the MongoDB Manual, "Configuration File Options", and of the
//! server's source; what neither says is unknown.

mod access;
mod audit_filter;
mod drift;
mod files;
mod logs;
mod running;
mod settings;
mod users;

use super::files as files_looked_at;
use super::{Artefact, Expectation, Host, Product, Reading, Seen, Tables, Why, database_gaps};
use crate::names::database::MONGODB;
use crate::names::{LINUX, Phrase};
use crate::schema::mongodb::{MONGODB_SETTINGS, MONGODB_USERS};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, CRYPTO, DRIFT, FILES, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::snapshot::Lack;

/// The product's name.
const NAME: &str = "mongodb";

/// MongoDB.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "MongoDB", en: "MongoDB" },
    platforms: &[LINUX, MONGODB],
    expectation: Expectation::Optional,
    reads: &[
        Reading::File(files::SERVERS[0].0),
        Reading::File(files::SERVERS[1].0),
        Reading::File(files::SERVERS[2].0),
        Reading::Glob("etc/systemd/system/mongo*.service"),
        Reading::Glob("etc/systemd/system/mongo*.service.d/*.conf"),
        Reading::Glob("usr/lib/systemd/system/mongo*.service"),
        Reading::Glob("lib/systemd/system/mongo*.service"),
        Reading::Look("etc/mongod.conf"),
        Reading::Query { name: "startup", sql: running::STARTUP_SCRIPT },
        Reading::Query { name: "users", sql: users::USERS_SCRIPT },
        Reading::Query { name: "roles", sql: users::ROLES_SCRIPT },
        Reading::Shared(super::logrotate::READS),
    ],
    fills: &[
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &CRYPTO,
        &DRIFT,
        &FILES,
        &LOGS,
        &MONGODB_SETTINGS,
        &MONGODB_USERS,
        &PRIVILEGES,
        &REMOTE_ACCESS,
    ],
    derive,
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let seen = derive_own(host, tables);
    files_looked_at::of_product(host, &PRODUCT, seen, tables)
}

/// Derives the rows of all tables but `files`.
fn derive_own<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (users, users_lacking) = users::read(host);
    let (mut running, running_lacking) = running::asked(host);
    let mut there = false;
    let mut absent = true;
    let mut lacking = users_lacking.or(running_lacking);
    for (path, unit, instance) in files::SERVERS {
        let asked = running.iter().position(|it| it.instance == instance).map(|place| running.remove(place));
        let written = match host.file(path) {
            Artefact::Text(source) => Some(files::read(host, source, unit)),
            Artefact::Lacking(Lack::Absent) => None,
            Artefact::Lacking(Lack::NotCollected) => {
                absent = false;
                None
            }
            Artefact::Lacking(lack) => {
                absent = false;
                // What the running server says holds, whatever its file says.
                lacking = lacking.or(asked.is_none().then_some((path, lack)));
                None
            }
        };
        if let (true, Some(asked), Some(written)) = (tables.wants(&DRIFT), &asked, &written)
            && let Some(running) = running::read(host, asked, None)
        {
            drift::push(host, instance, (written, &running), tables);
        }
        let configuration = asked.and_then(|it| running::read(host, &it, written.as_ref())).or(written);
        if let Some(configuration) = configuration {
            there = true;
            push_server(host, instance, (&configuration, &users), tables);
        }
    }
    for asked in &running {
        if let Some(configuration) = running::read(host, asked, None) {
            there = true;
            push_server(host, asked.instance, (&configuration, &users), tables);
        }
    }
    if !there && !users.asked && lacking.is_none() {
        return if absent { Seen::Absent } else { Seen::Nothing };
    }
    users.push(host, tables);
    if !there && lacking.is_none() {
        lacking = Some((files::SERVERS[0].0, Lack::NotCollected));
    }
    if let Some((path, lack)) = lacking {
        let unread = [&AUTHENTICATION_POLICY, &CRYPTO, &LOGS, &MONGODB_SETTINGS, &REMOTE_ACCESS];
        database_gaps::push(host, (NAME, ""), &unread, Why::lacking(path, lack), tables);
    }
    Seen::Present
}

/// Pushes the rows of one server.
fn push_server<'a>(
    host: &Host<'a>,
    instance: &'a str,
    (configuration, users): (&files::Configuration<'a>, &users::Users<'a>),
    tables: &mut Tables<'a>,
) {
    let settings = settings::effective(host, configuration);
    settings.push(host, instance, tables);
    access::push(host, instance, (&settings, users), tables);
    access::push_policy(host, instance, &settings, tables);
    access::push_crypto(host, instance, &settings, tables);
    logs::push(host, instance, (configuration, &settings), tables);
}
