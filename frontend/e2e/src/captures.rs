//! Captures of meters that do not exist, made by the decoder's own encoder.
//!
//! Every number is below 1000, so that no language puts anything between its digits.

use meterscope_decoder::encode::axdr::{self, NotificationTime};
use meterscope_decoder::encode::secured::{self, Secured};
use meterscope_decoder::encode::{
    Clock, Damage, EncodeError, Energy, HeatMeasurements, Household, Measurements, Phase, Power, Writer,
    aidon, heat_meter, kaifa, kamstrup, mbus, p1_meter,
};

/// Import in every capture of an electricity meter.
pub const POWER_W: u32 = 742;
/// Flow temperature of the heat meter, as English writes it.
pub const FLOW_TEMPERATURE: &str = "71.25";
/// Identification number in [`kaifa_list_2`].
pub const METER_ID: &str = "9990000000067890";

/// Frames of no invented meter here are longer.
const LONGEST_CAPTURE: usize = 1024;

/// One HDLC frame with the thirteen items that a Kaifa meter sends every ten seconds.
pub fn kaifa_list_2() -> Vec<u8> {
    written(|writer| kaifa::frame(writer, kaifa::List::Two, &household()))
}

/// A log of so many of them, two seconds apart, with the time in front of each; an hour at most.
pub fn kaifa_log(lists: u32) -> String {
    let line = |number: u32| {
        let (minute, second) = (number * 2 / 60, number * 2 % 60);
        format!("2025-03-31 12:{minute:02}:{second:02} {}\n", hex(&kaifa_list_2()))
    };
    (0..lists).map(line).collect()
}

/// A log of a day and night in an invented house: a Kaifa list of thirteen items every so many seconds from
/// 2025-10-25 22:00 UTC on.
pub fn household_log(lists: u32, seconds: u32) -> String {
    let mut house = Household::starting(last_night_of_summer_time());
    let line = |_| {
        let now = house.measurements();
        house.advance(seconds);
        let frame = written(|writer| kaifa::frame(writer, kaifa::List::Two, &now));
        format!("{}Z {}\n", now.clock.date_time(), hex(&frame))
    };
    (0..lists).map(line).collect()
}

/// One short HDLC frame, an Aidon meter's list of one item: power, with scaler and unit.
pub fn aidon_list_1() -> Vec<u8> {
    written(|writer| aidon::frame(writer, aidon::List::One, aidon::Wiring::FourWire, &household()))
}

/// One HDLC frame with the list that a Kamstrup meter sends every ten seconds.
pub fn kamstrup_list_1() -> Vec<u8> {
    written(|writer| kamstrup::frame(writer, kamstrup::List::One, &household()))
}

/// A short HDLC frame with nothing but the power, as Kaifa meters send them.
pub fn kaifa_list_1(power_w: u32) -> Vec<u8> {
    let mut now = household();
    now.power.active_import_w = power_w;
    written(|writer| kaifa::frame(writer, kaifa::List::One, &now))
}

/// A P1 telegram, Sweden.
pub fn p1_telegram() -> Vec<u8> {
    written(|writer| p1_meter::swedish_telegram(writer, &household()))
}

/// A master's request, as the bit for the frame count goes on, and the heat meter's answer.
pub fn heat_exchange(number: u32) -> Vec<u8> {
    written(|writer| {
        mbus::req_ud2(writer, heat_meter::ADDRESS, number.is_multiple_of(2))?;
        heat_meter::response(writer, number as u8, &heating())
    })
}

/// One long M-Bus frame, the answer of a heat meter.
pub fn heat_meter() -> Vec<u8> {
    written(|writer| heat_meter::response(writer, 1, &heating()))
}

/// LLC header and APDU without a link frame, as some adapters log them.
pub fn bare_llc() -> Vec<u8> {
    written(|writer| {
        axdr::notification(writer, 1, NotificationTime::Tagged(noon()))?;
        axdr::structure(writer, 1)?;
        axdr::double_long_unsigned(writer, POWER_W)
    })
}

