//! A plan into the one POSIX-sh program that reads it: fed to `sh -s`, or kept as a file where something else runs it.
//!
//! The program prints records, each begun by a line with a nonce that nobody knows who can write a file on the target:
//!
//! ```text
//! --NONCE B 1            platform=… script=… user=… kernel=… node=… at=…, one to a line
//! --NONCE L              `ls -ldn` of paths, or its errors: what proves absence
//! --NONCE D /path        `ls -lan` of a directory; E follows
//! --NONCE F /path        the bytes of a file; E follows
//! --NONCE C name         the output of a command; E follows
//! --NONCE E status       how what stands before it ended
//! --NONCE X denied /path a file or directory that may not be read
//! --NONCE U why          something that is not told: a name with a line end, a loop of links
//! --NONCE Z count        the end, and how many records stand before it (E is not counted)
//! ```

use crate::error::Message;
use crate::snapshot::reading::{Item, Plan};
use crate::source::Digest;

/// The most bytes of one file, listing or command output; one more is printed, so that more shows.
pub const ITEM_BYTES_MOST: usize = 8 << 20;

/// The most bytes that one asset prints.
pub const ALL_BYTES_MOST: usize = 128 << 20;

/// The most files of one asset.
const FILES_MOST: usize = 20_000;

/// The longest that one command may take.
const COMMAND_SECONDS: u32 = 30;

/// The version of the records.
pub const VERSION: u32 = 1;

/// The command line that takes the program on its standard input.
pub const COMMAND: &str = "exec sh -s";

const BODY: &str = include_str!("collector.sh");

/// A program, and the digest of all of it but the nonce.
#[derive(Debug)]
pub struct Script {
    body: String,
    /// Digest by which evidence names it.
    pub digest: Digest,
}

impl Script {
    /// The program of a plan.
    ///
    /// # Errors
    ///
    /// A path that no shell word is made of.
    pub fn new(plan: &Plan) -> Result<Script, Message> {
        let mut lines = String::new();
        for item in &plan.items {
            let line = match item {
                Item::File(path) => reads("jx_file", path)?,
                Item::Look(path) => reads("jx_look", path)?,
                Item::Command { name, line } => match name.strip_prefix("postgresql.") {
                    Some(query) => format!("jx_postgresql {} {}", word(query), word(line)),
                    None => format!("jx_run {} {}", word(name), word(line)),
                },
                Item::Unasked { .. } => continue,
            };
            lines.push_str("    ");
            lines.push_str(&line);
            lines.push('\n');
        }
        // A function needs something in it.
        lines.push_str("    :");
        let body = BODY
            .replace("@PLAN@", &lines)
            .replace("@PLATFORM@", plan.platform.name)
            .replace("@VERSION@", &VERSION.to_string())
            .replace("@ITEM_BYTES@", &(ITEM_BYTES_MOST + TRAILER_BYTES).to_string())
            .replace("@ALL_BYTES@", &ALL_BYTES_MOST.to_string())
            .replace("@FILES@", &FILES_MOST.to_string())
            .replace("@SECONDS@", &COMMAND_SECONDS.to_string());
        let digest = Digest::of(body.as_bytes());
        Ok(Script { body: body.replace("@DIGEST@", &digest.hex()), digest })
    }

    /// The program for the standard input of [`COMMAND`]; an installed copy takes the nonce from its first line and drops the rest.
    pub fn fed(&self, nonce: &str) -> String {
        debug_assert!(is_nonce(nonce), "32 hexadecimal digits");
        format!("# jixian {nonce}\n{}jx_main {nonce} end </dev/null\n", self.body)
    }

    /// The program as a file that is run elsewhere: it makes its own nonce, unless a client sends one.
    pub fn file(&self) -> String {
        format!("{}jx_main '' end\n", self.body)
    }
}

/// Room for the record that says how an item ended: `head` cuts that too.
const TRAILER_BYTES: usize = 64;

/// Whether a text is what a nonce looks like.
pub fn is_nonce(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A text as one word of a shell.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The line that reads every path that matches a glob: a loop for each name that is a pattern, and the directory that it is in is
/// listed, so that what does not match is proven not to be there.
fn reads(function: &str, path: &str) -> Result<String, Message> {
    let mut line = String::new();
    let mut ends = String::new();
    // What the names before stand for, as a word of the shell.
    let mut above = String::new();
    let depth_most = path.matches('/').count();
    for (depth, name) in path.split('/').enumerate() {
        if name.is_empty() || name.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Message::new(format!("计划中的路径 {path:?} 不可用"), format!("the plan's path {path:?} cannot be used")));
        }
        if !name.contains(['*', '?', '[']) {
            above = format!("{above}/{}", word_in_path(name));
            continue;
        }
        let directory = if above.is_empty() { "/".to_owned() } else { above.clone() };
        let here = format!("jx_{depth}");
        line.push_str(&format!("jx_list {directory}; for {here} in {above}/{}; do ", pattern(name)));
        // A pattern that nothing matches stands for itself.
        line.push_str(&format!("[ -e \"${here}\" ] || [ -L \"${here}\" ] || continue; "));
        ends.push_str("; done");
        above = format!("\"${here}\"");
        if depth < depth_most {
            line.push_str(&format!("[ -d \"${here}\" ] || continue; "));
        }
    }
    Ok(format!("{line}{function} {above}{ends}"))
}

/// A name as it stands in a path of a shell: quoted where it has to be.
fn word_in_path(name: &str) -> String {
    if name.bytes().all(is_plain) { name.to_owned() } else { word(name) }
}

/// A pattern of which nothing but the pattern is special.
fn pattern(name: &str) -> String {
    name.chars()
        .map(|character| match character {
            '*' | '?' | '[' | ']' | '!' => character.to_string(),
            _ if character.is_ascii() && is_plain(character as u8) => character.to_string(),
            _ => word(&character.to_string()),
        })
        .collect()
}

/// Whether a byte means nothing to a shell.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'@' | b'%' | b':' | b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_a_loop_over_a_directory_that_is_listed() {
        assert_eq!(reads("jx_file", "etc/passwd").expect("a path"), "jx_file /etc/passwd");
        assert_eq!(
            reads("jx_file", "etc/*.d/a/x[0-9].conf").expect("a path"),
            "jx_list /etc; for jx_1 in /etc/*.d; do [ -e \"$jx_1\" ] || [ -L \"$jx_1\" ] || continue; [ -d \"$jx_1\" ] || continue; \
             jx_list \"$jx_1\"/a; for jx_3 in \"$jx_1\"/a/x[0-9].conf; do [ -e \"$jx_3\" ] || [ -L \"$jx_3\" ] || continue; \
             jx_file \"$jx_3\"; done; done"
        );
        assert_eq!(reads("jx_look", "a b/$(x)").expect("a path"), "jx_look /'a b'/'$(x)'");
        assert_eq!(reads("jx_look", "*;x").expect("a path").split(' ').nth(5), Some("/*';'x;"));
        assert!(reads("jx_look", "a//b").is_err() && reads("jx_look", "a\nb").is_err());
    }
}
