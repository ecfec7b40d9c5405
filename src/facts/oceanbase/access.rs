//! Settings and accounts of a tenant into its rows of `oceanbase-tenants`, `remote-access`, `authentication-policy` and `logs`.

use super::super::effective::{Effective, switch};
use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::invited;
use super::people::{Account, People};
use super::settings::Settings;
use super::{NAME, Tenant};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{LOGS, REMOTE_ACCESS};
use crate::schema::oceanbase::OCEANBASE_TENANTS;
use crate::schema::people::AUTHENTICATION_POLICY;

/// Seconds of a week.
const WEEK: u64 = 604_800;

static ORACLE: Phrase = Phrase {
    zh: "{} 是 Oracle 模式租户，由 profile 决定，未采集",
    en: "{} is a tenant in Oracle mode, where profiles decide, which were not collected",
};
static OPTIONAL: Phrase = Phrase {
    zh: "{} 已开启，但账户是否必须加密未采集",
    en: "{} is on, but whether accounts must encrypt was not collected",
};
static NODES: Phrase = Phrase { zh: "未能理解 ob_tcp_invited_nodes 中的 {}", en: "{} in ob_tcp_invited_nodes was not understood" };
static FILTERS: Phrase = Phrase {
    zh: "{} 已开启，但按过滤器记录，过滤器是否已分配未知",
    en: "{} is on, but records by filters, and whether any is assigned is not known",
};
static KEPT: Phrase = Phrase { zh: "{} 的清理方式未采集", en: "what deletes the files of {} was not collected" };

/// What is known of a tenant, as several tables show it.
struct Known<'a> {
    name: &'a str,
    mode: Cell<'a>,
    invited: Cell<'a>,
    breadth: Cell<'a>,
    length: Cell<'a>,
    classes: Cell<'a>,
    attempts: Cell<'a>,
    lock: Cell<'a>,
    audited: Cell<'a>,
}

/// Pushes the rows of a tenant.
pub(super) fn push<'a>(host: &Host<'a>, tenant: &Tenant<'a>, (settings, people): (&Settings<'a>, &People<'a>), tables: &mut Tables<'a>) {
    let known = reckon(host, tenant, settings);
    let mut row = host.row(&OCEANBASE_TENANTS, NAME);
    row.instance(tenant.answers.instance);
    row.set(const { OCEANBASE_TENANTS.column("tenant") }, Cell::known(Value::Text(known.name), known.mode.evidence))
        .set(const { OCEANBASE_TENANTS.column("mode") }, known.mode)
        .set(const { OCEANBASE_TENANTS.column("sources") }, known.invited)
        .set(const { OCEANBASE_TENANTS.column("breadth") }, known.breadth)
        .set(const { OCEANBASE_TENANTS.column("password-length") }, known.length)
        .set(const { OCEANBASE_TENANTS.column("password-classes") }, known.classes)
        .set(const { OCEANBASE_TENANTS.column("failed-attempts") }, known.attempts)
        .set(const { OCEANBASE_TENANTS.column("lock-time") }, known.lock)
        .set(const { OCEANBASE_TENANTS.column("audited") }, known.audited);
    tables.push(row);
    push_access(host, tenant, (settings, people, &known), tables);
    push_policy(host, tenant, (people, &known), tables);
    push_log(host, tenant, settings, &known, tables);
}

