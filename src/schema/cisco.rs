//! The tables that only products of Cisco fill: global settings and interfaces of IOS.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// One row per global setting of IOS and IOS-XE.
pub static IOS_SETTINGS: Table = Table {
    name: "ios-settings",
    title: Phrase { zh: "IOS 全局设置", en: "global setting of IOS" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "aaa accounting commands 15", doc: "whether commands of level 15 are recorded at servers" },
        Setting { name: "aaa accounting exec", doc: "whether sessions are recorded at servers" },
        Setting { name: "aaa authorization commands 15", doc: "whether servers decide about commands of level 15" },
        Setting { name: "aaa authorization exec", doc: "whether servers decide about sessions" },
        Setting { name: "aaa local authentication attempts max-fail", doc: "failures that lock a local user" },
        Setting { name: "aaa new-model", doc: "whether AAA is used" },
        Setting { name: "archive log config hidekeys", doc: "whether secrets are left out of the log of changes" },
        Setting { name: "archive log config logging enable", doc: "whether changes of the configuration are logged" },
        Setting { name: "archive log config notify syslog", doc: "whether that log is sent as messages" },
        Setting { name: "cdp run", doc: "whether CDP runs on the device" },
        Setting { name: "enable password", doc: "whether the reversible enable password is set" },
        Setting { name: "enable secret", doc: "how the enable secret is stored: md5 type4 sha256 scrypt; none where it is not set" },
        Setting { name: "ip bootp server", doc: "whether BOOTP requests are answered" },
        Setting { name: "ip finger", doc: "whether finger requests are answered" },
        Setting { name: "ip http access-class", doc: "list that limits who reaches the web server" },
        Setting { name: "ip http secure-server", doc: "whether the web server answers over TLS" },
        Setting { name: "ip http server", doc: "whether the web server answers in clear" },
        Setting { name: "ip source-route", doc: "whether packets may choose their route" },
        Setting { name: "ip ssh authentication-retries", doc: "attempts per SSH connection" },
        Setting { name: "ip ssh time-out", doc: "seconds for the negotiation of SSH" },
        Setting { name: "ip ssh version", doc: "versions of SSH that are offered: 2, 1, or both" },
        Setting { name: "line aux", doc: "whether somebody can log in at the auxiliary port: usable, unusable" },
        Setting { name: "logging buffered", doc: "size of the log buffer in bytes" },
        Setting { name: "logging on", doc: "whether messages go anywhere but to the console" },
        Setting { name: "logging trap", doc: "severity up to which messages are sent to log hosts, 0 to 7" },
        Setting { name: "login block-for", doc: "failures after which logins are refused for a while" },
        Setting { name: "login on-failure log", doc: "whether failed logins are logged" },
        Setting { name: "login on-success log", doc: "whether successful logins are logged" },
        Setting { name: "security passwords min-length", doc: "least length of passwords" },
        Setting { name: "service config", doc: "whether a configuration is loaded from the network" },
        Setting { name: "service finger", doc: "whether finger requests are answered (old spelling)" },
        Setting { name: "service pad", doc: "whether X.25 PAD connections are served" },
        Setting { name: "service password-encryption", doc: "whether passwords are obscured in the configuration" },
        Setting { name: "service tcp-small-servers", doc: "whether echo, discard and chargen are served over TCP" },
        Setting { name: "service timestamps log", doc: "what stands before a message; the words are its items" },
        Setting { name: "service udp-small-servers", doc: "whether echo, discard and chargen are served over UDP" },
        Setting { name: "version", doc: "release of the software" },
    ],
};

/// One row per interface of IOS and IOS-XE.
pub static IOS_INTERFACES: Table = Table {
    name: "ios-interfaces",
    title: Phrase { zh: "IOS 接口", en: "interface of IOS" },
    promised: false,
    columns: &[
        Column::new("interface", Kind::Text, "name of the interface").key(),
        Column::new("enabled", Kind::Boolean, "whether it is not shut down"),
        Column::new("physical", Kind::Boolean, "whether it is a port, and not a VLAN, loopback, tunnel or bundle"),
        Column::new("mode", Kind::Word(&["access", "trunk", "routed", "undecided"]), "how it is used"),
        Column::new("in-use", Kind::Boolean, "whether it has a description, an address, or belongs to a bundle or a VLAN of its own"),
        Column::new("guarded", Kind::Boolean, "whether devices must prove themselves: port security, 802.1X or MAB"),
        Column::new("outside", Kind::Boolean, "whether addresses are translated towards it (ip nat outside)"),
        Column::new("cdp", Kind::Boolean, "whether CDP runs on it"),
        Column::new("acl-in", Kind::Text, "list that filters what comes in").unset("none"),
        Column::new("acl-out", Kind::Text, "list that filters what goes out").unset("none"),
    ],
    settings: &[],
};

/// One row per routing neighbour, or interface on which neighbours are found.
pub static IOS_NEIGHBOURS: Table = Table {
    name: "ios-neighbours",
    title: Phrase { zh: "IOS 路由邻居", en: "routing neighbour of IOS" },
    promised: false,
    columns: &[
        Column::new("protocol", Kind::Text, "routing protocol and process: bgp 65001").key(),
        Column::new("neighbour", Kind::Text, "address of the neighbour, or the process as a whole").key(),
        Column::new("authenticated", Kind::Boolean, "whether neighbours must prove that they know a key"),
    ],
    settings: &[],
};
