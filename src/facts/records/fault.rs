//! One table of a records file into whether it proves anything, and if not, what is wrong with it and where.

use super::entry::{Entry, inside};
use crate::facts::{Cell, Evidence, Host, Value, Why};
use crate::names::Phrase;
use crate::snapshot::Lack;
use crate::source::Digest;

/// What is wrong with a record.
#[derive(Clone, Copy)]
pub(super) struct Fault<'a> {
    /// A word of [`crate::schema::records::PROBLEMS`].
    pub(super) problem: &'static str,
    /// The part of the text that is wrong, or the table in which something is missing.
    pub(super) part: &'a str,
}

/// Whether a record proves anything.
pub(super) enum Standing<'a> {
    /// It does; the file that it names has the digest that it names.
    Valid,
    /// It does not.
    Faulty(Fault<'a>),
    /// The file that it names could not be read.
    Doubtful(Why<'a>),
}

/// The fields that records and incidents share.
const SHARED: [&str; 5] = ["subject", "by", "scope", "file", "sha256"];

/// Checks what every record must have; `own` are the further fields of its kind.
pub(super) fn check<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, own: &[&str]) -> Standing<'a> {
    let missing = |problem| Standing::Faulty(Fault { problem, part: entry.node.text });
    let unknown = entry.node.children().iter().find(|node| !SHARED.contains(&node.key) && !own.contains(&node.key));
    if let Some(node) = unknown {
        return Standing::Faulty(Fault { problem: "unknown-field", part: node.text });
    }
    for (field, problem) in [("subject", "no-subject"), ("by", "no-author"), ("file", "no-file"), ("sha256", "no-digest")] {
        if entry.text(field).is_none() {
            return missing(problem);
        }
    }
    let (Some((name, name_part)), Some((hex, hex_part))) = (entry.text("file"), entry.text("sha256")) else { return missing("no-file") };
    let Some(path) = inside(host, name) else { return Standing::Faulty(Fault { problem: "file-outside", part: name_part }) };
    let Some(named) = Digest::parse(hex) else { return Standing::Faulty(Fault { problem: "bad-digest", part: hex_part }) };
    match host.digest(path) {
        Ok((_, false)) => Standing::Doubtful(Why::truncated(path)),
        Ok((found, true)) if found == named => Standing::Valid,
        Ok(_) => Standing::Faulty(Fault { problem: "digest-differs", part: hex_part }),
        Err(Lack::Absent | Lack::NotCollected | Lack::Dangling | Lack::OtherKind) => {
            Standing::Faulty(Fault { problem: "file-missing", part: name_part })
        }
        Err(lack) => Standing::Doubtful(Why::lacking(path, lack)),
    }
}

/// The cells `valid`, `problem` and `place`.
pub(super) fn cells<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>, standing: &Standing<'a>) -> [Cell<'a>; 3] {
    let (valid, problem, part) = match standing {
        Standing::Valid => (Cell::known(Value::Boolean(true), proof(host, entry)), "none", entry.node.text),
        Standing::Doubtful(why) => (Cell::unknown(*why, &[]), "none", entry.node.text),
        Standing::Faulty(fault) => {
            let span = entry.source.span(fault.part);
            let evidence = host.evidence(&[Evidence::Decides(span), Evidence::Step(phrase(fault.problem), &[], Some(span))]);
            (Cell::known(Value::Boolean(false), evidence), fault.problem, fault.part)
        }
    };
    let evidence = valid.evidence;
    [valid, Cell::known(Value::Word(problem), evidence), Cell::known(Value::Text(entry.place(host, part)), evidence)]
}

/// What a valid record rests on: the digest that it names, and the file that has it.
fn proof<'a>(host: &Host<'a>, entry: &Entry<'_, 'a>) -> &'a [Evidence<'a>] {
    let (Some((_, digest)), Some((name, _))) = (entry.text("sha256"), entry.text("file")) else { return &[] };
    let path = inside(host, name).unwrap_or_default();
    host.evidence(&[Evidence::Decides(entry.source.span(digest)), Evidence::Recorded(path, "sha256")])
}

/// What a problem means, for people.
fn phrase(problem: &str) -> &'static Phrase {
    match problem {
        "bad-date" => &Phrase { zh: "不是有效日期（写作 2026-03-12）", en: "not a date that exists (written 2026-03-12)" },
        "bad-digest" => &Phrase { zh: "不是 64 位十六进制的 SHA-256", en: "not a SHA-256 of 64 hexadecimal digits" },
        "bad-times" => &Phrase {
            zh: "时刻无效、缺少时区，或先后颠倒", en: "not a moment with an offset, or before what it must follow"
        },
        "bad-value" => &Phrase { zh: "取值不在允许范围内", en: "the value is not one that is allowed" },
        "digest-differs" => {
            &Phrase { zh: "文件的 SHA-256 与记录的不同", en: "the file has another SHA-256 than the record names" }
        }
        "file-missing" => &Phrase { zh: "records/ 下没有这个文件", en: "there is no such file below records/" },
        "file-outside" => &Phrase { zh: "文件必须在 records/ 之内", en: "the file must lie below records/" },
        "no-author" => &Phrase { zh: "缺少 by：由谁负责", en: "`by` is missing: who answers for it" },
        "no-date" => &Phrase { zh: "缺少 date", en: "`date` is missing" },
        "no-digest" => &Phrase { zh: "缺少 sha256", en: "`sha256` is missing" },
        "no-file" => &Phrase { zh: "缺少 file：证明材料", en: "`file` is missing: the document that proves it" },
        "no-subject" => &Phrase { zh: "缺少 subject", en: "`subject` is missing" },
        "unknown-field" => &Phrase { zh: "没有这个字段", en: "there is no such field" },
        _ => &Phrase { zh: "没有这种记录", en: "there is no such kind of record" },
    }
}
