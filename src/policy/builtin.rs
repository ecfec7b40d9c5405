//! The library that is embedded in the binary, into inputs that load like a user's files.

use rust_embed::RustEmbed;

use super::{Input, Origin};

/// The files under `policies/`.
#[derive(RustEmbed)]
#[folder = "policies/"]
#[include = "*.toml"]
struct Files;

/// Every file of the built-in library, sorted by path.
pub fn inputs() -> Vec<Input> {
    let mut inputs: Vec<Input> = Files::iter()
        .filter_map(|path| {
            let file = Files::get(&path)?;
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Some(Input { path: path.into_owned(), text, origin: Origin::BuiltIn })
        })
        .collect();
    inputs.sort_by(|left, right| left.path.cmp(&right.path));
    inputs
}
