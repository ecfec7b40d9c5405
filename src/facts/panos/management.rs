//! The management interface and interface management profiles into `panos-management`, `remote-access` and `services`.
//!
//! The management interface is switched by `deviceconfig system service disable-…`, a data interface by the profile that it uses; one
//! without a profile refuses everything (PAN-OS Networking Administrator's Guide, Use Interface Management Profiles to Restrict
//! Access). Where no `permitted-ip` is listed, every address is admitted; each place has a list of its own.

use ipnet::IpNet;

use super::super::{Cell, Documented, Evidence, State, Tables, Value, Why};
use super::administrators::{self, Administrator};
use super::layout::Panos;
use super::logging::Forwarding;
use super::settings::{IDLE, limit_minutes};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::{REMOTE_ACCESS as ACCESS, SERVICES};
use crate::schema::paloalto::PANOS_MANAGEMENT as TABLE;

/// Services of management, with the word of `remote-access`, and whether they are encrypted.
const OFFERED: [(&str, &str, bool); 5] =
    [("http", "web-http", false), ("https", "web-https", true), ("snmp", "", false), ("ssh", "ssh", true), ("telnet", "telnet", false)];

/// Every address may reach a place that lists none.
static ANYWHERE: Documented =
    Documented { setting: "permitted-ip: any", versions: "PAN-OS", source: "PAN-OS Web Interface Help 11.1, Device > Setup > Interfaces" };

static NOT_A_BLOCK: Phrase =
    Phrase { zh: "permitted-ip {} 不是地址或网段", en: "permitted-ip {} is neither an address nor a network" };
static NO_ADMINISTRATORS: Phrase =
    Phrase { zh: "配置中没有 {}，看不出谁能登录", en: "the configuration holds no {}, so that nothing shows who may log in" };

/// A place at which the device is administered.
#[derive(Clone, Debug)]
pub(super) struct Endpoint<'a> {
    /// `mgt`, or `profile` and its name.
    pub scope: &'a str,
    /// Whether traffic reaches it.
    pub in_use: Cell<'a>,
    /// Each service of [`OFFERED`]: whether it is offered.
    pub offers: [Cell<'a>; 5],
    /// From where.
    pub sources: Cell<'a>,
    /// Whether a list limits that.
    pub is_limited: bool,
}

/// All of them, the management interface first.
pub(super) fn endpoints<'a>(panos: &Panos<'_, 'a>) -> Vec<Endpoint<'a>> {
    let device = panos.device;
    let system = panos.at("deviceconfig system");
    let switched = |service: &str| {
        let written = panos.value(&format!("deviceconfig system service disable-{service}"));
        let unwritten = match service {
            // The statement exists to take them away.
            "https" | "ssh" => device.known_absence(Value::Boolean(true)),
            "http" => device.unless_cut(device.undocumented("disable-http")),
            "telnet" => device.unless_cut(device.undocumented("disable-telnet")),
            _ => device.unless_cut(device.undocumented("disable-snmp")),
        };
        let disabled = panos.switch(written, || unwritten);
        match (written, disabled.state) {
            (Some(_), State::Known(Value::Boolean(off))) => Cell::known(Value::Boolean(!off), disabled.evidence),
            (None, _) => panos.unwritten("deviceconfig system service", disabled),
            _ => disabled,
        }
    };
    let system =
        panos.devices.iter().filter_map(|node| node.at("deviceconfig system")).find(|it| it.at("permitted-ip").is_some()).or(system);
    let (listed, is_limited) = sources(panos, system);
    let sources = panos.unless_several("deviceconfig system permitted-ip", listed);
    let mgt = Endpoint {
        scope: "mgt",
        in_use: device.known_absence(Value::Boolean(true)),
        offers: OFFERED.map(|(service, ..)| switched(service)),
        sources,
        is_limited,
    };
    let profiles = panos.devices.iter().filter_map(|node| node.at("network profiles interface-management-profile")).flat_map(Node::values);
    std::iter::once(mgt).chain(profiles.map(|profile| of_profile(panos, profile))).collect()
}

/// An interface management profile. A service that it does not name is not offered.
fn of_profile<'a>(panos: &Panos<'_, 'a>, profile: Node<'a>) -> Endpoint<'a> {
    let device = panos.device;
    let name = panos.text(profile);
    let interfaces = panos.devices.iter().filter_map(|node| node.at("network interface")).flat_map(Node::descendants);
    let user =
        interfaces.filter(|node| node.text() == "interface-management-profile").flat_map(Node::values).find(|it| panos.text(*it) == name);
    let in_use = match user {
        Some(node) => device.decided(Value::Boolean(true), node),
        None => panos.unwritten("interface-management-profile", device.known_absence(Value::Boolean(false))),
    };
    let off = || device.unless_cut(device.decided(Value::Boolean(false), profile));
    let offers = OFFERED.map(|(service, ..)| panos.switch(profile.value(service), off));
    let (sources, is_limited) = sources(panos, Some(profile));
    Endpoint { scope: device.host.text(&format!("profile {name}")), in_use, offers, sources, is_limited }
}

