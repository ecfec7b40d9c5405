//! A target into a snapshot: how it is reached is a transport; what is read is handed in as data.
//!
//! Nothing is written on a target and nothing but what the plan lists is run there.

pub mod conceal;
pub mod frame;
pub mod gather;
pub mod key;
pub mod listing;
pub mod local;
pub mod posix;
pub mod script;
pub mod store;
pub mod transport;
