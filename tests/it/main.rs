//! Every test that looks at the crate from outside.

mod accounts;
mod asset;
mod authorized_keys;
mod cli;
mod junit;
mod laws;
mod policies;
mod removable_media;
mod snapshot;
mod sshd_truth;
mod sudo;
mod support;
mod sysctl;
mod tidy;
mod time_sources;
