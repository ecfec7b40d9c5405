//! OceanBase: exports of two tenants. Expected values are those of the OceanBase Database documentation ("Tenant allowlist", "System
//! variables", "Parameters", DBA_OB_USERS), and `USER_PRIVILEGES` is as the project's own test result of that view shows it.

use crate::support::rows;

/// A tenant that is not `sys` lists itself alone.
const TENANTS: &str = "tenant\ttype\tmode\npay\tUSER\tMYSQL\n";
const VARIABLES: &str = "Variable_name\tValue\nconnection_control_failed_connections_threshold\t5\nconnection_control_min_connection_delay\t600000\ninteractive_timeout\t900\nob_compatibility_mode\tMYSQL\nob_tcp_invited_nodes\t127.0.0.1,10.1.2.0/24,10.1.3._\nvalidate_password_length\t10\nvalidate_password_mixed_case_count\t1\nvalidate_password_number_count\t1\nvalidate_password_policy\tMEDIUM\nvalidate_password_special_char_count\t0\nversion\t5.7.25-OceanBase-v4.2.5.1\nwait_timeout\t600\n";
const PARAMETERS: &str =
    "zone\tsvr_type\tname\tvalue\nz1\tobserver\taudit_log_enable\tFalse\nz1\tobserver\tssl_client_authentication\tFalse\n";
const ACCOUNTS: &str = "user\thost\tsecret\tlocked\nroot\t%\tset\tNO\napp\t10.1.2.%\tset\tNO\nreport\tlocalhost\tempty\tNO\nold\t%\tset\tYES\nops\t%\tset\tYES\n";
const PRIVILEGES: &str = "grantee\tprivilege\tgrantable\n'root'@'%'\tSUPER\tYES\n'app'@'10.1.2.%'\tUSAGE\tNO\n'report'@'localhost'\tSELECT\tNO\n'old'@'%'\tUSAGE\tNO\n'ops'@'%'\tCREATE USER\tNO\n";
const ROLES: &str = "role_user\trole_host\tuser\thost\nops\t%\tapp\t10.1.2.%\n";

fn pay(file: &str) -> String {
    format!("commands/oceanbase@pay.{file}.tsv")
}

fn shown(table: &str, columns: &[&str]) -> Vec<String> {
    let texts = [
        (pay("variables"), VARIABLES),
        (pay("parameters"), PARAMETERS),
        (pay("accounts"), ACCOUNTS),
        (pay("privileges"), PRIVILEGES),
        (pay("roles"), ROLES),
        (pay("tenants"), TENANTS),
    ];
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    rows(&files, &format!("oceanbase:{table}"), columns).into_iter().filter(|row| !row.starts_with("gap ")).collect()
}

#[test]
fn a_tenant_has_its_list_its_password_rules_and_its_lock() {
    let columns =
        ["tenant", "mode", "sources@", "breadth", "password-length", "password-classes", "failed-attempts", "lock-time", "audited@"];
    let expected = [
        "tenant=pay mode=mysql sources=[10.1.2.0/24, 10.1.3.0/29, 10.1.3.8/31, 127.0.0.1/32]@commands/oceanbase@pay.variables.tsv:6 breadth=266 password-length=10 password-classes=[digit, lower, upper] failed-attempts=5 lock-time=10m audited=false@commands/oceanbase@pay.parameters.tsv:2",
    ];
    assert_eq!(shown("oceanbase-tenants", &columns), expected);
}

#[test]
fn settings_are_typed() {
    let columns = ["name", "value", "number", "on", "duration"];
    let named = |name: &str| -> Vec<String> {
        shown("oceanbase-settings", &columns).into_iter().filter(|row| row.starts_with(&format!("name={name} "))).collect()
    };
    assert_eq!(named("wait_timeout"), ["name=wait_timeout value=600 number=600 on=- duration=10m"]);
    assert_eq!(
        named("connection_control_min_connection_delay"),
        ["name=connection_control_min_connection_delay value=600000 number=600000 on=- duration=10m"]
    );
    assert_eq!(named("audit_log_enable"), ["name=audit_log_enable value=False number=- on=false duration=-"]);
    // What the answers do not show, the version lacks.
    assert_eq!(named("audit_trail"), Vec::<String>::new());
}

