//! Configuration files, files of users and replies of Redis into settings, users, privileges and the ways in.
//!
//! Knows Redis 6.0 to 7.x. Where the running server was asked (`redis-cli --csv CONFIG GET '*'`, `ACL LIST`, `INFO server`), its answer
//! decides, and the file's line stands beside it. A sentinel is another product, and its files are passed over.

mod access;
mod drift;
mod files;
mod live;
mod logs;
mod people;
mod settings;
mod users;

use super::files as files_looked_at;
use super::{Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::database::REDIS;
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, CRYPTO, DRIFT, FILES, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::schema::redis::{REDIS_SETTINGS, REDIS_USERS};
use files::Configuration;
use live::Answers;

/// The product's name.
const NAME: &str = "redis";

/// Redis.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Redis", en: "Redis" },
    platforms: &[LINUX, REDIS],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob(files::GLOBS[0]),
        Reading::Glob(files::GLOBS[1]),
        Reading::Glob(files::GLOBS[2]),
        Reading::Glob(files::GLOBS[3]),
        Reading::Glob("etc/redis/*.acl"),
        Reading::Glob(files::UNITS[0]),
        Reading::Glob("etc/systemd/system/redis*.service.d/*.conf"),
        Reading::Glob(files::UNITS[1]),
        Reading::Glob(files::UNITS[2]),
        Reading::Look(files::GLOBS[0]),
        Reading::Look("etc/redis/*.acl"),
        Reading::Look(files::GLOBS[1]),
        Reading::Look(files::GLOBS[2]),
        Reading::Look(files::GLOBS[3]),
        Reading::Command { name: "redis-version", line: "redis-server --version" },
        Reading::Query { name: "acl", sql: "ACL LIST" },
        Reading::Query { name: "config", sql: "CONFIG GET *" },
        Reading::Query { name: "info", sql: "INFO server" },
        Reading::Shared(super::logrotate::READS),
    ],
    fills: &[&ACCOUNTS, &AUTHENTICATION_POLICY, &CRYPTO, &DRIFT, &FILES, &LOGS, &PRIVILEGES, &REDIS_SETTINGS, &REDIS_USERS, &REMOTE_ACCESS],
    derive,
};

/// A version, as far as rules depend on it.
#[derive(Clone, Copy, Debug)]
struct Version<'a> {
    major: u32,
    /// What shows it.
    evidence: Evidence<'a>,
}

/// One server: what its files and its own answers show.
struct Server<'c, 'a> {
    instance: &'a str,
    configuration: Option<&'c Configuration<'a>>,
    answers: &'c Answers<'a>,
    version: Option<Version<'a>>,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let seen = derive_own(host, tables);
    files_looked_at::of_product(host, &PRODUCT, seen, tables)
}

/// Derives the rows of all tables but `files`.
fn derive_own<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = files::read(host);
    let (answers, unanswered) = live::ask(host);
    let lacking = unanswered.or(found.lacking);
    if found.servers.is_empty() && answers.is_empty() {
        return match lacking {
            Some((path, lack)) => {
                for table in own_tables() {
                    tables.push(host.gap(table, NAME, Why::lacking(path, lack)));
                }
                Seen::Present
            }
            None if found.absent => Seen::Absent,
            None => Seen::Nothing,
        };
    }
    let installed = installed_version(host);
    let none = Answers::default();
    let mut pairs: Vec<(Option<&Configuration<'a>>, &Answers<'a>)> = Vec::new();
    for answers in &answers {
        pairs.push((file_of(answers, &found.servers), answers));
    }
    for server in &found.servers {
        if !pairs.iter().any(|(configuration, _)| configuration.is_some_and(|it| it.path == server.path)) {
            pairs.push((Some(server), &none));
        }
    }
    let single = pairs.len() == 1;
    for (configuration, answers) in pairs {
        let version = answers.version.and_then(|(text, evidence)| version(text, evidence)).or(installed);
        let instance = instance(host, configuration, answers, single);
        rows(host, &Server { instance, configuration, answers, version }, tables);
    }
    if let Some((path, lack)) = lacking {
        for table in own_tables() {
            let mut row = host.gap(table, NAME, Why::lacking(path, lack));
            row.instance(path);
            tables.push(row);
        }
    }
    Seen::Present
}

/// The tables that its files and answers fill: owners and modes are known without them.
fn own_tables() -> impl Iterator<Item = &'static Table> {
    PRODUCT.fills.iter().copied().filter(|table| !std::ptr::eq(*table, &FILES))
}

/// The configuration file of the server that answered: that with its port, or the only one.
fn file_of<'c, 'a>(answers: &Answers<'a>, servers: &'c [Configuration<'a>]) -> Option<&'c Configuration<'a>> {
    let port = answers.config("port").map(|(port, _)| port);
    let same_port = servers.iter().find(|server| Some(port_of(server)) == port);
    same_port.or_else(|| if let [only] = servers { Some(only).filter(|_| port.is_none()) } else { None })
}

/// The port that a file gives.
fn port_of<'a>(configuration: &Configuration<'a>) -> &'a str {
    configuration.last("port").and_then(|it| it.arguments.first().copied()).unwrap_or("6379")
}

/// What tells a server from others: the name under which it was asked, its port where there are several, nothing where there is one.
fn instance<'a>(host: &Host<'a>, configuration: Option<&Configuration<'a>>, answers: &Answers<'a>, single: bool) -> &'a str {
    match configuration {
        _ if !answers.instance.is_empty() || single => answers.instance,
        Some(configuration) => match port_of(configuration) {
            "0" => configuration.last("tls-port").and_then(|it| it.arguments.first().copied()).unwrap_or(configuration.path),
            port => port,
        },
        None => host.text(answers.config("port").map_or("", |(port, _)| port)),
    }
}

/// The version of the program that is installed: `Redis server v=7.0.15 sha=…`.
fn installed_version<'a>(host: &Host<'a>) -> Option<Version<'a>> {
    let source = host.file("commands/redis-version").text()?;
    let (_, rest) = source.text.split_once(" v=")?;
    version(rest.split_ascii_whitespace().next()?, Evidence::Reference(source.whole()))
}

/// The major number of `7.0.15`.
fn version<'a>(text: &str, evidence: Evidence<'a>) -> Option<Version<'a>> {
    Some(Version { major: text.split('.').next()?.parse().ok()?, evidence })
}

/// The rows of one server.
fn rows<'a>(host: &Host<'a>, server: &Server<'_, 'a>, tables: &mut Tables<'a>) {
    let settings = settings::effective(host, server.configuration, server.answers, server.version);
    drift::push(host, server, &settings, tables);
    settings.push(host, server.instance, account(host, server.configuration), tables);
    let users = users::read(host, server.configuration, server.answers, &settings);
    let people = people::People { server, settings: &settings, users: &users };
    people.push(host, tables);
    access::push(host, &people, tables);
    access::push_policy(host, &people, tables);
    access::push_crypto(host, &people, tables);
    logs::push(host, server.instance, &settings, tables);
}

/// The system account that the server runs as: what its unit says, or root where the unit names none (systemd.exec(5), User=).
fn account<'a>(host: &Host<'a>, configuration: Option<&Configuration<'a>>) -> Cell<'a> {
    match configuration.and_then(|it| it.user) {
        Some((name, evidence)) => Cell::known(Value::Text(name.unwrap_or("root")), host.evidence(&[evidence])),
        None => Cell::unknown(Why::not_collected("usr/lib/systemd/system/redis.service"), &[]),
    }
}
