//! An invented Kamstrup meter of Norway: names and values in turn, scales known from the list description alone
//! ("HAN-NVE", revision 3.1).

use super::axdr::{self, NotificationTime};
use super::clock::Clock;
use super::hdlc::{self, Address, Header};
use super::household::Measurements;
use super::writer::{EncodeError, Writer};
use crate::obis::Obis;

/// The lists; list 2 comes once an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Names, powers, currents, voltages: 25 items.
    One,
    /// List 1 and clock and energies: 35 items.
    Two,
}

/// Identification number of the invented meter, 16 digits.
pub const METER_ID: &[u8; 16] = b"9990000000024680";

impl List {
    /// How far apart lists may come.
    pub const STEP_MS: u16 = 5000;

    /// Which one comes at this second of the clock, if any.
    pub const fn at(clock: Clock) -> Option<Self> {
        match clock.0 % 3600 {
            5 => Some(Self::Two),
            second if second.is_multiple_of(10) => Some(Self::One),
            _ => None,
        }
    }
}

const LIST_VERSION: &[u8] = b"Kamstrup_V0001";
const MODEL: &[u8] = b"9990000DEMO0000000";
const HEADER: Header = Header::ui(Address::One(0x15), Address::One(0x10));

/// Writes a frame with a list.
pub fn frame(writer: &mut Writer<'_>, list: List, now: &Measurements) -> Result<(), EncodeError> {
    hdlc::frame(writer, &HEADER, |w| {
        axdr::notification(w, 0, NotificationTime::Untagged(now.clock))?;
        axdr::structure(w, if list == List::Two { 35 } else { 25 })?;
        axdr::visible_string(w, LIST_VERSION)?;
        name(w, Obis::new(1, 1, 0, 0, 5), METER_ID)?;
        name(w, Obis::new(1, 1, 96, 1, 1), MODEL)?;
        for (value, c) in now.power.directions().into_iter().zip(1..) {
            number(w, Obis::new(1, 1, c, 7, 0), value)?;
        }
        for (phase, c) in now.phases.iter().zip([31, 51, 71]) {
            // In 0.01 A.
            number(w, Obis::new(1, 1, c, 7, 0), phase.current_ma.unsigned_abs() / 10)?;
        }
        for (phase, c) in now.phases.iter().zip([32, 52, 72]) {
            axdr::obis(w, Obis::new(1, 1, c, 7, 0))?;
            // In 1 V.
            axdr::long_unsigned(w, phase.voltage_dv / 10)?;
        }
        if list == List::Two { hourly_registers(w, now) } else { Ok(()) }
    })
}

/// Clock and energies in units of 10 Wh.
fn hourly_registers(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    axdr::obis(writer, Obis::new(0, 1, 1, 0, 0))?;
    axdr::date_time(writer, now.clock)?;
    now.energy
        .directions()
        .into_iter()
        .zip(1..)
        .try_for_each(|(value, c)| number(writer, Obis::new(1, 1, c, 8, 0), value / 10))
}

fn name(writer: &mut Writer<'_>, obis: Obis, text: &[u8]) -> Result<(), EncodeError> {
    axdr::obis(writer, obis)?;
    axdr::visible_string(writer, text)
}

fn number(writer: &mut Writer<'_>, obis: Obis, number: u32) -> Result<(), EncodeError> {
    axdr::obis(writer, obis)?;
    axdr::double_long_unsigned(writer, number)
}
