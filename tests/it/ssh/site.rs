//! Accounts, keys and rules of one test into a real sshd in namespaces of its own: nothing of the machine is changed, and it ends
//! with the test.
//!
//! Every address of 127.0.0.0/8 is this machine, so one sshd stands for as many hosts as a test needs.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The password of `jxpass` and `jxotp`; it must appear nowhere.
pub(crate) const PASSWORD: &str = "canary-password-7731";

/// That password as crypt(3) stores it.
const SHADOW: &str = "$6$jixiantest$.br1gS8e/fxdb1BEBSfxLiSwntjoUwzMM5/dr3gKNTGIP74zGBTrY9JjhxdTCcpIrC.R9wA/SI/kNyJrqw5Fy.";

/// The seed of the codes of `jxotp`.
const SEED: &str = "3132333435363738393031323334353637383930";

/// The accounts; each is a `Match` of its own in the configuration.
const ACCOUNTS: [&str; 10] = ["jxscan", "jxpass", "jxotp", "jxjump", "jxforced", "jxsudo", "jxroot", "jxdevice", "jxcert", "jxticket"];

/// What programs of these tests find in their environment.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A running sshd.
pub(crate) struct Site {
    folder: TempDir,
    sshd: Child,
    agent: Option<Child>,
    pub(crate) port: u16,
}

impl Drop for Site {
    fn drop(&mut self) {
        for child in [Some(&mut self.sshd), self.agent.as_mut()].into_iter().flatten() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs a program that must succeed.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

impl Site {
    /// Starts sshd with these further `Match` blocks; `collector` is what forced commands and sudo may run.
    pub(crate) fn start(matches: &str, collector: &str) -> Site {
        Site::start_with("", matches, collector)
    }

    /// The same with lines that stand before all others, of which the first says what holds.
    pub(crate) fn start_with(first: &str, matches: &str, collector: &str) -> Site {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = folder.path();
        fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["keys", "home", "pam.d"] {
            fs::create_dir(at.join(name)).unwrap();
        }
        make_keys(at, collector);
        make_accounts(at);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        fs::write(at.join("sshd_config"), configuration(at, port, first, matches)).unwrap();
        symlink("/usr/sbin/sshd", at.join("jixian-sshd")).unwrap();
        let inside = "set -e; cd \"$0\"
            for file in passwd shadow; do mount --bind $file /etc/$file; done
            mount --bind sudoers /etc/sudoers; mount --bind pam.d /etc/pam.d
            mkdir -p /run/sshd; exec \"$0/jixian-sshd\" -D -e -f sshd_config";
        let sshd = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "sh", "-c", inside])
            .arg(at)
            .env("KRB5_CONFIG", at.join("krb5.conf"))
            .env("KRB5_KTNAME", at.join("keytab"))
            .stdin(Stdio::null())
            .stderr(fs::File::create(at.join("log")).unwrap())
            .spawn()
            .expect("unshare starts");
        let site = Site { folder, sshd, agent: None, port };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "sshd did not start: {}", site.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        site
    }

    /// What sshd said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// A file of the site.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the site, readable by its owner alone.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Writes an executable of the site.
    pub(crate) fn program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// The public host key, as type and base 64.
    pub(crate) fn host_key(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    /// Starts an agent that holds the client's key.
    pub(crate) fn agent(&mut self) {
        let socket = self.path("agent");
        let agent = Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn().expect("ssh-agent starts");
        self.agent = Some(agent);
        let until = Instant::now() + Duration::from_secs(5);
        while !socket.exists() {
            assert!(Instant::now() < until, "the agent did not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        let added = Command::new("ssh-add").arg("-q").arg(self.path("id")).env("SSH_AUTH_SOCK", &socket).status().unwrap();
        assert!(added.success());
    }

    /// The command of the program under test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jixian"));
        command.env_clear().env("PATH", PATH).env("HOME", self.folder.path()).env("SSH_AUTH_SOCK", self.path("agent"));
        command.env("JX_PASSWORD", PASSWORD).args(arguments).stdin(Stdio::null());
        command
    }

    /// The same command where the home of this account is the folder of the site: `ssh` asks the list of accounts, not `HOME`.
    pub(crate) fn command_at_home(&self, arguments: &[&str]) -> Command {
        let accounts = fs::read_to_string("/etc/passwd").unwrap();
        let home = |line: &str| {
            let mut fields: Vec<&str> = line.split(':').collect();
            if fields.get(2) == Some(&"0") {
                fields[5] = self.folder.path().to_str().unwrap();
            }
            fields.join(":") + "\n"
        };
        fs::write(self.path("client-passwd"), accounts.lines().map(home).collect::<String>()).unwrap();
        let plain = self.command(&[]);
        let inside = "mount --bind \"$0\" /etc/passwd && exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", inside]).arg(self.path("client-passwd"));
        command.arg(plain.get_program()).args(arguments).stdin(Stdio::null()).env_clear();
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    }

