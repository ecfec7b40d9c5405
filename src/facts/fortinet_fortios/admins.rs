//! `config system admin`, `api-user` and `sso-admin` into the rows of `fortios-admins`, `accounts` and `privileges`.

use std::net::IpAddr;

use ipnet::IpNet;

use super::settings::ADMIN_TIMEOUT;
use super::{Entry, Forti};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::fortios;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::reckon::week::{WEEK_SECONDS, Week};
use crate::schema::fortinet::FORTIOS_ADMINS;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES, REFERENCES};
use crate::source::redact;

static TRUSTED_HOST: Documented = Documented {
    setting: "trusthost1 0.0.0.0 0.0.0.0",
    versions: "FortiOS 2.8 and later",
    source: "Fortinet Technical Tip 190592, administrator access using Trusted Hosts",
};
static TRUSTED_HOST_SIX: Documented = Documented {
    setting: "ip6-trusthost1 ::/0",
    versions: "FortiOS 5.0 and later",
    source: "Fortinet Technical Tip 190592, administrator access using Trusted Hosts",
};
static TWO_FACTOR: Documented = Documented {
    setting: "two-factor disable",
    versions: "FortiOS 5.0 and later",
    source: "Fortinet Technical Tip 379459, Remove two-factor in Admin Account, which unsets it; Troubleshooting Tip 193487",
};
static SERVERS_DECIDE: Phrase = Phrase {
    zh: "管理员 {} 由认证服务器验证，设备上看不到是否有第二因素",
    en: "servers decide about the login of {}: a second factor is not visible on the device",
};
static NO_SCHEDULE: Phrase = Phrase { zh: "时间表 {} 没有定义", en: "the schedule {} is not defined" };
static MASKED: Phrase =
    Phrase { zh: "{} 的口令行可能已被采集工具去掉", en: "a collector may have taken away the password of {}" };

/// The highest number of trusted hosts of an administrator.
const TRUSTED_HOSTS_MOST: usize = 10;

/// Permission groups of an access profile that together are everything.
const GROUPS: [&str; 8] = ["authgrp", "fwgrp", "loggrp", "netgrp", "secfabgrp", "sysgrp", "utmgrp", "vpngrp"];

/// Somebody who administers the device.
#[derive(Clone, Debug)]
pub(super) struct Admin<'a> {
    /// Its statements.
    pub entry: Entry<'a>,
    /// `admin`, `api` or `sso`.
    pub kind: &'static str,
    /// Whether servers decide about the login.
    pub remote: bool,
    /// Least number of factors.
    pub factors: Cell<'a>,
    /// Trusted hosts over IPv4, with evidence.
    pub four: (Addresses, &'a [Evidence<'a>]),
    /// Trusted hosts over IPv6, with evidence.
    pub six: (Addresses, &'a [Evidence<'a>]),
    /// When it may log in, and hours per week.
    pub schedule: Option<(&'a str, Node<'a>)>,
    /// Hours per week in which it may log in.
    pub hours: Cell<'a>,
    /// Idle time after which it is logged out.
    pub idle: Cell<'a>,
    /// Whether its profile is everything.
    pub unrestricted: Cell<'a>,
}

