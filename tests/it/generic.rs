//! Files of programs that nothing knows, as a policy describes them, into rows and verdicts.

use jiff::civil::date;
use jixian::error::Message;
use jixian::names::LINUX;
use jixian::policy::{self, Input, Origin, builtin};
use jixian::scan::case;

use crate::support::described_rows;

const INI: &str = "top = 1\n[tls]\nmin = 1.2\n; min = 1.3\nmin = 1.0\nidle = 10m\nmost=64MiB\nbuffer=64M\nhosts = a, b c\nbroken\n";

fn settings(text: &str, described: &str, columns: &[&str]) -> Vec<String> {
    described_rows(&[("opt/app/app.ini", text)], "settings", described, columns)
}

#[test]
fn settings_are_read_as_every_type_that_they_have() {
    let of = |wins: &str| {
        let described = format!("{{ path = '/opt/app/app.ini', format = 'ini'{wins} }}");
        settings(INI, &described, &["section", "key", "value@", "number", "on", "duration", "size"])
    };
    let last = of(", wins = 'last'");
    assert_eq!(
        last,
        [
            "section= key=top value=1@opt/app/app.ini:1 number=1 on=true duration=- size=-",
            "section=tls key=min value=1.0@opt/app/app.ini:5 number=- on=- duration=- size=-",
            "section=tls key=idle value=10m@opt/app/app.ini:6 number=- on=- duration=10m size=-",
            "section=tls key=most value=64MiB@opt/app/app.ini:7 number=- on=- duration=- size=64MiB",
            // Some programs mean 64,000,000 by it.
            "section=tls key=buffer value=64M@opt/app/app.ini:8 number=- on=- duration=- size=-",
            "section=tls key=hosts value=a, b c@opt/app/app.ini:9 number=- on=- duration=- size=-",
            "section=tls key=broken value=@opt/app/app.ini:10 number=- on=- duration=- size=-",
        ]
    );
    assert_eq!(of(", wins = 'first'")[1], "section=tls key=min value=1.2@opt/app/app.ini:3 number=- on=- duration=- size=-");
    let twice = "?set-more-than-once";
    assert_eq!(
        of("")[1],
        format!("section=tls key=min value={twice}@opt/app/app.ini:3 number={twice} on={twice} duration={twice} size={twice}")
    );
    assert_eq!(settings("a = 1\na = 1\n", "{ path = 'opt/app/app.ini', format = 'ini' }", &["key", "value"]), ["key=a value=1"]);
}

#[test]
fn shells_and_words_are_read() {
    let shell = "export A=\"b c\" # no\n# B=1\nB='2'\necho $A\n";
    let of = |text: &str, format: &str| settings(text, &format!("{{ path = 'opt/app/app.ini', format = '{format}' }}"), &["key", "value@"]);
    let read = of(shell, "shell");
    assert_eq!(read[..2], ["key=A value=b c@opt/app/app.ini:1", "key=B value=2@opt/app/app.ini:3"]);
    // A line that is no assignment may still set something.
    assert_eq!(read[2..], ["gap key=?not-understood value=?not-understood@opt/app/app.ini:4"]);
    assert_eq!(
        of("# x y\nlisten  10.0.0.1:80\nquiet\n", "words"),
        ["key=listen value=10.0.0.1:80@opt/app/app.ini:2", "key=quiet value=@opt/app/app.ini:3"]
    );
}

#[test]
fn what_is_not_there_is_a_gap_unless_it_is_proven_absent() {
    let of = |content: &str| described_rows(&[("opt/app/app.ini", content)], "lines", "{ path = 'opt/app/app.ini' }", &["path", "text"]);
    assert_eq!(of("!denied"), ["gap path=opt/app/app.ini text=?denied"]);
    assert_eq!(
        of("!truncated a\nb"),
        ["path=opt/app/app.ini text=a", "path=opt/app/app.ini text=b", "gap path=opt/app/app.ini text=?truncated"]
    );
    assert_eq!(of("!absent"), [""; 0]);
    assert_eq!(of("# c\n\n  x \n"), ["path=opt/app/app.ini text=x"]);
    assert_eq!(described_rows(&[], "lines", "{ path = 'opt/app/app.ini' }", &["text"]), ["gap text=?not-collected"]);
    assert_eq!(described_rows(&[], "lines", "{ path = 'opt/*/app.ini' }", &["text"]), ["gap text=?not-collected"]);
}

