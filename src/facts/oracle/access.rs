//! Listeners, the addresses that Oracle Net admits, and the databases behind them into rows of `remote-access`.

use super::super::role_grants::Grants;
use super::super::{Cell, Host, State, Tables, Value, Why};
use super::NAME;
use super::accounts::People;
use super::listeners::{self, Listener};
use super::network::Home;
use super::parameters::Parameters;
use super::privileges;
use super::profiles::Profiles;
use crate::names::Phrase;
use crate::schema::neutral::REMOTE_ACCESS;

/// Seconds of a week.
const WEEK: u64 = 604_800;

static ELSEWHERE: Phrase = Phrase { zh: "{} 由外部系统认证", en: "another system authenticates {}" };
static TRIGGER: Phrase = Phrase { zh: "登录触发器 {} 可能限制时段", en: "the logon trigger {} may limit the hours" };
static SEVERAL: Phrase = Phrase { zh: "{} 后面有多个数据库", en: "several databases stand behind {}" };

/// What the ways in need to know of a database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind<'a> {
    instance: &'a str,
    factors: Cell<'a>,
    methods: Cell<'a>,
    idle: Cell<'a>,
    attempts: Cell<'a>,
    lockout: Cell<'a>,
    hours: Cell<'a>,
    root: Cell<'a>,
    privileged: Cell<'a>,
    accounts: Cell<'a>,
}

/// Gathers it.
pub(super) fn behind<'a>(
    host: &Host<'a>,
    (instance, settings): (&'a str, &Parameters<'a>),
    (people, profiles, grants): (&People<'a>, &Profiles<'a>, &Grants<'a>),
    (trigger, trigger_gap): (Option<&'a str>, Option<Why<'a>>),
) -> Behind<'a> {
    let evidence = people.usable().next().map_or(&[][..], |account| account.evidence);
    let of_people = |value: Value<'a>| people.gap.map_or(Cell::known(value, evidence), |why| Cell::unknown(why, &[]));
    let elsewhere = people.usable().find(|account| account.authentication != "password");
    let passwords = people.usable().any(|account| account.authentication == "password");
    let factors = match elsewhere.filter(|_| !passwords) {
        Some(account) => Cell::unknown(Why::new("decided-elsewhere", &ELSEWHERE, account.name), account.evidence),
        None => of_people(Value::Integer(1)),
    };
    let word = if elsewhere.is_some() { vec![Value::Word("password"), Value::Opaque("external")] } else { vec![Value::Word("password")] };
    let limited = settings.is_on("resource_limit");
    let idle = match limited {
        Some(true) => longest(profiles, people, Profiles::idle),
        Some(false) => Cell::known(Value::Unlimited, settings.of("resource_limit").evidence()),
        None => Cell::unknown(settings.why("resource_limit"), &[]),
    };
    let lockout = match longest(profiles, people, Profiles::failed_attempts) {
        cell if cell.value() == Some(Value::Unlimited) => Cell::unset(cell.evidence),
        cell => cell,
    };
    let hours = match (trigger, trigger_gap) {
        (Some(name), _) => Cell::unknown(Why::new("logon-trigger", &TRIGGER, name), &[]),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => Cell::known(Value::Duration(WEEK), &[]),
    };
    let password_file = settings.of("remote_login_passwordfile");
    let remote = |text: &str| !text.eq_ignore_ascii_case("NONE");
    let supers = people.usable().map(|account| privileges::superuser(host, grants, account));
    let remote_admin = password_file.cell(host, |text| Some(Value::Boolean(remote(text))));
    Behind {
        instance,
        factors,
        methods: of_people(Value::List(host.arena().alloc_slice_copy(&word))),
        idle,
        attempts: settings.of("sec_max_failed_login_attempts").cell(host, |text| text.parse().ok().map(Value::Integer)),
        lockout,
        hours,
        root: password_file.cell(host, |text| Some(Value::Word(if remote(text) { "yes" } else { "no" }))),
        privileged: any(std::iter::once(remote_admin).chain(supers), of_people(Value::Boolean(false))),
        accounts: of_people(host.texts(&["dba_users"])),
    }
}

