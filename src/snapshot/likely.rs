//! The name of a lone file into the path that it has on its asset, and names that are no asset's at all.
//!
//! Data only: what is not listed here is still taken as an asset, whose platform is then unknown.

use std::path::Path;

use crate::names::database::DATABASES;
use crate::names::{Phrase, Platform};

/// Directories of which any tells that a folder is a host's tree.
const ROOT_DIRECTORIES: &[&str] = &["boot", "etc", "proc", "sys", "usr", "var"];

/// Files that are known by their name, and where Linux distributions have them.
const FILES: &[(&str, &str)] = &[
    ("access.conf", "etc/security/access.conf"),
    ("audit.rules", "etc/audit/audit.rules"),
    ("auditd.conf", "etc/audit/auditd.conf"),
    ("chrony.conf", "etc/chrony.conf"),
    ("common-account", "etc/pam.d/common-account"),
    ("common-auth", "etc/pam.d/common-auth"),
    ("common-password", "etc/pam.d/common-password"),
    ("common-session", "etc/pam.d/common-session"),
    ("crontab", "etc/crontab"),
    ("daemon.json", "etc/docker/daemon.json"),
    ("faillock.conf", "etc/security/faillock.conf"),
    ("fstab", "etc/fstab"),
    ("group", "etc/group"),
    ("gshadow", "etc/gshadow"),
    ("hosts.allow", "etc/hosts.allow"),
    ("hosts.deny", "etc/hosts.deny"),
    ("issue", "etc/issue"),
    ("issue.net", "etc/issue.net"),
    ("journald.conf", "etc/systemd/journald.conf"),
    ("limits.conf", "etc/security/limits.conf"),
    ("login.defs", "etc/login.defs"),
    ("logind.conf", "etc/systemd/logind.conf"),
    ("logrotate.conf", "etc/logrotate.conf"),
    ("motd", "etc/motd"),
    ("my.cnf", "etc/my.cnf"),
    ("nftables.conf", "etc/nftables.conf"),
    ("nginx.conf", "etc/nginx/nginx.conf"),
    ("ntp.conf", "etc/ntp.conf"),
    ("os-release", "etc/os-release"),
    ("passwd", "etc/passwd"),
    ("password-auth", "etc/pam.d/password-auth"),
    ("profile", "etc/profile"),
    ("pwhistory.conf", "etc/security/pwhistory.conf"),
    ("pwquality.conf", "etc/security/pwquality.conf"),
    ("rsyslog.conf", "etc/rsyslog.conf"),
    ("securetty", "etc/securetty"),
    ("shadow", "etc/shadow"),
    ("ssh_config", "etc/ssh/ssh_config"),
    ("sshd_config", "etc/ssh/sshd_config"),
    ("sudoers", "etc/sudoers"),
    ("sysctl.conf", "etc/sysctl.conf"),
    ("system-auth", "etc/pam.d/system-auth"),
    ("timesyncd.conf", "etc/systemd/timesyncd.conf"),
    ("usbguard-daemon.conf", "etc/usbguard/usbguard-daemon.conf"),
];

/// Directories whose files are known by the directory's name, and where Linux distributions have them.
const DIRECTORIES: &[(&str, &str)] = &[
    ("cron.d", "etc/cron.d"),
    ("journald.conf.d", "etc/systemd/journald.conf.d"),
    ("limits.d", "etc/security/limits.d"),
    ("logrotate.d", "etc/logrotate.d"),
    ("modprobe.d", "etc/modprobe.d"),
    ("pam.d", "etc/pam.d"),
    ("profile.d", "etc/profile.d"),
    ("pwquality.conf.d", "etc/security/pwquality.conf.d"),
    ("rsyslog.d", "etc/rsyslog.d"),
    ("rules.d", "etc/audit/rules.d"),
    ("sshd_config.d", "etc/ssh/sshd_config.d"),
    ("sudoers.d", "etc/sudoers.d"),
    ("sysctl.d", "etc/sysctl.d"),
];

/// Names, without their last suffix, that say what a file is and not whose: such files of one folder are one device's.
const DEVICE_FILES: &[&str] =
    &["current-configuration", "running", "running-config", "saved-configuration", "show-version", "startup", "startup-config", "vrpcfg"];

/// Suffixes of archives, and whether they are read.
const ARCHIVES: &[&str] = &[".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz"];

/// Suffixes of files that lie beside configurations and are none.
const OTHER_SUFFIXES: &[&str] = &[
    "7z", "asc", "bmp", "csv", "doc", "docx", "gif", "html", "jpg", "json", "jsonl", "lock", "log", "md", "md5", "pdf", "png", "py", "rar",
    "rst", "sha256", "sh", "sig", "svg", "swp", "toml", "xls", "xlsx", "yaml", "yml", "zip",
];

/// Names of files that lie beside configurations and are none.
const OTHER_NAMES: &[&str] = &["CHANGELOG", "CODEOWNERS", "CVS", "Dockerfile", "Jenkinsfile", "LICENSE", "Makefile", "README", "router.db"];

/// Whether a name in a folder tells that the folder is a host's tree.
pub(super) fn is_root_directory(name: &str) -> bool {
    ROOT_DIRECTORIES.contains(&name)
}

/// The database whose query result has this name in `commands/`.
pub(super) fn database_of_query(name: &str) -> Option<&'static Platform> {
    let (stem, suffix) = name.rsplit_once('.')?;
    let (product, _) = stem.split_once(['.', '@'])?;
    DATABASES.iter().copied().find(|platform| platform.name == product && matches!(suffix, "csv" | "tsv"))
}

