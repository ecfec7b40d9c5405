//! pam_access in the account stack of a service, with access.conf(5), into the addresses from which it admits somebody.
//!
//! For each user and address the first entry that fits decides, and where none fits everybody is admitted. A peer's address is
//! compared with addresses and networks; names, domains, netgroups and terminals cannot be resolved here: such an origin is an open
//! element where it admits, and refuses nobody.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::cell::{Cell, Evidence, Value, Why};
use super::super::host::{Artefact, Host};
use super::judged::judged;
use super::stack::Flat;
use super::time::enforced;
use crate::parse::access_conf::{Entry, read};
use crate::parse::pam::Group;
use crate::reckon::network::Addresses;
use crate::reckon::pam_factors::Prompts;
use crate::snapshot::Lack;

/// The most different users and groups whose entries are followed.
const USERS_MOST: usize = 200;

/// The entries that pam_access reads, in order.
#[derive(Default)]
struct Table<'a> {
    entries: Vec<Entry<'a>>,
    evidence: Vec<Evidence<'a>>,
    /// Why further entries could follow, where they could.
    gap: Option<Why<'a>>,
}

impl<'a> Table<'a> {
    /// Adds a file; one that is absent has no entries.
    fn file(&mut self, host: &Host<'a>, path: &str, separators: &str) {
        match host.file(path) {
            Artefact::Text(source) => {
                let found = read(source.text, separators);
                self.evidence.extend(found.entries.iter().map(|entry| Evidence::Decides(source.span(entry.text))));
                self.evidence.extend(found.opaque.iter().map(|line| Evidence::Shadowed(source.span(line))));
                self.entries.extend(found.entries);
                self.gap = self.gap.or((!source.complete).then(|| Why::truncated(source.path)));
            }
            Artefact::Lacking(lack) => {
                let path = host.text(path);
                self.evidence.push(Evidence::Lacks(path, lack));
                self.gap = self.gap.or((lack != Lack::Absent).then(|| Why::lacking(path, lack)));
            }
        }
    }

    /// What the module reads: `accessfile=`, or the main file and then access.d.
    fn of(host: &Host<'a>, line: &Flat<'a>) -> Table<'a> {
        let separators = line.value("fieldsep").unwrap_or(":");
        let mut table = Table::default();
        match line.value("accessfile") {
            Some(path) => table.file(host, path, separators),
            None => {
                table.file(host, "etc/security/access.conf", separators);
                let more = host.matching("etc/security/access.d/*.conf");
                more.paths.iter().for_each(|path| table.file(host, path, separators));
                table.gap = table.gap.or(more.gap.map(|(path, lack)| Why::lacking(path, lack)));
            }
        }
        table.evidence.push(Evidence::Reference(line.span()));
        table
    }
}

/// Addresses from which pam_access admits somebody to a service, and whether that leaves anybody out.
pub(super) fn sources<'a>(host: &Host<'a>, service: &str) -> (Cell<'a>, bool) {
    let account = judged(host, service, Group::Account, Prompts::Many);
    let line = match enforced(host, &account, "access") {
        Ok(line) => line,
        Err((gap, evidence)) => {
            let cell = Cell::unset(host.evidence(&evidence));
            return (gap.map_or(cell, |why| Cell::unknown(why, cell.evidence)), false);
        }
    };
    let table = Table::of(host, line);
    let list = line.value("listsep").unwrap_or(", \t");
    let plain_groups = !line.has("nodefgroup");
    let evidence = host.evidence(&table.evidence);
    let mut users: Vec<&str> = table.entries.iter().flat_map(|entry| words(entry.users, list)).collect();
    users.extend(["root", "\u{1}"]);
    users.sort_unstable();
    users.dedup();
    if users.len() > USERS_MOST || !host.spend((users.len() * table.entries.len()) as u64) {
        return (Cell::unknown(Why::budget_spent("etc/security/access.conf"), evidence), true);
    }
    let mut admitted = Addresses::none();
    let mut names: Vec<&'a str> = Vec::new();
    let mut undecided = false;
    for user in users {
        let mut left = Addresses::any();
        for entry in table.entries.iter().filter(|entry| about(&words(entry.users, list).collect::<Vec<_>>(), user, plain_groups)) {
            let (origins, open, exempt) = origins(&words(entry.origins, list).collect::<Vec<_>>());
            if entry.admits {
                admitted = admitted.union(&origins.intersection(&left));
            }
            names.extend(if entry.admits { open } else { exempt }.into_iter().filter(|_| !left.is_empty()));
            left = left.subtract(&origins);
        }
        undecided |= !left.is_empty();
        admitted = admitted.union(&left);
    }
    if let Some(why) = table.gap.filter(|_| undecided) {
        return (Cell::unknown(why, evidence), true);
    }
    names.sort_unstable();
    names.dedup();
    let limited = admitted != Addresses::any();
    let blocks = admitted.blocks().into_iter().map(Value::Network);
    let items: Vec<Value<'a>> = blocks.chain(names.into_iter().map(Value::Opaque)).collect();
    (Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), evidence), limited)
}

