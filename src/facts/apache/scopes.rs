//! `Directory`, `Files`, `Location` and `ProxyPass` of a site into the paths that have rows, each with the sections that hold for it.

use super::admission::{COMPAT, REQUIRES};
use super::chain::{Chain, Layer, sections};
use super::load::{Entry, Loaded};
use super::options;
use super::sites::{Site, absolute};
use crate::facts::{Host, Why};
use crate::names::Phrase;
use crate::reckon::glob;

/// The most paths of one site.
const TARGETS_MOST: usize = 4_000;

static PATTERN: Phrase =
    Phrase { zh: "{} 是否匹配此路径，静态无法判定", en: "whether {} matches this path is not decided here" };
static HTACCESS: Phrase = Phrase {
    zh: "{} 之下允许 .htaccess 改写，其内容未知",
    en: "an .htaccess below {} may set it otherwise, and what it says is not known",
};

/// What has a row.
#[derive(Debug)]
pub(super) struct Target<'t, 'a> {
    /// The word of the column `kind`.
    pub kind: &'static str,
    /// The cell `path`.
    pub path: &'a str,
    /// The line that begins the section, or that gives the path to another server.
    pub entry: Option<&'t Entry<'a>>,
    /// What holds for it.
    pub chain: Chain<'t, 'a>,
}

/// A section of paths: its line, whether it is a pattern, and its path without slashes at the end.
#[derive(Clone, Copy, Debug)]
struct Section<'t, 'a> {
    entry: &'t Entry<'a>,
    perhaps: Option<Why<'a>>,
    regex: bool,
    path: &'a str,
    /// Whether it stands in the virtual host.
    own: bool,
}

/// The sections of one family in the order in which httpd merges them: the server's, then the virtual host's.
fn family<'t, 'a>(site: &Site<'t, 'a>, layers: &'t [&'t Vec<Entry<'a>>], names: &[&str; 2]) -> Vec<Section<'t, 'a>> {
    let mut all = Vec::new();
    for (level, block) in layers.iter().enumerate() {
        for (entry, perhaps) in sections(block, names) {
            let tilde = entry.word(0) == "~";
            let regex = tilde || entry.name == names[1];
            let written = entry.word(usize::from(tilde));
            let path = if regex { written } else { written.trim_end_matches('/') };
            all.push(Section { entry, perhaps: perhaps.or(site.chain.gap.filter(|_| level > 0)), regex, path, own: level > 0 });
        }
    }
    all
}

/// The sections of a site by family.
#[derive(Debug)]
pub(super) struct Families<'t, 'a> {
    directories: Vec<Section<'t, 'a>>,
    locations: Vec<Section<'t, 'a>>,
    files: Vec<Section<'t, 'a>>,
    proxies: Vec<Section<'t, 'a>>,
}

/// The targets of a site: for a virtual host, its own, and those of the server that its sections may change.
pub(super) fn targets<'t, 'a>(
    host: &Host<'a>,
    loaded: &'t Loaded<'a>,
    site: &Site<'t, 'a>,
    blocks: &'t [&'t Vec<Entry<'a>>],
) -> Vec<Target<'t, 'a>> {
    let of = |names| family(site, blocks, names);
    let families = Families {
        directories: of(&["directory", "directorymatch"]),
        locations: of(&["location", "locationmatch"]),
        files: of(&["files", "filesmatch"]),
        proxies: of(&["proxy", "proxymatch"]),
    };
    let walker = Walker { host, loaded, site, families: &families };
    let root = site.document_root(host, loaded.root).map(|(path, _)| path);
    let mut targets = vec![Target { kind: "server", path: "server", entry: site.entry, chain: walker.directory(root.unwrap_or_default()) }];
    if site.entry.is_none() {
        let entry = families.directories.iter().find(|section| !section.regex && section.path.is_empty()).map(|section| section.entry);
        targets.push(Target { kind: "directory", path: "/", entry, chain: walker.directory("") });
    }
    for section in families.directories.iter().filter(|section| walker.counts(section, &families.directories)) {
        walker.add_directory(section, &mut targets);
    }
    for section in families.files.iter().filter(|section| section.own || site.entry.is_none()) {
        walker.add_files(section, "", &mut targets);
    }
    for section in families.locations.iter().filter(|section| walker.counts(section, &families.locations)) {
        walker.add_location(section, &mut targets);
    }
    walker.add_proxied(&mut targets);
    targets
}

/// What paths are looked up in.
struct Walker<'w, 't, 'a> {
    host: &'w Host<'a>,
    loaded: &'t Loaded<'a>,
    site: &'w Site<'t, 'a>,
    families: &'w Families<'t, 'a>,
}

/// The names of a path.
fn names(path: &str) -> Vec<&str> {
    path.split('/').filter(|name| !name.is_empty()).collect()
}

/// Whether a section's path is a path or lies above it; wildcards match within a name.
fn holds(section: &str, path: &[&str]) -> bool {
    let own = names(section);
    own.len() <= path.len() && own.iter().zip(path).all(|(pattern, name)| pattern == name || glob::matches(pattern, name))
}

