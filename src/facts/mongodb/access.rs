//! Addresses, TLS and authorization into the row of `remote-access`.

use super::super::{Cell, Host, State, Tables, Value};
use super::NAME;
use super::settings::Settings;
use super::users::Users;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;

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
