//! nginx.conf and what it includes: inheritance, default servers, admission, logs. Expected values: nginx.org/en/docs and nginx 1.22 itself.

use crate::support::rows;

/// Rows of one table, of nginx alone.
fn of(files: &[(&str, &str)], table: &str, columns: &[&str]) -> Vec<String> {
    rows(files, &format!("nginx:{table}"), columns)
}

/// A main file around a text of `http`.
fn http(inner: &str) -> String {
    format!("user www-data;\nevents {{ worker_connections 768; }}\nhttp {{\n{inner}\n}}\n")
}

/// Rows of `nginx-locations` for a text of `http`.
fn locations(inner: &str, columns: &[&str]) -> Vec<String> {
    of(&[("etc/nginx/nginx.conf", &http(inner))], "nginx-locations", columns)
}

const DEBIAN: &[(&str, &str)] = &[
    (
        "etc/nginx/nginx.conf",
        "user www-data;\nworker_processes auto;\nerror_log /var/log/nginx/error.log;\ninclude /etc/nginx/modules-enabled/*.conf;\nevents {\n\tworker_connections 768;\n}\nhttp {\n\tinclude /etc/nginx/mime.types;\n\tssl_protocols TLSv1.2 TLSv1.3; # no TLSv1\n\taccess_log /var/log/nginx/access.log;\n\tserver_tokens off;\n\tinclude /etc/nginx/conf.d/*.conf;\n\tinclude /etc/nginx/sites-enabled/*;\n}\n",
    ),
    ("etc/nginx/mime.types", "types {\n  text/html html;\n}\n"),
    ("etc/nginx/modules-enabled", "!directory"),
    ("etc/nginx/conf.d", "!directory"),
    (
        "etc/nginx/sites-enabled/bank",
        "server {\n  listen 80 default_server;\n  return 301 https://$host$request_uri;\n}\nserver {\n  listen 443 ssl;\n  server_name e.bank.example;\n  location / {\n    proxy_pass http://10.0.0.1;\n  }\n  location /admin/ {\n    allow 10.1.2.0/24;\n    deny all;\n    access_log off;\n    proxy_pass http://10.0.0.1;\n  }\n}\n",
    ),
    ("etc/logrotate.conf", "weekly\ninclude /etc/logrotate.d\n"),
    ("etc/logrotate.d/nginx", "/var/log/nginx/*.log {\n  daily\n  rotate 14\n}\n"),
];

#[test]
fn a_debian_host_has_every_row_with_its_line() {
    let columns = ["server", "location", "answer@", "tls@", "protocols@", "sources@", "logged@", "version-shown@", "console"];
    let site = "etc/nginx/sites-enabled/bank";
    let main = "etc/nginx/nginx.conf";
    assert_eq!(
        of(DEBIAN, "nginx-locations", &columns),
        [
            format!(
                "server=_ (*:80) location=server answer=redirect-https@{site}:3 tls=none@{site}:2 protocols=[]@{site}:2 sources=[0.0.0.0/0, ::/0]@{site}:3 logged=always@{main}:11 version-shown=false@{main}:12 console=false"
            ),
            format!(
                "server=e.bank.example (*:443) location=/ answer=content@{site}:8 tls=all@{site}:6 protocols=[TLSv1.2, TLSv1.3]@{main}:10 sources=[0.0.0.0/0, ::/0]@{main} logged=always@{main}:11 version-shown=false@{main}:12 console=false"
            ),
            format!(
                "server=e.bank.example (*:443) location=/admin/ answer=content@{site}:11 tls=all@{site}:6 protocols=[TLSv1.2, TLSv1.3]@{main}:10 sources=[10.1.2.0/24]@{site}:12 logged=never@{site}:14 version-shown=false@{main}:12 console=true"
            ),
        ]
    );
    assert_eq!(
        of(DEBIAN, "nginx-settings", &["name", "value@"]),
        [
            format!("name=error_log value=/var/log/nginx/error.log@{main}:3"),
            format!("name=user value=www-data@{main}:1"),
            format!("name=worker_connections value=768@{main}:6"),
            format!("name=worker_processes value=auto@{main}:2"),
        ]
    );
    assert_eq!(
        of(DEBIAN, "logs", &["stream", "path", "retention", "level"]),
        [
            "stream=web-error path=/var/log/nginx/error.log retention=14d level=error",
            "stream=web-access path=/var/log/nginx/access.log retention=14d level=-",
        ]
    );
    assert_eq!(
        of(DEBIAN, "services", &["name", "port", "address", "cleartext@"]),
        [
            format!("name=nginx port=80 address=* cleartext=false@{site}:2"),
            format!("name=nginx port=443 address=* cleartext=false@{site}:6"),
        ]
    );
    assert_eq!(
        of(DEBIAN, "remote-access", &["service", "scope", "enabled", "encrypted", "sources", "factors"]),
        [
            "service=web-https scope=nginx e.bank.example (*:443) /admin/ enabled=true encrypted=true sources=[10.1.2.0/24] factors=?application",
        ]
    );
}

