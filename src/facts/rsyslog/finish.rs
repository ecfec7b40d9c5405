//! What an action depends on, once the whole configuration was read, into a destination with its cells.

use super::action::{Does, Queue, Send};
use super::flow::one_line;
use super::routes::{Destination, File, Receiver};
use super::settings::Setting;
use crate::facts::cell::{Cell, Documented, Evidence, State, Value, Why};
use crate::facts::host::Host;
use crate::source::Span;

/// What holds for the whole configuration, wherever it was set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Globals<'a> {
    /// The stream driver of actions and listeners that name none.
    pub(super) driver: Setting<'a>,
    /// The mask of permission bits that rsyslogd sets for itself.
    pub(super) umask: Setting<'a>,
    /// The masks with which rsyslogd may have been started, where it sets none.
    pub(super) started_with: &'a [u32],
    /// The main queue.
    pub(super) main_queue: Queue<'a>,
    /// What is missing, if anything is that could change these.
    pub(super) gap: Option<Why<'a>>,
}

static CREATE_MODE: Documented =
    Documented { setting: "fileCreateMode 0644", versions: "rsyslog, all versions", source: "omfile, FileCreateMode" };
static DRIVER_MODE: Documented =
    Documented { setting: "StreamDriverMode 0", versions: "rsyslog, all versions", source: "omfwd, StreamDriverMode" };
static AUTH_MODE: Documented = Documented {
    setting: "StreamDriverAuthMode x509/name",
    versions: "rsyslog 8 with gtls",
    source: "nsd_gtls.c; refused an unknown name when tried with 8.2302",
};
static RETRIES: Documented = Documented {
    setting: "action.resumeRetryCount 0",
    versions: "rsyslog, all versions",
    source: "rsyslog documentation, General Action Parameters",
};
static QUEUE: Documented =
    Documented { setting: "queue.type Direct", versions: "rsyslog, all versions", source: "rsyslog documentation, queue.type of actions" };
static RELP_TLS: Documented = Documented { setting: "tls off", versions: "rsyslog, all versions", source: "omrelp, TLS" };
static NO_HTTPS: Documented = Documented { setting: "usehttps off", versions: "rsyslog 8", source: "omelasticsearch and omhttp, usehttps" };
static HTTPS: Documented = Documented { setting: "usehttps on", versions: "rsyslog 8", source: "omclickhouse, usehttps" };
static KAFKA: Documented =
    Documented { setting: "security.protocol plaintext", versions: "librdkafka, all versions", source: "librdkafka, CONFIGURATION.md" };

/// Whether a stream driver encrypts.
pub(super) fn encrypts(driver: &str) -> bool {
    ["gtls", "ossl", "mbedtls"].iter().any(|name| driver.eq_ignore_ascii_case(name))
}

/// Finishes what an action does, if it brings messages anywhere. `path` is the text of its template or channel where it has one.
pub(super) fn destination<'a>(
    host: &Host<'a>,
    does: Does<'a>,
    queue: Queue<'a>,
    path: Option<&'a str>,
    span: Span,
    globals: &Globals<'a>,
) -> Option<Destination<'a>> {
    Some(match does {
        Does::File(device, _) if device.starts_with("/dev/") => Destination::Other("device", device),
        Does::File(path, mode) => Destination::File(File { path, dynamic: false, mode: file_mode(host, mode, span, globals) }),
        Does::Dynamic(name, mode) => {
            Destination::File(File { path: path.unwrap_or(name), dynamic: true, mode: file_mode(host, mode, span, globals) })
        }
        Does::Channel(name, mode) => {
            Destination::File(File { path: path.unwrap_or(name), dynamic: false, mode: file_mode(host, mode, span, globals) })
        }
        Does::Send(send) => {
            let encrypted = encrypted(host, &send, span, globals);
            Destination::Host(Receiver {
                host: send.host,
                port: send.port,
                protocol: send.protocol,
                encrypted,
                authenticated: authenticated(host, &send, span, &encrypted),
                reliable: reliable(host, &send, queue, span, globals),
            })
        }
        Does::Other(module, name) => Destination::Other(module, name),
        Does::Discard | Does::Hand(_) | Does::Nothing => return None,
    })
}

