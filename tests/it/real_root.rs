//! A root of Debian's own packages into a report in which nothing is unknown that the root could have shown.

use std::process::Command;

use crate::support::scan_paths;

/// What the root has beside the base: the software that rules are about.
const PACKAGES: &str = "openssh-server,sudo,rsyslog,logrotate,auditd,chrony,libpam-pwquality,cron";

#[test]
fn a_root_of_real_packages_is_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    let made = Command::new("debootstrap")
        .args(["--variant=minbase", &format!("--include={PACKAGES}"), "bookworm"])
        .arg(&root)
        .output()
        .expect("tests/run installs debootstrap");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));

    let scanned = scan_paths(folder.path(), &["--root", root.to_str().expect("a plain path")]);
    let of = |verdict: &str| -> Vec<&str> {
        scanned.results.iter().filter(|(.., found)| *found == verdict).map(|(rule, ..)| rule.as_str()).collect()
    };
    // No kernel runs here: neither its command line nor what it was built with is there to see. And no profile names a site's list of
    // set-id programs.
    assert_eq!(of("unknown"), ["linux-audit-boot", "linux-fs-suid-allow", "linux-kernel-ptrace"]);
    // What Debian's packages do out of the box, read off the root by hand.
    for (rule, expected) in [
        ("linux-ssh-root-login", "fail"),
        ("linux-ssh-empty-passwords", "pass"),
        ("linux-ssh-x11", "fail"),
        ("linux-acct-uid0", "pass"),
        ("linux-acct-empty-shadow", "pass"),
        ("linux-acct-pass-max-days", "fail"),
        ("linux-pam-pw-module-active", "pass"),
        ("linux-pam-lockout", "fail"),
        ("linux-log-rotate-retention", "fail"),
        ("linux-ssh-config-perms", "fail"),
        ("linux-ssh-root-keys", "not-applicable"),
        ("nfra-22-retention", "fail"),
        ("nfra-28-mfa", "fail"),
    ] {
        let found = scanned.results.iter().find(|(id, ..)| id == rule).map(|(.., verdict)| *verdict);
        assert_eq!(found, Some(expected), "{rule}");
    }
}
