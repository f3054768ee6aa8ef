//! Capture files as they are written: pcapng (draft-ietf-opsawg-pcapng) of a serial line, link type 250 (RTAC serial).
//!
//! An interface block says what the device is called and how its line is set. Each packet has the header of SEL's Real
//! Time Automation Controller in front of its octets: seconds and microseconds since 1970 (u32 each, big endian), an
//! event, the control lines and two octets without meaning. What is no packet of octets is an event: what the line
//! reported, or a change of state with a comment. Wireshark shows all of it; [`import`](crate::import) reads it back.
//!
//! Times are microseconds since 1970 in UTC; 0 says that the time is not known. A key has no place in it.

mod blocks;
mod rest;

use pcap_file::DataLink;

use crate::imported::{Direction, LineEvent};
use crate::line_settings::LineSettings;
pub(crate) use blocks::{Blocks, Interface, Packet};
pub use rest::tells_of_line;

/// Writes a capture file as it happens, piece by piece.
pub struct Writer {
    file: Blocks,
    /// What each interface block says, in their order.
    lines: Vec<Line>,
    /// The interface of what follows.
    line: u32,
}

/// How a line is set and which device it belongs to, where that is known.
type Line = Option<(LineSettings, String)>;

/// The most octets of a packet; more become several packets. Wireshark refuses packets over 256 KiB.
const MOST_OCTETS: usize = 0xF000;
/// The longest name of a device and the longest note, in octets. More is cut off.
pub const LONGEST_TEXT: usize = 1024;

impl Writer {
    /// Begins a file; `application` says who writes it (`Meterscope 0.1.0`).
    pub fn new(application: &str) -> Self {
        Self { file: Blocks::new(shortened(application)), lines: Vec::new(), line: 0 }
    }

    /// Says which device the following comes from and how its line is set. Without it the following comes from a line of which
    /// nothing is said.
    pub fn interface(&mut self, settings: &LineSettings, device: &str) {
        self.open(Some((*settings, shortened(device).to_owned())));
    }

    /// Octets that arrived or were sent.
    pub fn octets(&mut self, at: u64, direction: Direction, octets: &[u8]) {
        let event = match direction {
            Direction::Sent => event::SENT,
            Direction::Received => event::RECEIVED,
        };
        for octets in octets.chunks(MOST_OCTETS) {
            // The flags of a packet say the direction once more, for those who do not know the event.
            self.packet(at, event, Some(direction), octets, None);
        }
    }

    /// What the line reported.
    pub fn line_event(&mut self, at: u64, event: LineEvent) {
        self.packet(at, event::of(event), None, &[], None);
    }

    /// What happened to the source, in words.
    pub fn note(&mut self, at: u64, text: &str) {
        self.packet(at, event::STATUS_CHANGE, None, &[], Some(shortened(text)));
    }

    /// What was written since the last time. All of it in order is the file, and each of these pieces ends with a block.
    pub fn take(&mut self) -> Vec<u8> {
        self.file.take()
    }

    fn open(&mut self, line: Line) {
        let known = self.lines.iter().position(|known| *known == line);
        let index = known.unwrap_or_else(|| {
            let (settings, device) =
                line.as_ref().map_or((None, ""), |(settings, device)| (Some(settings), &**device));
            // Texts were cut off, so that no block is too long.
            let _ = self.file.interface(&Interface {
                link_type: DataLink::RTAC_SERIAL,
                name: device,
                description: &settings.map(ToString::to_string).unwrap_or_default(),
                speed: settings.map(|settings| settings.baud),
            });
            self.lines.push(line);
            self.lines.len() - 1
        });
        self.line = index as u32;
    }

    fn packet(
        &mut self,
        at: u64,
        code: u8,
        direction: Option<Direction>,
        octets: &[u8],
        comment: Option<&str>,
    ) {
        const SECOND: u64 = 1_000_000;
        if self.lines.is_empty() {
            self.open(None);
        }
        let mut data = Vec::with_capacity(event::HEADER + octets.len());
        // The seconds of the header end in 2106, those of the packet do not.
        data.extend(((at / SECOND) as u32).to_be_bytes());
        data.extend(((at % SECOND) as u32).to_be_bytes());
        data.extend([code, 0, 0, 0]);
        data.extend(octets);
        // The interface is there, and what could be too long was split and cut off.
        let _ = self.file.packet(&Packet { interface: self.line, at, direction, octets: &data, comment });
    }
}

/// What a packet of link type 250 is about.
pub(crate) mod event {
    use crate::imported::LineEvent;

    /// Octets in front of those of a packet.
    pub(crate) const HEADER: usize = 12;

    pub(crate) const STATUS_CHANGE: u8 = 0;
    pub(crate) const SENT: u8 = 1;
    pub(crate) const RECEIVED: u8 = 2;
    pub(crate) const SENT_END: u8 = 3;
    pub(crate) const RECEIVED_END: u8 = 4;

    pub(crate) fn of(event: LineEvent) -> u8 {
        match event {
            LineEvent::Lost => 5,
            LineEvent::Framing => 7,
            LineEvent::Parity => 8,
            LineEvent::Break => 9,
            LineEvent::Overflow => 10,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<LineEvent> {
        Some(match code {
            5 => LineEvent::Lost,
            7 => LineEvent::Framing,
            8 => LineEvent::Parity,
            9 => LineEvent::Break,
            10 => LineEvent::Overflow,
            _ => return None,
        })
    }
}

fn shortened(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_blocks() {
        let mut writer = Writer::new("Meterscope");
        let mut pieces = vec![writer.take()];
        writer.interface(&LineSettings::MBUS, "ttyUSB0");
        writer.octets(1, Direction::Received, &[0x68; 5]);
        pieces.push(writer.take());
        writer.line_event(2, LineEvent::Parity);
        writer.note(3, "unplugged");
        pieces.push(writer.take());
        assert_eq!(writer.take(), []);
        for mut piece in pieces.iter().map(Vec::as_slice) {
            while let Some((_, rest)) = piece.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*rest.first_chunk().unwrap()) as usize;
                assert_eq!(piece[length - 4..length], piece[4..8]);
                piece = &piece[length..];
            }
        }
    }

    #[test]
    fn an_interface_is_described_once() {
        let mut writer = Writer::new("");
        let other = LineSettings { baud: 9600, ..LineSettings::MBUS };
        for settings in [LineSettings::MBUS, other, LineSettings::MBUS, other] {
            writer.interface(&settings, "board");
            writer.octets(0, Direction::Received, &[1]);
        }
        assert_eq!(
            writer.lines,
            [LineSettings::MBUS, other].map(|settings| Some((settings, "board".into())))
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "å".repeat(40_000);
        let mut writer = Writer::new(&long);
        writer.interface(&LineSettings::MBUS, &long);
        writer.note(u64::MAX, &format!("a{long}"));
        assert!(writer.take().len() < 4 * LONGEST_TEXT);
        assert_eq!(shortened(&format!("a{long}")).len(), LONGEST_TEXT - 1);
    }
}
