//! Lines that a session or a device puts around and between the lines of a configuration: pagers, log messages, headings.

/// Lines that stand in front of a configuration and are none of it.
const HEADINGS: &[&str] = &["Building configuration...", "Current configuration", "Using ", "Generating configuration...", "Please wait"];

/// Whether a line is shown otherwise than it stands there, or left out.
pub(super) fn is_changed(line: &str) -> bool {
    let body = line.trim_end_matches('\r');
    if !may_be_changed(body) {
        return false;
    }
    body.bytes().any(|byte| matches!(byte, b'\r' | 0x08 | 0x1b))
        || behind_pager(body).is_some()
        || is_log_message(body)
        || is_node_prompt(body)
}

/// Whether the first sign of a line, or a control sign in it, is one that noise has: most lines of a configuration have none.
fn may_be_changed(line: &str) -> bool {
    let first = line.bytes().find(|byte| *byte != b' ');
    first.is_some_and(|first| {
        matches!(first, b'-' | b'*' | b'.' | b'+' | b'%' | b'{' | b'J' | b'F' | b'M' | b'A' | b'S' | b'O' | b'N' | b'D')
    }) || memchr::memchr3(b'\r', 0x08, 0x1b, line.as_bytes()).is_some()
}

/// What is kept of a line as a terminal shows it; nothing where it is noise.
pub(super) fn kept(line: &str) -> Option<&str> {
    if is_log_message(line) || is_node_prompt(line) {
        return None;
    }
    match behind_pager(line) {
        Some(rest) if rest.trim().is_empty() => None,
        Some(rest) => Some(rest),
        None => Some(line),
    }
}

