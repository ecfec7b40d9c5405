//! Assignments of the files and the values that the kernel runs with into what differs between them, key by key.
//!
//! Keys that nothing sets are left out: services set some while they start, and kernels are built with defaults of their own. So are
//! those whose value a later assignment to another key takes along (`conf.all.forwarding` sets that of every interface).

use super::order::{Applied, RUNNING};
use super::parameters::{Combination, DISABLE_IPV6, PARAMETERS, Parameter};
use super::values::{Reading, Values};
use super::{PRODUCT, UNLINKED};
use crate::facts::drift::Drift;
use crate::facts::{Cell, Host, Tables, Value, Why};
use crate::schema::neutral::DRIFT;

/// Pushes what differs.
pub(super) fn push<'a>(
    host: &Host<'a>,
    (files, configured): (&Applied<'a>, &Values<'a>),
    (applied, running): (&Applied<'a>, &Values<'a>),
    tables: &mut Tables<'a>,
) {
    let Some(first) = files.assignments.first().or(files.perhaps.first()).filter(|_| tables.wants(&DRIFT)) else { return };
    let perhaps = Values::new(host, files, true);
    let mut drift = Drift::new(host, (PRODUCT.name, ""), [RUNNING, first.source.path]);
    if let Some(hole) = applied.holes.first() {
        // The last value may be cut, too.
        drift.gap(hole.why);
        return drift.push(tables);
    }
    let mut gap = None;
    for (parameter, interface) in running.explicit() {
        if !host.spend(configured.cost(parameter)) {
            gap = gap.or(Some(Why::budget_spent(parameter.name)));
            break;
        }
        let Some(runs) = running.of(parameter, interface) else { continue };
        let Some(runs_with) = runs.text.and_then(super::values::number) else { continue };
        let own = |values: &Values<'a>| {
            values.of(parameter, interface).filter(|it| !it.is_built() && !taken_along(values, parameter, interface, it))
        };
        let (certain, other) = (own(configured), own(&perhaps));
        let shown = Cell::known(Value::Integer(runs_with), host.evidence(&[runs.evidence]));
        let setting = host.text(&key(parameter, interface));
        match (certain, other) {
            (_, Some(other)) if other.state == Ok(runs_with) && certain.is_none_or(|it| it.state != Ok(runs_with)) => {
                drift.compare(setting, shown, shown);
            }
            (Some(certain), _) => match certain.state {
                Ok(number) => drift.compare(setting, Cell::known(Value::Integer(number), host.evidence(&pieces(&certain))), shown),
                Err(doubt) => gap = gap.or(Some(doubt.why)),
            },
            (None, Some(_)) => gap = gap.or(Some(Why::new("not-linked", &UNLINKED, super::SYSCTL_CONF))),
            (None, None) => {}
        }
    }
    if let Some(why) = gap {
        drift.gap(why);
    }
    drift.push(tables);
}

/// What a reading of the files rests on.
fn pieces<'a>(reading: &Reading<'a>) -> Vec<crate::facts::Evidence<'a>> {
    std::iter::once(reading.evidence).chain(reading.shadowed).collect()
}

/// The key as sysctl(8) prints it.
fn key(parameter: &Parameter, interface: &str) -> String {
    match parameter.of_interface {
        Some((family, last)) if parameter.name != "net.ipv4.ip_forward" || interface != "all" => {
            format!("net.{family}.conf.{}.{last}", interface.replace('.', "/"))
        }
        _ => parameter.name.to_owned(),
    }
}

/// Whether what is assigned later to another key sets this one too: Linux, inet_forward_change of net/ipv4/devinet.c,
/// addrconf_fixup_forwarding and addrconf_disable_ipv6 of net/ipv6/addrconf.c.
fn taken_along<'a>(values: &Values<'a>, parameter: &'static Parameter, interface: &'a str, reading: &Reading<'a>) -> bool {
    let routes = PARAMETERS
        .iter()
        .find(|it| it.name == "net.ipv4.ip_forward")
        .filter(|_| parameter.of_interface == Some(("ipv4", "accept_redirects")));
    let switches = parameter.combination == Combination::Routing || std::ptr::eq(parameter, &DISABLE_IPV6);
    let by = match (switches, routes) {
        (true, _) if interface != "all" => Some(parameter),
        (false, Some(routes)) if interface == "all" => Some(routes),
        _ => None,
    };
    by.and_then(|by| values.of(by, "all")).is_some_and(|later| later.order > reading.order)
}
