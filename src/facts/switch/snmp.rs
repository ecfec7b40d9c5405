//! `snmp-server` into rows of `snmp`, and communities that write into rows of `remote-access`.

use super::{Applied, Login, Switch, Way, behind};
use crate::facts::cisco_words::{is_known_community, is_masked, networks, push};
use crate::facts::{Cell, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Ports, Service};
use crate::reckon::network::Addresses;
use crate::schema::neutral::{REMOTE_ACCESS, SNMP};

/// What a community's statement says.
struct Community<'a> {
    key: &'a str,
    writes: bool,
    lists: Vec<Applied<'a>>,
    host: Option<&'a str>,
}

/// Reads `snmp-server community [7] KEY [view V] ro|rw [host A] [LIST] [ipv6 LIST]`.
fn community<'a>(node: Node<'a>) -> Option<Community<'a>> {
    let mut words = node.words().skip(2).peekable();
    let mut key = words.next()?;
    if ["0", "7"].contains(&key) && words.peek().is_some_and(|next| !["ro", "rw", "view"].contains(next)) {
        key = words.next()?;
    }
    let mut found = Community { key, writes: false, lists: Vec::new(), host: None };
    let list = |name, six| Applied { name, six, used: "snmp", node };
    while let Some(word) = words.next() {
        match word {
            "view" => drop(words.next()),
            "ro" => found.writes = false,
            "rw" => found.writes = true,
            "host" => found.host = words.next(),
            "ipv6" => found.lists.extend(words.next().map(|name| list(name, true))),
            name => found.lists.push(list(name, false)),
        }
    }
    Some(found)
}

