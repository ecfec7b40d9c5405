//! What holds on EOS where nothing is written, each with the page of Arista that says so.

use crate::facts::Documented;

/// Where the ways in are said that are open at first.
const HARDENING: &str = "Arista, EOS Hardening Guide, General Security Principles";

/// Only SSH is open at first.
pub(super) static SSH_ON: Documented =
    Documented { setting: "management ssh: no shutdown", versions: "EOS 4.13 and later", source: HARDENING };

/// Telnet is not.
pub(super) static TELNET_OFF: Documented =
    Documented { setting: "management telnet: shutdown", versions: "EOS 4.13 and later", source: HARDENING };

/// The account of the operating system below cannot log in.
pub(super) static ROOT_OFF: Documented = Documented { setting: "no aaa root", versions: "EOS 4.13 and later", source: HARDENING };

/// A session begins in the lower mode unless authorization of sessions is set.
pub(super) static LOWER_MODE: Documented = Documented {
    setting: "no aaa authorization exec default: sessions begin in user EXEC mode",
    versions: "EOS 4.13 and later",
    source: "Arista, Common AAA Requirements, Authorization exec",
};

/// The account that a new switch has.
pub(super) static ADMIN: Documented = Documented {
    setting: "username admin privilege 1 role network-admin nopassword",
    versions: "EOS 4.13 and later",
    source: "Arista, Securing EOS CLI (written for EOS 4.13.1F), Understanding Initial Access Configuration",
};
