//! The lines of a device's configuration into one tree, whatever the syntax: the type that every network product reads.
//!
//! # For authors of products
//!
//! A [`Tree`] is made by the readers beside this file and handed out by `Host::device_config()`. A [`Node`] is a `Copy` handle:
//!
//! ```text
//! for line in root.all("line vty") {                     every `line vty …`, in the order of the file
//!     let input = line.last("transport input");          its last `transport input …`, if any
//!     let words = input.and_then(|it| it.rest("transport input"));
//! }
//! root.find(&["archive", "log config", "logging enable"])   children of children; blocks that stand twice count as one
//! ```
//!
//! * A pattern is words with one blank between them; `*` stands for any one word. It matches whole words from the start of a node.
//! * **Line trees** (indented, hash sections, FortiOS): a node is a line, its words are [`Node::words`]; `no X`, `undo X` and
//!   `default X` stay words. A block that stands twice is two nodes: ask with [`Node::all`] or [`Node::find`], never with the first.
//! * **Word trees** (Junos, PAN-OS): a node is one word, equal paths are one node, and a value is the child of its statement.
//!   Use [`Node::at`] with the whole path, [`Node::value`] for a statement that holds one value and [`Node::values`] for a list.
//!   Inactive nodes are in the tree: [`Node::at`], [`Node::find`], [`Node::all`] and [`Node::values`] pass over them.
//! * Evidence and secrets: [`Node::place`] turns any part of a node's text into the part of the source that shows it.
//!   Give that to `Source::span` and `Source::hide`, never the text itself: a line that a pager had damaged is text of our own.
//! * What is not there is only known to be absent where [`Tree::cut`] is none.

use bumpalo::Bump;

use crate::names::Phrase;
use crate::source::capture::Clean;

pub(super) mod builder;
mod index;
mod lookup;

pub use lookup::{Children, Descendants, Words};

/// How a node's text is split into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// At blanks; quotes are ordinary characters.
    Blanks,
    /// At blanks, but a word that begins with `"` lasts to a `"` before a blank or the end.
    Quotes,
    /// The same, and a pattern matches keywords in any case (VRP, Comware).
    QuotesAnyCase,
    /// As FortiOS: `"…"` with backslash escapes and `'…'` without, both over several lines.
    Fortios,
    /// Not at all: a node is one word.
    Whole,
    /// The same, with the character references of XML in it: see [`Node::unescaped`].
    Xml,
}

/// Something of a text that was not read as it stands there, or not read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueKind {
    /// Deeper than [`DEPTH_MOST`]: kept at the deepest level.
    TooDeep,
    /// More than [`NODES_MOST`] nodes: the rest was not read.
    TooMany,
    /// A line longer than [`LINE_BYTES_MOST`]: kept, and opaque.
    LongLine,
    /// A banner, certificate, string, comment or block whose end is not there.
    Unterminated,
    /// An end without a beginning.
    StrayEnd,
    /// No line is indented although blocks are there: depth was concluded from keywords.
    LostIndentation,
    /// Not a statement of this syntax.
    NotUnderstood,
    /// Refers to a group that is not there, or expands beyond the limits.
    Expansion,
}

impl IssueKind {
    /// Kebab-case code for machines.
    pub fn code(self) -> &'static str {
        match self {
            IssueKind::TooDeep => "too-deep",
            IssueKind::TooMany => "too-many-nodes",
            IssueKind::LongLine => "long-line",
            IssueKind::Unterminated => "unterminated",
            IssueKind::StrayEnd => "stray-end",
            IssueKind::LostIndentation => "lost-indentation",
            IssueKind::NotUnderstood => "not-understood",
            IssueKind::Expansion => "not-expanded",
        }
    }

    /// The sentence for a reader.
    pub fn phrase(self) -> &'static Phrase {
        match self {
            IssueKind::TooDeep => &Phrase { zh: "嵌套过深", en: "nested too deeply" },
            IssueKind::TooMany => &Phrase { zh: "语句过多，其余未读取", en: "too many statements; the rest was not read" },
            IssueKind::LongLine => &Phrase { zh: "行过长，未解析", en: "the line is too long to be read" },
            IssueKind::Unterminated => &Phrase { zh: "缺少结束标记", en: "its end is missing" },
            IssueKind::StrayEnd => &Phrase { zh: "多余的结束标记", en: "it ends what never began" },
            IssueKind::LostIndentation => &Phrase {
                zh: "缩进已丢失，层级由关键字推断",
                en: "indentation was lost; the levels are concluded from keywords",
            },
            IssueKind::NotUnderstood => &Phrase { zh: "无法理解", en: "this is not understood" },
            IssueKind::Expansion => &Phrase { zh: "引用的组无法展开", en: "the group cannot be expanded" },
        }
    }
}

