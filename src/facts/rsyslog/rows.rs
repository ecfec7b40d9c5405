//! Routes into rows: files and their modes, ways out, listeners, and where others' messages are kept.

use super::messages::{FACILITIES, FACILITY_NAMES, INFO};
use super::routes::{Certainty, Delivery, Destination, File, Flow, Listener, Origin, Receiver, Routes};
use super::{MAIN, PRODUCT};
use crate::facts::cell::{Cell, Evidence, State, Value, Why};
use crate::facts::host::Host;
use crate::facts::logrotate;
use crate::facts::systemd_units::{Starts, starts};
use crate::facts::table::Tables;
use crate::schema::linux::{RSYSLOG_FILES, RSYSLOG_FORWARDING};
use crate::schema::neutral::{LOG_STORE, SERVICES};

/// Fills every table that is wanted.
pub(super) fn fill<'a>(host: &Host<'a>, routes: &'a Routes<'a>, tables: &mut Tables<'a>) {
    if tables.wants(&RSYSLOG_FILES) {
        files(host, routes, tables);
    }
    if tables.wants(&RSYSLOG_FORWARDING) {
        forwarding(host, routes, tables);
    }
    if tables.wants(&LOG_STORE) {
        stores(host, routes, tables);
    }
    if tables.wants(&SERVICES) {
        services(host, routes, tables);
    }
    for gap in routes.gaps {
        gap_rows(host, gap.why, tables);
    }
}

/// Rows that could be missing from each table.
fn gap_rows<'a>(host: &Host<'a>, why: Why<'a>, tables: &mut Tables<'a>) {
    for table in PRODUCT.fills {
        let mut row = host.gap(table, PRODUCT.name, why);
        if table.name == SERVICES.name {
            row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(PRODUCT.name), &[]));
        }
        tables.push(row);
    }
}

/// Every delivery of every flow.
fn deliveries<'a>(routes: &'a Routes<'a>) -> impl Iterator<Item = &'a Delivery<'a>> {
    routes.flows.iter().flat_map(|flow| flow.deliveries)
}

/// A row per file; where two actions create it with different modes, either may be the first.
fn files<'a>(host: &Host<'a>, routes: &'a Routes<'a>, tables: &mut Tables<'a>) {
    let mut seen: Vec<(File<'a>, &'a [Evidence<'a>])> = Vec::new();
    for delivery in deliveries(routes) {
        let Destination::File(file) = delivery.to else { continue };
        match seen.iter_mut().find(|(it, _)| it.path == file.path) {
            Some((it, _)) => it.mode = either(host, it.mode, file.mode),
            None => seen.push((file, delivery.evidence)),
        }
    }
    for (file, evidence) in seen {
        let mut row = host.row(&RSYSLOG_FILES, PRODUCT.name);
        row.set(const { RSYSLOG_FILES.column("path") }, Cell::known(Value::Text(file.path), evidence));
        row.set(const { RSYSLOG_FILES.column("dynamic") }, Cell::known(Value::Boolean(file.dynamic), evidence));
        row.set(const { RSYSLOG_FILES.column("mode") }, file.mode);
        tables.push(row);
    }
}

/// One of two modes.
fn either<'a>(host: &Host<'a>, left: Cell<'a>, right: Cell<'a>) -> Cell<'a> {
    match (left.state, right.state) {
        (left_state, right_state) if left_state == right_state => left,
        (State::Known(one), State::Known(other)) => {
            let evidence: Vec<Evidence<'a>> = left.evidence.iter().chain(right.evidence).copied().collect();
            let candidates = host.arena().alloc_slice_copy(&[one, other]);
            Cell::one_of(Why::not_understood(MAIN), candidates, host.evidence(&evidence))
        }
        (State::Known(_), _) => right,
        _ => left,
    }
}

/// A row per way out of the host for its own messages.
fn forwarding<'a>(host: &Host<'a>, routes: &'a Routes<'a>, tables: &mut Tables<'a>) {
    for (flow, _) in routes.local() {
        for delivery in flow.deliveries {
            let Destination::Host(receiver) = delivery.to else { continue };
            let text = |value: &'a str| Cell::known(Value::Text(value), delivery.evidence);
            let mut row = host.row(&RSYSLOG_FORWARDING, PRODUCT.name);
            row.set(const { RSYSLOG_FORWARDING.column("host") }, text(receiver.host));
            row.set(const { RSYSLOG_FORWARDING.column("port") }, text(receiver.port));
            row.set(const { RSYSLOG_FORWARDING.column("protocol") }, text(receiver.protocol));
            row.set(const { RSYSLOG_FORWARDING.column("this-host") }, this_host(&receiver, delivery));
            row.set(const { RSYSLOG_FORWARDING.column("encrypted") }, receiver.encrypted);
            row.set(const { RSYSLOG_FORWARDING.column("authenticated") }, receiver.authenticated);
            row.set(const { RSYSLOG_FORWARDING.column("reliable") }, receiver.reliable);
            row.set(const { RSYSLOG_FORWARDING.column("facilities") }, facilities(host, flow, delivery));
            tables.push(row);
        }
    }
}

