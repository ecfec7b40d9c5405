//! Configurations of sshd, each with one trap, against what sshd_config(5) and servconf.c say of them.

use crate::support::rows;

const MAIN: &str = "etc/ssh/sshd_config";
const DROP_INS: (&str, &str) = ("etc/ssh/sshd_config.d", "!directory");
const DEBIAN_12: (&str, &str) = ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
const RED_HAT_7: (&str, &str) = ("etc/os-release", "ID=rhel\nVERSION_ID=\"7.9\"\n");
const RED_HAT_8: (&str, &str) = ("etc/os-release", "ID=rhel\nVERSION_ID=\"8.10\"\n");
const RED_HAT_9: (&str, &str) = ("etc/os-release", "ID=rocky\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n");

/// The rows of `sshd` of a main file on Debian 12.
#[track_caller]
fn check(main: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(rows(&[(MAIN, main), DEBIAN_12], "sshd", columns), expected, "{main}");
}

/// The same with more files.
#[track_caller]
fn check_files(files: &[(&str, &str)], table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(rows(files, table, columns), expected);
}

#[test]
fn the_first_value_wins_and_shadows_later_ones() {
    check(
        "PermitRootLogin no\nPermitRootLogin yes\n",
        &["scope", "permit-root-login@"],
        &["scope=global permit-root-login=no@etc/ssh/sshd_config:1"],
    );
    check_files(
        &[
            (MAIN, "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n"),
            DROP_INS,
            ("etc/ssh/sshd_config.d/01-permitrootlogin.conf", "PermitRootLogin yes\n"),
            ("etc/ssh/sshd_config.d/50-redhat.conf", "PermitRootLogin no\n"),
            DEBIAN_12,
        ],
        "sshd",
        &["permit-root-login@"],
        &["permit-root-login=yes@etc/ssh/sshd_config.d/01-permitrootlogin.conf:1"],
    );
}

#[test]
fn a_value_in_a_block_is_not_the_global_one() {
    check(
        "Port 22\nMatch User backup\n    PermitRootLogin no\n",
        &["scope", "permit-root-login@", "weakens"],
        &[
            "scope=global permit-root-login=prohibit-password@default weakens=[]",
            "scope=match user backup permit-root-login=no@etc/ssh/sshd_config:3 weakens=[]",
        ],
    );
    check(
        "PermitRootLogin no\nMatch Address 10.0.0.0/8\nPermitRootLogin without-password\nMaxAuthTries 10\n",
        &["scope", "permit-root-login", "weakens"],
        &[
            "scope=global permit-root-login=no weakens=[]",
            "scope=match address 10.0.0.0/8 permit-root-login=prohibit-password weakens=[permit-root-login, max-auth-tries]",
        ],
    );
}

#[test]
fn match_all_is_part_of_every_row_and_wins_over_what_stands_before_it() {
    check(
        "X11Forwarding no\nMatch User a\nMaxAuthTries 2\nMatch all\nX11Forwarding yes\nMaxAuthTries 9\n",
        &["scope", "x11-forwarding", "max-auth-tries"],
        &["scope=global x11-forwarding=yes max-auth-tries=9", "scope=match user a x11-forwarding=yes max-auth-tries=2"],
    );
}

#[test]
fn blocks_with_the_same_criteria_are_one_row_whatever_their_order() {
    check(
        "Match user a group b\nX11Forwarding yes\nMatch GROUP b USER a\nMaxAuthTries 1\nMatch user a\nMaxAuthTries 3\nMaxSessions 4\n",
        &["scope", "x11-forwarding", "max-auth-tries", "max-sessions"],
        &[
            "scope=global x11-forwarding=no max-auth-tries=6 max-sessions=10",
            // Whoever is a and in b fulfils the last block too.
            "scope=match group b user a x11-forwarding=yes max-auth-tries=1 max-sessions=4",
            "scope=match user a x11-forwarding=no max-auth-tries=3 max-sessions=4",
        ],
    );
}

