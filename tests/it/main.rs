//! Every test that looks at the crate from outside.

mod accounts;
mod authorized_keys;
<<<<<<< HEAD
mod snapshot;
=======
mod sudo;
>>>>>>> 4b46f41 ([facts] sudo: effective grants with their aliases, tags and defaults, and what sudo's Defaults are)
mod support;
mod sysctl;
mod tidy;
