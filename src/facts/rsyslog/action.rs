//! One action, in either style, into where it sends messages and what that depends on.

use super::settings::{Setting, Settings};
use crate::parse::rsyslog::Object;
use crate::source::{Source, Span};

/// An action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action<'a> {
    /// The action in the text.
    pub(super) span: Span,
    /// What it does.
    pub(super) does: Does<'a>,
    /// Whether it runs for every message that reaches it: not only for some of them, and not only when another action failed.
    pub(super) always: bool,
    /// Its queue and retries.
    pub(super) queue: Queue<'a>,
    /// The templates that it needs; an action whose template was not defined before it is disabled.
    pub(super) templates: [&'a str; 2],
}

/// What an action does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does<'a> {
    /// Writes to the file of this path.
    File(&'a str, Setting<'a>),
    /// Writes to the file whose path the template of this name makes.
    Dynamic(&'a str, Setting<'a>),
    /// Writes to the file of the output channel of this name.
    Channel(&'a str, Setting<'a>),
    /// Sends to another host.
    Send(Send<'a>),
    /// Writes elsewhere: the module, and a name where there is one.
    Other(&'a str, &'a str),
    /// Drops the message.
    Discard,
    /// Hands it to a ruleset of this name through its queue.
    Hand(&'a str),
    /// Changes the message or counts it, and sends it nowhere.
    Nothing,
}

/// What sending depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Send<'a> {
    pub(super) host: &'a str,
    pub(super) port: &'a str,
    pub(super) protocol: &'a str,
    /// For plain syslog over TCP: the stream driver, its mode and how it authenticates the peer. For others: the mode is the switch of
    /// encryption, and the way of authentication if there is one.
    pub(super) driver: Setting<'a>,
    pub(super) mode: Setting<'a>,
    pub(super) authentication: Setting<'a>,
}

/// A queue and the retries of the action behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue<'a> {
    pub(super) kind: Setting<'a>,
    pub(super) file_name: Setting<'a>,
    pub(super) save_on_shutdown: Setting<'a>,
    pub(super) retries: Setting<'a>,
}

impl<'a> Queue<'a> {
    /// The queue that an object's parameters describe.
    pub(super) fn of(object: &Object<'a>, source: &Source<'a>) -> Queue<'a> {
        Queue {
            kind: Setting::of(object, "queue.type", source),
            file_name: Setting::of(object, "queue.filename", source),
            save_on_shutdown: Setting::of(object, "queue.saveOnShutdown", source),
            retries: Setting::of(object, "action.resumeRetryCount", source),
        }
    }

    /// The queue that legacy directives gave the next action.
    fn legacy(settings: &Settings<'a>) -> Queue<'a> {
        Queue {
            kind: settings.get(const { Settings::place("ActionQueueType") }),
            file_name: settings.get(const { Settings::place("ActionQueueFileName") }),
            save_on_shutdown: settings.get(const { Settings::place("ActionQueueSaveOnShutdown") }),
            retries: settings.get(const { Settings::place("ActionResumeRetryCount") }),
        }
    }
}

/// An `action(…)`. Legacy directives do not touch it; `file_mode` is what `module(load="builtin:omfile" …)` has set.
pub(super) fn scripted<'a>(object: &Object<'a>, source: &Source<'a>, file_mode: Setting<'a>) -> Action<'a> {
    let kind = object.value("type").unwrap_or_default();
    let module = kind.strip_prefix("builtin:").unwrap_or(kind);
    let off = |name: &str| Setting::of(object, name, source).on(false) == Some(false);
    let counted = |name: &str| object.parameter(name).is_none_or(|parameter| parameter.values.first() == Some(&"0"));
    let always = off("action.execOnlyWhenPreviousIsSuspended")
        && counted("action.execOnlyEveryNthTime")
        && counted("action.execOnlyOnceEveryInterval");
    let dynamic = object.value("dynaFile");
    Action {
        span: source.span(object.text),
        does: does(object, source, module, file_mode),
        always,
        queue: Queue::of(object, source),
        templates: [object.value("template").unwrap_or_default(), dynamic.unwrap_or_default()],
    }
}

