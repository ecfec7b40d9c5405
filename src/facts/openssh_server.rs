//! The OpenSSH server's configuration into `sshd`, `remote-access`, `crypto`, `banner` and `references`.
//!
//! Knows OpenSSH 7.2 to 10.3 as servconf.c of each reads its file; each default is in `defaults.rs` and `algorithms.rs`, with where it is
//! documented. A row of `sshd` and of `remote-access` stands for the connections that fulfil exactly the criteria of its scope: the blocks
//! whose criteria are among them, in the order of the file, over what stands before all blocks. `Match all` has no criteria, so that it
//! is part of every row; blocks with the same criteria are one row. Every single setting that some connection gets stands in some row;
//! where two blocks that a connection may fulfil at once leave fewer factors than each alone, `remote-access` has a row for both. What a configuration would do that sshd refuses is not known: a gap.

mod access;
mod algorithms;
mod conditions;
mod config;
mod connection;
mod crypto;
mod defaults;
mod factors;
mod keywords;
mod patterns;
mod settings;
mod shown;
mod sources;
mod startup;
mod together;
mod values;
mod version;
mod view;
mod weakens;

pub use connection::Connection;

use super::systemd_units;
use super::{Cell, Evidence, Expectation, Host, Product, Reading, Row, RowBuilder, Seen, State, Tables, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::linux::SSHD;
use crate::schema::neutral::{BANNER, CRYPTO, REFERENCES, REMOTE_ACCESS};
use crate::snapshot::Lack;
use config::{Config, Reach};
use view::View;

/// The product's name.
const NAME: &str = "openssh-server";

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::File("etc/ssh/sshd_config"),
    Reading::Glob("etc/ssh/sshd_config.d/*"),
    Reading::File("usr/etc/ssh/sshd_config"),
    Reading::Glob("usr/etc/ssh/sshd_config.d/*"),
    Reading::File("etc/crypto-policies/back-ends/opensshserver.config"),
    Reading::File("etc/sysconfig/sshd"),
    Reading::File("etc/passwd"),
    Reading::File("etc/group"),
    Reading::File("etc/issue"),
    Reading::File("etc/issue.net"),
    Reading::Shared(systemd_units::READS),
    Reading::Command { name: "sshd-version", line: "/usr/sbin/sshd -V 2>&1" },
    Reading::Shared(super::pam::READS),
];

/// The OpenSSH server.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "OpenSSH 服务器", en: "OpenSSH server" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: READS,
    fills: &[&BANNER, &CRYPTO, &REFERENCES, &REMOTE_ACCESS, &SSHD],
    derive,
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let config = match config::read(host) {
        Ok(config) => config,
        Err((_, Lack::Absent)) => return Seen::Absent,
        Err((_, Lack::NotCollected)) => return Seen::Nothing,
        Err((path, lack)) => return Seen::Lacking(path, lack),
    };
    for table in PRODUCT.fills {
        tables.searched(table, Evidence::Searched(config.main));
    }
    let offered = crypto::offered(host, &config);
    if tables.wants(&CRYPTO) {
        crypto::rows(host, &offered, tables);
    }
    let scopes = settings::scopes(host, &config);
    if tables.wants(&SSHD) {
        let lists = offered.each_ref().map(|it| it.cell);
        let row = |number, scope| settings::row(host, &View::of_condition(&config, number), scope, &lists);
        let global = row(0, "global");
        let blocks: Vec<RowBuilder<'a>> = scopes
            .iter()
            .skip(1)
            .map(|(number, scope)| {
                let mut block = row(*number, scope);
                let laxer = weakens::cell(host, &global, &block);
                block.set(const { SSHD.column("weakens") }, laxer);
                block
            })
            .collect();
        std::iter::once(global).chain(blocks).for_each(|row| tables.push(doubted(&config, row)));
    }
    if tables.wants(&REMOTE_ACCESS) {
        access::rows(host, &config).into_iter().for_each(|row| tables.push(doubted(&config, row)));
    }
    if tables.wants(&BANNER) || tables.wants(&REFERENCES) {
        shown::rows(host, &config, &scopes, tables);
    }
    gaps(host, &config, tables);
    Seen::Present
}

