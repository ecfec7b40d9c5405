//! Rendered assets into standard output, files or one file per asset: whole or not at all.

use std::fs::{self, File};
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use super::Options;
use super::sink::{Sink, temporary_beside};
use crate::error::{Message, Problem, Problems};
use crate::report::{Format, Head, Setting, Summary};
use crate::results::{Counts, Run};
use crate::source::Digest;

/// Where a format goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// One file per asset in this folder.
    Folder(PathBuf),
}

/// One `--format NAME[:PATH]`.
#[derive(Clone, Debug)]
pub struct Output {
    /// The format.
    pub format: &'static Format,
    /// Where it goes.
    pub target: Target,
}

impl Output {
    /// What the format is given in a run.
    pub(super) fn setting<'r>(&self, run: &'r Run<'r>, options: &Options) -> Setting<'r> {
        let color = options.color && self.target == Target::Stdout;
        let mut setting = Setting {
            run,
            language: options.language,
            color,
            verbose: options.verbose,
            prepared: Vec::new(),
            remembered: RwLock::new(vec![Vec::new(); run.library.rules.len() + 1]),
        };
        setting.prepared = (self.format.prepare)(&setting);
        setting
    }
}

impl Output {
    /// How many sections of a document wait on disk; a folder has no document.
    fn waiting_sections(&self, has_begun: bool) -> usize {
        match &self.target {
            Target::Folder(_) => 0,
            Target::Stdout | Target::File(_) => self.format.joints.len() + usize::from(!has_begun),
        }
    }
}

/// All outputs of a run while it is written.
pub(super) struct Outputs<'o> {
    open: Vec<Open<'o>>,
}

/// One output while it is written.
struct Open<'o> {
    setting: &'o Setting<'o>,
    output: &'o Output,
    sink: io::Result<Sink>,
    /// The beginning that was written; where it rests on counts, on the likely ones. None where none could be written yet.
    beginning: Option<Vec<u8>>,
    /// Sections that wait on disk until what stands before them is written: all but the first, and the first too where no beginning
    /// could be written.
    waiting: Vec<io::Result<File>>,
    assets: usize,
}

