//! Command-line arguments into an exit code.

fn main() {}
