//! Pure algorithms of the field: globs, networks, time spans, the calendar, retention, the PAM automaton.

pub mod access_list;
pub mod base64;
pub mod calendar;
pub mod glob;
pub mod network;
pub mod pam_control;
pub mod pam_factors;
pub mod pam_stack;
pub mod retention;
pub mod time_span;
pub mod version;
pub mod week;
