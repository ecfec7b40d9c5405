//! The audit's tables against auditd.conf(5), auditctl(8), augenrules(8) and the traps of the catalogue.

use crate::support::rows;

const PARTS: (&str, &str) = ("etc/audit/rules.d", "!directory");

/// The summary of rules in one file of rules.d, without what is empty.
fn covered(rules: &str, column: &str) -> String {
    let shown = rows(&[PARTS, ("etc/audit/rules.d/a.rules", rules)], "audit", &[column]);
    shown.join(" | ")
}

#[track_caller]
fn check(rules: &str, column: &str, items: &str) {
    assert_eq!(covered(rules, column), format!("{column}=[{items}]"), "{rules}");
}

#[test]
fn a_watch_and_its_long_form_are_the_same() {
    check("-w /etc/shadow -p wa -k identity\n", "watched-for-write", "/etc/shadow");
    check("-w /etc/shadow -p wa -k identity\n", "watched-for-attributes", "/etc/shadow");
    check("-w /etc/shadow -p wa -k identity\n", "watched-for-execution", "");
    check("-a always,exit -F path=/etc/shadow -F perm=wa -F key=identity\n", "watched-for-write", "/etc/shadow");
    check("-a exit,always -F path=/usr/bin/sudo -F perm=x -F auid>=1000 -F auid!=4294967295\n", "watched-for-execution", "/usr/bin/sudo");
    check("-w /etc/shadow\n", "watched-for-execution", "/etc/shadow");
}

#[test]
fn both_architectures_must_be_covered() {
    let rule = |arch| format!("-a always,exit -F arch={arch} -F path=/etc/shadow -F perm=wa -k identity\n");
    check(&rule("b64"), "watched-for-write", "");
    check(&(rule("b64") + &rule("b32")), "watched-for-write", "/etc/shadow");
}

