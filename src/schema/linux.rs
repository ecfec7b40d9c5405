//! The tables of Linux products, with the products' own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const WORDS_YES_NO: &[&str] = &["yes", "no"];
const FORWARDING: &[&str] = &["yes", "no", "local", "remote"];

/// sshd's global section and each `Match` block.
pub static SSHD: Table = Table {
    name: "sshd",
    title: Phrase {
        zh: "OpenSSH 服务器的全局段和每个 Match 块的有效设置",
        en: "effective settings of sshd, globally and in each Match block",
    },
    promised: true,
    columns: &[
        Column::new("scope", Kind::Text, "`global`, or the match criteria: `match user backup`").key(),
        Column::new("permit-root-login", Kind::Word(&["yes", "no", "prohibit-password", "forced-commands-only"]), "PermitRootLogin"),
        Column::new("permit-empty-passwords", Kind::Word(WORDS_YES_NO), "PermitEmptyPasswords"),
        Column::new(
            "authentication-methods",
            Kind::Texts,
            "AuthenticationMethods: each element is one alternative, a comma list; `any` where one method suffices",
        ),
        Column::new("password-authentication", Kind::Word(WORDS_YES_NO), "PasswordAuthentication"),
        Column::new("kbd-interactive-authentication", Kind::Word(WORDS_YES_NO), "KbdInteractiveAuthentication"),
        Column::new("pubkey-authentication", Kind::Word(WORDS_YES_NO), "PubkeyAuthentication"),
        Column::new("hostbased-authentication", Kind::Word(WORDS_YES_NO), "HostbasedAuthentication"),
        Column::new("gssapi-authentication", Kind::Word(WORDS_YES_NO), "GSSAPIAuthentication"),
        Column::new("use-pam", Kind::Word(WORDS_YES_NO), "UsePAM"),
        Column::new("allow-users", Kind::Texts, "AllowUsers patterns").empty(),
        Column::new("allow-groups", Kind::Texts, "AllowGroups patterns").empty(),
        Column::new("deny-users", Kind::Texts, "DenyUsers patterns").empty(),
        Column::new("deny-groups", Kind::Texts, "DenyGroups patterns").empty(),
        Column::new("max-auth-tries", Kind::Integer, "MaxAuthTries"),
        Column::new("login-grace-time", Kind::Duration, "LoginGraceTime; 0 is unlimited"),
        Column::new("client-alive-interval", Kind::Duration, "ClientAliveInterval; 0 turns the check off and is unlimited"),
        Column::new("client-alive-count-max", Kind::Integer, "ClientAliveCountMax"),
        Column::new("dead-peer-timeout", Kind::Duration, "ClientAliveInterval times ClientAliveCountMax; unlimited where the check is off"),
        Column::new("max-sessions", Kind::Integer, "MaxSessions"),
        Column::new("max-startups-start", Kind::Integer, "MaxStartups: connections from which refusal begins"),
        Column::new("max-startups-rate", Kind::Integer, "MaxStartups: percentage that is refused"),
        Column::new("max-startups-full", Kind::Integer, "MaxStartups: connections from which all are refused"),
        Column::new("x11-forwarding", Kind::Word(WORDS_YES_NO), "X11Forwarding"),
        Column::new("allow-tcp-forwarding", Kind::Word(FORWARDING), "AllowTcpForwarding; DisableForwarding makes it no"),
        Column::new("allow-agent-forwarding", Kind::Word(WORDS_YES_NO), "AllowAgentForwarding; DisableForwarding makes it no"),
        Column::new("permit-tunnel", Kind::Word(&["yes", "no", "point-to-point", "ethernet"]), "PermitTunnel"),
        Column::new("gateway-ports", Kind::Word(&["yes", "no", "clientspecified"]), "GatewayPorts"),
        Column::new("ignore-rhosts", Kind::Word(&["yes", "no", "shosts-only"]), "IgnoreRhosts"),
        Column::new("permit-user-environment", Kind::Text, "PermitUserEnvironment: yes, no or a pattern list"),
        Column::new("strict-modes", Kind::Word(WORDS_YES_NO), "StrictModes"),
        Column::new(
            "log-level",
            Kind::Word(&["quiet", "fatal", "error", "info", "verbose", "debug", "debug1", "debug2", "debug3"]),
            "LogLevel",
        ),
        Column::new(
            "syslog-facility",
            Kind::Word(&[
                "daemon", "user", "auth", "authpriv", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
            ]),
            "SyslogFacility",
        ),
        Column::new("protocol", Kind::Texts, "Protocol: versions that are spoken"),
        Column::new("banner", Kind::Text, "Banner: the file that is shown before login").unset("no banner is shown"),
        Column::new("listen-address", Kind::Networks, "ListenAddress; 0.0.0.0/0 and ::/0 stand for every address, as where it is not set"),
        Column::new("force-command", Kind::Text, "ForceCommand").unset("the user's own command runs"),
        Column::new("chroot-directory", Kind::Text, "ChrootDirectory").unset("no change of root"),
        Column::new("authorized-keys-file", Kind::Texts, "AuthorizedKeysFile").empty(),
        Column::new("authorized-keys-command-user", Kind::Text, "AuthorizedKeysCommandUser").unset("no command is run"),
        Column::new("trusted-user-ca-keys", Kind::Text, "TrustedUserCAKeys").unset("no certificate authority is trusted"),
        Column::new("per-source-penalties", Kind::Word(WORDS_YES_NO), "PerSourcePenalties, from 9.8").unset("the version has no penalties"),
        Column::new("ciphers", Kind::Texts, "Ciphers after `+`, `-` and `^` are applied").empty(),
        Column::new("macs", Kind::Texts, "MACs after `+`, `-` and `^` are applied").empty(),
        Column::new("kex-algorithms", Kind::Texts, "KexAlgorithms after `+`, `-` and `^` are applied").empty(),
        Column::new("host-key-algorithms", Kind::Texts, "HostKeyAlgorithms after `+`, `-` and `^` are applied").empty(),
        Column::new("weakens", Kind::Texts, "settings in which a Match block is laxer than the global section").empty(),
    ],
    settings: &[],
};

