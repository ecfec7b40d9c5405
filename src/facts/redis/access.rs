//! Ports, the transport's settings and users into rows of `remote-access`, `authentication-policy` and `crypto`.
//!
//! Redis has no list of sources. What turns other hosts away is the address that it listens on, and protected mode, which is inert once
//! the default user has a password, and before 7.0 also once `bind` is given (redis.conf, NETWORK).

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::NAME;
use super::people::People;
use super::settings::Settings;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{CRYPTO, REMOTE_ACCESS};
use crate::schema::people::AUTHENTICATION_POLICY;

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// Pushes a row for each port: without TLS, and with it where there is one.
pub(super) fn push<'a>(host: &Host<'a>, people: &People<'_, 'a>, tables: &mut Tables<'a>) {
    push_port(host, people, ("port", "redis", false), tables);
    if people.settings.number("tls-port") != Some(0) {
        push_port(host, people, ("tls-port", "redis tls", true), tables);
    }
}

/// The row of one port.
fn push_port<'a>(host: &Host<'a>, people: &People<'_, 'a>, (directive, title, tls): (&str, &str, bool), tables: &mut Tables<'a>) {
    let settings = people.settings;
    let port = settings.cell(directive, |it| it.readings.number);
    let port_text = settings.certain(directive).map_or("", |it| it.text);
    let evidence = port.evidence;
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let of_users = |value: Value<'a>| match people.users.gap {
        Some(why) => Cell::unknown(why, evidence),
        None => Cell::known(value, host.evidence(&users_evidence(people))),
    };
    let open = people.users.list.iter().any(|user| user.enabled() && user.no_password);
    let certificate = tls && settings.certain("tls-auth-clients").is_some_and(|it| it.text == "yes");
    let factors = i64::from(!open) + i64::from(certificate);
    let mut methods = vec![Value::Word(if open { "none" } else { "password" })];
    methods.extend(certificate.then_some(Value::Word("certificate")));
    let default_off = people.users.list.iter().any(|user| user.name == "default" && !user.enabled());
    let named: &[&str] = if default_off { &["ACL"] } else { &[] };
    let total = people.users.list.iter().any(|user| user.enabled() && user.unrestricted());
    let idle = settings.cell("timeout", |it| it.readings.duration);
    let everywhere: Vec<Value<'a>> = Addresses::any().blocks().into_iter().map(Value::Network).collect();
    let scope = host.text(format!("{title} {port_text}").trim_end());
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(people.server.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("database"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), &[]))
        .set(const { REMOTE_ACCESS.column("enabled") }, enabled(host, people, port))
        .set(const { REMOTE_ACCESS.column("encrypted") }, known(Value::Boolean(tls)))
        .set(const { REMOTE_ACCESS.column("sources") }, known(Value::List(host.arena().alloc_slice_copy(&everywhere))))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of_users(host.texts(named)))
        .set(const { REMOTE_ACCESS.column("factors") }, of_users(Value::Integer(factors)))
        .set(const { REMOTE_ACCESS.column("methods") }, of_users(Value::List(host.arena().alloc_slice_copy(&methods))))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, idle)
        // A client that never logs in is only ever idle, and may try as often as it likes.
        .set(const { REMOTE_ACCESS.column("login-timeout") }, idle)
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("lockout") }, Cell::unset(evidence))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, of_users(Value::Boolean(total)))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

/// What shows the users who can log in.
fn users_evidence<'a>(people: &People<'_, 'a>) -> Vec<Evidence<'a>> {
    people.users.list.iter().filter(|user| user.enabled()).take(8).flat_map(|user| user.evidence.iter().take(1)).copied().collect()
}

