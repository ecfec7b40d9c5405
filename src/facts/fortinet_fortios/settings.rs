//! Global statements into the rows of `fortios-settings`, `authentication-policy` and `banner`.

use super::Forti;
use crate::facts::device::cells::{Unwritten, number, plain, seconds, switch};
use crate::facts::settings::Readings;
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::fortinet::FORTIOS_SETTINGS;
use crate::schema::neutral::{AUTHENTICATION_POLICY, BANNER};

pub(super) static LOCKOUT_THRESHOLD: Documented = Documented {
    setting: "admin-lockout-threshold 3",
    versions: "FortiOS 5.0 and later",
    source: "FortiOS 5.0 and 5.2 Handbooks, Administrator lockout and Administrator password retries and lockout time",
};
pub(super) static LOCKOUT_DURATION: Documented = Documented {
    setting: "admin-lockout-duration 60",
    versions: "FortiOS 5.0 and later",
    source: "FortiOS 5.0 and 5.2 Handbooks, Administrator lockout and Administrator password retries and lockout time",
};
pub(super) static ADMIN_TIMEOUT: Documented = Documented {
    setting: "admintimeout 5",
    versions: "FortiOS 5.2 and later",
    source: "FortiOS 7.0 Administration Guide, Setting the idle timeout time",
};
pub(super) static SSH_GRACE_TIME: Documented = Documented {
    setting: "admin-ssh-grace-time 120",
    versions: "FortiOS 6.0 and later",
    source: "Fortinet's reference of system global (Terraform provider, fortios_system_global)",
};
static NTP_SYNC: Documented =
    Documented { setting: "ntpsync disable", versions: "FortiOS 6.4 and later", source: "FortiOS 7.0 CLI Reference, config system ntp" };
static NTP_TYPE: Documented =
    Documented { setting: "type fortiguard", versions: "FortiOS 6.4 and later", source: "FortiOS 7.0 CLI Reference, config system ntp" };
static POLICY_STATUS: Documented = Documented {
    setting: "status disable",
    versions: "FortiOS 6.4 and later",
    source: "FortiOS 6.4 CLI Reference, config system password-policy",
};
static POLICY_APPLIES: Documented = Documented {
    setting: "apply-to admin-password",
    versions: "FortiOS 6.4 and later",
    source: "FortiOS 7.4 CLI Reference, config system password-policy",
};
static POLICY_LENGTH: Documented = Documented {
    setting: "minimum-length 8",
    versions: "FortiOS 6.4 and later",
    source: "FortiOS 6.4 CLI Reference, config system password-policy",
};
static POLICY_CLASSES: Documented = Documented {
    setting: "min-lower-case-letter, min-upper-case-letter, min-number, min-non-alphanumeric 0",
    versions: "FortiOS 6.0 and later",
    source: "Fortinet's reference of system password-policy (Terraform provider, fortios_system_passwordpolicy)",
};
static POLICY_EXPIRE: Documented = Documented {
    setting: "expire-status disable",
    versions: "FortiOS 6.4 and later",
    source: "FortiOS 7.4 CLI Reference, config system password-policy",
};
static POLICY_DAYS: Documented = Documented {
    setting: "expire-day 90",
    versions: "FortiOS 6.4 and later",
    source: "FortiOS 7.4 CLI Reference, config system password-policy",
};

const GLOBAL: &str = "config system global";
const PASSWORD: &str = "config system password-policy";
const NTP: &str = "config system ntp";
const DISK: &str = "config log disk setting";

/// A row: its name, where it is written, and what holds where it is not.
type Row = (&'static str, &'static str, &'static str, Unwritten, fn(&str) -> Readings<'static>);

