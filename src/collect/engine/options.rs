//! A target into the options of the system's `ssh`: all that matters is said, so that no configuration of the machine decides.

use std::path::Path;
use std::time::Duration;

use super::{Failure, Stage, Target, Ways, failure};
use crate::collect::credential::Login;

/// Options of `ssh`, without the host.
#[derive(Debug)]
pub(super) struct Options {
    /// Words of the command line.
    pub words: Vec<String>,
}

/// What holds for every host: nobody is asked, nothing is forwarded, nothing is shared, nothing is learned.
const ALWAYS: [&str; 15] = [
    "BatchMode=yes",
    "ConnectionAttempts=1",
    "NumberOfPasswordPrompts=0",
    "ClearAllForwardings=yes",
    "ExitOnForwardFailure=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "UpdateHostKeys=no",
    "VerifyHostKeyDNS=no",
    "CheckHostIP=no",
    "Tunnel=no",
    "EscapeChar=none",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=2",
];

/// What holds where the user's own configuration does not.
const WITHOUT_CONFIGURATION: [&str; 5] =
    ["ControlMaster=no", "ControlPath=none", "CanonicalizeHostname=no", "GlobalKnownHostsFile=/dev/null", "AddKeysToAgent=no"];

impl Options {
    /// The options for a target, which has this long to answer.
    ///
    /// `DEBUG1` is the least level at which the client names the host key and the cipher, which are evidence; at `ERROR` a failed key
    /// exchange has no text at all.
    pub(super) fn of(ways: &Ways, target: &Target, connect: Duration) -> Result<Options, Failure> {
        Options::at_level("DEBUG1", ways, target, connect)
    }

    fn at_level(level: &str, ways: &Ways, target: &Target, connect: Duration) -> Result<Options, Failure> {
        let mut words: Vec<String> = Vec::new();
        let mut option = |text: String| words.extend(["-o".to_owned(), text]);
        ALWAYS.iter().for_each(|text| option((*text).to_owned()));
        option(format!("LogLevel={level}"));
        option(format!("ConnectTimeout={}", connect.as_secs().max(1)));
        option(format!("StrictHostKeyChecking={}", if ways.accepted.is_some() { "accept-new" } else { "yes" }));
        if !target.ssh_config {
            WITHOUT_CONFIGURATION.iter().for_each(|text| option((*text).to_owned()));
            let files = [&ways.accepted_path].into_iter().chain(&target.known_hosts).map(|path| quoted(path));
            option(format!("UserKnownHostsFile={}", files.collect::<Result<Vec<_>, _>>()?.join(" ")));
        }
        for old in &target.legacy {
            let (kind, name) = old.split_once(':').unwrap_or_default();
            let keyword = match kind {
                "kex" => "KexAlgorithms",
                "hostkey" => "HostKeyAlgorithms",
                "cipher" => "Ciphers",
                _ => "MACs",
            };
            option(format!("{keyword}=+{name}"));
        }
        for text in login(target)? {
            option(text);
        }
        if let Some(jump) = target.jump.as_deref().and_then(|jump| ways.inventory.target(jump)) {
            // What the client of a jump host says comes on the same stream: its host key and its login are not the target's.
            let inner = Options::at_level("INFO", ways, jump, connect)?;
            option(format!("ProxyCommand={}", proxy_command(&inner, jump, target)));
        }
        if !target.ssh_config {
            words.extend(["-F".to_owned(), "none".to_owned()]);
        }
        if !target.ssh_config || target.port != 22 {
            words.extend(["-p".to_owned(), target.port.to_string()]);
        }
        words.extend(["-l".to_owned(), target.user.clone()]);
        Ok(Options { words })
    }
}

/// How to log in.
fn login(target: &Target) -> Result<Vec<String>, Failure> {
    let mut options = Vec::new();
    let keys = target.login.iter().filter_map(|login| if let Login::Key { file, .. } = login { Some(file) } else { None });
    for file in keys {
        options.push(format!("IdentityFile={}", quoted(file)?));
    }
    let agent = target.login.contains(&Login::Agent);
    if !agent {
        options.push("IdentitiesOnly=yes".to_owned());
        options.push("IdentityAgent=none".to_owned());
    }
    if options.is_empty() && !target.ssh_config {
        options.push("IdentityFile=none".to_owned());
    }
    if target.login.contains(&Login::Kerberos) {
        options.push("GSSAPIAuthentication=yes".to_owned());
        options.push("GSSAPIDelegateCredentials=no".to_owned());
    }
    if !target.ssh_config {
        options.push("PreferredAuthentications=gssapi-with-mic,publickey".to_owned());
    }
    Ok(options)
}

/// A path as a value of `ssh_config(5)`: in quotes, with `%` doubled.
fn quoted(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().filter(|text| !text.contains(['"', '\\', '$']) && !text.contains(char::is_control));
    let Some(text) = text else {
        let name = path.display();
        return Err(failure(
            Stage::Connect,
            format!("引擎 openssh 不能使用路径 {name}"),
            format!("the engine openssh cannot use the path {name}"),
        ));
    };
    Ok(format!("\"{}\"", text.replace('%', "%%")))
}

/// Where a jump host is to connect to; brackets fit names and addresses of both families.
pub(super) fn forward(target: &Target) -> String {
    format!("[{}]:{}", target.address, target.port)
}

/// The command line with which one host is reached through another, for the shell that `ssh` starts with `exec` before it.
fn proxy_command(options: &Options, jump: &Target, target: &Target) -> String {
    let forward = forward(target);
    let tail = ["-W", &forward, "--", &jump.address];
    let words = ["ssh"].into_iter().map(str::to_owned);
    let quoted =
        options.words.iter().map(String::as_str).chain(tail).map(|word| format!("'{}'", word.replace('\'', "'\\''").replace('%', "%%")));
    words.chain(quoted).collect::<Vec<_>>().join(" ")
}
