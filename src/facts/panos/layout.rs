//! The tree of a PAN-OS configuration into the places at which things stand: the XML export nests what the commands write at the top.

use super::super::device::cells::{Device, Unwritten};
use super::super::settings::{self as table_settings, Readings};
use super::super::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::Table;

static TEMPLATE: Phrase = Phrase {
    zh: "本机配置没有写 {}，但设备由 Panorama 管理，模板可能已设置：请采集合并后的配置",
    en: "the local configuration does not say {}, but a Panorama manages the device and a template may: collect the merged configuration",
};

static PUSHED: Phrase = Phrase {
    zh: "设备由 Panorama 管理，下发的规则、对象和模板可能不在 {} 中：请采集合并后的配置",
    en: "a Panorama manages the device, and what it pushes may not be in {}: collect the merged configuration",
};
static LEFT: Phrase = Phrase {
    zh: "模板栈没有设置 {}，由各防火墙自行决定",
    en: "the template stack does not set {} and leaves it to each firewall",
};
static SEVERAL: Phrase = Phrase {
    zh: "模板栈的多个层都写了 {}，合并结果从配置中看不出",
    en: "several layers of the template stack write {}: what they are together is not shown",
};
/// A value that a template names and each firewall may be given otherwise.
pub(super) static VARIABLE: Phrase = Phrase {
    zh: "模板变量 {} 的取值可按设备另行指定，配置中看不出",
    en: "the template variable {} may be given another value for each firewall, which is not shown",
};

/// The places of one configuration.
#[derive(Debug)]
pub(super) struct Panos<'h, 'a> {
    /// The device.
    pub device: Device<'h, 'a>,
    /// Nodes that hold `mgt-config`, `shared` and `panorama`.
    pub tops: Vec<Node<'a>>,
    /// Nodes that hold `deviceconfig`, `network`, `vsys` and `device-group`.
    pub devices: Vec<Node<'a>>,
    /// Virtual systems with their names; of a device without several, `vsys1`.
    pub systems: Vec<(&'a str, Node<'a>)>,
    /// Device groups with their names.
    pub groups: Vec<(&'a str, Node<'a>)>,
    /// Whether it is a Panorama.
    pub is_panorama: bool,
    /// The statement that names the Panorama whose templates may set what is not written.
    pub managed: Option<Node<'a>>,
    /// The template stack whose settings these are; empty for the device itself.
    pub stack: &'a str,
    /// A template that the stack lists and that is not shown.
    pub missing: Option<&'a str>,
}

impl<'h, 'a> Panos<'h, 'a> {
    /// Finds the places.
    pub(super) fn of(device: Device<'h, 'a>) -> Panos<'h, 'a> {
        let root = device.root();
        let tops: Vec<Node<'a>> = [Some(root), root.at("config")].into_iter().flatten().collect();
        let inner = tops.iter().filter_map(|top| top.at("devices")).flat_map(Node::values);
        let devices: Vec<Node<'a>> = tops.iter().copied().chain(inner).collect();
        let under = |name: &'static str| devices.iter().filter_map(move |node| node.at(name)).flat_map(Node::values);
        let mut systems: Vec<(&'a str, Node<'a>)> = under("vsys").map(|node| (node.text(), node)).collect();
        let bare =
            devices.iter().filter(|node| ["rulebase", "zone", "address", "service", "import"].iter().any(|it| node.at(it).is_some()));
        systems.extend(bare.map(|node| ("vsys1", *node)));
        let groups: Vec<(&'a str, Node<'a>)> = under("device-group").map(|node| (node.text(), node)).collect();
        let holds = |name: &str| devices.iter().any(|node| node.at(name).is_some());
        let is_panorama = ["device-group", "template", "template-stack", "log-collector-group"].iter().any(|name| holds(name));
        // The merged configuration marks values that come from templates.
        let merged = [" src=\"tpl\"", " ptpl=\""].iter().any(|mark| device.config.tree.clean.text.contains(mark));
        let names = ["deviceconfig system panorama-server", "deviceconfig system panorama local-panorama panorama-server"];
        let server = devices.iter().find_map(|node| names.iter().find_map(|path| node.at(path)));
        let managed = server.filter(|_| !is_panorama && !merged);
        Panos { device, tops, devices, systems, groups, is_panorama, managed, stack: "", missing: None }
    }

