//! Global statements of VRP into the rows of `huawei-settings`.

use super::defaults as documented;
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::Readings;
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::logic::either;
use crate::facts::vrp_family::{Absent, Family, Train};
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::vrp::HUAWEI_SETTINGS;

/// The Telnet server for IPv4.
pub(super) fn telnet<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Router8 => Absent::Is(false, &documented::TELNET_ROUTER),
        _ => Absent::Either(&documented::TELNET),
    };
    family.switch(
        &["telnet server enable", "telnet ipv4 server enable"],
        &[
            "undo telnet server enable",
            "undo telnet server",
            "telnet server disable",
            "undo telnet ipv4 server enable",
            "telnet ipv4 server disable",
        ],
        absent,
    )
}

/// The Telnet server for IPv6.
pub(super) fn telnet_six<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Router8 => Absent::Is(false, &documented::TELNET_ROUTER),
        _ => Absent::Either(&documented::TELNET),
    };
    family.switch(&["telnet ipv6 server enable"], &["undo telnet ipv6 server enable", "telnet ipv6 server disable"], absent)
}

/// The Telnet server of either family, as far as the device has addresses of it.
pub(super) fn telnet_any<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    if family.has_six() == Some(false) { telnet(family) } else { either(family.device.host, telnet(family), telnet_six(family)) }
}

/// A server that is off on VRP8 routers unless it is turned on; no page was found for the other lines.
fn absent(family: &Family<'_, '_>, router: &'static Documented, setting: &'static str) -> Absent {
    if family.train == Train::Router8 { Absent::Is(false, router) } else { Absent::Undocumented(setting) }
}

/// The SSH server's terminal service.
pub(super) fn stelnet<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    family.switch(
        &["stelnet server enable", "stelnet ipv4 server enable", "stelnet ipv6 server enable"],
        &["undo stelnet server enable", "stelnet server disable"],
        absent(family, &documented::STELNET_ROUTER, "stelnet server enable"),
    )
}

/// The FTP server. That of IPv6 may be turned on behind what a cut capture shows.
pub(super) fn ftp<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let cell = family.switch(
        &["ftp server enable", "ftp ipv6 server enable"],
        &["undo ftp server", "undo ftp ipv6 server", "ftp server disable"],
        absent(family, &documented::FTP_ROUTER, "ftp server enable"),
    );
    if cell.value() == Some(Value::Boolean(false)) { family.device.unless_cut(cell) } else { cell }
}

/// The TFTP server.
pub(super) fn tftp<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    family.switch(&["tftp server enable", "tftp-server enable"], &["undo tftp server enable"], Absent::Undocumented("tftp server enable"))
}

/// The web server without encryption.
pub(super) fn http<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    family.switch(
        &["http server enable", "web-manager enable"],
        &["undo http server enable", "http server disable", "undo web-manager enable"],
        Absent::Undocumented("http server enable"),
    )
}

/// The web server with TLS.
pub(super) fn https<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Firewall => Absent::Is(true, &documented::HTTPS_FIREWALL),
        _ => Absent::Undocumented("http secure-server enable"),
    };
    family.switch(
        &["http secure-server enable", "web-manager security enable", "web-manager security version"],
        &["undo http secure-server enable", "http secure-server disable", "undo web-manager security enable"],
        absent,
    )
}

/// Whether NTP runs: it does unless it is turned off.
pub(super) fn ntp_runs<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    match family.toggled(&["ntp-service enable", "ntp enable"], &["ntp-service disable", "ntp disable", "undo ntp-service enable"]) {
        Some((on, node)) => family.device.decided(Value::Boolean(on), node),
        None => family.device.known_absence(Value::Boolean(true)),
    }
}

/// What the SNMP agent answers, as text.
pub(super) fn snmp_versions<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    match family
        .last(&["snmp-agent sys-info version"])
        .and_then(|(_, node)| Some((family.values(node, "snmp-agent sys-info version")?, node)))
    {
        Some((text, node)) => family.device.decided(Value::Text(text), node),
        None => family.device.depends(&[Value::Text("v3"), Value::Text("all")], &documented::SNMP_VERSIONS),
    }
}

/// The statements of the password policy for administrators, and the line that opens or closes it.
pub(super) struct PasswordPolicy<'a> {
    pub(super) on: Option<(bool, Node<'a>)>,
    pub(super) expire: Option<(&'a str, Node<'a>)>,
    pub(super) history: Option<(&'a str, Node<'a>)>,
}