#[test]
fn a_block_ends_with_its_file_and_an_include_in_a_block_has_its_criteria() {
    check_files(
        &[
            (MAIN, "Include sshd_config.d/a.conf\nMaxAuthTries 3\nMatch group ops\nInclude sshd_config.d/b.conf\nMaxSessions 5\n"),
            DROP_INS,
            ("etc/ssh/sshd_config.d/a.conf", "Match User x\nMaxAuthTries 1\n"),
            ("etc/ssh/sshd_config.d/b.conf", "X11Forwarding yes\nMatch Address 10.0.0.0/8\nX11Forwarding no\nMaxSessions 2\n"),
            DEBIAN_12,
        ],
        "sshd",
        &["scope", "max-auth-tries", "max-sessions", "x11-forwarding"],
        &[
            "scope=global max-auth-tries=3 max-sessions=10 x11-forwarding=no",
            "scope=match user x max-auth-tries=1 max-sessions=10 x11-forwarding=no",
            "scope=match group ops max-auth-tries=3 max-sessions=5 x11-forwarding=yes",
            "scope=match address 10.0.0.0/8 group ops max-auth-tries=3 max-sessions=2 x11-forwarding=yes",
        ],
    );
}

#[test]
fn lists_add_up_and_those_of_a_block_take_the_place_of_the_global_ones() {
    check(
        "AllowUsers a b\nAllowUsers c@10.0.0.0/8\nMatch User d\nAllowUsers d\n",
        &["scope", "allow-users", "weakens"],
        &["scope=global allow-users=[a, b, c@10.0.0.0/8] weakens=[]", "scope=match user d allow-users=[d] weakens=[allow-users]"],
    );
}

#[test]
fn what_sshd_refuses_is_a_gap_beside_what_is_visible() {
    for main in [
        "PermitRootLogn no\n",
        "Match User a\nUsePAM yes\n",
        "MaxAuthTries many\n",
        "Banner \"/etc/issue\n",
        "AuthorizedKeysCommand /bin/k\n",
    ] {
        let found = rows(&[(MAIN, &format!("PermitEmptyPasswords yes\n{main}")), DEBIAN_12], "sshd", &["permit-empty-passwords"]);
        assert!(found.contains(&"permit-empty-passwords=yes".to_owned()), "{main}: {found:?}");
        assert!(found.iter().any(|row| row.starts_with("gap permit-empty-passwords=?")), "{main}: {found:?}");
    }
}

#[test]
fn files_that_include_each_other_without_end_are_refused() {
    check_files(
        &[
            (MAIN, "Include sshd_config.d/*.conf\n"),
            ("etc/ssh/sshd_config.d/a.conf", "Include sshd_config.d/*.conf\n"),
            ("etc/ssh/sshd_config.d/b.conf", "Include sshd_config.d/*.conf\n"),
            DEBIAN_12,
        ],
        "sshd",
        &["max-sessions"],
        &["max-sessions=?refused", "gap max-sessions=?refused"],
    );
}

#[test]
fn an_include_that_was_not_collected_leaves_a_gap() {
    let main = (MAIN, "PermitRootLogin no\nInclude /etc/ssh/sshd_config.d/*.conf\n");
    let columns = ["scope", "permit-root-login"];
    let gap = "gap scope=?not-collected permit-root-login=?not-collected";
    check_files(&[main, DEBIAN_12], "sshd", &columns, &["scope=global permit-root-login=no", gap]);
    check_files(&[main, DEBIAN_12, DROP_INS], "sshd", &columns, &["scope=global permit-root-login=no"]);
    let denied = ("etc/ssh/sshd_config.d/a.conf", "!denied");
    let gap = "gap scope=?denied permit-root-login=?denied";
    check_files(&[main, DEBIAN_12, denied], "sshd", &columns, &["scope=global permit-root-login=no", gap]);
    let references = ["kind", "name", "defined"];
    let unknown = ["kind=include name=/etc/ssh/sshd_config.d/*.conf defined=?not-collected"];
    let found = rows(&[main, DEBIAN_12], "openssh-server:references", &references);
    assert_eq!(found[0], unknown[0]);
    let absent = "kind=include name=/etc/ssh/sshd_config.d/*.conf defined=false";
    check_files(&[main, DEBIAN_12, DROP_INS], "openssh-server:references", &references, &[absent]);
}