/// The addresses of `permitted-ip`, and whether any are listed.
fn sources<'a>(panos: &Panos<'_, 'a>, place: Option<Node<'a>>) -> (Cell<'a>, bool) {
    let device = panos.device;
    let listed: Vec<Node<'a>> = place.and_then(|place| place.at("permitted-ip")).into_iter().flat_map(Node::values).collect();
    if listed.is_empty() {
        let any: Vec<Value<'a>> = ["0.0.0.0/0", "::/0"].iter().filter_map(|it| it.parse().ok()).map(Value::Network).collect();
        let cell = device.defaulted(Value::List(device.host.arena().alloc_slice_copy(&any)), &ANYWHERE);
        return (panos.unwritten("permitted-ip", cell), false);
    }
    let block = |node: &Node<'a>| {
        let text = node.text();
        text.parse::<IpNet>().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from)).map(|block| block.trunc())
    };
    let blocks: Option<Vec<Value<'a>>> = listed.iter().map(|node| block(node).map(Value::Network)).collect();
    let cell = match blocks {
        Some(blocks) => device.unless_cut(device.decided_by(Value::List(device.host.arena().alloc_slice_copy(&blocks)), &listed)),
        None => {
            let wrong = listed.iter().find(|node| block(node).is_none()).map_or("", |node| panos.text(*node));
            Cell::unknown(Why::new("not-understood", &NOT_A_BLOCK, wrong), device.host.evidence(&[device.decides(listed[0])]))
        }
    };
    (cell, true)
}

/// Adds the rows of `panos-management`.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, endpoints: &[Endpoint<'a>], tables: &mut Tables<'a>) {
    let host = panos.device.host;
    for it in endpoints {
        let mut row = host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("scope") }, Cell::known(Value::Text(it.scope), it.in_use.evidence))
            .set(const { TABLE.column("in-use") }, it.in_use)
            .set(const { TABLE.column("sources") }, it.sources);
        for ((name, ..), offered) in OFFERED.into_iter().zip(it.offers) {
            row.set(TABLE.find(name).unwrap_or(usize::MAX), offered);
        }
        tables.push(row);
    }
}

