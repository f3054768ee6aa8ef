//! What a meter measured: a quantity, a value, a unit, and where each comes from.

use core::fmt;

use crate::application::mbus::{Direction, value_information};
use crate::date_time::DateTime;
use crate::decimal::Decimal;
use crate::obis::Obis;
use crate::span::Span;
use crate::text::Text;

/// One thing that a message says about the meter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<'a> {
    /// A value, or one of the M-Bus records that hold none.
    pub kind: ReadingKind,
    /// What was measured.
    pub quantity: Quantity,
    /// The value in `unit`.
    pub value: Value<'a>,
    /// The unit, without a decimal prefix.
    pub unit: Unit,
    /// The number on the wire, before any scale.
    pub raw: Option<Decimal>,
    /// The power of ten between the two and who says so.
    pub scale: Scale,
    /// The object's name, where there is one.
    pub obis: Option<Obis>,
    /// The object's name as the telegram prints it (P1).
    pub printed_name: Option<Text<'a>>,
    /// What only an M-Bus record has.
    pub record: Option<RecordInfo<'a>>,
    /// Why there is no value, or what to think of it.
    pub note: Option<Note>,
    /// The octets that hold the value; the whole record for M-Bus.
    pub span: Span,
}

impl Reading<'_> {
    /// A reading of nothing in particular, for the parsers to fill in.
    pub const fn empty(span: Span) -> Self {
        Self {
            kind: ReadingKind::Value,
            quantity: Quantity::Unknown,
            value: Value::Absent,
            unit: Unit::None,
            raw: None,
            scale: Scale { exponent: 0, source: ScaleSource::None },
            obis: None,
            printed_name: None,
            record: None,
            note: None,
            span,
        }
    }
}

/// One line for people: `energy: 35000 Wh`, `voltage, phase L1: 230.1 V`, `time point (the meter marks …)`.
impl fmt::Display for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(obis) = self.obis {
            write!(f, "{obis} ")?;
        }
        f.write_str(self.quantity.name())?;
        if let Some(record) = &self.record {
            record.qualifiers(self.quantity).try_for_each(|qualifier| write!(f, ", {qualifier}"))?;
        }
        if self.value != Value::Absent {
            write!(f, ": {}", self.value)?;
        }
        match self.record.and_then(|record| record.unit_text) {
            Some(unit) => write!(f, " {unit}")?,
            None if self.unit != Unit::None => write!(f, " {}", self.unit.symbol())?,
            None => {}
        }
        self.note.map_or(Ok(()), |note| write!(f, " ({})", note.text()))
    }
}

/// A value, or one of the M-Bus records that hold none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingKind {
    /// A quantity and its value.
    Value,
    /// A block of the manufacturer's own (DIF 0F or 1F).
    Manufacturer {
        /// The meter has more records than fit (DIF 1F).
        more_follows: bool,
    },
    /// The request to read everything (DIF 7F).
    GlobalReadout,
}

/// The value of a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The meter sends the object without a value.
    Absent,
    /// An exact number.
    Number(Decimal),
    /// A 32-bit float times a power of ten.
    Float32(f32, i8),
    /// A 64-bit float times a power of ten.
    Float64(f64, i8),
    /// Text.
    Text(Text<'a>),
    /// A date, a time or both.
    Time(DateTime),
    /// Octets whose meaning is not known or that have none.
    Octets(&'a [u8]),
    /// BCD with digits above nine, last octet first (EN 13757-3:2018 Annex B).
    Digits(&'a [u8]),
}

impl Value<'_> {
    /// The number, exact, or the shortest decimal of a float.
    pub fn number(&self) -> Option<Decimal> {
        match *self {
            Self::Number(number) => Some(number),
            Self::Float32(value, exponent) => Decimal::from_f32(value, exponent),
            Self::Float64(value, exponent) => Decimal::from_f64(value, exponent),
            _ => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.number()) {
            (_, Some(number)) => write!(f, "{number}"),
            (Self::Float32(value, _), None) => write!(f, "{value}"),
            (Self::Float64(value, _), None) => write!(f, "{value}"),
            (Self::Text(text), None) => write!(f, "{text}"),
            (Self::Time(time), None) => write!(f, "{time}"),
            (Self::Octets(octets), None) => octets.iter().try_for_each(|octet| write!(f, "{octet:02X}")),
            (Self::Digits(octets), None) => {
                octets.iter().rev().try_for_each(|octet| write!(f, "{octet:02X}"))
            }
            (Self::Absent | Self::Number(_), None) => Ok(()),
        }
    }
}

/// What an M-Bus record says besides its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordInfo<'a> {
    /// DIF, DIFEs, VIF, VIFEs and, where it has one, the LVAR.
    pub header: &'a [u8],
    /// The octets of the value.
    pub data: &'a [u8],
    /// Instantaneous, maximum, minimum, or the value during an error state.
    pub function: Function,
    /// 0 is now, others are earlier (41 bits on the wire).
    pub storage: u64,
    /// 0 is the total (20 bits on the wire).
    pub tariff: u32,
    /// Which of several units in the device (10 bits on the wire).
    pub subunit: u16,
    /// The combinable VIFEs, which say what the value is the value of: a phase, a limit, a rate, …
    pub extensions: &'a [u8],
    /// The unit in the meter's own words.
    pub unit_text: Option<Text<'a>>,
}

