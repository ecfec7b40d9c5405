//! The keywords of sshd_config: what arguments each takes, where it may stand, and from which release on.
//!
//! The truth is the table `keywords` in servconf.c of OpenSSH 7.4, 8.4, 9.2, 10.0 and 10.3, with what Debian's and Red Hat's builds add.

use super::version::Version;

/// What arguments a keyword takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arguments {
    /// One of these words without regard to case, and what each means.
    Word(&'static [(&'static str, &'static str)]),
    /// One of these words, exactly so.
    ExactWord(&'static [&'static str]),
    /// A whole number from 0.
    Integer,
    /// A whole number, or `none`.
    IntegerOrNone,
    /// A time: `120`, `2m`, `1h30m`.
    Time,
    /// A time, or `none`.
    TimeOrNone,
    /// A port by number or service name.
    Port,
    /// Address and perhaps port, perhaps `rdomain NAME`.
    ListenAddress,
    /// Exactly one argument that is not empty.
    One,
    /// One or two arguments that are not empty.
    OneOrTwo,
    /// Any number of arguments that are not empty.
    Many,
    /// `USER` or `USER@HOSTS` patterns.
    UserPatterns,
    /// Environment names, without `=`.
    EnvironmentNames,
    /// Environment settings, with `=`.
    EnvironmentSettings,
    /// Algorithm names with `+`, `-` or `^` before them.
    Algorithms,
    /// Lists of authentication methods, or `any`.
    Methods,
    /// `START:RATE:FULL`, or one number.
    MaxStartups,
    /// The rest of the line.
    Rest,
    /// The rest of the line, which begins with `/` or is `none`.
    Command,
    /// A name and a command.
    Subsystem,
    /// `no`, `yes` or any number of `KIND:VALUE`.
    Penalties,
    /// `touch-required`, `verify-required`, `none`.
    KeyOptions,
    /// `KIND=TIME` or `none`.
    ChannelTimeouts,
    /// Files to read in its place.
    Include,
    /// Criteria of the block that begins.
    Match,
    /// Whatever follows is not looked at.
    Ignored,
}

/// Where a keyword may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before every `Match` that limits to some connections.
    Global,
    /// Anywhere.
    Anywhere,
    /// Anywhere from this release on; before it, as `Global`.
    AnywhereFrom(Version),
}

/// One keyword.
#[derive(Debug)]
pub(super) struct Keyword {
    /// Its name in lower case.
    pub(super) name: &'static str,
    /// The keyword that it is another name of; itself mostly.
    pub(super) means: &'static str,
    /// What arguments it takes.
    pub(super) arguments: Arguments,
    /// Where it may stand.
    pub(super) place: Place,
    /// The first release that knows it.
    pub(super) since: Version,
}

const OLD: Version = (0, 0);

const fn keyword(name: &'static str, arguments: Arguments, place: Place) -> Keyword {
    Keyword { name, means: name, arguments, place, since: OLD }
}

impl Keyword {
    /// Whether a connection's blocks can set it.
    pub(super) fn may_stand_in_blocks(&self) -> bool {
        self.place != Place::Global
    }

    const fn means(mut self, means: &'static str) -> Keyword {
        self.means = means;
        self
    }

    const fn since(mut self, major: u8, minor: u8) -> Keyword {
        self.since = (major, minor);
        self
    }
}

