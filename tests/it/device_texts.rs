//! Small configurations of every platform, with the traps that real ones set.

/// IOS: banners with both delimiters, a certificate, a key, deep nesting, comments in blocks, a block that stands twice.
pub(crate) const IOS: &str = "!
version 15.7
service timestamps log datetime msec
service password-encryption
!
hostname EDGE-1
!
aaa new-model
crypto pki certificate chain TP-1
 certificate self-signed 01
  3082022B 30820194 A0030201
  02020101 300D0609
  \tquit
key chain K
 key 1
  key-string 7 0102
!
archive
 log config
  logging enable
  hidekeys
!
interface GigabitEthernet0/1
 description 核心上联 --- no ip http server
 ip address 10.0.0.1 255.255.255.0
 no shutdown
!
router bgp 65000
 bgp log-neighbor-changes
 !
 address-family ipv4
  neighbor 10.0.0.2 activate
 exit-address-family
!
interface GigabitEthernet0/1
 no ip proxy-arp
!
banner motd ^C
line vty 0 4
 transport input telnet
end
^C
banner login #one line ^ of text#
!
line con 0
 exec-timeout 5 0
line vty 0 4
 transport input ssh
line vty 5 15
 transport input ssh
!
end
";

/// The tree of [`IOS`].
pub(crate) const IOS_TREE: &str = "version 15.7
service timestamps log datetime msec
service password-encryption
hostname EDGE-1
aaa new-model
crypto pki certificate chain TP-1
  certificate self-signed 01 <<  3082022B 30820194 A0030201|  02020101 300D0609>>
key chain K
  key 1
    key-string 7 0102
archive
  log config
    logging enable
    hidekeys
interface GigabitEthernet0/1
  description 核心上联 --- no ip http server
  ip address 10.0.0.1 255.255.255.0
  no shutdown
router bgp 65000
  bgp log-neighbor-changes
  address-family ipv4
    neighbor 10.0.0.2 activate
interface GigabitEthernet0/1
  no ip proxy-arp
banner motd ^C <<line vty 0 4| transport input telnet|end>>
banner login #one line ^ of text# <<one line ^ of text>>
line con 0
  exec-timeout 5 0
line vty 0 4
  transport input ssh
line vty 5 15
  transport input ssh
";

/// NX-OS: two blanks a level, a quoted name, a delimiter of one character.
pub(crate) const NXOS: &str = "!Command: show running-config
version 9.3(8)
feature ssh
hostname LEAF-1
banner motd #
feature telnet
#
vrf context management
  ip route 0.0.0.0/0 10.1.1.1
interface Ethernet1/1
  description \"到 核心\"
router bgp 65001
  neighbor 10.0.0.1
    address-family ipv4 unicast
      send-community
line vty
  exec-timeout 5
";

/// The tree of [`NXOS`].
pub(crate) const NXOS_TREE: &str = "version 9.3(8)
feature ssh
hostname LEAF-1
banner motd # <<feature telnet>>
vrf context management
  ip route 0.0.0.0/0 10.1.1.1
interface Ethernet1/1
  description \"到 核心\"
router bgp 65001
  neighbor 10.0.0.1
    address-family ipv4 unicast
      send-community
line vty
  exec-timeout 5
";

/// ASA: banners line by line, comments with a colon.
pub(crate) const ASA: &str = ": Saved
:
ASA Version 9.12(4)
!
hostname FW-1
interface GigabitEthernet0/0
 nameif 外网
 security-level 0
banner login telnet 0 0 inside
banner login second line
access-list OUT extended deny ip any any log
Cryptochecksum:0123456789abcdef0123456789abcdef
: end
";

/// The tree of [`ASA`].
pub(crate) const ASA_TREE: &str = "ASA Version 9.12(4)
hostname FW-1
interface GigabitEthernet0/0
  nameif 外网
  security-level 0
banner login telnet 0 0 inside
banner login second line
access-list OUT extended deny ip any any log
";

/// EOS: three blanks a level, comments within blocks, banners up to `EOF`.
pub(crate) const EOS: &str = "! Command: show running-config
! device: LEAF2 (vEOS, EOS-4.24.0F)
!
hostname LEAF2
!
management ssh
   idle-timeout 10
   !
   vrf MGMT
      no shutdown
!
banner login
management telnet
   no shutdown
not an EOF here
EOF
!
interface Ethernet1
   description 上联
