//! Access lists of any platform, translated by their product, into rows of the neutral table `access-rules`.
//!
//! A product that has read its lists makes one [`List`] for each, in the order in which the device asks the entries, and calls
//! [`push_rows`]; [`permitted`] gives the cell `sources` of `remote-access` for a service that a list guards. How an entry is
//! translated is said in [`crate::reckon::access_list`]. What belongs to the product: expanding groups (with
//! [`crate::reckon::access_list::groups`]), finding where a list is used, a gap row where entries could be missing, and a row of
//! `references` for a list that is used and not defined.
//!
//! | what the configuration says | what the product gives |
//! | --- | --- |
//! | an entry | a [`Line`] with its number or name, its line, and its [`Entry`] |
//! | members of groups | their lines in [`Line::references`] |
//! | a host name, a dynamic object, an undefined group, a mask of scattered bits | the side at its widest, `exact` cleared, and the side with the reason in [`Line::unclear`] |
//! | an entry that was not understood | `Matching::unreadable()`, `Action::Unknown`, and [`Part::Everything`] with the reason |
//! | `inactive`, `disable`, `deactivate` | `enabled: false` |
//! | a time range | `timed`, and its name in [`Line::time_window`]; one that is over: [`Line::expires`] |
//! | `match-order auto` | the entries sorted by [`crate::reckon::access_list::depth_first`]; where that is none, a reason in [`List::order_unknown`] |

mod cells;
#[cfg(test)]
mod tests;

use crate::facts::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use crate::reckon::access_list::{self, Action, Bounds, Entry, Judged, Matching, Sources, Wide};
use crate::schema::neutral::ACCESS_RULES;
use crate::source::Span;

/// Steps of judging a list that cost one step of the asset's budget: these are comparisons of numbers, those are files and rows.
const STEPS_FOR_ONE: u64 = 4;

/// The most entries that are named or shown beside one.
const SHOWN_MOST: usize = 16;

/// A part of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where packets come from.
    Sources,
    /// Where they go to.
    Destinations,
    /// Protocols and ports.
    Services,
    /// Applications.
    Applications,
    /// Any of it, the action included.
    Everything,
}

/// One entry of a list, with what the table says of it besides what it matches.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Its own number or name; content, not a position.
    pub name: &'a str,
    /// Its line in the configuration.
    pub span: Span,
    /// What it does to which packets.
    pub entry: Entry<'a>,
    /// The default that gives it its action, where its line names none.
    pub action_default: Option<&'static Documented>,
    /// Parts that are not exactly known, and why; not empty wherever the matching is not exact.
    pub unclear: Vec<(Part, Why<'a>)>,
    /// Lines of groups and their members that it names.
    pub references: Vec<Span>,
    /// Whether matches are logged, with its evidence; [`Cell::NONE`] where the platform's entries cannot log.
    pub logged: Cell<'a>,
    /// The name of its time range or schedule.
    pub time_window: Option<&'a str>,
    /// Its comment, and where that stands.
    pub comment: Option<(&'a str, Span)>,
    /// The last day on which it is in force, where its time range has one; [`Cell::NONE`] where it has no end.
    pub expires: Cell<'a>,
}

impl<'a> Line<'a> {
    /// An entry of which everything is known, without a time range, a comment or logging.
    pub fn new(name: &'a str, span: Span, entry: Entry<'a>) -> Line<'a> {
        Line {
            name,
            span,
            entry,
            action_default: None,
            unclear: Vec::new(),
            references: Vec::new(),
            logged: Cell::NONE,
            time_window: None,
            comment: None,
            expires: Cell::NONE,
        }
    }
}

/// An ordered list of entries.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Its number or name; where two families have lists of the same name, told apart: `ipv6 MANAGEMENT`.
    pub name: &'a str,
    /// The line that opens it, where it has one.
    pub header: Option<Span>,
    /// Its entries, in the order in which they are asked.
    pub lines: Vec<Line<'a>>,
    /// Why that order is not known, where it is not.
    pub order_unknown: Option<Why<'a>>,
    /// Where it is used: words of the column `applied-to` (never `none`) and the lines that say so; or why that is not known.
    pub uses: Result<Vec<(&'static str, Span)>, Why<'a>>,
    /// Whether the platform's entries tell applications apart.
    pub tells_applications: bool,
}

