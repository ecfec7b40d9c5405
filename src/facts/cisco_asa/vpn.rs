//! `tunnel-group`, `group-policy` and `webvpn` into `asa-vpn-profiles` and the `vpn` rows of `remote-access`.

use super::super::cisco_words::{hours, live, minutes_or_never, push, words, written};
use super::{Asa, NAME};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::asa::ASA_VPN_PROFILES;
use crate::schema::neutral::REMOTE_ACCESS;

/// The policy from which all others inherit, and the profile that WebVPN uses where none is chosen.
const DEFAULT_POLICY: &str = "DfltGrpPolicy";
const DEFAULT_PROFILE: &str = "DefaultWEBVPNGroup";

static IDLE: Documented = Documented {
    setting: "vpn-idle-timeout 30",
    versions: "ASA 7.2 and later",
    source: "Cisco Security Appliance Command Line Configuration Guide (OL-10088-01), Group Policies, Configuring VPN-Specific Attributes",
};
static POLICY: Documented = Documented {
    setting: "default-group-policy DfltGrpPolicy",
    versions: "ASA 8.4 and later",
    source: "Cisco ASA Series VPN CLI Configuration Guide 8.4 to 9.17, Connection Profiles, Group Policies, and Users, Overview",
};
static NO_RANGE: Phrase =
    Phrase { zh: "时间范围 {} 没有定义或无法理解", en: "the time range {} is not defined or not understood" };
static ELSEWHERE: Phrase =
    Phrase { zh: "第二种因素由 {} 处的服务器决定", en: "the second factor is decided by the servers of {}" };

/// A connection profile with its parts.
struct Profile<'a> {
    name: &'a str,
    /// Lines of general-attributes and webvpn-attributes, or what shows that it is there.
    general: Vec<Node<'a>>,
    web: Vec<Node<'a>>,
    node: Option<Node<'a>>,
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    let listener = asa.vpn_listener();
    for profile in asa.profiles(listener) {
        asa.push_profile(tables, &profile, listener);
    }
}

