//! The engine inside the process: a target into a session of libssh2 that ends when its time is over, whatever the peer does.

use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use ssh2::{MethodType, Session as Libssh2};

use super::dial::{Link, dial};
use super::watch::Watchdog;
use super::{Failure, Reached, Session, Stage, Target, Terminal, Trust, Ways, banner, channel, failure, late, login};
use crate::collect::gate::Ended;
use crate::collect::host_key::{HostKey, Known, KnownHosts};
use crate::collect::transport::{Exit, Transport};

/// How long a key exchange may take: an old device needs seconds for its share of the arithmetic.
const HANDSHAKE_LONGEST: Duration = Duration::from_secs(15);

/// How long a farewell may take.
const FAREWELL_LONGEST: Duration = Duration::from_millis(300);

/// The algorithms that are offered, best first: those of OpenSSH 9 that libssh2 has. The lists of libssh2 itself also hold CBC ciphers,
/// and certificates of hosts, which it takes for unknown keys.
const KEY_EXCHANGES: &str = "mlkem768x25519-sha256,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,\
    ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,\
    diffie-hellman-group14-sha256";
const CIPHERS: &str = "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr";
const CODES: &str = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512";

/// Algorithms of host keys, and the type of key that each goes with.
const HOST_KEYS: [(&str, &str); 6] = [
    ("ssh-ed25519", "ssh-ed25519"),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"),
    ("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"),
    ("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "ssh-rsa"),
    ("rsa-sha2-256", "ssh-rsa"),
];

/// A session of libssh2 on its socket.
///
/// The fields are dropped in this order: the farewell is over, the socket is shut, and then libssh2 frees what it holds without
/// waiting for anybody.
pub(super) struct Native {
    reached: Reached,
    link: Link,
    session: Libssh2,
    _watchdog: Watchdog,
}

/// Connects and logs in.
pub(super) fn connect(ways: &Ways, target: &Target, deadline: Instant) -> Result<Native, Failure> {
    let until = deadline.min(Instant::now() + target.connect_timeout);
    let mut link = dial(ways, target, until)?;
    let handle = |link: &Link| link.handle().map_err(|error| failure(Stage::Connect, format!("{error}"), format!("{error}")));
    let socket = handle(&link)?;
    let bite = move || {
        let _ = rustix::net::shutdown(&socket, rustix::net::Shutdown::Both);
    };
    let watchdog = Watchdog::start(deadline, ways.abort.clone(), bite)
        .map_err(|error| failure(Stage::Connect, format!("{error}"), format!("{error}")))?;
    banner::wait(link.as_fd(), until).map_err(|failure| link.explain(failure))?;
    let known = ways.known(target);
    let socket = handle(&link)?;
    let session = handshake(&known, target, socket, deadline).map_err(|failure| link.explain(failure))?;
    let (key, trust, known_at) = host_key(ways, &known, target, &session)?;
    session.set_timeout(milliseconds(deadline));
    let mut pass = ways.gate.enter(deadline)?;
    let login = login::login(&session, target, deadline);
    pass.ended = match &login {
        Ok(()) => Ended::Taken,
        Err(failure) if failure.deadline => Ended::Open,
        Err(_) => Ended::Refused,
    };
    drop(pass);
    login?;
    let reached = Reached {
        engine: format!("ssh2/libssh2 {}", version()),
        host_key_kind: key.kind.clone(),
        host_key: key.fingerprint(),
        trust,
        known_at,
        key_exchange: session.methods(MethodType::Kex).unwrap_or_default().to_owned(),
        cipher: session.methods(MethodType::CryptSc).unwrap_or_default().to_owned(),
    };
    Ok(Native { reached, link, session, _watchdog: watchdog })
}

/// The version of libssh2 that is built in: that of the crate that carries it.
fn version() -> &'static str {
    "1.11"
}

/// The milliseconds until a moment, for libssh2, where 0 means for ever.
fn milliseconds(until: Instant) -> u32 {
    // Rounded up: a call that ends before the moment would look like an error of the server.
    u32::try_from(until.saturating_duration_since(Instant::now()).as_millis() + 1).unwrap_or(u32::MAX)
}

/// Exchanges keys.
fn handshake(known: &KnownHosts, target: &Target, socket: std::os::fd::OwnedFd, deadline: Instant) -> Result<Libssh2, Failure> {
    let wrong = |error: ssh2::Error| told(Stage::Handshake, deadline, &error);
    let mut session = Libssh2::new().map_err(wrong)?;
    let kinds = known.kinds(&target.address, target.port);
    let wanted = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    let host_keys: Vec<&str> = HOST_KEYS.iter().filter(|(_, kind)| wanted(kind)).map(|(algorithm, _)| *algorithm).collect();
    if host_keys.is_empty() {
        let list = kinds.join(", ");
        let zh = format!("已知的主机密钥类型（{list}）引擎 ssh2 不支持；请写 engine = \"openssh\"");
        return Err(failure(
            Stage::HostKey,
            zh,
            format!("the engine ssh2 has none of the known types of host keys ({list}); write engine = \"openssh\""),
        ));
    }
    let host_keys = host_keys.join(",");
    for (method, list) in [
        (MethodType::Kex, KEY_EXCHANGES),
        (MethodType::HostKey, host_keys.as_str()),
        (MethodType::CryptCs, CIPHERS),
        (MethodType::CryptSc, CIPHERS),
        (MethodType::MacCs, CODES),
        (MethodType::MacSc, CODES),
    ] {
        session.method_pref(method, list).map_err(wrong)?;
    }
    session.set_tcp_stream(socket);
    session.set_timeout(milliseconds(deadline.min(Instant::now() + HANDSHAKE_LONGEST)));
    session.handshake().map_err(|error| hinted(&error, told(Stage::Handshake, deadline, &error)))?;
    Ok(session)
}