/// Works out what the tables share.
fn reckon<'a>(host: &Host<'a>, tenant: &Tenant<'a>, settings: &Settings<'a>) -> Known<'a> {
    let name = tenant.name;
    let mode = settings.of("ob_compatibility_mode").cell(host, |text| {
        let modes = ["mysql", "oracle"];
        modes.into_iter().find(|mode| text.eq_ignore_ascii_case(mode)).map(Value::Word)
    });
    // A mode that the answer does not show is no proof of MySQL's.
    let mode = match mode.state {
        State::Unset => Cell::unknown(Why::not_understood("ob_compatibility_mode"), mode.evidence),
        _ => mode,
    };
    let of_mysql = |cell: Cell<'a>| match (mode.value(), mode.state) {
        (Some(Value::Word("mysql")), _) => cell,
        (Some(_), _) => Cell::unknown(Why::new("oracle-mode", &ORACLE, name), mode.evidence),
        (None, State::Unknown(why, _)) => Cell::unknown(why, mode.evidence),
        (None, _) => Cell::unknown(Why::not_understood("ob_compatibility_mode"), mode.evidence),
    };
    let (invited, breadth) = whitelist(host, settings.of("ob_tcp_invited_nodes"));
    let (length, classes) = quality(host, settings);
    let counted = settings.number(host, "connection_control_failed_connections_threshold");
    let attempts = if counted.value() == Some(Value::Integer(0)) { Cell::known(Value::Unlimited, counted.evidence) } else { counted };
    // A version without the variable cannot lock.
    let attempts = if attempts.state == State::Unset { Cell::known(Value::Unlimited, attempts.evidence) } else { attempts };
    let lock = match attempts.value() {
        Some(Value::Unlimited) => Cell::unset(attempts.evidence),
        _ => settings.seconds(host, "connection_control_min_connection_delay"),
    };
    Known {
        name,
        mode,
        invited,
        breadth,
        length: of_mysql(length),
        classes: of_mysql(classes),
        attempts: of_mysql(attempts),
        lock: of_mysql(lock),
        audited: audited(host, settings, mode),
    }
}

/// The addresses that the list invites, and how many they are.
fn whitelist<'a>(host: &Host<'a>, nodes: Effective<'a>) -> (Cell<'a>, Cell<'a>) {
    let Effective::Known(text, evidence, _) = nodes else {
        let why = nodes.why().unwrap_or(Why::not_understood("ob_tcp_invited_nodes"));
        return (Cell::unknown(why, nodes.evidence()), Cell::unknown(why, nodes.evidence()));
    };
    let (set, opaque) = invited::read(text);
    let mut values: Vec<Value<'a>> = set.blocks().into_iter().map(Value::Network).collect();
    values.extend(opaque.map(Value::Opaque));
    let list = Cell::known(Value::List(host.arena().alloc_slice_copy(&values)), evidence);
    let all = set.covers(&Addresses::any_four()) || set.covers(&Addresses::any_six());
    let breadth = match opaque {
        _ if all => Cell::known(Value::Unlimited, evidence),
        Some(part) => Cell::unknown(Why::new("not-understood", &NODES, part), evidence),
        None => {
            let count = set.subtract(&invited::loopback()).breadth();
            Cell::known(i64::try_from(count).map_or(Value::Unlimited, Value::Integer), evidence)
        }
    };
    (list, breadth)
}

/// Length and classes that a password must have: at policy LOW none of the counts is tested (documentation, "System variables",
/// validate_password_policy).
fn quality<'a>(host: &Host<'a>, settings: &Settings<'a>) -> (Cell<'a>, Cell<'a>) {
    let policy = settings.of("validate_password_policy");
    let level = match policy {
        Effective::Known(text, ..) if matches!(text.to_ascii_uppercase().as_str(), "LOW" | "0") => Some(false),
        Effective::Known(text, ..) if matches!(text.to_ascii_uppercase().as_str(), "MEDIUM" | "1") => Some(true),
        // A version without the variable has no tests.
        Effective::Lacking(_) => Some(false),
        _ => None,
    };
    let Some(tested) = level else {
        let why = policy.why().unwrap_or(Why::not_understood("validate_password_policy"));
        return (Cell::unknown(why, policy.evidence()), Cell::unknown(why, policy.evidence()));
    };
    if !tested {
        return (Cell::known(Value::Integer(0), policy.evidence()), Cell::known(Value::List(&[]), policy.evidence()));
    }
    let count = |name: &str| settings.number(host, name);
    let asked = [
        ("digit", count("validate_password_number_count")),
        ("lower", count("validate_password_mixed_case_count")),
        ("other", count("validate_password_special_char_count")),
        ("upper", count("validate_password_mixed_case_count")),
    ];
    let length = count("validate_password_length");
    let length = Cell { evidence: host.evidence(&[length.evidence, policy.evidence()].concat()), ..length };
    if let Some((_, cell)) = asked.iter().find(|(_, cell)| cell.value().is_none()) {
        let why = if let State::Unknown(why, _) = cell.state { why } else { Why::not_understood("validate_password") };
        return (length, Cell::unknown(why, cell.evidence));
    }
    let held = || asked.iter().filter(|(_, cell)| cell.value() != Some(Value::Integer(0)));
    let words: Vec<Value<'a>> = held().map(|(word, _)| Value::Word(word)).collect();
    let pieces: Vec<Evidence<'a>> = asked.iter().flat_map(|(_, cell)| cell.evidence).copied().collect();
    (length, Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), host.evidence(&pieces)))
}

