//! Documents of an asset into typed fact tables; the registry of products that know how.
//!
//! A product owns precedence, includes, defaults and "what absent means" of one piece of software. It is pure: it reads the asset
//! through its [`Host`], and every cell that it fills carries the evidence that it rests on.

mod accounts;
mod apache;
mod arista_eos;
mod asset;
pub mod auditd;
mod authorized_keys;
pub mod cell;
mod cisco_asa;
mod cisco_ios;
mod cisco_lists;
mod cisco_nxos;
mod cisco_words;
pub mod clients;
mod dameng;
pub mod database_gaps;
pub mod device;
mod docker;
pub mod drift;
pub mod effective;
mod files;
mod fortinet_fortios;
pub mod generic;
mod h3c_comware;
mod hillstone;
pub mod host;
mod huawei_vrp;
pub mod joined;
pub mod journald;
mod juniper_junos;
mod kubernetes;
mod kubernetes_cluster;
pub mod layers;
mod login_banner;
pub mod logrotate;
mod mongodb;
mod mysql;
pub mod needed;
mod nginx;
mod oceanbase;
pub mod openssh_server;
mod oracle;
pub mod os_release;
pub mod pam;
mod panos;
mod postgresql;
pub mod queries;
mod records;
mod redis;
mod removable_media;
pub mod role_grants;
pub mod rsyslog;
mod ruijie;
pub mod service_unit;
mod services;
pub mod settings;
mod setuid_files;
mod shells;
mod shown;
mod sqlserver;
mod sudo;
mod switch;
mod sysctl;
pub mod systemd_units;
pub mod table;
mod time_sources;
mod tls_words;
mod tomcat;
mod tunnel_words;
mod vrp_family;
pub mod web_gaps;
mod weblogic;

pub use cell::{Cell, Documented, Evidence, State, Value, Why};
pub use host::{Artefact, Host, Matches};
pub use needed::Needed;
pub use table::{Facts, Presence, Row, RowBuilder, Tables};

use crate::error::Message;
use crate::names::{Phrase, Platform};
use crate::schema::{self, Table, linux, neutral};
use crate::snapshot::Lack;
pub use crate::snapshot::reading::Reading;

/// Whether an asset of the platform is taken to have a product of which nothing is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It is: nothing seen is a gap.
    Expected,
    /// It need not: nothing seen is not applicable, counted apart.
    Optional,
}

/// What a product found of itself on an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Artefacts of it were read; its rows, gap rows included, are in the tables.
    Present,
    /// The snapshot proves that it is not there.
    Absent,
    /// Nothing was collected that would tell.
    Nothing,
    /// It could not be read, and why.
    Lacking(&'static str, Lack),
}

/// A piece of software that fills fact tables.
#[derive(Debug)]
pub struct Product {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it is.
    pub title: Phrase,
    /// Platforms on which it may be.
    pub platforms: &'static [&'static Platform],
    /// Whether it is taken to be there.
    pub expectation: Expectation,
    /// What must be read.
    pub reads: &'static [Reading],
    /// The tables that it fills.
    pub fills: &'static [&'static Table],
    /// Derives its rows.
    pub derive: for<'a> fn(&Host<'a>, &mut Tables<'a>) -> Seen,
}

/// Every product, sorted by name.
pub static PRODUCTS: &[&Product] = &[
    &accounts::PRODUCT,
    &apache::PRODUCT,
    &arista_eos::PRODUCT,
    &asset::PRODUCT,
    &auditd::PRODUCT,
    &authorized_keys::PRODUCT,
    &cisco_asa::PRODUCT,
    &cisco_ios::PRODUCT,
    &cisco_nxos::PRODUCT,
    &dameng::PRODUCT,
    &docker::PRODUCT,
    &files::PRODUCT,
    &fortinet_fortios::PRODUCT,
    &h3c_comware::PRODUCT,
    &hillstone::PRODUCT,
    &huawei_vrp::PRODUCT,
    &journald::PRODUCT,
    &juniper_junos::PRODUCT,
    &kubernetes::PRODUCT,
    &kubernetes_cluster::PRODUCT,
    &joined::logs::PRODUCT,
    &login_banner::PRODUCT,
    &logrotate::PRODUCT,
    &mongodb::PRODUCT,
    &mysql::PRODUCT,
    &nginx::PRODUCT,
    &oceanbase::PRODUCT,
    &openssh_server::PRODUCT,
    &oracle::PRODUCT,
    &panos::PRODUCT,
    &pam::PRODUCT,
    &postgresql::PRODUCT,
    &records::PRODUCT,
    &redis::PRODUCT,
    &removable_media::PRODUCT,
    &rsyslog::PRODUCT,
    &ruijie::PRODUCT,
    &services::PRODUCT,
    &setuid_files::PRODUCT,
    &shells::PRODUCT,
    &sqlserver::PRODUCT,
    &sudo::PRODUCT,
    &sysctl::PRODUCT,
    &time_sources::PRODUCT,
    &tomcat::PRODUCT,
    &weblogic::PRODUCT,
];

