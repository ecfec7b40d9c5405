//! `Listen`, `VirtualHost` and `DocumentRoot` into the server as a whole and its virtual hosts.

use super::chain::{Chain, Layer, sections};
use super::load::{Block, Entry, Loaded};
use crate::facts::{Evidence, Host};

/// The most virtual hosts that are told apart.
const SITES_MOST: usize = 2_000;

/// One `Listen`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listen<'t, 'a> {
    /// The line.
    pub entry: &'t Entry<'a>,
    /// Its address; `*` for all.
    pub address: &'a str,
    /// Its port.
    pub port: &'a str,
}

/// The server as a whole, or one virtual host.
#[derive(Debug)]
pub(super) struct Site<'t, 'a> {
    /// What it is called in tables: `server`, or its first name and addresses.
    pub title: &'a str,
    /// The virtual host's section.
    pub entry: Option<&'t Entry<'a>>,
    /// What is set for it outside sections of paths.
    pub chain: Chain<'t, 'a>,
    /// Addresses and ports as httpd compares them: `*:443`.
    pub addresses: Vec<&'a str>,
    /// Whether requests reach it: virtual hosts may leave nothing to the server as a whole.
    pub serves: bool,
}

impl<'t, 'a> Site<'t, 'a> {
    /// The line that begins it, or where it was looked for.
    pub(super) fn begins(&self) -> Evidence<'a> {
        self.entry.map_or(Evidence::Searched(self.chain.main), Entry::decides)
    }

    /// The folder of its documents, without the leading slash.
    pub(super) fn document_root(&self, host: &Host<'a>, root: &'a str) -> Option<(&'a str, &'t Entry<'a>)> {
        let found = self.chain.find(&["documentroot"]);
        let entry = found.last().filter(|entry| found.doubt.is_none() && !entry.word(0).contains("${"))?;
        Some((absolute(host, root, entry.word(0)), entry))
    }
}

/// A path without slashes at its ends, put below ServerRoot where it is relative.
pub(super) fn absolute<'a>(host: &Host<'a>, root: &'a str, path: &'a str) -> &'a str {
    match path.strip_prefix('/') {
        Some(path) => path.trim_matches('/'),
        None => host.text(&format!("{root}/{}", path.trim_end_matches('/'))),
    }
}

/// Every `Listen`.
pub(super) fn listens<'t, 'a>(block: &'t Block<'a>) -> Vec<Listen<'t, 'a>> {
    let lines = block.iter().filter(|entry| entry.name == "listen");
    lines
        .map(|entry| {
            let (address, port) = match entry.word(0).rsplit_once(':') {
                Some((address, port)) => (address, port),
                None => ("*", entry.word(0)),
            };
            let address = if matches!(address, "0.0.0.0" | "" | "*") { "*" } else { address };
            Listen { entry, address, port }
        })
        .collect()
}

/// The server as a whole, then its virtual hosts in order.
pub(super) fn sites<'t, 'a>(host: &Host<'a>, loaded: &'t Loaded<'a>, main: &'a str) -> Vec<Site<'t, 'a>> {
    let whole = Layer::server(&loaded.block);
    let outer = Chain { layers: vec![whole], main, gap: None };
    let listens = listens(&loaded.block);
    let own: Vec<&'a str> = listens.iter().map(|it| host.text(&format!("{}:{}", it.address, it.port))).collect();
    let mut sites = vec![Site { title: "server", entry: None, chain: outer.clone(), addresses: own, serves: true }];
    for (entry, perhaps) in sections(&loaded.block, &["virtualhost"]).into_iter().take(SITES_MOST) {
        let block = entry.block.as_deref().unwrap_or_default();
        let mut chain = outer.with(Layer::server(block));
        chain.gap = perhaps;
        let addresses: Vec<&'a str> = entry.words.iter().map(|word| normal(host, word)).collect();
        let name = chain.find_in(1, &["servername"]).unwrap_or("_");
        let title = host.text(&format!("{name} ({})", addresses.join(", ")));
        sites.push(Site { title, entry: Some(entry), chain, addresses, serves: true });
    }
    let taken = |listen: &Listen<'_, 'a>| {
        let all = |address: &&str| **address == *format!("*:{}", listen.port) || **address == *"*:*";
        let same = |address: &&str| **address == *format!("{}:{}", listen.address, listen.port);
        sites[1..].iter().filter(|site| site.chain.gap.is_none()).flat_map(|site| &site.addresses).any(|it| all(it) || same(it))
    };
    let serves = listens.is_empty() || listens.iter().any(|listen| !taken(listen));
    sites[0].serves = serves;
    sites
}

impl<'t, 'a> Chain<'t, 'a> {
    /// The first word of a directive that one section sets.
    fn find_in(&self, level: usize, names: &[&str]) -> Option<&'a str> {
        let layer = self.layers.get(level)?;
        super::chain::in_block(layer.block, names).0.last().map(|entry| entry.word(0))
    }
}

/// An address of a virtual host as httpd compares it; without a port it stands for every one.
fn normal<'a>(host: &Host<'a>, written: &'a str) -> &'a str {
    let digits = |text: &str| text == "*" || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (address, port) = match written.rsplit_once(':') {
        Some((address, port)) if digits(port) && (!address.contains(':') || address.ends_with(']')) => (address, port),
        _ => (written, "*"),
    };
    let address = if matches!(address, "_default_" | "*" | "0.0.0.0") { "*" } else { address };
    host.text(&format!("{address}:{port}"))
}

/// The number of the first site at an address: who answers before the client has named a host.
pub(super) fn first_at(sites: &[Site<'_, '_>], address: &str) -> usize {
    sites.iter().skip(1).position(|site| site.addresses.contains(&address)).map_or(0, |at| at + 1)
}
