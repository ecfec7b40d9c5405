//! A line with cursor movements into what a terminal shows of it.

/// The most columns that a cursor movement can reach.
const COLUMNS_MOST: usize = 1 << 16;

/// A screen line that is written on.
#[derive(Default)]
struct Screen {
    cells: Vec<char>,
    cursor: usize,
}

impl Screen {
    fn write(&mut self, character: char) {
        if self.cursor < self.cells.len() {
            self.cells[self.cursor] = character;
        } else {
            self.cells.resize(self.cursor, ' ');
            self.cells.push(character);
        }
        self.cursor += 1;
    }

    fn erase_to_end(&mut self) {
        self.cells.truncate(self.cursor);
    }
}

/// The lines that are to be seen in the end. A carriage return alone begins a new one, unless nothing but blanks follow it up to the
/// next: that is how a pager's prompt is erased.
pub(super) fn shown(line: &str) -> Vec<String> {
    let line = line.trim_end_matches('\r');
    let mut shown = Vec::new();
    let mut screen = Screen::default();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\r' => rest = carriage_return(rest, &mut screen, &mut shown),
            '\x08' => screen.cursor = screen.cursor.saturating_sub(1),
            '\x1b' => rest = escape(rest, &mut screen),
            '\x07' => {}
            other => screen.write(other),
        }
    }
    shown.push(ended(screen));
    shown
}

fn ended(screen: Screen) -> String {
    screen.cells.into_iter().collect::<String>().trim_end_matches(' ').to_owned()
}

/// Handles a carriage return; what is left of the line.
fn carriage_return<'l>(rest: &'l str, screen: &mut Screen, shown: &mut Vec<String>) -> &'l str {
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    if blanks > 0 && rest[blanks..].starts_with('\r') {
        *screen = Screen::default();
        return &rest[blanks + 1..];
    }
    shown.push(ended(std::mem::take(screen)));
    rest
}

/// Handles what follows an escape character: of the control sequences (ECMA-48, 5.4) those that move the cursor or erase.
fn escape<'l>(rest: &'l str, screen: &mut Screen) -> &'l str {
    let Some(sequence) = rest.strip_prefix('[') else {
        // Two- and three-character sequences: `ESC 7`, `ESC ( B`.
        let skipped = if rest.starts_with(['(', ')']) { 2 } else { 1 };
        return rest.char_indices().nth(skipped).map_or("", |(at, _)| &rest[at..]);
    };
    let Some(end) = sequence.find(|it: char| ('\x40'..='\x7e').contains(&it)) else { return "" };
    let number: usize = sequence[..end].parse().unwrap_or(1);
    match &sequence[end..=end] {
        "D" => screen.cursor = screen.cursor.saturating_sub(number),
        "C" => screen.cursor = (screen.cursor + number).min(COLUMNS_MOST),
        "G" => screen.cursor = number.saturating_sub(1).min(COLUMNS_MOST),
        "K" if matches!(&sequence[..end], "" | "0") => screen.erase_to_end(),
        "K" if &sequence[..end] == "2" => screen.cells.clear(),
        _ => {}
    }
    &sequence[end + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        assert_eq!(shown(line), expected, "{line:?}");
    }

    #[test]
    fn pagers_are_erased_as_on_a_screen() {
        // IOS: the prompt is written over with blanks.
        let nine = "\x08".repeat(9);
        check(&format!(" --More-- {nine}        {nine} ip address 10.0.0.1"), &[" ip address 10.0.0.1"]);
        check(" --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08          \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08!", &["!"]);
        // VRP and Comware.
        check("  ---- More ----\x1b[42D                                          \x1b[42D undo shutdown", &[" undo shutdown"]);
        check("---- More ----\x1b[16D                \x1b[16D#", &["#"]);
        // FortiOS.
        check("--More-- \r         \r    set ip 10.0.0.1", &["    set ip 10.0.0.1"]);
        check("x\x1b[2Ky\x1b[Kz", &[" yz"]);
    }

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        check("a\rb\r", &["a", "b"]);
        check("a\x1b[0m\x1b(Bb\x1b7c\x1b", &["abc"]);
        check("a\x1b[999999999C\x1b[9999999999999999999999Cb\x1b[12", &[&format!("a{}b", " ".repeat(65535))]);
    }
}
