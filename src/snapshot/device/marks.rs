//! Lines that tell one platform from the others, as data.
//!
//! A mark is the beginning of a line, without the space in front of it. Strong ones name the product or stand in no other's
//! configurations; weak ones are only frequent. A mark of a platform that is not judged yet keeps its files from being taken for another's.

use crate::names::Platform;
use crate::names::network::{
    ARISTA_EOS, CISCO_ASA, CISCO_IOS, CISCO_NXOS, FORTINET_FORTIOS, H3C_COMWARE, HILLSTONE, HUAWEI_VRP, JUNIPER_JUNOS, PALOALTO_PANOS,
    RUIJIE,
};

/// Whose configuration it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Platform(&'static Platform),
    /// One that is recognised and not judged yet, by its name.
    Other(&'static str),
}

impl Whose {
    pub(super) fn name(self) -> &'static str {
        match self {
            Whose::Platform(platform) => platform.name,
            Whose::Other(name) => name,
        }
    }
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Xml,
    /// `config`, `edit`, `set`, `next`, `end`.
    Blocks,
    Braces,
    /// Lines that begin with `set`.
    Commands,
    /// Sections between lines `#`.
    Sections,
    /// Everything else.
    Lines,
}

/// What speaks for a platform.
pub(super) struct Marks {
    pub whose: Whose,
    pub forms: &'static [Form],
    pub strong: &'static [&'static str],
    pub weak: &'static [&'static str],
}

const ASA: Marks = Marks {
    whose: Whose::Platform(CISCO_ASA),
    forms: &[Form::Lines],
    strong: &[
        "ASA Version ",
        "! Cisco Adaptive Security Appliance",
        ": Hardware:   ASA",
        ": Hardware:   FPR",
        "nameif ",
        "security-level ",
        "Cryptochecksum:",
    ],
    weak: &[
        "access-group ",
        "aaa-server ",
        "group-policy ",
        "http server enable",
        "names",
        "object network ",
        "same-security-traffic ",
        "ssh timeout ",
        "threat-detection ",
        "tunnel-group ",
        "xlate ",
        "service-policy global_policy",
        "telnet timeout ",
        "enable password ",
    ],
};

const EOS: Marks = Marks {
    whose: Whose::Platform(ARISTA_EOS),
    forms: &[Form::Lines],
    strong: &[
        "! boot system flash:/EOS",
        "! boot system flash:EOS",
        "management api http-commands",
        "management ssh",
        "mlag configuration",
        "no aaa root",
        "aaa root ",
        "transceiver qsfp default-mode",
        "service routing protocols model",
        "daemon TerminAttr",
        "switchport default mode routed",
        "! Command: show running-config",
        "management api gnmi",
        "management telnet",
        "router multicast",
        "peer-group ",
    ],
    weak: &[
        "vrf instance ",
        "interface Management",
        "spanning-tree mode mstp",
        "ip routing",
        "interface Vxlan",
        "ip virtual-router mac-address",
        "interface Ethernet",
        "hardware ",
    ],
};

const IOS: Marks = Marks {
    whose: Whose::Platform(CISCO_IOS),
    forms: &[Form::Lines],
    strong: &[
        "boot-start-marker",
        "ip forward-protocol ",
        "ip subnet-zero",
        "ip classless",
        "service timestamps ",
        "license udi ",
        "ip http secure-server",
        "no ip http server",
        "no ip http secure-server",
        "ip http server",
        "crypto pki certificate chain TP-self-signed",
        "voice-card ",
        "mmi polling-interval",
    ],
    weak: &[
        "aaa new-model",
        "enable secret ",
        "interface FastEthernet",
        "interface GigabitEthernet",
        "interface TenGigabitEthernet",
        "ip cef",
        "ip domain name ",
        "ip domain-name ",
        "ip ssh version ",
        "line aux 0",
        "line con 0",
        "line console 0",
        "line vty ",
        "no ip domain lookup",
        "no ip domain-lookup",
        "router ospf ",
        "service password-encryption",
        "version 1",
        "Current configuration",
        "ip access-list extended ",
        "login local",
        "exec-timeout ",
        "access-list ",
        "router bgp ",
        "interface Loopback",
        "interface Serial",
        "ip address ",
        "interface Ethernet",
        "router eigrp ",
        "hostname ",
        "interface Vlan",
    ],
};

const NXOS: Marks = Marks {
    whose: Whose::Platform(CISCO_NXOS),
    forms: &[Form::Lines],
    strong: &[
        "!Command: show running-config",
        "!Running configuration last done at",
        "boot nxos ",
        "copp profile ",
        "feature ",
        "install feature-set ",
        "interface mgmt0",
        "no password strength-check",
        "vdc ",
        "vrf context ",
        "boot kickstart ",
        "hardware access-list tcam",
        "system default switchport",
        "nxapi ",
        "boot system bootflash:",
        "role network-admin",
        "inherit peer-session",
        "!RANCID-CONTENT-TYPE: cisco-nx",
    ],
    weak: &[
        "interface Ethernet1/",
        "role name ",
        "snmp-server user admin network-admin",
        "vpc domain ",
        "interface port-channel",
        "spanning-tree port type",
        "interface loopback",
        "mac address-table ",
    ],
};