/// A frame with one bit wrong in its power, and a good one right after it.
pub fn damaged_then_good() -> Vec<u8> {
    let mut capture = written(|writer| {
        kaifa::frame(writer, kaifa::List::One, &household())?;
        let at = writer.position() - 5;
        Damage::FlipBit { at, bit: 0 }.apply(writer)
    });
    capture.extend(kaifa_list_2());
    capture
}

/// Three HDLC frames of a meter that ciphers, each with an authentication tag.
pub fn ciphered() -> Vec<u8> {
    secured_from(Secured::Denmark, 0, 3)
}

/// One of them, of a meter that goes on counting.
pub fn ciphered_message(number: u32) -> Vec<u8> {
    secured_from(Secured::Denmark, number, 1)
}

/// Import in [`ciphered_message`], in watts: the meter counts on, so each has its own.
pub fn ciphered_power_w(number: u32) -> u32 {
    Household::starting(ciphered_clock(number)).measurements().power.active_import_w
}

/// A message that is ciphered and comes in several pieces.
pub fn ciphered_in_blocks() -> Vec<u8> {
    secured_from(Secured::Switzerland, 0, 1)
}

/// The encryption key of every ciphered capture here, as people write it.
pub fn encryption_key() -> String {
    digits(&secured::ENCRYPTION_KEY)
}

/// The authentication key that goes with it.
pub fn authentication_key() -> String {
    digits(&secured::AUTHENTICATION_KEY)
}

/// A frame after some program has put a CR in front of every LF.
pub fn line_feeds() -> Vec<u8> {
    written(|writer| {
        kamstrup::frame(writer, kamstrup::List::One, &household())?;
        Damage::LineFeeds.apply(writer)
    })
}

/// The frame of [`kaifa_list_2`], with one octet of its values altered.
pub fn checks_fail() -> Vec<u8> {
    written(|writer| {
        kaifa::frame(writer, kaifa::List::Two, &household())?;
        Damage::FlipBit { at: 40, bit: 2 }.apply(writer)
    })
}

/// Octets of which every one with an even number of ones was dropped: the parity was not the one of the line.
pub fn half_the_octets() -> Vec<u8> {
    kaifa_list_2().into_iter().filter(|octet| octet.count_ones() % 2 == 1).collect()
}

/// Octets as people paste them.
pub fn hex(octets: &[u8]) -> String {
    let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    octets.join(" ")
}

fn secured_from(message: Secured, first: u32, count: u32) -> Vec<u8> {
    let mut buffer = vec![0; 8 * LONGEST_CAPTURE];
    let mut writer = Writer::new(&mut buffer);
    for number in first..first + count {
        message
            .write(&mut writer, ciphered_clock(number), 1000 + number)
            .expect("the captures fit into the buffer");
    }
    writer.finish().to_vec()
}

fn ciphered_clock(number: u32) -> Clock {
    Clock(noon().0 + 10 * number)
}

fn digits(key: &[u8; 16]) -> String {
    hex(key).replace(' ', "")
}

fn household() -> Measurements {
    let phase = Phase { current_ma: 925, voltage_dv: 231, power: Power::default() };
    Measurements {
        clock: noon(),
        power: Power { active_import_w: POWER_W, ..Power::default() },
        phases: [phase; 3],
        energy: Energy::default(),
    }
}

fn heating() -> HeatMeasurements {
    let stored =
        meterscope_decoder::encode::heating::StoredHeat { date: noon(), energy_kwh: 321, volume_dal: 654 };
    HeatMeasurements {
        clock: noon(),
        energy_kwh: 432,
        volume_dal: 765,
        power_w: 876,
        flow_l_per_h: 123,
        flow_temperature_c_celsius: 7125,
        return_temperature_c_celsius: 4050,
        on_time_h: 987,
        alarms: 0,
        stored,
    }
}

fn last_night_of_summer_time() -> Clock {
    Clock::new(2025, 10, 25, 22, 0, 0).expect("the twenty-fifth of October is a date")
}

fn noon() -> Clock {
    Clock::new(2025, 3, 31, 12, 0, 0).expect("the thirty-first of March is a date")
}

fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut buffer = [0; LONGEST_CAPTURE];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer).expect("the captures fit into the buffer");
    writer.finish().to_vec()
}
