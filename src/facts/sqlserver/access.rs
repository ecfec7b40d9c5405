//! Settings, logins, databases and services into rows of `remote-access`, `authentication-policy` and the instance's own tables.

use super::super::role_grants::Grants;
use super::super::{Cell, Host, State, Tables, Value, Why};
use super::logins::{self, People};
use super::settings::Settings;
use super::{NAME, Server};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;
use crate::schema::people::AUTHENTICATION_POLICY;
use crate::schema::sqlserver::{MSSQL_DATABASES, MSSQL_SERVICES};

const DATABASES: [&str; 2] = ["name", "trustworthy"];
const GUESTS: [&str; 2] = ["name", "guest"];
const SERVICES: [&str; 2] = ["service", "account"];

/// What the account LocalSystem is called, in English and in Chinese Windows; a name of the registry is the same everywhere.
const LOCAL_SYSTEM: [&str; 4] = ["localsystem", "nt authority\\system", "nt authority\\系统", ".\\localsystem"];

static WINDOWS: Phrase = Phrase { zh: "由 Windows 的策略决定：{}", en: "the policy of Windows decides: {}" };

/// Pushes the rows of an instance.
pub(super) fn push<'a>(
    host: &Host<'a>,
    server: &Server<'a>,
    (settings, people, grants): (&Settings<'a>, &People<'a>, &Grants<'a>),
    tables: &mut Tables<'a>,
) {
    push_databases(host, server, tables);
    push_services(host, server, tables);
    push_access(host, server, (settings, people, grants), tables);
    push_policy(host, server, people, tables);
}

/// The rows of `mssql-databases`.
fn push_databases<'a>(host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
    let guests = server.answers.answer("guests");
    let guest_gap = server.answers.gap(host, "guests", &GUESTS);
    if let Some(answered) = server.answers.answer("databases") {
        for (record, [name, trustworthy]) in answered.records(DATABASES).into_iter().flatten() {
            let evidence = host.evidence(&[answered.decides(record)]);
            let known = |value: Value<'a>| Cell::known(value, evidence);
            let said = guests.and_then(|guests| {
                let (record, [_, count]) = guests.records(GUESTS)?.find(|(_, [database, _])| *database == name)?;
                Some((count.trim(), host.evidence(&[guests.decides(record)])))
            });
            let guest = match said {
                Some((count, evidence)) => Cell::known(Value::Boolean(count != "0"), evidence),
                None => Cell::unknown(guest_gap.unwrap_or(Why::not_collected("commands/sqlserver.guests.csv")), evidence),
            };
            let mut row = host.row(&MSSQL_DATABASES, NAME);
            row.instance(server.instance);
            row.set(const { MSSQL_DATABASES.column("database") }, known(Value::Text(name)))
                .set(const { MSSQL_DATABASES.column("trustworthy") }, known(Value::Boolean(matches!(trustworthy.trim(), "1" | "True"))))
                .set(const { MSSQL_DATABASES.column("guest") }, guest);
            tables.push(row);
        }
    }
    if let Some(why) = server.answers.gap(host, "databases", &DATABASES) {
        let mut row = host.gap(&MSSQL_DATABASES, NAME, why);
        row.instance(server.instance);
        tables.push(row);
    }
}

/// The rows of `mssql-services`.
fn push_services<'a>(host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
    if let Some(answered) = server.answers.answer("services") {
        for (record, [name, account]) in answered.records(SERVICES).into_iter().flatten() {
            let evidence = host.evidence(&[answered.decides(record)]);
            let known = |value: Value<'a>| Cell::known(value, evidence);
            let lower = account.trim().to_lowercase();
            let short = lower.rsplit('\\').next().unwrap_or_default();
            let privileged = LOCAL_SYSTEM.contains(&lower.as_str()) || matches!(short, "administrator" | "administrateur" | "root");
            let mut row = host.row(&MSSQL_SERVICES, NAME);
            row.instance(server.instance);
            row.set(const { MSSQL_SERVICES.column("service") }, known(Value::Text(name)))
                .set(const { MSSQL_SERVICES.column("account") }, known(Value::Text(account)))
                .set(const { MSSQL_SERVICES.column("privileged") }, known(Value::Boolean(privileged)));
            tables.push(row);
        }
    }
    if let Some(why) = server.answers.gap(host, "services", &SERVICES) {
        let mut row = host.gap(&MSSQL_SERVICES, NAME, why);
        row.instance(server.instance);
        tables.push(row);
    }
}

