//! `Options` and `AllowOverride` of a chain of sections into what is in force.

use super::chain::{Chain, in_block};
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};

/// httpd's names, each a bit.
const NAMES: [&str; 7] = ["Indexes", "Includes", "FollowSymLinks", "ExecCGI", "MultiViews", "SymLinksIfOwnerMatch", "IncludesExec"];

const INDEXES: u8 = 1;
const INCLUDES: u8 = 2;
const FOLLOW: u8 = 4;
const EXEC: u8 = 8;
const MULTI_VIEWS: u8 = 16;
const OWNER: u8 = 32;
/// Programs in includes: what `Includes` has and `IncludesNOEXEC` has not.
const INCLUDES_EXEC: u8 = 64;

static DEFAULT: Documented =
    Documented { setting: "Options FollowSymlinks", versions: "httpd 2.4", source: "Apache HTTP Server 2.4, core, Options" };
static OVERRIDE: Documented =
    Documented { setting: "AllowOverride None", versions: "httpd 2.3.9 and later", source: "Apache HTTP Server 2.4, core, AllowOverride" };

/// What one section says: what it sets as a whole, and what it adds and takes away.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    whole: Option<u8>,
    add: u8,
    remove: u8,
}

/// The bits of a name.
fn bits(name: &str) -> Option<u8> {
    Some(match name.to_ascii_lowercase().as_str() {
        "none" => 0,
        "all" => INDEXES | INCLUDES | INCLUDES_EXEC | FOLLOW | EXEC,
        "indexes" => INDEXES,
        "includes" => INCLUDES | INCLUDES_EXEC,
        "includesnoexec" => INCLUDES,
        "followsymlinks" => FOLLOW,
        "execcgi" => EXEC,
        "multiviews" => MULTI_VIEWS,
        "symlinksifownermatch" => OWNER,
        _ => return None,
    })
}

/// Takes one line, as `set_options` of httpd's core does: words with a sign change, others replace.
fn take<'w>(said: &mut Said, words: &[&'w str]) -> Result<(), &'w str> {
    let mut first = true;
    for word in words {
        let (sign, name) = match word.as_bytes().first() {
            Some(b'+') => (Some(true), &word[1..]),
            Some(b'-') => (Some(false), &word[1..]),
            _ => (None, *word),
        };
        let bits = bits(name).ok_or(*word)?;
        match sign {
            Some(true) => {
                said.add |= bits;
                said.remove &= !bits;
                said.whole = said.whole.map(|whole| whole | bits);
            }
            Some(false) => {
                said.remove |= bits;
                said.add &= !bits;
                said.whole = said.whole.map(|whole| whole & !bits);
            }
            None => {
                let before = if std::mem::take(&mut first) { 0 } else { said.whole.unwrap_or(0) };
                said.whole = Some(before | bits);
            }
        }
    }
    Ok(())
}

/// The options of a chain.
pub(super) fn options<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let mut now = FOLLOW;
    let mut evidence: Vec<Evidence<'a>> = Vec::new();
    let (mut doubt, mut unread) = (None, None);
    for layer in &chain.layers {
        let (lines, open) = in_block(layer.block, &["options"]);
        let mut said = Said::default();
        for line in &lines {
            if take(&mut said, &line.words).is_err() {
                doubt = Some(Why::not_understood(line.text));
            }
        }
        if layer.perhaps.is_some() {
            doubt = layer.perhaps.filter(|_| !lines.is_empty()).or(doubt);
            continue;
        }
        match said.whole {
            Some(whole) => {
                (now, doubt, unread) = (whole, None, None);
                evidence.iter_mut().for_each(shadow);
            }
            None => now = now & !said.remove | said.add,
        }
        if layer.head.is_some() || lines.is_empty() {
            doubt = open.or(doubt);
        }
        unread = layer.may_set(&["options"]).or(unread);
        evidence.extend(lines.iter().map(|line| line.decides()));
    }
    evidence.reverse();
    evidence.truncate(32);
    if evidence.is_empty() {
        evidence.extend([Evidence::Default(&DEFAULT), Evidence::Searched(chain.main)]);
    }
    let evidence = host.evidence(&evidence);
    // What an `.htaccess` adds further down does not make the listing of this folder go away.
    match doubt.or(chain.gap).or(unread.filter(|_| now & INDEXES == 0)) {
        Some(why) => Cell::unknown(why, evidence),
        None => Cell::known(host.texts(&names(now)), evidence),
    }
}

