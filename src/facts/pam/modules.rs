//! A module's name and arguments into the answers that it may give, and what a user has proven who got each of them.
//!
//! Answers are those of the modules' man pages, and of Linux-PAM 1.5.2's own modules as they were tried. What a stack demands is
//! judged for a caller who is not root already: su's pam_rootok then fails, and a daemon's, which runs as root, succeeds always.

use super::stack::{Flat, Kind};
use crate::parse::pam::Group;
use crate::reckon::pam_control::{AUTH_ERR, IGNORE, MODULE_UNKNOWN, NEW_AUTHTOK_REQD, PERM_DENIED, SUCCESS};
use crate::reckon::pam_factors::{Asks, Factors, Outcome};

const OK: u32 = 1 << SUCCESS;
const IGNORED: u32 = 1 << IGNORE;
/// `PAM_INCOMPLETE` (31) ends nothing: the application calls again.
const FAILS: u32 = !(OK | IGNORED | 1 << NEW_AUTHTOK_REQD | 1 << MODULE_UNKNOWN | 1 << 31);
/// A module that comes with Linux-PAM is there; any other may be missing.
const FAILS_OR_MISSING: u32 = FAILS | 1 << MODULE_UNKNOWN;

/// What a module is to an auth stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Checks a password against local files.
    LocalPassword,
    /// Checks a password against a directory or database.
    Password,
    /// Checks that a token, key or card is there.
    Token,
    /// Checks a trait of the body.
    Body,
    /// Has a server check something that is not seen here.
    Server,
    /// Succeeds, and does something else than to check who the user is.
    Succeeds,
    /// Does not count, likewise.
    Ignores,
    /// Checks a condition of account, place or time, which proves nothing.
    Condition,
    /// pam_permit.
    Permit,
    /// pam_deny.
    Deny,
    /// pam_rootok.
    RootOk,
    /// pam_wheel.
    Wheel,
    /// pam_faillock.
    Faillock,
    /// pam_debug: answers what its arguments say.
    Debug,
}

/// Modules by name without `pam_` and `.so`, sorted.
const ROLES: &[(&str, Role)] = &[
    ("access", Role::Condition),
    ("biometric", Role::Body),
    ("cap", Role::Succeeds),
    ("centrifydc", Role::Password),
    ("debug", Role::Debug),
    ("deny", Role::Deny),
    ("duo", Role::Token),
    ("echo", Role::Succeeds),
    ("ecryptfs", Role::Succeeds),
    ("env", Role::Ignores),
    ("faildelay", Role::Ignores),
    ("faillock", Role::Faillock),
    ("fprint", Role::Body),
    ("fprintd", Role::Body),
    ("ftp", Role::Condition),
    ("gnome_keyring", Role::Succeeds),
    ("google_authenticator", Role::Token),
    ("group", Role::Ignores),
    ("howdy", Role::Body),
    ("issue", Role::Ignores),
    ("keyinit", Role::Ignores),
    ("krb5", Role::Password),
    ("kwallet", Role::Ignores),
    ("kwallet5", Role::Ignores),
    ("lastlog", Role::Succeeds),
    ("ldap", Role::Password),
    ("linotp", Role::Token),
    ("listfile", Role::Condition),
    ("localuser", Role::Condition),
    ("lsass", Role::Password),
    ("mail", Role::Ignores),
    ("motd", Role::Ignores),
    ("mysql", Role::Password),
    ("nologin", Role::Condition),
    ("oath", Role::Token),
    ("otpw", Role::Token),
    ("p11", Role::Token),
    ("permit", Role::Permit),
    ("pgsql", Role::Password),
    ("pkcs11", Role::Token),
    ("poldi", Role::Token),
    ("pwdfile", Role::Password),
    ("radius", Role::Server),
    ("radius_auth", Role::Server),
    ("rhosts", Role::Condition),
    ("rootok", Role::RootOk),
    ("securetty", Role::Condition),
    ("securid", Role::Token),
    ("sepermit", Role::Condition),
    ("shells", Role::Condition),
    ("ssh_agent_auth", Role::Token),
    ("sss", Role::Password),
    ("succeed_if", Role::Condition),
    ("systemd_home", Role::Password),
    ("tacplus", Role::Server),
    ("tally", Role::Condition),
    ("tally2", Role::Condition),
    ("tcb", Role::LocalPassword),
    ("thinkfinger", Role::Body),
    ("time", Role::Condition),
    ("u2f", Role::Token),
    ("unix", Role::LocalPassword),
    ("unix2", Role::LocalPassword),
    ("unix_auth", Role::LocalPassword),
    ("userdb", Role::Password),
    ("usertype", Role::Condition),
    ("vas", Role::Password),
    ("vas3", Role::Password),
    ("warn", Role::Ignores),
    ("wheel", Role::Wheel),
    ("winbind", Role::Password),
    ("yubico", Role::Token),
];

