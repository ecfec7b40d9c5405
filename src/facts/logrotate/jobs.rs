//! Cron files and logrotate.timer into the jobs that start logrotate, and how often they do.

use crate::facts::{Artefact, Cell, Documented, Evidence, Host, Value, Why};
use crate::names::Phrase;
use crate::parse::ini;
use crate::reckon::retention::{DAY_SECONDS, Period};
use crate::snapshot::Lack;
use crate::source::Source;

/// A job that starts logrotate.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The cron file, or `logrotate.timer`.
    pub name: &'a str,
    /// Whether it is due by itself.
    pub enabled: Cell<'a>,
    /// The longest time between runs.
    pub period: Cell<'a>,
    /// The shortest, where it is known.
    shortest_seconds: Option<u64>,
}

impl<'a> Job<'a> {
    /// One that is due at even times.
    fn new(name: &'a str, enabled: Cell<'a>, seconds: u64, evidence: &'a [Evidence<'a>]) -> Job<'a> {
        Job { name, enabled, period: Cell::known(Value::Duration(seconds), evidence), shortest_seconds: Some(seconds) }
    }
}

/// Everything that starts logrotate.
#[derive(Debug, Default)]
pub struct Jobs<'a> {
    /// What was found.
    pub list: Vec<Job<'a>>,
    /// Where more could be, and why it is not known.
    pub gaps: Vec<(&'a str, Why<'a>)>,
}

impl Jobs<'_> {
    /// The least time between two runs, where every job is known.
    pub fn least_seconds(&self) -> Option<u64> {
        if !self.gaps.is_empty() {
            return None;
        }
        let due = self.list.iter().filter(|job| job.enabled.value() != Some(Value::Boolean(false)));
        let periods: Option<Vec<u64>> = due.map(|job| job.shortest_seconds).collect();
        periods?.into_iter().min()
    }
}

static EXISTS: Phrase = Phrase { zh: "{} 存在", en: "{} exists" };
static LEAVES_IT: Phrase =
    Phrase { zh: "{} 在使用 systemd 的主机上直接退出", en: "{} leaves the work to systemd where systemd runs" };
static TIMER_DEFAULT: Documented =
    Documented { setting: "OnCalendar=daily", versions: "logrotate 3.14 and later", source: "logrotate.timer as shipped" };

/// Directories of scripts, and how often cron or anacron runs them.
const SCRIPTS: &[(&str, Period)] = &[
    ("etc/cron.hourly/logrotate", Period::Hour),
    ("etc/cron.daily/logrotate", Period::Day),
    ("etc/cron.weekly/logrotate", Period::Week),
    ("etc/cron.monthly/logrotate", Period::Month),
];

const TIMER: &str = "logrotate.timer";
const WANTS: &str = "etc/systemd/system/timers.target.wants";
/// Where the unit and its drop-ins stand, the strongest first: systemd.unit(5).
const UNITS: &[&str] =
    &["etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];

/// Finds every job.
pub fn find<'a>(host: &Host<'a>) -> Jobs<'a> {
    let mut jobs = Jobs::default();
    for (path, period) in SCRIPTS {
        script(host, path, *period, &mut jobs);
    }
    timer(host, &mut jobs);
    crontab(host, "etc/crontab", &mut jobs);
    let more = host.matching("etc/cron.d/*");
    if let Some((path, lack)) = more.gap {
        jobs.gaps.push((path, Why::lacking(path, lack)));
    }
    for path in more.paths {
        crontab(host, path, &mut jobs);
    }
    jobs
}

/// A script that cron or anacron runs.
fn script<'a>(host: &Host<'a>, path: &'static str, period: Period, jobs: &mut Jobs<'a>) {
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(Lack::Absent | Lack::OtherKind) => return,
        Artefact::Lacking(lack) => return jobs.gaps.push((path, Why::lacking(path, lack))),
    };
    let exists = step(host, &EXISTS, path);
    let off = host.asset().look(path).mode.is_some_and(|mode| mode & 0o100 == 0);
    let enabled = match leaves_it_to_systemd(source) {
        Some(line) => {
            let evidence = host.evidence(&[Evidence::Decides(source.span(line)), step(host, &LEAVES_IT, path)]);
            match systemd_runs(host) {
                Ok(runs) => Cell::known(Value::Boolean(!runs && !off), evidence),
                Err(why) => Cell::unknown(why, evidence),
            }
        }
        None => Cell::known(Value::Boolean(!off), host.evidence(&[exists])),
    };
    jobs.list.push(Job::new(path, enabled, period.span_seconds(1), host.evidence(&[exists])));
}

/// The line in which a script asks whether systemd runs, as Debian's does.
fn leaves_it_to_systemd<'a>(source: &Source<'a>) -> Option<&'a str> {
    source.text.lines().map(str::trim).find(|line| !line.starts_with('#') && line.contains("/run/systemd/system"))
}

