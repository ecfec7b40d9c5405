//! Accounts with id 0 and members of groups that amount to more than an ordinary account into rows of `privileges`.

use super::NAME;
use super::database::{Account, Database, Group};
use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::parse::colon;
use crate::schema::neutral::PRIVILEGES;
use crate::source::Source;

/// A group whose members can do what others cannot.
struct Power {
    group: &'static str,
    unrestricted: bool,
    why: Documented,
}

/// What the documentation of the programs behind a group says.
const fn power(group: &'static str, unrestricted: bool, setting: &'static str, source: &'static str) -> Power {
    Power { group, unrestricted, why: Documented { setting, versions: "every version", source } }
}

/// The groups, sorted by name. wheel and sudo are not among them: what they may do stands in sudoers(5) and in PAM.
static POWERS: &[Power] = &[
    power("disk", true, "its members read and write every block device", "Debian Wiki, SystemGroups"),
    power("docker", true, "its members control a daemon that runs containers as root", "Docker Engine documentation, security"),
    power("incus-admin", true, "its members control a daemon that runs containers as root", "Incus documentation, security"),
    power("kmem", false, "its members read the kernel's memory where it is exposed", "Debian Wiki, SystemGroups"),
    power("libvirt", true, "its members control a daemon that runs machines as root", "libvirt documentation, access control"),
    power("lxd", true, "its members control a daemon that runs containers as root", "LXD documentation, security"),
    power("shadow", false, "its members read the stored passwords", "shadow(5)"),
];

/// What gives privilege.
struct Grant<'a> {
    grantee: &'a str,
    privilege: &'a str,
    via: &'static str,
    unrestricted: bool,
    grantable: Cell<'a>,
    evidence: &'a [Evidence<'a>],
}

/// Fills the table.
pub(super) fn fill<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&PRIVILEGES) {
        return;
    }
    if let Some(passwd) = database.passwd.text() {
        for account in database.accounts.iter().filter(|account| account.id == 0) {
            push_root(host, passwd, account, tables);
        }
    }
    if let Some(group) = database.group.text() {
        push_groups(host, database, group, tables);
    }
    if let Some(why) = database.missing_accounts() {
        push_gap(host, "user-id", why, tables);
        push_gap(host, "group", why, tables);
    }
    if let Some(why) = database.missing_groups() {
        push_gap(host, "group", why, tables);
    }
}

/// Adds the row of an account with id 0.
fn push_root<'a>(host: &Host<'a>, passwd: &Source<'a>, account: &Account<'a>, tables: &mut Tables<'a>) {
    let evidence = host.evidence(&[Evidence::Decides(passwd.span(account.record.fields[2]))]);
    let grantable = Cell::known(Value::Boolean(true), evidence);
    let grant = Grant { grantee: account.name(), privilege: "root", via: "user-id", unrestricted: true, grantable, evidence };
    push(host, &grant, tables);
}

/// Adds the rows of members of powerful groups.
fn push_groups<'a>(host: &Host<'a>, database: &Database<'a>, source: &Source<'a>, tables: &mut Tables<'a>) {
    let administrators = Administrators::read(host);
    for group in &database.groups {
        let Some(power) = POWERS.iter().find(|power| power.group == group.name()) else { continue };
        let named = group.members().map(|member| (member, None));
        let own = database.accounts.iter().filter(|account| group.id == Some(account.group_id));
        let own = own.map(|account| (account.name(), Some(account.record.line)));
        for (member, line) in named.chain(own) {
            if !host.spend(1) {
                push_gap(host, "group", Why::budget_spent("etc/group"), tables);
                return;
            }
            let mut pieces = vec![Evidence::Decides(source.span(group.record.line)), Evidence::Default(&power.why)];
            if let (Some(line), Some(passwd)) = (line, database.passwd.text()) {
                pieces.push(Evidence::Reference(passwd.span(line)));
            }
            let grant = Grant {
                grantee: member,
                privilege: host.text(&format!("group {}", group.name())),
                via: "group",
                unrestricted: power.unrestricted,
                grantable: administrators.cell(host, group, member),
                evidence: host.evidence(&pieces),
            };
            push(host, &grant, tables);
        }
    }
}

/// Adds one row.
fn push<'a>(host: &Host<'a>, grant: &Grant<'a>, tables: &mut Tables<'a>) {
    let known = |value| Cell::known(value, grant.evidence);
    let mut row = host.row(&PRIVILEGES, NAME);
    row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(grant.grantee)))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(grant.privilege)))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text("host")))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word(grant.via)))
        .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(grant.unrestricted)))
        .set(const { PRIVILEGES.column("password-required") }, Cell::unset(grant.evidence))
        .set(const { PRIVILEGES.column("grantable") }, grant.grantable)
        .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(Value::List(&[])))
        .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("shell-escape") }, Cell::unset(grant.evidence))
        .set(const { PRIVILEGES.column("wildcards") }, Cell::unset(grant.evidence))
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}

/// Adds a gap row for grants of one kind.
fn push_gap<'a>(host: &Host<'a>, via: &'static str, why: Why<'a>, tables: &mut Tables<'a>) {
    let mut gap = host.gap(&PRIVILEGES, NAME, why);
    gap.set(const { PRIVILEGES.column("via") }, Cell::known(Value::Word(via), &[]));
    tables.push(gap);
}

/// gshadow(5): who may change a group's members without being root.
struct Administrators<'a> {
    artefact: crate::facts::Artefact<'a>,
    records: Vec<colon::Record<'a, 4>>,
}

impl<'a> Administrators<'a> {
    /// Reads the file and hides its passwords.
    fn read(host: &Host<'a>) -> Administrators<'a> {
        let artefact = host.file("etc/gshadow");
        let records: Vec<colon::Record<'a, 4>> = artefact.text().map(|source| colon::read(source.text)).unwrap_or_default();
        if let Some(source) = artefact.text() {
            records.iter().filter(|record| record.fields[1].len() > 2).for_each(|record| source.hide(record.fields[1]));
        }
        Administrators { artefact, records }
    }

    /// Whether somebody may pass the membership of a group on.
    fn cell(&self, host: &Host<'a>, group: &Group<'a>, member: &str) -> Cell<'a> {
        use crate::facts::Artefact::{Lacking, Text};
        let no = Value::Boolean(false);
        match (self.artefact, self.records.iter().find(|record| record.fields[0] == group.name())) {
            (Text(source), Some(record)) => {
                host.decided(Value::Boolean(record.fields[2].split(',').any(|name| name == member)), source, record.line)
            }
            (Text(source), None) if source.complete => Cell::known(no, host.evidence(&[Evidence::Searched("etc/gshadow")])),
            (Text(_), None) => Cell::unknown(Why::truncated("etc/gshadow"), &[]),
            (Lacking(lack @ crate::snapshot::Lack::Absent), _) => Cell::known(no, host.evidence(&[Evidence::Lacks("etc/gshadow", lack)])),
            (Lacking(lack), _) => Cell::unknown(Why::lacking("etc/gshadow", lack), &[]),
        }
    }
}
