//! What interfaces answer and who may log in into the rows of `remote-access`.

use super::Forti;
use super::admins::Admin;
use super::interfaces::Interface;
use super::policies::LocalIn;
use super::settings::{LOCKOUT_THRESHOLD, PORTS, SSH_GRACE_TIME};
use crate::facts::shown::{least, longest};
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::Action;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;

static LOCAL_IN: Phrase = Phrase {
    zh: "接口 {} 上的 local-in-policy 含有无法从配置确定的条件，来源需人工核对",
    en: "local-in policies on {} have conditions that the configuration does not decide: read them for the sources",
};
static OPENED: Phrase = Phrase {
    zh: "接口 {} 的 allowaccess 没有该服务，但 local-in-policy 放行了它，设备是否应答没有文档说明",
    en: "allowaccess of {} does not name the service, but a local-in policy accepts it; whether the device answers is not documented",
};

/// A way of administration.
struct Way {
    /// Its word in `allowaccess`.
    name: &'static str,
    /// The service.
    service: &'static str,
    encrypted: bool,
    /// The global setting of its port, and the usual one.
    port: (&'static str, u16),
}

const WAYS: [Way; 4] = [
    Way { name: "http", service: "web-http", encrypted: false, port: ("admin-port", 80) },
    Way { name: "https", service: "web-https", encrypted: true, port: ("admin-sport", 443) },
    Way { name: "ssh", service: "ssh", encrypted: true, port: ("admin-ssh-port", 22) },
    Way { name: "telnet", service: "telnet", encrypted: false, port: ("admin-telnet-port", 23) },
];

/// Who may come in over an interface.
struct Guard<'g, 'a> {
    people: &'g [Admin<'a>],
    proof: &'g Proof<'a>,
    local: &'g [LocalIn<'a>],
}

/// From where a way in is reached, and what limits that besides trusted hosts.
struct Reach<'a> {
    sources: Cell<'a>,
    limits: Vec<(&'a str, Node<'a>)>,
    /// Whether nobody reaches it.
    empty: bool,
}

/// What a login proves, for all who may come in.
struct Proof<'a> {
    accounts: Cell<'a>,
    factors: Cell<'a>,
    methods: Cell<'a>,
    servers: Cell<'a>,
    servers_first: Cell<'a>,
    idle: Cell<'a>,
    windows: Cell<'a>,
    hours: Cell<'a>,
    privileged: Cell<'a>,
}

