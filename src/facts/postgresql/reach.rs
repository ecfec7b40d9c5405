//! Rules in their order into what each is left with: the first rule that fits a connection decides it, whatever its method.

use super::super::Host;
use super::hba::{From, Name, Rule};
use crate::reckon::network::Addresses;

/// Connections over the network, by how they are protected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Without protection.
    pub plain: Addresses,
    /// With TLS.
    pub tls: Addresses,
    /// With GSS encryption.
    pub gss: Addresses,
    /// Whether connections by Unix socket are left.
    pub local: bool,
}

impl Left {
    /// What a rule is for, before others take from it. Names and networks that are not known at rest may be any address.
    fn of(rule: &Rule<'_>, tls_offered: bool) -> Left {
        let Some(from) = &rule.from else { return Left { local: true, ..Left::default() } };
        let addresses = match from {
            From::Addresses(addresses) => addresses.clone(),
            From::ThisHost | From::Unresolved => Addresses::any(),
        };
        let of = |kinds: &[&str]| if kinds.contains(&rule.kind) { addresses.clone() } else { Addresses::none() };
        Left {
            plain: of(&["host", "hostnossl", "hostnogssenc"]),
            tls: if tls_offered { of(&["host", "hostssl", "hostnogssenc"]) } else { Addresses::none() },
            gss: of(&["host", "hostnossl", "hostgssenc"]),
            local: false,
        }
    }

    /// What a rule certainly takes: nothing where its addresses are not known at rest.
    fn taken_by(rule: &Rule<'_>, tls_offered: bool) -> Left {
        match rule.from {
            Some(From::ThisHost | From::Unresolved) => Left::default(),
            _ => Left::of(rule, tls_offered),
        }
    }

    /// Without what another takes.
    fn without(&self, other: &Left) -> Left {
        Left {
            plain: self.plain.subtract(&other.plain),
            tls: self.tls.subtract(&other.tls),
            gss: self.gss.subtract(&other.gss),
            local: self.local && !other.local,
        }
    }

    /// Both.
    fn with(&self, other: &Left) -> Left {
        Left {
            plain: self.plain.union(&other.plain),
            tls: self.tls.union(&other.tls),
            gss: self.gss.union(&other.gss),
            local: self.local || other.local,
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        !self.local && self.sources().is_empty()
    }

    /// Its addresses.
    pub(super) fn sources(&self) -> Addresses {
        self.plain.union(&self.tls).union(&self.gss)
    }
}

/// The addresses of a host itself.
pub(super) fn loopback() -> Addresses {
    Addresses::between([127, 0, 0, 0].into(), [127, 255, 255, 255].into())
        .union(&Addresses::of([std::net::IpAddr::from(std::net::Ipv6Addr::LOCALHOST).into()]))
}

/// What a rule is left with after those before it, and which of them take from it; none where that costs too much.
pub(super) fn left<'a>(host: &Host<'a>, rules: &[Rule<'a>], at: usize, tls_offered: bool) -> Option<(Left, Vec<usize>)> {
    let rule = &rules[at];
    let mut left = Left::default();
    let mut takers = Vec::new();
    for database in rule.databases {
        for user in rule.users {
            let pair = left_of_pair(host, rules, at, (*database, *user), tls_offered, &mut takers)?;
            left = left.with(&pair);
        }
    }
    takers.sort_unstable();
    takers.dedup();
    Some((left, takers))
}

/// What a rule is left with of one database and one user.
pub(super) fn left_of_pair<'a>(
    host: &Host<'a>,
    rules: &[Rule<'a>],
    at: usize,
    (database, user): (Name<'a>, Name<'a>),
    tls_offered: bool,
    takers: &mut Vec<usize>,
) -> Option<Left> {
    if !host.spend(1 + at as u64 / 16) {
        return None;
    }
    let mut left = Left::of(&rules[at], tls_offered);
    for (number, earlier) in rules[..at].iter().enumerate() {
        if covers_database(earlier, database) && covers_user(earlier, user) {
            let rest = left.without(&Left::taken_by(earlier, tls_offered));
            if rest != left {
                takers.push(number);
                left = rest;
            }
        }
    }
    Some(left)
}

/// Whether a rule is for everything that a database or keyword stands for; `all` leaves out physical replication.
fn covers_database(rule: &Rule<'_>, database: Name<'_>) -> bool {
    rule.databases.iter().any(|it| {
        (it.is("all") && !database.is("replication")) || same(*it, database, &["all", "sameuser", "samerole", "samegroup", "replication"])
    })
}

/// Whether a rule is for everybody that a user or group stands for.
fn covers_user(rule: &Rule<'_>, user: Name<'_>) -> bool {
    rule.users.iter().any(|it| it.is("all") || same(*it, user, &["all"]))
}

/// Whether two names are the same: both the keyword or both not, both a group or both not.
fn same(left: Name<'_>, right: Name<'_>, keywords: &[&str]) -> bool {
    let special = |it: Name<'_>| !it.quoted && (keywords.contains(&it.text) || it.text.starts_with(['+', '/']));
    left.text == right.text && special(left) == special(right)
}
