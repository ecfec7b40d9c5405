//! Lists made by hand from lines of a text, and the rows and cells that they give.

use bumpalo::Bump;

use super::*;
use crate::facts::{Needed, State};
use crate::names::{LINUX, Language};
use crate::reckon::access_list::{Ports, Service, wildcard};
use crate::reckon::network::Addresses;
use crate::schema;
use crate::snapshot::memory::Memory;
use crate::snapshot::{Asset, Description};
use crate::source::{Source, Sources};

const TEXT: &str = "ip access-list extended EDGE
 10 permit ip 10.0.0.0 0.255.255.255 any log
 20 deny tcp 10.1.0.0 0.0.255.255 any eq 22
 30 permit tcp any host 192.0.2.1 range 80 443 time-range WORK
 40 permit icmp any any
 50 permit ip object-group PARTNERS any
 60 permit udp host 198.51.100.1 any eq 53
 70 permit ip any any
 80 permit tcp any any eq 443
";

/// Runs `look` with a host and the list of the text above.
fn with_list<T>(look: impl for<'a> FnOnce(&Host<'a>, &Source<'a>, List<'a>) -> T) -> T {
    let asset = Asset::in_memory("router".to_owned(), Description::default(), Memory::default());
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let source = sources.add("running-config", TEXT.as_bytes(), true);
    let list = edge(source);
    look(&host, source, list)
}

fn side(address: &str, mask: &str) -> Addresses {
    wildcard(address.parse().expect("an address"), mask.parse().expect("a mask")).expect("few pieces")
}

fn edge<'a>(source: &Source<'a>) -> List<'a> {
    let lines: Vec<&'a str> = source.text.lines().collect();
    let any = Addresses::any_four;
    let entry = |action, sources, destinations, service| {
        Entry::new(action, Matching { sources, destinations, services: vec![service], ..Matching::any() })
    };
    let host = |address: &str| side(address, "0.0.0.0");
    let entries = [
        entry(Action::Permit, side("10.0.0.0", "0.255.255.255"), any(), Service::any()),
        entry(Action::Deny, side("10.1.0.0", "0.0.255.255"), any(), Service::tcp(Ports::only(22))),
        entry(Action::Permit, any(), host("192.0.2.1"), Service::tcp(Ports::between(80, 443))),
        entry(Action::Permit, any(), any(), Service::protocol(1)),
        entry(Action::Permit, any(), any(), Service::any()),
        entry(Action::Permit, host("198.51.100.1"), any(), Service::udp(Ports::only(53))),
        entry(Action::Permit, any(), any(), Service::any()),
        entry(Action::Permit, any(), any(), Service::tcp(Ports::only(443))),
    ];
    let mut list = List::new("EDGE", Vec::new());
    list.header = Some(source.span(lines[0]));
    for (entry, text) in entries.into_iter().zip(&lines[1..]) {
        list.lines.push(Line::new(&text[1..3], source.span(text), entry));
    }
    list.lines[2].entry.matching.timed = true;
    list.lines[2].time_window = Some("WORK");
    list.lines[4].entry.matching.exact = false;
    list.lines[4].unclear = vec![(Part::Sources, Why::not_understood("PARTNERS"))];
    list
}

/// Some columns of the rows of a list, as text: values, `-` for unset, `?` with the reason for unknown, and the lines of evidence.
fn rows(list: impl for<'a> FnOnce(&Host<'a>, &Source<'a>, List<'a>) -> List<'a>, columns: &[&str]) -> Vec<String> {
    with_list(|host, source, edge| {
        let mut tables = Tables::new(&Needed::all(0));
        push_rows(host, &mut tables, "test", &[list(host, source, edge)]);
        let facts = tables.finish();
        let number = schema::number("access-rules").expect("a table");
        let cell = |cells: &[Cell<'_>], column: &&str| {
            let cell = cells[ACCESS_RULES.find(column).expect("a column")];
            let lines = cell.evidence.iter().filter_map(|piece| match piece {
                Evidence::Decides(span) => Some(format!("{}", source.line(*span))),
                Evidence::Shadowed(span) => Some(format!("shadowed {}", source.line(*span))),
                Evidence::Reference(span) => Some(format!("reference {}", source.line(*span))),
                Evidence::Step(phrase, arguments, _) => Some(phrase.fill(Language::En, arguments)),
                _ => None,
            });
            let lines = lines.collect::<Vec<_>>().join("; ");
            match cell.state {
                State::Known(value) => format!("{value} ({lines})"),
                State::Unset => "-".to_owned(),
                State::Unknown(why, _) => format!("? {}: {} ({lines})", why.code, why.subject),
            }
        };
        facts.rows(number).iter().map(|row| columns.iter().map(|column| cell(row.cells, column)).collect::<Vec<_>>().join(" | ")).collect()
    })
}

