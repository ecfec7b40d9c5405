//! config.xml of WebLogic domains into settings, logs and the way to the administration console.
//!
//! Knows WebLogic Server 12.2.1 to 14.1.2. config.xml holds only what differs from a default; defaults are those of the MBean Reference.

mod access;
mod logs;
mod settings;

use super::{Artefact, Cell, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::xml::{self, Element};
use crate::schema::neutral::{LOGS, REMOTE_ACCESS};
use crate::schema::weblogic::WEBLOGIC_SETTINGS;
use crate::snapshot::Lack;
use crate::source::Source;

/// The product's name.
const NAME: &str = "weblogic";

/// WebLogic Server.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "WebLogic 应用服务器", en: "WebLogic Server" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob("u01/oracle/user_projects/domains/*/config/config.xml"),
        Reading::Glob("u01/app/oracle/middleware/user_projects/domains/*/config/config.xml"),
        Reading::Glob("u01/app/oracle/config/domains/*/config/config.xml"),
        Reading::Glob("opt/oracle/middleware/user_projects/domains/*/config/config.xml"),
        Reading::Glob("home/*/Oracle/Middleware/Oracle_Home/user_projects/domains/*/config/config.xml"),
        Reading::Glob("weblogic/user_projects/domains/*/config/config.xml"),
    ],
    fills: &[&LOGS, &REMOTE_ACCESS, &WEBLOGIC_SETTINGS],
    derive,
};

/// One domain.
struct Domain<'a> {
    /// Its folder's name; empty where it is the only one.
    instance: &'a str,
    source: &'a Source<'a>,
    root: Element<'a>,
    /// Why something may be missing.
    gap: Option<Why<'a>>,
}

impl<'a> Domain<'a> {
    /// The realm that is in use.
    fn realm(&self) -> Option<&Element<'a>> {
        let security = self.root.child("security-configuration")?;
        let wanted = security.child("default-realm").map(|name| name.content);
        let named = |realm: &&Element<'a>| realm.child("name").map(|name| name.content) == wanted;
        security.all("realm").find(named).or_else(|| security.child("realm").filter(|_| wanted.is_none()))
    }

    /// Its release: major, minor, and so on.
    fn version(&self) -> Option<Vec<u32>> {
        self.root.child("domain-version")?.content.split('.').map(|part| part.parse().ok()).collect()
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let mut paths: Vec<&'a str> = Vec::new();
    let mut lacking = None;
    for reading in PRODUCT.reads {
        if let Reading::Glob(pattern) = reading {
            let matches = host.matching(pattern);
            paths.extend(matches.paths);
            let gap = matches.gap.map(|(_, lack)| lack).filter(|lack| !matches!(lack, Lack::Absent | Lack::NotCollected));
            lacking = lacking.or(gap.map(|lack| Seen::Lacking(pattern, lack)));
        }
    }
    if paths.is_empty() {
        return lacking.unwrap_or(Seen::Nothing);
    }
    let several = paths.len() > 1;
    for path in paths {
        let instance = if several { path.rsplit('/').nth(2).unwrap_or(path) } else { "" };
        match host.file(path) {
            Artefact::Text(source) => domain(host, source, instance, tables),
            Artefact::Lacking(lack) => gaps(host, instance, Why::lacking(path, lack), tables),
        }
    }
    Seen::Present
}

/// The rows of one domain.
fn domain<'a>(host: &Host<'a>, source: &'a Source<'a>, instance: &'a str, tables: &mut Tables<'a>) {
    let document = xml::read(source.text);
    let cut = (!source.complete).then(|| Why::truncated(source.path));
    let gap = cut.or_else(|| document.issue.map(|_| Why::not_understood(source.path)));
    let Some(root) = document.root.filter(|root| root.name == "domain" && host.spend(1)) else {
        gaps(host, instance, gap.unwrap_or(Why::not_understood(source.path)), tables);
        return;
    };
    hide(source, &root);
    let domain = Domain { instance, source, root, gap };
    let settings = settings::read(host, &domain);
    settings.push(host, instance, tables);
    logs::push(host, &domain, tables);
    access::push(host, &domain, &settings, tables);
}

/// Hides what is secret: what is encrypted with the domain's own key is not safe with it.
fn hide(source: &Source<'_>, element: &Element<'_>) {
    let name = element.name;
    if (name.ends_with("-encrypted") || name.ends_with("password") || name.ends_with("pass-phrase")) && !element.content.is_empty() {
        source.hide(element.content);
    }
    for child in &element.children {
        hide(source, child);
    }
}

/// Gap rows of every table.
fn gaps<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    for table in PRODUCT.fills {
        let mut row = host.gap(table, NAME, why);
        row.instance(instance);
        if std::ptr::eq(*table, &LOGS) {
            let either = host.arena().alloc_slice_copy(&[Value::Word("web-access"), Value::Word("web-error")]);
            row.set(const { LOGS.column("stream") }, Cell::one_of(why, either, &[]));
        } else if std::ptr::eq(*table, &REMOTE_ACCESS) {
            let either = host.arena().alloc_slice_copy(&[Value::Word("web-http"), Value::Word("web-https")]);
            row.set(const { REMOTE_ACCESS.column("service") }, Cell::one_of(why, either, &[]));
        }
        tables.push(row);
    }
}
