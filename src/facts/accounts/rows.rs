//! Accounts with their shadow lines and groups into rows of `accounts`.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::NAME;
use super::aging::{self, Aging};
use super::database::{Account, Database, Shadow};
use super::login_defaults::{self, IdMinimum};
use super::password::{self, Password};
use crate::facts::{Cell, Documented, Evidence, Host, State, Tables, Value, Why, authorized_keys};
use crate::names::Phrase;
use crate::schema::neutral::ACCOUNTS;
use crate::source::Source;

/// Ids that stand for nobody: the kernel's overflow id, and the same in 32 bits.
const NOBODY: [u32; 2] = [65_534, 4_294_967_294];

/// The most other accounts with the same id that are listed.
const SAME_ID_MOST: usize = 64;

/// Ids below this are assigned by distributions themselves (Linux Standard Base, "User and group ID").
const ASSIGNED_BELOW: u32 = 100;

/// Programs that end a login at once or do one thing that is no work; in the directories of [`SHELL_DIRECTORIES`].
const NO_SHELLS: &[&str] = &["false", "halt", "nologin", "shutdown", "sync", "true"];

/// Directories whose programs are taken for what their names say.
const SHELL_DIRECTORIES: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

/// Names that several people commonly share.
const SHARED_NAMES: &[&str] = &[
    "admin",
    "administrator",
    "app",
    "common",
    "demo",
    "dev",
    "developer",
    "guest",
    "manager",
    "oper",
    "operator",
    "ops",
    "public",
    "share",
    "shared",
    "support",
    "temp",
    "test",
    "tester",
    "user",
    "vendor",
    "yunwei",
];

/// Accounts that Debian's base-passwd and the setup package of RHEL, openEuler and SUSE ship.
const VENDOR_NAMES: &[&str] = &[
    "adm", "backup", "bin", "daemon", "ftp", "games", "gnats", "gopher", "halt", "irc", "list", "lp", "mail", "man", "news", "nobody",
    "operator", "proxy", "root", "shutdown", "sync", "sys", "uucp", "www-data",
];

static EMPTY_SHELL: Documented = Documented { setting: "an empty shell field is /bin/sh", versions: "every version", source: "passwd(5)" };
static DIRECTORY_ID: Documented = Documented {
    setting: "ids below 100 belong to the distribution, 65534 to nobody",
    versions: "every version",
    source: "Linux Standard Base Core, User and Group ID",
};
static LOGIN_TIMES: Phrase = Phrase {
    zh: "登录时段由 PAM（{}）限定，见 remote-access 表",
    en: "login times are limited by PAM ({}): see the table remote-access",
};
static MASKED: Phrase = Phrase { zh: "{} 的口令字段被采集工具遮盖", en: "the collector masked the password field of {}" };
static SCHEME: Phrase = Phrase { zh: "{} 的口令散列算法不明", en: "the hash scheme of {}'s password is not known" };
static KEYS: Phrase = Phrase {
    zh: "{} 没有可用口令，但可能接受公钥，未采集其 authorized_keys",
    en: "{} has no usable password but may accept keys: its authorized_keys was not collected",
};
static UNDATED: Phrase = Phrase {
    zh: "采集日期未知，无法判断 {} 是否已到期",
    en: "without a date of collection, whether {} has expired cannot be told",
};

/// What every row of a host needs.
struct Filler<'a, 'd> {
    host: &'d Host<'a>,
    database: &'d Database<'a>,
    passwd: &'a Source<'a>,
    id_minimum: IdMinimum<'a>,
    /// Ids with places in the list of accounts, sorted.
    ids: Vec<(u32, usize)>,
    names: Vec<&'a str>,
    /// Day of collection.
    today: Option<Date>,
}

/// The day on which the host was collected, in UTC.
pub(super) fn collected_on(host: &Host<'_>) -> Option<Date> {
    host.asset().description.collected_at.map(|instant| instant.to_zoned(TimeZone::UTC).date())
}

/// Fills the table.
pub(super) fn fill<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&ACCOUNTS) {
        return;
    }
    if let Some(passwd) = database.passwd.text() {
        let mut ids: Vec<_> = database.accounts.iter().enumerate().map(|(at, account)| (account.id, at)).collect();
        ids.sort_unstable();
        let mut names: Vec<_> = database.accounts.iter().map(Account::name).collect();
        names.sort_unstable();
        let today = collected_on(host);
        let filler = Filler { host, database, passwd, id_minimum: login_defaults::id_minimum(host), ids, names, today };
        for account in &database.accounts {
            filler.push(account, tables);
        }
        for record in &database.opaque {
            let why = Why::not_understood(record.fields[0]);
            let mut gap = host.gap(&ACCOUNTS, NAME, why);
            let evidence = host.evidence(&[Evidence::Decides(passwd.span(record.fields[0]))]);
            gap.set(const { ACCOUNTS.column("name") }, Cell::unknown(why, evidence));
            tables.push(gap);
        }
    }
    if let Some(why) = database.missing_accounts() {
        tables.push(host.gap(&ACCOUNTS, NAME, why));
    }
}