!
end
";

/// The tree of [`EOS`].
pub(crate) const EOS_TREE: &str = "hostname LEAF2
management ssh
  idle-timeout 10
  vrf MGMT
    no shutdown
banner login <<management telnet|   no shutdown|not an EOF here>>
interface Ethernet1
  description 上联
";

/// VRP: a header over lines, a key, a cipher string with separators in it, separators within a block.
pub(crate) const VRP: &str = "!Software Version V200R019C00SPC500
#
sysname CORE-1
#
header login information \"
telnet server enable
#not a separator
\"
#
vlan batch 10 20
#
aaa
 local-user admin password irreversible-cipher %^%#a\"b#%^%#
 local-user admin service-type ssh
 authentication-scheme default
  authentication-mode hwtacacs local
#
ip vpn-instance mgt
 #
 ipv4-family
  route-distinguisher 1:1
#
ssh server cipher aes256_ctr
ssh server hmac sha2_256
#
rsa peer-public-key k1
 public-key-code begin
  30820109
  return
 public-key-code end
peer-public-key end
#
interface Vlanif10
 description 办公区
 undo shutdown
#
user-interface vty 0 4
 protocol inbound ssh
#
return
";

/// The tree of [`VRP`].
pub(crate) const VRP_TREE: &str = "sysname CORE-1
header login information \" <<telnet server enable|#not a separator|\">>
vlan batch 10 20
aaa
  local-user admin password irreversible-cipher %^%#a\"b#%^%#
  local-user admin service-type ssh
  authentication-scheme default
    authentication-mode hwtacacs local
ip vpn-instance mgt
  ipv4-family
    route-distinguisher 1:1
ssh server cipher aes256_ctr
ssh server hmac sha2_256
rsa peer-public-key k1
  public-key-code begin <<  30820109|  return| public-key-code end>>
interface Vlanif10
  description 办公区
  undo shutdown
user-interface vty 0 4
  protocol inbound ssh
";

/// Comware: statements of the system view with a blank in front, a view whose content is not indented further.
pub(crate) const COMWARE: &str = "#
 version 7.1.070, Release 6616
#
 sysname SW-1
#
 telnet server enable
 irf member 1 priority 32
#
 user-interface vty 0 63
 authentication-mode scheme
 protocol inbound ssh
#
interface Vlan-interface1
 description 楼层
#
line class vty
 user-role network-operator
#
 header legal %
 irf member 2 priority 1
%
#
local-user admin class manage
 password hash $h$6$xyz
 service-type ssh terminal
#
return
";

/// The tree of [`COMWARE`].
pub(crate) const COMWARE_TREE: &str = "version 7.1.070, Release 6616
sysname SW-1
telnet server enable
irf member 1 priority 32
user-interface vty 0 63
  authentication-mode scheme
  protocol inbound ssh
interface Vlan-interface1
  description 楼层
line class vty
  user-role network-operator
header legal % << irf member 2 priority 1|%>>
local-user admin class manage
  password hash $h$6$xyz
  service-type ssh terminal
";

/// Junos in braces: groups with wildcards, inactive statements, lists, annotations, a secret's mark.
pub(crate) const JUNOS: &str = "## Last commit: 2026-11-01 10:00:00 CST by ops
version 18.4R1;
groups {
    COMMON {
        system {
            services {
                ssh {
                    root-login deny;
                }
                telnet;
            }
            host-name from-group;
        }
        interfaces {
            <ge-*> {
                mtu 9000;
            }
        }
    }
    UNUSED {
        system {
            services {
                ftp;
            }
        }
    }
}
apply-groups COMMON;
system {
    host-name R1;
    root-authentication {
        encrypted-password \"$6$abc\"; ## SECRET-DATA
    }
    /* 备注 */
    inactive: radius-server {
        10.0.0.9;
    }
    name-server [ 10.0.0.1 10.0.0.2 ];
}
interfaces {
    ge-0/0/0 {
        description \"to core; { 核心 }\";
        unit 0 {
            family inet {
                address 10.0.0.1/24;
            }
        }
    }
    xe-0/0/1 {
        apply-groups-except COMMON;
        unit 0;
    }
}
";

