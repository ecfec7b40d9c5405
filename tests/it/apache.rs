//! Apache httpd's configuration: merging, conditions, admission, transport, logs. Expected values: Apache HTTP Server 2.4 documentation.

use crate::support::rows;

/// Rows of one table, of httpd alone.
fn of(files: &[(&str, &str)], table: &str, columns: &[&str]) -> Vec<String> {
    rows(files, &format!("apache:{table}"), columns)
}

/// Rows for one main file as Red Hat has it.
fn main_file(text: &str, table: &str, columns: &[&str]) -> Vec<String> {
    of(&[("etc/httpd/conf/httpd.conf", text), ("etc/sysconfig/httpd", "!absent")], table, columns)
}

/// Debian 12's own files, shortened, with one site.
const DEBIAN: &[(&str, &str)] = &[
    (
        "etc/apache2/apache2.conf",
        "DefaultRuntimeDir ${APACHE_RUN_DIR}\nTimeout 300\nUser ${APACHE_RUN_USER}\nGroup ${APACHE_RUN_GROUP}\nErrorLog ${APACHE_LOG_DIR}/error.log\nLogLevel warn\nIncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\nInclude ports.conf\n<Directory />\n\tOptions FollowSymLinks\n\tAllowOverride None\n\tRequire all denied\n</Directory>\n<Directory /var/www/>\n\tOptions Indexes FollowSymLinks\n\tAllowOverride None\n\tRequire all granted\n</Directory>\n<FilesMatch \"^\\.ht\">\n\tRequire all denied\n</FilesMatch>\nLogFormat \"%h %l %u %t \\\"%r\\\" %>s %O\" common\nIncludeOptional conf-enabled/*.conf\nIncludeOptional sites-enabled/*.conf\n",
    ),
    (
        "etc/apache2/envvars",
        "unset HOME\nif [ \"${APACHE_CONFDIR##/etc/apache2-}\" != \"${APACHE_CONFDIR}\" ] ; then\n\tSUFFIX=\"-${APACHE_CONFDIR##/etc/apache2-}\"\nelse\n\tSUFFIX=\nfi\nexport APACHE_RUN_USER=www-data\nexport APACHE_RUN_GROUP=www-data\nexport APACHE_RUN_DIR=/var/run/apache2$SUFFIX\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n",
    ),
    (
        "etc/apache2/ports.conf",
        "Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n<IfModule mod_gnutls.c>\n\tListen 444\n</IfModule>\n",
    ),
    ("etc/apache2/mods-enabled/ssl.load", "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n"),
    ("etc/apache2/mods-enabled/status.load", "LoadModule status_module /usr/lib/apache2/modules/mod_status.so\n"),
    ("etc/apache2/mods-enabled/ssl.conf", "SSLCipherSuite HIGH:!aNULL:!3DES\nSSLProtocol all -SSLv3\n"),
    ("etc/apache2/mods-enabled/status.conf", "<Location /server-status>\n\tSetHandler server-status\n\tRequire local\n</Location>\n"),
    ("etc/apache2/conf-enabled/security.conf", "ServerTokens OS\nServerSignature On\nTraceEnable Off\n"),
    (
        "etc/apache2/sites-enabled/bank.conf",
        "<VirtualHost *:80>\n\tServerName e.bank.example\n\tDocumentRoot /var/www/html\n\tRedirect permanent / https://e.bank.example/\n\tCustomLog ${APACHE_LOG_DIR}/access.log common\n</VirtualHost>\n<VirtualHost *:443>\n\tServerName e.bank.example\n\tDocumentRoot /var/www/html\n\tSSLEngine on\n\tSSLProtocol -all +TLSv1.2 +TLSv1.3\n\t<Location /admin>\n\t\tRequire ip 10.1.2.0/24\n\t\tRequire ip 10.1.3\n\t</Location>\n\tProxyPass /admin http://10.0.0.1/\n</VirtualHost>\n",
    ),
    ("etc/logrotate.conf", "weekly\ninclude /etc/logrotate.d\n"),
    ("etc/logrotate.d/apache2", "/var/log/apache2/*.log {\n  daily\n  rotate 14\n}\n"),
];

