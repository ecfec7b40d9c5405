//! Features, lines and lists into `remote-access`.

use super::super::cisco_words::{networks, push, words};
use super::lines::Login;
use super::{NAME, Nexus};
use crate::facts::joined::access_rules::through;
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::reckon::access_list::{Action, Matching, Ports, Service};
use crate::reckon::network::Addresses;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::REMOTE_ACCESS;

/// `feature ssh`.
pub(super) static SSH_ON: Documented = Documented {
    setting: "feature ssh",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS Security Configuration Guide 10.3, Default Settings for SSH and Telnet",
};

static AT_SERVERS: Phrase = Phrase {
    zh: "是否有第二种因素由认证服务器 {} 决定，设备配置中看不到",
    en: "whether there is a second factor is decided by the servers of {}, which the configuration does not show",
};
static UNCLEAR: Phrase = Phrase { zh: "ACL {} 放行的来源无法确定", en: "what the list {} lets through cannot be decided" };

/// The most entries of a list that are shown.
const SHOWN_MOST: usize = 16;

/// A way in.
struct Way<'a> {
    service: &'static str,
    scope: &'static str,
    enabled: Cell<'a>,
    encrypted: bool,
    sources: Cell<'a>,
    restricted: Cell<'a>,
    idle: Cell<'a>,
    attempts: Cell<'a>,
    line: &'static str,
}

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    let attempts = nexus.attempts();
    let unlimited = nexus.device.undocumented("login attempts");
    for (service, port, encrypted, attempts) in [("ssh", 22, true, attempts), ("telnet", 23, false, unlimited)] {
        let (sources, restricted) = nexus.guarded(port);
        let idle = nexus.idle("vty");
        let enabled = nexus.server(service);
        nexus.push_way(tables, Way { service, scope: "vty", enabled, encrypted, sources, restricted, idle, attempts, line: "vty" });
    }
    for feature in ["nxapi", "netconf", "restconf", "grpc"] {
        let Some((on, node)) = nexus.feature(feature) else { continue };
        let enabled = nexus.device.decided(Value::Boolean(on), node);
        // The lists of the lines do not guard them.
        let everybody = nexus.everybody();
        let restricted = nexus.device.known_absence(nexus.device.host.texts(&[]));
        let encrypted = feature != "nxapi" || nexus.written("nxapi http port").is_none();
        let idle = nexus.device.undocumented("api idle timeout");
        let way = Way {
            service: "api",
            scope: feature,
            enabled,
            encrypted,
            sources: everybody,
            restricted,
            idle,
            attempts: unlimited,
            line: "api",
        };
        nexus.push_way(tables, way);
    }
    let here = nexus.device.host.evidence(&[nexus.device.searched()]);
    let nobody = Cell::known(nexus.device.host.texts(&[]), here);
    let enabled = Cell::known(Value::Boolean(true), here);
    let idle = nexus.idle("console");
    let way = Way {
        service: "console",
        scope: "console",
        enabled,
        encrypted: false,
        sources: nobody,
        restricted: nobody,
        idle,
        attempts: unlimited,
        line: "console",
    };
    nexus.push_way(tables, way);
}

