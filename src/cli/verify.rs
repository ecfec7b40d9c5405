//! `jixian verify`: a snapshot into the proof that it is as it was taken, or what disproves it.

use std::path::PathBuf;

use super::{EXIT_INCOMPLETE, EXIT_USAGE, Language, say, tell};
use crate::error::Message;
use crate::snapshot::verify::{Verified, verify};

/// Arguments of `jixian verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of a snapshot.
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
}

/// Exit code where something differs from what was taken.
const EXIT_WRONG: u8 = 1;

/// The most sentences of one kind that are told; the rest is counted.
const TOLD_MOST: usize = 1000;

/// Checks the snapshot.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let Verified { assets, files, wrong, lacking } = match verify(&arguments.snapshot) {
        Ok(verified) => verified,
        Err(problems) => {
            tell(&problems, language);
            return EXIT_USAGE;
        }
    };
    for sentences in [&wrong, &lacking] {
        sentences.iter().take(TOLD_MOST).for_each(|sentence| say(sentence.text(language)));
        if sentences.len() > TOLD_MOST {
            say(&format!("… +{}", sentences.len() - TOLD_MOST));
        }
    }
    let (exit, ended) = match (wrong.len(), lacking.len()) {
        (0, 0) => (0, Message::new(format!("完好：{assets} 个资产，{files} 个文件"), format!("intact: {assets} assets, {files} files"))),
        (0, count) => (
            EXIT_INCOMPLETE,
            Message::new(
                format!("完好，但 {count} 个资产采集不完整（退出码 3）"),
                format!("intact, but {count} assets were not collected whole (exit code 3)"),
            ),
        ),
        (count, _) => {
            (EXIT_WRONG, Message::new(format!("不完好：{count} 处（退出码 1）"), format!("not intact: {count} differences (exit code 1)")))
        }
    };
    say(ended.text(language));
    exit
}
