//! Installations of PostgreSQL and its derivatives into exact rows; what a real server makes of such files is in `postgresql_truth`.

use super::support::rows;

const MAIN: &str = "etc/postgresql/16/main/postgresql.conf";
const HBA: &str = "etc/postgresql/16/main/pg_hba.conf";
const AUTO: &str = "var/lib/postgresql/16/main/postgresql.auto.conf";

/// A cluster as pg_createcluster of Debian lays it out.
fn debian<'t>(main: &'t str, hba: &'t str) -> Vec<(&'t str, &'t str)> {
    vec![(MAIN, main), (HBA, hba), (AUTO, "!absent"), ("etc/postgresql/16/main/conf.d", "!directory")]
}

/// The rows of some settings.
fn settings(files: &[(&str, &str)], names: &[&str]) -> Vec<String> {
    let all = rows(files, "pg-settings", &["name", "scope", "value@", "origin"]);
    all.into_iter().filter(|row| row.starts_with("gap") || names.iter().any(|name| row.starts_with(&format!("name={name} ")))).collect()
}

#[test]
fn the_last_setting_wins_through_includes_and_alter_system() {
    let main = "ssl = on\ninclude_dir = 'conf.d'\nlisten_addresses = '*'\n";
    let mut files = debian(main, "");
    files.retain(|(path, _)| *path != AUTO);
    files.extend([("etc/postgresql/16/main/conf.d/a.conf", "ssl = off\n"), (AUTO, "# by hand\nlisten_addresses = 'localhost'\n")]);
    files.push(("commands/postgresql.role-settings.csv", "role,database,name,value\napp,,log_statement,none\n,crm,log_statement,ddl\n"));
    assert_eq!(
        settings(&files, &["ssl", "listen_addresses", "log_statement"]),
        [
            format!("name=listen_addresses scope=server value=localhost@{AUTO}:2 origin=file"),
            "name=log_statement scope=server value=none@default origin=default".to_owned(),
            "name=ssl scope=server value=off@etc/postgresql/16/main/conf.d/a.conf:1 origin=file".to_owned(),
            "name=log_statement scope=role app value=none@commands/postgresql.role-settings.csv:2 origin=runtime".to_owned(),
            "name=log_statement scope=database crm value=ddl@commands/postgresql.role-settings.csv:3 origin=runtime".to_owned(),
        ]
    );
}

#[test]
fn what_is_missing_is_a_gap_and_no_default() {
    let files = [(MAIN, "ssl = off\n"), (HBA, "")];
    let found = rows(&files, "pg-settings", &["name", "scope", "value"]);
    assert!(found.contains(&"name=ssl scope=server value=off".to_owned()), "a violation is seen");
    assert!(found.contains(&"name=log_connections scope=server value=?not-collected".to_owned()), "a default is not taken");
    assert!(found.iter().any(|row| row.starts_with("gap") && row.contains("scope=server")));
    let refused = [(MAIN, "ssl = on on\nport = 1\n"), (AUTO, "!absent")];
    assert!(rows(&refused, "pg-settings", &["scope"]).contains(&"gap scope=server".to_owned()));
}

#[test]
fn the_running_server_goes_before_its_files() {
    let mut files = debian("ssl = on\nlog_rotation_age = 1d\n", "");
    let live = "name,setting,unit,source,sourcefile,sourceline,context\nserver_version_num,160004,,default,,0,internal\nlog_rotation_age,1440,min,configuration file,,2,sighup\nssl,off,,command line,,0,sighup\n";
    files.push(("commands/postgresql.settings.csv", live));
    let found = rows(&files, "pg-settings", &["name", "value@", "duration", "differs"]);
    let of = |name: &str| found.iter().find(|row| row.starts_with(&format!("name={name} "))).cloned().unwrap_or_default();
    assert_eq!(of("ssl"), "name=ssl value=off@commands/postgresql.settings.csv:4 duration=- differs=true");
    assert_eq!(of("log_rotation_age"), "name=log_rotation_age value=1440@commands/postgresql.settings.csv:3 duration=1d differs=false");
}