/// A row in which no default holds for certain where something of the configuration is not known: what was not read could set it.
fn doubted<'a>(config: &Config<'a>, row: RowBuilder<'a>) -> RowBuilder<'a> {
    let Some(issue) = config.issues.iter().find(|issue| issue.reach == Reach::Everything) else { return row };
    for cell in row.cells.iter_mut() {
        let by_default = |it: &Evidence<'a>| matches!(it, Evidence::Default(default) if !settings::holds_always(default));
        if cell.evidence.iter().any(by_default) {
            *cell = Cell::unknown(issue.why, cell.evidence);
        }
    }
    row
}

/// A gap row in every table that an issue leaves open.
fn gaps<'a>(host: &Host<'a>, config: &Config<'a>, tables: &mut Tables<'a>) {
    for issue in config.issues.iter().filter(|issue| issue.reach == Reach::Everything) {
        let evidence = issue.span.map_or(&[][..], |span| host.evidence(&[Evidence::Decides(span)]));
        for table in PRODUCT.fills {
            let mut row = gap(host, table, issue.why, evidence);
            if std::ptr::eq(*table, &REMOTE_ACCESS) {
                row.set(const { REMOTE_ACCESS.column("service") }, access::service());
            }
            tables.push(row);
        }
    }
}

/// A gap row whose cells show the text that it is about.
fn gap<'a>(host: &Host<'a>, table: &'static Table, why: Why<'a>, evidence: &'a [Evidence<'a>]) -> RowBuilder<'a> {
    let mut row = host.gap(table, NAME, why);
    for column in 0..table.columns.len() {
        row.set(column, Cell::unknown(why, evidence));
    }
    row
}

/// The row of the table `sshd` that holds for one connection: `sshd -T -C` in our words. None where there is no configuration to read.
///
/// The groups of the user are those of the asset's own account files; a block whose criteria they do not decide makes unknown what it
/// would change. A gap: something is not known of the configuration, or sshd refuses it; the cell `weakens` says what.
pub fn for_connection<'a>(host: &Host<'a>, connection: &Connection<'_>) -> Option<Row<'a>> {
    let config = config::read(host).ok()?;
    let membership = connection::membership(host, connection.user);
    let holds: Vec<Option<bool>> = config.conditions.iter().map(|it| conditions::fulfils(connection, &membership, it)).collect();
    let lists = crypto::offered(host, &config).each_ref().map(|it| it.cell);
    let row = |undecided: bool| {
        let active = holds.iter().map(|it| it.unwrap_or(undecided)).collect();
        settings::row(host, &View::of(&config, active), "connection", &lists)
    };
    let mut narrow = row(false);
    if holds.contains(&None) {
        let wide = row(true);
        let why = Why::not_collected("etc/group");
        for (cell, other) in narrow.cells.iter_mut().zip(wide.cells.iter()) {
            if cell.state != other.state {
                cell.state = State::Unknown(why, &[]);
            }
        }
    }
    let active = holds.iter().map(|it| it.unwrap_or(false)).collect();
    let dropped = startup::dropped(&View::of(&config, active)).map(|it| (config::refusal(host, it.span), Some(it.span)));
    let issue = config.issues.iter().find(|issue| issue.reach == Reach::Everything).map(|issue| (issue.why, issue.span));
    let issue = issue.or(dropped);
    if let Some((why, span)) = issue {
        let evidence = span.map_or(&[][..], |span| host.evidence(&[Evidence::Decides(span)]));
        narrow.set(const { SSHD.column("weakens") }, Cell::unknown(why, evidence));
    }
    Some(Row { product: NAME, instance: "", gap: issue.is_some(), cells: narrow.cells })
}