/// One issue and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue<'a> {
    /// What it is.
    pub kind: IssueKind,
    /// The text that it is about, a part of the cleaned text.
    pub part: &'a str,
}

/// Why more may have stood in the configuration than was received: what is not there may still be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The collector says that the artefact goes on.
    Source,
    /// The line that ends every configuration of this platform is missing.
    NoEnd,
    /// A block, banner or string is open at the end.
    Open,
    /// The device announced more bytes than were received.
    FewerBytes,
    /// A limit was reached while reading.
    Limit,
    /// Which line belongs to which block was concluded, not shown.
    Levels,
    /// Lines seem to be broken at the width of a terminal.
    Wrapped,
}

impl Cut {
    /// Kebab-case code for machines.
    pub fn code(self) -> &'static str {
        match self {
            Cut::Source => "truncated",
            Cut::NoEnd => "no-end-marker",
            Cut::Open => "open-at-the-end",
            Cut::FewerBytes => "fewer-bytes-than-announced",
            Cut::Limit => "limit-reached",
            Cut::Levels => "lost-indentation",
            Cut::Wrapped => "wrapped-lines",
        }
    }

    /// The sentence for a reader, with `{}` for the path of the configuration.
    pub fn phrase(self) -> &'static Phrase {
        match self {
            Cut::Source => &Phrase { zh: "{} 未采集完整", en: "{} was not collected to its end" },
            Cut::NoEnd => {
                &Phrase { zh: "{} 缺少结束行，可能不完整", en: "{} lacks the line that ends it and may be incomplete" }
            }
            Cut::Open => &Phrase { zh: "{} 在语句中途结束，不完整", en: "{} ends within a block and is incomplete" },
            Cut::FewerBytes => &Phrase {
                zh: "{} 的字节数少于设备所报，不完整",
                en: "{} has fewer bytes than the device announced and is incomplete",
            },
            Cut::Limit => {
                &Phrase { zh: "{} 超出解析限额，未读完", en: "{} exceeds a limit of the reader and was not read to its end" }
            }
            Cut::Levels => &Phrase {
                zh: "{} 的缩进已丢失，语句归属只是推断：请重新导出",
                en: "{} lost its indentation, so that blocks are only concluded: export it again",
            },
            Cut::Wrapped => &Phrase {
                zh: "{} 的行似被终端按 80 列折断：请关闭折行后重新导出",
                en: "{} seems to be broken at 80 columns: export it again with a wider terminal",
            },
        }
    }
}

/// The deepest level of a tree. Real configurations have fewer than twenty.
pub const DEPTH_MOST: usize = 64;

/// The most nodes of one tree. The longest real configurations have some hundred thousand lines.
pub const NODES_MOST: usize = 2_000_000;

/// The most bytes of one line that is split into words.
pub const LINE_BYTES_MOST: usize = 64 << 10;

/// The most issues that one tree lists.
pub const ISSUES_MOST: usize = 1000;

/// No node.
const NONE: u32 = u32::MAX;

/// Part of a node's flags.
pub(super) const INACTIVE: u8 = 1;
/// Part of a node's flags.
pub(super) const INHERITED: u8 = 2;
/// Part of a node's flags.
pub(super) const OPAQUE: u8 = 4;

