//! Manifests of static pods, units and the kubelet's configuration into the options of Kubernetes' components and their ways in.
//!
//! Knows Kubernetes 1.24 to 1.34 as kubeadm lays it out (static pods under `/etc/kubernetes/manifests`), and components that systemd
//! starts. Defaults are those of the reference pages of kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and etcd; one
//! that no page states is unknown.

mod access;
mod components;
mod crypto;
mod files;
mod kubelet;
mod logs;
mod options;

use super::files as files_looked_at;
use super::{Cell, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::containers::KUBE_SETTINGS;
use crate::schema::neutral::{CRYPTO, FILES, LOGS, REMOTE_ACCESS};

/// The product's name.
const NAME: &str = "kubernetes";

/// Kubernetes.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Kubernetes 组件", en: "Kubernetes" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Look("etc/kubernetes/admin.conf"),
        Reading::Look("etc/kubernetes/controller-manager.conf"),
        Reading::Look("etc/kubernetes/kubelet.conf"),
        Reading::Look("etc/kubernetes/manifests/*.yaml"),
        Reading::Look("etc/kubernetes/pki/*.key"),
        Reading::Look("etc/kubernetes/pki/etcd/*.key"),
        Reading::Look("etc/kubernetes/scheduler.conf"),
        Reading::Look("var/lib/etcd"),
        Reading::Look("var/lib/kubelet/config.yaml"),
        Reading::Glob(components::MANIFESTS),
        Reading::File("var/lib/kubelet/config.yaml"),
        Reading::File("var/lib/kubelet/kubeadm-flags.env"),
        Reading::File("etc/default/kubelet"),
        Reading::File("etc/sysconfig/kubelet"),
        Reading::Glob("etc/kubernetes/*.yaml"),
        Reading::Glob("etc/kubernetes/*/*.yaml"),
        Reading::Glob("etc/kubernetes/kubelet.conf.d/*.conf"),
        Reading::Glob("etc/systemd/system/kube*.service"),
        Reading::Glob("etc/systemd/system/kube*.service.d/*.conf"),
        Reading::Glob("etc/systemd/system/etcd.service.d/*.conf"),
        Reading::Glob("usr/lib/systemd/system/kube*.service"),
        Reading::Glob("usr/lib/systemd/system/kube*.service.d/*.conf"),
        Reading::Glob("lib/systemd/system/kube*.service"),
        Reading::Glob("lib/systemd/system/kube*.service.d/*.conf"),
    ],
    fills: &[&CRYPTO, &FILES, &KUBE_SETTINGS, &LOGS, &REMOTE_ACCESS],
    derive,
};

/// Whether the API server's flags name a file that configures its admission plug-ins; none where its flags are not known.
pub(super) fn has_admission_file(host: &Host<'_>) -> Option<bool> {
    let found = components::read(host);
    let server = found.list.iter().find(|component| component.name == "kube-apiserver" && component.gap.is_none())?;
    Some(server.last("admission-control-config-file").is_some())
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let seen = derive_own(host, tables);
    files_looked_at::of_product(host, &PRODUCT, seen, tables)
}

/// Derives the rows of all tables but `files`.
fn derive_own<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = components::read(host);
    let kubelet = kubelet::read(host);
    if found.list.is_empty() && kubelet.is_none() && found.lacking.is_none() {
        return if found.absent { Seen::Absent } else { Seen::Nothing };
    }
    for component in &found.list {
        let settings = options::effective(host, component);
        settings.push(host, tables);
        if component.name == "kube-apiserver" {
            access::push_api(host, &settings, tables);
            crypto::push(host, &settings, ("tls-min-version", "tls-cipher-suites"), tables);
            logs::push(host, &settings, tables);
        }
    }
    if let Some(settings) = &kubelet {
        settings.push(host, tables);
        access::push_kubelet(host, settings, tables);
        crypto::push(host, settings, ("tlsMinVersion", "tlsCipherSuites"), tables);
        logs::push_containers(host, settings, tables);
    }
    if let Some((path, lack)) = found.lacking {
        for table in [&CRYPTO, &KUBE_SETTINGS, &REMOTE_ACCESS] {
            tables.push(host.gap(table, NAME, Why::lacking(path, lack)));
        }
        let mut row = host.gap(&LOGS, NAME, Why::lacking(path, lack));
        row.set(const { LOGS.column("stream") }, Cell::known(Value::Word("api-audit"), &[]));
        tables.push(row);
    }
    Seen::Present
}
