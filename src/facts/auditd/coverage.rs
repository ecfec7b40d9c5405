//! Rules in the order in which they are tried into what they record, after what earlier ones take away.
//!
//! The first rule that matches an event decides.

use std::collections::BTreeSet;

use super::loaded::{Entry, Loaded};
use super::matching::{Arch, Event, Refused, holds_for, is_about, records, removes, takes_from, trimmed};
use crate::facts::{Evidence, Host, Value, Why};
use crate::parse::audit_rules::{Field, List, Rule};
use crate::source::Span;
use foldhash::HashMap;

/// Paths that rules of the library ask about, so that a watch on a directory above shows as covering them.
const PATHS_OF_INTEREST: &[&str] = &[
    "/etc/apparmor",
    "/etc/apparmor.d",
    "/etc/audit",
    "/etc/group",
    "/etc/gshadow",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/issue",
    "/etc/issue.net",
    "/etc/localtime",
    "/etc/network",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/security/opasswd",
    "/etc/selinux",
    "/etc/shadow",
    "/etc/ssh/sshd_config",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/sysconfig/network",
    "/run/faillock",
    "/run/utmp",
    "/var/log/audit",
    "/var/log/btmp",
    "/var/log/faillog",
    "/var/log/lastlog",
    "/var/log/sudo.log",
    "/var/log/tallylog",
    "/var/log/wtmp",
    "/var/run/faillock",
    "/var/run/utmp",
];

/// System calls that rules of the library ask about, so that `-S all` shows as covering them.
const CALLS_OF_INTEREST: &[&str] = &[
    "adjtimex",
    "chmod",
    "chown",
    "clock_settime",
    "creat",
    "delete_module",
    "execve",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "finit_module",
    "fremovexattr",
    "fsetxattr",
    "ftruncate",
    "init_module",
    "lchown",
    "lremovexattr",
    "lsetxattr",
    "mount",
    "open",
    "open_by_handle_at",
    "openat",
    "openat2",
    "removexattr",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "setdomainname",
    "sethostname",
    "settimeofday",
    "setxattr",
    "stime",
    "truncate",
    "umount2",
    "unlink",
    "unlinkat",
];

/// The most rules that are named as evidence of one cell.
const NAMED_MOST: usize = 64;

/// Whether an event is recorded, and by which rule that is decided.
#[derive(Clone, Copy, Debug)]
pub enum Recorded<'a> {
    /// It is.
    Yes(Span),
    /// It is not; perhaps because a rule takes it away.
    No(Option<Span>),
    /// The rule that decides may not be loaded.
    Unsure(Why<'a>, Span),
}

/// What is recorded, as lists of texts with the rules that decide.
#[derive(Debug, Default)]
pub struct Coverage<'a> {
    /// The texts.
    pub items: Vec<Value<'a>>,
    /// The rules.
    pub evidence: Vec<Evidence<'a>>,
}

impl<'a> Loaded<'a> {
    /// The rule that keeps every system call from being recorded: `never,task` for every process, or no SYSCALL records.
    pub fn silencer(&self) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| {
            let rule = &entry.rule;
            let record = |field: &Field<'_>| field.name == "msgtype" && field.operator == "=" && ["SYSCALL", "1300"].contains(&field.value);
            match rule.list {
                List::Task => !rule.always && rule.fields.is_empty(),
                List::Exclude => !rule.fields.is_empty() && rule.fields.iter().all(record),
                List::Exit | List::User | List::Filesystem => false,
            }
        })
    }

    /// Whether no earlier rule takes away what a rule would record.
    pub fn is_effective(&self, at: usize) -> Recorded<'a> {
        let entry = &self.entries[at];
        let rule = &entry.rule;
        if let Some(silencer) = self.silencer().filter(|_| rule.list == List::Exit && rule.always) {
            return Recorded::No(Some(silencer.span));
        }
        let earlier = self.entries[..at].iter().filter(|other| other.rule.list == rule.list && !other.rule.always);
        let taken = earlier.filter(|_| rule.always).find(|other| takes_from(&other.rule, rule));
        match (taken, entry.unsure) {
            (Some(other), None) => Recorded::No(Some(other.span)),
            (None, None) => Recorded::Yes(entry.span),
            (_, Some(why)) => Recorded::Unsure(why, entry.span),
        }
    }

    /// The record types that are dropped.
    pub fn excluded(&self) -> Coverage<'a> {
        let mut coverage = Coverage::default();
        for entry in self.entries.iter().filter(|entry| entry.rule.list == List::Exclude) {
            let types = entry.rule.fields.iter().filter(|field| field.name == "msgtype" && field.operator == "=");
            let items: Vec<&'a str> = types.map(|field| field.value).collect();
            // Dropped by something else than its type: which types that are cannot be said.
            let items = if items.is_empty() { vec![entry.text] } else { items };
            coverage.items.extend(items.into_iter().map(|item| match entry.unsure {
                Some(_) => Value::Opaque(item),
                None => Value::Text(item),
            }));
            coverage.name(entry.span);
        }
        coverage
    }
}

/// The rules of the exit list by what they are about, so that an event meets only those that it can match.
#[derive(Debug)]
pub struct Recorder<'r, 'a> {
    /// The rule that keeps every system call from being recorded.
    silencer: Option<&'r Entry<'a>>,
    /// Rules that may be about an access to a path.
    accesses: Vec<&'r Entry<'a>>,
    /// Rules about a system call wherever it goes, by its name; those for every call are in each list.
    calls: HashMap<&'a str, Vec<&'r Entry<'a>>>,
    /// Rules for every call.
    every_call: Vec<&'r Entry<'a>>,
}