#[test]
fn one_line_of_an_array_drops_the_outer_ones() {
    let inner = "add_header X-Frame-Options DENY always;\nadd_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;\nallow 10.0.0.0/8;\ndeny all;\nserver {\nlocation /a { add_header X-A b; }\nlocation /b { }\nlocation /c { allow 192.0.2.1; }\n}";
    assert_eq!(
        locations(inner, &["location", "headers", "hsts", "sources"])[1..],
        [
            "location=/a headers=[x-a: b] hsts=- sources=[10.0.0.0/8]",
            "location=/b headers=[x-frame-options: DENY, strict-transport-security: max-age=31536000; includeSubDomains] hsts=365d sources=[10.0.0.0/8]",
            // Whom no line fits is admitted.
            "location=/c headers=[x-frame-options: DENY, strict-transport-security: max-age=31536000; includeSubDomains] hsts=365d sources=[0.0.0.0/0, ::/0]",
        ]
    );
}

#[test]
fn the_first_line_that_fits_decides() {
    let of = |lines: &str| locations(&format!("server {{ location / {{ {lines} }} }}"), &["sources"]).remove(0);
    assert_eq!(of("deny all; allow 10.0.0.0/8;"), "sources=[]");
    assert_eq!(of("deny 10.1.0.0/16; allow 10.0.0.0/15; deny all;"), "sources=[10.0.0.0/16]");
    assert_eq!(of("allow 10.1.2.3/8; deny all;"), "sources=[10.0.0.0/8]");
    assert_eq!(of("allow $x; deny all;"), "sources=?not-understood");
}

#[test]
fn satisfy_any_lets_a_login_stand_for_an_address() {
    let of = |lines: &str| {
        locations(
            &format!("auth_basic x;\nserver {{ location / {{ allow 10.0.0.0/8; deny all; {lines} }} }}"),
            &["sources", "login", "address-and-login"],
        )
        .remove(0)
    };
    assert_eq!(of(""), "sources=[10.0.0.0/8] login=[basic] address-and-login=true");
    assert_eq!(of("satisfy any;"), "sources=[0.0.0.0/0, ::/0] login=[basic] address-and-login=false");
    assert_eq!(of("satisfy any; auth_basic off;"), "sources=[10.0.0.0/8] login=[] address-and-login=false");
}

#[test]
fn a_return_is_answered_before_addresses_are_looked_at() {
    let inner =
        "server { deny all; location /a { return 200 x; } location /b { } }\nserver { server_name r; return 403; location /never { } }";
    assert_eq!(
        locations(inner, &["location", "answer", "sources"]),
        [
            "location=server answer=content sources=[]",
            "location=/a answer=text sources=[0.0.0.0/0, ::/0]",
            "location=/b answer=content sources=[]",
            "location=server answer=refusal sources=[0.0.0.0/0, ::/0]",
        ]
    );
}

