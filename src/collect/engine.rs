//! A target and the ways of logging in to it into a session on which commands run.
//!
//! Two engines stand behind one seam: libssh2 inside the process, and the `ssh` of the system for what libssh2 cannot do or must not
//! (old algorithms, certificates, FIDO, Kerberos, the user's own client configuration).

#[cfg(feature = "ssh")]
mod banner;
#[cfg(feature = "ssh")]
mod channel;
#[cfg(feature = "ssh")]
mod dial;
#[cfg(feature = "ssh")]
mod libssh2;
#[cfg(feature = "ssh")]
mod login;
mod openssh;
mod options;
#[cfg(feature = "ssh")]
mod watch;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::gate::Gate;
use super::host_key::{Accepted, KnownHosts};
use super::inventory::{Engine, Inventory, Target};
use super::transport::{Failure, Stage, Transport};
use crate::error::{Message, Problems};

/// Why a host key was trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It stands in a file of known hosts.
    Known,
    /// It was taken on first sight, in this run or an earlier one.
    FirstSight,
    /// The `ssh` of the system trusted it, by a certificate or by its own configuration.
    Client,
}

impl Trust {
    /// The word that evidence uses.
    pub fn name(self) -> &'static str {
        match self {
            Trust::Known => "known",
            Trust::FirstSight => "tofu",
            Trust::Client => "ssh",
        }
    }
}

/// How a target was reached: evidence that it was the target, and that nobody listened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The engine, with the version of what speaks SSH.
    pub engine: String,
    /// Type of the host key.
    pub host_key_kind: String,
    /// Fingerprint of the host key, as OpenSSH prints it.
    pub host_key: String,
    /// Why it was trusted.
    pub trust: Trust,
    /// Where it is known, as file and line.
    pub known_at: Option<String>,
    /// Key exchange.
    pub key_exchange: String,
    /// Cipher of what the server sends.
    pub cipher: String,
}

/// A terminal on a device.
pub trait Terminal {
    /// Sends what somebody would type.
    ///
    /// # Errors
    ///
    /// The connection is gone.
    fn send(&mut self, bytes: &[u8]) -> Result<(), Failure>;

    /// What is shown next: none where nothing came until the moment, zero bytes where nothing will come any more.
    ///
    /// # Errors
    ///
    /// The connection is gone.
    fn receive(&mut self, buffer: &mut [u8], until: Instant) -> Result<Option<usize>, Failure>;
}

/// A target that is connected and authenticated.
pub trait Session: Transport {
    /// How it was reached.
    fn reached(&self) -> &Reached;

    /// Opens a terminal with a command line of the device.
    ///
    /// # Errors
    ///
    /// The server does not give one.
    fn terminal(&mut self, deadline: Instant) -> Result<Box<dyn Terminal + '_>, Failure>;
}

/// What is needed to reach targets: the inventory, and the host keys that are known.
#[derive(Debug)]
pub struct Ways {
    inventory: Inventory,
    known: BTreeMap<Vec<PathBuf>, Arc<KnownHosts>>,
    /// Our own file of keys that were taken on first sight.
    accepted_path: PathBuf,
    /// Where keys of unknown hosts are noted; none where unknown hosts are refused.
    accepted: Option<Accepted>,
    gate: Gate,
    /// Whether the run was interrupted.
    abort: Arc<AtomicBool>,
}

impl Ways {
    /// Reads the files of known hosts, each once. `accepted_path` is our own one; `accept_new` says whether unknown hosts are taken.
    /// Every connection ends when `abort` says so.
    pub fn new(inventory: Inventory, accepted_path: PathBuf, accept_new: bool, abort: Arc<AtomicBool>) -> (Ways, Problems) {
        let mut known: BTreeMap<Vec<PathBuf>, Arc<KnownHosts>> = BTreeMap::new();
        let mut problems = Problems::new();
        for target in &inventory.targets {
            if target.ssh_config || known.contains_key(&target.known_hosts) {
                continue;
            }
            let files = target.known_hosts.iter().map(|path| (path, false)).chain([(&accepted_path, true)]);
            let (hosts, wrong) = KnownHosts::read(files);
            problems.extend(wrong.into_iter().filter(|problem| !problems.contains(problem)).collect::<Problems>());
            known.insert(target.known_hosts.clone(), Arc::new(hosts));
        }
        let accepted = accept_new.then(|| Accepted::new(accepted_path.clone()));
        let gate = Gate::new(inventory.limits.refusals, Arc::clone(&abort));
        (Ways { inventory, known, accepted_path, accepted, gate, abort }, problems)
    }

    /// The inventory.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// What keeps refused logins from locking an account.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What is known of the hosts that a target's files name.
    fn known(&self, target: &Target) -> Arc<KnownHosts> {
        self.known.get(&target.known_hosts).cloned().unwrap_or_default()
    }

    /// The engine that reaches a target: certificates of hosts are checked by the `ssh` of the system.
    pub fn engine(&self, target: &Target) -> Engine {
        match target.engine {
            Engine::Ssh2 if self.known(target).needs_certificate(&target.address, target.port) => Engine::OpenSsh,
            engine => engine,
        }
    }

    /// Connects to a target and logs in.
    ///
    /// # Errors
    ///
    /// The stage at which it failed.
    pub fn connect(&self, target: &Target, deadline: Instant) -> Result<Box<dyn Session + '_>, Failure> {
        match self.engine(target) {
            Engine::OpenSsh => Ok(Box::new(openssh::connect(self, target, deadline)?)),
            #[cfg(feature = "ssh")]
            Engine::Ssh2 => Ok(Box::new(libssh2::connect(self, target, deadline)?)),
            #[cfg(not(feature = "ssh"))]
            Engine::Ssh2 => {
                let zh = "本程序编译时没有启用 ssh 特性；请写 engine = \"openssh\"";
                Err(failure(Stage::Connect, zh, "this program was built without the feature `ssh`; write engine = \"openssh\""))
            }
        }
    }
}

/// A failure that is not the deadline's.
pub(super) fn failure(stage: Stage, zh: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure { stage, deadline: false, message: Message::new(zh, en) }
}

/// A failure because the time was over.
pub(super) fn late(stage: Stage) -> Failure {
    Failure { stage, deadline: true, message: Message::new("时限已到", "the time was over") }
}
