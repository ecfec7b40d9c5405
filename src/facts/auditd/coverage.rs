//! Rules in the order in which they are tried into what they record, after what earlier ones take away.
//!
//! The first rule that matches an event decides. A condition on the login session (`auid` not unset, `auid` at or above the first id of
//! people) is taken for none; any other one makes a rule too narrow to count, and an `always` rule with it records nothing here.

use std::collections::BTreeSet;

use super::loaded::{Entry, Loaded};
use crate::facts::{Evidence, Host, Value, Why};
use crate::parse::audit_rules::{Field, List, Rule};
use crate::source::Span;

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

/// System calls that write, change attributes, or execute: a `never` for one takes those accesses from every path.
const WRITING: &[&str] =
    &["open", "openat", "openat2", "creat", "truncate", "ftruncate", "rename", "renameat", "renameat2", "unlink", "unlinkat"];
const CHANGING: &[&str] =
    &["chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "fchownat", "lchown", "setxattr", "lsetxattr", "fsetxattr"];
const EXECUTING: &[&str] = &["execve", "execveat"];

/// The first id of people where distributions put it last; a filter at or below it lets every person's events pass.
const FIRST_PERSON: u64 = 1_000;

/// The most rules that are named as evidence of one cell.
const NAMED_MOST: usize = 64;

/// Half of a 64-bit system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    /// 32-bit programs.
    B32,
    /// 64-bit programs.
    B64,
}

