//! Rules that let an administrator in from another host into rows of `remote-access`.
//!
//! What applications use is in `pg-hba`. A rule is taken for administration where it reaches a superuser: one that the roles show, or,
//! where they were not collected, the one that packages make (`postgres`).

use super::super::{Cell, Host, State, Tables, Value, Why};
use super::NAME;
use super::installations::Installation;
use super::rows::{self, Judged};
use super::settings::{self, Effective};
use crate::names::Phrase;
use crate::schema::neutral::REMOTE_ACCESS;

/// Seconds of a week.
const WEEK: u64 = 604_800;

static TRIED_ONCE: Phrase = Phrase { zh: "服务器每个连接只验证一次", en: "the server checks one attempt per connection" };

/// Pushes the rows of an installation.
pub(super) fn push<'a>(
    host: &Host<'a>,
    installation: &Installation<'a>,
    judged: &[Judged<'_, 'a>],
    gap: Option<Why<'a>>,
    tables: &mut Tables<'a>,
) {
    if !tables.wants(&REMOTE_ACCESS) {
        return;
    }
    for one in judged.iter().filter(|one| one.superuser.value() == Some(Value::Boolean(true))) {
        push_row(host, installation, one, tables);
    }
    if let Some(why) = gap {
        let mut row = host.gap(&REMOTE_ACCESS, NAME, why);
        row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("database"), &[]));
        row.instance(installation.instance);
        tables.push(row);
    }
}

/// Pushes the row of one rule.
fn push_row<'a>(host: &Host<'a>, installation: &Installation<'a>, one: &Judged<'_, 'a>, tables: &mut Tables<'a>) {
    let Judged { rule, evidence, .. } = one;
    let known = |value| Cell::known(value, evidence);
    let nothing = || known(Value::List(&[]));
    let setting = |name| settings::named(host, installation, name);
    let time = |name| setting(name).map_or(known(Value::Unlimited), |it: Effective<'a>| it.cell(host, |read| read.readings.duration));
    let factors = rows::factors(host, installation, one);
    let asked_elsewhere = !rule.servers.is_empty();
    let users: Vec<&'a str> = rule.users.iter().filter(|name| !name.is("all")).map(|name| name.text).collect();
    let methods: Vec<Value<'a>> = methods(rule.method, rule.clientcert).into_iter().map(Value::Word).collect();
    let attempts = Cell::known(Value::Integer(1), host.evidence(&[super::super::Evidence::Step(&TRIED_ONCE, &[], None)]));
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word("database")))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text(rule.key)))
        .set(const { REMOTE_ACCESS.column("enabled") }, enabled(host, installation))
        .set(const { REMOTE_ACCESS.column("encrypted") }, rows::encrypted(one))
        .set(const { REMOTE_ACCESS.column("sources") }, rows::sources(host, one))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, known(host.texts(&["pg_hba.conf"])))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, known(host.texts(&users)))
        .set(const { REMOTE_ACCESS.column("factors") }, factors)
        .set(const { REMOTE_ACCESS.column("methods") }, known(Value::List(host.arena().alloc_slice_copy(&methods))))
        .set(const { REMOTE_ACCESS.column("servers") }, known(host.texts(rule.servers)))
        .set(
            const { REMOTE_ACCESS.column("servers-first") },
            if asked_elsewhere { known(Value::Boolean(true)) } else { Cell::unset(evidence) },
        )
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, time("idle_session_timeout"))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, time("authentication_timeout"))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, attempts)
        .set(const { REMOTE_ACCESS.column("lockout") }, lockout(host, installation))
        .set(const { REMOTE_ACCESS.column("time-windows") }, nothing())
        .set(const { REMOTE_ACCESS.column("login-hours") }, login_hours(one))
        .set(const { REMOTE_ACCESS.column("root-login") }, known(Value::Word("yes")))
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    row.instance(installation.instance);
    tables.push(row);
}

/// Whether the server listens on an address that another host reaches.
fn enabled<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Cell<'a> {
    let listens = |item: &Value<'_>| matches!(item, Value::Text(address) if !is_loopback(address));
    match settings::named(host, installation, "listen_addresses") {
        Some(addresses) => addresses.cell(host, |read| Some(Value::Boolean(read.items.is_some_and(|items| items.iter().any(listens))))),
        None => Cell::unknown(Why::not_understood("listen_addresses"), &[]),
    }
}

/// Whether an address of listen_addresses is of this host alone.
fn is_loopback(address: &str) -> bool {
    address == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// The hours in which somebody is admitted: always, unless another system decides that too.
fn login_hours<'a>(one: &Judged<'_, 'a>) -> Cell<'a> {
    match rows_elsewhere(one) {
        Some(why) => Cell::unknown(why, one.evidence),
        None => Cell::known(Value::Duration(WEEK), one.evidence),
    }
}

/// Why another system decides.
fn rows_elsewhere<'a>(one: &Judged<'_, 'a>) -> Option<Why<'a>> {
    static ELSEWHERE: Phrase = Phrase { zh: "{} 由外部系统认证", en: "another system authenticates for {}" };
    matches!(one.rule.method, "pam" | "ldap" | "radius" | "gss" | "sspi" | "bsd" | "oauth" | "other")
        .then(|| Why::new("decided-elsewhere", &ELSEWHERE, one.rule.key))
}

/// Failures that lock: PostgreSQL itself has none, credcheck and openGauss do.
fn lockout<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Cell<'a> {
    let name = match installation.flavour {
        super::installations::Flavour::OpenGauss => "failed_login_attempts",
        super::installations::Flavour::Kingbase => "sys_audlog.error_user_connect_times",
        super::installations::Flavour::PostgreSql => "credcheck.max_auth_failure",
    };
    let cell = settings::named(host, installation, name).map_or(Cell::NONE, |it| it.cell(host, |read| read.readings.number));
    match cell.state {
        State::Known(Value::Unlimited) => Cell::unset(cell.evidence),
        _ => cell,
    }
}

/// The words of `methods` for a method and a certificate.
fn methods(method: &str, clientcert: Option<&str>) -> Vec<&'static str> {
    let mut words = match method {
        "trust" => vec!["none"],
        "cert" => vec!["certificate"],
        "gss" | "sspi" => vec!["gssapi"],
        "radius" => vec!["radius"],
        "peer" | "ident" => vec!["hostbased"],
        _ => vec!["password"],
    };
    if matches!(clientcert, Some("verify-ca" | "verify-full" | "1")) && method != "cert" {
        words.push("certificate");
    }
    words
}
