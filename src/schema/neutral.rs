//! The neutral tables, which mean the same on every platform and which many products fill.

pub use super::people::{ACCOUNTS, AUTHENTICATION_POLICY, AUTHORIZED_KEYS, PRIVILEGES, SCHEMES, SHELLS};
use super::{Clock, Column, Kind, Table};
use crate::names::Phrase;

/// Ways of logging in or administering that `remote-access` tells apart.
pub const SERVICES_OF_ACCESS: &[&str] =
    &["api", "console", "database", "rdp", "snmp", "ssh", "telnet", "vpn", "web-http", "web-https", "winrm"];

/// Ways of proving who one is.
pub const METHODS: &[&str] = &[
    "certificate",
    "gssapi",
    "hostbased",
    "keyboard-interactive",
    "none",
    "one-time-password",
    "password",
    "public-key",
    "radius",
    "security-key",
    "tacacs",
];

/// What an entry of an ordered filter does.
pub const ACTIONS: &[&str] = &["permit", "deny", "other"];

/// Where an ordered filter is used.
pub const USES: &[&str] = &[
    "control-plane",
    "firewall",
    "http",
    "interface-in",
    "interface-out",
    "local-in",
    "nat",
    "none",
    "ntp",
    "other",
    "qos",
    "route-map",
    "snmp",
    "ssh",
    "vpn",
    "vty",
];

/// One row per entry of an ordered filter.
pub static ACCESS_RULES: Table = Table {
    name: "access-rules",
    title: Phrase { zh: "访问控制列表的条目", en: "entry of an ordered filter" },
    promised: false,
    columns: &[
        Column::new("list", Kind::Text, "the list's name").key(),
        Column::new("entry", Kind::Text, "the entry's own name or number").key(),
        Column::new("action", Kind::Word(ACTIONS), "what it does to what it matches; other: the next entries decide"),
        Column::new("protocol", Kind::Text, "protocol, any, or several with commas between them: tcp,udp"),
        Column::new("sources", Kind::Networks, "source addresses, groups expanded").empty(),
        Column::new("destinations", Kind::Networks, "destination addresses, groups expanded").empty(),
        Column::new("ports", Kind::Texts, "destination ports or ranges of TCP and UDP, or any; empty for protocols without ports").empty(),
        Column::new("applications", Kind::Texts, "applications that the firewall recognises, or any")
            .unset("the platform's entries do not tell applications apart")
            .empty(),
        Column::new(
            "any-any",
            Kind::Boolean,
            "whether it permits everything from everywhere to everywhere, or completes permits before it that together do",
        ),
        Column::new(
            "breadth",
            Kind::Integer,
            "IPv4 addresses plus IPv6 /64 networks among its sources that it admits; unlimited for all of a family, 0 where it does not permit",
        ),
        Column::new(
            "reachable",
            Kind::Boolean,
            "whether some packet reaches it: false where earlier entries take all, or it is not in force",
        ),
        Column::new("shadowed-by", Kind::Texts, "earlier entries that together take all of its packets, at most 16 are named").empty(),
        Column::new(
            "conflicts",
            Kind::Texts,
            "of an unreachable entry, the earlier entries that do something else to some of its packets, at most 16",
        )
        .empty(),
        Column::new("logged", Kind::Boolean, "whether matches are logged").unset("the platform's entries cannot log"),
        Column::new("enabled", Kind::Boolean, "whether it is in force"),
        Column::new("time-window", Kind::Text, "name of the time range in which it is in force").unset("it is always in force"),
        Column::new("applied-to", Kind::Words(USES), "where its list is used; none: nowhere"),
        Column::new("comment", Kind::Text, "the comment that belongs to it").unset("it has none"),
        Column::new("expires", Kind::Date(Clock::Scan), "last day on which it is in force, or never"),
    ],
    settings: &[],
};

