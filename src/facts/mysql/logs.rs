//! Audit plugins and the general log into the row `database-audit` of `logs`.
//!
//! The binary log is no such stream: it holds changes of data, and neither logins nor reads.

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, State, Tables, Value, Why, logrotate};
use super::NAME;
use super::settings::Settings;
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

/// The columns of the query `plugins`.
pub(super) const COLUMNS: [&str; 3] = ["name", "status", "load_option"];
/// Every plugin.
pub(super) const SQL: &str =
    "SELECT PLUGIN_NAME AS name, PLUGIN_STATUS AS status, LOAD_OPTION AS load_option FROM information_schema.PLUGINS";

static FILTERS: Phrase = Phrase {
    zh: "{} 已加载，但它按过滤器记录，过滤器是否已分配未知",
    en: "{} is loaded, but records by filters, and whether any is assigned is not known",
};
static BY_SIZE: Phrase =
    Phrase { zh: "{}：按大小轮转，只保证容量", en: "{}: rotated by size, which guarantees a volume and no time" };

/// What a record of every statement of everybody tells.
const EVERYTHING: &[Value<'static>] =
    &[Value::Word("access"), Value::Word("auth"), Value::Word("command"), Value::Word("config-change"), Value::Word("privilege")];

/// What records what is done on the server.
struct Trail<'a> {
    path: Option<&'a str>,
    enabled: Cell<'a>,
    covers: Cell<'a>,
    retention: Cell<'a>,
    bounded_by: Cell<'a>,
    why: &'a str,
    locked: Option<bool>,
}

/// Pushes the row, and one for what could not be read.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    settings: &Settings<'a>,
    plugins: Option<&Answered<'a>>,
    tables: &mut Tables<'a>,
) {
    let gap = plugins.map_or(Some(Why::not_collected("commands/mysql.plugins.csv")), |answered| answered.gap(host, &COLUMNS));
    let trail = by_plugin(host, settings, plugins).or_else(|| by_general_log(host, settings));
    let recorded = trail.as_ref().is_some_and(|trail| trail.enabled.value() == Some(Value::Boolean(true)));
    let trail = trail.unwrap_or_else(|| nothing(host, settings));
    row(host, instance, &trail, tables);
    if let Some(why) = gap.filter(|_| !recorded) {
        let mut row = host.gap(&LOGS, NAME, why);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]));
        tables.push(row);
    }
}

/// Nothing records.
fn nothing<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Trail<'a> {
    let evidence = host.evidence(&settings.of("general_log").evidence);
    Trail {
        path: None,
        enabled: settings.of("general_log").cell(host, |it| it.on.map(Value::Boolean)),
        covers: Cell::known(Value::List(&[]), evidence),
        retention: Cell::known(Value::Duration(0), evidence),
        bounded_by: Cell::unset(evidence),
        why: "general_log=OFF",
        locked: None,
    }
}

/// The audit plugin that is active.
fn by_plugin<'a>(host: &Host<'a>, settings: &Settings<'a>, plugins: Option<&Answered<'a>>) -> Option<Trail<'a>> {
    let answered = plugins?;
    let active = answered.records(COLUMNS)?.find(|(_, [name, status, _])| {
        let name = name.to_ascii_lowercase();
        *status == "ACTIVE" && (name == "server_audit" || name.starts_with("audit_log"))
    })?;
    let (record, [name, _, load]) = active;
    let evidence = host.evidence(&[answered.decides(record)]);
    let locked = Some(load == "FORCE_PLUS_PERMANENT");
    if name.eq_ignore_ascii_case("server_audit") {
        return Some(Trail { locked, ..server_audit(host, settings, evidence) });
    }
    let enabled = Cell::unknown(Why::new("filters-not-known", &FILTERS, name), evidence);
    let prune = settings.of("audit_log_prune_seconds");
    let most = settings.of("audit_log_max_size").cell(host, |it| it.size);
    let rotates = settings.of("audit_log_rotate_on_size").certain().and_then(|it| it.size);
    let by_size = matches!(most.value(), Some(Value::Size(_)));
    let (retention, bounded_by) = if by_size {
        (Cell::known(Value::Duration(0), most.evidence), Cell::known(Value::Word("size"), most.evidence))
    } else {
        let kept = prune.cell(host, |it| it.duration);
        // Nothing is pruned unless the plugin itself rotates.
        let never = !matches!(rotates, Some(Value::Size(_))) || kept.value() == Some(Value::Unlimited);
        let kept = if never && kept.value().is_some() { Cell::known(Value::Unlimited, kept.evidence) } else { kept };
        (kept, Cell::known(Value::Word(if never { "nothing" } else { "time" }), kept.evidence))
    };
    Some(Trail {
        path: Some("audit.log"),
        enabled,
        covers: Cell::known(Value::List(EVERYTHING), enabled.evidence),
        retention,
        bounded_by,
        why: "audit_log_prune_seconds",
        locked,
    })
}

