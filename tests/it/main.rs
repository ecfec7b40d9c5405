//! Every test that looks at the crate from outside.

mod pam_real;
mod support;
