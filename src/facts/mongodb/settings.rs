//! Options and documented defaults into the value of each option, and the rows of `mongodb-settings`.

use super::super::settings::{self, Readings};
use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::files::{Configuration, Given};
use crate::names::Phrase;
use crate::schema::mongodb::MONGODB_SETTINGS;

static TWICE: Phrase = Phrase {
    zh: "{} 在命令行和配置文件中的值不同，手册没有说明哪个生效",
    en: "{} has one value as a flag and another in the file, and no page of the manual says which holds",
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
    default: Documented,
    /// Empty: none.
    value: &'static str,
}

const fn option(path: &'static str, form: Form, setting: &'static str, value: &'static str) -> MongoOption {
    let default = Documented { setting, versions: "MongoDB 4.2 to 8.0", source: "MongoDB Manual, Configuration File Options" };
    MongoOption { path, form, default, value }
}

const fn parameter(path: &'static str, setting: &'static str) -> MongoOption {
    let default = Documented { setting, versions: "MongoDB 4.2 to 8.0", source: "MongoDB Manual, MongoDB Server Parameters" };
    MongoOption { path, form: Form::Switch, default, value: "true" }
}

/// The options, sorted by path.
static OPTIONS: [MongoOption; 14] = [
    option("auditLog.destination", Form::Text, "no auditLog.destination: nothing is recorded", ""),
    option("auditLog.filter", Form::Text, "no auditLog.filter: all events", ""),
    option("net.bindIp", Form::List, "net.bindIp: localhost", "localhost"),
    option("net.bindIpAll", Form::Switch, "net.bindIpAll: false", "false"),
    option("net.port", Form::Number, "net.port: 27017", "27017"),
    option("net.tls.disabledProtocols", Form::List, "net.tls.disabledProtocols: TLS1_0 (where the system has later ones)", "TLS1_0"),
    option("net.tls.mode", Form::Text, "no net.tls.mode: TLS is not used", "disabled"),
    option("security.authorization", Form::Enabled, "security.authorization: disabled", "disabled"),
    option("security.javascriptEnabled", Form::Switch, "security.javascriptEnabled: true", "true"),
    parameter("setParameter.enableLocalhostAuthBypass", "enableLocalhostAuthBypass: true"),
    option("systemLog.destination", Form::Text, "no systemLog.destination: standard output", ""),
    option("systemLog.logAppend", Form::Switch, "systemLog.logAppend: false", "false"),
    option("systemLog.path", Form::Text, "no systemLog.path", ""),
    option("systemLog.quiet", Form::Switch, "systemLog.quiet: false", "false"),
];

/// A value in every type that it can be read as.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Read<'a> {
    pub text: &'a str,
    pub readings: Readings<'a>,
    pub items: Option<&'a [Value<'a>]>,
}

/// What is known of one option.
#[derive(Clone, Copy, Debug)]
struct Setting<'a> {
    state: Result<Read<'a>, Why<'a>>,
    evidence: &'a [Evidence<'a>],
}

/// The options of one server, in the order of [`OPTIONS`].
#[derive(Debug)]
pub(super) struct Settings<'a> {
    all: Vec<Setting<'a>>,
}

impl<'a> Settings<'a> {
    /// A cell for what a reading of an option says.
    pub(super) fn cell(&self, path: &str, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let place = OPTIONS.binary_search_by(|option| option.path.cmp(path)).unwrap_or_default();
        let setting = &self.all[place];
        match setting.state {
            Ok(read) => reading(&read).map_or(Cell::unset(setting.evidence), |value| Cell::known(value, setting.evidence)),
            Err(why) => Cell::unknown(why, setting.evidence),
        }
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (option, setting) in OPTIONS.iter().zip(&self.all) {
            let mut row = match setting.state {
                Ok(read) => settings::row(host, &MONGODB_SETTINGS, NAME, option.path, (read.text, read.readings, setting.evidence)),
                Err(why) => settings::unknown_row(host, &MONGODB_SETTINGS, NAME, option.path, Cell::unknown(why, setting.evidence)),
            };
            if let Ok(Read { items: Some(items), .. }) = setting.state {
                settings::set(&mut row, "items", Cell::known(Value::List(items), setting.evidence));
            }
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// The value of every option.
pub(super) fn effective<'a>(host: &Host<'a>, configuration: &Configuration<'a>) -> Settings<'a> {
    let mut all: Vec<Setting<'a>> = OPTIONS.iter().map(|option| one(host, option, configuration)).collect();
    let place = OPTIONS.binary_search_by(|option| option.path.cmp("security.authorization")).unwrap_or_default();
    if let Some(implied) = implied(host, configuration) {
        all[place] = implied;
    }
    Settings { all }
}

/// The value of one option.
fn one<'a>(host: &Host<'a>, option: &'static MongoOption, configuration: &Configuration<'a>) -> Setting<'a> {
    let given: Vec<&Given<'a>> = configuration.options.iter().filter(|it| it.path == option.path).collect();
    let Some(last) = given.last() else {
        let evidence = host.evidence(&[Evidence::Default(&option.default), Evidence::Searched(configuration.path)]);
        let state = match configuration.gap {
            Some(why) => Err(why),
            None => read(host, option.form, option.value).ok_or(Why::not_understood(option.path)),
        };
        return Setting { state, evidence };
    };
    let mut pieces = vec![last.evidence];
    pieces.extend(given.iter().rev().skip(1).take(7).filter_map(|it| match it.evidence {
        Evidence::Decides(span) => Some(Evidence::Shadowed(span)),
        _ => None,
    }));
    let twice = last.flag && given.iter().any(|it| !it.flag && it.value != last.value);
    let state = match (configuration.gap, twice) {
        (Some(why), _) => Err(why),
        (None, true) => Err(Why::new("set-twice", &TWICE, option.path)),
        (None, false) => read(host, option.form, last.value).ok_or(Why::not_understood(last.value)),
    };
    Setting { state, evidence: host.evidence(&pieces) }
}

/// Authorization that a key file or the members' own authentication brings with it (manual, "Internal/Membership Authentication").
fn implied<'a>(host: &Host<'a>, configuration: &Configuration<'a>) -> Option<Setting<'a>> {
    let given = configuration
        .options
        .iter()
        .rev()
        .find(|it| matches!(it.path, "security.keyFile" | "security.clusterAuthMode") && !it.value.is_empty() && it.value != "null")?;
    // While members are moved to authentication, clients need none ("security.transitionToAuth").
    let moving = configuration.options.iter().any(|it| it.path == "security.transitionToAuth" && it.value == "true");
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
