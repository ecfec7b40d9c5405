//! Folders of applications, context files and web.xml into who reaches each application and what it answers.

use super::hosts::Around;
use super::load::{File, Instance, Properties, Reading, file, is_absent};
use super::valves::Admitted;
use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::xml::Element;
use crate::reckon::network::Addresses;
use crate::schema::neutral::REMOTE_ACCESS;
use crate::schema::tomcat::TOMCAT_APPLICATIONS as TABLE;
use crate::snapshot::{Kind, Lack};

/// The most applications of one host.
const APPLICATIONS_MOST: usize = 1_000;

static LISTINGS: Documented =
    Documented { setting: "listings false", versions: "Tomcat", source: "Apache Tomcat, Default Servlet Reference, listings" };
static SESSION: Documented = Documented {
    setting: "session-timeout 30 minutes",
    versions: "Tomcat",
    source: "Apache Tomcat Configuration Reference, The Context Container, sessionTimeout",
};
static APPLICATION: Phrase = Phrase { zh: "由应用 {} 自身决定", en: "the application {} itself decides" };
static PACKED: Phrase = Phrase { zh: "{} 尚未解包，其中的设置未知", en: "{} is packed, and what it sets is not known" };

/// What web.xml says of applications.
#[derive(Clone, Copy, Debug)]
struct Web<'a> {
    listings: Cell<'a>,
    session: Cell<'a>,
}

/// Pushes the rows of the applications of a host.
pub(super) fn push<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    around: &Around<'_, '_, 'a>,
    properties: &Properties<'a>,
    element: &Element<'a>,
) {
    let Around { instance, reading, engine, .. } = *around;
    let text = |element: &Element<'a>, name, default| reading.value(host, element, name).map_or(default, |(text, _)| text);
    let base = text(element, "appBase", "webapps");
    let base = if base.starts_with('/') { base.trim_matches('/') } else { host.text(&format!("{}/{base}", instance.base)) };
    let contexts = host.text(&format!("{}/{}/{}", instance.conf, text(engine, "name", "Catalina"), text(element, "name", "localhost")));
    let shared = general(host, &instance);
    let mut admitted = Admitted::everybody();
    admitted.narrow(host, reading, engine);
    admitted.narrow(host, reading, element);
    let outer = Outer { properties, base, contexts, admitted: &admitted, shared };
    let mut names: Vec<&'a str> = Vec::new();
    let listed = [host.names(base), host.names(contexts)];
    for (at, listing) in listed.iter().enumerate() {
        for name in listing.iter().flat_map(|(names, _)| names.iter()).take(APPLICATIONS_MOST) {
            let is_folder = at == 0 && host.look(&format!("{base}/{name}")).kind == Some(Kind::Directory);
            let plain = if at == 0 { name.strip_suffix(".war") } else { name.strip_suffix(".xml") };
            let plain = plain.or(is_folder.then_some(*name)).filter(|_| !name.ends_with("context.xml.default"));
            names.extend(plain.filter(|plain| !names.contains(plain)));
        }
    }
    // What holds where an application says nothing itself.
    one(host, tables, around, &outer, "*");
    for name in names {
        one(host, tables, around, &outer, name);
    }
    let missing = listed.iter().zip([base, contexts]).find_map(|(listing, path)| match listing {
        Ok((_, true)) | Err(Lack::Absent) => None,
        Ok((_, false)) => Some(Why::lacking(path, Lack::NotCollected)),
        Err(lack) => Some(Why::lacking(path, *lack)),
    });
    if let Some(why) = missing {
        let mut row = host.gap(&TABLE, super::NAME, why);
        row.instance(instance.name);
        tables.push(row);
    }
}

/// What is around an application.
struct Outer<'o, 'a> {
    properties: &'o Properties<'a>,
    base: &'a str,
    contexts: &'a str,
    admitted: &'o Admitted<'a>,
    shared: Web<'a>,
}

/// What conf/web.xml says.
fn general<'a>(host: &Host<'a>, instance: &Instance<'a>) -> Web<'a> {
    match file(host, &format!("{}/web.xml", instance.conf)) {
        Ok(file) => {
            let searched = Evidence::Searched(file.source.path);
            let listings = Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Default(&LISTINGS), searched]));
            let session = Cell::known(Value::Duration(1_800), host.evidence(&[Evidence::Default(&SESSION), searched]));
            web(host, &file, Web { listings, session })
        }
        Err(why) => Web { listings: Cell::unknown(why, &[]), session: Cell::unknown(why, &[]) },
    }
}