/// The words of a list.
fn words<'t>(text: &'t str, separators: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(move |it: char| separators.contains(it)).filter(|word| !word.is_empty())
}

/// Where a list's first EXCEPT stands, counted in words; the length where it has none.
fn except(list: &[&str]) -> usize {
    list.iter().position(|word| word.eq_ignore_ascii_case("EXCEPT")).unwrap_or(list.len())
}

/// Whether a list of users is about somebody: a name, or as `(group)` whoever is a member of it.
fn about(list: &[&str], user: &str, plain_groups: bool) -> bool {
    let end = except(list);
    let fits = |word: &&str| {
        let group = user.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        word.eq_ignore_ascii_case("ALL") || *word == user || (plain_groups && group == Some(*word))
    };
    list[..end].iter().any(fits) && !(end < list.len() && about(&list[end + 1..], user, plain_groups))
}

/// The addresses that a list of origins is about, its words that are no addresses, and those behind EXCEPT.
fn origins<'t>(list: &[&'t str]) -> (Addresses, Vec<&'t str>, Vec<&'t str>) {
    let end = except(list);
    let mut found = Addresses::none();
    let mut open = Vec::new();
    for word in &list[..end] {
        match origin(word) {
            Origin::Addresses(addresses) => found = found.union(&addresses),
            Origin::Nobody => {}
            Origin::Name => open.push(*word),
        }
    }
    let mut exempt = Vec::new();
    if end < list.len() {
        let (excepted, names, _) = origins(&list[end + 1..]);
        found = found.subtract(&excepted);
        exempt = names;
    }
    (found, open, exempt)
}

/// What one origin is.
enum Origin {
    Addresses(Addresses),
    /// A local login.
    Nobody,
    /// A host, domain, netgroup or terminal.
    Name,
}

/// One origin: `ALL`, `LOCAL`, `10.1.`, `10.1.0.0/16`, `10.1.0.0/255.255.0.0`, an address. A mask of 0 is none, as Linux-PAM 1.5.2
/// was tried, so that `0.0.0.0/0` is one address.
fn origin(word: &str) -> Origin {
    let of = |block: IpNet| Origin::Addresses(Addresses::of([block]));
    if word.eq_ignore_ascii_case("ALL") {
        return Origin::Addresses(Addresses::any());
    }
    if word.eq_ignore_ascii_case("LOCAL") {
        return Origin::Nobody;
    }
    if let Some(start) = word.strip_suffix('.') {
        let numbers: Option<Vec<u8>> = start.split('.').map(|it| it.parse().ok()).collect();
        return match numbers {
            Some(numbers) if numbers.len() < 4 => {
                let byte = |at: usize| numbers.get(at).copied().unwrap_or(0);
                let address = IpAddr::from([byte(0), byte(1), byte(2), byte(3)]);
                IpNet::new(address, numbers.len() as u8 * 8).map_or(Origin::Name, of)
            }
            _ => Origin::Name,
        };
    }
    let (address, mask) = word.split_once('/').map_or((word, None), |(address, mask)| (address, Some(mask)));
    let Ok(address) = address.parse::<IpAddr>() else { return Origin::Name };
    let block = match mask.map(|mask| (mask.parse::<u8>(), mask.parse::<IpAddr>())) {
        None | Some((Ok(0), _)) => Some(IpNet::from(address)),
        Some((Ok(length), _)) => IpNet::new(address, length).ok(),
        Some((_, Ok(mask))) => IpNet::with_netmask(address, mask).ok(),
        Some(_) => None,
    };
    block.map_or(Origin::Name, |block| of(block.trunc()))
}
