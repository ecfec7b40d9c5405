//! Rendered assets into standard output, files or one file per asset: whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use super::Options;
use crate::error::{Message, Problem, Problems};
use crate::report::{Format, Head, Setting, Summary};
use crate::results::Run;
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
            remembered: RwLock::default(),
        };
        setting.prepared = (self.format.prepare)(&setting);
        setting
    }
}

impl Output {
    /// How many sections of a document wait on disk; a folder has no document.
    fn waiting_sections(&self) -> usize {
        match (&self.target, self.format.head) {
            (Target::Folder(_), _) => 0,
            (_, Head::First(_)) => self.format.joints.len(),
            (_, Head::Last(_)) => self.format.joints.len() + 1,
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
    /// Sections that wait on disk until what stands before them is written: all but the first, and the first too where the
    /// beginning of the document comes last.
    waiting: Vec<io::Result<File>>,
    assets: usize,
}

/// Where bytes go.
enum Sink {
    /// Standard output, or a device or pipe that the user named: written as it comes, and left what it is.
    Stream(Box<dyn Write>),
    /// A temporary file beside the one that it becomes.
    File {
        writer: BufWriter<File>,
        temporary: PathBuf,
        path: PathBuf,
    },
    Folder(PathBuf),
}

impl<'o> Outputs<'o> {
    /// Opens every output and writes its beginning. What fails is kept and told at the end: the others go on.
    pub(super) fn open(settings: &'o [(Setting<'o>, &'o Output)]) -> Outputs<'o> {
        let open = settings.iter().map(|(setting, output)| {
            let sink = Sink::open(&output.target).and_then(|mut sink| {
                if let Head::First(head) = output.format.head {
                    let mut bytes = Vec::new();
                    head(setting, &mut bytes);
                    sink.write(&bytes)?;
                }
                Ok(sink)
            });
            let waiting = (0..output.waiting_sections()).map(|_| tempfile::tempfile()).collect();
            Open { setting, output, sink, waiting, assets: 0 }
        });
        Outputs { open: open.collect() }
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

impl Open<'_> {
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
                before.insert(0, bytes);
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

impl Sink {
    /// Opens a target.
    fn open(target: &Target) -> io::Result<Sink> {
        match target {
            Target::Stdout => Ok(Sink::Stream(Box::new(BufWriter::new(io::stdout())))),
            Target::File(path) => match fs::metadata(path) {
                Ok(there) if !there.is_file() => Ok(Sink::Stream(Box::new(BufWriter::new(File::options().write(true).open(path)?)))),
                // What a link leads to is replaced, not the link.
                Ok(_) => Sink::file(&path.canonicalize()?),
                Err(_) => Sink::file(path),
            },
            Target::Folder(folder) => {
                fs::create_dir_all(folder)?;
                Ok(Sink::Folder(folder.clone()))
            }
        }
    }

    /// A file that is complete once it has its name.
    fn file(path: &Path) -> io::Result<Sink> {
        let temporary = temporary_beside(path);
        let writer = BufWriter::with_capacity(16 << 10, File::create(&temporary)?);
        Ok(Sink::File { writer, temporary, path: path.to_path_buf() })
    }

    /// Writes bytes that belong to the one document; a folder has none.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Sink::Stream(writer) => writer.write_all(bytes),
            Sink::File { writer, .. } => writer.write_all(bytes),
            Sink::Folder(_) => Ok(()),
        }
    }

    /// Copies a whole file.
    fn copy(&mut self, file: &mut File) -> io::Result<()> {
        match self {
            Sink::Stream(writer) => io::copy(file, writer).map(drop),
            Sink::File { writer, .. } => io::copy(file, writer).map(drop),
            Sink::Folder(_) => Ok(()),
        }
    }

    /// Flushes, and gives a file its name.
    fn close(self) -> io::Result<()> {
        match self {
            Sink::Stream(mut writer) => writer.flush(),
            Sink::File { writer, temporary, path } => {
                let file = writer.into_inner().map_err(|error| error.into_error())?;
                file.sync_data()?;
                fs::rename(&temporary, &path).inspect_err(|_| drop(fs::remove_file(&temporary)))
            }
            Sink::Folder(_) => Ok(()),
        }
    }
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
        (format.tail)(setting, &Summary { counts: crate::results::Counts::default(), exit: 0 }, &mut bytes);
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

/// A name beside a path that nothing else takes.
fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.partial", std::process::id()));
    path.with_file_name(name)
}