/// What a web.xml says over what holds without it.
fn web<'a>(host: &Host<'a>, file: &File<'a>, outer: Web<'a>) -> Web<'a> {
    let open = |cell: Cell<'a>| file.gap.map_or(cell, |why| Cell::unknown(why, cell.evidence));
    let piece = |element: &Element<'a>| host.evidence(&[Evidence::Decides(file.source.span(element.content))]);
    let minutes = file.root.all("session-config").flat_map(|config| config.all("session-timeout")).last();
    let session = match minutes {
        None => open(outer.session),
        Some(element) => match element.content.parse::<i64>() {
            Ok(minutes) if minutes <= 0 => Cell::known(Value::Unlimited, piece(element)),
            Ok(minutes) => Cell::known(Value::Duration(minutes.unsigned_abs().saturating_mul(60)), piece(element)),
            Err(_) => Cell::unknown(Why::not_understood(element.content), piece(element)),
        },
    };
    let is_default = |servlet: &&Element<'a>| servlet.all("servlet-class").any(|class| class.content.ends_with(".DefaultServlet"));
    let parameters = file.root.all("servlet").filter(is_default).flat_map(|servlet| servlet.all("init-param"));
    let named = |parameter: &&Element<'a>| parameter.all("param-name").any(|name| name.content == "listings");
    let values: Vec<&Element<'a>> = parameters.filter(named).flat_map(|parameter| parameter.all("param-value")).collect();
    let on = values.iter().find(|value| value.content.eq_ignore_ascii_case("true"));
    let listings = match (on, values.last()) {
        (Some(value), _) => Cell::known(Value::Boolean(true), piece(value)),
        (None, Some(value)) => open(Cell::known(Value::Boolean(false), piece(value))),
        (None, None) => open(outer.listings),
    };
    Web { listings, session }
}

/// Which of Tomcat's own applications a name is.
fn kind<'a>(host: &Host<'a>, base: &str, name: &str, place: &'a str) -> Cell<'a> {
    let evidence = host.evidence(&[Evidence::Searched(place)]);
    let word = match name {
        "docs" => "docs",
        "examples" => "examples",
        "host-manager" => "host-manager",
        "manager" => "manager",
        "ROOT" => match is_default_page(host, base) {
            Ok(true) => "default-root",
            Ok(false) => "other",
            Err(lack) => return Cell::unknown(Why::lacking(place, lack), evidence),
        },
        _ => "other",
    };
    Cell::known(Value::Word(word), evidence)
}

/// Whether ROOT holds a file of the page that comes with Tomcat; what lacks where that cannot be said.
fn is_default_page(host: &Host<'_>, base: &str) -> Result<bool, Lack> {
    let mut lacking = None;
    for file in ["tomcat.svg", "tomcat.png", "bg-nav.png", "RELEASE-NOTES.txt"] {
        match host.look(&format!("{base}/ROOT/{file}")).lack {
            None => return Ok(true),
            Some(Lack::Absent) => {}
            Some(lack) => lacking = Some(lack),
        }
    }
    lacking.map_or(Ok(false), Err)
}

