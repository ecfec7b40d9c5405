//! Modules, `input(…)` and the legacy directives that start listeners into where messages come from.
//!
//! A module that is loaded does not listen; an input whose module is not loaded before it does not exist.

use super::finish::Globals;
use super::load::Loader;
use super::messages::{Messages, facility};
use super::routes::{Input, Listener, Origin};
use super::selector::severity;
use super::settings::{Setting, Settings};
use crate::facts::cell::{Cell, Evidence, Value, Why};
use crate::facts::host::Host;
use crate::parse::rsyslog::{Directive, Object};
use crate::source::Span;

/// What `module(load="imtcp" …)` sets for its listeners.
#[derive(Clone, Copy, Debug)]
pub(super) struct TcpModule<'a> {
    driver: Setting<'a>,
    mode: Setting<'a>,
}

impl Default for TcpModule<'_> {
    fn default() -> Self {
        TcpModule { driver: Setting::Default, mode: Setting::Default }
    }
}

/// An input, until the whole configuration was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending<'a> {
    module: &'a str,
    /// The value of `inputname`.
    pub(super) name: &'a str,
    from: From<'a>,
    /// The ruleset that it names; empty for the default.
    ruleset: &'a str,
    messages: Messages,
    span: Span,
}

/// Where an input takes messages from.
#[derive(Clone, Copy, Debug)]
enum From<'a> {
    Local,
    /// The system's socket, if `$OmitLocalLogging` does not switch it off in the end.
    LocalUnlessOmitted,
    File(&'a str),
    Elsewhere,
    Net {
        transport: &'static str,
        port: &'a str,
        address: &'a str,
        driver: Setting<'a>,
        mode: Setting<'a>,
    },
}

/// The name of a module without directory and `.so`.
pub(super) fn module_name(word: &str) -> &str {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.strip_suffix(".so").unwrap_or(name)
}

/// The messages of the kernel.
fn kernel() -> Messages {
    Messages::of(0, u8::MAX)
}

/// Adds the input.
fn push<'a>(loader: &mut Loader<'_, 'a>, module: &'a str, from: From<'a>, ruleset: &'a str, span: Span) {
    push_some(loader, module, from, ruleset, Messages::ALL, span);
}

/// Adds an input that only some messages take.
fn push_some<'a>(loader: &mut Loader<'_, 'a>, module: &'a str, from: From<'a>, ruleset: &'a str, messages: Messages, span: Span) {
    loader.out.inputs.push(Pending { module, name: module, from, ruleset, messages, span });
}

/// What loading a module starts.
pub(super) fn module<'a>(loader: &mut Loader<'_, 'a>, name: &'a str, object: &Object<'a>) {
    let source = loader.source;
    if name.eq_ignore_ascii_case("imtcp") {
        loader.tcp_module =
            TcpModule { driver: Setting::of(object, "StreamDriver.Name", source), mode: Setting::of(object, "StreamDriver.Mode", source) };
    } else if name.eq_ignore_ascii_case("imrelp") {
        loader.relp_ruleset = object.value("ruleset").unwrap_or_default();
    }
    let socket = Setting::of(object, "SysSock.Use", source).on(true) != Some(false);
    local_module(loader, name, socket.then_some(From::Local), source.span(object.text));
}

/// The same for `$ModLoad`.
fn legacy_module<'a>(loader: &mut Loader<'_, 'a>, name: &'a str, span: Span) {
    local_module(loader, name, Some(From::LocalUnlessOmitted), span);
}

/// The inputs that modules of this host's own messages start when they are loaded.
fn local_module<'a>(loader: &mut Loader<'_, 'a>, name: &'a str, socket: Option<From<'a>>, span: Span) {
    if loader.out.inputs.iter().any(|input| input.module.eq_ignore_ascii_case(name) && !matches!(input.from, From::Net { .. })) {
        return;
    }
    match (name.to_ascii_lowercase().as_str(), socket) {
        // A program's message never has the kernel's facility: it is changed to user.
        ("imuxsock", Some(from)) => push_some(loader, name, from, "", kernel().inverse(), span),
        ("imjournal", _) => push(loader, name, From::Local, "", span),
        ("imklog" | "imkmsg", _) => push_some(loader, name, From::Local, "", kernel(), span),
        _ => {}
    }
}

