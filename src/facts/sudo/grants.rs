//! User specifications of sudoers(5) into one grant per holder and command, without those that a later one replaces.

use super::Gap;
use super::aliases::{Aliases, Item};
use super::commands::{self, Cover};
use super::load::Sudoers;
use crate::facts::{Host, Why};
use crate::parse::sudoers::{Command, Entry, Kind, List, Part};
use crate::source::Source;
use foldhash::HashMap;

/// The most grants that one later grant is shown to replace.
const REPLACED_MOST: usize = 8;

/// What holds for one command and all holders of a user specification.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    /// The file.
    pub(super) source: &'a Source<'a>,
    /// The line.
    pub(super) line: &'a str,
    /// Hosts, as one text.
    pub(super) scope: &'a str,
    /// Users as whom it runs; none where the line does not say.
    pub(super) runas_users: Option<Vec<Item<'a>>>,
    /// Groups as which it runs.
    pub(super) runas_groups: Vec<Item<'a>>,
    /// PASSWD (true) or NOPASSWD (false), where one is said.
    pub(super) password: Option<bool>,
    /// NOEXEC (true) or EXEC (false), where one is said.
    pub(super) noexec: Option<bool>,
    /// NOTBEFORE, where it is said.
    pub(super) not_before: Option<&'a str>,
    /// NOTAFTER, where it is said.
    pub(super) not_after: Option<&'a str>,
    /// The command.
    pub(super) command: Item<'a>,
    /// Later exclusions of the same list that take something from it.
    pub(super) excluded: Vec<&'a str>,
}

/// One grant.
#[derive(Debug)]
pub(super) struct Grant<'a> {
    /// Who holds it.
    pub(super) grantee: &'a str,
    /// Place of its terms.
    pub(super) terms: usize,
    /// Terms of grants that it replaces.
    pub(super) replaces: Vec<usize>,
}

/// The grants of a host.
#[derive(Debug, Default)]
pub(super) struct Grants<'a> {
    /// Their terms, exclusions too, in order.
    pub(super) terms: Vec<Terms<'a>>,
    /// Those that have an effect.
    pub(super) effective: Vec<Grant<'a>>,
    /// What could not be judged.
    pub(super) gaps: Vec<Gap<'a>>,
}

/// Works the grants out.
pub(super) fn work_out<'a>(host: &Host<'a>, sudoers: &Sudoers<'a>, aliases: &mut Aliases<'a>) -> Grants<'a> {
    let mut grants = Grants::default();
    let mut all = Vec::new();
    for (source, entry) in &sudoers.entries {
        let Kind::Grants { users, parts } = &entry.kind else { continue };
        let users = holders(&aliases.expand(host, List::Users, source, users));
        for part in parts {
            let from = grants.terms.len();
            grants.add_part(host, aliases, source, entry, part);
            for terms in from..grants.terms.len() {
                if !host.spend(users.len() as u64) {
                    grants.gaps.push(Gap { why: Why::budget_spent(source.path), evidence: &[] });
                    return grants;
                }
                all.extend(users.iter().map(|grantee| Grant { grantee, terms, replaces: Vec::new() }));
            }
        }
    }
    grants.effective = grants.replaced(host, all);
    grants
}

/// Who holds what a list of users is granted: its members without those that are excluded by name.
fn holders<'a>(users: &[Item<'a>]) -> Vec<&'a str> {
    let mut holders: Vec<&'a str> = Vec::new();
    for user in users {
        if user.negated && user.text == "ALL" {
            holders.clear();
        } else if user.negated {
            holders.retain(|holder| *holder != user.text);
        } else if !holders.contains(&user.text) {
            holders.push(user.text);
        }
    }
    holders
}

