//! What journald does where nothing is set, by version.

use crate::facts::os_release::Release;
use crate::facts::{Documented, Host, os_release};

/// How a setting's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of a list.
    Word(&'static [&'static str]),
    /// yes or no.
    Switch,
    /// yes, no or a size.
    SwitchOrSize,
    /// A span of time; zero switches a limit off.
    Span,
    /// A span of time in which zero stands for itself.
    Interval,
    /// Bytes.
    Size,
    /// A number; zero switches a limit off.
    Count,
    /// A number that stands for itself.
    Number,
}

/// One setting that is known here.
#[derive(Debug)]
pub struct Known {
    /// Its name in journald.conf(5).
    pub name: &'static str,
    /// An older name that is still read.
    pub once: Option<&'static str>,
    /// How its value is read.
    pub kind: Kind,
    /// Its defaults: the one that holds everywhere, or the two among which the distribution decides.
    pub defaults: &'static [Documented],
}

const LEVELS: &[&str] = &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "0", "1", "2", "3", "4", "5", "6", "7"];
const CONF: &str = "journald.conf(5)";
const ALL: &str = "systemd 219 and later";

const fn default(setting: &'static str) -> [Documented; 1] {
    [Documented { setting, versions: ALL, source: CONF }]
}

/// Place of the older or distribution's own default in a pair of defaults.
pub const FIRST: usize = 0;
/// Place of the newer or systemd's own default in a pair of defaults.
pub const SECOND: usize = 1;

/// The vocabulary of the table, in its order.
pub static KNOWN: &[Known] = &[
    Known { name: "Compress", once: None, kind: Kind::SwitchOrSize, defaults: &default("Compress=yes") },
    Known {
        name: "ForwardToSyslog",
        once: None,
        kind: Kind::Switch,
        defaults: &[
            Documented { setting: "ForwardToSyslog=yes", versions: "Debian and Ubuntu; RHEL 7", source: CONF },
            Documented { setting: "ForwardToSyslog=no", versions: "systemd 216 and later as released; RHEL 8 and later", source: CONF },
        ],
    },
    Known { name: "MaxFileSec", once: None, kind: Kind::Span, defaults: &default("MaxFileSec=1month") },
    Known { name: "MaxLevelStore", once: None, kind: Kind::Word(LEVELS), defaults: &default("MaxLevelStore=debug") },
    Known { name: "MaxRetentionSec", once: None, kind: Kind::Span, defaults: &default("MaxRetentionSec=0") },
    Known {
        name: "RateLimitBurst",
        once: None,
        kind: Kind::Count,
        defaults: &[
            Documented { setting: "RateLimitBurst=1000", versions: "systemd 219 (RHEL 7)", source: CONF },
            Documented { setting: "RateLimitBurst=10000", versions: "systemd 239 and later", source: CONF },
        ],
    },
    Known {
        name: "RateLimitIntervalSec",
        once: Some("RateLimitInterval"),
        kind: Kind::Interval,
        defaults: &default("RateLimitIntervalSec=30s"),
    },
    Known { name: "Seal", once: None, kind: Kind::Switch, defaults: &default("Seal=yes") },
    Known {
        name: "Storage",
        once: None,
        kind: Kind::Word(&["auto", "none", "persistent", "volatile"]),
        defaults: &default("Storage=auto"),
    },
    Known { name: "SystemKeepFree", once: None, kind: Kind::Size, defaults: &default("SystemKeepFree=15% (at most 4G)") },
    Known { name: "SystemMaxFiles", once: None, kind: Kind::Number, defaults: &default("SystemMaxFiles=100") },
    Known { name: "SystemMaxUse", once: None, kind: Kind::Size, defaults: &default("SystemMaxUse=10% (at most 4G)") },
];

impl Known {
    /// The default that holds on a host; none where the distribution decides and is not known.
    pub fn default(&self, host: &Host<'_>) -> Option<&'static Documented> {
        match self.defaults {
            [only] => Some(only),
            pair => pair.get(place(self.name, os_release::release(host)?)?),
        }
    }
}

/// Which of a pair of defaults holds on a distribution, where that is certain.
fn place(name: &str, release: Release<'_>) -> Option<usize> {
    let debian = release.is_like(&["debian", "ubuntu"]);
    let red_hat = release.is_like(&["rhel", "centos", "fedora"]);
    let major = release.major()?;
    match name {
        "ForwardToSyslog" if debian => Some(FIRST),
        "ForwardToSyslog" if red_hat => Some(if major <= 7 { FIRST } else { SECOND }),
        "RateLimitBurst" if red_hat => Some(if major <= 7 { FIRST } else { SECOND }),
        // Debian 10 has systemd 241, Ubuntu 20.04 has 245.
        "RateLimitBurst" if debian && (major >= 20 || (release.id == "debian" && major >= 10)) => Some(SECOND),
        _ => None,
    }
}