/// The row of `remote-access`. SQL Server itself limits neither addresses nor hours, but by logon triggers, which were not asked for.
fn push_access<'a>(
    host: &Host<'a>,
    server: &Server<'a>,
    (settings, people, grants): (&Settings<'a>, &People<'a>, &Grants<'a>),
    tables: &mut Tables<'a>,
) {
    let usable = || people.logins.iter().filter(|login| !login.disabled);
    let evidence = usable().next().map_or(&[][..], |login| login.evidence);
    let of_people = |value: Value<'a>| people.gap.map_or(Cell::known(value, evidence), |why| Cell::unknown(why, &[]));
    let windows = settings.switch(host, "windows-authentication-only");
    let elsewhere = |what: &'static str| Cell::unknown(Why::new("windows-decides", &WINDOWS, what), windows.evidence);
    let passwords = usable().any(|login| login.kind == "sql") && windows.value() != Some(Value::Boolean(true));
    let factors = if passwords { of_people(Value::Integer(1)) } else { elsewhere("factors") };
    let encryption = settings.switch(host, "force-encryption");
    let strict = settings.switch(host, "force-strict");
    let encrypted = if strict.value() == Some(Value::Boolean(true)) { strict } else { encryption };
    let encrypted = match encrypted.state {
        State::Unset => Cell::unknown(Why::not_understood("ForceEncryption"), encrypted.evidence),
        _ => encrypted,
    };
    let first = usable().find(|login| login.first);
    let root = match (first, windows.value()) {
        (Some(login), Some(Value::Boolean(false))) => Cell::known(Value::Word("yes"), login.evidence),
        (Some(_), None) => Cell::unknown(Why::not_understood("IsIntegratedSecurityOnly"), windows.evidence),
        _ => of_people(Value::Word("no")),
    };
    let supers: Vec<Cell<'a>> = usable().map(|login| logins::superuser(host, grants, login)).collect();
    let privileged = supers.iter().find(|cell| cell.value() == Some(Value::Boolean(true))).copied();
    let privileged = privileged.or_else(|| supers.iter().find(|cell| cell.value().is_none()).copied());
    let anywhere: Vec<Value<'a>> = Addresses::any().blocks().into_iter().map(Value::Network).collect();
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(server.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word("database")))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text(NAME)))
        .set(const { REMOTE_ACCESS.column("enabled") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("encrypted") }, encrypted)
        .set(const { REMOTE_ACCESS.column("sources") }, known(Value::List(host.arena().alloc_slice_copy(&anywhere))))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of_people(host.texts(&["sys.server_principals"])))
        .set(const { REMOTE_ACCESS.column("factors") }, factors)
        .set(
            const { REMOTE_ACCESS.column("methods") },
            if passwords { of_people(Value::List(&[Value::Word("password")])) } else { elsewhere("methods") },
        )
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, known(Value::Unlimited))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, Cell::unknown(Why::not_understood("login timeout"), &[]))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("lockout") }, elsewhere("LockoutBadCount"))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, Cell::unknown(Why::not_collected("sys.server_triggers"), &[]))
        .set(const { REMOTE_ACCESS.column("root-login") }, root)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged.unwrap_or(of_people(Value::Boolean(false))))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

/// The row of `authentication-policy`: the policy of Windows holds for SQL logins that are checked against it.
fn push_policy<'a>(host: &Host<'a>, server: &Server<'a>, people: &People<'a>, tables: &mut Tables<'a>) {
    let evidence = people.logins.first().map_or(&[][..], |login| login.evidence);
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(server.instance);
    for column in AUTHENTICATION_POLICY.columns {
        let unknown = Cell::unknown(Why::new("windows-decides", &WINDOWS, column.name), evidence);
        row.set(AUTHENTICATION_POLICY.find(column.name).unwrap_or(usize::MAX), unknown);
    }
    let empty = people.logins.iter().find(|login| login.has_empty_password());
    let empty = match (empty, people.gap) {
        (Some(login), _) => Cell::known(Value::Boolean(true), login.evidence),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => Cell::known(Value::Boolean(false), evidence),
    };
    row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text(NAME), evidence))
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, empty)
        .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::unset(evidence));
    tables.push(row);
}
