//! What wmbusmeters prints: `telegram=|68…16|` with a frame of the wire or, far more often, of the radio, and with
//! `--debug` each piece that came from the serial line, and again everything that came so far.

use crate::builder::{Builder, Mark};
use crate::evidence::is_wireless;
use crate::form::Form;
use crate::forms::hex::{self, Scan};
use crate::imported::{Direction, Source, Why};
use crate::text::Line;

/// What the log has shown so far.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// What stands in quotes on the next line was printed before.
    quoted_again: bool,
    /// The octets that came piece by piece since the last telegram.
    pieces: Vec<u8>,
}

impl Log {
    /// Takes a line; not where it is none of wmbusmeters.
    pub(crate) fn line(&mut self, line: Line<'_>, mark: Mark, out: &mut Builder) -> bool {
        let source = Source::Lines(line.number, line.number);
        let quoted_again = std::mem::take(&mut self.quoted_again);
        let text = line.text.trim_ascii();
        if quoted_again && text.starts_with(b"\"") {
            out.leave_out(source, line.text, Why::Again);
            return true;
        }
        if let Some(telegram) = behind(text, b"telegram=|") {
            self.telegram(line, telegram, mark, out);
            return true;
        }
        if !text.starts_with(b"(") {
            return false;
        }
        let (piece, direction) = match (behind(text, b"received binary \""), behind(text, b" sent \"")) {
            (Some(piece), _) => (piece, Direction::Received),
            (_, Some(piece)) => (piece, Direction::Sent),
            _ => {
                self.quoted_again = [&b"Frame"[..], b"protocol error", b"partial frame"]
                    .iter()
                    .any(|words| text.ends_with(words));
                // `partial frame, expecting more. "68…"`
                let again = text.ends_with(b"\"")
                    && (behind(text, b"frame").is_some() || behind(text, b"Frame").is_some());
                if again {
                    out.leave_out(source, line.text, Why::Again);
                }
                return again;
            }
        };
        let Some(piece) = piece.strip_suffix(b"\"").filter(|piece| Scan::of(piece).is_whole()) else {
            return false;
        };
        hex::decode(piece, out.octets(), &mut None);
        if direction == Direction::Received {
            self.pieces.extend_from_slice(out.piece());
        }
        out.end(Form::Wmbusmeters, source, Mark { direction: Some(direction), ..mark });
        true
    }

    /// The next line is a repetition in quotes, and no line of numbers.
    pub(crate) fn expects_quote(&self) -> bool {
        self.quoted_again
    }

    fn telegram(&mut self, line: Line<'_>, telegram: &[u8], mark: Mark, out: &mut Builder) {
        let source = Source::Lines(line.number, line.number);
        let telegram = telegram.trim_ascii_start();
        let telegram = telegram.strip_prefix(b"|").unwrap_or(telegram);
        // What is looked at is a part of the line, so the line says where it begins. A bar ends it, and an underscore may stand between its header and its records.
        let is_digit = |octet: u8| octet.is_ascii_hexdigit() || octet == b'_';
        let length = telegram.iter().take_while(|octet| is_digit(**octet)).count();
        let start = telegram.as_ptr().addr().saturating_sub(line.text.as_ptr().addr());
        if telegram.get(length).is_some_and(u8::is_ascii_alphanumeric) {
            // Digits that somebody hid, or damage: what stands in front of them is no telegram either.
            out.leave_out(source, line.text, Why::BadHex(hex::place(line, start + length, false)));
            return;
        }
        let telegram = telegram.get(..length).unwrap_or_default();
        if !Scan::of(telegram).is_whole() {
            let scan = Scan::of(telegram);
            let at = scan.odd_inside.unwrap_or(length).saturating_sub(1);
            let bad = hex::place(line, start + at, true);
            out.leave_out(source, line.text, Why::BadHex(bad));
            return;
        }
        hex::decode(telegram, out.octets(), &mut None);
        let why = if is_wireless(out.piece()) {
            Some(Why::Wireless)
        } else if self.pieces.ends_with(out.piece()) {
            // It came in pieces, which were taken.
            Some(Why::Again)
        } else {
            None
        };
        self.pieces.clear();
        match why {
            Some(why) => {
                out.drop_piece();
                out.leave_out(source, line.text, why);
            }
            None => out.end(Form::Wmbusmeters, source, mark),
        }
    }
}

fn behind<'a>(text: &'a [u8], words: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(words.len()).position(|window| window == words)?;
    text.get(at + words.len()..)
}
