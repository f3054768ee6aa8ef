//! A missing key, a wrong key, damage and the right key are told apart.

mod common;

use common::messages::{Heard, listen};
use common::random::Random;
use common::tiling::check_stream_with_keys;
use meterscope_decoder::encode::secured::{AUTHENTICATION_KEY, ENCRYPTION_KEY, SYSTEM_TITLE, Secured};
use meterscope_decoder::encode::{Clock, Writer, mbus};
use meterscope_decoder::link::{Frame, FrameKind};
use meterscope_decoder::message::SecurityState::{
    self, AuthenticationFailed, Decrypted, DecryptedUnverified, KeyMissing, Unsupported,
};
use meterscope_decoder::security::{Key, Owner};
use meterscope_decoder::transport::Decoder;

const COUNTER: u32 = 4711;

fn message(kind: Secured) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let mut writer = Writer::new(&mut buffer);
    let clock = Clock::new(2025, 3, 31, 11, 59, 50).unwrap();
    kind.write(&mut writer, clock, COUNTER).unwrap();
    writer.finish().to_vec()
}

fn right() -> Key {
    Key::new(ENCRYPTION_KEY, Some(AUTHENTICATION_KEY), Owner::Anyone)
}

fn titled(key: [u8; 16], title: [u8; 8]) -> Key {
    Key::new(key, Some(AUTHENTICATION_KEY), Owner::Address(title))
}

fn state(heard: &Heard) -> SecurityState {
    assert_eq!(heard.messages.len(), 1, "{:?}", heard.problems);
    heard.messages[0].security.state
}

/// The keys that open a message of this kind.
fn keys_of(kind: Secured) -> Vec<Key> {
    match kind {
        Secured::Titleless => vec![titled(ENCRYPTION_KEY, SYSTEM_TITLE)],
        // The authentication key of Luxembourg is published; a person has the encryption key only.
        Secured::Luxembourg => vec![Key::new(ENCRYPTION_KEY, None, Owner::Anyone)],
        _ => vec![right()],
    }
}

#[test]
fn the_right_key_opens_everything() {
    for kind in Secured::ALL {
        let octets = message(kind);
        let heard = listen(&octets, &keys_of(kind));
        let expected = if kind.has_tag() { Decrypted } else { DecryptedUnverified };
        assert_eq!(state(&heard), expected, "{kind:?}");
        assert_eq!(heard.problems, [""; 0], "{kind:?}");
        assert!(heard.readings >= 10, "{kind:?}: {}", heard.readings);
        assert_eq!(heard.messages[0].security.key, Some(0));
        check_stream_with_keys(&octets, &keys_of(kind));
    }
}

#[test]
fn without_a_key_it_is_missing() {
    for kind in Secured::ALL {
        let octets = message(kind);
        let others = titled(ENCRYPTION_KEY, *b"ABC\x01\x02\x03\x04\x05");
        for keys in [vec![], vec![others]] {
            // Who sends a message without a title may be anyone that a key is meant for.
            if kind == Secured::Titleless && !keys.is_empty() {
                continue;
            }
            let heard = listen(&octets, &keys);
            assert_eq!((state(&heard), heard.readings), (KeyMissing, 0), "{kind:?}");
            check_stream_with_keys(&octets, &keys);
        }
    }
}

#[test]
fn without_the_authentication_key_it_is_read_and_said_to_be_unverified() {
    let keys = [Key::new(ENCRYPTION_KEY, None, Owner::Anyone)];
    for kind in [Secured::Denmark, Secured::Switzerland] {
        let heard = listen(&message(kind), &keys);
        assert_eq!(state(&heard), DecryptedUnverified);
        assert!(heard.readings >= 20);
    }
    assert_eq!(state(&listen(&message(Secured::Authenticated), &keys)), KeyMissing);
}

#[test]
fn the_key_that_fits_is_found_among_others() {
    let other = |octet: u8| Key::new([octet; 16], Some([octet; 16]), Owner::Anyone);
    for kind in Secured::ALL {
        let mut keys: Vec<Key> = (1..=20).map(other).collect();
        keys.extend(keys_of(kind));
        let heard = listen(&message(kind), &keys);
        assert_eq!(heard.messages[0].security.key, Some(20), "{kind:?}");
    }
    // A key that is meant for the sender is tried first; where it is wrong the others may still fit.
    let keys = [right(), titled([9; 16], SYSTEM_TITLE)];
    assert_eq!(state(&listen(&message(Secured::Denmark), &keys)), Decrypted);
    let mut many: Vec<Key> =
        (0..1000_u16).map(|n| Key::new([(n % 250) as u8; 16], None, Owner::Anyone)).collect();
    many.push(right());
    assert_eq!(listen(&message(Secured::Denmark), &many).messages[0].security.key, Some(1000));
}

