//! Timeouts, lockout and password policy into the tables `hillstone-settings` and `authentication-policy`.

use super::super::device::cells::{Device, Unwritten, minutes, number, switch};
use super::super::settings::Readings;
use super::super::{Cell, Documented, Tables, Value, Why};
use super::last_said;
use crate::parse::tree::Node;
use crate::schema::hillstone::HILLSTONE_SETTINGS;
use crate::schema::neutral::AUTHENTICATION_POLICY as POLICY;

/// The vendor's manual in the part that documents managers' access.
const MANAGEMENT: &str = "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置管理接口";
const RESTRICTION: &str = "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置管理员登录限制";
const POLICY_PAGE: &str = "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置管理员密码策略";
const VERSIONS: &str = "StoneOS 5.5";

/// An idle SSH session is closed after ten minutes.
pub(super) static SSH: Documented = Documented { setting: "ssh timeout 10", versions: VERSIONS, source: MANAGEMENT };
/// An idle Telnet session is closed after ten minutes.
pub(super) static TELNET: Documented = Documented { setting: "telnet timeout 10", versions: VERSIONS, source: MANAGEMENT };
/// An idle web session is closed after ten minutes.
pub(super) static WEB: Documented = Documented { setting: "web timeout 10", versions: VERSIONS, source: MANAGEMENT };
/// An idle console is closed after ten minutes.
pub(super) static CONSOLE: Documented = Documented { setting: "console timeout 10", versions: VERSIONS, source: MANAGEMENT };
/// An idle session of NETCONF is closed after ten minutes.
pub(super) static NETCONF: Documented = Documented {
    setting: "netconf-manager timeout 10",
    versions: VERSIONS,
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置NETCONF",
};
static FAILURES: Documented = Documented { setting: "admin max-login-failure 3", versions: VERSIONS, source: RESTRICTION };
static DURATION: Documented = Documented { setting: "admin lockout-duration 2", versions: VERSIONS, source: RESTRICTION };
static COMPLEXITY: Documented = Documented { setting: "admin complexity disable", versions: VERSIONS, source: POLICY_PAGE };
static LENGTH: Documented =
    Documented { setting: "admin min-length 4, or 8 where complexity is enabled", versions: VERSIONS, source: POLICY_PAGE };
static EXPIRATION: Documented =
    Documented { setting: "admin password-expiration 0 or 7, by release", versions: VERSIONS, source: POLICY_PAGE };
static HISTORY: Documented = Documented { setting: "admin history-password-check disable", versions: VERSIONS, source: POLICY_PAGE };
static CLASSES: Documented = Documented {
    setting: "admin capital-letters, small-letters, … 1 or 2 where complexity is enabled",
    versions: VERSIONS,
    source: POLICY_PAGE,
};

/// Days, of which 0 is unlimited.
fn limit_days(text: &str) -> Readings<'static> {
    let days: Option<u64> = text.parse().ok();
    match days {
        Some(0) => Readings { number: Some(Value::Unlimited), duration: Some(Value::Unlimited), ..Readings::default() },
        _ => Readings { duration: days.and_then(|it| it.checked_mul(86_400)).map(Value::Duration), ..number(text) },
    }
}

/// Minutes, of which 0 is unlimited.
pub(super) fn limit_minutes(text: &str) -> Readings<'static> {
    match text {
        "0" => Readings { number: Some(Value::Unlimited), duration: Some(Value::Unlimited), ..Readings::default() },
        _ => minutes(text),
    }
}

/// The first word behind a subject, where the last line about it does not take it back.
pub(super) fn said<'a>(device: &Device<'_, 'a>, subject: &str) -> Option<(&'a str, Node<'a>)> {
    let (rest, node) = last_said(device, subject)?;
    rest.and_then(|rest| rest.split(' ').next()).filter(|word| !word.is_empty()).map(|word| (word, node))
}

/// Failures that lock an account; those of an address are counted apart.
pub(super) fn lockout<'a>(device: &Device<'_, 'a>) -> Cell<'a> {
    match said(device, "admin max-login-failure-user") {
        None => device.defaulted(Value::Integer(3), &FAILURES),
        Some((text, node)) => {
            let evidence = device.host.evidence(&[device.decides(node)]);
            text.parse().map_or(Cell::unknown(Why::not_understood(text), evidence), |count| Cell::known(Value::Integer(count), evidence))
        }
    }
}

