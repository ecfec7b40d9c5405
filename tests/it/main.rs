//! Every test that looks at the crate from outside.

mod accounts;
mod authorized_keys;
mod rsyslog;
mod snapshot;
mod sshd_truth;
mod support;
mod sysctl;
mod tidy;