#[test]
fn a_cut_file_leaves_a_gap_and_an_absent_one_nothing() {
    let cut = rows(&[(MAIN, "!truncated PermitRootLogin no\n"), DEBIAN_12], "sshd", &["permit-root-login"]);
    assert_eq!(cut, ["permit-root-login=no", "gap permit-root-login=?truncated"]);
    assert_eq!(rows(&[(MAIN, "!absent"), ("etc/ssh/moduli", "")], "sshd", &["scope"]), [""; 0]);
    assert_eq!(rows(&[(MAIN, "!denied")], "sshd", &["permit-root-login"]), ["gap permit-root-login=?denied"]);
    assert_eq!(rows(&[], "sshd", &["permit-root-login"]), ["gap permit-root-login=?not-collected"]);
}

#[test]
fn defaults_depend_on_release_and_builder() {
    let of = |files: &[(&str, &str)], columns: &[&str]| rows(&[&[(MAIN, "Port 22\n")], files].concat(), "sshd", columns);
    assert_eq!(of(&[DEBIAN_12], &["permit-root-login"]), ["permit-root-login=prohibit-password"]);
    assert_eq!(of(&[RED_HAT_7], &["permit-root-login"]), ["permit-root-login=yes"]);
    assert_eq!(of(&[], &["permit-root-login"]), ["permit-root-login=?version-not-known(prohibit-password|yes)"]);
    assert_eq!(of(&[], &["kbd-interactive-authentication"]), ["kbd-interactive-authentication=yes"]);
    assert_eq!(of(&[], &["use-pam", "max-auth-tries"]), ["use-pam=no max-auth-tries=6"]);
    assert_eq!(of(&[DEBIAN_12], &["per-source-penalties"]), ["per-source-penalties=-"]);
    assert_eq!(of(&[], &["per-source-penalties"]), ["per-source-penalties=?version-not-known"]);
    let own = ("commands/sshd-version", "OpenSSH_9.9p1, OpenSSL 3.2.2 4 Jun 2024\n");
    assert_eq!(of(&[own, DEBIAN_12], &["per-source-penalties"]), ["per-source-penalties=yes"]);
    let newer = ("commands/sshd-version", "OpenSSH_99.1p1, OpenSSL 9\n");
    assert_eq!(of(&[newer, DEBIAN_12], &["max-auth-tries", "protocol"]), ["max-auth-tries=?version-not-known protocol=[2]"]);
}

#[test]
fn older_releases_split_lines_in_another_way() {
    let main = (MAIN, "AllowUsers a # b\nChallengeResponseAuthentication no\n");
    let columns = ["allow-users", "kbd-interactive-authentication"];
    check_files(&[main, DEBIAN_12], "sshd", &columns, &["allow-users=[a] kbd-interactive-authentication=no"]);
    check_files(&[main, RED_HAT_7], "sshd", &columns, &["allow-users=[a, #, b] kbd-interactive-authentication=no"]);
    // Before 8.7 either of the two switches turns the method on.
    let main = (MAIN, "KbdInteractiveAuthentication no\n");
    check_files(&[main, DEBIAN_12], "sshd", &columns, &["allow-users=[] kbd-interactive-authentication=no"]);
    check_files(&[main, RED_HAT_7], "sshd", &columns, &["allow-users=[] kbd-interactive-authentication=yes"]);
    let comment = [(MAIN, "PermitRootLogin no # because\n"), RED_HAT_7];
    assert_eq!(rows(&comment, "sshd", &["permit-root-login"]), ["permit-root-login=?refused", "gap permit-root-login=?refused"]);
}