/// What an `action(…)` of this module does.
fn does<'a>(object: &Object<'a>, source: &Source<'a>, module: &'a str, file_mode: Setting<'a>) -> Does<'a> {
    let mode = Setting::of(object, "fileCreateMode", source).or(file_mode);
    match module.to_ascii_lowercase().as_str() {
        "omfile" => match (object.value("dynaFile"), object.value("file")) {
            (Some(template), _) => Does::Dynamic(template, mode),
            (None, Some(path)) => Does::File(path, mode),
            (None, None) => Does::Other("omfile", ""),
        },
        "omdiscard" => Does::Discard,
        "omruleset" => Does::Hand(object.value("omruleset.rulesetname").unwrap_or_default()),
        "omfwd" | "omrelp" | "omelasticsearch" | "omhttp" | "omclickhouse" | "omkafka" | "omgssapi" | "omudpspoof" | "omrabbitmq"
        | "omamqp1" | "omhiredis" | "omhdfs" | "omhttpfs" | "omsnmp" | "ommongodb" | "omazureeventhubs" | "omdtls" => {
            sending(object, source, module)
        }
        name if name.starts_with("mm") => Does::Nothing,
        _ => Does::Other(module, object.value("binary").or_else(|| object.value("pipe")).unwrap_or_default()),
    }
}

/// What an `action(…)` that sends to another host depends on.
fn sending<'a>(object: &Object<'a>, source: &Source<'a>, module: &'a str) -> Does<'a> {
    let setting = |name: &str| Setting::of(object, name, source);
    let first = |names: &[&str]| names.iter().find_map(|name| object.value(name));
    let name = module.to_ascii_lowercase();
    let udp = !object.value("protocol").is_some_and(|protocol| protocol.eq_ignore_ascii_case("tcp"));
    let (protocol, default_port) = match name.as_str() {
        "omfwd" => (if udp { "udp" } else { "tcp" }, "514"),
        "omrelp" => ("relp", "514"),
        "omelasticsearch" => ("elasticsearch", "9200"),
        "omhttp" => ("http", "443"),
        "omclickhouse" => ("clickhouse", "8123"),
        "omkafka" => ("kafka", "9092"),
        "omudpspoof" => ("udp", "514"),
        _ => (&module[2..], ""),
    };
    let target = first(&["target", "server", "broker", "host", "eventhub"]).unwrap_or("localhost");
    let (target, scheme) = match (target.strip_prefix("https://"), target.strip_prefix("http://")) {
        (Some(rest), _) => (rest, Setting::Set("on", source.span(target))),
        (None, Some(rest)) => (rest, Setting::Set("off", source.span(target))),
        (None, None) => (target, Setting::Default),
    };
    let (host, port) = host_and_port(target);
    let kafka = object.parameter("confParam").and_then(|parameter| {
        let given = |item: &&'a str| item.split_once('=').filter(|(key, _)| key.trim() == "security.protocol");
        parameter.values.iter().find_map(given).map(|(_, value)| Setting::Set(value.trim(), source.span(value)))
    });
    let (mode, authentication) = match protocol {
        "tcp" | "udp" => (setting("StreamDriverMode"), setting("StreamDriverAuthMode")),
        "relp" => (setting("tls"), setting("tls.authMode")),
        "kafka" => (kafka.unwrap_or(Setting::Default), Setting::Default),
        _ => (scheme.or(setting("usehttps")), setting("skipverifyhost").or(setting("allowunsignedcerts"))),
    };
    let port = first(&["port", "serverport", "server.port"]).filter(|_| port.is_empty()).unwrap_or(if port.is_empty() {
        default_port
    } else {
        port
    });
    Does::Send(Send { host, port, protocol, driver: setting("StreamDriver"), mode, authentication })
}

/// `host`, `host:port`, `[address]:port`.
fn host_and_port(text: &str) -> (&str, &str) {
    let text = text.trim();
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':').unwrap_or_default());
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, port.split('/').next().unwrap_or_default()),
        _ => (text, ""),
    }
}

