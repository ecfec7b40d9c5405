//! One entry and what was judged of it into the cells of its row.

use super::{Line, List, Part, Rows, SHOWN_MOST};
use crate::facts::{Cell, Evidence, Host, RowBuilder, Value, Why};
use crate::names::Phrase;
use crate::reckon::access_list::{Action, Aspect, Because, Reach, Service, Wide};
use crate::reckon::network::Addresses;
use crate::schema::neutral::ACCESS_RULES;

static WITNESS: Phrase = Phrase { zh: "可到达该条的报文示例：{}", en: "a packet that reaches it: {}" };
static EARLIER: Phrase = Phrase {
    zh: "在前的条目 {} 匹配范围未知，可能截走其报文",
    en: "the earlier entry {} may take its packets; what it matches is not exactly known",
};

impl<'a> Rows<'_, 'a> {
    /// Fills the row of one entry.
    pub(super) fn fill(&self, at: usize, row: &mut RowBuilder<'a>) {
        let line = &self.list.lines[at];
        let own = self.evidence(line, &[]);
        let known = |value| Cell::known(value, own);
        row.set(const { ACCESS_RULES.column("list") }, known(Value::Text(self.list.name)));
        row.set(const { ACCESS_RULES.column("entry") }, known(Value::Text(line.name)));
        row.set(const { ACCESS_RULES.column("action") }, self.action(line));
        row.set(const { ACCESS_RULES.column("enabled") }, known(Value::Boolean(line.entry.enabled)));
        row.set(const { ACCESS_RULES.column("logged") }, line.logged);
        let window = line.time_window.map_or(Cell::unset(own), |name| known(Value::Text(name)));
        row.set(const { ACCESS_RULES.column("time-window") }, window);
        let ends = if line.expires == Cell::NONE { known(Value::Never) } else { line.expires };
        row.set(const { ACCESS_RULES.column("expires") }, ends);
        let comment = line.comment.map_or(Cell::unset(own), |(text, span)| {
            Cell::known(Value::Text(text), self.host.evidence(&[Evidence::Decides(span), Evidence::Scope(line.span)]))
        });
        row.set(const { ACCESS_RULES.column("comment") }, comment);
        row.set(const { ACCESS_RULES.column("applied-to") }, self.uses(line));
        self.fill_matching(line, row);
        row.set(const { ACCESS_RULES.column("any-any") }, self.any_any(at));
        self.fill_reach(at, row);
    }

    /// The entry's line, the line that opens the list, the groups it names, and more.
    fn evidence(&self, line: &Line<'a>, more: &[Evidence<'a>]) -> &'a [Evidence<'a>] {
        let mut pieces = vec![Evidence::Decides(line.span)];
        pieces.extend(more);
        pieces.extend(self.list.header.map(Evidence::Scope));
        self.host.evidence(&pieces)
    }

    fn action(&self, line: &Line<'a>) -> Cell<'a> {
        let default = line.action_default.map(Evidence::Default);
        let own = self.evidence(line, default.as_slice());
        match line.entry.action {
            Action::Permit => Cell::known(Value::Word("permit"), own),
            Action::Deny => Cell::known(Value::Word("deny"), own),
            Action::Other => Cell::known(Value::Word("other"), own),
            Action::Unknown => Cell::unknown(unclear(line), own),
        }
    }

    fn uses(&self, line: &Line<'a>) -> Cell<'a> {
        match &self.list.uses {
            Err(why) => Cell::unknown(*why, self.evidence(line, &[])),
            Ok(uses) if uses.is_empty() => self.words(line, &[Value::Word("none")], &[]),
            Ok(uses) => {
                let mut words: Vec<&'static str> = uses.iter().map(|(word, _)| *word).collect();
                words.sort_unstable();
                words.dedup();
                let words: Vec<Value<'a>> = words.into_iter().map(Value::Word).collect();
                let spans: Vec<Evidence<'a>> = uses.iter().take(SHOWN_MOST).map(|(_, span)| Evidence::Reference(*span)).collect();
                self.words(line, &words, &spans)
            }
        }
    }

    /// A list that the entry's line decides.
    fn words(&self, line: &Line<'a>, words: &[Value<'a>], more: &[Evidence<'a>]) -> Cell<'a> {
        Cell::known(Value::List(self.host.arena().alloc_slice_copy(words)), self.evidence(line, more))
    }

    /// Fills the columns that say what the entry matches.
    fn fill_matching(&self, line: &Line<'a>, row: &mut RowBuilder<'a>) {
        let matching = &line.entry.matching;
        let references: Vec<Evidence<'a>> = line.references.iter().take(SHOWN_MOST).map(|span| Evidence::Reference(*span)).collect();
        let own = self.evidence(line, &references);
        let spent = Why::budget_spent(self.list.name);
        let when_clear = |part, cell: &dyn Fn() -> Cell<'a>| match part_unclear(line, part) {
            Some(why) => Cell::unknown(why, own),
            None => cell(),
        };
        let side = |part, addresses| when_clear(part, &|| networks(self.host, addresses, spent, own));
        row.set(const { ACCESS_RULES.column("sources") }, side(Part::Sources, &matching.sources));
        row.set(const { ACCESS_RULES.column("destinations") }, side(Part::Destinations, &matching.destinations));
        let texts = |texts: Vec<String>| {
            let texts: Vec<&'a str> = texts.iter().map(|text| self.host.text(text)).collect();
            Cell::known(self.host.texts(&texts), own)
        };
        let protocol = || Cell::known(Value::Text(self.host.text(&protocols(&matching.services))), own);
        row.set(const { ACCESS_RULES.column("protocol") }, when_clear(Part::Services, &protocol));
        row.set(const { ACCESS_RULES.column("ports") }, when_clear(Part::Services, &|| texts(ports(&matching.services))));
        let breadth = if line.entry.action == Action::Permit && line.entry.enabled {
            when_clear(Part::Sources, &|| Cell::known(breadth(&matching.sources), own))
        } else if line.entry.action == Action::Unknown {
            Cell::unknown(unclear(line), own)
        } else {
            Cell::known(Value::Integer(0), own)
        };
        row.set(const { ACCESS_RULES.column("breadth") }, breadth);
        if self.list.tells_applications {
            let words = matching.words(Aspect::Application);
            let named = || words.map_or(vec!["any".to_owned()], |words| words.iter().map(|word| (*word).to_owned()).collect());
            row.set(const { ACCESS_RULES.column("applications") }, when_clear(Part::Applications, &|| texts(named())));
        }
    }

    /// Whether the entry permits everything, alone or with permits before it.
    fn any_any(&self, at: usize) -> Cell<'a> {
        let line = &self.list.lines[at];
        let own = self.evidence(line, &[]);
        match &self.wide[at] {
            Wide::No => Cell::known(Value::Boolean(false), own),
            Wide::Alone => Cell::known(Value::Boolean(true), own),
            Wide::Together(others) => {
                let others = others.iter().filter(|other| **other != at).take(SHOWN_MOST);
                let others: Vec<Evidence<'a>> = others.map(|other| Evidence::Reference(self.list.lines[*other].span)).collect();
                Cell::known(Value::Boolean(true), self.evidence(line, &others))
            }
            Wide::Undetermined => {
                let earlier = self.list.lines[..=at].iter().find_map(|line| line.unclear.first());
                Cell::unknown(earlier.map_or(Why::budget_spent(self.list.name), |(_, why)| *why), own)
            }
        }
    }

    /// Fills the columns about what earlier entries leave of it.
    fn fill_reach(&self, at: usize, row: &mut RowBuilder<'a>) {
        let line = &self.list.lines[at];
        let (reachable, by, conflicts) = match (&self.judged.reaches[at], self.list.order_unknown) {
            (Reach::Never, _) => {
                let nobody = self.words(line, &[], &[]);
                (Cell::known(Value::Boolean(false), self.evidence(line, &[])), nobody, nobody)
            }
            (_, Some(why)) => [Cell::unknown(why, self.evidence(line, &[])); 3].into(),
            (Reach::Reached { witness, .. }, None) => {
                let text = self.host.text(&witness.to_string());
                let step = Evidence::Step(&WITNESS, self.host.arena().alloc_slice_copy(&[text]), None);
                let nobody = self.words(line, &[], &[]);
                (Cell::known(Value::Boolean(true), self.evidence(line, &[step])), nobody, nobody)
            }
            (Reach::Shadowed { by, conflicts, conflicts_known }, None) => {
                let shadowed = Cell::known(Value::Boolean(false), self.evidence(line, &self.shown(by)));
                let unknown = Cell::unknown(Why::budget_spent(self.list.name), self.evidence(line, &[]));
                let conflicts =
                    if *conflicts_known || !conflicts.is_empty() { self.named(line, conflicts, *conflicts_known) } else { unknown };
                (shadowed, self.named(line, by, true), conflicts)
            }
            (Reach::Undetermined(because), None) => {
                [Cell::unknown(self.why(line, *because), self.evidence(line, &self.shown(&earlier(*because)))); 3].into()
            }
        };
        row.set(const { ACCESS_RULES.column("reachable") }, reachable);
        row.set(const { ACCESS_RULES.column("shadowed-by") }, by);
        row.set(const { ACCESS_RULES.column("conflicts") }, conflicts);
    }

    /// Earlier entries as evidence.
    fn shown(&self, places: &[usize]) -> Vec<Evidence<'a>> {
        places.iter().take(SHOWN_MOST).map(|place| Evidence::Shadowed(self.list.lines[*place].span)).collect()
    }

    /// Earlier entries by name; with an element that is not known where there may be more.
    fn named(&self, line: &Line<'a>, places: &[usize], all: bool) -> Cell<'a> {
        let names = places.iter().take(SHOWN_MOST).map(|place| Value::Text(self.list.lines[*place].name));
        let names: Vec<Value<'a>> = names.chain((!all).then_some(Value::Opaque("?"))).collect();
        self.words(line, &names, &self.shown(places))
    }

    /// Why it is not known what becomes of an entry.
    fn why(&self, line: &Line<'a>, because: Because) -> Why<'a> {
        match because {
            Because::Bound => Why::budget_spent(self.list.name),
            Because::Itself => unclear(line),
            Because::Entry(place) => Why::new("earlier-entry-not-exact", &EARLIER, self.list.lines[place].name),
        }
    }
}

/// The line that opens a list, as evidence.
pub(super) fn header<'a>(host: &Host<'a>, list: &List<'a>) -> &'a [Evidence<'a>] {
    host.evidence(list.header.map(Evidence::Decides).as_slice())
}

/// A set of addresses as a list of blocks; unknown where the asset's budget does not suffice to list them.
pub(super) fn networks<'a>(host: &Host<'a>, addresses: &Addresses, spent: Why<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let blocks = addresses.blocks();
    if !host.spend(blocks.len() as u64) {
        return Cell::unknown(spent, evidence);
    }
    Cell::known(Value::List(host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network))), evidence)
}

