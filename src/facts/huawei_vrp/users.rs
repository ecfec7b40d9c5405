//! `local-user …` statements, which VRP spreads over lines, and `manager-user` blocks of USG into users.

use super::{Common, settings};
use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::keywords::keyword;
use crate::facts::vrp_family::secrets::{Storage, storage};
use crate::facts::vrp_family::users::{Rules, User};
use crate::facts::{Tables, Value};
use crate::parse::tree::Node;

/// Services of users that pass through the device and do not administer it.
const ACCESS: &[&str] = &["8021x", "bind", "internetaccess", "ike", "l2tp", "ppp", "ssl-vpn", "sslvpn", "web", "x25-pad"];

/// The users of the device and of its virtual systems, in the order in which they first stand there.
pub(super) fn users<'a>(family: &Family<'_, 'a>) -> Vec<User<'a>> {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in family.systems().into_iter().flat_map(|system| system.merged("aaa").collect::<Vec<_>>()) {
        let manager = node.starts("manager-user");
        if !manager && !node.starts("local-user") {
            continue;
        }
        let Some(name) = node.word(1).filter(|name| *name != "policy") else { continue };
        let place = users.iter().position(|user| user.name.eq_ignore_ascii_case(name)).unwrap_or_else(|| {
            users.push(User::new(name, node));
            users.len() - 1
        });
        let user = &mut users[place];
        if manager {
            node.children().for_each(|child| add(user, child, child.text(), true));
        } else {
            add(user, node, node.rest("local-user *").unwrap_or_default(), false);
        }
    }
    users.retain(|user| {
        let manager = user.node.starts("manager-user");
        manager || user.services.is_empty() || user.services.iter().any(|(service, _)| !ACCESS.contains(service))
    });
    users
}

/// Adds what one statement says of a user: the words behind its name.
fn add<'a>(user: &mut User<'a>, node: Node<'a>, text: &'a str, manager: bool) {
    let words: Vec<&'a str> = text.split_whitespace().map(keyword).collect();
    match words.as_slice() {
        ["password", rest @ ..] => {
            let keyword = rest.iter().position(|word| matches!(*word, "cipher" | "simple" | "irreversible-cipher"));
            let found = keyword.map_or(Storage::Masked, |at| storage(rest[at], rest.get(at + 1).copied()));
            // A manager's password is shown as `cipher` whatever it is.
            let found = if manager && found == Storage::Reversible { Storage::Either } else { found };
            user.password = Some((found, node));
            // S writes `password irreversible-cipher … privilege level 15` on one line, too.
            if let Some(at) = rest.iter().position(|word| *word == "level") {
                user.level = rest.get(at + 1).and_then(|level| level.parse().ok()).map(|level| (level, node)).or(user.level);
            }
        }
        ["privilege", "level", level, ..] | ["level", level, ..] => user.level = level.parse().ok().map(|level| (level, node)),
        // NE and VRP8 show a user that may use no access type so; without the statement there is none either.
        ["service-type", "none"] => (user.services, user.without_access) = (Vec::new(), Some(node)),
        ["service-type", services @ ..] => {
            user.services = services.iter().map(|service| (*service, node)).collect();
            user.without_access = None;
        }
        ["user-group", group, ..] => user.roles = vec![(*group, node)],
        // With numbers it is the lock after failures, not a block.
        ["state", "block"] => user.blocked = Some(node),
        ["state", "active", ..] => user.blocked = None,
        ["time-range", name, ..] => user.time_range = Some((*name, node)),
        ["expire-date", rest @ ..] => user.expires = rest.last().map(|day| (*day, node)),
        _ => {}
    }
}

/// Whether a user holds the highest level; the group `manage-ug` of VRP8 does, too.
fn highest(user: &User<'_>, rearranged: bool) -> bool {
    user.level.is_some_and(|(level, _)| super::lines::is_highest(level, rearranged))
        || user.roles.iter().any(|(role, _)| *role == "manage-ug")
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let device = &family.device;
    let policy = settings::password_policy(family);
    let days = policy.expire.and_then(|(text, node)| Some((text.parse::<u64>().ok()?, node)));
    let max_age = match (policy.on, days) {
        (Some((true, _)), Some((0, node))) => device.decided(Value::Unlimited, node),
        (Some((true, _)), Some((days, node))) => device.decided(Value::Duration(days.saturating_mul(86_400)), node),
        (Some((true, _)), None) => device.defaulted(Value::Duration(90 * 86_400), &super::defaults::PASSWORD_EXPIRE),
        (Some((false, node)), _) => device.decided(Value::Unlimited, node),
        (None, _) => device.depends(&[Value::Unlimited, Value::Duration(90 * 86_400)], &super::defaults::PASSWORD_POLICY),
    };
    // The manuals say that it is empty; whether an empty one lets in they do not.
    let without = device.undocumented("local-user password");
    let rules = Rules { highest, rearranged: common.rearranged, max_age, without_password: without };
    family.push_users(tables, &common.users, &rules, &common.ranges);
}
