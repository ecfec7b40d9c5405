//! What the inventory and the distribution's own files say of a host into the one row of the table `asset`.
//!
//! The inventory comes first: a scanned tree cannot vouch for itself. Only what it leaves open (vendor and version) is taken from
//! os-release. The end of support is that of the release which the host itself names.

mod support;

use super::os_release::{Release, release};
use super::{Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::ASSET;

/// The host itself.
pub(super) static PRODUCT: Product = Product {
    name: "asset",
    title: Phrase { zh: "资产本身", en: "the asset itself" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File("etc/os-release"),
        Reading::File("usr/lib/os-release"),
        Reading::File("etc/redhat-release"),
        Reading::File("etc/centos-release"),
        Reading::File("etc/kylin-release"),
        Reading::File("etc/openEuler-release"),
        Reading::File("etc/uos-release"),
        Reading::File("etc/anolis-release"),
    ],
    fills: &[&ASSET],
    derive,
};

static NOT_RECORDED: Phrase = Phrase { zh: "快照没有记录 {}", en: "the snapshot does not record {}" };

/// Derives the row.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let asset = host.asset();
    let description = &asset.description;
    let named = release(host);
    let text = |text: &'a Option<String>| text.as_deref().map_or(Cell::NONE, |text| Cell::known(Value::Text(text), &[]));
    let tags = host.arena().alloc_slice_fill_iter(description.tags.iter().map(|tag| Value::Text(tag)));
    let of_host = |pick: fn(Release<'a>) -> Option<Value<'a>>| {
        let release = named?;
        pick(release).map(|value| Cell::known(value, host.evidence(&[Evidence::Decides(release.span)])))
    };
    let vendor = description.vendor.as_deref().map(|vendor| Cell::known(Value::Text(vendor), &[]));
    let version = description.version.as_deref().map(|version| Cell::known(Value::Version(version), &[]));
    // Collected in the morning of the capital is collected on the same day everywhere in the country.
    let day = description.collected_at.map(|at| at.to_zoned(jiff::tz::Offset::constant(8).to_time_zone()).date());
    let mut row = host.row(&ASSET, PRODUCT.name);
    row.set(const { ASSET.column("id") }, Cell::known(Value::Text(&asset.id), &[]))
        .set(const { ASSET.column("platform") }, Cell::known(Value::Text(host.platform().name), &[]))
        .set(const { ASSET.column("vendor") }, vendor.or_else(|| of_host(|it| Some(Value::Text(it.id)))).unwrap_or(Cell::NONE))
        .set(const { ASSET.column("model") }, text(&description.model))
        .set(const { ASSET.column("version") }, version.or_else(|| of_host(|it| it.version_id.map(Value::Version))).unwrap_or(Cell::NONE))
        .set(const { ASSET.column("address") }, text(&description.address))
        .set(const { ASSET.column("tags") }, Cell::known(Value::List(tags), &[]))
        .set(const { ASSET.column("zone") }, text(&description.zone))
        .set(const { ASSET.column("owner") }, text(&description.owner))
        .set(const { ASSET.column("collected-at") }, day.map_or(Cell::NONE, |day| Cell::known(Value::Date(day), &[])))
        .set(const { ASSET.column("collector") }, text(&description.collector))
        .set(const { ASSET.column("complete") }, complete(asset.complete))
        .set(const { ASSET.column("end-of-support") }, end_of_support(host, named));
    tables.push(row);
    Seen::Present
}

/// Whether everything that was asked for was read.
fn complete<'a>(complete: Option<bool>) -> Cell<'a> {
    match complete {
        Some(complete) => Cell::known(Value::Boolean(complete), &[]),
        None => Cell::unknown(Why::new("not-recorded", &NOT_RECORDED, "complete"), &[]),
    }
}

/// The day on which the vendor's support ends.
fn end_of_support<'a>(host: &Host<'a>, named: Option<Release<'a>>) -> Cell<'a> {
    let Some(release) = named else { return Cell::unknown(Why::not_collected("etc/os-release"), &[]) };
    let here = Evidence::Decides(release.span);
    match support::end(&release) {
        Some((last, documented)) => Cell::known(Value::Date(last), host.evidence(&[here, Evidence::Default(documented)])),
        None => Cell::unset(host.evidence(&[here])),
    }
}
