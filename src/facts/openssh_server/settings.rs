//! One view of the configuration into a row of the table `sshd`.

use super::super::{Cell, Documented, Evidence, Host, RowBuilder, Value};
use super::conditions;
use super::keywords::{self, Arguments};
use super::patterns;
use super::values;
use super::view::{Found, Reading, Setting, View, cell, unsure};
use crate::schema::linux::SSHD;

use ipnet::IpNet;

/// Columns that are one keyword each, whose first line wins.
const PLAIN: &[(usize, &str, Reading)] = &[
    (SSHD.column("permit-root-login"), "permitrootlogin", Reading::Word),
    (SSHD.column("permit-empty-passwords"), "permitemptypasswords", Reading::Word),
    (SSHD.column("authentication-methods"), "authenticationmethods", Reading::Texts),
    (SSHD.column("password-authentication"), "passwordauthentication", Reading::Word),
    (SSHD.column("pubkey-authentication"), "pubkeyauthentication", Reading::Word),
    (SSHD.column("hostbased-authentication"), "hostbasedauthentication", Reading::Word),
    (SSHD.column("gssapi-authentication"), "gssapiauthentication", Reading::Word),
    (SSHD.column("use-pam"), "usepam", Reading::Word),
    (SSHD.column("max-auth-tries"), "maxauthtries", Reading::Integer),
    (SSHD.column("login-grace-time"), "logingracetime", Reading::TimeOrUnlimited),
    (SSHD.column("client-alive-interval"), "clientaliveinterval", Reading::TimeOrUnlimited),
    (SSHD.column("client-alive-count-max"), "clientalivecountmax", Reading::Integer),
    (SSHD.column("max-sessions"), "maxsessions", Reading::Integer),
    (SSHD.column("permit-tunnel"), "permittunnel", Reading::Word),
    (SSHD.column("gateway-ports"), "gatewayports", Reading::Word),
    (SSHD.column("ignore-rhosts"), "ignorerhosts", Reading::Word),
    (SSHD.column("permit-user-environment"), "permituserenvironment", Reading::Text),
    (SSHD.column("strict-modes"), "strictmodes", Reading::Word),
    (SSHD.column("log-level"), "loglevel", Reading::Word),
    (SSHD.column("syslog-facility"), "syslogfacility", Reading::Word),
    (SSHD.column("banner"), "banner", Reading::TextOrNone),
    (SSHD.column("force-command"), "forcecommand", Reading::RestOrNone),
    (SSHD.column("chroot-directory"), "chrootdirectory", Reading::TextOrNone),
    (SSHD.column("authorized-keys-file"), "authorizedkeysfile", Reading::TextsOrNone),
    (SSHD.column("authorized-keys-command-user"), "authorizedkeyscommanduser", Reading::TextOrNone),
    (SSHD.column("trusted-user-ca-keys"), "trustedusercakeys", Reading::TextOrNone),
];

/// Columns whose lines add up.
const SUMS: &[(usize, &str)] = &[
    (SSHD.column("allow-users"), "allowusers"),
    (SSHD.column("allow-groups"), "allowgroups"),
    (SSHD.column("deny-users"), "denyusers"),
    (SSHD.column("deny-groups"), "denygroups"),
];

/// Columns of algorithm lists, in the order of [`super::algorithms::Kind::ALL`].
pub(super) const LISTS: [usize; 4] =
    [SSHD.column("ciphers"), SSHD.column("macs"), SSHD.column("kex-algorithms"), SSHD.column("host-key-algorithms")];

/// The row of one view; `lists` are the cells of [`LISTS`].
pub(super) fn row<'a>(host: &Host<'a>, view: &View<'_, 'a>, scope: &'a str, lists: &[Cell<'a>; 4]) -> RowBuilder<'a> {
    let mut row = host.row(&SSHD, super::NAME);
    row.set(const { SSHD.column("scope") }, Cell::known(Value::Text(scope), &[]));
    for (column, keyword, reading) in PLAIN {
        row.set(*column, plain(host, view, keyword, *reading));
    }
    for (column, keyword) in SUMS {
        row.set(*column, cell(host, &view.sum(host, keyword), Arguments::Many, Reading::Texts));
    }
    for (column, list) in LISTS.iter().zip(lists) {
        row.set(*column, *list);
    }
    row.set(const { SSHD.column("kbd-interactive-authentication") }, keyboard_interactive(host, view));
    row.set(const { SSHD.column("dead-peer-timeout") }, dead_peer_timeout(host, view));
    row.set(const { SSHD.column("listen-address") }, listen_address(host, view));
    row.set(const { SSHD.column("protocol") }, protocol(host, view));
    row.set(const { SSHD.column("per-source-penalties") }, penalties(host, view));
    for (column, keyword) in [
        (const { SSHD.column("allow-tcp-forwarding") }, "allowtcpforwarding"),
        (const { SSHD.column("allow-agent-forwarding") }, "allowagentforwarding"),
        (const { SSHD.column("x11-forwarding") }, "x11forwarding"),
    ] {
        row.set(column, forwarding(host, view, keyword));
    }
    let startups = max_startups(host, view);
    row.set(const { SSHD.column("max-startups-start") }, startups[0]);
    row.set(const { SSHD.column("max-startups-rate") }, startups[1]);
    row.set(const { SSHD.column("max-startups-full") }, startups[2]);
    row.set(const { SSHD.column("weakens") }, Cell::known(Value::List(&[]), &[]));
    row
}

