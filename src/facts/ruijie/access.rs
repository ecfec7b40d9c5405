//! Lines, `enable service` and `ip ssh` into `remote-access`, `services` and `crypto`.

use super::super::switch::{Applied, Switch, Way};
use super::has_six;
use super::lines::{Range, console, login, terminals};
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::{CRYPTO, REMOTE_ACCESS};

static RETRIES: Documented = Documented {
    setting: "ip ssh authentication-retries 3",
    versions: "RGOS 10 and later",
    source: "Ruijie RG-WLAN Series, Configuration Guide, Configuring SSH, Maximum Number of SSH Authentication Retries",
};

/// The statement that turns a server on or off.
pub(super) fn server<'a>(rgos: &Switch<'_, 'a>, name: &str) -> Option<(bool, Node<'a>)> {
    rgos.toggled(&format!("enable service {name}"))
}

pub(super) fn fill<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    rgos.push_cleartext(tables, ("telnet", 23), rgos.flag(server(rgos, "telnet-server"), "enable service telnet-server"));
    for name in ["ftp-server", "tftp-server"] {
        if let Some((on, node)) = rgos.toggled(&format!("{name} enable")) {
            let port = if name == "ftp-server" { 21 } else { 69 };
            rgos.push_cleartext(tables, (name.trim_end_matches("-server"), port), rgos.device.decided(Value::Boolean(on), node));
        }
    }
    if tables.wants(&REMOTE_ACCESS) {
        for range in terminals(rgos) {
            for (service, port) in [("ssh", 22), ("telnet", 23)] {
                push_range(rgos, tables, &range, (service, port));
            }
        }
        push_console(rgos, tables);
    }
    if tables.wants(&CRYPTO) {
        for (pattern, kind) in [("ip ssh cipher-mode", "cipher"), ("ip ssh hmac-algorithm", "mac"), ("ip ssh key-exchange", "key-exchange")]
        {
            if let Some(node) = rgos.written(pattern) {
                rgos.push_algorithms(tables, ("sshd", kind), node, 3);
            }
        }
    }
}

/// Whether a range admits a protocol: its server is on, and the lines take it.
fn admits<'a>(rgos: &Switch<'_, 'a>, range: &Range<'a>, service: &str) -> Cell<'a> {
    let server = server(rgos, &format!("{service}-server"));
    if let Some((false, node)) = server {
        return rgos.device.decided(Value::Boolean(false), node);
    }
    let input = range.written("transport input");
    let takes = input.map(|node| (node.words().skip(2).any(|word| word == service || word == "all"), node));
    match (takes, server) {
        (Some((false, node)), _) => rgos.device.decided(Value::Boolean(false), node),
        (Some((true, node)), Some((true, on))) => rgos.device.decided_by(Value::Boolean(true), &[node, on]),
        (Some((true, node)), _) => rgos.not_shown(rgos.device.host.text(&format!("enable service {service}-server")), &[node]),
        (None, _) => rgos.not_shown(rgos.device.host.text(&format!("transport input ({})", range.scope)), &range.blocks),
    }
}

/// The lists that guard a range.
fn applied<'a>(range: &Range<'a>) -> Vec<Applied<'a>> {
    let list = |pattern: &str, at: usize, six: bool| {
        let node = range.written(pattern).filter(|node| node.words().last() != Some("out"))?;
        Some(Applied { name: node.word(at)?, six, used: "vty", node })
    };
    [list("access-class", 1, false), list("ipv6 access-class", 2, true)].into_iter().flatten().collect()
}

fn push_range<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>, range: &Range<'a>, (service, port): (&'static str, u16)) {
    let lists = applied(range);
    let stages: [&[Applied<'a>]; 1] = [&lists];
    let own = rgos.written("ip ssh access-class").filter(|_| service == "ssh" && lists.is_empty());
    let sources = match (own, range.blocks.is_empty()) {
        // No page of the vendor says how it goes together with the lists of the lines.
        (Some(node), _) => (rgos.unread(node), rgos.unread(node)),
        (None, true) => (rgos.not_shown("access-class", &[]), rgos.not_shown("access-class", &[])),
        (None, false) => rgos.guarded(&stages, has_six(rgos), &Service::tcp(Ports::only(port))),
    };
    let ssh = service == "ssh";
    let attempts = match rgos.written("ip ssh authentication-retries").filter(|_| ssh) {
        None if ssh => rgos.device.defaulted(Value::Integer(3), &RETRIES),
        found => rgos.number(found, 3, "attempts per connection"),
    };
    let way = Way {
        service,
        scope: range.scope,
        enabled: admits(rgos, range, service),
        encrypted: ssh,
        sources,
        login: &login(rgos, range),
        idle: rgos.minutes(range.written("exec-timeout"), 1, "exec-timeout"),
        login_timeout: rgos.seconds(rgos.written("ip ssh time-out").filter(|_| ssh), 3, "ip ssh time-out"),
        attempts,
        lockout: lockout(rgos),
        privileged: privileged(rgos, range),
        root_login: Cell::unset(rgos.searched()),
    };
    rgos.push_way(tables, &way);
}

fn push_console<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let range = console(rgos);
    let way = Way {
        service: "console",
        scope: range.scope,
        enabled: Cell::known(Value::Boolean(true), rgos.searched()),
        encrypted: false,
        sources: rgos.nobody(),
        login: &login(rgos, &range),
        idle: rgos.minutes(range.written("exec-timeout"), 1, "line console 0: exec-timeout"),
        login_timeout: rgos.device.undocumented("login timeout"),
        attempts: rgos.device.undocumented("attempts per connection"),
        lockout: lockout(rgos),
        privileged: privileged(rgos, &range),
        root_login: Cell::unset(rgos.searched()),
    };
    rgos.push_way(tables, &way);
}

/// Failures that lock a local user.
pub(super) fn lockout<'a>(rgos: &Switch<'_, 'a>) -> Cell<'a> {
    rgos.number(rgos.written("aaa local authentication attempts"), 4, "aaa local authentication attempts")
}

/// Whether the lines give the highest level at once; otherwise the level of the user decides.
fn privileged<'a>(rgos: &Switch<'_, 'a>, range: &Range<'a>) -> Cell<'a> {
    match range.written("privilege level").filter(|node| node.word(2) == Some("15")) {
        Some(node) => rgos.device.decided(Value::Boolean(true), node),
        None => rgos.not_shown("privilege level", &range.blocks),
    }
}
