//! Tomcat's files: instances, substitution, connectors, realms, accounts. Expected values: Apache Tomcat Configuration Reference.

use crate::support::rows;

/// Rows of one table, of Tomcat alone.
fn of(files: &[(&str, &str)], table: &str, columns: &[&str]) -> Vec<String> {
    rows(files, &format!("tomcat:{table}"), columns)
}

/// Debian 12's own files, shortened.
const DEBIAN: &[(&str, &str)] = &[
    (
        "etc/tomcat10/server.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Server port=\"-1\" shutdown=\"SHUTDOWN\">\n  <Service name=\"Catalina\">\n    <Connector port=\"8080\" protocol=\"HTTP/1.1\"\n               redirectPort=\"8443\" />\n    <!--\n    <Connector port=\"8443\" SSLEnabled=\"true\"/>\n    -->\n    <Connector protocol=\"AJP/1.3\" address=\"::1\" port=\"8009\"/>\n    <Engine name=\"Catalina\" defaultHost=\"localhost\">\n      <Realm className=\"org.apache.catalina.realm.LockOutRealm\">\n        <Realm className=\"org.apache.catalina.realm.UserDatabaseRealm\"\n               resourceName=\"UserDatabase\"/>\n      </Realm>\n      <Host name=\"localhost\"  appBase=\"webapps\" unpackWARs=\"true\" autoDeploy=\"true\">\n        <Valve className=\"org.apache.catalina.valves.AccessLogValve\" directory=\"logs\"\n               prefix=\"localhost_access_log\" suffix=\".txt\" pattern=\"%h %l %u %t &quot;%r&quot; %s %b\" />\n      </Host>\n    </Engine>\n  </Service>\n</Server>\n",
    ),
    (
        "etc/tomcat10/logging.properties",
        "handlers = 1catalina.org.apache.juli.AsyncFileHandler, java.util.logging.ConsoleHandler\n1catalina.org.apache.juli.AsyncFileHandler.directory = ${catalina.base}/logs\n1catalina.org.apache.juli.AsyncFileHandler.prefix = catalina.\n1catalina.org.apache.juli.AsyncFileHandler.maxDays = 90\n",
    ),
    ("etc/tomcat10/web.xml", "<web-app>\n<session-config>\n<session-timeout>30</session-timeout>\n</session-config>\n</web-app>\n"),
    (
        "etc/tomcat10/tomcat-users.xml",
        "<tomcat-users>\n  <!-- <user username=\"tomcat\" password=\"tomcat\" roles=\"manager-gui\"/> -->\n  <group groupname=\"ops\" roles=\"manager-gui\"/>\n  <user username=\"ops\" password=\"Vx8-kk2!pQ9z\"\n        groups=\"ops\" roles=\"manager-status\"/>\n</tomcat-users>\n",
    ),
    (
        "etc/tomcat10/Catalina/localhost/manager.xml",
        "<Context path=\"/manager\" docBase=\"/usr/share/tomcat10-admin/manager\" privileged=\"true\" />\n",
    ),
    ("etc/tomcat10/context.xml", "<Context/>\n"),
    ("var/lib/tomcat10/webapps/ROOT/index.html", "x"),
    ("lib/systemd/system/tomcat10.service", "[Service]\nUser=tomcat\n"),
    ("etc/systemd/system/tomcat10.service.d", "!absent"),
    ("etc/logrotate.conf", "weekly\n"),
];

#[test]
fn a_debian_host_has_every_row_with_its_line() {
    let server = "etc/tomcat10/server.xml";
    assert_eq!(
        of(
            DEBIAN,
            "tomcat-connectors",
            &["port@", "protocol", "enabled", "sources@", "secret-required@", "secret", "tls@", "tls-protocols"]
        ),
        [
            format!(
                "port=8080@{server}:4 protocol=http enabled=true sources=[0.0.0.0/0, ::/0]@default secret-required=-@nothing secret=- tls=false@default tls-protocols=[]"
            ),
            format!(
                "port=8009@{server}:9 protocol=ajp enabled=true sources=[127.0.0.1/32, ::1/128]@{server}:9 secret-required=true@default secret=empty tls=false@{server}:9 tls-protocols=[]"
            ),
        ]
    );
    assert_eq!(
        of(DEBIAN, "tomcat-hosts", &["host@", "auto-deploy@", "deploy-xml@", "logged@", "log-fields", "error-report", "server-info"]),
        [format!(
            "host=localhost@{server}:15 auto-deploy=true@{server}:15 deploy-xml=true@default logged=true@{server}:16 log-fields=[client, request, status, time, user] error-report=true server-info=true"
        )]
    );
    assert_eq!(
        of(DEBIAN, "tomcat-realms", &["scope", "realm@", "digest@", "lockout@", "failures", "lock-time"]),
        [format!(
            "scope=engine Catalina realm=UserDatabaseRealm@{server}:12 digest=none@default lockout=true@{server}:11 failures=5 lock-time=5m"
        )]
    );
    assert_eq!(
        of(DEBIAN, "tomcat-settings", &["name", "value@", "number", "on"]),
        [
            format!("name=shutdown-port value=-1@{server}:2 number=-1 on=-"),
            format!("name=shutdown-command-usual value=true@{server}:2 number=- on=true"),
            "name=file-log-days value=90@etc/tomcat10/logging.properties:4 number=90 on=-".to_owned(),
            "name=service-user value=tomcat@lib/systemd/system/tomcat10.service:2 number=- on=-".to_owned(),
        ]
    );
    assert_eq!(
        of(DEBIAN, "tomcat-accounts", &["user@", "roles", "password"]),
        ["user=ops@etc/tomcat10/tomcat-users.xml:4 roles=[manager-gui, manager-status] password=ordinary"]
    );
    assert_eq!(
        of(DEBIAN, "tomcat-applications", &["application", "kind", "sources", "listings@", "session-timeout@"])[..3],
        [
            "application=* kind=other sources=[0.0.0.0/0, ::/0] listings=false@default session-timeout=30m@etc/tomcat10/web.xml:3",
            "application=ROOT kind=?not-collected sources=?not-collected listings=?not-collected@nothing session-timeout=?not-collected@nothing",
            "application=manager kind=manager sources=[0.0.0.0/0, ::/0] listings=?not-collected@nothing session-timeout=?not-collected@nothing",
        ]
    );
    assert_eq!(
        of(DEBIAN, "logs", &["stream", "path", "retention", "bounded-by"]),
        [
            "stream=web-error path=/var/log/tomcat10/catalina.*.log retention=90d bounded-by=time",
            "stream=web-access path=/var/log/tomcat10/localhost_access_log*.txt retention=unlimited bounded-by=nothing",
        ]
    );
}

