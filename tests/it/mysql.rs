//! MySQL: option files and query results of one realistic host, and each trap of reading them. Expected values are those of the MySQL
//! reference manual ("Using Option Files", "Server System Variables", "Specifying Account Names", "Privileges Provided by MySQL").

use crate::support::rows;

const VERSION: (&str, &str) = ("commands/mysqld-version", "mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)\n");
const NO_AUTO: (&str, &str) = ("var/lib/mysql/mysqld-auto.cnf", "!absent");

/// Rows of the settings that are named.
fn settings(files: &[(&str, &str)], names: &[&str], columns: &[&str]) -> Vec<String> {
    let all = rows(files, "mysql-settings", &[&["name"], columns].concat());
    let named = |row: &&String| names.iter().any(|name| row.trim_start_matches("gap ").starts_with(&format!("name={name} ")));
    all.iter().filter(named).cloned().collect()
}

#[test]
fn later_files_and_groups_win() {
    let files = [
        VERSION,
        NO_AUTO,
        ("etc/my.cnf", "[mysqld]\nlocal-infile=1\nport = 3307 # ours\n!includedir /etc/my.cnf.d/\nwait_timeout=60\n"),
        ("etc/my.cnf.d", "!directory"),
        ("etc/my.cnf.d/b.cnf", "[client]\nlocal_infile=1\n[mysqld-8.0]\nlocal_infile='OFF'\n[mysqld-8.4]\nlocal_infile=1\n"),
        ("etc/my.cnf.d/a.cnf", "[server]\nskip-local-infile\nwait-timeout = 7200\n"),
        ("etc/my.cnf.d/c.txt", "[mysqld]\nlocal_infile=1\n"),
    ];
    let expected = [
        "name=local_infile value=OFF@etc/my.cnf.d/b.cnf:4 on=false origin=file",
        "name=port value=3307@etc/my.cnf:3 on=- origin=file",
        "name=wait_timeout value=60@etc/my.cnf:5 on=- origin=file",
    ];
    assert_eq!(settings(&files, &["local_infile", "port", "wait_timeout"], &["value@", "on", "origin"]), expected);
}

#[test]
fn groups_of_the_other_product_are_not_read() {
    let text = "[mysqld]\nport=1\n[mariadb]\nport=2\n[mariadb-10.6]\nport=3\n";
    let port = |version: &str| {
        let files = [("commands/mysqld-version", version), NO_AUTO, ("etc/my.cnf", text)];
        settings(&files, &["port"], &["value"])
    };
    assert_eq!(port("mysqld  Ver 8.0.36 for Linux\n"), ["name=port value=1"]);
    assert_eq!(port("mariadbd  Ver 10.11.6-MariaDB for Linux\n"), ["name=port value=2"]);
    assert_eq!(port("mariadbd  Ver 10.6.16-MariaDB for Linux\n"), ["name=port value=3"]);
}

#[test]
fn the_running_server_decides_and_its_file_stands_beside() {
    let variables = "Variable_name\tValue\nhave_symlink\tDISABLED\nlocal_infile\tOFF\nversion\t8.0.36\n";
    let files = [("etc/my.cnf", "[mysqld]\nlocal_infile=ON\n"), ("commands/mysql.variables.tsv", variables)];
    let expected = [
        "name=local_infile value=OFF@commands/mysql.variables.tsv:3 origin=runtime",
        "name=symbolic_links value=OFF@commands/mysql.variables.tsv:2 origin=runtime",
    ];
    let names = ["local_infile", "symbolic_links", "password_history"];
    assert_eq!(settings(&files, &names, &["value@", "origin"]), expected);
}

#[test]
fn what_was_not_read_leaves_a_gap() {
    let gap = |files: &[(&str, &str)]| settings(files, &["local_infile"], &["value"]);
    let known = "name=local_infile value=OFF";
    let file = ("etc/my.cnf", "[mysqld]\nlocal_infile=0\n");
    assert_eq!(gap(&[VERSION, NO_AUTO, file]), [known]);
    assert_eq!(gap(&[VERSION, file]), [known, "gap name=local_infile value=?not-collected"]);
    let included = ("etc/my.cnf", "[mysqld]\nlocal_infile=0\n!includedir /etc/x\n");
    assert_eq!(gap(&[VERSION, NO_AUTO, included]), [known, "gap name=local_infile value=?not-collected"]);
    let denied = [VERSION, NO_AUTO, ("etc/my.cnf", "[mysqld]\nlocal_infile=0\n!include /etc/x.cnf\n"), ("etc/x.cnf", "!denied")];
    assert_eq!(gap(&denied), [known, "gap name=local_infile value=?denied"]);
    let refused = ("etc/my.cnf", "[mysqld]\nlocal_infile=0\n[broken\n");
    assert_eq!(gap(&[VERSION, NO_AUTO, refused]), [known, "gap name=local_infile value=?refused"]);
    assert_eq!(gap(&[("etc/my.cnf", "[client]\nport=1\n")]), Vec::<String>::new());
}

#[test]
fn defaults_depend_on_product_and_version() {
    let local = |version: &str| {
        let files = [("commands/mysqld-version", version), NO_AUTO, ("etc/my.cnf", "[mysqld]\nport=3306\n")];
        settings(&files, &["local_infile", "tls_version"], &["value"])
    };
    assert_eq!(local("mysqld  Ver 8.0.36 for Linux\n"), ["name=local_infile value=OFF", "name=tls_version value=TLSv1.2,TLSv1.3"]);
    assert_eq!(local("mysqld  Ver 5.7.44 for Linux\n"), ["name=local_infile value=ON", "name=tls_version value=TLSv1,TLSv1.1,TLSv1.2"]);
    assert_eq!(
        local("mariadbd  Ver 10.11.6-MariaDB for Linux\n"),
        ["name=local_infile value=ON", "name=tls_version value=?version-not-known(TLSv1.1,TLSv1.2,TLSv1.3|TLSv1.2,TLSv1.3)"]
    );
}

