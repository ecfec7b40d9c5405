//! Rules of client authentication into the rows of `pg-hba`.

use std::collections::BTreeMap;

use super::super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use super::NAME;
use super::hba::{From, Name, Rule, Rules};
use super::installations::Installation;
use super::reach::{self, Left};
use super::roles::Roles;
use super::settings;
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::postgresql::PG_HBA;

/// The most blocks of addresses that a cell lists.
const BLOCKS_MOST: usize = 512;

static NOT_AT_REST: Phrase = Phrase {
    zh: "{} 的地址取决于主机名或本机网卡，配置文件不能确定",
    en: "the addresses of {} depend on host names or interfaces and are not known at rest",
};
static ELSEWHERE: Phrase = Phrase {
    zh: "{} 由外部系统认证，因素数量不在本机配置中",
    en: "another system authenticates for {}; how many factors it asks for is not configured here",
};
static NO_ROLES: Phrase = Phrase {
    zh: "{} 是否涉及超级用户取决于未采集的角色",
    en: "whether {} is for a superuser depends on roles that were not collected",
};

/// A rule and what was found out about it.
#[derive(Debug)]
pub(super) struct Judged<'r, 'a> {
    /// The rule.
    pub rule: &'r Rule<'a>,
    /// What it is left with; none where that was too much to find out.
    pub left: Option<Left>,
    /// Where it stands, and the earlier rules that take from it.
    pub evidence: &'a [Evidence<'a>],
    /// Whether it decides for a superuser from another host.
    pub superuser: Cell<'a>,
}

/// Finds out about every rule of an installation.
pub(super) fn judge<'r, 'a>(
    host: &Host<'a>,
    installation: &Installation<'a>,
    rules: &'r Rules<'a>,
    roles: &Roles<'a>,
) -> Vec<Judged<'r, 'a>> {
    let ssl = settings::named(host, installation, "ssl");
    let tls_offered = ssl.as_ref().and_then(|it| it.known()).and_then(|read| read.readings.on) != Some(false);
    let judged = rules.list.iter().enumerate().map(|(at, rule)| {
        let found = reach::left(host, &rules.list, at, tls_offered);
        let mut evidence = vec![rule.evidence];
        for taker in found.iter().flat_map(|(_, takers)| takers).take(16) {
            evidence.extend(match rules.list[*taker].evidence {
                Evidence::Decides(span) => Some(Evidence::Reference(span)),
                _ => None,
            });
        }
        let evidence = host.evidence(&evidence);
        let superuser = superuser(host, &rules.list, at, tls_offered, roles, evidence);
        Judged { rule, left: found.map(|(left, _)| left), evidence, superuser }
    });
    judged.collect()
}

/// Pushes the rows of an installation.
pub(super) fn push<'a>(
    host: &Host<'a>,
    installation: &Installation<'a>,
    rules: &Rules<'a>,
    judged: &[Judged<'_, 'a>],
    tables: &mut Tables<'a>,
) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for one in judged {
        let times = seen.entry(one.rule.key).and_modify(|times| *times += 1).or_insert(1);
        let key = if *times == 1 { one.rule.key } else { host.text(&format!("{} #{times}", one.rule.key)) };
        let mut row = row(host, installation, one, key);
        row.instance(installation.instance);
        tables.push(row);
    }
    if let Some(why) = rules.gap {
        let mut row = host.gap(&PG_HBA, NAME, why);
        row.instance(installation.instance);
        tables.push(row);
    }
    if judged.is_empty() && rules.gap.is_none() {
        tables.searched(&PG_HBA, Evidence::Searched(installation.place()));
    }
}

/// The row of one rule.
fn row<'a>(host: &Host<'a>, installation: &Installation<'a>, one: &Judged<'_, 'a>, key: &'a str) -> RowBuilder<'a> {
    let Judged { rule, evidence, .. } = one;
    let known = |value| Cell::known(value, evidence);
    let names = |names: &[Name<'a>]| known(host.texts(&names.iter().map(|name| name.text).collect::<Vec<_>>()));
    let mut row = host.row(&PG_HBA, NAME);
    row.set(const { PG_HBA.column("entry") }, known(Value::Text(key)))
        .set(const { PG_HBA.column("line") }, rule.line.map_or(Cell::unset(evidence), |line| known(Value::Integer(line.into()))))
        .set(const { PG_HBA.column("type") }, known(Value::Word(rule.kind)))
        .set(const { PG_HBA.column("databases") }, names(rule.databases))
        .set(const { PG_HBA.column("users") }, names(rule.users))
        .set(const { PG_HBA.column("sources") }, sources(host, one))
        .set(const { PG_HBA.column("breadth") }, breadth(host, one))
        .set(const { PG_HBA.column("method") }, known(Value::Word(rule.method)))
        .set(const { PG_HBA.column("encrypted") }, encrypted(one))
        .set(const { PG_HBA.column("client-certificate") }, known(Value::Word(certificate(installation, rule))))
        .set(const { PG_HBA.column("factors") }, factors(host, installation, one))
        .set(const { PG_HBA.column("local") }, known(Value::Boolean(is_local(rule))))
        .set(const { PG_HBA.column("reachable") }, reachable(one))
        .set(const { PG_HBA.column("reaches-superuser") }, one.superuser);
    row
}

/// Whether a rule is for this host alone.
pub(super) fn is_local(rule: &Rule<'_>) -> bool {
    match &rule.from {
        None | Some(From::ThisHost) => true,
        Some(From::Addresses(addresses)) => addresses.within(&reach::loopback()),
        Some(From::Unresolved) => false,
    }
}