/// The greatest of a limit among profiles of accounts that can log in.
fn longest<'a>(profiles: &Profiles<'a>, people: &People<'a>, limit: impl Fn(&Profiles<'a>, &str) -> Cell<'a>) -> Cell<'a> {
    let rank = |value: Value<'_>| match value {
        Value::Unlimited => u64::MAX,
        Value::Duration(seconds) => seconds,
        Value::Integer(count) => u64::try_from(count).unwrap_or_default(),
        _ => 0,
    };
    let mut longest: Option<(u64, Cell<'a>)> = None;
    let mut unknown = people.gap.or(profiles.gap).map(|why| Cell::unknown(why, &[]));
    for (name, used) in profiles.all() {
        if used.value() == Some(Value::Boolean(false)) {
            continue;
        }
        let cell = limit(profiles, name);
        match cell.value() {
            Some(value) if longest.is_none_or(|(held, _)| held < rank(value)) => longest = Some((rank(value), cell)),
            Some(_) => {}
            None => unknown = unknown.or(Some(cell)),
        }
    }
    match (longest, unknown) {
        // One that never ends decides whatever else is not known.
        (Some((u64::MAX, cell)), _) if people.gap.is_none() => cell,
        (_, Some(cell)) => cell,
        (longest, None) => longest.map_or(Cell::NONE, |(_, cell)| cell),
    }
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

/// Pushes the rows of both tables.
pub(super) fn push<'a>(
    host: &Host<'a>,
    (homes, listeners): (&[Home<'a>], &[Listener<'a>]),
    databases: &[Behind<'a>],
    tables: &mut Tables<'a>,
) {
    for listener in listeners.iter().filter(|listener| !listener.is_gap()) {
        let Some(home) = homes.iter().find(|home| home.path == listener.home) else { continue };
        for endpoint in listener.endpoints.iter().filter(|endpoint| !endpoint.text.starts_with("ipc ")) {
            let known = |value: Value<'a>| Cell::known(value, listener.evidence);
            let admitted = home.admitted(host);
            let named = match admitted.whitelisted.value() {
                Some(Value::Boolean(true)) => Cell { state: State::Known(host.texts(&["tcp.invited_nodes"])), ..admitted.whitelisted },
                Some(_) => Cell { state: State::Known(Value::List(&[])), ..admitted.whitelisted },
                None => admitted.whitelisted,
            };
            let encrypted = if endpoint.encrypted { known(Value::Boolean(true)) } else { listeners::encrypted(host, home, listener) };
            let scope = host.text(&format!("oracle {} {}", listener.name, endpoint.text));
            let time = home.of(host, "sqlnet.inbound_connect_timeout");
            let login = time.cell(host, |text| match text.parse().ok()? {
                0 => Some(Value::Unlimited),
                seconds => Some(Value::Duration(seconds)),
            });
            let way = Way {
                instance: listener.instance,
                scope,
                enabled: known(Value::Boolean(endpoint.network)),
                encrypted,
                sources: admitted.sources,
                named,
                login,
            };
            push_row(host, &way, databases, tables);
        }
    }
    let unread = listeners.iter().find_map(|listener| listener.gap().filter(|_| listener.is_gap()));
    let why = unread.or_else(|| listeners.is_empty().then(listeners::unknown));
    if let Some(why) = why {
        let unknown = Cell::unknown(why, &[]);
        for database in databases {
            let way = Way {
                instance: database.instance,
                scope: NAME,
                enabled: unknown,
                encrypted: unknown,
                sources: unknown,
                named: unknown,
                login: unknown,
            };
            push_row(host, &way, std::slice::from_ref(database), tables);
        }
    }
}

/// One way in.
struct Way<'a> {
    instance: &'a str,
    scope: &'a str,
    enabled: Cell<'a>,
    encrypted: Cell<'a>,
    sources: Cell<'a>,
    named: Cell<'a>,
    login: Cell<'a>,
}

/// Pushes its row.
fn push_row<'a>(host: &Host<'a>, way: &Way<'a>, databases: &[Behind<'a>], tables: &mut Tables<'a>) {
    let of = |pick: fn(&Behind<'a>) -> Cell<'a>| match databases {
        [] => Cell::unknown(Why::not_collected("commands/oracle.parameters.csv"), &[]),
        [database] => pick(database),
        _ => Cell::unknown(Why::new("several-databases", &SEVERAL, way.scope), &[]),
    };
    let known = |value: Value<'a>| Cell::known(value, way.enabled.evidence);
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(way.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("database"), &[]))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(way.scope), &[]))
        .set(const { REMOTE_ACCESS.column("enabled") }, way.enabled)
        .set(const { REMOTE_ACCESS.column("encrypted") }, way.encrypted)
        .set(const { REMOTE_ACCESS.column("sources") }, way.sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, way.named)
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of(|it| it.accounts))
        .set(const { REMOTE_ACCESS.column("factors") }, of(|it| it.factors))
        .set(const { REMOTE_ACCESS.column("methods") }, of(|it| it.methods))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, of(|it| it.idle))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, way.login)
        .set(const { REMOTE_ACCESS.column("max-attempts") }, of(|it| it.attempts))
        .set(const { REMOTE_ACCESS.column("lockout") }, of(|it| it.lockout))
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, of(|it| it.hours))
        .set(const { REMOTE_ACCESS.column("root-login") }, of(|it| it.root))
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, of(|it| it.privileged))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}
