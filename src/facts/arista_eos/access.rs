//! `management ssh`, `management telnet` and `management console` into `remote-access`, `services` and `crypto`.

use super::super::cisco_words::{live, toggled, written};
use super::super::switch::{Applied, Login, Switch, Way};
use super::documented as doc;
use super::{apis, login};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::{CRYPTO, REMOTE_ACCESS};

/// A block of a VRF below `management …`, merged where it stands twice.
pub(super) struct Place<'a> {
    /// None for the default VRF.
    pub(super) vrf: Option<&'a str>,
    /// Its statements; for the default VRF, those of a block `vrf default`.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) blocks: Vec<Node<'a>>,
}

/// The VRFs that a service names, the default one first.
pub(super) fn places<'a>(statements: &[Node<'a>]) -> Vec<Place<'a>> {
    let mut found: Vec<Place<'a>> = vec![Place { vrf: None, nodes: Vec::new(), blocks: Vec::new() }];
    for block in statements.iter().filter(|node| node.starts("vrf")) {
        let name = block.word(1).filter(|name| *name != "default");
        let at = found.iter().position(|place| place.vrf == name).unwrap_or_else(|| {
            found.push(Place { vrf: name, nodes: Vec::new(), blocks: Vec::new() });
            found.len() - 1
        });
        found[at].nodes.extend(block.children());
        found[at].blocks.push(*block);
    }
    found
}

/// The lists that guard a service in a VRF: those of the VRF's own block, and those that name it.
pub(super) fn applied<'a>(statements: &[Node<'a>], place: &Place<'a>, used: &'static str) -> Vec<Applied<'a>> {
    let mut found = Vec::new();
    for (pattern, six) in [("ip access-group", false), ("ipv6 access-group", true)] {
        let named = live(statements.iter().copied(), pattern).into_iter().filter(|node| vrf_of(*node) == place.vrf);
        let inner = live(place.nodes.iter().copied(), pattern);
        let inbound = named.chain(inner).filter(|node| node.words().last() != Some("out"));
        found.extend(inbound.filter_map(|node| Some(Applied { name: node.word(2)?, six, used, node })));
    }
    found
}

/// The VRF that `ip access-group LIST vrf V in` names.
fn vrf_of(node: Node<'_>) -> Option<&str> {
    node.words().skip_while(|word| *word != "vrf").nth(1).filter(|name| *name != "default")
}

/// The lists that guard everything that reaches the switch itself in a VRF.
pub(super) fn control_plane<'a>(eos: &Switch<'_, 'a>, vrf: Option<&'a str>) -> Vec<Applied<'a>> {
    let statements: Vec<Node<'a>> = eos.inside("control-plane").chain(eos.inside("system control-plane")).collect();
    applied(&statements, &Place { vrf, nodes: Vec::new(), blocks: Vec::new() }, "control-plane")
}

/// Whether an interface of a VRF has IPv6.
pub(super) fn has_six<'a>(eos: &Switch<'_, 'a>, vrf: Option<&str>) -> bool {
    eos.live("interface").into_iter().any(|interface| {
        let own = interface.children().filter(|node| node.starts("vrf")).last();
        let name = own.and_then(|node| if node.word(1) == Some("forwarding") { node.word(2) } else { node.word(1) });
        name == vrf && interface.children().any(|node| node.starts("ipv6 address") || node.starts("ipv6 enable"))
    })
}

pub(super) fn fill<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let network = login(eos, false);
    for (service, block, port) in [("ssh", "management ssh", 22), ("telnet", "management telnet", 23)] {
        let statements: Vec<Node<'a>> = eos.inside(block).collect();
        for place in places(&statements) {
            let enabled = enabled(eos, service, &statements, &place);
            if place.vrf.is_none() && service == "telnet" {
                eos.push_cleartext(tables, ("telnet", port.into()), enabled);
            }
            if tables.wants(&REMOTE_ACCESS) {
                push_terminal(eos, tables, (service, port, enabled), &statements, &place, &network);
            }
        }
    }
    apis::fill(eos, tables, &network);
    if tables.wants(&REMOTE_ACCESS) {
        push_console(eos, tables);
    }
    if tables.wants(&CRYPTO) {
        push_crypto(eos, tables);
    }
}

/// Whether a terminal service answers in a VRF.
pub(super) fn enabled<'a>(eos: &Switch<'_, 'a>, service: &str, statements: &[Node<'a>], place: &Place<'a>) -> Cell<'a> {
    let inner = toggled(place.nodes.iter().copied(), "shutdown");
    let outer = if place.vrf.is_none() { toggled(statements.iter().copied(), "shutdown") } else { None };
    match (inner.or(outer), place.vrf) {
        (Some((down, node)), _) => eos.device.decided(Value::Boolean(!down), node),
        (None, Some(vrf)) => eos.not_shown(eos.device.host.text(&format!("vrf {vrf}: shutdown")), &place.blocks),
        (None, None) if service == "ssh" => eos.device.defaulted(Value::Boolean(true), &doc::SSH_ON),
        (None, None) => eos.device.defaulted(Value::Boolean(false), &doc::TELNET_OFF),
    }
}

