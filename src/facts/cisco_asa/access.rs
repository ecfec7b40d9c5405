//! `ssh`, `telnet`, `http`, `console` and their timeouts into `remote-access`, `asa-management` and `asa-authentication`.

use ipnet::IpNet;

use super::super::cisco_words::{minutes_or_never, networks, push, toggled};
use super::aaa::Proof;
use super::{Asa, NAME};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::asa::{ASA_AUTHENTICATION, ASA_MANAGEMENT};
use crate::schema::neutral::REMOTE_ACCESS;

/// Nobody reaches an interface from which no address is allowed.
static NOBODY: Documented = Documented {
    setting: "ssh, telnet and http admit only addresses that are listed",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA Series General Operations CLI Configuration Guide 9.4 and 9.22, Management Access, Configure SSH Access",
};

/// One service on one interface: who may use it.
struct Listed<'a> {
    interface: &'a str,
    sources: Addresses,
    nodes: Vec<Node<'a>>,
    /// A line of which the addresses are not understood.
    unclear: Option<&'a str>,
}

/// A service of administration.
struct Service {
    /// The keyword, which is the word of `asa-management` too.
    keyword: &'static str,
    /// The word of `remote-access`.
    word: &'static str,
    encrypted: bool,
}

const SERVICES: [Service; 3] = [
    Service { keyword: "ssh", word: "ssh", encrypted: true },
    Service { keyword: "telnet", word: "telnet", encrypted: false },
    Service { keyword: "http", word: "web-https", encrypted: true },
];

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    for service in &SERVICES {
        let on = asa.is_on(service.keyword);
        let listed = asa.listed(service.keyword);
        for one in &listed {
            asa.push_listed(tables, service, on, one);
        }
        if listed.is_empty() {
            let off = asa.device.defaulted(Value::Boolean(false), &NOBODY);
            let nobody = asa.device.defaulted(asa.device.host.texts(&[]), &NOBODY);
            asa.push_way(tables, service, service.keyword, off, nobody);
        }
        asa.push_authentication(tables, service.keyword, used(on, !listed.is_empty(), asa));
    }
    asa.push_authentication(tables, "serial", asa.device.known_absence(Value::Boolean(true)));
    asa.push_authentication(tables, "enable", asa.device.known_absence(Value::Boolean(true)));
    asa.push_console(tables);
}

/// Whether a service that is on has anybody who may use it.
fn used<'a>(on: Cell<'a>, listed: bool, asa: &Asa<'_, 'a>) -> Cell<'a> {
    if listed { on } else { asa.device.defaulted(Value::Boolean(false), &NOBODY) }
}

