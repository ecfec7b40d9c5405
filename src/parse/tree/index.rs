//! The children of a node by their first word, so that a pattern looks at those that may match and not at every line of a block.

use super::{NONE, Node, Record, Split, Words};

/// The fewest children for which a table pays: fewer are looked at one by one.
const CHILDREN_LEAST: u32 = 8;

/// A number for a word: words that are equal in any case have equal numbers.
pub(super) fn number(word: &str) -> u32 {
    word.bytes().take(16).fold(word.len() as u32, |hash, byte| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

/// Numbers the first word of every node, and chains the children of a node of which the numbers end alike, in the order of the file.
///
/// What comes back holds one table per node with many children: how many places it has, less one, and the first child of each chain.
/// A chain never leaves the children of one node, so that no text makes it longer than looking at each of them.
pub(super) fn chain(nodes: &mut [Record<'_>], split: Split) -> Vec<u32> {
    let mut counts = vec![0_u32; nodes.len()];
    for node in nodes.iter_mut() {
        node.word = number(Words { rest: node.text, split }.next().unwrap_or_default());
        if let Some(count) = counts.get_mut(node.parent as usize) {
            *count += 1;
        }
    }
    let mut tables = Vec::new();
    for (node, count) in nodes.iter_mut().zip(counts).filter(|(_, count)| *count >= CHILDREN_LEAST) {
        let places = count.next_power_of_two();
        node.table = tables.len() as u32;
        tables.push(places - 1);
        tables.resize(tables.len() + places as usize, NONE);
    }
    for child in (1..nodes.len()).rev() {
        let Record { parent, word, .. } = nodes[child];
        let table = nodes[parent as usize].table;
        if table != NONE {
            let place = place(&tables, table, word);
            nodes[child].alike = std::mem::replace(&mut tables[place], child as u32);
        }
    }
    tables
}

/// Where in the tables the chain of a word begins.
fn place(tables: &[u32], table: u32, word: u32) -> usize {
    let mixed = word ^ (word >> 15);
    table as usize + 1 + (mixed & tables[table as usize]) as usize
}

/// Children of a node whose first word may be a certain one.
#[derive(Clone, Debug)]
pub(super) struct Candidates<'a> {
    next: Option<Node<'a>>,
    /// The number of the word; none where any will do.
    word: Option<u32>,
    /// Whether the next one is that of the chain.
    chained: bool,
}

impl<'a> Candidates<'a> {
    /// The children of a node that may begin with a word; `*` stands for any.
    pub(super) fn of(node: Node<'a>, word: Option<&str>) -> Candidates<'a> {
        let Record { table, first, .. } = *node.record();
        let word = word.filter(|word| *word != "*").map(number);
        match word {
            Some(number) if table != NONE => {
                let tables = node.tree.tables;
                Candidates { next: node.of(tables[place(tables, table, number)]), word, chained: true }
            }
            _ => Candidates { next: node.of(first), word, chained: false },
        }
    }
}

impl<'a> Iterator for Candidates<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        loop {
            let node = self.next?;
            let record = node.record();
            self.next = node.of(if self.chained { record.alike } else { record.next });
            if self.word.is_none_or(|word| word == record.word) {
                return Some(node);
            }
        }
    }
}
