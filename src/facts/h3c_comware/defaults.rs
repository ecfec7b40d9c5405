//! What holds on H3C devices where a setting is not written, and which manual says so.

use crate::facts::Documented;

/// Comware 7 has VTY lines 0 to 63; Comware 5 prints every range that the model has.
pub(super) const VTY_COUNT: u16 = 64;

pub(super) static TELNET: Documented = Documented {
    setting: "undo telnet server enable",
    versions: "Comware 7 and 9",
    source: "HPE 5710 and 5940 Fundamentals Configuration Guides, Configuring the device as a Telnet server",
};
pub(super) static TELNET_OLD: Documented = Documented {
    setting: "telnet server enable",
    versions: "Comware 5",
    source: "H3C Comware 5 manuals, which differ by model; HPE 5710 Fundamentals Configuration Guide for Comware 7",
};
pub(super) static SSH: Documented = Documented {
    setting: "undo ssh server enable",
    versions: "Comware 7 and 9",
    source: "HPE 5940 Fundamentals Configuration Guide, Login overview; H3C Comware 7 Security Command Reference, ssh server enable",
};
pub(super) static SSH1: Documented = Documented {
    setting: "undo ssh server compatible-ssh1x enable",
    versions: "Comware",
    source: "H3C Comware 7 Security Command Reference, ssh server compatible-ssh1x enable; older releases differ",
};
pub(super) static AUTHENTICATION: Documented = Documented {
    setting: "authentication-mode password",
    versions: "VTY lines of Comware, not in FIPS mode",
    source: "HPE 5710 Fundamentals Configuration Guide, Disabling authentication for Telnet login; 3Com 4500G Configuration Guide",
};
pub(super) static CONSOLE_AUTHENTICATION: Documented = Documented {
    setting: "authentication-mode none",
    versions: "console and AUX lines of Comware 7 and 9, not in FIPS mode",
    source: "HPE 5940 Fundamentals Configuration Guide, Login overview; H3C Comware 7 Login Management Command Reference",
};
pub(super) static PROTOCOL: Documented = Documented {
    setting: "protocol inbound all",
    versions: "Comware",
    source: "H3C Comware 7 Login Management Command Reference, protocol inbound",
};
pub(super) static IDLE: Documented = Documented {
    setting: "idle-timeout 10",
    versions: "Comware",
    source: "H3C S3100 Operation Manual, Logging in through Telnet; HPE FlexFabric 7900 (Comware 7) Fundamentals Command Reference, idle-timeout",
};
pub(super) static ROLE: Documented = Documented {
    setting: "user-role network-operator",
    versions: "VTY lines of Comware 7 and 9",
    source: "H3C Comware 7 Login Management Command Reference, user-role",
};
pub(super) static CONSOLE_ROLE: Documented = Documented {
    setting: "user-role network-admin",
    versions: "console lines of Comware 7 and 9",
    source: "H3C Comware 7 Login Management Command Reference, user-role",
};
pub(super) static LEVEL: Documented = Documented {
    setting: "user privilege level 0",
    versions: "VTY lines of Comware 5",
    source: "H3C S3100 Operation Manual, Logging in through Telnet",
};
pub(super) static DOMAIN: Documented = Documented {
    setting: "authentication login local",
    versions: "Comware",
    source: "H3C Comware 7 Security Command Reference, authentication login and authentication default",
};
pub(super) static OFF: Documented = Documented {
    setting: "the server is off",
    versions: "Comware 7 and 9 on switches and routers",
    source: "H3C MSR V9 IP Services Configuration Guide, Configuring HTTP; HPE 5130 EI and 5510 HI Configuration Guides, Configuring FTP",
};
pub(super) static HTTPS_WITH_HTTP: Documented = Documented {
    setting: "ip https enable, where ip http enable is on",
    versions: "Comware 7 and 9",
    source: "H3C MSR V9 IP Services Configuration Guide, Configuring HTTP: on together with HTTP; older guides do not say so",
};
pub(super) static OFF_OLD: Documented =
    Documented { setting: "the server is on or off", versions: "Comware 5", source: "H3C Comware 5 manuals, which differ by model" };
