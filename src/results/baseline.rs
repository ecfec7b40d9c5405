//! The stored results of an earlier run into the violations that it found.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use serde::Deserialize;

use super::RESULTS_SCHEMA;

/// The violations of an earlier run, by the ids of their findings, which are the same in every run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    findings: HashMap<String, usize>,
    /// By asset and rule, how many findings were not listed.
    further: HashMap<(String, String), usize>,
}

/// Why stored results cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// They are not whole, or no stored results, and what is wrong with them.
    NotWhole(String),
    /// They are of another version.
    OtherSchema(u32),
}

/// One line of `jsonl`.
#[derive(Deserialize)]
struct Line {
    kind: String,
    schema: Option<u32>,
    #[serde(flatten)]
    result: Entry,
}

/// A result, as far as it matters.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    asset: String,
    rule: String,
    verdict: String,
    findings: Vec<Finding>,
    further_findings: usize,
}

#[derive(Deserialize)]
struct Finding {
    id: String,
}

/// A whole `json` document.
#[derive(Deserialize)]
struct Document {
    run: Run,
    results: Vec<Entry>,
    // A document that was cut short has none.
    #[serde(rename = "summary")]
    _summary: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
struct Run {
    schema: u32,
}

impl Baseline {
    /// Reads stored results, `json` or `jsonl`.
    pub fn read(mut reader: impl BufRead) -> Result<Baseline, Unreadable> {
        let unreadable = Unreadable::NotWhole;
        let mut first = String::new();
        reader.read_line(&mut first).map_err(|error| unreadable(error.to_string()))?;
        let mut baseline = Baseline::default();
        if serde_json::from_str::<Line>(&first).is_err() {
            let document: Document =
                serde_json::from_reader(first.as_bytes().chain(reader)).map_err(|error| unreadable(error.to_string()))?;
            known_schema(document.run.schema)?;
            document.results.into_iter().for_each(|entry| baseline.add(entry));
            return Ok(baseline);
        }
        let mut whole = false;
        for (at, line) in std::iter::once(Ok(first)).chain(reader.lines()).enumerate() {
            let line = line.map_err(|error| unreadable(error.to_string()))?;
            if line.trim().is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(&line).map_err(|error| unreadable(format!("{}: {error}", at + 1)))?;
            match line.kind.as_str() {
                "run" => known_schema(line.schema.unwrap_or_default())?,
                "result" => baseline.add(line.result),
                "summary" => whole = true,
                _ => {}
            }
        }
        if whole { Ok(baseline) } else { Err(unreadable("summary".to_owned())) }
    }

    /// Adds a violation; what was waived then is new once the waiver has ended.
    fn add(&mut self, entry: Entry) {
        if entry.verdict != "fail" {
            return;
        }
        for finding in entry.findings {
            *self.findings.entry(finding.id).or_default() += 1;
        }
        if entry.further_findings > 0 {
            self.further.insert((entry.asset, entry.rule), entry.further_findings);
        }
    }

    /// How many findings of an id there were.
    pub fn count(&self, finding: &str) -> usize {
        self.findings.get(finding).copied().unwrap_or_default()
    }

    /// How many findings of a rule on an asset were not listed.
    pub fn further(&self, asset: &str, rule: &str) -> usize {
        self.further.get(&(asset.to_owned(), rule.to_owned())).copied().unwrap_or_default()
    }
}

/// Refuses results of another layout.
fn known_schema(schema: u32) -> Result<(), Unreadable> {
    if schema == RESULTS_SCHEMA { Ok(()) } else { Err(Unreadable::OtherSchema(schema)) }
}