/// Modules of PAM stacks, flattened.
pub static PAM_MODULES: Table = Table {
    name: "pam-modules",
    title: Phrase { zh: "展开后的 PAM 模块", en: "module of a flattened PAM stack" },
    promised: false,
    columns: &[
        Column::new("service", Kind::Text, "PAM service").key(),
        Column::new("type", Kind::Word(&["account", "auth", "password", "session"]), "management group").key(),
        Column::new("step", Kind::Text, "module and how often it stood before: `pam_unix`, `pam_unix#2`").key(),
        Column::new("module", Kind::Text, "module name without directory and `.so`"),
        Column::new("control", Kind::Text, "control as written"),
        Column::new("arguments", Kind::Texts, "arguments").empty(),
        Column::new("reachable", Kind::Boolean, "whether some run of the stack reaches it"),
        Column::new("enforced", Kind::Boolean, "whether it lies on every path that succeeds"),
        Column::new("before-password", Kind::Boolean, "whether it comes before pam_unix"),
    ],
    settings: &[],
};

/// Files that rsyslog writes.
pub static RSYSLOG_FILES: Table = Table {
    name: "rsyslog-files",
    title: Phrase { zh: "rsyslog 写入的文件", en: "file that rsyslog writes" },
    promised: false,
    columns: &[
        Column::new("path", Kind::Text, "the file, or the template that makes its path for each message").key(),
        Column::new("dynamic", Kind::Boolean, "whether the path is made for each message"),
        Column::new("mode", Kind::Mode, "permission bits with which it is created"),
    ],
    settings: &[],
};

/// Ways on which rsyslog sends this host's own messages to other hosts.
pub static RSYSLOG_FORWARDING: Table = Table {
    name: "rsyslog-forwarding",
    title: Phrase { zh: "rsyslog 的外送目标", en: "host that rsyslog sends to" },
    promised: false,
    columns: &[
        Column::new("host", Kind::Text, "name or address of the receiver").key(),
        Column::new("port", Kind::Text, "port").key(),
        Column::new("protocol", Kind::Text, "udp, tcp, relp, elasticsearch, kafka, http, …").key(),
        Column::new("this-host", Kind::Boolean, "whether the receiver is a loopback address"),
        Column::new("encrypted", Kind::Boolean, "whether the transport is encrypted"),
        Column::new("authenticated", Kind::Boolean, "whether the receiver's certificate must carry its name or fingerprint")
            .unset("the transport is not encrypted"),
        Column::new("reliable", Kind::Boolean, "whether an outage of the receiver loses nothing: a queue on disk, and retries without end"),
        Column::new("facilities", Kind::Texts, "facilities of which every message down to severity info is sent, whatever its program")
            .empty(),
    ],
    settings: &[],
};

