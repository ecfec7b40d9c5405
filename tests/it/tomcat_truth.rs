//! Made-up hosts and applications, served by the real Tomcat on loopback and read by us: who is admitted, what is listed, what error pages
//! tell and what is logged must agree.
//!
//! Needs Debian's Tomcat 10 and a Java runtime (`apt-get install tomcat10 default-jre-headless`), which `tests/run` installs. RemoteIpValve
//! lets one machine be many clients.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::rows;

const HOME: &str = "/usr/share/tomcat10";
const HOSTS: usize = 36;
const CLIENTS: [&str; 5] = ["127.0.0.1", "10.1.2.3", "10.1.2.9", "10.2.0.1", "192.0.2.1"];

const VALVES: [&str; 9] = [
    "",
    "<Valve className=\"org.apache.catalina.valves.RemoteAddrValve\" allow=\"127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1\"/>",
    "<Valve className=\"org.apache.catalina.valves.RemoteAddrValve\" allow=\"10\\.1\\..*\"/>",
    "<Valve className=\"org.apache.catalina.valves.RemoteAddrValve\" allow=\".*\"/>",
    "<Valve className=\"org.apache.catalina.valves.RemoteAddrValve\" allow=\"10\\.1\\.2\\.\\d+\" deny=\"10\\.1\\.2\\.9\"/>",
    "<Valve className=\"org.apache.catalina.valves.RemoteCIDRValve\" allow=\"10.0.0.0/15, 192.0.2.1\"/>",
    "<Valve className=\"org.apache.catalina.valves.RemoteCIDRValve\" deny=\"10.2.0.0/16\"/>",
    "<!-- <Valve className=\"org.apache.catalina.valves.RemoteAddrValve\" allow=\"127\\.0\\.0\\.1\"/> -->",
    "<Valve className=\"org.apache.catalina.valves.RemoteAddrValve\"/>",
];
const REPORTS: [&str; 4] = [
    "",
    "<Valve className=\"org.apache.catalina.valves.ErrorReportValve\" showReport=\"false\" showServerInfo=\"false\"/>",
    "<Valve className=\"org.apache.catalina.valves.ErrorReportValve\" showServerInfo=\"${hidden}\"/>",
    "<Valve className=\"org.apache.catalina.valves.ErrorReportValve\" showReport=\"no\"/>",
];
const LISTING: &str = "<web-app><servlet><servlet-name>default</servlet-name><servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class><init-param><param-name>listings</param-name><param-value>VALUE</param-value></init-param><load-on-startup>1</load-on-startup></servlet><servlet-mapping><servlet-name>default</servlet-name><url-pattern>/</url-pattern></servlet-mapping></web-app>";

/// A running Tomcat, ended with the test.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One answer: status code and text.
fn ask(port: u16, number: usize, path: &str, client: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: h{number}\r\nx-client: {client}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Some((answer.split(' ').nth(1)?.parse().ok()?, answer))
}

/// The files of an instance, by path below its base.
fn instance(port: u16) -> Vec<(String, String)> {
    let mut files = vec![("conf/web.xml".to_owned(), LISTING.replace("VALUE", "false"))];
    let skipped = "tomcat.util.scan.StandardJarScanFilter.jarsToSkip=*.jar";
    let loader =
        "common.loader=\"${catalina.base}/lib\",\"${catalina.home}/lib\",\"${catalina.home}/lib/*.jar\"\nserver.loader=\nshared.loader=";
    files.push(("conf/catalina.properties".to_owned(), format!("{loader}\n{skipped}\nhidden=false\nport={port}\n")));
    let mut server = String::from(
        "<Server port=\"-1\" shutdown=\"SHUTDOWN\">\n<Service name=\"Catalina\">\n<Connector port=\"${port}\" address=\"127.0.0.1\" protocol=\"HTTP/1.1\"/>\n<Engine name=\"Catalina\" defaultHost=\"h0\">\n<Valve className=\"org.apache.catalina.valves.RemoteIpValve\" remoteIpHeader=\"x-client\" internalProxies=\"127\\.0\\.0\\.1\"/>\n",
    );
    for number in 0..HOSTS {
        // Every combination of a valve with another thing comes up, because their counts have no common divisor with the steps.
        let (own, outer) = (VALVES[number % 9], if number % 4 == 3 { VALVES[(number / 4 + 5) % 9] } else { "" });
        let log = ["", "<Valve className=\"org.apache.catalina.valves.AccessLogValve\" buffered=\"false\" directory=\"logs\" prefix=\"hN\" pattern=\"common\"/>", "<Valve className=\"org.apache.catalina.valves.AccessLogValve\" buffered=\"false\" directory=\"logs\" prefix=\"hN\" enabled=\"false\"/>"][number % 3].replace("hN", &format!("h{number}-"));
        let _ = writeln!(
            server,
            "<Host name=\"h{number}\" appBase=\"apps/h{number}\" deployXML=\"true\">\n{outer}\n{}\n{log}\n</Host>",
            REPORTS[number % 4]
        );
        let folder = format!("apps/h{number}/app");
        files.push((format!("{folder}/d/x.txt"), "x".to_owned()));
        files.push((format!("{folder}/META-INF/context.xml"), format!("<Context>\n{own}\n</Context>\n")));
        if number % 5 == 4 {
            // It replaces the application's own.
            let other = VALVES[(number + 4) % 9];
            files.push((format!("conf/Catalina/h{number}/app.xml"), format!("<Context>\n{other}\n</Context>\n")));
        }
        let web = match number % 7 {
            2 => LISTING.replace("VALUE", "true"),
            5 => LISTING.replace("VALUE", "false"),
            _ => "<web-app/>".to_owned(),
        };
        files.push((format!("{folder}/WEB-INF/web.xml"), web));
    }
    files.push(("conf/server.xml".to_owned(), server + "</Engine>\n</Service>\n</Server>\n"));
    files
}

