//! `[[incident]]` tables into rows of `incidents`: how long after the beginning each report was made, and how grave it was.

use jiff::Timestamp;
use jiff::civil::Date;

use super::PRODUCT;
use super::entry::{Entry, day_in_china};
use super::fault::{self, Fault, Standing};
use crate::facts::{Cell, Evidence, Host, Tables, Value, Why};
use crate::names::Phrase;
use crate::reckon::calendar::WorkingDays;
use crate::schema::records::INCIDENTS;

/// The fields of incidents besides those that records have too.
const FIELDS: &[&str] = &[
    "level",
    "cii",
    "occurred",
    "reported",
    "written",
    "police",
    "progress",
    "told",
    "ended",
    "summary",
    "audited",
    "provinces",
    "outage-minutes",
];

/// Working days after its end within which the summary of an incident is due (Art. 48).
const SUMMARY_WORKING_DAYS: u32 = 5;

static NO_CALENDAR: Phrase = Phrase {
    zh: "{} 结束后的工作日无法计算：records/ 中没有当年的 [[calendar]]",
    en: "the working days after the end of {} cannot be counted: records/ has no [[calendar]] of that year",
};

/// The moments of an incident that were understood, each with its part of the text.
struct Times<'a> {
    occurred: Option<(Timestamp, &'a str)>,
    reported: Option<(Timestamp, &'a str)>,
    written: Option<(Timestamp, &'a str)>,
    police: Option<(Timestamp, &'a str)>,
    ended: Option<(Timestamp, &'a str)>,
    progress: Vec<Timestamp>,
    summary: Option<(Date, &'a str)>,
    audited: Option<(Date, &'a str)>,
}

/// Adds the rows of all incidents.
pub(super) fn fill<'a>(host: &Host<'a>, entries: &[Entry<'_, 'a>], calendar: &WorkingDays, tables: &mut Tables<'a>) {
    for entry in entries {
        if !host.spend(1) {
            super::gap(host, tables, Why::budget_spent(entry.source.path));
            return;
        }
        row(host, entry, calendar, tables);
    }
}

/// Adds the row of one incident.
fn row<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, calendar: &WorkingDays, tables: &mut Tables<'a>) {
    let (times, fault) = times(entry);
    let level = entry.integer("level").filter(|(level, _)| (1..=4).contains(level));
    let bad_level = entry.field("level").filter(|_| level.is_none()).map(|node| Fault { problem: "bad-value", part: node.text });
    let standing = match (fault::check(host, entry, FIELDS), fault.or(bad_level)) {
        (Standing::Valid | Standing::Doubtful(_), Some(fault)) => Standing::Faulty(fault),
        (standing, _) => standing,
    };
    let [valid, problem, place] = fault::cells(host, entry, &standing);
    let whole = host.evidence(&[Evidence::Decides(entry.source.span(entry.node.text))]);
    let day = |moment: Option<(Timestamp, &'a str)>| match moment {
        Some((moment, part)) => entry.cell(host, Value::Date(day_in_china(moment)), part),
        None => entry.unset(host),
    };
    let told: Vec<&str> = entry.texts("told").into_iter().map(|(text, _)| text).collect();
    let told_part = entry.field("told").map_or(entry.node.text, |node| node.text);
    let name = entry.text("subject").map_or("-", |(subject, _)| subject);
    let mut row = host.row(&INCIDENTS, PRODUCT.name);
    row.set(const { INCIDENTS.column("incident") }, Cell::known(Value::Text(name), whole))
        .set(
            const { INCIDENTS.column("level") },
            level.map_or(entry.unset(host), |(level, part)| entry.cell(host, Value::Integer(level), part)),
        )
        .set(const { INCIDENTS.column("critical") }, Cell::known(Value::Boolean(entry.is_on("cii")), whole))
        .set(const { INCIDENTS.column("occurred") }, day(times.occurred))
        .set(const { INCIDENTS.column("report-delay") }, delay(host, entry, &times, times.reported))
        .set(const { INCIDENTS.column("written-delay") }, delay(host, entry, &times, times.written))
        .set(const { INCIDENTS.column("police-delay") }, delay(host, entry, &times, times.police))
        .set(const { INCIDENTS.column("progress-gap") }, progress_gap(host, entry, &times))
        .set(const { INCIDENTS.column("told") }, entry.cell(host, host.texts(&told), told_part))
        .set(const { INCIDENTS.column("ended") }, day(times.ended))
        .set(const { INCIDENTS.column("summary-working-days") }, summary(host, entry, &times, calendar))
        .set(const { INCIDENTS.column("summary-due") }, summary_due(host, entry, &times, calendar))
        .set(
            const { INCIDENTS.column("audited") },
            times.audited.map_or(entry.unset(host), |(day, part)| entry.cell(host, Value::Date(day), part)),
        )
        .set(const { INCIDENTS.column("graded-as-outage") }, graded(host, entry, level.map(|(level, _)| level)))
        .set(const { INCIDENTS.column("valid") }, valid)
        .set(const { INCIDENTS.column("problem") }, problem)
        .set(const { INCIDENTS.column("place") }, place);
    tables.push(row);
}

/// Reads the moments; the first that is none, or that lies before what it must follow.
fn times<'a>(entry: &Entry<'_, 'a>) -> (Times<'a>, Option<Fault<'a>>) {
    let mut fault = None;
    let mut wrong = |part: &'a str| {
        fault.get_or_insert(Fault { problem: "bad-times", part });
    };
    let mut moment = |name: &str| match entry.moment(name) {
        Some(Ok(found)) => Some(found),
        Some(Err(part)) => {
            wrong(part);
            None
        }
        None => None,
    };
    let [occurred, reported, written, police, ended] = ["occurred", "reported", "written", "police", "ended"].map(&mut moment);
    let progress = entry.moments("progress").unwrap_or_else(|part| {
        wrong(part);
        Vec::new()
    });
    let mut day = |name: &str| match entry.day(name) {
        Some(Ok(found)) => Some(found),
        Some(Err(part)) => {
            wrong(part);
            None
        }
        None => None,
    };
    let [summary, audited] = ["summary", "audited"].map(&mut day);
    let Some((began, _)) = occurred else {
        wrong(entry.field("occurred").map_or(entry.node.text, |node| node.text));
        return (Times { occurred, reported, written, police, ended, progress, summary, audited }, fault);
    };
    for (later, part) in [reported, written, police, ended].into_iter().flatten() {
        if later < began {
            wrong(part);
        }
    }
    let end = ended.map_or(began, |(ended, _)| ended);
    for (later, part) in [summary, audited].into_iter().flatten() {
        if later < day_in_china(end) {
            wrong(part);
        }
    }
    (Times { occurred, reported, written, police, ended, progress, summary, audited }, fault)
}

/// The time from the beginning to a report.
fn delay<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, times: &Times<'a>, report: Option<(Timestamp, &'a str)>) -> Cell<'a> {
    let (Some((began, began_part)), Some((report, part))) = (times.occurred, report) else { return entry.unset(host) };
    let Some(seconds) = seconds(began, report) else { return entry.unset(host) };
    let source = entry.source;
    let evidence = [Evidence::Decides(source.span(part)), Evidence::Reference(source.span(began_part))];
    Cell::known(Value::Duration(seconds), host.evidence(&evidence))
}