/// `input(type="…" …)`.
pub(super) fn input<'a>(loader: &mut Loader<'_, 'a>, object: &Object<'a>) {
    let module = object.value("type").unwrap_or_default();
    let loaded = loader.modules.iter().any(|name| name.eq_ignore_ascii_case(module));
    if !loaded && loader.out.gaps.is_empty() {
        return;
    }
    let (source, span) = (loader.source, loader.source.span(object.text));
    let ruleset = object.value("ruleset").unwrap_or_default();
    let address = object.value("address").unwrap_or_default();
    let none = Setting::Default;
    let before = loader.out.inputs.len();
    match module.to_ascii_lowercase().as_str() {
        "imtcp" => {
            let driver = Setting::of(object, "StreamDriver.Name", source).or(loader.tcp_module.driver);
            let mode = Setting::of(object, "StreamDriver.Mode", source).or(loader.tcp_module.mode);
            let port = object.value("port").unwrap_or_default();
            push(loader, module, From::Net { transport: "tcp", port, address, driver, mode }, ruleset, span);
        }
        "imudp" => {
            let ports = object.parameter("port").map_or(&["514"][..], |parameter| &parameter.values);
            for port in ports {
                push(loader, module, From::Net { transport: "udp", port, address, driver: none, mode: none }, ruleset, span);
            }
        }
        "imptcp" if object.value("path").is_some() => push(loader, module, From::Elsewhere, ruleset, span),
        "imptcp" | "imgssapi" | "imhttp" => {
            let port = object.value("port").unwrap_or_default();
            push(loader, module, From::Net { transport: "tcp", port, address, driver: none, mode: none }, ruleset, span);
        }
        "imrelp" => {
            let ruleset = if ruleset.is_empty() { loader.relp_ruleset } else { ruleset };
            let (port, mode) = (object.value("port").unwrap_or_default(), Setting::of(object, "tls", source));
            push(loader, module, From::Net { transport: "tcp", port, address, driver: none, mode }, ruleset, span);
        }
        "imdtls" => {
            let (port, mode) = (object.value("port").unwrap_or("4433"), Setting::Set("on", span));
            push(loader, module, From::Net { transport: "udp", port, address, driver: none, mode }, ruleset, span);
        }
        "imuxsock" => {
            let path = object.value("Socket").unwrap_or_default();
            let system = ["/dev/log", "/run/systemd/journal/syslog", "/var/run/systemd/journal/syslog"].contains(&path);
            push_some(loader, module, if system { From::Local } else { From::Elsewhere }, ruleset, kernel().inverse(), span);
        }
        "imfile" => {
            let messages = of_file(object.value("Facility"), object.value("Severity"));
            push_some(loader, module, From::File(object.value("File").unwrap_or_default()), ruleset, messages, span);
        }
        _ => push(loader, module, From::Elsewhere, ruleset, span),
    }
    if let Some(name) = object.value("name") {
        loader.out.inputs[before..].iter_mut().for_each(|input| input.name = name);
    }
}

/// The messages that a file's lines become: facility local0 and severity notice where none is named (imfile).
fn of_file(facility_name: Option<&str>, severity_name: Option<&str>) -> Messages {
    let code = |name: &str| facility(name).or_else(|| name.parse().ok());
    let of_facility = facility_name.map_or(Some(16), code);
    let of_severity = severity_name.map_or(Some(5), severity);
    match (of_facility, of_severity) {
        (Some(facility), Some(severity)) => Messages::of(facility, 1 << severity),
        (Some(facility), None) => Messages::of(facility, u8::MAX),
        (None, _) => Messages::ALL,
    }
}

