//! chrony.conf with what it includes into time servers: chrony.conf(5) of chrony 2.1 to 4.6.

use super::{Daemon, Found, Server};
use crate::facts::layers::{self, Content, Layers};
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::words::{self, Dialect, Directive};
use crate::snapshot::Lack;
use crate::source::Source;

/// Red Hat's and Debian's place of the file.
const FILES: [&str; 2] = ["etc/chrony.conf", "etc/chrony/chrony.conf"];
const SYNTAX: Dialect = Dialect { comments: &['!', ';', '#', '%'], rest: None, continued: false };

/// chronyd gives up beyond this many files that include each other.
const DEPTH_MOST: usize = 10;

/// Reads its configuration.
pub(super) fn read<'a>(host: &Host<'a>, found: &mut Found<'a>) -> Daemon {
    let mut lack = None;
    for path in FILES {
        match host.file(path) {
            Artefact::Text(source) => {
                let mut reader = Reader { host, found, key_file: false };
                let first = reader.found.servers.len();
                reader.file(source, 0);
                let key_file = reader.key_file;
                // A key is used only if a file of keys is named, wherever in the configuration.
                for server in &mut found.servers[first..] {
                    server.authenticated = server.authenticated.map(|it| it && (key_file || server.protocol == "nts"));
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
            self.directive(source, directive, depth);
        }
    }

    /// Reads one directive; their names are not case-sensitive.
    fn directive(&mut self, source: &'a Source<'a>, directive: Directive<'a>, depth: usize) {
        let mut words = directive.words();
        let name = words.next().unwrap_or_default();
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("server") || is("pool") || is("peer") {
            self.server(source, directive);
        } else if is("refclock") {
            let server = self.host.text(&words.take(2).collect::<Vec<_>>().join(" "));
            let evidence = vec![Evidence::Decides(source.span(directive.line))];
            self.found.servers.push(Server { server, protocol: "reference-clock", authenticated: None, asked: true, evidence });
        } else if is("keyfile") {
            self.key_file = true;
        } else if is("include") {
            for pattern in words {
                self.include(pattern, depth);
            }
        } else if is("confdir") || is("sourcedir") {
            let directories: Vec<&str> = words.map(|word| word.trim_matches('/')).collect();
            let pattern = if is("confdir") { "*.conf" } else { "*.sources" };
            let layers = layers::read_named(self.host, &directories, pattern);
            self.layers(layers, depth);
        }
    }

    /// Reads a server, a pool or a peer.
    fn server(&mut self, source: &'a Source<'a>, directive: Directive<'a>) {
        let mut words = directive.words().skip(1);
        let Some(server) = words.next() else { return };
        let (mut keyed, mut nts, mut asked) = (false, false, true);
        for word in words {
            keyed |= word.eq_ignore_ascii_case("key");
            nts |= word.eq_ignore_ascii_case("nts");
            asked &= !word.eq_ignore_ascii_case("noselect");
        }
        let evidence = vec![Evidence::Decides(source.span(directive.line))];
        let protocol = if nts { "nts" } else { "ntp" };
        self.found.servers.push(Server { server, protocol, authenticated: Some(keyed || nts), asked, evidence });
    }

    /// Reads the files that a pattern names.
    fn include(&mut self, pattern: &str, depth: usize) {
        let matches = self.host.matching(pattern);
        for path in matches.paths {
            match self.host.file(path) {
                Artefact::Text(source) => self.file(source, depth + 1),
                Artefact::Lacking(lack) => self.found.gaps.push(Why::lacking(path, lack)),
            }
        }
        self.found.gaps.extend(matches.gap.map(|(path, lack)| Why::lacking(path, lack)));
    }

    /// Reads the files of directories.
    fn layers(&mut self, layers: Layers<'a>, depth: usize) {
        for layer in layers.files {
            match layer.content {
                Content::Text(source) => self.file(source, depth + 1),
                Content::Hidden => {}
                Content::Lacking(lack) => self.found.gaps.push(Why::lacking(layer.path, lack)),
            }
        }
        // Servers that DHCP hands out are written to such a directory under /run.
        self.found.gaps.extend(layers.unlisted.iter().map(|it| Why::lacking(it.path, it.lack)));
    }
}
