//! httpd's main file and what it includes into what holds for every virtual host and path.
//!
//! Knows Apache httpd 2.4 as Debian, Red Hat and its own source install it. Defaults: Apache HTTP Server 2.4 documentation. A
//! configuration that was not read whole leaves gap rows, and a directive that the unread part could set is unknown.

mod admission;
mod chain;
mod environment;
mod load;
mod logging;
mod options;
mod rows;
mod scopes;
mod sites;
mod transport;

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::apache::{APACHE_CONTENTS, APACHE_HOSTS, APACHE_LISTENERS, APACHE_MODULES, APACHE_SCOPES, APACHE_SETTINGS};
use crate::schema::neutral::{CRYPTO, LOGS, REMOTE_ACCESS, SERVICES};
use crate::snapshot::Lack;
use load::{Build, Loaded};

/// Apache httpd.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Apache httpd", en: "Apache httpd" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::File("etc/apache2/apache2.conf"),
        Reading::File("etc/apache2/envvars"),
        Reading::File("etc/apache2/ports.conf"),
        Reading::Glob("etc/apache2/mods-enabled/*.load"),
        Reading::Glob("etc/apache2/mods-enabled/*.conf"),
        Reading::Glob("etc/apache2/conf-enabled/*.conf"),
        Reading::Glob("etc/apache2/sites-enabled/*"),
        Reading::File("etc/httpd/conf/httpd.conf"),
        Reading::Glob("etc/httpd/conf.d/*.conf"),
        Reading::Glob("etc/httpd/conf.modules.d/*.conf"),
        Reading::File("etc/sysconfig/httpd"),
        Reading::File("usr/local/apache2/conf/httpd.conf"),
        Reading::Glob("usr/local/apache2/conf/extra/*.conf"),
        Reading::Look("usr/lib/cgi-bin/*"),
        Reading::Look("usr/local/apache2/cgi-bin/*"),
        Reading::Look("usr/local/apache2/manual"),
        Reading::Look("usr/share/doc/apache2-doc/manual"),
        Reading::Look("usr/share/httpd/manual"),
        Reading::Look("var/www/cgi-bin/*"),
        Reading::Look("var/www/html/manual"),
        Reading::Shared(super::logrotate::READS),
    ],
    fills: FILLS,
    derive,
};

const FILLS: &[&Table] = &[
    &APACHE_CONTENTS,
    &APACHE_HOSTS,
    &APACHE_LISTENERS,
    &APACHE_MODULES,
    &APACHE_SCOPES,
    &APACHE_SETTINGS,
    &CRYPTO,
    &LOGS,
    &REMOTE_ACCESS,
    &SERVICES,
];

const NAME: &str = "apache";

/// Debian (`apache2 -l`), Red Hat (`httpd -l`), and httpd's own `make install`, where any module may be compiled in.
static BUILDS: [Build; 3] = [
    Build {
        main: "etc/apache2/apache2.conf",
        root: "etc/apache2",
        compiled_in: &["core", "http", "log_config", "logio", "so", "unixd", "version", "watchdog"],
        known: true,
    },
    Build { main: "etc/httpd/conf/httpd.conf", root: "etc/httpd", compiled_in: &["core", "http", "so"], known: true },
    Build { main: "usr/local/apache2/conf/httpd.conf", root: "usr/local/apache2", compiled_in: &["core", "http", "so"], known: false },
];

/// Programs and manuals that come with httpd, relative to where each build puts them.
const SAMPLES: [&[&str]; 3] = [
    &["usr/lib/cgi-bin/printenv", "usr/lib/cgi-bin/test-cgi", "usr/share/doc/apache2-doc/manual"],
    &["usr/share/httpd/manual", "var/www/cgi-bin/printenv", "var/www/cgi-bin/test-cgi", "var/www/html/manual"],
    &[
        "usr/local/apache2/cgi-bin/printenv",
        "usr/local/apache2/cgi-bin/printenv.vbs",
        "usr/local/apache2/cgi-bin/printenv.wsf",
        "usr/local/apache2/cgi-bin/test-cgi",
        "usr/local/apache2/manual",
    ],
];

