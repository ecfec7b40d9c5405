//! daemon.json, the flags of docker.service and defaults into the options of the daemon, and the rows of `docker-settings`.

use super::super::service_unit::{self, Assigned, Unit};
use super::super::settings::{Read, Readings, Setting};
use super::super::{Artefact, Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::NAME;
use crate::names::Phrase;
use crate::parse::yaml::{self, Kind, Node};
use crate::schema::containers::DOCKER_SETTINGS;
use crate::snapshot::Lack;
use crate::source::Source;

/// The daemon's file, unless a flag names another.
pub(super) const FILE: &str = "etc/docker/daemon.json";

static TWICE: Phrase = Phrase {
    zh: "{} 同时出现在命令行和配置文件中，守护进程拒绝启动",
    en: "{} is set both as a flag and in the configuration file, and the daemon refuses to start",
};
static NO_JSON: Phrase =
    Phrase { zh: "{} 不是合法的 JSON，守护进程拒绝启动", en: "{} is no valid JSON, and the daemon refuses to start" };
static WRONG_TYPE: Phrase = Phrase {
    zh: "{} 的值类型不对，守护进程拒绝启动",
    en: "the value of {} is of the wrong type, and the daemon refuses to start",
};

/// What an option holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Switch,
    Text,
    /// A list; the flag is repeated.
    List,
    /// Names and values; the flag is repeated as `name=value`.
    Map,
}

/// One option.
#[derive(Debug)]
struct DaemonOption {
    name: &'static str,
    /// Its flags, without dashes; one letter ones come after one dash.
    flags: &'static [&'static str],
    form: Form,
    default: Documented,
    value: &'static str,
}

const fn option(
    name: &'static str,
    flags: &'static [&'static str],
    form: Form,
    setting: &'static str,
    value: &'static str,
) -> DaemonOption {
    let default = Documented { setting, versions: "Docker Engine 20.10 to 28", source: "Docker reference, dockerd, Usage" };
    DaemonOption { name, flags, form, default, value }
}

/// The same, from another page than the list of flags.
const fn told_by(source: &'static str, option: DaemonOption) -> DaemonOption {
    DaemonOption { default: Documented { source, ..option.default }, ..option }
}

/// The options, sorted by name.
static OPTIONS: [DaemonOption; 21] = [
    option("authorization-plugins", &["authorization-plugin"], Form::List, "no authorization-plugins", ""),
    option("data-root", &["data-root"], Form::Text, "data-root /var/lib/docker", "/var/lib/docker"),
    option("group", &["group", "G"], Form::Text, "group docker", "docker"),
    told_by(
        "Docker reference, dockerd, Daemon socket option",
        option("hosts", &["host", "H"], Form::List, "hosts unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
    ),
    option("icc", &["icc"], Form::Switch, "icc true", "true"),
    option("insecure-registries", &["insecure-registry"], Form::List, "no insecure-registries", ""),
    option("iptables", &["iptables"], Form::Switch, "iptables true", "true"),
    option("live-restore", &["live-restore"], Form::Switch, "live-restore false", "false"),
    option("log-driver", &["log-driver"], Form::Text, "log-driver json-file", "json-file"),
    option("log-level", &["log-level", "l"], Form::Text, "log-level info", "info"),
    option("log-opts", &["log-opt"], Form::Map, "no log-opts", ""),
    option("no-new-privileges", &["no-new-privileges"], Form::Switch, "no-new-privileges false", "false"),
    told_by(
        "Docker documentation, Seccomp security profiles for Docker",
        option("seccomp-profile", &["seccomp-profile"], Form::Text, "seccomp-profile builtin", "builtin"),
    ),
    option("selinux-enabled", &["selinux-enabled"], Form::Switch, "selinux-enabled false", "false"),
    option("tls", &["tls"], Form::Switch, "tls false", "false"),
    option("tlscacert", &["tlscacert"], Form::Text, "tlscacert ~/.docker/ca.pem", "~/.docker/ca.pem"),
    option("tlscert", &["tlscert"], Form::Text, "tlscert ~/.docker/cert.pem", "~/.docker/cert.pem"),
    option("tlskey", &["tlskey"], Form::Text, "tlskey ~/.docker/key.pem", "~/.docker/key.pem"),
    option("tlsverify", &["tlsverify"], Form::Switch, "tlsverify false", "false"),
    option("userland-proxy", &["userland-proxy"], Form::Switch, "userland-proxy true", "true"),
    option("userns-remap", &["userns-remap"], Form::Text, "no userns-remap", ""),
];

/// Other flags that are switches, so that the word behind them is none of their values.
const SWITCHES: [&str; 13] = [
    "D",
    "debug",
    "experimental",
    "init",
    "ip-forward",
    "ip-masq",
    "ip6tables",
    "ipv6",
    "raw-logs",
    "rootless",
    "swarm-default-advertise-addr",
    "containerd-rootless",
    "validate",
];

/// The options of the daemon, in the order of [`OPTIONS`].
#[derive(Debug)]
pub(super) struct Options<'a> {
    all: Vec<Setting<'a>>,
}

