//! The `line` blocks of RGOS into ranges of lines that have the same statements.

use super::super::cisco_words::{toggled, written};
use super::super::switch::{Login, Method, Switch};
use crate::parse::tree::Node;

/// The highest number of the terminals that a device may have; how many it has depends on model and release.
const TERMINAL_MOST: u32 = 35;

/// The most blocks that are told apart.
const BLOCKS_MOST: usize = 256;

/// Lines that have the same statements.
pub(super) struct Range<'a> {
    /// What it is called: `vty 0-4`, `console 0`.
    pub(super) scope: &'a str,
    /// The blocks about it, in the order of the file; none where nothing is written about lines that may be there.
    pub(super) blocks: Vec<Node<'a>>,
}

impl<'a> Range<'a> {
    /// The last statement of a kind that was not taken back.
    pub(super) fn written(&self, pattern: &str) -> Option<Node<'a>> {
        written(self.blocks.iter().flat_map(|block| block.children()), pattern)
    }
}

/// The console.
pub(super) fn console<'a>(rgos: &Switch<'_, 'a>) -> Range<'a> {
    let mut blocks = rgos.live("line console");
    blocks.extend(rgos.live("line con"));
    Range { scope: "console 0", blocks }
}

/// Every range of terminals, up to the highest that may be there.
pub(super) fn terminals<'a>(rgos: &Switch<'_, 'a>) -> Vec<Range<'a>> {
    let span = |node: Node<'a>| {
        let first: u32 = node.word(2)?.parse().ok()?;
        let last: u32 = node.word(3).and_then(|word| word.parse().ok()).unwrap_or(first);
        Some((first, last.max(first), node))
    };
    let spans: Vec<(u32, u32, Node<'a>)> = rgos.live("line vty").into_iter().filter_map(span).take(BLOCKS_MOST).collect();
    let mut starts: Vec<u32> = spans.iter().flat_map(|(first, last, _)| [*first, last.saturating_add(1)]).collect();
    starts.extend([0, TERMINAL_MOST + 1]);
    starts.sort_unstable();
    starts.dedup();
    let mut ranges: Vec<(u32, u32, Vec<Node<'a>>)> = Vec::new();
    for pair in starts.windows(2) {
        let (first, last) = (pair[0], pair[1] - 1);
        let blocks: Vec<Node<'a>> = spans.iter().filter(|(from, to, _)| *from <= first && last <= *to).map(|(_, _, node)| *node).collect();
        if blocks.is_empty() && first > TERMINAL_MOST {
            continue;
        }
        match ranges.last_mut() {
            Some((_, end, held)) if *held == blocks && *end + 1 == first => *end = last,
            _ => ranges.push((first, last, blocks)),
        }
    }
    let name = |first: u32, last: u32| if first == last { format!("vty {first}") } else { format!("vty {first}-{last}") };
    let range = |(first, last, blocks)| Range { scope: rgos.device.host.text(&name(first, last)), blocks };
    ranges.into_iter().map(range).collect()
}

/// How a login at a range is decided.
pub(super) fn login<'a>(rgos: &Switch<'_, 'a>, range: &Range<'a>) -> Login<'a> {
    if let Some((true, _)) = rgos.toggled("aaa new-model") {
        let own = range.written("login authentication");
        let name = own.and_then(|node| node.word(2)).unwrap_or("default");
        let list = rgos.live("aaa authentication login").into_iter().rfind(|node| node.word(3) == Some(name));
        let more: Vec<Node<'a>> = own.into_iter().collect();
        return match list {
            Some(list) => rgos.login_by(list, 4, &more),
            None => Login::unknown(rgos.not_shown("aaa authentication login", &more)),
        };
    }
    let what = rgos.device.host.text(&format!("login ({})", range.scope));
    if let Some(why) = rgos.device.cut().filter(|_| rgos.toggled("aaa new-model").is_none()) {
        return Login { methods: Err(why), evidence: rgos.searched() };
    }
    let method = match toggled(range.blocks.iter().flat_map(|block| block.children()), "login") {
        None => return Login::unknown(rgos.not_shown(what, &range.blocks)),
        Some((false, node)) => (Method::None, node),
        Some((true, node)) => match node.word(1) {
            None => (Method::Password, node),
            Some("local") => (Method::Local, node),
            Some(_) => return Login::unknown(rgos.unread(node)),
        },
    };
    Login { methods: Ok(vec![method.0]), evidence: rgos.device.host.evidence(&[rgos.device.decides(method.1)]) }
}
