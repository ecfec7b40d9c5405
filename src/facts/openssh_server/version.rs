//! What is known of sshd's version, and of who built it, into the releases that it may be.
//!
//! The program's own word (`commands/sshd-version`) decides; else the version that the distribution's release ships, from the table
//! below (each distribution's package index). A server that somebody built by hand on such a host shows in the first only.

use super::super::os_release::{self, Release};
use super::super::{Evidence, Host};

/// Major and minor number of a release: `(9, 2)`.
pub(super) type Version = (u8, u8);

/// Releases whose behaviour is known here, oldest first.
pub(super) const RELEASES: &[Version] = &[
    (7, 2),
    (7, 3),
    (7, 4),
    (7, 5),
    (7, 6),
    (7, 7),
    (7, 8),
    (7, 9),
    (8, 0),
    (8, 1),
    (8, 2),
    (8, 3),
    (8, 4),
    (8, 5),
    (8, 6),
    (8, 7),
    (8, 8),
    (8, 9),
    (9, 0),
    (9, 1),
    (9, 2),
    (9, 3),
    (9, 4),
    (9, 5),
    (9, 6),
    (9, 7),
    (9, 8),
    (9, 9),
    (10, 0),
    (10, 1),
    (10, 2),
    (10, 3),
];

/// Before the oldest and after the newest release that is known.
const OLDEST: Version = RELEASES[0];
const NEWEST: Version = RELEASES[RELEASES.len() - 1];

/// Who built sshd, as far as its compiled defaults depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builder {
    /// Debian and Ubuntu: the defaults of upstream.
    Debian,
    /// Red Hat Enterprise Linux 7 and its rebuilds: more algorithms, and root may log in.
    RedHat7,
    /// Red Hat Enterprise Linux 8 and its rebuilds: a crypto policy comes on the command line.
    RedHat8,
    /// Red Hat Enterprise Linux 9 and later, and its rebuilds: a crypto policy is included.
    RedHat,
    /// SUSE up to 15: root may log in.
    Suse,
    /// Anything else, or not known: the compiled defaults for root and algorithms are not taken for granted.
    Other,
}

/// The releases that sshd may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Versions<'a> {
    /// The oldest that it may be.
    pub(super) low: Version,
    /// The newest that it may be.
    pub(super) high: Version,
    /// Whether it is newer than what is known here.
    pub(super) beyond: bool,
    /// Who built it.
    pub(super) builder: Builder,
    /// What shows it; none where nothing does.
    pub(super) shown: Option<Evidence<'a>>,
}

impl Versions<'_> {
    /// Whether it is certainly at least this release.
    pub(super) fn from(&self, release: Version) -> bool {
        self.low >= release
    }

    /// Whether it is certainly older than this release.
    pub(super) fn before(&self, release: Version) -> bool {
        self.high < release
    }

    /// The releases that it may be, oldest first; none where it is newer than all that are known.
    pub(super) fn releases(&self) -> impl Iterator<Item = Version> {
        let (low, high, beyond) = (self.low, self.high, self.beyond);
        RELEASES.iter().copied().filter(move |release| !beyond && (low..=high).contains(release))
    }
}

/// Distribution ids, the beginning of the version, and the releases of OpenSSH that it ships; the first that fits counts.
type Shipped = (&'static [&'static str], &'static str, Version, Version);

const RED_HAT: &[&str] = &["rhel", "centos", "rocky", "almalinux", "ol"];

