//! Lists that are hard to judge, and bounds that end the work: never a wrong answer.

use super::*;

/// A square grid of permits that together are everything, but for a hole, and a last permit of everything.
fn grid(side: u32, hole: Option<(u32, u32)>) -> Vec<Entry<'static>> {
    let run = |at: u32| {
        let width = u32::MAX / side + 1;
        let low = at * width;
        let high = if at == side - 1 { u32::MAX } else { low + width - 1 };
        Addresses::between(Ipv4Addr::from(low).into(), Ipv4Addr::from(high).into())
    };
    let cells = (0..side).flat_map(|row| (0..side).map(move |column| (row, column))).filter(|cell| Some(*cell) != hole);
    let cell = |(row, column)| Entry::new(Action::Permit, Matching { sources: run(row), destinations: run(column), ..Matching::any() });
    cells.map(cell).chain([Entry::new(Action::Permit, matching("any", "any", vec![Service::any()]))]).collect()
}

#[test]
fn a_union_of_ten_thousand_covers_the_last() {
    let entries = grid(100, None);
    let judged = judge(&entries, Bounds::default());
    let Some(Reach::Shadowed { by, conflicts, conflicts_known: true }) = judged.reaches.last() else { panic!("shadowed") };
    assert_eq!((by.len(), conflicts.len()), (10_000, 0));
    assert!(judged.reaches[..10_000].iter().all(|reach| matches!(reach, Reach::Reached { partly: false, .. })));
}

#[test]
fn one_hole_lets_a_packet_through() {
    let entries = grid(100, Some((57, 3)));
    let judged = judge(&entries, Bounds::default());
    let Some(Reach::Reached { witness, partly: true }) = judged.reaches.last() else { panic!("reached") };
    let inside =
        |entry: &&Entry<'_>| entry.matching.sources.holds(witness.source) && entry.matching.destinations.holds(witness.destination);
    assert_eq!(entries.iter().filter(inside).count(), 1, "only the last entry holds {witness}");
}

#[test]
fn a_bound_leaves_it_open() {
    let entries = grid(20, None);
    let judged = judge(&entries, Bounds { entry_steps: 100, ..Bounds::default() });
    assert_eq!(judged.reaches.last(), Some(&Reach::Undetermined(Because::Bound)));
    assert!(matches!(judged.reaches[399], Reach::Reached { .. }), "an easy entry is still judged");
    let judged = judge(&entries, Bounds { list_steps: 10, ..Bounds::default() });
    assert_eq!(judged.reaches[399], Reach::Undetermined(Because::Bound), "the list's bound ends the rest");
    let permits = entries[..400].to_vec();
    assert_eq!(any_any(&permits, Bounds { entry_steps: 10, ..Bounds::default() })[399], Wide::Undetermined);
    assert_eq!(any_any(&permits, Bounds::default())[399], Wide::Together((0..400).collect()));
    let towards = Matching::any();
    assert_eq!(permitted_sources(&entries, &towards, Action::Deny, Bounds { list_steps: 10, ..Bounds::default() }), None);
}

#[test]
fn an_entry_of_too_many_boxes_is_open_and_shadows_nothing() {
    let scattered =
        |start: u32| Addresses::of_runs((0..300).map(|at| (start + 4 * at).into()).map(|at: u128| (at, at)).collect(), Vec::new());
    let wide = Matching { sources: scattered(0), destinations: scattered(1 << 20), ..Matching::any() };
    let narrow = Matching { sources: host(4), destinations: host((1 << 20) + 4), ..Matching::any() };
    let entries = [Entry::new(Action::Deny, wide), Entry::new(Action::Permit, narrow)];
    let judged = judge(&entries, Bounds::default());
    assert_eq!(judged.reaches, [Reach::Undetermined(Because::Bound), Reach::Undetermined(Because::Entry(0))]);
}

/// Entries as they stand in real lists: a few services, hosts and networks of a bank, some wide ones, half of them permits.
pub(super) fn realistic(count: usize, seed: u64) -> Vec<Entry<'static>> {
    let mut dice = Dice(seed);
    let side = |dice: &mut Dice| {
        let base = 0x0a00_0000 | ((dice.roll(64) as u32) << 16) | ((dice.roll(256) as u32) << 8) | dice.roll(256) as u32;
        let bits = [32, 32, 32, 24, 24, 16, 8, 0][dice.roll(8) as usize];
        let mask = if bits == 0 { 0 } else { u32::MAX << (32 - bits) };
        Addresses::between(Ipv4Addr::from(base & mask).into(), Ipv4Addr::from(base & mask | !mask).into())
    };
    let entry = |dice: &mut Dice| {
        let service = match dice.roll(8) {
            0 => Service::any(),
            1 => Service::tcp(Ports::any()),
            2 => Service::icmp(dice.roll(20) as u8, None),
            3 => Service::udp(Ports::only([53, 123, 161, 514][dice.roll(4) as usize])),
            4 => Service::tcp(Ports::between(1024, 1024 + dice.roll(60_000) as u16)),
            _ => Service::tcp(Ports::only([22, 80, 443, 1433, 1521, 3306, 3389, 8080][dice.roll(8) as usize])),
        };
        let action = if dice.roll(2) == 0 { Action::Permit } else { Action::Deny };
        // A fully open entry would end the list's story early.
        let (sources, destinations) = loop {
            let (sources, destinations) = (side(dice), side(dice));
            if sources != Addresses::any_four() || destinations != Addresses::any_four() {
                break (sources, destinations);
            }
        };
        Entry::new(action, Matching { sources, destinations, services: vec![service], ..Matching::any() })
    };
    (0..count).map(|_| entry(&mut dice)).collect()
}

#[test]
fn long_lists_are_judged_within_their_bounds() {
    let entries = realistic(2_000, 7);
    let judged = judge(&entries, Bounds::default());
    let open = judged.reaches.iter().filter(|reach| matches!(reach, Reach::Undetermined(_))).count();
    let shadowed = judged.reaches.iter().filter(|reach| matches!(reach, Reach::Shadowed { .. })).count();
    assert!(open == 0 && shadowed > 100, "{open} open, {shadowed} shadowed");
    assert!(judged.steps < 200_000, "{} steps", judged.steps);
}
