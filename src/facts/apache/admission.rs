//! `Require`, `Order`, `Allow`, `Deny` and `Satisfy` into who is admitted to a path.
//!
//! `Require` lines of a section replace those of outer ones unless `AuthMerging` says otherwise, and one that holds is enough
//! (mod_authz_core); `Order`, `Allow`, `Deny` and `Satisfy` of a section replace outer ones together (mod_access_compat). Both must admit,
//! unless `Satisfy Any`.

use std::net::IpAddr;

use ipnet::IpNet;

use super::chain::{Chain, Found, Layer, in_block};
use super::load::Entry;
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};
use crate::reckon::network::Addresses;

/// What decides about authorisation.
pub(super) const REQUIRES: &[&str] = &["require", "requireall", "requireany", "requirenone"];
/// The directives of mod_access_compat.
pub(super) const COMPAT: &[&str] = &["order", "allow", "deny", "satisfy"];

/// The most lines of one list that are reckoned.
const LINES_MOST: usize = 4_096;

static OPEN: Documented =
    Documented { setting: "no Require: everybody is admitted", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, mod_authz_core" };

/// Who is admitted: addresses that need no login, and addresses that need one or none.
#[derive(Clone, Debug, PartialEq)]
struct Admitted {
    without: Addresses,
    with: Addresses,
}

/// The least and the most that is admitted; what they rest on beside addresses.
#[derive(Clone, Debug)]
struct Bounds<'a> {
    least: Admitted,
    most: Admitted,
    /// Whether anything asks who the user is.
    login: bool,
    /// Names of hosts and domains that are admitted.
    names: Vec<&'a str>,
}

fn of_addresses<'a>(addresses: Addresses) -> Bounds<'a> {
    let admitted = Admitted { without: addresses.clone(), with: addresses };
    Bounds { least: admitted.clone(), most: admitted, login: false, names: Vec::new() }
}

impl Admitted {
    fn joined(&self, other: &Admitted, how: Join) -> Admitted {
        Admitted { without: how(&self.without, &other.without), with: how(&self.with, &other.with) }
    }
}

impl<'a> Bounds<'a> {
    /// What is not known: nobody or everybody.
    fn unknown() -> Bounds<'a> {
        Bounds { least: of_addresses(Addresses::none()).least, ..of_addresses(Addresses::any()) }
    }

    fn joined(mut self, other: Bounds<'a>, how: Join) -> Bounds<'a> {
        self.names.extend(other.names);
        Bounds {
            least: self.least.joined(&other.least, how),
            most: self.most.joined(&other.most, how),
            login: self.login || other.login,
            names: self.names,
        }
    }

    /// Without whom something else admits.
    fn without(self, other: &Bounds<'a>) -> Bounds<'a> {
        Bounds {
            least: self.least.joined(&other.most, Addresses::subtract),
            most: self.most.joined(&other.least, Addresses::subtract),
            ..self
        }
    }
}

/// Who is admitted.
#[derive(Clone, Debug)]
pub(super) struct Admission<'a> {
    /// The cell `sources`.
    pub sources: Cell<'a>,
    /// The cell `everybody`.
    pub everybody: Cell<'a>,
    /// The cell `breadth`.
    pub breadth: Cell<'a>,
    /// The cell `login`.
    pub login: Cell<'a>,
    /// The cell `address-and-login`.
    pub both: Cell<'a>,
}

/// Who is admitted to what a chain of sections holds for.
pub(super) fn of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Admission<'a> {
    let (requires, mut evidence, doubt) = required(host, chain);
    let compat = chain.find(COMPAT);
    let open_doubt = doubt.or(compat.doubt);
    let mut bounds = requires;
    if !compat.entries.is_empty() {
        let allowed = compatible(&compat.entries);
        let any = compat.entries.iter().rfind(|line| line.name == "satisfy").is_some_and(|line| line.word(0).eq_ignore_ascii_case("any"));
        bounds = bounds.joined(allowed, if any { Addresses::union } else { Addresses::intersection });
        evidence = [compat.evidence(host, chain.main), &evidence].concat();
    }
    if evidence.is_empty() {
        evidence = vec![Evidence::Default(&OPEN), Evidence::Searched(chain.main)];
    }
    cells(host, chain, &bounds, host.evidence(&evidence), open_doubt)
}

