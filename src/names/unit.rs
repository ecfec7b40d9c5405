//! Sizes and durations into the largest unit that divides them: the one spelling that policies read and reports write.

/// Units of a size, largest first, in bytes.
pub const SIZE: &[(&str, u64)] = &[("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Units of a duration, largest first, in seconds.
pub const DURATION: &[(&str, u64)] = &[("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// A number in the largest of some units that divides it; zero in the smallest.
pub fn written(number: u64, units: &[(&str, u64)]) -> String {
    let fitting = units.iter().find(|(_, unit)| number != 0 && number.is_multiple_of(*unit));
    match fitting.or(units.last()) {
        Some((name, unit)) => format!("{}{name}", number / unit),
        None => number.to_string(),
    }
}

/// The number that a text such as `90d` or `64MiB` stands for.
pub fn read(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let (_, unit) = units.iter().find(|(name, _)| *name == &text[digits..])?;
    number.checked_mul(*unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for number in [0, 1, 59, 60, 3_600, 86_400, 90 * 86_400, 86_401] {
            assert_eq!(read(&written(number, DURATION), DURATION), Some(number));
        }
        assert_eq!(written(184 * 86_400, DURATION), "184d");
        assert_eq!(written(64 << 20, SIZE), "64MiB");
        assert_eq!(written(0, DURATION), "0s");
        assert_eq!(read("90 d", DURATION), None);
        assert_eq!(read("99999999999999999999d", DURATION), None);
    }
}
