//! What happens to a display, as data: a folder with `story.txt`, what comes on the bus and when it is looked at, and
//! `screens.txt`, what is then to be seen.
//!
//! | line of a story | what |
//! | --- | --- |
//! | `line 2400 8E1` | how the octets are sent; stands first |
//! | `meter NAME 12:59:30 from S for S` | an invented meter whose clock says that at the first S |
//! | `damage N` | every Nth frame of the meters behind it comes damaged, in one way after the other |
//! | `capture NAME at S` | the octets of a fixture of the decoder |
//! | `octets HEX at S` | these octets |
//! | `faults HEX at S` | these octets, each with a wrong parity bit |
//! | `show S S …` | the seconds after which the screens are looked at |
//!
//! Times are seconds since the board was switched on.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use meterscope_decoder::encode::{Clock, Demo, MeterKind, demo::LONGEST_FRAME};

use crate::random::Random;
use crate::{Sender, Spoiling, Waveform};

/// A story, read.
#[derive(Clone, Debug)]
pub struct Story {
    /// How the octets are sent.
    pub sender: Sender,
    /// What comes, in its order.
    pub sent: Vec<Sent>,
    /// When it is looked at, in seconds.
    pub shows_s: Vec<u32>,
}

/// Octets without a pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When the first one begins.
    pub at_ms: u64,
    /// The octets.
    pub octets: Vec<u8>,
    /// Each has a wrong parity bit.
    pub is_faulty: bool,
}

/// A display is looked at so long behind a full second: it has had the time to write all.
pub const LOOK_MS: u64 = 900;

impl Story {
    /// Reads a story; `fixtures` is the folder of the decoder's.
    ///
    /// # Panics
    ///
    /// If it is none.
    pub fn read(path: &Path, fixtures: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut story = Self { sender: Sender::exact("2400 8E1"), sent: Vec::new(), shows_s: Vec::new() };
        let mut damaged_every = 0;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["line", baud, format] => story.sender = Sender::exact(&format!("{baud} {format}")),
                ["damage", every] => damaged_every = number(every),
                ["meter", name, clock, "from", from, "for", seconds] => {
                    story.run(meter(name, clock).damaged_every(damaged_every), number(from), number(seconds));
                }
                ["capture", name, "at", at] => {
                    let path = fixtures.join(name).join("capture.hex");
                    let hex = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
                    story.send(u64::from(number(at)) * 1000, octets(&hex), false);
                }
                ["octets", hex, "at", at] => story.send(u64::from(number(at)) * 1000, octets(hex), false),
                ["faults", hex, "at", at] => story.send(u64::from(number(at)) * 1000, octets(hex), true),
                ["show", ref seconds @ ..] => {
                    story.shows_s.extend(seconds.iter().map(|second| number(second)));
                }
                _ => panic!("{}: {line}", path.display()),
            }
        }
        story.sent.sort_by_key(|sent| sent.at_ms);
        story
    }

    /// What is on the line.
    ///
    /// # Panics
    ///
    /// If octets begin before those before them have ended.
    #[allow(
        clippy::cast_precision_loss,
        reason = "a story takes minutes, of which nanoseconds fit into a mantissa"
    )]
    pub fn waveform(&self) -> Waveform {
        let (mut line, mut random) = (Waveform::resting(0), Random::new(1));
        for sent in &self.sent {
            let rest_ns = sent.at_ms as f64 * 1e6 - line.end_ns() as f64;
            assert!(rest_ns >= 0.0, "octets at {} ms come before those before them have ended", sent.at_ms);
            line.rest(rest_ns);
            for &octet in &sent.octets {
                let spoiling = if sent.is_faulty { Spoiling::Parity } else { Spoiling::None };
                line.send_spoiled(octet, spoiling, &self.sender, &mut random);
            }
        }
        line
    }

    /// All octets in their order.
    pub fn octets(&self) -> Vec<u8> {
        self.sent.iter().flat_map(|sent| &sent.octets).copied().collect()
    }

    fn run(&mut self, mut meter: Demo, from_s: u32, seconds: u32) {
        let mut buffer = [0; LONGEST_FRAME];
        while meter.next_at_ms() < seconds * 1000 {
            let frame = meter.next_frame(&mut buffer).expect("the buffer is long enough");
            self.send(u64::from(from_s) * 1000 + u64::from(frame.at_ms), frame.octets.to_vec(), false);
        }
    }

    fn send(&mut self, at_ms: u64, octets: Vec<u8>, is_faulty: bool) {
        self.sent.push(Sent { at_ms, octets, is_faulty });
    }
}

/// Screens of one moment, as they stand in `screens.txt`.
pub fn shown(second: u32, screens: &[Vec<String>]) -> String {
    let mut text = format!("after {second} s\n");
    for line in screens.iter().flatten() {
        let _ = writeln!(text, "|{line}|");
    }
    text
}

/// Compares with `screens.txt`. With the variable `METERSCOPE_BLESS` set it is written instead.
///
/// # Panics
///
/// If something else is to be seen.
pub fn check(folder: &Path, seen: &str) {
    let path = folder.join("screens.txt");
    if std::env::var_os("METERSCOPE_BLESS").is_some() {
        fs::write(&path, seen).expect("the folder can be written to");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(seen == expected, "{}:\n{expected}\nbut there is\n{seen}", path.display());
}

fn meter(name: &str, clock: &str) -> Demo {
    let kind = match name {
        "aidon" => MeterKind::Aidon,
        "aidon-sweden" => MeterKind::AidonSweden,
        "kaifa" => MeterKind::Kaifa,
        "kamstrup" => MeterKind::Kamstrup,
        "landis-gyr" => MeterKind::LandisGyr,
        _ => panic!("no meter {name}"),
    };
    let parts: Vec<u8> = clock.split(':').map(|part| number(part) as u8).collect();
    let &[hour, minute, second] = &parts[..] else { panic!("no clock {clock}") };
    Demo::new(kind, Clock::new(2026, 6, 21, hour, minute, second).expect("a time of the day"))
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_else(|_| panic!("no number {text}"))
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |octet, digit| octet << 4 | digit)).collect()
}
