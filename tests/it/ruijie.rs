//! The configuration of one Ruijie switch, line by line.
use crate::support::device_rows;
const CONFIGURATION: &str = include_str!("ruijie_rgos/rgos.cfg");
#[test]
fn dump() {
    for t in jixian::schema::TABLES {
        let cols: Vec<String> = t.columns.iter().map(|c| if c.name=="name" || c.name=="list" {c.name.to_owned()} else {format!("{}@", c.name)}).collect();
        let cols: Vec<&str> = cols.iter().map(|c| c.as_str()).collect();
        for r in device_rows("ruijie", CONFIGURATION, t.name, &cols) { eprintln!("{}: {}", t.name, r.replace("@running-config","@")); }
    }
    panic!();
}
