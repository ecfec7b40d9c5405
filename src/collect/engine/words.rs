//! What the `ssh` of the system says on standard error into the stage at which it failed.
//!
//! The sentences are those of the portable OpenSSH client, versions 7 to 10; what is not among them is told as it is.

use super::{Failure, Stage};

/// Sentences and the stage that they belong to; the first that is found decides, so the more telling stand first.
const SENTENCES: [(&str, Stage); 23] = [
    ("Could not resolve hostname", Stage::Resolve),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", Stage::HostKey),
    ("Host key verification failed", Stage::HostKey),
    ("host key is known for", Stage::HostKey),
    ("REVOKED HOST KEY", Stage::HostKey),
    ("revoked by file", Stage::HostKey),
    ("Permission denied", Stage::Authenticate),
    ("Too many authentication failures", Stage::Authenticate),
    ("UNPROTECTED PRIVATE KEY FILE", Stage::Authenticate),
    ("administratively prohibited", Stage::Connect),
    ("stdio forwarding failed", Stage::Connect),
    ("Connection refused", Stage::Connect),
    ("Connection timed out during banner exchange", Stage::Banner),
    ("Connection timed out", Stage::Connect),
    ("Operation timed out", Stage::Connect),
    ("No route to host", Stage::Connect),
    ("Network is unreachable", Stage::Connect),
    ("kex_exchange_identification", Stage::Banner),
    ("banner line contains invalid characters", Stage::Banner),
    ("banner exchange", Stage::Banner),
    ("Unable to negotiate", Stage::Handshake),
    ("ssh_dispatch_run_fatal", Stage::Handshake),
    ("Bad configuration option", Stage::Connect),
];

/// What does not matter to a reader: debugging, the frame of warnings, and what is counted at the end.
const NOISE: [&str; 6] = ["debug", "@", "OpenSSH_", "Authenticated to", "Transferred: ", "Bytes per second: "];

/// The lines for a reader, in one, bounded: where some of them are known sentences, these alone.
pub(super) fn told(said: &[u8]) -> String {
    const MOST: usize = 300;
    let text = String::from_utf8_lossy(said).into_owned();
    let known = |line: &&str| !line.starts_with("debug") && SENTENCES.iter().any(|(sentence, _)| line.contains(sentence));
    let mut lines: Vec<&str> = text.lines().filter(known).collect();
    if lines.is_empty() {
        lines = text.lines().filter(|line| !NOISE.iter().any(|start| line.starts_with(start))).collect();
    }
    let plain = |line: &&str| line.trim_matches(['@', ' ', '\r']).trim_start_matches("ssh: ").to_owned();
    let lines: Vec<String> = lines.iter().map(plain).filter(|line| !line.is_empty()).collect();
    lines.join("; ").chars().take(MOST).collect()
}

/// The failure that these words tell, where one of the known sentences is among them.
pub(super) fn failure_of(text: &str) -> Option<(Stage, bool)> {
    // What the server says once somebody is logged in is not what the client says.
    let before = text.split("Authenticated to ").next().unwrap_or_default();
    let lines: Vec<&str> = before.lines().filter(|line| !line.starts_with("debug")).collect();
    let found = SENTENCES.iter().find(|(sentence, _)| lines.iter().any(|line| line.contains(sentence)));
    found.map(|(sentence, stage)| (*stage, sentence.contains("timed out")))
}

/// The same as a failure.
pub(super) fn failure(said: &[u8]) -> Option<Failure> {
    let (stage, deadline) = failure_of(&String::from_utf8_lossy(said))?;
    let told = told(said);
    Some(Failure { deadline, ..self::failure_at(stage, &told) })
}

/// A failure of the system's `ssh` at a stage.
pub(super) fn failure_at(stage: Stage, told: &str) -> Failure {
    super::failure(stage, format!("ssh：{told}"), format!("ssh: {told}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_says_has_a_stage_and_few_words() {
        let changed = "debug1: Connecting\n@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@@\n\
                       IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\nHost key verification failed.\r\n";
        assert_eq!(failure_of(changed), Some((Stage::HostKey, false)));
        assert_eq!(told(changed.as_bytes()), "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!; Host key verification failed.");
        assert_eq!(failure_of("ssh: connect to host x port 22: Connection timed out"), Some((Stage::Connect, true)));
        assert_eq!(failure_of("Connection timed out during banner exchange"), Some((Stage::Banner, true)));
        // What a host says once somebody is logged in is its own.
        assert_eq!(failure_of("Authenticated to x ([::1]:22).\nPermission denied\n"), None);
        assert_eq!(failure_of("debug1: Connection refused"), None);
        let sudo = "debug1: x\nsudo: a password is required\nTransferred: sent 1, received 2 bytes, in 0.1 seconds\nBytes per second: 1\n";
        assert_eq!(told(sudo.as_bytes()), "sudo: a password is required");
    }
}
