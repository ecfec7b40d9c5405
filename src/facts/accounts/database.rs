//! The four files into accounts with their shadow lines and groups, joined by name.

use crate::facts::{Artefact, Host, Why};
use crate::parse::colon::{self, Record};
use crate::snapshot::Lack;
use crate::source::Source;

/// One account of passwd(5).
#[derive(Clone, Copy, Debug)]
pub(super) struct Account<'a> {
    /// Its line: name, password, id, group, comment, home, shell.
    pub(super) record: Record<'a, 7>,
    /// Numeric id.
    pub(super) id: u32,
    /// Numeric id of its own group.
    pub(super) group_id: u32,
}

impl<'a> Account<'a> {
    /// Its name.
    pub(super) fn name(&self) -> &'a str {
        self.record.fields[0]
    }
}

/// One group of group(5).
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    /// Its line: name, password, id, members.
    pub(super) record: Record<'a, 4>,
    /// Numeric id, where it is a number.
    pub(super) id: Option<u32>,
}

impl<'a> Group<'a> {
    /// Its name.
    pub(super) fn name(&self) -> &'a str {
        self.record.fields[0]
    }

    /// The accounts that its line names.
    pub(super) fn members(&self) -> impl Iterator<Item = &'a str> {
        self.record.fields[3].split(',').map(str::trim).filter(|member| !member.is_empty())
    }
}

/// What the line of an account in shadow(5) is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shadow<'a, 'd> {
    /// This one.
    Line(&'a Source<'a>, &'d Record<'a, 9>),
    /// Not known, and why.
    Unknown(Why<'a>),
}

/// The files of one host.
#[derive(Debug)]
pub(super) struct Database<'a> {
    /// passwd(5).
    pub(super) passwd: Artefact<'a>,
    /// Its accounts in the order of the file.
    pub(super) accounts: Vec<Account<'a>>,
    /// Its lines that are no local account: `+` of NIS, or not understood.
    pub(super) opaque: Vec<Record<'a, 7>>,
    /// group(5).
    pub(super) group: Artefact<'a>,
    /// Its groups in the order of the file.
    pub(super) groups: Vec<Group<'a>>,
    shadow: Artefact<'a>,
    shadow_lines: Vec<Record<'a, 9>>,
    /// Places in `shadow_lines` by name.
    shadow_by_name: Vec<(&'a str, usize)>,
    /// Member and place in `groups`, by member.
    memberships: Vec<(&'a str, usize)>,
    /// Id and place in `groups`, by id.
    groups_by_id: Vec<(u32, usize)>,
}

/// The reason where shadow(5) was read and does not name an account whose password it should hold.
static NO_ACCOUNTS: crate::names::Phrase = crate::names::Phrase {
    zh: "{} 中没有任何账户，不像是系统读取的文件",
    en: "{} holds no account, so it is hardly the file that the system reads",
};
static NO_SHADOW_LINE: crate::names::Phrase = crate::names::Phrase {
    zh: "etc/shadow 中没有账户 {} 的行，口令可能来自别处",
    en: "etc/shadow has no line for {}: its password may be kept elsewhere",
};

impl<'a> Database<'a> {
    /// Reads and joins the files.
    pub(super) fn read(host: &Host<'a>, passwd: Artefact<'a>) -> Database<'a> {
        let (mut accounts, mut opaque) = (Vec::new(), Vec::new());
        for record in whole_records(passwd) {
            match account(record).filter(|_| host.spend(1)) {
                Some(account) => accounts.push(account),
                None if record.fields[0].starts_with('-') => {}
                None => opaque.push(record),
            }
        }
        let group = host.file("etc/group");
        let groups = groups(group);
        let mut memberships: Vec<_> =
            groups.iter().enumerate().flat_map(|(at, group)| group.members().map(move |member| (member, at))).collect();
        memberships.sort_unstable();
        let mut groups_by_id: Vec<_> = groups.iter().enumerate().filter_map(|(at, group)| Some((group.id?, at))).collect();
        groups_by_id.sort_unstable();
        let shadow = host.file("etc/shadow");
        let shadow_lines = whole_records(shadow);
        let mut shadow_by_name: Vec<_> = shadow_lines.iter().enumerate().map(|(at, record)| (record.fields[0], at)).collect();
        shadow_by_name.sort_unstable();
        let database =
            Database { passwd, accounts, opaque, group, groups, shadow, shadow_lines, shadow_by_name, memberships, groups_by_id };
        database.hide();
        database
    }

    /// Marks every stored password as a secret.
    fn hide(&self) {
        let hide = |source: &Source<'a>, field: &'a str| {
            if let super::password::Password::Stored { secret, .. } = super::password::shadow(field) {
                source.hide(secret);
            }
        };
        if let Some(source) = self.passwd.text() {
            self.accounts.iter().filter(|account| account.record.fields[1] != "x").for_each(|it| hide(source, it.record.fields[1]));
        }
        if let Some(source) = self.shadow.text() {
            self.shadow_lines.iter().for_each(|record| hide(source, record.fields[1]));
        }
        if let Some(source) = self.group.text() {
            self.groups.iter().filter(|group| group.record.fields[1] != "x").for_each(|it| hide(source, it.record.fields[1]));
        }
    }

    /// The line of an account in shadow(5): the first of that name, as the C library finds it.
    pub(super) fn shadow(&self, account: &'a str) -> Shadow<'a, '_> {
        let source = match self.shadow {
            Artefact::Text(source) => source,
            Artefact::Lacking(lack) => return Shadow::Unknown(Why::lacking("etc/shadow", lack)),
        };
        let at = self.shadow_by_name.partition_point(|(name, _)| *name < account);
        match self.shadow_by_name.get(at) {
            Some((name, place)) if *name == account => Shadow::Line(source, &self.shadow_lines[*place]),
            _ if !source.complete => Shadow::Unknown(Why::truncated("etc/shadow")),
            _ => Shadow::Unknown(Why::new("no-shadow-line", &NO_SHADOW_LINE, account)),
        }
    }

    /// The groups that name an account as a member, in the order of the file.
    pub(super) fn memberships(&self, account: &'a str) -> impl Iterator<Item = &Group<'a>> {
        let from = self.memberships.partition_point(|(member, _)| *member < account);
        self.memberships[from..].iter().take_while(move |(member, _)| *member == account).filter_map(|(_, at)| self.groups.get(*at))
    }

    /// The first group with an id.
    pub(super) fn group_of(&self, id: u32) -> Option<&Group<'a>> {
        let at = self.groups_by_id.partition_point(|(other, _)| *other < id);
        self.groups_by_id.get(at).filter(|(other, _)| *other == id).and_then(|(_, at)| self.groups.get(*at))
    }
}

