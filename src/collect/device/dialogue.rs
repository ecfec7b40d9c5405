//! A terminal of a device into answers: the prompt that it showed twice, letter for letter, is where an answer ends.
//!
//! No pattern of prompts is guessed: patterns fail on lines that a device logs into the session, and on odd host names.

use std::time::{Duration, Instant};

use super::profile::is_pager;
use super::{screen, wrong};
use crate::collect::engine::Terminal;
use crate::collect::transport::{Failure, Stage};
use crate::error::Message;

/// How long a device is silent when it has said what it has to say. A slow link delays lines, hardly ever by as much.
const QUIET: Duration = Duration::from_millis(600);

/// How long a prompt at the end must stay the end.
const SETTLED: Duration = Duration::from_millis(150);

/// How long is waited for a prompt that a logged line may have pushed away, before a line end asks for it again.
const PUSHED_AWAY: Duration = Duration::from_secs(2);

/// How often the prompt is asked for.
const TRIES_MOST: usize = 6;

/// A dialogue that has found the prompt.
pub(super) struct Dialogue<'t> {
    terminal: &'t mut dyn Terminal,
    prompt: Vec<u8>,
    bytes_most: usize,
    deadline: Instant,
}

impl<'t> Dialogue<'t> {
    /// Waits for the prompt.
    pub(super) fn open(terminal: &'t mut dyn Terminal, bytes_most: usize, deadline: Instant) -> Result<Dialogue<'t>, Failure> {
        let mut dialogue = Dialogue { terminal, prompt: Vec::new(), bytes_most, deadline };
        let mut before = last_line(&dialogue.until_quiet()?);
        for _ in 0..TRIES_MOST {
            dialogue.terminal.send(b"\n")?;
            let now = last_line(&dialogue.until_quiet()?);
            if now == before && is_prompt(&now) {
                dialogue.prompt = now;
                return Ok(dialogue);
            }
            before = now;
        }
        let said: String = String::from_utf8_lossy(&before).chars().filter(|character| !character.is_control()).take(60).collect();
        Err(wrong(
            Stage::Execute,
            format!("没有认出提示符，最后一行是 {said:?}"),
            format!("no prompt was found; the last line is {said:?}"),
        ))
    }

    /// What comes until the device is silent; it waits for the first byte as long as there is time.
    fn until_quiet(&mut self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        loop {
            let wait = if bytes.is_empty() { PUSHED_AWAY } else { QUIET };
            if !self.receive(&mut bytes, wait)? && (!bytes.is_empty() || Instant::now() >= self.deadline) {
                if is_pager(&last_line(&bytes)) {
                    self.terminal.send(b" ")?;
                    continue;
                }
                return Ok(bytes);
            }
        }
    }

    /// Adds what comes within a time; false where nothing did.
    fn receive(&mut self, bytes: &mut Vec<u8>, wait: Duration) -> Result<bool, Failure> {
        let mut buffer = [0; 8192];
        let until = self.deadline.min(Instant::now() + wait);
        match self.terminal.receive(&mut buffer, until)? {
            None if Instant::now() >= self.deadline => {
                Err(Failure { stage: Stage::Transfer, deadline: true, message: Message::new("时限已到", "the time was over") })
            }
            None => Ok(false),
            Some(0) => Err(wrong(Stage::Transfer, "设备结束了会话".to_owned(), "the device ended the session".to_owned())),
            Some(count) => {
                bytes.extend_from_slice(&buffer[..count]);
                if bytes.len() > self.bytes_most {
                    let most = self.bytes_most;
                    return Err(wrong(Stage::Transfer, format!("输出超过 {most} 字节"), format!("more than {most} bytes of output")));
                }
                Ok(true)
            }
        }
    }

    /// Sends a command line and takes its answer, without echo, pager and prompt.
    pub(super) fn ask(&mut self, line: &str) -> Result<Vec<u8>, Failure> {
        self.terminal.send(format!("{line}\n").as_bytes())?;
        let mut bytes = Vec::new();
        // Where the answer ends, once the prompt had to be asked for again.
        let mut nudged: Option<usize> = None;
        let mut nudges = 0;
        loop {
            let ended = bytes.contains(&b'\n') && last_line(&bytes) == self.prompt;
            if self.receive(&mut bytes, if ended { SETTLED } else { PUSHED_AWAY })? {
                self.turn_page(&bytes)?;
                continue;
            }
            if ended {
                return Ok(answer(&bytes, line, &self.prompt, nudged));
            }
            nudges += 1;
            if nudges > TRIES_MOST {
                return Err(wrong(Stage::Transfer, "提示符没有再出现".to_owned(), "the prompt did not come back".to_owned()));
            }
            // Only a prompt that was there already may be asked for again: else the answer is only slow.
            if let Some(at) = prompt_before(&bytes, &self.prompt) {
                nudged.get_or_insert(at);
                self.terminal.send(b"\n")?;
            }
        }
    }

    /// Goes on where the device waits for a key.
    fn turn_page(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if is_pager(&last_line(bytes)) { self.terminal.send(b" ") } else { Ok(()) }
    }
}

/// What the line that is not ended shows.
fn last_line(bytes: &[u8]) -> Vec<u8> {
    let start = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    screen::shown(&bytes[start..])
}

/// Whether a line may be a prompt: short, and it ends as prompts of the platforms do.
fn is_prompt(line: &[u8]) -> bool {
    let end = line.trim_ascii_end();
    line.len() <= 120 && matches!(end.last(), Some(b'>' | b'#' | b'$' | b'%')) && !is_pager(line)
}

/// Where the last line begins that begins with the prompt.
fn prompt_before(bytes: &[u8], prompt: &[u8]) -> Option<usize> {
    let mut start = 0;
    let mut found = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if start > 0 && screen::shown(line.strip_suffix(b"\n").unwrap_or(line)).starts_with(prompt) {
            found = Some(start);
        }
        start += line.len();
    }
    found
}

