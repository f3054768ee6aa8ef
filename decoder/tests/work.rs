//! The work an octet costs stays bounded, also for streams made to cost as much as possible.

mod common;

use meterscope_decoder::encode::hdlc::{Address, Header, frame};
use meterscope_decoder::encode::{Writer, mbus};
use meterscope_decoder::link::frames::Frames;
use meterscope_decoder::link::{LONGEST_FRAME, Receiver, Step};
use std::time::{Duration, Instant};

/// Streams that begin as many frames as they can without ever finishing one.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let again = |piece: &[u8]| piece.iter().copied().cycle().take(LENGTH).collect::<Vec<u8>>();
    vec![
        ("flags", again(&[0x7E])),
        ("headers of long HDLC frames", again(&long_header())),
        ("flags and formats", again(&[0x7E, 0xA7, 0xFF])),
        ("M-Bus starts", again(&[0x68, 0xFF, 0xFF, 0x68])),
        ("M-Bus starts that stop", again(&[0x68, 0xFA, 0xFA, 0x68, 0x16, 0x16, 0x16, 0x16])),
        ("identifications", again(b"/ABC\r\n")),
        ("identifications behind a tab", again(b"\t/ABC\r\n")),
        ("identifications in a line", again(b"x/ABC\r\n\r\n")),
        ("identifications in one line", again(b"/ABC/ABC/ABC/ABC/ABC/ABC/ABC/ABC/ABC/ABC/ABC\r\n\r\n")),
        ("identifications and ends", again(b"/ABC5\r\n\r\nx\r\n!0000\r\n")),
        ("empty lines", again(b"\n")),
        ("text without an end", [b"/ABC5\r\n\r\n".to_vec(), again(b"1-0:1.8.0(0)\r\n")].concat()),
        ("noise", again(&[0xF8, 0x01, 0xF3])),
    ]
}

const LENGTH: usize = 200_000;

/// Flag, format, addresses, control and the right check sequence of a frame of 2,047 octets.
fn long_header() -> Vec<u8> {
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    let header = Header::ui(Address::One(1), Address::One(1));
    frame(&mut writer, &header, |w| w.octets(&[0; 0x7FF - 9])).expect("the longest frame");
    writer.finish()[..8].to_vec()
}

/// What ordinary traffic costs on this machine, whatever else runs on it.
fn ordinary() -> Vec<u8> {
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    mbus::long(&mut writer, mbus::RSP_UD, 1, 0x72, |w| w.octets(&[0; 100])).expect("a frame");
    writer.finish().iter().copied().cycle().take(LENGTH).collect()
}

fn in_memory(octets: &[u8]) -> Duration {
    let start = Instant::now();
    assert!(Frames::new(octets).count() > 0);
    start.elapsed()
}

fn in_pieces(octets: &[u8], length: usize) -> Duration {
    let mut receiver = Box::new(Receiver::<LONGEST_FRAME>::new());
    let start = Instant::now();
    for mut piece in octets.chunks(length) {
        while receiver.push(&mut piece) != Step::NeedMore {}
    }
    while receiver.finish() != Step::NeedMore {}
    start.elapsed()
}

/// A frame of 2,047 octets may have to be checked for each of its headers of eight octets: 256 octets an octet. What
/// would be worse than that is quadratic: 200,000 octets an octet.
#[test]
fn no_stream_is_quadratic() {
    const WORST: u32 = 3000;
    let ordinary = ordinary();
    let base = in_memory(&ordinary).max(Duration::from_micros(200));
    for (name, octets) in hostile() {
        for (how, took) in [
            ("in memory", in_memory(&octets)),
            ("whole", in_pieces(&octets, octets.len())),
            ("in pieces of 64", in_pieces(&octets, 64)),
            ("octet by octet", in_pieces(&octets, 1)),
        ] {
            let nanoseconds = took.as_nanos() / octets.len() as u128;
            println!("{name}, {how}: {nanoseconds} ns an octet");
            assert!(took < base * WORST, "{name}, {how}: {took:?}, ordinary traffic {base:?}");
        }
    }
}