impl RecordInfo<'_> {
    /// What the combinable VIFEs say of the value, for people. Left out are those that the value, the note or the next
    /// VIFE has taken into account, and those of which nothing is known.
    pub fn qualifiers(&self, quantity: Quantity) -> impl Iterator<Item = &'static str> {
        let own = quantity == Quantity::ManufacturerSpecific;
        value_information::extensions(self.extensions, own)
            .filter(|extension| !extension.is_accounted_for())
            .map(|extension| extension.text(Direction::FromMeter))
            .filter(|text| !text.is_empty())
    }
}

/// The function field of a DIF (EN 13757-3:2018 6.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The value now.
    Instantaneous,
    /// The highest value of a period.
    Maximum,
    /// The lowest value of a period.
    Minimum,
    /// The value during an error state.
    Error,
}

impl Function {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instantaneous => "instantaneous",
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
            Self::Error => "error",
        }
    }
}

/// The power of ten between the number on the wire and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// value = number on the wire × 10^exponent.
    pub exponent: i8,
    /// Who says so.
    pub source: ScaleSource,
}

/// Who says which scale and unit apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleSource {
    /// Nobody: the number is shown as it came.
    None,
    /// The frame: a scaler-unit structure, a VIF, or the unit printed behind the number.
    Frame,
    /// The manufacturer's published list; the frame itself does not say.
    List,
}

impl ScaleSource {
    /// The name that the output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Frame => "frame",
            Self::List => "list",
        }
    }
}

/// Why there is no value, or what to think of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The wire marks the date or time as invalid.
    MarkedInvalid,
    /// The octets are no date or time of the calendar.
    NoSuchDate,
    /// The year of the date stands for every year (EN 13757-3:2018 Annex A).
    EveryYear,
    /// BCD with digits above nine.
    NotDecimal,
    /// The meter reports an error instead of a value, or beside it (EN 13757-3:2018 Table 20).
    RecordError(u8),
    /// The unit is not metric, and which one is for the maker to say (VIFE 3D, EN 13757-3:2018 Annex C).
    NonMetric,
    /// The float is not a number, or infinite.
    NotANumber,
    /// The meter was asked to send this record; it holds no value.
    Selected,
    /// The number stands as it came: the frame does not say scale and unit, and no published list says them for certain.
    ScaleUnknown,
    /// The code of the unit is not known.
    UnknownUnit,
}

impl Note {
    /// A sentence for people.
    pub const fn text(self) -> &'static str {
        match self {
            Self::MarkedInvalid => "the meter marks this time as invalid",
            Self::NoSuchDate => "these octets are no date or time of the calendar",
            Self::EveryYear => "the year 127 stands for every year",
            Self::NotDecimal => "these digits are no decimal number",
            Self::RecordError(code) => record_error_meaning(code),
            Self::NonMetric => "the unit is a non-metric one",
            Self::NotANumber => "the float is not a finite number",
            Self::Selected => "selected for readout, without a value",
            Self::ScaleUnknown => "the frame does not say the scale, and no list does for certain",
            Self::UnknownUnit => "the code of the unit is not known",
        }
    }
}

