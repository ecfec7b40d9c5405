//! The running configuration of Huawei S, CE, AR, NE and USG devices (VRP5 and VRP8) into facts.
//!
//! Knows V200 (S, AR, CE), V300 (AR, CE), V500 (USG), V600 and V800 (NE). Huawei's defaults differ between these lines, and of them only
//! V800 and V500 tell themselves apart by `!Software Version`; where a default decides and the line is not shown, the cell is unknown
//! and names the values (see `defaults.rs`).

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
use crate::names::network::HUAWEI_VRP;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use crate::schema::vrp::{HUAWEI_SETTINGS, MANAGEMENT_USERS, SSH_USERS, TERMINAL_LINES};

/// A device of Huawei.
pub(super) static PRODUCT: Product = Product {
    name: "huawei-vrp",
    title: Phrase { zh: "华为 VRP 网络设备", en: "Huawei VRP network device" },
    platforms: &[HUAWEI_VRP],
    expectation: Expectation::Expected,
    // `screen-length 0 temporary` turns paging off for the session.
    reads: &[Reading::Command { name: "display-current-configuration", line: "display current-configuration all" }],
    fills: &[
        &ACCESS_RULES,
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &BANNER,
        &CRYPTO,
        &HUAWEI_SETTINGS,
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
    rearranged: bool,
}

/// The product line that a version shows.
fn train(version: Option<&str>) -> Train {
    match version {
        Some(version) if version.starts_with("V800R") => {
            let release = version["V800R".len()..].split(|it: char| !it.is_ascii_digit()).next();
            let covered = release.and_then(|release| release.parse::<u32>().ok()).is_some_and(|release| release >= 12);
            if covered { Train::Router8 } else { Train::Router8Early }
        }
        Some(version) if version.starts_with("V500") => Train::Firewall,
        _ => Train::Vrp,
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
        ranges: TimeRanges::of(root, false),
        chain: aaa::chain(&family),
        users: users::users(&family),
        rearranged: root.first("command-privilege level rearrange").is_some(),
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
    push_services(&family, tables);
    family.push_rules(tables, &common.lists);
    family.push_references(tables, &common.lists, &common.ranges);
    family.device.note_cut(tables, PRODUCT.name, PRODUCT.fills);
    Seen::Present
}

/// Adds the rows of servers.
fn push_services<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    family.push_services(
        tables,
        &[
            ("ftp", 21, "tcp", true, settings::ftp(family)),
            ("http", 80, "tcp", true, settings::http(family)),
            ("https", 443, "tcp", false, settings::https(family)),
            ("ssh", 22, "tcp", false, settings::stelnet(family)),
            ("telnet", 23, "tcp", true, settings::telnet_any(family)),
            ("tftp", 69, "udp", true, settings::tftp(family)),
        ],
    );
}
