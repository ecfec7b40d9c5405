//! The neutral table of log streams: guarantees, receivers, and what nothing proves.

use crate::support::rows;

const COLUMNS: &[&str] = &["stream", "path", "enabled", "retention", "bounded-by", "forwarded"];

/// What proves that a host has neither rsyslog nor sudo nor an audit, so that a test adds only what it is about.
const BARE: &[(&str, &str)] = &[
    ("etc/rsyslog.conf", "!absent"),
    ("etc/rsyslog.d", "!absent"),
    ("etc/syslog-ng", "!absent"),
    ("etc/sudoers", "!absent"),
    ("etc/sudoers.d", "!absent"),
    ("etc/audit", "!absent"),
    ("etc/logrotate.conf", "!absent"),
    ("etc/systemd/journald.conf", "!absent"),
    ("etc/systemd/journald.conf.d", "!absent"),
    ("run/systemd", "!absent"),
    ("usr/local/lib/systemd", "!absent"),
    ("usr/lib/systemd", "!absent"),
    ("lib/systemd", "!absent"),
    ("etc/systemd/system", "!directory"),
    ("var/log/journal", "!absent"),
    ("proc/cmdline", "quiet\n"),
];

/// A bare host with some of its files replaced: a path that is given takes the place of itself and of what is said of its directory.
fn host<'t>(files: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let replaced = |path: &str| files.iter().any(|(given, _)| *given == path || given.starts_with(&format!("{path}/")));
    let mut all: Vec<(&str, &str)> = BARE.iter().filter(|(path, content)| *content == "!directory" || !replaced(path)).copied().collect();
    all.extend(files.iter().filter(|(path, _)| !all.iter().any(|(known, _)| known == path)).copied().collect::<Vec<_>>());
    all
}

/// The row of one stream of such a host, and its gap rows.
fn stream(name: &str, files: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let all = rows(&host(files), "logs", &[&["stream"], columns].concat());
    let start = format!("stream={name} ");
    all.into_iter().filter(|row| row.trim_start_matches("gap ").starts_with(&start)).map(|row| row.replace(&start, "")).collect()
}

#[test]
fn every_stream_is_there_whatever_was_collected() {
    let nothing = [
        "gap stream=authentication path=?not-collected enabled=?not-collected retention=?not-collected bounded-by=?not-collected forwarded=?not-collected",
        "gap stream=system path=?not-collected enabled=?not-collected retention=?not-collected bounded-by=?not-collected forwarded=?not-collected",
        "gap stream=audit path=?not-collected enabled=?not-collected retention=?not-collected bounded-by=?not-collected forwarded=?not-collected",
    ];
    let shown = rows(&[], "logs", COLUMNS);
    assert_eq!(shown[..3], nothing);
    assert!(shown[3..].iter().all(|row| row.contains("stream=command")) && shown.len() == 5, "{shown:?}");
    let bare = [
        "stream=authentication path=- enabled=false retention=0s bounded-by=- forwarded=[]",
        "stream=system path=- enabled=false retention=0s bounded-by=- forwarded=[]",
        "stream=audit path=- enabled=false retention=0s bounded-by=- forwarded=[]",
        "stream=command path=- enabled=false retention=0s bounded-by=- forwarded=[]",
    ];
    assert_eq!(rows(&host(&[("etc/systemd", "!absent")]), "logs", COLUMNS), bare);
}

#[test]
fn the_journal_guarantees_no_time() {
    let columns = ["path", "enabled", "retention", "bounded-by"];
    let with = |conf: &'static str| [("etc/systemd/journald.conf", conf), ("var/log/journal", "!directory")];
    // journald.conf(5): SystemMaxUse is 10 % of the file system where it is not set.
    let persistent = ["path=/var/log/journal enabled=true retention=0s bounded-by=size"];
    assert_eq!(stream("authentication", &with("[Journal]\nStorage=persistent\n"), &columns), persistent);
    assert_eq!(stream("authentication", &with("[Journal]\n"), &columns), persistent);
    let aged = ["path=/var/log/journal enabled=true retention=0s bounded-by=both"];
    assert_eq!(stream("system", &with("[Journal]\nMaxRetentionSec=1year\n"), &columns), aged);
    let volatile = ["path=/run/log/journal enabled=true retention=0s bounded-by=size"];
    assert_eq!(stream("system", &with("[Journal]\nStorage=volatile\n"), &columns), volatile);
    assert_eq!(stream("system", &with("[Journal]\nStorage=none\n"), &columns), ["path=- enabled=false retention=0s bounded-by=-"]);
}

