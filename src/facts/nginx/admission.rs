//! `allow`, `deny`, `satisfy` and logins into who is admitted to a location.

use std::net::IpAddr;

use ipnet::IpNet;

use super::load::{Block, Entry};
use super::scope::{Chain, Found};
use crate::facts::{Cell, Evidence, Host, Value, Why};
use crate::names::Phrase;
use crate::reckon::network::Addresses;

/// The most lines of one list that are reckoned.
const LINES_MOST: usize = 4_096;

static BY_CONDITION: Phrase = Phrase {
    zh: "条件 {} 可能拒绝部分请求，静态无法判定",
    en: "the condition {} may turn requests away, which the configuration alone does not decide",
};

/// Who is admitted.
#[derive(Clone, Debug)]
pub(super) struct Admission<'a> {
    /// Addresses that are admitted, whatever else they must show.
    pub addresses: Result<Addresses, Why<'a>>,
    /// What shows it.
    pub evidence: &'a [Evidence<'a>],
    /// Whether a list limits addresses at all.
    pub listed: bool,
    /// The cell `login`.
    pub login: Cell<'a>,
    /// The cell `address-and-login`.
    pub both: Cell<'a>,
}

/// Who is admitted to what a chain of blocks holds for; `conditions` are the blocks whose `if` a request passes.
pub(super) fn of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, refuses_unseen: Option<&'a str>) -> Admission<'a> {
    let list = chain.several(&["allow", "deny"]);
    let (login, login_evidence, login_doubt) = logins(host, chain);
    let satisfy = chain.single("satisfy");
    let any = satisfy.first().is_some_and(|line| line.word(0) == "any");
    let list_evidence = list.evidence(host, chain.main);
    let limited = admitted(&list);
    let listed = limited.as_ref().is_ok_and(|addresses| *addresses != Addresses::any());
    let doubt = list.doubt.or(satisfy.doubt);
    let condition = refuses_unseen.map(|text| Why::new("condition", &BY_CONDITION, text));
    let replaced = any && !login.is_empty();
    let addresses = match (limited, doubt) {
        (_, Some(why)) => Err(why),
        (Ok(addresses), None) if replaced => condition.map_or_else(|| Ok(addresses.union(&Addresses::any())), Err),
        (Ok(addresses), None) if addresses == Addresses::any() => condition.map_or(Ok(addresses), Err),
        (known, None) => known,
    };
    let evidence = match satisfy.first().filter(|_| replaced) {
        Some(line) => host.evidence(&[&[line.decides()], list_evidence, login_evidence].concat()),
        None => list_evidence,
    };
    let words: Vec<Value<'a>> = login.iter().map(|word| Value::Word(word)).collect();
    let both_evidence = host.evidence(&[evidence, login_evidence].concat());
    let both = match login_doubt.or(doubt) {
        Some(why) => Cell::unknown(why, both_evidence),
        None => Cell::known(Value::Boolean(listed && !login.is_empty() && !any), both_evidence),
    };
    let login = match login_doubt {
        Some(why) => Cell::unknown(why, login_evidence),
        None => Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), login_evidence),
    };
    Admission { addresses, evidence, listed, login, both }
}

/// The addresses that a list admits: the first line that fits decides, and whom none fits is admitted.
fn admitted<'a>(list: &Found<'_, 'a>) -> Result<Addresses, Why<'a>> {
    if list.entries.len() > LINES_MOST {
        return Err(Why::budget_spent("allow, deny"));
    }
    let mut admitted = Addresses::any();
    for entry in list.entries.iter().rev() {
        let written = entry.word(0);
        let of = match block(written) {
            Some(of) => of,
            None if written == "unix:" => continue,
            None => return Err(Why::not_understood(entry.text)),
        };
        admitted = if entry.name == "allow" { admitted.union(&of) } else { admitted.subtract(&of) };
    }
    Ok(admitted)
}

/// What `allow` and `deny` name.
pub(super) fn block(written: &str) -> Option<Addresses> {
    if written == "all" {
        return Some(Addresses::any());
    }
    let block = written.parse::<IpNet>().ok().or_else(|| written.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(Addresses::of([block.trunc()]))
}

/// The logins that are asked for, what shows them, and why there could be others.
fn logins<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> (Vec<&'static str>, &'a [Evidence<'a>], Option<Why<'a>>) {
    let mut words = Vec::new();
    let mut pieces = Vec::new();
    let mut doubt = None;
    for (name, word) in [
        ("auth_basic", "basic"),
        ("auth_request", "subrequest"),
        ("auth_jwt", "jwt"),
        ("access_by_lua_block", "other"),
        ("access_by_lua_file", "other"),
    ] {
        let found = chain.single(name);
        doubt = doubt.or(found.doubt);
        let Some(line) = found.first() else { continue };
        pieces.push(line.decides());
        match line.word(0) {
            "off" => {}
            value if value.contains('$') && name == "auth_basic" => doubt = doubt.or(Some(Why::not_understood(line.text))),
            _ => words.push(word),
        }
    }
    if pieces.is_empty() {
        pieces.push(Evidence::Searched(chain.main));
    }
    (words, host.evidence(&pieces), doubt)
}

/// The first `if` of a block that ends requests with a refusal, as it is written.
pub(super) fn refusing_condition<'a>(block: &Block<'a>) -> Option<&'a str> {
    let refuses = |line: &Entry<'a>| line.name == "return" && !line.word(0).starts_with(['2', '3', '$']) && !line.word(0).contains("://");
    let conditions = block.all("if").filter(|entry| entry.block.as_ref().is_some_and(|inner| inner.entries.iter().any(refuses)));
    conditions.map(|entry| entry.text).next()
}

/// Whether any client can make up the address that lists look at.
pub(super) fn forgeable<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let trusted = chain.several(&["set_real_ip_from"]);
    let evidence = trusted.evidence(host, chain.main);
    let all = trusted.entries.iter().filter_map(|line| block(line.word(0))).fold(Addresses::none(), |all, one| all.union(&one));
    let wide = all.covers(&Addresses::any_four()) || all.covers(&Addresses::any_six());
    match trusted.doubt {
        Some(why) if !wide => Cell::unknown(why, evidence),
        _ => Cell::known(Value::Boolean(wide), evidence),
    }
}
