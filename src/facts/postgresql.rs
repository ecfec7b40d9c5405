//! PostgreSQL, openGauss and KingbaseES: configuration, client authentication, roles and logs into fact tables.
//!
//! Knows PostgreSQL 10 to 18 by its reference manual and source. openGauss and KingbaseES are told apart by their files and parameters;
//! of their defaults only those that the vendor's pages document are taken. What a running server answers goes before its files; the
//! command line that starts a server is not read, so that only the server's answer shows what it overrides.

mod access;
mod drift;
mod files;
mod hba;
mod installations;
mod logs;
mod parameters;
mod people;
mod reach;
mod roles;
mod rows;
mod settings;
mod transport;
mod values;

use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::{LINUX, Phrase, database};
use crate::schema::neutral::{CRYPTO, DRIFT, LOGS, REMOTE_ACCESS, SERVICES};
use crate::schema::people::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};
use crate::schema::postgresql::{PG_DATABASES, PG_HBA, PG_ROLES, PG_SETTINGS};
use crate::snapshot::Lack;

/// The product's name.
const NAME: &str = "postgresql";

/// PostgreSQL and what derives from it.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "PostgreSQL（含 openGauss、KingbaseES）", en: "PostgreSQL (openGauss and KingbaseES too)" },
    platforms: &[LINUX, database::POSTGRESQL],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob("etc/postgresql/*/*/*.conf"),
        Reading::Glob("etc/postgresql/*/*/conf.d/*.conf"),
        Reading::Glob("var/lib/postgresql/*/*/postgresql.auto.conf"),
        Reading::Glob("var/lib/pgsql/*/data/*.conf"),
        Reading::Glob("var/lib/pgsql/*/data/conf.d/*.conf"),
        Reading::Glob("var/lib/pgsql/*/data/PG_VERSION"),
        Reading::Glob("var/lib/pgsql/data/*.conf"),
        Reading::File("var/lib/pgsql/data/PG_VERSION"),
        Reading::Glob("var/lib/postgresql/data/*.conf"),
        Reading::File("var/lib/postgresql/data/PG_VERSION"),
        Reading::Glob("var/lib/opengauss/data/*.conf"),
        Reading::Glob("opt/huawei/install/data/*/*.conf"),
        Reading::Glob("opt/Kingbase/ES/V*/data/*.conf"),
        Reading::Query { name: "settings", sql: SETTINGS },
        Reading::Query { name: "hba", sql: HBA },
        Reading::Query { name: "roles", sql: ROLES },
        Reading::Query { name: "memberships", sql: MEMBERSHIPS },
        Reading::Query { name: "role-settings", sql: ROLE_SETTINGS },
        Reading::Query { name: "databases", sql: DATABASES },
        Reading::Query { name: "public-grants", sql: PUBLIC_GRANTS },
        Reading::Shared(super::logrotate::READS),
    ],
    fills: &[
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &CRYPTO,
        &DRIFT,
        &LOGS,
        &PG_DATABASES,
        &PG_HBA,
        &PG_ROLES,
        &PG_SETTINGS,
        &PRIVILEGES,
        &REMOTE_ACCESS,
        &SERVICES,
    ],
    derive,
};

/// The settings that are judged, by name: others may hold passwords (`primary_conninfo`).
const SETTINGS: &str = "SELECT name, setting, coalesce(unit, '') AS unit, source, coalesce(sourcefile, '') AS sourcefile, \
    coalesce(sourceline, 0) AS sourceline, context FROM pg_settings WHERE lower(name) IN ('audit_database_process','audit_enabled','audit_file_remain_threshold','audit_file_remain_time','audit_grant_revoke','audit_login_logout','audit_resource_policy','audit_system_object','audit_user_locked','auth_delay.milliseconds','authentication_timeout','credcheck.max_auth_failure','data_directory','enableseparationofduty','failed_login_attempts','hba_file','idle_in_transaction_session_timeout','idle_session_timeout','listen_addresses','log_connections','log_destination','log_directory','log_disconnections','log_file_mode','log_filename','log_line_prefix','log_min_error_statement','log_min_messages','log_rotation_age','log_rotation_size','log_statement','log_truncate_on_rotation','logging_collector','password_effect_time','password_encryption','password_encryption_type','password_lock_time','password_min_length','password_policy','password_reuse_max','password_reuse_time','passwordcheck.enable','passwordcheck.password_length','pgaudit.log','port','session_timeout','shared_preload_libraries','ssl','ssl_ca_file','ssl_min_protocol_version','sys_audlog.error_user_connect_interval','sys_audlog.error_user_connect_times','sysaudit.enable','syslog_facility','unix_socket_permissions','server_version_num','config_file') ORDER BY name";

/// The rules as the server reads its file (10 and later), options that may hold secrets left out.
const HBA: &str = "SELECT line_number, type, array_to_string(database, ',') AS databases, array_to_string(user_name, ',') AS users, \
    coalesce(address, '') AS address, coalesce(netmask, '') AS netmask, auth_method AS method, \
    coalesce(array_to_string(ARRAY(SELECT o FROM unnest(options) AS o WHERE o LIKE 'clientcert=%' OR o LIKE 'radiusservers=%' \
    OR o LIKE 'ldapserver=%'), ' '), '') AS options FROM pg_hba_file_rules";

