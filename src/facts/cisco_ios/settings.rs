//! Global statements of IOS into the rows of `ios-settings`.

use super::aaa;
use super::documented as doc;
use super::statements::{Ios, Said, said_in};
use crate::facts::device::cells::{Unwritten, number, plain, seconds, switch};
use crate::facts::settings::{self, Readings};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::cisco::IOS_SETTINGS;

/// The names of severities, by number.
pub(super) const SEVERITIES: [&str; 8] =
    ["emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"];

/// Switches, and what holds where nothing is written.
const SWITCHES: &[(&str, Unwritten)] = &[
    ("cdp run", Unwritten::Is("on", &doc::CDP)),
    ("ip bootp server", Unwritten::Undocumented),
    ("ip http secure-server", Unwritten::Undocumented),
    ("ip http server", Unwritten::Undocumented),
    ("ip source-route", Unwritten::Is("on", &doc::SOURCE_ROUTE)),
    ("logging on", Unwritten::Is("on", &doc::LOGGING_ON)),
    ("service config", Unwritten::Undocumented),
];

/// Switches that nobody sets but the operator: what is not written is off.
const FEATURES: &[&str] = &["enable password", "service password-encryption"];

/// Adds the row of every name.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let put = Put { ios };
    for name in ["ip finger", "service finger"] {
        put.switch(tables, name, ios.said(name), doc::finger(ios.release()));
    }
    for (name, unwritten) in SWITCHES {
        put.switch(tables, name, ios.said(name), *unwritten);
    }
    for name in ["service tcp-small-servers", "service udp-small-servers"] {
        put.switch(tables, name, ios.said(name), doc::small_servers(ios.release()));
    }
    put.switch(tables, "aaa new-model", ios.said("aaa new-model"), Unwritten::Is("off", &doc::NEW_MODEL));
    for name in FEATURES {
        put.feature(tables, name, ios.said(name));
    }
    put.switch(tables, "service pad", ios.said("service pad"), doc::pad(ios.release()));
    for name in ["login on-failure log", "login on-success log"] {
        put.switch(tables, name, ios.said(name), Unwritten::Undocumented);
    }
    put.archive(tables);
    put.value(tables, "aaa local authentication attempts max-fail", Unwritten::Nothing, number);
    put.value(tables, "security passwords min-length", Unwritten::Nothing, number);
    put.value(tables, "ip http access-class", Unwritten::Nothing, plain);
    let release = ios.release();
    put.value(tables, "ip ssh authentication-retries", doc::classic(release, "3", &doc::SSH_RETRIES), number);
    put.value(tables, "ip ssh time-out", doc::classic(release, "120", &doc::SSH_TIMEOUT), seconds);
    put.value(tables, "ip ssh version", Unwritten::OneOf(&["2", "1 2"], &doc::SSH_VERSION), number);
    put.value(tables, "version", Unwritten::Undocumented, plain);
    put.value(tables, "service timestamps log", Unwritten::Undocumented, plain);
    put.secret(tables);
    put.trap(tables);
    put.buffer(tables);
    put.block_for(tables);
    put.auxiliary(tables);
    for (name, kind, what) in [
        ("aaa accounting commands 15", "accounting", "commands 15"),
        ("aaa accounting exec", "accounting", "exec"),
        ("aaa authorization commands 15", "authorization", "commands 15"),
        ("aaa authorization exec", "authorization", "exec"),
    ] {
        put.central(tables, name, aaa::at_servers(ios, kind, what));
    }
}

/// Readings of what is on where it is written and off where nothing is.
fn feature(text: &str) -> Readings<'static> {
    Readings { on: Some(text == "on"), ..Readings::default() }
}

/// How a stored secret of that number is written.
pub(super) fn scheme(number: &str) -> Option<&'static str> {
    Some(match number {
        "0" => "plaintext",
        "4" => "type4",
        "5" => "md5",
        "6" | "7" => "type7",
        "8" => "sha256",
        "9" => "scrypt",
        _ => return None,
    })
}

/// The severity of a name or number.
pub(super) fn severity(word: &str) -> Option<usize> {
    word.parse().ok().filter(|number| *number < SEVERITIES.len()).or_else(|| SEVERITIES.iter().position(|name| *name == word))
}

/// Puts rows.
struct Put<'i, 'h, 'a> {
    ios: &'i Ios<'h, 'a>,
}