/// sudo's Defaults.
pub static SUDO_DEFAULTS: Table = Table {
    name: "sudo-defaults",
    title: Phrase { zh: "sudo 的 Defaults 设置", en: "Defaults of sudo" },
    promised: true,
    columns: &{
        const READINGS: [Column<'static>; 8] = settings_columns();
        [
            READINGS[0],
            Column::new("scope", Kind::Text, "`all`, or whom it is limited to: `user:alice`, `host:db`, `runas:oracle`, `command:/bin/x`")
                .key(),
            READINGS[1],
            READINGS[2],
            READINGS[3],
            READINGS[4],
            READINGS[5],
            READINGS[6],
            READINGS[7],
        ]
    },
    settings: &[
        Setting { name: "authenticate", doc: "whether a password is asked for" },
        Setting { name: "env_reset", doc: "whether the environment is reset" },
        Setting { name: "log_input", doc: "whether input is recorded" },
        Setting { name: "log_output", doc: "whether output is recorded" },
        Setting { name: "logfile", doc: "sudo's own log file" },
        Setting { name: "rootpw", doc: "whether root's password is asked for" },
        Setting { name: "runaspw", doc: "whether the password of runas_default is asked for" },
        Setting { name: "secure_path", doc: "search path for commands" },
        Setting { name: "syslog", doc: "syslog facility" },
        Setting { name: "targetpw", doc: "whether the target's password is asked for" },
        Setting { name: "timestamp_timeout", doc: "minutes for which a password is remembered" },
        Setting { name: "timestamp_type", doc: "what a remembered password is bound to" },
        Setting { name: "use_pty", doc: "whether commands run in a pseudo terminal" },
    ],
};

/// Rules loaded into the kernel's audit.
pub static AUDIT_RULES: Table = Table {
    name: "audit-rules",
    title: Phrase { zh: "审计规则", en: "rule of the kernel's audit" },
    promised: false,
    columns: &[
        Column::new("entry", Kind::Text, "the rule as auditctl reads it").key(),
        Column::new("kind", Kind::Word(&["watch", "syscall", "exclude", "control"]), "what it is"),
        Column::new("paths", Kind::Texts, "watched paths").empty(),
        Column::new("permissions", Kind::Words(&["attribute", "execute", "read", "write"]), "watched accesses").empty(),
        Column::new("syscalls", Kind::Texts, "watched system calls").empty(),
        Column::new("arch", Kind::Word(&["b32", "b64", "both"]), "architecture").unset("not a system-call rule"),
        Column::new("filters", Kind::Texts, "field conditions").empty(),
        Column::new("key", Kind::Text, "its search key").unset("it has none"),
        Column::new("effective", Kind::Boolean, "whether no earlier rule takes its events away"),
    ],
    settings: &[],
};

/// What the audit configuration covers, summed up.
pub static AUDIT: Table = Table {
    name: "audit",
    title: Phrase { zh: "审计覆盖汇总", en: "what the audit configuration covers" },
    promised: true,
    columns: &[
        Column::new("enabled", Kind::Boolean, "whether auditd starts and audit is not switched off"),
        Column::new("at-boot", Kind::Boolean, "whether processes before auditd are audited (audit=1 on the kernel command line)"),
        Column::new("immutable", Kind::Boolean, "whether rules are locked until restart (-e 2 last)"),
        Column::new("backlog", Kind::Integer, "buffers (-b)").unset("not set"),
        Column::new("watched-for-write", Kind::Texts, "paths whose writing is recorded").empty(),
        Column::new("watched-for-attributes", Kind::Texts, "paths whose change of attributes is recorded").empty(),
        Column::new("watched-for-execution", Kind::Texts, "paths whose execution is recorded").empty(),
        Column::new("syscalls-64", Kind::Texts, "64-bit system calls that are recorded").empty(),
        Column::new("syscalls-32", Kind::Texts, "32-bit system calls that are recorded").empty(),
        Column::new("failures-64", Kind::Texts, "64-bit system calls whose refusal is recorded").empty(),
        Column::new("failures-32", Kind::Texts, "32-bit system calls whose refusal is recorded").empty(),
        Column::new("excluded", Kind::Texts, "record types that are dropped").empty(),
    ],
    settings: &[],
};

/// Settings of auditd.conf.
pub static AUDITD: Table = Table {
    name: "auditd",
    title: Phrase { zh: "auditd.conf 设置", en: "setting of auditd.conf" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "admin_space_left", doc: "MiB left at which the administrator's action is due" },
        Setting { name: "admin_space_left_action", doc: "what is done then" },
        Setting { name: "disk_error_action", doc: "what is done when writing fails" },
        Setting { name: "disk_full_action", doc: "what is done when the disk is full" },
        Setting { name: "flush", doc: "when records are written" },
        Setting { name: "log_file", doc: "where records are kept" },
        Setting { name: "log_format", doc: "how records are written" },
        Setting { name: "max_log_file", doc: "MiB at which max_log_file_action is due" },
        Setting { name: "max_log_file_action", doc: "what is done with a full file" },
        Setting { name: "num_logs", doc: "number of files that rotation keeps" },
        Setting { name: "space_left", doc: "MiB left at which space_left_action is due" },
        Setting { name: "space_left_action", doc: "what is done then" },
        Setting { name: "write_logs", doc: "whether records are written at all" },
    ],
};

