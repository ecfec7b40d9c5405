//! A flattened PAM stack into the runs that succeed, and what each of them proves.

/// Kinds of authentication factor: a small set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factors(u8);

impl Factors {
    /// Nothing is proven.
    pub const NONE: Factors = Factors(0);
    /// Something that is known: a password.
    pub const KNOWLEDGE: Factors = Factors(1);
    /// Something that is held: a token, a key, a card.
    pub const POSSESSION: Factors = Factors(2);
    /// Something that one is: a finger, a face.
    pub const INHERENCE: Factors = Factors(4);
    /// At least one factor whose kind cannot be seen here, such as what a RADIUS server asks for.
    pub const UNSEEN: Factors = Factors(8);

    /// Both sets together.
    pub const fn with(self, other: Factors) -> Factors {
        Factors(self.0 | other.0)
    }

    /// Whether everything in `other` is in this set.
    pub const fn contains(self, other: Factors) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some factor's kind cannot be seen.
    pub const fn has_unseen(self) -> bool {
        self.contains(Factors::UNSEEN)
    }

    /// The least number of different kinds that the set can amount to: an unseen one may repeat a seen one.
    pub const fn least(self) -> u32 {
        let seen = (self.0 & 7).count_ones();
        if seen == 0 && self.has_unseen() { 1 } else { seen }
    }

    /// The greatest number of different kinds that the set can amount to.
    pub const fn most(self) -> u32 {
        if self.has_unseen() { 3 } else { (self.0 & 7).count_ones() }
    }
}