const WANTS: (&str, &str) = ("etc/systemd/system/multi-user.target.wants/auditd.service", "-> /lib/systemd/system/auditd.service");
const NO_PLUGINS: (&str, &str) = ("etc/audit/plugins.d", "!directory");
const RULES: (&str, &str) = ("etc/audit/rules.d", "!directory");

/// The audit stream with this auditd.conf and other files.
fn audit(conf: &str, more: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let files = [
        ("etc/audit/auditd.conf", conf),
        WANTS,
        NO_PLUGINS,
        RULES,
        ("etc/audisp", "!absent"),
        ("etc/systemd/system/multi-user.target.wants", "!directory"),
    ];
    stream("audit", &[&files, more].concat(), columns)
}

#[test]
fn the_daemons_rotation_is_capacity_only() {
    let columns = ["path", "enabled", "retention", "bounded-by", "retention-why"];
    let rotate = "max_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\n";
    let expected = "path=/var/log/audit/audit.log enabled=true retention=0s bounded-by=size retention-why=/var/log/audit/audit.log: max_log_file_action rotate, num_logs 5 × max_log_file 8M";
    assert_eq!(audit(rotate, &[], &columns), [expected]);
    let keep = |more: &str| audit(&format!("max_log_file_action = keep_logs\nnum_logs = 5\n{more}"), &[], &["retention", "bounded-by"]);
    assert_eq!(keep(""), ["retention=unlimited bounded-by=nothing"]);
    assert_eq!(keep("disk_full_action = rotate\n"), ["retention=0s bounded-by=size"]);
    // auditd.conf(5): with fewer than two files nothing is rotated.
    assert_eq!(audit("max_log_file_action = rotate\nnum_logs = 1\n", &[], &["retention"]), ["retention=unlimited"]);
    assert_eq!(audit("max_log_file_action = rotate\n", &[], &["retention"]), ["retention=unlimited"]);
    for action in ["ignore", "syslog", "suspend"] {
        assert_eq!(audit(&format!("max_log_file_action = {action}\n"), &[], &["retention"]), ["retention=unlimited"]);
    }
    assert_eq!(audit("write_logs = no\n", &[], &["path", "retention", "bounded-by"]), ["path=- retention=0s bounded-by=-"]);
}

#[test]
fn logrotate_deletes_behind_the_daemon() {
    let keep = "max_log_file_action = keep_logs\n";
    let with = |block: &'static str| audit(keep, &[("etc/logrotate.conf", block)], &["retention", "bounded-by"]);
    assert_eq!(with("/var/log/audit/audit.log {\n weekly\n rotate 27\n}\n"), ["retention=189d bounded-by=time"]);
    assert_eq!(with("/var/log/audit/*.log* {\n daily\n rotate 30\n}\n"), ["retention=30d bounded-by=time"]);
    assert_eq!(with("/var/log/audit/audit.log.* {\n daily\n rotate 30\n}\n"), ["retention=30d bounded-by=time"]);
    assert_eq!(with("/var/log/*.log {\n daily\n rotate 30\n}\n"), ["retention=unlimited bounded-by=nothing"]);
    // Without logrotate's configuration nobody knows.
    let files = [("etc/audit/auditd.conf", keep), WANTS, NO_PLUGINS, RULES];
    let all: Vec<(&str, &str)> = host(&files).into_iter().filter(|(path, _)| *path != "etc/logrotate.conf").collect();
    let shown = rows(&all, "logs", &["stream", "retention"]);
    assert!(shown.contains(&"stream=audit retention=?not-collected(0s|unlimited)".to_owned()), "{shown:?}");
}