type Key = (&'static Table, &'static str, &'static str);

/// What a row is of.
fn key(name: &'static str) -> Key {
    (&IOS_SETTINGS, super::PRODUCT.name, name)
}

impl<'a> Put<'_, '_, 'a> {
    /// A switch.
    fn switch(&self, tables: &mut Tables<'a>, name: &'static str, said: Said<'a>, unwritten: Unwritten) {
        let written = match said {
            Said::Yes(node) => Some(("on", node)),
            Said::No(node) => Some(("off", node)),
            Said::Nothing => None,
        };
        self.ios.device.setting(tables, key(name), written, unwritten, switch);
    }

    /// What is off unless somebody sets it.
    fn feature(&self, tables: &mut Tables<'a>, name: &'static str, said: Said<'a>) {
        let written = match said {
            Said::Yes(node) => Some(("on", node)),
            Said::No(node) => Some(("off", node)),
            Said::Nothing => None,
        };
        self.ios.device.setting(tables, key(name), written, Unwritten::Nothing, feature);
    }

    /// A value behind the name.
    fn value(&self, tables: &mut Tables<'a>, name: &'static str, unwritten: Unwritten, read: fn(&str) -> Readings<'static>) {
        let written = match self.ios.said(name) {
            Said::Yes(node) => node.rest(name).map(|text| (text, node)),
            Said::No(node) => Some(("", node)),
            Said::Nothing => None,
        };
        self.ios.device.setting(tables, key(name), written, unwritten, read);
    }

    /// A value that was computed from nodes; on what the row then rests.
    fn computed(&self, tables: &mut Tables<'a>, name: &'static str, found: (&'a str, Readings<'a>), nodes: &[Node<'a>]) {
        let pieces: Vec<_> = nodes.iter().map(|node| self.ios.device.decides(*node)).collect();
        let evidence = self.ios.device.host.evidence(&pieces);
        tables.push(settings::row(self.ios.device.host, &IOS_SETTINGS, super::PRODUCT.name, name, (found.0, found.1, evidence)));
    }

    fn archive(&self, tables: &mut Tables<'a>) {
        let blocks = self.ios.device.root().find(&["archive", "log config"]);
        for (name, pattern) in [
            ("archive log config hidekeys", "hidekeys"),
            ("archive log config logging enable", "logging enable"),
            ("archive log config notify syslog", "notify syslog"),
        ] {
            self.feature(tables, name, said_in(&blocks, pattern));
        }
    }

    fn secret(&self, tables: &mut Tables<'a>) {
        let device = &self.ios.device;
        let Some(node) = self.ios.said("enable secret").yes() else {
            device.setting(tables, key("enable secret"), None, Unwritten::Nothing, plain);
            return;
        };
        let mut words = node.words().skip(2).skip_while(|word| *word == "level").peekable();
        let number = words.next().unwrap_or_default();
        match scheme(number).filter(|_| words.peek().is_some()) {
            Some(scheme) => self.computed(tables, "enable secret", (scheme, Readings::default()), &[node]),
            None => {
                let cell = device.decided(Value::Text(""), node);
                let why = crate::facts::Why::not_understood("enable secret");
                let unknown = Cell::unknown(why, cell.evidence);
                tables.push(settings::unknown_row(device.host, &IOS_SETTINGS, super::PRODUCT.name, "enable secret", unknown));
            }
        }
    }

    fn trap(&self, tables: &mut Tables<'a>) {
        let read = |text: &str| Readings {
            number: severity(text).and_then(|it| i64::try_from(it).ok()).map(Value::Integer),
            on: Some(!text.is_empty()),
            ..Readings::default()
        };
        let written = match self.ios.said("logging trap") {
            Said::Yes(node) => Some((node.rest("logging trap").filter(|rest| !rest.is_empty()).unwrap_or("informational"), node)),
            Said::No(node) => Some(("", node)),
            Said::Nothing => None,
        };
        self.ios.device.setting(tables, key("logging trap"), written, Unwritten::Undocumented, read);
    }

    fn buffer(&self, tables: &mut Tables<'a>) {
        let read = |text: &str| Readings { size: text.parse().ok().map(Value::Size), on: Some(text != "off"), ..Readings::default() };
        let written = match self.ios.said("logging buffered") {
            Said::Yes(node) => {
                let size = node.words().skip(2).find(|word| word.len() > 1 && word.bytes().all(|it| it.is_ascii_digit()));
                size.map(|size| (size, node))
            }
            Said::No(node) => Some(("off", node)),
            Said::Nothing => None,
        };
        self.ios.device.setting(tables, key("logging buffered"), written, Unwritten::Undocumented, read);
    }

    fn block_for(&self, tables: &mut Tables<'a>) {
        let attempts = |node: Node<'a>| node.words().skip_while(|word| *word != "attempts").nth(1);
        let written = self.ios.said("login block-for").yes().and_then(|node| Some((attempts(node)?, node)));
        self.ios.device.setting(tables, key("login block-for"), written, Unwritten::Nothing, number);
    }

    fn auxiliary(&self, tables: &mut Tables<'a>) {
        let blocks = self.ios.all("line aux");
        let Some(block) = blocks.first().copied() else {
            self.ios.device.setting(tables, key("line aux"), None, Unwritten::Nothing, plain);
            return;
        };
        let (exec, transport) = (said_in(&blocks, "exec"), said_in(&blocks, "transport input"));
        match (exec, transport) {
            (Said::No(exec), _) => self.computed(tables, "line aux", ("unusable", Readings::default()), &[exec, block]),
            _ => self.computed(tables, "line aux", ("usable", Readings::default()), &[block]),
        }
    }

    fn central(&self, tables: &mut Tables<'a>, name: &'static str, found: (bool, Vec<Node<'a>>)) {
        let (on, nodes) = found;
        if nodes.is_empty() {
            self.ios.device.setting(tables, key(name), None, Unwritten::Nothing, feature);
            return;
        }
        let text = if on { "on" } else { "off" };
        self.computed(tables, name, (text, switch(text)), &nodes);
    }
}