impl<'a> Nexus<'_, 'a> {
    /// Whether a terminal service is on.
    pub(super) fn server(&self, service: &str) -> Cell<'a> {
        match (self.feature(service), service) {
            (Some((on, node)), _) => self.device.decided(Value::Boolean(on), node),
            (None, "ssh") => self.device.defaulted(Value::Boolean(true), &SSH_ON),
            // Series and releases differ.
            (None, _) => self.device.undocumented("feature telnet"),
        }
    }

    fn attempts(&self) -> Cell<'a> {
        match self.written("ssh login-attempts") {
            None => self.device.undocumented("ssh login-attempts"),
            Some(node) => match node.word(2).and_then(|text| text.parse().ok()) {
                Some(count) => self.device.decided(Value::Integer(count), node),
                None => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
            },
        }
    }

    /// Everybody, IPv6 only where an interface has it.
    fn everybody(&self) -> Cell<'a> {
        let all = if self.ipv6().is_some() { Addresses::any() } else { Addresses::any_four() };
        let evidence = self.device.host.evidence(&[self.device.searched()]);
        self.device.unless_cut(networks(self.device.host, &all, evidence))
    }

    /// The addresses that the lists of the terminal lines let through to a port, and the lists that work.
    fn guarded(&self, port: u16) -> (Cell<'a>, Cell<'a>) {
        let host = self.device.host;
        let mut pieces: Vec<Evidence<'a>> = Vec::new();
        let mut names = Vec::new();
        let mut all = Addresses::none();
        let mut open = false;
        for six in [false, true] {
            let family = if six { Addresses::any_six() } else { Addresses::any_four() };
            let applied = self.access_class(six);
            if six && applied.is_none() && self.ipv6().is_none() {
                continue;
            }
            pieces.extend(applied.map(|(_, node)| self.device.decides(node)));
            let list = applied.and_then(|(name, _)| self.list(name, six)).filter(|list| !list.lines.is_empty());
            // A list that does not exist keeps nobody out.
            let (Some(list), Some((name, node))) = (list, applied) else {
                open = true;
                all = all.union(&family);
                continue;
            };
            names.push((name, node));
            pieces.push(self.device.reference(list.header));
            pieces.extend(list.lines.iter().take(SHOWN_MOST).map(|line| self.device.reference(line.node)));
            let entries: Vec<_> = list.lines.iter().map(|line| line.entry.clone()).collect();
            let towards = Matching { sources: family, services: vec![Service::tcp(Ports::only(port))], ..Matching::any() };
            let fits = host.spend(entries.len() as u64);
            match through(host, &entries, &towards, Action::Deny).filter(|_| fits) {
                Some(found) if found.surely == found.possibly => all = all.union(&found.surely),
                _ => {
                    let why = Why::new("list-not-decided", &UNCLEAR, name);
                    return (Cell::unknown(why, host.evidence(&pieces)), self.device.texts(&names));
                }
            }
        }
        if open {
            pieces.push(self.device.searched());
        }
        let sources = networks(host, &all, host.evidence(&pieces));
        (if open { self.device.unless_cut(sources) } else { sources }, self.device.texts(&names))
    }

    /// Failures that lock a user out: `aaa authentication rejected 3 in 60 ban 300`.
    pub(super) fn lockout(&self) -> Cell<'a> {
        match self.written("aaa authentication rejected") {
            None => self.device.absent(),
            Some(node) => match node.word(3).and_then(|text| text.parse().ok()) {
                Some(count) => self.device.decided(Value::Integer(count), node),
                None => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
            },
        }
    }

    /// Whether servers record commands.
    pub(super) fn accounting(&self) -> Cell<'a> {
        match self.written("aaa accounting default group") {
            Some(node) => self.device.decided(Value::Boolean(true), node),
            None => self.device.known_absence(Value::Boolean(false)),
        }
    }

    fn methods(&self, login: &Login<'a>) -> Vec<&'static str> {
        let mut methods: Vec<&'static str> = Vec::new();
        for group in &login.groups {
            let block = self.root().all("aaa group server").find(|node| node.word(4) == Some(group));
            let protocol = block.and_then(|node| node.word(3)).unwrap_or(group);
            methods.push(match protocol {
                "tacacs+" => "tacacs",
                "radius" => "radius",
                _ => "password",
            });
        }
        methods.extend(login.local.then_some("password"));
        methods.extend(login.none.then_some("none"));
        methods
    }

    fn push_way(&self, tables: &mut Tables<'a>, way: Way<'a>) {
        let device = &self.device;
        let host = device.host;
        let here = |value| Cell::known(value, way.enabled.evidence);
        let login = self.login(way.line);
        let mut accounts: Vec<&'a str> = login.groups.iter().map(|name| host.text(&format!("aaa {name}"))).collect();
        accounts.extend(login.local.then_some("local accounts"));
        if login.none {
            accounts.clear();
        }
        let factors = match login.groups.first() {
            _ if login.none => self.of_login(&login, Value::Integer(0)),
            None => self.of_login(&login, Value::Integer(1)),
            Some(group) => Cell::unknown(Why::new("decided-at-servers", &AT_SERVERS, group), self.of_login(&login, Value::Never).evidence),
        };
        let first = if login.groups.is_empty() {
            Cell::unset(self.of_login(&login, Value::Never).evidence)
        } else {
            self.of_login(&login, Value::Boolean(true))
        };
        let cells = [
            (const { REMOTE_ACCESS.column("service") }, here(Value::Word(way.service))),
            (const { REMOTE_ACCESS.column("scope") }, here(Value::Text(way.scope))),
            (const { REMOTE_ACCESS.column("enabled") }, way.enabled),
            (const { REMOTE_ACCESS.column("encrypted") }, here(Value::Boolean(way.encrypted))),
            (const { REMOTE_ACCESS.column("sources") }, way.sources),
            (const { REMOTE_ACCESS.column("sources-restricted-by") }, way.restricted),
            (const { REMOTE_ACCESS.column("accounts-restricted-by") }, self.of_login(&login, host.texts(&accounts))),
            (const { REMOTE_ACCESS.column("factors") }, factors),
            (const { REMOTE_ACCESS.column("methods") }, self.of_login(&login, words(host, &self.methods(&login)))),
            (const { REMOTE_ACCESS.column("servers") }, self.servers(&login)),
            (const { REMOTE_ACCESS.column("servers-first") }, first),
            (const { REMOTE_ACCESS.column("idle-timeout") }, way.idle),
            (const { REMOTE_ACCESS.column("login-timeout") }, device.undocumented("ssh login-gracetime")),
            (const { REMOTE_ACCESS.column("max-attempts") }, way.attempts),
            (const { REMOTE_ACCESS.column("lockout") }, self.lockout()),
            (const { REMOTE_ACCESS.column("time-windows") }, here(host.texts(&[]))),
            (const { REMOTE_ACCESS.column("login-hours") }, here(Value::Duration(WEEK_SECONDS))),
            (const { REMOTE_ACCESS.column("privileged-on-login") }, self.everybody_is_admin()),
            (const { REMOTE_ACCESS.column("accounting") }, self.accounting()),
            (const { REMOTE_ACCESS.column("forwarding") }, here(Value::Boolean(false))),
        ];
        push(device, tables, (&REMOTE_ACCESS, NAME), &cells);
    }

    /// Whether some local user has the role that may do everything from the moment of login; roles are never raised later.
    fn everybody_is_admin(&self) -> Cell<'a> {
        let found = self.live("username").into_iter().find(|node| node.words().any(|word| word == "network-admin"));
        match found {
            Some(node) => self.device.decided(Value::Boolean(true), node),
            None => self.device.known_absence(Value::Boolean(false)),
        }
    }
}
