//! Administrators into the neutral tables `accounts`, `privileges` and `authentication-policy`.

use super::super::device::cells::number;
use super::super::{Cell, State, Tables, Value, Why};
use super::administrators::{self, Administrator};
use super::layout::Panos;
use super::settings::limit_days;
use crate::parse::tree::Node;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY as POLICY, PRIVILEGES};

/// The name of the account that the vendor ships.
const SHIPPED: &str = "admin";

/// Names that several people commonly share.
const SHARED: &[&str] = &["admin", "administrator", "audit", "guest", "netadmin", "operator", "root", "security", "super", "test", "user"];

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>], tables: &mut Tables<'a>) {
    for it in administrators {
        fill_account(panos, it, tables);
        fill_privilege(panos, it, tables);
    }
    fill_policy(panos, administrators, tables);
}

/// How a hash is stored, by its prefix (crypt(5)); thirteen characters without one are DES.
fn scheme(hash: &str) -> Option<&'static str> {
    match hash {
        _ if hash.starts_with("$1$") => Some("md5"),
        _ if hash.starts_with("$5$") => Some("sha256"),
        _ if hash.starts_with("$6$") => Some("sha512"),
        _ if hash.len() == 13 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/')) => Some("des"),
        _ => None,
    }
}

fn fill_account<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    let host = device.host;
    let own = |value| device.decided(value, it.node);
    let nothing = Cell::unset(host.evidence(&[device.decides(it.node)]));
    let (state, scheme) = match it.hash {
        Some(hash) if it.profile.is_none() => {
            let evidence = host.evidence(&[device.decides(hash)]);
            let scheme = scheme(hash.text()).map_or(Cell::unset(evidence), |scheme| Cell::known(Value::Word(scheme), evidence));
            (Cell::known(Value::Word("set"), evidence), scheme)
        }
        _ => (own(Value::Word("none")), nothing),
    };
    let keys = it.key.map_or(own(Value::Integer(0)), |key| device.decided(Value::Integer(1), key));
    let role = it.role.map_or(own(host.texts(&[])), |(role, node)| device.decided(host.texts(&[role]), node));
    let source = it.profile.map_or(own(Value::Text("local")), |node| device.decided(Value::Text(panos.text(node)), node));
    let mut row = host.row(&ACCOUNTS, super::PRODUCT.name);
    row.set(const { ACCOUNTS.column("name") }, own(Value::Text(it.name)))
        .set(const { ACCOUNTS.column("enabled") }, own(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("interactive") }, own(Value::Boolean(true)))
        .set(
            const { ACCOUNTS.column("privileged") },
            device.decided(Value::Boolean(it.is_superuser), it.role.map_or(it.node, |(_, node)| node)),
        )
        .set(const { ACCOUNTS.column("system") }, own(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("password-state") }, state)
        .set(const { ACCOUNTS.column("password-scheme") }, scheme)
        .set(const { ACCOUNTS.column("password-max-age") }, administrators::period(panos, it))
        .set(const { ACCOUNTS.column("expires") }, own(Value::Never))
        .set(const { ACCOUNTS.column("same-id") }, own(host.texts(&[])))
        .set(const { ACCOUNTS.column("same-name") }, own(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, own(Value::Boolean(SHARED.contains(&it.name))))
        .set(const { ACCOUNTS.column("vendor-default") }, own(Value::Boolean(it.name == SHIPPED)))
        .set(const { ACCOUNTS.column("groups") }, role)
        .set(const { ACCOUNTS.column("keys") }, keys)
        .set(const { ACCOUNTS.column("source") }, source);
    tables.push(row);
}

fn fill_privilege<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    let Some((role, node)) = it.role else { return };
    let known = |value| device.decided(value, node);
    let nothing = Cell::unset(device.host.evidence(&[device.decides(node)]));
    let mut row = device.host.row(&PRIVILEGES, super::PRODUCT.name);
    row.set(const { PRIVILEGES.column("grantee") }, device.decided(Value::Text(it.name), it.node))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(role)))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text("device")))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word("role")))
        .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(it.is_superuser)))
        .set(const { PRIVILEGES.column("password-required") }, nothing)
        .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(it.is_superuser)))
        .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("runs-as") }, known(device.host.texts(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(device.host.texts(&[])))
        .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}