/// Whether audit records are written: audit_log_enable in MySQL mode, which the Community Edition and versions before 4.2.4 lack, and
/// audit_trail in Oracle mode (documentation, "Parameters").
fn audited<'a>(host: &Host<'a>, settings: &Settings<'a>, mode: Cell<'a>) -> Cell<'a> {
    let setting = match mode.value() {
        Some(Value::Word("mysql")) => settings.of("audit_log_enable"),
        Some(_) => settings.of("audit_trail"),
        None => return Cell { state: mode.state, evidence: mode.evidence },
    };
    let on = |text: &str| switch(text).unwrap_or(!text.is_empty() && !text.eq_ignore_ascii_case("none"));
    match setting {
        Effective::Lacking(evidence) => Cell::known(Value::Boolean(false), evidence),
        // One server without it is a hole; each value has the row that shows it.
        Effective::OneOf(_, texts, pieces) if texts.iter().any(|text| !on(text)) => {
            let off = texts.iter().zip(pieces).filter(|(text, _)| !on(text)).map(|(_, piece)| *piece);
            Cell::known(Value::Boolean(false), host.evidence(&off.collect::<Vec<_>>()))
        }
        setting => setting.cell(host, |text| Some(Value::Boolean(on(text)))),
    }
}

/// The row of `remote-access`.
fn push_access<'a>(
    host: &Host<'a>,
    tenant: &Tenant<'a>,
    (settings, people, known): (&Settings<'a>, &People<'a>, &Known<'a>),
    tables: &mut Tables<'a>,
) {
    let remote = || people.accounts.iter().filter(|account| account.usable() && !account.is_local());
    let evidence: Vec<Evidence<'a>> = remote().take(8).flat_map(|account| account.evidence).copied().collect();
    let evidence = host.evidence(&evidence);
    let of_people = |value: Value<'a>| people.gap.map_or(Cell::known(value, evidence), |why| Cell::unknown(why, &[]));
    let (sources, narrowed) = sources(host, settings, people);
    let listed: &[&str] = if narrowed { &["ob_tcp_invited_nodes", "DBA_OB_USERS"] } else { &[] };
    let limits = match known.breadth.state {
        State::Unknown(why, _) => Cell::unknown(why, known.breadth.evidence),
        _ => of_people(host.texts(listed)),
    };
    let empty = remote().find(|account| account.empty);
    let methods: &[Value<'a>] = if empty.is_some() { &[Value::Word("none"), Value::Word("password")] } else { &[Value::Word("password")] };
    let privileged = remote().map(|account| people.superuser(host, account));
    let ranked = |cell: &Cell<'a>| match cell.state {
        State::Known(Value::Boolean(true)) => 0,
        State::Unknown(..) => 1,
        _ => 2,
    };
    let privileged = privileged.min_by_key(ranked).filter(|cell| ranked(cell) < 2);
    let lockout = match known.attempts.value() {
        Some(Value::Unlimited) => Cell::unset(known.attempts.evidence),
        _ => known.attempts,
    };
    let plain = |value: Value<'a>| Cell::known(value, known.mode.evidence);
    let root = remote().any(|account| matches!(account.user, "root" | "SYS"));
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(tenant.answers.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, plain(Value::Word("database")))
        .set(const { REMOTE_ACCESS.column("scope") }, plain(Value::Text(host.text(&format!("tenant {}", known.name)))))
        .set(const { REMOTE_ACCESS.column("enabled") }, plain(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("encrypted") }, encrypted(host, settings))
        .set(const { REMOTE_ACCESS.column("sources") }, sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, limits)
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of_people(host.texts(&["DBA_OB_USERS"])))
        .set(const { REMOTE_ACCESS.column("factors") }, of_people(Value::Integer(i64::from(empty.is_none()))))
        .set(const { REMOTE_ACCESS.column("methods") }, of_people(Value::List(host.arena().alloc_slice_copy(methods))))
        .set(const { REMOTE_ACCESS.column("servers") }, plain(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, idle(host, settings))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, Cell::unknown(Why::not_understood("login timeout"), &[]))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, Cell::unknown(Why::not_understood("attempts per connection"), &[]))
        .set(const { REMOTE_ACCESS.column("lockout") }, lockout)
        .set(const { REMOTE_ACCESS.column("time-windows") }, plain(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, plain(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, of_people(Value::Word(if root { "yes" } else { "no" })))
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged.unwrap_or(of_people(Value::Boolean(false))))
        .set(const { REMOTE_ACCESS.column("accounting") }, plain(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, plain(Value::Boolean(false)));
    tables.push(row);
}

/// The addresses from which an account gets in: those that the tenant invites and that the account's host part admits; and whether they
/// leave somebody out.
fn sources<'a>(host: &Host<'a>, settings: &Settings<'a>, people: &People<'a>) -> (Cell<'a>, bool) {
    let nodes = settings.of("ob_tcp_invited_nodes");
    let Effective::Known(text, evidence, _) = nodes else {
        return (Cell::unknown(nodes.why().unwrap_or(Why::not_understood("ob_tcp_invited_nodes")), nodes.evidence()), false);
    };
    let (invited, opaque) = invited::read(text);
    let usable = || people.accounts.iter().filter(|account| account.usable());
    // A host name may stand for any of the invited addresses, as may accounts that are not known.
    let admitted = |account: &Account<'a>| account.sources().unwrap_or_else(Addresses::any);
    let whole = people.gap.is_some() || opaque.is_some();
    let accounts = usable().fold(Addresses::none(), |all, account| all.union(&admitted(account)));
    let reached = if people.gap.is_some() { invited } else { invited.intersection(&accounts) };
    let anywhere = reached.covers(&Addresses::any_four()) || reached.covers(&Addresses::any_six());
    // This host's own connections are no remote ones; everybody stays everybody.
    let reached = if anywhere { reached } else { reached.subtract(&invited::loopback()) };
    let mut values: Vec<Value<'a>> = reached.blocks().into_iter().map(Value::Network).collect();
    values.extend(opaque.map(Value::Opaque));
    let pieces: Vec<Evidence<'a>> = evidence.iter().chain(usable().take(8).flat_map(|account| account.evidence)).copied().collect();
    let cell = Cell::known(Value::List(host.arena().alloc_slice_copy(&values)), host.evidence(&pieces));
    (cell, !whole && !anywhere)
}

