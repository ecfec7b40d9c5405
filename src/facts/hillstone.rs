//! The configuration of a Hillstone StoneOS firewall into neutral tables and its own.
//!
//! `show configuration` lists the names of all objects first, and the objects with their content behind: a block that stands twice is
//! one. Of two lines about the same thing the last one counts, `no …` included.

mod crypto;
mod hosts;
mod lists;
mod logging;
mod management;
mod people;
mod references;
mod settings;
mod surroundings;

use super::device::cells::Device;
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::HILLSTONE;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::hillstone::{
    HILLSTONE_ADMINISTRATORS, HILLSTONE_INTERFACES, HILLSTONE_LOGS, HILLSTONE_SETTINGS, HILLSTONE_TRUSTED_HOSTS,
};
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};

/// StoneOS. The configuration is the output of `show configuration running` after `terminal length 0`.
pub(super) static PRODUCT: Product = Product {
    name: "hillstone",
    title: Phrase { zh: "山石网科 StoneOS", en: "Hillstone StoneOS" },
    platforms: &[HILLSTONE],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show configuration running" }],
    fills: FILLS,
    derive,
};

const FILLS: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &HILLSTONE_ADMINISTRATORS,
    &HILLSTONE_INTERFACES,
    &HILLSTONE_LOGS,
    &HILLSTONE_SETTINGS,
    &HILLSTONE_TRUSTED_HOSTS,
    &LOGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// Words before a secret, in whatever statement they stand.
const BEFORE_SECRETS: &[&str] = &["password", "pre-share", "community", "md5", "secret", "key", "auth", "enc", "answer", "token", "sha"];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    hide_secrets(&device);
    let trusted = hosts::trusted(&device);
    settings::fill(&device, tables);
    hosts::fill(&device, &trusted, tables);
    people::fill(&device, tables);
    management::fill(&device, &trusted, tables);
    logging::fill(&device, tables);
    if tables.wants(&ACCESS_RULES) {
        lists::fill(&device, tables);
    }
    surroundings::fill(&device, tables);
    crypto::fill(&device, tables);
    if tables.wants(&REFERENCES) {
        references::fill(&device, tables);
    }
    device.note_cut(tables, PRODUCT.name, FILLS);
    Seen::Present
}

/// Words that name an algorithm: a secret stands behind, not there.
const ALGORITHMS: &[&str] = &["aes", "des", "md5", "sha"];

/// Hides what follows a word that announces a secret.
fn hide_secrets(device: &Device<'_, '_>) {
    // Proposals list algorithms and hold no secret.
    let listed = |node: &Node<'_>| node.starts("hash") || node.starts("encryption");
    for node in device.config.tree.all().filter(|node| !listed(node)) {
        let of_snmp = node.starts("snmp-server user");
        let mut words = node.words().peekable();
        while let (Some(word), Some(next)) = (words.next(), words.peek().copied()) {
            let announces = BEFORE_SECRETS.contains(&word) || of_snmp && ALGORITHMS.contains(&word);
            // `ntp server … key 1` and `aaa-server … auth` name keys and methods by number or word; digits alone are numbers there.
            let is_number = word == "key" && next.bytes().all(|byte| byte.is_ascii_digit());
            if announces && !is_number && !ALGORITHMS.contains(&next) {
                device.hide(node, next);
            }
        }
    }
}

/// A name without the quotes around it, which most words of a configuration have.
fn unquoted(word: &str) -> &str {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}

/// The last line that says something of a subject, `no …` included: what follows the subject, or none where it is taken back.
fn last_said<'a>(device: &Device<'_, 'a>, subject: &str) -> Option<(Option<&'a str>, Node<'a>)> {
    let negated = format!("no {subject}");
    let lines = device.root().children().filter(|node| node.starts(subject) || node.starts(&negated));
    lines.last().map(|node| (node.rest(subject), node))
}
