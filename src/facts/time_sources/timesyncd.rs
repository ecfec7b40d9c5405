//! timesyncd.conf with its drop-ins into time servers: timesyncd.conf(5) of systemd 219 to 257.
//!
//! Servers that DHCP or a `.network` file of systemd-networkd adds per interface are not seen here.

use super::{Daemon, Found, Server};
use crate::facts::layers::{self, Content};
use crate::facts::os_release::release;
use crate::facts::{Artefact, Documented, Evidence, Host, Why};
use crate::parse::ini;
use crate::snapshot::Lack;
use crate::source::Source;

/// Places of the main file, of which the first that is there is read.
const FILES: [&str; 3] = ["etc/systemd/timesyncd.conf", "run/systemd/timesyncd.conf", "usr/lib/systemd/timesyncd.conf"];
const DROP_INS: [&str; 4] = [
    "etc/systemd/timesyncd.conf.d",
    "run/systemd/timesyncd.conf.d",
    "usr/local/lib/systemd/timesyncd.conf.d",
    "usr/lib/systemd/timesyncd.conf.d",
];

static DEBIAN: Documented = Documented {
    setting: "FallbackNTP=0.debian.pool.ntp.org 1.debian.pool.ntp.org 2.debian.pool.ntp.org 3.debian.pool.ntp.org",
    versions: "Debian",
    source: "/etc/systemd/timesyncd.conf of the package systemd-timesyncd",
};
static UBUNTU: Documented = Documented {
    setting: "FallbackNTP=ntp.ubuntu.com",
    versions: "Ubuntu",
    source: "/etc/systemd/timesyncd.conf of the package systemd-timesyncd",
};

/// A list of servers as it is set so far: each with where it stands.
type Servers<'a> = Vec<(&'a str, Evidence<'a>)>;

/// Reads its configuration.
pub(super) fn read<'a>(host: &Host<'a>, found: &mut Found<'a>) -> Daemon {
    let mut lack = None;
    let mut main = None;
    let mut read = DROP_INS[0];
    for path in FILES {
        match host.file(path) {
            Artefact::Text(source) => {
                main = Some(source);
                read = path;
                break;
            }
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(other) => lack = lack.or(Some((path, other))),
        }
    }
    let layers = layers::read(host, &DROP_INS);
    if main.is_none() && layers.files.is_empty() {
        return lack.map_or(Daemon::Absent, |(path, lack)| Daemon::Lacking(path, lack));
    }
    let mut state = State { servers: Vec::new(), fallback: None, gaps: Vec::new() };
    if let Some(source) = main {
        state.file(host, source);
    }
    for layer in &layers.files {
        match layer.content {
            Content::Text(source) => state.file(host, source),
            Content::Hidden => {}
            Content::Lacking(lack) => state.gaps.push(Why::lacking(layer.path, lack)),
        }
    }
    state.gaps.extend(layers.unlisted.iter().map(|it| Why::lacking(it.path, it.lack)));
    state.finish(host, found);
    Daemon::Seen(read)
}

/// What was set so far.
struct State<'a> {
    servers: Servers<'a>,
    /// None where nothing sets it: the compiled-in list holds then.
    fallback: Option<Servers<'a>>,
    gaps: Vec<Why<'a>>,
}

impl<'a> State<'a> {
    /// Reads a file: lists grow, and an empty assignment empties them.
    fn file(&mut self, host: &Host<'a>, source: &'a Source<'a>) {
        if !source.complete {
            self.gaps.push(Why::truncated(source.path));
        }
        for entry in ini::read(source.text).entries.iter().filter(|entry| entry.section == "Time") {
            let list = match entry.key {
                "NTP" => &mut self.servers,
                "FallbackNTP" => self.fallback.get_or_insert_default(),
                _ => continue,
            };
            if entry.value.trim().is_empty() {
                list.clear();
            }
            let here = Evidence::Decides(source.span(entry.text));
            list.extend(entry.value.split_ascii_whitespace().map(|server| (host.text(server), here)));
        }
    }

    /// Gives what is asked: the servers, or where there are none the fallback.
    fn finish(self, host: &Host<'a>, found: &mut Found<'a>) {
        let State { servers, fallback, gaps } = self;
        let asked = match (servers.is_empty(), fallback) {
            (false, _) => servers,
            (true, Some(fallback)) => fallback,
            (true, None) => match compiled_in(host) {
                Some(documented) => {
                    let names = documented.setting.trim_start_matches("FallbackNTP=");
                    names.split(' ').map(|server| (server, Evidence::Default(documented))).collect()
                }
                None => {
                    found.gaps.push(Why::version_not_known("FallbackNTP"));
                    Vec::new()
                }
            },
        };
        found.gaps.extend(gaps);
        for (server, here) in asked {
            found.servers.push(Server { server, protocol: "sntp", authenticated: Some(false), asked: true, evidence: vec![here] });
        }
    }
}

/// The list that the distribution compiled in.
fn compiled_in(host: &Host<'_>) -> Option<&'static Documented> {
    match release(host)?.id {
        "debian" => Some(&DEBIAN),
        "ubuntu" => Some(&UBUNTU),
        _ => None,
    }
}