#[test]
fn plugins_send_audit_records_away() {
    let conf = "max_log_file_action = rotate\nnum_logs = 5\n";
    let columns = ["forwarded", "forwarding-encrypted", "forwarding-reliable"];
    let remote = [
        ("etc/audit/plugins.d/au-remote.conf", "active = yes\ndirection = out\npath = /sbin/audisp-remote\ntype = always\n"),
        ("etc/audit/audisp-remote.conf", "remote_server = log1.bank\ntransport = KRB5\nmode = forward\n"),
    ];
    assert_eq!(audit(conf, &remote, &columns), ["forwarded=[log1.bank] forwarding-encrypted=true forwarding-reliable=true"]);
    let plain = [remote[0], ("etc/audit/audisp-remote.conf", "remote_server = log1.bank\ntransport = TCP\nmode = immediate\n")];
    assert_eq!(audit(conf, &plain, &columns), ["forwarded=[log1.bank] forwarding-encrypted=false forwarding-reliable=false"]);
    let off = [("etc/audit/plugins.d/au-remote.conf", "active = no\n"), remote[1]];
    assert_eq!(audit(conf, &off, &columns), ["forwarded=[] forwarding-encrypted=- forwarding-reliable=-"]);
    let unread = [remote[0]];
    assert_eq!(audit(conf, &unread, &["forwarded"]), ["forwarded=[?(etc/audit/audisp-remote.conf)]"]);
}

#[test]
fn locked_rules_protect_the_audit() {
    let columns = ["tamper-protection", "covers"];
    let with = |rules: &'static str| audit("", &[("etc/audit/rules.d/a.rules", rules)], &columns);
    assert_eq!(with("-e 2\n"), ["tamper-protection=true covers=[auth]"]);
    assert_eq!(with("-w /etc -p wa\n"), ["tamper-protection=false covers=[auth, config-change]"]);
}

#[test]
fn commands_are_recorded_by_the_audit() {
    let conf = "max_log_file_action = keep_logs\n";
    let with = |rules: &'static str| {
        let files =
            [("etc/audit/auditd.conf", conf), WANTS, NO_PLUGINS, RULES, ("etc/audisp", "!absent"), ("etc/audit/rules.d/a.rules", rules)];
        stream("command", &files, &["enabled", "retention", "covers"])
    };
    let every = "-a always,exit -F arch=b64 -S execve\n-a always,exit -F arch=b32 -S execve\n";
    assert_eq!(with(every), ["enabled=true retention=unlimited covers=[command, privilege]"]);
    let raised =
        "-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0\n-a always,exit -F arch=b32 -S execve -C euid!=uid -F auid!=unset\n";
    assert_eq!(with(raised), ["enabled=true retention=unlimited covers=[privilege]"]);
    assert_eq!(with("-a always,exit -F arch=b64 -S execve -C uid!=euid\n"), ["enabled=false retention=0s covers=[]"]);
}

#[test]
fn a_daemon_that_does_not_start_writes_nothing() {
    let files = [
        ("etc/audit/auditd.conf", ""),
        NO_PLUGINS,
        RULES,
        ("etc/audisp", "!absent"),
        ("etc/systemd/system/multi-user.target.wants", "!directory"),
    ];
    assert_eq!(stream("audit", &files, &["enabled"]), ["enabled=false"]);
    // Where the links were not collected, what is configured shows, and a gap keeps it from passing.
    let all: Vec<(&str, &str)> = host(&files).into_iter().filter(|(path, _)| !path.starts_with("etc/systemd/system")).collect();
    let shown: Vec<String> = rows(&all, "logs", &["stream", "enabled"]).into_iter().filter(|row| row.contains("audit")).collect();
    assert_eq!(shown, ["stream=audit enabled=true", "gap stream=audit enabled=?not-collected"]);
}

