//! The server's variables that rules ask about: how each is written, and its default by product and version.
//!
//! Defaults are those of the MySQL reference manuals 5.7, 8.0 and 8.4 ("Server System Variables") and of the MariaDB knowledge base
//! ("Server System Variables"); those of MariaDB 10.11 were compared with `mariadbd --verbose --help`.

use super::super::Documented;
use super::server::Server;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// On or off.
    Switch,
    /// The base name of files, which switches them on; without one they have a name by the host.
    Files,
    /// A whole number, perhaps with K, M or G.
    Number,
    /// A number of which 0 stands for none at all.
    NumberOrUnlimited,
    /// Bytes.
    Size,
    /// Bytes, and 0 for no limit.
    SizeOrUnlimited,
    /// Seconds.
    Seconds,
    /// Seconds, and 0 for no limit.
    SecondsOrUnlimited,
    /// Days, and 0 for no limit.
    DaysOrUnlimited,
    /// Text.
    Text,
    /// Texts with commas between them.
    List,
    /// A level of validate_password.
    Level,
}

/// In which products and versions a default holds.
#[derive(Debug)]
pub(super) struct Preset {
    mariadb: bool,
    from: [u32; 3],
    before: [u32; 3],
    /// `name=value`; without an equals sign nothing is set.
    pub documented: Documented,
    /// Whether the pages leave the value to how the package was built.
    pub left_open: bool,
}

/// One variable.
#[derive(Debug)]
pub(super) struct Variable {
    pub name: &'static str,
    pub shape: Shape,
    /// None for a variable of a plugin: it is there only while that is loaded.
    pub defaults: &'static [Preset],
}

const EVER: [u32; 3] = [u32::MAX, 0, 0];
const MYSQL_MANUAL: &str = "MySQL Reference Manual, Server System Variables";
const MARIADB_PAGES: &str = "MariaDB documentation, Server System Variables";

const fn of(mariadb: bool, setting: &'static str, versions: &'static str, from: [u32; 3], before: [u32; 3]) -> Preset {
    let source = if mariadb { MARIADB_PAGES } else { MYSQL_MANUAL };
    Preset { mariadb, from, before, documented: Documented { setting, versions, source }, left_open: false }
}

/// A default of every version of MySQL.
const fn mysql(setting: &'static str) -> Preset {
    of(false, setting, "MySQL 5.7, 8.0 and 8.4", [0; 3], EVER)
}

/// A default of every version of MariaDB.
const fn mariadb(setting: &'static str) -> Preset {
    of(true, setting, "MariaDB 10 and 11", [0; 3], EVER)
}

/// A default of MySQL 5.7.
const fn mysql5(setting: &'static str) -> Preset {
    of(false, setting, "MySQL 5.7", [0; 3], [8, 0, 0])
}

/// A default of MySQL 8.0 and later.
const fn mysql8(setting: &'static str) -> Preset {
    of(false, setting, "MySQL 8.0 and 8.4", [8, 0, 0], EVER)
}

/// A default that depends on how the package was built.
const fn built(setting: &'static str) -> Preset {
    Preset { left_open: true, ..mysql(setting) }
}

const fn variable(name: &'static str, shape: Shape, defaults: &'static [Preset]) -> Variable {
    Variable { name, shape, defaults }
}