#[test]
fn no_limit_is_not_zero() {
    check(
        "LoginGraceTime 0\nClientAliveInterval 300\nClientAliveCountMax 0\n",
        &["login-grace-time", "dead-peer-timeout"],
        &["login-grace-time=unlimited dead-peer-timeout=unlimited"],
    );
    check("ClientAliveInterval 5m\n", &["dead-peer-timeout"], &["dead-peer-timeout=15m"]);
    let before = [(MAIN, "ClientAliveInterval 300\nClientAliveCountMax 0\n"), RED_HAT_7];
    check_files(&before, "sshd", &["dead-peer-timeout"], &["dead-peer-timeout=5m"]);
}

#[test]
fn disable_forwarding_wins_where_the_release_is_known_to_do_so() {
    let columns = ["allow-tcp-forwarding", "allow-agent-forwarding", "x11-forwarding"];
    let main = (MAIN, "DisableForwarding yes\nX11Forwarding yes\n");
    let unsure = "allow-tcp-forwarding=no allow-agent-forwarding=?version-not-known(no|yes) x11-forwarding=?version-not-known(no|yes)";
    check_files(&[main, DEBIAN_12], "sshd", &columns, &[unsure]);
    let current = ("commands/sshd-version", "OpenSSH_10.0p2\n");
    check_files(&[main, current], "sshd", &columns, &["allow-tcp-forwarding=no allow-agent-forwarding=no x11-forwarding=no"]);
}

#[test]
fn one_number_of_max_startups_is_start_and_full() {
    let columns = ["max-startups-start", "max-startups-rate", "max-startups-full"];
    check("MaxStartups 5\n", &columns, &["max-startups-start=5 max-startups-rate=30 max-startups-full=5"]);
    check("", &columns, &["max-startups-start=10 max-startups-rate=30 max-startups-full=100"]);
    // The last line wins up to 10.0.
    check("MaxStartups 10:30:60\nMaxStartups 20:50:80\n", &columns, &["max-startups-start=20 max-startups-rate=50 max-startups-full=80"]);
}

#[test]
fn algorithms_are_the_release_s_list_as_edited() {
    let strong = "curve25519-sha256";
    let crypto = |files: &[(&str, &str)]| rows(files, "crypto", &["kind", "name", "strength"]);
    let main = (MAIN, "Ciphers +3des-cbc\nKexAlgorithms curve25519-sha256\nMACs -umac-64*,*sha1*\n");
    let found = crypto(&[main, DEBIAN_12]);
    assert!(found.contains(&"kind=cipher name=3des-cbc strength=weak".to_owned()), "{found:?}");
    assert!(found.contains(&"kind=cipher name=aes256-gcm@openssh.com strength=strong".to_owned()), "{found:?}");
    assert_eq!(found.iter().filter(|row| row.starts_with("kind=key-exchange")).count(), 1, "{found:?}");
    assert!(found.contains(&format!("kind=key-exchange name={strong} strength=strong")), "{found:?}");
    assert!(!found.iter().any(|row| row.contains("umac-64") || row.contains("hmac-sha1")), "{found:?}");
    assert!(!found.iter().any(|row| row.starts_with("gap")), "{found:?}");
    // Where a policy of the system's may have its own lists, upstream's are never taken for granted.
    let found = crypto(&[main, RED_HAT_9]);
    assert!(found.contains(&"kind=cipher name=3des-cbc strength=weak".to_owned()), "{found:?}");
    assert!(found.contains(&"gap kind=mac name=?crypto-policy strength=?crypto-policy".to_owned()), "{found:?}");
    assert!(found.contains(&format!("kind=key-exchange name={strong} strength=strong")), "{found:?}");
    let seven = crypto(&[(MAIN, "Port 22\n"), RED_HAT_7]);
    assert!(seven.contains(&"kind=cipher name=aes128-cbc strength=weak".to_owned()), "{seven:?}");
    assert!(seven.contains(&"kind=key-exchange name=diffie-hellman-group1-sha1 strength=weak".to_owned()), "{seven:?}");
}