/// Whether connections are encrypted: without ssl_client_authentication none can be (documentation, "Security", "Transmission encryption").
fn encrypted<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let offered = settings.of("ssl_client_authentication").cell(host, |text| switch(text).map(Value::Boolean));
    match offered.state {
        State::Known(Value::Boolean(true)) => Cell::unknown(Why::new("optional", &OPTIONAL, "ssl_client_authentication"), offered.evidence),
        State::Unset => Cell::unknown(Why::not_understood("ssl_client_authentication"), offered.evidence),
        _ => offered,
    }
}

/// The longer of the idle times: the client chooses which one holds for it.
fn idle<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let cells = ["wait_timeout", "interactive_timeout"].map(|name| settings.seconds(host, name));
    match cells.iter().find(|cell| cell.value().is_none()) {
        Some(cell) if cell.state == State::Unset => Cell::unknown(Why::not_understood("wait_timeout"), cell.evidence),
        Some(cell) => *cell,
        None => {
            let longer = |cell: &&Cell<'a>| if let Some(Value::Duration(seconds)) = cell.value() { seconds } else { u64::MAX };
            cells.iter().max_by_key(longer).copied().unwrap_or(Cell::NONE)
        }
    }
}

/// The row of `authentication-policy`.
fn push_policy<'a>(host: &Host<'a>, tenant: &Tenant<'a>, (people, known): (&People<'a>, &Known<'a>), tables: &mut Tables<'a>) {
    let plain = |value: Value<'a>| Cell::known(value, known.mode.evidence);
    let not_asked = |what: &'static str| Cell::unknown(Why::not_understood(what), known.mode.evidence);
    let count = match known.classes.value() {
        Some(Value::List([])) => Cell::unset(known.classes.evidence),
        Some(Value::List(words)) => Cell::known(Value::Integer(i64::try_from(words.len()).unwrap_or(i64::MAX)), known.classes.evidence),
        _ => known.classes,
    };
    let length = if known.length.value() == Some(Value::Integer(0)) { Cell::unset(known.length.evidence) } else { known.length };
    let unlimited = known.attempts.value() == Some(Value::Unlimited);
    let attempts = if unlimited { Cell::unset(known.attempts.evidence) } else { known.attempts };
    let window = if unlimited { Cell::unset(known.attempts.evidence) } else { not_asked("consecutive failures") };
    let empty = people.accounts.iter().find(|account| account.usable() && account.empty);
    let empty = match (empty, people.gap) {
        (Some(account), _) => Cell::known(Value::Boolean(true), account.evidence),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => plain(Value::Boolean(false)),
    };
    // What a password is kept as depends on its plug-in: mysql_native_password, or one of MySQL 8's in later versions.
    let schemes = host.arena().alloc_slice_copy(&[Value::Word("sha1"), Value::Word("sha256")]);
    let scheme = Cell::one_of(Why::not_understood("authentication plug-in"), schemes, known.mode.evidence);
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(tenant.answers.instance);
    row.set(const { AUTHENTICATION_POLICY.column("path") }, plain(Value::Text(host.text(&format!("{NAME} {}", known.name)))))
        .set(const { AUTHENTICATION_POLICY.column("min-length") }, length)
        .set(const { AUTHENTICATION_POLICY.column("classes") }, count)
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, known.classes)
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, plain(Value::Boolean(false)))
        .set(const { AUTHENTICATION_POLICY.column("history") }, not_asked("password history"))
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, not_asked("root"))
        .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, attempts)
        .set(const { AUTHENTICATION_POLICY.column("lockout-duration") }, known.lock)
        .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, window)
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, not_asked("root"))
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, scheme)
        .set(const { AUTHENTICATION_POLICY.column("password-max-age") }, not_asked("password life"))
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, empty)
        .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::unset(known.mode.evidence));
    tables.push(row);
}