/// Every variable, sorted by name.
pub(super) static VARIABLES: &[Variable] = &[
    variable("audit_log_max_size", Shape::SizeOrUnlimited, &[]),
    variable("audit_log_prune_seconds", Shape::SecondsOrUnlimited, &[]),
    variable("audit_log_rotate_on_size", Shape::SizeOrUnlimited, &[]),
    variable("authentication_policy", Shape::Text, &[of(false, "authentication_policy=*,,", "MySQL 8.0.27 and later", [8, 0, 27], EVER)]),
    variable("bind_address", Shape::List, &[mysql("bind_address=*"), mariadb("bind_address=*")]),
    variable(
        "binlog_expire_logs_seconds",
        Shape::SecondsOrUnlimited,
        &[
            of(false, "binlog_expire_logs_seconds=2592000", "MySQL 8.0.11 and later", [8, 0, 11], EVER),
            of(true, "binlog_expire_logs_seconds=0", "MariaDB 10.6 and later", [10, 6, 1], EVER),
        ],
    ),
    variable("connect_timeout", Shape::Seconds, &[mysql("connect_timeout=10"), mariadb("connect_timeout=10")]),
    variable("connection_control_failed_connections_threshold", Shape::NumberOrUnlimited, &[]),
    variable(
        "default_authentication_plugin",
        Shape::Text,
        &[
            mysql5("default_authentication_plugin=mysql_native_password"),
            of(false, "default_authentication_plugin=caching_sha2_password", "MySQL 8.0", [8, 0, 0], [8, 4, 0]),
        ],
    ),
    variable(
        "default_password_lifetime",
        Shape::DaysOrUnlimited,
        &[
            of(false, "default_password_lifetime=0", "MySQL 5.7.11 and later", [5, 7, 11], EVER),
            of(true, "default_password_lifetime=0", "MariaDB 10.4.3 and later", [10, 4, 3], EVER),
        ],
    ),
    variable(
        "expire_logs_days",
        Shape::DaysOrUnlimited,
        &[of(false, "expire_logs_days=0", "MySQL 5.7 and 8.0", [0; 3], [8, 4, 0]), mariadb("expire_logs_days=0")],
    ),
    variable("general_log", Shape::Switch, &[mysql("general_log=OFF"), mariadb("general_log=OFF")]),
    variable("general_log_file", Shape::Text, &[mysql("general_log_file"), mariadb("general_log_file")]),
    variable("interactive_timeout", Shape::Seconds, &[mysql("interactive_timeout=28800"), mariadb("interactive_timeout=28800")]),
    variable("local_infile", Shape::Switch, &[mysql5("local_infile=ON"), mysql8("local_infile=OFF"), mariadb("local_infile=ON")]),
    variable("log_bin", Shape::Files, &[mysql5("log_bin=OFF"), mysql8("log_bin=ON"), mariadb("log_bin=OFF")]),
    variable("log_error", Shape::Text, &[mysql("log_error"), mariadb("log_error")]),
    variable("log_error_verbosity", Shape::Number, &[mysql5("log_error_verbosity=3"), mysql8("log_error_verbosity=2")]),
    variable("log_output", Shape::List, &[mysql("log_output=FILE"), mariadb("log_output=FILE")]),
    variable(
        "log_warnings",
        Shape::Number,
        &[mysql5("log_warnings=2"), of(true, "log_warnings=2", "MariaDB 10.2.4 and later", [10, 2, 4], EVER)],
    ),
    variable(
        "max_password_errors",
        Shape::Number,
        &[of(true, "max_password_errors=4294967295", "MariaDB 10.4.2 and later", [10, 4, 2], EVER)],
    ),
    variable("password_history", Shape::Number, &[mysql8("password_history=0")]),
    variable("password_reuse_interval", Shape::Number, &[mysql8("password_reuse_interval=0")]),
    variable("port", Shape::Number, &[mysql("port=3306"), mariadb("port=3306")]),
    variable(
        "require_secure_transport",
        Shape::Switch,
        &[mysql("require_secure_transport=OFF"), of(true, "require_secure_transport=OFF", "MariaDB 10.5.2 and later", [10, 5, 2], EVER)],
    ),
    variable("secure_file_priv", Shape::Text, &[built("secure_file_priv"), mariadb("secure_file_priv=")]),
    variable("server_audit_events", Shape::List, &[]),
    variable("server_audit_excl_users", Shape::List, &[]),
    variable("server_audit_file_path", Shape::Text, &[]),
    variable("server_audit_file_rotate_size", Shape::Size, &[]),
    variable("server_audit_file_rotations", Shape::Number, &[]),
    variable("server_audit_incl_users", Shape::List, &[]),
    variable("server_audit_logging", Shape::Switch, &[]),
    variable("server_audit_output_type", Shape::Text, &[]),
    variable("simple_password_check_digits", Shape::Number, &[]),
    variable("simple_password_check_letters_same_case", Shape::Number, &[]),
    variable("simple_password_check_minimal_length", Shape::Number, &[]),
    variable("simple_password_check_other_characters", Shape::Number, &[]),
    variable("skip_grant_tables", Shape::Switch, &[mysql("skip_grant_tables=OFF"), mariadb("skip_grant_tables=OFF")]),
    variable("skip_networking", Shape::Switch, &[mysql("skip_networking=OFF"), mariadb("skip_networking=OFF")]),
    variable("ssl_cert", Shape::Text, &[mysql("ssl_cert"), mariadb("ssl_cert")]),
    variable(
        "symbolic_links",
        Shape::Switch,
        &[
            mysql5("symbolic_links=ON"),
            of(false, "symbolic_links=OFF", "MySQL 8.0.2 and later", [8, 0, 2], EVER),
            mariadb("symbolic_links=ON"),
        ],
    ),
    variable(
        "tls_version",
        Shape::List,
        &[
            mysql5("tls_version=TLSv1,TLSv1.1,TLSv1.2"),
            of(false, "tls_version=TLSv1,TLSv1.1,TLSv1.2,TLSv1.3", "MySQL 8.0.16 to 8.0.27", [8, 0, 0], [8, 0, 28]),
            of(false, "tls_version=TLSv1.2,TLSv1.3", "MySQL 8.0.28 and later", [8, 0, 28], EVER),
            // Later releases of a series dropped TLS 1.1, which its number does not show.
            of(true, "tls_version=TLSv1.1,TLSv1.2,TLSv1.3", "MariaDB before late 2023", [10, 4, 6], EVER),
            of(true, "tls_version=TLSv1.2,TLSv1.3", "MariaDB from late 2023 on", [10, 4, 6], EVER),
        ],
    ),
    variable("user", Shape::Text, &[mysql("user"), mariadb("user")]),
    variable("validate_password.length", Shape::Number, &[]),
    variable("validate_password.mixed_case_count", Shape::Number, &[]),
    variable("validate_password.number_count", Shape::Number, &[]),
    variable("validate_password.policy", Shape::Level, &[]),
    variable("validate_password.special_char_count", Shape::Number, &[]),
    variable("version", Shape::Text, &[]),
    variable("wait_timeout", Shape::Seconds, &[mysql("wait_timeout=28800"), mariadb("wait_timeout=28800")]),
];

