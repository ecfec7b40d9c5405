//! The listener, the accounts and the transport's settings into rows of `remote-access`, `authentication-policy` and `crypto`.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::NAME;
use super::hosts;
use super::people::{self, Account};
use super::settings::Settings;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{CRYPTO, REMOTE_ACCESS};
use crate::schema::people::AUTHENTICATION_POLICY;

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// What accounts are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct People<'f, 'a> {
    pub accounts: &'f [Account<'a>],
    /// Why one could be missing.
    pub gap: Option<Why<'a>>,
}

/// Pushes the row of the server's listener.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    settings: &Settings<'a>,
    people: People<'_, 'a>,
    (superusers, tables): (&[Cell<'a>], &mut Tables<'a>),
) {
    let remote = |account: &&Account<'a>| account.usable() && !account.is_local();
    let port = settings.of("port");
    let port_text = port.certain().map_or("3306", |it| it.text);
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(instance);
    let known = |value: Value<'a>| Cell::known(value, host.evidence(&port.evidence));
    let of_people = |value: Value<'a>| match people.gap {
        Some(why) => Cell::unknown(why, &[]),
        None => Cell::known(value, evidence_of(host, people.accounts)),
    };
    let least = people.accounts.iter().filter(remote).map(|account| account.factors).min();
    let root = people.accounts.iter().filter(remote).any(|account| account.user == "root");
    let privileged = people.accounts.iter().zip(superusers).filter(|(account, _)| remote(account)).map(|(_, cell)| *cell);
    let anywhere =
        people.accounts.iter().filter(remote).any(|account| account.sources.as_ref().is_some_and(|it| it.covers(&Addresses::any_four())));
    let named: &[&str] = if anywhere { &[] } else { &["mysql.user"] };
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("database"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(host.text(&format!("mysql {port_text}"))), &[]))
        .set(const { REMOTE_ACCESS.column("enabled") }, enabled(host, settings))
        .set(const { REMOTE_ACCESS.column("encrypted") }, encrypted(host, settings, people))
        .set(const { REMOTE_ACCESS.column("sources") }, sources(host, people))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, of_people(host.texts(named)))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of_people(host.texts(named)))
        .set(const { REMOTE_ACCESS.column("factors") }, of_people(Value::Integer(least.unwrap_or(1))))
        .set(const { REMOTE_ACCESS.column("methods") }, of_people(methods(host, people.accounts)))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, idle(host, settings))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, settings.of("connect_timeout").cell(host, |it| it.duration))
        // The connection ends with the first failure.
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("lockout") }, lockout(host, settings, people))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, of_people(Value::Word(if root { "yes" } else { "no" })))
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, any(privileged, of_people(Value::Boolean(false))))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

/// That these accounts are all.
fn evidence_of<'a>(host: &Host<'a>, accounts: &[Account<'a>]) -> &'a [Evidence<'a>] {
    let pieces: Vec<Evidence<'a>> =
        accounts.iter().filter(|account| account.usable() && !account.is_local()).take(8).flat_map(|it| it.evidence).copied().collect();
    host.evidence(&pieces)
}

/// Whether one of several switches is on.
fn any<'a>(cells: impl Iterator<Item = Cell<'a>>, otherwise: Cell<'a>) -> Cell<'a> {
    let mut unknown = None;
    for cell in cells {
        match cell.state {
            State::Known(Value::Boolean(true)) => return cell,
            State::Unknown(..) => unknown = Some(cell),
            _ => {}
        }
    }
    unknown.unwrap_or(otherwise)
}

/// Whether the server takes connections from elsewhere.
fn enabled<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let skip = settings.of("skip_networking").cell(host, |it| it.on.map(Value::Boolean));
    // Without the grant tables MySQL from 8.0 on takes no connections from elsewhere (manual, --skip-grant-tables); others do.
    if skip.value() == Some(Value::Boolean(true)) {
        return Cell::known(Value::Boolean(false), skip.evidence);
    }
    if let State::Unknown(why, _) = skip.state {
        return Cell::unknown(why, skip.evidence);
    }
    let bind = settings.of("bind_address");
    let local = |item: &Value<'_>| match item {
        Value::Text(address) => hosts::admitted(address).is_some_and(|set| set.within(&hosts::loopback())),
        _ => false,
    };
    bind.cell(host, |it| Some(Value::Boolean(it.items.is_none_or(|items| items.is_empty() || !items.iter().all(local)))))
}

