//! The audit's daemon, rules and plugins into where its records are kept, what they tell, and to whom they are sent.

use super::holdings::Holding;
use super::syslog_streams::{self, Sent};
use crate::facts::auditd::coverage::{Recorded, Recorder};
use crate::facts::auditd::daemon::{self, Daemon};
use crate::facts::auditd::loaded::Loaded;
use crate::facts::auditd::matching::{Arch, Event, Refused};
use crate::facts::auditd::{self, boot};
use crate::facts::rsyslog::messages::{INFO, facility};
use crate::facts::{Artefact, Cell, Evidence, Host, Seen, Value, Why, logrotate};
use crate::parse::audit_rules::List;
use crate::parse::key_value::{self, EQUALS_SEPARATED};
use crate::reckon::retention::Kept;
use crate::snapshot::Lack;
use crate::source::Source;

/// Where the plugin that sends records to another audit daemon is told to send them: from audit 3.0, and before.
const REMOTE: [&str; 2] = ["etc/audit/audisp-remote.conf", "etc/audisp/audisp-remote.conf"];

/// What becomes of audit records.
#[derive(Debug)]
pub(super) struct Trail<'a> {
    /// What is guaranteed of them on the asset.
    pub holding: Holding<'a>,
    /// Whether they are written (boolean).
    pub enabled: Cell<'a>,
    /// What they tell, in the words of the table.
    pub covers: Vec<&'static str>,
    /// Whether they tell every command (true), or those with another's privilege (false); none where they tell no command.
    pub commands: Option<bool>,
    /// What the commands rest on.
    pub commands_by: Vec<Evidence<'a>>,
    /// Whether the rules are locked until restart (boolean).
    pub locked: Cell<'a>,
    /// To whom they are sent.
    pub sent: Vec<Remote<'a>>,
    /// Why further receivers could be there.
    pub sent_gap: Option<Why<'a>>,
    /// What was not read.
    pub gaps: Vec<Why<'a>>,
}

/// A receiver of audit records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remote<'a> {
    /// Its name or address.
    pub host: &'a str,
    /// Whether all records are sent.
    pub certain: bool,
    /// Whether they are encrypted on the way (boolean).
    pub encrypted: Cell<'a>,
    /// Whether an outage loses nothing (boolean).
    pub reliable: Cell<'a>,
    /// What makes it send.
    pub evidence: &'a [Evidence<'a>],
}

/// What becomes of audit records; or why nothing can be said.
pub(super) fn trail<'a>(host: &Host<'a>) -> Result<Trail<'a>, Why<'a>> {
    let absent = |path: &str| host.look(path).lack == Some(Lack::Absent);
    if absent("etc/audit") || (absent(daemon::CONF) && absent("etc/audit/rules.d") && auditd::rules(host).is_ok_and(no_rules)) {
        return Ok(none(host));
    }
    let daemon = daemon::read(host).map_err(|seen| why(seen, daemon::CONF))?;
    let mut gaps = Vec::new();
    let boot = boot::read(host);
    let enabled = match auditd::enabled(host, &boot) {
        // The daemon is configured, and nothing that was collected says that it does not start.
        Cell { state: crate::facts::State::Unknown(why, _), .. } => {
            gaps.push(why);
            Cell::known(Value::Boolean(true), daemon.get("max_log_file_action").1)
        }
        known => known,
    };
    let (log_file, _) = daemon.get("log_file");
    let (sent, sent_gap) = remotes(host, log_file);
    let mut trail = Trail {
        holding: kept(host, &daemon, log_file),
        enabled,
        covers: vec!["auth"],
        commands: None,
        commands_by: Vec::new(),
        locked: Cell::NONE,
        sent,
        sent_gap,
        gaps,
    };
    match auditd::rules(host) {
        Ok(rules) => cover(host, rules, &mut trail),
        Err(seen) => {
            trail.locked = Cell::unknown(why(seen, "etc/audit/rules.d"), &[]);
            trail.gaps.push(why(seen, "etc/audit/rules.d"));
        }
    }
    if let Some(source) = daemon.incomplete {
        trail.gaps.push(Why::lacking(source.path, Lack::NotCollected));
    }
    Ok(trail)
}

/// Whether there are no rules for certain.
fn no_rules(rules: &Loaded<'_>) -> bool {
    rules.entries.is_empty() && rules.gaps.is_empty()
}

