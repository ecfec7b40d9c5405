#![doc = include_str!("ARCHITECTURE.md")]

pub mod error;
pub mod facts;
pub mod names;
pub mod parse;
pub mod reckon;
pub mod schema;
pub mod snapshot;
pub mod source;
