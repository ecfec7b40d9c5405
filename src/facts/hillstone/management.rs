//! `manage …` of interfaces into `hillstone-interfaces`, `remote-access` and `services`.
//!
//! An interface offers what its own `manage` lines name. Who may use it is limited by the trusted hosts of the whole device.

use super::super::device::cells::Device;
use super::super::{Cell, Documented, Evidence, RowBuilder, Tables, Value, Why};
use super::hosts::{Trusted, sources};
use super::settings::{CONSOLE, NETCONF, SSH, TELNET, WEB, limit_minutes, lockout, said};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::hillstone::HILLSTONE_INTERFACES as TABLE;
use crate::schema::neutral::{REMOTE_ACCESS as ACCESS, SERVICES};

/// Services with the word of `remote-access`, their timeout's statement, its default, and whether they are encrypted.
const OFFERED: [(&str, &str, &str, &Documented, bool); 5] = [
    ("http", "web-http", "web timeout", &WEB, false),
    ("https", "web-https", "web timeout", &WEB, true),
    ("netconf", "api", "netconf-manager timeout", &NETCONF, true),
    ("ssh", "ssh", "ssh timeout", &SSH, true),
    ("telnet", "telnet", "telnet timeout", &TELNET, false),
];

/// The server of NETCONF is off where nothing is set, whatever an interface offers.
static NETCONF_OFF: Documented = Documented {
    setting: "no netconf-manager enable",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置NETCONF",
};
/// Attempts over Telnet.
static TRIES: Documented = Documented {
    setting: "telnet authorization-try-count 3",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置Telnet管理接口",
};

static SECOND: Phrase = Phrase {
    zh: "{} 只对 WebUI 要求第二因素，RESTful API 的令牌不经过它，配置中看不出因素数",
    en: "{} asks for a second factor in the web interface only; a token of the RESTful API passes it by, so that the least number is not shown",
};
static ELSEWHERE: Phrase = Phrase {
    zh: "由认证服务器 {} 决定，配置中看不出因素数",
    en: "the server {} decides; the configuration does not show how many factors it demands",
};

/// One interface: blocks of the same name are one.
struct Interface<'a> {
    name: &'a str,
    first: Node<'a>,
    lines: Vec<Node<'a>>,
}

fn interfaces<'a>(device: &Device<'_, 'a>) -> Vec<Interface<'a>> {
    let mut all: Vec<Interface<'a>> = Vec::new();
    for node in device.root().all("interface") {
        let Some(name) = node.word(1) else { continue };
        match all.iter_mut().find(|it| it.name == name) {
            Some(known) => known.lines.extend(node.children()),
            None => all.push(Interface { name, first: node, lines: node.children().collect() }),
        }
    }
    all
}

impl<'a> Interface<'a> {
    /// The services that it offers.
    fn offers(&self) -> Vec<(&'a str, Node<'a>)> {
        let mut all: Vec<(&'a str, Node<'a>)> = Vec::new();
        for line in &self.lines {
            if let Some(service) = line.after("manage").and_then(|mut words| words.next()) {
                // `manage ip` gives an address for management.
                if service != "ip" && !all.iter().any(|(known, _)| *known == service) {
                    all.push((service, *line));
                }
            } else if let Some(service) = line.after("no manage").and_then(|mut words| words.next()) {
                all.retain(|(known, _)| *known != service);
            }
        }
        all
    }

    fn zone(&self) -> Option<(&'a str, Node<'a>)> {
        let line = self.lines.iter().rev().find(|line| line.starts("zone") || line.starts("no zone"))?;
        line.after("zone").and_then(|mut words| words.next()).map(|zone| (zone, *line))
    }

    fn is_shut(&self) -> Option<Node<'a>> {
        let line = self.lines.iter().rev().find(|line| line.starts("shutdown") || line.starts("no shutdown"))?;
        line.is("shutdown").then_some(*line)
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, trusted: &[Trusted<'a>], tables: &mut Tables<'a>) {
    let login = Login::of(device);
    for it in interfaces(device) {
        let offers = it.offers();
        let names: Vec<&'a str> = offers.iter().map(|(service, _)| *service).collect();
        let nodes: Vec<Node<'a>> = offers.iter().map(|(_, node)| *node).chain([it.first]).collect();
        let zone = match it.zone() {
            Some((zone, node)) => device.decided(Value::Text(zone), node),
            None => device.unless_cut(Cell::unset(device.host.evidence(&[device.decides(it.first)]))),
        };
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("interface") }, device.decided(Value::Text(it.name), it.first))
            .set(const { TABLE.column("zone") }, zone)
            .set(const { TABLE.column("services") }, device.unless_cut(device.decided_by(device.host.texts(&names), &nodes)));
        tables.push(row);
        for (service, line) in offers {
            fill_offer(device, trusted, &login, &it, (service, line), tables);
        }
    }
    let nobody = device.known_absence(device.host.texts(&[]));
    let here = device.host.evidence(&[device.searched()]);
    let mut row = login.row(device, "console", "console", false);
    row.set(const { ACCESS.column("enabled") }, Cell::known(Value::Boolean(true), here))
        .set(const { ACCESS.column("sources") }, nobody)
        .set(const { ACCESS.column("sources-restricted-by") }, nobody)
        .set(const { ACCESS.column("idle-timeout") }, idle(device, "console timeout", &CONSOLE));
    tables.push(row);
}