#[test]
fn rules_are_judged_in_their_order() {
    let hba = "local all postgres peer\nhostnossl all all all reject\nhost all postgres all reject\nhost crm app 10.1.2.0/24 scram-sha-256\nhost crm app 10.1.2.7/32 trust\nhost all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\n";
    let columns = ["entry", "line", "sources", "encrypted", "factors", "local", "reachable", "reaches-superuser"];
    assert_eq!(
        rows(&debian("ssl = on\nlisten_addresses = '*'\n", hba), "pg-hba", &columns),
        [
            "entry=local all postgres peer line=1 sources=[] encrypted=true factors=1 local=true reachable=true reaches-superuser=false",
            "entry=hostnossl all all all reject line=2 sources=[0.0.0.0/0, ::/0] encrypted=false factors=- local=false reachable=true reaches-superuser=false",
            "entry=host all postgres all reject line=3 sources=[0.0.0.0/0, ::/0] encrypted=true factors=- local=false reachable=true reaches-superuser=false",
            "entry=host crm app 10.1.2.0/24 scram-sha-256 line=4 sources=[10.1.2.0/24] encrypted=true factors=1 local=false reachable=true reaches-superuser=?roles-not-known",
            "entry=host crm app 10.1.2.7/32 trust line=5 sources=[] encrypted=true factors=0 local=false reachable=false reaches-superuser=?roles-not-known",
            "entry=host all all 10.0.0.0/8 scram-sha-256 line=6 sources=[10.0.0.0/8] encrypted=true factors=2 local=false reachable=true reaches-superuser=?roles-not-known",
        ]
    );
}

#[test]
fn an_administrator_from_elsewhere_is_a_way_in() {
    let files = debian(
        "listen_addresses = '*'\nidle_session_timeout = 5min\nssl = on\n",
        "host all all 10.0.0.0/8 md5\nhost crm app 10.1.0.0/16 md5\n",
    );
    let columns = ["service", "scope", "enabled", "encrypted", "sources", "factors", "idle-timeout", "login-timeout", "root-login"];
    assert_eq!(
        rows(&files, "postgresql:remote-access", &columns),
        [
            "service=database scope=host all all 10.0.0.0/8 md5 enabled=true encrypted=false sources=[10.0.0.0/8] factors=1 idle-timeout=5m login-timeout=1m root-login=yes"
        ]
    );
    let local = debian("listen_addresses = 'localhost'\n", "host all all 10.0.0.0/8 md5\n");
    assert_eq!(rows(&local, "postgresql:remote-access", &["enabled"]), ["enabled=false"]);
}

#[test]
fn rotation_overwrites_where_names_come_round() {
    let row = |main: &str| {
        let files = [
            ("var/lib/pgsql/data/postgresql.conf", main),
            ("var/lib/pgsql/data/postgresql.auto.conf", "!absent"),
            ("etc/logrotate.conf", "!absent"),
        ];
        rows(&files, "postgresql:logs", &["stream", "enabled", "retention", "path"]).join("\n")
    };
    let weekly = "logging_collector = on\nlog_filename = 'postgresql-%a.log'\nlog_truncate_on_rotation = on\n";
    assert_eq!(row(weekly), "stream=database-audit enabled=true retention=7d path=/var/lib/pgsql/data/log/postgresql-%a.log");
    let appended = "logging_collector = on\nlog_filename = 'postgresql-%a.log'\n";
    assert_eq!(row(appended), "stream=database-audit enabled=true retention=unlimited path=/var/lib/pgsql/data/log/postgresql-%a.log");
    assert_eq!(
        row("logging_collector = off\n"),
        "stream=database-audit enabled=?logged-to-stderr retention=?logged-to-stderr path=?logged-to-stderr"
    );
}

#[test]
fn variants_are_told_apart() {
    let gauss = [
        ("opt/huawei/install/data/dn/postgresql.conf", "session_timeout = 300\n"),
        ("opt/huawei/install/data/dn/postgresql.auto.conf", "!absent"),
    ];
    let found = rows(&gauss, "pg-settings", &["name", "duration", "flavour", "value"]);
    assert!(found.contains(&"name=session_timeout duration=5m flavour=opengauss value=300".to_owned()));
    assert!(found.contains(&"name=log_connections duration=?undocumented flavour=opengauss value=?undocumented".to_owned()));
    let kingbase = [
        ("opt/Kingbase/ES/V8/data/kingbase.conf", "ssl = on\n"),
        ("opt/Kingbase/ES/V8/data/sys_hba.conf", "host all all 0.0.0.0/0 scram-sha-256\n"),
    ];
    assert_eq!(rows(&kingbase, "pg-hba", &["entry", "breadth"]), ["entry=host all all 0.0.0.0/0 scram-sha-256 breadth=unlimited"]);
}

