//! What starts httpd into its variables and the names that its command line defines.

use super::load::Build;
use crate::facts::{Artefact, Host};
use crate::parse::shell::{self, Token};
use crate::snapshot::Lack;

/// The file that Debian's apachectl reads: `export NAME=VALUE`, and `APACHE_ARGUMENTS` for the command line.
const DEBIAN: &str = "etc/apache2/envvars";
/// The environment file of the unit on Red Hat: `OPTIONS` is the command line.
const RED_HAT: &str = "etc/sysconfig/httpd";

/// Variables and defined names.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment<'a> {
    variables: Vec<(&'a str, &'a str)>,
    defined: Vec<(&'a str, Option<&'a str>)>,
    /// Whether all that starts httpd was read, so that what is not defined is not.
    whole: bool,
}

impl<'a> Environment<'a> {
    /// Reads what starts a build of httpd.
    pub(super) fn read(host: &Host<'a>, build: &Build) -> Environment<'a> {
        let mut environment = Environment::default();
        let path = match build.main {
            main if main.starts_with("etc/apache2/") => DEBIAN,
            main if main.starts_with("etc/httpd/") => RED_HAT,
            _ => return environment,
        };
        match host.file(path) {
            Artefact::Text(source) => {
                environment.whole = source.complete;
                environment.script(host, source.text);
            }
            Artefact::Lacking(lack) => environment.whole = lack == Lack::Absent,
        }
        environment
    }

    /// Takes the assignments of a script, in order. Of a condition the second branch is taken: Debian's asks for a second instance.
    fn script(&mut self, host: &Host<'a>, text: &'a str) {
        let words = shell::tokens(text).into_iter().filter_map(|token| match token {
            Token::Word(word) => Some(word),
            Token::Operator(_) => None,
        });
        for word in words {
            let Some((name, value)) = word.split_once('=') else { continue };
            let is_name =
                name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
            if !is_name {
                continue;
            }
            let value = value.trim_matches(['"', '\'']);
            let value = self.shell_expanded(host, value);
            self.variables.retain(|(known, _)| *known != name);
            self.variables.push((name, value));
            if matches!(name, "APACHE_ARGUMENTS" | "OPTIONS") {
                self.arguments(value);
            }
        }
    }

    /// Takes the names that `-D` defines.
    fn arguments(&mut self, line: &'a str) {
        let mut words = line.split_ascii_whitespace();
        while let Some(word) = words.next() {
            let Some(rest) = word.strip_prefix("-D") else { continue };
            let name = if rest.is_empty() { words.next().unwrap_or_default() } else { rest };
            self.define(name, None);
        }
    }

    /// A value of a script with the variables that came before; a part that a shell computes otherwise stays as it is written.
    fn shell_expanded(&self, host: &Host<'a>, value: &'a str) -> &'a str {
        if !value.contains('$') {
            return value;
        }
        let mut out = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let braced = after.starts_with('{');
            let name = &after[usize::from(braced)..];
            let name = &name[..name.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count()];
            let length = name.len() + 2 * usize::from(braced);
            let closed = !braced || after.get(length - 1..length) == Some("}");
            match self.variables.iter().find(|(known, _)| *known == name).filter(|_| closed && !name.is_empty()) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(rest.get(at..at + 1 + length.min(after.len())).unwrap_or_default()),
            }
            rest = after.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
        host.text(&out)
    }

    /// Defines a name.
    pub(super) fn define(&mut self, name: &'a str, value: Option<&'a str>) {
        self.undefine(name);
        self.defined.push((name, value));
    }

    /// Takes a definition away.
    pub(super) fn undefine(&mut self, name: &str) {
        self.defined.retain(|(known, _)| *known != name);
    }

    /// Whether a name is defined, where that is known.
    pub(super) fn defined(&self, name: &str) -> Option<bool> {
        let defined = self.defined.iter().any(|(known, _)| *known == name);
        (defined || self.whole).then_some(defined)
    }

    /// A word with `${…}` put in: defined names before variables; one that is neither stays as it is written.
    pub(super) fn expanded(&self, host: &Host<'a>, word: &'a str) -> &'a str {
        if !word.contains("${") {
            return word;
        }
        let mut out = String::new();
        let mut rest = word;
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
            let name = &rest[at + 2..end];
            let value = self.defined.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value);
            let value = value.or_else(|| self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value));
            out.push_str(value.unwrap_or(&rest[at..=end]));
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        host.text(&out)
    }
}