/// Whether a regular expression could match a path as a whole: its plain beginning tells. What is part of a path has its own row.
fn may_match(expression: &str, path: &str) -> bool {
    let Some(anchored) = expression.strip_prefix('^') else { return true };
    let mut depth = 0i32;
    for byte in anchored.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'|' if depth == 0 => return true,
            _ => {}
        }
    }
    let mut plain = String::new();
    let mut characters = anchored.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next().filter(|next| !next.is_alphanumeric()) {
                Some(next) => plain.push(next),
                None => break,
            },
            '?' | '*' | '{' => {
                plain.pop();
                break;
            }
            '.' | '[' | '(' | ')' | '|' | '$' | '+' => break,
            _ => plain.push(character),
        }
    }
    format!("{}/", path.trim_end_matches('/')).starts_with(&plain)
}

impl<'t, 'a> Walker<'_, 't, 'a> {
    /// Whether a section of the server has a row with a virtual host: where one of the host's own sections may change it.
    fn counts(&self, section: &Section<'t, 'a>, all: &[Section<'t, 'a>]) -> bool {
        if section.own || self.site.entry.is_none() {
            return true;
        }
        let path = names(section.path);
        all.iter().any(|other| other.own && (other.regex || section.regex || holds(other.path, &path)))
    }

    /// What is set for the site outside sections.
    fn base(&self) -> Chain<'t, 'a> {
        self.site.chain.clone()
    }

    fn pattern(&self, section: &Section<'t, 'a>) -> Why<'a> {
        Why::new("pattern", &PATTERN, section.entry.text.lines().next().unwrap_or_default())
    }

    /// What holds for a folder: sections from the shortest path to the longest with what `.htaccess` may say, then expressions.
    fn directory(&self, path: &str) -> Chain<'t, 'a> {
        let mut chain = self.base();
        let path = names(path);
        for depth in 0..=path.len() {
            let fits = |section: &&Section<'t, 'a>| !section.regex && names(section.path).len() == depth && holds(section.path, &path);
            for section in self.families.directories.iter().filter(fits) {
                chain.layers.push(Layer::section(section.entry, section.perhaps));
            }
            self.add_htaccess(&mut chain, &path[..depth]);
        }
        let whole = format!("/{}", path.join("/"));
        for section in self.families.directories.iter().filter(|section| section.regex && may_match(section.path, &whole)) {
            chain.layers.push(Layer::section(section.entry, Some(self.pattern(section))));
        }
        chain
    }

    /// Adds what the `.htaccess` of a folder may set.
    fn add_htaccess(&self, chain: &mut Chain<'t, 'a>, folder: &[&str]) {
        let overrides = options::overrides(self.host, chain);
        for (classes, directives) in [(&["Options"][..], &["options"][..]), (&["AuthConfig"], REQUIRES), (&["Limit"], COMPAT)] {
            if options::lets(&overrides, classes, directives) {
                let why = Why::new("htaccess", &HTACCESS, self.host.text(&format!("/{}", folder.join("/"))));
                chain.layers.push(Layer::unread(
                    match classes {
                        ["Options"] => &["options"],
                        ["AuthConfig"] => REQUIRES,
                        _ => COMPAT,
                    },
                    why,
                ));
            }
        }
    }

    /// Adds a folder, and the files that have sections in it.
    fn add_directory(&self, section: &Section<'t, 'a>, targets: &mut Vec<Target<'t, 'a>>) {
        if targets.len() >= TARGETS_MOST || !self.host.spend(1) {
            return;
        }
        let (kind, path) = if section.regex { ("directory-pattern", section.path) } else { ("directory", section.path) };
        let path = if path.is_empty() { "/" } else { path };
        if !targets.iter().any(|target| target.kind == kind && target.path == path) {
            let mut chain = if section.regex { self.directory("").with(Layer::section(section.entry, None)) } else { self.directory(path) };
            if section.regex {
                // The expressions before it may hold for what it matches, too; its own line stands certain at the end.
                chain.layers.retain(|layer| layer.perhaps.is_none() || !layer.head.is_some_and(|head| std::ptr::eq(head, section.entry)));
            }
            targets.push(Target { kind, path, entry: Some(section.entry), chain });
        }
        let block = section.entry.block.as_ref();
        for (entry, perhaps) in block.into_iter().flat_map(|block| sections(block, &["files", "filesmatch"])) {
            let tilde = usize::from(entry.word(0) == "~");
            let files = Section { entry, perhaps, regex: true, path: entry.word(tilde), own: section.own };
            self.add_files(&files, path, targets);
        }
    }

    /// Adds files by name, in a folder or anywhere.
    fn add_files(&self, section: &Section<'t, 'a>, folder: &'a str, targets: &mut Vec<Target<'t, 'a>>) {
        let path = if folder.is_empty() { section.path } else { self.host.text(&format!("{folder} {}", section.path)) };
        if targets.len() < TARGETS_MOST && self.host.spend(1) {
            let chain = self.directory(folder).with(Layer::section(section.entry, section.perhaps));
            targets.push(Target { kind: "files", path, entry: Some(section.entry), chain });
        }
    }

    /// Adds a location.
    fn add_location(&self, section: &Section<'t, 'a>, targets: &mut Vec<Target<'t, 'a>>) {
        let kind = if section.regex { "location-pattern" } else { "location" };
        let path = if section.path.is_empty() { "/" } else { section.path };
        let known = targets.iter().any(|target| target.kind == kind && target.path == path);
        if known || targets.len() >= TARGETS_MOST || !self.host.spend(1) {
            return;
        }
        let chain = self.location(path, section.regex.then_some(section));
        targets.push(Target { kind, path, entry: Some(section.entry), chain });
    }

    /// What holds for a path of the site's own addresses; for an expression its own section is certain.
    fn location(&self, path: &'a str, own: Option<&Section<'t, 'a>>) -> Chain<'t, 'a> {
        let plain = if own.is_some() { Vec::new() } else { names(path) };
        let mut chain = self.mapped(if own.is_some() { "/" } else { path });
        for section in &self.families.locations {
            let itself = own.is_some_and(|own| std::ptr::eq(own.entry, section.entry));
            let certain = itself || !section.regex && holds(section.path, &plain);
            if certain {
                chain.layers.push(Layer::section(section.entry, section.perhaps));
            } else if section.regex && (own.is_some() || may_match(section.path, path)) {
                chain.layers.push(Layer::section(section.entry, Some(self.pattern(section))));
            }
        }
        chain
    }

    /// What holds for the file that an address stands for, or for another server that is asked.
    fn mapped(&self, path: &str) -> Chain<'t, 'a> {
        let plain = names(path);
        let mut outer = self.families.locations.iter().filter(|section| !section.regex && holds(section.path, &plain));
        let inside = outer.any(|section| section.entry.block.iter().flatten().any(|line| line.name == "proxypass" && line.word(0) != "!"));
        if inside || self.proxied().any(|entry| entry.word(0).starts_with('/') && path.starts_with(entry.word(0).trim_end_matches('/'))) {
            let mut chain = self.base();
            for section in &self.families.proxies {
                let all = section.path == "*" && !section.regex;
                let why = section.perhaps.or_else(|| (!all).then(|| self.pattern(section)));
                chain.layers.push(Layer::section(section.entry, why));
            }
            return chain;
        }
        let url = path.trim_end_matches('/');
        let blocks = self.site.chain.layers.iter().rev().flat_map(|layer| layer.block);
        let mut aliases = blocks.filter(|entry| matches!(entry.name, "alias" | "scriptalias"));
        let alias = aliases.find(|entry| holds(entry.word(0), &names(url)));
        let root = self.loaded.root;
        let folder = match alias {
            Some(entry) => absolute(self.host, root, entry.word(1)),
            None => self.site.document_root(self.host, root).map_or("", |(path, _)| path),
        };
        let rest = alias.map_or(url, |entry| url.get(entry.word(0).trim_end_matches('/').len()..).unwrap_or_default());
        self.directory(&format!("{folder}/{rest}"))
    }

    /// Lines that give paths to other servers.
    fn proxied(&self) -> impl Iterator<Item = &'t Entry<'a>> {
        let lines = self.site.chain.layers.iter().rev().flat_map(|layer| layer.block);
        lines.filter(|entry| entry.name == "proxypass" && entry.word(1) != "!")
    }

    /// Adds paths that are given to other servers and have no section of their own.
    fn add_proxied(&self, targets: &mut Vec<Target<'t, 'a>>) {
        for entry in self.proxied() {
            let path = match entry.word(0).trim_end_matches('/') {
                "" => "/",
                path => path,
            };
            let known = targets.iter().any(|target| matches!(target.kind, "location" | "proxy") && target.path == path);
            if !known && targets.len() < TARGETS_MOST && self.host.spend(1) {
                targets.push(Target { kind: "proxy", path, entry: Some(entry), chain: self.location(path, None) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_ruled_out_by_its_plain_beginning_only() {
        assert!(may_match("^/adm", "/admin"));
        assert!(may_match("^/admin/(a|b)", "/admin"));
        assert!(may_match("status", "/admin"));
        assert!(!may_match("^/status", "/"));
        assert!(may_match("^/x|^/admin", "/admin"));
        assert!(may_match("^/s?", "/admin"));
        assert!(!may_match("^/server-status$", "/admin"));
        assert!(!may_match("^/(?:x)".replace("(?:x)", "x(a|b)").as_str(), "/admin"));
        assert!(may_match(r"^/\w+", "/admin"));
        assert!(!may_match(r"^/\.git", "/admin"));
    }

    #[test]
    fn sections_hold_for_whole_names() {
        assert!(holds("/var/www", &["var", "www", "html"]));
        assert!(!holds("/var/ww", &["var", "www"]));
        assert!(holds("", &["var"]));
        assert!(holds("/home/*/public_html", &["home", "a", "public_html", "x"]));
        assert!(!holds("/home/*", &["home"]));
    }
}
