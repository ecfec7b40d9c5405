//! Flags, the files that they name and documented defaults into the options of a component, and the rows of `kube-settings`.

use super::super::settings::{self, Read, Readings};
use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::components::Component;
use super::{NAME, files};
use crate::names::Phrase;
use crate::schema::containers::KUBE_SETTINGS;

static UNDOCUMENTED: Phrase =
    Phrase { zh: "没有厂商文档说明 {} 的默认值", en: "no page of the vendor states the default of {}" };

static IGNORED: Phrase =
    Phrase { zh: "etcd 只读配置文件 {}，忽略所有参数", en: "etcd takes its file {} and ignores every flag" };

/// How an option is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Switch,
    Text,
    /// A number; 0 is no limit.
    Limit,
    Number,
    List,
}

/// What holds where nothing sets an option.
#[derive(Clone, Copy, Debug)]
pub(super) enum Default {
    /// This value, as its page says.
    Is(&'static str, &'static Documented),
    /// Nothing.
    Nothing(&'static Documented),
    /// No page says.
    Undocumented,
}

/// One option of a component.
#[derive(Debug)]
struct ComponentOption {
    component: &'static str,
    name: &'static str,
    form: Form,
    default: Default,
}

const fn page(setting: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions: "Kubernetes 1.24 to 1.34", source }
}

const API: &str = "Kubernetes reference, Component tools, kube-apiserver, Options";
static ANONYMOUS: Documented = page("--anonymous-auth=true", API);
static NO_AUDIT_LOG: Documented = page("no --audit-log-path: no log", API);
static NO_AUDIT_POLICY: Documented =
    page("no --audit-policy-file: nothing is recorded", "Kubernetes documentation, Auditing, Audit policy");
static NO_WEBHOOK: Documented = page("no --audit-webhook-config-file", API);
static ALWAYS_ALLOW: Documented = page("--authorization-mode=AlwaysAllow", API);
static BIND: Documented = page("--bind-address=0.0.0.0", API);
static NONE_DISABLED: Documented = page("no --disable-admission-plugins", API);
static NONE_ENABLED: Documented = page("no --enable-admission-plugins beside the default ones", API);
static NO_AUTHORITY: Documented = page("no --kubelet-certificate-authority", API);
static NO_CERTIFICATE: Documented = page("no --kubelet-client-certificate", API);
static PROFILING: Documented = page("--profiling=true", API);
static NO_TOKENS: Documented = page("no --token-auth-file", API);
static MANAGER_PROFILING: Documented = page("--profiling=true", "Kubernetes reference, Component tools, kube-controller-manager, Options");
static SCHEDULER_PROFILING: Documented = page("--profiling=true", "Kubernetes reference, Component tools, kube-scheduler, Options");
static ETCD_CLIENTS: Documented = Documented {
    setting: "--client-cert-auth=false",
    versions: "etcd 3.4 to 3.6",
    source: "etcd documentation, Configuration options, Security",
};
static ETCD_PEERS: Documented = Documented {
    setting: "--peer-client-cert-auth=false",
    versions: "etcd 3.4 to 3.6",
    source: "etcd documentation, Configuration options, Security",
};

const fn option(component: &'static str, name: &'static str, form: Form, default: Default) -> ComponentOption {
    ComponentOption { component, name, form, default }
}

const SERVER: &str = "kube-apiserver";

