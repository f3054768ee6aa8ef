//! What VIFs mean: primary (EN 13757-3:2018 Table 10), extension FD (Table 12) and extension FB (Table 14).

use crate::reading::{Quantity, Unit};

/// Computes the meaning on an AVR, where a table would lie in RAM, and looks it up elsewhere.
macro_rules! look_up {
    ($code:expr, $of:ident) => {{
        let code = $code & 0x7F;
        #[cfg(target_arch = "avr")]
        {
            $of(code)
        }
        #[cfg(not(target_arch = "avr"))]
        {
            const TABLE: [Meaning; 128] = {
                let mut table = [Meaning::plain(Quantity::Reserved); 128];
                let mut code = 0;
                while code < 128 {
                    table[code as usize] = $of(code);
                    code += 1;
                }
                table
            };
            TABLE[usize::from(code)]
        }
    }};
}

/// What a VIF says of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What was measured.
    pub quantity: Quantity,
    /// Its unit.
    pub unit: Unit,
    /// value = number × 10^exponent.
    pub exponent: i8,
    /// How the octets are to be read, beyond what the DIF says.
    pub form: Form,
}

/// How the octets of a value are to be read, beyond what the DIF says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number.
    Number,
    /// A number without sign: a code or an array of bits (types C and D).
    Bits,
    /// A date, a time, or both (types F, G, I, J).
    PointInTime,
    /// Octets without a form that is known here (type K).
    Opaque,
}

/// Nothing known, as of a reserved VIF.
impl Default for Meaning {
    fn default() -> Self {
        Self::plain(Quantity::Reserved)
    }
}

impl Meaning {
    const fn new(quantity: Quantity, unit: Unit, exponent: i8) -> Self {
        Self { quantity, unit, exponent, form: Form::Number }
    }

    const fn plain(quantity: Quantity) -> Self {
        Self::new(quantity, Unit::None, 0)
    }

    const fn bits(quantity: Quantity) -> Self {
        Self { form: Form::Bits, ..Self::plain(quantity) }
    }

    const fn point_in_time(quantity: Quantity) -> Self {
        Self { form: Form::PointInTime, ..Self::plain(quantity) }
    }

    /// A duration with the unit in the lowest two bits of the code.
    const fn duration(quantity: Quantity, code: u8) -> Self {
        Self::new(quantity, duration_unit(code), 0)
    }
}

/// Seconds, minutes, hours, days in the lowest two bits.
pub const fn duration_unit(code: u8) -> Unit {
    match code & 0x03 {
        0 => Unit::Second,
        1 => Unit::Minute,
        2 => Unit::Hour,
        _ => Unit::Day,
    }
}

/// Hours, days, months, years in the lowest two bits.
const fn long_duration_unit(code: u8) -> Unit {
    match code & 0x03 {
        0 => Unit::Hour,
        1 => Unit::Day,
        2 => Unit::Month,
        _ => Unit::Year,
    }
}

/// The primary VIF; its extension bit does not matter (EN 13757-3:2018 Table 10).
#[inline]
pub fn primary(code: u8) -> Meaning {
    look_up!(code, primary_of)
}

/// The VIFE after FD; its extension bit does not matter (EN 13757-3:2018 Table 12).
#[inline]
pub fn extension_fd(code: u8) -> Meaning {
    look_up!(code, extension_fd_of)
}

/// The VIFE after FB; its extension bit does not matter (EN 13757-3:2018 Table 14).
#[inline]
pub fn extension_fb(code: u8) -> Meaning {
    look_up!(code, extension_fb_of)
}

