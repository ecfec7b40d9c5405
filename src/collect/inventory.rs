//! An inventory (TOML, and a CSV beside it) into the targets that it names, or everything that is wrong with it.
//!
//! The inventory is code: `cmd:` runs programs and `jump` starts `ssh`, so whoever may write it may act as the scanner.
//! A setting of a host wins over that of its groups, and that over `[defaults]`; two groups of a host must not differ.
//! Passwords never stand in it, only references to where they are kept.

pub mod ansible;
mod check;
mod read;
mod settings;
pub mod ssh_config;
mod table;

use std::path::PathBuf;
use std::time::Duration;

pub use read::read;

use super::credential::Login;
use crate::names::Platform;
use crate::snapshot::Description;

/// What speaks SSH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// libssh2, inside the process.
    Ssh2,
    /// The `ssh` of the system, a process per host.
    OpenSsh,
}

impl Engine {
    /// The word that inventories use.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Ssh2 => "ssh2",
            Engine::OpenSsh => "openssh",
        }
    }
}

/// With whose rights the collector runs on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Those of the account.
    None,
    /// The account's key starts one installed collector, whatever is asked for (`command=` in `authorized_keys`).
    Forced,
    /// `sudo -n` starts one installed collector, whose digest `sudoers` pins.
    Sudo(String),
    /// `sudo -n sh -s`: everything that root may. Only where the inventory says so.
    SudoShell,
}

/// One host or device, and how it is reached.
#[derive(Clone, Debug)]
pub struct Target {
    /// Id of the asset.
    pub id: String,
    /// Name or address.
    pub address: String,
    /// Port; 22 by default (RFC 4253 section 4).
    pub port: u16,
    /// Account.
    pub user: String,
    /// What kind of system it is; `linux` by default.
    pub platform: &'static Platform,
    /// Ways of logging in, in the order in which they are tried.
    pub login: Vec<Login>,
    /// What speaks SSH.
    pub engine: Engine,
    /// Files of known host keys.
    pub known_hosts: Vec<PathBuf>,
    /// With whose rights the collector runs.
    pub privilege: Privilege,
    /// How long it may take until the first line of the server is there.
    pub connect_timeout: Duration,
    /// How long all of it may take, from the first attempt to the last byte.
    pub deadline: Duration,
    /// The most bytes that are taken from it.
    pub bytes_most: u64,
    /// The host through which it is reached.
    pub jump: Option<String>,
    /// The most connections through that host at a time.
    pub per_jump: usize,
    /// Old algorithms that are allowed for it alone: `kex:NAME`, `hostkey:NAME`, `cipher:NAME`, `mac:NAME`.
    pub legacy: Vec<String>,
    /// Whether the user's own client configuration holds for it.
    pub ssh_config: bool,
    /// Whether others are reached through it and it is not collected itself.
    pub jump_only: bool,
    /// What the snapshot says of the asset.
    pub description: Description,
}

/// What keeps a run from being a burden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most connections at a time.
    pub connections: usize,
    /// The most new connections in a second.
    pub connects_per_second: u32,
    /// After so many refused logins in a row nobody else is asked: something is wrong with the account.
    pub refusals: usize,
    /// How often a host is tried that could not be reached.
    pub attempts: u32,
}

/// Of a new inventory; as many as a small AAA server bears.
pub const LIMITS: Limits = Limits { connections: 100, connects_per_second: 20, refusals: 5, attempts: 3 };

/// All targets, sorted by id.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// What keeps a run from being a burden.
    pub limits: Limits,
    /// Hosts and devices, jump hosts among them.
    pub targets: Vec<Target>,
}

impl Inventory {
    /// The target of that id.
    pub fn target(&self, id: &str) -> Option<&Target> {
        self.targets.binary_search_by(|target| target.id.as_str().cmp(id)).ok().and_then(|at| self.targets.get(at))
    }
}