impl<'a> List<'a> {
    /// A list that is used nowhere, its entries in order.
    pub fn new(name: &'a str, lines: Vec<Line<'a>>) -> List<'a> {
        List { name, header: None, lines, order_unknown: None, uses: Ok(Vec::new()), tells_applications: false }
    }
}

/// Judges lists and adds a row for each of their entries; what goes beyond the asset's budget becomes a gap row of the list.
pub fn push_rows<'a>(host: &Host<'a>, tables: &mut Tables<'a>, product: &'static str, lists: &[List<'a>]) {
    if !tables.wants(&ACCESS_RULES) {
        return;
    }
    for list in lists {
        if !push_list(host, tables, product, list) {
            let mut row = host.gap(&ACCESS_RULES, product, Why::budget_spent(list.name));
            row.set(const { ACCESS_RULES.column("list") }, Cell::known(Value::Text(list.name), cells::header(host, list)));
            tables.push(row);
        }
    }
}

/// Adds the rows of one list; false where the budget does not suffice.
fn push_list<'a>(host: &Host<'a>, tables: &mut Tables<'a>, product: &'static str, list: &List<'a>) -> bool {
    if !host.spend(list.lines.len() as u64) {
        return false;
    }
    let entries: Vec<Entry<'a>> = list.lines.iter().map(|line| line.entry.clone()).collect();
    let judged = access_list::judge(&entries, Bounds::default());
    let (wide, steps) = access_list::any_any(&entries, Bounds::default());
    // The list was judged within its own bound; what it cost is missing for the next.
    host.spend((judged.steps + steps) / STEPS_FOR_ONE);
    let rows = Rows { host, list, judged: &judged, wide: &wide };
    for at in 0..list.lines.len() {
        let mut row = host.row(&ACCESS_RULES, product);
        rows.fill(at, &mut row);
        tables.push(row);
    }
    true
}

/// What the rows of one list are made of.
struct Rows<'l, 'a> {
    host: &'l Host<'a>,
    list: &'l List<'a>,
    judged: &'l Judged<'a>,
    wide: &'l [Wide],
}

/// The sources that get through entries towards something, charged to the asset; none where a bound was hit.
pub(in crate::facts) fn through(host: &Host<'_>, entries: &[Entry<'_>], towards: &Matching<'_>, unmatched: Action) -> Option<Sources> {
    let (sources, steps) = access_list::permitted_sources(entries, towards, unmatched, Bounds::default());
    host.spend(steps / STEPS_FOR_ONE);
    sources
}

/// The sources from which a packet of `towards` gets through a list, as a list of networks, with the entries that permit as evidence.
///
/// `unmatched` decides about packets that no entry matches, as [`access_list::permitted_sources`] says. `evidence` comes first: the
/// line that applies the list. Unknown where an entry is not exact and it matters, or where the order is not known.
pub fn permitted<'a>(host: &Host<'a>, list: &List<'a>, towards: &Matching<'_>, unmatched: Action, evidence: &[Evidence<'a>]) -> Cell<'a> {
    let lines = || list.lines.iter().filter(|line| line.entry.enabled);
    let permits = lines().filter(|line| line.entry.action == Action::Permit).take(SHOWN_MOST);
    let mut pieces = evidence.to_vec();
    pieces.extend(list.header.map(Evidence::Reference));
    pieces.extend(permits.map(|line| Evidence::Reference(line.span)));
    let pieces = host.evidence(&pieces);
    if let Some(why) = list.order_unknown {
        return Cell::unknown(why, pieces);
    }
    let entries: Vec<Entry<'a>> = list.lines.iter().map(|line| line.entry.clone()).collect();
    let spent = Why::budget_spent(list.name);
    if !host.spend(entries.len() as u64) {
        return Cell::unknown(spent, pieces);
    }
    let sources = through(host, &entries, towards, unmatched);
    match sources {
        None => Cell::unknown(spent, pieces),
        Some(sources) if sources.surely == sources.possibly => cells::networks(host, &sources.surely, spent, pieces),
        Some(_) => {
            let why = lines().find_map(|line| line.unclear.first()).map_or(Why::not_understood(list.name), |(_, why)| *why);
            Cell::unknown(why, pieces)
        }
    }
}
