//! The name of a profile into the file that holds it: beside another, built in, or where a path says.

use std::path::Path;

use super::Part;
use crate::error::{Message, Problem};
use crate::policy::document::suggestion;
use crate::policy::site_table::Beside;
use crate::policy::{Library, builtin};

/// The most bytes of one profile.
const PROFILE_BYTES_MOST: u64 = 4 << 20;

/// The profile that a user names: a file, or a built-in one.
pub(super) fn named(name: &str, library: &Library) -> Result<Part, Problem> {
    let path = Path::new(name);
    if name.contains(std::path::MAIN_SEPARATOR) || name.ends_with(".toml") || path.is_file() {
        return file(path).map_err(|why| {
            Problem::new(
                "unreadable",
                Message::new(format!("无法读取基线档 {name}：{why}"), format!("the profile {name} cannot be read: {why}")),
            )
        });
    }
    built_in(name).ok_or_else(|| {
        let known = names(library);
        let known: Vec<&str> = builtin::profiles()
            .iter()
            .filter_map(|input| known.iter().find(|name| input.path.ends_with(&format!("/{name}.toml"))))
            .map(String::as_str)
            .collect();
        let mut problem = Problem::new(
            "unknown-profile",
            Message::new(format!("没有名为 `{name}` 的基线档"), format!("there is no profile called `{name}`")),
        );
        problem.help = suggestion(name, &known);
        problem
    })
}

/// The profile of a name that stands beside another, or is built in.
pub(super) fn beside(name: &str, beside: &Beside) -> Option<Part> {
    let plain = !name.contains(['/', '\\']) && !name.starts_with('.');
    let there = match beside {
        Beside::Folder(folder) if plain => file(&folder.join(format!("{name}.toml"))).ok(),
        Beside::Folder(_) | Beside::Nothing | Beside::Texts(_) => None,
    };
    there.or_else(|| built_in(name))
}

/// A built-in profile.
fn built_in(name: &str) -> Option<Part> {
    let input = builtin::profiles().into_iter().find(|input| input.path == format!("profiles/{name}.toml"))?;
    Some(Part { file: input.path, text: input.text, beside: Beside::Nothing })
}

/// A profile on disk.
fn file(path: &Path) -> Result<Part, String> {
    let size_bytes = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size_bytes > PROFILE_BYTES_MOST {
        return Err(format!("{size_bytes} bytes, more than {PROFILE_BYTES_MOST}"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Part { file: path.display().to_string(), text, beside: Beside::Folder(folder.to_path_buf()) })
}

/// The names that a profile may extend without a file of its own: built-in profiles and policies.
pub(super) fn names(library: &Library) -> Vec<String> {
    let stem = |path: &str| path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).map(str::to_owned);
    let profiles = builtin::profiles();
    let built_in = profiles.iter().filter_map(|input| stem(&input.path));
    built_in.chain(library.policies.iter().map(|policy| policy.id.clone())).collect()
}
