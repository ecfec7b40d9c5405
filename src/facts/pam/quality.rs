//! Password stacks with pam_pwquality, pam_cracklib or pam_passwdqc into what a new password must be.
//!
//! A module counts where every successful run passes it before pam_unix stores the password, and pam_unix takes the password that
//! was checked (`use_authtok`): otherwise it may ask for another one. Stacks are judged for a regular local account.

use super::super::cell::{Documented, Evidence, Why};
use super::super::host::Host;
use super::super::os_release;
use super::conf::{Rank, Settings, leading_number};
use super::judged::Judged;
use super::modules::{self, short};
use super::stack::{Flat, Kind};

/// What one module demands of a new password.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules<'a> {
    /// Least length, and what it rests on.
    pub(super) length: Option<(u64, Vec<Evidence<'a>>)>,
    /// Least number of classes of characters.
    pub(super) classes: (u64, Vec<Evidence<'a>>),
    /// Classes that must be there: digit, lower, other, upper.
    pub(super) required: [Option<Evidence<'a>>; 4],
    /// Whether it is compared with a dictionary.
    pub(super) dictionary: (bool, Vec<Evidence<'a>>),
    /// Whether root is held to it.
    pub(super) root: (bool, Vec<Evidence<'a>>),
}

/// The credits, in the order of the words of the column `requirements`.
const CREDITS: [&str; 4] = ["dcredit", "lcredit", "ocredit", "ucredit"];

static MINLEN: Documented = Documented { setting: "minlen=8", versions: "libpwquality 1.3.0 and later", source: "pwquality.conf(5)" };
static MINLEN_OLD: Documented =
    Documented { setting: "minlen=9, each credit 1", versions: "libpwquality before 1.3.0, pam_cracklib", source: "pam_cracklib(8)" };
static MINCLASS: Documented = Documented { setting: "minclass=0", versions: "libpwquality of any version", source: "pwquality.conf(5)" };
static DICTCHECK: Documented = Documented { setting: "dictcheck=1", versions: "libpwquality of any version", source: "pwquality.conf(5)" };
static PASSWDQC: Documented =
    Documented { setting: "min=disabled,24,11,8,7 enforce=everyone", versions: "pam_passwdqc 1.1 and later", source: "passwdqc.conf(5)" };
static UNIX_MINLEN: Documented =
    Documented { setting: "minlen=6", versions: "pam_unix of Debian and its derivatives", source: "pam_unix(8)" };

/// Words that cracklib finds too short whatever `minlen` says: pam_pwquality(8).
const CRACKLIB_LENGTH: u64 = 6;

/// Whether a line is passed by every successful run before pam_unix stores the password.
pub(super) fn precedes(judged: &Judged<'_>, at: usize) -> bool {
    judged.walk.enforced[at] && !judged.stack.lines[..at].iter().any(|line| line.kind == Kind::Module && modules::is_unix(line.module))
}

/// The first pam_unix after a line that may ask for another password than the one that was checked.
pub(super) fn asks_anew<'j, 'a>(judged: &'j Judged<'a>, at: usize) -> Option<&'j Flat<'a>> {
    let later = judged.stack.lines.iter().zip(&judged.walk.reachable).skip(at + 1).filter(|(_, reachable)| **reachable);
    let mut stores = later.map(|(line, _)| line).filter(|line| line.kind == Kind::Module && modules::is_unix(line.module));
    stores.find(|line| !["use_authtok", "use_first_pass"].iter().any(|it| line.has(it)))
}

/// Whether a module is one that checks the quality of passwords.
pub(super) fn checks(module: &str) -> bool {
    matches!(short(module), "pwquality" | "cracklib" | "passwdqc")
}

/// What a module demands; one answer per documented default that may hold.
pub(super) fn rules<'a>(host: &Host<'a>, line: &Flat<'a>) -> Result<Vec<Rules<'a>>, Why<'a>> {
    match short(line.module) {
        "pwquality" => {
            let settings = pwquality(host, line);
            let versions = match has_old_defaults(host) {
                Some(old) => vec![old],
                None => vec![false, true],
            };
            versions.into_iter().map(|old| credited(&settings, old, false)).collect()
        }
        "cracklib" => {
            let mut settings = Settings::default();
            settings.arguments(line);
            Ok(vec![credited(&settings, true, true)?])
        }
        _ => Ok(vec![passwdqc(host, line)?]),
    }
}

/// Whether libpwquality is older than 1.3.0, which the release tells: RHEL 7, SUSE 12, Amazon Linux 2, Debian 8, Ubuntu 14.04.
fn has_old_defaults(host: &Host<'_>) -> Option<bool> {
    let release = os_release::release(host)?;
    let major = release.major()?;
    let last = match release.id {
        "debian" => 8,
        "ubuntu" => 14,
        "amzn" => 2,
        "sles" | "sled" | "sles_sap" => 12,
        "rhel" | "centos" | "ol" | "scientific" => 7,
        _ => return Some(false),
    };
    Some(major <= last)
}

/// The settings of pam_pwquality: pwquality.conf.d in order, then pwquality.conf, then the arguments (as tried with libpwquality
/// 1.4.5: the main file wins over drop-ins). The first line that libpwquality cannot read ends the reading of files.
fn pwquality<'a>(host: &Host<'a>, line: &Flat<'a>) -> Settings<'a> {
    let mut settings = Settings::default();
    settings.drop_ins(host, "etc/security/pwquality.conf.d/*.conf");
    settings.file(host, "etc/security/pwquality.conf", Rank::File);
    let wrong = settings.list.iter().position(|setting| !understood(setting.key, setting.value));
    settings.list.truncate(wrong.unwrap_or(settings.list.len()));
    settings.arguments(line);
    settings
}

/// Whether libpwquality can read a setting.
fn understood(key: &str, value: &str) -> bool {
    const NUMBERS: [&str; 17] = [
        "difok",
        "minlen",
        "dcredit",
        "ucredit",
        "lcredit",
        "ocredit",
        "minclass",
        "maxrepeat",
        "maxclassrepeat",
        "maxsequence",
        "gecoscheck",
        "dictcheck",
        "usercheck",
        "usersubstr",
        "enforcing",
        "retry",
        "palindrome",
    ];
    const OTHERS: [&str; 4] = ["badwords", "dictpath", "enforce_for_root", "local_users_only"];
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(key));
    is(&OTHERS) || (is(&NUMBERS) && value.parse::<i32>().is_ok())
}

/// What pam_pwquality or pam_cracklib demands.
fn credited<'a>(settings: &Settings<'a>, old: bool, cracklib: bool) -> Result<Rules<'a>, Why<'a>> {
    let number = |text: &'a str| text.parse::<i32>().ok().map(i64::from);
    let (length, credit, documented) = if old { (9, 1, &MINLEN_OLD) } else { (8, 0, &MINLEN) };
    let minlen = settings.choose("minlen", number, (length, Some(documented)))?;
    let minclass = settings.choose("minclass", |text| number(text).map(|it| it.clamp(0, 4)), (0, Some(&MINCLASS)))?;
    let dictcheck = settings.choose("dictcheck", number, (1, Some(&DICTCHECK)))?;
    let enforcing = settings.choose("enforcing", number, (1, None))?;
    let root = settings.flag("enforce_for_root")?;
    let mut credits = Vec::new();
    for name in CREDITS {
        credits.push(settings.choose(name, number, (credit, None))?);
    }
    if enforcing.value == 0 && !cracklib {
        let nothing = (false, enforcing.evidence.clone());
        return Ok(Rules { classes: (0, enforcing.evidence), dictionary: nothing.clone(), root: nothing, ..Rules::default() });
    }
    let dictionary = cracklib || dictcheck.value != 0;
    let least = if cracklib { 5 } else { 6 };
    let effective = effective_length(minlen.value.max(least), &credits.iter().map(|it| it.value).collect::<Vec<_>>(), minclass.value);
    let effective = if dictionary { effective.max(CRACKLIB_LENGTH) } else { effective };
    let lines = |wanted: &dyn Fn(i64) -> bool| -> Vec<Evidence<'a>> {
        credits.iter().filter(|it| wanted(it.value)).filter_map(|it| it.evidence.first().copied()).collect()
    };
    let all = minclass.value >= 4;
    let mut required = [None; 4];
    for (place, chosen) in required.iter_mut().zip(&credits) {
        let own = chosen.evidence.first().copied().filter(|_| chosen.value < 0);
        *place = own.or(minclass.evidence.first().copied().filter(|_| all));
    }
    let demanded = credits.iter().filter(|it| it.value < 0).count() as u64;
    let by_class = minclass.value.unsigned_abs();
    let classes = if demanded > by_class { (demanded, lines(&|it| it < 0)) } else { (by_class, minclass.evidence) };
    let length_evidence = minlen.evidence.into_iter().chain(lines(&|it| it > 0)).collect();
    Ok(Rules {
        length: Some((effective, length_evidence)),
        classes,
        required,
        dictionary: (dictionary, dictcheck.evidence),
        root: (root.value, root.evidence),
    })
}

