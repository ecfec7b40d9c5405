//! PAM service files, and the modules' own files, into stacks, login limits and the password policy of each service.
//!
//! Linux-PAM 1.1 to 1.7. Which services have rows is in `services`.

mod access;
mod admission;
mod conf;
mod judged;
mod lockout;
mod modules;
mod policy;
mod quality;
mod servers;
mod services;
mod stack;
mod storage;
mod table;
mod time;

pub use admission::{Admission, admission};
pub use judged::Memo;

use super::cell::Cell;
use super::host::Host;
use super::table::Tables;
use super::{Expectation, Product, Reading, Seen};
use crate::names::{LINUX, Phrase};
pub use crate::reckon::pam_factors::{Factors, Prompts};
use crate::schema::linux::PAM_MODULES;
use crate::schema::neutral::AUTHENTICATION_POLICY;
use crate::snapshot::Lack;

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::Glob("etc/pam.d/*"),
    Reading::Glob("usr/lib/pam.d/*"),
    Reading::Glob("usr/etc/pam.d/*"),
    Reading::File("etc/pam.conf"),
    Reading::File("etc/pam_radius_auth.conf"),
    Reading::File("etc/raddb/server"),
    Reading::File("etc/duo/pam_duo.conf"),
    Reading::File("etc/security/pam_duo.conf"),
    Reading::File("etc/security/faillock.conf"),
    Reading::File("etc/security/pwhistory.conf"),
    Reading::File("etc/security/pwquality.conf"),
    Reading::Glob("etc/security/pwquality.conf.d/*.conf"),
    Reading::Glob("usr/etc/security/*.conf"),
    Reading::File("etc/security/time.conf"),
    Reading::File("etc/security/access.conf"),
    Reading::Glob("etc/security/access.d/*.conf"),
    Reading::File("etc/passwdqc.conf"),
    Reading::File("etc/login.defs"),
    Reading::File("etc/os-release"),
];

pub(super) static PRODUCT: Product = Product {
    name: "pam",
    title: Phrase { zh: "PAM 认证框架", en: "Pluggable Authentication Modules" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: READS,
    fills: &[&AUTHENTICATION_POLICY, &PAM_MODULES],
    derive,
};

/// Fills the tables.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let seen = seen(host);
    if seen == Seen::Present {
        if tables.wants(&AUTHENTICATION_POLICY) {
            policy::fill(host, tables);
        }
        if tables.wants(&PAM_MODULES) {
            table::fill(host, tables);
        }
    }
    seen
}

/// Whether PAM is there.
fn seen(host: &Host<'_>) -> Seen {
    let listings = stack::listings(host);
    if listings.iter().any(|it| !it.paths.is_empty()) {
        return Seen::Present;
    }
    match (listings[0].gap, host.file("etc/pam.conf").text()) {
        (Some((_, Lack::NotCollected)), _) => Seen::Nothing,
        (Some((_, lack)), _) => Seen::Lacking("etc/pam.d", lack),
        (None, Some(_)) => Seen::Present,
        (None, None) => Seen::Absent,
    }
}

/// How the account stack of a service limits who may log in, and when.
#[derive(Clone, Copy, Debug)]
pub struct AccountLimits<'a> {
    /// Rules of time.conf(5) that bind the service, as texts; the empty list where none does.
    pub time_windows: Cell<'a>,
    /// Time per week in which somebody is admitted by pam_time; 168 hours where some account is not limited.
    pub login_hours: Cell<'a>,
    /// Addresses from which pam_access admits somebody; unset where it does not bind the service.
    pub sources: Cell<'a>,
    /// What limits the addresses, for people: `pam_access`; none likewise.
    pub sources_restricted_by: Option<&'a str>,
}

/// How the account stack of a service limits who may log in, and when.
pub fn account_limits<'a>(host: &Host<'a>, service: &str) -> AccountLimits<'a> {
    let times = time::times(host, service);
    let (sources, limited) = access::sources(host, service);
    let sources_restricted_by = limited.then_some("pam_access");
    AccountLimits { time_windows: times.windows(host), login_hours: times.hours(host), sources, sources_restricted_by }
}

/// Time per week in which one account is admitted to a service; 168 hours where nothing limits it.
pub fn login_hours_of<'a>(host: &Host<'a>, service: &str, account: &str) -> Cell<'a> {
    time::times(host, service).hours_of(host, account)
}

/// Failures that lock an account at a service; unset where nothing locks it.
pub fn lockout<'a>(host: &Host<'a>, service: &str) -> Cell<'a> {
    lockout::of(host, service).threshold
}
