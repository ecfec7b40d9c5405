//! The defaults of IOS and IOS-XE that are not shown by `show running-config`, each with the manual of Cisco that documents it.

use crate::facts::Documented;
use crate::facts::device::cells::Unwritten;

/// A default and its page.
const fn documented(setting: &'static str, versions: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions, source }
}

/// Where the defaults of SSH stand.
const SSH: &str = "Cisco, Catalyst 3560 Switch Software Configuration Guide, Configuring the SSH Server";
/// Where the defaults of services stand.
const SERVICES: &str = "Cisco, Network Security Baseline (OL-11615-01), Device Resiliency and Survivability";
/// Where the defaults of logging stand.
const LOGGING: &str = "Cisco, Catalyst 3560 Switch Software Configuration Guide, Configuring System Message Logging";
/// Every release that the product knows.
const EVERY: &str = "Cisco IOS and IOS-XE";

pub(super) static EXEC_TIMEOUT: Documented =
    documented("exec-timeout 10 0", EVERY, "Cisco, Dial Solutions Command Reference, exec-timeout");
pub(super) static NEW_MODEL: Documented =
    documented("no aaa new-model", EVERY, "Cisco, Catalyst 4500 Software Configuration Guide 15.0(2)SG, Default TACACS+ Configuration");
pub(super) static SSH_TIMEOUT: Documented = documented("ip ssh time-out 120", EVERY, SSH);
pub(super) static SSH_RETRIES: Documented = documented("ip ssh authentication-retries 3", EVERY, SSH);
pub(super) static SSH_VERSION: Documented = documented("ip ssh version 1 and 2", EVERY, SSH);
pub(super) static LOGGING_ON: Documented = documented("logging on", EVERY, LOGGING);
pub(super) static CDP: Documented =
    documented("cdp run, cdp enable", EVERY, "Cisco, Catalyst 3560 Switch Software Configuration Guide, Default CDP Configuration");
pub(super) static PAD: Documented = documented("service pad", EVERY, SERVICES);
pub(super) static SOURCE_ROUTE: Documented = documented("ip source-route", EVERY, SERVICES);
pub(super) static LOGIN_LOG: Documented = documented(
    "login on-failure log, login on-success log",
    EVERY,
    "Cisco IOS Login Enhancements feature guide; newer releases of IOS-XE log by themselves",
);
pub(super) static LOGIN_LOG_OLD: Documented =
    documented("no login on-failure log, no login on-success log", "Cisco IOS to 15", "Cisco IOS Login Enhancements feature guide");
static SMALL_SERVERS: Documented = documented(
    "no service tcp-small-servers, no service udp-small-servers",
    "Cisco IOS 11.3 and later, IOS-XE; until 11.2 both were on",
    "Cisco, TCP and UDP Small Servers (document 12815)",
);
static FINGER: Documented = documented("no ip finger", "Cisco IOS 12.1(5) and later, IOS-XE; before, it was on", SERVICES);
pub(super) static ISAKMP: Documented = documented(
    "crypto isakmp policy: encryption des, hash sha, group 1",
    "Cisco IOS to 15, IOS-XE to 16",
    "Cisco IOS Security Command Reference, encryption (IKE policy), hash (IKE policy), group (IKE policy)",
);

/// Major and minor number of a release.
pub(super) type Release = Option<(u32, u32)>;

/// Whether finger is answered where nothing is written.
pub(super) fn finger(release: Release) -> Unwritten {
    // 12.1 came with both.
    of_release(release, (12, 2), &FINGER)
}

/// Whether the small servers answer where nothing is written.
pub(super) fn small_servers(release: Release) -> Unwritten {
    of_release(release, (11, 3), &SMALL_SERVERS)
}

/// Whether logins are logged where nothing is written.
pub(super) fn login_log(release: Release) -> Unwritten {
    match release {
        Some((major, _)) if major <= 15 => Unwritten::Is("off", &LOGIN_LOG_OLD),
        _ => Unwritten::OneOf(&["off", "on"], &LOGIN_LOG),
    }
}

/// Off from a release on; before it, or where the release is not shown, either.
fn of_release(release: Release, first: (u32, u32), default: &'static Documented) -> Unwritten {
    match release {
        Some(release) if release >= first => Unwritten::Is("off", default),
        _ => Unwritten::OneOf(&["off", "on"], default),
    }
}