/// The cells of what is admitted.
fn cells<'a>(
    host: &Host<'a>,
    chain: &Chain<'_, 'a>,
    bounds: &Bounds<'a>,
    evidence: &'a [Evidence<'a>],
    doubt: Option<Why<'a>>,
) -> Admission<'a> {
    let (least, most) = (&bounds.least.with, &bounds.most.with);
    let all = |set: &Addresses| set.covers(&Addresses::any_four()) || set.covers(&Addresses::any_six());
    let why = doubt.unwrap_or_else(|| Why::not_understood("Require"));
    let unknown = Cell::unknown(why, evidence);
    let settled = doubt.is_none() && least == most;
    let everybody = match doubt {
        Some(_) => unknown,
        None if all(least) => Cell::known(Value::Boolean(true), evidence),
        None if !all(most) => Cell::known(Value::Boolean(false), evidence),
        None => unknown,
    };
    let blocks = least.blocks().into_iter().map(Value::Network).chain(bounds.names.iter().map(|name| Value::Opaque(name)));
    let blocks: Vec<Value<'a>> = blocks.collect();
    let sources = if settled { Cell::known(Value::List(host.arena().alloc_slice_copy(&blocks)), evidence) } else { unknown };
    let breadth = match settled && bounds.names.is_empty() {
        true if all(least) => Cell::known(Value::Unlimited, evidence),
        true => Cell::known(Value::Integer(i64::try_from(least.breadth()).unwrap_or(i64::MAX)), evidence),
        false => unknown,
    };
    let asks = bounds.login;
    let (login, by_login) = login(host, chain, asks);
    let both = match (doubt, asks) {
        (Some(_), _) => unknown,
        (None, false) => Cell::known(Value::Boolean(false), evidence),
        (None, true) => Cell::known(Value::Boolean(bounds.most.without.is_empty() && !all(most)), evidence),
    };
    Admission { sources, everybody, breadth, login: if doubt.is_some() { unknown } else { Cell { evidence: by_login, ..login } }, both }
}

/// The cell `login`, and what shows it.
fn login<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, asks: bool) -> (Cell<'a>, &'a [Evidence<'a>]) {
    let found = chain.find(&["authtype"]);
    let evidence = found.evidence(host, chain.main);
    if !asks {
        return (Cell::known(Value::List(&[]), evidence), evidence);
    }
    let word = match found.last().map(|line| line.word(0).to_ascii_lowercase()).as_deref() {
        Some("basic") => "basic",
        Some("digest") => "digest",
        Some("form") => "form",
        _ => "other",
    };
    let cell = match found.doubt {
        Some(why) => Cell::unknown(why, evidence),
        None => Cell::known(Value::List(host.arena().alloc_slice_copy(&[Value::Word(word)])), evidence),
    };
    (cell, evidence)
}

/// `Require` lines of sections of one family, merged.
struct Merged<'a> {
    bounds: Bounds<'a>,
    evidence: Vec<Evidence<'a>>,
    /// How they go together with those of outer families; none where they replace them.
    how: Option<Join>,
}

/// How two sets of addresses go together.
type Join = fn(&Addresses, &Addresses) -> Addresses;

/// The family of a section: httpd merges those of folders, files and locations among themselves before it puts one on the other.
fn family(layer: &Layer<'_, '_>) -> usize {
    match layer.head.map(|head| head.name) {
        Some("files" | "filesmatch") => 1,
        Some("location" | "locationmatch") => 2,
        _ => 0,
    }
}

