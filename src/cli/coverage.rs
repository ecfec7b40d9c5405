//! `jixian facts --coverage`: folders of device configurations into a table of how many of their lines are understood.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bumpalo::Bump;

use super::{EXIT_USAGE, print, say, tell};
use crate::facts::Host;
use crate::facts::device::coverage::Coverage;
use crate::names::Language;
use crate::snapshot::find::{self, Found};
use crate::source::Sources;

/// What was counted in one folder.
#[derive(Default)]
struct Row {
    files: usize,
    /// Files by platform; those of which it is not known under `?`.
    platforms: BTreeMap<&'static str, usize>,
    incomplete: usize,
    issues: usize,
    lines: Coverage,
}

/// Prints the table: a row for each folder, and below it the files that were not recognised.
pub(super) fn run(paths: &[PathBuf], language: Language) -> u8 {
    let found = find::find(paths);
    if tell(&found.problems.into_iter().filter(|it| it.code != "duplicate-asset").collect::<Vec<_>>(), language) {
        return EXIT_USAGE;
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for found in &found.found {
        let folder = found
            .path()
            .parent()
            .and_then(|folder| folder.file_name())
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        count(found, rows.entry(folder).or_default(), language);
    }
    let mut text = format!(
        "{:<24} {:>5} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6} {:>5}  platforms\n",
        "folder", "files", "lines", "read", "opaque", "frame", "not", "issues", "cut"
    );
    for (folder, row) in &rows {
        let platforms: Vec<String> = row.platforms.iter().map(|(name, files)| format!("{name} {files}")).collect();
        let Coverage { lines, attributed, opaque, frame, not_understood } = row.lines;
        text.push_str(&format!(
            "{folder:<24} {:>5} {lines:>7} {attributed:>7} {opaque:>7} {frame:>7} {not_understood:>7} {:>6} {:>5}  {}\n",
            row.files,
            row.issues,
            row.incomplete,
            platforms.join(", ")
        ));
    }
    if print(&text) { 0 } else { super::EXIT_UNWRITTEN }
}

/// Counts one file.
fn count(found: &Found, row: &mut Row, language: Language) {
    row.files += 1;
    let asset = found.open();
    let Some(platform) = asset.description.platform else {
        *row.platforms.entry("?").or_default() += 1;
        return say(&format!("{}: {}", asset.id, asset.platform_because.text(language)));
    };
    *row.platforms.entry(platform.name).or_default() += 1;
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, platform, &sources);
    let Ok(config) = host.device_config() else { return };
    let Coverage { lines, attributed, opaque, frame, not_understood } = config.coverage();
    row.lines.lines += lines;
    row.lines.attributed += attributed;
    row.lines.opaque += opaque;
    row.lines.frame += frame;
    row.lines.not_understood += not_understood;
    row.issues += config.tree.issues.len();
    row.incomplete += usize::from(config.cut().is_some());
}
