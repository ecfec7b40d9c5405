//! Lines, web server and write communities of IOS into the rows of `remote-access`.

use super::aaa::{self, Login, Method};
use super::agents;
use super::documented as doc;
use super::hours;
use super::lines::{Range, ranges};
use super::lists::{self, Applied};
use super::statements::{Ios, Said, said_in};
use crate::facts::{Cell, Documented, Tables, Value, Why};
use crate::names::Phrase;
use crate::reckon::access_list::{Ports, Service};
use crate::schema::neutral::REMOTE_ACCESS;

static NOT_WRITTEN: Phrase = Phrase {
    zh: "{} 没有写出；是否存在、允许哪些协议随型号和版本不同",
    en: "{} is not written; whether it is there and what it admits depends on model and release",
};
static SERVERS: Phrase = Phrase { zh: "由认证服务器决定：{}", en: "the authentication servers decide: {}" };

/// Adds a row for every way in.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    for range in ranges(ios) {
        let login = aaa::login(ios, &range);
        if range.terminal {
            for (service, port) in [("ssh", 22), ("telnet", 23)] {
                let enabled = admits(ios, &range, service);
                if service == "telnet" && enabled.value() == Some(Value::Boolean(false)) {
                    continue;
                }
                let lists = applied(&range);
                let way = Way {
                    service,
                    scope: &range.scope,
                    enabled,
                    encrypted: service == "ssh",
                    lists: Some((lists, Service::tcp(Ports::only(port)))),
                };
                row(ios, tables, &way, &login, &range);
            }
        } else {
            let enabled = console(ios, &range);
            row(ios, tables, &Way { service: "console", scope: &range.scope, enabled, encrypted: false, lists: None }, &login, &range);
        }
    }
    for (service, statement, port) in [("web-http", "ip http server", 80), ("web-https", "ip http secure-server", 443)] {
        web(ios, tables, service, statement, port);
    }
    agents::push(ios, tables);
}

/// A way in.
pub(super) struct Way<'s, 'a> {
    pub(super) service: &'static str,
    pub(super) scope: &'s str,
    pub(super) enabled: Cell<'a>,
    pub(super) encrypted: bool,
    /// The lists in the way, and the service that they are asked about; none where nobody comes over the network.
    pub(super) lists: Option<(Vec<Applied<'a>>, Service)>,
}

/// Whether a range admits a protocol.
pub(super) fn admits<'a>(ios: &Ios<'_, 'a>, range: &Range<'a>, service: &str) -> Cell<'a> {
    if let Said::No(node) = said_in(&range.blocks, "exec") {
        return ios.device.decided(Value::Boolean(false), node);
    }
    match said_in(&range.blocks, "transport input") {
        Said::Yes(node) => {
            let on = node.words().skip(2).any(|word| word == service || word == "all");
            let scope = range.blocks.last().map(|block| ios.device.scope(*block));
            let pieces: Vec<_> = std::iter::once(ios.device.decides(node)).chain(scope).collect();
            ios.known(Value::Boolean(on), &pieces)
        }
        _ => {
            let pieces: Vec<_> = range.blocks.iter().map(|block| ios.device.scope(*block)).chain([ios.device.searched()]).collect();
            let why = Why::new("default-not-documented", &NOT_WRITTEN, ios.device.host.text(&format!("transport input ({})", range.scope)));
            Cell::unknown(why, ios.device.host.evidence(&pieces))
        }
    }
}

/// Whether the console or the auxiliary port admits somebody.
fn console<'a>(ios: &Ios<'_, 'a>, range: &Range<'a>) -> Cell<'a> {
    match said_in(&range.blocks, "exec") {
        Said::No(node) => ios.device.decided(Value::Boolean(false), node),
        _ => match range.blocks.last() {
            Some(block) => ios.device.decided(Value::Boolean(true), *block),
            None => ios.device.absent(),
        },
    }
}