/// The length of the shortest password that has `minlen` points: one for each character, and up to a class's positive credit one
/// more for each character of that class. A negative credit is the number of characters of the class that must be there.
fn effective_length(minlen: i64, credits: &[i64], classes: i64) -> u64 {
    let bonus: i64 = credits.iter().map(|credit| (*credit).clamp(0, 1_000)).sum();
    let must: i64 = credits.iter().map(|credit| (-credit).clamp(0, 1_000)).sum();
    let least = must.max(classes).max(0);
    let enough = |length: i64| length + (length - must).clamp(0, bonus) >= minlen;
    (least..=minlen.clamp(least, 10_000)).find(|length| enough(*length)).unwrap_or(least.max(minlen)).unsigned_abs()
}

/// What pam_passwdqc demands: `min=N0,N1,N2,N3,N4` are the least lengths with one class, two, a passphrase, three and four.
fn passwdqc<'a>(host: &Host<'a>, line: &Flat<'a>) -> Result<Rules<'a>, Why<'a>> {
    let mut settings = Settings::default();
    if let Some(path) = line.value("config") {
        settings.file(host, host.text(path.trim_start_matches('/')), Rank::File);
    }
    settings.arguments(line);
    let lengths = |text: &str| -> Option<[Option<u64>; 5]> {
        let mut found = [None; 5];
        let mut words = text.split(',');
        for place in &mut found {
            let word = words.next()?;
            *place = if word == "disabled" { None } else { Some(leading_number(word)?) };
        }
        words.next().is_none().then_some(found)
    };
    let min = settings.choose("min", lengths, ([None, Some(24), Some(11), Some(8), Some(7)], Some(&PASSWDQC)))?;
    let enforce = settings.choose("enforce", Some, ("everyone", Some(&PASSWDQC)))?;
    if enforce.value == "none" {
        let nothing = (false, enforce.evidence.clone());
        return Ok(Rules { classes: (0, enforce.evidence), dictionary: nothing.clone(), root: nothing, ..Rules::default() });
    }
    // A passphrase of small letters and blanks has two classes.
    let classes = [1, 2, 2, 3, 4].iter().zip(&min.value).find(|(_, length)| length.is_some()).map_or(0, |(classes, _)| *classes);
    let length = min.value.iter().flatten().min().copied();
    Ok(Rules {
        length: length.map(|length| (length, min.evidence.clone())),
        classes: (classes, min.evidence.clone()),
        required: [None; 4],
        dictionary: (true, min.evidence),
        root: (enforce.value == "everyone", enforce.evidence),
    })
}

