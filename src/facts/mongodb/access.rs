//! Addresses, TLS and authorization into rows of `remote-access`, `authentication-policy` and `crypto`.

use super::super::{Cell, Documented, Host, State, Tables, Value, Why};
use super::NAME;
use super::settings::Settings;
use super::users::Users;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{AUTHENTICATION_POLICY, CRYPTO, REMOTE_ACCESS};

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// Pushes the row of a server's listener.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, (settings, users): (&Settings<'a>, &Users<'a>), tables: &mut Tables<'a>) {
    let port = settings.cell("net.port", |read| Some(Value::Text(read.text)));
    let port_text = if let Some(Value::Text(text)) = port.value() { text } else { "" };
    let authorization = settings.cell("security.authorization", |read| read.readings.on.map(Value::Boolean));
    let known = |value: Value<'a>| Cell::known(value, port.evidence);
    let by_authorization = |on: Value<'a>, off: Value<'a>| match authorization.value() {
        Some(Value::Boolean(true)) => Cell::known(on, authorization.evidence),
        Some(_) => Cell::known(off, authorization.evidence),
        None => authorization,
    };
    let encrypted = settings.cell("net.tls.mode", |read| Some(Value::Boolean(matches!(read.text, "requireTLS" | "requireSSL"))));
    let everywhere: Vec<Value<'a>> = Addresses::any().blocks().into_iter().map(Value::Network).collect();
    let privileged = match (authorization.value(), users.administrators(), users.gap) {
        (Some(Value::Boolean(false)), ..) => Cell::known(Value::Boolean(true), authorization.evidence),
        (_, Some(administrators), _) => known(Value::Boolean(administrators)),
        (_, None, Some(why)) => Cell::unknown(why, &[]),
        (_, None, None) => known(Value::Boolean(false)),
    };
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(instance);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("database"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text(host.text(format!("mongodb {port_text}").trim_end()))))
        .set(const { REMOTE_ACCESS.column("enabled") }, enabled(settings))
        .set(const { REMOTE_ACCESS.column("encrypted") }, encrypted)
        .set(const { REMOTE_ACCESS.column("sources") }, known(Value::List(host.arena().alloc_slice_copy(&everywhere))))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, by_authorization(host.texts(&["system.users"]), Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("factors") }, by_authorization(Value::Integer(1), Value::Integer(0)))
        .set(
            const { REMOTE_ACCESS.column("methods") },
            by_authorization(Value::List(&[Value::Word("password")]), Value::List(&[Value::Word("none")])),
        )
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        // Connections are not ended for idleness, failures are not counted (manual, "Configuration File Options", has no such option).
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("lockout") }, Cell::unset(port.evidence))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged)
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

/// Whether it listens on more than the loopback.
fn enabled<'a>(settings: &Settings<'a>) -> Cell<'a> {
    let all = settings.cell("net.bindIpAll", |read| read.readings.on.map(Value::Boolean));
    if all.value() == Some(Value::Boolean(true)) || matches!(all.state, State::Unknown(..)) {
        return all;
    }
    let local = |item: &Value<'_>| match item {
        Value::Text(name) => {
            *name == "localhost" || name.starts_with('/') || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        _ => false,
    };
    settings.cell("net.bindIp", |read| read.items.map(|items| Value::Boolean(!items.iter().all(local))))
}

static NO_RULES: Documented = Documented {
    setting: "no rules for passwords, no lock",
    versions: "MongoDB 4.2 to 8.0",
    source: "MongoDB Manual, Configuration File Options and MongoDB Server Parameters, which have none",
};

/// The versions of TLS as `disabledProtocols` names them, as they are shown, and how strong they are.
const PROTOCOLS: [(&str, &str, &str); 4] =
    [("TLS1_0", "TLSv1", "weak"), ("TLS1_1", "TLSv1.1", "weak"), ("TLS1_2", "TLSv1.2", "acceptable"), ("TLS1_3", "TLSv1.3", "strong")];

/// Pushes the row of `authentication-policy`: MongoDB tests no password and locks nobody; what an LDAP server does is not seen here.
pub(super) fn push_policy<'a>(host: &Host<'a>, instance: &'a str, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let authorization = settings.cell("security.authorization", |read| read.readings.on.map(Value::Boolean));
    let evidence = host.evidence(&[super::super::Evidence::Default(&NO_RULES)]);
    let (unset, off) = (Cell::unset(evidence), Cell::known(Value::Boolean(false), evidence));
    // Both mechanisms are on unless authenticationMechanisms says otherwise.
    let schemes = host.arena().alloc_slice_copy(&[Value::Word("sha1"), Value::Word("sha256")]);
    let scheme = Cell::one_of(Why::not_understood("authenticationMechanisms"), schemes, authorization.evidence);
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(instance);
    row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text(NAME), &[]))
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, Cell::known(Value::List(&[]), evidence))
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, off)
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, off)
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, off)
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, scheme)
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, off);
    row.set_rest(unset);
    tables.push(row);
}

/// Pushes a row of `crypto` for each version of TLS that is spoken.
pub(super) fn push_crypto<'a>(host: &Host<'a>, instance: &'a str, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let mode = settings.cell("net.tls.mode", |read| Some(Value::Text(read.text)));
    if mode.value() == Some(Value::Text("disabled")) {
        return;
    }
    let disabled = settings.cell("net.tls.disabledProtocols", |read| read.items.map(Value::List));
    let context = Cell::known(Value::Text(NAME), &[]);
    let kind = Cell::known(Value::Word("protocol"), &[]);
    let (Some(_), Some(Value::List(disabled_names))) = (mode.value(), disabled.value()) else {
        let open = if mode.value().is_none() { mode } else { disabled };
        let why = if let State::Unknown(why, _) = open.state { why } else { Why::not_understood("net.tls.disabledProtocols") };
        let mut row = host.gap(&CRYPTO, NAME, why);
        row.instance(instance);
        row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
        return tables.push(row);
    };
    let known = |value: Value<'a>| Cell::known(value, disabled.evidence);
    for (name, shown, strength) in PROTOCOLS {
        if disabled_names.contains(&Value::Text(name)) {
            continue;
        }
        let mut row = host.row(&CRYPTO, NAME);
        row.instance(instance);
        row.set(const { CRYPTO.column("context") }, context)
            .set(const { CRYPTO.column("kind") }, kind)
            .set(const { CRYPTO.column("name") }, known(Value::Text(shown)))
            .set(const { CRYPTO.column("strength") }, known(Value::Word(strength)))
            .set(const { CRYPTO.column("bits") }, Cell::unset(disabled.evidence))
            .set(const { CRYPTO.column("expires") }, Cell::unset(disabled.evidence));
        tables.push(row);
    }
}
