//! Every test that looks at the crate from outside.

mod sshd_truth;
mod support;
