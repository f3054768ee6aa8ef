use super::*;
use meterscope_capture::verdict::{LineFault, Verdict};
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};
use meterscope_decoder::error::Layer;
use meterscope_decoder::reading::Quantity;

const SHORT: [u8; 5] = [0x10, 0x40, 0x01, 0x41, 0x16];
const BAD_SUM: [u8; 9] = [0x68, 0x03, 0x03, 0x68, 0x08, 0x01, 0x70, 0x00, 0x16];

fn capture() -> Session {
    let mut octets = vec![0x55, 0xAA, 0x33];
    octets.extend(SHORT);
    octets.extend(BAD_SUM);
    octets.extend(SHORT);
    Session::new(&octets)
}

#[test]
fn items_cover_every_octet_once() {
    let session = capture();
    let mut at = 0;
    for (number, item) in session.segments.items() {
        assert_eq!(item.offset, at);
        assert_eq!(session.octets_of(number).len(), item.length as usize);
        at += u64::from(item.length);
    }
    assert_eq!(at, session.evidence().octets);
    assert_eq!(at, 22);
}

#[test]
fn what_is_damaged_stays_with_its_reason() {
    let session = capture();
    let evidence = session.evidence();
    assert_eq!((evidence.good, evidence.damaged, evidence.skipped), (2, 1, 3));
    assert_eq!(evidence.first_damage.map(|problem| problem.kind.layer()), Some(Layer::Link));
    let damaged =
        session.segments.items().find(|(_, item)| matches!(item.kind, ItemKind::Damaged(_))).unwrap().1;
    assert_eq!(damaged.problem.unwrap().at, 7);
    assert_eq!([0, 1, 2].map(|place| session.bad_at(place)), [Some(0), Some(2), None]);
}

#[test]
fn a_frame_is_looked_at_before_noise() {
    assert_eq!(capture().first_of_interest(), Some(1));
    assert_eq!(Session::new(&[0x55, 0xAA]).first_of_interest(), Some(0));
    assert_eq!(Session::new(&[]).first_of_interest(), None);
}

fn demo(kind: MeterKind, messages: usize) -> Vec<u8> {
    let mut demo = Demo::new(kind, Clock::new(2025, 1, 14, 23, 58, 0).unwrap());
    let mut octets = Vec::new();
    let mut buffer = [0; LONGEST_FRAME];
    for _ in 0..messages {
        octets.extend_from_slice(demo.next_frame(&mut buffer).unwrap().octets);
    }
    octets
}

fn pushed(octets: &[u8], chunk: usize) -> Session {
    let mut session = Session::live(Vec::new(), Rc::default(), Times::Utc);
    for (number, chunk) in octets.chunks(chunk).enumerate() {
        session.push(1_000_000 * number as u64, chunk);
    }
    session
}

fn content(session: &Session) -> Vec<(ItemKind, Vec<u8>, u16)> {
    let items = session.segments.items();
    items.map(|(number, item)| (item.kind, session.octets_of(number).to_vec(), item.readings)).collect()
}

#[test]
fn what_comes_in_pieces_is_what_comes_whole() {
    for kind in MeterKind::ALL {
        let mut octets = demo(kind, 30);
        octets.extend([0x55, 0xAA, 0x33]);
        octets.extend(demo(kind, 3));
        octets.extend([0; 300]);
        octets.extend(demo(kind, 1));
        let whole = Session::new(&octets);
        for chunk in [1, 7, 64, 5000] {
            let session = pushed(&octets, chunk);
            // The receiver may wait for more where the end of a file is known to be the end.
            let items = content(&session);
            assert!(!items.is_empty(), "{kind:?}");
            assert_eq!(items, content(&whole)[..items.len()], "{kind:?} {chunk}");
            assert!(items.len() + 2 > content(&whole).len(), "{kind:?} {chunk}");
            let held: usize = session.octets().map(<[u8]>::len).sum();
            assert_eq!(held, octets.len());
        }
    }
}

#[test]
fn a_session_read_again_goes_on_where_it_was() {
    let octets = demo(MeterKind::Kaifa, 40);
    let (begin, rest) = octets.split_at(octets.len() / 2 + 9);
    let mut session = pushed(begin, 11).again(Vec::new(), Rc::default());
    for chunk in rest.chunks(11) {
        session.push(900_000_000, chunk);
    }
    assert_eq!(content(&session), content(&pushed(&octets, 11)));
    assert_eq!(session.item(0).unwrap().at, Some(0));
    assert_eq!(session.item(session.end_item() - 1).unwrap().at, Some(900_000_000));
}

