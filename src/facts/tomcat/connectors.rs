//! `Connector` into what listens where, with which TLS versions, and who may speak AJP.

use super::load::{Reading, switch};
use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why, tls_words};
use crate::parse::xml::Element;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{CRYPTO, SERVICES};
use crate::schema::tomcat::TOMCAT_CONNECTORS as TABLE;

const fn documented(setting: &'static str, versions: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions, source }
}

static ADDRESS: Documented = documented("address: all", "Tomcat", "Apache Tomcat Configuration Reference, The HTTP Connector, address");
static AJP_NEW: Documented = documented(
    "address: the loopback address, secretRequired true",
    "Tomcat 7.0.100, 8.5.51, 9.0.31 and later",
    "Apache Tomcat Configuration Reference, The AJP Connector, address and secretRequired",
);
static AJP_OLD: Documented = documented(
    "address: all, no secret is required",
    "Tomcat before 7.0.100, 8.5.51 and 9.0.31",
    "Apache Tomcat Configuration Reference, The AJP Connector, address and secretRequired",
);
static TLS: Documented = documented("SSLEnabled false", "Tomcat", "Apache Tomcat Configuration Reference, The HTTP Connector, SSLEnabled");
static PROTOCOLS: Documented = documented("protocols all", "Tomcat", "Apache Tomcat Configuration Reference, SSLHostConfig, protocols");

/// What `all` stands for.
const ALL: [&str; 5] = ["SSLv2Hello", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const KNOWN: [&str; 6] = ["SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// Whether AJP of a version listens on the loopback address alone and wants a secret, where no line says.
fn is_careful(version: &[u32]) -> Option<bool> {
    match *version {
        [major, ..] if major >= 10 => Some(true),
        [9, 0, patch, ..] => Some(patch >= 31),
        [8, 5, patch, ..] => Some(patch >= 51),
        [8, 0, ..] | [0..=6, ..] => Some(false),
        [7, 0, patch, ..] => Some(patch >= 100),
        _ => None,
    }
}

/// Pushes the rows of a connector.
pub(super) fn push<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    version: &[u32],
    (reading, element): (Reading<'_, 'a>, &Element<'a>),
) {
    let by = host.evidence(&[reading.begins(element)]);
    let (port, port_by) = reading.value(host, element, "port").map_or(("", by), |(port, by)| (port, host.evidence(&[by])));
    let ajp = reading.value(host, element, "protocol").is_some_and(|(protocol, _)| protocol.to_ascii_lowercase().contains("ajp"));
    let careful = is_careful(version);
    let unknown = |pieces: &[Evidence<'a>]| Cell::unknown(Why::version_not_known("Tomcat"), host.evidence(pieces));
    let own = Addresses::of(["127.0.0.1/32", "::1/128"].iter().filter_map(|block| block.parse::<ipnet::IpNet>().ok()));
    let networks = |set: &Addresses, by| {
        let blocks: Vec<Value<'a>> = set.blocks().into_iter().map(Value::Network).collect();
        Cell::known(Value::List(host.arena().alloc_slice_copy(&blocks)), by)
    };
    let address = reading.cell(host, element, "address", Cell::unset(by), |text| (!text.contains("${")).then_some(Value::Text(text)));
    let sources = match (address.value(), ajp, careful) {
        (Some(Value::Text(text)), ..) if is_loopback(text) => networks(&own, address.evidence),
        (Some(_), ..) => networks(&Addresses::any(), address.evidence),
        (None, ..) if !matches!(address.state, crate::facts::State::Unset) => address,
        (None, true, Some(true)) => networks(&own, host.evidence(&[Evidence::Default(&AJP_NEW), by[0]])),
        (None, true, Some(false)) => networks(&Addresses::any(), host.evidence(&[Evidence::Default(&AJP_OLD), by[0]])),
        (None, true, None) => unknown(&[Evidence::Default(&AJP_OLD), Evidence::Default(&AJP_NEW)]),
        (None, false, _) => networks(&Addresses::any(), host.evidence(&[Evidence::Default(&ADDRESS), by[0]])),
    };
    let default_required = match careful {
        Some(true) => Cell::known(Value::Boolean(true), host.evidence(&[Evidence::Default(&AJP_NEW), by[0]])),
        Some(false) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Default(&AJP_OLD), by[0]])),
        None => unknown(&[Evidence::Default(&AJP_OLD), Evidence::Default(&AJP_NEW)]),
    };
    let tls_default = Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Default(&TLS), by[0]]));
    let tls = if ajp { Cell { evidence: by, ..tls_default } } else { reading.cell(host, element, "SSLEnabled", tls_default, switch) };
    let protocols = if tls.value() == Some(Value::Boolean(false)) {
        Cell::known(Value::List(&[]), tls.evidence)
    } else {
        protocols(host, version, reading, element)
    };
    let enabled = match port.parse::<i64>() {
        Ok(number) => Cell::known(Value::Boolean(number >= 0), port_by),
        Err(_) => Cell::unknown(Why::not_understood(if port.is_empty() { "Connector port" } else { port }), port_by),
    };
    let mut row = host.row(&TABLE, super::NAME);
    row.instance(instance)
        .set(const { TABLE.column("port") }, Cell::known(Value::Text(port), port_by))
        .set(const { TABLE.column("protocol") }, Cell::known(Value::Word(if ajp { "ajp" } else { "http" }), by))
        .set(const { TABLE.column("enabled") }, enabled)
        .set(const { TABLE.column("address") }, address)
        .set(const { TABLE.column("sources") }, sources)
        .set(const { TABLE.column("tls") }, tls)
        .set(const { TABLE.column("tls-protocols") }, protocols);
    if ajp {
        row.set(const { TABLE.column("secret-required") }, reading.cell(host, element, "secretRequired", default_required, switch))
            .set(const { TABLE.column("secret") }, secret(host, reading, element, by));
    }
    tables.push(row);
    if let (Ok(port), Some(Value::Boolean(true))) = (port.parse::<i64>(), enabled.value()) {
        service(host, tables, instance, (port, port_by), (address, tls));
        if tables.wants(&CRYPTO) && tls.value() != Some(Value::Boolean(false)) {
            tls_words::push_versions(host, tables, super::NAME, host.text(&format!("{instance} {port}")), &protocols);
        }
    }
}

