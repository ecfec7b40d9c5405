//! The authentication methods of one view into the kinds of factor that each way in proves.
//!
//! A way in is one alternative of AuthenticationMethods, all of whose methods must succeed, or where there are none any one method.
//! An alternative with a method that is off is no way in (auth2.c). What each method proves:
//!
//! * `publickey`: possession. Two keys are one kind. PAM's auth stack is not run.
//! * `password`: what PAM's auth stack proves with the one answer that the client sends, or knowledge where PAM is off.
//! * `keyboard-interactive`: what PAM's auth stack proves. Linux has no other device for it: without PAM it admits nobody.
//! * `hostbased`: possession, of the key of the peer's host.
//! * `gssapi-with-mic`, `gssapi-keyex`: knowledge, the password for which Kerberos gave the ticket; more is not seen here.

use super::super::pam::{self, Factors, Prompts};
use super::super::{Cell, Evidence, Host, Value, Why};
use super::settings;
use super::view::{Reading, View};
use crate::names::Phrase;
use crate::source::Span;

static ANY: Phrase = Phrase {
    zh: "未要求组合认证：任一可用方法即可登录",
    en: "no combination is demanded: any one method that is on admits",
};
static ALTERNATIVE: Phrase =
    Phrase { zh: "备选组合 {}：其中每种方法都须成功", en: "alternative {}: each of its methods must succeed" };
static OFF: Phrase = Phrase {
    zh: "备选组合 {} 含不可用的方法 {}，不能登录",
    en: "alternative {} has the method {}, which is not available, and admits nobody",
};
static KEY: Phrase = Phrase {
    zh: "{}：持有因素（私钥），不经过 PAM 认证栈",
    en: "{}: possession, of a private key; PAM's auth stack is not run",
};
static SHADOW: Phrase =
    Phrase { zh: "{}：知识因素（本地口令），UsePAM 为 no", en: "{}: knowledge, a local password; UsePAM is no" };
static THROUGH_PAM: Phrase = Phrase { zh: "{}：由 PAM 认证栈 {} 决定", en: "{}: what PAM's auth stack {} demands" };
static HOST_KEY: Phrase =
    Phrase { zh: "{}：持有因素（来源主机的密钥）", en: "{}: possession, of the key of the peer's host" };
static TICKET: Phrase = Phrase {
    zh: "{}：知识因素（换取 Kerberos 票据的口令）",
    en: "{}: knowledge, the password that the Kerberos ticket was given for",
};
static EMPTY: Phrase = Phrase {
    zh: "{}：PermitEmptyPasswords 允许空口令，不证明任何因素",
    en: "{}: PermitEmptyPasswords admits an empty password, which proves nothing",
};
static WEAKEST: Phrase =
    Phrase { zh: "最弱的登录方式是 {}，需要 {} 类因素", en: "the weakest way in is {}: {} kinds of factor" };
static NOBODY: Phrase = Phrase { zh: "没有可用的登录方式", en: "there is no way in" };

/// Methods in the order in which they are listed.
const METHODS: [&str; 6] = ["publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "gssapi-keyex"];

/// What a method proves.
#[derive(Clone, Debug, Default)]
struct Method<'a> {
    /// What each run that succeeds proves.
    proofs: Vec<Factors>,
    gap: Option<Why<'a>>,
    servers: &'a [&'a str],
    evidence: Vec<Evidence<'a>>,
}

/// The ways in of one view.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    /// The cell `factors`.
    pub(super) factors: Cell<'a>,
    /// The least number of kinds that it can be; above every other where there is no way in.
    pub(super) least: u32,
    /// Methods that take part in some way in, in words of the column `methods`.
    pub(super) methods: Vec<&'static str>,
    /// Servers that PAM asks.
    pub(super) servers: Vec<&'a str>,
    /// The cell `servers-first`.
    pub(super) servers_first: Cell<'a>,
    /// Whether there is a way in at all.
    pub(super) any: bool,
}

/// What is looked at for every method.
struct Looking<'l, 'c, 'a> {
    host: &'l Host<'a>,
    view: &'l View<'c, 'a>,
    pam: bool,
    service: &'a str,
}

/// The ways in of one view.
pub(super) fn ways<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> Ways<'a> {
    let demanded = view.first(host, &["authenticationmethods"]);
    let span = decides(demanded.evidence);
    let looking = Looking { host, view, pam: uses_pam(host, view), service: service(host, view) };
    let mut steps: Vec<Evidence<'a>> = demanded.evidence.to_vec();
    let lists: Vec<&'a str> = match demanded.known() {
        Some(["any"]) | None => {
            steps.push(Evidence::Step(&ANY, &[], span));
            METHODS.to_vec()
        }
        Some(lists) => lists.to_vec(),
    };
    let single = lists == METHODS;
    let mut found = Found::default();
    for list in lists {
        let methods: Vec<(&'a str, Option<Method<'a>>)> = list.split(',').map(|name| (name, looking.method(name))).collect();
        let off = methods.iter().find(|(_, method)| method.is_none()).map(|(name, _)| *name);
        if let Some(off) = off {
            if !single {
                steps.push(Evidence::Step(&OFF, host.arena().alloc_slice_copy(&[list, off]), span));
            }
            continue;
        }
        if !single {
            steps.push(Evidence::Step(&ALTERNATIVE, host.arena().alloc_slice_copy(&[list]), span));
        }
        found.alternative(list, methods.into_iter().filter_map(|(name, method)| Some((name, method?))), &mut steps);
    }
    found.conclude(host, view, steps)
}

