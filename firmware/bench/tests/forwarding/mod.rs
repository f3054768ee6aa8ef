//! What every board that forwards does, whatever it is and on whichever pin it hears: lines, and what is told of them.
#![allow(dead_code, reason = "each test uses a part")]

use std::ops::RangeInclusive;

use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_firmware_bench::{Leonardo, Uno};
use meterscope_firmware_logic::command::TABLE;
use meterscope_firmware_logic::marks::{MarkReader, Told};
use meterscope_firmware_logic::receiver::Fault;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Spoiling, Waveform};

/// A board that forwards, with a program on the host that reads.
pub trait Forwards {
    /// A command, and what the board says.
    fn ask(&mut self, command: &str) -> Vec<u8>;
    /// Plays a line to its end and a while longer; what the host reads.
    fn hear(&mut self, line: &Waveform) -> Vec<u8>;
}

impl Forwards for Uno {
    fn ask(&mut self, command: &str) -> Vec<u8> {
        (**self).ask(command)
    }

    fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.hear(line)
    }
}

impl Forwards for Leonardo {
    fn ask(&mut self, command: &str) -> Vec<u8> {
        self.ask(command)
    }

    fn hear(&mut self, line: &Waveform) -> Vec<u8> {
        self.hear(line)
    }
}

/// Before the first octet of a line.
pub const LEAD_NS: u32 = 50_000_000;

pub fn every_octet() -> Vec<u8> {
    (0..=255).collect()
}

pub fn told(octets: &[u8]) -> Vec<Told> {
    let mut reader = MarkReader::new();
    octets.iter().filter_map(|&octet| reader.push(octet)).collect()
}

/// Octets alone.
pub fn octets(told: &[Told]) -> Vec<u8> {
    let octet = |told: &Told| if let Told::Octet { octet, .. } = told { Some(*octet) } else { None };
    told.iter().filter_map(octet).collect()
}

/// Faults and losses alone.
pub fn trouble(told: &[Told]) -> Vec<Told> {
    let is_trouble = |told: &&Told| match told {
        Told::Octet { fault, .. } => fault.is_some(),
        Told::Lost | Told::Unknown(_) => true,
        Told::Gap(_) | Told::Time(_) | Told::Text(_) => false,
    };
    told.iter().filter(is_trouble).copied().collect()
}

/// So many frames of a meter, half a second apart.
pub fn meter(kind: MeterKind, frames: usize, sender: &Sender) -> (Waveform, Vec<u8>) {
    let mut meter = Demo::new(kind, Clock::new(2026, 11, 21, 12, 0, 0).unwrap());
    let (mut buffer, mut random) = ([0; LONGEST_FRAME], Random::new(1));
    let (mut line, mut sent) = (Waveform::resting(LEAD_NS), Vec::new());
    for _ in 0..frames {
        let frame = meter.next_frame(&mut buffer).unwrap().octets;
        line.send(frame, sender, &mut random);
        line.rest(0.5e9);
        sent.extend_from_slice(frame);
    }
    (line, sent)
}

/// Any octets, one after the other.
pub fn random_line(count: usize, settings: &str) -> (Waveform, Vec<u8>) {
    let mut random = Random::new(5);
    let sent = random.octets(count);
    let mut line = Waveform::resting(1_000_000);
    line.send(&sent, &Sender::exact(settings), &mut random);
    (line, sent)
}

/// With marks, at these settings.
pub fn set(board: &mut impl Forwards, settings: &str) {
    board.ask("mode marked");
    assert_eq!(board.ask(&format!("line {settings}")), b"\xFF\x06ok\n", "{settings}");
}

