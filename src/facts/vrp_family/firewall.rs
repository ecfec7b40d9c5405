//! Policies of firewalls between zones into lists of entries, in the order in which they stand.
//!
//! Huawei USG: `security-policy` with `rule name …` blocks. H3C SecPath: `security-policy ip`, object policies that `zone-pair security`
//! applies, and on Comware 5 the rules of `interzone`. What a rule does not limit it does not look at: no source address is every one.

mod draft;
mod h3c;
mod huawei;

use super::Family;
use crate::facts::joined::access_rules::List;

impl<'a> Family<'_, 'a> {
    /// The policies of the device and of its virtual systems.
    pub(in crate::facts) fn policies(&self) -> Vec<List<'a>> {
        let mut lists = Vec::new();
        for system in self.systems() {
            lists.extend(if self.is_huawei() { huawei::policies(self, system) } else { h3c::policies(self, system) });
        }
        lists
    }
}
