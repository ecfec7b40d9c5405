//! What is asked of a SQL Server instance: one list of statements that only read.
//!
//! Each is saved as CSV (`sqlcmd -s"," -W`). VIEW SERVER STATE and VIEW ANY DEFINITION are enough; of a password only its state leaves the
//! server.

use crate::facts::Reading;

/// Every query's name.
pub(super) const NAMES: [&str; 10] = [
    "settings",
    "logins",
    "role-members",
    "permissions",
    "databases",
    "guests",
    "audits",
    "audit-specifications",
    "services",
    "login-config",
];

/// Files and statements.
pub(super) const READS: &[Reading] = &[
    Reading::File(super::settings::CONF),
    Reading::Query { name: "settings", sql: SETTINGS },
    Reading::Query { name: "logins", sql: LOGINS },
    Reading::Query {
        name: "role-members",
        sql: "SELECT r.name AS role, m.name AS member FROM sys.server_role_members x JOIN sys.server_principals r ON r.principal_id = x.role_principal_id JOIN sys.server_principals m ON m.principal_id = x.member_principal_id",
    },
    Reading::Query {
        name: "permissions",
        sql: "SELECT p.name AS grantee, x.permission_name AS permission, x.state AS state FROM sys.server_permissions x JOIN sys.server_principals p ON p.principal_id = x.grantee_principal_id WHERE x.class = 100",
    },
    Reading::Query { name: "databases", sql: "SELECT name AS name, is_trustworthy_on AS trustworthy FROM sys.databases" },
    Reading::Query { name: "guests", sql: GUESTS },
    Reading::Query {
        name: "audits",
        sql: "SELECT a.name AS audit, a.is_state_enabled AS enabled, a.type AS type, f.max_rollover_files AS max_rollover_files, f.max_files AS max_files, a.predicate AS predicate FROM sys.server_audits a LEFT JOIN sys.server_file_audits f ON f.audit_id = a.audit_id",
    },
    Reading::Query {
        name: "audit-specifications",
        sql: "SELECT s.name AS specification, a.name AS audit, s.is_state_enabled AS enabled, d.audit_action_name AS action FROM sys.server_audit_specifications s JOIN sys.server_audit_specification_details d ON d.server_specification_id = s.server_specification_id LEFT JOIN sys.server_audits a ON a.audit_guid = s.audit_guid",
    },
    Reading::Query { name: "services", sql: "SELECT servicename AS service, service_account AS account FROM sys.dm_server_services" },
    Reading::Query { name: "login-config", sql: "EXEC master.sys.xp_loginconfig" },
];

/// Options, two properties, and what the registry of Windows holds for the network; of a certificate only whether one is named.
const SETTINGS: &str = "SELECT name COLLATE DATABASE_DEFAULT AS name, CAST(value AS nvarchar(60)) AS value, CAST(value_in_use AS nvarchar(60)) AS value_in_use FROM sys.configurations WHERE name IN ('Ad Hoc Distributed Queries', 'Database Mail XPs', 'Ole Automation Procedures', 'clr enabled', 'clr strict security', 'contained database authentication', 'cross db ownership chaining', 'remote access', 'remote admin connections', 'xp_cmdshell') UNION ALL SELECT 'windows-authentication-only', '', CAST(SERVERPROPERTY('IsIntegratedSecurityOnly') AS nvarchar(60)) UNION ALL SELECT CASE value_name WHEN 'ForceEncryption' THEN 'force-encryption' WHEN 'ForceStrict' THEN 'force-strict' WHEN 'HideInstance' THEN 'hide-instance' ELSE 'certificate' END, '', CASE WHEN value_name <> 'Certificate' THEN CAST(value_data AS nvarchar(60)) WHEN CAST(value_data AS nvarchar(400)) = '' THEN 'empty' ELSE 'set' END FROM sys.dm_server_registry WHERE registry_key LIKE '%SuperSocketNetLib' AND value_name IN ('ForceEncryption', 'ForceStrict', 'HideInstance', 'Certificate')";

/// Logins; of a password whether it is empty or the login's own name.
const LOGINS: &str = "SELECT p.name AS name, CONVERT(varchar(200), p.sid, 1) AS sid, p.type AS type, p.is_disabled AS disabled, ISNULL(CAST(s.is_policy_checked AS varchar(1)), '') AS policy_checked, ISNULL(CAST(s.is_expiration_checked AS varchar(1)), '') AS expiration_checked, CASE WHEN s.password_hash IS NULL THEN '' WHEN PWDCOMPARE(N'', s.password_hash) = 1 THEN 'empty' WHEN PWDCOMPARE(p.name, s.password_hash) = 1 THEN 'name' ELSE 'set' END AS password, ISNULL(CONVERT(varchar(10), LOGINPROPERTY(p.name, 'PasswordLastSetTime'), 23), '') AS changed FROM sys.server_principals p LEFT JOIN sys.sql_logins s ON s.principal_id = p.principal_id WHERE p.type IN ('S', 'U', 'G', 'E', 'X', 'C', 'K')";

/// In which databases guest may connect: the same statement in each that is online.
const GUESTS: &str = "DECLARE @all nvarchar(max) = N''; SELECT @all = @all + CASE WHEN @all = N'' THEN N'' ELSE N' UNION ALL ' END + N'SELECT ' + QUOTENAME(name, '''') + N' COLLATE DATABASE_DEFAULT AS name, (SELECT COUNT(*) FROM ' + QUOTENAME(name) + N'.sys.database_permissions WHERE grantee_principal_id = 2 AND permission_name = ''CONNECT'' AND state IN (''G'', ''W'')) AS guest' FROM sys.databases WHERE state = 0; EXEC (@all)";
