//! Every test that looks at the crate from outside.

mod snapshot;
mod support;
mod sysctl;
mod tidy;