#[test]
fn records_are_read_by_header_and_by_place() {
    let users = "\u{feff}User,Last Login,role\nann,2026-01-02,\"dba, admin\"\nbob,never,\n";
    let described = "{ path = 'x.csv', columns = [{ name = 'user' }, { name = 'login', from = 'last login', type = 'date' }, \
                     { name = 'role', type = 'text-list' }, { name = 'shell' }] }";
    assert_eq!(
        described_rows(&[("x.csv", users)], "rows", described, &["row", "user@", "login", "role", "shell"]),
        [
            "row=1 user=ann@x.csv:2 login=2026-01-02 role=[dba, admin] shell=?not-understood",
            "row=2 user=bob@x.csv:3 login=?not-understood role=- shell=?not-understood",
        ]
    );
    let described = "{ path = 'x.csv', header = false, separator = 'colon', columns = [{ name = 'user' }, { name = 'uid', type = 'integer', from = 3 }] }";
    let passwd = "root:x:0:0\n# no\nlp:x:7:7\nodd\n";
    let expected = ["row=1 user=root uid=0", "row=2 user=lp uid=7", "row=3 user=odd uid=-"];
    assert_eq!(described_rows(&[("x.csv", passwd)], "rows", described, &["row", "user", "uid"]), expected);
    let described = "{ path = 'x.csv', header = false, separator = 'blank', columns = [{ name = 'what' }, { name = 'where' }] }";
    let expected = ["what=/dev/sda1 where=/"];
    assert_eq!(described_rows(&[("x.csv", "# c\n /dev/sda1\t/  ext4\n")], "rows", described, &["what", "where"]), expected);
    let empty = described_rows(&[("x.csv", "")], "rows", "{ path = 'x.csv', columns = [{ name = 'user' }] }", &["user"]);
    assert_eq!(empty, ["gap user=?not-understood"]);
}

#[test]
fn blocks_hold_what_their_lines_hold() {
    let described = |style: &str| format!("{{ path = 'x', style = '{style}', lines = {{ allow = 'allow {{*}}', port = 'port {{}}' }} }}");
    let columns = ["block", "kind", "name", "parent", "allow@", "port"];
    let braces =
        "listener main { # allow none\n  allow 10.0.0.0/8 192.0.2.0/24;\n  allow ::1;\n  tls {\n    port 443; port 8443 extra;\n  }\n}\n";
    assert_eq!(
        described_rows(&[("x", braces)], "blocks", &described("braces"), &columns),
        [
            "block=1 kind=listener name=main parent=- allow=[10.0.0.0/8 192.0.2.0/24, ::1]@x:2 port=[]",
            "block=4 kind=tls name= parent=listener main allow=[]@x:4 port=[443]",
        ]
    );
    let indent = "line vty 0 4\n allow mgmt\n port 22\nbanner x\n";
    assert_eq!(
        described_rows(&[("x", indent)], "blocks", &described("indent"), &columns),
        ["block=1 kind=line name=vty 0 4 parent=- allow=[mgmt]@x:2 port=[22]", "block=4 kind=banner name=x parent=- allow=[]@x:4 port=[]"]
    );
    let open = described_rows(&[("x", "a {\n")], "blocks", &described("braces"), &["kind", "port"]);
    assert_eq!(open, ["kind=a port=[]", "gap kind=?not-understood port=?not-understood"]);
}

const YAML: &str = "base: &b {tls: {min: '1.2'}}\nservers:\n  - name: a\n    port: 443\n    tls: {min: \"1.3\", password: hunter2}\n  - name: b\n    hosts: [x, y]\n  - *b\n";

