//! A line of `ls -lan` or `ls -ldn` in the C locale into kind, mode, owner, size, name and target of a link.

use crate::snapshot::manifest::Sort;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'b> {
    /// What it is.
    pub kind: Sort,
    /// Permission bits.
    pub mode: Option<u32>,
    /// Number of the owner.
    pub owner: u32,
    /// Number of the group.
    pub group: u32,
    /// Size in bytes; none of a device.
    pub size_bytes: Option<u64>,
    /// The name, and behind ` -> ` a link's target.
    rest: &'b [u8],
}

/// Reads a line; none where it is not what POSIX says of `ls -l`.
pub fn parse(line: &[u8]) -> Option<Listed<'_>> {
    let mut at = 0;
    let mode_word = word(line, &mut at)?;
    let kind = match mode_word.first()? {
        b'-' => Sort::File,
        b'd' => Sort::Directory,
        b'l' => Sort::Link,
        b'b' | b'c' | b'p' | b's' | b'D' => Sort::Other,
        _ => return None,
    };
    number(word(line, &mut at)?)?;
    let owner = u32::try_from(number(word(line, &mut at)?)?).ok()?;
    let group = u32::try_from(number(word(line, &mut at)?)?).ok()?;
    let mut size_bytes = None;
    let size = word(line, &mut at)?;
    if size.ends_with(b",") {
        // A device has two numbers there.
        number(word(line, &mut at)?)?;
    } else {
        size_bytes = Some(number(size)?);
    }
    let first = word(line, &mut at)?;
    // `Nov 23 07:00`, or `2026-11-23 07:00` where the C locale is taken for ISO (toybox).
    for _ in 0..if first.first()?.is_ascii_digit() { 1 } else { 2 } {
        word(line, &mut at)?;
    }
    let rest = line.get(at + 1..).filter(|rest| !rest.is_empty())?;
    Some(Listed { kind, mode: bits(mode_word), owner, group, size_bytes, rest })
}

impl<'b> Listed<'b> {
    /// The name; none where it cannot be told from a link's target.
    pub fn name(&self) -> Option<&'b [u8]> {
        if self.kind != Sort::Link {
            return Some(self.rest);
        }
        let arrow = memchr::memmem::find(self.rest, ARROW)?;
        (memchr::memmem::rfind(self.rest, ARROW) == Some(arrow)).then(|| &self.rest[..arrow])
    }

    /// The same, where it is a path from the root.
    pub fn path(&self) -> Option<&'b [u8]> {
        self.name().filter(|name| name.starts_with(b"/"))
    }

    /// The target of a link.
    pub fn target(&self) -> Option<&'b [u8]> {
        let arrow = memchr::memmem::find(self.rest, ARROW).filter(|_| self.kind == Sort::Link)?;
        Some(&self.rest[arrow + ARROW.len()..])
    }
}

const ARROW: &[u8] = b" -> ";

/// The next word, and the place behind it.
fn word<'b>(line: &'b [u8], at: &mut usize) -> Option<&'b [u8]> {
    let start = *at + line.get(*at..)?.iter().position(|byte| *byte != b' ')?;
    let length = line[start..].iter().position(|byte| *byte == b' ').unwrap_or(line.len() - start);
    *at = start + length;
    Some(&line[start..*at])
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// The permission bits of `rwsr-xr-t`; what stands behind (`.`, `+`, `@`) says that there is more than bits.
fn bits(word: &[u8]) -> Option<u32> {
    let letters = word.get(1..10)?;
    let mut bits = 0;
    for (at, letter) in letters.iter().enumerate() {
        let bit = 1 << (8 - at);
        let special = match at {
            2 => 0o4000,
            5 => 0o2000,
            8 => 0o1000,
            _ => 0,
        };
        bits |= match (letter, special) {
            (b'-', _) => 0,
            (b'r' | b'w' | b'x', _) => bit,
            (b's' | b't', 1..) => bit | special,
            (b'S' | b'T', 1..) => special,
            _ => return None,
        };
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as GNU coreutils 9.1, busybox 1.35 and toybox print them.
    #[test]
    fn lines_of_several_programs() {
        let line = parse(b"-rwsr-xr-t. 1 0 42 1234 Nov 23  2025  odd name").expect("a line");
        assert_eq!((line.mode, line.owner, line.group, line.size_bytes), (Some(0o5755), 0, 42, Some(1234)));
        assert_eq!(line.name(), Some(&b" odd name"[..]));
        let link = parse(b"lrwxrwxrwx    1 0        0               7 Jan  1 00:00 /bin -> usr/bin").expect("a line");
        assert_eq!((link.path(), link.target()), (Some(&b"/bin"[..]), Some(&b"usr/bin"[..])));
        let device = parse(b"crw-rw-rw- 1 0 0 1, 3 2026-11-23 07:00 null").expect("a line");
        assert_eq!((device.kind, device.size_bytes, device.name()), (Sort::Other, None, Some(&b"null"[..])));
        assert_eq!(parse(b"lrwxrwxrwx 1 0 0 7 Jan 1 00:00 a -> b -> c").expect("a line").name(), None);
        for odd in ["", "total 4", "?????????? ? ? ? ? ? x", "-rw-r--r-- 1 root root 1 Nov 23 07:00 x", "-rw-r--r-- 1 0 0 1 Nov 23 07:00"] {
            assert_eq!(parse(odd.as_bytes()), None, "{odd}");
        }
    }
}
