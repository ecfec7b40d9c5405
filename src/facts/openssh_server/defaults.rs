//! What sshd does where a keyword is not set, by release and by who built it.
//!
//! Each value stands as it would in the file, so that it is read in the same way. The truth is `fill_default_server_options` in
//! servconf.c of OpenSSH 7.2, 7.4, 8.4, 9.2, 10.0 and 10.3, and sshd_config(5) of the same.

use super::super::Documented;
use super::version::{Builder, Version, Versions};

/// The default of one keyword from one release on.
#[derive(Debug)]
pub(super) struct Default {
    keyword: &'static str,
    from: Version,
    /// The arguments that it stands for.
    pub(super) arguments: &'static [&'static str],
    /// What is documented.
    pub(super) documented: Documented,
}

const ALL: Version = (0, 0);

/// A default of every release.
const fn ever(keyword: &'static str, setting: &'static str, arguments: &'static [&'static str]) -> Default {
    since(keyword, ALL, arguments, setting, "every OpenSSH since 7.2")
}

/// A default from one release on.
const fn since(
    keyword: &'static str,
    from: Version,
    arguments: &'static [&'static str],
    setting: &'static str,
    versions: &'static str,
) -> Default {
    Default { keyword, from, arguments, documented: Documented { setting, versions, source: "sshd_config(5)" } }
}

/// Sorted by keyword, and by release within one.
static DEFAULTS: &[Default] = &[
    ever("addressfamily", "AddressFamily any", &["any"]),
    ever("allowagentforwarding", "AllowAgentForwarding yes", &["yes"]),
    ever("allowgroups", "AllowGroups (nobody excluded)", &[]),
    ever("allowstreamlocalforwarding", "AllowStreamLocalForwarding yes", &["yes"]),
    ever("allowtcpforwarding", "AllowTcpForwarding yes", &["yes"]),
    ever("allowusers", "AllowUsers (nobody excluded)", &[]),
    ever("authenticationmethods", "AuthenticationMethods any", &["any"]),
    ever("authorizedkeyscommand", "AuthorizedKeysCommand none", &["none"]),
    ever("authorizedkeyscommanduser", "AuthorizedKeysCommandUser none", &["none"]),
    ever(
        "authorizedkeysfile",
        "AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2",
        &[".ssh/authorized_keys", ".ssh/authorized_keys2"],
    ),
    ever("authorizedprincipalscommand", "AuthorizedPrincipalsCommand none", &["none"]),
    ever("authorizedprincipalscommanduser", "AuthorizedPrincipalsCommandUser none", &["none"]),
    ever("banner", "Banner none", &["none"]),
    ever("challengeresponseauthentication", "ChallengeResponseAuthentication yes", &["yes"]),
    ever("chrootdirectory", "ChrootDirectory none", &["none"]),
    ever("clientalivecountmax", "ClientAliveCountMax 3", &["3"]),
    ever("clientaliveinterval", "ClientAliveInterval 0", &["0"]),
    ever("denygroups", "DenyGroups (nobody)", &[]),
    ever("denyusers", "DenyUsers (nobody)", &[]),
    ever("disableforwarding", "DisableForwarding no", &["no"]),
    ever("forcecommand", "ForceCommand none", &["none"]),
    ever("gatewayports", "GatewayPorts no", &["no"]),
    ever("gssapiauthentication", "GSSAPIAuthentication no", &["no"]),
    ever("gssapikeyexchange", "GSSAPIKeyExchange no", &["no"]),
    ever("hostbasedauthentication", "HostbasedAuthentication no", &["no"]),
    ever("ignorerhosts", "IgnoreRhosts yes", &["yes"]),
    since(
        "kbdinteractiveauthentication",
        ALL,
        &["no"],
        "KbdInteractiveAuthentication: what ChallengeResponseAuthentication is",
        "OpenSSH before 8.7",
    ),
    since("kbdinteractiveauthentication", (8, 7), &["yes"], "KbdInteractiveAuthentication yes", "OpenSSH 8.7 and later"),
    ever("listenaddress", "ListenAddress (every address)", &[]),
    ever("logingracetime", "LoginGraceTime 120", &["120"]),
    ever("loglevel", "LogLevel INFO", &["INFO"]),
    ever("maxauthtries", "MaxAuthTries 6", &["6"]),
    ever("maxsessions", "MaxSessions 10", &["10"]),
    ever("maxstartups", "MaxStartups 10:30:100", &["10:30:100"]),
    ever("pamservicename", "PAMServiceName sshd", &["sshd"]),
    ever("passwordauthentication", "PasswordAuthentication yes", &["yes"]),
    ever("permitemptypasswords", "PermitEmptyPasswords no", &["no"]),
    since("permitrootlogin", ALL, &["prohibit-password"], "PermitRootLogin prohibit-password", "OpenSSH 7.0 and later"),
    ever("permittunnel", "PermitTunnel no", &["no"]),
    ever("permituserenvironment", "PermitUserEnvironment no", &["no"]),
    since("persourcepenalties", (9, 8), &["yes"], "PerSourcePenalties yes", "OpenSSH 9.8 and later"),
    ever("pubkeyauthentication", "PubkeyAuthentication yes", &["yes"]),
    ever("refuseconnection", "RefuseConnection no", &["no"]),
    ever("strictmodes", "StrictModes yes", &["yes"]),
    ever("syslogfacility", "SyslogFacility AUTH", &["AUTH"]),
    ever("trustedusercakeys", "TrustedUserCAKeys none", &["none"]),
    ever("usepam", "UsePAM no", &["no"]),
    ever("x11forwarding", "X11Forwarding no", &["no"]),
];

