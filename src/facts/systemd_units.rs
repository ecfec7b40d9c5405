//! Links that `systemctl enable` leaves into which units start by themselves.
//!
//! Read from `/etc/systemd/system`, where an administrator's and a distribution's presets alike leave their links. Units that the vendor
//! starts by links under `/usr/lib` are systemd's own and are not asked for. Where there is no systemd, the links of runlevel 3 tell.

use super::{Evidence, Host, Reading, Why};
use crate::names::Phrase;
use crate::reckon::glob;
use crate::snapshot::Lack;

/// Where `systemctl enable` leaves its links.
pub const UNITS: &str = "etc/systemd/system";

/// Where its links lie, and the folders of more.
const LINKS: &str = "etc/systemd/system/*";

/// What is read, by whatever asks which units start.
pub const READS: &[Reading] = &[
    Reading::Glob(LINKS),
    Reading::Glob("etc/systemd/system/*.wants/*"),
    Reading::Glob("etc/systemd/system/*.requires/*"),
    Reading::Glob("etc/rc3.d/S[0-9][0-9]*"),
    Reading::Glob("etc/rc.d/rc3.d/S[0-9][0-9]*"),
];

/// Start links of System V init, where systemd is not there.
const RUNLEVELS: [&str; 2] = ["etc/rc3.d", "etc/rc.d/rc3.d"];

static STARTS: Phrase = Phrase { zh: "由 {} 启动", en: "{} starts it" };
static MASKED: Phrase = Phrase { zh: "{} 屏蔽了它", en: "{} masks it" };

/// Which units start.
#[derive(Debug, Default)]
pub struct Units<'a> {
    /// Names that something starts, and the link that does.
    links: Vec<(&'a str, &'a str)>,
    /// Names and links directly in the directory: aliases, masks, the administrator's own units.
    own: Vec<&'a str>,
    /// Where more could be.
    gap: Option<(&'a str, Lack)>,
}

/// Whether a unit starts by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Starts<'a> {
    /// It does, by this link.
    Yes(&'a str),
    /// It does not: no link, or masked by the one that is named.
    No(Option<&'a str>),
    /// Nothing says.
    Unknown(Why<'a>),
}

impl<'a> Starts<'a> {
    /// What it rests on.
    pub fn evidence(self, host: &Host<'a>) -> Evidence<'a> {
        match self {
            Starts::Yes(link) => Evidence::Step(&STARTS, host.arena().alloc_slice_copy(&[link]), None),
            Starts::No(Some(mask)) => Evidence::Step(&MASKED, host.arena().alloc_slice_copy(&[mask]), None),
            Starts::No(None) | Starts::Unknown(_) => Evidence::Searched(UNITS),
        }
    }
}

/// Whether one of these units (names of one thing: `chronyd.service`, `chrony.service`) starts by itself.
pub fn starts<'a>(host: &Host<'a>, names: &[&str]) -> Starts<'a> {
    let units = host.shared.units.get_or_init(|| read(host));
    let mut mask = None;
    for name in names {
        if units.own.contains(name) && host.is_masked(&format!("{UNITS}/{name}")) {
            mask = Some(host.text(&format!("{UNITS}/{name}")));
        } else if let Some((_, link)) = units.links.iter().find(|(linked, _)| linked == name) {
            return Starts::Yes(link);
        }
    }
    match units.gap {
        Some((path, lack)) if mask.is_none() => Starts::Unknown(Why::lacking(path, lack)),
        Some(_) | None => Starts::No(mask),
    }
}

/// The link by which a name stands for another unit (`display-manager.service`), if there is one.
pub fn alias<'a>(host: &Host<'a>, name: &str) -> Starts<'a> {
    let units = host.shared.units.get_or_init(|| read(host));
    match units.own.iter().find(|own| **own == name) {
        Some(_) if host.is_masked(&format!("{UNITS}/{name}")) => Starts::No(Some(host.text(&format!("{UNITS}/{name}")))),
        Some(_) => Starts::Yes(host.text(&format!("{UNITS}/{name}"))),
        None => units.gap.map_or(Starts::No(None), |(path, lack)| Starts::Unknown(Why::lacking(path, lack))),
    }
}

/// Lists the links.
fn read<'a>(host: &Host<'a>) -> Units<'a> {
    let mut units = Units::default();
    let top = host.matching(LINKS);
    units.gap = top.gap;
    let absent = top.paths.is_empty() && host.look(UNITS).lack.is_some();
    if absent && read_runlevels(host, &mut units) {
        units.gap = None;
        return units;
    }
    for path in top.paths {
        let name = last(path);
        if !glob::matches("*.wants", name) && !glob::matches("*.requires", name) {
            units.own.push(name);
            continue;
        }
        let members = host.matching(&format!("{path}/*"));
        units.gap = units.gap.or(members.gap);
        units.links.extend(members.paths.iter().map(|link| (last(link), *link)));
    }
    units
}

/// Lists the start links of runlevel 3; false where there is no such directory.
fn read_runlevels<'a>(host: &Host<'a>, units: &mut Units<'a>) -> bool {
    let mut there = false;
    for directory in RUNLEVELS {
        there |= host.look(directory).lack.is_none();
        for link in host.matching(&format!("{directory}/S[0-9][0-9]*")).paths {
            units.links.push((&last(link)[3..], link));
        }
    }
    there
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