#[test]
fn the_default_server_of_a_socket_decides_its_protocols() {
    let inner = "ssl_protocols TLSv1.2;\nserver { listen 443 ssl; ssl_protocols TLSv1 TLSv1.2; return 444; }\nserver { listen 443; server_name b; location / { } }\nserver { listen 8443 ssl; server_name c; location / { } }\nserver { listen 8443 default_server; ssl_protocols TLSv1.3; server_name d; location / { } }";
    assert_eq!(
        locations(inner, &["server", "tls", "protocols"]),
        [
            "server=_ (*:443) tls=all protocols=[TLSv1, TLSv1.2]",
            "server=b (*:443) tls=all protocols=[TLSv1, TLSv1.2]",
            "server=c (*:8443) tls=all protocols=[TLSv1.3, TLSv1.2]",
            "server=d (*:8443) tls=all protocols=[TLSv1.3]",
        ]
    );
    let files = [("etc/nginx/nginx.conf", &*http(inner))];
    assert_eq!(
        of(&files, "crypto", &["context", "kind", "name", "strength"])[..3],
        [
            "context=nginx *:443 kind=protocol name=TLSv1 strength=weak",
            "context=nginx *:443 kind=protocol name=TLSv1.2 strength=acceptable",
            "context=nginx *:443 kind=cipher name=HIGH strength=?version-not-known",
        ]
    );
    // Without a line the version decides, which no file shows.
    assert_eq!(
        locations("server { listen 443 ssl; location / { } }", &["protocols"]),
        ["protocols=?version-not-known([TLSv1, TLSv1.1, TLSv1.2]|[TLSv1, TLSv1.1, TLSv1.2, TLSv1.3]|[TLSv1.2, TLSv1.3])"]
    );
}

#[test]
fn comments_quotes_and_lua_set_nothing() {
    let inner = "# autoindex on;\nserver { location / { add_header X \"; autoindex on;\"; content_by_lua_block { autoindex on; } } }";
    assert_eq!(locations(inner, &["location", "autoindex"]), ["location=/ autoindex=false"]);
}

#[test]
fn logs_are_off_on_or_conditional() {
    let inner = "log_format f '$remote_addr ${status}';\nserver { access_log /a f; location /1 { } location /2 { access_log off; access_log /b; } location /3 { access_log /c f if=$x; } location /4 { access_log /d nope; } location /5 { access_log syslog:server=10.0.0.9:514,tag=n; } }";
    assert_eq!(
        locations(inner, &["location", "logged", "log-targets", "log-fields"])[1..],
        [
            "location=/1 logged=always log-targets=[/a] log-fields=[remote_addr, status]",
            "location=/2 logged=never log-targets=[] log-fields=[]",
            "location=/3 logged=conditional log-targets=[/c] log-fields=[remote_addr, status]",
            "location=/4 logged=always log-targets=[/d] log-fields=?not-understood",
            "location=/5 logged=always log-targets=[syslog:server=10.0.0.9:514,tag=n] log-fields=[body_bytes_sent, http_referer, http_user_agent, remote_addr, remote_user, request, status, time_local]",
        ]
    );
    let logs = of(&[("etc/nginx/nginx.conf", &*http(inner))], "logs", &["stream", "path", "forwarded"]);
    assert!(logs.contains(&"stream=web-access path=- forwarded=[10.0.0.9]".to_owned()), "{logs:?}");
}