const SHIPPED: &[Shipped] = &[
    (&["debian"], "9", (7, 4), (7, 4)),
    (&["debian"], "10", (7, 9), (7, 9)),
    (&["debian"], "11", (8, 4), (8, 4)),
    (&["debian"], "12", (9, 2), (9, 2)),
    (&["debian"], "13", (10, 0), (10, 0)),
    (&["ubuntu"], "16.04", (7, 2), (7, 2)),
    (&["ubuntu"], "18.04", (7, 6), (7, 6)),
    (&["ubuntu"], "20.04", (8, 2), (8, 2)),
    (&["ubuntu"], "22.04", (8, 9), (8, 9)),
    (&["ubuntu"], "24.04", (9, 6), (9, 6)),
    (&["ubuntu"], "25.10", (10, 0), (10, 0)),
    (RED_HAT, "7", (7, 4), (7, 4)),
    (RED_HAT, "8", (8, 0), (8, 0)),
    // 8.7 up to 9.6; rebased to 9.9 in 9.7. CentOS Stream says 9 alone.
    (RED_HAT, "9.7", (9, 9), (9, 9)),
    (RED_HAT, "9.8", (9, 9), (9, 9)),
    (RED_HAT, "9.", (8, 7), (8, 7)),
    (RED_HAT, "9", (8, 7), (9, 9)),
    (RED_HAT, "10", (9, 9), (9, 9)),
    (&["openeuler"], "20.03", (8, 2), (8, 2)),
    (&["openeuler"], "22.03", (8, 8), (8, 8)),
    (&["openeuler"], "24.03", (9, 6), (9, 6)),
    (&["kylin"], "V10", (8, 2), (8, 2)),
    (&["anolis"], "7", (7, 4), (7, 4)),
    (&["anolis"], "8", (8, 0), (8, 0)),
    (&["uos", "uniontech"], "20", (7, 9), (8, 2)),
    (&["sles", "sled"], "12", (7, 2), (7, 2)),
    (&["sles", "sled"], "15.1", (7, 9), (7, 9)),
    (&["sles", "sled"], "15.2", (8, 1), (8, 1)),
    (&["sles", "sled"], "15.3", (8, 4), (8, 4)),
    (&["sles", "sled"], "15.4", (8, 4), (8, 4)),
    (&["sles", "sled"], "15.5", (8, 4), (9, 6)),
    (&["sles", "sled"], "15.6", (9, 6), (9, 6)),
];

/// What is known of sshd's version and builder.
pub(super) fn versions<'a>(host: &Host<'a>) -> Versions<'a> {
    let release = os_release::release(host);
    let builder = release.as_ref().map_or(Builder::Other, builder);
    if let Some((version, shown)) = own_word(host) {
        let known = version.clamp(OLDEST, NEWEST);
        return Versions { low: known, high: known, beyond: version > NEWEST, builder, shown: Some(shown) };
    }
    let shipped = release.and_then(|release| Some((shipped(&release)?, release)));
    match shipped {
        Some(((low, high), release)) => Versions { low, high, beyond: false, builder, shown: Some(Evidence::Reference(release.span)) },
        None => Versions { low: OLDEST, high: NEWEST, beyond: false, builder, shown: None },
    }
}

/// The version that the program names: `OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.15`.
fn own_word<'a>(host: &Host<'a>) -> Option<(Version, Evidence<'a>)> {
    let source = host.file("commands/sshd-version").text()?;
    let (_, after) = source.text.split_once("OpenSSH_")?;
    let (major, rest) = after.split_once('.')?;
    let minor = &rest[..rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len())];
    let version = (major.parse().ok()?, minor.parse().ok()?);
    Some((version, Evidence::Reference(source.span(&after[..major.len() + 1 + minor.len()]))))
}

/// The releases that a distribution ships.
fn shipped(release: &Release<'_>) -> Option<(Version, Version)> {
    let version = release.version_id?;
    let fits = |beginning: &str| {
        version.strip_prefix(beginning).is_some_and(|rest| beginning.ends_with('.') || rest.is_empty() || rest.starts_with('.'))
    };
    let named = |ids: &[&str]| ids.iter().any(|id| id.eq_ignore_ascii_case(release.id));
    // `9` alone must not stand for `9.4`, which has an entry of its own.
    let exact = SHIPPED.iter().find(|(ids, beginning, ..)| named(ids) && *beginning == version);
    exact.or_else(|| SHIPPED.iter().find(|(ids, beginning, ..)| named(ids) && fits(beginning))).map(|(_, _, low, high)| (*low, *high))
}

/// Who built the sshd of a distribution.
fn builder(release: &Release<'_>) -> Builder {
    if release.is_like(&["debian", "ubuntu"]) && !release.is_like(&["uos", "uniontech", "kylin"]) {
        return Builder::Debian;
    }
    if release.is_like(&["suse", "sles", "sled"]) {
        return Builder::Suse;
    }
    let rebuilds = RED_HAT.iter().chain(&["anolis"]).any(|id| id.eq_ignore_ascii_case(release.id));
    match release.major() {
        Some(7) if rebuilds => Builder::RedHat7,
        Some(8) if rebuilds => Builder::RedHat8,
        Some(major) if rebuilds && major >= 9 => Builder::RedHat,
        _ => Builder::Other,
    }
}
