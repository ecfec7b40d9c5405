//! What one answer of a PAM module proves of the user, and what the user must have typed for it.

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
    /// Perhaps a factor, perhaps nothing: a module that is not known here, or lines that were not collected.
    pub const PERHAPS: Factors = Factors(16);
    /// Only that the account's password is empty. Never in the paths of a walk.
    pub const EMPTY_PASSWORD: Factors = Factors(32);

    /// Its bits.
    pub(super) const fn bits(self) -> u8 {
        self.0
    }

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
        let open = self.has_unseen() || self.contains(Factors::PERHAPS);
        if open { 3 } else { (self.0 & 7).count_ones() }
    }
}

/// How many questions the caller of a stack can put to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompts {
    /// As many as the modules like: SSH's `keyboard-interactive`, a console.
    Many,
    /// SSH's `password` method: every hidden prompt is answered with the one text that the client sent, so that a password and a
    /// separate one-time code cannot both be given.
    One,
}

/// What a module must be given by the user in order to answer so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing that is typed.
    Nothing,
    /// The password.
    Password,
    /// A one-time code.
    Code,
    /// A one-time code, alone or with the password before it in the same text.
    CodeOrBoth,
}

/// One way in which a module may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The return codes that it may give then, as bits.
    pub codes: u32,
    /// What the user has proven then.
    pub proves: Factors,
    /// Whether the module had its way: it found what it is there to demand.
    pub holds: bool,
    /// What the user must have typed.
    pub asks: Asks,
}

/// The sets of factors that are there, each as the bit of its number.
pub(super) fn sets_of(mut sets: u64) -> impl Iterator<Item = Factors> {
    std::iter::from_fn(move || {
        let set = (sets != 0).then(|| Factors(sets.trailing_zeros() as u8))?;
        sets &= sets - 1;
        Some(set)
    })
}

/// Sets of factors, each with more factors in it.
pub(super) fn add(sets: u64, more: Factors) -> u64 {
    if more == Factors::NONE { sets } else { sets_of(sets).fold(0, |out, set| out | 1 << set.with(more).0) }
}

/// A set among `sets` that becomes `whole` with `more`.
pub(super) fn part(sets: u64, more: Factors, whole: Factors) -> Option<Factors> {
    sets_of(sets).find(|set| set.with(more) == whole)
}