/// Whether an address is the host's own.
fn is_loopback(address: &str) -> bool {
    address == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The cell `secret`, whose text is kept from reports.
fn secret<'a>(host: &Host<'a>, reading: Reading<'_, 'a>, element: &Element<'a>, by: &'a [Evidence<'a>]) -> Cell<'a> {
    let attribute = ["secret", "requiredSecret"].iter().find_map(|name| element.attribute(name));
    let Some(attribute) = attribute else { return Cell::known(Value::Word("empty"), by) };
    if let std::borrow::Cow::Borrowed(value) = attribute.value {
        reading.source.hide(value);
    }
    let word = if attribute.value.is_empty() { "empty" } else { "set" };
    Cell::known(Value::Word(word), host.evidence(&[Evidence::Decides(reading.source.span(attribute.text))]))
}

/// The cell `tls-protocols`.
fn protocols<'a>(host: &Host<'a>, version: &[u32], reading: Reading<'_, 'a>, element: &Element<'a>) -> Cell<'a> {
    let mut names: Vec<&'static str> = Vec::new();
    let mut evidence = Vec::new();
    let hosts: Vec<&Element<'a>> = element.all("SSLHostConfig").collect();
    let lines: Vec<Option<(&'a str, Evidence<'a>)>> = match hosts.as_slice() {
        // The older form: Tomcat 10 knows it no longer.
        [] => {
            let line = ["sslEnabledProtocols", "SSLProtocol"].iter().find_map(|name| reading.value(host, element, name));
            match (line, version.first()) {
                (Some(_), None) => return Cell::unknown(Why::version_not_known("Tomcat"), host.evidence(&[reading.begins(element)])),
                (Some(_), Some(10..)) => vec![None],
                (line, _) => vec![line],
            }
        }
        hosts => hosts.iter().map(|element| reading.value(host, element, "protocols")).collect(),
    };
    for line in lines {
        let text = match line {
            Some((text, by)) => {
                evidence.push(by);
                text
            }
            None => {
                evidence.extend([Evidence::Default(&PROTOCOLS), reading.begins(element)]);
                "all"
            }
        };
        match versions(text) {
            Some(found) => names.extend(found),
            None => return Cell::unknown(Why::not_understood(text), host.evidence(&evidence)),
        }
    }
    names.sort_unstable();
    names.dedup();
    Cell::known(host.texts(&names), host.evidence(&evidence))
}

/// The versions that a text names: words with `+`, `-` or commas before them, from the left to the right.
fn versions(text: &str) -> Option<Vec<&'static str>> {
    let mut offered: Vec<&'static str> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let start = rest.trim_start_matches(['+', '-', ',', ' ']);
        let minus = rest[..rest.len() - start.len()].contains('-');
        let length = start.find(['+', '-', ',', ' ']).unwrap_or(start.len());
        let (word, after) = start.split_at(length);
        rest = after.trim_start();
        if word.is_empty() {
            break;
        }
        let named: Vec<&'static str> = if word.eq_ignore_ascii_case("all") {
            ALL.to_vec()
        } else {
            vec![KNOWN.iter().find(|known| known.eq_ignore_ascii_case(word))?]
        };
        if minus {
            offered.retain(|name| !named.contains(name));
        } else {
            offered.extend(named.iter().filter(|name| !offered.contains(name)).copied().collect::<Vec<_>>());
        }
    }
    Some(offered)
}

