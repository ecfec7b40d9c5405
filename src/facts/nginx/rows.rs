//! Servers, sockets and consoles into rows of `nginx-settings`, `services` and `remote-access`.

use super::listen::{Server, Socket};
use super::load::Entry;
use super::locations::Judged;
use super::scope::Chain;
use super::walk::{self, View};
use crate::facts::settings::{self, Readings};
use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::names::Phrase;
use crate::schema::neutral::{REMOTE_ACCESS, SERVICES};
use crate::schema::web::NGINX_SETTINGS;

static USERS: [Documented; 2] = [core("user nobody nobody", "nginx built without --user"), core("user nginx", "packages of nginx.org")];
static WORKERS: Documented = core("worker_processes 1", "nginx");
static CONNECTIONS: Documented = core("worker_connections 512", "nginx");
static ERROR_LOG: Documented = core("error_log logs/error.log error", "nginx");

static APPLICATION: Phrase = Phrase {
    zh: "由 {} 之后的应用决定，nginx 配置不显示",
    en: "the application behind {} decides, which nginx does not show",
};

const fn core(setting: &'static str, versions: &'static str) -> Documented {
    Documented { setting, versions, source: "nginx.org/en/docs/ngx_core_module.html" }
}

/// Pushes the settings of an installation.
pub(super) fn settings<'a>(host: &Host<'a>, tables: &mut Tables<'a>, outer: &Chain<'_, 'a>, instance: &'a str) {
    if !tables.wants(&NGINX_SETTINGS) {
        return;
    }
    let events = outer.blocks.iter().flat_map(|block| block.all("events")).find_map(|entry| entry.block.as_ref());
    for (setting, default, documented) in [
        ("error_log", "logs/error.log error", &ERROR_LOG),
        ("user", "nobody", &USERS[0]),
        ("worker_connections", "512", &CONNECTIONS),
        ("worker_processes", "1", &WORKERS),
    ] {
        let chain = match events {
            Some(events) if setting == "worker_connections" => outer.inside(events),
            _ => outer.clone(),
        };
        let found = chain.single(setting);
        let mut row = match (found.first(), found.doubt) {
            (_, Some(why)) => settings::unknown_row(host, &NGINX_SETTINGS, super::NAME, setting, Cell::unknown(why, &[])),
            (Some(line), None) => value(host, setting, line.joined(host), found.evidence(host, outer.main)),
            // The account is compiled in.
            (None, None) if setting == "user" => {
                let candidates = host.arena().alloc_slice_copy(&[Value::Text("nobody"), Value::Text("nginx"), Value::Text("www-data")]);
                let evidence = host.evidence(&[Evidence::Default(&USERS[0]), Evidence::Default(&USERS[1])]);
                let unknown = Cell::unknown(Why::version_not_known("nginx"), evidence);
                let mut row = settings::unknown_row(host, &NGINX_SETTINGS, super::NAME, setting, unknown);
                settings::set(&mut row, "value", Cell::one_of(Why::version_not_known("nginx"), candidates, evidence));
                row
            }
            (None, None) => value(host, setting, default, chain.default(host, Value::Boolean(true), documented).evidence),
        };
        row.instance(instance);
        tables.push(row);
    }
}

/// The row of a setting that is known.
fn value<'a>(host: &Host<'a>, setting: &'static str, text: &'a str, evidence: &'a [Evidence<'a>]) -> crate::facts::RowBuilder<'a> {
    let readings = Readings { number: text.parse().ok().map(Value::Integer), ..Readings::default() };
    settings::row(host, &NGINX_SETTINGS, super::NAME, setting, (text, readings, evidence))
}

/// Pushes the service of a socket. It is in clear where a server on it gives more in clear than a redirection to HTTPS or a refusal.
pub(super) fn service<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    servers: &[Server<'_, 'a>],
    socket: &Socket<'_, 'a>,
) {
    let Some(port) = socket.listen.port.filter(|_| tables.wants(&SERVICES)) else { return };
    let by = host.evidence(&[socket.listen.entry.map_or(Evidence::Default(&PORT), |line| line.decides())]);
    let mut cleartext = Cell::known(Value::Boolean(false), by);
    for server in socket.servers.iter().filter(|_| !socket.tls).map(|number| &servers[*number]) {
        if let Some(shown) = given_in_clear(host, server) {
            let evidence = host.evidence(&[by, &[Evidence::Decides(shown.source.span(shown.text))]].concat());
            cleartext = Cell::known(Value::Boolean(true), evidence);
            break;
        }
        if let Some(why) = server.block.gaps.first() {
            cleartext = Cell::unknown(*why, by);
        }
    }
    let (address, transport) = match socket.listen.socket.strip_suffix("/udp") {
        Some(rest) => (rest, "udp"),
        None => (socket.listen.socket, "tcp"),
    };
    let address = address.rsplit_once(':').map_or(address, |(address, _)| address);
    let mut row = host.row(&SERVICES, super::NAME);
    row.instance(instance);
    row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(super::NAME), by))
        .set(const { SERVICES.column("port") }, Cell::known(Value::Integer(port), by))
        .set(const { SERVICES.column("protocol") }, Cell::known(Value::Text(transport), by))
        .set(const { SERVICES.column("address") }, Cell::known(Value::Text(address), by))
        .set(const { SERVICES.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { SERVICES.column("cleartext") }, cleartext);
    tables.push(row);
}

