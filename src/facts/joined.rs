//! What several products build on together, derived once per asset.

pub mod access_rules;
mod audit_stream;
mod holdings;
pub mod logs;
mod syslog_streams;

use std::cell::{OnceCell, RefCell};

use foldhash::HashMap;

use super::Seen;
use super::accounts::login_defaults::LoginDefs;
use super::auditd::loaded::Loaded;
use super::authorized_keys::Patterns;
use super::journald::Settings;
use super::logrotate::Retention;
use super::logrotate::blocks::Blocks;
use super::os_release::Release;
use super::rsyslog::routes::Routes;
use super::systemd_units::Units;

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// Audit rules, by [`super::auditd::rules`].
    pub audit_rules: OnceCell<Result<Loaded<'a>, Seen>>,
    /// A network device's configuration, by [`super::Host::device_config`].
    pub device: OnceCell<Result<super::device::DeviceConfig<'a>, Seen>>,
    /// journald's settings, by [`super::journald::effective`].
    pub journald: OnceCell<Result<&'a Settings<'a>, Seen>>,
    /// Where sshd looks for keys, of the authorized-keys product.
    pub(super) key_patterns: OnceCell<Patterns<'a>>,
    /// login.defs(5), of the accounts product.
    pub(super) login_defs: OnceCell<LoginDefs<'a>>,
    /// logrotate's blocks, by [`super::logrotate::effective`].
    pub logrotate: OnceCell<Result<&'a Blocks<'a>, Seen>>,
    /// PAM's files and stacks, of the pam product.
    pub pam: super::pam::Memo<'a>,
    /// The distribution, by [`super::os_release::release`].
    pub release: OnceCell<Option<Release<'a>>>,
    /// How long the log at each path is kept, by [`super::logrotate::retention_of`].
    pub retentions: RefCell<HashMap<&'a str, Retention<'a>>>,
    /// What rsyslog sends where, by [`super::rsyslog::routes()`].
    pub rsyslog: OnceCell<Result<&'a Routes<'a>, Seen>>,
    /// Units that start by themselves, by [`super::systemd_units::starts`].
    pub units: OnceCell<Units<'a>>,
}
