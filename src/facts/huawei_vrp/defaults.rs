//! What holds on Huawei devices where a setting is not written, and which manual says so.

use crate::facts::Documented;

/// VTY lines exist up to `user-interface maximum-vty`, which is 5 (AR1200 and AR2200 Configuration Guides, Configuring the Maximum Number
/// of VTY User Interfaces; USG6000 Administrator Guide, Managing a CLI Administrator Interface).
pub(super) const VTY_COUNT: u16 = 5;

pub(super) static AUTHENTICATION_ROUTER: Documented = Documented {
    setting: "authentication-mode",
    versions: "NE and NetEngine, V800",
    source: "NetEngine 8000 F1A Command Reference, authentication-mode: none is set, and nobody can log in",
};
pub(super) static AUTHENTICATION: Documented = Documented {
    setting: "authentication-mode",
    versions: "S, AR and CE",
    source: "S Series Command Reference, authentication-mode (user interface view): none for VTY; EDOC1100064352: aaa; AR1200/2200: password",
};
pub(super) static CONSOLE_AUTHENTICATION: Documented = Documented {
    setting: "authentication-mode (console)",
    versions: "S, AR and CE",
    source: "S Series Command Reference, authentication-mode (user interface view): aaa; EDOC1100064352: password",
};
pub(super) static PROTOCOL_ROUTER: Documented =
    Documented { setting: "protocol inbound ssh", versions: "NE, V800", source: "NE40E V800R012C10 command definitions, protocol inbound" };
pub(super) static PROTOCOL: Documented = Documented {
    setting: "protocol inbound",
    versions: "S, AR, CE and USG",
    source: "S Series configuration examples, STelnet login: ssh; CE6800 V300R023C00 command definitions: all",
};
pub(super) static IDLE: Documented = Documented {
    setting: "idle-timeout 10 0",
    versions: "VTY lines of S, AR and USG (V200 and V500), and console lines of USG (V500)",
    source: "S Series Command Reference and USG6000 Command Reference, idle-timeout",
};
pub(super) static IDLE_ROUTER: Documented = Documented {
    setting: "idle-timeout 10 0",
    versions: "VTY lines of NE and NetEngine, V800",
    source: "NetEngine 8000 F1A Command Reference, idle-timeout (VTY-type user interface view)",
};
pub(super) static CONSOLE_IDLE: Documented = Documented {
    setting: "idle-timeout",
    versions: "console lines of VRP, and VTY lines of other lines than V200, V500 and V800",
    source: "S Series Command Reference, idle-timeout: 10 minutes; CE6800 V300R023C00 command definitions: 5 minutes",
};
pub(super) static LEVEL: Documented = Documented {
    setting: "user privilege level 0",
    versions: "VTY lines of USG, S and AR (V200, V500)",
    source: "USG6000 Administrator Guide, Managing a CLI Administrator Interface; Quidway S6500 Command Manual, user privilege level",
};
pub(super) static CONSOLE_LEVEL: Documented = Documented {
    setting: "user privilege level (console)",
    versions: "VRP",
    source: "USG6000 Command Reference, user privilege: 15; Quidway S6500 Operation Manual: 3, the highest of its levels",
};
pub(super) static TELNET_ROUTER: Documented =
    Documented { setting: "undo telnet server enable", versions: "NE, V800", source: "NE40E V800R012C10 default configuration" };
pub(super) static TELNET: Documented = Documented {
    setting: "telnet server enable",
    versions: "S, AR, CE and USG",
    source: "CE6800 V300R023C00 command definitions: on; the manuals of S, AR and USG differ by version",
};
pub(super) static STELNET_ROUTER: Documented = Documented {
    setting: "undo stelnet server enable",
    versions: "NE, V800",
    source: "NE40E V800R012C10 command definitions, stelnet server enable",
};
pub(super) static SSH1_ROUTER: Documented = Documented {
    setting: "undo ssh server compatible-ssh1x enable",
    versions: "NE, V800",
    source: "NE40E V800R012C10 command definitions, ssh server compatible-ssh1x enable",
};
pub(super) static SSH1: Documented = Documented {
    setting: "ssh server compatible-ssh1x enable",
    versions: "S, AR, CE and USG",
    source: "CE6800 V300R023C00 command definitions: off; the manuals of S, AR and USG differ by version",
};
pub(super) static FTP_ROUTER: Documented =
    Documented { setting: "undo ftp server", versions: "NE, V800", source: "NE40E V800R012C10 command definitions, ftp server enable" };
pub(super) static HTTPS_FIREWALL: Documented = Documented {
    setting: "web-manager security enable",
    versions: "USG, V500",
    source: "USG6000 Administrator Guide, Configuring Device Services",
};
pub(super) static TIMESTAMP: Documented = Documented {
    setting: "info-center timestamp log date",
    versions: "VRP",
    source: "USG6000 and CloudEngine 6800 Command References and Quidway S8500 Command Manual, info-center timestamp",
};
pub(super) static NTP_AUTHENTICATION: Documented = Documented {
    setting: "undo ntp-service authentication enable",
    versions: "VRP",
    source: "CE6800 V300R023C00 and NE40E V800R012C10 command definitions, ntp authentication enable",
};
pub(super) static LOGHOST_STATE: Documented = Documented {
    setting: "info-center source default channel loghost log state on",
    versions: "VRP",
    source: "Quidway S8500 Command Manual, info-center source",
};
pub(super) static SNMP_VERSIONS: Documented = Documented {
    setting: "snmp-agent sys-info version",
    versions: "VRP",
    source: "CE6800 V300R023C00 command definitions: v3; other manuals differ by version",
};
pub(super) static PASSWORD_POLICY: Documented = Documented {
    setting: "local-aaa-user password policy administrator",
    versions: "VRP",
    source: "CE6800 V300R023C00 command definitions: on; other manuals differ by version",
};
pub(super) static PASSWORD_EXPIRE: Documented = Documented {
    setting: "password expire 90",
    versions: "within the password policy for administrators",
    source: "CE6800 V300R023C00 command definitions, password expire",
};
pub(super) static PASSWORD_HISTORY: Documented = Documented {
    setting: "password history record number",
    versions: "within the password policy for administrators",
    source: "CE6800 V300R023C00 command definitions: 10; other manuals differ by version",
};
pub(super) static LOCK_ROUTER: Documented = Documented {
    setting: "local-user state: locked after 3 failures",
    versions: "NE and NetEngine, V800",
    source: "NetEngine 8000 F1A Command Reference, local-user state",
};
pub(super) static SCHEME: Documented = Documented {
    setting: "authentication-mode local (scheme default of domain default_admin)",
    versions: "S, AR, CE and USG",
    source: "S Series and USG Command References, authentication-mode (authentication scheme view) and domain (AAA view)",
};
pub(super) static SSH_TIMEOUT: Documented = Documented {
    setting: "ssh server timeout 60",
    versions: "VRP",
    source: "S Series and NetEngine 8000 F1A Command References, ssh server timeout",
};
pub(super) static SSH_RETRIES: Documented = Documented {
    setting: "ssh server authentication-retries 3",
    versions: "VRP",
    source: "S Series and CloudEngine 6800 Command References, ssh server authentication-retries",
};
