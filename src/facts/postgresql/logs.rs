//! Where an installation logs, and what its rotation overwrites, into a row of `logs`.
//!
//! The server deletes nothing. It overwrites where rotation by time comes to a name that is there and log_truncate_on_rotation is on
//! (manual, "Where to Log"); until then only logrotate or somebody's script takes files away.

use super::super::logrotate;
use super::super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use super::NAME;
use super::installations::Installation;
use super::settings::{self, Effective};
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

const DAY: u64 = 86_400;

static STDERR: Phrase = Phrase {
    zh: "{} 写到标准错误，由启动它的服务决定去向",
    en: "{} writes to standard error, and what starts it decides where that goes",
};
static SYSLOG: Phrase =
    Phrase { zh: "{} 交给 syslog，保存由 syslog 决定", en: "{} logs to syslog, which decides how long records are kept" };

/// Pushes the row of an installation.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&LOGS) {
        return;
    }
    let setting = |name| settings::named(host, installation, name);
    let (Some(collector), Some(destination)) = (setting("logging_collector"), setting("log_destination")) else { return };
    let mut row = host.row(&LOGS, NAME);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]))
        .set(const { LOGS.column("covers") }, covers(host, installation));
    let to = |name: &str| destination.known().and_then(|read| read.items).map(|items| items.contains(&Value::Text(host.text(name))));
    let on = collector.known().and_then(|read| read.readings.on);
    let instance = installation.instance;
    match (on, to("syslog"), to("stderr")) {
        (Some(true), Some(_), _) => by_collector(host, installation, &collector, &mut row),
        (Some(false), Some(false), _) if installation.debian => by_debian(host, installation, &collector, &mut row),
        (_, Some(true), Some(_)) => elsewhere(&mut row, Why::new("logged-by-syslog", &SYSLOG, NAME), Some(true), destination.evidence()),
        (Some(false), Some(_), _) => elsewhere(&mut row, Why::new("logged-to-stderr", &STDERR, NAME), None, collector.evidence()),
        _ => {
            let why = match [&collector, &destination].into_iter().find_map(unknown) {
                Some(why) => why,
                None => Why::not_understood("log_destination"),
            };
            elsewhere(&mut row, why, None, collector.evidence());
        }
    }
    row.set(const { LOGS.column("forwarded") }, forwarded(installation, (on, to("syslog")), [&collector, &destination]));
    row.instance(instance);
    tables.push(row);
}

/// Where the server itself sends its records: nowhere while it writes them to files. What syslog or the journal do with them is
/// theirs to say.
fn forwarded<'a>(
    installation: &Installation<'a>,
    (collects, to_syslog): (Option<bool>, Option<bool>),
    settings: [&Effective<'a>; 2],
) -> Cell<'a> {
    let evidence = settings[1].evidence();
    match (collects, to_syslog) {
        (Some(true), Some(false)) => Cell::known(Value::List(&[]), evidence),
        (Some(false), Some(false)) if installation.debian => Cell::known(Value::List(&[]), evidence),
        (_, Some(true)) => Cell::unknown(Why::new("logged-by-syslog", &SYSLOG, NAME), evidence),
        (Some(false), Some(false)) => Cell::unknown(Why::new("logged-to-stderr", &STDERR, NAME), evidence),
        _ => Cell::unknown(settings.into_iter().find_map(unknown).unwrap_or(Why::not_understood("log_destination")), evidence),
    }
}

/// Why a setting is not known.
fn unknown<'a>(effective: &Effective<'a>) -> Option<Why<'a>> {
    match effective {
        Effective::Unknown(why, _) | Effective::OneOf(why, ..) => Some(*why),
        Effective::Known(..) => None,
    }
}

/// What the records tell: logins where they are logged, statements that define or change.
fn covers<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Cell<'a> {
    let (connections, statements) =
        (settings::named(host, installation, "log_connections"), settings::named(host, installation, "log_statement"));
    let mut words = Vec::new();
    if connections.as_ref().and_then(|it| it.known()).is_some_and(|read| read.readings.on == Some(true)) {
        words.push(Value::Word("auth"));
    }
    match statements.as_ref().and_then(|it| it.known()).map(|read| read.text) {
        Some("ddl") => words.push(Value::Word("config-change")),
        Some("mod" | "all") => words.extend([Value::Word("command"), Value::Word("config-change")]),
        _ => {}
    }
    let evidence = connections.map_or(&[][..], |it| it.evidence());
    Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), evidence)
}

/// Logs that something else keeps.
fn elsewhere<'a>(row: &mut RowBuilder<'a>, why: Why<'a>, enabled: Option<bool>, evidence: &'a [Evidence<'a>]) {
    let on = enabled.map_or(Cell::unknown(why, evidence), |on| Cell::known(Value::Boolean(on), evidence));
    row.set(const { LOGS.column("enabled") }, on)
        .set(const { LOGS.column("path") }, Cell::unknown(why, evidence))
        .set(const { LOGS.column("retention") }, Cell::unknown(why, evidence))
        .set(const { LOGS.column("bounded-by") }, Cell::unknown(why, evidence))
        .set(const { LOGS.column("retention-why") }, Cell::unknown(why, evidence));
}