#[test]
fn neutral_tables_hold_the_tenant() {
    let columns = ["grantee", "privilege@", "via", "unrestricted"];
    let expected = [
        "grantee='root'@'%' privilege=SUPER@commands/oceanbase@pay.privileges.tsv:2 via=grant unrestricted=true",
        "grantee='app'@'10.1.2.%' privilege=USAGE@commands/oceanbase@pay.privileges.tsv:3 via=grant unrestricted=false",
        "grantee='app'@'10.1.2.%' privilege='ops'@'%'@commands/oceanbase@pay.roles.tsv:2 via=role unrestricted=false",
        "grantee='app'@'10.1.2.%' privilege=CREATE USER@commands/oceanbase@pay.privileges.tsv:6 via=role unrestricted=true",
        "grantee='report'@'localhost' privilege=SELECT@commands/oceanbase@pay.privileges.tsv:4 via=grant unrestricted=false",
    ];
    assert_eq!(shown("privileges", &columns), expected);
    let columns = ["name@", "enabled", "privileged", "password-state", "groups"];
    let expected = [
        "name=root@%@commands/oceanbase@pay.accounts.tsv:2 enabled=true privileged=true password-state=set groups=[]",
        "name=app@10.1.2.%@commands/oceanbase@pay.accounts.tsv:3 enabled=true privileged=true password-state=set groups=['ops'@'%']",
        "name=report@localhost@commands/oceanbase@pay.accounts.tsv:4 enabled=true privileged=false password-state=empty groups=[]",
        "name=old@%@commands/oceanbase@pay.accounts.tsv:5 enabled=false privileged=false password-state=locked groups=[]",
        "name=ops@%@commands/oceanbase@pay.accounts.tsv:6 enabled=false privileged=true password-state=locked groups=[]",
    ];
    assert_eq!(shown("accounts", &columns), expected);
    let columns = [
        "scope",
        "encrypted",
        "sources",
        "sources-restricted-by",
        "factors",
        "idle-timeout",
        "lockout",
        "root-login",
        "privileged-on-login",
    ];
    // The loopback is this host's own; what the tenant invites limits root's `%`.
    let expected = [
        "scope=tenant pay encrypted=false sources=[10.1.2.0/24, 10.1.3.0/29, 10.1.3.8/31] sources-restricted-by=[ob_tcp_invited_nodes, DBA_OB_USERS] factors=1 idle-timeout=15m lockout=5 root-login=yes privileged-on-login=true",
    ];
    assert_eq!(shown("remote-access", &columns), expected);
    let columns = ["path", "min-length", "classes", "lockout-threshold", "lockout-duration", "empty-passwords"];
    assert_eq!(
        shown("authentication-policy", &columns),
        ["path=oceanbase pay min-length=10 classes=3 lockout-threshold=5 lockout-duration=10m empty-passwords=true"]
    );
    assert_eq!(
        shown("logs", &["stream", "enabled@", "retention"]),
        ["stream=database-audit enabled=false@commands/oceanbase@pay.parameters.tsv:2 retention=0s"]
    );
}

#[test]
fn hidden_privileges_are_no_absence() {
    let files = [
        ("commands/oceanbase.accounts.tsv", "user\thost\tsecret\tlocked\nme\t%\tset\tNO\nroot\t%\tset\tNO\n"),
        ("commands/oceanbase.privileges.tsv", "grantee\tprivilege\tgrantable\n'me'@'%'\tUSAGE\tNO\n"),
        ("commands/oceanbase.roles.tsv", "role_user\trole_host\tuser\thost\n"),
    ];
    let found = rows(&files, "oceanbase:accounts", &["name", "privileged"]);
    assert_eq!(found[..2], ["name=me@% privileged=?privileges-hidden", "name=root@% privileged=?privileges-hidden"]);
}

#[test]
fn answers_of_oceanbase_are_not_read_as_those_of_mysql() {
    let files = [("commands/mysql.variables.tsv", "Variable_name\tValue\nlocal_infile\tOFF\nversion\t5.7.25-OceanBase-v4.2.5.1\n")];
    let found = rows(&files, "mysql:mysql-settings", &["name", "value"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0], "gap name=?oceanbase value=?oceanbase");
}
