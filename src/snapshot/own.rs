//! An asset in Jixian's own layout into artefacts: the manifest says what is there, and every byte is checked against it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::memory::{Memory, Node};
use super::voucher::Voucher;
use super::{Completeness, Description, Lack, Listing, Look, Tree, manifest};
use crate::error::Message;
use crate::names;
use crate::source::Digest;

/// An asset whose manifest is vouched for.
#[derive(Debug)]
pub(super) struct Own {
    /// What the manifest says.
    nodes: Memory,
    /// Where the bytes are: `root/<path>` and `commands/<name>`.
    content: Box<Tree>,
}

/// An asset in its own layout, and what is known of it.
#[derive(Debug)]
pub(super) struct Opened {
    pub own: Own,
    pub description: Description,
    /// The platform that the description names, whether or not it is known here.
    pub platform_name: Option<String>,
    /// Whether everything that was to be collected was.
    pub complete: bool,
    /// Why nothing of it was collected.
    pub failure: Option<Message>,
}

/// `asset.toml`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Stated {
    id: String,
    platform: Option<String>,
    vendor: Option<String>,
    version: Option<String>,
    model: Option<String>,
    address: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    zone: Option<String>,
    owner: Option<String>,
    collected_at: Option<toml::Value>,
    collector: Option<String>,
    #[serde(default)]
    products: Vec<String>,
    failure: Option<Failed>,
    /// How it was collected: run, engine, digest of the script, … Shown, never judged.
    #[serde(default)]
    collection: BTreeMap<String, String>,
}

/// Why nothing of an asset was collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// Code of the stage at which it stopped: `connect`, `authenticate`, `frame`, …
    pub stage: String,
    /// What happened, in Chinese.
    pub zh: String,
    /// What happened, in English.
    pub en: String,
}

/// The text of an `asset.toml`.
pub(super) fn stated(id: &str, description: &Description, failure: Option<&Failed>, collection: &BTreeMap<String, String>) -> String {
    let stated = Stated {
        id: id.to_owned(),
        platform: description.platform.map(|platform| platform.name.to_owned()),
        vendor: description.vendor.clone(),
        version: description.version.clone(),
        model: description.model.clone(),
        address: description.address.clone(),
        tags: description.tags.clone(),
        zone: description.zone.clone(),
        owner: description.owner.clone(),
        collected_at: description.collected_at.map(|at| toml::Value::String(at.to_string())),
        collector: description.collector.clone(),
        products: description.products.clone(),
        failure: failure.cloned(),
        collection: collection.clone(),
    };
    toml::to_string(&stated).expect("texts, lists and tables of texts are TOML")
}

/// Opens an asset of which `content` is the folder or archive; why it cannot be believed otherwise.
pub(super) fn open(content: Tree, id: &str, voucher: &Voucher) -> Result<Opened, (Lack, Message)> {
    let description = vouched(&content, "asset.toml", voucher.description)?;
    let manifest = vouched(&content, "manifest.jsonl", voucher.manifest)?;
    let unreadable = |why| (Lack::Unreadable, why);
    let Described { description, platform_name, failure } = describe(&description, id).map_err(unreadable)?;
    let manifest::Manifest { nodes, complete } = manifest::parse(&manifest).map_err(unreadable)?;
    Ok(Opened { own: Own { nodes, content: Box::new(content) }, description, platform_name, complete, failure })
}

/// The bytes of a file that `snapshot.toml` vouches for.
fn vouched(content: &Tree, name: &'static str, digest: Digest) -> Result<Vec<u8>, (Lack, Message)> {
    let mut bytes = Vec::new();
    match content.read(name, &mut bytes) {
        Ok(Completeness::Whole) => {}
        Ok(Completeness::Truncated) => return Err((Lack::Unreadable, truncated(name))),
        Err(lack) => return Err((lack, super::said(lack.phrase(), &[name]))),
    }
    if Digest::of(&bytes) == digest {
        return Ok(bytes);
    }
    let zh = format!("{name} 与 snapshot.toml 中的摘要不一致：已被改动，或快照未写完；请重新采集");
    let en = format!("{name} differs from its digest in snapshot.toml: it was altered, or the snapshot is unfinished; collect it again");
    Err((Lack::Altered, Message::new(zh, en)))
}

