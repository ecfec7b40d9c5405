//! chrony, ntpd and systemd-timesyncd into the table `time-sources`: one row per server, with the daemon as its instance.
//!
//! A server is asked only if its daemon starts. A daemon of which nothing was collected leaves a gap only where no other is known to
//! start: they exclude each other.

mod chrony;
mod ntp;
mod timesyncd;

use super::systemd_units::{self, Starts, starts};
use super::{Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::TIME_SOURCES;
use crate::snapshot::Lack;

/// Time synchronisation of a Linux host.
pub(super) static PRODUCT: Product = Product {
    name: "time-sources",
    title: Phrase { zh: "Linux 时间同步（chrony、ntpd、systemd-timesyncd）", en: "time synchronisation on Linux" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File("etc/chrony.conf"),
        Reading::File("etc/chrony/chrony.conf"),
        Reading::Glob("etc/chrony/conf.d/*.conf"),
        Reading::Glob("etc/chrony/sources.d/*.sources"),
        Reading::Glob("etc/chrony.d/*.conf"),
        Reading::Glob("run/chrony-dhcp/*.sources"),
        Reading::File("etc/ntp.conf"),
        Reading::File("etc/ntpsec/ntp.conf"),
        Reading::File("etc/systemd/timesyncd.conf"),
        Reading::File("run/systemd/timesyncd.conf"),
        Reading::File("usr/lib/systemd/timesyncd.conf"),
        Reading::Glob("etc/systemd/timesyncd.conf.d/*.conf"),
        Reading::Glob("run/systemd/timesyncd.conf.d/*.conf"),
        Reading::Glob("usr/local/lib/systemd/timesyncd.conf.d/*.conf"),
        Reading::Glob("usr/lib/systemd/timesyncd.conf.d/*.conf"),
        Reading::File("etc/os-release"),
        Reading::Shared(systemd_units::READS),
    ],
    fills: &[&TIME_SOURCES],
    derive,
};

/// What was found of a daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Daemon {
    /// Its configuration was read, first of all the file at this path.
    Seen(&'static str),
    /// It is proven to have none.
    Absent,
    /// Its configuration could not be read.
    Lacking(&'static str, Lack),
}

/// One server.
#[derive(Debug)]
struct Server<'a> {
    server: &'a str,
    protocol: &'static str,
    /// None for a local clock.
    authenticated: Option<bool>,
    /// False where it is only watched.
    asked: bool,
    evidence: Vec<Evidence<'a>>,
}

/// Servers of one daemon, and why there could be more.
#[derive(Debug, Default)]
struct Found<'a> {
    servers: Vec<Server<'a>>,
    gaps: Vec<Why<'a>>,
}

/// A daemon's name, its units, and how its configuration is read.
type Known = (&'static str, &'static [&'static str], for<'a> fn(&Host<'a>, &mut Found<'a>) -> Daemon);

const DAEMONS: [Known; 3] = [
    ("chrony", &["chronyd.service", "chrony.service", "chronyd", "chrony"], chrony::read),
    ("ntpd", &["ntpd.service", "ntp.service", "ntpsec.service", "ntpd", "ntp"], ntp::read),
    ("systemd-timesyncd", &["systemd-timesyncd.service", "dbus-org.freedesktop.timesync1.service"], timesyncd::read),
];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (mut seen, mut started) = (false, false);
    let mut lacking = Vec::new();
    for (name, units, read) in DAEMONS {
        let mut found = Found::default();
        let runs = starts(host, units);
        match read(host, &mut found) {
            Daemon::Seen(path) => {
                tables.searched(&TIME_SOURCES, Evidence::Searched(path));
                seen = true;
                started |= matches!(runs, Starts::Yes(_));
                push(host, tables, name, runs, found);
            }
            Daemon::Absent => {}
            Daemon::Lacking(path, lack) => lacking.push((name, path, lack, runs)),
        }
    }
    let missing = lacking.iter().find(|(.., runs)| !matches!(runs, Starts::No(_)));
    match missing {
        Some((_, path, lack, Starts::Unknown(_))) if !seen => {
            return if *lack == Lack::NotCollected { Seen::Nothing } else { Seen::Lacking(path, *lack) };
        }
        _ => {}
    }
    for (name, path, lack, runs) in lacking {
        let starts = matches!(runs, Starts::Yes(_));
        if starts || (!started && !matches!(runs, Starts::No(_))) {
            let mut gap = host.gap(&TIME_SOURCES, PRODUCT.name, Why::lacking(path, lack));
            gap.instance(name);
            tables.push(gap);
        }
    }
    Seen::Present
}

/// Pushes the rows of one daemon.
fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>, name: &'static str, runs: Starts<'a>, found: Found<'a>) {
    for server in found.servers {
        let Server { server, protocol, authenticated, asked, evidence } = server;
        let here = host.evidence(&evidence);
        let with_unit = host.evidence(&[&evidence[..], &[runs.evidence(host)]].concat());
        let enabled = match runs {
            _ if !asked => Cell::known(Value::Boolean(false), here),
            Starts::Yes(_) => Cell::known(Value::Boolean(true), with_unit),
            Starts::No(_) => Cell::known(Value::Boolean(false), with_unit),
            Starts::Unknown(why) => Cell::unknown(why, here),
        };
        let authenticated = authenticated.map_or(Cell::unset(here), |it| Cell::known(Value::Boolean(it), here));
        let mut row = host.row(&TIME_SOURCES, PRODUCT.name);
        row.instance(name)
            .set(const { TIME_SOURCES.column("server") }, Cell::known(Value::Text(server), here))
            .set(const { TIME_SOURCES.column("protocol") }, Cell::known(Value::Word(protocol), here))
            .set(const { TIME_SOURCES.column("authenticated") }, authenticated)
            .set(const { TIME_SOURCES.column("enabled") }, enabled);
        tables.push(row);
    }
    // What a daemon that does not start could ask besides does not matter.
    if let (Some(why), false) = (found.gaps.first(), matches!(runs, Starts::No(_))) {
        let mut gap = host.gap(&TIME_SOURCES, PRODUCT.name, *why);
        gap.instance(name);
        tables.push(gap);
    }
}
