//! The Linux audit's daemon, rules and boot parameters into what is recorded, for how long, and whether that can be switched off.
//!
//! Knows audit 2.8 to 4.0: auditd.conf(5), auditctl(8), audit.rules(7), augenrules(8).

pub mod boot;
pub mod coverage;
pub mod daemon;
pub mod loaded;
pub mod matching;

use super::systemd_units::{self, Starts};
use super::{Cell, Evidence, Expectation, Host, Product, Reading, RowBuilder, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::audit_rules::{Field, List, Rule};
use crate::schema::linux::{AUDIT, AUDIT_RULES, AUDITD};
use crate::snapshot::Lack;
use boot::Boot;
use coverage::{Coverage, Recorded, Recorder};
use loaded::{Entry, Loaded};
use matching::Arch;

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::File(daemon::CONF),
    Reading::File(loaded::COMPILED),
    Reading::Glob("etc/audit/rules.d/*.rules"),
    Reading::Glob("etc/audit/plugins.d/*.conf"),
    Reading::Glob("etc/audisp/plugins.d/*.conf"),
    Reading::File("etc/audit/audisp-remote.conf"),
    Reading::File("etc/audisp/audisp-remote.conf"),
    Reading::File(boot::RUNNING),
    Reading::Glob(boot::ENTRIES),
    Reading::File(boot::GRUB_ENVIRONMENT),
    Reading::File(boot::GRUB),
    Reading::Glob(boot::GRUB_MORE),
    Reading::Shared(systemd_units::READS),
];

/// The audit daemon and its rules.
pub(super) static PRODUCT: Product = Product {
    name: "auditd",
    title: Phrase { zh: "Linux 审计（auditd 与审计规则）", en: "the Linux audit: daemon and rules" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: READS,
    fills: &[&AUDIT, &AUDIT_RULES, &AUDITD],
    derive,
};

static TRUNCATED: Phrase = Phrase { zh: "{} 只采集到前一部分", en: "{} was collected only in part" };

/// The rules that the kernel is given, read once; without any, what was seen of them.
pub fn rules<'r, 'a>(host: &'r Host<'a>) -> Result<&'r Loaded<'a>, Seen> {
    host.shared.audit_rules.get_or_init(|| loaded::read(host)).as_ref().map_err(|seen| *seen)
}

/// Whether the daemon starts and audit is not switched off (boolean).
pub fn enabled<'a>(host: &Host<'a>, boot: &Boot<'a>) -> Cell<'a> {
    let off = |span| Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Decides(span)]));
    if let Some(span) = boot.off {
        return off(span);
    }
    if let Some(why) = boot.cut {
        return Cell::unknown(why, &[]);
    }
    let control = rules(host).ok().and_then(|rules| rules.enable);
    if let Some(control) = control.filter(|control| control.value == "0" && control.unsure.is_none()) {
        return off(control.span);
    }
    let starts = systemd_units::starts(host, &["auditd.service", "auditd"]);
    let evidence = host.evidence(&[starts.evidence(host)]);
    match starts {
        Starts::Yes(_) => Cell::known(Value::Boolean(true), evidence),
        Starts::No(_) => Cell::known(Value::Boolean(false), evidence),
        Starts::Unknown(why) => Cell::unknown(why, evidence),
    }
}

/// Whether rules are locked until restart (boolean).
pub fn immutable<'a>(host: &Host<'a>, rules: &Loaded<'a>) -> Cell<'a> {
    let doubt = rules.gaps.first().map(|(why, _)| *why);
    match (rules.enable, doubt) {
        (Some(enable), _) if enable.unsure.is_some() => {
            let why = enable.unsure.unwrap_or(Why::not_understood(enable.value));
            Cell::unknown(why, host.evidence(&[Evidence::Decides(enable.span)]))
        }
        // A later file could say otherwise.
        (Some(enable), Some(why)) if enable.value == "2" => Cell::unknown(why, host.evidence(&[Evidence::Decides(enable.span)])),
        (Some(enable), _) => Cell::known(Value::Boolean(enable.value == "2"), host.evidence(&[Evidence::Decides(enable.span)])),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Searched(rules.searched)])),
    }
}

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let daemon = daemon::read(host);
    let loaded = rules(host);
    let seen = presence(host, daemon.as_ref().err().copied(), loaded.as_ref().err().copied());
    if seen != Seen::Present {
        return seen;
    }
    match &daemon {
        Ok(daemon) => {
            daemon.rows(host).into_iter().for_each(|row| tables.push(row));
            if let Some(source) = daemon.incomplete {
                tables.push(host.gap(&AUDITD, PRODUCT.name, Why::new("truncated", &TRUNCATED, source.path)));
            }
        }
        Err(seen) => tables.push(host.gap(&AUDITD, PRODUCT.name, lacking(*seen, daemon::CONF))),
    }
    match loaded {
        Ok(rules) => {
            tables.searched(&AUDIT_RULES, Evidence::Searched(rules.searched));
            push_rules(host, rules, tables);
            if tables.wants(&AUDIT) {
                tables.push(summary(host, rules));
            }
            for (why, evidence) in &rules.gaps {
                tables.push(gap(host, &AUDIT_RULES, *why, evidence));
            }
            // The summary is one row, and one gap beside it says enough.
            if let Some((why, evidence)) = rules.gaps.first() {
                tables.push(gap(host, &AUDIT, *why, evidence));
            }
        }
        Err(seen) => {
            for table in [&AUDIT_RULES, &AUDIT] {
                tables.push(host.gap(table, PRODUCT.name, lacking(seen, loaded::COMPILED)));
            }
        }
    }
    Seen::Present
}

