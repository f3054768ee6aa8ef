//! An invented Kaifa meter of Norway: lists whose items are known by their position alone (list version `KFM_001`).

use super::axdr::{self, NotificationTime};
use super::clock::Clock;
use super::hdlc::{self, Address, Header};
use super::household::Measurements;
use super::writer::{EncodeError, Writer};

/// The lists; list 3 comes once an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Active power.
    One,
    /// Names, powers, currents, voltages: 13 items.
    Two,
    /// List 2 and clock and energies: 18 items.
    Three,
}

/// Identification number of the invented meter, 16 digits.
pub const METER_ID: &[u8; 16] = b"9990000000067890";

impl List {
    /// How far apart lists come.
    pub const STEP_MS: u16 = 2000;

    /// Which one comes at this second of the clock.
    pub const fn at(clock: Clock) -> Self {
        match clock.0 % 3600 {
            10 => Self::Three,
            second if second.is_multiple_of(10) => Self::Two,
            _ => Self::One,
        }
    }
}

const LIST_VERSION: &[u8] = b"KFM_001";
const MODEL: &[u8] = b"MA304H4";
const HEADER: Header = Header::ui(Address::One(0), Address::Two(0x80)).with_control(0x10);
const INVOKE_ID: u32 = 0x4000_0000;

/// Writes a frame with a list.
pub fn frame(writer: &mut Writer<'_>, list: List, now: &Measurements) -> Result<(), EncodeError> {
    hdlc::frame(writer, &HEADER, |w| {
        axdr::notification(w, INVOKE_ID, NotificationTime::Tagged(now.clock))?;
        if list == List::One {
            axdr::structure(w, 1)?;
            return axdr::double_long_unsigned(w, now.power.active_import_w);
        }
        axdr::structure(w, if list == List::Three { 18 } else { 13 })?;
        for name in [LIST_VERSION, METER_ID, MODEL] {
            axdr::octet_string(w, name)?;
        }
        let currents_ma = now.phases.map(|phase| phase.current_ma.unsigned_abs());
        let voltages_dv = now.phases.map(|phase| phase.voltage_dv.into());
        numbers(w, &now.power.directions())?;
        numbers(w, &currents_ma)?;
        numbers(w, &voltages_dv)?;
        if list == List::Three {
            axdr::date_time(w, now.clock)?;
            numbers(w, &now.energy.directions())?;
        }
        Ok(())
    })
}

fn numbers(writer: &mut Writer<'_>, numbers: &[u32]) -> Result<(), EncodeError> {
    numbers.iter().try_for_each(|&number| axdr::double_long_unsigned(writer, number))
}
