//! The web servers of Comware into rows of `remote-access`.

use super::{Common, settings};
use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::access::Way;
use crate::facts::vrp_family::sources::Applied;
use crate::facts::{Cell, Tables, Value};

/// Adds a row for each web server that is, or may be, on.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let device = &family.device;
    for (service, scope, enabled, patterns) in [
        ("web-http", "http", settings::http(family), ["ip http acl", "http acl", "ip http ipv6 acl", "http ipv6 acl"]),
        ("web-https", "https", settings::https(family), ["ip https acl", "https acl", "ip https ipv6 acl", "https ipv6 acl"]),
    ] {
        if enabled.value() == Some(Value::Boolean(false)) {
            continue;
        }
        let applied: Vec<Applied<'a>> = patterns.iter().filter_map(|pattern| Applied::of(family.last(&[pattern])?.1)).collect();
        let sources = family.sources(&common.lists, &applied);
        let idle = family.last(&["web idle-timeout"]).and_then(|(_, node)| Some((node.word(2)?.parse::<u64>().ok()?, node)));
        let idle = match idle {
            Some((minutes, node)) => device.decided(Value::Duration(minutes.saturating_mul(60)), node),
            None => device.undocumented("web idle-timeout"),
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
                login_timeout: device.undocumented("web login timeout"),
                attempts: device.undocumented("web login attempts"),
                lockout: super::policy::lock(family)[0],
                windows: family.windows(&common.lists, &applied, &common.ranges, sources),
                privileged: device.undocumented("web user role"),
            },
        );
    }
}
