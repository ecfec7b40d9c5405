//! A session's text into the configuration in it: from the command that shows it to the next prompt.

use super::{PREAMBLE_LINES_MOST, lines};

/// The most bytes of a prompt.
const PROMPT_BYTES_MOST: usize = 64;

/// What a session holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Framed<'t> {
    pub text: &'t str,
    pub followed_by_prompt: bool,
    /// Whether the command that shows the configuration is there.
    pub is_session: bool,
}

/// The text between the command that shows a configuration and the prompt behind it; the whole text where there is no such command.
pub(super) fn framed(text: &str) -> Framed<'_> {
    let mut at = 0;
    for line in lines(text).take(PREAMBLE_LINES_MOST) {
        let next = (at + line.len() + 1).min(text.len());
        if let Some(prompt) = shows_configuration(line) {
            let (body, followed_by_prompt) = up_to_prompt(&text[next..], prompt);
            // A command that was begun and corrected shows nothing.
            if !body.trim().is_empty() {
                return Framed { text: body, followed_by_prompt, is_session: true };
            }
        }
        at = next;
    }
    let (text, followed_by_prompt) = without_last_prompt(text);
    Framed { text, followed_by_prompt, is_session: false }
}

/// The prompt of a line that is a prompt and a command which shows a configuration.
fn shows_configuration(line: &str) -> Option<&str> {
    let head = &line.as_bytes()[..line.len().min(PROMPT_BYTES_MOST)];
    memchr::memchr3(b'>', b'#', b']', head)?;
    let (prompt, command) = split_prompt(line)?;
    let mut words = command.split_ascii_whitespace();
    let verb = words.next()?;
    let abbreviates = |full: &str, least: usize| verb.len() >= least && full.starts_with(verb);
    let shows = abbreviates("show", 2) || abbreviates("display", 3) || verb == "more";
    let fortios = verb == "show" && command.trim() == "show" && prompt.ends_with("# ");
    let what = words.next().unwrap_or_default();
    const WHAT: &[&str] = &["run", "conf", "curr", "cur", "sav", "start", "full-configuration", "system:running-config"];
    (shows && (fortios || WHAT.iter().any(|known| what.starts_with(known)))).then_some(prompt)
}

/// A line into the prompt that it begins with, blank included, and what follows.
fn split_prompt(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let end = if line.starts_with(['<', '[']) {
        // VRP and Comware: `<CORE-1>`, `[~CORE-1]`, `[*CORE-1-aaa]`.
        let end = line.find(['>', ']']).filter(|end| *end > 1)?;
        let name = line[1..end].trim_start_matches(['~', '*']);
        (!name.is_empty() && !name.starts_with('/') && name.chars().all(|it| it.is_alphanumeric() || "._-/:()".contains(it)))
            .then_some(end + 1)?
    } else {
        let end = line.find(['>', '#']).filter(|end| *end > 0)?;
        // FortiOS has a blank before the sign, and the part of the configuration in brackets.
        let name = line[..end].strip_suffix(' ').unwrap_or(&line[..end]);
        let name = name.replace(" (", "(");
        name.chars().all(|it| it.is_alphanumeric() || "_.@()/:~-".contains(it)).then_some(end + 1)?
    };
    let end = if line[end..].starts_with(' ') { end + 1 } else { end };
    (end <= PROMPT_BYTES_MOST).then(|| line.split_at(end))
}

/// The text up to a line that begins with the prompt.
fn up_to_prompt<'t>(text: &'t str, prompt: &str) -> (&'t str, bool) {
    let prompt = prompt.trim_end();
    let mut at = 0;
    for line in lines(text) {
        if line.starts_with(prompt) {
            return (&text[..at], true);
        }
        at = (at + line.len() + 1).min(text.len());
    }
    (text, false)
}

/// The text without a last line that is a prompt and nothing else.
fn without_last_prompt(text: &str) -> (&str, bool) {
    let trimmed = text.trim_end();
    let start = trimmed.rfind('\n').map_or(0, |at| at + 1);
    let line = &trimmed[start..];
    // A line `#` is a separator, and one with blanks in front belongs to a block.
    match split_prompt(line) {
        Some((_, "")) if start > 0 => (&text[..start], true),
        _ => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str, followed_by_prompt: bool) {
        let framed = framed(text);
        assert_eq!((framed.text, framed.followed_by_prompt), (expected, followed_by_prompt), "{text:?}");
    }

    #[test]
    fn the_configuration_is_taken_out_of_a_session() {
        check("Welcome\nR1>en\nR1#sh run\n!\nhostname R1\nend\n\nR1#exit\n", "!\nhostname R1\nend\n\n", true);
        check("<HW>display current-configuration\n#\nsysname HW\nreturn\n<HW>quit\n", "#\nsysname HW\nreturn\n", true);
        check("[HW]dis curr\n[HW]dis curr \n#\nreturn\n[HW]", "#\nreturn\n", true);
        check("[~HW]dis cur\n#\nreturn\n", "#\nreturn\n", false);
        check("FGT (global) # show full-configuration \nconfig x\nend\n\nFGT (global) # ", "config x\nend\n\n", true);
        check("admin@fw> show configuration | display set\nset a\n\nadmin@fw> ", "set a\n\n", true);
        check("fw1/act# more system:running-config\n: Saved\n: end\nfw1/act#", ": Saved\n: end\n", true);
    }

    #[test]
    fn other_texts_stay_whole() {
        check("hostname R1\nend\n", "hostname R1\nend\n", false);
        check("hostname R1\nend\nR1#\n", "hostname R1\nend\n", true);
        check("#\nsysname A\n#\n", "#\nsysname A\n#\n", false);
        check("<config>\n</config>\n", "<config>\n</config>\n", false);
        check("#\n sysname A\nreturn\n<A>", "#\n sysname A\nreturn\n", true);
        check("a\n description x # show running\n", "a\n description x # show running\n", false);
        check("# config-version=1\nconfig a\nend\n", "# config-version=1\nconfig a\nend\n", false);
    }
}