/// The asset itself.
pub static ASSET: Table = Table {
    name: "asset",
    title: Phrase { zh: "资产本身", en: "the asset itself" },
    promised: true,
    columns: &[
        Column::new("id", Kind::Text, "the asset's id").key(),
        Column::new("platform", Kind::Text, "platform"),
        Column::new("vendor", Kind::Text, "vendor or distribution").unset("not known"),
        Column::new("model", Kind::Text, "model").unset("not known"),
        Column::new("version", Kind::Version, "version of the operating system").unset("not known"),
        Column::new("address", Kind::Text, "address at which it was reached").unset("not known"),
        Column::new("tags", Kind::Texts, "tags of the inventory").empty(),
        Column::new("zone", Kind::Text, "network zone").unset("not in the inventory"),
        Column::new("owner", Kind::Text, "who is responsible").unset("not in the inventory"),
        Column::new("collected-at", Kind::Date(Clock::Scan), "day of collection").unset("undated"),
        Column::new("collector", Kind::Text, "what collected it").unset("not known"),
        Column::new("complete", Kind::Boolean, "whether everything that was asked for was read"),
        Column::new("end-of-support", Kind::Date(Clock::Scan), "day on which the vendor's support of the release ends")
            .unset("the release is not one whose dates are known here"),
    ],
    settings: &[],
};

/// One row per banner.
pub static BANNER: Table = Table {
    name: "banner",
    title: Phrase { zh: "登录提示", en: "login banner" },
    promised: false,
    columns: &[
        Column::new("scope", Kind::Text, "where it is shown: ssh, console, motd").key(),
        Column::new("present", Kind::Boolean, "whether a text is shown before login"),
        Column::new("mentions-product", Kind::Boolean, "whether it tells the system's name or version"),
    ],
    settings: &[],
};

/// One row per offered algorithm, key or certificate.
pub static CRYPTO: Table = Table {
    name: "crypto",
    title: Phrase { zh: "提供的密码算法", en: "algorithm, key or certificate that is offered" },
    promised: false,
    columns: &[
        Column::new("context", Kind::Text, "who offers it: sshd").key(),
        Column::new("kind", Kind::Word(&["certificate", "cipher", "host-key", "key-exchange", "mac", "policy", "protocol"]), "what it is")
            .key(),
        Column::new("name", Kind::Text, "its name").key(),
        Column::new("strength", Kind::Word(&["weak", "acceptable", "strong", "commercial-sm"]), "how strong it is"),
        Column::new("bits", Kind::Integer, "key length in bits").unset("not a key, or its length is not shown"),
        Column::new("expires", Kind::Date(Clock::Scan), "day on which it expires, or never").unset("it has no end"),
    ],
    settings: &[],
};

/// One row per setting that runs with another value than its files give it.
pub static DRIFT: Table = Table {
    name: "drift",
    title: Phrase { zh: "运行值与配置文件不一致的设置", en: "setting whose running value differs from its file" },
    promised: false,
    columns: &[
        Column::new("setting", Kind::Text, "the product's own name of it").key(),
        Column::new(
            "file-value",
            Kind::Text,
            "what the files give it, or the documented default where they do not set it; of a secret only whether it is set",
        ),
        Column::new("running-value", Kind::Text, "what it runs with; of a secret only whether it is set"),
    ],
    settings: &[],
};

/// One row per path of interest.
pub static FILES: Table = Table {
    name: "files",
    title: Phrase { zh: "文件（清单所列，包括不存在的）", en: "path that the manifest lists, absent ones too" },
    promised: true,
    columns: &[
        Column::new("path", Kind::Text, "path inside the asset, no leading slash").key(),
        Column::new("kind", Kind::Word(&["absent", "directory", "file", "link", "other"]), "what is there"),
        Column::new("mode", Kind::Mode, "permission bits").unset("nothing is there"),
        Column::new("owner", Kind::Text, "owning user").unset("nothing is there"),
        Column::new("group", Kind::Text, "owning group").unset("nothing is there"),
        Column::new("size", Kind::Size, "size in bytes").unset("nothing is there, or not a file"),
        Column::new("sha256", Kind::Text, "digest of its bytes").unset("nothing is there, or not a file"),
        Column::new("setuid", Kind::Boolean, "whether it runs as its owner").unset("nothing is there"),
        Column::new("world-writable", Kind::Boolean, "whether everybody may write").unset("nothing is there"),
    ],
    settings: &[],
};