/// Something that happens, of which a rule may make a record.
#[derive(Clone, Copy, Debug)]
pub enum Event<'e> {
    /// An access (`w`, `a` or `x`) to a path.
    Access(&'e str, char),
    /// A system call, whatever comes of it.
    Call(&'e str),
    /// A system call that is refused with this error.
    Refusal(&'e str, Refused),
}

/// Why a system call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// EACCES, 13.
    Access,
    /// EPERM, 1.
    Permission,
}

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
    /// Whether an event of programs of one architecture is recorded.
    pub fn records(&self, event: Event<'_>, arch: Arch) -> Recorded<'a> {
        if let Some(entry) = self.silencer() {
            return entry.unsure.map_or(Recorded::No(Some(entry.span)), |why| Recorded::Unsure(why, entry.span));
        }
        let exit = self.entries.iter().filter(|entry| entry.rule.list == List::Exit && holds_for(&entry.rule, arch));
        for entry in exit {
            if !if entry.rule.always { records(&entry.rule, event) } else { removes(&entry.rule, event) } {
                continue;
            }
            return match (entry.unsure, entry.rule.always) {
                (Some(why), _) => Recorded::Unsure(why, entry.span),
                (None, true) => Recorded::Yes(entry.span),
                (None, false) => Recorded::No(Some(entry.span)),
            };
        }
        Recorded::No(None)
    }

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

    /// The paths of which an access is recorded for programs of both architectures.
    pub fn paths(&self, host: &Host<'a>, access: char) -> Coverage<'a> {
        let named = self.entries.iter().filter(|entry| entry.rule.always).filter_map(|entry| entry.rule.path.map(trimmed));
        let paths: BTreeSet<&'a str> = named.chain(PATHS_OF_INTEREST.iter().copied()).collect();
        let mut coverage = Coverage::default();
        for path in paths {
            if !host.spend(self.entries.len() as u64 / 16 + 1) {
                coverage.items.push(Value::Opaque(path));
                continue;
            }
            let both = [Arch::B32, Arch::B64].map(|arch| self.records(Event::Access(path, access), arch));
            coverage.add(path, &both);
        }
        coverage
    }

    /// The system calls that are recorded for programs of an architecture; with `refusals`, those whose refusal is.
    pub fn calls(&self, host: &Host<'a>, arch: Arch, refusals: bool) -> Coverage<'a> {
        let named = self.entries.iter().filter(|entry| entry.rule.always).flat_map(|entry| entry.rule.syscalls.iter().copied());
        let calls: BTreeSet<&'a str> = named.chain(CALLS_OF_INTEREST.iter().copied()).filter(|name| *name != "all").collect();
        let mut coverage = Coverage::default();
        for call in calls {
            if !host.spend(self.entries.len() as u64 / 16 + 1) {
                coverage.items.push(Value::Opaque(call));
                continue;
            }
            let events = match refusals {
                false => vec![Event::Call(call)],
                true => vec![Event::Refusal(call, Refused::Access), Event::Refusal(call, Refused::Permission)],
            };
            let answers: Vec<Recorded<'a>> = events.iter().map(|event| self.records(*event, arch)).collect();
            coverage.add(call, &answers);
        }
        coverage
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

/// Whether a rule holds for programs of an architecture.
fn holds_for(rule: &Rule<'_>, arch: Arch) -> bool {
    match rule.arch {
        None => true,
        Some(name) => (name == "b32" || name.ends_with("86") || name == "arm") == (arch == Arch::B32),
    }
}

/// Whether an `always` rule records an event whoever causes it.
fn records(rule: &Rule<'_>, event: Event<'_>) -> bool {
    match event {
        Event::Access(path, access) => {
            let whole = rule.syscalls.is_empty() || rule.syscalls.contains(&"all");
            whole && rule.fields.iter().all(of_sessions) && on_path(rule, path, access)
        }
        Event::Call(call) => general(rule, call) && rule.fields.iter().all(|field| of_sessions(field) || real_clock(call, field)),
        Event::Refusal(call, refused) => {
            general(rule, call) && rule.fields.iter().all(|field| of_sessions(field) || of_refusal(field, refused))
        }
    }
}

/// Whether a `never` rule takes an event away from somebody.
fn removes(rule: &Rule<'_>, event: Event<'_>) -> bool {
    if rule.fields.iter().any(is_aside) {
        return false;
    }
    let call_of = |calls: &[&str]| rule.syscalls.iter().any(|name| calls.contains(name));
    match event {
        Event::Access(path, access) => {
            let some = match access {
                _ if rule.syscalls.is_empty() || rule.syscalls.contains(&"all") => true,
                'w' => call_of(WRITING),
                'a' => call_of(CHANGING),
                _ => call_of(EXECUTING),
            };
            some && on_path(rule, path, access)
        }
        Event::Call(call) | Event::Refusal(call, _) => general(rule, call),
    }
}

/// Whether a `never` rule takes something away from an `always` rule.
fn takes_from(never: &Rule<'_>, always: &Rule<'_>) -> bool {
    if never.fields.iter().any(is_aside) || (never.arch.is_some() && always.arch.is_some() && never.arch != always.arch) {
        return false;
    }
    let all = |rule: &Rule<'_>| rule.syscalls.is_empty() || rule.syscalls.contains(&"all");
    let calls = all(never) || all(always) || never.syscalls.iter().any(|name| always.syscalls.contains(name));
    let paths = match (never.path, always.path) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some(path)) => {
            on_path(never, trimmed(path), 'w') || on_path(never, trimmed(path), 'a') || on_path(never, trimmed(path), 'x')
        }
    };
    calls && paths
}

/// Whether a rule is about a path and an access.
fn on_path(rule: &Rule<'_>, path: &str, access: char) -> bool {
    let permitted = rule.permissions.is_none_or(|letters| letters.contains(access));
    permitted
        && rule.path.is_none_or(|own| {
            let path = same_directory(path).strip_prefix(same_directory(trimmed(own)));
            path.is_some_and(|rest| rest.is_empty() || (rule.below && rest.starts_with('/')))
        })
}

/// Whether a rule is about a system call wherever it goes.
fn general(rule: &Rule<'_>, call: &str) -> bool {
    let named = rule.syscalls.is_empty() || rule.syscalls.iter().any(|name| *name == call || *name == "all");
    named && rule.path.is_none() && rule.permissions.is_none()
}

/// A path without a slash at its end.
fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// A path by its shorter name: `/var/run` is a link to `/run`.
fn same_directory(path: &str) -> &str {
    if path == "/var/run" || path.starts_with("/var/run/") { &path["/var".len()..] } else { path }
}

/// Whether a condition lets every event of people's login sessions pass.
fn of_sessions(field: &Field<'_>) -> bool {
    let login = ["auid", "loginuid"].contains(&field.name) && !field.between;
    login
        && match field.operator {
            "!=" => is_unset(field.value),
            ">=" => field.value.parse::<u64>().is_ok_and(|id| id <= FIRST_PERSON),
            ">" => field.value.parse::<u64>().is_ok_and(|id| id < FIRST_PERSON),
            _ => false,
        }
}

/// Whether a text is the login id of processes that nobody logged in for.
pub fn is_unset(value: &str) -> bool {
    ["unset", "4294967295", "-1"].contains(&value)
}

/// Whether a condition limits `clock_settime` to the real-time clock, the only one that tells the time of day.
fn real_clock(call: &str, field: &Field<'_>) -> bool {
    call == "clock_settime" && field.name == "a0" && field.operator == "=" && ["0", "0x0"].contains(&field.value)
}

/// Whether a condition lets a refusal pass.
fn of_refusal(field: &Field<'_>, refused: Refused) -> bool {
    match (field.name, field.operator, refused) {
        ("success", "=", _) => ["0", "no", "false"].contains(&field.value),
        ("exit", "=", Refused::Access) => ["-EACCES", "-13"].contains(&field.value),
        ("exit", "=", Refused::Permission) => ["-EPERM", "-1"].contains(&field.value),
        _ => false,
    }
}

/// Whether a condition limits a `never` to one program or to processes without a login, which takes nothing from people.
fn is_aside(field: &Field<'_>) -> bool {
    let program = field.name == "exe" || field.name.starts_with("subj_") || field.name == "pid" || field.name == "ppid";
    (program && field.operator == "=") || (field.name == "auid" && field.operator == "=" && is_unset(field.value))
}