/// The first text that decides something.
fn decides(evidence: &[Evidence<'_>]) -> Option<Span> {
    evidence.iter().find_map(|it| if let Evidence::Decides(span) = it { Some(*span) } else { None })
}

/// Whether PAM is used.
pub(super) fn uses_pam<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> bool {
    view.first(host, &["usepam"]).word().is_some_and(|word| word.eq_ignore_ascii_case("yes"))
}

/// The PAM service: `sshd`, the name of the program, or PAMServiceName from 9.8 on.
pub(super) fn service<'a>(host: &Host<'a>, view: &View<'_, 'a>) -> &'a str {
    view.first(host, &["pamservicename"]).word().unwrap_or("sshd")
}

impl<'a> Looking<'_, '_, 'a> {
    /// What a method of an alternative proves; none where it is off or can admit nobody.
    fn method(&self, name: &'a str) -> Option<Method<'a>> {
        let (base, device) = name.split_once(':').map_or((name, None), |(base, device)| (base, Some(device)));
        let switch = match base {
            "publickey" => settings::plain(self.host, self.view, "pubkeyauthentication", Reading::Word),
            "password" => settings::plain(self.host, self.view, "passwordauthentication", Reading::Word),
            "keyboard-interactive" => settings::keyboard_interactive(self.host, self.view),
            "hostbased" => settings::plain(self.host, self.view, "hostbasedauthentication", Reading::Word),
            "gssapi-with-mic" => settings::plain(self.host, self.view, "gssapiauthentication", Reading::Word),
            "gssapi-keyex" => self.key_exchange(),
            _ => return None,
        };
        if switch.value() == Some(Value::Word("no")) {
            return None;
        }
        let mut method = match base {
            "publickey" => self.fixed(name, Factors::POSSESSION, &KEY, &switch),
            "hostbased" => self.fixed(name, Factors::POSSESSION, &HOST_KEY, &switch),
            "password" if self.pam => self.through_pam(name, Prompts::One, &switch)?,
            "password" => self.password(name, &switch),
            "keyboard-interactive" if self.pam && matches!(device, None | Some("pam")) => self.through_pam(name, Prompts::Many, &switch)?,
            "keyboard-interactive" => return None,
            _ => self.fixed(name, Factors::KNOWLEDGE, &TICKET, &switch),
        };
        if switch.value().is_none() {
            // It may be off: what it proves is one possibility, another way in being needed then.
            method.gap = method.gap.or(Some(Why::version_not_known("OpenSSH")));
        }
        Some(method)
    }

    /// GSSAPIKeyExchange, which GSSAPIAuthentication must allow too.
    fn key_exchange(&self) -> Cell<'a> {
        let own = settings::plain(self.host, self.view, "gssapikeyexchange", Reading::Word);
        let allowed = settings::plain(self.host, self.view, "gssapiauthentication", Reading::Word);
        if own.value() == Some(Value::Word("no")) { own } else { allowed }
    }

    /// A method that proves one kind.
    fn fixed(&self, name: &'a str, seen: Factors, phrase: &'static Phrase, switch: &Cell<'a>) -> Method<'a> {
        let step = Evidence::Step(phrase, self.host.arena().alloc_slice_copy(&[name]), decides(switch.evidence));
        Method { proofs: vec![seen], evidence: vec![step], ..Method::default() }
    }

    /// A password of the account files.
    fn password(&self, name: &'a str, switch: &Cell<'a>) -> Method<'a> {
        let mut method = self.fixed(name, Factors::KNOWLEDGE, &SHADOW, switch);
        self.admit_empty(name, true, &mut method);
        method
    }

    /// What PAM demands; none where its stack admits nobody.
    fn through_pam(&self, name: &'a str, prompts: Prompts, switch: &Cell<'a>) -> Option<Method<'a>> {
        let admission = pam::admission(self.host, self.service, prompts);
        let step = Evidence::Step(&THROUGH_PAM, self.host.arena().alloc_slice_copy(&[name, self.service]), decides(switch.evidence));
        let mut method = Method {
            proofs: admission.paths.to_vec(),
            gap: admission.gap,
            servers: admission.servers,
            evidence: std::iter::once(step).chain(admission.evidence.iter().copied()).collect(),
        };
        self.admit_empty(name, admission.empty_passwords, &mut method);
        if method.proofs.is_empty() { None } else { Some(method) }
    }

    /// Adds the way in of an empty password, where sshd and what checks it allow one.
    fn admit_empty(&self, name: &'a str, otherwise: bool, method: &mut Method<'a>) {
        let permit = settings::plain(self.host, self.view, "permitemptypasswords", Reading::Word);
        if otherwise && permit.value() == Some(Value::Word("yes")) {
            method.proofs.push(Factors::NONE);
            method.evidence.push(Evidence::Step(&EMPTY, self.host.arena().alloc_slice_copy(&[name]), decides(permit.evidence)));
        }
    }
}