/// Reads the password policy for administrators.
pub(super) fn password_policy<'a>(family: &Family<'_, 'a>) -> PasswordPolicy<'a> {
    const OPENS: &str = "local-aaa-user password policy administrator";
    let root = family.device.root();
    let aaa = || root.merged("aaa");
    let on = crate::facts::vrp_family::last_of(aaa(), &[OPENS, "undo local-aaa-user password policy administrator"]);
    let within = |pattern: &'static str| {
        let found = aaa().filter(|node| node.starts(OPENS)).flat_map(Node::children).filter(|node| node.starts(pattern)).last()?;
        Some((found.rest(pattern)?, found))
    };
    PasswordPolicy {
        on: on.map(|(place, node)| (place == 0, node)),
        expire: within("password expire"),
        history: within("password history record number"),
    }
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    for (name, cell) in [
        ("ftp-server", ftp(family)),
        ("http-server", http(family)),
        ("https-server", https(family)),
        ("info-center", family.info_center()),
        ("ntp-authentication", ntp_authentication(family)),
        ("ssh1-compatible", ssh1(family)),
        ("stelnet-server", stelnet(family)),
        ("telnet-server", telnet(family)),
        ("telnet-server-ipv6", telnet_six(family)),
        ("tftp-server", tftp(family)),
    ] {
        family.push_switch(tables, &HUAWEI_SETTINGS, name, cell);
    }
    let set = |tables: &mut Tables<'a>, name, written, unwritten, read: fn(&str) -> Readings<'static>| {
        family.device.setting(tables, (&HUAWEI_SETTINGS, super::PRODUCT.name, name), written, unwritten, read);
    };
    let timestamp = family.last(&["info-center timestamp log", "undo info-center timestamp log"]);
    let timestamp = timestamp.and_then(|(place, node)| Some((if place == 0 { family.lower(node.word(3)?) } else { "date" }, node)));
    set(tables, "log-timestamp", timestamp, Unwritten::Is("date", &documented::TIMESTAMP), plain);
    let state = family.loghost_state().map(|(open, node)| (if open { "on" } else { "off" }, node));
    set(tables, "loghost-state", state, Unwritten::Is("on", &documented::LOGHOST_STATE), switch);
    let versions = family
        .last(&["snmp-agent sys-info version"])
        .and_then(|(_, node)| Some((family.values(node, "snmp-agent sys-info version")?, node)));
    set(tables, "snmp-versions", versions, Unwritten::OneOf(&["v3", "all"], &documented::SNMP_VERSIONS), plain);
    set(tables, "super-password", super_password(family), Unwritten::Nothing, plain);
    push_password_policy(family, tables);
}

/// Adds the rows about passwords.
fn push_password_policy<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let policy = password_policy(family);
    let set = |tables: &mut Tables<'a>, name, written, unwritten, read: fn(&str) -> Readings<'static>| {
        family.device.setting(tables, (&HUAWEI_SETTINGS, super::PRODUCT.name, name), written, unwritten, read);
    };
    let on = policy.on.map(|(on, node)| (if on { "on" } else { "off" }, node));
    set(tables, "password-policy", on, Unwritten::OneOf(&["off", "on"], &documented::PASSWORD_POLICY), switch);
    let shown = policy.on.is_some_and(|(on, _)| on);
    let expire = if shown {
        Unwritten::Is("90", &documented::PASSWORD_EXPIRE)
    } else {
        Unwritten::OneOf(&["0", "90"], &documented::PASSWORD_POLICY)
    };
    set(tables, "password-expire", policy.expire, expire, number);
    set(tables, "password-history", policy.history, Unwritten::OneOf(&["5", "10"], &documented::PASSWORD_HISTORY), number);
    let complexity = complexity(family).map(|(on, node)| (if on { "on" } else { "off" }, node));
    set(tables, "password-complexity", complexity, Unwritten::Undocumented, switch);
}

/// Whether new passwords are checked, where a line says so.
pub(super) fn complexity<'a>(family: &Family<'_, 'a>) -> Option<(bool, Node<'a>)> {
    let nodes = family.device.root().merged("aaa").chain(family.device.root().children());
    const ON: &[&str] = &["user-password complexity-check", "local-user password complexity-check"];
    const OFF: &[&str] = &["undo user-password complexity-check", "undo local-user password complexity-check"];
    let found = crate::facts::vrp_family::last_of(nodes, &[ON, OFF].concat());
    found.map(|(place, node)| (place < ON.len(), node))
}

/// SSH version 1.
fn ssh1<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Router8 => Absent::Is(false, &documented::SSH1_ROUTER),
        _ => Absent::Either(&documented::SSH1),
    };
    family.switch(
        &["ssh server compatible-ssh1x enable"],
        &["undo ssh server compatible-ssh1x enable", "ssh server compatible-ssh1x disable"],
        absent,
    )
}

fn ntp_authentication<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    family.switch(
        &["ntp-service authentication enable", "ntp authentication enable"],
        &["undo ntp-service authentication enable", "undo ntp authentication enable"],
        Absent::Is(false, &documented::NTP_AUTHENTICATION),
    )
}

/// How the password for raising one's level is kept.
fn super_password<'a>(family: &Family<'_, 'a>) -> Option<(&'a str, Node<'a>)> {
    let (place, node) = family.last(&["super password", "undo super password"])?;
    let word = keywords(node).find(|word| matches!(*word, "cipher" | "irreversible-cipher" | "simple" | "hash"));
    (place == 0).then(|| (word.unwrap_or(""), node))
}
