//! Global statements into the rows of `fortios-settings`, `authentication-policy` and `banner`.

use super::Forti;
use crate::facts::device::cells::{Unwritten, number, plain, seconds, switch};
use crate::facts::settings::Readings;
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::fortinet::FORTIOS_SETTINGS;
use crate::schema::neutral::{AUTHENTICATION_POLICY, BANNER};

/// A default, and the first release of which a page states it.
#[derive(Debug)]
pub(super) struct Stated {
    /// The default.
    pub documented: Documented,
    /// The release; [`EVERY`] where the page is about no release.
    since: Release,
}

/// Major and minor number of a release.
type Release = (u32, u32);

/// Every release that the product knows.
const EVERY: Release = (0, 0);

/// A default, the releases that it holds for, and its page.
const fn stated(setting: &'static str, since: Release, versions: &'static str, source: &'static str) -> Stated {
    Stated { documented: Documented { setting, versions, source }, since }
}

/// Where lockouts are documented.
const LOCKOUTS: &str = "FortiOS 5.0 and 5.2 Handbooks, Administrator lockout and Administrator password retries and lockout time";
/// Where the page of the password policy is that states defaults.
const POLICY_PAGE: &str = "FortiOS 6.4 CLI Reference (6.4.7), config system password-policy";
/// The vendor's reference of the same, from release 6.0 on.
const POLICY_ARGUMENTS: &str = "Fortinet's reference of system password-policy (Terraform provider, fortios_system_passwordpolicy)";
/// The page of the time servers.
const NTP_PAGE: &str = "FortiOS 7.0 CLI Reference (7.0.8), config system ntp";

pub(super) static LOCKOUT_THRESHOLD: Stated = stated("admin-lockout-threshold 3", EVERY, "FortiOS 5.0 and later", LOCKOUTS);
pub(super) static LOCKOUT_DURATION: Stated = stated("admin-lockout-duration 60", EVERY, "FortiOS 5.0 and later", LOCKOUTS);
pub(super) static ADMIN_TIMEOUT: Stated = stated(
    "admintimeout 5",
    (6, 0),
    "FortiOS 6.0 and later",
    "FortiOS 6.2 Cookbook and 7.0 Administration Guide, Setting the idle timeout time; Fortinet's reference of system global (Terraform provider)",
);
pub(super) static SSH_GRACE_TIME: Stated = stated(
    "admin-ssh-grace-time 120",
    (6, 0),
    "FortiOS 6.0 and later",
    "Fortinet's reference of system global (Terraform provider, fortios_system_global)",
);
/// The port of a way of administration, by the word of `allowaccess`.
pub(super) static PORTS: Stated = stated(
    "admin-port 80, admin-sport 443, admin-ssh-port 22, admin-telnet-port 23",
    (6, 0),
    "FortiOS 6.0 and later",
    "Fortinet's reference of system global (Terraform provider, fortios_system_global)",
);
static NTP_SYNC: Stated = stated("ntpsync disable", (7, 0), "FortiOS 7.0 and later", NTP_PAGE);
static NTP_TYPE: Stated = stated("type fortiguard", (7, 0), "FortiOS 7.0 and later", NTP_PAGE);
static POLICY_STATUS: Stated = stated("status disable", (6, 4), "FortiOS 6.4 and later", POLICY_PAGE);
static POLICY_APPLIES: Stated = stated("apply-to admin-password", (6, 4), "FortiOS 6.4 and later", POLICY_PAGE);
static POLICY_LENGTH: Stated = stated("minimum-length 8", (6, 4), "FortiOS 6.4 and later", POLICY_PAGE);
static POLICY_CLASSES: Stated = stated(
    "min-lower-case-letter, min-upper-case-letter, min-number, min-non-alphanumeric 0",
    (6, 0),
    "FortiOS 6.0 and later",
    POLICY_ARGUMENTS,
);
static POLICY_EXPIRE: Stated =
    stated("expire-status disable", (7, 4), "FortiOS 7.4 and later", "FortiOS 7.4 CLI Reference, config system password-policy");
