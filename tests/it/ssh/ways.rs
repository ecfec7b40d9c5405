//! Ways to a host that only the `ssh` of the system knows (certificates of users, old algorithms, Kerberos, the user's own
//! configuration) into what each engine makes of them.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::site::{Site, run};

/// The settings that every host of these tests shares.
fn defaults(site: &Site) -> String {
    format!(
        "[defaults]\nuser = \"jxscan\"\nauth = [\"key:id\"]\nport = {}\nknown-hosts = [\"known\"]\ndeadline = \"60s\"\nconnect-timeout = \"30s\"\n",
        site.port
    )
}

/// Every host is known by the key of that name.
fn know_all(site: &Site, key: &str) {
    site.write("known", &format!("[127.0.*]:{} {}\n", site.port, site.host_key(key)));
}

#[test]
fn a_certificate_of_the_user_is_shown_by_the_ssh_of_the_system() {
    let site = Site::start("", "#!/bin/sh\n");
    know_all(&site, "host");
    let sign = |principal: &str, name: &str| {
        fs::copy(site.path("id"), site.path(name)).unwrap();
        fs::copy(site.path("id.pub"), site.path(&format!("{name}.pub"))).unwrap();
        let at = |name: &str| site.path(name).display().to_string();
        run("ssh-keygen", &["-q", "-s", &at("ca"), "-I", "scan", "-n", principal, "-V", "-1m:+1h", &at(&format!("{name}.pub"))]);
    };
    sign("jxcert", "signed");
    sign("somebody", "other-name");
    let mut text = defaults(&site) + "[group.certified]\nuser = \"jxcert\"\nengine = \"openssh\"\n";
    for (id, key) in [("signed", "signed"), ("other-name", "other-name"), ("plain", "id")] {
        text.push_str(&format!("[host.{id}]\naddress = \"127.0.7.1\"\ngroups = [\"certified\"]\nauth = [\"key:{key}\"]\n"));
    }
    text.push_str("[host.inside]\naddress = \"127.0.7.1\"\nuser = \"jxcert\"\nauth = [\"key:signed\"]\n");
    let output = site.collect(&text, "snapshot", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(site.stage("snapshot", "signed"), "ok", "{said}\n{}", site.log());
    assert!(site.log().contains("ED25519-CERT") && site.log().contains("ID scan "), "{}", site.log());
    for id in ["other-name", "plain"] {
        assert_eq!(site.stage("snapshot", id), "authenticate", "{said}");
        assert!(site.why("snapshot", id).contains("Permission denied"), "{said}");
    }
    // libssh2 shows the bare key, which this account does not take.
    assert_eq!(site.stage("snapshot", "inside"), "authenticate", "{said}");
    assert!(site.why("snapshot", "inside").contains("the server takes: publickey"), "{said}");
}

#[test]
fn a_host_with_old_algorithms_alone_is_reached_only_where_they_are_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("rsa");
    run("ssh-keygen", &["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key.to_str().unwrap()]);
    let first = format!(
        "HostKey {}\nHostKeyAlgorithms ssh-rsa\nKexAlgorithms diffie-hellman-group14-sha1\nCiphers aes128-cbc\nMACs hmac-sha1",
        key.display()
    );
    let site = Site::start_with(&first, "", "#!/bin/sh\n");
    let public = fs::read_to_string(key.with_extension("pub")).unwrap();
    let public: Vec<&str> = public.split(' ').take(2).collect();
    site.write("known", &format!("[127.0.*]:{} {}\n", site.port, public.join(" ")));
    let all = "legacy = [\"kex:diffie-hellman-group14-sha1\", \"hostkey:ssh-rsa\", \"cipher:aes128-cbc\", \"mac:hmac-sha1\"]\n";
    let half = "legacy = [\"kex:diffie-hellman-group14-sha1\", \"cipher:aes128-cbc\", \"mac:hmac-sha1\"]\n";
    let mut text = defaults(&site);
    for (id, more) in [("inside", ""), ("strict", "engine = \"openssh\"\n")] {
        text.push_str(&format!("[host.{id}]\naddress = \"127.0.7.1\"\n{more}"));
    }
    for (id, more) in [("allowed", all), ("half", half)] {
        text.push_str(&format!("[host.{id}]\naddress = \"127.0.7.1\"\nengine = \"openssh\"\n{more}"));
    }
    let output = site.collect(&text, "snapshot", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let ended = |id: &str, stage: &str, why: &str| {
        let (found, because) = (site.stage("snapshot", id), site.why("snapshot", id));
        assert!(found == stage && because.contains(why), "{id}: {found} {because}\n{said}\n{}", site.log());
    };
    ended("allowed", "ok", "");
    ended("strict", "handshake", "no matching key exchange method found. Their offer: diffie-hellman-group14-sha1");
    ended("half", "handshake", "no matching host key type found. Their offer: ssh-rsa");
    ended("inside", "handshake", "write engine = \"openssh\" and `legacy`");
    // What was allowed is evidence of the host.
    let asset = site.asset("snapshot", "allowed");
    assert_eq!(asset["collection"]["key-exchange"].as_str(), Some("diffie-hellman-group14-sha1"));
    assert_eq!(asset["collection"]["cipher"].as_str(), Some("aes128-cbc"));
}

#[test]
fn the_users_own_configuration_holds_only_where_the_inventory_says_so() {
    let site = Site::start("", "#!/bin/sh\n");
    know_all(&site, "host");
    fs::create_dir(site.path(".ssh")).unwrap();
    let at = |name: &str| site.path(name).display().to_string();
    let configuration = format!(
        "Host behind\n  HostName 127.0.7.2\n  ProxyJump hop\nHost hop\n  HostName 127.0.7.3\n  User jxjump\n\
         Host *\n  Port {}\n  IdentityFile {}\n  UserKnownHostsFile {}\n  BatchMode yes\n",
        site.port,
        at("id"),
        at("known")
    );
    site.write(".ssh/config", &configuration);
    let own = "[defaults]\nuser = \"jxscan\"\nengine = \"openssh\"\nauth = []\ndeadline = \"60s\"\nconnect-timeout = \"30s\"\n\
               [host.own]\naddress = \"behind\"\nssh-config = true\n\
               [host.none]\naddress = \"127.0.7.2\"\nauth = [\"agent\"]\n";
    let inventory = site.write("inventory.toml", own);
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let snapshot = site.path("snapshot");
    let arguments = ["collect", "--inventory", inventory.to_str().unwrap(), "--output", snapshot.to_str().unwrap(), "--policy", policy];
    let output = site.command_at_home(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(site.stage("snapshot", "own"), "ok", "{said}\n{}", site.log());
    assert_eq!(site.log().matches("Accepted publickey for jxjump").count(), 1, "{}", site.log());
    assert_ne!(site.stage("snapshot", "none"), "ok", "neither the port nor the key of the configuration: {said}");

    // The same as an inventory of its own: what is resolved stands in it, and the client configuration is not needed any more.
    let imported = site.command_at_home(&["inventory", "import", "--ssh-config", "behind"]).output().unwrap();
    let text = String::from_utf8(imported.stdout).unwrap();
    assert_eq!(imported.status.code(), Some(0), "{text}");
    fs::remove_file(site.path(".ssh/config")).unwrap();
    // `ssh -G` names the account of the caller where the configuration names none.
    let text = text.replace("user = \"root\"", "user = \"jxscan\"").replace(", \"agent\"]", "]");
    let text = format!("[defaults]\nconnect-timeout = \"30s\"\n{text}");
    let output = site.collect(&text, "imported", &[]);
    assert_eq!(output.status.code(), Some(0), "{text}\n{}\n{}", String::from_utf8_lossy(&output.stderr), site.log());
    assert_eq!(site.stage("imported", "behind"), "ok");
    assert_eq!(site.asset("imported", "behind")["collection"]["jump"].as_str(), Some("hop"));
    assert!(!site.path("imported/hop").exists(), "a jump host is not collected: {text}");
    assert_eq!(site.log().matches("Accepted publickey for jxjump").count(), 2, "{}", site.log());
}

/// A centre that issues tickets; it ends with the test.
struct Kdc(Child);

impl Drop for Kdc {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Kdc {
    /// Starts one with an account for the user and one for the host at an address; a ticket of the user is in the file `ticket`.
    fn start(site: &Site, user: &str, address: &str) -> Kdc {
        let at = |name: &str| site.path(name).display().to_string();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listens = format!("kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}");
        let realm = format!("database_name = {}\n key_stash_file = {}", at("principal"), at("stash"));
        site.write("kdc.conf", &format!("[kdcdefaults]\n {listens}\n[realms]\n JIXIAN.TEST = {{\n {realm}\n }}\n"));
        let client = "default_realm = JIXIAN.TEST\n dns_lookup_kdc = false\n dns_canonicalize_hostname = false\n rdns = false\n";
        let realm = format!("[realms]\n JIXIAN.TEST = {{\n kdc = 127.0.0.1:{port}\n }}\n");
        site.write("krb5.conf", &format!("[libdefaults]\n {client}{realm}"));
        let program = |name: &str, arguments: &[&str]| {
            let mut command = Command::new(name);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.env("KRB5_CONFIG", at("krb5.conf")).env("KRB5_KDC_PROFILE", at("kdc.conf")).env("KRB5CCNAME", at("ticket"));
            command
        };
        let done = |name: &str, arguments: &[&str]| {
            assert!(program(name, arguments).status().expect("the program starts").success(), "{name} {arguments:?}");
        };
        done("kdb5_util", &["create", "-s", "-r", "JIXIAN.TEST", "-P", "of-this-test-alone"]);
        for (name, keys) in [(format!("host/{address}"), "keytab"), (user.to_owned(), "user-keys")] {
            done("kadmin.local", &["-q", &format!("addprinc -randkey {name}")]);
            done("kadmin.local", &["-q", &format!("ktadd -k {} {name}", at(keys))]);
        }
        let kdc = Kdc(program("krb5kdc", &["-n"]).spawn().expect("krb5kdc starts"));
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the KDC did not start");
            thread::sleep(Duration::from_millis(20));
        }
        done("kinit", &["-k", "-t", &at("user-keys"), user]);
        kdc
    }
}

#[test]
fn a_ticket_of_kerberos_logs_in_where_there_is_one() {
    let site = Site::start_with("GSSAPIStrictAcceptorCheck no", "", "#!/bin/sh\n");
    know_all(&site, "host");
    let _kdc = Kdc::start(&site, "jxticket", "127.0.7.4");
    let host = "[host.ticket]\naddress = \"127.0.7.4\"\nuser = \"jxticket\"\nauth = [\"kerberos\"]\nengine = \"openssh\"\n";
    site.write("inventory.toml", &(defaults(&site) + host));
    let collect = |output: &str, ticket: &str| {
        let mut command = site.collecting(output, &[]);
        command.env("KRB5_CONFIG", site.path("krb5.conf")).env("KRB5CCNAME", site.path(ticket));
        command.output().unwrap()
    };
    let output = collect("snapshot", "ticket");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), site.stage("snapshot", "ticket").as_str()), (Some(0), "ok"), "{said}\n{}", site.log());
    assert!(site.log().contains("Accepted gssapi-with-mic for jxticket"), "{}", site.log());
    collect("without", "no-ticket");
    assert_eq!(site.stage("without", "ticket"), "authenticate");
    assert!(site.why("without", "ticket").contains("Permission denied (gssapi-with-mic)"), "{}", site.why("without", "ticket"));
}
