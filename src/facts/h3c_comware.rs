//! The running configuration of H3C devices (Comware 5, 7 and 9) into facts.
//!
//! Defaults are those of Comware 7 and 9 as H3C's and HPE's manuals give them; Comware 5 has some of its own. HPE's FlexNetwork and
//! FlexFabric devices run the same system, so that their manuals count. FIPS mode changes defaults: where it is on, none is taken.

mod aaa;
mod defaults;
mod lines;
mod policy;
mod settings;
mod ssh_users;
mod users;
mod web;

use super::vrp_family::lists::{self, AccessList};
use super::vrp_family::servers::Chain;
use super::vrp_family::time::TimeRanges;
use super::vrp_family::users::User;
use super::vrp_family::{Family, Train};
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::H3C_COMWARE;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use crate::schema::vrp::{H3C_SETTINGS, MANAGEMENT_USERS, SSH_USERS, TERMINAL_LINES};

/// A device of H3C.
pub(super) static PRODUCT: Product = Product {
    name: "h3c-comware",
    title: Phrase { zh: "H3C Comware 网络设备", en: "H3C Comware network device" },
    platforms: &[H3C_COMWARE],
    expectation: Expectation::Expected,
    // `screen-length disable` turns paging off for the session.
    reads: &[Reading::Command { name: "display-current-configuration", line: "display current-configuration" }],
    fills: &[
        &ACCESS_RULES,
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &BANNER,
        &CRYPTO,
        &H3C_SETTINGS,
        &LOGS,
        &MANAGEMENT_USERS,
        &PRIVILEGES,
        &REFERENCES,
        &REMOTE_ACCESS,
        &SERVICES,
        &SNMP,
        &SSH_USERS,
        &TERMINAL_LINES,
        &TIME_SOURCES,
    ],
    derive,
};

/// What several tables are made of.
struct Common<'a> {
    lists: Vec<AccessList<'a>>,
    ranges: TimeRanges<'a>,
    chain: Chain<'a>,
    users: Vec<User<'a>>,
    fips: bool,
}

/// The generation that a version shows.
fn train(version: Option<&str>) -> Train {
    match version.and_then(|version| version.split('.').next()) {
        Some("7" | "9") => Train::Comware7,
        Some("3" | "5") => Train::Comware5,
        _ => Train::Comware,
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let family = match Family::of(host, PRODUCT.name, train) {
        Ok(family) => family,
        Err(seen) => return seen,
    };
    let root = family.device.root();
    let common = Common {
        lists: lists::lists(&family),
        ranges: TimeRanges::of(root, true),
        chain: aaa::chain(&family),
        users: users::users(&family),
        fips: root.first("fips mode enable").is_some(),
    };
    settings::push(&family, tables);
    lines::push(&family, tables, &common);
    web::push(&family, tables, &common);
    policy::push(&family, tables);
    users::push(&family, tables, &common);
    ssh_users::push(&family, tables);
    family.push_snmp(tables, settings::snmp_versions(&family), &common.lists);
    family.push_logs(tables, Some(&common.chain));
    family.push_time_sources(tables, settings::ntp_runs(&family));
    family.push_banners(tables);
    family.push_crypto(tables);
    family.push_services(
        tables,
        &[
            ("ftp", 21, "tcp", true, settings::ftp(&family)),
            ("http", 80, "tcp", true, settings::http(&family)),
            ("https", 443, "tcp", false, settings::https(&family)),
            ("ssh", 22, "tcp", false, settings::ssh(&family)),
            ("telnet", 23, "tcp", true, settings::telnet(&family)),
        ],
    );
    family.push_rules(tables, &common.lists);
    family.push_references(tables, &common.lists, &common.ranges);
    family.device.note_cut(tables, PRODUCT.name, PRODUCT.fills);
    Seen::Present
}
