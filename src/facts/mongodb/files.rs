//! mongod.conf, in YAML or in the old form `name = value`, and the flags of its unit, into options by their path.

use std::borrow::Cow;

use super::super::service_unit;
use super::super::{Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::key_value::{ASSIGNMENTS, read as assignments};
use crate::parse::yaml::{self, Kind, Node};
use crate::source::Source;

/// Files of servers, the unit that starts each, and what tells it from others.
pub(super) const SERVERS: [(&str, &str, &str); 3] = [
    ("etc/mongod.conf", "mongod.service", ""),
    ("etc/mongodb.conf", "mongodb.service", "mongodb"),
    ("etc/mongos.conf", "mongos.service", "mongos"),
];

/// How deep sections may lie.
const DEPTH_MOST: usize = 8;

static BROKEN: Phrase =
    Phrase { zh: "{} 不是完整的 YAML，服务器拒绝启动", en: "{} is no whole YAML, and the server refuses to start" };

static OTHER_FILE: Phrase = Phrase {
    zh: "单元指定的配置文件是 {}，不是这里读到的",
    en: "the unit names the file {}, not the one that is read here",
};

static NO_FILE: Phrase = Phrase {
    zh: "单元的命令行没有指定 {}，服务器不读它",
    en: "the unit's command line does not name {}, and the server does not read it",
};

/// Names of flags and of the old form, and the paths that they are now.
const OLD_NAMES: [(&str, &str); 27] = [
    ("auditDestination", "auditLog.destination"),
    ("auditFilter", "auditLog.filter"),
    ("auditPath", "auditLog.path"),
    ("auth", "security.authorization"),
    ("bind_ip", "net.bindIp"),
    ("bind_ip_all", "net.bindIpAll"),
    ("clusterAuthMode", "security.clusterAuthMode"),
    ("configsvr", "sharding.clusterRole"),
    ("fork", "processManagement.fork"),
    ("keyFile", "security.keyFile"),
    ("logappend", "systemLog.logAppend"),
    ("logpath", "systemLog.path"),
    ("noauth", "security.authorization"),
    ("noscripting", "security.javascriptEnabled"),
    ("port", "net.port"),
    ("quiet", "systemLog.quiet"),
    ("shardsvr", "sharding.clusterRole"),
    ("sslDisabledProtocols", "net.tls.disabledProtocols"),
    ("sslMode", "net.tls.mode"),
    ("sslOnNormalPorts", "net.tls.mode"),
    ("syslog", "systemLog.destination"),
    ("tlsDisabledProtocols", "net.tls.disabledProtocols"),
    ("tlsMode", "net.tls.mode"),
    ("tlsOnNormalPorts", "net.tls.mode"),
    ("transitionToAuth", "security.transitionToAuth"),
    ("tlsCertificateKeyFilePassword", "secret"),
    ("sslPEMKeyPassword", "secret"),
];

/// Flags without a value.
const SWITCHES: [&str; 14] = [
    "auth",
    "bind_ip_all",
    "configsvr",
    "fork",
    "ipv6",
    "logappend",
    "noauth",
    "noscripting",
    "quiet",
    "shardsvr",
    "sslOnNormalPorts",
    "syslog",
    "tlsOnNormalPorts",
    "transitionToAuth",
];

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    pub path: &'a str,
    pub value: &'a str,
    pub evidence: Evidence<'a>,
    /// Whether it is a flag and not a line of the file.
    pub flag: bool,
}

/// What a server is started with.
#[derive(Debug)]
pub(super) struct Configuration<'a> {
    pub path: &'a str,
    pub options: Vec<Given<'a>>,
    /// Why an option could be missing or be another.
    pub gap: Option<Why<'a>>,
}

/// Reads a server's file and its unit.
pub(super) fn read<'a>(host: &Host<'a>, source: &'a Source<'a>, unit: &str) -> Configuration<'a> {
    let mut configuration = Configuration { path: source.path, options: Vec::new(), gap: None };
    if !source.complete {
        configuration.gap = Some(Why::truncated(source.path));
    }
    let first = source.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    // The old form has an equals sign before any colon.
    if first.split(['=', ':']).next().is_some_and(|name| first[name.len()..].starts_with('=')) {
        read_old(host, source, &mut configuration);
    } else {
        read_yaml(host, source, &mut configuration);
    }
    add_flags(host, unit, &mut configuration);
    configuration
}

/// Reads YAML; dotted keys are the same as nested ones.
fn read_yaml<'a>(host: &Host<'a>, source: &'a Source<'a>, configuration: &mut Configuration<'a>) {
    let document = yaml::read(host.arena(), source.text);
    if document.broken.is_some() {
        configuration.gap = configuration.gap.or(Some(Why::new("refused", &BROKEN, source.path)));
    }
    if let Some(root) = document.roots.first() {
        flatten(host, source, ("", root, 0), configuration);
    }
}

