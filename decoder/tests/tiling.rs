//! For every input, good, damaged or random, the fields of a frame cover it from the first octet to the last, and
//! nothing panics.

mod common;

use common::corpus::{demo_streams, streams};
use common::tiling::{check_as_every_kind, check_stream};
use meterscope_decoder::encode::{Writer, hdlc, mbus};
use proptest::prelude::*;

#[test]
fn fields_tile_every_frame_of_every_stream() {
    let streams = streams();
    assert!(streams.len() >= 16);
    for stream in streams {
        check_stream(&stream.octets);
    }
}

#[test]
fn a_stream_cut_off_anywhere_still_tiles() {
    // A cut shows in the last frame only, so a long stream adds nothing but time.
    for stream in streams().into_iter().filter(|stream| stream.octets.len() < 240) {
        for length in 0..stream.octets.len() {
            check_stream(&stream.octets[..length]);
            check_as_every_kind(&stream.octets[..length]);
        }
    }
}

/// CI fields that application layers read.
const CONTROL_INFORMATION: [u8; 8] = [0x72, 0x76, 0x7A, 0x78, 0x73, 0x77, 0x70, 0x71];
/// Nothing, an LLC header, and the head of a Data-Notification.
const HEADS: [&[u8]; 3] = [&[], &[0xE6, 0xE7, 0x00], &[0xE6, 0xE7, 0x00, 0x0F, 0x40, 0, 0, 0, 0]];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_octets_tile(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        check_stream(&octets);
        check_as_every_kind(&octets);
    }

    /// With a right check sequence around them, random octets reach the application layers.
    #[test]
    fn random_user_data_tiles(
        ci in prop_oneof![any::<u8>(), prop::sample::select(&CONTROL_INFORMATION[..])],
        data in prop::collection::vec(octet(), 0..252),
    ) {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        mbus::long(&mut writer, mbus::RSP_UD, 1, ci, |w| w.octets(&data)).unwrap();
        check_stream(writer.finish());
    }

    #[test]
    fn random_information_tiles(
        head in prop::sample::select(&HEADS[..]),
        data in prop::collection::vec(octet(), 0..400),
    ) {
        let mut buffer = [0; 500];
        let mut writer = Writer::new(&mut buffer);
        let header = hdlc::Header::ui(hdlc::Address::One(1), hdlc::Address::One(2));
        hdlc::frame(&mut writer, &header, |w| {
            w.octets(head)?;
            w.octets(&data)
        })
        .unwrap();
        check_stream(writer.finish());
    }

    #[test]
    fn mutated_streams_tile(which in any::<prop::sample::Index>(), changes in changes()) {
        let mut octets = which.get(demo_streams()).octets.clone();
        for (at, octet) in changes {
            *at.get_mut(&mut octets) = octet;
        }
        check_stream(&octets);
    }
}

/// Small numbers are what tags, lengths and codes are made of.
fn octet() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), 0_u8..0x20]
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)
}