/// Adds the rows of `remote-access` and of clear-text services.
pub(super) fn fill_access<'a>(
    panos: &Panos<'_, 'a>,
    endpoints: &[Endpoint<'a>],
    administrators: &[Administrator<'a>],
    forwarding: &[Forwarding<'a>],
    tables: &mut Tables<'a>,
) {
    let device = panos.device;
    let common = Common::of(panos, administrators, forwarding);
    for it in endpoints {
        for ((name, service, encrypted), offered) in OFFERED.into_iter().zip(it.offers) {
            let enabled = both(panos, offered, it.in_use);
            let is_off = matches!(offered.state, State::Known(Value::Boolean(false))) && it.scope != "mgt";
            if name == "snmp" && !is_off {
                fill_agent(panos, it.scope, enabled, tables);
            }
            if service.is_empty() || is_off {
                continue;
            }
            let limited: &[&'a str] = if it.is_limited { &["permitted-ip"] } else { &[] };
            let limits = Cell::known(device.host.texts(limited), it.sources.evidence);
            let mut row = common.row(panos, service, it.scope, encrypted);
            row.set(const { ACCESS.column("enabled") }, enabled)
                .set(const { ACCESS.column("sources") }, it.sources)
                .set(const { ACCESS.column("sources-restricted-by") }, limits);
            tables.push(row);
            if !encrypted {
                fill_service(panos, name, it.scope, enabled, tables);
            }
        }
    }
    let nobody = device.known_absence(device.host.texts(&[]));
    let mut row = common.row(panos, "console", "console", false);
    row.set(const { ACCESS.column("enabled") }, Cell::known(Value::Boolean(true), device.host.evidence(&[device.searched()])))
        .set(const { ACCESS.column("sources") }, nobody)
        .set(const { ACCESS.column("sources-restricted-by") }, nobody);
    tables.push(row);
}

/// Whether both hold; false as soon as one does not.
fn both<'a>(panos: &Panos<'_, 'a>, one: Cell<'a>, other: Cell<'a>) -> Cell<'a> {
    let is = |cell: &Cell<'a>, wanted| matches!(cell.state, State::Known(Value::Boolean(on)) if on == wanted);
    match () {
        () if is(&one, false) => one,
        () if is(&other, false) => other,
        () if is(&one, true) && is(&other, true) => {
            let pieces: Vec<Evidence<'a>> = one.evidence.iter().chain(other.evidence).copied().collect();
            Cell::known(Value::Boolean(true), panos.device.host.evidence(&pieces))
        }
        () if is(&one, true) => other,
        () => one,
    }
}

fn fill_service<'a>(panos: &Panos<'_, 'a>, name: &'static str, scope: &'a str, enabled: Cell<'a>, tables: &mut Tables<'a>) {
    let host = panos.device.host;
    let here = |value| Cell::known(value, enabled.evidence);
    let port = match name {
        "http" => 80,
        "snmp" => 161,
        _ => 23,
    };
    let mut row = host.row(&SERVICES, super::PRODUCT.name);
    row.instance(scope)
        .set(const { SERVICES.column("name") }, here(Value::Text(name)))
        .set(const { SERVICES.column("port") }, here(Value::Integer(port)))
        .set(const { SERVICES.column("protocol") }, here(Value::Text(if name == "snmp" { "udp" } else { "tcp" })))
        .set(const { SERVICES.column("address") }, Cell::unset(enabled.evidence))
        .set(const { SERVICES.column("enabled") }, enabled)
        .set(const { SERVICES.column("cleartext") }, here(Value::Boolean(true)));
    tables.push(row);
}

/// The agent of SNMP: where communities are set, what it answers can be read on the way.
fn fill_agent<'a>(panos: &Panos<'_, 'a>, scope: &'a str, enabled: Cell<'a>, tables: &mut Tables<'a>) {
    if panos.at("deviceconfig system snmp-setting access-setting version v2c snmp-community-string").is_some() {
        fill_service(panos, "snmp", scope, enabled, tables);
    }
}

/// From where the agent of SNMP may be asked: from wherever a place admits that offers it.
pub(super) fn agent_sources<'a>(panos: &Panos<'_, 'a>, endpoints: &[Endpoint<'a>]) -> Cell<'a> {
    let device = panos.device;
    let is_off = |cell: &Cell<'a>| matches!(cell.state, State::Known(Value::Boolean(false)));
    let offering = endpoints.iter().filter(|it| !is_off(&it.offers[2]) && !is_off(&it.in_use));
    let mut blocks: Vec<Value<'a>> = Vec::new();
    let mut pieces: Vec<Evidence<'a>> = Vec::new();
    for it in offering {
        let State::Known(Value::List(listed)) = it.sources.state else { return it.sources };
        blocks.extend_from_slice(listed);
        pieces.extend_from_slice(it.sources.evidence);
    }
    if pieces.is_empty() {
        return device.known_absence(device.host.texts(&[]));
    }
    Cell::known(Value::List(device.host.arena().alloc_slice_copy(&blocks)), device.host.evidence(&pieces))
}

/// What is the same for every way in.
struct Common<'a> {
    accounts: Cell<'a>,
    factors: Cell<'a>,
    methods: Cell<'a>,
    servers: Cell<'a>,
    servers_first: Cell<'a>,
    idle: Cell<'a>,
    lockout: Cell<'a>,
    privileged: Cell<'a>,
    accounting: Cell<'a>,
}

impl<'a> Common<'a> {
    fn of(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>], forwarding: &[Forwarding<'a>]) -> Common<'a> {
        let device = panos.device;
        let host = device.host;
        let here = host.evidence(&[device.searched()]);
        let entries: Vec<Node<'a>> = administrators.iter().map(|it| it.node).collect();
        let mut limits: Vec<&'a str> = Vec::new();
        for it in administrators {
            limits.push(it.profile.map_or("local accounts", |node| host.text(&format!("authentication-profile {}", panos.text(node)))));
        }
        limits.sort_unstable();
        limits.dedup();
        let mut ways: Vec<&'static str> = administrators.iter().flat_map(Administrator::ways).map(|(way, _)| way).collect();
        ways.sort_unstable();
        ways.dedup();
        let words: Vec<Value<'a>> = ways.iter().map(|way| Value::Word(way)).collect();
        let mut servers: Vec<(&'a str, Node<'a>)> = Vec::new();
        for (server, node) in administrators.iter().flat_map(|it| it.servers.iter().copied()) {
            if !servers.iter().any(|(known, _)| *known == server) {
                servers.push((server, node));
            }
        }
        let local = administrators.iter().find_map(|it| it.hash.filter(|_| it.profile.is_none()));
        let nobody = Cell::unknown(Why::new("no-administrators", &NO_ADMINISTRATORS, "mgt-config users"), here);
        let servers_first = match servers.first() {
            None => Cell::unset(here),
            Some((_, node)) => device.decided(Value::Boolean(local.is_none()), local.unwrap_or(*node)),
        };
        let superuser = administrators.iter().find(|it| it.is_superuser).map(|it| it.role.map_or(it.node, |(_, node)| node));
        let config = forwarding.iter().find(|it| it.kind == "config").and_then(|it| it.receivers.first());
        let is_empty = administrators.is_empty();
        // Each firewall has administrators of its own besides those of a stack.
        let others = !panos.stack.is_empty();
        let some = |cell: Cell<'a>| match (is_empty, others) {
            (true, _) => nobody,
            (false, true) => panos.unwritten("mgt-config users", cell),
            (false, false) => device.unless_cut(cell),
        };
        let factors = if is_empty { nobody } else { least_factors(panos, administrators) };
        Common {
            accounts: some(device.decided_by(host.texts(&limits), &entries)),
            factors: if others && factors.value() != Some(Value::Integer(1)) { some(factors) } else { factors },
            methods: some(device.decided_by(Value::List(host.arena().alloc_slice_copy(&words)), &entries)),
            servers: if others { some(device.texts(&servers)) } else { device.texts(&servers) },
            servers_first,
            idle: idle(panos),
            lockout: lockout(panos),
            privileged: superuser
                .map_or(some(device.known_absence(Value::Boolean(false))), |node| device.decided(Value::Boolean(true), node)),
            accounting: match config {
                Some(receiver) => device.decided(Value::Boolean(true), receiver.node),
                None => panos.unwritten("log-settings config", device.known_absence(Value::Boolean(false))),
            },
        }
    }

