//! Server audits and their specifications into the rows of `mssql-audit` and the row `database-audit` of `logs`.
//!
//! Microsoft Learn, "SQL Server Audit": a specification records nothing unless both it and its audit are on.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::{NAME, Server};
use crate::names::Phrase;
use crate::schema::neutral::LOGS;
use crate::schema::sqlserver::{GROUPS, MSSQL_AUDIT};

const AUDITS: [&str; 6] = ["audit", "enabled", "type", "max_rollover_files", "max_files", "predicate"];
const SPECIFICATIONS: [&str; 4] = ["specification", "audit", "enabled", "action"];

/// max_rollover_files of an audit that keeps every file: Microsoft Learn, sys.server_file_audits.
const EVERY_FILE: &str = "2147483647";

static WINDOWS_LOG: Phrase = Phrase {
    zh: "审计 {} 写入 Windows 事件日志，留存由主机决定",
    en: "the audit {} goes to a log of Windows, whose keeping the host decides",
};
static FILTERED: Phrase = Phrase {
    zh: "审计 {} 带有筛选条件，哪些事件被排除在外需要人工核对",
    en: "the audit {} has a predicate, and which events it leaves out is not worked out here",
};
static COUNTED: Phrase = Phrase {
    zh: "审计 {} 只保留有限个文件，按大小滚动，不能保证时间",
    en: "the audit {} keeps a number of files that roll over by size, which guarantees no time",
};

/// One audit.
#[derive(Clone, Copy, Debug)]
struct Trail<'a> {
    name: &'a str,
    enabled: bool,
    fields: [&'a str; 6],
    evidence: Evidence<'a>,
}

impl Trail<'_> {
    /// Whether a predicate lets some events pass and no others (Microsoft Learn, sys.server_audits).
    fn is_filtered(&self) -> bool {
        !matches!(self.fields[5].trim(), "" | "NULL")
    }
}

/// What an instance audits.
#[derive(Debug)]
pub(super) struct Audit<'a> {
    trails: Vec<Trail<'a>>,
    /// Action, whether its specification is on, its audit, and what says so.
    actions: Vec<(&'a str, bool, &'a str, Evidence<'a>)>,
    searched: Vec<Evidence<'a>>,
    gap: Option<Why<'a>>,
}

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> Audit<'a> {
    let mut audit = Audit { trails: Vec::new(), actions: Vec::new(), searched: Vec::new(), gap: None };
    audit.gap = server.answers.gap(host, "audits", &AUDITS).or_else(|| server.answers.gap(host, "audit-specifications", &SPECIFICATIONS));
    let is_on = |text: &str| matches!(text.trim(), "1" | "True");
    if let Some(answered) = server.answers.answer("audits") {
        for (record, fields) in answered.records(AUDITS).into_iter().flatten() {
            audit.trails.push(Trail { name: fields[0], enabled: is_on(fields[1]), fields, evidence: answered.decides(record) });
        }
    }
    if let Some(answered) = server.answers.answer("audit-specifications") {
        audit.searched.push(Evidence::Searched(answered.source.path));
        for (record, [_, name, enabled, action]) in answered.records(SPECIFICATIONS).into_iter().flatten() {
            audit.actions.push((action.trim(), is_on(enabled), name, answered.decides(record)));
        }
    }
    audit
}

