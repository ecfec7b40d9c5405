//! The settings of a range of terminal lines into its row of `terminal-lines`.

use super::Family;
use super::keywords::keywords;
use super::lines::Line;
use super::lists::{AccessList, find};
use super::sources::Applied;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::vrp::TERMINAL_LINES;

/// What the lines of one range do.
pub(in crate::facts) struct Settings<'a> {
    /// Word of the column `authentication`.
    pub authentication: Cell<'a>,
    /// Protocols that are admitted.
    pub protocols: Cell<'a>,
    /// Idle time after which a session ends.
    pub idle: Cell<'a>,
    /// Command level that the line gives.
    pub level: Cell<'a>,
    /// Roles that the line gives.
    pub roles: Cell<'a>,
    /// Whether the line gives the highest level or role.
    pub highest: Cell<'a>,
    /// Lists that limit who comes in.
    pub applied: Vec<Applied<'a>>,
}

/// The time of `idle-timeout MINUTES [SECONDS]`; nothing at all is never.
pub(in crate::facts) fn seconds(node: Node<'_>) -> Value<'static> {
    let number = |at: usize| node.word(at).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    match number(1).saturating_mul(60).saturating_add(number(2)) {
        0 => Value::Unlimited,
        seconds => Value::Duration(seconds),
    }
}

/// Lists that are applied to logins through the line: of each family the last.
pub(in crate::facts) fn applied<'a>(line: &Line<'a>) -> Vec<Applied<'a>> {
    let mut found: Vec<Applied<'a>> = Vec::new();
    for node in line.blocks.iter().flat_map(|block| block.children()).filter(|node| keywords(*node).last() == Some("inbound")) {
        let six = keywords(node).any(|word| word == "ipv6");
        if node.starts("undo acl") || node.starts("acl") {
            found.retain(|earlier| earlier.six != six);
        }
        found.extend(Applied::of(node).filter(|_| node.starts("acl")));
    }
    found
}

impl<'a> Family<'_, 'a> {
    /// Adds the row of a range to `terminal-lines`.
    pub(in crate::facts) fn push_line(&self, tables: &mut Tables<'a>, lists: &[AccessList<'a>], line: &Line<'a>, settings: &Settings<'a>) {
        let device = &self.device;
        let own = match line.blocks.last() {
            Some(block) => device.decided(Value::Never, *block).evidence,
            None => device.known_absence(Value::Never).evidence,
        };
        let known = |value| Cell::known(value, own);
        let acl = |six: bool| match settings.applied.iter().find(|applied| applied.six == six) {
            Some(applied) => device.decided(Value::Text(applied.name), applied.node),
            None => device.absent(),
        };
        let works = settings.applied.iter().map(|applied| (applied, find(lists, applied.name, applied.six)));
        let works: Vec<(bool, Node<'a>)> =
            works.map(|(applied, list)| (list.is_some_and(|list| !list.rules.is_empty()), applied.node)).collect();
        let works = match (works.iter().find(|(works, _)| !works), works.first()) {
            (Some((_, node)), _) => device.unless_cut(device.decided(Value::Boolean(false), *node)),
            (None, Some((_, node))) => device.decided(Value::Boolean(true), *node),
            (None, None) => device.absent(),
        };
        let mut row = device.host.row(&TERMINAL_LINES, self.product);
        row.set(const { TERMINAL_LINES.column("line") }, known(Value::Text(device.host.text(&line.name()))))
            .set(const { TERMINAL_LINES.column("kind") }, known(Value::Word(line.kind)))
            .set(const { TERMINAL_LINES.column("authentication") }, settings.authentication)
            .set(const { TERMINAL_LINES.column("protocols") }, settings.protocols)
            .set(const { TERMINAL_LINES.column("idle-timeout") }, settings.idle)
            .set(const { TERMINAL_LINES.column("level") }, settings.level)
            .set(const { TERMINAL_LINES.column("roles") }, settings.roles)
            .set(const { TERMINAL_LINES.column("highest") }, settings.highest)
            .set(const { TERMINAL_LINES.column("acl") }, acl(false))
            .set(const { TERMINAL_LINES.column("acl-ipv6") }, acl(true))
            .set(const { TERMINAL_LINES.column("acl-works") }, works);
        tables.push(row);
    }
}
