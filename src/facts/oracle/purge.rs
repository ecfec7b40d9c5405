//! Jobs that purge audit trails, and code that moves the time up to which they may, into how long records are guaranteed to stay.
//!
//! PL/SQL Packages Reference, DBMS_AUDIT_MGMT: a purge job deletes what is older than the last archive timestamp, or, where it does not
//! use that, everything. Without a job, and without code of somebody's own, nothing is deleted.

use super::super::{Cell, Evidence, Host, Value, Why};
use super::Database;
use crate::names::Phrase;

const JOBS: [&str; 5] = ["kind", "name", "state", "trail", "detail"];
const CODE: [&str; 5] = ["kind", "owner", "name", "enabled", "text"];

/// Seconds of a day.
const DAY: u64 = 86_400;

static EVERYTHING: Phrase = Phrase {
    zh: "清理作业 {} 不看最后归档时间，每次删除全部审计记录",
    en: "the purge job {} heeds no last archive timestamp and deletes every record each time",
};
static MOVED: Phrase = Phrase { zh: "{} 把最后归档时间移到 {} 天前", en: "{} moves the last archive timestamp to {} days ago" };
static STANDS: Phrase = Phrase {
    zh: "没有代码移动最后归档时间，它在 {} 天前",
    en: "no code moves the last archive timestamp, which lies {} days back",
};
static NEVER: Phrase = Phrase { zh: "没有启用的清理作业", en: "no purge job is enabled" };
static BY_CODE: Phrase = Phrase { zh: "{} 中的代码可能删除审计记录", en: "the code of {} may delete audit records" };

/// How long records stay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'a> {
    /// The guaranteed time.
    pub retention: Cell<'a>,
    /// What ends a record's life.
    pub bounded_by: Cell<'a>,
}

impl<'a> Kept<'a> {
    fn of(value: Value<'a>, evidence: &'a [Evidence<'a>]) -> Kept<'a> {
        let word = if value == Value::Unlimited { "nothing" } else { "time" };
        Kept { retention: Cell::known(value, evidence), bounded_by: Cell::known(Value::Word(word), evidence) }
    }

    fn unknown(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Kept<'a> {
        Kept { retention: Cell::unknown(why, evidence), bounded_by: Cell::unknown(why, evidence) }
    }
}

/// What moves the timestamp or deletes.
#[derive(Clone, Copy, Debug)]
struct Code<'a> {
    name: &'a str,
    days: Option<u64>,
    evidence: Evidence<'a>,
}

/// How long the records of a database stay.
pub(super) fn kept<'a>(host: &Host<'a>, database: &Database<'a>) -> Kept<'a> {
    let answered = database.answer(&["audit-purge"], JOBS);
    let rows: Vec<_> = answered.iter().filter_map(|it| it.records(JOBS)).flatten().collect();
    let decides = |record| answered.map_or(Evidence::Searched(""), |it| it.decides(record));
    let jobs: Vec<_> = rows.iter().filter(|(_, [kind, _, state, ..])| *kind == "job" && *state == "ENABLED").collect();
    if let Some((record, [_, name, ..])) = jobs.iter().find(|(_, [.., detail])| *detail == "NO") {
        let step = Evidence::Step(&EVERYTHING, host.arena().alloc_slice_copy(&[*name]), None);
        return Kept::of(Value::Duration(0), host.evidence(&[decides(*record), step]));
    }
    let gap = database.gap(host, &["audit-purge"], JOBS).or_else(|| database.gap(host, &["purge-code"], CODE));
    if let Some(why) = gap {
        return Kept::unknown(why, &[]);
    }
    let codes = codes(database);
    if let Some(code) = codes.iter().find(|code| code.days.is_none()) {
        return Kept::unknown(Why::new("purged-by-code", &BY_CODE, code.name), host.evidence(&[code.evidence]));
    }
    let searched: Vec<Evidence<'a>> = answered.iter().map(|it| Evidence::Searched(it.source.path)).collect();
    let Some((job, [.., detail])) = jobs.first() else {
        return Kept::of(Value::Unlimited, host.evidence(&[&searched[..], &[Evidence::Step(&NEVER, &[], None)]].concat()));
    };
    if jobs.iter().any(|(_, [.., detail])| *detail != "YES") {
        return Kept::unknown(Why::not_understood(detail), host.evidence(&[decides(*job)]));
    }
    if let Some(code) = codes.iter().min_by_key(|code| code.days) {
        let days = code.days.unwrap_or_default();
        let step = Evidence::Step(&MOVED, host.arena().alloc_slice_copy(&[code.name, host.text(&days.to_string())]), None);
        return Kept::of(Value::Duration(days.saturating_mul(DAY)), host.evidence(&[code.evidence, decides(*job), step]));
    }
    standing(host, &rows, (decides(*job), &decides))
}

/// The timestamp stays where somebody put it.
fn standing<'a>(
    host: &Host<'a>,
    rows: &[(crate::parse::delimited::Record<'a>, [&'a str; 5])],
    (job, decides): (Evidence<'a>, &dyn Fn(crate::parse::delimited::Record<'a>) -> Evidence<'a>),
) -> Kept<'a> {
    let times = rows.iter().filter(|(_, [kind, ..])| *kind == "timestamp");
    let newest = times.min_by_key(|(_, [.., days])| days.parse::<u64>().unwrap_or(0));
    let Some((record, [.., text])) = newest else {
        // Without a timestamp such a job deletes nothing.
        return Kept::of(Value::Unlimited, host.evidence(&[job]));
    };
    match text.parse::<u64>() {
        Ok(days) => {
            let step = Evidence::Step(&STANDS, host.arena().alloc_slice_copy(&[*text]), None);
            Kept::of(Value::Duration(days.saturating_mul(DAY)), host.evidence(&[decides(*record), job, step]))
        }
        // In the future: everything goes.
        Err(_) if text.starts_with('-') => Kept::of(Value::Duration(0), host.evidence(&[decides(*record), job])),
        Err(_) => Kept::unknown(Why::not_understood("last_archive_ts"), host.evidence(&[decides(*record)])),
    }
}

