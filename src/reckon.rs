//! Pure algorithms of the field: globs, networks, time spans, retention, the PAM automaton.

pub mod glob;
pub mod pam_control;
pub mod pam_stack;