/// The same as `set` commands.
pub(crate) const JUNOS_SET: &str = "set version 18.4R1
set groups COMMON system services ssh root-login deny
set groups COMMON system services telnet
set groups COMMON system host-name from-group
set groups COMMON interfaces <ge-*> mtu 9000
set groups UNUSED system services ftp
set apply-groups COMMON
set system host-name R1
set system root-authentication encrypted-password \"$6$abc\"
set system radius-server 10.0.0.9
deactivate system radius-server
set system name-server [ 10.0.0.1 10.0.0.2 ]
set interfaces ge-0/0/0 description \"to core; { 核心 }\"
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/9 disable
delete interfaces ge-0/0/9
set interfaces xe-0/0/1 apply-groups-except COMMON
set interfaces xe-0/0/1 unit 0
";

/// The tree of both, without the groups themselves.
pub(crate) const JUNOS_TREE: &str = "apply-groups
  COMMON
system
  host-name
    R1
    from-group +
  root-authentication
    encrypted-password
      $6$abc
  radius-server -
    10.0.0.9 -
  name-server
    10.0.0.1
    10.0.0.2
  services +
    ssh +
      root-login +
        deny +
    telnet +
interfaces
  ge-0/0/0
    description
      to core; { 核心 }
    unit
      0
        family
          inet
            address
              10.0.0.1/24
    mtu +
      9000 +
  xe-0/0/1
    apply-groups-except
      COMMON
    unit
      0
";

/// FortiOS: a text over lines with `end` in it, escapes, a section that stands twice, VDOMs.
pub(crate) const FORTIOS: &str = "#config-version=FGT60F-7.0.14-FW-build0601-240206:opmode=0:vdom=1:user=admin
config vdom
edit root
next
end
config global
config system global
    set hostname \"FW-9\"
    set admintimeout 10
end
config system replacemsg admin \"pre_admin-disclaimer-text\"
    set buffer \"<b>
config system global
set admintimeout 480
end
say \\\"no\\\"</b>\"
end
config system global
    append admin-https-ssl-versions tlsv1-2
    append admin-https-ssl-versions tlsv1-3
end
end
config vdom
edit root
config firewall policy
    edit 1
        set name \"出口\"
        set srcaddr \"a b\" 'c'
        unset comments
    next
end
end
";

/// The tree of [`FORTIOS`].
pub(crate) const FORTIOS_TREE: &str = "config vdom
  edit root
config global
  config system global
    set hostname \"FW-9\"
    set admintimeout 10
  config system replacemsg admin \"pre_admin-disclaimer-text\"
    set buffer \"<b>|config system global|set admintimeout 480|end|say \\\"no\\\"</b>\" *
  config system global
    append admin-https-ssl-versions tlsv1-2
    append admin-https-ssl-versions tlsv1-3
config vdom
  edit root
    config firewall policy
      edit 1
        set name \"出口\"
        set srcaddr \"a b\" 'c'
        unset comments
";

/// PAN-OS as XML.
pub(crate) const PANOS: &str = "<?xml version=\"1.0\"?>
<config version=\"10.1.0\" urldb=\"paloaltonetworks\">
  <mgt-config>
    <users>
      <entry name=\"admin\">
        <phash>$1$x$y</phash>
      </entry>
    </users>
  </mgt-config>
  <devices>
    <entry name=\"localhost.localdomain\">
      <deviceconfig>
        <system>
          <hostname>PA-1</hostname>
          <login-banner>A &amp; B
&lt;/config&gt; 授权</login-banner>
          <service><disable-telnet>yes</disable-telnet></service>
          <permitted-ip/>
        </system>
      </deviceconfig>
      <vsys>
        <entry name='vsys1'>
          <!-- <entry name=\"ghost\"/> -->
          <rulebase><security><rules>
            <entry name=\"R 1\"><from><member>any</member><member>trust</member></from></entry>
          </rules></security></rulebase>
        </entry>
      </vsys>
    </entry>
  </devices>
</config>
";

/// The same as `set` commands.
pub(crate) const PANOS_SET: &str = "set mgt-config users admin phash $1$x$y
set devices localhost.localdomain deviceconfig system hostname PA-1
set devices localhost.localdomain deviceconfig system login-banner \"A &amp; B
&lt;/config&gt; 授权\"
set devices localhost.localdomain deviceconfig system service disable-telnet yes
set devices localhost.localdomain deviceconfig system permitted-ip
set devices localhost.localdomain vsys vsys1 rulebase security rules \"R 1\" from [ any trust ]
";
