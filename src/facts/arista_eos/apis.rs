//! `management api …` into rows of `remote-access`, `services` and `references`.

use super::super::cisco_words::{toggled, written};
use super::super::switch::{Applied, Login, Switch, Way};
use super::access::{Place, applied, control_plane, has_six, lockout, places, privileged, root, scope};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::REMOTE_ACCESS;

/// The block of the command API.
const COMMANDS: &str = "management api http-commands";

/// A programming interface in one VRF.
struct Interface<'w, 'a> {
    scope: &'a str,
    enabled: Cell<'a>,
    encrypted: bool,
    port: u16,
    vrf: Option<&'a str>,
    lists: &'w [Applied<'a>],
}

pub(super) fn fill<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, login: &Login<'a>) {
    if !eos.blocks(COMMANDS).is_empty() {
        push_commands(eos, tables, login);
    }
    for (block, port, what) in
        [("management api gnmi", 6030, "gnmi"), ("management api netconf", 830, "netconf"), ("management api restconf", 6020, "restconf")]
    {
        for transport in eos.inside(block).filter(|node| node.starts("transport")) {
            push_transport(eos, tables, login, (transport, port, what));
        }
    }
}

/// The statement that offers the command API without TLS to others than the switch itself.
pub(super) fn cleartext<'a>(eos: &Switch<'_, 'a>) -> Option<(bool, Node<'a>)> {
    toggled(eos.inside(COMMANDS).filter(|node| !node.words().any(|word| word == "localhost")), "protocol http")
}

/// Whether the command API runs at all.
pub(super) fn commands<'a>(eos: &Switch<'_, 'a>) -> Option<(bool, Node<'a>)> {
    toggled(eos.inside(COMMANDS), "shutdown").map(|(down, node)| (!down, node))
}

fn push_commands<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, login: &Login<'a>) {
    let statements: Vec<Node<'a>> = eos.inside(COMMANDS).collect();
    let http = cleartext(eos);
    let all = places(&statements);
    if let Some((on, node)) = http {
        let runs = eos.device.decided(Value::Boolean(on), node);
        let stopped = commands(eos).filter(|(runs, _)| !runs).map(|(_, node)| eos.device.decided(Value::Boolean(false), node));
        eos.push_cleartext(tables, ("http-commands", 80), stopped.unwrap_or(runs));
    }
    for node in &statements {
        if let Some(name) = super::switch::behind(*node, "profile").filter(|_| node.starts("protocol https ssl")) {
            push_profile(eos, tables, name, *node);
        }
    }
    for place in &all {
        let lists = applied(&statements, place, "http");
        let cleartext = http.is_some_and(|(on, _)| on);
        let interface = Interface {
            scope: eos.device.host.text(&format!("http-commands {}", scope(eos, place.vrf))),
            enabled: answers(eos, place, all.len() > 1),
            encrypted: !cleartext,
            port: if cleartext { 80 } else { 443 },
            vrf: place.vrf,
            lists: &lists,
        };
        push(eos, tables, login, interface);
    }
}

/// Whether the command API answers in a VRF: it runs, and the VRF's own block does not stop it.
fn answers<'a>(eos: &Switch<'_, 'a>, place: &Place<'a>, has_vrfs: bool) -> Cell<'a> {
    let inner = toggled(place.nodes.iter().copied(), "shutdown");
    let what = "management api http-commands: shutdown";
    match (commands(eos), inner) {
        (Some((false, node)), _) | (_, Some((true, node))) => eos.device.decided(Value::Boolean(false), node),
        (Some((true, node)), Some((false, own))) => eos.device.decided_by(Value::Boolean(true), &[own, node]),
        // No page of the vendor says whether naming another VRF leaves the default one.
        (Some((true, node)), None) if place.vrf.is_none() && !has_vrfs => eos.device.decided(Value::Boolean(true), node),
        _ => eos.not_shown(what, &place.blocks),
    }
}

fn push_transport<'a>(
    eos: &Switch<'_, 'a>,
    tables: &mut Tables<'a>,
    login: &Login<'a>,
    (transport, port, what): (Node<'a>, u16, &'static str),
) {
    let statements: Vec<Node<'a>> = transport.children().collect();
    let of = |pattern| written(statements.iter().copied(), pattern);
    let enabled = match toggled(statements.iter().copied(), "shutdown") {
        Some((down, node)) => eos.device.decided(Value::Boolean(!down), node),
        None => eos.not_shown(eos.device.host.text(&format!("{}: shutdown", transport.text())), &[transport]),
    };
    let profile = of("ssl profile");
    if let Some((name, node)) = profile.and_then(|node| Some((node.word(2)?, node))) {
        push_profile(eos, tables, name, node);
    }
    let vrf = of("vrf").and_then(|node| node.word(1)).filter(|name| *name != "default");
    let lists = applied(&statements, &Place { vrf: None, nodes: Vec::new(), blocks: Vec::new() }, "http");
    let interface = Interface {
        scope: eos.device.host.text(&format!("{what} {}", scope(eos, vrf))),
        enabled,
        encrypted: what != "gnmi" || profile.is_some(),
        port: of("port").and_then(|node| node.word(1)?.parse().ok()).unwrap_or(port),
        vrf,
        lists: &lists,
    };
    push(eos, tables, login, interface);
}

fn push<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, login: &Login<'a>, interface: Interface<'_, 'a>) {
    if !tables.wants(&REMOTE_ACCESS) {
        return;
    }
    let below = control_plane(eos, interface.vrf);
    let stages: [&[Applied<'a>]; 2] = [interface.lists, &below];
    let way = Way {
        service: "api",
        scope: interface.scope,
        enabled: interface.enabled,
        encrypted: interface.encrypted,
        sources: eos.guarded(&stages, has_six(eos, interface.vrf), &Service::tcp(Ports::only(interface.port))),
        login,
        idle: eos.device.undocumented("management api: idle timeout"),
        login_timeout: eos.device.undocumented("login timeout"),
        attempts: eos.device.undocumented("attempts per connection"),
        lockout: lockout(eos),
        privileged: privileged(eos),
        root_login: root(eos),
    };
    eos.push_way(tables, &way);
}

fn push_profile<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>, name: &'a str, node: Node<'a>) {
    let defined = eos.inside("management security").find(|line| line.starts("ssl profile") && line.word(2) == Some(name));
    eos.push_reference(tables, ("profile", name, node), defined);
}
