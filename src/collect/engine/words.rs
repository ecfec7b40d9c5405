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

/// What does not matter to a reader: debugging, and the frame of warnings.
fn is_noise(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("debug")
        || line.starts_with('@')
        || line.starts_with("OpenSSH_")
        || line.starts_with("Authenticated to")
}

/// The lines for a reader, in one, bounded.
pub(super) fn told(said: &[u8]) -> String {
    const MOST: usize = 300;
    let text = String::from_utf8_lossy(said).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !is_noise(line)).collect();
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
