//! What several products build on together, derived once per asset.

use std::cell::OnceCell;

use super::Seen;
use super::accounts::login_defaults::LoginDefs;
use super::authorized_keys::Patterns;
use super::os_release::Release;
use super::rsyslog::routes::Routes;
use super::systemd_units::Units;

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// The distribution, by [`super::os_release::release`].
    pub release: OnceCell<Option<Release<'a>>>,
    /// Units that start by themselves, by [`super::systemd_units::starts`].
    pub units: OnceCell<Units<'a>>,
    /// Where sshd looks for keys, of the authorized-keys product.
    pub(super) key_patterns: OnceCell<Patterns<'a>>,
    /// login.defs(5), of the accounts product.
    pub(super) login_defs: OnceCell<LoginDefs<'a>>,
    /// What rsyslog sends where; [`super::rsyslog::routes()`] fills it.
    pub rsyslog: OnceCell<Result<&'a Routes<'a>, Seen>>,
}
