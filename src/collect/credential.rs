//! References to credentials (`env:`, `file:`, `cmd:`, a key file) into secrets that nothing can print.
//!
//! No secret is ever part of a command line, an error or a log: a reference may be told, what it leads to may not.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::child;
use crate::error::Message;

/// The most bytes of a secret; private keys are the longest.
const SECRET_BYTES_MOST: u64 = 64 << 10;

/// How long a command that hands out a secret may take.
const COMMAND_LONGEST: Duration = Duration::from_secs(30);

/// A secret: it has no `Debug`, `Display`, `Clone` or serialisation, and its bytes are overwritten when it goes.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The text itself, for the one place that sends it; none where it is not UTF-8.
    pub fn expose(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// A secret that stands on one line: its line end is not part of it.
    fn line(mut bytes: Zeroizing<Vec<u8>>) -> Result<Secret, Message> {
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        if bytes.is_empty() {
            return Err(Message::new("内容为空", "it is empty"));
        }
        if bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
            return Err(Message::new("不止一行", "it has more than one line"));
        }
        Ok(Secret(bytes))
    }
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `env:NAME`: a variable of our environment.
    Environment(String),
    /// `file:PATH`: a file that only its owner can read.
    File(PathBuf),
    /// `cmd:/path argument …`: what a program prints; it is started without a shell.
    Command(Vec<String>),
}

/// The words that begin a reference.
pub const REFERENCE_WORDS: [&str; 3] = ["env:", "file:", "cmd:"];

impl Reference {
    /// Reads a reference; paths that are not absolute begin at `folder`. None where the text is none: it may be the secret itself.
    pub fn parse(text: &str, folder: &Path) -> Option<Reference> {
        if let Some(name) = text.strip_prefix("env:") {
            let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return plain.then(|| Reference::Environment(name.to_owned()));
        }
        if let Some(path) = text.strip_prefix("file:") {
            return (!path.is_empty()).then(|| Reference::File(folder.join(path)));
        }
        let words: Vec<String> = text.strip_prefix("cmd:")?.split_whitespace().map(str::to_owned).collect();
        words.first().is_some_and(|program| program.starts_with('/')).then_some(Reference::Command(words))
    }

    /// Fetches the secret. `surroundings` are variables that a command finds in its environment: which asset, which user.
    ///
    /// # Errors
    ///
    /// Why there is none; the message names the reference and nothing of what it leads to.
    pub fn fetch(&self, surroundings: &[(&str, &str)], deadline: Instant) -> Result<Secret, Message> {
        match self {
            Reference::Environment(name) => {
                let found = std::env::var_os(name).map(|value| Zeroizing::new(value.into_encoded_bytes()));
                let bytes = found
                    .ok_or_else(|| Message::new(format!("没有环境变量 {name}"), format!("there is no environment variable {name}")))?;
                Secret::line(bytes).map_err(|why| about(&format!("env:{name}"), &why))
            }
            Reference::File(path) => {
                let name = format!("file:{}", path.display());
                read_private(path).and_then(Secret::line).map_err(|why| about(&name, &why))
            }
            Reference::Command(words) => {
                let deadline = deadline.min(Instant::now() + COMMAND_LONGEST);
                let name = format!("cmd:{}", words.first().map_or("", String::as_str));
                let output = child::output(words, surroundings, SECRET_BYTES_MOST, deadline).map_err(|why| about(&name, &why))?;
                Secret::line(output).map_err(|why| about(&name, &why))
            }
        }
    }
}

/// What is wrong with a reference.
fn about(name: &str, why: &Message) -> Message {
    Message::new(format!("凭据 {name}：{}", why.zh), format!("credential {name}: {}", why.en))
}

/// Reads a private key.
///
/// # Errors
///
/// It cannot be read, or others can read it too.
pub fn read_key(path: &Path) -> Result<Secret, Message> {
    read_private(path).map(Secret).map_err(|why| about(&format!("key:{}", path.display()), &why))
}

