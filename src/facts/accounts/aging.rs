//! Fields three to eight of shadow(5) into spans of time and dates.

use jiff::Span;
use jiff::civil::{Date, date};

use crate::facts::{Cell, Documented, Evidence, Host, State, Value, Why};
use crate::names::Phrase;
use crate::parse::colon::Record;
use crate::source::Source;

/// Seconds of a day.
pub(super) const DAY: u64 = 86_400;

/// Days from which chage(1) shows a maximum age as "never"; useradd writes 99999 where nothing limits it.
const PRACTICALLY_NEVER_DAYS: u64 = 10_000;

static EXPIRES_ON_DAY_ZERO: Phrase = Phrase {
    zh: "到期日为 0，程序有的当作永不到期，有的当作 1970-01-01 到期：{}",
    en: "expiry on day 0 is never to some programs and 1970-01-01 to others: {}",
};
static INERT: Documented = Documented {
    setting: "an inactivity period counts from the expiry of the password, and this one never expires",
    versions: "shadow-utils of any version",
    source: "shadow(5)",
};

/// The aging of one account, as cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aging<'a> {
    /// Day of the last change of password.
    pub(super) last_change: Cell<'a>,
    /// Least age of a password.
    pub(super) minimum: Cell<'a>,
    /// Age at which it expires.
    pub(super) maximum: Cell<'a>,
    /// Time of warning before that.
    pub(super) warning: Cell<'a>,
    /// Time after expiry until the account locks.
    pub(super) inactive: Cell<'a>,
    /// Day from which the account is closed.
    pub(super) expires: Cell<'a>,
}

/// A number field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days<'a> {
    /// Empty, or negative, which the C library takes for the same.
    Open,
    /// Days.
    Number(u64),
    /// Not a number.
    Odd(&'a str),
}

/// Reads a number field.
fn days(field: &str) -> Days<'_> {
    if field.is_empty() {
        return Days::Open;
    }
    match field.parse::<i64>() {
        Ok(number) => u64::try_from(number).map_or(Days::Open, Days::Number),
        Err(_) => Days::Odd(field),
    }
}

impl<'a> Aging<'a> {
    /// Every cell the same: not known, and why.
    pub(super) fn unknown(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Aging<'a> {
        let cell = Cell::unknown(why, evidence);
        Aging { last_change: cell, minimum: cell, maximum: cell, warning: cell, inactive: cell, expires: cell }
    }

    /// None at all: what holds for a password that stands in passwd(5) itself.
    pub(super) fn none(evidence: &'a [Evidence<'a>]) -> Aging<'a> {
        let known = |value| Cell::known(value, evidence);
        Aging {
            last_change: Cell::unset(evidence),
            minimum: known(Value::Duration(0)),
            maximum: known(Value::Unlimited),
            warning: known(Value::Duration(0)),
            inactive: known(Value::Unlimited),
            expires: known(Value::Never),
        }
    }

    /// Of a line of shadow(5).
    pub(super) fn read(host: &Host<'a>, source: &Source<'a>, record: &Record<'a, 9>) -> Aging<'a> {
        let [_, _, changed, minimum, maximum, warning, inactive, expires, _] = record.fields;
        let off = days(changed) == Days::Open || days(maximum) == Days::Open;
        // What switches aging off: shadow(5) says that an empty day of change and an empty maximum each do.
        let switch = if days(changed) == Days::Open { changed } else { maximum };
        let limit = if off { host.decided(Value::Unlimited, source, switch) } else { span(host, source, maximum, Value::Unlimited) };
        let endless = matches!(days(maximum), Days::Number(days) if days >= PRACTICALLY_NEVER_DAYS);
        Aging {
            last_change: last_change(host, source, changed),
            minimum: span(host, source, minimum, Value::Duration(0)),
            maximum: limit,
            warning: if off { host.decided(Value::Duration(0), source, switch) } else { span(host, source, warning, Value::Duration(0)) },
            inactive: match (off, endless) {
                (true, _) => host.decided(Value::Unlimited, source, switch),
                (false, true) => {
                    let pieces =
                        [Evidence::Decides(source.span(maximum)), Evidence::Default(&INERT), Evidence::Shadowed(source.span(inactive))];
                    Cell::known(Value::Unlimited, host.evidence(&pieces))
                }
                (false, false) => span(host, source, inactive, Value::Unlimited),
            },
            expires: expiry(host, source, expires),
        }
    }
}