/// One row per place where others' logs are kept.
pub static LOG_STORE: Table = Table {
    name: "log-store",
    title: Phrase { zh: "集中日志的存储位置", en: "place where others' logs are kept" },
    promised: false,
    columns: &[
        Column::new("path", Kind::Text, "file or directory template").key(),
        Column::new("receives-from", Kind::Texts, "listeners that feed it").empty(),
        Column::new("retention", Kind::Duration, "time for which the configuration guarantees what it receives"),
    ],
    settings: &[],
};

/// One row per security-relevant log stream.
pub static LOGS: Table = Table {
    name: "logs",
    title: Phrase { zh: "安全相关日志流", en: "security-relevant log stream" },
    promised: true,
    columns: &[
        Column::new(
            "stream",
            Kind::Word(&[
                "api-audit",
                "audit",
                "authentication",
                "command",
                "container",
                "database-audit",
                "device",
                "firewall",
                "system",
                "web-access",
                "web-error",
            ]),
            "what is logged",
        )
        .key(),
        Column::new("path", Kind::Text, "where it is kept locally").unset("nothing is kept locally"),
        Column::new("enabled", Kind::Boolean, "whether it is written anywhere"),
        Column::new("covers", Kind::Words(&["auth", "command", "config-change", "privilege", "access"]), "what its records tell").empty(),
        Column::new(
            "retention",
            Kind::Duration,
            "time for which the configuration guarantees records locally: 0 where only a size limits it, unlimited where nothing deletes",
        ),
        Column::new("bounded-by", Kind::Word(&["time", "size", "both", "nothing"]), "what ends a local record's life")
            .unset("nothing is kept locally"),
        Column::new("retention-why", Kind::Text, "how the retention comes about"),
        Column::new("forwarded", Kind::Texts, "hosts that it is sent to").empty(),
        Column::new("forwarding-encrypted", Kind::Boolean, "whether every way out is encrypted").unset("it is not forwarded"),
        Column::new("forwarding-reliable", Kind::Boolean, "whether an outage of the receiver loses nothing").unset("it is not forwarded"),
        Column::new("level", Kind::Text, "least severe level that is written").unset("the stream has no levels"),
        Column::new("tamper-protection", Kind::Boolean, "whether its configuration is locked until restart")
            .unset("the stream has no such lock"),
    ],
    settings: &[],
};

/// What a name may be of.
const REFERENCED: &[&str] = &["account", "command", "file", "group", "include", "list", "module", "object", "profile"];

/// One row per name that is used and must exist.
pub static REFERENCES: Table = Table {
    name: "references",
    title: Phrase { zh: "被引用且必须存在的名称", en: "name that is used and must exist" },
    promised: false,
    columns: &[
        Column::new("kind", Kind::Word(REFERENCED), "what is named").key(),
        Column::new("name", Kind::Text, "the name").key(),
        Column::new("used-at", Kind::Text, "where it is used").key(),
        Column::new("defined", Kind::Boolean, "whether it exists"),
    ],
    settings: &[],
};

/// One row per way in.
pub static REMOTE_ACCESS: Table = Table {
    name: "remote-access",
    title: Phrase { zh: "远程登录或管理入口", en: "way in for administration or users" },
    promised: false,
    columns: &[
        Column::new("service", Kind::Word(SERVICES_OF_ACCESS), "kind of service").key(),
        Column::new("scope", Kind::Text, "listener and the block that limits it").key(),
        Column::new("enabled", Kind::Boolean, "whether anybody can log in this way"),
        Column::new("encrypted", Kind::Boolean, "whether the session is encrypted"),
        Column::new("sources", Kind::Networks, "addresses that the peer may come from, effective").empty(),
        Column::new("sources-restricted-by", Kind::Texts, "what limits the addresses").empty(),
        Column::new("accounts-restricted-by", Kind::Texts, "what limits who may log in").empty(),
        Column::new("factors", Kind::Integer, "least number of authentication factors of different kinds that admits"),
        Column::new("methods", Kind::Words(METHODS), "ways of proving who one is that may admit").empty(),
        Column::new("servers", Kind::Texts, "authentication servers it depends on").empty(),
        Column::new("servers-first", Kind::Boolean, "whether the servers are asked before anything local")
            .unset("it depends on no servers"),
        Column::new("idle-timeout", Kind::Duration, "time after which an idle or dead session ends; unlimited: never"),
        Column::new("login-timeout", Kind::Duration, "time for logging in; unlimited: no limit"),
        Column::new("max-attempts", Kind::Integer, "attempts per connection"),
        Column::new("lockout", Kind::Integer, "failures that lock the account").unset("nothing locks the account"),
        Column::new("time-windows", Kind::Texts, "times in which login is admitted").empty(),
        Column::new("login-hours", Kind::Duration, "hours per week in which somebody is admitted; 168h: always"),
        Column::new(
            "root-login",
            Kind::Word(&["yes", "no", "key-only", "commands-only"]),
            "whether the highest account may log in directly",
        )
        .unset("the platform has no such account"),
        Column::new("privileged-on-login", Kind::Boolean, "whether a login gives the highest privilege at once"),
        Column::new("accounting", Kind::Boolean, "whether sessions and commands are recorded elsewhere"),
        Column::new("forwarding", Kind::Boolean, "whether a session can relay other connections"),
    ],
    settings: &[],
};

