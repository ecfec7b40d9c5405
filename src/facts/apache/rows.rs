//! Sites, paths, modules and settings of httpd into rows of its own tables and of `services` and `remote-access`.

use super::admission::{self, Admission};
use super::chain::{Chain, switch};
use super::load::{Entry, Loaded};
use super::logging::{self, Logging};
use super::options;
use super::scopes::Target;
use super::sites::{Listen, Site, first_at};
use super::transport::Transport;
use crate::facts::nginx::locations::is_console;
use crate::facts::settings::{self, Readings};
use crate::facts::{Cell, Documented, Evidence, Host, State, Tables, Value, Why};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::apache::{APACHE_HOSTS as HOSTS, APACHE_LISTENERS as LISTENERS, APACHE_SCOPES as SCOPES, APACHE_SETTINGS as SETTINGS};
use crate::schema::neutral::{REMOTE_ACCESS, SERVICES};

static USER: Documented = core("User #-1", "mod_unixd, User");
static GROUP: Documented = core("Group #-1", "mod_unixd, Group");
static TOKENS: Documented = core("ServerTokens Full", "core, ServerTokens");
static SIGNATURE: Documented = core("ServerSignature Off", "core, ServerSignature");
static TRACE: Documented = core("TraceEnable on", "core, TraceEnable");
static TIMEOUT: Documented = core("Timeout 60", "core, Timeout");
static HEADERS: Documented = core("RequestReadTimeout header=20-40,MinRate=500", "mod_reqtimeout, RequestReadTimeout");
static NO_MODULE: Documented = core("no limit without mod_reqtimeout", "mod_reqtimeout");
static VERIFY: Documented = core("SSLVerifyClient none", "mod_ssl, SSLVerifyClient");

static APPLICATION: Phrase = Phrase {
    zh: "由 {} 之后的应用决定，httpd 配置不显示",
    en: "the application behind {} decides, which httpd does not show",
};

const fn core(setting: &'static str, source: &'static str) -> Documented {
    Documented { setting, versions: "httpd 2.4 (Apache HTTP Server 2.4 documentation)", source }
}

/// Pushes the settings of an installation.
pub(super) fn settings<'a>(host: &Host<'a>, tables: &mut Tables<'a>, whole: &Chain<'_, 'a>, instance: &'a str) {
    for (name, default, documented) in [("Group", "#-1", &GROUP), ("ServerTokens", "Full", &TOKENS), ("User", "#-1", &USER)] {
        let lower = name.to_ascii_lowercase();
        let found = whole.find(&[lower.as_str()]);
        let evidence = found.evidence(host, whole.main);
        let unknown = |why| settings::unknown_row(host, &SETTINGS, super::NAME, name, Cell::unknown(why, evidence));
        let readings = Readings::default();
        let mut row = match (found.last(), found.doubt) {
            (_, Some(why)) => unknown(why),
            (Some(line), None) if line.word(0).contains("${") => unknown(Why::not_understood(line.word(0))),
            (Some(line), None) => settings::row(host, &SETTINGS, super::NAME, name, (line.word(0), readings, evidence)),
            (None, None) => {
                let evidence = whole.default(host, Value::Text(default), documented).evidence;
                settings::row(host, &SETTINGS, super::NAME, name, (default, readings, evidence))
            }
        };
        row.instance(instance);
        tables.push(row);
    }
}

