//! The administration console, the connection filter and the realm into the row of `remote-access`.
//!
//! Securing WebLogic Server, "Connection Filter Rules": `target localAddress localPort action protocols`, the first rule that matches
//! decides, and what no rule matches is admitted.

use ipnet::{IpNet, Ipv4Net};

use super::super::{Cell, Host, Tables, Value, Why};
use super::settings::Settings;
use super::{Domain, NAME};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// The filter whose rules are understood.
const FILTER: &str = "weblogic.security.net.ConnectionFilterImpl";

static ELSEWHERE: Phrase = Phrase { zh: "由认证提供者 {} 决定", en: "the authentication provider {} decides" };
static OWN: Phrase =
    Phrase { zh: "过滤器 {} 不是自带的，其规则未知", en: "the filter {} is not one that comes with the server" };
static RULE: Phrase = Phrase { zh: "未能理解过滤规则 {}", en: "the filter rule {} was not understood" };

/// The addresses that the rules admit; the rule that was not understood otherwise.
pub(super) fn admitted<'r>(rules: &[&'r str]) -> Result<Addresses, &'r str> {
    let (mut allowed, mut refused) = (Addresses::none(), Addresses::none());
    for rule in rules {
        let words: Vec<&str> = rule.split_whitespace().collect();
        let [target, address, port, action, protocols @ ..] = &words[..] else { return Err(rule) };
        let target = addresses(target).ok_or(*rule)?;
        match action.to_ascii_lowercase().as_str() {
            "allow" => allowed = allowed.union(&target.subtract(&refused)),
            // One for some ports or protocols leaves the others open.
            "deny" if *address == "*" && *port == "*" && protocols.is_empty() => refused = refused.union(&target),
            "deny" => {}
            _ => return Err(rule),
        }
    }
    Ok(allowed.union(&Addresses::any().subtract(&refused)))
}

/// An address, a block with a length or a mask, or everything.
fn addresses(text: &str) -> Option<Addresses> {
    if text == "*" {
        return Some(Addresses::any());
    }
    if let Ok(block) = text.parse::<IpNet>() {
        let block = block.trunc();
        // Rules write 0.0.0.0/0 for everything, whatever the family.
        return Some(if block.prefix_len() == 0 { Addresses::any() } else { Addresses::of([block]) });
    }
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    let (address, mask) = text.split_once('/')?;
    let length = ipnet::ipv4_mask_to_prefix(mask.parse().ok()?).ok()?;
    let block = Ipv4Net::new(address.parse().ok()?, length).ok()?.trunc();
    Some(if length == 0 { Addresses::any() } else { Addresses::of([IpNet::V4(block)]) })
}

/// The addresses from which connections come.
fn sources<'a>(host: &Host<'a>, settings: &Settings<'a>) -> (Cell<'a>, Cell<'a>) {
    let (filter, rules) = (settings.of("connection-filter"), settings.of("connection-filter-rule"));
    let evidence = host.evidence(&[filter.evidence(), rules.evidence()].concat());
    let listed = |set: &Addresses, named: &[&'a str]| {
        let blocks: Vec<Value<'a>> = set.blocks().into_iter().map(Value::Network).collect();
        (Cell::known(Value::List(host.arena().alloc_slice_copy(&blocks)), evidence), Cell::known(host.texts(named), evidence))
    };
    let unknown = |why: Why<'a>| (Cell::unknown(why, evidence), Cell::unknown(why, evidence));
    match (filter.text(), rules.text()) {
        (Some(""), _) => listed(&Addresses::any(), &[]),
        (Some(FILTER), Some(text)) => {
            let lines: Vec<&'a str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            match admitted(&lines) {
                Ok(set) => listed(&set, &["connection-filter"]),
                Err(rule) => unknown(Why::new("not-understood", &RULE, rule)),
            }
        }
        (Some(own), _) if own != FILTER => unknown(Why::new("own-filter", &OWN, own)),
        _ => unknown(filter.why().or(rules.why()).unwrap_or(Why::not_understood("connection-filter"))),
    }
}

