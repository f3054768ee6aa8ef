//! Counts over a whole capture.

use std::fmt;
use std::time::Duration;

use meterscope_decoder::link::frames::Item;
use meterscope_decoder::security::Key;
use meterscope_decoder::transport::Decoder;

/// What a capture holds.
#[derive(Debug, Default)]
pub struct Summary {
    decoder: Decoder,
    octets: u64,
    good: u64,
    damaged: u64,
    skipped: u64,
    messages: u64,
    readings: u64,
}

impl Summary {
    /// Counts an item.
    pub fn add(&mut self, item: &Item<'_>) {
        let octets = item.octets().len() as u64;
        self.octets += octets;
        match item {
            Item::Skipped(..) => self.skipped += octets,
            Item::Frame(frame) if frame.damage.is_some() => self.damaged += 1,
            Item::Frame(_) => self.good += 1,
        }
    }

    /// Counts what the frames say.
    pub fn read(&mut self, item: &Item<'_>, keys: &[Key]) {
        let Item::Frame(frame) = item else { return };
        if let Some(message) = self.decoder.decode(frame, keys, &mut ()).message {
            self.messages += 1;
            self.readings += u64::from(message.readings);
        }
    }

    /// Whether there was a good frame.
    pub const fn anything_decoded(&self) -> bool {
        self.good > 0
    }

    /// The counts with the time that they took.
    pub const fn timed(&self, elapsed: Duration) -> Timed<'_> {
        Timed { summary: self, elapsed }
    }
}

/// Counts and speed.
pub struct Timed<'a> {
    summary: &'a Summary,
    elapsed: Duration,
}

impl fmt::Display for Timed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[allow(clippy::cast_precision_loss, reason = "printed with one decimal")]
        let rate = self.summary.octets as f64 / 1e6 / self.elapsed.as_secs_f64().max(1e-9);
        let Summary { octets, good, damaged, skipped, messages, readings, .. } = self.summary;
        let seconds = self.elapsed.as_secs_f64();
        writeln!(f, "octets          {octets}")?;
        writeln!(f, "frames good     {good}")?;
        writeln!(f, "frames damaged  {damaged}")?;
        writeln!(f, "octets skipped  {skipped}")?;
        writeln!(f, "messages        {messages}")?;
        writeln!(f, "readings        {readings}")?;
        writeln!(f, "seconds         {seconds:.6}")?;
        writeln!(f, "MB/s            {rate:.1}")
    }
}