/// Roles; of a password only how it is stored. A name that `b` does not have is that of `lacking`: openGauss has no rolbypassrls and
/// an attribute SYSADMIN of its own, which stands for a superuser here (openGauss documentation, PG_AUTHID).
const ROLES: &str = "SELECT a.rolname AS role, a.rolcanlogin AS login, a.rolsuper OR (SELECT rolsystemadmin FROM pg_authid b \
    WHERE b.oid = a.oid) AS superuser, a.rolcreaterole AS createrole, a.rolreplication AS replication, (SELECT rolbypassrls \
    FROM pg_authid b WHERE b.oid = a.oid) AS bypassrls, CASE WHEN a.rolvaliduntil IS NULL OR a.rolvaliduntil = 'infinity' \
    THEN 'never' ELSE to_char(a.rolvaliduntil, 'YYYY-MM-DD') END AS valid_until, CASE WHEN a.rolpassword IS NULL THEN 'none' \
    WHEN a.rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256' WHEN a.rolpassword LIKE '%md5%' THEN 'md5' \
    WHEN a.rolpassword LIKE 'sha256%' THEN 'sha256' WHEN a.rolpassword LIKE 'sm3%' THEN 'sm3' ELSE 'other' END AS scheme \
    FROM pg_authid a CROSS JOIN (SELECT false AS rolsystemadmin, false AS rolbypassrls) AS lacking ORDER BY a.rolname";

/// Who is a member of what.
const MEMBERSHIPS: &str = "SELECT r.rolname AS role, m.rolname AS member FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid \
    JOIN pg_roles m ON m.oid = a.member ORDER BY 1, 2";

/// Values that roles and databases have of their own.
const ROLE_SETTINGS: &str = "SELECT role, database, split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value \
    FROM (SELECT coalesce(r.rolname, '') AS role, coalesce(d.datname, '') AS database, unnest(s.setconfig) AS one \
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase) AS q \
    WHERE lower(split_part(one, '=', 1)) IN ('audit_database_process','audit_enabled','audit_file_remain_threshold','audit_file_remain_time','audit_grant_revoke','audit_login_logout','audit_resource_policy','audit_system_object','audit_user_locked','auth_delay.milliseconds','authentication_timeout','credcheck.max_auth_failure','data_directory','enableseparationofduty','failed_login_attempts','hba_file','idle_in_transaction_session_timeout','idle_session_timeout','listen_addresses','log_connections','log_destination','log_directory','log_disconnections','log_file_mode','log_filename','log_line_prefix','log_min_error_statement','log_min_messages','log_rotation_age','log_rotation_size','log_statement','log_truncate_on_rotation','logging_collector','password_effect_time','password_encryption','password_encryption_type','password_lock_time','password_min_length','password_policy','password_reuse_max','password_reuse_time','passwordcheck.enable','passwordcheck.password_length','pgaudit.log','port','session_timeout','shared_preload_libraries','ssl','ssl_ca_file','ssl_min_protocol_version','sys_audlog.error_user_connect_interval','sys_audlog.error_user_connect_times','sysaudit.enable','syslog_facility','unix_socket_permissions','server_version_num','config_file') ORDER BY 1, 2, 3";

/// Databases that can be connected to.
const DATABASES: &str = "SELECT datname AS database FROM pg_database WHERE datallowconn ORDER BY 1";

/// Whether everybody may create in schema public; to be asked in each database, results one below the other under one header.
const PUBLIC_GRANTS: &str = "SELECT current_database() AS database, coalesce((SELECT has_schema_privilege('public', oid, 'CREATE') \
    FROM pg_namespace WHERE nspname = 'public'), false) AS public_create";

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (found, gap) = installations::find(host);
    if found.is_empty() {
        return unseen(host, gap);
    }
    let wants = |wanted: &[&crate::schema::Table]| wanted.iter().any(|table| tables.wants(table));
    let (access, roles_wanted, databases) =
        (wants(&[&PG_HBA, &REMOTE_ACCESS]), wants(&[&ACCOUNTS, &PG_HBA, &PG_ROLES, &PRIVILEGES, &REMOTE_ACCESS]), wants(&[&PG_DATABASES]));
    for installation in &found {
        settings::push(host, installation, &found, tables);
        drift::push(host, installation, tables);
        logs::push(host, installation, tables);
        people::push_policy(host, installation, tables);
        transport::push(host, installation, tables);
        if databases {
            roles::push_databases(host, installation, &found, tables);
        }
        if !roles_wanted {
            continue;
        }
        let roles = roles::read(host, installation, &found);
        let people = roles.people(host);
        roles::push(host, installation, &roles, &people, tables);
        people::push(host, installation, &roles, &people, tables);
        if access {
            let rules = hba::read(host, installation, &found);
            let judged = rows::judge(host, installation, &rules, &roles);
            rows::push(host, installation, &rules, &judged, tables);
            access::push(host, installation, &judged, rules.gap, tables);
        }
    }
    Seen::Present
}

/// What is known where no installation was found.
fn unseen(host: &Host<'_>, gap: Option<(&str, Lack)>) -> Seen {
    const PLACES: [&str; 5] = ["etc/postgresql", "var/lib/pgsql", "var/lib/postgresql", "var/lib/opengauss", "opt/Kingbase"];
    if let Some((_, lack)) = gap {
        return Seen::Lacking(PLACES[0], lack);
    }
    let absent = PLACES.iter().all(|place| host.look(place).lack == Some(Lack::Absent));
    if absent && host.platform() == LINUX { Seen::Absent } else { Seen::Nothing }
}
