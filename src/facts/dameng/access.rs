//! Settings, accounts and audit into rows of `remote-access`, `authentication-policy` and `logs`.

use super::super::role_grants::Grants;
use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::settings::{Settings, rules};
use super::users::{Limit, People};
use super::{NAME, Server};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{LOGS, REMOTE_ACCESS};
use crate::schema::people::AUTHENTICATION_POLICY;

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// The columns of the query about audit rules.
const RULES: [&str; 1] = ["rules"];

static MODES: Phrase = Phrase {
    zh: "ENABLE_ENCRYPT = {} 的含义随版本不同（加密或仅认证）",
    en: "what ENABLE_ENCRYPT = {} means depends on the version: encryption, or authentication alone",
};
static LIMITED: Phrase =
    Phrase { zh: "{} 的登录时段有限制，未解析", en: "{} is limited to set times, which were not reckoned" };
static FULL: Phrase = Phrase { zh: "未能理解 {} 的组合", en: "the combination of {} was not understood" };

/// Pushes the rows of a server.
pub(super) fn push<'a>(
    host: &Host<'a>,
    server: &Server<'a>,
    (settings, people, grants): (&Settings<'a>, &People<'a>, &Grants<'a>),
    tables: &mut Tables<'a>,
) {
    push_access(host, server, (settings, people, grants), tables);
    push_policy(host, server, (settings, people), tables);
    push_log(host, server, settings, tables);
}

/// Whether connections are encrypted.
fn encrypted<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let (cipher, mode) = (settings.of("COMM_ENCRYPT_NAME"), settings.of("ENABLE_ENCRYPT"));
    let evidence = host.evidence(&[cipher.evidence(), mode.evidence()].concat());
    match (cipher.text(), mode.text()) {
        (Some(name), _) if !name.is_empty() && !name.eq_ignore_ascii_case("NULL") => Cell::known(Value::Boolean(true), cipher.evidence()),
        (Some(_), Some("0")) => Cell::known(Value::Boolean(false), evidence),
        (_, Some(text)) if text != "0" => Cell::unknown(Why::new("mode-by-version", &MODES, text), evidence),
        _ => Cell::unknown(cipher.why().or(mode.why()).unwrap_or(Why::not_understood("ENABLE_ENCRYPT")), evidence),
    }
}

/// The loosest of a limit among accounts that can log in.
fn loosest<'a>(people: &People<'a>, limit: Limit) -> Cell<'a> {
    let rank = |cell: &Cell<'a>| match cell.value() {
        Some(Value::Unlimited) => Some(u64::MAX),
        Some(Value::Duration(seconds)) => Some(seconds),
        Some(Value::Integer(count)) => u64::try_from(count).ok(),
        _ => None,
    };
    let cells: Vec<Cell<'a>> = people.users.iter().filter(|user| user.usable()).map(|user| user.limit(limit)).collect();
    let known = cells.iter().filter(|cell| rank(cell).is_some()).max_by_key(|cell| rank(cell)).copied();
    let unknown = cells.iter().find(|cell| rank(cell).is_none()).copied();
    match (known, people.gap, unknown) {
        (Some(cell), ..) if rank(&cell) == Some(u64::MAX) => cell,
        (_, Some(why), _) => Cell::unknown(why, &[]),
        (_, None, Some(cell)) => cell,
        (known, None, None) => known.unwrap_or(Cell::NONE),
    }
}