#[test]
fn ten_thousand_wrong_keys_are_refused() {
    let mut random = Random::from_name("keys");
    let heat = message(Secured::Heat);
    let messages: Vec<_> = Secured::ALL.into_iter().map(|kind| (kind, message(kind))).collect();
    for round in 0..10_000 {
        let (kind, octets) = &messages[round % messages.len()];
        let key = match kind {
            Secured::Titleless => Key::new(random.key(), Some(random.key()), Owner::Address(SYSTEM_TITLE)),
            _ => Key::new(random.key(), Some(random.key()), Owner::Anyone),
        };
        let heard = listen(octets, std::slice::from_ref(&key));
        assert_eq!((state(&heard), heard.readings), (AuthenticationFailed, 0), "{kind:?} {round}");
        for owner in [Owner::Anyone, Owner::Identification(0x9901_2345)] {
            let key = Key::new(random.key(), None, owner);
            let heard = listen(&heat, std::slice::from_ref(&key));
            assert_eq!((state(&heard), heard.readings), (AuthenticationFailed, 0), "heat {round}");
        }
    }
}

/// The frame's own check sequences are made right again, so that only the cipher can notice.
#[test]
fn ten_thousand_altered_texts_and_tags_are_refused() {
    let mut random = Random::from_name("texts");
    let octets = message(Secured::Denmark);
    // Frame head, LLC, tag, title, length, security control.
    let text = 9 + 3 + 1 + 9 + 3 + 1;
    let keys = [right()];
    for round in 0..10_000 {
        let mut altered = octets.clone();
        for _ in 0..=random.below(3) {
            let at = text + random.below((octets.len() - 3 - text) as u32) as usize;
            altered[at] ^= 1 << random.below(8);
        }
        if altered == octets {
            continue;
        }
        repair(&mut altered);
        let heard = listen(&altered, &keys);
        assert_eq!((state(&heard), heard.readings), (AuthenticationFailed, 0), "{round}");
        assert_eq!(heard.problems, ["authentication-failed"]);
    }
}

/// Computes the frame check sequence of the only frame anew.
fn repair(frame: &mut [u8]) {
    let end = frame.len() - 3;
    let check = meterscope_decoder::link::check_sequence::crc16_x25(&frame[1..end]);
    frame[end..end + 2].copy_from_slice(&check.to_le_bytes());
}

#[test]
fn a_wrong_authentication_key_is_told_from_a_wrong_key() {
    let octets = message(Secured::Denmark);
    let problem = |key: Key| {
        let mut texts = Texts(Vec::new());
        let mut decoder = Box::new(meterscope_decoder::transport::Decoder::new());
        for item in meterscope_decoder::items::Items::new(&octets) {
            if let meterscope_decoder::link::frames::Item::Frame(frame) = item {
                decoder.decode(&frame, std::slice::from_ref(&key), &mut texts);
            }
        }
        texts.0.concat()
    };
    let swapped = Key::new(AUTHENTICATION_KEY, Some(ENCRYPTION_KEY), Owner::Anyone);
    let other = Key::new(ENCRYPTION_KEY, Some([1; 16]), Owner::Anyone);
    assert!(problem(other).contains("check the authentication key"));
    assert!(problem(swapped).contains("with every key given"));
}

struct Texts(Vec<String>);

impl meterscope_decoder::sink::FieldSink for Texts {
    fn problem(&mut self, problem: meterscope_decoder::error::Problem) {
        self.0.push(problem.to_string());
    }
}