/// The cell of a keyword whose first line wins.
pub(super) fn plain<'a>(host: &Host<'a>, view: &View<'_, 'a>, keyword: &'static str, reading: Reading) -> Cell<'a> {
    let arguments = keywords::arguments_of(keyword);
    cell(host, &view.first(host, &[keyword]), arguments, reading)
}

const FLAG: Arguments = Arguments::Word(&[("yes", "yes"), ("no", "no")]);

/// KbdInteractiveAuthentication. Before 8.7 ChallengeResponseAuthentication is a switch of its own, which turns it on where no block
/// decides (sshd.c); since then it is another name of it.
pub(super) fn keyboard_interactive<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let read = |found: &Found<'a>| cell(host, found, FLAG, Reading::Word);
    let versions = &view.config.versions;
    let now = || {
        let names = ["kbdinteractiveauthentication", "challengeresponseauthentication", "skeyauthentication"];
        read(&view.first(host, &names))
    };
    let earlier = || {
        let own = view.first(host, &["kbdinteractiveauthentication"]);
        let challenge = view.first(host, &["challengeresponseauthentication"]);
        let in_block = own.evidence.iter().any(|it| matches!(it, Evidence::Scope(_)));
        match challenge.word() {
            Some(word) if !in_block && word.eq_ignore_ascii_case("yes") => read(&challenge),
            _ if own.is_written() || in_block => read(&own),
            _ => read(&challenge),
        }
    };
    if versions.from((8, 7)) {
        return now();
    }
    if versions.before((8, 7)) {
        return earlier();
    }
    let (now, earlier) = (now(), earlier());
    match (now.value(), earlier.value()) {
        (Some(one), Some(other)) if one == other => now,
        // Where nothing is set both are `yes`: since 8.7 by its own default, before by that of the other keyword.
        (None, Some(_)) if !now.evidence.iter().any(|it| matches!(it, Evidence::Decides(_))) => earlier,
        (one, other) => unsure(host, one.into_iter().chain(other), now.evidence),
    }
}

/// ClientAliveInterval times ClientAliveCountMax: the time after which a peer that no longer answers is dropped. A count of 0 turns it
/// off from 8.2 on; before, it drops a peer that sends nothing for one interval.
pub(super) fn dead_peer_timeout<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let interval = view.first(host, &["clientaliveinterval"]);
    let count = view.first(host, &["clientalivecountmax"]);
    let evidence = host.evidence(&[interval.evidence, count.evidence].concat());
    let (Some(interval), Some(count)) = (interval.word().and_then(values::seconds), count.word().and_then(values::integer)) else {
        return unsure(host, [], evidence);
    };
    let versions = &view.config.versions;
    match (interval, count) {
        (0, _) => Cell::known(Value::Unlimited, evidence),
        (_, 0) if versions.from((8, 2)) => Cell::known(Value::Unlimited, evidence),
        (_, 0) if versions.before((8, 2)) => Cell::known(Value::Duration(interval), evidence),
        (_, 0) => unsure(host, [Value::Duration(interval), Value::Unlimited], evidence),
        (interval, count) => Cell::known(Value::Duration(interval.saturating_mul(count)), evidence),
    }
}

/// The addresses that sshd listens on; a name is an element that is not known.
fn listen_address<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let found = view.sum(host, "listenaddress");
    let family = view.first(host, &["addressfamily"]);
    let written: Vec<&'a str> = match &found.setting {
        Setting::Written(arguments) => addresses(arguments),
        Setting::Default(_) => Vec::new(),
    };
    let every = |text: &str| text.parse().ok().map(Value::Network);
    let items: Vec<Value<'a>> = if written.is_empty() {
        let four = every("0.0.0.0/0").filter(|_| family.word() != Some("inet6"));
        four.into_iter().chain(every("::/0").filter(|_| family.word() != Some("inet"))).collect()
    } else {
        written.iter().filter_map(|text| Some((text, values::listen(text)?.0))).map(|(text, address)| network(text, address)).collect()
    };
    let evidence = if written.is_empty() { host.evidence(&[found.evidence, family.evidence].concat()) } else { found.evidence };
    Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), evidence)
}

/// The addresses among the arguments, after each of which `rdomain NAME` may stand.
fn addresses<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut left = arguments.iter().copied();
    while let Some(argument) = left.next() {
        if argument == "rdomain" {
            left.next();
        } else {
            found.push(argument);
        }
    }
    found
}

/// The block that an address to listen on stands for: all of its family where it is the unspecified one.
fn network<'a>(text: &'a str, address: &str) -> Value<'a> {
    match patterns::numeric(address) {
        Some(address) if address.is_unspecified() => IpNet::new(address, 0).map_or(Value::Opaque(text), Value::Network),
        Some(address) => Value::Network(IpNet::from(address)),
        None => Value::Opaque(text),
    }
}

