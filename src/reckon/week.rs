//! Minutes of a week into sets of them: windows in which something is allowed.

/// Minutes of a day.
const DAY_MINUTES: usize = 1_440;

/// Minutes of a week.
const WEEK_MINUTES: usize = 7 * DAY_MINUTES;

/// Seconds of a week.
pub const WEEK_SECONDS: u64 = WEEK_MINUTES as u64 * 60;

/// A set of minutes of a week that begins with Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week([u64; WEEK_MINUTES.div_ceil(64)]);

impl Week {
    /// No minute.
    pub const NEVER: Week = Week([0; WEEK_MINUTES.div_ceil(64)]);

    /// Every minute.
    pub const ALWAYS: Week = Week({
        let mut words = [u64::MAX; WEEK_MINUTES.div_ceil(64)];
        // The last word is not full.
        words[WEEK_MINUTES / 64] = (1 << (WEEK_MINUTES % 64)) - 1;
        words
    });

    /// The minutes, given as day, hour and minute, that are wanted.
    pub fn where_minute(wanted: impl Fn(usize, usize, usize) -> bool) -> Week {
        let mut week = Week::NEVER;
        for at in 0..WEEK_MINUTES {
            let (day, minute) = (at / DAY_MINUTES, at % DAY_MINUTES);
            if wanted(day, minute / 60, minute % 60) {
                week.0[at / 64] |= 1 << (at % 64);
            }
        }
        week
    }

    /// The minutes in both sets.
    pub fn and(mut self, other: &Week) -> Week {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
        self
    }

    /// The minutes in either set.
    pub fn or(mut self, other: &Week) -> Week {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine |= theirs);
        self
    }

    /// The minutes that are not in it.
    pub fn inverse(self) -> Week {
        let mut other = Week::ALWAYS;
        other.0.iter_mut().zip(&self.0).for_each(|(all, mine)| *all &= !mine);
        other
    }

    /// How long it is, in seconds.
    pub fn seconds(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum::<u64>() * 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_minutes() {
        let mornings = Week::where_minute(|_, hour, _| hour < 12);
        assert_eq!(mornings.seconds(), 7 * 12 * 3_600);
        assert_eq!(mornings.inverse().or(&mornings), Week::ALWAYS);
        assert_eq!(mornings.inverse().and(&mornings), Week::NEVER);
        assert_eq!(Week::ALWAYS.seconds(), WEEK_SECONDS);
    }
}