/// The lists that a community's statement names.
pub(in crate::facts) fn list_of_community(node: Node<'_>) -> Option<Applied<'_>> {
    community(node).and_then(|found| found.lists.first().copied())
}

/// How requests of a user are authenticated and encrypted.
fn protection(node: Node<'_>) -> (&'static str, &'static str) {
    let auth = match behind(node, "auth") {
        None => "none",
        Some("md5") => "md5",
        Some("sha" | "sha1") => "sha1",
        Some("sm3") => "sm3",
        Some(_) => "sha2",
    };
    let privacy = match behind(node, "priv") {
        None => "none",
        Some(word) if word.starts_with("aes") => "aes",
        Some("3des") => "3des",
        Some("sm4") => "sm4",
        Some(_) => "des",
    };
    (auth, privacy)
}

impl<'a> Switch<'_, 'a> {
    /// Adds the rows of communities and users; `off` names versions that are turned off, `all` lists that every request must pass.
    pub(in crate::facts) fn push_snmp(&self, tables: &mut Tables<'a>, off: &[&str], all: &[Applied<'a>], six: bool) {
        let version = if off.contains(&"v1") { "v2c" } else { "v1" };
        let served = !(off.contains(&"v1") && off.contains(&"v2c"));
        for (at, node) in self.live("snmp-server community").into_iter().enumerate().filter(|_| served) {
            let Some(found) = community(node) else { continue };
            let name = self.device.host.text(&format!("community {}", at + 1));
            let known = match is_masked(found.key) || node.word(2) == Some("7") {
                true => Cell::unknown(Why::not_understood("community"), self.device.host.evidence(&[self.device.decides(node)])),
                false => self.device.decided(Value::Boolean(is_known_community(found.key)), node),
            };
            let sources = self.community_sources(&found, node, all, six);
            let access = if found.writes { "write" } else { "read" };
            self.push_holder(tables, node, (name, version, access, ("none", "none")), sources, known);
            if found.writes && tables.wants(&REMOTE_ACCESS) {
                self.push_write(tables, node, name, sources);
            }
        }
        for node in self.live("snmp-server user").into_iter().filter(|node| node.words().any(|word| word == "v3")) {
            self.push_user(tables, node, all, six);
        }
    }

    fn community_sources(&self, found: &Community<'a>, node: Node<'a>, all: &[Applied<'a>], six: bool) -> (Cell<'a>, Cell<'a>) {
        let own = self.device.host.evidence(&[self.device.decides(node)]);
        if let Some(address) = found.host {
            let block = address.parse().map(|address: std::net::IpAddr| Addresses::of([address.into()]));
            let sources = block.map_or_else(|_| self.unread(node), |block| networks(self.device.host, &block, own));
            return (sources, self.device.texts(&[("host", node)]));
        }
        let stages: [&[Applied<'a>]; 2] = [&found.lists, all];
        self.guarded(&stages, six, &Service::udp(Ports::only(161)))
    }

    fn push_user(&self, tables: &mut Tables<'a>, node: Node<'a>, all: &[Applied<'a>], six: bool) {
        let (Some(name), Some(group)) = (node.word(2), node.word(3)) else { return };
        let block = self.live("snmp-server group").into_iter().find(|line| line.word(2) == Some(group) && line.word(3) == Some("v3"));
        let writes = block.is_some_and(|line| line.words().any(|word| word == "write"));
        let (auth, privacy) = protection(node);
        // What the group does not demand, a request may leave out.
        let demanded = match block.and_then(|line| line.word(4)) {
            Some("noauth") => ("none", "none"),
            Some("auth") => (auth, "none"),
            _ => (auth, privacy),
        };
        let of_group = block.into_iter().chain([node]).filter_map(|line| behind(line, "access").map(|name| (name, line)));
        let lists: Vec<Applied<'a>> = of_group.map(|(name, node)| Applied { name, six: false, used: "snmp", node }).collect();
        let stages: [&[Applied<'a>]; 2] = [&lists, all];
        let sources = self.guarded(&stages, six, &Service::udp(Ports::only(161)));
        let known = self.device.decided(Value::Boolean(false), node);
        self.push_holder(tables, node, (name, "v3", if writes { "write" } else { "read" }, demanded), sources, known);
    }

    fn push_holder(
        &self,
        tables: &mut Tables<'a>,
        node: Node<'a>,
        (name, version, access, (auth, privacy)): (&'a str, &'static str, &'static str, (&'static str, &'static str)),
        (sources, by): (Cell<'a>, Cell<'a>),
        known: Cell<'a>,
    ) {
        let own = |value| self.device.decided(value, node);
        let cells = [
            (const { SNMP.column("name") }, own(Value::Text(name))),
            (const { SNMP.column("version") }, own(Value::Word(version))),
            (const { SNMP.column("access") }, own(Value::Word(access))),
            (const { SNMP.column("sources") }, sources),
            (const { SNMP.column("sources-restricted-by") }, by),
            (const { SNMP.column("auth") }, own(Value::Word(auth))),
            (const { SNMP.column("privacy") }, own(Value::Word(privacy))),
            (const { SNMP.column("vendor-default") }, known),
        ];
        push(&self.device, tables, (&SNMP, self.product), &cells);
    }

    /// Whoever knows a community that writes administers the device, without a name and without a session.
    fn push_write(&self, tables: &mut Tables<'a>, node: Node<'a>, scope: &'a str, sources: (Cell<'a>, Cell<'a>)) {
        let own = |value| self.device.decided(value, node);
        let login = Login { methods: Ok(vec![super::Method::Password]), evidence: own(Value::Never).evidence };
        let way = Way {
            service: "snmp",
            scope,
            enabled: own(Value::Boolean(true)),
            encrypted: false,
            sources,
            login: &login,
            idle: self.device.undocumented("snmp-server"),
            login_timeout: self.device.undocumented("snmp-server"),
            attempts: self.device.undocumented("snmp-server"),
            lockout: self.device.absent(),
            privileged: own(Value::Boolean(true)),
            root_login: Cell::unset(own(Value::Never).evidence),
        };
        self.push_way(tables, &way);
    }
}
