//! A box and boxes that could cover it into whether they do, with a piece that they leave open.

use super::region::Region;

/// How much work may be done.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Steps for one entry.
    pub entry_steps: u64,
    /// Steps for a whole list.
    pub list_steps: u64,
}

impl Default for Bounds {
    /// 2,000,000 steps for an entry and 16,000,000 for a list: a few seconds at the worst.
    fn default() -> Bounds {
        Bounds { entry_steps: 2_000_000, list_steps: 16_000_000 }
    }
}

/// Comparisons of two boxes that count as one step.
const COMPARISONS: u64 = 64;

/// The most candidates that wait on the stack at once.
const WAITING_MOST: usize = 4_000_000;

/// Work that may still be done.
#[derive(Debug)]
pub(super) struct Steps {
    bounds: Bounds,
    entry_left: u64,
    list_left: u64,
}

impl Steps {
    /// Nothing is done yet.
    pub(super) fn new(bounds: Bounds) -> Steps {
        Steps { bounds, entry_left: bounds.entry_steps, list_left: bounds.list_steps }
    }

    /// Begins the next entry.
    pub(super) fn next_entry(&mut self) {
        self.entry_left = self.bounds.entry_steps;
    }

    /// Takes a step with so many comparisons; false once a bound is hit.
    pub(super) fn take(&mut self, comparisons: usize) -> bool {
        let steps = 1 + comparisons as u64 / COMPARISONS;
        self.entry_left = self.entry_left.saturating_sub(steps);
        self.list_left = self.list_left.saturating_sub(steps);
        self.entry_left > 0 && self.list_left > 0
    }

    /// How much was done in all.
    pub(super) fn used(&self) -> u64 {
        self.bounds.list_steps - self.list_left
    }
}

/// Whether boxes cover another.
#[derive(Debug)]
pub(super) enum Cover {
    /// They do; these were needed, by their place among the boxes, sorted.
    Whole(Vec<u32>),
    /// They do not: no packet of this piece is in any of them.
    Open(Region),
    /// A bound was hit first.
    Bound,
}

/// Whether `blockers` together cover `whole`. Those that come first are tried first; all of them should meet it.
///
/// Cuts the first blocker out and goes on with the pieces, each with the blockers that meet it, on a stack of its own: the depth can
/// be as large as the number of blockers.
pub(super) fn cover<'r>(whole: &Region, blockers: impl ExactSizeIterator<Item = &'r Region> + Clone, steps: &mut Steps) -> Cover {
    let blockers: Vec<&Region> = blockers.collect();
    let mut waiting: Vec<u32> = (0..blockers.len() as u32).filter(|at| blockers[*at as usize].meets(whole)).collect();
    let mut frames = vec![(*whole, 0_usize)];
    let mut needed = vec![false; blockers.len()];
    let (mut candidates, mut pieces) = (Vec::new(), Vec::new());
    while let Some((piece, start)) = frames.pop() {
        // The candidates of the topmost frame are the last of those that wait.
        candidates.clear();
        candidates.extend_from_slice(&waiting[start..]);
        waiting.truncate(start);
        let Some((first, rest)) = candidates.split_first() else { return Cover::Open(piece) };
        needed[*first as usize] = true;
        pieces.clear();
        piece.cut(blockers[*first as usize], &mut pieces);
        for piece in &pieces {
            if !steps.take(rest.len()) || waiting.len() > WAITING_MOST {
                return Cover::Bound;
            }
            let start = waiting.len();
            waiting.extend(rest.iter().filter(|at| blockers[**at as usize].meets(piece)));
            if waiting.len() == start {
                return Cover::Open(*piece);
            }
            frames.push((*piece, start));
        }
    }
    Cover::Whole((0..blockers.len() as u32).filter(|at| needed[*at as usize]).collect())
}
