//! What holds for each location into rows of `nginx-locations`.

use super::admission::{self, Admission};
use super::headers;
use super::listen::{self, Server, Socket};
use super::load::Entry;
use super::logging::{self, Logging};
use super::scope::{Chain, bytes, seconds};
use super::walk::{View, path};
use crate::facts::{Cell, Documented, Evidence, Host, RowBuilder, State, Value, Why};
use crate::reckon::network::Addresses;
use crate::schema::web::NGINX_LOCATIONS as TABLE;

static AUTOINDEX: Documented = core("autoindex off", "nginx.org/en/docs/http/ngx_http_autoindex_module.html");
static TOKENS: Documented = core("server_tokens on", "nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens");
static BODY: Documented = core("client_max_body_size 1m", "nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size");
static TIMEOUT: Documented = core("60s", "nginx.org/en/docs/http/ngx_http_core_module.html#client_body_timeout");
static VERIFY: Documented = core("ssl_verify_client off", "nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client");

const fn core(setting: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions: "nginx", source }
}

/// Names of status pages and administration consoles, as pieces of a path.
const CONSOLES: &[&str] = &[
    "actuator",
    "admin",
    "basic_status",
    "console",
    "druid",
    "grafana",
    "jenkins",
    "jmx-console",
    "kibana",
    "manager",
    "metrics",
    "nacos",
    "nginx_status",
    "phpmyadmin",
    "phpMyAdmin",
    "prometheus",
    "server-info",
    "server-status",
    "status",
    "stub_status",
    "swagger-ui",
    "web-console",
    "webadmin",
];

/// Whether a path, or the expression for one, names a status page or an administration console.
pub(in crate::facts) fn is_console(path: &str) -> bool {
    let pieces = path.split(|byte: char| !byte.is_ascii_alphanumeric() && byte != '_' && byte != '-');
    pieces.into_iter().any(|piece| CONSOLES.contains(&piece))
}

/// What the rows of other tables need of a location, too.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// Who is admitted.
    pub admission: Admission<'a>,
    /// The cell `sources`.
    pub sources: Cell<'a>,
    /// The cell `client-certificate`.
    pub certificate: Cell<'a>,
    /// Whether it is a console.
    pub console: Cell<'a>,
    /// What is logged.
    pub logging: Logging<'a>,
}

/// Judges a view.
pub(super) fn judged<'a>(host: &Host<'a>, view: &View<'_, 'a>, tls: &Cell<'a>) -> Judged<'a> {
    let mut admission = admission::of(host, &view.chain, view.condition);
    if let Some((_, line)) = view.answer {
        admission.addresses = Ok(Addresses::any());
        admission.evidence = host.evidence(&[line.decides()]);
        admission.listed = false;
    } else if view.matching == "internal" {
        admission.addresses = Ok(Addresses::none());
        admission.evidence = host.evidence(&[Evidence::Decides(view.entry.source.span(view.entry.text))]);
    }
    let sources = match &admission.addresses {
        Ok(addresses) => {
            let blocks = addresses.blocks();
            Cell::known(Value::List(host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network))), admission.evidence)
        }
        Err(why) => Cell::unknown(*why, admission.evidence),
    };
    let certificate = certificate(host, &view.chain, tls);
    Judged { sources, certificate, console: console(host, view), logging: logging::access(host, &view.chain), admission }
}