/// Derives what is needed of an asset: only products run of which rows are needed.
pub fn derive<'a>(host: &Host<'a>, needed: &Needed) -> Facts<'a> {
    let mut tables = Tables::new(needed);
    for (number, product) in PRODUCTS.iter().enumerate() {
        let here = product.platforms.contains(&host.platform());
        if here && needed.product(number) {
            tables.filled_by(number);
            settle(host, product, &mut tables);
        }
    }
    tables.finish()
}

/// Runs one product and turns what it saw of itself into presence and gap rows.
fn settle<'a>(host: &Host<'a>, product: &'static Product, tables: &mut Tables<'a>) {
    let said = |tables: &Tables<'a>| match product.fills.iter().any(|table| std::ptr::eq(*table, &neutral::DRIFT)) {
        true => tables.said(&neutral::DRIFT),
        false => 0,
    };
    let before = said(tables);
    let seen = (product.derive)(host, tables);
    let compared = said(tables) > before;
    let gap = match seen {
        Seen::Present | Seen::Absent => None,
        Seen::Nothing if host.declares(product.name) => Some(Why::declared_not_seen(product.name)),
        Seen::Nothing if product.expectation == Expectation::Optional => None,
        Seen::Nothing => Some(Why::not_collected(first_read(product.reads))),
        Seen::Lacking(path, lack) => Some(Why::lacking(path, lack)),
    };
    let presence = match (seen, &gap) {
        (Seen::Present, _) | (_, Some(_)) => Presence::Rows,
        (Seen::Absent, None) => Presence::Absent,
        (_, None) => Presence::NotSeen,
    };
    for table in product.fills {
        if std::ptr::eq(*table, &neutral::FILES) && !files::has_paths(host) {
            continue;
        }
        // Two sides of which only one was collected give no gap: nothing is missing that would have to be there.
        let one_sided = std::ptr::eq(*table, &neutral::DRIFT) && !compared && matches!(seen, Seen::Present | Seen::Nothing);
        if one_sided {
            tables.note(table, product.name, presence.min(Presence::OneSided));
            continue;
        }
        tables.note(table, product.name, presence);
        if let Some(why) = gap {
            tables.push(host.gap(table, product.name, why));
        }
    }
}

/// The path that stands for a product when none of its artefacts was collected.
fn first_read(reads: &[Reading]) -> &'static str {
    reads.first().map_or("", |reading| match reading {
        Reading::File(path) | Reading::Glob(path) | Reading::Look(path) => path,
        Reading::Command { name, .. } | Reading::Query { name, .. } => name,
        Reading::Shared(reads) => first_read(reads),
    })
}

/// The one row of a table that holds for a connection, described as `user=alice,addr=10.0.0.5`; only products with scopes offer it.
pub fn for_connection<'a>(host: &Host<'a>, table: &'static Table, connection: &str) -> Result<Facts<'a>, Message> {
    let name = table.name;
    if !std::ptr::eq(table, &linux::SSHD) {
        return Err(Message::new(format!("表 `{name}` 不能按连接查询"), format!("the table `{name}` cannot be asked for one connection")));
    }
    let connection = openssh_server::Connection::parse(connection).map_err(|piece| {
        Message::new(
            format!("看不懂 `{piece}`；可用 user、addr、host、laddr、lport、rdomain"),
            format!("`{piece}` is not understood; known are user, addr, host, laddr, lport and rdomain"),
        )
    })?;
    let mut tables = Tables::new(&Needed::only(schema::number(name).unwrap_or_default()));
    tables.note(table, openssh_server::PRODUCT.name, Presence::Rows);
    tables.extend(table, openssh_server::for_connection(host, &connection));
    Ok(tables.finish())
}