/// What a record error VIFE says (EN 13757-3:2018 6.4.8, Table 20).
pub const fn record_error_meaning(code: u8) -> &'static str {
    match code {
        0x00 => "no error",
        0x01 => "too many DIFEs",
        0x02 => "storage number not implemented",
        0x03 => "unit number not implemented",
        0x04 => "tariff number not implemented",
        0x05 => "function not implemented",
        0x06 => "data class not implemented",
        0x07 => "data size not implemented",
        0x0B => "too many VIFEs",
        0x0C => "illegal VIF group",
        0x0D => "illegal VIF exponent",
        0x0E => "VIF and DIF do not match",
        0x0F => "unimplemented action",
        0x15 => "no data available",
        0x16 => "data overflow",
        0x17 => "data underflow",
        0x18 => "data error",
        0x1C => "premature end of record",
        _ => "an error of the meter's",
    }
}

/// A unit without decimal prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the name of a unit")]
pub enum Unit {
    None,
    WattHour,
    Joule,
    CubicMetre,
    Kilogram,
    Second,
    Minute,
    Hour,
    Day,
    Month,
    Year,
    Watt,
    JoulePerHour,
    CubicMetrePerHour,
    CubicMetrePerMinute,
    CubicMetrePerSecond,
    KilogramPerHour,
    Celsius,
    Kelvin,
    Bar,
    Volt,
    Ampere,
    Hertz,
    Var,
    VarHour,
    VoltAmpere,
    VoltAmpereHour,
    Percent,
    DecibelMilliwatt,
    Degree,
    Baud,
    BitTime,
    VoltPerMetre,
    Ohm,
    Pascal,
    JoulePerCubicMetre,
    PerPulse,
    CubicFoot,
    UsGallon,
    UsGallonPerMinute,
    UsGallonPerHour,
    Fahrenheit,
    VoltSquareHour,
    AmpereSquareHour,
    Calorie,
    Week,
    Metre,
    MetrePerSecond,
    CubicMetrePerDay,
    KilogramPerSecond,
    Newton,
    NewtonMetre,
    Coulomb,
    Farad,
    Weber,
    Tesla,
    AmperePerMetre,
    Henry,
    Siemens,
    AmpereHour,
    WattHourPerCubicMetre,
    DecibelMicrovolt,
    Decibel,
}