/// The word of the column `methods` for a method.
fn word(method: &str) -> &'static str {
    match method.split(':').next() {
        Some("publickey") => "public-key",
        Some("password") => "password",
        Some("keyboard-interactive") => "keyboard-interactive",
        Some("hostbased") => "hostbased",
        _ => "gssapi",
    }
}

/// The ways in that are found so far.
#[derive(Debug, Default)]
struct Found<'a> {
    proofs: Vec<(Factors, &'a str)>,
    gap: Option<Why<'a>>,
    methods: Vec<&'static str>,
    servers: Vec<&'a str>,
}

impl<'a> Found<'a> {
    /// Adds an alternative, all of whose methods must succeed.
    fn alternative(&mut self, list: &'a str, methods: impl Iterator<Item = (&'a str, Method<'a>)>, steps: &mut Vec<Evidence<'a>>) {
        let mut proofs = vec![Factors::NONE];
        for (name, method) in methods {
            let mut both: Vec<Factors> = Vec::new();
            for (one, other) in proofs.iter().flat_map(|one| method.proofs.iter().map(move |other| (one, other))) {
                let proof = one.with(*other);
                if !both.contains(&proof) {
                    both.push(proof);
                }
            }
            proofs = both;
            self.gap = self.gap.or(method.gap);
            self.note(name, &method);
            steps.extend(method.evidence.into_iter().filter(|step| !steps.contains(step)).collect::<Vec<_>>());
        }
        self.proofs.extend(proofs.into_iter().map(|proof| (proof, list)));
    }

    /// Notes the method and its servers.
    fn note(&mut self, name: &str, method: &Method<'a>) {
        if !self.methods.contains(&word(name)) {
            self.methods.push(word(name));
        }
        if method.proofs.contains(&Factors::NONE) && !self.methods.contains(&"none") {
            self.methods.push("none");
        }
        for server in method.servers {
            if !self.servers.contains(server) {
                self.servers.push(server);
            }
        }
    }

    /// The least number of kinds, from all ways in.
    fn conclude(mut self, host: &Host<'a>, view: &View<'_, 'a>, mut steps: Vec<Evidence<'a>>) -> Ways<'a> {
        let authority = settings::plain(host, view, "trustedusercakeys", Reading::TextOrNone);
        if self.methods.contains(&"public-key") && authority.value().is_some() {
            self.methods.push("certificate");
        }
        let weakest = self.proofs.iter().min_by_key(|(proof, _)| (proof.least(), proof.most())).copied();
        let Some((_, list)) = weakest else {
            steps.push(Evidence::Step(&NOBODY, &[], None));
            let factors = Cell::known(Value::Unlimited, host.evidence(&steps));
            return Ways { factors, least: u32::MAX, methods: self.methods, servers: self.servers, servers_first: Cell::NONE, any: false };
        };
        let least = self.proofs.iter().map(|(proof, _)| proof.least()).min().unwrap_or(0);
        // A method that may be off in the release at hand may be no way in.
        let maybe_off = self.gap.is_some_and(|gap| gap.code == "version-not-known");
        let most = if maybe_off { 3 } else { self.proofs.iter().map(|(proof, _)| proof.most()).min().unwrap_or(3) };
        let count = if least == most { least.to_string() } else { format!("{least}–{most}") };
        steps.push(Evidence::Step(&WEAKEST, host.arena().alloc_slice_copy(&[list, host.text(&count)]), None));
        let evidence = host.evidence(&steps);
        let factors = if least == most {
            Cell::known(Value::Integer(least.into()), evidence)
        } else {
            let seen = if self.servers.is_empty() { Why::not_understood(list) } else { Why::new("server-side", &UNSEEN, list) };
            let why = self.gap.unwrap_or(seen);
            let candidates: Vec<Value<'a>> = (least..=most).map(|it| Value::Integer(it.into())).collect();
            Cell::one_of(why, host.arena().alloc_slice_copy(&candidates), evidence)
        };
        let servers_first = match (self.servers.is_empty(), self.gap) {
            (true, _) => Cell::NONE,
            (false, Some(gap)) => Cell::unknown(gap, evidence),
            (false, None) => Cell::known(Value::Boolean(self.proofs.iter().all(|(proof, _)| proof.contains(Factors::UNSEEN))), evidence),
        };
        Ways { factors, least, methods: self.methods, servers: self.servers, servers_first, any: true }
    }
}

static UNSEEN: Phrase = Phrase {
    zh: "{} 交由认证服务器决定，本机配置看不到其因素",
    en: "{} is decided by an authentication server, whose factors this host's files do not show",
};
