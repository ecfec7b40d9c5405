//! `ssh user NAME service-type … authentication-type …` into the rows of `ssh-users`.

use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::vrp::SSH_USERS;

/// The users, of equal names the last.
fn users<'a>(family: &Family<'_, 'a>) -> Vec<(&'a str, Node<'a>)> {
    let mut users: Vec<(&'a str, Node<'a>)> = Vec::new();
    for node in family.device.root().all("ssh user") {
        let Some(name) = node.word(2) else { continue };
        users.retain(|(known, _)| *known != name);
        users.push((name, node));
    }
    users
}

/// The word behind a keyword.
fn behind<'a>(node: Node<'a>, keyword: &str) -> Option<&'a str> {
    let mut words = keywords(node).skip_while(|word| *word != keyword);
    words.next()?;
    words.next()
}

/// The least number of factors that an SSH login by local accounts proves, and the line that says so. Users that are not named log in
/// with a password (or, in newer releases, as `authentication-type any`), so that one factor suffices wherever somebody is not named.
pub(super) fn least_factors<'a>(family: &Family<'_, 'a>, accounts: &[&str]) -> (i64, Option<Node<'a>>) {
    let users = users(family);
    let both = |node: Node<'a>| behind(node, "authentication-type") == Some("password-publickey");
    let unnamed = accounts.iter().any(|account| !users.iter().any(|(name, _)| name == account));
    match users.iter().find(|(_, node)| !both(*node)) {
        Some((_, node)) => (1, Some(*node)),
        None if unnamed || users.is_empty() => (1, None),
        None => (2, users.first().map(|(_, node)| *node)),
    }
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    for (name, node) in users(family) {
        let own = |value| family.device.decided(value, node);
        let kind = behind(node, "authentication-type");
        let services: Vec<&'a str> = behind(node, "service-type").into_iter().collect();
        let authentication = kind.map_or(Cell::unset(own(Value::Never).evidence), |kind| own(Value::Text(kind)));
        let mut row = family.device.host.row(&SSH_USERS, family.product);
        row.set(const { SSH_USERS.column("name") }, own(Value::Text(name)))
            .set(const { SSH_USERS.column("authentication") }, authentication)
            .set(const { SSH_USERS.column("both") }, own(Value::Boolean(kind == Some("password-publickey"))))
            .set(const { SSH_USERS.column("either") }, own(Value::Boolean(kind == Some("any"))))
            .set(const { SSH_USERS.column("services") }, own(family.list(services)));
        tables.push(row);
    }
}