/// Red Hat 7 and SUSE up to 15 build with upstream's default before 7.0.
static ROOT_MAY_LOG_IN: Default = Default {
    keyword: "permitrootlogin",
    from: ALL,
    arguments: &["yes"],
    documented: Documented {
        setting: "PermitRootLogin yes",
        versions: "Red Hat Enterprise Linux 7 and SUSE up to 15",
        source: "sshd_config(5) of Red Hat Enterprise Linux 7, README.SUSE",
    },
};

static UPSTREAM_LISTS: Documented = Documented {
    setting: "Ciphers, MACs, KexAlgorithms, HostKeyAlgorithms: the lists of the release",
    versions: "OpenSSH as Debian and Ubuntu build it",
    source: "sshd_config(5), myproposal.h",
};
static RED_HAT_7_LISTS: Documented = Documented {
    setting: "Ciphers and KexAlgorithms: upstream's lists, CBC ciphers and key exchange over SHA-1 with them",
    versions: "Red Hat Enterprise Linux 7",
    source: "sshd_config(5) of Red Hat Enterprise Linux 7",
};

/// What is documented of the algorithm lists of a build.
pub(super) fn algorithms(builder: Builder) -> &'static Documented {
    if builder == Builder::RedHat7 { &RED_HAT_7_LISTS } else { &UPSTREAM_LISTS }
}

/// The defaults of a keyword in the releases that sshd may be, each once, oldest first; none where it is newer than all that are known,
/// or where those releases have no such keyword.
pub(super) fn of(keyword: &str, versions: &Versions<'_>) -> Vec<&'static Default> {
    let mut found: Vec<&'static Default> = Vec::new();
    let first = DEFAULTS.partition_point(|default| default.keyword < keyword);
    for release in versions.releases() {
        let own = DEFAULTS[first..].iter().take_while(|default| default.keyword == keyword);
        let default = own.take_while(|default| default.from <= release).last();
        found.extend(default.filter(|default| !found.iter().any(|it| std::ptr::eq(*it, *default))));
    }
    if keyword == "permitrootlogin" && !found.is_empty() {
        match versions.builder {
            Builder::RedHat7 | Builder::Suse => return vec![&ROOT_MAY_LOG_IN],
            Builder::Other => found.push(&ROOT_MAY_LOG_IN),
            Builder::Debian | Builder::RedHat | Builder::RedHat8 => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{keywords, values};
    use super::*;

    #[test]
    fn defaults_are_sorted_and_what_sshd_takes() {
        let order = |it: &Default| (it.keyword, it.from);
        assert!(DEFAULTS.is_sorted_by(|left, right| order(left) < order(right)));
        let current = Versions { low: (9, 2), high: (9, 2), beyond: false, builder: Builder::Debian, shown: None };
        for default in DEFAULTS.iter().filter(|default| !default.arguments.is_empty()) {
            let keyword = keywords::find(default.keyword).expect("a default is of a keyword");
            let rest = default.arguments.join(" ");
            assert!(values::acceptable(keyword, default.arguments, &rest, &current), "{}", default.documented.setting);
        }
    }
}