#[test]
fn a_debian_host_has_every_row_with_its_line() {
    let (main, site) = ("etc/apache2/apache2.conf", "etc/apache2/sites-enabled/bank.conf");
    assert_eq!(
        of(
            DEBIAN,
            "apache-hosts",
            &["host", "serves", "tls@", "protocols@", "ciphers", "logged@", "log-targets", "trace@", "timeout@", "error-log", "log-level"]
        ),
        [
            format!(
                "host=server serves=false tls=some@{site}:10 protocols=[TLSv1, TLSv1.1, TLSv1.2, TLSv1.3]@etc/apache2/mods-enabled/ssl.conf:2 ciphers=acceptable logged=never@default log-targets=[] trace=off@etc/apache2/conf-enabled/security.conf:3 timeout=5m@{main}:2 error-log=/var/log/apache2/error.log log-level=warn"
            ),
            format!(
                "host=e.bank.example (*:80) serves=true tls=none@default protocols=[]@default ciphers=- logged=always@{site}:5 log-targets=[/var/log/apache2/access.log] trace=off@etc/apache2/conf-enabled/security.conf:3 timeout=5m@{main}:2 error-log=/var/log/apache2/error.log log-level=warn"
            ),
            format!(
                "host=e.bank.example (*:443) serves=true tls=all@{site}:10 protocols=[TLSv1.2, TLSv1.3]@{site}:11 ciphers=acceptable logged=never@default log-targets=[] trace=off@etc/apache2/conf-enabled/security.conf:3 timeout=5m@{main}:2 error-log=/var/log/apache2/error.log log-level=warn"
            ),
        ]
    );
    assert_eq!(
        of(DEBIAN, "apache-scopes", &["host", "kind", "path", "sources@", "options@", "overrides", "signature", "console"]),
        [
            format!(
                "host=server kind=server path=server sources=[]@{main}:13 options=[FollowSymLinks]@{main}:11 overrides=[] signature=true console=false"
            ),
            format!(
                "host=server kind=directory path=/ sources=[]@{main}:13 options=[FollowSymLinks]@{main}:11 overrides=[] signature=true console=false"
            ),
            format!(
                "host=server kind=directory path=/var/www sources=[0.0.0.0/0, ::/0]@{main}:18 options=[Indexes, FollowSymLinks]@{main}:16 overrides=[] signature=true console=false"
            ),
            format!(
                "host=server kind=files path=^\\.ht sources=[]@{main}:21 options=[FollowSymLinks]@{main}:11 overrides=[] signature=true console=false"
            ),
            format!(
                "host=server kind=location path=/server-status sources=[127.0.0.0/8, ::1/128]@etc/apache2/mods-enabled/status.conf:3 options=[FollowSymLinks]@{main}:11 overrides=[] signature=true console=true"
            ),
            format!(
                "host=e.bank.example (*:80) kind=server path=server sources=[0.0.0.0/0, ::/0]@{main}:18 options=[Indexes, FollowSymLinks]@{main}:16 overrides=[] signature=true console=false"
            ),
            format!(
                "host=e.bank.example (*:443) kind=server path=server sources=[0.0.0.0/0, ::/0]@{main}:18 options=[Indexes, FollowSymLinks]@{main}:16 overrides=[] signature=true console=false"
            ),
            // What another server answers stands in no folder.
            format!(
                "host=e.bank.example (*:443) kind=location path=/admin sources=[10.1.2.0/23]@{site}:14 options=[FollowSymLinks]@default overrides=[] signature=true console=true"
            ),
        ]
    );
    assert_eq!(
        of(DEBIAN, "apache-settings", &["name", "value@"]),
        [
            format!("name=Group value=www-data@{main}:4"),
            "name=ServerTokens value=OS@etc/apache2/conf-enabled/security.conf:1".to_owned(),
            format!("name=User value=www-data@{main}:3")
        ]
    );
    assert_eq!(
        of(DEBIAN, "services", &["name", "port", "address", "cleartext@"]),
        [
            "name=apache port=80 address=* cleartext=false@etc/apache2/ports.conf:1",
            "name=apache port=443 address=* cleartext=false@etc/apache2/ports.conf:3"
        ]
    );
    assert_eq!(
        of(DEBIAN, "logs", &["stream", "path", "enabled", "retention", "level"]),
        [
            "stream=web-error path=/var/log/apache2/error.log enabled=true retention=14d level=warn",
            "stream=web-access path=/var/log/apache2/access.log enabled=true retention=14d level=-",
            "stream=web-access path=- enabled=false retention=0s level=-",
        ]
    );
    assert_eq!(
        of(DEBIAN, "remote-access", &["service", "scope", "encrypted", "sources", "factors"]),
        ["service=web-https scope=apache e.bank.example (*:443) /admin encrypted=true sources=[10.1.2.0/23] factors=?application"]
    );
    assert_eq!(
        of(DEBIAN, "crypto", &["context", "kind", "name", "strength"])[..3],
        [
            "context=apache e.bank.example (*:443) kind=protocol name=TLSv1.2 strength=acceptable",
            "context=apache e.bank.example (*:443) kind=protocol name=TLSv1.3 strength=strong",
            "context=apache e.bank.example (*:443) kind=cipher name=HIGH strength=acceptable",
        ]
    );
}