    fn row(&self, panos: &Panos<'_, 'a>, service: &'static str, scope: &'a str, encrypted: bool) -> super::super::RowBuilder<'a> {
        let device = panos.device;
        let here = device.host.evidence(&[device.searched()]);
        let known = |value| Cell::known(value, here);
        let mut row = device.host.row(&ACCESS, super::PRODUCT.name);
        row.set(const { ACCESS.column("service") }, known(Value::Word(service)))
            .set(const { ACCESS.column("scope") }, known(Value::Text(scope)))
            .set(const { ACCESS.column("encrypted") }, known(Value::Boolean(encrypted)))
            .set(const { ACCESS.column("accounts-restricted-by") }, self.accounts)
            .set(const { ACCESS.column("factors") }, self.factors)
            .set(const { ACCESS.column("methods") }, self.methods)
            .set(const { ACCESS.column("servers") }, self.servers)
            .set(const { ACCESS.column("servers-first") }, self.servers_first)
            .set(const { ACCESS.column("idle-timeout") }, self.idle)
            .set(const { ACCESS.column("login-timeout") }, device.undocumented("login timeout"))
            .set(const { ACCESS.column("max-attempts") }, device.undocumented("attempts per connection"))
            .set(const { ACCESS.column("lockout") }, self.lockout)
            .set(const { ACCESS.column("time-windows") }, known(device.host.texts(&[])))
            .set(const { ACCESS.column("login-hours") }, known(Value::Duration(168 * 3600)))
            .set(const { ACCESS.column("privileged-on-login") }, self.privileged)
            .set(const { ACCESS.column("accounting") }, self.accounting)
            .set(const { ACCESS.column("forwarding") }, known(Value::Boolean(false)));
        row
    }
}

/// The least number of factors of all administrators: one that is known to have one decides.
fn least_factors<'a>(panos: &Panos<'_, 'a>, administrators: &[Administrator<'a>]) -> Cell<'a> {
    let one = administrators.iter().find(|it| matches!(it.factors.state, State::Known(Value::Integer(1))));
    let unknown = administrators.iter().find(|it| matches!(it.factors.state, State::Unknown(..)));
    match (one, unknown) {
        (Some(it), _) | (None, Some(it)) => it.factors,
        (None, None) => panos.device.absent(),
    }
}

fn idle<'a>(panos: &Panos<'_, 'a>) -> Cell<'a> {
    let device = panos.device;
    match panos.value("deviceconfig setting management idle-timeout") {
        Some(node) => {
            let evidence = device.host.evidence(&[device.decides(node)]);
            let read = limit_minutes(node.text()).duration;
            read.map_or(Cell::unknown(Why::not_understood(node.text()), evidence), |value| Cell::known(value, evidence))
        }
        None => panos.unwritten("idle-timeout", device.defaulted(Value::Duration(3600), &IDLE)),
    }
}

/// Failures that lock an administrator without a profile.
fn lockout<'a>(panos: &Panos<'_, 'a>) -> Cell<'a> {
    let failures = administrators::device_lockout(panos);
    match failures.state {
        State::Known(Value::Unlimited) => Cell::unset(failures.evidence),
        State::Unknown(why, _) => Cell::unknown(why, failures.evidence),
        _ => failures,
    }
}
