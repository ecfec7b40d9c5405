//! nginx.conf and what it includes into the effective settings of every server and location.
//!
//! Knows nginx 1.10 to 1.29 (and OpenResty, Tengine as far as they are the same). Defaults: nginx.org/en/docs. A configuration that was
//! not read whole leaves gap rows, and a directive that the unread part could set is unknown.

mod admission;
pub(in crate::facts) mod headers;
mod keys;
mod listen;
mod load;
pub(in crate::facts) mod locations;
mod logging;
mod rows;
mod scope;
mod transport;
mod walk;

use super::tls_words;
use super::{Artefact, Expectation, Host, Product, Reading, Seen, Tables, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::{CRYPTO, LOGS, REMOTE_ACCESS, SERVICES};
use crate::schema::web::{NGINX_KEYS, NGINX_LOCATIONS, NGINX_SETTINGS};
use crate::snapshot::Lack;
use listen::{Server, Socket};
use load::Block;
use scope::Chain;

/// nginx.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "nginx", en: "nginx" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::File(MAINS[0]),
        Reading::Glob("etc/nginx/*.conf"),
        Reading::Glob("etc/nginx/*_params"),
        Reading::File("etc/nginx/mime.types"),
        Reading::Glob("etc/nginx/conf.d/*.conf"),
        Reading::Glob("etc/nginx/default.d/*.conf"),
        Reading::Glob("etc/nginx/modules-enabled/*.conf"),
        Reading::Glob("etc/nginx/sites-enabled/*"),
        Reading::Glob("etc/nginx/snippets/*"),
        Reading::Glob("etc/nginx/vhosts/*.conf"),
        Reading::Glob("usr/share/nginx/modules/*.conf"),
        Reading::Look("etc/letsencrypt/live/*/privkey.pem"),
        Reading::Look("etc/nginx/*.key"),
        Reading::Look("etc/nginx/*/*.key"),
        Reading::Look("etc/nginx/*/*.pem"),
        Reading::Look("etc/pki/nginx/private/*"),
        Reading::Look("etc/pki/tls/private/*"),
        Reading::Look("etc/ssl/private/*"),
        Reading::File(MAINS[1]),
        Reading::Glob("usr/local/nginx/conf/*.conf"),
        Reading::File("usr/local/nginx/conf/mime.types"),
        Reading::Glob("usr/local/nginx/conf/conf.d/*.conf"),
        Reading::Glob("usr/local/nginx/conf/vhost/*.conf"),
        Reading::Glob("usr/local/nginx/conf/vhosts/*.conf"),
        Reading::File(MAINS[2]),
        Reading::Glob("usr/local/openresty/nginx/conf/*.conf"),
        Reading::File("usr/local/openresty/nginx/conf/mime.types"),
        Reading::Glob("usr/local/openresty/nginx/conf/conf.d/*.conf"),
        Reading::Shared(super::logrotate::READS),
    ],
    fills: &[&CRYPTO, &LOGS, &NGINX_KEYS, &NGINX_LOCATIONS, &NGINX_SETTINGS, &REMOTE_ACCESS, &SERVICES],
    derive,
};

const NAME: &str = "nginx";

/// Main files: of packages, of nginx built from source, and of OpenResty.
const MAINS: [&str; 3] = ["etc/nginx/nginx.conf", "usr/local/nginx/conf/nginx.conf", "usr/local/openresty/nginx/conf/nginx.conf"];

/// Derives the rows of every installation.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = MAINS.map(|path| (path, host.file(path)));
    let mut present = false;
    for (path, artefact) in found {
        if let Artefact::Text(source) = artefact {
            present = true;
            let first = std::ptr::eq(path, MAINS[0]);
            installation(host, tables, &load::load(host, source), if first { "" } else { path }, path);
        }
    }
    let lacking = || {
        found.iter().filter_map(|(path, artefact)| match artefact {
            Artefact::Lacking(lack) => Some((*path, *lack)),
            Artefact::Text(_) => None,
        })
    };
    let unreadable = lacking().find(|(_, lack)| !matches!(lack, Lack::Absent | Lack::NotCollected));
    match (present, unreadable) {
        (true, _) => Seen::Present,
        (false, Some((path, lack))) => Seen::Lacking(path, lack),
        (false, None) if lacking().all(|(_, lack)| lack == Lack::Absent) => Seen::Absent,
        (false, None) => Seen::Nothing,
    }
}