/// Pushes the row of a site.
pub(super) fn site<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    (loaded, instance): (&Loaded<'a>, &'a str),
    site: &Site<'_, 'a>,
    (transport, logging): (&Transport<'a>, &Logging<'a>),
) {
    let begins = host.evidence(&[site.begins()]);
    let (error_log, log_level) = logging::errors(host, &site.chain);
    let root = match site.document_root(host, loaded.root) {
        Some((path, entry)) => Cell::known(Value::Text(host.text(&format!("/{path}"))), host.evidence(&[entry.decides()])),
        None => match site.chain.find(&["documentroot"]).doubt {
            Some(why) => Cell::unknown(why, begins),
            None => Cell::unset(begins),
        },
    };
    let trace = site.chain.cell(host, "traceenable", (Value::Word("on"), &TRACE), |line| {
        ["on", "off", "extended"].iter().find(|word| word.eq_ignore_ascii_case(line.word(0))).map(|word| Value::Word(word))
    });
    let timeout = site.chain.cell(host, "timeout", (Value::Duration(60), &TIMEOUT), |line| line.word(0).parse().ok().map(Value::Duration));
    let targets = match logging.logged.state {
        State::Unknown(why, _) => Cell::unknown(why, logging.logged.evidence),
        State::Known(_) | State::Unset => Cell::known(host.texts(&logging.targets), logging.logged.evidence),
    };
    let fields = match logging.fields.state {
        State::Known(Value::List(items)) => {
            let words = ["client", "request", "status", "time", "user"].into_iter().filter(|word| items.contains(&Value::Text(word)));
            let words: Vec<Value<'a>> = words.map(Value::Word).collect();
            Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), logging.fields.evidence)
        }
        _ => logging.fields,
    };
    let mut row = host.row(&HOSTS, super::NAME);
    row.instance(instance)
        .set(const { HOSTS.column("host") }, Cell::known(Value::Text(site.title), begins))
        .set(const { HOSTS.column("serves") }, Cell::known(Value::Boolean(site.serves), begins))
        .set(const { HOSTS.column("document-root") }, root)
        .set(const { HOSTS.column("tls") }, transport.tls)
        .set(const { HOSTS.column("protocols") }, transport.protocols)
        .set(const { HOSTS.column("ciphers") }, transport.ciphers)
        .set(const { HOSTS.column("logged") }, logging.logged)
        .set(const { HOSTS.column("log-targets") }, targets)
        .set(const { HOSTS.column("log-fields") }, fields)
        .set(const { HOSTS.column("error-log") }, error_log)
        .set(const { HOSTS.column("log-level") }, log_level)
        .set(const { HOSTS.column("trace") }, trace)
        .set(const { HOSTS.column("timeout") }, timeout)
        .set(const { HOSTS.column("header-timeout") }, header_timeout(host, loaded, &site.chain));
    tables.push(row);
}

/// The cell `header-timeout`.
fn header_timeout<'a>(host: &Host<'a>, loaded: &Loaded<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let module = loaded.modules.iter().find(|module| module.name == "reqtimeout_module");
    let found = chain.find(&["requestreadtimeout"]);
    let evidence = found.evidence(host, chain.main);
    let header = found.entries.iter().rev().flat_map(|line| line.words.iter().map(move |word| (line, word.to_ascii_lowercase())));
    let header = header.filter_map(|(line, word)| Some((line, word.strip_prefix("header=")?.to_owned()))).next();
    match (module, header, found.doubt) {
        (_, _, Some(why)) => Cell::unknown(why, evidence),
        (None, ..) => match chain.more(&["loadmodule"]) {
            Some(why) => Cell::unknown(why, evidence),
            None => chain.default(host, Value::Unlimited, &NO_MODULE),
        },
        (Some(module), None, None) => Cell::known(Value::Duration(40), host.evidence(&[Evidence::Default(&HEADERS), module.by])),
        (Some(_), Some((line, times)), None) => {
            let evidence = host.evidence(&[line.decides()]);
            let (times, rate) = times.split_once(',').map_or((&*times, false), |(times, _)| (times, true));
            let most = times.rsplit('-').next().and_then(|text| text.parse().ok());
            match most {
                None => Cell::unknown(Why::not_understood(line.text), evidence),
                // 0 is no limit; with a rate and no maximum the time grows with what comes.
                Some(0) => Cell::known(Value::Unlimited, evidence),
                Some(_) if rate && !times.contains('-') => Cell::known(Value::Unlimited, evidence),
                Some(seconds) => Cell::known(Value::Duration(seconds), evidence),
            }
        }
    }
}

/// Pushes the rows of a path.
pub(super) fn target<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    (site, target): (&Site<'_, 'a>, &Target<'_, 'a>),
    (transport, logging): (&Transport<'a>, &Logging<'a>),
) {
    let chain = &target.chain;
    let begins = host.evidence(&[target.entry.map_or(site.begins(), Entry::decides)]);
    let admission = admission::of(host, chain);
    let certificate = certificate(host, chain, transport);
    let console = console(host, target, begins);
    let signature = chain.cell(host, "serversignature", (Value::Boolean(false), &SIGNATURE), |line| {
        switch(line.word(0), &["on", "email"]).map(Value::Boolean)
    });
    way_in(host, tables, instance, (site, target), (&admission, &certificate, &console, &transport.tls));
    if !tables.wants(&SCOPES) {
        return;
    }
    let mut row = host.row(&SCOPES, super::NAME);
    row.instance(instance)
        .set(const { SCOPES.column("host") }, Cell::known(Value::Text(site.title), begins))
        .set(const { SCOPES.column("kind") }, Cell::known(Value::Word(target.kind), begins))
        .set(const { SCOPES.column("path") }, Cell::known(Value::Text(target.path), begins))
        .set(const { SCOPES.column("tls") }, transport.tls)
        .set(const { SCOPES.column("protocols") }, transport.protocols)
        .set(const { SCOPES.column("sources") }, admission.sources)
        .set(const { SCOPES.column("everybody") }, admission.everybody)
        .set(const { SCOPES.column("breadth") }, admission.breadth)
        .set(const { SCOPES.column("login") }, admission.login)
        .set(const { SCOPES.column("address-and-login") }, admission.both)
        .set(const { SCOPES.column("client-certificate") }, certificate)
        .set(const { SCOPES.column("forgeable-address") }, forgeable(host, &site.chain))
        .set(const { SCOPES.column("console") }, console)
        .set(const { SCOPES.column("logged") }, logging.logged)
        .set(const { SCOPES.column("options") }, options::options(host, chain))
        .set(const { SCOPES.column("overrides") }, options::overrides(host, chain))
        .set(const { SCOPES.column("signature") }, signature);
    tables.push(row);
}

