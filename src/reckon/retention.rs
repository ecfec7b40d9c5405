//! A rotation scheme into the time for which it guarantees records, and what ends a record's life.
//!
//! A rotation deletes the oldest of N rotated files. The youngest record in that file is N periods old: that age, and not the age of
//! the oldest record, is what the scheme guarantees. A rotation that a size starts guarantees no time at all.

/// Seconds of a day.
pub const DAY_SECONDS: u64 = 86_400;

/// Days of the months of a year without a leap day.
const MONTH_DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Days of a year without a leap day: the least that a calendar year spans.
const YEAR_DAYS: u64 = 365;

/// Time between two rotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Period {
    /// The least number of seconds that `count` such periods in a row span.
    pub fn span_seconds(self, count: u64) -> u64 {
        match self {
            Period::Hour => count.saturating_mul(3_600),
            Period::Day => count.saturating_mul(DAY_SECONDS),
            Period::Week => count.saturating_mul(7 * DAY_SECONDS),
            Period::Month => months_days_least(count).saturating_mul(DAY_SECONDS),
            Period::Year => count.saturating_mul(YEAR_DAYS * DAY_SECONDS),
        }
    }
}

/// The least number of days that `count` calendar months in a row span: 181 for six, 212 for seven.
pub fn months_days_least(count: u64) -> u64 {
    let (years, months) = (count / 12, (count % 12) as usize);
    let window = |first: usize| (first..first + months).map(|month| MONTH_DAYS[month % 12]).sum::<u64>();
    let rest = (0..12).map(window).min().unwrap_or_default();
    years.saturating_mul(YEAR_DAYS).saturating_add(rest)
}

/// What starts a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Time alone; a least size on top of it only delays.
    Time(Period),
    /// Size alone.
    Size,
    /// Time, or a size before that.
    Either(Period),
}

/// How many rotated files are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Files(u64),
    /// All of them.
    All,
}

/// How files are rotated and deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// What starts a rotation.
    pub trigger: Trigger,
    /// How many rotated files are kept.
    pub count: Count,
    /// Days after which a rotated file is deleted whatever the count.
    pub max_age_days: Option<u64>,
}

/// For how long records are kept.
///
/// The order is that of the guarantee: `Forever` is the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// At least so many seconds.
    Seconds(u64),
    /// Nothing deletes them.
    Forever,
}

/// What ends a record's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Age.
    Time,
    /// The size of what came after it.
    Size,
    /// Whichever comes first.
    Both,
    /// Nothing.
    Nothing,
}

impl Bound {
    /// The word of the `bounded-by` columns.
    pub fn word(self) -> &'static str {
        match self {
            Bound::Time => "time",
            Bound::Size => "size",
            Bound::Both => "both",
            Bound::Nothing => "nothing",
        }
    }
}

impl Rotation {
    /// The time for which records are guaranteed, and what ends it.
    pub fn guarantee(self) -> (Kept, Bound) {
        let age = self.max_age_days.map(|days| Kept::Seconds(days.saturating_mul(DAY_SECONDS)));
        match (self.count, self.trigger) {
            // Deleted at the rotation itself, so that a record may be gone as soon as it is written.
            (Count::Files(0), trigger) => (Kept::Seconds(0), bound_by_count(trigger, age)),
            (Count::All, _) => (age.unwrap_or(Kept::Forever), if age.is_some() { Bound::Time } else { Bound::Nothing }),
            (Count::Files(files), Trigger::Time(period)) => {
                let counted = Kept::Seconds(period.span_seconds(files));
                (age.map_or(counted, |age| age.min(counted)), Bound::Time)
            }
            (Count::Files(_), trigger) => (Kept::Seconds(0), bound_by_count(trigger, age)),
        }
    }
}

/// What ends a record's life where a number of files does.
fn bound_by_count(trigger: Trigger, age: Option<Kept>) -> Bound {
    match trigger {
        Trigger::Time(_) => Bound::Time,
        Trigger::Size if age.is_none() => Bound::Size,
        Trigger::Size | Trigger::Either(_) => Bound::Both,
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::*;

    const fn days(count: u64) -> Kept {
        Kept::Seconds(count * DAY_SECONDS)
    }

    #[track_caller]
    fn check(trigger: Trigger, count: Count, max_age_days: Option<u64>, kept: Kept, bound: Bound) {
        assert_eq!(Rotation { trigger, count, max_age_days }.guarantee(), (kept, bound));
    }

    #[test]
    fn time_alone_guarantees_count_times_period() {
        use Period::{Day, Hour, Month, Week, Year};
        for (period, files, kept) in [
            (Hour, 24, 1),
            (Hour, 184 * 24, 184),
            (Day, 180, 180),
            (Day, 184, 184),
            (Week, 4, 28),
            (Week, 26, 182),
            (Week, 27, 189),
            (Month, 1, 28),
            (Month, 6, 181),
            (Month, 7, 212),
            (Month, 12, 365),
            (Month, 18, 546),
            (Year, 1, 365),
        ] {
            check(Trigger::Time(period), Count::Files(files), None, days(kept), Bound::Time);
        }
        check(Trigger::Time(Hour), Count::Files(25), None, Kept::Seconds(25 * 3_600), Bound::Time);
    }

    #[test]
    fn months_span_what_the_calendar_says() {
        // The years around 1900, which has no leap day, have the longest run without one; jiff is the calendar.
        for count in 1..=84_i64 {
            let least = (0..240)
                .map(|month| date(1888, 1, 1).checked_add(month.months()).expect("a date of the nineteenth century"))
                .map(|first| (first.checked_add(count.months()).expect("a date of the twentieth") - first).get_days())
                .min();
            assert_eq!(least, i32::try_from(months_days_least(count as u64)).ok(), "{count} months");
        }
    }

    #[test]
    fn an_age_shortens_and_never_lengthens() {
        let weekly = Trigger::Time(Period::Week);
        check(weekly, Count::Files(52), Some(184), days(184), Bound::Time);
        check(weekly, Count::Files(4), Some(184), days(28), Bound::Time);
        check(weekly, Count::All, Some(184), days(184), Bound::Time);
        check(Trigger::Size, Count::All, Some(184), days(184), Bound::Time);
    }

    #[test]
    fn keeping_every_file_keeps_forever() {
        for trigger in [Trigger::Time(Period::Day), Trigger::Size, Trigger::Either(Period::Day)] {
            check(trigger, Count::All, None, Kept::Forever, Bound::Nothing);
        }
        assert!(Kept::Forever > Kept::Seconds(u64::MAX));
    }

    #[test]
    fn a_size_takes_the_time_away() {
        check(Trigger::Size, Count::Files(1_000), None, days(0), Bound::Size);
        check(Trigger::Size, Count::Files(1_000), Some(184), days(0), Bound::Both);
        check(Trigger::Either(Period::Week), Count::Files(1_000), None, days(0), Bound::Both);
        check(Trigger::Size, Count::Files(0), None, days(0), Bound::Size);
    }

    #[test]
    fn keeping_no_file_keeps_nothing() {
        check(Trigger::Time(Period::Year), Count::Files(0), None, days(0), Bound::Time);
        check(Trigger::Time(Period::Year), Count::Files(0), Some(365), days(0), Bound::Time);
    }

    #[test]
    fn absurd_counts_do_not_overflow() {
        for period in [Period::Hour, Period::Day, Period::Week, Period::Month, Period::Year] {
            assert!(period.span_seconds(u64::MAX) >= u64::MAX / 2, "{period:?}");
        }
    }
}
