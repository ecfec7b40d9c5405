//! What is read of an Oracle host and asked of its databases: one list of files and statements that only read.
//!
//! Each statement runs with SELECT_CATALOG_ROLE and is saved as CSV (SQL*Plus: `SET MARKUP CSV ON`). A form for older releases has a name
//! of its own.

use crate::facts::Reading;

/// Every query's name.
pub(super) const NAMES: [&str; 14] = [
    "parameters",
    "profiles",
    "users",
    "users-11g",
    "system-privileges",
    "role-privileges",
    "password-file",
    "public-grants",
    "audit-policies",
    "audit-policies-121",
    "statement-audit",
    "audit-purge",
    "purge-code",
    "logon-triggers",
];

/// The forms of one query, the newest first.
pub(super) const USERS: [&str; 2] = ["users", "users-11g"];
/// The forms of one query, the newest first.
pub(super) const POLICIES: [&str; 2] = ["audit-policies", "audit-policies-121"];

/// Files and statements.
pub(super) const READS: &[Reading] = &[
    Reading::File("etc/oratab"),
    Reading::File("var/opt/oracle/oratab"),
    Reading::Glob("u01/app/oracle/product/*/*/dbs/init*.ora"),
    Reading::Glob("u01/app/oracle/product/*/*/dbs/spfile*.ora"),
    Reading::Glob("u01/app/oracle/product/*/*/network/admin/*.ora"),
    Reading::Glob("opt/oracle/product/*/*/dbs/init*.ora"),
    Reading::Glob("opt/oracle/product/*/*/dbs/spfile*.ora"),
    Reading::Glob("opt/oracle/product/*/*/network/admin/*.ora"),
    Reading::Glob("u01/app/*/grid/network/admin/*.ora"),
    Reading::Query { name: "parameters", sql: PARAMETERS },
    Reading::Query { name: "profiles", sql: "SELECT profile AS profile, resource_name AS resource_name, limit AS limit FROM dba_profiles" },
    Reading::Query { name: "users", sql: USERS_SQL },
    Reading::Query { name: "users-11g", sql: USERS_11G },
    Reading::Query {
        name: "system-privileges",
        sql: "SELECT grantee AS grantee, privilege AS privilege, admin_option AS admin_option FROM dba_sys_privs",
    },
    Reading::Query {
        name: "role-privileges",
        sql: "SELECT grantee AS grantee, granted_role AS granted_role, admin_option AS admin_option FROM dba_role_privs",
    },
    Reading::Query { name: "password-file", sql: "SELECT username AS username, sysdba AS sysdba, sysoper AS sysoper FROM v$pwfile_users" },
    Reading::Query { name: "public-grants", sql: PUBLIC },
    Reading::Query { name: "audit-policies", sql: POLICIES_SQL },
    Reading::Query { name: "audit-policies-121", sql: POLICIES_121 },
    Reading::Query { name: "statement-audit", sql: STATEMENTS },
    Reading::Query { name: "audit-purge", sql: PURGE },
    Reading::Query { name: "purge-code", sql: CODE },
    Reading::Query {
        name: "logon-triggers",
        sql: "SELECT owner AS owner, trigger_name AS trigger_name, status AS status, base_object_type AS base_object_type FROM dba_triggers WHERE triggering_event LIKE '%LOGON%'",
    },
];

/// Parameters of the instance, one option and the version.
const PARAMETERS: &str = "SELECT LOWER(name) AS name, value AS value FROM v$parameter WHERE LOWER(name) IN ('audit_sys_operations', 'audit_trail', 'o7_dictionary_accessibility', 'os_roles', 'remote_login_passwordfile', 'remote_os_authent', 'remote_os_roles', 'resource_limit', 'sec_case_sensitive_logon', 'sec_max_failed_login_attempts') UNION ALL SELECT 'unified-auditing', value FROM v$option WHERE parameter = 'Unified Auditing' UNION ALL SELECT 'version', version FROM v$instance";

/// Accounts of Oracle 12.1 and later; of a verifier its version alone.
const USERS_SQL: &str = "SELECT username AS username, account_status AS account_status, profile AS profile, authentication_type AS authentication_type, password_versions AS password_versions, oracle_maintained AS oracle_maintained, TO_CHAR(last_login, 'YYYY-MM-DD') AS last_login, CASE WHEN username IN (SELECT username FROM dba_users_with_defpwd) THEN 'Y' ELSE 'N' END AS default_password FROM dba_users";