/// The asset's handling of removable media.
pub static REMOVABLE_MEDIA: Table = Table {
    name: "removable-media",
    title: Phrase { zh: "移动存储介质管控", en: "handling of removable media" },
    promised: true,
    columns: &[
        Column::new("usb-storage", Kind::Word(&["blocked", "authorised", "open"]), "whether USB storage can be used"),
        Column::new("mechanism", Kind::Texts, "what blocks or authorises it").empty(),
        Column::new("automount", Kind::Boolean, "whether media are mounted when they are plugged in"),
        Column::new("autorun", Kind::Boolean, "whether programs on media start by themselves").unset("the platform has no such feature"),
        Column::new("optical", Kind::Boolean, "whether optical media can be used").unset("not shown by the configuration"),
    ],
    settings: &[],
};

/// One row per enabled or listening network service.
pub static SERVICES: Table = Table {
    name: "services",
    title: Phrase { zh: "启用或监听的网络服务", en: "network service that is enabled or listening" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "the service's name").key(),
        Column::new("port", Kind::Integer, "port").unset("not shown"),
        Column::new("protocol", Kind::Text, "transport protocol").unset("not shown"),
        Column::new("address", Kind::Text, "address it listens on").unset("not shown"),
        Column::new("enabled", Kind::Boolean, "whether it starts"),
        Column::new("cleartext", Kind::Boolean, "whether it carries credentials or data without encryption"),
    ],
    settings: &[],
};

/// One row per community, user or group of SNMP.
pub static SNMP: Table = Table {
    name: "snmp",
    title: Phrase { zh: "SNMP 团体名、用户或组", en: "community, user or group of SNMP" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "user or group; communities are secrets and are numbered: `community 1`").key(),
        Column::new("version", Kind::Word(&["v1", "v2c", "v3"]), "least protected version that it serves"),
        Column::new("access", Kind::Word(&["read", "write"]), "whether it can change the device"),
        Column::new("sources", Kind::Networks, "addresses that may use it, effective").empty(),
        Column::new("sources-restricted-by", Kind::Texts, "the lists that limit them").empty(),
        Column::new("auth", Kind::Word(&["none", "md5", "sha1", "sha2", "sm3"]), "how requests are authenticated"),
        Column::new("privacy", Kind::Word(&["none", "des", "3des", "aes", "sm4"]), "how requests are encrypted"),
        Column::new("vendor-default", Kind::Boolean, "whether the community is one that everybody knows (public, private)"),
    ],
    settings: &[],
};

/// One row per configured time server.
pub static TIME_SOURCES: Table = Table {
    name: "time-sources",
    title: Phrase { zh: "时间源", en: "configured time server" },
    promised: false,
    columns: &[
        Column::new("server", Kind::Text, "name or address").key(),
        Column::new("protocol", Kind::Word(&["ntp", "nts", "ptp", "reference-clock", "sntp"]), "protocol"),
        Column::new("authenticated", Kind::Boolean, "whether answers are authenticated").unset("a local clock sends no answers"),
        Column::new("enabled", Kind::Boolean, "whether it is asked"),
    ],
    settings: &[],
};
