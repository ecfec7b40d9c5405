#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod collect;
pub mod error;
pub mod evaluate;
pub mod facts;
pub mod names;
pub mod parse;
pub mod policy;
pub mod reckon;
pub mod report;
pub mod results;
pub mod scan;
pub mod schema;
pub mod snapshot;
pub mod source;
