//! Server groups and `aaa authentication … console` into how an administrator proves who he is.

use super::super::cisco_words::words;
use super::Asa;
use crate::facts::device::cells::Device;
use crate::facts::{Cell, Documented, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;

static AT_SERVERS: Phrase = Phrase {
    zh: "是否有第二种因素由认证服务器 {} 决定，设备配置中看不到",
    en: "whether there is a second factor is decided by the servers of {}, which the configuration does not show",
};
static UNDEFINED: Phrase = Phrase { zh: "引用的服务器组 {} 没有定义", en: "the server group {} is used and not defined" };

static SERIAL_OPEN: Documented = Documented {
    setting: "without aaa authentication serial console, nobody is asked at the console",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA 5500 Series CLI Configuration Guide 8.4, Configuring Management Access",
};
static SHARED_PASSWORD: Documented = Documented {
    setting: "without aaa authentication … console, one password is shared by everybody",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA 5500 Series CLI Configuration Guide 8.4, Configuring Management Access",
};

/// An `aaa-server` group.
#[derive(Clone, Debug)]
pub(super) struct ServerGroup<'a> {
    pub name: &'a str,
    /// `tacacs+`, `radius`, `ldap`, `kerberos`, …
    pub protocol: Option<&'a str>,
    /// Its first statement.
    pub node: Node<'a>,
    /// Addresses or names, in order.
    pub hosts: Vec<(&'a str, Node<'a>)>,
}

/// The server groups, in the order of the file.
pub(super) fn groups<'a>(device: &Device<'_, 'a>) -> Vec<ServerGroup<'a>> {
    let mut groups: Vec<ServerGroup<'a>> = Vec::new();
    for node in super::super::cisco_words::live(device.root().children(), "aaa-server") {
        let all: Vec<&'a str> = node.words().collect();
        let Some(name) = all.get(1).copied() else { continue };
        let at = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            groups.push(ServerGroup { name, protocol: None, node, hosts: Vec::new() });
            groups.len() - 1
        });
        let behind = |word: &str| all.iter().skip(2).position(|it| *it == word).and_then(|at| all.get(at + 3)).copied();
        if all.get(2) == Some(&"protocol") {
            groups[at].protocol = all.get(3).copied();
        } else if let Some(address) = behind("host") {
            groups[at].hosts.push((address, node));
        }
    }
    groups
}

/// How one way in authenticates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Login<'a> {
    /// `aaa authentication X console …`, if it is written.
    pub line: Option<Node<'a>>,
    /// The server group that is asked first.
    pub group: Option<&'a str>,
    /// Whether local users are asked, alone or where no server answers.
    pub local: bool,
}

/// What of a way in follows from its login.
pub(super) struct Proof<'a> {
    pub accounts: Cell<'a>,
    pub factors: Cell<'a>,
    pub methods: Cell<'a>,
    pub servers: Cell<'a>,
    pub servers_first: Cell<'a>,
    pub lockout: Cell<'a>,
}

