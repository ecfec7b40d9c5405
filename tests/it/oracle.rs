//! Oracle: files and exports of one realistic host, and each trap of reading them. Expected values are those of Oracle's Database
//! Reference, SQL Language Reference (CREATE PROFILE), Security Guide and Net Services Reference.

use crate::support::rows;

const HOME: &str = "u01/app/oracle/product/19.0.0/dbhome_1";

const PARAMETERS: &str = "NAME,VALUE\n\"audit_sys_operations\",\"TRUE\"\n\"audit_trail\",\"DB\"\n\"remote_login_passwordfile\",\"EXCLUSIVE\"\n\"resource_limit\",\"TRUE\"\n\"sec_max_failed_login_attempts\",\"3\"\n\"unified-auditing\",\"FALSE\"\n\"version\",\"19.0.0.0.0\"\n";

const USERS: &str = "USERNAME,ACCOUNT_STATUS,PROFILE,AUTHENTICATION_TYPE,PASSWORD_VERSIONS,ORACLE_MAINTAINED,LAST_LOGIN,DEFAULT_PASSWORD\n\
\"SYS\",\"OPEN\",\"DEFAULT\",\"PASSWORD\",\"11G 12C \",\"Y\",\"2026-11-20\",\"N\"\n\
\"PAY\",\"OPEN\",\"APP\",\"PASSWORD\",\"10G 11G 12C \",\"N\",\"\",\"N\"\n\
\"DBSNMP\",\"EXPIRED & LOCKED\",\"DEFAULT\",\"PASSWORD\",\"12C \",\"Y\",\"\",\"Y\"\n\
\"LDAPUSER\",\"LOCKED(TIMED)\",\"APP\",\"GLOBAL\",\"\",\"N\",\"\",\"N\"\n";

const PROFILES: &str = "PROFILE,RESOURCE_NAME,LIMIT\n\
\"DEFAULT\",\"FAILED_LOGIN_ATTEMPTS\",\"10\"\n\
\"DEFAULT\",\"PASSWORD_LOCK_TIME\",\"1\"\n\
\"DEFAULT\",\"PASSWORD_LIFE_TIME\",\"180\"\n\
\"DEFAULT\",\"PASSWORD_GRACE_TIME\",\"7\"\n\
\"DEFAULT\",\"PASSWORD_REUSE_MAX\",\"UNLIMITED\"\n\
\"DEFAULT\",\"PASSWORD_REUSE_TIME\",\"UNLIMITED\"\n\
\"DEFAULT\",\"PASSWORD_VERIFY_FUNCTION\",\"NULL\"\n\
\"DEFAULT\",\"INACTIVE_ACCOUNT_TIME\",\"UNLIMITED\"\n\
\"DEFAULT\",\"IDLE_TIME\",\"UNLIMITED\"\n\
\"APP\",\"FAILED_LOGIN_ATTEMPTS\",\"DEFAULT\"\n\
\"APP\",\"PASSWORD_LOCK_TIME\",\".0104\"\n\
\"APP\",\"PASSWORD_LIFE_TIME\",\"90\"\n\
\"APP\",\"PASSWORD_GRACE_TIME\",\"DEFAULT\"\n\
\"APP\",\"PASSWORD_REUSE_MAX\",\"5\"\n\
\"APP\",\"PASSWORD_REUSE_TIME\",\"365\"\n\
\"APP\",\"PASSWORD_VERIFY_FUNCTION\",\"ORA12C_VERIFY_FUNCTION\"\n\
\"APP\",\"INACTIVE_ACCOUNT_TIME\",\"35\"\n\
\"APP\",\"IDLE_TIME\",\"15\"\n";

const SYSTEM: &str = "GRANTEE,PRIVILEGE,ADMIN_OPTION\n\"DBA\",\"GRANT ANY PRIVILEGE\",\"YES\"\n\"PAY\",\"CREATE SESSION\",\"NO\"\n\"READERS\",\"SELECT ANY TABLE\",\"NO\"\n";
const ROLES: &str = "GRANTEE,GRANTED_ROLE,ADMIN_OPTION\n\"SYS\",\"DBA\",\"YES\"\n\"PAY\",\"STAFF\",\"NO\"\n\"STAFF\",\"READERS\",\"YES\"\n\"READERS\",\"STAFF\",\"NO\"\n";
const PASSWORD_FILE: &str = "USERNAME,SYSDBA,SYSOPER\n\"SYS\",\"TRUE\",\"TRUE\"\n";

