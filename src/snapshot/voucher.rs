//! `snapshot.toml` into the assets that it names, each with the digests that vouch for it.
//!
//! It lies beside the assets and never inside one: what an asset says of itself is not believed.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::own::timestamp;
use crate::error::{Message, Place, Problem, Problems};
use crate::source::Digest;
use crate::source::visible::{Whitespace, visible};

/// What vouches for one asset.
#[derive(Debug)]
pub(super) struct Voucher {
    /// Digest of its `manifest.jsonl`.
    pub manifest: Digest,
    /// Digest of its `asset.toml`.
    pub description: Digest,
}

/// One asset that a snapshot names.
#[derive(Debug)]
pub(super) struct Named {
    pub id: String,
    /// Folder or archive beside `snapshot.toml`: one name.
    pub path: String,
    pub voucher: Voucher,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    snapshot: Head,
    #[serde(default)]
    asset: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Head {
    format: Spanned<i64>,
    taken_at: Spanned<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    path: Spanned<String>,
    manifest: Spanned<String>,
    description: Spanned<String>,
}

/// Reads a `snapshot.toml`, which the user knows as `file`; all problems at once, and then no assets.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<Named>, Problems> {
    let file = File { name: file, text: text.into() };
    let document: Document = toml::from_str(text).map_err(|error| {
        let message = Message::new(format!("snapshot.toml 无法读取：{}", error.message()), format!("snapshot.toml: {}", error.message()));
        vec![file.problem("snapshot-malformed", message, error.span().unwrap_or_default())]
    })?;
    let mut problems = file.head_problems(&document.snapshot);
    let mut named = Vec::with_capacity(document.asset.len());
    for entry in &document.asset {
        match file.asset(entry) {
            Ok(asset) => named.push(asset),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(file.repeated("id", document.asset.iter().map(|entry| &entry.id)));
    problems.extend(file.repeated("path", document.asset.iter().map(|entry| &entry.path)));
    if problems.is_empty() { Ok(named) } else { Err(problems) }
}

struct File<'a> {
    name: &'a str,
    text: Arc<str>,
}

impl File<'_> {
    fn problem(&self, code: &'static str, message: Message, span: Range<usize>) -> Problem {
        Problem::new(code, message)
            .at(Place { file: self.name.to_owned(), text: Arc::clone(&self.text), start: span.start, end: span.end })
            .help(
                "snapshot.toml 由 jixian collect 写出；请重新采集，或从备份恢复",
                "`jixian collect` writes snapshot.toml: collect again, or restore it",
            )
    }

    fn head_problems(&self, head: &Head) -> Problems {
        let mut problems = Vec::new();
        if *head.format.get_ref() != 1 {
            let message = Message::new("快照格式版本未知，本版本只认 1", "the snapshot's format is unknown: this version reads format 1");
            problems.push(self.problem("snapshot-format", message, head.format.span()));
        }
        if timestamp(head.taken_at.get_ref()).is_none() {
            let message = Message::new("taken-at 须为 RFC 3339 时刻", "taken-at must be an RFC 3339 instant");
            problems.push(self.problem("snapshot-malformed", message, head.taken_at.span()));
        }
        problems
    }

    fn asset(&self, entry: &Entry) -> Result<Named, Problems> {
        let mut problems = Vec::new();
        let id = entry.id.get_ref();
        if id.is_empty() || visible(id, Whitespace::Shown) != *id {
            let message = Message::new("资产 id 不得为空或含控制字符", "an asset's id must not be empty or hold control characters");
            problems.push(self.problem("snapshot-malformed", message, entry.id.span()));
        }
        let path = entry.path.get_ref();
        if matches!(&**path, "" | "." | "..") || path.contains(['/', '\0']) {
            let message = Message::new("path 须为 snapshot.toml 旁的一个名称", "path must be one name beside snapshot.toml");
            problems.push(self.problem("snapshot-malformed", message, entry.path.span()));
        }
        let manifest = self.digest(&entry.manifest, &mut problems);
        let description = self.digest(&entry.description, &mut problems);
        match (manifest, description) {
            (Some(manifest), Some(description)) if problems.is_empty() => {
                Ok(Named { id: id.clone(), path: path.clone(), voucher: Voucher { manifest, description } })
            }
            _ => Err(problems),
        }
    }

    fn digest(&self, written: &Spanned<String>, problems: &mut Problems) -> Option<Digest> {
        let digest = written.get_ref().strip_prefix("sha256:").and_then(Digest::parse);
        if digest.is_none() {
            let message = Message::new("摘要须写作 sha256: 加 64 位十六进制", "a digest is written `sha256:` and 64 hexadecimal digits");
            problems.push(self.problem("snapshot-malformed", message, written.span()));
        }
        digest
    }

    /// Values that an earlier asset has already.
    fn repeated<'e>(&self, key: &str, values: impl Iterator<Item = &'e Spanned<String>>) -> Problems {
        let mut first = HashMap::new();
        let mut problems = Vec::new();
        for value in values {
            if first.insert(value.get_ref(), ()).is_some() {
                let message = Message::new(format!("{key} 重复"), format!("this {key} is there twice"));
                problems.push(self.problem("duplicate-asset", message, value.span()));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[snapshot]\nformat = 1\ntaken-at = \"2026-11-22T08:00:00Z\"\n";

    fn asset(id: &str, path: &str, digest: &str) -> String {
        format!("[[asset]]\nid = \"{id}\"\npath = \"{path}\"\nmanifest = \"{digest}\"\ndescription = \"{digest}\"\n")
    }

    /// Line, column and message of each problem.
    fn problems(text: &str) -> Vec<String> {
        let problems = parse("snapshot.toml", text).expect_err("it is wrong");
        let shown = problems.iter().map(|problem| {
            let (line, column) = problem.place.as_ref().expect("it has a place").line_column();
            format!("{line}:{column} {}", problem.message.en)
        });
        shown.collect()
    }

    #[test]
    fn all_problems_are_found_at_once() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let good = format!("{HEAD}{}", asset("web01", "web01", &digest));
        assert_eq!(parse("snapshot.toml", &good).expect("it is right")[0].id, "web01");
        let wrong = format!("{}{}{}", HEAD.replace('1', "2"), asset("a\\u001b", "../b", "md5:1"), asset("c", "d", &digest).repeat(2));
        assert_eq!(
            problems(&wrong),
            [
                "2:10 the snapshot's format is unknown: this version reads format 1",
                "3:12 taken-at must be an RFC 3339 instant",
                "5:6 an asset's id must not be empty or hold control characters",
                "6:8 path must be one name beside snapshot.toml",
                "7:12 a digest is written `sha256:` and 64 hexadecimal digits",
                "8:15 a digest is written `sha256:` and 64 hexadecimal digits",
                "15:6 this id is there twice",
                "16:8 this path is there twice",
            ]
        );
    }

    #[test]
    fn a_key_that_is_not_known_stops_it() {
        assert_eq!(problems(&format!("{HEAD}trusted = true\n"))[0].split(' ').next(), Some("4:1"));
        assert_eq!(problems("[snapshot\n").len(), 1);
    }
}