/// How `AuthMerging` of a section puts its lines together with outer ones.
fn merging(block: &[Entry<'_>]) -> Option<Join> {
    let lines = in_block(block, &["authmerging"]).0;
    match lines.last()?.word(0).to_ascii_lowercase().as_str() {
        "and" => Some(Addresses::intersection),
        "or" => Some(Addresses::union),
        _ => None,
    }
}

/// What `Require` admits, what shows it, and why it could be otherwise.
fn required<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> (Bounds<'a>, Vec<Evidence<'a>>, Option<Why<'a>>) {
    let mut families: [Option<Merged<'a>>; 3] = [const { None }; 3];
    let mut doubts = [None; 3];
    for layer in &chain.layers {
        let (entries, open) = in_block(layer.block, REQUIRES);
        let family = family(layer);
        if entries.is_empty() || layer.perhaps.is_some() {
            let why = layer.may_set(REQUIRES).or(open).or(layer.perhaps.filter(|_| !entries.is_empty()));
            doubts[family] = why.or(doubts[family]);
            continue;
        }
        let own = any_of(&entries);
        let found = Found { entries, head: layer.head, doubt: None };
        let evidence = found.evidence(host, chain.main).to_vec();
        let how = merging(layer.block);
        doubts[family] = open.or(doubts[family].filter(|_| how.is_some()));
        families[family] = Some(match (families[family].take(), how) {
            (Some(outer), Some(join)) => {
                Merged { bounds: outer.bounds.joined(own, join), evidence: [evidence, outer.evidence].concat(), how }
            }
            _ => Merged { bounds: own, evidence, how },
        });
    }
    let mut total: Option<Merged<'a>> = None;
    let mut doubt = chain.gap;
    for (merged, why) in families.into_iter().zip(doubts) {
        let replaces = merged.as_ref().is_some_and(|merged| merged.how.is_none());
        doubt = why.or(doubt.filter(|_| !replaces));
        total = match (total, merged) {
            (Some(outer), Some(Merged { bounds, evidence, how: Some(join) })) => {
                Some(Merged { bounds: outer.bounds.joined(bounds, join), evidence: [evidence, outer.evidence].concat(), how: None })
            }
            (total, merged) => merged.or(total),
        };
    }
    match total {
        Some(merged) => (merged.bounds, merged.evidence, doubt),
        None => (of_addresses(Addresses::any()), Vec::new(), doubt),
    }
}

/// Lines of which one that holds is enough; those that only refuse do nothing among them.
fn any_of<'a>(lines: &[&Entry<'a>]) -> Bounds<'a> {
    let mut all = of_addresses(Addresses::none());
    for line in lines.iter().take(LINES_MOST).filter(|line| !refuses(line)) {
        all = all.joined(one(line), Addresses::union);
    }
    if lines.len() > LINES_MOST { Bounds::unknown() } else { all }
}

/// Whether a line only ever refuses.
fn refuses(line: &Entry<'_>) -> bool {
    line.name == "requirenone" || line.name == "require" && line.word(0).eq_ignore_ascii_case("not")
}

/// The lines of a section.
fn inner<'t, 'a>(line: &'t Entry<'a>) -> Vec<&'t Entry<'a>> {
    line.block.iter().flatten().filter(|line| REQUIRES.contains(&line.name) || line.perhaps.is_some()).collect()
}

/// What one line admits.
fn one<'a>(line: &Entry<'a>) -> Bounds<'a> {
    match line.name {
        "require" => leaf(&line.words),
        "requireany" => any_of(&inner(line)),
        "requireall" => {
            let lines = inner(line);
            if !lines.iter().any(|line| !refuses(line)) {
                return of_addresses(Addresses::none());
            }
            let mut all = of_addresses(Addresses::any());
            for line in lines.iter().take(LINES_MOST) {
                all = match line.name {
                    "requirenone" => inner(line).iter().fold(all, |all, line| all.without(&one(line))),
                    "require" if refuses(line) => refused(all, &line.words[1..]),
                    _ => all.joined(one(line), Addresses::intersection),
                };
            }
            if lines.len() > LINES_MOST { Bounds::unknown() } else { all }
        }
        _ => Bounds::unknown(),
    }
}

