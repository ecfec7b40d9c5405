//! An asset into the start of its suite, and the end of a run into what the site gave that did nothing.

use super::super::{Setting, Summary, site};
use super::{attribute, escaped};
use crate::names::Verdict;
use crate::results::Answer;

/// The start tag and the properties of a suite.
pub(super) fn start(setting: &Setting<'_>, answer: &Answer<'_>, out: &mut Vec<u8>) {
    let asset = &answer.asset;
    let count = |verdicts: &[Verdict]| answer.results.iter().filter(|result| verdicts.contains(&result.verdict)).count();
    let timestamp = asset.collected_at.map_or_else(|| "1970-01-01T00:00:00".to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    let attributes = [
        ("package", asset.platform.map_or("unknown", |platform| platform.kind).to_owned()),
        ("name", asset.id.clone()),
        ("hostname", asset.address.clone().unwrap_or_else(|| asset.id.clone())),
        ("timestamp", timestamp),
        ("tests", answer.results.len().to_string()),
        ("failures", count(&[Verdict::Fail]).to_string()),
        ("errors", count(&[Verdict::Unknown]).to_string()),
        ("skipped", count(&[Verdict::Waived, Verdict::NotApplicable]).to_string()),
    ];
    out.extend_from_slice(b"<testsuite id=\"0\"");
    for (name, value) in attributes {
        [" ", name, "=\"", &escaped(&attribute(&value)), "\""].into_iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
    }
    out.extend_from_slice(b" time=\"0\">\n<properties>");
    let properties = [
        ("asset.id", Some(asset.id.clone())),
        ("asset.version", asset.version.clone()),
        ("asset.owner", asset.owner.clone()),
        ("asset.tags", (!asset.tags.is_empty()).then(|| asset.tags.join(","))),
        ("snapshot.layout", Some(asset.layout.to_owned())),
        ("snapshot.sha256", Some(asset.digest.hex())),
        ("snapshot.collected-at", asset.collected_at.map(|at| at.to_string())),
        ("asset.listed", asset.listed.map(|listed| listed.to_string())),
        ("profile", setting.run.given.profile.head.as_ref().map(|head| head.id.clone())),
        ("waivers.sha256", waivers_digest(setting)),
        ("tool", Some(format!("jixian {}", env!("CARGO_PKG_VERSION")))),
    ];
    for (name, value) in properties {
        let Some(value) = value else { continue };
        let value = attribute(&value);
        let value = escaped(&value);
        out.extend_from_slice(format!("<property name=\"{name}\" value=\"{value}\"/>").as_bytes());
    }
    out.extend_from_slice(b"</properties>\n");
}

/// The digests of the files of waivers.
fn waivers_digest(setting: &Setting<'_>) -> Option<String> {
    let files = &setting.run.given.waivers.files;
    (!files.is_empty()).then(|| files.iter().map(|(_, digest)| digest.hex()).collect::<Vec<_>>().join(","))
}

/// The end. Entries of the site that did not do what they are there for are properties of a suite without cases.
pub(super) fn tail(setting: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    // A file of one asset tells nothing of the run.
    let lines = if summary.counts.assets > 0 { site::lines(setting.run, summary, setting.language) } else { Vec::new() };
    if !lines.is_empty() {
        out.extend_from_slice(b"<testsuite id=\"0\" package=\"jixian\" name=\"jixian-run\" hostname=\"jixian-run\"");
        out.extend_from_slice(
            b" timestamp=\"1970-01-01T00:00:00\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">\n<properties>",
        );
        for line in lines {
            out.extend_from_slice(format!("<property name=\"site\" value=\"{}\"/>", escaped(&attribute(&line))).as_bytes());
        }
        out.extend_from_slice(b"</properties>\n</testsuite>\n");
    }
    out.extend_from_slice(b"</testsuites>\n");
}
