//! Statements of `deviceconfig` and `mgt-config` into the table `panos-settings`.

use super::super::device::cells::{Unwritten, minutes, number, switch};
use super::super::settings::Readings;
use super::super::{Documented, Tables, Value};
use super::layout::Panos;
use crate::schema::paloalto::PANOS_SETTINGS;

/// Administrators are logged out after an hour without activity where nothing is set; 0 switches it off.
pub(super) static IDLE: Documented = Documented {
    setting: "idle-timeout 60",
    versions: "PAN-OS",
    source: "PAN-OS Web Interface Help 11.1, Device > Setup > Management, Authentication Settings; Knowledge Base, Panorama Web UI performs an auto-logout",
};

/// Failures do not lock an administrator where nothing is set; in FIPS-CC mode, which the configuration does not show, ten do.
pub(super) static FAILURES: Documented = Documented {
    setting: "failed-attempts 0, or 10 in FIPS-CC mode",
    source: "PAN-OS Web Interface Help 11.1, Device > Setup > Management, Authentication Settings",
    ..IDLE
};

/// Minutes, of which 0 is unlimited.
pub(super) fn limit_minutes(text: &str) -> Readings<'static> {
    let read = minutes(text);
    if text == "0" { Readings { duration: Some(Value::Unlimited), number: Some(Value::Unlimited), ..read } } else { read }
}

/// A number, of which 0 is unlimited.
fn limit(text: &str) -> Readings<'static> {
    if text == "0" { Readings { number: Some(Value::Unlimited), ..Readings::default() } } else { number(text) }
}

/// Days, of which 0 is unlimited.
pub(super) fn limit_days(text: &str) -> Readings<'static> {
    let days: Option<u64> = text.parse().ok();
    match days {
        Some(0) => Readings { number: Some(Value::Unlimited), duration: Some(Value::Unlimited), ..Readings::default() },
        _ => Readings { duration: days.and_then(|it| it.checked_mul(86_400)).map(Value::Duration), ..number(text) },
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    const MANAGEMENT: &str = "deviceconfig setting management";
    let management = |rest: &str| panos.value(&format!("{MANAGEMENT} {rest}"));
    let service = |rest: &str| panos.value(&format!("deviceconfig system service {rest}"));
    let complexity = |rest: &str| panos.top_value(&format!("mgt-config password-complexity {rest}"));
    let mut put = |name, written, unwritten, read| panos.setting(tables, (&PANOS_SETTINGS, name), written, unwritten, read);
    put("idle-timeout", management("idle-timeout"), Unwritten::Is("60", &IDLE), limit_minutes);
    put("failed-attempts", management("admin-lockout failed-attempts"), Unwritten::OneOf(&["0", "10"], &FAILURES), limit);
    put("lockout-time", management("admin-lockout lockout-time"), Unwritten::Undocumented, limit_minutes);
    put("disable-http", service("disable-http"), Unwritten::Undocumented, switch);
    put("disable-telnet", service("disable-telnet"), Unwritten::Undocumented, switch);
    put("password-complexity", complexity("enabled"), Unwritten::Undocumented, switch);
    put("minimum-length", complexity("minimum-length"), Unwritten::Undocumented, number);
    let period = complexity("password-change expiration-period");
    put("password-change-period", period, Unwritten::Undocumented, limit_days);
}
