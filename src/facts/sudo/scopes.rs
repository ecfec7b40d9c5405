//! Which scoped `Defaults` of sudoers(5) apply to a grant.

use std::cell::OnceCell;

use super::aliases::Item;
use super::commands::{self, Cover};
use super::defaults::Setting;
use super::grants::Terms;
use crate::facts::Host;
use crate::parse::colon;
use crate::parse::sudoers::{List, Operation};
use crate::reckon::glob;
use foldhash::HashMap;

/// What is known of a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// On for every use of the grant.
    On,
    /// Off for every use, or for some.
    Off,
    /// That cannot be told.
    Unknown,
}

impl From<bool> for Switch {
    fn from(on: bool) -> Switch {
        if on { Switch::On } else { Switch::Off }
    }
}

/// What scopes are compared with.
pub(super) struct Matcher<'a, 'd> {
    host: &'d Host<'a>,
    /// The name of the host, where it is known.
    name: Option<&'a str>,
    groups: OnceCell<Records<'a, 4>>,
    accounts: OnceCell<Records<'a, 7>>,
}

/// Records by their first field, and whether others could exist.
#[derive(Debug, Default)]
struct Records<'a, const FIELDS: usize> {
    by_name: HashMap<&'a str, [&'a str; FIELDS]>,
    whole: bool,
}

impl<'a, const FIELDS: usize> Records<'a, FIELDS> {
    /// Of a file; the first record of a name counts.
    fn read(host: &Host<'a>, path: &str) -> Records<'a, FIELDS> {
        let Some(source) = host.file(path).text() else { return Records { by_name: HashMap::default(), whole: false } };
        let records = colon::read::<FIELDS>(source.text);
        Records { by_name: records.iter().rev().map(|record| (record.fields[0], record.fields)).collect(), whole: source.complete }
    }
}

impl<'a, 'd> Matcher<'a, 'd> {
    /// Of a host.
    pub(super) fn of(host: &'d Host<'a>) -> Matcher<'a, 'd> {
        let name = host.file("etc/hostname").text().and_then(|source| source.text.lines().next()).map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        Matcher { host, name, groups: OnceCell::new(), accounts: OnceCell::new() }
    }

    /// The state of a switch for a grant, and the parameter that decides it: everything but commands first, then commands, the last
    /// that applies wins (sudoers(5)). What applies to some uses only counts where it switches off.
    pub(super) fn switch<'s>(
        &self,
        settings: &[&'s Setting<'a>],
        default: bool,
        grantee: &str,
        terms: &Terms<'a>,
        runas: &[Item<'a>],
    ) -> (Switch, Option<&'s Setting<'a>>) {
        let mut state = (Switch::from(default), None);
        let late = |setting: &&&'s Setting<'a>| setting.scope.as_ref().is_some_and(|(list, _)| *list == List::Commands);
        for setting in settings.iter().filter(|it| !late(it)).chain(settings.iter().filter(late)) {
            let on = match setting.operation {
                Operation::On => true,
                Operation::Off => false,
                Operation::Set(_) | Operation::Add(_) | Operation::Remove(_) => continue,
            };
            match (self.applies(setting, grantee, terms, runas), on) {
                (Cover::Whole, on) => state = (Switch::from(on), Some(*setting)),
                (Cover::Part, false) => state = (Switch::Off, Some(*setting)),
                (Cover::Maybe, false) if state.0 == Switch::On => state = (Switch::Unknown, Some(*setting)),
                (Cover::Maybe, true) if state.0 == Switch::Off => state = (Switch::Unknown, Some(*setting)),
                (Cover::Part | Cover::Maybe | Cover::None, _) => {}
            }
        }
        state
    }