/// What was seen of the product: its two halves need each other, and one of them shows it.
fn presence(host: &Host<'_>, daemon: Option<Seen>, rules: Option<Seen>) -> Seen {
    let absent = |path: &str| host.look(path).lack == Some(Lack::Absent);
    if absent("etc/audit") || (absent(daemon::CONF) && absent(loaded::COMPILED) && absent("etc/audit/rules.d")) {
        return Seen::Absent;
    }
    match (daemon, rules) {
        (Some(Seen::Nothing), Some(Seen::Nothing)) => Seen::Nothing,
        (Some(Seen::Lacking(path, lack)), Some(_)) | (Some(_), Some(Seen::Lacking(path, lack))) => Seen::Lacking(path, lack),
        _ => Seen::Present,
    }
}

/// Why one half is not known.
fn lacking<'a>(seen: Seen, path: &'static str) -> Why<'a> {
    match seen {
        Seen::Lacking(path, lack) => Why::lacking(path, lack),
        Seen::Present | Seen::Absent | Seen::Nothing => Why::not_collected(path),
    }
}

/// A gap row whose cells name the text that is not understood.
fn gap<'a>(host: &Host<'a>, table: &'static crate::schema::Table, why: Why<'a>, evidence: &'a [Evidence<'a>]) -> RowBuilder<'a> {
    let mut row = host.gap(table, PRODUCT.name, why);
    for column in 0..table.columns.len() {
        row.set(column, Cell::unknown(why, evidence));
    }
    row
}

/// One row per rule.
fn push_rules<'a>(host: &Host<'a>, rules: &Loaded<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&AUDIT_RULES) {
        return;
    }
    for at in 0..rules.entries.len() {
        if !host.spend(1 + at as u64 / 64) {
            return tables.push(host.gap(&AUDIT_RULES, PRODUCT.name, Why::budget_spent(loaded::COMPILED)));
        }
        tables.push(rule_row(host, rules, at));
    }
}

/// The row of one rule.
fn rule_row<'a>(host: &Host<'a>, rules: &Loaded<'a>, at: usize) -> RowBuilder<'a> {
    let entry = &rules.entries[at];
    let rule = &entry.rule;
    let evidence = host.evidence(&[Evidence::Decides(entry.span)]);
    let known = |value| Cell::known(value, evidence);
    let words = |words: Vec<&'static str>| Value::List(host.arena().alloc_slice_fill_iter(words.into_iter().map(Value::Word)));
    let permissions = match (rule.path, rule.permissions) {
        (None, None) => Vec::new(),
        (_, letters) => permissions(letters.unwrap_or("rwxa")),
    };
    let filters: Vec<&'a str> = rule.fields.iter().map(|field| host.text(&canonical(field))).collect();
    let arch = match (kind(rule), rule.arch) {
        ("syscall", None) => Some("both"),
        ("syscall", Some(name)) if name == "b32" || name.ends_with("86") => Some("b32"),
        ("syscall", Some(_)) => Some("b64"),
        _ => None,
    };
    let mut row = host.row(&AUDIT_RULES, PRODUCT.name);
    row.set(const { AUDIT_RULES.column("entry") }, known(Value::Text(entry.text)))
        .set(const { AUDIT_RULES.column("kind") }, known(Value::Word(kind(rule))))
        .set(const { AUDIT_RULES.column("paths") }, known(host.texts(&rule.path.into_iter().collect::<Vec<_>>())))
        .set(const { AUDIT_RULES.column("permissions") }, known(words(permissions)))
        .set(const { AUDIT_RULES.column("syscalls") }, known(host.texts(&rule.syscalls)))
        .set(const { AUDIT_RULES.column("arch") }, arch.map_or(Cell::unset(evidence), |word| known(Value::Word(word))))
        .set(const { AUDIT_RULES.column("filters") }, known(host.texts(&filters)))
        .set(const { AUDIT_RULES.column("key") }, rule.key.map_or(Cell::unset(evidence), |key| known(Value::Text(key))))
        .set(const { AUDIT_RULES.column("effective") }, effective(host, rules, at, entry));
    row
}

