//! Shell globs as glob(7) and fnmatch(3) read them, in linear space and quadratic time.

/// Whether a name has a character that makes it a pattern.
pub fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The directories that a pattern names before anything in it is special, without the slash behind them; the whole of a pattern in
/// which nothing is. Empty where there are none, or an empty name is among them.
pub fn plain_start(pattern: &str) -> &str {
    let bytes = pattern.as_bytes();
    let special = bytes.iter().position(|byte| matches!(byte, b'*' | b'?' | b'['));
    let end = special.map_or(bytes.len(), |at| memchr::memrchr(b'/', &bytes[..at]).unwrap_or(0));
    let is_slash = |at: usize| bytes[..end].get(at).is_none_or(|byte| *byte == b'/');
    let has_empty_name = is_slash(0) || memchr::memchr_iter(b'/', &bytes[..end]).any(|slash| is_slash(slash + 1));
    if has_empty_name { "" } else { &pattern[..end] }
}

/// Whether one name matches one pattern without slashes; a leading dot must be shown by the pattern.
pub fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    wildcard(pattern, name)
}

/// Whether a text matches a pattern of `*`, `?` and `[…]`, where no character is special in the text.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['?', '[', '\\']) {
        return stars(pattern, text);
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut from) = (0, 0);
    // The last star, and the text position that it was tried with.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match step(&pattern, at, text[from]) {
            Some(next) => {
                at = next;
                from += 1;
            }
            None if pattern.get(at) == Some(&'*') => {
                star = Some((at, from));
                at += 1;
            }
            None => {
                let Some((star_at, star_from)) = star else { return false };
                star = Some((star_at, star_from + 1));
                at = star_at + 1;
                from = star_from + 1;
            }
        }
    }
    pattern[at.min(pattern.len())..].iter().all(|character| *character == '*')
}

/// The same, where stars are all that is special: what stands between them is found from left to right, the rest must end the text.
fn stars(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

/// The pattern position after the piece at `at`, if that piece matches one character.
fn step(pattern: &[char], at: usize, character: char) -> Option<usize> {
    match pattern.get(at)? {
        '*' => None,
        '?' => Some(at + 1),
        '[' => match bracket(&pattern[at..], character) {
            Some((length, true)) => Some(at + length),
            Some((_, false)) => None,
            None => (character == '[').then_some(at + 1),
        },
        '\\' if at + 1 < pattern.len() => (pattern[at + 1] == character).then_some(at + 2),
        literal => (*literal == character).then_some(at + 1),
    }
}

/// The length of a bracket expression and whether it holds the character; none where it is not closed.
fn bracket(pattern: &[char], character: char) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let first = if negated { 2 } else { 1 };
    let close = (first + 1..pattern.len()).find(|at| pattern[*at] == ']')?;
    let mut at = first;
    let mut holds = false;
    while at < close {
        if at + 2 < close && pattern[at + 1] == '-' {
            holds |= (pattern[at]..=pattern[at + 2]).contains(&character);
            at += 3;
        } else {
            holds |= pattern[at] == character;
            at += 1;
        }
    }
    Some((close + 1, holds != negated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_start_of_a_pattern_is_its_first_directories() {
        let starts = [
            ("etc/ssh/*.conf", "etc/ssh"),
            ("etc/*/a.conf", "etc"),
            ("*", ""),
            ("etc", "etc"),
            ("etc/ssh", "etc/ssh"),
            ("etc/s?h/x", "etc"),
            ("/etc/*", ""),
            ("etc//ssh/*", ""),
            ("", ""),
        ];
        for (pattern, start) in starts {
            assert_eq!(plain_start(pattern), start, "{pattern}");
        }
    }

    #[test]
    fn globs_match_as_the_shell_does() {
        for (pattern, name, expected) in [
            ("*.conf", "a.conf", true),
            ("*.conf", ".a.conf", false),
            (".*", ".a", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("*a*b*c*", "xxaxxbxxc", true),
            ("*a*b*c*", "xxaxxcxxb", false),
            ("[ab", "[ab", true),
            ("", "", true),
            ("", "a", false),
            ("a*b", "ab", true),
            ("a*a", "a", false),
            ("a*bc*c", "abc", false),
            ("a*b*", "acb", true),
            ("**", "anything", true),
            ("中*", "中文", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} against {name}");
        }
    }
}