/// The entry that is in the way, if one is.
fn earlier(because: Because) -> Vec<usize> {
    match because {
        Because::Entry(place) => vec![place],
        Because::Bound | Because::Itself => Vec::new(),
    }
}

/// Why a part of an entry is not exactly known, if it is not; of an entry that is not exact and does not say where, no part is.
fn part_unclear<'a>(line: &Line<'a>, part: Part) -> Option<Why<'a>> {
    if line.unclear.is_empty() && !line.entry.matching.exact {
        return Some(unclear(line));
    }
    line.unclear.iter().find(|(unclear, _)| *unclear == part || *unclear == Part::Everything).map(|(_, why)| *why)
}

/// Why an entry is not exactly known.
fn unclear<'a>(line: &Line<'a>) -> Why<'a> {
    line.unclear.first().map_or(Why::not_understood(line.name), |(_, why)| *why)
}

/// The protocols of an entry, each once.
fn protocols(services: &[Service]) -> String {
    let mut names: Vec<String> = services.iter().map(Service::protocol_name).collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().any(|name| name == "any") { "any".to_owned() } else { names.join(",") }
}

/// The destination ports of an entry: numbers and ranges, `any`, or nothing for protocols without ports.
fn ports(services: &[Service]) -> Vec<String> {
    let with_ports = || services.iter().filter(|service| service.has_ports() || service.is_any());
    if with_ports().any(|service| service.destination_ports.is_any()) {
        return vec!["any".to_owned()];
    }
    let mut runs: Vec<(u16, u16)> = with_ports().flat_map(|service| service.destination_ports.runs()).copied().collect();
    runs.sort_unstable();
    runs.dedup();
    runs.into_iter().map(|(low, high)| if low == high { low.to_string() } else { format!("{low}-{high}") }).collect()
}

/// How wide a set of sources is.
fn breadth(sources: &Addresses) -> Value<'static> {
    let all = sources.covers(&Addresses::any_four()) || sources.covers(&Addresses::any_six());
    match i64::try_from(sources.breadth()) {
        Ok(count) if !all => Value::Integer(count),
        _ => Value::Unlimited,
    }
}
