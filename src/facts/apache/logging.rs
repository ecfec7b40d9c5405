//! `CustomLog`, `TransferLog`, `LogFormat` and `ErrorLog` into what is logged of a request, where, and for how long it is kept.

use super::chain::Chain;
use super::load::Entry;
use super::sites::{Site, absolute};
use crate::facts::{Cell, Documented, Evidence, Host, State, Tables, Value, Why, logrotate};
use crate::schema::neutral::LOGS;

static NO_LOG: Documented = Documented {
    setting: "no CustomLog or TransferLog: requests are not logged",
    versions: "httpd 2.4",
    source: "Apache HTTP Server 2.4, Log Files, Access Log",
};
static ERROR_LOG: Documented =
    Documented { setting: "ErrorLog logs/error_log", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, core, ErrorLog" };
static LOG_LEVEL: Documented =
    Documented { setting: "LogLevel warn", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, core, LogLevel" };

/// The format that is used where no line names one.
const COMMON: &str = "%h %l %u %t \"%r\" %>s %b";

/// What is logged of a site's requests.
#[derive(Clone, Debug)]
pub(super) struct Logging<'a> {
    /// The cell `logged`.
    pub logged: Cell<'a>,
    /// Files and programs, without repetition.
    pub targets: Vec<&'a str>,
    /// The cell `log-fields`.
    pub fields: Cell<'a>,
}

/// What is logged of the requests of a site.
pub(super) fn access<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Logging<'a> {
    let found = chain.find(&["customlog", "transferlog"]);
    let always = chain.find(&["globallog"]);
    let mut lines = found.entries.clone();
    lines.extend(always.entries.iter().filter(|line| line.word(0) != "/dev/null"));
    lines.retain(|line| line.word(0) != "/dev/null");
    let evidence = match lines.as_slice() {
        [] if found.entries.is_empty() => host.evidence(&[Evidence::Default(&NO_LOG), Evidence::Searched(chain.main)]),
        [] => found.evidence(host, chain.main),
        lines => host.evidence(&lines.iter().take(32).map(|line| line.decides()).collect::<Vec<_>>()),
    };
    let conditional = |line: &&Entry<'a>| line.words.iter().skip(1).any(|word| word.starts_with("env=") || word.starts_with("expr="));
    let steady: Vec<&Entry<'a>> = lines.iter().copied().filter(|line| !conditional(line)).collect();
    if let (true, Some(why)) = (steady.is_empty(), found.doubt.or(always.doubt)) {
        let unknown = Cell::unknown(why, evidence);
        return Logging { logged: unknown, targets: Vec::new(), fields: unknown };
    }
    let (word, counted) = match (steady.is_empty(), lines.is_empty()) {
        (false, _) => ("always", steady),
        (true, false) => ("conditional", lines.clone()),
        (true, true) => ("never", Vec::new()),
    };
    let mut targets: Vec<&'a str> = Vec::new();
    for line in counted.iter().chain(&lines) {
        if !targets.contains(&line.word(0)) {
            targets.push(line.word(0));
        }
    }
    Logging { logged: Cell::known(Value::Word(word), evidence), targets, fields: fields(host, chain, &counted, evidence) }
}

