//! `manifest.jsonl` into what is proven of an asset: one line per artefact, believed only where a `snapshot.toml` vouches for it.
//!
//! ```json
//! {"path":"etc/ssh/sshd_config","kind":"file","status":"ok","sha256":"…","size":3281,"mode":"0600","owner":"root","group":"root"}
//! {"path":"etc/pam.d/system-auth","kind":"link","status":"ok","target":"/etc/authselect/system-auth"}
//! {"path":"commands/sshd-T","kind":"command","status":"ok","sha256":"…","size":5120,"exit":0}
//! {"path":"etc/sudoers.d","kind":"directory","status":"ok"}
//! {"path":"etc/crypttab","kind":"file","status":"absent"}
//! {"path":"etc/sudoers.d/README","kind":"file","status":"listed","mode":"0440","owner":"0","group":"0"}
//! {"path":"run/docker.sock","kind":"other","status":"ok","mode":"0660","owner":"0","group":"998"}
//! ```
//!
//! `sha256` is of the bytes that are kept, `size` is the size on the asset. A directory with status `ok` holds nothing but what the
//! manifest names; `absent` proves the path and everything below it absent; `listed` is there and its content was not asked for;
//! `no-program` is a command that is not installed; `other` is a device, socket or pipe.

use serde::{Deserialize, Serialize};

use super::memory::{COMMANDS, Memory, Node, Ownership};
use super::{Completeness, Kind, Lack};
use crate::error::Message;
use crate::source::Digest;

/// The most lines of one manifest.
pub const LINES_MOST: usize = 200_000;

/// The most bytes of one path.
pub const PATH_BYTES_MOST: usize = 4096;

/// A manifest as it was read.
#[derive(Debug)]
pub(super) struct Manifest {
    /// What it says of each path.
    pub nodes: Memory,
    /// Whether everything that was to be collected was: every status is `ok` or `absent`.
    pub complete: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Path inside the asset, without a leading slash.
    pub path: String,
    /// What is there.
    pub kind: Sort,
    /// What was got of it.
    pub status: Status,
    /// Digest of the bytes that are kept, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Size on the asset in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Permission bits in octal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Owner: a name or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Group: a name or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Target of a link, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Exit status of a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
}

impl Line {
    /// A line that says no more than this.
    pub fn new(path: &str, kind: Sort, status: Status) -> Line {
        let path = path.to_owned();
        Line { path, kind, status, sha256: None, size: None, mode: None, owner: None, group: None, target: None, exit: None }
    }
}

/// What kind of thing a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A link.
    Link,
    /// The output of a command.
    Command,
    /// A device, socket or pipe.
    Other,
}

/// What was got of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All of it.
    Ok,
    /// It is proven not to be there.
    Absent,
    /// It may not be read.
    Denied,
    /// The beginning of it.
    Truncated,
    /// It took too long.
    Timeout,
    /// It is too big.
    TooBig,
    /// Nothing, although it was to be read.
    NotCollected,
    /// It is there, and its content was not asked for.
    Listed,
    /// The program that would have told is not installed.
    NoProgram,
}

impl Status {
    /// Whether nothing was missed that a collection could have got.
    pub fn is_as_expected(self) -> bool {
        matches!(self, Status::Ok | Status::Absent | Status::Listed | Status::NoProgram)
    }
}

/// What is wrong with a line, in both languages.
type Wrong = (&'static str, &'static str);

/// Reads a manifest; the first line that is wrong makes all of it wrong.
pub(super) fn parse(bytes: &[u8]) -> Result<Manifest, Message> {
    let mut manifest = Manifest { nodes: Memory::of_manifest(), complete: true };
    for (index, line) in lines(bytes)?.into_iter().enumerate() {
        add(&mut manifest, line).map_err(|(zh, en)| at(index + 1, zh, en))?;
    }
    match manifest.nodes.contradictions().first() {
        None => Ok(manifest),
        Some((above, below)) => Err(Message::new(
            format!("manifest.jsonl 自相矛盾：{above} 不可能含有 {below}"),
            format!("manifest.jsonl contradicts itself: {above} cannot hold {below}"),
        )),
    }
}

/// The lines of a manifest, which are not checked against each other.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, Message> {
    let text = std::str::from_utf8(bytes).map_err(|_| Message::new("manifest.jsonl 不是 UTF-8", "manifest.jsonl is not UTF-8"))?;
    let mut lines = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if index >= LINES_MOST {
            return Err(at(index + 1, "行数过多", "too many lines"));
        }
        let line = serde_json::from_str(text).map_err(|error| at(index + 1, &error.to_string(), &error.to_string()))?;
        lines.push(line);
    }
    Ok(lines)
}

fn at(line: usize, zh: &str, en: &str) -> Message {
    Message::new(format!("manifest.jsonl 第 {line} 行：{zh}"), format!("manifest.jsonl, line {line}: {en}"))
}

/// Takes in one line.
fn add(manifest: &mut Manifest, line: Line) -> Result<(), Wrong> {
    manifest.complete &= line.status.is_as_expected();
    let is_root = line.path.is_empty() && line.kind == Sort::Directory;
    if !is_root {
        check_path(&line)?;
    }
    let node = node(&line)?;
    if is_root {
        manifest.nodes.whole_root = line.status == Status::Ok;
    }
    let ownership = ownership(&line)?;
    if manifest.nodes.insert(&line.path, node, ownership) { Ok(()) } else { Err(("路径重复", "the path is there twice")) }
}