/// Settings of journald.conf.
pub static JOURNALD: Table = Table {
    name: "journald",
    title: Phrase { zh: "journald.conf 设置（有效值）", en: "setting of journald.conf, effective" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "Compress", doc: "whether large records are compressed" },
        Setting { name: "ForwardToSyslog", doc: "whether records are handed to a syslog daemon" },
        Setting { name: "MaxFileSec", doc: "time after which a new file is begun; unlimited: never for its age" },
        Setting { name: "MaxLevelStore", doc: "least severe level that is stored" },
        Setting { name: "MaxRetentionSec", doc: "age at which files are deleted; unlimited: not for their age" },
        Setting {
            name: "RateLimitBurst",
            doc: "records of one service within the interval before the rest is dropped; unlimited: none is",
        },
        Setting { name: "RateLimitIntervalSec", doc: "interval in which records are counted" },
        Setting { name: "Seal", doc: "whether files are sealed against change, where there is a key" },
        Setting { name: "Storage", doc: "where records are stored: auto, persistent, volatile or none" },
        Setting { name: "SystemKeepFree", doc: "disk space that the journal leaves free" },
        Setting { name: "SystemMaxFiles", doc: "files that are kept at most" },
        Setting { name: "SystemMaxUse", doc: "disk space that the journal takes at most" },
    ],
};

/// One row per log path that a logrotate block names.
pub static LOGROTATE: Table = Table {
    name: "logrotate",
    title: Phrase { zh: "logrotate 轮转块", en: "log that logrotate rotates" },
    promised: false,
    columns: &[
        Column::new("path", Kind::Text, "path or glob as written").key(),
        Column::new("block", Kind::Text, "file of the block").key(),
        Column::new("trigger", Kind::Word(&["time", "size", "both"]), "what makes it rotate"),
        Column::new("period", Kind::Duration, "time between rotations").unset("only size makes it rotate"),
        Column::new("count", Kind::Integer, "rotated files that are kept; unlimited: all"),
        Column::new("max-age", Kind::Duration, "age at which rotated files are deleted").unset("no such limit"),
        Column::new("retention", Kind::Duration, "time for which records are guaranteed"),
        Column::new("bounded-by", Kind::Word(&["time", "size", "both", "nothing"]), "what ends a record's life"),
        Column::new("sorts-by-time", Kind::Boolean, "whether the names of rotated files sort by date"),
        Column::new("active", Kind::Boolean, "whether logrotate takes this block"),
        Column::new("shadowed-by", Kind::Text, "file whose block for the same log comes first").unset("none"),
    ],
    settings: &[],
};

/// Whether logrotate runs.
pub static LOG_ROTATION_JOBS: Table = Table {
    name: "log-rotation-jobs",
    title: Phrase { zh: "触发 logrotate 的任务", en: "job that starts logrotate" },
    promised: true,
    columns: &[
        Column::new("job", Kind::Text, "timer, cron file, or `none`").key(),
        Column::new("enabled", Kind::Boolean, "whether it is due by itself"),
        Column::new("period", Kind::Duration, "time between runs").unset("it does not run"),
    ],
    settings: &[],
};

