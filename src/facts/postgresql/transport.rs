//! The parameters about listening and TLS into rows of `crypto` and `services`.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why, tls_words};
use super::NAME;
use super::installations::Installation;
use super::settings;
use crate::names::Phrase;
use crate::schema::neutral::{CRYPTO, SERVICES};

static PER_RULE: Phrase =
    Phrase { zh: "{} 的每条规则决定是否允许明文连接", en: "each rule of {} decides whether connections may be in clear" };

/// TLS versions, weakest first.
const VERSIONS: [&str; 4] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// Pushes the rows of an installation.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    let of = |name: &str, reading: fn(&settings::Read<'a>) -> Option<Value<'a>>| {
        settings::named(host, installation, name).map_or(Cell::NONE, |it| it.cell(host, reading))
    };
    let tls = of("ssl", |read| read.readings.on.map(Value::Boolean));
    if tables.wants(&CRYPTO) {
        match tls.state {
            State::Known(Value::Boolean(false)) => {}
            State::Known(_) => {
                push_versions(host, of("ssl_min_protocol_version", |read| Some(Value::Text(read.text))), installation, tables)
            }
            _ => push_versions(host, tls, installation, tables),
        }
    }
    if tables.wants(&SERVICES) {
        push_service(host, installation, tls, tables);
    }
}

/// The row of each version from the least that is offered.
fn push_versions<'a>(host: &Host<'a>, least: Cell<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    let State::Known(Value::Text(least_name)) = least.state else {
        let why = if let State::Unknown(why, _) = least.state { why } else { Why::not_understood("ssl") };
        let mut row = host.gap(&CRYPTO, NAME, why);
        row.instance(installation.instance);
        row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(NAME), &[]));
        tables.push(row);
        return;
    };
    let offered = VERSIONS.iter().skip_while(|version| !version.eq_ignore_ascii_case(least_name));
    // Without a least version OpenSSL decides, which offers old ones too where its own settings allow them.
    let offered: Vec<&str> = if least_name.is_empty() { VERSIONS.to_vec() } else { offered.copied().collect() };
    for version in offered {
        let mut row = host.row(&CRYPTO, NAME);
        row.instance(installation.instance);
        let strength = tls_words::version_strength(version).map_or(Cell::NONE, |word| Cell::known(Value::Word(word), least.evidence));
        row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(NAME), least.evidence))
            .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word("protocol"), least.evidence))
            .set(const { CRYPTO.column("name") }, Cell::known(Value::Text(version), least.evidence))
            .set(const { CRYPTO.column("strength") }, strength);
        tables.push(row);
    }
}

/// The row of the listener; none where it listens on no address.
fn push_service<'a>(host: &Host<'a>, installation: &Installation<'a>, tls: Cell<'a>, tables: &mut Tables<'a>) {
    let named = |name: &str, reading: fn(&settings::Read<'a>) -> Option<Value<'a>>| {
        settings::named(host, installation, name).map_or(Cell::NONE, |it| it.cell(host, reading))
    };
    let address = named("listen_addresses", |read| Some(Value::Text(read.text)));
    if address.value() == Some(Value::Text("")) {
        return;
    }
    let enabled = if let State::Known(_) = address.state { Cell::known(Value::Boolean(true), address.evidence) } else { address };
    let cleartext = match tls.state {
        State::Known(Value::Boolean(true)) => Cell::unknown(Why::new("per-rule", &PER_RULE, "pg_hba.conf"), tls.evidence),
        State::Known(_) => Cell::known(Value::Boolean(true), tls.evidence),
        _ => tls,
    };
    let mut row = host.row(&SERVICES, NAME);
    row.instance(installation.instance);
    row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(NAME), host.evidence(&[Evidence::Searched(installation.place())])))
        .set(const { SERVICES.column("port") }, named("port", |read| read.readings.number))
        .set(const { SERVICES.column("protocol") }, Cell::known(Value::Text("tcp"), &[]))
        .set(const { SERVICES.column("address") }, address)
        .set(const { SERVICES.column("enabled") }, enabled)
        .set(const { SERVICES.column("cleartext") }, cleartext);
    tables.push(row);
}