/// The row of `remote-access`.
fn push_access<'a>(
    host: &Host<'a>,
    server: &Server<'a>,
    (settings, people, grants): (&Settings<'a>, &People<'a>, &Grants<'a>),
    tables: &mut Tables<'a>,
) {
    let usable = || people.users.iter().filter(|user| user.usable());
    let evidence = usable().next().map_or(&[][..], |user| user.evidence);
    let of_people = |value: Value<'a>| people.gap.map_or(Cell::known(value, evidence), |why| Cell::unknown(why, &[]));
    let mut all = Addresses::none();
    let mut opaque: Vec<Value<'a>> = people.gap.iter().map(|why| Value::Opaque(why.subject)).collect();
    for user in usable() {
        match user.sources() {
            Ok(set) => all = all.union(&set),
            Err(part) => opaque.push(Value::Opaque(part)),
        }
    }
    let mut sources: Vec<Value<'a>> = all.blocks().into_iter().map(Value::Network).collect();
    sources.append(&mut opaque);
    let restricted = usable().all(|user| user.sources().is_ok_and(|set| !set.covers(&Addresses::any_four())));
    let named: &[&str] = if restricted { &["ALLOW_ADDR"] } else { &[] };
    let hours = match usable().find(|user| user.times) {
        Some(user) if usable().all(|user| user.times) => Cell::unknown(Why::new("time-limited", &LIMITED, user.name), user.evidence),
        _ => of_people(Value::Duration(WEEK)),
    };
    let dba = usable().any(|user| user.name == "SYSDBA");
    let supers: Vec<Cell<'a>> = usable().map(|user| grants.superuser(host, (user.name, user.evidence), None)).collect();
    let privileged = supers.iter().find(|cell| cell.value() == Some(Value::Boolean(true))).copied();
    let privileged = privileged.or_else(|| supers.iter().find(|cell| cell.value().is_none()).copied());
    let lockout = match loosest(people, Limit::Failed) {
        cell if cell.value() == Some(Value::Unlimited) => Cell::unset(cell.evidence),
        cell => cell,
    };
    let port = settings.of("PORT_NUM");
    let known = |value: Value<'a>| Cell::known(value, port.evidence());
    let scope = host.text(&format!("dameng {}", port.text().unwrap_or_default()));
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(server.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word("database")))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text(scope.trim_end())))
        .set(const { REMOTE_ACCESS.column("enabled") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("encrypted") }, encrypted(host, settings))
        .set(const { REMOTE_ACCESS.column("sources") }, Cell::known(Value::List(host.arena().alloc_slice_copy(&sources)), evidence))
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, of_people(host.texts(named)))
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, of_people(host.texts(&["SYSUSERS"])))
        .set(const { REMOTE_ACCESS.column("factors") }, of_people(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("methods") }, of_people(Value::List(&[Value::Word("password")])))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, loosest(people, Limit::Idle))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, Cell::unknown(Why::not_understood("login timeout"), &[]))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, Cell::unknown(Why::not_understood("attempts per connection"), &[]))
        .set(const { REMOTE_ACCESS.column("lockout") }, lockout)
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, hours)
        .set(const { REMOTE_ACCESS.column("root-login") }, of_people(Value::Word(if dba { "yes" } else { "no" })))
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged.unwrap_or(of_people(Value::Boolean(false))))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

/// The row of `authentication-policy`.
fn push_policy<'a>(host: &Host<'a>, server: &Server<'a>, (settings, people): (&Settings<'a>, &People<'a>), tables: &mut Tables<'a>) {
    let policy = settings.of("PWD_POLICY");
    let sum = policy.text().and_then(|text| text.parse::<i64>().ok());
    let of_policy = |value: Option<Value<'a>>| match (sum, policy.why()) {
        (Some(_), _) => value.map_or(Cell::unset(policy.evidence()), |value| Cell::known(value, policy.evidence())),
        (None, why) => Cell::unknown(why.unwrap_or(Why::not_understood("PWD_POLICY")), policy.evidence()),
    };
    let rules = rules(sum.unwrap_or_default());
    let words: Vec<Value<'a>> = [("digit", "digit"), ("punctuation", "other"), ("upper", "upper")]
        .into_iter()
        .filter(|(rule, _)| rules.contains(rule))
        .map(|(_, word)| Value::Word(word))
        .collect();
    let count = i64::try_from(words.len()).ok().filter(|count| *count > 0).map(Value::Integer);
    // The rule of length is on: PWD_MIN_LEN says how long.
    let length = if sum.is_some() && !rules.contains(&"length") { of_policy(None) } else { settings.number(host, "PWD_MIN_LEN") };
    let attempts = loosest(people, Limit::Failed);
    let unlimited = attempts.value() == Some(Value::Unlimited);
    let unset = |cell: Cell<'a>| if unlimited { Cell::unset(attempts.evidence) } else { cell };
    let evidence: &'a [Evidence<'a>] = policy.evidence();
    let known = |value: Value<'a>| Cell::known(value, evidence);
    // `HASH WITH` of CREATE USER names one of these (DM8 SQL 语言使用手册, 用户管理).
    let schemes = host.arena().alloc_slice_copy(&["md5", "sha1", "sha256", "sha512", "sm3"].map(Value::Word));
    let scheme = Cell::one_of(Why::not_understood("HASH WITH"), schemes, &[]);
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(server.instance);
    row.set(const { AUTHENTICATION_POLICY.column("path") }, known(Value::Text(NAME)))
        .set(const { AUTHENTICATION_POLICY.column("min-length") }, length)
        .set(const { AUTHENTICATION_POLICY.column("classes") }, of_policy(count))
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, of_policy(Some(Value::List(host.arena().alloc_slice_copy(&words)))))
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, known(Value::Boolean(false)))
        .set(const { AUTHENTICATION_POLICY.column("history") }, loosest(people, Limit::Reuse))
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, Cell::unknown(Why::not_understood("SYSDBA"), &[]))
        .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, unset(attempts))
        .set(const { AUTHENTICATION_POLICY.column("lockout-duration") }, unset(loosest(people, Limit::Lock)))
        .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, Cell::unset(attempts.evidence))
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, Cell::unknown(Why::not_understood("SYSDBA"), &[]))
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, scheme)
        .set(const { AUTHENTICATION_POLICY.column("password-max-age") }, loosest(people, Limit::Life))
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, known(Value::Boolean(false)))
        .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::unset(evidence));
    tables.push(row);
}