/// login.defs and useradd's defaults.
pub static LOGIN_DEFAULTS: Table = Table {
    name: "login-defaults",
    title: Phrase { zh: "login.defs 与 useradd 的默认设置", en: "defaults for new accounts" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "ENCRYPT_METHOD", doc: "how chpasswd and newusers store passwords" },
        Setting { name: "HOME_MODE", doc: "mode of new home directories" },
        Setting { name: "INACTIVE", doc: "useradd: days after expiry until a new account locks" },
        Setting { name: "PASS_MAX_DAYS", doc: "days until a new account's password expires" },
        Setting { name: "PASS_MIN_DAYS", doc: "days before it can be changed" },
        Setting { name: "PASS_MIN_LEN", doc: "least length, read only without PAM" },
        Setting { name: "PASS_WARN_AGE", doc: "days of warning" },
        Setting { name: "UID_MIN", doc: "least id of ordinary accounts" },
        Setting { name: "UMASK", doc: "mask for new home directories, and for sessions through pam_umask" },
    ],
};

/// Kernel parameters, effective.
pub static SYSCTL: Table = Table {
    name: "sysctl",
    title: Phrase { zh: "内核参数（有效值）", en: "kernel parameter, effective" },
    promised: false,
    columns: &{
        const READINGS: [Column<'static>; 8] = settings_columns();
        [
            READINGS[0],
            Column::new("interface", Kind::Text, "interface, `*` where the kernel combines or the parameter has none").key(),
            READINGS[1],
            READINGS[2],
            READINGS[3],
            READINGS[4],
            READINGS[5],
            READINGS[6],
            READINGS[7],
        ]
    },
    settings: &[
        Setting { name: "fs.protected_hardlinks", doc: "hard links to others' files" },
        Setting { name: "fs.protected_symlinks", doc: "links in sticky directories" },
        Setting { name: "fs.suid_dumpable", doc: "core dumps of privileged programs" },
        Setting { name: "kernel.dmesg_restrict", doc: "who reads the kernel log" },
        Setting { name: "kernel.kptr_restrict", doc: "who sees kernel addresses" },
        Setting { name: "kernel.randomize_va_space", doc: "address randomisation" },
        Setting { name: "kernel.sysrq", doc: "the magic key" },
        Setting { name: "kernel.yama.ptrace_scope", doc: "who may trace whom" },
        Setting { name: "net.ipv4.conf.accept_redirects", doc: "redirects accepted, all and per interface combined" },
        Setting { name: "net.ipv4.conf.accept_source_route", doc: "source routing accepted" },
        Setting { name: "net.ipv4.conf.log_martians", doc: "impossible addresses logged" },
        Setting { name: "net.ipv4.conf.rp_filter", doc: "reverse path filter" },
        Setting { name: "net.ipv4.conf.secure_redirects", doc: "redirects from gateways accepted" },
        Setting { name: "net.ipv4.conf.send_redirects", doc: "redirects sent" },
        Setting { name: "net.ipv4.icmp_echo_ignore_broadcasts", doc: "broadcast pings ignored" },
        Setting { name: "net.ipv4.icmp_ignore_bogus_error_responses", doc: "bogus answers ignored" },
        Setting { name: "net.ipv4.ip_forward", doc: "IPv4 routing" },
        Setting { name: "net.ipv4.tcp_syncookies", doc: "SYN cookies" },
        Setting { name: "net.ipv6.conf.accept_ra", doc: "IPv6 router advertisements accepted" },
        Setting { name: "net.ipv6.conf.accept_redirects", doc: "IPv6 redirects accepted" },
        Setting { name: "net.ipv6.conf.accept_source_route", doc: "IPv6 source routing accepted" },
        Setting { name: "net.ipv6.conf.forwarding", doc: "IPv6 routing" },
    ],
};

/// One row per set-id program that a search found.
pub static SETUID_FILES: Table = Table {
    name: "setuid-files",
    title: Phrase { zh: "SUID/SGID 程序", en: "set-id program" },
    promised: false,
    columns: &[
        Column::new("path", Kind::Text, "path, as the search prints it").key(),
        Column::new("alias", Kind::Text, "its other name where /usr is merged: /bin/su of /usr/bin/su").unset("it has no other name"),
        Column::new("mode", Kind::Mode, "permission bits"),
        Column::new("owner", Kind::Text, "owning user"),
        Column::new("group", Kind::Text, "owning group"),
    ],
    settings: &[],
};
