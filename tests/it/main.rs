//! Every test that looks at the crate from outside.

mod accounts;
mod asset;
mod auditd;
mod authorized_keys;
mod cli;
mod journald;
mod junit;
mod laws;
mod logrotate;
mod pam;
mod pam_real;
mod policies;
mod removable_media;
mod snapshot;
mod sshd_truth;
mod sudo;
mod support;
mod sysctl;
mod tidy;
mod time_sources;