#[test]
fn a_crypto_policy_decides_on_red_hat() {
    let ciphers = |files: &[(&str, &str)]| rows(files, "sshd", &["ciphers", "max-sessions"]);
    let policy = "etc/crypto-policies/back-ends/opensshserver.config";
    let include = (MAIN, "Include /etc/crypto-policies/back-ends/opensshserver.config\nCiphers aes128-ctr\n");
    // The policy is included first, so that its lists win; it sets nothing else, so that the rest is known without it.
    assert_eq!(ciphers(&[include, (policy, "Ciphers aes256-ctr\n"), RED_HAT_9]), ["ciphers=[aes256-ctr] max-sessions=10"]);
    assert_eq!(ciphers(&[include, RED_HAT_9]), ["ciphers=?not-collected max-sessions=10"]);
    let before = (MAIN, "Ciphers aes128-ctr\nInclude /etc/crypto-policies/back-ends/opensshserver.config\n");
    assert_eq!(ciphers(&[before, RED_HAT_9]), ["ciphers=[aes128-ctr] max-sessions=10"]);
    // Red Hat 8 puts it on the command line, which wins over the file.
    let main = (MAIN, "Ciphers aes128-ctr\n");
    let options = (policy, "CRYPTO_POLICY='-oCiphers=aes256-ctr,aes192-ctr -oMACs=hmac-sha2-256'\n");
    let service = ("etc/sysconfig/sshd", "# CRYPTO_POLICY=\n");
    assert_eq!(ciphers(&[main, options, service, RED_HAT_8]), ["ciphers=[aes256-ctr, aes192-ctr] max-sessions=10"]);
    assert_eq!(ciphers(&[main, options, RED_HAT_8]), ["ciphers=?not-collected max-sessions=10"]);
    assert_eq!(ciphers(&[main, ("etc/sysconfig/sshd", "CRYPTO_POLICY=\n"), RED_HAT_8]), ["ciphers=[aes128-ctr] max-sessions=10"]);
}

#[test]
fn a_banner_needs_a_file_with_a_text_that_names_no_product() {
    let banner = |main: &str, files: &[(&str, &str)]| {
        rows(&[&[(MAIN, main), DEBIAN_12], files].concat(), "openssh-server:banner", &["scope", "present", "mentions-product"])
    };
    let issue = "etc/issue.net";
    let set = "Banner /etc/issue.net\n";
    assert_eq!(banner("", &[]), ["scope=ssh present=false mentions-product=false"]);
    assert_eq!(banner("Banner NONE\n", &[]), ["scope=ssh present=false mentions-product=false"]);
    assert_eq!(banner(set, &[(issue, "未经授权禁止访问\n")]), ["scope=ssh present=true mentions-product=false"]);
    assert_eq!(banner(set, &[(issue, "Debian GNU/Linux 12\n")]), ["scope=ssh present=true mentions-product=true"]);
    assert_eq!(banner(set, &[(issue, "Authorised use only \\m\n")]), ["scope=ssh present=true mentions-product=true"]);
    assert_eq!(banner(set, &[(issue, " \n\n")]), ["scope=ssh present=false mentions-product=false"]);
    assert_eq!(banner(set, &[(issue, "!absent")]), ["scope=ssh present=false mentions-product=false"]);
    assert_eq!(banner(set, &[]), ["scope=ssh present=?not-collected mentions-product=?not-collected"]);
    assert_eq!(
        banner("Banner /etc/issue.net\nMatch User a\nBanner none\n", &[(issue, "Stop\n")]),
        ["scope=ssh present=true mentions-product=false", "scope=ssh match user a present=false mentions-product=false",]
    );
}

/// The rows of `remote-access` of a main file on Debian 12 without PAM.
#[track_caller]
fn access(main: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(rows(&[(MAIN, main), DEBIAN_12], "remote-access", columns), expected, "{main}");
}

