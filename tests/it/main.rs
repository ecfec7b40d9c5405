//! Every test that looks at the crate from outside.

mod accounts;
mod auditd;
mod authorized_keys;
mod journald;
mod logrotate;
mod snapshot;
mod sshd_truth;
mod support;
mod sysctl;
mod tidy;
