//! Time servers, SNMP and the banner into neutral tables.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::device::cells::Device;
use super::super::{Cell, Documented, Evidence, Tables, Value, Why};
use super::{last_said, unquoted};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{BANNER, SNMP, TIME_SOURCES};

/// The client is off where nothing is set.
static OFF: Documented = Documented {
    setting: "no ntp enable",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 网络时间协议",
};

/// The banner is a text that is shown behind the login, and over SSH, Telnet and the console alone.
static BEHIND: Documented = Documented {
    setting: "admin login-banner: shown after login",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置Banner功能",
};

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    fill_time(device, tables);
    fill_snmp(device, tables);
    fill_users(device, tables);
    fill_banner(device, tables);
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

/// The addresses of `ADDRESS`, `ADDRESS/LENGTH` or `range FIRST LAST` behind the first words of a line.
fn managers<'a>(device: &Device<'_, 'a>, node: Node<'a>, words: &[&'a str]) -> Cell<'a> {
    let address = |at: usize| words.get(at).and_then(|word| word.parse::<IpAddr>().ok());
    let set = match words.first().copied() {
        Some("range") => address(1).zip(address(2)).map(|(first, last)| Addresses::between(first, last)),
        Some(word) => word.parse::<IpNet>().ok().or_else(|| address(0).map(IpNet::from)).map(|block| Addresses::of([block])),
        None => None,
    };
    let evidence = device.host.evidence(&[device.decides(node)]);
    match set {
        Some(set) => {
            let blocks = set.blocks().into_iter().map(Value::Network);
            Cell::known(Value::List(device.host.arena().alloc_slice_fill_iter(blocks)), evidence)
        }
        None => Cell::unknown(Why::not_understood(words.first().copied().unwrap_or_default()), evidence),
    }
}

/// What a row of `snmp` says beside its name.
struct Agent<'a> {
    version: &'static str,
    access: &'static str,
    sources: Cell<'a>,
    limit: &'static str,
    auth: Cell<'a>,
    privacy: Cell<'a>,
    everybody_knows: bool,
}

fn push_agent<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>, name: &'a str, node: Node<'a>, it: Agent<'a>) {
    let known = |value| device.decided(value, node);
    let mut row = device.host.row(&SNMP, super::PRODUCT.name);
    row.set(const { SNMP.column("name") }, known(Value::Text(name)))
        .set(const { SNMP.column("version") }, known(Value::Word(it.version)))
        .set(const { SNMP.column("access") }, known(Value::Word(it.access)))
        .set(const { SNMP.column("sources") }, it.sources)
        .set(const { SNMP.column("sources-restricted-by") }, known(device.host.texts(&[it.limit])))
        .set(const { SNMP.column("auth") }, it.auth)
        .set(const { SNMP.column("privacy") }, it.privacy)
        .set(const { SNMP.column("vendor-default") }, known(Value::Boolean(it.everybody_knows)));
    tables.push(row);
}

/// `snmp-server host ADDRESS version 2c community …` admits managers; `ro` and `rw` stand behind the community, and without them it
/// reads only.
fn fill_snmp<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    for (number, node) in device.root().all("snmp-server host").enumerate() {
        let words: Vec<&'a str> = node.words().collect();
        let after = |word: &str| words.windows(2).find(|pair| pair[0] == word).map(|pair| pair[1]);
        let Some(community) = after("community") else { continue };
        let none = device.decided(Value::Word("none"), node);
        let agent = Agent {
            version: if after("version") == Some("1") { "v1" } else { "v2c" },
            access: if words.contains(&"rw") { "write" } else { "read" },
            sources: managers(device, node, words.get(2..).unwrap_or_default()),
            limit: "snmp-server host",
            auth: none,
            privacy: none,
            everybody_knows: matches!(unquoted(community), "public" | "private"),
        };
        push_agent(device, tables, device.host.text(&format!("community {}", number + 1)), node, agent);
    }
}

/// `snmp-server user NAME group GROUP v3 remote ADDRESS auth-protocol sha … enc-protocol aes …`. Its group may write unless it is
/// given no more than a view to read, which no statement says.
fn fill_users<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    for node in device.root().all("snmp-server user") {
        let words: Vec<&'a str> = node.words().collect();
        let Some(name) = words.get(2).copied().map(unquoted) else { continue };
        let at = |word: &str| words.iter().position(|it| *it == word);
        let after = |names: [&str; 2]| names.iter().find_map(|name| words.get(at(name)? + 1).copied());
        let pick = |word: Option<&'a str>, known: &[(&str, &'static str)]| match word {
            None => device.decided(Value::Word("none"), node),
            Some(word) => match known.iter().find(|(text, _)| *text == word) {
                Some((_, word)) => device.decided(Value::Word(word), node),
                None => Cell::unknown(Why::not_understood(name), device.host.evidence(&[device.decides(node)])),
            },
        };
        let agent = Agent {
            version: "v3",
            access: "write",
            sources: managers(device, node, at("remote").and_then(|at| words.get(at + 1..)).unwrap_or_default()),
            limit: "remote",
            auth: pick(after(["auth-protocol", "auth"]), &[("md5", "md5"), ("sha", "sha1")]),
            privacy: pick(after(["enc-protocol", "enc"]), &[("aes", "aes"), ("des", "des")]),
            everybody_knows: false,
        };
        push_agent(device, tables, name, node, agent);
    }
}

/// A banner stands behind the login: nothing is shown before it.
fn fill_banner<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    const PRODUCT_WORDS: &[&str] = &["hillstone", "stoneos", "山石"];
    let line = last_said(device, "admin login-banner");
    let text = line.and_then(|(text, _)| text).unwrap_or_default().to_lowercase();
    let (present, mentions) = match line {
        Some((_, node)) => {
            let evidence = device.host.evidence(&[device.decides(node), Evidence::Default(&BEHIND)]);
            let tells = PRODUCT_WORDS.iter().any(|word| text.contains(word));
            (Cell::known(Value::Boolean(false), evidence), device.decided(Value::Boolean(tells), node))
        }
        None => (device.known_absence(Value::Boolean(false)), device.known_absence(Value::Boolean(false))),
    };
    let mut row = device.host.row(&BANNER, super::PRODUCT.name);
    row.set(const { BANNER.column("scope") }, Cell::known(Value::Text("login"), present.evidence))
        .set(const { BANNER.column("present") }, present)
        .set(const { BANNER.column("mentions-product") }, mentions);
    tables.push(row);
}
