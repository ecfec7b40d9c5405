//! The kubelet's unit, its file, the file's drop-ins and flags into its options.
//!
//! Flags beat the file ("Set Kubelet Parameters Via A Configuration File"), drop-ins of `--config-dir` beat the file and are read in
//! the order of their names, and defaults are others where there is a file than where there is none (kubelet reference).

use super::super::{Artefact, Documented, Evidence, Host, Why};
use super::components::{self, Flag};
use super::options::{Default, Form, Setting, Settings, by_default, read as read_value};
use crate::facts::service_unit;
use crate::names::Phrase;
use crate::parse::yaml::{self, Kind, Node};
use crate::snapshot::Lack;
use crate::source::Source;

/// Where kubeadm has the file.
const FILE: &str = "var/lib/kubelet/config.yaml";

static BROKEN: Phrase = Phrase { zh: "{} 不是完整的 YAML", en: "{} is no whole YAML" };

/// One option of the kubelet.
struct KubeletOption {
    /// Its path in the file.
    name: &'static str,
    flag: &'static str,
    form: Form,
    /// With a file, and without one.
    defaults: [Default; 2],
}

const fn page(setting: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions: "Kubernetes 1.24 to 1.34", source }
}

const BY_FILE: &str = "Kubernetes reference, Kubelet Configuration (v1beta1), KubeletConfiguration";
const BY_FLAG: &str = "Kubernetes reference, Component tools, kubelet, Options";
static CLOSED: Documented = page("authentication.anonymous.enabled: false", BY_FILE);
static OPEN: Documented = page("--anonymous-auth=true", BY_FLAG);
static NO_AUTHORITY: Documented = page("authentication.x509.clientCAFile: none", BY_FILE);
static NO_AUTHORITY_FLAG: Documented = page("no --client-ca-file", BY_FLAG);
static WEBHOOK: Documented = page("authorization.mode: Webhook", BY_FILE);
static ALWAYS: Documented = page("--authorization-mode=AlwaysAllow without --config", BY_FLAG);
static PORT_CLOSED: Documented = page("readOnlyPort: 0", BY_FILE);
static PORT_OPEN: Documented = page("--read-only-port=10255", BY_FLAG);
static LOG_FILES: Documented = page("containerLogMaxFiles: 5", BY_FILE);
static LOG_FILES_FLAG: Documented = page("--container-log-max-files=5", BY_FLAG);
static LOG_SIZE: Documented = page("containerLogMaxSize: 10Mi", BY_FILE);
static LOG_SIZE_FLAG: Documented = page("--container-log-max-size=10Mi", BY_FLAG);
static ROTATE: Documented = page("rotateCertificates: false", BY_FILE);
static BOOTSTRAP: Documented = page("serverTLSBootstrap: false", BY_FILE);

/// The options, sorted by name.
static OPTIONS: [KubeletOption; 10] = [
    KubeletOption {
        name: "authentication.anonymous.enabled",
        flag: "anonymous-auth",
        form: Form::Switch,
        defaults: [Default::Is("false", &CLOSED), Default::Is("true", &OPEN)],
    },
    KubeletOption {
        name: "authentication.x509.clientCAFile",
        flag: "client-ca-file",
        form: Form::Text,
        defaults: [Default::Nothing(&NO_AUTHORITY), Default::Nothing(&NO_AUTHORITY_FLAG)],
    },
    KubeletOption {
        name: "authorization.mode",
        flag: "authorization-mode",
        form: Form::Text,
        defaults: [Default::Is("Webhook", &WEBHOOK), Default::Is("AlwaysAllow", &ALWAYS)],
    },
    KubeletOption {
        name: "containerLogMaxFiles",
        flag: "container-log-max-files",
        form: Form::Number,
        defaults: [Default::Is("5", &LOG_FILES), Default::Is("5", &LOG_FILES_FLAG)],
    },
    KubeletOption {
        name: "containerLogMaxSize",
        flag: "container-log-max-size",
        form: Form::Text,
        defaults: [Default::Is("10Mi", &LOG_SIZE), Default::Is("10Mi", &LOG_SIZE_FLAG)],
    },
    KubeletOption {
        name: "readOnlyPort",
        flag: "read-only-port",
        form: Form::Number,
        defaults: [Default::Is("0", &PORT_CLOSED), Default::Is("10255", &PORT_OPEN)],
    },
    KubeletOption {
        name: "rotateCertificates",
        flag: "rotate-certificates",
        form: Form::Switch,
        defaults: [Default::Is("false", &ROTATE), Default::Undocumented],
    },
    KubeletOption {
        name: "serverTLSBootstrap",
        flag: "rotate-server-certificates",
        form: Form::Switch,
        defaults: [Default::Is("false", &BOOTSTRAP), Default::Undocumented],
    },
    KubeletOption { name: "tlsCipherSuites", flag: "tls-cipher-suites", form: Form::List, defaults: [Default::Undocumented; 2] },
    KubeletOption { name: "tlsMinVersion", flag: "tls-min-version", form: Form::Text, defaults: [Default::Undocumented; 2] },
];