/// The same within `password-policy`.
fn policy<'a>(device: &Device<'_, 'a>, subject: &str) -> Option<(&'a str, Node<'a>)> {
    let negated = format!("no {subject}");
    let lines = device.root().merged("password-policy").filter(|node| node.starts(subject) || node.starts(&negated));
    let node = lines.last()?;
    node.rest(subject).and_then(|rest| rest.split(' ').next()).filter(|word| !word.is_empty()).map(|word| (word, node))
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let mut put = |name, written, unwritten, read| {
        device.setting(tables, (&HILLSTONE_SETTINGS, super::PRODUCT.name, name), written, unwritten, read);
    };
    put("ssh-timeout", said(device, "ssh timeout"), Unwritten::Is("10", &SSH), limit_minutes);
    put("telnet-timeout", said(device, "telnet timeout"), Unwritten::Is("10", &TELNET), limit_minutes);
    put("web-timeout", said(device, "web timeout"), Unwritten::Is("10", &WEB), limit_minutes);
    put("console-timeout", said(device, "console timeout"), Unwritten::Is("10", &CONSOLE), limit_minutes);
    put("max-login-failure", said(device, "admin max-login-failure"), Unwritten::Is("3", &FAILURES), number);
    put("lockout-duration", said(device, "admin lockout-duration"), Unwritten::Is("2", &DURATION), minutes);
    let complexity = policy(device, "admin complexity");
    put("complexity", complexity, Unwritten::Is("disable", &COMPLEXITY), switch);
    let length = if complexity.is_some_and(|(word, _)| word == "enable") { "8" } else { "4" };
    put("min-length", policy(device, "admin min-length"), Unwritten::Is(length, &LENGTH), number);
    put("password-expiration", policy(device, "admin password-expiration"), Unwritten::OneOf(&["0", "7"], &EXPIRATION), limit_days);
    fill_policy(device, tables);
}

fn fill_policy<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let here = device.host.evidence(&[device.searched()]);
    let read = |written: Option<(&'a str, Node<'a>)>, reading: fn(&str) -> Option<Value<'static>>, unwritten: Cell<'a>| match written {
        None => unwritten,
        Some((text, node)) => match reading(text) {
            Some(value) => device.decided(value, node),
            None => Cell::unknown(Why::not_understood(text), device.host.evidence(&[device.decides(node)])),
        },
    };
    let complexity = policy(device, "admin complexity").filter(|(word, _)| *word == "enable");
    let length = if complexity.is_some() { 8 } else { 4 };
    let (classes, requirements) = classes(device, complexity);
    let history = match policy(device, "admin history-password-check").filter(|(word, _)| *word == "enable") {
        Some((_, node)) => {
            read(policy(device, "admin history-password-records"), |text| number(text).number, device.decided(Value::Integer(5), node))
        }
        None => device.unless_cut(Cell::unset(device.host.evidence(&[super::super::Evidence::Default(&HISTORY), device.searched()]))),
    };
    let known = |value| device.known_absence(value);
    let mut row = device.host.row(&POLICY, super::PRODUCT.name);
    let length = device.defaulted(Value::Integer(length), &LENGTH);
    let age = device.depends(&[Value::Unlimited, Value::Duration(7 * 86_400)], &EXPIRATION);
    let duration = device.defaulted(Value::Duration(120), &DURATION);
    let seconds = |text: &str| minutes(text).duration;
    row.set(const { POLICY.column("path") }, Cell::known(Value::Text("local"), here))
        .set(const { POLICY.column("min-length") }, read(policy(device, "admin min-length"), |text| number(text).number, length))
        .set(const { POLICY.column("classes") }, classes)
        .set(const { POLICY.column("requirements") }, requirements)
        .set(const { POLICY.column("dictionary") }, known(Value::Boolean(false)))
        .set(const { POLICY.column("history") }, history)
        .set(const { POLICY.column("quality-binds-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("lockout-threshold") }, lockout(device))
        .set(const { POLICY.column("lockout-duration") }, read(said(device, "admin lockout-duration-user"), seconds, duration))
        .set(const { POLICY.column("lockout-window") }, device.undocumented("lockout window"))
        .set(const { POLICY.column("applies-to-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("hash-scheme") }, device.undocumented("password scheme"))
        .set(
            const { POLICY.column("password-max-age") },
            read(policy(device, "admin password-expiration"), |text| limit_days(text).duration, age),
        )
        .set(const { POLICY.column("empty-passwords") }, known(Value::Boolean(false)))
        .set(const { POLICY.column("group-restricted") }, Cell::unset(here));
    tables.push(row);
}

/// The classes of characters that a new password must hold: all four where complexity is enabled, but those that are set to 0.
fn classes<'a>(device: &Device<'_, 'a>, complexity: Option<(&'a str, Node<'a>)>) -> (Cell<'a>, Cell<'a>) {
    const CLASSES_OF: [(&str, &str); 4] =
        [("capital-letters", "upper"), ("small-letters", "lower"), ("numeric-characters", "digit"), ("non-alphanumeric-letters", "other")];
    let Some((_, enabled)) = complexity else {
        let evidence = device.host.evidence(&[super::super::Evidence::Default(&COMPLEXITY), device.searched()]);
        return (device.unless_cut(Cell::unset(evidence)), device.unless_cut(Cell::known(device.host.texts(&[]), evidence)));
    };
    let written: Vec<_> = CLASSES_OF.map(|(subject, word)| (policy(device, &format!("admin {subject}")), word)).into();
    let demanded: Vec<Value<'a>> =
        written.iter().filter(|(said, _)| said.is_none_or(|(text, _)| text != "0")).map(|(_, word)| Value::Word(word)).collect();
    let mut pieces = vec![device.decides(enabled)];
    pieces.extend(written.iter().filter_map(|(said, _)| said.map(|(_, node)| device.decides(node))));
    pieces.push(super::super::Evidence::Default(&CLASSES));
    let evidence = device.host.evidence(&pieces);
    let count = Value::Integer(demanded.len() as i64);
    let list = Value::List(device.host.arena().alloc_slice_copy(&demanded));
    (device.unless_cut(Cell::known(count, evidence)), device.unless_cut(Cell::known(list, evidence)))
}
