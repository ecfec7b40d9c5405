//! `password-control …` into the row of `authentication-policy`.
//!
//! Nothing of it holds unless `password-control enable` is on (HPE FlexFabric 5940 Security Configuration Guide, Enabling password
//! control).

use super::{defaults as documented, settings};
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::{Family, Train};
use crate::facts::{Cell, State, Tables, Value};
use crate::schema::neutral::AUTHENTICATION_POLICY as POLICY;

/// Failures that lock an account, and for how long.
pub(super) fn lock<'a>(family: &Family<'_, 'a>) -> [Cell<'a>; 2] {
    let device = &family.device;
    let control = settings::password_control(family);
    match control.value() {
        Some(Value::Boolean(true)) => {}
        Some(_) => return [Cell::unset(control.evidence); 2],
        None => return [control; 2],
    }
    let Some((_, node)) = family.last(&["password-control login-attempt"]) else {
        let failures = device.defaulted(Value::Integer(3), &documented::LOGIN_ATTEMPT);
        let lasts = match family.train {
            Train::Comware7 => device.defaulted(Value::Duration(60), &documented::LOGIN_ATTEMPT),
            _ => device.depends(&[Value::Duration(60), Value::Duration(7_200)], &documented::LOGIN_ATTEMPT_OLD),
        };
        return [failures, lasts];
    };
    let words: Vec<&str> = keywords(node).collect();
    let behind = |keyword: &str| words.iter().position(|word| *word == keyword).and_then(|at| words.get(at + 1)).copied();
    let duration = match (behind("exceed"), behind("lock-time").and_then(|minutes| minutes.parse::<u64>().ok())) {
        (Some("unlock"), _) => return [Cell::unset(device.decided(Value::Never, node).evidence); 2],
        (_, Some(minutes)) => Value::Duration(minutes.saturating_mul(60)),
        (Some("lock"), None) => Value::Unlimited,
        (_, None) => Value::Duration(60),
    };
    match words.get(2).and_then(|failures| failures.parse().ok()) {
        Some(failures) => [Value::Integer(failures), duration].map(|value| device.decided(value, node)),
        None => [Cell::unset(device.decided(Value::Never, node).evidence); 2],
    }
}

/// A number that a check demands; unset where it is off.
fn demanded<'a>(cell: Cell<'a>) -> Cell<'a> {
    if cell.value() == Some(Value::Integer(0)) { Cell::unset(cell.evidence) } else { cell }
}

/// Adds the row.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let device = &family.device;
    let [threshold, duration] = lock(family);
    let aging = demanded(settings::AGING.cell(family));
    let aging = match aging.value() {
        Some(Value::Integer(days)) => Cell::known(Value::Duration(days.unsigned_abs() * 86_400), aging.evidence),
        _ => aging,
    };
    let searched = device.known_absence(Value::Boolean(false));
    let known = |value| Cell { state: State::Known(value), ..searched };
    let mut row = device.host.row(&POLICY, family.product);
    row.set(const { POLICY.column("path") }, known(Value::Text("local")))
        .set(const { POLICY.column("min-length") }, demanded(settings::LENGTH.cell(family)))
        .set(const { POLICY.column("classes") }, demanded(settings::TYPES.cell(family)))
        .set(const { POLICY.column("requirements") }, known(family.list([])))
        .set(const { POLICY.column("dictionary") }, searched)
        .set(const { POLICY.column("history") }, demanded(settings::HISTORY.cell(family)))
        .set(const { POLICY.column("quality-binds-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("lockout-threshold") }, threshold)
        .set(const { POLICY.column("lockout-duration") }, duration)
        .set(const { POLICY.column("lockout-window") }, Cell::unset(threshold.evidence))
        .set(const { POLICY.column("applies-to-root") }, known(Value::Boolean(true)))
        .set(const { POLICY.column("hash-scheme") }, device.undocumented("password hash"))
        .set(const { POLICY.column("password-max-age") }, aging)
        .set(const { POLICY.column("empty-passwords") }, searched);
    tables.push(row);
}
