//! A version into the documented default of an initialization parameter that its file does not set.

use crate::facts::effective::Effective;
use crate::facts::{Documented, Evidence, Host, Why};
use crate::names::Phrase;

use super::super::version::Version;

/// From which version on, up to which one (not included), and what holds.
struct Default {
    name: &'static str,
    from: [u32; 4],
    until: [u32; 4],
    value: &'static str,
    documented: Documented,
}

static UNDOCUMENTED: Phrase = Phrase {
    zh: "{} 未设置，该版本的默认值没有一致的文档",
    en: "{} is not set, and pages disagree on or lack its default in this version",
};

/// No later version is known to differ.
const OPEN: [u32; 4] = [u32::MAX, 0, 0, 0];
/// The oldest that is known here.
const OLDEST: [u32; 4] = [11, 2, 0, 0];

const fn default(
    (name, value): (&'static str, &'static str),
    (from, until): ([u32; 4], [u32; 4]),
    setting: &'static str,
    versions: &'static str,
    source: &'static str,
) -> Default {
    Default { name, from, until, value, documented: Documented { setting, versions, source } }
}

/// What pages of the releases say; a release between two that agree is taken to agree, one beside them is not.
static DEFAULTS: [Default; 13] = [
    default(
        ("audit_sys_operations", "FALSE"),
        // Pages disagree about 12.1.
        (OLDEST, [12, 1, 0, 0]),
        "AUDIT_SYS_OPERATIONS = false",
        "Oracle 11.2",
        "Database Reference 11.2, AUDIT_SYS_OPERATIONS",
    ),
    default(
        ("audit_sys_operations", "TRUE"),
        ([12, 2, 0, 0], [21, 0, 0, 0]),
        "AUDIT_SYS_OPERATIONS = true",
        "Oracle 12.2 to 19c",
        "Database Reference 12.2 and 19c, AUDIT_SYS_OPERATIONS",
    ),
    default(
        ("audit_sys_operations", "FALSE"),
        ([23, 0, 0, 0], OPEN),
        "AUDIT_SYS_OPERATIONS = false",
        "Oracle 23ai",
        "Database Reference 23ai, AUDIT_SYS_OPERATIONS",
    ),
    default(
        ("audit_trail", "NONE"),
        (OLDEST, [23, 0, 0, 0]),
        "AUDIT_TRAIL = none",
        "Oracle 11.2 to 21c",
        "Database Reference, AUDIT_TRAIL",
    ),
    default(
        ("o7_dictionary_accessibility", "FALSE"),
        (OLDEST, [12, 1, 0, 0]),
        "O7_DICTIONARY_ACCESSIBILITY = false",
        "Oracle 11.2",
        "Database Reference 11.2, O7_DICTIONARY_ACCESSIBILITY",
    ),
    default(
        ("o7_dictionary_accessibility", "FALSE"),
        // Two editions of the reference of 12.1 disagree.
        ([12, 2, 0, 0], [18, 0, 0, 0]),
        "O7_DICTIONARY_ACCESSIBILITY = false",
        "Oracle 12.2",
        "Database Reference 12.2, O7_DICTIONARY_ACCESSIBILITY",
    ),
    default(
        ("remote_os_authent", "FALSE"),
        (OLDEST, [21, 0, 0, 0]),
        "REMOTE_OS_AUTHENT = false",
        "Oracle 11.2 to 19c",
        "Database Reference 11.2, 12.1 and 19c, REMOTE_OS_AUTHENT",
    ),
    default(
        ("remote_os_roles", "FALSE"),
        (OLDEST, [21, 0, 0, 0]),
        "REMOTE_OS_ROLES = false",
        "Oracle 11.2 to 19c",
        "Database Reference 11.2, 12.2 and 19c, REMOTE_OS_ROLES",
    ),
    default(
        ("resource_limit", "FALSE"),
        (OLDEST, [12, 1, 0, 0]),
        "RESOURCE_LIMIT = false",
        "Oracle 11.2",
        "Database Reference 11.2, RESOURCE_LIMIT",
    ),
    default(
        ("resource_limit", "TRUE"),
        // The page of 12.1 is of its second patch set.
        ([12, 1, 0, 2], OPEN),
        "RESOURCE_LIMIT = true",
        "Oracle 12.1.0.2 and later",
        "Database Reference 12.1 (B71292-14), 12.2, 19c and 26ai, RESOURCE_LIMIT",
    ),
    default(
        ("sec_case_sensitive_logon", "TRUE"),
        (OLDEST, [21, 0, 0, 0]),
        "SEC_CASE_SENSITIVE_LOGON = true",
        "Oracle 11.2 to 19c",
        "Database Reference 11.2 to 18c, SEC_CASE_SENSITIVE_LOGON; Upgrade Guide 19c, \"Understanding Password Case Sensitivity and Upgrades\"",
    ),
    default(
        ("sec_max_failed_login_attempts", "10"),
        (OLDEST, [12, 1, 0, 0]),
        "SEC_MAX_FAILED_LOGIN_ATTEMPTS = 10",
        "Oracle 11.2",
        "Database Reference 11.2, SEC_MAX_FAILED_LOGIN_ATTEMPTS",
    ),
    default(
        ("sec_max_failed_login_attempts", "3"),
        ([12, 1, 0, 0], [12, 2, 0, 0]),
        "SEC_MAX_FAILED_LOGIN_ATTEMPTS = 3",
        "Oracle 12.1",
        "Database Reference 12.1, SEC_MAX_FAILED_LOGIN_ATTEMPTS",
    ),
];

/// Parameters that a release no longer has: Upgrade Guide 21c, "Understanding Password Case Sensitivity and Upgrades".
const GONE: [(&str, [u32; 4]); 1] = [("sec_case_sensitive_logon", [21, 0, 0, 0])];

/// The first version without a parameter.
fn gone(name: &str) -> [u32; 4] {
    GONE.iter().find(|(known, _)| *known == name).map_or(OPEN, |(_, from)| *from)
}

/// Whether the defaults of a parameter are documented for every version that has it.
fn complete(name: &str) -> bool {
    let reached = DEFAULTS.iter().filter(|default| default.name == name);
    reached.fold(OLDEST, |reached, default| if default.from == reached { default.until } else { reached }) == gone(name)
}

/// The default of a parameter that a whole file does not set.
pub(super) fn of<'a>(host: &Host<'a>, name: &'static str, version: Option<Version<'a>>, path: &'a str) -> Effective<'a> {
    let of_name = || DEFAULTS.iter().filter(|default| default.name == name);
    let searched = [Evidence::Searched(path)];
    let Some(version) = version else {
        let why = Why::version_not_known("Oracle");
        if !complete(name) {
            return Effective::Unknown(why, host.evidence(&searched));
        }
        let values: Vec<&'a str> = of_name().map(|default| default.value).collect();
        let pieces: Vec<Evidence<'a>> = of_name().map(|default| Evidence::Default(&default.documented)).collect();
        return Effective::OneOf(why, host.arena().alloc_slice_copy(&values), host.evidence(&pieces));
    };
    match of_name().find(|default| (default.from..default.until).contains(&version.numbers)) {
        Some(default) => {
            let pieces: Vec<Evidence<'a>> = [Evidence::Default(&default.documented)].into_iter().chain(version.shown_by).collect();
            Effective::Known(default.value, host.evidence(&pieces), false)
        }
        None if version.numbers >= gone(name) => Effective::Lacking(host.evidence(&searched)),
        None => Effective::Unknown(Why::new("undocumented", &UNDOCUMENTED, name), host.evidence(&searched)),
    }
}
