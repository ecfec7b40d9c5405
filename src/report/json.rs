//! Results into one JSON document: the objects of `jsonl` in arrays, one array per kind.

use super::jsonl::{asset_object, each_evidence, each_result, rules, run, summary_object, write};
use super::{Format, Head, Setting, Summary, nothing};
use crate::results::Answer;

/// One document; assets, evidence and results are sections, so that no array is held in memory.
pub(super) static FORMAT: Format = Format {
    name: "json",
    per_asset: None,
    separator: ",\n",
    joints: &["],\n\"evidence\":[\n", "],\n\"results\":[\n"],
    prepare: nothing,
    head: Head::Last(head),
    asset,
    tail,
};

fn head(setting: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"run\":");
    write(out, &run(setting.run, summary, false));
    out.extend_from_slice(b",\n\"rules\":[\n");
    for (at, rule) in rules(setting.run, false).enumerate() {
        separate(out, at > 0);
        write(out, &rule);
    }
    out.extend_from_slice(b"],\n\"assets\":[\n");
}

fn asset(setting: &Setting<'_>, answer: &Answer<'_>, sections: &mut [Vec<u8>]) {
    let [assets, evidence, results] = sections else { return };
    write(assets, &asset_object(answer, false));
    each_evidence(answer, false, |object| {
        separate(evidence, !evidence.is_empty());
        write(evidence, object);
    });
    each_result(setting.run, answer, false, |object| {
        separate(results, !results.is_empty());
        write(results, object);
    });
}

fn tail(_: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"],\n\"summary\":");
    write(out, &summary_object(summary, false));
    out.extend_from_slice(b"}\n");
}

/// A comma between two elements.
fn separate(out: &mut Vec<u8>, needed: bool) {
    if needed {
        out.extend_from_slice(b",\n");
    }
}
