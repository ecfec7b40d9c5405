//! What several products build on together, derived once per asset.

/// What one product derives and others build on.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    unused: std::marker::PhantomData<&'a ()>,
}