const ACCOUNTS: &str = "user,host,plugin,secret,locked,expired,lifetime_days,changed,tls,failed_attempts,lock_days,more_plugins,is_role\n\
root,localhost,caching_sha2_password,set,N,N,30,2026-11-01,,3,2,,N\n\
app,10.1.2.%,mysql_native_password,set,N,N,default,2026-10-01,ANY,5,1,,N\n\
batch,%,caching_sha2_password,empty,N,N,0,,X509,0,0,,N\n\
mysql.sys,localhost,caching_sha2_password,set,Y,N,0,,,0,0,,N\n\
dba,%,caching_sha2_password,empty,Y,Y,default,,,0,0,,Y\n";

const GRANTS: &str = "user,host,db,object,privileges\n\
root,localhost,*,,\"SELECT,SUPER,GRANT OPTION\"\n\
app,10.1.2.%,app,,\"SELECT,INSERT\"\n\
dba,%,*,,\"CREATE USER\"\n";

fn live() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "commands/mysql.variables.tsv",
            "Variable_name\tValue\nbind_address\t*\ndefault_password_lifetime\t0\nport\t3306\nrequire_secure_transport\tOFF\nskip_networking\tOFF\nversion\t8.0.36\n",
        ),
        ("commands/mysql.accounts.csv", ACCOUNTS),
        ("commands/mysql.grants.csv", GRANTS),
        ("commands/mysql.dynamic-grants.csv", "user,host,privilege,grantable\n"),
        ("commands/mysql.roles.csv", "role_user,role_host,user,host\ndba,%,app,10.1.2.%\n"),
    ]
}

#[test]
fn accounts_have_their_sources_factors_and_roles() {
    let columns = [
        "user",
        "sources",
        "breadth",
        "locked",
        "role",
        "secret",
        "factors",
        "password-lifetime",
        "failed-attempts",
        "lock-time",
        "superuser@",
    ];
    let expected = [
        "user=root sources=[127.0.0.0/8, ::1/128] breadth=0 locked=false role=false secret=set factors=1 password-lifetime=30d failed-attempts=3 lock-time=2d superuser=true@commands/mysql.grants.csv:2",
        "user=app sources=[10.1.2.0/24] breadth=256 locked=false role=false secret=set factors=1 password-lifetime=unlimited failed-attempts=5 lock-time=1d superuser=true@commands/mysql.grants.csv:4",
        "user=batch sources=[0.0.0.0/0, ::/0] breadth=unlimited locked=false role=false secret=empty factors=1 password-lifetime=unlimited failed-attempts=unlimited lock-time=- superuser=false@commands/mysql.accounts.csv:4",
        "user=mysql.sys sources=[127.0.0.0/8, ::1/128] breadth=0 locked=true role=false secret=set factors=1 password-lifetime=unlimited failed-attempts=unlimited lock-time=- superuser=false@commands/mysql.accounts.csv:5",
        "user=dba sources=[0.0.0.0/0, ::/0] breadth=unlimited locked=true role=true secret=empty factors=0 password-lifetime=unlimited failed-attempts=unlimited lock-time=- superuser=true@commands/mysql.grants.csv:4",
    ];
    assert_eq!(rows(&live(), "mysql-accounts", &columns), expected);
}

#[test]
fn neutral_tables_hold_the_database() {
    let columns = ["name", "enabled", "password-state", "password-scheme", "privileged", "groups"];
    let expected = [
        "name=root@localhost enabled=true password-state=set password-scheme=sha256 privileged=true groups=[]",
        "name=app@10.1.2.% enabled=true password-state=set password-scheme=sha1 privileged=true groups=[dba]",
        "name=batch@% enabled=true password-state=empty password-scheme=sha256 privileged=false groups=[]",
        "name=mysql.sys@localhost enabled=false password-state=locked password-scheme=sha256 privileged=false groups=[]",
    ];
    assert_eq!(rows(&live(), "mysql:accounts", &columns), expected);
    let privileges = [
        "grantee=root@localhost privilege=ALL PRIVILEGES scope=*.* via=grant unrestricted=true",
        "grantee=app@10.1.2.% privilege=SELECT, INSERT scope=app.* via=grant unrestricted=false",
        "grantee=app@10.1.2.% privilege=CREATE USER scope=*.* via=role unrestricted=true",
    ];
    assert_eq!(rows(&live(), "mysql:privileges", &["grantee", "privilege", "scope", "via", "unrestricted"]), privileges);
    let access =
        rows(&live(), "mysql:remote-access", &["service", "scope", "enabled", "encrypted", "sources", "factors", "methods", "root-login"]);
    assert_eq!(
        access,
        [
            "service=database scope=mysql 3306 enabled=true encrypted=true sources=[0.0.0.0/0, ::/0] factors=1 methods=[password, none, certificate] root-login=no"
        ]
    );
}

#[test]
fn a_result_that_breaks_off_is_not_an_empty_one() {
    let cut = ACCOUNTS.trim_end_matches("role,Y\n").trim_end_matches('\n');
    let files = [("commands/mysql.accounts.csv", cut)];
    let found = rows(&files, "mysql-accounts", &["user"]);
    assert_eq!(found.last().map(String::as_str), Some("gap user=?query-result-broken"));
}