/// The bytes of a regular file that belongs to us or to root and that only its owner can read or write.
///
/// The file that is open is what is checked, so that it cannot be exchanged in between; `ssh` asks the same of private keys.
fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, Message> {
    let cannot = |error: std::io::Error| Message::new(format!("无法读取：{error}"), format!("it cannot be read: {error}"));
    let file = File::open(path).map_err(cannot)?;
    let metadata = file.metadata().map_err(cannot)?;
    if !metadata.is_file() {
        return Err(Message::new("不是普通文件", "it is no regular file"));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 != 0 {
        let zh = format!("权限为 {mode:04o}，其他人可读写；请执行 chmod 0600");
        return Err(Message::new(zh, format!("its mode is {mode:04o}, so that others can reach it; run chmod 0600")));
    }
    let owner = metadata.uid();
    if owner != 0 && owner != rustix::process::geteuid().as_raw() {
        return Err(Message::new("属主既不是当前用户，也不是 root", "it belongs neither to this user nor to root"));
    }
    if metadata.len() > SECRET_BYTES_MOST {
        return Err(Message::new("过大", "it is too big"));
    }
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES_MOST as usize + 1));
    file.take(SECRET_BYTES_MOST).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

/// One way of logging in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// Keys of the running agent.
    Agent,
    /// A private key, and where the passphrase of an encrypted one is kept.
    Key {
        /// Its file.
        file: PathBuf,
        /// Where its passphrase is kept.
        passphrase: Option<Reference>,
    },
    /// A password, also as the answer to a question for one.
    Password(Reference),
    /// A one-time code, as the answer to a question for one.
    Code(Reference),
    /// The ticket that the user has; only the `ssh` of the system knows what to do with it.
    Kerberos,
}

/// What one way of logging in looks like, for help.
pub const LOGIN_EXAMPLES: &str = "\"agent\", \"key:/etc/jixian/id_ed25519\", \"password:cmd:/opt/vault/get\", \"code:env:OTP\", { key = \"id_rsa\", passphrase = \"file:phrase\" }";

impl Login {
    /// Reads one way of logging in that is written as a string.
    pub fn parse(text: &str, folder: &Path) -> Option<Login> {
        match text {
            "agent" => return Some(Login::Agent),
            "kerberos" => return Some(Login::Kerberos),
            _ => {}
        }
        if let Some(path) = text.strip_prefix("key:") {
            return (!path.is_empty()).then(|| Login::Key { file: folder.join(path), passphrase: None });
        }
        if let Some(reference) = text.strip_prefix("password:") {
            return Reference::parse(reference, folder).map(Login::Password);
        }
        Reference::parse(text.strip_prefix("code:")?, folder).map(Login::Code)
    }

    /// Whether the system's `ssh` can log in like this without asking anybody.
    pub fn without_questions(&self) -> bool {
        matches!(self, Login::Agent | Login::Kerberos | Login::Key { passphrase: None, .. })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    #[test]
    fn a_text_that_is_no_reference_is_refused() {
        for text in ["hunter2", "env:", "env:A B", "file:", "cmd:", "cmd:vault get", "password"] {
            assert_eq!(Reference::parse(text, Path::new("/")), None, "{text}");
        }
        assert_eq!(Reference::parse("file:otp", Path::new("/etc/x")), Some(Reference::File("/etc/x/otp".into())));
    }

    #[test]
    fn a_file_that_others_can_read_gives_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "canary-7731\n").unwrap();
        let reference = Reference::File(path.clone());
        for (mode, given) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            match reference.fetch(&[], soon()) {
                Ok(secret) => assert!(given && secret.expose() == Some("canary-7731"), "{mode:o}"),
                Err(why) => assert!(!given && !why.en.contains("canary"), "{mode:o} {}", why.en),
            }
        }
    }

    #[test]
    fn a_command_hands_out_its_line_and_failures_tell_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("get");
        let run = |body: &str| {
            std::fs::write(&script, format!("#!/bin/sh\n{body}\n")).unwrap();
            std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
            Reference::Command(vec![script.display().to_string()]).fetch(&[("JIXIAN_ASSET", "db01")], soon())
        };
        assert_eq!(run("echo code-of-$JIXIAN_ASSET").ok().and_then(|secret| secret.expose().map(str::to_owned)).unwrap(), "code-of-db01");
        for body in ["echo canary; exit 1", "echo canary; echo canary", "echo canary >&2", "true"] {
            let why = run(body).err().expect("it is refused");
            assert!(!why.en.contains("canary") && !why.zh.contains("canary"), "{}", why.en);
        }
        let started = Instant::now();
        let slow = Reference::Command(vec!["/bin/sleep".to_owned(), "30".to_owned()]);
        assert!(slow.fetch(&[], Instant::now() + Duration::from_millis(200)).is_err());
        assert!(started.elapsed() < Duration::from_secs(3));
    }
}