/// The row `database-audit` of `logs`. DM8 安全管理, 审计: switched on it records nothing until rules say what.
fn push_log<'a>(host: &Host<'a>, server: &Server<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let switch = settings.of("ENABLE_AUDIT").cell(host, |text| text.parse::<u8>().ok().map(|mode| Value::Boolean(mode != 0)));
    let answered = server.answers.answer("audit-rules");
    let counted = answered.and_then(|answered| {
        let (record, [count]) = answered.records(RULES)?.next()?;
        Some((count.trim().parse::<u64>().ok()?, answered.decides(record)))
    });
    let enabled = match (switch.value(), counted) {
        (Some(Value::Boolean(true)), Some((count, piece))) => {
            Cell::known(Value::Boolean(count > 0), host.evidence(&[&[piece], switch.evidence].concat()))
        }
        (Some(Value::Boolean(true)), None) => {
            let gap = server.answers.gap(host, "audit-rules", &RULES).unwrap_or(Why::not_understood("SYSAUDIT"));
            Cell::unknown(gap, switch.evidence)
        }
        _ => switch,
    };
    let (full, limit) = (settings.of("AUDIT_FILE_FULL_MODE"), settings.of("AUDIT_SPACE_LIMIT"));
    let evidence = host.evidence(&[full.evidence(), limit.evidence()].concat());
    let (retention, bounded) = match (full.text(), limit.text()) {
        (Some("2"), _) => (Cell::known(Value::Unlimited, full.evidence()), Cell::known(Value::Word("nothing"), full.evidence())),
        (_, Some("0")) => (Cell::known(Value::Unlimited, limit.evidence()), Cell::known(Value::Word("nothing"), limit.evidence())),
        (Some("1"), Some(_)) => (Cell::known(Value::Duration(0), evidence), Cell::known(Value::Word("size"), evidence)),
        _ => {
            let why = full.why().or(limit.why()).unwrap_or(Why::new("not-understood", &FULL, "AUDIT_FILE_FULL_MODE"));
            (Cell::unknown(why, evidence), Cell::unknown(why, evidence))
        }
    };
    let covers = match enabled.state {
        State::Known(Value::Boolean(true)) => Cell::unknown(Why::not_collected("SYSAUDITOR.SYSAUDIT"), enabled.evidence),
        State::Unknown(why, _) => Cell::unknown(why, enabled.evidence),
        _ => Cell::known(Value::List(&[]), enabled.evidence),
    };
    let unset = Cell::unset(enabled.evidence);
    let mut row = host.row(&LOGS, NAME);
    row.instance(server.instance);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]))
        .set(const { LOGS.column("path") }, Cell::known(Value::Text("AUDIT_PATH"), enabled.evidence))
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, covers)
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text("AUDIT_FILE_FULL_MODE, AUDIT_SPACE_LIMIT"), evidence))
        .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), enabled.evidence))
        .set(const { LOGS.column("forwarding-encrypted") }, unset)
        .set(const { LOGS.column("forwarding-reliable") }, unset)
        .set(const { LOGS.column("level") }, unset)
        .set(const { LOGS.column("tamper-protection") }, unset);
    tables.push(row);
}