/// Debian's pg_ctlcluster sends standard error to a file that logrotate rotates (pg_ctlcluster(1)).
fn by_debian<'a>(host: &Host<'a>, installation: &Installation<'a>, collector: &Effective<'a>, row: &mut RowBuilder<'a>) {
    let cluster = installation.instance.replace('/', "-");
    let path = host.text(&format!("/var/log/postgresql/postgresql-{cluster}.log"));
    let kept = logrotate::retention_of(host, path);
    row.set(const { LOGS.column("enabled") }, Cell::known(Value::Boolean(true), collector.evidence()))
        .set(const { LOGS.column("path") }, Cell::known(Value::Text(path), collector.evidence()))
        .set(const { LOGS.column("retention") }, kept.kept)
        .set(const { LOGS.column("bounded-by") }, kept.bounded_by)
        .set(const { LOGS.column("retention-why") }, kept.why);
}

/// Logs that the server's own collector writes.
fn by_collector<'a>(host: &Host<'a>, installation: &Installation<'a>, collector: &Effective<'a>, row: &mut RowBuilder<'a>) {
    let setting = |name| settings::named(host, installation, name);
    let text = |name| setting(name).and_then(|it| Some(it.known()?.text));
    row.set(const { LOGS.column("enabled") }, Cell::known(Value::Boolean(true), collector.evidence()));
    let (Some(directory), Some(name), Some(truncate)) = (text("log_directory"), text("log_filename"), setting("log_truncate_on_rotation"))
    else {
        let why = ["log_directory", "log_filename"].into_iter().filter_map(setting).find_map(|it| unknown(&it));
        elsewhere(row, why.unwrap_or(Why::not_understood("log_filename")), Some(true), collector.evidence());
        return;
    };
    let directory = if directory.starts_with('/') { directory.to_owned() } else { format!("/{}/{directory}", installation.data) };
    let pattern = host.text(&format!("{directory}/{name}"));
    let name_evidence = setting("log_filename").map_or(&[][..], |it| it.evidence());
    let evidence = host.evidence(&[name_evidence, truncate.evidence()].concat());
    row.set(const { LOGS.column("path") }, Cell::known(Value::Text(pattern), evidence));
    let by_time = setting("log_rotation_age").and_then(|it| it.known()?.readings.duration) != Some(Value::Unlimited);
    let own = match (truncate.known().and_then(|read| read.readings.on), cycle(name).filter(|_| by_time)) {
        (Some(false), _) | (_, None) => None,
        (Some(true), Some(seconds)) => Some(seconds),
        (None, Some(_)) => {
            let why = unknown(&truncate).unwrap_or(Why::not_understood("log_truncate_on_rotation"));
            return elsewhere(row, why, Some(true), evidence);
        }
    };
    if let Some(seconds) = own {
        let why = host.text(&format!(
            "log_filename {name} comes round after {} and is truncated",
            crate::names::unit::written(seconds, crate::names::unit::DURATION)
        ));
        row.set(const { LOGS.column("retention") }, Cell::known(Value::Duration(seconds), evidence))
            .set(const { LOGS.column("bounded-by") }, Cell::known(Value::Word("time"), evidence))
            .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(why), evidence));
        return;
    }
    let kept = logrotate::retention_of(host, &format!("{directory}/{}", globbed(name)));
    row.set(const { LOGS.column("retention") }, kept.kept)
        .set(const { LOGS.column("bounded-by") }, kept.bounded_by)
        .set(const { LOGS.column("retention-why") }, kept.why);
}

/// After how many seconds a name of strftime(3) comes round; none where it never does.
pub(super) fn cycle(name: &str) -> Option<u64> {
    let mut characters = name.chars();
    let letters: Vec<char> = std::iter::from_fn(|| characters.by_ref().skip_while(|it| *it != '%').nth(1)).collect();
    let any = |of: &[char]| letters.iter().any(|it| of.contains(it));
    let year = any(&['Y', 'y', 'G', 'g', 'C']);
    let (month, day_of_month) = (any(&['m', 'b', 'B', 'h']), any(&['d', 'e']));
    let week = any(&['V', 'U', 'W']);
    let weekday = any(&['a', 'A', 'u', 'w']);
    let whole_day = any(&['s', 'F', 'D', 'x', 'c']);
    if whole_day || year && (any(&['j']) || week || month) {
        return None;
    }
    let days = match () {
        () if any(&['j']) || month || week => 365,
        // The shortest month decides.
        () if day_of_month => 28,
        () if weekday => 7,
        () if any(&['H', 'k', 'I', 'l', 'p', 'T', 'R', 'M', 'S']) => 1,
        // A year does not come round, and a name that stays the same is appended to.
        () => return None,
    };
    Some(days * DAY)
}

/// A name of strftime(3) with a `*` for each part that changes.
fn globbed(name: &str) -> String {
    let mut glob = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => {
                characters.next();
                if !glob.ends_with('*') {
                    glob.push('*');
                }
            }
            other => glob.push(other),
        }
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;

    // strftime(3) says what each letter stands for.
    #[test]
    fn names_come_round() {
        assert_eq!(cycle("postgresql-%Y-%m-%d_%H%M%S.log"), None);
        assert_eq!(cycle("postgresql-%a.log"), Some(7 * DAY));
        assert_eq!(cycle("postgresql-%d.log"), Some(28 * DAY));
        assert_eq!(cycle("postgresql-%H.log"), Some(DAY));
        assert_eq!(cycle("postgresql-%a-%H.log"), Some(7 * DAY));
        assert_eq!(cycle("postgresql-%m%d.log"), Some(365 * DAY));
        assert_eq!(cycle("postgresql-%j.log"), Some(365 * DAY));
        assert_eq!((cycle("postgresql.log"), cycle("%Y.log"), cycle("%Y-%d.log")), (None, None, Some(28 * DAY)));
    }
}
