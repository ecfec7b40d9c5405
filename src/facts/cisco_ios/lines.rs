//! The `line` blocks of an IOS configuration into ranges of lines that have the same statements.

use super::statements::Ios;
use crate::parse::tree::Node;

/// The highest number of the terminals that every platform may have without showing them: Catalyst switches have 0 to 15.
const TERMINAL_MOST: u32 = 15;

/// The most blocks of one configuration that are told apart.
const BLOCKS_MOST: usize = 256;

/// Lines that have the same statements.
#[derive(Clone, Debug)]
pub(super) struct Range<'a> {
    /// What it is called: `vty 0-4`, `console 0`.
    pub(super) scope: String,
    /// Whether it is for the network.
    pub(super) terminal: bool,
    /// The blocks about it, in the order of the file; none where nothing is written about lines that may be there.
    pub(super) blocks: Vec<Node<'a>>,
}

/// Every range: console, auxiliary port, and terminals up to the highest that may be there.
pub(super) fn ranges<'a>(ios: &Ios<'_, 'a>) -> Vec<Range<'a>> {
    let mut found = Vec::new();
    for (patterns, scope) in [(["line con", "line console"], "console 0"), (["line aux", "line auxiliary"], "aux 0")] {
        let blocks: Vec<Node<'a>> = patterns.iter().flat_map(|pattern| ios.all(pattern)).collect();
        if !blocks.is_empty() {
            found.push(Range { scope: scope.to_owned(), terminal: false, blocks });
        }
    }
    found.extend(terminals(ios));
    found
}

/// The terminals.
fn terminals<'a>(ios: &Ios<'_, 'a>) -> Vec<Range<'a>> {
    let spans: Vec<(u32, u32, Node<'a>)> = ios
        .all("line vty")
        .into_iter()
        .filter_map(|node| {
            let first: u32 = node.word(2)?.parse().ok()?;
            let last = node.word(3).and_then(|word| word.parse().ok()).unwrap_or(first);
            Some((first, last.max(first), node))
        })
        .take(BLOCKS_MOST)
        .collect();
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
    let scope = |first: u32, last: u32| if first == last { format!("vty {first}") } else { format!("vty {first}-{last}") };
    ranges.into_iter().map(|(first, last, blocks)| Range { scope: scope(first, last), terminal: true, blocks }).collect()
}
