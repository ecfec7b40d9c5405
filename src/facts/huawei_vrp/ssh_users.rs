//! `ssh user …` statements, which VRP spreads over lines, into the rows of `ssh-users`.

use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::keywords::{keyword, keyword_at};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::vrp::SSH_USERS;

/// One user: name, first line, authentication type, services.
type User<'a> = (&'a str, Node<'a>, Option<(&'a str, Node<'a>)>, Vec<(&'a str, Node<'a>)>);

/// The users in the order in which they first stand there; `default` for who is not named.
fn users<'a>(family: &Family<'_, 'a>) -> Vec<User<'a>> {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in family.device.root().all("ssh user") {
        let Some(name) = node.word(2) else { continue };
        let place = users.iter().position(|(known, ..)| *known == name).unwrap_or_else(|| {
            users.push((name, node, None, Vec::new()));
            users.len() - 1
        });
        let (.., authentication, services) = &mut users[place];
        if let Some(kind) = node.rest("ssh user * authentication-type") {
            *authentication = Some((keyword(kind.split(' ').next().unwrap_or_default()), node));
        }
        if let Some(kinds) = node.after("ssh user * service-type") {
            *services = kinds.map(|kind| (keyword(kind), node)).collect();
        }
    }
    if let Some(node) = family.device.root().last("ssh authentication-type default") {
        users.extend(keyword_at(node, 3).map(|kind| ("default", node, Some((kind, node)), Vec::new())));
    }
    users
}

/// Whether a type demands a key and a password: `password-rsa`, `password-publickey`, …
fn demands_both(kind: &str) -> bool {
    kind.starts_with("password-")
}

/// The least number of factors that an SSH login by local accounts proves, and the line that says so: two where every user needs a key
/// and a password.
pub(super) fn least_factors<'a>(family: &Family<'_, 'a>) -> (i64, Option<Node<'a>>) {
    let users = users(family);
    let weakest = users.iter().find(|(_, _, kind, _)| !kind.is_some_and(|(kind, _)| demands_both(kind)));
    match (weakest, users.first()) {
        (Some((_, node, kind, _)), _) => (1, Some(kind.map_or(*node, |(_, node)| node))),
        (None, Some((_, node, kind, _))) => (2, Some(kind.map_or(*node, |(_, node)| node))),
        (None, None) => (1, None),
    }
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let device = &family.device;
    for (name, node, kind, services) in users(family) {
        let decided = |value| device.decided(value, kind.map_or(node, |(_, node)| node));
        let word = kind.map_or("", |(kind, _)| kind);
        let mut row = device.host.row(&SSH_USERS, family.product);
        row.set(const { SSH_USERS.column("name") }, device.decided(Value::Text(name), node))
            .set(const { SSH_USERS.column("authentication") }, kind.map_or(device.absent(), |(kind, _)| decided(Value::Text(kind))))
            .set(const { SSH_USERS.column("both") }, decided(Value::Boolean(demands_both(word))))
            .set(const { SSH_USERS.column("either") }, decided(Value::Boolean(word == "all")))
            .set(
                const { SSH_USERS.column("services") },
                if services.is_empty() { Cell::known(family.list([]), device.absent().evidence) } else { device.texts(&services) },
            );
        tables.push(row);
    }
}
