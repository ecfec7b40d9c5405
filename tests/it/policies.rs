//! The built-in library, and what the loader says of policies with mistakes.

use std::collections::BTreeSet;
use std::path::Path;

use jixian::error::Weight;
use jixian::names::Language;
use jixian::policy::{self, Input, Origin, builtin};

/// The library's catalogues and one policy file.
fn inputs(text: &str) -> Vec<Input> {
    let mut inputs: Vec<Input> = builtin::inputs().into_iter().filter(policy::is_catalogue).collect();
    inputs.push(Input { path: "site/test.toml".to_owned(), text: text.to_owned(), origin: Origin::File });
    inputs
}

/// The head that every policy needs.
const HEAD: &str = "[policy]\nid = \"test\"\nlanguage = 1\nversion = \"1\"\ntitle = { zh = \"测试\", en = \"Test\" }\n";

/// A rule with this check and nothing wrong otherwise.
fn rule(check: &str) -> String {
    format!(
        "{HEAD}[[rule]]\nid = \"r\"\ntitle = {{ zh = \"规则\", en = \"Rule\" }}\nseverity = \"low\"\nclauses = [\"nfra:21\"]\n\
         why = {{ zh = \"因\", en = \"Why\" }}\nfix = {{ zh = \"改\", en = \"Fix\" }}\n{check}\n"
    )
}

/// The codes of the problems, in order, each with its line.
fn problems(text: &str) -> Vec<String> {
    let (_, problems) = policy::load(&inputs(text));
    let shown = problems.iter().map(|problem| {
        let line = problem.place.as_ref().map_or(0, |place| place.line_column().0);
        format!("{}@{line}", problem.code)
    });
    shown.collect()
}

#[track_caller]
fn check(check_text: &str, expected: &[&str]) {
    assert_eq!(problems(&rule(check_text)), expected, "{check_text}");
}

