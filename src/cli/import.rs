//! `jixian import`: what the collector printed elsewhere into a snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use super::collect::{Secrets, Undone, unwritten};
use super::{EXIT_INCOMPLETE, EXIT_USAGE, Language, PolicyArguments, load, say, tell};
use crate::collect::conceal::Concealer;
use crate::collect::script::ALL_BYTES_MOST;
use crate::collect::store::Run;
use crate::collect::transport::{Failure, Stage};
use crate::collect::{frame, posix};
use crate::error::Message;
use crate::names::Platform;
use crate::reckon::base64;
use crate::scan::reading;
use crate::snapshot::Asset;
use crate::snapshot::store::Kept;

/// Arguments of `jixian import`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files with what `collect --script` printed, one for each asset.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The folder of the snapshot.
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// The id of the asset, of one file; the name of the file without its last suffix by default.
    #[arg(long, value_name = "ID")]
    asset: Option<String>,
    /// The platform, where it is not the one of the script.
    #[arg(long, value_name = "NAME", value_parser = super::collect::parse_platform)]
    platform: Option<&'static Platform>,
    /// Add to the snapshot that is in the folder.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    secrets: Secrets,
    /// The policies whose `in` says which files hold secrets.
    #[command(flatten)]
    policies: PolicyArguments,
}

/// Takes the files in.
pub(super) fn run(arguments: &Arguments, language: Language) -> u8 {
    let (library, problems) = load(&arguments.policies);
    if tell(&problems, language) {
        return EXIT_USAGE;
    }
    if arguments.asset.is_some() && arguments.files.len() != 1 {
        say(Message::new("--asset 只能用于一个文件", "--asset is for one file").text(language));
        return EXIT_USAGE;
    }
    let find = |asset: &Asset| reading::hidden(&library, asset);
    let key = match arguments.secrets.key() {
        Ok(key) => key,
        Err(message) => {
            say(message.text(language));
            return EXIT_USAGE;
        }
    };
    import(arguments, &Concealer::new(key, &find), language).unwrap_or_else(|(message, exit)| {
        say(message.text(language));
        exit
    })
}

fn import(arguments: &Arguments, concealer: &Concealer<'_>, language: Language) -> Result<u8, Undone> {
    let files = assets(arguments)?;
    let mut run = Run::begin(&arguments.output, arguments.resume).map_err(|error| unwritten(&arguments.output, &error))?;
    let mut failures = 0;
    for (id, path) in files {
        let mut kept = read(path, concealer).unwrap_or_else(|failure| {
            failures += 1;
            say(&format!("{}: {}", path.display(), failure.message.text(language)));
            posix::failed(&failure)
        });
        if let Some(platform) = arguments.platform {
            kept.description.platform = Some(platform);
        }
        kept.collection.insert("engine".to_owned(), "import".to_owned());
        let script = kept.collection.get("script").cloned().unwrap_or_default();
        run.keep(&id, &script, kept).map_err(|error| unwritten(&arguments.output, &error))?;
    }
    run.finish().map_err(|error| unwritten(&arguments.output, &error))?;
    Ok(if failures == 0 { 0 } else { EXIT_INCOMPLETE })
}

/// The files and the ids of their assets.
fn assets(arguments: &Arguments) -> Result<Vec<(String, &Path)>, Undone> {
    let named = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id = |path: &Path| arguments.asset.clone().unwrap_or_else(|| named(path));
    let mut files: Vec<(String, &Path)> = arguments.files.iter().map(|path| (id(path), path.as_path())).collect();
    files.sort_unstable();
    match files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        None => Ok(files),
        Some(pair) => {
            let (id, one, other) = (&pair[0].0, pair[0].1.display(), pair[1].1.display());
            let zh = format!("{one} 与 {other} 同为资产 {id}：请改名后再导入");
            let en = format!("{one} and {other} are both of the asset {id}: rename one of them");
            Err((Message::new(zh, en), EXIT_USAGE))
        }
    }
}

/// What is kept of one file.
fn read(path: &Path, concealer: &Concealer<'_>) -> Result<Kept, Failure> {
    let failed = |stage, message| Failure { stage, deadline: false, message };
    let unreadable = |error: std::io::Error| failed(Stage::Transfer, Message::new(error.to_string(), error.to_string()));
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > ALL_BYTES_MOST as u64 {
        let most = ALL_BYTES_MOST >> 20;
        return Err(failed(Stage::Transfer, Message::new(format!("超过 {most} MiB"), format!("it has more than {most} MiB"))));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let bytes = decoded(&bytes).unwrap_or(bytes);
    let stream = frame::parse(&bytes, None).map_err(|message| failed(Stage::Frame, message))?;
    posix::kept(&stream, concealer)
}

/// The bytes of a file that is nothing but base 64, in which tools that only carry text leave every byte as it was.
fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base64::decode(std::str::from_utf8(&text).ok()?)
}