static POLICY_DAYS: Stated = stated("expire-day 90", (6, 0), "FortiOS 6.0 and later", POLICY_ARGUMENTS);
/// What a local-in policy does that names no action.
pub(super) static LOCAL_IN_ACTION: Stated = stated(
    "action deny",
    (6, 0),
    "FortiOS 6.0 and later",
    "FortiOS 6.0, 6.2, 6.4, 7.0, 7.2 and 7.4 CLI References, config firewall local-in-policy and local-in-policy6, action",
);
/// The cipher of a log server that names none.
pub(super) static LOG_ENCRYPTION: Stated = stated(
    "enc-algorithm disable",
    (7, 6),
    "FortiOS 7.6 and later",
    "FortiOS 7.6 CLI Reference (7.6.1), config log syslogd4 override-setting",
);

const GLOBAL: &str = "config system global";
const PASSWORD: &str = "config system password-policy";
const NTP: &str = "config system ntp";
const DISK: &str = "config log disk setting";

/// A row: its name, where it is written, and what holds where it is not.
type Row = (&'static str, &'static str, &'static str, Option<(&'static str, &'static Stated)>, fn(&str) -> Readings<'static>);

const ROWS: &[Row] = &[
    ("admin-https-ssl-versions", GLOBAL, "admin-https-ssl-versions", None, plain),
    ("admin-lockout-duration", GLOBAL, "admin-lockout-duration", Some(("60", &LOCKOUT_DURATION)), seconds),
    ("admin-lockout-threshold", GLOBAL, "admin-lockout-threshold", Some(("3", &LOCKOUT_THRESHOLD)), number),
    ("admin-ssh-grace-time", GLOBAL, "admin-ssh-grace-time", Some(("120", &SSH_GRACE_TIME)), seconds),
    ("admin-ssh-v1", GLOBAL, "admin-ssh-v1", None, switch),
    ("admin-telnet", GLOBAL, "admin-telnet", None, switch),
    ("admintimeout", GLOBAL, "admintimeout", Some(("5", &ADMIN_TIMEOUT)), crate::facts::device::cells::minutes),
    ("cli-audit-log", GLOBAL, "cli-audit-log", None, switch),
    ("disk-log-age", DISK, "maximum-log-age", None, days),
    ("disk-log-status", DISK, "status", None, switch),
    ("fwpolicy-implicit-log", "config log setting", "fwpolicy-implicit-log", None, switch),
    ("ntp-type", NTP, "type", Some(("fortiguard", &NTP_TYPE)), plain),
    ("ntpsync", NTP, "ntpsync", Some(("disable", &NTP_SYNC)), switch),
    ("password-policy-applies", PASSWORD, "apply-to", Some(("admin-password", &POLICY_APPLIES)), plain),
    ("password-policy-length", PASSWORD, "minimum-length", Some(("8", &POLICY_LENGTH)), number),
    ("password-policy-status", PASSWORD, "status", Some(("disable", &POLICY_STATUS)), switch),
    ("pre-login-banner", GLOBAL, "pre-login-banner", None, switch),
    ("strong-crypto", GLOBAL, "strong-crypto", None, switch),
];

/// Character classes, and the words of `requirements`.
const CLASSES: [(&str, &str); 4] =
    [("min-number", "digit"), ("min-lower-case-letter", "lower"), ("min-non-alphanumeric", "other"), ("min-upper-case-letter", "upper")];

