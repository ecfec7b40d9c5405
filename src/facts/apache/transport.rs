//! `SSLEngine`, `SSLProtocol` and `SSLCipherSuite` into what each site speaks.
//!
//! The first virtual host of an address decides before the client has named a host; from httpd 2.4.42 with OpenSSL 1.1.1 on, a host that
//! was named has its own versions, too. Which holds a client can choose, so that versions of both are offered.

use super::chain::{Chain, switch};
use super::load::Entry;
use super::sites::{Site, first_at};
use crate::facts::{Cell, Documented, Evidence, Host, State, Tables, Value, Why, os_release, tls_words};

static PROTOCOL: Documented =
    Documented { setting: "SSLProtocol all -SSLv3", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, mod_ssl, SSLProtocol" };
static SYSTEM: Documented = Documented {
    setting: "SSLProtocol not set: the system-wide cryptographic policy decides",
    versions: "httpd of Red Hat Enterprise Linux 8 and later",
    source: "Red Hat Enterprise Linux 8, Securing networks, Using system-wide cryptographic policies",
};
static ENGINE: Documented =
    Documented { setting: "SSLEngine off", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, mod_ssl, SSLEngine" };

/// Versions in the order of their bits.
const VERSIONS: [&str; 5] = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// What a site speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transport<'a> {
    /// The cell `tls`.
    pub tls: Cell<'a>,
    /// The cell `protocols`.
    pub protocols: Cell<'a>,
    /// The cell `ciphers`.
    pub ciphers: Cell<'a>,
}

/// What a site speaks.
pub(super) fn of<'a>(host: &Host<'a>, sites: &[Site<'_, 'a>], number: usize) -> Transport<'a> {
    let site = &sites[number];
    let tls = tls(host, sites, site);
    if tls.value() == Some(Value::Word("none")) {
        let none = Cell::known(Value::List(&[]), tls.evidence);
        return Transport { tls, protocols: none, ciphers: Cell::unset(tls.evidence) };
    }
    let mut deciding = vec![&site.chain];
    for address in &site.addresses {
        let first = &sites[first_at(sites, address)].chain;
        if !deciding.iter().any(|chain| std::ptr::eq(*chain, first)) {
            deciding.push(first);
        }
    }
    Transport { tls, protocols: protocols(host, &deciding), ciphers: ciphers(host, &deciding) }
}

/// The cell `tls`: by the first host of each address, and by the site's own line.
fn tls<'a>(host: &Host<'a>, sites: &[Site<'_, 'a>], site: &Site<'_, 'a>) -> Cell<'a> {
    let mut speaking = 0;
    let mut evidence: Vec<Evidence<'a>> = Vec::new();
    for address in &site.addresses {
        let first = &sites[first_at(sites, address)].chain;
        let found = [&site.chain, first].map(|chain| chain.find(&["sslengine"]));
        if let Some(why) = found.iter().find_map(|found| found.doubt) {
            return Cell::unknown(why, &[]);
        }
        let on = found.iter().find(|found| found.last().is_some_and(|line| switch(line.word(0), &["on", "optional"]) == Some(true)));
        speaking += usize::from(on.is_some());
        evidence.extend(on.or(found.first()).and_then(|found| found.last()).map(Entry::decides));
    }
    if evidence.is_empty() {
        evidence.extend([Evidence::Default(&ENGINE), site.begins()]);
    }
    let word = match speaking {
        0 => "none",
        some if some == site.addresses.len() => "all",
        _ => "some",
    };
    Cell::known(Value::Word(word), host.evidence(&evidence))
}

/// The cell `protocols`: what any of the sites that decide offers.
fn protocols<'a>(host: &Host<'a>, deciding: &[&Chain<'_, 'a>]) -> Cell<'a> {
    let mut offered = 0u8;
    let mut evidence: Vec<Evidence<'a>> = Vec::new();
    let mut open = None;
    for chain in deciding {
        let found = chain.find(&["sslprotocol"]);
        evidence.extend(found.evidence(host, chain.main).iter().filter(|_| !found.entries.is_empty()));
        match (found.last().map(|line| (line, versions(&line.words))), found.doubt) {
            (_, Some(why)) => open = open.or(Some(why)),
            (Some((_, Some(bits))), None) => offered |= bits,
            (Some((line, None)), None) => open = open.or(Some(Why::not_understood(line.text))),
            (None, None) => match by_policy(host, chain.main) {
                false => {
                    offered |= 0b1_1110;
                    evidence.extend([Evidence::Default(&PROTOCOL), Evidence::Searched(chain.main)]);
                }
                true => {
                    open = open.or(Some(Why::version_not_known("httpd")));
                    evidence.extend([Evidence::Default(&PROTOCOL), Evidence::Default(&SYSTEM)]);
                }
            },
        }
    }
    let evidence = host.evidence(&evidence);
    let weak = offered & 0b111 != 0;
    match open.filter(|_| !weak) {
        Some(why) => Cell::unknown(why, evidence),
        None => Cell::known(host.texts(&named(offered)), evidence),
    }
}