/// Code that is enabled and does more than run a purge job that the other answer shows.
fn codes<'a>(database: &Database<'a>) -> Vec<Code<'a>> {
    let Some(answered) = database.answer(&["purge-code"], CODE) else { return Vec::new() };
    let mut codes = Vec::new();
    for (record, [_, owner, name, enabled, text]) in answered.records(CODE).into_iter().flatten() {
        let lower = text.to_ascii_lowercase();
        let own_purge_job = owner == "SYS" && lower.contains("clean_audit_trail") && !lower.contains("set_last_archive_timestamp");
        if enabled != "TRUE" || own_purge_job {
            continue;
        }
        let deletes = ["clean_audit_trail", "delete", "truncate"].iter().any(|word| lower.contains(word));
        let days = if deletes { None } else { moved_days(&lower) };
        codes.push(Code { name, days, evidence: answered.decides(record) });
    }
    codes
}

/// The days in `SET_LAST_ARCHIVE_TIMESTAMP(…, SYSTIMESTAMP - 184)` or `- INTERVAL '184' DAY`; none for any other text.
fn moved_days(lower: &str) -> Option<u64> {
    let (_, call) = lower.split_once("set_last_archive_timestamp")?;
    let (_, rest) =
        call.split_once("sysdate").or_else(|| call.split_once("systimestamp")).or_else(|| call.split_once("sys_extract_utc"))?;
    let rest = rest.trim_start_matches(['(', ')', ' ']).strip_prefix('-')?.trim_start();
    let quoted = rest.strip_prefix("interval").map(|rest| rest.trim_start().trim_start_matches('\''));
    let rest = quoted.unwrap_or(rest);
    let digits = &rest[..rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len())];
    let after = rest[digits.len()..].trim_start_matches(['\'', ' ']);
    let whole = if quoted.is_some() { after.starts_with("day") } else { after.is_empty() || after.starts_with([')', ',']) };
    // A second call would move it elsewhere.
    (whole && !call.contains("set_last_archive_timestamp")).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::moved_days;

    #[test]
    fn only_plain_subtractions_are_understood() {
        // Forms of Security Guide, "Step 3: Optionally, Set an Archive Timestamp for Audit Records", and of its job examples.
        let call = |time: &str| format!("dbms_audit_mgmt.set_last_archive_timestamp(dbms_audit_mgmt.audit_trail_unified, {time});");
        assert_eq!(moved_days(&call("systimestamp - 184")), Some(184));
        assert_eq!(moved_days(&call("systimestamp-interval '200' day")), Some(200));
        assert_eq!(moved_days(&call("last_archive_time => sysdate-30")), Some(30));
        for time in ["systimestamp", "systimestamp - 1/24", "add_months(sysdate,-6)", "systimestamp - interval '6' month", "my_time"] {
            assert_eq!(moved_days(&call(time)), None, "{time}");
        }
    }
}