#[test]
fn a_directory_covers_what_is_below_it() {
    check("-w /etc/sudoers.d/ -p wa\n", "watched-for-write", "/etc/sudoers.d");
    check("-w /etc/ssh -p wa\n", "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    check("-a always,exit -F dir=/etc/ssh -F perm=wa\n", "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    check("-a always,exit -F path=/etc/ssh -F perm=wa\n", "watched-for-write", "/etc/ssh");
    check("-w /etc/pass -p wa\n", "watched-for-write", "/etc/pass");
    check("-w /run/faillock -p wa\n", "watched-for-write", "/run/faillock, /var/run/faillock");
}

#[test]
fn the_first_rule_that_matches_decides() {
    let watch = "-w /etc/ssh -p wa\n";
    check(&format!("-a never,exit -F path=/etc/ssh/sshd_config\n{watch}"), "watched-for-write", "/etc/ssh");
    check(&format!("{watch}-a never,exit -F path=/etc/ssh/sshd_config\n"), "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    check(&format!("{watch}-A never,exit -F path=/etc/ssh/sshd_config\n"), "watched-for-write", "/etc/ssh");
    check(&format!("-a never,exit -F uid=0\n{watch}"), "watched-for-write", "");
    // One program, or processes without a login, are left aside.
    check(&format!("-a never,exit -F exe=/usr/bin/agent\n{watch}"), "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    check(&format!("-a never,exit -F auid=unset\n{watch}"), "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    // What distributions ship to switch the audit of system calls off.
    check(&format!("{watch}-a never,task\n"), "watched-for-write", "");
    check(&format!("-a always,exclude -F msgtype=SYSCALL\n{watch}"), "watched-for-write", "");
    check(&format!("-a always,exclude -F msgtype=CWD\n{watch}"), "watched-for-write", "/etc/ssh, /etc/ssh/sshd_config");
    check(&format!("-a never,exclude -F msgtype=CWD\n{watch}"), "excluded", "CWD");
}

#[test]
fn system_calls_are_counted_by_architecture() {
    let time = "-a always,exit -F arch=b64 -S adjtimex,settimeofday -k time\n-a always,exit -F arch=b32 -S adjtimex -S stime -k time\n";
    check(time, "syscalls-64", "adjtimex, settimeofday");
    check(time, "syscalls-32", "adjtimex, stime");
    check("-a always,exit -F arch=b64 -S clock_settime -F a0=0x0\n", "syscalls-64", "clock_settime");
    check("-a always,exit -F arch=b64 -S mount -F a0=0x0\n", "syscalls-64", "");
    check("-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=-1\n", "syscalls-64", "mount");
    check("-a always,exit -F arch=b64 -S mount -F auid>=2000\n", "syscalls-64", "");
    check("-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0\n", "syscalls-64", "");
    check("-a always,exit -S umount2\n", "syscalls-32", "umount2");
    check("-a never,exit -F arch=b64 -S mount\n-a always,exit -F arch=b64 -S mount,umount2\n", "syscalls-64", "umount2");
    check("-a always,exit -F arch=b64 -S unlink -F path=/x\n", "syscalls-64", "");
}

#[test]
fn a_refusal_needs_both_errors() {
    let rule = |error: &str| format!("-a always,exit -F arch=b64 -S open,openat -F exit={error} -F auid>=1000 -F auid!=unset\n");
    check(&rule("-EACCES"), "failures-64", "");
    check(&(rule("-EACCES") + &rule("-EPERM")), "failures-64", "open, openat");
    check("-a always,exit -F arch=b64 -S creat -F success=0\n", "failures-64", "creat");
    check(&(rule("-EACCES") + &rule("-EPERM")), "syscalls-64", "");
}

#[test]
fn rules_show_one_spelling() {
    let rules =
        "-a exit,always -F arch=b32 -S execve -C uid!=euid -F auid!=4294967295 -k exec\n-w /x -p xr\n-a never,exclude -F msgtype=CWD\n";
    let columns = ["kind", "paths", "permissions", "syscalls", "arch", "filters", "key", "effective"];
    let expected = [
        "kind=syscall paths=[] permissions=[] syscalls=[execve] arch=b32 filters=[euid!=uid, auid!=unset] key=exec effective=true",
        "kind=watch paths=[/x] permissions=[execute, read] syscalls=[] arch=- filters=[] key=- effective=true",
        "kind=exclude paths=[] permissions=[] syscalls=[] arch=- filters=[msgtype=CWD] key=- effective=true",
    ];
    assert_eq!(rows(&[PARTS, ("etc/audit/rules.d/a.rules", rules)], "audit-rules", &columns), expected);
    let taken = "-a never,exit -F path=/x\n-w /x -p wa\n-w /y -p wa\n";
    let effective = rows(&[PARTS, ("etc/audit/rules.d/a.rules", taken)], "audit-rules", &["paths", "effective@"]);
    assert_eq!(
        effective,
        [
            "paths=[/x] effective=true@etc/audit/rules.d/a.rules:1",
            "paths=[/x] effective=false@etc/audit/rules.d/a.rules:1",
            "paths=[/y] effective=true@etc/audit/rules.d/a.rules:3"
        ]
    );
}

#[test]
fn the_last_lock_of_the_parts_holds() {
    let shown = |files: &[(&str, &str)]| rows(&[&[PARTS], files].concat(), "audit", &["immutable@", "backlog"]);
    // augenrules puts the last -e of the files in the order of `ls -v` at the end.
    let locked = [("etc/audit/rules.d/99-finalize.rules", "-e 2\n-b 64\n"), ("etc/audit/rules.d/100-late.rules", "-e 1\n-b 8192\n")];
    assert_eq!(shown(&locked), ["immutable=false@etc/audit/rules.d/100-late.rules:1 backlog=8192"]);
    assert_eq!(shown(&locked[..1]), ["immutable=true@etc/audit/rules.d/99-finalize.rules:1 backlog=64"]);
    let first = [("etc/audit/rules.d/5-a.rules", "-e 2\n"), ("etc/audit/rules.d/10-b.rules", "-w /x\n")];
    assert_eq!(shown(&first), ["immutable=true@etc/audit/rules.d/5-a.rules:1 backlog=-"]);
    assert_eq!(shown(&[("etc/audit/rules.d/a.rules.bak", "-e 2\n")]), ["immutable=false@etc/audit/rules.d backlog=-"]);
}

#[test]
fn parts_decide_unless_they_are_not_there() {
    let compiled = ("etc/audit/audit.rules", "-D\n-w /compiled -p w\n-e 2\n-w /late -p w\n");
    let part = ("etc/audit/rules.d/a.rules", "-w /part -p w\n");
    let shown = |files: &[(&str, &str)]| rows(files, "audit-rules", &["paths"]);
    assert_eq!(shown(&[PARTS, compiled, part]), ["paths=[/part]"]);
    // The kernel takes nothing after -e 2.
    assert_eq!(shown(&[("etc/audit/rules.d", "!absent"), compiled]), ["paths=[/compiled]"]);
    assert_eq!(shown(&[compiled]), ["paths=[/compiled]", "gap paths=?not-collected"]);
    let generated = ("etc/audit/audit.rules", "## This file is automatically generated from /etc/audit/rules.d\n-w /compiled -p w\n");
    assert_eq!(shown(&[generated]), ["paths=[/compiled]"]);
    let unit = (
        "etc/systemd/system/auditd.service",
        "[Service]\n#ExecStartPost=-/sbin/augenrules --load\nExecStartPost=-/sbin/auditctl -R /etc/audit/audit.rules\n",
    );
    assert_eq!(shown(&[PARTS, compiled, part, unit]), ["paths=[/compiled]"]);
}

#[test]
fn a_line_that_fails_leaves_the_rest_open() {
    let rules = "-w /a -p w\n-w relative -p w\n-w /b -p w\n-e 2\n";
    let files = [PARTS, ("etc/audit/rules.d/a.rules", rules)];
    let expected = [
        "watched-for-write=[/a, ?(/b), ?(?)] immutable=?not-understood",
        "gap watched-for-write=?not-understood immutable=?not-understood",
    ];
    assert_eq!(rows(&files, "audit", &["watched-for-write", "immutable"]), expected);
    let shown = rows(&files, "audit-rules", &["paths", "effective"]);
    assert_eq!(
        shown,
        ["paths=[/a] effective=true", "paths=[/b] effective=?not-understood", "gap paths=?not-understood effective=?not-understood"]
    );
    let goes_on = format!("-i\n{rules}");
    assert!(covered(&goes_on, "watched-for-write").starts_with("watched-for-write=[/a, /b, ?(?)]"));
    // The kernel refuses a rule that it has, and auditctl stops there.
    assert!(covered("-w /a -p w\n-w /a -p w\n-w /b -p w\n", "watched-for-write").starts_with("watched-for-write=[/a, ?(/b), ?(?)]"));
}

#[test]
fn the_kernels_command_line_decides_at_boot() {
    let shown = |files: &[(&str, &str)]| rows(&[&[PARTS], files].concat(), "audit", &["at-boot", "backlog"]).join("");
    assert_eq!(shown(&[("proc/cmdline", "ro audit=0 quiet audit=1 audit_backlog_limit=8192\n")]), "at-boot=true backlog=8192");
    assert_eq!(shown(&[("proc/cmdline", "ro audit=1 audit=0\n")]), "at-boot=false backlog=-");
    assert_eq!(
        shown(&[("proc/cmdline", "ro quiet\n"), ("etc/default/grub", "GRUB_CMDLINE_LINUX=\"audit=1\"\n")]),
        "at-boot=false backlog=-"
    );
    assert_eq!(
        shown(&[("etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"audit=1\"\n")]),
        "at-boot=true backlog=-"
    );
    assert_eq!(shown(&[("etc/default/grub", "GRUB_CMDLINE_LINUX=\"audit=1\"\nGRUB_CMDLINE_LINUX=\"quiet\"\n")]), "at-boot=false backlog=-");
    assert_eq!(shown(&[("etc/default/grub", "#GRUB_CMDLINE_LINUX=\"audit=1\"\n")]), "at-boot=false backlog=-");
    let entry = ("boot/loader/entries/a.conf", "title A\noptions root=/dev/sda1 audit=1\n");
    let other = ("boot/loader/entries/b.conf", "title B\noptions root=/dev/sda1\n");
    let directory = ("boot/loader/entries", "!directory");
    assert_eq!(shown(&[directory, entry]), "at-boot=true backlog=-");
    assert_eq!(shown(&[directory, entry, other]), "at-boot=false backlog=-");
    let opts = [
        directory,
        ("boot/loader/entries/a.conf", "options $kernelopts quiet\n"),
        ("boot/grub2/grubenv", "# GRUB\nkernelopts=root=x audit=1\n"),
    ];
    assert_eq!(shown(&opts), "at-boot=true backlog=-");
    assert_eq!(shown(&[]), "at-boot=?not-collected backlog=-");
}

#[test]
fn the_daemon_must_start() {
    let shown =
        |files: &[(&str, &str)]| rows(&[&[PARTS, ("etc/systemd/system", "!directory")], files].concat(), "audit", &["enabled"]).join("");
    let link = ("etc/systemd/system/multi-user.target.wants/auditd.service", "-> /lib/systemd/system/auditd.service");
    let wants = ("etc/systemd/system/multi-user.target.wants", "!directory");
    assert_eq!(shown(&[wants, link]), "enabled=true");
    assert_eq!(shown(&[wants]), "enabled=false");
    assert_eq!(shown(&[wants, link, ("proc/cmdline", "audit=0\n")]), "enabled=false");
    assert_eq!(shown(&[wants, link, ("etc/audit/rules.d/a.rules", "-e 0\n")]), "enabled=false");
}

/// Settings of auditd.conf by name.
fn settings(conf: &str, names: &[&str]) -> Vec<String> {
    let files = [PARTS, ("etc/audit/auditd.conf", conf)];
    let picked = |row: &String| names.iter().any(|name| row.starts_with(&format!("name={name} ")));
    rows(&files, "auditd", &["name", "value@", "number", "size", "on"]).into_iter().filter(picked).collect()
}

#[test]
fn settings_are_read_without_regard_to_case() {
    let conf = "Max_Log_File = 50\nmax_log_file_action = KEEP_LOGS\nspace_left = 25%\nspace_left_action = EXEC /usr/local/bin/Warn\nlog_file = /Var/Log/x\n##num_logs = 9\n";
    let expected = [
        "name=log_file value=/Var/Log/x@etc/audit/auditd.conf:5 number=- size=- on=-",
        "name=max_log_file value=50@etc/audit/auditd.conf:1 number=50 size=50MiB on=-",
        "name=max_log_file_action value=keep_logs@etc/audit/auditd.conf:2 number=- size=- on=-",
        "name=num_logs value=0@default number=0 size=- on=-",
        "name=space_left value=25%@etc/audit/auditd.conf:3 number=- size=- on=-",
        "name=space_left_action value=exec@etc/audit/auditd.conf:4 number=- size=- on=-",
        "name=write_logs value=yes@default number=- size=- on=true",
    ];
    let names = ["log_file", "max_log_file", "max_log_file_action", "num_logs", "space_left", "space_left_action", "write_logs"];
    assert_eq!(settings(conf, &names), expected);
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let long = format!("num_logs = 5{}\n", " ".repeat(10));
    assert_eq!(settings(&long, &["num_logs"]), ["name=num_logs value=5@etc/audit/auditd.conf:1 number=5 size=- on=-"]);
    let long = format!("log_file = /{}\nnum_logs = 5\n", "x".repeat(160));
    assert_eq!(settings(&long, &["log_file"]), ["name=log_file value=/var/log/audit/audit.log@default number=- size=- on=-"]);
}

#[test]
fn what_was_not_collected_is_a_gap() {
    assert_eq!(rows(&[PARTS], "auditd", &["name", "value"]), ["gap name=?not-collected value=?not-collected"]);
    assert_eq!(rows(&[("etc/audit/auditd.conf", "")], "audit", &["immutable"]), ["gap immutable=?not-collected"]);
    assert_eq!(rows(&[("etc/audit", "!absent")], "audit", &["immutable"]), [""; 0]);
    assert_eq!(rows(&[], "audit", &["immutable"]), [""; 0]);
    assert_eq!(rows(&[("etc/audit/auditd.conf", "!denied")], "auditd", &["name"]), ["gap name=?denied"]);
    let denied = [PARTS, ("etc/audit/rules.d/a.rules", "!denied"), ("etc/audit/rules.d/b.rules", "-w /x -p w\n")];
    assert_eq!(rows(&denied, "audit-rules", &["paths"]), ["paths=[/x]", "gap paths=?denied"]);
}
