//! Profiles that are used into rows of `authentication-policy`.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::NAME;
use super::profiles::Profiles;
use crate::schema::people::AUTHENTICATION_POLICY;

/// Pushes a row for each.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, profiles: &Profiles<'a>, tables: &mut Tables<'a>) {
    for (name, used) in profiles.all().filter(|(_, used)| used.value() != Some(Value::Boolean(false))) {
        let verify = profiles.verify(name);
        let demanded = profiles.demanded(name);
        let of_function = |value: fn((i64, &'static [&'static str])) -> Option<Value<'static>>| match (demanded, verify.state) {
            (Some(demand), _) => value(demand).map_or(Cell::unset(verify.evidence), |value| Cell::known(value, verify.evidence)),
            (None, State::Unset) => Cell::unset(verify.evidence),
            (None, State::Known(_)) => Cell::unknown(Why::not_understood("PASSWORD_VERIFY_FUNCTION"), verify.evidence),
            (None, State::Unknown(why, _)) => Cell::unknown(why, verify.evidence),
        };
        let requirements = match (demanded, verify.state) {
            (Some((_, classes)), _) => {
                Cell::known(Value::List(host.arena().alloc_slice_fill_iter(classes.iter().map(|word| Value::Word(word)))), verify.evidence)
            }
            (None, State::Unset) => Cell::known(Value::List(&[]), verify.evidence),
            _ => of_function(|_| None),
        };
        let attempts = profiles.failed_attempts(name);
        let unlimited = attempts.value() == Some(Value::Unlimited);
        let threshold = if unlimited { Cell::unset(attempts.evidence) } else { attempts };
        let known = |value: Value<'a>| Cell::known(value, used.evidence);
        let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
        row.instance(instance);
        row.set(const { AUTHENTICATION_POLICY.column("path") }, known(Value::Text(host.text(&format!("oracle profile {name}")))))
            .set(const { AUTHENTICATION_POLICY.column("min-length") }, of_function(|(length, _)| Some(Value::Integer(length))))
            .set(
                const { AUTHENTICATION_POLICY.column("classes") },
                of_function(|(_, classes)| i64::try_from(classes.len()).ok().map(Value::Integer)),
            )
            .set(const { AUTHENTICATION_POLICY.column("requirements") }, requirements)
            .set(const { AUTHENTICATION_POLICY.column("dictionary") }, known(Value::Boolean(false)))
            .set(const { AUTHENTICATION_POLICY.column("history") }, profiles.reuse_max(name))
            .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, known(Value::Boolean(false)))
            .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, threshold)
            .set(
                const { AUTHENTICATION_POLICY.column("lockout-duration") },
                if unlimited { Cell::unset(attempts.evidence) } else { profiles.lock_time(name) },
            )
            .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, Cell::unset(attempts.evidence))
            .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, known(Value::Boolean(false)))
            .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, scheme(used.evidence))
            .set(const { AUTHENTICATION_POLICY.column("password-max-age") }, profiles.life(name))
            .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, known(Value::Boolean(false)))
            .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::unset(used.evidence));
        tables.push(row);
    }
    if let Some(why) = profiles.gap {
        let mut row = host.gap(&AUTHENTICATION_POLICY, NAME, why);
        row.instance(instance);
        row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text(NAME), &[]));
        tables.push(row);
    }
}

/// How new passwords are stored: which versions of a verifier are made is decided by ALLOWED_LOGON_VERSION_SERVER of the server's home,
/// so it is one of them.
fn scheme<'a>(evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    static SCHEMES: [Value<'static>; 3] = [Value::Word("des"), Value::Word("sha1"), Value::Word("sha512")];
    Cell::one_of(Why::not_understood("SQLNET.ALLOWED_LOGON_VERSION_SERVER"), &SCHEMES, evidence)
}