    /// Whether a parameter applies to a grant: the last member of its scope that matches decides.
    fn applies(&self, setting: &Setting<'a>, grantee: &str, terms: &Terms<'a>, runas: &[Item<'a>]) -> Cover {
        let Some((list, items)) = &setting.scope else { return Cover::Whole };
        for item in items.iter().rev() {
            if !self.host.spend(1) {
                return Cover::Maybe;
            }
            let cover = match list {
                List::Users => self.user(item.text, grantee),
                List::Hosts => self.of_host(item.text),
                List::Runas => runas_cover(item.text, runas),
                List::Commands => commands::cover(item.text, terms.command.text),
            };
            match (cover, item.negated) {
                (Cover::None, _) | (Cover::Part, true) => {}
                (Cover::Whole, true) => return Cover::None,
                (Cover::Maybe, true) => return Cover::Maybe,
                (cover, false) => return cover,
            }
        }
        Cover::None
    }

    /// Whether a member of a list of users covers a holder.
    fn user(&self, item: &str, grantee: &str) -> Cover {
        if item == "ALL" || item == grantee {
            return Cover::Whole;
        }
        if grantee == "ALL" {
            return Cover::Part;
        }
        let plain = |name: &str| !name.starts_with(['%', '+', '#']);
        match (plain(item), plain(grantee)) {
            (true, true) => Cover::None,
            (false, true) if item.starts_with('%') => match self.is_member(grantee, &item[1..]) {
                Some(true) => Cover::Whole,
                Some(false) => Cover::None,
                None => Cover::Maybe,
            },
            (true, false) if grantee.starts_with('%') => match self.is_member(item, &grantee[1..]) {
                Some(true) => Cover::Part,
                Some(false) => Cover::None,
                None => Cover::Maybe,
            },
            _ => Cover::Maybe,
        }
    }

    /// Whether a member of a list of hosts covers this one.
    fn of_host(&self, item: &str) -> Cover {
        let address = item.starts_with(|first: char| first.is_ascii_digit()) || item.contains(':');
        match self.name {
            _ if item == "ALL" => Cover::Whole,
            Some(name) if !item.starts_with('+') && !address => {
                let short = name.split('.').next().unwrap_or_default();
                let same = [name, short].iter().any(|name| glob::wildcard(&item.to_ascii_lowercase(), &name.to_ascii_lowercase()));
                // The domain may be missing from the file and be given by the resolver.
                if same {
                    Cover::Whole
                } else if item.contains('.') && item.starts_with(short) {
                    Cover::Maybe
                } else {
                    Cover::None
                }
            }
            _ => Cover::Maybe,
        }
    }

    /// Whether a holder is a member of a group: known for local accounts alone, because groups may also come from a directory.
    pub(super) fn is_member(&self, grantee: &str, group: &str) -> Option<bool> {
        if grantee.strip_prefix('%') == Some(group) {
            return Some(true);
        }
        if grantee.starts_with(['%', '+', '#']) || grantee == "ALL" {
            return None;
        }
        let groups = self.groups.get_or_init(|| Records::read(self.host, "etc/group"));
        let record = groups.by_name.get(group);
        let members = record.map_or("", |fields| fields[3]);
        if !self.host.spend(members.len() as u64 / 64 + 1) {
            return None;
        }
        if members.split(',').any(|member| member.trim() == grantee) {
            return Some(true);
        }
        let accounts = self.accounts.get_or_init(|| Records::read(self.host, "etc/passwd"));
        let own = accounts.by_name.get(grantee)?;
        let primary = record.is_some_and(|fields| fields[2] == own[3]);
        (primary || (record.is_some() && groups.whole)).then_some(primary)
    }
}

/// Whether a member of a list of runas users covers those as whom a grant runs.
fn runas_cover(item: &str, runas: &[Item<'_>]) -> Cover {
    let same = |left: &str, right: &str| left == right || (["root", "#0"].contains(&left) && ["root", "#0"].contains(&right));
    let users: Vec<_> = runas.iter().filter(|user| !user.negated).map(|user| user.text).collect();
    if item == "ALL" || (users.len() == 1 && same(users[0], item)) {
        Cover::Whole
    } else if users.iter().any(|user| *user == "ALL" || same(user, item)) {
        Cover::Part
    } else if item.starts_with(['%', '+', '#']) || users.iter().any(|user| user.starts_with(['%', '+', '#'])) {
        Cover::Maybe
    } else {
        Cover::None
    }
}
