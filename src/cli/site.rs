//! The flags about what a site gives besides policies into a profile, waivers, acceptances, an older result and an inventory.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::error::{Message, Problem, Problems};
use crate::policy::inventory::{self, Expected};
use crate::policy::{Library, Profile, waiver};
use crate::results::{Baseline, Given, RESULTS_SCHEMA, Unreadable};

/// What a site gives besides policies.
#[derive(Debug, clap::Args)]
pub(super) struct SiteArguments {
    /// A built-in profile (`nfra`, `nfra-cii`, `mlps-level-3`, `quick`) or the file of one; the whole library by default.
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// A file of waivers; repeatable.
    #[arg(long, value_name = "FILE")]
    waivers: Vec<PathBuf>,
    /// Undecided results that do not make the run incomplete for a while; repeatable.
    #[arg(long, value_name = "FILE")]
    accept_unknown: Vec<PathBuf>,
    /// The inventory (TOML or CSV): ids, platforms, tags. An asset that it lists and that is not there is undecided.
    #[arg(long = "assets", value_name = "FILE")]
    inventory: Option<PathBuf>,
    /// The stored results (json, jsonl) of an earlier run: violations that it does not have are marked as new.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Only violations that the earlier run does not have show in the exit code.
    #[arg(long, requires = "baseline")]
    fail_on_new: bool,
}

impl SiteArguments {
    /// Reads everything but the inventory.
    pub(super) fn given(&self, library: &Library, date: Date, problems: &mut Problems) -> Given {
        let mut given = Given { fail_on_new: self.fail_on_new, ..Given::nothing(library) };
        if let Some(name) = &self.profile {
            let (profile, mut wrong) = Profile::load(name, library);
            given.profile = profile;
            problems.append(&mut wrong);
        }
        for path in &self.waivers {
            problems.extend(given.waivers.read_file(path, library, &given.profile, date));
        }
        for path in &self.accept_unknown {
            let (accepted, mut wrong) = waiver::read_acceptance_file(path, library);
            given.accepted.extend(accepted);
            problems.append(&mut wrong);
        }
        if let Some(path) = &self.baseline {
            match baseline(path) {
                Ok(baseline) => given.baseline = Some(baseline),
                Err(problem) => problems.push(problem),
            }
        }
        given
    }

    /// Reads the inventory.
    pub(super) fn expected(&self, problems: &mut Problems) -> Option<Vec<Expected>> {
        let (expected, mut wrong) = inventory::read_file(self.inventory.as_ref()?);
        problems.append(&mut wrong);
        Some(expected)
    }
}

/// Reads stored results.
fn baseline(path: &PathBuf) -> Result<Baseline, Problem> {
    let file = path.display();
    let wrong = |zh: &str, en: &str| Problem::new("bad-baseline", Message::new(format!("{file}：{zh}"), format!("{file}: {en}")));
    let reader = File::open(path).map_err(|error| wrong(&error.to_string(), &error.to_string()))?;
    Baseline::read(BufReader::new(reader)).map_err(|why| match why {
        Unreadable::NotWhole(why) => {
            wrong(&format!("不是完整的 json 或 jsonl 结果：{why}"), &format!("no whole json or jsonl results: {why}"))
        }
        Unreadable::OtherSchema(schema) => wrong(
            &format!("结果格式版本是 {schema}，本版本只认识 {RESULTS_SCHEMA}"),
            &format!("the results are of version {schema}, this version knows {RESULTS_SCHEMA} only"),
        ),
    })
}