const fn primary_of(code: u8) -> Meaning {
    use Quantity as Q;
    let nnn = (code & 0x07) as i8;
    let nn = (code & 0x03) as i8;
    match code {
        0x00..=0x07 => Meaning::new(Q::Energy, Unit::WattHour, nnn - 3),
        0x08..=0x0F => Meaning::new(Q::Energy, Unit::Joule, nnn),
        0x10..=0x17 => Meaning::new(Q::Volume, Unit::CubicMetre, nnn - 6),
        0x18..=0x1F => Meaning::new(Q::Mass, Unit::Kilogram, nnn - 3),
        0x20..=0x23 => Meaning::duration(Q::OnTime, code),
        0x24..=0x27 => Meaning::duration(Q::OperatingTime, code),
        0x28..=0x2F => Meaning::new(Q::Power, Unit::Watt, nnn - 3),
        0x30..=0x37 => Meaning::new(Q::Power, Unit::JoulePerHour, nnn),
        0x38..=0x3F => Meaning::new(Q::VolumeFlow, Unit::CubicMetrePerHour, nnn - 6),
        0x40..=0x47 => Meaning::new(Q::VolumeFlow, Unit::CubicMetrePerMinute, nnn - 7),
        0x48..=0x4F => Meaning::new(Q::VolumeFlow, Unit::CubicMetrePerSecond, nnn - 9),
        0x50..=0x57 => Meaning::new(Q::MassFlow, Unit::KilogramPerHour, nnn - 3),
        0x58..=0x5B => Meaning::new(Q::FlowTemperature, Unit::Celsius, nn - 3),
        0x5C..=0x5F => Meaning::new(Q::ReturnTemperature, Unit::Celsius, nn - 3),
        0x60..=0x63 => Meaning::new(Q::TemperatureDifference, Unit::Kelvin, nn - 3),
        0x64..=0x67 => Meaning::new(Q::ExternalTemperature, Unit::Celsius, nn - 3),
        0x68..=0x6B => Meaning::new(Q::Pressure, Unit::Bar, nn - 3),
        0x6C | 0x6D => Meaning::point_in_time(Q::TimePoint),
        0x6E => Meaning::plain(Q::HeatCostAllocation),
        0x70..=0x73 => Meaning::duration(Q::AveragingDuration, code),
        0x74..=0x77 => Meaning::duration(Q::ActualityDuration, code),
        0x78 => Meaning::plain(Q::FabricationNumber),
        0x79 => Meaning::plain(Q::EnhancedIdentification),
        0x7A => Meaning::bits(Q::BusAddress),
        0x7C => Meaning::plain(Q::PlainText),
        0x7E => Meaning::plain(Q::AnyValue),
        0x7F => Meaning::plain(Q::ManufacturerSpecific),
        _ => Meaning::plain(Q::Reserved),
    }
}

const fn extension_fd_of(code: u8) -> Meaning {
    use Quantity as Q;
    let nn = (code & 0x03) as i8;
    let nnnn = (code & 0x0F) as i8;
    match code {
        0x00..=0x03 => Meaning::new(Q::Credit, Unit::None, nn - 3),
        0x04..=0x07 => Meaning::new(Q::Debit, Unit::None, nn - 3),
        0x08 => Meaning::plain(Q::AccessNumber),
        0x09 => Meaning::bits(Q::Medium),
        0x0A => Meaning::bits(Q::Manufacturer),
        0x0B => Meaning::plain(Q::ParameterSetId),
        0x0C => Meaning::plain(Q::ModelVersion),
        0x0D => Meaning::plain(Q::HardwareVersion),
        0x0E => Meaning::plain(Q::FirmwareVersion),
        0x0F => Meaning::plain(Q::SoftwareVersion),
        0x10 => Meaning::plain(Q::CustomerLocation),
        0x11 => Meaning::plain(Q::Customer),
        0x12..=0x16 => Meaning::plain(Q::AccessCode),
        0x17 => Meaning::bits(Q::ErrorFlags),
        0x18 => Meaning::bits(Q::ErrorMask),
        0x19 => Meaning::plain(Q::SecurityKey),
        0x1A => Meaning::bits(Q::DigitalOutput),
        0x1B => Meaning::bits(Q::DigitalInput),
        0x1C => Meaning::new(Q::Baudrate, Unit::Baud, 0),
        0x1D => Meaning::new(Q::ResponseDelay, Unit::BitTime, 0),
        0x1E => Meaning::plain(Q::Retry),
        0x1F => Meaning::bits(Q::RemoteControl),
        0x20 => Meaning::plain(Q::FirstStorageNumber),
        0x21 => Meaning::plain(Q::LastStorageNumber),
        0x22 => Meaning::plain(Q::StorageBlockSize),
        0x23 => Meaning::plain(Q::TariffDescriptor),
        0x24..=0x27 => Meaning::duration(Q::StorageInterval, code),
        0x28 => Meaning::new(Q::StorageInterval, Unit::Month, 0),
        0x29 => Meaning::new(Q::StorageInterval, Unit::Year, 0),
        0x2B => Meaning::new(Q::TimePoint, Unit::Second, 0),
        0x2C..=0x2F => Meaning::duration(Q::DurationSinceReadout, code),
        0x30 => Meaning::point_in_time(Q::TariffStart),
        0x31..=0x33 => Meaning::duration(Q::TariffDuration, code),
        0x34..=0x37 => Meaning::duration(Q::TariffPeriod, code),
        0x38 => Meaning::new(Q::TariffPeriod, Unit::Month, 0),
        0x39 => Meaning::new(Q::TariffPeriod, Unit::Year, 0),
        0x3A => Meaning::plain(Q::DimensionlessValue),
        0x3B | 0x76 => Meaning::plain(Q::DataContainer),
        0x3C..=0x3F => Meaning::duration(Q::TransmissionPeriod, code),
        0x40..=0x4F => Meaning::new(Q::Voltage, Unit::Volt, nnnn - 9),
        0x50..=0x5F => Meaning::new(Q::Current, Unit::Ampere, nnnn - 12),
        0x60 => Meaning::plain(Q::ResetCounter),
        0x61 => Meaning::plain(Q::CumulationCounter),
        0x62 => Meaning::bits(Q::ControlSignal),
        0x63 => Meaning::plain(Q::DayOfWeek),
        0x64 => Meaning::plain(Q::WeekNumber),
        0x65 => Meaning::point_in_time(Q::DayChangeTime),
        0x66 => Meaning::plain(Q::ParameterActivation),
        0x67 => Meaning::plain(Q::SpecialSupplier),
        0x68..=0x6B => Meaning::new(Q::TimeSinceLast, long_duration_unit(code), 0),
        0x6C..=0x6F => Meaning::new(Q::BatteryOperatingTime, long_duration_unit(code), 0),
        0x70 => Meaning::point_in_time(Q::BatteryChange),
        0x71 => Meaning::new(Q::RfLevel, Unit::DecibelMilliwatt, 0),
        0x72 => Meaning { form: Form::Opaque, ..Meaning::plain(Q::DaylightSaving) },
        0x73 => Meaning::plain(Q::ListeningWindow),
        0x74 => Meaning::new(Q::RemainingBatteryLife, Unit::Day, 0),
        0x75 => Meaning::plain(Q::TimesStopped),
        _ => Meaning::plain(Q::Reserved),
    }
}

