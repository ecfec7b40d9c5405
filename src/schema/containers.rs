//! The tables of containers: Docker's daemon, containers that exist, and the components of Kubernetes.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per container.
pub static CONTAINERS: Table = Table {
    name: "containers",
    title: Phrase { zh: "容器", en: "container" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "its name").key(),
        Column::new("image", Kind::Text, "the image that it was made from").unset("not shown"),
        Column::new("privileged", Kind::Boolean, "whether it has every capability and device"),
        Column::new("user", Kind::Text, "account in the container; unset: root").unset("root"),
        Column::new("mounts", Kind::Texts, "paths of the host that it sees").empty(),
        Column::new("host-namespaces", Kind::Words(&["ipc", "network", "pid", "user", "uts"]), "namespaces that it shares with the host")
            .empty(),
        Column::new("capabilities", Kind::Texts, "capabilities that are added, without CAP_").empty(),
        Column::new("security-options", Kind::Texts, "options such as no-new-privileges or seccomp=unconfined").empty(),
        Column::new("log-driver", Kind::Text, "where its output goes").unset("not shown"),
    ],
    settings: &[],
};

/// One row per option of the daemon, by its name in daemon.json.
pub static DOCKER_SETTINGS: Table = Table {
    name: "docker-settings",
    title: Phrase { zh: "Docker 守护进程选项", en: "option of Docker's daemon" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("authorization-plugins", "plug-ins that decide about each request"),
        setting("data-root", "directory of images and containers"),
        setting("group", "group that owns the Unix socket"),
        setting("hosts", "sockets that the API listens on; what a socket unit listens on stands for fd://"),
        setting("icc", "whether containers on the default network reach each other"),
        setting("insecure-registries", "registries without a proven certificate"),
        setting("iptables", "whether it writes filter rules"),
        setting("live-restore", "whether containers go on while the daemon is down"),
        setting("log-driver", "where containers' output goes unless they say otherwise"),
        setting("log-level", "least important messages of the daemon that are logged"),
        setting("log-opts", "options of the log driver"),
        setting("no-new-privileges", "whether processes in containers cannot gain privileges, unless a container says otherwise"),
        setting("seccomp-profile", "filter of system calls; builtin: the daemon's own"),
        setting("selinux-enabled", "whether containers are labelled"),
        setting("tls", "whether the API's TCP sockets talk TLS"),
        setting("tlscacert", "authorities that sign clients' certificates"),
        setting("tlscert", "the daemon's certificate"),
        setting("tlskey", "the daemon's key"),
        setting("tlsverify", "whether clients must have a certificate"),
        setting("userland-proxy", "whether a process relays published ports"),
        setting("userns-remap", "account to which root in containers is mapped; unset: none"),
    ],
};