/// Whether anything can be sent at all: a driver that cannot encrypt refuses to when it is told to.
pub(super) fn can_send(send: &Send<'_>, globals: &Globals<'_>) -> bool {
    let driver = send.driver.or(globals.driver);
    let plain_driver = matches!(driver, Setting::Default) || driver.text().is_some_and(|name| !encrypts(name));
    send.protocol != "tcp" || send.mode.text() != Some("1") || !plain_driver
}

/// The evidence of a cell: the settings that decide it, else its default; then the action.
fn evidence<'a>(host: &Host<'a>, set: &[Setting<'a>], default: Option<&'static Documented>, action: Span) -> &'a [Evidence<'a>] {
    let mut spans: Vec<Span> = Vec::new();
    for span in set.iter().filter_map(|setting| setting.span()) {
        if !spans.iter().any(|it| one_line(host, *it, span)) {
            spans.push(span);
        }
    }
    let on_its_line = spans.iter().any(|span| one_line(host, *span, action));
    let mut pieces: Vec<Evidence<'a>> = spans.into_iter().map(Evidence::Decides).collect();
    if on_its_line {
        return host.evidence(&pieces);
    }
    if pieces.is_empty() {
        pieces.extend(default.map(Evidence::Default));
    }
    pieces.push(if pieces.is_empty() { Evidence::Decides(action) } else { Evidence::Reference(action) });
    host.evidence(&pieces)
}

/// A switch, or why it is not known.
fn switch<'a>(on: Option<bool>, evidence: &'a [Evidence<'a>], globals: &Globals<'a>) -> Cell<'a> {
    match on {
        Some(on) => Cell::known(Value::Boolean(on), evidence),
        None => Cell::unknown(globals.gap.unwrap_or(Why::not_understood("rsyslog.conf")), evidence),
    }
}

/// The permission bits of a new file.
fn file_mode<'a>(host: &Host<'a>, mode: Setting<'a>, action: Span, globals: &Globals<'a>) -> Cell<'a> {
    let evidence = evidence(host, &[mode, globals.umask], Some(&CREATE_MODE), action);
    let octal = |setting: Setting<'a>| setting.text().and_then(|text| u32::from_str_radix(text.trim(), 8).ok());
    let bits = if mode == Setting::Default { Some(0o644) } else { octal(mode) };
    let Some(bits) = bits else {
        let why = mode.text().map(Why::not_understood).or(globals.gap);
        return Cell::unknown(why.unwrap_or(Why::not_understood("FileCreateMode")), evidence);
    };
    let own = octal(globals.umask);
    let masks = own.as_ref().map_or(globals.started_with, std::slice::from_ref);
    let mut candidates: Vec<Value<'a>> = masks.iter().map(|mask| Value::Mode(bits & !mask)).collect();
    candidates.dedup();
    match candidates.as_slice() {
        [only] => Cell::known(*only, evidence),
        _ => Cell::one_of(Why::not_collected(super::umask::UNIT), host.arena().alloc_slice_copy(&candidates), evidence),
    }
}

/// Whether what is sent is encrypted.
fn encrypted<'a>(host: &Host<'a>, send: &Send<'a>, action: Span, globals: &Globals<'a>) -> Cell<'a> {
    let with = |on: Option<bool>, set: &[Setting<'a>], default| switch(on, evidence(host, set, default, action), globals);
    match send.protocol {
        "udp" => with(Some(false), &[], None),
        "tcp" => {
            let driver = send.driver.or(globals.driver);
            let mode = match send.mode {
                Setting::Default => Some(false),
                Setting::Set(text, _) => Some(text.trim() == "1"),
                Setting::Unsure => None,
            };
            let capable = match driver {
                Setting::Default if globals.gap.is_some() => None,
                Setting::Default => Some(false),
                Setting::Set(name, _) => Some(encrypts(name)),
                Setting::Unsure => None,
            };
            let on = match (mode, capable) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            with(on, &[send.mode, driver], Some(&DRIVER_MODE))
        }
        "relp" => with(send.mode.on(false), &[send.mode], Some(&RELP_TLS)),
        "elasticsearch" | "http" => with(send.mode.on(false), &[send.mode], Some(&NO_HTTPS)),
        "clickhouse" => with(send.mode.on(true), &[send.mode], Some(&HTTPS)),
        "kafka" => {
            let on = send.mode.text().is_some_and(|text| text.to_ascii_lowercase().ends_with("ssl"));
            with(Some(on), &[send.mode], Some(&KAFKA))
        }
        other => Cell::unknown(Why::not_understood(host.text(other)), host.evidence(&[Evidence::Decides(action)])),
    }
}