/// Starts Tomcat on a folder, and waits until it answers.
fn start(base: &Path, port: u16) -> Server {
    for folder in ["logs", "temp", "work", "lib"] {
        fs::create_dir_all(base.join(folder)).expect("a folder can be made");
    }
    let shown = base.display();
    let mut command = Command::new("java");
    command.args(["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"]);
    command.arg(format!("{HOME}/bin/bootstrap.jar:{HOME}/bin/tomcat-juli.jar"));
    command.args([format!("-Dcatalina.home={HOME}"), format!("-Dcatalina.base={shown}"), format!("-Djava.io.tmpdir={shown}/temp")]);
    command.args(["org.apache.catalina.startup.Bootstrap", "start"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut server = Server(command.spawn().expect("java of `tests/run` is installed"));
    for _ in 0..900 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        let ended = server.0.try_wait().expect("the process can be asked");
        assert!(ended.is_none(), "Tomcat took the configuration: {ended:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("Tomcat did not answer");
}

/// The value of a column in a line of our rows.
fn value<'l>(line: &'l str, column: &str) -> &'l str {
    let from = line.find(&format!("{column}=")).expect("the column was asked for") + column.len() + 1;
    let rest = &line[from..];
    let end = if rest.starts_with('[') { rest.find(']').map(|at| at + 1) } else { rest.find(' ') };
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn tomcat_admits_lists_and_logs_what_our_rows_say() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let files = instance(port);
    for (path, text) in &files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let _server = start(folder.path(), port);
    let ours: Vec<(String, &str)> = files.iter().map(|(path, text)| (format!("opt/tomcat/{path}"), text.as_str())).collect();
    let mut ours: Vec<(&str, &str)> = ours.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    ours.push(("opt/tomcat/conf/context.xml", "!absent"));
    let applications = rows(&ours, "tomcat:tomcat-applications", &["application", "sources@", "listings"]);
    let applications: Vec<&String> = applications.iter().filter(|row| row.starts_with("application=app ")).collect();
    let hosts = rows(&ours, "tomcat:tomcat-hosts", &["host", "logged", "error-report", "server-info"]);
    assert_eq!((applications.len(), hosts.len()), (HOSTS, HOSTS));
    assert_eq!(rows(&ours, "tomcat:services", &["port", "address"]), [format!("port={port} address=127.0.0.1")]);
    let mut wrong = Vec::new();
    let mut pages = 0;
    for (number, (application, host)) in applications.iter().zip(&hosts).enumerate() {
        let networks = value(application, "sources").trim_matches(['[', ']']).to_owned();
        let mut told = None;
        for client in CLIENTS {
            let address: IpAddr = client.parse().expect("an address");
            let admitted =
                networks.split(", ").filter_map(|block| block.parse::<ipnet::IpNet>().ok()).any(|block| block.contains(&address));
            let got = ask(port, number, "/app/d/x.txt", client).map(|(code, _)| code);
            if got != Some(if admitted { 200 } else { 403 }) {
                wrong.push(format!("h{number} gives {client} {got:?}: {application}"));
            }
            if admitted {
                let listed = ask(port, number, "/app/d/", client).map(|(code, _)| code == 200);
                if listed != Some(value(application, "listings") == "true") {
                    wrong.push(format!("h{number} lists: {listed:?}: {application}"));
                }
            }
            // Whom a valve turns away before the error page is made is shown none.
            told = told.or_else(|| ask(port, number, "/app/none", client).filter(|_| admitted));
        }
        let page = told.map_or_else(String::new, |(_, page)| page);
        let (report, info) = (page.contains("Status Report"), page.contains("Apache Tomcat"));
        let expected = (value(host, "error-report") == "true", value(host, "server-info") == "true");
        pages += usize::from(!page.is_empty());
        if !page.is_empty() && (report, info) != expected {
            wrong.push(format!("h{number} tells {report} {info}: {host}"));
        }
        let logs = fs::read_dir(folder.path().join("logs")).expect("the folder of logs");
        let own = logs.filter_map(Result::ok).filter(|entry| entry.file_name().to_string_lossy().starts_with(&format!("h{number}-")));
        let written = own.map(|entry| fs::read_to_string(entry.path()).unwrap_or_default()).any(|text| text.contains("GET /app/d/x.txt"));
        if written != (value(host, "logged") == "true") {
            wrong.push(format!("h{number} logs: {written}: {host}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pages > HOSTS / 2, "{pages} error pages were seen");
}