const ROWS: &[Row] = &[
    ("admin-https-ssl-versions", GLOBAL, "admin-https-ssl-versions", Unwritten::Undocumented, plain),
    ("admin-lockout-duration", GLOBAL, "admin-lockout-duration", Unwritten::Is("60", &LOCKOUT_DURATION), seconds),
    ("admin-lockout-threshold", GLOBAL, "admin-lockout-threshold", Unwritten::Is("3", &LOCKOUT_THRESHOLD), number),
    ("admin-ssh-grace-time", GLOBAL, "admin-ssh-grace-time", Unwritten::Is("120", &SSH_GRACE_TIME), seconds),
    ("admin-ssh-v1", GLOBAL, "admin-ssh-v1", Unwritten::Undocumented, switch),
    ("admin-telnet", GLOBAL, "admin-telnet", Unwritten::Undocumented, switch),
    ("admintimeout", GLOBAL, "admintimeout", Unwritten::Is("5", &ADMIN_TIMEOUT), crate::facts::device::cells::minutes),
    ("cli-audit-log", GLOBAL, "cli-audit-log", Unwritten::Undocumented, switch),
    ("disk-log-age", DISK, "maximum-log-age", Unwritten::Undocumented, days),
    ("disk-log-status", DISK, "status", Unwritten::Undocumented, switch),
    ("fwpolicy-implicit-log", "config log setting", "fwpolicy-implicit-log", Unwritten::Undocumented, switch),
    ("ntp-type", NTP, "type", Unwritten::Is("fortiguard", &NTP_TYPE), plain),
    ("ntpsync", NTP, "ntpsync", Unwritten::Is("disable", &NTP_SYNC), switch),
    ("password-policy-applies", PASSWORD, "apply-to", Unwritten::Is("admin-password", &POLICY_APPLIES), plain),
    ("password-policy-length", PASSWORD, "minimum-length", Unwritten::Is("8", &POLICY_LENGTH), number),
    ("password-policy-status", PASSWORD, "status", Unwritten::Is("disable", &POLICY_STATUS), switch),
    ("pre-login-banner", GLOBAL, "pre-login-banner", Unwritten::Undocumented, switch),
    ("strong-crypto", GLOBAL, "strong-crypto", Unwritten::Undocumented, switch),
];

/// Character classes, and the words of `requirements`.
const CLASSES: [(&str, &str); 4] =
    [("min-number", "digit"), ("min-lower-case-letter", "lower"), ("min-non-alphanumeric", "other"), ("min-upper-case-letter", "upper")];

impl<'a> Forti<'_, 'a> {
    /// Adds the rows of settings, the password policy and the banner.
    pub(super) fn push_settings(&self, tables: &mut Tables<'a>) {
        for (name, section, setting, unwritten, read) in ROWS {
            self.shown.setting(tables, (&FORTIOS_SETTINGS, name), self.value(section, setting), *unwritten, *read);
        }
        let (classes, nodes) = self.classes();
        let count = self.text(&classes.len().to_string());
        let written = nodes.last().map(|node| (count, *node));
        self.shown.setting(tables, (&FORTIOS_SETTINGS, "password-policy-classes"), written, Unwritten::Is("0", &POLICY_CLASSES), number);
        let (days_text, unwritten) = match (self.value(PASSWORD, "expire-status"), self.value(PASSWORD, "expire-day")) {
            (Some(("enable", _)), Some(days)) => (Some(days), Unwritten::Nothing),
            (Some(("enable", _)), None) => (None, Unwritten::Is("90", &POLICY_DAYS)),
            (Some((_, off)), _) => (Some(("0", off)), Unwritten::Nothing),
            (None, _) => (None, Unwritten::Is("0", &POLICY_EXPIRE)),
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

    /// A number that is written or a documented default.
    pub(super) fn number(&self, section: &str, setting: &str, default: i64, documented: &'static Documented) -> Cell<'a> {
        match self.value(section, setting) {
            Some((text, node)) => text.parse().map_or(self.shown.device.decided(Value::Text(text), node), |number| {
                self.shown.device.decided(Value::Integer(number), node)
            }),
            None => self.shown.defaulted(Value::Integer(default), documented),
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
            (None, _) => Some(shown.defaulted(Value::Boolean(false), &POLICY_STATUS)),
        };
        let nothing = |off: Cell<'a>| if off.value().is_some() { Cell::unset(off.evidence) } else { off };
        let (words, nodes) = self.classes();
        let count = i64::try_from(words.len()).unwrap_or(0);
        let of_classes =
            |value: Value<'a>| if nodes.is_empty() { shown.defaulted(value, &POLICY_CLASSES) } else { shown.by_all(value, &nodes) };
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
            None => shown.defaulted(Value::Duration(60), &LOCKOUT_DURATION),
        };
        let age = match (off, self.value(PASSWORD, "expire-status"), self.value(PASSWORD, "expire-day")) {
            (Some(off), ..) => nothing(off),
            (None, Some(("enable", _)), Some((text, node))) => {
                shown.device.decided(text.parse().map_or(Value::Text(text), |days: u64| Value::Duration(days * 86_400)), node)
            }
            (None, Some(("enable", _)), None) => shown.defaulted(Value::Duration(90 * 86_400), &POLICY_DAYS),
            (None, Some((_, node)), _) => Cell::unset(shown.device.decided(Value::Boolean(false), node).evidence),
            (None, None, _) => nothing(shown.defaulted(Value::Boolean(false), &POLICY_EXPIRE)),
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