/// Pushes the row of one application.
fn one<'a>(host: &Host<'a>, tables: &mut Tables<'a>, around: &Around<'_, '_, 'a>, outer: &Outer<'_, 'a>, name: &'a str) {
    if !host.spend(4) {
        return;
    }
    let Around { instance, .. } = *around;
    let own = host.text(&format!("{}/{name}.xml", outer.contexts));
    let inner = host.text(&format!("{}/{name}/META-INF/context.xml", outer.base));
    let general = host.text(&format!("{}/context.xml", instance.conf));
    let folder = host.text(&format!("{}/{name}", outer.base));
    let mut admitted = outer.admitted.clone();
    let mut take = |path: &'a str, needed: bool| match file(host, path) {
        Ok(file) => {
            admitted.narrow(host, Reading { properties: outer.properties, source: file.source }, &file.root);
            // A valve more would only admit fewer; what one would admit whom no valve stops is not known.
            if let (Some(why), true) = (file.gap, admitted.addresses.as_ref().is_ok_and(|set| *set == Addresses::any())) {
                admitted.addresses = Err(why);
            }
            true
        }
        Err(why) if is_absent(&why) || !needed => false,
        Err(why) => {
            if admitted.addresses.as_ref().is_ok_and(|set| *set == Addresses::any()) {
                admitted.addresses = Err(why);
            }
            true
        }
    };
    take(general, false);
    let has_own = name != "*" && host.look(own).lack.is_none();
    let is_folder = host.look(folder).lack.is_none();
    if has_own {
        // The file of the host replaces the one that the application brings.
        take(own, true);
    } else if name != "*" && is_folder {
        take(inner, true);
    } else if name != "*" && admitted.addresses.as_ref().is_ok_and(|set| *set == Addresses::any()) {
        admitted.addresses = Err(Why::new("packed", &PACKED, name));
    }
    let web = match file(host, &format!("{folder}/WEB-INF/web.xml")) {
        Ok(file) if name != "*" => web(host, &file, outer.shared),
        Err(why) if name != "*" && !is_absent(&why) => {
            let listed = outer.shared.listings.value() == Some(Value::Boolean(true));
            let unknown = Cell::unknown(why, &[]);
            Web { listings: if listed { outer.shared.listings } else { unknown }, session: unknown }
        }
        _ => outer.shared,
    };
    let place = if has_own { own } else { folder };
    row(host, tables, around, (name, kind(host, outer.base, name, place), place), (&admitted, web));
}

/// Pushes the row of an application, and of the way in that a manager is.
fn row<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    around: &Around<'_, '_, 'a>,
    (name, kind, place): (&'a str, Cell<'a>, &'a str),
    (admitted, web): (&Admitted<'a>, Web<'a>),
) {
    let mut pieces = admitted.evidence.clone();
    if pieces.is_empty() {
        pieces.push(Evidence::Searched(place));
    }
    pieces.truncate(32);
    let evidence = host.evidence(&pieces);
    let sources = match &admitted.addresses {
        Ok(set) => {
            let blocks: Vec<Value<'a>> = set.blocks().into_iter().map(Value::Network).collect();
            Cell::known(Value::List(host.arena().alloc_slice_copy(&blocks)), evidence)
        }
        Err(why) => Cell::unknown(*why, evidence),
    };
    let breadth = match &admitted.addresses {
        Ok(set) if set.covers(&Addresses::any_four()) || set.covers(&Addresses::any_six()) => Cell::known(Value::Unlimited, evidence),
        Ok(set) => Cell::known(Value::Integer(i64::try_from(set.breadth()).unwrap_or(i64::MAX)), evidence),
        Err(why) => Cell::unknown(*why, evidence),
    };
    let forged = admitted.forgeable.map_or(evidence, |piece| host.evidence(&[piece]));
    let mut row = host.row(&TABLE, super::NAME);
    row.instance(around.instance.name)
        .set(const { TABLE.column("application") }, Cell::known(Value::Text(name), host.evidence(&[Evidence::Searched(place)])))
        .set(const { TABLE.column("kind") }, kind)
        .set(const { TABLE.column("sources") }, sources)
        .set(const { TABLE.column("breadth") }, breadth)
        .set(const { TABLE.column("forgeable-address") }, Cell::known(Value::Boolean(admitted.forgeable.is_some()), forged))
        .set(const { TABLE.column("listings") }, web.listings)
        .set(const { TABLE.column("session-timeout") }, web.session);
    tables.push(row);
    if !matches!(name, "manager" | "host-manager") || !tables.wants(&REMOTE_ACCESS) {
        return;
    }
    let scope = host.text(&format!("{} {} {name}", super::NAME, around.instance.name));
    let mut row = host.gap(&REMOTE_ACCESS, super::NAME, Why::new("application", &APPLICATION, scope));
    row.gap = false;
    let limits: &[&'a str] =
        if breadth.value().is_some_and(|value| value != Value::Unlimited) { &["RemoteAddrValve, RemoteCIDRValve"] } else { &[] };
    row.instance(around.instance.name)
        .set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word("web-http"), evidence))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), evidence))
        .set(const { REMOTE_ACCESS.column("enabled") }, Cell::known(Value::Boolean(true), evidence))
        .set(const { REMOTE_ACCESS.column("sources") }, sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, Cell::known(host.texts(limits), evidence))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE);
    tables.push(row);
}