#[test]
fn what_was_not_read_leaves_gaps_and_no_defaults() {
    let inner = "include mime.types;\nserver { autoindex on; location / { } location /x { server_tokens off; } }";
    assert_eq!(
        locations(inner, &["location", "autoindex", "version-shown"]),
        [
            "location=/ autoindex=true version-shown=?not-collected",
            "location=/x autoindex=true version-shown=false",
            "gap location=?not-collected autoindex=?not-collected version-shown=?not-collected",
        ]
    );
    assert_eq!(of(&[("etc/nginx/nginx.conf", "!denied")], "nginx-locations", &["location"]), ["gap location=?denied"]);
    let cut = format!("!truncated {}", http("server { autoindex on; }"));
    assert_eq!(of(&[("etc/nginx/nginx.conf", &cut)], "nginx-settings", &["name", "value"])[0], "name=error_log value=?truncated");
    let broken = of(&[("etc/nginx/nginx.conf", "http { server { autoindex on; } } }")], "nginx-settings", &["name", "value"]);
    assert_eq!(broken[0], "name=error_log value=?not-understood");
    assert!(of(&[("etc/passwd", "")], "nginx-settings", &["name"]).is_empty());
}

#[test]
fn smaller_columns() {
    let inner = "set_real_ip_from 0.0.0.0/1;\nset_real_ip_from 128.0.0.0/1;\nclient_max_body_size 0;\nserver { listen 443 ssl; ssl_verify_client optional; send_timeout 2m;\nlocation /i { alias /srv/i/; limit_except GET { deny all; } }\nlocation ~ /j { alias /srv/i/; limit_req zone=a; }\nlocation = /k { internal; ssl_verify_client on; }\n}";
    let columns = [
        "location",
        "match",
        "forgeable-address",
        "body-size",
        "client-timeout",
        "client-certificate",
        "alias-escapes",
        "methods",
        "rate-limited",
        "sources",
    ];
    assert_eq!(
        locations(inner, &columns)[1..],
        [
            "location=/i match=prefix forgeable-address=true body-size=unlimited client-timeout=2m client-certificate=optional alias-escapes=true methods=[GET, HEAD] rate-limited=false sources=[0.0.0.0/0, ::/0]",
            "location=~ /j match=regex forgeable-address=true body-size=unlimited client-timeout=2m client-certificate=optional alias-escapes=false methods=- rate-limited=true sources=[0.0.0.0/0, ::/0]",
            "location== /k match=internal forgeable-address=true body-size=unlimited client-timeout=2m client-certificate=required alias-escapes=false methods=- rate-limited=false sources=[]",
        ]
    );
}

#[test]
fn ciphers_and_clear_text_are_those_of_the_sockets() {
    let inner = "server { listen 443 ssl; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA; location / { } }\nserver { listen 443 ssl; listen 8443 ssl; server_name b; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256; location / { } }\nserver { listen 8444 ssl; listen 80; ssl_ciphers HIGH:!aNULL:!MD5:!3DES; location / { if ($scheme = http) { return 301 https://$host; } } location /a { } }\nserver { listen 127.0.0.1:81; location / { } }";
    assert_eq!(
        locations(inner, &["server", "location", "ciphers", "cleartext"]),
        [
            "server=_ (*:443) location=/ ciphers=weak cleartext=false",
            "server=b (*:443, *:8443) location=/ ciphers=weak cleartext=false",
            "server=_ (*:8444, *:80) location=/ ciphers=acceptable cleartext=false",
            "server=_ (*:8444, *:80) location=/a ciphers=acceptable cleartext=true",
            "server=_ (127.0.0.1:81) location=/ ciphers=- cleartext=false",
        ]
    );
}

#[test]
fn a_text_that_breaks_off_leaves_defaults_open_in_every_block() {
    let cut = "!truncated http {\nserver {\nlisten 443 ssl;\nlocation / {\nautoindex on;\n}\nlocation /b {\n";
    assert_eq!(
        of(&[("etc/nginx/nginx.conf", cut)], "nginx-locations", &["location", "autoindex", "version-shown"]),
        [
            "location=/ autoindex=true version-shown=?truncated",
            "location=/b autoindex=?truncated version-shown=?truncated",
            "gap location=?truncated autoindex=?truncated version-shown=?truncated",
        ]
    );
}
