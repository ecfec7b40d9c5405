//! Options and documented defaults into the value of each option, and the rows of `mongodb-settings`.

use super::super::settings::{Read, Readings, Setting};
use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::files::{Configuration, Given};
use crate::names::Phrase;
use crate::schema::mongodb::MONGODB_SETTINGS;

static TWICE: Phrase = Phrase {
    zh: "{} 在命令行和配置文件中的值不同，手册没有说明哪个生效",
    en: "{} has one value as a flag and another in the file, and no page of the manual says which holds",
};

static BY_VERSION: Phrase = Phrase {
    zh: "{} 的默认值随版本不同，而这里看不到版本",
    en: "the default of {} is not the same in every version, and the version is not seen here",
};
static AT_RUNTIME: Phrase = Phrase {
    zh: "{} 为真：审计过滤条件存在数据库里，可随时更改，这里看不到",
    en: "{} is on: the filter is kept in the database and may change at any time, which is not seen here",
};

/// How an option is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Switch,
    /// `enabled` or `disabled`.
    Enabled,
    Text,
    Number,
    List,
}

/// One option.
#[derive(Debug)]
struct MongoOption {
    path: &'static str,
    form: Form,
    /// None: not the same in every version.
    default: Option<Documented>,
    /// Empty: none.
    value: &'static str,
}

const VERSIONS: &str = "MongoDB 4.2 to 8.0";

const fn option(path: &'static str, form: Form, (setting, source): (&'static str, &'static str), value: &'static str) -> MongoOption {
    MongoOption { path, form, default: Some(Documented { setting, versions: VERSIONS, source }), value }
}

const AUDIT: &str = "MongoDB Manual, Configuration File Options, auditLog Options";
const FILTERS: &str = "MongoDB Manual, Configure Audit Filters";
const NET: &str = "MongoDB Manual, Configuration File Options, net Options";
const SECURITY: &str = "MongoDB Manual, Configuration File Options, security Options";
const LOG: &str = "MongoDB Manual, Configuration File Options, systemLog Options";
/// The manual names the modes and not which one is the default.
const MODES: &str = "MongoDB source, src/mongo/util/net/ssl_options.h, SSLParams";
const BYPASS: &str = "MongoDB source, src/mongo/db/auth/enable_localhost_auth_bypass_parameter.idl";

static SHARD_PORT: Documented = Documented { setting: "net.port: 27018 of a shard member", versions: VERSIONS, source: NET };
static CONFIGURATION_PORT: Documented = Documented { setting: "net.port: 27019 of a config server", versions: VERSIONS, source: NET };

/// The options, sorted by path.
static OPTIONS: [MongoOption; 14] = [
    option("auditLog.destination", Form::Text, ("no auditLog.destination: nothing is recorded", AUDIT), ""),
    option("auditLog.filter", Form::Text, ("no auditLog.filter: all events", FILTERS), ""),
    option("net.bindIp", Form::List, ("net.bindIp: localhost", NET), "localhost"),
    option("net.bindIpAll", Form::Switch, ("net.bindIpAll: false", NET), "false"),
    option("net.port", Form::Number, ("net.port: 27017", NET), "27017"),
    // TLS 1.0 up to 8.0, TLS 1.0 and 1.1 in later manuals.
    MongoOption { path: "net.tls.disabledProtocols", form: Form::List, default: None, value: "" },
    option("net.tls.mode", Form::Text, ("no net.tls.mode: TLS is not used", MODES), "disabled"),
    option("security.authorization", Form::Enabled, ("security.authorization: disabled", SECURITY), "disabled"),
    option("security.javascriptEnabled", Form::Switch, ("security.javascriptEnabled: true", SECURITY), "true"),
    option("setParameter.enableLocalhostAuthBypass", Form::Switch, ("enableLocalhostAuthBypass: true", BYPASS), "true"),
    option("systemLog.destination", Form::Text, ("no systemLog.destination: standard output", LOG), ""),
    option("systemLog.logAppend", Form::Switch, ("systemLog.logAppend: false", LOG), "false"),
    option("systemLog.path", Form::Text, ("no systemLog.path", LOG), ""),
    option("systemLog.quiet", Form::Switch, ("systemLog.quiet: false", LOG), "false"),
];

/// The options of one server, in the order of [`OPTIONS`].
#[derive(Debug)]
pub(super) struct Settings<'a> {
    all: Vec<Setting<'a>>,
}

impl<'a> Settings<'a> {
    /// A cell for what a reading of an option says.
    pub(super) fn cell(&self, path: &str, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let place = OPTIONS.binary_search_by(|option| option.path.cmp(path)).unwrap_or_default();
        self.all[place].cell(reading)
    }