impl Variable {
    /// The defaults that may hold on a server, and whether some server like it may lack the variable.
    pub(super) fn defaults_of(&self, server: &Server<'_>) -> (Vec<&'static Preset>, bool) {
        let possible: Vec<&'static Preset> = self.defaults.iter().filter(|it| it.may_hold(server)).collect();
        let version = server.numbers();
        let certain = |it: &&Preset| server.mariadb == Some(it.mariadb) && version.is_some_and(|numbers| it.surely_holds(numbers));
        let whole_family = |it: &&Preset| server.mariadb == Some(it.mariadb) && it.from == [0; 3] && it.before == EVER;
        let sure = possible.iter().any(|it| certain(it) || whole_family(it)) || self.spans_every_family(server);
        (possible, !sure)
    }

    /// Whether the defaults together leave out no version of the server's product, or of both where it is not known.
    fn spans_every_family(&self, server: &Server<'_>) -> bool {
        let spans = |mariadb: bool| {
            let mut of_family: Vec<&Preset> = self.defaults.iter().filter(|it| it.mariadb == mariadb).collect();
            of_family.sort_unstable_by_key(|it| it.from);
            let mut reached = [0; 3];
            for it in of_family {
                // Releases of 8.0 before 8.0.11 were not for production.
                let early = it.from <= [8, 0, 11] && reached == [8, 0, 0];
                if it.from <= reached || early {
                    reached = reached.max(it.before);
                }
            }
            reached == EVER
        };
        server.mariadb.map_or_else(|| spans(true) && spans(false), spans)
    }
}

