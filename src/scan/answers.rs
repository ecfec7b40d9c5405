//! Found assets into answers, one after the other, for readers who want a few verdicts and no report.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Options, Plan, in_arena, judge};
use crate::policy::Library;
use crate::results::{Answer, Given, Run};
use crate::snapshot::find::Found;
use crate::source::Sources;

/// Judges every asset by the rules of these numbers, under what a site gives, and hands each answer on; gives the ids of assets on which a product failed.
pub fn each(
    library: &Library,
    given: &Given,
    rules: &[usize],
    found: &[Found],
    options: &Options,
    work: &mut dyn FnMut(&Run<'_>, &Answer<'_>),
) -> Vec<String> {
    let run = Run { library, given, rules: rules.to_vec(), date: options.date, binary: None, expected: found.len() };
    let plan = Plan::of(&run);
    let mut failed = Vec::new();
    for found in found {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            in_arena(|arena| {
                let asset = found.open();
                let sources = Sources::new(arena);
                work(&run, &judge(&asset, &sources, &plan, &run, options));
            });
        }));
        if judged.is_err() {
            failed.push(found.id.clone());
        }
    }
    failed
}
