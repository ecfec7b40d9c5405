//! The configuration of a network device into cells: what a line decides, what a default says, and what a cut leaves unknown.
//!
//! # For authors of products
//!
//! A product of a network platform lives in `facts/<platform>.rs` and a folder beside it, a file per table that it fills. It begins with
//! [`Device::of`] and asks the tree (see [`crate::parse::tree`]). Then:
//!
//! * a value that a line shows is [`Device::decided`], several lines [`Device::decided_by`];
//! * a value that holds because nothing is written is [`Device::defaulted`] with the vendor's page; where it depends on a version or
//!   model that is not shown, [`Device::depends`] names the candidates; where no primary source documents it, [`Device::undocumented`];
//! * that nothing of a kind is written is [`Device::absent`], or [`Device::known_absence`] for a value that follows from it.
//!
//! All of those but the first two are unknown where the configuration may go on beyond what was received: a cut capture proves no
//! absence. Rows that could stand behind the cut, and statements there that say otherwise of rows that are shown, have one gap row per
//! table: [`Device::note_cut`] takes every table that the product fills.

use super::super::settings::{self, Readings};
use super::super::{Cell, Documented, Evidence, Host, Seen, State, Tables, Value, Why};
use super::DeviceConfig;
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::source::Span;

static FILTERED: Phrase = Phrase {
    zh: "发往 {} 的日志经过过滤，哪些被滤掉需要人工核对",
    en: "what is sent to {} passes a filter, and which messages it drops is not worked out here",
};

/// The configuration of a device and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Device<'h, 'a> {
    /// The asset.
    pub host: &'h Host<'a>,
    /// Its configuration.
    pub config: DeviceConfig<'a>,
}

/// What holds where a setting is not written.
#[derive(Clone, Copy, Debug)]
pub enum Unwritten {
    /// The same in every version that the product knows; the text, and where it is documented.
    Is(&'static str, &'static Documented),
    /// One of these, by version or model.
    OneOf(&'static [&'static str], &'static Documented),
    /// Not documented by the vendor, or only on secondary pages.
    Undocumented,
    /// Nothing.
    Nothing,
}

static UNDOCUMENTED: Phrase = Phrase {
    zh: "没有写 {}，而其默认值没有厂商文档可依",
    en: "{} is not written, and no page of the vendor documents its default",
};
static DEPENDS: Phrase = Phrase {
    zh: "没有写 {}，其默认值随版本或型号不同",
    en: "{} is not written, and its default depends on version or model",
};

impl<'h, 'a> Device<'h, 'a> {
    /// The configuration of the asset; what a product returns where there is none.
    pub fn of(host: &'h Host<'a>) -> Result<Device<'h, 'a>, Seen> {
        Ok(Device { host, config: host.device_config()? })
    }