const STARTED: [(&str, &str); 2] = [
    ("etc/systemd/system/multi-user.target.wants", "!directory"),
    ("etc/systemd/system/multi-user.target.wants/rsyslog.service", "-> /lib/systemd/system/rsyslog.service"),
];
/// The rules of rsyslog.conf as Debian 12 ships it, and its modules.
const DEBIAN: &str = "module(load=\"imuxsock\")\nmodule(load=\"imklog\")\nauth,authpriv.*\t\t/var/log/auth.log\n*.*;auth,authpriv.none\t-/var/log/syslog\ncron.*\t-/var/log/cron.log\n";
/// The rules of rsyslog.conf as RHEL 9 ships it.
const RED_HAT: &str = "module(load=\"imuxsock\")\nmodule(load=\"imklog\")\n*.info;mail.none;authpriv.none;cron.none /var/log/messages\nauthpriv.* /var/log/secure\nmail.* -/var/log/maillog\ncron.* /var/log/cron\n*.emerg :omusrmsg:*\n";

/// The row of a stream with this rsyslog.conf and this logrotate.conf.
fn syslog(name: &str, rsyslog: &str, logrotate: &str, columns: &[&str]) -> Vec<String> {
    let files = [("etc/rsyslog.conf", rsyslog), ("etc/logrotate.conf", logrotate)];
    stream(name, &[&files[..], &STARTED].concat(), columns)
}

#[test]
fn files_are_kept_as_long_as_their_block_says() {
    let columns = ["path", "enabled", "retention@", "bounded-by", "retention-why", "level"];
    let debian = "/var/log/syslog\n/var/log/auth.log\n/var/log/cron.log\n{\n\trotate 4\n\tweekly\n\tmissingok\n\tnotifempty\n}\n";
    let expected = "path=/var/log/auth.log enabled=true retention=28d@etc/logrotate.conf:5 bounded-by=time retention-why=/var/log/auth.log: rotate 4 × weekly = 28d level=debug";
    assert_eq!(syslog("authentication", DEBIAN, debian, &columns), [expected]);
    let system = syslog("system", DEBIAN, debian, &["path", "retention"]);
    assert_eq!(system, ["path=/var/log/syslog retention=28d"]);
    let six_months = "/var/log/*.log {\n weekly\n rotate 27\n}\n/var/log/syslog {\n monthly\n rotate 6\n}\n";
    assert_eq!(syslog("authentication", DEBIAN, six_months, &["retention"]), ["retention=189d"]);
    assert_eq!(syslog("system", DEBIAN, six_months, &["path", "retention"]), ["path=/var/log/syslog retention=181d"]);
    let sized = "/var/log/*.log {\n weekly\n rotate 500\n size 100M\n}\n";
    assert_eq!(syslog("authentication", DEBIAN, sized, &["retention", "bounded-by"]), ["retention=0s bounded-by=size"]);
    assert_eq!(syslog("authentication", DEBIAN, "", &["retention", "bounded-by"]), ["retention=unlimited bounded-by=nothing"]);
}

#[test]
fn the_worst_of_the_parts_and_the_best_of_the_copies_count() {
    let blocks =
        "/var/log/secure {\n daily\n rotate 184\n}\n/var/log/messages {\n weekly\n rotate 4\n}\n/var/log/copy {\n daily\n rotate 365\n}\n";
    // auth.info goes to messages, authpriv to secure.
    assert_eq!(syslog("authentication", RED_HAT, blocks, &["path", "retention"]), ["path=/var/log/messages retention=28d"]);
    let copied = format!("{RED_HAT}auth.* /var/log/copy\n");
    assert_eq!(syslog("authentication", &copied, blocks, &["path", "retention"]), ["path=/var/log/secure retention=184d"]);
    // What stands behind a stop keeps nothing.
    let stopped = format!("{}auth.* stop\nauth.* /var/log/copy\n", RED_HAT);
    assert_eq!(syslog("authentication", &stopped, blocks, &["path", "retention"]), ["path=/var/log/messages retention=28d"]);
}

