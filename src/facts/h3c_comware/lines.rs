//! `line …` and `user-interface …` blocks of Comware into the rows of `terminal-lines`, and of `remote-access`.
//!
//! A line takes what its class says where its own view says nothing but a default. Authentication mode and inbound protocols go
//! together: where a line has a value of its own for one of them, the other one has its hard default, whatever the class says (H3C
//! login management command references; HPE 5710 Fundamentals Configuration Guide, Configuring the device as a Telnet server).

use super::{Common, defaults as documented, settings, ssh_users, users};
use crate::facts::vrp_family::access::{Proof, Way};
use crate::facts::vrp_family::lines::{Line, lines};
use crate::facts::vrp_family::logic::{both, holds};
use crate::facts::vrp_family::sources::Applied;
use crate::facts::vrp_family::terminal::{Settings, applied, seconds};
use crate::facts::vrp_family::{Family, Train};
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;

/// How lines authenticate: statements, and the words of the column.
const MODES: &[(&str, &str)] =
    &[("authentication-mode scheme", "aaa"), ("authentication-mode none", "none"), ("authentication-mode password", "password")];

/// Inbound protocols.
const PROTOCOLS: &[(&str, &[&str])] = &[
    ("protocol inbound ssh", &["ssh"]),
    ("protocol inbound telnet", &["telnet"]),
    ("protocol inbound pad", &["other"]),
    ("protocol inbound all", &["ssh", "telnet"]),
];

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let vty = if family.train == Train::Comware7 { documented::VTY_COUNT } else { 0 };
    for line in lines(family.device.root(), &[("vty", vty)]) {
        let settings = settings_of(family, &line, common);
        family.push_line(tables, &common.lists, &line, &settings);
        match line.kind {
            "vty" => push_vty(family, tables, common, &line, &settings),
            "console" | "aux" => push_console(family, tables, common, &line, &settings),
            _ => {}
        }
    }
}

/// The settings of a range.
fn settings_of<'a>(family: &Family<'_, 'a>, line: &Line<'a>, common: &Common<'a>) -> Settings<'a> {
    let (authentication, protocols) = coupled(family, line, common);
    let idle = match line.own_or_class(&["idle-timeout"]) {
        Some((_, node)) => family.device.decided(seconds(node), node),
        None => family.device.defaulted(Value::Duration(600), &documented::IDLE),
    };
    let (level, roles, highest) = rights(family, line);
    Settings { authentication, protocols, idle, level, roles, highest, applied: applied(line) }
}

/// Authentication mode and inbound protocols, which go together.
fn coupled<'a>(family: &Family<'_, 'a>, line: &Line<'a>, common: &Common<'a>) -> (Cell<'a>, Cell<'a>) {
    let modes: Vec<&str> = MODES.iter().map(|(pattern, _)| *pattern).collect();
    let protocols: Vec<&str> = PROTOCOLS.iter().map(|(pattern, _)| *pattern).collect();
    let default_mode = if line.kind == "vty" { "authentication-mode password" } else { "authentication-mode none" };
    let differs = |found: &(usize, Node<'a>), default: &str| !found.1.starts(default);
    let own_mode = line.own(&modes).filter(|found| differs(found, default_mode));
    let own_protocol = line.own(&protocols).filter(|found| differs(found, "protocol inbound all"));
    let alone = own_mode.is_some() || own_protocol.is_some();
    let mode = own_mode.or_else(|| if alone { None } else { line.of_class(&modes).filter(|found| differs(found, default_mode)) });
    let protocol = own_protocol.or_else(|| if alone { None } else { line.of_class(&protocols) });
    let mode = match mode.or_else(|| line.own(&modes)) {
        Some((place, node)) => family.device.decided(Value::Word(MODES[place].1), node),
        None => default_authentication(family, line, common.fips),
    };
    let protocol = match protocol {
        _ if line.kind != "vty" => family.device.known_absence(family.words(&[])),
        Some((place, node)) => family.device.decided(family.words(PROTOCOLS[place].1), node),
        None => family.device.defaulted(family.words(&["ssh", "telnet"]), &documented::PROTOCOL),
    };
    (mode, protocol)
}