impl<'a> Options<'a> {
    /// A cell for what a reading of an option says.
    pub(super) fn cell(&self, name: &str, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let place = OPTIONS.binary_search_by(|option| option.name.cmp(name)).unwrap_or_default();
        self.all[place].cell(reading)
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, tables: &mut Tables<'a>) {
        if !tables.wants(&DOCKER_SETTINGS) {
            return;
        }
        for (option, setting) in OPTIONS.iter().zip(&self.all) {
            tables.push(setting.row(host, &DOCKER_SETTINGS, NAME, option.name));
        }
    }
}

/// The daemon's file.
struct Configuration<'a> {
    source: Option<&'a Source<'a>>,
    root: Option<Node<'a>>,
    /// Why nothing in it can be relied on.
    refused: Option<Why<'a>>,
    /// Why an option that is not found could stand in it.
    missing: Option<Why<'a>>,
}

/// Reads the options.
pub(super) fn read<'a>(host: &Host<'a>, unit: &Unit<'a>) -> Options<'a> {
    let (words, gap) = unit.arguments(host);
    let flags = flags(host, &words);
    let path = flags.iter().rev().find(|(name, _)| *name == "config-file").map_or(FILE, |(_, word)| word.value.trim_start_matches('/'));
    let file = configuration(host, path);
    let twice = OPTIONS.iter().find(|option| given(&flags, option).next().is_some() && file.get(option.name).is_some());
    let refused = twice.map(|option| Why::new("set-twice", &TWICE, option.name)).or(file.refused);
    let elsewhere = gap.or(unit.gap).or(unit.unlisted);
    let all = OPTIONS.iter().map(|option| match refused {
        Some(why) => Setting { state: Err(why), evidence: host.evidence(&shown(&flags, &file, option)) },
        None => effective(host, option, &flags, &file, elsewhere),
    });
    Options { all: all.collect() }
}

/// What shows an option, wherever it stands.
fn shown<'a>(flags: &[(&'a str, Assigned<'a>)], file: &Configuration<'a>, option: &DaemonOption) -> Vec<Evidence<'a>> {
    let written = file.get(option.name).zip(file.source).map(|((key, _), source)| Evidence::Decides(source.span(key.text)));
    written.into_iter().chain(given(flags, option).map(|word| word.evidence)).collect()
}

