//! Kubernetes: the layout of kubeadm, and each place that beats another. Expected values are those of the reference pages of
//! kube-apiserver and kubelet, and of "Set Kubelet Parameters Via A Configuration File".

use crate::support::rows;

const API: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - command:\n    - kube-apiserver\n    - --authorization-mode=Node,RBAC\n    - --audit-log-maxage=30\n    - --audit-log-maxage=200\n    image: registry.k8s.io/kube-apiserver:v1.31.2\n";
const UNIT: &str = "[Service]\nExecStart=/usr/bin/kubelet\n";
const DROP_IN: &str = "[Service]\nEnvironment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS\n";
const CONFIG: &str = "kind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: false\n  x509:\n    clientCAFile: /ca.crt\nreadOnlyPort: 10255\n";

const NODE: [(&str, &str); 5] = [
    ("usr/lib/systemd/system/kubelet.service", UNIT),
    ("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", DROP_IN),
    ("etc/systemd/system/kubelet.service.d", "!absent"),
    ("var/lib/kubelet/config.yaml", CONFIG),
    (
        "var/lib/kubelet/kubeadm-flags.env",
        "KUBELET_KUBEADM_ARGS=\"--read-only-port=0 --pod-infra-container-image=registry.k8s.io/pause:3.10\"\n",
    ),
];

/// The rows of a component's options that are named.
fn options(files: &[(&str, &str)], component: &str, names: &[&str]) -> Vec<String> {
    let all = rows(files, "kube-settings", &["component", "name", "value@", "number", "on", "items"]);
    let named = |row: &&String| names.iter().any(|name| row.starts_with(&format!("component={component} name={name} ")));
    all.iter().filter(named).map(|row| row.trim_start_matches(&format!("component={component} ")).to_owned()).collect()
}

#[test]
fn a_control_plane_of_kubeadm() {
    let files = [("etc/kubernetes/manifests/kube-apiserver.yaml", API)];
    let manifest = "etc/kubernetes/manifests/kube-apiserver.yaml";
    let names = ["anonymous-auth", "audit-log-maxage", "audit-log-maxbackup", "authorization-mode", "tls-min-version"];
    let expected = [
        "name=anonymous-auth value=true@default number=- on=true items=-".to_owned(),
        format!("name=audit-log-maxage value=200@{manifest}:9 number=200 on=- items=-"),
        "name=audit-log-maxbackup value=?undocumented@nothing number=?undocumented on=?undocumented items=?undocumented".to_owned(),
        format!("name=authorization-mode value=Node,RBAC@{manifest}:7 number=- on=- items=[Node, RBAC]"),
        "name=tls-min-version value=?undocumented@nothing number=?undocumented on=?undocumented items=?undocumented".to_owned(),
    ];
    assert_eq!(options(&files, "kube-apiserver", &names), expected);
    let access = rows(&files, "kubernetes:remote-access", &["scope", "enabled", "encrypted", "factors", "sources"]);
    assert_eq!(access, ["scope=kube-apiserver enabled=true encrypted=true factors=0 sources=?filtered-elsewhere"]);
}

#[test]
fn flags_beat_the_file_and_the_file_its_defaults() {
    let names = ["authentication.anonymous.enabled", "authentication.x509.clientCAFile", "authorization.mode", "readOnlyPort"];
    let expected = [
        "name=authentication.anonymous.enabled value=false@var/lib/kubelet/config.yaml:4 number=- on=false items=-",
        "name=authentication.x509.clientCAFile value=/ca.crt@var/lib/kubelet/config.yaml:6 number=- on=- items=-",
        "name=authorization.mode value=Webhook@default number=- on=- items=-",
        "name=readOnlyPort value=0@var/lib/kubelet/kubeadm-flags.env:1 number=0 on=- items=-",
    ];
    assert_eq!(options(&NODE, "kubelet", &names), expected);
}

#[test]
fn a_kubelet_without_a_file_has_the_defaults_of_its_flags() {
    let files = [("etc/systemd/system/kubelet.service", UNIT), ("etc/systemd/system/kubelet.service.d", "!absent")];
    let names = ["authentication.anonymous.enabled", "authorization.mode", "readOnlyPort"];
    let values: Vec<String> =
        options(&files, "kubelet", &names).iter().map(|row| row.split(" number").next().unwrap_or_default().to_owned()).collect();
    let expected = [
        "name=authentication.anonymous.enabled value=true@default",
        "name=authorization.mode value=AlwaysAllow@default",
        "name=readOnlyPort value=10255@default",
    ];
    assert_eq!(values, expected);
}