/// Seconds between two moments, a begun one counted whole; none where the second is earlier.
fn seconds(from: Timestamp, to: Timestamp) -> Option<u64> {
    let nanoseconds = to.as_nanosecond() - from.as_nanosecond();
    u64::try_from(nanoseconds).ok().map(|nanoseconds| nanoseconds.div_ceil(1_000_000_000))
}

/// The longest time without a report from the first one to the end.
fn progress_gap<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, times: &Times<'a>) -> Cell<'a> {
    let Some((first, part)) = times.reported else { return entry.unset(host) };
    let end = times.ended.map(|(ended, _)| ended);
    let mut moments: Vec<Timestamp> = times.progress.iter().copied().chain([first]).chain(end).collect();
    // What was reported before the first report or after the end shortens nothing.
    moments.retain(|moment| *moment >= first && end.is_none_or(|end| *moment <= end));
    moments.sort_unstable();
    let longest = moments.windows(2).filter_map(|pair| seconds(pair[0], pair[1])).max().unwrap_or(0);
    let part = entry.field("progress").map_or(part, |node| node.text);
    entry.cell(host, Value::Duration(longest), part)
}

/// Working days from the end to the summary. Without a table of holidays each day may be one, or none.
fn summary<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, times: &Times<'a>, calendar: &WorkingDays) -> Cell<'a> {
    let (Some((ended, ended_part)), Some((sent, part))) = (times.ended, times.summary) else { return entry.unset(host) };
    let ended = day_in_china(ended);
    let source = entry.source;
    let evidence = host.evidence(&[Evidence::Decides(source.span(part)), Evidence::Reference(source.span(ended_part))]);
    if let Some(days) = calendar.between(ended, sent) {
        return Cell::known(Value::Integer(i64::from(days)), evidence);
    }
    let days = ended.until(sent).map_or(i64::MAX, |span| i64::from(span.get_days()));
    let bounds = host.arena().alloc_slice_copy(&[Value::Integer(0), Value::Integer(days)]);
    Cell::one_of(no_calendar(host, entry), bounds, evidence)
}