impl<'a> Asa<'_, 'a> {
    /// Whether a service runs at all.
    fn is_on(&self, keyword: &str) -> Cell<'a> {
        if keyword != "http" {
            return Cell::known(Value::Boolean(true), &[]);
        }
        self.http_server()
    }

    /// Whether the web server is on.
    pub(super) fn http_server(&self) -> Cell<'a> {
        match toggled(self.root().children(), "http server enable") {
            Some((on, node)) => self.device.decided(Value::Boolean(on), node),
            None => self.device.undocumented("http server enable"),
        }
    }

    /// Who may use a service, by interface. The same keyword begins other statements, which have no address there.
    fn listed(&self, keyword: &str) -> Vec<Listed<'a>> {
        let mut listed: Vec<Listed<'a>> = Vec::new();
        for node in self.live(keyword) {
            let words: Vec<&'a str> = node.words().collect();
            let (Some(first), Some(last)) = (words.get(1), words.last()) else { continue };
            let block = match words.len() {
                4 => self.address(first).map(|address| (block(address, words[2]), *last)),
                3 => first.parse::<IpNet>().ok().map(|block| (Some(block), *last)),
                _ => None,
            };
            let Some((block, interface)) = block else { continue };
            let at = listed.iter().position(|it| it.interface == interface).unwrap_or_else(|| {
                listed.push(Listed { interface, sources: Addresses::none(), nodes: Vec::new(), unclear: None });
                listed.len() - 1
            });
            let one = &mut listed[at];
            one.nodes.push(node);
            match block {
                Some(block) => one.sources = one.sources.union(&Addresses::of([block])),
                None => one.unclear = Some(node.text()),
            }
        }
        listed
    }

    fn push_listed(&self, tables: &mut Tables<'a>, service: &Service, on: Cell<'a>, listed: &Listed<'a>) {
        let host = self.device.host;
        let mut pieces: Vec<Evidence<'a>> = listed.nodes.iter().map(|node| self.device.decides(*node)).collect();
        let lines = host.evidence(&pieces);
        pieces.extend_from_slice(on.evidence);
        let enabled = Cell { evidence: host.evidence(&pieces), ..on };
        let sources = match listed.unclear {
            Some(text) => Cell::unknown(Why::not_understood(text), lines),
            // Further lines could widen it.
            None => self.device.unless_cut(networks(host, &listed.sources, lines)),
        };
        self.push_way(tables, service, listed.interface, enabled, sources);
        let interface = self.interface(listed.interface);
        let level = interface.map_or_else(|| Cell::unknown(Why::not_understood(listed.interface), lines), |it| self.security_level(it));
        let cells = [
            (const { ASA_MANAGEMENT.column("service") }, Cell::known(Value::Word(service.keyword), lines)),
            (const { ASA_MANAGEMENT.column("interface") }, Cell::known(Value::Text(listed.interface), lines)),
            (const { ASA_MANAGEMENT.column("enabled") }, enabled),
            (const { ASA_MANAGEMENT.column("sources") }, sources),
            (const { ASA_MANAGEMENT.column("security-level") }, level),
        ];
        push(&self.device, tables, (&ASA_MANAGEMENT, NAME), &cells);
    }

    /// A row of `remote-access` for a service on an interface.
    fn push_way(&self, tables: &mut Tables<'a>, service: &Service, scope: &'a str, enabled: Cell<'a>, sources: Cell<'a>) {
        let proof = self.proof(service.keyword, self.login(service.keyword));
        let idle = match service.keyword {
            "http" => self.idle("http server idle-timeout"),
            "telnet" => self.idle("telnet timeout"),
            _ => self.idle("ssh timeout"),
        };
        let privileged =
            if service.keyword == "http" { Cell::known(Value::Boolean(true), enabled.evidence) } else { self.privileged_on_login() };
        let restricted = Cell { state: Cell::known(self.device.host.texts(&[service.keyword]), &[]).state, evidence: sources.evidence };
        let way = Way { word: service.word, scope, enabled, encrypted: service.encrypted, sources, restricted, idle, privileged };
        self.push_remote(tables, way, proof, self.accounting(service.keyword));
    }

    fn push_console(&self, tables: &mut Tables<'a>) {
        let here = self.device.known_absence(Value::Boolean(true));
        let enabled = Cell::known(Value::Boolean(true), here.evidence);
        let nobody = Cell::known(self.device.host.texts(&[]), here.evidence);
        let way = Way {
            word: "console",
            scope: "console",
            enabled,
            encrypted: false,
            sources: nobody,
            restricted: nobody,
            idle: self.idle("console timeout"),
            privileged: self.privileged_on_login(),
        };
        self.push_remote(tables, way, self.proof("serial", self.login("serial")), self.accounting("serial"));
    }

    fn push_remote(&self, tables: &mut Tables<'a>, way: Way<'a>, proof: Proof<'a>, accounting: Cell<'a>) {
        let here = |value| Cell::known(value, way.enabled.evidence);
        let cells = [
            (const { REMOTE_ACCESS.column("service") }, here(Value::Word(way.word))),
            (const { REMOTE_ACCESS.column("scope") }, here(Value::Text(way.scope))),
            (const { REMOTE_ACCESS.column("enabled") }, way.enabled),
            (const { REMOTE_ACCESS.column("encrypted") }, here(Value::Boolean(way.encrypted))),
            (const { REMOTE_ACCESS.column("sources") }, way.sources),
            (const { REMOTE_ACCESS.column("sources-restricted-by") }, way.restricted),
            (const { REMOTE_ACCESS.column("accounts-restricted-by") }, proof.accounts),
            (const { REMOTE_ACCESS.column("factors") }, proof.factors),
            (const { REMOTE_ACCESS.column("methods") }, proof.methods),
            (const { REMOTE_ACCESS.column("servers") }, proof.servers),
            (const { REMOTE_ACCESS.column("servers-first") }, proof.servers_first),
            (const { REMOTE_ACCESS.column("idle-timeout") }, way.idle),
            (const { REMOTE_ACCESS.column("login-timeout") }, self.device.undocumented("login timeout")),
            (const { REMOTE_ACCESS.column("max-attempts") }, self.device.undocumented("login attempts")),
            (const { REMOTE_ACCESS.column("lockout") }, proof.lockout),
            (const { REMOTE_ACCESS.column("time-windows") }, here(self.device.host.texts(&[]))),
            (const { REMOTE_ACCESS.column("login-hours") }, here(Value::Duration(WEEK_SECONDS))),
            (const { REMOTE_ACCESS.column("privileged-on-login") }, way.privileged),
            (const { REMOTE_ACCESS.column("accounting") }, accounting),
            (const { REMOTE_ACCESS.column("forwarding") }, here(Value::Boolean(false))),
        ];
        push(&self.device, tables, (&REMOTE_ACCESS, NAME), &cells);
    }

    /// An idle time in minutes. The manuals that were found differ on what it is where it is not written.
    fn idle(&self, pattern: &'static str) -> Cell<'a> {
        let Some(node) = self.written(pattern) else { return self.device.undocumented(pattern) };
        match node.rest(pattern).and_then(|text| minutes_or_never(text).duration) {
            Some(value) => self.device.decided(value, node),
            None => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
        }
    }

    fn push_authentication(&self, tables: &mut Tables<'a>, access: &'static str, used: Cell<'a>) {
        let login = self.login(access);
        let host = self.device.host;
        let (group, servers, fallback) = match login.line {
            None => (self.device.absent(), self.device.known_absence(host.texts(&[])), self.device.known_absence(Value::Boolean(false))),
            Some(line) => (
                self.device.decided(Value::Text(login.group.unwrap_or("LOCAL")), line),
                login.group.map_or_else(|| self.device.decided(host.texts(&[]), line), |name| self.servers(name, line)),
                self.device.decided(Value::Boolean(login.local), line),
            ),
        };
        let cells = [
            (const { ASA_AUTHENTICATION.column("access") }, Cell::known(Value::Word(access), group.evidence)),
            (const { ASA_AUTHENTICATION.column("used") }, used),
            (const { ASA_AUTHENTICATION.column("group") }, group),
            (const { ASA_AUTHENTICATION.column("servers") }, servers),
            (const { ASA_AUTHENTICATION.column("local-fallback") }, fallback),
        ];
        push(&self.device, tables, (&ASA_AUTHENTICATION, NAME), &cells);
    }
}

/// A way in, without what its login says.
struct Way<'a> {
    word: &'static str,
    scope: &'a str,
    enabled: Cell<'a>,
    encrypted: bool,
    sources: Cell<'a>,
    restricted: Cell<'a>,
    idle: Cell<'a>,
    privileged: Cell<'a>,
}

/// The block of an address and a netmask.
fn block(address: std::net::IpAddr, mask: &str) -> Option<IpNet> {
    super::super::cisco_words::masked_block(&address.to_string(), mask)
}