#[test]
fn nodes_are_selected_in_every_kind_of_tree() {
    let of = |text: &str, described: &str, columns: &[&str]| described_rows(&[("x", text)], "nodes", described, columns);
    let columns = ["pointer", "value@", "number", "items"];
    assert_eq!(
        of(
            "{\"a\": [{\"port\": 80}, {\"port\": \"x\"}],\n \"b\": {\"port\": 8080, \"list\": [1, 2]}}",
            "{ path = 'x', format = 'json', select = '$..port' }",
            &columns
        ),
        [
            "pointer=/a/0/port value=80@x:1 number=80 items=[80]",
            "pointer=/a/1/port value=x@x:1 number=- items=[x]",
            "pointer=/b/port value=8080@x:2 number=8080 items=[8080]",
        ]
    );
    assert_eq!(
        of("{\"a\": [1, 2]}", "{ path = 'x', format = 'json', select = 'a' }", &columns),
        ["pointer=/a value=-@x:1 number=- items=[1, 2]"]
    );
    // What only YAML allows is no JSON.
    assert_eq!(of("{a: 1}", "{ path = 'x', format = 'json', select = 'a' }", &["value"]), ["gap value=?not-understood"]);
    assert_eq!(
        of(
            "[tls]\nmin = \"1.2\" # c\n[[server]]\nport = 1\n[[server]]\nport = 2\n",
            "{ path = 'x', format = 'toml', select = 'server[1].port' }",
            &columns
        ),
        ["pointer=/server/1/port value=2@x:6 number=2 items=[2]"]
    );
    let xml = "<Server port='8005'>\n<Connector port='80'/>\n<Connector port='443' secure='true'>on</Connector></Server>";
    assert_eq!(
        of(
            xml,
            "{ path = 'x', format = 'xml', select = '$.Server.Connector', columns = [{ name = 'port', type = 'integer', from = '@port' }, { name = 'secure', type = 'boolean', from = '@secure' }] }",
            &["pointer", "value", "port@", "secure@"]
        ),
        [
            "pointer=/Server/Connector[1] value= port=80@x:2 secure=-@x:2",
            "pointer=/Server/Connector[2] value=on port=443@x:3 secure=true@x:3",
        ]
    );
    assert_eq!(of(xml, "{ path = 'x', format = 'xml', select = '..@port' }", &["pointer"]).len(), 3);
}

#[test]
fn nodes_show_what_stands_in_them_and_what_is_not_followed() {
    let described = "{ path = 'x', format = 'yaml', select = 'servers[*]', columns = [{ name = 'name' }, { name = 'min', type = 'version', from = 'tls.min' }, \
                     { name = 'password', from = 'tls.password' }, { name = 'hosts', type = 'text-list' }] }";
    assert_eq!(
        described_rows(&[("x", YAML)], "nodes", described, &["pointer", "name@", "min", "password", "hosts"]),
        [
            "pointer=/servers/0 name=a@x:3 min=1.3 password=<jixian-secret/unknown/ordinary> hosts=-",
            "pointer=/servers/1 name=b@x:6 min=- password=- hosts=[x, y]",
            "pointer=/servers/2 name=?not-understood@x:8 min=?not-understood password=?not-understood hosts=?not-understood",
        ]
    );
    let cut = described_rows(&[("x", "!truncated a: 1\nb: [")], "nodes", "{ path = 'x', format = 'yaml', select = 'a' }", &["value"]);
    assert_eq!(cut, ["value=1", "gap value=?not-understood", "gap value=?truncated"]);
}

#[test]
fn what_a_word_names_a_secret_is_not_shown() {
    let marker = "<jixian-secret/unknown/ordinary>";
    let of = |text: &str| settings(text, "{ path = 'opt/app/app.ini', format = 'ini', wins = 'last' }", &["key", "value"]);
    let text = "db.password = hunter2\npassword-min-length = 12\napi_key=abc\nuse-token = yes\n";
    let expected = [
        format!("key=db.password value={marker}"),
        "key=password-min-length value=12".to_owned(),
        format!("key=api_key value={marker}"),
        "key=use-token value=yes".to_owned(),
    ];
    assert_eq!(of(text), expected);
    let lines = |text: &str| described_rows(&[("x", text)], "lines", "{ path = 'x' }", &["text"]);
    assert_eq!(lines("connect user=a password=hunter2 host=b\n"), [format!("text=connect user=a password={marker}")]);
    let rows = described_rows(
        &[("x", "user,secret\na,hunter2\n")],
        "rows",
        "{ path = 'x', columns = [{ name = 'user' }, { name = 'secret' }] }",
        &["user", "secret"],
    );
    assert_eq!(rows, [format!("user=a secret={marker}")]);
    let blocks = described_rows(
        &[("x", "a {\n password hunter2\n}\n")],
        "blocks",
        "{ path = 'x', style = 'braces', lines = { held = 'password {*}' } }",
        &["held"],
    );
    assert_eq!(blocks, [format!("held=[{marker}]")]);
}

