//! `local-user` blocks into users.

use super::{Common, defaults as documented, settings};
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::secrets::{Storage, storage};
use crate::facts::vrp_family::users::{Rules, User};
use crate::facts::vrp_family::{Family, Train};
use crate::facts::{Tables, Value};
use crate::parse::tree::Node;

/// Services of users that pass through the device and do not administer it.
const ACCESS: &[&str] = &["advpn", "dvpn", "ike", "ipoe", "lan-access", "portal", "ppp", "sslvpn"];

/// Roles that may do everything.
const HIGHEST_ROLES: &[&str] = &["context-admin", "level-15", "mdc-admin", "network-admin"];

/// The highest command level of Comware 5.
const HIGHEST_LEVEL: i64 = 3;

/// The users that may administer the device, in the order in which they first stand there.
pub(super) fn users<'a>(family: &Family<'_, 'a>) -> Vec<User<'a>> {
    let mut users: Vec<User<'a>> = Vec::new();
    for block in family.device.root().all("local-user").filter(|block| !keywords(*block).any(|word| word == "network")) {
        let Some(name) = block.word(1) else { continue };
        let place = users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            users.push(User::new(name, block));
            users.len() - 1
        });
        block.children().for_each(|node| add(&mut users[place], node));
    }
    users.retain(|user| user.services.is_empty() || user.services.iter().any(|(service, _)| !ACCESS.contains(service)));
    users
}

/// Adds what one statement says of a user.
fn add<'a>(user: &mut User<'a>, node: Node<'a>) {
    let words: Vec<&'a str> = keywords(node).collect();
    match words.as_slice() {
        ["password", keyword, rest @ ..] => user.password = Some((storage(keyword, rest.first().copied()), node)),
        ["password"] => user.password = Some((Storage::Masked, node)),
        // Every line adds services, and every role is added to the others.
        ["service-type", services @ ..] => {
            let level = services.iter().position(|word| *word == "level");
            let end = level.unwrap_or(services.len());
            user.services.extend(services[..end].iter().map(|service| (*service, node)));
            if let Some(number) = level.and_then(|at| services.get(at + 1)?.parse().ok()) {
                user.level = Some((number, node));
            }
        }
        ["authorization-attribute", rest @ ..] => {
            for pair in rest.windows(2) {
                match pair {
                    ["user-role", role] => user.roles.push((*role, node)),
                    ["level", level] => user.level = level.parse().ok().map(|level| (level, node)),
                    _ => {}
                }
            }
        }
        ["level", level] => user.level = level.parse().ok().map(|level| (level, node)),
        ["state", "block"] => user.blocked = Some(node),
        ["state", "active"] => user.blocked = None,
        ["expiration-date", day, ..] => user.expires = Some((*day, node)),
        ["validity-datetime", rest @ ..] => {
            let day = rest.iter().position(|word| *word == "to").and_then(|at| rest.get(at + 1));
            user.expires = day.map(|day| (*day, node)).or(user.expires);
        }
        ["time-range", name] => user.time_range = Some((*name, node)),
        _ => {}
    }
}

/// Whether a role or level may do everything.
fn highest(user: &User<'_>, _: bool) -> bool {
    user.level.is_some_and(|(level, _)| level >= HIGHEST_LEVEL) || user.roles.iter().any(|(role, _)| HIGHEST_ROLES.contains(role))
}

/// Whether one of some roles may do everything.
pub(super) fn is_highest_role(role: &str) -> bool {
    HIGHEST_ROLES.contains(&role)
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let device = &family.device;
    let control = settings::password_control(family);
    let aging = settings::AGING.cell(family);
    let max_age = match aging.value() {
        Some(Value::Integer(0)) => crate::facts::Cell::known(Value::Unlimited, aging.evidence),
        Some(Value::Integer(days)) => crate::facts::Cell::known(Value::Duration(days.unsigned_abs() * 86_400), aging.evidence),
        _ => aging,
    };
    // With password control on, the device no longer prints passwords: a missing line then proves nothing.
    let without = match (control.value(), family.train, common.fips) {
        (Some(Value::Boolean(false)), Train::Comware7, false) => device.defaulted(Value::Word("empty"), &documented::EMPTY_PASSWORD),
        _ => device.undocumented("local-user password"),
    };
    let rules = Rules { highest, rearranged: false, max_age, without_password: without };
    family.push_users(tables, &common.users, &rules, &common.ranges);
}
