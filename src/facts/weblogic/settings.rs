//! config.xml and documented defaults into the rows of `weblogic-settings`.

use super::super::effective::{self, Effective};
use super::super::settings::Readings;
use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::{Domain, NAME};
use crate::names::Phrase;
use crate::parse::xml::Element;
use crate::schema::weblogic::WEBLOGIC_SETTINGS;

static BY_MODE: Phrase = Phrase {
    zh: "{} 未写，默认值随安全生产模式不同",
    en: "{} is not written, and secured production mode changes its default",
};
static ELSEWHERE: Phrase =
    Phrase { zh: "{} 未写，且没有默认认证提供者", en: "{} is not written, and no default authenticator is there" };

/// The settings of a domain.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    rows: Vec<(&'static str, Effective<'a>)>,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>, domain: &Domain<'a>) -> Settings<'a> {
    let names = WEBLOGIC_SETTINGS.settings.iter().map(|setting| setting.name);
    Settings { rows: names.map(|name| (name, one(host, domain, name))).collect() }
}

/// The elements that a setting stands in.
fn elements<'d, 'a>(domain: &'d Domain<'a>, name: &str) -> Vec<&'d Element<'a>> {
    let realm = domain.realm();
    let lockout = || realm.and_then(|realm| realm.child("user-lockout-manager"));
    let of_realm = |name: &'static str| realm.map(|realm| realm.all(name).collect()).unwrap_or_default();
    match name {
        "auditors" => of_realm("auditor"),
        "password-validators" => of_realm("password-validator"),
        "lockout-duration" | "lockout-enabled" | "lockout-threshold" => lockout().and_then(|it| it.child(name)).into_iter().collect(),
        "minimum-password-length" => {
            let validators = of_realm("password-validator").into_iter().filter_map(|it: &Element<'a>| it.child("min-password-length"));
            let providers =
                of_realm("authentication-provider").into_iter().filter_map(|it: &Element<'a>| it.child("minimum-password-length"));
            validators.chain(providers).collect()
        }
        "connection-filter" | "connection-filter-rule" => domain
            .root
            .child("security-configuration")
            .map(|it| it.children.iter().filter(|child| child.name == name).collect())
            .unwrap_or_default(),
        _ => domain.root.child(name).into_iter().collect(),
    }
}

/// From this release on the console is an application, which is deployed or not: Release Notes 14.1.2, "Removed Functionality and
/// Components"; Remote Console, "Deploy Hosted WebLogic Remote Console", which names the application.
const WITHOUT_CONSOLE: [u32; 3] = [14, 1, 2];
const HOSTED_CONSOLE: &str = "weblogic-remote-console-app";

/// Whether a domain is of a release without a console of its own.
fn is_without_console(domain: &Domain<'_>) -> Option<bool> {
    domain.version().map(|version| version[..] >= WITHOUT_CONSOLE[..])
}

/// One setting.
fn one<'a>(host: &Host<'a>, domain: &Domain<'a>, name: &'static str) -> Effective<'a> {
    if name == "console-enabled"
        && is_without_console(domain) != Some(false)
        && let Some(hosted) = domain.root.all("app-deployment").find(|it| it.child("name").is_some_and(|it| it.content == HOSTED_CONSOLE))
    {
        return Effective::Known("true", host.evidence(&[Evidence::Decides(domain.source.span(hosted.text))]), false);
    }
    let found = elements(domain, name);
    let pieces: Vec<Evidence<'a>> = found.iter().take(64).map(|element| Evidence::Decides(domain.source.span(element.text))).collect();
    let evidence = host.evidence(&pieces);
    let texts: Vec<&'a str> = match name {
        "auditors" | "password-validators" => found.iter().map(|it| host.text(kind(it))).collect(),
        _ => found.iter().map(|it| it.content).collect(),
    };
    let listed = matches!(name, "auditors" | "password-validators" | "connection-filter-rule");
    match (texts.split_first(), domain.gap) {
        (Some((first, [])), _) if !listed => Effective::Known(first, evidence, false),
        // Several demand a length: the longest holds.
        (Some(_), _) if name == "minimum-password-length" => {
            let longest = texts.iter().max_by_key(|text| text.parse::<u32>().unwrap_or_default()).copied().unwrap_or_default();
            Effective::Known(longest, evidence, false)
        }
        (_, Some(why)) => Effective::Unknown(why, evidence),
        (Some(_), None) => Effective::Known(host.text(&texts.join("\n")), evidence, false),
        (None, None) => default(host, domain, name),
    }
}

/// The type of a provider: `wls:default-auditorType`.
fn kind<'e>(element: &'e Element<'_>) -> &'e str {
    let kind = element.attribute("type").map_or("", |kind| kind.value.as_ref());
    kind.rsplit(':').next().unwrap_or(kind)
}

/// Whether the realm has the provider whose passwords have a least length by default.
fn has_default_authenticator(domain: &Domain<'_>) -> bool {
    domain.realm().is_some_and(|realm| realm.all("authentication-provider").any(|it| kind(it) == "default-authenticatorType"))
}