/// What is left where those whom some words describe are refused.
fn refused<'a>(all: Bounds<'a>, words: &[&'a str]) -> Bounds<'a> {
    let other = leaf(words);
    // Refusing some users, or hosts by name, leaves every address with somebody who is admitted.
    if other.login || !other.names.is_empty() { all } else { all.without(&other) }
}

/// What the words of a `Require` admit.
fn leaf<'a>(words: &[&'a str]) -> Bounds<'a> {
    let Some((kind, rest)) = words.split_first() else { return Bounds::unknown() };
    match kind.to_ascii_lowercase().as_str() {
        "all" if rest.first().is_some_and(|word| word.eq_ignore_ascii_case("granted")) => of_addresses(Addresses::any()),
        "all" if rest.first().is_some_and(|word| word.eq_ignore_ascii_case("denied")) => of_addresses(Addresses::none()),
        "ip" => {
            let blocks: Option<Vec<Addresses>> = rest.iter().map(|word| block(word)).collect();
            blocks.map_or_else(Bounds::unknown, |blocks| of_addresses(blocks.iter().fold(Addresses::none(), |all, one| all.union(one))))
        }
        "local" => of_addresses(local()),
        "host" | "forward-dns" if !rest.iter().any(|word| word.contains("${")) => {
            Bounds { names: rest.to_vec(), ..of_addresses(Addresses::none()) }
        }
        "valid-user" | "user" | "group" | "file-owner" | "file-group" | "dbm-group" | "dbd-group" | "dbm-file-group" => by_login(),
        name if name.starts_with("ldap-") => by_login(),
        _ => Bounds::unknown(),
    }
}

/// A login admits from every address.
fn by_login<'a>() -> Bounds<'a> {
    let admitted = Admitted { without: Addresses::none(), with: Addresses::any() };
    Bounds { least: admitted.clone(), most: admitted, login: true, names: Vec::new() }
}

/// The host itself.
fn local() -> Addresses {
    let blocks = ["127.0.0.0/8", "::1/128"].iter().filter_map(|block| block.parse::<IpNet>().ok());
    Addresses::of(blocks)
}

/// What `Order`, `Allow` and `Deny` admit. Without `Order` it is `Deny,Allow`.
fn compatible<'a>(lines: &[&Entry<'a>]) -> Bounds<'a> {
    let order = lines.iter().rfind(|line| line.name == "order").map_or_else(String::new, |line| line.words.concat().to_ascii_lowercase());
    let list = |name: &str| {
        let lines = lines.iter().filter(|line| line.name == name).take(LINES_MOST);
        let words = lines.flat_map(|line| line.words.iter().skip(1).copied());
        words.fold(of_addresses(Addresses::none()), |all, word| all.joined(named(word), Addresses::union))
    };
    let (allow, deny) = (list("allow"), list("deny"));
    match order.as_str() {
        "allow,deny" | "mutual-failure" => allow.without(&deny),
        _ => {
            let names = allow.names.clone();
            Bounds { names, ..of_addresses(Addresses::any()).without(&deny).joined(allow, Addresses::union) }
        }
    }
}

/// What a word after `Allow from` names.
fn named(word: &str) -> Bounds<'_> {
    if word.eq_ignore_ascii_case("all") {
        return of_addresses(Addresses::any());
    }
    if let Some(addresses) = block(word) {
        return of_addresses(addresses);
    }
    if word.contains(['=', '$']) {
        return Bounds::unknown();
    }
    Bounds { names: vec![word], ..of_addresses(Addresses::none()) }
}

/// An address, the first numbers of one (`10.1`), a block, or an address with a mask of its own.
pub(super) fn block(word: &str) -> Option<Addresses> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    let numbers = |text: &str| -> Option<Vec<u8>> { text.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect() };
    let padded = |numbers: &[u8]| -> Option<[u8; 4]> {
        let mut all = [0; 4];
        all.get_mut(..numbers.len())?.copy_from_slice(numbers);
        Some(all)
    };
    let Some((address, mask)) = word.split_once('/') else {
        let shown = numbers(word)?;
        let length = u8::try_from(shown.len() * 8).ok()?;
        return Some(Addresses::of([IpNet::new(padded(&shown)?.into(), length).ok()?]));
    };
    if let Ok(block) = word.parse::<IpNet>() {
        return Some(Addresses::of([block.trunc()]));
    }
    let address = padded(&numbers(address)?)?;
    let length = match mask.parse::<u8>() {
        Ok(length) => length,
        Err(_) => ipnet::ip_mask_to_prefix(mask.parse().ok()?).ok()?,
    };
    Some(Addresses::of([IpNet::new(address.into(), length).ok()?.trunc()]))
}
