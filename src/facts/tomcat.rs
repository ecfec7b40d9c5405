//! server.xml and the files beside it into what holds for every instance of Tomcat.
//!
//! Knows Apache Tomcat 7 to 11, as tarballs unpack it under /opt, /usr/local, /data and /srv, and as packages of Debian and Red Hat install
//! it. Defaults: Apache Tomcat Configuration Reference. Comments hold nothing; `${…}` is put in from catalina.properties.

mod applications;
mod connectors;
mod hosts;
mod load;
mod settings;
mod valves;

use super::{Cell, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::neutral::{CRYPTO, LOGS, REMOTE_ACCESS, SERVICES};
use crate::schema::tomcat::{TOMCAT_ACCOUNTS, TOMCAT_APPLICATIONS, TOMCAT_CONNECTORS, TOMCAT_HOSTS, TOMCAT_REALMS, TOMCAT_SETTINGS};
use crate::snapshot::Lack;
use hosts::Around;
use load::{File, Instance, Properties};

/// Apache Tomcat.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Apache Tomcat", en: "Apache Tomcat" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob(SERVERS[0]),
        Reading::Glob("etc/tomcat*/*.xml"),
        Reading::Glob("etc/tomcat*/*.properties"),
        Reading::Glob("etc/tomcat*/*/*/*.xml"),
        Reading::Glob("var/lib/tomcat*/webapps/*/META-INF/context.xml"),
        Reading::Glob("var/lib/tomcat*/webapps/*/WEB-INF/web.xml"),
        Reading::Look("var/lib/tomcat*/webapps/*"),
        Reading::Look("var/lib/tomcat*/webapps/ROOT/*"),
        Reading::Glob(SERVERS[1]),
        Reading::Glob("opt/*tomcat*/RELEASE-NOTES"),
        Reading::Glob("opt/*tomcat*/conf/*.xml"),
        Reading::Glob("opt/*tomcat*/conf/*.properties"),
        Reading::Glob("opt/*tomcat*/conf/*/*/*.xml"),
        Reading::Glob("opt/*tomcat*/webapps/*/META-INF/context.xml"),
        Reading::Glob("opt/*tomcat*/webapps/*/WEB-INF/web.xml"),
        Reading::Look("opt/*tomcat*/webapps/*"),
        Reading::Look("opt/*tomcat*/webapps/ROOT/*"),
        Reading::Glob(SERVERS[2]),
        Reading::Glob("usr/local/*tomcat*/RELEASE-NOTES"),
        Reading::Glob("usr/local/*tomcat*/conf/*.xml"),
        Reading::Glob("usr/local/*tomcat*/conf/*.properties"),
        Reading::Glob("usr/local/*tomcat*/conf/*/*/*.xml"),
        Reading::Glob("usr/local/*tomcat*/webapps/*/META-INF/context.xml"),
        Reading::Glob("usr/local/*tomcat*/webapps/*/WEB-INF/web.xml"),
        Reading::Look("usr/local/*tomcat*/webapps/*"),
        Reading::Look("usr/local/*tomcat*/webapps/ROOT/*"),
        Reading::Glob(SERVERS[3]),
        Reading::Glob("data/*tomcat*/conf/*.xml"),
        Reading::Glob("data/*tomcat*/conf/*.properties"),
        Reading::Glob("data/*tomcat*/conf/*/*/*.xml"),
        Reading::Glob("data/*tomcat*/RELEASE-NOTES"),
        Reading::Glob("data/*tomcat*/webapps/*/META-INF/context.xml"),
        Reading::Glob("data/*tomcat*/webapps/*/WEB-INF/web.xml"),
        Reading::Look("data/*tomcat*/webapps/*"),
        Reading::Look("data/*tomcat*/webapps/ROOT/*"),
        Reading::Glob(SERVERS[4]),
        Reading::Glob("srv/*tomcat*/conf/*.xml"),
        Reading::Glob("srv/*tomcat*/conf/*.properties"),
        Reading::Glob("srv/*tomcat*/conf/*/*/*.xml"),
        Reading::Glob("srv/*tomcat*/RELEASE-NOTES"),
        Reading::Glob("srv/*tomcat*/webapps/*/META-INF/context.xml"),
        Reading::Glob("srv/*tomcat*/webapps/*/WEB-INF/web.xml"),
        Reading::Look("srv/*tomcat*/webapps/*"),
        Reading::Look("srv/*tomcat*/webapps/ROOT/*"),
        Reading::Glob("etc/systemd/system/*tomcat*.service"),
        Reading::Glob("etc/systemd/system/*tomcat*.service.d/*.conf"),
        Reading::Glob("lib/systemd/system/*tomcat*.service"),
        Reading::Glob("usr/lib/systemd/system/*tomcat*.service"),
        Reading::Shared(super::logrotate::READS),
    ],
    fills: FILLS,
    derive,
};

