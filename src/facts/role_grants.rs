//! Privileges and roles that a database grants into what each account may do, roles of roles included, and that into rows of `privileges`.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use crate::schema::people::PRIVILEGES;

/// What somebody or a role holds directly.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The privilege or the role, in the product's own spelling.
    pub privilege: &'a str,
    /// Whether it is a role, whose privileges come with it.
    pub role: bool,
    /// Whether the holder may pass it on.
    pub grantable: bool,
    /// What says so.
    pub evidence: Evidence<'a>,
}

/// All grants of a database.
#[derive(Debug)]
pub struct Grants<'a> {
    held: HashMap<&'a str, Vec<Grant<'a>>>,
    /// Privileges and roles with which every other can be had.
    total: &'static [&'static str],
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
}

/// A grant that somebody has, and what grants the role that it comes through.
pub type Through<'a> = (Grant<'a>, Option<Evidence<'a>>);

impl<'a> Grants<'a> {
    /// No grants yet.
    pub fn new(total: &'static [&'static str], gap: Option<Why<'a>>) -> Grants<'a> {
        Grants { held: HashMap::new(), total, gap }
    }

    /// Adds a grant.
    pub fn hold(&mut self, grantee: &'a str, grant: Grant<'a>) {
        self.held.entry(grantee).or_default().push(grant);
    }

    /// Everything that somebody holds, through roles too.
    pub fn expanded(&self, name: &'a str) -> Vec<Through<'a>> {
        let mut seen: HashSet<&'a str> = HashSet::default();
        let mut holders: Vec<(&'a str, Option<Evidence<'a>>)> = vec![(name, None)];
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((holder, through)) = holders.get(at).copied() {
            at += 1;
            for grant in self.held.get(holder).into_iter().flatten() {
                found.push((*grant, through));
                if grant.role && seen.insert(grant.privilege) {
                    holders.push((grant.privilege, Some(grant.evidence)));
                }
            }
        }
        found
    }

    /// Names of the roles of an account, those that come through roles too.
    pub fn roles_of(&self, name: &'a str) -> Vec<&'a str> {
        let mut roles: Vec<&'a str> =
            self.expanded(name).iter().filter(|(grant, _)| grant.role).map(|(grant, _)| grant.privilege).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether the privileges of an account, and those of everybody, amount to every privilege.
    pub fn superuser(&self, host: &Host<'a>, (name, evidence): (&'a str, &'a [Evidence<'a>]), everybody: Option<&'a str>) -> Cell<'a> {
        let mut all = self.expanded(name);
        all.extend(everybody.into_iter().flat_map(|name| self.expanded(name)));
        if let Some((grant, through)) = all.iter().find(|(grant, _)| self.total.contains(&grant.privilege)) {
            return Cell::known(Value::Boolean(true), host.evidence(&pieces(grant, *through)));
        }
        match self.gap {
            Some(why) => Cell::unknown(why, evidence),
            None => Cell::known(Value::Boolean(false), evidence),
        }
    }

    /// Pushes the rows of these holders; `everybody` is the name that stands for every account.
    pub fn push(
        &self,
        host: &Host<'a>,
        whose: (&'static str, &'a str),
        holders: impl Iterator<Item = &'a str>,
        everybody: Option<&'a str>,
        tables: &mut Tables<'a>,
    ) {
        let mut pushed: HashSet<(&'a str, &'a str)> = HashSet::default();
        for holder in holders {
            for (grant, through) in self.expanded(holder) {
                if !pushed.insert((holder, grant.privilege)) {
                    continue;
                }
                if !host.spend(1) {
                    push_gap(host, whose, Why::budget_spent("grants"), tables);
                    return;
                }
                let row = self.row(host, whose, (holder, everybody == Some(holder)), (&grant, through));
                tables.push(row);
            }
        }
    }

    /// The row of one grant.
    fn row(
        &self,
        host: &Host<'a>,
        (product, instance): (&'static str, &'a str),
        (holder, everybody): (&'a str, bool),
        (grant, through): (&Grant<'a>, Option<Evidence<'a>>),
    ) -> RowBuilder<'a> {
        let evidence = host.evidence(&pieces(grant, through));
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let unset = Cell::unset(evidence);
        let via = if grant.role || through.is_some() { "role" } else { "grant" };
        let mut row = host.row(&PRIVILEGES, product);
        row.instance(instance);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(holder)))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(grant.privilege)))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text("database")))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word(via)))
            .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(self.total.contains(&grant.privilege))))
            .set(const { PRIVILEGES.column("password-required") }, unset)
            .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(grant.grantable)))
            .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(everybody)))
            .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("commands") }, known(host.texts(&[grant.privilege])))
            .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
            .set(const { PRIVILEGES.column("shell-escape") }, unset)
            .set(const { PRIVILEGES.column("wildcards") }, unset)
            .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
        row
    }
}

/// What a grant rests on: its record, then the one that grants the role.
fn pieces<'a>(grant: &Grant<'a>, through: Option<Evidence<'a>>) -> Vec<Evidence<'a>> {
    let reference = |piece: Evidence<'a>| if let Evidence::Decides(span) = piece { Evidence::Reference(span) } else { piece };
    std::iter::once(grant.evidence).chain(through.map(reference)).collect()
}

/// Pushes the row that stands for grants that could be missing.
pub fn push_gap<'a>(host: &Host<'a>, (product, instance): (&'static str, &'a str), why: Why<'a>, tables: &mut Tables<'a>) {
    let mut row = host.gap(&PRIVILEGES, product, why);
    row.instance(instance);
    let via = host.arena().alloc_slice_copy(&[Value::Word("grant"), Value::Word("role")]);
    row.set(const { PRIVILEGES.column("via") }, Cell::one_of(why, via, &[]));
    tables.push(row);
}