fn truncated(name: &str) -> Message {
    Message::new(format!("{name} 不完整"), format!("{name} is incomplete"))
}

/// What `asset.toml` states.
struct Described {
    description: Description,
    platform_name: Option<String>,
    failure: Option<Message>,
}

/// Reads `asset.toml`.
fn describe(bytes: &[u8], id: &str) -> Result<Described, Message> {
    let wrong = |zh: &str, en: &str| Message::new(format!("asset.toml：{zh}"), format!("asset.toml: {en}"));
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("不是 UTF-8", "not UTF-8"))?;
    let stated: Stated = toml::from_str(text).map_err(|error| wrong(error.message(), error.message()))?;
    if stated.id != id {
        return Err(wrong("id 与 snapshot.toml 不同", "id differs from snapshot.toml"));
    }
    let collected_at = match &stated.collected_at {
        None => None,
        Some(value) => {
            Some(timestamp(value).ok_or_else(|| wrong("collected-at 须为 RFC 3339 时刻", "collected-at must be an RFC 3339 instant"))?)
        }
    };
    let description = Description {
        platform: stated.platform.as_deref().and_then(names::platform),
        vendor: stated.vendor,
        model: stated.model,
        version: stated.version,
        address: stated.address,
        tags: stated.tags,
        zone: stated.zone,
        owner: stated.owner,
        collected_at,
        collector: stated.collector,
        products: stated.products,
    };
    Ok(Described { description, platform_name: stated.platform, failure: stated.failure.map(told) })
}

/// Why nothing of an asset was collected, as its `asset.toml` says.
pub(super) fn failure(bytes: &[u8]) -> Option<Message> {
    let stated: Stated = toml::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
    stated.failure.map(told)
}

/// A failure with its stage.
fn told(failed: Failed) -> Message {
    let Failed { stage, zh, en } = failed;
    Message::new(format!("采集失败（{stage}）：{zh}"), format!("collection failed at {stage}: {en}"))
}

/// An instant that is written as text or as TOML's own date-time with an offset.
pub(super) fn timestamp(value: &toml::Value) -> Option<jiff::Timestamp> {
    match value {
        toml::Value::String(text) => text.parse().ok(),
        toml::Value::Datetime(instant) => instant.to_string().parse().ok(),
        _ => None,
    }
}

impl Own {
    /// Appends the bytes of an artefact, checked against the manifest.
    pub(super) fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        let (real, node) = self.nodes.at(path)?;
        let (digest, completeness) = match node {
            Node::Stored { digest, completeness } => (digest, completeness),
            Node::Lacking(lack) => return Err(*lack),
            Node::Directory { .. } | Node::Link(_) | Node::File(_) | Node::Truncated(_) => return Err(Lack::OtherKind),
        };
        let kept_at = if real.starts_with(super::memory::COMMANDS) { real } else { format!("root/{real}") };
        let start = buffer.len();
        match self.content.read(&kept_at, buffer) {
            Ok(Completeness::Whole) if Digest::of(&buffer[start..]) == *digest => return Ok(*completeness),
            // The manifest says that it is there: taking it away is altering it.
            Ok(_) | Err(Lack::Absent | Lack::NotCollected | Lack::Dangling) => {}
            Err(lack) => return Err(lack),
        }
        buffer.truncate(start);
        Err(Lack::Altered)
    }

    /// The names in a directory.
    pub(super) fn list(&self, directory: &str) -> Result<Listing, Lack> {
        self.nodes.list(directory)
    }

    /// The target of the link at a path, as the manifest says.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        self.nodes.link(path)
    }

    /// What is at a path: what the manifest says, which is not checked against the copy.
    pub(super) fn look(&self, path: &str) -> Look {
        self.nodes.look(path)
    }
}
