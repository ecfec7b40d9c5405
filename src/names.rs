//! The small shared words of the field: platforms, severities, verdicts and two-language phrases.

pub mod database;
pub mod network;
pub mod unit;

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The language that a report or message is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

/// A fixed text in both languages.
///
/// `{}` stands for the arguments that [`Phrase::fill`] puts in, in order, the same order in both languages.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// Simplified Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Phrase {
    /// The text in one language.
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// The text with each `{}` replaced by the next argument; a missing argument stays `{}`.
    pub fn fill(&self, language: Language, arguments: &[&str]) -> String {
        let text = self.text(language);
        let mut out = String::with_capacity(text.len() + arguments.iter().map(|argument| argument.len()).sum::<usize>());
        let mut arguments = arguments.iter();
        let mut pieces = text.split("{}");
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            out.push_str(arguments.next().unwrap_or(&"{}"));
            out.push_str(piece);
        }
        out
    }
}

/// A text with its accents composed (NFC of the Unicode standard, annex 15), so that texts that look the same are the same.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// A kind of system that is judged: `linux`, `cisco-ios`, `postgresql`, …
#[derive(Debug, PartialEq, Eq)]
pub struct Platform {
    /// Kebab-case name, as inventories and policies write it.
    pub name: &'static str,
    /// What reports group it under: `linux`, `net.huawei-vrp`, `db.oracle`.
    pub kind: &'static str,
}

/// Linux hosts of any distribution.
pub const LINUX: &Platform = &Platform { name: "linux", kind: "linux" };

/// The institution itself: what is kept of its duties, not of a system.
pub const INSTITUTION: &Platform = &Platform { name: "institution", kind: "institution" };

/// Every platform, sorted by name.
pub static PLATFORMS: &[&Platform] = &[
    network::ARISTA_EOS,
    network::CISCO_ASA,
    network::CISCO_IOS,
    network::CISCO_NXOS,
    database::DAMENG,
    network::FORTINET_FORTIOS,
    network::H3C_COMWARE,
    network::HILLSTONE,
    network::HUAWEI_VRP,
    INSTITUTION,
    network::JUNIPER_JUNOS,
    LINUX,
    database::MONGODB,
    database::MYSQL,
    database::OCEANBASE,
    database::ORACLE,
    network::PALOALTO_PANOS,
    database::POSTGRESQL,
    database::REDIS,
    network::RUIJIE,
    database::SQLSERVER,
];

/// The platform of that name.
pub fn platform(name: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().copied().find(|platform| platform.name == name)
}

/// How much a violation weighs, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// 低
    Low,
    /// 中
    Medium,
    /// 高
    High,
    /// 严重
    Critical,
}

impl Severity {
    /// All severities, least first.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word that policies and stored results use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// The word for a reader.
    pub fn text(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::En, _) => self.name(),
            (Language::Zh, Severity::Low) => "低",
            (Language::Zh, Severity::Medium) => "中",
            (Language::Zh, Severity::High) => "高",
            (Language::Zh, Severity::Critical) => "严重",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What was decided about one rule on one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 符合: rows were examined and none violates, or the rule says that an empty selection complies.
    Pass,
    /// 不符合: a decided violation.
    Fail,
    /// 已豁免: would be `Fail`, and a live waiver covers every finding.
    Waived,
    /// 不适用: the asset lacks the subject.
    NotApplicable,
    /// 无法判定: not decided, and why is said.
    Unknown,
}

impl Verdict {
    /// All verdicts in the order of the summary.
    pub const ALL: [Verdict; 5] = [Verdict::Pass, Verdict::Fail, Verdict::Waived, Verdict::NotApplicable, Verdict::Unknown];

    /// The word that stored results use.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Waived => "waived",
            Verdict::NotApplicable => "not-applicable",
            Verdict::Unknown => "unknown",
        }
    }

    /// The word for a reader.
    pub fn text(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::En, _) => self.name(),
            (Language::Zh, Verdict::Pass) => "符合",
            (Language::Zh, Verdict::Fail) => "不符合",
            (Language::Zh, Verdict::Waived) => "已豁免",
            (Language::Zh, Verdict::NotApplicable) => "不适用",
            (Language::Zh, Verdict::Unknown) => "无法判定",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
