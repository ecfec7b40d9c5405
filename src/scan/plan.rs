//! The rules of a run into what is needed of every asset: tables, and rules by platform.

use crate::evaluate;
use crate::names::{PLATFORMS, Platform};
use crate::results::Run;
use crate::schema::TABLES;

/// What the rules of a run need, found out once for all assets.
#[derive(Debug)]
pub struct Plan {
    /// Whether a rule looks at the table of that number.
    pub(super) wanted: Vec<bool>,
    /// By platform, the numbers of the rules that may be about an asset of it, in the order of the run.
    rules: Vec<(&'static Platform, Vec<usize>)>,
}

impl Plan {
    /// The plan of a run.
    pub fn of(run: &Run<'_>) -> Plan {
        let mut wanted = vec![false; TABLES.len() + run.library.views.len()];
        for check in run.rules.iter().flat_map(|number| run.library.rules[*number].check.tables()) {
            wanted[check.table] = true;
        }
        let rules = PLATFORMS.iter().map(|platform| {
            let may_concern = |number: &usize| evaluate::may_concern(&run.library.rules[*number], platform);
            (*platform, run.rules.iter().copied().filter(may_concern).collect())
        });
        Plan { wanted, rules: rules.collect() }
    }

    /// The numbers of the rules that may be about an asset of a platform.
    pub(super) fn rules(&self, platform: &Platform) -> &[usize] {
        self.rules.iter().find(|(known, _)| known.name == platform.name).map_or(&[], |(_, rules)| rules)
    }
}
