//! The lines of a CSV into hosts: one header, one host per line.

use std::ops::Range;

use super::check;
use super::read::Stated;
use super::settings::{Settings, fitting};
use crate::error::Message;
use crate::error::document::{Document, unknown_name};
use crate::names::{self, PLATFORMS};

/// The columns that a list of hosts may have; `groups` and `tags` are parted by `;`.
const COLUMNS: [&str; 8] = ["address", "groups", "id", "owner", "platform", "port", "tags", "user"];

/// The hosts of a CSV.
pub(super) fn hosts(document: &mut Document) -> Vec<Stated> {
    let text = document.text.clone();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let header = 0..text.find('\n').unwrap_or(text.len());
    for name in &names {
        if !COLUMNS.contains(&name.as_str()) {
            unknown_name(document, header.clone(), "unknown-column", ("列", "column"), name, &COLUMNS);
        } else if names.iter().filter(|other| *other == name).count() > 1 {
            let message = Message::new(format!("列 `{name}` 写了两次"), format!("the column `{name}` stands twice"));
            document.problem(header.clone(), "duplicate-column", message);
        }
    }
    if !names.iter().any(|name| name == "id") {
        document.problem(header, "missing-column", Message::new("缺少列 `id`", "the column `id` is missing"));
        return Vec::new();
    }
    let mut found = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let span = line(&text, record.position().map_or(0, csv::Position::byte));
                found.extend(host(&names, &record, span, document));
            }
            Err(error) => {
                let span = line(&text, error.position().map_or(0, csv::Position::byte));
                document.problem(
                    span,
                    "bad-csv",
                    Message::new(
                        "这一行的列数与表头不同，或不是 UTF-8",
                        "this line has not as many columns as the header, or is not UTF-8",
                    ),
                );
            }
        }
    }
    found
}

/// The line that begins at a byte.
fn line(text: &str, start: u64) -> Range<usize> {
    let start = usize::try_from(start).unwrap_or(0).min(text.len());
    let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| start + length);
    start..end
}

/// One host.
fn host(names: &[String], record: &csv::StringRecord, span: Range<usize>, document: &mut Document) -> Option<Stated> {
    let cell = |name: &str| {
        let place = names.iter().position(|known| known == name)?;
        record.get(place).filter(|text| !text.is_empty())
    };
    let list = |name: &str| cell(name).unwrap_or_default().split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let mut settings = Settings { tags: list("tags").collect(), owner: cell("owner").map(str::to_owned), ..Settings::default() };
    let wanted = ("资产 id", "an id: letters, digits and `._-`");
    let id = fitting(cell("id").unwrap_or_default(), span.clone(), check::is_id, wanted, document)?;
    let address = match cell("address") {
        None => None,
        Some(text) => {
            let wanted = ("主机名或地址", "a name or address of a host");
            Some(fitting(text, span.clone(), check::is_address, wanted, document)?)
        }
    };
    if let Some(text) = cell("user") {
        let wanted = ("账号", "an account: letters, digits and `._-@:+`");
        settings.user = fitting(text, span.clone(), check::is_user, wanted, document);
    }
    if let Some(text) = cell("port") {
        settings.port = text.parse().ok().filter(|port| *port > 0);
        if settings.port.is_none() {
            document.problem(span.clone(), "bad-port", Message::new("端口须为 1 到 65535", "a port is from 1 to 65535"));
        }
    }
    if let Some(text) = cell("platform") {
        settings.platform = names::platform(text);
        if settings.platform.is_none() {
            let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
            unknown_name(document, span.clone(), "unknown-platform", ("平台", "platform"), text, &known);
        }
    }
    let written = ["owner", "platform", "port", "user"].into_iter().filter_map(|key| Some((key.to_owned(), cell(key)?.to_owned())));
    settings.written = written.collect();
    let groups = list("groups").map(|name| (name, span.clone())).collect();
    Some(Stated { id, address, groups, settings, jump_only: false, span })
}
