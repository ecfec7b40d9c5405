//! Command-line arguments into an exit code.

use std::process::ExitCode;

/// Facts of an asset live in its arena, but reports and what products put together on the way are many small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    jixian::cli::main()
}
