//! An invented Aidon meter: lists of named registers whose scaler and unit are in the frame.
//!
//! After "Aidon HAN Interface Description v1.1A" (Norway) and "Aidon RJ12 HAN Interface v1.6P" (Sweden).

use super::axdr::{self, EnumUnit, NotificationTime};
use super::clock::Clock;
use super::hdlc::{self, Address, Header};
use super::household::{Measurements, Phase};
use super::writer::{EncodeError, Writer};
use crate::obis::Obis;

/// The lists of the Norwegian meter; list 3 comes once an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Active power.
    One,
    /// Names, powers, currents, voltages.
    Two,
    /// List 2 and clock and energies.
    Three,
}

/// How the house is connected; it decides which currents and voltages a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wiring {
    /// Type 6515: L1 only, a list 2 of 9 items.
    SinglePhase,
    /// Type 6525, three wires: no current L2, a list 2 of 12 items.
    ThreeWire,
    /// Type 6534: all phases, a list 2 of 13 items.
    FourWire,
}

/// Identification number of the invented meter, 16 digits.
pub const METER_ID: &[u8; 16] = b"9990000000012345";

impl List {
    /// How far apart lists come.
    pub const STEP_MS: u16 = 2500;

    /// Which one comes at this second of the clock.
    pub const fn at(clock: Clock) -> Self {
        match clock.0 % 3600 {
            10 => Self::Three,
            second if second.is_multiple_of(10) => Self::Two,
            _ => Self::One,
        }
    }
}

const LIST_VERSION: &[u8] = b"AIDON_V0001";
const HEADER: Header = Header::ui(Address::One(0x20), Address::Two(0x241));
const INVOKE_ID: u32 = 0x4000_0000;

/// Writes a frame with a list of the Norwegian meter.
pub fn frame(
    writer: &mut Writer<'_>,
    list: List,
    wiring: Wiring,
    now: &Measurements,
) -> Result<(), EncodeError> {
    hdlc::frame(writer, &HEADER, |w| {
        axdr::notification(w, INVOKE_ID, NotificationTime::Absent)?;
        if list == List::One {
            axdr::array(w, 1)?;
            return power(w, 1, now.power.active_import_w);
        }
        let details = wiring.currents().len() + wiring.voltages().len();
        let hourly = if list == List::Three { 5 } else { 0 };
        axdr::array(w, (7 + details) as u8 + hourly)?;
        names(w, LIST_VERSION, METER_ID, wiring.model())?;
        powers(w, now)?;
        details_of_phases(w, wiring, now)?;
        if list == List::Three { hourly_registers(w, now) } else { Ok(()) }
    })
}

/// Writes a frame with the one list of the Swedish meter, 27 items; energies are in Wh there.
pub fn swedish_frame(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    hdlc::frame(writer, &HEADER, |w| swedish_information(w, now))
}

/// Writes the LLC header and the APDU of the Swedish list alone.
pub fn swedish_information(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    axdr::notification(writer, INVOKE_ID, NotificationTime::Absent)?;
    axdr::array(writer, 27)?;
    clock(writer, now.clock)?;
    powers(writer, now)?;
    details_of_phases(writer, Wiring::FourWire, now)?;
    for (phase, c) in now.phases.iter().zip([21, 41, 61]) {
        for (value, c) in phase.power.directions().into_iter().zip(c..) {
            power(writer, c, value)?;
        }
    }
    for (value, c) in now.energy.directions().into_iter().zip(1..) {
        register(writer, Obis::new(1, 0, c, 8, 0), value, 0, energy_unit(c))?;
    }
    Ok(())
}

impl Wiring {
    /// The model of the meter.
    pub const fn model(self) -> &'static [u8] {
        match self {
            Self::SinglePhase => b"6515",
            Self::ThreeWire => b"6525",
            Self::FourWire => b"6534",
        }
    }

    /// Phases, counted from 0, whose current is sent.
    const fn currents(self) -> &'static [u8] {
        match self {
            Self::SinglePhase => &[0],
            Self::ThreeWire => &[0, 2],
            Self::FourWire => &[0, 1, 2],
        }
    }

    /// Phases, counted from 0, whose voltage is sent.
    const fn voltages(self) -> &'static [u8] {
        match self {
            Self::SinglePhase => &[0],
            _ => &[0, 1, 2],
        }
    }
}

