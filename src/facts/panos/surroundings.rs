//! Time servers, SNMP and the login banner into neutral tables.

use super::super::{Cell, Tables, Value};
use super::layout::Panos;
use super::management::{self, Endpoint};
use crate::parse::tree::Node;
use crate::schema::neutral::{BANNER, SNMP, TIME_SOURCES};

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, endpoints: &[Endpoint<'a>], tables: &mut Tables<'a>) {
    fill_time(panos, tables);
    fill_snmp(panos, endpoints, tables);
    fill_banner(panos, tables);
}

/// A server is authenticated with `symmetric-key` or `autokey`; `none` and nothing are not.
fn fill_time<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    for place in ["primary-ntp-server", "secondary-ntp-server"] {
        let Some(node) = panos.at(&format!("deviceconfig system ntp-servers {place}")) else { continue };
        let Some(address) = node.value("ntp-server-address") else { continue };
        let kind = node.at("authentication-type").and_then(|kind| kind.values().next());
        let authenticated = match kind {
            Some(kind) => device.decided(Value::Boolean(kind.text() != "none"), kind),
            None => device.unless_cut(device.decided(Value::Boolean(false), address)),
        };
        let mut row = device.host.row(&TIME_SOURCES, super::PRODUCT.name);
        row.set(const { TIME_SOURCES.column("server") }, device.decided(Value::Text(panos.text(address)), address))
            .set(const { TIME_SOURCES.column("protocol") }, device.decided(Value::Word("ntp"), address))
            .set(const { TIME_SOURCES.column("authenticated") }, authenticated)
            .set(const { TIME_SOURCES.column("enabled") }, device.decided(Value::Boolean(true), address));
        tables.push(row);
    }
}

/// Agents of PAN-OS only read. A v3 user is authenticated and encrypted always; with what, its view does not show on every version.
fn fill_snmp<'a>(panos: &Panos<'_, 'a>, endpoints: &[Endpoint<'a>], tables: &mut Tables<'a>) {
    let Some(version) = panos.at("deviceconfig system snmp-setting access-setting version") else { return };
    let device = panos.device;
    let sources = management::agent_sources(panos, endpoints);
    let limited = endpoints.iter().any(|it| it.is_limited);
    let limits: &[&'a str] = if limited { &["permitted-ip"] } else { &[] };
    let push = |tables: &mut Tables<'a>, name: &'a str, node: Node<'a>, version: &'static str, words: [Cell<'a>; 3]| {
        let [auth, privacy, vendor] = words;
        let known = |value| device.decided(value, node);
        let mut row = device.host.row(&SNMP, super::PRODUCT.name);
        row.set(const { SNMP.column("name") }, known(Value::Text(name)))
            .set(const { SNMP.column("version") }, known(Value::Word(version)))
            .set(const { SNMP.column("access") }, known(Value::Word("read")))
            .set(const { SNMP.column("sources") }, sources)
            .set(const { SNMP.column("sources-restricted-by") }, Cell::known(device.host.texts(limits), sources.evidence))
            .set(const { SNMP.column("auth") }, auth)
            .set(const { SNMP.column("privacy") }, privacy)
            .set(const { SNMP.column("vendor-default") }, vendor);
        tables.push(row);
    };
    if let Some(community) = version.value("v2c snmp-community-string") {
        let none = device.decided(Value::Word("none"), community);
        let everybody_knows = matches!(community.text(), "public" | "private");
        let vendor = device.decided(Value::Boolean(everybody_knows), community);
        push(tables, "community 1", community, "v2c", [none, none, vendor]);
    }
    for user in version.at("v3 users").into_iter().flat_map(Node::values) {
        let word = |setting: &'static str, known: &[(&str, &'static str)]| match user.value(setting) {
            Some(node) => match known.iter().find(|(text, _)| node.text().eq_ignore_ascii_case(text)) {
                Some((_, word)) => device.decided(Value::Word(word), node),
                None => Cell::unknown(super::super::Why::not_understood(setting), device.host.evidence(&[device.decides(node)])),
            },
            None => device.undocumented(setting),
        };
        let auth =
            word("authproto", &[("SHA", "sha1"), ("SHA-224", "sha2"), ("SHA-256", "sha2"), ("SHA-384", "sha2"), ("SHA-512", "sha2")]);
        let privacy = word("privproto", &[("AES", "aes"), ("AES-192", "aes"), ("AES-256", "aes")]);
        let vendor = device.decided(Value::Boolean(false), user);
        push(tables, panos.text(user), user, "v3", [auth, privacy, vendor]);
    }
}

fn fill_banner<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    const PRODUCT_WORDS: &[&str] = &["pan-os", "palo alto", "panorama"];
    let device = panos.device;
    let banner = panos.value("deviceconfig system login-banner");
    let (present, mentions) = match banner {
        Some(node) => {
            let text = panos.text(node).to_ascii_lowercase();
            let mentions = PRODUCT_WORDS.iter().any(|word| text.contains(word));
            (device.decided(Value::Boolean(true), node), device.decided(Value::Boolean(mentions), node))
        }
        None => {
            let none = panos.unwritten("login-banner", device.known_absence(Value::Boolean(false)));
            (none, none)
        }
    };
    let mut row = device.host.row(&BANNER, super::PRODUCT.name);
    row.set(const { BANNER.column("scope") }, Cell::known(Value::Text("login"), present.evidence))
        .set(const { BANNER.column("present") }, present)
        .set(const { BANNER.column("mentions-product") }, mentions);
    tables.push(row);
}
