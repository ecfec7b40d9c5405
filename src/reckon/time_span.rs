//! Texts such as `6month 12h` and `500M` into seconds and bytes, as systemd reads them.

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many microseconds.
    Microseconds(u64),
    /// `infinity`.
    Infinite,
}

impl Span {
    /// Whole seconds, rounded down; none where it is infinite.
    pub fn seconds(self) -> Option<u64> {
        match self {
            Span::Microseconds(microseconds) => Some(microseconds / SECOND),
            Span::Infinite => None,
        }
    }
}

const MILLISECOND: u64 = 1_000;
const SECOND: u64 = 1_000 * MILLISECOND;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The units of systemd.time(7) in microseconds: a month is 30.44 and a year 365.25 days.
const UNITS: &[(&[&str], u64)] = &[
    (&["usec", "us", "µs", "μs"], 1),
    (&["msec", "ms"], MILLISECOND),
    (&["seconds", "second", "sec", "s"], SECOND),
    (&["minutes", "minute", "min", "m"], MINUTE),
    (&["hours", "hour", "hr", "h"], HOUR),
    (&["days", "day", "d"], DAY),
    (&["weeks", "week", "w"], 7 * DAY),
    (&["months", "month", "M"], 2_629_800 * SECOND),
    (&["years", "year", "y"], 31_557_600 * SECOND),
];

/// A span of systemd.time(7); a number without a unit counts seconds.
///
/// None where the text is no span, or one beyond what systemd can hold.
pub fn span(text: &str) -> Option<Span> {
    let mut rest = text.trim();
    if let Some(after) = rest.strip_prefix("infinity") {
        return after.is_empty().then_some(Span::Infinite);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (number, after) = decimal(rest)?;
        let after = after.trim_start();
        let letters = after.find(|character: char| !character.is_alphabetic()).unwrap_or(after.len());
        let (name, after) = after.split_at(letters);
        let unit = if name.is_empty() { SECOND } else { UNITS.iter().find(|(names, _)| names.contains(&name))?.1 };
        total = total.checked_add(number.times(unit)?)?;
        rest = after.trim_start();
    }
    // The greatest number is how systemd holds infinity.
    (total != u64::MAX).then_some(Span::Microseconds(total))
}

/// Bytes, with the suffixes K, M, G, T, P and E as powers of 1024, as systemd reads sizes.
pub fn size_bytes(text: &str) -> Option<u64> {
    let (number, suffix) = decimal(text.trim())?;
    let power = match suffix.trim_start() {
        "" | "B" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        "P" => 5,
        "E" => 6,
        _ => return None,
    };
    number.times(1 << (10 * power))
}

/// A number with perhaps a decimal fraction.
#[derive(Clone, Copy)]
struct Decimal {
    whole: u64,
    /// Digits after the point as a number, and ten to the power of how many they are.
    fraction: (u64, u64),
}

impl Decimal {
    /// The product with a unit, rounded down.
    fn times(self, unit: u64) -> Option<u64> {
        let (digits, scale) = self.fraction;
        let part = u128::from(unit) * u128::from(digits) / u128::from(scale);
        self.whole.checked_mul(unit)?.checked_add(u64::try_from(part).ok()?)
    }
}

/// The number with which a text begins, and the rest.
fn decimal(text: &str) -> Option<(Decimal, &str)> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => Some(digits(after)).filter(|(fraction, _)| !fraction.is_empty())?,
        None if whole.is_empty() => return None,
        None => ("", rest),
    };
    let whole = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // What lies beyond twelve decimals is less than a microsecond of the longest unit.
    let fraction = &fraction[..fraction.len().min(12)];
    let scale = 10_u64.pow(fraction.len() as u32);
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some((Decimal { whole, fraction: (fraction, scale) }, rest))
}

/// The digits with which a text begins, and the rest.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_what_systemd_analyze_timespan_prints() {
        // The microseconds are the output of `systemd-analyze timespan` of systemd 252.
        for (text, microseconds) in [
            ("6month", 15_778_800_000_000),
            ("26week", 15_724_800_000_000),
            ("184d", 15_897_600_000_000),
            ("4416h", 15_897_600_000_000),
            ("1y 12month", 63_115_200_000_000),
            ("2min 200ms", 120_200_000),
            ("55s500ms", 55_500_000),
            ("1.5h", 5_400_000_000),
            ("1M", 2_629_800_000_000),
            ("1m", 60_000_000),
            ("30", 30_000_000),
            ("0", 0),
            ("5 hr", 18_000_000_000),
            ("20us", 20),
            (" 1day ", 86_400_000_000),
            ("1h2", 3_602_000_000),
            (".5h", 1_800_000_000),
        ] {
            assert_eq!(span(text), Some(Span::Microseconds(microseconds)), "{text}");
        }
        assert_eq!(span("infinity"), Some(Span::Infinite));
        for text in ["", "6 moons", "d", "-1d", "six", "1..5", "5.h", "infinity s", "99999999999999y"] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        for (text, bytes) in [("4G", 4 << 30), ("500M", 500 << 20), ("10", 10), ("1.5K", 1536), ("8 M", 8 << 20)] {
            assert_eq!(size_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "G", "4GB", "10%", "99999999999E"] {
            assert_eq!(size_bytes(text), None, "{text}");
        }
    }
}
