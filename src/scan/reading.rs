//! The rules of a run into what must be read of an asset of a platform, and an asset's texts into the secrets in them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bumpalo::Bump;

use super::plan::needed;
use crate::collect::conceal::Hidden;
use crate::facts::{self, Host, Needed, PRODUCTS, Product, clients, generic};
use crate::names::{LINUX, Platform};
use crate::policy::Library;
use crate::schema::TABLES;
use crate::schema::generic::Reader;
use crate::snapshot::Asset;
use crate::snapshot::reading::{Item, Plan, Reading};
use crate::source::Sources;

/// The product that tells what an asset is: read whatever the rules are.
const ASSET: &str = "asset";

/// What must be read of an asset of a platform so that the rules of these numbers can be judged.
pub fn plan(library: &Library, rules: &[usize], platform: &'static Platform) -> Plan {
    let concerning = rules.iter().map(|number| &library.rules[*number]).filter(|rule| crate::evaluate::may_concern(rule, platform));
    let needed = needed(concerning);
    let is_needed = |(number, product): &(usize, &&Product)| {
        product.platforms.contains(&platform) && (product.name == ASSET || needed.product(*number))
    };
    let mut items = Vec::new();
    for (_, product) in PRODUCTS.iter().enumerate().filter(is_needed) {
        add_items(product, product.reads, &mut items);
    }
    let views = library.views.iter().enumerate().filter(|(place, _)| needed.any(TABLES.len() + place));
    for (_, view) in views {
        // What lies below `commands/` is what a product or an operator puts there.
        for path in view.paths.iter().filter(|path| platform == LINUX && !path.starts_with("commands/")) {
            items.push(if view.reader == Reader::Files { Item::Look(path.clone()) } else { Item::File(path.clone()) });
        }
    }
    Plan::new(platform, items)
}

/// Adds what a product reads, as items of a plan.
fn add_items(product: &Product, reads: &[Reading], items: &mut Vec<Item>) {
    for reading in reads {
        items.push(match reading {
            Reading::File(path) | Reading::Glob(path) => Item::File((*path).to_owned()),
            Reading::Look(path) => Item::Look((*path).to_owned()),
            Reading::Command { name, line } => Item::Command { name: (*name).to_owned(), line: (*line).to_owned() },
            Reading::Query { name, sql } => {
                let asked = clients::ask(product.name, name, sql);
                match asked.line {
                    Some(line) => Item::Command { name: asked.name, line },
                    None => Item::Unasked { name: asked.name, sql: (*sql).to_owned() },
                }
            }
            Reading::Shared(reads) => {
                add_items(product, reads, items);
                continue;
            }
        });
    }
}

/// The secrets that products find in an asset; none where one of them failed.
pub fn hidden(library: &Library, asset: &Asset) -> Option<Vec<Hidden>> {
    catch_unwind(AssertUnwindSafe(|| {
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        let host = Host::new(asset, asset.description.platform.unwrap_or(LINUX), &sources);
        let needed = Needed::all(library.views.len());
        let mut facts = facts::derive(&host, &needed);
        generic::fill(&host, &library.views, &needed, &mut facts);
        let sources = sources.all();
        let with = sources.iter().map(|source| (source, source.hidden())).filter(|(_, ranges)| !ranges.is_empty());
        with.map(|(source, ranges)| Hidden { path: source.path.to_owned(), text: source.text.to_owned(), ranges }).collect()
    }))
    .ok()
}
