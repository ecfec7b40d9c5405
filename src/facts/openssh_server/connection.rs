//! What is said of one connection into what `Match` looks at, and the account files into the groups of its user.

use super::super::Host;

/// A connection, as far as it is described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection<'c> {
    /// The user who logs in.
    pub user: Option<&'c str>,
    /// Name of the peer.
    pub host: Option<&'c str>,
    /// Address of the peer.
    pub address: Option<&'c str>,
    /// Address that it connected to.
    pub local_address: Option<&'c str>,
    /// Port that it connected to.
    pub local_port: Option<u16>,
    /// Routing domain (VRF) that it came in by.
    pub routing_domain: Option<&'c str>,
}

impl<'c> Connection<'c> {
    /// Reads what `sshd -T -C` takes: `user=alice,addr=10.0.0.5,host=h,laddr=…,lport=22,rdomain=…`; the piece that is wrong otherwise.
    pub fn parse(text: &'c str) -> Result<Connection<'c>, &'c str> {
        let mut connection = Connection::default();
        for piece in text.split(',').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').ok_or(piece)?;
            match name {
                "user" => connection.user = Some(value),
                "host" => connection.host = Some(value),
                "addr" => connection.address = Some(value),
                "laddr" => connection.local_address = Some(value),
                "lport" => connection.local_port = Some(value.parse().map_err(|_| piece)?),
                "rdomain" => connection.routing_domain = Some(value),
                _ => return Err(piece),
            }
        }
        Ok(connection)
    }
}

/// The groups of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Membership<'a> {
    /// The groups that it is in, its own first.
    Groups(Vec<&'a str>),
    /// No such user is in the account files.
    NoSuchUser,
    /// The account files do not say.
    Unknown,
}

/// The groups of a user by the asset's own account files. A directory service behind them is not seen: then its users do not exist here.
pub(super) fn membership<'a>(host: &Host<'a>, user: Option<&str>) -> Membership<'a> {
    let (Some(user), Some(passwd), Some(group)) = (user, host.file("etc/passwd").text(), host.file("etc/group").text()) else {
        return Membership::Unknown;
    };
    if !passwd.complete || !group.complete {
        return Membership::Unknown;
    }
    let fields = |line: &'a str| line.split(':').collect::<Vec<&'a str>>();
    let Some(account) = passwd.text.lines().map(fields).find(|it| it.len() >= 4 && it[0] == user) else {
        return Membership::NoSuchUser;
    };
    let groups: Vec<Vec<&'a str>> = group.text.lines().map(fields).filter(|it| it.len() >= 4).collect();
    let own = groups.iter().find(|it| it[2] == account[3]).map(|it| it[0]);
    let others = groups.iter().filter(|it| it[3].split(',').any(|member| member.trim() == user)).map(|it| it[0]);
    Membership::Groups(own.into_iter().chain(others).collect())
}