const RUIJIE_MARKS: Marks = Marks {
    whose: Whose::Platform(RUIJIE),
    forms: &[Form::Lines],
    strong: &[
        "version RGOS",
        "enable service ssh-server",
        "enable service web-server",
        "enable service telnet-server",
        "web-coding ",
        "no enable service",
        "sysmac ",
        "! Ruijie",
    ],
    weak: &[],
};

const HILLSTONE_MARKS: Marks = Marks {
    whose: Whose::Platform(HILLSTONE),
    forms: &[Form::Lines],
    strong: &["ip vrouter \"", "admin user \"", "aaa-server \"", "zone \"", "pki trust-domain \"", "Version StoneOS", "rule id "],
    weak: &["address \"", "service \"", "interface ethernet0/"],
};

const VRP: Marks = Marks {
    whose: Whose::Platform(HUAWEI_VRP),
    forms: &[Form::Sections],
    strong: &[
        "!Software Version V",
        "interface Vlanif",
        "vlan batch ",
        "port trunk allow-pass ",
        "authentication-scheme ",
        "stelnet server enable",
        "stelnet ipv4 server enable",
        "interface MEth",
        "domain default_admin",
        "undo portswitch",
        "accounting-scheme ",
        "authorization-scheme ",
        "hwtacacs-server template ",
        "drop illegal-mac alarm",
        "undo http server enable",
        "local-aaa-user ",
        "set transceiver-monitoring",
        "firewall zone ",
        "http server enable",
        "interface Eth-Trunk",
        "snmp-agent local-engineid 800007DB",
        "set priority ",
        "user-interface maximum-vty ",
        "dhcp select ",
        "traffic-filter ",
    ],
    weak: &["aaa", "user-interface vty ", "local-user "],
};

const COMWARE: Marks = Marks {
    whose: Whose::Platform(H3C_COMWARE),
    forms: &[Form::Sections],
    strong: &[
        "version 5.20",
        "version 7.1",
        "version 5.",
        "port link-mode ",
        "irf ",
        "domain default enable ",
        "interface Vlan-interface",
        "interface M-GigabitEthernet",
        "password-control ",
        "authorization-attribute ",
        "user-role ",
        "port trunk permit ",
        "line vty ",
        "line class ",
        "authentication-mode scheme",
        "security-zone name ",
        "domain system",
        "line aux ",
        "role default-role enable",
        "interface Bridge-Aggregation",
        "telnet server enable",
        "snmp-agent local-engineid 800063A2",
        "dhcp server ip-pool ",
        "dhcp server forbidden-ip ",
    ],
    weak: &["user-interface vty ", "local-user "],
};

const FORTIOS: Marks = Marks {
    whose: Whose::Platform(FORTINET_FORTIOS),
    forms: &[Form::Blocks],
    strong: &[
        "#config-version=FG",
        "#config-version=",
        "config system global",
        "config firewall policy",
        "config system interface",
        "config vdom",
    ],
    weak: &["config firewall ", "config system ", "config log ", "config router ", "config user ", "config vpn "],
};

const JUNOS: Marks = Marks {
    whose: Whose::Platform(JUNIPER_JUNOS),
    forms: &[Form::Braces, Form::Commands],
    strong: &[
        "## Last commit:",
        "## Last changed:",
        "set system host-name ",
        "set version ",
        "set routing-options ",
        "set policy-options ",
        "set protocols bgp ",
        "set protocols ospf ",
        "set firewall family ",
        "set firewall filter ",
        "set system root-authentication ",
        "set groups ",
        "set routing-instances ",
        "set chassis ",
        "set interfaces ge-",
        "set interfaces xe-",
        "set interfaces et-",
        "policy-options {",
        "routing-options {",
        "host-name ",
        "root-authentication {",
        "routing-instances {",
        "chassis {",
        "set security policies ",
        "set security zones ",
        "delete interfaces ge-",
        "set interfaces lo0 ",
        "set interfaces fe-",
        "set applications ",
        "set class-of-service ",
        "set snmp ",
    ],
    weak: &[
        "system {",
        "interfaces {",
        "protocols {",
        "security {",
        "firewall {",
        "groups {",
        "snmp {",
        "set interfaces ",
        "set system ",
        "set protocols ",
        "vlans {",
    ],
};