/// Whether secured production mode may hold, which opens the administration port by default: Administration Console Online Help
/// 12.2.1.3, "Secure your production domain"; Release Notes 14.1.2, "Secured Production Mode Enabled by Default".
fn is_secured(domain: &Domain<'_>) -> bool {
    let security = domain.root.child("security-configuration");
    let mode = security.and_then(|it| it.child("secure-mode")).and_then(|it| it.child("secure-mode-enabled"));
    mode.map_or(is_without_console(domain) != Some(false), |it| it.content == "true")
}

/// The documented default of a setting that config.xml does not name.
fn default<'a>(host: &Host<'a>, domain: &Domain<'a>, name: &'static str) -> Effective<'a> {
    const ALL: &str = "WebLogic Server 12.2.1 and later";
    const DOMAIN: &str = "MBean Reference, DomainMBean";
    const LOCKOUT: &str = "RESTful Management Interface Reference 12.2.1.4 and 15.1.1, \"Modify This User Lockout Manager\"";
    static PORT: Documented =
        Documented { setting: "AdministrationPortEnabled = false", versions: "WebLogic Server 12.2.1 to 14.1.1", source: DOMAIN };
    static AUDIT: Documented = Documented { setting: "ConfigurationAuditType = none", versions: ALL, source: DOMAIN };
    static CONSOLE: Documented =
        Documented { setting: "ConsoleEnabled = true", versions: "WebLogic Server 12.2.1 to 14.1.1", source: DOMAIN };
    static NO_CONSOLE: Documented = Documented {
        setting: "no console is deployed",
        versions: "WebLogic Server 14.1.2 and later",
        source: "Release Notes 14.1.2, \"Removed Functionality and Components\"",
    };
    static MODE: Documented = Documented { setting: "ProductionModeEnabled = false", versions: ALL, source: DOMAIN };
    static DURATION: Documented = Documented { setting: "LockoutDuration = 30", versions: ALL, source: LOCKOUT };
    static ENABLED: Documented = Documented { setting: "LockoutEnabled = true", versions: ALL, source: LOCKOUT };
    static THRESHOLD: Documented = Documented { setting: "LockoutThreshold = 5", versions: ALL, source: LOCKOUT };
    static LENGTH: Documented = Documented {
        setting: "MinimumPasswordLength = 8",
        versions: ALL,
        source: "Administration Console Online Help 12.2.1, \"Password Validation Providers\"",
    };
    let known = |text: &'static str, documented: &'static Documented| {
        Effective::Known(text, host.evidence(&[Evidence::Default(documented)]), false)
    };
    let searched = host.evidence(&[Evidence::Searched(domain.source.path)]);
    match name {
        "administration-port-enabled" if is_secured(domain) => {
            Effective::Unknown(Why::new("default-by-mode", &BY_MODE, "AdministrationPortEnabled"), searched)
        }
        "administration-port-enabled" => known("false", &PORT),
        "configuration-audit-type" => known("none", &AUDIT),
        "console-enabled" => match is_without_console(domain) {
            Some(true) => known("false", &NO_CONSOLE),
            Some(false) => known("true", &CONSOLE),
            None => {
                let pieces = host.evidence(&[Evidence::Default(&CONSOLE), Evidence::Default(&NO_CONSOLE)]);
                Effective::OneOf(Why::version_not_known("WebLogic"), &["true", "false"], pieces)
            }
        },
        "production-mode-enabled" => known("false", &MODE),
        "lockout-duration" => known("30", &DURATION),
        "lockout-enabled" => known("true", &ENABLED),
        "lockout-threshold" => known("5", &THRESHOLD),
        "minimum-password-length" if has_default_authenticator(domain) => known("8", &LENGTH),
        "minimum-password-length" => Effective::Unknown(Why::new("decided-elsewhere", &ELSEWHERE, "MinimumPasswordLength"), searched),
        _ => Effective::Known("", searched, false),
    }
}

/// The typed readings of a value.
fn readings<'a>(host: &Host<'a>, name: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let number: Option<i64> = text.parse().ok();
    let minutes = number.filter(|_| name == "lockout-duration").and_then(|it| u64::try_from(it).ok());
    let duration = minutes.map(|it| if it == 0 { Value::Unlimited } else { Value::Duration(it.saturating_mul(60)) });
    let listed = matches!(name, "auditors" | "password-validators" | "connection-filter-rule");
    let items: Vec<&'a str> = text.lines().map(str::trim).filter(|item| !item.is_empty()).collect();
    let readings = Readings { number: number.map(Value::Integer), on: effective::switch(text), duration, ..Readings::default() };
    (readings, listed.then(|| host.texts(&items)))
}

impl<'a> Settings<'a> {
    /// A setting of the vocabulary.
    pub(super) fn of(&self, name: &str) -> Effective<'a> {
        self.rows.iter().find(|(known, _)| *known == name).map_or(Effective::Lacking(&[]), |(_, effective)| *effective)
    }

    /// A setting as a switch.
    pub(super) fn switch(&self, host: &Host<'a>, name: &str) -> Cell<'a> {
        self.of(name).cell(host, |text| effective::switch(text).map(Value::Boolean))
    }

    /// Pushes the rows; each name has its own, so that what was not read leaves no gap beside them.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (name, effective) in &self.rows {
            effective::push(host, (&WEBLOGIC_SETTINGS, NAME, instance), name, effective, (readings, tables));
        }
    }
}
