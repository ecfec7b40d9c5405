//! `mgt-config users`, authentication profiles and password profiles into administrators and the table `panos-administrators`.
//!
//! An administrator with an authentication profile (or sequence) is authenticated by it, any other by the local hash or key. The
//! multi-factor servers that a profile may list serve end users only: PAN-OS Administrator's Guide, Configure Multi-Factor
//! Authentication, and Web Interface Help, Device > Server Profiles > Multi Factor Authentication. Where RADIUS, TACACS+ or SAML
//! decides, the number of factors is not shown.

use super::super::settings::Readings;
use super::super::{Cell, Evidence, Tables, Value, Why};
use super::layout::{Panos, is_yes};
use super::settings::{FAILURES, limit_days};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::paloalto::PANOS_ADMINISTRATORS as TABLE;

/// The most members of authentication sequences that are followed.
const STEPS_MOST: usize = 64;

static ELSEWHERE: Phrase = Phrase {
    zh: "由认证服务器决定（{}），配置中看不出因素数",
    en: "the servers of {} decide; the configuration does not show how many factors they demand",
};
static UNDEFINED: Phrase = Phrase { zh: "引用的认证模板 {} 没有定义", en: "the authentication profile {} is not defined" };
static ENDLESS: Phrase = Phrase {
    zh: "{} 的效果厂商文档自相矛盾：一处说锁定到管理员解锁，一处说不锁定；请设为 1 到 60 分钟",
    en: "the vendor's page contradicts itself about {}: locked until an administrator unlocks, or never locked; set 1 to 60 minutes",
};
static NOTHING: Phrase = Phrase { zh: "管理员 {} 没有显示任何认证方式", en: "nothing shows how {} is authenticated" };

/// One administrator.
#[derive(Clone, Debug)]
pub(super) struct Administrator<'a> {
    /// Its entry.
    pub node: Node<'a>,
    /// Its login name.
    pub name: &'a str,
    /// Its local hash.
    pub hash: Option<Node<'a>>,
    /// Its public key.
    pub key: Option<Node<'a>>,
    /// The role and the statement that gives it.
    pub role: Option<(&'a str, Node<'a>)>,
    /// Whether it may change everything.
    pub is_superuser: bool,
    /// The profile that authenticates it, with the statement that names it.
    pub profile: Option<Node<'a>>,
    /// The definitions that the profile or sequence stands for; none where one is missing.
    pub methods: Option<Vec<Node<'a>>>,
    /// Servers that authenticate it.
    pub servers: Vec<(&'a str, Node<'a>)>,
    /// Least number of factors.
    pub factors: Cell<'a>,
    /// Whether servers that may demand a further factor decide about every login.
    pub by_servers: Cell<'a>,
}

/// Reads all of them.
pub(super) fn read<'a>(panos: &Panos<'_, 'a>) -> Vec<Administrator<'a>> {
    let users = panos.tops.iter().filter_map(|top| top.at("mgt-config users")).flat_map(Node::values);
    let mut all: Vec<Administrator<'a>> = Vec::new();
    for it in users.map(|node| administrator(panos, node)) {
        match all.iter_mut().find(|known| known.name == it.name && !panos.stack.is_empty()) {
            // What an entry is that several layers of a stack hold is not shown.
            Some(known) => {
                known.factors = panos.unwritten("mgt-config users", known.factors);
                known.by_servers = panos.unwritten("mgt-config users", known.by_servers);
            }
            None => all.push(it),
        }
    }
    all
}

fn administrator<'a>(panos: &Panos<'_, 'a>, node: Node<'a>) -> Administrator<'a> {
    let role = role(panos, node);
    let is_superuser = role.is_some_and(|(role, statement)| role == "superuser" && statement.text() != "no");
    let profile = node.value("authentication-profile").filter(|it| it.text() != "None" && it.text() != "none");
    let methods = profile.and_then(|profile| methods(panos, panos.text(profile)));
    let servers = methods.iter().flatten().flat_map(|method| servers(panos, *method)).collect();
    let mut it = Administrator {
        node,
        name: panos.text(node),
        hash: node.value("phash"),
        key: node.value("public-key"),
        role,
        is_superuser,
        profile,
        methods,
        servers,
        factors: Cell::NONE,
        by_servers: Cell::NONE,
    };
    it.factors = factors(panos, &it);
    it.by_servers = by_servers(panos, &it);
    it
}

