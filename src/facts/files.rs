//! Paths of which baselines demand owners and modes into the table `files`, absent ones too.
//!
//! The paths are a fixed list: what the rules about permissions name. Nothing is read here but what the layout records of a path; a
//! copied tree records nothing, and its rows are unknown. Links are followed: mode and owner are those of what a path leads to.

use foldhash::HashSet;

use super::accounts::is_interactive;
use super::{Artefact, Cell, Evidence, Expectation, Host, Presence, Product, Reading, RowBuilder, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::colon;
use crate::reckon::glob;
use crate::schema::neutral::FILES;
use crate::snapshot::{Kind, Lack, Layout, Look};

/// Permissions of a Linux host's files.
pub(super) static PRODUCT: Product = Product {
    name: "files",
    title: Phrase { zh: "Linux 关键文件的属主与权限", en: "owners and modes of files that matter on Linux" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: READS,
    fills: &[&FILES],
    derive,
};

static NOT_RECORDED: Phrase = Phrase { zh: "快照没有记录 {} 的属主和权限", en: "the snapshot records no owner and mode of {}" };
static NO_DIGEST: Phrase = Phrase { zh: "未计算 {} 的摘要", en: "no digest of {} is recorded" };

/// The paths, by what demands something of them.
const READS: &[Reading] = &[
    // Names of owners and groups.
    Reading::File("etc/group"),
    Reading::File("etc/passwd"),
    // Scheduled jobs.
    Reading::Look("etc/at.allow"),
    Reading::Look("etc/at.deny"),
    Reading::Look("etc/cron.allow"),
    Reading::Look("etc/cron.d"),
    Reading::Look("etc/cron.daily"),
    Reading::Look("etc/cron.deny"),
    Reading::Look("etc/cron.hourly"),
    Reading::Look("etc/cron.monthly"),
    Reading::Look("etc/cron.weekly"),
    Reading::Look("etc/crontab"),
    Reading::Look("var/spool/cron"),
    Reading::Look("var/spool/cron/crontabs"),
    // Accounts and passwords.
    Reading::Look("etc/group"),
    Reading::Look("etc/group-"),
    Reading::Look("etc/gshadow"),
    Reading::Look("etc/gshadow-"),
    Reading::Look("etc/passwd"),
    Reading::Look("etc/passwd-"),
    Reading::Look("etc/security/opasswd"),
    Reading::Look("etc/shadow"),
    Reading::Look("etc/shadow-"),
    Reading::Look("etc/hosts.equiv"),
    Reading::Look("etc/shosts.equiv"),
    Reading::Look("etc/ssh/shosts.equiv"),
    Reading::Look("home/*/.netrc"),
    Reading::Look("home/*/.rhosts"),
    Reading::Look("home/*/.shosts"),
    Reading::Look("root"),
    Reading::Look("root/.netrc"),
    Reading::Look("root/.rhosts"),
    Reading::Look("root/.shosts"),
    Reading::Look("root/.ssh"),
    Reading::Look("root/.ssh/authorized_keys"),
    Reading::Shared(SERVICE_HOMES),
    // sshd and sudo.
    Reading::Look("etc/ssh/ssh_host_*_key"),
    Reading::Look("etc/ssh/sshd_config"),
    Reading::Look("etc/ssh/sshd_config.d"),
    Reading::Look("etc/ssh/sshd_config.d/*.conf"),
    Reading::Look("etc/sudoers"),
    Reading::Look("etc/sudoers.d"),
    Reading::Look("etc/sudoers.d/*"),
    // Audit and logs.
    Reading::Look("etc/audit"),
    Reading::Look("etc/audit/audit.rules"),
    Reading::Look("etc/audit/auditd.conf"),
    Reading::Look("etc/audit/rules.d"),
    Reading::Look("etc/audit/rules.d/*.rules"),
    Reading::Look("etc/rsyslog.conf"),
    Reading::Look("etc/rsyslog.d/*.conf"),
    Reading::Look("var/log"),
    Reading::Look("var/log/audit"),
    Reading::Look("var/log/audit/audit.log"),
    Reading::Look("var/log/audit/audit.log.[0-9]*"),
    Reading::Look("var/log/auth.log"),
    Reading::Look("var/log/btmp"),
    Reading::Look("var/log/journal"),
    Reading::Look("var/log/lastlog"),
    Reading::Look("var/log/messages"),
    Reading::Look("var/log/secure"),
    Reading::Look("var/log/syslog"),
    Reading::Look("var/log/wtmp"),
    // The boot loader.
    Reading::Look("boot/efi/EFI/*/grub.cfg"),
    Reading::Look("boot/grub/grub.cfg"),
    Reading::Look("boot/grub2/grub.cfg"),
    Reading::Look("boot/grub2/user.cfg"),
    // The rest.
    Reading::Look("etc/chrony.keys"),
    Reading::Look("etc/chrony/chrony.keys"),
    Reading::Look("etc/exports"),
    Reading::Look("etc/hosts.allow"),
    Reading::Look("etc/hosts.deny"),
    Reading::Look("etc/issue"),
    Reading::Look("etc/issue.net"),
    Reading::Look("etc/motd"),
    Reading::Look("etc/ntp/keys"),
    Reading::Look("etc/profile"),
    Reading::Look("etc/usbguard/rules.conf"),
];

/// Files in a home that let others in without a password, or hold passwords: rhosts(5), sshd(8), netrc(5).
const TRUST_FILES: [&str; 3] = [".netrc", ".rhosts", ".shosts"];

/// Where services that people log in to usually have their homes: which of them are homes of such accounts is for [`push_homes`] to say.
const SERVICE_HOMES: &[Reading] = &[
    Reading::Look("opt/*/.netrc"),
    Reading::Look("opt/*/.rhosts"),
    Reading::Look("opt/*/.shosts"),
    Reading::Look("srv/*/.netrc"),
    Reading::Look("srv/*/.rhosts"),
    Reading::Look("srv/*/.shosts"),
    Reading::Look("var/lib/pgsql/.netrc"),
    Reading::Look("var/lib/pgsql/.rhosts"),
    Reading::Look("var/lib/pgsql/.shosts"),
    Reading::Look("var/lib/postgresql/.netrc"),
    Reading::Look("var/lib/postgresql/.rhosts"),
    Reading::Look("var/lib/postgresql/.shosts"),
];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    push(host, PRODUCT.name, READS, tables);
    push_homes(host, tables);
    Seen::Present
}

/// Pushes the rows of trust files in homes that are not where people's usually are, of the accounts that a shell lets in.
fn push_homes<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    let copied = is_copied(host);
    let passwd = host.file("etc/passwd");
    let mut looked_at = HashSet::default();
    for record in passwd.text().map(|source| colon::read::<7>(source.text)).unwrap_or_default() {
        let [.., home, shell] = record.fields;
        let home = home.trim_matches('/');
        let usual = home == "root" || home.strip_prefix("home/").is_some_and(|name| !name.contains('/'));
        if usual || !is_interactive(shell) || !looked_at.insert(home) || !host.spend(1) {
            continue;
        }
        for name in TRUST_FILES {
            let path = if home.is_empty() { name } else { host.text(&format!("{home}/{name}")) };
            made(host, PRODUCT.name, path, copied).into_iter().for_each(|row| tables.push(row));
        }
    }
    let lacking = match passwd {
        Artefact::Text(source) => (!source.complete).then(|| Why::truncated("etc/passwd")),
        Artefact::Lacking(lack) => (lack != Lack::Absent && !copied).then(|| Why::lacking("etc/passwd", lack)),
    };
    if let Some(why) = lacking {
        // A name that stands for those of homes that are not known.
        TRUST_FILES.iter().for_each(|name| tables.push(gap(host, PRODUCT.name, name, why)));
    }
}

