use super::*;
use crate::without_crlf;
use meterscope_decoder::encode::axdr::{self, NotificationTime};
use meterscope_decoder::encode::demo::LONGEST_FRAME;
use meterscope_decoder::encode::hdlc::{self, Address, Header};
use meterscope_decoder::encode::{Clock, Damage, Demo, MeterKind, Writer};
use meterscope_decoder::items::Items;
use meterscope_decoder::sink::FieldSink;
use meterscope_decoder::transport::Decoder;

#[derive(Default)]
struct First(Option<Problem>);

impl FieldSink for First {
    fn problem(&mut self, problem: Problem) {
        self.0 = self.0.or(Some(problem));
    }
}

fn evidence(octets: &[u8]) -> Evidence {
    let mut evidence = Evidence::default();
    let mut stream = Decoder::new();
    for item in Items::new(octets) {
        let mut first = First::default();
        let decoded = match &item {
            Item::Frame(frame) => stream.decode(frame, &[], &mut first),
            Item::Skipped(_, reason) => {
                stream.skipped(*reason);
                Decoded::default()
            }
        };
        evidence.add(&item, &decoded, first.0);
    }
    let mut first = First::default();
    stream.finish(&mut first);
    evidence.end(first.0);
    evidence.examine(octets);
    evidence
}

fn verdict(octets: &[u8]) -> Verdict {
    Verdict::of(&evidence(octets))
}

/// Frames of a running meter, each spoiled in the same way.
fn capture(kind: MeterKind, frames: usize, spoil: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut meter = Demo::new(kind, Clock::new(2025, 1, 14, 16, 57, 0).unwrap());
    let mut octets = Vec::new();
    for _ in 0..frames {
        let (mut frame, mut room) = ([0; LONGEST_FRAME], [0; 2 * LONGEST_FRAME]);
        let mut writer = Writer::new(&mut room);
        writer.octets(meter.next_frame(&mut frame).unwrap().octets).unwrap();
        spoil(&mut writer);
        octets.extend_from_slice(writer.finish());
    }
    octets
}

#[test]
fn what_is_whole_is_good() {
    for kind in MeterKind::ALL {
        let octets = capture(kind, 40, |_| {});
        let evidence = evidence(&octets);
        assert_eq!(Verdict::of(&evidence), Verdict::AllGood, "{kind:?} {evidence:?}");
        assert_eq!(evidence.octets, octets.len() as u64);
    }
}

/// Its values are shown, but nobody knows what they are.
#[test]
fn a_list_that_nobody_knows_is_said_to_be_one() {
    let mut room = [0; 200];
    let mut writer = Writer::new(&mut room);
    let header = Header::ui(Address::One(1), Address::One(2));
    hdlc::frame(&mut writer, &header, |w| {
        axdr::notification(w, 1, NotificationTime::Absent)?;
        axdr::structure(w, 3)?;
        axdr::visible_string(w, b"?")?;
        axdr::double_long_unsigned(w, 12)?;
        axdr::long_unsigned(w, 3)
    })
    .unwrap();
    let octets = writer.finish();
    assert_eq!(verdict(octets), Verdict::UnknownList);
    assert_eq!(evidence(octets).readings, 3);
}

#[test]
fn silence_is_not_noise() {
    assert_eq!(verdict(&[]), Verdict::Silent);
    assert_eq!(verdict(&[0xFF; 40]), Verdict::Silent);
    assert_eq!(verdict(b"\x02\x35\x99\xC1\x0B\x44\x7A\x13\xEE\x62\x2D"), Verdict::Noise);
}

/// Seven bits of the header of an M-Bus frame are the header, and many a good frame has no octet with bit 7.
#[test]
fn a_frame_is_not_read_with_seven_bits_before_its_end() {
    let octets = [&[0x68, 0x4B, 0x4B, 0x68, 0x08, 0x01, 0x72][..], &[4; 60]].concat();
    let symptom = |evidence: Evidence| Evidence { octets: 0, ..evidence }.symptom_in(&octets);
    let pending = Evidence { pending: octets.len() as u64, ..Evidence::default() };
    let seven_bits = Some(Symptom::Line(LineFault::SevenBits));
    assert_eq!(symptom(pending), None);
    assert_eq!(symptom(Evidence { good: 1, pending: 20, ..pending }), None);
    assert_eq!(symptom(Evidence { damaged: 1, pending: 20, ..pending }), seven_bits);
    assert_eq!(symptom(Evidence { skipped: 67, pending: 0, ..pending }), seven_bits);
}

