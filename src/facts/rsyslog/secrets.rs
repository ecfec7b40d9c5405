//! Passwords and keys in rsyslog's configuration into hidden parts of its sources.

use crate::facts::host::Host;
use crate::parse::rsyslog::{Directive, Object};
use crate::source::Source;

/// Parameters that hold a secret, or an address that may carry one.
const PARAMETERS: &[&str] = &["key", "pass", "passphrase", "password", "pwd", "serverpassword", "token", "uristr"];

/// Words in the name of a legacy directive whose value is a secret.
const DIRECTIVES: &[&str] = &["password", "passphrase", "pwd"];

/// Hides the secrets among the parameters of an object, also those in lists of `name=value` texts.
pub(super) fn hide_in<'a>(source: &Source<'a>, object: &Object<'a>) {
    for parameter in &object.parameters {
        let own = parameter.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        for value in &parameter.values {
            if PARAMETERS.contains(&own.as_str()) || parameter.name.to_ascii_lowercase().contains("password") {
                source.hide(value);
            } else if let Some((_, secret)) = value.split_once('=').filter(|(name, _)| name.contains("password") || name.contains("secret"))
            {
                source.hide(secret);
            } else if let Some((login, _)) = value.split_once("://").and_then(|(_, rest)| rest.split_once('@')) {
                source.hide(login);
            }
        }
    }
}

/// Hides the password of `>host,database,user,password` and `:ommysql:host,database,user,password`.
pub(super) fn hide_in_line<'a>(source: &Source<'a>, line: &'a str) {
    if line.starts_with('>') || line.starts_with(':') {
        let fields = line.splitn(4, ',').nth(3).map(|rest| rest.split(';').next().unwrap_or_default());
        fields.into_iter().for_each(|password| source.hide(password));
    }
}

/// Hides the value of a directive that sets a password.
pub(super) fn hide_in_directive<'a>(source: &Source<'a>, directive: &Directive<'a>) {
    let name = directive.name.to_ascii_lowercase();
    if DIRECTIVES.iter().any(|word| name.contains(word)) {
        source.hide(directive.value);
    }
}

/// The first word of a line that was not understood, for an explanation; the line is hidden where it looks as if it held a secret.
pub(super) fn shown<'a>(host: &Host<'a>, source: &Source<'a>, line: &'a str) -> &'a str {
    let lower = line.to_ascii_lowercase();
    if ["pass", "pwd", "secret", "token"].iter().any(|word| lower.contains(word)) {
        source.hide(line);
    }
    let word = line.split([' ', '\t', '"', '=', ',']).next().unwrap_or_default();
    host.text(&source.printable(word))
}
