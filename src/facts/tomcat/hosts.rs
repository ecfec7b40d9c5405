//! `Host`, `Realm` and access log valves into what holds for each virtual host and each realm.

use super::load::{Instance, Reading, class, switch};
use crate::facts::{Cell, Documented, Evidence, Host, State, Tables, Value, Why, logrotate};
use crate::parse::xml::Element;
use crate::schema::neutral::LOGS;
use crate::schema::tomcat::{TOMCAT_HOSTS as TABLE, TOMCAT_REALMS as REALMS};

/// The most realms inside one another.
const DEPTH_MOST: usize = 8;

const fn documented(setting: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions: "Tomcat", source }
}

static AUTO: Documented = documented("autoDeploy true", "Apache Tomcat Configuration Reference, The Host Container, autoDeploy");
static XML: Documented = documented("deployXML true", "Apache Tomcat Configuration Reference, The Host Container, deployXML");
static REPORT: Documented = documented("showReport true", "Apache Tomcat Configuration Reference, Error Report Valve");
static INFO: Documented = documented("showServerInfo true", "Apache Tomcat Configuration Reference, Error Report Valve");
static FAILURES: Documented = documented("failureCount 5", "Apache Tomcat Configuration Reference, LockOut Realm");
static LOCKED: Documented = documented("lockOutTime 300", "Apache Tomcat Configuration Reference, LockOut Realm");
static PLAIN: Documented = documented(
    "no CredentialHandler: passwords are kept in clear",
    "Apache Tomcat Configuration Reference, The CredentialHandler Component",
);
static MAX_DAYS: Documented = documented("maxDays -1", "Apache Tomcat Configuration Reference, Access Log Valve, maxDays");

/// What is around a host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'t, 'p, 'a> {
    /// The instance.
    pub instance: Instance<'a>,
    /// How attributes are read.
    pub reading: Reading<'p, 'a>,
    /// The engine.
    pub engine: &'t Element<'a>,
    /// Why there could be more in server.xml.
    pub gap: Option<Why<'a>>,
}

/// Pushes the row of a host and of its log.
pub(super) fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>, around: &Around<'_, '_, 'a>, element: &Element<'a>) {
    let Around { instance, reading, engine, gap } = *around;
    let by = host.evidence(&[reading.begins(element)]);
    let name = reading.value(host, element, "name").map_or("", |(name, _)| name);
    let default =
        |documented: &'static Documented| Cell::known(Value::Boolean(true), host.evidence(&[Evidence::Default(documented), by[0]]));
    let open = |cell: Cell<'a>, certain: bool| match gap.filter(|_| !certain) {
        Some(why) => Cell::unknown(why, cell.evidence),
        None => cell,
    };
    let report = element.all("Valve").find(|valve| class(valve) == "ErrorReportValve");
    let told = |attribute, documented| match report {
        Some(valve) => {
            let shown = host.evidence(&[Evidence::Default(documented), reading.begins(valve)]);
            reading.cell(host, valve, attribute, Cell::known(Value::Boolean(true), shown), switch)
        }
        None => open(default(documented), false),
    };
    let logs: Vec<&Element<'a>> =
        [element, engine].into_iter().flat_map(|outer| outer.all("Valve")).filter(|valve| is_log(valve)).collect();
    let log = logs.iter().find(|valve| writes_all(valve)).copied();
    let logged = match log {
        Some(valve) => Cell::known(Value::Boolean(true), host.evidence(&[reading.begins(valve)])),
        None => {
            open(Cell::known(Value::Boolean(false), host.evidence(&[logs.first().map_or(by[0], |valve| reading.begins(valve))])), false)
        }
    };
    let fields = match log {
        Some(valve) => fields(host, reading, valve),
        None => {
            Cell { evidence: logged.evidence, state: if logged.value().is_some() { State::Known(Value::List(&[])) } else { logged.state } }
        }
    };
    let mut row = host.row(&TABLE, super::NAME);
    row.instance(instance.name)
        .set(const { TABLE.column("host") }, Cell::known(Value::Text(name), by))
        .set(const { TABLE.column("auto-deploy") }, reading.cell(host, element, "autoDeploy", default(&AUTO), switch))
        .set(const { TABLE.column("deploy-xml") }, reading.cell(host, element, "deployXML", default(&XML), switch))
        .set(const { TABLE.column("logged") }, logged)
        .set(const { TABLE.column("log-fields") }, fields)
        .set(const { TABLE.column("error-report") }, told("showReport", &REPORT))
        .set(const { TABLE.column("server-info") }, told("showServerInfo", &INFO));
    tables.push(row);
    for valve in element.all("Valve").filter(|valve| is_log(valve)) {
        log_row(host, tables, &instance, reading, valve);
    }
}

/// Whether a valve writes an access log.
pub(super) fn is_log(valve: &Element<'_>) -> bool {
    matches!(class(valve), "AccessLogValve" | "ExtendedAccessLogValve" | "JsonAccessLogValve")
}