/// etcd documentation, "Configuration options": where there is a configuration file, flags are ignored.
#[test]
fn a_file_of_etcd_makes_its_flags_void() {
    let etcd = "kind: Pod\nspec:\n  containers:\n  - command: [etcd, --client-cert-auth=true]\n";
    let file = "etc/kubernetes/manifests/etcd.yaml";
    let flag = options(&[(file, etcd)], "etcd", &["client-cert-auth"]);
    assert_eq!(flag, [format!("name=client-cert-auth value=true@{file}:4 number=- on=true items=-")]);
    let void = etcd.replace("=true]", "=true, --config-file=/etc/etcd.conf]");
    let lost = options(&[(file, void.as_str())], "etcd", &["client-cert-auth"]);
    assert!(lost.len() == 1 && lost[0].contains("on=?set-elsewhere"), "{lost:?}");
}

#[test]
fn no_key_of_encryption_is_printed() {
    let encryption = "kind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: k, secret: CANARYaGVsbG8=}]}\n";
    let manifest = API.replace("    image", "    - --encryption-provider-config=/etc/kubernetes/enc.yaml\n    image");
    let files = [
        ("etc/kubernetes/manifests/kube-apiserver.yaml".to_owned(), manifest),
        ("etc/kubernetes/enc.yaml".to_owned(), encryption.to_owned()),
    ];
    let scanned = crate::support::scan("master01", &files);
    assert!(scanned.results.iter().any(|(rule, _, verdict)| rule == "k8s-api-etcd-encrypt" && *verdict == "pass"), "it was judged");
    for text in [&scanned.jsonl, &scanned.junit, &scanned.text, &scanned.stderr] {
        assert!(!text.contains("CANARY"), "{}", text.lines().find(|line| line.contains("CANARY")).unwrap_or_default());
    }
}

/// Reference, kube-apiserver, Options: `--audit-log-maxage` in days, `--audit-log-maxbackup` a number of files; 0 is no limit.
#[test]
fn the_audit_log_of_the_api_server_is_kept_by_days_or_by_files() {
    let logs = |flags: &[&str]| -> Vec<String> {
        let flags: String = flags.iter().map(|flag| format!("    - --{flag}\n")).collect();
        let manifest = format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - command:\n    - kube-apiserver\n{flags}    name: kube-apiserver\n"
        );
        let files = [("etc/kubernetes/manifests/kube-apiserver.yaml", manifest.as_str())];
        rows(&files, "kubernetes:logs", &["stream", "enabled", "retention", "bounded-by", "forwarded"])
    };
    let policy = "audit-policy-file=/etc/kubernetes/policy.yaml";
    let path = "audit-log-path=/var/log/audit.log";
    assert_eq!(
        logs(&[policy, path, "audit-log-maxage=200", "audit-log-maxbackup=0"]),
        ["stream=api-audit enabled=true retention=200d bounded-by=time forwarded=[]"]
    );
    // The numbers of CIS: ten files guarantee no day.
    assert_eq!(
        logs(&[policy, path, "audit-log-maxage=30", "audit-log-maxbackup=10"]),
        ["stream=api-audit enabled=true retention=0s bounded-by=both forwarded=[]"]
    );
    assert_eq!(
        logs(&[policy, path, "audit-log-maxage=0", "audit-log-maxbackup=0"]),
        ["stream=api-audit enabled=true retention=unlimited bounded-by=nothing forwarded=[]"]
    );
    // A path without a policy records nothing.
    assert_eq!(logs(&[path])[0].split(' ').nth(1), Some("enabled=false"));
    assert_eq!(logs(&[policy])[0].split(' ').nth(1), Some("enabled=false"));
}

/// Kubernetes documentation, Using RBAC Authorization: a RoleBinding may refer to a ClusterRole, and then holds in its namespace.
#[test]
fn bindings_give_roles_where_they_hold() {
    let roles = r#"{"kind":"List","items":[{"kind":"ClusterRole","metadata":{"name":"edit-all"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}]}"#;
    let cluster = r#"{"kind":"List","items":[{"kind":"ClusterRoleBinding","metadata":{"name":"everybody"},"roleRef":{"kind":"ClusterRole","name":"edit-all"},"subjects":[{"kind":"Group","name":"system:authenticated"}]}]}"#;
    let own = r#"{"kind":"List","items":[{"kind":"RoleBinding","metadata":{"name":"dev","namespace":"cluster"},"roleRef":{"kind":"ClusterRole","name":"edit-all"},"subjects":[{"kind":"ServiceAccount","name":"ci","namespace":"tools"}]}]}"#;
    let files = [
        ("commands/kube-clusterroles", roles),
        ("commands/kube-clusterrolebindings", cluster),
        ("commands/kube-rolebindings", own),
        ("commands/kube-roles", r#"{"kind":"List","items":[]}"#),
    ];
    let found = rows(&files, "kubernetes-cluster:privileges", &["grantee@", "privilege", "scope", "unrestricted", "to-everyone"]);
    let expected = [
        "grantee=group system:authenticated@commands/kube-clusterrolebindings:1 privilege=edit-all scope=cluster unrestricted=true to-everyone=true",
        // A namespace may be called so.
        "grantee=serviceaccount tools/ci@commands/kube-rolebindings:1 privilege=edit-all scope=namespace cluster unrestricted=true to-everyone=false",
    ];
    assert_eq!(found, expected);
}
