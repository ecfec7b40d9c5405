//! What keeps a path from being scanned into a problem with the way out.

use std::io::{Error, ErrorKind};
use std::path::Path;

use super::find::{DUPLICATE, Found};
use crate::error::{Message, Problem};

pub(super) fn nothing_in(path: &Path) -> Problem {
    let shown = path.display();
    Problem::new("nothing-to-scan", Message::new(format!("{shown} 中没有可扫描的资产"), format!("{shown} holds no asset")))
        .help(
            "给出主机目录（其中有 etc/）、快照（其中有 snapshot.toml）、tar 归档、配置文件，或含有这些的文件夹",
            "name a host's tree (with `etc/` in it), a snapshot (with `snapshot.toml`), a tar archive, a configuration file, or a folder of these",
        )
        .warning()
}

pub(super) fn duplicate(one: &Found, other: &Found) -> Problem {
    let (id, one, other) = (&one.id, one.path(), other.path());
    let zh = format!("两个资产的 id 都是 {id}：{} 与 {}", one.display(), other.display());
    let en = format!("two assets have the id {id}: {} and {}", one.display(), other.display());
    Problem::new(DUPLICATE, Message::new(zh, en)).help("改名其一，或分两次扫描", "rename one of them, or scan them in two runs")
}

/// A path that cannot be reached, and the way out.
pub(super) fn unreachable(path: &Path, error: &Error) -> Problem {
    let shown = path.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            Problem::new("path-missing", Message::new(format!("{shown} 不存在"), format!("{shown} does not exist")))
                .help("检查路径的拼写，以及当前目录", "check the spelling and the current directory")
        }
        ErrorKind::PermissionDenied => {
            Problem::new("path-unreadable", Message::new(format!("无权读取 {shown}"), format!("{shown} may not be read"))).help(
                "用有权读取的用户运行，或改正其权限（目录需要 r 与 x）",
                "run as a user who may read it, or correct its permissions (a directory needs r and x)",
            )
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => Problem::new(
            "path-unreadable",
            Message::new(format!("{shown} 是循环链接"), format!("{shown} is a link that leads back to itself")),
        )
        .help("给出链接所指的真实路径", "name the real path that the link was meant to lead to"),
        _ => Problem::new(
            "path-unreadable",
            Message::new(format!("无法读取 {shown}：{error}"), format!("{shown} could not be read: {error}")),
        )
        .help("检查磁盘与挂载", "check the disk and the mount"),
    }
}