impl<'a> Asa<'_, 'a> {
    /// How an access (`ssh`, `telnet`, `http`, `serial`, `enable`) authenticates.
    pub(super) fn login(&self, access: &str) -> Login<'a> {
        let pattern = format!("aaa authentication {access} console");
        let line = self.written(&pattern);
        let named: Vec<&'a str> = line.and_then(|node| node.after(&pattern)).map(Iterator::collect).unwrap_or_default();
        let group = named.first().copied().filter(|name| *name != "LOCAL");
        Login { line, group, local: named.contains(&"LOCAL") }
    }

    /// A server group by name.
    pub(super) fn group(&self, name: &str) -> Option<&ServerGroup<'a>> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The servers of a group, or why they are not known.
    pub(super) fn servers(&self, name: &'a str, line: Node<'a>) -> Cell<'a> {
        let host = self.device.host;
        let Some(group) = self.group(name) else {
            let cell = Cell::unknown(Why::new("group-not-defined", &UNDEFINED, name), host.evidence(&[self.device.decides(line)]));
            return self.device.unless_cut(cell);
        };
        let hosts: Vec<&'a str> = group.hosts.iter().map(|(address, _)| *address).collect();
        let evidence = self.group_evidence(group, line);
        if hosts.is_empty() {
            self.device.unless_cut(Cell::known(host.texts(&[]), evidence))
        } else {
            Cell::known(host.texts(&hosts), evidence)
        }
    }

    fn group_evidence(&self, group: &ServerGroup<'a>, line: Node<'a>) -> &'a [Evidence<'a>] {
        let members = group.hosts.iter().map(|(_, node)| self.device.reference(*node));
        let pieces: Vec<Evidence<'a>> = [self.device.decides(line), self.device.reference(group.node)].into_iter().chain(members).collect();
        self.device.host.evidence(&pieces)
    }

    /// What follows from a login.
    pub(super) fn proof(&self, access: &str, login: Login<'a>) -> Proof<'a> {
        let Some(line) = login.line else { return self.without_accounts(access) };
        let host = self.device.host;
        let decided = |value| self.device.decided(value, line);
        let group = login.group.map(|name| (name, self.group(name)));
        let by_group = match group.and_then(|(_, group)| group).and_then(|group| group.protocol) {
            Some("tacacs+") => "tacacs",
            Some("radius" | "sdi") => "radius",
            _ => "password",
        };
        let mut methods = Vec::new();
        methods.extend(group.map(|_| by_group));
        methods.extend(login.local.then_some("password"));
        let names: Vec<&'a str> = group.iter().map(|(name, _)| host.text(&format!("aaa {name}"))).collect();
        let accounts: Vec<&'a str> = names.into_iter().chain(login.local.then_some("local accounts")).collect();
        let factors = match login.group {
            None => decided(Value::Integer(1)),
            Some(name) => Cell::unknown(Why::new("decided-at-servers", &AT_SERVERS, name), decided(Value::Integer(1)).evidence),
        };
        Proof {
            accounts: decided(host.texts(&accounts)),
            factors,
            methods: decided(words(host, &methods)),
            servers: login.group.map_or_else(|| decided(host.texts(&[])), |name| self.servers(name, line)),
            servers_first: if login.group.is_some() { decided(Value::Boolean(true)) } else { Cell::unset(decided(Value::Never).evidence) },
            lockout: if login.local { self.lockout() } else { Cell::unset(decided(Value::Never).evidence) },
        }
    }

    /// What holds where no accounts are asked for.
    fn without_accounts(&self, access: &str) -> Proof<'a> {
        let host = self.device.host;
        let (documented, factors, method) = if access == "serial" { (&SERIAL_OPEN, 0, "none") } else { (&SHARED_PASSWORD, 1, "password") };
        let open = |value| self.device.defaulted(value, documented);
        Proof {
            accounts: open(host.texts(&[])),
            factors: open(Value::Integer(factors)),
            methods: open(words(host, &[method])),
            servers: open(host.texts(&[])),
            servers_first: self.device.absent(),
            lockout: self.device.absent(),
        }
    }

    /// Failures that lock a local user.
    pub(super) fn lockout(&self) -> Cell<'a> {
        let pattern = "aaa local authentication attempts max-fail";
        match self.written(pattern) {
            None => self.device.absent(),
            Some(node) => match node.rest(pattern).and_then(|text| text.parse().ok()) {
                Some(count) => self.device.decided(Value::Integer(count), node),
                None => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
            },
        }
    }

    /// Whether servers record what an access does.
    pub(super) fn accounting(&self, access: &str) -> Cell<'a> {
        let own = self.written(&format!("aaa accounting {access} console"));
        let commands = self.written("aaa accounting command").filter(|_| access != "http");
        match own.or(commands) {
            Some(node) => self.device.decided(Value::Boolean(true), node),
            None => self.device.known_absence(Value::Boolean(false)),
        }
    }

    /// Whether a login at the command line gives the privilege of the user at once.
    pub(super) fn privileged_on_login(&self) -> Cell<'a> {
        let line = self.live("aaa authorization exec").into_iter().find(|node| node.words().any(|word| word == "auto-enable"));
        let off = self.device.known_absence(Value::Boolean(false));
        line.map_or(off, |node| self.device.decided(Value::Boolean(true), node))
    }
}