/// Accounts of Oracle 11.2.
const USERS_11G: &str = "SELECT username AS username, account_status AS account_status, profile AS profile, authentication_type AS authentication_type, password_versions AS password_versions, '' AS oracle_maintained, '' AS last_login, CASE WHEN username IN (SELECT username FROM dba_users_with_defpwd) THEN 'Y' ELSE 'N' END AS default_password FROM dba_users";

/// Packages that reach the network, files, the scheduler or other accounts, where everybody may use them.
const PUBLIC: &str = "SELECT owner AS owner, table_name AS object, privilege AS privilege FROM dba_tab_privs WHERE grantee = 'PUBLIC' AND table_name IN ('DBMS_ADVISOR', 'DBMS_BACKUP_RESTORE', 'DBMS_JAVA', 'DBMS_JAVA_TEST', 'DBMS_JOB', 'DBMS_LDAP', 'DBMS_LOB', 'DBMS_OBFUSCATION_TOOLKIT', 'DBMS_RANDOM', 'DBMS_SCHEDULER', 'DBMS_SQL', 'DBMS_SYS_SQL', 'DBMS_XMLGEN', 'DBMS_XMLQUERY', 'HTTPURITYPE', 'UTL_DBWS', 'UTL_FILE', 'UTL_HTTP', 'UTL_INADDR', 'UTL_MAIL', 'UTL_ORAMTS', 'UTL_SMTP', 'UTL_TCP')";

/// Unified policies in force and what is in them, Oracle 12.2 and later.
const POLICIES_SQL: &str = "SELECT e.policy_name AS policy_name, e.enabled_option AS enabled_option, e.entity_name AS entity_name, e.success AS success, e.failure AS failure, p.audit_option AS audit_option, p.audit_option_type AS audit_option_type, p.audit_condition AS audit_condition FROM audit_unified_enabled_policies e JOIN audit_unified_policies p ON p.policy_name = e.policy_name";

/// The same for Oracle 12.1.
const POLICIES_121: &str = "SELECT e.policy_name AS policy_name, e.enabled_opt AS enabled_option, e.user_name AS entity_name, e.success AS success, e.failure AS failure, p.audit_option AS audit_option, p.audit_option_type AS audit_option_type, p.audit_condition AS audit_condition FROM audit_unified_enabled_policies e JOIN audit_unified_policies p ON p.policy_name = e.policy_name";

/// Options of traditional auditing; no user: all of them.
const STATEMENTS: &str = "SELECT user_name AS user_name, audit_option AS audit_option, success AS success, failure AS failure FROM dba_stmt_audit_opts UNION SELECT user_name, privilege, success, failure FROM dba_priv_audit_opts";

/// Jobs that purge audit trails, and how many days ago the time lies up to which they may.
const PURGE: &str = "SELECT 'job' AS kind, job_name AS name, job_status AS state, audit_trail AS trail, use_last_archive_timestamp AS detail FROM dba_audit_mgmt_cleanup_jobs UNION ALL SELECT 'timestamp', TO_CHAR(rac_instance), '', audit_trail, TO_CHAR(TRUNC(SYSDATE - CAST(last_archive_ts AS DATE))) FROM dba_audit_mgmt_last_arch_ts";

/// Code of jobs and of stored procedures that moves that time or touches the trails.
const CODE: &str = "SELECT 'job' AS kind, owner AS owner, job_name AS name, enabled AS enabled, job_action AS text FROM dba_scheduler_jobs WHERE REGEXP_LIKE(job_action, 'DBMS_AUDIT_MGMT|AUD\\$|UNIFIED_AUDIT_TRAIL', 'i') UNION ALL SELECT 'program', owner, program_name, enabled, program_action FROM dba_scheduler_programs WHERE REGEXP_LIKE(program_action, 'DBMS_AUDIT_MGMT|AUD\\$|UNIFIED_AUDIT_TRAIL', 'i') UNION ALL SELECT 'job', log_user, TO_CHAR(job), DECODE(broken, 'Y', 'FALSE', 'TRUE'), what FROM dba_jobs WHERE REGEXP_LIKE(what, 'DBMS_AUDIT_MGMT|AUD\\$|UNIFIED_AUDIT_TRAIL', 'i') UNION ALL SELECT 'source', owner, name, 'TRUE', text FROM dba_source WHERE owner NOT IN ('SYS', 'AUDSYS', 'SYSTEM', 'XDB', 'LBACSYS', 'DVSYS') AND REGEXP_LIKE(text, 'SET_LAST_ARCHIVE_TIMESTAMP|CLEAN_AUDIT_TRAIL|SYS\\.AUD\\$', 'i')";