#[test]
fn reach_is_told_with_the_lines_that_take_the_packets() {
    assert_eq!(
        rows(|_, _, list| list, &["reachable", "shadowed-by", "conflicts"]),
        [
            "true (2; a packet that reaches it: protocol 0, 10.0.0.0:0 > 0.0.0.0:0) | [] (2) | [] (2)",
            "false (3; shadowed 2) | [10] (3; shadowed 2) | [10] (3; shadowed 2)",
            "true (4; a packet that reaches it: protocol 6, 0.0.0.0:0 > 192.0.2.1:80) | [] (4) | [] (4)",
            "true (5; a packet that reaches it: protocol 1, 0.0.0.0:0 > 0.0.0.0:0) | [] (5) | [] (5)",
            "? not-understood: PARTNERS (6) | ? not-understood: PARTNERS (6) | ? not-understood: PARTNERS (6)",
            "? earlier-entry-not-exact: 50 (7; shadowed 6) | ? earlier-entry-not-exact: 50 (7; shadowed 6) | \
             ? earlier-entry-not-exact: 50 (7; shadowed 6)",
            "? earlier-entry-not-exact: 50 (8; shadowed 6) | ? earlier-entry-not-exact: 50 (8; shadowed 6) | \
             ? earlier-entry-not-exact: 50 (8; shadowed 6)",
            "false (9; shadowed 8) | [70] (9; shadowed 8) | [] (9)",
        ]
    );
}

#[test]
fn what_an_entry_matches_is_told_in_columns() {
    assert_eq!(
        rows(|_, _, list| list, &["entry", "action", "protocol", "sources", "ports", "any-any", "breadth"]),
        [
            "10 (2) | permit (2) | any (2) | [10.0.0.0/8] (2) | [any] (2) | false (2) | 16777216 (2)",
            "20 (3) | deny (3) | tcp (3) | [10.1.0.0/16] (3) | [22] (3) | false (3) | 0 (3)",
            "30 (4) | permit (4) | tcp (4) | [0.0.0.0/0] (4) | [80-443] (4) | false (4) | unlimited (4)",
            "40 (5) | permit (5) | icmp (5) | [0.0.0.0/0] (5) | [] (5) | false (5) | unlimited (5)",
            "50 (6) | permit (6) | any (6) | ? not-understood: PARTNERS (6) | [any] (6) | ? not-understood: PARTNERS (6) | ? not-understood: PARTNERS (6)",
            "60 (7) | permit (7) | udp (7) | [198.51.100.1/32] (7) | [53] (7) | false (7) | 1 (7)",
            "70 (8) | permit (8) | any (8) | [0.0.0.0/0] (8) | [any] (8) | true (8) | unlimited (8)",
            "80 (9) | permit (9) | tcp (9) | [0.0.0.0/0] (9) | [443] (9) | false (9) | unlimited (9)",
        ]
    );
}

#[test]
fn the_rest_comes_from_the_product() {
    let columns = ["enabled", "time-window", "expires", "comment", "applied-to", "logged", "applications"];
    let list = rows(
        |host, source, mut list| {
            list.lines.truncate(3);
            list.lines[0].logged = host.decided(Value::Boolean(true), source, "");
            list.lines[0].entry.enabled = false;
            list.lines[1].comment = Some(("no shells", list.lines[1].span));
            list.uses = Ok(vec![("vty", list.lines[2].span), ("interface-in", list.lines[2].span)]);
            list
        },
        &columns,
    );
    let used = "[interface-in, vty] ";
    assert_eq!(
        list,
        [
            format!("false (2) | - | never (2) | - | {used}(2; reference 4; reference 4) | true (1) | -"),
            format!("true (3) | - | never (3) | no shells (3) | {used}(3; reference 4; reference 4) | - | -"),
            format!("true (4) | WORK (4) | never (4) | - | {used}(4; reference 4; reference 4) | - | -"),
        ]
    );
    let none = rows(|_, _, list| list, &["applied-to"]);
    assert_eq!(none[0], "[none] (2)");
}

