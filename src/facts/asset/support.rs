//! The days on which vendors end their support of a release, as data.
//!
//! What counts is what every customer with an ordinary subscription, or none, gets: Debian's long term support does, extensions that are
//! paid for apart (Ubuntu ESM, RHEL ELS, SUSE LTSS) do not; a bank that has bought one says so in its profile. Releases whose vendor
//! publishes no day (Kylin V10, UOS 20) are not listed.

use jiff::civil::{Date, date};

use crate::facts::Documented;
use crate::facts::os_release::Release;

/// The releases of one distribution.
#[derive(Debug)]
struct Distribution {
    /// os-release's `ID`.
    id: &'static str,
    /// Whether every minor release or service pack has a day of its own.
    each: bool,
    /// Where the days are published.
    documented: Documented,
    /// Version, what tells releases of one version apart (a service pack, `Stream`), and the last day.
    ends: &'static [(&'static str, &'static str, Date)],
}

/// The last day of a release's support and where it is published; none where its vendor publishes none.
pub(super) fn end(release: &Release<'_>) -> Option<(Date, &'static Documented)> {
    let version = release.version_id?;
    let distribution = DISTRIBUTIONS.iter().find(|it| it.id.eq_ignore_ascii_case(release.id))?;
    let version = if distribution.each { version } else { version.split('.').next().unwrap_or(version) };
    let variant = variant(release);
    let (.., last) = distribution.ends.iter().find(|(known, kind, _)| *known == version && *kind == variant)?;
    Some((*last, &distribution.documented))
}

/// What tells releases of one version apart.
fn variant<'a>(release: &Release<'a>) -> &'a str {
    match release.id {
        "centos" if release.name.contains("Stream") => "Stream",
        id if id.eq_ignore_ascii_case("openEuler") => release.version.and_then(in_brackets).unwrap_or_default(),
        _ => "",
    }
}

/// The text in the first brackets: `LTS-SP3` of `22.03 (LTS-SP3)`.
fn in_brackets(version: &str) -> Option<&str> {
    version.split_once('(')?.1.split_once(')').map(|(inner, _)| inner)
}

/// Where a vendor publishes its days.
const fn published(versions: &'static str, source: &'static str) -> Documented {
    Documented { setting: "end of support", versions, source }
}

static DISTRIBUTIONS: &[Distribution] = &[
    Distribution {
        id: "almalinux",
        each: false,
        documented: published("AlmaLinux", "wiki.almalinux.org/release-notes"),
        ends: &[("8", "", date(2029, 3, 1)), ("9", "", date(2032, 5, 31)), ("10", "", date(2035, 5, 31))],
    },
    Distribution {
        id: "anolis",
        each: false,
        documented: published("Anolis OS", "gitee.com/anolis/rnotes anolis/policy/life-cycle.md"),
        ends: &[("8", "", date(2031, 3, 31))],
    },
    Distribution {
        id: "centos",
        each: false,
        documented: published("CentOS Linux and CentOS Stream", "centos.org/centos-linux-eol"),
        ends: &[
            ("5", "", date(2017, 3, 31)),
            ("6", "", date(2020, 11, 30)),
            ("7", "", date(2024, 6, 30)),
            ("8", "", date(2021, 12, 31)),
            ("8", "Stream", date(2024, 5, 31)),
            ("9", "Stream", date(2027, 5, 31)),
        ],
    },
    Distribution {
        id: "debian",
        each: false,
        documented: published("Debian", "distro-info-data (long term support)"),
        ends: &[
            ("8", "", date(2020, 6, 30)),
            ("9", "", date(2022, 6, 30)),
            ("10", "", date(2024, 6, 30)),
            ("11", "", date(2026, 8, 31)),
            ("12", "", date(2028, 6, 30)),
            ("13", "", date(2030, 6, 30)),
        ],
    },
    Distribution {
        id: "openEuler",
        each: true,
        documented: published("openEuler", "openeuler.org/en/download/archive (planned end)"),
        ends: &[
            ("20.03", "LTS", date(2021, 3, 31)),
            ("20.03", "LTS-SP1", date(2022, 12, 31)),
            ("20.03", "LTS-SP2", date(2022, 4, 30)),
            ("20.03", "LTS-SP3", date(2023, 12, 31)),
            ("20.03", "LTS-SP4", date(2025, 11, 30)),
            ("22.03", "LTS", date(2024, 3, 31)),
            ("22.03", "LTS-SP1", date(2024, 12, 31)),
            ("22.03", "LTS-SP2", date(2024, 3, 31)),
            ("22.03", "LTS-SP3", date(2025, 12, 31)),
            ("22.03", "LTS-SP4", date(2026, 6, 30)),
            ("24.03", "LTS", date(2026, 5, 31)),
            ("24.03", "LTS-SP1", date(2026, 12, 31)),
            ("24.03", "LTS-SP2", date(2026, 3, 31)),
            ("24.03", "LTS-SP3", date(2027, 12, 31)),
            ("24.03", "LTS-SP4", date(2027, 3, 31)),
        ],
    },
    Distribution {
        id: "rhel",
        each: false,
        documented: published("Red Hat Enterprise Linux", "access.redhat.com/support/policy/updates/errata (maintenance support)"),
        ends: &[
            ("5", "", date(2017, 3, 31)),
            ("6", "", date(2020, 11, 30)),
            ("7", "", date(2024, 6, 30)),
            ("8", "", date(2029, 5, 31)),
            ("9", "", date(2032, 5, 31)),
            ("10", "", date(2035, 5, 31)),
        ],
    },
    Distribution {
        id: "rocky",
        each: false,
        documented: published("Rocky Linux", "wiki.rockylinux.org/rocky/version"),
        ends: &[("8", "", date(2029, 5, 31)), ("9", "", date(2032, 5, 31)), ("10", "", date(2035, 5, 31))],
    },
    Distribution {
        id: "sles",
        each: true,
        documented: published("SUSE Linux Enterprise Server", "suse.com/lifecycle (general support)"),
        ends: &[
            ("11.4", "", date(2019, 3, 31)),
            ("12.4", "", date(2020, 6, 30)),
            ("12.5", "", date(2024, 10, 31)),
            ("15", "", date(2019, 12, 31)),
            ("15.1", "", date(2021, 1, 31)),
            ("15.2", "", date(2021, 12, 31)),
            ("15.3", "", date(2022, 12, 31)),
            ("15.4", "", date(2023, 12, 31)),
            ("15.5", "", date(2024, 12, 31)),
            ("15.6", "", date(2025, 12, 31)),
            ("15.7", "", date(2031, 7, 31)),
        ],
    },
    Distribution {
        id: "ubuntu",
        each: true,
        documented: published("Ubuntu LTS", "distro-info-data (standard support)"),
        ends: &[
            ("14.04", "", date(2019, 4, 25)),
            ("16.04", "", date(2021, 4, 30)),
            ("18.04", "", date(2023, 5, 31)),
            ("20.04", "", date(2025, 5, 29)),
            ("22.04", "", date(2027, 6, 1)),
            ("24.04", "", date(2029, 5, 31)),
            ("26.04", "", date(2031, 5, 29)),
        ],
    },
];