/// The row of a view.
pub(super) fn row<'a>(
    host: &Host<'a>,
    server: &Server<'_, 'a>,
    view: &View<'_, 'a>,
    judged: &Judged<'a>,
    (tls, protocols): (Cell<'a>, Cell<'a>),
) -> RowBuilder<'a> {
    let begins = host.evidence(&[Evidence::Decides(view.entry.source.span(view.entry.text))]);
    let chain = &view.chain;
    let answer = match view.answer {
        Some((word, line)) => Cell::known(Value::Word(word), host.evidence(&[line.decides()])),
        None => Cell::known(Value::Word("content"), begins),
    };
    let headers = headers::of(host, chain);
    let mut row = host.row(&TABLE, super::NAME);
    row.set(const { TABLE.column("server") }, Cell::known(Value::Text(server.title), &[]))
        .set(const { TABLE.column("location") }, Cell::known(Value::Text(view.name), begins))
        .set(const { TABLE.column("match") }, Cell::known(Value::Word(view.matching), begins))
        .set(const { TABLE.column("answer") }, answer)
        .set(const { TABLE.column("tls") }, tls)
        .set(const { TABLE.column("protocols") }, protocols)
        .set(const { TABLE.column("sources") }, judged.sources)
        .set(const { TABLE.column("breadth") }, breadth(&judged.admission))
        .set(const { TABLE.column("login") }, judged.admission.login)
        .set(const { TABLE.column("address-and-login") }, judged.admission.both)
        .set(const { TABLE.column("client-certificate") }, judged.certificate)
        .set(const { TABLE.column("forgeable-address") }, admission::forgeable(host, chain))
        .set(const { TABLE.column("console") }, judged.console)
        .set(const { TABLE.column("logged") }, judged.logging.logged)
        .set(const { TABLE.column("log-targets") }, targets(host, &judged.logging))
        .set(const { TABLE.column("log-fields") }, judged.logging.fields)
        .set(const { TABLE.column("hsts") }, headers.hsts)
        .set(const { TABLE.column("headers") }, headers.headers)
        .set(const { TABLE.column("autoindex") }, chain.switch(host, "autoindex", false, &AUTOINDEX))
        .set(const { TABLE.column("methods") }, methods(host, view))
        .set(const { TABLE.column("body-size") }, body_size(host, chain))
        .set(const { TABLE.column("client-timeout") }, client_timeout(host, chain))
        .set(const { TABLE.column("rate-limited") }, rate_limited(host, chain))
        .set(const { TABLE.column("alias-escapes") }, alias_escapes(host, view))
        .set(const { TABLE.column("version-shown") }, version_shown(host, chain));
    row
}

/// The cell `breadth`.
fn breadth<'a>(admission: &Admission<'a>) -> Cell<'a> {
    match &admission.addresses {
        Err(why) => Cell::unknown(*why, admission.evidence),
        Ok(all) if all.covers(&Addresses::any_four()) || all.covers(&Addresses::any_six()) => {
            Cell::known(Value::Unlimited, admission.evidence)
        }
        Ok(some) => Cell::known(Value::Integer(i64::try_from(some.breadth()).unwrap_or(i64::MAX)), admission.evidence),
    }
}

/// The cell `log-targets`.
fn targets<'a>(host: &Host<'a>, logging: &Logging<'a>) -> Cell<'a> {
    match logging.logged.state {
        State::Unknown(why, _) => Cell::unknown(why, logging.logged.evidence),
        State::Known(_) | State::Unset => Cell::known(host.texts(&logging.targets), logging.logged.evidence),
    }
}

/// The cell `console`.
fn console<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let status = view.chain.blocks.first().and_then(|block| block.all("stub_status").next());
    let by_name = matches!(view.entry.name, "location") && view.matching != "internal" && is_console(path(view.entry));
    let piece = status.map_or_else(|| Evidence::Decides(view.entry.source.span(view.entry.text)), |line| line.decides());
    Cell::known(Value::Boolean(status.is_some() || by_name), host.evidence(&[piece]))
}

/// The cell `client-certificate`: without TLS on every socket there is none to be asked for.
fn certificate<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, tls: &Cell<'a>) -> Cell<'a> {
    let found = chain.single("ssl_verify_client");
    let evidence = found.evidence(host, chain.main);
    if tls.value() != Some(Value::Word("all")) {
        return Cell::known(Value::Word("none"), tls.evidence);
    }
    match (found.first(), found.doubt) {
        (_, Some(why)) => Cell::unknown(why, evidence),
        (None, None) => chain.default(host, Value::Word("none"), &VERIFY),
        (Some(line), None) => match line.word(0) {
            "on" => Cell::known(Value::Word("required"), evidence),
            "off" => Cell::known(Value::Word("none"), evidence),
            "optional" | "optional_no_ca" => Cell::known(Value::Word("optional"), evidence),
            word => Cell::unknown(Why::not_understood(word), evidence),
        },
    }
}

