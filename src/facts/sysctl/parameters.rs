//! The kernel's parameters as data: how `conf.all` and an interface's own value combine, and what holds where nothing is set.

use crate::facts::Documented;

/// How the kernel comes to the value that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Combination {
    /// One value; the whole name is the key.
    One,
    /// Either `conf.all` or the interface.
    Or,
    /// Both `conf.all` and the interface.
    And,
    /// The greater of the two.
    Max,
    /// The lesser of the two.
    Min,
    /// The interface's own value alone, where routing is off, and zero where it is on.
    OwnOnHosts,
    /// The interface's own value; 1 counts only where routing is off.
    RouterAdvertisements,
    /// `And` where the interface routes, `Or` where it does not.
    ByRouting,
    /// Whatever routes: the global switch, or an interface's own.
    Routing,
}

/// One name of the table's vocabulary.
#[derive(Debug)]
pub(super) struct Parameter {
    /// The vocabulary's name; of interfaces' parameters, without the interface.
    pub name: &'static str,
    /// Family and last part of its keys with an interface; none where it has no interfaces.
    pub of_interface: Option<(&'static str, &'static str)>,
    /// How its values combine.
    pub combination: Combination,
    /// What holds for `conf.all`, and for the only value of a parameter without interfaces.
    pub all: Unset,
    /// What holds for an interface.
    pub own: i64,
    /// Where that is documented.
    pub default: &'static Documented,
}

/// What holds where nothing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unset {
    /// One value on every kernel.
    Is(i64),
    /// One of these, by how the kernel was built.
    OneOf(&'static [i64]),
    /// Whatever the kernel was built with.
    Any,
}

/// A parameter without interfaces.
const fn one(name: &'static str, all: Unset, default: &'static Documented) -> Parameter {
    Parameter { name, of_interface: None, combination: Combination::One, all, own: 0, default }
}

/// A parameter of interfaces.
const fn each(
    name: &'static str,
    of_interface: (&'static str, &'static str),
    combination: Combination,
    all: i64,
    own: i64,
    default: &'static Documented,
) -> Parameter {
    Parameter { name, of_interface: Some(of_interface), combination, all: Unset::Is(all), own, default }
}