/// Services that an ordinary user starts, so that the caller need not be root.
const STARTED_BY_USERS: &[&str] =
    &["chage", "chfn", "chsh", "passwd", "pkexec", "polkit-1", "runuser", "runuser-l", "su", "su-l", "sudo", "sudo-i"];

/// The name without `pam_`.
pub(super) fn short(module: &str) -> &str {
    module.strip_prefix("pam_").unwrap_or(module)
}

/// What a module is to an auth stack; none where it is not known here.
fn role(module: &str) -> Option<Role> {
    let name = short(module);
    ROLES.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| ROLES[at].1)
}

/// Whether what a line lets pass is known.
pub(super) fn is_known(flat: &Flat<'_>) -> bool {
    role(flat.module).is_some() && flat.unguarded != Some(Factors::PERHAPS)
}

/// Whether a line can prove anything that is seen here.
pub(super) fn proves(flat: &Flat<'_>) -> bool {
    let proving = |role| matches!(role, Role::LocalPassword | Role::Password | Role::Token | Role::Body | Role::Server);
    flat.kind == Kind::Module && role(flat.module).is_some_and(proving)
}

/// Whether a module checks the local password and stores it.
pub(super) fn is_unix(module: &str) -> bool {
    matches!(short(module), "unix" | "unix2" | "tcb" | "unix_auth" | "unix_passwd")
}

/// Whether two lines of a module with the same arguments must answer alike.
pub(super) fn is_condition(module: &str) -> bool {
    matches!(short(module), "access" | "listfile" | "localuser" | "sepermit" | "shells" | "succeed_if" | "time" | "usertype")
}

/// An answer that proves nothing.
const fn plain(codes: u32, holds: bool) -> Outcome {
    Outcome { codes, proves: Factors::NONE, holds, asks: Asks::Nothing }
}

/// An answer that proves something.
const fn proof(codes: u32, proves: Factors, asks: Asks) -> Outcome {
    Outcome { codes, proves, holds: true, asks }
}

/// The answers of a module of a stack.
pub(super) fn outcomes(flat: &Flat<'_>, group: Group, service: &str) -> Vec<Outcome> {
    let role = role(flat.module);
    match (group, role) {
        (_, Some(Role::Permit)) => vec![plain(OK, true)],
        (_, Some(Role::Deny)) => vec![plain(FAILS, true)],
        (_, Some(Role::Debug)) => vec![debug(flat, group)],
        (_, Some(Role::RootOk)) => root_ok(service),
        (_, Some(Role::Wheel)) => wheel(flat),
        (Group::Auth, role) => auth(flat, role, service),
        // What is asked of a password, and who is let in, is judged for a regular local account.
        (Group::Password, Some(Role::Condition)) if matches!(short(flat.module), "localuser" | "usertype") => vec![plain(OK, true)],
        (_, Some(Role::Condition)) => vec![plain(OK, true), plain(FAILS, false)],
        (Group::Account, Some(Role::LocalPassword)) => vec![plain(OK, true), plain(FAILS | 1 << NEW_AUTHTOK_REQD, false)],
        _ => vec![plain(OK, true), plain(IGNORED, true), plain(FAILS_OR_MISSING, false)],
    }
}

/// The answers of a module of an auth stack that has a role of its own there.
fn auth(flat: &Flat<'_>, role: Option<Role>, service: &str) -> Vec<Outcome> {
    let fails = plain(FAILS_OR_MISSING, false);
    match role {
        Some(Role::LocalPassword) => local_password(flat, service),
        Some(Role::Password) => {
            let ignores = flat.arguments().any(|it| it.starts_with("ignore_") || it.starts_with("minimum_uid"));
            let known = proof(OK, Factors::KNOWLEDGE, Asks::Password);
            if ignores { vec![known, plain(IGNORED, false), fails] } else { vec![known, fails] }
        }
        Some(Role::Token) => token(flat),
        Some(Role::Body) => vec![proof(OK, Factors::INHERENCE, Asks::Nothing), fails],
        Some(Role::Server) => {
            let asked = proof(OK, Factors::UNSEEN, Asks::Nothing);
            if flat.has("localifdown") { vec![asked, plain(IGNORED, false), fails] } else { vec![asked, fails] }
        }
        Some(Role::Faillock) => match flat.has("authfail") {
            // It notes the failure and asks to be ignored, or finds the account locked.
            true => vec![plain(IGNORED, false), plain(1 << AUTH_ERR, false)],
            false => vec![plain(OK, true), plain(FAILS, false)],
        },
        Some(Role::Condition) if matches!(short(flat.module), "nologin") => vec![plain(OK | IGNORED, true), plain(FAILS, false)],
        Some(Role::Condition) if matches!(short(flat.module), "sepermit") => {
            vec![plain(OK, true), plain(IGNORED, true), plain(FAILS, false)]
        }
        Some(Role::Condition) => vec![plain(OK, true), plain(FAILS, false)],
        Some(Role::Succeeds) => vec![plain(OK, true), fails],
        Some(Role::Ignores) => vec![plain(IGNORED, true), fails],
        _ => unknown(),
    }
}