/// Whether the asset is a copy, which proves no absence and records no modes.
fn is_copied(host: &Host<'_>) -> bool {
    matches!(host.asset().layout, Layout::Tree | Layout::File)
}

/// Adds the rows of what an optional product looks at, as its own: where the product was seen, or where something is at one of the paths.
///
/// Whoever has not the product owes nothing for its files, whatever the layout records; a rule asks so by `product = "…"`.
pub(super) fn of_product<'a>(host: &Host<'a>, product: &'static Product, seen: Seen, tables: &mut Tables<'a>) -> Seen {
    if has_paths(host) && tables.wants(&FILES) && (seen == Seen::Present || product.reads.iter().any(|reading| is_there(host, reading))) {
        tables.note(&FILES, product.name, Presence::Rows);
        push(host, product.name, product.reads, tables);
    }
    seen
}

/// Whether paths are looked at on an asset: on hosts; what was exported from a server has none.
pub(super) fn has_paths(host: &Host<'_>) -> bool {
    host.platform().name == LINUX.name
}

/// Whether something is at a path that is looked at.
fn is_there(host: &Host<'_>, reading: &Reading) -> bool {
    match reading {
        Reading::Look(path) if glob::is_pattern(path) => !host.matching(path).paths.is_empty(),
        Reading::Look(path) => host.look(path).lack.is_none(),
        _ => false,
    }
}