/// Whether the host runs systemd.
fn systemd_runs<'a>(host: &Host<'a>) -> Result<bool, Why<'a>> {
    const SIGNS: &[&str] = &["run/systemd/system", "usr/lib/systemd/systemd", "lib/systemd/systemd", WANTS];
    let lacks: Vec<Option<Lack>> = SIGNS.iter().map(|path| host.asset().look(path).lack).collect();
    if lacks.contains(&None) {
        return Ok(true);
    }
    let all_absent = lacks.iter().all(|lack| *lack == Some(Lack::Absent));
    if all_absent { Ok(false) } else { Err(Why::not_collected(SIGNS[0])) }
}

/// systemd's timer.
fn timer<'a>(host: &Host<'a>, jobs: &mut Jobs<'a>) {
    let link = const_path(host, WANTS);
    let listed = host.matching(&format!("{WANTS}/*"));
    let units: Vec<&'a str> = UNITS.iter().map(|directory| const_path(host, directory)).collect();
    let file = units.iter().find_map(|path| host.file(path).text());
    let wanted = listed.paths.contains(&link);
    let enabled = match (wanted, listed.gap) {
        (true, _) => switched_on(host, units[0], link),
        (false, Some((path, lack))) => return jobs.gaps.push((TIMER, Why::lacking(path, lack))),
        (false, None) if file.is_none() => return,
        (false, None) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Searched(link)])),
    };
    let period = calendar(host, file);
    let shortest_seconds = match period.value() {
        Some(Value::Duration(seconds)) => Some(seconds),
        _ => None,
    };
    jobs.list.push(Job { name: TIMER, enabled, period, shortest_seconds });
}

/// Whether a timer that is wanted is not masked by what stands in /etc.
fn switched_on<'a>(host: &Host<'a>, own: &'a str, link: &'a str) -> Cell<'a> {
    let evidence = host.evidence(&[step(host, &EXISTS, link)]);
    match host.file(own) {
        Artefact::Text(source) if source.text.trim().is_empty() => {
            Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Decides(source.whole())]))
        }
        Artefact::Text(_) | Artefact::Lacking(Lack::Absent) => Cell::known(Value::Boolean(true), evidence),
        // A link to /dev/null masks; only a listing tells whether one is there.
        Artefact::Lacking(lack) if host.matching(own).paths.contains(&own) || named(host, own) => {
            Cell::unknown(Why::lacking(own, lack), evidence)
        }
        Artefact::Lacking(_) => Cell::known(Value::Boolean(true), evidence),
    }
}

/// Whether the listing of its directory names a path.
fn named(host: &Host<'_>, path: &str) -> bool {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    host.names(directory).is_ok_and(|(names, _)| names.contains(&name))
}

/// How often the timer is due: the last `OnCalendar=` of unit and drop-ins, which must be the only one that holds.
fn calendar<'a>(host: &Host<'a>, unit: Option<&'a Source<'a>>) -> Cell<'a> {
    let drop_ins = UNITS.iter().flat_map(|directory| host.matching(&format!("{directory}/{TIMER}.d/*.conf")).paths);
    let sources = unit.into_iter().chain(drop_ins.filter_map(|path| host.file(path).text()));
    let mut due: Vec<(&'a Source<'a>, &'a str, &'a str)> = Vec::new();
    for source in sources {
        for entry in ini::read(source.text).entries.iter().filter(|entry| entry.section == "Timer" && entry.key == "OnCalendar") {
            match &*entry.value {
                "" => due.clear(),
                value => due.push((source, entry.text, host.text(value))),
            }
        }
    }
    match due[..] {
        [] => Cell::known(Value::Duration(DAY_SECONDS), host.evidence(&[Evidence::Default(&TIMER_DEFAULT)])),
        [(source, text, value)] => {
            let evidence = host.evidence(&[Evidence::Decides(source.span(text))]);
            match every(value) {
                Some(period) => Cell::known(Value::Duration(period.span_seconds(1)), evidence),
                None => Cell::unknown(Why::not_understood(text), evidence),
            }
        }
        [_, (_, text, _), ..] => Cell::unknown(Why::not_understood(text), &[]),
    }
}

/// The plain calendar events of systemd.time(7).
fn every(event: &str) -> Option<Period> {
    match event {
        "hourly" | "*:00" | "*-*-* *:00:00" => Some(Period::Hour),
        "daily" => Some(Period::Day),
        "weekly" => Some(Period::Week),
        "monthly" => Some(Period::Month),
        time => at_one_time(time.strip_prefix("*-*-* ").unwrap_or(time)).then_some(Period::Day),
    }
}

