//! What several products build on together, derived once per asset.

use std::cell::OnceCell;

use super::accounts::login_defaults::LoginDefs;
use super::authorized_keys::Patterns;

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// Where sshd looks for keys, of the authorized-keys product.
    pub(super) key_patterns: OnceCell<Patterns<'a>>,
    /// login.defs(5), of the accounts product.
    pub(super) login_defs: OnceCell<LoginDefs<'a>>,
}