/// One file of the kubelet.
struct Part<'a> {
    source: &'a Source<'a>,
    root: Node<'a>,
}

/// The kubelet's options; none where nothing of it is seen.
pub(super) fn read<'a>(host: &Host<'a>) -> Option<Settings<'a>> {
    let unit = service_unit::read(host, "kubelet.service");
    if !unit.seen && matches!(host.file(FILE), Artefact::Lacking(Lack::Absent | Lack::NotCollected)) {
        return None;
    }
    let (words, gap) = unit.arguments(host);
    let started = words.iter().position(|word| word.value.rsplit('/').next() == Some("kubelet")).map_or(0, |at| at + 1);
    let flags = components::flags(&words[started..]);
    let mut gap = gap.or(unit.gap).or(unit.unlisted);
    // A unit whose command line was not collected: kubeadm gives it in a drop-in.
    if unit.seen && unit.commands.is_empty() {
        gap = gap.or(Some(Why::not_collected("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf")));
    }
    let named = flags.iter().rev().find(|flag| flag.name == "config").map(|flag| flag.value.trim_start_matches('/'));
    let path = named.or_else(|| (!unit.seen).then_some(FILE));
    let mut parts = Vec::new();
    let mut missing = None;
    if let Some(path) = path {
        add(host, path, &mut parts, &mut missing);
    }
    if let Some(directory) = flags.iter().rev().find(|flag| flag.name == "config-dir") {
        let matches = host.matching(&format!("{}/*.conf", directory.value.trim_end_matches('/')));
        missing = missing.or(matches.gap.map(|(path, lack)| Why::lacking(path, lack)));
        matches.paths.iter().for_each(|path| add(host, path, &mut parts, &mut missing));
    }
    let all = OPTIONS.iter().map(|option| effective(host, option, &flags, (&parts, path.is_some()), (gap, missing)));
    Some(Settings { component: "kubelet", all: all.collect() })
}

/// Reads one file.
fn add<'a>(host: &Host<'a>, path: &'a str, parts: &mut Vec<Part<'a>>, missing: &mut Option<Why<'a>>) {
    match host.file(path) {
        Artefact::Text(source) => {
            let document = yaml::read(host.arena(), source.text);
            let truncated = (!source.complete).then(|| Why::truncated(source.path));
            let broken = document.broken.map(|_| Why::new("not-understood", &BROKEN, source.path));
            *missing = missing.or(truncated).or(broken);
            parts.extend(document.roots.first().map(|root| Part { source, root: *root }));
        }
        Artefact::Lacking(lack) => *missing = missing.or(Some(Why::lacking(path, lack))),
    }
}

/// The value of one option.
fn effective<'a>(
    host: &Host<'a>,
    option: &'static KubeletOption,
    flags: &[Flag<'a>],
    (parts, by_file): (&[Part<'a>], bool),
    (gap, missing): (Option<Why<'a>>, Option<Why<'a>>),
) -> Setting<'a> {
    let keys: Vec<&str> = option.name.split('.').collect();
    let written: Vec<(&'a str, Evidence<'a>)> = parts
        .iter()
        .rev()
        .filter_map(|part| {
            let (key, value) = part.root.at(&keys)?;
            let text = match value.kind {
                Kind::List(items) => host.text(&items.iter().filter_map(Node::scalar).collect::<Vec<_>>().join(",")),
                _ => value.scalar()?,
            };
            Some((text, Evidence::Decides(part.source.span(key.text))))
        })
        .collect();
    let flag = flags.iter().rev().find(|flag| flag.name == option.flag);
    let mut pieces: Vec<(&'a str, Evidence<'a>)> = flag.map(|flag| (flag.value, flag.evidence)).into_iter().collect();
    pieces.extend(written);
    let unread = if flag.is_some() { gap } else { gap.or(missing) };
    let Some((value, _)) = pieces.first().copied() else {
        let default = option.defaults[usize::from(!by_file)];
        let searched = parts.last().map_or("usr/lib/systemd/system/kubelet.service", |part| part.source.path);
        return by_default(host, option.name, (option.form, default), (searched, unread));
    };
    let shown = pieces.iter().enumerate().map(|(at, (_, evidence))| match evidence {
        Evidence::Decides(span) if at > 0 => Evidence::Shadowed(*span),
        other => *other,
    });
    let evidence = host.evidence(&shown.collect::<Vec<_>>());
    let state = match unread {
        Some(why) => Err(why),
        None => read_value(host, option.form, &[value]).ok_or(Why::not_understood(value)),
    };
    Setting { name: option.name, state, evidence }
}