/// The answers of a module that is not known: a failure proves nothing for certain, all else is open.
fn unknown() -> Vec<Outcome> {
    let open = |codes| Outcome { holds: codes == OK, ..proof(codes, Factors::PERHAPS, Asks::Nothing) };
    vec![open(OK), open(IGNORED), plain(1 << AUTH_ERR, false), open(FAILS_OR_MISSING & !(1 << AUTH_ERR))]
}

/// pam_unix(8): a password, or with `nullok` an empty one; `nullok_secure` (Debian 10 and earlier) holds on terminals of
/// /etc/securetty only, which no network login has.
fn local_password(flat: &Flat<'_>, service: &str) -> Vec<Outcome> {
    let mut answers = vec![proof(OK, Factors::KNOWLEDGE, Asks::Password), plain(FAILS, false)];
    if flat.has("nullok") || (flat.has("nullok_secure") && service != "sshd") {
        answers.push(Outcome { proves: Factors::EMPTY_PASSWORD, ..plain(OK, false) });
    }
    answers
}

/// One-time codes, keys and cards, and the ways around them that each module's own page documents.
fn token(flat: &Flat<'_>) -> Vec<Outcome> {
    let asks = match short(flat.module) {
        "google_authenticator" if flat.has("forward_pass") => Asks::CodeOrBoth,
        "oath" | "yubico" => Asks::CodeOrBoth,
        "duo" | "u2f" | "ssh_agent_auth" => Asks::Nothing,
        _ => Asks::Code,
    };
    let mut answers = vec![proof(OK, Factors::POSSESSION, asks), plain(FAILS_OR_MISSING, false)];
    if flat.has("nullok") || flat.has("nouserok") {
        // Users without a token are let pass; pam_u2f has answered both ways in its history.
        answers.push(plain(IGNORED, false));
    }
    if flat.has("alwaysok") || flat.has("nouserok") {
        answers.push(plain(OK, false));
    }
    if short(flat.module) == "duo" {
        answers.extend(flat.unguarded.map(|proves| Outcome { proves, ..plain(OK, false) }));
    }
    answers
}

/// pam_rootok succeeds where its process is root: a daemon always, a user's own su never, and elsewhere either.
fn root_ok(service: &str) -> Vec<Outcome> {
    if STARTED_BY_USERS.contains(&service) {
        vec![plain(1 << AUTH_ERR, false)]
    } else {
        vec![plain(OK, false), plain(1 << AUTH_ERR, false)]
    }
}

/// pam_wheel(8): a member passes by being ignored; with `trust` membership is all that is asked; with `deny` the group is kept out.
fn wheel(flat: &Flat<'_>) -> Vec<Outcome> {
    let stranger = plain(1 << PERM_DENIED, false);
    let mut answers = match (flat.has("deny"), flat.has("trust")) {
        (false, false) => vec![plain(IGNORED, true), stranger],
        (false, true) | (true, true) => vec![plain(OK, false), stranger],
        (true, false) => vec![plain(IGNORED, false), stranger],
    };
    if flat.has("root_only") {
        answers.push(plain(IGNORED, false));
    }
    answers
}

/// pam_debug(8): `auth=…` and its like give the answer (the first one does), success without.
fn debug(flat: &Flat<'_>, group: Group) -> Outcome {
    let key = match group {
        Group::Auth => "auth=",
        Group::Account => "acct=",
        Group::Password => "chauthtok=",
        Group::Session => "open_session=",
    };
    let said = flat.arguments().find_map(|argument| argument.strip_prefix(key));
    let code = said.map_or(Some(SUCCESS), crate::reckon::pam_control::code);
    plain(1 << code.unwrap_or(AUTH_ERR), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_sorted() {
        assert!(ROLES.is_sorted_by(|left, right| left.0 < right.0));
    }
}
