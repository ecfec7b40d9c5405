//! The defaults of IOS and IOS-XE that are not shown by `show running-config`, each with the manual of Cisco that documents it.

use crate::facts::Documented;

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
pub(super) static SMALL_SERVERS: Documented = documented(
    "no service tcp-small-servers, no service udp-small-servers",
    "Cisco IOS 12.0 and later, IOS-XE",
    "Cisco, Improving Security on Cisco Routers (document 13608)",
);
pub(super) static LOGIN_LOG_OLD: Documented =
    documented("no login on-failure log, no login on-success log", "Cisco IOS to 15", "Cisco IOS Login Enhancements feature guide");