/// Whether a folder's `commands/` holds the result of a database's query, so that the folder is an asset.
pub(super) fn holds_queries(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder.join("commands")) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(|name| database_of_query(name).is_some()))
}

/// Where an institution lists the files of its records.
pub(super) const REGISTER: &str = "records/register.toml";

/// Whether a folder holds the records of an institution, so that the folder is an asset.
pub(super) fn holds_records(folder: &Path) -> bool {
    folder.join(REGISTER).symlink_metadata().is_ok_and(|found| found.is_file())
}

/// All names that tell that a folder is a host's tree, the likeliest first.
pub(super) fn root_directories() -> impl Iterator<Item = &'static str> {
    std::iter::once("etc").chain(ROOT_DIRECTORIES.iter().copied().filter(|name| *name != "etc"))
}

/// The path on its asset of a Linux file that the user named: told by the last `etc` in what he wrote, by its directory or by its name.
pub(super) fn path_of_named(path: &Path) -> Option<String> {
    let names: Vec<&str> = path.iter().filter_map(|name| name.to_str()).collect();
    let (_, above) = names.split_last()?;
    match above.iter().rposition(|name| *name == "etc") {
        Some(etc) => Some(names[etc..].join("/")),
        None => path_of_member(path),
    }
}

/// The same of a file in a folder of assets, wherever that folder lies.
pub(super) fn path_of_member(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let directory = path.parent().and_then(Path::file_name).and_then(|directory| directory.to_str());
    match DIRECTORIES.iter().find(|(known, _)| Some(*known) == directory) {
        Some((_, directory)) => Some(format!("{directory}/{name}")),
        None => FILES.iter().find(|(known, _)| *known == name).map(|(_, path)| (*path).to_owned()),
    }
}

/// Whether a name says what a device's file is and not which device's.
pub(super) fn is_device_file(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    DEVICE_FILES.contains(&stem)
}

/// Whether a name is that under which VRP saves its configuration, with or without the device's in front.
fn is_saved_zip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("vrpcfg.zip")
}

/// The name of an archive without its suffix.
pub(super) fn archive_stem(name: &str) -> Option<&str> {
    let lower = name.to_ascii_lowercase();
    let suffix = ARCHIVES.iter().filter(|suffix| lower.ends_with(**suffix)).max_by_key(|suffix| suffix.len())?;
    let stem = &name[..name.len() - suffix.len()];
    (!stem.is_empty()).then_some(stem)
}

/// Why a file beside others is not an asset, where its name tells.
pub(super) fn not_an_asset(name: &str) -> Option<&'static Phrase> {
    if name.starts_with('.') {
        return Some(&Phrase { zh: "隐藏文件", en: "hidden" });
    }
    if is_saved_zip(name) {
        return None;
    }
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    let other = OTHER_NAMES.iter().any(|other| *other == name || *other == stem);
    if other || OTHER_SUFFIXES.contains(&suffix.to_ascii_lowercase().as_str()) || name.ends_with('~') {
        return Some(&Phrase { zh: "从名称看不是配置", en: "its name is not that of a configuration" });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_file_finds_its_path() {
        for (path, expected) in [
            ("sshd_config", Some("etc/ssh/sshd_config")),
            ("roles/web/files/sshd_config", Some("etc/ssh/sshd_config")),
            ("/backup/web01/etc/nginx/conf.d/a.conf", Some("etc/nginx/conf.d/a.conf")),
            ("/etc/puppet/files/etc/shadow", Some("etc/shadow")),
            ("copies/pam.d/su", Some("etc/pam.d/su")),
            ("rules.d/50-base.rules", Some("etc/audit/rules.d/50-base.rules")),
            ("core-sw1.cfg", None),
            ("etc", None),
        ] {
            assert_eq!(path_of_named(Path::new(path)).as_deref(), expected, "{path}");
        }
        // Where a folder of devices lies says nothing of them.
        assert_eq!(path_of_member(Path::new("/etc/oxidized/core-sw1.cfg")), None);
        assert_eq!(path_of_member(Path::new("/etc/copies/sshd_config")).as_deref(), Some("etc/ssh/sshd_config"));
    }

    #[test]
    fn tables_are_sorted() {
        assert!(FILES.is_sorted_by_key(|(name, _)| *name));
        assert!(DIRECTORIES.is_sorted_by_key(|(name, _)| *name));
        assert!(ROOT_DIRECTORIES.is_sorted() && DEVICE_FILES.is_sorted() && OTHER_NAMES.is_sorted());
    }

    #[test]
    fn names_tell_archives_and_others() {
        assert_eq!(archive_stem("web01.tar.gz"), Some("web01"));
        assert_eq!(archive_stem("sosreport-db01.example.TAR.ZST"), Some("sosreport-db01.example"));
        assert_eq!(archive_stem("web01.cfg"), None);
        assert_eq!(archive_stem(".tar"), None);
        assert!(not_an_asset("README.md").is_some() && not_an_asset(".git").is_some() && not_an_asset("router.db").is_some());
        assert!(not_an_asset("core-sw1").is_none() && not_an_asset("core-sw1.cfg").is_none() && not_an_asset("fw.conf.txt").is_none());
        assert!(is_device_file("running-config.cfg") && is_device_file("startup-config") && !is_device_file("core-sw1.cfg"));
    }
}
