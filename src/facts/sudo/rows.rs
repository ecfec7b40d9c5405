//! Effective grants of sudoers(5) into rows of `privileges`.

use jiff::civil::Date;

use super::NAME;
use super::aliases::Item;
use super::commands;
use super::defaults::Setting;
use super::grants::{Grant, Grants, Terms};
use super::scopes::{Matcher, Switch};
use crate::facts::{Cell, Evidence, Host, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::sudoers::{Operation, unescaped};
use crate::schema::neutral::PRIVILEGES;

static MEMBERSHIP: Phrase = Phrase {
    zh: "Defaults 对部分用户、主机或命令取消了口令，无法判断是否适用于 {}",
    en: "Defaults wave the password for some, and whether {} is among them cannot be told",
};
static COVERED: Phrase = Phrase { zh: "无法判断 {} 涵盖哪些程序", en: "which programs {} covers cannot be told" };

/// Fills the table.
pub(super) fn fill<'a>(host: &Host<'a>, settings: &[Setting<'a>], grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let named = |name: &str| settings.iter().filter(|setting| setting.name == name).collect();
    let filler = Filler {
        host,
        authenticate: named("authenticate"),
        noexec: named("noexec"),
        exempt: settings.iter().rev().find(|setting| setting.name == "exempt_group"),
        terms: &grants.terms,
        matcher: Matcher::of(host),
        runas_default: runas_default(settings),
    };
    for grant in &grants.effective {
        filler.push(grant, tables);
    }
    for gap in &grants.gaps {
        super::push_gap(host, &PRIVILEGES, gap, tables);
    }
}

/// The account as which commands run where nothing is said: root, or what `Defaults runas_default` says for everybody.
fn runas_default<'a>(settings: &[Setting<'a>]) -> &'a str {
    let last = settings.iter().rev().find(|setting| setting.name == "runas_default" && setting.scope.is_none());
    match last.map(|setting| setting.operation) {
        Some(Operation::Set(name)) => name,
        _ => "root",
    }
}

/// What every row needs.
struct Filler<'a, 'd> {
    host: &'d Host<'a>,
    /// Parameters that decide whether a password is asked for.
    authenticate: Vec<&'d Setting<'a>>,
    /// Parameters that decide whether commands may start others.
    noexec: Vec<&'d Setting<'a>>,
    /// The parameter that names the group whose members are asked for no password.
    exempt: Option<&'d Setting<'a>>,
    terms: &'d [Terms<'a>],
    matcher: Matcher<'a, 'd>,
    runas_default: &'a str,
}