/// What is kept of a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) text: &'a str,
    pub(super) body: &'a str,
    pub(super) parent: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) next: u32,
    /// The number of its first word.
    word: u32,
    /// The next child of the same parent whose first word may be the same.
    alike: u32,
    /// Where the table of its children is.
    table: u32,
    pub(super) flags: u8,
}

/// A configuration as a tree.
#[derive(Debug)]
pub struct Tree<'a> {
    /// The text that was read.
    pub clean: &'a Clean<'a>,
    /// What was not read as it stands there; at most [`ISSUES_MOST`].
    pub issues: &'a [Issue<'a>],
    /// Set where more may have stood there than was received: then nothing is proven absent.
    pub cut: Option<Cut>,
    split: Split,
    nodes: &'a [Record<'a>],
    /// The tables of [`index`].
    tables: &'a [u32],
}

impl<'a> Tree<'a> {
    /// The node above all others; it has no text.
    pub fn root(&'a self) -> Node<'a> {
        Node { tree: self, number: 0 }
    }

    /// How many nodes there are, the root not counted.
    pub fn count(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Whether it is a word tree.
    pub fn has_words(&self) -> bool {
        matches!(self.split, Split::Whole | Split::Xml)
    }

    /// Every node in the order of the tree, parents before children.
    pub fn all(&'a self) -> Descendants<'a> {
        self.root().descendants()
    }
}

/// One line (or word) of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    tree: &'a Tree<'a>,
    number: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.number == other.number
    }
}

impl Eq for Node<'_> {}

impl<'a> Node<'a> {
    fn record(self) -> &'a Record<'a> {
        &self.tree.nodes[self.number as usize]
    }

    fn of(self, number: u32) -> Option<Node<'a>> {
        (number != NONE).then_some(Node { tree: self.tree, number })
    }

    /// The line without the space around it, or the word without its quotes; of a FortiOS statement, all of its lines.
    pub fn text(self) -> &'a str {
        self.record().text
    }

    /// The opaque text that belongs to the line: a banner's text, a certificate's digits. Empty for most nodes.
    pub fn body(self) -> &'a str {
        self.record().body
    }

    /// The part of the source that shows the node.
    pub fn origin(self) -> &'a str {
        self.place(self.text())
    }

    /// The part of the source that shows a part of this node's text or body; the node's whole line where the text is not in the source.
    pub fn place(self, part: &str) -> &'a str {
        self.tree.clean.place(part).unwrap_or_else(|| self.tree.clean.place(self.text()).unwrap_or_default())
    }

    /// The tree that it is in.
    pub fn tree(self) -> &'a Tree<'a> {
        self.tree
    }

    /// Whether the node, or one above it, is marked inactive (Junos `inactive:`).
    pub fn is_inactive(self) -> bool {
        self.record().flags & INACTIVE != 0
    }

    /// Whether it comes from a group (Junos `apply-groups`); its line is then the line in the group.
    pub fn is_inherited(self) -> bool {
        self.record().flags & INHERITED != 0
    }

    /// Whether its content is text for people or for machines (banner, certificate, key) that is kept and not read.
    pub fn is_opaque(self) -> bool {
        self.record().flags & OPAQUE != 0
    }

    /// The node above it; none for the root and for the nodes at the top.
    pub fn parent(self) -> Option<Node<'a>> {
        self.of(self.record().parent).filter(|above| above.number != 0)
    }

    /// The nodes directly below it, in the order of the file.
    pub fn children(self) -> Children<'a> {
        Children { next: self.of(self.record().first) }
    }

    /// Every node below it, parents before children.
    pub fn descendants(self) -> Descendants<'a> {
        Descendants { top: self, next: self.of(self.record().first) }
    }

    /// How many nodes are above it: 0 at the top.
    pub fn depth(self) -> usize {
        std::iter::successors(self.parent(), |node| node.parent()).count()
    }

    /// A word of this node without escapes (FortiOS) and character references (PAN-OS); in the arena where there were any.
    pub fn unescaped(self, arena: &'a Bump, word: &'a str) -> &'a str {
        lookup::unescaped(arena, word, self.tree.split)
    }
}