#[test]
fn factors_are_the_least_that_admits() {
    let factors = |main: &str| rows(&[(MAIN, main), DEBIAN_12], "remote-access", &["factors", "methods", "enabled"]);
    assert_eq!(factors(""), ["factors=1 methods=[public-key, password] enabled=true"]);
    assert_eq!(factors("AuthenticationMethods publickey,password\n"), ["factors=2 methods=[public-key, password] enabled=true"]);
    // A space means or, and two keys are one kind.
    assert_eq!(factors("AuthenticationMethods publickey password\n"), ["factors=1 methods=[public-key, password] enabled=true"]);
    assert_eq!(factors("AuthenticationMethods publickey,publickey\n"), ["factors=1 methods=[public-key] enabled=true"]);
    // An alternative with a method that is off is no way in; without PAM nothing answers keyboard-interactive.
    assert_eq!(factors("AuthenticationMethods hostbased publickey,password\n"), ["factors=2 methods=[public-key, password] enabled=true"]);
    assert_eq!(
        factors("AuthenticationMethods publickey,keyboard-interactive password,publickey\n"),
        ["factors=2 methods=[password, public-key] enabled=true"]
    );
    assert_eq!(factors("AuthenticationMethods keyboard-interactive\n"), ["factors=unlimited methods=[] enabled=false"]);
    assert_eq!(factors("PubkeyAuthentication no\nPasswordAuthentication no\n"), ["factors=unlimited methods=[] enabled=false"]);
    assert_eq!(factors("PermitEmptyPasswords yes\n"), ["factors=0 methods=[public-key, password, none] enabled=true"]);
    assert_eq!(
        factors("TrustedUserCAKeys /etc/ssh/ca.pub\nPasswordAuthentication no\n"),
        ["factors=1 methods=[public-key, certificate] enabled=true"]
    );
}

#[test]
fn a_block_can_relax_factors_alone_and_together_with_another() {
    access(
        "AuthenticationMethods publickey,password\nMatch Address 10.1.0.0/16\nAuthenticationMethods publickey\n",
        &["scope", "factors"],
        &["scope=global factors=2", "scope=match address 10.1.0.0/16 factors=1"],
    );
    access(
        "PasswordAuthentication no\nAuthenticationMethods publickey,password publickey,keyboard-interactive:pam\nMatch Group a\n\
         PasswordAuthentication yes\nMatch User b\nAuthenticationMethods password\n",
        &["scope", "factors"],
        &[
            "scope=global factors=unlimited",
            "scope=match group a factors=2",
            "scope=match user b factors=unlimited",
            "scope=match group a user b factors=1",
        ],
    );
}

#[test]
fn sources_are_what_the_lists_really_admit() {
    let columns = ["sources", "sources-restricted-by", "accounts-restricted-by"];
    let any = "sources=[0.0.0.0/0, ::/0] sources-restricted-by=[]";
    access("", &columns, &[&format!("{any} accounts-restricted-by=[]")]);
    access("AllowUsers *\n", &columns, &[&format!("{any} accounts-restricted-by=[]")]);
    access("AllowUsers *@*\n", &columns, &[&format!("{any} accounts-restricted-by=[]")]);
    access("AllowUsers alice\n", &columns, &[&format!("{any} accounts-restricted-by=[AllowUsers]")]);
    access("DenyUsers eve\n", &columns, &[&format!("{any} accounts-restricted-by=[]")]);
    access(
        "AllowUsers ops@10.1.2.0/24 root@10.1.3.*\n",
        &columns,
        &["sources=[10.1.2.0/23] sources-restricted-by=[AllowUsers] accounts-restricted-by=[AllowUsers]"],
    );
    access("AllowUsers ops@10.1.2.0/24 root\n", &columns, &[&format!("{any} accounts-restricted-by=[AllowUsers]")]);
    access(
        "AllowUsers ops@*.bank.cn\n",
        &columns,
        &["sources=[?(*.bank.cn)] sources-restricted-by=[AllowUsers] accounts-restricted-by=[AllowUsers]"],
    );
    access("DenyUsers *@!10.0.0.0/8,*\n", &columns, &["sources=[10.0.0.0/8] sources-restricted-by=[DenyUsers] accounts-restricted-by=[]"]);
    access(
        "ListenAddress 127.0.0.1\n",
        &columns,
        &["sources=[127.0.0.0/8, ::1/128] sources-restricted-by=[ListenAddress] accounts-restricted-by=[]"],
    );
    access("DenyUsers *\n", &["sources", "enabled"], &["sources=[] enabled=false"]);
    // Deny by default, with an exception by address.
    access(
        "DenyUsers *\nMatch Address 10.0.0.0/8\nDenyUsers nobody-at-all\nAllowGroups ops\n",
        &["scope", "sources", "accounts-restricted-by", "enabled"],
        &[
            "scope=global sources=[] accounts-restricted-by=[] enabled=false",
            "scope=match address 10.0.0.0/8 sources=[10.0.0.0/8] accounts-restricted-by=[AllowGroups] enabled=true",
        ],
    );
}