impl<'r, 'a> Recorder<'r, 'a> {
    /// Sorts the rules.
    pub fn new(host: &Host<'a>, rules: &'r Loaded<'a>) -> Recorder<'r, 'a> {
        let mut recorder = Recorder { silencer: rules.silencer(), accesses: Vec::new(), calls: HashMap::default(), every_call: Vec::new() };
        for entry in rules.entries.iter().filter(|entry| entry.rule.list == List::Exit) {
            let rule = &entry.rule;
            let every = rule.syscalls.is_empty() || rule.syscalls.contains(&"all");
            if every || !rule.always {
                recorder.accesses.push(entry);
            }
            if rule.path.is_some() || rule.permissions.is_some() || !host.spend(1 + recorder.calls.len() as u64 / 16) {
                continue;
            }
            if every {
                recorder.calls.values_mut().for_each(|list| list.push(entry));
                recorder.every_call.push(entry);
                continue;
            }
            for name in &rule.syscalls {
                recorder.calls.entry(name).or_insert_with(|| recorder.every_call.clone()).push(entry);
            }
        }
        recorder
    }

    /// Whether an event of programs of one architecture is recorded.
    pub fn records(&self, event: Event<'_>, arch: Arch) -> Recorded<'a> {
        match event {
            Event::Access(..) => self.first(&self.accesses, event, arch),
            Event::Call(call) | Event::Refusal(call, _) => self.first(self.calls.get(call).unwrap_or(&self.every_call), event, arch),
        }
    }

    /// What the first of these rules that matches says.
    fn first(&self, rules: &[&Entry<'a>], event: Event<'_>, arch: Arch) -> Recorded<'a> {
        let decides = |rule: &Rule<'a>| if rule.always { records(rule, event) } else { removes(rule, event) };
        let Some(entry) = rules.iter().find(|entry| holds_for(&entry.rule, arch) && decides(&entry.rule)) else {
            return Recorded::No(None);
        };
        match (self.silencer.unwrap_or(entry), entry.rule.always) {
            (Entry { unsure: Some(why), span, .. }, _) => Recorded::Unsure(*why, *span),
            (silent, _) if !std::ptr::eq(silent, *entry) => Recorded::No(Some(silent.span)),
            (entry, true) => Recorded::Yes(entry.span),
            (entry, false) => Recorded::No(Some(entry.span)),
        }
    }

    /// The paths of which writing, a change of attributes, and execution are recorded for programs of both architectures.
    pub fn paths(&self, host: &Host<'a>) -> [Coverage<'a>; 3] {
        let named = self.accesses.iter().filter(|entry| entry.rule.always).filter_map(|entry| entry.rule.path.map(trimmed));
        let paths: BTreeSet<&'a str> = named.chain(PATHS_OF_INTEREST.iter().copied()).collect();
        let mut coverages = [Coverage::default(), Coverage::default(), Coverage::default()];
        for path in paths {
            let affordable = host.spend(self.accesses.len() as u64 / 16 + 1);
            let related: Vec<&Entry<'a>> = self.accesses.iter().filter(|entry| is_about(&entry.rule, path)).copied().collect();
            if affordable && related.is_empty() {
                continue;
            }
            for (coverage, access) in coverages.iter_mut().zip(['w', 'a', 'x']) {
                if affordable {
                    coverage.add(path, &[Arch::B32, Arch::B64].map(|arch| self.first(&related, Event::Access(path, access), arch)));
                } else {
                    coverage.items.push(Value::Opaque(path));
                }
            }
        }
        coverages
    }

    /// The system calls that are recorded for programs of an architecture, and those whose refusal is.
    pub fn calls(&self, host: &Host<'a>, arch: Arch) -> [Coverage<'a>; 2] {
        let calls: BTreeSet<&'a str> = self.calls.keys().chain(CALLS_OF_INTEREST).copied().collect();
        let mut coverages = [Coverage::default(), Coverage::default()];
        for call in calls {
            if !host.spend(1) {
                coverages.iter_mut().for_each(|coverage| coverage.items.push(Value::Opaque(call)));
                continue;
            }
            let refusals = [Refused::Access, Refused::Permission].map(|refused| Event::Refusal(call, refused));
            coverages[0].add(call, &[self.records(Event::Call(call), arch)]);
            coverages[1].add(call, &refusals.map(|event| self.records(event, arch)));
        }
        coverages
    }
}

impl<'a> Coverage<'a> {
    /// Adds a text if every answer is yes, as an unknown element if the answers leave it open.
    fn add(&mut self, item: &'a str, answers: &[Recorded<'a>]) {
        if answers.iter().any(|answer| matches!(answer, Recorded::No(None))) {
            return;
        }
        let mut sure = true;
        for answer in answers {
            match answer {
                Recorded::Yes(span) => self.name(*span),
                Recorded::Unsure(_, span) => {
                    sure = false;
                    self.name(*span);
                }
                Recorded::No(span) => {
                    self.evidence.extend(span.filter(|_| self.evidence.len() < NAMED_MOST).map(Evidence::Shadowed));
                    return;
                }
            }
        }
        self.items.push(if sure { Value::Text(item) } else { Value::Opaque(item) });
    }

    /// Names a rule as evidence, once.
    fn name(&mut self, span: Span) {
        let piece = Evidence::Decides(span);
        if self.evidence.len() < NAMED_MOST && !self.evidence.contains(&piece) {
            self.evidence.push(piece);
        }
    }
}