/// All 256 octets, back to back.
pub fn expect_every_octet(board: &mut impl Forwards, settings: &str) {
    set(board, settings);
    let sender = Sender::exact(settings);
    let mut line = Waveform::resting(LEAD_NS);
    line.send(&every_octet(), &sender, &mut Random::new(1));
    let told = told(&board.hear(&line));
    let mask = u8::MAX >> (8 - sender.settings.data_bits);
    let expected: Vec<u8> = every_octet().iter().map(|octet| octet & mask).collect();
    assert_eq!((octets(&told), trouble(&told)), (expected, vec![]), "{settings}");
}

/// Octets back to back from a clock that is wrong by so many thousandths, with edges that are early or late.
pub fn expect_all_of_a_wrong_clock(board: &mut impl Forwards, settings: &str, thousandths: i8) {
    set(board, settings);
    let clock_error = f64::from(thousandths) / 1000.0;
    let sender = Sender { clock_error, jitter_ns: 3000.0, ..Sender::exact(settings) };
    let mut random = Random::new(7);
    let sent = random.octets(usize::try_from(sender.settings.baud / 10).unwrap().min(500));
    let mut line = Waveform::resting(LEAD_NS);
    line.send(&sent, &sender, &mut random);
    let told = told(&board.hear(&line));
    assert_eq!((octets(&told), trouble(&told)), (sent, vec![]), "{settings} {thousandths}");
}

/// Octets with a pulse in each, somewhere in it, either way.
pub fn expect_nothing_of_noise(board: &mut impl Forwards, settings: &str, longest_ns: u64) {
    set(board, settings);
    let sender = Sender::exact(settings);
    let mut random = Random::new(longest_ns);
    let sent = random.octets((sender.settings.baud / 24).clamp(20, 100) as usize);
    let (mut line, mut noise) = (Waveform::resting(LEAD_NS), Vec::new());
    for &octet in &sent {
        let place = random.fraction() * 12.0 * sender.bit_ns();
        noise.push((line.end_ns() + place as u64, longest_ns / 2 + random.next() % (longest_ns / 2)));
        line.send(&[octet], &sender, &mut random);
        line.rest(3.0 * sender.bit_ns());
    }
    for (at_ns, length_ns) in noise {
        line.add_noise(at_ns, length_ns);
    }
    let told = told(&board.hear(&line));
    assert_eq!((octets(&told), trouble(&told)), (sent, vec![]), "{settings} {longest_ns} ns");
}

/// Octets with two pulses of noise each, where one that passes does harm: in the middle of a bit, where the receiver looks,
/// and so soon before the start bit that it may be taken for its beginning. At 2400 baud and below only the latter harms, and
/// only where the clock is slow as well: a pulse of 50 µs spoils one of a bit's three samples there.
pub fn expect_nothing_of_aimed_noise(
    board: &mut impl Forwards,
    settings: &str,
    range_ns: RangeInclusive<u64>,
    octets_sent: usize,
) {
    set(board, settings);
    let exact = Sender::exact(settings);
    let clock_error = if exact.settings.baud <= 2400 { -0.03 } else { 0.0 };
    let sender = Sender { clock_error, ..exact };
    let mut random = Random::new(*range_ns.end());
    let sent = random.octets(octets_sent);
    let (mut line, mut noise) = (Waveform::resting(LEAD_NS), Vec::new());
    let length_ns =
        |random: &mut Random| range_ns.start() + random.next() % (range_ns.end() - range_ns.start() + 1);
    for &octet in &sent {
        let before_ns = 130_000.0 + random.fraction() * 20_000.0;
        noise.push((line.end_ns() - before_ns as u64, length_ns(&mut random)));
        let bit = 1 + random.next() as u8 % 8;
        let place = (f64::from(bit) + 0.25 + random.fraction() * 0.25) * sender.bit_ns();
        noise.push((line.end_ns() + place as u64, length_ns(&mut random)));
        line.send(&[octet], &sender, &mut random);
        line.rest(3.0 * sender.bit_ns());
    }
    for (at_ns, length_ns) in noise {
        line.add_noise(at_ns, length_ns);
    }
    let told = told(&board.hear(&line));
    assert_eq!(trouble(&told), [], "{settings} {range_ns:?} ns");
    assert_eq!(octets(&told), sent, "{settings} {range_ns:?} ns");
}

