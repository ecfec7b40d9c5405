//! `listen` and `server_name` into servers and listening sockets, each with its default server.
//!
//! TLS versions and ciphers are agreed on before the client's name for the server counts, so that the default server of a socket
//! decides them for every server on it (by nginx 1.22): the one with `default_server`, or else the first in the configuration.

use super::load::{Block, Entry};
use super::scope::{Chain, Found};
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};

/// nginx 1.23.4 added TLSv1.3 to the default, and 1.27.3 took TLSv1 and TLSv1.1 away.
static PROTOCOLS: [(Documented, &[&str]); 3] = [
    (protocols("ssl_protocols TLSv1 TLSv1.1 TLSv1.2", "nginx before 1.23.4"), &["TLSv1", "TLSv1.1", "TLSv1.2"]),
    (protocols("ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "nginx 1.23.4 to 1.27.2"), &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
    (protocols("ssl_protocols TLSv1.2 TLSv1.3", "nginx 1.27.3 and later"), &["TLSv1.2", "TLSv1.3"]),
];

const fn protocols(setting: &'static str, versions: &'static str) -> Documented {
    Documented { setting, versions, source: "nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols" }
}

/// One `listen` of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listen<'t, 'a> {
    /// The line; none where the server has none and listens on port 80.
    pub entry: Option<&'t Entry<'a>>,
    /// Address and port, the same for every way of writing them.
    pub socket: &'a str,
    /// The port; none for a socket file.
    pub port: Option<i64>,
    /// Whether it says `ssl`.
    tls: bool,
    /// Whether it says `default_server`.
    default: bool,
}

/// One server.
#[derive(Debug)]
pub(super) struct Server<'t, 'a> {
    /// Its block and `http`.
    pub chain: Chain<'t, 'a>,
    /// Its own block.
    pub block: &'t Block<'a>,
    /// The line that begins it.
    pub entry: &'t Entry<'a>,
    /// Its sockets.
    pub listens: Vec<Listen<'t, 'a>>,
    /// What it is called in tables: first name and sockets.
    pub title: &'a str,
}

/// One listening socket.
#[derive(Debug)]
pub(super) struct Socket<'t, 'a> {
    /// The first line that opens it.
    pub listen: Listen<'t, 'a>,
    /// Whether it speaks TLS: one `ssl` on it is enough.
    pub tls: bool,
    /// The number of its default server.
    pub default_server: usize,
    /// The numbers of the servers on it.
    pub servers: Vec<usize>,
}

/// The servers of a configuration.
pub(super) fn servers<'t, 'a>(host: &Host<'a>, http: &Chain<'t, 'a>) -> Vec<Server<'t, 'a>> {
    let mut servers = Vec::new();
    let Some(block) = http.blocks.first() else { return servers };
    for entry in block.all("server") {
        let Some(block) = &entry.block else { continue };
        let chain = http.inside(block);
        let all_tls = chain.single("ssl").first().is_some_and(|line| line.word(0).eq_ignore_ascii_case("on"));
        let mut listens: Vec<Listen<'t, 'a>> = block.all("listen").map(|line| listen(host, line, all_tls)).collect();
        if listens.is_empty() {
            listens.push(Listen { entry: None, socket: "*:80", port: Some(80), tls: all_tls, default: false });
        }
        let name = block.all("server_name").flat_map(|line| &line.words).next().copied().unwrap_or("_");
        let sockets: Vec<&str> = listens.iter().map(|it| it.socket).collect();
        let title = host.text(&format!("{} ({})", if name.is_empty() { "_" } else { name }, sockets.join(", ")));
        servers.push(Server { chain, block, entry, listens, title });
    }
    servers
}

/// One `listen` line.
fn listen<'t, 'a>(host: &Host<'a>, entry: &'t Entry<'a>, all_tls: bool) -> Listen<'t, 'a> {
    let written = entry.word(0);
    let says = |word: &str| entry.words.iter().skip(1).any(|it| *it == word);
    let (tls, default) = (all_tls || says("ssl") || says("quic"), says("default_server") || says("default"));
    if written.starts_with("unix:") {
        return Listen { entry: Some(entry), socket: written, port: None, tls, default };
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (address, port) = match written.rsplit_once(':') {
        Some((address, port)) if digits(port) => (address, port),
        None if digits(written) => ("*", written),
        _ => (written, "80"),
    };
    let address = if address.is_empty() || address == "0.0.0.0" { "*" } else { address };
    let transport = if says("quic") { "/udp" } else { "" };
    Listen { entry: Some(entry), socket: host.text(&format!("{address}:{port}{transport}")), port: port.parse().ok(), tls, default }
}

/// The sockets of all servers, in the order in which they are first opened.
pub(super) fn sockets<'t, 'a>(servers: &[Server<'t, 'a>]) -> Vec<Socket<'t, 'a>> {
    let mut sockets: Vec<Socket<'t, 'a>> = Vec::new();
    let mut places = foldhash::HashMap::<&str, usize>::default();
    for (number, server) in servers.iter().enumerate() {
        for listen in &server.listens {
            let place = *places.entry(listen.socket).or_insert_with(|| {
                sockets.push(Socket { listen: *listen, tls: false, default_server: number, servers: Vec::new() });
                sockets.len() - 1
            });
            let socket = &mut sockets[place];
            socket.tls |= listen.tls;
            if listen.default {
                socket.default_server = number;
            }
            if socket.servers.last() != Some(&number) {
                socket.servers.push(number);
            }
        }
    }
    sockets
}

/// TLS versions of a server as its chain sets them.
pub(super) fn protocols_of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let found: Found<'_, 'a> = chain.single("ssl_protocols");
    match (found.first(), found.doubt) {
        (_, Some(why)) => Cell::unknown(why, found.evidence(host, chain.main)),
        (Some(line), None) => Cell::known(host.texts(&line.words), found.evidence(host, chain.main)),
        (None, None) => {
            let candidates: Vec<Value<'a>> = PROTOCOLS.iter().map(|(_, names)| host.texts(names)).collect();
            let pieces: Vec<Evidence<'a>> = PROTOCOLS.iter().map(|(documented, _)| Evidence::Default(documented)).collect();
            Cell::one_of(Why::version_not_known("nginx"), host.arena().alloc_slice_copy(&candidates), host.evidence(&pieces))
        }
    }
}

/// The list of ciphers where none is set.
static CIPHERS: Documented = Documented {
    setting: "ssl_ciphers HIGH:!aNULL:!MD5",
    versions: "nginx 1.0.5 and later",
    source: "nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers",
};

/// The list of ciphers of a server as its chain sets it, and what shows it.
pub(super) fn ciphers_of<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Result<(&'a str, &'a [Evidence<'a>]), Why<'a>> {
    let found = chain.single("ssl_ciphers");
    match (found.first(), found.doubt) {
        (_, Some(why)) => Err(why),
        (Some(line), None) => Ok((line.word(0), found.evidence(host, chain.main))),
        (None, None) => Ok(("HIGH:!aNULL:!MD5", host.evidence(&[Evidence::Default(&CIPHERS), Evidence::Searched(chain.main)]))),
    }
}

/// Whether only the host itself reaches a socket.
pub(super) fn is_own(socket: &Socket<'_, '_>) -> bool {
    let address = socket.listen.socket;
    socket.listen.port.is_none() || address.starts_with("127.") || address.starts_with("[::1]") || address.starts_with("localhost:")
}