impl Preset {
    /// Whether it can be the default of a server.
    fn may_hold(&self, server: &Server<'_>) -> bool {
        let family = server.mariadb.is_none_or(|mariadb| mariadb == self.mariadb);
        let version = server.numbers().is_none_or(|(major, minor, patch)| {
            let lowest = [major, minor, patch.unwrap_or(0)];
            let highest = [major, minor, patch.unwrap_or(u32::MAX)];
            self.from <= highest && lowest < self.before
        });
        family && version
    }

    /// Whether it is the default of every release with these numbers.
    fn surely_holds(&self, (major, minor, patch): (u32, u32, Option<u32>)) -> bool {
        self.from <= [major, minor, patch.unwrap_or(0)] && [major, minor, patch.unwrap_or(u32::MAX)] < self.before
    }

    /// The value; none where nothing is set.
    pub(super) fn value(&'static self) -> Option<&'static str> {
        self.documented.setting.split_once('=').map(|(_, value)| value)
    }
}

/// How an option's name stands before a variable's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    On,
    Off,
}

/// Which variables an option sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// This one, of [`VARIABLES`].
    One(usize, Form),
    /// It is short for one of these, or for an option that is not known here.
    Short(Vec<usize>),
    /// None of them.
    None,
}

/// Options of their own whose names begin those of variables.
const OWN: [&str; 7] = ["audit_log", "connection_control", "log", "server_audit", "simple_password_check", "ssl", "validate_password"];

/// The variable that an option's name means: `-` and `_` are the same, `loose-`, `skip-`, `disable-`, `enable-` and `maximum-` stand
/// before names, and names can be cut short (manual, "Program Option Modifiers").
pub(super) fn named(option: &str) -> Named {
    let name = option.replace('-', "_");
    let name = name.strip_prefix("loose_").unwrap_or(&name);
    let forms = [("", Form::Plain), ("skip_", Form::Off), ("disable_", Form::Off), ("enable_", Form::On)];
    for (prefix, form) in forms {
        let Some(rest) = name.strip_prefix(prefix) else { continue };
        let rest = rest.replacen("validate_password_", "validate_password.", 1);
        if let Ok(place) = VARIABLES.binary_search_by(|variable| variable.name.cmp(&rest))
            && rest != "version"
        {
            return Named::One(place, form);
        }
    }
    for (prefix, _) in forms {
        let Some(rest) = name.strip_prefix(prefix).filter(|rest| rest.len() > 1 && !OWN.contains(rest)) else { continue };
        let short: Vec<usize> = (0..VARIABLES.len()).filter(|place| VARIABLES[*place].name.starts_with(rest)).collect();
        if !short.is_empty() {
            return Named::Short(short);
        }
    }
    Named::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::mysql::MYSQL_SETTINGS;

    #[test]
    fn variables_are_the_vocabulary() {
        assert!(VARIABLES.is_sorted_by(|left, right| left.name < right.name));
        let names: Vec<&str> = MYSQL_SETTINGS.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(VARIABLES.iter().map(|variable| variable.name).collect::<Vec<_>>(), names);
    }

    #[test]
    fn names_are_found_behind_prefixes() {
        let found = |option: &str| match named(option) {
            Named::One(place, form) => format!("{} {form:?}", VARIABLES[place].name),
            Named::Short(places) => format!("{} short", places.len()),
            Named::None => "none".to_owned(),
        };
        assert_eq!(found("local-infile"), "local_infile Plain");
        assert_eq!(found("loose-skip-local_infile"), "local_infile Off");
        assert_eq!(found("skip-networking"), "skip_networking Plain");
        assert_eq!(found("enable-general-log"), "general_log On");
        assert_eq!(found("validate-password-length"), "validate_password.length Plain");
        assert_eq!(found("skip-grant"), "1 short");
        assert_eq!(found("max_connections"), "none");
        assert_eq!(found("ssl"), "none");
    }
}