#[test]
fn halves_are_shown_together_and_a_disabled_entry_is_not_reached() {
    let columns = ["any-any", "reachable"];
    let list = rows(
        |_, _, mut list| {
            list.lines.truncate(3);
            list.lines[0].entry.enabled = false;
            for (at, half) in [(1, "0.0.0.0"), (2, "128.0.0.0")] {
                let sources = side(half, "127.255.255.255");
                list.lines[at].entry =
                    Entry::new(Action::Permit, Matching { sources, destinations: Addresses::any_four(), ..Matching::any() });
            }
            list
        },
        &columns,
    );
    assert_eq!(list[0], "false (2) | false (2)");
    assert!(list[2].starts_with("true (4; reference 3) | true (4"), "{}", list[2]);
}

#[test]
fn an_order_or_a_budget_that_is_missing_leaves_it_open() {
    let open = rows(
        |_, _, mut list| {
            list.order_unknown = Some(Why::not_understood("match-order auto"));
            list
        },
        &["reachable", "sources"],
    );
    assert_eq!(open[1], "? not-understood: match-order auto (3) | [10.1.0.0/16] (3)");
    let spent = rows(
        |host, _, list| {
            while host.spend(1_000) {}
            list
        },
        &["list", "entry", "action"],
    );
    assert_eq!(spent, ["EDGE (1) | ? budget-spent: EDGE () | ? budget-spent: EDGE ()"]);
}

#[test]
fn sources_that_get_through_are_a_cell() {
    let ssh = Matching { services: vec![Service::tcp(Ports::only(22))], ..Matching::any() };
    let text = |keep: usize, unmatched| {
        with_list(|host, source, mut list| {
            list.lines.truncate(keep);
            let cell = permitted(host, &list, &ssh, unmatched, &[Evidence::Decides(source.span(&source.text[..2]))]);
            match cell.state {
                State::Known(value) => value.to_string(),
                State::Unset => "-".to_owned(),
                State::Unknown(why, _) => format!("? {}", why.subject),
            }
        })
    };
    assert_eq!(text(4, Action::Deny), "[10.0.0.0/8]");
    assert_eq!(text(4, Action::Permit), "[0.0.0.0/0, ::/0]", "what is not matched gets through");
    assert_eq!(text(5, Action::Deny), "? PARTNERS");
    assert_eq!(text(7, Action::Deny), "[0.0.0.0/0]", "the group does not matter any more");
    assert_eq!(text(0, Action::Deny), "[]");
    let listed = with_list(|host, _, list| {
        let cell = permitted(host, &list, &ssh, Action::Deny, &[]);
        cell.evidence.iter().filter(|piece| matches!(piece, Evidence::Reference(_))).count()
    });
    assert_eq!(listed, 8, "the list's own line and the seven permits");
}

#[test]
fn what_a_list_costs_is_missing_for_the_next() {
    let left = |lists: usize| {
        with_list(|host, _, list| {
            let mut tables = Tables::new(&Needed::all(0));
            push_rows(host, &mut tables, "test", &vec![list; lists]);
            (0..).take_while(|_| host.spend(1)).count()
        })
    };
    let steps = with_list(|_, _, list| {
        let entries: Vec<Entry<'_>> = list.lines.into_iter().map(|line| line.entry).collect();
        access_list::judge(&entries, Bounds::default()).steps + access_list::any_any(&entries, Bounds::default()).1
    });
    // Eight entries, a block for each side of each but the one that is not known, and the steps.
    let cost = 8 + 15 + (steps / STEPS_FOR_ONE) as usize;
    assert!(steps >= STEPS_FOR_ONE);
    assert_eq!((left(0) - left(1), left(1) - left(2)), (cost, cost));
}
