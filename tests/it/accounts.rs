//! Local accounts, login defaults and privileges by id, as passwd(5), shadow(5), group(5), login.defs(5) and useradd(8) define them.

use crate::support::rows;

const LOGIN_DEFS: (&str, &str) = ("etc/login.defs", "UID_MIN 1000\n");

/// The named columns of `accounts`, of these files with a login.defs.
fn accounts(files: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let files: Vec<_> = files.iter().copied().chain([LOGIN_DEFS]).collect();
    rows(&files, "accounts", columns)
}

#[test]
fn password_states_are_those_of_shadow_5() {
    let passwd = "empty:x:1001:1001::/home/e:/bin/bash\nset:x:1002:1002::/home/s:/bin/bash\nlocked:x:1003:1003::/home/l:/bin/bash\n\
                  none:x:1004:1004::/home/n:/bin/bash\nnew:x:1005:1005::/home/w:/bin/bash\ndes:x:1006:1006::/home/d:/bin/bash\n\
                  own::1007:1007::/home/o:/bin/bash\nplain:$1$abcdefgh$0123456789012345678901:1008:1008::/home/p:/bin/bash\n\
                  lost:x:1009:1009::/home/z:/bin/bash\n";
    let shadow = "empty::19800:0:99999:7:::\nset:$y$j9T$salt$hash:19800:0:99999:7:::\nlocked:!$6$salt$hash:19800:0:99999:7:::\n\
                  none:*:19800:0:99999:7:::\nnew:!!:19800:0:99999:7:::\ndes:rqXexS6ZhobKA:19800:0:99999:7:::\nown:*:19800::::::\n\
                  plain:*:19800::::::\n";
    let found = accounts(&[("etc/passwd", passwd), ("etc/shadow", shadow)], &["name", "password-state@", "password-scheme"]);
    assert_eq!(
        found,
        [
            "name=empty password-state=empty@etc/shadow:1 password-scheme=-",
            "name=set password-state=set@etc/shadow:2 password-scheme=yescrypt",
            "name=locked password-state=locked@etc/shadow:3 password-scheme=sha512",
            "name=none password-state=none@etc/shadow:4 password-scheme=-",
            "name=new password-state=none@etc/shadow:5 password-scheme=-",
            "name=des password-state=set@etc/shadow:6 password-scheme=des",
            "name=own password-state=empty@etc/passwd:7 password-scheme=-",
            "name=plain password-state=set@etc/passwd:8 password-scheme=md5",
            "name=lost password-state=?no-shadow-line@etc/passwd:9 password-scheme=?no-shadow-line",
        ]
    );
}

#[test]
fn redacted_shadow_files_are_read() {
    let passwd = "a:x:1001:1001::/:/bin/sh\nb:x:1002:1002::/:/bin/sh\nc:x:1003:1003::/:/bin/sh\n";
    let shadow =
        "a:<jixian-secret/sha512/ordinary>:19800:0:90:7:::\nb:!<jixian-secret/md5/short>:19800:0:90:7:::\nc:<removed>:19800:0:90:7:::\n";
    let found = accounts(&[("etc/passwd", passwd), ("etc/shadow", shadow)], &["password-state", "password-scheme"]);
    let expected = [
        "password-state=set password-scheme=sha512",
        "password-state=locked password-scheme=md5",
        "password-state=?masked password-scheme=?masked",
    ];
    assert_eq!(found, expected);
}