    /// What each template stack of a Panorama says: its own statements before those of its templates, and of these the first listed
    /// before the next. What a template that is in no stack says reaches nobody.
    pub(super) fn stacks(&self) -> Vec<Panos<'h, 'a>> {
        let under = |name: &'static str| self.devices.iter().filter_map(move |node| node.at(name)).flat_map(Node::values);
        let stack = |stack: Node<'a>| {
            let listed = stack.at("templates").into_iter().flat_map(Node::values);
            let named: Vec<(&'a str, Option<Node<'a>>)> =
                listed.map(|name| self.text(name)).map(|name| (name, under("template").find(|it| self.text(*it) == name))).collect();
            let templates = named.iter().map_while(|(_, template)| *template);
            let tops: Vec<Node<'a>> = std::iter::once(stack).chain(templates).filter_map(|layer| layer.at("config")).collect();
            // A layer names the device that its statements are of, or stands for it.
            let inner = |top: &Node<'a>| top.at("devices").into_iter().flat_map(Node::values);
            let devices: Vec<Node<'a>> = tops.iter().flat_map(|top| std::iter::once(*top).chain(inner(top))).collect();
            let systems = devices.iter().filter_map(|node| node.at("vsys")).flat_map(Node::values);
            Panos {
                systems: systems.map(|node| (node.text(), node)).collect(),
                tops,
                devices,
                missing: named.iter().find(|(_, template)| template.is_none()).map(|(name, _)| *name),
                groups: Vec::new(),
                is_panorama: false,
                managed: None,
                stack: self.device.host.text(&format!("template-stack {}", self.text(stack))),
                device: self.device,
            }
        };
        if self.is_panorama { under("template-stack").map(stack).collect() } else { Vec::new() }
    }

    /// Why rows of any table may be missing: they could come from the templates and device groups of a Panorama.
    pub(super) fn gap(&self) -> Option<Why<'a>> {
        self.managed.map(|_| Why::new("panorama-pushed", &PUSHED, self.device.config.source.path))
    }

    /// The value of a statement of the device itself.
    pub(super) fn value(&self, path: &str) -> Option<Node<'a>> {
        self.devices.iter().find_map(|node| node.value(path))
    }

    /// The node of a statement of the device itself.
    pub(super) fn at(&self, path: &str) -> Option<Node<'a>> {
        self.devices.iter().find_map(|node| node.at(path))
    }

    /// The value of a statement that stands beside the devices.
    pub(super) fn top_value(&self, path: &str) -> Option<Node<'a>> {
        self.tops.iter().find_map(|node| node.value(path))
    }

    /// The entries of every list of that path in the shared part, on Panorama itself and in virtual systems, in that order.
    pub(super) fn shared_entries(&self, path: &str) -> Vec<Node<'a>> {
        let named = |name: &'static str| self.tops.iter().filter_map(move |top| top.at(name));
        let places = named("shared").chain(named("panorama")).chain(self.systems.iter().map(|(_, node)| *node));
        places.filter_map(|place| place.at(path)).flat_map(Node::values).collect()
    }

    /// A text without the character references of XML.
    pub(super) fn text(&self, node: Node<'a>) -> &'a str {
        node.unescaped(self.device.host.arena(), node.text())
    }

    /// The layers of a stack that hold a statement, the first of which counts for a value; of a list, what they are together is not
    /// shown: the cell is unknown where there are several.
    pub(super) fn unless_several(&self, path: &'a str, cell: Cell<'a>) -> Cell<'a> {
        let holding = self.devices.iter().filter(|node| node.at(path).is_some()).count();
        match self.stack.is_empty() || holding < 2 {
            true => cell,
            false => Cell::unknown(Why::new("template-layers", &SEVERAL, path), cell.evidence),
        }
    }

    /// A cell that rests on nothing being written; unknown where a template may say it, or where a stack leaves it to the firewalls.
    pub(super) fn unwritten(&self, setting: &'a str, cell: Cell<'a>) -> Cell<'a> {
        if !self.stack.is_empty() {
            let evidence = self.device.host.evidence(&[self.device.searched()]);
            return Cell::unknown(Why::new("left-to-firewalls", &LEFT, setting), evidence);
        }
        match self.managed {
            Some(server) => {
                let evidence = self.device.host.evidence(&[self.device.decides(server), self.device.searched()]);
                Cell::unknown(Why::new("panorama-template", &TEMPLATE, setting), evidence)
            }
            None => cell,
        }
    }

    /// Adds the row of one name of a settings table.
    pub(super) fn setting(
        &self,
        tables: &mut Tables<'a>,
        (table, name): (&'static Table, &'static str),
        written: Option<Node<'a>>,
        unwritten: Unwritten,
        read: fn(&str) -> Readings<'static>,
    ) {
        let product = super::PRODUCT.name;
        if !self.stack.is_empty() {
            self.setting_of_stack(tables, (table, name), written, read);
            return;
        }
        if written.is_none() && self.managed.is_some() {
            let cell = self.unwritten(name, self.device.absent());
            tables.push(table_settings::unknown_row(self.device.host, table, product, name, cell));
            return;
        }
        let written = written.map(|node| (self.text(node), node));
        self.device.setting(tables, (table, product, name), written, unwritten, read);
    }

    /// Adds what a template stack says of a name: nothing where it leaves the name to the firewalls, and nothing certain where a variable
    /// stands there, which each firewall may be given otherwise.
    fn setting_of_stack(
        &self,
        tables: &mut Tables<'a>,
        (table, name): (&'static Table, &'static str),
        written: Option<Node<'a>>,
        read: fn(&str) -> Readings<'static>,
    ) {
        let Some(node) = written else { return };
        let (host, text) = (self.device.host, self.text(node));
        let evidence = host.evidence(&[self.device.decides(node)]);
        let product = super::PRODUCT.name;
        let mut row = if text.starts_with('$') {
            let cell = Cell::unknown(Why::new("template-variable", &VARIABLE, text), evidence);
            table_settings::unknown_row(host, table, product, name, cell)
        } else {
            table_settings::row(host, table, product, name, (text, read(text), evidence))
        };
        row.instance(self.stack);
        tables.push(row);
    }

    /// A switch: `yes` or `no` as it is written, otherwise the cell that is given. A word that is neither is not understood.
    pub(super) fn switch(&self, node: Option<Node<'a>>, unwritten: impl FnOnce() -> Cell<'a>) -> Cell<'a> {
        match node.map(|node| (node, node.text())) {
            None => unwritten(),
            Some((node, "yes")) => self.device.decided(Value::Boolean(true), node),
            Some((node, "no")) => self.device.decided(Value::Boolean(false), node),
            Some((node, other)) => Cell::unknown(Why::not_understood(other), self.device.host.evidence(&[self.device.decides(node)])),
        }
    }
}

/// Whether a value is written and is `yes`.
pub(super) fn is_yes(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| node.text() == "yes")
}