/// Pushes the row.
pub(super) fn push<'a>(host: &Host<'a>, domain: &Domain<'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let console = settings.switch(host, "console-enabled");
    let port = settings.switch(host, "administration-port-enabled");
    let secure = port.value() == Some(Value::Boolean(true));
    let (sources, named) = sources(host, settings);
    let known = |value: Value<'a>| Cell::known(value, console.evidence);
    let providers: Vec<&'a str> = domain
        .realm()
        .map(|realm| {
            realm.all("authentication-provider").filter_map(|it| it.attribute("type").map(|kind| host.text(&kind.value))).collect()
        })
        .unwrap_or_default();
    let own = |kind: &&&str| kind.contains("default-authenticator") || kind.contains("default-identity-asserter");
    let other = providers.iter().find(|kind| !own(kind)).copied();
    let factors = match (other, domain.gap) {
        (Some(kind), _) => Cell::unknown(Why::new("decided-elsewhere", &ELSEWHERE, kind), console.evidence),
        (None, Some(why)) => Cell::unknown(why, console.evidence),
        (None, None) => known(Value::Integer(1)),
    };
    let lockout = match settings.switch(host, "lockout-enabled") {
        cell if cell.value() == Some(Value::Boolean(false)) => Cell::unset(cell.evidence),
        _ => settings.of("lockout-threshold").cell(host, |text| text.parse().ok().map(Value::Integer)),
    };
    let unread = |what: &'static str| Cell::unknown(Why::not_understood(what), &[]);
    let mut row = host.row(&REMOTE_ACCESS, NAME);
    row.instance(domain.instance);
    row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word(if secure { "web-https" } else { "web-http" })))
        .set(const { REMOTE_ACCESS.column("scope") }, known(Value::Text("weblogic console")))
        .set(const { REMOTE_ACCESS.column("enabled") }, console)
        .set(const { REMOTE_ACCESS.column("encrypted") }, port)
        .set(const { REMOTE_ACCESS.column("sources") }, sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, named)
        .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, known(host.texts(&["realm"])))
        .set(const { REMOTE_ACCESS.column("factors") }, factors)
        .set(const { REMOTE_ACCESS.column("methods") }, known(Value::List(&[Value::Word("password")])))
        .set(const { REMOTE_ACCESS.column("servers") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("servers-first") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("idle-timeout") }, unread("AdminConsoleMBean SessionTimeout"))
        .set(const { REMOTE_ACCESS.column("login-timeout") }, unread("LoginTimeoutMillis"))
        .set(const { REMOTE_ACCESS.column("max-attempts") }, known(Value::Integer(1)))
        .set(const { REMOTE_ACCESS.column("lockout") }, lockout)
        .set(const { REMOTE_ACCESS.column("time-windows") }, known(Value::List(&[])))
        .set(const { REMOTE_ACCESS.column("login-hours") }, known(Value::Duration(WEEK)))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("privileged-on-login") }, known(Value::Boolean(true)))
        .set(const { REMOTE_ACCESS.column("accounting") }, known(Value::Boolean(false)))
        .set(const { REMOTE_ACCESS.column("forwarding") }, known(Value::Boolean(false)));
    tables.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rules: &[&str]) -> Option<String> {
        admitted(rules).ok().map(|set| set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        assert_eq!(shown(&["10.1.0.0/16 * * allow", "0.0.0.0/0 * * deny"]), Some("10.1.0.0/16".to_owned()));
        assert_eq!(shown(&["0.0.0.0/0 * * deny", "10.1.0.0/16 * * allow"]), Some(String::new()));
        assert_eq!(shown(&["10.1.0.0/255.255.0.0 * 7001 allow t3 t3s", "* * * deny"]), Some("10.1.0.0/16".to_owned()));
        // Denied for t3 alone: everybody still gets in by http.
        assert_eq!(shown(&["0.0.0.0/0 * * deny t3 t3s"]), Some("0.0.0.0/0 ::/0".to_owned()));
        assert_eq!(shown(&[]), Some("0.0.0.0/0 ::/0".to_owned()));
        for rule in ["host.example * * allow", "10.1.1.1 * *", "10.1.1.1 * * maybe"] {
            assert_eq!(shown(&[rule]), None, "{rule}");
        }
    }
}
