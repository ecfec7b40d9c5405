//! Folders, archives and mounted roots into assets whose artefacts can be read.
//!
//! An [`Asset`] is a value: products read it by path, and everything that keeps them from an artefact is a [`Lack`], not an error.
//! Links are resolved here, inside the asset; nothing outside it is ever opened.

mod archive;
mod decoded;
mod device;
mod directory;
pub mod filename;
pub mod find;
mod folder;
mod likely;
pub mod manifest;
pub mod memory;
mod missing;
mod open;
pub mod own;
mod paths;
pub mod reading;
mod resolve;
pub mod store;
mod tar_entries;
mod tree;
pub mod verify;
mod voucher;
mod zipped;

use crate::error::Message;
use crate::names::{Language, Phrase, Platform};
use crate::source::Digest;
use tree::Tree;

/// The most bytes of one line; a file with a longer one is not read. Files that are not longer as a whole are not searched.
pub const LINE_BYTES_MOST: usize = 1 << 20;

/// Why an artefact cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Several entries claim the path, or one that cannot hold it: no way to tell what was there.
    Ambiguous,
    /// An archive's entry that is not taken: it lies outside, or is of a kind that is not read.
    Refused,
    /// It has a line longer than what is read.
    LongLine,
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
            Lack::Ambiguous => "ambiguous",
            Lack::Refused => "refused",
            Lack::LongLine => "long-line",
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
            Lack::Ambiguous => &Phrase { zh: "归档中 {} 有互相矛盾的条目", en: "the archive has contradictory entries for {}" },
            Lack::Refused => {
                &Phrase { zh: "归档中 {} 的条目不安全，未采用", en: "the archive's entry {} is unsafe and was not taken" }
            }
            Lack::LongLine => &Phrase { zh: "{} 含有过长的行，未读取", en: "{} has a line that is too long to be read" },
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
    /// Why nothing can be said, or nothing is there; of the other fields only the link is then set, where the path itself is one.
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
    /// Exit status of the command whose output it is, where the layout tells.
    pub exit_status: Option<i32>,
}

impl Look {
    /// Nothing, and why.
    pub fn lacking(lack: Lack) -> Look {
        Look { lack: Some(lack), kind: None, link: None, mode: None, owner: None, group: None, size_bytes: None, exit_status: None }
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

/// In which form an asset's artefacts were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Jixian's own layout, vouched for by its `snapshot.toml`.
    Snapshot,
    /// A folder tree as `scp`, `rsync` or Ansible leave it.
    Tree,
    /// A tar archive of such a tree.
    Archive,
    /// A whole root, mounted.
    Root,
    /// Single files.
    File,
    /// Artefacts that were never on disk: cases and tests.
    Memory,
}

impl Layout {
    /// The word that results use.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Snapshot => "snapshot",
            Layout::Tree => "tree",
            Layout::Archive => "archive",
            Layout::Root => "root",
            Layout::File => "file",
            Layout::Memory => "memory",
        }
    }
}

/// One asset as it was collected.
#[derive(Debug)]
pub struct Asset {
    /// Its id: no control or bidirectional characters.
    pub id: String,
    /// What the inventory says of it.
    pub description: Description,
    /// The form in which it was given.
    pub layout: Layout,
    /// What decided the platform, or why it is not known.
    pub platform_because: Message,
    /// Why the asset as a whole cannot be judged: every artefact of it lacks.
    pub failure: Option<Message>,
    /// Whether everything that was to be collected was, where the layout tells.
    pub complete: Option<bool>,
    /// What was given and not taken, and why: unsafe entries of an archive. At most [`ISSUES_MOST`].
    pub issues: Vec<Message>,
    tree: Tree,
}

/// The most things not taken that one asset lists.
pub const ISSUES_MOST: usize = 20;

impl Asset {
    /// An asset whose artefacts are in memory.
    pub fn in_memory(id: String, description: Description, memory: memory::Memory) -> Asset {
        Asset { description, ..Asset::of(id, Layout::Memory, Tree::Memory(memory)) }
    }

    /// An asset of which nothing but its artefacts is known.
    fn of(id: String, layout: Layout, tree: Tree) -> Asset {
        let platform_because = said(&Phrase { zh: "未给出平台", en: "no platform was given" }, &[]);
        let description = Description::default();
        Asset { id, description, layout, platform_because, failure: None, complete: None, issues: Vec::new(), tree }
    }

    /// An asset that cannot be judged: every artefact lacks, for this reason.
    fn failed(id: String, layout: Layout, lack: Lack, why: Message) -> Asset {
        Asset { failure: Some(why), complete: Some(false), ..Asset::of(id, layout, Tree::Lacking(lack)) }
    }

    /// Decides the platform, whatever was detected.
    pub fn set_platform(&mut self, platform: &'static Platform, because: Message) {
        self.description.platform = Some(platform);
        self.platform_because = because;
    }

    /// The path without links of an artefact that is held in memory.
    pub fn real(&self, path: &str) -> Option<String> {
        match &self.tree {
            Tree::Memory(memory) => memory.at(path).ok().map(|(real, _)| real),
            Tree::Folder(_) | Tree::Own(_) | Tree::Lacking(_) => None,
        }
    }

    /// Appends the bytes of the artefact at a path (`etc/ssh/sshd_config`, `commands/<name>`) to `buffer`.
    pub fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        let start = buffer.len();
        let read = self.tree.read(path, buffer);
        if read.is_ok() && has_long_line(&buffer[start..]) {
            buffer.truncate(start);
            return Err(Lack::LongLine);
        }
        read
    }

    /// The digest of the artefact at a path, which may be of any kind: a document, a scan, an archive.
    pub fn digest(&self, path: &str) -> Result<(Digest, Completeness), Lack> {
        let mut bytes = Vec::new();
        let completeness = self.tree.read(path, &mut bytes)?;
        Ok((Digest::of(&bytes), completeness))
    }

    /// The path of the one artefact that is a network device's running configuration, whatever the layout calls it.
    pub fn device_configuration(&self) -> Option<String> {
        device::configuration(self)
    }

    /// Why nothing is at a path and nothing below it, where that takes no effort to tell; none says nothing.
    pub fn lacks(&self, path: &str) -> Option<Lack> {
        self.tree.lacks(path)
    }

    /// The names in a directory.
    pub fn list(&self, directory: &str) -> Result<Listing, Lack> {
        self.tree.list(directory)
    }

    /// What is at a path.
    pub fn look(&self, path: &str) -> Look {
        if let Some(lack) = self.lacks(path) {
            return Look::lacking(lack);
        }
        let look = self.tree.look(path);
        // A link that ends nowhere still says where it was to lead: `/dev/null` switches off what it stands for.
        let link = if look.lack.is_some() { self.tree.link(path) } else { look.link };
        Look { link, ..look }
    }
}

/// Whether a line is longer than what is read.
fn has_long_line(bytes: &[u8]) -> bool {
    if bytes.len() <= LINE_BYTES_MOST {
        return false;
    }
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    ends.into_iter().any(|end| {
        let length = end - start;
        start = end + 1;
        length > LINE_BYTES_MOST
    })
}

/// A fixed sentence with its arguments.
fn said(phrase: &Phrase, arguments: &[&str]) -> Message {
    Message::new(phrase.fill(Language::Zh, arguments), phrase.fill(Language::En, arguments))
}