static PORT: Documented = core("listen *:80", "nginx");

/// The first block of a server that gives content to who asks in clear; certificates are proven under `/.well-known/` that way.
fn given_in_clear<'t, 'a>(host: &Host<'a>, server: &Server<'t, 'a>) -> Option<&'t Entry<'a>> {
    walk::views(host, server).into_iter().find(|view| gives_in_clear(server, view)).map(|view| view.entry)
}

/// Whether a view gives content to who asks in clear.
pub(super) fn gives_in_clear(server: &Server<'_, '_>, view: &View<'_, '_>) -> bool {
    let away = matches!(view.answer, Some(("redirect-https" | "refusal", _)));
    let proof = view.matching != "server" && walk::path(view.entry).contains("/.well-known/");
    let inside = matches!(view.matching, "internal" | "if");
    // Where what may end every request was not read, nothing is decided.
    let open = view.matching == "server" && !server.block.gaps.is_empty();
    !(away || proof || inside || open || redirects_by_condition(view))
}

/// A condition on the scheme that sends requests in clear away: `if ($scheme = http) { return 301 https://…; }`.
fn redirects_by_condition(view: &View<'_, '_>) -> bool {
    let mut conditions = view.chain.blocks.iter().flat_map(|block| block.all("if"));
    conditions.any(|entry| {
        let condition = entry.words.concat();
        let plain = matches!(condition.as_str(), "($scheme=http)" | "($scheme!=https)" | "($https!=on)" | "($https=)");
        plain && matches!(entry.block.as_ref().and_then(super::headers::answer), Some(("redirect-https", _)))
    })
}

/// Pushes the way in that a console is. What nginx does not ask for itself, the application behind it may.
pub(super) fn way_in<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    server: &Server<'_, 'a>,
    (view, judged, tls): (&View<'_, 'a>, &Judged<'a>, &Cell<'a>),
) {
    let status_page = view.chain.blocks.first().is_some_and(|block| block.all("stub_status").next().is_some());
    if judged.console.value() != Some(Value::Boolean(true)) || view.answer.is_some() || status_page || !tables.wants(&REMOTE_ACCESS) {
        return;
    }
    let by = judged.console.evidence;
    let scope = host.text(&format!("nginx {} {}", server.title, view.name));
    let encrypted = tls.value() == Some(Value::Word("all"));
    let behind = Cell::unknown(Why::new("application", &APPLICATION, scope), by);
    let mut row = host.gap(&REMOTE_ACCESS, super::NAME, Why::new("application", &APPLICATION, scope));
    row.gap = false;
    let basic = matches!(judged.admission.login.value(), Some(Value::List(items)) if items.contains(&Value::Word("basic")));
    let certificate = judged.certificate.value() == Some(Value::Word("required"));
    let factors = match (basic && judged.admission.both.value().is_some(), certificate) {
        (true, true) => {
            Cell::known(Value::Integer(2), host.evidence(&[judged.admission.login.evidence, judged.certificate.evidence].concat()))
        }
        _ => behind,
    };
    let limits: &[&'a str] = if judged.admission.listed { &["allow, deny"] } else { &[] };
    row.instance(instance)
        .set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word(if encrypted { "web-https" } else { "web-http" }), by))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), by))
        .set(const { REMOTE_ACCESS.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { REMOTE_ACCESS.column("encrypted") }, Cell::known(Value::Boolean(encrypted), tls.evidence))
        .set(const { REMOTE_ACCESS.column("sources") }, judged.sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, Cell::known(host.texts(limits), judged.sources.evidence))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("factors") }, factors);
    if basic {
        let by_login = Cell::known(host.texts(&["auth_basic"]), judged.admission.login.evidence);
        row.set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, by_login);
    }
    tables.push(row);
}
