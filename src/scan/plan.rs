//! The rules of a run into what is needed of every asset, by platform: rules, and the rows that they look at.

use crate::evaluate::{self, AssetContext};
use crate::facts::Needed;
use crate::names::{PLATFORMS, Platform};
use crate::policy::Rule;
use crate::results::Run;

/// What the rules of a run need, found out once for all assets.
#[derive(Debug)]
pub struct Plan {
    platforms: Vec<Needs>,
}

/// What is needed of the assets of one platform.
#[derive(Debug)]
struct Needs {
    platform: &'static Platform,
    /// The numbers of the rules that may be about such an asset, in the order of the run.
    rules: Vec<usize>,
    needed: Needed,
}

impl Plan {
    /// The plan of a run.
    pub fn of(run: &Run<'_>) -> Plan {
        let needs = |platform: &&'static Platform| {
            let may_concern = |number: &usize| evaluate::may_concern(&run.library.rules[*number], platform);
            let rules: Vec<usize> = run.rules.iter().copied().filter(may_concern).collect();
            let needed = needed(rules.iter().map(|number| &run.library.rules[*number]));
            Needs { platform, rules, needed }
        };
        Plan { platforms: PLATFORMS.iter().map(needs).collect() }
    }

    /// The numbers of the rules of the run that are about an asset of a platform.
    pub(super) fn rules_about<'p>(
        &'p self,
        run: &'p Run<'_>,
        platform: &Platform,
        asset: &'p AssetContext<'p>,
    ) -> impl Iterator<Item = usize> + 'p {
        let rules = self.of_platform(platform).map_or(&[][..], |needs| &needs.rules);
        // None of them is of other platforms, and few ask more.
        let is_about = |rule: &Rule| !evaluate::asks_beyond_platform(rule) || evaluate::is_about(rule, asset);
        rules.iter().copied().filter(move |number| is_about(&run.library.rules[*number]))
    }

    /// The rows that those rules look at.
    pub(super) fn needed(&self, platform: &Platform) -> &Needed {
        static NOTHING: Needed = Needed::NOTHING;
        self.of_platform(platform).map_or(&NOTHING, |needs| &needs.needed)
    }

    fn of_platform(&self, platform: &Platform) -> Option<&Needs> {
        self.platforms.iter().find(|needs| needs.platform.name == platform.name)
    }
}

/// The rows that rules look at: those of one product, where a selection names it.
pub(super) fn needed<'r>(rules: impl Iterator<Item = &'r Rule>) -> Needed {
    let mut needed = Needed::default();
    for check in rules.flat_map(|rule| rule.check.tables()) {
        match check.selects.demanded_product() {
            Some(product) if check.view.is_none() => needed.rows_of(check.table, product),
            _ => needed.table(check.table),
        }
    }
    needed
}