/// Whether a log valve writes every request.
fn writes_all(valve: &Element<'_>) -> bool {
    let conditional = ["condition", "conditionIf", "conditionUnless"].iter().any(|name| valve.attribute(name).is_some());
    let off = valve.attribute("enabled").is_some_and(|it| !it.value.eq_ignore_ascii_case("true"));
    !conditional && !off
}

/// The cell `log-fields`.
fn fields<'a>(host: &Host<'a>, reading: Reading<'_, 'a>, valve: &Element<'a>) -> Cell<'a> {
    let (pattern, by) = reading.value(host, valve, "pattern").unwrap_or(("common", reading.begins(valve)));
    let evidence = host.evidence(&[by]);
    let words: &[(&'static str, &[&str])] = &[
        ("client", &["%h", "%a", "%{X-Forwarded-For}i", "%{x-forwarded-for}i", "c-ip", "x-H(remoteAddr)"]),
        ("request", &["%r", "%U", "cs-uri", "cs-uri-stem"]),
        ("status", &["%s", "sc-status"]),
        ("time", &["%t", "%{", "time"]),
        ("user", &["%u", "x-H(remoteUser)"]),
    ];
    let shown = |(word, pieces): &(&'static str, &[&str])| {
        let held = |piece: &&str| match *piece {
            // A time in a format of its own: `%{yyyy}t`.
            "%{" => pattern.split("%{").skip(1).any(|rest| rest.split_once('}').is_some_and(|(_, after)| after.starts_with('t'))),
            piece => pattern.contains(piece),
        };
        (matches!(pattern, "common" | "combined") || pieces.iter().any(held)).then_some(Value::Word(word))
    };
    if class(valve) == "JsonAccessLogValve" && pattern.contains("${") {
        return Cell::unknown(Why::not_understood(pattern), evidence);
    }
    let found: Vec<Value<'a>> = words.iter().filter_map(shown).collect();
    Cell::known(Value::List(host.arena().alloc_slice_copy(&found)), evidence)
}

/// Pushes the row of an access log into the table `logs`.
pub(super) fn log_row<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &Instance<'a>,
    reading: Reading<'_, 'a>,
    valve: &Element<'a>,
) {
    let begins = host.evidence(&[reading.begins(valve)]);
    let text = |name, default| reading.value(host, valve, name).map_or(default, |(text, _)| text);
    let rotates = !text("rotatable", "true").eq_ignore_ascii_case("false");
    let stem = format!("{}/{}", text("directory", "logs"), text("prefix", "access_log"));
    let days = reading.value(host, valve, "maxDays");
    let (days, by) = match days {
        Some((days, by)) => (days.parse::<i64>().map_err(|_| days), host.evidence(&[by])),
        None => (Ok(-1), host.evidence(&[Evidence::Default(&MAX_DAYS), begins[0]])),
    };
    let end = text("suffix", "");
    let path = path(host, instance, &if rotates { format!("{stem}*{end}") } else { format!("{stem}{end}") });
    file_row(host, tables, instance, ("web-access", &["access"]), (path, if rotates { days } else { Ok(-1) }, by));
}

/// A path that may be relative to CATALINA_BASE.
fn path<'a>(host: &Host<'a>, instance: &Instance<'a>, path: &str) -> &'a str {
    match (path.starts_with('/'), instance.base.strip_prefix("var/lib/"), path.strip_prefix("logs/")) {
        (true, ..) => host.text(path),
        // Packages make `logs` a link to /var/log.
        (false, Some(name), Some(rest)) => host.text(&format!("/var/log/{name}/{rest}")),
        (false, ..) => host.text(&format!("/{}/{path}", instance.base)),
    }
}

/// Pushes the row of a log of files that are deleted after some days; -1: never.
pub(super) fn file_row<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &Instance<'a>,
    (stream, covers): (&'static str, &[&'static str]),
    (file, days, by): (&'a str, Result<i64, &'a str>, &'a [Evidence<'a>]),
) {
    if !tables.wants(&LOGS) {
        return;
    }
    let path = path(host, instance, file);
    let rotated = logrotate::retention_of(host, path);
    let both = host.evidence(&[by, rotated.kept.evidence].concat());
    let own = days.map(|days| u64::try_from(days).ok().filter(|days| *days > 0).map(|days| days.saturating_mul(86_400)));
    let (retention, bounded) = match (own, rotated.kept.value()) {
        (Err(text), _) => (Cell::unknown(Why::not_understood(text), by), Cell::unknown(Why::not_understood(text), by)),
        (Ok(None), _) => (Cell { evidence: both, ..rotated.kept }, rotated.bounded_by),
        (Ok(Some(seconds)), Some(Value::Duration(other))) if other < seconds => {
            (Cell { evidence: both, ..rotated.kept }, rotated.bounded_by)
        }
        // Too short a time stays so whatever else deletes.
        (Ok(Some(seconds)), Some(_)) => (Cell::known(Value::Duration(seconds), both), Cell::known(Value::Word("time"), by)),
        (Ok(Some(seconds)), None) => {
            let ends = host.arena().alloc_slice_copy(&[Value::Duration(seconds), Value::Duration(0)]);
            let cell = match rotated.kept.state {
                State::Unknown(why, _) => Cell::one_of(why, ends, both),
                State::Known(_) | State::Unset => rotated.kept,
            };
            (cell, rotated.bounded_by)
        }
    };
    let formula = match days {
        Ok(days) if days > 0 => host.text(&format!("{path}: maxDays {days}")),
        _ => path,
    };
    let covers = host.arena().alloc_slice_fill_iter(covers.iter().map(|word| Value::Word(word)));
    let mut row = host.row(&LOGS, super::NAME);
    row.instance(host.text(&format!("{} {path}", instance.name)))
        .set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]))
        .set(const { LOGS.column("path") }, Cell::known(Value::Text(path), by))
        .set(const { LOGS.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { LOGS.column("covers") }, Cell::known(Value::List(covers), by))
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(formula), retention.evidence))
        .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), by));
    tables.push(row);
}

