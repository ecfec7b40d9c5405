//! Sets of messages by facility and severity: what a selector picks, what an action receives.

/// How many facilities syslog has (RFC 5424, table 1).
pub const FACILITIES: u8 = 24;

/// The names of the facilities, by number, as syslog.conf(5) writes them; the unnamed ones have none.
pub const FACILITY_NAMES: [&str; FACILITIES as usize] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "", "local0",
    "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

/// Severity `info` (RFC 5424, table 2): what an ordinary login or job is logged at.
pub const INFO: u8 = 6;

/// The number of a facility by its name; `security` is the old word for `auth`.
pub fn facility(name: &str) -> Option<u8> {
    let at = FACILITY_NAMES.iter().position(|it| !it.is_empty() && it.eq_ignore_ascii_case(name));
    let old = || name.eq_ignore_ascii_case("security").then_some(4);
    at.map(|at| at as u8).or_else(old)
}

/// A set of messages, told apart by facility (0 to 23) and severity (0, emergency, to 7, debug).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Messages([u64; 3]);

impl Messages {
    /// No message.
    pub const NONE: Messages = Messages([0; 3]);
    /// Every message.
    pub const ALL: Messages = Messages([u64::MAX; 3]);

    /// The messages of one facility whose severities are the bits of `severities`.
    pub fn of(facility: u8, severities: u8) -> Messages {
        let mut words = [0; 3];
        if let Some(word) = words.get_mut(usize::from(facility / 8)) {
            *word = u64::from(severities) << (u32::from(facility % 8) * 8);
        }
        Messages(words)
    }

    /// The severities of a facility that are in the set, as bits.
    pub fn severities(self, facility: u8) -> u8 {
        let word = self.0.get(usize::from(facility / 8)).copied().unwrap_or_default();
        (word >> (u32::from(facility % 8) * 8)) as u8
    }

    /// Whether messages of this facility and severity are in the set.
    pub fn holds(self, facility: u8, severity: u8) -> bool {
        self.severities(facility) >> severity.min(7) & 1 == 1
    }

    /// The least severe severity (the greatest number) down to which every message of the facility, from emergency on, is in the set.
    pub fn level(self, facility: u8) -> Option<u8> {
        (self.severities(facility).trailing_ones() as u8).checked_sub(1)
    }

    /// Whether there is no message in it.
    pub fn is_empty(self) -> bool {
        self == Messages::NONE
    }

    /// What is in both.
    pub fn and(self, other: Messages) -> Messages {
        Messages(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// What is in either.
    pub fn or(self, other: Messages) -> Messages {
        Messages(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    /// What is not in the set.
    pub fn inverse(self) -> Messages {
        Messages(std::array::from_fn(|at| !self.0[at]))
    }

    /// What is in this and not in the other.
    pub fn less(self, other: Messages) -> Messages {
        self.and(other.inverse())
    }
}

/// The name of a severity as selectors write it.
pub fn severity_name(severity: u8) -> &'static str {
    const NAMES: [&str; 8] = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
    NAMES[usize::from(severity.min(7))]
}
