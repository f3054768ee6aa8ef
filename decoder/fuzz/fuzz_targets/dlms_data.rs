//! The input as an APDU, and as the body of a Data-Notification with each form of its time.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use meterscope_decoder::encode::axdr::{NotificationTime, notification};
use meterscope_decoder::encode::hdlc::{self, Address, Header};
use meterscope_decoder::encode::{Clock, Writer};
use shared::tiling::check_stream;

const HEADER: Header = Header::ui(Address::One(1), Address::One(1));
const LLC: [u8; 3] = [0xE6, 0xE7, 0x00];

fuzz_target!(|input: &[u8]| {
    let apdu = shared::written(|w| {
        hdlc::frame(w, &HEADER, |w| {
            w.octets(&LLC)?;
            w.octets(input)
        })
    });
    check_stream(&apdu.unwrap_or_default());
    let clock = Clock(800_000_000);
    for time in [NotificationTime::Absent, NotificationTime::Untagged(clock), NotificationTime::Tagged(clock)] {
        let body = |w: &mut Writer<'_>| {
            notification(w, 0x4000_0000, time)?;
            w.octets(input)
        };
        check_stream(&shared::written(|w| hdlc::frame(w, &HEADER, body)).unwrap_or_default());
    }
});