    /// The node above all statements.
    pub fn root(&self) -> Node<'a> {
        self.config.root()
    }

    /// Where a node stands.
    pub fn span(&self, node: Node<'a>) -> Span {
        self.config.source.span(node.origin())
    }

    /// Where a part of a node stands.
    pub fn span_of(&self, node: Node<'a>, part: &str) -> Span {
        self.config.source.span(node.place(part))
    }

    /// A node that decides.
    pub fn decides(&self, node: Node<'a>) -> Evidence<'a> {
        Evidence::Decides(self.span(node))
    }

    /// A node that limits what is decided: a line range, an interface.
    pub fn scope(&self, node: Node<'a>) -> Evidence<'a> {
        Evidence::Scope(self.span(node))
    }

    /// A list, group or profile that the value points to.
    pub fn reference(&self, node: Node<'a>) -> Evidence<'a> {
        Evidence::Reference(self.span(node))
    }

    /// That it was looked for in the configuration and is not there.
    pub fn searched(&self) -> Evidence<'a> {
        Evidence::Searched(self.config.source.path)
    }

    /// Keeps a part of a node out of everything that is printed.
    pub fn hide(&self, node: Node<'a>, part: &str) {
        self.config.hide(node, part);
    }

    /// A value that a node decides.
    pub fn decided(&self, value: Value<'a>, node: Node<'a>) -> Cell<'a> {
        Cell::known(value, self.host.evidence(&[self.decides(node)]))
    }

    /// A value that several nodes decide, the first of them above all.
    pub fn decided_by(&self, value: Value<'a>, nodes: &[Node<'a>]) -> Cell<'a> {
        let pieces: Vec<Evidence<'a>> = nodes.iter().map(|node| self.decides(*node)).collect();
        Cell::known(value, self.host.evidence(&pieces))
    }

    /// A value that a documented default decides, because nothing is written.
    pub fn defaulted(&self, value: Value<'a>, default: &'static Documented) -> Cell<'a> {
        self.unless_cut(Cell::known(value, self.host.evidence(&[Evidence::Default(default), self.searched()])))
    }

    /// One of a few values, because nothing is written and the default depends on what is not shown.
    pub fn depends(&self, candidates: &[Value<'a>], default: &'static Documented) -> Cell<'a> {
        let evidence = self.host.evidence(&[Evidence::Default(default), self.searched()]);
        let why = Why::new("version-not-known", &DEPENDS, default.setting);
        self.unless_cut(Cell::one_of(why, self.host.arena().alloc_slice_copy(candidates), evidence))
    }

    /// Not known, because nothing is written and no default is documented.
    pub fn undocumented(&self, setting: &'a str) -> Cell<'a> {
        Cell::unknown(Why::new("default-not-documented", &UNDOCUMENTED, setting), self.host.evidence(&[self.searched()]))
    }

    /// Unset, because nothing is written.
    pub fn absent(&self) -> Cell<'a> {
        self.unless_cut(Cell::unset(self.host.evidence(&[self.searched()])))
    }

    /// A value that follows from nothing being written.
    pub fn known_absence(&self, value: Value<'a>) -> Cell<'a> {
        self.unless_cut(Cell::known(value, self.host.evidence(&[self.searched()])))
    }

    /// Texts, each from the node that shows it; the empty list where there is none.
    pub fn texts(&self, items: &[(&'a str, Node<'a>)]) -> Cell<'a> {
        let values: Vec<&'a str> = items.iter().map(|(text, _)| *text).collect();
        let nodes: Vec<Node<'a>> = items.iter().map(|(_, node)| *node).collect();
        match items {
            [] => self.known_absence(self.host.texts(&[])),
            _ if self.cut().is_some() => {
                // Further ones could stand behind the cut.
                let arena = self.host.arena();
                let known = values.iter().map(|text| Value::Text(text)).chain([Value::Opaque("…")]).collect::<Vec<_>>();
                self.decided_by(Value::List(arena.alloc_slice_copy(&known)), &nodes)
            }
            _ => self.decided_by(self.host.texts(&values), &nodes),
        }
    }

    /// Log hosts of which some get only what passes a filter, with the statement that says so; which messages one drops is not worked
    /// out, so that such a host may get none.
    pub fn log_hosts(&self, hosts: Cell<'a>, filters: &[Option<Node<'a>>]) -> Cell<'a> {
        let Some(Value::List(items)) = hosts.value() else { return hosts };
        if let (Some(Some(filter)), Some(Value::Text(host)), true) = (filters.first(), items.first(), filters.iter().all(Option::is_some)) {
            let evidence = self.host.evidence(&[&[self.decides(*filter)], hosts.evidence].concat());
            return Cell::unknown(Why::new("filtered", &FILTERED, host), evidence);
        }
        // Behind the hosts may stand what further ones stand for.
        let filters = filters.iter().copied().chain(std::iter::repeat(None));
        let shown = items.iter().zip(filters).map(|(item, filter)| match (*item, filter) {
            (Value::Text(host), Some(_)) => Value::Opaque(host),
            (item, _) => item,
        });
        Cell::known(Value::List(self.host.arena().alloc_slice_copy(&shown.collect::<Vec<_>>())), hosts.evidence)
    }

    /// Why something could stand in the configuration that was not received.
    pub fn cut(&self) -> Option<Why<'a>> {
        self.config.gap(self.host)
    }

    /// The cell, or unknown where what it rests on could stand behind the cut.
    pub fn unless_cut(&self, cell: Cell<'a>) -> Cell<'a> {
        self.cut().map_or(cell, |why| Cell::unknown(why, cell.evidence))
    }

    /// Adds what was read to every table, and a gap row where the configuration is cut: a violation that was received is shown, and
    /// nothing passes.
    pub fn note_cut(&self, tables: &mut Tables<'a>, product: &'static str, filled: &[&'static Table]) {
        for table in filled {
            tables.searched(table, self.searched());
            if let Some(why) = self.cut() {
                tables.push(self.host.gap(table, product, why));
            }
        }
    }

    /// An unknown cell for a column in which its candidates read differently: known where all read alike, without candidates where some
    /// do not read at all.
    fn retyped(&self, cell: Cell<'a>, candidates: Option<Vec<Value<'a>>>) -> Cell<'a> {
        let State::Unknown(why, _) = cell.state else { return cell };
        match candidates.as_deref() {
            None => Cell::unknown(why, cell.evidence),
            Some([first, rest @ ..]) if rest.iter().all(|other| other == first) => Cell::known(*first, cell.evidence),
            Some(values) => Cell::one_of(why, self.host.arena().alloc_slice_copy(values), cell.evidence),
        }
    }

    /// Adds the row of one name of a settings table: what a node says, or what holds without one. `read` gives the readings of a text.
    pub fn setting(
        &self,
        tables: &mut Tables<'a>,
        (table, product, name): (&'static Table, &'static str, &'static str),
        written: Option<(&'a str, Node<'a>)>,
        unwritten: Unwritten,
        read: fn(&str) -> Readings<'static>,
    ) {
        // What is written may be replaced behind the cut: a violation is shown, a pass is not given.
        if let (Some((_, node)), Some(why)) = (written, self.cut()) {
            let cell = Cell::unknown(why, self.host.evidence(&[self.decides(node)]));
            let mut gap = settings::unknown_row(self.host, table, product, name, cell);
            gap.gap = true;
            tables.push(gap);
        }
        let unknown = |cell| settings::unknown_row(self.host, table, product, name, cell);
        let known = |text: &'a str, evidence| settings::row(self.host, table, product, name, (text, read(text), evidence));
        let row = match (written, unwritten) {
            (Some((text, node)), _) => known(text, self.host.evidence(&[self.decides(node)])),
            (None, _) if self.cut().is_some() => unknown(self.absent()),
            (None, Unwritten::Is(text, default)) => known(text, self.host.evidence(&[Evidence::Default(default), self.searched()])),
            (None, Unwritten::OneOf(candidates, default)) => {
                let values: Vec<Value<'a>> = candidates.iter().map(|text| Value::Text(text)).collect();
                let cell = self.depends(&values, default);
                // A candidate counts in a column only as what it reads as there: text is never a number.
                let read_as = |pick: fn(Readings<'static>) -> Option<Value<'static>>| -> Option<Vec<Value<'a>>> {
                    candidates.iter().map(|text| pick(read(text))).collect()
                };
                let mut row = unknown(cell);
                for (column, values) in [
                    ("number", read_as(|it| it.number)),
                    ("on", read_as(|it| it.on.map(Value::Boolean))),
                    ("duration", read_as(|it| it.duration)),
                    ("size", None),
                    ("items", None),
                    ("origin", None),
                ] {
                    settings::set(&mut row, column, self.retyped(cell, values));
                }
                row
            }
            (None, Unwritten::Undocumented) => unknown(self.undocumented(name)),
            (None, Unwritten::Nothing) => known("", self.host.evidence(&[self.searched()])),
        };
        tables.push(row);
    }
}

/// Readings of a number.
pub fn number(text: &str) -> Readings<'static> {
    Readings { number: text.parse().ok().map(Value::Integer), ..Readings::default() }
}

/// Readings of a number of seconds.
pub fn seconds(text: &str) -> Readings<'static> {
    let parsed: Option<u64> = text.parse().ok();
    let number = parsed.and_then(|it| i64::try_from(it).ok()).map(Value::Integer);
    Readings { number, duration: parsed.map(Value::Duration), ..Readings::default() }
}

/// Readings of a number of minutes.
pub fn minutes(text: &str) -> Readings<'static> {
    let parsed: Option<u64> = text.parse().ok();
    let number = parsed.and_then(|it| i64::try_from(it).ok()).map(Value::Integer);
    Readings { number, duration: parsed.and_then(|it| it.checked_mul(60)).map(Value::Duration), ..Readings::default() }
}

/// Readings of `on` and `off`.
pub fn switch(text: &str) -> Readings<'static> {
    let on = match text {
        "on" | "enable" | "yes" | "true" => Some(true),
        "off" | "disable" | "no" | "false" => Some(false),
        _ => None,
    };
    Readings { on, ..Readings::default() }
}

/// No readings beside the text.
pub fn plain(_: &str) -> Readings<'static> {
    Readings::default()
}