impl<'a> Grants<'a> {
    /// Adds the terms of a part; runas, options and tags carry over from one command to the next.
    fn add_part(&mut self, host: &Host<'a>, aliases: &mut Aliases<'a>, source: &'a Source<'a>, entry: &Entry<'a>, part: &Part<'a>) {
        let scope = joined(host, &aliases.expand(host, List::Hosts, source, &part.hosts));
        let mut carried = Carried::default();
        let from = self.terms.len();
        for command in &part.commands {
            carried.add(host, aliases, source, command);
            for item in aliases.expand(host, List::Commands, source, &[command.command]) {
                self.terms.push(carried.terms(source, entry.line, scope, item));
            }
        }
        let exclusions: Vec<(usize, &'a str)> =
            (from..self.terms.len()).filter(|at| self.terms[*at].command.negated).map(|at| (at, self.terms[at].command.text)).collect();
        for at in (from..self.terms.len()).filter(|_| !exclusions.is_empty()) {
            let what = self.terms[at].command.text;
            let takes = |by: &str| host.spend(1) && commands::cover(by, what) != Cover::None;
            let later = exclusions.iter().filter(|(place, by)| *place > at && takes(by));
            self.terms[at].excluded = later.map(|(_, by)| *by).collect();
        }
    }

    /// The grants without those that a later one of the same holder covers: the last match holds (sudoers(5)).
    fn replaced(&self, host: &Host<'a>, all: Vec<Grant<'a>>) -> Vec<Grant<'a>> {
        let mut later: HashMap<&'a str, Vec<Grant<'a>>> = HashMap::default();
        for grant in all.into_iter().rev() {
            let of_holder = later.entry(grant.grantee).or_default();
            match of_holder.iter_mut().find(|other| host.spend(1) && self.replaces(other.terms, grant.terms)) {
                Some(other) if other.replaces.len() < REPLACED_MOST => other.replaces.push(grant.terms),
                Some(_) => {}
                None => of_holder.push(grant),
            }
        }
        let mut effective: Vec<_> = later.into_values().flatten().filter(|grant| !self.terms[grant.terms].command.negated).collect();
        effective.sort_by_key(|grant| (grant.terms, grant.grantee));
        effective
    }

    /// Whether the later terms hold wherever the earlier ones would.
    fn replaces(&self, later: usize, earlier: usize) -> bool {
        let (later, earlier) = (&self.terms[later], &self.terms[earlier]);
        let timed = later.not_before.is_some() || later.not_after.is_some();
        let scope = later.scope == earlier.scope || later.scope == "ALL";
        let everybody = |items: &[Item<'_>]| items.iter().any(|item| item.text == "ALL") && items.iter().all(|item| !item.negated);
        let users = later.runas_users == earlier.runas_users || later.runas_users.as_deref().is_some_and(everybody);
        let groups = earlier.runas_groups.is_empty() || later.runas_groups == earlier.runas_groups || everybody(&later.runas_groups);
        let command = later.command.text == earlier.command.text || commands::is_all(later.command.text);
        !timed && scope && users && groups && command
    }
}

/// What carries over from one command of a list to the next.
#[derive(Default)]
struct Carried<'a> {
    runas_users: Option<Vec<Item<'a>>>,
    runas_groups: Vec<Item<'a>>,
    password: Option<bool>,
    noexec: Option<bool>,
    not_before: Option<&'a str>,
    not_after: Option<&'a str>,
}

impl<'a> Carried<'a> {
    /// Takes over what a command says.
    fn add(&mut self, host: &Host<'a>, aliases: &mut Aliases<'a>, source: &'a Source<'a>, command: &Command<'a>) {
        if let Some(runas) = &command.runas {
            self.runas_users = Some(aliases.expand(host, List::Runas, source, &runas.users));
            self.runas_groups = aliases.expand(host, List::Runas, source, &runas.groups);
        }
        for (name, value) in &command.options {
            match *name {
                "NOTBEFORE" => self.not_before = Some(value),
                "NOTAFTER" => self.not_after = Some(value),
                _ => {}
            }
        }
        for tag in &command.tags {
            match *tag {
                "PASSWD" => self.password = Some(true),
                "NOPASSWD" => self.password = Some(false),
                "NOEXEC" => self.noexec = Some(true),
                "EXEC" => self.noexec = Some(false),
                _ => {}
            }
        }
    }

    /// The terms of a command.
    fn terms(&self, source: &'a Source<'a>, line: &'a str, scope: &'a str, command: Item<'a>) -> Terms<'a> {
        Terms {
            source,
            line,
            scope,
            runas_users: self.runas_users.clone(),
            runas_groups: self.runas_groups.clone(),
            password: self.password,
            noexec: self.noexec,
            not_before: self.not_before,
            not_after: self.not_after,
            command,
            excluded: Vec::new(),
        }
    }
}

/// A list as one text.
fn joined<'a>(host: &Host<'a>, items: &[Item<'a>]) -> &'a str {
    match items {
        [Item { negated: false, text, .. }] => text,
        items => {
            let texts: Vec<_> = items.iter().map(|item| format!("{}{}", if item.negated { "!" } else { "" }, item.text)).collect();
            host.text(&texts.join(", "))
        }
    }
}
