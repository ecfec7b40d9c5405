//! The catalogue of clauses against the rules that cite it, and what the program prints of both.

use std::collections::BTreeSet;

use jixian::policy::clause::{Clause, ProvenBy};
use jixian::policy::{self, Input, Library, Origin, Rule, builtin};

use crate::support::jixian;

fn library() -> Library {
    policy::load(&builtin::inputs()).0
}

/// Whether a rule looks at dated records.
fn is_about_records(rule: &Rule) -> bool {
    rule.check.tables().iter().any(|check| matches!(check.schema().name, "records" | "incidents"))
}

/// The rules that cite a clause or a fragment of it.
fn rules<'l>(library: &'l Library, clause: &'l Clause) -> impl Iterator<Item = &'l Rule> {
    let fragment = format!("{}.", clause.citation);
    library.rules.iter().filter(move |rule| rule.clauses.iter().any(|cited| *cited == clause.citation || cited.starts_with(&fragment)))
}

#[test]
fn what_is_said_to_be_provable_has_rules_of_that_kind() {
    let library = library();
    let mut wrong = Vec::new();
    for clause in library.catalogues.iter().flat_map(|catalogue| &catalogue.clauses) {
        let (records, configurations): (Vec<_>, Vec<_>) = rules(&library, clause).partition(|rule| is_about_records(rule));
        let wants = match clause.proven_by {
            None => continue,
            Some(ProvenBy::Configuration) => (false, true),
            Some(ProvenBy::Record) => (true, false),
            Some(ProvenBy::Both) => (true, true),
            Some(ProvenBy::Nothing) => (false, false),
        };
        let has = (!records.is_empty(), !configurations.is_empty());
        if has != wants {
            wrong.push(format!("{} says (record, configuration) {wants:?} and has {has:?}", clause.citation));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_draft_is_whole() {
    let library = library();
    let nfra = library.catalogues.iter().find(|catalogue| catalogue.id == "nfra").expect("the draft's catalogue");
    let articles: BTreeSet<&str> = nfra.citations().filter(|citation| !citation.contains('.')).collect();
    for article in (1..=72).map(|number| format!("nfra:{number}")).chain(["nfra:annex".to_owned()]) {
        assert!(articles.contains(article.as_str()), "{article} is missing");
    }
    assert_eq!(articles.len(), 73);
    for clause in &nfra.clauses {
        let article = clause.citation.split('.').next().expect("a citation");
        assert!(articles.contains(article), "{} is of no article", clause.citation);
        assert!(clause.proven_by.is_some(), "{} says nothing of what proves it", clause.citation);
    }
}

#[test]
fn a_catalogue_with_mistakes_is_refused_with_their_places() {
    let text = "[catalogue]\nid = \"x\"\ntitle = { zh = \"甲\", en = \"X\" }\nstatus = { zh = \"草\", en = \"draft\" }\n\
        [[clause]]\nid = \"1\"\nheading = { zh = \"一\", en = \"One\" }\nproven-by = \"recrod\"\n\
        [[clause]]\nid = \"1\"\nheading = { zh = \"一\", en = \"One\" }\nsumary = { zh = \"一\", en = \"One\" }\n\
        [[clause]]\nid = \"2\"\nheading = { zh = \"二\", en = \"Two\" }\nproven-by = \"nothing\"\n\
        shows = { zh = \"二\", en = \"Two\" }\nlimit = { zh = \"二\", en = \"Two\" }\nsummary = { zh = \"二\", en = \"Two\" }\n";
    let inputs = [Input { path: "clauses/x.toml".to_owned(), text: text.to_owned(), origin: Origin::File }];
    let (_, problems) = policy::load(&inputs);
    let shown = problems.iter().map(|problem| {
        let (line, column) = problem.place.as_ref().expect("a place").line_column();
        format!("{}@{line}:{column}", problem.code)
    });
    assert_eq!(shown.collect::<Vec<_>>(), ["unknown-word@8:13", "unknown-key@12:1", "duplicate-id@9:1", "incomplete-clause@16:13"]);
}

/// Standard output of a run that succeeds.
fn printed(arguments: &[&str]) -> String {
    let output = jixian(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn coverage_shows_rules_by_platform_and_what_nothing_proves() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules");
    let text = printed(&["--lang", "zh", "coverage", "--cases", cases, "--clause", "nfra:28", "--clause", "nfra:3"]);
    assert!(text.contains("征求意见稿") && text.contains("小数点后的编号由本项目添加"), "{text}");
    assert!(text.contains("nfra:28.1  第二十八条 远程访问权限：多因素认证  [由配置和记录证明]"), "{text}");
    assert!(text.contains("nfra:3  第三条 工作目标  [机器无法证明]") && !text.contains("nfra:30"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&printed(&["coverage", "--cases", cases, "--format", "json", "--clause", "nfra"])).expect("JSON");
    let clauses = json["catalogues"][0]["clauses"].as_array().expect("clauses");
    assert_eq!(json["summary"]["open"], 0, "every clause that can be proven has a rule");
    let total: u64 = json["summary"].as_object().expect("counts").values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(total, clauses.len() as u64);
    let training = clauses.iter().find(|clause| clause["clause"] == "nfra:12").expect("the article on training");
    assert_eq!(training["platforms"]["institution"]["rules"][0], "ev-art12-training");
    assert!(training["platforms"]["linux"].is_null());
    assert!(training["rules"][0]["cases"].as_u64() >= Some(10));
    let html = printed(&["--lang", "zh", "coverage", "--format", "html", "--clause", "nfra:22"]);
    assert!(
        html.starts_with("<!DOCTYPE html>") && html.contains("nfra-22-retention") && !html.contains("http://") && !html.contains("<script"),
        "{html}"
    );
    let markdown = printed(&["--lang", "en", "coverage", "--format", "markdown", "--rules", "--clause", "nfra:22.2"]);
    assert!(markdown.lines().filter(|line| line.starts_with('|')).all(|line| line.matches(" |").count() == 6), "{markdown}");
    assert!(!jixian(&["coverage", "--clause", "nfra:99"]).status.success());
}

#[test]
fn a_clause_is_explained_with_the_state_of_each_asset() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = folder.path().join("db01/etc/ssh");
    std::fs::create_dir_all(&host).expect("a folder can be made");
    std::fs::write(host.join("sshd_config"), "PermitRootLogin yes\n").expect("a file can be written");
    let text = printed(&["--lang", "en", "explain", "nfra:28.4", folder.path().to_str().expect("a plain path")]);
    assert!(text.contains("the number after the point was added by this project"), "{text}");
    assert!(text.contains("== db01  linux"), "{text}");
    assert!(text.contains("nfra-28-direct-root                      fail\n") && text.contains("etc/ssh/sshd_config:1"), "{text}");
}

#[test]
fn the_state_of_an_asset_follows_a_profile() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let host = folder.path().join("web01/etc/ssh");
    std::fs::create_dir_all(&host).expect("a folder can be made");
    std::fs::write(host.join("sshd_config"), "PermitRootLogin yes\nClientAliveInterval 300\nClientAliveCountMax 2\n")
        .expect("a file can be written");
    let profile = folder.path().join("site.toml");
    let text = "[profile]\nid = \"site\"\ntitle = { zh = \"测试\", en = \"Test\" }\nselect = { rules = [\"nfra-28-idle-timeout\"] }\n\
                [params]\nidle-timeout = \"5m\"\n";
    std::fs::write(&profile, text).expect("a file can be written");
    let assets = folder.path().join("web01");
    let explained = |more: &[&str]| {
        let asked = ["--lang", "en", "explain", "nfra:28.4", assets.to_str().expect("a plain path")];
        printed(&[&asked, more].concat())
    };
    let whole = explained(&[]);
    assert!(whole.contains("nfra-28-direct-root                      fail\n"), "{whole}");
    assert!(whole.contains("nfra-28-idle-timeout                     pass\n"), "{whole}");
    let narrow = explained(&["--profile", profile.to_str().expect("a plain path")]);
    assert!(!narrow.contains("nfra-28-direct-root                      fail"), "not selected: {narrow}");
    assert!(narrow.contains("nfra-28-idle-timeout                     fail\n"), "{narrow}");
    assert!(!jixian(&["explain", "nfra:28.4", "--profile", "no-such-profile"]).status.success());
}
