//! Global statements into the rows of `eos-settings`.

use super::super::cisco_words::{push_setting, toggled, written};
use super::super::switch::{Switch, scheme};
use super::documented as doc;
use super::{NAME, apis};
use crate::facts::Tables;
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::Readings;
use crate::parse::tree::Node;
use crate::schema::arista::EOS_SETTINGS;

pub(super) fn fill<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&EOS_SETTINGS) {
        return;
    }
    let device = &eos.device;
    let target = |name| (&EOS_SETTINGS, NAME, name);
    let terminal = |block: &str| toggled(eos.inside(block), "shutdown").map(|(down, node)| (!down, node));
    let root = eos.toggled("aaa root");
    let remote = eos.toggled("aaa authentication policy local allow-nopassword-remote-login");
    let switches = [
        ("aaa root", root, Unwritten::Is("off", &doc::ROOT_OFF)),
        ("allow-nopassword-remote-login", remote, Unwritten::Undocumented),
        ("http-commands", apis::commands(eos), Unwritten::Undocumented),
        ("http-commands cleartext", apis::cleartext(eos), Unwritten::Undocumented),
        ("login failure log", eos.toggled("aaa authentication policy on-failure log"), Unwritten::Undocumented),
        ("login success log", eos.toggled("aaa authentication policy on-success log"), Unwritten::Undocumented),
        ("ssh", terminal("management ssh"), Unwritten::Is("on", &doc::SSH_ON)),
        ("telnet", terminal("management telnet"), Unwritten::Is("off", &doc::TELNET_OFF)),
    ];
    for (name, found, unwritten) in switches {
        device.setting(tables, target(name), found.map(|(on, node)| (if on { "on" } else { "off" }, node)), unwritten, switch);
    }
    let limit = written(eos.inside("management ssh"), "connection limit").and_then(|node| Some((node.word(2)?, node)));
    device.setting(tables, target("ssh connection limit"), limit, Unwritten::Undocumented, number);
    let stamp = eos.written("logging format timestamp").and_then(|node| Some((node.word(3)?, node)));
    device.setting(tables, target("logging timestamp"), stamp, Unwritten::Undocumented, plain);
    push_authorization(eos, tables);
    push_accounting(eos, tables);
    push_enable(eos, tables);
}

/// Adds a row of a switch that follows from a statement.
fn push_switch<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, name: &'static str, on: bool, node: Node<'a>) {
    let readings = Readings { on: Some(on), ..Readings::default() };
    push_setting(&eos.device, tables, (&EOS_SETTINGS, NAME, name), (if on { "on" } else { "off" }, readings, node));
}

/// Commands are held against roles only where they are authorized: `aaa authorization commands all default local`.
fn push_authorization<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    for (name, pattern, first) in [
        ("aaa authorization commands", "aaa authorization commands all default", 5),
        ("aaa authorization exec", "aaa authorization exec default", 4),
    ] {
        match eos.written(pattern) {
            None => eos.device.setting(tables, (&EOS_SETTINGS, NAME, name), None, Unwritten::Nothing, plain),
            Some(node) => push_switch(eos, tables, name, node.word(first).is_some_and(|word| word != "none"), node),
        }
    }
}

/// Whether servers record commands.
fn push_accounting<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let name = "aaa accounting commands";
    match eos.recording(name) {
        None => eos.device.setting(tables, (&EOS_SETTINGS, NAME, name), None, Unwritten::Nothing, plain),
        Some(found) => push_switch(eos, tables, name, found.whole, found.node),
    }
}

/// Whether raising one's mode asks for a password, and how it is stored.
fn push_enable<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let target = (&EOS_SETTINGS, NAME, "enable password");
    let node = eos.written("enable secret").or_else(|| eos.written("enable password"));
    let Some(node) = node else {
        let off = eos.toggled("enable password").or_else(|| eos.toggled("enable secret")).map(|(_, node)| ("off", node));
        eos.device.setting(tables, target, off, Unwritten::Nothing, switch);
        return;
    };
    let words: Vec<&'a str> = node.words().skip(2).collect();
    let (notation, secret) = match *words {
        [notation, secret, ..] => (notation, secret),
        [secret] => ("", secret),
        [] => ("", ""),
    };
    // A collector's mask still shows that there is one.
    let stored = scheme(notation, secret).unwrap_or("masked");
    push_setting(&eos.device, tables, target, (stored, Readings { on: Some(true), ..Readings::default() }, node));
}