#[test]
fn variables_are_those_of_what_starts_httpd() {
    let without: Vec<(&str, &str)> = DEBIAN.iter().copied().filter(|(path, _)| !path.ends_with("envvars")).collect();
    assert_eq!(of(&without, "apache-settings", &["name", "value"])[2], "name=User value=?not-understood");
    let own = [("etc/apache2/apache2.conf", "Define who root\nUser ${who}\n"), ("etc/apache2/envvars", "export who=www-data\n")];
    assert_eq!(of(&own, "apache-settings", &["value"])[2], "value=root");
}

#[test]
fn conditions_that_the_snapshot_does_not_decide_leave_open_what_they_hold() {
    let text = "<IfDefine X>\nTimeout 10\n</IfDefine>\n";
    assert_eq!(main_file(text, "apache-hosts", &["timeout", "trace"]), ["timeout=1m trace=on"]);
    let open = |files: &[(&str, &str)]| of(files, "apache-hosts", &["timeout", "trace"]);
    assert_eq!(open(&[("etc/httpd/conf/httpd.conf", text)]), ["timeout=?condition trace=on"]);
    assert_eq!(open(&[("etc/httpd/conf/httpd.conf", text), ("etc/sysconfig/httpd", "OPTIONS=\"-D X\"\n")]), ["timeout=10s trace=on"]);
    let built = "<IfModule mod_info.c>\nTraceEnable off\n</IfModule>\n<IfModule so_module>\nTimeout 5\n</IfModule>\n";
    assert_eq!(open(&[("usr/local/apache2/conf/httpd.conf", built)]), ["timeout=5s trace=?condition"]);
    let condition = "<If \"%{HTTP_HOST} == 'x'\">\nOptions Indexes\n</If>\n<Directory /srv>\nOptions None\n<If \"true\">\nRequire all granted\n</If>\n</Directory>\n";
    assert_eq!(
        main_file(condition, "apache-scopes", &["path", "options", "sources"])[1..],
        ["path=/ options=?condition sources=[0.0.0.0/0, ::/0]", "path=/srv options=[] sources=?condition"]
    );
}