/// The answer: what stands between the echo of the command and the prompt.
fn answer(bytes: &[u8], line: &str, prompt: &[u8], nudged: Option<usize>) -> Vec<u8> {
    let end = nudged.or_else(|| prompt_before(bytes, prompt)).unwrap_or(bytes.len());
    let shown = screen::plain(&bytes[..end]);
    let mut lines: Vec<&[u8]> = shown.split(|byte| *byte == b'\n').collect();
    if let Some(at) = lines.iter().take(3).position(|shown| memchr::memmem::find(shown, line.as_bytes()).is_some()) {
        lines.drain(..=at);
    }
    lines.retain(|line| !is_pager(line));
    lines.join(&b'\n')
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A device of which every line that it is sent brings the next of its pieces.
    struct Script {
        pieces: VecDeque<&'static [u8]>,
        ready: VecDeque<&'static [u8]>,
        sent: Vec<u8>,
    }

    impl Terminal for Script {
        fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
            self.sent.extend_from_slice(bytes);
            self.ready.extend(self.pieces.pop_front());
            Ok(())
        }

        fn receive(&mut self, buffer: &mut [u8], until: Instant) -> Result<Option<usize>, Failure> {
            let Some(piece) = self.ready.pop_front() else {
                std::thread::sleep(until.saturating_duration_since(Instant::now()).min(Duration::from_millis(5)));
                return Ok(None);
            };
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(Some(piece.len()))
        }
    }

    fn asked(first: &'static [u8], pieces: &[&'static [u8]]) -> (Result<String, Failure>, String) {
        let mut script = Script { pieces: pieces.iter().copied().collect(), ready: VecDeque::from([first]), sent: Vec::new() };
        let deadline = Instant::now() + Duration::from_secs(5);
        let got = Dialogue::open(&mut script, 1 << 20, deadline).and_then(|mut dialogue| dialogue.ask("display version"));
        (got.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()), String::from_utf8_lossy(&script.sent).into_owned())
    }

    #[test]
    fn a_logged_line_neither_hides_the_prompt_nor_is_one() {
        let log = b"<HW-1>\r\n#\r\nNov 23 2026 08:00:00 HW-1 %%01SHELL/4/LOGIN(s)[1]:User login.\r\n";
        let (got, sent) =
            asked(log, &[b"\r\n<HW-1>", b"\r\n<HW-1>", b"display version\r\nVRP 8\r\n<HW-1>\r\nNov 23 logged\r\n", b"<HW-1>"]);
        assert_eq!(got.unwrap(), "VRP 8\n");
        assert_eq!(sent, "\n\ndisplay version\n\n");
    }

    #[test]
    fn a_pager_is_answered_and_leaves_no_trace() {
        let page: &[u8] = b"display version\r\nline 1\r\n  ---- More ----";
        let rest: &[u8] = b"\x1b[16D                \x1b[16Dline 2\r\n<HW-1> is a name\r\n<HW-1>";
        let (got, sent) = asked(b"\r\nbanner\r\n<HW-1>", &[b"\r\n<HW-1>", page, rest]);
        assert_eq!(got.unwrap(), "line 1\nline 2\n<HW-1> is a name\n");
        assert_eq!(sent, "\ndisplay version\n ");
    }

    #[test]
    fn without_a_prompt_nothing_is_sent_but_line_ends() {
        let (got, sent) = asked(b"Change the password now? [Y/N]:", &[&b"\r\n[Y/N]:"[..]; 9]);
        assert_eq!(got.unwrap_err().stage, Stage::Execute);
        assert!(sent.bytes().all(|byte| byte == b'\n'));
    }
}