/// How a line authenticates of which nothing is written.
fn default_authentication<'a>(family: &Family<'_, 'a>, line: &Line<'a>, fips: bool) -> Cell<'a> {
    match (line.kind, family.train) {
        _ if fips => family.device.undocumented("authentication-mode"),
        ("vty", _) => family.device.defaulted(Value::Word("password"), &documented::AUTHENTICATION),
        (_, Train::Comware7) => family.device.defaulted(Value::Word("none"), &documented::CONSOLE_AUTHENTICATION),
        _ => family.device.undocumented("authentication-mode"),
    }
}

/// Level, roles and whether they are the highest.
fn rights<'a>(family: &Family<'_, 'a>, line: &Line<'a>) -> (Cell<'a>, Cell<'a>, Cell<'a>) {
    let device = &family.device;
    let level = line.own_or_class(&["user privilege level"]).and_then(|(_, node)| Some((node.word(3)?.parse::<i64>().ok()?, node)));
    if let Some((level, node)) = level {
        let roles = device.decided(family.list([]), node);
        return (device.decided(Value::Integer(level), node), roles, device.decided(Value::Boolean(level >= 3), node));
    }
    let view = |blocks: &[Node<'a>]| -> Vec<(&'a str, Node<'a>)> {
        let nodes = blocks.iter().flat_map(|block| block.children()).filter(|node| node.starts("user-role"));
        nodes.filter_map(|node| Some((node.word(1)?, node))).collect()
    };
    let own = view(&line.blocks);
    let roles = if own.is_empty() { view(&line.class) } else { own };
    let unset = device.absent();
    if roles.is_empty() {
        let (role, documented): (&'static str, &'static Documented) =
            if line.kind == "vty" { ("network-operator", &documented::ROLE) } else { ("network-admin", &documented::CONSOLE_ROLE) };
        return match (family.train, line.kind) {
            (Train::Comware7, _) => {
                let highest = device.defaulted(Value::Boolean(users::is_highest_role(role)), documented);
                (unset, device.defaulted(family.list([role]), documented), highest)
            }
            (_, "vty") => {
                let none = device.defaulted(family.list([]), &documented::LEVEL);
                (device.defaulted(Value::Integer(0), &documented::LEVEL), none, device.defaulted(Value::Boolean(false), &documented::LEVEL))
            }
            _ => [device.undocumented("user privilege level"); 3].into(),
        };
    }
    let highest = roles.iter().find(|(role, _)| users::is_highest_role(role));
    let highest = match (highest, roles.first()) {
        (Some((_, node)), _) => device.decided(Value::Boolean(true), *node),
        (None, Some((_, node))) => device.unless_cut(device.decided(Value::Boolean(false), *node)),
        (None, None) => unset,
    };
    (unset, device.texts(&roles), highest)
}

/// How who logs in through a line proves it.
fn proof<'a>(family: &Family<'_, 'a>, common: &Common<'a>, settings: &Settings<'a>, ssh: bool) -> Proof<'a> {
    let said = settings.authentication;
    match said.value() {
        Some(Value::Word("aaa")) => {
            let names: Vec<&str> = common.users.iter().map(|user| user.name).collect();
            let factors = if ssh { ssh_users::least_factors(family, &names) } else { (1, None) };
            family.account_proof(&common.chain, said, factors)
        }
        Some(Value::Word("password")) => family.anonymous_proof(true, said),
        Some(_) => family.anonymous_proof(false, said),
        None => family.unknown_proof(said),
    }
}

