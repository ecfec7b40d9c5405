//! What a running server says that it was started with into its options, in place of its file and flags.
//!
//! MongoDB Manual, `getCmdLineOpts`: `parsed` holds every option of the file and the command line under its path, passwords left out.

use super::super::queries::{Answered, Asked};
use super::super::{Host, Why};
use super::NAME;
use super::files::{Configuration, Given};
use crate::snapshot::Lack;

/// The query's name.
const STARTUP: &str = "startup";

/// The options by their path, for mongosh.
pub(super) const STARTUP_SCRIPT: &str = r#"print("option,value"); const walk = (path, value) => value !== null && typeof value === "object" && !Array.isArray(value) ? Object.keys(value).forEach(key => walk(path ? path + "." + key : key, value[key])) : print([path, String(value)].map(x => '"' + x.replace(/"/g, '""') + '"').join(",")); walk("", db.adminCommand({getCmdLineOpts: 1}).parsed)"#;

const COLUMNS: [&str; 2] = ["option", "value"];

/// What running servers said, and an answer that is there and could not be read.
pub(super) fn asked<'a>(host: &Host<'a>) -> (Vec<Asked<'a>>, Option<(&'a str, Lack)>) {
    host.asked(NAME, &[STARTUP])
}

/// The options of a running server. Those of its file are what they shadow; a line that the server has not read yet is none.
pub(super) fn read<'a>(host: &Host<'a>, asked: &Asked<'a>, written: Option<&Configuration<'a>>) -> Option<Configuration<'a>> {
    let answered = asked.answer(STARTUP)?;
    let mut configuration = Configuration { path: host.text(answered.source.path), options: Vec::new(), gap: answered.gap(host, &COLUMNS) };
    let running = options(host, &answered, &mut configuration);
    let also_running = |given: &&Given<'a>| running.iter().any(|it| it.path == given.path);
    let shadowed = written.into_iter().flat_map(|it| &it.options).filter(also_running);
    configuration.options.extend(shadowed.map(|given| Given { flag: false, ..*given }));
    configuration.options.extend(running);
    Some(configuration)
}

/// The options of an answer.
fn options<'a>(host: &Host<'a>, answered: &Answered<'a>, configuration: &mut Configuration<'a>) -> Vec<Given<'a>> {
    let mut options = Vec::new();
    for (record, [path, value]) in answered.records(COLUMNS).into_iter().flatten() {
        if !host.spend(1) {
            configuration.gap = configuration.gap.or(Some(Why::budget_spent("getCmdLineOpts")));
            break;
        }
        let path = host.text(&path.replace("net.ssl.", "net.tls."));
        options.push(Given { path, value, evidence: answered.decides(record), flag: false });
    }
    options
}
