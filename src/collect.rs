//! A target into a snapshot: how it is reached is a transport; what is read is handed in as data.
//!
//! Nothing is written on a target and nothing but what the plan lists is run there.

mod child;
pub mod conceal;
pub mod credential;
pub mod device;
pub mod engine;
pub mod fleet;
pub mod frame;
pub mod gate;
pub mod gather;
pub mod host_key;
pub mod inventory;
pub mod key;
pub mod listing;
pub mod local;
pub mod posix;
pub mod privilege;
pub mod script;
pub mod store;
pub mod transport;