/// List version, meter id and model, which Landis+Gyr sends in the same form.
pub(super) fn names(
    writer: &mut Writer<'_>,
    list_version: &[u8],
    id: &[u8],
    model: &[u8],
) -> Result<(), EncodeError> {
    let names = [
        (Obis::new(1, 1, 0, 2, 129), list_version),
        (Obis::new(0, 0, 96, 1, 0), id),
        (Obis::new(0, 0, 96, 1, 7), model),
    ];
    names.into_iter().try_for_each(|(obis, text)| {
        axdr::structure(writer, 2)?;
        axdr::obis(writer, obis)?;
        axdr::visible_string(writer, text)
    })
}

/// A power register, 1-0:C.7.0, in W or var.
pub(super) fn power(writer: &mut Writer<'_>, c: u8, value: u32) -> Result<(), EncodeError> {
    // Active import and export come before reactive ones, for the sum (1…4) and each phase (21…24, 41…44, 61…64).
    let unit = if matches!(c % 10, 1 | 2) { EnumUnit::Watt } else { EnumUnit::Var };
    register(writer, Obis::new(1, 0, c, 7, 0), value, 0, unit)
}

/// The four powers of the sum.
pub(super) fn powers(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    now.power.directions().into_iter().zip(1..).try_for_each(|(value, c)| power(writer, c, value))
}

/// A current register, 1-0:31.7.0 and so on, of `phase` counted from 0.
pub(super) fn current(writer: &mut Writer<'_>, phase: u8, value: i32, scaler: i8) -> Result<(), EncodeError> {
    axdr::structure(writer, 3)?;
    axdr::obis(writer, Obis::new(1, 0, 31 + 20 * phase, 7, 0))?;
    axdr::long(writer, value.try_into().map_err(|_| EncodeError::OutOfRange)?)?;
    axdr::scaler_unit(writer, scaler, EnumUnit::Ampere)
}

/// A voltage register, 1-0:32.7.0 and so on, of `phase` counted from 0, in 0.1 V.
pub(super) fn voltage(writer: &mut Writer<'_>, phase: u8, value_dv: u16) -> Result<(), EncodeError> {
    axdr::structure(writer, 3)?;
    axdr::obis(writer, Obis::new(1, 0, 32 + 20 * phase, 7, 0))?;
    axdr::long_unsigned(writer, value_dv)?;
    axdr::scaler_unit(writer, -1, EnumUnit::Volt)
}

/// The meter's clock.
pub(super) fn clock(writer: &mut Writer<'_>, clock: Clock) -> Result<(), EncodeError> {
    axdr::structure(writer, 2)?;
    axdr::obis(writer, Obis::new(0, 0, 1, 0, 0))?;
    axdr::date_time(writer, clock)
}

/// A register of 32 bits.
pub(super) fn register(
    writer: &mut Writer<'_>,
    obis: Obis,
    value: u32,
    scaler: i8,
    unit: EnumUnit,
) -> Result<(), EncodeError> {
    axdr::structure(writer, 3)?;
    axdr::obis(writer, obis)?;
    axdr::double_long_unsigned(writer, value)?;
    axdr::scaler_unit(writer, scaler, unit)
}

/// The unit of the energy register C.8.0.
pub(super) const fn energy_unit(c: u8) -> EnumUnit {
    if c <= 2 { EnumUnit::WattHour } else { EnumUnit::VarHour }
}

fn details_of_phases(writer: &mut Writer<'_>, wiring: Wiring, now: &Measurements) -> Result<(), EncodeError> {
    let of = |phase: u8| now.phases.get(usize::from(phase)).copied().unwrap_or(Phase::default());
    for &phase in wiring.currents() {
        current(writer, phase, of(phase).current_ma / 100, -1)?;
    }
    wiring.voltages().iter().try_for_each(|&phase| voltage(writer, phase, of(phase).voltage_dv))
}

/// Clock and energies in units of 10 Wh. The clock says the full hour, though the list comes ten seconds later.
fn hourly_registers(writer: &mut Writer<'_>, now: &Measurements) -> Result<(), EncodeError> {
    clock(writer, now.clock.hour_start())?;
    now.energy
        .directions()
        .into_iter()
        .zip(1..)
        .try_for_each(|(value, c)| register(writer, Obis::new(1, 0, c, 8, 0), value / 10, 1, energy_unit(c)))
}
