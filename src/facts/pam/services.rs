//! The names in PAM's directories into the services that have rows.
//!
//! `pam-modules` has every service: every file that is not there only to be included, at most [`SERVICES_MOST`].
//! `authentication-policy` has those by which a person logs in, changes privilege or changes the password.

use super::super::host::Host;
use super::stack::{DIRECTORIES, listings};

/// The most services of one host.
pub(super) const SERVICES_MOST: usize = 64;

/// Files that distributions ship for others to include: Debian's `common-*`, authselect's and authconfig's, SUSE's.
const INCLUDED: &[&str] = &[
    "common-",
    "fingerprint-auth",
    "password-auth",
    "postlogin",
    "smartcard-auth",
    "system-auth",
    "system-login",
    "system-local-login",
    "system-remote-login",
    "system-services",
    "config-util",
    "user_auth",
];

/// Endings that package managers and editors give to files that nothing reads.
const LEFT_OVER: &[&str] =
    &[".rpmnew", ".rpmsave", ".rpmorig", ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".pam-new", ".pam-old", ".bak", ".orig", "~"];

/// Services by which a person logs in, changes privilege or changes the password.
const FOR_PEOPLE: &[&str] = &[
    "cockpit",
    "gdm-password",
    "kde",
    "lightdm",
    "login",
    "passwd",
    "proftpd",
    "remote",
    "sddm",
    "sshd",
    "su",
    "su-l",
    "sudo",
    "sudo-i",
    "vsftpd",
    "xdm",
    "xrdp-sesman",
];

/// Every service, sorted, and whether there were more.
pub(super) fn all<'a>(host: &Host<'a>) -> (Vec<&'a str>, bool) {
    let mut names: Vec<&'a str> = listings(host).iter().flat_map(|it| it.paths).filter_map(|path| path.rsplit('/').next()).collect();
    names.retain(|name| {
        let service = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-_.+@".contains(&it));
        service && *name != "other" && !INCLUDED.iter().any(|it| name.starts_with(it)) && !LEFT_OVER.iter().any(|it| name.ends_with(it))
    });
    names.sort_unstable();
    names.dedup();
    let more = names.len() > SERVICES_MOST;
    names.truncate(SERVICES_MOST);
    (names, more)
}

/// Shared files that are judged in place of the services that include them, where none of those services was collected.
const STAND_INS: &[(&[&str], &[&str])] = &[
    (&["login", "sshd"], &["common-auth", "password-auth", "system-auth"]),
    (&["passwd"], &["common-password", "password-auth", "system-auth"]),
];

/// The services that have an authentication policy, with the shared files that stand in for them; `other`, which stands for every
/// service without a file, where there is none.
pub(super) fn for_people<'a>(host: &Host<'a>) -> Vec<&'a str> {
    let (mut names, _) = all(host);
    names.retain(|name| FOR_PEOPLE.contains(name));
    for (services, shared) in STAND_INS {
        if !names.iter().any(|name| services.contains(name)) {
            names.extend(shared.iter().filter(|file| host.file(&format!("etc/pam.d/{file}")).text().is_some()));
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { vec!["other"] } else { names }
}

/// Why a directory of services was not read, where it was not; the vendors' directories are there on few distributions.
pub(super) fn main_gap<'a>(host: &Host<'a>) -> Option<(&'a str, crate::snapshot::Lack)> {
    debug_assert_eq!(DIRECTORIES[0], "etc/pam.d");
    listings(host)[0].gap
}
