//! Secrets are replaced before anything is kept, and no verdict gets better by it.

use std::collections::BTreeMap;

use jixian::collect::conceal::{Concealer, Hidden};
use jixian::collect::key::Key;
use jixian::names::platform;
use jixian::policy::Library;
use jixian::policy::case::Case;
use jixian::scan::{case as scan_case, reading};
use jixian::snapshot::Asset;
use jixian::snapshot::manifest::{Line, Sort, Status};
use jixian::snapshot::store::Kept;

use crate::laws::{cases, library, verdict};

/// The files of a case as they are kept, and the secrets that products found in them.
fn concealed(library: &Library, case: &Case) -> (Case, Vec<Hidden>) {
    let (asset, _) = scan_case::asset(case).expect("the case is well-formed");
    let truncated = |path: &str| case.manifest.iter().any(|(status, known)| status == "truncated" && known == path);
    let line = |path: &str, content: &str| {
        if let Some(target) = content.strip_prefix("link: ") {
            return (Line { target: Some(target.trim().to_owned()), ..Line::new(path, Sort::Link, Status::Ok) }, None);
        }
        let status = if truncated(path) { Status::Truncated } else { Status::Ok };
        (Line::new(path, Sort::File, status), Some(content.as_bytes().to_vec()))
    };
    let artefacts: BTreeMap<_, _> = case.files.iter().map(|(path, content)| (path.clone(), line(path, content))).collect();
    let found = std::sync::Mutex::new(Vec::new());
    let find = |asset: &Asset| {
        let hidden = reading::hidden(library, asset)?;
        found.lock().expect("nothing panicked").extend(hidden.clone());
        Some(hidden)
    };
    let concealer = Concealer::new(Some(Key::of([9; 32])), &find);
    let mut kept = Kept { artefacts, ..Kept::default() };
    kept.description.platform = asset.description.platform;
    concealer.conceal(&mut kept).expect("secrets are found");
    let files = case.files.iter().map(|(path, content)| {
        let bytes = kept.artefacts[path].1.clone();
        let text = bytes.map_or(content.clone(), |bytes| String::from_utf8(bytes).expect("a text stays one"));
        (path.clone(), text)
    });
    let case = Case { files: files.collect(), ..case.clone() };
    (case, found.into_inner().expect("nothing panicked"))
}

#[test]
fn no_verdict_gets_better_where_secrets_are_replaced() {
    let library = library();
    let mut wrong = Vec::new();
    let mut less = 0;
    let mut replaced = 0;
    for (path, rule, case) in cases(&library) {
        let (kept, _) = concealed(&library, &case);
        if kept.files == case.files {
            continue;
        }
        replaced += 1;
        let (before, after) = (verdict(&library, rule, &case), verdict(&library, rule, &kept));
        match (before.as_str(), after.as_str()) {
            (before, after) if before == after => {}
            (_, "unknown") => less += 1,
            _ => wrong.push(format!("{}: {before} becomes {after}", path.display())),
        }
    }
    assert!(replaced > 100, "secrets stand in many cases: {replaced}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What is lost is that a plain text is weak; it must not become the rule.
    assert!(less * 10 <= replaced, "{less} of {replaced} cases can no longer be decided");
}

#[test]
fn what_products_know_to_be_secret_is_not_kept() {
    let library = library();
    let mut wrong = Vec::new();
    let mut looked_for = 0;
    for (path, _, case) in cases(&library) {
        let (kept, found) = concealed(&library, &case);
        for Hidden { path: file, text, ranges } in found {
            let Some((_, after)) = kept.files.iter().find(|(known, _)| *known == file) else { continue };
            for (start, end) in ranges {
                let secret = text[start as usize..end as usize].trim().trim_matches(['"', '\'']);
                // Short words stand elsewhere too.
                let telling = secret.len() >= 8 && secret.bytes().any(|byte| byte.is_ascii_digit()) && !secret.starts_with("<jixian");
                looked_for += usize::from(telling);
                if telling && after.contains(secret) && !masked(secret) {
                    wrong.push(format!("{}: {file} still holds {secret:?}", path.display()));
                }
            }
        }
    }
    assert!(looked_for > 100, "{looked_for}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether another collector replaced it already.
fn masked(secret: &str) -> bool {
    jixian::source::redact::masked_scheme(secret).is_some()
}

#[test]
fn a_canary_in_every_place_is_in_nothing_that_is_kept() {
    const CANARY: &str = "Canary7Canary9";
    let library = library();
    let hash = format!("$6$salt$0123456789{CANARY}");
    let places: &[(&str, &str, String)] = &[
        ("linux", "etc/shadow", format!("root:{hash}:19000:0:99999:7:::\n")),
        ("linux", "etc/passwd", format!("root:{hash}:0:0:root:/root:/bin/sh\n")),
        ("linux", "etc/gshadow", format!("wheel:{hash}::\n")),
        ("linux", "etc/redis/redis.conf", format!("port 6379\nrequirepass {CANARY}\nuser app on >{CANARY} ~* +@all\n")),
        ("linux", "etc/my.cnf", format!("[client]\npassword={CANARY}\n[mysqld]\nport=3306\n")),
        ("linux", "etc/rsyslog.conf", format!("*.* :ommysql:db,logs,writer,{CANARY}\n")),
        ("linux", "etc/raddb/server", format!("10.0.0.9 {CANARY} 3\n")),
        ("linux", "etc/cron.d/backup", format!("0 1 * * * root PGPASSWORD={CANARY} pg_dump ledger\n")),
        ("linux", "etc/cron.d/fetch", format!("0 1 * * * root curl https://bot:{CANARY}@repo.bank.test/x\n")),
        ("linux", "etc/profile.d/app.sh", format!("export DB_PASSWORD='{CANARY}'\n")),
        ("linux", "etc/nginx/nginx.conf", format!("http {{ proxy_set_header Authorization \"Basic {CANARY}\"; }}\n")),
        ("linux", "etc/tomcat9/tomcat-users.xml", format!("<tomcat-users><user username=\"a\" password=\"{CANARY}\"/></tomcat-users>\n")),
        ("linux", "etc/mongod.conf", format!("net:\n  tls:\n    certificateKeyFilePassword: {CANARY}\n")),
        ("linux", "etc/sudoers.d/x", format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n")),
        ("cisco-ios", "running-config", format!("version 15.2\nsnmp-server community {CANARY} RO\nenable password {CANARY}\n")),
        ("huawei-vrp", "running-config", format!("sysname sw1\nsnmp-agent community read {CANARY}\n super password cipher {CANARY}\n")),
        ("h3c-comware", "running-config", format!("sysname sw1\n snmp-agent community read simple {CANARY}\n")),
        ("juniper-junos", "running-config", format!("system {{ root-authentication {{ encrypted-password \"{hash}\"; }} }}\n")),
    ];
    for (name, path, text) in places {
        let find = |asset: &Asset| reading::hidden(&library, asset);
        let concealer = Concealer::new(None, &find);
        let line = Line::new(path, Sort::File, Status::Ok);
        let mut kept = Kept::default();
        kept.artefacts.insert((*path).to_owned(), (line, Some(text.clone().into_bytes())));
        kept.description.platform = platform(name);
        concealer.conceal(&mut kept).expect("secrets are found");
        let bytes = kept.artefacts[*path].1.clone().expect("it has a content");
        let after = String::from_utf8(bytes).expect("a text");
        assert!(!after.contains(CANARY), "{name} {path}: {after}");
        assert!(after.contains("jixian-secret/"), "{name} {path}: {after}");
        assert_eq!(after.lines().count(), text.lines().count(), "lines keep their numbers");
    }
}