/// The example of security profile B in OMS-Spec vol. 2 annex N, behind a wired link: a gas meter of 28,504.27 m³. The
/// short header does not say who sends it, so the key does.
#[test]
fn mode_7_with_the_key_and_telegram_of_the_specification() {
    let telegram = "900F002C25B30A000021924D4F2FB66E017A7500200710\
                    9058475F4BC91DF878B80A1B0F98B629024AAC727942BFC549233C0140829B93";
    let data = common::corpus::hex(telegram);
    let frame = |data: &[u8]| {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        let (ci, rest) = data.split_first().unwrap();
        mbus::long(&mut writer, mbus::RSP_UD, 1, *ci, |w| w.octets(rest)).unwrap();
        writer.finish().to_vec()
    };
    let key: [u8; 16] = std::array::from_fn(|at| at as u8);
    let meter = Owner::Address([0x93, 0x15, 0x78, 0x56, 0x34, 0x12, 0x33, 0x03]);
    let keys = [Key::new(key, None, meter)];
    let heard = listen(&frame(&data), &keys);
    assert_eq!((state(&heard), heard.readings), (Decrypted, 3), "{:?}", heard.problems);
    assert_eq!(heard.numbers[0].to_string(), "28504.27");
    assert_eq!(heard.messages[0].security.frame_counter, Some(0x0AB3));
    // Every octet that the tag covers, and the tag.
    for at in (5..data.len()).filter(|&at| at != 15) {
        let mut altered = data.clone();
        altered[at] ^= 0x04;
        let heard = listen(&frame(&altered), &keys);
        assert_eq!(heard.readings, 0, "octet {at}");
        check_stream_with_keys(&frame(&altered), &keys);
    }
    assert_eq!(state(&listen(&frame(&data), &[])), KeyMissing);
    let other = [Key::new([1; 16], None, meter)];
    assert_eq!(state(&listen(&frame(&data), &other)), AuthenticationFailed);
}

/// The example of the Green Book (IEC 62056-5-3:2017 Annex: EK 00…0F, AK D0…DF, system title 4D4D4D0000BC614E), ciphered by
/// others: a get-request, authenticated and encrypted, and authenticated alone. The title comes from the key.
#[test]
fn the_examples_of_the_green_book_have_the_right_tags() {
    let encryption: [u8; 16] = std::array::from_fn(|at| at as u8);
    let authentication: [u8; 16] = std::array::from_fn(|at| 0xD0 + at as u8);
    let owner = Owner::Address(*b"MMM\x00\x00\xBC\x61\x4E");
    let key = Key::new(encryption, Some(authentication), owner);
    for apdu in [
        "C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B",
        "C81E1001234567C0010000080000010000FF020006725D910F9221D263877516",
    ] {
        let octets = [&[0xE6, 0xE7, 0x00][..], &common::corpus::hex(apdu)].concat();
        let state = |octets: &[u8], key: &Key| {
            let mut decoder = Box::new(Decoder::new());
            let frame = Frame { octets, kind: FrameKind::Llc, damage: None };
            let message = decoder.decode(&frame, std::slice::from_ref(key), &mut ()).message;
            message.unwrap().security.state
        };
        assert_eq!(state(&octets, &key), Decrypted);
        let mut altered = octets.clone();
        altered[12] ^= 1;
        assert_eq!(state(&altered, &key), AuthenticationFailed);
    }
    // Without the authentication key the text alone shows that the key is right.
    let octets = [
        &[0xE6, 0xE7, 0x00][..],
        &common::corpus::hex("C81E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"),
    ]
    .concat();
    let mut decoder = Box::new(Decoder::new());
    let frame = Frame { octets: &octets, kind: FrameKind::Llc, damage: None };
    let said = decoder.decode(&frame, &[Key::new(encryption, None, owner)], &mut ());
    assert_eq!(said.message.unwrap().security.state, DecryptedUnverified);
}

/// The right key stays the right key where a record is odd.
#[test]
fn a_record_that_cannot_be_read_makes_no_key_wrong() {
    let mut plain = [0; 200];
    let mut writer = Writer::new(&mut plain);
    mbus::long(&mut writer, mbus::RSP_UD, 1, 0x72, |w| {
        w.octets(&[0x78, 0x56, 0x34, 0x12, 0xB3, 0x35, 1, 4, 9, 0, 0, 0])?;
        // Energy, volume, power; then a reserved DIF.
        w.octets(&[0x04, 0x06, 1, 2, 0, 0, 0x04, 0x13, 3, 4, 0, 0, 0x02, 0x2B, 5, 0, 0x3F, 1, 2])
    })
    .unwrap();
    let mut buffer = [0; 300];
    let mut ciphered = Writer::new(&mut buffer);
    meterscope_decoder::encode::ciphered::mode_5(&mut ciphered, writer.finish(), &ENCRYPTION_KEY, 0).unwrap();
    let heard = listen(ciphered.finish(), &[Key::new(ENCRYPTION_KEY, None, Owner::Anyone)]);
    assert_eq!((state(&heard), heard.readings), (DecryptedUnverified, 3));
    assert_eq!(heard.problems, ["reserved-dif"]);
}

