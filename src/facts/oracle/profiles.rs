//! DBA_PROFILES into the rows of `oracle-profiles`: limits of DEFAULT come from the profile DEFAULT.
//!
//! SQL Language Reference, CREATE PROFILE: times are days and fractions of days, IDLE_TIME is minutes.

use foldhash::{HashMap, HashMapExt as _};

use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::accounts::People;
use super::{Database, NAME};
use crate::names::Phrase;
use crate::schema::oracle::ORACLE_PROFILES;

/// The columns of the query.
const COLUMNS: [&str; 3] = ["profile", "resource_name", "limit"];

static FROM_ROOT: Phrase =
    Phrase { zh: "{} 由 CDB 根容器决定，未采集", en: "{} is decided by the root container, which was not collected" };

/// The functions that Oracle ships (Security Guide, "Managing the Complexity of Passwords"): least length, classes that must be there.
const FUNCTIONS: [(&str, i64, &[&str]); 5] = [
    ("ora12c_stig_verify_function", 15, &["digit", "lower", "other", "upper"]),
    ("ora12c_strong_verify_function", 9, &["digit", "lower", "other", "upper"]),
    ("ora12c_verify_function", 8, &["digit", "other"]),
    ("verify_function", 4, &["digit", "other"]),
    ("verify_function_11g", 8, &["digit"]),
];

/// A limit as it takes effect.
#[derive(Clone, Copy, Debug)]
struct Limit<'a> {
    text: &'a str,
    evidence: &'a [Evidence<'a>],
}

/// The profiles of a database.
#[derive(Debug)]
pub(super) struct Profiles<'a> {
    names: Vec<&'a str>,
    limits: HashMap<(&'a str, &'a str), Limit<'a>>,
    used: Vec<Cell<'a>>,
    /// Why a profile or a limit may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the answer.
pub(super) fn read<'a>(host: &Host<'a>, database: &Database<'a>, people: &People<'a>) -> Profiles<'a> {
    let mut profiles =
        Profiles { names: Vec::new(), limits: HashMap::new(), used: Vec::new(), gap: database.gap(host, &["profiles"], COLUMNS) };
    let Some(answered) = database.answer(&["profiles"], COLUMNS) else { return profiles };
    let mut written: HashMap<(&'a str, &'a str), (&'a str, Evidence<'a>)> = HashMap::new();
    for (record, [profile, resource, limit]) in answered.records(COLUMNS).into_iter().flatten() {
        if !profiles.names.contains(&profile) {
            profiles.names.push(profile);
        }
        written.insert((profile, resource), (limit, answered.decides(record)));
    }
    for (&(profile, resource), &(text, evidence)) in &written {
        let inherited = text.eq_ignore_ascii_case("DEFAULT").then(|| written.get(&("DEFAULT", resource))).flatten();
        let limit = match inherited {
            Some((text, from)) if profile != "DEFAULT" => {
                let reference = if let Evidence::Decides(span) = *from { Evidence::Reference(span) } else { *from };
                Limit { text, evidence: host.evidence(&[evidence, reference]) }
            }
            _ => Limit { text, evidence: host.evidence(&[evidence]) },
        };
        profiles.limits.insert((profile, resource), limit);
    }
    profiles.used = profiles.names.iter().map(|name| people.uses(host, name)).collect();
    profiles
}

impl<'a> Profiles<'a> {
    /// A limit of a profile as a cell.
    fn cell(&self, profile: &str, resource: &'static str, read: impl Fn(&'a str) -> Option<Value<'a>>) -> Cell<'a> {
        let Some(limit) = self.limits.get(&(profile, resource)) else {
            return match self.gap {
                Some(why) => Cell::unknown(why, &[]),
                None if !self.names.contains(&profile) => Cell::unknown(Why::not_understood(resource), &[]),
                None => Cell::unset(&[]),
            };
        };
        if limit.text.eq_ignore_ascii_case("FROM ROOT") {
            return Cell::unknown(Why::new("from-root", &FROM_ROOT, resource), limit.evidence);
        }
        match read(limit.text) {
            Some(value) => Cell::known(value, limit.evidence),
            None => Cell::unknown(Why::not_understood(resource), limit.evidence),
        }
    }