/// The role: `superuser yes`, `custom profile NAME`, `deviceadmin …`.
fn role<'a>(panos: &Panos<'_, 'a>, node: Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let based = node.at("permissions role-based")?;
    let kind = based.values().find(|kind| kind.values().next().is_none_or(|value| value.text() != "no"))?;
    match kind.text() {
        "custom" => kind.value("profile").map(|profile| (panos.text(profile), profile)),
        word => Some((word, kind.values().next().unwrap_or(kind))),
    }
}

/// The definitions of the profiles that a name stands for, those of a sequence in its order; none where one is not defined.
fn methods<'a>(panos: &Panos<'_, 'a>, name: &str) -> Option<Vec<Node<'a>>> {
    let profiles = panos.shared_entries("authentication-profile");
    let find = |name: &str| profiles.iter().copied().find(|profile| panos.text(*profile) == name);
    if let Some(profile) = find(name) {
        return Some(vec![profile]);
    }
    let sequences = panos.shared_entries("authentication-sequence");
    let sequence = sequences.iter().find(|sequence| panos.text(**sequence) == name)?;
    let members = sequence.at("authentication-profiles")?;
    members.values().take(STEPS_MOST).map(|member| find(panos.text(member))).collect()
}

/// The word of a profile's method: `radius`, `ldap`, `local-database`, …
fn kind(profile: Node<'_>) -> Option<&str> {
    profile.at("method")?.values().next().map(Node::text)
}

/// The addresses of the servers of a profile's method.
fn servers<'a>(panos: &Panos<'_, 'a>, profile: Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let Some(kind) = kind(profile) else { return Vec::new() };
    let Some(named) = profile.value(&format!("method {kind} server-profile")) else { return Vec::new() };
    let wanted = panos.text(named);
    let definition = panos.shared_entries(&format!("server-profile {kind}")).into_iter().find(|it| panos.text(*it) == wanted);
    let address = |server: Node<'a>| {
        ["ip-address", "address", "host", "hostname"].iter().find_map(|word| server.value(word)).map(|it| (panos.text(it), it))
    };
    let listed = definition.and_then(|it| it.at("server").or_else(|| it.at("servers")));
    let found: Vec<(&'a str, Node<'a>)> = listed.into_iter().flat_map(Node::values).filter_map(address).collect();
    // SAML has one identity provider and no list: its profile's name stands for it.
    if found.is_empty() { vec![(wanted, named)] } else { found }
}

/// The certificate that every way in demands besides the password: that of the web interface, where no other way is offered.
fn certificate<'a>(panos: &Panos<'_, 'a>) -> Option<Node<'a>> {
    let demanded = panos.value("deviceconfig system certificate-profile").filter(|_| panos.managed.is_none() && panos.stack.is_empty())?;
    let is_off = |service: &str| is_yes(panos.value(&format!("deviceconfig system service disable-{service}")));
    let profiles = panos.devices.iter().filter_map(|node| node.at("network profiles interface-management-profile")).flat_map(Node::values);
    let offers = |profile: Node<'a>| ["ssh", "telnet"].iter().any(|service| is_yes(profile.value(service)));
    let by_shell = !is_off("ssh") || !is_off("telnet") || profiles.into_iter().any(offers);
    (!by_shell).then_some(demanded)
}

