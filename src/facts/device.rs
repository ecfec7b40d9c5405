//! The running configuration of a network device into its cleaned, parsed form, once for all products of the asset.

pub mod cells;
pub mod coverage;

use super::{Artefact, Host, Seen, Why};
use crate::names::Phrase;
use crate::parse::device::{self, Identity};
use crate::parse::tree::{Cut, Node, Tree};
use crate::snapshot::Lack;
use crate::source::Source;
use crate::source::capture;

/// A device's running configuration.
#[derive(Clone, Copy, Debug)]
pub struct DeviceConfig<'a> {
    /// Its text.
    pub source: &'a Source<'a>,
    /// Its statements.
    pub tree: &'a Tree<'a>,
    /// What it says of the device.
    pub identity: Identity<'a>,
}

static INCOMPLETE: Phrase = Phrase { zh: "配置可能不完整：{}", en: "the configuration may be incomplete: {}" };

impl<'a> DeviceConfig<'a> {
    /// The node above all statements.
    pub fn root(&self) -> Node<'a> {
        self.tree.root()
    }

    /// Why a statement that is not there may still be set on the device; none where the configuration is complete, so that what
    /// it does not say is the product's default.
    pub fn gap(&self, host: &Host<'a>) -> Option<Why<'a>> {
        let cut = self.tree.cut?;
        let detail = format!("{} ({})", self.source.path, cut.code());
        Some(Why::new("config-incomplete", &INCOMPLETE, host.text(&detail)))
    }

    /// Why it may be incomplete.
    pub fn cut(&self) -> Option<Cut> {
        self.tree.cut
    }

    /// Keeps a part of a node's text from ever being printed; the whole line where the text is not as it stands in the source.
    pub fn hide(&self, node: Node<'a>, part: &str) {
        self.source.hide(node.place(part));
    }
}

impl<'a> Host<'a> {
    /// The one running configuration of a network device, whatever the layout calls it: read, cleaned and parsed once.
    ///
    /// `Err` is what a product that needs it returns: nothing seen, or what keeps it from being read.
    pub fn device_config(&self) -> Result<DeviceConfig<'a>, Seen> {
        *self.shared.device.get_or_init(|| read(self))
    }
}

fn read<'a>(host: &Host<'a>) -> Result<DeviceConfig<'a>, Seen> {
    if !host.platform().is_network() {
        return Err(Seen::Nothing);
    }
    let path = host.asset().device_configuration().ok_or(Seen::Nothing)?;
    let source = match host.file(&path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Err(Seen::Lacking("running-config", lack)),
    };
    let clean = capture::clean(host.arena(), source);
    let tree = device::read(host.arena(), clean, host.platform()).ok_or(Seen::Nothing)?;
    if !host.spend(tree.count() as u64) {
        return Err(Seen::Lacking("running-config", Lack::BudgetSpent));
    }
    if tree.count() == 0 {
        return Err(Seen::Lacking("running-config", Lack::Unreadable));
    }
    Ok(DeviceConfig { source, tree, identity: device::identity(tree, host.platform()) })
}
