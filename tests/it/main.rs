//! Every test that looks at the crate from outside.

mod support;
mod sysctl;