/// The options of the components that are flags and nothing else.
static OPTIONS: [ComponentOption; 20] = [
    option("etcd", "client-cert-auth", Form::Switch, Default::Is("false", &ETCD_CLIENTS)),
    option("etcd", "peer-client-cert-auth", Form::Switch, Default::Is("false", &ETCD_PEERS)),
    option(SERVER, "anonymous-auth", Form::Switch, Default::Is("true", &ANONYMOUS)),
    // The page says what 0 means (kubeadm's AuditPolicyConfiguration for the age), not that it is the default.
    option(SERVER, "audit-log-maxage", Form::Limit, Default::Undocumented),
    option(SERVER, "audit-log-maxbackup", Form::Limit, Default::Undocumented),
    option(SERVER, "audit-log-path", Form::Text, Default::Nothing(&NO_AUDIT_LOG)),
    option(SERVER, "audit-policy-file", Form::Text, Default::Nothing(&NO_AUDIT_POLICY)),
    option(SERVER, "audit-webhook-config-file", Form::Text, Default::Nothing(&NO_WEBHOOK)),
    option(SERVER, "authorization-mode", Form::List, Default::Is("AlwaysAllow", &ALWAYS_ALLOW)),
    option(SERVER, "bind-address", Form::Text, Default::Is("0.0.0.0", &BIND)),
    option(SERVER, "disable-admission-plugins", Form::List, Default::Nothing(&NONE_DISABLED)),
    option(SERVER, "enable-admission-plugins", Form::List, Default::Nothing(&NONE_ENABLED)),
    option(SERVER, "kubelet-certificate-authority", Form::Text, Default::Nothing(&NO_AUTHORITY)),
    option(SERVER, "kubelet-client-certificate", Form::Text, Default::Nothing(&NO_CERTIFICATE)),
    option(SERVER, "profiling", Form::Switch, Default::Is("true", &PROFILING)),
    // "The default Go cipher suites": they differ between builds, and no page lists those that hold.
    option(SERVER, "tls-cipher-suites", Form::List, Default::Undocumented),
    option(SERVER, "tls-min-version", Form::Text, Default::Undocumented),
    option(SERVER, "token-auth-file", Form::Text, Default::Nothing(&NO_TOKENS)),
    option("kube-controller-manager", "profiling", Form::Switch, Default::Is("true", &MANAGER_PROFILING)),
    option("kube-scheduler", "profiling", Form::Switch, Default::Is("true", &SCHEDULER_PROFILING)),
];

/// What is known of one option, and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub name: &'static str,
    pub state: Result<Read<'a>, Why<'a>>,
    pub evidence: &'a [Evidence<'a>],
}

impl<'a> Setting<'a> {
    /// Without its name.
    fn plain(self) -> settings::Setting<'a> {
        settings::Setting { state: self.state, evidence: self.evidence }
    }
}

/// The options of one component.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub component: &'static str,
    pub all: Vec<Setting<'a>>,
}

impl<'a> Settings<'a> {
    /// A cell for what a reading of an option says.
    pub(super) fn cell(&self, name: &str, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let Some(setting) = self.all.iter().find(|setting| setting.name == name) else { return Cell::NONE };
        setting.plain().cell(reading)
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, tables: &mut Tables<'a>) {
        for setting in &self.all {
            let mut row = setting.plain().row(host, &KUBE_SETTINGS, NAME, setting.name);
            row.set(const { KUBE_SETTINGS.column("component") }, Cell::known(Value::Word(self.component), &[]));
            tables.push(row);
        }
    }
}

/// The options of a component.
pub(super) fn effective<'a>(host: &Host<'a>, component: &Component<'a>) -> Settings<'a> {
    let own = OPTIONS.iter().filter(|option| option.component == component.name);
    let mut all: Vec<Setting<'a>> = own.map(|option| by_flag(host, component, option)).collect();
    if component.name == SERVER {
        files::by_authentication_file(host, component, &mut all);
        files::by_authorization_file(host, component, &mut all);
        all.push(files::audit_policy(host, component));
        all.push(files::encryption(host, component));
    }
    files::by_scheduler_file(host, component, &mut all);
    // What is missing could name another file, or be another file.
    if let Some(why) = component.gap.or_else(|| ignored(component)) {
        all.iter_mut().for_each(|setting| setting.state = Err(why));
    }
    all.sort_by_key(|setting| setting.name);
    Settings { component: component.name, all }
}

/// Why the flags of etcd say nothing: where it has a file, it takes no other (etcd documentation, "Configuration options").
fn ignored<'a>(component: &Component<'a>) -> Option<Why<'a>> {
    let file = component.last("config-file").filter(|_| component.name == "etcd")?;
    Some(Why::new("set-elsewhere", &IGNORED, file.value))
}