const fn extension_fb_of(code: u8) -> Meaning {
    use Quantity as Q;
    let n = (code & 0x01) as i8;
    let nn = (code & 0x03) as i8;
    let nnn = (code & 0x07) as i8;
    match code {
        0x00 | 0x01 => Meaning::new(Q::Energy, Unit::WattHour, n + 5),
        0x02 | 0x03 => Meaning::new(Q::ReactiveEnergy, Unit::VarHour, n + 3),
        0x04 | 0x05 => Meaning::new(Q::ApparentEnergy, Unit::VoltAmpereHour, n + 3),
        0x08 | 0x09 => Meaning::new(Q::Energy, Unit::Joule, n + 8),
        0x0C..=0x0F => Meaning::new(Q::Energy, Unit::Calorie, nn + 5),
        0x10 | 0x11 => Meaning::new(Q::Volume, Unit::CubicMetre, n + 2),
        0x14..=0x17 => Meaning::new(Q::ReactivePower, Unit::Var, nn),
        0x18 | 0x19 => Meaning::new(Q::Mass, Unit::Kilogram, n + 5),
        0x1A | 0x1B => Meaning::new(Q::RelativeHumidity, Unit::Percent, n - 1),
        0x20 => Meaning::new(Q::Volume, Unit::CubicFoot, 0),
        0x21 => Meaning::new(Q::Volume, Unit::CubicFoot, -1),
        // 22…26 were US gallons in EN 13757-3:2004 and are reserved since.
        0x22 => Meaning::new(Q::Volume, Unit::UsGallon, -1),
        0x23 => Meaning::new(Q::Volume, Unit::UsGallon, 0),
        0x24 => Meaning::new(Q::VolumeFlow, Unit::UsGallonPerMinute, -3),
        0x25 => Meaning::new(Q::VolumeFlow, Unit::UsGallonPerMinute, 0),
        0x26 => Meaning::new(Q::VolumeFlow, Unit::UsGallonPerHour, 0),
        0x28 | 0x29 => Meaning::new(Q::Power, Unit::Watt, n + 5),
        0x2A | 0x2B => Meaning::new(Q::PhaseAngle, Unit::Degree, -1),
        0x2C..=0x2F => Meaning::new(Q::Frequency, Unit::Hertz, nn - 3),
        0x30 | 0x31 => Meaning::new(Q::Power, Unit::JoulePerHour, n + 8),
        0x34..=0x37 => Meaning::new(Q::ApparentPower, Unit::VoltAmpere, nn),
        // 58…67 and 70…73 were Fahrenheit in EN 13757-3:2004 and are reserved since.
        0x58..=0x5B => Meaning::new(Q::FlowTemperature, Unit::Fahrenheit, nn - 3),
        0x5C..=0x5F => Meaning::new(Q::ReturnTemperature, Unit::Fahrenheit, nn - 3),
        0x60..=0x63 => Meaning::new(Q::TemperatureDifference, Unit::Fahrenheit, nn - 3),
        0x64..=0x67 => Meaning::new(Q::ExternalTemperature, Unit::Fahrenheit, nn - 3),
        0x70..=0x73 => Meaning::new(Q::TemperatureLimit, Unit::Fahrenheit, nn - 3),
        0x74..=0x77 => Meaning::new(Q::TemperatureLimit, Unit::Celsius, nn - 3),
        0x78..=0x7F => Meaning::new(Q::CumulationOfMaximumPower, Unit::Watt, nnn - 3),
        _ => Meaning::plain(Q::Reserved),
    }
}