impl<'a> Asa<'_, 'a> {
    /// A line that makes an interface accept VPN clients.
    fn vpn_listener(&self) -> Option<Node<'a>> {
        let web = written(self.root().merged("webvpn"), "enable");
        web.or_else(|| self.written("crypto ikev2 enable"))
            .or_else(|| self.written("crypto ikev1 enable"))
            .or_else(|| self.written("crypto isakmp enable"))
    }

    /// Profiles for remote access. Those that lead from site to site are none.
    fn profiles(&self, listener: Option<Node<'a>>) -> Vec<Profile<'a>> {
        let mut profiles: Vec<Profile<'a>> = Vec::new();
        let groups = live(self.root().children(), "tunnel-group");
        for node in &groups {
            let name = node.word(1).unwrap_or_default();
            let is_remote = matches!((node.word(2), node.word(3)), (Some("type"), Some("remote-access" | "webvpn" | "ipsec-ra")));
            let is_default = ["DefaultRAGroup", DEFAULT_PROFILE].contains(&name);
            if (is_remote || is_default) && !profiles.iter().any(|profile| profile.name == name) {
                profiles.push(Profile { name, general: Vec::new(), web: Vec::new(), node: Some(*node) });
            }
        }
        let by_web = listener.is_some_and(|node| node.parent().is_some_and(|above| above.is("webvpn")));
        if by_web && !profiles.iter().any(|profile| profile.name == DEFAULT_PROFILE) {
            profiles.push(Profile { name: DEFAULT_PROFILE, general: Vec::new(), web: Vec::new(), node: listener });
        }
        for profile in &mut profiles {
            let of = |kind: &str| {
                groups
                    .iter()
                    .filter(|node| node.word(1) == Some(profile.name) && node.word(2) == Some(kind))
                    .flat_map(|node| node.children())
                    .collect()
            };
            (profile.general, profile.web) = (of("general-attributes"), of("webvpn-attributes"));
        }
        profiles
    }

    /// The line of a policy, or of the one it inherits from, that begins with a pattern.
    fn of_policy(&self, policy: &str, pattern: &str) -> Option<Node<'a>> {
        [policy, DEFAULT_POLICY].into_iter().find_map(|name| {
            let blocks = self.root().all("group-policy").filter(|node| node.word(1) == Some(name) && node.word(2) == Some("attributes"));
            written(blocks.flat_map(Node::children), pattern)
        })
    }

    fn timeout(&self, policy: &str, pattern: &'static str, default: Option<(Value<'a>, &'static Documented)>) -> Cell<'a> {
        let Some(node) = self.of_policy(policy, pattern) else {
            return match default {
                Some((value, documented)) => self.device.defaulted(value, documented),
                None => self.device.undocumented(pattern),
            };
        };
        match node.word(1) {
            Some("none") => self.device.decided(Value::Unlimited, node),
            Some(text) if minutes_or_never(text).duration.is_some() => {
                self.device.decided(minutes_or_never(text).duration.unwrap_or(Value::Unlimited), node)
            }
            _ => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
        }
    }

    /// The time range of a policy, and its hours per week.
    fn access_hours(&self, policy: &str) -> (Cell<'a>, Cell<'a>) {
        let Some(node) = self.of_policy(policy, "vpn-access-hours") else {
            let unknown = self.device.undocumented("vpn-access-hours");
            return (unknown, unknown);
        };
        let name = node.word(2).filter(|_| node.word(1) == Some("value"));
        let Some(name) = name else {
            let always = self.device.decided(Value::Duration(WEEK_SECONDS), node);
            return (Cell::unset(always.evidence), always);
        };
        let named = self.device.decided(Value::Text(name), node);
        let range = self.root().all("time-range").find(|range| range.word(1) == Some(name));
        let lines: Vec<Node<'a>> = range.map(|range| range.children().collect()).unwrap_or_default();
        let pieces: Vec<Evidence<'a>> =
            std::iter::once(self.device.decides(node)).chain(lines.iter().map(|line| self.device.reference(*line))).collect();
        let evidence = self.device.host.evidence(&pieces);
        let known = range.and_then(|_| hours(&lines)).map(Value::Duration);
        (
            named,
            known.map_or_else(|| Cell::unknown(Why::new("time-range", &NO_RANGE, name), evidence), |value| Cell::known(value, evidence)),
        )
    }

    /// What is demanded beside the first proof, and the factors.
    fn second_step(&self, profile: &Profile<'a>, group: Option<&'a str>) -> (Cell<'a>, Cell<'a>) {
        let host = self.device.host;
        let asks = written(profile.web.iter().copied(), "authentication");
        let second = written(profile.general.iter().copied(), "secondary-authentication-server-group");
        let listed: Vec<&'a str> = asks.map(|node| node.words().skip(1).collect()).unwrap_or_default();
        let elsewhere = |name: &'a str, node: Node<'a>| {
            Cell::unknown(Why::new("decided-at-servers", &ELSEWHERE, name), host.evidence(&[self.device.decides(node)]))
        };
        match (asks, second) {
            (Some(node), _) if listed.contains(&"saml") => (self.device.decided(Value::Word("saml"), node), elsewhere("SAML", node)),
            (Some(node), _) if listed.contains(&"certificate") && listed.contains(&"aaa") => {
                (self.device.decided(Value::Word("certificate"), node), self.device.decided(Value::Integer(2), node))
            }
            (_, Some(node)) => (self.device.decided(Value::Word("servers"), node), elsewhere(node.word(1).unwrap_or_default(), node)),
            (Some(node), None) => (self.device.decided(Value::Word("none"), node), self.one_factor(group, node)),
            (None, None) => {
                let unknown = self.device.undocumented("webvpn-attributes: authentication");
                (unknown, group.map_or(unknown, |name| Self::at_servers(name, unknown)))
            }
        }
    }

    fn one_factor(&self, group: Option<&'a str>, node: Node<'a>) -> Cell<'a> {
        let cell = self.device.decided(Value::Integer(1), node);
        group.map_or(cell, |name| Self::at_servers(name, cell))
    }

    /// What servers decide, where some are asked.
    fn at_servers(name: &'a str, cell: Cell<'a>) -> Cell<'a> {
        Cell::unknown(Why::new("decided-at-servers", &ELSEWHERE, name), cell.evidence)
    }

    fn push_profile(&self, tables: &mut Tables<'a>, profile: &Profile<'a>, listener: Option<Node<'a>>) {
        let device = &self.device;
        let host = device.host;
        let line = written(profile.general.iter().copied(), "authentication-server-group");
        let first = line.and_then(|node| node.words().skip(1).find(|word| !word.starts_with('(')));
        let group = first.filter(|name| *name != "LOCAL");
        let servers = match (group, line) {
            (Some(name), Some(node)) => self.servers(name, node),
            (_, Some(node)) => device.decided(host.texts(&[]), node),
            (_, None) => device.undocumented("authentication-server-group"),
        };
        let enabled = match listener {
            Some(node) => device.decided(Value::Boolean(true), node),
            None => device.known_absence(Value::Boolean(false)),
        };
        let named = written(profile.general.iter().copied(), "default-group-policy");
        let policy = named.and_then(|node| node.word(1)).unwrap_or(DEFAULT_POLICY);
        let policy_cell =
            named.map_or_else(|| device.defaulted(Value::Text(DEFAULT_POLICY), &POLICY), |node| device.decided(Value::Text(policy), node));
        let (step, factors) = self.second_step(profile, group);
        let (range, week) = self.access_hours(policy);
        let idle = self.timeout(policy, "vpn-idle-timeout", Some((Value::Duration(1800), &IDLE)));
        let here = profile.node.map_or(enabled, |node| device.decided(Value::Boolean(true), node));
        let cells = [
            (const { ASA_VPN_PROFILES.column("profile") }, Cell::known(Value::Text(profile.name), here.evidence)),
            (const { ASA_VPN_PROFILES.column("enabled") }, enabled),
            (const { ASA_VPN_PROFILES.column("second-step") }, step),
            (const { ASA_VPN_PROFILES.column("servers") }, servers),
            (const { ASA_VPN_PROFILES.column("policy") }, policy_cell),
            (const { ASA_VPN_PROFILES.column("access-hours") }, range),
            (const { ASA_VPN_PROFILES.column("hours") }, week),
            (const { ASA_VPN_PROFILES.column("idle-timeout") }, idle),
            (const { ASA_VPN_PROFILES.column("session-timeout") }, self.timeout(policy, "vpn-session-timeout", None)),
        ];
        push(device, tables, (&ASA_VPN_PROFILES, NAME), &cells);
        self.push_vpn_way(tables, profile.name, Vpn { enabled, factors, servers, group, range, week, idle, here });
    }

    fn push_vpn_way(&self, tables: &mut Tables<'a>, profile: &'a str, vpn: Vpn<'a>) {
        let device = &self.device;
        let host = device.host;
        let on = |value| Cell::known(value, vpn.enabled.evidence);
        let everybody = host.arena().alloc_slice_fill_iter(Addresses::any().blocks().into_iter().map(Value::Network));
        let windows = vpn.range.value().map_or_else(
            || if vpn.week.value().is_none() { vpn.week } else { on(host.texts(&[])) },
            |name| Cell::known(Value::List(host.arena().alloc_slice_copy(&[name])), vpn.range.evidence),
        );
        let accounts = vpn.group.map_or("local accounts", |name| host.text(&format!("aaa {name}")));
        // Nothing says who is asked.
        let unknown = (vpn.group.is_none() && vpn.servers.value().is_none()).then_some(vpn.servers);
        let asked = |cell: Cell<'a>| unknown.unwrap_or(cell);
        let cells = [
            (const { REMOTE_ACCESS.column("service") }, on(Value::Word("vpn"))),
            (const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(profile), vpn.here.evidence)),
            (const { REMOTE_ACCESS.column("enabled") }, vpn.enabled),
            (const { REMOTE_ACCESS.column("encrypted") }, on(Value::Boolean(true))),
            (const { REMOTE_ACCESS.column("sources") }, on(Value::List(everybody))),
            (const { REMOTE_ACCESS.column("sources-restricted-by") }, on(host.texts(&[]))),
            (const { REMOTE_ACCESS.column("accounts-restricted-by") }, asked(Cell::known(host.texts(&[accounts]), vpn.servers.evidence))),
            (const { REMOTE_ACCESS.column("factors") }, vpn.factors),
            (const { REMOTE_ACCESS.column("methods") }, asked(Cell::known(words(host, &["password"]), vpn.servers.evidence))),
            (const { REMOTE_ACCESS.column("servers") }, vpn.servers),
            (
                const { REMOTE_ACCESS.column("servers-first") },
                if vpn.group.is_some() {
                    Cell::known(Value::Boolean(true), vpn.servers.evidence)
                } else {
                    asked(Cell::unset(vpn.servers.evidence))
                },
            ),
            (const { REMOTE_ACCESS.column("idle-timeout") }, vpn.idle),
            (const { REMOTE_ACCESS.column("login-timeout") }, device.undocumented("login timeout")),
            (const { REMOTE_ACCESS.column("max-attempts") }, device.undocumented("login attempts")),
            (const { REMOTE_ACCESS.column("lockout") }, if vpn.group.is_some() { device.absent() } else { asked(self.lockout()) }),
            (const { REMOTE_ACCESS.column("time-windows") }, windows),
            (const { REMOTE_ACCESS.column("login-hours") }, vpn.week),
            (const { REMOTE_ACCESS.column("privileged-on-login") }, on(Value::Boolean(false))),
            (const { REMOTE_ACCESS.column("accounting") }, device.undocumented("accounting-server-group")),
            (const { REMOTE_ACCESS.column("forwarding") }, on(Value::Boolean(true))),
        ];
        push(device, tables, (&REMOTE_ACCESS, NAME), &cells);
    }
}

/// What of a profile its way in shows.
#[derive(Clone, Copy)]
struct Vpn<'a> {
    enabled: Cell<'a>,
    factors: Cell<'a>,
    servers: Cell<'a>,
    group: Option<&'a str>,
    range: Cell<'a>,
    week: Cell<'a>,
    idle: Cell<'a>,
    here: Cell<'a>,
}
