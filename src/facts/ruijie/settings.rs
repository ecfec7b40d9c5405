//! Global statements into the rows of `ruijie-settings`.

use super::super::cisco_words::{is_masked, push_setting};
use super::super::switch::{Switch, scheme};
use super::access::server;
use super::{NAME, records, web};
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::{Readings, unknown_row};
use crate::facts::{Documented, Tables};
use crate::parse::tree::Node;
use crate::schema::ruijie::RUIJIE_SETTINGS;

static CIPHERS: Documented = Documented {
    setting: "ip ssh cipher-mode: CBC, CTR and others; later releases offer fewer",
    versions: "RGOS 11",
    source: "Ruijie RG-WLAN Series, Configuration Guide, Configuring SSH, Specifying the SSH Encryption Mode",
};
static HASHES: Documented = Documented {
    setting: "ip ssh hmac-algorithm: md5 md5-96 sha1 sha1-96; later releases offer fewer",
    versions: "RGOS 11",
    source: "Ruijie RG-WLAN Series, Configuration Guide, Configuring SSH, Specifying the SSH Message Authentication Algorithm",
};

pub(super) fn fill<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&RUIJIE_SETTINGS) {
        return;
    }
    let target = |name| (&RUIJIE_SETTINGS, NAME, name);
    let switches = [
        ("logging on", rgos.toggled("logging on")),
        ("logging userinfo", records::logins(rgos)),
        ("logging userinfo command-log", rgos.toggled("logging userinfo command-log")),
        ("password policy strong", rgos.toggled("password policy strong")),
        ("service password-encryption", rgos.toggled("service password-encryption")),
        ("snmp-agent", server(rgos, "snmp-agent")),
        ("ssh-server", server(rgos, "ssh-server")),
        ("telnet-server", server(rgos, "telnet-server")),
    ];
    for (name, found) in switches {
        let written = found.map(|(on, node)| (if on { "on" } else { "off" }, node));
        rgos.device.setting(tables, target(name), written, Unwritten::Undocumented, switch);
    }
    for (name, protocol) in [("web-server http", "http"), ("web-server https", "https")] {
        match web::server(rgos, protocol) {
            Some((None, node)) => tables.push(unknown_row(rgos.device.host, &RUIJIE_SETTINGS, NAME, name, rgos.unread(node))),
            Some((Some(on), node)) => {
                let written = Some((if on { "on" } else { "off" }, node));
                rgos.device.setting(tables, target(name), written, Unwritten::Undocumented, switch);
            }
            None => rgos.device.setting(tables, target(name), None, Unwritten::Undocumented, switch),
        }
    }
    let model = rgos.toggled("aaa new-model").map(|(on, node)| (if on { "on" } else { "off" }, node));
    rgos.device.setting(tables, target("aaa new-model"), model, Unwritten::Nothing, switch);
    let rest = |name: &str| rgos.written(name).and_then(|node| Some((node.rest(name).filter(|rest| !rest.is_empty())?, node)));
    for (name, unwritten, read) in [
        ("ip ssh cipher-mode", Unwritten::OneOf(&["cbc ctr others", "ctr gcm"], &CIPHERS), plain as fn(&str) -> Readings<'static>),
        ("ip ssh hmac-algorithm", Unwritten::OneOf(&["md5 md5-96 sha1 sha1-96", "sha2-256 sha2-512"], &HASHES), plain),
        ("ip ssh version", Unwritten::Undocumented, number),
        ("password policy life-cycle", Unwritten::Undocumented, number),
        ("password policy min-size", Unwritten::Undocumented, number),
        ("service timestamps log", Unwritten::Undocumented, plain),
    ] {
        rgos.device.setting(tables, target(name), rest(name), unwritten, read);
    }
    push_accounting(rgos, tables);
    push_enable(rgos, tables);
}

/// Adds a row of a switch that follows from a statement.
fn push_switch<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>, (name, text, on): (&'static str, &'a str, bool), node: Node<'a>) {
    let readings = Readings { on: Some(on), ..Readings::default() };
    push_setting(&rgos.device, tables, (&RUIJIE_SETTINGS, NAME, name), (text, readings, node));
}

/// Whether servers record commands.
fn push_accounting<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let name = "aaa accounting commands";
    match rgos.recording(name) {
        None => rgos.device.setting(tables, (&RUIJIE_SETTINGS, NAME, name), None, Unwritten::Nothing, plain),
        Some(found) => push_switch(rgos, tables, (name, if found.whole { "on" } else { "off" }, found.whole), found.node),
    }
}

/// The password of the privileged level: `enable secret [level 15] [8] SECRET`. `enable password 7` can be read back by everybody.
fn push_enable<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let name = "enable secret";
    let of = |pattern: &str| {
        let node = rgos.written(pattern)?;
        let mut words: Vec<&'a str> = node.words().skip(2).collect();
        if words.first() == Some(&"level") {
            words.drain(..words.len().min(2));
        }
        let notation = if words.len() > 1 { words[0] } else { "" };
        Some((node, notation, words.last().copied().unwrap_or_default()))
    };
    match (of("enable secret"), of("enable password")) {
        (Some((node, notation, secret)), _) if !is_masked(secret) => {
            push_switch(rgos, tables, (name, scheme(notation, secret).unwrap_or("one-way"), true), node);
        }
        (Some((node, ..)), _) => {
            let unread = rgos.unread(node);
            tables.push(unknown_row(rgos.device.host, &RUIJIE_SETTINGS, NAME, name, unread));
        }
        (None, Some((node, notation, secret))) => {
            push_switch(rgos, tables, (name, scheme(notation, secret).unwrap_or("type7"), false), node);
        }
        (None, None) => rgos.device.setting(tables, (&RUIJIE_SETTINGS, NAME, name), None, Unwritten::Nothing, plain),
    }
}
