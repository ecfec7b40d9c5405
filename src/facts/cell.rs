//! One typed statement about an asset: a value, or that there is none, or that it is not known and why, with its evidence.

use std::fmt;

use ipnet::IpNet;
use jiff::civil::Date;

use crate::names::{Language, Phrase, unit};
use crate::snapshot::Lack;
use crate::source::Span;

/// A typed value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A word of the column's vocabulary.
    Word(&'static str),
    /// A switch.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Bytes.
    Size(u64),
    /// Seconds.
    Duration(u64),
    /// Permission bits of a file, with set-id and sticky bits.
    Mode(u32),
    /// A calendar date.
    Date(Date),
    /// A version.
    Version(&'a str),
    /// A block of addresses.
    Network(IpNet),
    /// Above every integer, size and duration.
    Unlimited,
    /// After every date.
    Never,
    /// A list; order and duplicates do not matter.
    List(&'a [Value<'a>]),
    /// In a list only: an element that is there and not known.
    Opaque(&'a str),
}

/// A default that a product documents.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Documented {
    /// The setting in the product's own spelling, and its value: `PermitRootLogin prohibit-password`.
    pub setting: &'static str,
    /// Product and versions for which it holds: `OpenSSH 7.0 and later`.
    pub versions: &'static str,
    /// Where it is documented: `sshd_config(5)`.
    pub source: &'static str,
}

/// One piece of what a cell rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence<'a> {
    /// The text that decides the value.
    Decides(Span),
    /// A documented default decides, because nothing is set.
    Default(&'static Documented),
    /// It was looked for in this artefact and is not there.
    Searched(&'a str),
    /// What the snapshot records of the artefact at this path: kind, mode, owner, group.
    Recorded(&'a str, &'a str),
    /// An artefact that is not there, or could not be read.
    Lacks(&'a str, Lack),
    /// A text that lost to an earlier or later one.
    Shadowed(Span),
    /// The block that limits the value.
    Scope(Span),
    /// The list, group or file that the value points to.
    Reference(Span),
    /// One step of a computation: a phrase and the texts that fill it, and the text that it is about.
    Step(&'static Phrase, &'a [&'a str], Option<Span>),
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Why<'a> {
    /// The reason, with `{}` for [`Why::subject`].
    pub phrase: &'static Phrase,
    /// What it is about: a path, a keyword, a version.
    pub subject: &'a str,
    /// Kebab-case code for machines: `not-collected`, `denied`, `truncated`, `not-understood`, `version-not-known`, …
    pub code: &'static str,
}

static NOT_COLLECTED: Phrase = Phrase { zh: "未采集 {}", en: "{} was not collected" };
static DECLARED: Phrase = Phrase {
    zh: "清单声明有 {}，但没有采集到它的任何文件",
    en: "the inventory declares {}, but nothing of it was collected",
};
static NOT_UNDERSTOOD: Phrase = Phrase { zh: "未能理解：{}", en: "not understood: {}" };
static TRUNCATED: Phrase =
    Phrase { zh: "{} 未采集完整，所缺部分未知", en: "{} was collected in part: what is in the rest is not known" };
static VERSION: Phrase =
    Phrase { zh: "{} 的版本未知，而默认值随版本不同", en: "the version of {} is not known, and the default depends on it" };
static BUDGET: Phrase = Phrase { zh: "展开 {} 超出限额", en: "expanding {} went beyond the budget" };

impl<'a> Why<'a> {
    /// A reason of its own.
    pub fn new(code: &'static str, phrase: &'static Phrase, subject: &'a str) -> Why<'a> {
        Why { phrase, subject, code }
    }

    /// Nothing was collected at this path.
    pub fn not_collected(path: &'a str) -> Why<'a> {
        Why::new("not-collected", &NOT_COLLECTED, path)
    }

    /// The artefact at this path could not be read.
    pub fn lacking(path: &'a str, lack: Lack) -> Why<'a> {
        Why::new(lack.code(), lack.phrase(), path)
    }

    /// Only a part of the artefact at this path was collected.
    pub fn truncated(path: &'a str) -> Why<'a> {
        Why::new("truncated", &TRUNCATED, path)
    }

    /// The inventory declares a product of which nothing was seen.
    pub fn declared_not_seen(product: &'a str) -> Why<'a> {
        Why::new("declared-not-seen", &DECLARED, product)
    }

    /// A text that could not be interpreted.
    pub fn not_understood(text: &'a str) -> Why<'a> {
        Why::new("not-understood", &NOT_UNDERSTOOD, text)
    }

    /// A default depends on a version that is not shown.
    pub fn version_not_known(product: &'a str) -> Why<'a> {
        Why::new("version-not-known", &VERSION, product)
    }

    /// An expansion went beyond the asset's budget.
    pub fn budget_spent(what: &'a str) -> Why<'a> {
        Why::new("budget-spent", &BUDGET, what)
    }

    /// The reason in words.
    pub fn text(&self, language: Language) -> String {
        self.phrase.fill(language, &[self.subject])
    }
}

/// What is known of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State<'a> {
    /// A value.
    Known(Value<'a>),
    /// The product has no such setting or no default for it.
    Unset,
    /// Not known, and why; perhaps one of a few values.
    Unknown(Why<'a>, &'a [Value<'a>]),
}

/// One typed statement and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell<'a> {
    /// What is known.
    pub state: State<'a>,
    /// What it rests on, the deciding piece first.
    pub evidence: &'a [Evidence<'a>],
}

impl<'a> Cell<'a> {
    /// Unset, because the product has no such concept.
    pub const NONE: Cell<'static> = Cell { state: State::Unset, evidence: &[] };

    /// A value and what it rests on.
    pub fn known(value: Value<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        Cell { state: State::Known(value), evidence }
    }

    /// No value, and where it was looked for.
    pub fn unset(evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        Cell { state: State::Unset, evidence }
    }

    /// Not known.
    pub fn unknown(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        Cell { state: State::Unknown(why, &[]), evidence }
    }

    /// Not known, but one of these.
    pub fn one_of(why: Why<'a>, candidates: &'a [Value<'a>], evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        Cell { state: State::Unknown(why, candidates), evidence }
    }

    /// The value, if it is known.
    pub fn value(&self) -> Option<Value<'a>> {
        match self.state {
            State::Known(value) => Some(value),
            State::Unset | State::Unknown(..) => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    /// The value as policies write it: `90d`, `64MiB`, `0640`, `any`, lists with commas.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) | Value::Version(text) => out.write_str(text),
            Value::Opaque(text) => write!(out, "?({text})"),
            Value::Word(word) => out.write_str(word),
            Value::Boolean(on) => write!(out, "{on}"),
            Value::Integer(number) => write!(out, "{number}"),
            Value::Size(bytes) => out.write_str(&unit::written(*bytes, unit::SIZE)),
            Value::Duration(seconds) => out.write_str(&unit::written(*seconds, unit::DURATION)),
            Value::Mode(bits) => write!(out, "{bits:04o}"),
            Value::Date(date) => write!(out, "{date}"),
            Value::Network(block) => write!(out, "{block}"),
            Value::Unlimited => out.write_str("unlimited"),
            Value::Never => out.write_str("never"),
            Value::List(items) => {
                out.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(out, "{comma}{item}")?;
                }
                out.write_str("]")
            }
        }
    }
}
