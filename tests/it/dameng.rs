//! Dameng DM8: exports and files of one realistic server. Expected values are those of DM8 安全管理 (口令策略, 资源限制) and of the data
//! dictionary's page about SYSUSERS.

use crate::support::rows;

const PARAMETERS: &str = "NAME,VALUE\nAUDIT_FILE_FULL_MODE,1\nAUDIT_SPACE_LIMIT,8192\nCOMM_ENCRYPT_NAME,\nCOMPATIBLE_MODE,0\nENABLE_AUDIT,1\nENABLE_ENCRYPT,0\nPORT_NUM,5236\nPWD_MIN_LEN,9\nPWD_POLICY,15\n";
const USERS: &str = "USERNAME,AUTHENTICATION,LOCKED,FAILED_NUM,LOCK_MINUTES,LIFE_DAYS,IDLE_MINUTES,REUSE_MAX,PWD_POLICY,ALLOW_ADDR,NOT_ALLOW_ADDR,ALLOW_DT,NOT_ALLOW_DT,PROFILE\n\
SYSDBA,1,2,0,1,0,0,0,2,\"\",\"\",\"\",\"\",\n\
PAY,1,3,5,30,90,15,5,31,\"10.1.2.*;10.1.3.7\",\"10.1.2.9\",\"MON\",\"\",\n\
OLD,1,1,3,1,0,0,0,0,NULL,NULL,NULL,NULL,NULL\n";
const SYSTEM: &str = "GRANTEE,PRIVILEGE,ADMIN_OPTION\nDBA,GRANT ANY ROLE,Y\n";
const ROLES: &str = "GRANTEE,GRANTED_ROLE,ADMIN_OPTION\nSYSDBA,DBA,Y\nPAY,OPS,N\nOPS,DB_AUDIT_OPER,N\n";

fn shown(table: &str, columns: &[&str]) -> Vec<String> {
    let files = [
        ("commands/dameng.parameters.csv", PARAMETERS),
        ("commands/dameng.users.csv", USERS),
        ("commands/dameng.system-privileges.csv", SYSTEM),
        ("commands/dameng.role-privileges.csv", ROLES),
        ("commands/dameng.audit-rules.csv", "RULES\n3\n"),
    ];
    rows(&files, &format!("dameng:{table}"), columns)
}

#[test]
fn accounts_have_their_limits_addresses_and_duties() {
    let columns = [
        "user@",
        "locked",
        "failed-attempts",
        "lock-time",
        "life",
        "idle",
        "password-policy",
        "restricted",
        "breadth",
        "time-restricted",
        "duties",
    ];
    let path = "commands/dameng.users.csv";
    let expected = [
        format!(
            "user=SYSDBA@{path}:2 locked=false failed-attempts=unlimited lock-time=1m life=unlimited idle=unlimited password-policy=[length] restricted=false breadth=unlimited time-restricted=false duties=[administration]"
        ),
        format!(
            "user=PAY@{path}:3 locked=false failed-attempts=5 lock-time=30m life=90d idle=15m password-policy=[digit, length, name, punctuation, upper] restricted=true breadth=256 time-restricted=true duties=[audit]"
        ),
        format!(
            "user=OLD@{path}:4 locked=true failed-attempts=3 lock-time=1m life=unlimited idle=unlimited password-policy=[] restricted=false breadth=unlimited time-restricted=false duties=[]"
        ),
    ];
    assert_eq!(shown("dameng-users", &columns), expected);
}

#[test]
fn neutral_tables_hold_the_server() {
    let columns = ["grantee", "privilege@", "via", "unrestricted"];
    let expected = [
        "grantee=SYSDBA privilege=DBA@commands/dameng.role-privileges.csv:2 via=role unrestricted=true",
        "grantee=SYSDBA privilege=GRANT ANY ROLE@commands/dameng.system-privileges.csv:2 via=role unrestricted=true",
        "grantee=PAY privilege=OPS@commands/dameng.role-privileges.csv:3 via=role unrestricted=false",
        "grantee=PAY privilege=DB_AUDIT_OPER@commands/dameng.role-privileges.csv:4 via=role unrestricted=false",
    ];
    assert_eq!(shown("privileges", &columns), expected);
    let columns = ["scope", "encrypted", "sources", "lockout", "idle-timeout", "root-login", "privileged-on-login"];
    let expected = [
        "scope=dameng 5236 encrypted=false sources=[0.0.0.0/0, ::/0] lockout=- idle-timeout=unlimited root-login=yes privileged-on-login=true",
    ];
    assert_eq!(shown("remote-access", &columns), expected);
    let columns = ["path", "min-length", "classes", "requirements", "lockout-threshold"];
    assert_eq!(
        shown("authentication-policy", &columns),
        ["path=dameng min-length=9 classes=2 requirements=[digit, upper] lockout-threshold=-"]
    );
    let columns = ["stream", "enabled@", "retention", "bounded-by"];
    let expected = ["stream=database-audit enabled=true@commands/dameng.audit-rules.csv:2 retention=0s bounded-by=size"];
    assert_eq!(shown("logs", &columns), expected);
}

#[test]
fn the_file_stands_beside_what_the_server_runs_with() {
    let files = [
        ("commands/dameng.parameters.csv", "NAME,VALUE\nCOMPATIBLE_MODE,0\nPWD_POLICY,31\n"),
        ("opt/dmdbms/data/DAMENG/dm.ini", "COMPATIBLE_MODE = 1 #Server compatible mode\n"),
    ];
    let named = |files: &[(&str, &str)]| -> Vec<String> {
        rows(files, "dameng-settings", &["name", "value@", "origin"])
            .into_iter()
            .filter(|row| row.starts_with("name=PWD_POLICY "))
            .collect()
    };
    assert_eq!(named(&files), ["name=PWD_POLICY value=31@commands/dameng.parameters.csv:3 origin=runtime"]);
    // Without the running server the file's mode holds, which switches the rules off.
    assert_eq!(named(&files[1..]), ["name=PWD_POLICY value=0@opt/dmdbms/data/DAMENG/dm.ini:1 origin=file"]);
}
