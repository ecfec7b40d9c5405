//! The audit of a database into its row `database-audit` of `logs`.

use super::super::{Cell, Evidence, Host, State, Tables, Value, Why};
use super::actions::Audit;
use super::parameters::Parameters;
use super::purge::{self, Kept};
use super::{Database, NAME};
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

static FILES: Phrase = Phrase {
    zh: "审计写入操作系统文件（{}），何时删除取决于主机上的脚本",
    en: "the audit goes to files of the operating system ({}), and scripts of the host decide when they go",
};

/// Pushes the row.
pub(super) fn push<'a>(
    host: &Host<'a>,
    database: &Database<'a>,
    (settings, audit): (&Parameters<'a>, &Audit<'a>),
    tables: &mut Tables<'a>,
) {
    let enabled = enabled(host, audit);
    let trail = settings.of("audit_trail").text().unwrap_or_default().to_ascii_uppercase();
    let files = audit.traditional.value() != Some(Value::Boolean(false)) && (trail.contains("OS") || trail.contains("XML"));
    let unread = settings.of("audit_trail").why().filter(|_| audit.traditional.value() != Some(Value::Boolean(false)));
    let Kept { retention, bounded_by } = if let Some(why) = unread {
        let unknown = Cell::unknown(why, audit.traditional.evidence);
        Kept { retention: unknown, bounded_by: unknown }
    } else if files {
        let unknown = Cell::unknown(Why::new("files-of-the-system", &FILES, host.text(&trail)), settings.of("audit_trail").evidence());
        Kept { retention: unknown, bounded_by: unknown }
    } else {
        purge::kept(host, database)
    };
    let path = if files {
        "audit_file_dest"
    } else if audit.pure.value() == Some(Value::Boolean(true)) || audit.traditional.value() == Some(Value::Boolean(false)) {
        "UNIFIED_AUDIT_TRAIL"
    } else {
        "SYS.AUD$"
    };
    let words: [(&str, &[&str]); 3] = [("auth", &["logon"]), ("privilege", &["grant", "revoke"]), ("command", &["sys-operations"])];
    let cells: Vec<(&'static str, Cell<'a>)> =
        words.iter().flat_map(|(word, actions)| actions.iter().map(|action| (*word, audit.covers(host, action, true)))).collect();
    let mut covered: Vec<Value<'a>> = Vec::new();
    for (word, _) in &words {
        let own = || cells.iter().filter(|(of, _)| of == word).map(|(_, cell)| cell);
        if own().all(|cell| cell.value() == Some(Value::Boolean(true))) {
            covered.push(Value::Word(word));
        } else if let Some(State::Unknown(why, _)) = own().map(|cell| cell.state).find(|state| matches!(state, State::Unknown(..))) {
            covered.push(Value::Opaque(why.subject));
        }
    }
    let evidence = enabled.evidence;
    let covers = Cell::known(Value::List(host.arena().alloc_slice_copy(&covered)), evidence);
    let mut row = host.row(&LOGS, NAME);
    row.instance(database.instance);
    row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("database-audit"), &[]))
        .set(const { LOGS.column("path") }, Cell::known(Value::Text(path), evidence))
        .set(const { LOGS.column("enabled") }, enabled)
        .set(const { LOGS.column("covers") }, covers)
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded_by)
        .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text("DBMS_AUDIT_MGMT"), retention.evidence))
        .set(const { LOGS.column("forwarded") }, Cell::known(Value::List(&[]), evidence))
        .set(const { LOGS.column("forwarding-encrypted") }, Cell::unset(evidence))
        .set(const { LOGS.column("forwarding-reliable") }, Cell::unset(evidence))
        .set(const { LOGS.column("level") }, Cell::unset(evidence))
        .set(const { LOGS.column("tamper-protection") }, Cell::unset(evidence));
    tables.push(row);
}

/// Whether anything is audited: the traditional trail is on, or some unified policy is in force.
fn enabled<'a>(host: &Host<'a>, audit: &Audit<'a>) -> Cell<'a> {
    if audit.traditional.value() == Some(Value::Boolean(true)) {
        return audit.traditional;
    }
    if let Some(policy) = audit.some_policy() {
        let pieces: Vec<Evidence<'a>> = std::iter::once(policy).chain(audit.traditional.evidence.iter().copied()).collect();
        return Cell::known(Value::Boolean(true), host.evidence(&pieces));
    }
    match audit.gap {
        Some(why) => Cell::unknown(why, audit.traditional.evidence),
        None => audit.traditional,
    }
}