/// The records of an artefact; of half a file without the last line, which may be half a line.
fn whole_records<const FIELDS: usize>(artefact: Artefact<'_>) -> Vec<Record<'_, FIELDS>> {
    let Artefact::Text(source) = artefact else { return Vec::new() };
    let mut records = colon::read(source.text);
    if !source.complete && !source.text.ends_with('\n') {
        records.pop();
    }
    records
}

/// A line of passwd(5) as an account; nothing where it is one of NIS (`+`, `-`) or the C library would pass over it.
fn account(record: Record<'_, 7>) -> Option<Account<'_>> {
    let [name, _, id, group, ..] = record.fields;
    let local = !name.is_empty() && !name.starts_with(['+', '-']) && record.count >= 4;
    let (id, group_id) = (number(id)?, number(group)?);
    local.then_some(Account { record, id, group_id })
}

/// A numeric id: digits, leading zeros allowed.
fn number(field: &str) -> Option<u32> {
    field.bytes().all(|byte| byte.is_ascii_digit()).then(|| field.parse().ok())?
}

/// The groups of group(5) that are local.
fn groups<'a>(artefact: Artefact<'a>) -> Vec<Group<'a>> {
    let local = whole_records::<4>(artefact).into_iter().filter(|record| !record.fields[0].starts_with(['+', '-']));
    local.map(|record| Group { record, id: number(record.fields[2]) }).collect()
}

impl<'a> Database<'a> {
    /// Why rows of accounts could be missing, if they could.
    pub(super) fn missing_accounts(&self) -> Option<Why<'a>> {
        match self.passwd {
            Artefact::Lacking(lack) => Some(Why::lacking(super::PASSWD, lack)),
            Artefact::Text(source) if !source.complete => Some(Why::truncated(super::PASSWD)),
            // No system runs without an account: the file is not what the system reads.
            Artefact::Text(_) if self.accounts.is_empty() && self.opaque.is_empty() => {
                Some(Why::new("no-accounts", &NO_ACCOUNTS, super::PASSWD))
            }
            Artefact::Text(_) => None,
        }
    }

    /// Why memberships of groups could be missing, if they could.
    pub(super) fn missing_groups(&self) -> Option<Why<'a>> {
        match self.group {
            Artefact::Lacking(Lack::Absent) => None,
            Artefact::Lacking(lack) => Some(Why::lacking("etc/group", lack)),
            Artefact::Text(source) if !source.complete => Some(Why::truncated("etc/group")),
            Artefact::Text(_) => None,
        }
    }
}