/// Pushes the rows of the paths that are looked at.
fn push<'a>(host: &Host<'a>, product: &'static str, reads: &'static [Reading], tables: &mut Tables<'a>) {
    // What is there has its row, and one gap stands for all the rest.
    let copied = is_copied(host);
    for reading in reads {
        let Reading::Look(path) = reading else { continue };
        if !glob::is_pattern(path) {
            made(host, product, path, copied).into_iter().for_each(|row| tables.push(row));
            continue;
        }
        let found = host.matching(path);
        for path in found.paths {
            made(host, product, path, copied).into_iter().for_each(|row| tables.push(row));
        }
        if let (Some((directory, lack)), false) = (found.gap, copied) {
            // A name that the pattern could match stands for those that are not known, so that rules about such names take it in.
            let example = host.text(&path.replace("[0-9]*", "1").replace('*', "unlisted"));
            tables.push(gap(host, product, example, Why::lacking(directory, lack)));
        }
    }
    if copied {
        tables.push(host.gap(&FILES, product, Why::new("not-recorded", &NOT_RECORDED, "*")));
    }
}

/// The row of one path.
pub(super) fn row<'a>(host: &Host<'a>, path: &'a str) -> Option<RowBuilder<'a>> {
    made(host, PRODUCT.name, path, false)
}

/// The row of one path; where the tree is copied, only if something is there.
fn made<'a>(host: &Host<'a>, product: &'static str, path: &'a str, copied: bool) -> Option<RowBuilder<'a>> {
    let look = host.look(path);
    let kind = match (look.lack, look.kind) {
        (Some(Lack::Absent), _) => "absent",
        (Some(Lack::Dangling), _) => "link",
        (Some(_), _) if copied => return None,
        (Some(lack), _) => return Some(gap(host, product, path, Why::lacking(path, lack))),
        (None, Some(Kind::File)) => "file",
        (None, Some(Kind::Directory)) => "directory",
        (None, Some(Kind::Other) | None) => "other",
    };
    let Look { mode, owner, group, size_bytes, .. } = look;
    let owner = owner.map(|owner| named(host, &owner, "etc/passwd"));
    let group = group.map(|group| named(host, &group, "etc/group"));
    let evidence = host.evidence(&[match kind {
        "absent" => Evidence::Searched(path),
        _ => Evidence::Recorded(path, recorded(host, kind, mode, owner, group)),
    }]);
    let mut row = host.row(&FILES, product);
    row.set(const { FILES.column("path") }, Cell::known(Value::Text(path), &[]))
        .set(const { FILES.column("kind") }, Cell::known(Value::Word(kind), evidence));
    if matches!(kind, "absent" | "link") {
        return Some(row);
    }
    let cell = |value: Option<Value<'a>>| match value {
        Some(value) => Cell::known(value, evidence),
        None => Cell::unknown(Why::new("not-recorded", &NOT_RECORDED, path), host.evidence(&[Evidence::Searched(path)])),
    };
    row.set(const { FILES.column("mode") }, cell(mode.map(Value::Mode)))
        .set(const { FILES.column("owner") }, cell(owner.map(Value::Text)))
        .set(const { FILES.column("group") }, cell(group.map(Value::Text)))
        .set(const { FILES.column("setuid") }, cell(mode.map(|mode| Value::Boolean(mode & 0o4000 != 0))))
        .set(const { FILES.column("world-writable") }, cell(mode.map(|mode| Value::Boolean(mode & 0o002 != 0))));
    if kind == "file" {
        let why = Why::new("not-recorded", &NO_DIGEST, path);
        row.set(const { FILES.column("size") }, cell(size_bytes.map(Value::Size)))
            .set(const { FILES.column("sha256") }, Cell::unknown(why, evidence));
    }
    Some(row)
}

/// What the layout records of a path, as `ls -l` would begin: `file 0644 root:shadow`.
fn recorded<'a>(host: &Host<'a>, kind: &'a str, mode: Option<u32>, owner: Option<&str>, group: Option<&str>) -> &'a str {
    let (Some(mode), Some(owner), Some(group)) = (mode, owner, group) else { return kind };
    host.text(&format!("{kind} {mode:04o} {owner}:{group}"))
}

/// The name of an owner or group that the layout records by its number, as the host's own file has it.
fn named<'a>(host: &Host<'a>, recorded: &str, path: &str) -> &'a str {
    let digits = recorded.bytes().all(|byte| byte.is_ascii_digit());
    let source = host.file(path).text().filter(|_| digits);
    let line = source.and_then(|source| source.text.lines().find(|line| line.split(':').nth(2) == Some(recorded)));
    line.and_then(|line| line.split(':').next()).unwrap_or_else(|| host.text(recorded))
}

/// A row of which only the path is known.
fn gap<'a>(host: &Host<'a>, product: &'static str, path: &'a str, why: Why<'a>) -> RowBuilder<'a> {
    let mut row = host.gap(&FILES, product, why);
    row.set(const { FILES.column("path") }, Cell::known(Value::Text(path), &[]));
    row
}