/// The lists that limit who reaches a range.
fn applied<'a>(range: &Range<'a>) -> Vec<Applied<'a>> {
    let inbound = |pattern: &str, six: bool| {
        let node = said_in(&range.blocks, pattern).yes()?;
        let at = pattern.split(' ').count();
        (node.word(at + 1) == Some("in")).then_some((node.word(at)?, six, node))
    };
    [inbound("access-class", false), inbound("ipv6 access-class", true)].into_iter().flatten().collect()
}

/// The web server.
fn web<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, service: &'static str, statement: &'static str, port: u16) {
    let enabled = match ios.said(statement) {
        Said::Yes(node) => ios.device.decided(Value::Boolean(true), node),
        Said::No(node) => ios.device.decided(Value::Boolean(false), node),
        Said::Nothing => ios.device.undocumented(statement),
    };
    let mut lists: Vec<Applied<'a>> = Vec::new();
    for node in ios.all("ip http access-class") {
        match (node.word(3), node.word(4)) {
            (Some("ipv4"), Some(name)) => lists.push((name, false, node)),
            (Some("ipv6"), Some(name)) => lists.push((name, true, node)),
            (Some(name), _) => lists.push((name, false, node)),
            _ => {}
        }
    }
    let authentication = ios.said("ip http authentication").yes();
    let login = match authentication.map(|node| (node, node.word(3))) {
        Some((node, Some("local"))) => Login { methods: Ok(vec![Method::Local]), evidence: vec![ios.device.decides(node)] },
        Some((node, Some("aaa"))) => aaa::of_list(ios, node.word(5).unwrap_or("default"), Some(node)),
        Some((node, _)) => Login { methods: Ok(vec![Method::Password]), evidence: vec![ios.device.decides(node)] },
        None => Login { methods: Err(Why::not_understood("ip http authentication")), evidence: vec![ios.device.searched()] },
    };
    let range = Range { scope: statement.to_owned(), terminal: false, blocks: Vec::new() };
    let way = Way {
        service,
        scope: statement,
        enabled,
        encrypted: service == "web-https",
        lists: Some((lists, Service::tcp(Ports::only(port)))),
    };
    row(ios, tables, &way, &login, &range);
}

/// Adds one row.
pub(super) fn row<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, way: &Way<'_, 'a>, login: &Login<'a>, range: &Range<'a>) {
    let host = ios.device.host;
    let plain = |value| Cell::known(value, way.enabled.evidence);
    let nobody: Cell<'a> = plain(host.texts(&[]));
    let mut row = host.row(&REMOTE_ACCESS, super::PRODUCT.name);
    row.set(const { REMOTE_ACCESS.column("service") }, plain(Value::Word(way.service)));
    row.set(const { REMOTE_ACCESS.column("scope") }, plain(Value::Text(host.text(way.scope))));
    row.set(const { REMOTE_ACCESS.column("enabled") }, way.enabled);
    row.set(const { REMOTE_ACCESS.column("encrypted") }, plain(Value::Boolean(way.encrypted)));
    let (sources, by, hours) = match &way.lists {
        None => (nobody, nobody, plain(Value::Duration(crate::reckon::week::WEEK_SECONDS))),
        Some((lists, service)) => {
            let names: Vec<_> = lists.iter().map(|(name, _, node)| (*name, *node)).collect();
            (lists::sources(ios, lists, service), ios.device.texts(&names), hours::hours(ios, lists))
        }
    };
    row.set(const { REMOTE_ACCESS.column("sources") }, sources);
    row.set(const { REMOTE_ACCESS.column("sources-restricted-by") }, by);
    row.set(const { REMOTE_ACCESS.column("login-hours") }, hours);
    row.set(const { REMOTE_ACCESS.column("time-windows") }, nobody);
    row.set(const { REMOTE_ACCESS.column("forwarding") }, plain(Value::Boolean(false)));
    who(ios, &mut row, login);
    row.set(const { REMOTE_ACCESS.column("idle-timeout") }, idle(ios, way, range));
    limits(ios, &mut row, way);
    let raised = said_in(&range.blocks, "privilege level").yes().filter(|node| node.word(2) == Some("15"));
    let privileged = match raised {
        Some(node) => ios.device.decided(Value::Boolean(true), node),
        // Who may write is asked for no privilege beyond that.
        None if way.service == "snmp" => plain(Value::Boolean(true)),
        None => Cell::unknown(Why::new("servers-decide", &SERVERS, "privilege level"), host.evidence(&login.evidence)),
    };
    row.set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged);
    let recorded = if way.service == "snmp" { plain(Value::Boolean(false)) } else { recorded(ios) };
    row.set(const { REMOTE_ACCESS.column("accounting") }, recorded);
    tables.push(row);
}

