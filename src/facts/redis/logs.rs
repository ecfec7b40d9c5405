//! Where Redis logs into a row of `logs`.
//!
//! Redis records starts, saves and errors, and no commands: `ACL LOG` and the slow log are lists in memory.

use super::super::{Cell, Host, Tables, Value, Why, logrotate};
use super::NAME;
use super::settings::Settings;
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

static SYSLOG: Phrase =
    Phrase { zh: "{} 交给 syslog，保存由 syslog 决定", en: "{} logs to syslog, which decides how long records are kept" };
static STANDARD_OUTPUT: Phrase = Phrase {
    zh: "{} 写到标准输出，由启动它的服务决定去向",
    en: "{} writes to standard output, and what starts it decides where that goes",
};

/// Pushes the row of a server.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&LOGS) {
        return;
    }
    let evidence = settings.of("logfile").evidence;
    let stream = Cell::known(Value::Word("database-audit"), &[]);
    let (Some(file), Some(syslog)) = (settings.certain("logfile"), settings.is_on("syslog-enabled")) else {
        let why = settings.gap.unwrap_or(Why::not_understood("logfile"));
        let mut row = host.gap(&LOGS, NAME, why);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, stream);
        tables.push(row);
        return;
    };
    let path = match settings.certain("dir").map(|it| it.text) {
        Some(directory) if !file.text.starts_with('/') && directory.starts_with('/') => {
            host.text(&format!("{}/{}", directory.trim_end_matches('/'), file.text))
        }
        _ => file.text,
    };
    let kept = (path.starts_with('/') && !syslog).then(|| logrotate::retention_of(host, path));
    let why = if syslog { Why::new("logged-by-syslog", &SYSLOG, "redis") } else { Why::new("logged-to-stdout", &STANDARD_OUTPUT, "redis") };
    let elsewhere = Cell::unknown(why, evidence);
    let enabled = if file.text.is_empty() && !syslog { elsewhere } else { Cell::known(Value::Boolean(true), evidence) };
    let mut row = host.row(&LOGS, NAME);
    row.instance(instance);
    row.set(const { LOGS.column("stream") }, stream)
        .set(const { LOGS.column("path") }, if file.text.is_empty() { elsewhere } else { Cell::known(Value::Text(path), evidence) })
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, Cell::known(Value::List(&[]), evidence))
        .set(const { LOGS.column("retention") }, kept.map_or(elsewhere, |it| it.kept))
        .set(const { LOGS.column("bounded-by") }, kept.map_or(elsewhere, |it| it.bounded_by))
        .set(const { LOGS.column("retention-why") }, kept.map_or(elsewhere, |it| it.why))
        .set(const { LOGS.column("forwarded") }, if syslog { elsewhere } else { Cell::known(Value::List(&[]), evidence) })
        .set(const { LOGS.column("forwarding-encrypted") }, if syslog { elsewhere } else { Cell::unset(evidence) })
        .set(const { LOGS.column("forwarding-reliable") }, if syslog { elsewhere } else { Cell::unset(evidence) })
        .set(const { LOGS.column("level") }, settings.cell("loglevel", |it| Some(Value::Text(it.text))))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(evidence));
    tables.push(row);
}