/// The least number of factors that admits.
fn factors<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>) -> Cell<'a> {
    let device = panos.device;
    let unknown = |why: Why<'a>, node: Node<'a>| Cell::unknown(why, device.host.evidence(&[device.decides(node)]));
    let certificate = certificate(panos).filter(|_| !is_yes(it.node.value("client-certificate-only")));
    if let Some(profile) = it.profile {
        let name = panos.text(profile);
        let Some(methods) = &it.methods else {
            return unknown(Why::new("undefined-reference", &UNDEFINED, name), profile);
        };
        let one = methods.iter().find(|method| kind(**method).is_some_and(|kind| ["local-database", "ldap", "kerberos"].contains(&kind)));
        return match one {
            Some(method) if certificate.is_some() => {
                let pieces = [profile, *method].into_iter().chain(certificate).map(|node| device.decides(node)).collect::<Vec<_>>();
                Cell::known(Value::Integer(2), device.host.evidence(&pieces))
            }
            Some(method) => {
                let pieces = [device.decides(profile), device.reference(*method)];
                Cell::known(Value::Integer(1), device.host.evidence(&pieces))
            }
            None => unknown(Why::new("decided-elsewhere", &ELSEWHERE, name), profile),
        };
    }
    // A key admits over SSH without the password, and only the password is asked there where no key is set.
    match it.key.or(it.hash) {
        Some(node) if it.key.is_none() && certificate.is_some() => {
            let nodes: Vec<Node<'a>> = std::iter::once(node).chain(certificate).collect();
            device.unless_cut(device.decided_by(Value::Integer(2), &nodes))
        }
        Some(node) => device.decided(Value::Integer(1), node),
        None if is_yes(it.node.value("client-certificate-only")) => device.decided(Value::Integer(1), it.node),
        None => unknown(Why::new("not-shown", &NOTHING, it.name), it.node),
    }
}

/// Whether RADIUS, TACACS+ or SAML decides about every login: each profile of a sequence is asked until one admits, and a key admits
/// over SSH without any of them.
fn by_servers<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>) -> Cell<'a> {
    let device = panos.device;
    let decides = |method: &Node<'a>| kind(*method).is_some_and(|kind| ["radius", "saml-idp", "tacplus"].contains(&kind));
    match (it.profile, &it.methods) {
        // What an undefined profile does is not known, and neither are its factors.
        (Some(_), None) => it.factors,
        (Some(profile), Some(methods)) => {
            let is = it.key.is_none() && methods.iter().all(decides);
            device.unless_cut(device.decided(Value::Boolean(is), profile))
        }
        (None, _) => device.unless_cut(device.decided(Value::Boolean(false), it.node)),
    }
}

impl<'a> Administrator<'a> {
    /// Ways of proving who one is, in the words of `remote-access`, with the statements that say so.
    pub(super) fn ways(&self) -> Vec<(&'static str, Node<'a>)> {
        let of = |method: &Node<'a>| match kind(*method) {
            Some("radius") => ("radius", *method),
            Some("tacplus") => ("tacacs", *method),
            Some("saml-idp") => ("keyboard-interactive", *method),
            _ => ("password", *method),
        };
        let profile = self.methods.iter().flatten().map(of);
        let local = self.hash.filter(|_| self.profile.is_none()).map(|node| ("password", node));
        let key = self.key.map(|node| ("public-key", node));
        profile.chain(local).chain(key).collect()
    }
}

/// Failures that lock an administrator: those of its profile where it has one, otherwise those of the device.
pub(super) fn lockout<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>) -> Cell<'a> {
    if it.profile.is_none() {
        return device_lockout(panos);
    }
    let device = panos.device;
    let own = it.methods.iter().flatten().find_map(|method| Some((method.value("lockout failed-attempts")?, *method)));
    match own {
        Some((attempts, method)) => failures(panos, attempts, method.value("lockout lockout-time")),
        None => panos.unwritten("authentication-profile lockout", device.unless_cut(device.undocumented("lockout failed-attempts"))),
    }
}

/// Failures that lock whoever has no authentication profile.
pub(super) fn device_lockout<'a>(panos: &Panos<'_, 'a>) -> Cell<'a> {
    let of = |word: &str| panos.value(&format!("deviceconfig setting management admin-lockout {word}"));
    match of("failed-attempts") {
        Some(attempts) => failures(panos, attempts, of("lockout-time")),
        None => panos.unwritten("admin-lockout", panos.device.depends(&[Value::Unlimited, Value::Integer(10)], &FAILURES)),
    }
}

