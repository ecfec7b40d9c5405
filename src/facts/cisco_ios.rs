//! The running configuration of Cisco IOS and IOS-XE into who gets in, by what, what is recorded, and the device's own settings.
//!
//! Knows IOS 12 to 15 and IOS-XE 3 to 17. What `show running-config` leaves out is a default; those with a page of Cisco stand in
//! `documented.rs`, all others are unknown.

mod aaa;
mod access;
mod accounts;
mod agents;
mod crypto;
mod documented;
mod hours;
mod interfaces;
mod lines;
mod lists;
mod logs;
mod rules;
mod secrets;
mod services;
mod settings;
mod snmp;
mod statements;
mod uses;

use super::device::cells::Device;
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::CISCO_IOS;
use crate::schema::cisco::{IOS_INTERFACES, IOS_NEIGHBOURS, IOS_SETTINGS};
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use statements::Ios;

/// Cisco IOS and IOS-XE. The command is given behind `terminal length 0`.
pub(super) static PRODUCT: Product = Product {
    name: "cisco-ios",
    title: Phrase { zh: "思科 IOS 与 IOS-XE", en: "Cisco IOS and IOS-XE" },
    platforms: &[CISCO_IOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "show-running-config", line: "show running-config" }],
    fills: &[
        &ACCESS_RULES,
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &BANNER,
        &CRYPTO,
        &IOS_INTERFACES,
        &IOS_NEIGHBOURS,
        &IOS_SETTINGS,
        &LOGS,
        &PRIVILEGES,
        &REFERENCES,
        &REMOTE_ACCESS,
        &SERVICES,
        &SNMP,
        &TIME_SOURCES,
    ],
    derive,
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    secrets::hide(&device);
    let ios = Ios::new(device);
    if tables.wants(&IOS_SETTINGS) {
        settings::push(&ios, tables);
    }
    if tables.wants(&REMOTE_ACCESS) {
        access::push(&ios, tables);
    }
    if [&ACCOUNTS, &AUTHENTICATION_POLICY, &PRIVILEGES].iter().any(|table| tables.wants(table)) {
        accounts::push(&ios, tables);
    }
    if [&LOGS, &TIME_SOURCES, &BANNER].iter().any(|table| tables.wants(table)) {
        logs::push(&ios, tables);
    }
    if tables.wants(&SNMP) {
        snmp::push(&ios, tables);
    }
    if [&IOS_INTERFACES, &IOS_NEIGHBOURS].iter().any(|table| tables.wants(table)) {
        interfaces::push(&ios, tables);
    }
    rules::push(&ios, tables);
    if tables.wants(&SERVICES) {
        services::push(&ios, tables);
    }
    if tables.wants(&CRYPTO) {
        crypto::push(&ios, tables);
    }
    device.note_cut(tables, PRODUCT.name, PRODUCT.fills);
    Seen::Present
}
