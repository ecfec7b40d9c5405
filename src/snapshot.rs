//! Folders, archives and mounted roots into assets whose artefacts can be read.
//!
//! An [`Asset`] is a value: products read it by path, and everything that keeps them from an artefact is a [`Lack`], not an error.
//! Links are resolved here, inside the asset; nothing outside it is ever opened.

pub mod memory;

use crate::names::{Phrase, Platform};

/// Why an artefact cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Proven not to be there.
    Absent,
    /// Nothing says whether it is there.
    NotCollected,
    /// The collector was not allowed to read it.
    Denied,
    /// Reading it took too long.
    Timeout,
    /// It is larger than what is read.
    TooBig,
    /// A link that ends nowhere.
    Dangling,
    /// More links than are followed.
    LinkLoop,
    /// A directory, device or socket where a file was expected, or the other way round.
    OtherKind,
    /// The operating system failed to read it.
    Unreadable,
    /// Its digest differs from the manifest's.
    Altered,
    /// The asset's budget is spent.
    BudgetSpent,
}

impl Lack {
    /// Kebab-case code for machines.
    pub fn code(self) -> &'static str {
        match self {
            Lack::Absent => "absent",
            Lack::NotCollected => "not-collected",
            Lack::Denied => "denied",
            Lack::Timeout => "timeout",
            Lack::TooBig => "too-big",
            Lack::Dangling => "dangling-link",
            Lack::LinkLoop => "link-loop",
            Lack::OtherKind => "other-kind",
            Lack::Unreadable => "unreadable",
            Lack::Altered => "altered",
            Lack::BudgetSpent => "budget-spent",
        }
    }

    /// The reason, with `{}` for the path.
    pub fn phrase(self) -> &'static Phrase {
        match self {
            Lack::Absent => &Phrase { zh: "{} 不存在", en: "{} does not exist" },
            Lack::NotCollected => &Phrase { zh: "未采集 {}", en: "{} was not collected" },
            Lack::Denied => &Phrase { zh: "采集时无权读取 {}", en: "reading {} was denied" },
            Lack::Timeout => &Phrase { zh: "读取 {} 超时", en: "reading {} timed out" },
            Lack::TooBig => &Phrase { zh: "{} 过大，未读取", en: "{} is too big to be read" },
            Lack::Dangling => &Phrase { zh: "{} 是悬空链接", en: "{} is a link that ends nowhere" },
            Lack::LinkLoop => &Phrase { zh: "{} 的链接层数过多", en: "{} has too many links" },
            Lack::OtherKind => &Phrase { zh: "{} 的类型不符", en: "{} is of another kind than expected" },
            Lack::Unreadable => &Phrase { zh: "无法读取 {}", en: "{} could not be read" },
            Lack::Altered => &Phrase { zh: "{} 与清单中的摘要不一致", en: "{} differs from its digest in the manifest" },
            Lack::BudgetSpent => &Phrase { zh: "读取 {} 时已超出该资产的限额", en: "the asset's budget was spent before {}" },
        }
    }
}

/// Whether all of an artefact was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All of it.
    Whole,
    /// It goes on beyond what was collected.
    Truncated,
}

/// What kind of thing is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, socket or pipe.
    Other,
}

/// What is at a path, after links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Why nothing can be said, or nothing is there; the other fields are then empty.
    pub lack: Option<Lack>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Whether the path itself is a link, and its target as stored.
    pub link: Option<String>,
    /// Permission bits on the asset, where the layout tells.
    pub mode: Option<u32>,
    /// Owner on the asset, where the layout tells.
    pub owner: Option<String>,
    /// Group on the asset, where the layout tells.
    pub group: Option<String>,
    /// Size in bytes on the asset, where the layout tells.
    pub size_bytes: Option<u64>,
}

impl Look {
    /// Nothing, and why.
    pub fn lacking(lack: Lack) -> Look {
        Look { lack: Some(lack), kind: None, link: None, mode: None, owner: None, group: None, size_bytes: None }
    }
}

/// The names in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Names, in byte order.
    pub names: Vec<String>,
    /// Whether nothing else can be there.
    pub complete: bool,
}

/// What is known of an asset besides its artefacts; from the inventory, never from the scanned tree.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// Platform, where the inventory names one.
    pub platform: Option<&'static Platform>,
    /// Vendor or distribution.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Version of the operating system.
    pub version: Option<String>,
    /// Address at which it was reached.
    pub address: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Network zone.
    pub zone: Option<String>,
    /// Who is responsible.
    pub owner: Option<String>,
    /// When it was collected.
    pub collected_at: Option<jiff::Timestamp>,
    /// What collected it.
    pub collector: Option<String>,
    /// Products that the inventory declares to be there.
    pub products: Vec<String>,
}

/// One asset as it was collected.
#[derive(Debug)]
pub struct Asset {
    /// Its id.
    pub id: String,
    /// What the inventory says of it.
    pub description: Description,
    tree: Tree,
}

/// How an asset's artefacts are kept.
#[derive(Debug)]
enum Tree {
    Memory(memory::Memory),
}

impl Asset {
    /// An asset whose artefacts are in memory.
    pub fn in_memory(id: String, description: Description, memory: memory::Memory) -> Asset {
        Asset { id, description, tree: Tree::Memory(memory) }
    }

    /// Puts the bytes of the artefact at a path into `buffer`.
    pub fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        match &self.tree {
            Tree::Memory(memory) => memory.read(path, buffer),
        }
    }

    /// The names in a directory.
    pub fn list(&self, directory: &str) -> Result<Listing, Lack> {
        match &self.tree {
            Tree::Memory(memory) => memory.list(directory),
        }
    }

    /// What is at a path.
    pub fn look(&self, path: &str) -> Look {
        match &self.tree {
            Tree::Memory(memory) => memory.look(path),
        }
    }
}