/// Whether any client can make up the address that lists look at: mod_remoteip takes a header's word for it from every client unless
/// lines name the proxies that may write it.
fn forgeable<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let header = chain.find(&["remoteipheader"]);
    let evidence = header.evidence(host, chain.main);
    if let Some(why) = header.doubt {
        return Cell::unknown(why, evidence);
    }
    if header.entries.is_empty() {
        return Cell::known(Value::Boolean(false), evidence);
    }
    let names = ["remoteipinternalproxy", "remoteiptrustedproxy", "remoteipinternalproxylist", "remoteiptrustedproxylist"];
    let proxies = chain.find(&names);
    let listed = proxies.entries.iter().flat_map(|line| &line.words).filter_map(|word| admission::block(word));
    let all = listed.fold(Addresses::none(), |all, one| all.union(&one));
    let wide = all.covers(&Addresses::any_four()) || all.covers(&Addresses::any_six());
    let evidence = host.evidence(&[if proxies.entries.is_empty() { &[] } else { proxies.evidence(host, chain.main) }, evidence].concat());
    match proxies.doubt {
        Some(why) if !wide => Cell::unknown(why, evidence),
        _ => Cell::known(Value::Boolean(wide || proxies.entries.is_empty()), evidence),
    }
}

/// The cell `client-certificate`.
fn certificate<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>, transport: &Transport<'a>) -> Cell<'a> {
    if transport.tls.value() != Some(Value::Word("all")) {
        return Cell::known(Value::Word("none"), transport.tls.evidence);
    }
    chain.cell(host, "sslverifyclient", (Value::Word("none"), &VERIFY), |line| match line.word(0).to_ascii_lowercase().as_str() {
        "none" => Some(Value::Word("none")),
        "require" => Some(Value::Word("required")),
        "optional" | "optional_no_ca" => Some(Value::Word("optional")),
        _ => None,
    })
}

/// The cell `console`.
fn console<'a>(host: &Host<'a>, target: &Target<'_, 'a>, begins: &'a [Evidence<'a>]) -> Cell<'a> {
    let lines = target.entry.and_then(|entry| entry.block.as_ref()).into_iter().flatten();
    let pages = ["server-status", "server-info", "balancer-manager", "ldap-status"];
    let handler =
        lines.filter(|line| line.name == "sethandler").find(|line| pages.iter().any(|page| page.eq_ignore_ascii_case(line.word(0))));
    let named = !matches!(target.kind, "server" | "files") && is_console(target.path);
    let evidence = handler.map_or(begins, |line| host.evidence(&[line.decides()]));
    Cell::known(Value::Boolean(handler.is_some() || named), evidence)
}