/// A number of days; `open` is what an empty field means.
fn span<'a>(host: &Host<'a>, source: &Source<'a>, field: &'a str, open: Value<'a>) -> Cell<'a> {
    match days(field) {
        Days::Open => host.decided(open, source, field),
        Days::Number(days) => host.decided(days.checked_mul(DAY).map_or(Value::Unlimited, Value::Duration), source, field),
        Days::Odd(text) => odd(host, source, text),
    }
}

/// The day of the last change; 0 asks for a new password at the next login and records no day.
fn last_change<'a>(host: &Host<'a>, source: &Source<'a>, field: &'a str) -> Cell<'a> {
    match days(field) {
        Days::Open | Days::Number(0) => Cell::unset(host.evidence(&[Evidence::Decides(source.span(field))])),
        Days::Number(days) => match day(days) {
            Some(day) => host.decided(Value::Date(day), source, field),
            None => odd(host, source, field),
        },
        Days::Odd(text) => odd(host, source, text),
    }
}

/// The day from which the account is closed.
fn expiry<'a>(host: &Host<'a>, source: &Source<'a>, field: &'a str) -> Cell<'a> {
    let evidence = host.evidence(&[Evidence::Decides(source.span(field))]);
    match days(field) {
        Days::Open => Cell::known(Value::Never, evidence),
        Days::Number(0) => Cell::unknown(Why::new("ambiguous", &EXPIRES_ON_DAY_ZERO, "shadow(5)"), evidence),
        Days::Number(days) => match day(days) {
            Some(day) => Cell::known(Value::Date(day), evidence),
            None => odd(host, source, field),
        },
        Days::Odd(text) => odd(host, source, text),
    }
}

/// A field that is not what it should be.
fn odd<'a>(host: &Host<'a>, source: &Source<'a>, field: &'a str) -> Cell<'a> {
    Cell::unknown(Why::not_understood(field), host.evidence(&[Evidence::Decides(source.span(field))]))
}

/// The day that lies so many days after 1970-01-01, if the calendar reaches that far.
fn day(days: u64) -> Option<Date> {
    date(1970, 1, 1).checked_add(Span::new().try_days(i64::try_from(days).ok()?).ok()?).ok()
}

/// Whether an account with these fields is closed on a day: expired itself, or locked because its password expired too long ago
/// (pam_unix(8) refuses both whatever the way of login). Nothing where that cannot be told.
pub(super) fn is_closed(aging: &Aging<'_>, today: Option<Date>) -> Option<bool> {
    let by_date = match aging.expires.value() {
        Some(Value::Never) => Some(false),
        Some(Value::Date(day)) => today.map(|today| today >= day),
        _ => None,
    };
    match (by_date, is_inactive(aging, today)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether the password expired so long ago that the account is locked.
fn is_inactive(aging: &Aging<'_>, today: Option<Date>) -> Option<bool> {
    let (Value::Duration(maximum), Value::Duration(inactive)) = (aging.maximum.value()?, aging.inactive.value()?) else {
        return Some(false);
    };
    let changed = match aging.last_change.state {
        State::Known(Value::Date(changed)) => changed,
        State::Known(_) | State::Unset => return Some(false),
        State::Unknown(..) => return None,
    };
    let since = today?.since(changed).ok()?.get_days();
    let since = u64::try_from(since).unwrap_or(0);
    Some(since >= maximum / DAY + inactive / DAY)
}
