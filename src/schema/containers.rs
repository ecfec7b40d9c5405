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
        setting("audited-paths", "the daemon's files, programs and sockets that the host's audit rules watch; not an option of its own"),
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

/// One row per namespace of a cluster.
pub static KUBE_NAMESPACES: Table = Table {
    name: "kube-namespaces",
    title: Phrase { zh: "Kubernetes 命名空间", en: "namespace of a Kubernetes cluster" },
    promised: false,
    columns: &[
        Column::new("namespace", Kind::Text, "its name").key(),
        Column::new("system", Kind::Boolean, "whether it is one of the cluster's own"),
        Column::new("pod-security", Kind::Word(&["baseline", "privileged", "restricted"]), "what pods may ask for, as it is enforced"),
        Column::new("default-deny", Kind::Boolean, "whether its pods refuse incoming traffic that no network policy admits"),
    ],
    settings: &[],
};

/// One row per role of a cluster or of a namespace.
pub static KUBE_ROLES: Table = Table {
    name: "kube-roles",
    title: Phrase { zh: "Kubernetes 角色", en: "role of a Kubernetes cluster" },
    promised: false,
    columns: &[
        Column::new("scope", Kind::Text, "cluster, or namespace and its name").key(),
        Column::new("role", Kind::Text, "its name").key(),
        Column::new("built-in", Kind::Boolean, "whether the API server made it"),
        Column::new("wildcard", Kind::Boolean, "whether `*` stands among its verbs, resources or groups"),
        Column::new("escalates", Kind::Boolean, "whether its holder can have more than it says: escalate, bind, impersonate"),
    ],
    settings: &[],
};

const VIEWS: [Column; 8] = settings_columns();

/// One row per component and option, by the name of its flag, or by its path in the kubelet's file.
pub static KUBE_SETTINGS: Table = Table {
    name: "kube-settings",
    title: Phrase { zh: "Kubernetes 组件选项", en: "option of a component of Kubernetes" },
    promised: true,
    columns: &[
        VIEWS[0],
        Column::new(
            "component",
            Kind::Word(&["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"]),
            "the component",
        )
        .key(),
        VIEWS[1],
        VIEWS[2],
        VIEWS[3],
        VIEWS[4],
        VIEWS[5],
        VIEWS[6],
        VIEWS[7],
    ],
    settings: &[
        setting("anonymous-auth", "whether requests without credentials are served; items: the only paths for which they are"),
        setting("audit-log-maxage", "days for which old audit logs are kept; unlimited: no limit"),
        setting("audit-log-maxbackup", "number of old audit logs that are kept; unlimited: no limit"),
        setting("audit-log-path", "file of the audit log; unset: none"),
        setting("audit-policy-drops-rest", "whether the audit policy records nothing of what none of its conditions is about"),
        setting("audit-policy-file", "policy of the audit log; without one nothing is recorded"),
        setting("audit-webhook-config-file", "receiver of audit records; unset: none"),
        setting("authentication.anonymous.enabled", "kubelet: whether requests without credentials are served"),
        setting("authentication.x509.clientCAFile", "kubelet: authorities that sign clients' certificates"),
        setting("authorization-mode", "who decides about requests, in order"),
        setting("authorization.mode", "kubelet: who decides about requests"),
        setting("bind-address", "address that is listened on"),
        setting("client-cert-auth", "etcd: whether clients must have a certificate"),
        setting("disable-admission-plugins", "checks of changes that are switched off"),
        setting("enable-admission-plugins", "checks of changes that are switched on beside the default ones"),
        setting("encryption-providers", "how secrets are stored; the first writes, identity is in the clear; unset: in the clear"),
        setting("kubelet-certificate-authority", "authorities that sign kubelets' certificates; unset: they are not checked"),
        setting("kubelet-client-certificate", "certificate that is shown to kubelets"),
        setting("peer-client-cert-auth", "etcd: whether members must have a certificate"),
        setting("profiling", "whether profiles of the process are served"),
        setting("readOnlyPort", "kubelet: port that serves without asking who it is; 0: none"),
        setting("rotateCertificates", "kubelet: whether it renews the certificate by which it is known"),
        setting("serverTLSBootstrap", "kubelet: whether it asks the cluster for the certificate that it serves with"),
        setting("tls-cipher-suites", "cipher suites up to TLS 1.2; unset: those of the build"),
        setting("tls-min-version", "least version of TLS"),
        setting("token-auth-file", "file of tokens that never expire; unset: none"),
    ],
};
