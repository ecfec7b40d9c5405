//! An emulated device behind a real sshd into the configuration that is read from it.

use std::fs;

use super::site::{self, Site};

/// A device of VRP as terminals see it: an exec request is taken and answered with nothing, lines are logged into the session, pages
/// are as long as a screen, descriptions are in GBK. At 127.0.6.2 paging cannot be turned off; 127.0.6.3 has no right to the command;
/// 127.0.6.4 runs single commands as IOS does.
const DEVICE: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
address=$(echo "$SSH_CONNECTION" | cut -d' ' -f3)
folder=$(dirname "$0")
if [ -n "$SSH_ORIGINAL_COMMAND" ]; then
    echo "exec $address $SSH_ORIGINAL_COMMAND" >>"$folder/sent"
    [ "$address" = 127.0.6.4 ] && [ "$SSH_ORIGINAL_COMMAND" = 'show running-config' ] && cat "$folder/ios" && exit 0
    exit 1
fi
stty -icanon -echo -onlcr -icrnl min 1
prompt='<HW-CORE-1>'
page=24
pages() {
    count=0
    while IFS= read -r text; do
        printf '%s\r\n' "$text"
        count=$((count + 1))
        if [ "$page" -gt 0 ] && [ "$count" -ge "$page" ]; then
            count=0
            printf '  ---- More ----'
            dd bs=1 count=1 2>/dev/null <&3 >/dev/null
            printf '\033[16D                \033[16D'
        fi
    done
}
exec 3<&0
printf '\r\nWarning: authorised users only.\r\nInfo: The max number of VTY users is 5.\r\n%s' "$prompt"
sleep 0.2
printf '\r\nNov 23 2026 08:00:00 HW-CORE-1 %%%%01SHELL/4/LOGIN(s)[1]:VTY login from 10.0.0.1.\r\n'
while IFS= read -r line; do
    echo "$address $line" >>"$folder/sent"
    printf '%s\r\n' "$line"
    case $address:$line in
        *:) ;;
        127.0.6.1:'screen-length 0 temporary') page=0 ;;
        *:'screen-length 0 temporary') printf "Error: You do not have permission to run the command or the command is incomplete.\r\n" ;;
        127.0.6.3:*) printf "                ^\r\nError: Unrecognized command found at '^' position.\r\n" ;;
        *:'display current-configuration all') pages <"$folder/vrp" ;;
        *) printf "Error: Unrecognized command.\r\n" ;;
    esac
    printf '%s' "$prompt"
done
"#;

/// A configuration with more lines than a screen, and GBK in it.
fn vrp() -> Vec<u8> {
    let mut text = b"!Software Version V200R019C00SPC500\n#\nsysname HW-CORE-1\n#\n".to_vec();
    text.extend_from_slice(b"snmp-agent community read cipher canary-community-2208\n#\n");
    for number in 0..60 {
        text.extend_from_slice(format!("interface GigabitEthernet0/0/{number}\n description ").as_bytes());
        // 核心交换机 in GBK.
        text.extend_from_slice(&[0xba, 0xcb, 0xd0, 0xc4, 0xbd, 0xbb, 0xbb, 0xbb, 0xbb, 0xfa]);
        text.extend_from_slice(b"\n#\n");
    }
    text.extend_from_slice(b"return\n");
    text
}

#[test]
fn a_device_is_read_with_and_without_paging_and_nothing_else_is_sent() {
    let site = Site::start("", "#!/bin/sh\n");
    let device = site.program("device", DEVICE);
    fs::write(site.path("vrp"), vrp()).unwrap();
    fs::write(site.path("ios"), "Building configuration...\n!\nversion 15.2\nhostname SW1\nend\n").unwrap();
    fs::write(site.path("sent"), "").unwrap();
    for name in ["sent", "vrp", "ios"] {
        site::for_everybody(&site.path(name));
    }
    let keys = fs::read_to_string(site.path("keys/jxdevice")).unwrap();
    let forced = format!("restrict,pty,command=\"{}\" ", device.display());
    fs::write(site.path("keys/jxdevice"), keys.replace("restrict,pty ", &forced)).unwrap();
    site.write("known", &format!("[127.0.6.*]:{} {}\n", site.port, site.host_key("host")));
    let mut text = format!(
        "[defaults]\nuser = \"jxdevice\"\nauth = [\"key:{}\"]\nport = {}\nknown-hosts = [\"known\"]\nplatform = \"huawei-vrp\"\ndeadline = \"40s\"\n",
        site.path("id").display(),
        site.port
    );
    for (id, address, more) in [
        ("paging-off", "127.0.6.1", ""),
        ("pager", "127.0.6.2", ""),
        ("pager-openssh", "127.0.6.2", "engine = \"openssh\"\n"),
        ("no-right", "127.0.6.3", ""),
        ("exec", "127.0.6.4", "platform = \"cisco-ios\"\n"),
    ] {
        text.push_str(&format!("[host.{id}]\naddress = \"{address}\"\n{more}"));
    }
    let inventory = site.write("inventory.toml", &text);
    let snapshot = site.path("snapshot");
    let arguments = ["collect", "--inventory", inventory.to_str().unwrap(), "--output", snapshot.to_str().unwrap()];
    let output = site.command(&arguments).output().unwrap();
    let said = format!("{}\n{}", String::from_utf8_lossy(&output.stderr), fs::read_to_string(site.path("sent")).unwrap());
    assert_eq!(output.status.code(), Some(3), "{said}");
    // A text in which a secret was replaced is kept as UTF-8.
    let expected = encoding_rs::GB18030.decode(&vrp()).0.replace("cipher canary-community-2208", "cipher MARKER");
    assert!(expected.contains("核心交换机"));
    for id in ["paging-off", "pager", "pager-openssh"] {
        assert_eq!(site.stage("snapshot", id), "ok", "{id}: {said}");
        let got = fs::read(snapshot.join(id).join("commands/display-current-configuration")).unwrap();
        let got = String::from_utf8_lossy(&got).into_owned();
        let start = got.find("<jixian-secret/").unwrap_or_else(|| panic!("{id}: the community is replaced: {got}"));
        let end = start + got[start..].find('>').unwrap() + 1;
        assert_eq!(format!("{}MARKER{}", &got[..start], &got[end..]), expected, "{id}");
    }
    site.nowhere("snapshot", "canary-community");
    assert_eq!(site.stage("snapshot", "no-right"), "execute", "{said}");
    assert_eq!(site.stage("snapshot", "exec"), "ok", "{said}");
    let ios = fs::read_to_string(snapshot.join("exec/commands/show-running-config")).unwrap();
    assert!(ios.contains("hostname SW1") && ios.ends_with("end\n"));
    let sent = fs::read_to_string(site.path("sent")).unwrap();
    for line in sent.lines().map(|line| line.trim_start_matches("exec ").split_once(' ').map_or("", |(_, line)| line)) {
        let allowed = ["", "screen-length 0 temporary", "display current-configuration all", "show running-config"];
        assert!(allowed.contains(&line), "{line:?} was sent");
    }
}
