//! Every test that looks at the crate from outside.

mod accounts;
mod authorized_keys;
mod support;