const FLAG: Arguments = Arguments::Word(&[("yes", "yes"), ("no", "no")]);
const FORWARDING: Arguments = Arguments::Word(&[("yes", "yes"), ("all", "yes"), ("no", "no"), ("remote", "remote"), ("local", "local")]);
const ROOT_LOGIN: Arguments = Arguments::Word(&[
    ("without-password", "prohibit-password"),
    ("prohibit-password", "prohibit-password"),
    ("forced-commands-only", "forced-commands-only"),
    ("yes", "yes"),
    ("no", "no"),
]);
const LEVELS: Arguments = Arguments::Word(&[
    ("silent", "quiet"),
    ("quiet", "quiet"),
    ("fatal", "fatal"),
    ("error", "error"),
    ("info", "info"),
    ("verbose", "verbose"),
    ("debug", "debug"),
    ("debug1", "debug"),
    ("debug2", "debug2"),
    ("debug3", "debug3"),
]);
const FACILITIES: Arguments = Arguments::Word(&[
    ("daemon", "daemon"),
    ("user", "user"),
    ("auth", "auth"),
    ("authpriv", "authpriv"),
    ("local0", "local0"),
    ("local1", "local1"),
    ("local2", "local2"),
    ("local3", "local3"),
    ("local4", "local4"),
    ("local5", "local5"),
    ("local6", "local6"),
    ("local7", "local7"),
]);
const COMPRESSION: Arguments = Arguments::Word(&[("yes", "yes"), ("delayed", "yes"), ("no", "no")]);
const FAMILIES: Arguments = Arguments::Word(&[("inet", "inet"), ("inet6", "inet6"), ("any", "any")]);
const RHOSTS: Arguments = Arguments::Word(&[("yes", "yes"), ("no", "no"), ("shosts-only", "shosts-only")]);
const GATEWAY: Arguments = Arguments::Word(&[("clientspecified", "clientspecified"), ("yes", "yes"), ("no", "no")]);
const TUNNEL: Arguments = Arguments::ExactWord(&["no", "point-to-point", "ethernet", "yes"]);

use Arguments::{
    Algorithms, ChannelTimeouts, Command, EnvironmentNames, EnvironmentSettings, Ignored, Include, Integer, IntegerOrNone, KeyOptions,
    ListenAddress, Many, Match, MaxStartups, Methods, One, OneOrTwo, Penalties, Port, Rest, Subsystem, Time, TimeOrNone, UserPatterns,
};
use Place::{Anywhere, AnywhereFrom, Global};

