//! Command-line arguments into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    jixian::cli::main()
}