#[test]
fn limits_of_a_session_are_seen() {
    let columns = ["idle-timeout", "login-timeout", "max-attempts", "root-login", "privileged-on-login", "forwarding", "login-hours"];
    access(
        "",
        &columns,
        &[
            "idle-timeout=unlimited login-timeout=2m max-attempts=6 root-login=key-only privileged-on-login=true forwarding=true login-hours=7d",
        ],
    );
    access(
        "ClientAliveInterval 300\nPermitRootLogin no\nAllowTcpForwarding no\n",
        &columns,
        &[
            // Unix sockets can still be forwarded.
            "idle-timeout=15m login-timeout=2m max-attempts=6 root-login=no privileged-on-login=false forwarding=true login-hours=7d",
        ],
    );
    access("ChannelTimeout session:*=5m\nDisableForwarding yes\n", &["idle-timeout", "forwarding"], &["idle-timeout=5m forwarding=false"]);
    access("PermitRootLogin yes\nAllowUsers alice\n", &["root-login"], &["root-login=no"]);
    access("PermitRootLogin yes\nAllowUsers r*t@10.0.0.0/8\n", &["root-login"], &["root-login=yes"]);
}

#[test]
fn a_masked_unit_is_no_way_in() {
    let mask = ("etc/systemd/system/ssh.service", "-> /dev/null");
    check_files(&[(MAIN, ""), DEBIAN_12, mask], "remote-access", &["enabled"], &["enabled=false"]);
    check_files(&[(MAIN, ""), DEBIAN_12], "remote-access", &["enabled"], &["enabled=true"]);
}

#[test]
fn pam_decides_what_keyboard_interactive_and_password_prove() {
    let unix = "auth required pam_unix.so\naccount required pam_unix.so\n";
    let code = "auth required pam_unix.so\nauth required pam_google_authenticator.so\naccount required pam_unix.so\n";
    let factors = |main: &str, stack: &str| {
        let main = format!("UsePAM yes\n{main}");
        rows(&[(MAIN, &main), DEBIAN_12, ("etc/pam.d/sshd", stack)], "remote-access", &["factors", "methods"])
    };
    assert_eq!(factors("", unix), ["factors=1 methods=[public-key, password, keyboard-interactive]"]);
    let both = "AuthenticationMethods publickey,keyboard-interactive:pam\n";
    assert_eq!(factors(both, unix), ["factors=2 methods=[public-key, keyboard-interactive]"]);
    // A key alone does not run PAM's auth stack, so that its one-time code protects nothing.
    assert_eq!(factors("PasswordAuthentication no\n", code), ["factors=1 methods=[public-key, keyboard-interactive]"]);
    let only = "PubkeyAuthentication no\nPasswordAuthentication no\n";
    assert_eq!(factors(only, code), ["factors=2 methods=[keyboard-interactive]"]);
    assert_eq!(factors(only, unix), ["factors=1 methods=[keyboard-interactive]"]);
    let unseen = |main: &str| rows(&[(MAIN, main), DEBIAN_12], "remote-access", &["factors"]);
    assert_eq!(unseen("UsePAM yes\nAuthenticationMethods publickey\n"), ["factors=1"]);
    assert_eq!(unseen("UsePAM yes\nAuthenticationMethods publickey,keyboard-interactive\n"), ["factors=?not-collected(1|2|3)"]);
}
