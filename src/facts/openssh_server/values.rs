//! Arguments of a keyword into whether sshd takes them, and single arguments into numbers, times and addresses.
//!
//! The truth is `process_server_config_line_depth` in servconf.c; what it refuses keeps sshd from starting.

use super::algorithms;
use super::keywords::{Arguments, Keyword};
use super::patterns;
use super::version::Versions;

/// The largest number that sshd takes: INT_MAX.
const INTEGER_MOST: u64 = 2_147_483_647;

/// Whether sshd takes these arguments of a keyword; `rest` is the line after the keyword, not split.
pub(super) fn acceptable(keyword: &Keyword, arguments: &[&str], rest: &str, versions: &Versions<'_>) -> bool {
    let one = |good: fn(&str) -> bool| matches!(arguments, [only] if good(only));
    let all = |good: fn(&str) -> bool| arguments.iter().all(|it| good(it)) && (!arguments.is_empty() || !versions.from((9, 9)));
    let present = |it: &str| !it.is_empty();
    match keyword.arguments {
        Arguments::Word(words) => matches!(arguments, [only] if word(words, only).is_some()),
        Arguments::ExactWord(words) => matches!(arguments, [only] if words.contains(only)),
        Arguments::Integer => one(|it| integer(it).is_some()),
        Arguments::IntegerOrNone => one(|it| it == "none" || integer(it).is_some()),
        Arguments::Time => one(|it| seconds(it).is_some()),
        Arguments::TimeOrNone => one(|it| it.eq_ignore_ascii_case("none") || seconds(it).is_some()),
        Arguments::Port => one(|it| port(it).is_some()),
        Arguments::ListenAddress => match arguments {
            [address] => listen(address).is_some(),
            [address, "rdomain", _] => listen(address).is_some(),
            _ => false,
        },
        Arguments::One => one(present),
        Arguments::OneOrTwo => matches!(arguments, [first] | [first, _] if !first.is_empty()),
        Arguments::Many => all(present),
        Arguments::UserPatterns => all(patterns::is_user_pattern),
        Arguments::EnvironmentNames => all(|it| !it.is_empty() && !it.contains('=')),
        Arguments::EnvironmentSettings => all(|it| it.contains('=')),
        Arguments::Algorithms => matches!(arguments, [list] if algorithms::is_list(keyword.means, list)),
        Arguments::Methods => methods(arguments),
        Arguments::MaxStartups => one(|it| startups(it).is_some()),
        Arguments::Command => rest.starts_with('/') || rest.eq_ignore_ascii_case("none"),
        Arguments::Subsystem => matches!(arguments, [name, command, ..] if !name.is_empty() && !command.is_empty()),
        Arguments::Penalties => penalties(arguments),
        Arguments::KeyOptions => {
            arguments.iter().all(|it| ["none", "touch-required", "verify-required"].iter().any(|word| it.eq_ignore_ascii_case(word)))
        }
        Arguments::ChannelTimeouts => match arguments {
            [only] if only.eq_ignore_ascii_case("none") => true,
            _ => all(|it| channel_timeout(it).is_some()),
        },
        Arguments::Include => !arguments.is_empty() && arguments.iter().all(|it| !it.is_empty()),
        Arguments::Match | Arguments::Rest | Arguments::Ignored => true,
    }
}

/// What a word means, compared without regard to case.
pub(super) fn word(words: &[(&'static str, &'static str)], written: &str) -> Option<&'static str> {
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(written)).map(|(_, meaning)| *meaning)
}

/// A whole number, as strtonum(3) reads it between 0 and INT_MAX.
pub(super) fn integer(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number <= INTEGER_MOST)
}

/// A time in seconds: numbers, each with one of the units `s m h d w` or none, added up.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut left = text;
    while !left.is_empty() {
        let end = left.find(|it: char| !it.is_ascii_digit()).unwrap_or(left.len());
        let number: u64 = left[..end].parse().ok()?;
        let mut rest = left[end..].chars();
        let unit = match rest.next() {
            None | Some('s' | 'S') => 1,
            Some('m' | 'M') => 60,
            Some('h' | 'H') => 3_600,
            Some('d' | 'D') => 86_400,
            Some('w' | 'W') => 604_800,
            Some(_) => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?).filter(|total| *total <= INTEGER_MOST)?;
        left = rest.as_str();
    }
    (!text.is_empty()).then_some(total)
}

/// A port by number, or by the name of ssh's own service.
pub(super) fn port(text: &str) -> Option<u16> {
    if text == "ssh" {
        return Some(22);
    }
    integer(text).and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}