#[test]
fn instances_are_told_apart() {
    let server = |port: &str| format!("<Server port=\"{port}\"><Service><Connector port=\"${{http}}\"/><Engine/></Service></Server>");
    let (one, two) = (server("-1"), server("8006"));
    let files = [
        ("opt/tomcat-a/conf/server.xml", &*one),
        ("opt/tomcat-a/conf/catalina.properties", "http=8081\n"),
        ("usr/local/apache-tomcat-8.5.40/conf/server.xml", &*two),
    ];
    assert_eq!(of(&files, "tomcat-connectors", &["port", "enabled"]), ["port=8081 enabled=true", "port=${http} enabled=?not-understood"]);
    let settings = of(&files, "tomcat-settings", &["name", "number"]);
    assert_eq!([&*settings[0], &*settings[4]], ["name=shutdown-port number=-1", "name=shutdown-port number=8006"]);
}

#[test]
fn what_was_not_read_leaves_gaps() {
    let cut = "!truncated <Server port=\"-1\"><Service><Connector port=\"80\"/><Engine name=\"e\"><Host name=\"h\" autoDeploy=\"false\">";
    let files = [("opt/tomcat/conf/server.xml", cut)];
    assert_eq!(
        of(&files, "tomcat-hosts", &["host", "auto-deploy", "logged", "error-report"]),
        [
            "host=h auto-deploy=false logged=?truncated error-report=?truncated",
            "gap host=?truncated auto-deploy=?truncated logged=?truncated error-report=?truncated"
        ]
    );
    let broken = [("opt/tomcat/conf/server.xml", "<Server port=\"-1\"><Service></Server>")];
    assert_eq!(of(&broken, "tomcat-connectors", &["port"]), ["gap port=?not-understood"]);
    let denied = [("opt/tomcat/conf/server.xml", "!denied")];
    assert_eq!(of(&denied, "tomcat-settings", &["name", "number"])[0], "gap name=?denied number=?denied");
    assert!(of(&[("etc/passwd", "")], "tomcat-settings", &["name"]).is_empty());
}

#[test]
fn passwords_are_judged_and_never_shown() {
    let users = "<tomcat-users><user username='a' password='$2a'/><user username='b' password='0123456789abcdef0123456789abcdef'/><user username='c' password='abc$1$0f'/><user username='d' password='longer than eight'/><user username='tomcat' password='Tomcat'/></tomcat-users>";
    let files = [("opt/tomcat/conf/server.xml", "<Server/>"), ("opt/tomcat/conf/tomcat-users.xml", users)];
    assert_eq!(
        of(&files, "tomcat-accounts", &["user", "password"]),
        [
            "user=a password=short",
            "user=b password=digested",
            "user=c password=digested",
            "user=d password=ordinary",
            "user=tomcat password=vendor-default"
        ]
    );
    let files = [
        (
            "opt/tomcat/conf/server.xml",
            "<Server port='8005' shutdown='hidden-shutdown-word'><Service><Connector protocol='AJP/1.3' port='1' secret='hidden-ajp-secret'/></Service></Server>",
        ),
        ("opt/tomcat/conf/tomcat-users.xml", "<tomcat-users><user username='a' password='hidden-password' roles='x'/></tomcat-users>"),
    ];
    let files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let scanned = crate::support::scan("host", &files);
    let printed = scanned.jsonl + &scanned.junit + &scanned.text + &scanned.stderr;
    assert!(printed.contains("server.xml") && !printed.contains("hidden-"), "{printed}");
}
