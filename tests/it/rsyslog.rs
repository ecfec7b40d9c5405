//! What rsyslog's configuration amounts to, for each trap that it holds.

mod daemon;
mod generator;

use std::fmt::Write as _;

use bumpalo::Bump;
use jixian::facts::rsyslog::messages::FACILITY_NAMES;
use jixian::facts::rsyslog::routes;
use jixian::facts::rsyslog::routes::{Certainty, Delivery, Destination, Routes};
use jixian::facts::{Host, Seen};
use jixian::names::LINUX;
use jixian::snapshot::Lack;
use jixian::source::Sources;

use crate::support::{asset, rows};

/// What takes this host's own messages in, as distributions load it.
const LOCAL: &str = "module(load=\"imuxsock\")\nmodule(load=\"imklog\")\n";

/// What a test wants to know of the routes of these files.
fn with_routes<T>(files: &[(&str, &str)], ask: impl FnOnce(&Routes<'_>) -> T) -> T {
    let asset = asset(files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    ask(routes(&host).expect("the main file is there"))
}

/// For each file that local messages reach: `path: auth authpriv? …`, of the facilities of interest at info; `?` marks what is possible.
fn reached(files: &[(&str, &str)]) -> Vec<String> {
    with_routes(files, |routes| {
        let (flow, _) = routes.local().next().expect("local messages enter");
        flow.deliveries.iter().map(|delivery| format!("{}:{}", place(delivery), facilities(delivery))).collect()
    })
}

/// Where a delivery goes.
fn place(delivery: &Delivery<'_>) -> String {
    match delivery.to {
        Destination::File(file) => file.path.to_owned(),
        Destination::Host(receiver) => format!("{}://{}:{}", receiver.protocol, receiver.host, receiver.port),
        Destination::Other(module, name) => format!("{module}({name})"),
    }
}

/// The facilities that a delivery gets at info.
fn facilities(delivery: &Delivery<'_>) -> String {
    let mut out = String::new();
    for facility in [0, 4, 9, 10, 16, 23] {
        let mark = match delivery.reach.of(facility, 6) {
            Certainty::No => continue,
            Certainty::Possible => "?",
            Certainty::Certain => "",
        };
        write!(out, " {}{mark}", FACILITY_NAMES[usize::from(facility)]).expect("a String takes everything");
    }
    out
}

/// The main file with local inputs.
fn main_file(text: &str) -> Vec<String> {
    reached(&[("etc/rsyslog.conf", &format!("{LOCAL}{text}"))])
}

/// The columns that say what a way out is worth.
const WAYS: &[&str] = &["host", "port", "protocol", "encrypted", "authenticated", "reliable"];

/// The ways out of a main file whose include directory is known to be empty.
fn ways(text: &str) -> Vec<String> {
    let main = format!("{LOCAL}{text}");
    let lines = rows(&[("etc/rsyslog.conf", &main)], "rsyslog-forwarding", WAYS);
    lines
        .into_iter()
        .map(|line| line.split(' ').map(|cell| cell.split_once('=').map_or(cell, |it| it.1)).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn the_usual_red_hat_selector_leaves_authentication_at_home() {
    assert_eq!(
        main_file("authpriv.* /var/log/secure\n*.info;mail.none;authpriv.none;cron.none @@log1\n#*.* @@log2\n"),
        ["/var/log/secure: authpriv", "tcp://log1:514: kern auth local0 local7"]
    );
}

#[test]
fn a_rule_after_stop_is_not_reached() {
    assert_eq!(
        main_file("auth,authpriv.* /var/log/auth.log\n& stop\n*.* @@(o)[2001:db8::1]:6514;RSYSLOG_SyslogProtocol23Format\n"),
        ["/var/log/auth.log: auth authpriv", "tcp://2001:db8::1:6514: kern cron local0 local7"]
    );
    assert_eq!(main_file("*.* stop\n*.* @log\n"), [] as [&str; 0]);
}

#[test]
fn what_a_program_filter_drops_only_may_arrive() {
    let text = ":programname, isequal, \"sshd\" stop\n*.* @@log\n";
    assert_eq!(main_file(text), ["tcp://log:514: kern? auth? cron? authpriv? local0? local7?"]);
    // Both ways lead to the receiver, so everything arrives.
    let text = ":programname, isequal, \"sshd\" @@log\n& stop\n*.* @@log\n";
    assert_eq!(main_file(text), ["tcp://log:514: kern auth cron authpriv local0 local7"]);
}

#[test]
fn a_failover_is_not_certain() {
    let text =
        "*.* @@log1\n$ActionExecOnlyWhenPreviousIsSuspended on\n& @@log2\n$ActionExecOnlyWhenPreviousIsSuspended off\nauth.* @@log3\n";
    assert_eq!(
        main_file(text),
        [
            "tcp://log1:514: kern auth cron authpriv local0 local7",
            "tcp://log2:514: kern? auth? cron? authpriv? local0? local7?",
            "tcp://log3:514: auth"
        ]
    );
}

/// rsyslogd 8.2302 was watched from the receiving end: legacy directives hold for legacy actions that follow, the default driver holds
/// wherever it is set, a driver without mode 1 sends plain text.
#[test]
fn encryption_depends_on_driver_and_mode() {
    let text = "*.* @@before\n$ActionSendStreamDriverMode 1\n*.* @@after\n\
                action(type=\"omfwd\" target=\"scripted\" protocol=\"tcp\")\n\
                action(type=\"omfwd\" target=\"own\" protocol=\"tcp\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"anon\")\n\
                action(type=\"omfwd\" target=\"udp\" StreamDriverMode=\"1\")\n\
                global(defaultNetstreamDriver=\"gtls\")\n";
    assert_eq!(
        ways(text),
        [
            "before 514 tcp false - false",
            "after 514 tcp true true false",
            "scripted 514 tcp false - false",
            "own 514 tcp true false false",
            "udp 514 udp false - false"
        ]
    );
    let text = "action(type=\"omfwd\" target=\"driver-only\" protocol=\"tcp\" StreamDriver=\"gtls\")\n\
                action(type=\"omfwd\" target=\"both\" protocol=\"tcp\" StreamDriver=\"ossl\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"x509/certvalid\")\n\
                action(type=\"omrelp\" target=\"relp\" port=\"2514\" tls=\"on\" tls.authMode=\"name\")\n\
                action(type=\"omelasticsearch\" server=\"https://es.example:9243\")\n\
                action(type=\"omkafka\" broker=[\"k1:9093\"] topic=\"t\" confParam=[\"security.protocol=sasl_ssl\"])\n";
    assert_eq!(
        ways(text),
        [
            "driver-only 514 tcp false - false",
            "both 514 tcp true false false",
            "relp 2514 relp true true false",
            "es.example 9243 elasticsearch true true false",
            "k1 9093 kafka true ?not-understood false"
        ]
    );
}

#[test]
fn without_a_driver_mode_1_sends_nothing() {
    let text = "action(type=\"omfwd\" target=\"log\" protocol=\"tcp\" StreamDriverMode=\"1\")\nauth.* @@other\n";
    assert_eq!(main_file(text), ["tcp://log:514: kern? auth? cron? authpriv? local0? local7?", "tcp://other:514: auth"]);
}

/// The next action takes the legacy queue, of either style, and none after it (rsyslogd 8.2302, traced).
#[test]
fn reliable_is_a_queue_on_disk_and_retries_without_end() {
    let queue = "$ActionQueueType LinkedList\n$ActionQueueFileName q\n$ActionResumeRetryCount -1\n";
    let text = format!("{queue}*.* @@first\n*.* @@second\n{queue}action(type=\"omfwd\" target=\"third\" protocol=\"tcp\")\n*.* @@fourth\n");
    assert_eq!(
        ways(&text),
        ["first 514 tcp false - true", "second 514 tcp false - false", "third 514 tcp false - false", "fourth 514 tcp false - false"]
    );
    let action = |host: &str, queue: &str| format!("action(type=\"omfwd\" target=\"{host}\" protocol=\"tcp\" {queue})\n");
    let text = [
        action("disk", "queue.type=\"Disk\" queue.filename=\"d\" action.resumeRetryCount=\"-1\""),
        action("memory", "queue.type=\"LinkedList\" action.resumeRetryCount=\"-1\""),
        action("gives-up", "queue.type=\"LinkedList\" queue.filename=\"g\" action.resumeRetryCount=\"10\""),
        action("unsaved", "queue.type=\"LinkedList\" queue.filename=\"u\" queue.saveOnShutdown=\"off\" action.resumeRetryCount=\"-1\""),
        action("saved", "queue.type=\"FixedArray\" queue.filename=\"s\" queue.saveOnShutdown=\"on\" action.resumeRetryCount=\"-1\""),
        "*.* @udp\n".to_owned(),
    ];
    assert_eq!(
        ways(&text.concat()),
        [
            "disk 514 tcp false - true",
            "memory 514 tcp false - false",
            "gives-up 514 tcp false - false",
            "unsaved 514 tcp false - false",
            "saved 514 tcp false - true",
            "udp 514 udp false - false"
        ]
    );
    let main = "main_queue(queue.type=\"LinkedList\" queue.filename=\"m\")\n$ActionResumeRetryCount -1\n*.* @@log\n";
    assert_eq!(ways(main), ["log 514 tcp false - true"]);
}

#[test]
fn facilities_are_told_with_what_decides_them() {
    let main = format!("{LOCAL}auth.* @@log\n:msg, contains, \"x\" @@log\n");
    assert_eq!(
        rows(&[("etc/rsyslog.conf", &main)], "rsyslog-forwarding", &["host@", "this-host", "facilities"]),
        ["host=log@etc/rsyslog.conf:3 this-host=false facilities=[?(kern), ?(user), ?(mail), ?(daemon), auth, ?(syslog), ?(lpr), \
          ?(news), ?(uucp), ?(cron), ?(authpriv), ?(ftp), ?(local0), ?(local1), ?(local2), ?(local3), ?(local4), ?(local5), ?(local6), \
          ?(local7)]"]
    );
}

#[test]
fn an_include_that_was_not_collected_is_a_gap_and_unsettles_what_follows() {
    let main = format!("{LOCAL}*.* @@log1\n$IncludeConfig /etc/rsyslog.d/*.conf\n*.* @@log2\n");
    let files = [("etc/rsyslog.conf", main.as_str())];
    assert_eq!(
        reached(&files),
        ["tcp://log1:514: kern auth cron authpriv local0 local7", "tcp://log2:514: kern? auth? cron? authpriv? local0? local7?"]
    );
    assert_eq!(
        rows(&files, "rsyslog-forwarding", WAYS),
        [
            "host=log1 port=514 protocol=tcp encrypted=false authenticated=- reliable=false",
            "host=log2 port=514 protocol=tcp encrypted=?not-collected authenticated=?not-collected reliable=?not-collected",
            "gap host=?not-collected port=?not-collected protocol=?not-collected encrypted=?not-collected \
             authenticated=?not-collected reliable=?not-collected"
        ]
    );
    let listed = [files[0], ("etc/rsyslog.d/50-x.conf", "auth.* @@log3\n& stop\n")];
    assert_eq!(rows(&listed, "rsyslog-forwarding", &["host"]), ["host=log1", "host=log3", "host=log2"]);
    assert_eq!(reached(&listed)[2], "tcp://log2:514: kern cron authpriv local0 local7");
}

/// rsyslogd 8.2302 takes the directive where the ruleset was made before it, and not otherwise.
#[test]
fn the_default_ruleset_can_be_another() {
    let text = "$RuleSet other\n*.* /a\n$DefaultRuleset other\n$RuleSet RSYSLOG_DefaultRuleset\n*.* /b\n";
    assert_eq!(main_file(text), ["/a: kern auth cron authpriv local0 local7"]);
    let text = "$DefaultRuleset other\nruleset(name=\"other\") {\n*.* /a\n}\n*.* /b\n";
    assert_eq!(main_file(text), ["/b: kern auth cron authpriv local0 local7"]);
}

#[test]
fn a_denied_include_and_a_truncated_file_unsettle_too() {
    let main = format!("{LOCAL}$IncludeConfig /etc/rsyslog.d/*.conf\n*.* @@log\n");
    let denied = [("etc/rsyslog.conf", main.as_str()), ("etc/rsyslog.d", "!directory"), ("etc/rsyslog.d/a.conf", "!denied")];
    assert_eq!(reached(&denied), ["tcp://log:514: kern? auth? cron? authpriv? local0? local7?"]);
    assert_eq!(rows(&denied, "rsyslog-files", &["path"]), ["gap path=?denied"]);
    let main = format!("!truncated {LOCAL}*.* @@log\n");
    assert_eq!(rows(&[("etc/rsyslog.conf", &main)], "rsyslog-forwarding", &["host"]), ["host=log", "gap host=?truncated"]);
}

#[test]
fn what_is_not_understood_leaves_nothing_certain() {
    assert_eq!(
        main_file("*.* @@log\nbogus(x=1)\n"),
        [
            "tcp://log:514: kern? auth? cron? authpriv? local0? local7?",
            "omusrmsg(bogus):".replace(':', ": kern? auth? cron? authpriv? local0? local7?").as_str()
        ]
    );
    // rsyslogd 8.2302 does not start when a file that $IncludeConfig names is not there; include() only says so.
    let files = |text: &str| format!("{LOCAL}{text}*.* @@log\n");
    let absent = ("etc/x.conf", "!absent");
    let refused = files("$IncludeConfig /etc/x.conf\n");
    assert_eq!(reached(&[("etc/rsyslog.conf", &refused), absent]), ["tcp://log:514: kern? auth? cron? authpriv? local0? local7?"]);
    let told = files("include(file=\"/etc/x.conf\")\n");
    assert_eq!(reached(&[("etc/rsyslog.conf", &told), absent]), ["tcp://log:514: kern auth cron authpriv local0 local7"]);
}

#[test]
fn without_a_local_input_nothing_of_this_host_is_logged() {
    let none = |text: &str| with_routes(&[("etc/rsyslog.conf", text)], |routes| routes.local().count());
    assert_eq!(none("*.* @@log\n"), 0);
    assert_eq!(none("module(load=\"imuxsock\" SysSock.Use=\"off\")\n*.* @@log\n"), 0);
    assert_eq!(none("$ModLoad imuxsock\n$OmitLocalLogging on\n*.* @@log\n"), 0);
    assert_eq!(none("module(load=\"imuxsock\" SysSock.Use=\"off\")\nmodule(load=\"imjournal\")\n*.* @@log\n"), 1);
}

#[test]
fn a_module_does_not_listen_and_an_input_without_its_module_is_none() {
    let services =
        |text: &str| rows(&[("etc/rsyslog.conf", text)], "rsyslog:services", &["name", "port", "protocol", "address", "cleartext"]);
    assert_eq!(services("module(load=\"imtcp\")\nmodule(load=\"imudp\")\n"), [] as [&str; 0]);
    assert_eq!(services("input(type=\"imtcp\" port=\"514\")\n$UDPServerRun 514\n#$InputTCPServerRun 514\n"), [] as [&str; 0]);
    assert_eq!(
        services(
            "$ModLoad imudp\n$UDPServerAddress 127.0.0.1\n$UDPServerRun 514\n$ModLoad imtcp.so\n$InputTCPServerRun 10514\n\
             module(load=\"imrelp\")\ninput(type=\"imrelp\" port=\"2514\" tls=\"on\")\n"
        ),
        [
            "name=rsyslog port=514 protocol=udp address=127.0.0.1 cleartext=true",
            "name=rsyslog port=10514 protocol=tcp address=- cleartext=true",
            "name=rsyslog port=2514 protocol=tcp address=- cleartext=false"
        ]
    );
    let main = ("etc/rsyslog.conf", "module(load=\"imudp\")\ninput(type=\"imudp\" port=\"514\")\n");
    let enabled = |files: &[(&str, &str)]| rows(files, "rsyslog:services", &["port", "enabled"]);
    assert_eq!(enabled(&[main]), ["port=514 enabled=?not-collected"]);
    let link = ("etc/systemd/system/multi-user.target.wants/rsyslog.service", "-> /lib/systemd/system/rsyslog.service");
    assert_eq!(enabled(&[main, link]), ["port=514 enabled=true"]);
    let other = ("etc/systemd/system/multi-user.target.wants/cron.service", "-> /lib/systemd/system/cron.service");
    assert_eq!(enabled(&[main, other]), ["port=514 enabled=false"]);
    assert_eq!(
        services("module(load=\"imtcp\" StreamDriver.Name=\"gtls\" StreamDriver.Mode=\"1\")\ninput(type=\"imtcp\" port=\"6514\")\n"),
        ["name=rsyslog port=6514 protocol=tcp address=- cleartext=false"]
    );
}

/// A log host: its own messages pass by, those of others go into a file per sender.
#[test]
fn a_log_store_is_the_files_that_others_reach() {
    let main = "module(load=\"imuxsock\")\nmodule(load=\"imtcp\")\nmodule(load=\"imudp\")\n\
                template(name=\"PerHost\" type=\"string\" string=\"/data/%HOSTNAME%/%PROGRAMNAME%.log\")\n\
                ruleset(name=\"remote\") {\n  action(type=\"omfile\" dynaFile=\"PerHost\")\n}\n\
                input(type=\"imtcp\" port=\"6514\" ruleset=\"remote\")\ninput(type=\"imudp\" port=[\"514\", \"1514\"])\n\
                if $fromhost-ip != '127.0.0.1' then {\n  ?PerHost\n  stop\n}\n*.* /var/log/messages\n";
    assert_eq!(
        rows(&[("etc/rsyslog.conf", main)], "log-store", &["path", "receives-from"]),
        ["path=/data/%HOSTNAME%/%PROGRAMNAME%.log receives-from=[tcp/6514, udp/514, udp/1514]"]
    );
    assert_eq!(
        reached(&[("etc/rsyslog.conf", main)]),
        ["/var/log/messages: auth cron authpriv local0 local7".replace("messages:", "messages: kern")]
    );
}

#[test]
fn modes_of_new_files_depend_on_directive_and_umask() {
    let modes = |files: &[(&str, &str)]| rows(files, "rsyslog-files", &["path", "mode"]);
    let main = format!("{LOCAL}*.* /a\n$FileCreateMode 0640\n*.* /b\naction(type=\"omfile\" file=\"/c\" fileCreateMode=\"0600\")\n");
    // Without its unit it is not known which umask rsyslogd was started with: Debian's 0022 or Red Hat's 0066.
    assert_eq!(
        modes(&[("etc/rsyslog.conf", &main)]),
        ["path=/a mode=?not-collected(0644|0600)", "path=/b mode=?not-collected(0640|0600)", "path=/c mode=0600"]
    );
    let unit = ("usr/lib/systemd/system/rsyslog.service", "[Service]\nUMask=0066\n");
    assert_eq!(modes(&[("etc/rsyslog.conf", &main), unit]), ["path=/a mode=0600", "path=/b mode=0600", "path=/c mode=0600"]);
    let own = format!("{main}$Umask 0022\n");
    assert_eq!(modes(&[("etc/rsyslog.conf", &own)]), ["path=/a mode=0644", "path=/b mode=0640", "path=/c mode=0600"]);
}

#[test]
fn passwords_are_hidden() {
    let text = "*.* >db,syslog,user,hunter1\n*.* :ommysql:db,syslog,user,hunter2;tpl\naction(type=\"omelasticsearch\" server=\"es\" uid=\"u\" pwd=\"hunter3\")\n\
                action(type=\"omkafka\" topic=\"t\" confParam=[\"sasl.password=hunter4\"])\nbogus(password=hunter5)\n";
    let main = asset(&[("etc/rsyslog.conf", text)]);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&main, LINUX, &sources);
    let found = routes(&host).expect("the main file is there");
    let source = sources.source(0).expect("the main file was read");
    assert!(!source.printable(source.text).contains("hunter"), "{}", source.printable(source.text));
    let shown = format!("{:?} {:?}", found.gaps, found.flows);
    assert!(!shown.contains("hunter"), "{shown}");
}

#[test]
fn absent_and_not_seen_are_told_apart() {
    let seen = |files: &[(&str, &str)]| {
        let asset = asset(files);
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        routes(&Host::new(&asset, LINUX, &sources)).expect_err("there is no main file")
    };
    assert_eq!(seen(&[("etc/rsyslog.conf", "!absent"), ("etc/hostname", "a")]), Seen::Absent);
    assert_eq!(seen(&[]), Seen::Nothing);
    assert_eq!(seen(&[("etc/rsyslog.conf", "!denied")]), Seen::Lacking("etc/rsyslog.conf", Lack::Denied));
}

/// Small texts that expand: rules under conditions that call each other, and a file that includes itself.
#[test]
fn expansion_is_bounded() {
    let mut main = LOCAL.to_owned();
    for at in 0..400 {
        let next = at + 1;
        writeln!(
            main,
            "ruleset(name=\"r{at}\") {{\n if $msg contains \"a\" then call r{next}\n if $msg contains \"b\" then call r{next}\n}}"
        )
        .expect("a String takes everything");
    }
    main.push_str("call r0\n*.* @@log\n");
    assert_eq!(main_file(&main)[0], "tcp://log:514: kern? auth? cron? authpriv? local0? local7?".to_owned());
    let itself = format!("{LOCAL}*.* @@log\n$IncludeConfig /etc/rsyslog.conf\n$IncludeConfig /etc/rsyslog.conf\n");
    let gaps = rows(&[("etc/rsyslog.conf", &itself)], "rsyslog-forwarding", &["host"]);
    assert!(gaps.iter().any(|line| line.starts_with("gap host=?budget-spent")), "{gaps:?}");
}