/// What follows a pager's prompt that was not erased.
fn behind_pager(line: &str) -> Option<&str> {
    let dashes = |text: &'_ str| text.len() - text.trim_start_matches('-').len();
    let text = line.trim_start_matches(' ');
    let before = dashes(text);
    let word = text[before..].trim_start_matches([' ', '(', '<']);
    let more = word.get(..4).filter(|more| before >= 2 && more.eq_ignore_ascii_case("more"))?;
    let rest = word[more.len()..].trim_start_matches(|it: char| it.is_ascii_digit() || matches!(it, ' ' | '(' | ')' | '%' | '>'));
    let after = dashes(rest);
    let rest = &rest[after..];
    let is_apart = rest.is_empty() || rest.starts_with(' ');
    (after >= 2 && is_apart).then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// Whether a line is one that Junos prints before each prompt of a redundant system.
fn is_node_prompt(line: &str) -> bool {
    matches!(line.trim_end(), "{master}" | "{backup}" | "{linecard}")
        || ["{master:", "{backup:", "{primary:", "{secondary:"].iter().any(|start| line.starts_with(start))
            && line.trim_end().ends_with('}')
}

/// Whether a line is a log message that the device printed into the session: `%FACILITY-SEVERITY-MNEMONIC:` of Cisco and those who
/// follow it, `%date … MODULE/severity/MNEMONIC:` of Comware, `date … %%01MODULE/severity/MNEMONIC` of VRP.
fn is_log_message(line: &str) -> bool {
    let dated = line.trim_start_matches(['*', '.', '+', '%']);
    if !line.starts_with(['*', '.', '+', '%']) && !begins_with_month(dated) {
        return false;
    }
    if line.strip_prefix('%').is_some_and(is_cisco_tag) {
        return true;
    }
    if !begins_with_month(dated) {
        return false;
    }
    dated
        .split(' ')
        .take(9)
        .any(|word| word.strip_prefix('%').is_some_and(|tag| is_cisco_tag(tag) || is_slashed_tag(tag)) || is_slashed_tag(word))
}

fn begins_with_month(text: &str) -> bool {
    const MONTHS: &[&str] = &["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "];
    MONTHS.iter().any(|month| text.starts_with(month)) && text[4..].trim_start().starts_with(|it: char| it.is_ascii_digit())
}

/// `SYS-5-CONFIG_I:`
fn is_cisco_tag(text: &str) -> bool {
    let Some((tag, _)) = text.split_once(':') else { return false };
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let mut parts = tag.split('-').rev();
    let (mnemonic, severity) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut facility = parts.peekable();
    let severity_is_digit = severity.len() == 1 && severity.bytes().all(|byte| byte.is_ascii_digit());
    is_name(mnemonic) && severity_is_digit && facility.peek().is_some() && facility.all(is_name)
}

/// `SHELL/5/SHELL_LOGIN:` or `%01SHELL/4/LOGIN(l)[0]:`
fn is_slashed_tag(text: &str) -> bool {
    let mut parts = text.trim_start_matches('%').splitn(3, '/');
    let (module, severity, mnemonic) =
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_module = !module.is_empty() && module.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    is_module
        && severity.len() == 1
        && severity.bytes().all(|byte| byte.is_ascii_digit())
        && mnemonic.starts_with(|it: char| it.is_ascii_uppercase())
        && mnemonic.contains(':')
}

/// Whether a line only tells about the configuration that follows or stands around it.
pub fn is_metadata(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("Building configuration...")
        || line.starts_with("Generating configuration...")
        || announced(line).is_some()
        || (line.starts_with("Using ") && line.ends_with(" bytes"))
        || (line.starts_with("Using ") && line.contains(" out of ") && line.contains(" bytes"))
        || line.starts_with("Cryptochecksum:")
}

/// The bytes that `Current configuration : 4711 bytes` announces.
fn announced(line: &str) -> Option<u64> {
    line.strip_prefix("Current configuration")?.trim_start_matches([' ', ':']).strip_suffix(" bytes")?.trim().parse().ok()
}

/// The text without headings and empty lines in front of it, and the bytes that they announce.
pub(super) fn without_head(text: &str) -> (&str, Option<u64>) {
    let mut rest = text;
    let mut bytes = None;
    let mut begins = text;
    while let Some((line, behind)) = rest.split_once('\n') {
        let line = line.trim_end_matches('\r');
        if !line.trim().is_empty() {
            if !HEADINGS.iter().any(|heading| line.starts_with(heading)) || !is_metadata(line) && !line.starts_with("Please wait") {
                break;
            }
            bytes = bytes.or(announced(line));
            begins = behind;
        }
        rest = behind;
    }
    (begins, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_messages_are_told_from_configuration() {
        for line in [
            "%SYS-5-CONFIG_I: Configured from console by console",
            "*Mar  1 00:01:02.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up",
            ".Nov 22 2026 10:00:00 CST: %SEC_LOGIN-5-LOGIN_SUCCESS: Login",
            "%LINEPROTO-5-UPDOWN: Line protocol",
            "%Jan  1 00:05:11:123 2026 H3C SHELL/5/SHELL_LOGIN: admin logged in",
            "Nov 22 2026 10:00:00 CORE-1 %%01SHELL/5/LOGIN(l)[3]:VTY login",
            "{master:0}",
        ] {
            assert!(is_changed(line) && kept(line).is_none(), "{line}");
        }
        for line in [
            "interface GigabitEthernet0/1",
            "%^%#abc%^%#",
            "* description",
            " description %SYS-5-CONFIG_I: x",
            "Mar 1 is a day",
            "May the force 1/2/3",
            "description --More--",
            "-- more - x",
        ] {
            assert_eq!(kept(line), Some(line));
        }
    }

    #[test]
    fn pagers_that_were_not_erased_are_left_out() {
        assert_eq!(kept(" --More-- "), None);
        assert_eq!(kept("---- More ----"), None);
        assert_eq!(kept("---(more 45%)--- set system"), Some("set system"));
        assert_eq!(kept("<--- More --->"), Some("<--- More --->"));
    }

    #[test]
    fn headings_are_taken_off() {
        let text = "\nBuilding configuration...\n\nCurrent configuration : 4711 bytes\n!\nversion 15\n";
        assert_eq!(without_head(text), ("!\nversion 15\n", Some(4711)));
        assert_eq!(without_head("Using a thing\n"), ("Using a thing\n", None));
        assert_eq!(without_head("!\n"), ("!\n", None));
    }
}
