//! An invented Landis+Gyr meter of Norway (list version `EMBRIQ_V1_1`): Aidon's form, with currents in 0.01 A, an
//! identification filled up with NUL, and energies in Wh under names of their own.

use super::aidon;
use super::axdr::{self, NotificationTime};
use super::hdlc::{self, Address, Header};
use super::household::Measurements;
use super::writer::{EncodeError, Writer};
use crate::obis::Obis;

pub use super::aidon::List;

/// Identification number of the invented meter, eight digits and eight NUL.
pub const METER_ID: &[u8; 16] = b"99012345\0\0\0\0\0\0\0\0";

const LIST_VERSION: &[u8] = b"EMBRIQ_V1_1";
const MODEL: &[u8] = b"DEMO";
const HEADER: Header = Header::ui(Address::One(0x20), Address::Two(0x241));
const INVOKE_ID: u32 = 0x4000_0000;

/// Writes a frame with a list.
pub fn frame(writer: &mut Writer<'_>, list: List, now: &Measurements) -> Result<(), EncodeError> {
    hdlc::frame(writer, &HEADER, |w| {
        axdr::notification(w, INVOKE_ID, NotificationTime::Absent)?;
        if list == List::One {
            axdr::array(w, 1)?;
            return aidon::power(w, 1, now.power.active_import_w);
        }
        axdr::array(w, if list == List::Three { 18 } else { 13 })?;
        aidon::names(w, LIST_VERSION, METER_ID, MODEL)?;
        aidon::powers(w, now)?;
        for (phase, number) in now.phases.iter().zip(0..) {
            aidon::current(w, number, phase.current_ma / 10, -2)?;
        }
        for (phase, number) in now.phases.iter().zip(0..) {
            aidon::voltage(w, number, phase.voltage_dv)?;
        }
        if list == List::Three { hourly_registers(w, now) } else { Ok(()) }
    })
}

fn hourly_registers(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    aidon::clock(writer, now.clock.hour_start())?;
    now.energy.directions().into_iter().zip(1..).try_for_each(|(value, c)| {
        aidon::register(writer, Obis::new(0, 0, c, 8, 0), value, 0, aidon::energy_unit(c))
    })
}
