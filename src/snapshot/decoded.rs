//! An archive file, compressed or not, into its bytes: bounded, and what ends it early is told apart.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

/// The most bytes that are decoded of one archive.
pub(super) const DECODED_BYTES_MOST: u64 = 4 << 30;

/// How many times as large as what was read the decoded bytes may be, once [`RATIO_FREE_BYTES`] are decoded.
///
/// Configuration and logs shrink to a tenth or a fiftieth; deflate can reach a thousandth, zstd a hundred-thousandth.
pub(super) const RATIO_MOST: u64 = 200;

/// Bytes that may be decoded whatever the ratio.
pub(super) const RATIO_FREE_BYTES: u64 = 64 << 20;

/// The largest zstd window as a power of two: 128 MiB, what `zstd -d` accepts without `--long`.
const ZSTD_WINDOW_LOG_MOST: u32 = 27;

/// What ends an archive before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The file ends in the middle.
    Short,
    /// Not what it should be: a checksum differs, or the bytes mean nothing.
    Corrupt,
    /// Not a tar archive from its first block on.
    NotAnArchive,
    /// The compression is one that is not read.
    OtherCompression,
    /// More bytes than are decoded.
    Long,
    /// Far more bytes than were read: a decompression bomb.
    Bomb,
    /// More entries than are read.
    Entries,
    /// The operating system failed.
    Unreadable,
}

/// The bytes of an archive.
pub(super) struct Decoded {
    decoder: Decoder,
    /// Bytes read from the file.
    taken: Rc<Cell<u64>>,
    /// Bytes given out.
    given: u64,
}

enum Decoder {
    Plain(BufReader<Counted>),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Counted>>>),
}

/// A file that counts what is read of it.
struct Counted {
    file: File,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

impl Decoded {
    /// Begins to read a file; its first bytes say how it is compressed.
    pub(super) fn new(file: File) -> Result<Decoded, Cut> {
        let taken = Rc::new(Cell::new(0));
        let mut reader = BufReader::with_capacity(64 << 10, Counted { file, taken: Rc::clone(&taken) });
        let start = reader.fill_buf().map_err(|_| Cut::Unreadable)?;
        let decoder = match start {
            [0x1f, 0x8b, ..] => Decoder::Gzip(Box::new(MultiGzDecoder::new(reader))),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Decoder::Zstd(Box::new(zstd_decoder(reader)?)),
            // xz, bzip2 and lzip.
            [0xfd, b'7', b'z', b'X', b'Z', ..] | [b'B', b'Z', b'h', ..] | [b'L', b'Z', b'I', b'P', ..] => {
                return Err(Cut::OtherCompression);
            }
            _ => Decoder::Plain(reader),
        };
        Ok(Decoded { decoder, taken, given: 0 })
    }

    /// Fills the buffer as far as there are bytes; how many there were.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Cut> {
        let mut filled = 0;
        while filled < buffer.len() {
            let read = match &mut self.decoder {
                Decoder::Plain(reader) => reader.read(&mut buffer[filled..]),
                Decoder::Gzip(reader) => reader.read(&mut buffer[filled..]),
                Decoder::Zstd(reader) => reader.read(&mut buffer[filled..]),
            };
            match read {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.cut(&error)),
            }
        }
        self.given += filled as u64;
        if self.given > DECODED_BYTES_MOST {
            return Err(Cut::Long);
        }
        if self.given > RATIO_FREE_BYTES && self.given / RATIO_MOST > self.taken.get() {
            return Err(Cut::Bomb);
        }
        Ok(filled)
    }

    /// Reads on to the end, so that the checksum there is compared.
    pub(super) fn drain(&mut self) -> Result<(), Cut> {
        let mut buffer = [0; 16 << 10];
        while self.fill(&mut buffer)? > 0 {}
        Ok(())
    }

    fn cut(&self, error: &std::io::Error) -> Cut {
        match (&self.decoder, error.kind()) {
            (_, ErrorKind::UnexpectedEof) => Cut::Short,
            (Decoder::Plain(_), _) => Cut::Unreadable,
            (Decoder::Gzip(_) | Decoder::Zstd(_), _) => Cut::Corrupt,
        }
    }
}

fn zstd_decoder(reader: BufReader<Counted>) -> Result<zstd::Decoder<'static, BufReader<Counted>>, Cut> {
    let mut decoder = zstd::Decoder::with_buffer(reader).map_err(|_| Cut::Unreadable)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MOST).map_err(|_| Cut::Unreadable)?;
    Ok(decoder)
}