impl<'a> Filler<'a, '_> {
    /// Adds the row of one grant.
    fn push(&self, grant: &Grant<'a>, tables: &mut Tables<'a>) {
        let terms = &self.terms[grant.terms];
        let evidence = self.evidence(grant, terms);
        let known = |value| Cell::known(value, evidence);
        let host = self.host;
        let runas = self.runas(terms);
        let unrestricted = commands::is_all(terms.command.text) && reaches_root(&runas);
        let all = terms.command.text == "ALL";
        let parts = commands::parts(terms.command.text);
        let privilege = host.text(&spelt(terms.command.text));
        let excluded: Vec<_> = terms.excluded.iter().map(|text| host.text(&format!("!{}", spelt(text)))).collect();
        let listed: Vec<_> = std::iter::once(privilege).chain(excluded).collect();
        let everyone = grant.grantee == "ALL" || grant.grantee == "%users";
        let mut row = host.row(&PRIVILEGES, NAME);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(host.text(&unescaped(grant.grantee)))))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(privilege)))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text(terms.scope)))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word("sudo")))
            .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(unrestricted)))
            .set(const { PRIVILEGES.column("password-required") }, self.password(grant, terms, &runas, evidence))
            .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(unrestricted)))
            .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(everyone)))
            .set(const { PRIVILEGES.column("runs-as") }, known(self.runs_as(terms, &runas)))
            .set(const { PRIVILEGES.column("commands") }, known(host.texts(&listed)))
            .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(!terms.excluded.is_empty())))
            .set(const { PRIVILEGES.column("expires") }, self.expires(terms, evidence));
        let (escape, wildcards) = if all {
            (Cell::unset(evidence), Cell::unset(evidence))
        } else {
            (self.shell_escape(grant, terms, &runas, &parts, evidence), known(Value::Boolean(commands::has_wildcard(&parts))))
        };
        row.set(const { PRIVILEGES.column("shell-escape") }, escape).set(const { PRIVILEGES.column("wildcards") }, wildcards);
        tables.push(row);
    }

    /// The line decides, the alias that holds the command is referred to, and what it replaces is shadowed.
    fn evidence(&self, grant: &Grant<'a>, terms: &Terms<'a>) -> &'a [Evidence<'a>] {
        let mut pieces = vec![Evidence::Decides(terms.source.span(terms.line))];
        if let Some(source) = terms.command.alias_in {
            pieces.push(Evidence::Reference(source.span(terms.command.text)));
        }
        pieces.extend(grant.replaces.iter().map(|at| Evidence::Shadowed(self.terms[*at].source.span(self.terms[*at].line))));
        self.host.evidence(&pieces)
    }

    /// As whom it runs: what the line says, or the default; nobody else where the parentheses hold no users.
    fn runas(&self, terms: &Terms<'a>) -> Vec<Item<'a>> {
        match &terms.runas_users {
            Some(users) => users.clone(),
            None => vec![Item { negated: false, text: self.runas_default, alias_in: None }],
        }
    }

    /// Users, and groups with a colon before them, as the line writes them.
    fn runs_as(&self, terms: &Terms<'a>, runas: &[Item<'a>]) -> Value<'a> {
        let shown = |item: &Item<'a>, before: &str| {
            let plain = before.is_empty() && !item.negated;
            if plain { item.text } else { self.host.text(&format!("{}{before}{}", if item.negated { "!" } else { "" }, item.text)) }
        };
        let users = runas.iter().map(|item| shown(item, ""));
        let groups = terms.runas_groups.iter().map(|item| shown(item, ":"));
        self.host.texts(&users.chain(groups).collect::<Vec<_>>())
    }

    /// Whether a password is asked for: the tag, or else `authenticate` of whatever `Defaults` apply, and nobody in exempt_group.
    fn password(&self, grant: &Grant<'a>, terms: &Terms<'a>, runas: &[Item<'a>], evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        let unknown = || Cell::unknown(Why::new("scope-not-decided", &MEMBERSHIP, grant.grantee), evidence);
        let (required, deciding) = match terms.password {
            Some(required) => (Switch::from(required), None),
            None => self.matcher.switch(&self.authenticate, true, grant.grantee, terms, runas),
        };
        let with = |setting: Option<&Setting<'a>>| match setting {
            Some(setting) => {
                let first = Evidence::Decides(setting.source.span(setting.text));
                self.host.evidence(&[&[first], evidence].concat())
            }
            None => evidence,
        };
        if required == Switch::Off {
            return Cell::known(Value::Boolean(false), with(deciding));
        }
        if let Some(setting) = self.exempt
            && let Operation::Set(group) = setting.operation
        {
            match self.matcher.is_member(grant.grantee, group) {
                Some(true) => return Cell::known(Value::Boolean(false), with(Some(setting))),
                Some(false) => {}
                None => return unknown(),
            }
        }
        match required {
            Switch::On => Cell::known(Value::Boolean(true), with(deciding)),
            Switch::Off | Switch::Unknown => unknown(),
        }
    }

    /// Whether the command can start a shell, unless NOEXEC keeps it from that.
    fn shell_escape(
        &self,
        grant: &Grant<'a>,
        terms: &Terms<'a>,
        runas: &[Item<'a>],
        parts: &commands::Parts,
        evidence: &'a [Evidence<'a>],
    ) -> Cell<'a> {
        let noexec = match terms.noexec {
            Some(noexec) => noexec,
            None => self.matcher.switch(&self.noexec, false, grant.grantee, terms, runas).0 == Switch::On,
        };
        match commands::starts_shell(parts, noexec) {
            Some(starts) => Cell::known(Value::Boolean(starts), evidence),
            None => Cell::unknown(Why::new("not-decidable", &COVERED, terms.command.text), evidence),
        }
    }

    /// The day of NOTAFTER.
    fn expires(&self, terms: &Terms<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        match terms.not_after {
            None => Cell::known(Value::Never, evidence),
            Some(time) => match day(time) {
                Some(day) => self.host.decided(Value::Date(day), terms.source, time),
                None => Cell::unknown(Why::not_understood(time), evidence),
            },
        }
    }
}

/// A command with single spaces instead of continuations.
fn spelt(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ")
}

/// Whether root is among those as whom a command runs; everybody but root counts, because that leaves every other way to root.
fn reaches_root(runas: &[Item<'_>]) -> bool {
    runas.iter().any(|item| !item.negated && ["ALL", "root", "#0"].contains(&item.text))
}

/// The day of a time of RFC 4517: `yyyymmddHH`, minutes and seconds optional, then `Z` or an offset.
fn day(time: &str) -> Option<Date> {
    let end = time.find(|character: char| !character.is_ascii_digit()).unwrap_or(time.len());
    let (digits, zone) = time.split_at(end);
    if ![10, 12, 14].contains(&digits.len()) || !(zone.is_empty() || zone.starts_with(['Z', '+', '-', '.', ','])) {
        return None;
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<i16>().ok();
    Date::new(part(0, 4)?, i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?).ok()
}