#[test]
fn aging_is_that_of_shadow_5() {
    let passwd = "a:x:1001:1::/:/bin/sh\nb:x:1002:1::/:/bin/sh\nc:x:1003:1::/:/bin/sh\nd:x:1004:1::/:/bin/sh\ne:x:1005:1::/:/bin/sh\n";
    let shadow =
        "a:*:19800:1:90:7:30:20000:\nb:*:19800::99999:7:30::\nc:*::0:90:7:30:0:\nd:*:0:0:-1:7:30:-1:\ne:*:x:0:90:seven:30:99999999:\n";
    let columns = ["password-max-age", "password-min-age", "password-warning", "inactive-lock", "expires", "last-change"];
    // 19800 days after 1970-01-01 are 2024-03-18, 20000 are 2024-10-04: `date -u -d '1970-01-01 +19800 days'`.
    assert_eq!(
        accounts(&[("etc/passwd", passwd), ("etc/shadow", shadow)], &columns),
        [
            "password-max-age=90d password-min-age=1d password-warning=7d inactive-lock=30d expires=2024-10-04 last-change=2024-03-18",
            "password-max-age=99999d password-min-age=0s password-warning=7d inactive-lock=unlimited expires=never last-change=2024-03-18",
            "password-max-age=unlimited password-min-age=0s password-warning=0s inactive-lock=unlimited expires=?ambiguous last-change=-",
            "password-max-age=unlimited password-min-age=0s password-warning=0s inactive-lock=unlimited expires=never last-change=-",
            "password-max-age=90d password-min-age=0s password-warning=?not-understood inactive-lock=30d expires=?not-understood \
             last-change=?not-understood",
        ]
    );
}

#[test]
fn without_shadow_passwords_are_unknown() {
    let passwd = ("etc/passwd", "a:x:1001:1::/:/bin/sh\n");
    let columns = ["name", "password-state", "password-max-age", "enabled"];
    assert_eq!(
        accounts(&[passwd], &columns),
        ["name=a password-state=?not-collected password-max-age=?not-collected enabled=?not-collected"]
    );
    assert_eq!(accounts(&[passwd, ("etc/shadow", "!denied")], &columns[..2]), ["name=a password-state=?denied"]);
    let half = ("etc/shadow", "!truncated b:*:19800:0:90:7:::\na:$6$");
    assert_eq!(accounts(&[passwd, half], &columns[..2]), ["name=a password-state=?truncated"]);
}

#[test]
fn ids_are_compared_as_numbers() {
    let passwd = "root:x:0:0:root:/root:/bin/bash\ntoor:x:00:0::/root:/bin/sh\nnews:x:9:9::/:/usr/sbin/nologin\nweb:x:999:999::/:/bin/bash\n\
                  alice:x:1000:1000::/home/alice:\nnobody:x:65534:65534::/:/usr/sbin/nologin\nsync:x:4:65534::/bin:/bin/sync\n";
    let found =
        accounts(&[("etc/passwd", passwd)], &["name", "id", "privileged", "system", "same-id", "interactive", "shell", "vendor-default"]);
    assert_eq!(
        found,
        [
            "name=root id=0 privileged=true system=true same-id=[toor] interactive=true shell=/bin/bash vendor-default=true",
            "name=toor id=0 privileged=true system=true same-id=[root] interactive=true shell=/bin/sh vendor-default=false",
            "name=news id=9 privileged=false system=true same-id=[] interactive=false shell=/usr/sbin/nologin vendor-default=true",
            "name=web id=999 privileged=false system=true same-id=[] interactive=true shell=/bin/bash vendor-default=false",
            "name=alice id=1000 privileged=false system=false same-id=[] interactive=true shell=/bin/sh vendor-default=false",
            "name=nobody id=65534 privileged=false system=true same-id=[] interactive=false shell=/usr/sbin/nologin vendor-default=true",
            "name=sync id=4 privileged=false system=true same-id=[] interactive=false shell=/bin/sync vendor-default=true",
        ]
    );
}

#[test]
fn the_boundary_of_system_ids_is_uid_min() {
    let passwd = ("etc/passwd", "old:x:600:600::/home/old:/bin/bash\n");
    let system = |files: &[(&str, &str)]| rows(files, "accounts", &["system"]).concat();
    assert_eq!(system(&[passwd, ("etc/login.defs", "UID_MIN 500\n")]), "system=false");
    assert_eq!(system(&[passwd, ("etc/login.defs", "UID_MIN 500\nUID_MIN 1000\n")]), "system=true");
    assert_eq!(system(&[passwd, ("etc/login.defs", "!absent")]), "system=true");
    assert_eq!(system(&[passwd, ("etc/login.defs", "UID_MIN 500 # people\n")]), "system=true", "no number: the default holds");
    assert_eq!(system(&[passwd]), "system=?not-collected");
}