fn fill_offer<'a>(
    device: &Device<'_, 'a>,
    trusted: &[Trusted<'a>],
    login: &Login<'a>,
    it: &Interface<'a>,
    (service, line): (&'a str, Node<'a>),
    tables: &mut Tables<'a>,
) {
    let Some((name, word, timeout, default, encrypted)) = OFFERED.into_iter().find(|(name, ..)| *name == service) else { return };
    let enabled = match (it.is_shut(), name) {
        (Some(node), _) => device.decided(Value::Boolean(false), node),
        (None, "netconf") => netconf(device, line),
        (None, _) => device.unless_cut(device.decided_by(Value::Boolean(true), &[line, it.first])),
    };
    let (from, is_limited) = sources(device, trusted, service);
    let limits: &[&'a str] = if is_limited { &["admin host"] } else { &[] };
    let scope = device.host.text(&format!("interface {}", it.name));
    let mut row = login.row(device, word, scope, encrypted);
    row.set(const { ACCESS.column("enabled") }, enabled)
        .set(const { ACCESS.column("sources") }, from)
        .set(const { ACCESS.column("sources-restricted-by") }, Cell::known(device.host.texts(limits), from.evidence))
        .set(const { ACCESS.column("idle-timeout") }, idle(device, timeout, default));
    if let ("http" | "https", Some(second)) = (name, login.second) {
        row.set(const { ACCESS.column("factors") }, second);
    }
    if name == "telnet" {
        row.set(const { ACCESS.column("max-attempts") }, tries(device));
    }
    tables.push(row);
    if encrypted {
        return;
    }
    let here = |value| Cell::known(value, enabled.evidence);
    let mut row = device.host.row(&SERVICES, super::PRODUCT.name);
    row.instance(scope)
        .set(const { SERVICES.column("name") }, here(Value::Text(name)))
        .set(const { SERVICES.column("port") }, Cell::unset(enabled.evidence))
        .set(const { SERVICES.column("protocol") }, here(Value::Text("tcp")))
        .set(const { SERVICES.column("address") }, Cell::unset(enabled.evidence))
        .set(const { SERVICES.column("enabled") }, enabled)
        .set(const { SERVICES.column("cleartext") }, here(Value::Boolean(true)));
    tables.push(row);
}

/// NETCONF is offered where an interface offers it and its server is on.
fn netconf<'a>(device: &Device<'_, 'a>, line: Node<'a>) -> Cell<'a> {
    match super::last_said(device, "netconf-manager enable") {
        Some((Some(_), node)) => device.unless_cut(device.decided_by(Value::Boolean(true), &[node, line])),
        Some((None, node)) => device.decided(Value::Boolean(false), node),
        None => device.defaulted(Value::Boolean(false), &NETCONF_OFF),
    }
}

/// Attempts after which a Telnet connection is closed.
fn tries<'a>(device: &Device<'_, 'a>) -> Cell<'a> {
    match said(device, "telnet authorization-try-count") {
        None => device.defaulted(Value::Integer(3), &TRIES),
        Some((text, node)) => {
            let evidence = device.host.evidence(&[device.decides(node)]);
            text.parse().map_or(Cell::unknown(Why::not_understood(text), evidence), |count| Cell::known(Value::Integer(count), evidence))
        }
    }
}

fn idle<'a>(device: &Device<'_, 'a>, statement: &str, default: &'static Documented) -> Cell<'a> {
    match said(device, statement) {
        None => device.defaulted(Value::Duration(600), default),
        Some((text, node)) => {
            let evidence = device.host.evidence(&[device.decides(node)]);
            limit_minutes(text).duration.map_or(Cell::unknown(Why::not_understood(text), evidence), |value| Cell::known(value, evidence))
        }
    }
}