/// A failed handshake with what may help: libssh2 does not tell that there was no algorithm that both sides take.
fn hinted(error: &ssh2::Error, mut failure: Failure) -> Failure {
    /// `LIBSSH2_ERROR_KEX_FAILURE` of libssh2.h.
    const NO_COMMON_ALGORITHM: ssh2::ErrorCode = ssh2::ErrorCode::Session(-5);
    if error.code() == NO_COMMON_ALGORITHM && !failure.deadline {
        failure.message.zh.push_str("（双方没有共同的算法？只支持旧算法的主机：写 engine = \"openssh\" 和 legacy）");
        failure.message.en.push_str(" (no common algorithm? for a host that has only old ones write engine = \"openssh\" and `legacy`)");
    }
    failure
}

/// Checks the key of the host before anything is told to it.
fn host_key(ways: &Ways, known: &KnownHosts, target: &Target, session: &Libssh2) -> Result<(HostKey, Trust, Option<String>), Failure> {
    let wrong = |zh: String, en: String| Err(failure(Stage::HostKey, zh, en));
    let Some(key) = session.host_key().and_then(|(blob, _)| HostKey::of(blob)) else {
        return wrong("主机密钥不可读".to_owned(), "the host key cannot be read".to_owned());
    };
    let (kind, print) = (&key.kind, key.fingerprint());
    match known.check(&target.address, target.port, &key) {
        Known::Yes { place, on_first_sight } => {
            let trust = if on_first_sight { Trust::FirstSight } else { Trust::Known };
            Ok((key, trust, Some(place)))
        }
        Known::Revoked(place) => {
            wrong(format!("主机密钥 {kind} {print} 已被吊销（{place}）"), format!("the host key {kind} {print} is revoked ({place})"))
        }
        Known::Changed(place) => wrong(
            format!("主机密钥 {kind} {print} 与已知的不同（{place}）：可能有人冒充，也可能主机重装；核实后才能更新"),
            format!(
                "the host key {kind} {print} is not the known one ({place}): somebody else, or a new installation; find out before you replace it"
            ),
        ),
        Known::Authority(place) => wrong(
            format!("该主机只由证书担保（{place}）；请写 engine = \"openssh\""),
            format!("only certificates vouch for this host ({place}); write engine = \"openssh\""),
        ),
        Known::No => match &ways.accepted {
            None => wrong(
                format!("不认识主机密钥 {kind} {print}；核实后加入 known-hosts，或用 --accept-new"),
                format!("the host key {kind} {print} is not known; check it and add it to known-hosts, or use --accept-new"),
            ),
            Some(accepted) => match accepted.note(&target.address, target.port, &key) {
                Ok(true) => Ok((key, Trust::FirstSight, None)),
                Ok(false) => wrong(
                    format!("主机在本次运行中换了密钥：{kind} {print}"),
                    format!("the host changed its key during this run: {kind} {print}"),
                ),
                Err(error) => wrong(format!("无法记下主机密钥：{error}"), format!("the host key cannot be noted: {error}")),
            },
        },
    }
}

/// An error of libssh2 at a stage. Its messages are fixed texts without anything secret.
pub(super) fn told(stage: Stage, deadline: Instant, error: &ssh2::Error) -> Failure {
    /// `LIBSSH2_ERROR_TIMEOUT` of libssh2.h.
    const TIMEOUT: ssh2::ErrorCode = ssh2::ErrorCode::Session(-9);
    if Instant::now() >= deadline || error.code() == TIMEOUT {
        return late(stage);
    }
    failure(stage, format!("libssh2：{}", error.message()), format!("libssh2: {}", error.message()))
}

impl Transport for Native {
    fn run(&mut self, command: &str, input: &[u8], output: &mut dyn std::io::Write, deadline: Instant) -> Result<Exit, Failure> {
        self.session.set_timeout(milliseconds(deadline));
        channel::run(&self.session, self.link.as_fd(), command, input, output, deadline)
    }
}

impl Session for Native {
    fn reached(&self) -> &Reached {
        &self.reached
    }

    fn terminal(&mut self, deadline: Instant) -> Result<Box<dyn Terminal + '_>, Failure> {
        self.session.set_timeout(milliseconds(deadline));
        Ok(Box::new(channel::Shell::open(&self.session, self.link.as_fd(), deadline)?))
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        self.session.set_blocking(true);
        self.session.set_timeout(milliseconds(Instant::now() + FAREWELL_LONGEST));
        let _ = self.session.disconnect(None, "done", None);
        // A session that is freed waits for its peer (libssh2 issue 395); nobody is there any more once the socket is shut.
        self.link.shut();
    }
}