/// What every one of some lines tells of a request, or the best of them: the line with most fields.
fn fields<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, lines: &[&Entry<'a>], evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let mut best: Option<(Vec<&'static str>, Vec<Evidence<'a>>)> = None;
    for line in lines {
        let mut pieces = vec![line.decides()];
        let format = match line.word(1) {
            "" => {
                let own = formats(chain).filter(|(format, _)| format.words.len() == 1).last();
                pieces.extend(own.map(|(format, _)| reference(format)));
                own.map_or(COMMON, |(format, _)| format.word(0))
            }
            name => match formats(chain).filter(|(format, _)| format.words.len() > 1 && format.word(1) == name).last() {
                Some((format, _)) => {
                    pieces.push(reference(format));
                    format.word(0)
                }
                None if name.contains('%') || name == "CLF" => name,
                // httpd takes an unknown name for a text of its own; one that a gap could define is open.
                None => match chain.more(&["logformat"]) {
                    Some(why) => return Cell::unknown(why, evidence),
                    None => name,
                },
            },
        };
        let told = told(if format == "CLF" { COMMON } else { format });
        if best.as_ref().is_none_or(|(most, _)| told.len() > most.len()) {
            best = Some((told, pieces));
        }
    }
    match best {
        Some((told, pieces)) => Cell::known(host.texts(&told), host.evidence(&pieces)),
        None => Cell::known(Value::List(&[]), evidence),
    }
}

/// Every `LogFormat`, the server's first: a virtual host's own come later and win.
fn formats<'c, 't, 'a>(chain: &'c Chain<'t, 'a>) -> impl Iterator<Item = (&'t Entry<'a>, usize)> + use<'c, 't, 'a> {
    chain
        .layers
        .iter()
        .enumerate()
        .flat_map(|(level, layer)| layer.block.iter().filter(|entry| entry.name == "logformat").map(move |entry| (entry, level)))
}

fn reference<'a>(entry: &Entry<'a>) -> Evidence<'a> {
    Evidence::Reference(entry.source.span(entry.text))
}

/// What a format tells: client, user, time, request, status.
fn told(format: &str) -> Vec<&'static str> {
    let mut told: Vec<&'static str> = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        let skipped = rest.trim_start_matches(|it: char| it.is_ascii_digit() || matches!(it, '!' | ',' | '<' | '>'));
        let (argument, skipped) = match skipped.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((argument, after)) => (argument, after.trim_start_matches(['<', '>'])),
            None => ("", skipped),
        };
        let Some(letter) = skipped.chars().next() else { break };
        let word = match (letter, argument) {
            ('h' | 'a', _) => "client",
            ('i', name) if name.eq_ignore_ascii_case("x-forwarded-for") => "client",
            ('u', _) => "user",
            ('t', _) => "time",
            ('r' | 'U', _) => "request",
            ('s', _) => "status",
            _ => "",
        };
        if !word.is_empty() && !told.contains(&word) {
            told.push(word);
        }
        rest = &skipped[letter.len_utf8()..];
    }
    told.sort_unstable();
    told
}

/// The cells `error-log` and `log-level` of a site.
pub(super) fn errors<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> (Cell<'a>, Cell<'a>) {
    let log = chain.cell(host, "errorlog", (Value::Text("logs/error_log"), &ERROR_LOG), |line| Some(Value::Text(line.word(0))));
    let level = chain.cell(host, "loglevel", (Value::Word("warn"), &LOG_LEVEL), |line| {
        let general = line.words.iter().rfind(|word| !word.contains(':')).copied().unwrap_or("warn").to_ascii_lowercase();
        crate::schema::apache::LEVELS.iter().find(|known| **known == general).map(|known| Value::Word(known))
    });
    (log, level)
}

/// Logs that were seen, so that each set of them has one row.
#[derive(Debug, Default)]
pub(super) struct Seen<'a> {
    rows: Vec<(&'static str, Vec<&'a str>)>,
}

impl<'a> Seen<'a> {
    /// Pushes the rows of the logs of a site that requests reach.
    pub(super) fn push(&mut self, host: &Host<'a>, tables: &mut Tables<'a>, site: &Site<'_, 'a>, root: &'a str, logging: &Logging<'a>) {
        if !tables.wants(&LOGS) || !site.serves {
            return;
        }
        let (log, level) = errors(host, &site.chain);
        if let State::Known(Value::Text(target)) = log.state {
            let enabled = Cell { state: State::Known(Value::Boolean(target != "/dev/null")), ..log };
            self.row(host, tables, "web-error", (&[target], enabled, Some(level)), root);
        }
        let on = match logging.logged.state {
            State::Known(word) => Value::Boolean(word != Value::Word("never")),
            // The gap row stands for it.
            State::Unset | State::Unknown(..) => return,
        };
        self.row(host, tables, "web-access", (&logging.targets, Cell::known(on, logging.logged.evidence), None), root);
    }

