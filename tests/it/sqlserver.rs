//! SQL Server: exports of one realistic instance. Expected values are those of Microsoft Learn (sys.server_principals, "Server-level
//! roles", sys.server_file_audits, mssql-conf).

use crate::support::rows;

const SETTINGS: &str = "name,value,value_in_use\n----,-----,------------\nxp_cmdshell,1,0\nremote access,1,1\nwindows-authentication-only,,0\nforce-encryption,,1\ncertificate,,empty\n\n(5 rows affected)\n";
const LOGINS: &str = "name,sid,type,disabled,policy_checked,expiration_checked,password,changed\n\
sa,0x01,S,0,1,0,set,2026-01-01\n\
BANK\\dba,0x0105,G,0,,,,\n\
pay,0xBB,S,0,1,1,name,2026-10-01\n\
##MS_PolicyTsqlExecutionLogin##,0xAA,S,1,1,0,set,2026-01-01\n";
const MEMBERS: &str = "role,member\nsysadmin,sa\nops,pay\nsecurityadmin,ops\n";
const PERMISSIONS: &str = "grantee,permission,state\npublic,VIEW ANY DATABASE,G\npay,CONTROL SERVER,D\nBANK\\dba,CONTROL SERVER,W\n";

fn shown(table: &str, columns: &[&str]) -> Vec<String> {
    let files = [
        ("commands/sqlserver.settings.csv", SETTINGS),
        ("commands/sqlserver.logins.csv", LOGINS),
        ("commands/sqlserver.role-members.csv", MEMBERS),
        ("commands/sqlserver.permissions.csv", PERMISSIONS),
        (
            "commands/sqlserver.audits.csv",
            "audit,enabled,type,max_rollover_files,max_files,predicate\nbank,1,FL,10,0,\nidle,1,FL,2147483647,0,NULL\n",
        ),
        ("commands/sqlserver.audit-specifications.csv", "specification,audit,enabled,action\nlogins,bank,1,SUCCESSFUL_LOGIN_GROUP\n"),
    ];
    rows(&files, &format!("sqlserver:{table}"), columns)
}

#[test]
fn logins_are_told_by_sid_and_have_their_roles() {
    let columns = ["login", "first", "kind", "internal", "disabled", "password", "policy-checked", "expiration-checked", "superuser@"];
    let expected = [
        "login=sa first=true kind=sql internal=false disabled=false password=set policy-checked=true expiration-checked=false superuser=true@commands/sqlserver.logins.csv:2",
        "login=BANK\\dba first=false kind=windows internal=false disabled=false password=- policy-checked=- expiration-checked=- superuser=true@commands/sqlserver.permissions.csv:4",
        "login=pay first=false kind=sql internal=false disabled=false password=name policy-checked=true expiration-checked=true superuser=true@commands/sqlserver.role-members.csv:4",
        "login=##MS_PolicyTsqlExecutionLogin## first=false kind=sql internal=true disabled=true password=set policy-checked=true expiration-checked=false superuser=false@commands/sqlserver.logins.csv:5",
    ];
    assert_eq!(shown("mssql-logins", &columns), expected);
}

#[test]
fn options_have_what_is_in_use_and_what_is_configured() {
    let all = shown("mssql-settings", &["name", "number@", "configured", "origin"]);
    let expected = "name=xp_cmdshell number=0@commands/sqlserver.settings.csv:3 configured=1 origin=runtime";
    assert!(all.contains(&expected.to_owned()), "{all:#?}");
    assert!(all.iter().all(|row| !row.starts_with("name=clr strict security ")), "a version that lacks an option has no row: {all:#?}");
}

#[test]
fn neutral_tables_hold_the_instance() {
    let columns = ["grantee", "privilege@", "via", "unrestricted", "grantable"];
    let expected = [
        "grantee=sa privilege=sysadmin@commands/sqlserver.role-members.csv:2 via=role unrestricted=true grantable=false",
        "grantee=BANK\\dba privilege=CONTROL SERVER@commands/sqlserver.permissions.csv:4 via=grant unrestricted=true grantable=true",
        "grantee=pay privilege=ops@commands/sqlserver.role-members.csv:3 via=role unrestricted=false grantable=false",
        "grantee=pay privilege=securityadmin@commands/sqlserver.role-members.csv:4 via=role unrestricted=true grantable=false",
    ];
    assert_eq!(shown("privileges", &columns), expected);
    let columns = ["stream", "path@", "enabled", "covers", "retention", "bounded-by"];
    let expected =
        ["stream=database-audit path=bank@commands/sqlserver.audits.csv:2 enabled=true covers=[auth] retention=0s bounded-by=size"];
    assert_eq!(shown("logs", &columns), expected);
    let columns = ["scope", "encrypted@", "root-login@", "factors", "idle-timeout"];
    let expected = [
        "scope=sqlserver encrypted=true@commands/sqlserver.settings.csv:6 root-login=yes@commands/sqlserver.logins.csv:2 factors=1 idle-timeout=unlimited",
    ];
    assert_eq!(shown("remote-access", &columns), expected);
}
