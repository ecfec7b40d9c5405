//! The library that is embedded in the binary, into inputs that load like a user's files.

use rust_embed::RustEmbed;

use super::{Input, Origin};

/// The files under `policies/`.
#[derive(RustEmbed)]
#[folder = "policies/"]
#[include = "*.toml"]
struct Files;

/// Every policy and catalogue of the built-in library, sorted by path.
pub fn inputs() -> Vec<Input> {
    files().into_iter().filter(|input| !is_profile(input)).collect()
}

/// Every built-in profile, sorted by path.
pub fn profiles() -> Vec<Input> {
    files().into_iter().filter(is_profile).collect()
}

/// Whether a file is a profile.
fn is_profile(input: &Input) -> bool {
    input.path.starts_with("profiles/")
}

/// Every file, sorted by path.
fn files() -> Vec<Input> {
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
