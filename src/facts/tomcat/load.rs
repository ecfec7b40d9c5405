//! An instance's files into elements with variables put in.

use crate::facts::{Artefact, Cell, Evidence, Host, Value, Why};
use crate::parse::key_value::{self, EQUALS_SEPARATED};
use crate::parse::xml::{self, Element};
use crate::snapshot::Lack;
use crate::source::Source;

/// Where an instance keeps what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instance<'a> {
    /// What it is called in tables: its base, or for packages the folder of its configuration.
    pub name: &'a str,
    /// The folder of its configuration.
    pub conf: &'a str,
    /// CATALINA_BASE.
    pub base: &'a str,
}

impl<'a> Instance<'a> {
    /// The instance whose server.xml is at a path.
    pub(super) fn of(host: &Host<'a>, server: &'a str) -> Instance<'a> {
        let conf = server.trim_end_matches("/server.xml");
        let base = match (conf.strip_suffix("/conf"), conf.strip_prefix("etc/")) {
            (Some(base), _) => base,
            // Packages keep the configuration in /etc and applications in /var/lib.
            (None, Some(name)) => host.text(&format!("var/lib/{name}")),
            (None, None) => conf,
        };
        Instance { name: if conf.starts_with("etc/") { conf } else { base }, conf, base }
    }

    /// The version as far as a folder's name or the release notes tell.
    pub(super) fn version(&self, host: &Host<'a>) -> Vec<u32> {
        let numbers = |text: &str| -> Vec<u32> { text.split(['.', '-']).map_while(|part| part.parse().ok()).collect() };
        let notes = host.file(&format!("{}/RELEASE-NOTES", self.base));
        let noted = notes.text().and_then(|source| source.text.lines().find_map(|line| line.trim().strip_prefix("Apache Tomcat Version ")));
        if let Some(version) = noted {
            return numbers(version);
        }
        let folder = self.name.rsplit('/').next().unwrap_or_default();
        numbers(folder.trim_start_matches("apache-").trim_start_matches("tomcat").trim_start_matches('-'))
    }
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct File<'a> {
    /// The file.
    pub source: &'a Source<'a>,
    /// Its outermost element.
    pub root: Element<'a>,
    /// Why there could be more in it.
    pub gap: Option<Why<'a>>,
}

/// Reads a file in XML.
pub(super) fn file<'a>(host: &Host<'a>, path: &str) -> Result<File<'a>, Why<'a>> {
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Err(Why::lacking(host.text(path), lack)),
    };
    if !host.spend(source.text.len() as u64 / 64 + 1) {
        return Err(Why::budget_spent(source.path));
    }
    let document = xml::read(source.text);
    let cut = (!source.complete).then(|| Why::truncated(source.path));
    let gap = cut.or(document.issue.map(Why::not_understood));
    match document.root {
        Some(root) => Ok(File { source, root, gap }),
        None => Err(gap.unwrap_or(Why::not_understood(source.path))),
    }
}

/// Whether a file is proven absent.
pub(super) fn is_absent(why: &Why<'_>) -> bool {
    why.code == Lack::Absent.code()
}

/// Properties that `${…}` stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties<'a> {
    all: Vec<(&'a str, &'a str)>,
}

impl<'a> Properties<'a> {
    /// Those of catalina.properties, and the two that every start sets.
    pub(super) fn read(host: &Host<'a>, instance: &Instance<'a>) -> Properties<'a> {
        let mut all = vec![("catalina.base", host.text(&format!("/{}", instance.base)))];
        if let Artefact::Text(source) = host.file(&format!("{}/catalina.properties", instance.conf)) {
            let document = key_value::read(source.text, &EQUALS_SEPARATED);
            // A later line of a text that breaks off could set any of them otherwise.
            let document = if source.complete { document } else { key_value::Document::default() };
            all.extend(document.settings.iter().map(|setting| (setting.key, setting.value)));
        }
        Properties { all }
    }

    /// A text with properties put in. One that no file sets may be set on the command line, and stays as it is written.
    pub(super) fn expanded(&self, host: &Host<'a>, text: &'a str) -> &'a str {
        if !text.contains("${") {
            return text;
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
            out.push_str(&rest[..at]);
            let name = &rest[at + 2..end];
            let value = self.all.iter().rfind(|(known, _)| *known == name).map(|(_, value)| *value);
            out.push_str(value.unwrap_or(&rest[at..=end]));
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        host.text(&out)
    }
}

/// What an element's attributes are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'p, 'a> {
    /// What `${…}` stands for.
    pub properties: &'p Properties<'a>,
    /// The file.
    pub source: &'a Source<'a>,
}

impl<'a> Reading<'_, 'a> {
    /// The value of an attribute, and the evidence for it.
    pub(super) fn value(&self, host: &Host<'a>, element: &Element<'a>, name: &str) -> Option<(&'a str, Evidence<'a>)> {
        let attribute = element.attribute(name)?;
        let value = match &attribute.value {
            std::borrow::Cow::Borrowed(value) => value,
            std::borrow::Cow::Owned(value) => host.text(value),
        };
        Some((self.properties.expanded(host, value), Evidence::Decides(self.source.span(attribute.text))))
    }

    /// The element's start as evidence.
    pub(super) fn begins(&self, element: &Element<'a>) -> Evidence<'a> {
        Evidence::Decides(self.source.span(element.text.lines().next().unwrap_or_default()))
    }

    /// The cell of an attribute that is read as a value, with what holds where it is not there.
    pub(super) fn cell(
        &self,
        host: &Host<'a>,
        element: &Element<'a>,
        name: &str,
        default: Cell<'a>,
        read: impl Fn(&'a str) -> Option<Value<'a>>,
    ) -> Cell<'a> {
        let Some((value, by)) = self.value(host, element, name) else { return default };
        let evidence = host.evidence(&[by]);
        match read(value) {
            Some(value) => Cell::known(value, evidence),
            None => Cell::unknown(Why::not_understood(value), evidence),
        }
    }
}

/// A switch as Tomcat reads it: `true`, `yes` and `on`; every other word is false.
pub(super) fn switch<'v>(value: &str) -> Option<Value<'v>> {
    let on = ["true", "yes", "on"].iter().any(|word| word.eq_ignore_ascii_case(value));
    (!value.contains("${")).then_some(Value::Boolean(on))
}

/// The class of an element without its package.
pub(super) fn class<'e>(element: &'e Element<'_>) -> &'e str {
    let name = element.attribute("className").map_or("", |attribute| &*attribute.value);
    name.rsplit('.').next().unwrap_or_default()
}