#[test]
fn the_first_host_of_an_address_and_the_one_that_is_named_offer_their_versions() {
    let of = |first: &str, second: &str| {
        let text = format!(
            "Listen 443\nSSLProtocol -all +TLSv1.2\n<VirtualHost *:443>\nServerName a\nSSLEngine on\n{first}\n</VirtualHost>\n<VirtualHost _default_:443>\nServerName b\n{second}\n</VirtualHost>\n"
        );
        main_file(&text, "apache-hosts", &["tls", "protocols"])[1..].to_vec()
    };
    assert_eq!(of("", ""), ["tls=all protocols=[TLSv1.2]", "tls=all protocols=[TLSv1.2]"]);
    assert_eq!(of("SSLProtocol TLSv1.1", ""), ["tls=all protocols=[TLSv1.1]", "tls=all protocols=[TLSv1.1, TLSv1.2]"]);
    assert_eq!(of("", "SSLProtocol all -TLSv1"), ["tls=all protocols=[TLSv1.2]", "tls=all protocols=[SSLv3, TLSv1.1, TLSv1.2, TLSv1.3]"]);
    // Without a line Red Hat's system-wide policy decides, from release 8 on.
    let text = "Listen 443\n<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>\n";
    assert_eq!(main_file(text, "apache-hosts", &["protocols"])[1], "protocols=?version-not-known");
    let old = [("etc/httpd/conf/httpd.conf", text), ("etc/os-release", "ID=rhel\nVERSION_ID=7.9\n")];
    assert_eq!(rows(&old, "apache:apache-hosts", &["protocols@"])[1], "protocols=[TLSv1, TLSv1.1, TLSv1.2, TLSv1.3]@default");
}

#[test]
fn htaccess_may_change_what_is_let() {
    let text = "<Directory /srv>\nAllowOverride AuthConfig Options=Indexes\nOptions None\nRequire ip 10.0.0.0/8\n</Directory>\n<Directory /srv/x>\nAllowOverride None\nOptions None\nRequire ip 10.0.0.0/8\n</Directory>\n<Directory /srv/y>\nAllowOverride All\nOptions Indexes\n</Directory>\n<Location /z>\nRequire all denied\n</Location>\n";
    assert_eq!(
        main_file(text, "apache-scopes", &["path", "overrides", "options", "sources"])[2..],
        [
            "path=/srv overrides=[AuthConfig, Options=Indexes] options=?htaccess sources=?htaccess",
            "path=/srv/x overrides=[] options=[] sources=[10.0.0.0/8]",
            // A folder that is listed stays so whatever stands further down.
            "path=/srv/y overrides=[All] options=[Indexes] sources=?htaccess",
            "path=/z overrides=[] options=[FollowSymLinks] sources=[]",
        ]
    );
}

#[test]
fn later_sections_win_and_expressions_may() {
    let text = "<Location /admin>\nRequire ip 10.0.0.0/8\n</Location>\n<Location />\nRequire all granted\n</Location>\n<LocationMatch \"^/st\">\nRequire all denied\n</LocationMatch>\n<Location /status>\nRequire host bank.example\n</Location>\n<Location /stats>\n</Location>\n<Location /limited>\n<Limit GET>\nRequire ip 10.0.0.0/8\n</Limit>\n<LimitExcept GET>\nRequire all denied\n</LimitExcept>\n</Location>\n";
    assert_eq!(
        main_file(text, "apache-scopes", &["kind", "path", "sources", "everybody", "breadth"])[2..],
        [
            "kind=location path=/admin sources=[0.0.0.0/0, ::/0] everybody=true breadth=unlimited",
            "kind=location path=/ sources=[0.0.0.0/0, ::/0] everybody=true breadth=unlimited",
            "kind=location-pattern path=^/st sources=[] everybody=false breadth=0",
            "kind=location path=/status sources=[?(bank.example)] everybody=false breadth=?not-understood",
            "kind=location path=/stats sources=?pattern everybody=?pattern breadth=?pattern",
            "kind=location path=/limited sources=?not-understood everybody=?not-understood breadth=?not-understood",
        ]
    );
}

