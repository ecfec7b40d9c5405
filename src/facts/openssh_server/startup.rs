//! What sshd checks over several lines when it starts: a configuration of lines that are good alone, into why it refuses to start.
//!
//! The truth is `main` in sshd.c and `add_one_listen_addr` in servconf.c. At its start sshd has read what stands before the blocks and
//! what stands in `Match all`, the first line winning in the order of the file.

use std::net::IpAddr;

use super::config::{Config, Directive, Within};
use super::patterns;
use super::values;
use super::view::View;

/// The lines that keep sshd from starting.
pub(super) fn refused<'c, 'a>(config: &'c Config<'a>) -> Vec<&'c Directive<'a>> {
    let mut found = Vec::new();
    for (command, user) in
        [("authorizedkeyscommand", "authorizedkeyscommanduser"), ("authorizedprincipalscommand", "authorizedprincipalscommanduser")]
    {
        let command = first(config, command).filter(|it| !it.rest.eq_ignore_ascii_case("none"));
        found.extend(command.filter(|_| first(config, user).is_none()));
    }
    found.extend(first(config, "authenticationmethods").filter(|it| !satisfiable(config, it)));
    let family = first(config, "addressfamily").and_then(|it| it.arguments.first().copied()).unwrap_or("any");
    found.extend(named(config, "listenaddress").filter(|it| !listens(it, family)));
    found.extend(twice(config));
    found.extend(any_after_methods(config));
    found
}

/// Lines of a keyword that sshd has taken in when it starts.
fn named<'c, 'a>(config: &'c Config<'a>, name: &'static str) -> impl Iterator<Item = &'c Directive<'a>> {
    let at_start = |it: &&Directive<'_>| matches!(it.within, Within::Global | Within::Block(0, _));
    config.directives.iter().filter(move |it| it.keyword.means == name).filter(at_start)
}

/// The line of a keyword that counts when sshd starts.
fn first<'c, 'a>(config: &'c Config<'a>, name: &'static str) -> Option<&'c Directive<'a>> {
    named(config, name).next()
}

/// Whether some alternative has no method that is switched off.
fn satisfiable(config: &Config<'_>, methods: &Directive<'_>) -> bool {
    methods.arguments.iter().any(|list| *list == "any" || list.split(',').all(|method| on(config, method)))
}

/// Whether a method is switched on.
fn on(config: &Config<'_>, method: &str) -> bool {
    let (name, default) = match method.split(':').next() {
        Some("publickey") => ("pubkeyauthentication", true),
        Some("password") => ("passwordauthentication", true),
        Some("hostbased") => ("hostbasedauthentication", false),
        Some("gssapi-with-mic") => ("gssapiauthentication", false),
        Some("keyboard-interactive") => return keyboard_interactive(config),
        _ => return true,
    };
    first(config, name).map_or(default, is_yes)
}

/// Whether `keyboard-interactive` is switched on, by one keyword of two names since 8.7, by either of two before.
fn keyboard_interactive(config: &Config<'_>) -> bool {
    let names = ["kbdinteractiveauthentication", "challengeresponseauthentication", "skeyauthentication"];
    let mut lines = config.directives.iter().filter(|it| names.contains(&it.keyword.means));
    let at_start = |it: &&Directive<'_>| matches!(it.within, Within::Global | Within::Block(0, _));
    if config.versions.from((8, 7)) {
        return lines.find(at_start).is_none_or(is_yes);
    }
    first(config, names[0]).is_some_and(is_yes) || first(config, names[1]).is_none_or(is_yes)
}

fn is_yes(directive: &Directive<'_>) -> bool {
    directive.arguments.first().is_some_and(|word| word.eq_ignore_ascii_case("yes"))
}

/// Whether an address to listen on is of the family.
fn listens(directive: &Directive<'_>, family: &str) -> bool {
    let address = directive.arguments.first().and_then(|text| values::listen(text)).and_then(|(address, _)| patterns::numeric(address));
    match address {
        Some(IpAddr::V4(_)) => !family.eq_ignore_ascii_case("inet6"),
        Some(IpAddr::V6(_)) => !family.eq_ignore_ascii_case("inet"),
        // Whether a name has an address of the family cannot be seen.
        None => true,
    }
}

/// A subsystem that is defined a second time, which sshd refuses before 9.5.
fn twice<'c, 'a>(config: &'c Config<'a>) -> Option<&'c Directive<'a>> {
    if !config.versions.before((9, 5)) {
        return None;
    }
    let names: Vec<(&str, &Directive<'a>)> = named(config, "subsystem").filter_map(|it| Some((*it.arguments.first()?, it))).collect();
    names.iter().enumerate().find(|(at, (name, _))| names[..*at].iter().any(|(other, _)| other == name)).map(|(_, (_, it))| *it)
}

/// A line `AuthenticationMethods any` after one with methods, which sshd refuses before 9.9 wherever the later one stands.
fn any_after_methods<'c, 'a>(config: &'c Config<'a>) -> Option<&'c Directive<'a>> {
    if !config.versions.before((9, 9)) {
        return None;
    }
    any_after(config, |within| matches!(within, Within::Global | Within::Block(0, _)))
}

/// The same for one connection, which sshd then drops: where the methods stand in a block that holds for it.
pub(super) fn dropped<'c, 'a>(view: &View<'c, 'a>) -> Option<&'c Directive<'a>> {
    if !view.config.versions.before((9, 9)) {
        return None;
    }
    any_after(view.config, |within| matches!(within, Within::Block(number, _) if view.is_active(number)))
}

/// The line `any`, wherever it stands, that follows one with methods that counts.
fn any_after<'c, 'a>(config: &'c Config<'a>, counts: impl Fn(Within) -> bool) -> Option<&'c Directive<'a>> {
    let mut seen = false;
    for directive in config.directives.iter().filter(|it| it.keyword.means == "authenticationmethods") {
        if directive.arguments.contains(&"any") && seen {
            return Some(directive);
        }
        seen |= counts(directive.within);
    }
    None
}