impl<'a> Forti<'_, 'a> {
    /// Adds the rows of settings, the password policy and the banner.
    pub(super) fn push_settings(&self, tables: &mut Tables<'a>) {
        for (name, section, setting, default, read) in ROWS {
            let unwritten = default.map_or(Unwritten::Undocumented, |(text, default)| self.unwritten(text, default));
            self.shown.setting(tables, (&FORTIOS_SETTINGS, name), self.value(section, setting), unwritten, *read);
        }
        let (classes, nodes) = self.classes();
        let count = self.text(&classes.len().to_string());
        let written = nodes.last().map(|node| (count, *node));
        self.shown.setting(tables, (&FORTIOS_SETTINGS, "password-policy-classes"), written, self.unwritten("0", &POLICY_CLASSES), number);
        let (days_text, unwritten) = match (self.value(PASSWORD, "expire-status"), self.value(PASSWORD, "expire-day")) {
            (Some(("enable", _)), Some(days)) => (Some(days), Unwritten::Nothing),
            (Some(("enable", _)), None) => (None, self.unwritten("90", &POLICY_DAYS)),
            (Some((_, off)), _) => (Some(("0", off)), Unwritten::Nothing),
            (None, _) => (None, self.unwritten("0", &POLICY_EXPIRE)),
        };
        self.shown.setting(tables, (&FORTIOS_SETTINGS, "password-policy-expire"), days_text, unwritten, days);
        self.push_policy(tables);
        self.push_banner(tables);
    }

    /// Classes that a password must hold, and the statements that say so.
    fn classes(&self) -> (Vec<&'static str>, Vec<Node<'a>>) {
        let wanted = |(setting, word): &(&'static str, &'static str)| {
            let (text, node) = self.value(PASSWORD, setting)?;
            Some(((text.parse::<u32>().ok()? > 0).then_some(*word), node))
        };
        let found: Vec<(Option<&'static str>, Node<'a>)> = CLASSES.iter().filter_map(wanted).collect();
        (found.iter().filter_map(|(word, _)| *word).collect(), found.iter().map(|(_, node)| *node).collect())
    }

    /// Whether a default is stated for the release that the configuration shows.
    pub(super) fn states(&self, default: &Stated) -> bool {
        let version = self.shown.device.config.identity.version.unwrap_or_default();
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
        let release = numbers.next().flatten().zip(numbers.next().flatten());
        default.since == EVERY || release.is_some_and(|release| release >= default.since)
    }

    /// What holds where a setting is not written.
    fn unwritten(&self, text: &'static str, default: &'static Stated) -> Unwritten {
        if self.states(default) { Unwritten::Is(text, &default.documented) } else { Unwritten::Undocumented }
    }

    /// The value that holds because nothing is written, where it is stated for the release.
    pub(super) fn defaulted(&self, value: Value<'a>, default: &'static Stated) -> Cell<'a> {
        if self.states(default) {
            self.shown.defaulted(value, &default.documented)
        } else {
            self.shown.device.undocumented(default.documented.setting)
        }
    }

    /// A number that is written or a documented default.
    pub(super) fn number(&self, section: &str, setting: &str, default: i64, documented: &'static Stated) -> Cell<'a> {
        match self.value(section, setting) {
            Some((text, node)) => text.parse().map_or(self.shown.device.decided(Value::Text(text), node), |number| {
                self.shown.device.decided(Value::Integer(number), node)
            }),
            None => self.defaulted(Value::Integer(default), documented),
        }
    }

    /// Adds the row of the policy for local passwords.
    fn push_policy(&self, tables: &mut Tables<'a>) {
        let shown = &self.shown;
        let status = self.value(PASSWORD, "status");
        let applies = self.value(PASSWORD, "apply-to");
        let covers = applies.is_none_or(|(text, _)| text.split(' ').any(|word| word == "admin-password"));
        // A policy that is off, or for other passwords, demands nothing.
        let off = match (status, applies) {
            (Some(("enable", _)), Some((_, node))) if !covers => Some(shown.device.decided(Value::Boolean(false), node)),
            (Some(("enable", _)), _) => None,
            (Some((_, node)), _) => Some(shown.device.decided(Value::Boolean(false), node)),
            (None, _) => Some(self.defaulted(Value::Boolean(false), &POLICY_STATUS)),
        };
        let nothing = |off: Cell<'a>| if off.value().is_some() { Cell::unset(off.evidence) } else { off };
        let (words, nodes) = self.classes();
        let count = i64::try_from(words.len()).unwrap_or(0);
        let of_classes =
            |value: Value<'a>| if nodes.is_empty() { self.defaulted(value, &POLICY_CLASSES) } else { shown.by_all(value, &nodes) };
        let length = off.map_or_else(|| self.number(PASSWORD, "minimum-length", 8, &POLICY_LENGTH), nothing);
        let classes = off.map_or_else(|| of_classes(Value::Integer(count)), nothing);
        let requirements = match off {
            Some(off) if off.value().is_some() => Cell::known(shown.words(&[]), off.evidence),
            Some(off) => off,
            None => of_classes(shown.words(&words)),
        };
        let threshold = self.number(GLOBAL, "admin-lockout-threshold", 3, &LOCKOUT_THRESHOLD);
        let duration = match self.value(GLOBAL, "admin-lockout-duration") {
            Some((text, node)) => shown.device.decided(text.parse().map_or(Value::Text(text), Value::Duration), node),
            None => self.defaulted(Value::Duration(60), &LOCKOUT_DURATION),
        };
        let age = match (off, self.value(PASSWORD, "expire-status"), self.value(PASSWORD, "expire-day")) {
            (Some(off), ..) => nothing(off),
            (None, Some(("enable", _)), Some((text, node))) => {
                shown.device.decided(text.parse().map_or(Value::Text(text), |days: u64| Value::Duration(days * 86_400)), node)
            }
            (None, Some(("enable", _)), None) => self.defaulted(Value::Duration(90 * 86_400), &POLICY_DAYS),
            (None, Some((_, node)), _) => Cell::unset(shown.device.decided(Value::Boolean(false), node).evidence),
            (None, None, _) => nothing(self.defaulted(Value::Boolean(false), &POLICY_EXPIRE)),
        };
        let undocumented = shown.device.undocumented("password-policy");
        let known = |value: Value<'a>| Cell::known(value, threshold.evidence);
        let cells = [
            ("path", Cell::known(Value::Text("local"), &[])),
            ("min-length", length),
            ("classes", classes),
            ("requirements", requirements),
            ("dictionary", known(Value::Boolean(false))),
            ("history", undocumented),
            ("quality-binds-root", known(Value::Boolean(true))),
            ("lockout-threshold", threshold),
            ("lockout-duration", duration),
            ("lockout-window", undocumented),
            ("applies-to-root", known(Value::Boolean(true))),
            ("hash-scheme", self.hash_scheme()),
            ("password-max-age", age),
            ("empty-passwords", undocumented),
        ];
        shown.push(tables, &AUTHENTICATION_POLICY, "", &cells);
    }

    /// How new passwords are stored: as the administrators' own, of which any shows it.
    fn hash_scheme(&self) -> Cell<'a> {
        let device = &self.shown.device;
        let admins = self.entries("config system admin");
        let stored = |entry: &super::Entry<'a>| {
            let values = entry.values("password");
            let scheme = [("SH2", "sha256"), ("AK1", "sha1")];
            let (_, word) = scheme.into_iter().find(|(start, _)| values.values.iter().any(|text| text.starts_with(start)))?;
            Some(device.decided(Value::Word(word), *values.statements.last()?))
        };
        admins.iter().find_map(stored).unwrap_or_else(|| device.undocumented("password-policy"))
    }

    /// Adds the row of the banner. Its text is one of the replacement messages, of which the built-in one names no product.
    fn push_banner(&self, tables: &mut Tables<'a>) {
        let present = match self.value(GLOBAL, "pre-login-banner") {
            Some((text, node)) => self.shown.device.decided(Value::Boolean(text == "enable"), node),
            None => self.shown.device.undocumented("pre-login-banner"),
        };
        let messages = self.entries("config system replacemsg admin");
        let own = messages.iter().find(|entry| entry.name == "pre_admin-disclaimer-text").and_then(|entry| entry.value("buffer"));
        let mentions = match own {
            Some((text, node)) => {
                let lower = text.to_lowercase();
                let told = ["forti", "飞塔"].iter().any(|name| lower.contains(name));
                self.shown.device.decided(Value::Boolean(told), node)
            }
            None => self.shown.device.undocumented("pre_admin-disclaimer-text"),
        };
        let cells = [("scope", Cell::known(Value::Text("login"), &[])), ("present", present), ("mentions-product", mentions)];
        self.shown.push(tables, &BANNER, "", &cells);
    }
}

/// Readings of a number of days.
fn days(text: &str) -> Readings<'static> {
    let parsed: Option<u64> = text.parse().ok();
    let number = parsed.and_then(|it| i64::try_from(it).ok()).map(Value::Integer);
    Readings { number, duration: parsed.and_then(|it| it.checked_mul(86_400)).map(Value::Duration), ..Readings::default() }
}