/// Pushes the way in that a console is. What httpd does not ask for itself, the application behind it may.
fn way_in<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    (site, target): (&Site<'_, 'a>, &Target<'_, 'a>),
    (admission, certificate, console, tls): (&Admission<'a>, &Cell<'a>, &Cell<'a>, &Cell<'a>),
) {
    let lines = target.entry.and_then(|entry| entry.block.as_ref()).into_iter().flatten();
    let page = lines.filter(|line| line.name == "sethandler").any(|line| line.word(0).to_ascii_lowercase().starts_with("server-"));
    if console.value() != Some(Value::Boolean(true)) || page || !site.serves || !tables.wants(&REMOTE_ACCESS) {
        return;
    }
    let by = console.evidence;
    let scope = host.text(&format!("{} {} {}", super::NAME, site.title, target.path));
    let encrypted = tls.value() == Some(Value::Word("all"));
    let behind = Why::new("application", &APPLICATION, scope);
    let mut row = host.gap(&REMOTE_ACCESS, super::NAME, behind);
    row.gap = false;
    let asks = matches!(admission.login.value(), Some(Value::List([_, ..])));
    let always = admission.both.value() == Some(Value::Boolean(true));
    let factors = match certificate.value() {
        Some(Value::Word("required")) if asks && always => {
            Cell::known(Value::Integer(2), host.evidence(&[admission.login.evidence, certificate.evidence].concat()))
        }
        _ => Cell::unknown(behind, by),
    };
    let limits: &[&'a str] = if admission.everybody.value() == Some(Value::Boolean(false)) { &["Require"] } else { &[] };
    row.instance(instance)
        .set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word(if encrypted { "web-https" } else { "web-http" }), by))
        .set(const { REMOTE_ACCESS.column("scope") }, Cell::known(Value::Text(scope), by))
        .set(const { REMOTE_ACCESS.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { REMOTE_ACCESS.column("encrypted") }, Cell::known(Value::Boolean(encrypted), tls.evidence))
        .set(const { REMOTE_ACCESS.column("sources") }, admission.sources)
        .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, Cell::known(host.texts(limits), admission.sources.evidence))
        .set(const { REMOTE_ACCESS.column("root-login") }, Cell::NONE)
        .set(const { REMOTE_ACCESS.column("factors") }, factors);
    tables.push(row);
}

/// Pushes the row of what listens on a port.
pub(super) fn service<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &'a str, sites: &[Site<'_, 'a>], listen: &Listen<'_, 'a>) {
    let by = host.evidence(&[listen.entry.decides()]);
    let Ok(port) = listen.port.parse::<i64>() else { return };
    let (shown, number) = (Cell::known(Value::Text(listen.address), by), Cell::known(Value::Integer(port), by));
    let mut row = host.row(&LISTENERS, super::NAME);
    row.instance(instance).set(const { LISTENERS.column("address") }, shown).set(const { LISTENERS.column("port") }, number);
    tables.push(row);
    if !tables.wants(&SERVICES) {
        return;
    }
    let address = host.text(&format!("{}:{}", listen.address, listen.port));
    let all = host.text(&format!("*:{}", listen.port));
    let first = match (first_at(sites, address), first_at(sites, all)) {
        (0, number) | (number, _) => &sites[number],
    };
    let engine = first.chain.find(&["sslengine"]);
    let on = engine.last().and_then(|line| switch(line.word(0), &["on", "optional"]));
    let away = redirects(first);
    let cleartext = match (engine.doubt, on, away) {
        (Some(why), ..) => Cell::unknown(why, by),
        (None, Some(true), _) => Cell::known(Value::Boolean(false), host.evidence(&[by, engine.evidence(host, first.chain.main)].concat())),
        (None, _, Some(line)) => Cell::known(Value::Boolean(false), host.evidence(&[by, &[line.decides()]].concat())),
        (None, _, None) => Cell::known(Value::Boolean(true), host.evidence(&[by, &[first.begins()]].concat())),
    };
    let mut row = host.row(&SERVICES, super::NAME);
    row.instance(instance);
    row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(super::NAME), by))
        .set(const { SERVICES.column("port") }, number)
        .set(const { SERVICES.column("protocol") }, Cell::known(Value::Text("tcp"), by))
        .set(const { SERVICES.column("address") }, shown)
        .set(const { SERVICES.column("enabled") }, Cell::known(Value::Boolean(true), by))
        .set(const { SERVICES.column("cleartext") }, cleartext);
    tables.push(row);
}

/// The line that sends every request of a host to HTTPS.
fn redirects<'t, 'a>(site: &Site<'t, 'a>) -> Option<&'t Entry<'a>> {
    let layer = site.chain.layers.last()?;
    layer.block.iter().find(|line| {
        let to_https = line.words.last().is_some_and(|word| word.starts_with("https://"));
        let all = ["^", "^(.*)$", "^(.*)", "(.*)", "^/(.*)$", "^/(.*)", "^/?(.*)", "^/?(.*)$", ".*"];
        match line.name {
            "redirect" | "redirectpermanent" => to_https && line.words.iter().rev().nth(1).is_some_and(|from| *from == "/"),
            "rewriterule" => line.word(1).starts_with("https://") && all.contains(&line.word(0)),
            _ => false,
        }
    })
}