/// That addresses are not known at rest.
fn not_at_rest<'a>(one: &Judged<'_, 'a>) -> Why<'a> {
    Why::new("not-at-rest", &NOT_AT_REST, one.rule.key)
}

/// The addresses that a rule decides for.
pub(super) fn sources<'a>(host: &Host<'a>, one: &Judged<'_, 'a>) -> Cell<'a> {
    let left = match (&one.rule.from, &one.left) {
        (Some(From::ThisHost | From::Unresolved), _) => return Cell::unknown(not_at_rest(one), one.evidence),
        (_, None) => return Cell::unknown(Why::budget_spent(one.rule.key), one.evidence),
        (_, Some(left)) => left,
    };
    let blocks = left.sources().blocks();
    if blocks.len() > BLOCKS_MOST {
        return Cell::unknown(Why::budget_spent(one.rule.key), one.evidence);
    }
    Cell::known(Value::List(host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network))), one.evidence)
}

/// How many addresses a rule is for, as written.
fn breadth<'a>(_: &Host<'a>, one: &Judged<'_, 'a>) -> Cell<'a> {
    let addresses = match &one.rule.from {
        None => return Cell::known(Value::Integer(0), one.evidence),
        Some(From::ThisHost) => return Cell::known(Value::Integer(1), one.evidence),
        Some(From::Unresolved) => return Cell::unknown(not_at_rest(one), one.evidence),
        Some(From::Addresses(addresses)) => addresses,
    };
    let whole = addresses.covers(&Addresses::any_four()) || addresses.covers(&Addresses::any_six());
    let number = i64::try_from(addresses.breadth()).ok().filter(|_| !whole);
    Cell::known(number.map_or(Value::Unlimited, Value::Integer), one.evidence)
}

/// Whether some connection reaches a rule.
fn reachable<'a>(one: &Judged<'_, 'a>) -> Cell<'a> {
    match &one.left {
        None => Cell::unknown(Why::budget_spent(one.rule.key), one.evidence),
        Some(left) => Cell::known(Value::Boolean(!left.is_empty()), one.evidence),
    }
}

/// Whether whoever a rule decides for comes protected.
pub(super) fn encrypted<'a>(one: &Judged<'_, 'a>) -> Cell<'a> {
    match &one.left {
        None => Cell::unknown(Why::budget_spent(one.rule.key), one.evidence),
        Some(left) => Cell::known(Value::Boolean(left.plain.is_empty()), one.evidence),
    }
}

/// Which certificate is asked for beside the method. Before 12 `1` is the only way to ask, and is verify-ca of later versions.
fn certificate(installation: &Installation<'_>, rule: &Rule<'_>) -> &'static str {
    match rule.clientcert {
        _ if rule.method == "cert" => "verify-full",
        Some("verify-full") => "verify-full",
        Some("verify-ca") => "verify-ca",
        Some("1") if installation.version.is_none_or(|version| version < 14) => "verify-ca",
        _ => "none",
    }
}

/// How many factors admit: the method's, and one more for a certificate of that user. A certificate of anybody is one more only before
/// 12, which cannot ask for the user's.
pub(super) fn factors<'a>(host: &Host<'a>, installation: &Installation<'a>, one: &Judged<'_, 'a>) -> Cell<'a> {
    let rule = one.rule;
    let old = installation.version.is_some_and(|version| version < 12);
    let more = match certificate(installation, rule) {
        "verify-full" => i64::from(rule.method != "cert"),
        "verify-ca" if old => 1,
        _ => 0,
    };
    match rule.method {
        "reject" => Cell::unset(one.evidence),
        "trust" => Cell::known(Value::Integer(more), one.evidence),
        "cert" | "peer" | "ident" | "password" | "md5" | "scram-sha-256" | "scram-sm3" | "sha256" | "sm3" => {
            Cell::known(Value::Integer(1 + more), one.evidence)
        }
        _ => {
            let candidates = host.arena().alloc_slice_copy(&[Value::Integer(1 + more), Value::Integer(2 + more)]);
            Cell::one_of(Why::new("factors-elsewhere", &ELSEWHERE, rule.key), candidates, one.evidence)
        }
    }
}

/// Whether a rule decides for a superuser from another host.
fn superuser<'a>(
    host: &Host<'a>,
    rules: &[Rule<'a>],
    at: usize,
    tls_offered: bool,
    roles: &Roles<'a>,
    evidence: &'a [Evidence<'a>],
) -> Cell<'a> {
    let rule = &rules[at];
    if rule.method == "reject" || is_local(rule) {
        return Cell::known(Value::Boolean(false), evidence);
    }
    let mut doubt = false;
    for superuser in &roles.superusers {
        let fits = rule.users.iter().map(|name| roles.fits(*name, superuser));
        let Some(fits) = fits.reduce(|left, right| if left == Some(true) || right == Some(true) { Some(true) } else { left.and(right) })
        else {
            continue;
        };
        if fits == Some(false) {
            continue;
        }
        let user = Name { text: superuser, quoted: true };
        let left = rule.databases.iter().map(|database| {
            let left = reach::left_of_pair(host, rules, at, (*database, user), tls_offered, &mut Vec::new())?;
            Some(!left.sources().within(&reach::loopback()))
        });
        for reached in left {
            match reached {
                Some(true) if fits == Some(true) => return Cell::known(Value::Boolean(true), evidence),
                Some(false) => {}
                Some(true) | None => doubt = true,
            }
        }
    }
    if doubt || !roles.complete {
        return Cell::unknown(Why::new("roles-not-known", &NO_ROLES, rule.key), evidence);
    }
    Cell::known(Value::Boolean(false), evidence)
}