/// The cell `methods`: those that `limit_except` leaves open while it turns others away; GET takes HEAD with it.
fn methods<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let Some(block) = view.chain.blocks.first() else { return Cell::NONE };
    for line in block.all("limit_except") {
        let Some(inner) = &line.block else { continue };
        let closed = inner.all("deny").any(|deny| deny.word(0) == "all");
        if closed {
            let mut names = line.words.clone();
            if names.contains(&"GET") && !names.contains(&"HEAD") {
                names.push("HEAD");
            }
            return Cell::known(host.texts(&names), host.evidence(&[line.decides()]));
        }
    }
    let conditions = view.chain.blocks.iter().flat_map(|block| block.all("if"));
    let refused = conditions.filter_map(|line| Some((line, refused_but(line)?))).next();
    match (refused, block.gaps.first()) {
        (Some((line, names)), _) => Cell::known(host.texts(&names), host.evidence(&[line.decides()])),
        (None, Some(why)) => Cell::unknown(*why, &[]),
        (None, None) => Cell::unset(host.evidence(&[Evidence::Searched(view.chain.main)])),
    }
}

/// The methods that a condition leaves open while it refuses others: `if ($request_method !~ ^(GET|HEAD)$) { return 405; }`.
fn refused_but<'a>(line: &Entry<'a>) -> Option<Vec<&'a str>> {
    let (Some((_, answer)), ["($request_method", "!~" | "!~*", pattern]) = (line.block.as_ref().and_then(headers::answer), &*line.words)
    else {
        return None;
    };
    let names = pattern.strip_suffix(")")?.strip_prefix("^(")?.strip_suffix(")$")?;
    let plain = names.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'|');
    (plain && answer.word(0).starts_with('4')).then(|| names.split('|').collect())
}

/// The cell `body-size`; 0 switches the limit off.
fn body_size<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let found = chain.single("client_max_body_size");
    let evidence = found.evidence(host, chain.main);
    match (found.first().map(|line| (line, bytes(line.word(0)))), found.doubt) {
        (_, Some(why)) => Cell::unknown(why, evidence),
        (None, None) => chain.default(host, Value::Size(1 << 20), &BODY),
        (Some((_, Some(0))), None) => Cell::known(Value::Unlimited, evidence),
        (Some((_, Some(size))), None) => Cell::known(Value::Size(size), evidence),
        (Some((line, None)), None) => Cell::unknown(Why::not_understood(line.text), evidence),
    }
}

/// The cell `client-timeout`.
fn client_timeout<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let mut longest: Option<(u64, &'a [Evidence<'a>])> = None;
    for name in ["client_header_timeout", "client_body_timeout", "send_timeout"] {
        let found = chain.single(name);
        let evidence = found.evidence(host, chain.main);
        let time = match (found.first(), found.doubt) {
            (_, Some(why)) => return Cell::unknown(why, evidence),
            (None, None) => (60, chain.default(host, Value::Duration(60), &TIMEOUT).evidence),
            (Some(line), None) => match seconds(line.word(0)) {
                Some(time) => (time, evidence),
                None => return Cell::unknown(Why::not_understood(line.text), evidence),
            },
        };
        if longest.is_none_or(|(most, _)| time.0 > most) {
            longest = Some(time);
        }
    }
    longest.map_or(Cell::NONE, |(time, evidence)| Cell::known(Value::Duration(time), evidence))
}

/// The cell `rate-limited`.
fn rate_limited<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let kinds = [chain.several(&["limit_req"]), chain.several(&["limit_conn"])];
    let on = kinds.iter().find(|found| !found.entries.is_empty());
    match (on, kinds.iter().find_map(|found| found.doubt)) {
        (Some(found), _) => Cell::known(Value::Boolean(true), found.evidence(host, chain.main)),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Searched(chain.main)])),
    }
}

