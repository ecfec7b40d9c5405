//! Folders of device configurations into assets, each with its platform and its one running configuration.

use std::io::Write;

use bumpalo::Bump;
use jixian::facts::{Host, Seen};
use jixian::names::network::HUAWEI_VRP;
use jixian::source::Sources;

use super::*;
use crate::device_texts::{IOS, JUNOS, VRP};

/// A zip archive of these files.
fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(content.as_bytes()).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

/// Each asset as `id platform`.
fn detected(discovery: &Discovery) -> Vec<String> {
    let shown = discovery.found.iter().map(|found| found.open());
    shown.map(|asset| format!("{} {}", asset.id, platform(&asset).0.unwrap_or("?"))).collect()
}

/// The host name that an asset's running configuration shows, and its path.
fn configuration(asset: &Asset) -> Result<(String, String), Seen> {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(asset, asset.description.platform.expect("it was detected"), &sources);
    let config = host.device_config()?;
    assert_eq!(host.device_config().map(|again| again.source.number), Ok(config.source.number), "it is read once");
    Ok((config.identity.hostname.unwrap_or_default().to_owned(), config.source.path.to_owned()))
}

#[test]
fn a_repository_of_configurations_is_taken_apart() {
    let scratch = Scratch::new("repository");
    scratch.file("core/configs/edge-1", IOS).file("core/configs/10.1.2.3", IOS).file("core/router.db", "edge-1;cisco;up\n");
    scratch.file("core/.git/config", "[core]\n").file("README.md", "# switches\n").file("batfish/hosts/h1.json", "{}");
    scratch.file("r1.cfg", JUNOS).file("web01/etc/passwd", "").file("sw/running-config.cfg", VRP).file("sw/startup-config.cfg", IOS);
    scratch.file("CORE-2_vrpcfg.zip", zipped(&[("vrpcfg.cfg", VRP)])).file("core-3/vrpcfg.zip", zipped(&[("flash/vrpcfg.cfg", VRP)]));
    let expected = [
        "10.1.2.3 cisco-ios",
        "CORE-2 huawei-vrp",
        "core-3 huawei-vrp",
        "edge-1 cisco-ios",
        "r1 juniper-junos",
        "sw huawei-vrp",
        "web01 linux",
    ];
    assert_eq!(detected(&scratch.find("")), expected);
    assert_eq!(configuration(&scratch.open("sw")), Ok(("CORE-1".to_owned(), "running-config.cfg".to_owned())));
    assert_eq!(configuration(&scratch.open("core/configs/edge-1")), Ok(("EDGE-1".to_owned(), "edge-1".to_owned())));
    assert_eq!(configuration(&scratch.open("core-3")).map(|(name, _)| name), Ok("CORE-1".to_owned()));
}

#[test]
fn a_zip_archive_that_is_not_one_configuration_is_not_taken() {
    let scratch = Scratch::new("zips");
    scratch.file("a_vrpcfg.zip", zipped(&[("../vrpcfg.cfg", VRP)])).file("b_vrpcfg.zip", zipped(&[("a.cfg", VRP), ("b.cfg", VRP)]));
    for (name, why) in [("a_vrpcfg.zip", "unsafe entry"), ("b_vrpcfg.zip", "exactly one file")] {
        let asset = scratch.open(name);
        assert_eq!(platform(&asset).0, None);
        assert!(issues(&asset)[0].contains(why), "{:?}", issues(&asset));
    }
}

#[test]
fn command_output_is_a_configuration_too() {
    let scratch = Scratch::new("commands");
    scratch.file("sw.d/commands/display-current-configuration", VRP).file("sw.d/commands/display-version", "VRP (R) software\n");
    scratch.file("sw.d/etc/passwd", "");
    let mut asset = scratch.open("sw.d");
    asset.set_platform(HUAWEI_VRP, jixian::error::Message::new("", ""));
    assert_eq!(configuration(&asset), Ok(("CORE-1".to_owned(), "commands/display-current-configuration".to_owned())));
}