impl Unit {
    /// The symbol, as the standards print it; empty for none.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::None => "",
            Self::WattHour => "Wh",
            Self::Joule => "J",
            Self::CubicMetre => "m3",
            Self::Kilogram => "kg",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "d",
            Self::Month => "month",
            Self::Year => "year",
            Self::Watt => "W",
            Self::JoulePerHour => "J/h",
            Self::CubicMetrePerHour => "m3/h",
            Self::CubicMetrePerMinute => "m3/min",
            Self::CubicMetrePerSecond => "m3/s",
            Self::KilogramPerHour => "kg/h",
            Self::Celsius => "°C",
            Self::Kelvin => "K",
            Self::Bar => "bar",
            Self::Volt => "V",
            Self::Ampere => "A",
            Self::Hertz => "Hz",
            Self::Var => "var",
            Self::VarHour => "varh",
            Self::VoltAmpere => "VA",
            Self::VoltAmpereHour => "VAh",
            Self::Percent => "%",
            Self::DecibelMilliwatt => "dBm",
            Self::Degree => "°",
            Self::Baud => "Bd",
            Self::BitTime => "bit times",
            Self::VoltPerMetre => "V/m",
            Self::Ohm => "Ω",
            Self::Pascal => "Pa",
            Self::JoulePerCubicMetre => "J/m3",
            Self::PerPulse => "per pulse",
            Self::CubicFoot => "ft3",
            Self::UsGallon => "US gal",
            Self::UsGallonPerMinute => "US gal/min",
            Self::UsGallonPerHour => "US gal/h",
            Self::Fahrenheit => "°F",
            Self::VoltSquareHour => "V2h",
            Self::AmpereSquareHour => "A2h",
            Self::Calorie => "cal",
            Self::Week => "wk",
            Self::Metre => "m",
            Self::MetrePerSecond => "m/s",
            Self::CubicMetrePerDay => "m3/d",
            Self::KilogramPerSecond => "kg/s",
            Self::Newton => "N",
            Self::NewtonMetre => "N m",
            Self::Coulomb => "C",
            Self::Farad => "F",
            Self::Weber => "Wb",
            Self::Tesla => "T",
            Self::AmperePerMetre => "A/m",
            Self::Henry => "H",
            Self::Siemens => "S",
            Self::AmpereHour => "Ah",
            Self::WattHourPerCubicMetre => "Wh/m3",
            Self::DecibelMicrovolt => "dBµV",
            Self::Decibel => "dB",
        }
    }

    /// How many seconds it is, for the units of time that have a fixed length.
    pub const fn seconds(self) -> Option<u32> {
        match self {
            Self::Second => Some(1),
            Self::Minute => Some(60),
            Self::Hour => Some(3600),
            Self::Day => Some(86_400),
            Self::Week => Some(604_800),
            _ => None,
        }
    }
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the name of a quantity")]
pub enum Quantity {
    Unknown,
    // Electricity
    ActivePowerImport,
    ActivePowerExport,
    ReactivePowerImport,
    ReactivePowerExport,
    ActiveEnergyImport,
    ActiveEnergyExport,
    ReactiveEnergyImport,
    ReactiveEnergyExport,
    ApparentPower,
    ApparentEnergy,
    PowerFactor,
    Voltage,
    Current,
    Frequency,
    PhaseAngle,
    ReactivePower,
    ReactiveEnergy,
    // Heat, cold, water, gas
    Energy,
    Power,
    Volume,
    VolumeFlow,
    Mass,
    MassFlow,
    FlowTemperature,
    ReturnTemperature,
    TemperatureDifference,
    ExternalTemperature,
    TemperatureLimit,
    Pressure,
    RelativeHumidity,
    HeatCostAllocation,
    // Time
    OnTime,
    OperatingTime,
    BatteryOperatingTime,
    RemainingBatteryLife,
    AveragingDuration,
    ActualityDuration,
    DurationSinceReadout,
    TariffDuration,
    TariffPeriod,
    StorageInterval,
    TimePoint,
    TimeSinceLast,
    // The meter itself
    ListVersion,
    MeterId,
    MeterModel,
    LogicalDeviceName,
    ActiveTariff,
    SwitchPosition,
    PowerLimit,
    FabricationNumber,
    EnhancedIdentification,
    BusAddress,
    AccessNumber,
    Medium,
    Manufacturer,
    ParameterSetId,
    ModelVersion,
    HardwareVersion,
    FirmwareVersion,
    SoftwareVersion,
    CustomerLocation,
    Customer,
    AccessCode,
    ErrorFlags,
    ErrorMask,
    DigitalInput,
    DigitalOutput,
    Baudrate,
    ResponseDelay,
    Retry,
    StorageNumber,
    StorageBlockSize,
    Credit,
    Debit,
    Price,
    DimensionlessValue,
    ResetCounter,
    CumulationCounter,
    ControlSignal,
    DayOfWeek,
    WeekNumber,
    DayChangeTime,
    ParameterActivation,
    SupplierInformation,
    RfLevel,
    RemoteControl,
    DaylightSaving,
    ListeningWindow,
    TimesStopped,
    CumulationOfMaximumPower,
    DataContainer,
    TextMessage,
    AnyValue,
    SpecialSupplier,
    // Without a meaning of their own
    PlainText,
    ManufacturerSpecific,
    Reserved,
    Counter,
}

impl Quantity {
    /// What a value in this unit most likely is, where the object's name does not say it: the meter behind a gateway may
    /// count heat, water or gas.
    pub const fn of_unit(unit: Unit) -> Self {
        match unit {
            Unit::WattHour | Unit::Joule => Self::Energy,
            Unit::Watt | Unit::JoulePerHour => Self::Power,
            Unit::CubicMetre => Self::Volume,
            Unit::CubicMetrePerHour => Self::VolumeFlow,
            Unit::Volt => Self::Voltage,
            Unit::Ampere => Self::Current,
            Unit::Hertz => Self::Frequency,
            Unit::Var => Self::ReactivePower,
            Unit::VarHour => Self::ReactiveEnergy,
            Unit::VoltAmpere => Self::ApparentPower,
            Unit::VoltAmpereHour => Self::ApparentEnergy,
            Unit::Pascal | Unit::Bar => Self::Pressure,
            _ => Self::Unknown,
        }
    }

