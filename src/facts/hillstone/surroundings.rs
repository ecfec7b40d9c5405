//! Time servers and SNMP into neutral tables.

use super::super::device::cells::Device;
use super::super::{Cell, Documented, Evidence, Tables, Value};
use super::last_said;
use crate::parse::tree::Node;
use crate::schema::neutral::{SNMP, TIME_SOURCES};

/// The client is off where nothing is set.
static OFF: Documented =
    Documented {
        setting: "no ntp enable", versions: "StoneOS 5.5", source: "Hillstone StoneOS 命令行用户手册, 系统管理, 网络时间协议"
    };

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    fill_time(device, tables);
    fill_snmp(device, tables);
}

/// A server is authenticated with `ntp authentication`, a key at the server and the key itself: none alone does it.
fn fill_time<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let on = last_said(device, "ntp authentication").and_then(|(rest, node)| rest.map(|_| node));
    let enabled = match last_said(device, "ntp enable") {
        Some((rest, node)) => device.decided(Value::Boolean(rest.is_some()), node),
        None => device.defaulted(Value::Boolean(false), &OFF),
    };
    for node in device.root().all("ntp server") {
        let words: Vec<&'a str> = node.words().collect();
        let Some(address) = words.get(2) else { continue };
        if last_said(device, &format!("ntp server {address}")).is_some_and(|(rest, _)| rest.is_none()) {
            continue;
        }
        let key = words.windows(2).find(|pair| pair[0] == "key").map(|pair| pair[1]);
        let defined =
            key.and_then(|key| last_said(device, &format!("ntp authentication-key {key}"))).and_then(|(rest, line)| rest.map(|_| line));
        let pieces: Vec<Evidence<'a>> = [Some(node), on, defined].into_iter().flatten().map(|it| device.decides(it)).collect();
        let authenticated = Cell::known(Value::Boolean(on.is_some() && defined.is_some()), device.host.evidence(&pieces));
        let authenticated = if on.is_some() && defined.is_some() { authenticated } else { device.unless_cut(authenticated) };
        let mut row = device.host.row(&TIME_SOURCES, super::PRODUCT.name);
        row.set(const { TIME_SOURCES.column("server") }, device.decided(Value::Text(address), node))
            .set(const { TIME_SOURCES.column("protocol") }, device.decided(Value::Word("ntp"), node))
            .set(const { TIME_SOURCES.column("authenticated") }, authenticated)
            .set(const { TIME_SOURCES.column("enabled") }, enabled);
        tables.push(row);
    }
}

/// `snmp-server host ADDRESS version 2c community …` admits one manager; `ro` and `rw` stand behind the community.
fn fill_snmp<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let lines: Vec<Node<'a>> = device.root().all("snmp-server host").collect();
    for (number, node) in lines.into_iter().enumerate() {
        let words: Vec<&'a str> = node.words().collect();
        let after = |word: &str| words.windows(2).find(|pair| pair[0] == word).map(|pair| pair[1]);
        let Some(community) = after("community") else { continue };
        let known = |value| device.decided(value, node);
        let version = match after("version") {
            Some("1") => "v1",
            _ => "v2c",
        };
        let source: Option<ipnet::IpNet> =
            words.get(2).and_then(|word| word.parse().ok().or_else(|| word.parse::<std::net::IpAddr>().ok().map(ipnet::IpNet::from)));
        let sources = source.map_or(device.undocumented("snmp-server host"), |block| {
            known(Value::List(device.host.arena().alloc_slice_copy(&[Value::Network(block)])))
        });
        let name = device.host.text(&format!("community {}", number + 1));
        let mut row = device.host.row(&SNMP, super::PRODUCT.name);
        row.set(const { SNMP.column("name") }, known(Value::Text(name)))
            .set(const { SNMP.column("version") }, known(Value::Word(version)))
            .set(const { SNMP.column("access") }, known(Value::Word(if words.contains(&"rw") { "write" } else { "read" })))
            .set(const { SNMP.column("sources") }, sources)
            .set(const { SNMP.column("sources-restricted-by") }, known(device.host.texts(&["snmp-server host"])))
            .set(const { SNMP.column("auth") }, known(Value::Word("none")))
            .set(const { SNMP.column("privacy") }, known(Value::Word("none")))
            .set(const { SNMP.column("vendor-default") }, known(Value::Boolean(matches!(community, "public" | "private"))));
        tables.push(row);
    }
}
