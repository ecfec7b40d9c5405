//! `RemoteAddrValve` and `RemoteCIDRValve` into the addresses that they admit.
//!
//! The expression of a RemoteAddrValve must match the whole address; those that people write are words for octets with `\d+` and the
//! like, which are blocks. Others are not understood.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::load::{Reading, class};
use crate::facts::{Evidence, Host, Why};
use crate::parse::xml::Element;
use crate::reckon::network::Addresses;

/// What valves admit, what shows it, and whether other than named proxies can make up the address.
#[derive(Clone, Debug)]
pub(super) struct Admitted<'a> {
    /// The addresses; what could not be read, and why.
    pub addresses: Result<Addresses, Why<'a>>,
    /// What shows it.
    pub evidence: Vec<Evidence<'a>>,
    /// The valve that takes the address from a header of any host of the private networks.
    pub forgeable: Option<Evidence<'a>>,
}

impl<'a> Admitted<'a> {
    /// Everybody, as long as no valve says otherwise.
    pub(super) fn everybody() -> Admitted<'a> {
        Admitted { addresses: Ok(Addresses::any()), evidence: Vec::new(), forgeable: None }
    }

    /// Takes the valves of an element, each of which must admit.
    pub(super) fn narrow(&mut self, host: &Host<'a>, reading: Reading<'_, 'a>, element: &Element<'a>) {
        for valve in element.all("Valve") {
            let kind = class(valve);
            if kind == "RemoteIpValve" {
                let named = reading.value(host, valve, "internalProxies").is_some_and(|(text, _)| !is_wide(text));
                self.forgeable = (!named).then(|| reading.begins(valve)).or(self.forgeable);
            }
            if !matches!(kind, "RemoteAddrValve" | "RemoteCIDRValve") {
                continue;
            }
            let of = |text: &'a str| if kind == "RemoteCIDRValve" { blocks(text) } else { matched(text) };
            let lines = ["allow", "deny"].map(|name| reading.value(host, valve, name));
            self.evidence.extend(lines.iter().flatten().map(|(_, by)| *by));
            if lines.iter().all(Option::is_none) {
                self.evidence.push(reading.begins(valve));
            }
            let sets = lines.map(|line| line.map(|(text, _)| of(text).ok_or(Why::not_understood(text))));
            // Without `allow`, whom `deny` does not match is admitted; with neither nobody is.
            let admitted = match sets {
                [Some(Ok(allow)), None] => Ok(allow),
                [None, Some(Ok(deny))] => Ok(Addresses::any().subtract(&deny)),
                [Some(Ok(allow)), Some(Ok(deny))] => Ok(allow.subtract(&deny)),
                [Some(Err(why)), _] | [_, Some(Err(why))] => Err(why),
                [None, None] => Ok(Addresses::none()),
            };
            self.addresses = match (self.addresses.clone(), admitted) {
                (Ok(outer), Ok(own)) => Ok(outer.intersection(&own)),
                (Ok(outer), Err(_)) | (Err(_), Ok(outer)) if outer.is_empty() => Ok(outer),
                (Err(why), _) | (_, Err(why)) => Err(why),
            };
        }
    }
}

/// Whether an expression for proxies matches more than a few: any that is not written out.
fn is_wide(expression: &str) -> bool {
    matched(expression).is_none_or(|addresses| addresses.breadth() > 256)
}

/// Blocks with commas between them.
fn blocks(text: &str) -> Option<Addresses> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let blocks: Option<Vec<IpNet>> = words.map(|word| word.parse().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from))).collect();
    Some(Addresses::of(blocks?.iter().map(IpNet::trunc)))
}

/// The addresses that an expression matches as a whole.
fn matched(expression: &str) -> Option<Addresses> {
    let mut all = Addresses::none();
    for alternative in expression.split('|') {
        let alternative = alternative.trim().trim_start_matches('^').trim_end_matches('$');
        all = all.union(&one(alternative)?);
    }
    Some(all)
}

/// The addresses of one alternative.
fn one(expression: &str) -> Option<Addresses> {
    if matches!(expression, ".*" | ".+" | "") {
        return Some(if expression.is_empty() { Addresses::none() } else { Addresses::any() });
    }
    let plain = expression.replace("\\.", ".").replace("[.]", ".");
    if let Ok(address) = plain.parse::<IpAddr>() {
        return Some(Addresses::of([IpNet::from(address)]));
    }
    // `.*` stands for all that is left only after a dot of its own: `10.*` matches 101.1.1.1, too.
    let (plain, rest) = plain.strip_suffix("..*").map_or((&*plain, 0), |known| (known, 4));
    let mut octets = [0u8; 4];
    let mut length = 0;
    let mut open = false;
    let mut seen = 0;
    for (number, part) in plain.split('.').enumerate() {
        seen = number + 1;
        let any = matches!(part, "\\d+" | "\\d*" | "\\d{1,3}" | "[0-9]+" | "[0-9]{1,3}");
        match (any, open, part.parse::<u8>()) {
            (true, ..) => open = true,
            (false, false, Ok(octet)) => {
                *octets.get_mut(number)? = octet;
                length += 8;
            }
            _ => return None,
        }
    }
    if seen != 4 && !(rest == 4 && seen < 4) {
        return None;
    }
    Some(Addresses::of([IpNet::V4(Ipv4Net::new(Ipv4Addr::from(octets), length).ok()?)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// java.util.regex over the whole address, as RemoteAddrValve's documentation says.
    #[test]
    fn expressions_are_blocks_or_not_understood() {
        let of = |text| matched(text).map(|set| set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(of(r"127\.\d+\.\d+\.\d+|::1|0:0:0:0:0:0:0:1").as_deref(), Some("127.0.0.0/8 ::1/128"));
        assert_eq!(of(r"10\.1\.2\.3").as_deref(), Some("10.1.2.3/32"));
        assert_eq!(of(r"10\.1\..*").as_deref(), Some("10.1.0.0/16"));
        assert_eq!(of(r"192.168.1.\d{1,3}").as_deref(), Some("192.168.1.0/24"));
        assert_eq!(of(".*").as_deref(), Some("0.0.0.0/0 ::/0"));
        assert_eq!(of(r"10\.[1-3]\.\d+\.\d+"), None);
        assert_eq!(of(r"\d+\.1\.2\.3"), None);
        assert_eq!(of(r"10\.1"), None);
        assert_eq!(of("10.*"), None);
        assert_eq!(of(r"10\.1.*"), None);
        assert_eq!(blocks("127.0.0.0/8, ::1").map(|set| set.blocks().len()), Some(2));
        assert_eq!(blocks("host"), None);
    }
}