/// Derives the rows of every installation.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = [0, 1, 2].map(|number: usize| host.file(BUILDS[number].main));
    let mut present = false;
    for (number, artefact) in found.iter().enumerate() {
        if let Artefact::Text(source) = artefact {
            let build = &BUILDS[number];
            let instance = if number == 2 { build.main } else { "" };
            present = true;
            installation(host, tables, &load::load(host, build, source), (build, instance));
            contents(host, tables, SAMPLES[number], instance);
        }
    }
    let lacking = || {
        found.iter().enumerate().filter_map(|(number, artefact)| match artefact {
            Artefact::Lacking(lack) => Some((BUILDS[number].main, *lack)),
            Artefact::Text(_) => None,
        })
    };
    let unreadable = lacking().find(|(_, lack)| !matches!(lack, Lack::Absent | Lack::NotCollected));
    match (present, unreadable) {
        (true, _) => Seen::Present,
        (false, Some((path, lack))) => Seen::Lacking(path, lack),
        (false, None) if lacking().all(|(_, lack)| lack == Lack::Absent) => Seen::Absent,
        (false, None) => Seen::Nothing,
    }
}

/// Derives the rows of one installation.
fn installation<'a>(host: &Host<'a>, tables: &mut Tables<'a>, loaded: &Loaded<'a>, (build, instance): (&'static Build, &'a str)) {
    let sites = sites::sites(host, loaded, build.main);
    rows::settings(host, tables, &sites[0].chain, instance);
    modules(host, tables, loaded, (build, instance));
    let listens = sites::listens(&loaded.block);
    for listen in &listens {
        rows::service(host, tables, instance, &sites, listen);
    }
    let mut logs = logging::Seen::default();
    for (number, site) in sites.iter().enumerate() {
        let logging = logging::access(host, &site.chain);
        let transport = transport::of(host, &sites, number);
        logs.push(host, tables, site, loaded.root, &logging);
        rows::site(host, tables, (loaded, instance), site, (&transport, &logging));
        if tables.wants(&CRYPTO) && site.serves {
            transport::push(host, tables, site, &transport);
        }
        if !tables.wants(&APACHE_SCOPES) && !tables.wants(&REMOTE_ACCESS) {
            continue;
        }
        let own = site.entry.and_then(|entry| entry.block.as_ref());
        let blocks: Vec<&load::Block<'a>> = std::iter::once(&loaded.block).chain(own).collect();
        for target in scopes::targets(host, loaded, site, &blocks) {
            rows::target(host, tables, instance, (site, &target), (&transport, &logging));
        }
    }
    if let Some(why) = load::gap_anywhere(&loaded.block) {
        push_gaps(host, tables, instance, why);
    }
}

/// Pushes the modules.
fn modules<'a>(host: &Host<'a>, tables: &mut Tables<'a>, loaded: &Loaded<'a>, (build, instance): (&'static Build, &'a str)) {
    let mut push = |name: &'a str, compiled_in: bool, by: Evidence<'a>| {
        let evidence = host.evidence(&[by]);
        let mut row = host.row(&APACHE_MODULES, NAME);
        row.instance(instance)
            .set(const { APACHE_MODULES.column("module") }, Cell::known(Value::Text(name), evidence))
            .set(const { APACHE_MODULES.column("compiled-in") }, Cell::known(Value::Boolean(compiled_in), evidence));
        tables.push(row);
    };
    for module in &loaded.modules {
        push(module.name, false, module.by);
    }
    for name in build.compiled_in {
        push(host.text(&format!("{name}_module")), true, Evidence::Searched(build.main));
    }
    if !build.known {
        let mut row = host.gap(&APACHE_MODULES, NAME, Why::version_not_known("httpd -l"));
        row.instance(instance);
        tables.push(row);
    }
}

/// Pushes what is at the paths of samples.
fn contents<'a>(host: &Host<'a>, tables: &mut Tables<'a>, paths: &[&'static str], instance: &'a str) {
    for path in paths {
        let present = match host.look(path).lack {
            None | Some(Lack::Dangling) => Cell::known(Value::Boolean(true), host.evidence(&[Evidence::Searched(path)])),
            Some(Lack::Absent) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Lacks(path, Lack::Absent)])),
            Some(lack) => Cell::unknown(Why::lacking(path, lack), host.evidence(&[Evidence::Lacks(path, lack)])),
        };
        let mut row = host.row(&APACHE_CONTENTS, NAME);
        row.instance(instance)
            .set(const { APACHE_CONTENTS.column("path") }, Cell::known(Value::Text(path), &[]))
            .set(const { APACHE_CONTENTS.column("present") }, present);
        tables.push(row);
    }
}

/// Pushes a row for what was not read into every table.
fn push_gaps<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &'a str, why: Why<'a>) {
    super::web_gaps::push(host, (NAME, instance), &[&APACHE_HOSTS, &APACHE_LISTENERS, &APACHE_MODULES, &APACHE_SCOPES], why, tables);
}