/// The value of an option that is a flag.
fn by_flag<'a>(host: &Host<'a>, component: &Component<'a>, option: &'static ComponentOption) -> Setting<'a> {
    let given: Vec<&super::components::Flag<'a>> = component.flags.iter().filter(|flag| flag.name == option.name).collect();
    let name = option.name;
    let Some(last) = given.last() else { return by_default(host, name, (option.form, option.default), (component.path, component.gap)) };
    let values: Vec<&'a str> = if option.form == Form::List { given.iter().map(|flag| flag.value).collect() } else { vec![last.value] };
    let mut evidence = vec![last.evidence];
    evidence.extend(given.iter().rev().skip(1).take(7).filter_map(|flag| match flag.evidence {
        Evidence::Decides(span) => Some(Evidence::Shadowed(span)),
        _ => None,
    }));
    let evidence = host.evidence(&evidence);
    // Nothing after the name leaves what holds without the flag (kube-apiserver takes its list of suites only where it has any).
    if values.iter().all(|value| value.is_empty()) && matches!(option.default, Default::Undocumented) {
        return Setting { evidence, ..by_default(host, name, (option.form, option.default), (component.path, component.gap)) };
    }
    let state = match component.gap {
        Some(why) => Err(why),
        None => read(host, option.form, &values).ok_or(Why::not_understood(last.value)),
    };
    Setting { name, state, evidence }
}

/// What holds where nothing sets an option.
pub(super) fn by_default<'a>(
    host: &Host<'a>,
    name: &'static str,
    (form, default): (Form, Default),
    (searched, gap): (&'a str, Option<Why<'a>>),
) -> Setting<'a> {
    let shown = |documented| host.evidence(&[Evidence::Default(documented), Evidence::Searched(searched)]);
    let (value, evidence): (&[&'a str], _) = match default {
        Default::Is(value, documented) => (host.arena().alloc_slice_copy(&[value]), shown(documented)),
        Default::Nothing(documented) => (&[], shown(documented)),
        Default::Undocumented => {
            let why = gap.unwrap_or(Why::new("undocumented", &UNDOCUMENTED, name));
            return Setting { name, state: Err(why), evidence: &[] };
        }
    };
    let state = match gap {
        Some(why) => Err(why),
        None => read(host, form, value).ok_or(Why::not_understood(name)),
    };
    Setting { name, state, evidence }
}

/// Values in every type that they can be read as.
pub(super) fn read<'a>(host: &Host<'a>, form: Form, values: &[&'a str]) -> Option<Read<'a>> {
    let last = values.last().copied().unwrap_or_default();
    let with = |readings: Readings<'a>| Some(Read { text: last, readings, items: None });
    match form {
        Form::Switch => {
            let on = match last {
                "true" | "1" | "t" | "T" | "TRUE" | "True" => true,
                "false" | "0" | "f" | "F" | "FALSE" | "False" => false,
                _ => return None,
            };
            Some(Read { text: if on { "true" } else { "false" }, readings: Readings { on: Some(on), ..Readings::default() }, items: None })
        }
        Form::Text => with(Readings::default()),
        Form::Number => {
            let number: i64 = last.parse().ok()?;
            with(Readings { number: Some(Value::Integer(number)), ..Readings::default() })
        }
        Form::Limit => {
            let number: i64 = last.parse().ok().filter(|number| *number >= 0)?;
            with(Readings { number: Some(if number == 0 { Value::Unlimited } else { Value::Integer(number) }), ..Readings::default() })
        }
        Form::List => {
            let items: Vec<Value<'a>> =
                values.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|it| !it.is_empty()).map(Value::Text).collect();
            Some(Read {
                text: host.text(&values.join(",")),
                readings: Readings::default(),
                items: Some(host.arena().alloc_slice_copy(&items)),
            })
        }
    }
}