/// Whether every connection from elsewhere is encrypted.
fn encrypted<'a>(host: &Host<'a>, settings: &Settings<'a>, people: People<'_, 'a>) -> Cell<'a> {
    let required = settings.of("require_secure_transport").cell(host, |it| it.on.map(Value::Boolean));
    if required.value() == Some(Value::Boolean(true)) {
        return required;
    }
    let remote = || people.accounts.iter().filter(|account| account.usable() && !account.is_local());
    if let Some(open) = remote().find(|account| account.tls == "none") {
        return match required.state {
            State::Unknown(..) => required,
            _ => Cell::known(Value::Boolean(false), host.evidence(&[required.evidence, open.evidence].concat())),
        };
    }
    match (people.gap, required.state) {
        (Some(why), _) => Cell::unknown(why, required.evidence),
        (None, _) => Cell::known(Value::Boolean(true), evidence_of(host, people.accounts)),
    }
}

/// The addresses from which some account is admitted.
fn sources<'a>(host: &Host<'a>, people: People<'_, 'a>) -> Cell<'a> {
    let mut all = Addresses::none();
    let mut named: Vec<Value<'a>> = Vec::new();
    for account in people.accounts.iter().filter(|account| account.usable()) {
        match &account.sources {
            Some(sources) => all = all.union(sources),
            None if named.len() < 64 => named.push(Value::Opaque(account.host)),
            None => {}
        }
    }
    let blocks = all.subtract(&hosts::loopback()).blocks();
    let whole = if all.covers(&Addresses::any()) { Addresses::any().blocks() } else { blocks };
    let mut values: Vec<Value<'a>> = whole.into_iter().map(Value::Network).collect();
    values.append(&mut named);
    values.extend(people.gap.map(|why| Value::Opaque(why.subject)));
    Cell::known(Value::List(host.arena().alloc_slice_copy(&values)), evidence_of(host, people.accounts))
}

/// The ways of proving who one is.
fn methods<'a>(host: &Host<'a>, accounts: &[Account<'a>]) -> Value<'a> {
    let remote = || accounts.iter().filter(|account| account.usable() && !account.is_local());
    let mut words: Vec<Value<'a>> = Vec::new();
    words.extend(remote().any(|account| account.secret != "empty").then_some(Value::Word("password")));
    words.extend(remote().any(|account| account.secret == "empty").then_some(Value::Word("none")));
    words.extend(remote().any(|account| matches!(account.tls, "x509" | "specified")).then_some(Value::Word("certificate")));
    Value::List(host.arena().alloc_slice_copy(&words))
}

/// The longer of the idle times: the client chooses which one holds for it.
fn idle<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let [programs, people] = ["wait_timeout", "interactive_timeout"].map(|name| settings.of(name).cell(host, |it| it.duration));
    match (programs.value(), people.value()) {
        (Some(Value::Duration(one)), Some(Value::Duration(other))) => {
            if one >= other {
                programs
            } else {
                people
            }
        }
        (Some(_), None) => people,
        _ => programs,
    }
}

