//! `enable service web-server` and `webmaster` into `remote-access` and `services`.

use super::super::switch::{Login, Method, Switch, Way};
use super::access::lockout;
use super::has_six;
use crate::facts::{Cell, Tables};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::REMOTE_ACCESS;

/// The last statement that turns the web server on or off for a protocol. Without a protocol it does not say which: no page of the vendor
/// that was found tells what it is then.
pub(super) fn server<'a>(rgos: &Switch<'_, 'a>, protocol: &str) -> Option<(Option<bool>, Node<'a>)> {
    let about = |word: Option<&str>| word.is_none_or(|word| word == "all" || word == protocol);
    let read = |node: Node<'a>| {
        let on = node.starts("enable service web-server");
        let off = node.starts("no enable service web-server");
        let word = node.word(if on { 3 } else { 4 });
        ((on || off) && about(word)).then_some((word.map(|_| on), node))
    };
    rgos.device.root().children().filter_map(read).last()
}

fn enabled<'a>(rgos: &Switch<'_, 'a>, protocol: &str) -> Cell<'a> {
    match server(rgos, protocol) {
        Some((None, node)) => rgos.unread(node),
        Some((Some(on), node)) => rgos.flag(Some((on, node)), "enable service web-server"),
        None => rgos.flag(None, "enable service web-server"),
    }
}

pub(super) fn fill<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    for (service, protocol, port) in [("web-http", "http", 80), ("web-https", "https", 443)] {
        let enabled = enabled(rgos, protocol);
        if protocol == "http" {
            rgos.push_cleartext(tables, ("http", 80), enabled);
        }
        if tables.wants(&REMOTE_ACCESS) {
            push(rgos, tables, (service, protocol, port), enabled);
        }
    }
}

fn push<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>, (service, scope, port): (&'static str, &'static str, u16), enabled: Cell<'a>) {
    let login = match rgos.written("webmaster") {
        Some(node) => Login { methods: Ok(vec![Method::Local]), evidence: rgos.device.host.evidence(&[rgos.device.decides(node)]) },
        None => Login::unknown(rgos.not_shown("webmaster", &[])),
    };
    let sources = match rgos.written("ip http access-class") {
        Some(node) => (rgos.unread(node), rgos.unread(node)),
        None => rgos.guarded(&[], has_six(rgos), &Service::tcp(Ports::only(port))),
    };
    let way = Way {
        service,
        scope,
        enabled,
        encrypted: scope == "https",
        sources,
        login: &login,
        idle: rgos.device.undocumented("web session timeout"),
        login_timeout: rgos.device.undocumented("login timeout"),
        attempts: rgos.device.undocumented("attempts per connection"),
        lockout: lockout(rgos),
        privileged: rgos.not_shown("webmaster level", &[]),
        root_login: Cell::unset(rgos.searched()),
    };
    rgos.push_way(tables, &way);
}

/// Users of the web server: `webmaster level 0 username admin password 7 SECRET`.
pub(super) fn users<'a>(rgos: &Switch<'_, 'a>) -> Vec<(&'a str, &'a str, Node<'a>)> {
    let read = |node: Node<'a>| Some((node.word(4)?, node.word(2)?, node));
    rgos.live("webmaster level").into_iter().filter(|node| node.word(3) == Some("username")).filter_map(read).collect()
}
