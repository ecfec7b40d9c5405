//! The TLS versions and suites of the API server and the kubelet into rows of `crypto`.
//!
//! Reference, kube-apiserver and kubelet, Options. No page says what holds where nothing is written: Go's defaults differ between builds.

use super::super::{Host, State, Tables, Value, tls_words};
use super::NAME;
use super::options::Settings;

/// Versions, oldest first, and their names in TLS' own spelling.
const VERSIONS: [(&str, &str); 4] =
    [("VersionTLS10", "TLSv1.0"), ("VersionTLS11", "TLSv1.1"), ("VersionTLS12", "TLSv1.2"), ("VersionTLS13", "TLSv1.3")];

/// Pushes the rows of a component, whose options for the oldest version and for the suites have these names.
pub(super) fn push<'a>(host: &Host<'a>, settings: &Settings<'a>, (oldest, suites): (&str, &str), tables: &mut Tables<'a>) {
    let context = settings.component;
    let oldest = settings.cell(oldest, |read| {
        let first = VERSIONS.iter().position(|(name, _)| *name == read.text)?;
        let offered: Vec<Value<'a>> = VERSIONS[first..].iter().map(|(_, name)| Value::Text(name)).collect();
        Some(Value::List(host.arena().alloc_slice_copy(&offered)))
    });
    tls_words::push_versions(host, tables, NAME, context, &oldest);
    let list = settings.cell(suites, |read| Some(Value::Text(read.text)));
    match list.state {
        State::Known(Value::Text(text)) => tls_words::push_ciphers(host, tables, NAME, context, (text, list.evidence)),
        State::Unknown(why, _) => tls_words::gap(host, tables, NAME, (context, "cipher"), why),
        _ => {}
    }
}
