//! `system services`, who may log in and what filters let through into the rows of `remote-access`.

use super::Junos;
use super::filter::Filter;
use super::login::Class;
use super::settings::{FORWARDING, FORWARDING_OFF, ORDER, ROOT_LOGIN, TRIES};
use super::zones::Sent;
use crate::facts::device::cells::Unwritten;
use crate::facts::shown::longest;
use crate::facts::{Cell, Documented, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;

static LOGIN_TIME: Documented = Documented {
    setting: "maximum-time 120",
    versions: "Junos 9.6 and later",
    source: "Junos 10.3 System Basics Guide and current CLI Reference, statement retry-options (System), maximum-time",
};
static SERVERS_DECIDE: Phrase = Phrase {
    zh: "由 {} 服务器验证，设备上看不到是否有第二因素",
    en: "{} servers decide: a second factor is not visible on the device",
};

/// Ways in: statement, service, whether it is encrypted, its port, and the words by which zones let it in. NETCONF is answered at the
/// port of SSH as well; no page was found that names the word for REST.
const WAYS: [(&str, &str, bool, u16, &[&str]); 9] = [
    ("system services ssh", "ssh", true, 22, &["ssh"]),
    ("system services telnet", "telnet", false, 23, &["telnet"]),
    ("system services web-management http", "web-http", false, 80, &["http"]),
    ("system services web-management https", "web-https", true, 443, &["https"]),
    ("system services netconf ssh", "api", true, 830, &["netconf", "ssh"]),
    ("system services xnm-clear-text", "api", false, 3221, &["xnm-clear-text"]),
    ("system services xnm-ssl", "api", true, 3220, &["xnm-ssl"]),
    ("system services rest http", "api", false, 3000, &[]),
    ("system services rest https", "api", true, 3443, &[]),
];

/// What a login proves.
struct Proof<'a> {
    accounts: Cell<'a>,
    factors: Cell<'a>,
    methods: Cell<'a>,
    servers: Cell<'a>,
    servers_first: Cell<'a>,
}

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_access(&self, tables: &mut Tables<'a>, classes: &[Class<'a>], filters: &[Filter<'a>]) {
        let limited = filters.iter().any(Filter::is_applied);
        for (path, service, encrypted, usual, words) in WAYS {
            let Some(node) = self.root.at(path) else { continue };
            let scope = path.trim_start_matches("system services ");
            let port = node.value("port").and_then(|node| node.text().parse().ok()).unwrap_or(usual);
            let order = if service == "ssh" { "system services ssh authentication-order" } else { "" };
            let proof = self.proof(order, classes);
            let cells = [
                ("enabled", self.let_in(&Sent { node, words, usual: port == usual })),
                ("encrypted", self.shown.device.decided(Value::Boolean(encrypted), node)),
                ("sources", self.unless_beside(self.reaching(filters, port), limited)),
                ("sources-restricted-by", self.unless_beside(self.limits(filters), limited)),
                ("root-login", if encrypted { self.root_login() } else { self.shown.device.undocumented("root-login") }),
                ("forwarding", if service == "ssh" { self.relays() } else { self.shown.device.decided(Value::Boolean(false), node) }),
            ];
            let common = self.common((service, scope), node, &proof, classes);
            self.shown.push(tables, &REMOTE_ACCESS, "", &[&common[..], &cells].concat());
        }
        let head = self.root.at("system ports console").or_else(|| self.root.at("system")).unwrap_or(self.root);
        let proof = self.proof("", classes);
        let here = |value: Value<'a>| self.shown.device.decided(value, head);
        let cells = [
            ("encrypted", here(Value::Boolean(false))),
            ("sources", here(self.shown.networks(&Addresses::none()))),
            ("sources-restricted-by", here(self.shown.device.host.texts(&[]))),
            // Nobody reaches it over the network.
            ("root-login", Cell::NONE),
            ("forwarding", here(Value::Boolean(false))),
        ];
        let common = self.common(("console", "console"), head, &proof, classes);
        let disabled = self.root.at("system ports console disable");
        let enabled = disabled.map_or(here(Value::Boolean(true)), |node| self.shown.device.decided(Value::Boolean(false), node));
        self.shown.push(tables, &REMOTE_ACCESS, "", &[&common[..], &cells, &[("enabled", enabled)]].concat());
    }

    /// Whether root may log in over SSH.
    fn root_login(&self) -> Cell<'a> {
        match self.value("system services ssh root-login") {
            Some(("deny", node)) => self.shown.device.decided(Value::Word("no"), node),
            Some(("deny-password", node)) => self.shown.device.decided(Value::Word("key-only"), node),
            Some((_, node)) => self.shown.device.decided(Value::Word("yes"), node),
            None => self.shown.depends(&[Value::Word("yes"), Value::Word("key-only")], &ROOT_LOGIN),
        }
    }

    /// Whether an SSH session may relay other connections.
    fn relays(&self) -> Cell<'a> {
        match self.forwarding() {
            (Some((text, node)), _) => self.shown.device.decided(Value::Boolean(text == "on"), node),
            (None, Unwritten::Is(..)) => self.shown.defaulted(Value::Boolean(false), &FORWARDING_OFF),
            (None, Unwritten::OneOf(..)) => self.shown.depends(&[Value::Boolean(true), Value::Boolean(false)], &FORWARDING),
            (None, _) => self.shown.device.undocumented("tcp-forwarding"),
        }
    }

    /// What a login proves, by the order of a service or the global one.
    fn proof(&self, own: &str, classes: &[Class<'a>]) -> Proof<'a> {
        let (shown, device) = (&self.shown, &self.shown.device);
        let mut order = if own.is_empty() { Vec::new() } else { self.values(own) };
        if order.is_empty() {
            order = self.values("system authentication-order");
        }
        let remote: Vec<(&'a str, Node<'a>)> = order.iter().filter(|(method, _)| *method != "password").copied().collect();
        let servers: Vec<(&'a str, Node<'a>)> =
            remote.iter().flat_map(|(method, _)| self.values(&format!("system {}", statement(method)))).collect();
        let local = order.iter().find(|(method, _)| *method == "password").copied();
        let users = classes.iter().flat_map(|class| &class.users).find(|user| user.password.is_some() || user.keys > 0);
        let one = match (order.is_empty(), local, users) {
            (true, ..) => Some(shown.defaulted(Value::Integer(1), &ORDER)),
            // A local password admits although the servers refuse.
            (false, Some((_, node)), Some(user)) => Some(device.decided_by(Value::Integer(1), &[node, user.node])),
            (false, ..) if servers.is_empty() => order.first().map(|(_, node)| device.decided(Value::Integer(1), *node)),
            _ => None,
        };
        let nodes: Vec<Node<'a>> = order.iter().map(|(_, node)| *node).collect();
        let factors = one.unwrap_or_else(|| {
            let method = remote.first().map_or("", |(method, _)| method);
            Cell::unknown(Why::new("servers-decide", &SERVERS_DECIDE, method), device.decided_by(Value::Text(""), &nodes).evidence)
        });
        let mut words: Vec<&'static str> = order.iter().filter_map(|(method, _)| word(method)).collect();
        if order.is_empty() {
            words.push("password");
        }
        if users.is_some_and(|user| user.keys > 0) {
            words.push("public-key");
        }
        words.sort_unstable();
        words.dedup();
        let methods =
            if order.is_empty() { shown.defaulted(shown.words(&words), &ORDER) } else { device.decided_by(shown.words(&words), &nodes) };
        let servers_first = match (servers.is_empty(), one) {
            (true, _) => shown.absent(),
            (false, Some(cell)) => Cell { ..Cell::known(Value::Boolean(false), cell.evidence) },
            (false, None) => device.decided_by(Value::Boolean(true), &nodes),
        };
        let mut accounts: Vec<(&'a str, Node<'a>)> = users.map(|user| ("local accounts", user.node)).into_iter().collect();
        accounts.extend(remote.iter().map(|(method, node)| (self.text(&format!("aaa {method}")), *node)));
        Proof { accounts: shown.texts(&accounts), factors, methods, servers: shown.texts(&servers), servers_first }
    }

    /// Cells that every way in has.
    fn common(
        &self,
        (service, scope): (&'static str, &'a str),
        node: Node<'a>,
        proof: &Proof<'a>,
        classes: &[Class<'a>],
    ) -> Vec<(&'static str, Cell<'a>)> {
        let (shown, device) = (&self.shown, &self.shown.device);
        let here = |value: Value<'a>| device.decided(value, node);
        let used: Vec<&Class<'a>> = classes.iter().filter(|class| !class.users.is_empty()).collect();
        let of = |pick: fn(&Class<'a>) -> Cell<'a>| longest(&used.iter().map(|class| pick(class)).collect::<Vec<_>>());
        let week = || shown.unless_gap(here(Value::Duration(crate::reckon::week::WEEK_SECONDS)));
        let hours = of(|class| class.hours).unwrap_or_else(week);
        let limited = hours.value().is_some_and(|value| value != Value::Duration(crate::reckon::week::WEEK_SECONDS));
        let windows: Vec<&'a str> = used.iter().filter(|_| limited).map(|class| class.name).collect();
        let strong = used.iter().find(|class| class.unrestricted.value() == Some(Value::Boolean(true)));
        let tries = match self.value("system login retry-options tries-before-disconnect") {
            Some((text, node)) => device.decided(text.parse().map_or(Value::Text(text), Value::Integer), node),
            None => shown.depends(&[Value::Integer(10), Value::Integer(3)], &TRIES),
        };
        let lockout = self.value("system login retry-options lockout-period").map_or_else(|| shown.absent(), |_| tries);
        let time = match self.value("system login retry-options maximum-time") {
            Some((text, node)) => device.decided(text.parse().map_or(Value::Text(text), Value::Duration), node),
            None => shown.defaulted(Value::Duration(120), &LOGIN_TIME),
        };
        let events = self.values("system accounting events");
        let recorded = ["login", "interactive-commands"].iter().all(|wanted| events.iter().any(|(event, _)| event == wanted));
        let recorded = recorded && !self.accounting_servers().is_empty();
        let nodes: Vec<Node<'a>> = events.iter().map(|(_, node)| *node).collect();
        vec![
            ("service", here(Value::Word(service))),
            ("scope", here(Value::Text(scope))),
            ("enabled", here(Value::Boolean(true))),
            ("accounts-restricted-by", proof.accounts),
            ("factors", proof.factors),
            ("methods", proof.methods),
            ("servers", proof.servers),
            ("servers-first", proof.servers_first),
            ("idle-timeout", of(|class| class.idle).unwrap_or_else(|| device.undocumented("idle-timeout"))),
            ("login-timeout", time),
            ("max-attempts", tries),
            ("lockout", lockout),
            ("time-windows", Cell::known(device.host.texts(&windows), hours.evidence)),
            ("login-hours", hours),
            ("privileged-on-login", strong.map_or_else(|| shown.known_absence(Value::Boolean(false)), |class| class.unrestricted)),
            ("accounting", shown.by(Value::Boolean(recorded), &nodes)),
        ]
    }
}

/// The statement that lists the servers of a method.
fn statement(method: &str) -> &str {
    match method {
        "tacplus" => "tacplus-server",
        "radius" => "radius-server",
        other => other,
    }
}

/// A method as a word of the vocabulary.
fn word(method: &str) -> Option<&'static str> {
    Some(match method {
        "password" => "password",
        "radius" => "radius",
        "tacplus" => "tacacs",
        _ => return None,
    })
}
