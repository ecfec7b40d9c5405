//! Boxes of a list's entries into an index that finds those which meet a given box and come before a given entry.

use super::region::{DESTINATION_PORT, PROTOCOL, Region};

/// The most boxes of a leaf.
const LEAF: usize = 8;

/// A box and the place of its entry in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub region: Region,
    pub order: u32,
}

/// A run of boxes with the smallest box around them.
#[derive(Debug)]
struct Node {
    hull: Region,
    /// Place of the first entry that has a box here.
    earliest: u32,
    /// First box and the first after it.
    run: (u32, u32),
    /// The two halves; none in a leaf.
    halves: Option<(u32, u32)>,
}

/// The index: boxes halved again and again by one property after the other.
#[derive(Debug)]
pub(super) struct Tree {
    items: Vec<Item>,
    nodes: Vec<Node>,
}

impl Tree {
    /// The index of some boxes.
    pub(super) fn new(mut items: Vec<Item>) -> Tree {
        let mut nodes = Vec::new();
        let mut open = Vec::new();
        if let Some(node) = node(&items, 0, items.len()) {
            nodes.push(node);
            open.push((0_usize, 0_usize));
        }
        while let Some((at, depth)) = open.pop() {
            let (start, end) = (nodes[at].run.0 as usize, nodes[at].run.1 as usize);
            if end - start <= LEAF {
                continue;
            }
            let middle = start + (end - start) / 2;
            items[start..end].select_nth_unstable_by_key(middle - start, |item| (key(item, depth), item.order));
            let halves = (nodes.len() as u32, nodes.len() as u32 + 1);
            for (start, end) in [(start, middle), (middle, end)] {
                open.push((nodes.len(), depth + 1));
                nodes.extend(node(&items, start, end));
            }
            nodes[at].halves = Some(halves);
        }
        Tree { items, nodes }
    }

    /// Adds the boxes that meet a box and belong to earlier entries; says how many comparisons it took.
    pub(super) fn meeting(&self, region: &Region, before: u32, found: &mut Vec<Item>) -> usize {
        let mut comparisons = 0;
        let mut open = vec![0_u32];
        while let Some(node) = open.pop().and_then(|at| self.nodes.get(at as usize)) {
            comparisons += 1;
            if node.earliest >= before || !node.hull.meets(region) {
                continue;
            }
            if let Some((left, right)) = node.halves {
                open.extend([right, left]);
                continue;
            }
            let items = &self.items[node.run.0 as usize..node.run.1 as usize];
            comparisons += items.len();
            found.extend(items.iter().filter(|item| item.order < before && item.region.meets(region)));
        }
        comparisons
    }
}

/// What boxes are sorted by at a depth.
fn key(item: &Item, depth: usize) -> (u128, u128) {
    let region = &item.region;
    let small = |at: usize| (u128::from(region.small[at].0), u128::from(region.small[at].1));
    match depth % 6 {
        0 | 3 => region.addresses[1],
        1 | 4 => region.addresses[0],
        2 => small(DESTINATION_PORT),
        _ => small(PROTOCOL),
    }
}

/// The node of a run of boxes.
fn node(items: &[Item], start: usize, end: usize) -> Option<Node> {
    let run = &items[start..end];
    let first = run.first()?;
    let hull = run.iter().fold(first.region, |hull, item| hull.hull(&item.region));
    let earliest = run.iter().map(|item| item.order).min()?;
    Some(Node { hull, earliest, run: (start as u32, end as u32), halves: None })
}
