//! What was found and what the inventory lists into one ordered list of what a run answers for.

use std::collections::HashMap;

use crate::policy::inventory::Expected;
use crate::snapshot::Description;
use crate::snapshot::find::Found;

/// One asset that a run answers for.
#[derive(Debug)]
pub(super) enum Item<'i> {
    /// It was found; what the inventory says of it, where it lists it.
    Found(&'i Found, Option<&'i Expected>),
    /// The inventory lists it, and it was not found.
    Missing(&'i Expected),
}

impl Item<'_> {
    fn id(&self) -> &str {
        match self {
            Item::Found(found, _) => &found.id,
            Item::Missing(expected) => &expected.id,
        }
    }
}

/// The assets that a run answers for, sorted by id.
pub(super) fn items<'i>(found: &'i [Found], expected: Option<&'i [Expected]>) -> Vec<Item<'i>> {
    let expected = expected.unwrap_or_default();
    let mut listed: HashMap<&str, &Expected> = expected.iter().map(|expected| (expected.id.as_str(), expected)).collect();
    let mut items: Vec<Item<'_>> = found.iter().map(|found| Item::Found(found, listed.remove(found.id.as_str()))).collect();
    items.extend(expected.iter().filter(|expected| listed.contains_key(expected.id.as_str())).map(Item::Missing));
    items.sort_by(|one, other| one.id().cmp(other.id()));
    items
}

/// What is known of an asset, where the inventory says something else or more.
pub(super) fn description(expected: &Expected, found: Description) -> Description {
    let or = |said: &Option<String>, found: Option<String>| said.clone().or(found);
    let or_list = |said: &[String], found: Vec<String>| if said.is_empty() { found } else { said.to_vec() };
    Description {
        platform: expected.platform.or(found.platform),
        vendor: or(&expected.vendor, found.vendor),
        model: or(&expected.model, found.model),
        version: or(&expected.version, found.version),
        address: or(&expected.address, found.address),
        zone: or(&expected.zone, found.zone),
        owner: or(&expected.owner, found.owner),
        tags: or_list(&expected.tags, found.tags),
        products: or_list(&expected.products, found.products),
        collected_at: found.collected_at,
        collector: found.collector,
    }
}