/// A wrong parity bit, a missing stop bit and a break; the line with them.
pub fn expect_faults_with_their_octet(board: &mut impl Forwards) -> Waveform {
    set(board, "2400 8E1");
    let sender = Sender::exact("2400 8E1");
    let (mut line, mut random) = (Waveform::resting(LEAD_NS), Random::new(1));
    line.send(&[0xFF], &sender, &mut random);
    line.send_spoiled(0x31, Spoiling::Parity, &sender, &mut random);
    line.send_spoiled(0x42, Spoiling::Stop, &sender, &mut random);
    line.low(20.0 * sender.bit_ns());
    line.rest(sender.bit_ns());
    line.send(&[0x7E], &sender, &mut random);
    let told = told(&board.hear(&line));
    assert!(matches!(told[..2], [Told::Gap(_), Told::Time(_)]), "{told:?}");
    let octet = |octet, fault| Told::Octet { octet, fault };
    let expected = [
        octet(0xFF, None),
        octet(0x31, Some(Fault::Parity)),
        octet(0x42, Some(Fault::Framing)),
        octet(0x00, Some(Fault::Break)),
        octet(0x7E, None),
    ];
    assert_eq!(told[2..], expected);
    assert_eq!(
        board.ask("count"),
        b"\xFF\x06octets 5 parity 1 framing 1 break 1 lost 0 frames 0 damaged 0\n"
    );
    line
}

/// A burst of edges that no line has, much faster than the board takes them.
pub fn expect_too_much_to_be_told_and_over(board: &mut impl Forwards) {
    set(board, "9600 8E1");
    let sender = Sender::exact("9600 8E1");
    let (mut line, mut random) = (Waveform::resting(LEAD_NS), Random::new(1));
    line.send(b"before", &sender, &mut random);
    line.rest(1e6);
    for _ in 0..2000 {
        line.low(9000.0);
        line.rest(9000.0);
    }
    // The board still has what the ring holds to go through.
    line.rest(50e6);
    line.send(b"behind", &sender, &mut random);
    let told = told(&board.hear(&line));
    let first = told.iter().position(|told| *told == Told::Lost).expect("it is told");
    let last = told.iter().rposition(|told| *told == Told::Lost).expect("it is told");
    assert!(octets(&told[..first]).starts_with(b"before"), "{told:?}");
    assert_eq!(octets(&told[last..]), b"behind", "{told:?}");
    assert_eq!(trouble(&told[last + 1..]), [], "{told:?}");
}

/// A meter as it comes: plain, nothing set.
pub fn expect_every_meter_with_its_settings<B: Forwards>(board: impl Fn() -> B) {
    let meters = [
        (MeterKind::Kaifa, "2400 8E1"),
        (MeterKind::Kamstrup, "2400 8N1"),
        (MeterKind::Aidon, "2400 8E1"),
        (MeterKind::Heat, "2400 8E1"),
    ];
    for (kind, settings) in meters {
        let mut board = board();
        let sender = Sender { clock_error: 0.015, ..Sender::exact(settings) };
        let (line, sent) = meter(kind, 5, &sender);
        assert_eq!(board.hear(&line), sent, "{kind:?}");
        let answer = String::from_utf8(board.ask("?")).unwrap();
        assert_eq!(answer, format!("meterscope forwarder 1; line auto {settings}; mode plain\n"), "{kind:?}");
    }
}

/// Each of a board that was just switched on.
pub fn expect_answers_of_the_table<B: Forwards>(board: impl Fn() -> B) {
    for row in TABLE {
        let answer = board().ask(row.example);
        let text = answer.strip_prefix(b"\xFF\x06").unwrap_or(&answer);
        assert_eq!(String::from_utf8_lossy(text), format!("{}\n", row.answer), "{}", row.form);
    }
}
