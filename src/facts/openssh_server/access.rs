//! One view of the configuration into a row of the table `remote-access`.
//!
//! `idle-timeout` is the time after which a dead peer (ClientAliveInterval times ClientAliveCountMax) or an idle session (ChannelTimeout,
//! from 9.2 on) is dropped, whichever is less: sshd's keep-alive alone does not end a session whose user is merely away.

use super::super::pam;
use super::super::systemd_units::{self, Starts};
use super::super::{Cell, Evidence, Host, RowBuilder, State, Value, Why};
use super::conditions::{self, Criteria};
use super::config::Config;
use super::factors::{self, Ways};
use super::patterns;
use super::settings;
use super::sources::{self, Sources};
use super::together;
use super::values;
use super::view::{Reading, View};
use crate::schema::neutral::REMOTE_ACCESS;

/// Seconds of a week.
const WEEK: u64 = 604_800;

/// The cell `service`.
pub(super) fn service<'a>() -> Cell<'a> {
    Cell::known(Value::Word("ssh"), &[])
}

/// The rows of the table: one for each condition, and those for connections that fulfil two of them at once and need less.
pub(super) fn rows<'a>(host: &Host<'a>, config: &Config<'a>) -> Vec<RowBuilder<'a>> {
    let alone: Vec<(View<'_, 'a>, Ways<'a>)> = (0..config.conditions.len())
        .map(|number| {
            let view = View::of_condition(config, number);
            let ways = factors::ways(host, &view);
            (view, ways)
        })
        .collect();
    let least: Vec<u32> = alone.iter().map(|(_, ways)| ways.least).collect();
    let both = together::pairs(host, config).into_iter().filter_map(|pair| {
        let ways = factors::ways(host, &pair.view);
        let weaker = pair.of.iter().all(|number| ways.least < least[*number]);
        weaker.then_some((pair.view, ways, pair.criteria))
    });
    let both: Vec<_> = both.collect();
    let alone = alone.into_iter().zip(&config.conditions).map(|((view, ways), criteria)| (view, ways, *criteria));
    alone.chain(both).map(|(view, ways, criteria)| row(host, &view, &ways, criteria)).collect()
}

/// The row of one view, which is about connections that fulfil the criteria.
fn row<'a>(host: &Host<'a>, view: &View<'_, 'a>, ways: &Ways<'a>, criteria: Criteria<'a>) -> RowBuilder<'a> {
    let sources = sources::of(host, view, criteria);
    let scope = conditions::scope(host, criteria);
    let mut row = host.row(&REMOTE_ACCESS, super::NAME);
    row.set(const { REMOTE_ACCESS.column("service") }, service());
    row.set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), &[]));
    row.set(const { REMOTE_ACCESS.column("enabled") }, enabled(host, view, ways, &sources));
    row.set(const { REMOTE_ACCESS.column("encrypted") }, Cell::known(Value::Boolean(true), &[]));
    row.set(const { REMOTE_ACCESS.column("accounting") }, Cell::known(Value::Boolean(false), &[]));
    row.set(const { REMOTE_ACCESS.column("sources") }, sources.cell);
    row.set(const { REMOTE_ACCESS.column("sources-restricted-by") }, Cell::known(host.texts(&sources.by), sources.evidence));
    row.set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, sources::accounts(host, view, criteria));
    row.set(const { REMOTE_ACCESS.column("factors") }, ways.factors);
    row.set(const { REMOTE_ACCESS.column("methods") }, words(host, ways));
    row.set(const { REMOTE_ACCESS.column("servers") }, Cell::known(host.texts(&ways.servers), ways.factors.evidence));
    row.set(const { REMOTE_ACCESS.column("servers-first") }, ways.servers_first);
    row.set(const { REMOTE_ACCESS.column("idle-timeout") }, idle_timeout(host, view));
    let plain = |keyword, reading| settings::plain(host, view, keyword, reading);
    row.set(const { REMOTE_ACCESS.column("login-timeout") }, plain("logingracetime", Reading::TimeOrUnlimited));
    row.set(const { REMOTE_ACCESS.column("max-attempts") }, plain("maxauthtries", Reading::Integer));
    let root = root_login(host, view);
    row.set(const { REMOTE_ACCESS.column("root-login") }, root);
    row.set(const { REMOTE_ACCESS.column("privileged-on-login") }, privileged(host, &root));
    row.set(const { REMOTE_ACCESS.column("forwarding") }, forwarding(host, view));
    limits(host, view, &mut row);
    row
}

/// The cell `methods`.
fn words<'a>(host: &Host<'a>, ways: &Ways<'a>) -> Cell<'a> {
    let words: Vec<Value<'a>> = ways.methods.iter().map(|word| Value::Word(word)).collect();
    Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), ways.factors.evidence)
}

/// What PAM's account and auth stacks limit; nothing where PAM is off.
fn limits<'a>(host: &Host<'a>, view: &View<'_, 'a>, row: &mut RowBuilder<'a>) {
    let (windows, hours, lockout) = if factors::uses_pam(host, view) {
        let service = factors::service(host, view);
        let limits = pam::account_limits(host, service);
        (limits.time_windows, limits.login_hours, pam::lockout(host, service))
    } else {
        let evidence = view.first(host, &["usepam"]).evidence;
        (Cell::known(Value::List(&[]), evidence), Cell::known(Value::Duration(WEEK), evidence), Cell::unset(evidence))
    };
    row.set(const { REMOTE_ACCESS.column("time-windows") }, windows);
    row.set(const { REMOTE_ACCESS.column("login-hours") }, hours);
    row.set(const { REMOTE_ACCESS.column("lockout") }, lockout);
}