/// The value of one option.
fn effective<'a>(
    host: &Host<'a>,
    option: &'static DaemonOption,
    flags: &[(&'a str, Assigned<'a>)],
    file: &Configuration<'a>,
    elsewhere: Option<Why<'a>>,
) -> Setting<'a> {
    let evidence = shown(flags, file, option);
    let values: Vec<&'a str> = given(flags, option).map(|word| word.value).collect();
    // A unit that is seen in part could hold the flag that the file contradicts.
    let seen_in_part = elsewhere.filter(|why| why.code != "not-collected");
    let state = if let Some((_, node)) = file.get(option.name) {
        match seen_in_part {
            Some(why) => Err(why),
            None => written(host, option, node).ok_or(Why::new("refused", &WRONG_TYPE, option.name)),
        }
    } else if !values.is_empty() {
        match seen_in_part {
            Some(why) => Err(why),
            None => Ok(read_values(host, option, &values)),
        }
    } else {
        match elsewhere.or(file.missing) {
            Some(why) => Err(why),
            None if option.value.is_empty() => Ok(read_values(host, option, &[])),
            None => Ok(read_values(host, option, &[option.value])),
        }
    };
    let mut evidence = if evidence.is_empty() { vec![Evidence::Default(&option.default), Evidence::Searched(FILE)] } else { evidence };
    let state =
        if option.name == "hosts" { state.map(|read| with_sockets(host, with_protocols(host, read), &mut evidence)) } else { state };
    // Whatever tlsverify is set to, that it is set switches TLS on (daemon 20.10: `{"tlsverify": false}` asks for a key).
    let verified = option.name == "tls" && file.get("tlsverify").is_some();
    let state = if verified { state.map(|_| read_values(host, option, &["true"])) } else { state };
    Setting { state, evidence: host.evidence(&evidence) }
}

/// An address without a protocol is one of TCP (moby, `opts/hosts.go`, `parseDaemonHost`).
fn with_protocols<'a>(host: &Host<'a>, read: Read<'a>) -> Read<'a> {
    let address = |item: &Value<'a>| match *item {
        Value::Text(text) if !text.trim().is_empty() && !text.contains("://") => Value::Text(host.text(&format!("tcp://{}", text.trim()))),
        Value::Text(text) => Value::Text(text.trim()),
        other => other,
    };
    Read { items: read.items.map(|items| &*host.arena().alloc_slice_fill_iter(items.iter().map(address))), ..read }
}

/// What `fd://` stands for: the sockets of docker.socket.
fn with_sockets<'a>(host: &Host<'a>, read: Read<'a>, evidence: &mut Vec<Evidence<'a>>) -> Read<'a> {
    let Some(items) = read.items.filter(|items| items.iter().any(|item| matches!(item, Value::Text(text) if text.starts_with("fd://"))))
    else {
        return read;
    };
    let unit = service_unit::read(host, "docker.socket");
    let mut all: Vec<Value<'a>> =
        items.iter().filter(|item| !matches!(item, Value::Text(text) if text.starts_with("fd://"))).copied().collect();
    for listen in &unit.listens {
        evidence.push(match listen.evidence {
            Evidence::Decides(span) => Evidence::Reference(span),
            other => other,
        });
        all.push(Value::Text(match listen.value {
            path if path.starts_with(['/', '@', '%']) => host.text(&format!("unix://{path}")),
            port if port.bytes().all(|byte| byte.is_ascii_digit()) => host.text(&format!("tcp://[::]:{port}")),
            address => host.text(&format!("tcp://{address}")),
        }));
    }
    if unit.listens.is_empty() || unit.gap.or(unit.unlisted).is_some() {
        all.push(Value::Opaque("fd://"));
    }
    Read { items: Some(host.arena().alloc_slice_copy(&all)), ..read }
}