impl<'a> Audit<'a> {
    /// Whether a group of actions is audited.
    fn covers(&self, host: &Host<'a>, group: &str) -> Cell<'a> {
        let wanted = format!("{}_GROUP", group.to_ascii_uppercase().replace('-', "_"));
        let mut off: Vec<Evidence<'a>> = Vec::new();
        let mut filtered = None;
        for (action, enabled, name, piece) in self.actions.iter().filter(|(action, ..)| *action == wanted) {
            let trail = self.trails.iter().find(|trail| trail.name == *name);
            if action.is_empty() || !enabled || !trail.is_some_and(|trail| trail.enabled) {
                off.push(*piece);
                off.extend(trail.filter(|trail| !trail.enabled).map(|trail| trail.evidence));
                continue;
            }
            let pieces: Vec<Evidence<'a>> = std::iter::once(*piece).chain(trail.map(|trail| trail.evidence)).collect();
            let evidence = host.evidence(&pieces);
            match trail.filter(|trail| trail.is_filtered()) {
                Some(trail) => filtered = filtered.or(Some(Cell::unknown(Why::new("filtered", &FILTERED, trail.name), evidence))),
                None => return Cell::known(Value::Boolean(true), evidence),
            }
        }
        if let Some(unknown) = filtered {
            return unknown;
        }
        if off.is_empty() {
            off.clone_from(&self.searched);
        }
        match self.gap {
            Some(why) => Cell::unknown(why, host.evidence(&off)),
            None => Cell::known(Value::Boolean(false), host.evidence(&off)),
        }
    }

    /// Pushes the rows of both tables.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for group in GROUPS {
            let audited = self.covers(host, group);
            let mut row = host.row(&MSSQL_AUDIT, NAME);
            row.instance(instance);
            row.set(const { MSSQL_AUDIT.column("group") }, Cell::known(Value::Word(group), audited.evidence))
                .set(const { MSSQL_AUDIT.column("audited") }, audited);
            tables.push(row);
        }
        let used: Vec<&Trail<'a>> = self.trails.iter().filter(|trail| self.records(trail)).collect();
        for trail in &used {
            self.push_log(host, instance, trail, tables);
        }
        if let Some(why) = self.gap {
            let mut row = host.gap(&LOGS, NAME, why);
            row.instance(instance);
            row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]));
            tables.push(row);
        } else if used.is_empty() {
            self.push_none(host, instance, tables);
        }
    }

    /// Whether an audit is on, with a specification that is.
    fn records(&self, trail: &Trail<'a>) -> bool {
        trail.enabled && self.actions.iter().any(|(_, enabled, name, _)| *enabled && *name == trail.name)
    }

    /// The row of an audit that records.
    fn push_log(&self, host: &Host<'a>, instance: &'a str, trail: &Trail<'a>, tables: &mut Tables<'a>) {
        let [name, _, kind, rollover, files, _] = trail.fields;
        let evidence = host.evidence(&[trail.evidence]);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let limited: bool = files.trim().parse::<u64>().is_ok_and(|count| count > 0);
        let (retention, bounded) = match kind.trim() {
            // With MAX_FILES the audit stops when it has that many; nothing is deleted.
            "FL" if rollover.trim() == EVERY_FILE || limited => (known(Value::Unlimited), known(Value::Word("nothing"))),
            "FL" => {
                let step = Evidence::Step(&COUNTED, host.arena().alloc_slice_copy(&[name]), None);
                let evidence = host.evidence(&[trail.evidence, step]);
                (Cell::known(Value::Duration(0), evidence), known(Value::Word("size")))
            }
            _ => {
                let unknown = Cell::unknown(Why::new("windows-log", &WINDOWS_LOG, name), evidence);
                (unknown, unknown)
            }
        };
        let mut row = host.row(&LOGS, NAME);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, known(Value::Word("database-audit")))
            .set(const { LOGS.column("path") }, known(Value::Text(name)))
            .set(const { LOGS.column("enabled") }, known(Value::Boolean(true)))
            .set(const { LOGS.column("covers") }, self.told(host, evidence))
            .set(const { LOGS.column("retention") }, retention)
            .set(const { LOGS.column("bounded-by") }, bounded)
            .set(const { LOGS.column("retention-why") }, known(Value::Text("max_rollover_files, max_files")))
            .set(const { LOGS.column("forwarded") }, known(Value::List(&[])))
            .set_rest(Cell::unset(evidence));
        tables.push(row);
    }

    /// What the records tell.
    fn told(&self, host: &Host<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        let words = [("auth", "successful-login"), ("privilege", "server-role-member-change"), ("config-change", "audit-change")];
        let covers = words.map(|(word, group)| (word, self.covers(host, group)));
        if let Some((_, unknown)) = covers.iter().find(|(_, cell)| matches!(cell.state, State::Unknown(..))) {
            return *unknown;
        }
        let covered = covers.into_iter().filter(|(_, cell)| cell.value() == Some(Value::Boolean(true))).map(|(word, _)| Value::Word(word));
        Cell::known(Value::List(host.arena().alloc_slice_copy(&covered.collect::<Vec<_>>())), evidence)
    }

    /// The row of an instance that audits nothing.
    fn push_none(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        let trails = self.trails.iter().take(4).map(|trail| trail.evidence).chain(self.searched.iter().copied());
        let evidence = host.evidence(&trails.collect::<Vec<_>>());
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let mut row = host.row(&LOGS, NAME);
        row.instance(instance);
        row.set(const { LOGS.column("stream") }, known(Value::Word("database-audit")))
            .set(const { LOGS.column("enabled") }, known(Value::Boolean(false)))
            .set(const { LOGS.column("covers") }, known(Value::List(&[])))
            .set(const { LOGS.column("retention") }, known(Value::Duration(0)))
            .set(const { LOGS.column("retention-why") }, known(Value::Text("nothing is audited")))
            .set(const { LOGS.column("forwarded") }, known(Value::List(&[])))
            .set_rest(Cell::unset(evidence));
        tables.push(row);
    }
}