/// The least length that pam_unix itself demands of users: Debian's build has a default, upstream has none.
pub(super) fn unix_length<'a>(host: &Host<'a>, line: &Flat<'a>) -> Result<Option<(u64, Evidence<'a>)>, Why<'a>> {
    if let Some(said) = line.value("minlen") {
        return Ok(leading_number(said).filter(|length| *length > 0).map(|length| (length, Evidence::Decides(line.source.span(said)))));
    }
    match os_release::release(host) {
        None => Err(Why::version_not_known("Linux-PAM")),
        Some(release) if release.is_like(&["debian", "ubuntu"]) => Ok(Some((6, Evidence::Default(&UNIX_MINLEN)))),
        Some(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::effective_length;

    /// Counted by hand from pam_pwquality(8): "credit (of +1 in length) is given for each different kind of character".
    #[test]
    fn positive_credits_shorten_and_negative_ones_demand() {
        assert_eq!(effective_length(8, &[0, 0, 0, 0], 0), 8);
        assert_eq!(effective_length(9, &[1, 1, 1, 1], 0), 5);
        assert_eq!(effective_length(12, &[1, 0, 0, 0], 0), 11);
        assert_eq!(effective_length(14, &[-1, -1, -1, -1], 0), 14);
        assert_eq!(effective_length(12, &[2, -2, 0, 2], 0), 8);
        assert_eq!(effective_length(6, &[-3, -3, -3, 0], 0), 9);
        assert_eq!(effective_length(6, &[5, 5, 0, 0], 4), 4);
    }
}