/// An authentication header in front of records in the clear: with the key its tag is checked, without it is said that
/// nobody has.
#[test]
fn a_tag_over_records_in_the_clear_is_checked() {
    const MESSAGE: [u8; 19] =
        [0x72, 0x78, 0x56, 0x34, 0x12, 0xB3, 0x35, 1, 4, 9, 0, 0, 0, 0x04, 0x06, 1, 2, 0, 0];
    let frame = |tag: &[u8]| {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        mbus::long(&mut writer, mbus::RSP_UD, 1, 0x90, |w| {
            w.octets(&[0x0F, 0x00, 0x2C, 0x25, 1, 0, 0, 0])?;
            w.octets(tag)?;
            w.octets(&MESSAGE)
        })
        .unwrap();
        writer.finish().to_vec()
    };
    let keys = [Key::new(ENCRYPTION_KEY, None, Owner::Anyone)];
    let wrong = frame(&[0; 8]);
    let heard = listen(&wrong, &keys);
    assert_eq!((state(&heard), heard.readings), (AuthenticationFailed, 0));
    let heard = listen(&wrong, &[]);
    assert_eq!((state(&heard), heard.readings), (DecryptedUnverified, 1));
    check_stream_with_keys(&wrong, &keys);
}

/// What is of another kind than AES-CMAC, and a message in several telegrams, is not taken for a wrong key or a whole one.
#[test]
fn what_the_authentication_header_says_is_respected() {
    let frame = |head: &[u8]| {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        mbus::long(&mut writer, mbus::RSP_UD, 1, 0x90, |w| {
            w.octets(head)?;
            w.octets(&[0x78, 0x04, 0x06, 1, 2, 0, 0])
        })
        .unwrap();
        writer.finish().to_vec()
    };
    let keys = [Key::new(ENCRYPTION_KEY, None, Owner::Address([1; 8]))];
    // AES-GMAC of 12 octets; a kind that is not known.
    let gmac = [&[0x13, 0x00, 0x2C, 0x28, 1, 0, 0, 0][..], &[7; 12]].concat();
    let unknown = [0x07, 0x00, 0x2C, 0x29, 1, 0, 0, 0];
    for head in [&gmac[..], &unknown] {
        let heard = listen(&frame(head), &keys);
        assert_eq!((state(&heard), heard.readings), (Unsupported, 0));
    }
    // The second of several fragments, and one that more follow.
    for control in [[0x02, 0x00], [0x01, 0x40]] {
        let heard = listen(&frame(&[0x02, control[0], control[1]]), &[]);
        assert_eq!((heard.messages.len(), heard.readings), (0, 0));
        assert_eq!(heard.problems, ["segment"]);
    }
}

/// A message without a title is that of the title heard over the same link, and of no other.
#[test]
fn a_title_counts_for_its_own_link() {
    let titled_message = message(Secured::Denmark);
    let mut other = message(Secured::Titleless);
    let keys = [right()];
    let heard = listen(&[&titled_message[..], &other].concat(), &keys);
    assert_eq!(heard.messages[1].security.state, Decrypted);
    // Another source address.
    let frames: Vec<Vec<u8>> = meterscope_decoder::items::Items::new(&other)
        .map(|item| {
            let mut frame = item.octets().to_vec();
            frame[5] = 0x09;
            let check = meterscope_decoder::link::check_sequence::crc16_x25(&frame[1..7]).to_le_bytes();
            frame[7..9].copy_from_slice(&check);
            repair(&mut frame);
            frame
        })
        .collect();
    other = frames.concat();
    let heard = listen(&[titled_message, other].concat(), &keys);
    assert_eq!(heard.messages[1].security.state, KeyMissing);
}

/// Neither a decoder nor what it was given says anything of a key.
#[test]
fn nothing_of_a_key_is_left_to_be_printed() {
    let mut decoder = Box::new(Decoder::new());
    for kind in Secured::ALL {
        let octets = message(kind);
        for item in meterscope_decoder::items::Items::new(&octets) {
            if let meterscope_decoder::link::frames::Item::Frame(frame) = item {
                decoder.decode(&frame, &keys_of(kind), &mut ());
            }
        }
    }
    let printed = format!("{decoder:?} {:?}", right());
    for key in [ENCRYPTION_KEY, AUTHENTICATION_KEY] {
        let part = format!("{}, {}, {}", key[0], key[1], key[2]);
        assert!(!printed.contains(&part), "{printed}");
    }
}