#[test]
fn values_become_points_at_the_time_of_their_frame() {
    let octets = demo(MeterKind::Kaifa, 10);
    let session = pushed(&octets, 40);
    let power = session.series().iter().position(|key| key.quantity == Quantity::ActivePowerImport).unwrap();
    let points: Vec<Point> = session.points(power, 0, u64::MAX).collect();
    assert_eq!(points.len(), 10);
    for point in points {
        assert_eq!(session.item(point.item).unwrap().at, Some(point.at));
    }
    assert_eq!(session.times(), Some(Times::Utc));
    // A capture without times has the meter's own.
    let file = Session::new(&octets);
    assert_eq!((file.times(), file.point_times()), (None, Times::Wall));
    let first = file.points(power, 0, u64::MAX).next().unwrap();
    assert_eq!(first.at % 86_400_000_000, (23 * 60 + 58) * 60_000_000);
}

#[test]
fn a_line_that_babbles_all_night_is_bounded() {
    let mut session = Session::live(Vec::new(), Rc::default(), Times::Utc);
    for at in 0..1000 {
        session.push(at, &[0x55; 1024]);
    }
    assert!(session.item_count() >= 15, "{}", session.item_count());
    assert_eq!(session.totals().octets + session.segments.pending().len() as u64, 1000 * 1024);
    let longest = session.segments.items().map(|(_, item)| item.length as usize).max();
    assert!(longest <= Some(segments::FULL_OCTETS + LONGEST_FRAME), "{longest:?}");
}

#[test]
fn a_file_is_held_whole() {
    let octets = vec![0x55; 3 << 20];
    let session = Session::new(&octets);
    assert_eq!((session.dropped_octets(), session.octets().map(<[u8]>::len).sum()), (0, octets.len()));
}

/// What a meter says all `pause`, at 2400 baud, in pieces of a tenth of a second; says after how many seconds the verdict is
/// this one.
fn said_after(
    telegrams: impl IntoIterator<Item = Vec<u8>>,
    pause: Micros,
    is_said: impl Fn(Verdict) -> bool,
) -> Option<u64> {
    const TENTH: Micros = 100_000;
    let mut session = Session::live(Vec::new(), Rc::default(), Times::Utc);
    let mut now = 0;
    for telegram in telegrams {
        for piece in telegram.chunks(22) {
            now += TENTH;
            session.push(now, piece);
            if is_said(Verdict::of(&session.evidence())) {
                return Some(now / 1_000_000);
            }
        }
        now += pause;
    }
    None
}

/// A receiver without parity drops the octets whose even parity bit, a 0, stands where it looks for the stop bit.
#[test]
fn wrong_parity_is_said_with_the_second_telegram() {
    let telegram: Vec<u8> =
        demo(MeterKind::Kaifa, 1).into_iter().filter(|octet| octet.count_ones() % 2 == 1).collect();
    let telegrams = || std::iter::repeat_n(telegram.clone(), 60);
    let is_said = |verdict| verdict == Verdict::WrongSettings(LineFault::EvenOctetsLost);
    let pause = 600_000;
    assert!(said_after(telegrams(), pause, is_said) <= Some(2));
    // A meter that speaks every ten seconds has said it twice.
    assert!(said_after(telegrams(), 10 * 1_000_000, is_said) <= Some(12));
}

/// Whatever a good frame looks like before its end, nothing is wrong with the line.
#[test]
fn a_frame_that_has_not_ended_is_no_wrong_setting() {
    let is_said = |verdict| matches!(verdict, Verdict::WrongSettings(_) | Verdict::LineFeeds);
    for kind in MeterKind::ALL {
        let octets = demo(kind, 3);
        // Heard from its middle as well.
        for from in (0..octets.len() / 3).step_by(19) {
            let telegrams = octets[from..].chunks(150).map(<[u8]>::to_vec);
            assert_eq!(said_after(telegrams, 0, is_said), None, "{kind:?} {from}");
        }
    }
    // An M-Bus answer in which no octet but the check sum has bit 7.
    let user_data = [
        &[0x08, 0x01, 0x72, 0x78, 0x56, 0x34, 0x12, 0x24, 0x40, 0x01, 0x07, 0x55, 0, 0, 0][..],
        &[0x04, 0x13, 0x15, 0x31, 0, 0].repeat(10),
    ]
    .concat();
    let sum = user_data.iter().fold(0_u8, |sum, octet| sum.wrapping_add(*octet));
    let frame = [&[0x68, 0x4B, 0x4B, 0x68][..], &user_data, &[sum, 0x16]].concat();
    assert_eq!((frame.len(), sum > 0x7F), (81, true));
    let mut session = Session::live(Vec::new(), Rc::default(), Times::Utc);
    session.push(1_000_000, &frame[..70]);
    let before = session.evidence();
    assert_eq!((before.symptom, Verdict::of(&before)), (None, Verdict::Silent));
    session.push(1_400_000, &frame[70..]);
    assert_eq!(Verdict::of(&session.evidence()), Verdict::AllGood);
}