/// The row `database-audit` of `logs`. What filters are assigned, and when files are deleted, is not asked.
fn push_log<'a>(host: &Host<'a>, tenant: &Tenant<'a>, settings: &Settings<'a>, known: &Known<'a>, tables: &mut Tables<'a>) {
    let audited = known.audited;
    let on = audited.value() == Some(Value::Boolean(true));
    let mysql = known.mode.value() == Some(Value::Word("mysql"));
    let name = if mysql { "audit_log_enable" } else { "audit_trail" };
    let enabled = if on { Cell::unknown(Why::new("filters-not-known", &FILTERS, name), audited.evidence) } else { audited };
    let unless_off = |off: Value<'a>| match audited.state {
        State::Known(Value::Boolean(true)) => Cell::unknown(Why::new("not-asked", &KEPT, name), audited.evidence),
        State::Unknown(why, _) => Cell::unknown(why, audited.evidence),
        _ => Cell::known(off, audited.evidence),
    };
    let path = settings.of("audit_log_path").cell(host, |text| (!text.is_empty()).then_some(Value::Text(text)));
    let unset = Cell::unset(audited.evidence);
    let mut row = host.row(&LOGS, NAME);
    row.instance(tenant.answers.instance);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]))
        .set(const { LOGS.column("path") }, if mysql { path } else { unset })
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, unless_off(Value::List(&[])))
        .set(const { LOGS.column("retention") }, unless_off(Value::Duration(0)))
        .set(const { LOGS.column("bounded-by") }, if on { unless_off(Value::Duration(0)) } else { unset })
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(name), audited.evidence))
        .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), audited.evidence))
        .set(const { LOGS.column("forwarding-encrypted") }, unset)
        .set(const { LOGS.column("forwarding-reliable") }, unset)
        .set(const { LOGS.column("level") }, unset)
        .set(const { LOGS.column("tamper-protection") }, unset);
    tables.push(row);
}