const SQLNET: &str = "SQLNET.ENCRYPTION_SERVER = Required # both ends\nSQLNET.EXPIRE_TIME=10\ntcp.validnode_checking = YES\nTCP.INVITED_NODES = (127.0.0.1,\n  10.1.2.*, 10.1.3.0/24)\n";
const LISTENER: &str = "LISTENER =\n  (DESCRIPTION_LIST =\n    (DESCRIPTION =\n      (ADDRESS = (PROTOCOL = TCP)(HOST = db01)(PORT = 1521))\n      (ADDRESS = (PROTOCOL = IPC)(KEY = EXTPROC1521))))\nSID_LIST_LISTENER =\n  (SID_LIST =\n    (SID_DESC = (SID_NAME = PLSExtProc)(PROGRAM = /u01/bin/extproc)))\nADMIN_RESTRICTIONS_LISTENER = on\n";

/// One host with everything but what is about audit.
fn host() -> Vec<(String, &'static str)> {
    let own = |name: &str, text| (format!("commands/oracle.{name}.csv"), text);
    let file = |name: &str, text| (format!("{HOME}/network/admin/{name}"), text);
    vec![
        own("parameters", PARAMETERS),
        own("users", USERS),
        own("profiles", PROFILES),
        own("system-privileges", SYSTEM),
        own("role-privileges", ROLES),
        own("password-file", PASSWORD_FILE),
        file("sqlnet.ora", SQLNET),
        file("listener.ora", LISTENER),
    ]
}

/// Rows of that host.
fn shown(table: &str, columns: &[&str]) -> Vec<String> {
    let files = host();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    rows(&files, &format!("oracle:{table}"), columns)
}

#[test]
fn profiles_resolve_default_and_fractions() {
    let columns =
        ["profile", "used", "failed-attempts@", "lock-time", "life", "grace", "reuse-max", "reuse-time", "verify", "inactive", "idle"];
    let expected = [
        "profile=DEFAULT used=true failed-attempts=10@commands/oracle.profiles.csv:2 lock-time=1d life=180d grace=7d reuse-max=unlimited reuse-time=unlimited verify=- inactive=unlimited idle=unlimited",
        "profile=APP used=true failed-attempts=10@commands/oracle.profiles.csv:11 lock-time=898s life=90d grace=7d reuse-max=5 reuse-time=365d verify=ORA12C_VERIFY_FUNCTION inactive=35d idle=15m",
    ];
    assert_eq!(shown("oracle-profiles", &columns), expected);
}

#[test]
fn accounts_have_their_locks_verifiers_and_roles() {
    let columns = ["name", "enabled", "interactive", "privileged@", "password-state", "password-scheme", "password-max-age", "groups"];
    let expected = [
        "name=SYS enabled=true interactive=true privileged=true@commands/oracle.users.csv:2 password-state=set password-scheme=sha1 password-max-age=180d groups=[DBA]",
        "name=PAY enabled=true interactive=true privileged=false@commands/oracle.users.csv:3 password-state=set password-scheme=des password-max-age=90d groups=[READERS, STAFF]",
        "name=DBSNMP enabled=false interactive=false privileged=false@commands/oracle.users.csv:4 password-state=locked password-scheme=sha512 password-max-age=180d groups=[]",
        "name=LDAPUSER enabled=true interactive=true privileged=false@commands/oracle.users.csv:5 password-state=none password-scheme=- password-max-age=90d groups=[]",
    ];
    assert_eq!(shown("accounts", &columns), expected);
}

#[test]
fn privileges_come_through_roles_of_roles() {
    let columns = ["grantee", "privilege@", "via", "unrestricted", "grantable", "to-everyone"];
    let expected = [
        "grantee=SYS privilege=DBA@commands/oracle.role-privileges.csv:2 via=role unrestricted=true grantable=true to-everyone=false",
        "grantee=SYS privilege=SYSDBA@commands/oracle.password-file.csv:2 via=grant unrestricted=true grantable=true to-everyone=false",
        "grantee=SYS privilege=SYSOPER@commands/oracle.password-file.csv:2 via=grant unrestricted=false grantable=false to-everyone=false",
        "grantee=SYS privilege=GRANT ANY PRIVILEGE@commands/oracle.system-privileges.csv:2 via=role unrestricted=true grantable=true to-everyone=false",
        "grantee=PAY privilege=CREATE SESSION@commands/oracle.system-privileges.csv:3 via=grant unrestricted=false grantable=false to-everyone=false",
        "grantee=PAY privilege=STAFF@commands/oracle.role-privileges.csv:3 via=role unrestricted=false grantable=false to-everyone=false",
        "grantee=PAY privilege=READERS@commands/oracle.role-privileges.csv:4 via=role unrestricted=false grantable=true to-everyone=false",
        "grantee=PAY privilege=SELECT ANY TABLE@commands/oracle.system-privileges.csv:4 via=role unrestricted=false grantable=false to-everyone=false",
    ];
    assert_eq!(shown("privileges", &columns), expected);
}

