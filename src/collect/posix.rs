//! A POSIX host behind a transport into what is kept of it: one program in, one stream of records out, secrets replaced.

use std::collections::BTreeMap;
use std::io;
use std::time::Instant;

use super::conceal::Concealer;
use super::frame::{self, Stream};
use super::gather::gather;
use super::key::nonce;
use super::script::{ALL_BYTES_MOST, COMMAND, Script};
use super::transport::{Failure, Stage, Transport};
use crate::error::Message;
use crate::snapshot::Description;
use crate::snapshot::own::Failed;
use crate::snapshot::store::Kept;

/// Runs the program of a plan on a host and takes in what it prints, until the moment at which its time is over.
///
/// # Errors
///
/// The stage at which it failed. Nothing of a stream without its end is taken.
pub fn collect(transport: &mut dyn Transport, script: &Script, concealer: &Concealer<'_>, deadline: Instant) -> Result<Kept, Failure> {
    let nonce = nonce().map_err(|error| failure(Stage::Execute, &error.to_string()))?;
    let mut output = Capped::default();
    let exit = transport.run(COMMAND, script.fed(&nonce).as_bytes(), &mut output, deadline)?;
    let stream = frame::parse(&output.bytes, Some(&nonce)).map_err(|message| {
        let errors = String::from_utf8_lossy(&exit.errors);
        let why = errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let said = if why.is_empty() { String::new() } else { format!(" ({})", concealer.line(why)) };
        Failure { stage: Stage::Frame, deadline: false, message: Message::new(message.zh + &said, message.en + &said) }
    })?;
    let mut kept = kept(&stream, concealer)?;
    // A host may be wrong about the time, and about how old what it says is.
    kept.description.collected_at = Some(jiff::Timestamp::now());
    Ok(kept)
}

/// What is kept of a stream, secrets replaced.
///
/// # Errors
///
/// The secrets could not be found.
pub fn kept(stream: &Stream<'_>, concealer: &Concealer<'_>) -> Result<Kept, Failure> {
    let gathered = gather(stream);
    let mut artefacts = gathered.artefacts;
    for (line, bytes) in artefacts.values_mut() {
        line.size = line.size.or(bytes.as_ref().map(|bytes| bytes.len() as u64));
    }
    let description = Description {
        platform: stream.about("platform").and_then(crate::names::platform),
        collected_at: stream.about("at").and_then(|at| at.parse().ok()).map(|at: jiff::Timestamp| at.min(jiff::Timestamp::now())),
        collector: Some(format!("jixian {}", env!("CARGO_PKG_VERSION"))),
        ..Description::default()
    };
    let told = ["script", "user", "kernel", "node"].into_iter();
    let mut collection: BTreeMap<String, String> = told.filter_map(|name| Some((name.to_owned(), plain(stream.about(name)?)))).collect();
    if gathered.untold > 0 {
        collection.insert("untold".to_owned(), gathered.untold.to_string());
    }
    let mut kept = Kept { description, collection, failure: None, artefacts };
    concealer.conceal(&mut kept).map_err(|message| Failure { stage: Stage::Store, deadline: false, message })?;
    Ok(kept)
}

/// What is kept of a host that failed: that it did, and where.
pub fn failed(failure: &Failure) -> Kept {
    let Failure { stage, deadline, message } = failure;
    let over = |text: &str| if *deadline { format!("{text} (deadline)") } else { text.to_owned() };
    let failed = Failed { stage: stage.code().to_owned(), zh: over(&message.zh), en: over(&message.en) };
    let collector = Some(format!("jixian {}", env!("CARGO_PKG_VERSION")));
    Kept { failure: Some(failed), description: Description { collector, ..Description::default() }, ..Kept::default() }
}

fn failure(stage: Stage, why: &str) -> Failure {
    Failure { stage, deadline: false, message: Message::new(why, why) }
}

/// A value that a host tells of itself, of sane length and without controls.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

/// Output up to what one host may print; more is an error, which ends the command.
#[derive(Default)]
struct Capped {
    bytes: Vec<u8>,
}

impl io::Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > ALL_BYTES_MOST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {} MiB of output", ALL_BYTES_MOST >> 20)));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