const NAME: &str = "tomcat";

const FILLS: &[&Table] = &[
    &CRYPTO,
    &LOGS,
    &REMOTE_ACCESS,
    &SERVICES,
    &TOMCAT_ACCOUNTS,
    &TOMCAT_APPLICATIONS,
    &TOMCAT_CONNECTORS,
    &TOMCAT_HOSTS,
    &TOMCAT_REALMS,
    &TOMCAT_SETTINGS,
];

/// Where instances are looked for.
const SERVERS: [&str; 5] = [
    "etc/tomcat*/server.xml",
    "opt/*tomcat*/conf/server.xml",
    "usr/local/*tomcat*/conf/server.xml",
    "data/*tomcat*/conf/server.xml",
    "srv/*tomcat*/conf/server.xml",
];

/// The most instances.
const INSTANCES_MOST: usize = 64;

/// Derives the rows of every instance.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = SERVERS.map(|pattern| host.matching(pattern));
    let mut paths = found.iter().flat_map(|matches| matches.paths).copied().peekable();
    let gaps = || found.iter().filter_map(|matches| matches.gap);
    let unreadable = gaps().find(|(_, lack)| !matches!(lack, Lack::Absent | Lack::NotCollected));
    if paths.peek().is_none() {
        return match (unreadable, gaps().next()) {
            (Some((_, lack)), _) => Seen::Lacking(SERVERS[0], lack),
            (None, None) => Seen::Absent,
            (None, Some(_)) => Seen::Nothing,
        };
    }
    for path in paths.take(INSTANCES_MOST) {
        instance(host, tables, &Instance::of(host, path), path);
    }
    // Another instance may be there.
    if let Some((path, lack)) = unreadable {
        for table in FILLS {
            let mut row = host.gap(table, NAME, Why::lacking(path, lack));
            row.instance(path);
            tables.push(row);
        }
    }
    Seen::Present
}

/// Derives the rows of one instance.
fn instance<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>, path: &'a str) {
    let properties = Properties::read(host, instance);
    settings::users(host, tables, instance);
    match load::file(host, path) {
        Ok(file) => {
            settings::all(host, tables, instance, &properties, Some(&file), file.gap);
            server(host, tables, instance, &properties, &file);
        }
        Err(why) => {
            settings::all(host, tables, instance, &properties, None, Some(why));
            push_gaps(host, tables, instance, why);
        }
    }
}

/// Derives the rows of what stands in server.xml.
fn server<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>, properties: &Properties<'a>, file: &File<'a>) {
    let reading = load::Reading { properties, source: file.source };
    let version = instance.version(host);
    for service in file.root.all("Service") {
        for connector in service.all("Connector") {
            connectors::push(host, tables, instance.name, &version, (reading, connector));
        }
        for engine in service.all("Engine") {
            let around = Around { instance: *instance, reading, engine, gap: file.gap };
            let scope = |element, kind: &str| {
                let name = reading.value(host, element, "name").map_or("", |(name, _)| name);
                host.text(&format!("{kind} {name}"))
            };
            for valve in engine.all("Valve").filter(|valve| hosts::is_log(valve)) {
                hosts::log_row(host, tables, instance, reading, valve);
            }
            hosts::realms(host, tables, &around, scope(engine, "engine"), engine);
            for element in engine.all("Host") {
                hosts::push(host, tables, &around, element);
                hosts::realms(host, tables, &around, scope(element, "host"), element);
                applications::push(host, tables, &around, properties, element);
            }
        }
    }
    if let Some(why) = file.gap {
        push_gaps(host, tables, instance, why);
    }
}

/// Pushes a row for what was not read into every table that server.xml fills.
fn push_gaps<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>, why: Why<'a>) {
    for table in [&CRYPTO, &REMOTE_ACCESS, &SERVICES, &TOMCAT_APPLICATIONS, &TOMCAT_CONNECTORS, &TOMCAT_HOSTS, &TOMCAT_REALMS] {
        let mut row = host.gap(table, NAME, why);
        row.instance(instance.name);
        if std::ptr::eq(table, &SERVICES) {
            row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(NAME), &[]));
        }
        tables.push(row);
    }
    let mut row = host.gap(&LOGS, NAME, why);
    row.instance(why.subject).set(const { LOGS.column("stream") }, Cell::known(Value::Word("web-access"), &[]));
    tables.push(row);
}