/// A legacy directive that starts an input.
pub(super) fn directive<'a>(loader: &mut Loader<'_, 'a>, directive: &Directive<'a>, span: Span) {
    let loaded = |module: &str| loader.modules.iter().any(|name| name.eq_ignore_ascii_case(module)) || !loader.out.gaps.is_empty();
    let settings = loader.settings;
    let get = |place: usize| settings.get(place).text().unwrap_or_default();
    let net = |transport, address, mode| From::Net { transport, port: directive.word(), address, driver: Setting::Default, mode };
    let plain = Setting::Default;
    match directive.name.to_ascii_lowercase().as_str() {
        "inputtcpserverrun" if loaded("imtcp") => {
            let mode = settings.get(const { Settings::place("InputTCPServerStreamDriverMode") });
            let ruleset = get(const { Settings::place("InputTCPServerBindRuleset") });
            push(loader, "imtcp", net("tcp", "", mode), ruleset, span);
        }
        "udpserverrun" if loaded("imudp") => {
            let address = get(const { Settings::place("UDPServerAddress") });
            let ruleset = get(const { Settings::place("InputUDPServerBindRuleset") });
            push(loader, "imudp", net("udp", if address == "*" { "" } else { address }, plain), ruleset, span);
        }
        "inputptcpserverrun" if loaded("imptcp") => {
            let address = get(const { Settings::place("InputPTCPServerListenIP") });
            let ruleset = get(const { Settings::place("InputPTCPServerBindRuleset") });
            push(loader, "imptcp", net("tcp", address, plain), ruleset, span);
        }
        "inputrelpserverrun" if loaded("imrelp") => {
            let ruleset = get(const { Settings::place("InputRELPServerBindRuleset") });
            push(loader, "imrelp", net("tcp", "", plain), ruleset, span);
        }
        "inputgssserverrun" if loaded("imgssapi") => push(loader, "imgssapi", net("tcp", "", plain), "", span),
        "addunixlistensocket" if loaded("imuxsock") => {
            let system = ["/dev/log", "/run/systemd/journal/syslog"].contains(&directive.word());
            push_some(loader, "imuxsock", if system { From::Local } else { From::Elsewhere }, "", kernel().inverse(), span);
        }
        "inputrunfilemonitor" if loaded("imfile") => {
            let of = |place: usize| settings.get(place).text();
            let messages = of_file(of(const { Settings::place("InputFileFacility") }), of(const { Settings::place("InputFileSeverity") }));
            let ruleset = get(const { Settings::place("InputFileBindRuleset") });
            push_some(loader, "imfile", From::File(get(const { Settings::place("InputFileName") })), ruleset, messages, span);
            loader.settings.after_file();
        }
        _ => {}
    }
}

/// `$ModLoad name`.
pub(super) fn load<'a>(loader: &mut Loader<'_, 'a>, word: &'a str, span: Span) {
    let name = module_name(word);
    loader.modules.push(name);
    legacy_module(loader, name, span);
}

impl<'a> Pending<'a> {
    /// The input, once all was read; none if it was switched off. `entry` is the ruleset of those that name none.
    pub(super) fn finished(&self, host: &Host<'a>, globals: &Globals<'a>, omitted: Setting<'a>, entry: &'a str) -> Option<Input<'a>> {
        let origin = match self.from {
            From::Local => Origin::Local,
            From::LocalUnlessOmitted if omitted.on(false) == Some(true) => return None,
            From::LocalUnlessOmitted => Origin::Local,
            From::File(path) => Origin::Followed(path),
            From::Elsewhere => Origin::Elsewhere,
            From::Net { transport, port, address, driver, mode } => Origin::Listener(Listener {
                transport,
                port,
                address,
                encrypted: self.encrypted(host, driver.or(globals.driver), mode, globals),
            }),
        };
        Some(Input {
            module: self.module,
            origin,
            ruleset: if self.ruleset.is_empty() { entry } else { self.ruleset },
            messages: self.messages,
            evidence: host.evidence(&[Evidence::Decides(self.span)]),
        })
    }

    /// Whether a listener demands encryption.
    fn encrypted(&self, host: &Host<'a>, driver: Setting<'a>, mode: Setting<'a>, globals: &Globals<'a>) -> Cell<'a> {
        let on = match self.module.to_ascii_lowercase().as_str() {
            "imtcp" => match (mode, driver) {
                (Setting::Unsure, _) => None,
                (Setting::Default, _) => Some(false),
                (Setting::Set(mode, _), _) if mode.trim() != "1" => Some(false),
                (_, Setting::Default) if globals.gap.is_none() => Some(false),
                (_, Setting::Set(name, _)) => Some(super::finish::encrypts(name)),
                (_, Setting::Default | Setting::Unsure) => None,
            },
            "imrelp" | "imdtls" => mode.on(false),
            "imgssapi" | "imhttp" => None,
            _ => Some(false),
        };
        let settings = [mode, driver].into_iter().filter_map(Setting::span).map(Evidence::Reference);
        let pieces: Vec<Evidence<'a>> = std::iter::once(Evidence::Decides(self.span)).chain(settings).collect();
        match on {
            Some(on) => Cell::known(Value::Boolean(on), host.evidence(&pieces)),
            None => Cell::unknown(globals.gap.unwrap_or(Why::not_understood(self.module)), host.evidence(&pieces)),
        }
    }
}
