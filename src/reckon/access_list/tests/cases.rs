//! Lists as administrators write them, with what the platforms' documentation says of them.

use super::*;

fn permit(sources: &str, destinations: &str, service: Service) -> Entry<'static> {
    Entry::new(Action::Permit, matching(sources, destinations, vec![service]))
}

fn deny(sources: &str, destinations: &str, service: Service) -> Entry<'static> {
    Entry::new(Action::Deny, matching(sources, destinations, vec![service]))
}

fn reaches(entries: &[Entry<'static>]) -> Vec<Reach<'static>> {
    judge(entries, Bounds::default()).reaches
}

#[test]
fn a_denial_behind_its_permit_is_a_conflict_and_a_copy_is_redundant() {
    let entries = [
        permit("10.0.0.0/8", "any", Service::any()),
        deny("10.1.0.0/16", "any", Service::tcp(Ports::only(22))),
        permit("10.2.0.0/16", "any", Service::udp(Ports::any())),
        permit("any", "any", Service::tcp(Ports::only(443))),
    ];
    let reaches = reaches(&entries);
    assert_eq!(reaches[1], Reach::Shadowed { by: vec![0], conflicts: vec![0], conflicts_known: true });
    assert_eq!(reaches[2], Reach::Shadowed { by: vec![0], conflicts: vec![], conflicts_known: true });
    let Reach::Reached { witness, partly: true } = &reaches[3] else { panic!("reached") };
    assert_eq!(witness.to_string(), "protocol 6, 0.0.0.0:0 > 0.0.0.0:443");
}

#[test]
fn established_covers_ack_and_leaves_new_connections() {
    let flags = |words: &[&'static str]| Matching {
        restrictions: vec![(Aspect::TcpFlags, words.to_vec())],
        ..matching("any", "any", vec![Service::tcp(Ports::any())])
    };
    let entries = [
        Entry::new(Action::Permit, flags(&["ack", "rst"])),
        Entry::new(Action::Permit, flags(&["ack"])),
        deny("any", "any", Service::any()),
    ];
    let reaches = reaches(&entries);
    assert!(matches!(reaches[1], Reach::Shadowed { .. }));
    assert!(matches!(reaches[2], Reach::Reached { partly: true, .. }));
    let new = Matching { restrictions: vec![(Aspect::TcpFlags, vec!["syn"])], ..Matching::any() };
    let sources = permitted_sources(&entries, &new, Action::Deny, Bounds::default()).expect("small");
    assert!(sources.possibly.is_empty(), "no new connection gets through");
}

#[test]
fn conditions_times_and_what_was_not_understood() {
    let all = || matching("any", "any", vec![Service::any()]);
    let with = |change: fn(&mut Matching<'static>)| {
        let mut matching = all();
        change(&mut matching);
        let entries = [Entry::new(Action::Deny, matching), permit("10.0.0.0/8", "any", Service::any())];
        reaches(&entries).pop().expect("two")
    };
    assert!(matches!(with(|_| {}), Reach::Shadowed { .. }));
    assert!(matches!(with(|matching| matching.also = vec!["dscp ef"]), Reach::Reached { partly: false, .. }));
    assert!(matches!(with(|matching| matching.timed = true), Reach::Reached { .. }));
    assert_eq!(with(|matching| matching.exact = false), Reach::Undetermined(Because::Entry(0)));
    let entries = [
        permit("any", "any", Service::any()),
        Entry::new(Action::Deny, Matching::unreadable()),
        permit("10.0.0.0/8", "any", Service::any()),
    ];
    assert!(
        matches!(reaches(&entries)[..], [_, Reach::Undetermined(Because::Itself), Reach::Shadowed { .. }]),
        "IPv6 may reach the second"
    );
}

#[test]
fn families_are_two_worlds() {
    let six = |block: &str| Matching { sources: network(block), destinations: Addresses::any_six(), ..Matching::any() };
    let entries = [
        permit("any", "any", Service::any()),
        Entry::new(Action::Deny, six("::/1")),
        Entry::new(Action::Deny, six("8000::/1")),
        Entry::new(Action::Permit, six("2001:db8::/32")),
        Entry::new(Action::Permit, Matching::any()),
    ];
    let reaches = reaches(&entries);
    assert!(matches!(reaches[1], Reach::Reached { partly: false, .. }));
    assert_eq!(reaches[3], Reach::Shadowed { by: vec![1], conflicts: vec![1], conflicts_known: true });
    assert_eq!(reaches[4], Reach::Shadowed { by: vec![0, 1, 2], conflicts: vec![1, 2], conflicts_known: true });
}

#[test]
fn everything_in_one_entry_or_in_halves() {
    let wide = |entries: &[Entry<'static>]| any_any(entries, Bounds::default());
    assert_eq!(wide(&[permit("any", "any", Service::any())]), [Wide::Alone]);
    assert_eq!(wide(&[permit("any", "any", Service::tcp(Ports::any()))]), [Wide::Alone]);
    assert_eq!(wide(&[permit("any", "any", Service::protocol(89)), deny("any", "any", Service::any())]), [Wide::No, Wide::No]);
    assert_eq!(wide(&[permit("any", "10.0.0.1/32", Service::any())]), [Wide::No]);
    let halves = [
        permit("10.0.0.0/8", "any", Service::any()),
        permit("0.0.0.0/1", "any", Service::any()),
        deny("any", "any", Service::protocol(89)),
        permit("128.0.0.0/1", "any", Service::any()),
        permit("172.16.0.0/12", "any", Service::any()),
    ];
    assert_eq!(wide(&halves), [Wide::No, Wide::No, Wide::No, Wide::Together(vec![1, 3]), Wide::No]);
    let mut unknown = halves.clone();
    unknown[1].matching.exact = false;
    assert_eq!(wide(&unknown)[3], Wide::Undetermined);
    let ports = [permit("any", "any", Service::tcp(Ports::below(1024))), permit("any", "any", Service::tcp(Ports::above(1023)))];
    assert_eq!(wide(&ports)[1], Wide::Together(vec![0, 1]));
    let zone = |word| (Aspect::ZoneFrom, vec![word]);
    let mut zones = halves.clone();
    zones[1].matching.restrictions = vec![zone("trust")];
    zones[3].matching.restrictions = vec![zone("dmz")];
    assert_eq!(wide(&zones)[3], Wide::No, "each half comes from another zone");
    zones[3].matching.restrictions = vec![zone("trust")];
    assert_eq!(wide(&zones)[3], Wide::Together(vec![1, 3]));
}

#[test]
fn depth_first_order_is_given_where_it_is_documented() {
    let tcp = |port| Service::tcp(Ports::only(port));
    let entries = [
        deny("any", "any", Service::any()),
        permit("10.0.0.0/8", "any", Service::any()),
        permit("10.1.1.1/32", "any", Service::any()),
        permit("any", "10.9.0.0/16", tcp(22)),
    ];
    let order = |entries: &[Entry<'static>], documented| depth_first(entries, |_| false, documented);
    assert_eq!(order(&entries, DepthFirst::Comware), Some(vec![3, 2, 1, 0]), "a particular protocol first, then the narrower source");
    assert_eq!(order(&entries, DepthFirst::Unsure), None, "without the step for protocols 10.1.1.1 would be first");
    assert_eq!(order(&entries[..3], DepthFirst::Unsure), Some(vec![2, 1, 0]));
    assert_eq!(depth_first(&entries[..3], |at| at == 0, DepthFirst::Comware), Some(vec![0, 2, 1]), "a VPN instance goes before all");
    let tied = [permit("any", "10.0.0.0/8", tcp(22)), deny("any", "10.0.0.0/8", tcp(22))];
    assert_eq!(order(&tied, DepthFirst::Comware), None, "equal ranks that meet: number or time of configuration decides");
    let apart = [permit("10.0.0.1/32", "any", tcp(22)), deny("10.0.0.2/32", "any", tcp(22))];
    assert_eq!(order(&apart, DepthFirst::Comware), Some(vec![0, 1]), "equal ranks that do not meet: it does not matter");
    let ports = [
        permit("any", "any", Service::tcp(Ports::between(1, 100))),
        deny("any", "any", tcp(22).from(Ports::any())),
        deny("any", "any", tcp(22).from(Ports::only(5))),
    ];
    assert_eq!(order(&ports, DepthFirst::Comware), Some(vec![2, 1, 0]));
}