/// Adds the options below a node.
fn flatten<'a>(
    host: &Host<'a>,
    source: &'a Source<'a>,
    (above, node, depth): (&str, &Node<'a>, usize),
    configuration: &mut Configuration<'a>,
) {
    for (key, value) in node.entries() {
        let Some(name) = key.scalar() else { continue };
        let path = if above.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{above}.{name}")) };
        if !host.spend(1) || depth > DEPTH_MOST || value.kind == Kind::Opaque || name.starts_with("__") {
            configuration.gap = configuration.gap.or(Some(Why::not_understood(key.text)));
            continue;
        }
        if let Kind::Map(_) = value.kind {
            flatten(host, source, (&path, value, depth + 1), configuration);
        }
        if name.ends_with("Password") || name.ends_with("password") {
            source.hide(value.text);
        }
        let text = match value.kind {
            Kind::Scalar(text, _) => text,
            Kind::List(items) => host.text(&items.iter().filter_map(Node::scalar).collect::<Vec<_>>().join(",")),
            _ => continue,
        };
        let path = host.text(&path.replace("net.ssl.", "net.tls."));
        configuration.options.push(Given { path, value: text, evidence: Evidence::Decides(source.span(key.text)), flag: false });
    }
}

/// Reads `name = value`.
fn read_old<'a>(host: &Host<'a>, source: &'a Source<'a>, configuration: &mut Configuration<'a>) {
    let document = assignments(source.text, &ASSIGNMENTS);
    configuration.gap = configuration.gap.or(document.opaque.first().map(|_| Why::not_understood(source.path)));
    for setting in document.settings {
        if setting.key.ends_with("Password") {
            source.hide(setting.value);
        }
        add_old(host, (setting.key, setting.value, false), Evidence::Decides(source.span(setting.line)), configuration);
    }
}

/// Adds an option by its old name.
fn add_old<'a>(
    host: &Host<'a>,
    (name, value, flag): (&'a str, &'a str, bool),
    evidence: Evidence<'a>,
    configuration: &mut Configuration<'a>,
) {
    if name == "setParameter" {
        if let Some((parameter, value)) = value.split_once('=') {
            let path = host.text(&format!("setParameter.{}", parameter.trim()));
            configuration.options.push(Given { path, value: value.trim(), evidence, flag });
        }
        return;
    }
    let Some((_, path)) = OLD_NAMES.iter().find(|(old, _)| *old == name) else { return };
    let on = !matches!(value, "false" | "0" | "no" | "off");
    let value = match name {
        "auth" => {
            if on {
                "enabled"
            } else {
                "disabled"
            }
        }
        "noauth" => {
            if on {
                "disabled"
            } else {
                "enabled"
            }
        }
        "noscripting" => {
            if on {
                "false"
            } else {
                "true"
            }
        }
        "configsvr" | "shardsvr" => {
            if on {
                name
            } else {
                return;
            }
        }
        "sslOnNormalPorts" | "tlsOnNormalPorts" => {
            if on {
                "requireTLS"
            } else {
                "disabled"
            }
        }
        "syslog" => {
            if on {
                "syslog"
            } else {
                return;
            }
        }
        _ => value,
    };
    configuration.options.push(Given { path, value, evidence, flag });
    if name == "logpath" {
        configuration.options.push(Given { path: "systemLog.destination", value: "file", evidence, flag });
    }
}

/// Adds the flags of the unit, if one was collected.
fn add_flags<'a>(host: &Host<'a>, unit: &str, configuration: &mut Configuration<'a>) {
    let unit = service_unit::read(host, unit);
    let (words, gap) = unit.arguments(host);
    configuration.gap = configuration.gap.or(gap).or(unit.gap);
    let mut rest = words.iter().peekable();
    let mut named = false;
    while let Some(word) = rest.next() {
        let text = if word.value == "-f" { Some("config") } else { word.value.strip_prefix("--") };
        let Some(text) = text else { continue };
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, value),
            None if SWITCHES.contains(&text) => (text, "true"),
            // Whatever begins as a flag is no value of one that is not known here.
            None => (text, rest.next_if(|next| !next.value.starts_with("--")).map_or("true", |next| next.value)),
        };
        if name == "config" {
            named = true;
            let other = value.trim_start_matches('/') != configuration.path;
            configuration.gap = configuration.gap.or(other.then_some(Why::new("set-elsewhere", &OTHER_FILE, value)));
        }
        add_old(host, (name, value, true), word.evidence, configuration);
    }
    if !words.is_empty() && !named {
        configuration.gap = configuration.gap.or(Some(Why::new("set-elsewhere", &NO_FILE, configuration.path)));
    }
}