/// The cell `alias-escapes`.
fn alias_escapes<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let prefix = matches!(view.matching, "prefix" | "prefix-final");
    let block = view.chain.blocks.first();
    let alias = block.and_then(|block| block.all("alias").next());
    let gap = block.and_then(|block| block.gaps.first());
    match (alias, gap) {
        (Some(line), _) => {
            let escapes = prefix && !path(view.entry).ends_with('/') && line.word(0).ends_with('/');
            Cell::known(Value::Boolean(escapes), host.evidence(&[line.decides(), Evidence::Scope(view.entry.source.span(view.entry.text))]))
        }
        (None, Some(why)) => Cell::unknown(*why, &[]),
        (None, None) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Searched(view.chain.main)])),
    }
}

/// The cell `version-shown`.
fn version_shown<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let found = chain.single("server_tokens");
    let evidence = found.evidence(host, chain.main);
    match (found.first().map(|line| line.word(0)), found.doubt) {
        (_, Some(why)) => Cell::unknown(why, evidence),
        (None, None) => chain.default(host, Value::Boolean(true), &TOKENS),
        (Some("off"), None) => Cell::known(Value::Boolean(false), evidence),
        (Some("on" | "build"), None) => Cell::known(Value::Boolean(true), evidence),
        // The commercial edition takes a text of one's own.
        (Some(word), None) => Cell::known(Value::Boolean(word.contains("$nginx_version")), evidence),
    }
}

/// The cells `tls` and `protocols` of a server.
pub(super) fn tls<'a>(host: &Host<'a>, number: usize, servers: &[Server<'_, 'a>], sockets: &[Socket<'_, 'a>]) -> (Cell<'a>, Cell<'a>) {
    let own: Vec<&Socket<'_, 'a>> = sockets.iter().filter(|socket| socket.servers.contains(&number)).collect();
    let shown = |socket: &&Socket<'_, 'a>| socket.listen.entry.map_or(Evidence::Default(&PORT), |line| line.decides());
    let pieces: Vec<Evidence<'a>> = own.iter().map(shown).collect();
    let pieces = host.evidence(&pieces);
    let speaking = own.iter().filter(|socket| socket.tls).count();
    let word = if speaking == 0 {
        "none"
    } else if speaking == own.len() {
        "all"
    } else {
        "some"
    };
    let doubt = servers[number].block.gaps.first();
    let tls = match doubt {
        Some(why) => Cell::unknown(*why, pieces),
        None => Cell::known(Value::Word(word), pieces),
    };
    let mut names: Vec<Value<'a>> = Vec::new();
    let mut evidence: Vec<Evidence<'a>> = Vec::new();
    // The default server decides; with a callback for the client's hello, which late versions have, the server itself may.
    let defaults = own.iter().filter(|socket| socket.tls).map(|socket| socket.default_server);
    let mut deciding: Vec<usize> = defaults.collect();
    if !deciding.is_empty() && !deciding.contains(&number) {
        deciding.push(number);
    }
    for server in deciding {
        let cell = listen::protocols_of(host, &servers[server].chain);
        match cell.state {
            State::Known(Value::List(items)) => {
                names.extend(items.iter().filter(|item| !names.contains(item)).copied().collect::<Vec<_>>());
            }
            _ => return (tls, cell),
        }
        evidence.extend(cell.evidence.iter().filter(|piece| !evidence.contains(piece)).copied().collect::<Vec<_>>());
    }
    if evidence.is_empty() {
        return (tls, Cell { evidence: pieces, ..Cell::known(Value::List(&[]), pieces) });
    }
    (tls, Cell::known(Value::List(host.arena().alloc_slice_copy(&names)), host.evidence(&evidence)))
}

static PORT: Documented = core("listen *:80", "nginx.org/en/docs/http/ngx_http_core_module.html#listen");
