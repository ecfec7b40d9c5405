//! `admin user` blocks into `accounts`, `privileges` and `hillstone-administrators`.

use super::super::device::cells::Device;
use super::super::{Cell, Tables, Value};
use super::unquoted;
use crate::parse::tree::Node;
use crate::schema::hillstone::HILLSTONE_ADMINISTRATORS as TABLE;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES};

/// The account that the vendor ships.
const SHIPPED: &str = "hillstone";

/// Names that several people commonly share.
const SHARED: &[&str] = &["admin", "administrator", "audit", "guest", "hillstone", "operator", "root", "security", "super", "test", "user"];

/// Roles that may change everything, and the privilege of older releases that is the same.
const HIGHEST: &[&str] = &["admin", "RXW"];

/// Roles that need no definition.
pub(super) const PREDEFINED: &[&str] = &["admin", "admin-read-only", "auditor", "operator"];

/// One administrator: blocks of the same name are one.
struct Administrator<'a> {
    name: &'a str,
    first: Node<'a>,
    lines: Vec<Node<'a>>,
}

fn administrators<'a>(device: &Device<'_, 'a>) -> Vec<Administrator<'a>> {
    let mut all: Vec<Administrator<'a>> = Vec::new();
    for node in device.root().children() {
        if let Some(name) = node.after("admin user").and_then(|mut words| words.next()) {
            match all.iter_mut().find(|it| it.name == name) {
                Some(known) => known.lines.extend(node.children()),
                None => all.push(Administrator { name, first: node, lines: node.children().collect() }),
            }
        } else if let Some(name) = node.after("no admin user").and_then(|mut words| words.next()) {
            all.retain(|it| it.name != name);
        }
    }
    all
}

impl<'a> Administrator<'a> {
    fn last(&self, pattern: &str) -> Option<(&'a str, Node<'a>)> {
        let node = self.lines.iter().rev().find(|line| line.starts(pattern))?;
        Some((node.after(pattern)?.next()?, *node))
    }

    /// Ways in which it may log in: each has a line, and `no access …` takes one away.
    fn access(&self) -> Vec<(&'a str, Node<'a>)> {
        let mut ways: Vec<(&'a str, Node<'a>)> = Vec::new();
        for line in &self.lines {
            if let Some(way) = line.after("access").and_then(|mut words| words.next()) {
                ways.push((way, *line));
            } else if let Some(way) = line.after("no access").and_then(|mut words| words.next()) {
                ways.retain(|(known, _)| *known != way && way != "any");
            }
        }
        ways
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    for it in administrators(device) {
        let role = it.last("role").or_else(|| it.last("privilege"));
        let access = it.access();
        let unset = Cell::unset(device.host.evidence(&[device.decides(it.first)]));
        let words: Vec<&'a str> = access.iter().map(|(way, _)| *way).collect();
        let nodes: Vec<Node<'a>> = access.iter().map(|(_, node)| *node).chain([it.first]).collect();
        let ways = device.unless_cut(device.decided_by(device.host.texts(&words), &nodes));
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("name") }, device.decided(Value::Text(it.name), it.first))
            .set(const { TABLE.column("access") }, ways)
            .set(const { TABLE.column("role") }, role.map_or(unset, |(role, node)| device.decided(Value::Text(role), node)));
        tables.push(row);
        fill_account(device, &it, role, tables);
        fill_privilege(device, &it, role, tables);
    }
}

/// What a role gives. Only the administrator's role may change administrators; a role of the site's own may be given every command.
fn fill_privilege<'a>(device: &Device<'_, 'a>, it: &Administrator<'a>, role: Option<(&'a str, Node<'a>)>, tables: &mut Tables<'a>) {
    let Some((role, node)) = role.map(|(role, node)| (unquoted(role), node)) else { return };
    let known = |value| device.decided(value, node);
    let highest = HIGHEST.contains(&role);
    let own = device.root().all("admin role").filter(|block| block.word(2).map(unquoted) == Some(role));
    let everything = own.flat_map(|block| block.all("cli-privilege all rw")).last();
    let unrestricted = match everything {
        Some(line) => device.decided_by(Value::Boolean(true), &[node, line]),
        None if highest || PREDEFINED.contains(&role) => known(Value::Boolean(highest)),
        None => device.unless_cut(known(Value::Boolean(false))),
    };
    let mut row = device.host.row(&PRIVILEGES, super::PRODUCT.name);
    row.set(const { PRIVILEGES.column("grantee") }, device.decided(Value::Text(it.name), it.first))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(role)))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text("device")))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word("role")))
        .set(const { PRIVILEGES.column("unrestricted") }, unrestricted)
        .set(const { PRIVILEGES.column("password-required") }, Cell::unset(device.host.evidence(&[device.decides(node)])))
        .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(highest)))
        .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("runs-as") }, known(device.host.texts(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(device.host.texts(&[])))
        .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}

fn fill_account<'a>(device: &Device<'_, 'a>, it: &Administrator<'a>, role: Option<(&'a str, Node<'a>)>, tables: &mut Tables<'a>) {
    let own = |value| device.decided(value, it.first);
    let unset = Cell::unset(device.host.evidence(&[device.decides(it.first)]));
    let password = it.last("password");
    let state = match password {
        Some((_, node)) => device.decided(Value::Word("set"), node),
        None => device.undocumented("password"),
    };
    // How StoneOS stores passwords is not documented.
    let scheme = password.map_or(unset, |(_, node)| Cell {
        evidence: device.host.evidence(&[device.decides(node)]),
        ..device.undocumented("password scheme")
    });
    let privileged = match role {
        Some((role, node)) => device.decided(Value::Boolean(HIGHEST.contains(&role)), node),
        None => device.undocumented("role"),
    };
    let groups = role.map_or(own(device.host.texts(&[])), |(role, node)| device.decided(device.host.texts(&[role]), node));
    let enabled = device.unless_cut(own(Value::Boolean(!it.access().is_empty())));
    let mut row = device.host.row(&ACCOUNTS, super::PRODUCT.name);
    row.set(const { ACCOUNTS.column("name") }, own(Value::Text(it.name)))
        .set(const { ACCOUNTS.column("enabled") }, enabled)
        .set(const { ACCOUNTS.column("interactive") }, own(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("privileged") }, privileged)
        .set(const { ACCOUNTS.column("system") }, own(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("password-state") }, state)
        .set(const { ACCOUNTS.column("password-scheme") }, scheme)
        .set(const { ACCOUNTS.column("expires") }, own(Value::Never))
        .set(const { ACCOUNTS.column("same-id") }, own(device.host.texts(&[])))
        .set(const { ACCOUNTS.column("same-name") }, own(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, own(Value::Boolean(SHARED.contains(&it.name))))
        .set(const { ACCOUNTS.column("vendor-default") }, own(Value::Boolean(it.name == SHIPPED)))
        .set(const { ACCOUNTS.column("groups") }, groups)
        .set(const { ACCOUNTS.column("source") }, own(Value::Text("local")));
    tables.push(row);
}
