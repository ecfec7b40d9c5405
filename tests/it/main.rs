//! Every test that looks at the crate from outside.

mod accounts;
mod authorized_keys;
mod cli;
mod junit;
mod laws;
mod policies;
mod snapshot;
mod sshd;
mod sshd_truth;
mod support;
mod sysctl;
mod tidy;