    /// The name that people read, in English.
    #[allow(clippy::too_many_lines, reason = "one line a quantity")]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::ActivePowerImport => "active power import",
            Self::ActivePowerExport => "active power export",
            Self::ReactivePowerImport => "reactive power import",
            Self::ReactivePowerExport => "reactive power export",
            Self::ActiveEnergyImport => "active energy import",
            Self::ActiveEnergyExport => "active energy export",
            Self::ReactiveEnergyImport => "reactive energy import",
            Self::ReactiveEnergyExport => "reactive energy export",
            Self::ApparentPower => "apparent power",
            Self::ApparentEnergy => "apparent energy",
            Self::PowerFactor => "power factor",
            Self::Voltage => "voltage",
            Self::Current => "current",
            Self::Frequency => "frequency",
            Self::PhaseAngle => "phase angle",
            Self::ReactivePower => "reactive power",
            Self::ReactiveEnergy => "reactive energy",
            Self::Energy => "energy",
            Self::Power => "power",
            Self::Volume => "volume",
            Self::VolumeFlow => "volume flow",
            Self::Mass => "mass",
            Self::MassFlow => "mass flow",
            Self::FlowTemperature => "flow temperature",
            Self::ReturnTemperature => "return temperature",
            Self::TemperatureDifference => "temperature difference",
            Self::ExternalTemperature => "external temperature",
            Self::TemperatureLimit => "temperature limit",
            Self::Pressure => "pressure",
            Self::RelativeHumidity => "relative humidity",
            Self::HeatCostAllocation => "heat cost allocation",
            Self::OnTime => "on time",
            Self::OperatingTime => "operating time",
            Self::BatteryOperatingTime => "battery operating time",
            Self::RemainingBatteryLife => "remaining battery life",
            Self::AveragingDuration => "averaging duration",
            Self::ActualityDuration => "actuality duration",
            Self::DurationSinceReadout => "duration since readout",
            Self::TariffDuration => "tariff duration",
            Self::TariffPeriod => "tariff period",
            Self::StorageInterval => "storage interval",
            Self::TimePoint => "time point",
            Self::TimeSinceLast => "time since last cumulation",
            Self::ListVersion => "list version",
            Self::MeterId => "meter id",
            Self::MeterModel => "meter model",
            Self::LogicalDeviceName => "logical device name",
            Self::ActiveTariff => "active tariff",
            Self::SwitchPosition => "switch position",
            Self::PowerLimit => "power limit",
            Self::FabricationNumber => "fabrication number",
            Self::EnhancedIdentification => "enhanced identification",
            Self::BusAddress => "bus address",
            Self::AccessNumber => "access number",
            Self::Medium => "medium",
            Self::Manufacturer => "manufacturer",
            Self::ParameterSetId => "parameter set id",
            Self::ModelVersion => "model or version",
            Self::HardwareVersion => "hardware version",
            Self::FirmwareVersion => "firmware version",
            Self::SoftwareVersion => "software version",
            Self::CustomerLocation => "customer location",
            Self::Customer => "customer",
            Self::AccessCode => "access code",
            Self::ErrorFlags => "error flags",
            Self::ErrorMask => "error mask",
            Self::DigitalInput => "digital input",
            Self::DigitalOutput => "digital output",
            Self::Baudrate => "baud rate",
            Self::ResponseDelay => "response delay",
            Self::Retry => "retry",
            Self::StorageNumber => "storage number",
            Self::StorageBlockSize => "storage block size",
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::Price => "price",
            Self::DimensionlessValue => "dimensionless value",
            Self::ResetCounter => "reset counter",
            Self::CumulationCounter => "cumulation counter",
            Self::ControlSignal => "control signal",
            Self::DayOfWeek => "day of week",
            Self::WeekNumber => "week number",
            Self::DayChangeTime => "time of day change",
            Self::ParameterActivation => "state of parameter activation",
            Self::SupplierInformation => "supplier information",
            Self::RfLevel => "RF level",
            Self::RemoteControl => "remote control",
            Self::DaylightSaving => "daylight saving",
            Self::ListeningWindow => "listening window",
            Self::TimesStopped => "times stopped",
            Self::CumulationOfMaximumPower => "cumulation of maximum power",
            Self::DataContainer => "data container",
            Self::TextMessage => "text message",
            Self::AnyValue => "any value",
            Self::SpecialSupplier => "special supplier information",
            Self::PlainText => "plain text unit",
            Self::ManufacturerSpecific => "manufacturer specific",
            Self::Reserved => "reserved",
            Self::Counter => "counter",
        }
    }
}
