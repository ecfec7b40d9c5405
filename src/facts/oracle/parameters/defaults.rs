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

/// Database Reference, "Initialization Parameters", under the parameter's name.
static DEFAULTS: [Default; 13] = [
    default(
        ("audit_sys_operations", "FALSE"),
        // Pages disagree about 12.1.
        (OLDEST, [12, 1, 0, 0]),
        "AUDIT_SYS_OPERATIONS = false",
        "Oracle 11.2",
        "Database Reference, AUDIT_SYS_OPERATIONS",
    ),
    default(
        ("audit_sys_operations", "TRUE"),
        ([12, 2, 0, 0], [23, 0, 0, 0]),
        "AUDIT_SYS_OPERATIONS = true",
        "Oracle 12.2 to 21c",
        "Database Reference, AUDIT_SYS_OPERATIONS",
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
        (OLDEST, [19, 0, 0, 0]),
        "O7_DICTIONARY_ACCESSIBILITY = false",
        "Oracle 11.2 to 18c",
        "Database Reference, O7_DICTIONARY_ACCESSIBILITY",
    ),
    default(("os_roles", "FALSE"), (OLDEST, OPEN), "OS_ROLES = false", "Oracle 11.2 and later", "Database Reference, OS_ROLES"),
    default(
        ("remote_login_passwordfile", "EXCLUSIVE"),
        (OLDEST, OPEN),
        "REMOTE_LOGIN_PASSWORDFILE = exclusive",
        "Oracle 11.2 and later",
        "Database Reference, REMOTE_LOGIN_PASSWORDFILE",
    ),
    default(
        ("remote_os_authent", "FALSE"),
        (OLDEST, [21, 0, 0, 0]),
        "REMOTE_OS_AUTHENT = false",
        "Oracle 11.2 to 19c",
        "Database Reference, REMOTE_OS_AUTHENT",
    ),
    default(
        ("remote_os_roles", "FALSE"),
        (OLDEST, OPEN),
        "REMOTE_OS_ROLES = false",
        "Oracle 11.2 and later",
        "Database Reference, REMOTE_OS_ROLES",
    ),
    default(
        ("resource_limit", "FALSE"),
        (OLDEST, [12, 1, 0, 2]),
        "RESOURCE_LIMIT = false",
        "Oracle 11.2 to 12.1.0.1",
        "Database Reference, RESOURCE_LIMIT",
    ),
    default(
        ("resource_limit", "TRUE"),
        ([12, 1, 0, 2], OPEN),
        "RESOURCE_LIMIT = true",
        "Oracle 12.1.0.2 and later",
        "Database Reference, RESOURCE_LIMIT",
    ),
    default(
        ("sec_case_sensitive_logon", "TRUE"),
        (OLDEST, [21, 0, 0, 0]),
        "SEC_CASE_SENSITIVE_LOGON = true",
        "Oracle 11.2 to 19c",
        "Database Reference, SEC_CASE_SENSITIVE_LOGON",
    ),
    default(
        ("sec_max_failed_login_attempts", "10"),
        (OLDEST, [12, 1, 0, 0]),
        "SEC_MAX_FAILED_LOGIN_ATTEMPTS = 10",
        "Oracle 11.2",
        "Database Reference, SEC_MAX_FAILED_LOGIN_ATTEMPTS",
    ),
    default(
        ("sec_max_failed_login_attempts", "3"),
        ([12, 1, 0, 0], OPEN),
        "SEC_MAX_FAILED_LOGIN_ATTEMPTS = 3",
        "Oracle 12.1 and later",
        "Database Reference, SEC_MAX_FAILED_LOGIN_ATTEMPTS",
    ),
];

/// The default of a parameter that a whole file does not set.
pub(super) fn of<'a>(host: &Host<'a>, name: &'static str, version: Option<Version<'a>>, path: &'a str) -> Effective<'a> {
    let of_name = || DEFAULTS.iter().filter(|default| default.name == name);
    let Some(version) = version else {
        let values: Vec<&'a str> = of_name().map(|default| default.value).collect();
        let pieces: Vec<Evidence<'a>> = of_name().map(|default| Evidence::Default(&default.documented)).collect();
        return Effective::OneOf(Why::version_not_known("Oracle"), host.arena().alloc_slice_copy(&values), host.evidence(&pieces));
    };
    let searched = [Evidence::Searched(path)];
    match of_name().find(|default| (default.from..default.until).contains(&version.numbers)) {
        Some(default) => {
            let pieces: Vec<Evidence<'a>> = [Evidence::Default(&default.documented)].into_iter().chain(version.shown_by).collect();
            Effective::Known(default.value, host.evidence(&pieces), false)
        }
        None if of_name().any(|default| version.numbers < default.from) => {
            Effective::Unknown(Why::new("undocumented", &UNDOCUMENTED, name), host.evidence(&searched))
        }
        None => Effective::Lacking(host.evidence(&searched)),
    }
}