/// Whether a text is one time of the day: `03:10`, `3:10:00`.
fn at_one_time(text: &str) -> bool {
    let fields: Vec<&str> = text.split(':').collect();
    (2..=3).contains(&fields.len()) && fields.iter().all(|field| is_number(field))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The lines of a crontab that start logrotate: crontab(5).
fn crontab<'a>(host: &Host<'a>, path: &'a str, jobs: &mut Jobs<'a>) {
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(Lack::Absent | Lack::OtherKind) => return,
        Artefact::Lacking(lack) => return jobs.gaps.push((path, Why::lacking(path, lack))),
    };
    for line in source.text.lines().map(str::trim).filter(|line| !line.starts_with('#') && line.contains("logrotate")) {
        let evidence = host.evidence(&[Evidence::Decides(source.span(line))]);
        let (shortest_seconds, period) = match schedule(line) {
            Some((shortest, longest)) => (Some(shortest), Cell::known(Value::Duration(longest), evidence)),
            None => (None, Cell::unknown(Why::not_understood(line), evidence)),
        };
        jobs.list.push(Job { name: path, enabled: Cell::known(Value::Boolean(true), evidence), period, shortest_seconds });
    }
}

/// The shortest and the longest seconds between two runs of a line of a crontab, where it is plain.
fn schedule(line: &str) -> Option<(u64, u64)> {
    let fields: Vec<&str> = line.split_ascii_whitespace().take(5).collect();
    let period = match fields[..] {
        ["@hourly", ..] => Period::Hour,
        ["@daily" | "@midnight", ..] => Period::Day,
        ["@weekly", ..] => Period::Week,
        ["@monthly", ..] => Period::Month,
        [minute, "*", "*", "*", "*"] if is_number(minute) => Period::Hour,
        [minute, hour, "*", "*", days] if is_number(minute) && is_number(hour) => return between_days(days),
        [minute, hour, day, "*", "*"] if is_number(minute) && is_number(hour) && is_number(day) => Period::Month,
        _ => return None,
    };
    Some((period.span_seconds(1), period.span_seconds(1)))
}

/// The shortest and the longest seconds between two of the days that a field of weekdays names: crontab(5), 0 and 7 are Sunday.
fn between_days(field: &str) -> Option<(u64, u64)> {
    let mut due = [false; 7];
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (item, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (0, 6),
            Some((first, last)) => (weekday(first)?, weekday(last)?),
            None => (weekday(range)?, weekday(range)?),
        };
        // A range that runs backwards is refused.
        if first > last {
            return None;
        }
        (first..=last).step_by(step).for_each(|day| due[day % 7] = true);
    }
    let days: Vec<usize> = (0..7).filter(|day| due[*day]).collect();
    let next = days.iter().skip(1).copied().chain(days.first().map(|day| day + 7));
    let gaps = || days.iter().zip(next.clone()).map(|(day, next)| (next - day) as u64 * DAY_SECONDS);
    Some((gaps().min()?, gaps().max()?))
}

/// A day of the week by number or by the first letters of its English name.
fn weekday(text: &str) -> Option<usize> {
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    NAMES.iter().position(|name| name.eq_ignore_ascii_case(text)).or_else(|| text.parse().ok().filter(|day| *day <= 7))
}

fn const_path<'a>(host: &Host<'a>, directory: &str) -> &'a str {
    host.text(&format!("{directory}/{TIMER}"))
}

fn step<'a>(host: &Host<'a>, phrase: &'static Phrase, path: &'a str) -> Evidence<'a> {
    Evidence::Step(phrase, host.arena().alloc_slice_copy(&[path]), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_schedules_are_understood() {
        let month = Period::Month.span_seconds(1);
        for (line, between) in [
            ("25 6 * * * root /usr/sbin/logrotate /etc/logrotate.conf", Some((DAY_SECONDS, DAY_SECONDS))),
            ("17 * * * * root logrotate x", Some((3_600, 3_600))),
            ("@daily root logrotate x", Some((DAY_SECONDS, DAY_SECONDS))),
            ("0 3 1 * * root logrotate x", Some((month, month))),
            ("*/5 * * * * root logrotate x", None),
        ] {
            assert_eq!(schedule(line), between, "{line}");
        }
        for (days, between) in [
            ("0", Some((7, 7))),
            ("7", Some((7, 7))),
            ("0,7", Some((7, 7))),
            ("Sun", Some((7, 7))),
            ("1-5", Some((1, 3))),
            ("mon-fri", Some((1, 3))),
            ("0,2,4,6", Some((1, 2))),
            ("*/2", Some((1, 2))),
            ("1-7", Some((1, 1))),
            ("5-1", None),
            ("8", None),
            ("*/0", None),
            ("1#2", None),
        ] {
            let seconds = between.map(|(shortest, longest)| (shortest * DAY_SECONDS, longest * DAY_SECONDS));
            assert_eq!(schedule(&format!("0 3 * * {days} root logrotate x")), seconds, "{days}");
        }
    }

    #[test]
    fn plain_calendar_events_are_understood() {
        for (event, period) in [
            ("daily", Some(Period::Day)),
            ("hourly", Some(Period::Hour)),
            ("*-*-* 02:30:00", Some(Period::Day)),
            ("03:00", Some(Period::Day)),
            ("*:0/15", None),
            ("Mon *-*-* 00:00:00", None),
        ] {
            assert_eq!(every(event), period, "{event}");
        }
    }
}
