//! Every test that looks at the crate from outside.

mod accounts;
mod asset;
mod auditd;
mod authorized_keys;
mod cli;
mod files;
mod journald;
mod junit;
mod laws;
mod login_banner;
mod logrotate;
mod logs;
mod pam_real;
mod policies;
mod removable_media;
mod rsyslog;
mod services;
mod shells;
mod snapshot;
mod sshd;
mod sshd_truth;
mod sudo;
mod support;
mod sysctl;
mod tidy;
mod time_sources;
