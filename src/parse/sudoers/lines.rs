//! A text of sudoers(5) into logical lines: continuations joined, comments cut off.

/// The logical lines that are not empty, without the space around them.
pub(super) fn logical(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, length) = next(rest);
        rest = &rest[length..];
        Some(line.trim_matches([' ', '\t', '\r', '\n']))
    })
    .filter(|line| !line.is_empty())
}

/// The logical line at the start of a text, and how many bytes it takes with its comment and end.
fn next(text: &str) -> (&str, usize) {
    let bytes = text.as_bytes();
    let include = is_include(text.trim_start_matches([' ', '\t']));
    let (mut quoted, mut at) = (false, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => match continuation(&bytes[at + 1..]) {
                Some(length) => at += length,
                None => at += 1,
            },
            b'"' => quoted = !quoted,
            b'\n' => return (&text[..at], at + 1),
            b'#' if quoted || is_id(&bytes[at + 1..]) || (include && text[..at].trim().is_empty()) => {}
            b'#' => {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
                return (&text[..at], end);
            }
            _ => {}
        }
        at += 1;
    }
    (text, text.len())
}

/// Length of blanks and line end behind a backslash, if nothing else follows it on its line.
fn continuation(behind: &[u8]) -> Option<usize> {
    let end = memchr::memchr(b'\n', behind)?;
    behind[..end].iter().all(|byte| [b' ', b'\t', b'\r'].contains(byte)).then_some(end + 1)
}

/// Whether a number follows a `#`: then it is an id and no comment.
fn is_id(behind: &[u8]) -> bool {
    let digits = behind.strip_prefix(b"-").unwrap_or(behind);
    digits.first().is_some_and(u8::is_ascii_digit)
}

/// Whether a line begins with the older spelling of an include, which is no comment.
fn is_include(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("#include") else { return false };
    rest.strip_prefix("dir").unwrap_or(rest).starts_with([' ', '\t'])
}
