//! The configuration of a PAN-OS firewall or of Panorama, whichever form shows it, into neutral tables and its own.
//!
//! What a Panorama pushes is its own only in part: the device is judged by its own system settings, administrators and log settings;
//! of its device groups, the rules are read, each with the objects that it inherits. What a template stack sets for the firewalls is an
//! instance of its own in the same tables; what it leaves to them is not known here. A firewall that a Panorama manages may hold
//! values from templates that its local configuration does not show: what is not written there is then unknown, unless the capture is
//! the merged configuration, in which a value of the firewall stands in the place of the template's.

mod administrators;
mod crypto;
mod layout;
mod lists;
mod logging;
mod management;
mod people;
mod references;
mod rules;
mod secrets;
mod settings;
mod stacks;
mod surroundings;

use super::device::cells::Device;
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::PALOALTO_PANOS;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use crate::schema::paloalto::{
    PANOS_ADMINISTRATORS, PANOS_LOG_EXPIRY, PANOS_LOG_FORWARDING, PANOS_MANAGEMENT, PANOS_RULES, PANOS_SETTINGS,
};
use layout::Panos;

/// PAN-OS, firewalls and Panorama.
///
/// The configuration is the export of the running configuration as XML, or `set cli pager off`, `set cli config-output-format set`,
/// `configure`, `show`.
pub(super) static PRODUCT: Product = Product {
    name: "paloalto-panos",
    title: Phrase { zh: "Palo Alto PAN-OS（防火墙与 Panorama）", en: "Palo Alto Networks PAN-OS, firewalls and Panorama" },
    platforms: &[PALOALTO_PANOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show" }],
    fills: FILLS,
    derive,
};

const FILLS: &[&crate::schema::Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &LOGS,
    &PANOS_ADMINISTRATORS,
    &PANOS_LOG_EXPIRY,
    &PANOS_LOG_FORWARDING,
    &PANOS_MANAGEMENT,
    &PANOS_RULES,
    &PANOS_SETTINGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// Tables of which a Panorama may give the firewall further rows.
const LISTED: &[&crate::schema::Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &CRYPTO,
    &PANOS_ADMINISTRATORS,
    &PANOS_LOG_EXPIRY,
    &PANOS_MANAGEMENT,
    &PANOS_RULES,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    let panos = Panos::of(device);
    secrets::hide(&panos);
    let administrators = administrators::read(&panos);
    let endpoints = management::endpoints(&panos);
    let forwarding = logging::forwarding(&panos);
    settings::fill(&panos, tables);
    administrators::fill(&panos, &administrators, tables);
    people::fill(&panos, &administrators, tables);
    management::fill(&panos, &endpoints, tables);
    management::fill_access(&panos, &endpoints, &administrators, &forwarding, tables);
    logging::fill(&panos, &forwarding, tables);
    rules::fill(&panos, &forwarding, tables);
    if tables.wants(&ACCESS_RULES) {
        lists::fill(&panos, tables);
    }
    surroundings::fill(&panos, &endpoints, tables);
    if tables.wants(&CRYPTO) {
        crypto::fill(&panos, tables);
    }
    if tables.wants(&REFERENCES) {
        references::fill(&panos, tables);
    }
    stacks::fill(&panos, tables);
    if let Some(why) = panos.gap() {
        LISTED.iter().for_each(|table| tables.push(host.gap(table, PRODUCT.name, why)));
    }
    device.note_cut(tables, PRODUCT.name, FILLS);
    Seen::Present
}