/// The requirements of `password-complexity`, which hold only where it is enabled, and the lockout of the device.
fn fill_policy<'a>(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>], tables: &mut Tables<'a>) {
    let device = panos.device;
    let host = device.host;
    let read = |path: &str| panos.top_value(&format!("mgt-config password-complexity {path}"));
    let enabled = read("enabled");
    let read_by = |node: Option<Node<'a>>, reading: fn(&str) -> Option<Value<'static>>| match (enabled, node) {
        (Some(off), _) if off.text() == "no" => Cell::unset(host.evidence(&[device.decides(off)])),
        (Some(on), Some(node)) if on.text() == "yes" => {
            let evidence = host.evidence(&[device.decides(node), device.decides(on)]);
            reading(node.text()).map_or(Cell::unknown(Why::not_understood(node.text()), evidence), |value| Cell::known(value, evidence))
        }
        _ => panos.unwritten("password-complexity", device.unless_cut(device.undocumented("password-complexity"))),
    };
    let of_complexity = |node: Option<Node<'a>>| read_by(node, |text| number(text).number);
    let classes = ["uppercase-letters", "lowercase-letters", "numeric-letters", "special-characters"];
    let demanded: Vec<(Node<'a>, &'static str)> = classes
        .iter()
        .zip(["upper", "lower", "digit", "other"])
        .filter_map(|(class, word)| Some((read(&format!("minimum-{class}"))?, word)))
        .filter(|(node, _)| node.text().parse::<u32>().is_ok_and(|least| least > 0))
        .collect();
    let nodes: Vec<Node<'a>> = demanded.iter().map(|(node, _)| *node).collect();
    let words: Vec<Value<'a>> = demanded.iter().map(|(_, word)| Value::Word(word)).collect();
    let (number_of_classes, requirements) = match (enabled.map(Node::text), nodes.first()) {
        (Some("yes"), Some(_)) => (
            device.decided_by(Value::Integer(nodes.len() as i64), &nodes),
            device.decided_by(Value::List(host.arena().alloc_slice_copy(&words)), &nodes),
        ),
        _ => (of_complexity(None), of_list(panos, of_complexity(None))),
    };
    let known = |value| device.known_absence(value);
    let mut row = host.row(&POLICY, super::PRODUCT.name);
    row.set(const { POLICY.column("path") }, Cell::known(Value::Text("local"), host.evidence(&[device.searched()])))
        .set(const { POLICY.column("min-length") }, of_complexity(read("minimum-length")))
        .set(const { POLICY.column("classes") }, number_of_classes)
        .set(const { POLICY.column("requirements") }, requirements)
        .set(const { POLICY.column("dictionary") }, known(Value::Boolean(false)))
        .set(const { POLICY.column("history") }, of_complexity(read("password-history-count")))
        .set(const { POLICY.column("quality-binds-root") }, of_binding(panos, enabled))
        .set(const { POLICY.column("applies-to-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("hash-scheme") }, stored(panos, administrators))
        .set(
            const { POLICY.column("password-max-age") },
            read_by(read("password-change expiration-period"), |text| limit_days(text).duration),
        )
        .set(const { POLICY.column("empty-passwords") }, known(Value::Boolean(false)))
        .set(const { POLICY.column("group-restricted") }, Cell::unset(host.evidence(&[device.searched()])));
    fill_lockout(panos, &mut row);
    tables.push(row);
}

/// How passwords are stored: as all that are there are.
fn stored<'a>(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>]) -> Cell<'a> {
    let nodes: Vec<Node<'a>> = administrators.iter().filter_map(|it| it.hash).collect();
    let first = nodes.first().and_then(|node| scheme(node.text()));
    match first.filter(|first| nodes.iter().all(|node| scheme(node.text()) == Some(first))) {
        Some(scheme) => panos.device.decided_by(Value::Word(scheme), &nodes),
        None => panos.device.undocumented("phash"),
    }
}

/// An unset cell as the empty list.
fn of_list<'a>(panos: &Panos<'_, 'a>, cell: Cell<'a>) -> Cell<'a> {
    match cell.state {
        super::super::State::Unset => Cell::known(panos.device.host.texts(&[]), cell.evidence),
        _ => cell,
    }
}

/// Whether the rules of quality bind the superusers too: they bind whoever has a local password.
fn of_binding<'a>(panos: &Panos<'_, 'a>, enabled: Option<Node<'a>>) -> Cell<'a> {
    let device = panos.device;
    panos.switch(enabled, || panos.unwritten("password-complexity", device.unless_cut(device.undocumented("password-complexity"))))
}

/// The lockout of administrators without a profile of their own.
fn fill_lockout<'a>(panos: &Panos<'_, 'a>, row: &mut super::super::RowBuilder<'a>) {
    let device = panos.device;
    let failures = administrators::device_lockout(panos);
    let time = panos.value("deviceconfig setting management admin-lockout lockout-time");
    let evidence = |node: Node<'a>| device.host.evidence(&[device.decides(node)]);
    let threshold = match failures.state {
        State::Known(Value::Unlimited) => Cell::unset(failures.evidence),
        // One of the two defaults is no limit, which has no number here.
        State::Unknown(why, _) => Cell::unknown(why, failures.evidence),
        _ => failures,
    };
    let duration = match (threshold.state, time) {
        (State::Known(_), Some(node)) => match node.text().parse::<u64>() {
            Ok(minutes) => Cell::known(Value::Duration(minutes.saturating_mul(60)), evidence(node)),
            Err(_) => Cell::unknown(Why::not_understood(node.text()), evidence(node)),
        },
        _ => threshold,
    };
    row.set(const { POLICY.column("lockout-threshold") }, threshold)
        .set(const { POLICY.column("lockout-duration") }, duration)
        .set(const { POLICY.column("lockout-window") }, device.undocumented("admin-lockout window"));
}
