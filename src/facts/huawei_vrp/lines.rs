//! `user-interface …` blocks of VRP into the rows of `terminal-lines`, and of `remote-access` for SSH, Telnet and the console.

use super::{Common, defaults as documented, settings, ssh_users};
use crate::facts::vrp_family::access::{Proof, Way};
use crate::facts::vrp_family::lines::{Line, lines};
use crate::facts::vrp_family::logic::{both, holds, not};
use crate::facts::vrp_family::sources::Applied;
use crate::facts::vrp_family::terminal::{Settings, applied, seconds};
use crate::facts::vrp_family::{Family, Train};
use crate::facts::{Cell, Tables, Value};

/// The least level that has every command where levels run from 0 to 3, and where they run to 15.
pub(super) const HIGHEST: (i64, i64) = (3, 15);

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>) {
    let root = family.device.root();
    let count = root.last("user-interface maximum-vty").and_then(|node| node.word(2)?.parse().ok());
    for line in lines(root, &[("vty", count.unwrap_or(documented::VTY_COUNT)), ("console", 1)]) {
        let settings = settings(family, &line, common.rearranged);
        family.push_line(tables, &common.lists, &line, &settings);
        match line.kind {
            "vty" => push_vty(family, tables, common, &line, &settings),
            "console" => push_console(family, tables, common, &line, &settings),
            _ => {}
        }
    }
}

/// The settings of a range.
fn settings<'a>(family: &Family<'_, 'a>, line: &Line<'a>, rearranged: bool) -> Settings<'a> {
    let level = level(family, line);
    let highest = match level.value() {
        Some(Value::Integer(number)) => Cell::known(Value::Boolean(is_highest(number, rearranged)), level.evidence),
        // Both documented levels of a console have every command.
        _ if line.kind == "console" => Cell::known(Value::Boolean(true), level.evidence),
        _ => level,
    };
    let highest = if level.value().is_none() { family.device.unless_cut(highest) } else { highest };
    Settings {
        authentication: authentication(family, line),
        protocols: protocols(family, line),
        idle: idle(family, line),
        level,
        roles: Cell::known(family.list([]), level.evidence),
        highest,
        applied: applied(line),
    }
}

/// Whether a level has every command.
pub(super) fn is_highest(level: i64, rearranged: bool) -> bool {
    level >= if rearranged { HIGHEST.1 } else { HIGHEST.0 }
}

/// How a line authenticates.
fn authentication<'a>(family: &Family<'_, 'a>, line: &Line<'a>) -> Cell<'a> {
    const PATTERNS: &[&str] =
        &["authentication-mode aaa", "authentication-mode password", "authentication-mode none", "undo authentication-mode"];
    const WORDS: &[&str] = &["aaa", "password", "none"];
    let words = |words: &[&'static str]| words.iter().map(|word| Value::Word(word)).collect::<Vec<_>>();
    match line.own(PATTERNS) {
        Some((place, node)) if place < WORDS.len() => family.device.decided(Value::Word(WORDS[place]), node),
        _ if line.kind == "console" => family.device.depends(&words(&["aaa", "password"]), &documented::CONSOLE_AUTHENTICATION),
        _ if family.train == Train::Router8 => family.device.defaulted(Value::Word("unset"), &documented::AUTHENTICATION_ROUTER),
        _ => family.device.depends(&words(&["unset", "aaa", "password"]), &documented::AUTHENTICATION),
    }
}

/// Protocols that a line admits; a console admits none of the network.
fn protocols<'a>(family: &Family<'_, 'a>, line: &Line<'a>) -> Cell<'a> {
    const PATTERNS: &[&str] = &["protocol inbound ssh", "protocol inbound telnet", "protocol inbound all", "undo protocol inbound"];
    let ssh = family.words(&["ssh"]);
    let all = family.words(&["ssh", "telnet"]);
    if line.kind != "vty" {
        return family.device.known_absence(family.words(&[]));
    }
    match line.own(PATTERNS) {
        Some((0, node)) => family.device.decided(ssh, node),
        Some((1, node)) => family.device.decided(family.words(&["telnet"]), node),
        Some((2, node)) => family.device.decided(all, node),
        _ if family.train == Train::Router8 => family.device.defaulted(ssh, &documented::PROTOCOL_ROUTER),
        _ => family.device.depends(&[ssh, all], &documented::PROTOCOL),
    }
}

/// Whether the manuals of S, AR and USG hold.
fn covered(family: &Family<'_, '_>) -> bool {
    family.device.config.identity.version.is_some_and(|version| version.starts_with("V200") || version.starts_with("V500"))
}

/// Idle time after which a session ends.
fn idle<'a>(family: &Family<'_, 'a>, line: &Line<'a>) -> Cell<'a> {
    match line.own(&["idle-timeout", "undo idle-timeout"]) {
        Some((0, node)) => family.device.decided(seconds(node), node),
        _ if line.kind == "vty" && covered(family) => family.device.defaulted(Value::Duration(600), &documented::IDLE),
        _ if family.train == Train::Firewall => family.device.defaulted(Value::Duration(600), &documented::IDLE),
        _ if line.kind == "vty" && family.train == Train::Router8 => {
            family.device.defaulted(Value::Duration(600), &documented::IDLE_ROUTER)
        }
        _ => family.device.depends(&[Value::Duration(300), Value::Duration(600)], &documented::CONSOLE_IDLE),
    }
}

