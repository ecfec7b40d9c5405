//! Driver blocking, USBGuard and automounting into the one row of the table `removable-media`.

mod automount;
mod modules;
mod usbguard;

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why, systemd_units};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::REMOVABLE_MEDIA;
use crate::snapshot::Lack;
use modules::{Blocked, Modules, modules};
use usbguard::{Guard, guard};

/// How a Linux host handles removable media.
pub(super) static PRODUCT: Product = Product {
    name: "removable-media",
    title: Phrase { zh: "Linux 移动存储介质管控", en: "handling of removable media on Linux" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::Glob("etc/modprobe.d/*.conf"),
        Reading::Glob("run/modprobe.d/*.conf"),
        Reading::Glob("usr/local/lib/modprobe.d/*.conf"),
        Reading::Glob("usr/lib/modprobe.d/*.conf"),
        Reading::Glob("lib/modprobe.d/*.conf"),
        Reading::Glob("usr/lib/modules/*/modules.builtin"),
        Reading::Glob("lib/modules/*/modules.builtin"),
        Reading::File("proc/cmdline"),
        Reading::File("etc/usbguard/usbguard-daemon.conf"),
        Reading::File("etc/usbguard/rules.conf"),
        Reading::Glob("etc/usbguard/rules.d/*.conf"),
        Reading::Glob("etc/dconf/db/*.d/*"),
        Reading::Glob("etc/dconf/db/*.d/locks/*"),
        Reading::Shared(systemd_units::READS),
    ],
    fills: &[&REMOVABLE_MEDIA],
    derive,
};

/// Derives the row.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let modules = modules(host);
    let unlisted = matches!(modules.blocked, Blocked::Unknown(why) if why.code == Lack::NotCollected.code());
    if unlisted && modules.evidence.is_empty() && nothing_else(host) {
        return Seen::Nothing;
    }
    let mut evidence = Vec::new();
    let guard = guard(host, &mut evidence);
    let (automount, autorun) = automount::automount(host);
    let mut mechanisms = modules.mechanisms.clone();
    if guard == Guard::Refuses {
        mechanisms.push("usbguard");
    }
    let certain = !matches!(modules.blocked, Blocked::Unknown(_)) && !matches!(guard, Guard::Unknown(_));
    let usb = usb_storage(host, modules, guard, evidence);
    let mut row = host.row(&REMOVABLE_MEDIA, PRODUCT.name);
    let listed = match usb.state {
        super::State::Unknown(why, _) if !certain => Cell::unknown(why, usb.evidence),
        _ => Cell::known(host.texts(&mechanisms), usb.evidence),
    };
    row.set(const { REMOVABLE_MEDIA.column("usb-storage") }, usb)
        .set(const { REMOVABLE_MEDIA.column("mechanism") }, listed)
        .set(const { REMOVABLE_MEDIA.column("automount") }, automount)
        .set(const { REMOVABLE_MEDIA.column("autorun") }, autorun);
    tables.push(row);
    Seen::Present
}

/// Whether nothing else that tells of media was collected either.
fn nothing_else(host: &Host<'_>) -> bool {
    let lacking = |path| matches!(host.file(path), Artefact::Lacking(Lack::NotCollected));
    lacking(usbguard::DAEMON) && host.look(systemd_units::UNITS).lack == Some(Lack::NotCollected)
}

/// Whether USB storage can be used.
fn usb_storage<'a>(host: &Host<'a>, modules: Modules<'a>, guard: Guard<'a>, of_guard: Vec<Evidence<'a>>) -> Cell<'a> {
    let mut pieces = modules.evidence;
    if modules.blocked == Blocked::Yes {
        return Cell::known(Value::Word("blocked"), host.evidence(&pieces));
    }
    // What decides comes first: USBGuard, where the driver can be loaded.
    pieces.splice(0..0, of_guard);
    pieces.push(Evidence::Searched("etc/modprobe.d"));
    let evidence = host.evidence(&pieces);
    let one_of = |why: Why<'a>, words: &[&'static str]| {
        let candidates = host.arena().alloc_slice_fill_iter(words.iter().map(|word| Value::Word(word)));
        Cell::one_of(why, candidates, evidence)
    };
    match (modules.blocked, guard) {
        (Blocked::Unknown(why), Guard::Refuses) => one_of(why, &["authorised", "blocked"]),
        (Blocked::Unknown(why), Guard::Admits) => one_of(why, &["blocked", "open"]),
        (Blocked::Unknown(why), Guard::Unknown(_)) => one_of(why, &["authorised", "blocked", "open"]),
        (Blocked::Yes | Blocked::No, Guard::Unknown(why)) => one_of(why, &["authorised", "open"]),
        (Blocked::Yes | Blocked::No, Guard::Refuses) => Cell::known(Value::Word("authorised"), evidence),
        (Blocked::Yes | Blocked::No, Guard::Admits) => Cell::known(Value::Word("open"), evidence),
    }
}