impl<'a> Filler<'a, '_> {
    /// Adds the row of one account.
    fn push(&self, account: &Account<'a>, tables: &mut Tables<'a>) {
        let [name, .., home, shell] = account.record.fields;
        let host = self.host;
        let line = host.evidence(&[Evidence::Decides(self.passwd.span(account.record.line))]);
        let known = |value| Cell::known(value, line);
        let (password, aging) = self.password(account);
        let keys = authorized_keys::count(host, name, home, shell);
        let interactive = is_interactive(shell);
        let mut row = host.row(&ACCOUNTS, NAME);
        row.set(const { ACCOUNTS.column("name") }, known(Value::Text(name)))
            .set(const { ACCOUNTS.column("id") }, known(Value::Integer(i64::from(account.id))))
            .set(const { ACCOUNTS.column("enabled") }, self.enabled(account, &password, &aging, interactive, &keys))
            .set(const { ACCOUNTS.column("interactive") }, host.decided(Value::Boolean(interactive), self.passwd, shell))
            .set(const { ACCOUNTS.column("privileged") }, known(Value::Boolean(account.id == 0)))
            .set(const { ACCOUNTS.column("system") }, self.system(account))
            .set(const { ACCOUNTS.column("password-state") }, password.state)
            .set(const { ACCOUNTS.column("password-scheme") }, password.scheme)
            .set(const { ACCOUNTS.column("password-max-age") }, aging.maximum)
            .set(const { ACCOUNTS.column("password-min-age") }, aging.minimum)
            .set(const { ACCOUNTS.column("password-warning") }, aging.warning)
            .set(const { ACCOUNTS.column("inactive-lock") }, aging.inactive)
            .set(const { ACCOUNTS.column("expires") }, aging.expires)
            .set(const { ACCOUNTS.column("last-change") }, aging.last_change)
            .set(const { ACCOUNTS.column("last-login") }, Cell::unknown(Why::not_collected("var/log/lastlog"), &[]))
            .set(const { ACCOUNTS.column("same-id") }, self.same_id(account, line))
            .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(self.is_repeated(name))))
            .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(is_among(SHARED_NAMES, name))))
            .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(VENDOR_NAMES.contains(&name))))
            .set(const { ACCOUNTS.column("login-hours") }, Cell::unknown(Why::new("judged-elsewhere", &LOGIN_TIMES, "pam_time"), &[]))
            .set(const { ACCOUNTS.column("shell") }, self.shell(shell))
            .set(const { ACCOUNTS.column("home") }, known(Value::Text(home)))
            .set(const { ACCOUNTS.column("groups") }, self.groups(account, line))
            .set(const { ACCOUNTS.column("keys") }, keys)
            .set(const { ACCOUNTS.column("source") }, known(Value::Text("files")));
        tables.push(row);
    }

    /// What the account's password is, and its aging.
    fn password(&self, account: &Account<'a>) -> (PasswordCells<'a>, Aging<'a>) {
        let [name, field, ..] = account.record.fields;
        match password::passwd(field) {
            Password::InShadow => match self.database.shadow(name) {
                Shadow::Line(source, record) => {
                    let field = record.fields[1];
                    (self.password_cells(name, &password::shadow(field), source, field), Aging::read(self.host, source, record))
                }
                Shadow::Unknown(why) => {
                    let evidence = self.host.evidence(&[Evidence::Reference(self.passwd.span(field))]);
                    (
                        PasswordCells { state: Cell::unknown(why, evidence), scheme: Cell::unknown(why, evidence) },
                        Aging::unknown(why, evidence),
                    )
                }
            },
            password => {
                let evidence = self.host.evidence(&[Evidence::Decides(self.passwd.span(field))]);
                (self.password_cells(name, &password, self.passwd, field), Aging::none(evidence))
            }
        }
    }

    /// State and scheme of a password that stands in a field.
    fn password_cells(&self, name: &'a str, password: &Password<'a>, source: &Source<'a>, field: &'a str) -> PasswordCells<'a> {
        let evidence = self.host.evidence(&[Evidence::Decides(source.span(field))]);
        let word = |word| Cell::known(Value::Word(word), evidence);
        let masked = Why::new("masked", &MASKED, name);
        let (state, scheme) = match password {
            Password::Masked | Password::InShadow => (Cell::unknown(masked, evidence), Cell::unknown(masked, evidence)),
            Password::Empty => (word("empty"), Cell::unset(evidence)),
            Password::None => (word("none"), Cell::unset(evidence)),
            Password::Stored { locked, scheme, .. } => {
                let scheme = scheme.map_or(Cell::unknown(Why::new("scheme-not-known", &SCHEME, name), evidence), word);
                (word(if *locked { "locked" } else { "set" }), scheme)
            }
        };
        PasswordCells { state, scheme }
    }

    /// Whether somebody can log in as the account.
    fn enabled(
        &self,
        account: &Account<'a>,
        password: &PasswordCells<'a>,
        aging: &Aging<'a>,
        interactive: bool,
        keys: &Cell<'a>,
    ) -> Cell<'a> {
        let decided = |value, cell: &Cell<'a>| Cell::known(Value::Boolean(value), cell.evidence);
        let usable = match password.state.state {
            State::Known(Value::Word("set" | "empty")) => Some(true),
            State::Known(_) | State::Unset => Some(false),
            State::Unknown(..) => None,
        };
        match (aging::is_closed(aging, self.today), usable) {
            (Some(true), _) => decided(false, &aging.expires),
            (_, Some(false)) if !interactive => decided(false, &password.state),
            (None, _) if aging.expires.value().is_some() => {
                Cell::unknown(Why::new("undated", &UNDATED, account.name()), aging.expires.evidence)
            }
            (None, _) => aging.expires,
            (_, Some(true)) => decided(true, &password.state),
            (_, Some(false)) => match keys.value() {
                Some(Value::Integer(count)) => decided(count > 0, keys),
                _ => Cell::unknown(Why::new("not-collected", &KEYS, account.name()), password.state.evidence),
            },
            (_, None) => password.state,
        }
    }

    /// Whether the id is one of the system's.
    fn system(&self, account: &Account<'a>) -> Cell<'a> {
        let field = Evidence::Decides(self.passwd.span(account.record.fields[2]));
        if account.id < ASSIGNED_BELOW || NOBODY.contains(&account.id) {
            return Cell::known(Value::Boolean(true), self.host.evidence(&[field, Evidence::Default(&DIRECTORY_ID)]));
        }
        match self.id_minimum {
            IdMinimum::Known(minimum, evidence) => {
                Cell::known(Value::Boolean(u64::from(account.id) < minimum), self.host.evidence(&[field, evidence]))
            }
            IdMinimum::Unknown(why) => Cell::unknown(why, self.host.evidence(&[field])),
        }
    }

    /// Other accounts with the same id.
    fn same_id(&self, account: &Account<'a>, line: &'a [Evidence<'a>]) -> Cell<'a> {
        let from = self.ids.partition_point(|(id, _)| *id < account.id);
        let same = self.ids[from..].iter().take_while(|(id, _)| *id == account.id);
        let others = same.filter_map(|(_, at)| self.database.accounts.get(*at)).filter(|other| other.record.line != account.record.line);
        let mut pieces = vec![];
        let mut values = vec![];
        for other in others {
            if values.len() == SAME_ID_MOST {
                values.push(Value::Opaque("…"));
                break;
            }
            values.push(Value::Text(other.name()));
            pieces.push(Evidence::Reference(self.passwd.span(other.record.line)));
        }
        if values.is_empty() {
            return Cell::known(Value::List(&[]), line);
        }
        pieces.insert(0, line[0]);
        Cell::known(Value::List(self.host.arena().alloc_slice_copy(&values)), self.host.evidence(&pieces))
    }

    /// Whether another line has the same name.
    fn is_repeated(&self, name: &str) -> bool {
        let from = self.names.partition_point(|other| *other < name);
        self.names.get(from + 1).is_some_and(|next| *next == name)
    }

    /// The shell, `/bin/sh` where the field is empty.
    fn shell(&self, shell: &'a str) -> Cell<'a> {
        if shell.is_empty() {
            let pieces = [Evidence::Decides(self.passwd.span(shell)), Evidence::Default(&EMPTY_SHELL)];
            return Cell::known(Value::Text("/bin/sh"), self.host.evidence(&pieces));
        }
        self.host.decided(Value::Text(shell), self.passwd, shell)
    }

    /// The groups, its own first.
    fn groups(&self, account: &Account<'a>, line: &'a [Evidence<'a>]) -> Cell<'a> {
        if let Some(why) = self.database.missing_groups() {
            return Cell::unknown(why, line);
        }
        let own = self.database.group_of(account.group_id);
        let number = || self.host.text(&format!("#{}", account.group_id));
        let mut names = vec![own.map_or_else(number, |group| group.name())];
        for group in self.database.memberships(account.name()) {
            if !names.contains(&group.name()) && self.host.spend(1) {
                names.push(group.name());
            }
        }
        Cell::known(self.host.texts(&names), line)
    }
}

/// State and scheme of a password.
struct PasswordCells<'a> {
    state: Cell<'a>,
    scheme: Cell<'a>,
}

/// Whether a shell lets somebody work; an empty one is `/bin/sh`.
pub(in crate::facts) fn is_interactive(shell: &str) -> bool {
    let ends = |directory: &str| shell.strip_prefix(directory).is_some_and(|name| NO_SHELLS.contains(&name));
    shell != "/dev/null" && !SHELL_DIRECTORIES.iter().any(|directory| ends(directory))
}

/// Whether a name is in a sorted list, whatever its case.
fn is_among(list: &[&str], name: &str) -> bool {
    list.iter().any(|item| item.eq_ignore_ascii_case(name))
}