#[test]
fn secrets_of_options_and_of_refused_lines_are_hidden() {
    let hba = "host all all 10.0.0.0/8 ldap ldapserver=ldap ldapbindpasswd=\"Geheim 42\"\n";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let conf = folder.path().join("in/host/etc/postgresql/16/main");
    std::fs::create_dir_all(&conf).expect("a folder is made");
    std::fs::write(conf.join("pg_hba.conf"), hba).expect("a file is written");
    std::fs::write(conf.join("postgresql.conf"), "primary_conninfo = 'password=Geheim 43\n").expect("a file is written");
    let collected = folder.path().join("in");
    let collected = collected.to_str().expect("a plain path");
    for table in ["pg-hba", "pg-settings", "remote-access"] {
        let shown = super::support::jixian(&["facts", "--format", "jsonl", table, collected]);
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains("postgresql"), "{table} has rows");
        assert!(!shown.contains("Geheim"), "{shown}");
    }
}

#[test]
fn roles_are_accounts_with_their_rights() {
    let mut files = debian("ssl = on\nssl_min_protocol_version = 'TLSv1.1'\npassword_encryption = md5\n", "local all all peer\n");
    files.push((
        "commands/postgresql.roles.csv",
        "role,login,superuser,createrole,replication,bypassrls,valid_until,scheme\n\
         app,t,f,f,f,f,2027-01-31,md5\nbackup,t,f,f,t,f,never,scram-sha-256\ndba,f,t,f,f,f,never,none\nli,t,f,f,f,f,never,none\n",
    ));
    files.push(("commands/postgresql.memberships.csv", "role,member\ndba,li\n"));
    let accounts = ["name@", "privileged@", "password-state", "password-scheme", "expires", "shared-name", "groups"];
    assert_eq!(
        rows(&files, "postgresql:accounts", &accounts),
        [
            "name=app@commands/postgresql.roles.csv:2 privileged=false@commands/postgresql.roles.csv:2 password-state=set \
             password-scheme=md5 expires=2027-01-31 shared-name=true groups=[]",
            "name=backup@commands/postgresql.roles.csv:3 privileged=false@commands/postgresql.roles.csv:3 password-state=set \
             password-scheme=sha256 expires=never shared-name=true groups=[]",
            "name=li@commands/postgresql.roles.csv:5 privileged=true@commands/postgresql.roles.csv:5 password-state=none \
             password-scheme=- expires=never shared-name=false groups=[dba]",
        ]
    );
    assert_eq!(
        rows(&files, "postgresql:privileges", &["grantee", "privilege", "via", "unrestricted", "grantable"]),
        [
            "grantee=backup privilege=REPLICATION via=grant unrestricted=false grantable=false",
            "grantee=dba privilege=SUPERUSER via=grant unrestricted=true grantable=true",
            "grantee=li privilege=dba via=role unrestricted=true grantable=true",
        ]
    );
    let crypto = rows(&files, "postgresql:crypto", &["kind", "name@", "strength"]);
    assert_eq!(
        crypto,
        [
            "kind=protocol name=TLSv1.1@etc/postgresql/16/main/postgresql.conf:2 strength=weak",
            "kind=protocol name=TLSv1.2@etc/postgresql/16/main/postgresql.conf:2 strength=acceptable",
            "kind=protocol name=TLSv1.3@etc/postgresql/16/main/postgresql.conf:2 strength=strong",
        ]
    );
    let service = ["name", "port", "address", "enabled", "cleartext"];
    assert_eq!(
        rows(&files, "postgresql:services", &service),
        ["name=postgresql port=5432 address=localhost enabled=true cleartext=?per-rule"]
    );
    let policy = ["min-length", "classes", "history", "hash-scheme@", "empty-passwords"];
    assert_eq!(
        rows(&files, "postgresql:authentication-policy", &policy),
        ["min-length=- classes=- history=- hash-scheme=md5@etc/postgresql/16/main/postgresql.conf:3 empty-passwords=false"]
    );
    // Without the memberships nobody is known not to be superuser.
    files.pop();
    let unknown = rows(&files, "postgresql:accounts", &["name", "privileged"]);
    assert_eq!(
        unknown,
        [
            "name=app privileged=?not-collected",
            "name=backup privileged=?not-collected",
            "name=li privileged=?not-collected",
            "gap name=?not-collected privileged=?not-collected"
        ]
    );
}
