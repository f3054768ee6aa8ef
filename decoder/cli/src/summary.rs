//! Counts over a whole capture.

use std::fmt;
use std::time::Duration;

use meterscope_capture::verdict::{Evidence, Verdict};
use meterscope_decoder::decode::Decoded;
use meterscope_decoder::error::Problem;
use meterscope_decoder::link::frames::Item;
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

/// What a capture holds.
#[derive(Debug, Default)]
pub struct Summary {
    decoder: Decoder,
    evidence: Evidence,
}

impl Summary {
    /// Counts an item and what it says.
    pub fn read(&mut self, item: &Item<'_>, keys: &[Key]) {
        let mut first = FirstProblem(None);
        let decoded = match item {
            Item::Frame(frame) => self.decoder.decode(frame, keys, &mut first),
            Item::Skipped(_, reason) => {
                self.decoder.skipped(*reason);
                Decoded::default()
            }
        };
        self.add(item, &decoded, first.0);
    }

    /// No item follows those that were [read](Self::read).
    pub fn finish(&mut self) {
        let mut first = FirstProblem(None);
        self.decoder.finish(&mut first);
        self.end(first.0);
    }

    /// No item follows; `problem` is what the end of the capture cut off.
    pub fn end(&mut self, problem: Option<Problem>) {
        self.evidence.end(problem);
    }

    /// Counts an item; `decoded` and `problem`, the first that was reported, say what became of it.
    pub fn add(&mut self, item: &Item<'_>, decoded: &Decoded, problem: Option<Problem>) {
        self.evidence.add(item, decoded, problem);
    }

    /// Whether there was a good frame, and not only messages that stay ciphered.
    pub const fn anything_decoded(&self) -> bool {
        let Evidence { good, messages, locked, refused, .. } = self.evidence;
        good > 0 && (messages == 0 || messages > locked + refused)
    }

    /// The verdict on the capture, of which these are the octets.
    pub fn verdict(&mut self, octets: &[u8]) -> Verdict {
        self.evidence.examine(octets);
        Verdict::of(&self.evidence)
    }

    /// The counts with the time that they took.
    pub const fn timed(&self, elapsed: Duration) -> Timed<'_> {
        Timed { evidence: &self.evidence, elapsed }
    }
}

/// What the verdict wants to know of a frame.
struct FirstProblem(Option<Problem>);

impl FieldSink for FirstProblem {
    fn wants_fields(&self) -> bool {
        false
    }

    fn problem(&mut self, problem: Problem) {
        self.0 = self.0.or(Some(problem));
    }
}

/// Counts and speed.
pub struct Timed<'a> {
    evidence: &'a Evidence,
    elapsed: Duration,
}

impl fmt::Display for Timed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[allow(clippy::cast_precision_loss, reason = "printed with one decimal")]
        let rate = self.evidence.octets as f64 / 1e6 / self.elapsed.as_secs_f64().max(1e-9);
        let Evidence { octets, good, damaged, skipped, messages, deciphered, readings, .. } = self.evidence;
        let seconds = self.elapsed.as_secs_f64();
        writeln!(f, "octets          {octets}")?;
        writeln!(f, "frames good     {good}")?;
        writeln!(f, "frames damaged  {damaged}")?;
        writeln!(f, "octets skipped  {skipped}")?;
        writeln!(f, "messages        {messages}")?;
        writeln!(f, "deciphered      {deciphered}")?;
        writeln!(f, "readings        {readings}")?;
        writeln!(f, "seconds         {seconds:.6}")?;
        writeln!(f, "MB/s            {rate:.1}")
    }
}

/// A verdict with the layer that failed and what to do next.
pub struct Spoken(pub Verdict);

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if let Some(layer) = self.0.layer() {
            write!(f, " (failed: {} layer)", layer.name())?;
        }
        self.0.next_step().map_or(Ok(()), |next| write!(f, ". {next}"))
    }
}
