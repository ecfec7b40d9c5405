//! Communities and groups of SNMP into the rows of `snmp`.

use super::lists::{self, Applied};
use super::statements::Ios;
use crate::facts::{Cell, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::SNMP;
use crate::source::redact::masked_scheme;

/// What the line of a community says.
pub(super) struct Community<'a> {
    /// The community itself, which is a secret.
    community: &'a str,
    /// Whether it may change the device.
    pub(super) write: bool,
    /// The lists that limit who uses it, and whether they are of IPv6.
    pub(super) lists: Vec<(&'a str, bool)>,
}

/// `snmp-server community C [view V] [ro|rw] [ipv6 LIST] [LIST]`.
pub(super) fn of_community(node: Node<'_>) -> Community<'_> {
    let mut rest = node.words().skip(2);
    let mut found = Community { community: rest.next().unwrap_or_default(), write: false, lists: Vec::new() };
    while let Some(word) = rest.next() {
        match word {
            "view" => drop(rest.next()),
            "ipv6" => found.lists.extend(rest.next().map(|name| (name, true))),
            word if word.eq_ignore_ascii_case("ro") => found.write = false,
            word if word.eq_ignore_ascii_case("rw") => found.write = true,
            word => found.lists.push((word, false)),
        }
    }
    found
}

/// The lists of a community, as they are applied.
pub(super) fn lists_of<'a>(node: Node<'a>) -> Vec<Applied<'a>> {
    of_community(node).lists.into_iter().map(|(name, six)| (name, six, node)).collect()
}

/// The lists behind `access` of `snmp-server group`.
pub(super) fn lists_of_group<'a>(node: Node<'a>) -> Vec<Applied<'a>> {
    let mut found = Vec::new();
    let mut rest = node.words().skip_while(|word| *word != "access").skip(1);
    while let Some(word) = rest.next() {
        match word {
            "ipv6" => found.extend(rest.next().map(|name| (name, true, node))),
            name => found.push((name, false, node)),
        }
    }
    found
}

/// Adds the rows.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let host = ios.device.host;
    for (number, node) in ios.all("snmp-server community").into_iter().enumerate() {
        let found = of_community(node);
        let access = if found.write { "write" } else { "read" };
        let usual = ["public", "private"].contains(&found.community.to_ascii_lowercase().as_str());
        let vendor = match masked_scheme(found.community) {
            Some(_) => Cell::unknown(Why::not_understood("community"), host.evidence(&[ios.device.decides(node)])),
            None => ios.device.decided(Value::Boolean(usual), node),
        };
        let applied = lists_of(node);
        let by: Vec<&'a str> = applied.iter().map(|(name, ..)| *name).collect();
        let known = |value| ios.device.decided(value, node);
        let mut row = host.row(&SNMP, super::PRODUCT.name);
        row.set(const { SNMP.column("name") }, known(Value::Text(host.text(&format!("community {}", number + 1)))))
            .set(const { SNMP.column("version") }, known(Value::Word("v1")))
            .set(const { SNMP.column("access") }, known(Value::Word(access)))
            .set(const { SNMP.column("sources") }, lists::sources(ios, &applied, &Service::udp(Ports::only(161))))
            .set(const { SNMP.column("sources-restricted-by") }, known(host.texts(&by)))
            .set(const { SNMP.column("auth") }, known(Value::Word("none")))
            .set(const { SNMP.column("privacy") }, known(Value::Word("none")))
            .set(const { SNMP.column("vendor-default") }, vendor);
        tables.push(row);
    }
    for node in ios.all("snmp-server group") {
        group(ios, tables, node);
    }
}

/// One group: what it demands of its users. Which algorithms they use is not shown by the running configuration.
fn group<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, node: Node<'a>) {
    let host = ios.device.host;
    let words: Vec<&'a str> = node.words().skip(2).collect();
    let (Some(name), Some(version)) = (words.first(), words.get(1)) else { return };
    let level = words.get(2).copied().unwrap_or_default();
    let known = |value| ios.device.decided(value, node);
    let hidden = Cell::unknown(Why::not_understood("snmp-server user"), host.evidence(&[ios.device.decides(node)]));
    let applied = lists_of_group(node);
    let by: Vec<&'a str> = applied.iter().map(|(name, _, _)| *name).collect();
    let v3 = *version == "v3";
    let mut row = host.row(&SNMP, super::PRODUCT.name);
    row.set(const { SNMP.column("name") }, known(Value::Text(name)))
        .set(
            const { SNMP.column("version") },
            known(Value::Word(match *version {
                "v3" => "v3",
                "v2c" => "v2c",
                _ => "v1",
            })),
        )
        .set(const { SNMP.column("access") }, known(Value::Word(if words.contains(&"write") { "write" } else { "read" })))
        .set(const { SNMP.column("sources") }, lists::sources(ios, &applied, &Service::udp(Ports::only(161))))
        .set(const { SNMP.column("sources-restricted-by") }, known(host.texts(&by)))
        .set(const { SNMP.column("auth") }, if v3 && level != "noauth" { hidden } else { known(Value::Word("none")) })
        .set(const { SNMP.column("privacy") }, if v3 && level == "priv" { hidden } else { known(Value::Word("none")) })
        .set(const { SNMP.column("vendor-default") }, known(Value::Boolean(false)));
    tables.push(row);
}