    /// The paths of the options.
    pub(super) fn paths() -> impl Iterator<Item = &'static str> {
        OPTIONS.iter().map(|option| option.path)
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (option, setting) in OPTIONS.iter().zip(&self.all) {
            let mut row = setting.row(host, &MONGODB_SETTINGS, NAME, option.path);
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// The value of every option.
pub(super) fn effective<'a>(host: &Host<'a>, configuration: &Configuration<'a>) -> Settings<'a> {
    let mut all: Vec<Setting<'a>> = OPTIONS.iter().map(|option| one(host, option, configuration)).collect();
    let place = |path: &str| OPTIONS.binary_search_by(|option| option.path.cmp(path)).unwrap_or_default();
    if let Some(implied) = implied(host, configuration) {
        all[place("security.authorization")] = implied;
    }
    // Where nodes are configured together, the server refuses a filter in its file (manual, "Configure Audit Filters").
    let runtime = configuration.options.iter().rev().find(|it| it.path == "auditLog.runtimeConfiguration");
    if let Some(given) = runtime.filter(|it| it.value != "false") {
        let state = Err(configuration.gap.unwrap_or(Why::new("set-elsewhere", &AT_RUNTIME, given.path)));
        all[place("auditLog.filter")] = Setting { state, evidence: host.evidence(&[given.evidence]) };
    }
    Settings { all }
}

/// The value of one option.
fn one<'a>(host: &Host<'a>, option: &'static MongoOption, configuration: &Configuration<'a>) -> Setting<'a> {
    let given: Vec<&Given<'a>> = configuration.options.iter().filter(|it| it.path == option.path).collect();
    let Some(last) = given.last() else { return unset(host, option, configuration) };
    let mut pieces = vec![last.evidence];
    pieces.extend(given.iter().rev().skip(1).take(7).filter_map(|it| match it.evidence {
        Evidence::Decides(span) => Some(Evidence::Shadowed(span)),
        _ => None,
    }));
    // Of this flag the manual says that it beats the file ("net Options").
    let beats = option.path == "net.bindIp";
    let twice = last.flag && !beats && given.iter().any(|it| !it.flag && it.value != last.value);
    let state = match (configuration.gap, twice) {
        (Some(why), _) => Err(why),
        (None, true) => Err(Why::new("set-twice", &TWICE, option.path)),
        (None, false) => read(host, option.form, last.value).ok_or(Why::not_understood(last.value)),
    };
    Setting { state, evidence: host.evidence(&pieces) }
}

/// What holds where nothing sets an option.
fn unset<'a>(host: &Host<'a>, option: &'static MongoOption, configuration: &Configuration<'a>) -> Setting<'a> {
    let role = configuration.options.iter().rev().find(|it| it.path == "sharding.clusterRole").map(|it| it.value);
    let (value, default) = match (option.path, role) {
        ("net.port", Some("shardsvr")) => ("27018", Some(&SHARD_PORT)),
        ("net.port", Some("configsvr")) => ("27019", Some(&CONFIGURATION_PORT)),
        _ => (option.value, option.default.as_ref()),
    };
    let searched = Evidence::Searched(configuration.path);
    let Some(default) = default else {
        let why = configuration.gap.unwrap_or(Why::new("undocumented", &BY_VERSION, option.path));
        return Setting { state: Err(why), evidence: host.evidence(&[searched]) };
    };
    let state = match configuration.gap {
        Some(why) => Err(why),
        None => read(host, option.form, value).ok_or(Why::not_understood(option.path)),
    };
    Setting { state, evidence: host.evidence(&[Evidence::Default(default), searched]) }
}

/// Authorization that a key file or the members' own authentication brings with it, even where it is set to `disabled` (manual,
/// "security Options", and the server's source, authorization_manager_init.cpp).
fn implied<'a>(host: &Host<'a>, configuration: &Configuration<'a>) -> Option<Setting<'a>> {
    let given = configuration
        .options
        .iter()
        .rev()
        .find(|it| matches!(it.path, "security.keyFile" | "security.clusterAuthMode") && !it.value.is_empty() && it.value != "null")?;
    // While members are moved to authentication, clients need none ("security.transitionToAuth").
    let moving = configuration.options.iter().any(|it| it.path == "security.transitionToAuth" && it.value != "false");
    let state = match configuration.gap {
        Some(why) => Err(why),
        None => read(host, Form::Enabled, if moving { "disabled" } else { "enabled" }).ok_or(Why::not_understood(given.value)),
    };
    Some(Setting { state, evidence: host.evidence(&[given.evidence]) })
}

/// A value in every type that it can be read as.
fn read<'a>(host: &Host<'a>, form: Form, value: &'a str) -> Option<Read<'a>> {
    let switch = |on: bool| Read { text: value, readings: Readings { on: Some(on), ..Readings::default() }, items: None };
    Some(match form {
        Form::Switch => match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => switch(true),
            "false" | "no" | "off" | "0" => switch(false),
            _ => return None,
        },
        Form::Enabled => match value {
            "enabled" => switch(true),
            "disabled" => switch(false),
            _ => return None,
        },
        Form::Text => Read { text: value, ..Read::default() },
        Form::Number => {
            let number = Some(Value::Integer(value.parse().ok()?));
            Read { text: value, readings: Readings { number, ..Readings::default() }, items: None }
        }
        Form::List => {
            let items: Vec<Value<'a>> = value.split(',').map(str::trim).filter(|it| !it.is_empty()).map(Value::Text).collect();
            Read { text: value, readings: Readings::default(), items: Some(host.arena().alloc_slice_copy(&items)) }
        }
    })
}