#[test]
fn the_listener_shows_who_is_admitted_and_how() {
    let columns = [
        "listener",
        "endpoints",
        "network",
        "encrypted@",
        "sources@",
        "breadth",
        "admin-restrictions@",
        "external-procedures@",
        "registration@",
    ];
    let path = format!("{HOME}/network/admin");
    let expected = [format!(
        "listener=LISTENER endpoints=[tcp db01:1521, ipc EXTPROC1521] network=true encrypted=true@{path}/sqlnet.ora:1 sources=[10.1.2.0/23]@{path}/sqlnet.ora:4 breadth=512 admin-restrictions=true@{path}/listener.ora:9 external-procedures=true@{path}/listener.ora:8 registration=?undocumented@nothing"
    )];
    assert_eq!(shown("oracle-listeners", &columns), expected);
    let columns = [
        "scope",
        "enabled",
        "sources",
        "factors",
        "idle-timeout@",
        "login-timeout@",
        "max-attempts@",
        "lockout@",
        "login-hours",
        "root-login",
    ];
    let expected = [
        "scope=oracle LISTENER tcp db01:1521 enabled=true sources=[10.1.2.0/23] factors=1 idle-timeout=unlimited@commands/oracle.profiles.csv:10 login-timeout=?undocumented@u01/app/oracle/product/19.0.0/dbhome_1/network/admin/sqlnet.ora max-attempts=3@commands/oracle.parameters.csv:6 lockout=10@commands/oracle.profiles.csv:2 login-hours=?not-collected root-login=yes",
    ];
    assert_eq!(shown("remote-access", &columns), expected);
}

#[test]
fn password_policies_are_those_of_used_profiles() {
    let columns = ["path", "min-length", "classes", "requirements", "lockout-threshold", "lockout-duration", "password-max-age"];
    let expected = [
        "path=oracle profile DEFAULT min-length=- classes=- requirements=[] lockout-threshold=10 lockout-duration=1d password-max-age=180d",
        "path=oracle profile APP min-length=8 classes=2 requirements=[digit, other] lockout-threshold=10 lockout-duration=898s password-max-age=90d",
    ];
    assert_eq!(shown("authentication-policy", &columns), expected);
}

#[test]
fn several_instances_are_told_apart() {
    let files = [
        ("commands/oracle@PAY1.parameters.csv", "NAME,VALUE\n\"remote_os_authent\",\"TRUE\"\n\"version\",\"19.0.0.0.0\"\n"),
        ("commands/oracle@PAY2.parameters.csv", "NAME,VALUE\n\"remote_os_authent\",\"FALSE\"\n\"version\",\"19.0.0.0.0\"\n"),
    ];
    let expected = [
        "name=remote_os_authent on=true@commands/oracle@PAY1.parameters.csv:2 origin=runtime",
        "name=remote_os_authent on=false@commands/oracle@PAY2.parameters.csv:2 origin=runtime",
    ];
    assert_eq!(rows(&files, "oracle-parameters", &["name", "on@", "origin"]), expected);
}

#[test]
fn a_binary_parameter_file_is_not_read_as_text() {
    let dbs = "opt/oracle/product/19c/dbhome_1/dbs";
    let files = [(format!("{dbs}/spfileORCL.ora"), "C\0\0*.audit_trail='DB'\n"), (format!("{dbs}/initORCL.ora"), "audit_trail=DB\n")];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let all = rows(&files, "oracle-parameters", &["name", "value"]);
    assert!(all.contains(&"name=audit_trail value=?binary".to_owned()), "{all:#?}");
    assert!(all.iter().all(|row| row.contains("?binary") || row.contains("unified-auditing")), "{all:#?}");
    // Nor is the text beside it what the instance was started with; alone it is.
    let running = [("commands/oracle.parameters.csv", "NAME,VALUE\naudit_trail,NONE\n")];
    let columns = ["setting", "file-value", "running-value"];
    assert_eq!(rows(&[&files[..], &running].concat(), "drift", &columns), Vec::<String>::new());
    let absent = [(files[0].0, "!absent"), ("opt/oracle/product/19c/dbhome_1/dbs/spfile.ora", "!absent")];
    let alone = rows(&[&files[1..], &absent, &running].concat(), "oracle:drift", &columns);
    assert_eq!(alone, ["setting=audit_trail file-value=DB running-value=NONE"]);
}

#[test]
fn a_host_without_oracle_has_no_rows() {
    assert_eq!(rows(&[("etc/passwd", "root:x:0:0::/root:/bin/sh\n")], "oracle:oracle-parameters", &["name"]), Vec::<String>::new());
}
