//! WebLogic: config.xml of one domain. Expected values are those of the MBean Reference (LogFileMBean, UserLockoutManagerMBean) and of
//! Securing WebLogic Server, "Connection Filter Rules".

use crate::support::rows;

const PATH: &str = "u01/oracle/user_projects/domains/bank/config/config.xml";

const CONFIG: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<domain xmlns="http://xmlns.oracle.com/weblogic/domain" xmlns:sec="http://xmlns.oracle.com/weblogic/security" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <name>bank</name>
  <domain-version>12.2.1.4.0</domain-version>
  <security-configuration>
    <realm>
      <sec:auditor xsi:type="wls:default-auditorType"></sec:auditor>
      <sec:authentication-provider xsi:type="wls:default-authenticatorType"/>
      <sec:user-lockout-manager>
        <sec:lockout-threshold>3</sec:lockout-threshold>
      </sec:user-lockout-manager>
      <sec:name>myrealm</sec:name>
    </realm>
    <default-realm>myrealm</default-realm>
    <credential-encrypted>{AES}CANARYcanary==</credential-encrypted>
    <connection-filter>weblogic.security.net.ConnectionFilterImpl</connection-filter>
    <connection-filter-rule>10.1.0.0/16 * * allow</connection-filter-rule>
    <connection-filter-rule>0.0.0.0/0 * * deny</connection-filter-rule>
  </security-configuration>
  <server>
    <name>AdminServer</name>
    <log>
      <rotation-type>byTime</rotation-type>
      <file-count>30</file-count>
    </log>
  </server>
  <production-mode-enabled>true</production-mode-enabled>
</domain>
"#;

#[test]
fn settings_are_those_of_the_default_realm() {
    let all = rows(&[(PATH, CONFIG)], "weblogic-settings", &["name", "value@", "origin"]);
    let expected = [
        "name=administration-port-enabled value=false@default origin=default".to_owned(),
        format!("name=auditors value=default-auditorType@{PATH}:7 origin=file"),
        "name=configuration-audit-type value=none@default origin=default".to_owned(),
        format!("name=connection-filter value=weblogic.security.net.ConnectionFilterImpl@{PATH}:16 origin=file"),
        format!("name=connection-filter-rule value=10.1.0.0/16 * * allow\n0.0.0.0/0 * * deny@{PATH}:17 origin=file"),
        "name=console-enabled value=true@default origin=default".to_owned(),
        "name=lockout-duration value=30@default origin=default".to_owned(),
        "name=lockout-enabled value=true@default origin=default".to_owned(),
        format!("name=lockout-threshold value=3@{PATH}:10 origin=file"),
        "name=minimum-password-length value=8@default origin=default".to_owned(),
        format!("name=password-validators value=-@{PATH} origin=default"),
        format!("name=production-mode-enabled value=true@{PATH}:27 origin=file"),
    ];
    assert_eq!(all, expected);
}

#[test]
fn neutral_tables_hold_the_console_and_the_logs() {
    let columns = ["service", "scope", "enabled@", "encrypted@", "sources@", "lockout", "factors"];
    let expected = [format!(
        "service=web-http scope=weblogic console enabled=true@default encrypted=false@default sources=[10.1.0.0/16]@{PATH}:16 lockout=3 factors=1"
    )];
    assert_eq!(rows(&[(PATH, CONFIG)], "weblogic:remote-access", &columns), expected);
    let columns = ["stream", "path", "retention@", "bounded-by"];
    let expected = [
        format!("stream=web-error path=AdminServer log retention=30d@{PATH}:24 bounded-by=time"),
        "stream=web-access path=AdminServer access log retention=0s@default bounded-by=size".to_owned(),
    ];
    assert_eq!(rows(&[(PATH, CONFIG)], "weblogic:logs", &columns), expected);
}

#[test]
fn several_domains_are_told_apart() {
    let other = "u01/oracle/user_projects/domains/test/config/config.xml";
    let files = [(PATH, CONFIG), (other, "<domain>\n<domain-version>14.1.2.0.0</domain-version>\n</domain>\n")];
    let all = rows(&files, "weblogic-settings", &["name", "on"]);
    let console: Vec<&String> = all.iter().filter(|row| row.starts_with("name=console-enabled ")).collect();
    assert_eq!(console, ["name=console-enabled on=true", "name=console-enabled on=false"]);
}

#[test]
fn no_secret_is_printed() {
    let lines = rows(&[(PATH, CONFIG)], "weblogic-settings", &["name", "value"]).join("\n");
    assert!(!lines.contains("CANARY"), "{lines}");
}