/// A line that decided until a later one replaced it.
fn shadow(piece: &mut Evidence<'_>) {
    if let Evidence::Decides(span) = *piece {
        *piece = Evidence::Shadowed(span);
    }
}

/// The names of some bits.
fn names(bits: u8) -> Vec<&'static str> {
    let named = NAMES.iter().enumerate().filter(|(at, name)| bits & (1 << at) != 0 && **name != "IncludesExec");
    named.map(|(_, name)| if *name == "Includes" && bits & INCLUDES_EXEC == 0 { "IncludesNOEXEC" } else { *name }).collect()
}

/// What `.htaccess` may set: classes of directives, and directives by name.
pub(super) fn overrides<'a>(host: &Host<'a>, chain: &Chain<'_, 'a>) -> Cell<'a> {
    let classes = chain.find(&["allowoverride"]);
    let list = chain.find(&["allowoverridelist"]);
    let evidence = match (classes.entries.is_empty(), list.entries.is_empty()) {
        (true, true) => chain.default(host, Value::Boolean(true), &OVERRIDE).evidence,
        (true, false) => list.evidence(host, chain.main),
        (false, true) => classes.evidence(host, chain.main),
        (false, false) => host.evidence(&[classes.evidence(host, chain.main), list.evidence(host, chain.main)].concat()),
    };
    if let Some(why) = classes.doubt.or(list.doubt) {
        return Cell::unknown(why, evidence);
    }
    let words = classes.last().into_iter().chain(list.last()).flat_map(|line| &line.words).copied();
    let real = |word: &&str| !word.eq_ignore_ascii_case("none") && !word.to_ascii_lowercase().starts_with("nonfatal=");
    Cell::known(host.texts(&words.filter(real).collect::<Vec<_>>()), evidence)
}

/// Whether `.htaccess` may set a directive of a class, by the cell `overrides`.
pub(super) fn lets(overrides: &Cell<'_>, classes: &[&str], directives: &[&str]) -> bool {
    let Some(Value::List(items)) = overrides.value() else { return false };
    items.iter().any(|item| match item {
        Value::Text(word) => {
            let class = word.split('=').next().unwrap_or_default();
            let known = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(class));
            class.eq_ignore_ascii_case("all") || known(classes) || known(directives)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// set_options and merge_core_dir_configs of httpd 2.4 (server/core.c).
    #[test]
    fn words_with_a_sign_change_and_others_replace() {
        let of = |lines: &[&str]| {
            let mut said = Said::default();
            for line in lines {
                take(&mut said, &line.split(' ').collect::<Vec<_>>()).expect("names that are known");
            }
            (said.whole.map(names), names(said.add), names(said.remove))
        };
        assert_eq!(of(&["Indexes Includes"]).0, Some(vec!["Indexes", "Includes"]));
        assert_eq!(of(&["Indexes", "MultiViews"]).0, Some(vec!["MultiViews"]));
        assert_eq!(of(&["+Indexes -FollowSymLinks", "-Indexes"]), (None, vec![], vec!["Indexes", "FollowSymLinks"]));
        assert_eq!(of(&["All", "-ExecCGI"]).0, Some(vec!["Indexes", "Includes", "FollowSymLinks"]));
        assert_eq!(of(&["none"]).0, Some(vec![]));
        assert_eq!(of(&["IncludesNOEXEC"]).0, Some(vec!["IncludesNOEXEC"]));
        assert!(take(&mut Said::default(), &["Index"]).is_err());
    }
}
