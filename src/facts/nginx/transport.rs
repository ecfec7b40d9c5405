//! A server's sockets into how strong its ciphers are, and whether a location gives content in clear.

use super::listen::{self, Server, Socket};
use super::rows;
use super::walk::View;
use crate::facts::{Cell, Evidence, Host, RowBuilder, Value, Why, tls_words};
use crate::schema::web::NGINX_LOCATIONS as TABLE;

/// Sets the cells `ciphers` and `cleartext` of the row of a view; `own` are the sockets of its server.
pub(super) fn set<'a>(
    host: &Host<'a>,
    row: &mut RowBuilder<'a>,
    servers: &[Server<'_, 'a>],
    own: &[&Socket<'_, 'a>],
    (server, view): (&Server<'_, 'a>, &View<'_, 'a>),
) {
    row.set(const { TABLE.column("ciphers") }, ciphers(host, servers, own))
        .set(const { TABLE.column("cleartext") }, cleartext(host, own, server, view));
}

/// The weakest piece of the lists of the default servers.
fn ciphers<'a>(host: &Host<'a>, servers: &[Server<'_, 'a>], own: &[&Socket<'_, 'a>]) -> Cell<'a> {
    let mut cell = Cell::NONE;
    for socket in own.iter().filter(|socket| socket.tls) {
        let next = match listen::ciphers_of(host, &servers[socket.default_server].chain) {
            Err(why) => Cell::unknown(why, &[]),
            Ok((list, evidence)) => match tls_words::weakest(list) {
                Ok(word) => Cell::known(word, evidence),
                Err(piece) => Cell::unknown(Why::version_not_known(host.text(&format!("OpenSSL ({piece})"))), evidence),
            },
        };
        if tls_words::rank(&next) > tls_words::rank(&cell) {
            cell = next;
        }
    }
    cell
}

/// Whether content goes out in clear over a socket that others reach.
fn cleartext<'a>(host: &Host<'a>, own: &[&Socket<'_, 'a>], server: &Server<'_, 'a>, view: &View<'_, 'a>) -> Cell<'a> {
    let open = own.iter().find(|socket| !socket.tls && !listen::is_own(socket));
    let begins = Evidence::Decides(view.entry.source.span(view.entry.text));
    let answer = view.answer.map(|(_, line)| line.decides());
    let Some(socket) = open else { return Cell::known(Value::Boolean(false), host.evidence(&[begins])) };
    let listen: Vec<Evidence<'a>> = socket.listen.entry.iter().map(|line| line.decides()).collect();
    let evidence = host.evidence(&[&listen[..], &[answer.unwrap_or(begins)]].concat());
    match (rows::gives_in_clear(server, view), server.block.gaps.first()) {
        (_, Some(why)) if view.answer.is_none() => Cell::unknown(*why, evidence),
        (given, _) => Cell::known(Value::Boolean(given), evidence),
    }
}
