//! Docker's configuration file, unit, socket unit and `docker inspect` into options, containers and the ways in.
//!
//! Knows Docker Engine 20.10 to 28. A daemon with an option both as a flag and in its file refuses to start (manual, "Docker daemon
//! configuration overview"), so that an option in the file is decided there, and one that is not may be a flag.

mod audited;
mod inspect;
mod logs;
mod options;

use super::{Artefact, Cell, Expectation, Host, Product, Reading, Seen, State, Tables, Value, Why};
use super::{files as files_looked_at, service_unit, tls_words};
use crate::names::{LINUX, Phrase};
use crate::reckon::network::Addresses;
use crate::schema::containers::{CONTAINERS, DOCKER_SETTINGS};
use crate::schema::neutral::{CRYPTO, FILES, LOGS, REMOTE_ACCESS};
use crate::snapshot::Lack;
use options::Options;

/// The product's name.
const NAME: &str = "docker";

static TLS_VERSIONS: Phrase = Phrase {
    zh: "没有文档说明 {} 接受哪些 TLS 版本和套件，也没有选项可设",
    en: "no page says which TLS versions and suites {} takes, and no option sets them",
};

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// Docker's daemon.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Docker 守护进程", en: "Docker's daemon" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::File(options::FILE),
        Reading::File("etc/default/docker"),
        Reading::File("etc/sysconfig/docker"),
        Reading::File("etc/systemd/system/docker.service"),
        Reading::Glob("etc/systemd/system/docker.service.d/*.conf"),
        Reading::File("etc/systemd/system/docker.socket"),
        Reading::Glob("etc/systemd/system/docker.socket.d/*.conf"),
        Reading::File("usr/lib/systemd/system/docker.service"),
        Reading::File("usr/lib/systemd/system/docker.socket"),
        Reading::File("lib/systemd/system/docker.service"),
        Reading::File("lib/systemd/system/docker.socket"),
        Reading::Look("etc/docker"),
        Reading::Look("etc/docker/daemon.json"),
        Reading::Look("run/docker.sock"),
        Reading::Look("var/run/docker.sock"),
        Reading::Command { name: "docker-inspect", line: "all=$(docker ps -aq) && { [ -z \"$all\" ] || docker inspect $all; }" },
        Reading::Shared(super::auditd::READS),
    ],
    fills: &[&CONTAINERS, &CRYPTO, &DOCKER_SETTINGS, &FILES, &LOGS, &REMOTE_ACCESS],
    derive,
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let seen = derive_own(host, tables);
    files_looked_at::of_product(host, &PRODUCT, seen, tables)
}

/// Derives the rows of all tables but `files`.
fn derive_own<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let unit = service_unit::read(host, "docker.service");
    let file = host.file(options::FILE);
    let inspected = host.file(inspect::OUTPUT);
    let seen = unit.seen || file.text().is_some() || inspected.text().is_some();
    if !seen {
        return match file {
            Artefact::Lacking(Lack::Absent) if unit.unlisted.is_none() && unit.gap.is_none() => Seen::Absent,
            Artefact::Lacking(lack) if !matches!(lack, Lack::Absent | Lack::NotCollected) => Seen::Lacking(options::FILE, lack),
            _ => Seen::Nothing,
        };
    }
    let options = options::read(host, &unit);
    options.push(host, tables);
    audited::push(host, tables);
    logs::push(host, &options, tables);
    inspect::push(host, inspected, tables);
    if tables.wants(&CRYPTO) || tables.wants(&REMOTE_ACCESS) {
        push_access(host, &options, tables);
    }
    Seen::Present
}

/// Pushes a row of `remote-access` for each TCP socket of the API, which gives whoever uses it the host.
fn push_access<'a>(host: &Host<'a>, options: &Options<'a>, tables: &mut Tables<'a>) {
    let hosts = options.cell("hosts", |read| read.items.map(Value::List));
    let items = match hosts.state {
        State::Known(Value::List(items)) => items,
        State::Unknown(why, _) => return push_gap(host, why, tables),
        _ => return,
    };
    let verify = options.cell("tlsverify", |read| read.readings.on.map(Value::Boolean));
    let tls = options.cell("tls", |read| read.readings.on.map(Value::Boolean));
    for item in items {
        match item {
            Value::Text(address) if address.starts_with("tcp://") => push_socket(host, address, hosts, (verify, tls), tables),
            Value::Opaque(text) => push_gap(host, Why::not_understood(text), tables),
            _ => {}
        }
    }
}

/// Pushes gap rows for sockets that are not known.
fn push_gap<'a>(host: &Host<'a>, why: Why<'a>, tables: &mut Tables<'a>) {
    let mut row = host.gap(&REMOTE_ACCESS, NAME, why);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("api"), &[]));
    tables.push(row);
    tables.push(host.gap(&CRYPTO, NAME, why));
}

/// Pushes the row of one TCP socket.
fn push_socket<'a>(host: &Host<'a>, address: &'a str, hosts: Cell<'a>, (verify, tls): (Cell<'a>, Cell<'a>), tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, hosts.evidence);
    let certificate = verify.value() == Some(Value::Boolean(true));
    let by_certificate = |value: Value<'a>| match verify.state {
        State::Unknown(why, _) => Cell::unknown(why, verify.evidence),
        _ => Cell::known(value, verify.evidence),
    };
    let name = address.trim_start_matches("tcp://");
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name).trim_matches(['[', ']']);
    // Without a name it is that of the host itself (moby, `opts/hosts.go`, `ParseTCPAddr`).
    let local = matches!(name, "" | "localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback());
    let everywhere: Vec<Value<'a>> = Addresses::any().blocks().into_iter().map(Value::Network).collect();
    let methods = host.arena().alloc_slice_copy(&[Value::Word(if certificate { "certificate" } else { "none" })]);
    let named: &[&str] = if certificate { &["tlscacert"] } else { &[] };
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("api"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text(host.text(&format!("docker {address}")))))
        .set(const { REMOTE_ACCESS.column("enabled") }, known(Value::Boolean(!local)))
        .set(const { REMOTE_ACCESS.column("encrypted") }, if certificate { by_certificate(Value::Boolean(true)) } else { tls })
        .set(const { REMOTE_ACCESS.column("sources") }, known(Value::List(host.arena().alloc_slice_copy(&everywhere))))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, by_certificate(host.texts(named)))
        .set(const { REMOTE_ACCESS.column("factors") }, by_certificate(Value::Integer(i64::from(certificate))))
        .set(const { REMOTE_ACCESS.column("methods") }, by_certificate(Value::List(methods)))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        // Each request proves itself; there is no session to idle, no second try.
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, known(Value::Duration(0)))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("lockout") }, Cell::unset(hosts.evidence))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
    if certificate || tls.value() == Some(Value::Boolean(true)) {
        let context = host.text(&format!("docker {address}"));
        tls_words::gap(host, tables, NAME, (context, "protocol"), Why::new("undocumented", &TLS_VERSIONS, "dockerd"));
    }
}
