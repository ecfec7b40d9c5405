//! Days of the calendar into months later, quarters and working days.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

/// The most days over which working days are counted.
const DAYS_MOST: u32 = 3_700;

/// The day some calendar months later; the last day of that month where it has no such day, as periods are counted in law
/// (Civil Code of the PRC, Art. 202).
pub fn months_after(date: Date, months: i64) -> Option<Date> {
    date.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// How many whole calendar months lie between two days; negative where the second is earlier.
pub fn months_between(from: Date, to: Date) -> i64 {
    let months = 12 * (i64::from(to.year()) - i64::from(from.year())) + i64::from(to.month()) - i64::from(from.month());
    if months_after(from, months).is_some_and(|reached| reached > to) { months - 1 } else { months }
}

/// The quarter that a day is in, counted from the beginning of the calendar: adjoining quarters have adjoining numbers.
pub fn quarter(date: Date) -> i32 {
    i32::from(date.year()) * 4 + (i32::from(date.month()) - 1) / 3
}

/// The last day of the quarter after that of a day.
pub fn next_quarter_end(date: Date) -> Option<Date> {
    let first = Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?;
    months_after(first, 6)?.yesterday().ok()
}

/// Which days are worked on in some years, where that differs from Monday to Friday: what the State Council announces for each year.
#[derive(Clone, Debug, Default)]
pub struct WorkingDays {
    /// The years that are known.
    pub years: Vec<i16>,
    /// Days off, weekends need not be among them.
    pub holidays: Vec<Date>,
    /// Weekend days that are worked on.
    pub worked: Vec<Date>,
}

impl WorkingDays {
    /// Whether a day is worked on; none where its year is not known.
    fn is_worked(&self, day: Date) -> Option<bool> {
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        self.years.contains(&day.year()).then(|| self.worked.contains(&day) || !weekend && !self.holidays.contains(&day))
    }

    /// How many working days lie after one day, up to and with another; none where a year is not known or the time is too long.
    pub fn between(&self, after: Date, through: Date) -> Option<u32> {
        let mut count = 0;
        let mut day = after;
        for _ in 0..DAYS_MOST {
            if day >= through {
                return Some(count);
            }
            day = day.tomorrow().ok()?;
            count += u32::from(self.is_worked(day)?);
        }
        None
    }

    /// The day on which a number of working days after another day are over.
    pub fn after(&self, after: Date, number: u32) -> Option<Date> {
        let mut day = after;
        let mut left = number;
        for _ in 0..DAYS_MOST {
            if left == 0 {
                return Some(day);
            }
            day = day.checked_add(1.day()).ok()?;
            left -= u32::from(self.is_worked(day)?);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(months_after(date(2024, 2, 29), 12), Some(date(2025, 2, 28)));
        assert_eq!(months_after(date(2023, 2, 28), 12), Some(date(2024, 2, 28)));
        assert_eq!(months_after(date(2026, 8, 31), 6), Some(date(2027, 2, 28)));
        assert_eq!(months_after(date(2024, 11, 22), 36), Some(date(2027, 11, 22)));
        assert_eq!(months_after(date(2026, 1, 1), i64::MAX), None);
    }

    #[test]
    fn whole_months_are_counted() {
        assert_eq!(months_between(date(2026, 3, 1), date(2026, 8, 31)), 5);
        assert_eq!(months_between(date(2026, 3, 1), date(2026, 9, 1)), 6);
        assert_eq!(months_between(date(2026, 8, 31), date(2027, 2, 28)), 6);
        assert_eq!(months_between(date(2026, 8, 31), date(2027, 2, 27)), 5);
        assert_eq!(months_between(date(2026, 3, 2), date(2026, 3, 1)), -1);
    }

    #[test]
    fn quarters_adjoin_over_the_year() {
        assert_eq!(quarter(date(2026, 12, 31)) + 1, quarter(date(2027, 1, 1)));
        assert_eq!(quarter(date(2026, 4, 1)), quarter(date(2026, 6, 30)));
        assert_eq!(next_quarter_end(date(2026, 7, 1)), Some(date(2026, 12, 31)));
        assert_eq!(next_quarter_end(date(2026, 9, 30)), Some(date(2026, 12, 31)));
        assert_eq!(next_quarter_end(date(2026, 10, 1)), Some(date(2027, 3, 31)));
        assert_eq!(next_quarter_end(date(2023, 12, 31)), Some(date(2024, 3, 31)));
    }

    /// A year in which Thursday and Friday are off and the Saturday before is worked on.
    #[test]
    fn working_days_follow_the_table() {
        let known = WorkingDays {
            years: vec![2026],
            holidays: vec![date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)],
            worked: vec![date(2026, 10, 10)],
        };
        // Wednesday 30 September: Thursday 8, Friday 9, the Saturday that is worked on, Monday 12, Tuesday 13.
        assert_eq!(known.between(date(2026, 9, 30), date(2026, 10, 13)), Some(5));
        assert_eq!(known.after(date(2026, 9, 30), 5), Some(date(2026, 10, 13)));
        assert_eq!(known.between(date(2026, 9, 30), date(2026, 9, 30)), Some(0));
        assert_eq!(known.between(date(2026, 12, 31), date(2027, 1, 4)), None);
        assert_eq!(known.after(date(2026, 12, 30), 5), None);
    }
}