/// Whether anybody can log in.
fn enabled<'a>(host: &Host<'a>, view: &View<'_, 'a>, ways: &Ways<'a>, sources: &Sources<'a>) -> Cell<'a> {
    let refuse = settings::plain(host, view, "refuseconnection", Reading::Word);
    if refuse.value() == Some(Value::Word("yes")) {
        return Cell::known(Value::Boolean(false), refuse.evidence);
    }
    if !ways.any {
        return Cell::known(Value::Boolean(false), ways.factors.evidence);
    }
    if sources.nobody {
        return Cell::known(Value::Boolean(false), sources.evidence);
    }
    if let Some(evidence) = not_started(host) {
        return Cell::known(Value::Boolean(false), evidence);
    }
    let demanded = view.first(host, &["authenticationmethods"]);
    Cell::known(Value::Boolean(true), demanded.evidence)
}

/// Units that start sshd, by any distribution's name.
const UNITS: [&str; 4] = ["ssh.service", "sshd.service", "ssh.socket", "sshd.socket"];

/// What shows that systemd does not start sshd: its unit is masked, or no link starts it and none can be missing.
fn not_started<'a>(host: &Host<'a>) -> Option<&'a [Evidence<'a>]> {
    match systemd_units::starts(host, &UNITS) {
        starts @ Starts::No(_) => Some(host.evidence(&[starts.evidence(host)])),
        Starts::Yes(_) | Starts::Unknown(_) => None,
    }
}

/// When a dead peer or an idle session is dropped.
fn idle_timeout<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let dead = settings::dead_peer_timeout(host, view);
    let channels = view.first(host, &["channeltimeout"]);
    // The first pattern that fits a shell's channel counts; `global` (from 9.7 on) is for all channels together.
    let idle = channels.known().unwrap_or_default().iter().filter_map(|text| values::channel_timeout(text));
    let idle = idle.filter(|(kind, _)| *kind == "global" || patterns::matches(kind, "session:shell")).map(|(_, time)| time).next();
    match (idle.filter(|time| *time > 0), dead.value()) {
        (Some(idle), Some(Value::Duration(time))) if time <= idle => dead,
        (Some(idle), _) => Cell::known(Value::Duration(idle), channels.evidence),
        (None, _) => dead,
    }
}

/// Whether root may log in: PermitRootLogin, unless the lists of users leave root out.
fn root_login<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let allowed = view.sum(host, "allowusers");
    let denied = view.sum(host, "denyusers");
    let names = |found: &super::view::Found<'a>, whole: bool| {
        let patterns = found.known().unwrap_or_default();
        patterns.iter().any(|pattern| match pattern.split_once('@') {
            Some((user, hosts)) => patterns::matches(user, "root") && (!whole || hosts == "*"),
            None => patterns::matches(pattern, "root"),
        })
    };
    if allowed.known().is_some_and(|patterns| !patterns.is_empty()) && !names(&allowed, false) {
        return Cell::known(Value::Word("no"), allowed.evidence);
    }
    if names(&denied, true) {
        return Cell::known(Value::Word("no"), denied.evidence);
    }
    let permit = settings::plain(host, view, "permitrootlogin", Reading::Word);
    let word = |value: Value<'a>| match value {
        Value::Word("prohibit-password") => Value::Word("key-only"),
        Value::Word("forced-commands-only") => Value::Word("commands-only"),
        other => other,
    };
    match permit.state {
        State::Known(value) => Cell::known(word(value), permit.evidence),
        State::Unknown(why, candidates) => {
            let candidates: Vec<Value<'a>> = candidates.iter().copied().map(word).collect();
            Cell::one_of(why, host.arena().alloc_slice_copy(&candidates), permit.evidence)
        }
        State::Unset => permit,
    }
}

/// Whether a login gives the highest privilege at once: where root may log in.
fn privileged<'a>(host: &Host<'a>, root: &Cell<'a>) -> Cell<'a> {
    let answer = |value: Value<'a>| Value::Boolean(value != Value::Word("no"));
    match root.state {
        State::Known(value) => Cell::known(answer(value), root.evidence),
        State::Unknown(why, candidates) => {
            let answers: Vec<Value<'a>> = candidates.iter().copied().map(answer).collect();
            Cell::one_of(why, host.arena().alloc_slice_copy(&answers), root.evidence)
        }
        State::Unset => *root,
    }
}

/// Whether a session can relay other connections: through TCP or Unix sockets, or a tunnel device.
fn forwarding<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let disable = settings::plain(host, view, "disableforwarding", Reading::Word);
    let tunnel = settings::plain(host, view, "permittunnel", Reading::Word);
    let off = disable.value() == Some(Value::Word("yes"));
    let kinds = ["allowtcpforwarding", "allowstreamlocalforwarding"].map(|keyword| settings::plain(host, view, keyword, Reading::Word));
    let open = |cell: &Cell<'_>| cell.value() != Some(Value::Word("no"));
    if let Some(kind) = kinds.iter().find(|kind| !off && open(kind)) {
        return Cell::known(Value::Boolean(true), kind.evidence);
    }
    if open(&tunnel) {
        return Cell::known(Value::Boolean(true), tunnel.evidence);
    }
    let evidence = if off { disable.evidence } else { kinds[0].evidence };
    Cell::known(Value::Boolean(false), host.evidence(&[evidence, tunnel.evidence].concat()))
}

/// Why the sources are not known, where PAM may limit them and its files do not say.
pub(super) fn unless_known<'a>(cell: &Cell<'a>) -> Option<Why<'a>> {
    match cell.state {
        State::Unknown(why, _) => Some(why),
        State::Known(_) | State::Unset => None,
    }
}
