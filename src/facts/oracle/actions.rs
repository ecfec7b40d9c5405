//! Unified audit policies and options of traditional auditing into what is audited: the rows of `oracle-audit`.
//!
//! Unified policies hold in both modes; traditional auditing holds unless unified auditing is the only one (pure mode) or AUDIT_TRAIL is
//! NONE (Security Guide, "Introduction to Auditing"). A policy for some accounts, with exceptions or with a condition covers nobody here.

use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::parameters::Parameters;
use super::queries::POLICIES;
use super::{Database, NAME};
use crate::schema::oracle::{ACTIONS, ORACLE_AUDIT};

const UNIFIED: [&str; 8] =
    ["policy_name", "enabled_option", "entity_name", "success", "failure", "audit_option", "audit_option_type", "audit_condition"];
const TRADITIONAL: [&str; 4] = ["user_name", "audit_option", "success", "failure"];

/// What covers an action: unified options, and traditional ones.
const COVERED: [(&str, &[&str], &[&str]); 7] = [
    ("alter-user", &["ALTER USER"], &["ALTER USER", "USER"]),
    ("create-user", &["CREATE USER"], &["CREATE USER", "USER"]),
    ("drop-user", &["DROP USER"], &["DROP USER", "USER"]),
    ("grant", &["GRANT"], &["SYSTEM GRANT"]),
    ("logoff", &["LOGOFF"], &["CREATE SESSION"]),
    ("logon", &["LOGON"], &["CREATE SESSION"]),
    ("revoke", &["REVOKE"], &["SYSTEM GRANT"]),
];

/// One policy or option in force for everybody or for SYS.
#[derive(Clone, Copy, Debug)]
struct Audited<'a> {
    option: &'a str,
    unified: bool,
    everybody: bool,
    sys: bool,
    success: bool,
    failure: bool,
    evidence: Evidence<'a>,
}

/// What a database audits.
#[derive(Debug)]
pub(super) struct Audit<'a> {
    options: Vec<Audited<'a>>,
    /// Whether traditional auditing records anything, and what says so.
    pub traditional: Cell<'a>,
    /// Whether unified auditing is the only one.
    pub pure: Cell<'a>,
    sys: Cell<'a>,
    /// Why a unified policy may be missing.
    unified_gap: Option<Why<'a>>,
    /// Why a policy or an option may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, database: &Database<'a>, settings: &Parameters<'a>) -> Audit<'a> {
    let old = settings.version.is_some_and(|version| version.numbers[0] < 12);
    let switch = |name: &str| settings.of(name).cell(host, |text| super::super::effective::switch(text).map(Value::Boolean));
    let pure = match settings.is_on("unified-auditing") {
        Some(false) if old || settings.of("unified-auditing").text().is_some() => {
            Cell::known(Value::Boolean(false), switch("unified-auditing").evidence)
        }
        _ => switch("unified-auditing"),
    };
    let trail = settings.of("audit_trail").cell(host, |text| Some(Value::Boolean(!text.trim().eq_ignore_ascii_case("NONE"))));
    // Where the version has no such parameter, it has no traditional auditing.
    let trail = if matches!(trail.state, super::super::State::Unset) { Cell::known(Value::Boolean(false), trail.evidence) } else { trail };
    let off = Cell::known(Value::Boolean(false), pure.evidence);
    let traditional = match pure.value() {
        Some(Value::Boolean(true)) => off,
        Some(_) => trail,
        None if trail.value() == Some(Value::Boolean(false)) => trail,
        None => pure,
    };
    let unified_gap = if old { None } else { database.gap(host, &POLICIES, UNIFIED) };
    let statement_gap =
        if traditional.value() == Some(Value::Boolean(false)) { None } else { database.gap(host, &["statement-audit"], TRADITIONAL) };
    let options = unified(database).chain(traditional_of(database, &traditional)).collect();
    let sys = if pure.value() == Some(Value::Boolean(true)) { off } else { switch("audit_sys_operations") };
    Audit { options, traditional, pure, sys, unified_gap, gap: unified_gap.or(statement_gap) }
}

