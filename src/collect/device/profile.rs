//! The platforms of network devices into how they are talked to: what may be sent, how paging ends, what a complaint looks like.

/// How devices of one platform are talked to.
#[derive(Debug)]
pub struct Profile {
    /// Name of the platform.
    pub platform: &'static str,
    /// Whether it runs single commands over SSH.
    pub exec: bool,
    /// What turns paging off for this session alone; none where that would be a change of the configuration.
    pub paging_off: &'static [&'static str],
    /// First words of commands that only read.
    pub reads: &'static [&'static str],
}

/// The platforms that can be read over SSH, sorted.
///
/// Sources: the vendors' command references, under the name of each command (`terminal length` of Cisco, Arista, Ruijie and Hillstone,
/// `terminal pager` of ASA, `screen-length … temporary` of Huawei VRP, `screen-length disable` of H3C Comware). FortiOS turns paging
/// off only in its configuration (`config system console`), so it is answered there. PAN-OS shows its configuration in the form that
/// is read here only in configuration mode, which is never entered: its exported file is imported instead.
pub static PROFILES: &[Profile] = &[
    Profile { platform: "arista-eos", exec: true, paging_off: &["terminal length 0"], reads: &["show"] },
    Profile { platform: "cisco-asa", exec: false, paging_off: &["terminal pager 0"], reads: &["more", "show"] },
    Profile { platform: "cisco-ios", exec: true, paging_off: &["terminal length 0"], reads: &["show"] },
    Profile { platform: "cisco-nxos", exec: true, paging_off: &["terminal length 0"], reads: &["show"] },
    Profile { platform: "fortinet-fortios", exec: false, paging_off: &[], reads: &["get", "show"] },
    Profile { platform: "h3c-comware", exec: false, paging_off: &["screen-length disable"], reads: &["display"] },
    Profile { platform: "hillstone", exec: false, paging_off: &["terminal length 0"], reads: &["show"] },
    Profile { platform: "huawei-vrp", exec: false, paging_off: &["screen-length 0 temporary"], reads: &["display"] },
    Profile { platform: "juniper-junos", exec: true, paging_off: &["set cli screen-length 0"], reads: &["show"] },
    Profile { platform: "ruijie", exec: false, paging_off: &["terminal length 0"], reads: &["show"] },
];

/// How devices of a platform are talked to.
pub fn profile(platform: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.platform == platform)
}

impl Profile {
    /// Whether a command line may be sent: one that begins with a word for reading, without anything that could lead its output
    /// elsewhere or begin another command.
    pub fn may_send(&self, line: &str) -> bool {
        let plain = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.' | b':' | b'/'));
        let first = line.split(' ').next().unwrap_or_default();
        plain && line.len() <= 200 && line.contains(' ') && self.reads.contains(&first) && !line.contains("://")
    }
}

/// What a device says of a command that it does not run; looked for at the beginning of the first line.
const COMPLAINTS: [&[u8]; 12] = [
    b"% ",
    b"%Error",
    b"Error:",
    b"Error ",
    b"ERROR:",
    b"^",
    b"Unknown action",
    b"Command fail",
    b"Command authorization failed",
    b"Invalid ",
    b"Permission denied",
    b"unknown command",
];

/// Whether the first line of an answer is a complaint.
pub(super) fn is_complaint(first: &[u8]) -> bool {
    COMPLAINTS.iter().any(|start| first.starts_with(start)) || first.ends_with(b"syntax error.")
}

/// What stands in the last line while a device waits for a key to go on.
const PAGERS: [&[u8]; 5] = [b"---- More ----", b"--More--", b"-- More --", b"<--- More --->", b"---(more"];

/// Whether a line asks for a key to go on.
pub(super) fn is_pager(line: &[u8]) -> bool {
    line.len() < 80 && PAGERS.iter().any(|pager| memchr::memmem::find(line, pager).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PLATFORMS;

    #[test]
    fn profiles_are_sorted_and_of_known_platforms() {
        assert!(PROFILES.is_sorted_by(|left, right| left.platform < right.platform));
        assert!(PROFILES.iter().all(|profile| PLATFORMS.iter().any(|platform| platform.name == profile.platform)));
    }

    #[test]
    fn only_what_reads_may_be_sent() {
        let vrp = profile("huawei-vrp").unwrap();
        assert!(vrp.may_send("display current-configuration all"));
        for line in [
            "system-view",
            "display",
            "display x | redirect a",
            "display x > flash:/a",
            "display x\nsystem-view",
            "display x;reset",
            "reset saved",
            "displayx y",
            "show run",
            "save",
            "display ftp://x",
        ] {
            assert!(!vrp.may_send(line), "{line}");
        }
        assert!(profile("cisco-asa").unwrap().may_send("more system:running-config"));
        assert!(!profile("cisco-ios").unwrap().may_send("copy running-config tftp:"));
    }
}
