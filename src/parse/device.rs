//! The configuration of a network device of a known platform into its tree, and what it says of itself.

use bumpalo::Bump;

use super::tree::{Node, Tree};
use super::{fortios, hash_sections, indented, junos, panos};
use crate::names::Platform;
use crate::names::network::{
    ARISTA_EOS, CISCO_ASA, CISCO_IOS, CISCO_NXOS, FORTINET_FORTIOS, H3C_COMWARE, HILLSTONE, HUAWEI_VRP, JUNIPER_JUNOS, PALOALTO_PANOS,
    RUIJIE,
};
use crate::source::capture::Clean;

/// Reads a configuration as the platform writes it; nothing for platforms that are no network devices.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>, platform: &Platform) -> Option<&'a Tree<'a>> {
    let is = |known: &Platform| platform.name == known.name;
    Some(match () {
        () if is(ARISTA_EOS) => indented::read(arena, clean, indented::EOS),
        () if is(CISCO_ASA) => indented::read(arena, clean, indented::ASA),
        () if is(CISCO_IOS) || is(RUIJIE) => indented::read(arena, clean, indented::IOS),
        () if is(CISCO_NXOS) => indented::read(arena, clean, indented::NXOS),
        () if is(FORTINET_FORTIOS) => fortios::read(arena, clean),
        () if is(H3C_COMWARE) || is(HUAWEI_VRP) => hash_sections::read(arena, clean),
        () if is(HILLSTONE) => indented::read(arena, clean, indented::STONEOS),
        () if is(JUNIPER_JUNOS) => junos::read(arena, clean),
        () if is(PALOALTO_PANOS) => panos::read(arena, clean),
        () => return None,
    })
}

/// What a configuration says of the device; each is a part of the cleaned text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Host name.
    pub hostname: Option<&'a str>,
    /// Version of the operating system as it is written.
    pub version: Option<&'a str>,
    /// Model.
    pub model: Option<&'a str>,
}

/// What a configuration says of its device.
pub fn identity<'a>(tree: &'a Tree<'a>, platform: &Platform) -> Identity<'a> {
    let text = tree.clean.text;
    let root = tree.root();
    let is = |known: &Platform| platform.name == known.name;
    let rest = |pattern: &str| root.first(pattern).and_then(|node: Node<'a>| node.rest(pattern)).filter(|rest| !rest.is_empty());
    if is(FORTINET_FORTIOS) {
        return of_fortios(tree);
    }
    if is(JUNIPER_JUNOS) || is(PALOALTO_PANOS) {
        return of_words(tree);
    }
    let version = match () {
        () if is(HUAWEI_VRP) => behind(text, "!Software Version ").or_else(|| rest("version")),
        () if is(CISCO_ASA) => rest("ASA Version").or_else(|| behind(text, "! Cisco Adaptive Security Appliance Software Version ")),
        // EOS: `! device: leaf1 (DCS-7050, EOS-4.20.1F)`.
        () if is(ARISTA_EOS) => bracketed(text).map(|(_, version)| version),
        () => rest("version").or_else(|| rest("Version")),
    };
    let model = if is(ARISTA_EOS) { bracketed(text).map(|(model, _)| model) } else { behind(text, "! Chassis type: ") };
    let hostname = rest("hostname").or_else(|| rest("sysname")).or_else(|| rest("switchname"));
    Identity { hostname: hostname.map(|name| name.trim_matches('"')), version, model }
}

/// What follows a text at the beginning of one of the first lines.
fn behind<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.lines().take(HEAD_LINES_MOST).find_map(|line| line.strip_prefix(start)).map(str::trim).filter(|found| !found.is_empty())
}

/// Lines at the beginning in which devices and collectors describe the device.
const HEAD_LINES_MOST: usize = 200;

/// Model and version of `! device: name (model, version)`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let line = behind(text, "! device: ")?;
    let inner = line.split_once('(')?.1.strip_suffix(')')?;
    let (model, version) = inner.split_once(", ")?;
    Some((model, version.strip_prefix("EOS-").unwrap_or(version)))
}

/// `#config-version=FGT60F-7.0.14-FW-build0601-…`
fn of_fortios<'a>(tree: &'a Tree<'a>) -> Identity<'a> {
    let header = behind(tree.clean.text, "#config-version=");
    let mut parts = header.unwrap_or_default().split('-');
    let (model, version) = (parts.next(), parts.next());
    let global: Vec<Node<'a>> = fortios::scopes(tree).iter().flat_map(|scope| scope.node.find(&["config system global"])).collect();
    let hostname = fortios::values(&global, "hostname").values.first().copied();
    Identity { hostname, version, model: model.filter(|model| !model.is_empty()) }
}

/// Junos and PAN-OS.
fn of_words<'a>(tree: &'a Tree<'a>) -> Identity<'a> {
    const NAMES: &[&str] =
        &["system host-name", "deviceconfig system hostname", "devices localhost.localdomain deviceconfig system hostname"];
    let root = tree.root();
    let hostname = NAMES.iter().find_map(|path| root.value(path));
    let of_xml = || {
        let start = tree.clean.text.find("<config ")?;
        let tag = tree.clean.text[start..].split_once('>')?.0;
        tag.split_once("version=\"")?.1.split_once('"').map(|(version, _)| version)
    };
    let version = root.value("version").map(Node::text).or_else(of_xml);
    Identity { hostname: hostname.map(Node::text), version, model: None }
}