/// The audit is not there.
fn none<'a>(host: &Host<'a>) -> Trail<'a> {
    let evidence = [Evidence::Lacks(daemon::CONF, Lack::Absent)];
    let off = Cell::known(Value::Boolean(false), host.evidence(&evidence));
    let holding = Holding::nothing(evidence.to_vec());
    Trail {
        holding,
        enabled: off,
        covers: Vec::new(),
        commands: None,
        commands_by: Vec::new(),
        locked: off,
        sent: Vec::new(),
        sent_gap: None,
        gaps: Vec::new(),
    }
}

/// Why one of the files is not known.
fn why<'a>(seen: Seen, path: &'static str) -> Why<'a> {
    match seen {
        Seen::Lacking(path, lack) => Why::lacking(path, lack),
        Seen::Present | Seen::Absent | Seen::Nothing => Why::not_collected(path),
    }
}

/// What the daemon keeps, and what logrotate takes away behind it.
fn kept<'a>(host: &Host<'a>, daemon: &Daemon<'a>, log_file: &'a str) -> Holding<'a> {
    if !daemon.writes() {
        return Holding::nothing([daemon.get("write_logs").1, daemon.get("log_format").1].concat());
    }
    let (own, bound, formula, evidence) = daemon.keeping(host);
    let mut places = vec![Holding::known(log_file, own, bound, formula, evidence.to_vec())];
    if own > Kept::Seconds(0) {
        // The daemon's own older files are named with a number behind a dot.
        for path in [log_file.to_owned(), format!("{log_file}.1")] {
            let retention = logrotate::retention_of(host, &path);
            if retention.kept.value() != Some(Value::Unlimited) {
                places.push(Holding::rotated(log_file, &retention, evidence));
            }
        }
    }
    Holding::shortest(host, places).unwrap_or_else(|| Holding::nothing(Vec::new()))
}

/// What the rules make the records tell, and whether they are locked.
fn cover<'a>(host: &Host<'a>, rules: &Loaded<'a>, trail: &mut Trail<'a>) {
    let recorder = Recorder::new(host, rules);
    let both = |event: Event<'_>| [Arch::B64, Arch::B32].map(|arch| recorder.records(event, arch));
    let all = |event: Event<'_>| both(event).iter().all(|answer| matches!(answer, Recorded::Yes(_)));
    let accounts = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/sudoers"];
    if accounts.iter().all(|path| all(Event::Access(path, 'w'))) {
        trail.covers.push("config-change");
    }
    if ["open", "openat"].iter().all(|call| [Refused::Access, Refused::Permission].iter().all(|why| all(Event::Refusal(call, *why)))) {
        trail.covers.push("access");
    }
    let every = both(Event::Call("execve"));
    if every.iter().all(|answer| matches!(answer, Recorded::Yes(_))) {
        trail.covers.extend(["command", "privilege"]);
        trail.commands = Some(true);
        trail.commands_by.extend(every.iter().filter_map(|answer| match answer {
            Recorded::Yes(span) => Some(Evidence::Decides(*span)),
            _ => None,
        }));
    } else {
        let raised = raised(rules);
        if raised.len() >= 2 {
            trail.covers.push("privilege");
            trail.commands = Some(false);
            trail.commands_by = raised;
        }
    }
    trail.locked = auditd::immutable(host, rules);
    trail.gaps.extend(rules.gaps.iter().map(|(why, _)| *why));
}

/// The rules that record what is executed with another's privilege, one for each architecture.
fn raised<'a>(rules: &Loaded<'a>) -> Vec<Evidence<'a>> {
    let of = |arch: &str| {
        rules.entries.iter().enumerate().find(|(at, entry)| {
            let rule = &entry.rule;
            let changed =
                rule.fields.iter().any(|field| field.between && field.operator == "!=" && [field.name, field.value].contains(&"euid"));
            let plain = rule.fields.iter().all(|field| field.between || ["euid", "auid", "key"].contains(&field.name));
            let here = rule.arch.is_none() || rule.arch == Some(arch);
            let calls = rule.list == List::Exit && rule.always && rule.syscalls.contains(&"execve") && rule.path.is_none();
            calls && changed && plain && here && matches!(rules.is_effective(*at), Recorded::Yes(_))
        })
    };
    ["b64", "b32"].iter().filter_map(|arch| of(arch)).map(|(_, entry)| Evidence::Decides(entry.span)).collect()
}

