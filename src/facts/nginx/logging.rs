//! `access_log`, `log_format` and `error_log` into what is logged of a request, where, and for how long it is kept.

use super::load::{Block, Entry};
use super::scope::Chain;
use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why, logrotate};
use crate::schema::neutral::LOGS;

/// nginx's own format.
const COMBINED: &str =
    "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";

static DEFAULT_ACCESS: Documented = Documented {
    setting: "access_log logs/access.log combined",
    versions: "nginx; packages put it into /var/log/nginx",
    source: "nginx.org/en/docs/http/ngx_http_log_module.html#access_log",
};
static DEFAULT_ERROR: Documented = Documented {
    setting: "error_log logs/error.log error",
    versions: "nginx; packages put it into /var/log/nginx",
    source: "nginx.org/en/docs/ngx_core_module.html#error_log",
};

/// What is logged of requests that a chain of blocks holds for.
#[derive(Clone, Debug)]
pub(super) struct Logging<'a> {
    /// Whether they are: a word of the column `logged`.
    pub logged: Cell<'a>,
    /// Files and receivers, those that every request goes to first.
    pub targets: Vec<&'a str>,
    /// The cell `log-fields`.
    pub fields: Cell<'a>,
}

/// The path of a log that no line sets.
fn default_path(main: &str, name: &'static str) -> &'static str {
    match (main.starts_with("etc/"), name) {
        (true, "access") => "/var/log/nginx/access.log",
        (true, _) => "/var/log/nginx/error.log",
        (false, "access") => "/usr/local/nginx/logs/access.log",
        (false, _) => "/usr/local/nginx/logs/error.log",
    }
}

/// What is logged of requests.
pub(super) fn access<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Logging<'a> {
    let found = chain.several(&["access_log"]);
    let evidence = found.evidence(host, chain.main);
    if let Some(why) = found.doubt {
        let unknown = Cell::unknown(why, evidence);
        return Logging { logged: unknown, targets: Vec::new(), fields: unknown };
    }
    if found.entries.is_empty() {
        let fields = chain.default(host, host.texts(&variables(COMBINED)), &DEFAULT_ACCESS);
        let logged = Cell::known(Value::Word("always"), fields.evidence);
        return Logging { logged, targets: vec![default_path(chain.main, "access")], fields };
    }
    let conditional = |line: &&&Entry<'a>| line.words.iter().skip(1).any(|word| word.starts_with("if="));
    let writes = || found.entries.iter().filter(|line| line.word(0) != "/dev/null");
    let always: Vec<&&Entry<'a>> = writes().filter(|line| !conditional(line)).collect();
    let off = found.entries.iter().find(|line| line.word(0) == "off" && line.words.len() == 1);
    let (word, counted) = match (off, always.is_empty(), writes().next()) {
        (Some(line), ..) => {
            let evidence = host.evidence(&[line.decides()]);
            let nothing = Cell::known(Value::List(&[]), evidence);
            return Logging { logged: Cell::known(Value::Word("never"), evidence), targets: Vec::new(), fields: nothing };
        }
        (None, true, None) => ("never", Vec::new()),
        (None, true, Some(_)) => ("conditional", writes().take(1).collect()),
        (None, false, _) => ("always", always),
    };
    let mut targets: Vec<&'a str> = Vec::new();
    for line in counted.iter().copied().copied().chain(writes().copied()) {
        if !targets.contains(&line.word(0)) {
            targets.push(line.word(0));
        }
    }
    Logging { logged: Cell::known(Value::Word(word), evidence), targets, fields: fields(host, chain, &counted, evidence) }
}

/// The variables of the formats of some lines.
fn fields<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, lines: &[&&Entry<'a>], evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let mut names: Vec<&'a str> = Vec::new();
    let mut pieces = evidence.to_vec();
    for line in lines {
        let name = line.words.iter().skip(1).find(|word| !word.contains('=') && **word != "gzip").copied().unwrap_or("combined");
        let http = chain.blocks.last();
        let format = http.and_then(|block| block.all("log_format").find(|format| format.word(0) == name));
        match format {
            Some(format) => {
                pieces.push(Evidence::Reference(format.source.span(format.text)));
                names.extend(format.words.iter().skip(1).flat_map(|text| variables(text)));
            }
            None if name == "combined" => names.extend(variables(COMBINED)),
            None => {
                let why = http.and_then(|block| block.gaps.first().copied()).unwrap_or_else(|| Why::not_understood(name));
                return Cell::unknown(why, evidence);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    Cell::known(host.texts(&names), host.evidence(&pieces))
}

/// The variables in a text: `$status`, `${status}`.
fn variables(text: &str) -> Vec<&str> {
    let parts = text.split('$').skip(1).map(|rest| rest.strip_prefix('{').unwrap_or(rest));
    let names = parts.map(|rest| &rest[..rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()]);
    names.filter(|name| !name.is_empty()).collect()
}

/// Logs that were seen, so that each set of them has one row.
#[derive(Debug, Default)]
pub(super) struct Seen<'a> {
    rows: Vec<(&'static str, Vec<&'a str>)>,
}

impl<'a> Seen<'a> {
    /// Pushes the row of a set of logs that was not seen before.
    pub(super) fn push(
        &mut self,
        host: &Host<'a>,
        tables: &mut Tables<'a>,
        stream: &'static str,
        log: (&[&'a str], Cell<'a>, Option<&'a str>),
    ) {
        let (targets, shown, level) = log;
        let known = self.rows.iter().any(|(of, seen)| *of == stream && seen == targets);
        if known || targets.is_empty() || !host.spend(1) {
            return;
        }
        self.rows.push((stream, targets.to_vec()));
        let enabled = Cell::known(Value::Boolean(true), shown.evidence);
        let covers: &'static [Value<'static>] = if stream == "web-access" { &[Value::Word("access")] } else { &[] };
        let mut row = host.row(&LOGS, super::NAME);
        row.instance(host.text(&targets.join(", ")));
        row.set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]))
            .set(const { LOGS.column("enabled") }, enabled)
            .set(const { LOGS.column("covers") }, Cell::known(Value::List(covers), shown.evidence));
        if let Some(level) = level {
            row.set(const { LOGS.column("level") }, Cell::known(Value::Text(level), shown.evidence));
        }
        let receivers: Vec<&'a str> = targets.iter().filter_map(|target| receiver(target)).collect();
        row.set(const { LOGS.column("forwarded") }, Cell::known(host.texts(&receivers), shown.evidence));
        if !receivers.is_empty() {
            // syslog of nginx is UDP in clear.
            let no = Cell::known(Value::Boolean(false), shown.evidence);
            row.set(const { LOGS.column("forwarding-encrypted") }, no).set(const { LOGS.column("forwarding-reliable") }, no);
        }
        let files: Vec<&'a str> = targets.iter().filter(|target| target.starts_with('/')).copied().collect();
        kept(host, &mut row, &files, targets, shown.evidence);
        tables.push(row);
    }
}