#[test]
fn logs_go_to_files_programs_or_nowhere() {
    let of = |lines: &str| {
        let text = format!("LogFormat \"%h %u\" short\nListen 80\n{lines}\n");
        let hosts = main_file(&text, "apache-hosts", &["logged", "log-fields"]);
        let files = [
            ("etc/httpd/conf/httpd.conf", &*text),
            ("etc/sysconfig/httpd", "!absent"),
            ("etc/logrotate.conf", "!absent"),
            ("etc/logrotate.d", "!absent"),
        ];
        let logs = rows(&files, "apache:logs", &["stream", "path", "retention", "bounded-by"]);
        let log = logs.iter().find(|row| row.contains("web-access")).cloned().unwrap_or_default();
        format!("{} | {}", hosts[0], log.replace("stream=web-access ", ""))
    };
    assert_eq!(of(""), "logged=never log-fields=[] | path=- retention=0s bounded-by=-");
    assert_eq!(
        of("CustomLog logs/a short"),
        "logged=always log-fields=[client, user] | path=/var/log/httpd/a retention=unlimited bounded-by=nothing"
    );
    assert_eq!(
        of("CustomLog /srv/a short env=x"),
        "logged=conditional log-fields=[client, user] | path=/srv/a retention=unlimited bounded-by=nothing"
    );
    assert_eq!(
        of("TransferLog \"|/usr/sbin/rotatelogs -n 200 /srv/a.%F 86400\""),
        "logged=always log-fields=[client, request, status, time, user] | path=/srv/a.%F retention=199d bounded-by=time"
    );
    assert_eq!(
        of("CustomLog \"|/usr/bin/logger\" \"%h %t\""),
        "logged=always log-fields=[client, time] | path=- retention=?not-understood bounded-by=?not-understood"
    );
}

#[test]
fn what_was_not_read_leaves_gaps_and_no_defaults() {
    let text = "Include more.conf\nTimeout 20\n<Directory /srv>\nOptions Indexes\n</Directory>\n";
    assert_eq!(
        main_file(text, "apache-hosts", &["timeout", "trace"]),
        ["timeout=20s trace=?not-collected", "gap timeout=?not-collected trace=?not-collected"]
    );
    assert_eq!(
        main_file(text, "apache-scopes", &["path", "options", "signature"])[2..],
        ["path=/srv options=[Indexes] signature=?not-collected", "gap path=?not-collected options=?not-collected signature=?not-collected"]
    );
    let cut = "!truncated Timeout 20\n<Directory /srv>\nOptions None\n";
    assert_eq!(
        main_file(cut, "apache-scopes", &["path", "options"])[2..],
        ["path=/srv options=?truncated", "gap path=?truncated options=?truncated"]
    );
    assert_eq!(of(&[("etc/httpd/conf/httpd.conf", "!denied")], "apache-hosts", &["host"]), ["gap host=?denied"]);
    assert!(of(&[("etc/passwd", "")], "apache-hosts", &["host"]).is_empty());
    // A text with an error is no configuration; what stands before it could be set otherwise by what is left.
    assert_eq!(
        main_file("Timeout 20\n</Directory>\nTraceEnable off\n", "apache-hosts", &["timeout", "trace"])[0],
        "timeout=?not-understood trace=?not-understood"
    );
}

#[test]
fn headers_have_a_time_only_with_the_module() {
    let of = |lines: &str| main_file(lines, "apache-hosts", &["header-timeout"]).remove(0);
    assert_eq!(of(""), "header-timeout=unlimited");
    assert_eq!(of("LoadModule reqtimeout_module m.so"), "header-timeout=40s");
    assert_eq!(of("LoadModule reqtimeout_module m.so\nRequestReadTimeout header=20-30,minrate=500 body=5"), "header-timeout=30s");
    assert_eq!(of("LoadModule reqtimeout_module m.so\nRequestReadTimeout header=0"), "header-timeout=unlimited");
    assert_eq!(of("LoadModule reqtimeout_module m.so\nRequestReadTimeout header=20,MinRate=5"), "header-timeout=unlimited");
}

#[test]
fn the_server_as_a_whole_serves_where_no_host_takes_all() {
    let of = |text: &str| main_file(text, "apache-hosts", &["host", "serves"])[0].clone();
    assert_eq!(of("Listen 80\n<VirtualHost *:80>\n</VirtualHost>\n"), "host=server serves=false");
    assert_eq!(of("Listen 80\n<VirtualHost 10.0.0.1:80>\n</VirtualHost>\n"), "host=server serves=true");
    assert_eq!(of("Listen 80\nListen 81\n<VirtualHost *:80>\n</VirtualHost>\n"), "host=server serves=true");
    assert_eq!(of("Listen 80\n<VirtualHost *>\n</VirtualHost>\n"), "host=server serves=false");
}