/// Address or name, and port, of a ListenAddress: `1.2.3.4`, `1.2.3.4:22`, `[::1]:22`, `::1`.
pub(super) fn listen(text: &str) -> Option<(&str, Option<u16>)> {
    if !text.contains('[') && text.matches(':').count() > 1 {
        return Some((text, None));
    }
    if let Some(bracketed) = text.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']')?;
        return match rest {
            "" => Some((host, None)),
            rest => Some((host, Some(port(rest.strip_prefix(':')?)?))),
        };
    }
    match text.split_once([':', '/']) {
        Some((host, number)) if text.as_bytes()[host.len()] == b':' => Some((host, Some(port(number)?))),
        Some(_) => None,
        None => (!text.is_empty()).then_some((text, None)),
    }
}

/// The numbers of a MaxStartups: start, rate where it is given, and full.
pub(super) fn startups(text: &str) -> Option<(u64, Option<u64>, u64)> {
    let (start, rest) = leading_number(text)?;
    let second = rest.strip_prefix(':').and_then(leading_number);
    let third = second.and_then(|(_, rest)| rest.strip_prefix(':')).and_then(leading_number);
    match (second, third) {
        (Some((rate, _)), Some((full, _))) if start <= full && (1..=100).contains(&rate) && start > 0 => Some((start, Some(rate), full)),
        // Whatever follows the first number is not looked at, unless a second number does.
        (None, _) if start > 0 => Some((start, None, start)),
        _ => None,
    }
}

/// The number that a text begins with, and what follows it.
fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].parse().ok().filter(|number| *number <= INTEGER_MOST)?;
    Some((number, &text[end..]))
}

/// The kind of channel that a ChannelTimeout names, and its time in seconds.
pub(super) fn channel_timeout(text: &str) -> Option<(&str, u64)> {
    let (kind, time) = text.split_once('=')?;
    if kind.is_empty() { None } else { Some((kind, seconds(time)?)) }
}

/// Authentication methods that sshd knows.
const METHODS: &[&str] = &["none", "publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "gssapi-keyex"];

/// Whether these are lists of known methods, or `any` alone.
fn methods(arguments: &[&str]) -> bool {
    let known = |method: &str| METHODS.contains(&method.split(':').next().unwrap_or_default());
    match arguments {
        [] => false,
        ["any"] => true,
        lists => lists.iter().all(|list| list.split(',').all(known)),
    }
}

/// Whether these are settings of PerSourcePenalties.
fn penalties(arguments: &[&str]) -> bool {
    let setting = |argument: &&str| {
        let Some((name, value)) = argument.split_once(':') else { return false };
        match name {
            "crash" | "authfail" | "invaliduser" | "noauth" | "grace-exceeded" | "refuseconnection" | "max" | "min" => {
                // Fractions of a second are taken from 10.1 on.
                seconds(value.split_once('.').map_or(value, |(whole, _)| whole)).is_some()
            }
            "max-sources4" | "max-sources6" => integer(value).is_some(),
            "overflow" | "overflow6" => ["deny-all", "permissive"].contains(&value),
            _ => false,
        }
    };
    match arguments {
        [] => false,
        [only] if only.eq_ignore_ascii_case("yes") || only.eq_ignore_ascii_case("no") => true,
        all => all.iter().all(setting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: convtime, a2port, hpdelim and the sscanf of MaxStartups in OpenSSH 9.2.
    #[test]
    fn numbers_and_times_are_read_as_sshd_reads_them() {
        assert_eq!(
            ["1h30m", "90", "2M", "1w", "", "5x", "-1", "1.5"].map(seconds),
            [Some(5_400), Some(90), Some(120), Some(604_800), None, None, None, None]
        );
        assert_eq!(["6", "+6", "-1", "2147483648", "6x", ""].map(integer), [Some(6), Some(6), None, None, None, None]);
        assert_eq!(startups("10:30:60"), Some((10, Some(30), 60)));
        assert_eq!(startups("10"), Some((10, None, 10)));
        assert_eq!(startups("10:x"), Some((10, None, 10)));
        assert_eq!(["10:30", "0", "10:0:60", "10:101:60", "60:30:10", "x"].map(startups), [None; 6]);
        assert_eq!(listen("[::1]:2222"), Some(("::1", Some(2222))));
        assert_eq!(listen("10.0.0.1:22"), Some(("10.0.0.1", Some(22))));
        assert_eq!(listen("fe80::1"), Some(("fe80::1", None)));
        assert_eq!(listen("10.0.0.1/22"), None);
    }
}