    /// Pushes the row of one set of targets that was not seen before.
    fn row(
        &mut self,
        host: &Host<'a>,
        tables: &mut Tables<'a>,
        stream: &'static str,
        (targets, enabled, level): (&[&'a str], Cell<'a>, Option<Cell<'a>>),
        root: &'a str,
    ) {
        if self.rows.iter().any(|(of, seen)| *of == stream && seen == targets) || !host.spend(1) {
            return;
        }
        self.rows.push((stream, targets.to_vec()));
        let by = enabled.evidence;
        let covers: &'static [Value<'static>] = if stream == "web-access" { &[Value::Word("access")] } else { &[] };
        let mut row = host.row(&LOGS, super::NAME);
        row.instance(host.text(&targets.join(", ")));
        row.set(const { LOGS.column("stream") }, Cell::known(Value::Word(stream), &[]))
            .set(const { LOGS.column("enabled") }, enabled)
            .set(const { LOGS.column("covers") }, Cell::known(Value::List(covers), by))
            .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), by));
        if let Some(Cell { state: State::Known(Value::Word(word)), evidence }) = level {
            row.set(const { LOGS.column("level") }, Cell::known(Value::Text(word), evidence));
        }
        let seconds = |kept: &Kept<'a>| match kept.retention.value() {
            Some(Value::Unlimited) => u64::MAX,
            Some(Value::Duration(seconds)) => seconds,
            _ => 0,
        };
        let best = targets.iter().filter(|target| **target != "/dev/null").map(|target| kept(host, root, target, by)).max_by_key(seconds);
        let nothing = Cell::known(Value::Duration(0), by);
        let best = best.unwrap_or(Kept { path: None, retention: nothing, bounded_by: Cell::NONE, formula: "nothing kept" });
        let path = best.path.map_or(Cell::unset(by), |path| Cell::known(Value::Text(path), by));
        row.set(const { LOGS.column("path") }, path)
            .set(const { LOGS.column("retention") }, best.retention)
            .set(const { LOGS.column("bounded-by") }, best.bounded_by)
            .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(best.formula), best.retention.evidence));
        tables.push(row);
    }
}

/// For how long one target keeps what it is given.
struct Kept<'a> {
    path: Option<&'a str>,
    retention: Cell<'a>,
    bounded_by: Cell<'a>,
    formula: &'a str,
}

/// For how long a file, or what a program writes, is kept.
fn kept<'a>(host: &Host<'a>, root: &'a str, target: &'a str, by: &'a [Evidence<'a>]) -> Kept<'a> {
    let unknown = |text: &'a str| {
        let cell = Cell::unknown(Why::not_understood(text), by);
        Kept { path: None, retention: cell, bounded_by: cell, formula: text }
    };
    if target.contains("${") || target.starts_with("syslog") {
        return unknown(target);
    }
    let (path, bounded) = match target.strip_prefix('|') {
        None => (target, None),
        Some(command) => match piped(command.trim_start_matches(['|', '$'])) {
            Some((path, bounded)) => (path, bounded),
            None => return unknown(target),
        },
    };
    let path = linked(host, absolute(host, root, path));
    let pattern = strftime_as_pattern(path, target.starts_with('|'));
    let rotated = logrotate::retention_of(host, &pattern);
    let formula = match rotated.why.value() {
        Some(Value::Text(text)) => text,
        _ => "?",
    };
    let evidence = host.evidence(&[rotated.kept.evidence, by].concat());
    match bounded {
        Some(seconds) => {
            let formula = host.text(&format!("{path}: rotatelogs"));
            let why = if seconds == 0 { "size" } else { "time" };
            Kept {
                path: Some(path),
                retention: Cell::known(Value::Duration(seconds), by),
                bounded_by: Cell::known(Value::Word(why), by),
                formula,
            }
        }
        None => Kept {
            path: Some(path),
            retention: Cell { evidence, ..rotated.kept },
            bounded_by: rotated.bounded_by,
            formula: host.text(&format!("{path}: {formula}")),
        },
    }
}

