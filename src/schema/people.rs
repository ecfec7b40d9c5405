//! The neutral tables about who may do what: accounts, their keys and privileges, and what they must prove.

use super::{Clock, Column, Kind, Table};
use crate::names::Phrase;

/// How a password is stored.
pub const SCHEMES: &[&str] = &[
    "bcrypt",
    "des",
    "gost-yescrypt",
    "md5",
    "nt",
    "plaintext",
    "scrypt",
    "sha1",
    "sha256",
    "sha512",
    "sm3",
    "sun-md5",
    "type4",
    "type7",
    "yescrypt",
];

/// One row per local account.
pub static ACCOUNTS: Table = Table {
    name: "accounts",
    title: Phrase { zh: "本地账户", en: "local account" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "login name").key(),
        Column::new("id", Kind::Integer, "numeric user id").unset("the platform has no numeric ids, or the field is not a number"),
        Column::new("enabled", Kind::Boolean, "whether some way of logging in or a password is usable and the account has not expired"),
        Column::new("interactive", Kind::Boolean, "whether its shell lets somebody work"),
        Column::new("privileged", Kind::Boolean, "whether it has the system's highest privilege by its id"),
        Column::new("system", Kind::Boolean, "whether it belongs to the system and not to a person, by its id"),
        Column::new(
            "password-state",
            Kind::Word(&["set", "empty", "locked", "none"]),
            "whether a password is set; locked: set but disabled; none: no password can match",
        ),
        Column::new("password-scheme", Kind::Word(SCHEMES), "how the password is stored")
            .unset("no password is stored, or its scheme is not known"),
        Column::new("password-max-age", Kind::Duration, "age at which the password expires").unset("the platform has no such limit"),
        Column::new("password-min-age", Kind::Duration, "age before which the password cannot be changed")
            .unset("the platform has no such limit"),
        Column::new("password-warning", Kind::Duration, "how long before expiry the user is warned")
            .unset("the platform has no such warning"),
        Column::new("inactive-lock", Kind::Duration, "time after the password's expiry until the account locks; unlimited: never")
            .unset("the platform has no such limit"),
        Column::new("expires", Kind::Date(Clock::Collected), "day from which the account is closed, or never"),
        Column::new("last-change", Kind::Date(Clock::Collected), "day of the last change of password").unset("not recorded"),
        Column::new("last-login", Kind::Date(Clock::Collected), "day of the last login").unset("not recorded"),
        Column::new("same-id", Kind::Texts, "other accounts with the same id").empty(),
        Column::new("same-name", Kind::Boolean, "whether another line has the same name"),
        Column::new("shared-name", Kind::Boolean, "whether the name is a generic one that people share"),
        Column::new("vendor-default", Kind::Boolean, "whether the name is one that the vendor ships"),
        Column::new("login-hours", Kind::Duration, "hours per week in which it may log in over the network; 168h: always")
            .unset("the platform has no such limit"),
        Column::new("shell", Kind::Text, "login shell").unset("the platform has no shells"),
        Column::new("home", Kind::Text, "home directory").unset("the platform has no home directories"),
        Column::new("groups", Kind::Texts, "groups it is a member of, its own first").empty(),
        Column::new("keys", Kind::Integer, "number of accepted keys").unset("not collected with the account"),
        Column::new("source", Kind::Text, "where accounts are defined: files, or a directory service"),
    ],
    settings: &[],
};

/// One row per authentication path.
pub static AUTHENTICATION_POLICY: Table = Table {
    name: "authentication-policy",
    title: Phrase { zh: "口令与锁定策略（按认证路径）", en: "password and lockout policy of an authentication path" },
    promised: true,
    columns: &[
        Column::new("path", Kind::Text, "authentication path: PAM service, AAA list, database profile").key(),
        Column::new("min-length", Kind::Integer, "least length of a new password").unset("no length is enforced"),
        Column::new("classes", Kind::Integer, "least number of character classes of a new password").unset("no classes are enforced"),
        Column::new("requirements", Kind::Words(&["digit", "lower", "other", "upper"]), "classes that a new password must hold").empty(),
        Column::new("dictionary", Kind::Boolean, "whether new passwords are checked against a dictionary"),
        Column::new("history", Kind::Integer, "number of old passwords that are refused").unset("none is refused"),
        Column::new("quality-binds-root", Kind::Boolean, "whether root is held to the quality rules"),
        Column::new("lockout-threshold", Kind::Integer, "failures that lock the account").unset("nothing locks the account"),
        Column::new("lockout-duration", Kind::Duration, "time until it unlocks by itself; unlimited: an administrator must")
            .unset("nothing locks the account"),
        Column::new("lockout-window", Kind::Duration, "time within which failures count").unset("nothing locks the account"),
        Column::new("applies-to-root", Kind::Boolean, "whether the lockout covers root"),
        Column::new("hash-scheme", Kind::Word(SCHEMES), "how new passwords are stored").unset("the path stores no password"),
        Column::new("password-max-age", Kind::Duration, "age at which a password of a new account expires").unset("the path sets none"),
        Column::new("empty-passwords", Kind::Boolean, "whether an empty password admits"),
        Column::new("group-restricted", Kind::Text, "the only group whose members may use the path")
            .unset("the path is open to every account"),
    ],
    settings: &[],
};