#[test]
fn forwarding_must_reach_every_part() {
    let columns = ["forwarded", "forwarding-encrypted", "forwarding-reliable"];
    let to = |line: &str| syslog("authentication", &format!("{DEBIAN}{line}\n"), "", &columns);
    assert_eq!(to("*.* @log1.bank"), ["forwarded=[log1.bank] forwarding-encrypted=false forwarding-reliable=false"]);
    assert_eq!(to("authpriv.* @@log1.bank"), ["forwarded=[?(log1.bank)] forwarding-encrypted=false forwarding-reliable=-"]);
    assert_eq!(to("*.* @@127.0.0.1"), ["forwarded=[] forwarding-encrypted=- forwarding-reliable=-"]);
    assert_eq!(to("# *.* @@log1.bank"), ["forwarded=[] forwarding-encrypted=- forwarding-reliable=-"]);
    let relp = "module(load=\"omrelp\")\n*.* action(type=\"omrelp\" target=\"log1.bank\" port=\"2514\" tls=\"on\" queue.type=\"LinkedList\" queue.filename=\"fwd\" queue.saveOnShutdown=\"on\" action.resumeRetryCount=\"-1\")";
    assert_eq!(to(relp), ["forwarded=[log1.bank] forwarding-encrypted=true forwarding-reliable=true"]);
}

#[test]
fn what_rsyslog_was_told_and_was_not_read_leaves_a_gap() {
    let files = [
        ("etc/rsyslog.conf", "module(load=\"imuxsock\")\nauth,authpriv.* /var/log/auth.log\n$IncludeConfig /etc/rsyslog.d/*.conf\n"),
        STARTED[0],
        STARTED[1],
    ];
    let all: Vec<(&str, &str)> = host(&files).into_iter().filter(|(path, _)| *path != "etc/rsyslog.d").collect();
    let shown: Vec<String> =
        rows(&all, "logs", &["stream", "retention", "forwarded"]).into_iter().filter(|row| row.contains("authentication")).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[0].contains("forwarded=[?("), "{shown:?}");
    assert!(shown[1].starts_with("gap stream=authentication retention=?"), "{shown:?}");
}

#[test]
fn a_syslog_daemon_that_does_not_start_writes_nothing() {
    let files = [("etc/rsyslog.conf", DEBIAN), STARTED[0]];
    assert_eq!(stream("authentication", &files, &["path", "enabled", "retention"]), ["path=/run/log/journal enabled=true retention=0s"]);
    let all: Vec<(&str, &str)> = host(&files).into_iter().filter(|(path, _)| !path.starts_with("etc/systemd/system")).collect();
    let shown: Vec<String> =
        rows(&all, "logs", &["stream", "enabled", "retention"]).into_iter().filter(|row| row.contains("authentication")).collect();
    assert_eq!(
        shown,
        [
            "stream=authentication enabled=true retention=unlimited",
            "gap stream=authentication enabled=?not-collected retention=?not-collected"
        ]
    );
    let other = [("etc/syslog-ng/syslog-ng.conf", "@version: 3.38\n")];
    assert_eq!(stream("system", &other, &["enabled", "retention"]), ["gap enabled=?not-understood retention=?not-understood"]);
}

#[test]
fn sudo_logs_commands() {
    let logrotate = "/var/log/auth.log {\n weekly\n rotate 27\n}\n/var/log/sudo.log {\n daily\n rotate 365\n}\n";
    let with = |sudoers: &'static str| {
        let files = [("etc/rsyslog.conf", DEBIAN), ("etc/logrotate.conf", logrotate), ("etc/sudoers", sudoers), STARTED[0], STARTED[1]];
        stream("command", &files, &["path", "enabled", "retention", "covers"])
    };
    assert_eq!(with("root ALL=(ALL) ALL\n"), ["path=/var/log/auth.log enabled=true retention=189d covers=[privilege]"]);
    assert_eq!(with("Defaults logfile=/var/log/sudo.log\n"), ["path=/var/log/sudo.log enabled=true retention=365d covers=[privilege]"]);
    assert_eq!(with("Defaults !syslog\n"), ["path=- enabled=false retention=0s covers=[]"]);
    assert_eq!(
        with("Defaults !syslog, logfile=/var/log/sudo.log\n"),
        ["path=/var/log/sudo.log enabled=true retention=365d covers=[privilege]"]
    );
}
