//! What holds before a shell reads its first start file: the mask that PAM sets, and login's search path.

use super::state::{Choice, Choices};
use super::words;
use crate::facts::accounts::login_defaults::{self, Found};
use crate::facts::{Artefact, Documented, Evidence, Host, Why};
use crate::source::Source;

/// Stacks that every login includes, on Debian and on RHEL and its kin.
const COMMON: &[&str] = &["etc/pam.d/common-session", "etc/pam.d/postlogin", "etc/pam.d/system-auth"];

/// Stacks of single ways in.
const SINGLE: &[&str] = &["etc/pam.d/login", "etc/pam.d/password-auth", "etc/pam.d/sshd"];

static MASK: Documented = Documented { setting: "umask 022", versions: "systemd and sysvinit", source: "systemd.exec(5), UMask=" };
static PATH: Documented = Documented { setting: "PATH=/sbin:/bin:/usr/sbin:/usr/bin", versions: "shadow-utils", source: "login.defs(5)" };

/// The mask that a session begins with.
pub(super) fn umask<'a>(host: &Host<'a>) -> Choices<'a, u32> {
    let default = Choices::one(0o022, Some(Evidence::Default(&MASK)));
    let common = COMMON.iter().filter_map(|path| host.file(path).text());
    let mut seen = false;
    for source in common {
        seen = true;
        if let Some(line) = module(source) {
            return of_module(host, source, line);
        }
    }
    if !seen {
        let mut choices = default;
        choices.values.clear();
        choices.confuse(Why::not_collected(COMMON[0]), None);
        return choices;
    }
    let mut choices = default;
    for source in SINGLE.iter().filter_map(|path| host.file(path).text()) {
        if let Some(line) = module(source) {
            for choice in of_module(host, source, line).values {
                choices.also(choice);
            }
        }
    }
    choices
}

/// The line of pam_umask in a stack.
fn module<'a>(source: &Source<'a>) -> Option<&'a str> {
    source.text.lines().map(str::trim).find(|line| line.trim_start_matches('-').starts_with("session") && line.contains("pam_umask.so"))
}

/// What pam_umask(8) sets: its own argument, or login.defs' UMASK; with user groups the group's bits may be the owner's.
fn of_module<'a>(host: &Host<'a>, source: &Source<'a>, line: &'a str) -> Choices<'a, u32> {
    let arguments = || line.split_whitespace();
    let not_understood =
        |text: &'a str| Choice { value: Err(Why::not_understood(text)), evidence: Some(Evidence::Decides(source.span(line))) };
    let defs = login_defaults::login_defs(host);
    let (mask, groups) = match arguments().find_map(|argument| argument.strip_prefix("umask=")) {
        Some(text) => {
            let decides = Some(Evidence::Decides(source.span(line)));
            let mask = words::read_mask(text).map_or(not_understood(text), |mask| Choice { value: Ok(mask), evidence: decides });
            (mask, false)
        }
        None => {
            let mask = match defs.find(host, "UMASK") {
                Found::Unknown(why) => Choice { value: Err(why), evidence: None },
                Found::Nothing(_) => Choice { value: Ok(0o022), evidence: Some(Evidence::Default(&MASK)) },
                Found::Value(text, evidence) => match words::read_mask(text) {
                    Some(mask) => Choice { value: Ok(mask), evidence: evidence.first().copied() },
                    None => not_understood(text),
                },
            };
            // Debian's build asks login.defs, others their arguments alone.
            (mask, matches!(defs.find(host, "USERGROUPS_ENAB"), Found::Value("yes", _)))
        }
    };
    let mut choices = Choices { values: vec![mask], lost: Vec::new() };
    let groups =
        (groups || arguments().any(|argument| argument == "usergroups")) && !arguments().any(|argument| argument == "nousergroups");
    if let (true, Ok(bits)) = (groups, mask.value) {
        choices.also(Choice { value: Ok((bits & 0o707) | ((bits >> 3) & 0o070)), evidence: mask.evidence });
    }
    choices
}

/// Whether the search path that login gives root has a relative or writable directory.
pub(super) fn path_unsafe<'a>(host: &Host<'a>) -> Choices<'a, bool> {
    match login_defaults::login_defs(host).find(host, "ENV_SUPATH") {
        Found::Nothing(_) => Choices::one(false, Some(Evidence::Default(&PATH))),
        Found::Unknown(why) => Choices { values: vec![Choice { value: Err(why), evidence: None }], lost: Vec::new() },
        Found::Value(text, evidence) => {
            let value = words::path_is_unsafe(text.strip_prefix("PATH=").unwrap_or(text)).ok_or(Why::not_understood(text));
            Choices { values: vec![Choice { value, evidence: evidence.first().copied() }], lost: Vec::new() }
        }
    }
}

/// Whether any file of this list was read.
pub(super) fn first<'a>(host: &Host<'a>, paths: &[&'static str]) -> Option<&'static str> {
    paths.iter().copied().find(|path| matches!(host.file(path), Artefact::Text(_)))
}
