//! The lines of a password stack that store a password into how it is hashed, and how many old ones are refused.

use super::super::accounts::login_defaults::{Found, login_defs};
use super::super::cell::{Cell, Documented, Evidence, Value, Why};
use super::super::host::Host;
use super::conf::{Rank, Settings, leading_number};
use super::judged::Judged;
use super::modules::{self, short};
use super::quality::precedes;
use super::stack::{Flat, Kind};
use crate::names::Phrase;

static REMEMBER: Documented = Documented { setting: "remember=10", versions: "pam_pwhistory of any version", source: "pam_pwhistory(8)" };

static NO_METHOD: Phrase = Phrase {
    zh: "pam_unix 与 login.defs 都没有指定散列算法，默认值随 {} 的版本而不同",
    en: "neither pam_unix nor login.defs names how passwords are hashed, and the default depends on the version of {}",
};

/// Arguments of pam_unix that name how passwords are hashed (sm3: openEuler and Kylin), and what they stand for.
const ARGUMENTS: &[(&str, &str)] = &[
    ("bigcrypt", "des"),
    ("blowfish", "bcrypt"),
    ("gost_yescrypt", "gost-yescrypt"),
    ("md5", "md5"),
    ("sha256", "sha256"),
    ("sha512", "sha512"),
    ("sm3", "sm3"),
    ("yescrypt", "yescrypt"),
];

/// Values of ENCRYPT_METHOD likewise; pam_unix compares them without regard to case.
const METHODS: &[(&str, &str)] = &[
    ("bcrypt", "bcrypt"),
    ("blowfish", "bcrypt"),
    ("des", "des"),
    ("gost_yescrypt", "gost-yescrypt"),
    ("md5", "md5"),
    ("sha256", "sha256"),
    ("sha512", "sha512"),
    ("sm3", "sm3"),
    ("yescrypt", "yescrypt"),
];

/// The first pam_unix that a run reaches.
pub(super) fn unix<'j, 'a>(judged: &'j Judged<'a>) -> Option<(usize, &'j Flat<'a>)> {
    let lines = judged.stack.lines.iter().enumerate();
    lines.filter(|(at, line)| line.kind == Kind::Module && judged.walk.reachable[*at]).find(|(_, line)| modules::is_unix(line.module))
}

/// How new passwords are hashed: the last argument that says so, else ENCRYPT_METHOD.
pub(super) fn hash_scheme<'a>(host: &Host<'a>, judged: &Judged<'a>) -> Cell<'a> {
    let Some((_, line)) = unix(judged) else {
        let searched: Vec<_> = judged.stack.lines.first().map(|line| Evidence::Searched(line.source.path)).into_iter().collect();
        return judged.stack.gap.map_or_else(|| Cell::unset(host.evidence(&searched)), |why| Cell::unknown(why, &[]));
    };
    let named = line.arguments().filter_map(|argument| Some((argument, ARGUMENTS.iter().find(|(name, _)| *name == argument)?.1)));
    if let Some((argument, scheme)) = named.last() {
        let pieces = [Evidence::Decides(line.source.span(argument)), Evidence::Reference(line.span())];
        return Cell::known(Value::Word(scheme), host.evidence(&pieces));
    }
    match login_defs(host).find(host, "ENCRYPT_METHOD") {
        Found::Value(text, evidence) => match METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            Some((_, scheme)) => {
                let pieces: Vec<_> = evidence.iter().copied().chain([Evidence::Reference(line.span())]).collect();
                Cell::known(Value::Word(scheme), host.evidence(&pieces))
            }
            None => Cell::unknown(Why::not_understood(text), evidence),
        },
        Found::Nothing(searched) => {
            let why = Why::new("version-not-known", &NO_METHOD, "Linux-PAM");
            Cell::unknown(why, host.evidence(&[Evidence::Decides(line.span()), searched]))
        }
        Found::Unknown(why) => Cell::unknown(why, host.evidence(&[Evidence::Decides(line.span())])),
    }
}

/// How many old passwords are refused: the greatest number of the modules that every change passes.
pub(super) fn history<'a>(host: &Host<'a>, judged: &Judged<'a>) -> Cell<'a> {
    let mut best: Option<(u64, Vec<Evidence<'a>>)> = None;
    let mut lost = Vec::new();
    for (at, line) in judged.stack.lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Module) {
        let counted = short(line.module) == "pwhistory";
        let remembers = modules::is_unix(line.module) && line.value("remember").is_some();
        if !counted && !remembers {
            continue;
        }
        let passed = if counted { precedes(judged, at) } else { judged.walk.enforced[at] };
        if !passed || (counted && super::quality::asks_anew(judged, at).is_some()) {
            lost.push(Evidence::Shadowed(line.span()));
            continue;
        }
        let mut settings = Settings::default();
        if counted {
            settings.file(host, "etc/security/pwhistory.conf", Rank::File);
        }
        settings.arguments(line);
        match settings.choose("remember", leading_number, (10, Some(&REMEMBER))) {
            // pwhistory.conf exists from Linux-PAM 1.5.3 on and in RHEL 9: where it was not collected it may be there.
            Err(why) => return Cell::unknown(why, host.evidence(&[Evidence::Decides(line.span())])),
            Ok(chosen) if best.as_ref().is_none_or(|(most, _)| chosen.value > *most) => {
                best = Some((chosen.value, chosen.evidence.into_iter().chain([Evidence::Reference(line.span())]).collect()));
            }
            Ok(_) => lost.push(Evidence::Shadowed(line.span())),
        }
    }
    match best {
        Some((number, mut evidence)) => {
            evidence.extend(lost);
            let evidence = host.evidence(&evidence);
            if number == 0 {
                Cell::unset(evidence)
            } else {
                Cell::known(Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)), evidence)
            }
        }
        None => {
            if lost.is_empty() {
                lost.extend(judged.stack.lines.first().map(|line| Evidence::Searched(line.source.path)));
            }
            let evidence = host.evidence(&lost);
            judged.stack.gap.map_or_else(|| Cell::unset(evidence), |why| Cell::unknown(why, evidence))
        }
    }
}

/// The age at which the password of a new account expires; none of a path that stores no local password.
pub(super) fn maximum_age<'a>(host: &Host<'a>, judged: &Judged<'a>) -> Cell<'a> {
    if unix(judged).is_none() {
        return judged.stack.gap.map_or(Cell::NONE, |why| Cell::unknown(why, &[]));
    }
    match login_defs(host).find(host, "PASS_MAX_DAYS") {
        Found::Unknown(why) => Cell::unknown(why, &[]),
        Found::Nothing(searched) => Cell::unset(host.evidence(&[searched])),
        Found::Value(text, evidence) => match text.parse::<i64>() {
            Ok(days) if days < 0 => Cell::known(Value::Unlimited, evidence),
            Ok(days) => Cell::known(Value::Duration(days.unsigned_abs().saturating_mul(86_400)), evidence),
            Err(_) => Cell::unset(evidence),
        },
    }
}
