//! `Server`, logging.properties, units and tomcat-users.xml into the settings and accounts of an instance.

use super::hosts::file_row;
use super::load::{File, Instance, Properties, Reading, file, is_absent};
use crate::facts::service_unit;
use crate::facts::settings::{self, Readings};
use crate::facts::{Artefact, Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::parse::key_value::{self, EQUALS_SEPARATED};
use crate::parse::xml::{Attribute, Element};
use crate::schema::tomcat::{TOMCAT_ACCOUNTS as USERS, TOMCAT_SETTINGS as TABLE};
use crate::snapshot::Lack;
use crate::source::redact;

/// Passwords that come with packages and guides, and names of accounts that people give as their password.
const VENDOR: [&str; 14] = [
    "admin",
    "changeit",
    "changethis",
    "j2deployer",
    "manager",
    "must-be-changed",
    "<must-be-changed>",
    "password",
    "role1",
    "root",
    "s3cret",
    "secret",
    "tomcat",
    "<must-change-it>",
];
/// The fewest characters of a password that is not called short.
const SHORT_BELOW: usize = 8;

static SHUTDOWN: Documented = Documented {
    setting: "shutdown port 8005, command SHUTDOWN",
    versions: "Tomcat",
    source: "Apache Tomcat Configuration Reference, The Server Component",
};
static ALL_DAYS: Documented = Documented {
    setting: "maxDays -1: nothing is deleted",
    versions: "Tomcat",
    source: "Apache Tomcat, Logging in Tomcat, FileHandler maxDays",
};
static ROOT: Documented = Documented { setting: "User=root", versions: "systemd", source: "systemd.exec(5), User=" };

/// Pushes one setting.
fn push<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &Instance<'a>,
    name: &'static str,
    found: Result<(&'a str, Readings<'a>, &'a [Evidence<'a>]), Why<'a>>,
) {
    let mut row = match found {
        Ok(setting) => settings::row(host, &TABLE, super::NAME, name, setting),
        Err(why) => settings::unknown_row(host, &TABLE, super::NAME, name, Cell::unknown(why, &[])),
    };
    row.instance(instance.name);
    tables.push(row);
}

/// Pushes the settings of an instance.
pub(super) fn all<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &Instance<'a>,
    properties: &Properties<'a>,
    server: Option<&File<'a>>,
    lack: Option<Why<'a>>,
) {
    let lack = lack.unwrap_or(Why::not_understood("server.xml"));
    let Some(file) = server.filter(|file| file.root.name == "Server") else {
        for name in ["shutdown-port", "shutdown-command-usual"] {
            push(host, tables, instance, name, Err(lack));
        }
        return rest(host, tables, instance, properties);
    };
    let reading = Reading { properties, source: file.source };
    let default = host.evidence(&[Evidence::Default(&SHUTDOWN), reading.begins(&file.root)]);
    let (port, by) = reading.value(host, &file.root, "port").map_or(("8005", default), |(port, by)| (port, host.evidence(&[by])));
    let port = match port.parse::<i64>() {
        Ok(number) => Ok((port, Readings { number: Some(Value::Integer(number)), ..Readings::default() }, by)),
        Err(_) => Err(Why::not_understood(port)),
    };
    push(host, tables, instance, "shutdown-port", port);
    let (word, by) = reading.value(host, &file.root, "shutdown").map_or(("SHUTDOWN", default), |(word, by)| (word, host.evidence(&[by])));
    let usual = word == "SHUTDOWN";
    if let (Some(attribute), false) = (file.root.attribute("shutdown"), usual) {
        hide(file, attribute);
    }
    let setting = Ok((if usual { "true" } else { "false" }, Readings { on: Some(usual), ..Readings::default() }, by));
    push(host, tables, instance, "shutdown-command-usual", if word.contains("${") { Err(Why::not_understood(word)) } else { setting });
    rest(host, tables, instance, properties);
}

/// Keeps the value of an attribute from reports.
fn hide<'a>(file: &File<'a>, attribute: &Attribute<'a>) {
    if let std::borrow::Cow::Borrowed(value) = attribute.value {
        file.source.hide(value);
    }
}

/// Pushes the settings that stand elsewhere than in server.xml.
fn rest<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>, properties: &Properties<'a>) {
    let days = file_logs(host, tables, instance, properties);
    push(host, tables, instance, "file-log-days", days);
    push(host, tables, instance, "service-user", service_user(host, instance));
}