/// Whether sessions and commands are recorded at servers.
fn recorded<'a>(ios: &Ios<'_, 'a>) -> Cell<'a> {
    let ((exec, mut nodes), (commands, more)) =
        (aaa::at_servers(ios, "accounting", "exec"), aaa::at_servers(ios, "accounting", "commands 15"));
    nodes.extend(more);
    if nodes.is_empty() {
        ios.device.known_absence(Value::Boolean(false))
    } else {
        ios.device.decided_by(Value::Boolean(exec && commands), &nodes)
    }
}

/// The columns about who is let in by what.
fn who<'a>(ios: &Ios<'_, 'a>, row: &mut crate::facts::RowBuilder<'a>, login: &Login<'a>) {
    let host = ios.device.host;
    let evidence = host.evidence(&login.evidence);
    let methods = match &login.methods {
        Ok(methods) => methods,
        Err(why) => {
            for column in ["factors", "methods", "servers", "servers-first", "accounts-restricted-by"] {
                row.set(REMOTE_ACCESS.find(column).unwrap_or(usize::MAX), Cell::unknown(*why, evidence));
            }
            return;
        }
    };
    let open = methods.contains(&Method::None);
    let other = methods.iter().find_map(|method| if let Method::Other(word) = method { Some(*word) } else { None });
    let by_servers = matches!(methods.first(), Some(Method::Servers(_, _, addresses)) if !addresses.is_empty());
    let words: Vec<&'static str> = methods
        .iter()
        .filter_map(|method| match method {
            Method::Servers(kind, _, _) => Some(*kind),
            Method::Local | Method::Password => Some("password"),
            Method::None => Some("none"),
            Method::Other(_) => None,
        })
        .collect();
    let mut groups: Vec<&'a str> = Vec::new();
    let mut servers: Vec<&'a str> = Vec::new();
    for method in methods {
        match method {
            Method::Servers(_, name, addresses) => {
                groups.push(host.text(&format!("aaa {name}")));
                servers.extend(addresses.iter().map(|(address, _)| *address));
            }
            Method::Local => groups.push("local accounts"),
            _ => {}
        }
    }
    if open || methods.contains(&Method::Password) {
        groups.clear();
    }
    let factors = match (open, by_servers, other) {
        (true, ..) => Cell::known(Value::Integer(0), evidence),
        (_, true, _) => Cell::unknown(Why::new("servers-decide", &SERVERS, "factors"), evidence),
        (_, _, Some(word)) => Cell::unknown(Why::not_understood(word), evidence),
        _ => Cell::known(Value::Integer(1), evidence),
    };
    let list = host.arena().alloc_slice_fill_iter(words.into_iter().map(Value::Word));
    row.set(const { REMOTE_ACCESS.column("factors") }, factors);
    row.set(const { REMOTE_ACCESS.column("methods") }, Cell::known(Value::List(list), evidence));
    row.set(const { REMOTE_ACCESS.column("servers") }, Cell::known(host.texts(&servers), evidence));
    row.set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, Cell::known(host.texts(&groups), evidence));
    // `none` lets in whoever comes while the servers are away: they are not what decides.
    let first = if servers.is_empty() { Cell::unset(evidence) } else { Cell::known(Value::Boolean(by_servers && !open), evidence) };
    row.set(const { REMOTE_ACCESS.column("servers-first") }, first);
}

