//! Every test that looks at the crate from outside.

mod accounts;
mod authorized_keys;
mod snapshot;
mod sudo;
mod support;
mod sysctl;
mod tidy;