/// Whether a login through a line gives the highest role at once.
fn privileged<'a>(family: &Family<'_, 'a>, common: &Common<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let device = &family.device;
    let highest = common.users.iter().find_map(|user| {
        let role = user.roles.iter().find(|(role, _)| users::is_highest_role(role)).map(|(_, node)| *node);
        role.or_else(|| user.level.filter(|(level, _)| *level >= 3).map(|(_, node)| node))
    });
    match (settings.authentication.value(), highest) {
        (Some(Value::Word("aaa")), Some(node)) => device.decided(Value::Boolean(true), node),
        (Some(Value::Word("aaa")), None) if common.chain.remote() => {
            Cell::unknown(common.chain.unseen_factor(), settings.authentication.evidence)
        }
        (Some(Value::Word("aaa")), None) => device.unless_cut(Cell::known(Value::Boolean(false), settings.authentication.evidence)),
        (Some(_), _) => settings.highest,
        (None, _) => settings.authentication,
    }
}

/// A number that a global statement sets.
fn numeric<'a>(family: &Family<'_, 'a>, pattern: &str, default: Value<'a>, documented: &'static Documented) -> Cell<'a> {
    let said = family.last(&[pattern]).and_then(|(_, node)| Some((node.rest(pattern)?.trim().parse::<u32>().ok()?, node)));
    match (said, default) {
        (None, _) => family.device.defaulted(default, documented),
        (Some((number, node)), Value::Duration(_)) => family.device.decided(Value::Duration(number.into()), node),
        (Some((number, node)), _) => family.device.decided(Value::Integer(number.into()), node),
    }
}

/// Adds the rows of a VTY range: one for each service that it admits.
fn push_vty<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>, line: &Line<'a>, settings: &Settings<'a>) {
    let host = family.device.host;
    for (service, server, global) in [
        ("ssh", settings::ssh(family), &["ssh server acl", "ssh server ipv6 acl"][..]),
        ("telnet", settings::telnet(family), &["telnet server acl", "telnet server ipv6 acl"]),
    ] {
        let admits = holds(host, settings.protocols, service);
        if admits.value() == Some(Value::Boolean(false)) {
            continue;
        }
        let mut applied = settings.applied.clone();
        applied.extend(global.iter().filter_map(|pattern| Applied::of(family.last(&[pattern])?.1)));
        let sources = family.sources(&common.lists, &applied);
        let ssh = service == "ssh";
        let (login_timeout, attempts) = if ssh {
            (
                numeric(family, "ssh server authentication-timeout", Value::Duration(60), &documented::SSH_TIMEOUT),
                numeric(family, "ssh server authentication-retries", Value::Integer(3), &documented::SSH_RETRIES),
            )
        } else {
            (family.device.undocumented("telnet login timeout"), family.device.undocumented("telnet login attempts"))
        };
        let way = Way {
            service,
            scope: host.text(&line.name()),
            enabled: both(host, server, admits),
            encrypted: Cell::known(Value::Boolean(ssh), settings.protocols.evidence),
            sources,
            restricted_by: family.restricted_by(&common.lists, &applied),
            proof: proof(family, common, settings, ssh),
            idle: settings.idle,
            login_timeout,
            attempts,
            lockout: super::policy::lock(family)[0],
            windows: family.windows(&common.lists, &applied, &common.ranges, sources),
            privileged: privileged(family, common, settings),
        };
        family.push_way(tables, way);
    }
}

/// Adds the row of a console or AUX line: nobody reaches it over the network.
fn push_console<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>, line: &Line<'a>, settings: &Settings<'a>) {
    let evidence = settings.authentication.evidence;
    let known = |value| Cell::known(value, evidence);
    let nobody = known(Value::List(&[]));
    let way = Way {
        service: "console",
        scope: family.device.host.text(&line.name()),
        enabled: known(Value::Boolean(true)),
        encrypted: known(Value::Boolean(false)),
        sources: nobody,
        restricted_by: nobody,
        proof: proof(family, common, settings, false),
        idle: settings.idle,
        login_timeout: family.device.undocumented("console login timeout"),
        attempts: family.device.undocumented("console login attempts"),
        lockout: super::policy::lock(family)[0],
        windows: family.always(nobody),
        privileged: privileged(family, common, settings),
    };
    family.push_way(tables, way);
}
