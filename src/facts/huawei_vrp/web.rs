//! The web servers of VRP into rows of `remote-access`.

use super::{Common, settings};
use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::access::Way;
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::sources::Applied;
use crate::facts::{Cell, Tables, Value};

/// Adds a row for each web server that is, or may be, on.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let device = &family.device;
    for (service, scope, enabled) in [("web-http", "http", settings::http(family)), ("web-https", "https", settings::https(family))] {
        if enabled.value() == Some(Value::Boolean(false)) {
            continue;
        }
        let applied: Vec<Applied<'a>> =
            ["http acl", "http ipv6 acl"].iter().filter_map(|pattern| Applied::of(family.last(&[pattern])?.1)).collect();
        let sources = family.sources(&common.lists, &applied);
        let timeout = family.last(&["http timeout", "web-manager timeout"]);
        let timeout = timeout.and_then(|(_, node)| Some((keywords(node).last()?.parse::<u64>().ok()?, node)));
        let idle = match timeout {
            Some((minutes, node)) => device.decided(Value::Duration(minutes.saturating_mul(60)), node),
            None => device.undocumented("http timeout"),
        };
        family.push_way(
            tables,
            Way {
                service,
                scope,
                enabled,
                encrypted: Cell::known(Value::Boolean(service == "web-https"), enabled.evidence),
                sources,
                restricted_by: family.restricted_by(&common.lists, &applied),
                proof: family.account_proof(&common.chain, enabled, (1, None)),
                idle,
                login_timeout: device.undocumented("http login timeout"),
                attempts: device.undocumented("http login attempts"),
                lockout: super::policy::threshold(family),
                windows: family.windows(&common.lists, &applied, &common.ranges, sources),
                privileged: device.undocumented("http user privilege"),
            },
        );
    }
}