/// A legacy action line.
pub(super) fn legacy<'a>(text: &'a str, source: &Source<'a>, settings: &Settings<'a>) -> Action<'a> {
    let get = |place: usize| settings.get(place);
    let suspended = get(const { Settings::place("ActionExecOnlyWhenPreviousIsSuspended") }).on(false);
    let plain = |setting: Setting<'a>| setting == Setting::Default || setting.text() == Some("0");
    let always = suspended == Some(false)
        && plain(get(const { Settings::place("ActionExecOnlyEveryNthTime") }))
        && plain(get(const { Settings::place("ActionExecOnlyOnceEveryInterval") }));
    let (body, template) = parted(text);
    let does = legacy_does(body, settings);
    let dynamic = if let Does::Dynamic(name, _) = does { name } else { "" };
    Action { span: source.span(text), does, always, queue: Queue::legacy(settings), templates: [template, dynamic] }
}

/// The action without its template, and the template. The name of a file ends at a blank, so that what follows one is no part of it.
fn parted(text: &str) -> (&str, &str) {
    let body = text.split([' ', '\n']).next().unwrap_or_default();
    let (body, template) = body.split_once(';').unwrap_or((body, ""));
    (body.trim_end_matches('\r'), template)
}

/// What a legacy action does, by its first characters.
fn legacy_does<'a>(body: &'a str, settings: &Settings<'a>) -> Does<'a> {
    let mode = settings.get(const { Settings::place("FileCreateMode") });
    let unsynced = body.strip_prefix('-').unwrap_or(body);
    match unsynced.as_bytes() {
        [b'~', ..] => Does::Discard,
        [b'/', b'/', ..] => Does::Nothing,
        [b'/', ..] => Does::File(unsynced, mode),
        [b'?', ..] => Does::Dynamic(&unsynced[1..], mode),
        [b'@', ..] => forward(&unsynced[1..], settings),
        [b'|', ..] => Does::Other("ompipe", &body[1..]),
        [b'^', ..] => Does::Other("omshell", &body[1..]),
        [b'>', ..] => Does::Other("ommysql", ""),
        [b':', ..] => module_action(&body[1..], mode),
        _ => Does::Other("omusrmsg", body),
    }
}

/// `:module:rest`.
fn module_action<'a>(text: &'a str, mode: Setting<'a>) -> Does<'a> {
    let (module, rest) = text.split_once(':').unwrap_or((text, ""));
    match (module.to_ascii_lowercase().as_str(), rest.as_bytes()) {
        ("omfile", [b'$', ..]) => Does::Channel(&rest[1..], mode),
        ("omfile", [b'?', ..]) => Does::Dynamic(&rest[1..], mode),
        ("omfile", _) => Does::File(rest.strip_prefix('-').unwrap_or(rest), mode),
        ("omdiscard", _) => Does::Discard,
        ("omruleset", _) => Does::Hand(rest),
        ("omrelp", _) => plainly(rest, "relp", "514"),
        ("omgssapi", _) => plainly(rest, "gssapi", "514"),
        ("omudpspoof", _) => plainly(rest, "udp", "514"),
        ("omhiredis", _) => plainly(rest, "hiredis", "6379"),
        ("omusrmsg" | "ompipe" | "omprog" | "omjournal" | "omstdout" | "omtesting" | "omuxsock", _) => Does::Other(module, rest),
        (name, _) if name.starts_with("mm") => Does::Nothing,
        // What stands after the module may hold a password.
        _ => Does::Other(module, ""),
    }
}

/// Sending without stream driver.
fn plainly<'a>(target: &'a str, protocol: &'a str, default_port: &'a str) -> Does<'a> {
    let (host, port) = host_and_port(target);
    let port = if port.is_empty() { default_port } else { port };
    let none = Setting::Default;
    Does::Send(Send { host, port, protocol, driver: none, mode: none, authentication: none })
}

/// What follows the first `@`.
fn forward<'a>(text: &'a str, settings: &Settings<'a>) -> Does<'a> {
    let (protocol, rest) = text.strip_prefix('@').map_or(("udp", text), |rest| ("tcp", rest));
    let rest = rest.strip_prefix('(').and_then(|options| options.split_once(')')).map_or(rest, |(_, target)| target);
    let (host, port) = host_and_port(rest.split('#').next().unwrap_or_default());
    Does::Send(Send {
        host,
        port: if port.is_empty() { "514" } else { port },
        protocol,
        driver: settings.get(const { Settings::place("ActionSendStreamDriver") }),
        mode: settings.get(const { Settings::place("ActionSendStreamDriverMode") }),
        authentication: settings.get(const { Settings::place("ActionSendStreamDriverAuthMode") }),
    })
}
