//! The defaults of IOS and IOS-XE that are not shown by `show running-config`, each with the manual of Cisco that documents it.

use crate::facts::Documented;
use crate::facts::device::cells::Unwritten;

/// A default and its page.
const fn documented(setting: &'static str, versions: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions, source }
}

/// Where the defaults of SSH stand.
const SSH: &str = "Cisco, Catalyst 3560 and 2960-XR Switch Configuration Guides, Configuring the SSH Server";
/// Where the defaults of services stand.
const SERVICES: &str = "Cisco, Network Security Baseline (OL-11615-01), Device Resiliency and Survivability";
/// Where the defaults of logging stand.
const LOGGING: &str = "Cisco, Catalyst 3560 and 3750-X Switch Software Configuration Guides, Understanding System Message Logging";
/// Every release that the product knows.
const EVERY: &str = "Cisco IOS and IOS-XE";

/// Releases whose manuals were found for lines and SSH.
const CLASSIC: &str = "Cisco IOS to 15";

pub(super) static EXEC_TIMEOUT: Documented = documented(
    "exec-timeout 10 0",
    CLASSIC,
    "Cisco IOS 12.0 Dial Solutions Command Reference, exec-timeout; Catalyst 2960-XR Security Configuration Guide, Configuring the SSH Server",
);
pub(super) static NEW_MODEL: Documented =
    documented("no aaa new-model", EVERY, "Cisco, Catalyst 4500 Software Configuration Guide 15.0(2)SG, Default TACACS+ Configuration");
pub(super) static SSH_TIMEOUT: Documented = documented("ip ssh time-out 120", CLASSIC, SSH);
pub(super) static SSH_RETRIES: Documented = documented("ip ssh authentication-retries 3", CLASSIC, SSH);
pub(super) static SSH_VERSION: Documented = documented("ip ssh version 1 and 2", EVERY, SSH);
pub(super) static LOGGING_ON: Documented = documented("logging on", EVERY, LOGGING);
pub(super) static CDP: Documented =
    documented("cdp run, cdp enable", EVERY, "Cisco, Catalyst 3560 Switch Software Configuration Guide, Default CDP Configuration");
static PAD: Documented = documented("service pad", "Cisco IOS to 15", SERVICES);
pub(super) static SOURCE_ROUTE: Documented = documented("ip source-route", EVERY, SERVICES);
static SMALL_SERVERS: Documented = documented(
    "no service tcp-small-servers, no service udp-small-servers",
    "Cisco IOS 11.3 and later, IOS-XE; until 11.2 both were on",
    "Cisco, TCP and UDP Small Servers (document 12815)",
);
static FINGER: Documented = documented("no ip finger", "Cisco IOS 12.1(5) and later, IOS-XE; before, it was on", SERVICES);

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

/// Whether X.25 PAD commands are accepted where nothing is written: on IOS; of IOS-XE no page was found.
pub(super) fn pad(release: Release) -> Unwritten {
    classic(release, "on", &PAD)
}

/// A default of IOS, of which no page was found for IOS-XE.
pub(super) fn classic(release: Release, text: &'static str, default: &'static Documented) -> Unwritten {
    if is_classic(release) { Unwritten::Is(text, default) } else { Unwritten::Undocumented }
}

/// Whether it is shown to be IOS, and not IOS-XE.
pub(super) fn is_classic(release: Release) -> bool {
    release.is_some_and(|(major, _)| major <= 15)
}

/// Off from a release on; before it, or where the release is not shown, either.
fn of_release(release: Release, first: (u32, u32), default: &'static Documented) -> Unwritten {
    match release {
        Some(release) if release >= first => Unwritten::Is("off", default),
        _ => Unwritten::OneOf(&["off", "on"], default),
    }
}
