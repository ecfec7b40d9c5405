//! Files of pam_radius_auth, pam_tacplus and pam_duo into the servers that are asked, and what happens when they do not answer.

use super::super::host::{Artefact, Host};
use super::modules::short;
use super::stack::{Flat, Kind};
use crate::parse::key_value::{ASSIGNMENTS, Dialect, Quotes, Separator, read};
use crate::reckon::pam_factors::Factors;

/// Where pam_radius_auth's servers are: Debian and upstream, RHEL.
const RADIUS: [&str; 2] = ["etc/pam_radius_auth.conf", "etc/raddb/server"];

/// Where pam_duo's configuration is: the man page, and Debian's build.
const DUO: [&str; 2] = ["etc/duo/pam_duo.conf", "etc/security/pam_duo.conf"];

const INI: Dialect = Dialect { separator: Separator::Equals, comments: &[';', '#'], quotes: Quotes::Kept, ..ASSIGNMENTS };

/// The servers that the lines of a stack depend on; shared secrets beside them are hidden.
pub(super) fn servers<'a>(host: &Host<'a>, lines: &[Flat<'a>]) -> &'a [&'a str] {
    let mut found: Vec<&'a str> = Vec::new();
    for line in lines.iter().filter(|line| line.kind == Kind::Module) {
        match short(line.module) {
            "radius" | "radius_auth" => radius(host, line.value("conf"), &mut found),
            "tacplus" => found.extend(line.arguments().filter_map(|it| it.strip_prefix("server="))),
            _ => {}
        }
    }
    let mut seen = Vec::new();
    found.retain(|server| {
        !seen.contains(server) && {
            seen.push(*server);
            true
        }
    });
    host.arena().alloc_slice_copy(&found)
}

/// `server[:port] secret [timeout]`, one per line.
fn radius<'a>(host: &Host<'a>, named: Option<&str>, found: &mut Vec<&'a str>) {
    let default = || RADIUS.iter().find_map(|path| host.file(path).text());
    let Some(source) = named.map_or_else(default, |path| host.file(path).text()) else { return };
    for line in source.text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        if let Some(server) = words.next() {
            words.next().into_iter().for_each(|secret| source.hide(secret));
            found.push(server);
        }
    }
}

/// What pam_duo lets pass without a second factor: nothing with `failmode = secure` and no `groups`; pam_duo(8) otherwise lets in
/// when its service fails. Open where its configuration is not there.
pub(super) fn duo_unguarded(host: &Host<'_>, line: &Flat<'_>) -> Option<Factors> {
    let default = || DUO.iter().map(|path| host.file(path)).find(|it| it.text().is_some()).unwrap_or(host.file(DUO[0]));
    let Artefact::Text(source) = line.value("conf").map_or_else(default, |path| host.file(path)) else { return Some(Factors::PERHAPS) };
    let document = read(source.text, &INI);
    document.all("skey").for_each(|setting| source.hide(setting.value));
    let secure = document.last("failmode").is_some_and(|it| it.value == "secure");
    let everybody = document.last("groups").is_none() && document.last("group").is_none();
    match (secure && everybody, source.complete) {
        (true, true) => None,
        (false, true) => Some(Factors::NONE),
        (_, false) => Some(Factors::PERHAPS),
    }
}