/// The least number of days that a file handler keeps; a row of `logs` for each.
fn file_logs<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &Instance<'a>,
    properties: &Properties<'a>,
) -> Result<(&'a str, Readings<'a>, &'a [Evidence<'a>]), Why<'a>> {
    let path = host.text(&format!("{}/logging.properties", instance.conf));
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Err(Why::lacking(path, lack)),
    };
    let document = key_value::read(source.text, &EQUALS_SEPARATED);
    let lists = document.settings.iter().filter(|setting| setting.key == "handlers" || setting.key.ends_with(".handlers"));
    let mut handlers: Vec<&str> =
        lists.flat_map(|setting| setting.value.split([',', ' '])).filter(|name| name.ends_with("FileHandler")).collect();
    handlers.sort_unstable();
    handlers.dedup();
    let searched = host.evidence(&[Evidence::Default(&ALL_DAYS), Evidence::Searched(source.path)]);
    let mut least: (Option<i64>, &'a [Evidence<'a>]) = (None, searched);
    for handler in handlers {
        let of = |name: &str| document.last(&format!("{handler}.{name}")).filter(|_| handler.contains("juli"));
        let (days, by) = match of("maxDays") {
            Some(setting) => {
                (setting.value.parse::<i64>().map_err(|_| setting.value), host.evidence(&[Evidence::Decides(source.span(setting.line))]))
            }
            None => (Ok(-1), searched),
        };
        let text = |name, default| of(name).map_or(default, |setting| properties.expanded(host, setting.value));
        let base = format!("/{}/", instance.base);
        let folder = text("directory", "logs");
        let folder = folder.strip_prefix(base.as_str()).unwrap_or(folder);
        let file = host.text(&format!("{folder}/{}*{}", text("prefix", "juli."), text("suffix", ".log")));
        file_row(host, tables, instance, ("web-error", &[]), (file, days, by));
        match days {
            Err(text) => return Err(Why::not_understood(text)),
            Ok(days) if days > 0 && least.0.is_none_or(|most| days < most) => least = (Some(days), by),
            Ok(_) => {}
        }
    }
    if !source.complete {
        return Err(Why::truncated(source.path));
    }
    let (value, number) = match least.0 {
        Some(days) => (host.text(&days.to_string()), Value::Integer(days)),
        None => ("-1", Value::Unlimited),
    };
    Ok((value, Readings { number: Some(number), ..Readings::default() }, least.1))
}

/// The account of the instance's unit, which is named like the folder of the instance, or `tomcat`.
fn service_user<'a>(host: &Host<'a>, instance: &Instance<'a>) -> Result<(&'a str, Readings<'a>, &'a [Evidence<'a>]), Why<'a>> {
    let name = instance.name.rsplit('/').next().unwrap_or_default();
    let named = service_unit::read(host, &format!("{name}.service"));
    let unit = if named.seen || named.gap.is_some() { named } else { service_unit::read(host, "tomcat.service") };
    if let Some(why) = unit.gap.or(unit.unlisted) {
        return Err(why);
    }
    let Some(source) = unit.main else {
        return Err(Why::lacking(host.text(&format!("{}/{name}.service", service_unit::DIRECTORIES[0])), Lack::Absent));
    };
    let (user, by) = unit.user.map_or(("root", Evidence::Default(&ROOT)), |user| (user.value, user.evidence));
    Ok((user, Readings::default(), host.evidence(&[by, Evidence::Searched(source.path)])))
}

/// Pushes the accounts of tomcat-users.xml.
pub(super) fn users<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>) {
    let path = host.text(&format!("{}/tomcat-users.xml", instance.conf));
    let file = match file(host, path) {
        Ok(file) => file,
        Err(why) if is_absent(&why) => return tables.searched(&USERS, Evidence::Lacks(path, Lack::Absent)),
        Err(why) => return gap(host, tables, instance, why),
    };
    let groups: Vec<&Element<'a>> = file.root.all("group").collect();
    for user in file.root.all("user").take(10_000) {
        let text = |names: &[&str]| names.iter().find_map(|name| user.attribute(name));
        let Some(name) = text(&["username", "name"]) else { continue };
        let by = host.evidence(&[Evidence::Decides(file.source.span(user.text.lines().next().unwrap_or_default()))]);
        let of_groups = user.attribute("groups").into_iter().flat_map(|groups| groups.value.split(','));
        let of_groups =
            of_groups.filter_map(|name| groups.iter().find(|group| group.attribute("groupname").is_some_and(|it| it.value == name.trim())));
        let lists = of_groups.filter_map(|group| group.attribute("roles")).chain(user.attribute("roles"));
        let roles: Vec<&'a str> =
            lists.flat_map(|roles| roles.value.split(',')).map(|role| host.text(role.trim())).filter(|role| !role.is_empty()).collect();
        let password = text(&["password"]);
        if let Some(attribute) = password {
            hide(&file, attribute);
        }
        let password = password.map_or("", |attribute| &*attribute.value);
        let word = match redact::masked_class(password) {
            // What is short is short by every measure; what is not may still be usual.
            Some("short") => Cell::known(Value::Word("short"), by),
            Some(_) => Cell::unknown(Why::not_understood(host.text(password)), by),
            None => Cell::known(Value::Word(strength(&name.value, password)), by),
        };
        let mut row = host.row(&USERS, super::NAME);
        row.instance(instance.name)
            .set(const { USERS.column("user") }, Cell::known(Value::Text(host.text(&name.value)), by))
            .set(const { USERS.column("roles") }, Cell::known(host.texts(&roles), by))
            .set(const { USERS.column("password") }, word);
        tables.push(row);
    }
    tables.searched(&USERS, Evidence::Searched(file.source.path));
    if let Some(why) = file.gap {
        gap(host, tables, instance, why);
    }
}

/// Pushes a row for accounts that were not read.
fn gap<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &Instance<'a>, why: Why<'a>) {
    let mut row = host.gap(&USERS, super::NAME, why);
    row.instance(instance.name);
    tables.push(row);
}

/// How hard a password is to guess.
fn strength(user: &str, password: &str) -> &'static str {
    let lower = password.to_ascii_lowercase();
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digested = password.contains('$') && password.split('$').count() == 3 || password.starts_with('{');
    if password.is_empty() {
        "empty"
    } else if VENDOR.contains(&&*lower) || lower == user.to_ascii_lowercase() {
        "vendor-default"
    } else if digested || matches!(password.len(), 32 | 40 | 64 | 96 | 128) && hexadecimal(password) {
        "digested"
    } else if password.chars().count() < SHORT_BELOW {
        "short"
    } else {
        "ordinary"
    }
}