/// The last day on which the summary is in time.
fn summary_due<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, times: &Times<'a>, calendar: &WorkingDays) -> Cell<'a> {
    let Some((ended, part)) = times.ended else { return entry.unset(host) };
    match calendar.after(day_in_china(ended), SUMMARY_WORKING_DAYS) {
        Some(due) => entry.cell(host, Value::Date(due), part),
        None => Cell::unknown(no_calendar(host, entry), host.evidence(&[Evidence::Decides(entry.source.span(part))])),
    }
}

/// Why working days are not known.
fn no_calendar<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>) -> Why<'a> {
    let name = entry.text("subject").map_or("-", |(subject, _)| subject);
    Why::new("no-calendar", &NO_CALENDAR, host.text(name))
}

/// Whether the grade is no milder than the outage gives.
fn graded<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, level: Option<i64>) -> Cell<'a> {
    let (Some((provinces, _)), Some((minutes, part))) = (entry.integer("provinces"), entry.integer("outage-minutes")) else {
        return entry.unset(host);
    };
    match level {
        Some(level) => entry.cell(host, Value::Boolean(level <= grade(provinces, minutes)), part),
        None => entry.unset(host),
    }
}

/// The grade that provinces and minutes of an outage alone give, as the annex says under 2 of each grade.
fn grade(provinces: i64, minutes: i64) -> i64 {
    match (provinces, minutes) {
        (2.., 180..) | (1, 360..) => 1,
        (2.., 30..) | (1, 180..) => 2,
        (1, 30..) => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_are_graded_as_the_annex_says() {
        let cases = [
            (2, 180, 1),
            (2, 179, 2),
            (2, 30, 2),
            (2, 29, 4),
            (1, 360, 1),
            (1, 359, 2),
            (1, 180, 2),
            (1, 179, 3),
            (1, 30, 3),
            (1, 29, 4),
            (0, 600, 4),
        ];
        for (provinces, minutes, expected) in cases {
            assert_eq!(grade(provinces, minutes), expected, "{provinces} provinces, {minutes} minutes");
        }
    }

    #[test]
    fn a_begun_second_counts() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(seconds(at("2026-05-01T10:00:00+08:00"), at("2026-05-01T04:00:00Z")), Some(7200));
        assert_eq!(seconds(at("2026-05-01T10:00:00+08:00"), at("2026-05-01T04:00:00.001Z")), Some(7201));
        assert_eq!(seconds(at("2026-05-01T04:00:00Z"), at("2026-05-01T10:00:00+08:00")), None);
    }
}