/// What a number of failures does: 0 is no limit. Without a time of the lock, or with 0, the vendor's page says both that it lasts
/// until it is lifted and that nobody is locked at all.
fn failures<'a>(panos: &Panos<'_, 'a>, attempts: Node<'a>, time: Option<Node<'a>>) -> Cell<'a> {
    let device = panos.device;
    let lasts = time.is_some_and(|node| node.text().parse::<u32>().is_ok_and(|minutes| minutes > 0));
    let nodes: Vec<Node<'a>> = std::iter::once(attempts).chain(time).collect();
    let evidence = device.decided_by(Value::Unlimited, &nodes).evidence;
    match attempts.text().parse::<i64>() {
        Ok(0) => device.decided(Value::Unlimited, attempts),
        Ok(number) if lasts => Cell::known(Value::Integer(number), evidence),
        Ok(number) if time.is_none() => panos.unwritten("lockout-time", device.unless_cut(endless(panos, number, evidence))),
        Ok(number) => endless(panos, number, evidence),
        Err(_) => Cell::unknown(Why::not_understood(attempts.text()), evidence),
    }
}

fn endless<'a>(panos: &Panos<'_, 'a>, number: i64, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let candidates = panos.device.host.arena().alloc_slice_copy(&[Value::Integer(number), Value::Unlimited]);
    Cell::one_of(Why::new("lockout-time-zero", &ENDLESS, "lockout-time 0"), candidates, evidence)
}

/// The age at which the local password expires: the password profile's, otherwise the device's.
pub(super) fn period<'a>(panos: &Panos<'_, 'a>, it: &Administrator<'a>) -> Cell<'a> {
    let device = panos.device;
    if it.hash.is_none() || it.profile.is_some() {
        return Cell::unset(device.host.evidence(&[device.decides(it.node)]));
    }
    let named = it.node.value("password-profile").map(|node| panos.text(node));
    let profiles = panos.tops.iter().filter_map(|top| top.at("mgt-config password-profile")).flat_map(Node::values);
    let own = named.and_then(|name| profiles.into_iter().find(|profile| panos.text(*profile) == name));
    let own = own.and_then(|profile| profile.value("password-change expiration-period"));
    match own.or_else(|| panos.top_value("mgt-config password-complexity password-change expiration-period")) {
        Some(node) => {
            let Readings { duration, .. } = limit_days(node.text());
            let evidence: &[Evidence<'a>] = device.host.evidence(&[device.decides(node)]);
            duration.map_or(Cell::unknown(Why::not_understood(node.text()), evidence), |value| Cell::known(value, evidence))
        }
        None => panos.unwritten("password-change", device.unless_cut(device.undocumented("password-change expiration-period"))),
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>], tables: &mut Tables<'a>) {
    let device = panos.device;
    for it in administrators {
        let role = it
            .role
            .map_or(Cell::unset(device.host.evidence(&[device.decides(it.node)])), |(role, node)| device.decided(Value::Text(role), node));
        let by_role = it.role.map_or(it.node, |(_, node)| node);
        let local = it.hash.filter(|_| it.profile.is_none());
        let profile = match it.profile {
            Some(node) => device.decided(Value::Text(panos.text(node)), node),
            None => Cell::unset(device.host.evidence(&[device.decides(it.node)])),
        };
        let servers: Vec<&'a str> = it.servers.iter().map(|(server, _)| *server).collect();
        let nodes: Vec<Node<'a>> = it.profile.into_iter().chain(it.servers.iter().map(|(_, node)| *node)).chain([it.node]).collect();
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("name") }, device.decided(Value::Text(it.name), it.node))
            .set(const { TABLE.column("role") }, role)
            .set(const { TABLE.column("superuser") }, device.decided(Value::Boolean(it.is_superuser), by_role))
            .set(const { TABLE.column("local-password") }, device.decided(Value::Boolean(local.is_some()), local.unwrap_or(it.node)))
            .set(const { TABLE.column("authentication-profile") }, profile)
            .set(const { TABLE.column("factors") }, it.factors)
            .set(const { TABLE.column("by-servers") }, it.by_servers)
            .set(const { TABLE.column("servers") }, device.decided_by(device.host.texts(&servers), &nodes))
            .set(const { TABLE.column("lockout") }, lockout(panos, it))
            .set(const { TABLE.column("password-change-period") }, period(panos, it));
        tables.push(row);
    }
}