/// MariaDB's audit plugin.
fn server_audit<'a>(host: &Host<'a>, settings: &Settings<'a>, loaded: &'a [Evidence<'a>]) -> Trail<'a> {
    let logging = settings.of("server_audit_logging");
    let enabled = logging.cell(host, |it| it.on.map(Value::Boolean));
    let enabled = Cell { evidence: host.evidence(&[enabled.evidence, loaded].concat()), ..enabled };
    let path = settings.of("server_audit_file_path").certain().map_or("server_audit.log", |it| it.text);
    let to_syslog = settings.of("server_audit_output_type").certain().is_some_and(|it| it.text.eq_ignore_ascii_case("syslog"));
    let size = settings.of("server_audit_file_rotate_size").cell(host, |it| it.size);
    let formula = Evidence::Step(&BY_SIZE, host.arena().alloc_slice_copy(&[path]), None);
    let evidence = host.evidence(&[size.evidence, &[formula]].concat());
    Trail {
        path: (!to_syslog).then_some(path),
        enabled,
        covers: recorded(host, settings, enabled.evidence),
        retention: if to_syslog {
            Cell::unknown(Why::not_understood("server_audit_output_type=syslog"), evidence)
        } else {
            Cell::known(Value::Duration(0), evidence)
        },
        bounded_by: Cell::known(Value::Word("size"), evidence),
        why: "server_audit_file_rotate_size × server_audit_file_rotations",
        locked: None,
    }
}

/// What MariaDB's plugin records: logins whoever it is, statements of those whom no list leaves out (MariaDB documentation, "MariaDB
/// Audit Plugin - Log Settings" and "MariaDB Audit Plugin Options and System Variables").
fn recorded<'a>(host: &Host<'a>, settings: &Settings<'a>, enabled: &[Evidence<'a>]) -> Cell<'a> {
    let [events, excluded, included] = ["server_audit_events", "server_audit_excl_users", "server_audit_incl_users"]
        .map(|name| settings.of(name).cell(host, |it| Some(Value::Text(it.text))));
    if let Some(unknown) = [events, excluded, included].into_iter().find(|cell| matches!(cell.state, State::Unknown(..))) {
        return unknown;
    }
    let text = |cell: Cell<'a>| if let Some(Value::Text(text)) = cell.value() { text } else { "" };
    let listed = |event: &str| text(events).split(',').any(|it| it.trim().eq_ignore_ascii_case(event));
    let all = text(events).trim().is_empty();
    let limits: Vec<Cell<'a>> = [excluded, included].into_iter().filter(|cell| !text(*cell).trim().is_empty()).collect();
    let of_everybody = |event: &str| limits.is_empty() && listed(event);
    let every = limits.is_empty() && all || of_everybody("QUERY");
    let changes = of_everybody("QUERY_DML") || of_everybody("QUERY_DML_NO_SELECT");
    let (definitions, privileges) = (every || of_everybody("QUERY_DDL"), every || of_everybody("QUERY_DCL"));
    let words = [
        ("access", every || of_everybody("QUERY_DML") || of_everybody("TABLE")),
        ("auth", all || listed("CONNECT")),
        ("command", every || changes && definitions && privileges),
        ("config-change", definitions),
        ("privilege", privileges),
    ];
    let covered = words.into_iter().filter(|(_, is)| *is).map(|(word, _)| Value::Word(word)).collect::<Vec<_>>();
    let pieces = limits.iter().map(|cell| cell.evidence).chain([if all { &[] } else { events.evidence }, enabled]);
    Cell::known(Value::List(host.arena().alloc_slice_copy(&covered)), host.evidence(&pieces.collect::<Vec<_>>().concat()))
}

/// The general log, where it goes to a file; logrotate deletes it, or nobody.
fn by_general_log<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Option<Trail<'a>> {
    let log = settings.of("general_log");
    if log.is_on() != Some(true) {
        return None;
    }
    let output = settings.of("log_output").certain()?.text.to_ascii_uppercase();
    let path = settings.of("general_log_file").certain().map(|it| it.text).filter(|_| output.contains("FILE"));
    let enabled = log.cell(host, |_| Some(Value::Boolean(!output.contains("NONE"))));
    let absolute = path.filter(|path| path.starts_with('/'));
    let kept = absolute.map(|path| logrotate::retention_of(host, path));
    let unknown = Cell::unknown(Why::not_understood("general_log_file"), enabled.evidence);
    let why = kept.and_then(|kept| match kept.why.value() {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    });
    Some(Trail {
        path,
        enabled,
        covers: Cell::known(Value::List(EVERYTHING), enabled.evidence),
        retention: kept.map_or(unknown, |kept| kept.kept),
        bounded_by: kept.map_or(unknown, |kept| kept.bounded_by),
        why: why.unwrap_or("logrotate"),
        locked: None,
    })
}

/// The row.
fn row<'a>(host: &Host<'a>, instance: &'a str, trail: &Trail<'a>, tables: &mut Tables<'a>) {
    let evidence = trail.enabled.evidence;
    let mut row = host.row(&LOGS, NAME);
    row.instance(instance);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]))
        .set(const { LOGS.column("path") }, trail.path.map_or(Cell::unset(evidence), |path| Cell::known(Value::Text(path), evidence)))
        .set(const { LOGS.column("enabled") }, trail.enabled)
        .set(const { LOGS.column("covers") }, trail.covers)
        .set(const { LOGS.column("retention") }, trail.retention)
        .set(const { LOGS.column("bounded-by") }, trail.bounded_by)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(trail.why), trail.retention.evidence))
        .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), evidence))
        .set(const { LOGS.column("forwarding-encrypted") }, Cell::unset(evidence))
        .set(const { LOGS.column("forwarding-reliable") }, Cell::unset(evidence))
        .set(const { LOGS.column("level") }, Cell::unset(evidence))
        .set(
            const { LOGS.column("tamper-protection") },
            trail.locked.map_or(Cell::unset(evidence), |locked| Cell::known(Value::Boolean(locked), evidence)),
        );
    tables.push(row);
}
