//! The collector against real shells: its records, what a cut-off copy does, and that it writes nothing.

mod clusters;
mod local;
mod secrets;
mod shells;
mod snapshots;