#[test]
fn a_long_frame_is_no_noise_before_its_end() {
    let pending = |pending| Verdict::of(&Evidence { pending, ..Evidence::default() });
    assert_eq!((pending(551), pending(LONGEST_OF_METERS)), (Verdict::Silent, Verdict::Silent));
    assert_eq!(pending(LONGEST_OF_METERS + 1), Verdict::Noise);
}

#[test]
fn line_feeds_are_found_and_can_be_undone() {
    for kind in [MeterKind::Kaifa, MeterKind::Aidon, MeterKind::Kamstrup, MeterKind::Heat] {
        let octets = capture(kind, 60, |writer| Damage::LineFeeds.apply(writer).unwrap());
        let before = evidence(&octets);
        assert_eq!(Verdict::of(&before), Verdict::LineFeeds, "{kind:?} {before:?}");
        let undone = without_crlf(&octets).unwrap();
        assert_eq!(verdict(&undone), Verdict::AllGood, "{kind:?}");
    }
}

#[test]
fn damage_of_every_kind_is_a_failed_check() {
    let kinds = [MeterKind::Kaifa, MeterKind::Aidon, MeterKind::Kamstrup];
    for kind in kinds {
        let flipped = capture(kind, 20, |writer| Damage::FlipBit { at: 20, bit: 3 }.apply(writer).unwrap());
        assert_eq!(verdict(&flipped), Verdict::ChecksFail, "{kind:?}");
        let shorter = capture(kind, 20, |writer| Damage::LoseOctet { at: 21 }.apply(writer).unwrap());
        assert_eq!(verdict(&shorter), Verdict::ChecksFail, "{kind:?}");
    }
    let one = [
        capture(MeterKind::Kaifa, 9, |_| {}),
        capture(MeterKind::Kaifa, 1, |writer| Damage::FlipBit { at: 20, bit: 3 }.apply(writer).unwrap()),
    ];
    assert_eq!(verdict(&one.concat()), Verdict::SomeDamaged);
}

#[test]
fn each_sum_has_its_verdict() {
    let one = Evidence { octets: 9, good: 1, messages: 1, ..Evidence::default() };
    let unread =
        Evidence { unread: 1, first_unread: Some(Problem::new(ProblemKind::SegmentNotJoined, 0)), ..one };
    let refused = Evidence { refused: 1, refusal: Some(Refusal::Tag), ..one };
    for (evidence, verdict) in [
        (Evidence { locked: 1, ..one }, Verdict::KeyNeeded),
        (refused, Verdict::WrongKey(Refusal::Tag)),
        (Evidence { refusal: Some(Refusal::TagOnly), ..refused }, Verdict::WrongKey(Refusal::TagOnly)),
        (Evidence { readings: 1, ..refused }, Verdict::SomeRefused),
        (Evidence { readings: 1, locked: 1, ..one }, Verdict::SomeLocked),
        (Evidence { unknown_lists: 1, ..one }, Verdict::UnknownList),
        (unread, Verdict::Unreadable(Layer::Transport)),
        (Evidence { readings: 3, ..unread }, Verdict::SomeUnread(Layer::Transport)),
        (Evidence { readings: 3, damaged: 1, ..unread }, Verdict::SomeDamaged),
        (one, Verdict::NoReadings),
        (Evidence { readings: 3, ..one }, Verdict::AllGood),
    ] {
        assert_eq!(Verdict::of(&evidence), verdict, "{evidence:?}");
    }
}

#[test]
fn whatever_fails_says_what_to_do_next() {
    let faults = [
        LineFault::ReadWithParity,
        LineFault::ReadWithoutParity,
        LineFault::EvenOctetsLost,
        LineFault::SevenBits,
        LineFault::ParityInBitSeven,
        LineFault::ReadTooFast,
    ];
    for fault in faults {
        let verdict = Verdict::WrongSettings(fault);
        assert!(verdict.next_step().is_some() && verdict.layer() == Some(Layer::Link), "{verdict}");
    }
    assert_eq!((Verdict::AllGood.next_step(), Verdict::AllGood.layer()), (None, None));
}