/// Options of unified policies. Database Reference, AUDIT_UNIFIED_ENABLED_POLICIES: `ALL USERS` stands for everybody.
fn unified<'a>(database: &Database<'a>) -> impl Iterator<Item = Audited<'a>> {
    let answered = database.answer(&POLICIES, UNIFIED);
    let records: Vec<_> = answered.iter().filter_map(|it| it.records(UNIFIED)).flatten().collect();
    records.into_iter().filter_map(move |(record, [_, enabled, entity, success, failure, option, kind, condition])| {
        let unconditional = matches!(condition, "" | "NONE");
        let by = matches!(enabled, "BY" | "BY USER");
        let actions = matches!(kind, "STANDARD ACTION" | "SYSTEM PRIVILEGE");
        Some(Audited {
            option,
            unified: true,
            everybody: by && entity == "ALL USERS" && unconditional && actions,
            sys: by && matches!(entity, "ALL USERS" | "SYS") && unconditional && kind == "STANDARD ACTION",
            success: success == "YES",
            failure: failure == "YES",
            evidence: answered?.decides(record),
        })
    })
}

/// Options of traditional auditing, where it is on.
fn traditional_of<'a>(database: &Database<'a>, on: &Cell<'a>) -> Vec<Audited<'a>> {
    let Some(answered) = database.answer(&["statement-audit"], TRADITIONAL).filter(|_| on.value() == Some(Value::Boolean(true))) else {
        return Vec::new();
    };
    let records = answered.records(TRADITIONAL).into_iter().flatten();
    let set = |state: &str| state.starts_with("BY ");
    records
        .map(|(record, [user, option, success, failure])| Audited {
            option,
            unified: false,
            everybody: user.is_empty(),
            sys: false,
            success: set(success),
            failure: set(failure),
            evidence: answered.decides(record),
        })
        .collect()
}

/// Nothing covers it: false, unless something could be missing.
fn unless<'a>(gap: Option<Why<'a>>, rests_on: Cell<'a>) -> Cell<'a> {
    match (gap, rests_on.state) {
        (Some(why), _) => Cell::unknown(why, rests_on.evidence),
        (None, super::super::State::Unknown(why, _)) => Cell::unknown(why, rests_on.evidence),
        (None, _) => Cell::known(Value::Boolean(false), rests_on.evidence),
    }
}

impl<'a> Audit<'a> {
    /// Whether some unified policy is in force, and which.
    pub(super) fn some_policy(&self) -> Option<Evidence<'a>> {
        self.options.iter().find(|option| option.unified).map(|option| option.evidence)
    }

    /// Whether an action is audited for everybody.
    pub(super) fn covers(&self, host: &Host<'a>, action: &str, success: bool) -> Cell<'a> {
        let outcome = |option: &&Audited<'a>| if success { option.success } else { option.failure };
        if action == "sys-operations" {
            let all = self.options.iter().find(|option| option.sys && option.option == "ALL" && outcome(option));
            return match (self.sys.value(), all) {
                (Some(Value::Boolean(true)), _) => self.sys,
                (_, Some(option)) => Cell::known(Value::Boolean(true), host.evidence(&[option.evidence])),
                _ => unless(self.unified_gap, self.sys),
            };
        }
        let (_, unified, traditional) = COVERED.iter().find(|(name, ..)| *name == action).copied().unwrap_or((action, &[], &[]));
        let matches = |option: &&Audited<'a>| {
            option.everybody
                && if option.unified {
                    option.option == "ALL" || unified.contains(&option.option)
                } else {
                    traditional.contains(&option.option)
                }
        };
        match self.options.iter().filter(matches).find(outcome) {
            Some(option) => Cell::known(Value::Boolean(true), host.evidence(&[option.evidence])),
            None => unless(self.gap, self.traditional),
        }
    }

    /// Pushes the rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for action in ACTIONS {
            let [success, failure] = [true, false].map(|success| self.covers(host, action, success));
            let mut row = host.row(&ORACLE_AUDIT, NAME);
            row.instance(instance);
            row.set(const { ORACLE_AUDIT.column("action") }, Cell::known(Value::Word(action), success.evidence))
                .set(const { ORACLE_AUDIT.column("success") }, success)
                .set(const { ORACLE_AUDIT.column("failure") }, failure);
            tables.push(row);
        }
    }
}
