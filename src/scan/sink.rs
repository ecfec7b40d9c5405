//! Bytes of a report into standard output, a pipe, or a file that has its name once it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::output::Target;

/// What is gathered before it is written to a file.
const BUFFER_BYTES: usize = 16 << 10;

/// Where bytes go.
pub(super) enum Sink {
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

impl Sink {
    /// Opens a target.
    pub(super) fn open(target: &Target) -> io::Result<Sink> {
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
        let writer = BufWriter::with_capacity(BUFFER_BYTES, File::create(&temporary)?);
        Ok(Sink::File { writer, temporary, path: path.to_path_buf() })
    }

    /// Writes bytes that belong to the one document; a folder has none.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Sink::Stream(writer) => writer.write_all(bytes),
            Sink::File { writer, .. } => writer.write_all(bytes),
            Sink::Folder(_) => Ok(()),
        }
    }

    /// Copies a whole file.
    pub(super) fn copy(&mut self, file: &mut File) -> io::Result<()> {
        match self {
            Sink::Stream(writer) => io::copy(file, writer).map(drop),
            Sink::File { writer, .. } => io::copy(file, writer).map(drop),
            Sink::Folder(_) => Ok(()),
        }
    }

    /// Puts another beginning in the place of the one with which a file was begun; nothing else has one that could change.
    pub(super) fn begin_again(self, old: &[u8], new: &[u8]) -> io::Result<Sink> {
        let Sink::File { writer, temporary, path } = self else { return Ok(self) };
        if old == new {
            return Ok(Sink::File { writer, temporary, path });
        }
        let mut file = writer.into_inner().map_err(|error| error.into_error())?;
        if old.len() == new.len() {
            file.rewind()?;
            file.write_all(new)?;
            file.seek(SeekFrom::End(0))?;
        } else {
            let mut rest = File::open(&temporary)?;
            rest.seek(SeekFrom::Start(old.len() as u64))?;
            fs::remove_file(&temporary)?;
            file = File::create(&temporary)?;
            file.write_all(new)?;
            io::copy(&mut rest, &mut file)?;
        }
        Ok(Sink::File { writer: BufWriter::with_capacity(BUFFER_BYTES, file), temporary, path })
    }

    /// Flushes, and gives a file its name.
    pub(super) fn close(self) -> io::Result<()> {
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

/// A name beside a path that nothing else takes.
pub(super) fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.partial", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_beginning_leaves_the_rest_as_it_is() {
        let folder = tempfile::tempdir().expect("a directory for the test");
        let path = folder.path().join("report");
        for (likely, real) in
            [("head 1\n", "head 1\n"), ("head 1\n", "head 2\n"), ("head 9\n", "head 10\n"), ("head 10\n", "head 9\n"), ("", "head\n")]
        {
            let mut sink = Sink::open(&Target::File(path.clone())).expect("a file");
            sink.write(likely.as_bytes()).expect("written");
            sink.write(b"first\n").expect("written");
            let mut sink = sink.begin_again(likely.as_bytes(), real.as_bytes()).expect("begun again");
            sink.write(b"second\n").expect("written");
            sink.close().expect("closed");
            assert_eq!(fs::read_to_string(&path).expect("a report"), format!("{real}first\nsecond\n"));
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
        }
    }
}
