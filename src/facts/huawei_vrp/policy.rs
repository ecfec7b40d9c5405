//! The statements about local passwords and their lock into the row of `authentication-policy`.

use super::{defaults as documented, settings};
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::{Family, Train, last_of};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::AUTHENTICATION_POLICY as POLICY;

/// Failures, minutes of the lock and minutes within which failures count; or what is known where no line says it.
fn lock<'a>(family: &Family<'_, 'a>) -> [Cell<'a>; 3] {
    let device = &family.device;
    let pattern = "local-aaa-user wrong-password";
    let said = last_of(device.root().merged("aaa"), &[pattern, "undo local-aaa-user wrong-password"]);
    let number = |node: Node<'a>, keyword: &str| {
        let words: Vec<&str> = keywords(node).collect();
        let at = words.iter().position(|word| *word == keyword)?;
        words.get(at + 1)?.parse::<u32>().ok()
    };
    match (said, family.train) {
        (Some((0, node)), _) => {
            let minutes = |keyword| number(node, keyword).map_or(Value::Unlimited, |it| Value::Duration(u64::from(it) * 60));
            let failures = number(node, "retry-time").map_or(Value::Unlimited, |it| Value::Integer(it.into()));
            let lasts = match minutes("block-time") {
                Value::Duration(0) => Value::Unlimited,
                other => other,
            };
            [failures, lasts, minutes("retry-interval")].map(|value| device.decided(value, node))
        }
        (Some((_, node)), _) => [Cell::unset(device.decided(Value::Never, node).evidence); 3],
        (None, Train::Router8) => {
            let unknown = device.undocumented("local-user state block interval");
            [device.defaulted(Value::Integer(3), &documented::LOCK_ROUTER), unknown, unknown]
        }
        // CE locks after 3 failures for 5 minutes; whether releases of S and AR do depends on them, and their versions look alike.
        (None, _) => [device.undocumented("local-aaa-user wrong-password"); 3],
    }
}

/// Failures that lock an account.
pub(super) fn threshold<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    lock(family)[0]
}

/// The least length of a password, where a line says it.
fn min_length<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let device = &family.device;
    let aaa = || device.root().merged("aaa");
    let policy = aaa().filter(|node| node.starts("local-aaa-user password policy administrator")).flat_map(Node::children);
    let nodes = device.root().children().chain(aaa()).chain(policy);
    let found =
        last_of(nodes, &["password min-length", "user-password min-len", "set password min-length", "local-user password min-length"]);
    match found.and_then(|(_, node)| Some((keywords(node).last()?.parse().ok()?, node))) {
        Some((length, node)) => device.decided(Value::Integer(length), node),
        None => device.undocumented("password min-length"),
    }
}

/// Adds the row.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let device = &family.device;
    let policy = settings::password_policy(family);
    let history = match (policy.on, policy.history.and_then(|(text, node)| Some((text.parse().ok()?, node)))) {
        (Some((true, _)), Some((number, node))) => device.decided(Value::Integer(number), node),
        (Some((false, node)), _) => Cell::unset(device.decided(Value::Never, node).evidence),
        _ => device.depends(&[Value::Integer(5), Value::Integer(10)], &documented::PASSWORD_HISTORY),
    };
    let classes = match settings::complexity(family) {
        Some((false, node)) => Cell::unset(device.decided(Value::Never, node).evidence),
        _ => device.undocumented("user-password complexity-check"),
    };
    let expire = match (policy.on, policy.expire.and_then(|(text, node)| Some((text.parse::<u64>().ok()?, node)))) {
        (Some((true, _)), Some((days, node))) if days > 0 => device.decided(Value::Duration(days.saturating_mul(86_400)), node),
        (Some((true, node)), Some(_)) | (Some((false, node)), _) => Cell::unset(device.decided(Value::Never, node).evidence),
        (Some((true, _)), None) => device.defaulted(Value::Duration(90 * 86_400), &documented::PASSWORD_EXPIRE),
        (None, _) => device.depends(&[Value::Unlimited, Value::Duration(90 * 86_400)], &documented::PASSWORD_POLICY),
    };
    let [threshold, duration, window] = lock(family);
    let searched = device.known_absence(Value::Boolean(false));
    let known = |value| Cell { state: crate::facts::State::Known(value), ..searched };
    let mut row = device.host.row(&POLICY, family.product);
    row.set(const { POLICY.column("path") }, known(Value::Text("local")))
        .set(const { POLICY.column("min-length") }, min_length(family))
        .set(const { POLICY.column("classes") }, classes)
        .set(const { POLICY.column("requirements") }, known(family.list([])))
        .set(const { POLICY.column("dictionary") }, searched)
        .set(const { POLICY.column("history") }, history)
        .set(const { POLICY.column("quality-binds-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("lockout-threshold") }, threshold)
        .set(const { POLICY.column("lockout-duration") }, duration)
        .set(const { POLICY.column("lockout-window") }, window)
        .set(const { POLICY.column("applies-to-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("hash-scheme") }, device.undocumented("local-user password"))
        .set(const { POLICY.column("password-max-age") }, expire)
        .set(const { POLICY.column("empty-passwords") }, searched);
    tables.push(row);
}
