use super::*;
use meterscope_decoder::encode::{Clock, Demo, MeterKind, demo::LONGEST_FRAME};

fn fault(octets: &[u8]) -> Option<LineFault> {
    super::fault(octets, octets)
}

/// A quarter of an hour of a meter.
fn capture(kind: MeterKind) -> Vec<u8> {
    let mut meter = Demo::new(kind, Clock::new(2025, 1, 14, 16, 57, 0).unwrap());
    let mut buffer = [0; LONGEST_FRAME];
    let mut octets = Vec::new();
    while meter.next_at_ms() < 900_000 {
        octets.extend_from_slice(meter.next_frame(&mut buffer).unwrap().octets);
    }
    octets
}

fn read_as(octets: &[u8], sent: Wire, read: Wire, low: Low, keeps_errors: bool) -> Vec<u8> {
    wire::read(&sent.bits(octets), read, low, keeps_errors)
}

const HAN: [MeterKind; 5] =
    [MeterKind::Kamstrup, MeterKind::Aidon, MeterKind::Kaifa, MeterKind::LandisGyr, MeterKind::AidonSweden];

#[test]
fn no_parity_read_with_parity() {
    for kind in HAN {
        let octets = capture(kind);
        let seen = |low| read_as(&octets, Wire::EIGHT_NONE_ONE, Wire::EIGHT_EVEN_ONE, low, true);
        assert_eq!(fault(&seen(Low::Waits)), Some(LineFault::ReadWithParity), "{kind:?}");
        // The next start bit stands where the stop bit should be; only the last octet of all waits for one.
        let whole = octets.split_last().map(|(_, whole)| whole);
        assert!(whole == Some(&seen(Low::IsStart)), "{kind:?}");
    }
}

#[test]
fn parity_read_without_parity() {
    for kind in HAN {
        let octets = capture(kind);
        let seen = |low, keeps| read_as(&octets, Wire::EIGHT_EVEN_ONE, Wire::EIGHT_NONE_ONE, low, keeps);
        assert!(seen(Low::Waits, true) == octets, "{kind:?}");
        assert_eq!(fault(&seen(Low::Waits, false)), Some(LineFault::EvenOctetsLost), "{kind:?}");
        assert_eq!(fault(&seen(Low::IsStart, true)), Some(LineFault::ReadWithoutParity), "{kind:?}");
    }
}

#[test]
fn one_telegram_is_enough() {
    let mut meter = Demo::new(MeterKind::Kamstrup, Clock::new(2025, 1, 14, 16, 57, 0).unwrap());
    let mut buffer = [0; LONGEST_FRAME];
    let frame = meter.next_frame(&mut buffer).unwrap().octets;
    let seen = read_as(frame, Wire::EIGHT_NONE_ONE, Wire::EIGHT_EVEN_ONE, Low::Waits, true);
    assert_eq!(fault(&seen), Some(LineFault::ReadWithParity));
}

#[test]
fn an_octet_with_an_error_may_become_00() {
    let zeroed: Vec<u8> = capture(MeterKind::Heat)
        .into_iter()
        .map(|octet| if octet.count_ones() % 2 == 1 { octet } else { 0 })
        .collect();
    assert_eq!(fault(&zeroed), Some(LineFault::EvenOctetsLost));
}

#[test]
fn seven_of_eight_bits() {
    for kind in [MeterKind::Kaifa, MeterKind::Aidon, MeterKind::Kamstrup, MeterKind::Heat] {
        let cut: Vec<u8> = capture(kind).into_iter().map(|octet| octet & 0x7F).collect();
        assert_eq!(fault(&cut), Some(LineFault::SevenBits), "{kind:?}");
    }
}

#[test]
fn seven_bits_and_parity_read_as_eight() {
    let with_parity: Vec<u8> = capture(MeterKind::P1Netherlands)
        .into_iter()
        .map(|octet| octet | if octet.count_ones() % 2 == 1 { 0x80 } else { 0 })
        .collect();
    assert_eq!(fault(&with_parity), Some(LineFault::ParityInBitSeven));
}

#[test]
fn a_line_slower_than_it_was_read() {
    for (kind, times) in
        [(MeterKind::Kaifa, 4), (MeterKind::Aidon, 8), (MeterKind::Heat, 4), (MeterKind::Kaifa, 2)]
    {
        let slow = Wire::EIGHT_EVEN_ONE.bits(&capture(kind));
        let bits: Vec<bool> = slow.into_iter().flat_map(|bit| std::iter::repeat_n(bit, times)).collect();
        let seen = wire::read(&bits, Wire::EIGHT_NONE_ONE, Low::Waits, true);
        assert_eq!(fault(&seen), Some(LineFault::ReadTooFast), "{kind:?} {times}");
    }
}

#[test]
fn nothing_is_seen_in_what_is_right_or_mere_noise() {
    for kind in MeterKind::ALL {
        assert_eq!(fault(&capture(kind)), None, "{kind:?}");
    }
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..20_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    for part in [&noise[..200], &noise[..2000], &noise] {
        assert_eq!(fault(part), None, "{} octets", part.len());
    }
}