/// Reads the file at a path.
fn configuration<'a>(host: &Host<'a>, path: &str) -> Configuration<'a> {
    let mut file = Configuration { source: None, root: None, refused: None, missing: None };
    let path = host.text(path);
    match host.file(path) {
        Artefact::Text(source) => {
            file.source = Some(source);
            let document = yaml::read(host.arena(), source.text);
            if !host.spend(source.text.len() as u64 / 64) {
                file.refused = Some(Why::budget_spent(path));
            } else if !source.complete {
                file.refused = Some(Why::truncated(path));
            } else if document.broken.is_some() || !yaml::is_json(source.text) {
                file.refused = Some(Why::new("refused", &NO_JSON, path));
            }
            file.root = document.roots.first().copied();
        }
        Artefact::Lacking(Lack::Absent) => {}
        Artefact::Lacking(lack) => file.missing = Some(Why::lacking(path, lack)),
    }
    file
}

impl<'a> Configuration<'a> {
    /// An option in the file, with its key.
    fn get(&self, name: &str) -> Option<(Node<'a>, Node<'a>)> {
        self.root?.get(name)
    }
}

/// The flags of the daemon's command line, with their values.
fn flags<'a>(host: &Host<'a>, words: &[Assigned<'a>]) -> Vec<(&'a str, Assigned<'a>)> {
    let mut found = Vec::new();
    let start = words.iter().position(|word| word.value.ends_with("dockerd")).map_or(0, |at| at + 1);
    let mut rest = words[start..].iter();
    while let Some(word) = rest.next() {
        let Some(text) = word.value.strip_prefix('-') else { continue };
        let (name, value) = match text.strip_prefix('-') {
            Some(long) => long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value))),
            None if text.len() > 1 && text.is_char_boundary(1) => (&text[..1], Some(text[1..].trim_start_matches('='))),
            None => (text, None),
        };
        let switch = SWITCHES.contains(&name) || OPTIONS.iter().any(|it| it.form == Form::Switch && it.flags.contains(&name));
        let value = match value {
            Some(value) => value,
            None if switch => "true",
            None => rest.next().map_or("", |next| next.value),
        };
        found.push((host.text(name), Assigned { value, ..*word }));
    }
    found
}

/// The values that flags give an option.
fn given<'f, 'a>(flags: &'f [(&'a str, Assigned<'a>)], option: &'f DaemonOption) -> impl Iterator<Item = Assigned<'a>> + use<'f, 'a> {
    flags.iter().filter(|(name, _)| option.flags.contains(name)).map(|(_, word)| *word)
}

/// The value of an option in the file; none where the daemon refuses its type.
fn written<'a>(host: &Host<'a>, option: &DaemonOption, node: Node<'a>) -> Option<Read<'a>> {
    match (option.form, node.kind) {
        (Form::Switch, Kind::Scalar(text @ ("true" | "false"), true)) => Some(read_values(host, option, &[text])),
        (Form::Text, Kind::Scalar(text, false)) => Some(read_values(host, option, &[text])),
        (Form::List, Kind::List(items)) => {
            let texts: Option<Vec<&'a str>> = items.iter().map(Node::scalar).collect();
            Some(read_values(host, option, &texts?))
        }
        (Form::Map, Kind::Map(entries)) => {
            let pairs: Option<Vec<&'a str>> =
                entries.iter().map(|(key, value)| Some(host.text(&format!("{}={}", key.scalar()?, value.scalar()?)))).collect();
            Some(read_values(host, option, &pairs?))
        }
        _ => None,
    }
}

/// Values in every type that they can be read as.
fn read_values<'a>(host: &Host<'a>, option: &DaemonOption, values: &[&'a str]) -> Read<'a> {
    let last = values.last().copied().unwrap_or_default();
    match option.form {
        Form::Switch => {
            let on = matches!(last, "true" | "1" | "t" | "T" | "TRUE" | "True");
            Read { text: if on { "true" } else { "false" }, readings: Readings { on: Some(on), ..Readings::default() }, items: None }
        }
        Form::Text => Read { text: last, ..Read::default() },
        Form::List | Form::Map => {
            let items = host.arena().alloc_slice_fill_iter(values.iter().map(|value| Value::Text(value)));
            Read { text: host.text(&values.join(",")), readings: Readings::default(), items: Some(items) }
        }
    }
}