/// Whether another host can use the port.
fn enabled<'a>(host: &Host<'a>, people: &People<'_, 'a>, port: Cell<'a>) -> Cell<'a> {
    let settings = people.settings;
    let closed = |evidence: &[&[Evidence<'a>]]| Cell::known(Value::Boolean(false), host.evidence(&evidence.concat()));
    match port.state {
        State::Unknown(why, _) => return Cell::unknown(why, port.evidence),
        State::Known(Value::Integer(0)) => return closed(&[port.evidence]),
        _ => {}
    }
    let bind = settings.of("bind").evidence;
    let Some(items) = settings.certain("bind").and_then(|it| it.items) else {
        return Cell::unknown(settings.gap.unwrap_or(Why::not_understood("bind")), bind);
    };
    if items.is_empty() && people.server.version.is_none_or(|it| it.major < 7) {
        return Cell::unknown(Why::version_not_known("Redis"), bind);
    }
    if items.iter().all(is_loopback) {
        return closed(&[bind]);
    }
    match is_protected(people) {
        Some(true) => closed(&[settings.of("protected-mode").evidence, bind]),
        Some(false) => Cell::known(Value::Boolean(true), host.evidence(&[bind, port.evidence].concat())),
        None => Cell::unknown(people.users.gap.unwrap_or(Why::version_not_known("Redis")), bind),
    }
}

/// Whether an address is this host's own.
fn is_loopback(item: &Value<'_>) -> bool {
    let Value::Text(address) = item else { return false };
    let address = address.trim_start_matches('-');
    address == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether protected mode turns other hosts away.
fn is_protected(people: &People<'_, '_>) -> Option<bool> {
    if !people.settings.is_on("protected-mode")? {
        return Some(false);
    }
    let default = people.users.list.iter().find(|user| user.name == "default");
    let needs_no_password = default.is_some_and(|user| user.no_password);
    if people.users.gap.is_some() {
        return None;
    }
    if !needs_no_password {
        return Some(false);
    }
    let given = matches!(people.settings.of("bind").evidence.first(), Some(Evidence::Decides(_)));
    match people.server.version {
        Some(version) if version.major >= 7 => Some(true),
        _ if !given => Some(true),
        Some(_) => Some(false),
        None => None,
    }
}

/// Pushes the row of `authentication-policy`: Redis has no rules about passwords, and never locks.
pub(super) fn push_policy<'a>(host: &Host<'a>, people: &People<'_, 'a>, tables: &mut Tables<'a>) {
    let evidence = host.evidence(&users_evidence(people));
    let unset = Cell::unset(evidence);
    let open = people.users.list.iter().find(|user| user.enabled() && user.no_password);
    let empty = match (open, people.users.gap) {
        (Some(user), _) => Cell::known(Value::Boolean(true), host.evidence(&user.evidence)),
        (None, Some(why)) => Cell::unknown(why, evidence),
        (None, None) => Cell::known(Value::Boolean(false), evidence),
    };
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(people.server.instance);
    for place in row.cells.iter_mut() {
        *place = unset;
    }
    row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text("redis"), &[]))
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, Cell::known(Value::List(&[]), evidence))
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, Cell::known(Value::Boolean(false), evidence))
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, Cell::known(Value::Boolean(false), evidence))
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, Cell::known(Value::Boolean(false), evidence))
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, Cell::known(Value::Word("sha256"), evidence))
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, empty);
    tables.push(row);
}

/// Pushes a row of `crypto` for each version of TLS that is offered.
pub(super) fn push_crypto<'a>(host: &Host<'a>, people: &People<'_, 'a>, tables: &mut Tables<'a>) {
    let settings: &Settings<'a> = people.settings;
    if settings.number("tls-port") == Some(0) {
        return;
    }
    let context = Cell::known(Value::Text("redis"), &[]);
    let kind = Cell::known(Value::Word("protocol"), &[]);
    let setting = settings.of("tls-protocols");
    let Some(read) = settings.certain("tls-protocols").filter(|_| settings.number("tls-port").is_some()) else {
        let mut row = host.gap(&CRYPTO, NAME, settings.gap.unwrap_or(Why::not_understood("tls-protocols")));
        row.instance(people.server.instance);
        row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
        tables.push(row);
        return;
    };
    let text = if read.text.is_empty() { "TLSv1.2 TLSv1.3" } else { read.text };
    for name in text.split_ascii_whitespace() {
        let strength = match name.to_ascii_lowercase().as_str() {
            "tlsv1.3" => "strong",
            "tlsv1.2" => "acceptable",
            _ => "weak",
        };
        let mut row = host.row(&CRYPTO, NAME);
        row.instance(people.server.instance);
        row.set(const { CRYPTO.column("context") }, context)
            .set(const { CRYPTO.column("kind") }, kind)
            .set(const { CRYPTO.column("name") }, Cell::known(Value::Text(name), setting.evidence))
            .set(const { CRYPTO.column("strength") }, Cell::known(Value::Word(strength), setting.evidence))
            .set(const { CRYPTO.column("bits") }, Cell::unset(setting.evidence))
            .set(const { CRYPTO.column("expires") }, Cell::unset(setting.evidence));
        tables.push(row);
    }
}