/// One row per accepted key.
pub static AUTHORIZED_KEYS: Table = Table {
    name: "authorized-keys",
    title: Phrase { zh: "账户接受的公钥", en: "key that an account accepts" },
    promised: false,
    columns: &[
        Column::new("account", Kind::Text, "the account").key(),
        Column::new("fingerprint", Kind::Text, "SHA-256 fingerprint of the key, as ssh-keygen -l prints it").key(),
        Column::new("type", Kind::Text, "key type"),
        Column::new("bits", Kind::Integer, "key length in bits").unset("a type whose length is not known here"),
        Column::new("sources", Kind::Networks, "addresses from which it is accepted").empty(),
        Column::new("expires", Kind::Date(Clock::Collected), "day from which it is refused, or never"),
        Column::new("options", Kind::Texts, "options before the key").empty(),
    ],
    settings: &[],
};

/// One row per grant of privilege.
pub static PRIVILEGES: Table = Table {
    name: "privileges",
    title: Phrase { zh: "授予的权限", en: "grant of privilege" },
    promised: false,
    columns: &[
        Column::new("grantee", Kind::Text, "who holds it: user, %group, or ALL").key(),
        Column::new("privilege", Kind::Text, "what is granted").key(),
        Column::new("scope", Kind::Text, "where it holds").key(),
        Column::new(
            "via",
            Kind::Word(&["sudo", "grant", "group", "user-id", "role", "windows-right", "device-level"]),
            "by what mechanism",
        ),
        Column::new("unrestricted", Kind::Boolean, "whether it amounts to every privilege"),
        Column::new("password-required", Kind::Boolean, "whether the holder must prove who they are to use it")
            .unset("the mechanism never asks"),
        Column::new("grantable", Kind::Boolean, "whether the holder may pass it on"),
        Column::new("to-everyone", Kind::Boolean, "whether every account holds it"),
        Column::new("runs-as", Kind::Texts, "accounts as which commands run").empty(),
        Column::new("commands", Kind::Texts, "commands that are granted, in the product's own spelling").empty(),
        Column::new("negated", Kind::Boolean, "whether it is everything but some commands, which a copy of the command evades"),
        Column::new("shell-escape", Kind::Boolean, "whether a granted command can start a shell").unset("no commands are named"),
        Column::new("wildcards", Kind::Boolean, "whether a wildcard stands in a command or its arguments").unset("no commands are named"),
        Column::new("account-data", Kind::Boolean, "whether it holds on tables in which a database keeps accounts, grants or passwords")
            .unset("no such table is granted by its name"),
        Column::new("expires", Kind::Date(Clock::Scan), "day on which it ends, or never"),
    ],
    settings: &[],
};

/// One row per shell environment.
pub static SHELLS: Table = Table {
    name: "shells",
    title: Phrase { zh: "登录 shell 环境", en: "shell environment" },
    promised: true,
    columns: &[
        Column::new("scope", Kind::Text, "which shells").key(),
        Column::new("new-file-mode", Kind::Mode, "permission bits that new files may have"),
        Column::new("idle-timeout", Kind::Duration, "idle time after which the shell ends; unlimited: never"),
        Column::new("idle-timeout-readonly", Kind::Boolean, "whether users cannot change it").unset("there is no idle timeout"),
        Column::new("path-unsafe", Kind::Boolean, "whether root's search path has a relative or writable directory"),
    ],
    settings: &[],
};
