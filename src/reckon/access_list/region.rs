//! Boxes in the space of packets into their overlaps and into what is left when one is cut out of another.

use super::Aspect;

/// How many of a packet's properties are small numbers: protocol, two ports, and the aspects.
pub(super) const SMALL: usize = 3 + Aspect::ALL.len();

/// Place of the protocol among the small numbers.
pub(super) const PROTOCOL: usize = 0;

/// Place of the source port.
pub(super) const SOURCE_PORT: usize = 1;

/// Place of the destination port.
pub(super) const DESTINATION_PORT: usize = 2;

/// Place of an aspect.
pub(super) fn place(aspect: Aspect) -> usize {
    DESTINATION_PORT + 1 + aspect as usize
}

/// A box: for every property the first and the last value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// Source and destination.
    pub addresses: [(u128, u128); 2],
    /// The small numbers.
    pub small: [(u16, u16); SMALL],
}

impl Region {
    /// Whether some packet is in both.
    pub(super) fn meets(&self, other: &Region) -> bool {
        let addresses = self.addresses.iter().zip(&other.addresses).all(|(mine, theirs)| mine.0 <= theirs.1 && theirs.0 <= mine.1);
        addresses && self.small.iter().zip(&other.small).all(|(mine, theirs)| mine.0 <= theirs.1 && theirs.0 <= mine.1)
    }

    /// Whether all of the other is in this.
    pub(super) fn covers(&self, other: &Region) -> bool {
        let addresses = self.addresses.iter().zip(&other.addresses).all(|(mine, theirs)| mine.0 <= theirs.0 && theirs.1 <= mine.1);
        addresses && self.small.iter().zip(&other.small).all(|(mine, theirs)| mine.0 <= theirs.0 && theirs.1 <= mine.1)
    }

    /// What is in both, if anything is.
    pub(super) fn overlap(&self, other: &Region) -> Option<Region> {
        if !self.meets(other) {
            return None;
        }
        let mut both = *self;
        for (mine, theirs) in both.addresses.iter_mut().zip(&other.addresses) {
            *mine = (mine.0.max(theirs.0), mine.1.min(theirs.1));
        }
        for (mine, theirs) in both.small.iter_mut().zip(&other.small) {
            *mine = (mine.0.max(theirs.0), mine.1.min(theirs.1));
        }
        Some(both)
    }

    /// The smallest box around both.
    pub(super) fn hull(&self, other: &Region) -> Region {
        let mut both = *self;
        for (mine, theirs) in both.addresses.iter_mut().zip(&other.addresses) {
            *mine = (mine.0.min(theirs.0), mine.1.max(theirs.1));
        }
        for (mine, theirs) in both.small.iter_mut().zip(&other.small) {
            *mine = (mine.0.min(theirs.0), mine.1.max(theirs.1));
        }
        both
    }

    /// How large the overlap with another is; only good for putting candidates into an order.
    pub(super) fn overlap_volume(&self, other: &Region) -> f64 {
        let Some(both) = self.overlap(other) else { return 0.0 };
        let addresses: f64 = both.addresses.iter().map(|(low, high)| (high - low) as f64 + 1.0).product();
        both.small.iter().map(|(low, high)| f64::from(high - low) + 1.0).product::<f64>() * addresses
    }

    /// Adds to `pieces` disjoint boxes that together are this without the other; nothing where the other covers it.
    pub(super) fn cut(mut self, other: &Region, pieces: &mut Vec<Region>) {
        if !self.meets(other) {
            pieces.push(self);
            return;
        }
        for at in 0..self.addresses.len() {
            let (low, high) = other.addresses[at];
            if self.addresses[at].0 < low {
                let mut piece = self;
                piece.addresses[at].1 = low - 1;
                pieces.push(piece);
                self.addresses[at].0 = low;
            }
            if self.addresses[at].1 > high {
                let mut piece = self;
                piece.addresses[at].0 = high + 1;
                pieces.push(piece);
                self.addresses[at].1 = high;
            }
        }
        for at in 0..SMALL {
            let (low, high) = other.small[at];
            if self.small[at].0 < low {
                let mut piece = self;
                piece.small[at].1 = low - 1;
                pieces.push(piece);
                self.small[at].0 = low;
            }
            if self.small[at].1 > high {
                let mut piece = self;
                piece.small[at].0 = high + 1;
                pieces.push(piece);
                self.small[at].1 = high;
            }
        }
    }
}
