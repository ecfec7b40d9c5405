//! Headers (`header login information "…"`, `header legal %…%`) into the rows of `banner`.

use super::Family;
use super::keywords::keyword_at;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::BANNER;

/// Texts that tell which system it is.
const PRODUCTS: &[&str] = &["huawei", "quidway", "vrp", "h3c", "comware", "华为", "新华三"];

/// Scopes, and the headers that are shown there: before a login, and behind it.
const SCOPES: &[(&str, &[&str])] =
    &[("login", &["header login", "header legal", "header motd", "header incoming"]), ("shell", &["header shell"])];

impl<'a> Family<'_, 'a> {
    /// Adds the rows.
    pub(in crate::facts) fn push_banners(&self, tables: &mut Tables<'a>) {
        for (scope, patterns) in SCOPES {
            let shown = |node: &Node<'a>| !node.body().trim().is_empty() || keyword_at(*node, 2).is_some_and(|word| word != "information");
            let headers: Vec<Node<'a>> = patterns.iter().flat_map(|pattern| self.device.root().all(pattern)).filter(shown).collect();
            let telling = headers.iter().find(|node| {
                let text = if node.body().is_empty() { node.text() } else { node.body() }.to_lowercase();
                PRODUCTS.iter().any(|name| text.contains(name))
            });
            let present = match headers.first() {
                Some(node) => self.device.decided(Value::Boolean(true), *node),
                None => self.device.known_absence(Value::Boolean(false)),
            };
            let mentions = match (telling, headers.first()) {
                (Some(node), _) => self.device.decided(Value::Boolean(true), *node),
                (None, Some(node)) => self.device.unless_cut(self.device.decided(Value::Boolean(false), *node)),
                (None, None) => self.device.known_absence(Value::Boolean(false)),
            };
            let mut row = self.device.host.row(&BANNER, self.product);
            row.set(const { BANNER.column("scope") }, Cell::known(Value::Text(scope), present.evidence))
                .set(const { BANNER.column("present") }, present)
                .set(const { BANNER.column("mentions-product") }, mentions);
            tables.push(row);
        }
    }
}