/// The file that a program writes, and the time that it keeps at most where it deletes; none for other programs.
///
/// `rotatelogs` deletes nothing unless `-n` gives a number of files to go round: then one less than that number is whole. cronolog
/// never deletes (rotatelogs(8), cronolog(1)).
fn piped(command: &str) -> Option<(&str, Option<u64>)> {
    let mut words = command.split_ascii_whitespace().map(|word| word.trim_matches(['"', '\'']));
    let program = words.next()?.rsplit('/').next()?;
    let mut files = None;
    let mut path = None;
    while let Some(word) = words.next() {
        match word {
            "-n" if program == "rotatelogs" => files = Some(words.next()?.parse::<u64>().ok()?),
            "-L" if program == "rotatelogs" => _ = words.next(),
            // A program that is run after each rotation may delete.
            "-p" if program == "rotatelogs" => return None,
            _ if word.starts_with('-') => {}
            _ => {
                path = Some(word);
                break;
            }
        }
    }
    let period = words.next();
    match (program, files) {
        ("cronolog", _) | ("rotatelogs", None) => Some((path?, None)),
        ("rotatelogs", Some(files)) => {
            let whole = files.saturating_sub(1);
            Some((path?, Some(period?.parse::<u64>().map_or(0, |seconds| seconds.saturating_mul(whole)))))
        }
        _ => None,
    }
}

/// A path with what a date is put into as `*`; rotatelogs appends the time where the name has no such place.
fn strftime_as_pattern(path: &str, piped: bool) -> String {
    if !piped {
        return path.to_owned();
    }
    let mut pattern = String::new();
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        pattern.push_str(&rest[..at]);
        pattern.push('*');
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    pattern.push_str(rest);
    if !path.contains('%') {
        pattern.push_str(".*");
    }
    pattern
}

/// A path below `/etc/httpd/logs`, which Red Hat's package makes a link to `/var/log/httpd`.
fn linked<'a>(host: &Host<'a>, path: &'a str) -> &'a str {
    match path.strip_prefix("etc/httpd/logs/") {
        Some(rest) => host.text(&format!("/var/log/httpd/{rest}")),
        None => host.text(&format!("/{path}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directives of mod_log_config's manual.
    #[test]
    fn formats_tell_who_what_and_when() {
        assert_eq!(told(COMMON), ["client", "request", "status", "time", "user"]);
        assert_eq!(told("%a %{X-Forwarded-For}i %{%F}t %!200,304s %m %U"), ["client", "request", "status", "time"]);
        assert!(told("%l %b 100%").is_empty());
    }

    /// rotatelogs(8).
    #[test]
    fn rotatelogs_deletes_only_with_a_number_of_files() {
        assert_eq!(piped("/usr/sbin/rotatelogs -l /var/log/a.%Y 86400"), Some(("/var/log/a.%Y", None)));
        assert_eq!(piped("rotatelogs -n 200 /var/log/a 86400"), Some(("/var/log/a", Some(199 * 86_400))));
        assert_eq!(piped("rotatelogs -n 5 /var/log/a 5M"), Some(("/var/log/a", Some(0))));
        assert_eq!(piped("rotatelogs -p /bin/clean /var/log/a 86400"), None);
        assert_eq!(piped("/usr/bin/logger -t httpd"), None);
        assert_eq!(strftime_as_pattern("/var/log/a.%Y%m", true), "/var/log/a.**");
    }
}
