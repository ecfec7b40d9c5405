//! Servers of IOS that answer the network without encryption, or let it change the device, into the rows of `services`.

use super::access::admits;
use super::documented as doc;
use super::lines::ranges;
use super::statements::{Ios, Said};
use crate::facts::device::cells::Unwritten;
use crate::facts::{Cell, State, Tables, Value};
use crate::schema::neutral::SERVICES;

/// One server: its name, its statements, its port and transport.
type Server = (&'static str, &'static [&'static str], i64, &'static str);

/// Servers that a statement turns on. What is not written is said by [`unwritten`].
const SERVERS: &[Server] = &[
    ("bootp", &["ip bootp server"], 67, "udp"),
    ("finger", &["ip finger", "service finger"], 79, "tcp"),
    ("ftp", &["ftp-server enable"], 21, "tcp"),
    ("http", &["ip http server"], 80, "tcp"),
    ("pad", &["service pad"], 0, "x25"),
    ("rcp", &["ip rcmd rcp-enable"], 514, "tcp"),
    ("rsh", &["ip rcmd rsh-enable"], 514, "tcp"),
    ("smart-install", &["vstack"], 4786, "tcp"),
    ("tcp-small-servers", &["service tcp-small-servers"], 7, "tcp"),
    ("tftp", &["tftp-server"], 69, "udp"),
    ("udp-small-servers", &["service udp-small-servers"], 7, "udp"),
];

/// What holds where nothing is written of a server.
fn unwritten(ios: &Ios<'_, '_>, name: &str) -> Unwritten {
    match name {
        "ftp" | "rcp" | "rsh" | "tftp" => Unwritten::Nothing,
        "finger" => doc::finger(ios.release()),
        "pad" => doc::pad(ios.release()),
        "tcp-small-servers" | "udp-small-servers" => doc::small_servers(ios.release()),
        _ => Unwritten::Undocumented,
    }
}

/// Adds the rows.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    for (name, patterns, port, transport) in SERVERS {
        // Only switches have it, and only their configurations show it.
        let shown = !matches!(ios.said(patterns[0]), Said::Nothing);
        if *name == "smart-install" && !shown && !is_switch(ios) {
            continue;
        }
        row(ios, tables, (name, *port, transport), cell(ios, name, patterns));
    }
    row(ios, tables, ("telnet", 23, "tcp"), telnet(ios));
}

/// Whether some port is one of a switch.
fn is_switch(ios: &Ios<'_, '_>) -> bool {
    ios.every("interface").iter().any(|node| node.children().any(|line| line.starts("switchport")))
}

/// Whether a server runs.
fn cell<'a>(ios: &Ios<'_, 'a>, name: &str, patterns: &[&'static str]) -> Cell<'a> {
    let said = patterns.iter().map(|pattern| ios.said(pattern)).reduce(|one, other| match (one, other) {
        (Said::Yes(node), _) | (_, Said::Yes(node)) => Said::Yes(node),
        (Said::No(node), _) | (_, Said::No(node)) => Said::No(node),
        _ => Said::Nothing,
    });
    match said {
        Some(Said::Yes(node)) => ios.device.decided(Value::Boolean(true), node),
        Some(Said::No(node)) => ios.device.decided(Value::Boolean(false), node),
        _ => match unwritten(ios, name) {
            Unwritten::Is(text, default) => ios.device.defaulted(Value::Boolean(text == "on"), default),
            Unwritten::OneOf(_, default) => ios.device.depends(&[Value::Boolean(false), Value::Boolean(true)], default),
            Unwritten::Undocumented => ios.device.undocumented(patterns.first().copied().unwrap_or_default()),
            Unwritten::Nothing => ios.device.known_absence(Value::Boolean(false)),
        },
    }
}

/// Whether some terminal admits Telnet: one that does decides, else one of which that is not known.
fn telnet<'a>(ios: &Ios<'_, 'a>) -> Cell<'a> {
    let cells: Vec<Cell<'a>> = ranges(ios).iter().filter(|range| range.terminal).map(|range| admits(ios, range, "telnet")).collect();
    let on = cells.iter().find(|cell| cell.value() == Some(Value::Boolean(true)));
    let unclear = cells.iter().find(|cell| matches!(cell.state, State::Unknown(..)));
    match on.or(unclear).or(cells.first()) {
        Some(cell) if on.is_none() => ios.device.unless_cut(*cell),
        Some(cell) => *cell,
        None => ios.device.undocumented("transport input"),
    }
}

fn row<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, (name, port, transport): (&'static str, i64, &'static str), enabled: Cell<'a>) {
    let here = |value| Cell::known(value, enabled.evidence);
    let port = if port == 0 { Cell::unset(enabled.evidence) } else { here(Value::Integer(port)) };
    let mut row = ios.device.host.row(&SERVICES, super::PRODUCT.name);
    row.set(const { SERVICES.column("name") }, here(Value::Text(name)))
        .set(const { SERVICES.column("port") }, port)
        .set(const { SERVICES.column("protocol") }, here(Value::Text(transport)))
        .set(const { SERVICES.column("enabled") }, enabled)
        .set(const { SERVICES.column("cleartext") }, here(Value::Boolean(true)));
    tables.push(row);
}
