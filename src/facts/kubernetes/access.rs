//! The API server and the kubelet into rows of `remote-access`.
//!
//! Neither has a list of sources: a filter in front of them decides, so that from where they are reached is not known here.

use super::super::{Cell, Host, State, Tables, Value, Why};
use super::NAME;
use super::options::Settings;
use crate::names::Phrase;
use crate::schema::neutral::REMOTE_ACCESS;

/// Seconds of a week.
const WEEK: u64 = 604_800;

static FILTERED: Phrase = Phrase {
    zh: "{} 自身没有来源名单，由防火墙或负载均衡限制，这里看不到",
    en: "{} has no list of sources of its own: a firewall or load balancer limits them, which is not seen here",
};

/// Pushes the row of the API server.
pub(super) fn push_api<'a>(host: &Host<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let bind = settings.cell("bind-address", |read| Some(Value::Text(read.text)));
    let enabled = match bind.state {
        State::Known(Value::Text(address)) => {
            let local = address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
            Cell::known(Value::Boolean(!local), bind.evidence)
        }
        _ => bind,
    };
    let anonymous = settings.cell("anonymous-auth", |read| read.readings.on.map(Value::Boolean));
    push(host, ("kube-apiserver", enabled, anonymous), tables);
}

/// Pushes the row of the kubelet.
pub(super) fn push_kubelet<'a>(host: &Host<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let anonymous = settings.cell("authentication.anonymous.enabled", |read| read.readings.on.map(Value::Boolean));
    push(host, ("kubelet", Cell::known(Value::Boolean(true), anonymous.evidence), anonymous), tables);
}

/// Pushes a row.
fn push<'a>(host: &Host<'a>, (scope, enabled, anonymous): (&'static str, Cell<'a>, Cell<'a>), tables: &mut Tables<'a>) {
    let evidence = anonymous.evidence;
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let unseen = Cell::unknown(Why::new("filtered-elsewhere", &FILTERED, scope), evidence);
    let (factors, methods): (_, &[Value<'a>]) = match anonymous.state {
        State::Known(Value::Boolean(true)) => (known(Value::Integer(0)), &[Value::Word("certificate"), Value::Word("none")]),
        State::Known(_) => (known(Value::Integer(1)), &[Value::Word("certificate")]),
        _ => (anonymous, &[Value::Word("certificate")]),
    };
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("api"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), &[]))
        .set(const { REMOTE_ACCESS.column("enabled") }, enabled)
        .set(const { REMOTE_ACCESS.column("encrypted") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("sources") }, unseen)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, unseen)
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, unseen)
        .set(const { REMOTE_ACCESS.column("factors") }, factors)
        .set(const { REMOTE_ACCESS.column("methods") }, known(Value::List(methods)))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        // Each request proves itself; there is no session to idle, no second try.
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, known(Value::Duration(0)))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, unseen)
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("lockout") }, Cell::unset(evidence))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, unseen)
        .set(const { REMOTE_ACCESS.column("accounting") }, unseen)
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}
