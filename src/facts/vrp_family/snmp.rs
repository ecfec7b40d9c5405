//! `snmp-agent …` into the rows of `snmp`, and of `remote-access` for those who may write.

use super::Family;
use super::access::{Proof, Way};
use super::keywords::{keyword_at, keywords};
use super::lists::AccessList;
use super::secrets::{is_ciphertext, is_masked};
use super::sources::Applied;
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::SNMP;

static PRECEDENCE: Phrase = Phrase {
    zh: "snmp-agent acl {} 优先于团体名、组和用户自己的 ACL，后者是否仍生效手册没有说明",
    en: "the list {} of snmp-agent acl takes precedence over that of a community, group or user; whether that one still holds the manuals do not say",
};

static BY_ROLE: Phrase = Phrase {
    zh: "SNMP 用户 {} 由用户角色授权，手册没有说明是否必须认证和加密",
    en: "the SNMP user {} has its rights by a user role; whether it must authenticate and encrypt the manuals do not say",
};

/// Communities that everybody knows.
const KNOWN: &[&str] = &["private", "public"];

/// A community, or a user with its group.
struct Party<'a> {
    name: &'a str,
    version: Cell<'a>,
    node: Node<'a>,
    write: Cell<'a>,
    auth: Cell<'a>,
    privacy: Cell<'a>,
    default: Cell<'a>,
    applied: Vec<Applied<'a>>,
}

