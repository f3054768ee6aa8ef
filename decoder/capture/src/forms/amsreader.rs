//! The verbose telnet output of amsreader-firmware. A heading names a layer, and lines of 16 octets follow:
//!
//! ```text
//! (V) HDLC frame:
//! (V) 7E A1 1E 41  08 83 13 EE  EE E6 E7 00  0F 40 00 00
//! ```
//!
//! Each message is printed once a layer, outermost first. Only the outermost is taken; the others hold the same octets.

use crate::builder::{Builder, Mark};
use crate::form::Form;
use crate::forms::hex::{self, Scan};
use crate::imported::{Source, Why};
use crate::text::Line;

/// Which block the lines belong to.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    state: State,
    /// The outermost layer of this log.
    outermost: Option<Layer>,
    /// The octets of the block before this one, where it can come again as a whole.
    before: Vec<u8>,
    /// Those of this block.
    block: Vec<u8>,
    /// They are the same so far.
    is_again: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Outside,
    Taken,
    Again,
    /// What came off the wire, printed because it was not understood.
    Payload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Link,
    Other([u8; 3]),
}

impl Blocks {
    /// Takes a line of which `text` is what stands behind the prefix; not where it belongs to no block.
    pub(crate) fn line(
        &mut self,
        line: Line<'_>,
        text: &[u8],
        mark: Mark,
        level: bool,
        out: &mut Builder,
    ) -> bool {
        let source = Source::Lines(line.number, line.number);
        if let Some(state) = self.heading(text.trim_ascii()) {
            if !self.block.is_empty() {
                self.before = std::mem::take(&mut self.block);
            }
            self.state = state;
            self.is_again = true;
            out.leave_out(source, line.text, Why::Text);
            return true;
        }
        if self.state == State::Outside && !level {
            return false;
        }
        let scan = Scan::of(text);
        let masked = scan.masked > 0 && out.repairs.masked_as_zero && scan.bad.is_none();
        if !scan.is_whole() && !masked {
            if !text.trim_ascii().is_empty() {
                self.state = State::Outside;
            }
            return false;
        }
        if self.state == State::Again {
            out.leave_out(source, line.text, Why::Again);
            return true;
        }
        out.imported.repaired.masked_as_zero += hex::decode(text, out.octets(), &mut None);
        let at = self.block.len();
        self.block.extend_from_slice(out.piece());
        // A damaged frame is printed as a frame and then as a payload, with whatever came behind it.
        let seen = self.before.get(at..).unwrap_or_default();
        self.is_again &= out.piece().iter().zip(seen).all(|(octet, seen)| octet == seen);
        if self.state == State::Payload && !seen.is_empty() && self.is_again {
            let new = out.piece().get(seen.len()..).unwrap_or_default().to_vec();
            out.drop_piece();
            if new.is_empty() {
                out.leave_out(source, line.text, Why::Again);
                return true;
            }
            out.octets().extend_from_slice(&new);
        }
        out.end(Form::Amsreader, source, mark);
        true
    }

    fn heading(&mut self, text: &[u8]) -> Option<State> {
        if text.ends_with(b"payload:") {
            return Some(State::Payload);
        }
        if text.ends_with(b"application data:") {
            return Some(State::Again);
        }
        let name = text.strip_suffix(b" frame:")?;
        let layer = match name.last_chunk::<4>() {
            Some(b"HDLC" | b"MBUS") => Layer::Link,
            _ => Layer::Other(*name.last_chunk()?),
        };
        let outermost = self.outermost.get_or_insert(layer);
        if layer == Layer::Link {
            *outermost = layer;
        }
        Some(if *outermost == layer { State::Taken } else { State::Again })
    }
}