pub(super) static NTP: Documented = Documented {
    setting: "undo ntp-service enable",
    versions: "Comware 7 and 9",
    source: "H3C Comware 7 Network Management and Monitoring Command Reference, ntp-service enable",
};
pub(super) static NTP_AUTHENTICATION: Documented = Documented {
    setting: "undo ntp-service authentication enable",
    versions: "Comware",
    source: "HP MSR2000/3000/4000 Network Management and Monitoring Configuration Guide, Configuring NTP authentication",
};
pub(super) static SNMP: Documented = Documented {
    setting: "undo snmp-agent",
    versions: "Comware",
    source: "H3C Comware 7 Network Management and Monitoring Command Reference, snmp-agent",
};
pub(super) static SNMP_VERSIONS: Documented = Documented {
    setting: "snmp-agent sys-info version",
    versions: "Comware",
    source: "H3C command references, snmp-agent sys-info version, which differ by release",
};
pub(super) static PASSWORD_CONTROL: Documented = Documented {
    setting: "undo password-control enable",
    versions: "Comware, not in FIPS mode",
    source: "HPE 12900E Security Command Reference, password-control enable; H3C S6300 Security Configuration Guide, Enabling password control",
};
pub(super) static PASSWORD_LENGTH: Documented = Documented {
    setting: "password-control length 10",
    versions: "Comware, not in FIPS mode",
    source: "HP MSR, 11900 and 6125XLG (Comware 7) and 6125G (Comware 5) Security Command References, password-control length",
};
pub(super) static PASSWORD_TYPES: Documented = Documented {
    setting: "password-control composition type-number",
    versions: "Comware, not in FIPS mode",
    source: "H3C WX3000E and HP 5120 SI guides, Setting global password control parameters: 1; S6805 R66xx Security Command Reference: 2",
};
pub(super) static PASSWORD_AGING: Documented = Documented {
    setting: "password-control aging 90",
    versions: "Comware",
    source: "H3C Security Configuration Guide (Comware 7), Configuring password control; HP 5120 SI, HSR6800 and MSR guides (Comware 5), Setting global password control parameters",
};
pub(super) static PASSWORD_HISTORY: Documented = Documented {
    setting: "password-control history 4",
    versions: "Comware",
    source: "H3C Comware 7 Security Command Reference, password-control history",
};
pub(super) static LOGIN_ATTEMPT: Documented = Documented {
    setting: "password-control login-attempt 3 exceed lock-time 1",
    versions: "Comware",
    source: "HP MSR Command Reference and HP A5500 EI Command Reference, password-control login-attempt",
};
pub(super) static LOGIN_ATTEMPT_OLD: Documented = Documented {
    setting: "password-control login-attempt 3 exceed lock-time",
    versions: "Comware 5",
    source: "H3C WX3000E guide, Setting global password control parameters: 1 minute; 3Com 8800 V5 Configuration Guide: 120 minutes",
};
pub(super) static PACKET_FILTER: Documented = Documented {
    setting: "undo packet-filter default deny",
    versions: "Comware 7 and 9",
    source: "H3C Comware 7 ACL and QoS Command Reference, packet-filter default deny",
};
pub(super) static LOGHOST_STATE: Documented = Documented {
    setting: "info-center source default loghost level informational",
    versions: "Comware",
    source: "H3C Comware 7 Network Management and Monitoring Command Reference, info-center source",
};
pub(super) static SSH_TIMEOUT: Documented = Documented {
    setting: "ssh server authentication-timeout 60",
    versions: "Comware",
    source: "HPE 12900E Security Command Reference and HPE 3100-48 Security Command Reference, ssh server authentication-timeout",
};
pub(super) static SSH_RETRIES: Documented = Documented {
    setting: "ssh server authentication-retries 3",
    versions: "Comware",
    source: "HPE MSR, HSR6800, 11900 and 12900E Security Command References, ssh server authentication-retries; H3C S5120-SI Command Reference",
};
pub(super) static EMPTY_PASSWORD: Documented = Documented {
    setting: "local-user without password",
    versions: "Comware 7 and 9, not in FIPS mode",
    source: "H3C Comware 7 Security Command Reference, password (local user view): a user without one logs in without one",
};
