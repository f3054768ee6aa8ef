use super::line::{Line, Receiver};
use super::*;
use meterscope_decoder::encode::clock::Clock;
use meterscope_decoder::encode::demo::{Demo, LONGEST_FRAME, MeterKind};

/// How long a port takes to be closed and opened again.
const REOPEN_MS: u64 = 200;

/// What a meter sends in so many seconds.
fn telegrams(kind: MeterKind, seconds: u32) -> Vec<(u64, Vec<u8>)> {
    let mut meter = Demo::new(kind, Clock::new(2025, 1, 14, 16, 50, 0).unwrap());
    let mut telegrams: Vec<(u64, Vec<u8>)> = Vec::new();
    while meter.next_at_ms() < seconds * 1000 {
        let mut buffer = [0; LONGEST_FRAME];
        let frame = meter.next_frame(&mut buffer).unwrap();
        telegrams.push((u64::from(frame.at_ms), frame.octets.to_vec()));
    }
    telegrams
}

/// Searches on a line from some time on. What came of it, with which settings, and how long it took, in ms.
fn search(line: &Line, from_ms: u64) -> (Step, LineSettings, u64) {
    let mut search = Search::new(from_ms, None);
    let mut receiver = Receiver { line, settings: search.settings(), at: from_ms * 1_000_000 };
    let mut now_ms = from_ms;
    loop {
        now_ms += 250;
        while let Some(heard) = receiver.next(now_ms * 1_000_000) {
            match heard {
                Ok(octet) => search.hear(receiver.at / 1_000_000, &[octet]),
                Err(event) => search.line_event(receiver.at / 1_000_000, event),
            }
        }
        match search.step(now_ms) {
            Step::Listen => {}
            Step::Change => {
                now_ms += REOPEN_MS;
                search.opened(now_ms);
                receiver = Receiver { line, settings: search.settings(), at: now_ms * 1_000_000 };
            }
            end => return (end, search.settings(), now_ms - from_ms),
        }
    }
}

/// The settings with which a meter of this kind is found, whenever the search begins, and the longest time it takes.
fn found(kind: MeterKind, sent: &str) -> u64 {
    let sent: LineSettings = sent.parse().unwrap();
    let line = Line::sent(&telegrams(kind, 130), sent);
    let times = (0..8).map(|turn| {
        let (step, settings, time) = search(&line, 5000 + turn * 1310);
        assert_eq!((step, settings), (Step::Found, sent), "{kind:?} {turn} after {time}");
        time
    });
    times.max().unwrap()
}

#[test]
fn the_common_meters_are_found_at_once() {
    for kind in [MeterKind::Kaifa, MeterKind::Aidon, MeterKind::LandisGyr] {
        assert!(found(kind, "2400 8E1") < 6000, "{kind:?}");
    }
    assert!(found(MeterKind::AidonSweden, "2400 8E1") < 16_000);
    assert!(found(MeterKind::Heat, "2400 8E1") < 12_000);
}

/// The octets say that there is no parity bit, so nothing else is tried before that.
#[test]
fn wrong_parity_leads_to_the_right_one() {
    for kind in [MeterKind::Kaifa, MeterKind::Aidon] {
        assert!(found(kind, "2400 8N1") < 12_000, "{kind:?}");
    }
    assert!(found(MeterKind::Kamstrup, "2400 8N1") < 35_000);
}

#[test]
fn a_faster_line_is_found() {
    assert!(found(MeterKind::P1Netherlands, "115200 8N1") < 10_000);
    assert!(found(MeterKind::P1Sweden, "115200 8N1") < 30_000);
    assert!(found(MeterKind::Heat, "9600 8E1") < 60_000);
}

#[test]
fn a_slower_line_is_found() {
    assert!(found(MeterKind::Heat, "300 8E1") < 75_000);
}

#[test]
fn seven_bits_are_found() {
    assert!(found(MeterKind::P1Sweden, "9600 7E1") < 85_000);
}

#[test]
fn a_silent_line_is_given_up_in_time() {
    let (step, _, time) = search(&Line::sent(&[], LineSettings::MBUS), 0);
    assert_eq!(step, Step::GiveUp(Verdict::Silent));
    assert!((70_000..=LIMIT_MS).contains(&time), "{time}");
}

#[test]
fn noise_is_given_up_in_time() {
    let mut state = 1_u32;
    let mut noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let bursts: Vec<(u64, Vec<u8>)> =
        (0..60).map(|burst| (burst * 2000, (0..100).map(&mut noise).collect())).collect();
    let (step, _, time) = search(&Line::sent(&bursts, "4800 8E1".parse().unwrap()), 0);
    assert!(matches!(step, Step::GiveUp(verdict) if verdict != Verdict::Silent), "{step:?}");
    assert!(time <= LIMIT_MS + 250 + REOPEN_MS, "{time}");
}

/// A meter whose frames are all damaged is told from one with other settings.
#[test]
fn failing_checks_are_the_verdict() {
    let mut telegrams = telegrams(MeterKind::Kaifa, 130);
    for (_, octets) in &mut telegrams {
        octets[20] ^= 8;
    }
    let (step, ..) = search(&Line::sent(&telegrams, LineSettings::MBUS), 0);
    assert_eq!(step, Step::GiveUp(Verdict::ChecksFail));
}

#[test]
fn what_fitted_earlier_is_tried_first() {
    let earlier = "9600 8N1".parse().unwrap();
    let search = Search::new(0, Some(earlier));
    assert_eq!(search.settings(), earlier);
    assert_eq!(Search::new(0, Some(LineSettings::MBUS)).waiting.len(), candidates().len() - 1);
}

/// One octet that is an acknowledgement of an M-Bus is in any noise.
#[test]
fn chance_proves_nothing() {
    assert!(!has_good_frame(&[0x55, 0xE5, 0x11, 0xE5]));
    let short = [0x10, 0x7B, 0x01, 0x7C, 0x16];
    assert!(!has_good_frame(&short));
    assert!(has_good_frame(&[short, short].concat()));
}

#[test]
fn progress_goes_from_nothing_to_all() {
    let search = Search::new(1000, None);
    assert_eq!(search.percent(1000), 0);
    assert_eq!(search.percent(1000 + LIMIT_MS / 2), 50);
    assert_eq!(search.percent(u64::MAX), 100);
}

#[test]
fn a_board_that_finds_the_settings_is_left_to_it() {
    let mut search = Search::new(0, None);
    search.leave_to_board();
    search.opened(0);
    for now_ms in (0..LIMIT_MS).step_by(250) {
        search.hear(now_ms, &[0x55]);
        assert_eq!(search.step(now_ms), Step::Listen);
    }
    let frame = [0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0xB1, 0x05, 0x16];
    let mut found = search.clone();
    found.hear(LIMIT_MS - 1, &frame);
    assert_eq!(found.step(LIMIT_MS - 1), Step::Found);
    assert_eq!(found.step(LIMIT_MS - 1), Step::Listen);
    found.judge_again();
    assert_eq!(found.step(LIMIT_MS - 1), Step::Found, "the board had not said its settings yet");
    assert!(matches!(search.step(LIMIT_MS), Step::GiveUp(_)));
}