impl<'a> Forti<'_, 'a> {
    /// Adds the rows, and gives the administrators.
    pub(super) fn push_admins(&self, tables: &mut Tables<'a>) -> Vec<Admin<'a>> {
        let sections = [("config system admin", "admin"), ("config system api-user", "api"), ("config system sso-admin", "sso")];
        let all = sections.iter().flat_map(|(section, kind)| self.entries(section).into_iter().map(|entry| (entry, *kind)));
        let admins: Vec<Admin<'a>> = all.map(|(entry, kind)| self.admin(entry, kind)).collect();
        for admin in &admins {
            self.push_admin(tables, admin);
            self.push_privilege(tables, admin);
            if admin.kind == "admin" {
                self.push_account(tables, admin);
            }
        }
        admins
    }

    /// What is known of an administrator.
    fn admin(&self, entry: Entry<'a>, kind: &'static str) -> Admin<'a> {
        let remote = kind == "sso" || entry.says("remote-auth", "enable");
        Admin {
            factors: self.factors(&entry, kind, remote),
            four: self.trusted(&entry, false),
            six: self.trusted(&entry, true),
            hours: self.hours(&entry),
            idle: self.idle(&entry),
            unrestricted: self.unrestricted(&entry),
            schedule: entry.value("schedule").filter(|(name, _)| !name.is_empty()),
            remote,
            kind,
            entry,
        }
    }

    /// The least number of factors that admits an administrator.
    fn factors(&self, entry: &Entry<'a>, kind: &str, remote: bool) -> Cell<'a> {
        let device = &self.shown.device;
        let second = entry.value("two-factor").filter(|(text, _)| *text != "disable");
        if let Some((_, node)) = second {
            return device.decided(Value::Integer(2), node);
        }
        let off = entry.value("two-factor").map(|(_, node)| node);
        match (kind, remote, entry.value("peer-auth").filter(|(text, _)| *text == "enable"), off) {
            (_, true, ..) => {
                let node = entry.value("remote-auth").map_or(entry.head(), |(_, node)| node);
                Cell::unknown(Why::new("servers-decide", &SERVERS_DECIDE, entry.name), device.host.evidence(&[device.decides(node)]))
            }
            // A key alone is one factor.
            ("api", ..) => device.decided(Value::Integer(1), entry.head()),
            (_, _, Some((_, node)), _) if entry.value("password").is_some() => device.decided(Value::Integer(2), node),
            (_, _, Some((_, node)), _) => device.decided(Value::Integer(1), node),
            (.., Some(node)) => device.decided(Value::Integer(1), node),
            _ => {
                let pieces = [device.decides(entry.head()), Evidence::Default(&TWO_FACTOR)];
                self.unless_cut(Cell::known(Value::Integer(1), device.host.evidence(&pieces)))
            }
        }
    }

    /// The cell, unless the rest of the entry may not have been received.
    fn unless_cut(&self, cell: Cell<'a>) -> Cell<'a> {
        self.shown.device.unless_cut(cell)
    }

    /// Trusted hosts of one family. An address of zeros stands for a place that is not used, except in the first: then everybody is
    /// trusted, and zeros are what stands there where nothing is written (Technical Tip 190592: the first must be in position 1).
    fn trusted(&self, entry: &Entry<'a>, six: bool) -> (Addresses, &'a [Evidence<'a>]) {
        let device = &self.shown.device;
        let start = if six { "ip6-trusthost" } else { "trusthost" };
        let blocks = trusted_blocks(entry, start);
        let mut places: Vec<(usize, IpNet, Node<'a>)> = Vec::new();
        for number in 1..=TRUSTED_HOSTS_MOST {
            let values = entry.values(&format!("{start}{number}"));
            if let (Some(block), Some(node)) = (network(&values.values), values.statements.last()) {
                places.push((number, block, *node));
            }
        }
        places.extend(blocks.into_iter().enumerate().map(|(at, (block, node))| (at + 1, block, node)));
        let used: Vec<&(usize, IpNet, Node<'a>)> = places.iter().filter(|(_, block, _)| block.prefix_len() > 0).collect();
        let everybody = if six { Addresses::any_six() } else { Addresses::any_four() };
        let documented = if six { &TRUSTED_HOST_SIX } else { &TRUSTED_HOST };
        let evidence = |nodes: &[Node<'a>]| {
            let mut pieces: Vec<Evidence<'a>> = nodes.iter().map(|node| device.decides(*node)).collect();
            if pieces.is_empty() {
                pieces = vec![device.decides(entry.head()), Evidence::Default(documented)];
            }
            device.host.evidence(&pieces)
        };
        let first = places.iter().find(|(number, ..)| *number == 1);
        let nodes: Vec<Node<'a>> = used.iter().map(|(_, _, node)| *node).collect();
        match first {
            Some((_, block, node)) if block.prefix_len() == 0 => (everybody, evidence(&[*node])),
            None => (everybody, evidence(&[])),
            Some(_) => (Addresses::of(used.iter().map(|(_, block, _)| *block)), evidence(&nodes)),
        }
    }

    /// Hours per week in which an administrator may log in.
    fn hours(&self, entry: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let Some((name, node)) = entry.value("schedule").filter(|(name, _)| !name.is_empty() && *name != "always") else {
            let node = entry.value("schedule").map_or(entry.head(), |(_, node)| node);
            return self.unless_cut(device.decided(Value::Duration(WEEK_SECONDS), node));
        };
        match self.week(name, entry.vdom) {
            Some((week, nodes)) => {
                let pieces: Vec<Evidence<'a>> =
                    std::iter::once(device.decides(node)).chain(nodes.into_iter().map(|node| device.reference(node))).collect();
                Cell::known(Value::Duration(week.seconds()), device.host.evidence(&pieces))
            }
            None => Cell::unknown(Why::new("schedule-not-defined", &NO_SCHEDULE, name), device.host.evidence(&[device.decides(node)])),
        }
    }

    /// The minutes of a recurring schedule. One that ends before it starts runs into the next day; equal times are the whole day.
    pub(super) fn week(&self, name: &str, vdom: &str) -> Option<(Week, Vec<Node<'a>>)> {
        const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
        let entries = self.entries("config firewall schedule recurring");
        let entry = entries.iter().find(|entry| entry.name == name && (entry.vdom == vdom || vdom.is_empty()))?;
        let days = entry.values("day");
        let minutes = |setting: &str| {
            let (hours, minutes) = entry.value(setting).map_or(Some(("0", "0")), |(text, _)| text.split_once(':'))?;
            Some(hours.parse::<usize>().ok()? * 60 + minutes.parse::<usize>().ok()?)
        };
        let (start, end) = (minutes("start")?, minutes("end")?);
        let listed = |day: usize| days.values.iter().any(|word| DAYS.get(day) == Some(word));
        let week = Week::where_minute(|day, hour, minute| {
            let now = hour * 60 + minute;
            let before = (day + 6) % 7;
            match start.cmp(&end) {
                std::cmp::Ordering::Equal => listed(day),
                std::cmp::Ordering::Less => listed(day) && (start..end).contains(&now),
                std::cmp::Ordering::Greater => (listed(day) && now >= start) || (listed(before) && now < end),
            }
        });
        let mut nodes = days.statements;
        nodes.extend(["start", "end"].iter().filter_map(|setting| entry.value(setting)).map(|(_, node)| node));
        Some((week, nodes))
    }

    /// Idle time: the profile's own where it overrides the global one, in which 0 means never (Technical Tip 213366).
    fn idle(&self, entry: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let profiles = self.entries("config system accprofile");
        let profile = entry.value("accprofile").and_then(|(name, _)| profiles.iter().find(|profile| profile.name == name).cloned());
        if let Some(profile) = profile.filter(|profile| profile.says("admintimeout-override", "enable")) {
            return match profile.value("admintimeout") {
                Some(("0", node)) => device.decided(Value::Unlimited, node),
                Some((text, node)) => device.decided(text.parse().map_or(Value::Text(text), |it: u64| Value::Duration(it * 60)), node),
                None => device.undocumented("accprofile admintimeout"),
            };
        }
        match self.value("config system global", "admintimeout") {
            Some((text, node)) => device.decided(text.parse().map_or(Value::Text(text), |it: u64| Value::Duration(it * 60)), node),
            None => self.defaulted(Value::Duration(300), &ADMIN_TIMEOUT),
        }
    }

    /// Whether a profile is everything: the built-in one, or one of the site's that writes in every group.
    fn unrestricted(&self, entry: &Entry<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let Some((name, node)) = entry.value("accprofile") else { return self.shown.known_absence(Value::Boolean(false)) };
        if name == "super_admin" {
            return device.decided(Value::Boolean(true), node);
        }
        let profiles = self.entries("config system accprofile");
        let Some(profile) = profiles.iter().find(|profile| profile.name == name) else {
            // Built-in profiles are not shown by `show`; of these only super_admin is everything.
            let built_in = ["super_admin_readonly", "prof_admin", "no_access"].contains(&name);
            let cell = device.decided(Value::Boolean(false), node);
            return if built_in { cell } else { Cell::unknown(Why::new("profile-not-defined", &NO_SCHEDULE, name), cell.evidence) };
        };
        let all = GROUPS.iter().all(|group| profile.says(group, "read-write"));
        let cell = device.decided(Value::Boolean(all), node);
        Cell { evidence: device.host.evidence(&[device.decides(node), device.reference(profile.head())]), ..cell }
    }

    fn push_admin(&self, tables: &mut Tables<'a>, admin: &Admin<'a>) {
        let (shown, entry) = (&self.shown, &admin.entry);
        let head = entry.head();
        let text = |found: Option<(&'a str, Node<'a>)>| match found {
            Some((text, node)) => shown.device.decided(Value::Text(text), node),
            None => self.unless_cut(Cell::unset(shown.device.host.evidence(&[shown.device.decides(head)]))),
        };
        let remote = entry.value("remote-auth").map_or(head, |(_, node)| node);
        let cells = [
            ("name", shown.device.decided(Value::Text(entry.name), head)),
            ("kind", shown.device.decided(Value::Word(admin.kind), head)),
            ("profile", text(entry.value("accprofile"))),
            ("unrestricted", admin.unrestricted),
            ("remote", self.unless_cut(shown.device.decided(Value::Boolean(admin.remote), remote))),
            ("factors", admin.factors),
            ("sources", self.sources(admin)),
            ("schedule", text(admin.schedule)),
            ("login-hours", admin.hours),
            ("idle-timeout", admin.idle),
        ];
        shown.push(tables, &FORTIOS_ADMINS, "", &cells);
        if let Some((name, node)) = admin.schedule.filter(|(name, _)| *name != "always") {
            let defined = self.week(name, entry.vdom).is_some();
            let cells = [
                ("kind", shown.device.decided(Value::Word("profile"), node)),
                ("name", shown.device.decided(Value::Text(name), node)),
                ("used-at", shown.device.decided(Value::Text(self.text(&format!("admin {}", entry.name))), node)),
                (
                    "defined",
                    if defined { shown.device.decided(Value::Boolean(true), node) } else { shown.known_absence(Value::Boolean(false)) },
                ),
            ];
            shown.push(tables, &REFERENCES, "", &cells);
        }
    }

    /// Trusted hosts of both families; those of IPv6 count where the configuration shows IPv6.
    pub(super) fn sources(&self, admin: &Admin<'a>) -> Cell<'a> {
        let speaks_six = self
            .entries("config system interface")
            .iter()
            .any(|entry| entry.blocks.iter().flat_map(|block| block.children()).any(|node| node.is("config ipv6")));
        let (addresses, evidence) = match speaks_six {
            true => (admin.four.0.union(&admin.six.0), [admin.four.1, admin.six.1].concat()),
            false => (admin.four.0.clone(), admin.four.1.to_vec()),
        };
        self.unless_cut(Cell::known(self.shown.networks(&addresses), self.shown.device.host.evidence(&evidence)))
    }

    fn push_account(&self, tables: &mut Tables<'a>, admin: &Admin<'a>) {
        let (device, entry) = (&self.shown.device, &admin.entry);
        let head = device.decided(Value::Boolean(true), entry.head());
        let known = |value: Value<'a>| Cell::known(value, head.evidence);
        let undocumented = device.undocumented("system admin");
        let (state, scheme) = self.password(entry, admin.remote);
        let shared = ["admin", "administrator", "guest", "ops", "root", "test", "user"].contains(&entry.name.to_lowercase().as_str());
        let cells = [
            ("name", known(Value::Text(entry.name))),
            ("enabled", head),
            ("interactive", head),
            ("privileged", admin.unrestricted),
            ("system", known(Value::Boolean(false))),
            ("password-state", state),
            ("password-scheme", scheme),
            ("expires", entry.value("password-expire").map_or(known(Value::Never), |_| undocumented)),
            ("same-id", known(device.host.texts(&[]))),
            ("same-name", known(Value::Boolean(false))),
            ("shared-name", known(Value::Boolean(shared))),
            ("vendor-default", known(Value::Boolean(entry.name == "admin"))),
            ("login-hours", admin.hours),
            ("groups", known(device.host.texts(&[]))),
            ("source", known(Value::Text("files"))),
        ];
        self.shown.push(tables, &ACCOUNTS, "", &cells);
    }

    /// Whether a password is set, and how it is stored.
    fn password(&self, entry: &Entry<'a>, remote: bool) -> (Cell<'a>, Cell<'a>) {
        let device = &self.shown.device;
        let values = entry.values("password");
        let Some(node) = values.statements.last().filter(|_| !values.values.is_empty()) else {
            let evidence = device.host.evidence(&[device.decides(entry.head())]);
            let why = Why::new("masked", &MASKED, entry.name);
            let masked = device.config.source.text.lines().any(|line| line.trim_start().starts_with('#') && line.contains("password"));
            return match (remote, masked) {
                (true, _) => (Cell::known(Value::Word("none"), evidence), Cell::unset(evidence)),
                (false, true) => (Cell::unknown(why, evidence), Cell::unknown(why, evidence)),
                (false, false) => (self.shown.unless_gap(Cell::known(Value::Word("empty"), evidence)), Cell::unset(evidence)),
            };
        };
        let set = device.decided(Value::Word("set"), *node);
        let secret = values.values.last().copied().unwrap_or_default();
        let scheme = match values.values.first() {
            Some(&"ENC") if secret.starts_with("SH2") => Some("sha256"),
            Some(&"ENC") if secret.starts_with("AK1") => Some("sha1"),
            Some(&"ENC") => None,
            _ if redact::masked_scheme(secret).is_some() || secret.contains(['<', '*']) => None,
            _ => Some("plaintext"),
        };
        let unknown = Cell::unknown(Why::new("not-understood", &MASKED, entry.name), set.evidence);
        (set, scheme.map_or(unknown, |scheme| Cell::known(Value::Word(scheme), set.evidence)))
    }

    fn push_privilege(&self, tables: &mut Tables<'a>, admin: &Admin<'a>) {
        let (device, entry) = (&self.shown.device, &admin.entry);
        let node = entry.value("accprofile").map_or(entry.head(), |(_, node)| node);
        let known = |value: Value<'a>| device.decided(value, node);
        let profile = entry.value("accprofile").map_or("", |(text, _)| text);
        let scope = self.text(&entry.values("vdom").values.join(" "));
        let cells = [
            ("grantee", known(Value::Text(entry.name))),
            ("privilege", known(Value::Text(profile))),
            ("scope", known(Value::Text(if scope.is_empty() { "device" } else { scope }))),
            ("via", known(Value::Word("role"))),
            ("unrestricted", admin.unrestricted),
            ("grantable", admin.unrestricted),
            ("to-everyone", known(Value::Boolean(false))),
            ("runs-as", known(device.host.texts(&[]))),
            ("commands", known(device.host.texts(&[]))),
            ("negated", known(Value::Boolean(false))),
            ("expires", known(Value::Never)),
        ];
        self.shown.push(tables, &PRIVILEGES, "", &cells);
    }
}

/// Trusted hosts of an API user, which are a section of their own.
fn trusted_blocks<'a>(entry: &Entry<'a>, start: &str) -> Vec<(IpNet, Node<'a>)> {
    let setting = if start == "trusthost" { "ipv4-trusthost" } else { "ipv6-trusthost" };
    let sections = entry.blocks.iter().flat_map(|block| block.children()).filter(|node| node.is("config trusthost"));
    let edits = sections.flat_map(Node::children).filter(|node| node.starts("edit"));
    edits
        .filter_map(|edit| {
            let values = fortios::values(&[edit], setting);
            Some((network(&values.values)?, *values.statements.last()?))
        })
        .collect()
}

/// An address with its mask (`10.0.0.0 255.0.0.0`, `10.0.0.0/8`, `2001:db8::/32`).
pub(super) fn network(words: &[&str]) -> Option<IpNet> {
    let words: Vec<&str> = words.iter().flat_map(|word| word.split_ascii_whitespace()).collect();
    match words.as_slice() {
        [block] if block.contains('/') => block.parse::<IpNet>().ok().map(|block| block.trunc()),
        [address] => address.parse::<IpAddr>().ok().map(IpNet::from),
        [address, mask, ..] => IpNet::with_netmask(address.parse().ok()?, mask.parse().ok()?).ok().map(|block| block.trunc()),
        [] => None,
    }
}