fn check_path(line: &Line) -> Result<(), Wrong> {
    let path = &line.path;
    if path.len() > PATH_BYTES_MOST {
        return Err(("路径过长", "the path is too long"));
    }
    if path.contains('\0') || path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err(("路径须为不含空段、.、.. 的相对路径", "the path must be relative, without empty names, `.` or `..`"));
    }
    let command = path.strip_prefix(COMMANDS);
    match (line.kind, command) {
        (Sort::Command, Some(name)) if !name.contains('/') => Ok(()),
        (Sort::Command, _) => Err(("命令的路径须为 commands/<名称>", "the path of a command must be `commands/<name>`")),
        (_, Some(_)) => Err(("commands/ 下只能是命令", "only commands may be below `commands/`")),
        (_, None) if path == "commands" => Err(("commands/ 下只能是命令", "only commands may be below `commands/`")),
        (_, None) => Ok(()),
    }
}

/// What a line says of its path.
fn node(line: &Line) -> Result<Node, Wrong> {
    let lack = match line.status {
        Status::Ok | Status::Truncated => None,
        // More may be in a directory whose names were not asked for.
        Status::Listed if line.kind == Sort::Directory => return Ok(Node::Directory { complete: false }),
        Status::Listed => Some(Lack::NotCollected),
        Status::Absent => Some(Lack::Absent),
        Status::Denied => Some(Lack::Denied),
        Status::Timeout => Some(Lack::Timeout),
        Status::TooBig => Some(Lack::TooBig),
        Status::NotCollected | Status::NoProgram => Some(Lack::NotCollected),
    };
    if let Some(lack) = lack {
        return Ok(Node::Lacking(lack));
    }
    match line.kind {
        Sort::Directory => Ok(Node::Directory { complete: line.status == Status::Ok }),
        Sort::Other => Ok(Node::Lacking(Lack::OtherKind)),
        Sort::Link => match &line.target {
            Some(target) if !target.is_empty() && target.len() <= PATH_BYTES_MOST => Ok(Node::Link(target.clone())),
            _ => Err(("链接缺少目标", "a link needs its target")),
        },
        Sort::File | Sort::Command => {
            let digest = line.sha256.as_deref().and_then(Digest::parse).ok_or(("缺少有效的 sha256", "a valid sha256 is missing"))?;
            let completeness = if line.status == Status::Ok { Completeness::Whole } else { Completeness::Truncated };
            Ok(Node::Stored { digest, completeness })
        }
    }
}

fn ownership(line: &Line) -> Result<Ownership, Wrong> {
    let mode = match &line.mode {
        None => None,
        Some(digits) => match u32::from_str_radix(digits, 8) {
            Ok(mode) if mode <= 0o7777 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(mode),
            _ => return Err(("mode 须为八进制权限位", "mode must be octal permission bits")),
        },
    };
    let kind = match line.kind {
        Sort::File | Sort::Command => Some(Kind::File),
        Sort::Directory => Some(Kind::Directory),
        Sort::Other => Some(Kind::Other),
        Sort::Link => None,
    };
    let (owner, group) = (line.owner.clone(), line.group.clone());
    Ok(Ownership { kind, mode, owner, group, size_bytes: line.size, exit_status: line.exit })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn refused(text: &str, reason: &str) {
        assert_eq!(parse(text.replace('#', DIGEST).as_bytes()).expect_err("the manifest is wrong").en, format!("manifest.jsonl{reason}"));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let good = "{\"path\":\"a\",\"kind\":\"file\",\"status\":\"ok\",\"sha256\":\"#\"}\n";
        assert!(parse(good.replace('#', DIGEST).as_bytes()).is_ok());
        let path = ", line 1: the path must be relative, without empty names, `.` or `..`";
        refused("{\"path\":\"../a\",\"kind\":\"file\",\"status\":\"absent\"}", path);
        refused("{\"path\":\"/a\",\"kind\":\"file\",\"status\":\"absent\"}", path);
        refused("{\"path\":\"\",\"kind\":\"file\",\"status\":\"absent\"}", path);
        refused(&good.repeat(2), ", line 2: the path is there twice");
        refused("{\"path\":\"a\",\"kind\":\"file\",\"status\":\"ok\"}", ", line 1: a valid sha256 is missing");
        refused("{\"path\":\"a\",\"kind\":\"link\",\"status\":\"ok\"}", ", line 1: a link needs its target");
        refused("{\"path\":\"a\",\"kind\":\"command\",\"status\":\"absent\"}", ", line 1: the path of a command must be `commands/<name>`");
        refused("{\"path\":\"commands/a\",\"kind\":\"file\",\"status\":\"absent\"}", ", line 1: only commands may be below `commands/`");
        refused("{\"path\":\"commands\",\"kind\":\"directory\",\"status\":\"ok\"}", ", line 1: only commands may be below `commands/`");
        refused("{\"path\":\"a\",\"kind\":\"file\",\"status\":\"absent\",\"mode\":\"9\"}", ", line 1: mode must be octal permission bits");
        let below = "{\"path\":\"a/b\",\"kind\":\"file\",\"status\":\"denied\"}\n";
        refused(&format!("{good}{below}"), " contradicts itself: a cannot hold a/b");
        refused(
            &format!("{{\"path\":\"a\",\"kind\":\"directory\",\"status\":\"absent\"}}\n{below}"),
            " contradicts itself: a cannot hold a/b",
        );
    }

    #[test]
    fn nothing_unknown_is_passed_over() {
        let wrong = |text: &str| parse(text.as_bytes()).is_err();
        assert!(wrong("{\"path\":\"a\",\"kind\":\"file\",\"status\":\"absent\",\"note\":1}"));
        assert!(wrong("{\"path\":\"a\",\"kind\":\"file\",\"status\":\"fine\"}"));
        assert!(wrong("{\"path\":\"a\",\"path\":\"b\",\"kind\":\"file\",\"status\":\"absent\"}"));
        assert!(wrong("not json"));
        assert!(wrong("\n"));
    }
}
