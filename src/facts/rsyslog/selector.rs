//! A legacy selector, `auth,authpriv.info;cron.none`, into the set of messages that it picks.
//!
//! Parts are read from left to right and each changes what the earlier ones picked, as rsyslog.conf(5) describes.

use super::messages::{FACILITIES, Messages, facility};

/// The messages that a selector picks; none where a name in it is not known. Line continuations inside it mean nothing.
pub(super) fn picked(selector: &str) -> Option<Messages> {
    let mut masks = [0u8; FACILITIES as usize];
    let joined: String;
    let mut rest = selector.trim();
    if rest.contains('\\') {
        joined = rest.chars().filter(|character| *character != '\\' && !character.is_whitespace()).collect();
        rest = &joined;
    }
    while !rest.is_empty() {
        let (facilities, after) = rest.split_once('.')?;
        // A comma after a priority separates parts like a semicolon: `mail.info,cron.err` are two of them.
        let end = after.find([',', ';']).unwrap_or(after.len());
        let change = Change::read(&after[..end])?;
        for name in facilities.split(',').filter(|name| !name.is_empty()) {
            match (name, facility(name)) {
                ("*", _) => masks.iter_mut().for_each(|mask| change.apply(mask)),
                (_, Some(number)) => masks.get_mut(usize::from(number)).into_iter().for_each(|mask| change.apply(mask)),
                // Messages that rsyslogd itself makes now and then; no program logs with it.
                ("mark", None) => {}
                (_, None) => return None,
            }
        }
        rest = after[end..].trim_start_matches([',', ';']);
    }
    let every = masks.iter().zip(0u8..).map(|(mask, number)| Messages::of(number, *mask));
    Some(every.fold(Messages::NONE, Messages::or))
}

/// What one part of a selector does to the severities of its facilities.
struct Change {
    adds: bool,
    severities: u8,
}

impl Change {
    /// Reads a priority: a name or `*`, perhaps after `!`, `=` or both; or `none`.
    fn read(priority: &str) -> Option<Change> {
        let (adds, rest) = priority.strip_prefix('!').map_or((true, priority), |rest| (false, rest));
        let (single, name) = rest.strip_prefix('=').map_or((false, rest), |rest| (true, rest));
        if name.eq_ignore_ascii_case("none") {
            return Some(Change { adds: !adds, severities: u8::MAX });
        }
        let severities = match (name, single) {
            ("*", _) => u8::MAX,
            (_, true) => 1 << severity(name)?,
            (_, false) => u8::MAX >> (7 - severity(name)?),
        };
        Some(Change { adds, severities })
    }

    /// Changes the severities of one facility.
    fn apply(&self, mask: &mut u8) {
        if self.adds {
            *mask |= self.severities;
        } else {
            *mask &= !self.severities;
        }
    }
}

/// The number of a severity by its name, one of the old names, or the number itself.
pub(super) fn severity(name: &str) -> Option<u8> {
    const NAMES: &[(&str, u8)] = &[
        ("alert", 1),
        ("crit", 2),
        ("debug", 7),
        ("emerg", 0),
        ("err", 3),
        ("error", 3),
        ("info", 6),
        ("notice", 5),
        ("panic", 0),
        ("warn", 4),
        ("warning", 4),
    ];
    let named = NAMES.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, number)| *number);
    named.or_else(|| name.parse().ok().filter(|number| *number < 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The severities, lowest number first, at which each facility of interest is picked.
    fn shown(selector: &str) -> String {
        let Some(messages) = picked(selector) else { return "not understood".to_owned() };
        let one = |name: &str| {
            let number = facility(name).expect("a known name");
            let digits: String = (0..8).filter(|severity| messages.holds(number, *severity)).map(|it| it.to_string()).collect();
            format!("{name}={digits}")
        };
        ["auth", "authpriv", "cron", "local0"].map(one).join(" ")
    }

    /// The expected sets were read off rsyslogd 8.2302, which was sent one message per facility and severity.
    #[test]
    fn selectors_pick_as_rsyslogd_does() {
        for (selector, expected) in [
            ("*.*;auth,authpriv.none", "auth= authpriv= cron=01234567 local0=01234567"),
            ("*.info;mail.none;authpriv.none;cron.none", "auth=0123456 authpriv= cron= local0=0123456"),
            ("local0.info;local0.!err", "auth= authpriv= cron= local0=456"),
            ("*.!warn", "auth= authpriv= cron= local0="),
            ("*.=info", "auth=6 authpriv=6 cron=6 local0=6"),
            ("*.*;*.!=info", "auth=0123457 authpriv=0123457 cron=0123457 local0=0123457"),
            ("*.info;mail,auth.!=info", "auth=012345 authpriv=0123456 cron=0123456 local0=0123456"),
            ("mail,auth.info,cron.err", "auth=0123456 authpriv= cron=0123 local0="),
            ("*.info,auth.none", "auth= authpriv=0123456 cron=0123456 local0=0123456"),
            ("*.*;\\\n\tauth,authpriv.none", "auth= authpriv= cron=01234567 local0=01234567"),
            ("auth.none;auth.info", "auth=0123456 authpriv= cron= local0="),
            ("security.panic", "auth=0 authpriv= cron= local0="),
            ("bogus.info", "not understood"),
            ("auth.bogus", "not understood"),
        ] {
            assert_eq!(shown(selector), expected, "{selector}");
        }
    }
}