/// Pushes the row of what listens.
fn service<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    (port, by): (i64, &'a [Evidence<'a>]),
    (address, tls): (Cell<'a>, Cell<'a>),
) {
    let cleartext = match tls.value() {
        Some(Value::Boolean(on)) => Cell::known(Value::Boolean(!on), tls.evidence),
        _ => tls,
    };
    let mut row = host.row(&SERVICES, super::NAME);
    row.instance(instance)
        .set(const { SERVICES.column("name") }, Cell::known(Value::Text(super::NAME), by))
        .set(const { SERVICES.column("port") }, Cell::known(Value::Integer(port), by))
        .set(const { SERVICES.column("protocol") }, Cell::known(Value::Text("tcp"), by))
        .set(const { SERVICES.column("address") }, address)
        .set(const { SERVICES.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { SERVICES.column("cleartext") }, cleartext);
    tables.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Apache Tomcat Configuration Reference, SSLHostConfig, protocols.
    #[test]
    fn versions_are_reckoned_from_the_left() {
        assert_eq!(versions("TLSv1.2+TLSv1.3"), Some(vec!["TLSv1.2", "TLSv1.3"]));
        assert_eq!(versions("all,-TLSv1,-SSLv2Hello -TLSv1.1"), Some(vec!["TLSv1.2", "TLSv1.3"]));
        assert_eq!(versions("all"), Some(ALL.to_vec()));
        assert_eq!(versions("TLSv9"), None);
    }

    /// Tomcat's changelog: 7.0.100, 8.5.51 and 9.0.31.
    #[test]
    fn ajp_became_careful() {
        let of = |version: &[u32]| is_careful(version);
        assert_eq!(
            [of(&[9, 0, 30]), of(&[9, 0, 31]), of(&[8, 5, 50]), of(&[7, 0, 100]), of(&[10]), of(&[9]), of(&[])],
            [Some(false), Some(true), Some(false), Some(true), Some(true), None, None]
        );
    }
}
