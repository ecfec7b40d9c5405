//! login.defs(5) and useradd's defaults into the table `login-defaults`, and into what others ask of them.
//!
//! Where a key stands twice the last one holds. SUSE keeps the vendor's file under usr/etc and drop-ins in etc/login.defs.d.

use super::NAME;
use super::aging::DAY;
use crate::facts::{Artefact, Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::parse::key_value::{self, Dialect, Quotes, Separator};
use crate::schema::linux::LOGIN_DEFAULTS;
use crate::snapshot::Lack;
use crate::source::Source;

const LOGIN_DEFS: &str = "etc/login.defs";
const USERADD: &str = "etc/default/useradd";

/// etc/default/useradd as useradd reads it: what follows the equals sign is the value, comments and quotes included.
const USERADD_LINES: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#'], comments_after_values: false, quotes: Quotes::Kept, bare_keys: false };

/// The settings of one file or several, the last of which wins.
#[derive(Debug)]
pub(in crate::facts) struct LoginDefs<'a> {
    layers: Vec<(&'a Source<'a>, key_value::Document<'a>)>,
    /// Why a setting could stand in what was not read, if it could.
    gap: Option<Why<'a>>,
    /// What shows that no setting stands elsewhere.
    searched: Evidence<'a>,
}

/// What was found of one setting.
pub(in crate::facts) enum Found<'a> {
    /// This value, with its evidence, lost values included.
    Value(&'a str, &'a [Evidence<'a>]),
    /// Nothing, and where it was looked for.
    Nothing(Evidence<'a>),
    /// Not known.
    Unknown(Why<'a>),
}

impl<'a> LoginDefs<'a> {
    /// No settings yet; a file that lacks is a gap unless it is proven absent.
    fn of(path: &'a str, artefact: Artefact<'a>, dialect: &Dialect) -> LoginDefs<'a> {
        match artefact {
            Artefact::Text(source) => {
                let gap = (!source.complete).then(|| Why::truncated(path));
                let layers = vec![(source, key_value::read(source.text, dialect))];
                LoginDefs { layers, gap, searched: Evidence::Searched(path) }
            }
            Artefact::Lacking(lack) => {
                let gap = (lack != Lack::Absent).then(|| Why::lacking(path, lack));
                LoginDefs { layers: Vec::new(), gap, searched: Evidence::Lacks(path, lack) }
            }
        }
    }

    /// The effective value of a setting.
    pub(in crate::facts) fn find(&self, host: &Host<'a>, key: &str) -> Found<'a> {
        if let Some(why) = self.gap {
            return Found::Unknown(why);
        }
        let mut all = self.layers.iter().flat_map(|(source, document)| document.all(key).map(move |setting| (source, setting))).rev();
        let Some((source, setting)) = all.next() else { return Found::Nothing(self.searched) };
        let lost = all.map(|(source, setting)| Evidence::Shadowed(source.span(setting.line)));
        let pieces: Vec<_> = std::iter::once(Evidence::Decides(source.span(setting.line))).chain(lost.take(8)).collect();
        Found::Value(setting.value, host.evidence(&pieces))
    }
}

/// login.defs(5), read once per host.
pub(in crate::facts) fn login_defs<'h, 'a>(host: &'h Host<'a>) -> &'h LoginDefs<'a> {
    host.shared.login_defs.get_or_init(|| {
        let (path, artefact) = match host.file(LOGIN_DEFS) {
            Artefact::Lacking(Lack::Absent) => match host.file("usr/etc/login.defs") {
                // Only SUSE has the vendor's file: elsewhere its absence need not be proven.
                Artefact::Lacking(Lack::NotCollected) => (LOGIN_DEFS, Artefact::Lacking(Lack::Absent)),
                other => ("usr/etc/login.defs", other),
            },
            other => (LOGIN_DEFS, other),
        };
        let mut defs = LoginDefs::of(path, artefact, &key_value::BLANK_SEPARATED);
        for path in host.matching("etc/login.defs.d/*.defs").paths {
            let layer = LoginDefs::of(path, host.file(path), &key_value::BLANK_SEPARATED);
            defs.gap = defs.gap.or(layer.gap);
            defs.layers.extend(layer.layers);
        }
        defs
    })
}

/// The least id of ordinary accounts.
pub(super) enum IdMinimum<'a> {
    /// This one.
    Known(u64, Evidence<'a>),
    /// Not known, and why.
    Unknown(Why<'a>),
}

static UID_MIN: Documented = Documented { setting: "UID_MIN 1000", versions: "shadow-utils 4.1.5 and later", source: "login.defs(5)" };

/// UID_MIN; a value that is no number counts as not set, as in shadow-utils.
pub(super) fn id_minimum<'a>(host: &Host<'a>) -> IdMinimum<'a> {
    let default = IdMinimum::Known(1000, Evidence::Default(&UID_MIN));
    match login_defs(host).find(host, "UID_MIN") {
        Found::Unknown(why) => IdMinimum::Unknown(why),
        Found::Nothing(_) => default,
        Found::Value(text, evidence) => match number(text).and_then(|number| u64::try_from(number).ok()) {
            Some(minimum) => IdMinimum::Known(minimum, evidence[0]),
            None => default,
        },
    }
}

/// How a setting's value is read.
#[derive(Clone, Copy)]
enum Reading {
    /// Days; a negative number is no limit.
    DaysMost,
    /// Days; a negative number is none.
    DaysLeast,
    /// A number.
    Number,
    /// A text or an octal mode.
    Text,
}

/// What holds where a setting is not set.
#[derive(Clone, Copy)]
enum Default {
    /// This value.
    Value(&'static str, &'static Documented),
    /// Nothing.
    Nothing,
    /// It depends on the version.
    Depends,
}

/// A setting of the table.
struct Row {
    name: &'static str,
    reading: Reading,
    default: Default,
}

/// The settings of login.defs(5), in the order of the table's vocabulary.
static ROWS: &[Row] = &[
    // DES up to 4.13 at least; later releases and distributions differ.
    Row { name: "ENCRYPT_METHOD", reading: Reading::Text, default: Default::Depends },
    Row { name: "HOME_MODE", reading: Reading::Text, default: Default::Nothing },
    Row {
        name: "INACTIVE",
        reading: Reading::DaysMost,
        default: Default::Value(
            "-1",
            &Documented { setting: "INACTIVE=-1", versions: "shadow-utils of any version", source: "useradd(8), option -f" },
        ),
    },
    Row {
        name: "PASS_MAX_DAYS",
        reading: Reading::DaysMost,
        default: Default::Value(
            "-1",
            &Documented { setting: "PASS_MAX_DAYS -1", versions: "shadow-utils of any version", source: "login.defs(5)" },
        ),
    },
    Row {
        name: "PASS_MIN_DAYS",
        reading: Reading::DaysLeast,
        default: Default::Value(
            "0",
            &Documented { setting: "PASS_MIN_DAYS 0", versions: "shadow-utils of any version", source: "login.defs(5)" },
        ),
    },
    Row { name: "PASS_MIN_LEN", reading: Reading::Number, default: Default::Nothing },
    Row {
        name: "PASS_WARN_AGE",
        reading: Reading::DaysLeast,
        default: Default::Value(
            "-1",
            &Documented { setting: "PASS_WARN_AGE -1 (no warning)", versions: "shadow-utils of any version", source: "login.defs(5)" },
        ),
    },
    Row { name: "UID_MIN", reading: Reading::Number, default: Default::Value("1000", &UID_MIN) },
    Row {
        name: "UMASK",
        reading: Reading::Text,
        default: Default::Value(
            "022",
            &Documented { setting: "UMASK 022", versions: "shadow-utils of any version", source: "login.defs(5)" },
        ),
    },
];

/// Fills the table: every setting has its row, its cells unknown where the file was not read.
pub(super) fn fill<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    let useradd = LoginDefs::of(USERADD, host.file(USERADD), &USERADD_LINES);
    for setting in ROWS {
        let file = if setting.name == "INACTIVE" { &useradd } else { login_defs(host) };
        let mut row = host.row(&LOGIN_DEFAULTS, NAME);
        row.set(const { LOGIN_DEFAULTS.column("name") }, Cell::known(Value::Text(setting.name), &[]));
        match (file.find(host, setting.name), setting.default) {
            (Found::Value(text, evidence), _) => known(&mut row, setting.reading, text, "file", evidence),
            (Found::Nothing(searched), Default::Value(text, default)) => {
                known(&mut row, setting.reading, text, "default", host.evidence(&[Evidence::Default(default), searched]));
            }
            (Found::Nothing(searched), Default::Nothing) => readings(&mut row, Cell::unset(host.evidence(&[searched]))),
            (Found::Nothing(searched), Default::Depends) => {
                readings(&mut row, Cell::unknown(Why::version_not_known("shadow-utils"), host.evidence(&[searched])));
            }
            (Found::Unknown(why), _) => readings(&mut row, Cell::unknown(why, &[])),
        }
        tables.push(row);
    }
}

/// Fills the cells of a setting whose text is known.
fn known<'a>(row: &mut crate::facts::RowBuilder<'a>, reading: Reading, text: &'a str, origin: &'static str, evidence: &'a [Evidence<'a>]) {
    readings(row, Cell::unset(evidence));
    let set = |value: Option<Value<'a>>| value.map_or(Cell::unset(evidence), |value| Cell::known(value, evidence));
    let number = number(text);
    let (shown, duration) = match (reading, number) {
        (Reading::DaysMost, Some(..0)) => (Some(Value::Unlimited), Some(Value::Unlimited)),
        (Reading::DaysMost | Reading::DaysLeast, Some(days)) => {
            let seconds = u64::try_from(days).unwrap_or(0).checked_mul(DAY);
            (Some(Value::Integer(days)), seconds.map(Value::Duration))
        }
        (Reading::Number, Some(number)) => (Some(Value::Integer(number)), None),
        _ => (None, None),
    };
    row.set(const { LOGIN_DEFAULTS.column("value") }, set(Some(Value::Text(text))))
        .set(const { LOGIN_DEFAULTS.column("number") }, set(shown))
        .set(const { LOGIN_DEFAULTS.column("duration") }, set(duration))
        .set(const { LOGIN_DEFAULTS.column("origin") }, set(Some(Value::Word(origin))));
}

/// Fills every reading with the same cell.
fn readings<'a>(row: &mut crate::facts::RowBuilder<'a>, cell: Cell<'a>) {
    for column in ["value", "number", "on", "duration", "size", "items", "origin"] {
        if let Some(column) = LOGIN_DEFAULTS.find(column) {
            row.set(column, cell);
        }
    }
}

/// A whole number as shadow-utils reads it: strtol(3) with base 0, nothing behind it.
fn number(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, base) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if digits.len() > 1 && digits.starts_with('0') => (digits, 8),
        None => (digits, 10),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| i64::from_str_radix(digits, base).ok())?.map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_as_strtol_reads_them() {
        let read = ["90", "-1", "+7", "0", "010", "0x1f", "090", "90 # days", "", "-", "99999999999999999999"].map(number);
        let expected = [Some(90), Some(-1), Some(7), Some(0), Some(8), Some(31), None, None, None, None, None];
        assert_eq!(read, expected);
    }
}
