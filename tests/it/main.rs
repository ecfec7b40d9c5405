//! Every test that looks at the crate from outside.

mod accounts;
mod asset;
mod authorized_keys;
mod removable_media;
mod snapshot;
mod support;
mod sysctl;
mod tidy;
mod time_sources;