/// What a VRF is called in `scope`.
pub(super) fn scope<'a>(eos: &Switch<'_, 'a>, vrf: Option<&str>) -> &'a str {
    eos.device.host.text(&format!("vrf {}", vrf.unwrap_or("default")))
}

fn push_terminal<'a>(
    eos: &Switch<'_, 'a>,
    tables: &mut Tables<'a>,
    (service, port, enabled): (&'static str, u16, Cell<'a>),
    statements: &[Node<'a>],
    place: &Place<'a>,
    login: &Login<'a>,
) {
    let own = applied(statements, place, if service == "ssh" { "ssh" } else { "vty" });
    let below = control_plane(eos, place.vrf);
    let stages: [&[Applied<'a>]; 2] = [&own, &below];
    let of = |pattern| written(statements.iter().copied(), pattern);
    let way = Way {
        service,
        scope: scope(eos, place.vrf),
        enabled,
        encrypted: service == "ssh",
        sources: eos.guarded(&stages, has_six(eos, place.vrf), &Service::tcp(Ports::only(port))),
        login,
        idle: eos.minutes(of("idle-timeout"), 1, "idle-timeout"),
        login_timeout: eos.seconds(of("login timeout"), 2, "login timeout"),
        attempts: eos.device.undocumented("attempts per connection"),
        lockout: lockout(eos),
        privileged: privileged(eos),
        root_login: root(eos),
    };
    eos.push_way(tables, &way);
}

fn push_console<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let statements: Vec<Node<'a>> = eos.inside("management console").collect();
    let way = Way {
        service: "console",
        scope: "console",
        enabled: Cell::known(Value::Boolean(true), eos.searched()),
        encrypted: false,
        sources: eos.nobody(),
        login: &login(eos, true),
        idle: eos.minutes(written(statements.iter().copied(), "idle-timeout"), 1, "management console: idle-timeout"),
        login_timeout: eos.device.undocumented("login timeout"),
        attempts: eos.device.undocumented("attempts per connection"),
        lockout: lockout(eos),
        privileged: privileged(eos),
        root_login: root(eos),
    };
    eos.push_way(tables, &way);
}

/// Failures that lock a user: `aaa authentication policy lockout failure 5 window 60 duration 900`.
pub(super) fn lockout<'a>(eos: &Switch<'_, 'a>) -> Cell<'a> {
    eos.number(eos.written("aaa authentication policy lockout failure"), 5, "aaa authentication policy lockout")
}

/// Whether the account of the operating system below may log in.
pub(super) fn root<'a>(eos: &Switch<'_, 'a>) -> Cell<'a> {
    match eos.toggled("aaa root") {
        Some((on, node)) => eos.device.decided(Value::Word(if on { "yes" } else { "no" }), node),
        None => eos.device.defaulted(Value::Word("no"), &doc::ROOT_OFF),
    }
}

/// Whether a session begins in the privileged mode: only where sessions are authorized, by the level of the user.
pub(super) fn privileged<'a>(eos: &Switch<'_, 'a>) -> Cell<'a> {
    let Some(authorization) = eos.written("aaa authorization exec default") else {
        return eos.device.defaulted(Value::Boolean(false), &doc::LOWER_MODE);
    };
    if authorization.word(4) != Some("local") {
        return eos.not_shown("aaa authorization exec", &[authorization]);
    }
    let raised = |node: &Node<'a>| {
        let level = super::switch::behind(*node, "privilege").and_then(|word| word.parse::<u32>().ok());
        level.is_some_and(|level| level > 1)
    };
    match eos.live("username").into_iter().find(raised) {
        Some(user) => eos.device.decided_by(Value::Boolean(true), &[user, authorization]),
        None => eos.device.unless_cut(eos.device.decided(Value::Boolean(false), authorization)),
    }
}

/// Algorithms of SSH, and versions of TLS that profiles offer.
fn push_crypto<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    for (pattern, kind, from) in
        [("cipher", "cipher", 1), ("mac", "mac", 1), ("key-exchange", "key-exchange", 1), ("hostkey server", "host-key", 2)]
    {
        if let Some(node) = written(eos.inside("management ssh"), pattern) {
            eos.push_algorithms(tables, ("sshd", kind), node, from);
        }
    }
    for profile in eos.inside("management security").filter(|node| node.starts("ssl profile")) {
        let context = profile.text();
        for version in
            written(profile.children(), "tls versions").into_iter().flat_map(|node| node.words().skip(2).map(move |it| (it, node)))
        {
            let strong = match version.0 {
                "1.3" => "strong",
                "1.2" => "acceptable",
                _ => "weak",
            };
            let name = eos.device.host.text(&format!("TLS {}", version.0));
            eos.push_algorithm(tables, (context, "protocol", name, strong), version.1);
        }
    }
}