#[test]
fn lines_that_are_no_account_are_gaps() {
    let passwd = "root:x:0:0::/root:/bin/bash\n+::::::\n-bob::::::\nodd:x:one:1::/:/bin/sh\n# comment\n\nshort:x\n";
    let found = accounts(&[("etc/passwd", passwd)], &["name", "id"]);
    assert_eq!(
        found,
        [
            "name=root id=0",
            "gap name=?not-understood id=?not-understood",
            "gap name=?not-understood id=?not-understood",
            "gap name=?not-understood id=?not-understood",
        ]
    );
    assert_eq!(accounts(&[("etc/passwd", "!truncated a:x:1:1::/:/bin/sh\nb:x:10")], &["name"]), ["name=a", "gap name=?truncated"]);
    assert_eq!(accounts(&[], &["name"]), ["gap name=?not-collected"]);
}

#[test]
fn names_that_stand_twice_or_are_shared() {
    let passwd = "ops:x:1001:1001::/:/bin/sh\nbob:x:1002:1002::/:/bin/sh\nops:x:1003:1003::/:/bin/sh\nBob:x:1004:1004::/:/bin/sh\n";
    let found = accounts(&[("etc/passwd", passwd)], &["name", "same-name", "shared-name"]);
    assert_eq!(
        found,
        [
            "name=ops same-name=true shared-name=true",
            "name=bob same-name=false shared-name=false",
            "name=ops same-name=true shared-name=true",
            "name=Bob same-name=false shared-name=false",
        ]
    );
}

#[test]
fn groups_start_with_the_own_one() {
    let passwd = ("etc/passwd", "alice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:77::/home/bob:/bin/bash\n");
    let group = ("etc/group", "wheel:x:10:root,alice\nalice:x:1000:\ndocker:x:999:bob, alice,\n");
    assert_eq!(accounts(&[passwd, group], &["groups"]), ["groups=[alice, wheel, docker]", "groups=[#77, docker]"]);
    assert_eq!(accounts(&[passwd], &["groups"]), ["groups=?not-collected", "groups=?not-collected"]);
}

#[test]
fn enabled_is_a_usable_password_or_key() {
    let passwd = ("etc/passwd", "a:x:1001:1::/home/a:/bin/bash\nb:x:1002:1::/home/b:/usr/sbin/nologin\nc:x:1003:1::/home/c:/bin/bash\n");
    let shadow = ("etc/shadow", "a:!:19800:0:90:7:::\nb:!:19800:0:90:7:::\nc:$6$s$h:19800:0:90:7:::\n");
    let sshd = ("etc/ssh/sshd_config", "PermitRootLogin no\n");
    let no_more = [("etc/ssh/sshd_config.d", "!absent"), ("home/a/.ssh/authorized_keys2", "!absent")];
    let enabled = |more: &[(&str, &str)]| accounts(&[&[passwd, shadow], more].concat(), &["name", "enabled", "keys"]);
    assert_eq!(enabled(&[]), ["name=a enabled=?not-collected keys=-", "name=b enabled=false keys=-", "name=c enabled=true keys=-"]);
    let none = enabled(&[&[sshd, ("home/a/.ssh/authorized_keys", "# none\n")], &no_more[..]].concat());
    assert_eq!(none[0], "name=a enabled=false keys=0");
    let one = enabled(&[&[sshd, ("home/a/.ssh/authorized_keys", "ssh-ed25519 AAAA\n")], &no_more[..]].concat());
    assert_eq!(one[0], "name=a enabled=true keys=1");
    let elsewhere = enabled(&[
        ("etc/ssh/sshd_config", "AuthorizedKeysFile /etc/ssh/keys/%u\n"),
        ("etc/ssh/sshd_config.d", "!absent"),
        ("etc/ssh/keys/a", "ssh-ed25519 AAAA\nssh-ed25519 BBBB\n"),
    ]);
    assert_eq!(elsewhere[0], "name=a enabled=true keys=2");
}