/// Sets the cells about how long files are kept: of the file that is kept longest.
fn kept<'a>(host: &Host<'a>, row: &mut crate::facts::RowBuilder<'a>, files: &[&'a str], targets: &[&'a str], by: &'a [Evidence<'a>]) {
    let seconds = |cell: &Cell<'a>| match cell.value() {
        Some(Value::Unlimited) => u64::MAX,
        Some(Value::Duration(seconds)) => seconds,
        _ => 0,
    };
    let all = files.iter().map(|file| (*file, logrotate::retention_of(host, &pattern(file))));
    let Some((file, best)) = all.max_by_key(|(_, retention)| seconds(&retention.kept)) else {
        let elsewhere = targets.iter().find(|target| receiver(target).is_none());
        let cell = match elsewhere {
            Some(target) => Cell::unknown(Why::not_understood(target), by),
            None => Cell::known(Value::Duration(0), by),
        };
        let why = elsewhere.copied().unwrap_or("nothing kept");
        row.set(const { LOGS.column("retention") }, cell).set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(why), by));
        return;
    };
    let evidence = host.evidence(&[best.kept.evidence, by].concat());
    let formula = match best.why.value() {
        Some(Value::Text(text)) => host.text(&format!("{file}: {text}")),
        _ => file,
    };
    row.set(const { LOGS.column("path") }, Cell::known(Value::Text(file), by))
        .set(const { LOGS.column("retention") }, Cell { evidence, ..best.kept })
        .set(const { LOGS.column("bounded-by") }, best.bounded_by)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(formula), evidence));
}

/// A path as a pattern of names: variables in it stand for any text.
fn pattern(path: &str) -> String {
    let mut parts = path.split('$');
    let mut pattern = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let braced = part.starts_with('{');
        let name = part.bytes().skip(usize::from(braced)).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        pattern.push('*');
        pattern.push_str(part.get(name + 2 * usize::from(braced)..).unwrap_or_default());
    }
    pattern
}

/// The host that `syslog:server=…` sends to; none for the host's own socket.
pub(super) fn receiver(target: &str) -> Option<&str> {
    let parameters = target.strip_prefix("syslog:")?;
    let server = parameters.split(',').find_map(|parameter| parameter.strip_prefix("server="))?;
    if server.starts_with("unix:") {
        return None;
    }
    if let Some(rest) = server.strip_prefix('[') {
        return rest.split(']').next();
    }
    Some(server.split(':').next().unwrap_or(server))
}

/// Pushes the rows of the error logs of a chain.
pub(super) fn errors<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, seen: &mut Seen<'a>, tables: &mut Tables<'a>) {
    let found = chain.several(&["error_log"]);
    let evidence = found.evidence(host, chain.main);
    if found.doubt.is_some() {
        return;
    }
    if found.entries.is_empty() {
        let shown = chain.default(host, Value::Boolean(true), &DEFAULT_ERROR);
        return seen.push(host, tables, "web-error", (&[default_path(chain.main, "error")], shown, Some("error")));
    }
    let targets: Vec<&'a str> = found.entries.iter().map(|line| line.word(0)).filter(|word| *word != "/dev/null").collect();
    let level = found.entries.first().map(|line| line.word(1)).filter(|word| !word.is_empty()).unwrap_or("error");
    let shown = Cell::known(Value::Boolean(true), evidence);
    if targets.is_empty() {
        let mut row = host.row(&LOGS, super::NAME);
        row.instance("/dev/null");
        let off = Cell::known(Value::Boolean(false), evidence);
        row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("web-error"), &[]))
            .set(const { LOGS.column("enabled") }, off)
            .set(const { LOGS.column("covers") }, Cell::known(Value::List(&[]), evidence))
            .set(const { LOGS.column("retention") }, Cell::known(Value::Duration(0), evidence))
            .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), evidence));
        return tables.push(row);
    }
    seen.push(host, tables, "web-error", (&targets, shown, Some(level)));
}

/// Whether a block says anything about error logs.
pub(super) fn sets_errors(block: &Block<'_>) -> bool {
    block.all("error_log").next().is_some()
}