/// Command level of the line.
fn level<'a>(family: &Family<'_, 'a>, line: &Line<'a>) -> Cell<'a> {
    match line.own(&["user privilege level", "undo user privilege level"]) {
        Some((0, node)) => match node.word(3).and_then(|word| word.parse().ok()) {
            Some(level) => family.device.decided(Value::Integer(level), node),
            None => Cell::unset(family.device.decided(Value::Never, node).evidence),
        },
        _ if line.kind == "vty" && covered(family) => family.device.defaulted(Value::Integer(0), &documented::LEVEL),
        _ if line.kind == "vty" => family.device.undocumented("user privilege level"),
        _ => family.device.depends(&[Value::Integer(3), Value::Integer(15)], &documented::CONSOLE_LEVEL),
    }
}

/// How who logs in through a line proves it.
fn proof<'a>(family: &Family<'_, 'a>, common: &Common<'a>, settings: &Settings<'a>, ssh: bool) -> Proof<'a> {
    let said = settings.authentication;
    match said.value() {
        Some(Value::Word("aaa")) => {
            let factors = if ssh { ssh_users::least_factors(family) } else { (1, None) };
            family.account_proof(&common.chain, said, factors)
        }
        Some(Value::Word("password")) => family.anonymous_proof(true, said),
        Some(_) => family.anonymous_proof(false, said),
        None => family.unknown_proof(said),
    }
}

/// Whether a login through a line gives the highest level at once.
fn privileged<'a>(family: &Family<'_, 'a>, common: &Common<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let highest = common.users.iter().find(|user| user.level.is_some_and(|(level, _)| is_highest(level, common.rearranged)));
    match (settings.authentication.value(), highest.and_then(|user| user.level)) {
        (Some(Value::Word("aaa")), Some((_, node))) => family.device.decided(Value::Boolean(true), node),
        (Some(Value::Word("aaa")), None) if common.chain.remote() => {
            Cell::unknown(common.chain.unseen_factor(), settings.authentication.evidence)
        }
        (Some(Value::Word("aaa")), None) => family.device.unless_cut(Cell::known(Value::Boolean(false), settings.authentication.evidence)),
        (Some(_), _) => settings.highest,
        (None, _) => settings.authentication,
    }
}

/// Adds the rows of a VTY range: one for each service that it admits or may admit.
fn push_vty<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>, line: &Line<'a>, settings: &Settings<'a>) {
    let host = family.device.host;
    for (service, server, global) in [
        ("ssh", settings::stelnet(family), &["ssh server acl", "ssh ipv6 server acl", "ssh server ipv6 acl"][..]),
        ("telnet", settings::telnet_any(family), &["telnet server acl", "telnet ipv6 server acl", "telnet server ipv6 acl"]),
    ] {
        let admits = holds(host, settings.protocols, service);
        if admits.value() == Some(Value::Boolean(false)) {
            continue;
        }
        let somebody = not(holds(host, settings.authentication, "unset"));
        let mut applied = settings.applied.clone();
        applied.extend(global.iter().filter_map(|pattern| Applied::of(family.last(&[pattern])?.1)));
        let sources = family.sources(&common.lists, &applied);
        let ssh = service == "ssh";
        let numeric = |pattern: &'static str, default, documented| {
            match family.last(&[pattern]) {
                Some((_, node)) => node.rest(pattern).and_then(|text| text.trim().parse::<u32>().ok()).map(|number| (number, node)),
                None => None,
            }
            .map_or(family.device.defaulted(default, documented), |(number, node)| {
                let value =
                    if matches!(default, Value::Duration(_)) { Value::Duration(number.into()) } else { Value::Integer(number.into()) };
                family.device.decided(value, node)
            })
        };
        let (login_timeout, attempts) = if ssh {
            (
                numeric("ssh server timeout", Value::Duration(60), &documented::SSH_TIMEOUT),
                numeric("ssh server authentication-retries", Value::Integer(3), &documented::SSH_RETRIES),
            )
        } else {
            (family.device.undocumented("telnet server login-timeout"), family.device.undocumented("telnet server authentication-retries"))
        };
        let way = Way {
            service,
            scope: host.text(&line.name()),
            enabled: both(host, both(host, server, admits), somebody),
            encrypted: Cell::known(Value::Boolean(ssh), settings.protocols.evidence),
            sources,
            restricted_by: family.restricted_by(&common.lists, &applied),
            proof: proof(family, common, settings, ssh),
            idle: settings.idle,
            login_timeout,
            attempts,
            lockout: super::policy::threshold(family),
            windows: family.windows(&common.lists, &applied, &common.ranges, sources),
            privileged: privileged(family, common, settings),
        };
        family.push_way(tables, way);
    }
}

/// Adds the row of the console: nobody reaches it over the network.
fn push_console<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>, common: &Common<'a>, line: &Line<'a>, settings: &Settings<'a>) {
    let evidence = settings.authentication.evidence;
    let known = |value| Cell::known(value, evidence);
    let nobody = known(Value::List(&[]));
    let way = Way {
        service: "console",
        scope: family.device.host.text(&line.name()),
        enabled: not(holds(family.device.host, settings.authentication, "unset")),
        encrypted: known(Value::Boolean(false)),
        sources: nobody,
        restricted_by: nobody,
        proof: proof(family, common, settings, false),
        idle: settings.idle,
        login_timeout: family.device.undocumented("console login timeout"),
        attempts: family.device.undocumented("console attempts"),
        lockout: super::policy::threshold(family),
        windows: family.always(nobody),
        privileged: privileged(family, common, settings),
    };
    family.push_way(tables, way);
}