impl<'o> Outputs<'o> {
    /// Opens every output and writes its beginning. What fails is kept and told at the end: the others go on.
    pub(super) fn open(settings: &'o [(Setting<'o>, &'o Output)]) -> Outputs<'o> {
        Outputs { open: settings.iter().map(|(setting, output)| Open::begin(setting, output)).collect() }
    }

    /// Writes one asset to every output.
    pub(super) fn asset(&mut self, id: &str, parts: &[Vec<Vec<u8>>]) {
        for (open, sections) in self.open.iter_mut().zip(parts) {
            open.asset(id, sections);
        }
    }

    /// Writes the ends; what could not be written is a problem each.
    pub(super) fn finish(self, summary: &Summary) -> Problems {
        self.open.into_iter().filter_map(|open| open.finish(summary).err()).collect()
    }
}

impl<'o> Open<'o> {
    /// Opens an output and writes its beginning, as far as one can be written already.
    fn begin(setting: &'o Setting<'o>, output: &'o Output) -> Open<'o> {
        let sink = Sink::open(&output.target);
        let mut bytes = Vec::new();
        let has_begun = match (output.format.head, &sink) {
            (Head::First(head), _) => {
                head(setting, &mut bytes);
                true
            }
            // What is in a file can still be changed.
            (Head::Last(head), Ok(Sink::File { .. })) => {
                head(setting, &likely_summary(setting.run), &mut bytes);
                true
            }
            (Head::Last(_), _) => false,
        };
        let sink = sink.and_then(|mut sink| sink.write(&bytes).map(|()| sink));
        let waiting = (0..output.waiting_sections(has_begun)).map(|_| tempfile::tempfile()).collect();
        Open { setting, output, sink, beginning: has_begun.then_some(bytes), waiting, assets: 0 }
    }

    /// Writes one asset.
    fn asset(&mut self, id: &str, sections: &[Vec<u8>]) {
        let separator: &[u8] = if self.assets > 0 { self.output.format.separator.as_bytes() } else { b"" };
        self.assets += 1;
        let (direct, rest) = sections.split_at(sections.len().saturating_sub(self.waiting.len()));
        if let Ok(sink) = &mut self.sink {
            let written = match sink {
                Sink::Folder(folder) => asset_file(folder, id, self.output.format, self.setting, sections),
                Sink::Stream(_) | Sink::File { .. } => {
                    direct.iter().try_for_each(|section| sink.write(separator).and_then(|()| sink.write(section)))
                }
            };
            if let Err(error) = written {
                self.sink = Err(error);
            }
        }
        for (waiting, section) in self.waiting.iter_mut().zip(rest) {
            if let Ok(file) = waiting {
                let separator: &[u8] = if file.stream_position().unwrap_or(0) > 0 && !section.is_empty() { separator } else { b"" };
                if let Err(error) = file.write_all(separator).and_then(|()| file.write_all(section)) {
                    *waiting = Err(error);
                }
            }
        }
    }

    /// Writes the sections that waited and the end, and puts the file in its place.
    fn finish(self, summary: &Summary) -> Result<(), Problem> {
        let name = match &self.output.target {
            Target::Stdout => "-".to_owned(),
            Target::File(path) | Target::Folder(path) => path.display().to_string(),
        };
        let finish = || -> io::Result<()> {
            let mut sink = self.sink?;
            let mut before: Vec<Vec<u8>> = self.output.format.joints.iter().map(|joint| joint.as_bytes().to_vec()).collect();
            if let Head::Last(head) = self.output.format.head {
                let mut bytes = Vec::new();
                head(self.setting, summary, &mut bytes);
                match self.beginning {
                    Some(likely) => sink = sink.begin_again(&likely, &bytes)?,
                    None => before.insert(0, bytes),
                }
            }
            for (bytes, waiting) in before.iter().zip(self.waiting) {
                sink.write(bytes)?;
                let mut file = waiting?;
                file.rewind()?;
                sink.copy(&mut file)?;
            }
            let mut tail = Vec::new();
            (self.output.format.tail)(self.setting, summary, &mut tail);
            sink.write(&tail)?;
            sink.close()
        };
        finish().map_err(|error| {
            Problem::new("unwritable", Message::new(format!("无法写入 {name}：{error}"), format!("{name} could not be written: {error}")))
                .help("检查路径、权限和磁盘空间后重新运行", "check the path, its permissions and the space on the disk, then run again")
        })
    }
}

/// What is known before the first asset: that all are to be judged.
fn likely_summary(run: &Run<'_>) -> Summary {
    Summary { counts: Counts { assets: run.expected, ..Counts::default() }, exit: 0 }
}

/// Writes the file of one asset.
fn asset_file(folder: &Path, id: &str, format: &Format, setting: &Setting<'_>, sections: &[Vec<u8>]) -> io::Result<()> {
    let (prefix, suffix) = format.per_asset.unwrap_or(("", ""));
    let path = folder.join(format!("{prefix}{}{suffix}", slug(id)));
    let mut bytes = Vec::new();
    if let Head::First(head) = format.head {
        head(setting, &mut bytes);
    }
    sections.iter().for_each(|section| bytes.extend_from_slice(section));
    if let Head::First(_) = format.head {
        (format.tail)(setting, &Summary { counts: Counts::default(), exit: 0 }, &mut bytes);
    }
    let temporary = temporary_beside(&path);
    fs::write(&temporary, &bytes)?;
    fs::rename(&temporary, &path)
}

/// A file name for an asset: what is not plain is replaced, and then a digest keeps names apart.
pub fn slug(id: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if !id.is_empty() && id.len() <= 100 && id.chars().all(plain) && !id.starts_with('.') {
        return id.to_owned();
    }
    let replaced: String = id.chars().take(100).map(|character| if plain(character) { character } else { '-' }).collect();
    format!("{}-{}", replaced.trim_start_matches('.'), &Digest::of(id.as_bytes()).hex()[..8])
}
