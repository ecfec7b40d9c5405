//! The records of an institution: what is wrong is told with its place, and a folder of them is found as an asset.

use jixian::names::INSTITUTION;
use jixian::snapshot::find;

use crate::support::{asset, institution_rows};

/// SHA-256 of `signed\n`, as sha256sum prints it.
const SIGNED: &str = "ad093de033f89b590459503f94d25ea4a36fd044f7ce6d674f43e0d8412161f9";

const REGISTER: (&str, &str) = ("records/register.toml", "[register]\nfiles = [\"a.toml\"]\n");
const DOCUMENT: (&str, &str) = ("records/files/a.txt", "signed\n");

/// One record with these lines, and its problem and place.
fn problem(lines: &str) -> Vec<String> {
    let text = format!("# 记录\n[[record]]\n{lines}");
    institution_rows(&asset(&[REGISTER, ("records/a.toml", &text), DOCUMENT]), "records", &["valid", "problem", "place"])
}

#[test]
fn what_is_wrong_is_told_with_line_and_column() {
    let good = format!(
        "kind = \"training\"\nsubject = \"年度\"\ndate = 2026-05-01\nby = \"张三\"\nfile = \"files/a.txt\"\nsha256 = \"{SIGNED}\"\n"
    );
    let check = |from: &str, to: &str, expected: &str| assert_eq!(problem(&good.replace(from, to)), [expected], "{to}");
    check("", "", "valid=true problem=none place=records/a.toml:2:1");
    check("\"training\"", "\"trainign\"", "valid=false problem=unknown-kind place=records/a.toml:3:8");
    check("\"training\"", "\"incident\"", "valid=false problem=unknown-kind place=records/a.toml:3:8");
    check("2026-05-01", "\"1 May 2026\"", "valid=false problem=bad-date place=records/a.toml:5:8");
    check("2026-05-01", "2026-05-01T10:00:00", "valid=false problem=bad-date place=records/a.toml:5:8");
    check("date = 2026-05-01\n", "", "valid=false problem=no-date place=records/a.toml:2:1");
    check("by = \"张三\"", "by = \" \"", "valid=false problem=no-author place=records/a.toml:2:1");
    check("files/a.txt", "files/b.txt", "valid=false problem=file-missing place=records/a.toml:7:8");
    check("files/a.txt", "/etc/passwd", "valid=false problem=file-outside place=records/a.toml:7:8");
    check("files/a.txt", "files/../../x", "valid=false problem=file-outside place=records/a.toml:7:8");
    check(SIGNED, "00", "valid=false problem=bad-digest place=records/a.toml:8:10");
    check(SIGNED, &"0".repeat(64), "valid=false problem=digest-differs place=records/a.toml:8:10");
    check("kind =", "kidn = 1\nkind =", "valid=false problem=unknown-field place=records/a.toml:3:8");
}

#[test]
fn days_are_those_of_china() {
    let text = "[[incident]]\nsubject = \"i\"\noccurred = 2026-12-31T15:59:59Z\nended = 2026-12-31T16:00:00Z\n";
    let rows = institution_rows(&asset(&[REGISTER, ("records/a.toml", text)]), "incidents", &["occurred", "ended"]);
    assert_eq!(rows, ["occurred=2026-12-31 ended=2027-01-01"]);
}

#[test]
fn a_hostile_register_ends_in_gaps_and_not_in_a_panic() {
    let deep = format!("[[record]]\nsubject = {}1{}\n", "[".repeat(5000), "]".repeat(5000));
    for text in ["", "\u{feff}", "[[record]]\n[[record]]", "record = 1\nincident = [1, 2]\n[calendar]\nyear = 99999999999\n", deep.as_str()]
    {
        let found = asset(&[REGISTER, ("records/a.toml", text)]);
        for table in ["records", "incidents"] {
            let rows = institution_rows(&found, table, &["valid"]);
            assert!(rows.iter().all(|row| row != "valid=true"), "{text}: {rows:?}");
        }
    }
}

#[test]
fn a_folder_with_a_register_is_an_institution() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let records = folder.path().join("head-office/records");
    std::fs::create_dir_all(&records).expect("a folder can be made");
    std::fs::write(records.join("register.toml"), REGISTER.1).expect("a file can be written");
    let found = find::find(&[folder.path().to_owned()]).found;
    assert_eq!(found.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["head-office"]);
    assert_eq!(found[0].open().description.platform, Some(INSTITUTION));
}