/// How long a session may be idle.
fn idle<'a>(ios: &Ios<'_, 'a>, way: &Way<'_, 'a>, range: &Range<'a>) -> Cell<'a> {
    match way.service {
        "web-http" | "web-https" => return ios.device.undocumented("ip http timeout-policy"),
        // Each request stands alone: there is no session that could be left open.
        "snmp" => return Cell::known(Value::Duration(0), way.enabled.evidence),
        "api" => return ios.device.undocumented("netconf-yang idle timeout"),
        _ => {}
    }
    if range.blocks.is_empty() {
        return ios.device.undocumented("exec-timeout");
    }
    match said_in(&range.blocks, "exec-timeout") {
        Said::No(node) => ios.device.decided(Value::Unlimited, node),
        Said::Nothing => classic(ios, Value::Duration(600), (&doc::EXEC_TIMEOUT, "exec-timeout")),
        Said::Yes(node) => {
            let part = |at: usize| node.word(at).map_or(Some(0), |word| word.parse::<u64>().ok());
            match (part(1), part(2)) {
                (Some(0), Some(0)) => ios.device.decided(Value::Unlimited, node),
                (Some(minutes), Some(seconds)) => {
                    ios.device.decided(Value::Duration(minutes.saturating_mul(60).saturating_add(seconds)), node)
                }
                _ => Cell::unknown(Why::not_understood(node.text()), ios.device.host.evidence(&[ios.device.decides(node)])),
            }
        }
    }
}

/// What holds where nothing is written, as far as manuals of the release say.
fn classic<'a>(ios: &Ios<'_, 'a>, value: Value<'a>, (default, setting): (&'static Documented, &'static str)) -> Cell<'a> {
    if doc::is_classic(ios.release()) { ios.device.defaulted(value, default) } else { ios.device.undocumented(setting) }
}

/// The limits on logging in.
fn limits<'a>(ios: &Ios<'_, 'a>, row: &mut crate::facts::RowBuilder<'a>, way: &Way<'_, 'a>) {
    if way.service == "snmp" {
        let own = |value| Cell::known(value, way.enabled.evidence);
        row.set(const { REMOTE_ACCESS.column("login-timeout") }, own(Value::Duration(1)));
        row.set(const { REMOTE_ACCESS.column("max-attempts") }, own(Value::Integer(1)));
        row.set(const { REMOTE_ACCESS.column("lockout") }, Cell::unset(way.enabled.evidence));
        return;
    }
    let (timeout, attempts) = if way.service == "ssh" {
        let number = |name: &str, at: usize| ios.said(name).yes().and_then(|node| Some((node.word(at)?.parse::<u32>().ok()?, node)));
        let timeout = number("ip ssh time-out", 3)
            .map_or(classic(ios, Value::Duration(120), (&doc::SSH_TIMEOUT, "ip ssh time-out")), |(seconds, node)| {
                ios.device.decided(Value::Duration(u64::from(seconds)), node)
            });
        let attempts = number("ip ssh authentication-retries", 3)
            .map_or(classic(ios, Value::Integer(3), (&doc::SSH_RETRIES, "ip ssh authentication-retries")), |(count, node)| {
                ios.device.decided(Value::Integer(i64::from(count)), node)
            });
        (timeout, attempts)
    } else {
        (ios.device.undocumented("timeout login response"), ios.device.undocumented("aaa authentication attempts login"))
    };
    row.set(const { REMOTE_ACCESS.column("login-timeout") }, timeout);
    row.set(const { REMOTE_ACCESS.column("max-attempts") }, attempts);
    let locks = ["aaa local authentication attempts max-fail", "login block-for"].into_iter().find_map(|name| {
        let node = ios.said(name).yes()?;
        let word = if name == "login block-for" { node.word(4) } else { node.words().last() };
        Some((word?.parse::<i64>().ok()?, node))
    });
    let lockout = locks.map_or(ios.device.absent(), |(count, node)| ios.device.decided(Value::Integer(count), node));
    row.set(const { REMOTE_ACCESS.column("lockout") }, lockout);
}