/// Whether no earlier rule takes a rule's events away.
fn effective<'a>(host: &Host<'a>, rules: &Loaded<'a>, at: usize, entry: &Entry<'a>) -> Cell<'a> {
    let own = Evidence::Decides(entry.span);
    match rules.is_effective(at) {
        Recorded::Yes(_) => Cell::known(Value::Boolean(true), host.evidence(&[own])),
        Recorded::No(Some(other)) => {
            Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Decides(other), Evidence::Shadowed(entry.span)]))
        }
        Recorded::No(None) => Cell::known(Value::Boolean(false), host.evidence(&[own])),
        Recorded::Unsure(why, _) => Cell::unknown(why, host.evidence(&[own])),
    }
}

/// What a rule is, in the words of the table.
fn kind(rule: &Rule<'_>) -> &'static str {
    match (rule.list, rule.always) {
        (List::Exit, false) | (List::Exclude, _) | (List::Task | List::User | List::Filesystem, false) => "exclude",
        (List::Exit, true) if rule.path.is_some() && rule.syscalls.is_empty() => "watch",
        (List::Exit, true) => "syscall",
        (List::Task | List::User | List::Filesystem, true) => "control",
    }
}

/// The accesses that letters stand for.
fn permissions(letters: &str) -> Vec<&'static str> {
    const WORDS: [(char, &str); 4] = [('a', "attribute"), ('x', "execute"), ('r', "read"), ('w', "write")];
    WORDS.iter().filter(|(letter, _)| letters.contains(*letter)).map(|(_, word)| *word).collect()
}

/// A condition in one spelling: `auid!=unset` for all its forms, the fields of a comparison in the order of their names.
fn canonical(field: &Field<'_>) -> String {
    let Field { name, operator, value, between } = field;
    match between {
        true if value < name => format!("{value}{operator}{name}"),
        false if *name == "auid" && matching::is_unset(value) => format!("{name}{operator}unset"),
        _ => format!("{name}{operator}{value}"),
    }
}

/// The row that sums up what the rules cover.
fn summary<'a>(host: &Host<'a>, rules: &Loaded<'a>) -> RowBuilder<'a> {
    let boot = boot::read(host);
    let searched = Evidence::Searched(rules.searched);
    let doubt = rules.gaps.first().map(|(why, _)| *why);
    let list = |mut coverage: Coverage<'a>| {
        // What was not read may hold rules that record more.
        coverage.items.extend(doubt.map(|_| Value::Opaque("?")));
        let evidence = if coverage.evidence.is_empty() { host.evidence(&[searched]) } else { host.evidence(&coverage.evidence) };
        Cell::known(Value::List(host.arena().alloc_slice_copy(&coverage.items)), evidence)
    };
    let backlog = match (rules.backlog, boot.backlog) {
        (Some(control), _) => {
            let evidence = host.evidence(&[Evidence::Decides(control.span)]);
            control.value.parse().map_or(Cell::unset(evidence), |number| Cell::known(Value::Integer(number), evidence))
        }
        (None, Some((number, span))) => Cell::known(Value::Integer(number), host.evidence(&[Evidence::Decides(span)])),
        (None, None) => match doubt {
            Some(why) => Cell::unknown(why, host.evidence(&[searched])),
            None => Cell::unset(host.evidence(&[searched])),
        },
    };
    let recorder = Recorder::new(host, rules);
    let [written, changed, executed] = recorder.paths(host);
    let [calls_64, refusals_64] = recorder.calls(host, Arch::B64);
    let [calls_32, refusals_32] = recorder.calls(host, Arch::B32);
    let mut row = host.row(&AUDIT, PRODUCT.name);
    row.set(const { AUDIT.column("enabled") }, enabled(host, &boot))
        .set(const { AUDIT.column("at-boot") }, boot.at_boot)
        .set(const { AUDIT.column("immutable") }, immutable(host, rules))
        .set(const { AUDIT.column("backlog") }, backlog)
        .set(const { AUDIT.column("watched-for-write") }, list(written))
        .set(const { AUDIT.column("watched-for-attributes") }, list(changed))
        .set(const { AUDIT.column("watched-for-execution") }, list(executed))
        .set(const { AUDIT.column("syscalls-64") }, list(calls_64))
        .set(const { AUDIT.column("syscalls-32") }, list(calls_32))
        .set(const { AUDIT.column("failures-64") }, list(refusals_64))
        .set(const { AUDIT.column("failures-32") }, list(refusals_32))
        .set(const { AUDIT.column("excluded") }, list(rules.excluded()));
    row
}
