//! The systemd unit of rsyslogd into the permission bits that it takes from new files.

use crate::facts::host::{Artefact, Host};

/// Where distributions keep the unit.
pub(super) const UNIT: &str = "usr/lib/systemd/system/rsyslog.service";

/// The unit and what may override it, the strongest last. Red Hat's unit has `UMask=0066`, Debian's none.
const UNITS: &[&str] = &[UNIT, "lib/systemd/system/rsyslog.service", "etc/systemd/system/rsyslog.service"];

/// What systemd starts services with (systemd.exec(5), UMask=).
const SYSTEMD_UMASK: u32 = 0o022;

/// What Red Hat's unit sets.
const RED_HAT_UMASK: u32 = 0o066;

/// The masks with which rsyslogd may have been started: one where its unit was collected, else the two that distributions use.
pub(super) fn started_with<'a>(host: &Host<'a>) -> &'a [u32] {
    let mut mask = None;
    let drop_ins = host.matching("etc/systemd/system/rsyslog.service.d/*.conf").paths;
    for path in UNITS.iter().chain(drop_ins) {
        if let Artefact::Text(source) = host.file(path) {
            let values = source.text.lines().filter_map(|line| line.trim().strip_prefix("UMask="));
            let set = values.filter_map(|value| u32::from_str_radix(value.trim(), 8).ok()).next_back();
            mask = set.or(mask).or(Some(SYSTEMD_UMASK));
        }
    }
    match mask {
        Some(mask) => host.arena().alloc_slice_copy(&[mask]),
        None => &[SYSTEMD_UMASK, RED_HAT_UMASK],
    }
}
