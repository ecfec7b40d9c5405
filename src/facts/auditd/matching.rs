//! One rule and one event into whether the rule matches it.
//!
//! A condition on the login session (`auid` not unset, `auid` at or above the first id of people) is taken for none; any other one
//! makes a rule too narrow to count: an `always` rule with it records nothing here, a `never` rule with it still takes away.

use crate::parse::audit_rules::{Field, Rule};

/// System calls that write, change attributes, or execute: a `never` for one takes those accesses from every path.
const WRITING: &[&str] =
    &["open", "openat", "openat2", "creat", "truncate", "ftruncate", "rename", "renameat", "renameat2", "unlink", "unlinkat"];
const CHANGING: &[&str] =
    &["chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "fchownat", "lchown", "setxattr", "lsetxattr", "fsetxattr"];
const EXECUTING: &[&str] = &["execve", "execveat"];

/// The first id of people where distributions put it last; a filter at or below it lets every person's events pass.
const FIRST_PERSON: u64 = 1_000;

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

/// Whether a rule holds for programs of an architecture.
pub(super) fn holds_for(rule: &Rule<'_>, arch: Arch) -> bool {
    match rule.arch {
        None => true,
        Some(name) => (name == "b32" || name.ends_with("86") || name == "arm") == (arch == Arch::B32),
    }
}

/// Whether an `always` rule records an event whoever causes it.
pub(super) fn records(rule: &Rule<'_>, event: Event<'_>) -> bool {
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
pub(super) fn removes(rule: &Rule<'_>, event: Event<'_>) -> bool {
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
pub(super) fn takes_from(never: &Rule<'_>, always: &Rule<'_>) -> bool {
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
pub(super) fn on_path(rule: &Rule<'_>, path: &str, access: char) -> bool {
    rule.permissions.is_none_or(|letters| letters.contains(access)) && is_about(rule, path)
}

/// Whether a rule is about a path, itself or as something below its directory, or about all of them.
pub(super) fn is_about(rule: &Rule<'_>, path: &str) -> bool {
    rule.path.is_none_or(|own| {
        let path = same_directory(path).strip_prefix(same_directory(trimmed(own)));
        path.is_some_and(|rest| rest.is_empty() || (rule.below && rest.starts_with('/')))
    })
}

/// Whether a rule is about a system call wherever it goes.
pub(super) fn general(rule: &Rule<'_>, call: &str) -> bool {
    let named = rule.syscalls.is_empty() || rule.syscalls.iter().any(|name| *name == call || *name == "all");
    named && rule.path.is_none() && rule.permissions.is_none()
}

/// A path without a slash at its end.
pub(super) fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// A path by its shorter name: `/var/run` is a link to `/run`.
pub(super) fn same_directory(path: &str) -> &str {
    if path == "/var/run" || path.starts_with("/var/run/") { &path["/var".len()..] } else { path }
}

/// Whether a condition lets every event of people's login sessions pass.
pub(super) fn of_sessions(field: &Field<'_>) -> bool {
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
pub(super) fn real_clock(call: &str, field: &Field<'_>) -> bool {
    call == "clock_settime" && field.name == "a0" && field.operator == "=" && ["0", "0x0"].contains(&field.value)
}

/// Whether a condition lets a refusal pass.
pub(super) fn of_refusal(field: &Field<'_>, refused: Refused) -> bool {
    match (field.name, field.operator, refused) {
        ("success", "=", _) => ["0", "no", "false"].contains(&field.value),
        ("exit", "=", Refused::Access) => ["-EACCES", "-13"].contains(&field.value),
        ("exit", "=", Refused::Permission) => ["-EPERM", "-1"].contains(&field.value),
        _ => false,
    }
}

/// Whether a condition limits a `never` to one program or to processes without a login, which takes nothing from people.
pub(super) fn is_aside(field: &Field<'_>) -> bool {
    let program = field.name == "exe" || field.name.starts_with("subj_") || field.name == "pid" || field.name == "ppid";
    (program && field.operator == "=") || (field.name == "auid" && field.operator == "=" && is_unset(field.value))
}