/// How administrators prove who they are: locally, or at the server that `admin auth-server` names.
struct Login<'a> {
    accounts: Cell<'a>,
    factors: Cell<'a>,
    /// What holds in the web interface where it asks for a code by message or mail.
    second: Option<Cell<'a>>,
    methods: Cell<'a>,
    servers: Cell<'a>,
    servers_first: Cell<'a>,
    accounting: Cell<'a>,
}

impl<'a> Login<'a> {
    fn of(device: &Device<'_, 'a>) -> Login<'a> {
        let host = device.host;
        let here = host.evidence(&[device.searched()]);
        let accounting = match super::logging::to_syslog(device, "configuration") {
            Some(node) => device.decided(Value::Boolean(true), node),
            None => device.known_absence(Value::Boolean(false)),
        };
        let by_code = |statement| super::last_said(device, statement).filter(|(rest, _)| rest.is_some());
        let second = by_code("admin sms-auth")
            .or_else(|| by_code("admin email-auth"))
            .map(|(_, node)| Cell::unknown(Why::new("second-factor-of-web", &SECOND, node.text()), host.evidence(&[device.decides(node)])));
        let named = said(device, "admin auth-server").map(|(text, node)| (text.trim_matches('"'), node));
        let Some((name, node)) = named.filter(|(name, _)| *name != "local") else {
            return Login {
                accounts: device.known_absence(host.texts(&["local accounts"])),
                factors: device.known_absence(Value::Integer(1)),
                second,
                methods: device.known_absence(Value::List(&[Value::Word("password")])),
                servers: device.known_absence(host.texts(&[])),
                servers_first: Cell::unset(here),
                accounting,
            };
        };
        let blocks: Vec<Node<'a>> = device.root().all("aaa-server").filter(|block| block.word(1) == Some(name)).collect();
        let kind = blocks.iter().find_map(|block| block.after("aaa-server * type").and_then(|mut words| words.next()));
        let method = match kind {
            Some("radius") => Value::Word("radius"),
            Some("tacacs+" | "tacacs") => Value::Word("tacacs"),
            _ => Value::Word("password"),
        };
        let address = |line: &Node<'a>| line.after("host").and_then(|mut words| words.next()).map(|address| (address, *line));
        let servers: Vec<(&'a str, Node<'a>)> =
            blocks.iter().flat_map(|block| block.children()).filter_map(|line| address(&line)).collect();
        let pieces: Vec<Evidence<'a>> =
            std::iter::once(device.decides(node)).chain(blocks.iter().map(|block| device.reference(*block))).collect();
        let evidence = host.evidence(&pieces);
        let label = host.text(&format!("aaa {name}"));
        Login {
            accounts: Cell::known(host.texts(&[label, "local accounts"]), evidence),
            factors: Cell::unknown(Why::new("decided-elsewhere", &ELSEWHERE, name), evidence),
            second: None,
            methods: Cell::known(Value::List(host.arena().alloc_slice_copy(&[method, Value::Word("password")])), evidence),
            servers: device.texts(&servers),
            servers_first: Cell::known(Value::Boolean(true), evidence),
            accounting,
        }
    }

    fn row(&self, device: &Device<'_, 'a>, service: &'static str, scope: &'a str, encrypted: bool) -> RowBuilder<'a> {
        let here = device.host.evidence(&[device.searched()]);
        let known = |value| Cell::known(value, here);
        let mut row = device.host.row(&ACCESS, super::PRODUCT.name);
        row.set(const { ACCESS.column("service") }, known(Value::Word(service)))
            .set(const { ACCESS.column("scope") }, known(Value::Text(scope)))
            .set(const { ACCESS.column("encrypted") }, known(Value::Boolean(encrypted)))
            .set(const { ACCESS.column("accounts-restricted-by") }, self.accounts)
            .set(const { ACCESS.column("factors") }, self.factors)
            .set(const { ACCESS.column("methods") }, self.methods)
            .set(const { ACCESS.column("servers") }, self.servers)
            .set(const { ACCESS.column("servers-first") }, self.servers_first)
            .set(const { ACCESS.column("login-timeout") }, device.undocumented("login timeout"))
            .set(const { ACCESS.column("max-attempts") }, device.undocumented("attempts per connection"))
            .set(const { ACCESS.column("lockout") }, lockout(device))
            .set(const { ACCESS.column("time-windows") }, known(device.host.texts(&[])))
            .set(const { ACCESS.column("login-hours") }, known(Value::Duration(168 * 3600)))
            .set(const { ACCESS.column("privileged-on-login") }, device.undocumented("role on login"))
            .set(const { ACCESS.column("accounting") }, self.accounting)
            .set(const { ACCESS.column("forwarding") }, known(Value::Boolean(false)));
        row
    }
}