/// Every keyword, sorted by name.
pub(super) static KEYWORDS: &[Keyword] = &[
    keyword("acceptenv", EnvironmentNames, Anywhere),
    keyword("addressfamily", FAMILIES, Global),
    keyword("afstokenpassing", Ignored, Global),
    keyword("allowagentforwarding", FLAG, Anywhere),
    keyword("allowgroups", Many, Anywhere),
    keyword("allowstreamlocalforwarding", FORWARDING, Anywhere),
    keyword("allowtcpforwarding", FORWARDING, Anywhere),
    keyword("allowusers", UserPatterns, Anywhere),
    keyword("authenticationmethods", Methods, Anywhere),
    keyword("authorizedkeyscommand", Command, Anywhere),
    keyword("authorizedkeyscommanduser", One, Anywhere),
    keyword("authorizedkeysfile", Many, Anywhere),
    keyword("authorizedkeysfile2", Ignored, Anywhere),
    keyword("authorizedprincipalscommand", Command, Anywhere),
    keyword("authorizedprincipalscommanduser", One, Anywhere),
    keyword("authorizedprincipalsfile", One, Anywhere),
    keyword("banner", One, Anywhere),
    keyword("casignaturealgorithms", Algorithms, Anywhere).since(7, 9),
    // A switch of its own before 8.7, another name of KbdInteractiveAuthentication since.
    keyword("challengeresponseauthentication", FLAG, AnywhereFrom((8, 7))),
    keyword("channeltimeout", ChannelTimeouts, Anywhere).since(9, 2),
    keyword("checkmail", Ignored, Global),
    keyword("chrootdirectory", One, Anywhere),
    keyword("ciphers", Algorithms, Global),
    keyword("clientalivecountmax", Integer, Anywhere),
    keyword("clientaliveinterval", Time, Anywhere),
    keyword("compression", COMPRESSION, Global),
    // Debian's own.
    keyword("debianbanner", FLAG, Global),
    keyword("denygroups", Many, Anywhere),
    keyword("denyusers", UserPatterns, Anywhere),
    keyword("disableforwarding", FLAG, Anywhere).since(7, 4),
    keyword("dsaauthentication", FLAG, Global).means("pubkeyauthentication"),
    keyword("exposeauthinfo", FLAG, Anywhere).since(7, 6),
    keyword("fingerprinthash", One, Global),
    keyword("forcecommand", Rest, Anywhere),
    keyword("gatewayports", GATEWAY, Anywhere),
    keyword("gssapiauthentication", FLAG, Anywhere),
    keyword("gssapicleanupcredentials", FLAG, Global),
    keyword("gssapicleanupcreds", FLAG, Global),
    keyword("gssapidelegatecredentials", FLAG, Global).since(10, 1),
    // Red Hat's own.
    keyword("gssapienablek5users", FLAG, Anywhere),
    keyword("gssapiindicators", Many, Anywhere),
    keyword("gssapikexalgorithms", One, Global),
    keyword("gssapikeyexchange", FLAG, Global),
    keyword("gssapistorecredentialsonrekey", FLAG, Global),
    keyword("gssapistrictacceptorcheck", FLAG, Global),
    keyword("gssapiusesessioncredcache", Ignored, Global),
    keyword("gssusesessionccache", Ignored, Global),
    keyword("hostbasedacceptedalgorithms", Algorithms, Anywhere).since(8, 5),
    keyword("hostbasedacceptedkeytypes", Algorithms, Anywhere).means("hostbasedacceptedalgorithms"),
    keyword("hostbasedauthentication", FLAG, Anywhere),
    keyword("hostbasedusesnamefrompacketonly", FLAG, Anywhere),
    keyword("hostcertificate", One, Global),
    keyword("hostdsakey", One, Global).means("hostkey"),
    keyword("hostkey", One, Global),
    keyword("hostkeyagent", One, Global),
    keyword("hostkeyalgorithms", Algorithms, Global),
    keyword("ignorerhosts", RHOSTS, Anywhere),
    keyword("ignoreuserknownhosts", FLAG, Global),
    keyword("include", Include, Anywhere).since(8, 2),
    keyword("ipqos", OneOrTwo, Anywhere),
    keyword("kbdinteractiveauthentication", FLAG, Anywhere),
    keyword("keepalive", FLAG, Global),
    keyword("kerberosauthentication", FLAG, Anywhere),
    keyword("kerberosgetafstoken", Ignored, Global),
    keyword("kerberosorlocalpasswd", FLAG, Global),
    keyword("kerberostgtpassing", Ignored, Global),
    keyword("kerberosticketcleanup", FLAG, Global),
    // Red Hat's own.
    keyword("kerberosuniqueccache", FLAG, Global),
    keyword("kerberosusekuserok", FLAG, Anywhere),
    keyword("kexalgorithms", Algorithms, Global),
    keyword("keyregenerationinterval", Ignored, Global),
    keyword("listenaddress", ListenAddress, Global),
    keyword("logingracetime", Time, Global),
    keyword("loglevel", LEVELS, Anywhere),
    keyword("logverbose", Many, Anywhere).since(8, 5),
    keyword("macs", Algorithms, Global),
    keyword("match", Match, Anywhere),
    keyword("maxauthtries", Integer, Anywhere),
    keyword("maxsessions", Integer, Anywhere),
    keyword("maxstartups", MaxStartups, Global),
    keyword("modulifile", One, Global).since(8, 5),
    keyword("pamauthenticationviakbdint", Ignored, Global),
    keyword("pamservicename", One, Anywhere).since(9, 8),
    keyword("passwordauthentication", FLAG, Anywhere),
    keyword("permitblacklistedkeys", Ignored, Global),
    keyword("permitemptypasswords", FLAG, Anywhere),
    keyword("permitlisten", Many, Anywhere).since(7, 8),
    keyword("permitopen", Many, Anywhere),
    keyword("permitrootlogin", ROOT_LOGIN, Anywhere),
    keyword("permittty", FLAG, Anywhere),
    keyword("permittunnel", TUNNEL, Anywhere),
    keyword("permituserenvironment", One, Global),
    keyword("permituserrc", FLAG, Anywhere),
    keyword("persourcemaxstartups", IntegerOrNone, Global).since(8, 5),
    keyword("persourcenetblocksize", One, Global).since(8, 5),
    keyword("persourcepenalties", Penalties, Global).since(9, 8),
    keyword("persourcepenaltyexemptlist", One, Global).since(9, 8),
    keyword("pidfile", One, Global),
    keyword("port", Port, Global),
    keyword("printlastlog", FLAG, Global),
    keyword("printmotd", FLAG, Global),
    keyword("protocol", Ignored, Global),
    keyword("pubkeyacceptedalgorithms", Algorithms, Anywhere).since(8, 5),
    keyword("pubkeyacceptedkeytypes", Algorithms, Anywhere).means("pubkeyacceptedalgorithms"),
    keyword("pubkeyauthentication", FLAG, Anywhere),
    keyword("pubkeyauthoptions", KeyOptions, Anywhere).since(8, 2),
    keyword("rdomain", One, Anywhere).since(7, 7),
    keyword("refuseconnection", FLAG, Anywhere).since(9, 9),
    keyword("rekeylimit", OneOrTwo, Anywhere),
    // From 9.1; Red Hat's 8.7 has it too, because its crypto policies set it.
    keyword("requiredrsasize", Integer, Anywhere).since(8, 0),
    keyword("reversemappingcheck", Ignored, Global),
    keyword("revokedkeys", One, Anywhere),
    keyword("rhostsauthentication", Ignored, Global),
    keyword("rhostsrsaauthentication", Ignored, Anywhere),
    keyword("rsaauthentication", Ignored, Anywhere),
    // Red Hat's name of RequiredRSASize in 8.0.
    keyword("rsaminsize", Integer, Anywhere),
    keyword("securitykeyprovider", One, Global).since(8, 2),
    keyword("serverkeybits", Ignored, Global),
    keyword("setenv", EnvironmentSettings, Anywhere).since(7, 8),
    // Red Hat's own.
    keyword("showpatchlevel", FLAG, Global),
    keyword("skeyauthentication", FLAG, AnywhereFrom((8, 7))),
    keyword("sshdauthpath", One, Global).since(9, 9),
    keyword("sshdsessionpath", One, Global).since(9, 8),
    keyword("streamlocalbindmask", One, Anywhere),
    keyword("streamlocalbindunlink", FLAG, Anywhere),
    keyword("strictmodes", FLAG, Global),
    keyword("subsystem", Subsystem, AnywhereFrom((9, 5))),
    keyword("syslogfacility", FACILITIES, Global),
    keyword("tcpkeepalive", FLAG, Global),
    keyword("trustedusercakeys", One, Anywhere),
    keyword("unusedconnectiontimeout", TimeOrNone, Anywhere).since(9, 2),
    keyword("usedns", FLAG, Global),
    keyword("uselogin", Ignored, Global),
    keyword("usepam", FLAG, Global),
    keyword("useprivilegeseparation", Ignored, Global),
    keyword("verifyreversemapping", Ignored, Global),
    keyword("versionaddendum", Rest, Global),
    keyword("x11displayoffset", Integer, Anywhere),
    keyword("x11forwarding", FLAG, Anywhere),
    keyword("x11uselocalhost", FLAG, Anywhere),
    keyword("xauthlocation", One, Global),
];

/// The arguments of a keyword whose name is written here, in lower case.
pub(super) fn arguments_of(name: &'static str) -> Arguments {
    KEYWORDS.binary_search_by_key(&name, |known| known.name).map_or(Ignored, |at| KEYWORDS[at].arguments)
}

/// The keyword of that name, without regard to case.
pub(super) fn find(name: &str) -> Option<&'static Keyword> {
    let bytes = name.bytes().map(|it| it.to_ascii_lowercase());
    KEYWORDS.binary_search_by(|known| known.name.bytes().cmp(bytes.clone())).ok().map(|at| &KEYWORDS[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_and_mean_keywords() {
        assert!(KEYWORDS.is_sorted_by(|left, right| left.name < right.name));
        assert!(KEYWORDS.iter().all(|keyword| find(keyword.means).is_some()));
        assert!(find("permitROOTlogin").is_some() && find("permitroot").is_none());
    }
}