    /// Collects an inventory, with only what the rules about sudo need, into a folder of that name.
    pub(crate) fn collect(&self, inventory: &str, output: &str, more: &[&str]) -> Output {
        self.write("inventory.toml", inventory);
        self.collecting(output, more).output().expect("the program starts")
    }

    /// The command that does so with the inventory that is there.
    pub(crate) fn collecting(&self, output: &str, more: &[&str]) -> Command {
        let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
        let (inventory, output) = (self.path("inventory.toml"), self.path(output));
        let mut arguments = vec!["collect", "--inventory", inventory.to_str().unwrap(), "--output", output.to_str().unwrap()];
        arguments.extend(["--policy", policy]);
        arguments.extend(more);
        self.command(&arguments)
    }

    /// What a snapshot says of an asset.
    pub(crate) fn asset(&self, snapshot: &str, id: &str) -> toml::Table {
        let folder = self.path(snapshot);
        let index: toml::Table = fs::read_to_string(folder.join("snapshot.toml")).expect("the snapshot is finished").parse().unwrap();
        let assets = index["asset"].as_array().unwrap();
        let entry = assets.iter().find(|entry| entry["id"].as_str() == Some(id)).unwrap_or_else(|| panic!("{id} is in the snapshot"));
        fs::read_to_string(folder.join(entry["path"].as_str().unwrap()).join("asset.toml")).unwrap().parse().unwrap()
    }

    /// The stage at which an asset failed; `ok` where it did not.
    pub(crate) fn stage(&self, snapshot: &str, id: &str) -> String {
        let asset = self.asset(snapshot, id);
        asset.get("failure").map_or_else(|| "ok".to_owned(), |failure| failure["stage"].as_str().unwrap().to_owned())
    }

    /// Why an asset failed.
    pub(crate) fn why(&self, snapshot: &str, id: &str) -> String {
        let asset = self.asset(snapshot, id);
        asset.get("failure").map_or_else(String::new, |failure| failure["en"].as_str().unwrap().to_owned())
    }

    /// Asserts that a text is in no file of a snapshot.
    pub(crate) fn nowhere(&self, snapshot: &str, secret: &str) {
        for entry in walkdir::WalkDir::new(self.path(snapshot)).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
        {
            let bytes = fs::read(entry.path()).unwrap();
            assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{} holds a secret", entry.path().display());
        }
    }
}

/// Keys of the host and of the client, and who may come with them.
fn make_keys(at: &Path, collector: &str) {
    for name in ["host", "other", "ca", "id", "locked", "stranger"] {
        let phrase = if name == "locked" { "canary-phrase-4410" } else { "" };
        run("ssh-keygen", &["-q", "-t", "ed25519", "-N", phrase, "-C", "test", "-f", at.join(name).to_str().unwrap()]);
    }
    let (ca, host) = (at.join("ca"), at.join("host.pub"));
    run("ssh-keygen", &["-q", "-s", ca.to_str().unwrap(), "-I", "host", "-h", host.to_str().unwrap()]);
    let public = |name: &str| fs::read_to_string(at.join(format!("{name}.pub"))).unwrap();
    let collector_path = at.join("jixian-collect");
    fs::write(&collector_path, collector).unwrap();
    fs::set_permissions(&collector_path, fs::Permissions::from_mode(0o755)).unwrap();
    for account in ACCOUNTS {
        let before = match account {
            "jxforced" => format!("restrict,command=\"sudo -n {}\" ", collector_path.display()),
            "jxdevice" => "restrict,pty ".to_owned(),
            "jxjump" => "restrict,port-forwarding ".to_owned(),
            _ => "restrict ".to_owned(),
        };
        fs::write(at.join("keys").join(account), format!("{before}{}{before}{}", public("id"), public("locked"))).unwrap();
    }
}

