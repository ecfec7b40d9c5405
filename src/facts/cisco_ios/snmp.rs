//! Communities and groups of SNMP into the rows of `snmp`.

use super::lists::{self, Applied};
use super::statements::Ios;
use crate::facts::{Cell, Tables, Value, Why};
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::SNMP;
use crate::source::redact::masked_scheme;

/// Adds the rows.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let host = ios.device.host;
    for (number, node) in ios.all("snmp-server community").into_iter().enumerate() {
        let words: Vec<&'a str> = node.words().skip(2).collect();
        let (mut access, mut applied): (&'static str, Vec<Applied<'a>>) = ("read", Vec::new());
        let mut rest = words.iter().skip(1);
        while let Some(word) = rest.next() {
            match word.to_ascii_lowercase().as_str() {
                "view" => {
                    rest.next();
                }
                "ro" => access = "read",
                "rw" => access = "write",
                "ipv6" => applied.extend(rest.next().map(|name| (*name, true, node))),
                _ => applied.push((word, false, node)),
            }
        }
        let community = words.first().copied().unwrap_or_default();
        let usual = ["public", "private"].contains(&community.to_ascii_lowercase().as_str());
        let vendor = match masked_scheme(community) {
            Some(_) => Cell::unknown(Why::not_understood("community"), host.evidence(&[ios.device.decides(node)])),
            None => ios.device.decided(Value::Boolean(usual), node),
        };
        let names: Vec<_> = applied.iter().map(|(name, _, node)| (*name, *node)).collect();
        let by: Vec<&'a str> = names.iter().map(|(name, _)| *name).collect();
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
fn group<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, node: crate::parse::tree::Node<'a>) {
    let host = ios.device.host;
    let words: Vec<&'a str> = node.words().skip(2).collect();
    let (Some(name), Some(version)) = (words.first(), words.get(1)) else { return };
    let level = words.get(2).copied().unwrap_or_default();
    let known = |value| ios.device.decided(value, node);
    let hidden = Cell::unknown(Why::not_understood("snmp-server user"), host.evidence(&[ios.device.decides(node)]));
    let behind = |word: &str| words.iter().position(|it| *it == word).and_then(|at| words.get(at + 1)).copied();
    let applied: Vec<Applied<'a>> = match (behind("access"), behind("ipv6")) {
        (Some("ipv6"), Some(name)) => vec![(name, true, node)],
        (Some(name), _) => vec![(name, false, node)],
        _ => Vec::new(),
    };
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