#[test]
fn login_defaults_are_effective_and_typed() {
    let defs = "PASS_MAX_DAYS 99999\nPASS_MAX_DAYS\t90\nPASS_MIN_DAYS 1\nUMASK 027\nENCRYPT_METHOD YESCRYPT\nPASS_MIN_LEN 08\n";
    let useradd = "GROUP=100\n# INACTIVE=10\nINACTIVE=30\n";
    let found = rows(
        &[("etc/login.defs", defs), ("etc/default/useradd", useradd)],
        "login-defaults",
        &["name", "value@", "number", "duration", "origin"],
    );
    assert_eq!(
        found,
        [
            "name=ENCRYPT_METHOD value=YESCRYPT@etc/login.defs:5 number=- duration=- origin=file",
            "name=HOME_MODE value=-@etc/login.defs number=- duration=- origin=-",
            "name=INACTIVE value=30@etc/default/useradd:3 number=30 duration=30d origin=file",
            "name=PASS_MAX_DAYS value=90@etc/login.defs:2 number=90 duration=90d origin=file",
            "name=PASS_MIN_DAYS value=1@etc/login.defs:3 number=1 duration=1d origin=file",
            "name=PASS_MIN_LEN value=08@etc/login.defs:6 number=- duration=- origin=file",
            "name=PASS_WARN_AGE value=-1@default number=-1 duration=0s origin=default",
            "name=UID_MIN value=1000@default number=1000 duration=- origin=default",
            "name=UMASK value=027@etc/login.defs:4 number=- duration=- origin=file",
        ]
    );
}

#[test]
fn no_limit_is_no_number() {
    let files = [("etc/login.defs", "PASS_MAX_DAYS -1\n"), ("etc/default/useradd", "!absent")];
    let found = rows(&files, "login-defaults", &["name", "number", "duration"]);
    assert_eq!(found[2], "name=INACTIVE number=unlimited duration=unlimited");
    assert_eq!(found[3], "name=PASS_MAX_DAYS number=unlimited duration=unlimited");
}

#[test]
fn login_defaults_that_were_not_collected_are_unknown() {
    let found = rows(&[("etc/passwd", "root:x:0:0::/root:/bin/sh\n")], "login-defaults", &["name", "number", "origin"]);
    assert_eq!(found.len(), 9);
    assert_eq!(found[3], "name=PASS_MAX_DAYS number=?not-collected origin=?not-collected");
}

#[test]
fn root_ids_and_powerful_groups_are_privileges() {
    let passwd = ("etc/passwd", "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\nci:x:1001:999::/:/bin/sh\n");
    let group = ("etc/group", "wheel:x:10:alice\ndocker:x:999:bob\nshadow:x:42:carol\n");
    let gshadow = ("etc/gshadow", "docker:!:bob:bob\nshadow:!::\n");
    let columns = ["grantee", "privilege", "via", "unrestricted", "password-required", "grantable", "to-everyone"];
    assert_eq!(
        privileges(&[passwd, group, gshadow], &columns),
        [
            "grantee=root privilege=root via=user-id unrestricted=true password-required=- grantable=true to-everyone=false",
            "grantee=toor privilege=root via=user-id unrestricted=true password-required=- grantable=true to-everyone=false",
            "grantee=bob privilege=group docker via=group unrestricted=true password-required=- grantable=true to-everyone=false",
            "grantee=ci privilege=group docker via=group unrestricted=true password-required=- grantable=false to-everyone=false",
            "grantee=carol privilege=group shadow via=group unrestricted=false password-required=- grantable=false to-everyone=false",
        ]
    );
    assert_eq!(
        privileges(&[("etc/passwd", "root:x:0:0::/root:/bin/bash\n")], &["grantee", "via"]),
        ["grantee=root via=user-id", "gap grantee=?not-collected via=group"]
    );
}

/// The rows of `privileges` that do not come from sudo.
fn privileges(files: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let without_sudo: Vec<_> = files.iter().copied().chain([("etc/sudoers", "!absent")]).collect();
    rows(&without_sudo, "privileges", columns)
}