/// Accounts, what PAM asks of them, and what they may run as root.
fn make_accounts(at: &Path) {
    let mut passwd = fs::read_to_string("/etc/passwd").unwrap();
    let mut shadow = fs::read_to_string("/etc/shadow").unwrap();
    for (number, account) in ACCOUNTS.iter().enumerate() {
        let (id, home) = (64_100 + number, at.join("home"));
        passwd.push_str(&format!("{account}:x:{id}:{id}::{}:/bin/sh\n", home.display()));
        shadow.push_str(&format!("{account}:{SHADOW}:20000:0:99999:7:::\n"));
    }
    fs::write(at.join("passwd"), passwd).unwrap();
    fs::write(at.join("shadow"), shadow).unwrap();
    let collector = at.join("jixian-collect");
    let digest = String::from_utf8(run("sha256sum", &[collector.to_str().unwrap()])).unwrap();
    let digest = digest.split(' ').next().unwrap();
    let path = collector.display();
    let sudoers = format!(
        "Defaults !requiretty, secure_path=/usr/sbin:/usr/bin:/sbin:/bin\nroot ALL=(ALL:ALL) ALL\njxroot ALL=(root) NOPASSWD: /bin/sh -s\n\
         jxforced ALL=(root) NOPASSWD: sha256:{digest} {path} \"\"\njxsudo ALL=(root) NOPASSWD: sha256:{digest} {path} \"\"\n"
    );
    fs::write(at.join("sudoers"), sudoers).unwrap();
    fs::set_permissions(at.join("sudoers"), fs::Permissions::from_mode(0o440)).unwrap();
    fs::write(at.join("users.oath"), format!("HOTP/T30 jxotp - {SEED}\n")).unwrap();
    fs::set_permissions(at.join("users.oath"), fs::Permissions::from_mode(0o600)).unwrap();
    let sshd = format!(
        "auth required pam_unix.so\nauth [success=1 default=ignore] pam_succeed_if.so quiet user != jxotp\n\
         auth required pam_oath.so usersfile={} window=10\naccount required pam_permit.so\nsession required pam_permit.so\n",
        at.join("users.oath").display()
    );
    fs::write(at.join("pam.d/jixian-sshd"), sshd).unwrap();
    let permit = "auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n";
    fs::write(at.join("pam.d/sudo"), permit).unwrap();
    fs::write(at.join("pam.d/other"), "auth required pam_deny.so\naccount required pam_deny.so\nsession required pam_deny.so\n").unwrap();
}

/// The configuration of sshd.
fn configuration(at: &Path, port: u16, first: &str, matches: &str) -> String {
    let file = |name: &str| at.join(name).display().to_string();
    format!(
        "{first}\nPort {port}\nListenAddress 0.0.0.0\nHostKey {}\nHostCertificate {}\nPidFile none\nUsePAM yes\nStrictModes no\nLogLevel INFO\n\
         AuthorizedKeysFile {}/%u\nPasswordAuthentication no\nKbdInteractiveAuthentication yes\nAllowTcpForwarding no\nMaxStartups 500\n\
         PermitRootLogin no\nPrintMotd no\nPrintLastLog no\nAuthenticationMethods publickey\nAllowUsers jx*@127.*\n\
         Match User jxpass\n  PasswordAuthentication yes\n  AuthenticationMethods password\n\
         Match User jxotp\n  AuthenticationMethods publickey,keyboard-interactive\n\
         Match User jxjump\n  AllowTcpForwarding yes\n\
         Match User jxcert\n  AuthorizedKeysFile none\n  TrustedUserCAKeys {}\n\
         Match User jxticket\n  GSSAPIAuthentication yes\n  AuthenticationMethods gssapi-with-mic\n{matches}\n",
        file("host"),
        file("host-cert.pub"),
        file("keys"),
        file("ca.pub"),
    )
}

/// Lets everybody read and write a file of the test.
pub(crate) fn for_everybody(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
}