#[test]
fn what_is_wrong_with_a_description_is_said_where_it_stands() {
    let codes = |table: &str, text: &str| -> Vec<&'static str> {
        let table = jixian::schema::TABLES[jixian::schema::number(table).expect("a table")];
        policy::described(table, text).expect_err("a wrong description").iter().map(|problem| problem.code).collect()
    };
    assert_eq!(codes("settings", "{ path = '/a' }"), ["missing-key"]);
    assert_eq!(codes("settings", "{ path = '../a', format = 'inn' }"), ["bad-path", "unknown-word"]);
    assert_eq!(codes("settings", "{ path = 'a', format = 'ini', columns = [] }"), ["unknown-key"]);
    assert_eq!(codes("rows", "{ path = 'a', columns = [{ name = 'B' }] }"), ["bad-id"]);
    assert_eq!(codes("rows", "{ path = 'a', columns = [{ name = 'path' }] }"), ["duplicate-id"]);
    assert_eq!(
        codes("rows", "{ path = 'a', columns = [{ name = 'x', type = 'word' }], separator = 'x' }"),
        ["unknown-word", "unknown-word"]
    );
    assert_eq!(codes("blocks", "{ path = 'a', style = 'indent', lines = { a = '{*} b' } }"), ["bad-template"]);
    assert_eq!(codes("nodes", "{ path = 'a', format = 'json', select = '$.a[x]' }"), ["bad-select"]);
    assert_eq!(codes("sshd", "{ path = 'a' }"), ["unknown-key"]);
    assert!(codes("lines", "{ path = ").iter().all(|code| *code == "bad-toml"));
}

#[test]
fn the_worked_example_gives_its_verdicts() {
    let folder = "fixtures/examples/payments";
    let text = std::fs::read_to_string(format!("{folder}/payments.toml")).expect("the example is there");
    let mut inputs: Vec<Input> = builtin::inputs().into_iter().filter(policy::is_catalogue).collect();
    inputs.push(Input { path: "payments/payments.toml".to_owned(), text, origin: Origin::File });
    let (library, problems) = policy::load(&inputs);
    assert!(problems.is_empty(), "{problems:?}");
    let mut asset = crate::support::asset(&[
        ("opt/payments/payments.ini", include_str!("../../fixtures/examples/payments/collected/pay01/opt/payments/payments.ini")),
        ("opt/payments/operators.csv", include_str!("../../fixtures/examples/payments/collected/pay01/opt/payments/operators.csv")),
        ("opt/payments/gateway.conf", include_str!("../../fixtures/examples/payments/collected/pay01/opt/payments/gateway.conf")),
    ]);
    asset.set_platform(LINUX, Message::new("", ""));
    let verdict = |rule: usize| case::judge(&library, rule, &asset, date(2026, 11, 22));
    let judged: Vec<String> = (0..library.rules.len()).map(|rule| format!("{}: {}", library.rules[rule].id, verdict(rule))).collect();
    assert_eq!(
        judged,
        [
            "payments-listeners: fail  opt/payments/gateway.conf 7 listener branch  allow = []  (opt/payments/gateway.conf:7)\n",
            "payments-operators: fail  opt/payments/operators.csv 3  last-login = 2026-03-30; state = active  (opt/payments/operators.csv:4)\n",
            "payments-tls: pass  (opt/payments/payments.ini:6)\n",
        ]
    );
}
