//! ntp.conf with what it includes into time servers: ntp.conf(5) of ntp 4.2 and of ntpsec 1.2.
//!
//! A key authenticates answers only if it is trusted (`trustedkey`) and a file of keys is named. Autokey does not count: it has been
//! broken since 2011 (RFC 8633, section 4.2).

use super::{Daemon, Found, Server};
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::words::{self, Dialect, Directive};
use crate::snapshot::Lack;
use crate::source::Source;

const FILES: [&str; 2] = ["etc/ntp.conf", "etc/ntpsec/ntp.conf"];
const SYNTAX: Dialect = Dialect { comments: &['#'], rest: Some('#'), continued: false };

/// ntpd gives up beyond this many files that include each other.
const DEPTH_MOST: usize = 5;

/// Reads its configuration.
pub(super) fn read<'a>(host: &Host<'a>, found: &mut Found<'a>) -> Daemon {
    let mut lack = None;
    for path in FILES {
        match host.file(path) {
            Artefact::Text(source) => {
                let mut reader = Reader { host, found, key_file: false, trusted: Vec::new(), keys: Vec::new() };
                let first = reader.found.servers.len();
                reader.file(source, 0);
                let Reader { key_file, trusted, keys, .. } = reader;
                for (server, key) in found.servers[first..].iter_mut().zip(keys) {
                    let trusts = |key| trusted.iter().any(|(least, most)| (*least..=*most).contains(&key));
                    let keyed = key_file && key.is_some_and(trusts);
                    server.authenticated = server.authenticated.map(|it| it || keyed);
                }
                return Daemon::Seen(path);
            }
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(other) => lack = lack.filter(|it| *it != Lack::NotCollected).or(Some(other)),
        }
    }
    lack.map_or(Daemon::Absent, |lack| Daemon::Lacking(FILES[0], lack))
}

/// A walk through the files.
struct Reader<'a, 'f> {
    host: &'f Host<'a>,
    found: &'f mut Found<'a>,
    key_file: bool,
    /// Ranges of keys that are trusted.
    trusted: Vec<(u32, u32)>,
    /// The key of each server that was found.
    keys: Vec<Option<u32>>,
}

impl<'a> Reader<'a, '_> {
    /// Reads a file at its place.
    fn file(&mut self, source: &'a Source<'a>, depth: usize) {
        if !source.complete {
            self.found.gaps.push(Why::truncated(source.path));
        }
        if depth > DEPTH_MOST || !self.host.spend(1) {
            self.found.gaps.push(Why::budget_spent(source.path));
            return;
        }
        for directive in words::read(source.text, &SYNTAX) {
            match directive.name() {
                "server" | "pool" | "peer" => self.server(source, directive),
                "refclock" => self.clock(source, directive, directive.words().nth(1).unwrap_or_default()),
                "keys" => self.key_file = true,
                "trustedkey" => self.trust(directive),
                "includefile" => self.include(directive, depth),
                _ => {}
            }
        }
    }

    /// Reads a server, a pool or a peer; `127.127.t.u` is a local clock.
    fn server(&mut self, source: &'a Source<'a>, directive: Directive<'a>) {
        let mut words = directive.words().skip(1).skip_while(|word| matches!(*word, "-4" | "-6"));
        let Some(server) = words.next() else { return };
        if server.starts_with("127.127.") {
            return self.clock(source, directive, server);
        }
        let (mut key, mut nts, mut asked) = (None, false, true);
        while let Some(word) = words.next() {
            match word {
                "key" => key = words.next().and_then(|number| number.parse().ok()),
                "nts" => nts = true,
                "noselect" => asked = false,
                _ => {}
            }
        }
        let evidence = vec![Evidence::Decides(source.span(directive.line))];
        self.keys.push(key);
        let protocol = if nts { "nts" } else { "ntp" };
        self.found.servers.push(Server { server, protocol, authenticated: Some(nts), asked, evidence });
    }

    /// Keeps a local clock.
    fn clock(&mut self, source: &'a Source<'a>, directive: Directive<'a>, server: &'a str) {
        let evidence = vec![Evidence::Decides(source.span(directive.line))];
        self.keys.push(None);
        self.found.servers.push(Server { server, protocol: "reference-clock", authenticated: None, asked: true, evidence });
    }

    /// Reads keys and ranges of keys: `1 5 (10 ... 20)`.
    fn trust(&mut self, directive: Directive<'_>) {
        let mut range = None;
        for word in directive.words().skip(1) {
            let Ok(number) = word.trim_matches(['(', ')']).parse::<u32>() else {
                // The dots join the number before them with the one behind.
                range = self.trusted.pop().map(|(least, _)| least);
                continue;
            };
            self.trusted.push((range.take().unwrap_or(number), number));
        }
    }

    /// Reads an included file.
    fn include(&mut self, directive: Directive<'a>, depth: usize) {
        let Some(path) = directive.words().nth(1) else { return };
        match self.host.file(path.trim_matches('"')) {
            Artefact::Text(source) => self.file(source, depth + 1),
            Artefact::Lacking(lack) => self.found.gaps.push(Why::lacking(path, lack)),
        }
    }
}