/// Whether the receiver has to prove who it is.
fn authenticated<'a>(host: &Host<'a>, send: &Send<'a>, action: Span, encrypted: &Cell<'a>) -> Cell<'a> {
    if encrypted.value() == Some(Value::Boolean(false)) {
        return Cell::unset(encrypted.evidence);
    }
    if let State::Unknown(why, _) = encrypted.state {
        return Cell::unknown(why, encrypted.evidence);
    }
    let mode = send.authentication;
    let proof = |text: &str| ["x509/name", "x509/fingerprint", "name", "fingerprint"].iter().any(|it| text.eq_ignore_ascii_case(it));
    let pieces = evidence(host, &[mode], (send.protocol == "tcp").then_some(&AUTH_MODE), action);
    match (send.protocol, mode) {
        ("tcp", Setting::Default) => Cell::known(Value::Boolean(true), pieces),
        ("tcp" | "relp", Setting::Set(text, _)) => Cell::known(Value::Boolean(proof(text)), pieces),
        ("relp", Setting::Default) => Cell::known(Value::Boolean(false), pieces),
        ("elasticsearch" | "http" | "clickhouse", setting) => match setting.on(false) {
            Some(skips) => Cell::known(Value::Boolean(!skips), pieces),
            None => Cell::unknown(Why::not_understood(send.host), pieces),
        },
        _ => Cell::unknown(Why::not_understood(send.protocol), pieces),
    }
}

/// Whether a queue goes to disk when it must: with a file name, and kept over a restart.
fn on_disk(queue: Queue<'_>, default_kind: &str) -> Option<bool> {
    let kind = match queue.kind {
        Setting::Default => default_kind,
        Setting::Set(kind, _) => kind,
        Setting::Unsure => return None,
    };
    if kind.eq_ignore_ascii_case("direct") {
        return Some(false);
    }
    let named = match queue.file_name {
        Setting::Default => false,
        Setting::Set(name, _) => !name.is_empty(),
        Setting::Unsure => return None,
    };
    // The documentation gives `off` as the default of saveOnShutdown; the program starts with it on (queue.c, and 8.2302 when traced).
    let kept = kind.eq_ignore_ascii_case("disk") || queue.save_on_shutdown.on(true)?;
    Some(named && kept)
}

/// Whether an outage of the receiver loses nothing.
fn reliable<'a>(host: &Host<'a>, send: &Send<'a>, queue: Queue<'a>, action: Span, globals: &Globals<'a>) -> Cell<'a> {
    if send.protocol == "udp" {
        return Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Decides(action)]));
    }
    let endless = match queue.retries {
        Setting::Default => Some(false),
        Setting::Set(text, _) => Some(text.trim().starts_with('-')),
        Setting::Unsure => None,
    };
    let own = on_disk(queue, "Direct");
    // An action without a queue of its own holds up the main queue while it retries, and that one may go to disk.
    let direct = queue.kind == Setting::Default || queue.kind.text().is_some_and(|kind| kind.eq_ignore_ascii_case("direct"));
    let main = if direct { on_disk(globals.main_queue, "FixedArray") } else { Some(false) };
    let stored = match (own, main) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    let on = match (endless, stored) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    let default = if endless == Some(false) { &RETRIES } else { &QUEUE };
    let set = [queue.retries, queue.kind, queue.file_name, queue.save_on_shutdown];
    switch(on, evidence(host, &set, Some(default), action), globals)
}
