//! What several products build on together, derived once per asset.

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// PAM's files and stacks.
    pub pam: super::pam::Memo<'a>,
}
