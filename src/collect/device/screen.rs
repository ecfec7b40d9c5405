//! What a terminal was sent into the lines that it shows: overwritten text is gone, as it is on the screen.

/// The most columns of a line; a device that goes further is cut there.
const COLUMNS_MOST: usize = 64 << 10;

/// The lines that are shown, joined by line ends; trailing blanks go where something was overwritten.
pub(super) fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            out.push(b'\n');
        }
        out.extend(shown(line));
    }
    out
}

/// What one line shows.
pub(super) fn shown(line: &[u8]) -> Vec<u8> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if !line.iter().any(|byte| matches!(byte, 0x1b | b'\r' | 0x08 | 0x07 | 0)) {
        return line.to_vec();
    }
    let mut cells: Vec<u8> = Vec::with_capacity(line.len());
    let mut cursor = 0_usize;
    let mut overwritten = false;
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'\r' => cursor = 0,
            0x08 => cursor = cursor.saturating_sub(1),
            0 | 0x07 => {}
            0x1b => {
                let (length, back, erase) = escape(rest);
                rest = &rest[length..];
                cursor = cursor.saturating_sub(back);
                if erase {
                    cells.truncate(cursor);
                }
            }
            _ if cursor < cells.len() => {
                overwritten = true;
                cells[cursor] = byte;
                cursor += 1;
            }
            _ if cursor < COLUMNS_MOST => {
                cells.resize(cursor, b' ');
                cells.push(byte);
                cursor += 1;
            }
            _ => {}
        }
    }
    while overwritten && cells.last() == Some(&b' ') {
        cells.pop();
    }
    cells
}

/// A control sequence (ECMA-48) after its escape: its length, how far it moves the cursor back, whether it erases to the end of the line.
fn escape(rest: &[u8]) -> (usize, usize, bool) {
    if rest.first() != Some(&b'[') {
        return (rest.len().min(1), 0, false);
    }
    let Some(end) = rest.iter().skip(1).position(|byte| matches!(byte, 0x40..=0x7e)) else { return (rest.len(), 0, false) };
    let number = std::str::from_utf8(&rest[1..=end]).ok().and_then(|text| text.parse().ok());
    match rest[end + 1] {
        b'D' => (end + 2, number.unwrap_or(1), false),
        b'K' => (end + 2, 0, number.unwrap_or(0) == 0),
        _ => (end + 2, 0, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_that_was_answered_leaves_nothing() {
        // What VRP sends: 16 columns back, 16 blanks, 16 columns back.
        let vrp = b"  ---- More ----\x1b[16D                \x1b[16D description uplink\r";
        assert_eq!(shown(vrp), b" description uplink");
        assert_eq!(shown(b" --More-- \r          \rinterface Vlan1\r"), b"interface Vlan1");
        assert_eq!(
            shown(b" --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08          \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08end"),
            b"end"
        );
        assert_eq!(shown(b"--More--\r\x1b[Kend"), b"end");
        assert_eq!(shown(b"\x1b[1;32mprompt\x1b[0m# "), b"prompt# ");
        assert_eq!(plain(b"a\r\nb  \r\n"), b"a\nb  \n");
    }

    #[test]
    fn no_sequence_is_too_odd() {
        for line in [&b"\x1b"[..], b"\x1b[", b"\x1b[999999999999999999999D", b"\x1b[12", b"\x1b]0;x", b"\x08\x08\x08a"] {
            let _ = shown(line);
        }
        assert!(shown(&[b'a'; COLUMNS_MOST + 10].iter().copied().chain([7]).collect::<Vec<_>>()).len() <= COLUMNS_MOST);
    }
}