static PROTOCOL_2: Documented =
    Documented { setting: "Protocol 2", versions: "OpenSSH 7.4 and later, whatever the file says", source: "release notes of OpenSSH 7.4" };
static PROTOCOL_DEFAULT: Documented =
    Documented { setting: "Protocol 2", versions: "OpenSSH 5.4 to 7.3 of upstream", source: "sshd_config(5)" };

/// Whether something documented holds whatever the file says.
pub(super) fn holds_always(default: &Documented) -> bool {
    std::ptr::eq(default, &PROTOCOL_2)
}

/// The versions of the protocol: 2 alone since 7.4 took version 1 out of the server.
fn protocol<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let versions = &view.config.versions;
    let two = Value::List(&[Value::Text("2")]);
    if versions.from((7, 4)) {
        return Cell::known(two, host.evidence(&[Evidence::Default(&PROTOCOL_2)]));
    }
    let found = view.first(host, &["protocol"]);
    if let Some(word) = found.word() {
        let spoken = host.texts(&word.split(',').collect::<Vec<_>>());
        let certain = versions.before((7, 4)) || spoken == two;
        return if certain { Cell::known(spoken, found.evidence) } else { unsure(host, [spoken, two], found.evidence) };
    }
    let evidence = host.evidence(&[Evidence::Default(&PROTOCOL_DEFAULT)]);
    // SUSE 12 builds with version 1 on (README.SUSE).
    if versions.builder == super::version::Builder::Suse {
        return unsure(host, [two, Value::List(&[Value::Text("2"), Value::Text("1")])], evidence);
    }
    Cell::known(two, evidence)
}

/// PerSourcePenalties: every setting of a penalty turns them on; else the first `yes` or `no` counts.
fn penalties<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let found = view.sum(host, "persourcepenalties");
    let versions = &view.config.versions;
    if versions.before((9, 8)) {
        return Cell::unset(found.evidence);
    }
    match &found.setting {
        Setting::Written(arguments) if arguments.iter().any(|it| it.contains(':')) => Cell::known(Value::Word("yes"), found.evidence),
        Setting::Default(_) if !versions.from((9, 8)) => unsure(host, [], found.evidence),
        _ => cell(host, &found, FLAG, Reading::Word),
    }
}

/// One kind of forwarding, which DisableForwarding turns off. For X11 and agents it does so from 10.0 on; earlier releases with the
/// distribution's fix of CVE-2025-32728 too, which cannot be seen.
fn forwarding<'a>(host: &Host<'a>, view: &View<'_, 'a>, keyword: &'static str) -> Cell<'a> {
    let own = plain(host, view, keyword, Reading::Word);
    let disable = view.first(host, &["disableforwarding"]);
    let off = disable.word().is_some_and(|word| word.eq_ignore_ascii_case("yes"));
    if !off || own.value() == Some(Value::Word("no")) {
        return own;
    }
    let evidence = host.evidence(&[disable.evidence, own.evidence].concat());
    match own.value() {
        Some(value) if keyword != "allowtcpforwarding" && !view.config.versions.from((10, 0)) => {
            unsure(host, [Value::Word("no"), value], evidence)
        }
        _ => Cell::known(Value::Word("no"), evidence),
    }
}

/// MaxStartups: start, rate and full. The last line wins up to 10.0, where a single number keeps the rate of an earlier line; the first
/// wins from 10.3 on.
fn max_startups<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> [Cell<'a>; 3] {
    let versions = &view.config.versions;
    let all = view.sum(host, "maxstartups");
    let lines: Vec<(u64, Option<u64>, u64)> = all.known().unwrap_or_default().iter().filter_map(|text| values::startups(text)).collect();
    let last = lines.last().map(|last| (last.0, lines.iter().rev().find_map(|it| it.1).unwrap_or(30), last.2));
    let first = lines.first().map(|first| (first.0, first.1.unwrap_or(30), first.2));
    let found = if versions.from((10, 3)) { view.first(host, &["maxstartups"]) } else { view.last(host, "maxstartups") };
    let candidates: Vec<_> = match (versions.before((10, 1)), versions.from((10, 3))) {
        (true, _) => last.into_iter().collect(),
        (_, true) => first.into_iter().collect(),
        _ if first == last => last.into_iter().collect(),
        _ => first.into_iter().chain(last).collect(),
    };
    let number = |it: u64| Value::Integer(it as i64);
    let one = |part: fn(&(u64, u64, u64)) -> u64| match &candidates[..] {
        [only] => Cell::known(number(part(only)), found.evidence),
        several => unsure(host, several.iter().map(|it| number(part(it))), found.evidence),
    };
    [one(|it| it.0), one(|it| it.1), one(|it| it.2)]
}

/// The scopes of the table: the numbers of the conditions and their names, the global one first.
pub(super) fn scopes<'a>(host: &Host<'a>, config: &super::config::Config<'a>) -> Vec<(usize, &'a str)> {
    config.conditions.iter().enumerate().map(|(number, criteria)| (number, conditions::scope(host, criteria))).collect()
}