/// Pushes the rows of the realms of a container.
pub(super) fn realms<'a>(host: &Host<'a>, tables: &mut Tables<'a>, around: &Around<'_, '_, 'a>, scope: &'a str, container: &Element<'a>) {
    for realm in container.all("Realm") {
        realm_rows(host, tables, around, scope, (realm, None), 0);
    }
}

fn realm_rows<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    around: &Around<'_, '_, 'a>,
    scope: &'a str,
    (realm, lock): (&Element<'a>, Option<&Element<'a>>),
    depth: usize,
) {
    let name = class(realm);
    if depth < DEPTH_MOST && matches!(name, "CombinedRealm" | "LockOutRealm") {
        // One inside another adds no lock of its own to what the outer one keeps.
        let lock = lock.or((name == "LockOutRealm").then_some(realm));
        for inner in realm.all("Realm") {
            realm_rows(host, tables, around, scope, (inner, lock), depth + 1);
        }
        return;
    }
    let reading = around.reading;
    let by = host.evidence(&[reading.begins(realm)]);
    let local = match name {
        "UserDatabaseRealm" | "MemoryRealm" | "JDBCRealm" | "DataSourceRealm" => Cell::known(Value::Boolean(true), by),
        "JNDIRealm" | "JAASRealm" | "NullRealm" | "AuthenticatedUserRealm" => Cell::known(Value::Boolean(false), by),
        _ => Cell::unknown(Why::not_understood(host.text(name)), by),
    };
    let digest = if local.value() == Some(Value::Boolean(true)) { digest(host, reading, realm) } else { Cell::unset(by) };
    let (failures, time) = match lock {
        None => (Cell::unset(by), Cell::unset(by)),
        Some(lock) => {
            let default = |value, documented| Cell::known(value, host.evidence(&[Evidence::Default(documented), reading.begins(lock)]));
            (
                reading
                    .cell(host, lock, "failureCount", default(Value::Integer(5), &FAILURES), |text| text.parse().ok().map(Value::Integer)),
                reading
                    .cell(host, lock, "lockOutTime", default(Value::Duration(300), &LOCKED), |text| text.parse().ok().map(Value::Duration)),
            )
        }
    };
    let around_it = host.evidence(&[lock.map_or(by[0], |lock| reading.begins(lock))]);
    let mut row = host.row(&REALMS, super::NAME);
    row.instance(around.instance.name)
        .set(const { REALMS.column("scope") }, Cell::known(Value::Text(scope), by))
        .set(const { REALMS.column("realm") }, Cell::known(Value::Text(host.text(name)), by))
        .set(const { REALMS.column("local") }, local)
        .set(const { REALMS.column("digest") }, digest)
        .set(const { REALMS.column("lockout") }, Cell::known(Value::Boolean(lock.is_some()), around_it))
        .set(const { REALMS.column("failures") }, failures)
        .set(const { REALMS.column("lock-time") }, time);
    tables.push(row);
}

/// The cell `digest`: by the credential handler, or the attribute `digest` of Tomcat 8 and earlier.
fn digest<'a>(host: &Host<'a>, reading: Reading<'_, 'a>, realm: &Element<'a>) -> Cell<'a> {
    let Some(handler) = realm.all("CredentialHandler").next() else {
        let none = Cell::known(Value::Word("none"), host.evidence(&[Evidence::Default(&PLAIN), reading.begins(realm)]));
        return reading.cell(host, realm, "digest", none, |text| algorithm(text).map(Value::Word));
    };
    let by = host.evidence(&[reading.begins(handler)]);
    match class(handler) {
        "SecretKeyCredentialHandler" => Cell::known(Value::Word("pbkdf2"), by),
        "MessageDigestCredentialHandler" => {
            let unknown = Cell::unknown(Why::version_not_known("Tomcat"), by);
            reading.cell(host, handler, "algorithm", unknown, |text| algorithm(text).map(Value::Word))
        }
        name => Cell::unknown(Why::not_understood(host.text(name)), by),
    }
}

/// The word for an algorithm of java.security.
fn algorithm(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('-', "");
    match name.as_str() {
        "md5" | "md2" => Some("md5"),
        "sha" | "sha1" => Some("sha-1"),
        "sha224" | "sha256" | "sha384" | "sha512" => Some("sha-2"),
        _ if name.contains("${") => None,
        _ => Some("other"),
    }
}
