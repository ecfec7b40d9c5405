//! A target into a snapshot: how it is reached is a transport; what is read is handed in as data.
//!
//! Nothing is written on a target and nothing but what the plan lists is run there.

mod child;
pub mod credential;
pub mod device;
pub mod engine;
pub mod fleet;
pub mod gate;
pub mod host_key;
pub mod inventory;
pub mod transport;