#[test]
fn the_built_in_library_is_sound() {
    let (library, problems) = policy::load(&builtin::inputs());
    let errors: Vec<String> = problems.iter().map(|problem| problem.render(Language::En)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(library.rules.len() >= 45, "{} rules", library.rules.len());
}

#[test]
fn every_rule_has_pass_fail_and_unknown_cases() {
    let (library, _) = policy::load(&builtin::inputs());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut missing = Vec::new();
    for rule in &library.rules {
        let names: Vec<String> = std::fs::read_dir(root.join(&rule.id))
            .map(|entries| entries.map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned()).collect())
            .unwrap_or_default();
        for verdict in ["pass-", "fail-", "unknown-"] {
            if !names.iter().any(|name| name.starts_with(verdict)) {
                missing.push(format!("{}: no {verdict} case", rule.id));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_case_belongs_to_a_rule() {
    let (library, _) = policy::load(&builtin::inputs());
    let rules: BTreeSet<&str> = library.rules.iter().map(|rule| rule.id.as_str()).collect();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")).expect("the cases are there") {
        let name = entry.expect("a readable folder").file_name().to_string_lossy().into_owned();
        assert!(rules.contains(name.as_str()), "{name} is no rule");
    }
}

#[test]
fn what_is_embedded_is_what_is_on_disk() {
    let (inputs, problems) = policy::read_inputs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("policies"));
    assert!(problems.is_empty());
    let on_disk: Vec<&str> = inputs.iter().map(|input| input.text.as_str()).collect();
    let embedded = builtin::inputs();
    let embedded: Vec<&str> = embedded.iter().map(|input| input.text.as_str()).collect();
    assert_eq!(on_disk, embedded);
}

#[test]
fn a_sound_rule_has_no_problem() {
    check("each = \"sshd\"\nexpect = { permit-root-login = \"no\" }", &[]);
    check("none = \"accounts\"\nwhere = { password-state = \"empty\" }", &[]);
    check("some = \"time-sources\"\nwhere = { enabled = true }", &[]);
    check("count = \"time-sources\"\nwhere = { enabled = true }\nis = { at-least = 2 }", &[]);
    check(
        "each = \"logs\"\nwhere = { stream = \"audit\" }\nexpect = { any = [{ retention = { at-least = \"184d\" } }, { not = { enabled = true } }] }\nempty = \"unknown\"",
        &[],
    );
    check(
        "any-of = [{ each = \"sshd\", expect = { max-sessions = { at-most = 10 } } }, { none = \"accounts\", where = { name = \"root\" } }]",
        &[],
    );
    check(
        "each = \"accounts\"\nwhere = { id = { set = true, at-least = 1000 } }\nexpect = { groups = { only = [\"users\"], length = { at-least = 1 } } }\nempty = \"pass\"",
        &[],
    );
    check(
        "each = \"files\"\nwhere = { path = { matches = \"etc/.*\" }, mode = { set = true, has = \"0022\" } }\nexpect = { mode = { no-more-than = \"0640\" } }\nempty = \"pass\"",
        &[],
    );
    check("each = \"remote-access\"\nexpect = { sources = { within = [\"10.0.0.0/8\", \"any\"] } }\nempty = \"not-applicable\"", &[]);
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    check("each = \"sshdd\"\nexpect = { permit-root-login = \"no\" }", &["unknown-table@13"]);
    check("each = \"sshd\"\nexpect = { permit-root-logn = \"no\" }", &["unknown-column@14"]);
    check("each = \"sshd\"\nexpect = { permit-root-login = \"nope\" }", &["unknown-word@14"]);
    check("each = \"sshd\"\nexpect = { max-sessions = { at-mots = 3 } }", &["unknown-operator@14"]);
    check("each = \"sshd\"\nexpect = { max-sessions = \"ten\" }", &["wrong-type@14"]);
    check("each = \"sshd\"\nexpect = { max-sessions = { matches = \"1.*\" } }", &["operator-does-not-fit@14"]);
    check("each = \"sshd\"\nexpect = { login-grace-time = { at-most = \"10 minutes\" } }", &["wrong-type@14"]);
    check("each = \"sshd\"\nexpect = { max-sessions = { at-least = 5, at-most = 3 } }", &["impossible@14"]);
    check("each = \"sshd\"\nexpect = {}", &["empty-group@14"]);
    check("each = \"sshd\"\nexpect = { any = [] }", &["empty-group@14"]);
    check("each = \"sshd\"\nexpect = { max-sessions = \"$most\" }", &["unknown-parameter@14"]);
    check("each = \"sshd\"\nwhere = { scope = \"global\" }\nexpect = { max-sessions = 3 }", &["missing-empty@7"]);
    check("none = \"accounts\"\nwhere = { id = 0 }", &["missing-set@14"]);
    check("each = \"accounts\"\nexpect = { groups = { only = [\"users\"] } }\nempty = \"fail\"", &["missing-length@14"]);
    check("each = \"sshd\"\nexpect = { banner = { matches = \"[\" } }", &["bad-regex@14"]);
    check(
        "each = \"sysctl\"\nwhere = { name = \"kernel.dmesg_restrct\" }\nexpect = { number = 1 }\nempty = \"fail\"",
        &["unknown-setting@14"],
    );
    check("each = \"sshd\"\nexpect = { max-sessions = 3 }\nemtpy = \"pass\"", &["unknown-key@15"]);
    check("each = \"sshd\"\nnone = \"sshd\"\nexpect = { max-sessions = 3 }", &["not-one-form@7"]);
    check("assets = { platform = [\"linus\"] }\neach = \"sshd\"\nexpect = { max-sessions = 3 }", &["unknown-platform@13"]);
    check("none = \"accounts\"\nwhere = { name = \"$6$salt$0123456789abcdef\" }", &["secret@14"]);
    check("some = \"time-sources\"\nwhere = { enabled = true }\nempty = \"pass\"", &["unknown-key@15"]);
}

#[test]
fn head_and_parameters_are_checked_too() {
    let good = rule("each = \"sshd\"\nexpect = { max-sessions = 3 }");
    assert_eq!(problems(&good.replace("language = 1", "language = 2")), ["unknown-language@3"]);
    assert_eq!(problems(&good.replace("zh = \"规则\", ", "")), ["missing-text@8"]);
    assert_eq!(problems(&good.replace("nfra:21", "nfra:99")), ["unknown-clause@10"]);
    assert_eq!(problems(&good.replace("severity = \"low\"", "severity = \"lowest\"")), ["unknown-word@9"]);
    let parameter = "[params.most]\ntype = \"integer\"\ndefault = 3\ntitle = { zh = \"多\", en = \"Most\" }\n[[rule]]";
    assert_eq!(problems(&good.replace("[[rule]]", parameter)), ["unused-parameter@6"]);
    let used = good.replace("[[rule]]", parameter).replace("max-sessions = 3", "max-sessions = \"$most\"");
    assert_eq!(problems(&used), Vec::<String>::new());
    assert_eq!(
        problems(&used.replace("type = \"integer\"", "type = \"duration\"").replace("default = 3", "default = \"3d\"")),
        ["wrong-type@18"]
    );
    assert_eq!(problems("[policy]\nid = \n"), ["bad-toml@2", "missing-key@1", "missing-key@1", "missing-key@1"]);
}

#[test]
fn all_mistakes_are_told_at_once_with_a_caret() {
    let text = rule("each = \"sshd\"\nexpect = { permit-root-logn = \"no\", max-sessions = \"ten\", strict-modes = \"maybe\" }\nextra = 1")
        .replace("nfra:21", "nfra:2x")
        .replace("severity = \"low\"", "severity = \"none\"");
    let (_, problems) = policy::load(&inputs(&text));
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, BTreeSet::from(["unknown-clause", "unknown-column", "unknown-key", "unknown-word", "wrong-type"]));
    assert!(problems.iter().all(|problem| problem.weight == Weight::Error));
    let column = problems.iter().find(|problem| problem.code == "unknown-column").expect("it is there").render(Language::En);
    assert!(column.contains("site/test.toml:14:12"), "{column}");
    assert!(column.contains("^^^^^^^^^^^^^^^^"), "{column}");
    assert!(column.contains("did you mean `permit-root-login`?"), "{column}");
}

#[test]
fn the_schema_accepts_its_own_language() {
    let schema = policy::json_schema::schema();
    let tables = schema["$defs"]["table"]["enum"].as_array().expect("tables are listed");
    assert!(tables.iter().any(|table| table == "remote-access"));
    let committed =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/schema.json")).expect("policies/schema.json");
    assert_eq!(format!("{schema:#}\n"), committed, "`jixian policy schema > policies/schema.json` makes it current");
    let committed = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/profile.schema.json"));
    let schema = policy::json_schema::profile();
    assert_eq!(format!("{schema:#}\n"), committed.expect("it is there"), "`jixian policy schema profile > policies/profile.schema.json`");
}

#[test]
fn commands_are_those_of_a_platform_or_product() {
    let (library, _) = policy::load(&policy::builtin::inputs());
    let known = |key: &str| jixian::names::platform(key).is_some() || jixian::facts::PRODUCTS.iter().any(|product| product.name == key);
    for rule in &library.rules {
        for (key, _) in &rule.fix_commands {
            assert!(known(key), "{}: fix.{key} is of nothing that is known", rule.id);
            let product = jixian::facts::PRODUCTS.iter().find(|product| product.name == key && jixian::names::platform(key).is_none());
            let fills = |product: &jixian::facts::Product| product.fills.iter().any(|table| tables(&rule.check).contains(&table.name));
            assert!(product.is_none_or(|product| fills(product)), "{}: fix.{key} is of a product that has no row in its tables", rule.id);
        }
    }
}

/// The tables that a check is about.
fn tables(check: &policy::Check) -> Vec<&'static str> {
    match check {
        policy::Check::Table(table) => jixian::schema::TABLES.get(table.table).map(|table| table.name).into_iter().collect(),
        policy::Check::All(parts) | policy::Check::Any(parts) => parts.iter().flat_map(tables).collect(),
    }
}

#[test]
fn commands_are_those_of_the_product_of_the_finding() {
    let (library, _) = policy::load(&builtin::inputs());
    let rule = library.rules.iter().find(|rule| rule.id == "nfra-28-whitelist").expect("it is there");
    let commands = |platform: &str, products: &[Option<&str>]| -> Vec<String> {
        rule.commands_on(jixian::names::platform(platform), products).map(str::to_owned).collect()
    };
    assert_eq!(commands("linux", &[Some("mysql")]), ["RENAME USER 'NAME'@'%' TO 'NAME'@'10.1.1.%';"]);
    assert_eq!(commands("linux", &[Some("openssh-server"), Some("nginx")]), ["allow 10.1.1.0/24;\ndeny all;", "AllowUsers *@10.1.1.0/24"]);
    assert_eq!(commands("mysql", &[Some("mysql")]).len(), 1);
    // A device's rows are of its platform, whatever part of it they are about.
    assert_eq!(commands("paloalto-panos", &[Some("anything")]), ["set deviceconfig system permitted-ip 10.1.1.0/24"]);
    // A finding about a whole table is of no product.
    assert!(commands("linux", &[None]).len() > 10);
}
