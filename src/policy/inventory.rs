//! An inventory file (TOML or CSV) into the assets that a run expects, and what is said of them.

use std::path::Path;

use super::document::{Document, Fields, Item, unknown_name};
use super::waiver::{entries, text_of};
use crate::error::{Message, Problem, Problems};
use crate::names::{PLATFORMS, Platform, platform};

/// An asset that is expected, and what the inventory says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Its id.
    pub id: String,
    /// Its platform; none: what is found.
    pub platform: Option<&'static Platform>,
    /// Vendor or distribution.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Version of the operating system.
    pub version: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Network zone.
    pub zone: Option<String>,
    /// Who is responsible.
    pub owner: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Products that it is said to have.
    pub products: Vec<String>,
}

/// The most assets of one inventory.
const ASSETS_MOST: usize = 1_000_000;

/// The assets of a file, sorted by id: TOML with an `[[asset]]` each, or CSV with a header.
pub fn read_file(path: &Path) -> (Vec<Expected>, Problems) {
    match text_of(path) {
        Err(problem) => (Vec::new(), vec![problem]),
        Ok(text) => read(&path.display().to_string(), &text),
    }
}

/// The assets of a text.
pub fn read(file: &str, text: &str) -> (Vec<Expected>, Problems) {
    let (mut assets, mut problems) = if file.ends_with(".csv") { csv(file, text) } else { toml(file, text) };
    assets.sort_by(|one, other| one.id.cmp(&other.id));
    for pair in assets.windows(2).filter(|pair| pair[0].id == pair[1].id) {
        let id = &pair[0].id;
        let message = Message::new(format!("{file}：资产 {id} 重复"), format!("{file}: the asset {id} stands twice"));
        problems.push(Problem::new("duplicate-asset", message));
    }
    if assets.is_empty() && problems.is_empty() {
        let message = Message::new(format!("{file} 没有列出任何资产"), format!("{file} lists no asset"));
        problems.push(Problem::new("no-asset", message));
    }
    if assets.len() > ASSETS_MOST {
        let message = Message::new(format!("{file} 超过 {ASSETS_MOST} 个资产"), format!("{file} lists more than {ASSETS_MOST} assets"));
        problems.push(Problem::new("too-many-assets", message));
    }
    (assets, problems)
}

/// Reads TOML.
fn toml(file: &str, text: &str) -> (Vec<Expected>, Problems) {
    let (mut document, table) = Document::parse(file, text);
    let mut fields = Fields::new(table.get_ref(), table.span());
    let mut assets = Vec::new();
    for item in entries(&mut fields, "asset", &mut document) {
        assets.extend(asset(item, &mut document));
    }
    fields.finish(&mut document);
    (assets, document.problems)
}

/// Reads one `[[asset]]`.
fn asset(item: &Item<'_>, document: &mut Document) -> Option<Expected> {
    let mut fields = Fields::of(item, document)?;
    let id = fields.filled("id", document);
    let mut text = |key, document: &mut Document| fields.optional(key).and_then(|item| document.string(item)).map(str::to_owned);
    let mut expected = Expected {
        vendor: text("vendor", document),
        model: text("model", document),
        version: text("version", document),
        address: text("address", document),
        zone: text("zone", document),
        owner: text("owner", document),
        ..Expected::default()
    };
    let mut texts = |key, document: &mut Document| -> Vec<String> {
        let list = fields.optional(key).map(|item| document.strings(item)).unwrap_or_default();
        list.into_iter().map(|(text, _)| text.to_owned()).collect()
    };
    expected.tags = texts("tags", document);
    expected.products = texts("products", document);
    if let Some(item) = fields.optional("platform")
        && let Some(name) = document.string(item)
    {
        expected.platform = platform(name);
        if expected.platform.is_none() {
            let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
            unknown_name(document, item.span(), "unknown-platform", ("平台", "platform"), name, &known);
        }
    }
    fields.finish(document);
    expected.id = id?;
    Some(expected)
}

/// Reads CSV: a header with `id` and any of the other names; tags and products stand in one cell, between semicolons.
fn csv(file: &str, text: &str) -> (Vec<Expected>, Problems) {
    let mut problems = Vec::new();
    let mut assets = Vec::new();
    let mut wrong = |line: u64, zh: String, en: String| {
        problems.push(Problem::new("bad-inventory", Message::new(format!("{file}:{line}：{zh}"), format!("{file}:{line}: {en}"))));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
    const KNOWN: [&str; 10] = ["address", "id", "model", "owner", "platform", "products", "tags", "vendor", "version", "zone"];
    for name in header.iter().filter(|name| !KNOWN.contains(&name.as_str())) {
        let list = KNOWN.join(", ");
        wrong(1, format!("没有名为 `{name}` 的列；可用的有：{list}"), format!("there is no column called `{name}`; known are: {list}"));
    }
    if !header.iter().any(|name| name == "id") {
        wrong(1, "缺少列 `id`".to_owned(), "the column `id` is missing".to_owned());
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                wrong(
                    line,
                    "这一行的格数与首行不同，或不是 UTF-8".to_owned(),
                    "this line has other cells than the first, or is not UTF-8".to_owned(),
                );
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| header.iter().position(|known| known == name).and_then(|at| record.get(at)).filter(|text| !text.is_empty());
        let text = |name: &str| cell(name).map(str::to_owned);
        let list = |name: &str| {
            let parts = cell(name).unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        let Some(id) = text("id") else {
            wrong(line, "`id` 是空的".to_owned(), "`id` is empty".to_owned());
            continue;
        };
        let named = cell("platform");
        let platform = named.and_then(platform);
        if let (Some(name), None) = (named, platform) {
            wrong(line, format!("没有名为 `{name}` 的平台"), format!("there is no platform called `{name}`"));
        }
        assets.push(Expected {
            id,
            platform,
            vendor: text("vendor"),
            model: text("model"),
            version: text("version"),
            address: text("address"),
            zone: text("zone"),
            owner: text("owner"),
            tags: list("tags"),
            products: list("products"),
        });
    }
    (assets, problems)
}