    /// Failures that lock an account of the profile.
    pub(super) fn failed_attempts(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "FAILED_LOGIN_ATTEMPTS", count)
    }

    /// Time for which it stays locked.
    pub(super) fn lock_time(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "PASSWORD_LOCK_TIME", days)
    }

    /// Age at which passwords expire.
    pub(super) fn life(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "PASSWORD_LIFE_TIME", days)
    }

    /// Time without a login after which the account locks.
    pub(super) fn inactive(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "INACTIVE_ACCOUNT_TIME", days)
    }

    /// Idle time after which a session ends, where resource limits hold.
    pub(super) fn idle(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "IDLE_TIME", |text| {
            if text.eq_ignore_ascii_case("UNLIMITED") {
                Some(Value::Unlimited)
            } else {
                Some(Value::Duration(text.parse::<u64>().ok()?.saturating_mul(60)))
            }
        })
    }

    /// Old passwords that are refused.
    pub(super) fn reuse_max(&self, profile: &str) -> Cell<'a> {
        self.cell(profile, "PASSWORD_REUSE_MAX", count)
    }

    /// The function that tests new passwords; unset where none does.
    pub(super) fn verify(&self, profile: &str) -> Cell<'a> {
        let cell = self.cell(profile, "PASSWORD_VERIFY_FUNCTION", |text| Some(Value::Text(text)));
        match cell.value() {
            Some(Value::Text(text)) if text.is_empty() || text.eq_ignore_ascii_case("NULL") => Cell::unset(cell.evidence),
            _ => cell,
        }
    }

    /// What the function demands, where it is one that Oracle documents: length and classes.
    pub(super) fn demanded(&self, profile: &str) -> Option<(i64, &'static [&'static str])> {
        let Some(Value::Text(name)) = self.verify(profile).value() else { return None };
        let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        known.map(|(_, length, classes)| (*length, *classes))
    }

    /// The profiles in order, and whether an account that is not locked has them.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a str, Cell<'a>)> + '_ {
        self.names.iter().copied().zip(self.used.iter().copied())
    }

    /// Pushes the rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (name, used) in self.all() {
            if !host.spend(1) {
                break;
            }
            let own = self.limits.get(&(name, "FAILED_LOGIN_ATTEMPTS")).map_or(&[][..], |limit| limit.evidence);
            let mut row = host.row(&ORACLE_PROFILES, NAME);
            row.instance(instance);
            row.set(const { ORACLE_PROFILES.column("profile") }, Cell::known(Value::Text(name), own))
                .set(const { ORACLE_PROFILES.column("used") }, used)
                .set(const { ORACLE_PROFILES.column("failed-attempts") }, self.failed_attempts(name))
                .set(const { ORACLE_PROFILES.column("lock-time") }, self.lock_time(name))
                .set(const { ORACLE_PROFILES.column("life") }, self.life(name))
                .set(const { ORACLE_PROFILES.column("grace") }, self.cell(name, "PASSWORD_GRACE_TIME", days))
                .set(const { ORACLE_PROFILES.column("reuse-max") }, self.reuse_max(name))
                .set(const { ORACLE_PROFILES.column("reuse-time") }, self.cell(name, "PASSWORD_REUSE_TIME", days))
                .set(const { ORACLE_PROFILES.column("verify") }, self.verify(name))
                .set(const { ORACLE_PROFILES.column("inactive") }, self.inactive(name))
                .set(const { ORACLE_PROFILES.column("idle") }, self.idle(name));
            tables.push(row);
        }
        if let Some(why) = self.gap {
            let mut row = host.gap(&ORACLE_PROFILES, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// A count or UNLIMITED.
fn count<'a>(text: &'a str) -> Option<Value<'a>> {
    if text.eq_ignore_ascii_case("UNLIMITED") { Some(Value::Unlimited) } else { text.parse().ok().map(Value::Integer) }
}

/// Days, with a fraction (`.0104`, `1/96`), or UNLIMITED.
fn days<'a>(text: &'a str) -> Option<Value<'a>> {
    if text.eq_ignore_ascii_case("UNLIMITED") {
        return Some(Value::Unlimited);
    }
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let (above, below): (f64, f64) = (above.trim().parse().ok()?, below.trim().parse().ok()?);
    let seconds = above / below * 86_400.0;
    // A duration from a float: refuses what is negative, too large or no number.
    std::time::Duration::try_from_secs_f64(seconds).ok().map(|it| Value::Duration(it.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_may_be_fractions() {
        // SQL Language Reference, CREATE PROFILE: `PASSWORD_LOCK_TIME 1/24`; the view rounds to four places.
        assert_eq!(days("1"), Some(Value::Duration(86_400)));
        assert_eq!(days("1/24"), Some(Value::Duration(3_600)));
        assert_eq!(days(".0104"), Some(Value::Duration(898)));
        assert_eq!(days("UNLIMITED"), Some(Value::Unlimited));
        for text in ["", "1/0", "-1", "x", "NaN", "1e300"] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