/// Every name of the vocabulary, in its order.
pub(super) static PARAMETERS: &[Parameter] = &[
    one(
        "fs.protected_hardlinks",
        Unset::Is(0),
        &Documented { setting: "fs.protected_hardlinks = 0", versions: "Linux 3.6 and later", source: "fs/namei.c" },
    ),
    one(
        "fs.protected_symlinks",
        Unset::Is(0),
        &Documented { setting: "fs.protected_symlinks = 0", versions: "Linux 3.6 and later", source: "fs/namei.c" },
    ),
    one(
        "fs.suid_dumpable",
        Unset::Is(0),
        &Documented { setting: "fs.suid_dumpable = 0", versions: "Linux", source: "Documentation/admin-guide/sysctl/fs" },
    ),
    one(
        "kernel.dmesg_restrict",
        Unset::OneOf(&[0, 1]),
        &Documented {
            setting: "kernel.dmesg_restrict = CONFIG_SECURITY_DMESG_RESTRICT",
            versions: "Linux",
            source: "Documentation/admin-guide/sysctl/kernel",
        },
    ),
    one(
        "kernel.kptr_restrict",
        Unset::Is(0),
        &Documented { setting: "kernel.kptr_restrict = 0", versions: "Linux", source: "Documentation/admin-guide/sysctl/kernel" },
    ),
    one(
        "kernel.randomize_va_space",
        Unset::Is(2),
        &Documented {
            setting: "kernel.randomize_va_space = 2",
            versions: "Linux without CONFIG_COMPAT_BRK",
            source: "Documentation/admin-guide/sysctl/kernel",
        },
    ),
    one(
        "kernel.sysrq",
        Unset::Any,
        &Documented {
            setting: "kernel.sysrq = CONFIG_MAGIC_SYSRQ_DEFAULT_ENABLE",
            versions: "Linux",
            source: "Documentation/admin-guide/sysrq",
        },
    ),
    one(
        "kernel.yama.ptrace_scope",
        Unset::OneOf(&[0, 1]),
        &Documented {
            setting: "kernel.yama.ptrace_scope = 1, 0 on Debian",
            versions: "Linux with Yama",
            source: "Documentation/admin-guide/LSM/Yama",
        },
    ),
    each(
        "net.ipv4.conf.accept_redirects",
        ("ipv4", "accept_redirects"),
        Combination::ByRouting,
        1,
        1,
        &Documented {
            setting: "accept_redirects = TRUE (host), FALSE (router)",
            versions: "Linux",
            source: "Documentation/networking/ip-sysctl",
        },
    ),
    each(
        "net.ipv4.conf.accept_source_route",
        ("ipv4", "accept_source_route"),
        Combination::And,
        0,
        1,
        &Documented {
            setting: "conf/all/accept_source_route = FALSE (host)",
            versions: "Linux",
            source: "Documentation/networking/ip-sysctl",
        },
    ),
    each(
        "net.ipv4.conf.log_martians",
        ("ipv4", "log_martians"),
        Combination::Or,
        0,
        0,
        &Documented { setting: "log_martians = FALSE", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv4.conf.rp_filter",
        ("ipv4", "rp_filter"),
        Combination::Max,
        0,
        0,
        &Documented { setting: "rp_filter = 0", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv4.conf.secure_redirects",
        ("ipv4", "secure_redirects"),
        Combination::Or,
        1,
        1,
        &Documented { setting: "secure_redirects = TRUE", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv4.conf.send_redirects",
        ("ipv4", "send_redirects"),
        Combination::Or,
        1,
        1,
        &Documented { setting: "send_redirects = TRUE", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    one(
        "net.ipv4.icmp_echo_ignore_broadcasts",
        Unset::Is(1),
        &Documented { setting: "icmp_echo_ignore_broadcasts = 1", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    one(
        "net.ipv4.icmp_ignore_bogus_error_responses",
        Unset::Is(1),
        &Documented { setting: "icmp_ignore_bogus_error_responses = 1", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv4.ip_forward",
        ("ipv4", "forwarding"),
        Combination::Routing,
        0,
        0,
        &Documented { setting: "ip_forward = 0", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    one(
        "net.ipv4.tcp_syncookies",
        Unset::Is(1),
        &Documented { setting: "tcp_syncookies = 1", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv6.conf.accept_ra",
        ("ipv6", "accept_ra"),
        Combination::RouterAdvertisements,
        1,
        1,
        &Documented { setting: "accept_ra = 1 where forwarding is off", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv6.conf.accept_redirects",
        ("ipv6", "accept_redirects"),
        Combination::OwnOnHosts,
        1,
        1,
        &Documented {
            setting: "accept_redirects = 1 where forwarding is off",
            versions: "Linux",
            source: "Documentation/networking/ip-sysctl",
        },
    ),
    each(
        "net.ipv6.conf.accept_source_route",
        ("ipv6", "accept_source_route"),
        Combination::Min,
        0,
        0,
        &Documented { setting: "accept_source_route = 0", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
    each(
        "net.ipv6.conf.forwarding",
        ("ipv6", "forwarding"),
        Combination::Routing,
        0,
        0,
        &Documented { setting: "forwarding = 0", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
    ),
];

/// Whether IPv6 is switched off on an interface; reading `conf.all` alone says nothing (ip-sysctl).
pub(super) static DISABLE_IPV6: Parameter = each(
    "net.ipv6.conf.disable_ipv6",
    ("ipv6", "disable_ipv6"),
    Combination::Max,
    0,
    0,
    &Documented { setting: "disable_ipv6 = 0", versions: "Linux", source: "Documentation/networking/ip-sysctl" },
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::linux::SYSCTL;

    #[test]
    fn every_name_of_the_vocabulary_has_its_parameter() {
        let vocabulary: Vec<_> = SYSCTL.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(PARAMETERS.iter().map(|it| it.name).collect::<Vec<_>>(), vocabulary);
        for parameter in PARAMETERS.iter().filter(|it| it.name != "net.ipv4.ip_forward") {
            let parts = parameter.name.strip_prefix("net.").and_then(|rest| rest.split_once(".conf."));
            assert_eq!(parameter.of_interface, parts, "{}", parameter.name);
        }
    }
}