/// Whether the receiver is this host.
fn this_host<'a>(receiver: &Receiver<'a>, delivery: &Delivery<'a>) -> Cell<'a> {
    Cell::known(Value::Boolean(receiver.is_this_host()), delivery.evidence)
}

/// The facilities of which every message down to info gets there; one that depends on more is there and not known.
fn facilities<'a>(host: &Host<'a>, flow: &Flow<'a>, delivery: &Delivery<'a>) -> Cell<'a> {
    let mut items = Vec::new();
    for facility in (0..FACILITIES).filter(|facility| !FACILITY_NAMES[usize::from(*facility)].is_empty()) {
        let name = FACILITY_NAMES[usize::from(facility)];
        let weakest = (0..=INFO).map(|severity| delivery.reach.of(facility, severity)).min();
        match weakest.unwrap_or(Certainty::No) {
            Certainty::Certain => items.push(Value::Text(name)),
            Certainty::Possible => items.push(Value::Opaque(name)),
            Certainty::No => {}
        }
    }
    let dropped = flow.stops.iter().map(|stop| Evidence::Shadowed(stop.span));
    let evidence: Vec<Evidence<'a>> = delivery.evidence.iter().copied().chain(dropped.take(8)).collect();
    Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), host.evidence(&evidence))
}

/// The listeners, and for each its text `tcp/6514`.
fn listeners<'a>(host: &Host<'a>, routes: &'a Routes<'a>) -> Vec<(Listener<'a>, &'a Flow<'a>, &'a str, &'a [Evidence<'a>])> {
    let mut out = Vec::new();
    for input in routes.inputs {
        let (Origin::Listener(listener), Some(flow)) = (input.origin, routes.flow_of(input)) else { continue };
        let text = host.text(&format!("{}/{}", listener.transport, listener.port));
        out.push((listener, flow, text, input.evidence));
    }
    out
}

/// A row per file in which messages from listeners are kept.
fn stores<'a>(host: &Host<'a>, routes: &'a Routes<'a>, tables: &mut Tables<'a>) {
    let mut seen: Vec<(&'a str, Vec<Value<'a>>, Vec<Evidence<'a>>)> = Vec::new();
    for (_, flow, text, listening) in listeners(host, routes) {
        for delivery in flow.deliveries {
            let Destination::File(file) = delivery.to else { continue };
            match seen.iter_mut().find(|(path, ..)| *path == file.path) {
                Some((_, feeds, evidence)) => {
                    feeds.push(Value::Text(text));
                    evidence.extend_from_slice(listening);
                }
                None => {
                    let references = listening.iter().chain(delivery.evidence).copied().collect();
                    seen.push((file.path, vec![Value::Text(text)], references));
                }
            }
        }
    }
    for (path, feeds, evidence) in seen {
        let evidence = host.evidence(&evidence);
        let mut row = host.row(&LOG_STORE, PRODUCT.name);
        row.set(const { LOG_STORE.column("path") }, Cell::known(Value::Text(path), evidence));
        let feeds = Value::List(host.arena().alloc_slice_copy(&feeds));
        row.set(const { LOG_STORE.column("receives-from") }, Cell::known(feeds, evidence));
        row.set(const { LOG_STORE.column("retention") }, logrotate::retention_of(host, path).kept);
        tables.push(row);
    }
}

/// A row per listener.
fn services<'a>(host: &Host<'a>, routes: &'a Routes<'a>, tables: &mut Tables<'a>) {
    let starts = starts(host, &["rsyslog.service", "rsyslog", "syslog.service"]);
    let pieces = host.evidence(&[starts.evidence(host)]);
    let enabled = match starts {
        Starts::Yes(_) => Cell::known(Value::Boolean(true), pieces),
        Starts::No(_) => Cell::known(Value::Boolean(false), pieces),
        Starts::Unknown(why) => Cell::unknown(why, pieces),
    };
    for (listener, _, _, evidence) in listeners(host, routes) {
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let port = listener.port.parse().ok().or_else(|| (listener.port == "syslog").then_some(514));
        let mut row = host.row(&SERVICES, PRODUCT.name);
        row.set(const { SERVICES.column("name") }, known(Value::Text(PRODUCT.name)));
        row.set(const { SERVICES.column("port") }, port.map_or(Cell::unset(evidence), |port| known(Value::Integer(port))));
        row.set(const { SERVICES.column("protocol") }, known(Value::Text(listener.transport)));
        let anywhere = listener.address.is_empty();
        let address = if anywhere { Cell::unset(evidence) } else { known(Value::Text(listener.address)) };
        row.set(const { SERVICES.column("address") }, address);
        row.set(const { SERVICES.column("enabled") }, enabled);
        row.set(const { SERVICES.column("cleartext") }, not(listener.encrypted));
        tables.push(row);
    }
}

/// The opposite of a switch.
fn not(cell: Cell<'_>) -> Cell<'_> {
    match cell.value() {
        Some(Value::Boolean(on)) => Cell::known(Value::Boolean(!on), cell.evidence),
        _ => cell,
    }
}