const PANOS: Marks = Marks {
    whose: Whose::Platform(PALOALTO_PANOS),
    forms: &[Form::Xml, Form::Commands, Form::Braces],
    strong: &[
        "<config version=",
        "<config urldb=",
        "<mgt-config>",
        "<deviceconfig>",
        "set deviceconfig ",
        "set mgt-config ",
        "set rulebase ",
        "set network virtual-router ",
        "set network interface ",
        "set device-group ",
        "set template ",
        "deviceconfig {",
        "mgt-config {",
        "rulebase {",
        "set zone ",
        "set shared ",
        "set config ",
    ],
    weak: &["set address ", "set service ", "set network ", "<config", "network {", "set vsys "],
};

/// The platforms, each with its marks. Where a platform has a strong mark, weak ones of another do not count.
pub(super) const ALL: &[Marks] = &[
    ASA,
    EOS,
    IOS,
    NXOS,
    RUIJIE_MARKS,
    HILLSTONE_MARKS,
    VRP,
    COMWARE,
    FORTIOS,
    JUNOS,
    PANOS,
    Marks {
        whose: Whose::Other("Cisco IOS-XR"),
        forms: &[Form::Lines],
        strong: &[
            "!! IOS XR",
            "!! Last configuration change",
            "interface MgmtEth",
            "end-policy",
            "end-set",
            "prefix-set ",
            "route-policy ",
            "RP/0/",
            "line default",
            "router static",
            "ipv4 address ",
            "ipv4 access-list ",
            "control-plane inband",
        ],
        weak: &["group root-lr", "address-family ipv4 unicast", "bundle id "],
    },
    Marks {
        whose: Whose::Other("Check Point Gaia"),
        forms: &[Form::Commands],
        strong: &[
            "# Configuration of ",
            "# Language version:",
            "set installer policy ",
            "set clienv ",
            "set management interface ",
            "set core-dump ",
            "set inactivity-timeout ",
        ],
        weak: &["set arp ", "add user ", "add rba ", "set rba "],
    },
    Marks {
        whose: Whose::Other("VyOS"),
        forms: &[Form::Commands, Form::Braces],
        strong: &[
            "set interfaces ethernet eth",
            "set service ssh",
            "// vyos-config-version",
            "ethernet eth",
            "/* Warning: Do not remove the following line. */",
        ],
        weak: &[],
    },
    Marks {
        whose: Whose::Other("F5 BIG-IP"),
        forms: &[Form::Braces],
        strong: &["#TMSH-VERSION", "ltm virtual ", "ltm pool ", "sys global-settings {", "net self "],
        weak: &[],
    },
    Marks {
        whose: Whose::Other("Aruba AOS-CX"),
        forms: &[Form::Lines],
        strong: &["!Version ArubaOS-CX", "vsf member ", "ssh server vrf ", "https-server vrf "],
        weak: &["interface 1/1/"],
    },
    Marks { whose: Whose::Other("HPE ProCurve"), forms: &[Form::Lines], strong: &["; J", "; hpStack"], weak: &[] },
    Marks {
        whose: Whose::Other("MikroTik RouterOS"),
        forms: &[Form::Lines],
        strong: &["/interface ", "/ip address", "/system "],
        weak: &[],
    },
    Marks { whose: Whose::Other("ZTE ZXR10"), forms: &[Form::Lines], strong: &["!<", "!</"], weak: &[] },
    Marks { whose: Whose::Other("Cisco PIX"), forms: &[Form::Lines], strong: &["PIX Version "], weak: &[] },
];

/// What RANCID writes behind `RANCID-CONTENT-TYPE:` and Batfish behind `BATFISH_FORMAT:`, and whose configuration it then is.
pub(super) const HINTS: &[(&str, Whose)] = &[
    ("arista", Whose::Platform(ARISTA_EOS)),
    ("asa", Whose::Platform(CISCO_ASA)),
    ("cisco", Whose::Platform(CISCO_IOS)),
    ("cisco-asa", Whose::Platform(CISCO_ASA)),
    ("cisco-nx", Whose::Platform(CISCO_NXOS)),
    ("cisco-xr", Whose::Other("Cisco IOS-XR")),
    ("cisco_asa", Whose::Platform(CISCO_ASA)),
    ("cisco_ios", Whose::Platform(CISCO_IOS)),
    ("cisco_ios_xr", Whose::Other("Cisco IOS-XR")),
    ("cisco_nx", Whose::Platform(CISCO_NXOS)),
    ("flat_juniper", Whose::Platform(JUNIPER_JUNOS)),
    ("fortigate", Whose::Platform(FORTINET_FORTIOS)),
    ("fortios", Whose::Platform(FORTINET_FORTIOS)),
    ("hillstone", Whose::Platform(HILLSTONE)),
    ("ios", Whose::Platform(CISCO_IOS)),
    ("juniper", Whose::Platform(JUNIPER_JUNOS)),
    ("paloalto", Whose::Platform(PALOALTO_PANOS)),
    ("palo_alto", Whose::Platform(PALOALTO_PANOS)),
    ("palo_alto_nested", Whose::Platform(PALOALTO_PANOS)),
    ("vrp", Whose::Platform(HUAWEI_VRP)),
];