/// Whether a policy of the whole system may decide where no line does.
fn by_policy(host: &Host<'_>, main: &str) -> bool {
    let old = os_release::release(host).and_then(|release| release.major()).is_some_and(|major| major < 8);
    main.starts_with("etc/httpd/") && !old
}

/// The versions that a line offers: words from the left to the right, those without a sign replace.
fn versions(words: &[&str]) -> Option<u8> {
    let mut offered = 0u8;
    for word in words {
        let (sign, name) = match word.as_bytes().first() {
            Some(b'+') => (Some(true), &word[1..]),
            Some(b'-') => (Some(false), &word[1..]),
            _ => (None, *word),
        };
        let bits = match VERSIONS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
            Some(at) => 1 << at,
            None if name.eq_ignore_ascii_case("all") => 0b1_1111,
            None if name.eq_ignore_ascii_case("SSLv2") && sign == Some(false) => 0,
            None => return None,
        };
        offered = match sign {
            Some(true) => offered | bits,
            Some(false) => offered & !bits,
            None => bits,
        };
    }
    Some(offered)
}

/// The names of some versions.
fn named(bits: u8) -> Vec<&'static str> {
    VERSIONS.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, name)| *name).collect()
}

/// The list of suites of a site, with what shows it.
fn list_of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Result<(&'a str, &'a [Evidence<'a>]), Why<'a>> {
    let found = chain.find(&["sslciphersuite"]);
    if let Some(why) = found.doubt {
        return Err(why);
    }
    // With two words the first is the protocol that the second is about.
    match found.entries.iter().rfind(|line| !line.word(0).eq_ignore_ascii_case("TLSv1.3")) {
        None => Err(Why::version_not_known("OpenSSL")),
        Some(line) => {
            let list = line.words.last().copied().unwrap_or_default();
            if list.to_ascii_uppercase().starts_with("PROFILE=") {
                Err(Why::version_not_known("crypto-policies"))
            } else {
                Ok((list, found.evidence(host, chain.main)))
            }
        }
    }
}

/// The cell `ciphers`: the weakest piece of any list that decides.
fn ciphers<'a>(host: &Host<'a>, deciding: &[&Chain<'_, 'a>]) -> Cell<'a> {
    let mut worst = Cell::NONE;
    for chain in deciding {
        let next = match list_of(host, chain) {
            Err(why) => Cell::unknown(why, &[]),
            Ok((list, evidence)) => match tls_words::weakest(list) {
                Ok(word) => Cell::known(word, evidence),
                Err(piece) => Cell::unknown(Why::version_not_known(host.text(&format!("OpenSSL ({piece})"))), evidence),
            },
        };
        if tls_words::rank(&next) > tls_words::rank(&worst) {
            worst = next;
        }
    }
    worst
}

/// Pushes what a site offers into the table `crypto`.
pub(super) fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>, site: &Site<'_, 'a>, transport: &Transport<'a>) {
    if matches!(transport.tls.state, State::Known(Value::Word("none"))) {
        return;
    }
    let context = host.text(&format!("{} {}", super::NAME, site.title));
    tls_words::push_versions(host, tables, super::NAME, context, &transport.protocols);
    match list_of(host, &site.chain) {
        Err(why) => tls_words::gap(host, tables, super::NAME, (context, "cipher"), why),
        Ok(list) => tls_words::push_ciphers(host, tables, super::NAME, context, list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ssl_cmd_protocol_parse of httpd 2.4 (modules/ssl/ssl_engine_config.c).
    #[test]
    fn versions_are_reckoned_from_the_left() {
        let of = |line: &str| versions(&line.split(' ').collect::<Vec<_>>()).map(named);
        assert_eq!(of("all -SSLv3 -TLSv1"), Some(vec!["TLSv1.1", "TLSv1.2", "TLSv1.3"]));
        assert_eq!(of("-all +TLSv1.2"), Some(vec!["TLSv1.2"]));
        assert_eq!(of("TLSv1.2 TLSv1.3"), Some(vec!["TLSv1.3"]));
        assert_eq!(of("tlsv1.2 +TLSV1.3 -sslv2"), Some(vec!["TLSv1.2", "TLSv1.3"]));
        assert_eq!(of("+TLSv1.2 all"), Some(vec!["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]));
        assert_eq!(of("TLSv1.4"), None);
    }
}