/// The receivers of audit records, by the plugins and by rsyslog following the file; and why more could be there.
fn remotes<'a>(host: &Host<'a>, log_file: &str) -> (Vec<Remote<'a>>, Option<Why<'a>>) {
    let mut all = Vec::new();
    let mut gap = None;
    match daemon::plugin(host, "au-remote.conf") {
        Ok(plugin) => all.extend(plugin.map(|plugin| by_plugin(host, &plugin))),
        Err((path, lack)) => gap = Some(Why::lacking(path, lack)),
    }
    match daemon::plugin(host, "syslog.conf") {
        Ok(Some(plugin)) => match syslog_streams::fate(host, &[facility_of(plugin.arguments)], INFO) {
            Ok(fate) => {
                let active = Evidence::Decides(plugin.active);
                all.extend(fate.sent.iter().map(|sent| by_syslog(host, sent, &[active])));
                gap = gap.or(fate.sent_gap);
            }
            Err(why) => gap = Some(why),
        },
        Ok(None) => {}
        Err((path, lack)) => gap = Some(Why::lacking(path, lack)),
    }
    all.extend(syslog_streams::followed(host, log_file).iter().map(|sent| by_syslog(host, sent, &[])));
    (all, gap)
}

/// The facility that the plugin's arguments name; without one, user (audisp-syslog(8)).
fn facility_of(arguments: &str) -> u8 {
    let mut named = arguments.split_ascii_whitespace().filter_map(|word| facility(word.strip_prefix("LOG_")?));
    named.next_back().unwrap_or(1)
}

/// A receiver of syslog messages as one of audit records.
fn by_syslog<'a>(host: &Host<'a>, sent: &Sent<'a>, more: &[Evidence<'a>]) -> Remote<'a> {
    let Sent { receiver, certain, evidence } = *sent;
    let evidence = host.evidence(&[more, evidence].concat());
    Remote { host: receiver.host, certain, encrypted: receiver.encrypted, reliable: receiver.reliable, evidence }
}

/// The receiver of the plugin that sends to another audit daemon: audisp-remote.conf(5).
fn by_plugin<'a>(host: &Host<'a>, plugin: &daemon::Plugin<'a>) -> Remote<'a> {
    let found = REMOTE.iter().find_map(|path| host.file(path).text());
    let Some(source) = found else {
        let lack = match host.file(REMOTE[0]) {
            Artefact::Lacking(lack) => lack,
            Artefact::Text(_) => Lack::NotCollected,
        };
        let evidence = host.evidence(&[Evidence::Decides(plugin.active), Evidence::Lacks(REMOTE[0], lack)]);
        let unknown = Cell::unknown(Why::lacking(REMOTE[0], lack), evidence);
        return Remote { host: REMOTE[0], certain: false, encrypted: unknown, reliable: unknown, evidence };
    };
    let document = key_value::read(source.text, &EQUALS_SEPARATED);
    let last = |key: &str| document.settings.iter().rev().find(|setting| setting.key.eq_ignore_ascii_case(key)).copied();
    let is = |key: &str, value: &str| decided(host, source, last(key), plugin, value);
    let server = last("remote_server").filter(|setting| !setting.value.is_empty());
    let kerberos = is("transport", "krb5");
    let encrypted = if kerberos.value() == Some(Value::Boolean(true)) { kerberos } else { is("enable_krb5", "yes") };
    let pieces = [Some(plugin.active), server.map(|setting| source.span(setting.line))];
    let evidence: Vec<Evidence<'a>> = pieces.into_iter().flatten().map(Evidence::Decides).collect();
    Remote {
        host: server.map_or("", |setting| setting.value),
        certain: server.is_some(),
        encrypted,
        reliable: is("mode", "forward"),
        evidence: host.evidence(&evidence),
    }
}

/// Whether a setting has a value, without regard to case (boolean).
fn decided<'a>(
    host: &Host<'a>,
    source: &Source<'a>,
    setting: Option<key_value::Setting<'a>>,
    plugin: &daemon::Plugin<'a>,
    value: &str,
) -> Cell<'a> {
    let span = setting.map_or(plugin.active, |setting| source.span(setting.line));
    let holds = setting.is_some_and(|setting| setting.value.eq_ignore_ascii_case(value));
    Cell::known(Value::Boolean(holds), host.evidence(&[Evidence::Decides(span)]))
}