impl<'a> Family<'_, 'a> {
    /// Adds the rows. `versions` is what the agent answers, as the settings table has it: `v3`, `v2c v3`, `all`.
    pub(in crate::facts) fn push_snmp(&self, tables: &mut Tables<'a>, versions: Cell<'a>, lists: &[AccessList<'a>]) {
        if matches!(self.last(&["undo snmp-agent", "snmp-agent"]), Some((0, node)) if node.is("undo snmp-agent")) {
            return;
        }
        let mut parties = self.communities(versions);
        parties.extend(self.snmp_users());
        let everybody = self.agent_lists();
        for party in &mut parties {
            let own = std::mem::take(&mut party.applied);
            party.applied = own.iter().chain(&everybody).copied().collect();
            let sources = self.sources(lists, &party.applied);
            let agent = if own.is_empty() || everybody.is_empty() { sources } else { self.sources(lists, &everybody) };
            // The agent's list takes precedence over the party's own: whether that one is asked as well, the manuals do not say.
            let sources = match (sources.value() == agent.value(), everybody.first()) {
                (false, Some(list)) if sources.value().is_some() => {
                    Cell::unknown(Why::new("list-not-decided", &PRECEDENCE, list.name), sources.evidence)
                }
                _ => sources,
            };
            let mut row = self.device.host.row(&SNMP, self.product);
            let access = |write| if write { Value::Word("write") } else { Value::Word("read") };
            let written = match party.write.value() {
                Some(Value::Boolean(write)) => Cell::known(access(write), party.write.evidence),
                _ => party.write,
            };
            row.set(const { SNMP.column("name") }, self.device.decided(Value::Text(party.name), party.node))
                .set(const { SNMP.column("version") }, party.version)
                .set(const { SNMP.column("access") }, written)
                .set(const { SNMP.column("sources") }, sources)
                .set(const { SNMP.column("sources-restricted-by") }, self.restricted_by(lists, &party.applied))
                .set(const { SNMP.column("auth") }, party.auth)
                .set(const { SNMP.column("privacy") }, party.privacy)
                .set(const { SNMP.column("vendor-default") }, party.default);
            tables.push(row);
            if party.write.value() != Some(Value::Boolean(false)) {
                self.push_way(tables, self.snmp_way(party, sources, lists));
            }
        }
    }

    /// The lists of the agent itself, of both families; the last statement counts (USG and CloudEngine Command References, snmp-agent acl).
    fn agent_lists(&self) -> Vec<Applied<'a>> {
        const PATTERNS: &[&str] = &["snmp-agent acl", "snmp-agent acl-ipv4", "snmp-agent acl-ipv6", "undo snmp-agent acl"];
        let Some((place, node)) = self.last(PATTERNS).filter(|(place, _)| *place < 3) else { return Vec::new() };
        if place == 0 {
            return Applied::of(node).into_iter().collect();
        }
        let words: Vec<&'a str> = keywords(node).collect();
        let behind = |keyword: &str| words.iter().position(|word| *word == keyword).and_then(|at| words.get(at + 1)).copied();
        let families = [("acl-ipv4", false), ("acl-ipv6", true)];
        families.into_iter().filter_map(|(keyword, six)| Some(Applied { name: behind(keyword)?, six, node })).collect()
    }

    /// The communities, unless only version 3 is answered: then nobody can use them.
    fn communities(&self, versions: Cell<'a>) -> Vec<Party<'a>> {
        if versions.value() == Some(Value::Text("v3")) {
            return Vec::new();
        }
        let version = match versions.value() {
            Some(Value::Text(text)) if text.contains("v1") || text.contains("all") => Cell::known(Value::Word("v1"), versions.evidence),
            Some(_) => Cell::known(Value::Word("v2c"), versions.evidence),
            None => versions,
        };
        let nodes = self.device.root().all("snmp-agent community").filter(|node| keyword_at(*node, 2) != Some("complexity-check"));
        let parties = nodes.enumerate().map(|(at, node)| {
            let words: Vec<&'a str> = keywords(node).skip(2).filter(|word| !matches!(*word, "simple" | "cipher")).collect();
            let write = words.first() == Some(&"write");
            let secret = words.iter().copied().find(|word| !matches!(*word, "read" | "write")).unwrap_or_default();
            let hidden = is_ciphertext(secret) || is_masked(secret);
            let own = |value| self.device.decided(value, node);
            let default = own(Value::Boolean(KNOWN.contains(&secret)));
            let default = if hidden { Cell::unknown(Why::not_understood("snmp-agent community"), default.evidence) } else { default };
            Party {
                name: self.device.host.text(&format!("community {}", at + 1)),
                version: Cell { evidence: super::logic::joined(self.device.host, &[version, own(Value::Never)]), ..version },
                node,
                write: own(Value::Boolean(write)),
                auth: own(Value::Word("none")),
                privacy: own(Value::Word("none")),
                default,
                applied: Applied::of(node).into_iter().collect(),
            }
        });
        parties.collect()
    }

    /// The users of version 3.
    fn snmp_users(&self) -> Vec<Party<'a>> {
        let mut names: Vec<(&'a str, Vec<Node<'a>>)> = Vec::new();
        for pattern in ["snmp-agent usm-user v3", "snmp-agent local-user v3"] {
            for node in self.device.root().all(pattern) {
                let Some(name) = node.word(3) else { continue };
                match names.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, nodes)) => nodes.push(node),
                    None => names.push((name, vec![node])),
                }
            }
        }
        names.into_iter().filter_map(|(name, nodes)| self.snmp_user(name, &nodes)).collect()
    }

    /// One user: what its lines and its group's demand.
    fn snmp_user(&self, name: &'a str, nodes: &[Node<'a>]) -> Option<Party<'a>> {
        let node = *nodes.first()?;
        let words: Vec<&'a str> = nodes.iter().flat_map(|node| keywords(*node)).collect();
        let behind = |keyword: &str| words.iter().position(|word| *word == keyword).and_then(|at| words.get(at + 1)).copied();
        // S and Comware: `usm-user v3 NAME GROUP …`; CE and VRP8: `usm-user v3 NAME group GROUP`; Comware 7 with roles in the place of
        // groups: `usm-user v3 NAME user-role ROLE …`.
        let by_role = node.word(4) == Some("user-role");
        let group = behind("group")
            .filter(|_| !by_role)
            .or_else(|| node.word(4).filter(|word| !word.contains("mode") && !matches!(*word, "simple" | "cipher" | "user-role")));
        let group_nodes: Vec<Node<'a>> = group
            .map(|group| self.device.root().all("snmp-agent group v3").filter(|node| node.word(3) == Some(group)).collect())
            .unwrap_or_default();
        let group_says = |word: &str| group_nodes.iter().any(|node| keywords(*node).any(|other| other == word));
        let local = node.starts("snmp-agent local-user");
        let demands_privacy = group_says("privacy") || local;
        let demands_auth = demands_privacy || group_says("authentication");
        let mut all = nodes.to_vec();
        all.extend(group_nodes.iter().copied());
        let own = |value| self.device.decided_by(value, &all);
        let unknown = |why| Cell::unknown(why, own(Value::Boolean(true)).evidence);
        let judged_by_role = || unknown(Why::new("by-role", &BY_ROLE, name));
        // An algorithm that is not known here is some algorithm.
        let used = |keyword: &str, of: fn(&str) -> Option<&'static str>, demanded: bool| match behind(keyword) {
            Some(_) if by_role => judged_by_role(),
            Some(word) if demanded => {
                of(&word.to_ascii_lowercase()).map_or_else(|| unknown(Why::not_understood(word)), |word| own(Value::Word(word)))
            }
            _ => own(Value::Word("none")),
        };
        Some(Party {
            name,
            version: own(Value::Word("v3")),
            node,
            write: if by_role { judged_by_role() } else { own(Value::Boolean(group_says("write-view"))) },
            auth: used("authentication-mode", auth_of, demands_auth),
            privacy: used("privacy-mode", privacy_of, demands_privacy),
            default: own(Value::Boolean(false)),
            applied: all.iter().filter_map(|node| Applied::of(*node)).collect(),
        })
    }

    /// The way in of somebody who may write, or of whom that is not known.
    fn snmp_way(&self, party: &Party<'a>, sources: Cell<'a>, lists: &[AccessList<'a>]) -> Way<'a> {
        let own = |value| self.device.decided(value, party.node);
        let user = party.version.value() == Some(Value::Word("v3"));
        let asks = !user || party.auth.value() != Some(Value::Word("none"));
        let proof = self.anonymous_proof(asks, own(Value::Never));
        let accounts = if user { own(self.list(["local accounts"])) } else { proof.accounts };
        Way {
            service: "snmp",
            scope: party.name,
            enabled: if party.write.value().is_some() { own(Value::Boolean(true)) } else { party.write },
            encrypted: match party.privacy.value() {
                Some(word) => Cell::known(Value::Boolean(word != Value::Word("none")), party.privacy.evidence),
                None => party.privacy,
            },
            sources,
            restricted_by: self.restricted_by(lists, &party.applied),
            proof: Proof { accounts, ..proof },
            // Each request stands alone: there is no session that could be left open.
            idle: own(Value::Duration(0)),
            login_timeout: own(Value::Duration(1)),
            attempts: own(Value::Integer(1)),
            lockout: Cell::unset(own(Value::Never).evidence),
            windows: self.always(sources),
            privileged: own(Value::Boolean(true)),
        }
    }
}

/// The word of the column `auth`.
fn auth_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "md5" => "md5",
        "sha" | "sha1" => "sha1",
        "sm3" => "sm3",
        other if other.starts_with("sha2") || other.starts_with("hmac-sha2") => "sha2",
        _ => return None,
    })
}

/// The word of the column `privacy`.
fn privacy_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "3des" | "3des168" => "3des",
        "sm4" => "sm4",
        other if other.starts_with("aes") => "aes",
        other if other.starts_with("des") => "des",
        _ => return None,
    })
}
