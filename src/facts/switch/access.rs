//! A way in, with its lists and methods, into a row of `remote-access`.

use super::{Login, Method, Switch};
use crate::facts::cisco_words::{push, words};
use crate::facts::{Cell, State, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::REMOTE_ACCESS;

static AT_SERVERS: Phrase = Phrase {
    zh: "是否有第二种因素由认证服务器 {} 决定，设备配置中看不到",
    en: "whether there is a second factor is decided by the servers of {}, which the configuration does not show",
};
static UNDEFINED: Phrase = Phrase { zh: "引用的服务器组 {} 没有定义", en: "the server group {} is used and not defined" };

/// A way in; cells that the product has decided.
pub(in crate::facts) struct Way<'w, 'a> {
    pub(in crate::facts) service: &'static str,
    pub(in crate::facts) scope: &'a str,
    pub(in crate::facts) enabled: Cell<'a>,
    pub(in crate::facts) encrypted: bool,
    /// Sources, and the lists that limit them.
    pub(in crate::facts) sources: (Cell<'a>, Cell<'a>),
    pub(in crate::facts) login: &'w Login<'a>,
    pub(in crate::facts) idle: Cell<'a>,
    pub(in crate::facts) login_timeout: Cell<'a>,
    pub(in crate::facts) attempts: Cell<'a>,
    pub(in crate::facts) lockout: Cell<'a>,
    pub(in crate::facts) privileged: Cell<'a>,
    /// Whether the highest account may log in directly.
    pub(in crate::facts) root_login: Cell<'a>,
}

/// The accounts and groups that a login demands; none where somebody gets in without a name.
fn named<'a>(switch: &Switch<'_, 'a>, methods: &[Method<'a>]) -> Value<'a> {
    let mut names: Vec<&'a str> = Vec::new();
    for method in methods {
        match method {
            Method::Servers(_, name, _) => names.push(switch.device.host.text(&format!("aaa {name}"))),
            Method::Local => names.push("local accounts"),
            Method::Password | Method::None => return switch.device.host.texts(&[]),
        }
    }
    switch.device.host.texts(&names)
}

fn kinds<'a>(switch: &Switch<'_, 'a>, methods: &[Method<'a>]) -> Value<'a> {
    let kind = |method: &Method<'a>| match method {
        Method::Servers(protocol, ..) => *protocol,
        Method::Local | Method::Password => "password",
        Method::None => "none",
    };
    words(switch.device.host, &methods.iter().map(kind).collect::<Vec<_>>())
}

/// The least number of factors that admits.
fn factors<'a>(login: &Login<'a>) -> Cell<'a> {
    let Ok(methods) = &login.methods else { return login.value(|_| Value::Never) };
    if methods.contains(&Method::None) {
        return Cell::known(Value::Integer(0), login.evidence);
    }
    match methods.iter().find_map(|method| if let Method::Servers(_, name, _) = method { Some(*name) } else { None }) {
        Some(group) => Cell::unknown(Why::new("decided-at-servers", &AT_SERVERS, group), login.evidence),
        None => Cell::known(Value::Integer(1), login.evidence),
    }
}

/// The servers that it depends on, and whether they are asked first.
fn servers<'a>(switch: &Switch<'_, 'a>, login: &Login<'a>) -> (Cell<'a>, Cell<'a>) {
    let Ok(methods) = &login.methods else {
        let unknown = login.value(|_| Value::Never);
        return (unknown, unknown);
    };
    let mut found: Vec<&'a str> = Vec::new();
    for method in methods {
        match method {
            Method::Servers(_, name, None) => {
                let unknown = Cell::unknown(Why::new("group-not-defined", &UNDEFINED, name), login.evidence);
                return (unknown, unknown);
            }
            Method::Servers(_, _, Some(servers)) => found.extend(servers.iter().map(|(address, _)| *address)),
            _ => {}
        }
    }
    let list = Cell::known(switch.device.host.texts(&found), login.evidence);
    if found.is_empty() {
        return (switch.device.unless_cut(list), Cell::unset(login.evidence));
    }
    // `none` lets in whoever comes while the servers are away: they are not what decides.
    let first = matches!(methods.first(), Some(Method::Servers(..))) && !methods.contains(&Method::None);
    (list, Cell::known(Value::Boolean(first), login.evidence))
}

