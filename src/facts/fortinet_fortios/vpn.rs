//! Users, groups and VPN settings into the rows of `fortios-vpn-users` and the VPN rows of `remote-access`.

use std::collections::HashSet;

use super::{Entry, Forti};
use crate::facts::shown::least;
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::fortinet::FORTIOS_VPN_USERS;

static SERVERS_DECIDE: Phrase = Phrase {
    zh: "用户 {} 由认证服务器验证，设备上看不到是否有第二因素",
    en: "servers decide about the login of {}: a second factor is not visible on the device",
};

/// A name of a VPN, and the groups whose members may use it; none where every user may.
struct Vpn<'a> {
    groups: Option<Vec<&'a str>>,
    certificate: Option<Node<'a>>,
}

impl<'a> Forti<'_, 'a> {
    /// Adds the rows of users who may use a VPN.
    pub(super) fn push_vpn(&self, tables: &mut Tables<'a>) {
        let groups = self.entries("config user group");
        let users = self.entries("config user local");
        let mut seen: HashSet<(&'a str, &'a str)> = HashSet::new();
        for vpn in self.vpns() {
            let members: Option<Vec<&'a str>> = vpn.groups.map(|names| {
                let named = groups.iter().filter(|group| names.contains(&group.name));
                named.flat_map(|group| group.values("member").values).collect::<Vec<_>>().into_iter().chain(names.clone()).collect()
            });
            let may = |user: &&Entry<'a>| members.as_ref().is_none_or(|members| members.contains(&user.name));
            for user in users.iter().filter(may) {
                if seen.insert((user.vdom, user.name)) {
                    self.push_user(tables, user, vpn.certificate);
                }
            }
        }
    }

    /// VPNs into which people log in.
    fn vpns(&self) -> Vec<Vpn<'a>> {
        let mut found = Vec::new();
        for settings in self.blocks("config vpn ssl settings") {
            let one = [settings];
            let value = |setting: &str| super::first(&crate::parse::fortios::values(&one, setting));
            let named = value("source-interface").is_some() && value("status").is_none_or(|(text, _)| text != "disable");
            if named {
                let certificate = value("reqclientcert").filter(|(text, _)| *text == "enable").map(|(_, node)| node);
                let rules = settings.children().filter(|node| node.is("config authentication-rule")).flat_map(Node::children);
                let rules: Vec<Node<'a>> = rules.filter(|node| node.starts("edit")).collect();
                let names = rules.iter().flat_map(|rule| {
                    ["groups", "users"].iter().flat_map(|setting| crate::parse::fortios::values(&[*rule], setting).values)
                });
                found.push(Vpn { groups: Some(names.collect()), certificate });
            }
        }
        for section in ["config vpn ipsec phase1-interface", "config vpn ipsec phase1"] {
            for tunnel in self.entries(section) {
                let asks = tunnel.value("xauthtype").is_some_and(|(text, _)| text != "disable" && text != "client")
                    || tunnel.says("eap", "enable");
                if asks {
                    let group = tunnel.value("authusrgrp").map(|(name, _)| vec![name]);
                    found.push(Vpn { groups: group, certificate: None });
                }
            }
        }
        found
    }

    fn push_user(&self, tables: &mut Tables<'a>, user: &Entry<'a>, certificate: Option<Node<'a>>) {
        let device = &self.shown.device;
        let head = device.decided(Value::Boolean(true), user.head());
        let enabled = match user.value("status") {
            Some((text, node)) => device.decided(Value::Boolean(text != "disable"), node),
            None => device.unless_cut(head),
        };
        let remote = user.value("type").is_some_and(|(text, _)| text != "password");
        let second = user.value("two-factor");
        let factors = match (second.filter(|(text, _)| *text != "disable"), certificate, remote) {
            (Some((_, node)), ..) => device.decided(Value::Integer(2), node),
            (None, Some(node), _) => device.decided(Value::Integer(2), node),
            (None, None, true) => Cell::unknown(Why::new("servers-decide", &SERVERS_DECIDE, user.name), head.evidence),
            (None, None, false) => device.unless_cut(device.decided(Value::Integer(1), second.map_or(user.head(), |(_, node)| node))),
        };
        let cells = [
            ("user", Cell::known(Value::Text(user.name), head.evidence)),
            ("enabled", enabled),
            ("remote", device.unless_cut(Cell::known(Value::Boolean(remote), head.evidence))),
            ("factors", factors),
        ];
        self.shown.push(tables, &FORTIOS_VPN_USERS, user.vdom, &cells);
    }

    /// Whether sessions and commands are recorded elsewhere: commands are logged and logs are sent away.
    pub(super) fn accounting(&self) -> Cell<'a> {
        let device = &self.shown.device;
        let away = self.forwarded();
        match (self.value("config system global", "cli-audit-log"), away.value()) {
            (_, Some(Value::List([]))) => Cell::known(Value::Boolean(false), away.evidence),
            (Some((text, node)), Some(_)) => {
                let pieces: Vec<Evidence<'a>> = std::iter::once(device.decides(node)).chain(away.evidence.iter().copied()).collect();
                Cell::known(Value::Boolean(text == "enable"), device.host.evidence(&pieces))
            }
            (None, Some(_)) => device.undocumented("cli-audit-log"),
            (_, None) => least(&[away], 0).unwrap_or(away),
        }
    }
}
