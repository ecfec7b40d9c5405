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
    let here = PRODUCTS.iter().enumerate().filter(is_needed);
    let mut items: Vec<Item> = here.flat_map(|(_, product)| items(product, product.reads)).collect();
    let views = library.views.iter().enumerate().filter(|(place, _)| needed.any(TABLES.len() + place));
    for (_, view) in views {
        // What lies below `commands/` is what a product or an operator puts there.
        for path in view.paths.iter().filter(|path| platform == LINUX && !path.starts_with("commands/")) {
            items.push(if view.reader == Reader::Files { Item::Look(path.clone()) } else { Item::File(path.clone()) });
        }
    }
    Plan::new(platform, items)
}

/// What a product reads, as items of a plan.
fn items(product: &Product, reads: &[Reading]) -> Vec<Item> {
    let items = reads.iter().flat_map(|reading| match reading {
        Reading::File(path) | Reading::Glob(path) => vec![Item::File((*path).to_owned())],
        Reading::Look(path) => vec![Item::Look((*path).to_owned())],
        Reading::Command { name, line } => vec![Item::Command { name: (*name).to_owned(), line: (*line).to_owned() }],
        Reading::Query { name, sql } => {
            let asked = clients::ask(product.name, name, sql);
            vec![match asked.line {
                Some(line) => Item::Command { name: asked.name, line },
                None => Item::Unasked { name: asked.name, sql: (*sql).to_owned() },
            }]
        }
        Reading::Shared(reads) => items(product, reads),
    });
    items.collect()
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