impl<'a> Forti<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_access(&self, tables: &mut Tables<'a>, interfaces: &[Interface<'a>], admins: &[Admin<'a>]) {
        let people: Vec<Admin<'a>> = admins.iter().filter(|admin| admin.kind != "api").cloned().collect();
        let proof = self.proof(&people);
        let local = self.local_in(interfaces);
        let guard = Guard { people: &people, proof: &proof, local: &local };
        for interface in interfaces {
            for way in &WAYS {
                self.push_way(tables, interface, way, &guard);
            }
        }
        for admin in admins.iter().filter(|admin| admin.kind == "api") {
            let one = std::slice::from_ref(admin);
            let head = self.shown.device.decides(admin.entry.head());
            let scope = self.text(&format!("api-user {}", admin.entry.name));
            let cells = self.common("api", scope, Value::Boolean(true), &self.proof(one), &[head]);
            let login = self.shown.device.undocumented("api-user");
            let sources = [("sources", self.sources(admin)), ("sources-restricted-by", self.limits(one, &[])), ("login-timeout", login)];
            self.shown.push(tables, &REMOTE_ACCESS, "", &[&cells[..], &sources].concat());
        }
        let console = self.common("console", "console", Value::Boolean(false), &proof, &[self.shown.device.searched()]);
        let nobody = self.shown.networks(&Addresses::none());
        let none = Cell::known(nobody, &[]);
        let empty = Cell::known(self.shown.device.host.texts(&[]), &[]);
        let login = self.shown.device.undocumented("console");
        let sources = [("sources", none), ("sources-restricted-by", empty), ("login-timeout", login)];
        self.shown.push(tables, &REMOTE_ACCESS, "", &[&console[..], &sources].concat());
    }

    /// Adds the row of a way in on an interface: one that it answers, or one that a local-in policy may open.
    fn push_way(&self, tables: &mut Tables<'a>, interface: &Interface<'a>, way: &Way, guard: &Guard<'_, 'a>) {
        let device = &self.shown.device;
        let (four, six) = interface.offers(way.name);
        let nodes: Vec<Node<'a>> = four.iter().chain(&six).copied().collect();
        let (enabled, reach) = if nodes.is_empty() {
            let reach = self.reaching((interface, way), interface.speaks(), Action::Deny, guard);
            if reach.empty || !interface.up {
                return;
            }
            let why = Why::new("local-in-opens", &OPENED, interface.entry.name);
            (Cell::unknown(why, reach.sources.evidence), reach)
        } else {
            let up = interface.entry.value("status").map_or(nodes[0], |(_, node)| node);
            let here = if interface.up { &nodes } else { std::slice::from_ref(&up) };
            let offered = (!four.is_empty(), !six.is_empty());
            (device.decided_by(Value::Boolean(interface.up), here), self.reaching((interface, way), offered, Action::Permit, guard))
        };
        let mut evidence = self.decides(&nodes);
        evidence.push(device.scope(interface.entry.head()));
        let mut cells = self.common(way.service, interface.entry.name, Value::Boolean(way.encrypted), guard.proof, &evidence);
        let off = self.value("config system global", "admin-telnet").filter(|(text, _)| way.name == "telnet" && *text == "disable");
        let login = match (way.name, self.value("config system global", "admin-ssh-grace-time")) {
            ("ssh", Some((text, node))) => device.decided(text.parse().map_or(Value::Text(text), Value::Duration), node),
            ("ssh", None) => self.defaulted(Value::Duration(120), &SSH_GRACE_TIME),
            _ => device.undocumented("login-timeout"),
        };
        cells.extend([
            ("enabled", off.map_or(enabled, |(_, node)| device.decided(Value::Boolean(false), node))),
            ("sources", reach.sources),
            ("sources-restricted-by", self.limits(guard.people, &reach.limits)),
            ("login-timeout", login),
        ]);
        self.shown.push(tables, &REMOTE_ACCESS, interface.entry.vdom, &cells);
    }

    /// The port of a way of administration.
    fn port(&self, way: &Way) -> Option<u16> {
        let (setting, usual) = way.port;
        match self.value("config system global", setting) {
            Some((text, _)) => text.parse().ok(),
            None => self.states(&PORTS).then_some(usual),
        }
    }

    /// Addresses from which some administrator may log in over an interface: trusted hosts that local-in policies let through. What none
    /// of the policies matches is as `unmatched` says.
    fn reaching(
        &self,
        (interface, way): (&Interface<'a>, &Way),
        (four, six): (bool, bool),
        unmatched: Action,
        guard: &Guard<'_, 'a>,
    ) -> Reach<'a> {
        let device = &self.shown.device;
        let (mut surely, mut possibly) = (Addresses::none(), Addresses::none());
        let (mut evidence, mut limits): (Vec<Evidence<'a>>, Vec<(&'a str, Node<'a>)>) = (Vec::new(), Vec::new());
        let mut unknown: Option<Why<'a>> = None;
        for family in [false, true].into_iter().filter(|family| if *family { six } else { four }) {
            let everybody = if family { Addresses::any_six() } else { Addresses::any_four() };
            let mut trusted = Addresses::none();
            let mut pieces: Vec<Evidence<'a>> = Vec::new();
            for admin in guard.people {
                let (own, shown) = if family { &admin.six } else { &admin.four };
                // What opens it to everybody is shown first.
                let at = if own.covers(&everybody) { 0 } else { pieces.len() };
                pieces.splice(at..at, shown.iter().copied());
                trusted = trusted.union(own);
            }
            let passage = self.passage(guard.local, (interface, family, self.port(way)), unmatched);
            let (sure, possible) = match passage.as_ref().map(|passage| &passage.sources) {
                None if unmatched == Action::Deny => continue,
                None => (trusted.clone(), trusted),
                Some(Ok(sources)) => (trusted.intersection(&sources.surely), trusted.intersection(&sources.possibly)),
                Some(Err(why)) => {
                    unknown = unknown.or(Some(*why));
                    (Addresses::none(), trusted)
                }
            };
            if let Some(passage) = passage {
                let narrows = passage.sources.as_ref().is_ok_and(|sources| !sources.possibly.covers(&everybody));
                limits.extend(narrows.then_some((passage.list, passage.first)));
                pieces.extend(passage.evidence);
            }
            evidence.extend(pieces);
            (surely, possibly) = (surely.union(&sure), possibly.union(&possible));
        }
        let evidence = device.host.evidence(&evidence);
        let sources = match unknown {
            Some(why) => Cell::unknown(why, evidence),
            None if surely != possibly => Cell::unknown(Why::new("local-in-policy", &LOCAL_IN, interface.entry.name), evidence),
            None => self.shown.unless_gap(Cell::known(self.shown.networks(&surely), evidence)),
        };
        Reach { sources, limits, empty: possibly.is_empty() }
    }

    /// What limits sources: the trusted hosts of administrators, unless one of them is not limited, and local-in policies.
    fn limits(&self, people: &[Admin<'a>], local: &[(&'a str, Node<'a>)]) -> Cell<'a> {
        let open = people.iter().find(|admin| admin.four.0.covers(&Addresses::any_four()));
        if let Some(admin) = open.filter(|_| local.is_empty()) {
            return self.shown.unless_gap(Cell::known(self.shown.device.host.texts(&[]), admin.four.1));
        }
        let trusted = people.iter().filter(|_| open.is_none());
        let names = trusted.map(|admin| (self.text(&format!("trusthost of {}", admin.entry.name)), admin.entry.head()));
        let names: Vec<(&'a str, Node<'a>)> = names.chain(local.iter().copied()).collect();
        self.shown.texts(&names)
    }

    /// What all who may log in prove at least.
    fn proof(&self, people: &[Admin<'a>]) -> Proof<'a> {
        let (shown, device) = (&self.shown, &self.shown.device);
        let heads: Vec<Node<'a>> = people.iter().map(|admin| admin.entry.head()).collect();
        let nobody = || shown.known_absence(Value::Text(""));
        let collect = |pick: fn(&Admin<'a>) -> Cell<'a>| people.iter().map(pick).collect::<Vec<_>>();
        let unknown =
            |cell: Option<Cell<'a>>| cell.unwrap_or_else(|| Cell::unknown(Why::not_collected("config system admin"), nobody().evidence));
        let factors = unknown(least(&collect(|admin| admin.factors), 1));
        let weak = people.iter().find(|admin| !admin.remote && admin.factors.value() == Some(Value::Integer(1)));
        let servers: Vec<(&'a str, Node<'a>)> = people.iter().flat_map(|admin| self.servers(admin)).collect();
        let servers_first = match (servers.is_empty(), weak) {
            (true, _) => shown.absent(),
            (false, Some(admin)) => device.decided(Value::Boolean(false), admin.entry.head()),
            (false, None) => shown.by_all(Value::Boolean(true), &heads),
        };
        let open = people.iter().find(|admin| admin.schedule.is_none_or(|(name, _)| name == "always"));
        let windows: Vec<(&'a str, Node<'a>)> = people.iter().filter_map(|admin| admin.schedule).collect();
        let windows = match open {
            Some(admin) => Cell::known(device.host.texts(&[]), admin.hours.evidence),
            None => shown.texts(&windows),
        };
        let same = people.windows(2).all(|pair| pair[0].schedule.map(|it| it.0) == pair[1].schedule.map(|it| it.0));
        let hours = match (open, same) {
            (Some(admin), _) => admin.hours,
            (None, true) => unknown(people.first().map(|admin| admin.hours)),
            (None, false) => Cell::unknown(Why::not_understood("schedule"), windows.evidence),
        };
        let strong = people.iter().find(|admin| admin.unrestricted.value() == Some(Value::Boolean(true)));
        Proof {
            accounts: self.named(people),
            factors: if factors.value() == Some(Value::Integer(1)) { factors } else { shown.unless_gap(factors) },
            methods: shown.by_all(self.methods(people), &heads),
            servers: shown.texts(&servers),
            servers_first,
            idle: unknown(longest(&collect(|admin| admin.idle))),
            windows,
            hours,
            privileged: strong.map_or_else(|| shown.by_all(Value::Boolean(false), &heads), |admin| admin.unrestricted),
        }
    }

    /// What limits who may log in: accounts of the device, groups of servers.
    fn named(&self, people: &[Admin<'a>]) -> Cell<'a> {
        let mut items: Vec<(&'a str, Node<'a>)> = Vec::new();
        items.extend(people.iter().find(|admin| !admin.remote).map(|admin| ("local accounts", admin.entry.head())));
        for admin in people {
            if let Some((group, node)) = admin.entry.value("remote-group") {
                items.push((self.text(&format!("aaa {group}")), node));
            }
        }
        items.extend(people.iter().find(|admin| admin.kind == "sso").map(|admin| ("aaa saml", admin.entry.head())));
        self.shown.texts(&items)
    }

    /// Ways of proving that may admit.
    fn methods(&self, people: &[Admin<'a>]) -> Value<'a> {
        let mut words: Vec<&'static str> = Vec::new();
        for admin in people {
            let entry = &admin.entry;
            let says = |setting: &str| entry.value(setting).is_some_and(|(text, _)| text != "disable" && !text.is_empty());
            let own = admin.kind == "admin" && entry.value("password").is_some();
            let found = [
                (own, "password"),
                (says("two-factor"), "one-time-password"),
                (says("peer-auth"), "certificate"),
                (says("ssh-public-key1"), "public-key"),
                (admin.remote && !self.servers_of(admin, "radius").is_empty(), "radius"),
                (admin.remote && !self.servers_of(admin, "tacacs+").is_empty(), "tacacs"),
            ];
            words.extend(found.iter().filter(|(here, _)| *here).map(|(_, word)| *word));
        }
        words.sort_unstable();
        words.dedup();
        self.shown.words(&words)
    }

    /// Addresses of the servers that decide about an administrator, in order.
    fn servers(&self, admin: &Admin<'a>) -> Vec<(&'a str, Node<'a>)> {
        ["radius", "tacacs+", "ldap"].iter().flat_map(|kind| self.servers_of(admin, kind)).collect()
    }

    /// Those of one kind.
    fn servers_of(&self, admin: &Admin<'a>, kind: &str) -> Vec<(&'a str, Node<'a>)> {
        let Some((group, _)) = admin.entry.value("remote-group").filter(|_| admin.remote) else { return Vec::new() };
        let groups = self.entries("config user group");
        let members = groups.iter().filter(|entry| entry.name == group).flat_map(|entry| entry.values("member").values);
        let members: Vec<&'a str> = members.collect();
        let servers = self.entries(&format!("config user {kind}"));
        let named = servers.iter().filter(|server| members.contains(&server.name));
        named
            .flat_map(|server| ["server", "secondary-server", "tertiary-server"].iter().filter_map(|setting| server.value(setting)))
            .collect()
    }

    /// Cells that every way in has.
    fn common(
        &self,
        service: &'static str,
        scope: &'a str,
        encrypted: Value<'a>,
        proof: &Proof<'a>,
        evidence: &[Evidence<'a>],
    ) -> Vec<(&'static str, Cell<'a>)> {
        let evidence = self.shown.device.host.evidence(evidence);
        let here = |value: Value<'a>| Cell::known(value, evidence);
        let attempts = self.number("config system global", "admin-lockout-threshold", 3, &LOCKOUT_THRESHOLD);
        vec![
            ("service", here(Value::Word(service))),
            ("scope", here(Value::Text(scope))),
            ("enabled", here(Value::Boolean(true))),
            ("encrypted", here(encrypted)),
            ("accounts-restricted-by", proof.accounts),
            ("factors", proof.factors),
            ("methods", proof.methods),
            ("servers", proof.servers),
            ("servers-first", proof.servers_first),
            ("idle-timeout", proof.idle),
            ("max-attempts", attempts),
            ("lockout", attempts),
            ("time-windows", proof.windows),
            ("login-hours", proof.hours),
            ("privileged-on-login", proof.privileged),
            ("accounting", self.accounting()),
            ("forwarding", here(Value::Boolean(false))),
        ]
    }
}
