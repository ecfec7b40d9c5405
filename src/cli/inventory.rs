//! `jixian inventory …`: an inventory into what is wrong with it, or what other tools know into an inventory.

use std::path::PathBuf;

use clap::Subcommand;

use super::{EXIT_UNWRITTEN, EXIT_USAGE, Language, print, say, tell};
use crate::collect::inventory::{self, ansible, ssh_config};
use crate::error::{Message, fatal};

/// The most bytes of what `ansible-inventory` printed.
const JSON_BYTES_MOST: u64 = 256 << 20;

/// The verbs about inventories.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Check an inventory and list its hosts; nothing is connected.
    Check {
        /// The inventory.
        file: PathBuf,
    },
    /// Print an inventory made of what Ansible or the client configuration of OpenSSH knows; passwords are left out.
    #[command(group(clap::ArgGroup::new("from").required(true)))]
    Import {
        /// What `ansible-inventory --list` printed.
        #[arg(long, value_name = "FILE", group = "from")]
        ansible: Option<PathBuf>,
        /// Aliases that `ssh -G` resolves.
        #[arg(long, value_name = "HOST", num_args = 1.., group = "from")]
        ssh_config: Vec<String>,
    },
}

/// Runs a verb.
pub(super) fn run(verb: &Verb, language: Language) -> u8 {
    match verb {
        Verb::Check { file } => match inventory::read(file) {
            Ok((inventory, problems)) => {
                tell(&problems, language);
                let lines = inventory.targets.iter().map(|target| {
                    let jump = target.jump.as_ref().map_or_else(String::new, |jump| format!(" via {jump}"));
                    let (id, engine, platform) = (&target.id, target.engine.name(), target.platform.name);
                    format!("{id}  {platform}  {engine}  {}@[{}]:{}{jump}\n", target.user, target.address, target.port)
                });
                if print(&lines.collect::<String>()) { 0 } else { EXIT_UNWRITTEN }
            }
            Err(problems) => {
                tell(&problems, language);
                EXIT_USAGE
            }
        },
        Verb::Import { ansible: Some(file), .. } => {
            let json = match std::fs::metadata(file).map(|metadata| metadata.len()) {
                Ok(size) if size > JSON_BYTES_MOST => Err("too big".to_owned()),
                _ => std::fs::read_to_string(file).map_err(|error| error.to_string()),
            };
            let imported = match json.map(|json| ansible::import(&json)) {
                Ok(Ok(imported)) => imported,
                Ok(Err(problem)) => {
                    tell(&[problem], language);
                    return EXIT_USAGE;
                }
                Err(why) => {
                    let name = file.display();
                    say(Message::new(format!("无法读取 {name}：{why}"), format!("{name} cannot be read: {why}")).text(language));
                    return EXIT_USAGE;
                }
            };
            shown(&imported, language)
        }
        Verb::Import { ssh_config, .. } => shown(&ssh_config::import(ssh_config), language),
    }
}

/// Prints what was imported.
fn shown(imported: &ansible::Imported, language: Language) -> u8 {
    tell(&imported.problems, language);
    match (fatal(&imported.problems), print(&imported.text)) {
        (true, _) => EXIT_USAGE,
        (false, true) => 0,
        (false, false) => EXIT_UNWRITTEN,
    }
}