/// Failures that lock every account from elsewhere; unset where one is never locked.
fn lockout<'a>(host: &Host<'a>, settings: &Settings<'a>, people: People<'_, 'a>) -> Cell<'a> {
    let mut most: Option<(i64, Cell<'a>)> = None;
    for account in people.accounts.iter().filter(|account| account.usable() && !account.is_local()) {
        let cell = people::failed_attempts(host, account, settings);
        match cell.state {
            State::Known(Value::Integer(count)) => {
                let more = most.is_none_or(|(held, _)| held < count);
                most = if more { Some((count, cell)) } else { most };
            }
            State::Known(_) => return Cell::unset(cell.evidence),
            _ => return cell,
        }
    }
    match (people.gap, most) {
        (Some(why), _) => Cell::unknown(why, &[]),
        (None, most) => most.map_or(Cell::NONE, |(_, cell)| cell),
    }
}

/// Pushes the row of `authentication-policy`.
pub(super) fn push_policy<'a>(
    host: &Host<'a>,
    instance: &'a str,
    settings: &Settings<'a>,
    people: People<'_, 'a>,
    tables: &mut Tables<'a>,
) {
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(instance);
    let plain = |value: Value<'a>| Cell::known(value, &[]);
    let either = |one: &str, other: &str| {
        let cells = [one, other].map(|name| settings.of(name).cell(host, |it| it.number));
        if matches!(cells[0].state, State::Unset) { cells[1] } else { cells[0] }
    };
    let length = either("validate_password.length", "simple_password_check_minimal_length");
    let asked = [
        ("lower", either("validate_password.mixed_case_count", "simple_password_check_letters_same_case")),
        ("upper", either("validate_password.mixed_case_count", "simple_password_check_letters_same_case")),
        ("digit", either("validate_password.number_count", "simple_password_check_digits")),
        ("other", either("validate_password.special_char_count", "simple_password_check_other_characters")),
    ];
    // At level 0 only the length is tested.
    let level = settings.of("validate_password.policy").certain().and_then(|it| it.number);
    let asks = |cell: &Cell<'a>| level != Some(Value::Integer(0)) && cell.value().is_some_and(|it| it != Value::Integer(0));
    let words: Vec<Value<'a>> = asked.iter().filter(|(_, cell)| asks(cell)).map(|(word, _)| Value::Word(word)).collect();
    let unknown = asked.iter().find(|(_, cell)| matches!(cell.state, State::Unknown(..))).map(|(_, cell)| *cell);
    let count = i64::try_from(words.len()).unwrap_or_default();
    let requirements =
        unknown.unwrap_or(Cell { evidence: asked[2].1.evidence, ..plain(Value::List(host.arena().alloc_slice_copy(&words))) });
    let classes = match unknown {
        Some(cell) => cell,
        None if count == 0 => Cell::unset(length.evidence),
        None => Cell::known(Value::Integer(count), asked[2].1.evidence),
    };
    let lockout = lockout(host, settings, people);
    let empty = people.accounts.iter().find(|account| account.usable() && account.secret == "empty");
    let empty = match (empty, people.gap) {
        (Some(account), _) => Cell::known(Value::Boolean(true), account.evidence),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => plain(Value::Boolean(false)),
    };
    let no_lock = if matches!(lockout.state, State::Unknown(..)) { lockout } else { Cell::unset(lockout.evidence) };
    row.set(const { AUTHENTICATION_POLICY.column("path") }, plain(Value::Text("mysql")))
        .set(const { AUTHENTICATION_POLICY.column("min-length") }, length)
        .set(const { AUTHENTICATION_POLICY.column("classes") }, classes)
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, requirements)
        .set(
            const { AUTHENTICATION_POLICY.column("dictionary") },
            Cell { evidence: length.evidence, ..plain(Value::Boolean(level == Some(Value::Integer(2)))) },
        )
        .set(const { AUTHENTICATION_POLICY.column("history") }, settings.of("password_history").cell(host, |it| it.number))
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, plain(Value::Boolean(true)))
        .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, lockout)
        .set(const { AUTHENTICATION_POLICY.column("lockout-duration") }, no_lock)
        .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, no_lock)
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, plain(Value::Boolean(false)))
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, people::scheme_of_new(host, settings))
        .set(
            const { AUTHENTICATION_POLICY.column("password-max-age") },
            settings.of("default_password_lifetime").cell(host, |it| it.duration),
        )
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, empty)
        .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::NONE);
    tables.push(row);
}

/// Pushes a row of `crypto` for each protocol that the server offers.
pub(super) fn push_crypto<'a>(host: &Host<'a>, instance: &'a str, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let setting = settings.of("tls_version");
    let cell = setting.cell(host, |it| it.items.map(Value::List));
    let context = Cell::known(Value::Text("mysql"), &[]);
    let kind = Cell::known(Value::Word("protocol"), &[]);
    match cell.state {
        State::Known(Value::List(items)) => {
            for item in items {
                let Value::Text(name) = *item else { continue };
                let strength = match name {
                    "TLSv1.3" => "strong",
                    "TLSv1.2" => "acceptable",
                    _ => "weak",
                };
                let mut row = host.row(&CRYPTO, NAME);
                row.instance(instance);
                row.set(const { CRYPTO.column("context") }, context)
                    .set(const { CRYPTO.column("kind") }, kind)
                    .set(const { CRYPTO.column("name") }, Cell::known(Value::Text(name), cell.evidence))
                    .set(const { CRYPTO.column("strength") }, Cell::known(Value::Word(strength), cell.evidence))
                    .set(const { CRYPTO.column("bits") }, Cell::unset(cell.evidence))
                    .set(const { CRYPTO.column("expires") }, Cell::unset(cell.evidence));
                tables.push(row);
            }
        }
        State::Unknown(why, _) => {
            let mut row = host.gap(&CRYPTO, NAME, why);
            row.instance(instance);
            row.set(const { CRYPTO.column("context") }, context).set(const { CRYPTO.column("kind") }, kind);
            tables.push(row);
        }
        _ => {}
    }
}