/// Derives the rows of one installation.
fn installation<'a>(host: &Host<'a>, tables: &mut Tables<'a>, root: &Block<'a>, instance: &'a str, main: &'a str) {
    let outer = Chain { blocks: vec![root], main };
    rows::settings(host, tables, &outer, instance);
    keys::push(host, tables, (instance, main), root);
    let mut logs = logging::Seen::default();
    let mut gap = root.gaps.first().copied();
    if let Some(http) = root.all("http").find_map(|entry| entry.block.as_ref()) {
        // What is set outside `http` holds inside for the error log alone, whose lines stand at both places.
        let chain = Chain { blocks: vec![http, root], main };
        logging::errors(host, &chain, &mut logs, tables);
        let chain = Chain { blocks: vec![http], main };
        let servers = listen::servers(host, &chain);
        let sockets = listen::sockets(&servers);
        server_rows(host, tables, instance, (&servers, &sockets), &mut logs);
        socket_rows(host, tables, instance, &servers, &sockets);
        // There is one `http` only; but where text is missing or makes no sense, nothing is taken for granted.
        let whole = |why: &Why<'a>| !matches!(why.code, "truncated" | "not-understood");
        gap = http.gap_anywhere().or(gap.filter(|why| !whole(why)));
    } else {
        logging::errors(host, &outer, &mut logs, tables);
    }
    if let Some(why) = gap {
        push_gaps(host, tables, instance, why);
    }
}

/// Pushes the rows of servers and their locations.
fn server_rows<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    instance: &'a str,
    (servers, sockets): (&[Server<'_, 'a>], &[Socket<'_, 'a>]),
    logs: &mut logging::Seen<'a>,
) {
    for (number, server) in servers.iter().enumerate() {
        let tls = locations::tls(host, number, servers, sockets);
        if logging::sets_errors(server.block) {
            logging::errors(host, &server.chain, logs, tables);
        }
        for view in walk::views(host, server) {
            let judged = locations::judged(host, &view, &tls.0);
            logs.push(host, tables, "web-access", (&judged.logging.targets, judged.logging.logged, None));
            if tables.wants(&NGINX_LOCATIONS) {
                let mut row = locations::row(host, server, &view, &judged, tls);
                let own: Vec<&Socket<'_, 'a>> = sockets.iter().filter(|socket| socket.servers.contains(&number)).collect();
                transport::set(host, &mut row, servers, &own, (server, &view));
                row.instance(instance);
                tables.push(row);
            }
            rows::way_in(host, tables, instance, server, (&view, &judged, &tls.0));
        }
    }
}

/// Pushes what is offered on each socket.
fn socket_rows<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &'a str, servers: &[Server<'_, 'a>], sockets: &[Socket<'_, 'a>]) {
    for socket in sockets {
        rows::service(host, tables, instance, servers, socket);
        if !socket.tls || !tables.wants(&CRYPTO) {
            continue;
        }
        let context = host.text(&format!("nginx {}", socket.listen.socket));
        let default = &servers[socket.default_server].chain;
        tls_words::push_versions(host, tables, NAME, context, &listen::protocols_of(host, default));
        match listen::ciphers_of(host, default) {
            Err(why) => tls_words::gap(host, tables, NAME, (context, "cipher"), why),
            Ok(list) => tls_words::push_ciphers(host, tables, NAME, context, list),
        }
    }
}

/// Pushes a row for what was not read into every table.
fn push_gaps<'a>(host: &Host<'a>, tables: &mut Tables<'a>, instance: &'a str, why: Why<'a>) {
    super::web_gaps::push(host, (NAME, instance), &[&NGINX_KEYS, &NGINX_LOCATIONS], why, tables);
}
