//! What several products build on together, derived once per asset.

use std::cell::OnceCell;

use super::os_release::Release;

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// The distribution, by [`super::os_release::release`].
    pub release: OnceCell<Option<Release<'a>>>,
}