impl<'a> Switch<'_, 'a> {
    /// Whether servers record the commands of a session.
    fn recorded(&self) -> Cell<'a> {
        match self.recording("aaa accounting commands") {
            None => self.device.known_absence(Value::Boolean(false)),
            Some(found) => {
                let cell = self.device.decided(Value::Boolean(found.whole), found.node);
                if found.whole { cell } else { self.device.unless_cut(cell) }
            }
        }
    }

    /// Adds the row.
    pub(in crate::facts) fn push_way(&self, tables: &mut Tables<'a>, way: &Way<'_, 'a>) {
        let here = |value| Cell::known(value, way.enabled.evidence);
        let (servers, first) = servers(self, way.login);
        let cells = [
            (const { REMOTE_ACCESS.column("service") }, here(Value::Word(way.service))),
            (const { REMOTE_ACCESS.column("scope") }, here(Value::Text(way.scope))),
            (const { REMOTE_ACCESS.column("enabled") }, way.enabled),
            (const { REMOTE_ACCESS.column("encrypted") }, here(Value::Boolean(way.encrypted))),
            (const { REMOTE_ACCESS.column("sources") }, way.sources.0),
            (const { REMOTE_ACCESS.column("sources-restricted-by") }, way.sources.1),
            (const { REMOTE_ACCESS.column("accounts-restricted-by") }, way.login.value(|methods| named(self, methods))),
            (const { REMOTE_ACCESS.column("factors") }, factors(way.login)),
            (const { REMOTE_ACCESS.column("methods") }, way.login.value(|methods| kinds(self, methods))),
            (const { REMOTE_ACCESS.column("servers") }, servers),
            (const { REMOTE_ACCESS.column("servers-first") }, first),
            (const { REMOTE_ACCESS.column("idle-timeout") }, way.idle),
            (const { REMOTE_ACCESS.column("login-timeout") }, way.login_timeout),
            (const { REMOTE_ACCESS.column("max-attempts") }, way.attempts),
            (const { REMOTE_ACCESS.column("lockout") }, way.lockout),
            (const { REMOTE_ACCESS.column("time-windows") }, here(self.device.host.texts(&[]))),
            (const { REMOTE_ACCESS.column("login-hours") }, here(Value::Duration(WEEK_SECONDS))),
            (const { REMOTE_ACCESS.column("root-login") }, way.root_login),
            (const { REMOTE_ACCESS.column("privileged-on-login") }, way.privileged),
            (const { REMOTE_ACCESS.column("accounting") }, self.recorded()),
            (const { REMOTE_ACCESS.column("forwarding") }, here(Value::Boolean(false))),
        ];
        push(&self.device, tables, (&REMOTE_ACCESS, self.product), &cells);
    }

    /// Nobody over the network, and no list.
    pub(in crate::facts) fn nobody(&self) -> (Cell<'a>, Cell<'a>) {
        let cell = Cell::known(self.device.host.texts(&[]), self.searched());
        (cell, cell)
    }

    /// Minutes, and seconds where they follow, of which 0 is never; from the word at a place of a statement.
    pub(in crate::facts) fn minutes(&self, found: Option<Node<'a>>, at: usize, setting: &'static str) -> Cell<'a> {
        let Some(node) = found else { return self.device.undocumented(setting) };
        match timeout(node, at) {
            Some(value) => self.device.decided(value, node),
            None => self.unread(node),
        }
    }

    /// A time in seconds from the word at a place of a statement.
    pub(in crate::facts) fn seconds(&self, found: Option<Node<'a>>, at: usize, setting: &'static str) -> Cell<'a> {
        let cell = self.number(found, at, setting);
        match cell.state {
            State::Known(Value::Integer(seconds)) => {
                Cell::known(u64::try_from(seconds).map_or(Value::Unlimited, Value::Duration), cell.evidence)
            }
            _ => cell,
        }
    }
}

/// Minutes and seconds that stand from a place on; 0 is no limit.
fn timeout<'a>(node: Node<'_>, at: usize) -> Option<Value<'a>> {
    let minutes: u64 = node.word(at)?.parse().ok()?;
    let seconds: u64 = node.word(at + 1).map_or(Some(0), |word| word.parse().ok())?;
    let all = minutes.checked_mul(60)?.checked_add(seconds)?;
    Some(if all == 0 { Value::Unlimited } else { Value::Duration(all) })
}
